//! How much of a mix can be served to those who wait for it.

use crate::analysis::Analysis;
use crate::network::{
    Fallback, Network, Op, OpId, SiteId, StationId, WatcherId, after, awaited, branches_of, cases_of,
};
use crate::stability::{Wait, Waits};
use groma_model::{FlowId, Table};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// How many requests a second of a mix can be served, and the station that is the first to be fully used; infinite and `None`
/// if nothing on the way has a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThroughputBound {
    pub(crate) rate: f64,
    pub(crate) station: Option<StationId>,
}

impl ThroughputBound {
    pub(crate) const NONE: ThroughputBound = ThroughputBound { rate: f64::INFINITY, station: None };

    /// The lower of two.
    pub(crate) fn or(self, other: ThroughputBound) -> ThroughputBound {
        if other.rate < self.rate { other } else { self }
    }
}

/// What those wait for who want a flow; what is done without them limits nobody. Autoscalers are at the most that they
/// come to in the network.
pub(crate) fn of_flow(network: &Network, analysis: &Analysis, flow: FlowId) -> ThroughputBound {
    let ops = &network.programs[flow].ops;
    Way { network, analysis, ops }.between(OpId::FIRST, ops.end())
}

/// What the calls wait for that somebody watches, from their arrival to their answer.
pub(crate) fn of_calls(network: &Network, analysis: &Analysis, watcher: WatcherId) -> ThroughputBound {
    let is_watched = |site: SiteId| network.sites[site].watchers.contains(&watcher);
    let of_flow = |(flow, _): &(FlowId, f64)| {
        let ops = &network.programs[*flow].ops;
        let way = Way { network, analysis, ops };
        let own = ops.entries().filter_map(|(at, op)| {
            if let Op::Call { site, end } = *op {
                is_watched(site).then(|| way.called(site, at, end))
            } else if let Op::Inside { site, end } = *op {
                is_watched(site).then(|| way.between(at.next(), end))
            } else {
                None
            }
        });
        own.fold(ThroughputBound::NONE, ThroughputBound::or)
    };
    analysis.mix.iter().map(of_flow).fold(ThroughputBound::NONE, ThroughputBound::or)
}

/// A station that works behind the answers, where nobody waits for it, and with how many requests a second of the mix it keeps up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoundBehind {
    pub(crate) rate: f64,
    pub(crate) station: StationId,
    /// Who calls it there.
    pub(crate) from: Option<StationId>,
    /// Whether its queue grows with more; else what is more is turned away or gives up.
    pub(crate) grows: bool,
}

impl BoundBehind {
    /// The lower of two.
    pub(crate) fn lower(self, other: BoundBehind) -> BoundBehind {
        if other.rate < self.rate { other } else { self }
    }
}

/// What keeps up with the least of what is set off behind the answers of a flow, if anything there has a limit.
pub(crate) fn behind_flow(network: &Network, analysis: &Analysis, flow: FlowId) -> Option<BoundBehind> {
    let whole = OpId::FIRST..network.programs[flow].ops.end();
    behind(network, analysis, flow, &[whole])
}

/// The same behind the answers to the calls that somebody watches.
pub(crate) fn behind_calls(network: &Network, analysis: &Analysis, watcher: WatcherId) -> Option<BoundBehind> {
    let is_watched = |site: SiteId| network.sites[site].watchers.contains(&watcher);
    let of_flow = |(flow, _): &(FlowId, f64)| {
        let calls = network.programs[*flow].ops.entries().filter_map(|(at, op)| match *op {
            Op::Call { site, end } | Op::Inside { site, end } if is_watched(site) => Some(at.next()..end),
            _ => None,
        });
        behind(network, analysis, *flow, &calls.collect::<Vec<_>>())
    };
    analysis.mix.iter().filter_map(of_flow).reduce(BoundBehind::lower)
}

