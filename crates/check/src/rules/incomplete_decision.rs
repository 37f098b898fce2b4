use crate::{Context, Reach, Rule};
use groma_base::{Severity, join_words};
use groma_model::decode::{FactValue, find_fact};
use groma_model::facts::decision::{
    CONSEQUENCE, CONSIDERED, CONTEXT, NEGATIVE, NEUTRAL, OPTION, OPTION_ABOUT, OPTION_BECAUSE, OPTION_CON, Status,
};
use groma_model::kinds::class::DECISION;
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "incomplete-decision",
    severity: Severity::Warning,
    summary: "a decision that does not say why it was taken, over what, or at what price",
    check: Some(check),
    reach: Reach::Records,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("incomplete_decision.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.records_of(&DECISION) {
        // What is over need not be mended, and what is being written is not done.
        if !matches!(cx.arch.choice::<Status>(at), Some(Status::Accepted | Status::Proposed)) {
            continue;
        }
        // What is marked as still to be said is told at the marks.
        let lacks = if cx.arch.is_unfinished(at) { Vec::new() } else { lacks(cx.arch, at) };
        if !lacks.is_empty() {
            let words = join_words(&lacks.iter().map(|(what, _)| (*what).to_owned()).collect::<Vec<_>>(), "and");
            let help = lacks.iter().map(|(_, help)| *help).collect::<Vec<_>>().join("; ");
            let message = format!("{} says {words}", cx.thing(at));
            let finding = cx.at(at, message);
            cx.push(finding.help(help));
        }
        unreasoned(cx, at);
    }
}

/// What a decision says nothing of, each with what to write.
fn lacks(arch: &Architecture, at: ItemRef) -> Vec<(&'static str, &'static str)> {
    let says = |fact| arch.fact(at, fact).is_some();
    let mut lacks = Vec::new();
    if !says(&CONTEXT) {
        lacks.push(("no context", "write what made a decision necessary"));
    }
    if !has_alternative(arch, at) {
        lacks.push(("no alternative", "name at least one other option that was considered, doing nothing included"));
    }
    // Consequences that say no side may be bad ones, and trade-offs are neither.
    if ![&NEGATIVE, &CONSEQUENCE, &NEUTRAL].into_iter().any(says) {
        lacks.push(("nothing that becomes worse by it", "write what it costs: each decision gives something up"));
    }
    lacks
}

/// Whether there was a choice: two options, or one that was not chosen; or the outcome says over what it was chosen.
fn has_alternative(arch: &Architecture, at: ItemRef) -> bool {
    let options = arch.values_of(at, &OPTION).count();
    let is_chosen_alone = options == 1 && arch.chosen_option(at).is_some();
    let is_said = arch.fact(at, &CONSIDERED).is_some() || arch.says_over_what(at);
    (options > 0 && !is_chosen_alone) || is_said
}

/// The options that were not chosen, and of which nothing says why.
fn unreasoned(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let chosen = arch.chosen_option(at);
    // Which of them was rejected is not to be told otherwise.
    let is_known = chosen.is_some() || arch.values_of(at, &OPTION).any(|option| has_reason(arch, at, option));
    if !is_known {
        return;
    }
    let unreasoned = arch.values_of(at, &OPTION).filter(|option| !has_reason(arch, at, option)).count();
    if chosen.is_none() && unreasoned == 1 {
        // Against all others something is said.
        return;
    }
    let is_chosen = |option: &FactValue| chosen.is_some_and(|chosen| chosen.range == option.range);
    for option in arch.values_of(at, &OPTION).filter(|option| !is_chosen(option)) {
        if !has_reason(arch, at, option) && !arch.outcome_rejects(at, option) {
            let message = format!("nothing says why \"{}\" was rejected", arch.words(at, option));
            let finding = cx.at_fact(at, option, message);
            cx.push(finding.help("write the reason: whoever asks next has the same idea"));
        }
    }
}

/// Whether something is said against an option, or of it at all: what a text weighs in words is not to be told.
fn has_reason(arch: &Architecture, at: ItemRef, option: &FactValue) -> bool {
    let parts = arch.file(at).parts_of(option);
    // `Kafka — more to run than all the rest`
    let says_more = ["—", "–", " - "].iter().any(|dash| arch.words(at, option).contains(dash));
    says_more || [&OPTION_BECAUSE, &OPTION_CON, &OPTION_ABOUT].iter().any(|fact| find_fact(parts, fact).is_some())
}
