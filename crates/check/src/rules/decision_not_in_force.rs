use crate::{Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::ItemRef;
use groma_model::facts::DECISION;
use groma_model::facts::decision::Status;

pub(super) static RULE: Rule = Rule {
    name: "decision-not-in-force",
    severity: Severity::Warning,
    summary: "something that is as it is by a decision which was rejected or replaced",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("decision_not_in_force.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.arch.item_refs() {
        for given in cx.arch.values_of(at, &DECISION) {
            let Some(decision) = cx.arch.referred(at, given).map(|entity| cx.arch.declared_at(entity)) else {
                continue;
            };
            let successors = cx.arch.successors(decision);
            let is_accepted = |at: &ItemRef| cx.arch.choice::<Status>(*at) == Some(Status::Accepted);
            let is = match cx.arch.choice::<Status>(decision) {
                Some(Status::Rejected) => "was rejected",
                Some(Status::Superseded) => "was superseded",
                // Whoever supersedes one is to say so there as well, and may have forgotten it.
                _ if successors.iter().any(is_accepted) => "an accepted one supersedes",
                Some(Status::Draft | Status::Proposed | Status::Accepted | Status::Deprecated) | None => continue,
            };
            let message = format!("{} is as it is by {}, which {is}", cx.thing(at), cx.thing(decision));
            let finding = cx.at_fact(at, given, message).secondary(cx.arch.name_span(decision), "this one");
            let names = list_words(successors.iter().map(|at| cx.arch.name(*at)), "or");
            let help = match successors[..] {
                [] => "name the decision that holds today, or decide anew".to_owned(),
                _ => format!("name the one that took its place, if it holds here: {names}"),
            };
            cx.push(finding.help(help));
        }
    }
}
