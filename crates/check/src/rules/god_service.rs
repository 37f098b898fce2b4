use crate::Context;
use groma_base::Severity;
use groma_model::{ElementId, Level, facts};

super::declare!(Warning, "one element that does nearly everything", check, whole);

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        if !matches!(element.level, Level::Container | Level::Component) {
            continue;
        }
        let duties = cx.arch.all_facts(element.at, &facts::RESPONSIBILITY).count();
        if duties > MOST_DUTIES {
            let finding = cx.at(element.at, format!("the {} has {duties} responsibilities", cx.named(id)));
            cx.push(finding.note(format!("more than {MOST_DUTIES} count as too many")).help("split it along the responsibilities that change for different reasons"));
        }
    }
    for system in cx.own_elements().filter(|id| cx.arch.element(*id).level == Level::System) {
        let services: Vec<ElementId> = cx.arch.children(system).filter(|id| cx.arch.is_kind(*id, &["service"])).collect();
        let degree = |id: &ElementId| cx.arch.outgoing(*id).count() + cx.arch.incoming(*id).count();
        let total: usize = services.iter().map(degree).sum();
        for id in services.iter().filter(|_| services.len() >= 4) {
            let own = degree(id);
            if own > 8 && own * 2 > total {
                let message = format!("the {} has {own} of the {total} relationships of all services of \"{}\"", cx.named(*id), cx.arch.element_title(system));
                let finding = cx.at(cx.arch.element(*id).at, message);
                cx.push(finding.help("split it along the responsibilities that change for different reasons"));
            }
        }
    }
}

const MOST_DUTIES: usize = 6;
