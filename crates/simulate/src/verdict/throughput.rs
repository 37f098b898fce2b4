//! How much is served, and how much can be.

use super::behind::BehindLimit;
use super::not_asked;
use super::reason::{Basis, Served, ServedAtLimit, Unknown};
use crate::analysis::{Analysis, reachable};
use crate::brief::served_at;
use crate::capacity::{self, BoundBehind, ThroughputBound};
use crate::forecast::Run;
use crate::metric::Latency;
use crate::network::{CounterId, Network, SiteId, StationId, Watched, counter_of};
use crate::requirement::Requirement;
use crate::result::FlowResult;
use crate::run::Options;
use crate::stability::waits_with_slots;
use crate::stats::Estimate;
use groma_model::{Architecture, FlowId};
use std::sync::atomic::AtomicBool;

/// The share of what is asked for that must be answered well if a throughput is to hold.
const MIN_SERVED_SHARE: f64 = 0.99;

/// Up to how many users none waits for another.
pub(super) fn users_at_ease(analysis: &Analysis) -> Result<(Estimate, Basis), Unknown> {
    let knee = analysis.knee.ok_or(Unknown::NoKnee)?;
    let station = first_full(analysis)?;
    Ok((Estimate::exact(knee), Basis::Knee { station }))
}

/// The name of what is the first to be fully used.
fn first_full(analysis: &Analysis) -> Result<String, Unknown> {
    analysis.first_full.clone().ok_or(Unknown::NoLimit)
}

/// How much can be served of what is asked for: what can be told by formula, and simulated where it must be, with so many events.
pub(super) fn can_be_served(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: &Run,
    (options, cancel): (&Options, &AtomicBool),
) -> (Result<(Estimate, Basis), Unknown>, u64) {
    match reckoned(arch, network, one, run) {
        Reckoned::Told(found) => (found, 0),
        Reckoned::MayBeLess(AtLimit { counters, needed, most }) => {
            let asked = (&counters[..], needed, one.limit);
            let (served, events) = served_at(arch, network, run.load, asked, options, cancel);
            (served.map_err(Unknown::from).and_then(|served| served_of(one.limit, served, most)), events)
        }
    }
}

/// What can be told of a throughput without another simulation.
enum Reckoned {
    /// How much can be served, or why nobody knows.
    Told(Result<(Estimate, Basis), Unknown>),
    /// No more than this, and less may be.
    MayBeLess(AtLimit),
}

impl From<Unknown> for Reckoned {
    fn from(unknown: Unknown) -> Reckoned {
        Reckoned::Told(Err(unknown))
    }
}

/// What must be simulated to tell whether as much is served as is required.
struct AtLimit {
    /// What counts what a requirement is about.
    counters: Vec<CounterId>,
    /// So many requests of the load must come a second.
    needed: f64,
    /// What is fully used first, and with how much, if anything ever is.
    most: Option<(String, f64)>,
}

