//! Numbers of records: in names of files, in headings, in references.

use crate::dates;
use crate::record::Reference;

/// Words that stand before the number of a record, in lower case; of two that fit the longer comes first.
const BEFORE: &[&str] = &[
    "architecture decision record (adr)",
    "architectural decision record (adr)",
    "architecture decision record",
    "architectural decision record",
    "architecture decision",
    "decision record",
    "decision",
    "madr",
    "adr",
    "rfc",
    "rfd",
    "kep",
    "dr",
];

/// Words of a heading that name the kind of text and not the record.
const GENERIC: &[&str] = &[
    "adr",
    "architecture decision record",
    "architectural decision record",
    "architecture decision records",
    "architecture decision record (adr)",
    "architectural decision record (adr)",
    "architecture decision",
    "decision record",
    "rfc",
    "request for comments",
    "design doc",
    "design document",
];

/// Whether a heading names the kind of text and not the record.
pub(crate) fn is_generic(heading: &str) -> bool {
    let heading = heading.trim().trim_end_matches(':');
    GENERIC.iter().any(|known| known.eq_ignore_ascii_case(heading))
}

/// Whether the file is a template by its name.
pub(crate) fn is_template_name(file: &str) -> bool {
    let stem = stem(file).to_ascii_lowercase();
    let bare = stem.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '_' | '.'));
    let after = bare.strip_prefix("adr").unwrap_or(bare);
    let after = after.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '_'));
    let is_zero = stem.bytes().filter(u8::is_ascii_digit).all(|byte| byte == b'0');
    is_zero && (after == "template" || after.starts_with("template-") || bare.ends_with("adr-template"))
}

/// The name of a file without its ending.
pub(crate) fn stem(file: &str) -> &str {
    let is_text = |ending: &str| {
        ["md", "markdown", "mdx", "adoc", "asciidoc"].iter().any(|known| known.eq_ignore_ascii_case(ending))
    };
    file.rsplit_once('.').filter(|(_, ending)| is_text(ending)).map_or(file, |(stem, _)| stem)
}

/// The digits at the start of a text as the number of a record, and their length: 1 to 5 of them, and no more digits after.
fn digits(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=5).contains(&length).then(|| text[..length].parse().ok())??;
    Some((number, length))
}

/// The text after one of the words that stand before a number, and after the signs that part them.
fn after_word(text: &str) -> Option<&str> {
    let fits = |word: &&&str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let word = BEFORE.iter().find(fits)?;
    Some(text[word.len()..].trim_start_matches([' ', '-', '_', '#', '.', ':', '\u{2011}', '–', '—', '\u{a0}']))
}

/// The number in the name of a file, without folders and ending, and where its digits are.
pub(crate) fn of_name(file: &str) -> Option<(u32, std::ops::Range<usize>)> {
    let stem = stem(file);
    if dates::of_name(stem).is_some() {
        return None;
    }
    let rest = match digits(stem) {
        Some(_) => stem,
        None => {
            let rest = after_word(stem).filter(|_| !stem.to_ascii_lowercase().starts_with("decision"))?;
            if dates::of_name(rest).is_some() {
                return None;
            }
            rest
        }
    };
    let (number, length) = digits(rest)?;
    let start = stem.len() - rest.len();
    let follows = rest[length..].chars().next();
    follows.is_none_or(|letter| !letter.is_alphanumeric()).then_some((number, start..start + length))
}

/// The number that a heading begins with, its digits, and where the title begins. `expected` is the number of the file's name: digits that
/// nothing parts from the title but a blank are a number only if that agrees, or has none.
pub(crate) struct HeadingNumber {
    pub(crate) number: u32,
    pub(crate) digits: std::ops::Range<usize>,
    pub(crate) title: usize,
}

