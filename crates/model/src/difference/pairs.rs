//! Which thing of one architecture is which of the other: by their addresses, and by what is said of their old names.

use super::side::{Key, Side};
use crate::entity::Entity;
use crate::facts;
use crate::names::family::Family;
use crate::schema::Class;
use rustc_hash::FxHashMap;

/// The things that are the same before and after.
#[derive(Default)]
pub(super) struct Pairs {
    to_after: FxHashMap<Entity, Entity>,
    to_before: FxHashMap<Entity, Entity>,
    /// The names in `was` that made a pair, by the thing after.
    pub(super) said: FxHashMap<Entity, String>,
}

impl Pairs {
    pub(super) fn after(&self, before: Entity) -> Option<Entity> {
        self.to_after.get(&before).copied()
    }

    pub(super) fn before(&self, after: Entity) -> Option<Entity> {
        self.to_before.get(&after).copied()
    }

    pub(super) fn add(&mut self, before: Entity, after: Entity) {
        self.to_after.insert(before, after);
        self.to_before.insert(after, before);
    }

    /// Pairs what has the same name in the same place, what it is part of being paired before.
    pub(super) fn add_same(&mut self, before: &Side<'_>, after: &Side<'_>) {
        for entity in
            after.entities.iter().copied().filter(|entity| !self.to_before.contains_key(entity)).collect::<Vec<_>>()
        {
            let key = after.key(entity);
            let scope = match key.scope {
                None => None,
                Some(scope) => match self.before(scope) {
                    Some(scope) => Some(scope),
                    None => continue,
                },
            };
            let found = before.by_key(&Key { scope, ..key });
            if let Some(found) = found.filter(|found| !self.to_after.contains_key(found)) {
                self.add(found, entity);
            }
        }
    }
}

/// A name that something is said to have had.
struct Claim {
    before: Entity,
    after: Entity,
    name: String,
    /// Whether it is said by what nothing before was called: then its old name is in use again, where something has it.
    is_of_new: bool,
}

/// The names in `was` that something on the other side has, as far as they do not contradict the names that are there: what has
/// kept its name is not what something else was, unless it is said to have been something else itself, or what is new that it was this.
pub(super) fn said(before: &Side<'_>, after: &Side<'_>) -> Pairs {
    let mut claims: Vec<Claim> = claims(after, before)
        .into_iter()
        .map(|(at, before_it, name)| {
            let is_of_new = natural(after, before, &FxHashMap::default(), at).is_none();
            Claim { before: before_it, after: at, name, is_of_new }
        })
        .chain(claims(before, after).into_iter().map(|(before, after, name)| {
            // What was taken back, or has gone since.
            Claim { before, after, name, is_of_new: false }
        }))
        .collect();
    loop {
        let pairs = paired(&claims);
        let count = claims.len();
        claims.retain(|claim| {
            let (own, other) = (
                natural(before, after, &pairs.to_after, claim.before),
                natural(after, before, &pairs.to_before, claim.after),
            );
            let is_held = pairs.after(claim.before) == Some(claim.after);
            is_held
                && (claim.is_of_new || own.is_none_or(|own| pairs.before(own).is_some()))
                && other.is_none_or(|other| pairs.after(other).is_some())
        });
        if claims.len() == count {
            return pairs;
        }
    }
}

/// The pairs that claims make; of several about one thing the first holds.
fn paired(claims: &[Claim]) -> Pairs {
    let mut pairs = Pairs::default();
    for claim in claims {
        if pairs.after(claim.before).is_none() && pairs.before(claim.after).is_none() {
            pairs.add(claim.before, claim.after);
            pairs.said.insert(claim.after, claim.name.clone());
        }
    }
    pairs
}

/// What has the same name in the same place on the other side, by the names alone and these pairs.
fn natural(own: &Side<'_>, other: &Side<'_>, pairs: &FxHashMap<Entity, Entity>, entity: Entity) -> Option<Entity> {
    let key = own.key(entity);
    let scope = match key.scope {
        None => None,
        Some(scope) => Some(pairs.get(&scope).copied().or_else(|| natural(own, other, pairs, scope))?),
    };
    other.by_key(&Key { scope, ..key })
}

