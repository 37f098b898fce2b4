//! The resolved architecture: every name turned into a number, every list in the order of the text.

use crate::decode::{FactValue, FileModel, Item, NONE, Value, find_fact};
use crate::facts;
use crate::kinds;
use crate::schema::{Fact, Kind, Role};
use crate::trace::{Trace, Traces};
use groma_base::{FileId, Quantity, Range, Span};
use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(/// An element's number.
    ElementId);
id!(/// A relationship's number.
    RelationId);
id!(/// A group's or zone's number.
    GroupId);
id!(/// A flow's number.
    FlowId);
id!(/// A deployment node's number within its deployment.
    DeployNodeId);

/// Where something was declared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ItemRef {
    /// The file.
    pub file: FileId,
    /// The item in it.
    pub item: u32,
}

/// The levels of C4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// A person.
    Person,
    /// A software system.
    System,
    /// A container.
    Container,
    /// A component.
    Component,
}

impl Level {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Person => "person",
            Level::System => "system",
            Level::Container => "container",
            Level::Component => "component",
        }
    }
}

/// A person, system, container or component.
#[derive(Clone, Debug)]
pub struct Element {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its built-in kind.
    pub kind: &'static Kind,
    /// The name of its kind as written: the workspace's own or the built-in one.
    pub kind_name: Arc<str>,
    /// Its level.
    pub level: Level,
    /// Its dotted path.
    pub path: Box<str>,
    /// The element it is part of.
    pub parent: Option<ElementId>,
    /// The innermost group or zone around it, inside its parent.
    pub group: Option<GroupId>,
    /// Its trust zone, its own or inherited.
    pub zone: Option<GroupId>,
    /// Whether it or something around it is external.
    pub external: bool,
}

/// A group or zone.
#[derive(Clone, Debug)]
pub struct Group {
    /// Where it was declared.
    pub at: ItemRef,
    /// Whether it is a trust zone.
    pub is_zone: bool,
    /// Its dotted path.
    pub path: Box<str>,
    /// The group around it.
    pub parent: Option<GroupId>,
    /// The element it stands in.
    pub element: Option<ElementId>,
}

/// A relationship.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// Where it was declared.
    pub at: ItemRef,
    /// Who uses.
    pub from: ElementId,
    /// Who is used.
    pub to: ElementId,
}

/// What a step of a flow is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum StepKind {
    /// One element calls another.
    Call {
        /// Who calls.
        from: ElementId,
        /// Who is called.
        to: ElementId,
    },
    /// One element answers another.
    Reply {
        /// Who answers.
        from: ElementId,
        /// Who gets the answer.
        to: ElementId,
    },
    /// A call or an answer of which an end is unknown; the unknown name is reported elsewhere.
    Unresolved {
        /// Whether it is an answer.
        is_reply: bool,
    },
    /// What is in it happens only sometimes.
    Chance,
    /// What is in it happens when a cache does not have what is asked for.
    Miss,
    /// What is in it happens several times.
    Repeat,
    /// What is in it happens at the same time.
    Parallel,
}

/// A step of a flow.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Where it was declared.
    pub at: ItemRef,
    /// What it is.
    pub kind: StepKind,
    /// The step it stands in.
    pub parent: Option<u32>,
    /// The step after the last one in it.
    pub subtree_end: u32,
}

/// A flow: steps, each before those in it.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A region or host.
#[derive(Clone, Debug)]
pub struct DeployNode {
    /// Where it was declared.
    pub at: ItemRef,
    /// The node around it.
    pub parent: Option<DeployNodeId>,
}

/// An element that runs somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Where it was declared.
    pub at: ItemRef,
    /// The node it runs on.
    pub node: Option<DeployNodeId>,
    /// What runs.
    pub element: ElementId,
}

/// Where everything runs in one environment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its regions and hosts.
    pub nodes: Vec<DeployNode>,
    /// What runs on them.
    pub instances: Vec<Instance>,
}

/// A step of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Where it was declared.
    pub at: ItemRef,
}

/// What follows a step of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Where it was declared.
    pub at: ItemRef,
    /// From which stage, as an index.
    pub from: u32,
    /// To which stage, as an index.
    pub to: u32,
}

