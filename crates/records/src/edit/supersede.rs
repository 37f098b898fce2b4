//! One record that replaces another: both say it, or neither is changed.

use super::compare::{May, edited};
use super::link::{line, link_to, name_of, names, short_name, status_section_end};
use super::ranges::{inside_quotes, whole};
use super::splice::{Splice, in_case_of, line_end, line_start};
use super::{Open, Refused, Spelling, Text, open, place};
use crate::labels::Place;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::read::Spot;
use crate::record::{Dialect, Reference, Said, State};
use crate::relations;
use crate::status::{Sort, sort};
use crate::words::relation_at;

/// The bytes of both records, the old one superseded by the new one. Each says it in the way of its own dialect; `spelling` is that of the
/// folder for records as adr-tools writes them.
pub fn supersede(old: Text, new: Text, spelling: Spelling) -> Result<(Vec<u8>, Vec<u8>), Refused> {
    let (old, new) = (open(old)?, open(new)?);
    let (one, other) = (&old.reading.record, &new.reading.record);
    if one.file == other.file
        || one.number.is_some() && one.number.as_ref().map(|n| n.value) == other.number.as_ref().map(|n| n.value)
    {
        return Err(Refused::Impossible(format!("{} cannot supersede itself", old.path)));
    }
    let before = values(&one.superseded_by);
    let is_said = one.status.as_ref().is_some_and(|status| status.value == State::Superseded)
        && before.iter().any(|reference| names(reference, other));
    let old_bytes = match is_said {
        true => old.bytes.to_vec(),
        false => old_superseded(&old, &new, spelling)?,
    };
    let before = values(&other.supersedes);
    if before.iter().any(|reference| names(reference, one)) {
        return Ok((old_bytes, new.bytes.to_vec()));
    }
    let may = May { relations: true, ..May::default() };
    let new_bytes = edited(&new, &[new_splice(&new, &old, spelling)], may, |record| {
        let now = values(&record.supersedes);
        let is_named = now.iter().any(|reference| names(reference, one)) && before.iter().all(|one| now.contains(one));
        is_named && now.len() == before.len() + 1 && values(&record.superseded_by) == values(&other.superseded_by)
    })?;
    Ok((old_bytes, new_bytes))
}

fn values(said: &[Said<Reference>]) -> Vec<Reference> {
    said.iter().map(|said| said.value.clone()).collect()
}

/// The bytes of the old record, which says by what it is superseded.
fn old_superseded(old: &Open, new: &Open, spelling: Spelling) -> Result<Vec<u8>, Refused> {
    let (one, other) = (&old.reading.record, &new.reading.record);
    let (kept, before) = (values(&one.supersedes), values(&one.superseded_by));
    // A date in the line of the state is that of the state, and goes with it.
    let within = |text: &Said<State>| one.date.as_ref().is_some_and(|date| text.range.contains(date.range));
    let is_dated = one.status.as_ref().is_some_and(within);
    let may = May { status: true, relations: true, date: is_dated, ..May::default() };
    edited(old, &old_splices(old, new, spelling), may, |record| {
        let is_superseded = record.status.as_ref().is_some_and(|status| status.value == State::Superseded);
        let now = values(&record.superseded_by);
        let is_named =
            now.iter().any(|reference| names(reference, other)) && before.iter().all(|one| now.contains(one));
        is_superseded && is_named && values(&record.supersedes) == kept
    })
}

