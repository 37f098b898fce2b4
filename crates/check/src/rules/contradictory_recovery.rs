use crate::{Context, Input, Reach, Rule};
use groma_base::{Dimension, Severity};
use groma_model::decode::FactValue;
use groma_model::facts::element::Failover;
use groma_model::facts::failure::Mode;
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, Entity, ItemRef, Placed, facts};
use groma_simulate::{number::apart, takes_over_after};
use rustc_hash::FxHashSet;

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
            let lasts = seconds(arch, failure, failed, &facts::failure::FOR).filter(|lasts| *lasts > within);
            let Some(lasts) = lasts else { continue };
            for struck in struck(arch, failure, failed) {
                let Some((message, help)) = later_than(cx, &struck, lasts, within) else { continue };
                let regarded =
                    format!("{} {}", arch.address(Entity::Element(struck.element)), facts::failure::RTO.name);
                let finding = cx.at_fact(failure, recovery, message).regarding(regarded);
                cx.push(finding.secondary(arch.span(failure, failed.whole), "said here").help(help));
            }
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
fn later_than(cx: &Context<'_>, struck: &Struck, lasts: f64, within: f64) -> Option<(String, String)> {
    // What is done meanwhile for what is not ours is another question.
    if cx.arch.element(struck.element).external {
        return None;
    }
    let named = cx.named(struck.element);
    if let Some(after) = takes_over_after(cx.arch, struck.element).filter(|_| struck.has_others) {
        let (within_words, takes) = apart(Dimension::Time, within, after);
        let message = format!("this is to recover within {within_words}, but {named} fails over only after {takes}");
        return (after > within).then(|| (message, "make both say how long it really takes".to_owned()));
    }
    if struck.is_spread {
        return None;
    }
    let (within, lasts) = apart(Dimension::Time, within, lasts);
    let message = format!("this is to recover by itself within {within}, but {named} is gone for {lasts}");
    let help = if struck.has_others {
        "remove `for` if it is gone until it has recovered, or say what takes over in that time: `failover automatic` with `after`"
    } else {
        "remove `for` if it is gone until it has recovered, or place some of it elsewhere, with `failover automatic`"
    };
    Some((message, help.to_owned()))
}

/// Where nothing that is to be done after a failure is what the failover of something lost says.
fn modes(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for failure in arch.records_of(&class::FAILURE).map(|failure| failure.at) {
        let recoveries = recoveries(arch, failure);
        let Some((first, mode)) = recoveries.first() else { continue };
        let failed = arch.values_of(failure, &facts::failure::FAIL).flat_map(|value| struck(arch, failure, value));
        for element in failed.map(|struck| struck.element) {
            let at = arch.element(element).at;
            let Some(failover) = arch.fact(at, &facts::element::FAILOVER) else { continue };
            let Some(said) = failover.choice().and_then(mode_of) else { continue };
            // One acts at once and another mends for good: both may be there.
            if recoveries.iter().any(|(_, mode)| *mode == said) {
                continue;
            }
            let message = format!(
                "the recovery is {}, and {} says that its failover is {}",
                mode.word(),
                cx.named(element),
                said.word()
            );
            let finding = cx.at_fact(failure, first, message).regarding(arch.address(Entity::Element(element)));
            cx.push(
                finding
                    .secondary(arch.span(at, failover.whole), "said here")
                    .help("settle which it is: minutes of manual work and seconds of failover make different promises"),
            );
        }
    }
}

/// The recoveries of a failure that say whether somebody must act.
fn recoveries(arch: &Architecture, failure: ItemRef) -> Vec<(&FactValue, Mode)> {
    let mode = |value: &FactValue| find_fact(arch.file(failure).parts_of(value), &facts::failure::MODE)?.choice();
    arch.values_of(failure, &facts::failure::RECOVERY).filter_map(|value| Some((value, mode(value)?))).collect()
}

/// What a failover says of who must act.
fn mode_of(failover: Failover) -> Option<Mode> {
    match failover {
        Failover::Automatic => Some(Mode::Automatic),
        Failover::Manual => Some(Mode::Manual),
        Failover::None => None,
    }
}

/// Something that fails by one fact of a failure.
struct Struck {
    element: ElementId,
    /// Whether something of it is left that may take over.
    has_others: bool,
    /// Whether what is left works all the time, so that it is not gone.
    is_spread: bool,
}

/// What fails by one fact of a failure: an element, or all that does its work at a place.
fn struck(arch: &Architecture, failure: ItemRef, failed: &FactValue) -> Vec<Struck> {
    if let Some(element) = arch.referred_element(failure, failed) {
        return vec![Struck { element, has_others: true, is_spread: false }];
    }
    let Some((deployment, place)) = arch.referred_place(failure, failed) else { return Vec::new() };
    let is_around = |node| arch.places_around(deployment, node).any(|around| around == place);
    let is_inside = |placed: &Placed<'_>| placed.instance.node.is_some_and(is_around);
    let works = |placed: &Placed<'_>| placed.replicas.is_some() && !placed.is_standby;
    let all: Vec<Placed<'_>> = arch.placed(&arch.deployments[deployment]).collect();
    let outside = |is_one: &dyn Fn(&Placed<'_>) -> bool| -> FxHashSet<ElementId> {
        all.iter().filter(|one| !is_inside(one) && is_one(one)).map(|one| one.instance.element).collect()
    };
    let (standing_by, working) = (outside(&|one| one.is_standby), outside(&works));
    let mut seen = FxHashSet::default();
    let inside = all.iter().filter(|one| is_inside(one) && works(one)).map(|one| one.instance.element);
    let struck = |element| Struck {
        element,
        has_others: standing_by.contains(&element) || working.contains(&element),
        is_spread: working.contains(&element),
    };
    inside.filter(|element| seen.insert(*element)).map(struck).collect()
}
