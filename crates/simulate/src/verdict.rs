//! Verdicts: what each quality demands, what comes out, and why.

use crate::analysis::{self, Analysis};
use crate::engine::{Demand, Trouble, Wrong};
use crate::network::{Network, Op};
use crate::reliability;
use crate::run::{self, Options, SHARES, Task};
use crate::stats::Estimate;
use groma_model::decode::{FactValue, Value};
use groma_model::schema::{Fact, Role};
use groma_model::{Architecture, ElementId, FlowId, ItemRef, Level, facts, kinds};
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
    /// What is measured: the word of the metric.
    pub metric: &'static str,
    /// What it is measured on, in words.
    pub subject: String,
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

    /// How far the value is from the limit, as a share of the limit (for availabilities, of what the limit leaves for
    /// failures); negative on the wrong side.
    pub fn margin(&self) -> Option<f64> {
        let value = self.estimate.as_ref()?.value;
        if !self.upper && self.limit > 0.5 && self.limit < 1.0 {
            // What counts of a share near one is what it leaves.
            return Some((value - self.limit) / (1.0 - self.limit));
        }
        let share = (self.limit - value) / self.limit;
        Some(if self.upper { share } else { -share })
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
    /// The mean time.
    pub mean: Option<Estimate>,
    /// The mean time by formula, for an open load without a failure: each station on its own as M/M/c. Exact for
    /// exponential times without nested calls, else an approximation that leaves out retries, timeouts and limits.
    pub mean_by_formula: Option<f64>,
    /// The median and the 90th, 95th and 99th percentiles.
    pub quantiles: [Option<Estimate>; 4],
    /// Where the mean goes, call by call.
    pub hops: Vec<Hop>,
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
    /// Whether somebody waits for it; what goes on by itself takes nobody's time.
    pub is_waited_for: bool,
}

/// What a run tells of a station.
#[derive(Clone, Debug)]
pub struct StationResult {
    /// What it is called.
    pub name: String,
    /// The element, if it is one.
    pub element: Option<ElementId>,
    /// Its replicas in this run.
    pub replicas: u32,
    /// The share of its slots in use; `None` if it has no limit.
    pub utilization: Option<Estimate>,
    /// Requests that wait, on average.
    pub waiting: Option<Estimate>,
    /// Requests a second that come.
    pub rate: Option<Estimate>,
    /// The share that is turned away.
    pub refused: f64,
}

/// A load, with a failure or without, simulated.
#[derive(Clone, Debug)]
pub struct Run {
    /// The load, as one of the architecture's records.
    pub load: usize,
    /// The failure, if any.
    pub failure: Option<usize>,
    /// What could be told before.
    pub analysis: Analysis,
    /// The flows of the load; empty if it was not simulated.
    pub flows: Vec<FlowResult>,
    /// The stations, the busiest first.
    pub stations: Vec<StationResult>,
    /// How many replications.
    pub replications: usize,
    /// Seconds of each that were counted.
    pub seconds: f64,
    /// Events in all.
    pub events: u64,
    /// What was taken to be so.
    pub assumptions: Vec<String>,
    /// Why it was not simulated, if so.
    pub refused: Option<String>,
}

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Each requirement of each quality, in the order of the text.
    pub judgements: Vec<Judgement>,
    /// The loads that were simulated.
    pub runs: Vec<Run>,
}

impl Report {
    /// How many judgements have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.judgements.iter().filter(|one| one.verdict == verdict).count()
    }
}

/// Told how far the work is: which run of how many, and the share of it that is done.
pub type Progress<'a> = &'a (dyn Fn(usize, usize, f64) + Sync);

/// A `require` of a quality, as written. Limits are in seconds, per second, or shares.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The quality.
    pub quality: ItemRef,
    /// Where its metric stands.
    pub range: groma_base::Range,
    /// The word of the metric.
    pub metric: &'static str,
    /// The flow it is measured on.
    pub flow: Option<FlowId>,
    /// The element it is measured on.
    pub of: Option<ElementId>,
    /// The limit.
    pub limit: f64,
    /// Whether the value must be below the limit.
    pub upper: bool,
    /// The load, as one of the architecture's records.
    pub load: Option<usize>,
    /// The failure, as one of the architecture's records.
    pub failure: Option<usize>,
}

