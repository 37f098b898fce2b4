//! Files to one architecture: names become numbers, and every name that means nothing is reported once. What a node becomes is
//! said by its class ([`Becomes`]); what is joined afterwards, facet by facet, stands in the folders of
//! the facets.

mod arrow;
mod misspelt;
mod near;
mod part_as_text;
mod parted_name;
mod problems;
mod renamed;
mod untold;
mod wanted;

use crate::architecture::Architecture;
use crate::entity::{Entity, Record};
use crate::facets::decisions::shared_number;
use crate::facets::kits;
use crate::facets::own_facts::{OwnFacts, kinds_called};
use crate::facets::{FACETS, deployment, flows, pipelines, structure, views, workspace};
use crate::ids::Lists;
use crate::items::{FactValue, FileModel, Files, Item, ItemRef, OfItems, Text, Value};
use crate::names::{Arrow, NotFound, Resolver};
use crate::schema::{Becomes, Class, Type};
use crate::{Linked, facts};
use groma_base::{Diagnostic, Range, Span, list_words};
use problems::Problems;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use std::sync::Arc;
use structure::class::ELEMENTS;
use structure::{ElementId, GroupId};
use workspace::link::{Extends, OwnKinds};

pub use problems::{DUPLICATE_NAME, UNRESOLVED_NAME};

/// Joins what the files declare. The problems are those of names only; each file carries its own.
pub fn link(files: Vec<Arc<FileModel>>) -> (Architecture, Vec<Diagnostic>) {
    let mut linker = Linker::new(Files(Arc::new(files)));
    workspace::link::own_kinds(&mut linker);
    linker.each_item(declare);
    FACETS.iter().for_each(|facet| (facet.join)(&mut linker));
    linker.references();
    linker.leave_what_agrees();
    linker.finish()
}

/// Fills a [`Linked`]. It is frozen when all is in it.
pub(crate) struct Linker {
    pub(crate) files: Files,
    pub(crate) linked: Linked,
    pub(crate) problems: Problems,
    pub(crate) own_kinds: OwnKinds,
    pub(crate) extends: Extends,
    /// The flows that do not say whose they are, with what they are taken to be of.
    untold: FxHashMap<ItemRef, Option<ElementId>>,
    /// How the ends of relationships are called that could not be linked, once that was asked.
    broken_ends: OnceCell<FxHashSet<String>>,
    /// Whether anything says that it had another name, once that was asked.
    has_old_names: OnceCell<bool>,
}

/// Takes a node into the architecture, as what its class says.
fn declare(linker: &mut Linker, at: ItemRef) {
    match linker.files.item(at).kind.class.becomes {
        Becomes::Part => {}
        Becomes::Record => record(linker, at),
        Becomes::Element(level) => structure::link::element(linker, at, level),
        Becomes::Group => structure::link::group(linker, at),
        Becomes::Flow => flows::link::flow(linker, at),
        Becomes::Deployment => deployment::link::deployment(linker, at),
        Becomes::Pipeline => pipelines::link::pipeline(linker, at),
        Becomes::View => views::link::view(linker, at),
        Becomes::Workspace => workspace::link::workspace(linker, at),
        Becomes::RuleSetting => workspace::link::rule_setting(linker, at),
        Becomes::Allow => workspace::link::allow(linker, at),
        Becomes::Extend => workspace::link::extend(linker, at),
    }
}

/// Takes a record into the architecture.
fn record(linker: &mut Linker, at: ItemRef) {
    let class = linker.files.item(at).kind.class;
    let record = linker.linked.records.push(Record { at, class });
    linker.name(at, Entity::Record(record));
}

