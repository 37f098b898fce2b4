use crate::{Absence, Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::decode::{FactValue, Value};
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{ItemRef, facts};
use groma_simulate::number::{apart, share};
use groma_simulate::reliability::lowest_objective;
use groma_simulate::{Better, Metric};

pub(super) static RULE: Rule = Rule {
    name: "inconsistent-slo",
    severity: Severity::Error,
    summary: "an SLO that its SLA or its alert contradicts",
    check: Some(check),
    reach: Reach::Numbers,
    absence: Some(Absence::OfPart),
    calculates_from: Some(Input::Records),
    blocks_forecast: false,
    page: include_str!("inconsistent_slo.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for slo in arch.records_of(&class::SLO) {
        objective(cx, slo.at);
        let number = |fact| arch.quantity(slo.at, fact).map(|quantity| quantity.high);
        let (Some(objective), Some(sla)) = (number(&facts::slo::OBJECTIVE), number(&facts::slo::SLA)) else { continue };
        let Some(fact) = arch.fact(slo.at, &facts::slo::SLA).filter(|_| sla >= objective) else { continue };
        let (outside, inside) = apart(Dimension::Ratio, sla, objective);
        let message = format!("{outside} is promised outside, and {inside} is aimed for inside");
        let finding = cx.at_fact(slo.at, fact, message);
        cx.push(
            finding.help("promise less than you aim for: the difference is the time to react before it costs money"),
        );
    }
    for alert in arch.records_of(&class::ALERT) {
        incomplete_alert(cx, alert.at);
        let slo = arch.fact(alert.at, &facts::alert::SLO).and_then(|value| arch.referred_record(alert.at, value));
        let Some(slo) = slo else { continue };
        let objective = arch.quantity(arch.records[slo].at, &facts::slo::OBJECTIVE).map(|quantity| quantity.high);
        for burn in arch.values_of(alert.at, &facts::alert::BURN) {
            let Value::Quantity(rate) = burn.value else { continue };
            if let Some((told, message, help)) = burning(cx, alert.at, burn, rate.high) {
                let finding = cx.at_fact(alert.at, told, message);
                cx.push(finding.help(help));
                continue;
            }
            let Some(objective) = objective.filter(|objective| *objective <= lowest_objective(rate.high)) else {
                continue;
            };
            let message = format!(
                "this can never fire: even if everything fails, a budget of {} burns only {} times too fast",
                share(1.0 - objective),
                groma_simulate::number::plain(1.0 / (1.0 - objective))
            );
            let finding = cx.at_fact(alert.at, burn, message);
            cx.push(finding.help("choose a lower burn rate, or alert on the error rate itself"));
        }
    }
}

/// An objective that leaves no budget, or nothing else, or is counted over no time.
fn objective(cx: &mut Context<'_>, slo: ItemRef) {
    if let Some(window) = cx.arch.part(slo, &facts::slo::OBJECTIVE, &facts::slo::PER)
        && matches!(window.value, Value::Quantity(time) if time.high == 0.0)
    {
        let finding = cx.at_fact(slo, window, "an objective over no time is neither met nor missed");
        cx.push(finding.help("write the window of the objective: `per=30d`"));
    }
    let Some(fact) = cx.arch.fact(slo, &facts::slo::OBJECTIVE) else {
        let finding = cx.at(slo, "an objective that does not say what is promised");
        return cx.push(finding.help("write `objective 99.9% per=30d`"));
    };
    let Value::Quantity(objective) = fact.value else { return };
    let (message, help) = match objective.high {
        1.0 => ("100% leaves no budget: a single failed request breaks it", "write what users need, such as `99.9%`"),
        0.0 => ("an objective of 0% promises nothing", "write the share that must be good, such as `99.9%`"),
        _ => return,
    };
    let finding = cx.at_fact(slo, fact, message);
    cx.push(finding.note("the budget is what pays for changes: releases, experiments, maintenance").help(help));
}

/// An alert that never fires because it does not say when.
fn incomplete_alert(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let (on, burn) = (arch.fact(at, &facts::alert::ON), arch.fact(at, &facts::alert::BURN));
    if let (Some(burn), None) = (burn, arch.fact(at, &facts::alert::SLO)) {
        let finding = cx.at_fact(at, burn, "the budget of which objective burns?");
        cx.push(finding.help("name it: `slo answers`"));
    }
    let Some(on) = on else {
        if burn.is_none() {
            let finding = cx.at(at, "this alert does not say when it fires");
            cx.push(
                finding.help("write `on p95 over=200ms for=5min`, or `burn 14.4 long=1h short=5min` with an `slo`"),
            );
        }
        return;
    };
    let Some(metric) = Metric::of_fact(on) else { return };
    if !metric.is_watchable() {
        let finding = cx.at_fact(at, on, format!("no alert can watch `{metric}`"));
        return cx.push(finding.help(format!(
            "watch what users notice, such as `p95` or `error-rate`, and write `require {metric}` in a quality"
        )));
    }
    let slo = arch.fact(at, &facts::alert::SLO).and_then(|value| arch.referred_record(at, value));
    let mut watched = std::iter::once(at).chain(slo.map(|slo| arch.records[slo].at));
    let is_of_element = watched.any(|at| arch.fact(at, &facts::slo::OF).is_some());
    if metric.is_of_station() && !is_of_element {
        let finding = cx.at_fact(at, on, format!("what `{metric}` is measured on is missing"));
        cx.push(finding.help("add `of` with the name of a container"));
    }
    wrong_limit(cx, at, on, metric);
}

/// An alert without a limit, with one that cannot be reached, or with one that is reached while all is well.
fn wrong_limit(cx: &mut Context<'_>, at: ItemRef, on: &FactValue, metric: Metric) {
    let parts = cx.arch.file(at).parts_of(on);
    let limit = |fact: &'static Fact| find_fact(parts, fact);
    let (over, below) = (limit(&facts::alert::OVER), limit(&facts::alert::BELOW));
    let is_better_high = metric.better() == Better::Higher;
    let wrong = if is_better_high { over.filter(|_| below.is_none()) } else { below.filter(|_| over.is_none()) };
    let right = if is_better_high { "below" } else { "over" };
    if over.is_none() && below.is_none() {
        let finding = cx.at_fact(at, on, format!("the limit of `{metric}` is missing"));
        cx.push(finding.help(format!("add a limit: `{right}=…`")));
    }
    for part in [over, below].into_iter().flatten() {
        let Value::Quantity(quantity) = part.value else { continue };
        if let Some((message, help)) = super::limits::impossible(metric, quantity) {
            let finding = cx.at_fact(at, part, message);
            cx.push(finding.help(help));
        }
    }
    if let Some(wrong) = wrong {
        let finding = cx.at_fact(at, wrong, format!("this alert fires while `{metric}` is good"));
        cx.push(finding.help(format!("write `{right}=`")));
    }
}

/// A burn rate of nothing, or windows that stand in each other's place.
fn burning<'a>(
    cx: &Context<'a>,
    alert: ItemRef,
    burn: &'a FactValue,
    rate: f64,
) -> Option<(&'a FactValue, &'static str, &'static str)> {
    if rate == 0.0 {
        return Some((burn, "a budget always burns this fast: the alert never ends", "write how many times too fast"));
    }
    let parts = cx.arch.file(alert).parts_of(burn);
    let window = |fact: &'static Fact| find_fact(parts, fact);
    let (long, short) = (window(&facts::alert::LONG)?, window(&facts::alert::SHORT)?);
    let (Value::Quantity(long_time), Value::Quantity(short_time)) = (&long.value, &short.value) else { return None };
    (short_time.high >= long_time.high).then_some((
        short,
        "the short window is not shorter than the long one",
        "take about a twelfth of the long window, as the SRE workbook does",
    ))
}
