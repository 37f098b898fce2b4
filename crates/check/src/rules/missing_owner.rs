use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Level;

pub(super) static RULE: Rule = Rule {
    name: "missing-owner",
    severity: Severity::Warning,
    summary: "a system that nobody owns",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("missing_owner.md"),
};

fn check(cx: &mut Context<'_>) {
    let systems = cx.own_elements().filter(|id| cx.arch.element(*id).level == Level::System);
    for id in systems.filter(|id| cx.arch.owner(*id).is_none()) {
        let finding = cx.at(cx.arch.element(id).at, format!("nobody owns the {}", cx.named(id)));
        cx.push(finding.help("name the team or person that answers for it: `owner=…`"));
    }
}