impl Linker {
    fn new(files: Files) -> Linker {
        let linked = Linked {
            entities: OfItems::new(&files),
            relation_at: OfItems::new(&files),
            own_facts: OwnFacts::declared(files.iter()),
            kits: kits::of_files(&files.iter().collect::<Vec<_>>()),
            ..Linked::default()
        };
        Linker {
            linked,
            problems: Problems::default(),
            own_kinds: OwnKinds::default(),
            extends: Extends::default(),
            untold: FxHashMap::default(),
            broken_ends: OnceCell::new(),
            has_old_names: OnceCell::new(),
            files,
        }
    }

    /// Goes over all items in the order of the text.
    pub(crate) fn each_item(&mut self, mut each: impl FnMut(&mut Linker, ItemRef)) {
        for file in self.files.clone().iter() {
            for item in file.items.ids() {
                each(self, ItemRef { file: file.file, item });
            }
        }
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        Resolver { files: &self.files, linked: &self.linked }
    }

    /// Gives something the name that stands at its declaration, which is one of the whole workspace.
    pub(crate) fn name(&mut self, at: ItemRef, entity: Entity) {
        self.linked.entities.set(at, entity);
        let (class, name) = (self.files.item(at).kind.class, self.files.name(at));
        if name.is_empty() {
            return;
        }
        if let Some(first) = self.linked.names.put_own(class, name, entity) {
            self.duplicate(at, self.linked.declared_at(first));
        }
        for also in self.files.item(at).called.iter().flat_map(|called| &called.also) {
            self.linked.names.put_also(class, also, entity);
        }
    }

    /// Reports a name that something has already.
    pub(crate) fn duplicate(&mut self, at: ItemRef, first: ItemRef) {
        let kit = |at: ItemRef| self.linked.kits.get(at.file.index()).copied().flatten();
        // Who is held to a kit corrects what is theirs, wherever it stands.
        let (at, first) = if kit(at).is_some() && kit(first).is_none() { (first, at) } else { (at, first) };
        self.problems.duplicate(&self.files, at, first, kit(first).filter(|_| kit(at).is_none()));
    }

    /// The element and the group that enclose an item.
    pub(crate) fn enclosing(&self, at: ItemRef) -> (Option<ElementId>, Option<GroupId>) {
        let file = self.files.file(at);
        let mut group = None;
        let mut next = file.items[at.item].parent;
        while let Some(parent) = next {
            match self.linked.entity(ItemRef { item: parent, ..at }) {
                Some(Entity::Element(element)) => return (Some(element), group),
                Some(Entity::Group(around)) => group = group.or(Some(around)),
                _ => {}
            }
            next = file.items[parent].parent;
        }
        (None, group)
    }

    /// The scope in which the names of an item resolve: what the flow around it is of, or else the element around it.
    pub(crate) fn scope_of(&self, at: ItemRef) -> Option<ElementId> {
        if let Some(element) = flows::link::flow_around(&self.files, at).and_then(|flow| self.subject_of(flow)) {
            return Some(element);
        }
        if let (Some(element), _) = self.enclosing(at) {
            return Some(element);
        }
        let extend = workspace::link::extend_around(&self.files, at)?;
        self.resolver().element(None, self.files.name(extend))
    }

    /// The element that a flow says it is of.
    pub(crate) fn subject_of(&self, flow: ItemRef) -> Option<ElementId> {
        let Some(name) = self.files.text(flow, &facts::flow::OF) else {
            return self.untold.get(&flow).copied().flatten();
        };
        self.resolver().element(self.scope_of(flow), name)
    }

