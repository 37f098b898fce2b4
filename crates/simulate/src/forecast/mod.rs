//! A load, with a failure or without, simulated.

mod left_out;
mod observation;
mod scenario;
mod steady_state;
mod stopping_rule;

use crate::analysis::{self, Analysis, ENOUGH};
use crate::assumption::{Assumption, LoadAssumption};
use crate::demand::{Asked, Demand};
use crate::load::NO_ANALYSIS;
use crate::network::{Network, Op, SiteId, StationId, Watched, counter_of};
use crate::not_converged::NotConverged;
use crate::output::SimulationOutput;
use crate::refusal::NotSimulated;
use crate::requirement::Requirement;
use crate::result::{ElementResult, Endless, FlowResult, StationResult, element_results, flow_result, station_results};
use crate::run::{self, Options, Task, Wanted};
use crate::settling::{Touched, events_each, expected_needs};
use crate::stability::{Growing, circles, named_circle, prone};
use crate::timeline::{Timeline, timeline};
use groma_model::{Architecture, FlowId, RecordId};
use observation::Observation;
use scenario::{Scenario, millions_for, scenario};
use std::sync::atomic::AtomicBool;
use steady_state::{endless, has_not_settled, overloaded, restless, stuck, why_ended};
use stopping_rule::wanted;

/// A load, with a failure or without, simulated.
#[derive(Clone, Debug)]
pub struct Run {
    /// The load, as one of the architecture's records.
    pub load: RecordId,
    /// The failure, if any.
    pub failure: Option<RecordId>,
    /// What could be told before.
    pub analysis: Analysis,
    /// The flows of the load; empty if it was not simulated.
    pub flows: Vec<FlowResult>,
    /// Those of them that loads beside it ask for, each as often as that is so, and how many a second; `None` if that changes or
    /// depends on how long they take.
    pub(crate) flows_beside: Vec<(FlowId, Option<f64>)>,
    /// The elements whose own calls are judged.
    pub elements: Vec<ElementResult>,
    /// The stations, the busiest first.
    pub stations: Vec<StationResult>,
    /// How many replications.
    pub replications: usize,
    /// Seconds of each that were counted.
    pub seconds: f64,
    /// Events in all.
    pub events: u64,
    /// What happened in the course of it, if it is one: of a failure, or of a load that changes.
    pub timeline: Option<Timeline>,
    /// How long it takes on average until what comes begins anew, in seconds; 0 if it is the same all the time.
    pub(crate) cycle: f64,
    /// What was taken to be so.
    pub assumptions: Vec<Assumption>,
    /// Why it was not simulated, if so.
    pub not_simulated: Option<NotSimulated>,
    /// Why times and shares may still be too good, if so.
    pub not_converged: Option<NotConverged>,
    /// The flows of which.
    pub restless: Vec<FlowId>,
    /// And their calls.
    pub(crate) restless_sites: Vec<SiteId>,
    /// What never comes to an end, if anything.
    pub endless: Option<Endless>,
}

impl Run {
    /// Takes back the numbers of what has not settled: with twice the time they would be others.
    pub(crate) fn withhold(&mut self, arch: &Architecture, network: &Network) {
        let mut elements = std::mem::take(&mut self.elements);
        elements.retain(|result| !self.is_restless(network, Watched { element: result.element, flow: result.flow }));
        self.elements = elements;
        let restless = &self.restless;
        self.flows.retain(|result| !restless.contains(&result.flow));
        for station in &mut self.stations {
            let at = station.element.and_then(|element| network.station(arch, element));
            let comes_there = |site: &SiteId| at == Some(network.sites[*site].to);
            if at.is_none() || self.restless_sites.iter().any(comes_there) {
                (station.waiting, station.utilization) = (None, None);
            }
        }
    }

