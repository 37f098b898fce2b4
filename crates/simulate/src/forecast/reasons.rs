//! Why there is no number, or one that may still change: what has not settled, grows without end or is stuck.

use crate::analysis::Analysis;
use crate::demand::Demand;
use crate::network::Network;
use crate::number::{apart, time};
use crate::outcome::{Outcome, Summary};
use crate::result::Endless;
use crate::settling::{Touched, longest, too_short, touched};
use crate::stability::{Cause, Growing, circle_words};
use groma_base::Dimension;
use groma_model::FlowId;

/// Why the run has not reached steady state, if it has not.
pub(super) fn has_not_settled(
    network: &Network,
    demand: &Demand,
    analysis: &Analysis,
    outcome: &Outcome,
) -> Option<String> {
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
pub(super) fn restless(network: &Network, demand: &Demand, analysis: &Analysis, outcome: &Outcome) -> Touched {
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

/// Why an outcome is none, if so.
pub(super) fn why_ended(outcome: &Outcome) -> Option<&'static str> {
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

/// Whether nobody goes on any more because slots wait for each other: who, and in words.
pub(super) fn stuck(network: &Network, circles: &[Vec<u32>], outcome: &Outcome) -> Option<(Vec<u32>, String)> {
    let is_stuck = |summary: &Summary, circle: &[u32]| {
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

pub(super) fn endless(
    network: &Network,
    asked: &[u32],
    growing: &Growing,
    outcome: &Outcome,
    reason: String,
) -> Endless {
    let flows = asked.iter().filter(|flow| growing.holds_up(network, **flow)).map(|flow| FlowId::new(*flow)).collect();
    let stations = (0..network.stations.len() as u32).filter(|at| growing.is_at(*at)).collect();
    let watchers = 0..network.watched.len() as u32;
    let watchers = watchers.filter(|watcher| growing.holds_up_calls(network, asked, *watcher)).collect();
    let untold = (outcome.horizon < outcome.growth_needs).then(|| {
        let simulated = time(outcome.horizon);
        format!("{reason}; so near to saturation {simulated} do not tell which share is never answered (more `--events` may)")
    });
    Endless { reason, flows, stations, watchers, untold }
}

/// What grows without end, as a sentence with every cause.
pub(super) fn overloaded(network: &Network, demand: &Demand, analysis: &Analysis, growing: &Growing) -> String {
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
