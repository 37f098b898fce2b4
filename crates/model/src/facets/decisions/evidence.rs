//! What the words say that tell what a decision rests on.

use super::plain::{is_in, plain};

/// What a decision may rest on, as plain words.
const EVIDENCE: [&str; 12] = [
    "analysis",
    "benchmark",
    "calculation",
    "design doc",
    "experiment",
    "load test",
    "measurement",
    "poc",
    "proof of concept",
    "prototype",
    "rfc",
    "spike",
];

/// Words for what is not there yet.
const YET: [&str; 8] = ["tbd", "todo", "to do", "to follow", "to be done", "to be added", "to be written", "pending"];

/// Whether what a record refers to is something that it rests on, and no other reading.
pub(super) fn is_evidence(reference: &str) -> bool {
    let words = plain(reference);
    EVIDENCE.iter().any(|one| is_in(one, &words) || is_in(&format!("{one}s"), &words))
}

/// Whether words say of evidence that it will be there one day.
pub fn is_promised(words: &str) -> bool {
    let words = plain(words);
    YET.iter().any(|yet| is_in(yet, &words))
}

/// Whether words say where evidence is: a path, an address, a number such as that of an RFC, or a day.
pub fn says_where(words: &str) -> bool {
    let is_numbered = |word: &str| word.len() > 1 && word.starts_with('#') || is_number_of_rfc(word) || is_day(word);
    let is_file = |word: &str| {
        let (stem, ending) = word.trim_matches(['`', ',', '.', ')', '(']).rsplit_once('.').unwrap_or_default();
        !stem.is_empty() && (1..=4).contains(&ending.len()) && ending.chars().all(char::is_alphabetic)
    };
    let all = || words.split_whitespace();
    let is_rfc_of = |(word, number): (&str, &str)| {
        word.eq_ignore_ascii_case("rfc") && number.starts_with(|letter: char| letter.is_ascii_digit())
    };
    words.contains('/')
        || all().any(|word| is_numbered(word) || is_file(word))
        || all().zip(all().skip(1)).any(is_rfc_of)
}

/// `RFC-12`, `rfc12`
fn is_number_of_rfc(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower.strip_prefix("rfc").is_some_and(|rest| rest.bytes().any(|byte| byte.is_ascii_digit()))
}

/// `2026-05-01`
fn is_day(word: &str) -> bool {
    groma_base::is_date(word.trim_matches([',', '.', '(', ')']))
}

/// Whether words say of what a link leads to that it is not there yet.
pub fn is_promised_though_linked(words: &str) -> bool {
    let words = plain(words);
    YET.iter().filter(|yet| yet.starts_with("to ")).any(|yet| is_in(yet, &words))
}
