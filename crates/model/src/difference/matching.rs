//! Takes out of two lists what belongs together.

use super::told::{Ident, Word};
use crate::items::ItemRef;
use rustc_hash::{FxHashMap, FxHashSet};

/// What has neither a name nor words of its own is not compared one by one from so many pairs on: it counts as removed and added.
const MOST_ALIKE: usize = 10_000;

/// Takes those out of both lists that fit, each with the first.
pub(super) fn pair_up(
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

/// What names something; nothing else is known by its names alone.
pub(super) fn known_by_name(ident: Ident<'_>) -> Option<Ident<'_>> {
    (ident.names != [Word::Text(""), Word::Text("")]).then_some(ident)
}

/// Takes those out of both lists that have the same key, each with the first; what has none stays.
pub(super) fn by_key<K: std::hash::Hash + Eq>(
    before: &mut Vec<ItemRef>,
    after: &mut Vec<ItemRef>,
    pairs: &mut Vec<(ItemRef, ItemRef)>,
    old_key: impl Fn(ItemRef) -> Option<K>,
    new_key: impl Fn(ItemRef) -> Option<K>,
) {
    let mut known: FxHashMap<K, Vec<ItemRef>> = FxHashMap::default();
    for (at, key) in after.iter().rev().filter_map(|at| Some((*at, new_key(*at)?))) {
        known.entry(key).or_default().push(at);
    }
    let mut taken: FxHashSet<ItemRef> = FxHashSet::default();
    before.retain(|at| {
        let other = old_key(*at).and_then(|key| known.get_mut(&key)?.pop());
        pairs.extend(other.map(|other| (*at, other)));
        taken.extend(other);
        other.is_none()
    });
    after.retain(|at| !taken.contains(at));
}
