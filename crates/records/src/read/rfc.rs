//! What only a request for comments says: who is to review it in which role, until when, what is still open, and what it led to.
//!
//! All else it says as a record of a decision does: the problem is its context, the proposal its outcome, the alternatives its options.

use super::people::parted;
use super::{Reading, Spot};
use crate::dates::{self, Told};
use crate::document::{Document, Head, Kind};
use crate::finding::{Finding, FindingKind};
use crate::front_matter::Value;
use crate::numbers;
use crate::parts::{Part, bare};
use crate::phrase::Phrase;
use crate::record::{LedTo, Reviewer, Rfc, Said};
use crate::words::is_nothing;
use groma_base::Range;

/// What headings of requests for comments hold, where they hold something else there than in the record of a decision.
const PARTS: &[(&str, Part)] = &[
    ("alternatives and rationale", Part::Options),
    ("conclusion", Part::Known),
    ("context and scope", Part::Context),
    ("decision", Part::Known),
    ("decision records", Part::Known),
    ("decisions", Part::Known),
    ("design", Part::Outcome),
    ("design alternatives", Part::Options),
    ("design details", Part::Outcome),
    ("detailed design", Part::Outcome),
    ("future possibilities", Part::Known),
    ("goals and non-goals", Part::Known),
    ("guide-level explanation", Part::Outcome),
    ("high-level design", Part::Outcome),
    ("how we teach this", Part::Known),
    ("led to", Part::Known),
    ("objective", Part::Context),
    ("open issues", Part::Known),
    ("outcome", Part::Known),
    ("prior art", Part::Known),
    ("proposed design", Part::Outcome),
    ("proposed solution", Part::Outcome),
    ("questions", Part::Known),
    ("rationale & alternatives", Part::Options),
    ("rationale and alternatives", Part::Options),
    ("reference-level explanation", Part::Outcome),
    ("rejected ideas", Part::Options),
    ("resolution", Part::Known),
    ("resulting decisions", Part::Known),
    ("specification", Part::Outcome),
    ("technical design", Part::Outcome),
    ("the actual design", Part::Outcome),
    ("the problem", Part::Context),
    ("the proposal", Part::Outcome),
    ("the solution", Part::Outcome),
    ("why", Part::Context),
];

const AUTHORS: &[&str] = &["author", "author(s)", "authors", "written by"];
const REVIEWERS: &[&str] =
    &["approver", "approvers", "required reviewers", "reviewer", "reviewers", "reviewers by role"];
const LAST_CALL: &[&str] = &[
    "comments by",
    "comments until",
    "feedback by",
    "feedback until",
    "final comment period",
    "last call",
    "review until",
];
const QUESTIONS: &[&str] = &[
    "open issues",
    "open questions",
    "outstanding questions",
    "questions",
    "unresolved issues",
    "unresolved questions",
];
const ABOUT: &[&str] = &["about", "affects", "concerns"];
/// Words of places that say nothing but the decisions that it led to.
const LED_TO: &[&str] = &["adr", "adrs", "decision records", "decisions", "led to", "resulting decisions"];
/// Words of sections that tell of what became of it, links to records of decisions among them.
const OUTCOMES: &[&str] = &["conclusion", "decision", "outcome", "resolution"];

/// Gives headings the parts that they have in a request for comments.
pub(crate) fn name_parts(document: &Document, heads: &mut [Head]) {
    for head in heads {
        let words = key(document.text(document.blocks[head.block].words));
        if let Some((_, part)) = PARTS.iter().find(|(known, _)| *known == words) {
            head.part = *part;
        }
    }
}

/// A key or heading as the lists have it.
fn key(words: &str) -> String {
    let words = bare(words);
    let is_joined = !words.contains(' ') && !PARTS.iter().any(|(known, _)| *known == words);
    if is_joined { words.replace('-', " ") } else { words }
}

fn is_in(list: &[&str], words: &str) -> bool {
    list.contains(&key(words).as_str())
}

