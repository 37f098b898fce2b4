//! Policies as they are at a moment: what breakers, bulkheads and budgets of retries remember.

use super::frame::FrameId;
use crate::network::Breaker;
use std::collections::VecDeque;

#[derive(Default)]
pub(super) struct PolicyState {
    /// Failures in a row.
    failures: u32,
    /// The latest answers, as far as the breaker looks back: whether they failed.
    recent: VecDeque<bool>,
    /// How many of them did.
    recent_failures: u32,
    /// Until when the breaker is open.
    pub(super) open_until: f64,
    /// Whether it was opened and has not closed since.
    is_tripped: bool,
    /// The frame whose call tries whether all is well again, and how many such calls were answered well.
    probe: Option<FrameId>,
    tried: u32,
    pub(super) open_calls: u32,
    /// When a call was answered well last.
    pub(super) last_well: f64,
    pub(super) tokens: f64,
    /// How many calls may be open at once.
    pub(super) bulkhead: Option<u32>,
}

impl PolicyState {
    pub(super) fn new(bulkhead: Option<u32>) -> PolicyState {
        PolicyState { bulkhead, ..PolicyState::default() }
    }

    /// Whether the breaker lets a frame's call through.
    pub(super) fn lets_through(&mut self, breaker: &Breaker, now: f64, frame: FrameId) -> bool {
        debug_assert!(breaker.half_open > 0, "a breaker that never closes");
        if !self.is_tripped {
            return true;
        }
        if now < self.open_until || self.probe.is_some() {
            return false;
        }
        self.probe = Some(frame);
        true
    }

    /// A frame's call was answered well.
    pub(super) fn succeeds(&mut self, breaker: Option<&Breaker>, now: f64, frame: FrameId) {
        self.last_well = now;
        let Some(breaker) = breaker else { return };
        if !self.is_tripped {
            self.failures = 0;
            return self.remember(breaker, false);
        }
        // While it is open, answers to earlier calls tell nothing new.
        if self.probe == Some(frame) {
            self.probe = None;
            self.tried += 1;
            self.is_tripped = self.tried < breaker.half_open;
        }
    }

    /// A frame's call has failed.
    pub(super) fn fails(&mut self, breaker: &Breaker, now: f64, frame: FrameId) {
        if self.is_tripped {
            if self.probe == Some(frame) {
                self.open(breaker, now);
            }
            return;
        }
        self.failures = self.failures.saturating_add(1);
        self.remember(breaker, true);
        let opens = match breaker.share {
            Some((share, calls)) => {
                self.recent.len() as u32 >= calls && f64::from(self.recent_failures) >= share * f64::from(calls)
            }
            None => self.failures >= breaker.failures,
        };
        if opens {
            self.open(breaker, now);
        }
    }

    fn open(&mut self, breaker: &Breaker, now: f64) {
        self.open_until = now + breaker.reset;
        self.is_tripped = true;
        self.probe = None;
        (self.tried, self.failures, self.recent_failures) = (0, 0, 0);
        self.recent.clear();
    }

    /// Remembers an answer for as many calls as the breaker looks back on.
    fn remember(&mut self, breaker: &Breaker, failed: bool) {
        let Some((_, calls)) = breaker.share else { return };
        self.recent.push_back(failed);
        self.recent_failures += u32::from(failed);
        if self.recent.len() as u32 > calls {
            self.recent_failures -= u32::from(self.recent.pop_front() == Some(true));
        }
    }
}
