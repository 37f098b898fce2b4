use super::graph::{Edge, cycles};
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Architecture, Element, ElementId, Idx, Level, RelationId};
use rustc_hash::FxHashMap;

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

/// A call from one container to another, with the relationship that says so.
struct Call {
    from: ElementId,
    to: ElementId,
    by: RelationId,
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut calls: Vec<Call> = arch.relation_ids().filter_map(|id| call(arch, id)).collect();
    let is_awaited = |calls: &[Call], nth: usize| !arch.is_async(calls[nth].by);
    let edges: Vec<Edge<Element>> = calls.iter().map(|call| (call.from, call.to)).collect();
    if cycles(arch.elements.len(), &edges, |edge| is_awaited(&calls, edge)).is_empty() {
        return;
    }
    // Which cycle is told, and from where on, is decided by names: the text may come in any order.
    calls.sort_by_cached_key(|call| arch.relation_address(call.by));
    let mut named: Vec<ElementId> = calls.iter().flat_map(|call| [call.from, call.to]).collect();
    named.sort_unstable_by_key(|id| (&*arch.element(*id).path, *id));
    named.dedup();
    let number: FxHashMap<ElementId, Idx<Element>> =
        named.iter().enumerate().map(|(nth, id)| (*id, Idx::new(nth as u32))).collect();
    let edges: Vec<Edge<Element>> = calls.iter().map(|call| (number[&call.from], number[&call.to])).collect();
    for cycle in cycles(named.len(), &edges, |edge| is_awaited(&calls, edge)) {
        let of_cycle: Vec<&Call> = cycle.iter().map(|(_, edge)| &calls[*edge]).collect();
        tell(cx, &of_cycle);
    }
}

/// The call that a relationship says there is, unless it is one inside of a container, or of others.
fn call(arch: &Architecture, by: RelationId) -> Option<Call> {
    let relation = arch.relation(by);
    let from = arch.at_level(relation.from, Level::Container)?;
    let to = arch.at_level(relation.to, Level::Container)?;
    (from != to && !arch.element(from).external).then_some(Call { from, to, by })
}

fn tell(cx: &mut Context<'_>, cycle: &[&Call]) {
    let names: Vec<String> = cycle.iter().map(|call| format!("\"{}\"", cx.arch.element_title(call.from))).collect();
    let first = cx.arch.relation(cycle[0].by).at;
    let mut finding = cx.at(first, format!("{} call each other in a cycle", names.join(" -> ")));
    for call in &cycle[1..] {
        let span = cx.relation_span(call.by);
        finding = finding.secondary(span, "and on from here").or_at(span);
    }
    cx.push(finding.help("break the cycle: let one side publish an event (`async=#true` or a queue), or move what both need into a third"));
}
