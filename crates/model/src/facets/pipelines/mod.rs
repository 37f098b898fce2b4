//! Pipelines: how a change gets to where it runs.

pub mod facts;
pub(crate) mod link;
mod view;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, TECHNOLOGY, WAS};
use crate::schema::{Fact, Head, Kind};
use facts::stage;
pub use view::{Pipeline, PipelineId, Stage, StageId, Transition};

/// The facet.
pub static FACET: Facet = Facet { name: "pipelines", title: "How it gets there", kinds: KINDS, join: link::join };

/// The classes.
pub mod class {
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// `pipeline`
    pub static PIPELINE: Class = Class {
        word: "pipeline",
        phrase: "a pipeline",
        stands: &[&TOP],
        holds: &[&ALLOW],
        names: Names::Own,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Pipeline,
        feeds: Feeds::Nothing,
    };
    /// `step` of a pipeline.
    pub static STAGE: Class = Class {
        word: "step",
        phrase: "a step of a pipeline",
        stands: &[&PIPELINE],
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `a -> b` in a pipeline.
    pub static TRANSITION: Class = Class {
        word: "transition",
        phrase: "a transition",
        stands: &[&PIPELINE],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
}

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS];

static KINDS: &[Kind] = &[
    Kind {
        name: "pipeline",
        other_names: &[],
        habits: &[],
        class: &class::PIPELINE,
        summary: "how a change gets to where it runs",
        doc: "Steps, and transitions between them. A step that is a `decision` has several transitions, each labelled with its case.",
        example: "pipeline release \"Release\" {\n    step commit \"Commit\"\n    step tests \"Tests\" is=decision\n    step deploy \"Deploy\" is=end\n    step notify \"Notify\" is=end\n    commit -> tests\n    tests -> deploy \"pass\"\n    tests -> notify \"fail\"\n}",
        head: Head::Named,
        facts: &[COMMON],
    },
    Kind {
        name: "step",
        other_names: &[],
        habits: &[],
        class: &class::STAGE,
        summary: "a step of a pipeline",
        doc: "Its sort is an `action` unless `is` says otherwise. `needs-signature` says in which role somebody must have signed what, such as the code review before a deployment: until `groma sign` has done so, and once what was signed has changed, `unsigned-step` finds it.",
        example: "step tests \"Tests\" is=decision",
        head: Head::Named,
        facts: &[&[&DESCRIPTION, &OWNER, &TECHNOLOGY, &stage::IS, &stage::NEEDS_SIGNATURE, &WAS]],
    },
    Kind {
        name: "->",
        other_names: &[],
        habits: &[],
        class: &class::TRANSITION,
        summary: "what follows a step of a pipeline",
        doc: "Its label says in which case.",
        example: "tests -> deploy \"pass\"",
        head: Head::Arrow,
        facts: &[&[&DESCRIPTION]],
    },
];
