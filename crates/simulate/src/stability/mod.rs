//! Who cannot keep up with what is asked for, who waits for whom in a circle, and whose answers never come because of it.

mod circles;
mod waits;

use crate::analysis::{self, Analysis};
use crate::demand::Demand;
use crate::network::{Network, Op, after, answer_in, branches_of};
pub use circles::{circles, named_circle};
pub(crate) use waits::{Wait, Waits, waits_with_slots};

/// Stations where more comes than is served, and nothing is turned away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growing {
    /// Of each station, from which priority down calls wait without end, if any do.
    below: Vec<Option<u32>>,
    /// What cannot serve enough.
    pub(crate) causes: Vec<Cause>,
}

/// Where a queue grows, and because of whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cause {
    /// The station that cannot serve what is asked of it.
    pub(crate) station: u32,
    /// The station or pool whose queue grows: where those wait who are kept from coming to it.
    pub(crate) place: u32,
}

/// As much as is asked for is as much as can be done, but for rounding.
const ROUNDING: f64 = 1e-9;

/// A station is seen to be fully used if no more of its time than this is left.
const FULL: f64 = 0.99;

/// The stations that are asked for all they can do or more, as far as formulas tell: whether their queues grow is seen when
/// they are simulated, as what stands before them may let fewer through.
fn overloaded<'a>(network: &'a Network, analysis: &'a Analysis) -> impl Iterator<Item = u32> + 'a {
    let is_full = |busy: &&analysis::StationLoad| {
        let servers = network.stations[busy.station as usize].servers();
        servers.is_some_and(|servers| busy.demand >= servers * (1.0 - ROUNDING))
    };
    analysis.stations.iter().filter(is_full).map(|busy| busy.station)
}

/// What could be seen to grow: stations and pools with a limit where any number may wait, that formulas or what was seen show
/// to be fully used. `in_use` is the share of the slots of each that was seen in use.
pub(crate) fn candidates(
    network: &Network,
    waits: &Waits,
    analysis: &Analysis,
    in_use: &dyn Fn(u32) -> f64,
) -> Vec<u32> {
    let expected: Vec<u32> = overloaded(network, analysis).collect();
    let stations = 0..network.stations.len() as u32;
    let is_one = |at: &u32| {
        let station = &network.stations[*at as usize];
        let is_full = expected.contains(at) || in_use(*at) > FULL;
        station.servers().is_some()
            && station.patience.is_none()
            && is_full
            && waits.most_at(network, *at).is_infinite()
    };
    stations.filter(is_one).collect()
}

impl Growing {
    /// What grows without end for certain: where those wait who want the station that is asked for most, where nothing that its
    /// flows come to turns away, holds back or gives up.
    pub(crate) fn certain(network: &Network, demand: &Demand, analysis: &Analysis) -> Growing {
        let mut growing = Growing { below: vec![None; network.stations.len()], causes: Vec::new() };
        let is_over = |at: &u32| {
            let busy = analysis.stations.iter().find(|busy| busy.station == *at);
            busy.and_then(|busy| busy.utilization).is_some_and(|in_use| in_use > 1.0 + ROUNDING)
        };
        if let Some(station) = overloaded(network, analysis).next().filter(is_over)
            && !reacts(network, demand)
        {
            let waits = Waits::of(network, demand);
            if let Some(place) = certain_place(network, demand, analysis, &waits, station) {
                growing.found(network, demand, analysis, &[place]);
            }
        }
        growing
    }

    /// Adds stations whose queues were seen to grow.
    pub(crate) fn found(&mut self, network: &Network, demand: &Demand, analysis: &Analysis, places: &[u32]) {
        let (rates, waits) = (rates(demand, analysis), Waits::of(network, demand));
        self.below.resize(network.stations.len(), None);
        for place in places {
            if self.causes.iter().any(|cause| cause.place == *place) {
                continue;
            }
            let because = |station: &u32| waits.places(*station).contains(place);
            let station = overloaded(network, analysis).find(because).unwrap_or(*place);
            self.causes.push(Cause { station, place: *place });
            self.below[*place as usize] = Some(starved(network, &rates, Cause { station, place: *place }));
        }
        self.spread(network, &waits);
    }

