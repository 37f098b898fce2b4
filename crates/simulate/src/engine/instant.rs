//! What happens at one instant: who goes on, and who goes in first.

use super::Engine;
use super::frame::{Frame, FrameId};
use crate::network::StationId;
use std::cmp::Reverse;

impl Engine<'_> {
    /// Lets a frame and all others go on who may because of an event, and then in at stations: all that comes of one event at
    /// this instant is done before another event happens. Whether it was done, and not too much.
    #[inline(always)]
    pub(super) fn run_ready(&mut self, next: Option<FrameId>) -> bool {
        let mut next = next;
        while !self.is_too_much() {
            if let Some(frame) = next.or_else(|| self.ready.pop()) {
                next = self.take_turn(frame);
                continue;
            }
            let Some(Reverse(first)) = self.before_stations.peek().copied() else { return true };
            self.before_stations.pop();
            next = self.reach(FrameId::new(first as u32));
        }
        false
    }

    /// Lets a caller go on until he waits. Who goes on then, if anybody. [`Engine::run_frame`] is large, and inlined: so it is called
    /// in one place alone.
    #[inline(always)]
    fn take_turn(&mut self, frame: FrameId) -> Option<FrameId> {
        let (mut next, mut other) = (Some(frame), None);
        while let Some(frame) = next {
            self.ready.extend(other);
            other = self.run_frame(frame);
            next = self.turn.frames.pop();
        }
        self.turn.sent.clear();
        other
    }

    /// Whether anybody else may come before a station at this instant.
    pub(super) fn is_contested(&self) -> bool {
        !self.turn.frames.is_empty()
            || !self.set_off.is_empty()
            || !self.ready.is_empty()
            || !self.before_stations.is_empty()
    }

    /// A call stands before the station or pool that it goes to, and goes in unless others may come first.
    pub(super) fn stand_before(&mut self, at: FrameId, is_in_turn: bool) -> Option<FrameId> {
        let Frame { site, has_connection, .. } = self.frames[at];
        let called = &self.sites[site];
        let goal = called.pool.filter(|_| !has_connection).unwrap_or(called.to);
        let state = &self.stations[goal];
        // Where there is room for all it does not matter who comes first.
        let has_room = state.slots == u32::MAX && !state.is_guarded;
        if has_room || !self.is_contested() {
            return self.reach(at);
        }
        let tiebreak = self.tiebreak_of_call(goal, is_in_turn);
        self.before_stations.push(Reverse((u64::from(tiebreak) << 32) | u64::from(at.raw())));
        None
    }

    /// The tiebreak of a call to a station: behind those that the same caller has sent there in his turn.
    pub(super) fn tiebreak_of_call(&mut self, goal: StationId, is_in_turn: bool) -> u32 {
        if !is_in_turn {
            return self.event_queue.tiebreak();
        }
        match self.turn.sent.iter_mut().find(|(station, _)| *station == goal) {
            Some((_, tiebreak)) => {
                *tiebreak = self.event_queue.tiebreak_after(*tiebreak);
                *tiebreak
            }
            None => {
                let tiebreak = self.event_queue.tiebreak();
                self.turn.sent.push((goal, tiebreak));
                tiebreak
            }
        }
    }

    /// A call goes in to the pool or the station that it stands before.
    #[inline(always)]
    pub(super) fn reach(&mut self, at: FrameId) -> Option<FrameId> {
        let Frame { site, has_connection, .. } = self.frames[at];
        let Some(pool) = self.sites[site].pool.filter(|_| !has_connection) else { return self.arrive(at) };
        // The connection is needed first, and held until the answer is back.
        self.frames[at].arrived = self.now;
        self.acquire(at, self.pool_of(at, pool), true)
    }
}
