//! What can be told without simulating: demands, utilisation, the bottleneck, bounds and approximations.

use crate::engine::Demand;
use crate::network::{NONE, Network, Op};
use crate::queueing;

/// What a flow asks of each station, on average and without any waiting.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Seconds of a slot (or of a core) of each station that one request takes.
    pub demand: Vec<f64>,
    /// Visits to each station.
    pub visits: Vec<f64>,
    /// Calls at each site.
    pub calls: Vec<f64>,
    /// Seconds that one request takes when it is alone.
    pub alone: f64,
}

/// What one request of a flow costs. Retries and failures are left out; of parallel branches the longest mean counts.
pub fn cost(network: &Network, program: usize) -> Cost {
    cost_with(network, program, &vec![0.0; network.stations.len()])
}

/// The same, when each station makes its callers wait so many seconds.
fn cost_with(network: &Network, program: usize, waits: &[f64]) -> Cost {
    let ops = &network.programs[program].ops;
    let mut walk = Walk::new(network, ops, waits);
    let alone = walk.range(0, ops.len(), 1.0, NONE);
    Cost { demand: walk.demand, visits: walk.visits, calls: walk.calls, alone }
}

struct Walk<'a> {
    network: &'a Network,
    ops: &'a [Op],
    waits: &'a [f64],
    demand: Vec<f64>,
    visits: Vec<f64>,
    /// Calls at each site.
    calls: Vec<f64>,
    /// How often each cache is asked.
    lookups: Vec<f64>,
}

impl<'a> Walk<'a> {
    fn new(network: &'a Network, ops: &'a [Op], waits: &'a [f64]) -> Walk<'a> {
        let zeros = || vec![0.0; network.stations.len()];
        Walk {
            network,
            ops,
            waits,
            demand: zeros(),
            visits: zeros(),
            calls: vec![0.0; network.sites.len()],
            lookups: zeros(),
        }
    }

    /// The mean time of operations that happen `times` times each request, at station `here`.
    fn range(&mut self, start: usize, end: usize, times: f64, here: u32) -> f64 {
        let mut at = start;
        let mut total = 0.0;
        while at < end {
            let (time, next) = self.op(at, times, here);
            total += time;
            at = next.max(at + 1);
        }
        total
    }

    fn shares_cores(&self, station: u32) -> bool {
        self.network.stations.get(station as usize).is_some_and(|station| station.cores.is_some())
    }

    fn op(&mut self, at: usize, times: f64, here: u32) -> (f64, usize) {
        match self.ops[at] {
            Op::Work { site } => {
                let mean = self.network.sites[site as usize].law.map_or(0.0, |law| law.mean());
                if self.shares_cores(here) {
                    // Of shared cores only the work itself takes any.
                    self.demand[here as usize] += times * mean;
                }
                let mut all = mean;
                let hosts = self.network.stations.get(here as usize).map_or(&[][..], |station| &station.runs_on);
                for (host, share) in hosts {
                    let host = *host as usize;
                    self.visits[host] += times * share;
                    self.demand[host] += times * share * mean;
                    all += share * self.waits[host];
                }
                (all, at + 1)
            }
            Op::Call { site, end } => {
                let called = &self.network.sites[site as usize];
                let wait = self.waits[called.to as usize];
                self.visits[called.to as usize] += times;
                self.calls[site as usize] += times;
                let held = self.range(at + 1, end as usize, times, called.to);
                if !self.shares_cores(called.to) {
                    self.demand[called.to as usize] += times * held;
                }
                let mut all = held + wait + called.latency;
                if called.pool != NONE {
                    self.visits[called.pool as usize] += times;
                    self.demand[called.pool as usize] += times * (held + wait + called.latency);
                    all += self.waits[called.pool as usize];
                }
                (all, end as usize)
            }
            Op::Spawn { end } => {
                self.range(at + 1, end as usize, times, here);
                (0.0, end as usize)
            }
            Op::Chance { share, end, .. } => {
                (share * self.range(at + 1, end as usize, times * share, here), end as usize)
            }
            Op::Miss { hit, end, cache, .. } => {
                if let Some(asked) = self.lookups.get_mut(cache as usize) {
                    *asked += times;
                }
                let share = 1.0 - hit;
                (share * self.range(at + 1, end as usize, times * share, here), end as usize)
            }
            Op::Repeat { low, high, end, .. } => {
                let mean = f64::midpoint(f64::from(low), f64::from(high));
                (mean * self.range(at + 1, end as usize, times * mean, here), end as usize)
            }
            Op::Parallel { join, end } => {
                let (mut branch, mut times_alone) = (at + 1, Vec::new());
                while branch < end as usize {
                    let Op::Branch { end: after } = self.ops[branch] else { break };
                    times_alone.push(self.range(branch + 1, after as usize, times, here));
                    branch = after as usize;
                }
                times_alone.sort_by(f64::total_cmp);
                // As many as are waited for, the shortest first.
                let last = times_alone.get((join as usize).wrapping_sub(1)).copied().unwrap_or(0.0);
                (last, end as usize)
            }
            Op::Branch { .. } => (0.0, at + 1),
            Op::Else { end } => (0.0, end as usize),
        }
    }
}

/// How busy a station is.
#[derive(Clone, Copy, Debug)]
pub struct Busy {
    /// The station.
    pub station: u32,
    /// The element that it is, if it is one.
    pub element: Option<groma_model::ElementId>,
    /// The relationship whose connections it keeps, if it is a pool.
    pub relation: Option<groma_model::RelationId>,
    /// The host whose processors it is, if it is one.
    pub host: Option<groma_model::DeployNodeId>,
    /// Seconds of its slots asked for each second.
    pub demand: f64,
    /// The share of its slots in use; over 1 if they do not suffice. `None` if it has no limit.
    pub utilization: Option<f64>,
}

/// What can be told of a network under a load.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Requests a second, of all flows of the load.
    pub rate: f64,
    /// Whether the load changes, and that is at its highest.
    pub is_highest: bool,
    /// The most requests a second that the stations can serve, in this mix; infinite if none has a limit.
    pub capacity: f64,
    /// Every station that is asked for something, the busiest first.
    pub stations: Vec<Busy>,
    /// The mean time of a request that is alone, in this mix, in seconds.
    pub alone: f64,
    /// The name of the station that limits, if any does.
    pub first_full: Option<String>,
    /// Calls a second at each site of the network, without retries.
    pub calls: Vec<f64>,
    /// For a closed load, the number of users from which on they wait for each other: the knee of the asymptotes.
    pub knee: Option<f64>,
}

