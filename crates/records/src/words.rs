//! The words that records use, as tables: of states and relations, of months, of templates.

use crate::family::Family;
use crate::record::State;

/// Words of states, in lower case.
const STATES: &[(&str, State)] = &[
    ("accepted", State::Accepted),
    ("approved", State::Accepted),
    ("implemented", State::Accepted),
    ("proposed", State::Proposed),
    ("draft", State::Draft),
    ("rejected", State::Rejected),
    ("deprecated", State::Deprecated),
    ("superseded", State::Superseded),
    ("superceded", State::Superseded),
    ("superseeded", State::Superseded),
];

/// The state that one word names.
pub(crate) fn state(word: &str) -> Option<State> {
    let is_long_enough = (5..=11).contains(&word.len());
    let found = is_long_enough.then(|| STATES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)))?;
    found.map(|(_, state)| *state)
}

/// Words of the states of requests for comments, in lower case and parted by blanks. Those that say how it stands with the text rather than
/// what was decided give way to another state of the same line: `Closed (accepted)`.
const STATES_OF_RFCS: &[(&str, State, bool)] = &[
    ("draft", State::Draft, false),
    ("wip", State::Draft, false),
    ("work in progress", State::Draft, false),
    ("idea", State::Draft, false),
    ("ideation", State::Draft, false),
    ("prediscussion", State::Draft, false),
    ("pre discussion", State::Draft, false),
    ("provisional", State::Draft, false),
    ("review", State::Review, false),
    ("in review", State::Review, false),
    ("under review", State::Review, false),
    ("ready for review", State::Review, false),
    ("open for review", State::Review, false),
    ("open for comments", State::Review, false),
    ("proposed", State::Review, false),
    ("discussion", State::Review, false),
    ("in discussion", State::Review, false),
    ("under discussion", State::Review, false),
    ("last call", State::Review, false),
    ("in last call", State::Review, false),
    ("final comment period", State::Review, false),
    ("in final comment period", State::Review, false),
    ("fcp", State::Review, false),
    ("open", State::Review, true),
    ("accepted", State::Accepted, false),
    ("approved", State::Accepted, false),
    ("adopted", State::Accepted, false),
    ("committed", State::Accepted, false),
    ("implementable", State::Accepted, false),
    ("implemented", State::Accepted, true),
    ("active", State::Accepted, true),
    ("merged", State::Accepted, true),
    ("published", State::Accepted, true),
    ("final", State::Accepted, true),
    ("rejected", State::Rejected, false),
    ("declined", State::Rejected, false),
    ("closed", State::Rejected, true),
    ("withdrawn", State::Withdrawn, false),
    ("abandoned", State::Withdrawn, false),
    ("cancelled", State::Withdrawn, false),
    ("canceled", State::Withdrawn, false),
    ("postponed", State::Withdrawn, false),
    ("deferred", State::Withdrawn, false),
    ("obsolete", State::Withdrawn, false),
    ("deprecated", State::Deprecated, false),
    ("replaced", State::Superseded, false),
    ("superseded", State::Superseded, false),
    ("superceded", State::Superseded, false),
];

/// A state that a text begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StateWord {
    pub(crate) state: State,
    /// So many bytes the words take.
    pub(crate) length: usize,
    /// Whether another state of the same line says it better.
    pub(crate) is_weak: bool,
}

/// The state of a family that a text begins with, in its longest words.
pub(crate) fn state_at(family: Family, text: &str) -> Option<StateWord> {
    if family == Family::Decision {
        let word = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\u{200b}').next()?;
        return state(word).map(|state| StateWord { state, length: word.len(), is_weak: false });
    }
    let found = STATES_OF_RFCS.iter().filter_map(|(words, state, is_weak)| {
        Some(StateWord { state: *state, length: begins_with(text, words)?, is_weak: *is_weak })
    });
    found.max_by_key(|word| word.length)
}

/// So many bytes of a text are these words, whichever sign parts them.
fn begins_with(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    for (nth, word) in words.split(' ').enumerate() {
        if nth > 0 {
            rest = rest.strip_prefix([' ', '-', '_', '\n'])?;
        }
        rest = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).map(|_| &rest[word.len()..])?;
    }
    (!rest.starts_with(char::is_alphanumeric)).then_some(text.len() - rest.len())
}

/// Which way a relation to another record leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// This record replaces the other.
    Supersedes,
    /// The other replaced this one.
    SupersededBy,
    /// Neither: amends, refines, see also.
    Beside,
}

/// Phrases that say how a record stands to another, in lower case; of two that fit the longer comes first.
const RELATIONS: &[(&str, Way)] = &[
    ("superseded by", Way::SupersededBy),
    ("superceded by", Way::SupersededBy),
    ("superseeded by", Way::SupersededBy),
    ("replaced by", Way::SupersededBy),
    ("obsoleted by", Way::SupersededBy),
    ("superseded-by", Way::SupersededBy),
    ("supersedes", Way::Supersedes),
    ("supercedes", Way::Supersedes),
    ("superseeds", Way::Supersedes),
    ("supersede", Way::Supersedes),
    ("supercede", Way::Supersedes),
    ("replaces", Way::Supersedes),
    ("obsoletes", Way::Supersedes),
    ("amended by", Way::Beside),
    ("amends", Way::Beside),
    ("updated by", Way::Beside),
    ("updates", Way::Beside),
    ("refined by", Way::Beside),
    ("refines", Way::Beside),
    ("clarified by", Way::Beside),
    ("clarifies", Way::Beside),
    ("extended by", Way::Beside),
    ("extends", Way::Beside),
    ("deprecates", Way::Beside),
    ("deprecated by", Way::Beside),
    ("relates to", Way::Beside),
    ("related to", Way::Beside),
    ("depends on", Way::Beside),
    ("see also", Way::Beside),
    ("see", Way::Beside),
];

