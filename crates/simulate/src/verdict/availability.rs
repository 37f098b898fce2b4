//! The availability of flows and elements, from the facts alone.

use super::reason::{Basis, Unknown};
use super::{Verdict, against};
use crate::network::{
    ExpectedResponse, Fallback, Network, Op, OpId, Program, SiteId, Station, StationId, Watched, awaited, branches_of,
    cases_of, idle,
};
use crate::reliability;
use crate::requirement::Requirement;
use crate::spread::at_least;
use crate::stats::Estimate;
use crate::takeover::{IdleStandby, Succession, takeover};
use groma_model::decode::FactValue;
use groma_model::{Architecture, ElementId, FlowId, Level, Per, Table, facts};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The availability that a requirement is about, at best, and what it rests on. `None` if facts are missing.
pub fn predicted_availability(arch: &Architecture, network: &Network, one: &Requirement) -> Option<(f64, Basis)> {
    availability(arch, network, one).ok().map(|(estimate, basis)| (estimate.high, basis))
}

/// The availability of a flow, or of the calls to an element: of the worst of them.
pub(super) fn availability(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
) -> Result<(Estimate, Basis), Unknown> {
    let wants = match one.of {
        Some(of) => calls_into(network, Watched { element: of, flow: one.flow }),
        None => {
            let programs = network.programs.entries().filter(|(at, _)| one.flow.is_none_or(|flow| flow == *at));
            programs.map(|(flow, one)| Want { flow, place: OpId::FIRST..one.ops.end(), call: None }).collect()
        }
    };
    if let (Some(of), true) = (one.of, wants.is_empty()) {
        return declared_availability(arch, network, (of, one));
    }
    let mut worst: Option<(Share, Basis)> = None;
    let mut unsure = Vec::new();
    for want in wants {
        let Available { up, weakest, idle, without_repair } = available(arch, network, &want)?;
        unsure.extend(without_repair);
        let so_far = worst.as_ref().map_or(Share::exactly(1.0), |(least, _)| *least);
        if worst.is_none() || up.low < so_far.low {
            let flow = arch.title(arch.flows[want.flow].at).to_owned();
            let title = |site: SiteId| arch.label(network.sites[site].at).unwrap_or("a call").to_owned();
            let basis = Basis::Weakest { call: want.call.map(title), flow, station: weakest, idle };
            worst = Some((Share { low: up.low, high: up.high.min(so_far.high) }, basis));
        } else if let Some((least, _)) = &mut worst {
            least.high = least.high.min(up.high);
        }
    }
    let (up, basis) = worst.ok_or(Unknown::NoFlow)?;
    Ok((up.estimate(one, unsure)?, basis))
}

/// A share of time of which the least and the most are known.
#[derive(Clone, Copy)]
struct Share {
    low: f64,
    high: f64,
}

impl Share {
    fn exactly(share: f64) -> Share {
        Share { low: share, high: share }
    }

    /// The estimate of an availability, by the least that it can be. Where it is between the two whether a requirement holds, that is
    /// unknown, for want of the repair times of these elements.
    fn estimate(self, one: &Requirement, mut without_repair: Vec<String>) -> Result<Estimate, Unknown> {
        let estimate = Estimate { low: self.low, high: self.high, ..Estimate::exact(self.low) };
        if self.low < self.high && against(one, &estimate) == Verdict::TooClose {
            without_repair.sort_unstable();
            without_repair.dedup();
            return Err(Unknown::RepairTimes { elements: without_repair, low: self.low, high: self.high });
        }
        Ok(estimate)
    }
}

/// What is known of how much of the time something is answered well.
struct Available {
    up: Share,
    /// The name of the weakest station on the way, if any may be gone.
    weakest: Option<String>,
    /// What has a standby that nobody says takes over.
    idle: Vec<IdleStandby>,
    /// The paths of elements of which it is not known how much of a failure passes until another has taken over.
    without_repair: Vec<String>,
}

