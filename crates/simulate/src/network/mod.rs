//! An architecture as a network of stations, and its flows as programs that run on it.

mod expected_response;
mod operating_point;
mod ops;
mod policy;
mod program;
mod station;

use crate::assumption::{FlowAssumption, NetworkAssumption};
use crate::cache::{Cache, Refill};
use crate::placement::Placements;
use crate::refusal::MissingFact;
pub(crate) use expected_response::{ExpectedResponse, MeanTimes};
use groma_model::{Architecture, ElementId, FlowId, ItemRef, Level};
pub(crate) use operating_point::OperatingPoint;
pub(crate) use ops::{after, answer_in, awaited, branches_of, idle};
pub use policy::{Backoff, Breaker, Fallback, Policy, Retried};
pub(crate) use program::Op;
pub use program::{CallSite, Program};
use rustc_hash::{FxHashMap, FxHasher};
pub use station::{RateLimit, Scaling, Station, WhenFull};
use std::hash::{Hash, Hasher};

/// No index.
pub(crate) const NONE: u32 = u32::MAX;

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

/// The network of an architecture. Nothing changes it once it is built; what a load makes of it is an [`OperatingPoint`], and a
/// network of its own.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// All stations.
    pub stations: Vec<Station>,
    /// All calls of all flows.
    pub sites: Vec<CallSite>,
    /// All policies.
    pub policies: Vec<Policy>,
    /// All flows, by their number.
    pub programs: Vec<Program>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// What was taken to be so where nothing is said.
    pub assumptions: Vec<NetworkAssumption>,
    /// What was taken to be so of single flows.
    pub(crate) notes: Vec<(FlowId, FlowAssumption)>,
    /// The elements whose own calls are measured, because a requirement or an alert is about them.
    pub(crate) watched: Vec<Watched>,
    pub(crate) station_of: FxHashMap<ElementId, u32>,
    /// Where everything runs.
    pub(crate) placements: Placements,
    /// What the caches hold whose hit ratio is to be calculated.
    pub(crate) caches: Vec<(u32, Cache)>,
    /// How they fill when they were emptied, under the load.
    pub(crate) refills: FxHashMap<u32, Refill>,
    /// How many streams of choices there are.
    pub(crate) choice_keys: Vec<u64>,
}

impl Network {
    /// Whether requests of a flow, or calls that are watched, may fail by chance, load or rule, though nothing breaks down.
    pub(crate) fn may_fail(&self, flow: usize) -> bool {
        let sites: Vec<&CallSite> = match self.programs.get(flow) {
            None => self.sites.iter().collect(),
            Some(program) => program.ops.iter().filter_map(|op| Some(&self.sites[op.call()? as usize])).collect(),
        };
        let turns_away = |at: u32| {
            self.stations.get(at as usize).is_some_and(|station| {
                station.queue_limit.is_some()
                    || station.patience.is_some()
                    || station.rate_limit.is_some()
                    || station.user_limit.is_some()
            })
        };
        sites.into_iter().any(|site| {
            let policy = &self.policies[site.policy as usize];
            site.error_rate > 0.0
                || policy.timeout.is_some()
                || policy.bulkhead.is_some()
                || turns_away(site.to)
                || turns_away(site.pool)
        })
    }

    /// How many calls of a policy may be open at once.
    pub(crate) fn bulkhead(&self, policy: u32) -> Option<u32> {
        let (each, caller) = self.policies[policy as usize].bulkhead?;
        Some(each.saturating_mul(self.stations.get(caller as usize).map_or(1, |station| station.replicas)))
    }

    /// The station of an element: that of the container or system it is part of.
    pub fn station(&self, arch: &Architecture, element: ElementId) -> Option<u32> {
        self.station_of.get(&unit_of(arch, element)).copied()
    }
}

/// What runs as one: the container of an element, or the system or person itself.
pub(crate) fn unit_of(arch: &Architecture, element: ElementId) -> ElementId {
    arch.at_level(element, Level::Container).unwrap_or(element)
}

/// One key of two.
pub(crate) fn combine(a: u64, b: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (a, b).hash(&mut hasher);
    hasher.finish()
}
