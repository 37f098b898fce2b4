use crate::{Context, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::decode::Value;
use groma_model::kinds::class;
use groma_model::{ItemRef, facts};
use groma_simulate::number::apart;
use groma_simulate::{Metric, Requirement, StepDistribution};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "insufficient-load-test",
    severity: Severity::Warning,
    summary: "a load test that is too small to prove its quality",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    blocks_forecast: false,
    page: include_str!("insufficient_load_test.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut demanded: FxHashMap<ItemRef, Vec<Requirement>> = FxHashMap::default();
    for one in groma_simulate::requirements(arch) {
        demanded.entry(one.quality).or_default().push(one);
    }
    for load in arch.records_of(&class::LOAD) {
        if arch.fact(load.at, &facts::load::PROVES).is_none() {
            continue;
        }
        let (most_rate, most_users) = (most_rate(cx, load.at), most_users(cx, load.at));
        for proves in arch.all_facts(load.at, &facts::load::PROVES) {
            let Some(quality) = arch.referred_record(load.at, proves) else { continue };
            let quality = arch.records[quality].at;
            for one in demanded.get(&quality).into_iter().flatten() {
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
                    | Metric::Team => continue,
                };
                let Some(asked) = asked.filter(|asked| *asked < one.limit) else { continue };
                let (reached, proved) = apart(Dimension::Count, asked, one.limit);
                let message = format!("this test reaches {reached} {unit} and is to prove {proved} of them");
                let finding = cx.at_fact(load.at, proves, message);
                cx.push(
                    finding.secondary(arch.name_span(quality), "what is to be proved").help(
                        "let a `stage` reach the demanded load and stay there, or say what the test really proves",
                    ),
                );
            }
        }
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
    let parts = arch.all_facts(load, &facts::load::STAGE).flat_map(|stage| arch.file(load).parts_of(stage));
    let staged = parts.filter(|value| value.fact == part).filter_map(|value| match value.value {
        Value::Quantity(quantity) => Some(quantity.high),
        _ => None,
    });
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
