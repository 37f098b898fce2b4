use crate::Context;
use groma_base::Severity;
use groma_model::{ElementId, Level};

super::declare!(Warning, "microservices that cannot be deployed without each other", check, whole);

fn check(cx: &mut Context<'_>) {
    for system in cx.own_elements().filter(|id| cx.arch.element(*id).level == Level::System) {
        if cx.style_of(system).is_none_or(|(style, _)| style != "microservices") {
            continue;
        }
        let services: Vec<ElementId> =
            cx.arch.children(system).filter(|id| cx.arch.is_kind(*id, &["service"])).collect();
        let mut pairs: Vec<(ElementId, ElementId)> = Vec::new();
        for id in cx.arch.relation_ids() {
            let relation = cx.arch.relation(id);
            let service = |id| cx.arch.at_level(id, Level::Container).filter(|id| services.contains(id));
            if let (Some(from), Some(to)) = (service(relation.from), service(relation.to))
                && from != to
                && !cx.arch.is_async(id)
            {
                pairs.push((from, to));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        if services.len() >= 3 && pairs.len() >= services.len() {
            let message = format!(
                "{} services of \"{}\" depend on each other by {} synchronous calls",
                services.len(),
                cx.arch.element_title(system),
                pairs.len()
            );
            let finding = cx.at(cx.arch.element(system).at, message);
            cx.push(finding.help("let services tell each other by events, or join those that always change together"));
        }
    }
}
