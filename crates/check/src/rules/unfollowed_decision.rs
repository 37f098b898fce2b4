use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::ItemRef;
use groma_model::facts::decision;
use groma_model::items::FactValue;
use groma_model::kinds::class::DECISION;
use groma_model::stack::{Known, Named, Technologies};

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
    /// The technologies that its option names; or those that its words say are taken, if it has no options.
    chosen: Vec<Known>,
    /// What it names besides, so that whoever takes that may follow it.
    also: Vec<Known>,
    /// The technologies that its other options are.
    over: Vec<Known>,
}

impl Chosen {
    fn all(&self) -> impl Iterator<Item = &Known> {
        self.chosen.iter().chain(&self.also)
    }
}

fn chosen(cx: &Context<'_>, at: ItemRef) -> Chosen {
    let (arch, technologies) = (cx.arch, cx.technologies());
    let options: Vec<&FactValue> = arch.values_of(at, &decision::OPTION).collect();
    if options.is_empty() {
        return in_words(cx, at);
    }
    let Some(option) = arch.chosen_option(at) else { return Chosen::default() };
    let chosen = all_named(technologies, arch.words(at, option));
    let others = options.into_iter().filter(|other| !std::ptr::eq(*other, option));
    let over = others.flat_map(|other| all_named(technologies, arch.words(at, other)));
    let over = over.filter(|other| !chosen.contains(other)).collect();
    Chosen { chosen, also: Vec::new(), over }
}

/// The technologies that the title of an option names, of names within others the longer ones: `Amazon RDS for PostgreSQL`.
fn all_named<'a>(technologies: &Technologies<'a>, title: &'a str) -> Vec<Known> {
    const LONGEST: usize = 4;
    // What stands behind these is not taken: `No MySQL`, `PostgreSQL without Redis`.
    const WITHOUT: [&str; 4] = ["no", "not", "never", "without"];
    let one = technologies.called(title).or_else(|| technologies.named(title).known);
    let words = title.split_whitespace();
    let words = words.take_while(|word| !WITHOUT.iter().any(|without| without.eq_ignore_ascii_case(word)));
    let (words, mut found, mut start) = (words.collect::<Vec<_>>(), Vec::from_iter(one), 0);
    while start < words.len() {
        let ends = (start + 1..=words.len().min(start + LONGEST)).rev();
        let named = |end: usize| {
            let run = words[start..end].join(" ");
            let run = run.trim_matches(|letter: char| !letter.is_alphanumeric() && !"+#".contains(letter));
            // A short name in small letters is a word of a sentence: `go on`.
            let is_name = run.len() >= SHORTEST || run.contains(char::is_uppercase);
            Some((technologies.called(run).filter(|_| is_name)?, end))
        };
        match ends.into_iter().find_map(named) {
            Some((known, end)) => {
                found.push(known);
                start = end;
            }
            None => start += 1,
        }
    }
    let mut all: Vec<Known> = Vec::new();
    found.into_iter().for_each(|known| all.extend(Some(known).filter(|known| !all.contains(known))));
    all
}

/// Shorter names are words of other sentences as well: `Go live`.
const SHORTEST: usize = 4;

/// The technologies that the title or the outcome of a decision names in their own letters, and does not leave behind: those that the words
/// around say are taken, and all others.
fn in_words(cx: &Context<'_>, at: ItemRef) -> Chosen {
    let (arch, technologies) = (cx.arch, cx.technologies());
    let texts = [Some(arch.title(at)), arch.text(at, &decision::OUTCOME)];
    let is_written = |known: &Known, shortest: usize| {
        let mut names = technologies.names(*known).into_iter().filter(|name| name.len() >= shortest);
        names.any(|name| name.contains(char::is_uppercase) && texts.iter().flatten().any(|text| text.contains(name)))
    };
    let named = |phrases: Vec<String>, shortest: usize| {
        let mut found: Vec<Known> = Vec::new();
        let known = phrases.iter().filter_map(|phrase| technologies.called(phrase));
        for known in known.filter(|known| is_written(known, shortest)) {
            found.extend(Some(known).filter(|known| !found.contains(known)));
        }
        found
    };
    let chosen = named(arch.phrases_taken(at), SHORTEST);
    let also = named(arch.phrases_for(at), 1).into_iter().filter(|known| !chosen.contains(known)).collect();
    Chosen { chosen, also, over: Vec::new() }
}

/// Tells it if something names a technology that is for the same as the chosen one, or that it was chosen over, and not the chosen one.
fn report(cx: &mut Context<'_>, at: ItemRef, decided: &Chosen, thing: ItemRef) {
    let technologies = cx.technologies();
    let named: Vec<Named<'_>> = technologies.of(thing).collect();
    let is = |known: Known, other: &Known| technologies.title(known) == technologies.title(*other);
    let is_chosen = |one: &Named<'_>| one.known.is_some_and(|known| decided.all().any(|other| is(known, other)));
    if named.iter().any(is_chosen) {
        return;
    }
    let instead = |one: &Named<'_>| {
        let known = one.known?;
        let category = technologies.category(known);
        let is_for_the_same = |other: &&Known| category.is_some() && technologies.category(**other) == category;
        let for_the_same: Vec<&Known> = decided.all().filter(is_for_the_same).collect();
        match (&for_the_same[..], &decided.chosen[..]) {
            ([only], _) => Some(**only).filter(|only| decided.chosen.contains(only)),
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
