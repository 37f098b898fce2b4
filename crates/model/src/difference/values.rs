//! What facts say, so that it can be compared: names by what they mean, quantities by how much they are, and what holds where
//! nothing is said.

use super::pairs::Pairs;
use super::renamed::Renamed;
use super::side::{Side, is_identity};
use super::{FactChange, Held};
use crate::entity::Entity;
use crate::facets::flows::class::FLOW;
use crate::facets::people;
use crate::facets::structure::class::{ELEMENTS, RELATION};
use crate::facets::technologies::facts::technology;
use crate::facts;
use crate::items::{FactValue, ItemRef, Value};
use crate::names::Arrow;
use crate::names::old::{Part, each_part};
use crate::schema::{Fact, Type, YesNo};
use crate::{Architecture, ElementId, RelationId, kinds};
use groma_base::Quantity;
use std::iter::once;

/// So nearly alike are quantities that are equal: what was written in other units was rounded otherwise.
const ALIKE: f64 = 1e-12;

/// The two architectures, and which thing is which.
#[derive(Clone, Copy)]
pub(super) struct Both<'a> {
    pub(super) before: &'a Side<'a>,
    pub(super) after: &'a Side<'a>,
    pub(super) pairs: &'a Pairs,
    pub(super) renamed: &'a Renamed,
}

