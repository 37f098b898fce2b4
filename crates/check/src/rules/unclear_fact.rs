use crate::{Absence, Context, Reach, Rule};
use groma_base::{Quantity, Severity, did_you_mean, is_date, list_words, nearest};
use groma_model::facets::own_facts::{ANY_ELEMENT, is_newer, kinds_called};
use groma_model::facts::{kit, own_fact};
use groma_model::kinds::{self, class};
use groma_model::query::{Query, vocabulary};
use groma_model::schema::{Fact, Kind, Names, Type};
use groma_model::{Architecture, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "unclear-fact",
    severity: Severity::Error,
    summary: "a fact of your own that does not say on which things, that contradicts itself, or that is there already",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unclear_fact.md"),
};

fn check(cx: &mut Context<'_>) {
    for fact in cx.arch.records_of(&class::OWN_FACT) {
        of_which_things(cx, fact.at);
        what_is_there_already(cx, fact.at);
        what_it_takes(cx, fact.at);
        its_default(cx, fact.at);
    }
}

/// The things that may have it must be known.
fn of_which_things(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    if arch.list(at, &own_fact::ON).next().is_none() {
        let finding = cx.at(at, format!("the fact `{}` does not say which things may have it", arch.name(at)));
        cx.push(finding.help("add `on=service`, or `on=element` for all elements"));
    }
    for word in arch.list(at, &own_fact::ON) {
        let is_own = arch.own_kinds.iter().any(|kind| **kind == *word);
        if !is_own && kinds_called(word).next().is_none() {
            unknown_kind(cx, at, &own_fact::ON, word);
        }
    }
}

fn unknown_kind(cx: &mut Context<'_>, at: ItemRef, fact: &'static Fact, word: &str) {
    let arch = cx.arch;
    let own = arch.own_kinds.iter().map(|kind| &**kind);
    let words = kinds::all().filter(|kind| !kind.name.starts_with('-')).map(|kind| kind.name);
    let near = nearest(word, words.chain([ANY_ELEMENT, class::RELATION.word]).chain(own));
    let range = arch.fact(at, fact).map_or(arch.item(at).name, |given| given.range);
    let finding = cx.finding(arch.span(at, range), format!("there is no kind called `{word}`"));
    cx.push(finding.help(did_you_mean(&near).unwrap_or_else(|| "`groma explain` lists the kinds".to_owned())));
}

/// What the language has already cannot be declared again.
fn what_is_there_already(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let name = arch.name(at);
    if kinds::by_name(name).is_some() {
        let finding = cx.at(at, format!("`{name}` begins a thing of the language, so it cannot be a fact"));
        return cx.push(finding.help("give the fact another name"));
    }
    if is_word_of_queries(name) {
        let finding = cx.at(at, format!("`{name}` is a word of the query language, so nobody could ask for this fact"));
        return cx.push(finding.help("give the fact another name; `groma explain query` lists the words"));
    }
    let on: Vec<&str> = arch.list(at, &own_fact::ON).collect();
    let built_in = |word: &str| arch.own_facts.kinds_meant(word).find_map(|kind| kind.fact(name));
    let (newer, had): (Vec<_>, Vec<_>) = on
        .into_iter()
        .filter_map(|word| Some((word, built_in(word)?)))
        .partition(|(_, fact)| is_newer(fact, written_for(arch, at)));
    if let (Some((_, fact)), Some(kit)) = (newer.first(), arch.kit(at)) {
        let message = format!("`{name}` is a fact of the language as well since Groma {}", fact.since);
        let mut finding =
            cx.at(at, message).note(format!("here it is that of the kit {}, which is older", arch.kit_name(kit)));
        finding.severity = finding.severity.min(Severity::Warning);
        let help = format!(
            "give yours another name, or use the built-in one (`groma explain {name}`) and write `groma=\"{}\"` in the kit",
            fact.since
        );
        cx.push(finding.help(help));
    }
    let had: Vec<&str> = had.into_iter().map(|(word, _)| word).collect();
    if !had.is_empty() {
        let message = format!("`{name}` is a fact of the language, on {} too", list_words(had.iter().copied(), "and"));
        let finding = cx.at(at, message).note("there this declaration changes nothing");
        cx.push(finding.help(format!("use the built-in one (`groma explain {name}`), or give yours another name")));
    }
}

