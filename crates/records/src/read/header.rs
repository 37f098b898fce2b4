//! What the header of a record says: in front matter, label lines, lists and tables, and in sections that are a header by themselves.

use super::Reading;
use crate::dates;
use crate::document::{BOLD, Head, Kind};
use crate::labels::{self, Entry, Place};
use crate::parts::Part;
use crate::phrase::{self, Phrase};
use crate::status;
use groma_base::Range;

/// One label, key or section with what it says.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) part: Part,
    pub(crate) place: Place,
    /// The key as written.
    pub(crate) key: String,
    pub(crate) key_range: Range,
    pub(crate) phrases: Vec<Phrase>,
    /// Whether the values were written as a list in front matter.
    pub(crate) is_list: bool,
    /// The bytes of the values; the end of the key where there is none.
    pub(crate) range: Range,
    /// The block of the body that it stands in.
    pub(crate) block: Option<usize>,
}

/// What the header says.
#[derive(Clone, Default, Debug)]
pub(crate) struct Header {
    pub(crate) spots: Vec<Spot>,
    /// The blocks from the first up to this one are the header.
    pub(crate) end: usize,
    /// The labels in these blocks.
    pub(crate) entries: Vec<Entry>,
}

impl Header {
    pub(crate) fn of(&self, part: Part) -> impl Iterator<Item = &Spot> {
        self.spots.iter().filter(move |spot| spot.part == part)
    }
}

/// Whether a part is told as a fact that no field holds.
pub(super) fn is_fact(part: Part) -> bool {
    matches!(part, Part::Known | Part::Other | Part::Created | Part::Updated)
}

/// Parts whose sections are header as well.
const SECTIONS: &[Part] = &[
    Part::Status,
    Part::Date,
    Part::Created,
    Part::Deciders,
    Part::Consulted,
    Part::Informed,
    Part::Supersedes,
    Part::SupersededBy,
    Part::Decides,
];

pub(super) fn read(reading: &Reading, text: &str) -> Header {
    let end = zone_end(reading);
    let entries = labels::entries(&reading.document, 0, &reading.document.blocks[..end]);
    let mut header = Header { end, entries, ..Header::default() };
    in_front(reading, text, &mut header);
    let spots: Vec<Spot> = header.entries.iter().map(|entry| spot_of(reading, entry)).collect();
    header.spots.extend(spots);
    for head in reading.heads.iter().filter(|head| head.part == Part::Metadata && head.block >= end) {
        in_blocks(reading, head.block + 1..head.own_end, &mut header);
    }
    for head in reading.heads.iter().filter(|head| SECTIONS.contains(&head.part) && head.block >= end) {
        in_section(reading, head, &mut header);
    }
    if header.of(Part::Status).next().is_none() {
        elsewhere(reading, &mut header);
    }
    footer(reading, &mut header);
    header
}

/// Labels below the last rule of a record: `*Date: 2026-02-17*`.
fn footer(reading: &Reading, header: &mut Header) {
    const MOST_BLOCKS: usize = 4;
    let blocks = &reading.document.blocks;
    let Some(rule) = blocks.iter().rposition(|block| block.kind == Kind::Rule) else { return };
    let below = rule + 1..blocks.len();
    let is_text = |block: &crate::document::Block| matches!(block.kind, Kind::Paragraph | Kind::Item { .. });
    if below.start < header.end || below.len() > MOST_BLOCKS || !blocks[below.clone()].iter().all(is_text) {
        return;
    }
    let mut found = Header::default();
    in_blocks(reading, below, &mut found);
    let is_read = |spot: &Spot| header.spots.iter().any(|known| known.key_range == spot.key_range);
    let is_missing = |part: Part| matches!(part, Part::Status | Part::Date) || header.of(part).next().is_none();
    let own: Vec<Spot> = found
        .spots
        .into_iter()
        .filter(|spot| SECTIONS.contains(&spot.part) && is_missing(spot.part) && !is_read(spot))
        .collect();
    header.spots.extend(own);
}

/// The header ends at the first heading below the title.
fn zone_end(reading: &Reading) -> usize {
    let title = reading.title.map_or(0, |at| at + 1);
    let ends = |head: &&Head| head.level < BOLD || !matches!(head.part, Part::Other | Part::Known);
    let next = reading.heads[title..].iter().find(ends);
    next.map_or(reading.document.blocks.len(), |head| head.block)
}

fn in_front(reading: &Reading, text: &str, header: &mut Header) {
    let Some(front) = &reading.front else { return };
    for key in &front.keys {
        let phrases: Vec<Phrase> =
            key.values.iter().map(|value| Phrase::of_value(&value.text, value.range, text)).collect();
        let end = Range::new(key.key.range.end, key.key.range.end);
        let range = phrases.iter().map(|phrase| phrase.range).reduce(Range::cover).unwrap_or(end);
        header.spots.push(Spot {
            part: key.part,
            place: Place::FrontMatter,
            key: key.key.text.clone(),
            key_range: key.key.range,
            phrases,
            is_list: key.is_list,
            range,
            block: None,
        });
    }
}

