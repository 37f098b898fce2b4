//! What stands in a flow: the order of steps says something, so they are compared as texts are, block by block.

use super::told::{Parts, Told};
use super::values::Both;
use crate::items::ItemRef;
use rustc_hash::FxHashMap;

/// Blocks of which the product of the numbers of steps is larger are only compared from their beginning and their end.
const MOST: usize = 1_000_000;

/// Something that steps stand in, before and after.
type Owner = (Option<ItemRef>, Option<ItemRef>);

/// Finds which step of a flow is which.
pub(super) fn of_flow(both: Both<'_>, flow: Owner, found: &mut Parts) {
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    let mut owners = vec![flow];
    loop {
        while let Some((before, after)) = owners.pop() {
            let (old, new) = (both.before.parts(before), both.after.parts(after));
            let pairs = block(both, old, new);
            let (mut next_old, mut next_new) = (0, 0);
            for (old_at, new_at) in pairs.into_iter().chain([(old.len(), new.len())]) {
                let gap = (&old[next_old..old_at], &new[next_new..new_at]);
                let (of_gap, old_left, new_left) = in_gap(both, gap.0, gap.1);
                removed.extend(old_left);
                added.extend(new_left);
                let own = old.get(old_at).copied().zip(new.get(new_at).copied());
                for (before, after) in of_gap.into_iter().chain(own) {
                    found.pairs.push((before, after));
                    owners.push((Some(before), Some(after)));
                }
                (next_old, next_new) = (old_at + 1, new_at + 1);
            }
        }
        // What is the same and stands elsewhere has been moved; what stands in it may have changed.
        let Some((before, after)) = moved(both, &mut removed, &mut added) else { break };
        found.pairs.push((before, after));
        found.moved.push(after);
        owners.push((Some(before), Some(after)));
    }
    found.removed.extend(removed);
    found.added.extend(added);
}

/// The first of the steps that were taken away which was put in elsewhere.
fn moved(both: Both<'_>, removed: &mut Vec<ItemRef>, added: &mut Vec<ItemRef>) -> Option<(ItemRef, ItemRef)> {
    let mut known: FxHashMap<Told<'_>, usize> = FxHashMap::default();
    for (nth, at) in added.iter().enumerate().rev() {
        known.insert(both.told_after(*at), nth);
    }
    let found = removed.iter().enumerate().find_map(|(nth, at)| Some((nth, *known.get(&both.told_before(*at))?)));
    found.map(|(old, new)| (removed.remove(old), added.remove(new)))
}

/// Which steps of two blocks are the same, as places in both: the most that stand in one order.
fn block(both: Both<'_>, old: &[ItemRef], new: &[ItemRef]) -> Vec<(usize, usize)> {
    let before: Vec<Told<'_>> = old.iter().map(|at| both.told_before(*at)).collect();
    let after: Vec<Told<'_>> = new.iter().map(|at| both.told_after(*at)).collect();
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest = (&before[start..], &after[start..]);
    let end = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(a, b)| a == b).count();
    let inner = (&rest.0[..rest.0.len() - end], &rest.1[..rest.1.len() - end]);
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|nth| (nth, nth)).collect();
    pairs.extend(longest(inner.0, inner.1).into_iter().map(|(a, b)| (a + start, b + start)));
    pairs.extend((0..end).map(|nth| (before.len() - end + nth, after.len() - end + nth)));
    pairs
}

/// The longest sequence that is in both.
fn longest(old: &[Told<'_>], new: &[Told<'_>]) -> Vec<(usize, usize)> {
    if old.is_empty() || new.is_empty() || old.len() * new.len() > MOST {
        return Vec::new();
    }
    let width = new.len() + 1;
    let mut most = vec![0u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            most[a * width + b] = match old[a] == new[b] {
                true => most[(a + 1) * width + b + 1] + 1,
                false => most[(a + 1) * width + b].max(most[a * width + b + 1]),
            };
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < old.len() && b < new.len() {
        if old[a] == new[b] {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
            continue;
        }
        // Where both ways are as long, the texts decide, so that it is the same from either side.
        let ways = most[(a + 1) * width + b].cmp(&most[a * width + b + 1]);
        match ways.then_with(|| old[a].label.cmp(&new[b].label)).is_gt() {
            true => a += 1,
            false => b += 1,
        }
    }
    pairs
}

/// Between two steps that are the same: those are one which have the same ends, or else the same kind and text. What is left has no
/// other.
fn in_gap(both: Both<'_>, old: &[ItemRef], new: &[ItemRef]) -> (Vec<(ItemRef, ItemRef)>, Vec<ItemRef>, Vec<ItemRef>) {
    let mut left = Gap { pairs: Vec::new(), old: old.to_vec(), new: new.to_vec() };
    if old.len() * new.len() <= MOST {
        let told = |a: ItemRef, b: ItemRef| (both.told_before(a), both.told_after(b));
        let is_kind = |(a, b): (Told<'_>, Told<'_>)| a.ident.kind == b.ident.kind;
        left.pair_up(|a, b| told(a, b).0.ident == told(a, b).1.ident);
        left.pair_up(|a, b| is_kind(told(a, b)) && [0, 1].iter().all(|nth| both.same_end(a, b, *nth)));
        left.pair_up(|a, b| {
            let (a, b) = told(a, b);
            is_kind((a, b)) && a.label.is_some() && a.label == b.label
        });
    }
    (left.pairs, left.old, left.new)
}

/// What is left between two steps that are the same.
struct Gap {
    pairs: Vec<(ItemRef, ItemRef)>,
    old: Vec<ItemRef>,
    new: Vec<ItemRef>,
}

impl Gap {
    /// Takes out those that fit, each with the first.
    fn pair_up(&mut self, fits: impl Fn(ItemRef, ItemRef) -> bool) {
        let Gap { pairs, old, new } = self;
        old.retain(|before| {
            let found = new.iter().position(|after| fits(*before, *after));
            pairs.extend(found.map(|found| (*before, new.remove(found))));
            found.is_none()
        });
    }
}
