//! Facts as the canonical form has them.

use super::lines::{Lines, quoted};
use crate::Architecture;
use crate::facts::WAS;
use crate::items::{FactValue, ItemRef, Value};
use crate::schema::{Fact, YesNo};
use groma_base::{Dimension, Quantity};

/// The facts of a declaration, in the order of their names.
pub(super) fn facts(arch: &Architecture, at: ItemRef, depth: usize, lines: &mut Lines) {
    let file = arch.file(at);
    let given = file.facts_of(arch.item(at)).iter().filter(|value| *value.fact != WAS);
    for fact in sorted(arch, at, given) {
        fact.write(depth, lines);
    }
}

/// A fact as it is written in the form.
struct Written {
    fact: &'static Fact,
    value: String,
    parts: Vec<Written>,
}

impl Written {
    fn write(&self, depth: usize, lines: &mut Lines) {
        lines.push(depth, &format!(".{} {}", self.fact.name, self.value));
        self.parts.iter().for_each(|part| part.write(depth + 1, lines));
    }

    /// By what it is told from others, all its parts included.
    fn key(&self) -> (&'static str, &str, Vec<String>) {
        let mut parts = Lines::default();
        self.parts.iter().for_each(|part| part.write(0, &mut parts));
        (self.fact.name, &self.value, parts.into_lines())
    }
}

/// Facts in the order of their names, and of one the values in order unless theirs says something.
fn sorted<'a>(arch: &Architecture, at: ItemRef, given: impl Iterator<Item = &'a FactValue>) -> Vec<Written> {
    let mut all: Vec<Written> = given.flat_map(|value| written(arch, at, value)).collect();
    all.sort_by(|a, b| match a.fact.is_ordered && a.fact.name == b.fact.name {
        true => std::cmp::Ordering::Equal,
        false => a.key().cmp(&b.key()),
    });
    all
}

/// A value with its parts; of a list each of its words.
fn written(arch: &Architecture, at: ItemRef, given: &FactValue) -> Vec<Written> {
    let parts = || sorted(arch, at, arch.file(at).parts_of(given).iter());
    let one = |value: String| Written { fact: given.fact, value, parts: parts() };
    match &given.value {
        Value::Bool(value) => vec![one(YesNo::from(*value).word().to_owned())],
        Value::Choice(word) => vec![one((*word).to_owned())],
        Value::Quantity(quantity) => vec![one(of_quantity(*quantity))],
        Value::Text(_) | Value::Reference(_) => match arch.referred(at, given) {
            Some(entity) => vec![one(arch.address(entity))],
            None if given.fact.is_listed => {
                let words = arch.words(at, given).split(',').map(str::trim).filter(|word| !word.is_empty());
                words.map(|word| one(quoted(word))).collect()
            }
            None => vec![one(quoted(arch.words(at, given)))],
        },
    }
}

/// A quantity in base units; a range with both of its ends.
fn of_quantity(quantity: Quantity) -> String {
    let unit = match quantity.dimension {
        Dimension::Count => "",
        Dimension::Time => " s",
        Dimension::Data => " B",
        Dimension::Ratio => " of 1",
        Dimension::Rate => " /s",
        Dimension::DataRate => " B/s",
        Dimension::Money => " money",
        Dimension::MoneyPerTime => " money/s",
        Dimension::MoneyPerData => " money/B",
    };
    let unit = match quantity.currency {
        Some(sign) => unit.replace("money", &sign.to_string()),
        None => unit.to_owned(),
    };
    match quantity.low == quantity.high {
        true => format!("{}{unit}", number(quantity.low)),
        false => format!("{}..{}{unit}", number(quantity.low), number(quantity.high)),
    }
}

/// A number with 14 digits at most: what was written in another unit was rounded otherwise beyond these.
fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.13e}").parse().unwrap_or(value);
    // Zero has no sign.
    format!("{}", rounded + 0.0)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn what_is_the_same_in_other_units_is_the_same_number() {
        // As they are read: the number times the size of the unit.
        for (one, other, text) in [
            (300.0 * 1e-3, 0.3, "0.3"),
            (700.0 * 1e-6, 0.7 * 1e-3, "0.0007"),
            (99.9 * 0.01, 0.999, "0.999"),
            (1_500.0 * 60.0, 25.0 * 3600.0, "90000"),
            (-0.0, 0.0, "0"),
        ] {
            assert_eq!((number(one), number(other)), (text.to_owned(), text.to_owned()));
        }
        assert_ne!(number(0.3), number(0.300_000_000_000_1));
    }
}
