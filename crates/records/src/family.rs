//! The families of records: what was decided, and what is proposed.

use crate::record::State;

/// What the records of a folder are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub enum Family {
    /// Decisions.
    #[default]
    Decision,
    /// Requests for comments and design documents: proposals that are reviewed, and lead to decisions.
    Rfc,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 2] = [Family::Decision, Family::Rfc];

    /// The states that one of them may have, in the order of its life.
    pub fn states(self) -> &'static [State] {
        match self {
            Family::Decision => &State::ALL,
            Family::Rfc => &[State::Draft, State::Review, State::Accepted, State::Rejected, State::Withdrawn],
        }
    }

    /// Folders in which they are looked for, from the one that is looked in.
    pub fn folders(self) -> &'static [&'static str] {
        match self {
            Family::Decision => &[
                "doc/adr",
                "docs/adr",
                "docs/adrs",
                "docs/decisions",
                "docs/architecture/decisions",
                "doc/architecture/decisions",
            ],
            Family::Rfc => &["rfcs", "rfc", "docs/rfcs", "docs/rfc", "doc/rfcs", "doc/rfc"],
        }
    }

    /// What one of them is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Family::Decision => "record",
            Family::Rfc => "RFC",
        }
    }

    /// The command that reads and edits them, behind `groma`.
    pub fn command(self) -> &'static str {
        match self {
            Family::Decision => "adr",
            Family::Rfc => "rfc",
        }
    }
}
