use crate::Context;
use groma_base::Severity;
use groma_model::{Architecture, ElementId, StepKind};

super::declare!(Error, "a step of a flow that no relationship allows", check, absence);

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        for step in &flow.steps {
            let StepKind::Call { from, to } = step.kind else { continue };
            if from == to || cx.arch.on_one_line(from, to) || is_related(cx.arch, from, to) {
                continue;
            }
            let message = format!("{} calls {} here, but has no relationship to it", cx.named(from), cx.named(to));
            let mut finding = cx.at(step.at, message);
            if is_related(cx.arch, to, from) {
                finding = finding.note("there is a relationship the other way round");
            }
            cx.push(finding.help(format!(
                "add `{} -> {} \"…\"` to the structure, or correct the step",
                cx.arch.element(from).path,
                cx.arch.element(to).path
            )));
        }
    }
}

/// Whether a relationship leads from one element, its parts or its wholes to the other, its parts or its wholes.
fn is_related(arch: &Architecture, from: ElementId, to: ElementId) -> bool {
    let leads = |at: ElementId| arch.outgoing(at).any(|id| arch.on_one_line(arch.relation(id).to, to));
    arch.ancestors(from).any(leads) || has_part(arch, from, &leads)
}

fn has_part(arch: &Architecture, id: ElementId, leads: &impl Fn(ElementId) -> bool) -> bool {
    arch.children(id).any(|child| leads(child) || has_part(arch, child, leads))
}
