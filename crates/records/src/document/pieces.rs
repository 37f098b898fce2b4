//! Which bytes of a file hold which words of the plain text.

use super::Words;
use groma_base::Range;

/// Words and the bytes that they were read from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    words: Words,
    range: Range,
}

/// The pieces of the plain text, in its order.
#[derive(Clone, Default, Debug)]
pub(crate) struct Pieces(Vec<Piece>);

impl Pieces {
    pub(super) fn push(&mut self, words: Words, range: Range) {
        if let Some(last) = self.0.last_mut() {
            let follows = last.words.end == words.start && last.range.end == range.start;
            if follows && is_exact(last) && is_exact(&Piece { words, range }) {
                last.words.end = words.end;
                last.range.end = range.end;
                return;
            }
        }
        self.0.push(Piece { words, range });
    }

    /// Those of some words, which are counted from the start of these.
    pub(crate) fn within(&self, words: Words) -> Pieces {
        let first = self.0.partition_point(|piece| piece.words.end <= words.start);
        let last = self.0.partition_point(|piece| piece.words.start < words.end);
        let part = |piece: &Piece| {
            let cut = Words { start: piece.words.start.max(words.start), end: piece.words.end.min(words.end) };
            let range = self.range(cut);
            Piece { words: Words { start: cut.start - words.start, end: cut.end - words.start }, range }
        };
        Pieces(self.0[first..last.max(first)].iter().map(part).collect())
    }

    /// Words that are bytes of the file as they stand.
    pub(crate) fn plain(length: usize, range: Range) -> Pieces {
        Pieces(vec![Piece { words: Words::new(0, length), range }])
    }

    /// The bytes from the first to the last of some words.
    pub(crate) fn range(&self, words: Words) -> Range {
        let first = self.0.partition_point(|piece| piece.words.end <= words.start);
        let last = self.0.partition_point(|piece| piece.words.start < words.end.max(words.start + 1));
        let (Some(first), Some(last)) = (self.0.get(first), self.0.get(last.wrapping_sub(1))) else {
            let at = self.0.last().map_or(0, |piece| piece.range.end);
            return Range::new(at, at);
        };
        let start = if is_exact(first) && words.start > first.words.start {
            first.range.start + (words.start - first.words.start)
        } else {
            first.range.start
        };
        let end = if is_exact(last) && words.end < last.words.end {
            last.range.end - (last.words.end - words.end)
        } else {
            last.range.end
        };
        Range::new(start.min(end), end.max(start))
    }
}

/// Whether each byte of the words is one byte of the file.
fn is_exact(piece: &Piece) -> bool {
    piece.words.end - piece.words.start == piece.range.end - piece.range.start
}
