use super::users::Wholes;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Level;

pub(super) static RULE: Rule = Rule {
    name: "component-misses-store",
    severity: Severity::Warning,
    summary: "a container uses a store that none of its components reaches",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("component_misses_store.md"),
};

fn check(cx: &mut Context<'_>) {
    let mut wholes = Wholes::default();
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let has_components = cx.arch.children(relation.from).next().is_some();
        if !has_components || !cx.arch.is_store(relation.to) || cx.arch.element(relation.from).level != Level::Container
        {
            continue;
        }
        if wholes.part_uses(cx.arch, relation.from, relation.to) {
            continue;
        }
        let message = format!("none of the components of {} uses {}", cx.named(relation.from), cx.named(relation.to));
        let finding =
            cx.at(relation.at, message).secondary(cx.span_of(relation.from), "its components are declared here");
        cx.push(finding.help("name the component that uses it: `container.component -> store \"…\"`"));
    }
}
