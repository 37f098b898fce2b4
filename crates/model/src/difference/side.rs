//! One of the two architectures, as it is compared: what has a name in it, where that stands, and what else is declared there.

use crate::entity::Entity;
use crate::facets::deployment::End;
use crate::facets::standards::class::STANDARD;
use crate::facets::structure::class::{ELEMENTS, RELATION};
use crate::facets::workspace::class::{ALLOW, EXTEND, INCLUDE, RULE_SETTING};
use crate::facts;
use crate::items::{ItemRef, Value};
use crate::names::family::{Family, entities, family, scope};
use crate::schema::{Head, Type};
use crate::{Architecture, ElementId, StepKind};
use rustc_hash::FxHashMap;

/// How something is known among the things of one architecture: by its name within what it is part of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key<'a> {
    /// Of which sort it is: things of different sorts may have one name.
    pub(super) family: Family,
    /// What it is part of, as far as that is part of its path.
    pub(super) scope: Option<Entity>,
    pub(super) name: &'a str,
    /// Which of those that have the same name there, which is an error of the text.
    pub(super) nth: u32,
}

/// An architecture with what comparing asks of it.
pub(crate) struct Side<'a> {
    pub(super) arch: &'a Architecture,
    /// Everything that has a name, each after what it is part of.
    pub(crate) entities: Vec<Entity>,
    keys: FxHashMap<Entity, Key<'a>>,
    by_key: FxHashMap<Key<'a>, Entity>,
    /// What has no name of its own, by what it stands in.
    parts: FxHashMap<Option<ItemRef>, Vec<ItemRef>>,
    /// The relationships of which an end means nothing, in the order of the text.
    pub(super) half_relations: Vec<ItemRef>,
    /// What the ends of arrows and the heads of other nodes mean.
    ends: FxHashMap<ItemRef, [Option<Entity>; 2]>,
}

impl<'a> Side<'a> {
    pub(crate) fn new(arch: &'a Architecture) -> Side<'a> {
        let entities = entities(arch);
        let mut side = Side {
            arch,
            keys: FxHashMap::with_capacity_and_hasher(entities.len(), Default::default()),
            by_key: FxHashMap::with_capacity_and_hasher(entities.len(), Default::default()),
            parts: FxHashMap::default(),
            half_relations: Vec::new(),
            ends: ends(arch),
            entities,
        };
        side.name_all();
        for at in arch.item_refs() {
            let kind = arch.item(at).kind;
            let is_layout = kind.is(&EXTEND) || kind.is(&INCLUDE);
            if is_layout || arch.entity(at).is_some() || arch.relation_at(at).is_some() {
                continue;
            }
            match kind.is(&RELATION) {
                true => side.half_relations.push(at),
                false => side.parts.entry(side.owner(at)).or_default().push(at),
            }
        }
        side
    }

    /// Gives each thing its key.
    fn name_all(&mut self) {
        for at in 0..self.entities.len() {
            let entity = self.entities[at];
            let name = self.arch.name(self.arch.declared_at(entity));
            let mut key = Key { family: family(self.arch, entity), scope: scope(self.arch, entity), name, nth: 0 };
            while self.by_key.contains_key(&key) {
                key.nth += 1;
            }
            self.by_key.insert(key, entity);
            self.keys.insert(entity, key);
        }
    }

    pub(super) fn key(&self, entity: Entity) -> Key<'a> {
        self.keys[&entity]
    }

    pub(super) fn by_key(&self, key: &Key<'_>) -> Option<Entity> {
        self.by_key.get(key).copied()
    }

    pub(crate) fn at(&self, entity: Entity) -> ItemRef {
        self.arch.declared_at(entity)
    }

    /// What has no name of its own and stands in this, or at the top of a file.
    pub(crate) fn parts(&self, owner: Option<ItemRef>) -> &[ItemRef] {
        self.parts.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// What something stands in; for what stands in an `extend`, the element that is extended.
    pub(crate) fn owner(&self, at: ItemRef) -> Option<ItemRef> {
        let around = ItemRef { item: self.arch.item(at).parent?, ..at };
        if !self.arch.item(around).kind.is(&EXTEND) {
            return Some(around);
        }
        let extended = self.arch.resolve(None, self.arch.name(around), ELEMENTS).ok();
        extended.map(|entity| self.at(entity)).or(Some(around))
    }

    /// What the two ends of an arrow, or the head of another node, mean; `None` where that is a plain word.
    pub(crate) fn ends(&self, at: ItemRef) -> [Option<Entity>; 2] {
        if let Some(id) = self.arch.relation_at(at) {
            let relation = self.arch.relation(id);
            return [relation.from, relation.to].map(|end| Some(Entity::Element(end)));
        }
        if self.arch.item(at).kind.is(&RELATION) {
            let scope = self.owner(at).and_then(|owner| self.element_around(owner));
            return written_ends(self.arch, at).map(|end| self.arch.resolve(scope, end, ELEMENTS).ok());
        }
        self.ends.get(&at).copied().unwrap_or_default()
    }

    /// The element that something is or stands in.
    fn element_around(&self, at: ItemRef) -> Option<ElementId> {
        let element = self.arch.entity(at).and_then(Entity::element);
        element.or_else(|| self.element_around(self.owner(at)?))
    }

    /// The word of its kind, as written.
    pub(super) fn kind_word(&self, at: ItemRef) -> &'a str {
        self.arch.kind_word(at)
    }

