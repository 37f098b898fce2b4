//! What is told of a query although it is right: values that nothing has and that look like a slip of the pen, and old names of facts.

use super::Query;
use super::parse::{Expression, Words};
use super::scope::all_kinds;
use super::terms::{FUNCTIONS, Key, WORDS};
use crate::facts;
use crate::schema::{Fact, Type};
use crate::stack::{Technologies, entries};
use crate::{Architecture, ItemRef};
use groma_base::{Range, has_swapped_letters, is_one_edit, last_part};

/// A value that may be a slip of the pen.
#[derive(Clone, PartialEq, Debug)]
pub struct Doubt {
    /// Where the value stands in the query.
    pub range: Range,
    /// The value.
    pub written: String,
    /// What may be meant.
    pub meant: String,
}

impl Query {
    /// The values of free texts that nothing in the workspace has, each of which differs from a known one by a slip of the pen: `protocol:HTPS`.
    pub fn doubts(&self, arch: &Architecture) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        each_pair(&self.root, &mut |key, value| doubts.extend(doubt(arch, key, value)));
        doubts
    }
}

impl Query {
    /// The words that are facts of the workspace's own by a name that these had before, each with the fact.
    pub fn renamed_facts(&self, arch: &Architecture) -> Vec<(Range, String, &'static Fact)> {
        let own = || arch.own_facts.all().iter().map(|own| own.fact);
        let is_of_language = |word: &str| {
            let is_word = WORDS.iter().any(|known| known.name == word);
            is_word || Key::of(word).is_some() || FUNCTIONS.iter().any(|known| known.name == word)
        };
        let is_name = |word: &str| !is_of_language(word) && called(arch, word).is_empty();
        let mut found = Vec::new();
        each_word(&self.root, &mut |words| {
            let name = words.text.split('.').next().unwrap_or_default();
            let range = Range::new(words.range.start, words.range.start + name.len() as u32);
            let mut had_it = own().filter(|fact| fact.other_names.contains(&name));
            if let (true, Some(fact), None) = (is_name(name), had_it.next(), had_it.next()) {
                found.push((range, name.to_owned(), fact));
            }
        });
        found
    }
}

/// Every word that may be a fact, also in functions.
fn each_word(expression: &Expression, see: &mut dyn FnMut(&Words)) {
    match expression {
        Expression::Or(terms) | Expression::And(terms) => terms.iter().for_each(|term| each_word(term, see)),
        Expression::Not(inner) => each_word(inner, see),
        Expression::Everything => {}
        Expression::Word(word) => see(word),
        Expression::Pair { key, value } if Key::of(&key.text) == Some(Key::Has) => see(value),
        Expression::Pair { key, .. } => see(key),
        Expression::Compare { fact, .. } | Expression::Days { fact, .. } => see(fact),
        Expression::Function { name, inner, .. } => {
            see(name);
            each_word(inner, see);
        }
    }
}

/// Every `key:value`, also in functions.
fn each_pair(expression: &Expression, see: &mut dyn FnMut(&Words, &Words)) {
    match expression {
        Expression::Or(terms) | Expression::And(terms) => terms.iter().for_each(|term| each_pair(term, see)),
        Expression::Not(inner) | Expression::Function { inner, .. } => each_pair(inner, see),
        Expression::Pair { key, value } => see(key, value),
        Expression::Everything | Expression::Word(_) | Expression::Compare { .. } | Expression::Days { .. } => {}
    }
}

fn doubt(arch: &Architecture, key: &Words, value: &Words) -> Option<Doubt> {
    let written = &*value.text;
    let facts = texts(arch, key);
    if written.contains('*') || facts.iter().any(|fact| is_known(arch, fact, written)) {
        return None;
    }
    let known = known(arch, &facts);
    if known.iter().any(|known| known.eq_ignore_ascii_case(written)) {
        return None;
    }
    let mut near = known.iter().filter(|known| is_one_edit(written, known) || has_swapped_letters(written, known));
    let meant = near.next().filter(|meant| near.all(|other| other.eq_ignore_ascii_case(meant)))?;
    if arch.item_refs().any(|at| facts.iter().any(|fact| says(arch, at, fact, written))) {
        return None;
    }
    Some(Doubt { range: value.range, written: written.to_owned(), meant: meant.clone() })
}

/// The facts that a key asks for, if these are free texts.
fn texts(arch: &Architecture, key: &Words) -> Vec<&'static Fact> {
    let facts = match Key::of(&key.text) {
        Some(Key::Technology) => vec![&facts::TECHNOLOGY],
        Some(Key::Owner) => vec![&facts::OWNER],
        Some(_) => Vec::new(),
        None => called(arch, &key.text),
    };
    let are_texts = facts.iter().all(|fact| matches!(fact.ty, Type::Text | Type::TextOrName(_)));
    if are_texts { facts } else { Vec::new() }
}

/// Whether a value is known for sure, without a look at all that are.
fn is_known(arch: &Architecture, fact: &'static Fact, written: &str) -> bool {
    fact.usual.iter().any(|usual| usual.eq_ignore_ascii_case(written))
        || *fact == facts::TECHNOLOGY && Technologies::new(arch).called(written).is_some()
        || !fact.ty.names().is_empty() && arch.resolve(None, written, fact.ty.names()).is_ok()
}

/// The values of such facts that are known whatever the workspace says: usual ones, names, technologies.
fn known(arch: &Architecture, facts: &[&'static Fact]) -> Vec<String> {
    let mut known: Vec<String> = facts.iter().flat_map(|fact| fact.usual).map(|usual| (*usual).to_owned()).collect();
    for classes in facts.iter().map(|fact| fact.ty.names()).filter(|classes| !classes.is_empty()) {
        known.extend(arch.resolver().names_of(classes).into_iter().map(|path| last_part(&path).to_owned()));
    }
    if facts.contains(&&facts::TECHNOLOGY) {
        let technologies = Technologies::new(arch);
        known.extend(technologies.own().flat_map(|own| technologies.names(own)).map(str::to_owned));
        known.extend(entries().iter().flat_map(|entry| entry.names()).map(str::to_owned));
    }
    known
}

/// Whether something gives a fact with these words, alone or among others.
fn says(arch: &Architecture, at: ItemRef, fact: &'static Fact, words: &str) -> bool {
    let is_it = |given: &str| {
        given.eq_ignore_ascii_case(words) || given.split([',', ' ']).any(|word| word.eq_ignore_ascii_case(words))
    };
    arch.values_of(at, fact).any(|given| is_it(arch.words(at, given)))
}

/// All facts with a name.
fn called(arch: &Architecture, name: &str) -> Vec<&'static Fact> {
    let own = arch.own_facts.all().iter().map(|own| own.fact);
    let built_in = all_kinds().flat_map(|kind| kind.every_fact());
    let mut found: Vec<&'static Fact> = built_in.chain(own).filter(|fact| fact.is_called(name)).collect();
    found.dedup();
    found
}