/// Judges every quality of an architecture.
pub fn judge(arch: &Architecture, options: &Options, cancel: &AtomicBool, progress: Progress<'_>) -> Report {
    let network = Network::new(arch);
    let demanded = requirements(arch);
    let mut wanted: Vec<(usize, Option<usize>)> =
        demanded.iter().filter(|one| needs_run(one.metric)).filter_map(|one| Some((one.load?, one.failure))).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut report = Report { judgements: Vec::new(), runs: Vec::new() };
    for (nth, (load, failure)) in wanted.iter().enumerate() {
        let own: Vec<&Requirement> =
            demanded.iter().filter(|one| one.load == Some(*load) && one.failure == *failure).collect();
        let told = |share| progress(nth, wanted.len(), share);
        report.runs.push(simulate(arch, &network, (*load, *failure), &own, options, cancel, &told));
    }
    report.judgements = demanded.iter().map(|one| judgement(arch, &network, one, &wanted, &report.runs)).collect();
    report
}

/// Whether a metric is told by a run.
fn needs_run(metric: &str) -> bool {
    !matches!(metric, "availability" | "team" | "recovery-time" | "data-loss")
}

/// Every requirement of every quality that has a limit, in the order of the text, and what is expected of flows during
/// failures, as requirements with the metric `success`.
pub fn requirements(arch: &Architecture) -> Vec<Requirement> {
    let first_load = arch.records.iter().position(|record| record.role == Role::Load);
    let mut found = Vec::new();
    for record in arch.records_of(Role::Quality) {
        for value in arch.all_facts(record.at, &kinds::REQUIRE) {
            let Value::Choice(metric) = value.value else { continue };
            let part = |fact| part(arch, record.at, value, fact);
            let number = |fact| part(fact).and_then(number);
            let index = |fact, role| {
                part(fact)
                    .and_then(|value| arch.referred(record.at, value))
                    .filter(|(of, _)| *of == role)
                    .map(|(_, at)| at as usize)
            };
            let (limit, upper) = match (number(&kinds::UNDER), number(&kinds::ABOVE)) {
                (Some(limit), _) => (limit, true),
                (None, Some(limit)) => (limit, false),
                (None, None) => continue,
            };
            found.push(Requirement {
                quality: record.at,
                range: value.range,
                metric,
                flow: part(&kinds::OF_FLOW).and_then(|value| arch.referred_flow(record.at, value)),
                of: part(&kinds::OF_TARGET).and_then(|value| arch.referred_element(record.at, value)),
                limit,
                upper,
                load: index(&kinds::UNDER_LOAD, Role::Load).or(first_load),
                failure: index(&kinds::UNDER_FAILURE, Role::Failure),
            });
        }
    }
    expectations(arch, first_load, &mut found);
    found
}

/// What is expected of flows while something fails.
fn expectations(arch: &Architecture, load: Option<usize>, found: &mut Vec<Requirement>) {
    let failures = arch.records.iter().enumerate().filter(|(_, record)| record.role == Role::Failure);
    for (failure, record) in failures {
        for value in arch.all_facts(record.at, &kinds::EXPECT) {
            let flow = arch.referred_flow(record.at, value);
            let Some(limit) = part(arch, record.at, value, &kinds::SUCCESS).and_then(number) else { continue };
            found.push(Requirement {
                quality: record.at,
                range: value.range,
                metric: "success",
                flow,
                of: None,
                limit,
                upper: false,
                load,
                failure: Some(failure),
            });
        }
    }
}

fn part<'a>(arch: &'a Architecture, at: ItemRef, value: &FactValue, fact: &'static Fact) -> Option<&'a FactValue> {
    arch.file(at).parts_of(value).iter().find(|part| std::ptr::eq(part.fact, fact))
}

fn number(value: &FactValue) -> Option<f64> {
    match value.value {
        Value::Quantity(quantity) => Some(quantity.high),
        _ => None,
    }
}

/// More users than this are told by a rate: each of them takes memory.
const MOST_USERS: f64 = 1e6;

