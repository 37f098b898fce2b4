//! A load, with a failure or without, simulated.

use crate::analysis::{self, Analysis};
use crate::demand::{Course, Demand};
use crate::engine::{STEPS_OF_AN_EVENT, Trouble, Wrong};
use crate::law::Law;
use crate::load::{NO_ANALYSIS, Prepared, prepare, troubles};
use crate::metric::Metric;
use crate::network::{NONE, Network, Op, Station};
use crate::number::{apart, plain, time};
use crate::recovery::{ENOUGH, Episode, LASTING, Recovery, gives_up_after, recovery};
use crate::requirement::Requirement;
use crate::requirement::Watched;
use crate::result::{ElementResult, FlowResult, StationResult, element_results, flow_result, station_results};
use crate::run::{self, Options, Outcome, Plan, Stretches, TELLING, Task, Wanted};
use crate::settling::{BARELY, SETTLED, Touched, expected_needs, longest, settling_time, touched};
use crate::stability::{Cause, Growing, circle_words, circles, prone};
use crate::stats::Estimate;
use crate::timeline::{Timeline, stretches, timeline};
use groma_base::Dimension;
use groma_model::{Architecture, FlowId};
use std::sync::atomic::AtomicBool;

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
    /// What was taken to be so.
    pub assumptions: Vec<String>,
    /// Why it was not simulated, if so.
    pub refused: Option<String>,
    /// Why times and shares may still be too good, if so.
    pub unsettled: Option<String>,
    /// The flows of which.
    pub restless: Vec<FlowId>,
    /// And their calls.
    pub(crate) restless_sites: Vec<u32>,
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
            let comes_there = |site: &u32| at == Some(network.sites[*site as usize].to);
            if at.is_none() || self.restless_sites.iter().any(comes_there) {
                (station.waiting, station.utilization) = (None, None);
            }
        }
    }

    /// Why what a requirement is about may still be too good, if so.
    pub(crate) fn unsettled(&self, arch: &Architecture, network: &Network, one: &Requirement) -> Option<String> {
        let is_restless = match (one.of, one.flow) {
            (Some(element), flow) if one.metric.is_of_requests() => {
                self.is_restless(network, Watched { element, flow })
            }
            (Some(element), _) => {
                let at = network.station(arch, element);
                let comes_there = |site: &u32| at == Some(network.sites[*site as usize].to);
                at.is_none() || self.restless_sites.iter().any(comes_there)
            }
            (None, Some(flow)) => self.restless.contains(&flow),
            (None, None) => !self.restless.is_empty(),
        };
        self.unsettled.clone().filter(|_| is_restless)
    }

    /// Whether calls that somebody watches have not settled.
    fn is_restless(&self, network: &Network, watched: Watched) -> bool {
        let Some(nth) = network.watched.iter().position(|one| *one == watched) else { return true };
        let is_watched = |site: u32| network.sites[site as usize].watchers.contains(&(nth as u32));
        // Parts of a container are called by flows, not waited for.
        let ops = self.restless.iter().flat_map(|flow| &network.programs[flow.index()].ops);
        let parts = ops.filter_map(|op| if let Op::Inside { site, .. } = op { Some(*site) } else { None });
        self.restless_sites.iter().copied().chain(parts).any(is_watched)
    }
}

/// Queues that grow without end, or slots that wait for each other for ever, and who waits for them.
#[derive(Clone, Debug)]
pub struct Endless {
    /// Why, as a sentence.
    pub reason: String,
    /// The flows of the load whose requests wait for it.
    pub flows: Vec<FlowId>,
    /// The stations where calls wait without end.
    pub(crate) stations: Vec<u32>,
    /// Those who watch calls that wait for it.
    pub(crate) watchers: Vec<u32>,
    /// Why it cannot be told which share is never answered, if so.
    pub(crate) untold: Option<String>,
}

fn refused(load: usize, failure: Option<usize>, reason: String) -> Run {
    Run {
        load,
        failure,
        analysis: NO_ANALYSIS,
        flows: Vec::new(),
        elements: Vec::new(),
        stations: Vec::new(),
        replications: 0,
        seconds: 0.0,
        events: 0,
        timeline: None,
        assumptions: Vec::new(),
        refused: Some(reason),
        unsettled: None,
        restless: Vec::new(),
        restless_sites: Vec::new(),
        endless: None,
    }
}