/// How a change gets to where it runs.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its steps.
    pub stages: Vec<Stage>,
    /// What follows what.
    pub transitions: Vec<Transition>,
}

/// A requirement, quality or other record.
#[derive(Clone, Debug)]
pub struct Record {
    /// Where it was declared.
    pub at: ItemRef,
    /// What it is.
    pub role: Role,
    /// The elements that meet it, by either side's word.
    pub realized_by: Vec<ElementId>,
    /// The flows that meet it.
    pub realized_by_flows: Vec<FlowId>,
}

/// A declared view.
#[derive(Clone, Debug)]
pub struct View {
    /// Where it was declared.
    pub at: ItemRef,
    /// The element that it is a picture of.
    pub of: Option<ElementId>,
    /// The flow that it is a picture of.
    pub flow: Option<FlowId>,
    /// The deployment that it is a picture of, as an index.
    pub deployment: Option<u32>,
    /// The pipeline that it is a picture of, as an index.
    pub pipeline: Option<u32>,
}

/// Lists of numbers, one list an owner, in one table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Lists {
    /// Sorts pairs of owner and value into lists; the values of an owner keep their order.
    pub(crate) fn build(owners: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Lists {
        let mut starts = vec![0u32; owners + 1];
        for (owner, _) in pairs.clone() {
            starts[owner as usize + 1] += 1;
        }
        for at in 0..owners {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut values = vec![0; *starts.last().unwrap_or(&0) as usize];
        for (owner, value) in pairs {
            let slot = &mut next[owner as usize];
            values[*slot as usize] = value;
            *slot += 1;
        }
        Lists { starts, values }
    }

    pub(crate) fn of(&self, owner: u32) -> &[u32] {
        let (start, end) = (self.starts[owner as usize], self.starts[owner as usize + 1]);
        &self.values[start as usize..end as usize]
    }
}

/// The elements by their dotted paths; of several with one path, the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paths(HashTable<u32>);

impl Paths {
    pub(crate) fn build(elements: &[Element]) -> Paths {
        let hash = |path: &str| FxBuildHasher.hash_one(path);
        let path = |id: u32| &*elements[id as usize].path;
        let mut table = HashTable::with_capacity(elements.len());
        for id in 0..elements.len() as u32 {
            table.entry(hash(path(id)), |other| path(*other) == path(id), |other| hash(path(*other))).or_insert(id);
        }
        Paths(table)
    }

    fn find(&self, elements: &[Element], path: &str) -> Option<ElementId> {
        let is_meant = |id: &u32| &*elements[*id as usize].path == path;
        self.0.find(FxBuildHasher.hash_one(path), is_meant).map(|id| ElementId(*id))
    }
}

/// What holds of an element or of anything in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Use {
    /// A relationship starts or ends there.
    pub(crate) connected: bool,
    /// A relationship leads there from another element.
    pub(crate) reached: bool,
    /// A flow passes there.
    pub(crate) passed: bool,
}

/// The regions and hosts by the ends of their paths, one table for each number of names that was asked for.
#[derive(Default)]
pub(crate) struct PlaceNames(FxHashMap<usize, FxHashMap<String, Vec<u32>>>);

/// So many places with one name are told apart.
const MOST_NAMESAKES: usize = 5;

impl PlaceNames {
    /// The first few places whose path is this or ends in it, as indexes into [`Architecture::places`].
    pub(crate) fn called(&mut self, arch: &Architecture, name: &str) -> &[u32] {
        let length = name.split('.').count();
        let table = self.0.entry(length).or_insert_with(|| PlaceNames::of_length(arch, length));
        table.get(name).map_or(&[], |places| places)
    }

    fn of_length(arch: &Architecture, length: usize) -> FxHashMap<String, Vec<u32>> {
        let mut table: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (at, (deployment, node)) in arch.places().enumerate() {
            let mut end: Vec<&str> = arch.place_names(deployment, node).take(length).collect();
            if end.len() < length {
                continue;
            }
            end.reverse();
            let namesakes = table.entry(end.join(".")).or_default();
            if namesakes.len() < MOST_NAMESAKES {
                namesakes.push(at as u32);
            }
        }
        table
    }