    /// Adds stations that nobody leaves any more.
    pub(crate) fn add(&mut self, network: &Network, demand: &Demand, stations: &[u32]) {
        self.below.resize(network.stations.len(), None);
        for station in stations {
            self.below[*station as usize] = Some(u32::MAX);
            let cause = Cause { station: *station, place: *station };
            if !self.causes.contains(&cause) {
                self.causes.push(cause);
            }
        }
        self.spread(network, &Waits::of(network, demand));
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

    /// Whether calls that somebody watches wait for something without end, from when they have arrived until they are answered.
    pub(crate) fn holds_up_calls(&self, network: &Network, flows: &[u32], watcher: u32) -> bool {
        let is_watched = |site: u32| network.sites[site as usize].watchers.contains(&watcher);
        flows.iter().any(|flow| {
            let ops = &network.programs[*flow as usize].ops;
            ops.iter().enumerate().any(|(at, op)| match *op {
                Op::Call { site, end } if is_watched(site) => self.hangs_there(network, ops, at, site, end as usize),
                Op::Inside { site, end } if is_watched(site) => self.hangs(network, ops, at + 1, end as usize),
                _ => false,
            })
        })
    }

    /// Whoever holds a slot while he waits without end leaves it to nobody. Where all slots may come to be held like that,
    /// whoever wants one waits without end as well.
    fn spread(&mut self, network: &Network, waits: &Waits) {
        loop {
            let kept = |at: &u32| -> f64 {
                let here = waits.all.iter().filter(|wait| wait.station == *at);
                let hanging = here.filter(|wait| self.keeps_slot(network, wait));
                hanging.map(|wait| wait.most(network)).sum()
            };
            let is_held = |at: &u32| {
                let slots = network.stations[*at as usize].concurrency.and(network.stations[*at as usize].slots());
                slots.is_some_and(|slots| !self.is_at(*at) && kept(at) >= f64::from(slots))
            };
            let held: Vec<u32> = (0..network.stations.len() as u32).filter(is_held).collect();
            if held.is_empty() {
                return;
            }
            held.into_iter().for_each(|at| self.below[at as usize] = Some(u32::MAX));
        }
    }

    /// Whether a call that got the slot that it waited for waits for something else without end while it holds that.
    fn keeps_slot(&self, network: &Network, wait: &Wait) -> bool {
        let ops = &network.programs[wait.flow as usize].ops;
        let Op::Call { site, end } = ops[wait.op] else { return false };
        let end = end as usize;
        if network.sites[site as usize].pool == wait.station {
            return self.hangs_there(network, ops, wait.op, site, end);
        }
        let answer = answer_in(ops, wait.op + 1, end);
        called_hosts(network, wait.station).any(|host| self.is_at(host))
            || self.hangs(network, ops, wait.op + 1, end)
            || answer.is_some_and(|answer| self.hangs(network, ops, answer + 1, end))
    }

    /// Whether a call that has come to whom it is for waits without end for its answer.
    fn hangs_there(&self, network: &Network, ops: &[Op], at: usize, site: u32, end: usize) -> bool {
        let to = network.sites[site as usize].to;
        self.waits_at(network, site, to)
            || called_hosts(network, to).any(|host| self.waits_at(network, site, host))
            || self.hangs(network, ops, at + 1, end)
    }

    /// Whether a call waits at a station without end.
    fn waits_at(&self, network: &Network, site: u32, station: u32) -> bool {
        let below = self.below.get(station as usize).copied().flatten();
        below.is_some_and(|below| network.sites[site as usize].priority <= below)
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
                    self.waits_at(network, site, network.sites[site as usize].pool)
                        || self.hangs_there(network, ops, at, site, end as usize)
                }
                Op::Spawn { .. } | Op::Work { .. } | Op::Else { .. } | Op::Answer => false,
                Op::Chance { end, .. }
                | Op::Miss { end, .. }
                | Op::Repeat { end, .. }
                | Op::Inside { end, .. }
                | Op::Branch { end } => self.hangs(network, ops, at + 1, end as usize),
                Op::Parallel { join, end } => {
                    let branches = branches_of(ops, at + 1, end as usize);
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

/// Where the queue grows of those who want a station that is asked for more than it can do, if formulas tell. Those who hold
/// one of a limited number of slots while they want it cannot come all at once: the others go on if it can serve them.
fn certain_place(network: &Network, demand: &Demand, analysis: &Analysis, waits: &Waits, station: u32) -> Option<u32> {
    let mut places = waits.places(station);
    if let [place] = places[..] {
        return Some(place);
    }
    let direct = waits.all.iter().filter(|wait| wait.station == station && wait.holders.is_empty());
    let sites: Vec<u32> = direct.map(|wait| wait.site).collect();
    let costs = rates(demand, analysis).into_iter().map(|(flow, rate)| (rate, analysis::cost(network, flow)));
    let of_sites = |cost: &analysis::Cost| -> f64 {
        sites.iter().map(|site| cost.tried[*site as usize]).map(|(tried, held)| tried * held).sum()
    };
    let asked: f64 = costs.map(|(rate, cost)| rate * of_sites(&cost)).sum();
    let is_of_slots = network.stations[station as usize].cores.is_none();
    let servers = network.stations[station as usize].servers()?;
    if is_of_slots && places.contains(&station) && asked >= servers {
        return Some(station);
    }
    places.retain(|place| *place != station);
    if let ([place], true) = (&places[..], is_of_slots) { Some(*place) } else { None }
}

/// The highest priority that waits without end where those wait who want a station that is asked for more than it can do:
/// those above have enough.
fn starved(network: &Network, rates: &[(usize, f64)], Cause { station, place }: Cause) -> u32 {
    if network.stations[place as usize].cores.is_some() {
        // Shared cores know no priority.
        return u32::MAX;
    }
    let servers = network.stations[station as usize].servers().unwrap_or(f64::INFINITY);
    // Who does not wait there takes what he takes.
    let priority = |flow: usize| {
        let calls = network.programs[flow].ops.iter().filter_map(|op| Some(&network.sites[op.call()? as usize]));
        let there = calls.filter(|site| site.to == place || site.pool == place);
        there.map(|site| site.priority).max().unwrap_or(u32::MAX)
    };
    let asks =
        |(flow, rate): &(usize, f64)| (priority(*flow), rate * analysis::cost(network, *flow).demand[station as usize]);
    let mut by_priority: Vec<(u32, f64)> = rates.iter().map(asks).collect();
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
        let mut behind = ops[at..end as usize].iter().filter_map(|op| Some(network.sites[op.call()? as usize].to));
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
fn reacts(network: &Network, demand: &Demand) -> bool {
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
    ops.into_iter().any(|op| op.call().is_some_and(site_reacts))
}
