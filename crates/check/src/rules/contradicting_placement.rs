use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Dimension, Quantity, Severity};
use groma_model::facts::connection::{HEALTH_CHECK, HEALTH_EVERY, HEALTH_FAILURES};
use groma_model::facts::element::Failover;
use groma_model::{Deployment, ElementId, Entity, Placed, facts};
use groma_simulate::number::{apart, is_beyond};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-placement",
    severity: Severity::Warning,
    summary: "a deployment that contradicts the container it places",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPlace),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("contradicting_placement.md"),
};

fn check(cx: &mut Context<'_>) {
    let Some(deployment) = cx.arch.deployments.first() else { return };
    let mut placed: Vec<Placed<'_>> = cx.arch.placed(deployment).collect();
    placed.sort_by_cached_key(|one| (one.instance.element, cx.arch.address_of(one.instance.at)));
    for of_one in placed.chunk_by(|a, b| a.instance.element == b.instance.element) {
        let whole = of_one.iter().filter(|one| one.replicas.is_some()).copied();
        let (waiting, at_work): (Vec<Placed<'_>>, Vec<Placed<'_>>) = whole.partition(|one| one.is_standby);
        let element = of_one[0].instance.element;
        standbys(cx, element, &waiting, &at_work);
        replicas(cx, element, &waiting, &at_work);
        read_replicas(cx, element, of_one);
        balance(cx, element);
    }
    noticed(cx, deployment);
}

/// What fails over sooner than the health check on the way to it can have noticed.
fn noticed(cx: &mut Context<'_>, deployment: &Deployment) {
    let arch = cx.arch;
    let running = deployment.running();
    for connection in &deployment.connections {
        let Some(check) = arch.fact(connection.at, &HEALTH_CHECK) else { continue };
        let part = |fact| arch.part_or_default(connection.at, &HEALTH_CHECK, fact);
        let (Some(every), Some(failures)) = (part(&HEALTH_EVERY), part(&HEALTH_FAILURES)) else { continue };
        let takes = every.high * failures.high;
        for instance in running.get(&connection.to).into_iter().flatten() {
            let at = arch.element(instance.element).at;
            let failover = arch.fact(at, &facts::element::FAILOVER);
            let Some(failover) = failover.filter(|fact| fact.choice() == Some(Failover::Automatic)) else { continue };
            let after = arch.part_or_default(at, &facts::element::FAILOVER, &facts::element::FAILOVER_AFTER);
            let Some(after) = after.map(|after| after.high).filter(|after| is_beyond(takes, *after)) else { continue };
            let (after, takes) = apart(Dimension::Time, after, takes);
            let named = cx.named(instance.element);
            let message = format!("{named} is to fail over within {after}, and this notices only after {takes}");
            let regarded = arch.address(Entity::Element(instance.element));
            let finding = cx.at_fact(connection.at, check, message).regarding(regarded);
            cx.push(finding.secondary(arch.span(at, failover.whole), "said here").help(
                "ask more often, take it out after fewer bad answers, or say how long the failover really takes",
            ));
        }
    }
}

/// A finding at the first of several instances, which is known at each.
fn of_all(cx: &Context<'_>, finding: Diagnostic, instances: &[Placed<'_>]) -> Diagnostic {
    instances[1..].iter().fold(finding, |finding, one| finding.or_at(cx.arch.name_span(one.instance.at)))
}

/// Read replicas that are placed nowhere, or in another number than the container has.
fn read_replicas(cx: &mut Context<'_>, id: ElementId, instances: &[Placed<'_>]) {
    let arch = cx.arch;
    let at = arch.element(id).at;
    let Some(own) = arch.fact(at, &facts::element::READ_REPLICAS) else { return };
    let Some(said) = arch.quantity(at, &facts::element::READ_REPLICAS).filter(|said| said.high > 0.0) else { return };
    let placed: Vec<Quantity> = instances.iter().filter_map(|one| one.copies).collect();
    let count: f64 = placed.iter().map(|one| one.high).sum();
    let (words, named) = (range(said.low, said.high), cx.named(id));
    let (noun, run) = if words == "1" { ("read replica", "runs") } else { ("read replicas", "run") };
    let (message, help) = if placed.is_empty() {
        (
            format!("nothing says where the {words} {noun} of {named} {run}"),
            format!(
                "the forecast takes them to run where it does itself: say where, `instance {} read-replicas={words}`",
                arch.element(id).path
            ),
        )
    } else if count < said.low || count > said.high {
        (
            format!(
                "of the {words} {noun} that {named} has, {count} {} placed",
                if count == 1.0 { "is" } else { "are" }
            ),
            "make both say the same number: the forecast takes the container's own".to_owned(),
        )
    } else {
        return;
    };
    let finding =
        of_all(cx, cx.at(instances[0].instance.at, message).regarding(facts::element::READ_REPLICAS.name), instances);
    let finding = finding.secondary(arch.span(at, own.whole), "said here");
    cx.push(finding.help(help));
}