    /// The place that a name means: see [`Architecture::place_named`].
    pub(crate) fn meant(&mut self, arch: &Architecture, name: &str) -> Option<usize> {
        let deployment = |place: u32| arch.place(place).map(|(deployment, _)| deployment);
        match *self.called(arch, name) {
            [] => None,
            [first, second, ..] if deployment(first) == deployment(second) => None,
            [first, ..] => Some(first as usize),
        }
    }
}

/// Everything a workspace says, resolved. What follows from names alone is in [`Linked`] and reached as if it
/// stood here; it is shared, so that a file whose names have not changed is replaced at no cost.
#[derive(Clone, Debug, Default)]
pub struct Architecture {
    /// What each file declares.
    pub files: Vec<Arc<FileModel>>,
    /// What the traces that loads name say.
    pub traces: Arc<Traces>,
    pub(crate) linked: Arc<Linked>,
}

impl std::ops::Deref for Architecture {
    type Target = Linked;

    fn deref(&self) -> &Linked {
        &self.linked
    }
}

impl std::ops::DerefMut for Architecture {
    fn deref_mut(&mut self) -> &mut Linked {
        Arc::make_mut(&mut self.linked)
    }
}

/// What the names of a workspace stand for.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// The `workspace` node.
    pub workspace: Option<ItemRef>,
    /// All elements, in the order of the text; a part can stand before what it is part of (`extend`).
    pub elements: Vec<Element>,
    /// All groups and zones.
    pub groups: Vec<Group>,
    /// All relationships.
    pub relations: Vec<Relation>,
    /// All flows.
    pub flows: Vec<Flow>,
    /// All requirements, qualities and other records.
    pub records: Vec<Record>,
    /// All deployments.
    pub deployments: Vec<Deployment>,
    /// All pipelines.
    pub pipelines: Vec<Pipeline>,
    /// All declared views.
    pub views: Vec<View>,
    /// The names of the workspace's own kinds.
    pub own_kinds: Vec<Arc<str>>,
    /// All `allow` nodes.
    pub allows: Vec<ItemRef>,
    /// All `rule` nodes.
    pub rule_settings: Vec<ItemRef>,
    /// What the names in facts stand for: the item, and which of the names in its facts it is.
    pub(crate) referred: FxHashMap<(ItemRef, u32), (Role, u32)>,
    pub(crate) children: Lists,
    pub(crate) outgoing: Lists,
    pub(crate) incoming: Lists,
    pub(crate) steps_of: Lists,
    /// All relationships as their ends and their number, in that order.
    pub(crate) by_ends: Vec<(ElementId, ElementId, RelationId)>,
    pub(crate) paths: Paths,
    /// For each deployment, the number of its first place.
    pub(crate) place_starts: Vec<u32>,
    /// For each element.
    pub(crate) uses: Vec<Use>,
}

impl Architecture {
    /// The same architecture with other text in one file, if the names in that file are the same and mean the
    /// same; `None` if all must be linked anew.
    pub fn with_file(&self, file: Arc<FileModel>) -> Option<Architecture> {
        let at = file.file.0 as usize;
        if !same_names(self.files.get(at)?, &file) {
            return None;
        }
        let mut files = self.files.clone();
        files[at] = file;
        Some(Architecture { files, traces: self.traces.clone(), linked: self.linked.clone() })
    }

    /// Whether another version of a file gives the same numbers, choices and titles: whatever is computed from them
    /// stays, if the names are the same too.
    pub fn has_same_numbers(&self, file: &FileModel) -> bool {
        let Some(old) = self.files.get(file.file.0 as usize) else { return false };
        let same = |(a, b): (&Item, &Item)| {
            let title = |file: &FileModel, item: &Item| item.title.as_ref().map(|title| file.text(title).to_owned());
            title(old, a) == title(file, b) && numbers(old, a).eq(numbers(file, b))
        };
        old.items.len() == file.items.len() && old.items.iter().zip(&file.items).all(same)
    }

    /// The recorded arrivals that a load follows, if it names any that could be read.
    pub fn trace(&self, load: ItemRef) -> Option<&Arc<Trace>> {
        let path = self.text(load, &kinds::TRACE)?;
        self.traces.get(&(load.file, path.into()))
    }

    /// The declaration of something.
    pub fn item(&self, at: ItemRef) -> &Item {
        &self.files[at.file.0 as usize].items[at.item as usize]
    }

