//! Verdicts: what each quality demands, what comes out, and why.

use crate::analysis::Analysis;
use crate::capacity::{self, Limit};
use crate::curve::{LoadCurve, against_load, served_at};
use crate::declared::{availability, declared_recovery};
use crate::forecast::{Run, simulate};
use crate::load::analytic_network;
use crate::metric::Metric;
use crate::network::Network;
use crate::requirement::Watched;
use crate::requirement::{Requirement, requirements};
use crate::result::{ElementResult, Endless, FlowResult};
use crate::run::Options;
use crate::stability::waits_with_slots;
use crate::stats::Estimate;
use groma_model::{Architecture, FlowId, ItemRef};
use std::sync::atomic::AtomicBool;

/// How a requirement fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The whole interval is on the right side of the limit.
    Holds,
    /// The whole interval is on the wrong side.
    Fails,
    /// The interval straddles the limit.
    TooClose,
    /// A fact is missing.
    Unknown,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::TooClose => "too close to call",
            Verdict::Unknown => "cannot be told",
        }
    }
}

/// One `require` of a quality, judged.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The quality.
    pub quality: ItemRef,
    /// Where its `require` stands.
    pub range: groma_base::Range,
    /// What is measured.
    pub metric: Metric,
    /// The flow that it is measured on, if it is one.
    pub flow: Option<FlowId>,
    /// What it is measured on, in words.
    pub subject: String,
    /// The load under which it is judged, as one of the architecture's records; `None` if no load has a say in it.
    pub load: Option<usize>,
    /// The failure during which it is judged, likewise.
    pub failure: Option<usize>,
    /// The limit, in seconds, per second, or as a share.
    pub limit: f64,
    /// Whether the value must be below the limit.
    pub upper: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// The value, with its interval.
    pub estimate: Option<Estimate>,
    /// How it was found, or what is missing.
    pub reason: String,
    /// Which of the runs it rests on.
    pub run: Option<usize>,
    /// The titles of the load and the failure of that run.
    pub when: Option<String>,
}

impl Judgement {
    /// What is demanded, in words: `p95 of Search products under 200 ms, at "The peak"`.
    pub fn demand(&self) -> String {
        let side = if self.upper { "under" } else { "over" };
        let limit = crate::number::of_metric(self.metric, self.limit);
        let when = self.when.as_ref().map(|when| format!(", at {when}")).unwrap_or_default();
        format!("{} of {} {side} {limit}{when}", self.metric, self.subject)
    }

    /// Whether what the limit leaves is what counts: of a share near one.
    pub fn is_of_rest(&self) -> bool {
        !self.upper && self.limit > 0.5 && self.limit < 1.0
    }

    /// How far the value is from the limit, as a share of the limit (for availabilities, of what the limit leaves for
    /// failures); negative on the wrong side.
    pub fn margin(&self) -> Option<f64> {
        let value = self.estimate.as_ref()?.value;
        if self.is_of_rest() {
            return Some((value - self.limit) / (1.0 - self.limit));
        }
        let share = (self.limit - value) / self.limit;
        Some(if self.upper { share } else { -share })
    }
}

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Each requirement of each quality, in the order of the text.
    pub judgements: Vec<Judgement>,
    /// The loads that were simulated.
    pub runs: Vec<Run>,
    /// How times follow each load, if that was asked for.
    pub curves: Vec<LoadCurve>,
}

impl Report {
    /// Adds how times follow each load that was simulated without a failure.
    pub fn add_curves(&mut self, arch: &Architecture, options: &Options, cancel: &AtomicBool) {
        let loads = self.runs.iter().filter(|run| run.failure.is_none()).map(|run| run.load);
        self.curves = loads.filter_map(|load| against_load(arch, load, options, cancel)).collect();
    }

    /// How many judgements have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.judgements.iter().filter(|one| one.verdict == verdict).count()
    }
}

/// Told how far the work is: which run of how many, and the share of it that is done.
pub type Progress<'a> = &'a (dyn Fn(usize, usize, f64) + Sync);

/// Judges every quality of an architecture.
pub fn judge(arch: &Architecture, options: &Options, cancel: &AtomicBool, progress: Progress<'_>) -> Report {
    judge_some(arch, &|_| true, options, cancel, progress)
}

