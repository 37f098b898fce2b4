use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::End;

pub(super) static RULE: Rule = Rule {
    name: "relation-to-own-part",
    severity: Severity::Error,
    summary: "a relationship or connection between a whole and its own part",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("relation_to_own_part.md"),
};

fn check(cx: &mut Context<'_>) {
    relations(cx);
    connections(cx);
}

fn relations(cx: &mut Context<'_>) {
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

/// Connections between a place and itself, or what is in it.
fn connections(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for (id, deployment) in arch.deployments.entries() {
        for connection in &deployment.connections {
            let (End::Place(from), End::Place(to)) = (connection.from, connection.to) else { continue };
            let is_within = |inner, outer| arch.places_around(id, inner).any(|around| around == outer);
            let title = |place| arch.title(deployment.nodes[place].at);
            let message = match (is_within(from, to), is_within(to, from)) {
                (true, true) => format!("{} is connected with itself", title(from)),
                (true, false) => format!("{} is a part of {}", title(from), title(to)),
                (false, true) => format!("{} is a part of {}", title(to), title(from)),
                (false, false) => continue,
            };
            let finding = cx.at(connection.at, message);
            cx.push(finding.help("name the place in it that is really connected, instead of the whole"));
        }
    }
}
