//! What is written and not simulated, or cannot act.

use crate::analysis::Analysis;
use crate::assumption::{FailureAssumption, LoadAssumption};
use crate::demand::{Arrivals, Asked, Batches, Demand, LoadProfile};
use crate::engine::{Fault, FaultEffect, GIVES_UP};
use crate::network::{CallSite, Network, SiteId, Station, StationId};
use groma_model::{Architecture, facts};

/// What is not simulated of a load.
pub(super) fn left_out_of_load(
    network: &Network,
    demand: &Demand,
    analysis: &Analysis,
    faults: &[Fault],
) -> Vec<LoadAssumption> {
    let unlimited = analysis.stations.iter().filter(|busy| busy.utilization.is_none());
    let unlimited: Vec<String> = unlimited.map(|busy| network.stations[busy.station].name.clone()).collect();
    let mut said = Vec::new();
    for (nth, one) in demand.all().enumerate() {
        if let Asked::Open { recorded: Some(recorded), profile, .. } = one {
            let (requests, length) = (recorded.arrivals.len(), profile.as_ref().map_or(0.0, LoadProfile::length));
            said.push(LoadAssumption::Recorded { requests, length });
        }
        // How much of another could be served beside this one is not asked.
        let capacity = if nth == 0 { analysis.capacity } else { f64::INFINITY };
        said.extend(turns(network, one, demand.profile().is_some(), (analysis.rates[nth], capacity)));
    }
    if demand.keep_time() > 1 && demand.all().any(|one| one.arrivals() == Some(Arrivals::Regular)) {
        said.push(LoadAssumption::DrawnPhase);
    }
    if !unlimited.is_empty() {
        said.push(LoadAssumption::Unlimited { stations: unlimited });
    }
    said.extend(idle_policies(network, analysis, faults));
    let limited = network.stations.iter().filter(|station| station.user_limit.is_some());
    for station in limited.filter(|_| !demand.all().all(Asked::is_closed)) {
        said.push(LoadAssumption::IdleUserLimit { station: station.name.clone(), is_mixed: demand.is_mixed() });
    }
    said
}

/// What is told of bursts and batches, and what formulas make of them.
fn turns(network: &Network, asked: &Asked, changes: bool, (rate, most): (f64, f64)) -> Option<LoadAssumption> {
    let is_scaled = network.stations.iter().any(Station::is_autoscaled) && !changes;
    let replicas = is_scaled.then_some("replicas");
    let ratios = (!network.caches.is_empty()).then_some("hit ratios");
    let by_mean: Vec<&'static str> = replicas.into_iter().chain(ratios).collect();
    let bursts = match asked.arrivals()? {
        Arrivals::Poisson | Arrivals::Regular => return None,
        Arrivals::Bursty(bursts) => bursts,
        Arrivals::Batches(Batches { period, spread, count, .. }) => {
            return Some(LoadAssumption::Batches { count: count as u32, period, spread, by_mean });
        }
    };
    let (calm, burst) = bursts.levels();
    let rates = (rate * calm, rate * burst);
    Some(LoadAssumption::Bursts {
        rates,
        lasting: (bursts.calm, bursts.burst),
        capacity: Some(most).filter(|most| rate < *most && *most < rates.0.max(rates.1)),
        by_mean,
    })
}

/// The `connections` that nothing counts: who calls without a `pool` takes none.
pub(super) fn connections_without_pools(
    arch: &Architecture,
    network: &Network,
    analysis: &Analysis,
) -> Vec<LoadAssumption> {
    let mut said = Vec::new();
    for busy in &analysis.stations {
        let station = &network.stations[busy.station];
        let Some(at) = station.element.map(|element| arch.element(element).at) else { continue };
        let calls = network.sites.entries().filter(|(_, site)| site.to == busy.station && site.pool.is_none());
        let comes = calls.filter(|(nth, _)| analysis.calls[*nth] > 0.0);
        let mut callers: Vec<String> =
            comes.filter_map(|(_, site)| site.from).map(|caller| network.stations[caller].name.clone()).collect();
        callers.sort_unstable();
        callers.dedup();
        if arch.fact(at, &facts::element::CONNECTIONS).is_some() && !callers.is_empty() {
            said.push(LoadAssumption::IdleConnections { station: station.name.clone(), callers });
        }
    }
    said
}