    /// The element that stands at one end of an arrow; reports it if it is none.
    pub(crate) fn element_named(&mut self, at: ItemRef, scope: Option<ElementId>, range: Range) -> Option<ElementId> {
        let name = range.of(&self.files.file(at).text);
        if name.is_empty() {
            return None;
        }
        if let Some(element) = self.resolver().element(scope, name) {
            self.part_as_text(at, range, element);
            return Some(element);
        }
        let (span, name) = (Span::new(at.file, range), name.to_owned());
        match self.resolver().structure(scope, &name, &|_| true) {
            Some(Entity::Group(group)) => self.no_element(span, &name, group),
            // What stands in a block that extends the unknown has names that are not known either.
            _ if self.is_in_unknown(at) => {}
            _ => {
                if let Some(Entity::Element(meant)) = self.otherwise_parted(span, (scope, &name), ELEMENTS) {
                    return Some(meant);
                }
                match self.renamed(span, (scope, &name), ELEMENTS)[..] {
                    [] => {}
                    [Entity::Element(now)] => return Some(now),
                    _ => return None,
                }
                if self.renamed_group(span, scope, &name) {
                    return None;
                }
                if let Some(subject) =
                    flows::link::flow_around(&self.files, at).and_then(|flow| self.untold_subject(flow))
                {
                    return self.resolver().element(Some(subject), &name);
                }
                self.unresolved_element(span, (scope, &name));
            }
        }
        None
    }

    /// Whether an item stands in an `extend` block of an element that there is not, or in a flow that is of one.
    pub(crate) fn is_in_unknown(&self, at: ItemRef) -> bool {
        let extend = workspace::link::extend_around(&self.files, at);
        let flow = flows::link::flow_around(&self.files, at);
        let is_said = |flow: ItemRef| self.files.text(flow, &facts::flow::OF).is_some();
        extend.is_some_and(|extend| self.resolver().element(None, self.files.name(extend)).is_none())
            || flow.is_some_and(|flow| is_said(flow) && self.subject_of(flow).is_none())
    }

    /// Reports a group or zone where an element is wanted.
    pub(crate) fn no_element(&mut self, span: Span, name: &str, group: GroupId) {
        let kind = self.kind_of_group(group);
        self.problems.no_element(span, name, kind);
    }

