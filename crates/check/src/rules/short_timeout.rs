use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::decode::Value;
use groma_model::{ItemRef, RelationId, facts};
use groma_simulate::analysis::calls;
use groma_simulate::number::apart;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    name: "short-timeout",
    severity: Severity::Error,
    summary: "a timeout shorter than what it waits for",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("short_timeout.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let network = cx.network();
    let mut worst: BTreeMap<RelationId, (f64, ItemRef)> = BTreeMap::new();
    for call in &calls(network) {
        let (Some(relation), Some(timeout)) = (call.relation, call.timeout) else { continue };
        if call.unloaded_time <= timeout {
            continue;
        }
        let known = worst.entry(relation).or_insert((call.unloaded_time, call.at));
        if known.0 < call.unloaded_time {
            *known = (call.unloaded_time, call.at);
        }
    }
    for (relation, (alone, step)) in worst {
        let at = arch.relation(relation).at;
        let Some(fact) = arch.fact(at, &facts::relation::TIMEOUT) else { continue };
        let Value::Quantity(timeout) = fact.value else { continue };
        let (waits, takes) = apart(Dimension::Time, timeout.high, alone);
        let message = format!("this waits {waits}, and the answer takes {takes} on average");
        let finding = cx.at_fact(at, fact, message);
        cx.push(
            finding
                .secondary(arch.name_span(step), "by the times of this step and those in it")
                .help("wait at least as long as the 99th percentile of the answer, or make the answer faster"),
        );
    }
}