/// What formulas and the run tell of how much can be served. Long because what is asked first decides.
fn reckoned(arch: &Architecture, network: &Network, one: &Requirement, run: &Run) -> Reckoned {
    let analysis = &run.analysis;
    let beside = asked_beside(network, one, run);
    let (share, counters) = counted(network, one, analysis, beside.flatten().unwrap_or(0.0));
    if beside.is_some_and(|beside| share == 0.0 || beside.is_none_or(|beside| beside >= one.limit)) {
        if let Some(reason) = run.not_simulated() {
            return Unknown::from(reason.clone()).into();
        }
        let Some(own) = served_as_asked(one, run) else { return Unknown::NoFlowMeant.into() };
        let basis = served(one, &own, run, meant(one, run));
        return Reckoned::Told(Ok((own, Basis::Served(basis))));
    }
    // What loads beside it ask for counts too, and comes as it is.
    let beside = beside.flatten().unwrap_or(0.0);
    let needed = (one.limit - beside) / share;
    if share == 0.0 && one.of.is_none() {
        return not_asked(arch, run).into();
    }
    if share == 0.0 {
        return Unknown::NobodyComes.into();
    }
    let limit = limit_of(network, one, &run.at_most);
    let own = served_as_asked(one, run);
    // The last request is on its way when the recording ends, and counts if it is answered well in the end.
    let is_late = run.flows().iter().any(|flow| flow.fates.is_some_and(|fates| fates.late > 0.0));
    let late = if is_late { 1.0 / run.effort.seconds } else { 0.0 };
    let recorded = own.clone().filter(|_| analysis.is_recorded).map(|served| served.plus(late));
    if let Some(served) = recorded.filter(|served| served.low >= one.limit) {
        return Reckoned::Told(Ok((served, Basis::Served(Served::Recorded))));
    }
    // In the long run no more is served than what all of it keeps up with, as a queue would grow: that of work behind answers as well.
    if let Some(BehindLimit { station, most, .. }) = behind_limit(network, one, run).filter(|behind| behind.is_counted)
    {
        return if most > one.limit && may_be_less(network, analysis) {
            Reckoned::MayBeLess(AtLimit { counters, needed, most: Some((station, most)) })
        } else {
            Reckoned::Told(Ok((Estimate::exact(most), Basis::Capacity { station })))
        };
    }
    let Some(full) = limit.station.map(|at| network.stations[at].name.clone()) else {
        // Nothing on the way has a limit: what is asked for is served, and nothing says how much more could be.
        let enough = own.filter(|served| served.low >= one.limit && analysis.first_full.is_some());
        return match enough {
            Some(served) => Reckoned::Told(Ok((served, Basis::Served(Served::Simulated)))),
            // Limits of rates and the like turn away what is too much, though nothing is ever fully used.
            None if may_be_less(network, analysis) => Reckoned::MayBeLess(AtLimit { counters, needed, most: None }),
            None => Unknown::NoLimit.into(),
        };
    };
    let capacity = counted(network, one, &run.at_most, beside).0 * limit.rate + beside;
    // Whoever goes before others gets more than his share of what can be served.
    if let Some(served) = own.filter(|served| served.low > capacity) {
        return Reckoned::Told(Ok((served, Basis::Served(Served::MoreThanShare))));
    }
    if capacity > one.limit && may_be_less(network, analysis) {
        return Reckoned::MayBeLess(AtLimit { counters, needed, most: Some((full, capacity)) });
    }
    Reckoned::Told(Ok((Estimate::exact(capacity), Basis::Capacity { station: full })))
}

/// How much of what a requirement names loads beside the one that is judged ask for, a second: `None` if they do not, or no
/// number of it if that changes or depends on how long it takes.
fn asked_beside(network: &Network, one: &Requirement, run: &Run) -> Option<Option<f64>> {
    if one.flow.is_none() && one.of.is_none() {
        return None;
    }
    let each = run.flows_beside.iter().filter_map(|(flow, rate)| {
        let times = times_meant(network, one, run, *flow);
        (times > 0.0).then(|| rate.map(|rate| times * rate))
    });
    let all: Vec<Option<f64>> = each.collect();
    (!all.is_empty()).then(|| all.into_iter().sum())
}

/// How many of what a requirement names come for each request of a flow: the flow itself, or its calls.
fn times_meant(network: &Network, one: &Requirement, run: &Run, flow: FlowId) -> f64 {
    if one.flow.is_some_and(|own| own != flow) {
        return 0.0;
    }
    let Some(element) = one.of else { return 1.0 };
    let Some(watcher) = network.watcher(Watched { element, flow: one.flow }) else { return 0.0 };
    let is_watched = |site: &SiteId| network.sites[*site].watchers.contains(&watcher);
    let ops = &network.programs[flow].ops;
    let mut sites: Vec<SiteId> = ops.iter().filter_map(|op| op.enters()).filter(is_watched).collect();
    sites.sort_unstable();
    sites.dedup();
    let analysis = &run.analysis;
    let own = analysis.mix.iter().filter(|(at, _)| *at == flow).map(|(_, share)| share * analysis.rate);
    let beside = run.flows_beside.iter().filter(|(at, _)| *at == flow).filter_map(|(_, rate)| *rate);
    let requests: f64 = own.chain(beside).sum();
    sites.into_iter().map(|site| analysis.calls[site]).sum::<f64>() / requests
}