/// What each thing is said to have been on the other side, with the name that is given.
fn claims(own: &Side<'_>, other: &Side<'_>) -> Vec<(Entity, Entity, String)> {
    let names = |side: &Side<'_>, entity: Entity| -> Vec<String> {
        side.arch.list(side.at(entity), &facts::WAS).map(str::to_owned).collect()
    };
    let saying: Vec<Entity> =
        own.entities.iter().copied().filter(|entity| own.arch.fact(own.at(*entity), &facts::WAS).is_some()).collect();
    let mut found = Vec::new();
    let mut pairs: FxHashMap<Entity, Entity> = FxHashMap::default();
    for entity in saying {
        let key = own.key(entity);
        let scope =
            key.scope.and_then(|scope| pairs.get(&scope).copied().or_else(|| natural(own, other, &pairs, scope)));
        let meant = |name: &str| meant(other, (key, own.arch.kind(entity).class), scope, name);
        let meanings: Vec<(String, Option<Entity>)> = names(own, entity)
            .into_iter()
            .map(|name| {
                let is = meant(&name);
                (name, is)
            })
            .collect();
        // What was said before already, of what it was called then, is about an older change.
        let namesake = natural(own, other, &FxHashMap::default(), entity);
        let were = namesake.into_iter().chain(meanings.iter().filter_map(|(_, meant)| *meant));
        let known: Vec<String> = were.flat_map(|thing| names(other, thing)).collect();
        for (name, meant) in meanings.into_iter().filter(|(name, _)| !known.contains(name)) {
            if let Some(meant) = meant {
                pairs.entry(entity).or_insert(meant);
                found.push((entity, meant, name));
            }
        }
    }
    found
}

/// What a name in `was` of something with this key and class means: what is beside it, or else what has this path.
fn meant(side: &Side<'_>, of: (Key<'_>, &'static Class), scope: Option<Entity>, name: &str) -> Option<Entity> {
    let (key, class) = of;
    let beside = scope.and_then(|scope| side.by_key(&Key { scope: Some(scope), name, nth: 0, ..key }));
    // A name without a dot is that of something alike, or else a service would be taken for a system.
    let is_alike = |entity: &Entity| name.contains('.') || side.arch.kind(*entity).class == class;
    beside.or_else(|| by_path(side, key.family, name).filter(is_alike))
}

/// The thing of a sort that has this path.
fn by_path(side: &Side<'_>, family: Family, path: &str) -> Option<Entity> {
    let mut scope = None;
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let is_last = names.peek().is_none();
        let find = |family: Family| side.by_key(&Key { family, scope, name, nth: 0 });
        let found = match (is_last, family) {
            (true, _) => find(family),
            (false, Family::Place) => find(Family::Place).or_else(|| find(Family::Deployment)),
            (
                false,
                Family::Element
                | Family::Group
                | Family::Flow
                | Family::Deployment
                | Family::Pipeline
                | Family::Step
                | Family::View
                | Family::Relation
                | Family::Record(_),
            ) => find(Family::Element),
        };
        scope = Some(found?);
    }
    scope
}

/// The names in `was` of things that are new and are taken for nothing of before, each with what had that name, if anything had.
pub(super) fn idle_names(after: &Side<'_>, before: &Side<'_>, pairs: &Pairs) -> Vec<(Entity, String, Option<Entity>)> {
    let new = after.entities.iter().copied().filter(|entity| pairs.before(*entity).is_none());
    let mut idle = Vec::new();
    for entity in new.filter(|entity| after.arch.fact(after.at(*entity), &facts::WAS).is_some()) {
        let key = after.key(entity);
        let scope = key.scope.and_then(|scope| pairs.before(scope));
        for name in after.arch.list(after.at(entity), &facts::WAS) {
            let had = meant(before, (key, after.arch.kind(entity).class), scope, name);
            idle.push((entity, name.to_owned(), had));
        }
    }
    idle
}
