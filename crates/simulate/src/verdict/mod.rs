//! Verdicts: what each quality demands, what comes out, and why.

mod availability;
mod behind;
mod measured;
mod reason;
mod recovery_time;
mod throughput;
mod time_spent;

use crate::curve::{LoadCurve, against_load};
use crate::forecast::{Lag, Run, simulate};
use crate::load::analytic_network;
use crate::metric::Metric;
use crate::network::Network;
use crate::not_converged::{EndlessWait, NotConverged};
use crate::number::is_beyond;
use crate::requirement::{Requirement, requirements};
use crate::result::{Degraded, FlowResult};
use crate::run::Options;
use crate::stats::Estimate;
use availability::availability;
pub use availability::predicted_availability;
pub use behind::{Behind, BehindLimit, Lost};
use groma_model::{Architecture, ElementId, FlowId, ItemRef, RecordId, facts};
use measured::measured;
pub use reason::{AfterFailure, Basis, Longest, Reason, Served, ServedAtLimit, Spent, Unknown};
use recovery_time::{declared_recovery, recovery_time};
use std::sync::atomic::AtomicBool;
use throughput::behind_limit;

/// How a requirement fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The whole interval is on the right side of the limit.
    Holds,
    /// The whole interval is on the wrong side.
    Fails,
    /// The interval straddles the limit.
    TooClose,
    /// No number can be told; the reason says why.
    Unknown,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::TooClose => "too close to call",
            Verdict::Unknown => "unknown",
        }
    }
}

/// One `require` of a quality, or what is like it, judged.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The quality; the failure of an `expect`, the load of a `threshold`.
    pub quality: ItemRef,
    /// Whether it is the `threshold` of a load.
    pub is_threshold: bool,
    /// Where its `require` stands.
    pub range: groma_base::Range,
    /// What is measured.
    pub metric: Metric,
    /// The flow that it is measured on, if it is one.
    pub flow: Option<FlowId>,
    /// The element that it is measured on, if it is one.
    pub of: Option<ElementId>,
    /// Whether it is about the first part of answers that come in parts, not about all of them.
    pub first_part: bool,
    /// What it is measured on, in words.
    pub subject: String,
    /// The load under which it is judged, as one of the architecture's records; `None` if no load has a say in it.
    pub load: Option<RecordId>,
    /// The failure during which it is judged, likewise.
    pub failure: Option<RecordId>,
    /// The limit, in seconds, per second, or as a share.
    pub limit: f64,
    /// Whether the value must be below the limit.
    pub upper: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// The value, with its interval.
    pub estimate: Option<Estimate>,
    /// How it was found, or what is missing.
    pub reason: Reason,
    /// Which of the runs it rests on.
    pub run: Option<usize>,
    /// The titles of the load and the failure of that run.
    pub when: Option<String>,
    /// How many events were simulated for it alone, beside the run.
    pub events: u64,
}

impl Judgement {
    /// What is demanded, in words: `p95 of Search products under 200 ms, at "The peak"`.
    pub fn demand(&self) -> String {
        let link = if self.is_threshold { "a threshold of" } else { "at" };
        let when = self.when.as_ref().map(|when| format!(", {link} {when}")).unwrap_or_default();
        format!("{} of {} {}{when}", self.metric, self.subject, self.limit_in_words())
    }

    /// The limit, in words: `under 200 ms`.
    pub fn limit_in_words(&self) -> String {
        let side = if self.upper { "under" } else { "over" };
        format!("{side} {}", crate::number::of_metric(self.metric, self.limit))
    }

    /// Of the requests answered well that are judged: which share got the answer of a fallback, and which a stale one.
    pub fn degraded(&self) -> Option<&Degraded> {
        let Reason::Found { basis, .. } = &self.reason else { return None };
        match basis {
            Basis::Requests(_, degraded) | Basis::Calls { degraded, .. } => degraded.as_ref(),
            Basis::Fallbacks(degraded) => Some(degraded),
            Basis::Times(..)
            | Basis::FirstPart { .. }
            | Basis::NobodyAnswered
            | Basis::Station { .. }
            | Basis::Backlog { .. }
            | Basis::Endless(_)
            | Basis::Knee { .. }
            | Basis::Capacity { .. }
            | Basis::AtLimit(_)
            | Basis::Served(_)
            | Basis::Weakest { .. }
            | Basis::Declared { .. }
            | Basis::People(_)
            | Basis::DeclaredRecovery
            | Basis::Recovery(_) => None,
        }
    }

