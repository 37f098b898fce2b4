//! Where calls wait for slots, connections and cores, and what they keep while they do.

use super::called_hosts;
use crate::demand::{Asked, Demand};
use crate::network::{Network, Op, OpId, SiteId, StationId, after, branches_of, counter_of};
use groma_model::{FlowId, Table};

/// Where calls wait for slots, connections and cores, and what they keep while they do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waits {
    pub(crate) all: Vec<Wait>,
    /// Whether users ask, and nobody else.
    of_users: bool,
}

/// A call that wants something of a station.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    pub(crate) station: StationId,
    pub(crate) site: SiteId,
    pub(crate) flow: FlowId,
    /// Which operation of the flow it is.
    pub(crate) op: OpId,
    /// The stations and pools with a limited number of slots one of which is held until this comes to an end, the outermost
    /// first.
    pub(crate) holders: Vec<StationId>,
    /// How many users wait until this comes to an end, if users do.
    users: Option<u32>,
    /// By which operation of the flow that was set off in whose course it is made; `None` if the flow itself waits for it.
    pub(crate) thread: Option<OpId>,
}

impl Wait {
    /// How many of these calls may be there at once.
    pub(crate) fn most(&self, network: &Network) -> f64 {
        let slots = self.holders.iter().filter_map(|at| network.stations[*at].slots());
        slots.chain(self.users).map(f64::from).fold(f64::INFINITY, f64::min)
    }
}

/// What is kept until something comes to an end.
#[derive(Clone)]
struct Kept {
    holders: Vec<StationId>,
    users: Option<u32>,
    thread: Option<OpId>,
    /// The station of which it still keeps a slot when the call in whose course it is has been answered.
    answered: Option<StationId>,
}

impl Kept {
    fn nothing(thread: Option<OpId>) -> Kept {
        Kept { holders: Vec::new(), users: None, thread, answered: None }
    }

    /// What is kept once the call in whose course it is has been answered.
    fn answered(self) -> Kept {
        Kept { holders: self.answered.into_iter().collect(), ..Kept::nothing(self.thread) }
    }
}

impl Waits {
    /// The waits of all flows of a demand.
    pub(crate) fn of(network: &Network, demand: &Demand) -> Waits {
        let mut waits = Waits { all: Vec::new(), of_users: demand.all().all(Asked::is_closed) };
        for one in demand.all() {
            waits.add(network, one.flows().iter().map(|(flow, _)| *flow), one.users());
        }
        waits
    }

    /// The waits of one flow, whoever asks for it.
    pub(crate) fn of_flow(network: &Network, flow: FlowId) -> Waits {
        let mut waits = Waits::default();
        waits.add(network, std::iter::once(flow), None);
        waits
    }

    /// Adds the waits of some flows, for so many users if users ask for them.
    fn add(&mut self, network: &Network, flows: impl Iterator<Item = FlowId>, users: Option<u32>) {
        for flow in flows {
            let ops = &network.programs[flow].ops;
            let flow = OfFlow { network, flow, ops, may_fail: network.may_fail(counter_of(flow)) };
            flow.collect(OpId::FIRST, ops.end(), &Kept { users, ..Kept::nothing(None) }, &mut self.all);
        }
    }