/// What a load asks for, or why that cannot be told.
fn demand(arch: &Architecture, load: ItemRef) -> Result<Demand, String> {
    let mixed: Vec<(u32, f64)> = arch
        .all_facts(load, &kinds::MIX)
        .filter_map(|value| {
            let flow = arch.referred_flow(load, value)?;
            Some((flow.0, part(arch, load, value, &kinds::WEIGHT).and_then(number).unwrap_or(1.0)))
        })
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    let flows = if mixed.is_empty() { (0..arch.flows.len() as u32).map(|flow| (flow, 1.0)).collect() } else { mixed };
    if flows.is_empty() {
        return Err("there is no flow that it could consist of".into());
    }
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    let stages = || arch.all_facts(load, &kinds::STAGE);
    let most = |fact| {
        stages()
            .filter_map(|stage| number(part(arch, load, stage, fact)?))
            .fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))))
    };
    let rate = arch.quantity(load, &kinds::ARRIVAL_RATE).map(|rate| rate.high).or_else(|| most(&kinds::STAGE_RATE));
    let users = arch.quantity(load, &kinds::LOAD_USERS).map(|users| users.high).or_else(|| most(&kinds::STAGE_USERS));
    match (rate, users) {
        (Some(rate), _) if rate > 0.0 => {
            let regular = arch.text(load, &kinds::ARRIVALS) == Some("regular");
            Ok(Demand::Open {
                flows: flows.into_iter().map(|(flow, weight)| (flow, rate * weight / total)).collect(),
                regular,
            })
        }
        (None, Some(users)) if users >= 1.0 => {
            let think = arch.part(load, &kinds::LOAD_USERS, &kinds::THINK).and_then(number);
            let Some(think) = think else {
                return Err("how long its users think (`users N think=10s`) is missing".into());
            };
            if users > MOST_USERS {
                return Err(format!("at most {MOST_USERS} users are simulated: state its `rate` instead"));
            }
            Ok(Demand::Closed { users: users as u32, think: think.max(1e-6), flows })
        }
        (None, None) => Err("neither its `rate` nor its `users` are given".into()),
        _ => Err("it asks for nothing".into()),
    }
}

fn troubles(arch: &Architecture, network: &Network, failure: ItemRef) -> Vec<Trouble> {
    let mut found = Vec::new();
    let mut add = |fact: &'static Fact, wrong: &dyn Fn(&FactValue) -> Wrong| {
        for value in arch.all_facts(failure, fact) {
            let seconds = |fact, default| part(arch, failure, value, fact).and_then(number).unwrap_or(default);
            let (from, length) = (seconds(&kinds::FROM_TIME, 60.0), seconds(&kinds::FOR_TIME, 60.0));
            let station = arch.referred_element(failure, value).and_then(|id| network.station(arch, id));
            let Some(station) = station else { continue };
            found.push(Trouble { station, what: wrong(value), from, to: from + length });
        }
    };
    let given = |value: &FactValue, fact, default| part(arch, failure, value, fact).and_then(number).unwrap_or(default);
    add(&kinds::FAIL, &|_| Wrong::Down);
    add(&kinds::SLOW, &|value| Wrong::Slow(given(value, &kinds::FACTOR, 10.0)));
    add(&kinds::ERRORS, &|value| Wrong::Errors(given(value, &kinds::SHARE, 1.0)));
    add(&kinds::FLUSH, &|_| Wrong::Flushed);
    found
}

fn refused(load: usize, failure: Option<usize>, analysis: Analysis, reason: String) -> Run {
    Run {
        load,
        failure,
        analysis,
        flows: Vec::new(),
        stations: Vec::new(),
        replications: 0,
        seconds: 0.0,
        events: 0,
        assumptions: Vec::new(),
        refused: Some(reason),
    }
}

const NO_ANALYSIS: Analysis =
    Analysis { rate: 0.0, capacity: f64::INFINITY, stations: Vec::new(), alone: 0.0, first_full: None, knee: None };

/// A network as it runs under a load, and what can be told of it.
struct Prepared {
    network: Network,
    demand: Demand,
    analysis: Analysis,
    assumptions: Vec<String>,
}

/// What is known of a load before it is simulated, or what is missing.
fn prepare(arch: &Architecture, network: &Network, load: usize) -> Result<Prepared, String> {
    let at = arch.records[load].at;
    let demand =
        demand(arch, at).map_err(|reason| format!("the load \"{}\" says too little: {reason}", arch.title(at)))?;
    let (Demand::Open { flows, .. } | Demand::Closed { flows, .. }) = &demand;
    let is_asked = |gap: &&crate::network::Gap| flows.iter().any(|(flow, _)| *flow == gap.flow.0);
    if let Some(gap) = network.gaps.iter().find(is_asked) {
        return Err(format!("{} is missing", gap.what));
    }
    let mut network = network.clone();
    let target = |station: u32| {
        let element = network.stations[station as usize].element?;
        arch.part(arch.element(element).at, &facts::REPLICAS, &facts::TARGET_CPU).and_then(number)
    };
    let targets: Vec<Option<f64>> = (0..network.stations.len() as u32).map(target).collect();
    let mut assumptions = network.assumptions.clone();
    assumptions.extend(analysis::settle(&mut network, &demand, |station| targets[station as usize]));
    let analysis = analysis::analyse(&network, &demand);
    Ok(Prepared { network, demand, analysis, assumptions })
}

