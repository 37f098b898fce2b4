//! A request at some point of its program.

use super::Engine;
use super::asking::UserId;
use crate::network::{CounterId, OpId, SiteId, StationId};
use crate::route::{Stay, Zone};
use groma_model::{FlowId, Idx};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// A request at the system boundary.
    Root,
    /// A request at the system boundary that is one call and nothing else: it needs no frame beside that of the call.
    RootCall,
    /// A call.
    Call,
    /// A call that nobody will ever answer.
    Dropped,
    /// A branch, an iteration, or what goes on by itself.
    Block,
    /// The same as long as it has not had anything to wait for.
    Idle,
    /// A call of another part of the same container, for whom somebody watches.
    Inside,
}

/// How good what was asked for is, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Grade {
    /// As it is meant to be.
    Full,
    /// It rests on a fallback.
    Degraded,
    /// It rests on one that serves what was good before.
    Stale,
}

/// How something ends, or would if nothing more happened, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Outcome {
    Well(Grade),
    Failed,
}

/// What an answer says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Ends(Outcome),
    /// There was nothing to wait for: it is no answer.
    Nothing,
}

pub(super) type FrameId = Idx<Frame>;

/// Who waits for an answer: a frame, and for which of its calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub(super) frame: FrameId,
    pub(super) call: u32,
}

/// What a frame at the system boundary is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) flow: FlowId,
    /// When it was wanted.
    pub(super) began: f64,
    /// Who counts the first part of the answer, as long as that has not come.
    pub(super) first_part: Option<CounterId>,
}

/// A request at some point of its program. It fills one line of a processor's cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// For one that waits, the tiebreak of the event that ends its wait; for one that works
    /// at a shared processor, when its work will have been given to it if it is alone there.
    pub(super) began: f64,
    /// When it came to the station or pool it waits for; [`NEVER`] as long as it has not.
    pub(super) arrived: f64,
    pub(super) pc: OpId,
    pub(super) end: OpId,
    /// Who waits for its answer, if anybody does.
    pub(super) caller: Option<Caller>,
    /// The user for whom it is, if users ask.
    pub(super) user: Option<UserId>,
    /// The number of the call it waits for; answers to earlier ones come too late.
    pub(super) call: u32,
    /// By which call it was made, if it was made by one.
    pub(super) site: SiteId,
    /// Where its work is done.
    pub(super) here: Option<StationId>,
    /// Counts how often this place in memory was used.
    pub(super) generation: u32,
    /// Iterations that are still needed, or branches that were answered well.
    pub(super) needed: u32,
    /// Answers that may still come.
    pub(super) outstanding: u16,
    /// How often a call was tried before, or how many branches have failed.
    pub(super) attempt: u16,
    pub(super) role: Role,
    /// How it ends, as far as that is known; a failed one does nothing more.
    pub(super) outcome: Outcome,
    /// Whether it holds a slot of the station that it was sent to.
    pub(super) has_slot: bool,
    /// Whether it holds a connection.
    pub(super) has_connection: bool,
}

/// The time of what has not happened.
pub(super) const NEVER: f64 = f64::INFINITY;

const _: () = assert!(std::mem::size_of::<Frame>() == 64);

pub(super) const FRAME: Frame = Frame {
    began: 0.0,
    arrived: 0.0,
    pc: OpId::FIRST,
    end: OpId::FIRST,
    caller: None,
    user: None,
    call: 0,
    site: SiteId::FIRST,
    here: None,
    generation: 0,
    needed: 0,
    outstanding: 0,
    attempt: 0,
    role: Role::Root,
    outcome: Outcome::Well(Grade::Full),
    has_slot: false,
    has_connection: false,
};

impl Frame {
    /// It rests on something that ended like this: it fails with it, and is no better.
    #[inline(always)]
    pub(super) fn rests_on(&mut self, outcome: Outcome) {
        self.outcome = self.outcome.max(outcome);
    }
}

impl Engine<'_> {
    /// A new frame, in a place in memory that another may have left. Its generation is odd while it lives. Fields are
    /// set one by one: to build a frame and copy it as a whole costs a stall of the processor.
    #[inline(always)]
    pub(super) fn frame(
        &mut self,
        role: Role,
        pc: OpId,
        end: OpId,
        caller: Option<Caller>,
        user: Option<UserId>,
    ) -> (FrameId, &mut Frame) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.requests.push(Request { flow: FlowId::FIRST, began: 0.0, first_part: None });
            if !self.network.routes.is_empty() {
                self.stays.push(Stay::begins(Zone::NOWHERE));
            }
            self.frames.push(FRAME)
        });
        if !self.stays.is_empty() {
            let zone = caller.map_or(Zone::NOWHERE, |caller| self.stays[caller.frame].zone);
            self.stays[at] = Stay::begins(zone);
        }
        let frame = &mut self.frames[at];
        frame.generation = frame.generation.wrapping_add(1);
        // Calls are numbered on, so that a late answer to what was here before answers nobody.
        frame.call = frame.call.wrapping_add(1);
        frame.pc = pc;
        frame.end = end;
        frame.caller = caller;
        frame.user = user;
        frame.role = role;
        frame.arrived = NEVER;
        frame.attempt = 0;
        frame.outcome = Outcome::Well(Grade::Full);
        frame.has_slot = false;
        frame.has_connection = false;
        (at, frame)
    }

    #[inline(always)]
    pub(super) fn release_frame(&mut self, at: FrameId) {
        let frame = &mut self.frames[at];
        frame.generation = frame.generation.wrapping_add(1);
        self.free.push(at);
        if !self.failed_lookups.is_empty() {
            self.failed_lookups.remove(&at);
        }
    }
}
