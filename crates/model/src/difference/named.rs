//! What has a name in what it stands in, and nowhere else, such as the steps of a pipeline: known by that name, by `was`, or by a guess.

use super::Guess;
use super::guess::{Link, Weighed, in_both};
use super::matching::{by_key, known_by_name, pair_up};
use super::side::{Side, written_ends};
use super::told::Parts;
use super::values::Both;
use crate::Architecture;
use crate::facets::workspace::class::WORKSPACE;
use crate::facts;
use crate::items::ItemRef;
use crate::schema::Head;
use rustc_hash::{FxHashMap, FxHashSet};

/// So many pairs of things with names in one thing are compared to find what was renamed.
const MOST_GUESSED: usize = 2_500;

/// Pairs out of two lists what stands in one thing and has a name there. `all` is what else stands there, too.
pub(super) fn pair_named(
    both: Both<'_>,
    all: (&[ItemRef], &[ItemRef]),
    of: (&mut Vec<ItemRef>, &mut Vec<ItemRef>),
    found: &mut Parts,
) {
    let (old, new) = of;
    let (before, after) = (both.before.arch, both.after.arch);
    // By `was` first, as a name may be in use again.
    by_was((before, old), (after, new), &mut found.pairs);
    by_key(old, new, &mut found.pairs, |at| Some(both.told_before(at)), |at| Some(both.told_after(at)));
    let kind = |a: &ItemRef, b: &ItemRef| before.item(*a).kind.name == after.item(*b).kind.name;
    let (ident, new_ident) =
        (|at| known_by_name(both.told_before(at).ident), |at| known_by_name(both.told_after(at).ident));
    by_key(old, new, &mut found.pairs, ident, new_ident);
    // There is at most one, whatever it is called.
    pair_up(old, new, &mut found.pairs, |a, b| kind(a, b) && after.item(*b).kind.is(&WORKSPACE));
    guess(both, all, (old, new), found);
}

/// Takes those out of both sides of which one says with `was` that it is the other.
fn by_was(
    (before, old): (&Architecture, &mut Vec<ItemRef>),
    (after, new): (&Architecture, &mut Vec<ItemRef>),
    pairs: &mut Vec<(ItemRef, ItemRef)>,
) {
    let (old_names, new_names) = (Names::of(before, old), Names::of(after, new));
    if old_names.by_was.is_empty() && new_names.by_was.is_empty() {
        return;
    }
    // What has kept its name is not what something else was, unless it is said to have been something else itself.
    let is_kept = |name: &str, there: &Names<'_>, here: &Names<'_>| {
        there.by_name.contains_key(name) && !here.by_was.contains_key(name)
    };
    // What was said before already, of what it was called then, is about an older change.
    let is_known = |arch: &Architecture, name: &str, was: &str, there: &Names<'_>| {
        let mut namesakes = there.by_name.get(name).into_iter().flatten();
        namesakes.any(|namesake| arch.list(*namesake, &facts::WAS).any(|known| known == was))
    };
    let mut taken: FxHashSet<ItemRef> = FxHashSet::default();
    old.retain(|one| {
        let name = before.name(*one);
        let says_it = new_names.by_was.get(name).into_iter().flatten();
        let says_it = says_it.filter(|other| {
            let other = after.name(**other);
            !is_kept(other, &old_names, &new_names) && !is_known(before, other, name, &old_names)
        });
        let own_was = before.list(*one, &facts::WAS);
        let own_was =
            own_was.filter(|was| !is_kept(name, &new_names, &old_names) && !is_known(after, name, was, &new_names));
        let said_of_it = own_was.filter_map(|was| new_names.by_name.get(was)).flatten();
        let fits = |other: &&ItemRef| before.item(*one).kind.name == after.item(**other).kind.name;
        let first = says_it.chain(said_of_it).filter(fits).filter(|other| !taken.contains(*other)).min().copied();
        pairs.extend(first.map(|other| (*one, other)));
        taken.extend(first);
        first.is_none()
    });
    new.retain(|other| !taken.contains(other));
}

/// Things by their names, and by what they say they were called.
struct Names<'a> {
    by_name: FxHashMap<&'a str, Vec<ItemRef>>,
    by_was: FxHashMap<&'a str, Vec<ItemRef>>,
}

impl<'a> Names<'a> {
    fn of(arch: &'a Architecture, all: &[ItemRef]) -> Names<'a> {
        let mut names = Names { by_name: FxHashMap::default(), by_was: FxHashMap::default() };
        for at in all {
            names.by_name.entry(arch.name(*at)).or_default().push(*at);
            for was in arch.list(*at, &facts::WAS) {
                names.by_was.entry(was).or_default().push(*at);
            }
        }
        names
    }
}
/// Pairs what is most likely the same with another name, where nothing else is as likely.
fn guess(both: Both<'_>, all: (&[ItemRef], &[ItemRef]), of: (&mut Vec<ItemRef>, &mut Vec<ItemRef>), found: &mut Parts) {
    let (old, new) = of;
    if old.len() * new.len() > MOST_GUESSED {
        return;
    }
    let pairs = old.iter().flat_map(|a| new.iter().map(move |b| (*a, *b)));
    let scored: Vec<(ItemRef, ItemRef, Guess)> =
        pairs.filter_map(|(a, b)| Some((a, b, compare(both, all, a, b)?))).collect();
    let is_best = |(a, b, guess): &&(ItemRef, ItemRef, Guess)| {
        let others = scored.iter().filter(|(c, d, _)| (c == a) != (d == b));
        others.map(|(_, _, other)| other.share).all(|share| share < guess.share)
    };
    let best: Vec<(ItemRef, ItemRef, Guess)> = scored.iter().filter(is_best).cloned().collect();
    for (a, b, guess) in best {
        old.retain(|at| *at != a);
        new.retain(|at| *at != b);
        found.pairs.push((a, b));
        found.guesses.insert(b, guess);
    }
}

/// How much of two things that stand in the same is the same, if that is enough.
fn compare(both: Both<'_>, all: (&[ItemRef], &[ItemRef]), before: ItemRef, after: ItemRef) -> Option<Guess> {
    let labels = (both.before.arch.label(before), both.after.arch.label(after));
    let mut weighed = Weighed::default();
    if both.before.arch.item(before).kind.name != both.after.arch.item(after).kind.name {
        return None;
    }
    weighed.add(3, "title", usize::from(labels.0 == labels.1), usize::from(labels != (None, None)));
    let (alike, of) = both.facts_alike(before, after);
    weighed.add(3, "facts", alike, of);
    let (alike, of) = in_both(neighbours(both.before, all.0, before), neighbours(both.after, all.1, after));
    weighed.add(3, "neighbours", alike, of);
    weighed.guess()
}

/// What arrows beside it lead to and from it.
fn neighbours<'a>(side: &Side<'a>, all: &[ItemRef], at: ItemRef) -> Vec<Option<(Link, &'a str)>> {
    let name = side.arch.name(at);
    let arrows = all.iter().filter(|at| matches!(side.arch.item(**at).kind.head, Head::Arrow));
    let around = arrows.filter_map(|at| match written_ends(side.arch, *at) {
        [from, to] if from == name => Some((Link::To, to)),
        [from, to] if to == name => Some((Link::From, from)),
        _ => None,
    });
    around.map(Some).collect()
}
