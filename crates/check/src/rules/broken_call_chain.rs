use super::ways::{Ways, is_answer};
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Architecture, ElementId, Flow, ItemRef, StepId, StepKind};

pub(super) static RULE: Rule = Rule {
    name: "broken-call-chain",
    severity: Severity::Warning,
    summary: "a nested step that its enclosing call did not reach",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfStep),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("broken_call_chain.md"),
};

fn check(cx: &mut Context<'_>) {
    let mut ways = Ways::default();
    for flow in cx.flows() {
        for (id, step) in flow.steps.entries() {
            let StepKind::Call { from, .. } = step.kind else { continue };
            let Some((caller, callee)) = enclosing_call(flow, id) else { continue };
            if cx.arch.on_one_line(from, callee) || from == caller {
                continue;
            }
            if is_answer(cx.arch, flow, id, &mut ways) {
                // `step-without-relation` says how an answer is written.
                continue;
            }
            let message =
                format!("{} acts here, but the call around this step went to {}", cx.named(from), cx.named(callee));
            let finding = cx.at(step.at, message);
            cx.push(match call_before(cx.arch, flow, id, from) {
                Some(call) => finding
                    .secondary(cx.arch.name_span(call), "it was called here")
                    .help("a step in a block belongs to whoever was called: put it into the block of the call that reached it"),
                None => finding.help("a step in a block belongs to whoever was called; move it out of the block, or add the call that reaches it"),
            });
        }
    }
}

/// The last call before a step that went to who acts there.
fn call_before(arch: &Architecture, flow: &Flow, step: StepId, actor: ElementId) -> Option<ItemRef> {
    let is_it = |at: StepId| matches!(flow.steps[at].kind, StepKind::Call { to, .. } if arch.on_one_line(actor, to));
    flow.steps.ids().take_while(|at| *at != step).filter(|at| is_it(*at)).last().map(|at| flow.steps[at].at)
}

/// Caller and callee of the innermost call around a step.
fn enclosing_call(flow: &Flow, step: StepId) -> Option<(ElementId, ElementId)> {
    let around = |at: StepId| flow.steps[at].parent;
    std::iter::successors(around(step), |at| around(*at)).find_map(|at| match flow.steps[at].kind {
        StepKind::Call { from, to } => Some((from, to)),
        _ => None,
    })
}
