//! Who cannot keep up with what is asked for, who waits for whom in a circle, and whose answers never come because of it.

use crate::analysis::{self, Analysis, after, answer_in};
use crate::engine::Demand;
use crate::network::{NONE, Network, Op};

/// Stations where more comes than is served, and nothing is turned away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growing {
    /// Of each station, from which priority down calls wait without end, if any do.
    below: Vec<Option<u32>>,
    /// The stations whose own queue grows, those that wait for others left out.
    pub(crate) causes: Vec<u32>,
}

/// As much as is asked for is as much as can be done, but for rounding.
const ROUNDING: f64 = 1e-9;

/// The stations that are asked for all they can do or more, as far as formulas tell: whether their queues grow is seen when
/// they are simulated, as what stands before them may let fewer through.
pub(crate) fn candidates(network: &Network, demand: &Demand, analysis: &Analysis) -> Vec<u32> {
    // Users wait for each other: what they wait for limits how many come.
    let is_closed = matches!(demand, Demand::Closed { .. });
    let is_full = |busy: &&analysis::Busy| {
        let servers = network.stations[busy.station as usize].servers();
        servers.is_some_and(|servers| busy.demand >= servers * (1.0 - ROUNDING)) && !(is_closed && busy.awaited > 0.0)
    };
    analysis.stations.iter().filter(is_full).map(|busy| busy.station).collect()
}

impl Growing {
    /// What grows without end for certain: the station that is asked for most, where nothing that its flows come to turns
    /// away, holds back or gives up.
    pub(crate) fn certain(network: &Network, demand: &Demand, analysis: &Analysis) -> Growing {
        let mut growing = Growing { below: vec![None; network.stations.len()], causes: Vec::new() };
        let first = candidates(network, demand, analysis).into_iter().next();
        let is_over = |at: &u32| {
            let busy = analysis.stations.iter().find(|busy| busy.station == *at);
            busy.and_then(|busy| busy.utilization).is_some_and(|in_use| in_use > 1.0 + ROUNDING)
        };
        if let Some(station) = first.filter(is_over)
            && !reacts(network, demand)
        {
            growing.found(network, demand, analysis, &[station]);
        }
        growing
    }

    /// Adds stations whose queues were seen to grow.
    pub(crate) fn found(&mut self, network: &Network, demand: &Demand, analysis: &Analysis, stations: &[u32]) {
        let rates = rates(demand, analysis);
        self.below.resize(network.stations.len(), None);
        for station in stations {
            if self.causes.contains(station) {
                continue;
            }
            self.causes.push(*station);
            let servers = network.stations[*station as usize].servers().unwrap_or(f64::INFINITY);
            self.below[*station as usize] = Some(starved(network, &rates, *station, servers));
        }
        self.spread(network);
    }

    /// Adds stations that nobody leaves any more.
    pub(crate) fn add(&mut self, network: &Network, stations: &[u32]) {
        self.below.resize(network.stations.len(), None);
        for station in stations {
            self.below[*station as usize] = Some(u32::MAX);
            if !self.causes.contains(station) {
                self.causes.push(*station);
            }
        }
        self.spread(network);
    }

    /// Whether anything does.
    pub(crate) fn is_any(&self) -> bool {
        !self.causes.is_empty()
    }

    /// Whether calls of any priority wait without end at a station.
    pub(crate) fn is_at(&self, station: u32) -> bool {
        self.below.get(station as usize).is_some_and(Option::is_some)
    }

    /// Whether requests of a flow wait for something without end.
    pub(crate) fn holds_up(&self, network: &Network, flow: u32) -> bool {
        let ops = &network.programs[flow as usize].ops;
        self.hangs(network, ops, 0, ops.len())
    }

    /// Whoever holds a slot while he waits without end leaves none to others.
    fn spread(&mut self, network: &Network) {
        loop {
            let mut is_done = true;
            for program in &network.programs {
                for (at, op) in program.ops.iter().enumerate() {
                    let Op::Call { site, end } = *op else { continue };
                    let called = &network.sites[site as usize];
                    let held = [called.to, called.pool];
                    let is_slot = |at: &u32| {
                        let station = network.stations.get(*at as usize);
                        station.is_some_and(|station| station.concurrency.is_some()) && !self.is_at(*at)
                    };
                    let held: Vec<u32> = held.into_iter().filter(is_slot).collect();
                    if held.is_empty() {
                        continue;
                    }
                    let end = end as usize;
                    let answer = answer_in(&program.ops, at + 1, end);
                    let hangs = self.hangs(network, &program.ops, at + 1, end)
                        || answer.is_some_and(|answer| self.hangs(network, &program.ops, answer + 1, end));
                    for station in held.into_iter().filter(|_| hangs) {
                        self.below[station as usize] = Some(u32::MAX);
                        is_done = false;
                    }
                }
            }
            if is_done {
                return;
            }
        }
    }

