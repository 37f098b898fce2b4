//! The status of a record, and how it stands to others.

use super::{Header, Reading, Spot};
use crate::document::{Kind, Type};
use crate::family::Family;
use crate::finding::{Finding, FindingKind};
use crate::labels::Place;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::record::{Reference, Said, State};
use crate::relations::Relations;
use crate::status;
use crate::words::Way;
use groma_base::Range;
use rustc_hash::FxHashSet;

/// What a place says of the status, and where it is.
struct Told {
    place: Place,
    reading: status::Reading,
    range: Range,
}

pub(super) fn read(reading: &mut Reading, text: &str) {
    let mut relations = Relations::default();
    let mut told = of_places(reading, &mut relations);
    of_labels(&reading.header, &mut told, &mut relations);
    of_pairs(reading, &mut relations, text);
    banner(reading, &mut told, &mut relations);
    of_links(reading, &mut relations);
    duplicates(reading, &mut told);
    decide(reading, told);
    let record = &mut reading.record;
    record.findings.append(&mut relations.findings.clone());
    let is_alone =
        reading.family == Family::Decision && relations.superseded_by.is_empty() && relations.findings.is_empty();
    if let Some(status) = record.status.as_ref().filter(|status| status.value == State::Superseded && is_alone) {
        let message = "superseded, and nothing says by what: add `Superseded by …`";
        record.findings.push(Finding::new(FindingKind::NoSuccessor, status.range, message));
    }
    record.supersedes = relations.supersedes;
    record.superseded_by = relations.superseded_by;
    record.beside = relations.beside;
    if let Some(status) = &mut record.status {
        status.value = of_family(reading.family, status.value);
    }
    itself(reading);
}

/// A state as a family has it: what took the place of a request for comments is no state of it.
fn of_family(family: Family, state: State) -> State {
    match (family, state) {
        (Family::Rfc, State::Superseded | State::Deprecated) => State::Withdrawn,
        _ => state,
    }
}

/// A record that replaces itself.
fn itself(reading: &mut Reading) {
    let record = &mut reading.record;
    let own = record.number.as_ref().map(|number| number.value);
    let stem = crate::numbers::stem(&record.file);
    let is_own = |reference: &Reference| match reference {
        Reference::Number(number) => own == Some(*number),
        Reference::Name(name) => name == stem,
    };
    let mut all = record.superseded_by.iter().chain(&record.supersedes);
    if let Some(found) = all.find(|said| is_own(&said.value)) {
        let message = "the record replaces itself: name the other record";
        record.findings.push(Finding::new(FindingKind::SupersededByItself, found.range, message));
    }
}

/// What each place that says a status says: front matter, the lines of the header together, each section.
fn of_places(reading: &Reading, relations: &mut Relations) -> Vec<Told> {
    let mut told = Vec::new();
    for spot in reading.header.of(Part::Status) {
        let reading = status::told(reading.family, &spot.phrases, relations);
        told.push(Told { place: spot.place, reading, range: spot.range });
    }
    told
}

/// Labels of relations. One that names a successor outweighs the state beside it, which tools leave as it was.
fn of_labels(header: &Header, told: &mut Vec<Told>, relations: &mut Relations) {
    for (part, way) in [(Part::Supersedes, Way::Supersedes), (Part::SupersededBy, Way::SupersededBy)] {
        for spot in header.of(part) {
            let before = relations.superseded_by.len();
            for phrase in spot.phrases.iter().filter(|phrase| !crate::words::is_nothing(&phrase.text)) {
                relations.read_value(phrase, way);
            }
            if way == Way::SupersededBy && relations.superseded_by.len() > before {
                outweigh(spot, told);
            }
        }
    }
    for spot in header.spots.iter().filter(|spot| super::header::is_fact(spot.part)) {
        for phrase in spot.phrases.iter().filter(|phrase| !crate::words::is_nothing(&phrase.text)) {
            relations.read_beside_of(&spot.key.replace(['-', '_'], " "), phrase);
        }
    }
}

