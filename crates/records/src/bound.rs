//! What a signature of a record binds: its text, without what the commands that carry it through its life change themselves.
//!
//! Left out are, wherever a dialect has them: the status (a section of it with all that stands there), the date of the decision, what it
//! supersedes and by what it is superseded, and in a section of links the lines that say in a word or two how another record stands to this
//! one. Of a request for comments also the day of its last call and the decisions that it led to. Lines without a letter or digit that only rule, underline or part something are left out as well, as a header that is made for a status
//! brings some. Of the rest each line counts, without the blanks at its end; so do the number, the title, those who decided, and what is decided.

use crate::document::{Head, Kind};
use crate::edit::{after_line, line_start, whole};
use crate::family::Family;
use crate::labels::Place;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::read::rfc::{self, Life};
use crate::read::{Reading, Spot, reading};
use crate::words::is_nothing;
use groma_base::Range;

/// The text of a record that a signature binds, one line after the other. `path` is that of its file.
pub fn bound_text(family: Family, path: &str, text: &str) -> String {
    let reading = reading(family, path, text, Vec::new());
    let mut left_out = of_front_matter(&reading, text);
    left_out.extend(
        reading
            .header
            .spots
            .iter()
            .filter(|spot| is_of_its_life(spot.part) && says_no_more(spot))
            .flat_map(|spot| of_spot(spot, text)),
    );
    left_out.extend(reading.record.date.iter().map(|date| date.range).filter(|range| !range.is_none()));
    left_out.extend(of_sections(&reading));
    left_out.extend(of_links(&reading, text));
    if family == Family::Rfc {
        left_out.extend(rfc::life(&reading).flat_map(|life| match life {
            Life::Spot(spot) => of_spot_or_key(spot, text),
            Life::Section(range) => vec![range],
        }));
    }
    left_out.sort_unstable_by_key(|range| (range.start, range.end));
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for range in left_out {
        if range.start as usize > at {
            kept.push_str(&text[at..range.start as usize]);
        }
        at = at.max(range.end as usize);
    }
    kept.push_str(&text[at..]);
    let kept = kept.replace("\r\n", "\n").replace('\r', "\n");
    let lines = kept.trim_start_matches('\u{FEFF}').lines().map(str::trim_end).filter(|line| !is_layout(line));
    lines.map(|line| format!("{line}\n")).collect()
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

/// The whole lines around a range.
fn lines(text: &str, range: Range) -> Range {
    Range::new(line_start(text, range.start), after_line(text, range.end))
}

/// Whether what follows ends a line in a table or a paragraph, and says nothing.
fn is_break(text: &str) -> bool {
    ["<br>", "<br/>", "<br />"].contains(&text.trim().to_ascii_lowercase().as_str())
}

/// Whether a label says a date or a relation and no sentence besides: a few words beside its links. What is said of the status is
/// part of that.
fn says_no_more(spot: &Spot) -> bool {
    const MOST_WORDS: usize = 6;
    let words = |phrase: &Phrase| {
        let linked: usize = phrase.links.iter().map(|(words, ..)| count(&phrase.text[words.clone()])).sum();
        count(&phrase.text).saturating_sub(linked)
    };
    let is_relation =
        |phrase: &Phrase| !phrase.links.is_empty() || phrase.text.contains(|letter: char| letter.is_ascii_digit());
    let says_none = |phrase: &Phrase| is_nothing(&phrase.text);
    match spot.part {
        Part::Status => true,
        Part::Date => spot.phrases.iter().all(|phrase| words(phrase) <= MOST_WORDS),
        _ => spot.phrases.iter().all(|phrase| says_none(phrase) || is_relation(phrase) && words(phrase) <= MOST_WORDS),
    }
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

fn of_front_matter(reading: &Reading, text: &str) -> Vec<Range> {
    let keys = reading.front.iter().flat_map(|front| &front.keys).filter(|key| is_of_its_life(key.part));
    keys.map(|key| lines(text, key.values.iter().fold(key.key.range, |range, value| range.cover(value.range))))
        .collect()
}

/// What a key of front matter or a label takes.
fn of_spot_or_key(spot: &Spot, text: &str) -> Vec<Range> {
    match spot.place {
        Place::FrontMatter => vec![lines(text, spot.key_range.cover(spot.range))],
        _ => of_spot(spot, text),
    }
}

/// What a label and its values take: of those that stand on a line, the rest of it as well if nothing else stands there.
fn of_spot(spot: &Spot, text: &str) -> Vec<Range> {
    if spot.place == Place::Section || spot.place == Place::FrontMatter {
        return Vec::new();
    }
    // With its links and marks.
    let values = spot.phrases.iter().map(|phrase| whole(phrase, text)).fold(spot.range, Range::cover);
    let is_on_line = line_start(text, spot.key_range.start) == line_start(text, spot.range.start);
    if !is_on_line {
        return vec![values];
    }
    let all = spot.key_range.cover(values);
    let around = lines(text, all);
    let [before, after] =
        [Range::new(around.start, all.start), Range::new(all.end, around.end)].map(|range| range.of(text));
    let is_alone = matches!(spot.place, Place::Line { .. } | Place::List)
        && is_layout(before)
        && (is_layout(after) || is_break(after));
    vec![if is_alone { around } else { all }]
}

/// Sections of such a part, with what stands directly in them; none that stands in a section of another part.
fn of_sections(reading: &Reading) -> Vec<Range> {
    let of_head = |head: &Head| {
        let blocks = &reading.document.blocks[head.block..head.own_end.max(head.block + 1)];
        blocks.iter().map(|block| block.range).reduce(Range::cover)
    };
    let is_within = |head: &Head| {
        let mut around = reading.heads.iter().filter(|other| other.block < head.block && head.block < other.end);
        around.any(|other| {
            !is_of_its_life(other.part) && !matches!(other.part, Part::Title | Part::Metadata | Part::Other)
        })
    };
    reading.heads.iter().filter(|head| is_of_its_life(head.part) && !is_within(head)).filter_map(of_head).collect()
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
            && count(words) <= MOST_WORDS
            && !words.contains(['.', ':', ';', ',', '!', '?'])
    };
    each_line(text, range).filter(is_relation).collect()
}