/// Simulates a load, with a failure or without, until what is required of it is told.
pub(crate) fn simulate(
    arch: &Architecture,
    network: &Network,
    (load, failure): (usize, Option<usize>),
    own: &[&Requirement],
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
) -> Run {
    let Ready { network, demand, analysis, mut assumptions, mut course, mut growing } =
        match ready(arch, network, load, failure, options) {
            Ok(ready) => ready,
            Err(reason) => return refused(load, failure, reason),
        };
    let asked: Vec<u32> = demand.flows().iter().map(|(flow, _)| *flow).collect();
    let watch = |course: &Observation| {
        let (troubles, plan) = (&course.troubles[..], course.plan());
        let (rate, events_each) = (analysis.rate, events_each(&network, &demand));
        let (analysis, growing) = (&analysis, &growing);
        let expected = &expected_needs(&network, &demand, analysis)[..];
        let task =
            Task { network: &network, demand: &demand, troubles, rate, events_each, analysis, growing, expected, plan };
        let wanted = |outcome: &Outcome| wanted(arch, &network, own, &asked, course, options, outcome);
        let outcome = run::run(&task, options, cancel, progress, wanted);
        let told = |cut: &Stretches| timeline(arch, &network, &asked, &cut.ends, course.trouble(), &outcome);
        let line = course.stretches.as_ref().map(told);
        (outcome, line)
    };
    if let Some(station) = prone(&network, &analysis).filter(|_| course.stretches.is_none()) {
        let name = &network.stations[station as usize].name;
        assumptions.push(format!(
            "once {name} is overloaded, calls that are given up and made again may keep it so; how often it comes to that is what was simulated"
        ));
    }
    let means = by_formula(&network, &demand, &course);
    let (mut outcome, mut line) = watch(&course);
    let open = |line: &Option<Timeline>| {
        let recovery = line.as_ref()?.recovery.as_ref()?;
        (recovery.recovered < recovery.of).then_some(recovery.lingering > 0)
    };
    while let Some(lingers) = open(&line) {
        // What has not recovered is watched for longer, as long as that can be afforded.
        let Some(longer) = course.longer(lingers, &outcome, options) else { break };
        let spent = outcome.events;
        course.stretches = Some(longer);
        (outcome, line) = watch(&course);
        outcome.events += spent;
    }
    growing = outcome.growing.clone();
    let mut unsettled =
        course.stretches.is_none().then(|| has_not_settled(&network, &demand, &analysis, &outcome)).flatten();
    let mut reason = growing.is_any().then(|| overloaded(&network, &demand, &analysis, &growing));
    let waiting = circles(&network, &asked);
    if let Some((circle, told)) = stuck(&network, &waiting, &outcome) {
        growing.add(&network, &demand, &circle);
        (reason, unsettled) = (Some(told), None);
    } else if let Some(circle) = waiting.first().filter(|_| course.stretches.is_none()) {
        assumptions.push(format!(
            "slots may come to wait for each other in a circle, {}; it did not happen in what was simulated",
            circle_words(&network, circle)
        ));
    }
    let restless = unsettled.as_ref().map(|_| restless(&network, &demand, &analysis, &outcome)).unwrap_or_default();
    let endless = reason.map(|reason| endless(&network, &asked, &growing, &outcome, reason));
    assumptions.extend(unsettled.clone());
    let is_told = matches!(wanted(arch, &network, own, &asked, &course, options, &outcome), Wanted::Nothing);
    if options.exhaustive && !is_told && !outcome.cancelled {
        let (precision, load) = (crate::number::share(options.precision), arch.title(arch.records[load].at));
        assumptions
            .push(format!("the precision of {precision} was not reached at \"{load}\" within the events allowed"));
    }
    let mean_of = |at: usize| means.as_ref().and_then(|means| means[at]);
    // What never settles has no times.
    let is_settled = |flow: u32| !endless.as_ref().is_some_and(|endless| endless.flows.contains(&FlowId(flow)));
    let is_share_told = endless.as_ref().is_none_or(|endless| endless.untold.is_none());
    let result = |(at, flow): (usize, &u32)| {
        let result = flow_result(&network, *flow as usize, mean_of(at), &outcome);
        if is_settled(*flow) { result } else { result.without_times(is_share_told.then_some(&outcome)) }
    };
    Run {
        load,
        failure,
        flows: asked.iter().enumerate().map(result).collect(),
        elements: element_results(&network, endless.as_ref(), &outcome),
        stations: station_results(&network, &analysis, &growing, &outcome),
        analysis,
        replications: outcome.summaries.len(),
        seconds: outcome.horizon,
        events: outcome.events,
        timeline: line,
        assumptions,
        refused: why_ended(&outcome).map(str::to_owned),
        restless: restless.flows.into_iter().map(FlowId).collect(),
        restless_sites: restless.sites,
        unsettled,
        endless,
    }
}

