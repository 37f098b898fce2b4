use super::repeats::repeated;
use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::Container;
use groma_model::facts::relation;

pub(super) static RULE: Rule = Rule {
    name: "unclear-retry",
    severity: Severity::Note,
    summary: "a call out of our hands that is made again, and is not said to bear that",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unclear_retry.md"),
};

fn check(cx: &mut Context<'_>) {
    let accesses = cx.arch.accesses();
    for id in cx.relations() {
        let relation = cx.arch.relation(id);
        let at = relation.at;
        let is_said = cx.arch.fact(at, &relation::IDEMPOTENT).is_some();
        if is_said || accesses.get(&id).is_some_and(|access| !access.writes) {
            continue;
        }
        let what = if cx.arch.is_kind(relation.to, Container::Queue) {
            "a message"
        } else if cx.arch.element(relation.to).external && !cx.arch.is_async(id) {
            "a call"
        } else {
            continue;
        };
        let Some(fact) = repeated(cx.arch, id) else { continue };
        let repeats = fact.fact.name;
        let to = cx.named(relation.to);
        let message =
            format!("this `{repeats}` may bring {what} to the {to} twice, and nothing says whether that does harm");
        let finding = cx.at_fact(at, fact, message);
        cx.push(finding.help(
            "say on the relationship, not on its `retry` or `hedge`: `idempotent` if the same twice does no harm, else `idempotent=#false`",
        ));
    }
}
