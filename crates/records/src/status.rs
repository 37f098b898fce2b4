//! Which state the words of a status say.

use crate::dates;
use crate::family::Family;
use crate::finding::FindingKind;
use crate::phrase::Phrase;
use crate::record::State;
use crate::relations::{self, Relations};
use crate::words::{Way, is_nothing, is_placeholder, month, relation_at, state_at};
use groma_base::Range;

/// What one place says of the status.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) state: Option<State>,
    /// The line or paragraph that says it, as it reads, with its bytes.
    pub(crate) text: Option<(String, Range)>,
    /// Why no state is known.
    pub(crate) problem: Option<FindingKind>,
}

/// What one phrase is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    /// It begins with a state.
    Leading(State),
    /// It tells of a state in a sentence.
    Inside(State),
    /// Superseded by, in part or as a whole.
    SupersededBy,
    Partly,
    /// A relation that says nothing of the state.
    Relation,
    /// A list of states of which one is to be chosen, or that explains them.
    Legend,
    Placeholder,
    Unknown,
}

/// Whether a line begins a phrase of its own where it follows another: a state, a relation, a date with a colon, a label.
pub(crate) fn begins(family: Family, line: &str) -> bool {
    let line = line.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let first = line.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    if state_at(family, line).is_some() || relation_at(line).is_some() {
        return true;
    }
    let is_partly = is_partly(first) && line[first.len()..].trim_start().starts_with(['s', 'S']);
    let label = line.split_once(':').map(|(label, _)| label).filter(|label| label.len() < 40);
    is_partly
        || label.is_some_and(|label| {
            dates::of_name(label.trim()).is_some() || crate::parts::part(label) != crate::parts::Part::Other
        })
}

