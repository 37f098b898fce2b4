//! The number of a run that a requirement is judged by, and the reason that is told with it.

use super::not_asked;
use super::reason::{Basis, Unknown};
use super::throughput::{can_be_served, users_at_ease, was_served};
use super::time_spent::longest;
use crate::forecast::Run;
use crate::metric::{Latency, Metric};
use crate::network::{Network, StationId, Watched, WatcherId};
use crate::requirement::Requirement;
use crate::result::{ElementResult, Endless, FlowResult, StationResult};
use crate::run::Options;
use crate::stats::Estimate;
use groma_model::{Architecture, FlowId};
use std::sync::atomic::AtomicBool;

/// What a run tells about a requirement, and how that was found; with how many events that were simulated for it alone.
pub(super) fn measured(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: &Run,
    how: (&Options, &AtomicBool),
) -> (Result<(Estimate, Basis), Unknown>, u64) {
    let analysis = &run.analysis;
    if let (Some(reason), true) = (run.not_simulated(), analysis.rate == 0.0) {
        return (Err(reason.clone().into()), 0);
    }
    if one.first_part && (one.of.is_some() || !matches!(one.metric, Metric::Latency(_))) {
        return (Err(Unknown::NoTimeOfFirstPart(one.metric)), 0);
    }
    if one.metric == Metric::Users {
        return (users_at_ease(analysis), 0);
    }
    // What is served while something fails, or by users who wait for each other, is simulated; else what can be served is
    // reckoned, and simulated where it must be.
    if one.metric == Metric::Throughput && one.failure.is_none() && !analysis.is_closed {
        return can_be_served(arch, network, one, run, how);
    }
    (seen(arch, network, one, run), 0)
}

/// What was seen in a run of what a requirement is about. Long because what is asked first decides: apart, the order could not be
/// read.
fn seen(arch: &Architecture, network: &Network, one: &Requirement, run: &Run) -> Result<(Estimate, Basis), Unknown> {
    if let Some(endless) = run.endless.as_ref().filter(|endless| is_without_end(arch, network, one, endless)) {
        return Ok((Estimate::exact(f64::INFINITY), Basis::Endless(endless.reason.clone())));
    }
    if let Some(untold) = run.endless.as_ref().and_then(|endless| untold_share(network, one, endless)) {
        return Err(untold);
    }
    if let Some(reason) = run.not_simulated() {
        // It was begun and not ended: what was seen is no answer.
        return Err(reason.clone().into());
    }
    if let (Some(of), true) = (one.of, one.metric.is_of_requests()) {
        let is_meant = |result: &&ElementResult| result.element == of && result.flow == one.flow;
        let result = run.elements().iter().find(is_meant).ok_or(Unknown::NobodyComes)?;
        return of_element(arch, one, result);
    }
    if let Some(flow) = one.flow
        && !run.flows().iter().any(|result| result.flow == flow)
    {
        return Err(not_asked(arch, run));
    }
    let chosen = run.flows().iter().filter(|result| one.flow.is_none_or(|flow| result.flow == flow));
    match one.metric {
        Metric::Throughput => {
            // Without a flow it is that of the load, not of those beside it.
            let is_own = |flow: FlowId| run.analysis.mix.iter().any(|(own, _)| *own == flow);
            was_served(network, one, run, chosen.filter(|result| one.flow.is_some() || is_own(result.flow)))
        }
        Metric::Latency(latency) if one.first_part => {
            let parts = chosen.filter_map(|result| first_part(arch, result, latency)).collect::<Vec<_>>();
            if parts.is_empty() { Err(Unknown::NoParts) } else { worst(one, parts.into_iter().flatten()) }
        }
        Metric::Latency(latency) => {
            worst(one, chosen.filter_map(|result| timed(arch, run, result, &result.latency[latency])))
        }
        Metric::ErrorRate => {
            worst(one, chosen.filter_map(|result| Some((result.error_rate.clone()?, of_requests(result)))))
        }
        Metric::Success => worst(
            one,
            chosen.filter_map(|result| Some((result.error_rate.as_ref()?.complement(), of_requests(result)))),
        ),
        Metric::Degraded => {
            let is_asked = chosen.clone().any(|result| result.error_rate.is_some());
            let share = |result: &FlowResult| {
                let degraded = result.degraded.as_ref()?;
                Some((degraded.share.clone(), Basis::Fallbacks(degraded.clone())))
            };
            let found = worst(one, chosen.filter_map(share));
            if is_asked { found.or(Err(Unknown::NoneSucceeds)) } else { found }
        }
        Metric::Utilization => of_station(arch, network, one, run),
        Metric::Queue => waiting(arch, network, one, run),
        Metric::Users | Metric::Availability | Metric::RecoveryTime | Metric::DataLoss | Metric::Team => {
            Err(Unknown::NotMeasured(one.metric))
        }
    }
}

