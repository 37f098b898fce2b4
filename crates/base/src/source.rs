//! Sources and positions in them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Whether a file is called as one of Groma text is.
pub fn is_groma(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "groma")
}

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Range {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Range {
    /// The range from `start` up to, not including, `end`.
    pub fn new(start: u32, end: u32) -> Range {
        Range { start, end }
    }

    /// The smallest range that holds both.
    pub fn cover(self, other: Range) -> Range {
        Range::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether the whole of `other` lies in this range.
    pub fn contains(self, other: Range) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether it is the empty range at the start, which stands for "nowhere".
    pub fn is_none(self) -> bool {
        self == Range::default()
    }

    /// The text that the range covers; empty if the range does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl std::fmt::Debug for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// Which file of a set of [`Sources`]. Files are numbered in the order of their paths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FileId(pub u32);

impl FileId {
    /// As an index into the list of files.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range in a particular file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub range: Range,
}

impl Span {
    /// The range `range` of `file`.
    pub fn new(file: FileId, range: Range) -> Span {
        Span { file, range }
    }
}

/// A line and a column, both counted from 1; the column counts Unicode scalar values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// What a file is called where its name must not depend on where the reader stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// The path from the root of the repository, with `/` between the parts.
    InRepository(String),
    /// The way from the root of the repository to a file outside of it, which is the same on each machine that has the two beside
    /// each other; the whole path where there is no way.
    Elsewhere(String),
}

impl Place {
    /// The path.
    pub fn path(&self) -> &str {
        match self {
            Place::InRepository(path) | Place::Elsewhere(path) => path,
        }
    }
}

/// One file: the path it is shown under and its text.
#[derive(Debug)]
pub struct Source {
    /// The path as messages show it, with `/` between the parts.
    pub path: String,
    /// The path from the workspace's folder: the same wherever the workspace lies and however it was named.
    pub published: String,
    /// The path of what it leads to from the workspace's folder, if it may be a link.
    pub leads_to: Option<String>,
    /// Where it lies in its repository.
    pub place: Place,
    /// Whether it lies outside of the workspace: then its text is nobody's to show.
    pub is_foreign: bool,
    /// The whole text.
    pub text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters begin before each [`STRIDE`] of bytes.
    characters: OnceLock<Vec<u32>>,
}

/// From so many bytes on characters are not counted anew each time.
const STRIDE: usize = 1024;

impl Source {
    /// A source with this path and text.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Source {
        let path = path.into();
        Source {
            published: path.clone(),
            place: Place::InRepository(path.clone()),
            leads_to: None,
            is_foreign: false,
            path,
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// The same file with another text.
    pub fn with_text(&self, text: impl Into<Arc<str>>) -> Source {
        Source {
            path: self.path.clone(),
            published: self.published.clone(),
            leads_to: self.leads_to.clone(),
            place: self.place.clone(),
            is_foreign: self.is_foreign,
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// Where the byte at `offset` stands; an offset past the end is the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let starts = self.line_starts();
        let offset = self.floor_boundary(offset);
        let line = starts.partition_point(|start| *start <= offset) - 1;
        let (start, end) = (starts[line] as usize, offset as usize);
        let before = match end - start < STRIDE {
            true => self.text[start..end].chars().count() as u32,
            false => self.characters_before(end) - self.characters_before(start),
        };
        let marks = u32::from(start == 0 && end > 0 && self.mark() > 0);
        LineColumn { line: line as u32 + 1, column: before - marks + 1 }
    }

    /// How many bytes a byte order mark takes, which is no part of the first line.
    fn mark(&self) -> u32 {
        const MARK: char = '\u{FEFF}';
        if self.text.starts_with(MARK) { MARK.len_utf8() as u32 } else { 0 }
    }

    fn characters_before(&self, offset: usize) -> u32 {
        // Every byte begins a character but those that continue one.
        let begun = |bytes: &[u8]| bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32;
        let counts = self.characters.get_or_init(|| {
            let strides = self.text.as_bytes().chunks(STRIDE).scan(0, |sum, bytes| {
                *sum += begun(bytes);
                Some(*sum)
            });
            std::iter::once(0).chain(strides).collect()
        });
        counts[offset / STRIDE] + begun(&self.text.as_bytes()[offset - offset % STRIDE..offset])
    }

    fn floor_boundary(&self, offset: u32) -> u32 {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset as u32
    }

    /// The range of a line counted from 1, without its line break of one or two characters; `None` past the last line.
    pub fn line(&self, line: u32) -> Option<Range> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)? as usize)?;
        let start = if start == 0 { self.mark() } else { start };
        let Some(next) = starts.get(line as usize) else { return Some(Range::new(start, self.text.len() as u32)) };
        let end = next - 1;
        let is_carried = end > start && self.text.as_bytes()[end as usize - 1] == b'\r';
        Some(Range::new(start, end - u32::from(is_carried)))
    }
}

/// The files of one workspace, addressed by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<Source>>,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, source: Arc<Source>) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    /// Puts another source in the place of a file.
    pub fn replace(&mut self, file: FileId, source: Arc<Source>) {
        self.files[file.index()] = source;
    }

    /// The file with this number.
    ///
    /// # Panics
    /// If the number belongs to another set of sources.
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.index()]
    }

    /// All files in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Arc<Source>)> {
        self.files.iter().enumerate().map(|(at, source)| (FileId(at as u32), source))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// `path:line:column` of the start of a span.
    pub fn location(&self, span: Span) -> String {
        self.at(&self.get(span.file).path, span)
    }

    /// The same with the path from the workspace's folder, for what is published.
    pub fn published_location(&self, span: Span) -> String {
        self.at(&self.get(span.file).published, span)
    }

    /// The same with the path from the root of the repository, for programs.
    pub fn place_location(&self, span: Span) -> String {
        self.at(self.get(span.file).place.path(), span)
    }

    fn at(&self, path: &str, span: Span) -> String {
        let at = self.get(span.file).line_column(span.range.start);
        format!("{path}:{}:{}", at.line, at.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let source = Source::new("a", "ab\nçd\n");
        let at = |offset| {
            let found = source.line_column(offset);
            (found.line, found.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(4), (2, 1), "inside a character counts as its start");
        assert_eq!(at(5), (2, 2));
        assert_eq!(at(99), (3, 1));
        assert_eq!(source.line(2).unwrap().of(&source.text), "çd");
        assert_eq!(source.line(4), None);
    }

    #[test]
    fn a_line_break_of_two_characters_is_no_part_of_its_line() {
        let source = Source::new("a.groma", "a\r\n\r\nb\r");
        let lines: Vec<&str> = (1..=3).map(|line| source.line(line).unwrap().of(&source.text)).collect();
        assert_eq!(lines, ["a", "", "b\r"]);
    }

    #[test]
    fn columns_of_long_lines_are_those_that_counting_gives() {
        let source = Source::new("a", format!("x\n{}", "aç→𝄞".repeat(STRIDE)));
        for (at, _) in source.text.char_indices().skip(2) {
            let counted = source.text[2..at].chars().count() as u32 + 1;
            assert_eq!(source.line_column(at as u32), LineColumn { line: 2, column: counted });
        }
    }
}
