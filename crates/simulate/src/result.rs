//! The published numbers of a run: of its flows, elements and stations.

use crate::analysis::Analysis;
use crate::engine::SPREAD;
use crate::metric::{Latencies, Latency};
use crate::network::{
    CounterId, Fallback, Network, Op, OpId, SiteId, Station, StationId, Watched, WatcherId, awaited, counter_of,
};
use crate::not_converged::EndlessWait;
use crate::output::{FlowSummary, Followed, SimulationOutput};
use crate::stability::Growing;
use crate::stats::Estimate;
use groma_model::{ElementId, FlowId, ItemRef, Table};
use rustc_hash::FxHashSet;

/// Queues that grow without end, or slots that wait for each other for ever, and who waits for them.
#[derive(Clone, Debug)]
pub struct Endless {
    /// Why.
    pub reason: EndlessWait,
    /// The flows of the load whose requests wait for it.
    pub flows: Vec<FlowId>,
    /// The stations where calls wait without end.
    pub(crate) stations: Vec<StationId>,
    /// Those who watch calls that wait for it.
    pub(crate) watchers: Vec<WatcherId>,
    /// How long was simulated, in seconds, if that does not tell which share is never answered.
    pub(crate) untold: Option<f64>,
}

impl Endless {
    /// Whether calls of a station with this name wait without end.
    pub(crate) fn is_at(&self, station: &str) -> bool {
        match &self.reason {
            EndlessWait::Overload(all) => {
                all.iter().any(|one| one.station == station || one.place.as_deref() == Some(station))
            }
            EndlessWait::Deadlock { circle, .. } => circle.stations.iter().any(|one| one == station),
        }
    }
}

/// What a run tells of a flow. Times in seconds.
#[derive(Clone, Debug)]
pub struct FlowResult {
    /// The flow.
    pub flow: FlowId,
    /// Requests a second that were answered well.
    pub throughput: Option<Estimate>,
    /// The share that failed.
    pub error_rate: Option<Estimate>,
    /// Which share of those answered well rests on a fallback; `None` if hardly any is.
    pub degraded: Option<Degraded>,
    /// The time that requests take.
    pub latency: Latencies<Option<Estimate>>,
    /// The mean time by formula, for an open load without a failure: each station on its own as M/M/c. Exact for
    /// exponential times without nested calls, else an approximation that leaves out retries, timeouts and limits.
    pub mean_by_formula: Option<f64>,
    /// The time until the first part of the answer is there, if it comes in parts.
    pub first_part: Option<Latencies<Option<Estimate>>>,
    /// What became of the requests that began while something failed, if something does.
    pub fates: Option<Fates>,
    /// How the times are spread: shares of requests, and within what time they are answered.
    pub distribution: Vec<(f64, f64)>,
    /// Where the mean goes, call by call.
    pub hops: Vec<Hop>,
}

impl FlowResult {
    /// The same without times: of requests that wait for what never ends.
    /// `output` tells which share is never answered, if that can be told.
    pub(crate) fn without_times(self, output: Option<&SimulationOutput>) -> FlowResult {
        FlowResult {
            error_rate: output.and_then(|output| output.unanswered(counter_of(self.flow))),
            latency: Latencies::default(),
            mean_by_formula: None,
            first_part: self.first_part.map(|_| Latencies::default()),
            distribution: Vec::new(),
            hops: Vec::new(),
            ..self
        }
    }
}

/// Of requests answered well, the shares whose answer rests on less than was meant.
#[derive(Clone, Debug)]
pub struct Degraded {
    /// On a fallback of any kind.
    pub share: Estimate,
    /// On a fallback that serves what was good before: one with a `max-age`.
    pub stale: Estimate,
}

impl SimulationOutput {
    /// Of the requests answered well of a flow: which share rests on a fallback, and which on a stale answer. Where none or
    /// all did, and a fallback might be used, the interval says how rare the other may be. `None` if hardly anything is
    /// answered well.
    pub(crate) fn degraded(&self, network: &Network, counter: CounterId) -> Option<Degraded> {
        Some(Degraded {
            share: self.resting_on_fallback(network, counter, false)?,
            stale: self.resting_on_fallback(network, counter, true)?,
        })
    }
}

