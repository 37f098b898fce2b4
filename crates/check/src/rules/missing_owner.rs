use crate::Context;
use groma_base::Severity;
use groma_model::{Level, facts};

super::declare!(Warning, "a system or container that nobody owns", check);

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let owned = groma_model::query::owner(cx.arch, id).is_some() || cx.arch.workspace.is_some_and(|at| cx.arch.fact(at, &facts::OWNER).is_some());
        if element.level == Level::System && !owned {
            let finding = cx.at(element.at, format!("nobody owns the {}", cx.named(id)));
            cx.push(finding.help("name the team or person that answers for it: `owner=…`"));
        }
    }
}
