//! Setting the status, at each place that says it.

use super::compare::{May, edited};
use super::ranges::{inside_quotes, whole};
use super::splice::{Splice, after_line, in_case_of, line_end, line_start};
use super::{Open, Refused, Text, open, place};
use crate::dates::{self, Told};
use crate::family::Family;
use crate::labels::Place;
use crate::parts::Part;
use crate::phrase::Phrase;
use crate::read::Spot;
use crate::record::{Record, State};
use crate::status::{Sort, first_state, sort};
use crate::words::is_nothing;
use groma_base::{Range, is_date};

/// The status that a record is to have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewStatus<'a> {
    /// The state.
    pub state: State,
    /// The word of the team's own that says it, as it is to be written; the usual one if there is none.
    pub word: Option<&'a str>,
}

impl From<State> for NewStatus<'_> {
    fn from(state: State) -> Self {
        NewStatus { state, word: None }
    }
}

impl NewStatus<'_> {
    /// As it is written where another word stood: in its case, unless the team has a word of its own.
    fn in_place_of(self, other: &str) -> String {
        self.word.map_or_else(|| in_case_of(self.state.word(), other), str::to_owned)
    }

    /// As it is written at the start of a line.
    fn capital(self) -> String {
        self.word.map_or_else(|| super::splice::capital(self.state.word()), str::to_owned)
    }

    fn plain(&self) -> &str {
        self.word.unwrap_or(self.state.word())
    }

    /// Whether a text begins with the word of the team's own.
    fn begins(self, text: &str) -> bool {
        let text = text.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        self.word.is_some_and(|word| {
            text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
                && !text[word.len()..].starts_with(char::is_alphanumeric)
        })
    }

    /// Whether a box with this text is its own.
    fn is_box(self, family: Family, text: &str) -> bool {
        match self.word {
            Some(_) => self.begins(text),
            None => first_state(family, text).is_some_and(|own| own.state == self.state),
        }
    }

    /// Whether a record says it.
    fn is_said(self, record: &Record) -> bool {
        match self.word {
            Some(_) => record.status_text.as_ref().is_some_and(|text| self.begins(&text.value)),
            None => record.status.as_ref().is_some_and(|status| status.value == self.state),
        }
    }
}

/// The bytes of the record with another status, and with the date of that if one is given.
///
/// # Errors
/// If the date is none, or if the record cannot be made to say that and nothing else besides.
pub fn set_status<'a>(text: Text, status: impl Into<NewStatus<'a>>, date: Option<&str>) -> Result<Vec<u8>, Refused> {
    let status = status.into();
    if let Some(date) = date.filter(|date| !is_date(date)) {
        return Err(Refused::Impossible(format!("`{date}` is no date: write YYYY-MM-DD")));
    }
    let open = open(text)?;
    let is_so = status.is_said(&open.reading.record);
    let mut splices = Vec::new();
    let mut facts = Vec::new();
    let has_place = open.reading.header.of(Part::Status).next().is_some();
    let history = date.filter(|_| !is_so).and_then(|date| in_history(&open, status, date));
    let is_dated = history.is_some();
    match history {
        Some(splice) => splices.push(splice),
        None if is_so => {}
        None if !has_place => facts.push(("status", status.plain())),
        None => splices = state_splices(&open, status),
    }
    if let Some(date) = date.filter(|_| !is_dated) {
        match date_splices(&open, date) {
            Some(dates) => splices.extend(dates),
            None => facts.push(("date", date)),
        }
    }
    splices.extend(place::facts(&open, &facts));
    let may = May { status: true, date: date.is_some(), relations: true, ..May::default() };
    edited(&open, &splices, may, |record| {
        status.is_said(record) && date.is_none_or(|date| record.date.as_ref().is_some_and(|said| said.value == date))
    })
}

/// A new line of a dated history, after its last: the only place of the status, with several states that each have a day.
fn in_history(open: &Open, status: NewStatus<'_>, date: &str) -> Option<Splice> {
    let mut spots = open.reading.header.of(Part::Status);
    let spot = spots.next().filter(|spot| spots.next().is_none() && spot.place == Place::Section)?;
    let day = |phrase: &Phrase| match dates::all(&phrase.text).first() {
        Some(Told::Day(_, bytes)) => Some(bytes.clone()),
        _ => None,
    };
    let dated = spot
        .phrases
        .iter()
        .filter(|phrase| matches!(sort(open.family, &phrase.text), Sort::Leading(_)) && day(phrase).is_some());
    let last = spot.phrases.last().filter(|_| dated.count() > 1)?;
    let (bytes, first) = (day(last)?, first_state(open.family, &last.text)?);
    let (word, end) = (first.start, first.end);
    let text = &*open.text;
    let start = line_start(text, last.range.start);
    let lead = &text[start as usize..last.range.start as usize];
    let mut line = last.text[..end].to_owned();
    let said = status.in_place_of(&last.text[word..end]);
    // The later of the two is replaced first, so that the earlier stays where it is.
    for (range, new) in
        [(word..end, said.as_str()), (bytes.clone(), date)].into_iter().filter(|(range, _)| range.end <= end)
    {
        line.replace_range(range, new);
    }
    if bytes.end > end || bytes.start > word {
        return None;
    }
    let at = text[..after_line(text, whole(last, text).end) as usize].trim_end().len() as u32;
    Some(Splice::insert(at, format!("{}{lead}{line}", line_end(text, start))))
}

