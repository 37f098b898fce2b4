use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::ItemRef;
use groma_model::kinds::class::DECISION;
use groma_model::stack::{Known, Named};

pub(super) static RULE: Rule = Rule {
    name: "unfollowed-decision",
    severity: Severity::Warning,
    summary: "something that is built with another technology than the decision about it chose",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unfollowed_decision.md"),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.arch.records_of(&DECISION).map(|record| record.at) {
        if !cx.arch.is_in_force(at) {
            continue;
        }
        let Some(chosen) = chosen(cx, at) else { continue };
        for thing in cx.arch.decided_by(at) {
            report(cx, at, chosen, thing);
        }
    }
}

/// The technology that a decision chose, if its option is one.
fn chosen(cx: &Context<'_>, at: ItemRef) -> Option<Known> {
    let option = cx.arch.chosen_option(at)?;
    let words = cx.arch.words(at, option);
    let named = cx.technologies().named(words);
    named.known.or_else(|| cx.technologies().called(words))
}

/// Tells it if something names a technology that is for the same as the chosen one, and not the chosen one.
fn report(cx: &mut Context<'_>, decision: ItemRef, chosen: Known, thing: ItemRef) {
    let technologies = cx.technologies();
    let Some(category) = technologies.category(chosen) else { return };
    let named: Vec<Named<'_>> = technologies.of(thing).collect();
    let is_chosen =
        |named: &Named<'_>| named.known.is_some_and(|known| technologies.title(known) == technologies.title(chosen));
    if named.iter().any(is_chosen) {
        return;
    }
    let is_for_the_same =
        |named: &&Named<'_>| named.known.and_then(|known| technologies.category(known)) == Some(category);
    let Some(other) = named.iter().find(is_for_the_same) else { return };
    let Some(given) = cx.arch.fact(thing, &groma_model::facts::TECHNOLOGY) else { return };
    let (thing_words, title) = (cx.thing(thing), technologies.title(chosen));
    let message = format!("{thing_words} is built with {}, and {} chose {title}", other.text, cx.thing(decision));
    let finding = cx.at_fact(thing, given, message).secondary(cx.arch.name_span(decision), "this one");
    let finding = finding.regarding(cx.arch.lasting_address_of(decision));
    cx.push(
        finding.help("write what it is built with today; if that is another, decide anew and supersede the decision"),
    );
}