fn outweigh(spot: &Spot, told: &mut Vec<Told>) {
    let is_beside = |other: &Told| (other.place == Place::FrontMatter) == (spot.place == Place::FrontMatter);
    let gives_way = |told: &Told| !matches!(told.reading.state, Some(State::Rejected | State::Deprecated));
    match told.iter_mut().find(|other| is_beside(other)) {
        Some(other) if gives_way(other) && other.place != Place::Section => {
            other.reading.state = Some(State::Superseded);
            other.reading.problem = None;
            let own = || spot.phrases.first().map(|phrase| (phrase.reads(), phrase.range));
            other.reading.text = other.reading.text.take().or_else(own);
        }
        Some(_) => {}
        None => {
            let text = spot.phrases.first().map(|phrase| (phrase.reads(), phrase.range));
            let reading = status::Reading { state: Some(State::Superseded), text, ..status::Reading::default() };
            told.push(Told { place: spot.place, reading, range: spot.range });
        }
    }
}

/// The words of a kind of links that tools write as one: `dependson`, `amendedby`.
fn parted(kind: &str) -> String {
    let of = |ending: &str| kind.strip_suffix(ending).map(|begin| format!("{begin} {ending}"));
    of("by").or_else(|| of("on")).or_else(|| of("to")).unwrap_or_else(|| kind.to_owned())
}

/// `links: [{target: 48, kind: supersedes}]` in front matter.
fn of_pairs(reading: &Reading, relations: &mut Relations, text: &str) {
    let keys = reading.front.iter().flat_map(|front| &front.keys).filter(|key| key.part == Part::Links);
    for pairs in keys.flat_map(|key| &key.pairs) {
        let of = |words: &[&str]| pairs.iter().find(|(key, _)| words.contains(&key.as_str())).map(|(_, value)| value);
        let (Some(target), Some(kind)) = (of(&["target", "to", "id"]), of(&["kind", "type", "rel"])) else { continue };
        let other = Phrase::of_value(&target.text, target.range, text);
        match kind.text.to_ascii_lowercase().replace(['-', '_', ' '], "").as_str() {
            "supersedes" | "replaces" => relations.read_value(&other, Way::Supersedes),
            "supersededby" | "replacedby" => relations.read_value(&other, Way::SupersededBy),
            how => relations.read_beside_of(&parted(how), &other),
        }
    }
}

/// A quotation or a bold line at the top that says the record was superseded.
fn banner(reading: &Reading, told: &mut Vec<Told>, relations: &mut Relations) {
    let document = &reading.document;
    let labelled: Vec<usize> = reading.header.spots.iter().filter_map(|spot| spot.block).collect();
    for (at, block) in document.blocks[..reading.header.end.min(document.blocks.len())].iter().enumerate() {
        let is_text = matches!(block.kind, Kind::Paragraph | Kind::Heading(crate::document::BOLD));
        if !is_text || labelled.contains(&at) {
            continue;
        }
        let is_marked = block.quoted || document.set_so(Type::Strong, block.words).next().is_some();
        let phrase = Phrase::of(document, document.trimmed(block.words));
        if !is_marked || !status::is_superseded_by(reading.family, &phrase.text) {
            continue;
        }
        let reading = status::told(reading.family, &[phrase], relations);
        if reading.state == Some(State::Superseded) {
            told.push(Told { place: Place::Banner, reading, range: block.range });
        }
    }
}

/// Relations told where links stand, and in the outcome.
fn of_links(reading: &Reading, relations: &mut Relations) {
    let document = &reading.document;
    for head in reading.heads.iter().filter(|head| matches!(head.part, Part::Links | Part::Outcome)) {
        for block in &document.blocks[head.block + 1..head.own_end] {
            let is_said = matches!(block.kind, Kind::Item { .. } | Kind::Paragraph);
            let words = document.trimmed(block.words);
            if is_said && crate::words::relation_at(document.text(words)).is_some() {
                let phrase = Phrase::of(document, words);
                if phrase.links.is_empty() && head.part == Part::Outcome {
                    continue;
                }
                relations.read(&phrase, false);
            }
        }
    }
}