/// Entries of blocks that are header.
fn in_blocks(reading: &Reading, blocks: std::ops::Range<usize>, header: &mut Header) {
    let document = &reading.document;
    let Some(inside) = document.blocks.get(blocks.clone()) else { return };
    let entries = labels::entries(document, blocks.start, inside);
    header.spots.extend(entries.iter().map(|entry| spot_of(reading, entry)));
}

fn spot_of(reading: &Reading, entry: &Entry) -> Spot {
    let document = &reading.document;
    let phrases: Vec<Phrase> = entry.values.iter().map(|words| Phrase::of(document, *words)).collect();
    let key_range = document.range(entry.key);
    let end = Range::new(key_range.end, key_range.end);
    let range = phrases.iter().map(|phrase| phrase.range).reduce(Range::cover).unwrap_or(end);
    Spot {
        part: entry.part,
        place: entry.place,
        key: document.reads(entry.key),
        key_range,
        phrases,
        is_list: false,
        range,
        block: Some(entry.block),
    }
}

/// A section that is header: `## Status` and what stands below it. Labels of other parts in it are entries of their own.
fn in_section(reading: &Reading, head: &Head, header: &mut Header) {
    let document = &reading.document;
    let inside = &document.blocks[head.block + 1..head.own_end];
    if head.part == Part::Status && in_table(reading, head, header) {
        return;
    }
    let mut own = phrase::phrases(document, inside, |line| status::begins(reading.family, line));
    if let Some(value) = head.value {
        own.insert(0, Phrase::of(document, value));
    }
    let mut phrases = Vec::new();
    for phrase in own {
        match labelled(&phrase) {
            Some((Part::Status, start)) if head.part == Part::Status => phrases.push(phrase.from(start)),
            // A line that is nothing but a date says the date.
            _ if head.part == Part::Status && is_date_alone(&phrase.text) => {
                let range = phrase.range;
                header.spots.push(Spot::of_section(head, Part::Date, String::new(), range, vec![phrase]));
            }
            Some((part, start)) if SECTIONS.contains(&part) && part != head.part && !is_relation(part) => {
                let key = phrase.text[..start].trim_end_matches([':', ' ']).to_owned();
                let value = phrase.from(start);
                let range = value.range;
                let phrases = if value.text.is_empty() { Vec::new() } else { vec![value] };
                header.spots.push(Spot::of_section(head, part, key, range, phrases));
            }
            _ => phrases.push(phrase),
        }
    }
    let block = &document.blocks[head.block];
    header.spots.push(Spot::of_section(head, head.part, document.reads(block.words), block.range, phrases));
}

impl Spot {
    /// What a section says of a part; its bytes are those of the phrases, or the end of the key where there are none.
    fn of_section(head: &Head, part: Part, key: String, key_range: Range, phrases: Vec<Phrase>) -> Spot {
        let end = Range::new(key_range.end, key_range.end);
        let range = phrases.iter().map(|phrase| phrase.range).reduce(Range::cover).unwrap_or(end);
        let (place, block) = (Place::Section, Some(head.block));
        Spot { part, place, key, key_range, phrases, is_list: false, range, block }
    }
}

/// A section whose first block is a table of labels, the status among them.
fn in_table(reading: &Reading, head: &Head, header: &mut Header) -> bool {
    let blocks = head.block + 1..head.own_end;
    let is_table =
        reading.document.blocks.get(blocks.start).is_some_and(|block| matches!(block.kind, Kind::Row { .. }));
    let mut found = Header::default();
    if is_table {
        in_blocks(reading, blocks, &mut found);
    }
    let has_status = found.of(Part::Status).next().is_some();
    if has_status {
        found.spots.iter_mut().filter(|spot| spot.part == Part::Status).for_each(|spot| spot.place = Place::Section);
        header.spots.append(&mut found.spots);
    }
    has_status
}

fn is_date_alone(text: &str) -> bool {
    matches!(dates::told(text), dates::Told::Day(_, bytes) if bytes.len() == text.trim().len())
}

fn is_relation(part: Part) -> bool {
    matches!(part, Part::Supersedes | Part::SupersededBy)
}

/// The known label that a phrase begins with, and where its value begins.
fn labelled(phrase: &Phrase) -> Option<(Part, usize)> {
    let at = phrase.text.find(':').filter(|at| *at < 40)?;
    let part = crate::parts::part(&phrase.text[..at]);
    let value = &phrase.text[at + 1..];
    (part != Part::Other).then(|| (part, phrase.text.len() - value.trim_start().len()))
}

/// Where no status was found: labels below a heading of other words, and at the end of the record.
fn elsewhere(reading: &Reading, header: &mut Header) {
    let is_other =
        |head: &&Head| matches!(head.part, Part::Other | Part::Known | Part::Links) && head.block >= header.end;
    let sections: Vec<std::ops::Range<usize>> =
        reading.heads.iter().filter(is_other).map(|head| head.block + 1..head.own_end).collect();
    for blocks in sections {
        let mut found = Header::default();
        in_blocks(reading, blocks, &mut found);
        if found.of(Part::Status).next().is_some() {
            header.spots.append(&mut found.spots);
            return;
        }
    }
}
