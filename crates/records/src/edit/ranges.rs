//! Which bytes a phrase takes with its markup.

use crate::phrase::Phrase;
use groma_base::Range;

/// The bytes of a phrase with its links and the marks around it.
pub(crate) fn whole(phrase: &Phrase, text: &str) -> Range {
    let all = phrase.links.iter().map(|(_, _, range)| *range).fold(phrase.range, Range::cover);
    let (mut start, mut end) = (all.start as usize, all.end as usize);
    let is_mark = |byte: u8| matches!(byte, b'*' | b'_' | b'`');
    let bytes = text.as_bytes();
    let count = |mark: u8, start: usize, end: usize| bytes[start..end].iter().filter(|byte| **byte == mark).count();
    while start > 0 && is_mark(bytes[start - 1]) {
        let mark = bytes[start - 1];
        let is_closed = end < bytes.len() && bytes[end] == mark;
        if !is_closed && count(mark, start, end).is_multiple_of(2) && count(mark, start, end) == 0 {
            break;
        }
        start -= 1;
        if is_closed {
            end += 1;
        }
    }
    while end < bytes.len() && is_mark(bytes[end]) && count(bytes[end], start, end) % 2 == 1 {
        end += 1;
    }
    while let Some(length) = run_at(bytes, end).filter(|length| is_open(&bytes[start..end], bytes[end], *length)) {
        end += length;
    }
    Range::new(start as u32, end as u32)
}

/// How many marks of a kind, such as the two stars of bold type, stand at a place, if any do.
fn run_at(bytes: &[u8], at: usize) -> Option<usize> {
    let mark = *bytes.get(at).filter(|byte| matches!(byte, b'*' | b'_' | b'`' | b'~'))?;
    Some(bytes[at..].iter().take_while(|byte| **byte == mark).count())
}

/// Whether a text begins something with so many marks and does not end it.
fn is_open(bytes: &[u8], mark: u8, length: usize) -> bool {
    let runs = bytes.chunk_by(|one, other| one == other).filter(|run| run[0] == mark && run.len() == length);
    runs.count() % 2 == 1
}

/// A value without its quotes.
pub(super) fn inside_quotes(text: &str, range: Range) -> Range {
    let value = range.of(text);
    let is_quoted =
        value.len() > 1 && ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote));
    if is_quoted { Range::new(range.start + 1, range.end - 1) } else { range }
}