/// What a value says.
#[derive(Clone, Copy, Debug)]
enum Meaning<'a> {
    /// A thing, by what it is after.
    Thing(Entity),
    /// A thing that is only there before.
    Gone(Entity),
    /// A relationship by its ends, as things after, and what is written behind them.
    Arrow([Entity; 2], &'a str),
    /// The name of a relationship that is not there, by its ends as far as these are, and what is written behind them.
    NoArrow([End<'a>; 2], &'a str),
    YesNo(bool),
    Quantity(Quantity),
    Words(&'a str),
}

/// An end of a relationship that is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End<'a> {
    /// An element, by what it is after.
    Thing(Entity),
    /// A name that nothing has.
    Name(&'a str),
}

impl Meaning<'_> {
    fn is(&self, other: &Meaning<'_>) -> bool {
        match (self, other) {
            (Meaning::Thing(a), Meaning::Thing(b)) | (Meaning::Gone(a), Meaning::Gone(b)) => a == b,
            (Meaning::Arrow(a, own), Meaning::Arrow(b, other)) => a == b && own == other,
            (Meaning::NoArrow(a, own), Meaning::NoArrow(b, other)) => a == b && own == other,
            (Meaning::YesNo(a), Meaning::YesNo(b)) => a == b,
            (Meaning::Quantity(a), Meaning::Quantity(b)) => {
                let alike = |a: f64, b: f64| (a - b).abs() <= ALIKE * a.abs().max(b.abs());
                (a.dimension, a.currency) == (b.dimension, b.currency) && alike(a.low, b.low) && alike(a.high, b.high)
            }
            (Meaning::Words(a), Meaning::Words(b)) => a == b,
            _ => false,
        }
    }
}

/// A fact that is given, or one of the values of it, or what holds because it is not given.
struct Given<'a> {
    which: Which,
    meaning: Meaning<'a>,
    words: &'a str,
    parts: Vec<(&'static Fact, Given<'a>)>,
    /// What holds of its parts that are not given.
    held: Vec<(&'static Fact, Given<'a>)>,
    /// It is not said, and holds all the same.
    is_default: bool,
    /// As its declaration has it.
    is_declared: bool,
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Which {
    Before,
    After,
}

impl<'a> Both<'a> {
    fn side(&self, which: Which) -> &'a Side<'a> {
        match which {
            Which::Before => self.before,
            Which::After => self.after,
        }
    }

    /// The facts of two declarations that say something else, in the order of the text after.
    pub(super) fn facts(&self, before: ItemRef, after: ItemRef) -> Vec<FactChange> {
        let (old, new) = (self.given(Which::Before, before), self.given(Which::After, after));
        let mut names: Vec<&'static Fact> = Vec::new();
        for (fact, _) in new.iter().chain(&old) {
            if !names.iter().any(|known| known.name == fact.name) {
                names.push(fact);
            }
        }
        let mut changes = Vec::new();
        for fact in names {
            let old = self.values(Which::Before, before, fact, &old);
            let new = self.values(Which::After, after, fact, &new);
            self.changes(fact, old, new, &mut changes);
        }
        changes
    }

    /// How many of the facts of two declarations say the same, and how many different ones there are in all.
    pub(super) fn facts_alike(&self, before: ItemRef, after: ItemRef) -> (usize, usize) {
        let (old, new) = (self.given(Which::Before, before), self.given(Which::After, after));
        let mut left: Vec<&(&'static Fact, &FactValue)> = new.iter().collect();
        let mut same = 0;
        for (fact, value) in &old {
            let own = self.one(Which::Before, before, value);
            let found = left.iter().position(|(other, value)| {
                other.name == fact.name && self.same(fact, &own, &self.one(Which::After, after, value))
            });
            if let Some(found) = found {
                left.swap_remove(found);
                same += 1;
            }
        }
        (same, old.len() + left.len())
    }

    /// What a fact is called after.
    fn fact_after(&self, which: Which, fact: &'static Fact) -> &'static Fact {
        match which {
            Which::Before => self.renamed.fact(fact),
            Which::After => fact,
        }
    }

    /// What a fact of a declaration means, for a look whether others have it as well.
    fn given(&self, which: Which, at: ItemRef) -> Vec<(&'static Fact, &'a FactValue)> {
        let arch = self.side(which).arch;
        let (file, item) = (arch.file(at), arch.item(at));
        let is_told = |fact: &&FactValue| {
            let name = fact.fact.name;
            // Whose a flow is, is where it stands.
            let is_place = item.kind.is(&FLOW) && *fact.fact == facts::flow::OF;
            *fact.fact != facts::WAS && !is_identity(arch, at, name) && !is_place
        };
        file.facts_of(item).iter().filter(is_told).map(|value| (self.fact_after(which, value.fact), value)).collect()
    }

    /// All values of a fact, or what holds where there are none.
    fn values(
        &self,
        which: Which,
        at: ItemRef,
        fact: &'static Fact,
        all: &[(&'static Fact, &'a FactValue)],
    ) -> Vec<Given<'a>> {
        let own = all.iter().filter(|(other, _)| other.name == fact.name);
        if fact.is_listed && fact.many {
            let arch = self.side(which).arch;
            let word = |words| Given {
                which,
                meaning: Meaning::Words(words),
                words,
                parts: Vec::new(),
                held: Vec::new(),
                is_default: false,
                is_declared: false,
            };
            let given: Vec<Given<'a>> =
                listed(fact, own.map(|(_, value)| arch.words(at, value))).into_iter().map(word).collect();
            if !given.is_empty() || is_added_to(fact) {
                return given;
            }
            let own = self.own_fact(which, at, fact);
            let (anyway, declared) = (arch.holds_anyway(at, own), arch.declared_to_hold(own));
            let is_declared = anyway == declared;
            let anyway = listed(fact, anyway.into_iter()).into_iter();
            return anyway.map(|words| Given { is_default: true, is_declared, ..word(words) }).collect();
        }
        let given: Vec<Given<'a>> = own.map(|(_, value)| self.one(which, at, value)).collect();
        if !given.is_empty() || is_added_to(fact) {
            return given;
        }
        let own = self.own_fact(which, at, fact);
        let anyway = self.side(which).arch.holds_anyway(at, own).into_iter();
        anyway.map(|words| self.anyway(which, own, words)).collect()
    }

    /// The fact of the same name as its side declares it: another default may hold there.
    fn own_fact(&self, which: Which, at: ItemRef, fact: &'static Fact) -> &'static Fact {
        let arch = self.side(which).arch;
        arch.facts_for(at).find(|own| self.fact_after(which, own).name == fact.name).unwrap_or(fact)
    }

    /// What holds where a fact is not given, or a part of one.
    fn anyway(&self, which: Which, fact: &'static Fact, words: &'a str) -> Given<'a> {
        let arch = self.side(which).arch;
        let meaning = if fact.ty == Type::Bool {
            YesNo::of(words).map(|said| Meaning::YesNo(said == YesNo::Yes))
        } else if fact.ty.is_compared() {
            Quantity::parse(words).ok().map(Meaning::Quantity)
        } else if fact.ty.names().is_empty() {
            None
        } else {
            arch.resolve(None, words, fact.ty.names()).ok().map(|entity| self.thing(which, entity))
        };
        let meaning = meaning.unwrap_or(Meaning::Words(words));
        let held = fact.parts.iter().flat_map(|part| {
            let anyway = arch.declared_to_hold(part).into_iter();
            anyway.map(move |words| (*part, self.anyway(which, part, words)))
        });
        let is_declared = arch.declared_to_hold(fact).contains(&words);
        Given { which, meaning, words, parts: Vec::new(), held: held.collect(), is_default: true, is_declared }
    }

    /// A thing, by what it is after.
    fn thing(&self, which: Which, entity: Entity) -> Meaning<'a> {
        match which {
            Which::After => Meaning::Thing(entity),
            Which::Before => self.pairs.after(entity).map_or(Meaning::Gone(entity), Meaning::Thing),
        }
    }

    /// A relationship by its ends and its text, however it is named, if both of its ends are there after.
    fn arrow(&self, which: Which, id: RelationId) -> Option<Meaning<'a>> {
        let arch = self.side(which).arch;
        let relation = arch.relation(id);
        let end = |end: ElementId| match self.thing(which, Entity::Element(end)) {
            Meaning::Thing(after) => Some(after),
            _ => None,
        };
        Some(Meaning::Arrow([end(relation.from)?, end(relation.to)?], arch.label(relation.at).unwrap_or_default()))
    }

    /// The name of a relationship that is not there.
    fn no_arrow(&self, which: Which, words: &'a str) -> Option<Meaning<'a>> {
        let arrow = Arrow::read(words)?;
        let end = |name: &'a str| match self.side(which).arch.resolve(None, name, ELEMENTS) {
            Ok(entity) => match self.thing(which, entity) {
                Meaning::Thing(after) => End::Thing(after),
                _ => End::Name(name),
            },
            Err(_) => End::Name(name),
        };
        Some(Meaning::NoArrow([end(arrow.from), end(arrow.to)], arrow.words))
    }

    fn one(&self, which: Which, at: ItemRef, value: &'a FactValue) -> Given<'a> {
        let arch = self.side(which).arch;
        let given = arch.file(at).parts_of(value);
        let parts = given.iter().map(|part| (part.fact, self.one(which, at, part)));
        let held = value.fact.parts.iter().filter(|part| !given.iter().any(|given| given.fact == **part));
        let held = held.flat_map(|part| {
            let anyway = arch.holds_of_part(at, value, part).into_iter();
            anyway.map(move |words| (*part, self.anyway(which, part, words)))
        });
        let meaning = self.meaning(which, at, value);
        // A bare name means yes.
        let words = match meaning {
            Meaning::YesNo(value) => YesNo::from(value).word(),
            _ => arch.words(at, value),
        };
        Given {
            which,
            meaning,
            words,
            parts: parts.collect(),
            held: held.collect(),
            is_default: false,
            is_declared: false,
        }
    }

    fn meaning(&self, which: Which, at: ItemRef, value: &'a FactValue) -> Meaning<'a> {
        let arch = self.side(which).arch;
        match &value.value {
            Value::Bool(value) => Meaning::YesNo(*value),
            Value::Quantity(quantity) => Meaning::Quantity(*quantity),
            Value::Choice(word) => Meaning::Words(word),
            Value::Text(_) | Value::Reference(_) => {
                let words = arch.words(at, value);
                let named = arch.referred(at, value).and_then(|entity| match entity {
                    Entity::Relation(id) => self.arrow(which, id),
                    entity => Some(self.thing(which, entity)),
                });
                let is_arrow = value.fact.ty.names().contains(&&RELATION);
                named.or_else(|| self.no_arrow(which, words).filter(|_| is_arrow)).unwrap_or(Meaning::Words(words))
            }
        }
    }

    /// A value as it is written; where the same is written on both sides and means two things, what it means.
    fn words(&self, given: &Given<'_>, is_alike: bool) -> String {
        let (before, after) = (self.before.arch, self.after.arch);
        match (given.meaning, given.which) {
            (Meaning::Gone(entity), _) if is_alike => before.address(entity),
            (Meaning::Thing(entity), which) if is_alike => {
                let now = after.address(entity);
                let was = self.pairs.before(entity).map_or_else(|| now.clone(), |old| before.address(old));
                match which {
                    _ if was == now => now,
                    Which::Before => format!("{was} (now {now})"),
                    Which::After => format!("{now} (was {was})"),
                }
            }
            _ => given.words.to_owned(),
        }
    }

    /// A value as one would write it, with its parts.
    fn written(&self, given: &Given<'_>, is_alike: bool) -> String {
        let mut out = self.words(given, is_alike);
        for (fact, part) in &given.parts {
            out.push_str(&format!(" {}={}", fact.name, part.words));
        }
        out
    }

    /// Whether two values mean the same, without their parts. A name that means something on one side only is the same name.
    fn means(&self, fact: &'static Fact, before: &Given<'_>, after: &Given<'_>) -> bool {
        let is_renamed = || match (before.meaning, after.meaning) {
            (Meaning::Words(old), Meaning::Words(new)) => {
                same_text(old, new)
                    || fact.is_listed && listed(fact, once(old)) == listed(fact, once(new))
                    || fact.ty == Type::Query && self.asks_same(old, new)
                    || *fact == facts::OWNER && old.to_lowercase() == new.to_lowercase() && !self.is_team_known()
            }
            (Meaning::Words(_), Meaning::Thing(_)) | (Meaning::Thing(_) | Meaning::Gone(_), Meaning::Words(_)) => {
                before.words == after.words
            }
            _ => false,
        };
        before.meaning.is(&after.meaning) || is_renamed()
    }

    /// Whether two queries ask the same: a name may be written whole or short, in quotes and in other letters.
    fn asks_same(&self, old: &str, new: &str) -> bool {
        let whole = |side: &Side<'_>, query: &str| with_whole_names(side.arch, query).replace(['\'', '"'], "");
        same_text(&self.renamed.words(old), new)
            || same_text(&self.renamed.words(&whole(self.before, old)), &whole(self.after, new))
    }

    /// Whether all the values of a fact mean the same, without their parts; in which order matters where the fact says so.
    fn all_mean(&self, fact: &'static Fact, before: &[&Given<'a>], after: &[&Given<'a>]) -> bool {
        if fact.is_listed {
            let words = |given: &[&Given<'a>]| listed(fact, given.iter().map(|given| given.words));
            return words(before) == words(after);
        }
        if fact.is_ordered {
            let means = |(before, after): (&&Given<'a>, &&Given<'a>)| self.means(fact, before, after);
            return before.len() == after.len() && before.iter().zip(after).all(means);
        }
        let (mut before, mut after) = (before.to_vec(), after.to_vec());
        take_pairs(&mut before, &mut after, |before, after| self.means(fact, before, after));
        before.is_empty() && after.is_empty()
    }

    /// Whether a team or a member is declared, so that the owners are names. Else they are words, in which no letter's case matters.
    fn is_team_known(&self) -> bool {
        let declares = |side: &Side<'_>| {
            let is_owner = |entity: &Entity| side.arch.kind(*entity).class.is_in(people::class::OWNERS);
            side.entities.iter().any(is_owner)
        };
        declares(self.before) || declares(self.after)
    }

    fn same(&self, fact: &'static Fact, before: &Given<'a>, after: &Given<'a>) -> bool {
        self.means(fact, before, after) && self.parts(fact, None, before, after).is_empty()
    }

    /// The parts of two values that say something else.
    fn parts<'b>(
        &self,
        fact: &'static Fact,
        of: Option<&str>,
        before: &'b Given<'a>,
        after: &'b Given<'a>,
    ) -> Vec<FactChange> {
        if before.parts.is_empty() && after.parts.is_empty() {
            return Vec::new();
        }
        let mut names: Vec<&'static Fact> = Vec::new();
        for (part, _) in after.parts.iter().chain(&before.parts) {
            if !names.iter().any(|known| known.name == part.name) {
                names.push(part);
            }
        }
        let mut changes = Vec::new();
        for part in names {
            let of_part = |given: &'b Given<'a>| -> Vec<&'b Given<'a>> {
                given.parts.iter().filter(|(own, _)| own.name == part.name).map(|(_, own)| own).collect()
            };
            let (old, new) = (of_part(before), of_part(after));
            let or_held = |given: &[&'b Given<'a>], whole: &'b Given<'a>| -> Vec<&'b Given<'a>> {
                let held = whole.held.iter().filter(|(own, _)| given.is_empty() && own.name == part.name);
                given.iter().copied().chain(held.map(|(_, held)| held)).collect()
            };
            if !self.all_mean(part, &or_held(&old, before), &or_held(&new, after)) {
                let is_alike = are_alike(old.iter().copied(), new.iter().copied());
                let words = |given: Vec<&Given<'_>>| {
                    let words: Vec<String> = given.iter().map(|given| self.words(given, is_alike)).collect();
                    (!words.is_empty()).then(|| words.join(", "))
                };
                changes.push(FactChange {
                    fact: format!("{}.{}", fact.name, part.name),
                    of: of.map(str::to_owned),
                    held_before: held(&or_held(&old, before)),
                    held_after: held(&or_held(&new, after)),
                    before: words(old),
                    after: words(new),
                });
            }
        }
        changes
    }

    /// What changed about a fact with these values.
    fn changes(
        &self,
        fact: &'static Fact,
        mut old: Vec<Given<'a>>,
        mut new: Vec<Given<'a>>,
        out: &mut Vec<FactChange>,
    ) {
        if old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| self.same(fact, old, new)) {
            return;
        }
        let whole =
            |all: &[Given<'_>]| all.iter().map(|given| self.written(given, false)).collect::<Vec<_>>().join(", ");
        let (whole_old, whole_new) = (whole(&old), whole(&new));
        take_pairs(&mut old, &mut new, |old, new| self.same(fact, old, new));
        if old.is_empty() && new.is_empty() {
            if fact.is_ordered {
                let (before, after) = (Some(whole_old), Some(whole_new));
                let (held_before, held_after) = (None, None);
                out.push(FactChange { fact: fact.name.to_owned(), of: None, before, after, held_before, held_after });
            }
            return;
        }
        for (old, new) in take_pairs(&mut old, &mut new, |old, new| self.means(fact, old, new)) {
            let of = fact.many.then_some(new.words);
            out.extend(self.parts(fact, of, &old, &new));
        }
        let is_alike = are_alike(old.iter(), new.iter());
        let told = |given: &Given<'_>| (!given.is_default).then(|| self.written(given, is_alike));
        if let ([before], [after]) = (&old[..], &new[..]) {
            let is_whole = before.is_default || after.is_default || fact.many;
            let words = |given: &Given<'_>| if is_whole { told(given) } else { Some(self.words(given, is_alike)) };
            let (before_words, after_words) = (words(before), words(after));
            out.push(FactChange {
                fact: fact.name.to_owned(),
                of: None,
                before: before_words,
                after: after_words,
                held_before: held(&[before]),
                held_after: held(&[after]),
            });
            if !is_whole {
                out.extend(self.parts(fact, None, before, after));
            }
            return;
        }
        let (was_held, is_held) = (held(&each(&old)), held(&each(&new)));
        let gone = old.iter().filter_map(told).map(|words| (Some(words), None, None, is_held.clone()));
        let come = new.iter().filter_map(told).map(|words| (None, Some(words), was_held.clone(), None));
        out.extend(gone.chain(come).map(|(before, after, held_before, held_after)| FactChange {
            fact: fact.name.to_owned(),
            of: None,
            before,
            after,
            held_before,
            held_after,
        }));
    }
}