/// What can be told of a load without simulating, with the network as autoscalers settle it. `None` if facts are
/// missing.
pub fn foresee(arch: &Architecture, network: &Network, load: usize) -> Option<(Network, Analysis)> {
    prepare(arch, network, load).ok().map(|prepared| (prepared.network, prepared.analysis))
}

/// The availability that a requirement is about, and what it rests on. `None` if facts are missing.
pub fn foreseen_availability(arch: &Architecture, network: &Network, one: &Requirement) -> Option<(f64, String)> {
    availability(arch, network, one).ok().map(|(estimate, reason)| (estimate.value, reason))
}

fn simulate(
    arch: &Architecture,
    network: &Network,
    (load, failure): (usize, Option<usize>),
    own: &[&Requirement],
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
) -> Run {
    let Prepared { network, demand, analysis, mut assumptions } = match prepare(arch, network, load) {
        Ok(prepared) => prepared,
        Err(reason) => return refused(load, failure, NO_ANALYSIS, reason),
    };
    let (Demand::Open { flows, .. } | Demand::Closed { flows, .. }) = &demand;
    let asked: Vec<u32> = flows.iter().map(|(flow, _)| *flow).collect();
    let is_open = matches!(demand, Demand::Open { .. });
    if is_open && analysis.is_overloaded() && !sheds(&network) {
        let reason = overloaded(&network, &analysis);
        return refused(load, failure, analysis, reason);
    }
    let unlimited: Vec<&str> = analysis
        .stations
        .iter()
        .filter(|busy| busy.utilization.is_none())
        .map(|busy| network.stations[busy.station as usize].name.as_str())
        .collect();
    if !unlimited.is_empty() {
        assumptions
            .push(format!("no limit is given for {}: nobody waits there", groma_base::list_words(unlimited, "and")));
    }
    let troubles = failure.map(|at| troubles(arch, &network, arch.records[at].at)).unwrap_or_default();
    // What is counted with a failure is the time that it lasts.
    let begin = troubles.iter().map(|trouble| trouble.from).fold(f64::INFINITY, f64::min);
    let troubles: Vec<Trouble> = troubles
        .into_iter()
        .map(|trouble| Trouble { from: trouble.from - begin, to: trouble.to - begin, ..trouble })
        .collect();
    let lasts = troubles.iter().map(|trouble| trouble.to).fold(0.0, f64::max);
    // Users who queue take as long as all of them before they are in their stride.
    let round = match &demand {
        Demand::Closed { users, think, .. } => think + f64::from(*users) / analysis.capacity,
        Demand::Open { .. } => 0.0,
    };
    let stride = (5.0 * (round + analysis.alone)).max(50.0 * analysis.alone);
    let task = Task {
        network: &network,
        demand: &demand,
        troubles: &troubles,
        rate: analysis.rate,
        least: if troubles.is_empty() { stride } else { lasts },
        stride: if troubles.is_empty() { 0.0 } else { stride },
    };
    let means = match &demand {
        Demand::Open { flows, .. } if troubles.is_empty() => {
            let rates: Vec<(usize, f64)> = flows.iter().map(|(flow, rate)| (*flow as usize, *rate)).collect();
            analysis::mean_response(&network, &rates)
        }
        _ => None,
    };
    let outcome = run::run(&task, options, cancel, progress, |outcome| {
        own.iter().all(|one| {
            let estimates = estimates(arch, &network, one, &asked, outcome);
            let is_asked = one.flow.is_none_or(|flow| asked.contains(&flow.0));
            !is_asked
                || !estimates.is_empty()
                    && estimates.iter().all(|estimate| {
                        let clear = estimate.high < one.limit || estimate.low > one.limit;
                        (clear && !options.exhaustive) || estimate.precision() <= options.precision
                    })
        })
    });
    Run {
        load,
        failure,
        flows: asked
            .iter()
            .enumerate()
            .map(|(at, flow)| flow_result(&network, *flow as usize, means.as_ref().map(|means| means[at]), &outcome))
            .collect(),
        stations: station_results(&network, &analysis, &outcome),
        analysis,
        replications: outcome.summaries.len(),
        seconds: outcome.horizon,
        events: outcome.events,
        assumptions,
        refused: if outcome.cancelled {
            Some("it was interrupted".to_owned())
        } else if outcome.summaries.iter().any(|summary| summary.overflowed) {
            Some(
                "too much happens: either what comes does not leave again, or one request takes millions of steps"
                    .to_owned(),
            )
        } else {
            None
        },
    }
}

