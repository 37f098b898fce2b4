//! What a caller does about calls that fail or take long: timers, retries and fallbacks. Whether a breaker or a bulkhead lets a
//! call through is its own state: `state`.

use super::Engine;
use super::event_queue::{Event, Lane, Timed, Timer};
use crate::distribution::uniform;
use crate::network::{Fallback, Op};
use std::collections::VecDeque;

impl Engine<'_> {
    /// A call has failed or was given up: the breaker counts it, and it is tried again if the policy says so.
    pub(super) fn failed_call(&mut self, at: u32, site: u32, is_timeout: bool) -> Option<u32> {
        let index = self.sites[site as usize].policy as usize;
        let policy = &self.network.policies[index];
        let state = &mut self.policies[index];
        if let Some(breaker) = &policy.breaker {
            state.fails(breaker, self.now, at);
        }
        let is_retried = if is_timeout { policy.retried.timeouts } else { policy.retried.errors };
        let allowed = policy.budget.is_none() || state.tokens >= 1.0;
        let attempt = self.frames[at as usize].attempt;
        if u32::from(attempt) >= policy.retries || !allowed || !is_retried {
            return self.give_up(at, site);
        }
        state.tokens -= if policy.budget.is_some() { 1.0 } else { 0.0 };
        self.counts.sites[site as usize].retries += 1;
        self.frames[at as usize].attempt = attempt + 1;
        let most = policy.pause_before(u32::from(attempt));
        let pause = if policy.jitter { most * uniform(&mut self.work_streams[site as usize]) } else { most };
        self.event_queue.plan(self.now + pause, Event::Retries(at));
        None
    }

    /// A call has failed for good.
    pub(super) fn give_up(&mut self, at: u32, site: u32) -> Option<u32> {
        let policy = &self.network.policies[self.sites[site as usize].policy as usize];
        let frame = &mut self.frames[at as usize];
        let Op::Call { end, .. } = self.ops[frame.pc as usize] else { return None };
        frame.attempt = 0;
        frame.pc = end;
        let called = self.sites[site as usize].to;
        if self.is_cache[called as usize] {
            self.failed_lookups.insert(at, called);
        }
        let age = self.now - self.policies[self.sites[site as usize].policy as usize].last_well;
        match policy.fallback {
            Fallback::None => frame.failed = true,
            _ if policy.max_age.is_some_and(|most| age > most) => frame.failed = true,
            Fallback::GoOn => {}
            // What is done instead stands right behind.
            Fallback::Station(_) => frame.pc += u32::from(matches!(self.ops.get(end as usize), Some(Op::Else { .. }))),
        }
        self.counts.sites[site as usize].failed += 1;
        Some(at)
    }

    /// Calls whose answers nobody waits for any more are open no longer.
    pub(super) fn close_calls(&mut self, site: u32, count: u16) {
        let called = &self.sites[site as usize];
        let state = &mut self.policies[called.policy as usize];
        if called.is_guarded && state.bulkhead.is_some() {
            state.open_calls -= u32::from(count);
        }
    }

    /// The lane for timers of this length and kind.
    pub(super) fn lane(&mut self, length: f64, kind: Timer) -> u32 {
        let known = self.lanes.iter().position(|lane| lane.length == length && lane.kind == kind);
        known.unwrap_or_else(|| {
            self.lanes.push(Lane { length, kind, line: VecDeque::new(), planned: false });
            self.lanes.len() - 1
        }) as u32
    }

    pub(super) fn set_timer(&mut self, lane: u32, frame: u32, generation: u32, call: u32) {
        let Some(line) = self.lanes.get_mut(lane as usize) else { return };
        let due = self.now + line.length;
        line.line.push_back(Timed { due, frame, generation, call });
        if !line.planned {
            line.planned = true;
            self.event_queue.plan(due, Event::TimerDue(lane));
        }
    }

    pub(super) fn lane_due(&mut self, number: u32) -> Option<u32> {
        let lane = &mut self.lanes[number as usize];
        lane.planned = false;
        let kind = lane.kind;
        while let Some(Timed { due, frame, generation, call }) = self.lanes[number as usize].line.front().copied() {
            let held = &self.frames[frame as usize];
            let waits = held.generation == generation && held.call == call;
            if waits && due > self.now {
                self.lanes[number as usize].planned = true;
                self.event_queue.plan(due, Event::TimerDue(number));
                break;
            }
            self.lanes[number as usize].line.pop_front();
            if waits {
                let next = self.timer(kind, frame);
                self.ready.extend(next);
            }
        }
        None
    }

    pub(super) fn timer(&mut self, kind: Timer, at: u32) -> Option<u32> {
        let frame = self.frames[at as usize];
        if kind == Timer::Patience {
            return self.renege(at);
        }
        let Some(Op::Call { site, end }) = self.ops.get(frame.pc as usize).copied() else { return None };
        match kind {
            // A call that waits for its next attempt has no answer outstanding.
            Timer::Hedge | Timer::Timeout | Timer::Patience if frame.outstanding == 0 => None,
            Timer::Hedge => self.send(at, site, end),
            Timer::Timeout | Timer::Patience => {
                self.frames[at as usize].call = frame.call.wrapping_add(1);
                self.frames[at as usize].outstanding = 0;
                self.close_calls(site, frame.outstanding);
                self.failed_call(at, site, true)
            }
        }
    }
}
