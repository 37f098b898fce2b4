//! Where the time of a flow goes.

use super::behind::Behind;
use super::reason::{Longest, Spent};
use crate::assumption::Assumption;
use crate::forecast::Run;
use crate::metric::Latency;
use crate::result::FlowResult;
use groma_model::Architecture;

/// Where most of the time of a flow goes. What is left of its mean time when all that is done one after the other is taken off
/// goes by in branches, or in pauses before calls are tried again.
pub(super) fn longest(arch: &Architecture, run: &Run, result: &FlowResult) -> Longest {
    // At which station, and on what, so much time goes.
    let mut parts: Vec<(Spent, f64)> = Vec::new();
    for hop in result.hops.iter().filter(|hop| hop.is_waited_for && !hop.is_beside) {
        let station = || hop.station.clone();
        for (spent, time) in [
            (Spent::Waiting(station()), hop.wait),
            (Spent::Work(station()), hop.work),
            (Spent::Network(station()), hop.network),
        ] {
            match parts.iter_mut().find(|(known, _)| *known == spent) {
                Some(known) => known.1 += time,
                None => parts.push((spent, time)),
            }
        }
    }
    let told: f64 = parts.iter().map(|(_, time)| time).sum();
    // The time of all requests is told, and the mean of those that succeed: the others may have taken none.
    let succeed = result.error_rate.as_ref().map_or(1.0, |failed| 1.0 - failed.value);
    let rest =
        result.latency[Latency::Mean].as_ref().map_or(0.0, |mean| mean.value - told / succeed.max(f64::MIN_POSITIVE));
    parts.extend(elsewhere(run, result, rest.max(0.0), told));
    let all: f64 = parts.iter().map(|(_, time)| time).sum();
    let most = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| all > 0.0);
    let flow = arch.title(arch.flows[result.flow].at).to_owned();
    Longest { flow, spent: most.map(|(spent, time)| (spent, time / all)), behind: behind(run, result) }
}

/// What the time of a flow goes by on that its calls one after the other do not take: no more in branches than all that is done
/// in them, no more in pauses than they are long; what is left is waited for calls that are not answered well.
fn elsewhere(run: &Run, result: &FlowResult, rest: f64, told: f64) -> Vec<(Spent, f64)> {
    let hops = || result.hops.iter().filter(|hop| hop.is_waited_for);
    let beside: f64 = hops().filter(|hop| hop.is_beside).map(|hop| hop.wait + hop.work + hop.network).sum();
    let branches = rest.min(beside);
    let rest = rest - branches;
    let pauses = rest.min(hops().map(|hop| hop.pauses).sum());
    let rest = rest - pauses;
    // How long calls are held is known when they go on, and that is after the failure.
    let holds = run.assumptions.iter().any(Assumption::holds_calls);
    // Whoever gives a held call up does not wait until the failure ends.
    let gives_up = hops().any(|hop| hop.goes_on || hop.retries > 0.0);
    let why = if holds && !gives_up { Spent::Held } else { Spent::FailedCalls };
    let in_vain = if (holds || gives_up) && rest > told { rest } else { 0.0 };
    vec![(Spent::Branches, branches), (Spent::Pauses, pauses), (why, in_vain)]
}

/// What is done of a flow behind its answer.
fn behind(run: &Run, result: &FlowResult) -> Option<Behind> {
    let hops = || result.hops.iter().filter(|hop| !hop.is_waited_for && hop.work > 0.0);
    let mut stations: Vec<String> = Vec::new();
    for hop in hops() {
        if !stations.contains(&hop.station) {
            stations.push(hop.station.clone());
        }
    }
    let is_endless = run.endless.as_ref().is_some_and(|endless| stations.iter().any(|one| endless.is_at(one)));
    // What is not done has taken no time.
    let work = (!is_endless).then(|| hops().map(|hop| hop.work).sum());
    let answered = result.latency[Latency::Mean].as_ref().map_or(0.0, |mean| mean.value);
    (!stations.is_empty()).then_some(Behind { stations, work, answered })
}
