//! What is done in a flow, each thing within what it belongs to.

use groma_model::{ElementId, StepId};

/// A step with what belongs to it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Activity {
    /// The number of the step.
    pub(crate) at: StepId,
    pub(crate) kind: ActivityKind,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ActivityKind {
    Call {
        from: ElementId,
        to: ElementId,
        is_async: bool,
        /// What is done until it is answered.
        inside: Vec<Activity>,
        /// What is done when it has been answered.
        afterwards: Vec<Activity>,
    },
    /// What happens perhaps, or several times.
    Block { of: BlockKind, inside: Vec<Activity> },
    /// Courses of which one is taken.
    Either { courses: Vec<Alternative> },
    /// The call is answered in whose block it stands, and this is done afterwards.
    Answer { afterwards: Vec<Activity> },
    /// Branches that are done at the same time, and the step that says how many are enough, if one does.
    Parallel { branches: Vec<Vec<Activity>>, at_step: Option<StepId> },
    /// Who began the flow gets a part of the answer.
    Part,
    /// One of several times that a `repeat` sets something off at once, and how likely it is if those before it are.
    Once { nth: u32, share: f64, inside: Vec<Activity> },
}

/// One of the courses of a choice.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Alternative {
    pub(crate) share: Share,
    pub(crate) inside: Vec<Activity>,
}

/// How often a course is taken, among others whose shares need not add up.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Share {
    /// As this step says.
    Said(StepId),
    /// As often as what this step says does not happen.
    Not(StepId),
    /// As often as none of the cases of this `either` is taken.
    Rest(StepId),
    /// As often as any of these.
    Any(Vec<Share>),
}

/// What a block does with what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BlockKind {
    Chance,
    Miss,
    Repeat,
}

/// Parts of a call to which nobody waits for an answer.
pub(crate) fn without_answers(parts: Vec<Activity>) -> Vec<Activity> {
    let each = |Activity { at, kind }: Activity| match kind {
        ActivityKind::Answer { afterwards } => afterwards,
        ActivityKind::Either { courses } => {
            let without = |Alternative { share, inside }| Alternative { share, inside: without_answers(inside) };
            let courses = courses.into_iter().map(without).collect();
            vec![Activity { at, kind: ActivityKind::Either { courses } }]
        }
        kind @ (ActivityKind::Call { .. }
        | ActivityKind::Block { .. }
        | ActivityKind::Parallel { .. }
        | ActivityKind::Part
        | ActivityKind::Once { .. }) => vec![Activity { at, kind }],
    };
    parts.into_iter().flat_map(each).collect()
}
