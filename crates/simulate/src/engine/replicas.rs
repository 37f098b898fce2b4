//! How many replicas there are, and who is served by more or fewer.

use super::Engine;
use super::event_queue::Event;
use super::frame::FrameId;
use super::scaling::{Scaler, ScalerId};
use crate::network::StationId;

impl Engine<'_> {
    pub(super) fn set_scalers(&mut self) {
        let network = self.network;
        for (at, station) in network.stations.entries() {
            let Some(scaling) = station.scaling.filter(|_| station.is_autoscaled()) else {
                continue;
            };
            let measured = station.processor.unwrap_or(at);
            let scaler = Scaler::new(at, measured, scaling, station.range, station.replicas);
            let scaler = self.scalers.push(scaler);
            self.event_queue.plan(scaling.every, Event::ScalerDecides(scaler));
        }
    }

    /// An autoscaler looks how much of its station is in use.
    pub(super) fn decide(&mut self, number: ScalerId) -> Option<FrameId> {
        let now = self.now;
        let measured = self.scalers[number].measured;
        let (busy, servers) = (self.busy(measured), self.stations[measured].servers());
        let scaler = &mut self.scalers[number];
        let busy = busy + scaler.carried;
        let in_use = (busy - scaler.seen) / scaler.scaling.every / servers;
        scaler.seen = busy;
        let there = scaler.there();
        let wanted = scaler.decide(now, in_use);
        for _ in there..wanted {
            scaler.starting.push_back(now + scaler.scaling.delay);
            self.event_queue.plan(now + scaler.scaling.delay, Event::ReplicaStarts(number));
        }
        self.event_queue.plan(now + scaler.scaling.every, Event::ScalerDecides(number));
        if wanted < there {
            scaler.take_away(there - wanted);
            let (station, replicas) = (scaler.station, scaler.replicas);
            self.set_replicas(station, replicas);
        }
        None
    }

    pub(super) fn start_replica(&mut self, number: ScalerId) -> Option<FrameId> {
        let scaler = &mut self.scalers[number];
        // If it is not due, it was called off.
        scaler.starting.pop_front_if(|due| *due <= self.now)?;
        scaler.replicas += 1;
        let (station, replicas) = (scaler.station, scaler.replicas);
        self.set_replicas(station, replicas);
        None
    }

    /// Gives a station and what belongs to it as much as so many replicas have.
    pub(super) fn set_replicas(&mut self, station: StationId, replicas: u32) {
        let network = self.network;
        self.count_replicas_until_now(1.0);
        // With fewer than are needed it does not work, as a database without its quorum.
        self.stations[station].is_gone = replicas < network.stations[station].needed.max(1);
        self.stations[station].look_again();
        for (at, one) in network.stations.entries() {
            if at != station && one.owner != Some(station) {
                continue;
            }
            let state = &mut self.stations[at];
            let before = state.servers();
            state.replicas = replicas;
            if let (Some(shared), Some(cores)) = (&mut state.shared, one.cores) {
                shared.pass(self.now);
                shared.cores = cores / f64::from(one.replicas) * f64::from(replicas);
            }
            if let Some(each) = one.concurrency {
                state.slots = each.saturating_mul(replicas);
            }
            state.count.capacity += self.now * (before - state.servers());
            self.plan_shared(at);
            self.admit_waiting(at);
        }
        self.count_replicas_until_now(-1.0);
        self.balance_anew(station);
        for (policy, state) in network.policies.iter().zip(&mut self.policies) {
            if let Some((each, _)) = policy.bulkhead.filter(|(_, caller)| *caller == Some(station)) {
                state.bulkhead = Some(each.saturating_mul(replicas));
            }
        }
    }

    /// Gives free slots to those who wait, or turns them away if nobody is left to serve them.
    pub(super) fn admit_waiting(&mut self, station: StationId) {
        let is_pool = self.stations[station].is_pool;
        while self.stations[station].is_gone
            && let Some(next) = self.stations[station].queue.pop_front()
        {
            self.stations[station].count.waiting += self.now;
            let next = self.refuse(next, station);
            self.ready.extend(next);
        }
        loop {
            let state = &mut self.stations[station];
            if state.used >= state.slots {
                return;
            }
            let Some(next) = state.queue.pop_front() else { return };
            state.used += 1;
            state.count.busy -= self.now;
            state.count.waiting += self.now;
            let next = self.acquired(next, is_pool);
            self.ready.extend(next);
        }
    }
}
