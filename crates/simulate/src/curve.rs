//! How times follow the load.

use crate::demand::{Arrivals, Asked, Demand};
use crate::load::{Prepared, prepare, prepared_for};
use crate::metric::Latency;
use crate::network::{CounterId, Network, counter_of};
use crate::not_converged::NotConverged;
use crate::output::{FlowSummary, ReplicationOutput, SimulationOutput};
use crate::refusal::NotSimulated;
use crate::run::{self, Options, Plan, Task, Wanted};
use crate::settling::{
    Unfinished, events_each, longest, settling_horizon, too_few_turns, too_long, too_short, unfinished,
};
use crate::stability::Growing;
use crate::stats::Estimate;
use groma_model::{Architecture, FlowId, RecordId};
use std::sync::atomic::AtomicBool;

/// The times of a load's flows at more and less of it.
#[derive(Clone, Debug)]
pub struct LoadCurve {
    /// The load, as one of the architecture's records.
    pub load: RecordId,
    /// Whether it is one of users; if not, it is one of requests a second.
    pub is_of_users: bool,
    /// How much the load really is.
    pub declared: f64,
    /// Where the first station is fully used, or users begin to wait for each other; infinite if nothing has a limit.
    pub knee: f64,
    /// The points, from little to much.
    pub points: Vec<LoadPoint>,
}

/// What happens at so much load.
#[derive(Clone, Debug)]
pub struct LoadPoint {
    /// Users, or requests a second.
    pub asked: f64,
    /// The 95th percentile of the time of each flow, in seconds.
    pub p95: Vec<(FlowId, Option<Estimate>)>,
}

/// At which shares of what can be served it is looked; beyond one only users are asked, who wait for each other.
const SHARES: [f64; 10] = [0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 0.96, 1.1, 1.3, 1.6];

/// Simulates a load at more and less than it is, each point briefly. `None` if the load says too little.
pub fn against_load(arch: &Architecture, load: RecordId, options: &Options, cancel: &AtomicBool) -> Option<LoadCurve> {
    let network = Network::new(arch);
    let declared = prepare(arch, &network, load).ok()?;
    let (asked, is_of_users) = match &declared.demand.own {
        Asked::Open { flows, .. } => (flows.iter().map(|(_, rate)| rate).sum::<f64>(), false),
        Asked::Closed { users, .. } => (f64::from(*users), true),
    };
    let analysis = &declared.analysis;
    let knee = if is_of_users { analysis.knee.unwrap_or(f64::INFINITY) } else { analysis.capacity };
    let whole = if knee.is_finite() { knee } else { 2.0 * asked };
    let levels = SHARES.iter().filter(|share| is_of_users || **share < 1.0).map(|share| share * whole);
    let point = |level: f64| {
        let demand = declared.demand.clone().scaled(level / asked)?;
        let brief = look(&network, demand.clone(), options, cancel);
        let told = |flow: FlowId| {
            let output = brief.as_ref().filter(|brief| brief.is_told()).map(|brief| &brief.output)?;
            output.time(counter_of(flow), Latency::P95)
        };
        let p95 = demand.flows().into_iter().map(|flow| (flow, told(flow)));
        Some(LoadPoint { asked: level, p95: p95.collect() })
    };
    Some(LoadCurve { load, is_of_users, declared: asked, knee, points: levels.filter_map(point).collect() })
}

/// Where not even this share of the time in which a system settles can be afforded, nothing is simulated: that would tell
/// nothing.
const LEAST_SETTLED: f64 = 0.25;

/// Simulates a point of a curve with as few events as tell it. `None` if none that may be spent do.
fn look(network: &Network, demand: Demand, options: &Options, cancel: &AtomicBool) -> Option<Brief> {
    let (few, fewest) = (few_events(options), fewest_events(options));
    let prepared = prepared_for(network, demand.clone());
    let settles = settling_horizon(&prepared.network, &prepared.demand, &prepared.analysis);
    let events_each = events_each(&prepared.network, &prepared.demand, &prepared.analysis);
    let affords = |options: &Options, share: f64| {
        run::affordable(options, prepared.analysis.rate_of_all(), events_each) >= share * settles
    };
    if affords(&fewest, 1.0) {
        // A point is drawn two or three pixels high: few events tell it well enough, but where queues settle slowly.
        let brief = briefly(network, demand.clone(), &fewest, cancel);
        if brief.is_told() {
            return Some(brief);
        }
    }
    affords(&few, LEAST_SETTLED).then(|| briefly(network, demand, &few, cancel))
}

/// What a brief simulation tells.
struct Brief {
    demand: Demand,
    /// How long a request takes that is alone, in seconds, of the flow where that is longest.
    unloaded_time: f64,
    /// Work of which too little can have ended.
    unfinished: Vec<Unfinished>,
    output: SimulationOutput,
}