/// Fills in what only a request for comments says.
pub(crate) fn read(reading: &mut Reading, text: &str) {
    let last_call = last_call(reading);
    let questions = questions(reading);
    let decides = std::mem::take(&mut reading.record.decides);
    let about = decides.into_iter().chain(names(reading, ABOUT, &[",", ";"], text)).collect();
    let rfc = Rfc {
        authors: names(reading, AUTHORS, &[",", ";", " & ", " and ", "\n"], text)
            .into_iter()
            .chain(mappings(reading, AUTHORS).filter_map(mapped_name))
            .collect(),
        reviewers: reviewers(reading, text),
        last_call: last_call.0,
        questions,
        about,
        led_to: led_to(reading),
    };
    // One that is none is told, as the date of a record is.
    reading.record.findings.extend(last_call.1);
    reading.record.rfc = Some(Box::new(rfc));
}

fn spots<'r>(reading: &'r Reading, words: &'r [&'r str]) -> impl Iterator<Item = &'r Spot> {
    reading.header.spots.iter().filter(move |spot| is_in(words, &spot.key))
}

fn heads<'r>(reading: &'r Reading, words: &'r [&'r str]) -> impl Iterator<Item = &'r Head> {
    let document = &reading.document;
    reading.heads.iter().filter(move |head| is_in(words, document.text(document.blocks[head.block].words)))
}

/// The names that labels say, each once.
fn names(reading: &Reading, words: &[&str], signs: &[&str], text: &str) -> Vec<Said<String>> {
    let mut found: Vec<Said<String>> = Vec::new();
    for spot in spots(reading, words) {
        for phrase in &spot.phrases {
            if mapping(reading, phrase.range).is_some() {
                continue;
            }
            let is_quoted = spot.is_list && phrase.range.of(text).starts_with(['"', '\'']);
            let own = if is_quoted { vec![Said::new(phrase.reads(), phrase.range)] } else { parted(phrase, signs) };
            found.extend(own);
        }
    }
    let mut seen = Vec::new();
    found.retain(|said| {
        !is_nothing(&said.value) && !seen.contains(&said.value) && {
            seen.push(said.value.clone());
            true
        }
    });
    found
}

/// Keys of a mapping that stands for a person or a role.
const NAME: &[&str] = &["name", "person", "who"];
const ROLE: &[&str] = &["role", "as", "team"];

/// The pairs of the mapping in front matter that these bytes are: `- role: devops` and `name: Ana` below it.
fn mapping(reading: &Reading, range: Range) -> Option<&[(String, Value)]> {
    let keys = reading.front.iter().flat_map(|front| &front.keys);
    let all = keys.flat_map(|key| &key.pairs).map(Vec::as_slice);
    all.filter(|pairs| !pairs.is_empty()).find(|pairs| pairs.iter().all(|(_, value)| range.contains(value.range)))
}

fn valued<'p>(pairs: &'p [(String, Value)], keys: &[&str]) -> Option<&'p Value> {
    pairs.iter().find(|(key, _)| keys.iter().any(|known| known.eq_ignore_ascii_case(key))).map(|(_, value)| value)
}

/// The mappings that some labels hold.
fn mappings<'r>(reading: &'r Reading, words: &'r [&'r str]) -> impl Iterator<Item = &'r [(String, Value)]> {
    spots(reading, words).flat_map(|spot| &spot.phrases).filter_map(|phrase| mapping(reading, phrase.range))
}

/// The name of a person who is a mapping.
fn mapped_name(pairs: &[(String, Value)]) -> Option<Said<String>> {
    valued(pairs, NAME).map(|name| Said::new(name.text.clone(), name.range))
}

/// A reviewer who is a mapping: `role: devops` with `name: Bo Lind`, or `devops: Bo Lind`.
fn mapped_reviewer(pairs: &[(String, Value)]) -> Option<Reviewer> {
    let name = mapped_name(pairs);
    match (valued(pairs, ROLE), name, pairs) {
        (Some(role), name, _) => {
            let role = Said::new(role.text.clone(), role.range);
            Some(Reviewer { role, who: name.map(|name| name.value) })
        }
        (None, Some(role), _) => Some(Reviewer { role, who: None }),
        (None, None, [(role, who)]) => {
            Some(Reviewer { role: Said::new(role.clone(), who.range), who: Some(who.text.clone()) })
        }
        _ => None,
    }
}