/// See [`HeadingNumber`].
pub(crate) fn of_heading(heading: &str, expected: Option<u32>) -> Option<HeadingNumber> {
    let trimmed = heading.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let is_bracketed = heading[..heading.len() - trimmed.len()].ends_with(['[', '(']);
    let with_word = after_word(trimmed).filter(|rest| digits(rest).is_some());
    let rest = with_word.unwrap_or(trimmed);
    let start = heading.len() - rest.len();
    let (number, length) = digits(rest)?;
    let after = &rest[length..];
    let mut next = after.chars();
    let (first, second) = (next.next(), next.next());
    let is_number = match (first, second) {
        (None, _) => with_word.is_some() || expected == Some(number),
        (Some('.'), Some(letter)) if letter.is_ascii_digit() => false,
        (Some('.' | ':' | '：' | ')' | ']'), _) => true,
        (Some('-' | '–' | '—'), Some(' ')) => true,
        (Some('-' | '_'), _) => expected == Some(number),
        (Some(letter), _) if letter.is_whitespace() => {
            let is_parted = after.trim_start().starts_with(['-', '–', '—', ':', '|']);
            with_word.is_some() || is_parted || expected.is_none_or(|expected| expected == number)
        }
        _ => false,
    };
    let signs = |letter: char| letter.is_whitespace() || ".:：)]-–—_|·".contains(letter);
    let after = if is_bracketed { after.trim_start_matches([']', ')']) } else { after };
    let mut title = heading.len() - after.trim_start_matches(signs).len();
    // A name may begin with a dot: `13. .NET 8`.
    if heading[..title].ends_with(" .") {
        title -= 1;
    }
    is_number.then_some(HeadingNumber { number, digits: start..start + length, title })
}