fn state_splices(open: &Open, status: NewStatus<'_>) -> Vec<Splice> {
    let mut spots: Vec<&Spot> = open.reading.header.of(Part::Status).collect();
    let is_unknown = |spot: &&Spot| spot.phrases.iter().all(|phrase| sort(open.family, &phrase.text) == Sort::Unknown);
    if spots.iter().any(|spot| spot.place != Place::FrontMatter && !is_unknown(spot)) {
        // A page has a status of its own.
        spots.retain(|spot| spot.place != Place::FrontMatter || !is_unknown(spot));
    }
    let mut splices: Vec<Splice> = spots.iter().flat_map(|spot| of_spot(open, spot, status)).collect();
    // A label that names a successor outweighs the status.
    if status.state != State::Superseded {
        let labels = open
            .reading
            .header
            .of(Part::SupersededBy)
            .filter(|spot| spot.phrases.iter().any(|phrase| !is_nothing(&phrase.text)));
        splices.extend(labels.map(|spot| remove_line(&open.text, spot.key_range.cover(spot.range))));
    }
    splices
}

/// What one place becomes.
fn of_spot(open: &Open, spot: &Spot, status: NewStatus<'_>) -> Vec<Splice> {
    let text = &*open.text;
    if spot.phrases.is_empty() {
        return vec![into_empty(open, spot, status)];
    }
    if spot.phrases.iter().filter(|phrase| phrase.ticked.is_some()).count() > 1 {
        return boxes(open, &spot.phrases, status);
    }
    let sorts: Vec<Sort> = spot.phrases.iter().map(|phrase| sort(open.family, &phrase.text)).collect();
    let is_state = |sort: &Sort| matches!(sort, Sort::Leading(_));
    let goes = |sort: &Sort| matches!(sort, Sort::SupersededBy | Sort::Partly);
    let winner = sorts
        .iter()
        .rposition(is_state)
        .or_else(|| sorts.iter().rposition(|sort| matches!(sort, Sort::Inside(_))))
        .or_else(|| sorts.iter().rposition(goes))
        .or_else(|| sorts.iter().position(|sort| *sort == Sort::Unknown))
        .or_else(|| sorts.iter().position(|sort| *sort == Sort::Placeholder))
        .or_else(|| sorts.iter().position(|sort| *sort == Sort::Legend));
    let mut splices = Vec::new();
    match winner {
        Some(at) => splices.extend(reworded(open, spot, &spot.phrases[at], status)),
        None => splices.push(before_relations(open, spot, status)),
    }
    let others =
        spot.phrases.iter().zip(&sorts).enumerate().filter(|(at, (_, sort))| goes(sort) && Some(*at) != winner);
    splices.extend(others.map(|(_, (phrase, _))| remove_line(text, whole(phrase, text))));
    splices
}

/// The state word replaced where it stands at the start of its phrase; else the whole phrase.
fn reworded(open: &Open, spot: &Spot, phrase: &Phrase, status: NewStatus<'_>) -> Vec<Splice> {
    let (family, text) = (open.family, &*open.text);
    let is_front = spot.place == Place::FrontMatter;
    if let (Sort::Leading(old), Some(first)) = (sort(family, &phrase.text), first_state(family, &phrase.text)) {
        let (start, end) = (first.start, first.end);
        let tail = phrase.text[end..].trim_start();
        let is_of_state = tail.starts_with("by ")
            || old == State::Superseded && !tail.is_empty()
            || !phrase.links.is_empty() && !tail.starts_with(',');
        let word = &phrase.text[start..end];
        let range = phrase.range_of(start..end);
        if !is_of_state && range.of(text) == word {
            let mut splices = vec![Splice::new(range, status.in_place_of(word))];
            splices.extend(sign_before(phrase, start).map(|sign| Splice::new(sign, "")));
            return splices;
        }
    }
    let range = if is_front { inside_quotes(text, phrase.range) } else { whole(phrase, text) };
    vec![Splice::new(range, status.in_place_of(&case_of(family, phrase, is_front)))]
}

/// A sign before the word, such as a green circle: it is no longer true.
fn sign_before(phrase: &Phrase, start: usize) -> Option<Range> {
    let before = &phrase.text[..start];
    let is_sign = before.trim() != ""
        && before.chars().all(|letter| !letter.is_ascii() && !letter.is_alphanumeric() || letter == ' ');
    is_sign.then(|| phrase.range_of(0..start))
}

