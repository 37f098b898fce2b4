use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::element::Style;
use groma_model::{Container, Level};

pub(super) static RULE: Rule = Rule {
    name: "direct-call-between-services",
    severity: Severity::Warning,
    summary: "a synchronous call where events were agreed",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("direct_call_between_services.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let container = |id| cx.arch.at_level(id, Level::Container);
        let (Some(from), Some(to)) = (container(relation.from), container(relation.to)) else { continue };
        let may_use_events = |id| cx.arch.element(id).container().is_some_and(Container::may_use_events);
        if from == to || !may_use_events(from) || !may_use_events(to) || cx.arch.is_async(id) {
            continue;
        }
        if let Some((_, whole)) = cx.style_of(from).filter(|(style, _)| *style == Style::EventDriven) {
            let message =
                format!("{} calls {} directly, although the system is event-driven", cx.named(from), cx.named(to));
            let finding = cx.at(relation.at, message).secondary(cx.span_of(whole), "declared as event-driven here");
            cx.push(finding.help("publish an event to the bus and let the other side consume it"));
        }
    }
}
