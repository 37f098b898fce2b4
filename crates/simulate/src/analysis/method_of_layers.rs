//! Mean times by formula.

use super::cost::{Walk, cost_of_mix};
use crate::network::{Balance, Network, Op};
use crate::queueing;
use groma_model::FlowId;

/// An approximation of the mean response of each flow under an open load: each station on its own as M/M/c, what it
/// holds a slot for including the waits further down, iterated until it settles (the method of layers, Rolia and
/// Sevcik 1995, in its simplest form). `None` if a station is overloaded, and for a flow with parallel branches, whose
/// longest is longer than any of them on average. Where replicas have queues of their own and calls go to any of them by
/// chance, each is an M/M/c with its share of the calls; `None` where calls are balanced otherwise.
pub fn mean_response(network: &Network, rates: &[(FlowId, f64)]) -> Option<Vec<Option<f64>>> {
    let mut waits = network.stations.beside(0.0);
    for _ in 0..200 {
        let (mixed, _) = cost_of_mix(network, rates, &waits);
        let mut moved = 0.0_f64;
        for (at, station) in network.stations.entries() {
            let (visits, demand) = (mixed.visits[at], mixed.demand[at]);
            match network.balance(at).filter(|_| visits > 0.0) {
                None | Some(Balance::Random) => {}
                Some(Balance::RoundRobin | Balance::LeastConnections | Balance::TwoChoices) => return None,
            }
            let queues = network.queues(at);
            let Some(servers) = station.servers().filter(|_| visits > 0.0 && demand > 0.0) else { continue };
            let wait = match (servers / queues).floor().max(1.0) {
                // With so many nobody waits until all are taken; the formula takes as long as there are servers.
                many if many > MOST_SERVERS => (demand / queues < many).then_some(0.0)?,
                few => queueing::mmc(visits / queues, demand / visits, few as u32)?.wait,
            };
            let is_shared = station.cores.is_some() || station.host.is_some();
            // Of what is shared it counts how much longer each second of work takes.
            let wait = if is_shared { wait * visits / demand } else { wait };
            moved = moved.max((wait - waits[at]).abs());
            waits[at] = wait;
        }
        if moved < 1e-12 {
            break;
        }
    }
    let is_parallel = |flow: FlowId| network.programs[flow].ops.iter().any(|op| matches!(op, Op::Parallel { .. }));
    let response =
        |(flow, _): &(FlowId, f64)| (!is_parallel(*flow)).then(|| Walk::new(network, *flow, &waits).unloaded_time);
    Some(rates.iter().map(response).collect())
}

/// From more servers than this on the formula is not needed.
const MOST_SERVERS: f64 = 100_000.0;
