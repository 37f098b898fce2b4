use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::ItemRef;
use groma_model::facts::decision;
use groma_model::items::FactValue;
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
        let things = cx.arch.decided_by(at);
        if things.is_empty() {
            continue;
        }
        let chosen = chosen(cx, at);
        for thing in things {
            report(cx, at, &chosen, thing);
        }
    }
}

/// What a decision is for by its words, and over what.
#[derive(Default)]
struct Chosen {
    /// The technology that its option is; or those that it names, if it has no options.
    chosen: Vec<Known>,
    /// The technologies that its other options are.
    over: Vec<Known>,
}

fn chosen(cx: &Context<'_>, at: ItemRef) -> Chosen {
    let (arch, technologies) = (cx.arch, cx.technologies());
    let known = |words| technologies.named(words).known.or_else(|| technologies.called(words));
    let options: Vec<&FactValue> = arch.values_of(at, &decision::OPTION).collect();
    if options.is_empty() {
        return Chosen { chosen: named_in_words(cx, at), over: Vec::new() };
    }
    let Some(option) = arch.chosen_option(at) else { return Chosen::default() };
    let Some(chosen) = known(arch.words(at, option)) else { return Chosen::default() };
    let others = options.into_iter().filter(|other| !std::ptr::eq(*other, option));
    let over = others.filter_map(|other| known(arch.words(at, other))).collect();
    Chosen { chosen: vec![chosen], over }
}

/// The technologies that the title or the outcome of a decision names in their own letters, and does not leave behind. Short names are words
/// of other sentences as well: `Go live`.
fn named_in_words(cx: &Context<'_>, at: ItemRef) -> Vec<Known> {
    const SHORTEST: usize = 4;
    let (arch, technologies) = (cx.arch, cx.technologies());
    let texts = [Some(arch.title(at)), arch.text(at, &decision::OUTCOME)];
    let is_written = |known: &Known| {
        let mut names = technologies.names(*known).into_iter().filter(|name| name.len() >= SHORTEST);
        names.any(|name| name.contains(char::is_uppercase) && texts.iter().flatten().any(|text| text.contains(name)))
    };
    let mut found: Vec<Known> = Vec::new();
    for known in arch.phrases_for(at).iter().filter_map(|phrase| technologies.called(phrase)).filter(is_written) {
        if !found.contains(&known) {
            found.push(known);
        }
    }
    found
}

/// Tells it if something names a technology that is for the same as the chosen one, or that it was chosen over, and not the chosen one.
fn report(cx: &mut Context<'_>, at: ItemRef, decided: &Chosen, thing: ItemRef) {
    let technologies = cx.technologies();
    let named: Vec<Named<'_>> = technologies.of(thing).collect();
    let is = |known: Known, other: &Known| technologies.title(known) == technologies.title(*other);
    let is_chosen =
        |one: &Named<'_>| one.known.is_some_and(|known| decided.chosen.iter().any(|other| is(known, other)));
    if named.iter().any(is_chosen) {
        return;
    }
    let instead = |one: &Named<'_>| {
        let known = one.known?;
        let category = technologies.category(known);
        let for_the_same: Vec<&Known> = decided
            .chosen
            .iter()
            .filter(|chosen| category.is_some() && technologies.category(**chosen) == category)
            .collect();
        match (&for_the_same[..], &decided.chosen[..]) {
            ([only], _) => Some(**only),
            ([], [only]) if decided.over.iter().any(|other| is(known, other)) => Some(*only),
            _ => None,
        }
    };
    let Some((other, chosen)) = named.iter().find_map(|one| Some((one.text, instead(one)?))) else { return };
    let Some(given) = cx.arch.fact(thing, &groma_model::facts::TECHNOLOGY) else { return };
    let (thing_words, title) = (cx.thing(thing), technologies.title(chosen));
    let message = format!("{thing_words} is built with {other}, and {} chose {title}", cx.thing(at));
    let finding = cx.at_fact(thing, given, message).secondary(cx.arch.name_span(at), "this one");
    let finding = finding.regarding(cx.arch.lasting_address_of(at));
    cx.push(
        finding.help("write what it is built with today; if that is another, decide anew and supersede the decision"),
    );
}
