//! Headings, and what stands for one: a line of bold type, a line of words that ends in a colon, digits above an underline.

use super::{Block, Document, Kind, Type, Words};
use crate::parts::{Part, part};
use crate::words::{relation_at, state};
use groma_base::Range;

/// A heading with the blocks below it.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Its place among the blocks.
    pub(crate) block: usize,
    pub(crate) level: u8,
    pub(crate) part: Part,
    /// What it says itself of its part: `Accepted` of `Status: Accepted`.
    pub(crate) value: Option<Words>,
    /// The first block that is not below it.
    pub(crate) end: usize,
    /// The first block that is not below it, or that is below another heading.
    pub(crate) own_end: usize,
}

impl Head {
    /// The headings below it.
    pub(crate) fn below<'h>(&self, heads: &'h [Head]) -> &'h [Head] {
        let from = heads.partition_point(|other| other.block <= self.block);
        let to = heads.partition_point(|other| other.block < self.end);
        &heads[from..to.max(from)]
    }
}

/// The level of a line that stands for a heading.
pub(crate) const BOLD: u8 = 7;
/// A line of bold type that is longer is a sentence.
const LONGEST: usize = 60;

/// The headings of a document in order.
pub(crate) fn heads(document: &Document) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let Kind::Heading(level) = block.kind else { continue };
        if block.depth > 0 {
            continue;
        }
        while let Some(last) = open.last().filter(|last| heads[**last].level >= level) {
            heads[*last].end = at;
            open.pop();
        }
        let (part, value) = meaning(document, block.words);
        if let Some(last) = heads.last_mut() {
            // A line of bold type without a known word is no more than that.
            let is_known = level < BOLD || !matches!(part, Part::Other);
            if is_known || last.level == BOLD {
                last.own_end = last.own_end.min(at);
            }
        }
        open.push(heads.len());
        let end = document.blocks.len();
        heads.push(Head { block: at, level, part, value, end, own_end: end });
    }
    heads.iter_mut().for_each(|head| head.own_end = head.own_end.min(head.end));
    own_ends(document, &mut heads);
    heads
}

/// What is below a heading alone ends at the next heading that is one, whichever stands between.
fn own_ends(document: &Document, heads: &mut [Head]) {
    let mut next_real = document.blocks.len();
    for head in heads.iter_mut().rev() {
        head.own_end = head.own_end.min(next_real.max(head.block + 1));
        if head.level < BOLD || head.part != Part::Other {
            next_real = head.block;
        }
    }
}

/// What a heading holds, and what it says of it itself.
fn meaning(document: &Document, words: Words) -> (Part, Option<Words>) {
    let text = document.text(words);
    let whole = part(text);
    if whole != Part::Other {
        return (whole, None);
    }
    let dash = || text.contains('-').then(|| text.find(" - ")).flatten();
    let split = text.find([':', '：', '–', '—']).or_else(dash);
    let Some(at) = split else { return (Part::Other, None) };
    let found = part(&text[..at]);
    let value =
        document.trimmed_of(words.part(at, text.len()), |letter| letter.is_whitespace() || ":：–—-".contains(letter));
    if found == Part::Other || value.is_empty() { (found, None) } else { (found, Some(value)) }
}

/// `12. Title` above `=====` is a list to Markdown, and a title to everyone else.
pub(super) fn underline_numbered(document: &mut Document, text: &str) {
    let Some(first) = document.blocks.iter().position(|block| !matches!(block.kind, Kind::Html)) else { return };
    let block = &document.blocks[first];
    if !matches!(block.kind, Kind::Item { .. }) {
        return;
    }
    let source = block.range.of(text);
    let mut lines = source.lines();
    let (Some(title), Some(underline)) = (lines.next(), lines.next()) else { return };
    let is_underline = underline.len() > 2 && underline.trim_end().bytes().all(|byte| byte == b'=');
    if !is_underline || !title.starts_with(|letter: char| letter.is_ascii_digit()) {
        return;
    }
    let start = document.plain.len();
    let title = title.trim_end();
    document.plain.push_str(title);
    let words = Words::new(start, document.plain.len());
    let from = block.range.start;
    document.pieces.push(words, Range::new(from, from + title.len() as u32));
    let block = &mut document.blocks[first];
    (block.kind, block.words, block.depth) = (Kind::Heading(1), words, 0);
}

