//! One word of the text: a value, a name or a title, quoted no more than it must be.

use groma_base::{Dimension, Quantity, UNITS, is_date};
use groma_syntax::{Lexer, TokenKind, Word, WordKind, is_identifier, print, unescape};
use std::borrow::Cow;
use std::fmt;

/// A value as it is written: one word of the text, which reads back as what it was made from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    text: String,
    kind: WordKind,
}

impl Value {
    /// A string with as little quoting as it needs: bare where it reads back as this string, quoted otherwise. What would be
    /// a number, a quantity, a keyword or an arrow if it were bare is quoted; a date is not.
    pub fn text(text: &str) -> Value {
        if is_date(text) { Value::read(text, WordKind::Date) } else { Value::word(text) }
    }

    /// A string where only a string may stand: as the word of a node, a key or a name.
    pub(super) fn word(text: &str) -> Value {
        let is_bare = is_identifier(text) && !is_arrow(text);
        if is_bare { Value::read(text, WordKind::Bare) } else { Value::quoted(text) }
    }

    /// A string in quotes, as titles and sentences are written even where they are one word.
    pub fn quoted(text: &str) -> Value {
        let mut out = String::with_capacity(text.len() + 2);
        print::kdl_quoted(text, &mut out);
        let kind = if out.contains('\\') { WordKind::Escaped } else { WordKind::Quoted };
        Value { text: out, kind }
    }

    /// A string in quotes without escapes, as names and queries must be written: with signs around it where it has quotes itself.
    pub fn plainly_quoted(text: &str) -> Value {
        if !text.contains(['"', '\\']) {
            return Value::quoted(text);
        }
        let ends = |signs: usize| text.contains(&format!("\"{}", "#".repeat(signs)));
        let signs = "#".repeat((1..).find(|signs| !ends(*signs)).unwrap_or(1));
        Value::read(&format!("{signs}\"{text}\"{signs}"), WordKind::Raw)
    }

    /// What stands in a text already, or what a user typed: `3..20`, `#true`, `"a b"`. `None` unless it is one word of the
    /// language without errors.
    pub fn written(text: &str) -> Option<Value> {
        let mut lexer = Lexer::new(text);
        let token = lexer.next_token();
        let TokenKind::Word(kind) = token.kind else { return None };
        let is_whole = token.range.of(text) == text && lexer.errors.is_empty();
        is_whole.then(|| Value { text: text.to_owned(), kind })
    }

    /// What a user typed, as it is: one word of the language, or one that cannot be read, of which the reader of the text
    /// tells. `None` if it could be more than one word.
    pub fn typed(text: &str) -> Option<Value> {
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '{' | '}' | ';' | '=');
        let is_one = !text.is_empty() && !text.contains(ends);
        Value::written(text).or_else(|| is_one.then(|| Value::read(text, WordKind::Broken)))
    }

    /// As it stands in the text.
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// The string it stands for; for what is no string, its characters.
    pub fn string(&self) -> Cow<'_, str> {
        unescape(&self.text, Word::new(0, self.text.len() as u32, self.kind))
    }

    pub(super) fn kind(&self) -> WordKind {
        self.kind
    }

    /// A word that was read; its kind is known.
    pub(super) fn read(text: &str, kind: WordKind) -> Value {
        Value { text: text.to_owned(), kind }
    }

    /// This value where another one stood: a string stays in quotes if the other one was in quotes without need.
    pub(super) fn in_place_of(&self, old: &Value) -> Value {
        let was_by_choice = old.kind == WordKind::Quoted && Value::text(&old.string()).kind == WordKind::Bare;
        if was_by_choice && self.kind == WordKind::Bare { Value::quoted(&self.text) } else { self.clone() }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        let (text, kind) = if value { ("#true", WordKind::True) } else { ("#false", WordKind::False) };
        Value { text: text.to_owned(), kind }
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Value {
        Value { text: value.to_string(), kind: WordKind::Number }
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        let text = match value {
            _ if value.is_nan() => "#nan".to_owned(),
            f64::INFINITY => "#inf".to_owned(),
            f64::NEG_INFINITY => "#-inf".to_owned(),
            _ => value.to_string(),
        };
        let kind = if value.is_finite() { WordKind::Number } else { WordKind::FloatKeyword };
        Value { text, kind }
    }
}

