//! The resolved architecture: every name turned into a number, every list in the order of the text. What each facet is asked
//! stands in its own folder.

use crate::entity::{Entity, Record};
use crate::facets::deployment::{Connection, Deployment};
use crate::facets::flows::{Flow, Step};
use crate::facets::kits::class::KIT;
use crate::facets::own_facts::OwnFacts;
use crate::facets::own_facts::class::OWN_FACT;
use crate::facets::pipelines::Pipeline;
use crate::facets::structure::class::RELATION;
use crate::facets::structure::view::{Paths, Use};
use crate::facets::structure::{Element, ElementId, Group, Relation, RelationId};
use crate::facets::technologies::TechnologyNames;
use crate::facets::views::View;
use crate::facets::workspace::class::OWN_KIND;
use crate::facts;
use crate::ids::{Lists, Per, Table};
use crate::items::{FactValue, FileModel, Files, Item, NAMELESS, OfItems, Value, find_fact};
use crate::names::{NameTable, NotFound, Resolver};
use crate::references::References;
use crate::schema::{Choice, Class, Fact, Kind, Type, YesNo};
use crate::signers::Signers;
use crate::trace::{Trace, Traces};
use groma_base::{Quantity, Range, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

pub use crate::items::ItemRef;

/// Everything a workspace says, resolved. What follows from names alone is in [`Linked`] and reached as if it
/// stood here; it is shared, so that a file whose names have not changed is replaced at no cost.
#[derive(Clone, Debug, Default)]
pub struct Architecture {
    /// What each file declares.
    pub files: Files,
    /// What the traces that loads name say.
    pub traces: Arc<Traces>,
    /// Whose keys are known.
    pub signers: Signers,
    /// What tells apart what is written alike, once an address needs it.
    pub(crate) ordinals: Arc<OnceLock<Ordinals>>,
    /// The tags and owners that are written, once a query asks for one.
    pub(crate) written: Arc<OnceLock<Written>>,
    /// The technologies that are declared, by the plain form of all that they are called, once somebody asks for one.
    pub(crate) technologies: Arc<OnceLock<TechnologyNames>>,
    pub(crate) linked: Arc<Linked>,
}

/// Words that stand in many places, each once, in the order of the alphabet.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Each with all that has it.
    pub(crate) tags: BTreeMap<Box<str>, Vec<ItemRef>>,
    /// Each as it is written, perhaps with its kind before it.
    pub(crate) owners: BTreeSet<Box<str>>,
}

impl std::ops::Deref for Architecture {
    type Target = Linked;

    fn deref(&self) -> &Linked {
        &self.linked
    }
}

/// What the names of a workspace stand for. Linking fills it; from then on nothing changes it.
#[derive(Debug, Default)]
pub struct Linked {
    /// The `workspace` node.
    pub workspace: Option<ItemRef>,
    /// All elements, in the order of the text; a part can stand before what it is part of (`extend`).
    pub elements: Table<Element>,
    /// All groups and zones.
    pub groups: Table<Group>,
    /// All relationships.
    pub relations: Table<Relation>,
    /// All flows.
    pub flows: Table<Flow>,
    /// All requirements, loads and other records.
    pub records: Table<Record>,
    /// All deployments.
    pub deployments: Table<Deployment>,
    /// All pipelines.
    pub pipelines: Table<Pipeline>,
    /// All declared views.
    pub views: Table<View>,
    /// For each file the kit that it is part of.
    pub(crate) kits: Vec<Option<ItemRef>>,
    /// The names of the workspace's own kinds.
    pub own_kinds: Vec<Arc<str>>,
    /// The facts of the workspace's own.
    pub own_facts: OwnFacts,
    /// All `allow` nodes.
    pub allows: Vec<ItemRef>,
    /// All `rule` nodes.
    pub rule_settings: Vec<ItemRef>,
    pub(crate) names: NameTable,
    pub(crate) references: References,
    /// What each item that has a name became.
    pub(crate) entities: OfItems<Entity>,
    /// What each relationship became.
    pub(crate) relation_at: OfItems<RelationId>,
    pub(crate) children: Lists<Element, Element>,
    pub(crate) outgoing: Lists<Element, Relation>,
    pub(crate) incoming: Lists<Element, Relation>,
    pub(crate) steps_of: Lists<Element, Flow>,
    /// All relationships as their ends and their number, in that order.
    pub(crate) by_ends: Vec<(ElementId, ElementId, RelationId)>,
    pub(crate) paths: Paths,
    /// For each deployment, the number of its first place.
    pub(crate) place_starts: Vec<u32>,
    /// For each element.
    pub(crate) uses: Vec<Use>,
    /// The things of each kind, once a query asks for them.
    pub(crate) of_kinds: OnceLock<ByKind>,
    /// Whether there is a name that nothing has: what is said of it may name something by its title.
    pub(crate) misses_names: bool,
    /// What names something that nothing is called, but for the first place of each name.
    pub missing_names: Vec<ItemRef>,
}