/// The phrase of a relation that a text begins with, and its length.
pub(crate) fn relation_at(text: &str) -> Option<(usize, Way)> {
    let bytes = text.as_bytes();
    if !matches!(bytes.first()?.to_ascii_lowercase(), b's' | b'r' | b'o' | b'a' | b'u' | b'c' | b'e' | b'd') {
        return None;
    }
    let fits = |phrase: &str| {
        let head = bytes.get(..phrase.len()).is_some_and(|head| head.eq_ignore_ascii_case(phrase.as_bytes()));
        head && !bytes.get(phrase.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    RELATIONS.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, way)| (phrase.len(), *way))
}

/// What a relation is called that leaves both records in force, by each side's word; of the first the record that says it is the subject.
const BESIDE: &[(&str, &str)] = &[
    ("amends", "amended by"),
    ("updates", "updated by"),
    ("refines", "refined by"),
    ("clarifies", "clarified by"),
    ("extends", "extended by"),
    ("depends on", "required by"),
    ("relates to", "related to"),
];

/// The relation that the words before a link say, and whether the other record is its subject: `Amended by [12](…)`.
pub(crate) fn relation_before(text: &str) -> Option<(&'static str, bool)> {
    let words = text.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let ends = |phrase: &str| {
        let start = words.len().checked_sub(phrase.len()).filter(|start| words.is_char_boundary(*start));
        start.is_some_and(|start| {
            words[start..].eq_ignore_ascii_case(phrase) && !words[..start].ends_with(char::is_alphanumeric)
        })
    };
    BESIDE.iter().find_map(|(active, passive)| match (ends(active), ends(passive)) {
        (true, _) => Some((*active, false)),
        (_, true) => Some((*active, true)),
        _ => None,
    })
}

/// Months by the first letters that tell them, in lower case.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of the month that a word names, whole or cut short.
pub(crate) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    if word.len() < 3 {
        return None;
    }
    let at = MONTHS.iter().position(|month| month.starts_with(&word) || (word == "sept" && *month == "september"))?;
    Some(at as u32 + 1)
}

/// Whether a text stands where a value is still to come, or says that there is none.
pub(crate) fn is_nothing(text: &str) -> bool {
    const NOTHING: &[&str] = &[
        "", "none", "null", "~", "-", "–", "—", "n/a", "na", "tbd", "tba", "todo", "?", "...", "…", "nil", "[]", "{}",
    ];
    let text = text.trim().trim_end_matches('.');
    NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text)) || is_placeholder(text)
}

/// Whether a text is what a template has where a value is to stand: `{…}`, `[a | b]`, `<…>`, `YYYY-MM-DD`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches('"').trim();
    let is_marked = text.starts_with(['{', '<', '[']);
    let is_pattern = text.len() < 80 && text.bytes().any(|byte| matches!(byte, b'Y' | b'y'));
    if !is_marked && !is_pattern {
        return false;
    }
    let within = |open, close| text.starts_with(open) && text.ends_with(close) && text.len() > 2;
    let is_link = text.contains("](");
    let upper = if is_pattern { text.to_ascii_uppercase() } else { String::new() };
    let upper = |pattern: &str| upper.contains(pattern);
    within('{', '}') && !is_filled(&text[1..text.len() - 1])
        || within('<', '>') && !text.contains("://")
        || within('[', ']') && !is_link && (text.contains('|') || text.contains(' '))
        || upper("YYYY-MM")
        || upper("YYYY/MM")
        || upper("DD.MM.YYYY")
        || upper("MM/DD/YYYY")
        || upper("DD/MM/YYYY")
}

/// Whether what stands between braces is a value all the same: a state, or digits.
fn is_filled(inside: &str) -> bool {
    let inside = inside.trim();
    let is_date = inside.len() == 10 && inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_date || state(inside).is_some()
}

/// Whether a title is what the template has there: `[short title of solved problem and solution]`.
pub(crate) fn is_placeholder_title(text: &str) -> bool {
    let within = |open, close| text.starts_with(open) && text.ends_with(close);
    let lower = text.to_lowercase();
    within('{', '}') && !is_filled(&text[1..text.len() - 1])
        || within('<', '>')
        || within('[', ']') && ["title", "name of"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{is_nothing, is_placeholder, is_placeholder_title, month};

    #[test]
    fn months_are_known_whole_or_cut() {
        assert_eq!((month("Sept."), month("mar"), month("ma"), month("marchpane")), (Some(9), Some(3), None, None));
    }

    #[test]
    fn what_a_template_has_is_no_value() {
        for text in ["{proposed | rejected}", "[accepted | rejected]", "<name>", "YYYY-MM-DD", "\"{x}\""] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["[ADR-1](1.md)", "[proposed]", "<https://a.example>", "yyyy", "accepted"] {
            assert!(!is_placeholder(text), "{text}");
        }
        assert!(is_nothing("N/A") && is_nothing(" - ") && !is_nothing("none of us"));
        assert!(is_placeholder_title("[short title of problem]") && !is_placeholder_title("[VizRec architecture]"));
    }
}