    /// Where something stands: the group it is in, or what it is part of.
    pub(crate) fn place(&self, entity: Entity) -> Option<Entity> {
        match entity {
            Entity::Element(id) => {
                let element = self.arch.element(id);
                element.group.map(Entity::Group).or(element.parent.map(Entity::Element))
            }
            Entity::Group(id) => {
                let group = &self.arch.groups[id];
                group.parent.map(Entity::Group).or(group.element.map(Entity::Element))
            }
            Entity::Place(_) => self.key(entity).scope,
            Entity::Flow(_) => self.subject(self.at(entity)),
            Entity::Record(_) | Entity::Deployment(_) | Entity::Pipeline(_) | Entity::View(_) | Entity::Relation(_) => {
                self.arch.entity(self.owner(self.at(entity))?)
            }
        }
    }

    /// What a flow is of: as it says, or else what it stands in.
    fn subject(&self, flow: ItemRef) -> Option<Entity> {
        match self.arch.fact(flow, &facts::flow::OF) {
            Some(of) => self.arch.referred(flow, of),
            None => self.arch.entity(self.owner(flow)?),
        }
    }

    /// The address of a thing, or a word for the top.
    pub(super) fn place_word(&self, place: Option<Entity>) -> String {
        place.map_or("the top".to_owned(), |entity| self.arch.address(entity))
    }
}

/// What the ends of arrows mean, and what the heads of other nodes name.
fn ends(arch: &Architecture) -> FxHashMap<ItemRef, [Option<Entity>; 2]> {
    let mut all = FxHashMap::default();
    for step in arch.flows.iter().flat_map(|flow| flow.steps.iter()) {
        if let Some((from, to)) = step.kind.ends() {
            all.insert(step.at, [Some(Entity::Element(from)), Some(Entity::Element(to))]);
        } else if let StepKind::Unresolved { from, to, .. } = step.kind {
            all.insert(step.at, [from, to].map(|end| end.map(Entity::Element)));
        } else {
            all.extend(head_name(arch, step.at).map(|named| (step.at, [Some(named), None])));
        }
    }
    for deployment in &arch.deployments {
        for instance in &deployment.instances {
            all.insert(instance.at, [Some(Entity::Element(instance.element)), None]);
        }
        for connection in &deployment.connections {
            let end = |end| match end {
                End::Place(node) => arch.entity(deployment.nodes[node].at),
                End::Element(id) => Some(Entity::Element(id)),
            };
            all.insert(connection.at, [connection.from, connection.to].map(end));
        }
    }
    all.extend(rules_meant(arch).map(|(at, standard)| (at, [Some(standard), None])));
    all
}

/// The standards that those name which are about a rule, by the names of these or by those that they had.
fn rules_meant(arch: &Architecture) -> impl Iterator<Item = (ItemRef, Entity)> {
    let mut standards: FxHashMap<&str, Entity> =
        arch.records_of(&STANDARD).filter_map(|record| Some((arch.name(record.at), arch.entity(record.at)?))).collect();
    for record in arch.records_of(&STANDARD) {
        let Some(entity) = arch.entity(record.at) else { continue };
        for was in arch.list(record.at, &facts::WAS) {
            standards.entry(was).or_insert(entity);
        }
    }
    let about_rules = arch.item_refs().filter(|at| arch.item(*at).kind.class.is_in(&[&ALLOW, &RULE_SETTING]));
    about_rules.filter_map(move |at| Some((at, *standards.get(head_word(arch, at))?)))
}

/// What the value in the head of a node names.
fn head_name(arch: &Architecture, at: ItemRef) -> Option<Entity> {
    let (Head::Value(fact) | Head::Perhaps(fact)) = arch.item(at).kind.head else { return None };
    let value = arch.fact(at, fact)?;
    arch.referred(at, value)
}

/// Whether a fact of a node says which node it is, and nothing about it.
pub(super) fn is_identity(arch: &Architecture, at: ItemRef, name: &str) -> bool {
    let item = arch.item(at);
    let (Head::Value(fact) | Head::Perhaps(fact)) = item.kind.head else { return false };
    fact.name == name
        && matches!(fact.ty, Type::Text | Type::TextOrName(_) | Type::Reference(_))
        && !item.kind.is(&RELATION)
}

/// What is written at the two ends of an arrow, or in the head of another node.
pub(crate) fn written_ends(arch: &Architecture, at: ItemRef) -> [&str; 2] {
    [head_word(arch, at), arch.item(at).target.of(&arch.file(at).text)]
}

/// The word in the head of a node that says which it is: that of `allow rule`.
fn head_word(arch: &Architecture, at: ItemRef) -> &str {
    let (Head::Value(fact) | Head::Perhaps(fact)) = arch.item(at).kind.head else { return arch.name(at) };
    match arch.fact(at, fact) {
        Some(value) if matches!(value.value, Value::Text(_) | Value::Reference(_)) => arch.words(at, value),
        _ => "",
    }
}
