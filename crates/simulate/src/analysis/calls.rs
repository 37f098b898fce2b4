//! The calls of flows, as their callers see them.

use super::cost::Walk;
use crate::network::{Network, Op};

/// A call of a flow between stations, as its caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The step.
    pub at: groma_model::ItemRef,
    /// The relationship that it uses.
    pub relation: Option<groma_model::RelationId>,
    /// The call in whose course it is made and which waits for it, as an index into the same list.
    pub inside: Option<usize>,
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
pub fn calls(network: &Network) -> Vec<Call> {
    let mut found = Vec::new();
    let waits = vec![0.0; network.stations.len()];
    for (nth, program) in network.programs.iter().enumerate() {
        let ops = &program.ops;
        let walk = Walk::new(network, nth, &waits);
        let mut around: Vec<(usize, Option<usize>)> = Vec::new();
        for (at, op) in ops.iter().enumerate() {
            while around.last().is_some_and(|(end, _)| at >= *end) {
                around.pop();
            }
            let inside = around.last().and_then(|(_, call)| *call);
            match *op {
                Op::Call { site, end } => {
                    let called = &network.sites[site as usize];
                    let policy = &network.policies[called.policy as usize];
                    around.push((end as usize, Some(found.len())));
                    let pauses = (0..policy.retries).map(|attempt| policy.pause_before(attempt)).sum::<f64>();
                    let attempts = policy.retries + 1;
                    found.push(Call {
                        at: called.at,
                        relation: called.relation,
                        inside,
                        timeout: policy.timeout,
                        attempts,
                        patience: policy.timeout.map(|timeout| timeout * f64::from(attempts) + pauses),
                        unloaded_time: walk.until_answer(at, end as usize) + called.latency,
                    });
                }
                // Nobody waits for what goes on by itself.
                Op::Spawn { end } => around.push((end as usize, None)),
                // Nor for what is done after the answer.
                Op::Answer => around.last_mut().into_iter().for_each(|(_, call)| *call = None),
                Op::Work { .. }
                | Op::Inside { .. }
                | Op::Chance { .. }
                | Op::Miss { .. }
                | Op::Repeat { .. }
                | Op::Parallel { .. }
                | Op::Branch { .. }
                | Op::Else { .. } => {}
            }
        }
    }
    found
}
