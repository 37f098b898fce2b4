use crate::{Context, Reach, Rule};
use groma_base::{Severity, date_after};
use groma_model::facts::decision::{REVIEW, Status};
use groma_model::kinds::class::DECISION;

pub(super) static RULE: Rule = Rule {
    name: "overdue-review",
    severity: Severity::Warning,
    summary: "a decision that was to be looked at again by a day that has passed",
    check: Some(check),
    reach: Reach::Records,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("overdue_review.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.records_of(&DECISION) {
        let Some(review) = cx.arch.fact(at, &REVIEW) else { continue };
        // What was decided against or replaced is no longer looked at.
        let is_over = matches!(cx.arch.choice::<Status>(at), Some(Status::Rejected | Status::Superseded));
        let Some(day_after) = date_after(cx.arch.words(at, review), 1).filter(|_| !is_over) else { continue };
        let message = format!("{} was to be looked at again by {}", cx.thing(at), cx.arch.words(at, review));
        let finding = cx.at_fact(at, review, message).from_day(&day_after);
        cx.push(finding.help("see whether it still holds, and write another day or its new status"));
    }
}