    /// The file that something was declared in.
    pub fn file(&self, at: ItemRef) -> &FileModel {
        &self.files[at.file.0 as usize]
    }

    /// Its short name; for an arrow, the name on the left as written.
    pub fn name(&self, at: ItemRef) -> &str {
        self.item(at).name.of(&self.file(at).text)
    }

    /// Its title or label as written.
    pub fn label(&self, at: ItemRef) -> Option<&str> {
        let file = self.file(at);
        file.items[at.item as usize].title.as_ref().map(|title| file.text(title))
    }

    /// Its title, or its name if it has none.
    pub fn title(&self, at: ItemRef) -> &str {
        self.label(at).unwrap_or_else(|| self.name(at))
    }

    /// A fact of it.
    pub fn fact(&self, at: ItemRef, fact: &'static Fact) -> Option<&FactValue> {
        let file = self.file(at);
        find_fact(file.facts_of(&file.items[at.item as usize]), fact)
    }

    /// All values of a fact that can be given several times.
    pub fn all_facts(&self, at: ItemRef, fact: &'static Fact) -> impl Iterator<Item = &FactValue> {
        let file = self.file(at);
        file.facts_of(&file.items[at.item as usize]).iter().filter(move |value| std::ptr::eq(value.fact, fact))
    }

    /// A part of a fact.
    pub fn part(&self, at: ItemRef, fact: &'static Fact, part: &'static Fact) -> Option<&FactValue> {
        self.fact(at, fact).and_then(|value| find_fact(self.file(at).parts_of(value), part))
    }

    /// The words of a fact's value: a text, a choice or a name.
    pub fn words<'a>(&'a self, at: ItemRef, value: &'a FactValue) -> &'a str {
        match &value.value {
            Value::Text(text) | Value::Reference(text) => self.file(at).text(text),
            Value::Choice(word) => word,
            _ => value.range.of(&self.file(at).text),
        }
    }

    /// The words of a fact.
    pub fn text(&self, at: ItemRef, fact: &'static Fact) -> Option<&str> {
        self.fact(at, fact).map(|value| self.words(at, value))
    }

    /// All texts of a fact; a text with commas counts as several.
    pub fn list(&self, at: ItemRef, fact: &'static Fact) -> impl Iterator<Item = &str> {
        self.all_facts(at, fact)
            .flat_map(move |value| self.words(at, value).split(','))
            .map(str::trim)
            .filter(|word| !word.is_empty())
    }

