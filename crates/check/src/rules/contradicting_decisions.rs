use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::decision::{DATE, OPTION};
use groma_model::kinds::class::DECISION;
use groma_model::{Architecture, ItemRef};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-decisions",
    severity: Severity::Warning,
    summary: "two accepted decisions about one thing, of which one chose what the other rejected",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("contradicting_decisions.md"),
};

/// An accepted decision, and what it chose.
struct Taken<'a> {
    at: ItemRef,
    chosen: &'a str,
    /// What it did not choose.
    others: Vec<&'a str>,
    date: &'a str,
}

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let taken: Vec<Taken<'_>> = arch.records_of(&DECISION).filter_map(|record| taken(arch, record.at)).collect();
    let mut by_thing: FxHashMap<ItemRef, Vec<usize>> = FxHashMap::default();
    for (nth, one) in taken.iter().enumerate() {
        for thing in arch.decided_by(one.at) {
            by_thing.entry(thing).or_default().push(nth);
        }
    }
    // Each pair once, however many things it is about.
    let mut pairs: BTreeMap<(usize, usize), Vec<ItemRef>> = BTreeMap::new();
    for (thing, of_it) in &by_thing {
        for (nth, first) in of_it.iter().enumerate() {
            of_it[nth + 1..].iter().for_each(|second| pairs.entry((*first, *second)).or_default().push(*thing));
        }
    }
    for ((one, other), things) in pairs {
        let (one, other) = (&taken[one], &taken[other]);
        if contradict(arch, one, other) {
            report(cx, one, other, &things);
        }
    }
}

/// Tells it at the later one, with the first of the things that both are about.
fn report(cx: &mut Context<'_>, one: &Taken<'_>, other: &Taken<'_>, things: &[ItemRef]) {
    let arch = cx.arch;
    let when = |taken: &Taken<'_>| (taken.date.to_owned(), arch.address_of(taken.at));
    let (earlier, later) = if when(one) > when(other) { (other, one) } else { (one, other) };
    let Some(thing) = things.iter().min_by_key(|at| arch.address_of(**at)) else { return };
    let (new, old) = (cx.thing(later.at), cx.thing(earlier.at));
    let message = format!(
        "{new} chooses {} for {}, and {old}, accepted too, chooses {}",
        later.chosen,
        cx.thing(*thing),
        earlier.chosen
    );
    let finding = cx.at(later.at, message).secondary(arch.name_span(earlier.at), "the other one");
    let finding = finding.regarding(arch.lasting_address_of(earlier.at));
    let (old, new) = (arch.name(earlier.at), arch.name(later.at));
    cx.push(finding.help(format!(
        "if the later one took the place of the earlier, say so with `groma adr supersede {old} {new}`; else say in each for what it holds"
    )));
}

fn taken(arch: &Architecture, at: ItemRef) -> Option<Taken<'_>> {
    if !arch.is_in_force(at) {
        return None;
    }
    let chosen = arch.chosen_option(at)?;
    let others = arch.values_of(at, &OPTION).filter(|option| option.range != chosen.range);
    let others = others.map(|option| arch.words(at, option)).collect();
    Some(Taken { at, chosen: arch.words(at, chosen), others, date: arch.text(at, &DATE).unwrap_or_default() })
}

/// Whether one chose what the other did not, and neither replaces the other.
fn contradict(arch: &Architecture, one: &Taken<'_>, other: &Taken<'_>) -> bool {
    let rejects = |one: &Taken<'_>, chosen: &str| one.others.iter().any(|option| is_same(option, chosen));
    let replaces = |one: ItemRef, other: ItemRef| arch.successors(other).contains(&one);
    !is_same(one.chosen, other.chosen)
        && (rejects(one, other.chosen) || rejects(other, one.chosen))
        && !replaces(one.at, other.at)
        && !replaces(other.at, one.at)
}

/// Whether two titles are the same words, signs and case apart.
fn is_same(one: &str, other: &str) -> bool {
    let words = |text: &str| {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    words(one) == words(other)
}