/// Which of those that are written alike in one place everything is, from 0 on: counted once, so that the addresses of all cost
/// as much as one.
#[derive(Debug, Default)]
pub(crate) struct Ordinals {
    pub(crate) items: Vec<Per<Item, usize>>,
    pub(crate) relations: Per<Relation, usize>,
    pub(crate) steps: Per<Flow, Per<Step, usize>>,
    /// Of the steps of a flow that say the same.
    pub(crate) alike: Per<Flow, Per<Step, usize>>,
    /// Of the connections of a deployment that lead from and to the same.
    pub(crate) connections: Per<Deployment, Per<Connection, usize>>,
}

/// For each of these keys, how often it stands before.
fn counted<T, K: Hash + Eq>(keys: impl Iterator<Item = K>) -> Per<T, usize> {
    let mut known: FxHashMap<K, usize> = FxHashMap::default();
    let mut nth = |key| {
        let count = known.entry(key).or_default();
        *count += 1;
        *count - 1
    };
    keys.map(&mut nth).collect()
}

impl Ordinals {
    fn of(arch: &Architecture) -> Ordinals {
        let in_file = |file: &FileModel| {
            let own = |item| {
                let item: &Item = item;
                let kind: *const _ = item.kind;
                (item.parent, kind, file.name(item), item.target.of(&file.text))
            };
            counted(file.items.iter().map(own))
        };
        let said = |step: &Step| {
            let (item, ends) = (arch.item(step.at), step.kind.ends());
            let kind: *const _ = item.kind;
            let words = |range: Range| if ends.is_some() { "" } else { range.of(&arch.file(step.at).text) };
            (kind, ends, words(item.name), words(item.target))
        };
        let label = |relation: &Relation| arch.label(relation.at).unwrap_or_default();
        Ordinals {
            items: arch.files.iter().map(|file| in_file(file)).collect(),
            relations: counted(arch.relations.iter().map(|relation| (relation.from, relation.to, label(relation)))),
            steps: arch.flows.each(|flow| counted(flow.steps.iter().map(|step| step.parent))),
            alike: arch.flows.each(|flow| counted(flow.steps.iter().map(said))),
            connections: arch.deployments.each(|deployment| {
                counted(deployment.connections.iter().map(|connection| (connection.from, connection.to)))
            }),
        }
    }
}

/// The things that can be asked for by their kind, those of each in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct ByKind {
    /// Those of each built-in kind.
    pub(crate) built_in: Vec<(&'static Kind, Vec<ItemRef>)>,
    /// The elements of the workspace's own kinds.
    pub(crate) own: Vec<ItemRef>,
}

impl ByKind {
    fn add(&mut self, files: &Files, at: ItemRef) {
        let item = files.item(at);
        if item.own {
            return self.own.push(at);
        }
        match self.built_in.iter_mut().find(|(kind, _)| *kind == item.kind) {
            Some((_, things)) => things.push(at),
            None => self.built_in.push((item.kind, vec![at])),
        }
    }
}

impl Architecture {
    /// What tells apart what is written alike.
    pub(crate) fn ordinals(&self) -> &Ordinals {
        self.ordinals.get_or_init(|| Ordinals::of(self))
    }

    /// The tags and owners that are written anywhere.
    pub(crate) fn written(&self) -> &Written {
        self.written.get_or_init(|| {
            let mut tags: FxHashMap<&str, Vec<ItemRef>> = FxHashMap::default();
            let mut owners: FxHashSet<&str> = FxHashSet::default();
            for at in self.item_refs() {
                self.list(at, &facts::TAGS).for_each(|tag| tags.entry(tag).or_default().push(at));
                owners.extend(self.fact(at, &facts::OWNER).map(|owner| self.words(at, owner)));
            }
            let tags = tags.into_iter().map(|(tag, having)| (tag.into(), having)).collect();
            Written { tags, owners: owners.into_iter().map(Box::from).collect() }
        })
    }

