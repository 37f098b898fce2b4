use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::StepKind;

pub(super) static RULE: Rule = Rule {
    name: "empty-flow",
    severity: Severity::Warning,
    summary: "a flow without steps",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("empty_flow.md"),
};

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        let is_call = |kind| matches!(kind, StepKind::Call { .. } | StepKind::Unresolved { is_reply: false, .. });
        let calls = flow.steps.iter().any(|step| is_call(step.kind));
        if !calls {
            let finding = cx.at(flow.at, format!("the flow \"{}\" has no steps", cx.arch.title(flow.at)));
            cx.push(finding.help("write its calls: `a -> b \"…\"`"));
        }
    }
}
