//! What is different between two states of an architecture. Things are matched by their addresses, never by lines; where a thing was
//! renamed or moved, everything in it and everything that names it is looked at under its new address. How a text is laid out is no
//! difference, nor is the order of facts, nor the unit of a quantity, nor what holds anyway.

mod guess;
mod matching;
mod named;
mod pairs;
mod parts;
mod renamed;
mod side;
mod steps;
#[cfg(test)]
mod tests;
mod told;
mod values;

use crate::Architecture;
use crate::entity::Entity;
use crate::facts;
use crate::items::ItemRef;
use crate::kinds::class;
use crate::schema::Head;
use rustc_hash::{FxHashMap, FxHashSet};
pub(crate) use side::{Side, written_ends};
use told::Parts;
use values::{Both, same_text};

pub use crate::names::old::{OldNames, Renaming};
pub use guess::MOST_PAIRS;
use renamed::Renamed;

/// What is different between two states of an architecture.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// What is only there after, in the order of the text.
    pub added: Vec<Thing>,
    /// What is only there before, in the order of the text.
    pub removed: Vec<Thing>,
    /// What is there before and after and is not the same, in the order of the text after.
    pub changed: Vec<Changed>,
    /// What `was` names and nothing was called, with what says so.
    pub unknown_names: Vec<(ItemRef, String)>,
    /// What `was` names and something else is taken for, with what says so and what that other is after.
    pub taken_names: Vec<(ItemRef, String, ItemRef)>,
    /// How many pairs of things were compared to find what was renamed without saying so.
    pub compared: usize,
    /// How many pairs were not, because there are too many.
    pub not_compared: usize,
    renamed: Renamed,
    after_of: FxHashMap<ItemRef, ItemRef>,
}

/// Something that is there only before, or only after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    /// Where it is declared.
    pub at: ItemRef,
    /// Its address.
    pub address: String,
    /// The word of its kind.
    pub kind: String,
    /// Its title, or its name.
    pub title: String,
    /// Whether what it stands in is not there either: then it goes without saying.
    pub is_inside: bool,
    /// How many things in it go without saying.
    pub holds: usize,
}

/// Something that is there before and after and is not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// Where it was declared.
    pub before: ItemRef,
    /// Where it is declared.
    pub after: ItemRef,
    /// Its old address.
    pub old_address: String,
    /// Its address.
    pub address: String,
    /// The word of its kind.
    pub kind: String,
    /// Its title, or its name.
    pub title: String,
    /// Its old name and its new one, if it was renamed.
    pub renamed: Option<(String, String)>,
    /// Where it stood and where it stands, if that is another place in the structure or in a flow.
    pub moved: Option<(String, String)>,
    /// How it is known to be the same thing.
    pub known: Known,
    /// What else is said of it: its kind, its title, its facts and their parts.
    pub facts: Vec<FactChange>,
}

/// How two things are known to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Known {
    /// By their address, with regard to what else was renamed.
    Address,
    /// Because this name is given in `was`.
    Was(String),
    /// It is a guess.
    Guess(Guess),
}

/// Why two things of one kind are taken to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guess {
    /// How much of them is the same, in hundredths.
    pub share: usize,
    /// What of them was compared, and how much of that is the same.
    pub agreements: Vec<Agreement>,
}

/// How much of one aspect of two things is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// `title`, `name`, `facts`, `neighbours`, `parts` or `place`.
    pub what: &'static str,
    /// How many are the same.
    pub alike: usize,
    /// Of how many.
    pub of: usize,
}