fn is_partly(word: &str) -> bool {
    ["partially", "partly", "partial"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a sentence says that something replaced the record.
pub(crate) fn is_superseded_by(family: Family, text: &str) -> bool {
    of_relation(family, text.trim_start_matches(|letter: char| !letter.is_alphanumeric())) == Some(Sort::SupersededBy)
}

/// What the phrases of one place say, and which other records they name.
pub(crate) fn told(family: Family, phrases: &[Phrase], relations: &mut Relations) -> Reading {
    let boxes: Vec<&Phrase> = phrases.iter().filter(|phrase| phrase.ticked.is_some()).collect();
    if boxes.len() > 1 {
        let others: Vec<Phrase> = phrases.iter().filter(|phrase| phrase.ticked.is_none()).cloned().collect();
        let beside = told(family, &others, relations);
        // A relation beside the boxes outweighs them.
        return if beside.state == Some(State::Superseded) { beside } else { of_boxes(family, &boxes, relations) };
    }
    let sorts: Vec<Sort> = phrases.iter().map(|phrase| sort(family, &phrase.text)).collect();
    for (phrase, sort) in phrases.iter().zip(&sorts) {
        read_relations(family, phrase, *sort, relations);
    }
    let last = |wanted: &dyn Fn(Sort) -> bool| sorts.iter().rposition(|sort| wanted(*sort));
    let superseded = last(&|sort| matches!(sort, Sort::SupersededBy | Sort::Partly));
    if let Some(at) = superseded {
        let is_whole = sorts[at] == Sort::SupersededBy;
        // A line of the state itself says it better than that of the relation.
        let own = sorts.iter().rposition(|sort| *sort == Sort::Leading(State::Superseded));
        let at = own.filter(|_| is_whole).unwrap_or(at);
        return said(
            &phrases[at],
            is_whole.then_some(State::Superseded),
            (!is_whole).then_some(FindingKind::PartlySuperseded),
        );
    }
    let found =
        last(&|sort| matches!(sort, Sort::Leading(_))).or_else(|| last(&|sort| matches!(sort, Sort::Inside(_))));
    if let Some(at) = found {
        let (Sort::Leading(state) | Sort::Inside(state)) = sorts[at] else { return Reading::default() };
        return said(&phrases[at], Some(state), None);
    }
    if let Some(chosen) = phrases.iter().find_map(|phrase| chosen(family, phrase)) {
        return chosen;
    }
    unknown(phrases, &sorts)
}

fn said(phrase: &Phrase, state: Option<State>, problem: Option<FindingKind>) -> Reading {
    Reading { state, text: Some((phrase.reads(), phrase.range)), problem }
}

fn unknown(phrases: &[Phrase], sorts: &[Sort]) -> Reading {
    let first = |wanted: Sort| sorts.iter().position(|sort| *sort == wanted);
    if let Some(at) = first(Sort::Unknown) {
        return said(&phrases[at], None, Some(FindingKind::UnknownStatus));
    }
    if let Some(at) = first(Sort::Placeholder).or_else(|| first(Sort::Legend)) {
        return said(&phrases[at], None, Some(FindingKind::PlaceholderStatus));
    }
    Reading { problem: Some(FindingKind::EmptyStatus), ..Reading::default() }
}

/// Of boxes the ticked one counts.
fn of_boxes(family: Family, boxes: &[&Phrase], relations: &mut Relations) -> Reading {
    let ticked: Vec<Phrase> = boxes
        .iter()
        .filter(|phrase| phrase.ticked == Some(true))
        .map(|phrase| Phrase { ticked: None, ..(*phrase).clone() })
        .collect();
    match ticked.len() {
        1 => told(family, &ticked, relations),
        0 => said(boxes[0], None, Some(FindingKind::PlaceholderStatus)),
        _ => said(&ticked[0], None, Some(FindingKind::UnknownStatus)),
    }
}

/// Of several states in one line the bold one is chosen.
fn chosen(family: Family, phrase: &Phrase) -> Option<Reading> {
    if sort(family, &phrase.text) != Sort::Legend {
        return None;
    }
    let mut bold = phrase.bold.iter().filter(|(words, _)| first_state(family, &phrase.text[words.clone()]).is_some());
    let (words, range) = bold.next().filter(|_| bold.next().is_none())?;
    let text = phrase.text[words.clone()].trim().to_owned();
    let state = first_state(family, &text).map(|found| found.state);
    Some(Reading { state, text: Some((text, *range)), ..Reading::default() })
}

fn read_relations(family: Family, phrase: &Phrase, sort: Sort, relations: &mut Relations) {
    if matches!(sort, Sort::Legend | Sort::Placeholder) {
        return;
    }
    let before = relations.superseded_by.len() + relations.findings.len();
    // A part of what is in force may be superseded; the record is not.
    let is_in_force = matches!(
        sort,
        Sort::Leading(State::Accepted | State::Proposed | State::Review | State::Draft | State::Rejected)
    );
    relations.read(phrase, is_in_force);
    let is_named = relations.superseded_by.len() + relations.findings.len() > before;
    let gone = |sort| matches!(sort, Sort::Leading(State::Superseded | State::Deprecated));
    if !is_named && gone(sort) && !tells_supersedes(&phrase.text) {
        let end = first_state(family, &phrase.text).map_or(0, |found| found.end);
        relations.read_successor(phrase, end);
    }
}

fn tells_supersedes(text: &str) -> bool {
    relations::words(text).any(|(at, _)| relation_at(&text[at..]).is_some_and(|(_, way)| way != Way::SupersededBy))
}

/// The first state of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FirstState {
    pub(crate) state: State,
    /// Where its words begin and end.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// So many words stand before it.
    pub(crate) before: usize,
}

/// See [`FirstState`].
pub(crate) fn first_state(family: Family, text: &str) -> Option<FirstState> {
    relations::words(text).enumerate().find_map(|(before, (start, _))| {
        let found = state_at(family, &text[start..])?;
        Some(FirstState { state: found.state, start, end: start + found.length, before })
    })
}

/// What a phrase is by its words.
pub(crate) fn sort(family: Family, text: &str) -> Sort {
    let bare = text.trim_start_matches(|letter: char| !letter.is_alphanumeric() && !"{[<".contains(letter));
    if is_placeholder(text) || is_nothing(text) {
        return Sort::Placeholder;
    }
    if is_legend(family, text) {
        return Sort::Legend;
    }
    if let Some(state) = alone(without_parentheses(bare)).filter(|_| family == Family::Decision) {
        return Sort::Leading(state);
    }
    if let Some(sort) = of_relation(family, bare) {
        return sort;
    }
    of_words(family, text)
}

/// Words that say the state of a decision where nothing else stands beside them, in lower case; in a sentence they are about something else.
const ALONE: &[(&str, State)] = &[
    ("accept", State::Accepted),
    ("adopted", State::Accepted),
    ("decided", State::Accepted),
    ("reject", State::Rejected),
    ("pending", State::Proposed),
    ("pending approval", State::Proposed),
    ("pending review", State::Proposed),
    ("awaiting approval", State::Proposed),
    ("awaiting review", State::Proposed),
    ("proposal", State::Proposed),
    ("wip", State::Draft),
    ("work in progress", State::Draft),
];

fn alone(text: &str) -> Option<State> {
    let bare = text.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    ALONE.iter().find(|(words, _)| words.eq_ignore_ascii_case(bare)).map(|(_, state)| *state)
}

/// A text before the parentheses at its end, if more than a word or two stand in these: what they tell is no longer the state.
fn without_parentheses(text: &str) -> &str {
    const FEWEST: usize = 3;
    let Some((before, inside)) = text.split_once(" (") else { return text };
    let is_long = relations::words(inside).count() >= FEWEST && inside.trim_end().ends_with([')', '.']);
    if is_long && !before.trim().is_empty() { before } else { text }
}

/// What a phrase is by a relation that it tells of.
fn of_relation(family: Family, bare: &str) -> Option<Sort> {
    let leading = first_state(family, bare).filter(|_| matches!(of_words(family, bare), Sort::Leading(_)));
    if let Some((_, way)) =
        relation_at(bare).filter(|(length, _)| !bare[..*length].eq_ignore_ascii_case("deprecated by"))
    {
        return Some(if way == Way::SupersededBy { Sort::SupersededBy } else { Sort::Relation });
    }
    let mut before = ("", "");
    for (at, word) in relations::words(bare) {
        if relation_at(&bare[at..]).is_some_and(|(_, way)| way == Way::SupersededBy) {
            if is_partly(before.1) {
                return Some(Sort::Partly);
            }
            let is_of_record =
                leading.is_none_or(|found| found.state == State::Superseded || is_near(&bare[found.end.min(at)..at]));
            return (is_of_record && !is_denial(before.1) && !is_denial(before.0)).then_some(Sort::SupersededBy);
        }
        if is_partly(word)
            && relation_at(bare[at + word.len()..].trim_start()).is_some_and(|(_, way)| way == Way::Supersedes)
        {
            return Some(Sort::Relation);
        }
        before = (before.1, word);
    }
    None
}

/// Whether what stands between a state and `superseded by` leaves no other thing that could be meant: `Accepted, now superseded by`.
fn is_near(between: &str) -> bool {
    let words: Vec<&str> = relations::words(between).map(|(_, word)| word).collect();
    let subjects = words.iter().rev().take(6);
    let is_subject =
        |word: &&&str| ["this", "record", "decision", "adr"].iter().any(|known| known.eq_ignore_ascii_case(word));
    words.len() < 3 || subjects.filter(is_subject).count() > 0
}

/// Whether a word before a state takes it back, or puts it off.
pub(crate) fn is_denial(word: &str) -> bool {
    DENIALS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Words before a state that take it back, or put it off.
const DENIALS: &[&str] = &[
    "not",
    "no",
    "never",
    "partially",
    "partly",
    "until",
    "unless",
    "if",
    "when",
    "once",
    "be",
    "was",
    "were",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "formerly",
    "previously",
    "nearly",
    "almost",
];
/// Words that may stand before a state without making a sentence of it.
const FILLERS: &[&str] = &["status", "current", "currently", "is", "state", "adr", "decision", "t", "z", "utc"];

/// What leads from one state to the next.
const WAYS: [&str; 6] = ["→", "->", "=>", ", then ", "; then ", ", now "];

/// Whether a state is put in doubt by what stands right before or behind it: `un-accepted`, `accepted?`.
fn is_doubted(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].strip_suffix('-').is_some_and(|before| before.ends_with(char::is_alphabetic));
    before || text[end..].trim_start().starts_with('?')
}

fn of_words(family: Family, text: &str) -> Sort {
    let text = without_parentheses(text);
    // Of a way through states the last one holds.
    let last = WAYS.iter().filter_map(|way| text.rfind(way).map(|at| at + way.len())).max();
    let text = last.map(|at| &text[at..]).filter(|rest| first_state(family, rest).is_some()).unwrap_or(text);
    let mut before: Vec<&str> = Vec::new();
    let (mut weak, mut at) = (None, 0);
    for (start, word) in relations::words(text) {
        if start < at {
            continue;
        }
        let Some(found) = state_at(family, &text[start..]) else {
            before.push(word);
            continue;
        };
        let is = |word: &&&str, list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(word));
        let is_denied =
            before.iter().rev().take(2).any(|word| is(&word, DENIALS)) || is_doubted(text, start, start + found.length);
        let is_filler = |word: &&str| {
            is(&word, FILLERS) || word.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) || month(word).is_some()
        };
        let is_leading = weak.is_none() && before.iter().all(is_filler);
        let sort = if is_leading { Sort::Leading(found.state) } else { Sort::Inside(found.state) };
        match (is_denied, found.is_weak) {
            (true, _) if weak.is_none() => return Sort::Unknown,
            (false, false) => return sort,
            (false, true) => weak = weak.or(Some(sort)),
            (true, _) => {}
        }
        (before, at) = (Vec::new(), start + found.length);
    }
    weak.unwrap_or(Sort::Unknown)
}

