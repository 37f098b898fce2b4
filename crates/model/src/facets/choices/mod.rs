//! Choices: a question, what the answer is judged by, and how well each option does. What comes of the numbers is calculated elsewhere.

pub mod facts;
mod link;
mod shipped;
mod view;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Habit, Head, Kind, habit};
use facts::{choice, criterion, option};

pub use shipped::{Shipped, shipped_criterion};
pub use view::CriterionOf;

/// The facet.
pub static FACET: Facet = Facet { name: "choices", title: "Choices", kinds: KINDS, join: link::join };

/// The classes.
pub mod class {
    use super::super::common::records;
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names};

    /// `choice`
    pub static CHOICE: Class = records("choice", "a choice between options", Feeds::Nothing);

    static IN_A_CHOICE: [&Class; 1] = [&CHOICE];
    static WHAT_IS_ALLOWED: [&Class; 1] = [&ALLOW];

    /// What stands in a choice, and is named within it alone.
    const fn part(word: &'static str, phrase: &'static str) -> Class {
        Class {
            word,
            phrase,
            stands: &IN_A_CHOICE,
            holds: &WHAT_IS_ALLOWED,
            names: Names::Private,
            is_changeable: false,
            listed: Listed::Nowhere,
            becomes: Becomes::Part,
            feeds: Feeds::AsItsWhole,
        }
    }

    /// `criterion` of a choice
    pub static CRITERION: Class = part("criterion", "a criterion of a choice");
    /// `must` of a choice
    pub static MUST: Class = part("must", "a must-have of a choice");
    /// `option` of a choice
    pub static OPTION: Class = part("option", "an option of a choice");
}

/// What an option is given in other tables.
const OPTION_HABITS: &[Habit] = &[habit(
    &["pros", "cons", "pro", "con", "good", "bad"],
    "what speaks for or against an option is the reason of a score: `score fit 5 because=\"…\"`",
)];

static KINDS: &[Kind] = &[
    Kind {
        name: "choice",
        other_names: &["decision-matrix", "trade-off", "evaluation"],
        habits: &[],
        class: &class::CHOICE,
        summary: "a question that is decided with numbers: criteria with weights, and options with scores",
        doc: "`groma decide` ranks the options by the mean of their scores, weighted by what each criterion matters, and says how firm the winner is. What must be met at all is a `must`, not a criterion. `criteria=` begins with criteria that Groma brings: `database`, `technology` or `build-or-buy`; a `criterion` gives one of these another weight, or adds one. `decision` names the record that came of it.",
        example: "choice orders-database \"Which database holds the orders?\" {\n    criterion fit \"The team knows it\" weight=5\n    criterion latency \"Answers fast\" weight=3 better=low worst=50ms best=10ms\n    must transactions \"Orders and payments commit together\"\n    option postgresql \"PostgreSQL\" {\n        meets transactions\n        score fit 5 because=\"Three services run on it\"\n        value latency 12ms because=\"Measured with our queries\"\n    }\n    option mongodb \"MongoDB\" {\n        meets transactions\n        score fit 2 because=\"Nobody here has run it\"\n        value latency 10..14ms because=\"Measured by its makers\"\n    }\n}",
        head: Head::Named,
        facts: &[&[
            &choice::CRITERIA,
            &choice::CORE_DIFFERENTIATOR,
            &choice::DECISION,
            &choice::DESPITE,
            &DESCRIPTION,
            &OWNER,
            &TAGS,
            &LINK,
            &WAS,
        ]],
    },
    Kind {
        name: "criterion",
        other_names: &["factor"],
        habits: &[],
        class: &class::CRITERION,
        summary: "what options are judged by, and how much that matters",
        doc: "Options are scored by it from 1 to 5. What is measured instead says `value` in the options, and its scale here: `worst` and `best`, between which a score is in proportion, or each `threshold` with its score. With `measure` nobody has to measure: `groma decide` forecasts the number of a quality for each option. One of the criteria that Groma brings needs no title.",
        example: "criterion latency \"Answers fast\" weight=3 better=low {\n    threshold 10ms score=5\n    threshold 50ms score=3\n}",
        head: Head::Named,
        facts: &[&[
            &criterion::WEIGHT,
            &criterion::BETTER,
            &criterion::MEASURE,
            &criterion::WORST,
            &criterion::BEST,
            &criterion::THRESHOLD,
            &DESCRIPTION,
        ]],
    },
    Kind {
        name: "must",
        other_names: &["must-have"],
        habits: &[],
        class: &class::MUST,
        summary: "what every option must meet, whatever its scores are",
        doc: "An option says `meets` or `fails`; one that fails is excluded, and one that says neither is told.",
        example: "must transactions \"Orders and payments commit together\"",
        head: Head::Named,
        facts: &[&[&DESCRIPTION]],
    },
    Kind {
        name: "option",
        other_names: &["alternative", "candidate"],
        habits: OPTION_HABITS,
        class: &class::OPTION,
        summary: "what may be chosen, with its scores and a reason for each",
        doc: "A score that is missing is not guessed: the total of the option is then an interval, from what it would be with 1 to what it would be with 5.",
        example: "option postgresql \"PostgreSQL\" technology=\"PostgreSQL 17\" {\n    score fit 5 because=\"Three services run on it\"\n}",
        head: Head::Named,
        facts: &[&[
            &option::SCORE,
            &option::VALUE,
            &option::MEETS,
            &option::FAILS,
            &option::SET,
            &option::TECHNOLOGY,
            &option::BY,
            &DESCRIPTION,
        ]],
    },
];
