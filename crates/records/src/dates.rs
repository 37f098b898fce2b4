//! Dates as people write them: certain, or not.

use crate::words::{is_nothing, is_placeholder, month};
use groma_base::{MeantDate, is_date, meant_date};
use std::ops::Range;

/// What a text says of a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Told {
    /// This day, `YYYY-MM-DD`, by these bytes of the text.
    Day(String, Range<usize>),
    /// One of several days.
    Ambiguous,
    /// A day that the calendar does not have.
    Impossible,
    /// Words, and no date that anybody can read.
    Unreadable,
    /// What the template has there.
    Placeholder,
    /// Nothing.
    Nothing,
}

impl Told {
    /// Whether both tell one day, wherever it stands.
    pub(crate) fn is_same_day(&self, other: &Told) -> bool {
        matches!((self, other), (Told::Day(one, _), Told::Day(other, _)) if one == other)
    }
}

/// What the value of a label `Date` says.
pub(crate) fn told(text: &str) -> Told {
    if is_placeholder(text) {
        return Told::Placeholder;
    }
    if is_nothing(text) {
        return Told::Nothing;
    }
    all(text).into_iter().next().unwrap_or(Told::Unreadable)
}

/// Every date in a text, in its order.
pub(crate) fn all(text: &str) -> Vec<Told> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (told, taken) = date_at(&words[at..]).map_or((None, 1), |(told, taken)| (Some(told), taken));
        found.extend(told);
        at += taken;
    }
    found
}

/// Whether a text begins with a day, whether or not one can tell which: `04-02-2021`, `3 May 2021`.
pub(crate) fn begins(text: &str) -> bool {
    let first = words(text).first().is_some_and(|(at, _)| *at == 0);
    first && date_at(&words(text)).is_some_and(|(told, _)| told != Told::Unreadable)
}

/// So many bytes at the start of a text are a day, whether or not one can tell which, or a month of a year.
pub(crate) fn length_at(text: &str) -> Option<usize> {
    const LONGEST: usize = 64;
    // A tag is no part of a day.
    let text = text[..text.floor_char_boundary(LONGEST)].split('<').next()?;
    let words = words(text);
    let (at, first) = *words.first().filter(|(at, _)| *at == 0)?;
    let end_of = |nth: usize| words[nth].0 + words[nth].1.trim_end_matches(['.', ':']).len();
    match date_at(&words) {
        Some((Told::Day(_, range), _)) => Some(range.end),
        Some((Told::Unreadable, _)) | None => {
            let (_, year) = words.get(1).filter(|_| month(first).is_some())?;
            let year = year.trim_end_matches(['.', ':']);
            let is_of_year = year.len() == 4 && is_year(year) && year.bytes().all(|byte| byte.is_ascii_digit());
            is_of_year.then(|| end_of(1))
        }
        Some((_, 1)) => {
            let is_of_date = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '/' | '.');
            let length = first.find(|letter| !is_of_date(letter)).unwrap_or(first.len());
            Some(at + first[..length].trim_end_matches(['.', '-', '/']).len())
        }
        Some((_, taken)) => Some(end_of(taken - 1)),
    }
}

/// The words of a text that a date can be made of, with their bytes.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_break = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, ',' | '(' | ')' | '[' | ']' | '{' | '}' | ';' | '|' | '*' | '_' | '`' | '"' | '\'')
    };
    let mut words = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(is_break) {
        let word = piece.trim_end_matches(is_break);
        if !word.is_empty() {
            words.push((start, word));
        }
        start += piece.len();
    }
    words
}

/// The date that some words begin with, and how many of them it takes.
fn date_at(words: &[(usize, &str)]) -> Option<(Told, usize)> {
    let (start, first) = words[0];
    if let Some(told) = numeric(start, first) {
        return Some((told, 1));
    }
    let spelt = |one: &str, two: &str| Some((day(one)?, month(two)?));
    let [(_, one), (_, two), (last, three), ..] = words else { return None };
    let (day, month) = spelt(one, two).or_else(|| spelt(two, one))?;
    let year = three.trim_end_matches(['.', ':']);
    if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((checked(format!("{year}-{month:02}-{day:02}"), start..last + 4), 3))
}

fn checked(day: String, range: Range<usize>) -> Told {
    if is_date(&day) { Told::Day(day, range) } else { Told::Impossible }
}

/// A day of the month, maybe with an ordinal: `3rd`, `14.`.
fn day(word: &str) -> Option<u32> {
    let digits = word.len() - word.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let ending = &word[digits..];
    let is_ending = ["", ".", "st", "nd", "rd", "th", "er"].iter().any(|known| known.eq_ignore_ascii_case(ending));
    ((1..=2).contains(&digits) && is_ending).then(|| word[..digits].parse().ok()).flatten()
}

