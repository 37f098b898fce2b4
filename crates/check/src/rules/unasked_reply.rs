use crate::Context;
use groma_base::Severity;
use groma_model::{Architecture, ElementId, Step, StepKind, kinds};

super::declare!(Error, "an answer to somebody who did not ask", check);

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        // The calls that wait for their answer: caller, callee, and the step before which `reply=` has
        // answered.
        let mut open: Vec<(&str, &str, Option<usize>)> = Vec::new();
        for (at, step) in flow.steps.iter().enumerate() {
            open.retain(|(_, _, over)| over.is_none_or(|over| at < over));
            let Some((is_reply, from, to)) = ends(cx.arch, step) else { continue };
            if !is_reply {
                let end = step.subtree_end as usize;
                let answers = cx.arch.fact(step.at, &kinds::REPLY_TEXT).is_some();
                open.push((from, to, answers.then_some(end)));
                continue;
            }
            if let Some(asked) = open.iter().rposition(|(caller, callee, _)| (*caller, *callee) == (to, from)) {
                open.remove(asked);
                continue;
            }
            let finding = cx.at(step.at, format!("`{from}` answers `{to}`, which did not call it"));
            let asker = open.iter().rfind(|(_, callee, _)| *callee == from);
            cx.push(match asker {
                Some((asker, _, _)) => finding.help(format!("`{asker}` called it and still waits: answer there")),
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
