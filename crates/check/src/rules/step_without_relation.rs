use super::ways::{Ways, is_answer};
use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, Span};
use groma_model::StepKind;

pub(super) static RULE: Rule = Rule {
    name: "step-without-relation",
    severity: Severity::Error,
    summary: "a step of a flow that no relationship allows",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfRelation),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("step_without_relation.md"),
};

fn check(cx: &mut Context<'_>) {
    let mut ways = Ways::default();
    for flow in cx.flows() {
        for (id, step) in flow.steps.entries() {
            let StepKind::Call { from, to } = step.kind else { continue };
            if from == to || cx.arch.on_one_line(from, to) || ways.lead(cx.arch, from, to) {
                continue;
            }
            let message = format!("{} calls {} here, but has no relationship to it", cx.named(from), cx.named(to));
            let mut finding = cx.at(step.at, message);
            if is_answer(cx.arch, flow, id, &mut ways) {
                let (item, text) = (cx.arch.item(step.at), &cx.arch.file(step.at).text);
                let meant = format!("{} --> {}", item.name.of(text), item.target.of(text));
                let span = Span::new(step.at.file, item.name.cover(item.target));
                finding.add_meant(span, meant.clone());
                finding.help = vec![format!("an answer is written `-->`: `{meant} \"…\"`")];
                cx.push(finding);
                continue;
            }
            if ways.lead(cx.arch, to, from) {
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