    /// How many millions of events all of a load takes that was simulated at its highest, if it was.
    pub(crate) fn events_of_all(&self) -> Option<f64> {
        let highest = |one: &Assumption| {
            if let Assumption::Load(LoadAssumption::AtItsHighest { events, .. }) = one { Some(*events) } else { None }
        };
        self.assumptions.iter().find_map(highest).map(millions_for)
    }

    /// Why what a requirement is about may still be too good, if so.
    pub(crate) fn not_converged_of(
        &self,
        arch: &Architecture,
        network: &Network,
        one: &Requirement,
    ) -> Option<NotConverged> {
        let is_restless = match (one.of, one.flow) {
            (Some(element), flow) if one.metric.is_of_requests() => {
                self.is_restless(network, Watched { element, flow })
            }
            (Some(_), _) => {
                let stations = one.stations(arch, network);
                let comes_there = |site: &SiteId| stations.contains(&network.sites[*site].to);
                stations.is_empty() || self.restless_sites.iter().any(comes_there)
            }
            (None, Some(flow)) => self.restless.contains(&flow),
            (None, None) => !self.restless.is_empty(),
        };
        self.not_converged.clone().filter(|_| is_restless)
    }

    /// Whether calls that somebody watches have not settled.
    fn is_restless(&self, network: &Network, watched: Watched) -> bool {
        let Some(watcher) = network.watcher(watched) else { return true };
        let is_watched = |site: SiteId| network.sites[site].watchers.contains(&watcher);
        // Parts of a container are called by flows, not waited for.
        let ops = self.restless.iter().flat_map(|flow| &network.programs[*flow].ops);
        let parts = ops.filter_map(|op| if let Op::Inside { site, .. } = op { Some(*site) } else { None });
        self.restless_sites.iter().copied().chain(parts).any(is_watched)
    }
}

