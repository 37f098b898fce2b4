use crate::{Context, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::decode::FactValue;
use groma_model::facts;
use groma_model::facts::element::Failover;
use groma_model::facts::failure::Mode;
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_simulate::{TAKES_OVER, number::apart};

pub(super) static RULE: Rule = Rule {
    name: "contradictory-recovery",
    severity: Severity::Error,
    summary: "a recovery that contradicts what fails",
    check: Some(check),
    reach: Reach::Numbers,
    absence: None,
    calculates_from: None,
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
    for failure in arch.records_of(&class::FAILURE) {
        let part = |value: &FactValue, fact| {
            let parts = arch.file(failure.at).parts_of(value);
            find_fact(parts, fact)
        };
        let automatic = |value: &&FactValue| {
            part(value, &facts::failure::MODE).is_some_and(|mode| mode.choice() == Some(Mode::Automatic))
        };
        let recoveries = arch.values_of(failure.at, &facts::failure::RECOVERY).filter(automatic);
        let promised = recoveries
            .filter_map(|value| Some((value, part(value, &facts::failure::RTO).and_then(FactValue::number)?)));
        let Some((recovery, within)) = promised.max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        for failed in arch.values_of(failure.at, &facts::failure::FAIL) {
            let Some(lasts) =
                part(failed, &facts::failure::FOR).and_then(FactValue::number).filter(|lasts| *lasts > within)
            else {
                continue;
            };
            // What is done meanwhile for what is not ours is another question.
            let element = arch.referred_element(failure.at, failed).filter(|id| !arch.element(*id).external);
            let Some(element) = element else { continue };
            let at = arch.element(element).at;
            let (within_words, lasts_words) = apart(Dimension::Time, within, lasts);
            let named = cx.named(element);
            let (message, help) = match arch.choice(at) {
                Some(Failover::Automatic) => {
                    let after = arch
                        .part(at, &facts::element::FAILOVER, &facts::element::FAILOVER_AFTER)
                        .and_then(FactValue::number);
                    let after = after.unwrap_or(TAKES_OVER);
                    if after <= within {
                        continue;
                    }
                    let (within_words, takes) = apart(Dimension::Time, within, after);
                    (
                        format!("this is to recover within {within_words}, but {named} fails over only after {takes}"),
                        "make both say how long it really takes".to_owned(),
                    )
                }
                Some(Failover::Manual | Failover::None) | None => (
                    format!(
                        "this is to recover by itself within {within_words}, but {named} is gone for {lasts_words}"
                    ),
                    format!(
                        "remove `for` if it is gone until it has recovered, or say what takes over: `failover automatic after={within_words}`"
                    ),
                ),
            };
            let finding = cx.at_fact(failure.at, recovery, message);
            cx.push(finding.secondary(arch.span(failure.at, failed.whole), "said here").help(help));
        }
    }
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
            let finding = cx.at_fact(failure.at, recovery, message);
            cx.push(
                finding
                    .secondary(arch.span(at, failover.whole), "said here")
                    .help("settle which it is: minutes of manual work and seconds of failover make different promises"),
            );
        }
    }
}
