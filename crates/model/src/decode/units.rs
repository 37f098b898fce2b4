//! Numbers apart from their units: `800 ms`, `100 per minute`, `2 to 6`.

use super::{Decoder, WRONG_VALUE};
use crate::kinds;
use crate::misplaced;
use crate::schema::{Fact, Head, Type};
use groma_base::{Dimension, Quantity, Range, join_words};
use groma_syntax::{Entry, NodeId, WordKind, unit_called};

impl Decoder<'_> {
    /// Reports a number of a node that stands apart from its unit, if it does.
    pub(super) fn apart_from_unit(&mut self, id: NodeId, nth: usize) {
        let entries = &self.tree.entries(id)[nth..];
        let texts: Vec<&str> = entries.iter().take(3).map(|entry| self.source(entry.value.range())).collect();
        let number = texts[0];
        let (meant, count) = match texts[1..] {
            ["per" | "a" | "every", unit] => (unit_called(unit).map(|unit| format!("{number}/{unit}")), 3),
            ["to" | "-" | "–" | ".." | "until", high] => (Some(format!("{number}..{high}")), 3),
            [unit, ..] => (unit_called(unit).map(|unit| format!("{number}{unit}")), 2),
            [] => return,
        };
        let are_values = entries[1..count.min(entries.len())].iter().all(|entry| !entry.key.is_some());
        let Some(meant) = meant.filter(|_| are_values) else { return };
        let Ok(quantity) = Quantity::parse(&meant) else { return };
        let whole = entries[0].value.range().cover(entries[count - 1].value.range());
        let (word, takers) = self.takers(id, nth);
        let takes = |fact: &&'static Fact| match fact.ty {
            Type::Quantity | Type::Text | Type::TextOrName(_) | Type::Query => true,
            ty => ty.dimension() == Some(quantity.dimension),
        };
        if takers.is_empty() || takers.iter().any(takes) {
            self.spoil(whole);
            return self.slip(WRONG_VALUE, whole, "a quantity is written as one word", Some(meant));
        }
        // `pool 20 min`: what looks like a unit is told as the part that it names.
        if !takers.iter().any(|fact| fact.part(texts[1]).is_some()) {
            self.no_such_unit(whole, &word, &takers);
        }
    }

    /// The word that a number of a node is the value of, and the facts that are called so anywhere.
    fn takers(&self, id: NodeId, nth: usize) -> (String, Vec<&'static Fact>) {
        let entries = self.tree.entries(id);
        let is_bare = |entry: &&Entry| !entry.key.is_some() && entry.value.kind == WordKind::Bare;
        let before = nth.checked_sub(1).map(|before| &entries[before]).filter(is_bare);
        let word = match (entries[nth].key.is_some(), before) {
            (true, _) => self.tree.string(entries[nth].key).into_owned(),
            (false, Some(before)) => self.source(before.value.range()).to_owned(),
            (false, None) if nth == 0 => self.tree.name(id).into_owned(),
            (false, None) => return Default::default(),
        };
        let head = kinds::by_name(&word).filter(|_| nth == 0 && !entries[0].key.is_some()).map(|kind| kind.head);
        let head = match head {
            Some(Head::Value(fact) | Head::Perhaps(fact)) => Some(fact),
            _ => None,
        };
        let takers = misplaced::facts_called(&word).chain(head).collect();
        (word, takers)
    }

    /// Reports a number with a unit that none of the facts takes which it may be the value of.
    fn no_such_unit(&mut self, whole: Range, word: &str, takers: &[&'static Fact]) {
        let shown = self.source(whole).to_owned();
        let parts: Vec<&str> = shown.split_whitespace().collect();
        let takes = |dimension: Dimension| takers.iter().any(|fact| fact.ty.dimension() == Some(dimension));
        let rate = format!("{}/{}", parts[0], parts[parts.len() - 1]);
        let help = match parts[..] {
            [number, _] if takes(Dimension::Count) => Some(format!("write `{number}`, which has no unit here")),
            [_, _] if takes(Dimension::Rate) && Quantity::parse(&rate).is_ok() => Some(format!("write `{rate}`")),
            _ => None,
        };
        let mut expected: Vec<String> = takers.iter().map(|fact| fact.ty.expected()).collect();
        expected.sort_unstable();
        expected.dedup();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        self.spoil(whole);
        let finding = self.report(WRONG_VALUE, whole, format!("`{shown}` is not a valid value for `{word}`"));
        finding.primary.message = format!("expected {}", join_words(&expected, "or"));
        finding.help.extend(help);
    }
}
