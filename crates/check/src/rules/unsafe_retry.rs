use super::repeats::repeated;
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::relation;

pub(super) static RULE: Rule = Rule {
    name: "unsafe-retry",
    severity: Severity::Error,
    summary: "a call that is made again, and does harm when it is made twice",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unsafe_retry.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let at = cx.arch.relation(id).at;
        if cx.arch.flag(at, &relation::IDEMPOTENT) != Some(false) {
            continue;
        }
        let Some(fact) = repeated(cx.arch, id) else { continue };
        let message = format!("this `{}` makes a call twice that is said not to bear it", fact.fact.name);
        let mut finding = cx.at_fact(at, fact, message);
        if let Some(said) = cx.arch.fact(at, &relation::IDEMPOTENT) {
            finding = finding.secondary(cx.arch.span(at, said.whole), "it is said here");
        }
        let help =
            format!("leave out the `{}`, or give each call a key that tells it from its repetitions", fact.fact.name);
        cx.push(finding.help(help));
    }
}
