//! How flows are linked.

use super::{Block, Flow, FlowId, Step, StepId, StepKind, class, facts};
use crate::Linked;
use crate::entity::Entity;
use crate::facets::structure::ElementId;
use crate::ids::Table;
use crate::items::{Files, ItemId, ItemRef};
use crate::link::Linker;

pub(crate) fn flow(linker: &mut Linker, at: ItemRef) {
    let flow = linker.linked.flows.push(Flow { at, steps: Table::default() });
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
    let items = &files.file(at).items;
    let around = std::iter::successors(items[at.item].parent, |item| items[*item].parent);
    around.map(|item| ItemRef { item, ..at }).find(|around| files.item(*around).kind.is(&class::FLOW))
}

fn steps(linker: &mut Linker, flow: ItemRef) -> Table<Step> {
    let scope = linker.subject_of(flow).or_else(|| linker.scope_of(flow));
    let mut steps: Table<Step> = Table::default();
    let mut open: Vec<(StepId, ItemId)> = Vec::new();
    for item in flow.item.next().until(linker.files.item(flow).subtree_end) {
        while let Some((step, _)) = open.pop_if(|(_, end)| *end <= item) {
            steps[step].subtree_end = steps.end();
        }
        let at = ItemRef { item, ..flow };
        let Some(kind) = step_kind(linker, at, scope) else { continue };
        let parent = open.last().map(|(step, _)| *step);
        let step = steps.push(Step { at, kind, parent, subtree_end: StepId::FIRST });
        open.push((step, linker.files.item(at).subtree_end));
    }
    for (step, _) in open {
        steps[step].subtree_end = steps.end();
    }
    steps
}

/// Whether an answer is only a part of it.
fn is_partial(linker: &Linker, at: ItemRef) -> bool {
    linker.files.flag(at, &facts::reply::PARTIAL) == Some(true)
}

fn step_kind(linker: &mut Linker, at: ItemRef, scope: Option<ElementId>) -> Option<StepKind> {
    let item = linker.files.item(at);
    let (kind, name, target) = (item.kind, item.name, item.target);
    let is_reply = kind.is(&class::REPLY);
    if is_reply || kind.is(&class::STEP) {
        let from = linker.element_named(at, scope, name);
        let to = linker.element_named(at, scope, target);
        return Some(match (from, to) {
            (Some(from), Some(to)) if is_reply && is_partial(linker, at) => StepKind::Part { from, to },
            (Some(from), Some(to)) if is_reply => StepKind::Reply { from, to },
            (Some(from), Some(to)) => StepKind::Call { from, to },
            (from, to) => StepKind::Unresolved { is_reply, from, to },
        });
    }
    Block::of(kind.name).map(|block| match block {
        Block::Chance => StepKind::Chance,
        Block::Miss => StepKind::Miss,
        Block::Repeat => StepKind::Repeat,
        Block::Parallel => StepKind::Parallel,
        Block::Either => StepKind::Either,
        Block::Case => StepKind::Case,
        Block::Otherwise => StepKind::Otherwise,
        Block::Break => StepKind::Break,
        Block::Section => StepKind::Section,
        Block::Note => StepKind::Note,
    })
}

/// Each element with the flows that pass there, in order, each once.
pub(crate) fn passes(linked: &Linked) -> Vec<(ElementId, FlowId)> {
    let mut passes = Vec::new();
    for (id, flow) in linked.flows.entries() {
        for step in &flow.steps {
            if let Some((from, to)) = step.kind.ends() {
                passes.extend([(from, id), (to, id)]);
            }
        }
    }
    passes.sort_unstable();
    passes.dedup();
    passes
}
