use crate::Context;
use groma_base::Severity;
use groma_model::{ElementId, Step, StepKind};

super::declare!(Error, "an answer to somebody who did not ask", check);

fn check(cx: &mut Context<'_>) {
    for flow in &cx.arch.flows {
        for (at, step) in flow.steps.iter().enumerate() {
            let StepKind::Reply { from, to } = step.kind else { continue };
            let open = open_calls(&flow.steps, at);
            if open.iter().any(|(caller, callee)| *caller == to && *callee == from) {
                continue;
            }
            let mut finding = cx.at(step.at, format!("{} answers {}, which did not call it", cx.named(from), cx.named(to)));
            let askers: Vec<_> = open.iter().filter(|(_, callee)| *callee == from).map(|(caller, _)| *caller).collect();
            if let Some(asker) = askers.last() {
                finding = finding.help(format!("{} called it and still waits: answer there", cx.named(*asker)));
            } else {
                finding = finding.help("write the call before the answer, or remove the answer");
            }
            cx.push(finding);
        }
    }
}

/// The calls before a step that have not been answered, in their order.
fn open_calls(steps: &[Step], at: usize) -> Vec<(ElementId, ElementId)> {
    let mut open = Vec::new();
    for step in &steps[..at] {
        match step.kind {
            StepKind::Call { from, to } => open.push((from, to)),
            StepKind::Reply { from, to } => {
                if let Some(answered) = open.iter().rposition(|call| *call == (to, from)) {
                    open.remove(answered);
                }
            }
            _ => {}
        }
    }
    open
}
