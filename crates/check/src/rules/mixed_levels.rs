use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{ElementId, Level};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "mixed-levels",
    severity: Severity::Warning,
    summary: "the same thing as a container and as a component",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("mixed_levels.md"),
};

fn check(cx: &mut Context<'_>) {
    let mut containers: FxHashMap<&str, ElementId> = FxHashMap::default();
    for id in cx.arch.element_ids().filter(|id| cx.arch.element(*id).level == Level::Container) {
        containers.insert(cx.arch.element_title(id), id);
    }
    for id in cx.arch.element_ids().filter(|id| cx.arch.element(*id).level == Level::Component) {
        let Some(container) = containers.get(cx.arch.element_title(id)).copied() else { continue };
        if cx.arch.is_within(id, container) {
            continue;
        }
        let at = cx.arch.element(id).at;
        let finding =
            cx.at(at, format!("\"{}\" is a component here and a container elsewhere", cx.arch.element_title(id)));
        cx.push(finding.secondary(cx.span_of(container), "the container").help(
            "if it is deployed on its own, keep the container and let the components use it; otherwise rename one",
        ));
    }
}