/// Why a state that should last is none yet, if so.
fn has_not_settled(network: &Network, demand: &Demand, analysis: &Analysis, outcome: &Outcome) -> Option<String> {
    let simulated = time(outcome.horizon);
    let is_open = matches!(demand, Demand::Open { .. });
    if outcome.grows.is_any() {
        let why = if is_open {
            "it is asked for more than it can serve, or for so nearly as much that it takes longer to settle"
        } else {
            "its users have not come to rest"
        };
        return Some(format!("its times or queues still grow after {simulated}: {why} (more `--events` may tell)"));
    }
    if let Some(reason) = too_short(analysis.longest, outcome) {
        return Some(reason);
    }
    let needs = longest(&outcome.needs);
    let endless = outcome.needs.iter().find(|(_, needs)| needs.is_infinite());
    (outcome.horizon < needs).then(|| match endless {
        None => format!("so near to saturation it takes about {} to settle, and {simulated} were simulated", time(needs)),
        Some((at, _)) => format!(
            "in {simulated} {} was asked for so nearly all that it can do that it may be more (more `--events` may tell)",
            network.stations[*at as usize].name
        ),
    })
}

/// The flows and calls that have not settled, if any station or flow has not.
fn restless(network: &Network, demand: &Demand, analysis: &Analysis, outcome: &Outcome) -> Touched {
    let short = outcome.needs.iter().filter(|(_, needs)| outcome.horizon < *needs);
    let mut stations: Vec<u32> = short.map(|(at, _)| *at).collect();
    stations.extend(&outcome.grows.stations);
    let is_short = too_short(analysis.longest, outcome).is_some();
    if is_short {
        // Then nothing has.
        stations.extend(0..network.stations.len() as u32);
    }
    let all = demand.flows().iter().map(|(flow, _)| *flow).filter(|_| is_short);
    let flows: Vec<u32> = outcome.grows.flows.iter().copied().chain(all).collect();
    touched(network, demand, &stations, &flows)
}

/// Why what was simulated is too short against one request, if so: many are answered only after it.
pub(crate) fn too_short(alone: f64, outcome: &Outcome) -> Option<String> {
    (outcome.horizon < LONG_ENOUGH * alone).then(|| {
        let (alone, simulated) = (time(alone), time(outcome.horizon));
        format!(
            "a request takes {alone}, and only {simulated} of so many of them were simulated (more `--events` may tell)"
        )
    })
}

/// A state is watched for at least so many times as long as one request takes.
const LONG_ENOUGH: f64 = 20.0;

/// Why an outcome is none, if so.
fn why_ended(outcome: &Outcome) -> Option<&'static str> {
    if outcome.cancelled {
        Some("it was interrupted")
    } else if outcome.summaries.iter().any(|summary| summary.overflowed) {
        Some(
            "too much happens: what comes does not leave again, one request takes millions of steps, or more `--events` are needed",
        )
    } else {
        None
    }
}

/// The mean time of each flow by formula, where formulas reach: open loads that last, without failures.
fn by_formula(network: &Network, demand: &Demand, course: &Observation) -> Option<Vec<Option<f64>>> {
    let Demand::Open { flows, course: None, .. } = demand else { return None };
    let rates: Vec<(usize, f64)> = flows.iter().map(|(flow, rate)| (*flow as usize, *rate)).collect();
    course.troubles.is_empty().then(|| analysis::mean_response(network, &rates))?
}

/// Whether nobody goes on any more because slots wait for each other: who, and in words.
fn stuck(network: &Network, circles: &[Vec<u32>], outcome: &Outcome) -> Option<(Vec<u32>, String)> {
    let is_stuck = |summary: &run::Summary, circle: &[u32]| {
        let last = summary.windows.last();
        last.is_some_and(|window| {
            let station = |at: &u32| window.stations[*at as usize];
            circle.iter().all(|at| station(at).in_use > 0.999 && station(at).served == 0)
        })
    };
    circles.iter().find_map(|circle| {
        let count = outcome.summaries.iter().filter(|summary| is_stuck(summary, circle)).count();
        (count > 0).then(|| {
            let words = circle_words(network, circle);
            let told = format!(
                "deadlock: slots wait for each other in a circle, {words}, until nobody goes on; within {} in {count} of {} runs",
                time(outcome.horizon),
                outcome.summaries.len()
            );
            (circle.clone(), told)
        })
    })
}

fn endless(network: &Network, asked: &[u32], growing: &Growing, outcome: &Outcome, reason: String) -> Endless {
    let flows = asked.iter().filter(|flow| growing.holds_up(network, **flow)).map(|flow| FlowId(*flow)).collect();
    let stations = (0..network.stations.len() as u32).filter(|at| growing.is_at(*at)).collect();
    let watchers = 0..network.watched.len() as u32;
    let watchers = watchers.filter(|watcher| growing.holds_up_calls(network, asked, *watcher)).collect();
    let untold = (outcome.horizon < outcome.growth_needs).then(|| {
        let simulated = time(outcome.horizon);
        format!("{reason}; so near to saturation {simulated} do not tell which share is never answered (more `--events` may)")
    });
    Endless { reason, flows, stations, watchers, untold }
}

