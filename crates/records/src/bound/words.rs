//! What some bytes say besides states, days, relations and the names of records, which the commands for records write themselves.

use crate::dates;
use crate::family::Family;
use crate::numbers;
use crate::relations;
use crate::status::{Sort, is_denial, sort};
use crate::words::{relation_at, state_at};

/// What tells how the words of a record are read.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) family: Family,
    /// Whether the file of the record has neither a number nor a day in its name, so that those of others may have none.
    pub(super) is_named: bool,
}

/// Words that say nothing of what was decided where a state, a day or a relation is told.
const SMALL_WORDS: &[&str] = &[
    "adr",
    "and",
    "as",
    "at",
    "by",
    "current",
    "currently",
    "date",
    "decision",
    "from",
    "in",
    "is",
    "it",
    "last",
    "now",
    "of",
    "on",
    "record",
    "rfc",
    "since",
    "state",
    "status",
    "t",
    "the",
    "this",
    "updated",
    "utc",
    "was",
    "z",
];

/// Breaks of a line in a table or a paragraph, which say nothing.
pub(super) const BREAKS: &[&str] = &["<br>", "<br/>", "<br />"];

/// What is longer is no name of a file, and no link.
const LONGEST_NAME: usize = 256;
const LONGEST_LINK: usize = 2048;

/// An inline link as it is written.
struct Written<'t> {
    words: &'t str,
    target: &'t str,
    /// What stands behind the target: a title.
    title: &'t str,
    length: usize,
}

/// How many bytes at the start of a text are known to say nothing else, and whether a bare number after them is that of a record.
struct Known {
    length: usize,
    names: bool,
}

impl Reader {
    /// What is said besides. A bare number is one of a record where `names` is, and else only behind a relation.
    pub(super) fn besides(self, text: &str, names: bool) -> String {
        let (mut said, mut at, mut is_naming) = (Besides::default(), 0, names);
        while let Some(letter) = text[at..].chars().next() {
            let rest = &text[at..];
            if let Some(link) = link_at(rest) {
                self.of_link(&link, text[..at].ends_with('!'), rest, &mut said);
                at += link.length;
            } else if let Some(known) = self.known(text, at, is_naming) {
                said.part();
                (at, is_naming) = (at + known.length, known.names || names);
            } else if letter.is_alphanumeric() {
                let length = word_length(rest);
                said.word(&rest[..length]);
                (at, is_naming) = (at + length, names);
            } else {
                is_naming = names || is_naming && !".;(\n".contains(letter);
                said.sign(letter);
                at += letter.len_utf8();
            }
        }
        said.text
    }

    /// What a text begins with at a place, if it is known.
    fn known(self, text: &str, at: usize, is_naming: bool) -> Option<Known> {
        let rest = &text[at..];
        let plain = |length: usize| Some(Known { length, names: is_naming });
        let is_break = |mark: &&&str| rest.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
        if let Some(mark) = BREAKS.iter().find(is_break) {
            return plain(mark.len());
        }
        if !rest.starts_with(|letter: char| letter.is_alphanumeric()) {
            return None;
        }
        if let Some(length) = dates::length_at(rest) {
            return plain(length + time_length(&rest[length..]));
        }
        if let Some((length, _)) = relation_at(rest) {
            return Some(Known { length, names: true });
        }
        if let Some(state) = state_at(self.family, rest) {
            return Some(Known { length: state.length, names: false });
        }
        if let Some(length) = self.reference(rest, is_naming) {
            return plain(length);
        }
        let word = &rest[..word_length(rest)];
        SMALL_WORDS.iter().any(|small| small.eq_ignore_ascii_case(word)).then(|| plain(word.len()))?
    }

    /// The record that a text begins with: `ADR-9`; where records are named, also `9` and `0009-use-a-queue.md`.
    fn reference(self, text: &str, is_naming: bool) -> Option<usize> {
        let text = &text[..text.floor_char_boundary(LONGEST_NAME)];
        let file =
            text.find(|letter: char| !letter.is_alphanumeric() && !"-_./".contains(letter)).unwrap_or(text.len());
        let file = text[..file].trim_end_matches('.');
        if is_naming && file.contains('-') && self.is_file(file) {
            return Some(file.len());
        }
        let (_, length) = numbers::at(text)?;
        let is_bare = text.starts_with(|letter: char| letter.is_ascii_digit());
        let goes_on = text[length..].trim_start().starts_with(['%', '€', '$', '£', '¥']);
        let is_part =
            text[length..].strip_prefix(['.', ',']).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        (!is_bare || is_naming && !goes_on && !is_part).then_some(length)
    }

