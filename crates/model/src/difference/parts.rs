//! What has no name of its own: relationships by their ends and texts, everything else by what it stands in and what it says. What
//! stands in a flow has an order besides; see [`steps`](super::steps).

use super::side::{Side, written_ends};
use super::steps;
use super::values::Both;
use crate::entity::Entity;
use crate::facets::flows::class::FLOW;
use crate::facets::workspace::class::WORKSPACE;
use crate::facts;
use crate::items::ItemRef;
use crate::{ElementId, RelationId};
use rustc_hash::{FxHashMap, FxHashSet};

/// From so many pairs of things on, whose names are all the same, they are told apart by their order alone.
const MOST_ALIKE: usize = 10_000;

/// The declarations that are the same before and after, and those that have no other.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) pairs: Vec<(ItemRef, ItemRef)>,
    pub(super) removed: Vec<ItemRef>,
    pub(super) added: Vec<ItemRef>,
    /// Those of the pairs that stand elsewhere in the order of a flow.
    pub(super) moved: Vec<ItemRef>,
}

/// A name in a declaration that has none of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Word<'a> {
    /// What it means, by what that is after.
    Thing(Entity),
    /// What it means, if that is only there before.
    Gone(Entity),
    Text(&'a str),
}

/// What tells a declaration from those beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Ident<'a> {
    pub(super) kind: &'static str,
    pub(super) names: [Word<'a>; 2],
}

/// A declaration with what tells it from others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Told<'a> {
    pub(super) ident: Ident<'a>,
    pub(super) label: Option<&'a str>,
}

/// Finds out of all that has no name which is which.
pub(super) fn parts(both: Both<'_>) -> Parts {
    let mut found = Parts::default();
    relations(both, &mut found);
    // What stands in a pair can be paired; what stands in anything else goes with it.
    let mut owners = vec![(None, None)];
    owners.extend(both.after.entities.iter().filter_map(|after| {
        let before = both.pairs.before(*after)?;
        Some((Some(both.before.at(before)), Some(both.after.at(*after))))
    }));
    owners.extend(found.pairs.iter().map(|(before, after)| (Some(*before), Some(*after))));
    while let Some((before, after)) = owners.pop() {
        let (old, new) = (both.before.parts(before), both.after.parts(after));
        if old.is_empty() && new.is_empty() {
            continue;
        }
        let is_flow = after.is_some_and(|after| both.after.arch.item(after).kind.is(&FLOW));
        let first = found.pairs.len();
        match is_flow {
            true => steps::of_flow(both, (before, after), &mut found),
            false => beside(both, old, new, &mut found),
        }
        if !is_flow {
            owners.extend(found.pairs[first..].iter().map(|(before, after)| (Some(*before), Some(*after))));
        }
    }
    leave_the_rest(both, &mut found);
    found
}

/// Tells as removed and added what stands in something that is.
fn leave_the_rest(both: Both<'_>, found: &mut Parts) {
    let paired: FxHashSet<ItemRef> = found.pairs.iter().map(|(before, _)| *before).collect();
    let gone = both.before.entities.iter().filter(|entity| both.pairs.after(**entity).is_none());
    let gone = gone.map(|entity| both.before.at(*entity)).collect();
    go_with(both.before, gone, &paired, &mut found.removed);
    let paired: FxHashSet<ItemRef> = found.pairs.iter().map(|(_, after)| *after).collect();
    let new = both.after.entities.iter().filter(|entity| both.pairs.before(**entity).is_none());
    let new = new.map(|entity| both.after.at(*entity)).collect();
    go_with(both.after, new, &paired, &mut found.added);
}

/// Adds to some things, which are all that is removed or added, what stands in them or in these others and has no pair.
fn go_with(side: &Side<'_>, others: Vec<ItemRef>, paired: &FxHashSet<ItemRef>, things: &mut Vec<ItemRef>) {
    let mut known: FxHashSet<ItemRef> = things.iter().copied().collect();
    let mut owners = others;
    owners.extend(things.iter().copied());
    while let Some(owner) = owners.pop() {
        for at in side.parts(Some(owner)).iter().filter(|at| !paired.contains(at)) {
            if known.insert(*at) {
                owners.push(*at);
                things.push(*at);
            }
        }
    }
}