/// Whether anything turns requests away or gives up before a queue grows for ever.
fn sheds(network: &Network) -> bool {
    network
        .stations
        .iter()
        .any(|station| station.queue_limit.is_some() || station.rate_limit.is_some() || station.patience.is_some())
        || network.policies.iter().any(|policy| policy.bulkhead.is_some())
}

fn overloaded(network: &Network, analysis: &Analysis) -> String {
    let busiest = analysis.bottleneck();
    let name = busiest.map_or("a station", |busy| network.stations[busy.station as usize].name.as_str());
    format!(
        "{} requests a second are asked for, {name} can serve {}: its queue grows for ever",
        crate::number::plain(analysis.rate),
        crate::number::plain(analysis.capacity)
    )
}

/// The estimates that a requirement is judged by: one a flow, or one.
fn estimates(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    asked: &[u32],
    outcome: &run::Outcome,
) -> Vec<Estimate> {
    let flows: Vec<usize> = match one.flow {
        Some(flow) => asked.iter().filter(|asked| **asked == flow.0).map(|flow| *flow as usize).collect(),
        None => asked.iter().map(|flow| *flow as usize).collect(),
    };
    let station = || one.of.and_then(|id| network.station(arch, id)).map(|at| at as usize);
    let of_flows = |number: &dyn Fn(&run::FlowSummary) -> f64| -> Vec<Estimate> {
        flows.iter().filter_map(|flow| outcome.estimate(|summary| number(&summary.flows[*flow]))).collect()
    };
    match one.metric {
        "mean" => of_flows(&|flow| flow.mean),
        "p50" => of_flows(&|flow| flow.quantiles[0]),
        "p90" => of_flows(&|flow| flow.quantiles[1]),
        "p95" => of_flows(&|flow| flow.quantiles[2]),
        "p99" => of_flows(&|flow| flow.quantiles[3]),
        "error-rate" => of_flows(&run::FlowSummary::error_rate),
        "success" => of_flows(&|flow| 1.0 - flow.error_rate()),
        "utilization" => {
            let Some(at) = station() else { return Vec::new() };
            let servers = network.stations[at].servers().unwrap_or(f64::INFINITY);
            outcome.estimate(|summary| summary.stations[at].busy / summary.seconds / servers).into_iter().collect()
        }
        "queue" => {
            let Some(at) = station() else { return Vec::new() };
            outcome.estimate(|summary| summary.stations[at].waiting / summary.seconds).into_iter().collect()
        }
        _ => vec![Estimate::exact(0.0)],
    }
}

fn flow_result(network: &Network, flow: usize, by_formula: Option<f64>, outcome: &run::Outcome) -> FlowResult {
    let of = |number: &dyn Fn(&run::Summary, &run::FlowSummary) -> f64| {
        outcome.estimate(|summary| number(summary, &summary.flows[flow]))
    };
    let requests: f64 =
        outcome.summaries.iter().map(|one| (one.flows[flow].done + one.flows[flow].failed) as f64).sum();
    let waited = waited_for(&network.programs[flow].ops);
    let hop = |site: usize| {
        let sum = |number: &dyn Fn(&crate::engine::SiteCount) -> f64| {
            outcome.summaries.iter().map(|one| number(&one.sites[site])).sum::<f64>()
        };
        let calls = sum(&|count| count.calls as f64);
        Hop {
            at: network.sites[site].at,
            station: network.stations[network.sites[site].to as usize].name.clone(),
            calls: calls / requests,
            wait: sum(&|count| count.wait) / requests,
            work: sum(&|count| count.work) / requests,
            network: sum(&|count| count.network) / requests,
            retries: sum(&|count| count.retries as f64) / calls.max(1.0),
            is_waited_for: waited.contains(&(site as u32)),
        }
    };
    let mut sites: Vec<usize> = network.programs[flow]
        .ops
        .iter()
        .filter_map(|op| match op {
            Op::Work { site } | Op::Call { site, .. } => Some(*site as usize),
            _ => None,
        })
        .collect();
    sites.dedup();
    FlowResult {
        flow: network.programs[flow].flow,
        throughput: of(&|summary, flow| flow.done as f64 / summary.seconds),
        error_rate: of(&|_, flow| flow.error_rate()),
        mean: of(&|_, flow| flow.mean),
        mean_by_formula: by_formula,
        quantiles: std::array::from_fn(|at| of(&|_, flow| flow.quantiles[at])),
        hops: if requests == 0.0 { Vec::new() } else { sites.into_iter().map(hop).collect() },
    }
}