    /// The quantity of a fact.
    pub fn quantity(&self, at: ItemRef, fact: &'static Fact) -> Option<Quantity> {
        match self.fact(at, fact)?.value {
            Value::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// Whether a yes-or-no fact is given as yes.
    pub fn is(&self, at: ItemRef, fact: &'static Fact) -> bool {
        self.flag(at, fact) == Some(true)
    }

    /// A yes-or-no fact, if given.
    pub fn flag(&self, at: ItemRef, fact: &'static Fact) -> Option<bool> {
        match self.fact(at, fact)?.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// What the name in a fact, or in a part of one, stands for: its role and its number among those of that role
    /// (for an element, group, flow, record, …). `None` if the name is unknown, or if it is no name.
    pub fn referred(&self, at: ItemRef, value: &FactValue) -> Option<(Role, u32)> {
        if !matches!(value.value, Value::Reference(_)) {
            return None;
        }
        self.linked.referred.get(&(at, value.number)).copied()
    }

    /// The element that a fact names.
    pub fn referred_element(&self, at: ItemRef, value: &FactValue) -> Option<ElementId> {
        self.referred(at, value).filter(|(role, _)| role.is_element()).map(|(_, index)| ElementId(index))
    }

    /// The place that a fact names: the deployment, as an index, and the region or host in it.
    pub fn referred_place(&self, at: ItemRef, value: &FactValue) -> Option<(usize, DeployNodeId)> {
        let (_, index) = self.referred(at, value).filter(|(role, _)| *role == Role::DeployNode)?;
        self.place(index)
    }

    /// The region or host with this number among [`Architecture::places`], and its deployment.
    pub(crate) fn place(&self, index: u32) -> Option<(usize, DeployNodeId)> {
        let deployment = self.place_starts.partition_point(|start| *start <= index).checked_sub(1)?;
        Some((deployment, DeployNodeId(index - self.place_starts[deployment])))
    }

    /// All regions and hosts, each with its deployment.
    pub fn places(&self) -> impl Iterator<Item = (usize, DeployNodeId)> + '_ {
        let of = |(at, deployment): (usize, &Deployment)| {
            (0..deployment.nodes.len() as u32).map(move |node| (at, DeployNodeId(node)))
        };
        self.deployments.iter().enumerate().flat_map(of)
    }

    /// A region or host and all those around it, from the inside out.
    pub fn places_around(&self, deployment: usize, node: DeployNodeId) -> impl Iterator<Item = DeployNodeId> + '_ {
        std::iter::successors(Some(node), move |at| self.deployments[deployment].nodes[at.index()].parent)
    }

    /// The region or host with this path, as an index into [`Architecture::places`]. The path may leave out what is
    /// around it if that leaves one of the first deployment that has any.
    pub fn place_named(&self, name: &str) -> Option<usize> {
        PlaceNames::default().meant(self, name)
    }

    /// The declaration of a region or host.
    pub fn place_item(&self, deployment: usize, node: DeployNodeId) -> ItemRef {
        self.deployments[deployment].nodes[node.index()].at
    }

    /// The dotted path of a region or host, from its deployment on: `production.eu.web`.
    pub fn place_path(&self, deployment: usize, node: DeployNodeId) -> String {
        let mut names: Vec<&str> = self.place_names(deployment, node).collect();
        names.reverse();
        names.join(".")
    }

    /// The names in the path of a region or host, from the inside out.
    fn place_names(&self, deployment: usize, node: DeployNodeId) -> impl Iterator<Item = &str> {
        let nodes = self.places_around(deployment, node).map(move |at| self.place_item(deployment, at));
        nodes.chain([self.deployments[deployment].at]).map(|at| self.name(at))
    }

    /// The flow that a fact names.
    pub fn referred_flow(&self, at: ItemRef, value: &FactValue) -> Option<FlowId> {
        self.referred(at, value).filter(|(role, _)| *role == Role::Flow).map(|(_, index)| FlowId(index))
    }

    /// The span of a range in the file of something.
    pub fn span(&self, at: ItemRef, range: Range) -> Span {
        Span::new(at.file, range)
    }

    /// The words that name it: where a finding about all of it points.
    pub fn name_span(&self, at: ItemRef) -> Span {
        let item = self.item(at);
        let range = match item.kind.role {
            Role::Relation | Role::Step | Role::Reply | Role::Transition if !item.target.is_none() => {
                item.name.cover(item.target)
            }
            _ if item.name.is_none() => item.word,
            _ => item.name,
        };
        self.span(at, range)
    }

    /// The element with this number.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.index()]
    }

