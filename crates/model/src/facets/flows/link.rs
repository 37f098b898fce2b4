//! How flows are linked.

use super::{Flow, FlowId, Step, StepId, StepKind, class};
use crate::Linked;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::ids::Table;
use crate::items::ItemRef;
use crate::link::Linker;

pub(super) fn flow(linker: &mut Linker, at: ItemRef) {
    let flow = linker.linked.flows.push(Flow { at, steps: Table::new() });
    linker.name(at, Entity::Flow(flow));
}

/// Joins each flow's steps to the elements that they name.
pub(crate) fn join(linker: &mut Linker) {
    for flow in linker.linked.flows.ids() {
        linker.linked.flows[flow].steps = steps(linker, linker.linked.flows[flow].at);
    }
}

fn steps(linker: &mut Linker, flow: ItemRef) -> Table<Step> {
    let mut steps: Table<Step> = Table::new();
    let mut open: Vec<(StepId, u32)> = Vec::new();
    for item in flow.item + 1..linker.files.item(flow).subtree_end {
        while let Some((step, _)) = open.pop_if(|(_, end)| *end <= item) {
            steps[step].subtree_end = steps.end();
        }
        let at = ItemRef { item, ..flow };
        let Some(kind) = step_kind(linker, at) else { continue };
        let parent = open.last().map(|(step, _)| *step);
        let step = steps.push(Step { at, kind, parent, subtree_end: steps.end() });
        open.push((step, linker.files.item(at).subtree_end));
    }
    for (step, _) in open {
        steps[step].subtree_end = steps.end();
    }
    steps
}

fn step_kind(linker: &mut Linker, at: ItemRef) -> Option<StepKind> {
    let item = linker.files.item(at);
    let (kind, name, target) = (item.kind, item.name, item.target);
    let is_reply = kind.is(&class::REPLY);
    if is_reply || kind.is(&class::STEP) {
        let from = linker.element_named(at, None, name);
        let to = linker.element_named(at, None, target);
        return Some(match (from, to) {
            (Some(from), Some(to)) if is_reply => StepKind::Reply { from, to },
            (Some(from), Some(to)) => StepKind::Call { from, to },
            _ => StepKind::Unresolved { is_reply },
        });
    }
    if !kind.is(&class::BLOCK) {
        return None;
    }
    Some(match kind.name {
        "chance" => StepKind::Chance,
        "miss" => StepKind::Miss,
        "repeat" => StepKind::Repeat,
        "parallel" => StepKind::Parallel,
        other => unreachable!("a block called {other} that nothing is made of"),
    })
}

/// Each element with the flows that pass there, in order, each once.
pub(crate) fn passes(linked: &Linked) -> Vec<(ElementId, FlowId)> {
    let mut passes = Vec::new();
    for (id, flow) in linked.flows.entries() {
        for step in &flow.steps {
            if let StepKind::Call { from, to } | StepKind::Reply { from, to } = step.kind {
                passes.extend([(from, id), (to, id)]);
            }
        }
    }
    passes.sort_unstable();
    passes.dedup();
    passes
}
