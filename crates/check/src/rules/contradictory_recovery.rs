use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::decode::FactValue;
use groma_model::facts::element::Failover;
use groma_model::facts::failure::Mode;
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, Entity, ItemRef, facts};
use groma_simulate::{number::apart, takes_over_after};

pub(super) static RULE: Rule = Rule {
    name: "contradictory-recovery",
    severity: Severity::Error,
    summary: "a recovery that contradicts what fails",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: Some(Input::Structure),
    blocks_forecast: true,
    page: include_str!("contradictory_recovery.md"),
};

fn check(cx: &mut Context<'_>) {
    modes(cx);
    times(cx);
}

/// What is to work again sooner than it is said to be gone for, with nothing that takes over.
fn times(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for failure in arch.records_of(&class::FAILURE).map(|failure| failure.at) {
        let Some((recovery, within)) = automatic_recovery(arch, failure) else { continue };
        for failed in arch.values_of(failure, &facts::failure::FAIL) {
            let Some((message, help)) = later_than(cx, failure, failed, within) else { continue };
            let finding = cx.at_fact(failure, recovery, message);
            let regarded = arch.referred(failure, failed).map(|entity| arch.address(entity)).unwrap_or_default();
            let finding = finding.regarding(regarded);
            cx.push(finding.secondary(arch.span(failure, failed.whole), "said here").help(help));
        }
    }
}

/// A number that is a part of a fact of a failure, in seconds.
fn seconds(arch: &Architecture, failure: ItemRef, value: &FactValue, part: &'static Fact) -> Option<f64> {
    find_fact(arch.file(failure).parts_of(value), part).and_then(FactValue::number)
}

/// The recovery by itself that takes longest of those that a failure promises, and how long that is.
fn automatic_recovery(arch: &Architecture, failure: ItemRef) -> Option<(&FactValue, f64)> {
    let is_automatic = |value: &&FactValue| {
        let mode = find_fact(arch.file(failure).parts_of(value), &facts::failure::MODE);
        mode.is_some_and(|mode| mode.choice() == Some(Mode::Automatic))
    };
    let recoveries = arch.values_of(failure, &facts::failure::RECOVERY).filter(is_automatic);
    let promised = recoveries.filter_map(|value| Some((value, seconds(arch, failure, value, &facts::failure::RTO)?)));
    promised.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// That what fails is there again later than so many seconds after, if it is: the message, and what to do.
fn later_than(cx: &Context<'_>, failure: ItemRef, failed: &FactValue, within: f64) -> Option<(String, String)> {
    let arch = cx.arch;
    let lasts = seconds(arch, failure, failed, &facts::failure::FOR).filter(|lasts| *lasts > within)?;
    // What is done meanwhile for what is not ours is another question.
    let element = arch.referred_element(failure, failed).filter(|id| !arch.element(*id).external)?;
    let named = cx.named(element);
    if let Some(after) = takes_over_after(arch, element) {
        let (within_words, takes) = apart(Dimension::Time, within, after);
        let message = format!("this is to recover within {within_words}, but {named} fails over only after {takes}");
        return (after > within).then(|| (message, "make both say how long it really takes".to_owned()));
    }
    let (within, lasts) = apart(Dimension::Time, within, lasts);
    let message = format!("this is to recover by itself within {within}, but {named} is gone for {lasts}");
    let help = format!(
        "remove `for` if it is gone until it has recovered, or say what takes over: `failover automatic after={within}`"
    );
    Some((message, help))
}

fn modes(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for failure in arch.records_of(&class::FAILURE) {
        let mode = arch.values_of(failure.at, &facts::failure::RECOVERY).find_map(|value| {
            let parts = arch.file(failure.at).parts_of(value);
            let mode = find_fact(parts, &facts::failure::MODE)?;
            Some((value, arch.words(failure.at, mode)))
        });
        let Some((recovery, mode)) = mode else { continue };
        for failed in arch.values_of(failure.at, &facts::failure::FAIL) {
            let Some(element) = arch.referred_element(failure.at, failed) else { continue };
            let at = arch.element(element).at;
            let Some(failover) = arch.fact(at, &facts::element::FAILOVER) else { continue };
            let said = arch.words(at, failover);
            if said == mode || failover.choice() == Some(Failover::None) {
                continue;
            }
            let message = format!("the recovery is {mode}, and {} says that its failover is {said}", cx.named(element));
            let finding = cx.at_fact(failure.at, recovery, message).regarding(arch.address(Entity::Element(element)));
            cx.push(
                finding
                    .secondary(arch.span(at, failover.whole), "said here")
                    .help("settle which it is: minutes of manual work and seconds of failover make different promises"),
            );
        }
    }
}
