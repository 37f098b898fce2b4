//! Slots that wait for each other in a circle.

use crate::network::{Network, Op, OpId, SiteId, StationId, after};
use crate::not_converged::Circle;
use groma_model::{FlowId, Table};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::iter::successors;
use std::ops::Range;

/// Stations and pools each of whose slots may be held by requests that wait for a slot of the next, and the last for the
/// first: if all are held at once, nobody goes on. Calls with a timeout give up, and end it.
pub fn circles(network: &Network, flows: &[FlowId]) -> Vec<Vec<StationId>> {
    let mut waits: Vec<(StationId, StationId)> = Vec::new();
    for flow in flows {
        let ops = &network.programs[*flow].ops;
        held(network, ops, OpId::FIRST..ops.end(), Holding::default(), &mut waits);
    }
    waits.sort_unstable();
    waits.dedup();
    let next_of = without_dead_ends(&waits);
    // First what waits for itself, and by names: where something stands in the text decides neither which circle is told nor where it
    // begins.
    let name = |at: &StationId| (&*network.stations[*at].name, *at);
    let mut starts: Vec<StationId> = next_of.keys().copied().collect();
    starts.sort_unstable_by_key(|at| (!next_of[at].contains(at), name(at)));
    let mut found: Vec<Vec<StationId>> = Vec::new();
    let mut told: FxHashSet<StationId> = FxHashSet::default();
    for start in starts {
        let way = if told.contains(&start) { None } else { way_back(&next_of, start, name) };
        told.extend(way.iter().flatten());
        found.extend(way);
    }
    found
}

/// What each station waits for, without those from which no way leads back.
fn without_dead_ends(waits: &[(StationId, StationId)]) -> FxHashMap<StationId, Vec<StationId>> {
    let (mut next_of, mut before): (FxHashMap<_, Vec<_>>, FxHashMap<_, Vec<_>>) = Default::default();
    for (holder, wanted) in waits {
        next_of.entry(*holder).or_default().push(*wanted);
        before.entry(*wanted).or_default().push(*holder);
    }
    let mut left: FxHashMap<StationId, usize> = next_of.iter().map(|(holder, all)| (*holder, all.len())).collect();
    let mut ends: Vec<StationId> = before.keys().copied().filter(|wanted| !left.contains_key(wanted)).collect();
    while let Some(end) = ends.pop() {
        next_of.remove(&end);
        for holder in before.get(&end).into_iter().flatten() {
            if let Some(left) = left.get_mut(holder) {
                *left -= 1;
                ends.extend((*left == 0).then_some(*holder));
            }
        }
    }
    next_of
}

/// The shortest way from a station back to itself, along those that are waited for; of several the first by names.
fn way_back<'n>(
    next_of: &FxHashMap<StationId, Vec<StationId>>,
    start: StationId,
    name: impl Fn(&StationId) -> (&'n str, StationId),
) -> Option<Vec<StationId>> {
    let mut reached_from: FxHashMap<StationId, StationId> = FxHashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut wanted: Vec<StationId> = next_of.get(&at).cloned().unwrap_or_default();
        wanted.sort_unstable_by_key(&name);
        for next in wanted {
            if next == start {
                let before = |at: &StationId| reached_from.get(at).copied();
                let mut way: Vec<StationId> = successors(Some(at), before).collect();
                way.reverse();
                return Some(way);
            }
            if let Entry::Vacant(unseen) = reached_from.entry(next) {
                unseen.insert(at);
                queue.push_back(next);
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
