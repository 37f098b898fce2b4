//! Why there is no number, or one that may still change: what has not settled, grows without end or is stuck.

use crate::analysis::Analysis;
use crate::demand::{Asked, Demand};
use crate::network::{Network, StationId};
use crate::not_converged::{EndlessWait, Excess, NotConverged, Overload};
use crate::output::{ReplicationOutput, SimulationOutput};
use crate::refusal::NotSimulated;
use crate::result::Endless;
use crate::run::Options;
use crate::settling::{
    Touched, events_of_turns, too_few_stalls, too_few_turns, too_long, too_rare, too_short, touched, unfinished,
};
use crate::stability::{Cause, Growing, named_circle};
use groma_model::FlowId;

/// Why the run has not reached steady state, if it has not.
pub(super) fn has_not_settled(
    network: &Network,
    demand: &Demand,
    analysis: &Analysis,
    output: &SimulationOutput,
) -> Option<NotConverged> {
    let simulated = output.horizon;
    let is_open = !demand.all().all(Asked::is_closed);
    // In a few turns of what comes and goes something always grows.
    if let Some(reason) = too_few_turns(demand, output) {
        return Some(reason);
    }
    if output.restless.is_any() {
        return Some(NotConverged::Grows { simulated, is_open });
    }
    let unfinished = unfinished(network, demand, output);
    if let Some(reason) = too_short(analysis.longest, &unfinished, output) {
        return Some(reason);
    }
    if let Some(reason) = too_rare(network, demand, output) {
        return Some(reason);
    }
    if let Some(reason) = too_few_stalls(network, analysis, output) {
        return Some(reason);
    }
    if let Some(reason) = too_long(&unfinished, output) {
        return Some(reason);
    }
    let (at, needs) = output.needs.iter().copied().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let station = || network.stations[at].name.clone();
    (simulated < needs).then(|| match needs.is_finite() {
        true => NotConverged::NearSaturation { station: station(), needs, simulated, events: output.events_for(needs) },
        false => NotConverged::AtSaturation { station: station(), simulated },
    })
}

/// The flows and calls that have not settled, if any station or flow has not.
pub(super) fn restless(network: &Network, demand: &Demand, analysis: &Analysis, output: &SimulationOutput) -> Touched {
    let short = output.needs.iter().filter(|(_, needs)| output.horizon < *needs);
    let mut stations: Vec<StationId> = short.map(|(at, _)| *at).collect();
    stations.extend(&output.restless.stations);
    let unfinished = unfinished(network, demand, output);
    let is_short =
        too_short(analysis.longest, &unfinished, output).is_some() || too_rare(network, demand, output).is_some();
    if is_short {
        // Then nothing has.
        stations.extend(network.stations.ids());
    }
    let all = demand.flows().into_iter().filter(|_| is_short);
    stations.extend(unfinished.iter().map(|one| one.station));
    let flows: Vec<FlowId> =
        output.restless.flows.iter().copied().chain(all).chain(unfinished.iter().map(|one| one.flow)).collect();
    touched(network, demand, &stations, &flows)
}

/// Why a run was not simulated to its end, if so.
pub(super) fn why_ended(
    network: &Network,
    demand: &Demand,
    analysis: &Analysis,
    options: &Options,
    output: &SimulationOutput,
) -> Option<NotSimulated> {
    if output.cancelled {
        return Some(NotSimulated::Interrupted);
    }
    if !output.summaries.iter().any(|summary| summary.overflowed) {
        return None;
    }
    let turns = events_of_turns(network, demand, analysis);
    let too_many = turns.filter(|(_, events)| *events > options.most_events as f64);
    Some(too_many.map_or(NotSimulated::TooMuch, |(cycle, events)| NotSimulated::TooManyTurns { cycle, events }))
}

/// Whether nobody goes on any more because slots wait for each other: who, and how that was seen.
pub(super) fn stuck(
    network: &Network,
    circles: &[Vec<StationId>],
    output: &SimulationOutput,
) -> Option<(Vec<StationId>, EndlessWait)> {
    let is_stuck = |summary: &ReplicationOutput, circle: &[StationId]| {
        let last = summary.windows.last();
        last.is_some_and(|window| {
            let station = |at: &StationId| window.stations[*at];
            circle.iter().all(|at| station(at).in_use > 0.999 && station(at).served == 0)
        })
    };
    circles.iter().find_map(|circle| {
        let stuck = output.summaries.iter().filter(|summary| is_stuck(summary, circle)).count();
        (stuck > 0).then(|| {
            let (runs, within) = (output.summaries.len(), output.horizon);
            let deadlock = EndlessWait::Deadlock { circle: named_circle(network, circle), stuck, runs, within };
            (circle.clone(), deadlock)
        })
    })
}

pub(super) fn endless(
    network: &Network,
    asked: &[FlowId],
    growing: &Growing,
    output: &SimulationOutput,
    reason: EndlessWait,
) -> Endless {
    let flows = asked.iter().copied().filter(|flow| growing.holds_up(network, *flow)).collect();
    let stations = network.stations.ids().filter(|at| growing.is_at(*at)).collect();
    let watchers = network.watched.ids();
    let watchers = watchers.filter(|watcher| growing.holds_up_calls(network, asked, *watcher)).collect();
    let untold = (output.horizon < output.growth_needs).then_some(output.horizon);
    Endless { reason, flows, stations, watchers, untold }
}

/// What grows without end, with every cause.
pub(super) fn overloaded(network: &Network, demand: &Demand, analysis: &Analysis, growing: &Growing) -> EndlessWait {
    let is_certain = Growing::certain(network, demand, analysis).is_any();
    let overload = |(nth, cause): (usize, &Cause)| {
        let name = |at: StationId| network.stations[at].name.clone();
        let Cause { station, place } = *cause;
        let place = (station != place).then(|| name(place));
        // By formula it is certain of the first alone.
        let by_formula = (is_certain && nth == 0).then(|| excess(demand, analysis, station));
        Overload { station: name(station), place, by_formula }
    };
    EndlessWait::Overload(growing.causes.iter().enumerate().map(overload).collect())
}

/// How much more comes to a station than it can serve, by formula.
fn excess(demand: &Demand, analysis: &Analysis, station: StationId) -> Excess {
    let busy = analysis.stations.iter().find(|busy| busy.station == station);
    let served = busy.and_then(|busy| busy.utilization).map_or(0.0, |in_use| analysis.rate_of_all() / in_use);
    Excess { rate: analysis.rate_of_all(), served, is_closed: demand.all().all(Asked::is_closed) }
}
