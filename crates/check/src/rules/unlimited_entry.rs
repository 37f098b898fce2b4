use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "unlimited-entry",
    severity: Severity::Note,
    summary: "a public entry without a rate limit",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unlimited_entry.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in crate::rules::entry::entries(cx) {
        let element = cx.arch.element(id);
        match cx.arch.fact(element.at, &facts::element::RATE_LIMIT) {
            None => {
                let finding = cx
                    .at(element.at, format!("the {} can be reached from outside and has no rate limit", cx.named(id)));
                cx.push(finding.help("write `rate-limit 100/min per=user` in its block"));
            }
            Some(fact) if cx.arch.part(element.at, &facts::element::RATE_LIMIT, &facts::element::PER).is_none() => {
                let finding = cx.at_fact(element.at, fact, "this rate limit does not say whom it counts");
                cx.push(finding.help("add `per=user`, `per=address` or `per=key`"));
            }
            Some(_) => {}
        }
    }
}
