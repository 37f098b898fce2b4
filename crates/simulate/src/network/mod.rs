//! An architecture as a network of stations, and its flows as programs that run on it.

mod count;
mod expected_response;
mod operating_point;
mod ops;
mod policy;
mod program;
mod station;

use crate::assumption::{FlowAssumption, NetworkAssumption};
use crate::cache::{Cache, Refill};
use crate::placement::{Placements, RegionShares};
use crate::refusal::MissingFact;
use crate::route::Route;
pub(crate) use count::Count;
pub(crate) use expected_response::{ExpectedResponse, MeanTimes};
use groma_model::{Architecture, Container, ElementId, Flow, FlowId, Idx, ItemRef, Level, Per, Table};
pub(crate) use operating_point::OperatingPoint;
pub(crate) use ops::{CaseOf, after, awaited, behind_answers, branches_of, cases_of, idle};
pub use policy::{Backoff, Breaker, Earned, Fallback, Policy, Retried, RetryBudget};
pub(crate) use program::Op;
pub use program::{CallSite, Program};
use rustc_hash::{FxHashMap, FxHasher};
pub use station::{Balance, RateLimit, Scaling, Stall, Station, WhenFull};
use std::hash::{Hash, Hasher};

/// A station of a network.
pub type StationId = Idx<Station>;

/// A call of a flow.
pub type SiteId = Idx<CallSite>;

/// A policy of a network.
pub type PolicyId = Idx<Policy>;

/// A place in a program: that of an operation, or the end.
pub(crate) type OpId = Idx<Op>;

/// A place where chance decides what a flow does.
pub(crate) type BranchingId = Idx<Branching>;

/// Who watches calls.
pub(crate) type WatcherId = Idx<Watched>;

/// Who counts: one for each flow, behind these one for each who watches calls, and last one for the first parts of the answers of
/// each flow that answers in parts.
pub(crate) type CounterId = Idx<Counter>;

/// What is counted by itself: the requests of a flow, the calls that somebody watches, or the first parts of answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter;

/// A fact that the forecast needs and the text does not give.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Where it is missing.
    pub at: ItemRef,
    /// The flow that it matters for.
    pub flow: FlowId,
    /// What is missing.
    pub fact: MissingFact,
}

/// An element whose own calls are measured: those that enter it, of all flows or of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Watched {
    pub(crate) element: ElementId,
    pub(crate) flow: Option<FlowId>,
}

/// Random numbers that decide what a flow does at some place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branching {
    /// Names them.
    pub(crate) key: u64,
}

/// The network of an architecture. Nothing changes it once it is built; what a load makes of it is an [`OperatingPoint`], and a
/// network of its own.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// All stations.
    pub stations: Table<Station>,
    /// All calls of all flows.
    pub sites: Table<CallSite>,
    /// All policies.
    pub policies: Table<Policy>,
    /// All flows.
    pub programs: Per<Flow, Program>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// What was taken to be so where nothing is said.
    pub assumptions: Vec<NetworkAssumption>,
    /// What was taken to be so of single flows.
    pub(crate) notes: Vec<(FlowId, FlowAssumption)>,
    /// The elements whose own calls are measured, because a requirement or an alert is about them.
    pub(crate) watched: Table<Watched>,
    /// The flows that answer in parts.
    pub(crate) streams: Vec<FlowId>,
    pub(crate) station_of: FxHashMap<ElementId, StationId>,
    /// Where everything runs.
    pub(crate) placements: Placements,
    /// What the caches hold whose hit ratio is to be calculated.
    pub(crate) caches: Vec<(StationId, Cache)>,
    /// How they fill when they were emptied, under the load.
    pub(crate) refills: FxHashMap<StationId, Refill>,
    /// Where calls go that can be answered at several places.
    pub(crate) routes: Table<Route>,
    /// The calls that stay in regions over which what they go to is spread otherwise than they are.
    pub(crate) apart: FxHashMap<SiteId, RegionShares>,
    /// What is decided by chance.
    pub(crate) branchings: Table<Branching>,
}

impl Network {
    /// Whether what is counted may fail by chance, load or rule, though nothing breaks down.
    pub(crate) fn may_fail(&self, counter: CounterId) -> bool {
        let sites: Vec<&CallSite> = match self.programs.get(FlowId::new(counter.raw())) {
            None => self.sites.iter().collect(),
            Some(program) => program.ops.iter().filter_map(|op| Some(&self.sites[op.call()?])).collect(),
        };
        let turns_away = |at: StationId| {
            let station = &self.stations[at];
            station.queue_limit.is_some()
                || station.patience.is_some()
                || station.rate_limit.is_some()
                || station.user_limit.is_some()
        };
        sites.into_iter().any(|site| {
            let policy = &self.policies[site.policy];
            site.error_rate > 0.0
                || policy.timeout.is_some()
                || policy.bulkhead.is_some()
                || turns_away(site.to)
                || site.pool.is_some_and(turns_away)
        })
    }