impl Brief {
    /// Whether it has settled, so that times may be believed.
    fn is_told(&self) -> bool {
        let is_settled = !self.output.grows.is_any() && self.output.horizon >= longest(&self.output.needs);
        is_settled && self.unseen().is_none()
    }

    /// Why too little was seen, if so.
    fn unseen(&self) -> Option<NotConverged> {
        too_short(self.unloaded_time, &self.output)
            .or(too_few_turns(&self.demand, &self.output))
            .or(too_long(&self.unfinished, &self.output))
    }
}

/// Simulates a demand, with the network as autoscalers settle it, no longer than shows how it goes.
fn briefly(network: &Network, demand: Demand, options: &Options, cancel: &AtomicBool) -> Brief {
    let Prepared { network, demand, analysis, .. } = prepared_for(network, demand);
    let plan = Plan::Steady(settling_horizon(&network, &demand, &analysis));
    let (rate, events_each) = (analysis.rate_of_all(), events_each(&network, &demand, &analysis));
    let growing = Growing::certain(&network, &demand, &analysis);
    let (unloaded_time, analysis, growing) = (analysis.longest, &analysis, &growing);
    let task = Task {
        network: &network,
        demand: &demand,
        faults: &[],
        rate,
        events_each,
        analysis,
        growing,
        expected: &[],
        plan,
    };
    let wanted = |output: &SimulationOutput| if output.rounds > 1 { Wanted::Nothing } else { Wanted::More(2.0) };
    let output = run::run(&task, options, cancel, &|_| {}, wanted);
    let unfinished = unfinished(&network, &demand, &output);
    Brief { demand, unloaded_time, unfinished, output }
}

/// A brief simulation takes so many times fewer events.
const BRIEFLY: u64 = 8;

fn few_events(options: &Options) -> Options {
    Options { most_events: options.most_events / BRIEFLY, ..options.clone() }
}

/// A point of a curve takes so many times fewer events, where that is enough.
const FEWEST: u64 = 64;

fn fewest_events(options: &Options) -> Options {
    Options { most_events: options.most_events / FEWEST, ..options.clone() }
}

/// Why it cannot be told how much of a load is served.
pub(crate) enum NotServed {
    NotSimulated(NotSimulated),
    NotConverged(NotConverged),
    NoRequest,
}

impl From<NotSimulated> for NotServed {
    fn from(reason: NotSimulated) -> NotServed {
        NotServed::NotSimulated(reason)
    }
}

/// How many requests or calls a second that these counters count are answered well, if `rate` requests come in the mix of a
/// load, `limit` of which (or of whose calls) they should count.
///
/// # Errors
///
/// Why that cannot be told.
pub(crate) fn served_at(
    arch: &Architecture,
    network: &Network,
    load: RecordId,
    (counters, rate, limit): (&[CounterId], f64, f64),
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Estimate, NotServed> {
    let demand = prepare(arch, network, load)?.demand;
    let Demand { own, beside } = demand.at_its_highest();
    let arrivals = match own {
        Asked::Open { arrivals, .. } => arrivals.scaled(rate / own.open_rate()),
        Asked::Closed { .. } => Arrivals::Poisson,
    };
    let flows = own.shares().into_iter().map(|(flow, share)| (flow, share * rate)).collect();
    let is_alone = beside.is_empty();
    let demand = Demand { own: Asked::Open { flows, arrivals, profile: None, recorded: None }, beside };
    let mut brief = briefly(network, demand.clone(), &few_events(options), cancel);
    if brief.unseen().is_some() {
        // Requests that take long need all events that there are.
        brief = briefly(network, demand, options, cancel);
    }
    if let Some(reason) = brief.unseen() {
        return Err(NotServed::NotConverged(reason));
    }
    let output = brief.output;
    // Those of calls stand behind those of flows.
    let of_calls = counter_of(network.programs.end());
    let is_of_flows = counters.iter().all(|at| *at < of_calls);
    // Of flows it is known how many requests come; how many calls one of them makes is seen.
    let asked = if is_of_flows { limit } else { rate };
    let each = |summary: &ReplicationOutput| {
        let arrivals = |flows: &[FlowSummary]| flows.iter().map(|flow| flow.arrivals).sum::<u64>() as f64;
        let own: u64 = counters.iter().map(|at| summary.flows[*at].arrivals).sum();
        let done: u64 = counters.iter().map(|at| summary.served[*at]).sum();
        if !is_of_flows && !is_alone {
            // Requests of others come as well, and no calls of theirs.
            return done as f64 / summary.seconds / asked;
        }
        done as f64 / if is_of_flows { own as f64 } else { arrivals(summary.flows.between(CounterId::FIRST, of_calls)) }
    };
    output.amount(|summary| each(summary) * asked).ok_or(NotServed::NoRequest)
}
