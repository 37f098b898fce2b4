//! A line or paragraph that says something of the record, with what is needed to tell what: its links, its bold type, its bytes.

use crate::document::{Block, Document, Kind, Pieces, Type, Words, build, reads};
use groma_base::Range;

/// Some words with what stands in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phrase {
    /// The words, with line breaks.
    pub(crate) text: String,
    /// The bytes of the words.
    pub(crate) range: Range,
    /// Links, as bytes of the words, and where each leads.
    pub(crate) links: Vec<(std::ops::Range<usize>, String, Range)>,
    /// Bold words, as bytes of the words, with their bytes in the file.
    pub(crate) bold: Vec<(std::ops::Range<usize>, Range)>,
    /// Whether it has a box before it, and if so whether that is ticked.
    pub(crate) ticked: Option<bool>,
    /// Which bytes of the file hold which of the words.
    pub(crate) pieces: Pieces,
}

impl Phrase {
    /// Words of a document.
    pub(crate) fn of(document: &Document, words: Words) -> Phrase {
        let within = |other: Words| (other.start - words.start) as usize..(other.end - words.start) as usize;
        let links = document.links_in(words).iter().filter(|link| words.holds(link.words));
        Phrase {
            text: document.text(words).to_owned(),
            range: document.range(words),
            links: links.map(|link| (within(link.words), link.target.clone(), link.range)).collect(),
            bold: document.set_so(Type::Strong, words).map(|set| (within(set), document.range(set))).collect(),
            ticked: None,
            pieces: document.pieces(words),
        }
    }

    /// A value of front matter; a link in it is one.
    pub(crate) fn of_value(text: &str, range: Range, file: &str) -> Phrase {
        if !text.contains("](") {
            let inside = range.of(file).find(text).map_or(range, |at| {
                let start = range.start + at as u32;
                Range::new(start, start + text.len() as u32)
            });
            return Phrase {
                text: text.to_owned(),
                range,
                pieces: Pieces::plain(text.len(), inside),
                ..Phrase::default()
            };
        }
        let source = range.of(file).trim_matches(['"', '\'']);
        let document = build(
            &file[..range.end as usize - usize::from(range.of(file).len() > source.len())],
            start_of(source, range, file),
        );
        let whole = document.blocks.first().map_or(Words::default(), |block| block.words);
        Phrase { range, ..Phrase::of(&document, whole) }
    }

    /// The phrase from some byte of its words on.
    pub(crate) fn from(&self, start: usize) -> Phrase {
        let moved = |words: &std::ops::Range<usize>| words.start - start..words.end - start;
        let links = self.links.iter().filter(|(words, ..)| words.start >= start);
        let bold = self.bold.iter().filter(|(words, _)| words.start >= start);
        Phrase {
            text: self.text[start..].to_owned(),
            range: if start < self.text.len() {
                self.range_of(start..self.text.len())
            } else {
                Range::new(self.range.end, self.range.end)
            },
            links: links.map(|(words, target, range)| (moved(words), target.clone(), *range)).collect(),
            bold: bold.map(|(words, range)| (moved(words), *range)).collect(),
            ticked: self.ticked,
            pieces: self.pieces.within(Words::new(start, self.text.len())),
        }
    }

    /// The words as they read.
    pub(crate) fn reads(&self) -> String {
        reads(&self.text)
    }

    /// The bytes of the file that hold some bytes of the words.
    pub(crate) fn range_of(&self, part: std::ops::Range<usize>) -> Range {
        self.pieces.range(Words::new(part.start, part.end))
    }
}

fn start_of(source: &str, range: Range, file: &str) -> usize {
    range.start as usize + range.of(file).find(source).unwrap_or(0)
}

/// The phrases of some blocks: each item and row, and each line of a paragraph that begins one by `begins`.
pub(crate) fn phrases(document: &Document, blocks: &[Block], begins: impl Fn(&str) -> bool) -> Vec<Phrase> {
    let mut found = Vec::new();
    for block in blocks {
        match &block.kind {
            Kind::Code | Kind::Rule | Kind::Html | Kind::Row { head: true, .. } => {}
            Kind::Item { ticked } => {
                let words = document.trimmed(block.words);
                found.push(Phrase { ticked: *ticked, ..Phrase::of(document, words) });
            }
            Kind::Row { .. } => found.push(Phrase::of(document, document.trimmed(block.words))),
            Kind::Paragraph | Kind::Heading(_) => {
                let lines = parted(document, block.words, &begins);
                found.extend(lines.into_iter().map(|words| Phrase::of(document, words)));
            }
        }
    }
    found.retain(|phrase| !phrase.text.trim().is_empty());
    found
}

/// Words parted before each line that begins something.
fn parted(document: &Document, words: Words, begins: &impl Fn(&str) -> bool) -> Vec<Words> {
    let mut parts: Vec<Words> = Vec::new();
    for line in document.lines(words).filter(|line| !line.is_empty()) {
        match parts.last_mut() {
            Some(last) if !begins(document.text(line)) => last.end = line.end,
            _ => parts.push(line),
        }
    }
    parts
}
