//! What can be told without simulating: demands, utilisation, the bottleneck, bounds and approximations.

mod calls;
mod cost;
mod method_of_layers;
mod operating_point;

use crate::demand::Demand;
use crate::network::{CallSite, Network, StationId};
pub use calls::{Call, calls};
pub use cost::{Cost, cost};
pub(crate) use cost::{Walk, cost_of_mix, repeated, within_budget};
use groma_model::{FlowId, Per};
pub use method_of_layers::mean_response;
pub(crate) use operating_point::{fill_caches, settle};

/// How busy a station is.
#[derive(Clone, Copy, Debug)]
pub struct StationLoad {
    /// The station.
    pub station: StationId,
    /// The element that it is, if it is one.
    pub element: Option<groma_model::ElementId>,
    /// The relationship whose connections it keeps, if it is a pool.
    pub relation: Option<groma_model::RelationId>,
    /// The host whose processors it is, if it is one.
    pub host: Option<groma_model::DeployNodeId>,
    /// Seconds of its slots asked for each second.
    pub demand: f64,
    /// The same, but for what nobody waits for.
    pub awaited: f64,
    /// The share of its slots in use; over 1 if they do not suffice. `None` if it has no limit.
    pub utilization: Option<f64>,
}

/// What can be told of a network under a load.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Requests a second, of all flows of the load.
    pub rate: f64,
    /// Whether it is one of users, who wait for each other.
    pub is_closed: bool,
    /// Whether its arrivals are those that were recorded.
    pub is_recorded: bool,
    /// The flows of the load, with their shares of it.
    pub mix: Vec<(FlowId, f64)>,
    /// Whether the load changes, and that is at its highest.
    pub is_highest: bool,
    /// The most requests a second that the stations can serve, in this mix; infinite if none has a limit.
    pub capacity: f64,
    /// Every station that is asked for something, the busiest first.
    pub stations: Vec<StationLoad>,
    /// The mean time of a request that is alone, in this mix, in seconds.
    pub unloaded_time: f64,
    /// The same of the flow where it is longest.
    pub(crate) longest: f64,
    /// The name of the station that limits, if any does.
    pub first_full: Option<String>,
    /// Calls a second at each site of the network, each counted once however often it is tried.
    pub calls: Per<CallSite, f64>,
    /// For a closed load, the number of users from which on they wait for each other: the knee of the asymptotes.
    pub knee: Option<f64>,
}

impl Analysis {
    /// The station that limits, if any does.
    pub fn bottleneck(&self) -> Option<StationLoad> {
        self.stations.iter().find(|one| one.utilization.is_some()).copied()
    }

    /// Whether more is asked for than can be served.
    pub fn is_overloaded(&self) -> bool {
        self.rate >= self.capacity
    }
}

/// The flows of a demand with their shares of it.
pub(crate) fn shares(demand: &Demand) -> Vec<(FlowId, f64)> {
    let flows = demand.flows();
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    flows.iter().map(|(flow, weight)| (*flow, weight / total)).collect()
}

/// Tells what can be told.
pub(crate) fn analyse(network: &Network, demand: &Demand) -> Analysis {
    let shares = shares(demand);
    let waits = network.stations.beside(0.0);
    let (mixed, longest) = cost_of_mix(network, &shares, &waits);
    let Cost { demand: demands, awaited, calls, unloaded_time, .. } = mixed;
    let servers = |at: StationId| network.stations[at].servers();
    // What nobody waits for does not limit how many users can be served.
    let is_closed = matches!(demand, Demand::Closed { .. });
    let limits = demands.entries().filter(|(at, demand)| **demand > 0.0 && (!is_closed || awaited[*at] > 0.0));
    let capacity = limits.filter_map(|(at, demand)| Some(servers(at)? / demand)).fold(f64::INFINITY, f64::min);
    let (rate, knee) = match demand {
        Demand::Open { flows, .. } => (flows.iter().map(|(_, rate)| rate).sum(), None),
        Demand::Closed { users, think, .. } => {
            // Whatever the law: each user asks once in the mean of a round.
            let think = think.mean();
            let unhindered = f64::from(*users) / (think + unloaded_time);
            let knee = capacity * (think + unloaded_time);
            (unhindered.min(capacity), Some(knee).filter(|knee| knee.is_finite()))
        }
    };
    // The cores that an element has for its own are its own, too.
    let owner = |at: StationId| {
        let station = &network.stations[at];
        let owner = station.owner.filter(|_| station.is_processor());
        owner.and_then(|owner| network.stations[owner].element)
    };
    let busy = |(at, demand): (StationId, &f64)| StationLoad {
        station: at,
        element: network.stations[at].element.or(owner(at)),
        relation: network.stations[at].relation,
        host: network.stations[at].host,
        demand: rate * demand,
        awaited: rate * awaited[at],
        utilization: servers(at).map(|servers| rate * demand / servers),
    };
    let mut stations: Vec<StationLoad> = demands.entries().filter(|(_, demand)| **demand > 0.0).map(busy).collect();
    stations.sort_by(|a, b| {
        b.utilization.unwrap_or(-1.0).total_cmp(&a.utilization.unwrap_or(-1.0)).then(a.station.cmp(&b.station))
    });
    let first = stations.first().filter(|busy: &&StationLoad| busy.utilization.is_some());
    let first_full = first.map(|busy| network.stations[busy.station].name.clone());
    let calls = calls.each(|calls| rate * calls);
    let is_highest = demand.profile().is_some();
    Analysis {
        rate,
        is_closed,
        is_recorded: matches!(demand, Demand::Open { recorded: Some(_), .. }),
        mix: shares,
        is_highest,
        capacity,
        stations,
        unloaded_time,
        longest,
        first_full,
        calls,
        knee,
    }
}
