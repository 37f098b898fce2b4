use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Container, ElementId, Level, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "god-service",
    severity: Severity::Warning,
    summary: "one element that does almost everything",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("god_service.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        if !matches!(element.level, Level::Container | Level::Component) {
            continue;
        }
        let duties = cx.arch.values_of(element.at, &facts::element::RESPONSIBILITY).count();
        if duties > MOST_DUTIES {
            let finding = cx.at(element.at, format!("the {} has {duties} responsibilities", cx.named(id)));
            cx.push(
                finding
                    .note(format!("more than {MOST_DUTIES} count as too many"))
                    .help("split it along the responsibilities that change for different reasons"),
            );
        }
    }
    let mut services: FxHashMap<ElementId, (usize, usize)> = FxHashMap::default();
    for id in cx.own_containers(|kind| kind == Container::Service) {
        let Some(system) = cx.arch.element(id).parent else { continue };
        let (count, total) = *services.entry(system).or_insert_with(|| services_of(cx, system));
        let own = degree(cx, id);
        if count >= 4 && own > 8 && own * 2 > total {
            let message = format!(
                "the {} has {own} of the {total} relationships of all services of \"{}\"",
                cx.named(id),
                cx.arch.element_title(system)
            );
            let finding = cx.at(cx.arch.element(id).at, message);
            cx.push(finding.help("split it along the responsibilities that change for different reasons"));
        }
    }
}

/// How many services a system has, and how many relationships they have together.
fn services_of(cx: &Context<'_>, system: ElementId) -> (usize, usize) {
    let services = cx.arch.children(system).filter(|id| cx.arch.is_kind(*id, Container::Service));
    services.fold((0, 0), |(count, total), id| (count + 1, total + degree(cx, id)))
}

fn degree(cx: &Context<'_>, id: ElementId) -> usize {
    cx.arch.outgoing(id).count() + cx.arch.incoming(id).count()
}

const MOST_DUTIES: usize = 6;