/// Judges those requirements that are wanted, and simulates only what they need.
pub fn judge_some(
    arch: &Architecture,
    is_wanted: &dyn Fn(&Requirement) -> bool,
    options: &Options,
    cancel: &AtomicBool,
    progress: Progress<'_>,
) -> Report {
    let network = Network::new(arch);
    let demanded: Vec<Requirement> = requirements(arch).into_iter().filter(|one| is_wanted(one)).collect();
    let mut wanted: Vec<(usize, Option<usize>)> =
        demanded.iter().filter(|one| one.metric.needs_run()).filter_map(|one| Some((one.load?, one.failure))).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut report = Report { judgements: Vec::new(), runs: Vec::new(), curves: Vec::new() };
    for (nth, (load, failure)) in wanted.iter().enumerate() {
        let own: Vec<&Requirement> =
            demanded.iter().filter(|one| one.load == Some(*load) && one.failure == *failure).collect();
        let told = |share| progress(nth, wanted.len(), share);
        report.runs.push(simulate(arch, &network, (*load, *failure), &own, options, cancel, &told));
    }
    let judged = |one: &Requirement| judgement(arch, &network, one, &wanted, &report.runs, (options, cancel));
    report.judgements = demanded.iter().map(judged).collect();
    let unsettled = report.runs.iter_mut().filter(|run| run.unsettled.is_some());
    unsettled.for_each(|run| run.withhold(arch, &network));
    report
}

/// Judges one requirement, as numbered in [`requirements`], and simulates only what it needs: with how many events. `None` if
/// there is none of this number.
pub fn judge_one(arch: &Architecture, nth: usize, options: &Options, cancel: &AtomicBool) -> Option<(Judgement, u64)> {
    let network = Network::new(arch);
    let demanded = requirements(arch);
    let one = demanded.get(nth)?;
    let wanted: Vec<_> =
        one.load.filter(|_| one.metric.needs_run()).map(|load| (load, one.failure)).into_iter().collect();
    let simulated = wanted.iter().map(|pair| simulate(arch, &network, *pair, &[one], options, cancel, &|_| {}));
    let runs: Vec<Run> = simulated.collect();
    let events = runs.iter().map(|run| run.events).sum();
    Some((judgement(arch, &network, one, &wanted, &runs, (options, cancel)), events))
}

fn judgement(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    wanted: &[(usize, Option<usize>)],
    runs: &[Run],
    how: (&Options, &AtomicBool),
) -> Judgement {
    let subject = match (one.flow, one.of) {
        (Some(flow), Some(of)) => {
            format!("{} in {}", arch.element_title(of), arch.title(arch.flows[flow.index()].at))
        }
        (Some(flow), _) => arch.title(arch.flows[flow.index()].at).to_owned(),
        (None, Some(of)) => arch.element_title(of).to_owned(),
        (None, None) => "every flow".to_owned(),
    };
    let run = one.load.and_then(|load| wanted.iter().position(|pair| *pair == (load, one.failure)));
    let run = run.filter(|_| one.metric.needs_run());
    let found = match one.metric {
        Metric::Availability => availability(arch, &analytic_network(arch), one),
        Metric::Team => {
            let told = "how many people a system needs is not forecast: `team` says how many there are, and nothing yet says how much work there is";
            Err(told.to_owned())
        }
        Metric::DataLoss => declared_recovery(arch, one),
        Metric::RecoveryTime => recovery_time(arch, one, run.map(|at| &runs[at])),
        Metric::Latency(_)
        | Metric::Throughput
        | Metric::Users
        | Metric::ErrorRate
        | Metric::Success
        | Metric::Utilization
        | Metric::Queue => match run.map(|at| &runs[at]) {
            None => Err("no `load` is declared: how much is asked of the system is not known".to_owned()),
            Some(run) => measured(arch, network, one, run, how),
        },
    };
    let (verdict, estimate, reason) = match found {
        Err(reason) => (Verdict::Unknown, None, reason),
        Ok((estimate, reason)) => {
            match (against(one, &estimate), run.and_then(|at| runs[at].unsettled(arch, network, one))) {
                // What is too good already may become worse; what is too bad becomes no better. Neither has a number yet.
                (Verdict::Holds | Verdict::TooClose, Some(unsettled)) if one.metric.is_of_state() => {
                    (Verdict::Unknown, None, unsettled)
                }
                // What never ends is none the less told.
                (Verdict::Fails, Some(unsettled)) if one.metric.is_of_state() && estimate.value.is_finite() => {
                    let limit = crate::number::of_metric(one.metric, one.limit);
                    (Verdict::Fails, None, format!("it is beyond {limit} already, and {unsettled}"))
                }
                (verdict, _) => (verdict, Some(estimate), reason),
            }
        }
    };
    Judgement {
        quality: one.quality,
        range: one.range,
        metric: one.metric,
        flow: one.flow,
        subject,
        load: one.load.filter(|_| one.metric.needs_run()),
        failure: one.failure,
        limit: one.limit,
        upper: one.upper,
        verdict,
        estimate,
        reason,
        run,
        when: run.map(|at| circumstances(arch, &runs[at])),
    }
}