/// Relationships: those between the same ends, by their texts and then by what else is said of them.
fn relations(both: Both<'_>, found: &mut Parts) {
    let mut between: FxHashMap<(ElementId, ElementId), (Vec<RelationId>, Vec<RelationId>)> = FxHashMap::default();
    let (old, new) = (both.before.arch, both.after.arch);
    for (id, relation) in new.relations.entries() {
        between.entry((relation.from, relation.to)).or_default().1.push(id);
    }
    let after = |id: ElementId| match both.pairs.after(Entity::Element(id)) {
        Some(Entity::Element(id)) => Some(id),
        _ => None,
    };
    for (id, relation) in old.relations.entries() {
        match (after(relation.from), after(relation.to)) {
            (Some(from), Some(to)) => between.entry((from, to)).or_default().0.push(id),
            _ => found.removed.push(relation.at),
        }
    }
    let mut between: Vec<_> = between.into_values().collect();
    between.sort_unstable();
    for (before, after) in between {
        let mut before: Vec<ItemRef> = before.into_iter().map(|id| old.relation(id).at).collect();
        let mut after: Vec<ItemRef> = after.into_iter().map(|id| new.relation(id).at).collect();
        let label = |before: &ItemRef, after: &ItemRef| old.label(*before) == new.label(*after);
        pair_up(&mut before, &mut after, &mut found.pairs, |a, b| label(a, b) && both.facts(*a, *b).is_empty());
        pair_up(&mut before, &mut after, &mut found.pairs, label);
        let has_facts = |at: &ItemRef| !new.file(*at).facts_of(new.item(*at)).is_empty();
        let is_only = before.len() == 1 && after.len() == 1;
        pair_up(&mut before, &mut after, &mut found.pairs, |a, b| {
            is_only || has_facts(b) && both.facts(*a, *b).is_empty()
        });
        found.removed.extend(before);
        found.added.extend(after);
    }
}

/// Takes those out of both lists that fit, each with the first.
fn pair_up(
    before: &mut Vec<ItemRef>,
    after: &mut Vec<ItemRef>,
    pairs: &mut Vec<(ItemRef, ItemRef)>,
    fits: impl Fn(&ItemRef, &ItemRef) -> bool,
) {
    if before.is_empty() || after.is_empty() || before.len() * after.len() > MOST_ALIKE {
        return;
    }
    let mut left = Vec::new();
    for one in before.drain(..) {
        match after.iter().position(|other| fits(&one, other)) {
            Some(at) => pairs.push((one, after.remove(at))),
            None => left.push(one),
        }
    }
    *before = left;
}

