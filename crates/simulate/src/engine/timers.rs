//! Timers that run.

use super::frame::FrameId;
use groma_model::Idx;
use std::collections::VecDeque;

pub(super) type LaneId = Idx<Lane>;

/// Timers that all run equally long wait in line; only the first is in the event queue.
pub(super) struct Lane {
    pub(super) length: f64,
    pub(super) kind: Timer,
    pub(super) line: VecDeque<Timed>,
    pub(super) planned: bool,
}

/// A frame whose timer runs, and which call of it the timer is for.
#[derive(Clone, Copy)]
pub(super) struct Timed {
    pub(super) due: f64,
    pub(super) frame: FrameId,
    pub(super) generation: u32,
    pub(super) call: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    Timeout,
    Hedge,
    /// A wait for a slot or connection.
    Patience,
}