/// The titles of a run's load and failure.
fn circumstances(arch: &Architecture, run: &Run) -> String {
    let load = arch.title(arch.records[run.load].at);
    match run.failure {
        Some(failure) => format!("\"{load}\" while \"{}\"", arch.title(arch.records[failure].at)),
        None => format!("\"{load}\""),
    }
}

fn against(one: &Requirement, estimate: &Estimate) -> Verdict {
    let (good, bad) = if one.upper {
        (estimate.high <= one.limit, estimate.low > one.limit)
    } else {
        (estimate.low >= one.limit, estimate.high < one.limit)
    };
    match (good, bad) {
        (true, _) => Verdict::Holds,
        (_, true) => Verdict::Fails,
        _ => Verdict::TooClose,
    }
}

/// What is missing where a throughput cannot be told.
const NO_LIMIT: &str = "no `concurrency`, `cpu` or `pool` is given on the way: nothing says how much it can serve";

/// The share of what is asked for that must be answered well if a throughput is to hold.
const MIN_SERVED_SHARE: f64 = 0.99;

/// What can be told of a throughput where calls are given up, tried again or turned away: so much is served of what is
/// required, as simulated. With more it may be less, and no more than all can serve.
fn served_of(limit: f64, capacity: f64, served: Estimate, first: String) -> (Estimate, String) {
    let asked = crate::number::of_metric(Metric::Throughput, limit);
    let of_it = crate::number::share(served.value / limit);
    let told = format!("as simulated, {of_it} of {asked} is answered well");
    if served.high < MIN_SERVED_SHARE * limit {
        return (served, told);
    }
    let most = crate::number::of_metric(Metric::Throughput, capacity);
    let reason =
        format!("{told}; more may wait for others, be given up or turned away, and {first} can serve {most} at most");
    let low = if served.low >= MIN_SERVED_SHARE * limit { limit } else { served.low };
    (Estimate { value: limit, low, high: capacity, ..served }, reason)
}