/// What stands in one thing in no order.
fn beside(both: Both<'_>, old: &[ItemRef], new: &[ItemRef], found: &mut Parts) {
    let (mut old, mut new) = (old.to_vec(), new.to_vec());
    let told = |both: Both<'_>, before: &ItemRef, after: &ItemRef| both.told_before(*before) == both.told_after(*after);
    let is_small = old.len() * new.len() <= MOST_ALIKE;
    if is_small {
        pair_up(&mut old, &mut new, &mut found.pairs, |a, b| told(both, a, b) && both.facts(*a, *b).is_empty());
    }
    by_key(&mut old, &mut new, &mut found.pairs, |at| both.told_before(at), |at| both.told_after(at));
    by_key(
        &mut old,
        &mut new,
        &mut found.pairs,
        |at| named(both.told_before(at).ident),
        |at| named(both.told_after(at).ident),
    );
    let (arch, before) = (both.after.arch, both.before.arch);
    // There is at most one, whatever it is called.
    pair_up(&mut old, &mut new, &mut found.pairs, |a, b| {
        before.item(*a).kind.is(&WORKSPACE) && arch.item(*b).kind.is(&WORKSPACE)
    });
    let first = found.pairs.len();
    pair_up(&mut old, &mut new, &mut found.pairs, |a, b| {
        let is_kind = both.told_before(*a).ident.kind == both.told_after(*b).ident.kind;
        let is_said = arch.list(*b, &facts::WAS).any(|name| name == before.name(*a));
        is_kind && (is_said || before.list(*a, &facts::WAS).any(|name| name == arch.name(*b)))
    });
    // What leads from and to these is called after them.
    let renamed: FxHashMap<&str, &str> =
        found.pairs[first..].iter().map(|(a, b)| (before.name(*a), arch.name(*b))).collect();
    let renamed = |name: &str| renamed.get(name).copied();
    pair_up(&mut old, &mut new, &mut found.pairs, |a, b| {
        let (old, new) = (both.told_before(*a), both.told_after(*b));
        let is_same = |nth: usize| match (old.ident.names[nth], new.ident.names[nth]) {
            (Word::Text(old), Word::Text(new)) => renamed(old).unwrap_or(old) == new,
            (old, new) => old == new,
        };
        old.ident.kind == new.ident.kind && is_same(0) && is_same(1) && old.label == new.label
    });
    found.removed.extend(old);
    found.added.extend(new);
}

/// What names something; nothing else is known by its names alone.
fn named(ident: Ident<'_>) -> Option<Ident<'_>> {
    (ident.names != [Word::Text(""), Word::Text("")]).then_some(ident)
}

/// Takes those out of both lists that have the same key, each with the first.
fn by_key<K: std::hash::Hash + Eq + MayBe>(
    before: &mut Vec<ItemRef>,
    after: &mut Vec<ItemRef>,
    pairs: &mut Vec<(ItemRef, ItemRef)>,
    old_key: impl Fn(ItemRef) -> K,
    new_key: impl Fn(ItemRef) -> K,
) {
    let mut known: FxHashMap<K, Vec<ItemRef>> = FxHashMap::default();
    for at in after.iter().rev().filter(|at| new_key(**at).is_some()) {
        known.entry(new_key(*at)).or_default().push(*at);
    }
    let mut taken: FxHashSet<ItemRef> = FxHashSet::default();
    before.retain(|at| {
        let other = known.get_mut(&old_key(*at)).and_then(Vec::pop);
        pairs.extend(other.map(|other| (*at, other)));
        taken.extend(other);
        other.is_none()
    });
    after.retain(|at| !taken.contains(at));
}

/// A key that may be none.
trait MayBe {
    fn is_some(&self) -> bool;
}

impl MayBe for Told<'_> {
    fn is_some(&self) -> bool {
        true
    }
}

impl MayBe for Option<Ident<'_>> {
    fn is_some(&self) -> bool {
        Option::is_some(self)
    }
}

impl<'a> Both<'a> {
    /// What tells a declaration before from others.
    pub(super) fn told_before(&self, at: ItemRef) -> Told<'a> {
        let thing = |entity: Entity| self.pairs.after(entity).map_or(Word::Gone(entity), Word::Thing);
        let arch = self.before.arch;
        let names = self.before.ends(at).map(|end| end.map(thing));
        told(arch, at, names)
    }

    /// What tells a declaration after from others.
    pub(super) fn told_after(&self, at: ItemRef) -> Told<'a> {
        let names = self.after.ends(at).map(|end| end.map(Word::Thing));
        told(self.after.arch, at, names)
    }
}

fn told<'a>(arch: &'a crate::Architecture, at: ItemRef, names: [Option<Word<'a>>; 2]) -> Told<'a> {
    let (item, written) = (arch.item(at), written_ends(arch, at));
    let name = |nth: usize| names[nth].unwrap_or(Word::Text(written[nth]));
    Told { ident: Ident { kind: item.kind.word(), names: [name(0), name(1)] }, label: arch.label(at) }
}
