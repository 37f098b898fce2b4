use crate::Context;
use groma_base::Severity;
use groma_model::Level;

super::declare!(Note, "a component that no other part of its container has to do with", check, absence_of_use);

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        let Some(parent) = element.parent.filter(|_| element.level == Level::Component) else { continue };
        let siblings = cx.arch.children(parent).count();
        if siblings > 1 && !cx.is_connected(id) && cx.is_connected(parent) && cx.arch.flows_through(id).next().is_some()
        {
            let finding =
                cx.at(element.at, format!("flows pass through the {}, but no relationship does", cx.named(id)));
            cx.push(finding.help("add the relationships that the flows take"));
        }
    }
}
