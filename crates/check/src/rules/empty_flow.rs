use crate::Context;
use groma_base::Severity;
use groma_model::StepKind;

super::declare!(Warning, "a flow without steps", check, absence);

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        let calls = flow.steps.iter().any(|step| matches!(step.kind, StepKind::Call { .. }));
        if !calls {
            let finding = cx.at(flow.at, format!("the flow \"{}\" has no steps", cx.arch.title(flow.at)));
            cx.push(finding.help("write its calls: `a -> b \"…\"`"));
        }
    }
}