/// Whether less may be answered well than is reckoned: where nothing fails, is given up or turned away, and no slot waits for
/// another, as much is.
fn may_be_less(network: &Network, analysis: &Analysis) -> bool {
    let may_fail = |(flow, _): &(FlowId, f64)| network.may_fail(counter_of(*flow));
    let flows = analysis.mix.iter().map(|(flow, _)| *flow);
    analysis.mix.iter().any(may_fail) || waits_with_slots(network, flows)
}

/// What was answered well of the flows that a requirement is about.
pub(super) fn was_served<'r>(
    network: &Network,
    one: &Requirement,
    run: &Run,
    chosen: impl Iterator<Item = &'r FlowResult>,
) -> Result<(Estimate, Basis), Unknown> {
    let chosen: Vec<&FlowResult> = chosen.collect();
    let all: Vec<Estimate> = chosen.iter().filter_map(|result| result.throughput.clone()).collect();
    let all = Estimate::sum(&all).ok_or(Unknown::NoFlowMeant)?.at_least_nothing();
    // What users set off and do not wait for may come faster than it is done.
    if let Some(BehindLimit { station, most, .. }) =
        behind_limit(network, one, run).filter(|behind| behind.is_counted && behind.most < all.value)
    {
        return Ok((Estimate::exact(most), Basis::Capacity { station }));
    }
    let basis = served(one, &all, run, chosen.iter().map(|result| &result.error_rate));
    Ok((all, Basis::Served(basis)))
}

/// The share of requests that succeeds and more means nearly all of them.
const NEARLY_ALL: f64 = 0.99;

/// Which requests were counted as served, and if they are too few, whether the load asks for no more.
fn served<'r>(
    one: &Requirement,
    found: &Estimate,
    run: &Run,
    mut error_rates: impl Iterator<Item = &'r Option<Estimate>>,
) -> Served {
    let is_well = |rate: &Option<Estimate>| rate.as_ref().is_some_and(|rate| rate.value <= 1.0 - NEARLY_ALL);
    match one.failure {
        Some(_) => Served::InFailure,
        None if !one.upper && found.value < one.limit && !is_slowed(run) && error_rates.all(is_well) => {
            Served::AllAsked
        }
        None => Served::All,
    }
}

/// Users who wait for what is so much in use ask for less than they would.
const BUSY: f64 = 0.8;

/// Of so large a share of the time of a request those who ask again when it is answered would have asked more without it.
const MUCH_WAITING: f64 = 0.1;

/// Whether those who ask may ask for less because they wait: for a slot, or for anything so much in use that it may be what limits them.
fn is_slowed(run: &Run) -> bool {
    let waits = |flow: &FlowResult| {
        let waiting: f64 = flow.hops.iter().filter(|hop| hop.is_waited_for).map(|hop| hop.wait).sum();
        flow.latency[Latency::Mean].as_ref().is_some_and(|mean| waiting > MUCH_WAITING * mean.value)
    };
    run.flows().iter().any(waits) || is_busy(run)
}

/// Whether anything that somebody waits for is so much in use that it may be what limits who asks.
fn is_busy(run: &Run) -> bool {
    let is_awaited = |id: StationId| run.analysis.stations.iter().any(|one| one.station == id && one.awaited > 0.0);
    run.stations().iter().any(|station| {
        station.utilization.as_ref().is_some_and(|used| used.value > BUSY) && is_awaited(station.station)
    })
}

/// Which shares fail of what a requirement is about.
fn meant<'r>(one: &'r Requirement, run: &'r Run) -> impl Iterator<Item = &'r Option<Estimate>> {
    let of_calls = run.elements().iter().filter(|result| one.of == Some(result.element) && one.flow == result.flow);
    let of_flows = run.flows().iter().filter(|result| one.of.is_none() && one.flow == Some(result.flow));
    of_calls.map(|result| &result.error_rate).chain(of_flows.map(|result| &result.error_rate))
}

/// What can be told of a throughput where calls are given up, tried again or turned away: so much is served of what is
/// required, as simulated. With more it may be less, and no more than all can serve; without a limit nobody knows how much more.
fn served_of(limit: f64, served: Estimate, most: Option<(String, f64)>) -> Result<(Estimate, Basis), Unknown> {
    if served.high < MIN_SERVED_SHARE * limit {
        let basis = at_limit_of(limit, &served, None);
        return Ok((served, Basis::AtLimit(basis)));
    }
    let (first, capacity) = most.ok_or(Unknown::NoLimit)?;
    let basis = at_limit_of(limit, &served, Some((first, capacity)));
    let low = if served.low >= MIN_SERVED_SHARE * limit { limit } else { served.low };
    Ok((Estimate { value: limit, low, high: capacity, ..served }, Basis::AtLimit(basis)))
}