/// What a run tells about a requirement, and how that was found.
fn measured(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: &Run,
    (options, cancel): (&Options, &AtomicBool),
) -> Result<(Estimate, String), String> {
    let analysis = &run.analysis;
    if let (Some(reason), true) = (&run.refused, analysis.rate == 0.0) {
        return Err(reason.clone());
    }
    let limits = || analysis.first_full.clone().ok_or_else(|| NO_LIMIT.to_owned());
    if one.metric == Metric::Users {
        let knee = analysis.knee.ok_or("a load of `users` with `think` is needed, and a limit on the way")?;
        return Ok((Estimate::exact(knee), format!("from there on they wait for each other at {}", limits()?)));
    }
    // What is served while something fails, or by users who wait for each other, is simulated; else what can be served is
    // reckoned, and simulated where it must be.
    if one.metric == Metric::Throughput && one.failure.is_none() && !analysis.is_closed {
        let (share, counters) = counted(network, one, analysis);
        if share == 0.0 && one.of.is_none() {
            return Err(not_asked(arch, run));
        }
        if share == 0.0 {
            return Err("no flow of the load comes there".to_owned());
        }
        let limit = limit_of(network, one, analysis);
        let own = served_as_asked(one, run);
        let Some(full) = limit.station.map(|at| network.stations[at as usize].name.clone()) else {
            // Nothing on the way has a limit: what is asked for is served, and nothing says how much more could be.
            let enough = own.filter(|served| served.low >= one.limit && analysis.first_full.is_some());
            return match enough {
                Some(served) => Ok((served, "what is answered well, as simulated".to_owned())),
                None => limits().and_then(|_| Err(NO_LIMIT.to_owned())),
            };
        };
        let capacity = share * limit.rate;
        let first = format!("what can be served in this mix: {full} is the first to be fully used");
        // Whoever goes before others gets more than his share of what can be served.
        if let Some(served) = own.filter(|served| served.low > capacity) {
            return Ok((served, "what is answered well, more than its share of what can be served".to_owned()));
        }
        // Where nothing fails, is given up or turned away, and no slot waits for another, as much is answered as is reckoned.
        let may_fail = |(flow, _): &(usize, f64)| network.may_fail(*flow);
        let flows = analysis.mix.iter().map(|(flow, _)| *flow as u32);
        let may_be_less = analysis.mix.iter().any(may_fail) || waits_with_slots(network, flows);
        if capacity > one.limit && may_be_less {
            let counters = (&counters[..], one.limit / share, one.limit);
            let at_limit = served_at(arch, network, run.load, counters, options, cancel)?;
            return Ok(served_of(one.limit, capacity, at_limit, full));
        }
        return Ok((Estimate::exact(capacity), first));
    }
    if let Some(endless) = run.endless.as_ref().filter(|endless| is_without_end(arch, network, one, endless)) {
        return Ok((Estimate::exact(f64::INFINITY), endless.reason.clone()));
    }
    if let Some(untold) = run.endless.as_ref().and_then(|endless| untold_share(network, one, endless)) {
        return Err(untold);
    }
    if let Some(reason) = &run.refused {
        // It was begun and not ended: what was seen is no answer.
        return Err(reason.clone());
    }
    if let (Some(of), true) = (one.of, one.metric.is_of_requests()) {
        let is_meant = |result: &&ElementResult| result.element == of && result.flow == one.flow;
        let result = run.elements.iter().find(is_meant).ok_or("no flow of the load comes there")?;
        return of_element(arch, one, result);
    }
    if let Some(flow) = one.flow
        && !run.flows.iter().any(|result| result.flow == flow)
    {
        return Err(not_asked(arch, run));
    }
    let chosen = run.flows.iter().filter(|result| one.flow.is_none_or(|flow| result.flow == flow));
    if one.metric == Metric::Throughput {
        let served: Vec<Estimate> = chosen.filter_map(|result| result.throughput.clone()).collect();
        let served = Estimate::sum(&served).ok_or("no flow of the load is meant")?;
        let what = if one.failure.is_some() { "what is answered well while it lasts" } else { "what is answered well" };
        return Ok((served, what.to_owned()));
    }
    let timed = |result: &FlowResult, time: &Option<Estimate>| match (time, &result.error_rate) {
        (Some(time), _) => {
            let fates = result.fates.map(|fates| format!("; {}", fates.sentence())).unwrap_or_default();
            Some((time.clone(), format!("{}{fates}", time_reason(arch, result))))
        }
        // Whoever asks waits for ever.
        (None, Some(_)) => {
            Some((Estimate::exact(f64::INFINITY), "in some of the runs nobody is answered well".to_owned()))
        }
        (None, None) => None,
    };
    let of_flows: Option<Vec<(Estimate, String)>> = match one.metric {
        Metric::Latency(latency) => {
            Some(chosen.filter_map(|result| timed(result, latency.of(&result.mean, &result.quantiles))).collect())
        }
        Metric::Success => Some(
            chosen
                .filter_map(|result| Some((result.error_rate.as_ref()?.complement(), share_reason(result))))
                .collect(),
        ),
        Metric::ErrorRate => {
            Some(chosen.filter_map(|result| Some((result.error_rate.clone()?, share_reason(result)))).collect())
        }
        // Of a station, or told above.
        Metric::Utilization
        | Metric::Queue
        | Metric::Throughput
        | Metric::Users
        | Metric::Availability
        | Metric::RecoveryTime
        | Metric::DataLoss
        | Metric::Team => None,
    };
    let upper = one.upper;
    if let Some(found) = of_flows {
        let badness = |one: &Estimate| if upper { one.value } else { -one.value };
        let worst = found.into_iter().max_by(|a, b| badness(&a.0).total_cmp(&badness(&b.0)));
        return worst.ok_or_else(|| "no request comes in that time".to_owned());
    }
    let at = one.of.and_then(|id| network.station(arch, id));
    let element = at.and_then(|at| network.stations[at as usize].element);
    let station = run.stations.iter().find(|station| station.element.is_some() && station.element == element);
    let station = station.ok_or("no flow of the load comes there")?;
    // Of slots and cores of its own what is more in use.
    let processor = at.and_then(|at| network.stations.get(network.stations[at as usize].processor as usize));
    let processor = processor.and_then(|own| run.stations.iter().find(|station| station.name == own.name));
    let in_use = [Some(station), processor].into_iter().flatten().filter_map(|one| one.utilization.as_ref());
    let in_use = in_use.max_by(|one, other| one.value.total_cmp(&other.value)).cloned();
    let value = if one.metric == Metric::Utilization { in_use } else { station.waiting.clone() };
    let calls = station.rate.as_ref().map_or(0.0, |rate| rate.value);
    let replicas = crate::number::plain(station.replicas);
    let reason = format!("{} calls a second, replicas: {replicas}", crate::number::plain(calls));
    value.map(|value| (value, reason)).ok_or_else(|| "it has no `concurrency` or `cpu`".to_owned())
}

