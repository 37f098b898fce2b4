use crate::{Context, Reach, Rule};
use groma_base::{Dimension, Range, Severity, Span};
use groma_model::decode::Value;
use groma_model::{Architecture, FlowId, ItemRef, facts};
use groma_simulate::analysis::cost;
use groma_simulate::number::apart;
use groma_simulate::{Latency, Metric};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "impossible-latency",
    severity: Severity::Error,
    summary: "a time limit that the declared times alone exceed",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    blocks_forecast: false,
    page: include_str!("impossible_latency.md"),
};

/// Whether the limit of a requirement is a duration: what else it may be is told by `wrong-limit`.
fn is_duration(arch: &Architecture, quality: ItemRef, range: Range) -> bool {
    let all = arch.all_facts(quality, &facts::quality::REQUIRE);
    let mut parts = all.filter(|fact| fact.range == range).flat_map(|fact| arch.file(quality).parts_of(fact));
    !parts.any(|part| {
        std::ptr::eq(part.fact, &facts::quality::UNDER)
            && matches!(part.value, Value::Quantity(limit) if limit.dimension != Dimension::Time)
    })
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut costs: FxHashMap<FlowId, f64> = FxHashMap::default();
    for one in groma_simulate::requirements(arch) {
        let Metric::Latency(latency) = one.metric else { continue };
        if !one.upper {
            continue;
        }
        let Some(flow) = one.flow else { continue };
        if !is_duration(arch, one.quality, one.range) {
            continue;
        }
        let alone = *costs.entry(flow).or_insert_with(|| cost(cx.network(), flow).unloaded_time);
        // The median of a skewed law can lie below its mean; the rest cannot hold if the mean is twice the limit.
        let surely = if latency == Latency::Mean { one.limit } else { 2.0 * one.limit };
        if alone <= surely {
            continue;
        }
        let (limit, takes) = apart(Dimension::Time, one.limit, alone);
        let message =
            format!("{} must be under {limit}, and one request that is alone takes {takes} on average", one.metric);
        let span = Span::new(one.quality.file, one.range);
        let flow_at = arch.flows[flow].at;
        let finding = cx.finding(span, message).about(one.quality.item.raw());
        cx.push(
            finding
                .secondary(arch.name_span(flow_at), "the sum of the times of this flow's steps")
                .help("shorten or drop steps, do them in parallel or after the answer (`async=#true`), or demand less"),
        );
    }
}