/// Whether a phrase lists states instead of naming one: parted by bars, or three and more of them of which it names none first.
fn is_legend(family: Family, text: &str) -> bool {
    let mut states: Vec<State> =
        relations::words(text).filter_map(|(at, _)| Some(state_at(family, &text[at..])?.state)).collect();
    states.sort_unstable();
    states.dedup();
    let is_way = WAYS.iter().any(|way| text.contains(way));
    if states.len() < 2 || is_way {
        return false;
    }
    // `Accepted/Rejected`, `Accepted, superseded`: nothing says which.
    let alone = text.replace(" or ", "/").replace(" and ", "/");
    let are_alone = alone.split(['/', ',', ';']).all(|part| {
        first_state(family, part).is_some_and(|found| found.before == 0 && part.trim().len() == found.end - found.start)
    });
    if are_alone {
        return true;
    }
    let begins = |part: &str| first_state(family, part).is_some_and(|found| found.before == 0);
    let listed = |signs: &[char]| text.split(signs).filter(|part| begins(part)).count();
    let is_choice = text.contains('|') && listed(&['|']) > 1;
    let is_list = || listed(&['|', '/', ',', ';', '\n']) > 2 || !matches!(of_words(family, text), Sort::Leading(_));
    is_choice || states.len() > 2 && is_list()
}