/// What is told of the shares of the requests of a flow.
fn of_requests(result: &FlowResult) -> Basis {
    Basis::Requests(result.fates, result.degraded.clone())
}

/// The worst of what was found of several flows.
fn worst(one: &Requirement, found: impl Iterator<Item = (Estimate, Basis)>) -> Result<(Estimate, Basis), Unknown> {
    let badness = |estimate: &Estimate| if one.upper { estimate.value } else { -estimate.value };
    let worst = found.max_by(|a, b| badness(&a.0).total_cmp(&badness(&b.0)));
    worst.ok_or(Unknown::NoRequest)
}

/// A time of a flow, and where it goes.
fn timed(arch: &Architecture, run: &Run, result: &FlowResult, time: &Option<Estimate>) -> Option<(Estimate, Basis)> {
    match (time, &result.error_rate) {
        (Some(time), _) => Some((time.clone(), Basis::Times(longest(arch, run, result), result.fates))),
        // Whoever asks waits for ever.
        (None, Some(_)) => Some((Estimate::exact(f64::INFINITY), Basis::NobodyAnswered)),
        (None, None) => None,
    }
}

/// The time until the first part of the answers of a flow, if they come in parts: none if none came.
fn first_part(arch: &Architecture, result: &FlowResult, latency: Latency) -> Option<Option<(Estimate, Basis)>> {
    let part = result.first_part.as_ref()?;
    let flow = arch.title(arch.flows[result.flow].at).to_owned();
    let time = &part[latency];
    Some(match (time, &result.error_rate) {
        (Some(time), _) => {
            let whole = result.latency[Latency::Mean].as_ref().map(|mean| mean.value);
            Some((time.clone(), Basis::FirstPart { flow, whole }))
        }
        (None, Some(_)) => Some((Estimate::exact(f64::INFINITY), Basis::NobodyAnswered)),
        (None, None) => None,
    })
}

/// How much a station is in use.
fn of_station(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    run: &Run,
) -> Result<(Estimate, Basis), Unknown> {
    let at = one.of.and_then(|id| network.station(arch, id));
    let element = at.and_then(|at| network.stations[at].element);
    let station = run.stations().iter().find(|station| station.element.is_some() && station.element == element);
    let station = station.ok_or(Unknown::NobodyComes)?;
    // Of slots and cores of its own what is more in use.
    let processor = at.and_then(|at| network.stations[at].processor);
    let processor = processor.and_then(|own| run.stations().iter().find(|result| result.station == own));
    let in_use = [Some(station), processor].into_iter().flatten().filter_map(|one| one.utilization.clone());
    Estimate::largest(in_use).map(|value| (value, basis_of(station))).ok_or(Unknown::NoLimitThere)
}

fn basis_of(station: &StationResult) -> Basis {
    Basis::Station { calls: station.rate.as_ref().map_or(0.0, |rate| rate.value), replicas: station.replicas }
}

