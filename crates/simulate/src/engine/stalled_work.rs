//! Stalls: times in which all that a replica does stands still.
//!
//! Where work is time that passes it is known in advance when that ends, as stalls do not depend on what is done. Where cores
//! are shared it is not: there what a replica does is taken off the cores when a stall begins and put back when that ends.

use super::Engine;
use super::event_queue::Event;
use super::frame::{Caller, Frame, FrameId, Role};
use super::stalls::{MOST_REPLICAS, Replica, StallClock, Stalls};
use crate::distribution::{stream, uniform};
use crate::network::{Stall, StationId, combine};
use groma_model::Idx;
use std::cmp::Reverse;

/// To pass a stall takes the time of so many blocks.
pub(crate) const STEPS_OF_A_STALL: u64 = 4;
/// Work that meets more stalls than this is taken to meet as many as it does on average.
const MOST_MET: f64 = 10_000.0;

impl Engine<'_> {
    /// Sets up the stalls of every station that has any; where calls are balanced each replica has its own.
    pub(super) fn set_up_stalls(&mut self) {
        for (at, station) in self.network.stations.entries() {
            if let Some(stall) = station.stall.filter(|_| station.balance.is_none()) {
                let replicas = station.replicas.max(station.range.1);
                self.let_stall((at, replicas), stall, self.key_of_stalls(at), at);
            }
        }
    }

    /// What names the random numbers of a station's stalls: what is called first, as nothing of a station itself does.
    pub(super) fn key_of_stalls(&self, station: StationId) -> u64 {
        self.network.sites.iter().find(|site| site.to == station).map_or(0, |site| site.key)
    }

    /// Lets so many replicas at a station stall, which is a station of the network or a replica of one.
    pub(super) fn let_stall(&mut self, (at, replicas): (StationId, u32), stall: Stall, key: u64, of: StationId) {
        let (seed, replication, now) = (self.settings.seed, self.settings.replication, self.now);
        let mut stalls = Stalls::new(stall, replicas, &|nth| stream(seed, replication, combine(key, nth), STALLS));
        let one = &self.network.stations[of];
        if !one.runs_on.is_empty() || one.cores.is_some() {
            for replica in stalls.each.ids() {
                let first = match stalls.end_at(replica, now) {
                    Some(_) => now,
                    None => stalls.next_after(replica, now),
                };
                let clock = self.stall_clocks.push(StallClock { station: at, replica });
                self.event_queue.plan(first, Event::StallChanges(clock));
            }
        }
        self.stations[at].stalls = Some(Box::new(stalls));
        self.has_stalls = true;
    }

    /// The replica of a station that works for a frame: drawn once, and the same for all that is done in the course of a call.
    fn replica(&self, at: FrameId, station: StationId) -> Idx<Replica> {
        let replicas = self.stations[station].replicas.clamp(1, MOST_REPLICAS);
        if replicas == 1 {
            return Idx::FIRST;
        }
        let mut call = at;
        while let Frame { role: Role::Block | Role::Idle | Role::Inside, caller: Some(Caller { frame, .. }), .. } =
            self.frames[call]
        {
            call = frame;
        }
        let drawn = uniform(&mut stream(self.settings.seed, self.settings.replication, self.who(call).id, STALLS));
        Idx::new(((drawn * f64::from(replicas)) as u32).min(replicas - 1))
    }

    /// When work ends that begins now at a station and takes so long at full speed, with the stalls that it meets.
    pub(super) fn end_of_work(&mut self, at: FrameId, here: StationId, work: f64) -> f64 {
        let (now, who) = (self.now, self.who(at));
        let replica = self.replica(at, here);
        let Some(mut stalls) = self.stations[here].stalls.take() else {
            return self.stations[here].ends(now, work, who);
        };
        let state = &mut self.stations[here];
        stalls.forget(replica, now);
        let (mut time, mut left) = (now, work);
        if work > MOST_MET * (stalls.stall.every - stalls.stall.length) {
            left *= stalls.stall.stretch();
        }
        let many = left > work;
        let end = loop {
            time = stalls.end_at(replica, time).unwrap_or(time);
            let begins = if many { f64::INFINITY } else { stalls.next_after(replica, time) };
            let end = state.ends(time, left, who);
            if end <= begins {
                break end;
            }
            left = (left - state.done(time, begins, who)).max(0.0);
            time = begins;
            self.steps += STEPS_OF_A_STALL;
        };
        state.stalls = Some(stalls);
        end
    }

    /// Lets a frame go on that has had an answer: at once, or after the stall that the replica is in which works for it.
    #[inline(always)]
    pub(super) fn goes_on(&mut self, at: FrameId) -> Option<FrameId> {
        if self.has_stalls { self.after_stall(at) } else { Some(at) }
    }

    fn after_stall(&mut self, at: FrameId) -> Option<FrameId> {
        let Some(here) = self.frames[at].here.filter(|here| self.stations[*here].stalls.is_some()) else {
            return Some(at);
        };
        let replica = self.replica(at, here);
        let now = self.now;
        let stalls = self.stations[here].stalls.as_mut()?;
        stalls.forget(replica, now);
        let Some(end) = stalls.end_at(replica, now) else { return Some(at) };
        self.event_queue.plan(end, Event::Retries(at));
        None
    }

    /// Lets work wait that would begin in a stall on shared cores. Whether it does.
    pub(super) fn is_stopped(&mut self, at: FrameId, here: StationId, processor: StationId, work: f64) -> bool {
        if self.stations[here].stalls.is_none() {
            return false;
        }
        let replica = self.replica(at, here);
        let stalls = self.stations[here].stalls.as_mut();
        let Some(stopped) = stalls.map(|stalls| &mut stalls.each[replica]).filter(|one| one.is_stopped) else {
            return false;
        };
        stopped.stopped.push((processor, work, at));
        true
    }

    /// A stall begins or ends where cores are shared.
    pub(super) fn stall_changes(&mut self, clock: Idx<StallClock>) -> Option<FrameId> {
        let StallClock { station, replica } = self.stall_clocks[clock];
        let mut stalls = self.stations[station].stalls.take()?;
        stalls.forget(replica, self.now);
        let one = &mut stalls.each[replica];
        one.is_stopped = !one.is_stopped;
        let next = if one.is_stopped {
            self.stop(station, replica, one);
            stalls.end_at(replica, self.now).unwrap_or(self.now)
        } else {
            self.start_again(station, one);
            stalls.next_after(replica, self.now)
        };
        self.stations[station].stalls = Some(stalls);
        self.event_queue.plan(next, Event::StallChanges(clock));
        None
    }

    /// Takes off all cores what a replica does, and its own cores with it.
    fn stop(&mut self, station: StationId, replica: Idx<Replica>, one: &mut Replica) {
        let replicas = self.stations[station].replicas;
        for processor in self.stations.ids() {
            let Some(mut shared) = self.stations[processor].shared.take() else { continue };
            shared.pass(self.now);
            let is_here = |Reverse(job): &Reverse<u128>| {
                let at = FrameId::new(*job as u32);
                self.frames[at].here == Some(station) && self.replica(at, station) == replica
            };
            let (stopped, others): (Vec<_>, Vec<_>) = std::mem::take(&mut shared.jobs).into_iter().partition(is_here);
            shared.jobs = others.into();
            let left = |job: u128| (f64::from_bits((job >> 64) as u64) - shared.given).max(0.0);
            one.stopped
                .extend(stopped.into_iter().map(|Reverse(job)| (processor, left(job), FrameId::new(job as u32))));
            if self.is_own(processor, station) && replica.raw() < replicas {
                one.idle_cores = shared.cores / f64::from(replicas);
                shared.idle += one.idle_cores;
            }
            self.stations[processor].shared = Some(shared);
            self.plan_shared(processor);
        }
    }

    /// Gives cores back what was taken off them.
    fn start_again(&mut self, station: StationId, one: &mut Replica) {
        let idle = std::mem::take(&mut one.idle_cores);
        for processor in self.stations.ids() {
            if self.is_own(processor, station)
                && let Some(shared) = &mut self.stations[processor].shared
            {
                shared.pass(self.now);
                shared.idle -= idle;
            }
        }
        // In the order of their frames: a heap has none of its own.
        one.stopped.sort_by_key(|(_, _, at)| *at);
        for (processor, left, at) in one.stopped.drain(..) {
            self.share(processor, at, left);
        }
        // Those who went on meanwhile are faster now.
        self.stations.ids().filter(|_| idle > 0.0).for_each(|at| self.plan_shared(at));
    }

    /// Whether cores are a station's own, and not those of a host.
    fn is_own(&self, processor: StationId, station: StationId) -> bool {
        // Of a replica those of the same replica.
        let whole = |at: StationId| match self.stations[at].replica_of {
            Some((whole, nth)) => (whole, Some(nth)),
            None => (at, None),
        };
        let ((cores, nth), (station_of, own)) = (whole(processor), whole(station));
        processor == station || nth == own && self.network.stations[cores].owner == Some(station_of)
    }
}

/// The purpose of the random numbers of stalls.
const STALLS: u64 = 10;
