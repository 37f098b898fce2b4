use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Level;

pub(super) static RULE: Rule = Rule {
    name: "lonely-actor",
    severity: Severity::Warning,
    summary: "a person or external system without any relationship",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("lonely_actor.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.elements() {
        let element = cx.arch.element(id);
        let actor = element.level == Level::Person || (element.level == Level::System && element.external);
        if actor && !cx.arch.is_connected(id) && cx.arch.flows_through(id).next().is_none() {
            let finding = cx.at(element.at, format!("the {} has no relationship to anything", cx.named(id)));
            cx.push(finding.help("say what it uses or what uses it, or remove it from the context"));
        }
    }
}
