//! What can be told without simulating: demands, utilisation, the bottleneck, bounds and approximations.

mod breakers;
mod calls;
mod cost;
mod method_of_layers;
mod operating_point;
mod rare;

use crate::demand::{Asked, Demand};
use crate::network::{CallSite, Network, Station, StationId};
pub use calls::{Call, calls};
pub use cost::{Cost, cost};
pub(crate) use cost::{Walk, cost_of_mix, within_budget};
use groma_model::{ElementId, FlowId, Per};
pub use method_of_layers::mean_response;
pub(crate) use operating_point::{at_most_reachable, fill_caches, reachable, saturated, settle};
pub(crate) use rare::{Unseen, unseen};

/// What was met fewer times than this, as is to be expected, may have been met too seldom to count as often as it should: of
/// ten to be expected, fewer than five are met once in thirty times, and none hardly ever.
pub(crate) const ENOUGH: f64 = 10.0;

/// How busy a station is.
#[derive(Clone, Copy, Debug)]
pub struct StationLoad {
    /// The station.
    pub station: StationId,
    /// The element that it is, if it is one.
    pub element: Option<ElementId>,
    /// The relationship whose connections it keeps, if it is a pool.
    pub relation: Option<groma_model::RelationId>,
    /// The host whose processors it is, if it is one.
    pub host: Option<groma_model::DeployNodeId>,
    /// Seconds of its slots asked for each second.
    pub demand: f64,
    /// Of these, those that somebody waits for.
    pub awaited: f64,
    /// Of these, those of the load that is judged.
    pub(crate) own: f64,
    /// Those of loads beside it that leave no room for more of it: users who wait themselves do.
    pub(crate) beside: f64,
    /// Those that are asked for whatever happens, by whom ever: not by users who wait.
    pub(crate) insistent: f64,
    /// The share of its slots in use; over 1 if they do not suffice. `None` if it has no limit.
    pub utilization: Option<f64>,
}

/// What can be told of a network under a load.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Requests a second, of all flows of the load.
    pub rate: f64,
    /// The same of it and of each load beside it.
    pub(crate) rates: Vec<f64>,
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
    /// For a closed load, what is fully used before that without any user waiting for it.
    pub jam: Option<Jam>,
    /// Calls a second at each site of the network, each counted once however often it is tried.
    pub calls: Per<CallSite, f64>,
    /// For a closed load, the number of users from which on they wait for each other: the knee of the asymptotes.
    pub knee: Option<f64>,
}

/// A station behind asynchronous steps, which users fill sooner than they wait for each other: they come on, and its queue grows.
#[derive(Clone, PartialEq, Debug)]
pub struct Jam {
    /// The name of the station.
    pub station: String,
    /// From how many requests a second of the load on it is fully used.
    pub rate: f64,
}

impl Analysis {
    /// The station that limits, if any does.
    pub fn bottleneck(&self) -> Option<StationLoad> {
        self.stations.iter().find(|one| one.utilization.is_some()).copied()
    }

    /// Whether more is asked for than can be served.
    pub fn is_overloaded(&self) -> bool {
        self.rate >= self.capacity || self.first_overloaded().is_some()
    }

    /// Of loads beside each other: the busiest station that is asked for more than it can do, with the seconds of its slots that
    /// are asked for each second.
    pub fn first_overloaded(&self) -> Option<(StationLoad, f64)> {
        let is_over = |busy: &&StationLoad| {
            let servers = busy.utilization.map(|in_use| busy.demand / in_use);
            self.rates.len() > 1 && servers.is_some_and(|servers| busy.insistent >= servers)
        };
        self.stations.iter().find(is_over).map(|busy| (*busy, busy.insistent))
    }

    /// Requests a second of all loads that run beside each other.
    pub(crate) fn rate_of_all(&self) -> f64 {
        self.rates.iter().sum()
    }
}

/// The flows of all loads of a demand with their shares of all requests.
pub(crate) fn shares(demand: &Demand, analysis: &Analysis) -> Vec<(FlowId, f64)> {
    let total = analysis.rate_of_all();
    let of = |(one, rate): (&Asked, &f64)| {
        let part = rate / total;
        one.shares().into_iter().map(move |(flow, share)| (flow, part * share))
    };
    demand.all().zip(&analysis.rates).flat_map(of).collect()
}

/// What one request of a load costs.
struct Priced<'a> {
    asked: &'a Asked,
    cost: Cost,
    longest: f64,
}

impl Priced<'_> {
    /// Whether what it asks of a station limits how much of it can be served: what nobody waits for does not limit how many
    /// users can.
    fn is_limited_by(&self, at: StationId) -> bool {
        !self.asked.is_closed() || self.cost.awaited[at] > 0.0
    }

    /// How many requests a second come as long as nobody waits for another.
    fn unhindered(&self) -> f64 {
        match self.asked {
            Asked::Open { flows, .. } => flows.iter().map(|(_, rate)| rate).sum(),
            // Whatever the law: each user asks once in the mean of a round.
            Asked::Closed { users, think, .. } => f64::from(*users) / (think.mean() + self.cost.unloaded_time),
        }
    }

    /// How much of a station is asked for whatever happens if so many requests come.
    fn insists(&self, at: StationId, rate: f64) -> f64 {
        let waits = if self.asked.is_closed() { self.cost.awaited[at] } else { 0.0 };
        rate * (self.cost.demand[at] - waits)
    }
}

