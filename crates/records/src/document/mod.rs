//! The Markdown of a record as a flat list of blocks, whose words stand one after another in one text, as they read.

mod build;
mod outline;
mod pieces;

pub(crate) use build::build;
pub(crate) use outline::{BOLD, Head, heads};
pub(crate) use pieces::Pieces;

use groma_base::Range;

/// A range in the plain text of a [`Document`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub(crate) struct Words {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Words {
    pub(crate) fn new(start: usize, end: usize) -> Words {
        Words { start: start as u32, end: end as u32 }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The part from `start` to `end`, both counted from the start of these.
    pub(crate) fn part(self, start: usize, end: usize) -> Words {
        Words { start: self.start + start as u32, end: self.start + end as u32 }
    }

    pub(crate) fn holds(self, other: Words) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What a block is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A heading with its level; 7 is a line of bold type that stands for one.
    Heading(u8),
    Paragraph,
    /// An item of a list; whether it has a box, and if so whether that is ticked.
    Item {
        ticked: Option<bool>,
    },
    /// A row of a table: its cells, as a range in [`Document::cells`]; whether it is the heading row.
    Row {
        cells: std::ops::Range<usize>,
        head: bool,
    },
    Code,
    Rule,
    Html,
}

/// A block without its children.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// Its words; of a row those of all cells.
    pub(crate) words: Words,
    /// Its bytes; of an item those of its children as well.
    pub(crate) range: Range,
    /// In how many lists it stands.
    pub(crate) depth: u16,
    /// Whether it stands in a quotation.
    pub(crate) quoted: bool,
}

/// How some words are set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Type {
    Strong,
    Emphasis,
    Code,
}

/// A link in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Anchor {
    pub(crate) words: Words,
    pub(crate) target: String,
    pub(crate) range: Range,
}

/// A record's Markdown.
#[derive(Default, Debug)]
pub(crate) struct Document {
    /// The words of all blocks, one after another; a line break within a block is `\n`.
    pub(crate) plain: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) cells: Vec<Words>,
    /// Words that are set otherwise, in the order of their starts.
    pub(crate) set: Vec<(Type, Words)>,
    pub(crate) links: Vec<Anchor>,
    pub(crate) pictures: usize,
    /// A fence that swallows the rest.
    pub(crate) open_fence: Option<Range>,
    /// A comment that swallows the rest.
    pub(crate) open_comment: Option<Range>,
    pieces: Pieces,
}

impl Document {
    /// Some words, with line breaks.
    pub(crate) fn text(&self, words: Words) -> &str {
        self.plain.get(words.start as usize..words.end as usize).unwrap_or("")
    }

    /// Some words as they read: each run of blanks is one.
    pub(crate) fn reads(&self, words: Words) -> String {
        reads(self.text(words))
    }

    /// The bytes of the file that hold some words.
    pub(crate) fn range(&self, words: Words) -> Range {
        self.pieces.range(words)
    }

    /// Which bytes hold which of some words.
    pub(crate) fn pieces(&self, words: Words) -> Pieces {
        self.pieces.within(words)
    }

    /// Some words without the blanks around them.
    pub(crate) fn trimmed(&self, words: Words) -> Words {
        self.trimmed_of(words, char::is_whitespace)
    }

    /// Some words without such letters around them.
    pub(crate) fn trimmed_of(&self, words: Words, is_around: impl Fn(char) -> bool) -> Words {
        let text = self.text(words);
        let start = text.len() - text.trim_start_matches(&is_around).len();
        let end = start + text[start..].trim_end_matches(&is_around).len();
        words.part(start, end)
    }

    /// The lines of some words.
    pub(crate) fn lines(&self, words: Words) -> impl Iterator<Item = Words> + '_ {
        let mut start = 0;
        self.text(words).split('\n').map(move |line| {
            let from = start;
            start += line.len() + 1;
            self.trimmed(words.part(from, from + line.len()))
        })
    }

    /// The words within some others that are set so.
    pub(crate) fn set_so(&self, kind: Type, within: Words) -> impl Iterator<Item = Words> + '_ {
        let from = self.set.partition_point(|(_, words)| words.start < within.start);
        let inside = self.set[from..].iter().take_while(move |(_, words)| words.start < within.end);
        inside.filter(move |(other, words)| *other == kind && words.end <= within.end).map(|(_, words)| *words)
    }

    /// The links within some words.
    pub(crate) fn links_in(&self, within: Words) -> &[Anchor] {
        let from = self.links.partition_point(|link| link.words.start < within.start);
        let to = self.links.partition_point(|link| link.words.start < within.end);
        &self.links[from..to.max(from)]
    }
}

/// A text as it reads: each run of blanks is one, and none is at its ends.
pub(crate) fn reads(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !read.is_empty() {
            read.push(' ');
        }
        read.push_str(word);
    }
    if read.contains(crate::bytes::FOREIGN) { read.replace(crate::bytes::FOREIGN, "\u{FFFD}") } else { read }
}
