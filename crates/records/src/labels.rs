//! What the header of a record says in lines, lists and tables: labels and their values.

use crate::document::{Block, Document, Kind, Type, Words};
use crate::parts::{Part, part};

/// Where something of the header stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Place {
    FrontMatter,
    /// A label line; whether its label is set in bold or otherwise, or the line is plain.
    Line {
        set: bool,
    },
    List,
    Table,
    /// A section of its own.
    Section,
    /// A quotation or sentence at the top.
    Banner,
}

/// A label with its values.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) part: Part,
    pub(crate) key: Words,
    pub(crate) values: Vec<Words>,
    pub(crate) place: Place,
    /// The block it stands in.
    pub(crate) block: usize,
}

/// The entries of some blocks, which stand from `first` on.
pub(crate) fn entries(document: &Document, first: usize, blocks: &[Block]) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < blocks.len() {
        let block = &blocks[at];
        match &block.kind {
            Kind::Row { .. } => {
                let rows = blocks[at..].iter().take_while(|block| matches!(block.kind, Kind::Row { .. }));
                let rows = next_table(rows.count(), &blocks[at..]);
                table(document, first + at, &blocks[at..at + rows], &mut found);
                at += rows;
                continue;
            }
            Kind::Item { .. } if item(document, first + at, block, &mut found) => {
                at += 1 + nested_values(document, &blocks[at + 1..], block.depth, &mut found);
                continue;
            }
            Kind::Paragraph => lines(document, first + at, block.words, &mut found),
            _ => {}
        }
        at += 1;
    }
    found
}

/// How many rows the first table has of several that follow one another.
fn next_table(rows: usize, blocks: &[Block]) -> usize {
    let other = blocks[1..rows].iter().position(|block| matches!(block.kind, Kind::Row { head: true, .. }));
    other.map_or(rows, |at| at + 1)
}

/// The labels of an item; whether its value is still to come, in items below it.
fn item(document: &Document, block: usize, item: &Block, found: &mut Vec<Entry>) -> bool {
    let before = found.len();
    lines(document, block, item.words, found);
    for entry in &mut found[before..] {
        if entry.place == (Place::Line { set: false }) {
            entry.place = Place::List;
        }
    }
    found.len() > before && found.last().is_some_and(|entry| entry.values.is_empty())
}

/// Items below a label without value are its values; how many blocks they take.
fn nested_values(document: &Document, blocks: &[Block], depth: u16, found: &mut [Entry]) -> usize {
    let below =
        blocks.iter().take_while(|block| block.depth > depth || block.depth == depth && block.kind == Kind::Paragraph);
    let below: Vec<&Block> = below.collect();
    if let Some(entry) = found.last_mut() {
        entry.values.extend(below.iter().map(|block| document.trimmed(block.words)).filter(|words| !words.is_empty()));
    }
    below.len()
}

/// The labels of the lines of some words.
fn lines(document: &Document, block: usize, words: Words, found: &mut Vec<Entry>) {
    let before = found.len();
    for line in document.lines(words).filter(|line| !line.is_empty()) {
        if line_entries(document, block, line, found) {
            continue;
        }
        // A value goes on where the line before ends in a comma, or has none yet.
        let Some(entry) = found[before..].last_mut() else { continue };
        match entry.values.last_mut() {
            None => entry.values.push(line),
            Some(value) if document.text(*value).ends_with(',') => value.end = line.end,
            Some(_) => {}
        }
    }
}

/// The labels of one line; whether it begins with one.
fn line_entries(document: &Document, block: usize, line: Words, found: &mut Vec<Entry>) -> bool {
    let starts = label_starts(document, line);
    let Some(first) = starts.first() else { return false };
    if !document.text(line).get(..*first).unwrap_or_default().chars().all(|letter| !letter.is_alphanumeric()) {
        return false;
    }
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or((line.end - line.start) as usize);
        let piece = line.part(*start, end);
        if let Some(label) = label(document, piece) {
            let is_last = at + 1 == starts.len();
            let parts = |letter: char| letter.is_whitespace() || !is_last && "|·•—–-,;/".contains(letter);
            let value = document.trimmed_of(label.value, parts);
            let place = Place::Line { set: label.set };
            let values = if value.is_empty() { Vec::new() } else { vec![value] };
            found.push(Entry { part: label.part, key: label.key, values, place, block });
        }
    }
    true
}

/// A label has so many bytes at most.
const LONGEST: usize = 64;

struct Label {
    part: Part,
    key: Words,
    value: Words,
    set: bool,
}