/// The version of Groma for which the kit was written that something is part of, if it says so.
fn written_for(arch: &Architecture, at: ItemRef) -> Option<&str> {
    arch.text(arch.kit(at)?, &kit::GROMA)
}

/// Whether a query means something else by a word. What is a fact of the language as well is told as that.
fn is_word_of_queries(name: &str) -> bool {
    let is_fact = kinds::all().any(|kind| kind.fact(name).is_some());
    !is_fact && vocabulary().iter().any(|term| term.name == name)
}

/// It takes values of one type.
fn what_it_takes(cx: &mut Context<'_>, at: ItemRef) {
    let arch = cx.arch;
    let ways = [&own_fact::TYPE, &own_fact::ONE_OF, &own_fact::NAMES];
    let given: Vec<&str> = ways.into_iter().filter(|way| arch.fact(at, way).is_some()).map(|way| way.name).collect();
    if given.len() > 1 {
        let ways = list_words(given.iter().copied(), "and");
        let finding = cx.at(at, format!("the fact `{}` says by {ways} what it takes", arch.name(at)));
        cx.push(finding.help("keep one of them"));
    }
    for word in arch.list(at, &own_fact::NAMES) {
        let is_nameable = |kind: &Kind| !matches!(kind.class.names, Names::Private);
        let is_own = arch.own_kinds.iter().any(|kind| **kind == *word);
        if !is_own && !kinds_called(word).any(is_nameable) {
            unknown_kind(cx, at, &own_fact::NAMES, word);
        }
    }
}

/// What holds where it is not given must be a value of it, and makes no sense where it must be given.
fn its_default(cx: &mut Context<'_>, at: ItemRef) {
    let arch: &Architecture = cx.arch;
    let Some(default) = arch.fact(at, &own_fact::DEFAULT) else { return };
    let (name, span) = (arch.name(at), arch.span(at, default.range));
    let own = arch.own_facts.all().iter().find(|own| own.fact.name == name);
    if let Some(own) = own.filter(|own| !takes_its_default(arch, own.fact)) {
        let message = format!("`{}` is no value that `{name}` takes", arch.words(at, default));
        cx.push(cx.finding(span, message).help(format!("expected {}", own.fact.expected())));
    }
    if arch.is(at, &own_fact::REQUIRED) {
        let message = format!("`{name}` is required, so nothing holds where it is not given");
        cx.push(cx.finding(span, message).help("leave out `required` or `default`"));
    }
}

/// Whether the default of a fact, if it has one, is what it takes.
fn takes_its_default(arch: &Architecture, fact: &Fact) -> bool {
    fact.defaults().all(|default| takes(arch, fact, default))
}

fn takes(arch: &Architecture, fact: &Fact, default: &str) -> bool {
    match fact.ty {
        Type::Text | Type::TextOrName(_) => true,
        Type::Reference(classes) => arch.resolve(None, default, classes).is_ok(),
        Type::Query => Query::parse(default).is_ok(),
        Type::Bool => ["yes", "no"].contains(&default),
        Type::OneOf(words) => words.iter().any(|(word, _)| *word == default),
        Type::Date => is_date(default),
        ty @ (Type::Whole
        | Type::Number
        | Type::Amount
        | Type::Duration
        | Type::Ratio
        | Type::Rate
        | Type::MoneyPerTime
        | Type::Size
        | Type::Quantity) => Quantity::parse(default).is_ok_and(|quantity| {
            let is_fitting = ty.dimension().is_none_or(|dimension| quantity.dimension == dimension);
            let is_whole = ty != Type::Whole || quantity.low.fract() == 0.0;
            let is_share = ty != Type::Ratio || quantity.high <= 1.0;
            is_fitting && is_whole && is_share && quantity.low >= 0.0
        }),
    }
}
