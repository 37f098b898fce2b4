//! Files to one architecture: names become numbers, and every name that means nothing is reported once.

use crate::architecture::*;
use crate::decode::{FactValue, FileModel, Item, MISPLACED, NONE, UNKNOWN_WORD, Value, known_words};
use crate::facts;
use crate::home::{self, Place};
use crate::kinds;
use crate::schema::{Kind, Role, Type, roles_phrase};
use groma_base::{Diagnostic, FileId, Label, Range, Span, list_words, nearest};
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::hash::Hasher;
use std::sync::Arc;

/// A name that means nothing.
pub const UNRESOLVED_NAME: &str = "unresolved-name";
/// Two things with one name.
pub const DUPLICATE_NAME: &str = "duplicate-name";

/// Joins what the files declare. The problems are those of names only; each file carries its own.
pub fn link(files: Vec<Arc<FileModel>>) -> (Architecture, Vec<Diagnostic>) {
    let mut linker = Linker::new(files);
    linker.own_kinds();
    linker.declare();
    linker.extend();
    linker.inherit();
    linker.arrows();
    linker.containers();
    linker.references();
    linker.index();
    (linker.arch, linker.problems)
}

/// At most this many further uses of an unknown name are labelled.
const MOST_LABELS: usize = 4;
/// For at most this many unknown names near ones are looked for.
const MOST_SUGGESTIONS: usize = 200;
/// At most so often an unknown name is compared with a known one.
const MOST_COMPARISONS: usize = 2_000_000;

/// What a name in the structure stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    Element(u32),
    Group(u32),
}

struct OwnKind {
    name: Arc<str>,
    base: &'static Kind,
}

struct Linker {
    arch: Architecture,
    problems: Vec<Diagnostic>,
    own_kinds: FxHashMap<Box<str>, OwnKind>,
    /// Where each of them was declared first.
    kinds_at: FxHashMap<Box<str>, ItemRef>,
    names: HashTable<(u32, Named)>,
    kind_names: FxHashMap<&'static str, Arc<str>>,
    /// For each file and item: the element it became, or [`NONE`].
    element_of: Vec<Vec<u32>>,
    group_of: Vec<Vec<u32>>,
    records: FxHashMap<Role, BTreeMap<Box<str>, u32>>,
    /// The place of a record or flow in its own list.
    record_at: FxHashMap<ItemRef, u32>,
    extends: Vec<ItemRef>,
    /// The `extend` blocks that wait for a name in a scope, and those whose name has come.
    waiting: FxHashMap<(u32, Box<str>), Vec<usize>>,
    woken: Vec<usize>,
    place_names: PlaceNames,
    /// Where a name that means nothing was reported first.
    reported: FxHashMap<(FileId, Box<str>), usize>,
    /// How often an unknown name was compared with a known one.
    compared: usize,
}

/// The scope and the name in it that nothing has; `None` if the names before mean nothing that has parts.
type Missing<'n> = Option<(u32, &'n str)>;

/// The scope of the top level.
const ROOT: u32 = NONE;

fn hash_name(scope: u32, name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(scope);
    hasher.write(name.as_bytes());
    hasher.finish()
}

impl Linker {
    fn new(files: Vec<Arc<FileModel>>) -> Linker {
        let count = files.iter().map(|file| file.items.len()).sum();
        let element_of = files.iter().map(|file| vec![NONE; file.items.len()]).collect();
        let group_of = files.iter().map(|file| vec![NONE; file.items.len()]).collect();
        let arch = Architecture { files, ..Architecture::default() };
        Linker {
            arch,
            problems: Vec::new(),
            own_kinds: FxHashMap::default(),
            kinds_at: FxHashMap::default(),
            names: HashTable::with_capacity(count),
            kind_names: FxHashMap::default(),
            element_of,
            group_of,
            records: FxHashMap::default(),
            record_at: FxHashMap::default(),
            extends: Vec::new(),
            waiting: FxHashMap::default(),
            woken: Vec::new(),
            place_names: PlaceNames::default(),
            reported: FxHashMap::default(),
            compared: 0,
        }
    }

    fn own_kinds(&mut self) {
        for file in self.arch.files.clone() {
            for (at, item) in file.items.iter().enumerate().filter(|(_, item)| item.kind.role == Role::OwnKind) {
                let at = ItemRef { file: file.file, item: at as u32 };
                let is = self.arch.text(at, &kinds::IS).unwrap_or("service").to_owned();
                let base = kinds::by_name(&is).filter(|kind| matches!(kind.role, Role::Container | Role::Component));
                if base.is_none() {
                    let span = self
                        .arch
                        .fact(at, &kinds::IS)
                        .map_or(self.arch.name_span(at), |fact| Span::new(file.file, fact.range));
                    let known = kinds::CONTAINERS.iter().copied().chain(["component"]);
                    self.unresolved(span, &is, "kind of container", known.collect());
                }
                let name: Arc<str> = file.name(item).into();
                self.new_kind(at, &name);
                let base = base.unwrap_or_else(|| kinds::by_name("service").expect("a built-in kind"));
                self.arch.own_kinds.push(name.clone());
                self.own_kinds.insert((&*name).into(), OwnKind { name, base });
            }
        }
    }

    /// Reports a kind whose name is taken.
    fn new_kind(&mut self, at: ItemRef, name: &str) {
        let span = self.arch.name_span(at);
        if let Some(first) = self.kinds_at.get(name) {
            let first = *first;
            self.duplicate(at, first);
        } else if kinds::by_name(name).is_some() {
            let finding = Diagnostic::error(DUPLICATE_NAME, span, format!("`{name}` is a built-in kind"));
            self.problems.push(finding.help("choose another name for your own kind"));
        } else {
            self.kinds_at.insert(name.into(), at);
        }
    }

