//! What was renamed or moved and does not say so: a thing that is gone and one that is new, of one kind, of which most is the same.

use super::pairs::Pairs;
use super::renamed::Renamed;
use super::side::Side;
use super::told::{Told, Word, told_as_written};
use super::values::Both;
use super::{Agreement, Guess};
use crate::entity::Entity;
use crate::facets::deployment::class::CONNECTION;
use crate::items::ItemRef;
use rustc_hash::{FxHashMap, FxHashSet};

/// So many pairs of things are compared in all.
pub const MOST_PAIRS: usize = 5_000;

/// From this share on, in hundredths, it is taken to be the same thing.
const ENOUGH: usize = 60;
/// What agrees where two things stand in the same.
const PLACE: &str = "place";

/// How much what is the same must count for, besides where the thing stands.
const LEAST: usize = 300;

/// What guessing has found.
#[derive(Default)]
pub(super) struct Guesses {
    /// By the thing after.
    pub(super) found: FxHashMap<Entity, Guess>,
    /// How many pairs were compared.
    pub(super) compared: usize,
    /// How many were not, because that would be too many.
    pub(super) left: usize,
}

/// Adds to the pairs what is likely the same thing, and what stands in it; from the outside in, so that what stands in a thing that
/// was renamed needs no guess.
pub(super) fn guess(before: &Side<'_>, after: &Side<'_>, pairs: &mut Pairs) -> Guesses {
    let mut guesses = Guesses::default();
    let (held_before, held_after) = (held(before), held(after));
    let mut is_anywhere = false;
    loop {
        let renamed = Renamed::new(before, after, pairs);
        let both = Both { before, after, pairs, renamed: &renamed };
        let looking = Looking { both, held: [&held_before, &held_after] };
        let found = looking.round(is_anywhere, &mut guesses);
        if found.is_empty() {
            if is_anywhere {
                return guesses;
            }
            is_anywhere = true;
            continue;
        }
        for (old, new, guess) in found {
            pairs.add(old, new);
            guesses.found.insert(new, guess);
        }
        pairs.add_same(before, after);
    }
}

/// The things with names that stand in each.
type Held = FxHashMap<ItemRef, Vec<Entity>>;

fn held(side: &Side<'_>) -> Held {
    let mut held = Held::default();
    for entity in &side.entities {
        if let Some(owner) = side.owner(side.at(*entity)) {
            held.entry(owner).or_default().push(*entity);
        }
    }
    held
}

/// What is gone and what is new.
type Candidates = (Vec<Entity>, Vec<Entity>);

struct Looking<'a> {
    both: Both<'a>,
    held: [&'a Held; 2],
}

