use crate::Context;
use groma_base::Severity;
use groma_model::decode::Value;
use groma_model::kinds;
use groma_model::schema::Role;
use groma_simulate::number::share;
use groma_simulate::reliability::lowest_objective;

super::declare!(Error, "an objective that its promise or its alert contradicts", check, numbers);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for slo in arch.records_of(Role::Slo) {
        let number = |fact| arch.quantity(slo.at, fact).map(|quantity| quantity.high);
        let (Some(objective), Some(sla)) = (number(&kinds::OBJECTIVE), number(&kinds::SLA)) else { continue };
        let Some(fact) = arch.fact(slo.at, &kinds::SLA).filter(|_| sla >= objective) else { continue };
        let message = format!("{} is promised outside, and {} is aimed for inside", share(sla), share(objective));
        let finding = cx.at_fact(slo.at, fact, message);
        cx.push(
            finding.help("promise less than you aim for: the difference is the time to react before it costs money"),
        );
    }
    for alert in arch.records_of(Role::Alert) {
        let slo = arch.fact(alert.at, &kinds::SLO).and_then(|value| arch.referred(alert.at, value));
        let Some((_, slo)) = slo else { continue };
        let objective = arch.quantity(arch.records[slo as usize].at, &kinds::OBJECTIVE).map(|quantity| quantity.high);
        for burn in arch.all_facts(alert.at, &kinds::BURN) {
            let Value::Quantity(rate) = burn.value else { continue };
            let Some(objective) = objective.filter(|objective| *objective <= lowest_objective(rate.high)) else {
                continue;
            };
            let message = format!(
                "this can never sound: even if everything fails, a budget of {} burns only {} times too fast",
                share(1.0 - objective),
                groma_simulate::number::plain(1.0 / (1.0 - objective))
            );
            let finding = cx.at_fact(alert.at, burn, message);
            cx.push(finding.help("choose a lower burn rate, or alert on the error rate itself"));
        }
    }
}