/// What an element itself promises, where no flow comes to it.
fn declared_availability(
    arch: &Architecture,
    network: &Network,
    (of, one): (ElementId, &Requirement),
) -> Result<(Estimate, Basis), Unknown> {
    let placements = &network.placements;
    let said = arch.quantity(arch.element(of).at, &facts::element::REPLICAS);
    let at_work = said.map(|said| placements.at_work_of(of, (said.low as u32, said.high.min(1e6) as u32)));
    let replicas = at_work.or_else(|| placements.replicas(of)).map_or(1, |(low, _)| low.max(1));
    let gone = unavailability(arch, network, of, replicas);
    let path = || arch.element(of).path.to_string();
    let gone = gone.ok_or_else(|| Unknown::Availability { element: path() })?;
    let up = Share { low: 1.0 - gone.high, high: 1.0 - gone.low };
    let idle = IdleStandby::of(arch, placements, of, &[]);
    Ok((up.estimate(one, vec![path()])?, Basis::Declared { idle }))
}

/// Something that must be answered well: operations of a program, and the call that they are, if they are one.
struct Want {
    flow: FlowId,
    place: Range<OpId>,
    call: Option<SiteId>,
}

/// The calls that enter an element.
fn calls_into(network: &Network, watched: Watched) -> Vec<Want> {
    let Some(watcher) = network.watcher(watched) else { return Vec::new() };
    let mut found = Vec::new();
    for (flow, program) in network.programs.entries() {
        for (at, op) in program.ops.entries() {
            let (Op::Call { site, end } | Op::Inside { site, end }) = *op else { continue };
            if network.sites[site].watchers.contains(&watcher) {
                found.push(Want { flow, place: at.next()..end, call: Some(site) });
            }
        }
    }
    found
}

