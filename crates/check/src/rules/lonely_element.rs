use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Level;

pub(super) static RULE: Rule = Rule {
    name: "lonely-element",
    severity: Severity::Warning,
    summary: "a system, container or component without any relationship",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("lonely_element.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let is_idle = |id| !arch.is_connected(id) && !arch.is_passed(id);
    for id in cx.elements() {
        let element = cx.arch.element(id);
        let actor = element.level == Level::Person || (element.level == Level::System && element.external);
        // A part of something idle is not reported again.
        if actor || !is_idle(id) || element.parent.is_some_and(is_idle) {
            continue;
        }
        let finding = cx.at(element.at, format!("the {} has no relationship to anything", cx.named(id)));
        cx.push(finding.help("say who uses it and what it uses, or remove it"));
    }
}
