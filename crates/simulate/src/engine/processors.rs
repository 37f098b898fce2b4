//! Work: time that passes, or that is given by processors which the requests there share.

use super::Engine;
use super::event_queue::Event;
use crate::distribution::uniform;
use crate::network::{Op, combine};
use std::cmp::Reverse;

impl Engine<'_> {
    /// Does a frame's own work.
    pub(super) fn work(&mut self, at: u32, site: u32) -> Option<u32> {
        let Some(law) = self.sites[site as usize].law else {
            self.frames[at as usize].pc += 1;
            return Some(at);
        };
        let drawn = law.sample(&mut self.work_streams[site as usize]);
        self.has_something_to_wait_for(at);
        let here = self.frames[at as usize].here;
        let Some(state) = self.stations.get(here as usize) else {
            self.event_queue.plan(self.now + drawn, Event::WorkDone(at));
            return None;
        };
        if !state.runs_on.is_empty() {
            self.work_on_processor(at, site, here, drawn);
            return None;
        }
        let end = if state.slowdowns.is_empty() {
            self.now + drawn
        } else {
            let who = self.who(at);
            state.ends(self.now, drawn, who)
        };
        if end == self.now {
            self.steps += 1;
            self.frames[at as usize].pc += 1;
            return Some(at);
        }
        self.counts.sites[site as usize].work += end - self.now;
        self.event_queue.plan(end, Event::WorkDone(at));
        None
    }

    /// Tells a frame from every other, for what is drawn once of each.
    pub(super) fn who(&self, at: u32) -> u64 {
        combine(u64::from(at), u64::from(self.frames[at as usize].generation))
    }

    /// Lets work be done by one of the processors that a station has.
    pub(super) fn work_on_processor(&mut self, at: u32, site: u32, here: u32, time: f64) {
        let runs_on = &self.stations[here as usize].runs_on;
        let drawn = match runs_on[..] {
            [(_, share)] if share >= 1.0 => 0.0,
            _ => uniform(&mut self.work_streams[site as usize]),
        };
        let Some((processor, _)) = runs_on.iter().find(|(_, sum)| drawn < *sum).copied() else {
            // The rest of its replicas has a machine to itself.
            let end = self.stations[here as usize].ends(self.now, time, self.who(at));
            self.counts.sites[site as usize].work += end - self.now;
            self.event_queue.plan(end, Event::WorkDone(at));
            return;
        };
        if processor != here {
            self.stations[processor as usize].count.arrivals += 1;
        }
        let (who, now) = (self.who(at), self.now);
        let slower = self.stations[here as usize].slower_itself(now, who, processor == here);
        self.counts.sites[site as usize].work += time * slower;
        self.frames[at as usize].began = now + time * slower;
        self.share(processor, at, time * slower);
    }

    /// Adds work to a shared processor.
    pub(super) fn share(&mut self, station: u32, frame: u32, time: f64) {
        let now = self.now;
        if let Some(shared) = &mut self.stations[station as usize].shared {
            shared.pass(now);
            let until = shared.given + time;
            shared.jobs.push(Reverse((u128::from(until.to_bits()) << 64) | u128::from(frame)));
        }
        self.plan_shared(station);
    }

    pub(super) fn plan_shared(&mut self, station: u32) {
        let now = self.now;
        let Some(shared) = &mut self.stations[station as usize].shared else { return };
        let Some(Reverse(first)) = shared.jobs.peek() else { return };
        let left = (f64::from_bits((first >> 64) as u64) - shared.given).max(0.0);
        shared.tiebreak = self.event_queue.plan(now + left / shared.speed(), Event::SharedWorkDone(station));
    }

    pub(super) fn shared_done(&mut self, station: u32, tiebreak: u32) -> Option<u32> {
        let now = self.now;
        let shared = self.stations[station as usize].shared.as_mut().filter(|shared| shared.tiebreak == tiebreak)?;
        shared.pass(now);
        let Reverse(first) = shared.jobs.pop()?;
        // Rounding must not let the work given run behind what was asked for.
        shared.given = shared.given.max(f64::from_bits((first >> 64) as u64));
        let at = first as u32;
        let frame = &mut self.frames[at as usize];
        if let Op::Work { site } = self.ops[frame.pc as usize] {
            self.counts.sites[site as usize].wait += (now - frame.began).max(0.0);
        }
        frame.pc += 1;
        self.plan_shared(station);
        Some(at)
    }
}