fn case_of(family: Family, phrase: &Phrase, is_front: bool) -> String {
    let first = phrase.text.trim_start_matches(|letter: char| !letter.is_alphabetic());
    let word: String = first.chars().take_while(|letter| letter.is_alphabetic()).collect();
    match sort(family, &phrase.text) {
        Sort::Placeholder | Sort::Legend if is_front => "x".to_owned(),
        Sort::Placeholder => "X".to_owned(),
        _ if word.is_empty() => "X".to_owned(),
        _ => word,
    }
}

/// Of boxes the one of the state is ticked and no other; one that is not there is added.
fn boxes(open: &Open, phrases: &[Phrase], status: NewStatus<'_>) -> Vec<Splice> {
    let text = &*open.text;
    let mut splices = Vec::new();
    let mut found = false;
    for phrase in phrases.iter().filter(|phrase| phrase.ticked.is_some()) {
        let start = line_start(text, phrase.range.start);
        let line = &text[start as usize..phrase.range.start as usize];
        let Some(at) = line.find('[').map(|at| start + at as u32 + 1) else { continue };
        let is_own = !found && status.is_box(open.family, &phrase.text);
        found |= is_own;
        if phrase.ticked != Some(is_own) {
            splices.push(Splice::new(Range::new(at, at + 1), if is_own { "x" } else { " " }));
        }
    }
    if let Some(last) = phrases.last().filter(|_| !found) {
        let start = line_start(text, last.range.start);
        let lead = text[start as usize..last.range.start as usize].replace("[ ]", "[x]");
        let at = text[..after_line(text, last.range.end) as usize].trim_end().len() as u32;
        splices.push(Splice::insert(at, format!("{}{lead}{}", line_end(text, start), status.in_place_of(&last.text))));
    }
    splices
}

/// A state above the relations of a section that says none.
fn before_relations(open: &Open, spot: &Spot, status: NewStatus<'_>) -> Splice {
    let at = line_start(&open.text, spot.phrases[0].range.start);
    let end = line_end(&open.text, at);
    Splice::insert(at, format!("{}{end}{end}", status.capital()))
}

/// A state where a label or heading has nothing.
fn into_empty(open: &Open, spot: &Spot, status: NewStatus<'_>) -> Splice {
    let text = &*open.text;
    let end_of_key = spot.key_range.end;
    if spot.place == Place::Section {
        let last = text[..end_of_key as usize].trim_end().len() as u32;
        let at = after_line(text, last);
        let end = line_end(text, last);
        let word = status.capital();
        if !text[..at as usize].ends_with(['\n', '\r']) {
            return Splice::insert(at, format!("{end}{end}{word}"));
        }
        let is_parted = text[at as usize..].starts_with(['\n', '\r']);
        return Splice::insert(at, format!("{end}{word}{end}{}", if is_parted { "" } else { end }));
    }
    let is_front = spot.place == Place::FrontMatter;
    let word = if is_front { status.plain().to_owned() } else { status.capital() };
    place::into_empty(open, spot, &word)
}

/// The lines of a range removed, with the blank line before them if one follows as well.
fn remove_line(text: &str, range: Range) -> Splice {
    let mut start = line_start(text, range.start);
    let end = after_line(text, range.end);
    let before = line_start(text, start.saturating_sub(1));
    let is_blank_before = start > 0 && text[before as usize..start as usize].trim().is_empty();
    let next = &text[end as usize..after_line(text, end) as usize];
    if is_blank_before && next.trim().is_empty() {
        start = before;
    }
    Splice::new(Range::new(start, end), "")
}

/// The date of the status, where the record says its date; `None` if it says none.
fn date_splices(open: &Open, date: &str) -> Option<Vec<Splice>> {
    let record = &open.reading.record;
    if record.date.as_ref().is_some_and(|said| said.value == date) {
        return Some(Vec::new());
    }
    let spots: Vec<&Spot> = open.reading.header.of(Part::Date).collect();
    let of_spot = |spot: &&Spot| {
        let Some(phrase) = spot.phrases.first() else {
            return place::into_empty(open, spot, date);
        };
        match dates::told(&phrase.text) {
            Told::Day(_, bytes) => Splice::new(phrase.range_of(bytes), date),
            _ if spot.place == Place::FrontMatter => Splice::new(inside_quotes(&open.text, phrase.range), date),
            _ => Splice::new(whole(phrase, &open.text), date),
        }
    };
    if !spots.is_empty() {
        return Some(spots.iter().map(of_spot).collect());
    }
    let said = record.date.as_ref().filter(|said| !said.range.is_none())?;
    Some(vec![Splice::new(said.range, date)])
}
