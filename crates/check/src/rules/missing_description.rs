use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Level, facts};

pub(super) static RULE: Rule = Rule {
    name: "missing-description",
    severity: Severity::Note,
    summary: "a person, system or container that nothing describes",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("missing_description.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.elements() {
        let element = cx.arch.element(id);
        let described = cx.arch.fact(element.at, &facts::DESCRIPTION).is_some()
            || cx.arch.fact(element.at, &facts::element::RESPONSIBILITY).is_some();
        if element.level != Level::Component && !described {
            let finding = cx.at(element.at, format!("the {} has no description", cx.named(id)));
            cx.push(finding.help("say in a sentence what it is for: `description=\"…\"`"));
        }
    }
}