/// What must come to rest if a state is to last: all but what is known to grow without end.
pub(crate) struct Settles {
    pub(crate) flows: Vec<usize>,
    pub(crate) stations: Vec<usize>,
}

impl Settles {
    pub(crate) fn of(network: &Network, asked: &[u32], growing: &Growing) -> Settles {
        let flows = asked.iter().filter(|flow| !growing.holds_up(network, **flow)).map(|flow| *flow as usize);
        let stations = (0..network.stations.len()).filter(|at| !growing.is_at(*at as u32));
        Settles { flows: flows.collect(), stations: stations.collect() }
    }
}

/// A load and a failure, ready to be simulated.
struct Ready {
    network: Network,
    demand: Demand,
    analysis: Analysis,
    assumptions: Vec<String>,
    course: Observation,
    growing: Growing,
}

/// Makes a load and a failure ready, or tells why it is not simulated.
fn ready(
    arch: &Architecture,
    network: &Network,
    load: usize,
    failure: Option<usize>,
    options: &Options,
) -> Result<Ready, String> {
    let prepared = prepare(arch, network, load)?;
    let Prepared { mut network, mut demand, analysis, mut assumptions, settled } = prepared;
    if let Some(told) = is_too_long(&network, &demand, &analysis, options) {
        assumptions.push(told);
        demand = demand.at_its_highest();
    }
    let (troubles, taken_over) = failure.map(|at| troubles(arch, &network, arch.records[at].at)).unwrap_or_default();
    if let (Some(at), true) = (failure, troubles.is_empty()) {
        let title = arch.title(arch.records[at].at);
        return Err(format!("nothing of \"{title}\" touches anything that is simulated"));
    }
    let mut growing = Growing::default();
    match demand.course().map(|course| course.length()) {
        Some(length) => {
            begins_in_time(&troubles, length)?;
            start_settled(&mut network, &demand);
        }
        None => {
            growing = Growing::certain(&network, &demand, &analysis);
            assumptions.extend(settled);
        }
    }
    let is_asked = |flow: &FlowId| demand.flows().iter().any(|(asked, _)| *asked == flow.0);
    let notes = network.notes.iter().filter(|(flow, _)| is_asked(flow));
    assumptions.extend(notes.map(|(_, told)| told.clone()));
    assumptions.extend(left_out_of_load(&network, &demand, &analysis));
    assumptions.extend(left_out_of_failure(&network, &troubles));
    assumptions.extend(taken_over);
    let course = Observation::new(&network, &demand, &analysis, troubles, options);
    Ok(Ready { network, demand, analysis, assumptions, course, growing })
}

/// What is done with a course that would take too many events, as a sentence.
fn is_too_long(network: &Network, demand: &Demand, analysis: &Analysis, options: &Options) -> Option<String> {
    let course = demand.course()?;
    let events = course.length() * course.mean() * analysis.rate * events_each(network, demand);
    (events > options.most_events as f64 / 8.0).then(|| {
        format!(
            "its whole course of {} would take {} million events a replication: it is taken at its highest, {} a second",
            time(course.length()),
            plain(events / 1e6),
            plain(analysis.rate)
        )
    })
}

/// Whether what goes wrong does so before a load has ended.
fn begins_in_time(troubles: &[Trouble], length: f64) -> Result<(), String> {
    match troubles.iter().map(|trouble| trouble.from).reduce(f64::min) {
        Some(begin) if begin >= length => {
            let (begin, length) = (time(begin), time(length));
            Err(format!("the failure begins after {begin}, and the load has ended after {length}: say `at=`"))
        }
        _ => Ok(()),
    }
}

/// What is not simulated of a load, as sentences.
fn left_out_of_load(network: &Network, demand: &Demand, analysis: &Analysis) -> Vec<String> {
    let unlimited = analysis.stations.iter().filter(|busy| busy.utilization.is_none());
    let unlimited: Vec<&str> = unlimited.map(|busy| network.stations[busy.station as usize].name.as_str()).collect();
    let mut said = Vec::new();
    if let Demand::Open { recorded: Some(recorded), .. } = demand {
        let (count, length) = (recorded.arrivals.len(), demand.course().map_or(0.0, Course::length));
        said.push(format!("{} requests come in {} as they were recorded", plain(count as f64), time(length)));
    }
    if !unlimited.is_empty() {
        said.push(format!("no limit is given for {}: nobody waits there", groma_base::list_words(unlimited, "and")));
    }
    said.extend(idle_policies(network, analysis));
    let limited = network.stations.iter().filter(|station| station.user_limit.is_some());
    for station in limited.filter(|_| matches!(demand, Demand::Open { .. })) {
        let name = &station.name;
        said.push(format!("the limit for each user of {name} binds nobody: a load of requests does not say who asks"));
    }
    said
}