impl Analysis {
    /// The station that limits, if any does.
    pub fn bottleneck(&self) -> Option<Busy> {
        self.stations.iter().find(|one| one.utilization.is_some()).copied()
    }

    /// Whether more is asked for than can be served.
    pub fn is_overloaded(&self) -> bool {
        self.rate >= self.capacity
    }
}

/// The flows of a demand with their shares of it.
fn shares(demand: &Demand) -> Vec<(usize, f64)> {
    let flows = demand.flows();
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    flows.iter().map(|(flow, weight)| (*flow as usize, weight / total)).collect()
}

/// Tells what can be told.
pub(crate) fn analyse(network: &Network, demand: &Demand) -> Analysis {
    let shares = shares(demand);
    let costs: Vec<(f64, Cost)> = shares.iter().map(|(flow, share)| (*share, cost(network, *flow))).collect();
    let mixed = |of: &dyn Fn(&Cost) -> f64| costs.iter().map(|(share, cost)| share * of(cost)).sum::<f64>();
    let alone = mixed(&|cost| cost.alone);
    let demands: Vec<f64> = (0..network.stations.len()).map(|at| mixed(&|cost| cost.demand[at])).collect();
    let servers = |at: usize| network.stations[at].servers();
    let limits = demands.iter().enumerate().filter(|(_, demand)| **demand > 0.0);
    let capacity = limits.filter_map(|(at, demand)| Some(servers(at)? / demand)).fold(f64::INFINITY, f64::min);
    let (rate, knee) = match demand {
        Demand::Open { flows, .. } => (flows.iter().map(|(_, rate)| rate).sum(), None),
        Demand::Closed { users, think, .. } => {
            let unhindered = f64::from(*users) / (think + alone);
            let knee = capacity * (think + alone);
            (unhindered.min(capacity), Some(knee).filter(|knee| knee.is_finite()))
        }
    };
    let busy = |(at, demand): (usize, &f64)| Busy {
        station: at as u32,
        element: network.stations[at].element,
        relation: network.stations[at].relation,
        host: network.stations[at].host,
        demand: rate * demand,
        utilization: servers(at).map(|servers| rate * demand / servers),
    };
    let mut stations: Vec<Busy> = demands.iter().enumerate().filter(|(_, demand)| **demand > 0.0).map(busy).collect();
    stations.sort_by(|a, b| {
        b.utilization.unwrap_or(-1.0).total_cmp(&a.utilization.unwrap_or(-1.0)).then(a.station.cmp(&b.station))
    });
    let first = stations.first().filter(|busy: &&Busy| busy.utilization.is_some());
    let first_full = first.map(|busy| network.stations[busy.station as usize].name.clone());
    let calls = (0..network.sites.len()).map(|site| rate * mixed(&|cost| cost.calls[site])).collect();
    let is_highest = demand.course().is_some();
    Analysis { rate, is_highest, capacity, stations, alone, first_full, calls, knee }
}

