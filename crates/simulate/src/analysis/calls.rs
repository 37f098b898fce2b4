//! The calls of flows, as their callers see them.

use super::cost::Walk;
use crate::network::{Network, Op, OpId};
use groma_model::{Idx, Table};

/// A call of a flow between stations, as its caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The step.
    pub at: groma_model::ItemRef,
    /// The relationship that it uses.
    pub relation: Option<groma_model::RelationId>,
    /// The call in whose course it is made and which waits for it.
    pub inside: Option<Idx<Call>>,
    /// How long the caller waits for one try.
    pub timeout: Option<f64>,
    /// How often it is tried, at most.
    pub attempts: u32,
    /// How long all tries and pauses together may take, if there is a timeout.
    pub patience: Option<f64>,
    /// How long the answer takes on average if it is alone.
    pub unloaded_time: f64,
}

/// Every call of every flow, each after the one it is made inside of.
pub fn calls(network: &Network) -> Table<Call> {
    let mut found = Table::default();
    let waits = network.stations.beside(0.0);
    for (nth, program) in network.programs.entries() {
        let ops = &program.ops;
        let walk = Walk::new(network, nth, &waits);
        let mut around: Vec<(OpId, Option<Idx<Call>>)> = Vec::new();
        for (at, op) in ops.entries() {
            while around.last().is_some_and(|(end, _)| at >= *end) {
                around.pop();
            }
            let inside = around.last().and_then(|(_, call)| *call);
            match *op {
                Op::Call { site, end } => {
                    let called = &network.sites[site];
                    let policy = &network.policies[called.policy];
                    around.push((end, Some(found.end())));
                    let pauses = (0..policy.retries).map(|attempt| policy.pause_before(attempt)).sum::<f64>();
                    let attempts = policy.retries + 1;
                    found.push(Call {
                        at: called.at,
                        relation: called.relation,
                        inside,
                        timeout: policy.timeout,
                        attempts,
                        patience: policy.timeout.map(|timeout| timeout * f64::from(attempts) + pauses),
                        unloaded_time: walk.until_answer(at, end) + called.latency,
                    });
                }
                // An answer in a case ends the wait in that alone.
                Op::Case { end, .. } => around.push((end, inside)),
                // Nobody waits for what goes on by itself.
                Op::Spawn { end } => around.push((end, None)),
                // Nor for what is done after the answer.
                Op::Answer => around.last_mut().into_iter().for_each(|(_, call)| *call = None),
                Op::Work { .. }
                | Op::Inside { .. }
                | Op::Chance { .. }
                | Op::Miss { .. }
                | Op::Repeat { .. }
                | Op::Parallel { .. }
                | Op::Branch { .. }
                | Op::Either { .. }
                | Op::Part
                | Op::Else { .. } => {}
            }
        }
    }
    found
}