    /// Where queues grow if a station cannot serve what is asked of it: at the outermost station or pool whose slots are held
    /// meanwhile, or at itself. Users who wait themselves are never too many.
    pub(super) fn places(&self, station: StationId) -> Vec<StationId> {
        let own = self.all.iter().filter(|wait| wait.station == station);
        if self.of_users && own.clone().any(|wait| wait.users.is_some()) {
            return Vec::new();
        }
        let own = own.filter(|wait| wait.users.is_none());
        let mut places: Vec<StationId> = own.map(|wait| wait.holders.first().copied().unwrap_or(station)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// How many calls may be at a station at once, working or waiting; infinite if any number may, those left out who leave
    /// again after a while.
    pub(crate) fn most_at(&self, network: &Network, station: StationId) -> f64 {
        self.come(network, station).min(room(network, station))
    }

    /// The same of each queue that comes to rest by itself.
    pub(crate) fn most_in_queue(&self, network: &Network, station: StationId) -> f64 {
        self.come(network, station).min(room(network, station) / network.queues_by_themselves(station))
    }

    /// How many calls may want something of a station at once.
    fn come(&self, network: &Network, station: StationId) -> f64 {
        self.all.iter().filter(|wait| wait.station == station).map(|wait| wait.most(network)).sum()
    }

    /// Whether users themselves wait for a station: the longer they do, the fewer come.
    pub(crate) fn is_waited_for_by_users(&self, station: StationId) -> bool {
        let mut here = self.all.iter().filter(|wait| wait.station == station);
        if self.of_users {
            return here.any(|wait| wait.users.is_some());
        }
        let (users, others): (Vec<&Wait>, Vec<&Wait>) = here.partition(|wait| wait.users.is_some());
        !users.is_empty() && others.is_empty()
    }

    /// Whether users wait for a station, and others who come whatever happens as well.
    pub(crate) fn is_mixed_at(&self, station: StationId) -> bool {
        let here = || self.all.iter().filter(|wait| wait.station == station);
        !self.of_users && here().any(|wait| wait.users.is_some()) && here().any(|wait| wait.users.is_none())
    }
}

/// For how many calls there is room at a station.
fn room(network: &Network, station: StationId) -> f64 {
    let one = &network.stations[station];
    let of_limit = |limit: u32| f64::from(limit) * network.queues(station) + one.servers().unwrap_or(0.0);
    one.queue_limit.map_or(f64::INFINITY, of_limit)
}

/// Whether any request of some flows may wait for a station while it holds a slot of another, so that fewer are served than
/// either could.
pub(crate) fn waits_with_slots(network: &Network, flows: impl Iterator<Item = FlowId>) -> bool {
    let mut waits = Waits::default();
    waits.add(network, flows, None);
    let is_limited = |at: StationId| network.stations[at].servers().is_some();
    waits.all.iter().any(|wait| !wait.holders.is_empty() && is_limited(wait.station))
}

/// A flow whose waits are collected.
struct OfFlow<'a> {
    network: &'a Network,
    flow: FlowId,
    ops: &'a Table<Op>,
    may_fail: bool,
}

impl OfFlow<'_> {
    /// Collects the waits among the operations from one to before another.
    fn collect(&self, start: OpId, end: OpId, kept: &Kept, found: &mut Vec<Wait>) {
        let (mut at, mut kept) = (start, kept.clone());
        while at < end {
            match self.ops[at] {
                Op::Call { site, end } => self.collect_call(at, site, end, &kept, found),
                Op::Spawn { end } => self.collect(at.next(), end, &Kept::nothing(Some(at)), found),
                Op::Parallel { join, end } => {
                    let branches = branches_of(self.ops, at.next(), end);
                    // Who does not need a branch any more lets go of what he keeps.
                    let is_needed = join as usize >= branches.len() && !self.may_fail;
                    let kept = if is_needed { kept.clone() } else { Kept::nothing(kept.thread) };
                    branches.into_iter().for_each(|(from, to)| self.collect(from, to, &kept, found));
                }
                Op::Chance { end, .. }
                | Op::Miss { end, .. }
                | Op::Repeat { end, .. }
                | Op::Inside { end, .. }
                | Op::Either { end, .. }
                | Op::Case { end, .. }
                | Op::Branch { end } => self.collect(at.next(), end, &kept, found),
                Op::Answer => kept = kept.answered(),
                Op::Work { .. } | Op::Else { .. } | Op::Part => {}
            }
            at = after(self.ops, at);
        }
    }

    fn collect_call(&self, at: OpId, site: SiteId, end: OpId, kept: &Kept, found: &mut Vec<Wait>) {
        let called = &self.network.sites[site];
        let policy = self.network.policy_of(site);
        // Whoever gives up, or has asked twice, lets go of what he keeps.
        let lets_go = policy.timeout.is_some() || policy.hedge.is_some();
        let mut inside = if lets_go { Kept::nothing(kept.thread) } else { kept.clone() };
        for station in called.pool.into_iter().chain([called.to]) {
            found.push(self.wait(at, site, station, &inside));
            if self.network.stations[station].concurrency.is_some() {
                inside.holders.push(station);
            }
        }
        found.extend(called_hosts(self.network, called.to).map(|host| self.wait(at, site, host, &inside)));
        inside.answered = inside.holders.last().copied().filter(|last| *last == called.to);
        self.collect(at.next(), end, &inside, found);
        if let Some(Op::Else { end: after }) = self.ops.get(end) {
            self.collect(end.next(), *after, kept, found);
        }
    }

    fn wait(&self, op: OpId, site: SiteId, station: StationId, kept: &Kept) -> Wait {
        let Kept { holders, users, thread, .. } = kept.clone();
        Wait { station, site, flow: self.flow, op, holders, users, thread }
    }
}
