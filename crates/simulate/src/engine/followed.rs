//! Requests, and the calls that somebody watches, from where they begin to where they end.

use super::frame::{Frame, FrameId, NEVER, Outcome, Request, Role};
use super::{Engine, Settings};
use crate::network::{CounterId, SiteId, counter_of};

/// Requests that are followed to their end are so for this many times the length of the course at most, and at least for so
/// many seconds: longer than anybody waits.
pub(super) const FOLLOWED: f64 = 1.0;
pub(super) const FOLLOWED_AT_LEAST: f64 = 300.0;

impl Engine<'_> {
    /// Sets from when to when requests begin that are followed: those in the windows that are judged.
    pub(super) fn follow_what_is_judged(&mut self) {
        let Settings { judged, ends, warm_up, .. } = self.settings;
        let beginning = judged.0.checked_sub(1).map_or(0.0, |before| ends[before]);
        let end = ends.get(judged.1.wrapping_sub(1)).copied().unwrap_or(beginning);
        self.followed = (warm_up + beginning, warm_up + end);
        self.cohort = self.counts.flows.clone();
    }

    /// Counts who is under way at the end. How many requests there are.
    pub(super) fn tell_what_is_under_way(&mut self) -> u64 {
        let mut there = 0;
        for at in self.frames.ids() {
            let frame = self.frames[at];
            if frame.generation.is_multiple_of(2) {
                continue;
            }
            match frame.role {
                Role::Root | Role::RootCall => {
                    let Request { flow, began, first_part } = self.requests[at];
                    there += 1;
                    self.is_left(counter_of(flow), began);
                    if let Some(counter) = first_part {
                        self.is_left(counter, began);
                    }
                }
                Role::Call | Role::Dropped | Role::Block | Role::Idle | Role::Inside => {}
            }
            if matches!(frame.role, Role::RootCall | Role::Call | Role::Inside | Role::Dropped)
                && self.sites[frame.site].is_watched
                && frame.arrived < NEVER
                && !self.has_answered(&frame)
            {
                let network = self.network;
                for watcher in &network.sites[frame.site].watchers {
                    self.is_left(network.counter_of_calls(*watcher), frame.arrived);
                }
            }
        }
        there
    }

    /// Something that is still under way at the end.
    pub(super) fn is_left(&mut self, counter: CounterId, began: f64) {
        if self.is_followed(began) {
            self.cohort[counter].leaves(self.now - began);
        }
    }

    /// Whether what begins at a moment is followed to its end.
    pub(super) fn is_followed(&self, began: f64) -> bool {
        self.followed.0 <= began && began < self.followed.1
    }

    /// Whether what begins at a moment does so before the end of the time that is judged.
    fn is_old(&self, began: f64) -> bool {
        began < self.followed.1
    }

    /// Counts what comes: a request of a flow, or a call for somebody who watches it.
    pub(super) fn counts_in(&mut self, counter: CounterId) {
        self.counts.flows[counter].arrivals += 1;
        self.old_left[counter] += u64::from(self.is_old(self.now));
        if self.is_followed(self.now) {
            self.cohort[counter].arrivals += 1;
            self.under_way += 1;
        }
    }

    /// Counts an answer to it.
    pub(super) fn counts_out(&mut self, counter: CounterId, began: f64, outcome: Outcome) {
        let took = self.now - began;
        self.counts.flows[counter].ends(took, outcome);
        if self.is_old(began) {
            self.counts.flows[counter].old += 1;
            self.old_left[counter] -= 1;
        }
        if self.is_followed(began) {
            self.under_way -= 1;
            self.cohort[counter].ends(took, outcome);
            let is_late = outcome != Outcome::Failed && self.now >= self.followed.1;
            self.cohort[counter].late += u64::from(is_late);
        }
    }

    /// Whether a call was answered before all that it does was done.
    pub(super) fn has_answered(&self, frame: &Frame) -> bool {
        frame.role == Role::Call && frame.caller.is_none()
    }

    /// Counts a call that has come to those who watch it.
    #[inline(always)]
    pub(super) fn counts_call_in(&mut self, site: SiteId) {
        if self.sites[site].is_watched {
            let network = self.network;
            for watcher in &network.sites[site].watchers {
                self.counts_in(network.counter_of_calls(*watcher));
            }
        }
    }

    /// Counts the answer to a call for those who watch it, if it has come to them.
    #[inline(always)]
    pub(super) fn counts_call_out(&mut self, at: FrameId, outcome: Outcome) {
        let Frame { site, arrived, .. } = self.frames[at];
        if self.sites[site].is_watched && arrived < NEVER {
            let network = self.network;
            for watcher in &network.sites[site].watchers {
                self.counts_out(network.counter_of_calls(*watcher), arrived, outcome);
            }
        }
    }
}
