//! Fault injection: what goes wrong, and what that does to stations and to what is under way.

use super::Engine;
use super::event_queue::Event;
use super::fault::{Fault, FaultEffect, FaultId, Moment, Trouble, either};
use super::frame::{Frame, FrameId};
use super::state::{SiteState, Slowdown, StationState, running_shares};
use crate::distribution::uniform;
use crate::network::{SiteId, StationId, combine};
use crate::route::{Met, Stay, Zone};
use groma_model::Idx;
use std::cmp::Reverse;

impl Engine<'_> {
    /// Schedules when faults begin and end, and what is slower when.
    pub(super) fn schedule_faults(&mut self) {
        let warm_up = self.settings.warm_up;
        let mut moments: Vec<f64> =
            self.faults.iter().flat_map(|fault| [warm_up + fault.from, warm_up + fault.to]).collect();
        moments.sort_by(f64::total_cmp);
        moments.dedup();
        for time in moments {
            let moment = self.moments.push(Moment { time });
            self.event_queue.plan(time, Event::FaultsChange(moment));
        }
        for (number, fault) in self.faults.entries() {
            if let FaultEffect::Slow { station, factor, met, .. } = &fault.effect {
                let (from, to) = (warm_up + fault.from, warm_up + fault.to);
                let key = self.key_of_slowdown(number);
                let slowdown = Slowdown { from, to, factor: *factor, met: met.clone(), number, key };
                self.stations[*station].slowdowns.push(slowdown);
            }
        }
    }

    /// What tells a slowdown, in this replication, from others.
    pub(super) fn key_of_slowdown(&self, number: FaultId) -> u64 {
        combine(combine(self.settings.seed, self.settings.replication), u64::from(number.raw()))
    }

    /// Something begins or ends to go wrong: whatever goes wrong now is made to, as several may touch the same.
    pub(super) fn change(&mut self, moment: Idx<Moment>) -> Option<FrameId> {
        let (moment, warm_up) = (self.moments[moment].time, self.settings.warm_up);
        let is_there = |fault: &Fault| warm_up + fault.from <= moment && moment < warm_up + fault.to;
        let now = self.faults.each(is_there);
        let before = std::mem::replace(&mut self.active_faults, now);
        let changed: Vec<FaultId> = before.ids().filter(|at| before[*at] != self.active_faults[*at]).collect();
        self.count_replicas_until_now(1.0);
        for state in &mut self.stations {
            (state.down, state.flushed, state.missed, state.held) = (false, false, 0.0, 0.0);
            state.who_misses.clear();
        }
        self.sites.iter_mut().for_each(|site| (site.cut, site.held, site.fails) = (0.0, 0.0, site.error_rate));
        self.on_some_ways.clear();
        self.routes.clone_from(&self.network.routes);
        let faults = std::mem::take(&mut self.faults);
        for (at, fault) in faults.entries() {
            if self.active_faults[at] {
                self.take_effect(&fault.effect);
            }
        }
        self.faults = faults;
        self.count_replicas_until_now(-1.0);
        for at in changed {
            self.begin_or_end(at);
        }
        self.stations.iter_mut().for_each(StationState::look_again);
        for (at, station) in self.network.stations.entries().filter(|(_, one)| !one.runs_on.is_empty()) {
            self.stations[at].runs_on = running_shares(station, |host| !self.stations[host].down);
            self.place_replicas(at);
        }
        self.let_go();
        None
    }

    /// Lets something go wrong beside what does so already.
    fn take_effect(&mut self, effect: &FaultEffect) {
        match effect {
            FaultEffect::Down(at) => self.stations[*at].down = true,
            FaultEffect::Slow { .. } | FaultEffect::Lost(..) => {}
            FaultEffect::Missed(at, share, met) => {
                let state = &mut self.stations[*at];
                state.missed = either(state.missed, *share);
                state.who_misses.push(met.clone());
            }
            FaultEffect::Errors(at, met, share) => {
                let called = self.sites.entries().filter(|(_, site)| site.to == *at).map(|(site, _)| site);
                let called: Vec<SiteId> = called.collect();
                called.into_iter().for_each(|site| self.trouble(site, Trouble::Fails, met.clone().of_those(*share)));
            }
            FaultEffect::Flushed(at, stays) => {
                let is_known = self.network.refills.contains_key(at);
                self.stations[*at].flushed = *stays || !is_known;
            }
            FaultEffect::Cut(sites) => {
                sites.iter().for_each(|(site, met)| self.trouble(*site, Trouble::Cut, met.clone()));
            }
            FaultEffect::Held(at, share) => {
                let held = &mut self.stations[*at].held;
                *held = either(*held, *share);
            }
            FaultEffect::Rerouted(routes) => {
                routes.iter().for_each(|(at, route)| self.routes[*at].clone_from(route));
            }
            FaultEffect::HeldOnTheWay(sites) => {
                sites.iter().for_each(|(site, met)| self.trouble(*site, Trouble::Held, met.clone()));
            }
        }
    }

    /// Lets some calls of a site meet something.
    fn trouble(&mut self, site: SiteId, trouble: Trouble, met: Met) {
        let Met::Everywhere(share) = met else { return self.on_some_ways.push((site, trouble, met)) };
        let SiteState { cut, held, fails, .. } = &mut self.sites[site];
        let known = match trouble {
            Trouble::Cut => cut,
            Trouble::Held => held,
            Trouble::Fails => fails,
        };
        *known = either(*known, share);
    }

    /// Whether a call that comes to a station meets what is gone of it.
    pub(super) fn is_missed(&mut self, at: FrameId, station: StationId) -> bool {
        let StationState { down, is_gone, who_misses, .. } = &self.stations[station];
        if *down || *is_gone || who_misses.is_empty() {
            return *down || *is_gone;
        }
        let Stay { zone, from, .. } = self.stays.get(at).copied().unwrap_or(Stay::begins(Zone::NOWHERE));
        let share = who_misses.iter().fold(0.0, |share, met| either(share, met.on_way(from, zone)));
        share > 0.0 && uniform(&mut self.work_streams[self.frames[at].site]) < share
    }

    /// Whether a call that comes to a station has to wait before it.
    pub(super) fn is_held(&mut self, at: FrameId, station: StationId) -> bool {
        let share = self.stations[station].held;
        share >= 1.0 || share > 0.0 && uniform(&mut self.work_streams[self.frames[at].site]) < share
    }

    /// Lets a call wait before a station, or turns it away if no more may wait there.
    pub(super) fn hold(&mut self, at: FrameId, station: StationId) -> Option<FrameId> {
        let state = &mut self.stations[station];
        if (state.queue.len() + state.held_calls.len()) as u32 >= state.queue_limit {
            state.count.arrivals += 1;
            return self.turn_away(at, station);
        }
        state.count.waiting -= self.now;
        state.held_calls.push_back(at);
        None
    }

    /// Lets go on, in the order in which they came, all that waited for the end of what goes wrong.
    fn let_go(&mut self) {
        for station in self.stations.ids() {
            let state = &mut self.stations[station];
            if state.held > 0.0 {
                continue;
            }
            for call in std::mem::take(&mut state.held_calls) {
                self.stations[station].count.waiting += self.now;
                let next = self.enter(call, station);
                self.ready.extend(next);
            }
        }
        for call in std::mem::take(&mut self.on_the_way) {
            let Frame { site, began, .. } = self.frames[call];
            let is_of_it = |(of, trouble, _): &(SiteId, Trouble, Met)| *of == site && *trouble == Trouble::Held;
            if self.sites[site].held > 0.0 || self.on_some_ways.iter().any(is_of_it) {
                self.on_the_way.push(call);
                continue;
            }
            self.counts.sites[site].wait += self.now - began;
            let next = self.travel(call, site, false);
            self.ready.extend(next);
        }
    }

    /// Does what is done once when something begins or ends to go wrong.
    pub(super) fn begin_or_end(&mut self, at: FaultId) {
        let begins = self.active_faults[at];
        match self.faults[at].effect {
            // What was emptied fills from now on, and what was gone or kept empty once that is over.
            FaultEffect::Flushed(cache, stays) => self.fills(cache, begins != stays),
            FaultEffect::Down(station) => self.fills(station, !begins),
            FaultEffect::Lost(station, lost) => self.lose_replicas(station, lost, begins),
            FaultEffect::Slow { station, .. } => {
                let replicas = self.stations[station].replica_stations.clone();
                for at_work in std::iter::once(&station).chain(&replicas) {
                    self.change_speed(*at_work, at, begins);
                }
            }
            // These act as long as they are there, and leave nothing behind.
            FaultEffect::Missed(..)
            | FaultEffect::Errors(..)
            | FaultEffect::Cut(..)
            | FaultEffect::Held(..)
            | FaultEffect::Rerouted(..)
            | FaultEffect::HeldOnTheWay(..) => {}
        }
    }

    /// Lets a cache fill from now on, if it begins to and how it does is known.
    fn fills(&mut self, cache: StationId, begins: bool) {
        if begins && self.network.refills.contains_key(&cache) {
            self.stations[cache].fills_since = Some(self.now);
        }
    }

    /// What is under way at processors goes on at another speed: what a station's own or a host's processors do, or of what
    /// is done for a station on processors that others use too, its share.
    pub(super) fn change_speed(&mut self, station: StationId, number: FaultId, begins: bool) {
        let now = self.now;
        let state = &mut self.stations[station];
        let Some(slowdown) = state.slowdowns.iter().find(|one| one.number == number).cloned() else { return };
        let slow = state.slower_processors(now);
        if let Some(shared) = &mut state.shared {
            shared.pass(now);
            shared.slow = slow;
        }
        self.plan_shared(station);
        let factor = if begins { slowdown.factor } else { 1.0 / slowdown.factor };
        for processor in self.stations.ids() {
            let is_own = processor == station;
            if self.stations[processor].shared.is_none() || (is_own && slowdown.is_whole()) {
                continue;
            }
            let Some(mut shared) = self.stations[processor].shared.take() else { continue };
            shared.pass(now);
            let given = shared.given;
            let is_slower = |at: FrameId| self.frames[at].here == Some(station) && slowdown.is_of(self.who(at));
            let longer = |Reverse(job): Reverse<u128>| {
                let at = FrameId::new(job as u32);
                let left = (f64::from_bits((job >> 64) as u64) - given).max(0.0);
                let left = if is_slower(at) { left * factor } else { left };
                Reverse((u128::from((given + left).to_bits()) << 64) | u128::from(at.raw()))
            };
            shared.jobs = std::mem::take(&mut shared.jobs).into_iter().map(longer).collect();
            self.stations[processor].shared = Some(shared);
            self.plan_shared(processor);
        }
    }

    /// Replicas are lost, or are there again. Those of an autoscaled station are started anew at once, and stay.
    pub(super) fn lose_replicas(&mut self, station: StationId, lost: u32, begins: bool) {
        let Some(number) = self.scalers.find(|scaler| scaler.station == station) else {
            let here = self.faults.iter().zip(&self.active_faults).filter(|(_, is_there)| **is_there);
            let lost = here.map(|(fault, _)| match fault.effect {
                FaultEffect::Lost(at, lost) => {
                    if at == station {
                        lost
                    } else {
                        0
                    }
                }
                FaultEffect::Down(_)
                | FaultEffect::Missed(..)
                | FaultEffect::Slow { .. }
                | FaultEffect::Errors(..)
                | FaultEffect::Flushed(..)
                | FaultEffect::Cut(_)
                | FaultEffect::Held(..)
                | FaultEffect::Rerouted(_)
                | FaultEffect::HeldOnTheWay(_) => 0,
            });
            let left = self.network.stations[station].replicas.saturating_sub(lost.sum());
            return self.set_replicas(station, left);
        };
        if !begins {
            return;
        }
        let scaler = &mut self.scalers[number];
        let lost = lost.min(scaler.replicas);
        let due = self.now + scaler.scaling.delay;
        scaler.replicas -= lost;
        for _ in 0..lost {
            scaler.starting.push_back(due);
            self.event_queue.plan(due, Event::ReplicaStarts(number));
        }
        let left = scaler.replicas;
        self.set_replicas(station, left);
    }
}