/// A container that is balanced otherwise than the way to it says.
fn balance(cx: &mut Context<'_>, id: ElementId) {
    let arch = cx.arch;
    let at = arch.element(id).at;
    let Some(fact) = arch.fact(at, &facts::element::BALANCE) else { return };
    let Some((connection, balance)) = arch.balanced_by(id) else { return };
    if fact.choice() == Some(balance) {
        return;
    }
    let message = format!("this way to {} balances its calls otherwise than it says itself", cx.named(id));
    let finding = cx.at(connection, message).regarding(arch.address(Entity::Element(id)));
    let finding = finding.secondary(arch.span(at, fact.whole), "said here");
    cx.push(finding.help("say it in one place: the forecast takes what the container says"));
}

/// Standbys of nobody, or that never take over.
fn standbys(cx: &mut Context<'_>, id: ElementId, waiting: &[Placed<'_>], at_work: &[Placed<'_>]) {
    let arch = cx.arch;
    if waiting.is_empty() {
        return;
    }
    if at_work.is_empty() {
        let finding = of_all(
            cx,
            cx.at(waiting[0].instance.at, format!("{} is only on standby: nobody is at work", cx.named(id))),
            waiting,
        );
        let finding = finding.regarding(facts::instance::STANDBY.name);
        cx.push(finding.help("place an `instance` without `standby` too"));
    }
    let at = arch.element(id).at;
    if let Some(failover) =
        arch.fact(at, &facts::element::FAILOVER).filter(|fact| fact.choice() == Some(Failover::None))
    {
        let finding = of_all(
            cx,
            cx.at(waiting[0].instance.at, "a standby, and `failover none` says that nothing takes over"),
            waiting,
        );
        let finding = finding.regarding(facts::element::FAILOVER.name);
        let said = arch.span(at, failover.whole);
        cx.push(finding.secondary(said, "said here").help("write `failover automatic after=30s`, or `manual`"));
    }
}

/// Replicas that are counted otherwise than the container does, which may count those on standby or not.
fn replicas(cx: &mut Context<'_>, id: ElementId, waiting: &[Placed<'_>], at_work: &[Placed<'_>]) {
    let arch = cx.arch;
    let at = arch.element(id).at;
    let counts: Option<Vec<Quantity>> =
        at_work.iter().map(|one| arch.quantity(one.instance.at, &facts::instance::REPLICAS)).collect();
    let Some((own, counts)) = arch.fact(at, &facts::element::REPLICAS).zip(counts).filter(|_| !at_work.is_empty())
    else {
        return;
    };
    let Some(said) = arch.quantity(at, &facts::element::REPLICAS) else { return };
    let (low, high) = counts.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.low, sum.1 + one.high));
    let standby: f64 = waiting.iter().filter_map(|one| one.replicas).map(|count| count.low).sum();
    let is_said = |more: f64| low + more >= said.low && high + more <= said.high;
    if is_said(0.0) || is_said(standby) {
        return;
    }
    let message = format!(
        "{} replicas of {} are placed{}, and it says that {} run",
        range(low, high),
        cx.named(id),
        if standby > 0.0 { format!(" beside {standby} on standby") } else { String::new() },
        range(said.low, said.high)
    );
    let finding = of_all(cx, cx.at(at_work[0].instance.at, message).regarding(facts::element::REPLICAS.name), at_work);
    let finding = finding.secondary(arch.span(at, own.whole), "said here");
    cx.push(finding.help("say it in one place: the forecast takes the container's own `replicas`"));
}

fn range(low: f64, high: f64) -> String {
    if low == high { format!("{low}") } else { format!("{low} to {high}") }
}
