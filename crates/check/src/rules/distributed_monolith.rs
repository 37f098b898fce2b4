use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::element::Style;
use groma_model::{Architecture, Container, ElementId, Level};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    name: "distributed-monolith",
    severity: Severity::Warning,
    summary: "microservices that can only be deployed together",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("distributed_monolith.md"),
};

fn check(cx: &mut Context<'_>) {
    let systems = cx.own_elements().filter(|id| cx.arch.element(*id).level == Level::System);
    let systems: Vec<ElementId> =
        systems.filter(|id| cx.style_of(*id).is_some_and(|(style, _)| style == Style::Microservices)).collect();
    if systems.is_empty() {
        return;
    }
    let mut pairs = pairs_of_each(cx.arch);
    for system in systems {
        let services = cx.arch.children(system).filter(|id| cx.arch.is_kind(*id, Container::Service)).count();
        let pairs = pairs.remove(&system).unwrap_or_default();
        if services >= 3 && pairs.len() >= services {
            let message = format!(
                "{services} services of \"{}\" depend on each other by {} synchronous calls",
                cx.arch.element_title(system),
                pairs.len()
            );
            let finding = cx.at(cx.arch.element(system).at, message);
            cx.push(
                finding.help("let services notify each other by events, or join those that always change together"),
            );
        }
    }
}

/// For each element, which services in it wait for which others in it.
fn pairs_of_each(arch: &Architecture) -> FxHashMap<ElementId, FxHashSet<(ElementId, ElementId)>> {
    let mut pairs: FxHashMap<ElementId, FxHashSet<(ElementId, ElementId)>> = FxHashMap::default();
    let service = |id| arch.at_level(id, Level::Container).filter(|id| arch.is_kind(*id, Container::Service));
    for id in arch.relation_ids() {
        let relation = arch.relation(id);
        if let (Some(from), Some(to)) = (service(relation.from), service(relation.to))
            && let (Some(system), other) = (arch.element(from).parent, arch.element(to).parent)
            && from != to
            && other == Some(system)
            && !arch.is_async(id)
        {
            pairs.entry(system).or_default().insert((from, to));
        }
    }
    pairs
}
