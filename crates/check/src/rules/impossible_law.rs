use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::schema::Fact;
use groma_model::{Architecture, ItemRef, facts};
use groma_simulate::number::{plain, time};
use groma_simulate::{Distribution, StepDistribution};

pub(super) static RULE: Rule = Rule {
    name: "impossible-law",
    severity: Severity::Error,
    summary: "times that no distribution has",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    blocks_forecast: true,
    page: include_str!("impossible_law.md"),
};

fn check(cx: &mut Context<'_>) {
    let steps: Vec<ItemRef> = cx.flows().flat_map(|flow| flow.steps.iter().map(|step| step.at)).collect();
    for at in steps {
        match StepDistribution::of(cx.arch, at) {
            StepDistribution::Unknown => {}
            StepDistribution::Impossible => no_law(cx, at),
            StepDistribution::Known(law) => contradiction(cx, at, law),
        }
    }
}

fn number(arch: &Architecture, at: ItemRef, fact: &'static Fact) -> Option<f64> {
    arch.quantity(at, fact).map(|quantity| quantity.high)
}

/// Two times that no law goes through.
fn no_law(cx: &mut Context<'_>, at: ItemRef) {
    let number = |fact: &'static Fact| number(cx.arch, at, fact);
    let (Some(fact), Some(p99)) = (cx.arch.fact(at, &facts::step::P99), number(&facts::step::P99)) else { return };
    let (low, low_name) = match number(&facts::step::TIME) {
        Some(mean) => (mean, "mean"),
        None => (number(&facts::step::P50).unwrap_or(0.0), "median"),
    };
    let (message, help) = if p99 < low {
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

/// Numbers that are written by people are rounded: this share of one is no contradiction.
const ROUNDED: f64 = 0.05;

/// More is said of a time than its law can have.
fn contradiction(cx: &mut Context<'_>, at: ItemRef, law: Distribution) {
    let arch = cx.arch;
    if number(arch, at, &facts::step::TIME) == Some(0.0) {
        return;
    }
    let word = arch.text(at, &facts::step::LAW);
    if let (Distribution::Lognormal { .. }, Some(word), Some(fact)) = (law, word, arch.fact(at, &facts::step::LAW))
        && word != "lognormal"
    {
        let finding = cx.at_fact(at, fact, format!("`p50` and `p99` are those of a lognormal law, not of `{word}`"));
        return cx.push(finding.help(format!("remove `law={word}`, or give the mean (`time`) instead of the median")));
    }
    let has = |fact: &'static Fact, own: f64| {
        (fact, own, if std::ptr::eq(fact, &facts::step::CV) { plain(own) } else { time(own) })
    };
    let all = [
        has(&facts::step::P50, law.quantile(0.5)),
        has(&facts::step::P99, law.quantile(0.99)),
        has(&facts::step::CV, law.scv().sqrt()),
    ];
    for (fact, own, words) in all {
        let (Some(given), Some(place)) = (number(arch, at, fact), arch.fact(at, fact)) else { continue };
        if (given - own).abs() <= ROUNDED * own.max(given) {
            continue;
        }
        let kind = match law {
            Distribution::Fixed(_) => "a fixed time",
            Distribution::Exponential(_) => "an exponential law",
            Distribution::Lognormal { .. } => "the lognormal law of the others",
            Distribution::Gamma { .. } => "the gamma law of the others",
            Distribution::Uniform(_) => "a uniform law",
        };
        let message = format!("{kind} has a `{}` of {words} here", fact.name);
        let finding = cx.at_fact(at, place, message);
        return cx.push(finding.help("keep the numbers that were measured, and the law that they have"));
    }
}
