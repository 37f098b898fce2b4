//! Replicas that each have slots, cores, connections and a queue of their own, and which of them a call goes to.
//!
//! Where calls are balanced each replica is a station of its own, behind those of the network, and so is what belongs to it:
//! its cores and its pools. The station as a whole turns calls away and hands the others on to one of its replicas. Nobody
//! waits or works at it; what was counted at its replicas is added up there when a window ends.
//!
//! The replicas at work are the first ones. Those that are taken away finish what they work on, as they do where replicas
//! share a queue; who waits there is handed on to another.

use super::Engine;
use super::fault::{Fault, FaultEffect};
use super::frame::{Frame, FrameId};
use super::state::{ReplicaId, Slowdown, StationState};
use crate::distribution::uniform;
use crate::network::{Balance, SiteId, Station, StationId, combine};
use crate::route::Met;
use groma_model::Idx;

impl Engine<'_> {
    /// Gives the stations whose calls are balanced their replicas.
    pub(super) fn set_up_replicas(&mut self) {
        let balanced = self.network.stations.entries().filter(|(_, station)| station.balance.is_some());
        for (at, _) in balanced {
            self.balance_anew(at);
        }
    }

    /// Hands a call on to a replica, if calls are balanced where it comes. Where it goes in.
    pub(super) fn hand_on(&mut self, at: FrameId, station: StationId) -> StationId {
        let Some(balance) = self.network.stations[station].balance else { return station };
        let replica = self.choose(balance, station, self.frames[at].site);
        self.frames[at].here = Some(replica);
        replica
    }

    /// Chooses one of the replicas at work for a call of a site.
    fn choose(&mut self, balance: Balance, station: StationId, site: SiteId) -> StationId {
        let there = self.stations[station].replicas.max(1);
        let nth = match balance {
            Balance::RoundRobin => {
                let turn = &mut self.stations[station].turn;
                let nth = if turn.raw() < there { *turn } else { ReplicaId::FIRST };
                *turn = nth.next();
                nth
            }
            Balance::Random => self.draw(site, there),
            Balance::LeastConnections => self.one_of_the_emptiest(station, site, there),
            Balance::TwoChoices => {
                let one = self.draw(site, there);
                // Any of the others, each as likely.
                let other = ReplicaId::new((one.raw() + 1 + self.draw(site, (there - 1).max(1)).raw()) % there);
                if self.present(station, other) < self.present(station, one) { other } else { one }
            }
        };
        self.stations[station].replica_stations[nth]
    }

    /// Any of so many, each as likely.
    fn draw(&mut self, site: SiteId, count: u32) -> ReplicaId {
        ReplicaId::new((uniform(&mut self.balance_streams[site]) * f64::from(count)) as u32)
    }

    /// How many requests are in a replica of a station.
    fn present(&self, station: StationId, nth: ReplicaId) -> u32 {
        self.stations[self.stations[station].replica_stations[nth]].present()
    }

    /// Of the first so many replicas one with the fewest requests in it; of several any.
    fn one_of_the_emptiest(&mut self, station: StationId, site: SiteId, there: u32) -> ReplicaId {
        let all = || ReplicaId::FIRST.until(ReplicaId::new(there));
        let fewest = all().map(|nth| self.present(station, nth)).min().unwrap_or(0);
        let is_alike = |engine: &Self, nth: &ReplicaId| engine.present(station, *nth) == fewest;
        let count = all().filter(|nth| is_alike(self, nth)).count() as u32;
        let chosen = self.draw(site, count).index();
        all().filter(|nth| is_alike(self, nth)).nth(chosen).unwrap_or(ReplicaId::FIRST)
    }

    /// Sees to the replicas of a station after their number has changed: there are as many as work, each where it works,
    /// and nobody waits at one that is gone.
    pub(super) fn balance_anew(&mut self, station: StationId) {
        let Some(balance) = self.network.stations[station].balance else { return };
        let there = self.stations[station].replicas;
        while (self.stations[station].replica_stations.len() as u32) < there {
            self.add_replica(station);
        }
        self.place_replicas(station);
        let left = if self.stations[station].is_gone { 0 } else { there };
        let all = self.stations[station].replica_stations.entries();
        let gone: Vec<StationId> = all.filter(|(nth, _)| nth.raw() >= left).map(|(_, at)| *at).collect();
        for replica in gone {
            while let Some(next) = self.stations[replica].queue.pop_front() {
                self.stations[replica].count.waiting += self.now;
                let next = if left == 0 { self.refuse(next, replica) } else { self.move_to(next, balance, station) };
                self.ready.extend(next);
            }
        }
    }

    /// Lets who waited at a replica that is gone go on at another: who was let in is not turned away there.
    fn move_to(&mut self, at: FrameId, balance: Balance, station: StationId) -> Option<FrameId> {
        let replica = self.choose(balance, station, self.frames[at].site);
        self.frames[at].here = Some(replica);
        let state = &mut self.stations[replica];
        if state.used < state.slots {
            state.used += 1;
            state.count.busy -= self.now;
            return self.acquired(at, false);
        }
        self.line_up(at, replica);
        None
    }

    /// Adds a replica of a station, with all that belongs to it.
    fn add_replica(&mut self, station: StationId) {
        let network = self.network;
        let nth = self.stations[station].replica_stations.end();
        let own = network.stations.entries().filter(|(at, one)| *at == station || one.owner == Some(station));
        for (whole, one) in own {
            let alone = Station {
                replicas: 1,
                cores: one.cores.map(|cores| cores / f64::from(one.replicas)),
                rate_limit: None,
                user_limit: None,
                runs_on: Vec::new(),
                ..one.clone()
            };
            let at = self.stations.end();
            let StationState { patience, is_ordered, .. } = self.stations[whole];
            let mut state = StationState::new(at, &alone, is_ordered, patience);
            state.replica_of = Some((whole, nth));
            state.slowdowns = self.slowdowns_of(whole, nth);
            let slower = state.slower_processors(self.now);
            state.shared.iter_mut().for_each(|shared| (shared.since, shared.slow) = (self.now, slower));
            self.stations.push(state);
            let state = &mut self.stations[whole];
            state.replica_stations.push(at);
            state.look_again();
            if let Some(stall) = one.stall {
                self.let_stall((at, 1), stall, combine(self.key_of_stalls(whole), u64::from(nth.raw())), whole);
            }
        }
    }

    /// When work at a replica takes longer than usual.
    fn slowdowns_of(&self, whole: StationId, nth: ReplicaId) -> Vec<Slowdown> {
        let warm_up = self.settings.warm_up;
        let of_fault = |(number, fault): (Idx<Fault>, &Fault)| match fault.effect {
            FaultEffect::Slow { station, factor, share, before, .. } if station == whole => {
                let left = self.left_in(fault, whole);
                let first = ((before * f64::from(left)).round() as u32).min(left - 1);
                let end = (((before + share) * f64::from(left)).round() as u32).max(first + 1);
                let (from, to) = (warm_up + fault.from, warm_up + fault.to);
                let slowdown =
                    Slowdown { from, to, factor, met: Met::Everywhere(1.0), number, key: self.key_of_slowdown(number) };
                (first..end).contains(&(nth.raw() % left)).then_some(slowdown)
            }
            FaultEffect::Slow { .. }
            | FaultEffect::Down(_)
            | FaultEffect::Lost(..)
            | FaultEffect::Missed(..)
            | FaultEffect::Errors(..)
            | FaultEffect::Flushed(..)
            | FaultEffect::Cut(_)
            | FaultEffect::Held(..)
            | FaultEffect::Rerouted(_)
            | FaultEffect::HeldOnTheWay(_) => None,
        };
        self.faults.entries().filter_map(of_fault).collect()
    }

    /// How many replicas of a station there are when a fault begins; of those that autoscalers start, as many as at first.
    fn left_in(&self, fault: &Fault, station: StationId) -> u32 {
        let one = &self.network.stations[station];
        let is_meant = |other: &&Fault| other.from <= fault.from && fault.from < other.to;
        let lost = self.faults.iter().filter(is_meant).map(|other| match other.effect {
            FaultEffect::Lost(at, lost) if at == station && !one.is_autoscaled() => lost,
            FaultEffect::Lost(..)
            | FaultEffect::Slow { .. }
            | FaultEffect::Down(_)
            | FaultEffect::Missed(..)
            | FaultEffect::Errors(..)
            | FaultEffect::Flushed(..)
            | FaultEffect::Cut(_)
            | FaultEffect::Held(..)
            | FaultEffect::Rerouted(_)
            | FaultEffect::HeldOnTheWay(_) => 0,
        });
        one.replicas.saturating_sub(lost.sum()).max(1)
    }

    /// Lets each replica work on its own cores, or on the host that it is at: the first host has as many of the first replicas
    /// as its share of the work says, and so on.
    pub(super) fn place_replicas(&mut self, station: StationId) {
        let one = &self.network.stations[station];
        let StationState { replicas, ref runs_on, ref replica_stations, .. } = self.stations[station];
        let (hosts, all) = (runs_on.clone(), replica_stations.clone());
        for (nth, replica) in all.entries() {
            if let Some(processor) = one.processor {
                let own = self.stations[processor].replica_stations[nth];
                self.stations[*replica].runs_on = vec![(own, 1.0)];
            } else if one.cores.is_none() && nth.raw() < replicas {
                let position = (f64::from(nth.raw()) + 0.5) / f64::from(replicas);
                let host = hosts.iter().find(|(_, sum)| position < *sum);
                self.stations[*replica].runs_on = host.map(|(host, _)| (*host, 1.0)).into_iter().collect();
            }
        }
    }

    /// Remembers whose connections a call takes, where each replica of the caller has its own.
    pub(super) fn remember_pool(&mut self, caller: FrameId, call: FrameId, pool: StationId) {
        if self.stations[pool].replica_stations.is_empty() {
            return;
        }
        let Frame { site, .. } = self.frames[call];
        let here = self.frames[caller].here.and_then(|here| self.stations[here].replica_of);
        let nth = match here.filter(|(whole, _)| self.network.stations[pool].owner == Some(*whole)) {
            Some((_, nth)) => nth,
            // It is not said by which call its caller came to do this.
            None => self.draw(site, self.stations[pool].replicas.max(1)),
        };
        let own = self.stations[pool].replica_stations[nth];
        self.own_pools.insert(call, own);
    }

    /// The pool that a call waits for or holds a connection of: that of the replica which makes it, if each has its own.
    pub(super) fn pool_of(&self, call: FrameId, pool: StationId) -> StationId {
        self.own_pools.get(&call).copied().unwrap_or(pool)
    }

    /// The same, when it holds that no longer.
    pub(super) fn forget_pool(&mut self, call: FrameId, pool: StationId) -> StationId {
        if self.own_pools.is_empty() { pool } else { self.own_pools.remove(&call).unwrap_or(pool) }
    }

    /// Adds up at stations what was counted at their replicas.
    pub(super) fn add_up_replicas(&mut self) {
        for at in self.network.stations.ids() {
            for nth in self.stations[at].replica_stations.ids() {
                let replica = self.stations[at].replica_stations[nth];
                let count = std::mem::take(&mut self.stations[replica].count);
                self.stations[at].count.add_of_replica(&count);
            }
        }
    }

    /// Slots or cores of a station that are in use, summed over time since this window began.
    pub(super) fn busy(&mut self, station: StationId) -> f64 {
        let now = self.now;
        let replicas = self.stations[station].replica_stations.clone();
        std::iter::once(&station).chain(&replicas).map(|at| self.stations[*at].busy(now)).sum()
    }
}
