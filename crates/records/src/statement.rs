//! A decision in one sentence: "In the context of …, facing …, we decided for …, to achieve …, accepting that …".

use crate::document::{Document, Words};
use crate::record::{Choice, Record};
use crate::weigh::said;

/// The key words of the sentence, in the order in which they come; several spell one.
const KEYS: &[(Clause, &[&str])] = &[
    (Clause::Context, &["in the context of"]),
    (Clause::Facing, &["facing"]),
    (Clause::Decided, &["we decided for", "we decided on", "we decided to", "we decided that"]),
    (Clause::Against, &["and neglected", "and against", "neglecting", "rather than", "over"]),
    (Clause::Achieve, &["to achieve"]),
    (Clause::Accepting, &["accepting that", "accepting"]),
    (Clause::Because, &["because"]),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Clause {
    Context,
    Facing,
    Decided,
    Against,
    Achieve,
    Accepting,
    Because,
}

/// Whether some words are such a sentence.
pub(crate) fn is_statement(text: &str) -> bool {
    let lower = text.trim_start().to_lowercase();
    lower.starts_with("in the context of") && lower.contains("facing") && lower.contains("we decided")
}

/// Fills in what the sentence says.
pub(crate) fn read(document: &Document, words: Words, record: &mut Record) {
    let text = document.text(words);
    let clauses = clauses(text);
    let of = |wanted: Clause| clauses.iter().find(|clause| clause.0 == wanted).map(|(_, key, end)| (key.clone(), *end));
    let value = |wanted: Clause| {
        let (key, end) = of(wanted)?;
        let is_around = |letter: char| letter.is_whitespace() || ",.;".contains(letter);
        Some(document.trimmed_of(words.part(key.end, end), is_around))
    };
    if let Some(context) = value(Clause::Context) {
        record.context = Some(said(document, context));
    }
    record.drivers.extend(value(Clause::Facing).map(|words| said(document, words)));
    record.positive.extend(value(Clause::Achieve).map(|words| said(document, without_that(document, words))));
    record.negative.extend(value(Clause::Accepting).map(|words| said(document, words)));
    if let Some((key, end)) = of(Clause::Decided) {
        let is_around = |letter: char| letter.is_whitespace() || ",.;".contains(letter);
        record.outcome = Some(said(document, document.trimmed_of(words.part(key.start, end), is_around)));
    }
    let mut choose = |words: Words| {
        let title = said(document, words);
        record.options.push(Choice { title, pros: Vec::new(), cons: Vec::new(), rejected_because: None, about: None });
    };
    value(Clause::Decided).into_iter().for_each(&mut choose);
    for words in value(Clause::Against).into_iter().flat_map(|words| parted(document, words)) {
        choose(words);
    }
}

fn without_that(document: &Document, words: Words) -> Words {
    let text = document.text(words);
    let start = if text.starts_with("that ") { 5 } else { 0 };
    words.part(start, text.len())
}

/// The clauses of the sentence: the bytes of the key words, and where the clause ends.
fn clauses(text: &str) -> Vec<(Clause, std::ops::Range<usize>, usize)> {
    // Letters of other cases may take other lengths, and key words are ASCII.
    let lower: String =
        text.chars().map(|letter| if letter == '\n' { ' ' } else { letter.to_ascii_lowercase() }).collect();
    let mut found: Vec<(Clause, std::ops::Range<usize>, usize)> = Vec::new();
    let mut at = 0;
    for (clause, keys) in KEYS {
        let first = keys.iter().filter_map(|key| find_word(&lower[at..], key).map(|place| (at + place, key.len())));
        let Some((start, length)) = first.min_by_key(|(start, length)| (*start, std::cmp::Reverse(*length))) else {
            continue;
        };
        if let Some(last) = found.last_mut() {
            last.2 = start;
        }
        at = start + length;
        found.push((*clause, start..at, text.len()));
    }
    found
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back().is_none_or(|letter| !letter.is_alphanumeric());
        before && text[at + word.len()..].chars().next().is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// Options parted by `and` and commas.
fn parted(document: &Document, words: Words) -> Vec<Words> {
    let text = document.text(words).replace('\n', " ");
    let mut found = Vec::new();
    let mut start = 0;
    for piece in text.split(" and ") {
        let mut from = start;
        for part in piece.split(", ") {
            found.push(document.trimmed(words.part(from, from + part.len())));
            from += part.len() + 2;
        }
        start += piece.len() + 5;
    }
    found.retain(|words| !words.is_empty());
    found
}