    /// Whether a path is called as those of records are.
    fn is_file(self, path: &str) -> bool {
        let file = path.rsplit('/').next().unwrap_or_default();
        let has_number = numbers::of_name(file).is_some() || dates::of_name(numbers::stem(file)).is_some();
        has_number || self.is_named && numbers::stem(file).contains('-')
    }

    /// Whether a link leads to a record of the repository, and to nothing within it.
    fn is_record(self, target: &str) -> bool {
        let file = file_of(target);
        let is_elsewhere = target.contains([':', '\\', '#', '?']) || target.starts_with("//");
        let has_number = numbers::of_name(file).is_some() || dates::of_name(numbers::stem(file)).is_some();
        let is_text = numbers::stem(file) != file;
        // A page of a site has no ending.
        !is_elsewhere && if is_text { has_number || self.is_named } else { has_number && file.contains('-') }
    }

    fn of_link(self, link: &Written, is_picture: bool, rest: &str, said: &mut Besides) {
        if is_picture || !self.is_record(link.target) {
            said.word(&rest[..link.length]);
            return;
        }
        said.part();
        for words in [Some(link.words).filter(|words| !is_name(words, link.target)), Some(link.title)] {
            let words = words.unwrap_or_default().trim();
            if !words.is_empty() {
                said.word(words);
                said.part();
            }
        }
    }

    /// Whether a line is nothing but a word or two and the link to a record beside this one: `Amends [ADR-0003](0003-keep.md)`.
    pub(super) fn is_relation(self, line: &str) -> bool {
        // `Is amended by`
        const MOST_WORDS: usize = 3;
        let Some(start) = line.find('[') else { return false };
        let Some(link) = link_at(&line[start..]) else { return false };
        let words = line[..start].trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim();
        let is_plain = |letter: char| letter.is_alphabetic() || " -_*'’".contains(letter);
        self.is_record(link.target)
            && !link.target.contains('/')
            && link.title.trim().is_empty()
            && is_name(link.words, link.target)
            && super::is_layout(&line[start + link.length..])
            && !words.is_empty()
            && words.split_whitespace().count() <= MOST_WORDS
            && words.chars().all(is_plain)
    }

    /// Whether a text is a word or two that are a status of the team's own: nothing that is counted, denied or set.
    pub(super) fn is_own_status(self, text: &str) -> bool {
        const MOST_WORDS: usize = 3;
        let is_plain =
            |letter: char| letter.is_alphabetic() || letter.is_whitespace() || "-_*'’.:\"\u{200b}".contains(letter);
        let says_more = |word: &str| is_denial(word) || state_at(self.family, word).is_some();
        text.chars().all(is_plain)
            && relations::words(text).count() <= MOST_WORDS
            && !relations::words(text).any(|(_, word)| says_more(word))
            && sort(self.family, text) == Sort::Unknown
    }
}

/// What is said besides, as it is written; of what is left out between two words a blank stands.
#[derive(Default)]
struct Besides {
    text: String,
    /// The signs after the last word.
    signs: String,
    is_parted: bool,
}

impl Besides {
    fn part(&mut self) {
        self.is_parted = true;
        self.signs.clear();
    }

    fn sign(&mut self, letter: char) {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        if letter != ' ' || !self.signs.ends_with(' ') {
            self.signs.push(letter);
        }
    }

    fn word(&mut self, word: &str) {
        if !self.text.is_empty() {
            self.text.push_str(if self.is_parted { " " } else { &self.signs });
        }
        self.text.push_str(word);
        self.signs.clear();
        self.is_parted = false;
    }
}

fn word_length(text: &str) -> usize {
    text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len())
}

/// The time of a day behind a date: ` 12:00:00 +01:00`, `T10:00Z`.
fn time_length(text: &str) -> usize {
    let start = text.len() - text.trim_start_matches(['T', 't', ' ', ',']).len();
    let clock = while_in(&text[start..], "0123456789:.").trim_end_matches(['.', ':']);
    let mut fields = clock.split(['.', ':']);
    let is_clock = clock.contains(':') && fields.clone().count() <= 4 && fields.all(|field| !field.is_empty());
    if !is_clock || !clock.split('.').next().is_some_and(|whole| whole.split(':').all(|field| field.len() <= 2)) {
        return 0;
    }
    let end = start + clock.len();
    let rest = text[end..].trim_start_matches(' ');
    let zone = match rest.strip_prefix(['+', '-']) {
        Some(offset) => while_in(offset, "0123456789:"),
        None => return end,
    };
    let is_zone = [4, 5].contains(&zone.len());
    if is_zone { text.len() - rest.len() + 1 + zone.len() } else { end }
}

/// The start of a text that has only such letters.
fn while_in<'t>(text: &'t str, letters: &str) -> &'t str {
    let end = text.find(|letter| !letters.contains(letter)).unwrap_or(text.len());
    &text[..end]
}

