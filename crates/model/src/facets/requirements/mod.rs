//! Why: requirements, qualities and what surrounds them.

pub mod facts;
mod view;

use super::Facet;
use super::common::{DECISION, DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Fact, Head, Kind};
use crate::word_enums::words;
use facts::{constraint, metric, quality, record, requirement};

/// The facet.
pub static FACET: Facet = Facet::of_records("requirements", "Why", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// A functional requirement.
    pub static REQUIREMENT: Class = records("requirement", "a requirement", Feeds::Nothing).changeable();
    /// A measurable requirement that is not functional. It shares the names of requirements.
    pub static QUALITY: Class = Class {
        word: "quality",
        phrase: "a quality",
        stands: &[&TOP],
        holds: &[&ALLOW],
        names: Names::With(&REQUIREMENT),
        is_changeable: true,
        listed: Listed::WithRequirements,
        becomes: Becomes::Record,
        feeds: Feeds::Demand,
    };
    /// Constraints, assumptions, questions, goals, non-goals and metrics.
    pub static RECORD: Class = records("record", "a record", Feeds::Nothing);
}

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS, &requirement::SOURCE, &DECISION];

words! {
    /// What a record states.
    Statement {
        /// A limit that is given.
        Constraint = "constraint",
        /// What is taken to be true.
        Assumption = "assumption",
        /// What must be answered.
        Question = "question",
        /// What the effort is for.
        Goal = "goal",
        /// What it is not for.
        NonGoal = "non-goal",
        /// How success will be measured.
        Metric = "metric",
    }
}

/// A kind of record.
const fn statement(
    kind: Statement,
    summary: &'static str,
    doc: &'static str,
    example: &'static str,
    facts: &'static [&'static [&'static Fact]],
) -> Kind {
    Kind {
        name: kind.word(),
        other_names: &[],
        habits: &[],
        class: &class::RECORD,
        summary,
        doc,
        example,
        head: Head::Named,
        facts,
    }
}

static KINDS: &[Kind] = &[
    Kind {
        name: "requirement",
        other_names: &["story", "feature", "usecase"],
        habits: &[],
        class: &class::REQUIREMENT,
        summary: "something the system must do for somebody",
        doc: "A functional requirement. Say who realizes it with `realized-by` here, or with `realizes` on the element or flow: either side will do. A requirement that nothing realizes is a finding.",
        example: "requirement search \"Customers search products by name and category\" priority=must {\n    realized-by shop.core\n}",
        head: Head::Named,
        facts: &[COMMON, &[&requirement::PRIORITY, &requirement::REALIZED_BY]],
    },
    Kind {
        name: "quality",
        other_names: &["nfr", "slo", "sla"],
        habits: &[],
        class: &class::QUALITY,
        summary: "how well the system must do it: a measurable non-functional requirement",
        doc: "Each `require` names a metric and its limit: `under` or `over`. Where no number can be required, `measure` says how it is judged. A quality with neither is a finding.",
        example: "quality fast-search \"Search answers fast\" category=performance {\n    require p95 flow=search under=200ms\n}",
        head: Head::Named,
        facts: &[
            COMMON,
            &[
                &requirement::PRIORITY,
                &quality::CATEGORY,
                &quality::REQUIRE,
                &quality::MEASURE,
                &requirement::REALIZED_BY,
            ],
        ],
    },
    statement(
        Statement::Constraint,
        "a limit that is given, not chosen",
        "Constraints come before designs: a choice of technology should answer to one, or to a requirement.",
        "constraint five-people \"Five developers must be able to maintain it\" category=resource",
        &[COMMON, &[&constraint::CATEGORY, &requirement::REALIZED_BY]],
    ),
    statement(
        Statement::Assumption,
        "something taken to be true that is not known",
        "Say who will find out, and by when.",
        "assumption steady \"Traffic doubles at most once a year\" owner=product due=2027-03-01",
        &[COMMON, &[&record::STATE, &record::DUE]],
    ),
    statement(
        Statement::Question,
        "something that must be answered before the design is done",
        "`state=resolved` with an `answer` closes it.",
        "question refunds \"Who approves refunds?\" owner=product",
        &[COMMON, &[&record::STATE, &record::ANSWER, &record::DUE]],
    ),
    statement(
        Statement::Goal,
        "what the effort is for",
        "Goals say what is wanted, not how.",
        "goal faster-checkout \"Customers pay in under a minute\"",
        &[COMMON, &[]],
    ),
    statement(
        Statement::NonGoal,
        "what the effort is explicitly not for",
        "Non-goals end discussions early.",
        "non-goal marketplace \"Selling for third parties\"",
        &[COMMON, &[]],
    ),
    statement(
        Statement::Metric,
        "how success will be measured",
        "`target` is the value that counts as success.",
        "metric conversion \"Visitors who buy\" target=\"3% within six months\"",
        &[COMMON, &[&metric::TARGET]],
    ),
];