/// What loads take whether or not others are served.
fn insisted(network: &Network, others: &[Priced<'_>]) -> Per<Station, f64> {
    let mut insisted = network.stations.beside(0.0);
    for (at, insisted) in network.stations.ids().zip(insisted.iter_mut()) {
        *insisted = others.iter().map(|one| one.insists(at, one.unhindered())).sum::<f64>();
    }
    insisted
}

/// How many requests a second can be served at most beside what is taken already, by those stations that count, and by which.
fn room(
    network: &Network,
    priced: &Priced<'_>,
    taken: &Per<Station, f64>,
    counts: &dyn Fn(StationId) -> bool,
) -> (Option<StationId>, f64) {
    let limits = network.stations.ids().filter(|at| counts(*at));
    let left = |at: StationId| Some((network.stations[at].servers()? - taken[at]).max(0.0));
    let room = limits.filter_map(|at| Some((at, left(at)? / priced.cost.demand[at])));
    room.fold(
        (None, f64::INFINITY),
        |(first, least), (at, most)| {
            if most < least { (Some(at), most) } else { (first, least) }
        },
    )
}

/// The rates of a load and of those beside it, whose users are served with what is left.
fn rates(
    network: &Network,
    (own, rate): (&Priced<'_>, f64),
    others: &[Priced<'_>],
    beside: &Per<Station, f64>,
) -> Vec<f64> {
    let mut taken = network.stations.beside(0.0);
    let mut rates = vec![rate];
    for (at, taken) in network.stations.ids().zip(taken.iter_mut()) {
        *taken = beside[at] + rate * own.cost.demand[at];
    }
    for one in others {
        let unhindered = one.unhindered();
        let rate = if one.asked.is_closed() {
            unhindered.min(room(network, one, &taken, &|at| one.is_limited_by(at)).1)
        } else {
            unhindered
        };
        for (at, taken) in network.stations.ids().zip(taken.iter_mut()) {
            *taken += rate * one.cost.demand[at] - one.insists(at, rate);
        }
        rates.push(rate);
    }
    rates
}

/// Whose cores a station is: those that an element has for its own are its own, too.
fn owner(network: &Network, at: StationId) -> Option<ElementId> {
    let station = &network.stations[at];
    let owner = station.owner.filter(|_| station.is_processor());
    owner.and_then(|owner| network.stations[owner].element)
}

/// Tells what can be told. Long because each number follows from those before it.
pub(crate) fn analyse(network: &Network, demand: &Demand) -> Analysis {
    let waits = network.stations.beside(0.0);
    let priced = |asked| {
        let (cost, longest) = cost_of_mix(network, &Asked::shares(asked), &waits);
        Priced { asked, cost, longest }
    };
    let own = priced(&demand.own);
    let others: Vec<Priced<'_>> = demand.beside.iter().map(priced).collect();
    let is_closed = demand.own.is_closed();
    let beside = insisted(network, &others);
    let (limiting, capacity) = room(network, &own, &beside, &|at| own.is_limited_by(at));
    let name = |at: StationId| network.stations[at].name.clone();
    let (jammed, jams_at) = room(network, &own, &beside, &|at| own.cost.demand[at] > 0.0 && !own.is_limited_by(at));
    let jam = jammed.filter(|_| jams_at < capacity).map(|at| Jam { station: name(at), rate: jams_at });
    let rate = if is_closed { own.unhindered().min(capacity) } else { own.unhindered() };
    let knee = match &demand.own {
        Asked::Closed { think, .. } => Some(capacity * (think.mean() + own.cost.unloaded_time)),
        Asked::Open { .. } => None,
    };
    let knee = knee.filter(|knee| knee.is_finite());
    let rates = rates(network, (&own, rate), &others, &beside);
    let all = || std::iter::once(&own).chain(&others).zip(&rates);
    let sum = |number: &dyn Fn(&Priced<'_>) -> f64| all().map(|(one, rate)| rate * number(one)).sum::<f64>();
    let busy = |at: StationId| {
        let demand = sum(&|one| one.cost.demand[at]);
        StationLoad {
            station: at,
            element: network.stations[at].element.or(owner(network, at)),
            relation: network.stations[at].relation,
            host: network.stations[at].host,
            demand,
            awaited: sum(&|one| one.cost.awaited[at]),
            own: rate * own.cost.demand[at],
            beside: beside[at],
            insistent: all().map(|(one, rate)| one.insists(at, *rate)).sum::<f64>(),
            utilization: network.stations[at].servers().map(|servers| demand / servers),
        }
    };
    let is_asked = |at: &StationId| all().any(|(one, _)| one.cost.demand[*at] > 0.0);
    let mut stations: Vec<StationLoad> = network.stations.ids().filter(is_asked).map(busy).collect();
    stations.sort_by(|a, b| {
        b.utilization.unwrap_or(-1.0).total_cmp(&a.utilization.unwrap_or(-1.0)).then(a.station.cmp(&b.station))
    });
    let calls = network.sites.ids().map(|site| sum(&|one| one.cost.calls[site])).collect();
    Analysis {
        rate,
        is_closed,
        is_recorded: demand.own.is_recorded(),
        mix: demand.own.shares(),
        is_highest: demand.own.profile().is_some(),
        capacity,
        unloaded_time: own.cost.unloaded_time,
        longest: all().map(|(one, _)| one.longest).fold(0.0, f64::max),
        rates,
        stations,
        first_full: limiting.map(name),
        jam,
        calls,
        knee,
    }
}