    fn kind_of_group(&self, group: GroupId) -> &'static str {
        if self.linked.groups[group].is_zone { "zone" } else { "group" }
    }

    /// Facts that name something.
    fn references(&mut self) {
        for file in self.files.clone().iter() {
            for (id, item) in file.items.entries() {
                let at = ItemRef { file: file.file, item: id };
                for value in crate::architecture::references(file, item) {
                    self.reference(item, at, value);
                }
            }
        }
        self.rules_by_old_names();
        self.linked.references.finish();
    }

    fn reference(&mut self, item: &Item, at: ItemRef, value: &FactValue) {
        let (wanted, text) = match (value.fact.ty, &value.value) {
            (Type::Reference(wanted), Value::Reference(text)) => (wanted, text),
            (Type::TextOrName(wanted), Value::Text(text)) => return self.perhaps_name(at, value, wanted, text),
            _ => return,
        };
        // What these name was looked up when their parts were joined.
        if item.kind.is(&deployment::class::INSTANCE) || item.kind.is(&workspace::class::EXTEND) {
            return;
        }
        let (files, scope) = (self.files.clone(), self.scope_of(at));
        let name = files.file(at).text(text);
        if structure::class::RELATION.is_in(wanted)
            && let Some(arrow) = Arrow::read(name)
        {
            return self.relation_named(at, value, scope, arrow);
        }
        let mainly = if *value.fact == facts::view::OF { views::view::mainly_shown(&files, at) } else { None };
        let main = mainly.and_then(|classes| self.resolver().resolve(scope, name, classes).ok());
        let found = main.map_or_else(|| self.resolver().resolve(scope, name, wanted), Ok);
        match found {
            Ok(entity) => {
                self.other_kind(at, value, entity);
                if let Some(finding) = shared_number(&self.files, at, value, self.linked.declared_at(entity)) {
                    self.problems.push(finding);
                }
                self.linked.references.note(at, value, entity);
            }
            Err(reason) => {
                let span = Span::new(at.file, value.range);
                let is_of_other = matches!(reason, NotFound::Nothing | NotFound::Other(_));
                let parted = if is_of_other { self.otherwise_parted(span, (scope, name), wanted) } else { None };
                let meant = match parted {
                    Some(entity) => vec![entity],
                    None if is_of_other => self.renamed(span, (scope, name), wanted),
                    None => Vec::new(),
                };
                if let [only] = meant[..] {
                    self.linked.references.note(at, value, only);
                }
                let is_told = !meant.is_empty()
                    || self.fact_twice((item, at), value)
                    || self.parted_name((item, at), value, scope, wanted)
                    || self.parted_value(at, value, scope, wanted)
                    || self.names_in_text(at, value, (scope, name), wanted)
                    || self.belongs_to_other_fact((item.kind, value), span, (scope, name))
                    || self.unknown_names((item, at), value, scope, wanted);
                if !is_told {
                    self.report_reference(span, (scope, name), wanted, &reason);
                }
            }
        }
    }

    /// Reports that a fact of the workspace's own names a thing of another kind than those of which it names one.
    fn other_kind(&mut self, at: ItemRef, value: &FactValue, entity: Entity) {
        let own = self.linked.own_facts.all().iter().find(|own| std::ptr::eq(own.fact, value.fact));
        let Some(own) = own else { return };
        let declared = self.files.item(self.linked.declared_at(entity));
        let is_one = |word: &str| {
            self.resolver().is_called(entity, word) || kinds_called(word).any(|kind| *kind == *declared.kind)
        };
        // A word that is none is told where it stands.
        let is_kind = |word: &str| self.linked.own_facts.has_kind(word) || kinds_called(word).next().is_some();
        if own.names.iter().any(|word| is_one(word) || !is_kind(word)) {
            return;
        }
        let kind = match entity {
            Entity::Element(id) => &*self.linked.elements[id].kind_name,
            _ => declared.kind.word(),
        };
        let wanted = list_words(own.names.iter().map(|word| &**word), "or");
        let (name, fact) = (self.files.file(at).words(value), own.fact.name);
        let message = format!("`{name}` is of the kind `{kind}`, and `{fact}` names one of the kind {wanted}");
        let finding = Diagnostic::error(UNRESOLVED_NAME, Span::new(at.file, value.range), message);
        self.problems
            .push(finding.help(format!("name one of the kind {wanted}, or add `{kind}` to the `names` of `{fact}`")));
    }

    /// A text that may be a name: what is none is a sentence, which means nothing else.
    fn perhaps_name(&mut self, at: ItemRef, value: &FactValue, wanted: &[&'static Class], text: &Text) {
        let files = self.files.clone();
        let name = crate::architecture::perhaps_name(files.file(at).text(text));
        if name.is_empty() {
            return;
        }
        // What a relationship falls back to is named as its caller sees it.
        let caller = self.linked.relation_at.get(at).map(|id| self.linked.relations[id].from);
        if let Ok(entity) = self.resolver().resolve(caller.or_else(|| self.scope_of(at)), name, wanted) {
            self.linked.references.note(at, value, entity);
        }
    }

    /// Who is part of whom, who uses whom, which flow passes where.
    fn finish(self) -> (Architecture, Vec<Diagnostic>) {
        let Linker { files, mut linked, problems, .. } = self;
        let count = linked.elements.len();
        linked.misses_names = problems.misses_names();
        let parents = linked.elements.entries().filter_map(|(id, element)| Some((element.parent?, id)));
        linked.children = Lists::build(count, parents);
        linked.outgoing = Lists::build(count, linked.relations.entries().map(|(id, relation)| (relation.from, id)));
        linked.incoming = Lists::build(count, linked.relations.entries().map(|(id, relation)| (relation.to, id)));
        let passes = flows::link::passes(&linked);
        linked.steps_of = Lists::build(count, passes.iter().copied());
        linked.paths = structure::view::Paths::build(&linked.elements);
        linked.uses = structure::link::uses(&linked, &passes);
        linked.missing_names = problems.misspelt.places.iter().filter_map(|span| files.innermost(*span)).collect();
        (Architecture { files, linked: Arc::new(linked), ..Architecture::default() }, problems.found)
    }
}