impl Looking<'_> {
    /// What is found among what is left: each the best for the other, and no other as good.
    fn round(&self, is_anywhere: bool, guesses: &mut Guesses) -> Vec<(Entity, Entity, Guess)> {
        let mut scored: Vec<(Entity, Entity, Guess)> = Vec::new();
        guesses.left = 0;
        for (old, new) in self.of_kinds(is_anywhere) {
            for (before, after) in some_pairs(self.both, &old, &new, guesses) {
                scored.extend(self.compare(before, after).map(|guess| (before, after, guess)));
            }
        }
        let mut best: FxHashMap<(bool, Entity), (usize, usize)> = FxHashMap::default();
        for (old, new, guess) in &scored {
            for side in [(false, *old), (true, *new)] {
                let (most, count) = best.entry(side).or_default();
                match guess.share.cmp(most) {
                    std::cmp::Ordering::Greater => (*most, *count) = (guess.share, 1),
                    std::cmp::Ordering::Equal => *count += 1,
                    std::cmp::Ordering::Less => {}
                }
            }
        }
        scored.retain(|(old, new, guess)| {
            best[&(false, *old)] == (guess.share, 1) && best[&(true, *new)] == (guess.share, 1)
        });
        scored
    }

    /// What is gone and what is new, by kinds; unless they may stand anywhere, only what stands in something that is still there.
    fn of_kinds(&self, is_anywhere: bool) -> Vec<Candidates> {
        let Both { before, after, pairs, .. } = self.both;
        let mut kinds: Vec<(&str, Candidates)> = Vec::new();
        let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
        let gone = before.entities.iter().filter(|entity| pairs.after(**entity).is_none());
        for entity in gone
            .filter(|entity| is_anywhere || before.key(**entity).scope.is_none_or(|scope| pairs.after(scope).is_some()))
        {
            let word = before.kind_word(before.at(*entity));
            let number = *numbers.entry(word).or_insert(kinds.len());
            if number == kinds.len() {
                kinds.push((word, Default::default()));
            }
            kinds[number].1.0.push(*entity);
        }
        let new = after.entities.iter().filter(|entity| pairs.before(**entity).is_none());
        for entity in new
            .filter(|entity| is_anywhere || after.key(**entity).scope.is_none_or(|scope| pairs.before(scope).is_some()))
        {
            if let Some(number) = numbers.get(after.kind_word(after.at(*entity))) {
                kinds[*number].1.1.push(*entity);
            }
        }
        kinds.sort_by_key(|(word, _)| *word);
        kinds.into_iter().map(|(_, things)| things).collect()
    }

    /// How much of two things is the same, if that is enough.
    fn compare(&self, before: Entity, after: Entity) -> Option<Guess> {
        let both = self.both;
        let (old, new) = (both.before.at(before), both.after.at(after));
        let mut weighed = Weighed::default();
        let labels = (both.before.arch.label(old), both.after.arch.label(new));
        weighed.add(3, "title", usize::from(labels.0 == labels.1), usize::from(labels != (None, None)));
        let is_named = both.before.key(before).name == both.after.key(after).name;
        weighed.add(2, "name", usize::from(is_named), usize::from(is_named));
        let (alike, of) = both.facts_alike(old, new);
        weighed.add(3, "facts", alike, of);
        let (alike, of) = in_both(self.neighbours_before(before), self.neighbours_after(after));
        weighed.add(3, "neighbours", alike, of);
        let (alike, of) = in_both(self.parts_before(old), self.parts_after(new));
        weighed.add(3, "parts", alike, of);
        let place = both.before.place(before).map(|place| both.pairs.after(place));
        weighed.add(1, PLACE, usize::from(place == both.after.place(after).map(Some)), 1);
        weighed.guess()
    }

    /// What a thing is connected with or named by, by what that is after.
    fn neighbours_before(&self, entity: Entity) -> Vec<Option<(Link, Entity)>> {
        let all = neighbours(self.both.before, entity).into_iter();
        all.map(|(how, other)| Some((how, self.both.pairs.after(other)?))).collect()
    }

    fn neighbours_after(&self, entity: Entity) -> Vec<Option<(Link, Entity)>> {
        let all = neighbours(self.both.after, entity).into_iter();
        all.map(|(how, other)| Some((how, self.both.pairs.before(other).map(|_| other)?))).collect()
    }

    fn parts_before(&self, at: ItemRef) -> Vec<Option<Part<'_>>> {
        let both = self.both;
        let things = self.held[0].get(&at).into_iter().flatten().map(|entity| named(both.before, *entity));
        let others = both.before.parts(Some(at)).iter().map(|part| match is_connection(both.before, *part) {
            true => Part::Told(told_as_written(both.before.arch, *part)),
            false => Part::Told(both.told_before(*part)),
        });
        let is_gone = |part: &Part<'_>| matches!(part, Part::Told(told) if told.ident.names.iter().any(|word| matches!(word, Word::Gone(_))));
        things.chain(others).map(|part| Some(part).filter(|part| !is_gone(part))).collect()
    }

    fn parts_after(&self, at: ItemRef) -> Vec<Option<Part<'_>>> {
        let both = self.both;
        let things = self.held[1].get(&at).into_iter().flatten().map(|entity| named(both.after, *entity));
        let others = both.after.parts(Some(at)).iter().map(|part| match is_connection(both.after, *part) {
            true => Part::Told(told_as_written(both.after.arch, *part)),
            false => Part::Told(both.told_after(*part)),
        });
        things.chain(others).map(Some).collect()
    }
}

/// What of two things was compared, and how much each counts.
#[derive(Default)]
pub(super) struct Weighed(Vec<(usize, Agreement)>);

impl Weighed {
    /// Adds an aspect, if there is anything of it.
    pub(super) fn add(&mut self, weight: usize, what: &'static str, alike: usize, of: usize) {
        if of > 0 {
            self.0.push((weight, Agreement { what, alike, of }));
        }
    }

