use super::graph::{Edge, cycles};
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Element, Level, RelationId};

pub(super) static RULE: Rule = Rule {
    name: "synchronous-cycle",
    severity: Severity::Error,
    summary: "containers that call each other synchronously in a cycle",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("synchronous_cycle.md"),
};

fn check(cx: &mut Context<'_>) {
    let count = cx.arch.elements.len();
    let mut edges: Vec<Edge<Element>> = Vec::new();
    // The relationship of each edge.
    let mut by: Vec<RelationId> = Vec::new();
    for id in cx.arch.relation_ids() {
        let relation = cx.arch.relation(id);
        let container = |id| cx.arch.at_level(id, Level::Container);
        let (Some(from), Some(to)) = (container(relation.from), container(relation.to)) else { continue };
        if from != to && !cx.arch.element(from).external {
            edges.push((from, to));
            by.push(id);
        }
    }
    for cycle in cycles(count, &edges, |edge| !cx.arch.is_async(by[edge])) {
        let names: Vec<String> = cycle.iter().map(|(id, _)| format!("\"{}\"", cx.arch.element_title(*id))).collect();
        let edge = |at: usize| by[cycle[at].1];
        let first = cx.arch.relation(edge(0)).at;
        let mut finding = cx.at(first, format!("{} call each other in a cycle", names.join(" -> ")));
        for at in 1..cycle.len() {
            finding = finding.secondary(cx.relation_span(edge(at)), "and on from here");
        }
        cx.push(finding.help("break the cycle: let one side publish an event (`async=#true` or a queue), or move what both need into a third"));
    }
}