/// Calculates the hit ratios of the caches that say what they hold, from how often they are asked. Returns what came out,
/// as sentences.
pub(crate) fn fill_caches(network: &mut Network, demand: &Demand) -> Vec<String> {
    if network.caches.is_empty() {
        return Vec::new();
    }
    let waits = vec![0.0; network.stations.len()];
    let mut said = Vec::new();
    // What one cache finds decides how often another behind it is asked, and how soon users come again.
    for _ in 0..MOST_ROUNDS {
        let mut most = network.clone();
        most.scale_to_most();
        let rate = analyse(&most, demand).rate;
        let mut lookups = vec![0.0; network.stations.len()];
        for (flow, share) in shares(demand) {
            let ops = &network.programs[flow].ops;
            let mut walk = Walk::new(network, ops, &waits);
            walk.range(0, ops.len(), 1.0, NONE);
            lookups.iter_mut().zip(&walk.lookups).for_each(|(all, own)| *all += rate * share * own);
        }
        let before = std::mem::take(&mut said);
        for (station, cache) in network.caches.clone() {
            let asked = lookups[station as usize];
            if asked <= 0.0 {
                continue;
            }
            let found = cache.hit_ratio(asked);
            network.set_hit_ratio(station, found);
            network.refills.insert(station, cache.refill(asked));
            let name = &network.stations[station as usize].name;
            let (found, asked) = (crate::number::share(found), crate::number::plain(asked));
            said.push(format!("{name} finds {found} of {asked} lookups a second, as calculated from its keys"));
        }
        if said == before {
            break;
        }
    }
    said
}

/// So many rounds are enough for hit ratios to settle.
const MOST_ROUNDS: usize = 50;

/// Lets as many replicas run as an autoscaler settles on under this load: the fewest that keep each station's slots in
/// use at most as its target says, within its range. Returns what was chosen, as sentences.
pub(crate) fn settle(network: &mut Network, demand: &Demand) -> Vec<String> {
    let scaling: Vec<u32> =
        (0..network.stations.len() as u32).filter(|at| network.stations[*at as usize].is_autoscaled()).collect();
    network.scale_to_most();
    let analysis = analyse(network, demand);
    let mut said = Vec::new();
    for at in scaling {
        let station = &network.stations[at as usize];
        let asked = analysis.stations.iter().find(|busy| busy.station == at).map_or(0.0, |busy| busy.demand);
        let each = station.servers().unwrap_or(1.0) / f64::from(station.replicas);
        let target = station.scaling.map_or(1.0, |scaling| scaling.target);
        let wanted = (asked / each / target).ceil().max(1.0) as u32;
        let chosen = wanted.clamp(station.range.0, station.range.1);
        said.push(format!("{} runs {chosen} of {} to {} replicas", station.name, station.range.0, station.range.1));
        network.set_replicas(at, chosen);
    }
    said
}