    /// The relationship with this number.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.index()]
    }

    /// The numbers of all elements.
    pub fn element_ids(&self) -> impl Iterator<Item = ElementId> + use<> {
        (0..self.elements.len() as u32).map(ElementId)
    }

    /// The numbers of all relationships.
    pub fn relation_ids(&self) -> impl Iterator<Item = RelationId> + use<> {
        (0..self.relations.len() as u32).map(RelationId)
    }

    /// The elements that are parts of an element.
    pub fn children(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        self.children.of(id.0).iter().map(|child| ElementId(*child))
    }

    /// The relationships that start at an element itself.
    pub fn outgoing(&self, id: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        self.outgoing.of(id.0).iter().map(|relation| RelationId(*relation))
    }

    /// The relationships that end at an element itself.
    pub fn incoming(&self, id: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        self.incoming.of(id.0).iter().map(|relation| RelationId(*relation))
    }

    /// The relationships from one element itself to another itself, in the order of the text.
    pub fn relations_between(&self, from: ElementId, to: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        let start = self.by_ends.partition_point(|(a, b, _)| (*a, *b) < (from, to));
        self.by_ends[start..].iter().take_while(move |(a, b, _)| (*a, *b) == (from, to)).map(|(_, _, id)| *id)
    }

    /// The flows that pass through an element itself, each once.
    pub fn flows_through(&self, id: ElementId) -> impl Iterator<Item = FlowId> + '_ {
        self.steps_of.of(id.0).iter().map(|flow| FlowId(*flow))
    }

    /// Whether a flow passes through an element or a part of it.
    pub fn passes(&self, flow: FlowId, of: ElementId) -> bool {
        self.flows[flow.index()].steps.iter().any(|step| match step.kind {
            StepKind::Call { from, to } => self.is_within(from, of) || self.is_within(to, of),
            _ => false,
        })
    }

    /// The element that a name means, seen from another: from the inside out.
    pub fn seen_from(&self, from: ElementId, name: &str) -> Option<ElementId> {
        let beside = |around: ElementId| self.element_by_path(&format!("{}.{name}", self.element(around).path));
        self.ancestors(from).find_map(beside).or_else(|| self.element_by_path(name))
    }

    /// An element's title.
    pub fn element_title(&self, id: ElementId) -> &str {
        self.title(self.element(id).at)
    }

    /// The element and everything it is part of, from the inside out.
    pub fn ancestors(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        std::iter::successors(Some(id), |at| self.element(*at).parent)
    }

    /// Whether `id` is `ancestor` or a part of it.
    pub fn is_within(&self, id: ElementId, ancestor: ElementId) -> bool {
        self.ancestors(id).any(|at| at == ancestor)
    }

    /// Whether one is the other or a part of it.
    pub fn on_one_line(&self, a: ElementId, b: ElementId) -> bool {
        self.is_within(a, b) || self.is_within(b, a)
    }

    /// The element of this level that something is or is part of.
    pub fn at_level(&self, id: ElementId, level: Level) -> Option<ElementId> {
        self.ancestors(id).find(|at| self.element(*at).level == level)
    }

    /// The element with this dotted path.
    pub fn element_by_path(&self, path: &str) -> Option<ElementId> {
        self.paths.find(&self.elements, path)
    }

    /// Whether an element or a part of it has a relationship, in or out.
    pub fn is_connected(&self, id: ElementId) -> bool {
        self.uses[id.index()].connected
    }

    /// Whether another element has a relationship to an element or to a part of it.
    pub fn is_reached(&self, id: ElementId) -> bool {
        self.uses[id.index()].reached
    }

    /// Whether a flow passes through an element or a part of it.
    pub fn is_passed(&self, id: ElementId) -> bool {
        self.uses[id.index()].passed
    }

    /// The innermost declaration around a place.
    pub fn innermost(&self, span: Span) -> Option<ItemRef> {
        let items = &self.files.get(span.file.0 as usize)?.items;
        // Items are in the order of the text, each before those in it: what is around the place is around the last
        // one that begins before it, or is that one.
        let mut at = items.partition_point(|item| item.range.start <= span.range.start).checked_sub(1)? as u32;
        while !items[at as usize].range.contains(span.range) {
            at = Some(items[at as usize].parent).filter(|parent| *parent != NONE)?;
        }
        Some(ItemRef { file: span.file, item: at })
    }

    /// A declaration and those around it, from the inside out.
    pub fn items_around(&self, at: ItemRef) -> impl Iterator<Item = ItemRef> + '_ {
        let around = |at: &ItemRef| Some(self.item(*at).parent).filter(|parent| *parent != NONE);
        std::iter::successors(Some(at), move |at| Some(ItemRef { item: around(at)?, ..*at }))
    }

    /// Whether an element is one of these built-in kinds.
    pub fn is_kind(&self, id: ElementId, names: &[&str]) -> bool {
        names.contains(&self.element(id).kind.name)
    }

    /// The relationships to an element or its parts from people, external systems and what runs in a user's hands.
    pub fn calls_from_outside(&self, id: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        let parts = self.children(id).flat_map(|child| std::iter::once(child).chain(self.children(child)));
        let incoming = std::iter::once(id).chain(parts).flat_map(|part| self.incoming(part));
        incoming.filter(|relation| {
            let from = self.relation(*relation).from;
            let caller = self.element(from);
            caller.external || caller.level == Level::Person || self.is_kind(from, &["web", "mobile", "desktop", "cdn"])
        })
    }

    /// Whether an element can be reached from the internet: as it says, or because somebody outside calls it.
    pub fn is_public(&self, id: ElementId) -> bool {
        let element = self.element(id);
        match self.flag(element.at, &facts::PUBLIC) {
            Some(answer) => answer,
            None => !element.external && element.level != Level::Person && self.calls_from_outside(id).next().is_some(),
        }
    }

    /// Whether an element stores data.
    pub fn is_store(&self, id: ElementId) -> bool {
        self.is_kind(id, &["database", "cache", "bucket"])
    }

    /// Whether a relationship does not wait for an answer.
    pub fn is_async(&self, id: RelationId) -> bool {
        let relation = self.relation(id);
        match self.flag(relation.at, &facts::ASYNC) {
            Some(answer) => answer,
            None => self.is_kind(relation.to, &["queue"]) || self.is_kind(relation.from, &["queue"]),
        }
    }

    /// Whether the caller of a step goes on without waiting: as the step says, or else as the relationship that it
    /// uses does, or because the other side is a queue.
    pub fn is_async_step(&self, step: &Step) -> bool {
        let StepKind::Call { from, to } = step.kind else { return false };
        self.flag(step.at, &facts::ASYNC).unwrap_or_else(|| {
            let mut used = self.relations_between(from, to).peekable();
            match used.peek() {
                Some(_) => used.all(|id| self.is_async(id)),
                None => self.is_kind(to, &["queue"]) || self.is_kind(from, &["queue"]),
            }
        })
    }

    /// The technologies of an element, one by one.
    pub fn technologies(&self, id: ElementId) -> impl Iterator<Item = &str> {
        self.list(self.element(id).at, &facts::TECHNOLOGY)
    }

    /// The record's fellow records of a role.
    pub fn records_of(&self, role: Role) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.role == role)
    }

    /// The elements and flows that the requirements of a quality are measured on.
    pub fn measured_on(&self, quality: ItemRef) -> (Vec<ElementId>, Vec<FlowId>) {
        let required = || self.all_facts(quality, &kinds::REQUIRE);
        let parts = || required().flat_map(|value| self.file(quality).parts_of(value));
        let elements = parts().filter_map(|part| self.referred_element(quality, part)).collect();
        let flows = parts().filter_map(|part| self.referred_flow(quality, part)).collect();
        (elements, flows)
    }

    /// The title of the workspace, or a plain word for it.
    pub fn workspace_title(&self) -> &str {
        self.workspace.map_or("Architecture", |at| self.title(at))
    }
}

