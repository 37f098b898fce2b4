//! Elements, groups and relationships, and what is asked of them.

use super::{Container, Duty};
use crate::entity::Entity;
use crate::facets::workspace::class::EXTEND;
use crate::facts;
use crate::ids::{Idx, Table};
use crate::items::FactValue;
use crate::items::ItemRef;
use crate::names::without_dot;
use crate::schema::Kind;
pub use crate::schema::Level;
use crate::{Architecture, Linked};
use groma_base::Range;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::sync::Arc;

/// An element's number.
pub type ElementId = Idx<Element>;
/// A relationship's number.
pub type RelationId = Idx<Relation>;
/// A group's or zone's number.
pub type GroupId = Idx<Group>;

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
    /// Its innermost trust zone, its own or inherited; all are told by [`Architecture::zones`].
    pub zone: Option<GroupId>,
    /// Whether it or something around it is external.
    pub external: bool,
}

impl Element {
    /// Which kind of container it is.
    pub fn container(&self) -> Option<Container> {
        Container::of(self.kind.name)
    }
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

/// The elements by their dotted paths; of several with one path, the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paths(HashTable<ElementId>);

impl Paths {
    pub(crate) fn build(elements: &Table<Element>) -> Paths {
        let hash = |path: &str| FxBuildHasher.hash_one(path);
        let path = |id: ElementId| &*elements[id].path;
        let mut table = HashTable::with_capacity(elements.len());
        for id in elements.ids() {
            table.entry(hash(path(id)), |other| path(*other) == path(id), |other| hash(path(*other))).or_insert(id);
        }
        Paths(table)
    }

    fn find(&self, elements: &Table<Element>, path: &str) -> Option<ElementId> {
        let is_meant = |id: &ElementId| &*elements[*id].path == path;
        self.0.find(FxBuildHasher.hash_one(path), is_meant).copied()
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

impl Linked {
    /// The relationships from one element itself to another itself, in the order of the text.
    pub fn relations_between(&self, from: ElementId, to: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        let start = self.by_ends.partition_point(|(a, b, _)| (*a, *b) < (from, to));
        self.by_ends[start..].iter().take_while(move |(a, b, _)| (*a, *b) == (from, to)).map(|(_, _, id)| *id)
    }
}

impl Architecture {
    /// The element with this number.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id]
    }

    /// The relationship with this number.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id]
    }

    /// The level of something, if it is an element.
    pub fn level(&self, entity: Entity) -> Option<Level> {
        entity.element().map(|id| self.elements[id].level)
    }

    /// The numbers of all elements.
    pub fn element_ids(&self) -> impl Iterator<Item = ElementId> + use<> {
        self.elements.ids()
    }

    /// The numbers of all relationships.
    pub fn relation_ids(&self) -> impl Iterator<Item = RelationId> + use<> {
        self.relations.ids()
    }

    /// The elements that are parts of an element.
    pub fn children(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        self.children.of(id).iter().copied()
    }

    /// The relationships that start at an element itself.
    pub fn outgoing(&self, id: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        self.outgoing.of(id).iter().copied()
    }

    /// The relationships that end at an element itself.
    pub fn incoming(&self, id: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        self.incoming.of(id).iter().copied()
    }

    /// The relationships that begin outside of an element and end at it or at a part of it, in the order of the text.
    pub fn incoming_from_outside(&self, id: ElementId) -> Vec<RelationId> {
        let mut parts = vec![id];
        let mut next = 0;
        while let Some(part) = parts.get(next).copied() {
            parts.extend(self.children(part));
            next += 1;
        }
        let ends_here = parts.into_iter().flat_map(|part| self.incoming(part));
        let mut found: Vec<RelationId> =
            ends_here.filter(|relation| !self.is_within(self.relation(*relation).from, id)).collect();
        found.sort_unstable();
        found
    }

    /// The trust zones that hold an element, from the inside out: its own, and those around that zone.
    pub fn zones(&self, id: ElementId) -> Vec<GroupId> {
        let mut zones = Vec::new();
        let mut next = self.element(id).zone;
        // An element that says to be in a zone of its own parts would have no outermost one.
        while let Some(zone) = next.filter(|zone| !zones.contains(zone)) {
            zones.push(zone);
            let mut enclosing = std::iter::successors(self.groups[zone].parent, |group| self.groups[*group].parent);
            let whole = self.groups[zone].element.and_then(|whole| self.element(whole).zone);
            next = enclosing.find(|group| self.groups[*group].is_zone).or(whole);
        }
        zones
    }

    /// The owner of an element, and where it is named: its own, that of what it is part of, or that of the workspace, which owns no
    /// person.
    pub fn owner(&self, id: ElementId) -> Option<(ItemRef, &FactValue)> {
        let around = self.ancestors(id).map(|id| self.element(id).at);
        let workspace = self.workspace.filter(|_| self.element(id).level != Level::Person);
        around.chain(workspace).find_map(|at| Some((at, self.fact(at, &facts::OWNER)?)))
    }

    /// The owner of anything, and where it is named: of what is no element it is the one that it names itself.
    pub fn owner_of(&self, at: ItemRef) -> Option<(ItemRef, &FactValue)> {
        match self.entity(at).and_then(Entity::element) {
            Some(id) => self.owner(id),
            None => Some((at, self.fact(at, &facts::OWNER)?)),
        }
    }

    /// Whether something is ours to write: no element that others build and run, and no relationship that begins at one.
    pub fn is_own(&self, at: ItemRef) -> bool {
        let element = self.entity(at).and_then(Entity::element);
        element
            .or_else(|| self.relation_at(at).map(|id| self.relation(id).from))
            .is_none_or(|id| !self.element(id).external)
    }