/// An approximation of the mean response of each flow under an open load: each station on its own as M/M/c, what it
/// holds a slot for including the waits further down, iterated until it settles (the method of layers, Rolia and
/// Sevcik 1995, in its simplest form). `None` if a station is overloaded, and for a flow with parallel branches, whose
/// longest is longer than any of them on average.
pub fn mean_response(network: &Network, rates: &[(usize, f64)]) -> Option<Vec<Option<f64>>> {
    let mut waits = vec![0.0; network.stations.len()];
    for _ in 0..200 {
        let costs: Vec<Cost> = rates.iter().map(|(flow, _)| cost_with(network, *flow, &waits)).collect();
        let asked = |of: &dyn Fn(&Cost) -> f64| rates.iter().zip(&costs).map(|((_, rate), cost)| rate * of(cost)).sum();
        let mut moved = 0.0_f64;
        for (at, station) in network.stations.iter().enumerate() {
            let (visits, demand): (f64, f64) = (asked(&|cost| cost.visits[at]), asked(&|cost| cost.demand[at]));
            let Some(servers) = station.servers().filter(|_| visits > 0.0) else { continue };
            let wait = match servers.floor().max(1.0) {
                // With so many nobody waits until all are taken; the formula takes as long as there are servers.
                many if many > MOST_SERVERS => (demand < many).then_some(0.0)?,
                few => queueing::mmc(visits, demand / visits, few as u32)?.wait,
            };
            moved = moved.max((wait - waits[at]).abs());
            waits[at] = wait;
        }
        if moved < 1e-12 {
            break;
        }
    }
    let is_parallel = |flow: usize| network.programs[flow].ops.iter().any(|op| matches!(op, Op::Parallel { .. }));
    let response = |(flow, _): &(usize, f64)| (!is_parallel(*flow)).then(|| cost_with(network, *flow, &waits).alone);
    Some(rates.iter().map(response).collect())
}

/// From more servers than this on the formula is not needed.
const MOST_SERVERS: f64 = 100_000.0;

/// A call of a flow between stations, as its caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The step.
    pub at: groma_model::ItemRef,
    /// The relationship that it uses.
    pub relation: Option<groma_model::RelationId>,
    /// The call in whose course it is made and which waits for it, as an index into the same list.
    pub inside: Option<usize>,
    /// How long the caller waits for one try.
    pub timeout: Option<f64>,
    /// How often it is tried, at most.
    pub attempts: u32,
    /// How long all tries and pauses together may take, if there is a timeout.
    pub patience: Option<f64>,
    /// How long the answer takes on average if it is alone.
    pub alone: f64,
}

/// Every call of every flow, each after the one it is made inside of.
pub fn calls(network: &Network) -> Vec<Call> {
    let mut found = Vec::new();
    let waits = vec![0.0; network.stations.len()];
    for program in &network.programs {
        let ops = &program.ops;
        let mut walk = Walk::new(network, ops, &waits);
        let mut around: Vec<(usize, Option<usize>)> = Vec::new();
        for (at, op) in ops.iter().enumerate() {
            while around.last().is_some_and(|(end, _)| at >= *end) {
                around.pop();
            }
            let inside = around.last().and_then(|(_, call)| *call);
            match *op {
                Op::Call { site, end } => {
                    let called = &network.sites[site as usize];
                    let policy = &network.policies[called.policy as usize];
                    around.push((end as usize, Some(found.len())));
                    let pauses = (0..policy.retries).map(|attempt| policy.pause_before(attempt)).sum::<f64>();
                    let held = walk.range(at + 1, end as usize, 1.0, called.to);
                    let attempts = policy.retries + 1;
                    found.push(Call {
                        at: called.at,
                        relation: called.relation,
                        inside,
                        timeout: policy.timeout,
                        attempts,
                        patience: policy.timeout.map(|timeout| timeout * f64::from(attempts) + pauses),
                        alone: held + called.latency,
                    });
                }
                // Nobody waits for what goes on by itself.
                Op::Spawn { end } => around.push((end as usize, None)),
                _ => {}
            }
        }
    }
    found
}