    /// Whether a call of what is counted has a fallback; with `only_stale` one that serves what was good before.
    pub(crate) fn may_fall_back(&self, counter: CounterId, only_stale: bool) -> bool {
        let falls_back = |site: SiteId| {
            let policy = self.policy_of(site);
            policy.fallback != Fallback::None && (!only_stale || policy.max_age.is_some())
        };
        match self.programs.get(FlowId::new(counter.raw())) {
            None => self.sites.ids().any(falls_back),
            Some(program) => program.ops.iter().filter_map(|op| op.call()).any(falls_back),
        }
    }

    /// How calls are balanced among the replicas of a station, or of what it belongs to, if there are several and each has its
    /// own slots, cores, connections and queue.
    pub(crate) fn balance(&self, at: StationId) -> Option<Balance> {
        let station = &self.stations[at];
        let of_owner = || self.stations[station.owner?].balance;
        station.balance.or_else(of_owner).filter(|_| station.replicas > 1)
    }

    /// In how many queues the calls of a station wait.
    pub(crate) fn queues(&self, at: StationId) -> f64 {
        if self.balance(at).is_some() { f64::from(self.stations[at].replicas) } else { 1.0 }
    }

    /// Into how many queues a station falls that come to rest each by itself. Where calls go to whoever has the fewest, the
    /// replicas have nearly as many each, and all of them together come to rest as one queue does.
    pub(crate) fn queues_by_themselves(&self, at: StationId) -> f64 {
        match self.balance(at) {
            None | Some(Balance::LeastConnections) => 1.0,
            Some(Balance::RoundRobin | Balance::Random | Balance::TwoChoices) => self.queues(at),
        }
    }

    /// What a caller does about a call.
    pub(crate) fn policy_of(&self, site: SiteId) -> &Policy {
        &self.policies[self.sites[site].policy]
    }

    /// Who watches such calls.
    pub(crate) fn watcher(&self, watched: Watched) -> Option<WatcherId> {
        self.watched.find(|one| *one == watched)
    }

    /// Who counts the calls that somebody watches.
    pub(crate) fn counter_of_calls(&self, watcher: WatcherId) -> CounterId {
        counter_of(self.programs.end()).after(watcher.raw())
    }

    /// Who counts the first parts of the answers of a flow, if it answers in parts.
    pub(crate) fn counter_of_first_part(&self, flow: FlowId) -> Option<CounterId> {
        let nth = self.streams.iter().position(|stream| *stream == flow)?;
        Some(counter_of(self.programs.end()).after((self.watched.len() + nth) as u32))
    }

    /// All who count.
    pub(crate) fn counters(&self) -> impl Iterator<Item = CounterId> {
        let count = self.programs.len() + self.watched.len() + self.streams.len();
        (0..count as u32).map(CounterId::new)
    }

    /// How many calls of a policy may be open at once.
    pub(crate) fn bulkhead(&self, policy: PolicyId) -> Option<u32> {
        let (each, caller) = self.policies[policy].bulkhead?;
        Some(each.saturating_mul(caller.map_or(1, |caller| self.stations[caller].replicas)))
    }

    /// Where those wait who come to an element: at its station, and those that a queue delivers at whoever takes them. The error is
    /// one who takes calls of others too, so that it is not known who of those who wait there came that way.
    pub(crate) fn waiting_rooms(&self, arch: &Architecture, element: ElementId) -> Result<Vec<StationId>, StationId> {
        let Some(own) = self.station(arch, element) else { return Ok(Vec::new()) };
        let mut rooms = vec![own];
        if !arch.is_kind(unit_of(arch, element), Container::Queue) {
            return Ok(rooms);
        }
        let taken = self.sites.iter().filter(|site| site.from == Some(own));
        // They wait for a connection first, if the queue has so many.
        rooms.extend(taken.flat_map(|site| site.pool.into_iter().chain([site.to])));
        rooms.sort_unstable();
        rooms.dedup();
        let is_of_others = |site: &&CallSite| site.to != own && rooms.contains(&site.to) && site.from != Some(own);
        match self.sites.iter().find(is_of_others) {
            Some(site) => Err(site.to),
            None => Ok(rooms),
        }
    }

    /// The station of an element: that of the container or system it is part of.
    pub fn station(&self, arch: &Architecture, element: ElementId) -> Option<StationId> {
        self.station_of.get(&unit_of(arch, element)).copied()
    }
}

/// What runs as one: the container of an element, or the system or person itself.
pub fn unit_of(arch: &Architecture, element: ElementId) -> ElementId {
    arch.at_level(element, Level::Container).unwrap_or(element)
}

/// Who counts the requests of a flow.
pub(crate) fn counter_of(flow: FlowId) -> CounterId {
    Idx::new(flow.raw())
}

/// One key of two.
pub(crate) fn combine(a: u64, b: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (a, b).hash(&mut hasher);
    hasher.finish()
}
