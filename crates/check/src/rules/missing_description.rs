use crate::Context;
use groma_base::Severity;
use groma_model::{Level, facts};

super::declare!(Note, "a person, system or container that nothing describes", check, absence);

fn check(cx: &mut Context<'_>) {
    for id in cx.elements() {
        let element = cx.arch.element(id);
        let described = cx.arch.fact(element.at, &facts::DESCRIPTION).is_some()
            || cx.arch.fact(element.at, &facts::RESPONSIBILITY).is_some();
        if element.level != Level::Component && !described {
            let finding = cx.at(element.at, format!("the {} has no description", cx.named(id)));
            cx.push(finding.help("say in a sentence what it is for: `description=\"…\"`"));
        }
    }
}