/// What keeps up with the least behind the answers of some parts of a flow. What goes before others at a station may keep up
/// when they do not, and is no bound.
fn behind(network: &Network, analysis: &Analysis, flow: FlowId, parts: &[Range<OpId>]) -> Option<BoundBehind> {
    let ops = &network.programs[flow].ops;
    let way = Way { network, analysis, ops };
    let waited: FxHashSet<OpId> = parts.iter().flat_map(|part| awaited(ops, part.clone())).collect();
    let is_behind = |wait: &&Wait| parts.iter().any(|part| part.contains(&wait.op)) && !waited.contains(&wait.op);
    let goes_first = |wait: &Wait| {
        let own = &network.sites[wait.site];
        network.sites.iter().any(|other| other.to == own.to && other.priority < own.priority)
    };
    let turns_away = |at: StationId| {
        let station = &network.stations[at];
        station.queue_limit.is_some() || station.patience.is_some()
    };
    let bound = |wait: &Wait| {
        let ThroughputBound { rate, station } = way.station(wait.station);
        let queue = wait.holders.first().copied().unwrap_or(wait.station);
        let grows = !turns_away(queue) && !turns_away(wait.station);
        Some(BoundBehind { rate, station: station?, from: network.sites[wait.site].from, grows })
    };
    let waits = Waits::of_flow(network, flow).all;
    let bounds = waits.iter().filter(is_behind).filter(|wait| !goes_first(wait)).filter_map(bound);
    bounds.reduce(BoundBehind::lower)
}

/// The way of a flow.
struct Way<'a> {
    network: &'a Network,
    analysis: &'a Analysis,
    ops: &'a Table<Op>,
}

impl Way<'_> {
    /// The operations from one to before another, until they are answered.
    fn between(&self, start: OpId, end: OpId) -> ThroughputBound {
        let (mut at, mut found) = (start, ThroughputBound::NONE);
        while at < end && !matches!(self.ops[at], Op::Answer) {
            found = found.or(self.of(at));
            at = after(self.ops, at);
        }
        found
    }

    fn of(&self, at: OpId) -> ThroughputBound {
        match self.ops[at] {
            Op::Call { site, end } => {
                let called = &self.network.sites[site];
                let policy = self.network.policy_of(site);
                if policy.timeout.is_some() && policy.fallback != Fallback::None {
                    // Whoever gives up goes on without it.
                    return ThroughputBound::NONE;
                }
                called.pool.map_or(ThroughputBound::NONE, |pool| self.station(pool)).or(self.called(site, at, end))
            }
            Op::Spawn { .. } | Op::Work { .. } | Op::Else { .. } | Op::Answer | Op::Part => ThroughputBound::NONE,
            Op::Chance { end, .. }
            | Op::Miss { end, .. }
            | Op::Repeat { end, .. }
            | Op::Inside { end, .. }
            | Op::Case { end, .. }
            | Op::Branch { end } => self.between(at.next(), end),
            Op::Either { end, .. } => {
                let cases = cases_of(self.ops, at.next(), end).into_iter();
                cases.map(|case| self.between(case.start, case.end)).fold(ThroughputBound::NONE, ThroughputBound::or)
            }
            Op::Parallel { join, end } => {
                // So many branches are enough: those with the most room.
                let branches = branches_of(self.ops, at.next(), end).into_iter();
                let mut limits: Vec<ThroughputBound> = branches.map(|(from, to)| self.between(from, to)).collect();
                limits.sort_by(|one, other| other.rate.total_cmp(&one.rate));
                (join as usize)
                    .checked_sub(1)
                    .and_then(|last| limits.get(last))
                    .copied()
                    .unwrap_or(ThroughputBound::NONE)
            }
        }
    }

    /// A call that has arrived where it goes to.
    fn called(&self, site: SiteId, at: OpId, end: OpId) -> ThroughputBound {
        let to = self.network.sites[site].to;
        let hosts = self.network.stations[to].runs_on.iter();
        let hosts = hosts.map(|(host, _)| self.station(*host)).fold(ThroughputBound::NONE, ThroughputBound::or);
        self.station(to).or(hosts).or(self.between(at.next(), end))
    }

    fn station(&self, at: StationId) -> ThroughputBound {
        let busy = self.analysis.stations.iter().find(|busy| busy.station == at);
        let servers = self.network.stations[at].servers();
        match (busy, servers) {
            (Some(busy), Some(servers)) if busy.own > 0.0 => {
                let room = (servers - busy.beside).max(0.0);
                ThroughputBound { rate: self.analysis.rate * room / busy.own, station: Some(at) }
            }
            _ => ThroughputBound::NONE,
        }
    }
}
