use crate::{Context, Input, Reach, Rule};
use groma_base::Severity;
use groma_model::{Idx, Per};
use groma_simulate::analysis::{Call, calls};

pub(super) static RULE: Rule = Rule {
    name: "retry-amplification",
    severity: Severity::Warning,
    summary: "retries of several layers that multiply",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("retry_amplification.md"),
};

/// From how many calls for one request on it is worth a finding.
const MANY: u32 = 10;
/// So many of the layers around are labelled.
const MOST_LABELS: usize = 50;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let calls = calls(cx.network());
    // For each call: how often it can be made for one request, in how many layers it is tried again, and which call
    // around it is the next of these.
    let mut tried: Per<Call, (u32, usize, Option<Idx<Call>>)> = Per::new();
    let mut found = Vec::new();
    for (at, call) in calls.entries() {
        let is_layer = |at: &Idx<Call>| calls[*at].relation.is_some() && calls[*at].attempts > 1;
        let outer = call.inside.and_then(|outer| if is_layer(&outer) { Some(outer) } else { tried[outer].2 });
        let (product, layers) = outer.map_or((1, 0), |outer| (tried[outer].0, tried[outer].1));
        let (product, layers) = (product.saturating_mul(call.attempts), layers + 1);
        tried.push((product, layers, outer));
        // One layer that tries ten times is meant so; a hundred times is no policy any more.
        let is_much = if layers > 1 { product >= MANY } else { product > 10 * MANY };
        if let (Some(own), true) = (call.relation, is_layer(&at) && is_much) {
            found.push((own, product, at));
        }
    }
    found.sort_by_key(|(own, product, _)| (*own, std::cmp::Reverse(*product)));
    found.dedup_by_key(|(own, _, _)| *own);
    for (own, product, at) in found {
        let message = match tried[at].1 {
            1 => format!("one request can become {product} of these calls"),
            count => format!("one request can become {product} of these calls: {count} layers retry"),
        };
        let mut finding = cx.at(arch.relation(own).at, message);
        let outer = std::iter::successors(tried[at].2, |outer| tried[*outer].2);
        for relation in outer.filter_map(|outer| calls[outer].relation).take(MOST_LABELS) {
            finding = finding.secondary(cx.relation_span(relation), "retried here too");
        }
        cx.push(
            finding
                .help("retry in one layer only, preferably the one next to what fails, and cap it with `budget=10%`"),
        );
    }
}