/// Where the title begins in a heading that begins with a name of letters and digits: `ADR-MOD-005 — Use a queue`. That it is a name, and no
/// word of the title, is told by `ADR` or by the name of the file.
pub(crate) fn after_identifier(heading: &str, file: &str) -> usize {
    let rest = heading.strip_prefix("ADR ").unwrap_or(heading);
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let length = rest.find(|letter| !is_of_name(letter)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    let bare = name.trim_end_matches(['-', '_', '.']);
    let is_known = heading.starts_with("ADR") || file.to_ascii_lowercase().contains(&bare.to_ascii_lowercase());
    let is_name = bare.contains('-') && bare.ends_with(|letter: char| letter.is_ascii_digit());
    let title = after.trim_start_matches(|letter: char| letter.is_whitespace() || ":-–—|".contains(letter));
    let is_parted = after.starts_with(':') || after.trim_start().starts_with(['–', '—', '-', '|']);
    if is_known && is_name && is_parted && !title.is_empty() { heading.len() - title.len() } else { 0 }
}

/// Where the title begins in a heading that has the number of a chapter: `9.2 Use a queue`.
pub(crate) fn after_chapter(heading: &str) -> usize {
    let rest = heading.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let chapter = &heading[..heading.len() - rest.len()];
    let is_chapter =
        chapter.trim_end_matches('.').contains('.') && chapter.starts_with(|letter: char| letter.is_ascii_digit());
    if is_chapter && rest.starts_with(' ') { heading.len() - rest.trim_start().len() } else { 0 }
}

/// Where the title begins in a heading that says what it is, without a number: `ADR: Use a queue`.
pub(crate) fn after_kind(heading: &str) -> usize {
    let fits = |word: &&&str| heading.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let Some(word) = BEFORE.iter().find(fits) else { return 0 };
    let rest = heading[word.len()..].trim_start();
    let rest = rest.strip_prefix("(ADR)").map_or(rest, str::trim_start);
    let title = rest.trim_start_matches(|letter: char| letter.is_whitespace() || ":-–—".contains(letter));
    let is_parted = rest.starts_with(':') || rest.starts_with(['–', '—']) || rest.starts_with("- ");
    if is_parted && !title.is_empty() { heading.len() - title.len() } else { 0 }
}

/// The number that a text names another record by at its start, and its length: `ADR-9`, `0128`, `#12`, `3. Keep parcels`.
pub(crate) fn at(text: &str) -> Option<(u32, usize)> {
    // `#12` alone is an issue.
    let bare = text.trim_start_matches(['[', '(']);
    let rest = after_word(bare).filter(|rest| digits(rest).is_some()).unwrap_or(bare);
    let (number, length) = digits(rest)?;
    let end = text.len() - rest.len() + length;
    let follows = text[end..].chars().next();
    let is_name = follows.is_some_and(|letter| letter.is_alphanumeric() || letter == '\u{2011}');
    (!is_name && dates::of_name(rest).is_none()).then_some((number, end))
}

/// Which record a link leads to, by the last part of its target that is no anchor: a number, or a name where it has none.
pub(crate) fn of_target(target: &str) -> Option<Reference> {
    let path = target.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
    let is_elsewhere = path.contains("://") || path.starts_with("mailto:");
    let file = path.rsplit('/').next().unwrap_or_default();
    if file.is_empty() {
        return None;
    }
    if let Some((number, _)) = of_name(file) {
        // The number of a ticket is a number as well, and none of a record.
        let is_record = stem(file) != file || file.contains('-') && !is_elsewhere || !path.contains("://");
        return is_record.then_some(Reference::Number(number));
    }
    let is_text = stem(file) != file || dates::of_name(file).is_some();
    (is_text && !is_elsewhere).then(|| Reference::Name(stem(file).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Reference, at, is_template_name, of_heading, of_name, of_target};

    #[test]
    fn names_of_files_have_numbers() {
        for (name, number) in [
            ("0001-keep.md", Some(1)),
            ("7-refuse.md", Some(7)),
            ("00067-buy.md", Some(67)),
            ("ADR-065-lend.md", Some(65)),
            ("adr060-avoid.md", Some(60)),
            ("adr-66.md", Some(66)),
            ("DR077.md", Some(77)),
            ("RFC-0079-number.md", Some(79)),
            ("20240219-sell.md", None),
            ("2021-05-03-measure.md", None),
            ("adr-2021-05-03-measure.md", None),
            ("deepen-the-well.md", None),
            ("123456-many.md", None),
            ("3d-prints.md", None),
        ] {
            assert_eq!(of_name(name).map(|(number, _)| number), number, "{name}");
        }
        assert!(is_template_name("adr000-template.md") && is_template_name("template.md"));
        assert!(!is_template_name("0012-template-engine.md"));
    }

    #[test]
    fn headings_have_numbers() {
        for (heading, number, title) in [
            ("12. T", Some(12), "T"),
            ("12 T", Some(12), "T"),
            ("ADR-12: T", Some(12), "T"),
            ("ADR 12 – T", Some(12), "T"),
            ("[ADR-12] T", Some(12), "T"),
            ("DR012 T", Some(12), "T"),
            ("0012 - T", Some(12), "T"),
            ("ADR#12 T", Some(12), "T"),
            ("Architecture Decision Record 12: T", Some(12), "T"),
            ("9.2 T", None, "9.2 T"),
            ("3D prints", None, "3D prints"),
            ("64-bit T", None, "64-bit T"),
        ] {
            let found = of_heading(heading, None);
            assert_eq!(found.as_ref().map(|found| found.number), number, "{heading}");
            assert_eq!(&heading[found.map_or(0, |found| found.title)..], title);
        }
        assert!(of_heading("3 ways to pay", Some(7)).is_none());
    }

    #[test]
    fn texts_and_targets_name_records() {
        assert_eq!(at("ADR-9 and").map(|(number, _)| number), Some(9));
        assert_eq!(at("3. Keep").map(|(number, _)| number), Some(3));
        assert_eq!((at("20240219-x"), at("9th")), (None, None));
        assert_eq!(of_target("/docs/0021-keep-notes/"), Some(Reference::Number(21)));
        assert_eq!(of_target("../x/20230110-cut.md"), Some(Reference::Name("20230110-cut".into())));
        assert_eq!((of_target("https://a.example/issues/12"), of_target("#status")), (None, None));
    }
}