/// A date of digits alone: `2024-05-01`, `2024-05-01T10:00Z`, `05.09.2022`, `20240501`, `2024年5月1日`.
fn numeric(start: usize, word: &str) -> Option<Told> {
    if !word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    if let Some(told) = east_asian(start, word) {
        return Some(told);
    }
    let is_of_date = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '/' | '.');
    let length = word.find(|letter| !is_of_date(letter)).unwrap_or(word.len());
    let digits = word[..length].trim_end_matches(['.', '-', '/']);
    let rest = &word[digits.len()..];
    // A date that goes on with letters is the name of a file or a version.
    let goes_on = rest.trim_start_matches(['-', '_', '/']).starts_with(|letter: char| letter.is_alphanumeric());
    if goes_on && !rest.starts_with(['T', 't']) {
        return None;
    }
    let range = start..start + digits.len();
    if digits.len() == 8 && is_year(&digits[..4]) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(checked(format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]), range));
    }
    if let Some(meant) = meant_date(digits) {
        return Some(match meant {
            MeantDate::Day(day) => Told::Day(day, range),
            MeantDate::NoSuchDay => Told::Impossible,
            MeantDate::OneOfTwo => Told::Ambiguous,
        });
    }
    is_short(digits).then_some(Told::Ambiguous)
}

fn is_year(digits: &str) -> bool {
    digits.starts_with("19") || digits.starts_with("20")
}

/// Three numbers of two digits at most: `10/04/18`.
fn is_short(digits: &str) -> bool {
    let parts: Vec<&str> = digits.split(['/', '-', '.']).collect();
    parts.len() == 3
        && parts[2].len() == 2
        && parts.iter().all(|part| (1..=2).contains(&part.len()))
        && !digits.contains('.')
}

fn east_asian(start: usize, word: &str) -> Option<Told> {
    let (year, rest) = word.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let (day, after) = rest.split_once(['日', '일'])?;
    let (month, day) = (month.trim().parse::<u32>().ok()?, day.trim().parse::<u32>().ok()?);
    if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(checked(format!("{year}-{month:02}-{day:02}"), start..start + word.len() - after.len()))
}

/// The date that begins the name of a file, with its bytes: `20240219-…`, `2021-05-03-…`.
pub(crate) fn of_name(stem: &str) -> Option<(String, usize)> {
    let digits = |range: Range<usize>| stem.get(range).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let ends = |at: usize| !stem.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let (day, length) = match digits(0..8) {
        Some(all) => (format!("{}-{}-{}", &all[..4], &all[4..6], &all[6..]), 8),
        None => {
            let separator = stem.as_bytes().get(4).filter(|byte| matches!(byte, b'-' | b'_' | b'.'))?;
            let is_parted = stem.as_bytes().get(7) == Some(separator);
            let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
            (is_parted.then(|| format!("{year}-{month}-{day}"))?, 10)
        }
    };
    (is_date(&day) && is_year(&day) && ends(length)).then_some((day, length))
}

#[cfg(test)]
mod tests {
    use super::{Told, all, of_name, told};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = match told(text) {
            Told::Day(day, range) => {
                assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
                day
            }
            other => format!("{other:?}"),
        };
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn dates_are_certain_or_not() {
        for (text, expected) in [
            ("2024-05-01", "2024-05-01"),
            ("2017/11/22", "2017-11-22"),
            ("05.09.2022", "2022-09-05"),
            ("25/12/2020", "2020-12-25"),
            ("04/10/2019", "Ambiguous"),
            ("10/04/18", "Ambiguous"),
            ("2023-13-07", "Impossible"),
            ("2021-02-29", "Impossible"),
            ("March 3rd, 2021", "2021-03-03"),
            ("14 Oct 2022", "2022-10-14"),
            ("Monday, 1. February 2022 (with the board)", "2022-02-01"),
            ("2021-06-01T23:30:00-05:00", "2021-06-01"),
            ("2024年5月1日", "2024-05-01"),
            ("20240501", "2024-05-01"),
            ("yesterday", "Unreadable"),
            ("May 2021", "Unreadable"),
            ("YYYY-MM-DD", "Placeholder"),
            ("{YYYY-MM-DD when the decision was last updated}", "Placeholder"),
            ("", "Nothing"),
            ("TBD", "Nothing"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn every_date_of_a_line_is_seen() {
        assert_eq!(all("Accepted (2023-08-08), proposed 2 May 2022").len(), 2);
        assert_eq!(all("version 1.2.3 of 2024"), []);
    }

    #[test]
    fn names_of_files_begin_with_dates() {
        assert_eq!(of_name("20240219-sell"), Some(("2024-02-19".into(), 8)));
        assert_eq!(of_name("2021-05-03-measure"), Some(("2021-05-03".into(), 10)));
        assert_eq!((of_name("2021-05-33-x"), of_name("0001-x"), of_name("202402190-x")), (None, None, None));
    }
}