/// The share of time that something is answered well.
fn available(arch: &Architecture, network: &Network, want: &Want) -> Result<Available, Unknown> {
    // The most of the time that each may be gone, and the least.
    let (mut gone, mut least) = (network.stations.beside(0.0), network.stations.beside(0.0));
    let (mut unknown, mut without_repair, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    let mut repairs = network.stations.beside(None);
    for at in stations(network, want) {
        let station = &network.stations[at];
        let Some(element) = station.unit() else { continue };
        repairs[at] = arch.quantity(arch.element(element).at, &facts::element::MTTR).map(|time| time.low);
        let share = match station.copies_of {
            Some(_) => unavailability_of_copies(arch, element, station.range.0),
            None => {
                idle.extend(IdleStandby::of(arch, &network.placements, element, &[]));
                unavailability(arch, network, element, station.range.0)
            }
        };
        match share {
            Some(share) => {
                (least[at], gone[at]) = (share.low, share.high);
                if share.low < share.high {
                    without_repair.push(arch.element(element).path.to_string());
                }
            }
            None => unknown.push(at),
        }
    }
    // What it can do without, whatever else is there, need not be known.
    let matters = |at: &StationId| {
        let mut others = gone.clone();
        unknown.iter().for_each(|at| others[*at] = 0.5);
        let [there, away] = [0.25, 0.75].map(|share| {
            others[*at] = share;
            works(network, want, &others, &repairs)
        });
        (there - away).abs() > 1e-12
    };
    let missing: Vec<String> = unknown
        .iter()
        .filter(|at| matters(at))
        .filter_map(|at| network.stations[*at].unit())
        .map(|element| arch.element(element).path.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(Unknown::Availabilities { elements: missing });
    }
    let up = Share { low: works(network, want, &gone, &repairs), high: works(network, want, &least, &repairs) };
    let better = |at: StationId| {
        let mut gone = gone.clone();
        gone[at] = 0.0;
        works(network, want, &gone, &repairs)
    };
    let unsure = gone.ids().filter(|at| gone[*at] > 0.0);
    let weakest = unsure.max_by(|a, b| better(*a).total_cmp(&better(*b)).then(b.cmp(a)));
    Ok(Available { up, weakest: weakest.map(|at| network.stations[at].name.clone()), idle, without_repair })
}

/// The stations that something comes to and waits for.
fn stations(network: &Network, want: &Want) -> Vec<StationId> {
    let ops = &network.programs[want.flow].ops;
    let mut found: Vec<StationId> = want.call.map(|site| network.sites[site].to).into_iter().collect();
    let asked = |at: OpId| ops[at].call().map(|site| network.sites[site].to).or(ops[at].cache());
    found.extend(awaited(ops, want.place.clone()).into_iter().filter_map(asked));
    found.sort_unstable();
    found.dedup();
    found
}

/// So many combinations of stations are looked at, at most.
const MOST_COMBINED: usize = 20_000;

/// The share of time that something can be had, if each station is gone for its share of time, independently of the others.
/// Exact, unless more than fourteen or so stations may be gone each of which it can do without: then failure sets are
/// enumerated by size, smallest first, up to [`MOST_COMBINED`], and the remainder is extrapolated from the last size.
fn works(network: &Network, want: &Want, gone: &Per<Station, f64>, repairs: &Per<Station, Option<f64>>) -> f64 {
    let Program { ops, expected, .. } = &network.programs[want.flow];
    let succeeds = |without: &[StationId]| {
        let is_up = |station: StationId| !without.contains(&station);
        let itself = want.call.map_or(1.0, |site| {
            let called = &network.sites[site];
            if is_up(called.to) { 1.0 - called.error_rate } else { 0.0 }
        });
        itself * Path { network, ops, expected, is_up: &is_up, repairs }.works(want.place.start, want.place.end)
    };
    // What it cannot do without must be there whatever else is.
    let unsure = gone.ids().filter(|at| gone[*at] > 0.0);
    let (needed, unsure): (Vec<StationId>, Vec<StationId>) = unsure.partition(|at| succeeds(&[*at]) == 0.0);
    let share: f64 = needed.iter().map(|at| 1.0 - gone[*at]).product();
    let all_up: f64 = unsure.iter().map(|at| 1.0 - gone[*at]).product();
    let (mut works, mut seen, mut looked_at) = (0.0, 0.0, 0);
    // The combinations with so many gone: which, how likely, and from where on others may be added.
    let mut level: Vec<(Vec<StationId>, f64, usize)> = vec![(Vec::new(), all_up, 0)];
    while !level.is_empty() {
        let likely: f64 = level.iter().map(|(_, chance, _)| chance).sum();
        let work: f64 = level.iter().map(|(without, chance, _)| chance * succeeds(without)).sum();
        (works, seen, looked_at) = (works + work, seen + likely, looked_at + level.len());
        let next: usize = level.iter().map(|(.., from)| unsure.len() - from).sum();
        if looked_at + next > MOST_COMBINED || all_up == 0.0 {
            works += (1.0 - seen).max(0.0) * if likely > 0.0 { work / likely } else { 0.0 };
            break;
        }
        let more = |(without, chance, from): &(Vec<StationId>, f64, usize)| {
            let added = |at: usize| {
                let station = unsure[at];
                let without = without.iter().copied().chain([station]).collect();
                (without, chance / (1.0 - gone[station]) * gone[station], at + 1)
            };
            (*from..unsure.len()).map(added).collect::<Vec<_>>()
        };
        level = level.iter().flat_map(more).collect();
    }
    share * works
}

/// A program, while some stations are there and others are not.
struct Path<'a> {
    network: &'a Network,
    ops: &'a Table<Op>,
    /// How likely calls are made a second time.
    expected: &'a FxHashMap<OpId, ExpectedResponse>,
    is_up: &'a dyn Fn(StationId) -> bool,
    /// How long the repair of each station takes on average, in seconds, where that is known.
    repairs: &'a Per<Station, Option<f64>>,
}

