//! What a caller does about calls that fail or take long: timers, retries and fallbacks. Whether a breaker or a bulkhead lets a
//! call through is its own state: `breaker`.

use super::Engine;
use super::event_queue::Event;
use super::frame::{FrameId, Grade, Outcome};
use super::timers::{Lane, LaneId, Timed, Timer};
use crate::distribution::uniform;
use crate::network::{Fallback, Op, OpId, SiteId};
use std::collections::VecDeque;

impl Engine<'_> {
    /// A call has failed or was given up: the breaker counts it, and it is tried again if the policy says so.
    pub(super) fn failed_call(&mut self, at: FrameId, site: SiteId, is_timeout: bool) -> Option<FrameId> {
        let index = self.sites[site].policy;
        let policy = &self.network.policies[index];
        let state = &mut self.policies[index];
        if let Some(breaker) = &policy.breaker {
            state.fails(breaker, self.now, at);
        }
        let is_retried = if is_timeout { policy.retried.timeouts } else { policy.retried.errors };
        let allowed = policy.budget.is_none() || state.tokens >= 1.0;
        let attempt = self.frames[at].attempt;
        if u32::from(attempt) >= policy.retries || !allowed || !is_retried {
            return self.give_up(at, site);
        }
        state.tokens -= if policy.budget.is_some() { 1.0 } else { 0.0 };
        self.counts.sites[site].retries += 1;
        self.frames[at].attempt = attempt + 1;
        let most = policy.pause_before(u32::from(attempt));
        let pause = if policy.jitter { most * uniform(&mut self.work_streams[site]) } else { most };
        self.event_queue.plan(self.now + pause, Event::Retries(at));
        None
    }

    /// A call has failed for good.
    pub(super) fn give_up(&mut self, at: FrameId, site: SiteId) -> Option<FrameId> {
        let (called, index) = (self.sites[site].to, self.sites[site].policy);
        let policy = &self.network.policies[index];
        let frame = &mut self.frames[at];
        let Op::Call { end, .. } = self.ops[frame.pc] else { return None };
        frame.attempt = 0;
        frame.pc = end;
        if self.is_lookup[site] {
            self.failed_lookups.insert(at, called);
        }
        let age = self.now - self.policies[index].last_well;
        let grade = if policy.max_age.is_some() { Grade::Stale } else { Grade::Degraded };
        match policy.fallback {
            Fallback::None => frame.outcome = Outcome::Failed,
            _ if policy.max_age.is_some_and(|most| age > most) => frame.outcome = Outcome::Failed,
            // What the cache does not have is fetched from where it is: nothing is missing.
            Fallback::GoOn if self.is_lookup[site] => {}
            Fallback::GoOn => frame.rests_on(Outcome::Well(grade)),
            Fallback::Station(_) => {
                frame.rests_on(Outcome::Well(grade));
                // What is done instead stands right behind.
                if matches!(self.ops.get(end), Some(Op::Else { .. })) {
                    frame.pc = end.next();
                }
            }
        }
        self.counts.sites[site].failed += 1;
        Some(at)
    }

    /// Calls whose answers nobody waits for any more are open no longer.
    pub(super) fn close_calls(&mut self, site: SiteId, count: u16) {
        let called = &self.sites[site];
        if called.is_counted {
            self.policies[called.policy].calls_under_way -= u32::from(count);
        }
    }

    /// The lane for timers of this length and kind.
    pub(super) fn lane(&mut self, length: f64, kind: Timer) -> LaneId {
        let known = self.lanes.find(|lane| lane.length == length && lane.kind == kind);
        known.unwrap_or_else(|| self.lanes.push(Lane { length, kind, line: VecDeque::new(), planned: false }))
    }

    pub(super) fn set_timer(&mut self, lane: LaneId, frame: FrameId, generation: u32, call: u32) {
        let line = &mut self.lanes[lane];
        let due = self.now + line.length;
        line.line.push_back(Timed { due, frame, generation, call });
        if !line.planned {
            line.planned = true;
            self.event_queue.plan(due, Event::TimerDue(lane));
        }
    }

    pub(super) fn lane_due(&mut self, number: LaneId) -> Option<FrameId> {
        let lane = &mut self.lanes[number];
        lane.planned = false;
        let kind = lane.kind;
        while let Some(Timed { due, frame, generation, call }) = self.lanes[number].line.front().copied() {
            let held = &self.frames[frame];
            let waits = held.generation == generation && held.call == call;
            if waits && due > self.now {
                self.lanes[number].planned = true;
                self.event_queue.plan(due, Event::TimerDue(number));
                break;
            }
            self.lanes[number].line.pop_front();
            if waits {
                let next = self.timer(kind, frame);
                self.ready.extend(next);
            }
        }
        None
    }

    pub(super) fn timer(&mut self, kind: Timer, at: FrameId) -> Option<FrameId> {
        match kind {
            Timer::Patience => self.renege(at),
            Timer::Hedge => {
                let (site, end) = self.outstanding_call(at)?;
                self.send(at, site, end)
            }
            Timer::Timeout => {
                let (site, _) = self.outstanding_call(at)?;
                let frame = self.frames[at];
                self.frames[at].call = frame.call.wrapping_add(1);
                self.frames[at].outstanding = 0;
                self.close_calls(site, frame.outstanding);
                self.failed_call(at, site, true)
            }
        }
    }

    /// The call whose answer is outstanding. One that waits for its next attempt has none.
    fn outstanding_call(&self, at: FrameId) -> Option<(SiteId, OpId)> {
        let frame = self.frames[at];
        match self.ops.get(frame.pc) {
            Some(Op::Call { site, end }) if frame.outstanding > 0 => Some((*site, *end)),
            Some(_) | None => None,
        }
    }
}
