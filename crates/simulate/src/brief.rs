//! Simulations that show how something goes, with few events: a point of a curve, how much of a load is served.

use crate::demand::{Arrivals, Asked, Demand};
use crate::load::{Prepared, prepare, prepared_for};
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
use groma_model::{Architecture, RecordId};
use std::sync::atomic::AtomicBool;

/// What a brief simulation tells.
pub(crate) struct Brief {
    demand: Demand,
    /// How long a request takes that is alone, in seconds, of the flow where that is longest.
    unloaded_time: f64,
    /// Work of which too little can have ended.
    unfinished: Vec<Unfinished>,
    pub(crate) output: SimulationOutput,
}

impl Brief {
    /// Whether it has settled, so that times may be believed.
    pub(crate) fn is_told(&self) -> bool {
        let is_settled = !self.output.restless.is_any() && self.output.horizon >= longest(&self.output.needs);
        is_settled && self.unseen().is_none()
    }

    /// Why too little was seen, if so.
    fn unseen(&self) -> Option<NotConverged> {
        too_short(self.unloaded_time, &self.unfinished, &self.output)
            .or(too_few_turns(&self.demand, &self.output))
            .or(too_long(&self.unfinished, &self.output))
    }
}

/// Simulates a demand, with the network as autoscalers settle it, no longer than shows how it goes.
pub(crate) fn briefly(network: &Network, demand: Demand, options: &Options, cancel: &AtomicBool) -> Brief {
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

pub(crate) fn few_events(options: &Options) -> Options {
    Options { most_events: options.most_events / BRIEFLY, ..options.clone() }
}

/// Why it cannot be told how much of a load is served.
pub(crate) enum NotServed {
    NotSimulated(NotSimulated),
    NotConverged(NotConverged),
    NoRequest,
}

/// How many requests or calls a second that these counters count are answered well, if `rate` requests come in the mix of a
/// load, `limit` of which (or of whose calls) they should count. With how many events were simulated for that.
pub(crate) fn served_at(
    arch: &Architecture,
    network: &Network,
    load: RecordId,
    (counters, rate, limit): (&[CounterId], f64, f64),
    options: &Options,
    cancel: &AtomicBool,
) -> (Result<Estimate, NotServed>, u64) {
    let demand = match prepare(arch, network, load) {
        Ok(prepared) => prepared.demand.at_its_highest(),
        Err(reason) => return (Err(NotServed::NotSimulated(reason)), 0),
    };
    let Demand { own, beside } = demand;
    let arrivals = match own {
        Asked::Open { arrivals, .. } => arrivals.scaled(rate / own.open_rate()),
        Asked::Closed { .. } => Arrivals::Poisson,
    };
    let flows = own.shares().into_iter().map(|(flow, share)| (flow, share * rate)).collect();
    let is_alone = beside.is_empty();
    let demand = Demand { own: Asked::Open { flows, arrivals, profile: None, recorded: None }, beside };
    let mut brief = briefly(network, demand.clone(), &few_events(options), cancel);
    let mut events = brief.output.events;
    if brief.unseen().is_some() {
        // Requests that take long need all events that there are.
        brief = briefly(network, demand, options, cancel);
        events += brief.output.events;
    }
    let served = match brief.unseen() {
        Some(reason) => Err(NotServed::NotConverged(reason)),
        None => counted(network, &brief.output, counters, (rate, limit), is_alone).ok_or(NotServed::NoRequest),
    };
    (served, events)
}

/// How much of what was simulated was answered well, of what these counters count.
fn counted(
    network: &Network,
    output: &SimulationOutput,
    counters: &[CounterId],
    (rate, limit): (f64, f64),
    is_alone: bool,
) -> Option<Estimate> {
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
    output.amount(|summary| each(summary) * asked)
}