/// In the unit that makes it shortest, of those in which it reads back as the same quantity. One that no unit can tell to
/// the last digit (there are such among those that were calculated) is written in the base unit.
impl From<Quantity> for Value {
    fn from(quantity: Quantity) -> Value {
        let mut best: Option<String> = None;
        for text in spellings(quantity) {
            let is_same = Quantity::parse(&text) == Ok(quantity);
            // `200ms` reads better than `0.2s`.
            let effort = |text: &String| {
                (text.trim_start_matches(|first: char| !first.is_ascii_digit()).starts_with("0."), text.len())
            };
            if is_same && best.as_ref().is_none_or(|best| effort(&text) <= effort(best)) {
                best = Some(text);
            }
        }
        let text = best.or_else(|| spellings(quantity).next()).unwrap_or_default();
        Value::written(&text).unwrap_or_else(|| Value::quoted(&text))
    }
}

/// The ways to write a quantity, the one in the base unit first.
fn spellings(quantity: Quantity) -> impl Iterator<Item = String> {
    use Dimension::*;
    let (unit, per) = match quantity.dimension {
        Count | Money => (None, None),
        Time | Data | Ratio => (Some(quantity.dimension), None),
        Rate | MoneyPerTime => (None, Some(Time)),
        MoneyPerData => (None, Some(Data)),
        DataRate => (Some(Data), Some(Time)),
    };
    let units = units_of(unit);
    units.into_iter().flat_map(move |unit| units_of(per).into_iter().map(move |per| spelling(quantity, unit, per)))
}

/// The units of a dimension with their sizes, that of size one first; for no dimension, no unit.
fn units_of(dimension: Option<Dimension>) -> Vec<(&'static str, f64)> {
    let Some(dimension) = dimension else { return vec![("", 1.0)] };
    let of_it = UNITS.iter().filter(|unit| unit.dimension == dimension && unit.symbol != "µs" && unit.symbol != "m");
    let mut found: Vec<_> = of_it.map(|unit| (unit.symbol, unit.size)).collect();
    found.sort_by_key(|(_, size)| *size != 1.0);
    found
}

fn spelling(quantity: Quantity, (unit, size): (&str, f64), (per, per_size): (&str, f64)) -> String {
    // Rounded to what a double tells, so that 0.999 is 99.9% and not the number after it.
    let tidy = |value: f64| format!("{:.14e}", value / size * per_size).parse::<f64>().unwrap_or(value).to_string();
    let currency = quantity.currency.map(String::from).unwrap_or_default();
    let range = if quantity.is_range() { format!("..{}", tidy(quantity.high)) } else { String::new() };
    let slash = if per.is_empty() { "" } else { "/" };
    format!("{currency}{}{range}{unit}{slash}{per}", tidy(quantity.low))
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a word is the sign of an arrow.
pub(crate) fn is_arrow(text: &str) -> bool {
    matches!(text, "->" | "-->")
}

/// A text in quotes, with escapes where they are needed: what to put into a template.
pub fn quoted(text: &str) -> String {
    Value::quoted(text).text
}

/// Whether a text can name something: it begins with a letter or `_`; letters, digits, `-` and `_` follow.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && text.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

/// A name made from any title: small letters and digits, with `-` for everything else. It never needs quotes. The same
/// title gives the same name; see [`unique_identifier`] where two may meet.
pub fn identifier(title: &str) -> String {
    let mut out = String::new();
    for character in title.to_lowercase().chars() {
        if character.is_alphanumeric() {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    // A leading digit would make it a number, and some words are keywords.
    if is_name(&out) && is_identifier(&out) { out } else { format!("the-{out}").trim_end_matches('-').into() }
}

/// A name made from a title that is not among those taken already: `shop`, then `shop-2`, `shop-3` and so on.
pub fn unique_identifier(title: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let first = identifier(title);
    if !is_taken(&first) {
        return first;
    }
    let numbered = (2u64..).map(|number| format!("{first}-{number}"));
    numbered.into_iter().find(|name| !is_taken(name)).unwrap_or(first)
}
