use crate::{Context, Reach, Rule};
use groma_base::{Quantity, Severity};
use groma_model::facts::element::Failover;
use groma_model::{ElementId, Instance, facts};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-placement",
    severity: Severity::Warning,
    summary: "a deployment that contradicts the container it places",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    blocks_forecast: false,
    page: include_str!("contradicting_placement.md"),
};

fn check(cx: &mut Context<'_>) {
    let Some(deployment) = cx.arch.deployments.first() else { return };
    let mut instances: Vec<&Instance> = deployment.instances.iter().collect();
    instances.sort_by_key(|instance| instance.element);
    for of_one in instances.chunk_by(|a, b| a.element == b.element) {
        let is_standby = |instance: &&Instance| cx.arch.is(instance.at, &facts::instance::STANDBY);
        let (waiting, at_work): (Vec<&Instance>, Vec<&Instance>) = of_one.iter().copied().partition(is_standby);
        standbys(cx, of_one[0].element, &waiting, &at_work);
        replicas(cx, of_one[0].element, &at_work);
    }
}

/// Standbys of nobody, or that never take over.
fn standbys(cx: &mut Context<'_>, id: ElementId, waiting: &[&Instance], at_work: &[&Instance]) {
    let arch = cx.arch;
    let Some(first) = waiting.first() else { return };
    if at_work.is_empty() {
        let finding = cx.at(first.at, format!("{} is only on standby: nobody is at work", cx.named(id)));
        cx.push(finding.help("place an `instance` without `standby` too"));
    }
    let at = arch.element(id).at;
    if let Some(failover) =
        arch.fact(at, &facts::element::FAILOVER).filter(|fact| fact.choice() == Some(Failover::None))
    {
        let finding = cx.at(first.at, "a standby, and `failover none` says that nothing takes over");
        let said = arch.span(at, failover.whole);
        cx.push(finding.secondary(said, "said here").help("write `failover automatic after=30s`, or `manual`"));
    }
}

/// Replicas that are counted otherwise than the container does.
fn replicas(cx: &mut Context<'_>, id: ElementId, at_work: &[&Instance]) {
    let arch = cx.arch;
    let at = arch.element(id).at;
    let counts: Option<Vec<Quantity>> =
        at_work.iter().map(|instance| arch.quantity(instance.at, &facts::instance::REPLICAS)).collect();
    let (Some(own), Some(counts), Some(first)) = (arch.fact(at, &facts::element::REPLICAS), counts, at_work.first())
    else {
        return;
    };
    let Some(said) = arch.quantity(at, &facts::element::REPLICAS) else { return };
    let (low, high) = counts.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.low, sum.1 + one.high));
    if low >= said.low && high <= said.high {
        return;
    }
    let message = format!(
        "{} replicas of {} are placed, and it says that {} run",
        range(low, high),
        cx.named(id),
        range(said.low, said.high)
    );
    let finding = cx.at(first.at, message).secondary(arch.span(at, own.whole), "said here");
    cx.push(finding.help("say it in one place: the forecast takes the container's own `replicas`"));
}

fn range(low: f64, high: f64) -> String {
    if low == high { format!("{low}") } else { format!("{low} to {high}") }
}
