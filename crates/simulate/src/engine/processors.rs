//! Work: time that passes, or that is given by processors which the requests there share.

use super::Engine;
use super::event_queue::Event;
use super::frame::FrameId;
use super::state::Who;
use crate::distribution::uniform;
use crate::network::{Op, SiteId, StationId, combine};
use crate::route::Zone;
use std::cmp::Reverse;

impl Engine<'_> {
    /// Does a frame's own work.
    pub(super) fn work(&mut self, at: FrameId, site: SiteId) -> Option<FrameId> {
        let Some(law) = self.sites[site].law else {
            return self.step(at);
        };
        let drawn = law.sample(&mut self.work_streams[site]);
        self.has_something_to_wait_for(at);
        let Some(here) = self.frames[at].here else {
            self.event_queue.plan(self.now + drawn, Event::WorkDone(at));
            return None;
        };
        let state = &self.stations[here];
        if !state.runs_on.is_empty() {
            self.work_on_processor(at, site, here, drawn);
            return None;
        }
        let end = if state.slowdowns.is_empty() && state.stalls.is_none() {
            self.now + drawn
        } else {
            self.end_of_work(at, here, drawn)
        };
        if end == self.now {
            self.steps += 1;
            return self.step(at);
        }
        self.counts.sites[site].work += end - self.now;
        self.event_queue.plan(end, Event::WorkDone(at));
        None
    }

    /// Lets a frame go on with its next operation.
    #[inline(always)]
    pub(super) fn step(&mut self, at: FrameId) -> Option<FrameId> {
        let frame = &mut self.frames[at];
        frame.pc = frame.pc.next();
        Some(at)
    }

    /// Tells a frame from every other, for what is drawn once of each.
    pub(super) fn who(&self, at: FrameId) -> Who {
        let id = combine(u64::from(at.raw()), u64::from(self.frames[at].generation));
        Who { id, zone: self.stays.get(at).map_or(Zone::NOWHERE, |stay| stay.zone) }
    }

    /// Lets work be done by one of the processors that a station has.
    pub(super) fn work_on_processor(&mut self, at: FrameId, site: SiteId, here: StationId, time: f64) {
        let runs_on = &self.stations[here].runs_on;
        let drawn = match runs_on[..] {
            [(_, share)] if share >= 1.0 => 0.0,
            _ => uniform(&mut self.work_streams[site]),
        };
        let Some((processor, _)) = runs_on.iter().find(|(_, sum)| drawn < *sum).copied() else {
            // The rest of its replicas has a machine to itself.
            let end = self.end_of_work(at, here, time);
            self.counts.sites[site].work += end - self.now;
            self.event_queue.plan(end, Event::WorkDone(at));
            return;
        };
        if processor != here {
            self.stations[processor].count.arrivals += 1;
        }
        let (who, now) = (self.who(at), self.now);
        let slower = self.stations[here].slower_itself(now, who, processor == here);
        self.counts.sites[site].work += time * slower;
        self.frames[at].began = now + time * slower;
        if !self.is_stopped(at, here, processor, time * slower) {
            self.share(processor, at, time * slower);
        }
    }

    /// Adds work to a shared processor.
    pub(super) fn share(&mut self, station: StationId, frame: FrameId, time: f64) {
        let now = self.now;
        if let Some(shared) = &mut self.stations[station].shared {
            shared.pass(now);
            let until = shared.given + time;
            shared.jobs.push(Reverse((u128::from(until.to_bits()) << 64) | u128::from(frame.raw())));
        }
        self.plan_shared(station);
    }

    pub(super) fn plan_shared(&mut self, station: StationId) {
        let now = self.now;
        let Some(shared) = &mut self.stations[station].shared else { return };
        let Some(Reverse(first)) = shared.jobs.peek() else { return };
        let left = (f64::from_bits((first >> 64) as u64) - shared.given).max(0.0);
        if shared.speed() <= 0.0 {
            return;
        }
        shared.tiebreak = self.event_queue.plan(now + left / shared.speed(), Event::SharedWorkDone(station));
    }

    pub(super) fn shared_done(&mut self, station: StationId, tiebreak: u32) -> Option<FrameId> {
        let now = self.now;
        let shared = self.stations[station].shared.as_mut().filter(|shared| shared.tiebreak == tiebreak)?;
        shared.pass(now);
        let Reverse(first) = shared.jobs.pop()?;
        // Rounding must not let the work given run behind what was asked for.
        shared.given = shared.given.max(f64::from_bits((first >> 64) as u64));
        let at = FrameId::new(first as u32);
        let frame = &self.frames[at];
        if let Op::Work { site } = self.ops[frame.pc] {
            self.counts.sites[site].wait += (now - frame.began).max(0.0);
        }
        self.plan_shared(station);
        self.step(at)
    }
}