/// The reviewers that labels name, and those of a section: an item or a row for each.
fn reviewers(reading: &Reading, text: &str) -> Vec<Reviewer> {
    let document = &reading.document;
    let named = names(reading, REVIEWERS, &[",", ";", "\n"], text);
    let mapped = mappings(reading, REVIEWERS).filter_map(mapped_reviewer);
    let mut found: Vec<Reviewer> = named.iter().map(reviewer).chain(mapped).collect();
    for head in heads(reading, REVIEWERS) {
        for block in &document.blocks[head.block + 1..head.own_end.max(head.block + 1)] {
            let said = match &block.kind {
                Kind::Item { .. } => Phrase::of(document, document.trimmed(block.words)),
                Kind::Row { cells, head: false } => {
                    let cells: Vec<_> =
                        document.cells[cells.clone()].iter().map(|cell| document.trimmed(*cell)).collect();
                    let Some(role) = cells.first() else { continue };
                    let role = Said::new(document.reads(*role), document.range(*role));
                    let who = cells.get(1).map(|cell| document.reads(*cell)).filter(|who| !is_nothing(who));
                    found.push(Reviewer { role, who });
                    continue;
                }
                _ => continue,
            };
            found.push(reviewer(&Said::new(said.reads(), said.range)));
        }
    }
    let mut seen: Vec<String> = Vec::new();
    found.retain(|one| {
        !is_nothing(&one.role.value) && !seen.contains(&one.role.value.to_lowercase()) && {
            seen.push(one.role.value.to_lowercase());
            true
        }
    });
    found
}

/// `Lead Backend (Ana Ruiz)`, `Lead Backend: Ana Ruiz`, `Lead Backend`, `Ana Ruiz <ana@example.org>`.
fn reviewer(said: &Said<String>) -> Reviewer {
    let text = said.value.as_str();
    let parted = match text.strip_suffix(')').and_then(|rest| rest.split_once(" (")) {
        Some(parted) => Some(parted),
        None => [": ", " – ", " — ", " - "].iter().find_map(|sign| text.split_once(sign)),
    };
    let (role, who) = match parted.map(|(role, who)| (role.trim(), who.trim())) {
        Some((role, who)) if !role.is_empty() => (role, Some(who.to_owned()).filter(|who| !is_nothing(who))),
        _ => (text, None),
    };
    Reviewer { role: Said::new(role.to_owned(), said.range), who }
}

/// The day of the last call, and what is wrong with it.
fn last_call(reading: &Reading) -> (Option<Said<String>>, Option<Finding>) {
    let Some(phrase) = spots(reading, LAST_CALL).find_map(|spot| spot.phrases.first()) else { return (None, None) };
    let (kind, message) = match dates::told(&phrase.text) {
        Told::Day(day, bytes) => return (Some(Said::new(day, phrase.range_of(bytes))), None),
        Told::Nothing | Told::Placeholder => return (None, None),
        Told::Ambiguous => (FindingKind::AmbiguousDate, "the last call could be on several days: write YYYY-MM-DD"),
        Told::Impossible => {
            (FindingKind::ImpossibleDate, "the calendar has no such day for the last call: write YYYY-MM-DD")
        }
        Told::Unreadable => (FindingKind::UnreadableDate, "the last call is on no date: write YYYY-MM-DD"),
    };
    (None, Some(Finding::new(kind, phrase.range, message)))
}