/// How many wait at a station; of a queue, how many of those that it delivers wait to be taken.
fn waiting(arch: &Architecture, network: &Network, one: &Requirement, run: &Run) -> Result<(Estimate, Basis), Unknown> {
    let shared = one.of.and_then(|of| network.waiting_rooms(arch, of).err());
    if let Some(at) = shared {
        return Err(Unknown::SharedBacklog { station: network.stations[at].name.clone() });
    }
    let rooms = one.stations(arch, network);
    let at = |room: &StationId| run.stations().iter().find(|result| result.station == *room);
    let stations: Vec<&StationResult> = rooms.iter().filter_map(at).collect();
    let first = stations.first().ok_or(Unknown::NobodyComes)?;
    let waiting: Vec<Estimate> = stations.iter().filter_map(|station| station.waiting.clone()).collect();
    let own = one.of.and_then(|of| network.station(arch, of));
    let takers = rooms.iter().filter(|room| Some(**room) != own);
    let takers: Vec<String> = takers.map(|room| network.stations[*room].name.clone()).collect();
    let basis = if takers.is_empty() { basis_of(first) } else { Basis::Backlog { takers } };
    Estimate::sum(&waiting)
        .filter(|_| waiting.len() == stations.len())
        .map(|sum| (sum, basis))
        .ok_or(Unknown::NoLimitThere)
}

/// Whether a requirement is about times or a queue that never come to an end.
fn is_without_end(arch: &Architecture, network: &Network, one: &Requirement, endless: &Endless) -> bool {
    if !one.metric.grows_without_end() {
        return false;
    }
    match one.of {
        Some(_) if !one.metric.is_of_requests() => {
            one.stations(arch, network).iter().any(|at| endless.stations.contains(at))
        }
        _ => are_held_up(network, one, endless),
    }
}

/// Whether those requests or calls wait without end that a requirement is about.
fn are_held_up(network: &Network, one: &Requirement, endless: &Endless) -> bool {
    match one.of {
        Some(element) => {
            let is_meant = |at: &WatcherId| network.watched[*at] == Watched { element, flow: one.flow };
            endless.watchers.iter().any(is_meant)
        }
        None => one.flow.map_or(!endless.flows.is_empty(), |flow| endless.flows.contains(&flow)),
    }
}

/// Why the share that a requirement is about cannot be told of those who wait without end, if so.
fn untold_share(network: &Network, one: &Requirement, endless: &Endless) -> Option<Unknown> {
    let is_of_share = one.metric.is_share_of_requests();
    let simulated = endless.untold.filter(|_| is_of_share && are_held_up(network, one, endless))?;
    Some(Unknown::ShareOfEndless { wait: endless.reason.clone(), simulated })
}

/// What a run tells about the calls of an element.
fn of_element(arch: &Architecture, one: &Requirement, result: &ElementResult) -> Result<(Estimate, Basis), Unknown> {
    let rate = result.throughput.as_ref().map_or(0.0, |rate| rate.value);
    let found = match one.metric {
        Metric::Latency(latency) => result.latency[latency].clone(),
        Metric::Success => result.error_rate.as_ref().map(Estimate::complement),
        Metric::ErrorRate => result.error_rate.clone(),
        Metric::Degraded => {
            let Some(degraded) = &result.degraded else {
                return Err(if result.error_rate.is_some() { Unknown::NoneSucceeds } else { Unknown::NoCall });
            };
            Some(degraded.share.clone())
        }
        Metric::Throughput => result.throughput.clone(),
        Metric::Users
        | Metric::Availability
        | Metric::Utilization
        | Metric::Queue
        | Metric::RecoveryTime
        | Metric::DataLoss
        | Metric::Team => return Err(Unknown::NotMeasured(one.metric)),
    };
    match (found, &result.error_rate) {
        (Some(found), _) => {
            let (element, degraded) = (arch.element_title(result.element).to_owned(), result.degraded.clone());
            Ok((found, Basis::Calls { element, rate, degraded }))
        }
        (None, Some(_)) => Ok((Estimate::exact(f64::INFINITY), Basis::NobodyAnswered)),
        (None, None) => Err(Unknown::NoCall),
    }
}