    /// The things of each kind: elements and relationships whose ends are known, and whatever else is declared.
    pub(crate) fn by_kind(&self) -> &ByKind {
        self.of_kinds.get_or_init(|| {
            let mut all = ByKind::default();
            self.elements.iter().for_each(|element| all.add(&self.files, element.at));
            self.relations.iter().for_each(|relation| all.add(&self.files, relation.at));
            let is_other = |at: &ItemRef| {
                let item = self.item(*at);
                !item.own && !item.kind.class.is_element() && !item.kind.is(&RELATION)
            };
            self.item_refs().filter(is_other).for_each(|at| all.add(&self.files, at));
            all
        })
    }

    /// Whether something is declared whose name could not be read.
    pub fn has_nameless(&self) -> bool {
        self.files.iter().any(|file| file.lost.contains(&NAMELESS))
    }

    /// The same architecture with other text in one file, if the names in that file are the same and mean the
    /// same; `None` if all must be linked anew.
    pub fn with_file(&self, file: Arc<FileModel>) -> Option<Architecture> {
        let at = file.file.index();
        // What is not understood changes which names are missed.
        let (old, is_lost) = (self.files.get(at)?, |file: &FileModel| !file.lost.is_empty());
        if !same_names(old, &file) || is_lost(old) || is_lost(&file) {
            return None;
        }
        let titles = |file: &FileModel| -> Vec<Option<String>> {
            file.items.iter().map(|item| item.title.as_ref().map(|title| file.text(title).to_owned())).collect()
        };
        if self.linked.misses_names && titles(old) != titles(&file) {
            return None;
        }
        let declares_facts =
            |file: &FileModel| file.items.iter().any(|item| item.kind.class.is_in(&[&OWN_FACT, &OWN_KIND, &KIT]));
        let is_read_otherwise = declares_facts(old) || declares_facts(&file);
        let mut files = self.files.clone();
        Arc::make_mut(&mut files.0)[at] = file;
        if is_read_otherwise && OwnFacts::declared(files.iter()) != self.own_facts {
            return None;
        }
        let (traces, signers) = (self.traces.clone(), self.signers.clone());
        Some(Architecture { files, traces, signers, linked: self.linked.clone(), ..Architecture::default() })
    }

    /// Whether another version of a file gives the same numbers, choices and titles: whatever is computed from them
    /// stays, if the names are the same too.
    pub fn has_same_numbers(&self, file: &FileModel) -> bool {
        let Some(old) = self.files.get(file.file.index()) else { return false };
        let same = |(a, b): (&Item, &Item)| {
            let title = |file: &FileModel, item: &Item| item.title.as_ref().map(|title| file.text(title).to_owned());
            title(old, a) == title(file, b) && numbers(old, a).eq(numbers(file, b))
        };
        old.items.len() == file.items.len() && old.items.iter().zip(&file.items).all(same)
    }

    /// The recorded arrivals that a load follows, if it names any that could be read.
    pub fn trace(&self, load: ItemRef) -> Option<&Arc<Trace>> {
        let path = self.text(load, &facts::load::TRACE)?;
        self.traces.get(&(load.file, path.into()))
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        Resolver { files: &self.files, linked: &self.linked }
    }