/// The calls of a program that a request waits for.
fn waited_for(ops: &[Op]) -> Vec<u32> {
    let (mut found, mut after) = (Vec::new(), 0);
    for (at, op) in ops.iter().enumerate() {
        match op {
            Op::Spawn { end } => after = after.max(*end as usize),
            Op::Work { site } | Op::Call { site, .. } if at >= after => found.push(*site),
            _ => {}
        }
    }
    found
}

fn station_results(network: &Network, analysis: &Analysis, outcome: &run::Outcome) -> Vec<StationResult> {
    let result = |busy: &analysis::Busy| {
        let at = busy.station as usize;
        let station = &network.stations[at];
        let sum = |number: &dyn Fn(&crate::engine::StationCount) -> u64| {
            outcome.summaries.iter().map(|one| number(&one.stations[at])).sum::<u64>() as f64
        };
        StationResult {
            name: station.name.clone(),
            element: station.element,
            replicas: station.replicas,
            utilization: station
                .servers()
                .and_then(|servers| outcome.estimate(|one| one.stations[at].busy / one.seconds / servers)),
            waiting: outcome.estimate(|one| one.stations[at].waiting / one.seconds),
            rate: outcome.estimate(|one| one.stations[at].arrivals as f64 / one.seconds),
            refused: sum(&|count| count.refused) / sum(&|count| count.arrivals).max(1.0),
        }
    };
    analysis.stations.iter().map(result).collect()
}

