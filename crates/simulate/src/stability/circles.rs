//! Slots that wait for each other in a circle.

use crate::network::{Network, Op, OpId, StationId, after, answer_in};
use crate::not_converged::Circle;
use groma_model::{FlowId, Table};

/// Stations and pools each of whose slots may be held by requests that wait for a slot of the next, and the last for the
/// first: if all are held at once, nobody goes on. Calls with a timeout give up, and end it.
pub fn circles(network: &Network, flows: &[FlowId]) -> Vec<Vec<StationId>> {
    let mut waits: Vec<(StationId, StationId)> = Vec::new();
    for flow in flows {
        let ops = &network.programs[*flow].ops;
        held(network, ops, OpId::FIRST, ops.end(), &mut Vec::new(), &mut waits);
    }
    waits.sort_unstable();
    waits.dedup();
    let next = |from: StationId| waits.iter().filter(move |(holder, _)| *holder == from).map(|(_, wanted)| *wanted);
    let mut found: Vec<Vec<StationId>> = Vec::new();
    let mut starts: Vec<StationId> = waits.iter().map(|(holder, _)| *holder).collect();
    starts.dedup();
    for start in starts {
        if found.iter().any(|circle| circle.contains(&start)) {
            continue;
        }
        // The shortest way back.
        let mut ways: Vec<Vec<StationId>> = vec![vec![start]];
        let mut seen = vec![start];
        let mut at = 0;
        'search: while at < ways.len() {
            let way = ways[at].clone();
            at += 1;
            for wanted in next(*way.last().unwrap_or(&start)) {
                if wanted == start {
                    found.push(way);
                    break 'search;
                }
                if !seen.contains(&wanted) {
                    seen.push(wanted);
                    ways.push(way.iter().copied().chain([wanted]).collect());
                }
            }
        }
    }
    found
}

/// Collects who holds a slot while another is waited for, among the operations from one to before another. `holding` are the
/// slots that are held on the way there.
fn held(
    network: &Network,
    ops: &Table<Op>,
    start: OpId,
    end: OpId,
    holding: &mut Vec<StationId>,
    waits: &mut Vec<(StationId, StationId)>,
) {
    let is_limited = |at: &StationId| {
        let one = &network.stations[*at];
        one.concurrency.is_some() && one.patience.is_none() && one.queue_limit != Some(0)
    };
    let mut at = start;
    while at < end {
        match ops[at] {
            Op::Call { site, end } => {
                let called = &network.sites[site];
                let mut inside = match network.policy_of(site).timeout {
                    // Whoever gives up lets go of what he holds.
                    Some(_) => Vec::new(),
                    None => holding.clone(),
                };
                for wanted in called.pool.into_iter().chain([called.to]).filter(is_limited) {
                    waits.extend(inside.iter().map(|holder| (*holder, wanted)));
                    inside.push(wanted);
                }
                let answer = answer_in(ops, at.next(), end);
                held(network, ops, at.next(), answer.unwrap_or(end), &mut inside, waits);
                if let Some(answer) = answer {
                    let mut own = if is_limited(&called.to) { vec![called.to] } else { Vec::new() };
                    held(network, ops, answer.next(), end, &mut own, waits);
                }
                if let Some(Op::Else { end: after }) = ops.get(end) {
                    held(network, ops, end.next(), *after, holding, waits);
                }
            }
            Op::Spawn { end } => held(network, ops, at.next(), end, &mut Vec::new(), waits),
            Op::Chance { end, .. }
            | Op::Miss { end, .. }
            | Op::Repeat { end, .. }
            | Op::Inside { end, .. }
            | Op::Parallel { end, .. }
            | Op::Branch { end } => held(network, ops, at.next(), end, holding, waits),
            Op::Work { .. } | Op::Answer | Op::Else { .. } => {}
        }
        at = after(ops, at);
    }
}

/// A circle with the names of its stations.
pub fn named_circle(network: &Network, circle: &[StationId]) -> Circle {
    Circle { stations: circle.iter().map(|at| network.stations[*at].name.clone()).collect() }
}
