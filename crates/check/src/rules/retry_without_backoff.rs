use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts;

pub(super) static RULE: Rule = Rule {
    name: "retry-without-backoff",
    severity: Severity::Warning,
    summary: "a retry that does not wait",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("retry_without_backoff.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let at = cx.arch.relation(id).at;
        let Some(fact) = cx.arch.fact(at, &facts::relation::RETRY) else { continue };
        let times = cx.arch.quantity(at, &facts::relation::RETRY).map_or(0.0, |times| times.high);
        let backoff = cx.arch.part(at, &facts::relation::RETRY, &facts::relation::BACKOFF);
        if times > 0.0 && backoff.is_none_or(|backoff| backoff.choice() == Some(facts::relation::Backoff::None)) {
            let finding = cx.at_fact(at, fact, "this retry does not say how it backs off");
            cx.push(finding.help("write `backoff=exponential from=200ms jitter=#true`"));
        }
    }
}
