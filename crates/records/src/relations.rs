//! Which other records a phrase names, and how this one stands to them.

use crate::finding::{Finding, FindingKind};
use crate::numbers;
use crate::phrase::Phrase;
use crate::record::{Beside, Reference, Said};
use crate::words::{Way, relation_at, relation_before};
use groma_base::Range;
use rustc_hash::FxHashSet;

/// What phrases say of other records.
#[derive(Default, Debug)]
pub(crate) struct Relations {
    pub(crate) supersedes: Vec<Said<Reference>>,
    pub(crate) superseded_by: Vec<Said<Reference>>,
    pub(crate) beside: Vec<Beside>,
    pub(crate) findings: Vec<Finding>,
    seen: FxHashSet<(bool, Reference)>,
}

impl Relations {
    /// Adds what a phrase says in words of relations; of one that is in force only what it replaces.
    pub(crate) fn read(&mut self, phrase: &Phrase, is_in_force: bool) {
        for relation in relations_of(&phrase.text) {
            if relation.way == Way::Beside {
                self.read_beside(phrase, &relation);
                continue;
            }
            let found = self.references(phrase, relation.end..relation.scope);
            if !is_in_force || relation.way != Way::SupersededBy {
                self.add(relation.way, found);
            }
        }
    }

    /// Adds the records that a sentence names with their word, `Amends ADR-2`: `extends 3 servers` names none, and links are found as links.
    fn read_beside(&mut self, phrase: &Phrase, relation: &Relation) {
        const OTHERS: [&str; 3] = ["rfc", "rfd", "kep"];
        let is_of_others = |text: &str| OTHERS.iter().any(|word| text.to_ascii_lowercase().starts_with(word));
        let (mut at, mut found) = (relation.end, Vec::new());
        while phrase.links.is_empty() && at < relation.scope {
            let (blanks, rest) = skipped(&phrase.text[at..relation.scope]);
            at += blanks;
            let Some((reference, length)) = named(rest) else { break };
            if rest.starts_with(char::is_alphabetic) && !is_of_others(rest) {
                found.push(Said::new(reference, phrase.range_of(at..at + length)));
            }
            at += length;
        }
        self.add_beside(&phrase.text[relation.start..relation.end], found);
    }

    /// Adds the records that a label or a key says something of which leaves both in force: `Amends: ADR-2, 3`.
    pub(crate) fn read_beside_of(&mut self, key: &str, phrase: &Phrase) {
        if phrase.links.is_empty() {
            let found = self.references(phrase, 0..phrase.text.len());
            self.add_beside(key, found);
        }
    }

    fn add_beside(&mut self, words: &str, found: Vec<Said<Reference>>) {
        let Some((how, is_of_other)) = relation_before(words) else { return };
        for record in found {
            let one = Beside { how, is_of_other, record };
            let is_known = |known: &Beside| {
                (known.how, known.is_of_other, &known.record.value) == (one.how, one.is_of_other, &one.record.value)
            };
            if !self.beside.iter().any(is_known) {
                self.beside.push(one);
            }
        }
    }

    /// Adds what stands after a label that says the relation itself.
    pub(crate) fn read_value(&mut self, phrase: &Phrase, way: Way) {
        let found = self.references(phrase, 0..phrase.text.len());
        self.add(way, found);
    }

    /// Adds the successor that the rest of a phrase links: of one that says `Superseded` or `Deprecated` alone.
    pub(crate) fn read_successor(&mut self, phrase: &Phrase, from: usize) {
        let end = phrase.text.len();
        let is_linked = phrase.links.iter().any(|(words, ..)| words.start >= from);
        if is_linked || named(skipped(&phrase.text[from.min(end)..]).1).is_some() {
            let found = self.references(phrase, from..end);
            self.add(Way::SupersededBy, found);
        }
    }

    fn add(&mut self, way: Way, found: Vec<Said<Reference>>) {
        let list = match way {
            Way::Supersedes => &mut self.supersedes,
            Way::SupersededBy => &mut self.superseded_by,
            Way::Beside => return,
        };
        let is_new = |one: &Said<Reference>| self.seen.insert((way == Way::Supersedes, one.value.clone()));
        list.extend(found.into_iter().filter(is_new));
    }

