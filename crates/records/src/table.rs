//! The table of states: which words name which, and which may follow on which.

use crate::edit::NewStatus;
use crate::family::Family;
use crate::finding::FindingKind;
use crate::record::{Record, Said, State};
use crate::status::{Sort, sort};

/// The words that a team has for states besides the usual ones, and the states that may follow on each other where that is not as usual.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct StateTable {
    family: Family,
    words: Vec<OwnWord>,
    steps: Vec<(State, State)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct OwnWord {
    spelled: String,
    lower: String,
    state: State,
}

impl StateTable {
    /// The table of a family, to which nothing is added yet.
    pub fn of(family: Family) -> StateTable {
        StateTable { family, ..StateTable::default() }
    }

    /// Adds a word for a state, in whatever case it is written. Of two states of one word the first counts.
    pub fn add_word(&mut self, word: &str, state: State) {
        let spelled = word.trim().to_owned();
        self.words.push(OwnWord { lower: spelled.to_lowercase(), spelled, state });
    }

    /// The team's own words, as it spells them.
    pub fn own_words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &*word.spelled)
    }

    /// The status that a word says: one of the team's own, as it spells it, or a usual one.
    pub fn meant<'w>(&'w self, word: &'w str) -> Option<NewStatus<'w>> {
        let word = word.trim();
        let lower = word.to_lowercase();
        if let Some(own) = self.words.iter().find(|own| own.lower == lower) {
            return Some(NewStatus { state: own.state, word: Some(&own.spelled) });
        }
        match sort(self.family, word) {
            Sort::Leading(state) if lower == state.word() => Some(state.into()),
            Sort::Leading(state) => Some(NewStatus { state, word: Some(word) }),
            _ => None,
        }
    }

    /// Whether a word is one of the usual ones, which mean what they mean.
    pub fn is_usual(word: &str) -> bool {
        crate::words::state(word.trim()).is_some()
    }

    /// Lets a state follow on another. With the first, none follows that is not added.
    pub fn add_step(&mut self, from: State, to: State) {
        self.steps.push((from, to));
    }

    /// Whether a decision may come from a state to another. One that says no state that is known may become anything.
    pub fn may_become(&self, from: State, to: State) -> bool {
        if self.steps.is_empty() { usually_becomes(self.family, from, to) } else { self.steps.contains(&(from, to)) }
    }

    /// The states that one may follow on.
    pub fn before(&self, to: State) -> Vec<State> {
        self.family.states().iter().copied().filter(|from| self.may_become(*from, to)).collect()
    }

    /// Gives a record whose status no usual word says that which it has by the words of the table.
    pub fn apply(&self, record: &mut Record) {
        let unknown = |finding: &crate::Finding| finding.kind == FindingKind::UnknownStatus;
        let Some(at) = record.findings.iter().position(unknown).filter(|_| record.status.is_none()) else { return };
        let Some(text) = &record.status_text else { return };
        let Some(state) = self.state(&text.value) else { return };
        record.status = Some(Said::new(state, text.range));
        record.findings.remove(at);
    }

    /// The state whose word a text begins with; of several words the longest counts.
    fn state(&self, text: &str) -> Option<State> {
        let text = text.trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        let begins = |word: &str| {
            let rest = text.strip_prefix(word)?;
            (!word.is_empty() && !rest.starts_with(char::is_alphanumeric)).then_some(word.len())
        };
        let found = self.words.iter().filter_map(|word| Some((begins(&word.lower)?, word.state)));
        found.reduce(|one, other| if other.0 > one.0 { other } else { one }).map(|(_, state)| state)
    }
}

/// The life of a record where a team says no other.
fn usually_becomes(family: Family, from: State, to: State) -> bool {
    use State::{Accepted, Deprecated, Draft, Proposed, Rejected, Review, Superseded, Withdrawn};
    match to {
        // What was not reviewed is neither accepted nor rejected.
        Accepted | Rejected if family == Family::Rfc => from == Review,
        Review => matches!(from, Draft | Review),
        Withdrawn => matches!(from, Draft | Review | Accepted),
        Draft if family == Family::Rfc => matches!(from, Draft | Review),
        Draft | Proposed => matches!(from, Draft | Proposed),
        Accepted | Rejected => matches!(from, Draft | Proposed),
        Deprecated => from == Accepted,
        Superseded => matches!(from, Draft | Proposed | Accepted | Deprecated),
    }
}

#[cfg(test)]
mod tests {
    use super::StateTable;
    use crate::{Record, State};

    #[test]
    fn a_decision_that_is_made_is_not_made_again() {
        let table = StateTable::default();
        assert_eq!(table.before(State::Accepted), [State::Draft, State::Proposed]);
        assert_eq!(table.before(State::Deprecated), [State::Accepted]);
        assert_eq!(
            table.before(State::Superseded),
            [State::Draft, State::Proposed, State::Accepted, State::Deprecated]
        );
    }

    #[test]
    fn own_steps_take_the_place_of_the_usual_ones() {
        let mut table = StateTable::default();
        table.add_step(State::Rejected, State::Accepted);
        assert_eq!(table.before(State::Accepted), [State::Rejected]);
        assert!(table.before(State::Deprecated).is_empty());
    }

    #[test]
    fn own_words_tell_the_state_where_no_usual_word_does() {
        let mut table = StateTable::default();
        table.add_word("in review", State::Proposed);
        table.add_word("In", State::Draft);
        table.add_word("Implemented", State::Accepted);
        table.add_word("accepted", State::Rejected);
        let state = |status: &str| {
            let mut record = Record::read("0001-a.md", format!("# 1. A\n\n## Status\n\n{status}\n"));
            table.apply(&mut record);
            (record.status.map(|status| status.value), record.findings.len())
        };
        assert_eq!(state("In review"), (Some(State::Proposed), 0));
        assert_eq!(state("🟢 **implemented** since May"), (Some(State::Accepted), 0));
        assert_eq!(state("in"), (Some(State::Draft), 0));
        assert_eq!(state("Accepted"), (Some(State::Accepted), 0));
        assert_eq!(state("Implementedly"), (None, 1));
        assert_eq!(state("受理"), (None, 1));
    }

    #[test]
    fn a_word_is_meant_as_the_team_spells_it() {
        let mut table = StateTable::default();
        table.add_word("In Review", State::Proposed);
        let meant = |word| table.meant(word).map(|status| (status.state, status.word.map(str::to_owned)));
        assert_eq!(meant("in review"), Some((State::Proposed, Some("In Review".to_owned()))));
        assert_eq!(meant("Accepted"), Some((State::Accepted, None)));
        assert_eq!(meant("approved"), Some((State::Accepted, Some("approved".to_owned()))));
        assert_eq!(meant("accepted or rejected"), None);
        assert_eq!(meant("soon"), None);
    }
}
