use super::reach::Reach;
use crate::Context;
use groma_base::Severity;
use groma_model::StepKind;

super::declare!(Error, "a step of a flow that no relationship allows", check, absence);

fn check(cx: &mut Context<'_>) {
    let mut reach = Reach::default();
    for flow in cx.flows() {
        for step in &flow.steps {
            let StepKind::Call { from, to } = step.kind else { continue };
            if from == to || cx.arch.on_one_line(from, to) || reach.leads(cx.arch, from, to) {
                continue;
            }
            let message = format!("{} calls {} here, but has no relationship to it", cx.named(from), cx.named(to));
            let mut finding = cx.at(step.at, message);
            if reach.leads(cx.arch, to, from) {
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