/// The label that some words begin with: known words before a colon, or set otherwise before their value.
fn label(document: &Document, words: Words) -> Option<Label> {
    let text = document.text(words);
    let signs = text.len() - text.trim_start_matches(|letter: char| !letter.is_alphanumeric()).len();
    let words = words.part(signs, text.len());
    let text = &text[signs..];
    let set = set_at_start(document, words);
    // What is longer is no label.
    let head = &text[..text.floor_char_boundary(LONGEST)];
    let colon = head.find([':', '：']);
    if colon.is_none() && set.is_none() {
        return None;
    }
    if let Some(at) = colon {
        let width = text[at..].chars().next().map_or(1, char::len_utf8);
        let (part, is_set) = (part(&text[..at]), set.is_some());
        let value = document.trimmed(words.part(at + width, text.len()));
        let is_label =
            part != Part::Other || is_set && set.is_some_and(|set| set.end as usize >= words.start as usize + at);
        if is_label && !text[at..].starts_with("://") {
            return Some(Label { part, key: document.trimmed(words.part(0, at)), value, set: is_set });
        }
    }
    let set = set?;
    let known = part(document.text(set));
    let after = document.trimmed_of(Words { start: set.end, end: words.end }, |letter| {
        letter.is_whitespace() || "-–—:|".contains(letter)
    });
    (!matches!(known, Part::Other | Part::Known) && !after.is_empty()).then_some(Label {
        part: known,
        key: set,
        value: after,
        set: true,
    })
}

/// The words that are set bold or leaning at the start of others.
fn set_at_start(document: &Document, words: Words) -> Option<Words> {
    let strong = document.set_so(Type::Strong, words).next().filter(|set| set.start == words.start);
    strong.or_else(|| document.set_so(Type::Emphasis, words).next().filter(|set| set.start == words.start))
}

/// Where labels begin in a line: at its start, at bold words, after signs that part.
fn label_starts(document: &Document, line: Words) -> Vec<usize> {
    let text = document.text(line);
    let signs = text.len() - text.trim_start_matches(|letter: char| !letter.is_alphanumeric()).len();
    let is_at_start = label(document, line.part(signs.min(text.len()), text.len()));
    if is_at_start.is_none() {
        return Vec::new();
    }
    let mut starts = vec![signs];
    starts.extend(document.set_so(Type::Strong, line).map(|set| (set.start - line.start) as usize));
    for sign in [" | ", " · ", " • ", " — ", " – ", " / ", ", ", "; ", "  ", "\u{a0}"] {
        starts.extend(text.match_indices(sign).map(|(at, sign)| at + sign.len()));
    }
    starts.sort_unstable();
    starts.dedup();
    let is_label = |at: &usize| {
        label(document, line.part(*at, text.len())).is_some_and(|found| at == &signs || found.part != Part::Other)
    };
    starts.retain(is_label);
    starts
}

/// What explains states is no header.
const EXPLAINS: &[&str] = &["meaning", "description", "explanation", "definition", "bedeutung"];

/// The labels of a table: in its first column, or in its heading row.
fn table(document: &Document, block: usize, rows: &[Block], found: &mut Vec<Entry>) {
    let cells_of = |row: &Block| match &row.kind {
        Kind::Row { cells, .. } => document.cells[cells.clone()].iter().map(|cell| document.trimmed(*cell)).collect(),
        _ => Vec::new(),
    };
    let rows: Vec<Vec<Words>> = rows.iter().map(cells_of).collect();
    let Some((head, data)) = rows.split_first() else { return };
    if head.iter().any(|cell| EXPLAINS.iter().any(|word| document.text(*cell).eq_ignore_ascii_case(word))) {
        return;
    }
    let known = |cell: &Words| !matches!(part(document.text(*cell)), Part::Other);
    let is_lying = head.iter().filter(|cell| known(cell)).count() > 1
        && head.get(1).is_some_and(known)
        && !data.is_empty()
        // With more than two columns a word that is a label as well, such as `Review`, is a state below `Status`.
        && (head.len() > 2 || !data.iter().any(|row| row.first().is_some_and(known)));
    if is_lying {
        let last = &data[data.len() - 1];
        for (key, value) in head.iter().zip(last) {
            push(document, block, *key, *value, found);
        }
        return;
    }
    for (at, row) in rows.iter().enumerate() {
        for pair in row.chunks_exact(2).take(if row.len() > 2 && row.get(2).is_some_and(known) { row.len() } else { 1 })
        {
            push(document, block + at, pair[0], pair[1], found);
        }
    }
}

fn push(document: &Document, block: usize, key: Words, value: Words, found: &mut Vec<Entry>) {
    let part = part(document.text(key));
    let values = if value.is_empty() { Vec::new() } else { vec![value] };
    if part != Part::Other {
        found.push(Entry { part, key, values, place: Place::Table, block });
    }
}