/// What is written of queues, priorities and calls and cannot act.
fn idle_policies(network: &Network, analysis: &Analysis, faults: &[Fault]) -> Vec<LoadAssumption> {
    // Where nobody waits at other times a limit of the queue bounds how many calls are held in a failure.
    let is_held =
        |at: StationId| faults.iter().any(|fault| matches!(fault.effect, FaultEffect::Held(held, _) if held == at));
    let mut said = Vec::new();
    for busy in &analysis.stations {
        let station = &network.stations[busy.station];
        if station.concurrency.is_none() && station.host.is_none() {
            let given = [
                (&facts::element::QUEUE_LIMIT, station.queue_limit.is_some() && !is_held(busy.station)),
                (&facts::element::QUEUE_TIMEOUT, station.patience.is_some()),
            ];
            let idle = given.into_iter().filter(|(_, is_given)| *is_given);
            said.extend(
                idle.map(|(fact, _)| LoadAssumption::IdleQueue { fact: fact.name, station: station.name.clone() }),
            );
        }
        let mut priorities = network.sites.iter().filter(|site| site.to == busy.station).map(|site| site.priority);
        let first = priorities.next();
        if station.cores.is_some() && station.host.is_none() && priorities.any(|other| Some(other) != first) {
            said.push(LoadAssumption::IdlePriority { station: station.name.clone() });
        }
    }
    let within = |(at, site): (SiteId, &CallSite)| {
        let policy = &network.policies[site.policy];
        let acts = policy.timeout.is_some() || policy.retries > 0 || policy.breaker.is_some() || site.pool.is_some();
        (site.from == Some(site.to) && acts && analysis.calls[at] == 0.0).then_some(site.to)
    };
    let mut stations: Vec<StationId> = network.sites.entries().filter_map(within).collect();
    stations.sort_unstable();
    stations.dedup();
    for at in stations {
        said.push(LoadAssumption::IdlePolicy { station: network.stations[at].name.clone() });
    }
    said
}

/// What is not simulated of a failure, and what is taken to be so of it.
pub(super) fn left_out_of_failure(network: &Network, faults: &[Fault]) -> Vec<FailureAssumption> {
    let name = |at: StationId| network.stations[at].name.clone();
    let mut said = Vec::new();
    for fault in faults {
        match &fault.effect {
            // What takes over from it, and when, is told where that is decided.
            FaultEffect::Lost(_, 0) | FaultEffect::Missed(..) | FaultEffect::Rerouted(_) => {}
            FaultEffect::Lost(at, lost) => {
                let replicas = network.stations[*at].replicas;
                said.push(FailureAssumption::Loses { station: name(*at), lost: *lost, replicas });
            }
            FaultEffect::HeldOnTheWay(_) => said.push(FailureAssumption::HoldsOnTheWay),
            FaultEffect::Held(at, share) => {
                let most = network.stations[*at].queue_limit;
                said.push(FailureAssumption::Holds { station: name(*at), share: *share, most });
            }
            FaultEffect::Down(at) | FaultEffect::Slow { station: at, .. } | FaultEffect::Errors(at, ..) => {
                let one = &network.stations[*at];
                let is_copy = |copy: &Station| copy.copies_of.is_some() && copy.copies_of == one.element;
                let copies = network.stations.find(is_copy);
                let is_touched = |copy: &StationId| faults.iter().any(|other| other.effect == FaultEffect::Down(*copy));
                if let Some(copies) = copies.filter(|copies| !is_touched(copies)) {
                    said.push(FailureAssumption::CopiesGoOn { copies: name(copies), station: name(*at) });
                }
            }
            FaultEffect::Flushed(at, stays) => {
                let (station, lasts) = (name(*at), fault.to - fault.from);
                said.push(match network.refills.get(at) {
                    None => FailureAssumption::Emptied { station, lasts },
                    Some(refill) => {
                        let empty = stays.then_some(lasts);
                        FailureAssumption::Fills { station, empty, takes: refill.length() }
                    }
                });
            }
            FaultEffect::Cut(sites) => {
                let is_patient = |site: &SiteId| network.policy_of(*site).timeout.is_none();
                if sites.iter().any(|(site, _)| is_patient(site)) {
                    said.push(FailureAssumption::CutOff { after: GIVES_UP });
                }
            }
        }
    }
    // Nobody is told the same twice.
    said.dedup_by_key(|one| one.to_string());
    said
}
