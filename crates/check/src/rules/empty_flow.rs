use crate::Context;
use groma_base::Severity;
use groma_model::StepKind;

super::declare!(Warning, "a flow without steps", check, absence);

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        let is_call = |kind| matches!(kind, StepKind::Call { .. } | StepKind::Unresolved { is_reply: false });
        let calls = flow.steps.iter().any(|step| is_call(step.kind));
        if !calls {
            let finding = cx.at(flow.at, format!("the flow \"{}\" has no steps", cx.arch.title(flow.at)));
            cx.push(finding.help("write its calls: `a -> b \"…\"`"));
        }
    }
}
