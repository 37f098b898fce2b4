use crate::Context;
use groma_base::Severity;
use groma_model::Level;

super::declare!(Warning, "a synchronous call where events were agreed", check);

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let container = |id| cx.arch.at_level(id, Level::Container);
        let (Some(from), Some(to)) = (container(relation.from), container(relation.to)) else { continue };
        let services = cx.arch.is_kind(from, &["service", "worker", "function"])
            && cx.arch.is_kind(to, &["service", "worker", "function"]);
        if from == to || !services || cx.arch.is_async(id) {
            continue;
        }
        if let Some((_, whole)) = cx.style_of(from).filter(|(style, _)| *style == "event-driven") {
            let message =
                format!("{} calls {} directly, although the system is event-driven", cx.named(from), cx.named(to));
            let finding = cx.at(relation.at, message).secondary(cx.span_of(whole), "declared as event-driven here");
            cx.push(finding.help("publish an event to the bus and let the other side consume it"));
        }
    }
}