/// The inline link that a text begins with: `[words](target "title")`.
fn link_at(text: &str) -> Option<Written<'_>> {
    let text = &text[..text.floor_char_boundary(LONGEST_LINK)];
    let inside = text.strip_prefix('[')?;
    let words = &inside[..closing(inside)?];
    let after = inside[words.len()..].strip_prefix("](")?;
    let bare = after.trim_start();
    let (target, rest) = match bare.strip_prefix('<') {
        Some(marked) => marked.split_once('>')?,
        None => bare.split_at(bare.find(|letter: char| letter.is_whitespace() || letter == ')')?),
    };
    let title = &rest[..end_of_title(rest)?];
    Some(Written { words, target, title, length: text.len() - rest.len() + title.len() + 1 })
}

/// Where the bracket closes that stands open before a text.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut is_escaped) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where the parenthesis closes behind the target of a link; one within the quotes of a title does not.
fn end_of_title(text: &str) -> Option<usize> {
    let title = text.trim_start();
    let start = text.len() - title.len();
    let closed = match title.chars().next()? {
        quote @ ('"' | '\'') => 1 + title[1..].find(quote)? + 1,
        _ => 0,
    };
    Some(start + closed + title[closed..].find(')')?)
}

fn file_of(target: &str) -> &str {
    target.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Whether the text of a link is the name of the record that it leads to, as commands write it: the name of its file, its number, or that with
/// its title behind a sign.
fn is_name(words: &str, target: &str) -> bool {
    let (words, file) = (words.trim(), file_of(target));
    if words == numbers::stem(file) || words == file {
        return true;
    }
    let Some((number, length)) = numbers::at(words) else { return false };
    let title = words[length..].trim_start();
    let is_parted = title.is_empty() || title.starts_with([':', '.', '–', '—', '-']);
    is_parted && !title.contains(['<', '\n']) && numbers::of_name(file).is_some_and(|(own, _)| own == number)
}

#[cfg(test)]
mod tests {
    use super::{Reader, time_length};
    use crate::family::Family;

    fn besides(text: &str, names: bool) -> String {
        Reader { family: Family::Decision, is_named: false }.besides(text, names)
    }

    #[test]
    fn states_days_relations_and_names_of_records_say_nothing_else() {
        for text in [
            "Accepted",
            "✅ ~~Proposed~~ **Accepted** on 2 January 2026",
            "2026-01-02T10:00:00Z, 2026-01-02 12:00 +01:00, 04/10/2019, May 2026",
            "Superseded by ADR-3, RFC 4 and 5",
            "Superseded by [2. Keep 5 parcels](0002-keep.md) and [ADR-0003](../adr/0003-c.md), [0004-d](0004-d.md)",
            "Superseded by 0003-use-kafka.md",
            "Accepted<br>2026-01-02",
        ] {
            assert_eq!(besides(text, false), "", "{text}");
        }
        assert_eq!(besides("\"3\", 0004-d, ADR-5", true), "");
    }

    #[test]
    fn all_else_is_said_besides() {
        for (text, said) in [
            ("Accepted until 2027-01-01", "until"),
            ("never Accepted", "never"),
            ("Accepted €10, 100% or 5000", "10, 100% or 5000"),
            ("Accepted <!-- we pay > 5 -->", "we pay > 5"),
            ("Accepted<sub>we</sub>", "sub>we</sub"),
            ("Superseded by 5%", "5"),
            ("Superseded by 5. 7 of 8", "7 8"),
            ("Superseded by [ADR-3](0003-c.md \"we pay\")", "\"we pay\""),
            ("Superseded by [we pay](0003-c.md)", "we pay"),
            ("Superseded by [ADR-4](0003-c.md)", "ADR-4"),
            ("Superseded by [ADR-3 we pay](0003-c.md)", "ADR-3 we pay"),
            ("Superseded by [ADR-3](0003-c.md#pay)", "[ADR-3](0003-c.md#pay)"),
            ("Superseded by [ADR-3](https://evil.example/0003-c.md)", "[ADR-3](https://evil.example/0003-c.md)"),
            ("Depends on [contract](contract.md)", "[contract](contract.md)"),
            ("![we pay](0003-c.md) Accepted", "[we pay](0003-c.md)"),
            ("Superseded by the-old-contract", "old-contract"),
            ("May", "May"),
        ] {
            assert_eq!(besides(text, false), said, "{text}");
        }
    }

    #[test]
    fn a_time_ends_where_it_ends() {
        for (text, length) in
            [(" 12:00", 6), ("T10:00:00.5Z", 11), (" 12:00 +0100 x", 12), (" 5000", 0), (" 5:", 0), (" 1:2-x", 4)]
        {
            assert_eq!(time_length(text), length, "{text}");
        }
    }
}
