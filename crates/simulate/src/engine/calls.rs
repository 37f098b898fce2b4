//! A call from where it is sent to where its answer is taken: the way there, what it holds, and who goes on.

use super::Engine;
use super::event_queue::Event;
use super::frame::{Answer, Frame, Role};
use crate::distribution::uniform;
use crate::network::{NONE, Op};

/// So many seconds a caller that sets no timeout waits for an answer that does not come: as long as Linux tries to
/// connect (`tcp_syn_retries` of 6).
pub(crate) const GIVES_UP: f64 = 127.0;

impl Engine<'_> {
    pub(super) fn begin_call(&mut self, at: u32, site: u32, end: u32) -> Option<u32> {
        let network = self.network;
        let called = self.sites[site as usize];
        self.has_something_to_wait_for(at);
        if !called.is_guarded {
            self.counts.sites[site as usize].calls += 1;
            let frame = &mut self.frames[at as usize];
            frame.call = frame.call.wrapping_add(1);
            frame.outstanding = 0;
            return self.send(at, site, end);
        }
        let policy = &network.policies[called.policy as usize];
        let state = &mut self.policies[called.policy as usize];
        if self.frames[at as usize].attempt == 0 {
            self.counts.sites[site as usize].calls += 1;
            if let Some(budget) = policy.budget {
                state.tokens = (state.tokens + budget).min(10.0);
            }
        }
        if let Some(breaker) = &policy.breaker
            && !state.lets_through(breaker, self.now, at)
        {
            return self.give_up(at, site);
        }
        if state.bulkhead.is_some_and(|most| state.open_calls >= most) {
            return self.failed_call(at, site, false);
        }
        let frame = &mut self.frames[at as usize];
        frame.call = frame.call.wrapping_add(1);
        frame.outstanding = 0;
        let (generation, call) = (frame.generation, frame.call);
        let next = self.send(at, site, end);
        if called.is_timed {
            for lane in [self.timeout_lane[called.policy as usize], self.hedge_lane[called.policy as usize]] {
                self.set_timer(lane, at, generation, call);
            }
        }
        next
    }

    /// Sends a call on its way.
    pub(super) fn send(&mut self, at: u32, site: u32, end: u32) -> Option<u32> {
        let called = self.sites[site as usize];
        let frame = &mut self.frames[at as usize];
        frame.outstanding += 1;
        let (pc, call, user) = (frame.pc + 1, frame.call, frame.user);
        let (child, frame) = self.frame(Role::Call, pc, end, at, call, user);
        frame.site = site;
        frame.here = called.to;
        if called.is_guarded && self.policies[called.policy as usize].bulkhead.is_some() {
            self.policies[called.policy as usize].open_calls += 1;
        }
        if called.cut > 0.0 && (called.cut >= 1.0 || uniform(&mut self.work_streams[site as usize]) < called.cut) {
            self.frames[child as usize].failed = true;
            self.event_queue.plan(self.now + GIVES_UP, Event::Retries(child));
            return None;
        }
        if called.pool == NONE {
            return self.travel(child, site, true);
        }
        self.stand_before(child, true)
    }

    /// Lets a call travel to whom it is for. Those that a caller sends in his turn arrive in that order if they travel equally
    /// long.
    #[inline(always)]
    pub(super) fn travel(&mut self, at: u32, site: u32, is_in_turn: bool) -> Option<u32> {
        let latency = self.sites[site as usize].latency;
        if latency > 0.0 {
            self.counts.sites[site as usize].network += latency;
            let due = self.now + latency;
            let tiebreak = self.tiebreak_of_call(self.sites[site as usize].to, is_in_turn);
            self.event_queue.plan_with_tiebreak(due, Event::CallArrives(at), tiebreak);
            None
        } else {
            self.stand_before(at, is_in_turn)
        }
    }

    /// A call has reached the other side.
    #[inline(always)]
    pub(super) fn arrive(&mut self, at: u32) -> Option<u32> {
        let site = self.frames[at as usize].site;
        self.frames[at as usize].arrived = self.now;
        self.counts_call_in(site);
        self.enter(at, self.sites[site as usize].to)
    }

    /// Answers a call before all that it does is done: the caller goes on, and so does it.
    pub(super) fn answer(&mut self, at: u32) {
        let Frame { role, site, parent, parent_call, user, .. } = self.frames[at as usize];
        let failed = self.fails(site);
        self.counts_call_out(at, failed);
        self.end_for_caller(at);
        let frame = &mut self.frames[at as usize];
        (frame.role, frame.parent) = (Role::Call, NONE);
        if role == Role::RootCall {
            self.answer_root(parent_call, self.requested_at[at as usize], user, failed);
        } else if parent != NONE {
            let next = self.child_done(parent, parent_call, if failed { Answer::Failed } else { Answer::Well });
            self.ready.extend(next);
        }
    }

    #[inline(always)]
    pub(super) fn complete(&mut self, at: u32) -> Option<u32> {
        let Frame { role, site, parent, parent_call, mut failed, .. } = self.frames[at as usize];
        match role {
            Role::Root => {
                let Frame { began, user, .. } = self.frames[at as usize];
                self.answer_root(site, began, user, failed);
            }
            Role::RootCall => {
                let user = self.frames[at as usize].user;
                failed |= self.fails(site);
                self.counts_call_out(at, failed);
                self.release(at);
                self.answer_root(parent_call, self.requested_at[at as usize], user, failed);
            }
            Role::Inside => self.counts_call_out(at, failed),
            Role::Block | Role::Idle => {}
            Role::Dropped => {
                self.counts_call_out(at, true);
                self.release(at);
                self.release_frame(at);
                return None;
            }
            // It was answered before.
            Role::Call if parent == NONE => self.release(at),
            Role::Call => {
                failed |= self.fails(site);
                self.counts_call_out(at, failed);
                self.release(at);
            }
        }
        self.release_frame(at);
        let answer = match (failed, role) {
            (true, _) => Answer::Failed,
            (false, Role::Idle) => Answer::Nothing,
            (false, _) => Answer::Well,
        };
        if parent == NONE { None } else { self.child_done(parent, parent_call, answer) }
    }

    /// Whether a call fails for no other reason.
    #[inline(always)]
    pub(super) fn fails(&mut self, site: u32) -> bool {
        let share = self.sites[site as usize].fails;
        share > 0.0 && uniform(&mut self.work_streams[site as usize]) < share
    }

    /// Gives back what a call holds.
    #[inline(always)]
    pub(super) fn release(&mut self, at: u32) {
        let Frame { site, arrived, has_slot, .. } = self.frames[at as usize];
        let called = self.sites[site as usize];
        if has_slot {
            let count = &mut self.stations[called.to as usize].count;
            count.served += 1;
            count.sojourn += self.now - arrived;
            self.release_slot(called.to, false);
        }
        let is_open = !self.has_answered(&self.frames[at as usize]);
        if is_open {
            self.end_for_caller(at);
        }
    }

    /// Gives back what the caller holds for a call: its connection, and its place among those that are open.
    #[inline(always)]
    pub(super) fn end_for_caller(&mut self, at: u32) {
        let Frame { site, has_connection, role, parent, parent_call, .. } = self.frames[at as usize];
        let called = self.sites[site as usize];
        if has_connection {
            self.frames[at as usize].has_connection = false;
            self.release_slot(called.pool, true);
        }
        // Nobody hears that a call was dropped; one that was given up is open no longer.
        let is_waited_for = parent != NONE && self.frames[parent as usize].call == parent_call && role != Role::Dropped;
        if is_waited_for {
            self.close_calls(site, 1);
        }
    }

    /// An answer has come for the frame that waits for it, if it still does.
    #[inline(always)]
    pub(super) fn child_done(&mut self, at: u32, call: u32, answer: Answer) -> Option<u32> {
        let frame = &self.frames[at as usize];
        if frame.generation.is_multiple_of(2) || frame.call != call {
            return None;
        }
        if answer != Answer::Nothing {
            self.has_something_to_wait_for(at);
        }
        let frame = &mut self.frames[at as usize];
        let failed = answer == Answer::Failed;
        match self.ops[frame.pc as usize] {
            Op::Call { site, end } => self.call_done(at, site, end, failed),
            Op::Parallel { join, end } => {
                frame.outstanding -= 1;
                frame.needed += u32::from(answer == Answer::Well);
                frame.attempt = frame.attempt.saturating_add(u16::from(failed));
                // Who has nothing to wait for takes no part.
                let open = u32::from(frame.outstanding);
                let needed = join.min(open + frame.needed + u32::from(frame.attempt));
                // As soon as too few are left the rest need not be waited for.
                frame.failed = frame.needed + open < needed;
                (frame.failed || frame.needed >= needed).then(|| {
                    self.frames[at as usize].attempt = 0;
                    self.resume(at, end)
                })
            }
            Op::Repeat { end, .. } => {
                frame.failed = failed;
                frame.needed -= 1;
                let first = frame.pc + 1;
                Some(if failed || frame.needed == 0 { self.resume(at, end) } else { self.block(at, first, end) })
            }
            Op::Inside { end, .. } => {
                frame.failed = failed;
                Some(self.resume(at, end))
            }
            // These wait for nobody.
            Op::Work { .. }
            | Op::Spawn { .. }
            | Op::Chance { .. }
            | Op::Miss { .. }
            | Op::Else { .. }
            | Op::Branch { .. }
            | Op::Answer => None,
        }
    }

    pub(super) fn call_done(&mut self, at: u32, site: u32, end: u32, failed: bool) -> Option<u32> {
        let frame = &mut self.frames[at as usize];
        frame.outstanding -= 1;
        if !failed {
            frame.call = frame.call.wrapping_add(1);
            frame.attempt = 0;
            frame.pc = end;
            let others = frame.outstanding;
            let called = &self.sites[site as usize];
            if !self.failed_lookups.is_empty() {
                self.failed_lookups.remove(&at);
            }
            if called.is_guarded {
                let policy = &self.network.policies[called.policy as usize];
                self.policies[called.policy as usize].succeeds(policy.breaker.as_ref(), self.now, at);
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
