use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, ItemRef, facts};
use groma_simulate::number::{plain, time};
use groma_simulate::{Distribution, StepDistribution};

pub(super) static RULE: Rule = Rule {
    name: "impossible-distribution",
    severity: Severity::Error,
    summary: "times that no distribution can have",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("impossible_distribution.md"),
};

fn check(cx: &mut Context<'_>) {
    let steps: Vec<ItemRef> = cx.flows().flat_map(|flow| flow.steps.iter().map(|step| step.at)).collect();
    for at in steps {
        told(cx, at, StepDistribution::of(cx.arch, at));
    }
    let loads: Vec<ItemRef> = cx.arch.records_of(&class::LOAD).map(|load| load.at).collect();
    for at in loads {
        told(cx, at, StepDistribution::of_thinking(cx.arch, at));
    }
}

fn told(cx: &mut Context<'_>, at: ItemRef, law: StepDistribution) {
    match law {
        StepDistribution::Unknown => {}
        StepDistribution::Impossible => no_distribution(cx, at),
        StepDistribution::Known(law) => contradiction(cx, at, law),
    }
}

/// What is said of the time of a step, or of how long the users of a load think.
fn given<'a>(arch: &'a Architecture, at: ItemRef, fact: &'static Fact) -> Option<&'a FactValue> {
    arch.fact(at, fact).or_else(|| arch.part(at, &facts::load::USERS, fact))
}

fn number(arch: &Architecture, at: ItemRef, fact: &'static Fact) -> Option<f64> {
    given(arch, at, fact)?.number()
}

/// The mean that is given.
fn mean(arch: &Architecture, at: ItemRef) -> Option<f64> {
    number(arch, at, &facts::step::TIME).or_else(|| number(arch, at, &facts::load::THINK))
}

/// Two times that no distribution has.
fn no_distribution(cx: &mut Context<'_>, at: ItemRef) {
    let number = |fact: &'static Fact| number(cx.arch, at, fact);
    let (Some(fact), Some(p99)) = (given(cx.arch, at, &facts::step::P99), number(&facts::step::P99)) else { return };
    let (low, low_name) = match mean(cx.arch, at) {
        Some(mean) => (mean, "mean"),
        None => (number(&facts::step::P50).unwrap_or(0.0), "median"),
    };
    let (message, help) = if p99 < low {
        (format!("the 99th percentile is below the {low_name}"), "swap the two, or correct one")
    } else {
        (
            format!("the 99th percentile is 15 times the {low_name}, which no lognormal distribution has"),
            "give the median (`p50`) instead of the mean, or split the rare slow case off with `chance`",
        )
    };
    let finding = cx.at_fact(at, fact, message);
    cx.push(finding.help(help));
}

/// Numbers that are written by people are rounded: this share of one is no contradiction.
const ROUNDED: f64 = 0.05;

/// More is said of a time than its distribution can have.
fn contradiction(cx: &mut Context<'_>, at: ItemRef, law: Distribution) {
    let arch = cx.arch;
    if mean(arch, at) == Some(0.0) {
        return;
    }
    let named = given(arch, at, &facts::step::DISTRIBUTION);
    if let (Distribution::Lognormal { .. }, Some(fact)) = (law, named)
        && let word = arch.words(at, fact)
        && fact.choice() != Some(facts::step::Distribution::Lognormal)
    {
        let name = if arch.fact(at, &facts::load::USERS).is_some() { "think" } else { "time" };
        let finding = cx.at_fact(at, fact, format!("`p50` and `p99` make a lognormal distribution, not `{word}`"));
        return cx.push(
            finding.help(format!("remove `distribution={word}`, or give the mean (`{name}`) instead of the median")),
        );
    }
    let has =
        |fact: &'static Fact, own: f64| (fact, own, if *fact == facts::step::CV { plain(own) } else { time(own) });
    let all = [
        has(&facts::step::P50, law.quantile(0.5)),
        has(&facts::step::P99, law.quantile(0.99)),
        has(&facts::step::CV, law.scv().sqrt()),
    ];
    for (fact, own, words) in all {
        let (Some(given), Some(place)) = (number(arch, at, fact), given(arch, at, fact)) else { continue };
        if (given - own).abs() <= ROUNDED * own.max(given) {
            continue;
        }
        let kind = match law {
            Distribution::Fixed(_) => "a fixed time",
            Distribution::Exponential(_) => "an exponential distribution",
            Distribution::Lognormal { .. } => "the lognormal distribution of the others",
            Distribution::Gamma { .. } => "the gamma distribution of the others",
            Distribution::Uniform(_) => "a uniform distribution",
        };
        let message = format!("{kind} has a `{}` of {words} here", fact.name);
        let finding = cx.at_fact(at, place, message);
        return cx.push(finding.help("keep the numbers that were measured, and the distribution that they have"));
    }
}
