use super::users::Wholes;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_base::list_words;
use groma_model::schema::Fact;
use groma_model::{Level, facts};

pub(super) static RULE: Rule = Rule {
    name: "unguarded-dependency",
    severity: Severity::Warning,
    summary: "a call to an external system without timeout, retry, breaker or fallback",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unguarded_dependency.md"),
};

/// What guards a call.
const GUARDS: [&Fact; 4] =
    [&facts::relation::TIMEOUT, &facts::relation::RETRY, &facts::relation::BREAKER, &facts::relation::FALLBACK];

fn check(cx: &mut Context<'_>) {
    let mut wholes = Wholes::default();
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        let from = cx.arch.element(relation.from);
        if from.external
            || from.level == Level::Person
            || !cx.arch.element(relation.to).external
            || cx.arch.is_async(id)
        {
            continue;
        }
        // The relationship of a whole is spoken for by that of its part.
        if wholes.part_uses(cx.arch, relation.from, relation.to) {
            continue;
        }
        let missing: Vec<&str> =
            GUARDS.iter().filter(|fact| cx.arch.fact(relation.at, fact).is_none()).map(|fact| fact.name).collect();
        if !missing.is_empty() {
            let message =
                format!("this call to the external {} has no {}", cx.named(relation.to), list_words(missing, "and"));
            let finding = cx.at(relation.at, message);
            cx.push(finding.help("decide what happens when it is slow or gone: `timeout 10s`, `retry 3 backoff=exponential from=200ms`, `breaker failures=5 reset=30s`, `fallback \"…\"`; `retry 0` and `breaker #false` say that you decided against"));
        }
    }
}
