//! A load, with a failure or without, simulated.

mod lagging;
mod left_out;
mod observation;
mod outcome;
mod scenario;
mod steady_state;
mod stopping_rule;

use crate::analysis::{self, ENOUGH};
use crate::assumption::{Assumption, LoadAssumption};
use crate::demand::{Asked, Demand};
use crate::network::{Network, StationId, counter_of};
use crate::output::SimulationOutput;
use crate::requirement::Requirement;
use crate::result::{Endless, FlowResult, element_results, flow_result, station_results};
use crate::run::{self, Options, Task, Wanted};
use crate::settling::{Touched, events_each, expected_needs};
use crate::stability::{Growing, circles, named_circle, prone};
use crate::timeline::{Timeline, timeline};
use groma_model::{Architecture, FlowId, RecordId};
pub use lagging::Lag;
use observation::Observation;
pub use outcome::{Effort, Measured, Outcome, Run, Unsettled};
use scenario::{Scenario, scenario};
use std::borrow::Cow;
use std::sync::atomic::AtomicBool;
use steady_state::{endless, has_not_settled, overloaded, restless, stuck, why_ended};
use stopping_rule::wanted;

/// Simulates a load, with a failure or without, until what is required of it is told.
pub(crate) fn simulate(
    arch: &Architecture,
    network: &Network,
    (load, failure): (RecordId, Option<RecordId>),
    own: &[&Requirement],
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
) -> Run {
    let scenario = match scenario(arch, network, load, failure, options) {
        Ok(scenario) => scenario,
        Err(reason) => return Run::not_simulated_at_all(load, failure, reason),
    };
    let asked: Vec<FlowId> = scenario.demand.flows();
    let context = RunContext { arch, own, asked: &asked, options, cancel, progress };
    let Watch { output, line, is_told } = context.until_recovered(&scenario);
    let state = state(&scenario, &asked, &output);
    let not_precise = (options.exhaustive && !is_told && !output.cancelled).then(|| LoadAssumption::NotPrecise {
        precision: options.precision,
        load: arch.title(arch.records[load].at).to_owned(),
    });
    let of_output = may_tip_over(&scenario)
        .into_iter()
        .chain(state.may_deadlock.clone())
        .chain(state.unsettled.as_ref().map(|unsettled| LoadAssumption::NotConverged(unsettled.why.clone())))
        .chain(not_precise)
        .chain(what_is_rare(arch, &scenario.network, &asked, &output));
    let assumptions = scenario.assumptions.iter().cloned().chain(of_output.map(Assumption::from)).collect();
    let (flows_beside, cycle) = (flows_beside(&scenario.demand), scenario.demand.cycle());
    let effort = Effort { replications: output.summaries.len(), seconds: output.horizon, events: output.events };
    let ended = why_ended(&scenario.network, &scenario.demand, &scenario.analysis, options, &output);
    let endless = state.endless.clone();
    let outcome = match ended {
        // What was begun and not ended tells nothing.
        Some(reason) => Outcome::NotSimulated(reason),
        None => Outcome::Simulated(Box::new(measured(&scenario, &asked, state, line, &output))),
    };
    let Scenario { analysis, at_most, lagging, .. } = scenario;
    Run { load, failure, analysis, at_most, flows_beside, cycle, assumptions, effort, lagging, endless, outcome }
}

/// What a simulation tells that came to its end.
fn measured(
    scenario: &Scenario,
    asked: &[FlowId],
    state: State,
    line: Option<Timeline>,
    output: &SimulationOutput,
) -> Measured {
    let Scenario { network, demand, analysis, .. } = scenario;
    Measured {
        flows: flow_results(scenario, asked, state.endless.as_ref(), output),
        elements: element_results(network, state.endless.as_ref(), output),
        stations: station_results(network, analysis, &state.growing, output),
        timeline: line.map(|line| if demand.cycle() > 0.0 { line.without_recovery() } else { line }),
        unsettled: state.unsettled,
    }
}