fn judgement(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    wanted: &[(usize, Option<usize>)],
    runs: &[Run],
) -> Judgement {
    let subject = match (one.flow, one.of) {
        (Some(flow), _) => arch.title(arch.flows[flow.index()].at).to_owned(),
        (None, Some(of)) => arch.element_title(of).to_owned(),
        (None, None) => "every flow".to_owned(),
    };
    let run = one.load.and_then(|load| wanted.iter().position(|pair| *pair == (load, one.failure)));
    let run = run.filter(|_| needs_run(one.metric));
    let found = match one.metric {
        "availability" => availability(arch, network, one),
        "team" => team(arch),
        "recovery-time" | "data-loss" => declared_recovery(arch, one),
        _ => match run.map(|at| &runs[at]) {
            None => Err("no `load` is declared: how much is asked of the system is not known".to_owned()),
            Some(run) => measured(arch, network, one, run),
        },
    };
    let (verdict, estimate, reason) = match found {
        Err(reason) => (Verdict::Unknown, None, reason),
        Ok((estimate, reason)) => (against(one, &estimate), Some(estimate), reason),
    };
    Judgement {
        quality: one.quality,
        range: one.range,
        metric: one.metric,
        subject,
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

/// What a run tells about a requirement, and how that was found.
fn measured(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: &Run,
) -> Result<(Estimate, String), String> {
    let analysis = &run.analysis;
    if let (Some(reason), true) = (&run.refused, analysis.rate == 0.0) {
        return Err(reason.clone());
    }
    let limits = || {
        analysis.first_full.clone().ok_or_else(|| {
            "no `concurrency`, `cpu` or `pool` is given on the way: nothing says how much it can serve".to_owned()
        })
    };
    match one.metric {
        "throughput" => {
            let name = limits()?;
            return Ok((
                Estimate::exact(analysis.capacity),
                format!("{name} is the first to be fully used, in this mix"),
            ));
        }
        "users" => {
            let knee = analysis.knee.ok_or("a load of `users` with `think` is needed, and a limit on the way")?;
            return Ok((Estimate::exact(knee), format!("from there on they wait for each other at {}", limits()?)));
        }
        _ => {}
    }
    if let Some(reason) = &run.refused {
        // Overloaded: times grow without end, slots are all used.
        let value = if one.metric == "utilization" {
            analysis.bottleneck().and_then(|busy| busy.utilization).unwrap_or(1.0)
        } else {
            f64::INFINITY
        };
        return Ok((Estimate::exact(value), reason.clone()));
    }
    if let Some(flow) = one.flow
        && !run.flows.iter().any(|result| result.flow == flow)
    {
        return Err(format!("the flow is not part of the load \"{}\"", arch.title(arch.records[run.load].at)));
    }
    let chosen = run.flows.iter().filter(|result| one.flow.is_none_or(|flow| result.flow == flow));
    let quantile = SHARES.iter().zip(["p50", "p90", "p95", "p99"]).position(|(_, word)| word == one.metric);
    let of_flows: Option<Vec<(Estimate, String)>> = match (one.metric, quantile) {
        ("mean", _) => {
            Some(chosen.filter_map(|result| Some((result.mean.clone()?, time_reason(arch, result)))).collect())
        }
        (_, Some(at)) => {
            Some(chosen.filter_map(|result| Some((result.quantiles[at].clone()?, time_reason(arch, result)))).collect())
        }
        ("success", _) => Some(
            chosen
                .filter_map(|result| Some((result.error_rate.as_ref()?.complement(), "while it lasts".to_owned())))
                .collect(),
        ),
        ("error-rate", _) => Some(
            chosen
                .filter_map(|result| Some((result.error_rate.clone()?, "failed requests of all".to_owned())))
                .collect(),
        ),
        _ => None,
    };
    if let Some(found) = of_flows {
        let worst = found.into_iter().max_by(|a, b| a.0.value.total_cmp(&b.0.value));
        return worst.ok_or_else(|| "no request was answered".to_owned());
    }
    let at = one.of.and_then(|id| network.station(arch, id));
    let element = at.and_then(|at| network.stations[at as usize].element);
    let station = run.stations.iter().find(|station| station.element.is_some() && station.element == element);
    let station = station.ok_or("no flow of the load comes there")?;
    let value = if one.metric == "utilization" { &station.utilization } else { &station.waiting };
    let value = value.clone();
    value.map(|value| (value, "simulated".to_owned())).ok_or_else(|| "it has no `concurrency` or `cpu`".to_owned())
}

/// Where most of the time of a flow goes.
fn time_reason(arch: &Architecture, result: &FlowResult) -> String {
    let hops = || result.hops.iter().filter(|hop| hop.is_waited_for);
    let longest = hops().max_by(|a, b| (a.wait + a.work + a.network).total_cmp(&(b.wait + b.work + b.network)));
    let Some(hop) = longest else { return "simulated".to_owned() };
    let flow = arch.title(arch.flows[result.flow.index()].at);
    let all: f64 = hops().map(|hop| hop.wait + hop.work + hop.network).sum();
    let share = (hop.wait + hop.work + hop.network) / all * 100.0;
    let what = if hop.wait > hop.work { "waiting for" } else { "the work of" };
    format!("{flow}: {share:.0}% of the time is {what} {}", hop.station)
}

/// The availability of a flow, or of the worst flow that passes through an element.
fn availability(arch: &Architecture, network: &Network, one: &Requirement) -> Result<(Estimate, String), String> {
    let passes = |flow: &usize| {
        let flow = FlowId(*flow as u32);
        one.flow.is_none_or(|wanted| wanted == flow)
            && one.of.is_none_or(|of| {
                arch.element_ids().any(|id| arch.is_within(id, of) && arch.flows_through(id).any(|one| one == flow))
            })
    };
    let mut worst: Option<(f64, String)> = None;
    for flow in (0..network.programs.len()).filter(passes) {
        let need = needs(network, flow);
        let mut up = 1.0;
        let mut weakest = (0.0, String::new());
        for (station, share) in need.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let Some(element) = network.stations[station].element else { continue };
            let own = one.of.is_none_or(|of| arch.is_within(element, of)) || arch.element(element).external;
            let gone = unavailability(arch, element, network.stations[station].range.0);
            let gone = match gone {
                Some(gone) => gone,
                None if own => {
                    return Err(format!(
                        "the `availability` (or `mtbf` and `mttr`) of {} is missing",
                        arch.element(element).path
                    ));
                }
                None => continue,
            };
            up *= 1.0 - share * gone;
            if share * gone > weakest.0 {
                weakest = (share * gone, network.stations[station].name.clone());
            }
        }
        if worst.as_ref().is_none_or(|(least, _)| up < *least) {
            let flow = arch.title(arch.flows[flow].at);
            worst = Some((up, format!("{flow}: {} is the weakest, of what fails independently", weakest.1)));
        }
    }
    let (up, reason) = worst.ok_or("no flow passes there")?;
    Ok((Estimate::exact(up), reason))
}

/// How likely a flow needs each station, apart from those with a fallback.
fn needs(network: &Network, flow: usize) -> Vec<f64> {
    let mut need = vec![0.0; network.stations.len()];
    let ops = &network.programs[flow].ops;
    // Where an end is passed, the share of what was around it counts again.
    let mut around: Vec<(usize, f64)> = Vec::new();
    let mut at = 0;
    while at < ops.len() {
        while around.last().is_some_and(|(end, _)| at >= *end) {
            around.pop();
        }
        let share = around.last().map_or(1.0, |(_, share)| *share);
        match ops[at] {
            Op::Call { site, end } => {
                let called = &network.sites[site as usize];
                let spared = network.policies[called.policy as usize].fallback != crate::network::Fallback::None;
                let share = if spared { 0.0 } else { share };
                let known: &mut f64 = &mut need[called.to as usize];
                *known = known.max(share);
                around.push((end as usize, share));
            }
            Op::Chance { share: own, end, .. } => around.push((end as usize, share * own)),
            Op::Miss { hit, end, .. } => around.push((end as usize, share * (1.0 - hit))),
            Op::Spawn { end } => around.push((end as usize, 0.0)),
            _ => {}
        }
        at += 1;
    }
    need
}

/// The share of time that an element is not there, over all its replicas.
fn unavailability(arch: &Architecture, element: ElementId, replicas: u32) -> Option<f64> {
    let at = arch.element(element).at;
    let given = |fact| arch.quantity(at, fact).map(|quantity| quantity.low);
    if arch.element(element).level == Level::Person {
        return Some(0.0);
    }
    let one = match (given(&facts::AVAILABILITY), given(&facts::MTBF), given(&facts::MTTR)) {
        (Some(share), ..) => share,
        (None, Some(mtbf), Some(mttr)) => reliability::from_mtbf(mtbf, mttr),
        _ => return None,
    };
    let needed = arch.part(at, &facts::REPLICAS, &facts::NEEDED).and_then(number).unwrap_or(1.0) as u32;
    let beta = given(&facts::COMMON_CAUSE).unwrap_or(0.0);
    // Several replicas help only where another takes over by itself.
    let count = if arch.text(at, &facts::FAILOVER) == Some("manual") { needed } else { replicas.max(needed) };
    Some(reliability::with_common_cause(needed, count, one, beta))
}

fn team(arch: &Architecture) -> Result<(Estimate, String), String> {
    let team = arch.workspace.and_then(|at| arch.quantity(at, &kinds::TEAM)).ok_or("the workspace says no `team`")?;
    Ok((Estimate::exact(team.high), "the `team` of the workspace".to_owned()))
}

/// What a failure's `recovery` promises.
fn declared_recovery(arch: &Architecture, one: &Requirement) -> Result<(Estimate, String), String> {
    let at = one.failure.map(|at| arch.records[at].at).ok_or("`failure=` must say from which failure")?;
    let fact = if one.metric == "data-loss" { &kinds::RPO } else { &kinds::RTO };
    let given = arch.all_facts(at, &kinds::RECOVERY).filter_map(|value| number(part(arch, at, value, fact)?));
    let longest = given.fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))));
    let longest = longest.ok_or_else(|| format!("the failure's `recovery` has no `{}`", fact.name))?;
    Ok((Estimate::exact(longest), "as the failure's `recovery` says".to_owned()))
}

/// The network and demand of the first load, for tests of the engine.
#[cfg(test)]
pub(crate) fn prepared(arch: &Architecture, network: &Network) -> (Network, Demand) {
    let load = arch.records.iter().position(|record| record.role == Role::Load).expect("a load");
    let prepared = prepare(arch, network, load).expect("a load that says enough");
    (prepared.network, prepared.demand)
}