fn old_splices(old: &Open, new: &Open, spelling: Spelling) -> Vec<Splice> {
    let words = match spelling {
        Spelling::Supersede => "superseded by",
        Spelling::Supercede if old.reading.record.dialect == Dialect::Nygard => "superceded by",
        Spelling::Supercede => "superseded by",
    };
    let spots: Vec<&Spot> = old.reading.header.of(Part::Status).collect();
    if spots.is_empty() {
        let is_madr = matches!(old.reading.record.dialect, Dialect::Madr3 | Dialect::Madr4);
        let place = if is_madr || old.reading.front.is_some() { Place::FrontMatter } else { Place::List };
        let value = format!("{words} {}", target_in(old, new, place));
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
    let sorts: Vec<Sort> = spot.phrases.iter().map(|phrase| sort(old.family, &phrase.text)).collect();
    let is_box = spot.phrases.iter().any(|phrase| phrase.ticked.is_some());
    let said = format!("{words} {target}");
    let Some(at) = sorts.iter().rposition(|sort| *sort != Sort::Relation).filter(|_| !is_box) else {
        return vec![line_of(old, spot, &said)];
    };
    // Whatever else a section says of it stays beside the one word of the state.
    let is_state = |at: &usize| matches!(sorts[*at], Sort::Leading(_)) && !is_long(&spot.phrases[*at]);
    let mut states = (0..sorts.len()).filter(|at| matches!(sorts[*at], Sort::Leading(_)));
    let only = states.next().filter(|at| states.next().is_none() && is_state(at));
    if let (Place::Section, Some(only), false) = (spot.place, only, sorts.contains(&Sort::SupersededBy)) {
        let phrase = &spot.phrases[only];
        return vec![Splice::new(whole(phrase, text), format!("{} {target}", in_case_of(words, &phrase.text)))];
    }
    let phrase = &spot.phrases[at];
    if spot.place == Place::Section && (is_long(phrase) || sorts[at] == Sort::SupersededBy || sorts.len() > 2) {
        return vec![line_of(old, spot, &said)];
    }
    if sorts[at] == Sort::SupersededBy {
        return vec![Splice::insert(end_of(phrase, text), format!(", {target}"))];
    }
    let is_front = spot.place == Place::FrontMatter;
    let range = if is_front { inside_quotes(text, phrase.range) } else { whole(phrase, text) };
    let said = format!("{} {target}", in_case_of(words, &phrase.text));
    if is_front && said.contains(['[', '#']) && range == phrase.range {
        return vec![Splice::new(range, format!("\"{said}\""))];
    }
    vec![Splice::new(range, said)]
}

/// Whether a phrase says more than a state and a date.
fn is_long(phrase: &Phrase) -> bool {
    let text = phrase.text.as_str();
    let has_relation = relations::words(text).skip(1).any(|(at, _)| relation_at(&text[at..]).is_some());
    has_relation || !phrase.links.is_empty() || text.split_whitespace().count() > 3
}

/// Where the records that a phrase names end: after its last link, or its last letter.
fn end_of(phrase: &Phrase, text: &str) -> u32 {
    let range = inside_quotes(text, phrase.range);
    let trimmed = range.of(text).trim_end_matches(['.', ' ', '*', '_']).len() as u32;
    phrase.links.iter().map(|(_, _, range)| range.end).max().unwrap_or(range.start + trimmed)
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

/// One more record in the front matter, where that lists those which this one replaces, as the last of them is written.
fn in_front(new: &Open, spot: &Spot, old: &Open) -> Option<Splice> {
    let text = &*new.text;
    let last = spot.phrases.last()?;
    old.reading.record.number.as_ref()?;
    let said = last.range.of(text);
    let name = short_name(&old.reading.record);
    let start = line_start(text, last.range.start);
    let lead = &text[start as usize..last.range.start as usize];
    let is_quoted = said.starts_with(['"', '\'']);
    let is_block = lead.trim_start().starts_with("- ") && lead.trim_start().trim_start_matches('-').trim().is_empty();
    if is_block {
        return Some(Splice::insert(last.range.end, format!("{}{lead}{name}", line_end(text, start))));
    }
    (lead.contains('[') || !is_quoted).then(|| Splice::insert(last.range.end, format!(", {name}")))
}

/// The line that says in the new record what it replaces.
fn new_splice(new: &Open, old: &Open, spelling: Spelling) -> Splice {
    let is_nygard = new.reading.record.dialect == Dialect::Nygard;
    let word = if spelling == Spelling::Supercede && is_nygard { "Supercedes" } else { "Supersedes" };
    let link = link_to(new, old);
    // In a table that lies on its side no row can be added.
    let is_on_line =
        |spot: &&Spot| line_start(&new.text, spot.key_range.start) == line_start(&new.text, spot.range.start);
    let is_label =
        |spot: &&Spot| matches!(spot.place, Place::Line { .. } | Place::List | Place::Table) && is_on_line(spot);
    let labels = new.reading.header.of(Part::Status).find(is_label);
    let known = || new.reading.header.of(Part::Supersedes).filter(|spot| !spot.phrases.is_empty());
    if let Some(splice) =
        known().find(|spot| spot.place == Place::FrontMatter).and_then(|spot| in_front(new, spot, old))
    {
        return splice;
    }
    let known = known().find(|spot| spot.place != Place::FrontMatter);
    match (new.reading.record.dialect, known, labels) {
        (Dialect::Nygard | Dialect::Madr2 | Dialect::Madr3 | Dialect::Madr4 | Dialect::Log4brains, ..) => {
            line(new, &format!("{word} {link}"))
        }
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