    /// The records named one after another from a place on; words before the first link are passed over.
    fn references(&mut self, phrase: &Phrase, part: std::ops::Range<usize>) -> Vec<Said<Reference>> {
        let mut found = Vec::new();
        let mut at = part.start;
        while at < part.end {
            let (blanks, rest) = skipped(&phrase.text[at..part.end]);
            at += blanks;
            let next = phrase.links.partition_point(|(words, ..)| words.start < at);
            let next = phrase.links.get(next).filter(|(words, ..)| words.start < part.end);
            let link = next.filter(|(words, ..)| words.start <= at + 1);
            if let Some((words, target, range)) = link {
                found.extend(self.linked(&phrase.text[words.clone()], target, *range));
                at = words.end.max(at + 1);
            } else if let Some((reference, length)) = named(rest) {
                found.push(Said::new(reference, phrase.range_of(at..at + length)));
                at += length;
            } else if found.is_empty() {
                let Some((words, ..)) = next else { break };
                at = words.start;
            } else {
                break;
            }
        }
        found
    }

    /// The record that a link leads to, unless its text names another.
    fn linked(&mut self, text: &str, target: &str, range: Range) -> Option<Said<Reference>> {
        let by_text = numbers::at(text).map(|(number, _)| number);
        let reference = match (numbers::of_target(target), by_text) {
            (Some(Reference::Number(number)), Some(other)) if number != other => {
                let message = format!(
                    "the link's text names record {other}, and its target is record {number}: make both say the same"
                );
                self.findings.push(Finding::new(FindingKind::LinkDiffers, range, message));
                return None;
            }
            (Some(reference), _) => reference,
            (None, by_text) => Reference::Number(by_text?),
        };
        Some(Said::new(reference, range))
    }
}

/// A phrase of relation in a text: where it ends, and up to where it is about what follows.
struct Relation {
    way: Way,
    start: usize,
    end: usize,
    scope: usize,
}

/// The relations that a text tells of, without those that it denies.
fn relations_of(text: &str) -> Vec<Relation> {
    let mut found: Vec<Relation> = Vec::new();
    let mut before = "";
    let mut at = 0;
    for (start, word) in words(text) {
        if start < at {
            continue;
        }
        if let Some((length, way)) = relation_at(&text[start..]) {
            let is_denied = ["not", "no", "never"].iter().any(|word| word.eq_ignore_ascii_case(before));
            if let Some(last) = found.last_mut() {
                last.scope = last.scope.min(start);
            }
            at = start + length;
            if !is_denied {
                found.push(Relation { way, start, end: at, scope: text.len() });
            }
        }
        before = word;
    }
    found
}

/// The words of a text, each with its place.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let mut start = 0;
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '\u{200b}').filter_map(move |word| {
        let at = start;
        start += word.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((at, word))
    })
}

/// A text after blanks, signs and small words that stand between references.
fn skipped(text: &str) -> (usize, &str) {
    let mut rest = text;
    loop {
        let next =
            rest.trim_start_matches(|letter: char| letter.is_whitespace() || ":,;&[(/\"'`*-–—→>".contains(letter));
        let small = ["and ", "und ", "by ", "with ", "et "].iter().find(|word| next.starts_with(**word));
        let next = small.map_or(next, |word| &next[word.len()..]);
        if next.len() == rest.len() {
            return (text.len() - rest.len(), rest);
        }
        rest = next;
    }
}

/// The record that a text names first: by number, by the name of its file, by date and slug.
fn named(text: &str) -> Option<(Reference, usize)> {
    let is_end = |letter: char| letter.is_whitespace() || ",;)]&\"'`".contains(letter);
    let word = text.split(is_end).next().unwrap_or_default().trim_end_matches(['.', ':']);
    if crate::dates::of_name(word).is_some_and(|(_, length)| word[length..].starts_with(['-', '_'])) {
        return Some((Reference::Name(numbers::stem(word).to_owned()), word.len()));
    }
    if crate::dates::begins(text) {
        return None;
    }
    if let Some((number, _)) = numbers::of_name(word) {
        return Some((Reference::Number(number), word.len()));
    }
    numbers::at(text).map(|(number, length)| (Reference::Number(number), length))
}
