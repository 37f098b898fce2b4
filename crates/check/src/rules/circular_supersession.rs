use super::graph::{Edge, cycles};
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::kinds::class::DECISION;
use groma_model::{Idx, ItemRef};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "circular-supersession",
    severity: Severity::Warning,
    summary: "decisions that replace one another in a circle",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("circular_supersession.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut decisions: Vec<ItemRef> = arch.records_of(&DECISION).map(|record| record.at).collect();
    // A circle is told from the same one of its decisions, in whichever order they stand.
    decisions.sort_by_cached_key(|at| arch.address_of(*at));
    let place: FxHashMap<ItemRef, u32> = decisions.iter().zip(0..).map(|(at, nth)| (*at, nth)).collect();
    let mut edges: Vec<Edge<ItemRef>> = Vec::new();
    for (at, from) in decisions.iter().zip(0..) {
        let next = arch.successors(*at);
        if next.contains(at) {
            let finding = cx.at(*at, format!("{} replaces itself", cx.thing(*at)));
            cx.push(finding.help("name the other decision"));
        }
        let others = next.iter().filter(|one| *one != at).filter_map(|one| place.get(one));
        edges.extend(others.map(|to| (Idx::new(from), Idx::new(*to))));
    }
    for circle in cycles(decisions.len(), &edges, |_| true) {
        let circle: Vec<ItemRef> = circle.iter().map(|(node, _)| decisions[node.index()]).collect();
        let names = circle.iter().chain(&circle[..1]).map(|one| format!("`{}`", arch.name(*one)));
        let names = names.collect::<Vec<_>>().join(" by ");
        let finding = cx.at(circle[0], format!("decisions replace one another in a circle: {names}"));
        let finding = circle[1..].iter().fold(finding, |finding, other| {
            finding.also(arch.name_span(*other), other.item.raw(), "this one takes part")
        });
        cx.push(finding.help("keep the one that holds today, and take out what leads away from it"));
    }
}