/// The flows that loads beside one that is judged ask for, with how many a second if that is always the same.
fn flows_beside(demand: &Demand) -> Vec<(FlowId, Option<f64>)> {
    let of = |one: &Asked| {
        let is_known = !one.is_closed() && one.profile().is_none();
        one.flows().iter().map(|(flow, rate)| (*flow, is_known.then_some(*rate))).collect::<Vec<_>>()
    };
    demand.beside.iter().flat_map(of).collect()
}

/// How a scenario is simulated, and for whom.
struct RunContext<'a> {
    arch: &'a Architecture,
    own: &'a [&'a Requirement],
    asked: &'a [FlowId],
    options: &'a Options,
    cancel: &'a AtomicBool,
    progress: &'a (dyn Fn(f64) + Sync),
}

/// What was seen of a scenario.
struct Watch {
    output: SimulationOutput,
    line: Option<Timeline>,
    /// Whether everything that is required is told.
    is_told: bool,
}

impl RunContext<'_> {
    /// Simulates a scenario as long as it says; what has not recovered is watched for longer, as long as that can be afforded.
    fn until_recovered(&self, scenario: &Scenario) -> Watch {
        let mut observation = Cow::Borrowed(&scenario.observation);
        let mut watch = self.once(scenario, &observation);
        let open = |line: &Option<Timeline>| {
            let line = line.as_ref()?;
            let all = line.recovery.iter().chain(line.recoveries.iter().map(|(_, recovery)| recovery));
            all.filter(|one| one.recovered < one.of).map(|one| one.lingering > 0).reduce(|one, other| one || other)
        };
        while let Some(lingers) = open(&watch.line) {
            let Some(longer) = observation.longer(lingers, &watch.output, self.options) else { break };
            let spent = watch.output.events;
            observation = Cow::Owned(longer);
            watch = self.once(scenario, &observation);
            watch.output.events += spent;
        }
        watch
    }

    fn once(&self, scenario: &Scenario, observation: &Observation) -> Watch {
        let Scenario { network, demand, analysis, growing, .. } = scenario;
        let task = Task {
            network,
            demand,
            faults: &observation.faults,
            rate: analysis.rate_of_all(),
            events_each: events_each(network, demand, analysis),
            analysis,
            growing,
            expected: &expected_needs(network, demand, analysis),
            plan: observation.plan(),
        };
        let wanted = |output: &SimulationOutput| {
            wanted(self.arch, network, self.own, self.asked, observation, self.options, output)
        };
        let output = run::run(&task, self.options, self.cancel, self.progress, wanted);
        let windows = observation.windows.as_ref();
        let line = windows
            .map(|cut| timeline(self.arch, network, (self.asked, self.own), &cut.ends, observation.fault(), &output));
        let is_told = matches!(wanted(&output), Wanted::Nothing);
        Watch { output, line, is_told }
    }
}

/// That a station may be overloaded by chance and then stay so, if it may.
fn may_tip_over(scenario: &Scenario) -> Option<LoadAssumption> {
    let station = prone(&scenario.network, &scenario.analysis).filter(|_| scenario.observation.windows.is_none())?;
    Some(LoadAssumption::MayTipOver { station: scenario.network.stations[station].name.clone() })
}

/// Of which flows something may be missing that is so rare that it was hardly met.
fn what_is_rare(
    arch: &Architecture,
    network: &Network,
    asked: &[FlowId],
    output: &SimulationOutput,
) -> Vec<LoadAssumption> {
    let of = |flow: &FlowId| {
        let (counter, title) = (counter_of(*flow), arch.title(arch.flows[network.programs[*flow].flow].at));
        let adds = output.unseen.times[counter];
        output.mean(*flow).filter(|mean| mean.is_moved_by(adds))?;
        let requests: u64 = output.summaries.iter().map(|summary| summary.flows[counter].arrivals).sum();
        Some(LoadAssumption::Rare { flow: title.to_owned(), requests: requests as f64 / ENOUGH, adds })
    };
    let trips = output.unseen.trips.iter().filter(|_| !output.in_failure).map(|trips| {
        let site = network.sites.iter().find(|site| site.policy == trips.policy);
        let name = |at: StationId| network.stations[at].name.as_str();
        let calls = site.map(|site| format!("{} -> {}", site.from.map_or("a person", name), name(site.to)));
        LoadAssumption::RareTrips { calls: calls.unwrap_or_default(), every: trips.every, share: trips.share }
    });
    asked.iter().filter_map(of).chain(trips).collect()
}