impl Degraded {
    /// In words, if any rests on a fallback: `100% degraded, all of it stale`.
    pub fn sentence(&self) -> Option<String> {
        let (all, stale) = (self.share.value, self.stale.value);
        let share = crate::number::share;
        if all == 0.0 {
            return None;
        }
        Some(match stale {
            0.0 => format!("{} degraded", share(all)),
            _ if stale == all => format!("{} degraded, all of it stale", share(all)),
            _ => format!("{} degraded, {} stale", share(all), share(stale)),
        })
    }
}

/// What became of requests, as shares of them.
#[derive(Clone, Copy, Debug)]
pub struct Fates {
    /// They failed.
    pub failed: f64,
    /// They were answered well, but only after the time that is judged.
    pub late: f64,
    /// They were still under way when the watch ended.
    pub left: f64,
    /// Whether they are those that began while something failed, not while a load was watched.
    pub in_failure: bool,
}

impl Fates {
    /// In words.
    pub fn sentence(&self) -> String {
        let share = crate::number::share;
        let (during, after) = match self.in_failure {
            true => ("during the failure", "succeed only after it has ended"),
            false => ("while the load is watched", "succeed after that"),
        };
        let mut told = format!("of the requests that begin {during}, {} fail", share(self.failed));
        if self.late > 0.0 {
            told.push_str(&format!("; {} {after}", share(self.late)));
        }
        if self.left > 0.0 {
            told.push_str(&format!("; {} are still in flight at the end of the run", share(self.left)));
        }
        told
    }
}

/// A call of a flow, and where its time goes: seconds a request of the flow, on average.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The step.
    pub at: ItemRef,
    /// Who is called.
    pub station: String,
    /// Calls a request.
    pub calls: f64,
    /// Waiting for slots, connections and the processor.
    pub wait: f64,
    /// Its own work.
    pub work: f64,
    /// The network.
    pub network: f64,
    /// Retries a call.
    pub retries: f64,
    /// The share of the calls that fail in the end.
    pub(crate) failed: f64,
    /// How long pauses before them are at most, a request.
    pub(crate) pauses: f64,
    /// Whether its caller goes on if it fails.
    pub(crate) goes_on: bool,
    /// Whether somebody waits for it; what goes on by itself takes nobody's time.
    pub is_waited_for: bool,
    /// Whether it is part of a branch, beside others: not all of its time is the request's.
    pub is_beside: bool,
}

/// What a run tells of the calls of an element: those that enter it. Times in seconds, from when a call arrives there until
/// its answer.
#[derive(Clone, Debug)]
pub struct ElementResult {
    /// The element.
    pub element: ElementId,
    /// The flow whose calls are meant, if only one's are.
    pub flow: Option<FlowId>,
    /// Whether calls wait there without end.
    pub is_endless: bool,
    /// Calls a second that were answered well.
    pub throughput: Option<Estimate>,
    /// The share that failed.
    pub error_rate: Option<Estimate>,
    /// Which share of those answered well rests on a fallback; `None` if hardly any is.
    pub degraded: Option<Degraded>,
    /// The time that they take.
    pub latency: Latencies<Option<Estimate>>,
}

/// What a run tells of a station.
#[derive(Clone, Debug)]
pub struct StationResult {
    pub(crate) station: StationId,
    /// What it is called.
    pub name: String,
    /// The element, if it is one.
    pub element: Option<ElementId>,
    /// Its replicas at work in this run, on average.
    pub replicas: f64,
    /// The share of its slots in use; `None` if it has no limit.
    pub utilization: Option<Estimate>,
    /// Requests that wait, on average.
    pub waiting: Option<Estimate>,
    /// Requests a second that come.
    pub rate: Option<Estimate>,
    /// The share that is turned away.
    pub refused: f64,
}