fn not_simulated(load: RecordId, failure: Option<RecordId>, reason: NotSimulated) -> Run {
    Run {
        load,
        failure,
        analysis: NO_ANALYSIS,
        flows: Vec::new(),
        flows_beside: Vec::new(),
        elements: Vec::new(),
        stations: Vec::new(),
        replications: 0,
        seconds: 0.0,
        events: 0,
        timeline: None,
        cycle: 0.0,
        assumptions: Vec::new(),
        not_simulated: Some(reason),
        not_converged: None,
        restless: Vec::new(),
        restless_sites: Vec::new(),
        endless: None,
    }
}

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
    let mut scenario = match scenario(arch, network, load, failure, options) {
        Ok(scenario) => scenario,
        Err(reason) => return not_simulated(load, failure, reason),
    };
    let asked: Vec<FlowId> = scenario.demand.flows();
    let context = RunContext { arch, own, asked: &asked, options, cancel, progress };
    let may_tip_over = may_tip_over(&scenario);
    scenario.assumptions.extend(may_tip_over.map(Assumption::from));
    let (output, line) = context.until_recovered(&mut scenario);
    let state = state(&mut scenario, &asked, &output);
    if options.exhaustive && !context.is_told(&scenario, &output) && !output.cancelled {
        let (precision, load) = (options.precision, arch.title(arch.records[load].at).to_owned());
        scenario.assumptions.push(LoadAssumption::NotPrecise { precision, load }.into());
    }
    let rare = what_is_rare(arch, &scenario.network, &asked, &output);
    scenario.assumptions.extend(rare.into_iter().map(Assumption::from));
    let flows = flow_results(&scenario, &asked, state.endless.as_ref(), &output);
    let flows_beside = flows_beside(&scenario.demand);
    let cycle = scenario.demand.cycle();
    let not_simulated = why_ended(&scenario.network, &scenario.demand, &scenario.analysis, options, &output);
    let Scenario { network, analysis, assumptions, .. } = scenario;
    // What was begun and not ended tells nothing.
    let is_told = not_simulated.is_none();
    Run {
        load,
        failure,
        flows: if is_told { flows } else { Vec::new() },
        flows_beside,
        elements: if is_told { element_results(&network, state.endless.as_ref(), &output) } else { Vec::new() },
        stations: if is_told { station_results(&network, &analysis, &state.growing, &output) } else { Vec::new() },
        analysis,
        replications: output.summaries.len(),
        seconds: output.horizon,
        events: output.events,
        timeline: line
            .filter(|_| !output.has_ended())
            .map(|line| if cycle > 0.0 { line.without_recovery() } else { line }),
        cycle,
        assumptions,
        not_simulated,
        restless: state.restless.flows,
        restless_sites: state.restless.sites,
        not_converged: state.not_converged,
        endless: state.endless,
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

impl RunContext<'_> {
    /// Simulates a scenario as long as it says; what has not recovered is watched for longer, as long as that can be afforded.
    fn until_recovered(&self, scenario: &mut Scenario) -> (SimulationOutput, Option<Timeline>) {
        let (mut output, mut line) = self.once(scenario);
        let open = |line: &Option<Timeline>| {
            let line = line.as_ref()?;
            let all = line.recovery.iter().chain(line.recoveries.iter().map(|(_, recovery)| recovery));
            all.filter(|one| one.recovered < one.of).map(|one| one.lingering > 0).reduce(|one, other| one || other)
        };
        while let Some(lingers) = open(&line) {
            let Some(longer) = scenario.observation.longer(lingers, &output, self.options) else { break };
            let spent = output.events;
            scenario.observation.windows = Some(longer);
            (output, line) = self.once(scenario);
            output.events += spent;
        }
        (output, line)
    }

    fn once(&self, scenario: &Scenario) -> (SimulationOutput, Option<Timeline>) {
        let Scenario { network, demand, analysis, observation, growing, .. } = scenario;
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
        let output = run::run(&task, self.options, self.cancel, self.progress, |output| self.wanted(scenario, output));
        let windows = observation.windows.as_ref();
        let line = windows
            .map(|cut| timeline(self.arch, network, (self.asked, self.own), &cut.ends, observation.fault(), &output));
        (output, line)
    }

    fn wanted(&self, scenario: &Scenario, output: &SimulationOutput) -> Wanted {
        wanted(self.arch, &scenario.network, self.own, self.asked, &scenario.observation, self.options, output)
    }

    /// Whether everything that is required is told.
    fn is_told(&self, scenario: &Scenario, output: &SimulationOutput) -> bool {
        matches!(self.wanted(scenario, output), Wanted::Nothing)
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
    not_converged: Option<NotConverged>,
    restless: Touched,
    endless: Option<Endless>,
}

/// Tells whether a scenario has come to rest, and adds what is to be said of that to its assumptions.
fn state(scenario: &mut Scenario, asked: &[FlowId], output: &SimulationOutput) -> State {
    let Scenario { network, demand, analysis, assumptions, observation, .. } = scenario;
    let (network, demand, analysis) = (&*network, &*demand, &*analysis);
    let is_steady = observation.windows.is_none();
    let mut growing = output.growing.clone();
    let mut not_converged = is_steady.then(|| has_not_settled(network, demand, analysis, output)).flatten();
    let mut reason = growing.is_any().then(|| overloaded(network, demand, analysis, &growing));
    let waiting = circles(network, asked);
    if let Some((circle, deadlock)) = stuck(network, &waiting, output) {
        growing.add(network, demand, &circle);
        (reason, not_converged) = (Some(deadlock), None);
    } else if let Some(circle) = waiting.first().filter(|_| is_steady) {
        assumptions.push(LoadAssumption::MayDeadlock(named_circle(network, circle)).into());
    }
    let restless = not_converged.as_ref().map(|_| restless(network, demand, analysis, output)).unwrap_or_default();
    let endless = reason.map(|reason| endless(network, asked, &growing, output, reason));
    assumptions.extend(not_converged.clone().map(|why| LoadAssumption::NotConverged(why).into()));
    State { growing, not_converged, restless, endless }
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
