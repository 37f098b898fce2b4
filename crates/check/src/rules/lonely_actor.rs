use crate::Context;
use groma_base::Severity;
use groma_model::Level;

super::declare!(Warning, "a person or external system without any relationship", check, absence_of_use);

fn check(cx: &mut Context<'_>) {
    for id in cx.elements() {
        let element = cx.arch.element(id);
        let actor = element.level == Level::Person || (element.level == Level::System && element.external);
        if actor && !cx.arch.is_connected(id) && cx.arch.flows_through(id).next().is_none() {
            let finding = cx.at(element.at, format!("the {} has no relationship to anything", cx.named(id)));
            cx.push(finding.help("say what it uses or what uses it, or remove it from the context"));
        }
    }
}