    /// The guess that both are one, if enough is the same.
    pub(super) fn guess(self) -> Option<Guess> {
        let counts = |(weight, one): &(usize, Agreement)| weight * 100 * one.alike / one.of;
        let besides = self.0.iter().filter(|(_, one)| one.what != PLACE).map(counts).sum::<usize>();
        let weight: usize = self.0.iter().map(|(weight, _)| weight).sum();
        let share = self.0.iter().map(counts).sum::<usize>().checked_div(weight)?;
        let agreements = self.0.into_iter().map(|(_, one)| one).collect();
        (share >= ENOUGH && besides >= LEAST).then_some(Guess { share, agreements })
    }
}

/// Something that stands in a thing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part<'a> {
    Named(&'a str, &'a str, Option<&'a str>),
    Told(Told<'a>),
}

/// Whether something connects places that stand in what is compared, and which have no pair as long as that has none.
fn is_connection(side: &Side<'_>, at: ItemRef) -> bool {
    side.arch.item(at).kind.is(&CONNECTION)
}

fn named<'a>(side: &Side<'a>, entity: Entity) -> Part<'a> {
    let at = side.at(entity);
    Part::Named(side.kind_word(at), side.arch.name(at), side.arch.label(at))
}

/// How a thing is linked with another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Link {
    /// An arrow leads from it to the other.
    To,
    /// An arrow leads from the other to it.
    From,
    /// A fact of the other, called so, names it.
    Named(&'static str),
}

/// What a thing is connected with, or named by.
fn neighbours(side: &Side<'_>, entity: Entity) -> Vec<(Link, Entity)> {
    let arch = side.arch;
    let mut all = Vec::new();
    if let Entity::Element(id) = entity {
        all.extend(arch.outgoing(id).map(|relation| (Link::To, Entity::Element(arch.relation(relation).to))));
        all.extend(arch.incoming(id).map(|relation| (Link::From, Entity::Element(arch.relation(relation).from))));
    }
    let referring = arch.all_referring(entity).filter_map(|(at, fact)| {
        let by = arch.items_around(at).find_map(|around| arch.entity(around))?;
        Some((Link::Named(fact.name), by))
    });
    all.extend(referring);
    all
}

/// How many are in both lists, and how many different ones there are; what is none is in no other.
pub(super) fn in_both<T: Eq + std::hash::Hash>(old: Vec<Option<T>>, new: Vec<Option<T>>) -> (usize, usize) {
    let count = old.len() + new.len();
    let mut left: FxHashMap<T, usize> = FxHashMap::default();
    new.into_iter().flatten().for_each(|one| *left.entry(one).or_default() += 1);
    let is_there = |one: &T| {
        left.get_mut(one).is_some_and(|left| {
            let is_left = *left > 0;
            *left -= usize::from(is_left);
            is_left
        })
    };
    let mut is_there = is_there;
    let alike = old.into_iter().flatten().filter(|one| is_there(one)).count();
    (alike, count - alike)
}

/// The pairs of two lists that are compared: all, or where these are too many first those with one title or name.
fn some_pairs(both: Both<'_>, old: &[Entity], new: &[Entity], guesses: &mut Guesses) -> Vec<(Entity, Entity)> {
    let all = || old.iter().flat_map(|before| new.iter().map(|after| (*before, *after)));
    let room = MOST_PAIRS - guesses.compared;
    let count = old.len() * new.len();
    if count <= room {
        guesses.compared += count;
        return all().collect();
    }
    let mut by_word: FxHashMap<&str, Vec<Entity>> = FxHashMap::default();
    for entity in new {
        let at = both.after.at(*entity);
        let words = [Some(both.after.arch.name(at)), both.after.arch.label(at)];
        words.into_iter().flatten().for_each(|word| by_word.entry(word).or_default().push(*entity));
    }
    let like = old.iter().flat_map(|before| {
        let at = both.before.at(*before);
        let words = [Some(both.before.arch.name(at)), both.before.arch.label(at)];
        let found = words.into_iter().flatten().filter_map(|word| by_word.get(word)).flatten();
        found.map(|after| (*before, *after)).collect::<Vec<_>>()
    });
    let mut known: FxHashSet<(Entity, Entity)> = FxHashSet::default();
    let chosen: Vec<_> = like.chain(all()).filter(|pair| known.insert(*pair)).take(room).collect();
    guesses.compared += chosen.len();
    guesses.left += count - chosen.len();
    chosen
}
