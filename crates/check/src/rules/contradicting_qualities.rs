use crate::{Absence, Context, Reach, Rule};
use groma_base::{Quantity, Severity};
use groma_model::decode::{FactValue, Value, find_fact};
use groma_model::facts::quality;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, Entity, ItemRef, facts};
use groma_simulate::{Metric, load_of, unit_of};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-qualities",
    severity: Severity::Warning,
    summary: "two limits for the same number",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("contradicting_qualities.md"),
};

/// A limit that is required.
struct Limit<'a> {
    at: ItemRef,
    require: &'a FactValue,
    /// Whether the number must stay below it.
    is_most: bool,
    given: &'a FactValue,
    quantity: Quantity,
    about: About<'a>,
}

impl Limit<'_> {
    /// The smaller, the less it lets through.
    fn width(&self) -> f64 {
        if self.is_most { self.quantity.high } else { -self.quantity.low }
    }
}

/// What a limit is for.
#[derive(PartialEq)]
struct About<'a> {
    metric: Metric,
    /// What else is said of when and of what, by the names of the facts.
    parts: Vec<(&'static str, Said<'a>)>,
}

/// What a part of a limit says, however that is spelt.
#[derive(PartialEq)]
enum Said<'a> {
    /// What it names.
    Thing(Entity),
    /// A name of nothing that there is.
    Nothing(&'a str),
    /// A value.
    Value(&'a Value),
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let qualities = arch.records_of(&class::QUALITY);
    let all = qualities.flat_map(|record| limits_of(arch, record.at, &quality::REQUIRE));
    contradictions(cx, all.filter(says_of_what).collect(), "for which `load` or `flow` each holds");
    for load in arch.records_of(&class::LOAD) {
        // It is of every flow where none is named: the load is the test's own.
        let limits = limits_of(arch, load.at, &facts::load::THRESHOLD).collect();
        contradictions(cx, limits, "of which `flow` each is");
    }
}

/// Limits of one thing that differ: told at those that never decide, as another is narrower. `of_what` says how they would be of two.
fn contradictions(cx: &mut Context<'_>, mut limits: Vec<Limit<'_>>, of_what: &str) {
    let arch = cx.arch;
    limits.sort_by(|a, b| a.width().total_cmp(&b.width()));
    // Of those that are as narrow one is told, wherever they stand.
    for alike in limits.chunk_by_mut(|a, b| a.width() == b.width()) {
        alike.sort_by_cached_key(|limit| arch.address_of(limit.at));
    }
    for (nth, wider) in limits.iter().enumerate() {
        let is_of_the_same = |other: &&Limit<'_>| other.about == wider.about && other.is_most == wider.is_most;
        let Some(first) = limits[..nth].iter().find(is_of_the_same) else { continue };
        if first.quantity == wider.quantity {
            continue;
        }
        let (here, there) = (arch.words(wider.at, wider.given), arch.words(first.at, first.given));
        let metric = wider.about.metric;
        let message = format!("`{metric}` has two limits for the same thing: {here} here, and {there}");
        let finding = cx.at_fact(wider.at, wider.require, message);
        let finding = finding
            .secondary(arch.span(first.at, first.require.whole), "the other is here")
            .regarding(arch.lasting_address_of(first.at));
        cx.push(finding.help(format!("keep the one that counts, or say {of_what}")));
    }
}

/// Whether it says of what it is a limit, if its number differs from flow to flow: else two may be about different flows that nobody
/// has named.
fn says_of_what(limit: &Limit<'_>) -> bool {
    let is_of_flows = match limit.about.metric {
        Metric::Users | Metric::Throughput | Metric::Team | Metric::Availability => false,
        Metric::Latency(_)
        | Metric::ErrorRate
        | Metric::Success
        | Metric::Degraded
        | Metric::Utilization
        | Metric::Queue
        | Metric::RecoveryTime
        | Metric::DataLoss => true,
    };
    let says = |fact: &'static Fact| limit.about.parts.iter().any(|(name, _)| *name == fact.name);
    !is_of_flows || says(&quality::FLOW) || says(&quality::OF)
}

fn limits_of<'a>(arch: &'a Architecture, at: ItemRef, demand: &'static Fact) -> impl Iterator<Item = Limit<'a>> {
    let of_one = move |require| {
        [(&quality::UNDER, true), (&quality::OVER, false)].into_iter().filter_map(move |(limit, is_most)| {
            let given = find_fact(arch.file(at).parts_of(require), limit)?;
            let Value::Quantity(quantity) = given.value else { return None };
            Some(Limit { at, require, is_most, given, quantity, about: about(arch, at, require)? })
        })
    };
    arch.values_of(at, demand).flat_map(of_one)
}

fn about<'a>(arch: &'a Architecture, at: ItemRef, require: &'a FactValue) -> Option<About<'a>> {
    let metric = Metric::of_fact(require)?;
    let is_about = |part: &&FactValue| {
        ![&quality::UNDER, &quality::OVER, &quality::LOAD].contains(&part.fact)
            // To say no is to say nothing.
            && part.flag() != Some(false)
    };
    let said = |part: &'a FactValue| match (&part.value, arch.referred(at, part)) {
        (_, Some(Entity::Element(element))) if metric.is_of_station() => {
            Said::Thing(Entity::Element(unit_of(arch, element)))
        }
        (_, Some(thing)) => Said::Thing(thing),
        (Value::Reference(_), None) => Said::Nothing(arch.words(at, part)),
        (value, None) => Said::Value(value),
    };
    let parts = arch.file(at).parts_of(require).iter().filter(is_about);
    let mut parts: Vec<_> = parts.map(|part| (part.fact.name, said(part))).collect();
    let load = load_of(arch, at, require).filter(|_| require.fact == &quality::REQUIRE);
    parts.extend(load.map(|load| (quality::LOAD.name, Said::Thing(Entity::Record(load)))));
    parts.sort_by_key(|(name, _)| *name);
    Some(About { metric, parts })
}