/// What is written of queues, priorities and calls and cannot act, as sentences.
fn idle_policies(network: &Network, analysis: &Analysis) -> Vec<String> {
    let mut said = Vec::new();
    for busy in &analysis.stations {
        let station = &network.stations[busy.station as usize];
        if station.concurrency.is_none() && station.host.is_none() {
            let name = &station.name;
            let mut never = |what: &str| {
                said.push(format!("the `{what}` of {name} never acts: without `concurrency` nobody waits there"));
            };
            if station.queue_limit.is_some() {
                never("queue-limit");
            }
            if station.patience.is_some() {
                never("queue-timeout");
            }
        }
        let mut priorities = network.sites.iter().filter(|site| site.to == busy.station).map(|site| site.priority);
        let first = priorities.next();
        if station.cores.is_some() && station.host.is_none() && priorities.any(|other| Some(other) != first) {
            said.push(format!("no flow goes first at {}: shared cores know no `priority`", station.name));
        }
    }
    let within = |(at, site): (usize, &crate::network::Site)| {
        let policy = &network.policies[site.policy as usize];
        let acts = policy.timeout.is_some() || policy.retries > 0 || policy.breaker.is_some() || site.pool != NONE;
        (site.from == site.to && acts && analysis.calls[at] == 0.0).then_some(site.from)
    };
    let mut stations: Vec<u32> = network.sites.iter().enumerate().filter_map(within).collect();
    stations.sort_unstable();
    stations.dedup();
    for at in stations {
        let name = &network.stations[at as usize].name;
        said.push(format!("no policy acts on calls between parts of {name}: they run in one process"));
    }
    said
}

/// What is not simulated of a failure, as sentences.
fn left_out_of_failure(network: &Network, troubles: &[Trouble]) -> Vec<String> {
    let mut said = Vec::new();
    for trouble in troubles {
        match &trouble.what {
            Wrong::Lost(_, 0) => {}
            Wrong::Lost(at, lost) => {
                let one = &network.stations[*at as usize];
                said.push(format!("{} loses {lost} of {} replicas", one.name, one.replicas));
            }
            Wrong::Down(at) | Wrong::Slow(at, ..) | Wrong::Errors(at, _) => {
                let one = &network.stations[*at as usize];
                let is_copy = |copy: &Station| copy.copies_of.is_some() && copy.copies_of == one.element;
                let copies = network.stations.iter().position(is_copy).map(|at| at as u32);
                let is_touched = |copy: &u32| troubles.iter().any(|other| other.what == Wrong::Down(*copy));
                if let Some(copies) = copies.filter(|copies| !is_touched(copies)) {
                    let copies = &network.stations[copies as usize].name;
                    said.push(format!("{copies} go on while {} fails", one.name));
                }
            }
            Wrong::Flushed(at, stays) => {
                let name = &network.stations[*at as usize].name;
                let lasts = time(trouble.to - trouble.from);
                said.push(match network.refills.get(at) {
                    None => format!(
                        "{name} finds nothing for {lasts} and then as much as before: without `keys`, how it fills is not known"
                    ),
                    Some(refill) => {
                        let empty = if *stays { format!(" is empty for {lasts} and then") } else { String::new() };
                        format!("{name}{empty} takes {} until it is as full as before", time(refill.length()))
                    }
                });
            }
            Wrong::Cut(sites) => {
                let is_patient = |site: &u32| {
                    let policy = network.sites[*site as usize].policy;
                    network.policies[policy as usize].timeout.is_none()
                };
                if sites.iter().any(|(site, _)| is_patient(site)) {
                    said.push("a call that is cut off and has no `timeout` fails after 127 s".to_owned());
                }
            }
        }
    }
    said.dedup();
    said
}

/// What is watched of a run.
struct Observation {
    troubles: Vec<Trouble>,
    /// `None` if nothing changes.
    stretches: Option<Stretches>,
    /// For how long a state that lasts must be watched.
    stride: f64,
    /// Whether its length is given by the load.
    is_given: bool,
    /// How long a call waits at most until it is given up, with all its tries, in seconds.
    gives_up: f64,
}

/// So many times as long as before a system is watched that has not recovered.
const LONGER: f64 = 6.0;

/// A system is watched for at most so many times as long as the failure lasts.
const MOST_WATCHED: f64 = 80.0;

