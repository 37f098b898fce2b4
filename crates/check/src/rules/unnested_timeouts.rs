use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::facts;
use groma_simulate::analysis::calls;
use groma_simulate::number::{apart, is_beyond};

pub(super) static RULE: Rule = Rule {
    name: "unnested-timeouts",
    severity: Severity::Warning,
    summary: "a caller's timeout shorter than its callee's retries",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("unnested_timeouts.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let calls = calls(cx.network());
    let mut found = Vec::new();
    for (at, inner) in calls.iter().enumerate() {
        let (Some(own), Some(patience)) = (inner.relation, inner.patience) else { continue };
        let mut around = inner.inside;
        while let Some(outer) = around.map(|outer| &calls[outer]) {
            if let (Some(relation), Some(timeout)) = (outer.relation, outer.timeout)
                && is_beyond(patience, timeout)
            {
                found.push((relation, own, timeout, patience, at));
            }
            around = outer.inside;
        }
    }
    found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.3.total_cmp(&a.3)));
    found.dedup_by_key(|one| (one.0, one.1));
    for (outer, inner, timeout, patience, _) in found {
        let at = arch.relation(outer).at;
        let Some(fact) = arch.fact(at, &facts::relation::TIMEOUT) else { continue };
        let (outer_time, inner_time) = apart(Dimension::Time, timeout, patience);
        let message = format!("this gives up after {outer_time}, but what it waits for may try for up to {inner_time}");
        let finding = cx.at_fact(at, fact, message);
        cx.push(
            finding.secondary(cx.relation_span(inner), "its timeout, tries and pauses together").help(
                "let timeouts shrink from the outside in: shorter or fewer inner tries, or a longer outer timeout",
            ),
        );
    }
}