/// A key of the front matter that stands there twice says nothing.
fn duplicates(reading: &mut Reading, told: &mut Vec<Told>) {
    let Some(front) = &reading.front else { return };
    let mut told_of = FxHashSet::default();
    for (earlier, later) in front.twice().filter(|(earlier, _)| told_of.insert(earlier.key.range)) {
        let message = format!("`{}` stands here twice: keep one", later.key.text);
        let finding = Finding::between(FindingKind::DuplicateKey, later.key.range, earlier.key.range, message);
        reading.record.findings.push(finding);
        if later.part == Part::Status {
            let texts: Vec<&str> =
                [earlier, later].iter().flat_map(|key| key.values.first()).map(|value| value.text.as_str()).collect();
            let is_same = texts.windows(2).all(|two| two[0].eq_ignore_ascii_case(two[1]));
            let mut is_first = true;
            told.retain(|told| told.place != Place::FrontMatter || is_same && std::mem::take(&mut is_first));
            if !is_same {
                let reading = status::Reading::default();
                told.push(Told { place: Place::FrontMatter, reading, range: later.key.range });
            }
        }
    }
}

/// The status of the places that say one, if they agree.
fn decide(reading: &mut Reading, mut told: Vec<Told>) {
    let says =
        |told: &Told| !matches!(told.reading.problem, Some(FindingKind::EmptyStatus | FindingKind::PlaceholderStatus));
    if told.iter().any(says) {
        told.retain(says);
    }
    // A page has a status of its own besides, such as `current`, which no table of states knows.
    let is_known = |told: &Told| told.place != Place::FrontMatter && told.reading.state.is_some();
    if told.iter().any(is_known) {
        told.retain(|told| {
            told.place != Place::FrontMatter || told.reading.problem != Some(FindingKind::UnknownStatus)
        });
    }
    let record = &mut reading.record;
    let Some(first) = told.first() else {
        let at = record.title.as_ref().map_or(Range::default(), |title| title.range);
        record.findings.push(Finding::new(FindingKind::NoStatus, at, "no status: add a line or section `Status`"));
        return;
    };
    if let Some(other) = told[1..].iter().find(|other| !agree(&first.reading, &other.reading)) {
        let kind = match (first.place, other.place) {
            (Place::FrontMatter, _) | (_, Place::FrontMatter) => FindingKind::FrontMatterStatus,
            _ => FindingKind::TwoStatuses,
        };
        let message = "two places say different statuses: make them agree, or remove one";
        record.findings.push(Finding::between(kind, first.range, other.range, message));
        return;
    }
    let status = &first.reading;
    record.status_text = status.text.clone().map(|(text, range)| Said::new(text, range));
    record.status = status.state.map(|state| Said::new(state, first.range));
    if let (Some(status), Some(text)) = (&mut record.status, &record.status_text) {
        status.range = text.range;
    }
    if let Some(kind) = status.problem {
        let range = record.status_text.as_ref().map_or(first.range, |text| text.range);
        record.findings.push(Finding::new(kind, range, message(reading.family, kind)));
    }
}

fn message(family: Family, kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::EmptyStatus => "the place of the status is empty: write one, such as `Accepted`",
        FindingKind::PlaceholderStatus => "the status is still that of the template: choose one",
        FindingKind::PartlySuperseded => {
            "superseded in part: neither in force as a whole nor gone, so the state is unknown"
        }
        _ if family == Family::Rfc => {
            "no known status: draft, review, accepted, rejected and withdrawn are, and the words that `docs/rfcs.md` lists"
        }
        _ => {
            "no known status: draft, proposed, accepted, rejected, deprecated and superseded are; `decision-status` of a workspace adds words"
        }
    }
}

fn agree(one: &status::Reading, other: &status::Reading) -> bool {
    match (one.state, other.state) {
        (Some(one), Some(other)) => one == other,
        (None, None) => {
            let bare = |text: &str| text.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
            let text = |reading: &status::Reading| reading.text.as_ref().map(|(text, _)| bare(text));
            text(one) == text(other)
        }
        _ => false,
    }
}