/// How much can be served of the mix so that those go on whom a requirement is about.
fn limit_of(network: &Network, one: &Requirement, analysis: &Analysis) -> Limit {
    let mut network = network.clone();
    network.scale_to_most();
    if let Some(element) = one.of {
        let is_meant = |watched: &Watched| *watched == Watched { element, flow: one.flow };
        let nth = network.watched.iter().position(is_meant);
        return nth.map_or(Limit::NONE, |nth| capacity::of_calls(&network, analysis, nth as u32));
    }
    let meant = analysis.mix.iter().filter(|(at, _)| one.flow.is_none_or(|flow| flow.index() == *at));
    meant.map(|(at, _)| capacity::of_flow(&network, analysis, *at)).fold(Limit::NONE, Limit::or)
}

/// What is answered well of a flow or of the calls of an element, as it is asked for.
fn served_as_asked(one: &Requirement, run: &Run) -> Option<Estimate> {
    match (one.of, one.flow) {
        (Some(element), flow) => {
            let result = run.elements.iter().find(|result| result.element == element && result.flow == flow);
            result.and_then(|result| result.throughput.clone())
        }
        (None, Some(flow)) => run.flows.iter().find(|result| result.flow == flow)?.throughput.clone(),
        (None, None) => None,
    }
}

/// How many of what a requirement is about come for each request of the load, and which counters count them.
fn counted(network: &Network, one: &Requirement, analysis: &Analysis) -> (f64, Vec<usize>) {
    let Some(element) = one.of else {
        let meant = analysis.mix.iter().filter(|(at, _)| one.flow.is_none_or(|flow| flow.index() == *at));
        return (meant.clone().map(|(_, share)| share).sum(), meant.map(|(at, _)| *at).collect());
    };
    let is_meant = |watched: &Watched| *watched == Watched { element, flow: one.flow };
    let Some(nth) = network.watched.iter().position(is_meant) else { return (0.0, Vec::new()) };
    let own = network.sites.iter().zip(&analysis.calls).filter(|(site, _)| site.watchers.contains(&(nth as u32)));
    let calls: f64 = own.map(|(_, calls)| calls).sum();
    (calls / analysis.rate, vec![network.programs.len() + nth])
}

/// Why a flow has no number under a load.
fn not_asked(arch: &Architecture, run: &Run) -> String {
    format!("the flow is not part of the load \"{}\"", arch.title(arch.records[run.load].at))
}

/// What a share of failures or successes rests on.
fn share_reason(result: &FlowResult) -> String {
    result.fates.map_or("failed requests of all".to_owned(), |fates| fates.sentence())
}

/// Whether a requirement is about times or a queue that never come to an end.
fn is_without_end(arch: &Architecture, network: &Network, one: &Requirement, endless: &Endless) -> bool {
    if !one.metric.grows_without_end() {
        return false;
    }
    match one.of {
        Some(of) if !one.metric.is_of_requests() => {
            network.station(arch, of).is_some_and(|at| endless.stations.contains(&at))
        }
        _ => are_held_up(network, one, endless),
    }
}

/// Whether those requests or calls wait without end that a requirement is about.
fn are_held_up(network: &Network, one: &Requirement, endless: &Endless) -> bool {
    match one.of {
        Some(element) => {
            let is_meant = |at: &u32| network.watched[*at as usize] == Watched { element, flow: one.flow };
            endless.watchers.iter().any(is_meant)
        }
        None => one.flow.map_or(!endless.flows.is_empty(), |flow| endless.flows.contains(&flow)),
    }
}

/// Why the share that a requirement is about cannot be told of those who wait without end, if so.
fn untold_share(network: &Network, one: &Requirement, endless: &Endless) -> Option<String> {
    let is_of_share = one.metric.is_share_of_requests();
    endless.untold.clone().filter(|_| is_of_share && are_held_up(network, one, endless))
}

