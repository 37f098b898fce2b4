//! What is written and not simulated, or cannot act: as sentences.

use crate::analysis::Analysis;
use crate::demand::{Demand, LoadProfile};
use crate::engine::{Fault, FaultEffect};
use crate::network::{CallSite, NONE, Network, Station};
use crate::number::{plain, time};
use groma_model::{Architecture, facts};

/// What is not simulated of a load, as sentences.
pub(super) fn left_out_of_load(network: &Network, demand: &Demand, analysis: &Analysis) -> Vec<String> {
    let unlimited = analysis.stations.iter().filter(|busy| busy.utilization.is_none());
    let unlimited: Vec<&str> = unlimited.map(|busy| network.stations[busy.station as usize].name.as_str()).collect();
    let mut said = Vec::new();
    if let Demand::Open { recorded: Some(recorded), .. } = demand {
        let (count, length) = (recorded.arrivals.len(), demand.profile().map_or(0.0, LoadProfile::length));
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

/// The `connections` that nothing counts: who calls without a `pool` takes none, as sentences.
pub(super) fn connections_without_pools(arch: &Architecture, network: &Network, analysis: &Analysis) -> Vec<String> {
    let mut said = Vec::new();
    for busy in &analysis.stations {
        let station = &network.stations[busy.station as usize];
        let Some(at) = station.element.map(|element| arch.element(element).at) else { continue };
        let calls = network.sites.iter().enumerate().filter(|(_, site)| site.to == busy.station && site.pool == NONE);
        let comes = calls.filter(|(nth, _)| analysis.calls[*nth] > 0.0);
        let mut callers: Vec<&str> = comes
            .filter_map(|(_, site)| network.stations.get(site.from as usize))
            .map(|caller| caller.name.as_str())
            .collect();
        callers.sort_unstable();
        callers.dedup();
        if arch.fact(at, &facts::element::CONNECTIONS).is_some() && !callers.is_empty() {
            let (name, callers) = (&station.name, groma_base::list_words(callers, "and"));
            said.push(format!("the `connections` of {name} bind nobody who calls without a `pool`: {callers}"));
        }
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
    let within = |(at, site): (usize, &CallSite)| {
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
pub(super) fn left_out_of_failure(network: &Network, faults: &[Fault]) -> Vec<String> {
    let mut said = Vec::new();
    for fault in faults {
        match &fault.effect {
            FaultEffect::Lost(_, 0) => {}
            FaultEffect::Lost(at, lost) => {
                let one = &network.stations[*at as usize];
                said.push(format!("{} loses {lost} of {} replicas", one.name, one.replicas));
            }
            FaultEffect::Down(at) | FaultEffect::Slow(at, ..) | FaultEffect::Errors(at, _) => {
                let one = &network.stations[*at as usize];
                let is_copy = |copy: &Station| copy.copies_of.is_some() && copy.copies_of == one.element;
                let copies = network.stations.iter().position(is_copy).map(|at| at as u32);
                let is_touched = |copy: &u32| faults.iter().any(|other| other.effect == FaultEffect::Down(*copy));
                if let Some(copies) = copies.filter(|copies| !is_touched(copies)) {
                    let copies = &network.stations[copies as usize].name;
                    said.push(format!("{copies} go on while {} fails", one.name));
                }
            }
            FaultEffect::Flushed(at, stays) => {
                let name = &network.stations[*at as usize].name;
                let lasts = time(fault.to - fault.from);
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
            FaultEffect::Cut(sites) => {
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
