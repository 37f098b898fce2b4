//! Which dialect a record is written in, by the place where its status stands.

use super::Reading;
use crate::family::Family;
use crate::labels::Place;
use crate::numbers;
use crate::parts::Part;
use crate::record::{Dialect, Section};
use crate::{dates, read::body};

pub(super) fn of(reading: &Reading, text: &str) -> Dialect {
    if body::sentence(reading).is_some() {
        return Dialect::YStatement;
    }
    let spots = &reading.header.spots;
    let status = spots.iter().filter(|spot| spot.part == Part::Status);
    let places: Vec<Place> = status.clone().map(|spot| spot.place).collect();
    let has = |part: Part| reading.heads.iter().any(|head| head.part == part);
    let is_section =
        |spot: &&super::Spot| spot.place == Place::Section && spot.block.is_some_and(|at| is_real_heading(reading, at));
    if status.clone().any(|spot| is_section(&spot)) {
        return Dialect::Nygard;
    }
    let number = reading.record.number.as_ref().map(|number| number.value);
    let is_mail = spots.iter().any(|spot| {
        // Another number is that of another text.
        let said = spot.phrases.first().and_then(|phrase| numbers::at(&phrase.text)).map(|(number, _)| number);
        spot.key.eq_ignore_ascii_case("rfc") && spot.place != Place::FrontMatter && (said.is_none() || said == number)
    });
    if is_mail {
        return Dialect::Other;
    }
    if places.contains(&Place::Table) {
        return Dialect::Table;
    }
    if places.contains(&Place::List) {
        return of_list(reading);
    }
    if places.iter().any(|place| matches!(place, Place::Line { .. } | Place::Section)) {
        return Dialect::Bold;
    }
    // Without a status the other labels tell where it belongs.
    let first =
        spots.iter().map(|spot| spot.place).find(|_| reading.family == Family::Rfc && status.clone().next().is_none());
    match first {
        Some(Place::List) => return Dialect::List,
        Some(Place::Line { .. }) => return Dialect::Bold,
        _ => {}
    }
    let is_madr = is_madr(reading);
    if is_madr && !places.contains(&Place::FrontMatter) && is_old_madr(reading, text) {
        return Dialect::Madr2;
    }
    let keys =
        |word: &str| spots.iter().any(|spot| spot.place == Place::FrontMatter && spot.key.to_lowercase() == word);
    let has_nygard = has(Part::Context) || has(Part::Outcome);
    match () {
        () if !is_madr && has_nygard => Dialect::Nygard,
        () if is_madr && (keys("deciders") || has_heading(reading, "validation")) && !keys("decision-makers") => {
            Dialect::Madr3
        }
        () if is_madr || places.contains(&Place::FrontMatter) => Dialect::Madr4,
        () if has_nygard => Dialect::Nygard,
        () => Dialect::Other,
    }
}

/// A line of bold type stands for a heading, and is a label.
fn is_real_heading(reading: &Reading, block: usize) -> bool {
    let at = reading.heads.binary_search_by_key(&block, |head| head.block);
    at.is_ok_and(|at| reading.heads[at].level < crate::document::BOLD)
}

fn has_heading(reading: &Reading, words: &str) -> bool {
    reading.record.sections.iter().any(|section| section.title.eq_ignore_ascii_case(words))
}

/// Headings that MADR alone has: options with an outcome, or the problem statement.
fn is_madr(reading: &Reading) -> bool {
    const OF_MADR: [&str; 7] = [
        "considered options",
        "considered alternatives",
        "decision outcome",
        "context and problem statement",
        "betrachtete optionen",
        "options considérées",
        "opciones consideradas",
    ];
    let is_known = |section: &Section| !matches!(section.part, Part::Other | Part::Known);
    let begins =
        |title: &str, known: &str| title.get(..known.len()).is_some_and(|head| head.eq_ignore_ascii_case(known));
    let sections = reading.record.sections.iter().filter(|section| is_known(section));
    let mut titles = sections.map(|section| section.title.trim_start_matches(|letter: char| !letter.is_alphabetic()));
    titles.any(|title| OF_MADR.iter().any(|known| begins(title, known)))
}

/// MADR 1 has no header, and words of its own.
fn is_old_madr(reading: &Reading, text: &str) -> bool {
    text.contains("UserStory:") || has_heading(reading, "considered alternatives")
}

fn of_list(reading: &Reading) -> Dialect {
    if dates::of_name(numbers::stem(&reading.record.file)).is_some() {
        return Dialect::Log4brains;
    }
    if is_madr(reading) {
        return Dialect::Madr2;
    }
    Dialect::List
}