    /// The element that a name means, seen from inside another: from the inside out.
    pub fn seen_from(&self, from: ElementId, name: &str) -> Option<ElementId> {
        self.resolve(Some(from), name, super::class::ELEMENTS).ok().and_then(Entity::element)
    }

    /// An element's title.
    pub fn element_title(&self, id: ElementId) -> &str {
        self.title(self.element(id).at)
    }

    /// What a relationship begins and ends in.
    pub fn ends(&self, id: RelationId) -> [ElementId; 2] {
        let relation = self.relation(id);
        [relation.from, relation.to]
    }

    /// A relationship by the titles of both ends, as it may have none of its own: `Shop API → Billing`.
    pub fn title_of_ends(&self, id: RelationId) -> String {
        let [from, to] = self.ends(id).map(|end| self.element_title(end));
        format!("{from} → {to}")
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

    /// The element of which a declaration is an `extend` block, if it is one of an element that there is.
    pub fn extended(&self, at: ItemRef) -> Option<ElementId> {
        let is_extend = self.item(at).kind.is(&EXTEND);
        is_extend.then(|| self.element_by_path(without_dot(self.name(at)))).flatten()
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

    /// Whether an element is a container of this built-in kind. What is true of several kinds is said by the kind itself, such as
    /// [`Container::is_entry`]: a new kind then does not compile before it is said of that as well.
    pub fn is_kind(&self, id: ElementId, kind: Container) -> bool {
        self.element(id).container() == Some(kind)
    }

    /// Whether an element is a container of a built-in kind that is there for this.
    pub fn is_for(&self, id: ElementId, duty: Duty) -> bool {
        self.element(id).container().is_some_and(|kind| kind.duty() == duty)
    }

    /// The relationships to an element or its parts from people, external systems and what runs in a user's hands.
    pub fn calls_from_outside(&self, id: ElementId) -> impl Iterator<Item = RelationId> + '_ {
        let parts = self.children(id).flat_map(|child| std::iter::once(child).chain(self.children(child)));
        let incoming = std::iter::once(id).chain(parts).flat_map(|part| self.incoming(part));
        incoming.filter(|relation| {
            let from = self.relation(*relation).from;
            let caller = self.element(from);
            caller.external || caller.level == Level::Person || self.is_for(from, Duty::Front)
        })
    }

    /// Whether an element can be reached from the internet: as it says, or because somebody outside calls it.
    pub fn is_public(&self, id: ElementId) -> bool {
        let said = self.flag(self.element(id).at, &facts::element::PUBLIC);
        said.unwrap_or_else(|| self.is_public_anyway(id))
    }

    /// The same where it does not say so itself.
    pub(crate) fn is_public_anyway(&self, id: ElementId) -> bool {
        let element = self.element(id);
        !element.external && element.level != Level::Person && self.calls_from_outside(id).next().is_some()
    }

    /// Whether an element stores data.
    pub fn is_store(&self, id: ElementId) -> bool {
        self.is_for(id, Duty::Store)
    }

    /// Whether a relationship does not wait for an answer.
    pub fn is_async(&self, id: RelationId) -> bool {
        let relation = self.relation(id);
        let said = self.flag(relation.at, &facts::ASYNC);
        said.unwrap_or_else(|| self.is_with_queue(relation.from, relation.to))
    }

    /// Whether one of two elements is a queue, so that calls between them wait for no answer unless something else is said.
    pub(crate) fn is_with_queue(&self, from: ElementId, to: ElementId) -> bool {
        self.is_kind(to, Container::Queue) || self.is_kind(from, Container::Queue)
    }

    /// The technologies of an element, one by one.
    pub fn technologies(&self, id: ElementId) -> impl Iterator<Item = &str> {
        self.list(self.element(id).at, &facts::TECHNOLOGY)
    }

    /// The element that a fact names.
    pub fn referred_element(&self, at: ItemRef, value: &FactValue) -> Option<ElementId> {
        self.referred(at, value).and_then(Entity::element)
    }
}

/// An error that a call is made again after, as the `on` of its `retry` names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetriedError<'a> {
    /// The word for it.
    pub word: &'a str,
    /// Where that is written.
    pub range: Range,
}

impl RetriedError<'_> {
    /// Whether it is that no answer came in time.
    pub fn is_timeout(self) -> bool {
        self.word.to_lowercase().contains("timeout")
    }

    /// Whether it is one of the caller's own: RFC 9110, section 15.5, without 408, 425 and 429.
    pub fn is_final(self) -> bool {
        let code = self.word.to_lowercase();
        code == "4xx"
            || (code.len() == 3
                && code.starts_with('4')
                && code.bytes().all(|byte| byte.is_ascii_digit())
                && !matches!(&*code, "408" | "425" | "429"))
    }
}

impl Architecture {
    /// After which errors the calls of a relationship are made again, where that is said: `on="429, 5xx or timeout"`.
    pub fn retried_errors(&self, id: RelationId) -> Vec<RetriedError<'_>> {
        let at = self.relation(id).at;
        let retry = self.fact(at, &facts::relation::RETRY);
        let parts = retry.map(|retry| self.file(at).parts_of(retry)).unwrap_or_default();
        let named = parts.iter().filter(|part| *part.fact == facts::relation::RETRY_ON);
        let words = |part| self.words(at, part).split([',', ' ']).filter(|word| !matches!(*word, "" | "or" | "and"));
        named.flat_map(|part| words(part).map(move |word| RetriedError { word, range: part.range })).collect()
    }
}
