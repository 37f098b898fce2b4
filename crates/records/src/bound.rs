//! What a signature of a record binds: its text, without what the commands that carry it through its life change themselves.
//!
//! Left out are, wherever a dialect has them: the status (a section of it with all that stands there), the date of the decision, what it
//! supersedes and by what it is superseded, and in a section of links the lines that say in a word or two how another record stands to this
//! one. Of a request for comments also the day of its last call and the decisions that it led to. Lines without a letter or digit that only rule, underline or part something are left out as well, as a header that is made for a status
//! brings some. Of the rest each line counts, without the blanks at its end; so do the number, the title, those who decided, and what is decided.

use crate::document::{Block, Head, Kind};
use crate::edit::{after_line, line_start, whole};
use crate::family::Family;
use crate::labels::Place;
use crate::numbers;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::read::rfc::{self, Life};
use crate::read::{Reading, Spot, reading};
use crate::relations;
use crate::status::{Sort, sort};
use crate::words::{month, relation_at, state_at};
use groma_base::Range;

/// The text of a record that a signature binds, one line after the other. `path` is that of its file.
pub fn bound_text(family: Family, path: &str, text: &str) -> String {
    let reading = reading(family, path, text, Vec::new());
    let mut left_out: Vec<LeftOut> = Vec::new();
    for spot in reading.header.spots.iter().filter(|spot| is_of_its_life(spot.part)) {
        left_out.extend(of_spot(&reading, spot, text));
    }
    let date = reading.record.date.iter().map(|date| date.range).filter(|range| !range.is_none());
    left_out.extend(date.map(LeftOut::whole));
    left_out.extend(of_sections(&reading, text));
    left_out.extend(of_links(&reading, text).into_iter().map(LeftOut::whole));
    if family == Family::Rfc {
        for life in rfc::life(&reading) {
            match life {
                Life::Spot(spot) => left_out.extend(of_spot(&reading, spot, text)),
                Life::Section(head) => left_out.extend(of_results(&reading, head, text)),
            }
        }
    }
    left_out.sort_by_key(|left| (left.range.start, left.range.end));
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for LeftOut { range, said } in left_out {
        if range.start as usize >= at {
            kept.push_str(&text[at..range.start as usize]);
            kept.push_str(&said);
        }
        at = at.max(range.end as usize);
    }
    kept.push_str(&text[at..]);
    let kept = kept.replace("\r\n", "\n").replace('\r', "\n");
    let lines = kept.trim_start_matches('\u{FEFF}').lines().map(str::trim_end).filter(|line| !is_layout(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Bytes that are left out, and what stands in their place: what they say besides.
struct LeftOut {
    range: Range,
    said: String,
}

impl LeftOut {
    fn whole(range: Range) -> LeftOut {
        LeftOut { range, said: String::new() }
    }
}

/// Whether the commands for records change such a part themselves.
fn is_of_its_life(part: Part) -> bool {
    matches!(part, Part::Status | Part::Date | Part::Supersedes | Part::SupersededBy)
}

/// Whether a line has nothing but blanks and what rules, underlines, parts or sets.
fn is_layout(line: &str) -> bool {
    // An arrow ends a comment, and so says what is one.
    line.chars().all(|letter| letter.is_whitespace() || "-=*_|:+>".contains(letter)) && !line.contains("->")
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
    "until",
    "updated",
    "utc",
    "was",
    "z",
];

/// Whether all that is said of the status is a word or two that are a status of the team's own.
fn is_own_status(family: Family, part: Part, text: &str) -> bool {
    const MOST_WORDS: usize = 3;
    part == Part::Status && relations::words(text).count() <= MOST_WORDS && sort(family, text) == Sort::Unknown
}

/// What some words say besides states, days, relations and the numbers of records: nothing in most records.
fn besides(family: Family, text: &str) -> String {
    let mut said: Vec<&str> = Vec::new();
    let mut end = 0;
    for (at, word) in relations::words(text) {
        if at < end {
            continue;
        }
        let rest = &text[at..];
        let known = state_at(family, rest).map(|state| state.length);
        let known = known.or_else(|| relation_at(rest).map(|(length, _)| length));
        let is_small = || SMALL_WORDS.iter().any(|small| small.eq_ignore_ascii_case(word)) || month(word).is_some();
        match known {
            Some(length) => end = at + length,
            None if is_small() || word.bytes().any(|byte| byte.is_ascii_digit()) => {}
            None => said.push(word),
        }
    }
    said.join(" ")
}

/// The same of some words with links: one that is called as a record is says no more than which it is.
fn besides_links(family: Family, phrase: &Phrase) -> String {
    let mut text = String::with_capacity(phrase.text.len());
    let mut at = 0;
    for (words, target, _) in &phrase.links {
        text.push_str(phrase.text.get(at..words.start).unwrap_or_default());
        if !is_name_of_record(&phrase.text[words.clone()], target) {
            text.push_str(&phrase.text[words.clone()]);
        }
        at = at.max(words.end);
    }
    text.push_str(phrase.text.get(at..).unwrap_or_default());
    besides(family, &text)
}

/// Whether the text of a link begins with a number, or is the name of the file that it leads to.
fn is_name_of_record(words: &str, target: &str) -> bool {
    let file = target.split(['#', '?']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    numbers::at(words.trim()).is_some() || numbers::stem(file) == words.trim()
}

/// The whole lines around a range.
fn lines(text: &str, range: Range) -> Range {
    Range::new(line_start(text, range.start), after_line(text, range.end))
}

/// Whether what follows ends a line in a table or a paragraph, and says nothing.
fn is_break(text: &str) -> bool {
    ["<br>", "<br/>", "<br />"].contains(&text.trim().to_ascii_lowercase().as_str())
}

/// What a key of front matter or a label takes, with its values: of those that stand on a line the rest of it as well if nothing else stands
/// there.
fn of_spot(reading: &Reading, spot: &Spot, text: &str) -> Option<LeftOut> {
    if spot.place == Place::Section {
        return None;
    }
    let said = match &spot.phrases[..] {
        [only] if is_own_status(reading.family, spot.part, &only.text) => String::new(),
        phrases => {
            let each = phrases.iter().map(|phrase| besides_links(reading.family, phrase));
            each.filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" ")
        }
    };
    let left_out = |range: Range| {
        let end = if said.is_empty() || !range.of(text).ends_with('\n') { "" } else { "\n" };
        Some(LeftOut { range, said: format!("{said}{end}") })
    };
    if spot.place == Place::FrontMatter {
        return left_out(lines(text, spot.key_range.cover(spot.range)));
    }
    // With its links and marks.
    let values = spot.phrases.iter().map(|phrase| whole(phrase, text)).fold(spot.range, Range::cover);
    let is_on_line = line_start(text, spot.key_range.start) == line_start(text, spot.range.start);
    if !is_on_line {
        return left_out(values);
    }
    let all = spot.key_range.cover(values);
    let around = lines(text, all);
    let [before, after] =
        [Range::new(around.start, all.start), Range::new(all.end, around.end)].map(|range| range.of(text));
    let is_alone = matches!(spot.place, Place::Line { .. } | Place::List)
        && is_layout(before)
        && (is_layout(after) || is_break(after));
    left_out(if is_alone { around } else { all })
}

/// A line with what it says besides.
fn of_line(reading: &Reading, text: &str, line: Range) -> LeftOut {
    let mut links: Vec<_> = reading.document.links.iter().filter(|link| line.contains(link.range)).collect();
    links.sort_by_key(|link| link.range.start);
    let (mut rest, mut at) = (String::new(), line.start);
    for link in links.into_iter().filter(|link| link.range.start >= line.start) {
        if link.range.start < at {
            continue;
        }
        rest.push_str(Range::new(at, link.range.start).of(text));
        let words = reading.document.reads(link.words);
        if !is_name_of_record(&words, &link.target) {
            rest.push_str(&words);
        }
        at = link.range.end;
    }
    rest.push_str(Range::new(at, line.end).of(text));
    let said = besides(reading.family, &rest);
    let end = if said.is_empty() { "" } else { "\n" };
    LeftOut { range: line, said: format!("{said}{end}") }
}

/// Sections of such a part, with what stands directly in them; none that stands in a section of another part.
fn of_sections(reading: &Reading, text: &str) -> Vec<LeftOut> {
    let document = &reading.document;
    let of_head = |head: &Head| {
        let heading = document.blocks[head.block].range;
        let said = head.value.map(|words| besides_links(reading.family, &Phrase::of(document, words)));
        let inside = &document.blocks[head.block + 1..head.own_end.max(head.block + 1)];
        let mut found = vec![LeftOut { range: heading, said: said.unwrap_or_default() }];
        let mut inside = inside;
        if let [first, rest @ ..] = inside
            && first.kind == Kind::Paragraph
            && is_own_status(reading.family, head.part, document.text(first.words))
        {
            found.push(LeftOut::whole(first.range));
            inside = rest;
        }
        if let Some(range) = inside.iter().map(|block| block.range).reduce(Range::cover) {
            found.extend(each_line(text, range).map(|line| of_line(reading, text, line)));
        }
        found
    };
    let is_within = |head: &Head| {
        let mut around = reading.heads.iter().filter(|other| other.block < head.block && head.block < other.end);
        around.any(|other| {
            !is_of_its_life(other.part) && !matches!(other.part, Part::Title | Part::Metadata | Part::Other)
        })
    };
    reading.heads.iter().filter(|head| is_of_its_life(head.part) && !is_within(head)).flat_map(of_head).collect()
}

/// What a section of the decisions that a request for comments led to says of these alone: lines that name some and say nothing else; if
/// that is all that it says, its heading as well.
fn of_results(reading: &Reading, head: &Head, text: &str) -> Vec<LeftOut> {
    let inside = &reading.document.blocks[head.block + 1..head.end.max(head.block + 1)];
    let is_result = |line: &Range| {
        let has_link = reading.document.links.iter().any(|link| line.contains(link.range));
        let names = has_link || line.of(text).bytes().any(|byte| byte.is_ascii_digit());
        names && of_line(reading, text, *line).said.is_empty()
    };
    let all: Vec<Range> = inside.iter().flat_map(|block| each_line(text, block.range)).collect();
    let is_plain = |block: &Block| matches!(block.kind, Kind::Paragraph | Kind::Item { .. } | Kind::Rule);
    if inside.iter().any(|block| !is_plain(block) && !is_layout(block.range.of(text))) {
        return Vec::new();
    }
    let mut found: Vec<LeftOut> = all.iter().filter(|line| is_result(line)).map(|line| LeftOut::whole(*line)).collect();
    if all.iter().all(|line| is_result(line) || is_layout(line.of(text))) {
        found.push(LeftOut::whole(lines(text, reading.document.blocks[head.block].range)));
    }
    found
}

/// The relations in the sections of links; of one that has nothing else the heading as well.
fn of_links(reading: &Reading, text: &str) -> Vec<Range> {
    let mut found = Vec::new();
    for head in reading.heads.iter().filter(|head| head.part == Part::Links) {
        let inside = &reading.document.blocks[head.block + 1..head.own_end.max(head.block + 1)];
        let of_blocks: Vec<Range> = inside.iter().map(|block| block.range).collect();
        let relations = of_blocks.iter().flat_map(|range| relations(reading, text, *range));
        let relations: Vec<Range> = relations.collect();
        let is_all = inside.iter().all(|block| {
            let is_left = |line: &Range| !relations.contains(line) && !is_layout(line.of(text));
            block.kind == Kind::Rule || !each_line(text, block.range).any(|line| is_left(&line))
        });
        found.extend(relations);
        if is_all && head.end <= head.own_end {
            found.push(lines(text, reading.document.blocks[head.block].range));
        }
    }
    found
}

/// The lines that a range begins, each whole.
fn each_line(text: &str, range: Range) -> impl Iterator<Item = Range> + '_ {
    let first = (range.start < range.end).then(|| lines(text, Range::new(range.start, range.start)));
    std::iter::successors(first, move |line| {
        (line.end < range.end).then(|| lines(text, Range::new(line.end, line.end)))
    })
}

/// The lines of a range that are a word or two and the link to a record beside this one: `Amends [ADR-0003](0003-keep.md)`.
fn relations(reading: &Reading, text: &str, range: Range) -> Vec<Range> {
    // `Is amended by`
    const MOST_WORDS: usize = 3;
    let is_relation = |line: &Range| {
        let mut links = reading.document.links.iter().filter(|link| line.contains(link.range));
        let (Some(link), None) = (links.next(), links.next()) else { return false };
        let is_beside = link.target.ends_with(".md") && !link.target.contains(['/', '\\', ':', '#']);
        let before = Range::new(line.start, link.range.start).of(text);
        let after = Range::new(link.range.end, line.end).of(text);
        let words = before.trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim();
        is_beside
            && is_layout(after)
            && !words.is_empty()
            && words.split_whitespace().count() <= MOST_WORDS
            && !words.contains(['.', ':', ';', ',', '!', '?'])
    };
    each_line(text, range).filter(is_relation).collect()
}
