use crate::{Context, Reach, Rule};
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "relation-to-own-part",
    severity: Severity::Error,
    summary: "a relationship between an element and its own part",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    blocks_forecast: false,
    page: include_str!("relation_to_own_part.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.relations() {
        let relation = *cx.arch.relation(id);
        if relation.from == relation.to || !cx.arch.on_one_line(relation.from, relation.to) {
            continue;
        }
        let (whole, part) = if cx.arch.is_within(relation.to, relation.from) {
            (relation.from, relation.to)
        } else {
            (relation.to, relation.from)
        };
        let finding = cx.at(relation.at, format!("{} is a part of {}", cx.named(part), cx.named(whole)));
        cx.push(
            finding
                .secondary(cx.span_of(part), "the part is declared here")
                .help("name the part that really uses it, instead of the whole"),
        );
    }
}