impl StationResult {
    /// The share of its slots in use, in words; nothing is said of what has not settled.
    pub fn in_use(&self) -> String {
        match (&self.utilization, &self.waiting) {
            (Some(used), _) => crate::number::share(used.value),
            (None, Some(_)) => "no limit".to_owned(),
            (None, None) => "-".to_owned(),
        }
    }
}

pub(crate) fn flow_result(
    network: &Network,
    flow: FlowId,
    by_formula: Option<f64>,
    output: &SimulationOutput,
) -> FlowResult {
    let at = counter_of(flow);
    let requests: f64 = output.summaries.iter().map(|one| one.flows[at].answers()).sum();
    let ops = &network.programs[flow].ops;
    let (waited, beside) = (waited_for(ops), beside(ops));
    let hop = |site: SiteId| {
        let sum = |number: &dyn Fn(&crate::engine::SiteCount) -> f64| {
            output.summaries.iter().map(|one| number(&one.sites[site])).sum::<f64>()
        };
        let calls = sum(&|count| count.calls as f64);
        let retries = sum(&|count| count.retries as f64);
        let policy = network.policy_of(site);
        let longest = (0..policy.retries).map(|attempt| policy.pause_before(attempt)).fold(0.0, f64::max);
        Hop {
            at: network.sites[site].at,
            station: network.stations[network.sites[site].to].name.clone(),
            calls: calls / requests,
            wait: sum(&|count| count.wait) / requests,
            work: sum(&|count| count.work) / requests,
            network: sum(&|count| count.network) / requests,
            retries: retries / calls.max(1.0),
            failed: sum(&|count| count.failed as f64) / calls.max(1.0),
            pauses: retries / requests * longest,
            goes_on: policy.fallback != Fallback::None,
            is_waited_for: waited.contains(&site),
            is_beside: beside.contains(&site),
        }
    };
    let mut sites: Vec<SiteId> = ops.iter().filter_map(site_of).collect();
    sites.dedup();
    FlowResult {
        flow: network.programs[flow].flow,
        throughput: output.amount(|summary| summary.served[at] as f64 / summary.seconds),
        error_rate: output.error_rate(network, at),
        degraded: output.degraded(network, at),
        latency: latency(at, output),
        mean_by_formula: by_formula,
        first_part: network.counter_of_first_part(flow).map(|at| latency(at, output)),
        fates: fates(at, output),
        distribution: spread(at, output),
        hops: if requests == 0.0 { Vec::new() } else { sites.into_iter().map(hop).collect() },
    }
}

/// The times of a flow, or of calls that are watched. No percentile is below a smaller one, and as half
/// of all take at least as long as the median, the mean is no less than half of that.
fn latency(counter: CounterId, output: &SimulationOutput) -> Latencies<Option<Estimate>> {
    let mut least = 0.0;
    let quantiles = Latency::QUANTILES.map(|latency| {
        let found = output.time(counter, latency)?.at_least(least);
        least = found.low;
        Some(found)
    });
    let median = quantiles[0].as_ref().map_or(0.0, |median: &Estimate| median.low);
    let mean = output.time(counter, Latency::Mean).map(|mean| mean.at_least(median / 2.0));
    Latencies::new(mean, quantiles)
}

/// What became of the requests of a flow that were followed to their end.
fn fates(counter: CounterId, output: &SimulationOutput) -> Option<Fates> {
    let all: f64 = output.summaries.iter().map(|summary| summary.flows[counter].arrivals as f64).sum();
    let sum = |number: &dyn Fn(&FlowSummary, Followed) -> u64| -> Option<f64> {
        let each =
            output.summaries.iter().map(|one| Some(number(&one.flows[counter], one.flows[counter].followed?) as f64));
        each.sum::<Option<f64>>().filter(|_| all > 0.0).map(|sum| sum / all)
    };
    Some(Fates {
        failed: sum(&|flow, _| flow.failed)?,
        late: sum(&|_, followed| followed.late)?,
        left: sum(&|_, followed| followed.left)?,
        in_failure: output.in_failure,
    })
}

