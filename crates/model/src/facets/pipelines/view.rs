//! Pipelines.

use crate::ids::{Idx, Table};
use crate::items::ItemRef;

/// A pipeline's number.
pub type PipelineId = Idx<Pipeline>;

/// The number of a step in its pipeline.
pub type StageId = Idx<Stage>;

/// A step of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Where it was declared.
    pub at: ItemRef,
}

/// What follows a step of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Where it was declared.
    pub at: ItemRef,
    /// The step that it follows.
    pub from: StageId,
    /// The step to which it leads.
    pub to: StageId,
}

/// How a change gets to where it runs.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its steps.
    pub stages: Table<Stage>,
    /// What follows what.
    pub transitions: Vec<Transition>,
}
