use crate::Context;
use groma_base::Severity;
use groma_model::{Architecture, ElementId, Step, StepKind};

super::declare!(Error, "an answer to somebody who did not ask", check);

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        for (at, step) in flow.steps.iter().enumerate() {
            let Some((true, from, to)) = ends(cx.arch, step) else { continue };
            let open = open_calls(cx.arch, &flow.steps[..at]);
            if open.contains(&(to, from)) {
                continue;
            }
            let finding = cx.at(step.at, format!("`{from}` answers `{to}`, which did not call it"));
            let asker = open.iter().rfind(|(_, callee)| *callee == from);
            cx.push(match asker {
                Some((asker, _)) => finding.help(format!("`{asker}` called it and still waits: answer there")),
                None => finding.help("write the call before the answer, or remove the answer"),
            });
        }
    }
}

/// Whether a step is an answer, and the names of its ends. A name that means nothing still tells who speaks.
fn ends<'a>(arch: &'a Architecture, step: &Step) -> Option<(bool, &'a str, &'a str)> {
    let path = |id: ElementId| &*arch.element(id).path;
    match step.kind {
        StepKind::Call { from, to } => Some((false, path(from), path(to))),
        StepKind::Reply { from, to } => Some((true, path(from), path(to))),
        StepKind::Unresolved { is_reply } => {
            let item = arch.item(step.at);
            let text = &arch.file(step.at).text;
            Some((is_reply, item.name.of(text), item.target.of(text)))
        }
        _ => None,
    }
}

/// The calls that have not been answered, in their order.
fn open_calls<'a>(arch: &'a Architecture, steps: &[Step]) -> Vec<(&'a str, &'a str)> {
    let mut open = Vec::new();
    for (is_reply, from, to) in steps.iter().filter_map(|step| ends(arch, step)) {
        if !is_reply {
            open.push((from, to));
        } else if let Some(answered) = open.iter().rposition(|call| *call == (to, from)) {
            open.remove(answered);
        }
    }
    open
}
