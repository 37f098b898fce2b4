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
#[derive(Default, Debug)]
pub(super) struct Pieces(Vec<Piece>);

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

    /// The bytes from the first to the last of some words.
    pub(super) fn range(&self, words: Words) -> Range {
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