    /// Whether a name was reported before in this file; then the new place is added as a label.
    fn reported_before(&mut self, span: Span, name: &str) -> bool {
        let Some(&first) = self.reported.get(&(span.file, name.into())) else { return false };
        let finding = &mut self.problems[first];
        if finding.secondary.len() < MOST_LABELS && finding.primary.span != span {
            finding.secondary.push(Label { span, message: "and here".into() });
        }
        true
    }

    /// Whether near names are still looked for: in rubble they cost much and help nobody.
    fn suggests(&self) -> bool {
        self.reported.len() < MOST_SUGGESTIONS && self.compared < MOST_COMPARISONS
    }

    /// Reports a name that means nothing. The same name again in the same file is the same mistake: it only
    /// adds a label.
    fn unresolved(&mut self, span: Span, name: &str, what: &str, known: Vec<&str>) {
        if self.reported_before(span, name) {
            return;
        }
        self.reported.insert((span.file, name.into()), self.problems.len());
        self.compared += known.len();
        let near = nearest(name, known.iter().copied());
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, format!("there is no {what} called `{name}`"));
        let finding = if near.is_empty() {
            finding.help(what_there_is(what, known.clone()))
        } else {
            finding.help(format!("did you mean {}?", list_words(near.iter().copied(), "or")))
        };
        let finding = match near.as_slice() {
            [only] => finding.fix(format!("write `{only}`"), span, *only),
            _ => finding,
        };
        self.problems.push(finding);
    }

    /// First pass: everything that has a name.
    fn declare(&mut self) {
        for file in self.arch.files.clone() {
            for (index, item) in file.items.iter().enumerate() {
                let at = ItemRef { file: file.file, item: index as u32 };
                match item.kind.role {
                    Role::Workspace => self.workspace(at),
                    Role::Person | Role::System | Role::Container | Role::Component => self.element(&file, item, at),
                    Role::Group | Role::Zone => self.group(&file, item, at),
                    Role::Requirement
                    | Role::Quality
                    | Role::Record
                    | Role::Load
                    | Role::Failure
                    | Role::Slo
                    | Role::Alert => {
                        let record =
                            Record { at, role: item.kind.role, realized_by: Vec::new(), realized_by_flows: Vec::new() };
                        self.arch.records.push(record);
                        self.record(at, item.kind.role, self.arch.records.len());
                    }
                    Role::Flow => {
                        self.arch.flows.push(Flow { at, steps: Vec::new() });
                        self.record(at, Role::Flow, self.arch.flows.len());
                    }
                    Role::Deployment => {
                        self.arch.deployments.push(Deployment { at, nodes: Vec::new(), instances: Vec::new() });
                        self.record(at, Role::Deployment, self.arch.deployments.len());
                    }
                    Role::Pipeline => {
                        self.arch.pipelines.push(Pipeline { at, stages: Vec::new(), transitions: Vec::new() });
                        self.record(at, Role::Pipeline, self.arch.pipelines.len());
                    }
                    Role::View => {
                        self.arch.views.push(View { at, of: None, flow: None, deployment: None, pipeline: None });
                        self.record(at, Role::View, self.arch.views.len());
                    }
                    Role::Allow => self.arch.allows.push(at),
                    Role::RuleSetting => self.arch.rule_settings.push(at),
                    Role::Extend => self.extends.push(at),
                    _ => {}
                }
            }
        }
    }

    fn workspace(&mut self, at: ItemRef) {
        if let Some(first) = self.arch.workspace {
            let finding = Diagnostic::error(DUPLICATE_NAME, self.arch.name_span(at), "a second `workspace`")
                .secondary(self.arch.name_span(first), "the first one is here")
                .help("keep one; a workspace describes one effort");
            self.problems.push(finding);
        } else {
            self.arch.workspace = Some(at);
        }
    }

    fn record(&mut self, at: ItemRef, role: Role, count: usize) {
        self.record_at.insert(at, count as u32 - 1);
        let name = self.arch.name(at);
        if name.is_empty() {
            return;
        }
        let namespace = if role == Role::Quality { Role::Requirement } else { role };
        let names = self.records.entry(namespace).or_default();
        match names.get(name) {
            None => {
                names.insert(name.into(), count as u32 - 1);
            }
            Some(&first) => {
                let first = self.record_item(role, first);
                self.duplicate(at, first);
            }
        }
    }

    fn record_item(&self, role: Role, index: u32) -> ItemRef {
        let index = index as usize;
        match role {
            Role::Flow => self.arch.flows[index].at,
            Role::Deployment => self.arch.deployments[index].at,
            Role::Pipeline => self.arch.pipelines[index].at,
            Role::View => self.arch.views[index].at,
            _ => self.arch.records[index].at,
        }
    }

    fn duplicate(&mut self, at: ItemRef, first: ItemRef) {
        let name = self.arch.name(at).to_owned();
        let finding = Diagnostic::error(DUPLICATE_NAME, self.arch.name_span(at), format!("`{name}` is declared twice"))
            .secondary(self.arch.name_span(first), "first declared here")
            .help("rename one of them; to add parts to an element from another place, write `extend path { … }`");
        self.problems.push(finding);
    }

    /// The element and the group that enclose an item.
    fn enclosing(&self, file: &FileModel, item: &Item) -> (Option<ElementId>, Option<GroupId>) {
        let mut group = None;
        let mut parent = item.parent;
        while parent != NONE {
            let element = self.element_of[file.file.0 as usize][parent as usize];
            if element != NONE {
                return (Some(ElementId(element)), group);
            }
            let found = self.group_of[file.file.0 as usize][parent as usize];
            if group.is_none() && found != NONE {
                group = Some(GroupId(found));
            }
            parent = file.items[parent as usize].parent;
        }
        (None, group)
    }

    fn kind_of(&mut self, file: &FileModel, item: &Item) -> (&'static Kind, Arc<str>) {
        if !item.own {
            let name = self.kind_names.entry(item.kind.name).or_insert_with(|| item.kind.name.into());
            return (item.kind, name.clone());
        }
        let word = item.word.of(&file.text);
        if let Some(own) = self.own_kinds.get(word) {
            return (own.base, own.name.clone());
        }
        let around = (item.parent != NONE).then(|| &file.items[item.parent as usize]);
        let owner = around.map(|around| around.kind);
        let holds = owner.map_or(kinds::FILE_HOLDS, |owner| owner.holds);
        let given = around.map_or(&[][..], |around| file.facts_of(around));
        let mut known: Vec<&str> = known_words(holds, owner, given).collect();
        if self.suggests() {
            self.compared += self.own_kinds.len();
            known.extend(self.own_kinds.keys().map(|name| &**name));
        }
        let meant = kinds::other_name(word).filter(|meant| known.contains(meant));
        let span = Span::new(file.file, item.word);
        let place = Place { kind: owner, fact: None, arrow: "" };
        if let (None, Some(message)) = (meant, home::elsewhere(word, place)) {
            let finding = Diagnostic::error(MISPLACED, span, message).help("move it there, or remove it");
            self.problems.push(finding);
            return (item.kind, word.into());
        }
        let near = meant.map_or_else(|| nearest(word, known), |meant| vec![meant]);
        let finding = Diagnostic::error(UNKNOWN_WORD, span, format!("there is no kind called `{word}`"));
        let finding = match (near.as_slice(), home::nearer_elsewhere(word, &near, place)) {
            (_, Some(nearer)) if meant.is_none() => finding.help(format!("correct the word; {nearer}")),
            ([], _) => finding.help(format!(
                "use a built-in kind (`groma explain language` lists them), or declare `kind {word} is=service`"
            )),
            ([only], _) => finding.help(format!("did you mean `{only}`?")).fix(format!("write `{only}`"), span, *only),
            (several, _) => finding.help(format!("did you mean {}?", list_words(several.iter().copied(), "or"))),
        };
        self.problems.push(finding);
        (item.kind, word.into())
    }

    fn element(&mut self, file: &Arc<FileModel>, item: &Item, at: ItemRef) {
        let (kind, kind_name) = self.kind_of(file, item);
        let (parent, group) = self.enclosing(file, item);
        let level = match kind.role {
            Role::Person => Level::Person,
            Role::System => Level::System,
            Role::Container => Level::Container,
            _ => Level::Component,
        };
        let name = file.name(item);
        let external = self.arch.is(at, &facts::EXTERNAL);
        let id = self.arch.elements.len() as u32;
        self.arch.elements.push(Element {
            at,
            kind,
            kind_name,
            level,
            path: name.into(),
            parent,
            group,
            zone: None,
            external,
        });
        self.element_of[file.file.0 as usize][at.item as usize] = id;
        // What stands in an `extend` block gets its name once the element it extends is known.
        if parent.is_some() || !self.is_in_extend(file, item) {
            self.name_element(id);
        }
    }

    fn is_in_extend(&self, file: &FileModel, item: &Item) -> bool {
        self.extend_around(file, item).is_some()
    }

    fn extend_around(&self, file: &FileModel, item: &Item) -> Option<u32> {
        let mut parent = item.parent;
        while parent != NONE {
            if file.items[parent as usize].kind.role == Role::Extend {
                return Some(parent);
            }
            parent = file.items[parent as usize].parent;
        }
        None
    }

    fn name_element(&mut self, id: u32) {
        let element = &self.arch.elements[id as usize];
        let at = element.at;
        let parent = element.parent;
        let name = self.arch.name(at).to_owned();
        if let Some(parent) = parent {
            let path = format!("{}.{name}", self.arch.element(parent).path);
            self.arch.elements[id as usize].path = path.into();
        }
        self.put_name(parent.map_or(ROOT, |parent| parent.0), &name, Named::Element(id), at);
    }

    fn put_name(&mut self, scope: u32, name: &str, named: Named, at: ItemRef) {
        if name.is_empty() {
            return;
        }
        if let Some(first) = self.lookup(scope, name) {
            let first = self.named_item(first);
            return self.duplicate(at, first);
        }
        if !self.waiting.is_empty() {
            self.woken.extend(self.waiting.remove(&(scope, name.into())).unwrap_or_default());
        }
        let hash = hash_name(scope, name);
        let arch = &self.arch;
        self.names
            .insert_unique(hash, (scope, named), |(scope, named)| hash_name(*scope, arch.name(item_of(arch, *named))));
    }

    fn named_item(&self, named: Named) -> ItemRef {
        item_of(&self.arch, named)
    }

    fn lookup(&self, scope: u32, name: &str) -> Option<Named> {
        let same = |(other, named): &(u32, Named)| *other == scope && self.arch.name(self.named_item(*named)) == name;
        self.names.find(hash_name(scope, name), same).map(|(_, named)| *named)
    }

    fn group(&mut self, file: &Arc<FileModel>, item: &Item, at: ItemRef) {
        let (element, parent) = self.enclosing(file, item);
        let name = file.name(item);
        let path = match element {
            Some(element) => format!("{}.{name}", self.arch.element(element).path).into(),
            None => name.into(),
        };
        let id = self.arch.groups.len() as u32;
        self.arch.groups.push(Group { at, is_zone: item.kind.role == Role::Zone, path, parent, element });
        self.group_of[file.file.0 as usize][at.item as usize] = id;
        // What stands in an `extend` block gets its name once the element it extends is known.
        if element.is_some() || !self.is_in_extend(file, item) {
            let name = name.to_owned();
            self.put_name(element.map_or(ROOT, |element| element.0), &name, Named::Group(id), at);
        }
    }

    /// Ties a group in an `extend` block to the element it stands in, or brings its path up to date.
    fn name_group(&mut self, id: u32, target: Option<ElementId>) {
        let group = &mut self.arch.groups[id as usize];
        let (at, is_new) = (group.at, group.element.is_none());
        group.element = group.element.or(target);
        let element = group.element;
        let name = self.arch.name(at).to_owned();
        let path = match element {
            Some(element) => format!("{}.{name}", self.arch.element(element).path),
            None => name.clone(),
        };
        self.arch.groups[id as usize].path = path.into();
        if is_new {
            self.put_name(element.map_or(ROOT, |element| element.0), &name, Named::Group(id), at);
        }
    }

    /// Ties what stands in `extend` blocks to the extended elements. An extended element may itself stand
    /// in such a block, so this goes over the blocks in rounds, and in each only over those whose name has come.
    fn extend(&mut self) {
        let extends = std::mem::take(&mut self.extends);
        let mut next: BinaryHeap<Reverse<(usize, usize)>> = (0..extends.len()).map(|nth| Reverse((0, nth))).collect();
        let mut is_tied = vec![false; extends.len()];
        while let Some(Reverse((round, nth))) = next.pop() {
            is_tied[nth] = self.try_extend(nth, extends[nth]);
            let woken = self.woken.drain(..).map(|other| Reverse((round + usize::from(other < nth), other)));
            next.extend(woken);
        }
        self.waiting.clear();
        for (_, at) in is_tied.iter().zip(extends).filter(|(is_tied, _)| !**is_tied) {
            let name = self.arch.name(at).to_owned();
            let span = self.arch.name_span(at);
            self.unresolved_element(span, &name);
            self.name_parts(at, None);
        }
        self.check_levels();
    }

    /// Ties an `extend` block to its element, or lets it wait for the name that is missing.
    fn try_extend(&mut self, nth: usize, at: ItemRef) -> bool {
        match self.resolve_in(ROOT, self.arch.name(at)) {
            Ok(Named::Element(target)) => {
                self.name_parts(at, Some(ElementId(target)));
                return true;
            }
            Err(Some((scope, name))) => {
                let name = name.into();
                self.waiting.entry((scope, name)).or_default().push(nth);
            }
            Ok(Named::Group(_)) | Err(None) => {}
        }
        false
    }

    /// Names the elements and groups that stand directly in an `extend` block, and then the parts of those.
    fn name_parts(&mut self, at: ItemRef, target: Option<ElementId>) {
        let file = self.arch.files[at.file.0 as usize].clone();
        let end = file.items[at.item as usize].subtree_end;
        for index in at.item + 1..end {
            let group = self.group_of[at.file.0 as usize][index as usize];
            if group != NONE {
                self.name_group(group, target);
            }
            let id = self.element_of[at.file.0 as usize][index as usize];
            if id == NONE {
                continue;
            }
            let direct = self.arch.elements[id as usize].parent.is_none();
            if direct {
                self.arch.elements[id as usize].parent = target;
                self.name_element(id);
            } else {
                self.arch.elements[id as usize].path = self.path_of(id);
            }
        }
    }

    fn path_of(&self, id: u32) -> Box<str> {
        let element = &self.arch.elements[id as usize];
        let name = self.arch.name(element.at);
        match element.parent {
            Some(parent) => format!("{}.{name}", self.arch.element(parent).path).into(),
            None => name.into(),
        }
    }

    /// Every element must stand at its level of C4.
    fn check_levels(&mut self) {
        for id in 0..self.arch.elements.len() {
            let element = &self.arch.elements[id];
            let fits = match (element.level, element.parent.map(|parent| self.arch.element(parent).level)) {
                (Level::Person | Level::System, parent) => parent.is_none(),
                (Level::Container, parent) => parent == Some(Level::System),
                (Level::Component, parent) => matches!(parent, Some(Level::Container | Level::Component)),
            };
            if !fits {
                let at = element.at;
                let (level, home) = match element.level {
                    Level::Container => ("container", "a `system`"),
                    Level::Component => ("component", "a container such as a `service`"),
                    level => (level.word(), "no other element"),
                };
                let span = Span::new(at.file, self.arch.item(at).word);
                let message = format!("a {level} must stand in {home}");
                self.problems.push(
                    Diagnostic::error(MISPLACED, span, message)
                        .help(format!("move it into {home}; `extend` adds to one that is declared elsewhere")),
                );
            }
        }
    }

    /// Zones and being external pass from the outside in.
    fn inherit(&mut self) {
        let own: Vec<(Option<GroupId>, bool)> =
            (0..self.arch.elements.len() as u32).map(|id| self.own_zone(id)).collect();
        for id in 0..self.arch.elements.len() as u32 {
            let zone = self.arch.ancestors(ElementId(id)).find_map(|at| own[at.index()].0);
            let external = self.arch.ancestors(ElementId(id)).any(|at| own[at.index()].1);
            let element = &mut self.arch.elements[id as usize];
            element.zone = zone;
            element.external = external;
        }
    }

    fn own_zone(&self, id: u32) -> (Option<GroupId>, bool) {
        let element = &self.arch.elements[id as usize];
        let mut around = std::iter::successors(element.group, |group| self.arch.groups[group.index()].parent);
        let enclosing = around.find(|group| self.arch.groups[group.index()].is_zone);
        let named = self.arch.fact(element.at, &facts::IN_ZONE).and_then(|fact| {
            match self.resolve(self.scope_of_element(id), self.arch.words(element.at, fact)) {
                Some(Named::Group(group)) => Some(GroupId(group)),
                _ => None,
            }
        });
        (named.or(enclosing), element.external)
    }

    fn scope_of_element(&self, id: u32) -> u32 {
        self.arch.elements[id as usize].parent.map_or(ROOT, |parent| parent.0)
    }

    /// Resolves a dotted name from a scope outwards.
    fn resolve(&self, scope: u32, path: &str) -> Option<Named> {
        let mut scope = scope;
        loop {
            if let Ok(found) = self.resolve_in(scope, path) {
                return Some(found);
            }
            if scope == ROOT {
                return None;
            }
            scope = self.scope_of_element(scope);
        }
    }

    fn resolve_in<'n>(&self, scope: u32, path: &'n str) -> Result<Named, Missing<'n>> {
        let mut scope = scope;
        let mut parts = path.split('.').peekable();
        loop {
            let part = parts.next().ok_or(None)?;
            let named = self.lookup(scope, part).ok_or(Some((scope, part)))?;
            if parts.peek().is_none() {
                return Ok(named);
            }
            match named {
                Named::Element(element) => scope = element,
                Named::Group(_) => return Err(None),
            }
        }
    }

    /// The scope in which the names of an item resolve: the element around it.
    fn scope_of_item(&self, file: &FileModel, item: &Item) -> u32 {
        if let (Some(element), _) = self.enclosing(file, item) {
            return element.0;
        }
        match self.extend_around(file, item) {
            Some(extend) => match self.resolve(ROOT, file.name(&file.items[extend as usize])) {
                Some(Named::Element(element)) => element,
                _ => ROOT,
            },
            None => ROOT,
        }
    }

    fn element_named(&mut self, file: &FileModel, scope: u32, range: Range) -> Option<ElementId> {
        let name = range.of(&file.text);
        if name.is_empty() {
            return None;
        }
        match self.resolve(scope, name) {
            Some(Named::Element(element)) => Some(ElementId(element)),
            Some(Named::Group(group)) => {
                let zone = if self.arch.groups[group as usize].is_zone { "zone" } else { "group" };
                let span = Span::new(file.file, range);
                let finding = Diagnostic::error(UNRESOLVED_NAME, span, format!("`{name}` is a {zone}, not an element"));
                self.problems.push(finding.help("name an element in it"));
                None
            }
            None => {
                self.unresolved_element(Span::new(file.file, range), name);
                None
            }
        }
    }

    /// Reports a name that no element has, with near short names and paths.
    fn unresolved_element(&mut self, span: Span, name: &str) {
        if self.reported_before(span, name) {
            return;
        }
        if !self.suggests() {
            return self.unresolved(span, name, "element", Vec::new());
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        let mut near: Vec<String> = Vec::new();
        self.compared += self.arch.elements.len();
        let paths: Vec<&str> = self.arch.elements.iter().map(|element| &*element.path).collect();
        near.extend(nearest(name, paths.iter().copied()).into_iter().map(str::to_owned));
        near.extend(
            paths.iter().filter(|path| path.rsplit('.').next() == Some(last)).take(3).map(|path| (*path).to_owned()),
        );
        if near.is_empty() {
            let shorts = paths.iter().map(|path| path.rsplit('.').next().unwrap_or(path));
            let close = nearest(last, shorts);
            near.extend(
                paths
                    .iter()
                    .filter(|path| close.contains(&path.rsplit('.').next().unwrap_or(path)))
                    .take(3)
                    .map(|path| (*path).to_owned()),
            );
        }
        near.dedup();
        near.truncate(3);
        self.unresolved(span, name, "element", near.iter().map(String::as_str).collect());
    }

    /// Second pass: relationships, flows' steps, pipelines' transitions.
    fn arrows(&mut self) {
        let mut flow = 0;
        let mut pipeline = 0;
        for file in self.arch.files.clone() {
            for (index, item) in file.items.iter().enumerate() {
                let at = ItemRef { file: file.file, item: index as u32 };
                match item.kind.role {
                    Role::Relation => {
                        let scope = self.scope_of_item(&file, item);
                        let from = self.element_named(&file, scope, item.name);
                        let to = self.element_named(&file, scope, item.target);
                        if let (Some(from), Some(to)) = (from, to) {
                            self.arch.relations.push(Relation { at, from, to });
                        }
                    }
                    Role::Flow => {
                        let steps = self.steps(&file, index as u32 + 1, item.subtree_end);
                        self.arch.flows[flow].steps = steps;
                        flow += 1;
                    }
                    Role::Pipeline => {
                        let (stages, transitions) = self.pipeline(&file, index as u32 + 1, item.subtree_end);
                        self.arch.pipelines[pipeline].stages = stages;
                        self.arch.pipelines[pipeline].transitions = transitions;
                        pipeline += 1;
                    }
                    _ => {}
                }
            }
        }
    }

    fn steps(&mut self, file: &FileModel, start: u32, end: u32) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut open: Vec<(u32, u32)> = Vec::new();
        for index in start..end {
            let item = &file.items[index as usize];
            while open.last().is_some_and(|(_, end)| *end <= index) {
                let (step, _) = open.pop().unwrap_or_default();
                steps[step as usize].subtree_end = steps.len() as u32;
            }
            let kind = match item.kind.role {
                Role::Step | Role::Reply => {
                    let from = self.element_named(file, ROOT, item.name);
                    let to = self.element_named(file, ROOT, item.target);
                    match (from, to) {
                        (Some(from), Some(to)) if item.kind.role == Role::Step => StepKind::Call { from, to },
                        (Some(from), Some(to)) => StepKind::Reply { from, to },
                        _ => StepKind::Unresolved { is_reply: item.kind.role == Role::Reply },
                    }
                }
                Role::Block => match item.kind.name {
                    "chance" => StepKind::Chance,
                    "miss" => StepKind::Miss,
                    "repeat" => StepKind::Repeat,
                    _ => StepKind::Parallel,
                },
                _ => continue,
            };
            let at = ItemRef { file: file.file, item: index };
            let parent = open.last().map(|(step, _)| *step);
            open.push((steps.len() as u32, item.subtree_end));
            steps.push(Step { at, kind, parent, subtree_end: 0 });
        }
        for (step, _) in open {
            steps[step as usize].subtree_end = steps.len() as u32;
        }
        steps
    }

    fn pipeline(&mut self, file: &FileModel, start: u32, end: u32) -> (Vec<Stage>, Vec<Transition>) {
        let mut stages: Vec<Stage> = Vec::new();
        let mut by_name: FxHashMap<&str, u32> = FxHashMap::default();
        let role = |index: u32| file.items[index as usize].kind.role;
        for index in (start..end).filter(|index| role(*index) == Role::Stage) {
            let at = ItemRef { file: file.file, item: index };
            let name = file.name(&file.items[index as usize]);
            match by_name.get(name) {
                Some(first) => self.duplicate(at, stages[*first as usize].at),
                None => {
                    by_name.insert(name, stages.len() as u32);
                    stages.push(Stage { at });
                }
            }
        }
        let mut transitions = Vec::new();
        for index in (start..end).filter(|index| role(*index) == Role::Transition) {
            let item = &file.items[index as usize];
            let mut ends =
                [item.name, item.target].map(|range| (range, by_name.get(range.of(&file.text)).copied())).into_iter();
            for (range, _) in ends.clone().filter(|(range, found)| found.is_none() && !range.is_none()) {
                let known = if self.suggests() { by_name.keys().copied().collect() } else { Vec::new() };
                self.unresolved(Span::new(file.file, range), range.of(&file.text), "step", known);
            }
            if let (Some((_, Some(from))), Some((_, Some(to)))) = (ends.next(), ends.next()) {
                transitions.push(Transition { at: ItemRef { file: file.file, item: index }, from, to });
            }
        }
        (stages, transitions)
    }

    /// Deployments' places and instances.
    fn containers(&mut self) {
        let mut current = 0;
        let mut places = 0;
        for file in self.arch.files.clone() {
            for (index, item) in file.items.iter().enumerate().filter(|(_, item)| item.kind.role == Role::Deployment) {
                let mut nodes: Vec<DeployNode> = Vec::new();
                let mut instances = Vec::new();
                let mut node_of: FxHashMap<u32, DeployNodeId> = FxHashMap::default();
                let mut first_called: FxHashMap<(Option<DeployNodeId>, &str), ItemRef> = FxHashMap::default();
                for inner in index as u32 + 1..item.subtree_end {
                    let part = &file.items[inner as usize];
                    let at = ItemRef { file: file.file, item: inner };
                    let parent = node_of.get(&part.parent).copied();
                    match part.kind.role {
                        Role::DeployNode => {
                            let first = *first_called.entry((parent, file.name(part))).or_insert(at);
                            if first != at {
                                self.duplicate(at, first);
                            }
                            node_of.insert(inner, DeployNodeId(nodes.len() as u32));
                            nodes.push(DeployNode { at, parent });
                        }
                        Role::Instance => {
                            let named = self.element_named(&file, ROOT, part.name);
                            if let Some(element) = named.filter(|id| self.is_deployable(*id, &file, part)) {
                                instances.push(Instance { at, node: parent, element });
                            }
                        }
                        _ => {}
                    }
                }
                self.arch.place_starts.push(places);
                places += nodes.len() as u32;
                self.arch.deployments[current].nodes = nodes;
                self.arch.deployments[current].instances = instances;
                current += 1;
            }
        }
    }

    /// Whether something can run on a host; reports it if not.
    fn is_deployable(&mut self, id: ElementId, file: &FileModel, item: &Item) -> bool {
        let level = self.arch.element(id).level;
        let fits = matches!(level, Level::System | Level::Container);
        if !fits {
            let message = format!("a {} is not deployed", level.word());
            let finding = Diagnostic::error(MISPLACED, Span::new(file.file, item.name), message);
            self.problems.push(finding.help("deploy the container that it is in, or remove this instance"));
        }
        fits
    }

    /// Third pass: facts that name something.
    fn references(&mut self) {
        let mut view = 0;
        for file in self.arch.files.clone() {
            for (index, item) in file.items.iter().enumerate() {
                let at = ItemRef { file: file.file, item: index as u32 };
                for (nth, value) in references(&file, item).enumerate() {
                    self.reference(&file, item, at, nth as u32, value, view);
                }
                if item.kind.role == Role::View {
                    view += 1;
                }
            }
        }
        for record in &mut self.arch.records {
            record.realized_by.sort_unstable();
            record.realized_by.dedup();
            record.realized_by_flows.sort_unstable();
            record.realized_by_flows.dedup();
        }
    }

    fn reference(&mut self, file: &FileModel, item: &Item, at: ItemRef, nth: u32, value: &FactValue, view: usize) {
        let (Type::Reference(roles), Value::Reference(text)) = (value.fact.ty, &value.value) else { return };
        if matches!(item.kind.role, Role::Instance | Role::Extend) {
            return;
        }
        let name = file.text(text);
        let scope = self.scope_of_item(file, item);
        let mut roles = roles.to_vec();
        if std::ptr::eq(value.fact, &kinds::VIEW_OF) {
            // `show` tells which of several things with one name is meant.
            let shown = self.arch.text(at, &kinds::SHOW).and_then(kinds::shown_role);
            roles.sort_by_key(|role| Some(*role) != shown);
        }
        let found = roles.iter().find_map(|role| self.find(*role, scope, name).map(|index| (*role, index)));
        let Some((role, index)) = found else {
            return self.unresolved_reference(Span::new(file.file, value.range), scope, name, &roles);
        };
        self.arch.referred.insert((at, nth), (role, index));
        self.note_reference(item.kind.role, value.fact, at, role, index, view);
    }

    fn find(&mut self, role: Role, scope: u32, name: &str) -> Option<u32> {
        match role {
            Role::Person | Role::System | Role::Container | Role::Component => match self.resolve(scope, name) {
                Some(Named::Element(element)) if role_level(role) == self.arch.elements[element as usize].level => {
                    Some(element)
                }
                _ => None,
            },
            Role::Group | Role::Zone => match self.resolve(scope, name) {
                Some(Named::Group(group)) if self.arch.groups[group as usize].is_zone == (role == Role::Zone) => {
                    Some(group)
                }
                _ => None,
            },
            Role::DeployNode => self.place_names.meant(&self.arch, name).map(|index| index as u32),
            Role::Quality => self.record_named(Role::Requirement, name),
            role => self.record_named(role, name),
        }
    }

    fn record_named(&self, role: Role, name: &str) -> Option<u32> {
        self.records.get(&role)?.get(name).copied()
    }

    /// The names of the records of a role, in the order of the alphabet.
    fn record_names(&self, role: Role) -> impl Iterator<Item = &str> {
        self.records.get(&role).into_iter().flat_map(|names| names.keys()).map(|name| &**name)
    }

    /// Reports a name that several places have.
    fn is_ambiguous(&mut self, span: Span, name: &str) -> bool {
        let called = self.place_names.called(&self.arch, name);
        let paths =
            called.iter().filter_map(|place| self.arch.place(*place)).map(|(at, node)| self.arch.place_path(at, node));
        let meant: Vec<String> = paths.filter(|path| path.len() > name.len()).take(4).collect();
        if meant.len() < 2 {
            return false;
        }
        let finding = Diagnostic::error(UNRESOLVED_NAME, span, format!("several places are called `{name}`"));
        let help = format!("write {}", list_words(meant.iter().map(String::as_str), "or"));
        self.problems.push(finding.help(help));
        true
    }

    fn unresolved_reference(&mut self, span: Span, scope: u32, name: &str, roles: &[Role]) {
        if self.reported_before(span, name) {
            return;
        }
        if let Some(Named::Element(found)) = self.resolve(scope, name) {
            let found = self.arch.element(ElementId(found));
            let message = format!("`{name}` is a {}, not {}", found.kind_name, roles_phrase(roles));
            let mut known: Vec<&str> = roles.iter().flat_map(|role| self.record_names(*role).take(8)).collect();
            known.sort_unstable();
            known.truncate(8);
            let help = match known.as_slice() {
                [] => format!("name {}", roles_phrase(roles)),
                known => format!("name {}, such as {}", roles_phrase(roles), list_words(known.iter().copied(), "or")),
            };
            let finding = Diagnostic::error(UNRESOLVED_NAME, span, message).help(help);
            return self.problems.push(finding);
        }
        if roles.iter().all(|role| role.is_element()) {
            return self.unresolved_element(span, name);
        }
        if roles.contains(&Role::DeployNode) && self.is_ambiguous(span, name) {
            return;
        }
        let phrase = roles_phrase(roles);
        let what = phrase.replace(" a ", " ").replace(" an ", " ");
        let what = what.trim_start_matches("an ").trim_start_matches("a ").to_owned();
        let known = if self.suggests() { self.names_of(roles) } else { Vec::new() };
        self.unresolved(span, name, &what, known.iter().map(String::as_str).collect());
    }

    /// The names of everything that has one of these roles.
    fn names_of(&self, roles: &[Role]) -> Vec<String> {
        let has = |wanted: &[Role]| wanted.iter().any(|role| roles.contains(role));
        let namespaces = roles.iter().map(|role| if *role == Role::Quality { Role::Requirement } else { *role });
        let mut known: Vec<String> = namespaces.flat_map(|role| self.record_names(role)).map(str::to_owned).collect();
        if roles.iter().any(|role| role.is_element()) {
            known.extend(self.arch.elements.iter().map(|element| element.path.to_string()));
        }
        if has(&[Role::DeployNode]) {
            known.extend(self.arch.places().map(|(deployment, node)| self.arch.place_path(deployment, node)));
        }
        if has(&[Role::Zone, Role::Group]) {
            known.extend(self.arch.groups.iter().map(|group| group.path.to_string()));
        }
        known
    }

    fn note_reference(
        &mut self,
        owner: Role,
        fact: &'static crate::schema::Fact,
        at: ItemRef,
        role: Role,
        index: u32,
        view: usize,
    ) {
        if std::ptr::eq(fact, &kinds::REALIZED_BY) {
            let Some(record) = self.record_at.get(&at) else { return };
            let record = &mut self.arch.records[*record as usize];
            match role {
                Role::Flow => record.realized_by_flows.push(FlowId(index)),
                _ => record.realized_by.push(ElementId(index)),
            }
        } else if std::ptr::eq(fact, &facts::REALIZES) {
            let record = &mut self.arch.records[index as usize];
            if owner == Role::Flow {
                if let Some(flow) = self.record_at.get(&at) {
                    record.realized_by_flows.push(FlowId(*flow));
                }
            } else {
                let element = self.element_of[at.file.0 as usize][at.item as usize];
                if element != NONE {
                    record.realized_by.push(ElementId(element));
                }
            }
        } else if std::ptr::eq(fact, &kinds::VIEW_OF) {
            let view = &mut self.arch.views[view];
            match role {
                Role::Flow => view.flow = Some(FlowId(index)),
                Role::Deployment => view.deployment = Some(index),
                Role::Pipeline => view.pipeline = Some(index),
                _ => view.of = Some(ElementId(index)),
            }
        }
    }

    /// Who is part of whom, who uses whom, which flow passes where.
    fn index(&mut self) {
        let arch: &mut Linked = &mut self.arch;
        let count = arch.elements.len();
        let parents = arch.elements.iter().enumerate();
        arch.children = Lists::build(count, parents.filter_map(|(id, element)| Some((element.parent?.0, id as u32))));
        let relations = arch.relations.iter().enumerate();
        arch.outgoing = Lists::build(count, relations.clone().map(|(id, relation)| (relation.from.0, id as u32)));
        arch.incoming = Lists::build(count, relations.map(|(id, relation)| (relation.to.0, id as u32)));
        let mut passes: Vec<(u32, u32)> = Vec::new();
        for (flow, steps) in arch.flows.iter().enumerate() {
            for step in &steps.steps {
                if let StepKind::Call { from, to } | StepKind::Reply { from, to } = step.kind {
                    passes.extend([(from.0, flow as u32), (to.0, flow as u32)]);
                }
            }
        }
        passes.sort_unstable();
        passes.dedup();
        arch.steps_of = Lists::build(count, passes.iter().copied());
        arch.by_ends = arch.relations.iter().zip(0..).map(|(one, id)| (one.from, one.to, RelationId(id))).collect();
        arch.by_ends.sort_unstable();
        arch.paths = Paths::build(&arch.elements);
        arch.uses = uses(arch, &passes);
    }
}