impl Observation {
    fn new(
        network: &Network,
        demand: &Demand,
        analysis: &Analysis,
        mut troubles: Vec<Trouble>,
        options: &Options,
    ) -> Observation {
        let stride = match troubles.is_empty() {
            // What may tip over by chance is watched for as long as can be.
            true if prone(network, analysis).is_some() => f64::INFINITY,
            true => stride(network, demand, analysis),
            // Before a failure it must be in its stride, and not be watched until it falls over by itself.
            false => in_stride(network, demand, analysis, BARELY),
        };
        let asked: Vec<u32> = demand.flows().iter().map(|(flow, _)| *flow).collect();
        let gives_up = gives_up_after(network, &asked, &troubles).min(MOST_PATIENT);
        let begin = troubles.iter().map(|trouble| trouble.from).fold(f64::INFINITY, f64::min);
        let end = troubles.iter().map(|trouble| trouble.to).fold(0.0, f64::max);
        if let Some(course) = demand.course() {
            let length = course.length();
            let judged = if begin < end.min(length) { (begin, end.min(length)) } else { (0.0, length) };
            let stretches = Some(stretches(0.0, judged, length));
            return Observation { troubles, stretches, stride, is_given: true, gives_up };
        }
        if troubles.is_empty() {
            return Observation { troubles, stretches: None, stride, is_given: false, gives_up };
        }
        let lasts = end - begin;
        // Autoscalers that have a say need time to settle and to react.
        let every = network.stations.iter().filter_map(|station| station.scaling).map(|scaling| scaling.every);
        let before = (lasts / 5.0).clamp(10.0, 60.0).max(every.fold(0.0, f64::max) * 2.0).ceil();
        let after = (lasts / 2.0).clamp(30.0, 300.0).ceil();
        // Where few requests come, that takes longer to be told.
        let group = seconds_of_a_group(network, demand, analysis, options);
        let (before, after) = (before.max(group), after.max(LASTING as f64 * group));
        for trouble in &mut troubles {
            trouble.from += before - begin;
            trouble.to += before - begin;
        }
        let cut = stretches(stride, (before, before + lasts), before + lasts + after);
        Observation { troubles, stretches: Some(cut), stride, is_given: false, gives_up }
    }

    fn plan(&self) -> Plan {
        self.stretches.clone().map_or(Plan::Steady(self.stride), Plan::Course)
    }

    /// When the failure begins and ends.
    fn trouble(&self) -> Option<Episode> {
        let begin = self.troubles.iter().map(|trouble| trouble.from).reduce(f64::min)?;
        let end = self.troubles.iter().map(|trouble| trouble.to).fold(begin, f64::max);
        Some(Episode { begin, end, is_all: !self.is_given, gives_up: self.gives_up })
    }

    /// Whether all becomes as before after the failure, and when.
    fn recovery(&self, asked: &[u32], outcome: &Outcome) -> Option<Recovery> {
        recovery(asked, &self.stretches.as_ref()?.ends, self.trouble()?, outcome)
    }

    /// The same with more time after the failure, if the events for it are left.
    fn longer(&self, lingers: bool, outcome: &Outcome, options: &Options) -> Option<Stretches> {
        let Episode { begin, end, gives_up, .. } = self.trouble().filter(|_| !self.is_given)?;
        let known = self.stretches.as_ref()?;
        let total = known.ends.last()? - end;
        let longer = if lingers && total < gives_up {
            // Until what began in the failure is answered or given up, and then as long as before.
            end + gives_up + total
        } else {
            end + (LONGER * total).max(2.0 * (end - begin))
        };
        if longer > MOST_WATCHED * (end - begin) && !lingers {
            return None;
        }
        let each = outcome.events as f64 / outcome.summaries.len().max(1) as f64;
        let expected = 4.0 * each * longer / (end + total);
        let left = options.most_events.saturating_sub(outcome.events) as f64;
        (expected <= left && !outcome.cancelled).then(|| stretches(known.warm_up, (begin, end), longer))
    }
}

/// Calls are watched until they are given up, but no longer than this, in seconds.
const MOST_PATIENT: f64 = 3_600.0;

/// In how many seconds a group of requests comes of the flow that is asked for least, in all runs together, as long as that can
/// be afforded.
fn seconds_of_a_group(network: &Network, demand: &Demand, analysis: &Analysis, options: &Options) -> f64 {
    let total: f64 = demand.flows().iter().map(|(_, weight)| weight).sum();
    let least = demand.flows().iter().map(|(_, weight)| weight / total).filter(|share| *share > 0.0);
    let rate = analysis.rate * least.fold(1.0, f64::min);
    let seconds = ENOUGH / (rate * TELLING as f64);
    let events = analysis.rate * events_each(network, demand) * TELLING as f64;
    seconds.min(options.most_events as f64 / events / 16.0).min(600.0).ceil()
}

/// How long a system must be watched until it is in its stride, in seconds.
pub(crate) fn stride(network: &Network, demand: &Demand, analysis: &Analysis) -> f64 {
    in_stride(network, demand, analysis, SETTLED)
}

