use crate::rules::limits::is_possible;
use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity, Span};
use groma_model::FlowId;
use groma_simulate::analysis::cost;
use groma_simulate::number::{apart, is_beyond};
use groma_simulate::{Metric, UnloadedTime};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "impossible-latency",
    severity: Severity::Error,
    summary: "a time limit that the declared times alone exceed",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Everything),
    blocks_forecast: false,
    page: include_str!("impossible_latency.md"),
};

/// By how much the share of those in time may be wrong: sums of many times are taken by their mean and variance.
const DOUBT: f64 = 0.02;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut costs: FxHashMap<FlowId, f64> = FxHashMap::default();
    let mut spreads: FxHashMap<FlowId, UnloadedTime> = FxHashMap::default();
    for one in groma_simulate::requirements(arch) {
        // How long a flow takes says nothing of when the first part of its answer is there.
        let Metric::Latency(latency) = one.metric else { continue };
        if one.first_part {
            continue;
        }
        if !one.upper {
            continue;
        }
        let Some(flow) = one.flow else { continue };
        if !is_possible(arch, &one) {
            continue;
        }
        let alone = *costs.entry(flow).or_insert_with(|| cost(cx.network(), flow).unloaded_time);
        let message = match latency.share() {
            None if !is_beyond(alone, one.limit) => continue,
            None => {
                let (limit, takes) = apart(Dimension::Time, one.limit, alone);
                format!(
                    "{} must be under {limit}, and even with no other load a request takes {takes} on average",
                    one.metric
                )
            }
            Some(share) => {
                let times = spreads.entry(flow).or_insert_with(|| UnloadedTime::of(cx.network(), flow));
                let within = times.within(one.limit);
                if within >= share - DOUBT {
                    continue;
                }
                let limit = groma_simulate::number::time(one.limit);
                // Never as many as it takes, however near.
                let percent = (within * 100.0).round().min((share * 100.0).ceil() - 1.0);
                let (metric, needed) = (one.metric, groma_simulate::number::share(share));
                format!(
                    "{metric} must be under {limit}, and even with no other load only {percent}% finish within that; {metric} needs {needed}"
                )
            }
        };
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