    /// The wait without end that it rests on, if it does.
    pub fn endless(&self) -> Option<&EndlessWait> {
        match &self.reason {
            Reason::Found { basis: Basis::Endless(wait), .. } => Some(wait),
            Reason::Unknown(Unknown::ShareOfEndless { wait, .. }) => Some(wait),
            Reason::Found { .. } | Reason::Beyond { .. } | Reason::Unknown(_) => None,
        }
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
    /// The same with how times follow each load that was simulated without a failure.
    pub fn with_curves(self, arch: &Architecture, options: &Options, cancel: &AtomicBool) -> Report {
        let loads = self.runs.iter().filter(|run| run.failure.is_none()).map(|run| run.load);
        let curves = loads.filter_map(|load| against_load(arch, load, options, cancel)).collect();
        Report { curves, ..self }
    }

    /// The same with what is told of some flows alone.
    pub fn of_flows(self, is_wanted: &dyn Fn(FlowId) -> bool) -> Report {
        Report {
            judgements: self.judgements,
            runs: self.runs.into_iter().map(|run| run.of_flows(is_wanted)).collect(),
            curves: self.curves.into_iter().map(|curve| curve.of_flows(is_wanted)).collect(),
        }
    }

    /// How many events were simulated for its runs and judgements.
    pub fn events(&self) -> u64 {
        events(&self.runs, &self.judgements)
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
    let demanded: Vec<Requirement> = requirements(arch).into_iter().filter(is_wanted).collect();
    let (judgements, runs) = judged_with_runs(arch, &network, &demanded, (options, cancel), progress);
    let runs = runs.into_iter().map(|run| run.published(arch, &network)).collect();
    Report { judgements, runs, curves: Vec::new() }
}

/// Judges one requirement, as numbered in [`requirements`], by what is simulated for it and those `beside` it: with how many
/// events. `None` if there is none of this number.
pub fn judge_one(
    arch: &Architecture,
    (nth, beside): (usize, &[usize]),
    options: &Options,
    cancel: &AtomicBool,
) -> Option<(Judgement, u64)> {
    let (network, how) = (Network::new(arch), (options, cancel));
    let all = requirements(arch);
    let one = all.get(nth)?.clone();
    let is_simulated = |at: usize| at == nth || beside.contains(&at);
    let demanded = all.into_iter().enumerate().filter(|(at, _)| is_simulated(*at));
    let demanded: Vec<Requirement> = demanded.map(|(_, one)| one).collect();
    let (wanted, runs) = simulated(arch, &network, &demanded, how, &|_, _, _| {});
    let judgement = judgement(arch, &network, &one, &wanted, &runs, how);
    let events = events(&runs, std::slice::from_ref(&judgement));
    Some((judgement, events))
}

/// What becomes of requirements, and the runs that they need.
fn judged_with_runs(
    arch: &Architecture,
    network: &Network,
    demanded: &[Requirement],
    how: (&Options, &AtomicBool),
    progress: Progress<'_>,
) -> (Vec<Judgement>, Vec<Run>) {
    let (wanted, runs) = simulated(arch, network, demanded, how, progress);
    let judgements = demanded.iter().map(|one| judgement(arch, network, one, &wanted, &runs, how)).collect();
    (judgements, runs)
}

/// The loads and failures that requirements need, and a run of each.
fn simulated(
    arch: &Architecture,
    network: &Network,
    demanded: &[Requirement],
    how: (&Options, &AtomicBool),
    progress: Progress<'_>,
) -> (Vec<(RecordId, Option<RecordId>)>, Vec<Run>) {
    let mut wanted: Vec<(RecordId, Option<RecordId>)> =
        demanded.iter().filter(|one| one.metric.needs_run()).filter_map(|one| Some((one.load?, one.failure))).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let simulated = wanted.iter().enumerate().map(|(nth, (load, failure))| {
        let own: Vec<&Requirement> =
            demanded.iter().filter(|one| one.load == Some(*load) && one.failure == *failure).collect();
        let told = |share| progress(nth, wanted.len(), share);
        simulate(arch, network, (*load, *failure), &own, how.0, how.1, &told)
    });
    let runs = simulated.collect();
    (wanted, runs)
}

/// How many events were simulated for runs, and for judgements beside them.
fn events(runs: &[Run], judgements: &[Judgement]) -> u64 {
    runs.iter().map(|run| run.effort.events).chain(judgements.iter().map(|one| one.events)).sum()
}

/// One requirement, judged by what was found for it.
fn judgement(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    wanted: &[(RecordId, Option<RecordId>)],
    runs: &[Run],
    how: (&Options, &AtomicBool),
) -> Judgement {
    let nth = run_of(one, wanted);
    let run = nth.map(|nth| &runs[nth]);
    let (found, events) = found(arch, network, one, run, how);
    let (verdict, estimate, reason) = match found {
        Err(unknown) => (Verdict::Unknown, None, Reason::Unknown(unknown)),
        Ok(found) => judged_in_run(arch, network, one, run, found),
    };
    Judgement {
        quality: one.quality,
        is_threshold: one.is_threshold,
        range: one.range,
        metric: one.metric,
        flow: one.flow,
        of: one.of,
        first_part: one.first_part,
        subject: subject(arch, one),
        load: one.load.filter(|_| one.metric.needs_run()),
        failure: one.failure,
        limit: one.limit,
        upper: one.upper,
        verdict,
        estimate,
        reason,
        run: nth,
        when: run.map(|run| circumstances(arch, run)),
        events,
    }
}

/// Which of the runs a requirement is judged by, if any.
fn run_of(one: &Requirement, wanted: &[(RecordId, Option<RecordId>)]) -> Option<usize> {
    let load = one.load.filter(|_| one.metric.needs_run())?;
    wanted.iter().position(|pair| *pair == (load, one.failure))
}

/// The number that a requirement is about, and what it rests on, or why there is none; with how many events were simulated for it
/// alone.
fn found(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: Option<&Run>,
    how: (&Options, &AtomicBool),
) -> (Result<(Estimate, Basis), Unknown>, u64) {
    match one.metric {
        Metric::Availability => (availability(arch, &analytic_network(arch), one), 0),
        Metric::Team => (people_needed(arch, one), 0),
        Metric::DataLoss => (declared_recovery(arch, one, &facts::failure::RPO), 0),
        Metric::RecoveryTime => (recovery_time(arch, one, run), 0),
        Metric::Latency(_)
        | Metric::Throughput
        | Metric::Users
        | Metric::ErrorRate
        | Metric::Success
        | Metric::Degraded
        | Metric::Utilization
        | Metric::Queue => match run {
            None => (Err(Unknown::NoLoad), 0),
            Some(run) => measured(arch, network, one, run, how),
        },
    }
}

/// What is told of what was found, as far as its run has settled and is all of what is asked for.
fn judged_in_run(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: Option<&Run>,
    found: (Estimate, Basis),
) -> (Verdict, Option<Estimate>, Reason) {
    let behind = run.and_then(|run| keeps_up_with_less(network, one, run, &found.0));
    let run = run.filter(|_| one.metric.is_of_state());
    let lag = run.and_then(|run| run.lag_of(arch, network, one));
    let mut judged = judged(one, found, run.and_then(|run| run.not_converged_of(arch, network, one)));
    if let Reason::Found { lost, behind: told, .. } = &mut judged.2 {
        *lost = run.map(|run| calls_lost(one, run)).unwrap_or_default();
        *told = behind.map(Box::new);
    }
    match (run.and_then(Run::events_of_all), lag) {
        (Some(events), lag) => judged_at_peak(one, judged, (events, lag)),
        (None, Some(Lag::Cache(station))) => {
            let varying = Unknown::VaryingCache { station: station.clone() };
            (Verdict::Unknown, None, Reason::Unknown(varying))
        }
        // All of it was simulated, with replicas as they come and go.
        (None, Some(Lag::Replicas(_)) | None) => judged,
    }
}

/// What nobody waits for and keeps up with less than the throughput that was found, or just as much.
fn keeps_up_with_less(network: &Network, one: &Requirement, run: &Run, found: &Estimate) -> Option<BehindLimit> {
    let behind = (one.metric == Metric::Throughput).then(|| behind_limit(network, one, run))??;
    (!is_beyond(behind.most, found.high)).then_some(behind)
}

/// A smaller share of calls that fail is told of nobody.
const FEW_LOST: f64 = 0.001;

/// The calls that fail of the flows that a requirement is about, and that nobody waits for.
fn calls_lost(one: &Requirement, run: &Run) -> Vec<Lost> {
    let is_meant = |result: &&FlowResult| one.of.is_none() && one.flow.is_none_or(|flow| flow == result.flow);
    let hops = run.flows().iter().filter(is_meant).flat_map(|result| &result.hops);
    let mut all: Vec<Lost> = Vec::new();
    for hop in hops.filter(|hop| !hop.is_waited_for && hop.failed > FEW_LOST) {
        match all.iter_mut().find(|known| known.station == hop.station) {
            Some(known) => known.share = known.share.max(hop.failed),
            None => all.push(Lost { station: hop.station.clone(), share: hop.failed }),
        }
    }
    all
}

/// As many people as what takes the most of them does: they do the rest as well.
fn people_needed(arch: &Architecture, one: &Requirement) -> Result<(Estimate, Basis), Unknown> {
    let needs = crate::people::needs(arch, one.of);
    let most = needs.first().ok_or(Unknown::Team)?.people;
    Ok((Estimate::exact(most), Basis::People(needs)))
}

/// What a requirement is about, in words.
fn subject(arch: &Architecture, one: &Requirement) -> String {
    let whole = whole_subject(arch, one);
    if one.first_part { format!("the first part of {whole}") } else { whole }
}

fn whole_subject(arch: &Architecture, one: &Requirement) -> String {
    match (one.flow, one.of) {
        (Some(flow), Some(of)) => format!("{} in {}", arch.element_title(of), arch.title(arch.flows[flow].at)),
        (Some(flow), None) => arch.title(arch.flows[flow].at).to_owned(),
        (None, Some(of)) => arch.element_title(of).to_owned(),
        (None, None) if one.metric == Metric::Team => "all that is ours".to_owned(),
        (None, None) => "every flow".to_owned(),
    }
}

/// What is told of what was found, and of what has not settled.
fn judged(
    one: &Requirement,
    (estimate, basis): (Estimate, Basis),
    not_converged: Option<NotConverged>,
) -> (Verdict, Option<Estimate>, Reason) {
    match (against(one, &estimate), not_converged) {
        // What is too good already may become worse; what is too bad becomes no better. Neither has a number yet.
        (Verdict::Holds | Verdict::TooClose, Some(why)) => {
            (Verdict::Unknown, None, Reason::Unknown(Unknown::NotConverged(why)))
        }
        // What never ends is none the less told.
        (Verdict::Fails, Some(not_converged)) if estimate.value.is_finite() => {
            (Verdict::Fails, None, Reason::Beyond { metric: one.metric, limit: one.limit, not_converged })
        }
        (verdict, _) => {
            let window = one.window.filter(|_| one.metric.needs_run());
            (verdict, Some(estimate), Reason::Found { basis, window, lost: Vec::new(), behind: None })
        }
    }
}

/// What is told of what was found at the highest of a load that changes, of which so many events would be all: what is bad then need not be
/// so on the whole, nor what is good if something lags behind the load.
fn judged_at_peak(
    one: &Requirement,
    (verdict, estimate, reason): (Verdict, Option<Estimate>, Reason),
    (events, lag): (f64, Option<&Lag>),
) -> (Verdict, Option<Estimate>, Reason) {
    let at_peak = |value: f64, lag: Option<&Lag>| {
        let unknown = Unknown::AtPeak { metric: one.metric, value, events, lag: lag.cloned() };
        (Verdict::Unknown, None, Reason::Unknown(unknown))
    };
    match (verdict, &estimate) {
        (Verdict::Fails | Verdict::TooClose, Some(found)) => at_peak(found.value, None),
        (Verdict::Fails, None) => at_peak(f64::INFINITY, None),
        (Verdict::Holds, Some(found)) if lag.is_some() => at_peak(found.value, lag),
        (Verdict::Holds | Verdict::TooClose | Verdict::Unknown, _) => (verdict, estimate, reason),
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
        (!is_beyond(estimate.high, one.limit), is_beyond(estimate.low, one.limit))
    } else {
        (!is_beyond(one.limit, estimate.low), is_beyond(one.limit, estimate.high))
    };
    match (good, bad) {
        (true, _) => Verdict::Holds,
        (_, true) => Verdict::Fails,
        _ => Verdict::TooClose,
    }
}

/// Why a flow has no number under a load.
fn not_asked(arch: &Architecture, run: &Run) -> Unknown {
    Unknown::FlowNotAsked { load: arch.title(arch.records[run.load].at).to_owned() }
}