    /// What a name means, seen from inside an element or from the top, among these classes. A name that fits several is told
    /// apart by a word before it: `requirement:search`.
    ///
    /// # Errors
    /// If it means nothing, something else, or several things.
    pub fn resolve(&self, scope: Option<ElementId>, name: &str, wanted: &[&'static Class]) -> Result<Entity, NotFound> {
        self.resolver().resolve(scope, name, wanted)
    }

    /// How something that `name` fits must be written so that nothing else is meant.
    pub fn unmistakable(&self, entity: Entity, name: &str) -> String {
        self.resolver().unmistakable(entity, name)
    }

    /// The names of things of these classes that are nearest to one that means nothing.
    pub fn near_names(&self, name: &str, wanted: &[&'static Class]) -> Vec<String> {
        self.resolver().near(name, wanted)
    }

    /// The declaration of something.
    pub fn item(&self, at: ItemRef) -> &Item {
        self.files.item(at)
    }

    /// The file that something was declared in.
    pub fn file(&self, at: ItemRef) -> &FileModel {
        self.files.file(at)
    }

    /// Its short name; for an arrow, the name on the left as written.
    pub fn name(&self, at: ItemRef) -> &str {
        self.files.name(at)
    }

    /// Its title or label as written.
    pub fn label(&self, at: ItemRef) -> Option<&str> {
        self.files.label(at)
    }

    /// Its title, or its name if it has none.
    pub fn title(&self, at: ItemRef) -> &str {
        self.files.title(at)
    }

    /// A fact of it.
    pub fn fact(&self, at: ItemRef, fact: &'static Fact) -> Option<&FactValue> {
        self.files.fact(at, fact)
    }

    /// A value as people read it: as it is written, but `4,000` for `4_000`.
    pub fn readable(&self, at: ItemRef, value: &FactValue) -> String {
        let words = self.words(at, value);
        if matches!(value.value, Value::Quantity(_)) { words.replace('_', ",") } else { words.to_owned() }
    }

    /// The words of a fact's value: a text, a choice or a name.
    pub fn words<'a>(&'a self, at: ItemRef, value: &'a FactValue) -> &'a str {
        self.files.words(at, value)
    }

    /// The words of a fact.
    pub fn text(&self, at: ItemRef, fact: &'static Fact) -> Option<&str> {
        self.files.text(at, fact)
    }

    /// Which of the words that a fact takes is given, or holds where none is: `arch.choice(at) == Some(Join::First)`.
    pub fn choice<C: Choice>(&self, at: ItemRef) -> Option<C> {
        self.files.choice(at)
    }

    /// A yes-or-no fact, if given.
    pub fn flag(&self, at: ItemRef, fact: &'static Fact) -> Option<bool> {
        self.files.flag(at, fact)
    }

    /// The span of a range in the file of something.
    pub fn span(&self, at: ItemRef, range: Range) -> Span {
        self.files.span(at, range)
    }

    /// The words that name it: where a finding about all of it points.
    pub fn name_span(&self, at: ItemRef) -> Span {
        self.files.name_span(at)
    }

    /// All facts that something may have: those of its kind, and the workspace's own.
    pub fn facts_for(&self, at: ItemRef) -> impl Iterator<Item = &'static Fact> + '_ {
        let is_replaced = move |fact: &&'static Fact| self.own_facts_of(at).any(|own| own.name == fact.name);
        self.item(at).kind.every_fact().filter(move |fact| !is_replaced(fact)).chain(self.own_facts_of(at))
    }

    /// The workspace's own facts that something may have.
    pub fn own_facts_of(&self, at: ItemRef) -> impl Iterator<Item = &'static Fact> + '_ {
        let item = self.item(at);
        self.own_facts.of(item.kind, item.word.of(&self.file(at).text))
    }

    /// All values of a fact that can be given several times.
    pub fn values_of(&self, at: ItemRef, fact: &'static Fact) -> impl Iterator<Item = &FactValue> {
        let file = self.file(at);
        file.facts_of(&file.items[at.item]).iter().filter(move |value| value.fact == fact)
    }

    /// A part of a fact.
    pub fn part(&self, at: ItemRef, fact: &'static Fact, part: &'static Fact) -> Option<&FactValue> {
        self.fact(at, fact).and_then(|value| self.part_value_of(at, value, part))
    }

    /// The number of a part of a fact, or what holds where it is not given.
    pub fn part_or_default(&self, at: ItemRef, fact: &'static Fact, part: &'static Fact) -> Option<Quantity> {
        match self.fact(at, fact) {
            Some(given) => self.part_of_or_default(at, given, part),
            None => part.default_quantity(),
        }
    }

    /// The same of one of the values of a fact.
    pub fn part_of_or_default(&self, at: ItemRef, given: &FactValue, part: &'static Fact) -> Option<Quantity> {
        match self.part_value_of(at, given, part) {
            Some(given) => given.quantity(),
            None => part.default_quantity(),
        }
    }

    /// A part of one of the values of a fact.
    pub fn part_value_of<'a>(&'a self, at: ItemRef, given: &FactValue, part: &'static Fact) -> Option<&'a FactValue> {
        find_fact(self.file(at).parts_of(given), part)
    }

    /// The words of a part of one of the values of a fact.
    pub fn part_of<'a>(&'a self, at: ItemRef, given: &FactValue, part: &'static Fact) -> Option<&'a str> {
        self.part_value_of(at, given, part).map(|value| self.words(at, value))
    }

    /// The word of its kind, as written.
    pub fn kind_word(&self, at: ItemRef) -> &str {
        match self.entity(at).and_then(Entity::element) {
            Some(id) => &self.element(id).kind_name,
            None => self.item(at).kind.word(),
        }
    }

    /// All texts of a fact; a text with commas counts as several.
    pub fn list(&self, at: ItemRef, fact: &'static Fact) -> impl Iterator<Item = &str> {
        self.files.list(at, fact)
    }

    /// The quantity of a fact.
    pub fn quantity(&self, at: ItemRef, fact: &'static Fact) -> Option<Quantity> {
        self.fact(at, fact)?.quantity()
    }

    /// The quantity of a fact, or what holds where it is not given.
    pub fn quantity_or_default(&self, at: ItemRef, fact: &'static Fact) -> Option<Quantity> {
        self.quantity(at, fact).or_else(|| fact.default_quantity())
    }

    /// Whether a yes-or-no fact is given as yes.
    pub fn is(&self, at: ItemRef, fact: &'static Fact) -> bool {
        self.flag(at, fact) == Some(true)
    }

    /// The innermost declaration around a place.
    pub fn innermost(&self, span: Span) -> Option<ItemRef> {
        self.files.innermost(span)
    }

    /// All declarations, in the order of the text.
    pub fn item_refs(&self) -> impl Iterator<Item = ItemRef> + '_ {
        self.files.iter().flat_map(|file| file.items.ids().map(|item| ItemRef { file: file.file, item }))
    }

    /// A declaration and those around it, from the inside out.
    pub fn items_around(&self, at: ItemRef) -> impl Iterator<Item = ItemRef> + '_ {
        let around = |at: &ItemRef| self.item(*at).parent;
        std::iter::successors(Some(at), move |at| Some(ItemRef { item: around(at)?, ..*at }))
    }

