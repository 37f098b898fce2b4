use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Level;

pub(super) static RULE: Rule = Rule {
    name: "component-misses-container",
    severity: Severity::Note,
    summary: "a component that nothing else in its container uses",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("component_misses_container.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let Some(parent) = element.parent.filter(|_| element.level == Level::Component) else { continue };
        let has_sibling = cx.arch.children(parent).nth(1).is_some();
        let (own, whole) = (cx.arch.is_connected(id), cx.arch.is_connected(parent));
        if has_sibling && !own && whole && cx.arch.flows_through(id).next().is_some() {
            let finding =
                cx.at(element.at, format!("flows pass through the {}, but no relationship does", cx.named(id)));
            cx.push(finding.help("add the relationships that the flows take"));
        }
    }
}