fn at_limit_of(limit: f64, served: &Estimate, most: Option<(String, f64)>) -> ServedAtLimit {
    ServedAtLimit { limit, share: served.value / limit, most }
}

/// What nobody waits for of what a throughput is about, if it keeps up with less than could be answered. While something fails it
/// catches up later, and is not looked at.
pub(super) fn behind_limit(network: &Network, one: &Requirement, run: &Run) -> Option<BehindLimit> {
    if one.failure.is_some() || run.at_most.rate == 0.0 {
        return None;
    }
    let analysis = &run.at_most;
    let at_most = network.at(&reachable(network, analysis));
    let bound = match one.of {
        Some(element) => {
            capacity::behind_calls(&at_most, analysis, network.watcher(Watched { element, flow: one.flow })?)
        }
        None => {
            let meant = analysis.mix.iter().filter(|(at, _)| one.flow.is_none_or(|flow| flow == *at));
            let bounds = meant.filter_map(|(at, _)| capacity::behind_flow(&at_most, analysis, *at));
            bounds.reduce(BoundBehind::lower)
        }
    }?;
    let answers = limit_of(network, one, analysis);
    let beside = asked_beside(network, one, run).flatten().unwrap_or(0.0);
    let required = |rate: f64| counted(network, one, analysis, beside).0 * rate + beside;
    (bound.rate < answers.rate).then(|| BehindLimit {
        station: network.stations[bound.station].name.clone(),
        from: bound.from.map(|from| network.stations[from].name.clone()),
        most: required(bound.rate),
        answers: answers.station.map(|_| required(answers.rate)),
        grows: bound.grows,
        // A recording comes to its end, and with it the queue.
        is_counted: bound.grows && one.of.is_none() && !analysis.is_recorded,
    })
}

/// How much can be served of the mix so that those go on whom a requirement is about.
fn limit_of(network: &Network, one: &Requirement, analysis: &Analysis) -> ThroughputBound {
    let network = network.at(&reachable(network, analysis));
    if let Some(element) = one.of {
        let watcher = network.watcher(Watched { element, flow: one.flow });
        return watcher.map_or(ThroughputBound::NONE, |watcher| capacity::of_calls(&network, analysis, watcher));
    }
    let meant = analysis.mix.iter().filter(|(at, _)| one.flow.is_none_or(|flow| flow == *at));
    meant.map(|(at, _)| capacity::of_flow(&network, analysis, *at)).fold(ThroughputBound::NONE, ThroughputBound::or)
}

/// What is answered well of a flow or of the calls of an element, as it is asked for.
fn served_as_asked(one: &Requirement, run: &Run) -> Option<Estimate> {
    match (one.of, one.flow) {
        (Some(element), flow) => {
            let result = run.elements().iter().find(|result| result.element == element && result.flow == flow);
            result.and_then(|result| result.throughput.clone())
        }
        (None, Some(flow)) => run.flows().iter().find(|result| result.flow == flow)?.throughput.clone(),
        (None, None) => None,
    }
}

/// How many of what a requirement is about come for each request of the load, and which counters count them. So many `beside`
/// come of loads beside it.
fn counted(network: &Network, one: &Requirement, analysis: &Analysis, beside: f64) -> (f64, Vec<CounterId>) {
    let Some(element) = one.of else {
        let meant = analysis.mix.iter().filter(|(at, _)| one.flow.is_none_or(|flow| flow == *at));
        return (meant.clone().map(|(_, share)| share).sum(), meant.map(|(at, _)| counter_of(*at)).collect());
    };
    let Some(watcher) = network.watcher(Watched { element, flow: one.flow }) else { return (0.0, Vec::new()) };
    let calls = network.sites.iter().zip(&analysis.calls).filter(|(site, _)| site.watchers.contains(&watcher));
    let calls: f64 = calls.map(|(_, calls)| calls).sum();
    ((calls - beside).max(0.0) / analysis.rate, vec![network.counter_of_calls(watcher)])
}