    /// The title of the workspace, or that of the kit where it is nothing else, or a plain word for it.
    pub fn workspace_title(&self) -> &str {
        let kit = || self.records_of(&KIT).next().filter(|_| self.elements.is_empty()).map(|kit| kit.at);
        self.workspace.or_else(kit).map_or("Architecture", |at| self.title(at))
    }
}

/// Whether two versions of a file declare the same things by the same names and refer to the same names, so that
/// linking would give the same numbers.
fn same_names(old: &FileModel, new: &FileModel) -> bool {
    let same_item = |(a, b): (&Item, &Item)| {
        a.kind == b.kind
            && (a.own, a.parent, a.subtree_end) == (b.own, b.parent, b.subtree_end)
            && old.name(a) == new.name(b)
            && a.called == b.called
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

/// The facts of an item that are neither texts nor names, and those that may be either.
fn numbers<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = (&'static str, Result<&'f str, &'f Value>)> {
    let is_number = |fact: &&FactValue| {
        let is_name = matches!(fact.fact.ty, Type::TextOrName(_));
        is_name || !matches!(fact.value, Value::Text(_) | Value::Reference(_))
    };
    let read = |fact: &'f FactValue| match &fact.value {
        Value::Text(text) => Ok(file.text(text)),
        value => Err(value),
    };
    with_parts(file, item).filter(is_number).map(move |fact| (fact.fact.name, read(fact)))
}

/// The facts and parts of facts of an item that are names or may be.
pub(crate) fn references<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = &'f FactValue> {
    with_parts(file, item).filter(|fact| fact.may_name())
}

/// A text that may be a name; nothing if it is a sentence, which names nothing.
pub(crate) fn perhaps_name(text: &str) -> &str {
    if text.contains(char::is_whitespace) { "" } else { text }
}

/// The facts of an item that linking reads, with their words.
fn linking_facts<'f>(file: &'f FileModel, item: &Item) -> impl Iterator<Item = (&'static str, &'f str)> {
    with_parts(file, item).filter_map(|fact| match &fact.value {
        Value::Reference(text) => Some((fact.fact.name, file.text(text))),
        Value::Text(text) if fact.may_name() => Some((fact.fact.name, perhaps_name(file.text(text)))),
        _ if !fact.fact.is_linked => None,
        Value::Text(text) => Some((fact.fact.name, file.text(text))),
        Value::Choice(word) => Some((fact.fact.name, *word)),
        Value::Bool(value) => Some((fact.fact.name, YesNo::from(*value).word())),
        Value::Quantity(_) => Some((fact.fact.name, fact.range.of(&file.text))),
    })
}
