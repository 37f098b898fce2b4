//! How the records of a folder are written where templates leave it open, so that a new one looks like those beside it.

use super::edit::{NoEdit, no};
use super::{RecordFile, Records};
use groma_base::Range;
use groma_records::Record;
use std::collections::BTreeMap;
use std::path::Path;

/// What most records of a folder have in common; nothing where no half of them agrees.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// Lines end with a carriage return as well.
    has_returns: bool,
    /// The word of the status begins with a capital.
    is_capital: Option<bool>,
    /// What stands between the signs of the heading and the title, with its number.
    heading: Option<Heading>,
    /// The front matter says the number in a line `number: 12`, without which adrs does not read a record.
    has_number: bool,
}

/// What stands before the title: `ADR-012: `, `12. `, or nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Heading {
    before: String,
    /// How many digits the number has at least; `None` where there is no number.
    width: Option<usize>,
    after: String,
}

impl Records {
    /// What the records of a folder have in common.
    pub(super) fn habits_of(&self, folder: &Path) -> Habits {
        let own = || self.files.iter().filter(|file| self.folders[file.folder].path == folder && file.is_record());
        Habits {
            has_returns: usual(own().map(|file| has_returns(&file.source.text))).unwrap_or(false),
            is_capital: usual(own().filter_map(|file| is_capital(&file.record, &file.source.text))),
            heading: usual(own().filter_map(heading)),
            has_number: usual(own().map(|file| number_line(file).is_some())).unwrap_or(false),
        }
    }
}

impl Habits {
    /// The text of a new record as they are, as far as it reads the same then. `read` reads one.
    pub(super) fn applied(
        &self,
        text: &str,
        number: Option<u32>,
        read: &dyn Fn(&str) -> Record,
    ) -> Result<String, NoEdit> {
        let mut text = text.to_owned();
        if let (true, Some(number), Some(rest)) = (self.has_number, number, text.strip_prefix("---\n")) {
            text = format!("---\nnumber: {number}\n{rest}");
        }
        let record = read(&text);
        text = self.with_case(&text, read);
        let lead = self.heading.as_ref().and_then(|heading| Some((lead(&record, &text)?, heading.written(number)?)));
        if let Some((range, written)) = lead {
            text.replace_range(range.start as usize..range.end as usize, &written);
        }
        let other = read(&text);
        let status = |record: &Record| record.status.as_ref().map(|status| status.value);
        let title = |record: &Record| record.title.as_ref().map(|title| title.value.clone());
        if (status(&record), title(&record)) != (status(&other), title(&other)) {
            return Err(no("the heading would not be read as its title", "give it another title"));
        }
        Ok(if self.has_returns { text.replace('\n', "\r\n") } else { text })
    }

    /// The text of a new record with the word of its status in the case that they have.
    pub(super) fn with_case(&self, text: &str, read: &dyn Fn(&str) -> Record) -> String {
        let mut text = text.to_owned();
        if let Some(range) = self.is_capital.and_then(|is| first_letter(&read(&text), &text, !is)) {
            let letter = range.of(&text);
            let other =
                if self.is_capital == Some(true) { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            text.replace_range(range.start as usize..range.end as usize, &other);
        }
        text
    }
}

impl Heading {
    /// With a number; `None` where it needs one and there is none.
    fn written(&self, number: Option<u32>) -> Option<String> {
        match self.width {
            None => Some(self.before.clone()),
            Some(width) => Some(format!("{}{:0width$}{}", self.before, number?, self.after)),
        }
    }
}

/// The value that more than half of some have.
fn usual<T: Ord>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    let whole: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| 2 * count > whole).map(|(one, _)| one)
}

/// Whether most lines end with a carriage return.
fn has_returns(text: &str) -> bool {
    2 * text.matches("\r\n").count() > text.matches('\n').count()
}

/// The first letter of the word of the status, if it is an ASCII letter of this case.
fn first_letter(record: &Record, text: &str, is_capital: bool) -> Option<Range> {
    let said = record.status_text.as_ref()?.range;
    let at = said.of(text).find(|letter: char| letter.is_ascii_alphabetic())? as u32 + said.start;
    let range = Range::new(at, at + 1);
    range.of(text).starts_with(|letter: char| letter.is_ascii_uppercase() == is_capital).then_some(range)
}

fn is_capital(record: &Record, text: &str) -> Option<bool> {
    [true, false].into_iter().find(|is| first_letter(record, text, *is).is_some())
}

/// What stands between the signs of the heading and the title; `None` where the title stands elsewhere.
fn lead(record: &Record, text: &str) -> Option<Range> {
    let title = record.title.as_ref()?.range.start;
    let line = text.get(..title as usize)?.rfind('\n').map_or(0, |end| end + 1);
    let signs = text[line..].strip_prefix('\u{FEFF}').unwrap_or(&text[line..]).strip_prefix("# ")?;
    let start = (text.len() - signs.len()) as u32;
    (start <= title).then(|| Range::new(start, title))
}

fn heading(file: &RecordFile) -> Option<Heading> {
    let text = &file.source.text;
    let words = lead(&file.record, text)?.of(text);
    let plain = |words: &str| Heading { before: words.to_owned(), width: None, after: String::new() };
    let Some(start) = words.find(|letter: char| letter.is_ascii_digit()) else { return Some(plain(words)) };
    let length = words[start..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(words.len() - start);
    let digits = &words[start..start + length];
    if file.record.number.as_ref().map(|number| number.value) != digits.parse().ok() {
        return None;
    }
    Some(Heading {
        before: words[..start].to_owned(),
        width: Some(if digits.starts_with('0') { length } else { 0 }),
        after: words[start + length..].to_owned(),
    })
}

/// The line of the front matter that says the number.
fn number_line(file: &RecordFile) -> Option<&str> {
    let text = file.source.text.strip_prefix("---")?;
    let inside = &text[..text.find("\n---")?];
    inside.lines().find(|line| line.strip_prefix("number:").is_some_and(|value| value.trim().parse::<u32>().is_ok()))
}
