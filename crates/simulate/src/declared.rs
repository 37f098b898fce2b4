//! What is told from the facts alone: the availability of flows, the team, and what recoveries promise.

use crate::network::{Network, Op};
use crate::reliability;
use crate::requirement::{Requirement, number, part};
use crate::stats::Estimate;
use groma_model::{Architecture, ElementId, FlowId, Level, facts, kinds};

/// The availability that a requirement is about, and what it rests on. `None` if facts are missing.
pub fn foreseen_availability(arch: &Architecture, network: &Network, one: &Requirement) -> Option<(f64, String)> {
    availability(arch, network, one).ok().map(|(estimate, reason)| (estimate.value, reason))
}

/// The availability of a flow, or of the worst flow that passes through an element.
pub(crate) fn availability(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
) -> Result<(Estimate, String), String> {
    let passes = |flow: &usize| {
        let flow = FlowId(*flow as u32);
        one.flow.is_none_or(|wanted| wanted == flow)
            && one.of.is_none_or(|of| {
                arch.element_ids().any(|id| arch.is_within(id, of) && arch.flows_through(id).any(|one| one == flow))
            })
    };
    let mut worst: Option<(f64, String)> = None;
    for flow in (0..network.programs.len()).filter(passes) {
        let need = needs(network, flow);
        let mut up = 1.0;
        let mut weakest = (0.0, String::new());
        for (station, share) in need.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let Some(element) = network.stations[station].element else { continue };
            let own = one.of.is_none_or(|of| arch.is_within(element, of)) || arch.element(element).external;
            let gone = unavailability(arch, element, network.stations[station].range.0);
            let gone = match gone {
                Some(gone) => gone,
                None if own => {
                    return Err(format!(
                        "the `availability` (or `mtbf` and `mttr`) of {} is missing",
                        arch.element(element).path
                    ));
                }
                None => continue,
            };
            up *= 1.0 - share * gone;
            if share * gone > weakest.0 {
                weakest = (share * gone, network.stations[station].name.clone());
            }
        }
        if worst.as_ref().is_none_or(|(least, _)| up < *least) {
            let flow = arch.title(arch.flows[flow].at);
            worst = Some((up, format!("{flow}: {} is the weakest, of what fails independently", weakest.1)));
        }
    }
    let (up, reason) = worst.ok_or("no flow passes there")?;
    Ok((Estimate::exact(up), reason))
}

/// How likely a flow needs each station, apart from those with a fallback.
fn needs(network: &Network, flow: usize) -> Vec<f64> {
    let mut need = vec![0.0; network.stations.len()];
    let ops = &network.programs[flow].ops;
    // Where an end is passed, the share of what was around it counts again.
    let mut around: Vec<(usize, f64)> = Vec::new();
    let mut at = 0;
    while at < ops.len() {
        while around.last().is_some_and(|(end, _)| at >= *end) {
            around.pop();
        }
        let share = around.last().map_or(1.0, |(_, share)| *share);
        match ops[at] {
            Op::Call { site, end } => {
                let called = &network.sites[site as usize];
                let spared = network.policies[called.policy as usize].fallback != crate::network::Fallback::None;
                let share = if spared { 0.0 } else { share };
                let known: &mut f64 = &mut need[called.to as usize];
                *known = known.max(share);
                around.push((end as usize, share));
            }
            Op::Chance { share: own, end, .. } => around.push((end as usize, share * own)),
            Op::Miss { hit, end, .. } => around.push((end as usize, share * (1.0 - hit))),
            Op::Spawn { end } => around.push((end as usize, 0.0)),
            _ => {}
        }
        at += 1;
    }
    need
}

/// The share of time that an element is not there, over all its replicas.
fn unavailability(arch: &Architecture, element: ElementId, replicas: u32) -> Option<f64> {
    let at = arch.element(element).at;
    let given = |fact| arch.quantity(at, fact).map(|quantity| quantity.low);
    if arch.element(element).level == Level::Person {
        return Some(0.0);
    }
    let one = match (given(&facts::AVAILABILITY), given(&facts::MTBF), given(&facts::MTTR)) {
        (Some(share), ..) => share,
        (None, Some(mtbf), Some(mttr)) => reliability::from_mtbf(mtbf, mttr),
        _ => return None,
    };
    let needed = arch.part(at, &facts::REPLICAS, &facts::NEEDED).and_then(number).unwrap_or(1.0) as u32;
    let beta = given(&facts::COMMON_CAUSE).unwrap_or(0.0);
    // Several replicas help only where another takes over by itself.
    let count = if arch.text(at, &facts::FAILOVER) == Some("manual") { needed } else { replicas.max(needed) };
    Some(reliability::with_common_cause(needed, count, one, beta))
}

pub(crate) fn team(arch: &Architecture) -> Result<(Estimate, String), String> {
    let team = arch.workspace.and_then(|at| arch.quantity(at, &kinds::TEAM)).ok_or("the workspace says no `team`")?;
    Ok((Estimate::exact(team.high), "the `team` of the workspace".to_owned()))
}

/// What a failure's `recovery` promises.
pub(crate) fn declared_recovery(arch: &Architecture, one: &Requirement) -> Result<(Estimate, String), String> {
    let at = one.failure.map(|at| arch.records[at].at).ok_or("`failure=` must say from which failure")?;
    let fact = if one.metric == "data-loss" { &kinds::RPO } else { &kinds::RTO };
    let given = arch.all_facts(at, &kinds::RECOVERY).filter_map(|value| number(part(arch, at, value, fact)?));
    let longest = given.fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))));
    let longest = longest.ok_or_else(|| format!("the failure's `recovery` has no `{}`", fact.name))?;
    Ok((Estimate::exact(longest), "as the failure's `recovery` says".to_owned()))
}
