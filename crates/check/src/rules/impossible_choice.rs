use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_decide::Choice;

pub(super) static RULE: Rule = Rule {
    name: "impossible-choice",
    severity: Severity::Error,
    summary: "a choice whose numbers cannot be calculated with",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("impossible_choice.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.arch.choices() {
        for problem in Choice::of(cx.arch, at).problems {
            let mut finding = cx.finding(problem.span, problem.message);
            if let Some(beside) = problem.beside {
                finding = finding.secondary(beside, "this one");
            }
            cx.push(finding.help(problem.help));
        }
    }
}
