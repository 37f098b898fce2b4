use crate::Context;
use groma_base::Severity;
use groma_model::decode::Value;
use groma_model::schema::{Fact, Role};
use groma_model::{ItemRef, kinds};
use groma_simulate::Requirement;
use groma_simulate::number::of_metric;

super::declare!(Warning, "an alert that sounds only after the target is missed", check, numbers);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let demanded = groma_simulate::requirements(arch);
    for alert in arch.records_of(Role::Alert) {
        let Some(on) = arch.fact(alert.at, &kinds::ALERT_METRIC) else { continue };
        let metric = arch.words(alert.at, on);
        let part = |fact: &'static Fact| arch.part(alert.at, &kinds::ALERT_METRIC, fact);
        let number = |fact| match part(fact)?.value {
            Value::Quantity(quantity) => Some(quantity.high),
            _ => None,
        };
        let (over, below) = (number(&kinds::OVER), number(&kinds::BELOW));
        let about = |one: &&Requirement| is_about(cx, alert.at, one);
        let strictest = demanded
            .iter()
            .filter(about)
            .filter_map(|one| Some((one, limit_for(metric, one)?)))
            .filter(|(one, _)| one.upper || metric == "error-rate" || below.is_some())
            .min_by(|a, b| if below.is_some() { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
        let Some((one, limit)) = strictest else { continue };
        let (threshold, looser) = match (over, below) {
            (Some(over), _) => (over, over > limit),
            (_, Some(below)) => (below, below < limit),
            _ => continue,
        };
        if !looser {
            continue;
        }
        let message = format!(
            "this alert sounds at {}, and \"{}\" is missed from {} on",
            of_metric(metric, threshold),
            arch.title(one.quality),
            of_metric(metric, limit)
        );
        let place = part(&kinds::OVER).or(part(&kinds::BELOW)).unwrap_or(on);
        let finding = cx.at_fact(alert.at, place, message);
        cx.push(
            finding
                .secondary(arch.name_span(one.quality), "the target is here")
                .help("let it sound at the target or before, or alert on how fast the error budget burns (`burn`)"),
        );
    }
}

/// Whether an alert watches what a requirement is about: the same flow or element, or either says nothing.
fn is_about(cx: &Context<'_>, alert: ItemRef, one: &Requirement) -> bool {
    let arch = cx.arch;
    let flow = arch.fact(alert, &kinds::MEASURED_FLOW).and_then(|value| arch.referred_flow(alert, value));
    let element = arch.fact(alert, &kinds::MEASURED_ELEMENT).and_then(|value| arch.referred_element(alert, value));
    let same_flow = flow.is_none() || one.flow.is_none() || flow == one.flow;
    let same_element = match (element, one.of) {
        (Some(a), Some(b)) => arch.on_one_line(a, b),
        _ => true,
    };
    same_flow && same_element
}

/// What a requirement allows of a metric: availability allows errors as well.
fn limit_for(metric: &str, one: &Requirement) -> Option<f64> {
    match (metric, one.metric) {
        (alert, demanded) if alert == demanded => Some(one.limit),
        ("error-rate", "availability") => Some(1.0 - one.limit),
        _ => None,
    }
}
