use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "unlabelled-relation",
    severity: Severity::Note,
    summary: "a relationship that does not say what it does",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unlabelled_relation.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let at = cx.arch.relation(id).at;
        if cx.arch.label(at).is_none_or(str::is_empty) && cx.arch.fact(at, &facts::DESCRIPTION).is_none() {
            let finding = cx.at(at, "this relationship does not say what it does");
            cx.push(finding.help("write it as a verb with its object: `a -> b \"Reads orders from\"`"));
        }
    }
}
