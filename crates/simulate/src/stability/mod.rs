//! Who cannot keep up with what is asked for, who waits for whom in a circle, and whose answers never come because of it.

mod circles;
mod waits;

use crate::analysis::{self, Analysis};
use crate::demand::{Asked, Demand};
use crate::network::{
    Balance, Network, Op, OpId, SiteId, Station, StationId, WatcherId, after, behind_answers, branches_of,
};
pub use circles::{circles, named_circle};
use groma_model::{FlowId, Per, Table};
pub(crate) use waits::{Wait, Waits, waits_with_slots};

/// Stations where more comes than is served, and nothing is turned away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growing {
    /// Of each station, from which priority down calls wait without end, if any do.
    below: Per<Station, Option<u32>>,
    /// What cannot serve enough.
    pub(crate) causes: Vec<Cause>,
}

/// Where a queue grows, and because of whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cause {
    /// The station that cannot serve what is asked of it.
    pub(crate) station: StationId,
    /// The station or pool whose queue grows: where those wait who are kept from coming to it.
    pub(crate) place: StationId,
}

/// As much as is asked for is as much as can be done, but for rounding.
const ROUNDING: f64 = 1e-9;

/// A station is seen to be fully used if no more of its time than this is left.
const FULL: f64 = 0.99;

