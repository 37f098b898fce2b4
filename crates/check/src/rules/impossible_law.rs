use crate::Context;
use groma_base::Severity;
use groma_model::schema::Fact;
use groma_model::{ItemRef, kinds};
use groma_simulate::Law;

super::declare!(Error, "times that no distribution has", check, blocks_forecast);

fn check(cx: &mut Context<'_>) {
    let steps: Vec<ItemRef> = cx.flows().flat_map(|flow| flow.steps.iter().map(|step| step.at)).collect();
    for at in steps {
        let arch = cx.arch;
        let number = |fact: &'static Fact| arch.quantity(at, fact).map(|quantity| quantity.high);
        let (mean, p50, p99) = (number(&kinds::TIME), number(&kinds::P50), number(&kinds::P99));
        let Some(fact) = arch.fact(at, &kinds::P99) else { continue };
        let (low, low_name, law) = match (mean, p50, p99) {
            (Some(mean), _, Some(p99)) if mean > 0.0 => (mean, "mean", Law::lognormal_mean_p99(mean, p99)),
            (None, Some(p50), Some(p99)) => (p50, "median", Law::lognormal_p50_p99(p50, p99)),
            _ => continue,
        };
        if law.is_some() {
            continue;
        }
        let (message, help) = if p99.is_some_and(|p99| p99 < low) {
            (format!("the 99th percentile is below the {low_name}"), "exchange the two, or correct one")
        } else {
            (
                format!("the 99th percentile is 15 times the {low_name}, which no lognormal law can be"),
                "give the median (`p50`) instead of the mean, or split the rare slow case off with `chance`",
            )
        };
        let finding = cx.at_fact(at, fact, message);
        cx.push(finding.help(help));
    }
}