/// What holds of a fact where these are its values, if none of them is said.
fn held(values: &[&Given<'_>]) -> Option<Held> {
    let is_held = !values.is_empty() && values.iter().all(|given| given.is_default);
    let words: Vec<&str> = values.iter().map(|given| given.words).collect();
    let is_default = values.iter().all(|given| given.is_declared);
    is_held.then(|| Held { words: words.join(", "), is_default })
}

fn each<'g, 'a>(all: &'g [Given<'a>]) -> Vec<&'g Given<'a>> {
    all.iter().collect()
}

/// Whether some value is written the same before and after.
fn are_alike<'g, 'a: 'g>(
    mut old: impl Iterator<Item = &'g Given<'a>>,
    new: impl Iterator<Item = &'g Given<'a>> + Clone,
) -> bool {
    old.any(|old| new.clone().any(|new| old.words == new.words))
}

/// Whether two texts say the same: how they are laid out does not matter.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one == other || one.split_whitespace().eq(other.split_whitespace())
}

/// The words that stand between the commas of a fact's texts; where their order says nothing, each once and in that of the alphabet.
fn listed<'w>(fact: &Fact, texts: impl Iterator<Item = &'w str>) -> Vec<&'w str> {
    let words = texts.flat_map(|text| text.split(',')).map(str::trim);
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if !fact.is_ordered {
        words.sort_unstable();
        words.dedup();
    }
    words
}