/// The stations that are asked for all they can do or more, as far as formulas tell: whether their queues grow is seen when
/// they are simulated, as what stands before them may let fewer through.
fn overloaded<'a>(network: &'a Network, analysis: &'a Analysis) -> impl Iterator<Item = StationId> + 'a {
    let is_full = |busy: &&analysis::StationLoad| {
        let servers = network.stations[busy.station].servers();
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
    in_use: &dyn Fn(StationId) -> f64,
) -> Vec<StationId> {
    let expected: Vec<StationId> = overloaded(network, analysis).collect();
    let is_one = |at: &StationId| {
        let station = &network.stations[*at];
        let is_used = |at: StationId| expected.contains(&at) || in_use(at) > FULL;
        // Of replicas with queues of their own those on a host may be full, and others not.
        let has_full_hosts =
            || network.balance(*at).is_some() && station.runs_on.iter().any(|(host, _)| is_used(*host));
        let is_full = is_used(*at) || has_full_hosts();
        station.servers().is_some()
            && station.patience.is_none()
            && is_full
            && waits.most_at(network, *at).is_infinite()
    };
    network.stations.ids().filter(is_one).collect()
}

impl Growing {
    /// What grows without end for certain: where those wait who want the station that is asked for most, where nothing that its
    /// flows come to turns away, holds back or gives up.
    pub(crate) fn certain(network: &Network, demand: &Demand, analysis: &Analysis) -> Growing {
        let mut growing = Growing { below: network.stations.beside(None), causes: Vec::new() };
        let is_over = |at: &StationId| {
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
    pub(crate) fn found(&mut self, network: &Network, demand: &Demand, analysis: &Analysis, places: &[StationId]) {
        let (rates, waits) = (rates(demand, analysis), Waits::of(network, demand));
        self.below.fill_up(network.stations.len(), None);
        for place in places {
            if self.causes.iter().any(|cause| cause.place == *place) {
                continue;
            }
            let because = |station: &StationId| waits.places(*station).contains(place);
            let station = overloaded(network, analysis).find(because).unwrap_or(*place);
            self.causes.push(Cause { station, place: *place });
            self.below[*place] = Some(starved(network, &rates, Cause { station, place: *place }));
        }
        self.spread(network, &waits);
    }

    /// Adds stations that nobody leaves any more.
    pub(crate) fn add(&mut self, network: &Network, demand: &Demand, stations: &[StationId]) {
        self.below.fill_up(network.stations.len(), None);
        for station in stations {
            self.below[*station] = Some(u32::MAX);
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
    pub(crate) fn is_at(&self, station: StationId) -> bool {
        self.below.get(station).is_some_and(Option::is_some)
    }

    /// Whether requests of a flow wait for something without end.
    pub(crate) fn holds_up(&self, network: &Network, flow: FlowId) -> bool {
        let ops = &network.programs[flow].ops;
        self.hangs(network, ops, OpId::FIRST, ops.end())
    }

    /// Whether calls that somebody watches wait for something without end, from when they have arrived until they are answered.
    pub(crate) fn holds_up_calls(&self, network: &Network, flows: &[FlowId], watcher: WatcherId) -> bool {
        let is_watched = |site: SiteId| network.sites[site].watchers.contains(&watcher);
        flows.iter().any(|flow| {
            let ops = &network.programs[*flow].ops;
            ops.entries().any(|(at, op)| match *op {
                Op::Call { site, end } if is_watched(site) => self.hangs_there(network, ops, at, site, end),
                Op::Inside { site, end } if is_watched(site) => self.hangs(network, ops, at.next(), end),
                Op::Call { .. }
                | Op::Inside { .. }
                | Op::Work { .. }
                | Op::Spawn { .. }
                | Op::Chance { .. }
                | Op::Miss { .. }
                | Op::Repeat { .. }
                | Op::Else { .. }
                | Op::Parallel { .. }
                | Op::Branch { .. }
                | Op::Either { .. }
                | Op::Case { .. }
                | Op::Answer
                | Op::Part => false,
            })
        })
    }

    /// Whoever holds a slot while he waits without end leaves it to nobody. Where all slots may come to be held like that,
    /// whoever wants one waits without end as well.
    fn spread(&mut self, network: &Network, waits: &Waits) {
        loop {
            let kept = |at: &StationId| -> f64 {
                let here = waits.all.iter().filter(|wait| wait.station == *at);
                let hanging = here.filter(|wait| self.keeps_slot(network, wait));
                hanging.map(|wait| wait.most(network)).sum()
            };
            let is_held = |at: &StationId| {
                let slots = network.stations[*at].concurrency.and(network.stations[*at].slots());
                // Where each replica has its own, those of one are enough.
                let slots = slots.map(|slots| f64::from(slots) / network.queues(*at));
                slots.is_some_and(|slots| !self.is_at(*at) && kept(at) >= slots)
            };
            let held: Vec<StationId> = network.stations.ids().filter(is_held).collect();
            if held.is_empty() {
                return;
            }
            held.into_iter().for_each(|at| self.below[at] = Some(u32::MAX));
        }
    }

    /// Whether a call that got the slot that it waited for waits for something else without end while it holds that.
    fn keeps_slot(&self, network: &Network, wait: &Wait) -> bool {
        let ops = &network.programs[wait.flow].ops;
        let Op::Call { site, end } = ops[wait.op] else { return false };
        if network.sites[site].pool == Some(wait.station) {
            return self.hangs_there(network, ops, wait.op, site, end);
        }
        called_hosts(network, wait.station).any(|host| self.is_at(host))
            || self.hangs(network, ops, wait.op.next(), end)
            || behind_answers(ops, wait.op.next(), end).into_iter().any(|(from, to)| self.hangs(network, ops, from, to))
    }

    /// Whether a call that has come to whom it is for waits without end for its answer.
    fn hangs_there(&self, network: &Network, ops: &Table<Op>, at: OpId, site: SiteId, end: OpId) -> bool {
        let to = network.sites[site].to;
        self.waits_at(network, site, to)
            || called_hosts(network, to).any(|host| self.waits_at(network, site, host))
            || self.hangs(network, ops, at.next(), end)
    }

    /// Whether a call waits at a station without end.
    fn waits_at(&self, network: &Network, site: SiteId, station: StationId) -> bool {
        let below = self.below.get(station).copied().flatten();
        below.is_some_and(|below| network.sites[site].priority <= below)
    }

    /// Whether the operations from one to before another, until they are answered, wait for something without end.
    fn hangs(&self, network: &Network, ops: &Table<Op>, start: OpId, end: OpId) -> bool {
        let mut at = start;
        while at < end && !matches!(ops[at], Op::Answer) {
            let next = after(ops, at);
            let hangs = match ops[at] {
                // Whoever gives up goes on.
                Op::Call { site, .. } if gives_up(network, site) => false,
                Op::Call { site, end } => {
                    network.sites[site].pool.is_some_and(|pool| self.waits_at(network, site, pool))
                        || self.hangs_there(network, ops, at, site, end)
                }
                Op::Spawn { .. } | Op::Work { .. } | Op::Else { .. } | Op::Answer | Op::Part => false,
                Op::Chance { end, .. }
                | Op::Miss { end, .. }
                | Op::Repeat { end, .. }
                | Op::Inside { end, .. }
                | Op::Either { end, .. }
                | Op::Case { end, .. }
                | Op::Branch { end } => self.hangs(network, ops, at.next(), end),
                Op::Parallel { join, end } => {
                    let branches = branches_of(ops, at.next(), end);
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
fn called_hosts(network: &Network, station: StationId) -> impl Iterator<Item = StationId> + '_ {
    network.stations[station].runs_on.iter().map(|(host, _)| *host)
}

/// How often each flow of a demand comes a second, as far as can be told.
fn rates(demand: &Demand, analysis: &Analysis) -> Vec<(FlowId, f64)> {
    let of = |(one, rate): (&Asked, f64)| {
        let flows = one.flows();
        let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
        flows.iter().map(|(flow, weight)| (*flow, rate * weight / total)).collect::<Vec<_>>()
    };
    demand.all().zip(analysis.rates.iter().copied()).flat_map(of).collect()
}

/// Where the queue grows of those who want a station that is asked for more than it can do, if formulas tell. Those who hold
/// one of a limited number of slots while they want it cannot come all at once: the others go on if it can serve them.
fn certain_place(
    network: &Network,
    demand: &Demand,
    analysis: &Analysis,
    waits: &Waits,
    station: StationId,
) -> Option<StationId> {
    let mut places = waits.places(station);
    if let [place] = places[..] {
        return Some(place);
    }
    let direct = waits.all.iter().filter(|wait| wait.station == station && wait.holders.is_empty());
    let sites: Vec<SiteId> = direct.map(|wait| wait.site).collect();
    let costs = rates(demand, analysis).into_iter().map(|(flow, rate)| (rate, analysis::cost(network, flow)));
    let of_sites = |cost: &analysis::Cost| -> f64 {
        sites.iter().map(|site| cost.tried[*site]).map(|(tried, held)| tried * held).sum()
    };
    let asked: f64 = costs.map(|(rate, cost)| rate * of_sites(&cost)).sum();
    let is_of_slots = network.stations[station].cores.is_none();
    let servers = network.stations[station].servers()?;
    if is_of_slots && places.contains(&station) && asked >= servers {
        return Some(station);
    }
    places.retain(|place| *place != station);
    if let ([place], true) = (&places[..], is_of_slots) { Some(*place) } else { None }
}

/// The highest priority that waits without end where those wait who want a station that is asked for more than it can do:
/// those above have enough.
fn starved(network: &Network, rates: &[(FlowId, f64)], Cause { station, place }: Cause) -> u32 {
    if network.stations[place].cores.is_some() {
        // Shared cores know no priority.
        return u32::MAX;
    }
    let servers = network.stations[station].servers().unwrap_or(f64::INFINITY);
    // Who does not wait there takes what he takes.
    let priority = |flow: FlowId| {
        let calls = network.programs[flow].ops.iter().filter_map(|op| Some(&network.sites[op.call()?]));
        let there = calls.filter(|site| site.to == place || site.pool == Some(place));
        there.map(|site| site.priority).max().unwrap_or(u32::MAX)
    };
    let asks = |(flow, rate): &(FlowId, f64)| (priority(*flow), rate * analysis::cost(network, *flow).demand[station]);
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
pub(crate) fn prone(network: &Network, analysis: &Analysis) -> Option<StationId> {
    let in_use = |at: StationId| {
        let busy = analysis.stations.iter().find(|busy| busy.station == at);
        busy.and_then(|busy| busy.utilization).filter(|in_use| *in_use < 1.0)
    };
    let of_call = |ops: &Table<Op>, at: OpId| {
        let Op::Call { site, end } = ops[at] else { return None };
        let policy = network.policy_of(site);
        let is_stormy = policy.timeout.is_some() && policy.retried.timeouts && policy.breaker.is_none();
        if !is_stormy || policy.retries == 0 || policy.bulkhead.is_some() {
            return None;
        }
        let budget = policy.budget.map_or(f64::INFINITY, |budget| budget.for_each_call(1.0));
        let tries = 1.0 + budget.min(f64::from(policy.retries));
        let mut behind = ops.between(at, end).iter().filter_map(|op| Some(network.sites[op.call()?].to));
        behind.find(|station| in_use(*station).is_some_and(|in_use| in_use * tries >= 1.0))
    };
    let flows = analysis.mix.iter().map(|(flow, _)| &network.programs[*flow].ops);
    flows.flat_map(|ops| ops.ids().filter_map(move |at| of_call(ops, at))).next()
}

/// Whether a call is given up after a while.
fn gives_up(network: &Network, site: SiteId) -> bool {
    network.policy_of(site).timeout.is_some()
}

/// Whether anything that the flows of a demand come to turns requests away, holds them back, gives up or turns to another
/// host, so that fewer may come to what stands behind it.
fn reacts(network: &Network, demand: &Demand) -> bool {
    // Only of users it is known who asks.
    let are_users = demand.all().any(Asked::is_closed);
    let station_reacts = |at: StationId| {
        let station = &network.stations[at];
        station.queue_limit.is_some()
            || station.rate_limit.is_some()
            || matches!(station.balance, Some(Balance::LeastConnections | Balance::TwoChoices))
                && station.runs_on.len() > 1
            || are_users && station.user_limit.is_some()
            || station.patience.is_some()
    };
    let site_reacts = |site: SiteId| {
        let called = &network.sites[site];
        let policy = network.policy_of(site);
        policy.bulkhead.is_some()
            || policy.breaker.is_some()
            || policy.timeout.is_some()
            || station_reacts(called.to)
            || called.pool.is_some_and(station_reacts)
    };
    let ops = demand.flows().into_iter().flat_map(|flow| &network.programs[flow].ops);
    ops.into_iter().any(|op| op.call().is_some_and(site_reacts))
}
