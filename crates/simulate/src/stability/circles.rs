//! Slots that wait for each other in a circle.

use crate::network::{Network, Op, OpId, SiteId, StationId, after};
use crate::not_converged::Circle;
use groma_model::{FlowId, Table};
use std::ops::Range;

/// Stations and pools each of whose slots may be held by requests that wait for a slot of the next, and the last for the
/// first: if all are held at once, nobody goes on. Calls with a timeout give up, and end it.
pub fn circles(network: &Network, flows: &[FlowId]) -> Vec<Vec<StationId>> {
    let mut waits: Vec<(StationId, StationId)> = Vec::new();
    for flow in flows {
        let ops = &network.programs[*flow].ops;
        held(network, ops, OpId::FIRST..ops.end(), Holding::default(), &mut waits);
    }
    // By names: where something stands in the text decides neither which circle is told nor where it begins.
    let name = |at: StationId| (&*network.stations[at].name, at);
    waits.sort_unstable_by_key(|(holder, wanted)| (name(*holder), name(*wanted)));
    waits.dedup();
    let mut starts: Vec<StationId> = waits.iter().map(|(holder, _)| *holder).collect();
    starts.dedup();
    let mut ways: Vec<Vec<StationId>> = starts.into_iter().filter_map(|start| way_back(&waits, start)).collect();
    ways.sort_by_key(Vec::len);
    let mut found: Vec<Vec<StationId>> = Vec::new();
    for way in ways {
        if !found.iter().any(|circle| circle.contains(&way[0])) {
            found.push(way);
        }
    }
    found
}

/// The shortest way from a station back to itself, along those that are waited for.
fn way_back(waits: &[(StationId, StationId)], start: StationId) -> Option<Vec<StationId>> {
    let next = |from: StationId| waits.iter().filter(move |(holder, _)| *holder == from).map(|(_, wanted)| *wanted);
    let mut ways: Vec<Vec<StationId>> = vec![vec![start]];
    let mut seen = vec![start];
    let mut at = 0;
    while at < ways.len() {
        let way = ways[at].clone();
        at += 1;
        for wanted in next(*way.last().unwrap_or(&start)) {
            if wanted == start {
                return Some(way);
            }
            if !seen.contains(&wanted) {
                seen.push(wanted);
                ways.push(way.iter().copied().chain([wanted]).collect());
            }
        }
    }
    None
}

/// The stations of which a request holds a slot.
#[derive(Clone, Default)]
struct Holding {
    now: Vec<StationId>,
    /// What it still holds when the call in whose course it is has been answered.
    answered: Vec<StationId>,
}

/// Collects who holds a slot while another is waited for, among the operations from one to before another.
fn held(
    network: &Network,
    ops: &Table<Op>,
    place: Range<OpId>,
    mut holding: Holding,
    waits: &mut Vec<(StationId, StationId)>,
) {
    let mut at = place.start;
    while at < place.end {
        match ops[at] {
            Op::Call { site, end } => {
                let inside = called(network, site, &holding, waits);
                held(network, ops, at.next()..end, inside, waits);
                if let Some(Op::Else { end: after }) = ops.get(end) {
                    held(network, ops, end.next()..*after, holding.clone(), waits);
                }
            }
            Op::Spawn { end } => held(network, ops, at.next()..end, Holding::default(), waits),
            Op::Chance { end, .. }
            | Op::Miss { end, .. }
            | Op::Repeat { end, .. }
            | Op::Inside { end, .. }
            | Op::Parallel { end, .. }
            | Op::Either { end, .. }
            | Op::Case { end, .. }
            | Op::Branch { end } => held(network, ops, at.next()..end, holding.clone(), waits),
            Op::Answer => holding.now = std::mem::take(&mut holding.answered),
            Op::Work { .. } | Op::Else { .. } | Op::Part => {}
        }
        at = after(ops, at);
    }
}

/// What is held in the course of a call, and what is waited for until then.
fn called(network: &Network, site: SiteId, holding: &Holding, waits: &mut Vec<(StationId, StationId)>) -> Holding {
    let is_limited = |at: &StationId| {
        let one = &network.stations[*at];
        one.concurrency.is_some() && one.patience.is_none() && one.queue_limit != Some(0)
    };
    let called = &network.sites[site];
    // Whoever gives up lets go of what he holds.
    let mut now = if network.policy_of(site).timeout.is_some() { Vec::new() } else { holding.now.clone() };
    for wanted in called.pool.into_iter().chain([called.to]).filter(is_limited) {
        waits.extend(now.iter().map(|holder| (*holder, wanted)));
        now.push(wanted);
    }
    Holding { now, answered: Some(called.to).filter(is_limited).into_iter().collect() }
}

/// A circle with the names of its stations.
pub fn named_circle(network: &Network, circle: &[StationId]) -> Circle {
    Circle { stations: circle.iter().map(|at| network.stations[*at].name.clone()).collect() }
}
