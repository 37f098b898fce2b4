//! Other values of a fact: what is written instead to see whether anything comes of it.

use groma_base::{Range, apply_edits};
use groma_model::decode::{FactValue, Value};
use groma_model::schema::{Class, Type};
use groma_model::{Architecture, ItemRef};

/// At most so many other words or names are tried.
const MOST_WORDS: usize = 3;

/// What some texts that must be a word of the language may be: a kind, a rule.
const OTHER_WORDS: &[&str] = &["database", "lonely-actor"];

/// The texts that a file becomes with other values of one of its facts, or without it. Each comes with the words that are new.
pub fn changes(arch: &Architecture, text: &str, fact: &FactValue) -> Vec<(String, String)> {
    let old = fact.range.of(text);
    let mut edits: Vec<(Range, String)> =
        others(arch, fact, old).into_iter().filter(|new| new != old).map(|new| (fact.range, new)).collect();
    // Spaces, so that everything else stays where it is.
    edits.push((fact.whole, " ".repeat(fact.whole.of(text).chars().count())));
    let is_head = |range: Range| range == fact.range && fact.whole == fact.range;
    let is_flag = matches!(fact.fact.ty, Type::Bool);
    edits.retain(|(range, new)| is_flag || !(is_head(*range) && new.trim().is_empty()));
    edits.into_iter().map(|(range, new)| (apply_edits(text, &[(range, new.as_str())]), new)).collect()
}

fn others(arch: &Architecture, fact: &FactValue, old: &str) -> Vec<String> {
    let quoted = |word: &str| format!("\"{word}\"");
    match fact.fact.ty {
        Type::Text => {
            std::iter::once(quoted("Something else")).chain(OTHER_WORDS.iter().map(|word| (*word).into())).collect()
        }
        Type::Duration => {
            let other = if old.starts_with('0') { "10s" } else { "0s" };
            [scaled(old, 100.0), scaled(old, 0.01), Some(other.into())].into_iter().flatten().collect()
        }
        Type::Bool => match fact.value {
            Value::Bool(said) if old.starts_with('#') => vec![format!("#{}", !said)],
            _ => Vec::new(),
        },
        Type::Date => vec!["2001-01-01".into(), "2099-12-31".into()],
        Type::Ratio => ["1%", "50%", "99.9999%"].map(str::to_owned).to_vec(),
        Type::Query => {
            let inner = old.trim_matches('"');
            vec![quoted("kind:person"), format!("\"not ({inner})\"")]
        }
        Type::OneOf(words) => {
            let mut others: Vec<String> =
                words.iter().map(|(word, _)| (*word).to_owned()).filter(|word| word != old).collect();
            let last = others.split_off(others.len().min(MOST_WORDS)).pop();
            others.into_iter().chain(last).collect()
        }
        Type::Reference(classes) => names(arch, classes, old),
        Type::TextOrName(classes) => {
            let mut found = names(arch, classes, old);
            found.push(quoted("Something else"));
            found
        }
        Type::Whole => {
            [scaled(old, 100.0), scaled(old, 0.01), Some("1".into())].into_iter().flatten().map(whole).collect()
        }
        _ => [scaled(old, 100.0), scaled(old, 0.01)].into_iter().flatten().collect(),
    }
}

/// The names of things of these classes that are declared.
fn names(arch: &Architecture, classes: &[&'static Class], old: &str) -> Vec<String> {
    let is_one = |at: &ItemRef| arch.item(*at).kind.class.is_in(classes);
    let named =
        arch.item_refs().filter(is_one).filter_map(|at| Some(arch.unmistakable(arch.entity(at)?, arch.name(at))));
    let paths =
        arch.element_ids().filter(|id| is_one(&arch.element(*id).at)).map(|id| arch.element(id).path.to_string());
    let mut found: Vec<String> = paths.chain(named).filter(|name| name != old && !name.is_empty()).collect();
    found.dedup();
    found.truncate(MOST_WORDS + 2);
    found
}

/// A quantity with its first number times as large.
fn scaled(old: &str, times: f64) -> Option<String> {
    let start = old.find(|letter: char| letter.is_ascii_digit())?;
    let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '_' | '.');
    let end = old[start..].find(|letter| !is_number(letter)).map_or(old.len(), |end| start + end);
    // `2..10` is a range.
    let number = old[start..end].split("..").next()?;
    let rest = &old[start + number.len()..];
    let value: f64 = number.replace('_', "").parse().ok()?;
    let unit = rest.rsplit("..").next().unwrap_or_default();
    let value = value * times;
    let written = if value >= 1.0 { format!("{}", value.round()) } else { format!("{value}") };
    let unit = if rest.starts_with("..") { unit.trim_start_matches(is_number) } else { rest };
    Some(format!("{}{written}{unit}", &old[..start]))
}

fn whole(number: String) -> String {
    number.parse::<f64>().map_or(number, |value| format!("{}", value.ceil()))
}
