use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;
use groma_model::kinds::class;

pub(super) static RULE: Rule = Rule {
    name: "unrealized-requirement",
    severity: Severity::Warning,
    summary: "a requirement that no element realizes",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unrealized_requirement.md"),
};

fn check(cx: &mut Context<'_>) {
    if cx.arch.elements.is_empty() {
        return;
    }
    for record in cx.arch.records_of(&class::REQUIREMENT) {
        if !cx.arch.is_realized(record.at) && cx.arch.choice(record.at) != Some(facts::requirement::Priority::Wont) {
            let finding = cx.at(record.at, format!("nothing realizes \"{}\"", cx.arch.title(record.at)));
            cx.push(finding.help("write `realized-by` here, or `realizes` on the element or flow that meets it"));
        }
    }
}