/// What a run tells of the elements whose own calls are judged.
pub(crate) fn element_results(
    network: &Network,
    endless: Option<&Endless>,
    output: &SimulationOutput,
) -> Vec<ElementResult> {
    let result = |(watcher, watched): (WatcherId, &Watched)| {
        let at = network.counter_of_calls(watcher);
        let endless = endless.filter(|endless| endless.watchers.contains(&watcher));
        let is_endless = endless.is_some();
        let error_rate = match endless {
            None => output.error_rate(network, at),
            Some(endless) if endless.untold.is_some() => None,
            Some(_) => output.unanswered(at),
        };
        ElementResult {
            element: watched.element,
            flow: watched.flow,
            is_endless,
            throughput: output.amount(|summary| summary.served[at] as f64 / summary.seconds),
            error_rate,
            degraded: output.degraded(network, at),
            latency: latency(at, output),
        }
    };
    network.watched.entries().map(result).collect()
}

/// The quantiles of a flow, averaged over the replications; empty if one had no answer.
fn spread(counter: CounterId, output: &SimulationOutput) -> Vec<(f64, f64)> {
    let mean = |at: usize| {
        let all = output.summaries.iter().map(|one| one.flows[counter].spread[at]);
        all.sum::<f64>() / output.summaries.len() as f64
    };
    let points = SPREAD.iter().enumerate().map(|(at, share)| (*share, mean(at)));
    points.filter(|(_, time)| time.is_finite()).collect()
}

/// The calls of a program that a request waits for.
fn waited_for(ops: &Table<Op>) -> FxHashSet<SiteId> {
    awaited(ops, OpId::FIRST..ops.end()).into_iter().filter_map(|at| site_of(&ops[at])).collect()
}

/// The calls and work of branches.
fn beside(ops: &Table<Op>) -> FxHashSet<SiteId> {
    let (mut found, mut until) = (FxHashSet::default(), OpId::FIRST);
    for (at, op) in ops.entries() {
        if let Op::Parallel { end, .. } = op {
            until = until.max(*end);
        }
        found.extend(site_of(op).filter(|_| at < until));
    }
    found
}

fn site_of(op: &Op) -> Option<SiteId> {
    op.call().or(op.work())
}

pub(crate) fn station_results(
    network: &Network,
    analysis: &Analysis,
    growing: &Growing,
    output: &SimulationOutput,
) -> Vec<StationResult> {
    let arrivals = |at: StationId| output.summaries.iter().map(|one| one.stations[at].arrivals).sum::<u64>();
    let result = |at: StationId| {
        let station = &network.stations[at];
        let refused = output.summaries.iter().map(|one| one.stations[at].refused).sum::<u64>();
        StationResult {
            station: at,
            name: station.name.clone(),
            element: station.element,
            replicas: replicas(station, at, output),
            utilization: output.utilization(network, at),
            // A queue that grows has no length.
            waiting: output.waiting(at).filter(|_| !growing.is_at(at)),
            rate: output.amount(|one| one.stations[at].arrivals as f64 / one.seconds),
            refused: refused as f64 / (arrivals(at) as f64).max(1.0),
        }
    };
    let expected: Vec<StationId> = analysis.stations.iter().map(|busy| busy.station).collect();
    // Some are only asked when something fails.
    let others = network.stations.ids().filter(|at| !expected.contains(at) && arrivals(*at) > 0);
    expected.iter().copied().chain(others).map(result).collect()
}

/// The replicas of a station that are at work, on average over time and replications: not those that a failure has lost.
fn replicas(station: &Station, at: StationId, output: &SimulationOutput) -> f64 {
    let found = output.estimate(|one| one.stations[at].replicas / one.seconds);
    found.map_or(f64::from(station.replicas), |found| (found.value * 100.0).round() / 100.0)
}
