use crate::rules::limits::{is_possible, limit_of};
use crate::{Context, Input, Reach, Rule};
use groma_base::{Diagnostic, Dimension, Severity, Span};
use groma_model::decode::{FactValue, Value};
use groma_model::kinds::class;
use groma_model::{Architecture, Entity, FlowId, ItemRef, facts};
use groma_simulate::number::{apart, is_beyond, is_same, of_metric, share};
use groma_simulate::{Better, Latency, Metric, Requirement, StepDistribution};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "insufficient-load-test",
    severity: Severity::Warning,
    summary: "a load test that asks for too little, or passes with too much, to prove its quality",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: Some(Input::Records),
    blocks_forecast: false,
    page: include_str!("insufficient_load_test.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut of: FxHashMap<ItemRef, Vec<Requirement>> = FxHashMap::default();
    // What holds in a failure is proved by no test of a load alone.
    for one in groma_simulate::requirements(arch).into_iter().filter(|one| one.failure.is_none()) {
        of.entry(one.quality).or_default().push(one);
    }
    let demands = |at: ItemRef| of.get(&at).map_or(&[][..], Vec::as_slice);
    for load in arch.records_of(&class::LOAD) {
        if arch.fact(load.at, &facts::load::PROVES).is_none() {
            continue;
        }
        let most = (most_rate(cx, load.at), most_users(cx, load.at));
        let test = Test {
            flows: flows_of(arch, load.at),
            thresholds: demands(load.at).iter().filter(|one| is_possible(arch, one)).collect(),
        };
        // A threshold that cannot be one is told as that, and not as if there were none.
        let is_wrong =
            |metric: Metric| demands(load.at).iter().any(|one| one.metric == metric && !is_possible(arch, one));
        for proves in arch.values_of(load.at, &facts::load::PROVES) {
            let Some(quality) = arch.referred_record(load.at, proves) else { continue };
            for one in demands(arch.records[quality].at) {
                too_small(cx, (load.at, proves), one, most);
                if is_possible(arch, one) && !is_wrong(one.metric) {
                    too_lenient(cx, (load.at, proves), one, &test);
                }
            }
        }
    }
}

/// Less is asked than is to be proved.
fn too_small(
    cx: &mut Context<'_>,
    (load, proves): (ItemRef, &FactValue),
    one: &Requirement,
    (most_rate, most_users): (Option<f64>, Option<f64>),
) {
    let (asked, unit) = match one.metric {
        Metric::Throughput => (most_rate, "requests a second"),
        Metric::Users => (most_users, "users"),
        Metric::Latency(_)
        | Metric::ErrorRate
        | Metric::Success
        | Metric::Degraded
        | Metric::Availability
        | Metric::Utilization
        | Metric::Queue
        | Metric::RecoveryTime
        | Metric::DataLoss
        | Metric::Team => return,
    };
    let Some(asked) = asked.filter(|asked| is_beyond(one.limit, *asked)) else { return };
    let (reached, proved) = apart(Dimension::Count, asked, one.limit);
    let message = format!("this test reaches {reached} {unit} and is to prove {proved} of them");
    let finding = cx.at_fact(load, proves, message).regarding(regarded(cx.arch, one));
    cx.push(
        finding
            .secondary(cx.arch.name_span(one.quality), "what is to be proved")
            .help("let a `stage` reach the demanded load and stay there, or say what the test really proves"),
    );
}

/// What is looked at when a load runs as a test.
struct Test<'a> {
    /// The flows that it asks for.
    flows: Vec<FlowId>,
    thresholds: Vec<&'a Requirement>,
}

/// How a test whose thresholds hold can miss a requirement all the same.
enum Gap<'a> {
    /// As far as this threshold limits it: to the number.
    Loose(&'a Requirement, f64),
    /// By anything: no threshold is about it.
    Open,
}