impl Path<'_> {
    /// How likely the operations from one to before another succeed, until they are answered.
    fn works(&self, start: OpId, end: OpId) -> f64 {
        let (mut at, mut share) = (start, 1.0);
        while at < end && !matches!(self.ops[at], Op::Answer) {
            let (works, next) = self.op(at);
            share *= works;
            at = next.max(at.next());
        }
        share
    }

    fn op(&self, at: OpId) -> (f64, OpId) {
        match self.ops[at] {
            Op::Work { .. } | Op::Branch { .. } | Op::Case { .. } | Op::Answer | Op::Part => (1.0, at.next()),
            Op::Either { end, .. } => {
                let cases = cases_of(self.ops, at.next(), end).into_iter();
                (cases.map(|case| case.share * self.works(case.start, case.end)).sum(), end)
            }
            Op::Inside { end, .. } => (self.works(at.next(), end), end),
            Op::Else { end } | Op::Spawn { end } => (1.0, end),
            Op::Call { site, end } => {
                let called = &self.network.sites[site];
                let policy = self.network.policy_of(site);
                let one =
                    if (self.is_up)(called.to) { self.works(at.next(), end) * (1.0 - called.error_rate) } else { 0.0 };
                // What fails by chance is tried again; what is gone stays so.
                let tries = if policy.retried.errors { policy.retries + 1 } else { 1 };
                // The second of two calls is made if the first is not answered in time, and each may be answered well.
                let again = policy.hedge.and(self.expected.get(&at)).map_or(0.0, |expected| expected.again);
                let fails = (1.0 - one) * (1.0 - again * one);
                let itself = 1.0 - libm::pow(fails, f64::from(tries));
                let (instead, after) = match (policy.fallback, self.ops.get(end)) {
                    (Fallback::None, _) => return (itself, end),
                    (Fallback::Station(_), Some(Op::Else { end: after })) => (self.works(end.next(), *after), *after),
                    (Fallback::GoOn | Fallback::Station(_), _) => (1.0, end),
                };
                let fresh = policy.max_age.map_or(1.0, |most| self.fresh(called.to, at.next()..end, most));
                (itself + (1.0 - itself) * fresh * instead, after)
            }
            Op::Chance { share, end, .. } => (1.0 - share * (1.0 - self.works(at.next(), end)), end),
            Op::Miss { hit, cache, end, .. } => {
                let hit = if cache.is_none_or(self.is_up) { hit } else { 0.0 };
                (1.0 - (1.0 - hit) * (1.0 - self.works(at.next(), end)), end)
            }
            Op::Repeat { count, end, .. } => (count.all_well(self.works(at.next(), end)), end),
            Op::Parallel { join, end } => (self.branches(join as usize, at.next(), end), end),
        }
    }
}

impl Path<'_> {
    /// The share of the time that a call to a station, with what it does there, cannot be answered well in which the last good
    /// answer is no older than so many seconds. What fails by chance had one just before. What is gone stays so for an
    /// exponential time: the share of it that is spent in the first `most` seconds of each repair is `1 - exp(-most / mttr)`.
    fn fresh(&self, to: StationId, inside: Range<OpId>, most: f64) -> f64 {
        let called = self.ops.between(inside.start, inside.end).iter();
        let called = called.filter_map(|op| Some(self.network.sites[op.call()?].to));
        let gone = called.chain([to]).filter(|station| !(self.is_up)(*station));
        let one = |station: StationId| self.repairs[station].map_or(0.0, |mean| 1.0 - libm::exp(-most / mean));
        gone.map(one).fold(1.0, f64::min)
    }
}

impl Path<'_> {
    /// How likely enough of the branches between two places are answered well, of those that have something to wait for.
    fn branches(&self, join: usize, start: OpId, end: OpId) -> f64 {
        let hits = |cache: Option<StationId>, hit: f64| if cache.is_none_or(self.is_up) { hit } else { 0.0 };
        // How likely each takes no part, and if it does, how likely it succeeds.
        let branches: Vec<(f64, f64)> = branches_of(self.ops, start, end)
            .into_iter()
            .map(|(from, to)| (idle(self.ops, from, to, &hits), self.works(from, to)))
            .filter(|(idle, _)| *idle < 1.0)
            .map(|(idle, works)| (idle, ((works - idle) / (1.0 - idle)).clamp(0.0, 1.0)))
            .collect();
        let unsure: Vec<usize> = (0..branches.len()).filter(|at| branches[*at].0 > 0.0).take(MOST_UNSURE).collect();
        let case = |case: usize| {
            let is_idle = |at: &usize| unsure.iter().position(|one| one == at).is_some_and(|nth| case >> nth & 1 == 1);
            let likely = |at: &usize| if is_idle(at) { branches[*at].0 } else { 1.0 - branches[*at].0 };
            let taking: Vec<(f64, u32)> =
                (0..branches.len()).filter(|at| !is_idle(at)).map(|at| (branches[at].1, 1)).collect();
            unsure.iter().map(likely).product::<f64>() * at_least(join.min(taking.len()), &taking)
        };
        (0..1 << unsure.len()).map(case).sum()
    }
}

