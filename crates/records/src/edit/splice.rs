//! Replacing ranges of a file, and the words and line ends that fit what stands around them.

use groma_base::Range;

/// One range and what replaces it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Splice {
    pub(super) range: Range,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(range: Range, text: impl Into<String>) -> Splice {
        Splice { range, text: text.into() }
    }

    pub(super) fn insert(at: u32, text: impl Into<String>) -> Splice {
        Splice::new(Range::new(at, at), text)
    }
}

/// The bytes with the ranges replaced. What overlaps another is left out: the comparison afterwards tells.
pub(super) fn apply(bytes: &[u8], splices: &[Splice]) -> Vec<u8> {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    sorted.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut edited = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for splice in sorted {
        let (start, end) = (splice.range.start as usize, splice.range.end as usize);
        if start < at || end > bytes.len() {
            continue;
        }
        edited.extend_from_slice(&bytes[at..start]);
        edited.extend_from_slice(splice.text.as_bytes());
        at = end;
    }
    edited.extend_from_slice(&bytes[at..]);
    edited
}

/// How the line at a place ends, or one near to it.
pub(super) fn line_end(text: &str, at: u32) -> &'static str {
    let (before, after) = text.split_at(text.floor_char_boundary(at as usize));
    let of = |end: Option<usize>, text: &str| {
        end.map(|at| match text.as_bytes()[at] {
            b'\n' if at > 0 && text.as_bytes()[at - 1] == b'\r' => "\r\n",
            b'\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => "\r\n",
            b'\r' => "\r",
            _ => "\n",
        })
    };
    of(before.rfind(['\n', '\r']), before).or_else(|| of(after.find(['\n', '\r']), after)).unwrap_or("\n")
}

/// The start of the line at a place.
pub(crate) fn line_start(text: &str, at: u32) -> u32 {
    text[..text.floor_char_boundary(at as usize)].rfind(['\n', '\r']).map_or(0, |end| end as u32 + 1)
}

/// The place after the line at a place, with its break; the end of the text if the line has none.
pub(crate) fn after_line(text: &str, at: u32) -> u32 {
    let rest = &text[text.floor_char_boundary(at as usize)..];
    let length = match rest.find(['\n', '\r']) {
        Some(end) if rest[end..].starts_with("\r\n") => end + 2,
        Some(end) => end + 1,
        None => rest.len(),
    };
    at + length as u32
}

/// Text on lines of its own after a place that ends a block: with a break before it where the file has none at its end.
pub(super) fn lines_after(text: &str, at: u32, lines: &str) -> Splice {
    let end = line_end(text, at);
    let has_break = at == 0 || text[..at as usize].ends_with(['\n', '\r']);
    let lines = lines.replace('\n', end);
    match has_break {
        true => Splice::insert(at, format!("{lines}{end}")),
        false => Splice::insert(at, format!("{end}{lines}")),
    }
}

/// A word in the letters of another: `ACCEPTED`, `Accepted`, `accepted`.
pub(super) fn in_case_of(word: &str, other: &str) -> String {
    let mut letters = other.chars().filter(|letter| letter.is_alphabetic());
    let (first, second) = (letters.next(), letters.next());
    let is_upper = |letter: Option<char>| letter.is_some_and(char::is_uppercase);
    match (is_upper(first), is_upper(second)) {
        (true, true) => word.to_uppercase(),
        (true, false) => capital(word),
        _ if first.is_some_and(|letter| !letter.is_lowercase()) => capital(word),
        _ => word.to_owned(),
    }
}

/// A word with a capital.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
