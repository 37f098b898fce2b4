//! A call from where it is sent to where its answer is taken: the way there, what it holds, and who goes on.

use super::Engine;
use super::event_queue::Event;
use super::fault::{Trouble, either};
use super::frame::{Answer, Caller, Frame, FrameId, Grade, Outcome, Role};
use super::state::SiteState;
use crate::distribution::uniform;
use crate::network::{Earned, Op, OpId, SiteId};
use crate::route::Stay;

/// So many seconds a caller that sets no timeout waits for an answer that does not come: as long as Linux tries to
/// connect (`tcp_syn_retries` of 6).
pub(crate) const GIVES_UP: f64 = 127.0;

impl Engine<'_> {
    pub(super) fn begin_call(&mut self, at: FrameId, site: SiteId, end: OpId) -> Option<FrameId> {
        let network = self.network;
        let called = self.sites[site];
        self.has_something_to_wait_for(at);
        if !called.is_guarded {
            self.counts.sites[site].calls += 1;
            let frame = &mut self.frames[at];
            frame.call = frame.call.wrapping_add(1);
            frame.outstanding = 0;
            return self.send(at, site, end);
        }
        let policy = &network.policies[called.policy];
        let state = &mut self.policies[called.policy];
        if self.frames[at].attempt == 0 {
            self.counts.sites[site].calls += 1;
            if let Some(budget) = &policy.budget {
                state.earns(budget, Earned::Calls);
            }
        }
        if let Some(breaker) = &policy.breaker
            && !state.lets_through(breaker, self.now, at)
        {
            return self.give_up(at, site);
        }
        if state.bulkhead.is_some_and(|most| state.calls_under_way >= most) {
            return self.failed_call(at, site, false);
        }
        let frame = &mut self.frames[at];
        frame.call = frame.call.wrapping_add(1);
        frame.outstanding = 0;
        let (generation, call) = (frame.generation, frame.call);
        let next = self.send(at, site, end);
        if called.is_timed {
            let lanes = [self.timeout_lane[called.policy], self.hedge_lane[called.policy]];
            for lane in lanes.into_iter().flatten() {
                self.set_timer(lane, at, generation, call);
            }
        }
        next
    }

    /// Sends a call on its way.
    pub(super) fn send(&mut self, at: FrameId, site: SiteId, end: OpId) -> Option<FrameId> {
        let called = self.sites[site];
        let frame = &mut self.frames[at];
        frame.outstanding += 1;
        let (pc, call, user) = (frame.pc.next(), frame.call, frame.user);
        let (child, frame) = self.frame(Role::Call, pc, end, Some(Caller { frame: at, call }), user);
        frame.site = site;
        frame.here = Some(called.to);
        if called.is_counted {
            self.policies[called.policy].calls_under_way += 1;
        }
        if !self.stays.is_empty() {
            self.take_way(child, site);
        }
        if self.meets(Trouble::Cut, called.cut, child, site) {
            self.frames[child].outcome = Outcome::Failed;
            self.event_queue.plan(self.now + GIVES_UP, Event::Retries(child));
            return None;
        }
        let Some(pool) = called.pool else { return self.travel(child, site, true) };
        self.remember_pool(at, child, pool);
        self.stand_before(child, true)
    }

    /// Lets a call travel to whom it is for. Those that a caller sends in his turn arrive in that order if they travel equally
    /// long.
    #[inline(always)]
    pub(super) fn travel(&mut self, at: FrameId, site: SiteId, is_in_turn: bool) -> Option<FrameId> {
        let SiteState { latency, held, .. } = self.sites[site];
        if self.meets(Trouble::Held, held, at, site) {
            self.frames[at].began = self.now;
            self.on_the_way.push(at);
            return None;
        }
        let latency = if self.stays.is_empty() { latency } else { self.stays[at].latency };
        if latency > 0.0 {
            self.counts.sites[site].network += latency;
            let due = self.now + latency;
            let tiebreak = self.tiebreak_of_call(self.sites[site].to, is_in_turn);
            self.event_queue.plan_with_tiebreak(due, Event::CallArrives(at), tiebreak);
            None
        } else {
            self.stand_before(at, is_in_turn)
        }
    }

    /// Lets a call take one of the ways to where it is answered.
    pub(super) fn take_way(&mut self, at: FrameId, site: SiteId) {
        let called = &self.network.sites[site];
        let from = self.stays[at].zone;
        self.stays[at] = match called.route {
            None => Stay { zone: from, from, latency: called.latency },
            Some(route) => {
                let way = self.routes[route].way(from, || uniform(&mut self.work_streams[site]));
                Stay { zone: way.to, from, latency: way.latency }
            }
        };
    }

    /// Whether a call meets something that such a share of the calls of its site does, or more on its way.
    #[inline(always)]
    fn meets(&mut self, trouble: Trouble, share: f64, at: FrameId, site: SiteId) -> bool {
        let share = if self.on_some_ways.is_empty() { share } else { self.share_on_way(trouble, share, at, site) };
        share > 0.0 && (share >= 1.0 || uniform(&mut self.work_streams[site]) < share)
    }

    /// Which share of the calls meets something on the way of one of them.
    fn share_on_way(&self, trouble: Trouble, share: f64, at: FrameId, site: SiteId) -> f64 {
        let Stay { zone, from, .. } = self.stays[at];
        let here = self.on_some_ways.iter().filter(|(of, one, _)| *of == site && *one == trouble);
        here.fold(share, |share, (.., met)| either(share, met.on_way(from, zone)))
    }

    /// A call has reached the other side.
    #[inline(always)]
    pub(super) fn arrive(&mut self, at: FrameId) -> Option<FrameId> {
        let site = self.frames[at].site;
        self.frames[at].arrived = self.now;
        self.counts_call_in(site);
        self.enter(at, self.sites[site].to)
    }

    /// Answers a call before all that it does is done: the caller goes on, and so does it.
    pub(super) fn answer(&mut self, at: FrameId) {
        let Frame { role, site, caller, user, outcome, .. } = self.frames[at];
        let outcome = if self.fails(at, site) { Outcome::Failed } else { outcome };
        self.counts_call_out(at, outcome);
        self.end_for_caller(at);
        let frame = &mut self.frames[at];
        (frame.role, frame.caller) = (Role::Call, None);
        if role == Role::RootCall {
            self.answer_root(at, user, outcome);
        } else if let Some(caller) = caller {
            let next = self.child_done(caller, Answer::Ends(outcome));
            self.ready.extend(next);
        }
    }

    #[inline(always)]
    pub(super) fn complete(&mut self, at: FrameId) -> Option<FrameId> {
        let Frame { role, site, caller, user, mut outcome, .. } = self.frames[at];
        match role {
            Role::Root => self.answer_root(at, user, outcome),
            Role::RootCall => {
                if self.fails(at, site) {
                    outcome = Outcome::Failed;
                }
                self.counts_call_out(at, outcome);
                self.release(at);
                self.answer_root(at, user, outcome);
            }
            Role::Inside => self.counts_call_out(at, outcome),
            Role::Block | Role::Idle => {}
            Role::Dropped => {
                self.counts_call_out(at, Outcome::Failed);
                self.release(at);
                self.release_frame(at);
                return None;
            }
            // It was answered before.
            Role::Call if caller.is_none() => self.release(at),
            Role::Call => {
                if self.fails(at, site) {
                    outcome = Outcome::Failed;
                }
                self.counts_call_out(at, outcome);
                self.release(at);
            }
        }
        self.release_frame(at);
        let caller = caller?;
        let has_waited = role != Role::Idle || outcome == Outcome::Failed;
        self.child_done(caller, if has_waited { Answer::Ends(outcome) } else { Answer::Nothing })
    }

    /// Whether a call fails for no other reason.
    #[inline(always)]
    pub(super) fn fails(&mut self, at: FrameId, site: SiteId) -> bool {
        self.meets(Trouble::Fails, self.sites[site].fails, at, site)
    }

    /// Gives back what a call holds.
    #[inline(always)]
    pub(super) fn release(&mut self, at: FrameId) {
        let Frame { site, arrived, has_slot, here, .. } = self.frames[at];
        if has_slot {
            // It is at one of the replicas of what was called, if each has slots of its own.
            let station = here.unwrap_or(self.sites[site].to);
            let count = &mut self.stations[station].count;
            count.served += 1;
            count.sojourn += self.now - arrived;
            self.release_slot(station, false);
        }
        let is_open = !self.has_answered(&self.frames[at]);
        if is_open {
            self.end_for_caller(at);
        }
    }

    /// Gives back what the caller holds for a call: its connection, and its place among those that are open.
    #[inline(always)]
    pub(super) fn end_for_caller(&mut self, at: FrameId) {
        let Frame { site, has_connection, role, caller, .. } = self.frames[at];
        let called = self.sites[site];
        if let Some(pool) = called.pool.filter(|_| has_connection) {
            self.frames[at].has_connection = false;
            let pool = self.forget_pool(at, pool);
            self.release_slot(pool, true);
        }
        // Nobody hears that a call was dropped; one that was given up is open no longer.
        let waits = |caller: Caller| self.frames[caller.frame].call == caller.call;
        if called.is_counted && caller.is_some_and(waits) && role != Role::Dropped {
            self.close_calls(site, 1);
        }
    }

    /// An answer has come for the frame that waits for it, if it still does.
    #[inline(always)]
    pub(super) fn child_done(&mut self, caller: Caller, answer: Answer) -> Option<FrameId> {
        let next = self.take_answer(caller, answer)?;
        self.goes_on(next)
    }

    #[inline(always)]
    fn take_answer(&mut self, Caller { frame: at, call }: Caller, answer: Answer) -> Option<FrameId> {
        let frame = &self.frames[at];
        if frame.generation.is_multiple_of(2) || frame.call != call {
            return None;
        }
        if answer != Answer::Nothing {
            self.has_something_to_wait_for(at);
        }
        let frame = &mut self.frames[at];
        let outcome = if let Answer::Ends(outcome) = answer { outcome } else { Outcome::Well(Grade::Full) };
        let failed = outcome == Outcome::Failed;
        match self.ops[frame.pc] {
            Op::Call { site, end } => self.call_done(at, site, end, outcome),
            Op::Parallel { join, end } => {
                frame.outstanding -= 1;
                match answer {
                    Answer::Ends(Outcome::Failed) => frame.attempt = frame.attempt.saturating_add(1),
                    Answer::Ends(well) => {
                        frame.needed += 1;
                        frame.rests_on(well);
                    }
                    Answer::Nothing => {}
                }
                // Who has nothing to wait for takes no part.
                let open = u32::from(frame.outstanding);
                let needed = join.min(open + frame.needed + u32::from(frame.attempt));
                // As soon as too few are left the rest need not be waited for.
                let is_lost = frame.needed + open < needed;
                (is_lost || frame.needed >= needed).then(|| {
                    let frame = &mut self.frames[at];
                    frame.attempt = 0;
                    if is_lost {
                        frame.outcome = Outcome::Failed;
                    }
                    self.resume(at, end)
                })
            }
            Op::Repeat { end, .. } => {
                frame.rests_on(outcome);
                frame.needed -= 1;
                let first = frame.pc.next();
                Some(if failed || frame.needed == 0 { self.resume(at, end) } else { self.block(at, first, end) })
            }
            Op::Inside { end, .. } => {
                frame.rests_on(outcome);
                Some(self.resume(at, end))
            }
            // These wait for nobody.
            Op::Work { .. }
            | Op::Spawn { .. }
            | Op::Chance { .. }
            | Op::Miss { .. }
            | Op::Else { .. }
            | Op::Branch { .. }
            | Op::Either { .. }
            | Op::Case { .. }
            | Op::Answer
            | Op::Part => None,
        }
    }

    #[inline(always)]
    fn call_done(&mut self, at: FrameId, site: SiteId, end: OpId, outcome: Outcome) -> Option<FrameId> {
        let frame = &mut self.frames[at];
        frame.outstanding -= 1;
        if outcome != Outcome::Failed {
            frame.rests_on(outcome);
            frame.call = frame.call.wrapping_add(1);
            frame.attempt = 0;
            frame.pc = end;
            let others = frame.outstanding;
            let called = &self.sites[site];
            if !self.failed_lookups.is_empty() {
                self.failed_lookups.remove(&at);
            }
            if called.is_guarded {
                let policy = &self.network.policies[called.policy];
                let state = &mut self.policies[called.policy];
                state.succeeds(policy.breaker.as_ref(), self.now, at);
                if let Some(budget) = &policy.budget {
                    state.earns(budget, Earned::Successes);
                }
                self.close_calls(site, others);
            }
            Some(at)
        } else if frame.outstanding == 0 {
            frame.call = frame.call.wrapping_add(1);
            self.failed_call(at, site, false)
        } else {
            None
        }
    }
}
