use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Container;
use groma_model::facts;
use groma_model::schema::Fact;

pub(super) static RULE: Rule = Rule {
    name: "ineffective-limit",
    severity: Severity::Warning,
    summary: "a limit of waiting where nothing ever waits",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("ineffective_limit.md"),
};

const LIMITS: &[&Fact] = &[&facts::element::QUEUE_LIMIT, &facts::element::QUEUE_TIMEOUT];

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for id in cx.own_elements() {
        let at = arch.element(id).at;
        if arch.fact(at, &facts::element::CONCURRENCY).is_some() {
            continue;
        }
        for (fact, given) in LIMITS.iter().filter_map(|fact| Some((fact, arch.fact(at, fact)?))) {
            let (message, help) = if arch.is_kind(id, Container::Queue) {
                (
                    format!(
                        "this `{}` has no effect: a queue hands on at once, and what waits does so at who takes it",
                        fact.name
                    ),
                    "put it on the worker that the queue hands to, beside its `concurrency`",
                )
            } else {
                (
                    format!("this `{}` has no effect: nothing waits where any number is worked on at once", fact.name),
                    "say with `concurrency` how many are worked on at once",
                )
            };
            cx.push(cx.at_fact(at, given, message).help(help));
        }
    }
}