    /// Whether the operations from one to before another, until they are answered, wait for something without end.
    fn hangs(&self, network: &Network, ops: &[Op], start: usize, end: usize) -> bool {
        let mut at = start;
        while at < end && !matches!(ops[at], Op::Answer) {
            let next = after(ops, at);
            let hangs = match ops[at] {
                // Whoever gives up goes on.
                Op::Call { site, .. } if gives_up(network, site) => false,
                Op::Call { site, end } => {
                    let called = &network.sites[site as usize];
                    let waits = |station: u32| {
                        let below = self.below.get(station as usize).copied().flatten();
                        below.is_some_and(|below| called.priority <= below)
                    };
                    waits(called.to)
                        || waits(called.pool)
                        || called_hosts(network, called.to).any(waits)
                        || self.hangs(network, ops, at + 1, end as usize)
                }
                Op::Spawn { .. } | Op::Work { .. } | Op::Else { .. } | Op::Answer => false,
                Op::Chance { end, .. }
                | Op::Miss { end, .. }
                | Op::Repeat { end, .. }
                | Op::Inside { end, .. }
                | Op::Branch { end } => self.hangs(network, ops, at + 1, end as usize),
                Op::Parallel { join, end } => {
                    let branches = analysis::branches_of(ops, at + 1, end as usize);
                    let hanging = branches.iter().filter(|(from, to)| self.hangs(network, ops, *from, *to)).count();
                    branches.len() - hanging < join as usize
                }
            };
            if hangs {
                return true;
            }
            at = next;
        }
        false
    }
}

/// The hosts that a station's work is done on.
fn called_hosts(network: &Network, station: u32) -> impl Iterator<Item = u32> + '_ {
    let hosts = network.stations.get(station as usize).map_or(&[][..], |station| &station.runs_on);
    hosts.iter().map(|(host, _)| *host)
}

/// How often each flow of a demand comes a second, as far as can be told.
fn rates(demand: &Demand, analysis: &Analysis) -> Vec<(usize, f64)> {
    let flows = demand.flows();
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    flows.iter().map(|(flow, weight)| (*flow as usize, analysis.rate * weight / total)).collect()
}

/// The highest priority that waits without end at a station that is asked for more than it can do: those above have enough.
fn starved(network: &Network, rates: &[(usize, f64)], station: u32, servers: f64) -> u32 {
    if network.stations[station as usize].cores.is_some() {
        // Shared cores know no priority.
        return u32::MAX;
    }
    let costs: Vec<(f64, analysis::Cost)> =
        rates.iter().map(|(flow, rate)| (*rate, analysis::cost(network, *flow))).collect();
    let own = network.sites.iter().enumerate().filter(|(_, site)| site.to == station);
    let mut by_priority: Vec<(u32, f64)> = own
        .map(|(at, site)| {
            let asked = costs.iter().map(|(rate, cost)| rate * cost.tried[at].0 * cost.tried[at].1).sum();
            (site.priority, asked)
        })
        .collect();
    by_priority.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
    let mut asked = 0.0;
    for (priority, own) in by_priority {
        asked += own;
        if asked >= servers {
            return priority;
        }
    }
    u32::MAX
}

/// A station that retries may keep overloaded once it is: if each call to it, or to what waits for it, is given up and made again
/// as often as it may be, more comes than it can serve. Whether it ever comes to that is chance.
pub(crate) fn prone(network: &Network, analysis: &Analysis) -> Option<u32> {
    let in_use = |at: u32| {
        let busy = analysis.stations.iter().find(|busy| busy.station == at);
        busy.and_then(|busy| busy.utilization).filter(|in_use| *in_use < 1.0)
    };
    let of_call = |ops: &[Op], at: usize| {
        let Op::Call { site, end } = ops[at] else { return None };
        let policy = &network.policies[network.sites[site as usize].policy as usize];
        let is_stormy = policy.timeout.is_some() && policy.retried.timeouts && policy.breaker.is_none();
        if !is_stormy || policy.retries == 0 || policy.bulkhead.is_some() {
            return None;
        }
        let tries = 1.0 + policy.budget.unwrap_or(f64::INFINITY).min(f64::from(policy.retries));
        let called =
            |op: &Op| if let Op::Call { site, .. } = op { Some(network.sites[*site as usize].to) } else { None };
        let mut behind = ops[at..end as usize].iter().filter_map(called);
        behind.find(|station| in_use(*station).is_some_and(|in_use| in_use * tries >= 1.0))
    };
    let flows = analysis.mix.iter().map(|(flow, _)| &network.programs[*flow].ops);
    flows.flat_map(|ops| (0..ops.len()).filter_map(move |at| of_call(ops, at))).next()
}

/// Whether a call is given up after a while.
fn gives_up(network: &Network, site: u32) -> bool {
    network.policies[network.sites[site as usize].policy as usize].timeout.is_some()
}

