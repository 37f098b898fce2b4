//! What has no name of its own: relationships by their ends and texts, everything else by what it stands in and what it says. What
//! stands in a flow has an order besides; see [`steps`](super::steps).

use super::matching::{by_key, known_by_name, pair_up};
use super::named;
use super::side::Side;
use super::steps;
use super::told::{Parts, Word};
use super::values::Both;
use crate::entity::Entity;
use crate::facets::flows::class::FLOW;
use crate::items::ItemRef;
use crate::schema::Head;
use crate::{ElementId, RelationId};
use rustc_hash::{FxHashMap, FxHashSet};

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
    let after = |id: ElementId| both.pairs.after(Entity::Element(id)).and_then(Entity::element);
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
    half_relations(both, found);
}

/// Relationships of which an end means nothing on one side: such a one is still the same as that with the other end.
fn half_relations(both: Both<'_>, found: &mut Parts) {
    let (mut old_half, mut new_half) = (both.before.half_relations.clone(), both.after.half_relations.clone());
    half_known(both, &mut old_half, &mut new_half, &mut found.pairs);
    half_known(both, &mut found.removed, &mut new_half, &mut found.pairs);
    half_known(both, &mut old_half, &mut found.added, &mut found.pairs);
    found.removed.extend(old_half);
    found.added.extend(new_half);
}

/// Takes those out of two lists that are the same, where in one of the lists an end of an arrow, or the name in a head, means nothing.
fn half_known(both: Both<'_>, old: &mut Vec<ItemRef>, new: &mut Vec<ItemRef>, pairs: &mut Vec<(ItemRef, ItemRef)>) {
    let kind = |a: &ItemRef, b: &ItemRef| both.before.arch.item(*a).kind.name == both.after.arch.item(*b).kind.name;
    let label = |a: &ItemRef, b: &ItemRef| both.before.arch.label(*a) == both.after.arch.label(*b);
    let ends = |a: &ItemRef, b: &ItemRef| [0, 1].map(|nth| both.same_end(*a, *b, nth));
    pair_up(old, new, pairs, |a, b| kind(a, b) && ends(a, b) == [true, true] && label(a, b));
    pair_up(old, new, pairs, |a, b| kind(a, b) && ends(a, b) == [true, true]);
    pair_up(old, new, pairs, |a, b| {
        let is_arrow = matches!(both.after.arch.item(*b).kind.head, Head::Arrow);
        is_arrow && kind(a, b) && ends(a, b).contains(&true) && label(a, b)
    });
}

/// What parts of one thing are called that were renamed, by what they were called.
type Renames<'a> = FxHashMap<&'a str, &'a str>;

/// What stands in one thing in no order: what has a name in it first, as what leads from and to that is called after it.
fn beside(both: Both<'_>, old: &[ItemRef], new: &[ItemRef], found: &mut Parts) {
    let is_named = |side: &Side<'_>, at: &ItemRef| matches!(side.arch.item(*at).kind.head, Head::Named);
    let (mut old_named, mut old_rest): (Vec<ItemRef>, Vec<ItemRef>) =
        old.iter().partition(|at| is_named(both.before, at));
    let (mut new_named, mut new_rest): (Vec<ItemRef>, Vec<ItemRef>) =
        new.iter().partition(|at| is_named(both.after, at));
    let first = found.pairs.len();
    named::pair_named(both, (old, new), (&mut old_named, &mut new_named), found);
    let names = found.pairs[first..].iter().map(|(a, b)| (both.before.arch.name(*a), both.after.arch.name(*b)));
    let renames: Renames<'_> = names.filter(|(old, new)| old != new).collect();
    same_told(both, &mut old_rest, &mut new_rest, &renames, &mut found.pairs);
    let has_name = |side: &Side<'_>, at: &ItemRef| side.ends(*at).iter().any(Option::is_some);
    let (mut old_rest, mut old_half): (Vec<_>, Vec<_>) = old_rest.into_iter().partition(|at| has_name(both.before, at));
    let (mut new_rest, mut new_half): (Vec<_>, Vec<_>) = new_rest.into_iter().partition(|at| has_name(both.after, at));
    half_known(both, &mut old_rest, &mut new_half, &mut found.pairs);
    half_known(both, &mut old_half, &mut new_rest, &mut found.pairs);
    found.removed.extend([old_named, old_rest, old_half].concat());
    found.added.extend([new_named, new_rest, new_half].concat());
}

/// Takes those out of both lists that are told from others by the same.
fn same_told(
    both: Both<'_>,
    old: &mut Vec<ItemRef>,
    new: &mut Vec<ItemRef>,
    renames: &Renames<'_>,
    pairs: &mut Vec<(ItemRef, ItemRef)>,
) {
    let before = |at: ItemRef| {
        let mut told = both.told_before(at);
        told.ident.names = told.ident.names.map(|word| match word {
            Word::Text(name) => Word::Text(renames.get(name).copied().unwrap_or(name)),
            word => word,
        });
        told
    };
    let after = |at: ItemRef| both.told_after(at);
    pair_up(old, new, pairs, |a, b| before(*a) == after(*b) && both.facts(*a, *b).is_empty());
    by_key(old, new, pairs, |at| Some(before(at)), |at| Some(after(at)));
    by_key(old, new, pairs, |at| known_by_name(before(at).ident), |at| known_by_name(after(at).ident));
}