/// The same, as many times the settling time.
fn in_stride(network: &Network, demand: &Demand, analysis: &Analysis, times: f64) -> f64 {
    // Users who queue take as long as all of them before they are in their stride.
    let round = match demand {
        Demand::Closed { users, think, .. } => {
            // Where some wait and others do not, by turns, that takes several rounds more.
            let is_near = analysis.knee.is_some_and(|knee| f64::from(*users) > 0.8 * knee);
            (think + f64::from(*users) / analysis.capacity) * if is_near { 4.0 } else { 1.0 }
        }
        Demand::Open { .. } => 0.0,
    };
    let settles = match demand {
        Demand::Open { course: None, .. } => {
            analysis.stations.iter().map(|busy| settling_time(network, analysis, busy)).fold(0.0, f64::max)
        }
        _ => 0.0,
    };
    (5.0 * (round + analysis.alone))
        .max(50.0 * analysis.longest)
        .max(4.0 * lasting(network, demand))
        .max(times * settles)
}

/// How long work lasts that somebody waits for, but for a hundredth of it, in seconds: before that has passed, those who take long
/// are missing among those who are done. The fifth that is cut off must be as long.
fn lasting(network: &Network, demand: &Demand) -> f64 {
    let of_flow = |(flow, _): &(u32, f64)| {
        let ops = &network.programs[*flow as usize].ops;
        let law = |at: usize| match ops[at] {
            Op::Work { site } => network.sites[site as usize].law,
            _ => None,
        };
        analysis::awaited(ops, 0..ops.len()).into_iter().filter_map(law).map(Law::work_within).fold(0.0, f64::max)
    };
    demand.flows().iter().map(of_flow).fold(0.0, f64::max)
}

/// About how many events a request is.
pub(crate) fn events_each(network: &Network, demand: &Demand) -> f64 {
    let waits = vec![0.0; network.stations.len()];
    let (mixed, _) = analysis::cost_of_mix(network, &analysis::shares(demand), &waits);
    1.0 + 2.0 * mixed.visits.iter().sum::<f64>() + mixed.blocks / STEPS_OF_AN_EVENT as f64
}

/// Lets every autoscaler begin with as many replicas as the beginning of a course needs, its fewest if that is nothing.
fn start_settled(network: &mut Network, demand: &Demand) {
    let level = demand.course().map_or(1.0, |course| course.beginning());
    if let Some(beginning) = demand.clone().scaled(level) {
        drop(analysis::settle(network, &beginning));
        return;
    }
    for at in 0..network.stations.len() as u32 {
        let station = &network.stations[at as usize];
        if station.is_autoscaled() {
            network.set_replicas(at, station.range.0);
        }
    }
}

/// The width of an interval of how often something comes out, from which on it is narrow enough.
const NARROW: f64 = 0.2;

/// What is still wanted of an outcome, until everything that is required is told.
fn wanted(
    arch: &Architecture,
    network: &Network,
    own: &[&Requirement],
    asked: &[u32],
    course: &Observation,
    options: &Options,
    outcome: &Outcome,
) -> Wanted {
    let is_steady = course.stretches.is_none();
    let mut more: f64 = 1.0;
    if is_steady && (outcome.rounds < 2 || outcome.grows.is_any() || outcome.horizon < longest(&outcome.needs)) {
        // The first round only tells how long the next must be, and what grows must be looked at for longer.
        more = more.max(2.0);
    }
    if let Some(recovery) = course.recovery(asked, outcome) {
        let is_required = own.iter().any(|one| one.metric == Metric::RecoveryTime);
        let is_split = recovery.recovered > 0 && recovery.recovered < recovery.of;
        if recovery.is_untold && recovery.of < TELLING {
            more = more.max(2.0);
        }
        let (low, high) = recovery.likely();
        if (is_required || is_split) && (recovery.of < TELLING || is_split && high - low > NARROW) {
            more = more.max(2.0);
        }
    }
    let growing = &outcome.growing;
    let is_endless = |one: &Requirement| {
        let flows = asked.iter().filter(|flow| one.flow.is_none_or(|own| own.0 == **flow));
        growing.is_any() && (one.of.is_some() || flows.into_iter().any(|flow| growing.holds_up(network, *flow)))
    };
    let is_share_open = own.iter().any(|one| one.metric.is_share_of_requests() && is_endless(one));
    if is_steady && is_share_open && outcome.horizon < outcome.growth_needs {
        more = more.max(outcome.growth_needs / outcome.horizon);
    }
    let is_asked = |one: &&&Requirement| one.flow.is_none_or(|flow| asked.contains(&flow.0)) && !is_endless(one);
    for one in own.iter().filter(is_asked) {
        let estimates = if one.metric == Metric::RecoveryTime {
            // More runs tell nothing of how finely a recovery is seen.
            let took = course.recovery(asked, outcome).and_then(|recovery| Estimate::of(&recovery.took?.samples));
            took.into_iter().collect()
        } else {
            estimates(arch, network, one, asked, outcome)
        };
        if estimates.is_empty() && one.metric != Metric::RecoveryTime {
            more = more.max(2.0);
        }
        for estimate in estimates {
            // A little narrower than it must be, as the next round may vary more.
            let half = (estimate.high - estimate.low) / 2.0;
            let clear = if options.exhaustive { 0.0 } else { (one.limit - estimate.value).abs() / CLEAR };
            let allowed = clear.max(options.precision * estimate.value.abs());
            if half > allowed && half.is_finite() {
                more = more.max((half / (0.8 * allowed)).powi(2));
            }
        }
    }
    if more > 1.0 { Wanted::More(more) } else { Wanted::Nothing }
}

