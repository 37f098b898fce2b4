//! One record that replaces another: both say it, or neither is changed.

use super::compare::{May, edited};
use super::link::{line, link_to, name_of, reference_to, short_name, status_section_end};
use super::splice::{Splice, in_case_of, line_end};
use super::status::{inside_quotes, whole};
use super::{Open, Refused, Spelling, Text, open, place};
use crate::labels::Place;
use crate::read::Spot;
use crate::record::{Dialect, State};
use crate::status::{Sort, sort};
use crate::words::Part;
use groma_base::Range;

/// The bytes of both records, the old one superseded by the new one. Each says it in the way of its own dialect; `spelling` is that of the
/// folder for records as adr-tools writes them.
pub fn supersede(old: Text, new: Text, spelling: Spelling) -> Result<(Vec<u8>, Vec<u8>), Refused> {
    let (old, new) = (open(old)?, open(new)?);
    let (by, replaced) = (reference_to(&new.reading.record), reference_to(&old.reading.record));
    if by == replaced {
        return Err(Refused::Impossible(format!("{} cannot supersede itself", old.path)));
    }
    let may = May { status: true, relations: true, ..May::default() };
    let kept: Vec<_> = old.reading.record.supersedes.iter().map(|said| said.value.clone()).collect();
    let old_bytes = edited(&old, &old_splices(&old, &new, spelling), may, |record| {
        let is_superseded = record.status.as_ref().is_some_and(|status| status.value == State::Superseded);
        let names = record.superseded_by.iter().any(|said| said.value == by);
        is_superseded && names && record.supersedes.iter().map(|said| &said.value).eq(&kept)
    })?;
    let mut all: Vec<_> = new.reading.record.supersedes.iter().map(|said| said.value.clone()).collect();
    if all.contains(&replaced) {
        return Ok((old_bytes, new.bytes.to_vec()));
    }
    all.push(replaced);
    let may = May { relations: true, ..May::default() };
    let new_bytes = edited(&new, &[new_splice(&new, &old, spelling)], may, |record| {
        all.iter().all(|one| record.supersedes.iter().any(|said| said.value == *one)) && record.supersedes.len() == all.len()
    })?;
    Ok((old_bytes, new_bytes))
}

fn old_splices(old: &Open, new: &Open, spelling: Spelling) -> Vec<Splice> {
    let words = match spelling {
        Spelling::Supersede => "superseded by",
        Spelling::Supercede if old.reading.record.dialect == Dialect::Nygard => "superceded by",
        Spelling::Supercede => "superseded by",
    };
    let spots: Vec<&Spot> = old.reading.header.of(Part::Status).collect();
    if spots.is_empty() {
        let value = format!("{words} {}", target_in(old, new, Place::Line { set: false }));
        return place::facts(old, &[("status", &value)]);
    }
    spots.into_iter().flat_map(|spot| in_spot(old, new, spot, words)).collect()
}

fn target_in(old: &Open, new: &Open, place: Place) -> String {
    let has_number = new.reading.record.number.is_some();
    match place {
        Place::FrontMatter if has_number => short_name(&new.reading.record),
        _ => link_to(old, new),
    }
}

/// The state of one place replaced by the relation; in a section what else is said of it stays.
fn in_spot(old: &Open, new: &Open, spot: &Spot, words: &str) -> Vec<Splice> {
    let text = &*old.text;
    let target = target_in(old, new, spot.place);
    let sorts: Vec<Sort> = spot.phrases.iter().map(|phrase| sort(&phrase.text)).collect();
    let is_box = spot.phrases.iter().any(|phrase| phrase.ticked.is_some());
    let said = format!("{words} {target}");
    let Some(at) = sorts.iter().rposition(|sort| *sort != Sort::Relation).filter(|_| !is_box) else {
        return vec![line_of(old, spot, &said)];
    };
    let phrase = &spot.phrases[at];
    if spot.place == Place::Section && (is_long(&phrase.text) || sorts[at] == Sort::SupersededBy || spot.phrases.len() > 1 && sorts.len() > 2) {
        return vec![line_of(old, spot, &said)];
    }
    let is_front = spot.place == Place::FrontMatter;
    let range = if is_front { inside_quotes(text, phrase.range) } else { whole(phrase, text) };
    let said = format!("{} {target}", in_case_of(words, &phrase.text));
    if is_front && said.contains(['[', '#']) && range == phrase.range {
        return vec![Splice::new(range, format!("\"{said}\""))];
    }
    vec![Splice::new(Range::new(range.start, range.end), said)]
}

/// Whether a phrase says more than a state and a date.
fn is_long(text: &str) -> bool {
    text.split_whitespace().count() > 3
}

fn line_of(old: &Open, spot: &Spot, said: &str) -> Splice {
    let said = super::splice::capital(said);
    match status_section_end(old).filter(|_| spot.place == Place::Section) {
        Some(at) => {
            let end = line_end(&old.text, at);
            Splice::insert(at, format!("{end}{end}{said}"))
        }
        None => line(old, &said),
    }
}

/// The line that says in the new record what it replaces.
fn new_splice(new: &Open, old: &Open, spelling: Spelling) -> Splice {
    let is_nygard = new.reading.record.dialect == Dialect::Nygard;
    let word = if spelling == Spelling::Supercede && is_nygard { "Supercedes" } else { "Supersedes" };
    let link = link_to(new, old);
    let labels = new.reading.header.of(Part::Status).find(|spot| matches!(spot.place, Place::Line { .. } | Place::List | Place::Table));
    let known = new.reading.header.of(Part::Supersedes).find(|spot| spot.place != Place::FrontMatter && !spot.phrases.is_empty());
    match (new.reading.record.dialect, known, labels) {
        (Dialect::Nygard | Dialect::Madr2 | Dialect::Madr3 | Dialect::Madr4 | Dialect::Log4brains, ..) => line(new, &format!("{word} {link}")),
        (_, Some(spot), _) => {
            let end = spot.phrases.iter().map(|phrase| whole(phrase, &new.text).end).max().unwrap_or(spot.range.end);
            Splice::insert(end, format!(", {link}"))
        }
        (Dialect::Other, None, Some(spot)) => {
            let number = old.reading.record.number.as_ref().map(|number| number.value.to_string());
            let name = number.unwrap_or_else(|| name_of(Dialect::Other, &old.reading.record));
            place::beside(new, spot, "obsoletes", &name)
        }
        (_, None, Some(spot)) => place::beside(new, spot, &word.to_lowercase(), &link),
        _ => line(new, &format!("{word} {link}")),
    }
}