/// Whether anything that the flows of a demand come to turns requests away, holds them back or gives up, so that fewer may
/// come to what stands behind it.
pub(crate) fn reacts(network: &Network, demand: &Demand) -> bool {
    // Only of users it is known who asks.
    let are_users = matches!(demand, Demand::Closed { .. });
    let station_reacts = |at: u32| {
        network.stations.get(at as usize).is_some_and(|station| {
            station.queue_limit.is_some()
                || station.rate_limit.is_some()
                || are_users && station.user_limit.is_some()
                || station.patience.is_some()
        })
    };
    let site_reacts = |site: u32| {
        let called = &network.sites[site as usize];
        let policy = &network.policies[called.policy as usize];
        policy.bulkhead.is_some()
            || policy.breaker.is_some()
            || policy.timeout.is_some()
            || station_reacts(called.to)
            || station_reacts(called.pool)
    };
    let ops = demand.flows().iter().flat_map(|(flow, _)| &network.programs[*flow as usize].ops);
    ops.into_iter().any(|op| matches!(op, Op::Call { site, .. } if site_reacts(*site)))
}

/// Stations and pools each of whose slots may be held by requests that wait for a slot of the next, and the last for the
/// first: if all are held at once, nobody goes on. Calls with a timeout give up, and end it.
pub fn circles(network: &Network, flows: &[u32]) -> Vec<Vec<u32>> {
    let mut waits: Vec<(u32, u32)> = Vec::new();
    for flow in flows {
        let ops = &network.programs[*flow as usize].ops;
        held(network, ops, 0, ops.len(), &mut Vec::new(), &mut waits);
    }
    waits.sort_unstable();
    waits.dedup();
    let next = |from: u32| waits.iter().filter(move |(holder, _)| *holder == from).map(|(_, wanted)| *wanted);
    let mut found: Vec<Vec<u32>> = Vec::new();
    let mut starts: Vec<u32> = waits.iter().map(|(holder, _)| *holder).collect();
    starts.dedup();
    for start in starts {
        if found.iter().any(|circle| circle.contains(&start)) {
            continue;
        }
        // The shortest way back.
        let mut ways: Vec<Vec<u32>> = vec![vec![start]];
        let mut seen = vec![start];
        let mut at = 0;
        'search: while at < ways.len() {
            let way = ways[at].clone();
            at += 1;
            for wanted in next(*way.last().unwrap_or(&start)) {
                if wanted == start {
                    found.push(way);
                    break 'search;
                }
                if !seen.contains(&wanted) {
                    seen.push(wanted);
                    ways.push(way.iter().copied().chain([wanted]).collect());
                }
            }
        }
    }
    found
}

/// Collects who holds a slot while another is waited for, among the operations from one to before another. `holding` are the
/// slots that are held on the way there.
fn held(network: &Network, ops: &[Op], start: usize, end: usize, holding: &mut Vec<u32>, waits: &mut Vec<(u32, u32)>) {
    let is_limited = |at: u32| {
        let station = network.stations.get(at as usize);
        station.is_some_and(|one| one.concurrency.is_some() && one.patience.is_none() && one.queue_limit != Some(0))
    };
    let mut at = start;
    while at < end {
        match ops[at] {
            Op::Call { site, end } => {
                let called = &network.sites[site as usize];
                let mut inside = match network.policies[called.policy as usize].timeout {
                    // Whoever gives up lets go of what he holds.
                    Some(_) => Vec::new(),
                    None => holding.clone(),
                };
                for wanted in [called.pool, called.to].into_iter().filter(|at| *at != NONE && is_limited(*at)) {
                    waits.extend(inside.iter().map(|holder| (*holder, wanted)));
                    inside.push(wanted);
                }
                let answer = answer_in(ops, at + 1, end as usize);
                held(network, ops, at + 1, answer.unwrap_or(end as usize), &mut inside, waits);
                if let Some(answer) = answer {
                    let mut own = if is_limited(called.to) { vec![called.to] } else { Vec::new() };
                    held(network, ops, answer + 1, end as usize, &mut own, waits);
                }
                if let Some(Op::Else { end: after }) = ops.get(end as usize) {
                    held(network, ops, end as usize + 1, *after as usize, holding, waits);
                }
            }
            Op::Spawn { end } => held(network, ops, at + 1, end as usize, &mut Vec::new(), waits),
            Op::Chance { end, .. }
            | Op::Miss { end, .. }
            | Op::Repeat { end, .. }
            | Op::Inside { end, .. }
            | Op::Parallel { end, .. }
            | Op::Branch { end } => held(network, ops, at + 1, end as usize, holding, waits),
            Op::Work { .. } | Op::Answer | Op::Else { .. } => {}
        }
        at = after(ops, at);
    }
}

/// A circle in words: `web, app and web again`.
pub fn circle_words(network: &Network, circle: &[u32]) -> String {
    let name = |at: &u32| network.stations[*at as usize].name.as_str();
    let first = circle.first().map_or("", name);
    let steps: Vec<&str> = circle.iter().map(name).chain([first]).collect();
    steps.join(" -> ")
}