/// What a test lets pass is worse than what is to be proved.
fn too_lenient(cx: &mut Context<'_>, (load, proves): (ItemRef, &FactValue), one: &Requirement, test: &Test<'_>) {
    let arch = cx.arch;
    let Some(gap) = test.gap(one) else { return };
    let metric = one.metric;
    let (side, to) = if one.upper { ("under", "up") } else { ("over", "down") };
    let (message, place) = match gap {
        Gap::Loose(threshold, passes) => {
            let (passes, proved) = apart(metric.dimension(), passes, one.limit);
            let message = format!(
                "this test passes with `{metric}` {to} to {passes}, and is to prove that it is {side} {proved}"
            );
            let label = match (threshold.metric, metric) {
                (
                    Metric::Latency(Latency::Mean),
                    Metric::Latency(Latency::P50 | Latency::P90 | Latency::P95 | Latency::P99),
                ) => {
                    format!("with this mean, `{metric}` may be as much as {passes}")
                }
                _ => "the test passes until here".to_owned(),
            };
            (message, Some((threshold, label)))
        }
        Gap::Open => {
            let proved = of_metric(metric, one.limit);
            let message =
                format!("this test passes whatever `{metric}` is, and is to prove that it is {side} {proved}");
            (message, test.thresholds.iter().find_map(|other| Some((*other, why_not(arch, other, one)?))))
        }
    };
    let mut finding = cx.at_fact(load, proves, message).regarding(regarded(arch, one));
    if let Some((threshold, label)) = place {
        finding = finding.secondary(Span::new(load.file, threshold.range), label);
    }
    let finding = finding
        .secondary(arch.name_span(one.quality), "what is to be proved")
        .note("a run can pass the test and miss the quality");
    cx.push(with_help(arch, finding, one, side));
}

/// How to close the gap.
/// Which of the requirements of a quality it is.
fn regarded(arch: &Architecture, one: &Requirement) -> String {
    let side = if one.upper { "under" } else { "over" };
    let flow = one.flow.map(|flow| format!(" {}", arch.address(Entity::Flow(flow)))).unwrap_or_default();
    let of = one.of.map(|of| format!(" {}", arch.address(Entity::Element(of)))).unwrap_or_default();
    format!("{} {side}{flow}{of}", one.metric)
}

fn with_help(arch: &Architecture, finding: Diagnostic, one: &Requirement, side: &str) -> Diagnostic {
    let limit = limit_of(arch, one).map_or("…", |limit| arch.words(one.quality, limit));
    let flow = one.flow.map(|flow| format!(" flow={}", arch.name(arch.flows[flow].at))).unwrap_or_default();
    let metric = one.metric;
    finding.help(format!("write `threshold {metric}{flow} {side}={limit}`, or say what the test really proves"))
}

impl Test<'_> {
    /// How all thresholds can hold and a requirement not, if that can be. What a test has no threshold at all for is looked at by
    /// somebody, and of what no client sees nobody writes one.
    fn gap(&self, one: &Requirement) -> Option<Gap<'_>> {
        if self.thresholds.is_empty() {
            return None;
        }
        let asked = self.flows.iter().copied().filter(|flow| one.flow.is_none_or(|own| own == *flow));
        let mut asked: Vec<Option<FlowId>> = asked.map(Some).collect();
        if asked.is_empty() {
            asked.push(one.flow);
        }
        let mut loosest: Option<(&Requirement, f64)> = None;
        for flow in asked {
            let about = self.thresholds.iter().filter(|threshold| is_about(threshold, one, flow));
            let limits = about.filter_map(|threshold| Some((*threshold, guaranteed(threshold, one)?)));
            let Some(best) = limits.reduce(|a, b| if is_worse(one, a.1, b.1) { b } else { a }) else {
                return is_seen_by_clients(one.metric).then_some(Gap::Open);
            };
            if loosest.is_none_or(|known| is_worse(one, best.1, known.1)) {
                loosest = Some(best);
            }
        }
        let (threshold, passes) = loosest?;
        // What differs by rounding alone is the same.
        let is_looser = is_worse(one, passes, one.limit) && !is_same(passes, one.limit);
        is_looser.then_some(Gap::Loose(threshold, passes))
    }
}

/// Whether the first of two values is the worse one for a requirement.
fn is_worse(one: &Requirement, value: f64, other: f64) -> bool {
    if one.upper { value > other } else { value < other }
}

/// Whether a threshold looks at a flow where a requirement does.
fn is_about(threshold: &Requirement, one: &Requirement, flow: Option<FlowId>) -> bool {
    let is_of_flow = threshold.flow.is_none() || threshold.flow == flow;
    // Of answers in parts, the first is there before all are.
    let is_of_part = one.first_part || !threshold.first_part;
    is_of_flow && is_of_part && (threshold.of.is_none() || threshold.of == one.of)
}