/// Of so many branches it is looked at whether they have something to wait for or not.
const MOST_UNSURE: usize = 10;

/// How much of the time one replica of an element is there, as far as that is said.
fn of_one_replica(arch: &Architecture, element: ElementId) -> Option<f64> {
    let given = |fact| arch.quantity(arch.element(element).at, fact).map(|quantity| quantity.low);
    match (given(&facts::element::AVAILABILITY), given(&facts::element::MTBF), given(&facts::element::MTTR)) {
        (Some(share), ..) => Some(share),
        (None, Some(mtbf), Some(mttr)) => Some(reliability::from_mtbf(mtbf, mttr)),
        _ => None,
    }
}

/// The share of the failures of an element that take all its replicas at once.
fn common_cause(arch: &Architecture, element: ElementId) -> f64 {
    arch.quantity(arch.element(element).at, &facts::element::COMMON_CAUSE).map_or(0.0, |quantity| quantity.low)
}

/// The share of time that none of the read replicas of an element is there. Any of them answers: nothing has to take over.
fn unavailability_of_copies(arch: &Architecture, element: ElementId, copies: u32) -> Option<Share> {
    let one = of_one_replica(arch, element)?;
    Some(Share::exactly(reliability::with_common_cause(1, copies.max(1), one, common_cause(arch, element))))
}

/// The share of time that an element is not there, over all its replicas and those that take over from them. It lies between two
/// where a takeover takes time and no `mttr` says how long a failure lasts otherwise.
fn unavailability(arch: &Architecture, network: &Network, element: ElementId, replicas: u32) -> Option<Share> {
    let at = arch.element(element).at;
    let given = |fact| arch.quantity(at, fact).map(|quantity| quantity.low);
    if arch.element(element).level == Level::Person {
        return Some(Share::exactly(0.0));
    }
    let one = of_one_replica(arch, element)?;
    let needed =
        arch.part(at, &facts::element::REPLICAS, &facts::element::NEEDED).and_then(FactValue::number).unwrap_or(1.0)
            as u32;
    let beta = common_cause(arch, element);
    let takeover = takeover(arch, &network.placements, element, &[]);
    let succession = Succession::of(arch, element);
    if succession == Succession::Nobody {
        return Some(Share::exactly(reliability::with_common_cause(needed, needed, one, beta)));
    }
    let spares = takeover.map_or(0, |one| one.standbys.saturating_add(one.copies));
    let count = replicas.saturating_add(spares).max(needed);
    // Until another has taken over, what failed is missed.
    let in_charge = succession.in_charge(needed, replicas);
    // From what takes all of them at once none takes over.
    let alone = 1.0 - (1.0 - beta) * (1.0 - one);
    let switching = |of_one: f64| match count > needed {
        true => f64::from(in_charge) * of_one * reliability::at_least(needed, count - 1, alone),
        false => 0.0,
    };
    let (low, high) = match given(&facts::element::MTTR) {
        Some(mttr) => [reliability::switching(alone, mttr, takeover.map_or(0.0, |one| one.after)); 2].into(),
        None => (0.0, 1.0 - alone),
    };
    let gone = reliability::with_common_cause(needed, count, one, beta);
    let [low, high] = [low, high].map(|of_one| (gone + switching(of_one)).min(1.0));
    Some(Share { low, high })
}