/// Whether what is said of a fact is added to what Groma knows anyway, and does not stand for it.
fn is_added_to(fact: &Fact) -> bool {
    *fact == technology::VERSION || *fact == technology::ALSO
}

/// Takes out of two lists what belongs together, each with the first that fits.
fn take_pairs<T>(old: &mut Vec<T>, new: &mut Vec<T>, fits: impl Fn(&T, &T) -> bool) -> Vec<(T, T)> {
    let mut found = Vec::new();
    let mut left = Vec::new();
    for one in old.drain(..) {
        match new.iter().position(|other| fits(&one, other)) {
            Some(at) => found.push((one, new.remove(at))),
            None => left.push(one),
        }
    }
    *old = left;
    found
}

/// A query with the path of each thing for its short name.
fn with_whole_names(arch: &Architecture, query: &str) -> String {
    let classes = kinds::classes();
    let mut out = String::with_capacity(query.len());
    let mut kind = None;
    each_part(query, |part| match part {
        Part::Name { name, behind } if behind.starts_with(':') => {
            kind = Some(name);
            out.push_str(name);
        }
        Part::Name { name, .. } => {
            let of_kind = kind.take().and_then(|kind| only_of_kind(arch, kind, name));
            match of_kind.map_or_else(|| arch.resolve_short(name, &classes, &|_| true), Ok) {
                Ok(entity) => out.push_str(&arch.path(entity)),
                Err(_) => out.push_str(name),
            }
        }
        Part::Between(words) => out.push_str(words),
    });
    out
}

/// The only thing of a kind that has a name as the last part of its path.
fn only_of_kind(arch: &Architecture, kind: &str, name: &str) -> Option<Entity> {
    let short = arch.short_named(name, arch.item_refs()).into_iter();
    let mut all = short.filter_map(|at| arch.entity(at)).filter(|one| arch.resolver().is_called(*one, kind));
    all.next().filter(|_| all.next().is_none())
}
