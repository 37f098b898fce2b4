//! Another number for a record: in its heading, its header, the name of its file, and the links that lead there.

use super::compare::{May, edited, edited_as};
use super::splice::Splice;
use super::{Open, Refused, Text, open};
use crate::family::Family;
use crate::labels::Place;
use crate::numbers;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::record::{LedTo, Link, Reference, Said};
use groma_base::Range;

/// A record with another number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renumbered {
    /// The name of the file, without folders.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The record under another number. Numbers keep their count of digits.
pub fn renumber(text: Text, number: u32) -> Result<Renumbered, Refused> {
    let open = open(text)?;
    let record = &open.reading.record;
    let Some((_, digits)) = numbers::of_name(&record.file) else {
        return Err(Refused::Impossible(format!("the name of {} has no number", open.path)));
    };
    let file = with_digits(&record.file, digits, number);
    let mut splices = Vec::new();
    if let Some(at) = open.reading.title {
        let words = open.reading.document.blocks[open.reading.heads[at].block].words;
        let heading = open.reading.document.text(words);
        if let Some(found) = numbers::of_heading(heading, numbers::of_name(&record.file).map(|(number, _)| number)) {
            let range = open.reading.document.range(words.part(found.digits.start, found.digits.end));
            splices.push(Splice::new(range, padded(range.of(&open.text), number)));
        }
    }
    splices
        .extend(front_digits(&open).into_iter().map(|range| Splice::new(range, padded(range.of(&open.text), number))));
    let folder = open.path.len() - record.file.len();
    let path = format!("{}{file}", &open.path[..folder]);
    let may = May { number: true, ..May::default() };
    let bytes = edited_as(&open, &path, &splices, may, |record| {
        record.number.as_ref().is_some_and(|said| said.value == number)
    })?;
    Ok(Renumbered { file, bytes })
}

/// The digits of the number in the front matter: in `number` and before the title.
fn front_digits(open: &super::Open) -> Vec<Range> {
    let keys = open.reading.front.iter().flat_map(|front| &front.keys);
    let digits_of = |key: &crate::front_matter::Key| {
        let value = key.values.first()?;
        let digits = match key.part {
            Part::Number => {
                let (_, end) = numbers::at(&value.text)?;
                let start = value.text[..end].trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
                start..end
            }
            Part::Title => numbers::of_heading(&value.text, None)?.digits,
            _ => return None,
        };
        let inside = value.range.of(&open.text).find(&value.text)? as u32 + value.range.start;
        Some(Range::new(inside + digits.start as u32, inside + digits.end as u32))
    };
    keys.filter_map(digits_of).collect()
}

fn with_digits(text: &str, digits: std::ops::Range<usize>, number: u32) -> String {
    let written = padded(&text[digits.clone()], number);
    format!("{}{written}{}", &text[..digits.start], &text[digits.end..])
}

/// A number with as many digits as another has.
fn padded(digits: &str, number: u32) -> String {
    let width = if digits.starts_with('0') { digits.len() } else { 0 };
    format!("{number:0width$}")
}

/// The numbers by which a record names a decision without a link: its status and its relations, `superseded by ADR-0002`; of a request for
/// comments what it led to.
fn bare_numbers(open: &Open, old: &str, new: &str) -> Vec<Splice> {
    let number = |file: &str| numbers::of_name(file).map(|(number, _)| number);
    let (Some(was), Some(is)) = (number(old), number(new)) else { return Vec::new() };
    let record = &open.reading.record;
    let of_relation = |said: &Said<Reference>| (said.value == Reference::Number(was)).then_some(said.range);
    let of_result = |led: &LedTo| match led {
        LedTo::Number(number) => (number.value == was).then_some(number.range),
        LedTo::Links(_) => None,
    };
    let named: Vec<Range> = match open.family {
        Family::Decision => {
            let beside = record.beside.iter().map(|one| &one.record);
            record.superseded_by.iter().chain(&record.supersedes).chain(beside).filter_map(of_relation).collect()
        }
        Family::Rfc => record.rfc.iter().flat_map(|rfc| &rfc.led_to).filter_map(of_result).collect(),
    };
    let splice = |range: Range| {
        let source = range.of(&open.text);
        // What is a link is retargeted as one.
        if source.contains("](") || source.contains(old) {
            return None;
        }
        let is_digit = |letter: char| letter.is_ascii_digit();
        let end = source.rfind(is_digit)? + 1;
        let start = source[..end].trim_end_matches(is_digit).len();
        let digits = &source[start..end];
        let range = Range::new(range.start + start as u32, range.start + end as u32);
        (digits.parse() == Ok(was)).then(|| Splice::new(range, padded(digits, is)))
    };
    named.into_iter().filter_map(splice).collect()
}

