use crate::Context;
use groma_base::Severity;
use groma_model::Level;

super::declare!(Warning, "a system, container or component without any relationship", check);

fn check(cx: &mut Context<'_>) {
    let flows: Vec<bool> = cx.arch.element_ids().map(|id| cx.arch.flows_through(id).next().is_some()).collect();
    for id in cx.arch.element_ids() {
        let element = cx.arch.element(id);
        let actor = element.level == Level::Person || (element.level == Level::System && element.external);
        if actor || cx.is_connected(id) || flows[id.index()] {
            continue;
        }
        if element.parent.is_some_and(|parent| !cx.is_connected(parent) && !flows[parent.index()]) {
            continue;
        }
        let finding = cx.at(element.at, format!("the {} has no relationship to anything", cx.named(id)));
        cx.push(finding.help("say who uses it and what it uses, or remove it"));
    }
}