/// What holds of each element or of anything in it. `passes` are elements with the flows that pass there.
fn uses(arch: &Linked, passes: &[(u32, u32)]) -> Vec<Use> {
    let mut uses = vec![Use::default(); arch.elements.len()];
    // Where something is marked, so is all that it is part of.
    let mut mark = |id: u32, what: fn(&mut Use) -> &mut bool| {
        let mut at = Some(ElementId(id));
        while let Some(id) = at.filter(|id| !std::mem::replace(what(&mut uses[id.index()]), true)) {
            at = arch.elements[id.index()].parent;
        }
    };
    for relation in &arch.relations {
        mark(relation.from.0, |used| &mut used.connected);
        mark(relation.to.0, |used| &mut used.connected);
        if relation.from != relation.to {
            mark(relation.to.0, |used| &mut used.reached);
        }
    }
    passes.iter().for_each(|(element, _)| mark(*element, |used| &mut used.passed));
    uses
}

/// So many names are listed where none is near.
const MOST_NAMES: usize = 8;

/// What to do about a name that nothing has and none is near to. A query lists elements and nothing else.
fn what_there_is(what: &str, mut known: Vec<&str>) -> String {
    if what == "element" {
        return "declare it, or correct the name; `groma query '*'` lists the elements".to_owned();
    }
    known.sort_unstable();
    known.dedup();
    match known.len() {
        0 => "declare it, or correct the name".to_owned(),
        1 => format!("declare it, or correct the name; there is {}", list_words(known, "and")),
        2..=MOST_NAMES => format!("declare it, or correct the name; there are {}", list_words(known, "and")),
        many => {
            let first: Vec<String> = known.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
            format!("declare it, or correct the name; there are {} and {} more", first.join(", "), many - MOST_NAMES)
        }
    }
}