/// A record whose links to the file `old` lead to `new`; `None` if it has none. Where the text of such a link begins with the old number, it
/// says the new one. `is_only` if no other record has the old number: then what names it without a link says the new one as well.
pub fn retarget(text: Text, (old, new): (&str, &str), is_only: bool) -> Result<Option<Vec<u8>>, Refused> {
    let open = open(text)?;
    let mut links: Vec<Link> = open.reading.record.links.iter().flatten().cloned().collect();
    links.extend(links_in_front(&open));
    links.retain(|link| leads_to(link, old));
    let bare = if is_only { bare_numbers(&open, old, new) } else { Vec::new() };
    if links.is_empty() && bare.is_empty() && !open.text.contains(old) {
        return Ok(None);
    }
    let number = |file: &str| numbers::of_name(file).map(|(number, _)| number);
    let mut splices = Vec::new();
    for link in &links {
        let source = link.range.of(&open.text);
        if let Some(at) = source.rfind(old) {
            splices.push(replaced(link.range.start as usize + at, old, new));
        }
        if let (Some((written, end)), Some(number), true) =
            (numbers::at(&link.text), number(new), source.starts_with('['))
        {
            let start = link.text[..end].trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
            let digits = &link.text[start..end];
            let at = source.find(digits).filter(|_| Some(written) == numbers::of_name(old).map(|(number, _)| number));
            let range =
                at.map(|at| Range::new(link.range.start + at as u32, link.range.start + (at + digits.len()) as u32));
            splices.extend(range.map(|range| Splice::new(range, padded(digits, number))));
        }
    }
    splices.extend(bare);
    splices.extend(definitions(&open.text, old, new));
    splices.extend(in_front(&open, old, new));
    splices.sort_by_key(|splice| splice.range);
    splices.dedup();
    if splices.is_empty() {
        return Ok(None);
    }
    let renumbered = number(old).zip(number(new)).map(|(old, new)| [old, new]);
    let may = May { status: true, relations: true, renumbered, ..May::default() };
    let count = open.reading.record.links.as_ref().map(Vec::len);
    let state = open.reading.record.status.as_ref().map(|status| status.value);
    edited(&open, &splices, may, |record| {
        let leads = record.links.iter().flatten().any(|link| leads_to(link, old));
        let is_same_state = record.status.as_ref().map(|status| status.value) == state;
        !leads && is_same_state && record.links.as_ref().map(Vec::len) == count
    })
    .map(Some)
}

fn replaced(at: usize, old: &str, new: &str) -> Splice {
    Splice::new(Range::new(at as u32, (at + old.len()) as u32), new)
}

/// Whether a link leads to a file of that name, whatever folder it names.
fn leads_to(link: &Link, file: &str) -> bool {
    let path = link.target.split(['#', '?']).next().unwrap_or_default();
    !path.contains("://") && path.rsplit('/').next() == Some(file)
}

/// The targets of `[name]: target` lines.
fn definitions(text: &str, old: &str, new: &str) -> Vec<Splice> {
    let starts = text.match_indices(old).filter(|(at, _)| {
        let line = &text[text[..*at].rfind(['\n', '\r']).map_or(0, |end| end + 1)..*at];
        line.trim_start().starts_with('[') && line.contains("]:") && (line.ends_with([' ', '/', '<', '\t']))
    });
    starts.map(|(at, _)| replaced(at, old, new)).collect()
}

/// Links in values of the front matter, such as `status: "superseded by [ADR-0047](0047-pump.md)"`.
fn links_in_front(open: &super::Open) -> Vec<Link> {
    let spots = open.reading.header.spots.iter().filter(|spot| spot.place == Place::FrontMatter);
    let phrases = spots.flat_map(|spot| &spot.phrases);
    let links_of = |phrase: &Phrase| {
        let link = |(words, target, range): &(std::ops::Range<usize>, String, Range)| Link {
            text: phrase.text[words.clone()].to_owned(),
            target: target.clone(),
            range: *range,
        };
        phrase.links.iter().map(link).collect::<Vec<_>>()
    };
    phrases.flat_map(links_of).collect()
}

/// Values of the front matter that name the file.
fn in_front(open: &super::Open, old: &str, new: &str) -> Vec<Splice> {
    let keys = open.reading.front.iter().flat_map(|front| &front.keys);
    let parts = [Part::Status, Part::Supersedes, Part::SupersededBy, Part::Links];
    let values = keys.filter(|key| parts.contains(&key.part)).flat_map(|key| &key.values);
    let at = |range: Range| range.of(&open.text).find(old).map(|at| replaced(range.start as usize + at, old, new));
    values.filter_map(|value| at(value.range)).collect()
}