/// Whether what was simulated has come to rest, and if not, what has not.
struct State {
    growing: Growing,
    unsettled: Option<Unsettled>,
    endless: Option<Endless>,
    /// That slots may come to wait for each other, though they were not seen to.
    may_deadlock: Option<LoadAssumption>,
}

/// Tells whether a scenario has come to rest.
fn state(scenario: &Scenario, asked: &[FlowId], output: &SimulationOutput) -> State {
    let Scenario { network, demand, analysis, observation, .. } = scenario;
    let is_steady = observation.windows.is_none();
    let mut growing = output.growing.clone();
    let mut not_converged = is_steady.then(|| has_not_settled(network, demand, analysis, output)).flatten();
    let mut reason = growing.is_any().then(|| overloaded(network, demand, analysis, &growing));
    let mut may_deadlock = None;
    let waiting = circles(network, asked);
    if let Some((circle, deadlock)) = stuck(network, &waiting, output) {
        growing.add(network, demand, &circle);
        (reason, not_converged) = (Some(deadlock), None);
    } else if let Some(circle) = waiting.first().filter(|_| is_steady) {
        may_deadlock = Some(LoadAssumption::MayDeadlock(named_circle(network, circle)));
    }
    let unsettled = not_converged.map(|why| {
        let Touched { flows, sites } = restless(network, demand, analysis, output);
        Unsettled { why, flows, sites }
    });
    let endless = reason.map(|reason| endless(network, asked, &growing, output, reason));
    State { growing, unsettled, endless, may_deadlock }
}

/// What is told of each flow. What never settles has no times.
fn flow_results(
    scenario: &Scenario,
    asked: &[FlowId],
    endless: Option<&Endless>,
    output: &SimulationOutput,
) -> Vec<FlowResult> {
    let Scenario { network, demand, observation, .. } = scenario;
    let means = by_formula(network, demand, observation);
    let is_settled = |flow: FlowId| !endless.is_some_and(|endless| endless.flows.contains(&flow));
    let is_share_told = endless.is_none_or(|endless| endless.untold.is_none());
    let result = |(at, flow): (usize, &FlowId)| {
        let mean = means.as_ref().and_then(|means| means[at]);
        let result = flow_result(network, *flow, mean, output);
        if is_settled(*flow) { result } else { result.without_times(is_share_told.then_some(output)) }
    };
    asked.iter().enumerate().map(result).collect()
}

/// The mean time of each flow by formula, where formulas reach: open loads that last and do not come in bursts, without
/// failures.
fn by_formula(network: &Network, demand: &Demand, observation: &Observation) -> Option<Vec<Option<f64>>> {
    if !demand.all().all(Asked::is_poisson) || !observation.faults.is_empty() {
        return None;
    }
    // No formula tells how long a queue is before somebody who stands still.
    if network.stations.iter().any(|station| station.stall.is_some() && station.servers().is_some()) {
        return None;
    }
    let asked = || demand.all().flat_map(Asked::flows);
    let rate = |flow: &FlowId| asked().filter(|(other, _)| other == flow).map(|(_, rate)| rate).sum();
    let together: Vec<(FlowId, f64)> = demand.flows().iter().map(|flow| (*flow, rate(flow))).collect();
    analysis::mean_response(network, if demand.beside.is_empty() { demand.own.flows() } else { &together })
}