/// Whether two versions of a file declare the same things by the same names and refer to the same names, so that
/// linking would give the same numbers.
fn same_names(old: &FileModel, new: &FileModel) -> bool {
    let same_item = |(a, b): (&Item, &Item)| {
        std::ptr::eq(a.kind, b.kind)
            && (a.own, a.parent, a.subtree_end) == (b.own, b.parent, b.subtree_end)
            && a.name.of(&old.text) == b.name.of(&new.text)
            && a.target.of(&old.text) == b.target.of(&new.text)
            && (!a.own || a.word.of(&old.text) == b.word.of(&new.text))
            && linking_facts(old, a).eq(linking_facts(new, b))
    };
    old.items.len() == new.items.len() && old.items.iter().zip(&new.items).all(same_item)
}

/// The facts of an item, each before its parts.
fn with_parts<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = &'f FactValue> {
    file.facts_of(item).iter().flat_map(|fact| std::iter::once(fact).chain(file.parts_of(fact)))
}

/// The facts of an item that are neither texts nor names.
fn numbers<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = (&'static str, &'f Value)> {
    let is_number = |value: &Value| !matches!(value, Value::Text(_) | Value::Reference(_));
    with_parts(file, item).map(|fact| (fact.fact.name, &fact.value)).filter(move |(_, value)| is_number(value))
}

/// The facts and parts of facts of an item that are names.
pub(crate) fn references<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = &'f FactValue> {
    with_parts(file, item).filter(|fact| matches!(fact.value, Value::Reference(_)))
}

/// The facts of an item that linking reads, with their words.
fn linking_facts<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = (&'static str, &'f str)> {
    with_parts(file, item).filter_map(|fact| match (&fact.value, fact.fact.name) {
        (Value::Reference(text), name) => Some((name, file.text(text))),
        (Value::Text(text), name @ ("is" | "path")) => Some((name, file.text(text))),
        (Value::Bool(value), name @ "external") => Some((name, if *value { "yes" } else { "no" })),
        _ => None,
    })
}