impl Guess {
    /// What is the same, in words: `title, 3 of 4 facts`.
    pub fn evidence(&self) -> String {
        let told = self.agreements.iter().filter(|one| one.alike > 0).map(|one| match one.of {
            1 => one.what.strip_suffix('s').unwrap_or(one.what).to_owned(),
            of => format!("{} of {of} {}", one.alike, one.what),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// Something that is said of a thing and is not the same before and after.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FactChange {
    /// `kind`, `title`, the name of a fact, or that of a part of one: `retry.from`.
    pub fact: String,
    /// Of a part: which of several values of the fact it is about.
    pub of: Option<String>,
    /// What was said, as written; `None` if nothing was.
    pub before: Option<String>,
    /// What is said.
    pub after: Option<String>,
    /// What held before where nothing was said.
    pub held_before: Option<Held>,
    /// What holds where nothing is said.
    pub held_after: Option<Held>,
}

/// What holds of a fact that is not said.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Held {
    /// As it would be written.
    pub words: String,
    /// It is declared to hold; else it follows from what else is said, or Groma knows it.
    pub is_default: bool,
}

impl FactChange {
    /// What was said before, or held without that, in words.
    pub fn before_in_words(&self, code: impl Fn(&str) -> String) -> String {
        in_words(self.before.as_deref(), self.held_before.as_ref(), code)
    }

    /// The same of what is said after.
    pub fn after_in_words(&self, code: impl Fn(&str) -> String) -> String {
        in_words(self.after.as_deref(), self.held_after.as_ref(), code)
    }
}

fn in_words(said: Option<&str>, held: Option<&Held>, code: impl Fn(&str) -> String) -> String {
    match (said, held) {
        (Some(words), _) => code(words),
        (None, Some(held)) if held.is_default => format!("{} (the default)", code(&held.words)),
        (None, Some(held)) => format!("{} (without being said)", code(&held.words)),
        (None, None) => "not said".to_owned(),
    }
}

impl Difference {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// A text of before in which what is called otherwise now is called so.
    pub fn with_new_names(&self, text: &str) -> String {
        self.renamed.words(text)
    }

    /// An address of before in which what is called otherwise now is called so: a view's new name is none of the flow that is called alike.
    pub fn address_with_new_names(&self, address: &str) -> String {
        self.renamed.address(address)
    }

    /// What a declaration of before is after, if it is still there.
    pub fn after_of(&self, before: ItemRef) -> Option<ItemRef> {
        self.after_of.get(&before).copied()
    }
}

/// What is different between two states of an architecture.
pub fn difference(before: &Architecture, after: &Architecture) -> Difference {
    let (before, after) = (Side::new(before), Side::new(after));
    let mut pairs = pairs::said(&before, &after);
    pairs.add_same(&before, &after);
    let guesses = guess::guess(&before, &after, &mut pairs);
    let renamed = Renamed::new(&before, &after, &pairs);
    let both = Both { before: &before, after: &after, pairs: &pairs, renamed: &renamed };
    let parts = parts::parts(both);
    let mut changed = changed_entities(both, &guesses.found);
    changed.extend(changed_parts(both, &parts));
    changed.sort_by_key(|one| one.after);
    let gone = before.entities.iter().filter(|entity| pairs.after(**entity).is_none()).map(|entity| before.at(*entity));
    let new = after.entities.iter().filter(|entity| pairs.before(**entity).is_none()).map(|entity| after.at(*entity));
    let removed = things(&before, gone.chain(parts.removed.iter().copied()).collect());
    let added = things(&after, new.chain(parts.added.iter().copied()).collect());
    let (mut unknown_names, mut taken_names) = (Vec::new(), Vec::new());
    for (entity, name, had) in pairs::idle_names(&after, &before, &pairs) {
        let taken = had.map(|had| pairs.after(had).filter(|other| pairs.said.contains_key(other)));
        match taken {
            None => unknown_names.push((after.at(entity), name)),
            Some(Some(other)) => taken_names.push((after.at(entity), name, after.at(other))),
            // It has kept its name, or is gone.
            Some(None) => {}
        }
    }
    let after_of = after_of(both, &parts);
    let (compared, not_compared) = (guesses.compared, guesses.left);
    Difference { added, removed, changed, unknown_names, taken_names, compared, not_compared, renamed, after_of }
}

/// What each declaration of before is after.
fn after_of(both: Both<'_>, parts: &Parts) -> FxHashMap<ItemRef, ItemRef> {
    let entities = both.after.entities.iter().filter_map(|after| {
        let before = both.pairs.before(*after)?;
        Some((both.before.at(before), both.after.at(*after)))
    });
    entities.chain(parts.pairs.iter().copied()).collect()
}

/// The things with names that are not the same.
fn changed_entities(both: Both<'_>, guesses: &FxHashMap<Entity, Guess>) -> Vec<Changed> {
    let Both { before, after, pairs, .. } = both;
    let mut all = Vec::new();
    for entity in &after.entities {
        let Some(old) = pairs.before(*entity) else { continue };
        let (own, other) = (after.key(*entity), before.key(old));
        let renamed = (own.name != other.name).then(|| (other.name.to_owned(), own.name.to_owned()));
        let (place, old_place) = (after.place(*entity), before.place(old));
        let is_moved =
            place != old_place.and_then(|place| pairs.after(place)) || place.is_none() != old_place.is_none();
        let moved = is_moved.then(|| (before.place_word(old_place), after.place_word(place)));
        let said = pairs.said.get(entity).map(|name| Known::Was(name.clone()));
        let guess = guesses.get(entity).map(|guess| Known::Guess(guess.clone()));
        let known = said.or(guess).unwrap_or(Known::Address);
        all.extend(changed(both, (before.at(old), after.at(*entity)), (renamed, moved, known)));
    }
    all
}

/// What has no name and is not the same.
fn changed_parts(both: Both<'_>, parts: &Parts) -> Vec<Changed> {
    let moved: FxHashSet<ItemRef> = parts.moved.iter().copied().collect();
    let change = |(old, new): &(ItemRef, ItemRef)| {
        let place = |side: &Side<'_>, at: ItemRef| side.arch.address_of(at);
        let moved = moved.contains(new).then(|| (place(both.before, *old), place(both.after, *new)));
        let names = (both.before.arch.name(*old), both.after.arch.name(*new));
        let renamed =
            (is_named(both.after.arch, *new) && names.0 != names.1).then(|| (names.0.to_owned(), names.1.to_owned()));
        let is_said = both.after.arch.fact(*new, &facts::WAS).is_some();
        let old_name = renamed.as_ref().filter(|_| is_said).map(|(old, _)| old.clone());
        let guess = || parts.guesses.get(new).cloned().map(Known::Guess);
        let known = old_name.map(Known::Was).or_else(guess).unwrap_or(Known::Address);
        changed(both, (*old, *new), (renamed, moved, known))
    };
    parts.pairs.iter().filter_map(change).collect()
}

type Text = Option<(String, String)>;

/// What is different about a thing, if anything is.
fn changed(both: Both<'_>, at: (ItemRef, ItemRef), ways: (Text, Text, Known)) -> Option<Changed> {
    let (before, after) = at;
    let (renamed, moved, known) = ways;
    let (old, new) = (both.before.arch, both.after.arch);
    let mut facts = Vec::new();
    let words = (both.before.kind_word(before), both.after.kind_word(after));
    let change = |fact: &str, before: Option<&str>, after: Option<&str>| FactChange {
        fact: fact.to_owned(),
        of: None,
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        held_before: None,
        held_after: None,
    };
    if words.0 != words.1 {
        facts.push(change("kind", Some(words.0), Some(words.1)));
    }
    let is_same_title = match (old.label(before), new.label(after)) {
        (Some(old), Some(new)) => same_text(old, new),
        (None, None) => true,
        // Without a title, the name is it.
        _ => is_named(new, after) && same_text(old.title(before), new.title(after)),
    };
    if !is_same_title {
        facts.push(change("title", old.label(before), new.label(after)));
    }
    facts.extend(changed_ends(both, before, after));
    facts.extend(both.facts(before, after));
    let is_same = facts.is_empty() && renamed.is_none() && moved.is_none();
    (!is_same).then(|| Changed {
        before,
        after,
        old_address: old.address_of(before),
        address: new.address_of(after),
        kind: words.1.to_owned(),
        title: new.title(after).to_owned(),
        renamed,
        moved,
        known,
        facts,
    })
}

/// The ends of an arrow that leads from or to something else.
fn changed_ends(both: Both<'_>, before: ItemRef, after: ItemRef) -> Vec<FactChange> {
    let (old, new) = (both.before.ends(before), both.after.ends(after));
    let written = (written_ends(both.before.arch, before), written_ends(both.after.arch, after));
    let path = |side: &Side<'_>, end: Option<Entity>, written: &str| {
        let path = end.map(|end| side.arch.path(end));
        path.or_else(|| (!written.is_empty()).then(|| written.to_owned()))
    };
    let change = |nth: usize| {
        (!both.same_end(before, after, nth)).then(|| FactChange {
            fact: ["from", "to"][nth].to_owned(),
            of: None,
            before: path(both.before, old[nth], written.0[nth]),
            after: path(both.after, new[nth], written.1[nth]),
            held_before: None,
            held_after: None,
        })
    };
    let is_arrow = both.after.arch.item(after).kind.class.is_in(&[
        &class::STEP,
        &class::REPLY,
        &class::RELATION,
        &class::CONNECTION,
    ]);
    let is_known = |nth: &usize| is_arrow || old[*nth].is_some() || new[*nth].is_some();
    (0..2).filter(is_known).filter_map(change).collect()
}

/// What is there on one side only, in the order of the text.
fn things(side: &Side<'_>, mut all: Vec<ItemRef>) -> Vec<Thing> {
    all.sort_unstable();
    let own: FxHashMap<ItemRef, usize> = all.iter().enumerate().map(|(nth, at)| (*at, nth)).collect();
    let mut things: Vec<Thing> = Vec::with_capacity(all.len());
    for at in &all {
        things.push(Thing {
            at: *at,
            address: side.arch.address_of(*at),
            kind: side.kind_word(*at).to_owned(),
            title: side.arch.title(*at).to_owned(),
            is_inside: false,
            holds: 0,
        });
    }
    for (nth, at) in all.iter().enumerate() {
        let Some(outermost) = outermost(side, *at, &own) else { continue };
        things[nth].is_inside = true;
        things[outermost].holds += 1;
    }
    things
}

/// Whether something has a name, if only in what it stands in.
fn is_named(arch: &Architecture, at: ItemRef) -> bool {
    matches!(arch.item(at).kind.head, Head::Named)
}

/// The outermost of some things in which one of them stands; of an arrow that is no step also what it leads from or to.
fn outermost(side: &Side<'_>, at: ItemRef, own: &FxHashMap<ItemRef, usize>) -> Option<usize> {
    let around = |at: ItemRef| {
        let mut found = None;
        let mut next = side.owner(at);
        while let Some(owner) = next {
            found = own.get(&owner).or(found);
            next = side.owner(owner);
        }
        found.copied()
    };
    let end = |end: Entity| {
        let end = side.at(end);
        around(end).or_else(|| own.get(&end).copied())
    };
    let named = |name: &str| {
        let beside = side.parts(side.owner(at)).iter();
        let mut called = beside.filter(|part| is_named(side.arch, **part) && side.arch.name(**part) == name);
        called.find_map(|part| own.get(part).copied())
    };
    let kind = side.arch.item(at).kind;
    let of_end = match kind.class.is_in(&[&class::RELATION, &class::CONNECTION]) {
        true => side.ends(at).into_iter().flatten().find_map(end),
        false if kind.is(&class::TRANSITION) => written_ends(side.arch, at).into_iter().find_map(named),
        false => None,
    };
    around(at).or(of_end)
}
