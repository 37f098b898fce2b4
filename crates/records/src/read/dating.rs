//! The date of a decision.

use super::{Reading, Spot};
use crate::dates::{self, Told};
use crate::finding::{Finding, FindingKind};
use crate::labels::Place;
use crate::numbers;
use crate::parts::Part;
use crate::record::Said;
use groma_base::Range;

pub(super) fn read(reading: &mut Reading, text: &str) {
    let mut told = told(reading, Part::Date);
    if told.is_empty() {
        told = created(reading);
    }
    if has_twice(reading) {
        return;
    }
    let days: Vec<(String, Range, Place)> = told.iter().filter_map(|told| told.day(text)).collect();
    if let Some((first, range, place)) = days.first() {
        if let Some((_, other, other_place)) = days.iter().find(|(day, ..)| day != first) {
            let is_front = [*place, *other_place].contains(&Place::FrontMatter);
            let kind = if is_front { FindingKind::FrontMatterDate } else { FindingKind::TwoDates };
            let message = "two places say different dates: make them agree, or remove one";
            reading.record.findings.push(Finding::between(kind, *range, *other, message));
            return;
        }
        reading.record.date = Some(Said::new(first.clone(), *range));
        return;
    }
    let problem = told.iter().find_map(|told| Some((problem(&told.told)?, told.range)));
    if let Some(((kind, message), range)) = problem {
        reading.record.findings.push(Finding::new(kind, range, message));
        return;
    }
    reading.record.date = of_status(reading, text).or_else(|| {
        let (day, _) = dates::of_name(numbers::stem(&reading.record.file))?;
        Some(Said::new(day, Range::default()))
    });
}

/// What one place says of the date.
struct Placed {
    told: Told,
    range: Range,
    place: Place,
    text: String,
}

impl Placed {
    fn day(&self, text: &str) -> Option<(String, Range, Place)> {
        let Told::Day(day, bytes) = &self.told else { return None };
        let written = &self.text[bytes.clone()];
        let range = self.range.of(text).find(written).map_or(self.range, |at| {
            let start = self.range.start + at as u32;
            Range::new(start, start + written.len() as u32)
        });
        Some((day.clone(), range, self.place))
    }
}

fn placed(spot: &Spot) -> Option<Placed> {
    let phrase = spot.phrases.first()?;
    let told = dates::told(&phrase.text);
    (told != Told::Nothing).then(|| Placed { told, range: phrase.range, place: spot.place, text: phrase.text.clone() })
}

/// What labels of the date say. A label that tells of the decision outweighs one that says `Date` only.
fn told(reading: &Reading, part: Part) -> Vec<Placed> {
    let tells = |spot: &&Spot| ["deci", "accept", "approv"].iter().any(|word| spot.key.to_lowercase().contains(word));
    let (first, rest): (Vec<&Spot>, Vec<&Spot>) = reading.header.of(part).partition(tells);
    let first: Vec<Placed> = first.into_iter().filter_map(placed).collect();
    if first.iter().any(|told| matches!(told.told, Told::Day(..))) {
        return first;
    }
    first.into_iter().chain(rest.into_iter().filter_map(placed)).collect()
}

/// The day on which writing began, if no other date stands beside it.
fn created(reading: &Reading) -> Vec<Placed> {
    let created = told(reading, Part::Created);
    let updated = told(reading, Part::Updated);
    let is_of_day = |day: &Told| created.iter().any(|own| own.told.is_same_day(day));
    // A change on the day on which it was written is none.
    let is_as_written = !updated.is_empty() && updated.iter().all(|other| is_of_day(&other.told));
    let has_update = reading.header.of(Part::Updated).next().is_some();
    if has_update && !is_as_written { Vec::new() } else { created }
}

fn problem(told: &Told) -> Option<(FindingKind, &'static str)> {
    Some(match told {
        Told::Ambiguous => (FindingKind::AmbiguousDate, "the date could be several days: write YYYY-MM-DD"),
        Told::Impossible => (FindingKind::ImpossibleDate, "the calendar has no such day: write YYYY-MM-DD"),
        Told::Unreadable => (FindingKind::UnreadableDate, "no date: write YYYY-MM-DD"),
        Told::Placeholder => (FindingKind::PlaceholderDate, "the date is still that of the template: write YYYY-MM-DD"),
        Told::Day(..) | Told::Nothing => return None,
    })
}

/// Whether the front matter has two dates of one name that differ.
fn has_twice(reading: &Reading) -> bool {
    let Some(front) = &reading.front else { return false };
    front.twice().any(|(one, other)| {
        one.part == Part::Date && one.values != other.values && {
            let text = |key: &crate::front_matter::Key| key.values.first().map(|value| value.text.clone());
            text(one) != text(other)
        }
    })
}

/// The one date in the line that says the status.
fn of_status(reading: &Reading, text: &str) -> Option<Said<String>> {
    let status = reading.record.status_text.as_ref()?;
    let mut days = dates::all(&status.value).into_iter().filter_map(|told| match told {
        Told::Day(day, bytes) => Some((day, bytes)),
        _ => None,
    });
    let (day, bytes) = days.next()?;
    if days.any(|(other, _)| other != day) {
        return None;
    }
    let told = Placed {
        told: Told::Day(day.clone(), bytes),
        range: status.range,
        place: Place::Section,
        text: status.value.clone(),
    };
    let range = told.day(text).map_or(status.range, |(_, range, _)| range);
    Some(Said::new(day, range))
}