/// An estimate is clear of a limit that is so many times the half width of its interval away.
const CLEAR: f64 = 1.5;

/// What grows without end, as a sentence with every cause.
fn overloaded(network: &Network, demand: &Demand, analysis: &Analysis, growing: &Growing) -> String {
    let is_certain = Growing::certain(network, demand, analysis).is_any();
    let told: Vec<String> = growing
        .causes
        .iter()
        .enumerate()
        .map(|(nth, cause)| {
            // By formula it is certain of the first alone.
            let certain = is_certain && nth == 0;
            cause_words(network, demand, analysis, *cause, certain)
        })
        .collect();
    told.join("; ")
}

fn cause_words(network: &Network, demand: &Demand, analysis: &Analysis, cause: Cause, is_certain: bool) -> String {
    let Cause { station, place } = cause;
    let name = |at: u32| network.stations[at as usize].name.as_str();
    let whose = if station == place { "its queue".to_owned() } else { format!("the queue of {}", name(place)) };
    if !is_certain {
        return match station == place {
            true => format!("the queue of {} grows for ever: more comes there than it can serve", name(place)),
            false => format!("more is asked of {} than it can serve: {whose} grows for ever", name(station)),
        };
    }
    let busy = analysis.stations.iter().find(|busy| busy.station == station);
    let served = busy.and_then(|busy| busy.utilization).map_or(0.0, |in_use| analysis.rate / in_use);
    let asks = if matches!(demand, Demand::Closed { .. }) { "come" } else { "are asked for" };
    let (rate, served) = apart(Dimension::Count, analysis.rate, served);
    format!("{rate} requests a second {asks}, {} can serve {served}: {whose} grows for ever", name(station))
}

/// The estimates that a requirement is judged by: one a flow, or one.
fn estimates(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    asked: &[u32],
    outcome: &run::Outcome,
) -> Vec<Estimate> {
    let flows: Vec<usize> = match (one.of, one.flow) {
        (Some(element), flow) if one.metric.is_of_requests() => {
            let is_meant = |watched: &Watched| *watched == Watched { element, flow };
            let nth = network.watched.iter().position(is_meant);
            nth.map(|nth| network.programs.len() + nth).into_iter().collect()
        }
        (_, Some(flow)) => asked.iter().filter(|asked| **asked == flow.0).map(|flow| *flow as usize).collect(),
        (_, None) => asked.iter().map(|flow| *flow as usize).collect(),
    };
    let station = || one.of.and_then(|id| network.station(arch, id)).map(|at| at as usize);
    match one.metric {
        Metric::Latency(latency) => {
            let number = |flow: &run::FlowSummary| *latency.of(&flow.mean, &flow.quantiles);
            flows.iter().filter_map(|flow| outcome.time(*flow, latency.share_left(), number)).collect()
        }
        Metric::ErrorRate => flows.iter().filter_map(|flow| outcome.error_rate(network, *flow)).collect(),
        Metric::Success => {
            flows.iter().filter_map(|flow| Some(outcome.error_rate(network, *flow)?.complement())).collect()
        }
        Metric::Throughput => {
            let served = |flow: &usize| outcome.estimate(|summary| summary.served[*flow] as f64);
            let served: Vec<Estimate> = flows.iter().filter_map(served).collect();
            Estimate::sum(&served).map(|served| served.per(outcome.horizon).at_least_nothing()).into_iter().collect()
        }
        Metric::Utilization => {
            let Some(at) = station() else { return Vec::new() };
            let of =
                |at: usize| outcome.estimate(|summary| summary.stations[at].utilization()).map(Estimate::within_one);
            // Of slots and cores what is more in use.
            let processor = network.stations[at].processor as usize;
            let all = [of(at), network.stations.get(processor).and_then(|_| of(processor))].into_iter().flatten();
            all.max_by(|one, other| one.value.total_cmp(&other.value)).into_iter().collect()
        }
        Metric::Queue => {
            let Some(at) = station() else { return Vec::new() };
            outcome.amount(|summary| summary.stations[at].waiting / summary.seconds).into_iter().collect()
        }
        // Found without counting: more runs tell nothing more.
        Metric::Users | Metric::Availability | Metric::RecoveryTime | Metric::DataLoss | Metric::Team => {
            vec![Estimate::exact(0.0)]
        }
    }
}