/// What a requirement's metric is at worst where a threshold holds; nothing if that says nothing of it.
fn guaranteed(threshold: &Requirement, one: &Requirement) -> Option<f64> {
    match (threshold.metric, one.metric) {
        (Metric::Latency(known), Metric::Latency(wanted)) if threshold.upper && one.upper => {
            match (known.share(), wanted.share()) {
                (None, None) => Some(threshold.limit),
                // So few may take so long that the mean is still that (Markov's inequality).
                (None, Some(share)) => Some(threshold.limit / (1.0 - share)),
                (Some(known), Some(wanted)) => (known >= wanted).then_some(threshold.limit),
                (Some(_), None) => None,
            }
        }
        (a, b) if a == b => (threshold.upper == one.upper).then_some(threshold.limit),
        (a, b) => {
            let is_of_good = |one: &Requirement| one.upper == (one.metric.better() == Better::Lower);
            a.limit_as(threshold.limit, b).filter(|_| is_of_good(threshold) && is_of_good(one))
        }
    }
}

/// Whether whoever sends the requests of a test sees it.
fn is_seen_by_clients(metric: Metric) -> bool {
    match metric {
        Metric::Latency(_) | Metric::ErrorRate | Metric::Success | Metric::Degraded | Metric::Availability => true,
        // How much is asked for is compared by itself.
        Metric::Throughput
        | Metric::Users
        | Metric::Utilization
        | Metric::Queue
        | Metric::RecoveryTime
        | Metric::DataLoss
        | Metric::Team => false,
    }
}

/// Why a threshold that looks like one for a requirement is none.
fn why_not(arch: &Architecture, threshold: &Requirement, one: &Requirement) -> Option<String> {
    if let (Metric::Latency(known), Metric::Latency(wanted)) = (threshold.metric, one.metric) {
        match (known.share(), wanted.share()) {
            (Some(_), None) => return Some("some may take any time beyond this: it limits no mean".into()),
            (Some(known), Some(wanted)) if known < wanted => {
                return Some(format!("of the slowest {} this says nothing", share(1.0 - known)));
            }
            _ => {}
        }
    } else {
        guaranteed(threshold, one)?;
    }
    if let Some(of) = threshold.of.filter(|_| threshold.of != one.of) {
        return Some(format!("this is about the calls of \"{}\"", arch.element_title(of)));
    }
    if let Some(flow) = threshold.flow {
        return Some(format!("this is about \"{}\" alone", arch.title(arch.flows[flow].at)));
    }
    Some("this is about the first part of answers".into())
}

/// The flows of which a load consists.
fn flows_of(arch: &Architecture, load: ItemRef) -> Vec<FlowId> {
    let mut named = arch.values_of(load, &facts::load::MIX).peekable();
    match named.peek() {
        None => arch.flows.ids().collect(),
        Some(_) => named.filter_map(|flow| arch.referred_flow(load, flow)).collect(),
    }
}

/// The highest of a number given directly or by stages.
fn most(
    cx: &Context<'_>,
    load: ItemRef,
    own: &'static groma_model::schema::Fact,
    part: &'static groma_model::schema::Fact,
) -> Option<f64> {
    let arch = cx.arch;
    let direct = arch.quantity(load, own).map(|quantity| quantity.high);
    let parts = arch.values_of(load, &facts::load::STAGE).flat_map(|stage| arch.file(load).parts_of(stage));
    let staged = parts.filter(|value| value.fact == part).filter_map(FactValue::number);
    direct.into_iter().chain(staged).fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))))
}

fn most_users(cx: &Context<'_>, load: ItemRef) -> Option<f64> {
    most(cx, load, &facts::load::USERS, &facts::load::STAGE_USERS)
}

/// The most requests a second: as given, or as many as the users can send, who each think or at least wait.
fn most_rate(cx: &Context<'_>, load: ItemRef) -> Option<f64> {
    if let (Some(every), Some(count)) = (
        cx.arch.quantity(load, &facts::load::EVERY).filter(|every| every.high > 0.0),
        cx.arch.part(load, &facts::load::EVERY, &facts::load::COUNT),
    ) {
        // As many as on average: how many come at once is no rate.
        let Value::Quantity(count) = count.value else { return None };
        return Some(count.high / every.high);
    }
    if let Some(rate) = most(cx, load, &facts::load::RATE, &facts::load::STAGE_RATE) {
        return Some(rate);
    }
    let StepDistribution::Known(think) = StepDistribution::of_thinking(cx.arch, load) else { return None };
    let think = Some(think.mean()).filter(|think| *think > 0.0)?;
    Some(most_users(cx, load)? / think)
}