/// `**Negative:**` right below a list is the rest of its last item to Markdown, and a heading to everyone else.
pub(super) fn part_from_items(document: &mut Document, text: &str) {
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for mut block in std::mem::take(&mut document.blocks) {
        let label = matches!(block.kind, Kind::Item { .. }).then(|| label_below(document, block.words, text)).flatten();
        let Some(label) = label.filter(|_| !block.quoted) else {
            blocks.push(block);
            continue;
        };
        let words = Words { end: block.words.end, ..label };
        let range = document.range(words);
        let below = Block { kind: Kind::Paragraph, words, range, depth: 0, quoted: false };
        block.words.end = label.start;
        block.words = document.trimmed(block.words);
        blocks.extend([block, below]);
    }
    document.blocks = blocks;
}

/// The first line after that of an item which begins in the first column, as no line of an item does, and is a label in bold type that heads a
/// part of a record.
fn label_below(document: &Document, item: Words, text: &str) -> Option<Words> {
    document.text(item).contains('\n').then_some(())?;
    document.lines(item).skip(1).find(|line| {
        let before = text[..document.range(*line).start as usize].rsplit('\n').next().unwrap_or_default();
        let is_first = !before.is_empty() && before.bytes().all(|sign| matches!(sign, b'*' | b'_'));
        let is_bold = || document.set_so(Type::Strong, *line).next().is_some_and(|set| set.start == line.start);
        let is_label =
            || document.text(*line).ends_with(':') && !matches!(part(document.text(*line)), Part::Other | Part::Known);
        is_first && is_bold() && is_label()
    })
}

/// Makes headings of the lines that stand for one.
pub(super) fn split_bold(document: &mut Document) {
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for block in std::mem::take(&mut document.blocks) {
        let is_plain = block.kind == Kind::Paragraph && block.depth == 0 && !block.quoted && !block.words.is_empty();
        match is_plain.then(|| heading_line(document, block.words)).flatten() {
            Some((line, rest)) => {
                let range = document.range(line);
                blocks.push(Block { kind: Kind::Heading(BOLD), words: line, range, ..block.clone() });
                if !rest.is_empty() {
                    let range = document.range(rest);
                    blocks.push(Block { words: rest, range, ..block });
                }
            }
            None => blocks.push(block),
        }
    }
    document.blocks = blocks;
}

/// The first line of a paragraph if it stands for a heading, and the rest.
fn heading_line(document: &Document, words: Words) -> Option<(Words, Words)> {
    let text = document.text(words);
    let length = text.find('\n').unwrap_or(text.len());
    if length > LONGEST {
        return None;
    }
    let is_marked = text[..length].trim_end().ends_with(':') || document.set_so(Type::Strong, words).next().is_some();
    if !is_marked {
        return None;
    }
    let line = document.trimmed(words.part(0, length));
    let rest = document.trimmed(words.part(length.min(text.len()), text.len()));
    let line_text = document.text(line);
    let is_bold = document.set_so(Type::Strong, line).next().is_some_and(|set| {
        let before = words_between(document, line.start, set.start);
        let after = words_between(document, set.end, line.end);
        before.chars().all(|letter| !letter.is_alphanumeric()) && matches!(after.trim(), "" | ":")
    });
    let known = part(line_text);
    let follows_label = || label_of(document.text(rest).lines().next().unwrap_or_default()).is_some();
    match known {
        Part::Other => {
            let ends = line_text.ends_with(['.', '!', '?', ',', ';']);
            let says = label_of(line_text).is_some() || begins_with_state(line_text);
            (is_bold && rest.is_empty() && !ends && !says).then_some((line, rest))
        }
        Part::Known | Part::TradeOffs => (is_bold && rest.is_empty()).then_some((line, rest)),
        _ => ((is_bold || line_text.ends_with(':') && rest.is_empty()) && !follows_label()).then_some((line, rest)),
    }
}

fn words_between(document: &Document, start: u32, end: u32) -> &str {
    document.text(Words { start, end })
}

/// The part that a line `Label: value` is about, if its label is known.
fn label_of(line: &str) -> Option<Part> {
    let (label, _) = line.split_once(':')?;
    Some(part(label)).filter(|part| *part != Part::Other)
}

fn begins_with_state(line: &str) -> bool {
    let line = line.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let word = line.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    state(word).is_some() || relation_at(line).is_some()
}
