//! How flows are linked.

use super::{Flow, FlowId, Step, StepKind, class};
use crate::Linked;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::items::{Files, ItemRef, NONE};
use crate::link::Linker;

pub(super) fn flow(linker: &mut Linker, at: ItemRef) {
    let flow = linker.linked.flows.push(Flow { at, steps: Vec::new() });
    linker.name(at, Entity::Flow(flow));
}

/// Joins each flow's steps to the elements that they name.
pub(crate) fn join(linker: &mut Linker) {
    for flow in linker.linked.flows.ids() {
        linker.linked.flows[flow].steps = steps(linker, linker.linked.flows[flow].at);
    }
}

/// The flow in which an item stands.
pub(crate) fn flow_around(files: &Files, at: ItemRef) -> Option<ItemRef> {
    let file = files.file(at);
    let mut parent = file.items[at.item as usize].parent;
    while parent != NONE {
        let kind = file.items[parent as usize].kind;
        if kind.is(&class::FLOW) {
            return Some(ItemRef { item: parent, ..at });
        }
        parent = file.items[parent as usize].parent;
    }
    None
}

fn steps(linker: &mut Linker, flow: ItemRef) -> Vec<Step> {
    let scope = linker.subject_of(flow).or_else(|| linker.scope_of(flow));
    let mut steps: Vec<Step> = Vec::new();
    let mut open: Vec<(u32, u32)> = Vec::new();
    for item in flow.item + 1..linker.files.item(flow).subtree_end {
        while open.last().is_some_and(|(_, end)| *end <= item) {
            let (step, _) = open.pop().unwrap_or_default();
            steps[step as usize].subtree_end = steps.len() as u32;
        }
        let at = ItemRef { item, ..flow };
        let Some(kind) = step_kind(linker, at, scope) else { continue };
        let parent = open.last().map(|(step, _)| *step);
        open.push((steps.len() as u32, linker.files.item(at).subtree_end));
        steps.push(Step { at, kind, parent, subtree_end: 0 });
    }
    for (step, _) in open {
        steps[step as usize].subtree_end = steps.len() as u32;
    }
    steps
}

fn step_kind(linker: &mut Linker, at: ItemRef, scope: Option<ElementId>) -> Option<StepKind> {
    let item = linker.files.item(at);
    let (kind, name, target) = (item.kind, item.name, item.target);
    let is_reply = kind.is(&class::REPLY);
    if is_reply || kind.is(&class::STEP) {
        let from = linker.element_named(at, scope, name);
        let to = linker.element_named(at, scope, target);
        return Some(match (from, to) {
            (Some(from), Some(to)) if is_reply => StepKind::Reply { from, to },
            (Some(from), Some(to)) => StepKind::Call { from, to },
            _ => StepKind::Unresolved { is_reply },
        });
    }
    if !kind.class.is_in(&[&class::BLOCK, &class::EITHER, &class::CASE, &class::NOTE]) {
        return None;
    }
    Some(match kind.name {
        "chance" => StepKind::Chance,
        "miss" => StepKind::Miss,
        "repeat" => StepKind::Repeat,
        "parallel" => StepKind::Parallel,
        "either" => StepKind::Either,
        "case" => StepKind::Case,
        "otherwise" => StepKind::Otherwise,
        "break" => StepKind::Break,
        "section" => StepKind::Section,
        "note" => StepKind::Note,
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
