use crate::{Context, Reach, Rule};
use groma_base::{Severity, date_after};
use groma_model::facts::record::{DUE, State};

pub(super) static RULE: Rule = Rule {
    name: "overdue",
    severity: Severity::Warning,
    summary: "what was to be settled by a day that has passed, and is still open",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("overdue.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.arch.item_refs() {
        let Some(fact) = cx.arch.fact(at, &DUE) else { continue };
        let is_open = matches!(cx.arch.choice::<State>(at), Some(State::Open) | None);
        let Some(day_after) = date_after(cx.arch.words(at, fact), 1).filter(|_| is_open) else { continue };
        let message = format!("{} was to be settled by {}", cx.thing(at), cx.arch.words(at, fact));
        let mut finding = cx.at_fact(at, fact, message).from_day(&day_after);
        if cx.arch.fact(at, &groma_model::facts::OWNER).is_none() {
            finding = finding.note("nobody is named who will settle it");
        }
        cx.push(finding.help("settle it and write its `state`, or agree on another day"));
    }
}
