use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Container, Level};

pub(super) static RULE: Rule = Rule {
    name: "unreached-container",
    severity: Severity::Warning,
    summary: "a container that no relationship or flow reaches",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unreached_container.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let starts_by_itself = element.container().is_some_and(Container::starts_by_itself);
        if element.level != Level::Container || starts_by_itself || !cx.arch.is_connected(id) {
            continue;
        }
        if !cx.arch.is_reached(id) && cx.arch.flows_through(id).next().is_none() {
            let finding = cx.at(element.at, format!("nothing uses the {}", cx.named(id)));
            cx.push(finding.help(match element.container() {
                Some(Container::Service) => {
                    "add the relationship of whoever calls it, or remove it; what starts by itself is a `worker`"
                }
                Some(_) | None => "add the relationship of whoever calls it, or remove it",
            }));
        }
    }
}
