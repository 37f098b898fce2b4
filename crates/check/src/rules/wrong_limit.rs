use crate::rules::limits::{demands, impossible};
use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::{FactValue, Value};
use groma_model::items::find_fact;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, ItemRef, Level, facts};
use groma_simulate::{Better, Metric};

pub(super) static RULE: Rule = Rule {
    name: "wrong-limit",
    severity: Severity::Error,
    summary: "a limit that its metric can never reach",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("wrong_limit.md"),
};

fn check(cx: &mut Context<'_>) {
    for (at, fact) in demands(cx.arch) {
        let Some(metric) = Metric::of_fact(fact) else { continue };
        let parts = cx.arch.file(at).parts_of(fact);
        let limit = |limit: &'static Fact| find_fact(parts, limit);
        let (under, over) = (limit(&facts::quality::UNDER), limit(&facts::quality::OVER));
        if let (Some(under), Some(over)) = (under, over) {
            let finding = cx.at_fact(at, over, "two limits at once: only the upper one would be judged");
            let under = cx.arch.span(at, under.range);
            cx.push(
                finding
                    .secondary(under, "the upper one")
                    .help(format!("write a second `{}` for the other limit", fact.fact.name)),
            );
        }
        if fact.fact == &facts::load::THRESHOLD && !metric.is_watchable() {
            let finding = cx.at_fact(at, fact, format!("a load test measures no `{metric}`"));
            cx.push(finding.help(format!("write `require {metric}` in a quality")));
            continue;
        }
        if let Some((message, help)) = without_subject(cx.arch, at, metric, parts) {
            let finding = cx.at_fact(at, fact, message);
            cx.push(finding.help(help));
        }
        for part in [under, over].into_iter().flatten() {
            let Value::Quantity(quantity) = part.value else { continue };
            if let Some((message, help)) = impossible(metric, quantity) {
                let finding = cx.at_fact(at, part, message);
                cx.push(finding.help(help));
            }
        }
        from_the_wrong_side(cx, at, metric, (under, over));
    }
}

/// A metric that is limited where it is good.
fn from_the_wrong_side(
    cx: &mut Context<'_>,
    at: ItemRef,
    metric: Metric,
    (under, over): (Option<&FactValue>, Option<&FactValue>),
) {
    let (is, right, part) = match metric.better() {
        Better::Lower => ("lower", facts::quality::UNDER.name, over.filter(|_| under.is_none())),
        Better::Higher => ("higher", facts::quality::OVER.name, under.filter(|_| over.is_none())),
    };
    let Some(part) = part else { return };
    let message = format!("`{metric}` is better the {is} it is, and this limits it from the wrong side");
    let finding = cx.at_fact(at, part, message);
    // Not written without asking: it would say the opposite, and the number may be what is wrong.
    let written = part.range.of(&cx.arch.file(at).text);
    cx.push(finding.help(format!("write `{right}={written}`")));
}

/// What must be named so that a metric can be told at all, if it is not: the message, and what to write.
fn without_subject(
    arch: &Architecture,
    quality: ItemRef,
    metric: Metric,
    parts: &[FactValue],
) -> Option<(String, &'static str)> {
    let part = |wanted: &'static Fact| find_fact(parts, wanted);
    match metric {
        Metric::RecoveryTime if part(&facts::quality::FAILURE).is_none() => {
            Some(("the failure that it must recover from is missing".into(), ADD_FAILURE))
        }
        Metric::DataLoss if part(&facts::quality::FAILURE).is_none() => {
            Some(("the failure in which data may be lost is missing".into(), ADD_FAILURE))
        }
        Metric::Utilization | Metric::Queue => {
            let Some(of) = part(&facts::quality::OF) else {
                return Some((format!("what `{metric}` is measured on is missing"), ADD_ELEMENT));
            };
            let is_whole = |id| arch.element(id).level == Level::Person || has_containers(arch, id);
            let whole = arch.referred_element(quality, of).filter(|id| is_whole(*id))?;
            let message =
                format!("`{metric}` is measured on what serves requests, not on a {}", arch.element(whole).kind_name);
            Some((message, "name one of its containers, or what it calls, with `of=`"))
        }
        Metric::Latency(_)
        | Metric::Throughput
        | Metric::Users
        | Metric::ErrorRate
        | Metric::Success
        | Metric::Degraded
        | Metric::Availability
        | Metric::RecoveryTime
        | Metric::DataLoss
        | Metric::Team => None,
    }
}

const ADD_FAILURE: &str = "add `failure=` with the name of a `failure`";
const ADD_ELEMENT: &str = "add `of=` with the name of a container";

/// Whether an element is a system whose containers work, not itself.
fn has_containers(arch: &Architecture, id: ElementId) -> bool {
    arch.element(id).level == Level::System && arch.children(id).next().is_some()
}
