//! Where the time of a flow goes.

use super::reason::{Behind, Longest, Spent};
use crate::assumption::Assumption;
use crate::forecast::Run;
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
    let rest = result.mean.as_ref().map_or(0.0, |mean| mean.value - told / succeed.max(f64::MIN_POSITIVE));
    let has_branches = result.hops.iter().any(|hop| hop.is_waited_for && hop.is_beside);
    let goes_on = result.hops.iter().any(|hop| hop.is_waited_for && hop.goes_on);
    let retries = result.hops.iter().any(|hop| hop.is_waited_for && hop.retries > 0.0);
    // How long calls are held is known when they go on, and that is after the failure.
    let holds = run.assumptions.iter().any(Assumption::holds_calls);
    let elsewhere = match (has_branches, retries) {
        (true, _) => Spent::Branches,
        (false, true) => Spent::Pauses,
        (false, false) if holds => Spent::Held,
        (false, false) => Spent::FailedCalls,
    };
    if has_branches || rest > told && (retries || goes_on || holds) {
        parts.push((elsewhere, rest.max(0.0)));
    }
    let all: f64 = parts.iter().map(|(_, time)| time).sum();
    let most = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| all > 0.0);
    let flow = arch.title(arch.flows[result.flow].at).to_owned();
    Longest { flow, spent: most.map(|(spent, time)| (spent, time / all)), behind: behind(result) }
}

/// What is done of a flow behind its answer.
fn behind(result: &FlowResult) -> Option<Behind> {
    let hops = || result.hops.iter().filter(|hop| !hop.is_waited_for && hop.work > 0.0);
    let mut stations: Vec<String> = Vec::new();
    for hop in hops() {
        if !stations.contains(&hop.station) {
            stations.push(hop.station.clone());
        }
    }
    let (work, answered) = (hops().map(|hop| hop.work).sum(), result.mean.as_ref().map_or(0.0, |mean| mean.value));
    (!stations.is_empty()).then_some(Behind { stations, work, answered })
}
