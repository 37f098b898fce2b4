use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Level, facts};

pub(super) static RULE: Rule = Rule {
    name: "missing-technology",
    severity: Severity::Warning,
    summary: "a container whose technology is not named",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("missing_technology.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let element = cx.arch.element(id);
        if element.level == Level::Container && cx.arch.fact(element.at, &facts::TECHNOLOGY).is_none() {
            let finding = cx.at(element.at, format!("the technology of the {} is not named", cx.named(id)));
            cx.push(finding.help("name it with its version: `technology=\"PostgreSQL 17\"`"));
        }
    }
}