fn item_of(arch: &Architecture, named: Named) -> ItemRef {
    match named {
        Named::Element(element) => arch.elements[element as usize].at,
        Named::Group(group) => arch.groups[group as usize].at,
    }
}

fn role_level(role: Role) -> Level {
    match role {
        Role::Person => Level::Person,
        Role::System => Level::System,
        Role::Container => Level::Container,
        _ => Level::Component,
    }
}

#[cfg(test)]
mod tests {
    use super::{link, what_there_is};
    use groma_base::FileId;
    use std::sync::Arc;

    /// The first help about the names in a text.
    fn help(text: &str) -> String {
        let (tree, errors) = groma_syntax::parse(text.to_owned());
        assert!(errors.is_empty(), "{text}");
        let (_, problems) = link(vec![Arc::new(crate::decode::decode(FileId(0), &tree))]);
        problems[0].help[0].clone()
    }

    #[test]
    fn what_there_is_of_the_kind_is_listed_where_no_name_is_near() {
        let query = "declare it, or correct the name; `groma query '*'` lists the elements";
        assert_eq!(help("person p; system s; p -> zzzz"), query);
        let known = "flow one; flow two; load peak; failure gone; slo up; ";
        for (wrong, expected) in [
            ("load l { mix zzzz; }", "there are `one` and `two`"),
            ("quality q { require p95 load=zzzz under=1s; }", "there is `peak`"),
            ("quality q { require p95 failure=zzzz under=1s; }", "there is `gone`"),
            ("alert a { slo zzzz; }", "there is `up`"),
        ] {
            let help = help(&format!("{known}{wrong}"));
            assert_eq!(help, format!("declare it, or correct the name; {expected}"), "{wrong}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..20).map(|number| format!("n{number:02}")).collect();
        let told = what_there_is("flow", names.iter().map(String::as_str).collect());
        assert!(told.ends_with("`n06`, `n07` and 12 more"), "{told}");
        assert_eq!(what_there_is("flow", Vec::new()), "declare it, or correct the name");
    }
}