/// The questions that are open: the items of such a section without those that are ticked, or else its first paragraph.
fn questions(reading: &Reading) -> Vec<Said<String>> {
    let document = &reading.document;
    let mut found = Vec::new();
    for head in heads(reading, QUESTIONS) {
        let blocks = &document.blocks[head.block + 1..head.end.max(head.block + 1)];
        let is_item = |block: &&crate::document::Block| matches!(block.kind, Kind::Item { .. });
        let depth = blocks.iter().find(is_item).map(|block| block.depth);
        let own = blocks.iter().filter(|block| match block.kind {
            Kind::Item { ticked } => Some(block.depth) == depth && ticked != Some(true),
            Kind::Paragraph => depth.is_none(),
            _ => false,
        });
        let said = own.map(|block| {
            let words = document.trimmed(block.words);
            Said::new(document.reads(words), document.range(words))
        });
        let mut said = said.filter(|said| !says_none(&said.value));
        match depth {
            Some(_) => found.extend(said),
            None => found.extend(said.next()),
        }
    }
    found
}

/// `None.`, `None at this time`, `No open questions`
fn says_none(text: &str) -> bool {
    const LONGEST: usize = 5;
    let first = text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let is_none = ["none", "no", "nothing"].iter().any(|word| word.eq_ignore_ascii_case(first));
    is_nothing(text) || is_none && !text.contains('?') && text.split_whitespace().count() <= LONGEST
}

/// What it says that it led to.
fn led_to(reading: &Reading) -> Vec<LedTo> {
    let mut found = Vec::new();
    for spot in spots(reading, LED_TO).filter(|spot| !spot.phrases.is_empty()) {
        found.push(LedTo::Links(spot.key_range.cover(whole(spot))));
        found.extend(spot.phrases.iter().flat_map(numbered).map(LedTo::Number));
    }
    let sections = heads(reading, LED_TO).chain(heads(reading, OUTCOMES));
    found.extend(sections.filter_map(|head| Some(LedTo::Links(of_section(reading, head)?))));
    found
}

/// The records that a phrase names by number: `ADR-3, ADR-4`.
fn numbered(phrase: &Phrase) -> Vec<Said<u32>> {
    let is_linked = |said: &Said<String>| phrase.links.iter().any(|(.., range)| range.contains(said.range));
    let pieces = parted(phrase, &[",", ";", " and ", " & "]).into_iter().filter(|said| !is_linked(said));
    let number = |said: Said<String>| {
        let (number, length) = numbers::at(&said.value)?;
        let rest = said.value[length..].trim_start();
        (rest.is_empty() || rest.starts_with([':', '.', '('])).then(|| Said::new(number, said.range))
    };
    pieces.filter_map(number).collect()
}

/// The bytes of what a label says, its links included.
fn whole(spot: &Spot) -> Range {
    let links = spot.phrases.iter().flat_map(|phrase| &phrase.links).map(|(_, _, range)| *range);
    links.fold(spot.range, Range::cover)
}

/// A heading with what stands below it.
fn of_section(reading: &Reading, head: &Head) -> Option<Range> {
    let blocks = &reading.document.blocks[head.block..head.end.max(head.block + 1)];
    blocks.iter().map(|block| block.range).reduce(Range::cover)
}

/// What belongs to the life of a request for comments and not to its text.
pub(crate) enum Life<'r> {
    /// A key or label.
    Spot(&'r Spot),
    /// The heading of a section.
    Section(&'r Head),
}

/// The last call, and the decisions that it led to.
pub(crate) fn life(reading: &Reading) -> impl Iterator<Item = Life<'_>> {
    let labels = spots(reading, LAST_CALL).chain(spots(reading, LED_TO)).map(Life::Spot);
    labels.chain(heads(reading, LED_TO).chain(heads(reading, OUTCOMES)).map(Life::Section))
}

/// The requests for comments that the record of a decision names by number in a label of its header: `RFC: 3`. Its own number is none of these.
pub(crate) fn came_of(reading: &Reading) -> Vec<Said<u32>> {
    const LABELS: &[&str] = &["from rfc", "rfc", "rfcs"];
    let own = reading.record.number.as_ref().map(|number| number.value);
    let phrases = spots(reading, LABELS).flat_map(|spot| &spot.phrases);
    phrases.flat_map(numbered).filter(|number| Some(number.value) != own).collect()
}