/// What a run tells about the calls of an element.
fn of_element(arch: &Architecture, one: &Requirement, result: &ElementResult) -> Result<(Estimate, String), String> {
    let rate = result.throughput.as_ref().map_or(0.0, |rate| rate.value);
    let found = match one.metric {
        Metric::Latency(latency) => latency.of(&result.mean, &result.quantiles).clone(),
        Metric::Success => result.error_rate.as_ref().map(Estimate::complement),
        Metric::ErrorRate => result.error_rate.clone(),
        Metric::Throughput
        | Metric::Users
        | Metric::Availability
        | Metric::Utilization
        | Metric::Queue
        | Metric::RecoveryTime
        | Metric::DataLoss
        | Metric::Team => result.throughput.clone(),
    };
    let name = arch.element_title(result.element);
    let reason = format!(
        "the calls that come to {name}, from their arrival to their answer: {} a second are answered well",
        crate::number::plain(rate)
    );
    match (found, &result.error_rate) {
        (Some(found), _) => Ok((found, reason)),
        (None, Some(_)) => {
            Ok((Estimate::exact(f64::INFINITY), "in some of the runs nobody is answered well".to_owned()))
        }
        (None, None) => Err("no call comes there".to_owned()),
    }
}

/// How long it takes from the beginning of a failure until all is as before: as simulated, or as declared where nothing is
/// said that could be simulated.
fn recovery_time(arch: &Architecture, one: &Requirement, run: Option<&Run>) -> Result<(Estimate, String), String> {
    if let Some(reason) = run.and_then(|run| run.refused.clone()) {
        return Err(reason);
    }
    let line = run.and_then(|run| run.timeline.as_ref());
    let (Some(line), Some(failure)) = (line, one.failure) else { return declared_recovery(arch, one) };
    let (Some(recovery), Some((begin, end))) = (&line.recovery, line.trouble) else {
        return declared_recovery(arch, one);
    };
    let title = arch.title(arch.records[failure].at);
    let reason = format!("\"{title}\" lasts {}; {}", crate::number::time(end - begin), recovery.sentence());
    match &recovery.took {
        Some(took) if recovery.recovered == recovery.of => Ok((took.clone(), reason)),
        // What comes out now so, now so has no time.
        _ if recovery.recovered > 0 => Ok((Estimate::exact(f64::INFINITY), reason)),
        _ if recovery.is_untold => Err(reason),
        _ if recovery.stuck == 0 && one.limit > end - begin + recovery.observed => {
            Err(format!("{reason}, and it was not watched for longer"))
        }
        _ => Ok((Estimate::exact(f64::INFINITY), reason)),
    }
}

/// Where most of the time of a flow goes. What is left of its mean time when all that is done one after the other is taken off
/// goes by in branches, or in pauses before calls are tried again.
fn time_reason(arch: &Architecture, result: &FlowResult) -> String {
    // At which station, and on what, so much time goes.
    let mut parts: Vec<(String, f64)> = Vec::new();
    for hop in result.hops.iter().filter(|hop| hop.is_waited_for && !hop.is_beside) {
        for (what, time) in
            [("waiting for", hop.wait), ("the work of", hop.work), ("the network on the way to", hop.network)]
        {
            let name = format!("{what} {}", hop.station);
            match parts.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 += time,
                None => parts.push((name, time)),
            }
        }
    }
    let told: f64 = parts.iter().map(|(_, time)| time).sum();
    let rest = result.mean.as_ref().map_or(0.0, |mean| mean.value - told);
    let has_branches = result.hops.iter().any(|hop| hop.is_waited_for && hop.is_beside);
    let retries = result.hops.iter().any(|hop| hop.is_waited_for && hop.retries > 0.0);
    let elsewhere = match (has_branches, retries) {
        (true, _) => "spent in branches side by side",
        (false, true) => "pauses before calls are tried again",
        (false, false) => "spent waiting for calls that do not go well",
    };
    if has_branches || rest > told {
        parts.push((elsewhere.to_owned(), rest.max(0.0)));
    }
    let all: f64 = parts.iter().map(|(_, time)| time).sum();
    let longest = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((what, time)) = longest.filter(|_| all > 0.0) else { return "it takes no time".to_owned() };
    let flow = arch.title(arch.flows[result.flow.index()].at);
    format!("{flow}: {:.0}% of the time is {what}", time / all * 100.0)
}
