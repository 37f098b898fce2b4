//! Slots and connections: who takes one, who waits for one, who is turned away, and who waits no longer.

use super::Engine;
use super::event_queue::Event;
use super::frame::{FrameId, NEVER, Outcome, Role};
use super::state::Patience;
use crate::network::{RateLimit, StationId};

/// No tiebreak of an event.
const WAITS_NO_LONGER: f64 = -1.0;

impl Engine<'_> {
    #[inline(always)]
    pub(super) fn enter(&mut self, at: FrameId, station: StationId) -> Option<FrameId> {
        if !self.stations[station].is_guarded {
            return self.acquire(at, station, false);
        }
        self.enter_guarded(at, station)
    }

    /// Enters a station that may turn calls away or hands them on to its replicas.
    pub(super) fn enter_guarded(&mut self, at: FrameId, station: StationId) -> Option<FrameId> {
        let now = self.now;
        let mut refused = self.is_missed(at, station);
        if !refused && self.is_held(at, station) {
            return self.hold(at, station);
        }
        let state = &mut self.stations[station];
        if let Some(limit) = state.rate_limit {
            state.tokens = (state.tokens + (now - state.refilled) * limit.rate).min(limit.burst);
            state.refilled = now;
            refused |= state.tokens < 1.0;
            state.tokens -= if refused { 0.0 } else { 1.0 };
        }
        if let Some(limit) = state.user_limit {
            refused |= !self.lets_user_in(at, station, limit);
        }
        if refused {
            self.stations[station].count.arrivals += 1;
            return self.refuse(at, station);
        }
        let replica = self.hand_on(at, station);
        self.acquire(at, replica, false)
    }

    /// Whether the user for whom a call is made has not called too often; where nobody is known, everybody may.
    pub(super) fn lets_user_in(&mut self, at: FrameId, station: StationId, limit: RateLimit) -> bool {
        let Some(user) = self.frames[at].user else { return true };
        let state = &mut self.stations[station];
        state.user_tokens.fill_up(self.everybody.len(), (limit.burst, 0.0));
        let (tokens, since) = &mut state.user_tokens[user];
        *tokens = (*tokens + (self.now - *since) * limit.rate).min(limit.burst);
        *since = self.now;
        let is_let_in = *tokens >= 1.0;
        *tokens -= if is_let_in { 1.0 } else { 0.0 };
        is_let_in
    }

    pub(super) fn refuse(&mut self, at: FrameId, station: StationId) -> Option<FrameId> {
        let state = &mut self.stations[station];
        state.count.refused += 1;
        let frame = &mut self.frames[at];
        if state.is_pool {
            frame.arrived = NEVER;
            self.own_pools.remove(&at);
        }
        frame.began = WAITS_NO_LONGER;
        frame.outcome = Outcome::Failed;
        Some(at)
    }

    /// Takes a slot, or waits for one.
    #[inline(always)]
    pub(super) fn acquire(&mut self, at: FrameId, station: StationId, is_pool: bool) -> Option<FrameId> {
        let now = self.now;
        let state = &mut self.stations[station];
        state.count.arrivals += 1;
        if state.used < state.slots {
            state.used += 1;
            state.count.busy -= now;
            if is_pool {
                return self.acquired(at, true);
            }
            self.frames[at].has_slot = true;
            return Some(at);
        }
        if state.queue.len() as u32 >= state.queue_limit {
            return self.turn_away(at, station);
        }
        self.wait(at, station);
        None
    }

    /// Turns away one more than may wait.
    pub(super) fn turn_away(&mut self, at: FrameId, station: StationId) -> Option<FrameId> {
        let state = &mut self.stations[station];
        if !state.drops {
            return self.refuse(at, station);
        }
        // Nobody answers; a caller without a timeout would wait for ever, which is his mistake to show.
        state.count.refused += 1;
        let frame = &mut self.frames[at];
        frame.role = Role::Dropped;
        frame.outcome = Outcome::Failed;
        Some(at)
    }

    /// Lets a frame wait at a station.
    pub(super) fn wait(&mut self, at: FrameId, station: StationId) {
        self.line_up(at, station);
        self.start_patience_timer(at, station);
    }

    /// Puts a frame in the queue of a station: behind those of its priority and those of higher ones.
    #[inline(always)]
    pub(super) fn line_up(&mut self, at: FrameId, station: StationId) {
        let priority = |of: FrameId| self.sites[self.frames[of].site].priority;
        let state = &mut self.stations[station];
        if state.is_ordered {
            let own = priority(at);
            let behind = state.queue.partition_point(|other| priority(*other) >= own);
            state.queue.insert(behind, at);
        } else {
            state.queue.push_back(at);
        }
        state.count.waiting -= self.now;
    }

    /// A slot or connection is there.
    #[inline(always)]
    pub(super) fn acquired(&mut self, at: FrameId, is_pool: bool) -> Option<FrameId> {
        let now = self.now;
        let frame = &mut self.frames[at];
        self.counts.sites[frame.site].wait += now - frame.arrived;
        frame.began = WAITS_NO_LONGER;
        if is_pool {
            frame.has_connection = true;
            // A timer for the wait finds another call number.
            frame.call = frame.call.wrapping_add(1);
            let site = frame.site;
            self.travel(at, site, false)
        } else {
            frame.has_slot = true;
            Some(at)
        }
    }

    #[inline(always)]
    pub(super) fn release_slot(&mut self, station: StationId, is_pool: bool) {
        let now = self.now;
        let state = &mut self.stations[station];
        // Whoever waits takes over, unless there are fewer slots than before.
        if state.used <= state.slots
            && let Some(next) = state.queue.pop_front()
        {
            state.count.waiting += now;
            if let Some(next) = self.acquired(next, is_pool) {
                self.ready.push(next);
            }
        } else {
            state.used -= 1;
            state.count.busy += now;
        }
    }

    /// Sets the time after which a frame that waits at a station does so no longer.
    pub(super) fn start_patience_timer(&mut self, at: FrameId, station: StationId) {
        match self.stations[station].patience {
            Patience::Endless => {}
            Patience::Lane(lane) => {
                let frame = self.frames[at];
                self.set_timer(lane, at, frame.generation, frame.call);
            }
            Patience::Drawn(law) => {
                let site = self.frames[at].site;
                let time = law.sample(&mut self.work_streams[site]);
                let tiebreak = self.event_queue.plan(self.now + time, Event::Reneges(at));
                self.frames[at].began = f64::from(tiebreak);
            }
        }
    }

    /// A wait of a length of its own ends. A frame that waits remembers the tiebreak of that in its beginning.
    pub(super) fn renege_event(&mut self, at: FrameId, tiebreak: u32) -> Option<FrameId> {
        let frame = &self.frames[at];
        let waits = frame.generation % 2 == 1 && frame.began == f64::from(tiebreak);
        if waits { self.renege(at) } else { None }
    }

    /// What was waited for did not come free in time: a connection, or else a slot.
    pub(super) fn renege(&mut self, at: FrameId) -> Option<FrameId> {
        let frame = self.frames[at];
        if !matches!(frame.role, Role::Call | Role::RootCall) {
            return None;
        }
        let called = &self.sites[frame.site];
        let station = match called.pool.filter(|_| !frame.has_connection) {
            Some(pool) => self.pool_of(at, pool),
            None => frame.here.unwrap_or(called.to),
        };
        let state = &mut self.stations[station];
        let waiting = state.queue.iter().position(|waiting| *waiting == at)?;
        state.queue.remove(waiting);
        state.count.waiting += self.now;
        self.refuse(at, station)
    }
}
