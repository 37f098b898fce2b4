//! Links from one record to another, in the way of the dialect.

use super::compare::{May, edited};
use super::splice::{Splice, line_end};
use super::{Open, Refused, Text, open, place};
use crate::document::BOLD;
use crate::numbers;
use crate::parts::Part;
use crate::record::{Dialect, Record, Reference};

/// The bytes of a record with a link to another: `word` says how it stands to it, such as `Amends` or `Relates to`.
pub fn add_link(text: Text, word: &str, other: Text) -> Result<Vec<u8>, Refused> {
    let (one, other) = (open(text)?, open(other)?);
    let file = other.reading.record.file.clone();
    let splice = line(&one, &format!("{word} {}", link_to(&one, &other)));
    let before = one.reading.record.links.as_ref().map_or(0, Vec::len);
    let may = May { relations: true, ..May::default() };
    edited(&one, &[splice], may, |record| {
        let links = record.links.iter().flatten();
        links.clone().count() == before + 1 && links.clone().any(|link| link.target.ends_with(&file))
    })
}

/// The bytes of a record with a link to a file of another folder among its links; `words` stand before it, such as `Came of`.
pub fn add_reference(text: Text, words: &str, (name, target): (&str, &str)) -> Result<Vec<u8>, Refused> {
    let open = open(text)?;
    if target.is_empty() || target.contains([' ', '(', ')', '<', '>', '\n']) {
        return Err(Refused::Impossible(format!("`{target}` is no target of a link")));
    }
    let splice = place::in_links(&open, &format!("{words} [{}]({target})", escaped(name)));
    let before = open.reading.record.links.as_ref().map_or(0, Vec::len);
    let may = May { relations: true, ..May::default() };
    edited(&open, &[splice], may, |record| {
        let links = record.links.iter().flatten();
        links.clone().count() == before + 1 && links.clone().any(|link| link.target == target)
    })
}

/// A line of a relation: below the status for Nygard, among the links for all others.
pub(super) fn line(open: &Open, line: &str) -> Splice {
    match status_section_end(open) {
        Some(at) if open.reading.record.dialect == Dialect::Nygard => {
            let end = line_end(&open.text, at);
            Splice::insert(at, format!("{end}{end}{line}"))
        }
        _ => place::in_links(open, line),
    }
}

/// The end of the last words of the section Status.
pub(super) fn status_section_end(open: &Open) -> Option<u32> {
    let reading = &open.reading;
    let head = reading.heads.iter().find(|head| head.part == Part::Status && head.level < BOLD)?;
    let last = &reading.document.blocks[head.own_end.max(head.block + 1) - 1];
    Some(open.text[..last.range.end as usize].trim_end().len() as u32)
}

/// A link to another record in the text of this one.
pub(super) fn link_to(one: &Open, other: &Open) -> String {
    format!("[{}]({})", name_of(one.reading.record.dialect, &other.reading.record), other.reading.record.file)
}

/// How a dialect calls another record: `3. Keep parcels`, `ADR-0003`, the slug.
pub(super) fn name_of(dialect: Dialect, other: &Record) -> String {
    let Some(number) = other.number.as_ref().map(|number| number.value) else {
        return numbers::stem(&other.file).to_owned();
    };
    match (dialect, &other.title) {
        (Dialect::Nygard, Some(title)) => format!("{number}. {}", escaped(&title.value)),
        (Dialect::Log4brains, _) => numbers::stem(&other.file).to_owned(),
        _ => short_name(other),
    }
}

/// `ADR-0012`, with as many digits as the name of the file has.
pub(super) fn short_name(other: &Record) -> String {
    let number = other.number.as_ref().map_or(0, |number| number.value);
    let digits = numbers::of_name(&other.file).map_or(4, |(_, digits)| digits.len());
    format!("ADR-{number:0digits$}")
}

/// A title as the text of a link.
fn escaped(title: &str) -> String {
    title.replace('[', "\\[").replace(']', "\\]")
}

/// Whether a reference names a record: by its number, or by the name of its file.
pub(super) fn names(reference: &Reference, other: &Record) -> bool {
    match reference {
        Reference::Number(number) => other.number.as_ref().is_some_and(|own| own.value == *number),
        Reference::Name(name) => name == numbers::stem(&other.file),
    }
}
