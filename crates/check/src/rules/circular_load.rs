use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::FactValue;
use groma_model::kinds::class;
use groma_model::{Architecture, ItemRef, facts};

pub(super) static RULE: Rule = Rule {
    name: "circular-load",
    severity: Severity::Error,
    summary: "a load that runs beside itself",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: true,
    page: include_str!("circular_load.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for load in arch.records_of(&class::LOAD) {
        let at = load.at;
        for (value, beside) in named(arch, at) {
            if beside == at {
                let finding = cx.at_fact(at, value, "a load cannot run beside itself");
                cx.push(finding.help("write twice as much in one load, or a second load that asks for the same"));
            } else if all_named(arch, beside).contains(&at) {
                let message = format!("\"{}\" already runs beside this load, by its own `with`", arch.title(beside));
                let finding = cx.at_fact(at, value, message).secondary(arch.name_span(beside), "it stands here");
                cx.push(finding.help("keep `with` in the load whose requirements are to be judged while both run"));
            }
        }
    }
}

/// The loads that one names as running beside it.
fn named(arch: &Architecture, at: ItemRef) -> impl Iterator<Item = (&FactValue, ItemRef)> {
    let of = move |value| Some((value, arch.records[arch.referred_record(at, value)?].at));
    arch.values_of(at, &facts::load::WITH).filter_map(of)
}

/// Those, those that they name, and so on.
fn all_named(arch: &Architecture, at: ItemRef) -> Vec<ItemRef> {
    let mut found: Vec<ItemRef> = Vec::new();
    let mut open = vec![at];
    while let Some(at) = open.pop() {
        for (_, beside) in named(arch, at) {
            if !found.contains(&beside) {
                found.push(beside);
                open.push(beside);
            }
        }
    }
    found
}
