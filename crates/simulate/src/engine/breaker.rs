//! Policies as they are at a moment: what breakers, bulkheads and budgets of retries remember.

use super::frame::FrameId;
use crate::network::{Breaker, Earned, RetryBudget};
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
    /// The frames whose calls try whether all is well again, and how many such calls were answered since it was opened, well
    /// and badly.
    trials: Vec<FrameId>,
    tried_well: u32,
    tried_badly: u32,
    pub(super) calls_under_way: u32,
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
        let under_way = self.trials.len() as u32;
        let let_through = under_way + self.tried_well + self.tried_badly;
        if now < self.open_until || under_way >= breaker.trials || let_through >= breaker.half_open {
            return false;
        }
        self.trials.push(frame);
        true
    }

    /// What adds to a budget of retries has happened.
    pub(super) fn earns(&mut self, budget: &RetryBudget, by: Earned) {
        if budget.earned == by {
            self.tokens = (self.tokens + budget.share).min(budget.cap);
        }
    }

    /// A frame's call was answered well.
    pub(super) fn succeeds(&mut self, breaker: Option<&Breaker>, now: f64, frame: FrameId) {
        self.last_well = now;
        let Some(breaker) = breaker else { return };
        if !self.is_tripped {
            self.failures = 0;
            return self.remember(breaker, false);
        }
        if self.ends_trial(frame) {
            self.tried_well += 1;
            self.decide(breaker, now);
        }
    }

    /// Whether a frame's call was one of those that try whether all is well again; it is no more. While it is open, answers to
    /// other calls tell nothing new.
    fn ends_trial(&mut self, frame: FrameId) -> bool {
        let trial = self.trials.iter().position(|one| *one == frame);
        trial.map(|trial| self.trials.swap_remove(trial)).is_some()
    }

    /// Closes or opens it again when enough of these calls were answered.
    fn decide(&mut self, breaker: &Breaker, now: f64) {
        let (all, badly) = (f64::from(breaker.half_open), f64::from(self.tried_badly));
        if breaker.half_open_share.map_or(self.tried_badly > 0, |share| {
            self.tried_well + self.tried_badly >= breaker.half_open && badly >= share * all
        }) {
            self.open(breaker, now);
        } else if self.tried_well + self.tried_badly >= breaker.half_open {
            self.is_tripped = false;
        }
    }

    /// A frame's call has failed.
    pub(super) fn fails(&mut self, breaker: &Breaker, now: f64, frame: FrameId) {
        if self.is_tripped {
            if self.ends_trial(frame) {
                self.tried_badly += 1;
                self.decide(breaker, now);
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
        self.trials.clear();
        (self.tried_well, self.tried_badly) = (0, 0);
        (self.failures, self.recent_failures) = (0, 0);
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
