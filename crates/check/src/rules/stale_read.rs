use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{ElementId, ItemRef, Level, StepKind, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "stale-read",
    severity: Severity::Warning,
    summary: "a read that may miss what the same flow has just written",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("stale_read.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for flow in cx.flows() {
        let mut written: FxHashMap<ElementId, ItemRef> = FxHashMap::default();
        for step in &flow.steps {
            let StepKind::Call { to, .. } = step.kind else { continue };
            let store = arch.at_level(to, Level::Container).unwrap_or(to);
            let at = arch.element(store).at;
            if arch.quantity(at, &facts::element::READ_REPLICAS).is_none_or(|copies| copies.high == 0.0) {
                continue;
            }
            let write = written.get(&store).copied();
            match (arch.only_reads(step), write) {
                (false, None) => drop(written.insert(store, step.at)),
                (true, Some(write)) => {
                    let lag = arch
                        .part(at, &facts::element::READ_REPLICAS, &facts::element::LAG)
                        .map(|lag| arch.words(at, lag));
                    let behind = lag.map_or("which may be behind".to_owned(), |lag| format!("which is {lag} behind"));
                    let message = format!("this is read from a copy of {}, {behind}", cx.named(store));
                    let finding = cx
                        .at(step.at, message)
                        .secondary(arch.name_span(write), "without `read`, this may write to it");
                    cx.push(finding.help(
                        "leave out `read` where it must see its own write, or answer with what was written instead of reading it",
                    ));
                }
                _ => {}
            }
        }
    }
}
