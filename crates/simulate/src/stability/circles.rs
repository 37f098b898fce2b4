//! Slots that wait for each other in a circle.

use crate::network::{NONE, Network, Op, after, answer_in};
use crate::not_converged::Circle;

/// Stations and pools each of whose slots may be held by requests that wait for a slot of the next, and the last for the
/// first: if all are held at once, nobody goes on. Calls with a timeout give up, and end it.
pub fn circles(network: &Network, flows: &[u32]) -> Vec<Vec<u32>> {
    let mut waits: Vec<(u32, u32)> = Vec::new();
    for flow in flows {
        let ops = &network.programs[*flow as usize].ops;
        held(network, ops, 0, ops.len(), &mut Vec::new(), &mut waits);
    }
    waits.sort_unstable();
    waits.dedup();
    let next = |from: u32| waits.iter().filter(move |(holder, _)| *holder == from).map(|(_, wanted)| *wanted);
    let mut found: Vec<Vec<u32>> = Vec::new();
    let mut starts: Vec<u32> = waits.iter().map(|(holder, _)| *holder).collect();
    starts.dedup();
    for start in starts {
        if found.iter().any(|circle| circle.contains(&start)) {
            continue;
        }
        // The shortest way back.
        let mut ways: Vec<Vec<u32>> = vec![vec![start]];
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
fn held(network: &Network, ops: &[Op], start: usize, end: usize, holding: &mut Vec<u32>, waits: &mut Vec<(u32, u32)>) {
    let is_limited = |at: u32| {
        let station = network.stations.get(at as usize);
        station.is_some_and(|one| one.concurrency.is_some() && one.patience.is_none() && one.queue_limit != Some(0))
    };
    let mut at = start;
    while at < end {
        match ops[at] {
            Op::Call { site, end } => {
                let called = &network.sites[site as usize];
                let mut inside = match network.policies[called.policy as usize].timeout {
                    // Whoever gives up lets go of what he holds.
                    Some(_) => Vec::new(),
                    None => holding.clone(),
                };
                for wanted in [called.pool, called.to].into_iter().filter(|at| *at != NONE && is_limited(*at)) {
                    waits.extend(inside.iter().map(|holder| (*holder, wanted)));
                    inside.push(wanted);
                }
                let answer = answer_in(ops, at + 1, end as usize);
                held(network, ops, at + 1, answer.unwrap_or(end as usize), &mut inside, waits);
                if let Some(answer) = answer {
                    let mut own = if is_limited(called.to) { vec![called.to] } else { Vec::new() };
                    held(network, ops, answer + 1, end as usize, &mut own, waits);
                }
                if let Some(Op::Else { end: after }) = ops.get(end as usize) {
                    held(network, ops, end as usize + 1, *after as usize, holding, waits);
                }
            }
            Op::Spawn { end } => held(network, ops, at + 1, end as usize, &mut Vec::new(), waits),
            Op::Chance { end, .. }
            | Op::Miss { end, .. }
            | Op::Repeat { end, .. }
            | Op::Inside { end, .. }
            | Op::Parallel { end, .. }
            | Op::Branch { end } => held(network, ops, at + 1, end as usize, holding, waits),
            Op::Work { .. } | Op::Answer | Op::Else { .. } => {}
        }
        at = after(ops, at);
    }
}

/// A circle with the names of its stations.
pub fn named_circle(network: &Network, circle: &[u32]) -> Circle {
    Circle { stations: circle.iter().map(|at| network.stations[*at as usize].name.clone()).collect() }
}
