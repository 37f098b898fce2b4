//! Pipelines.

use crate::ids::Idx;
use crate::items::ItemRef;

/// A pipeline's number.
pub type PipelineId = Idx<Pipeline>;

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
    /// From which stage, as an index.
    pub from: u32,
    /// To which stage, as an index.
    pub to: u32,
}

/// How a change gets to where it runs.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its steps.
    pub stages: Vec<Stage>,
    /// What follows what.
    pub transitions: Vec<Transition>,
}
