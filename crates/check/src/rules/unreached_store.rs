use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::decode::FactValue;
use groma_model::facts::element::RESPONSIBILITY;
use groma_model::{Architecture, ElementId, Level};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    name: "unreached-store",
    severity: Severity::Note,
    summary: "a store is there for what a container does that does not reach it",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfUse),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unreached_store.md"),
};

/// Words that responsibilities share without being about the same thing.
const COMMON: [&str; 24] = [
    "access", "answer", "cach", "caches", "data", "from", "handl", "handle", "hold", "into", "keep", "manag", "manage",
    "page", "request", "serv", "serve", "service", "storage", "store", "stor", "that", "user", "with",
];

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let says = |id: ElementId| arch.fact(arch.element(id).at, &RESPONSIBILITY).is_some();
    for store in cx.own_elements().filter(|id| arch.is_store(*id) && says(*id)) {
        let Some(around) = arch.element(store).parent else { continue };
        let mut is_known: BTreeSet<String> = BTreeSet::new();
        let mut strangers = Vec::new();
        for other in arch.children(around).filter(|id| is_worker(arch, *id)) {
            let words = words_of(arch, other);
            if reaches(arch, other, store) { is_known.extend(words) } else { strangers.push((other, words)) }
        }
        for given in arch.values_of(arch.element(store).at, &RESPONSIBILITY) {
            let words: BTreeSet<String> = words(arch.words(arch.element(store).at, given)).collect();
            for (other, theirs) in &strangers {
                let is_shared = words.intersection(theirs).any(|word| !is_known.contains(word));
                if is_shared {
                    report(cx, store, given, *other);
                }
            }
        }
    }
}

fn report(cx: &mut Context<'_>, store: ElementId, given: &FactValue, other: ElementId) {
    let at = cx.arch.element(store).at;
    let said = cx.arch.words(at, given);
    let message = format!(
        "{} is there for \"{said}\", which is what {} does, and that has no relationship to it",
        cx.named(store),
        cx.named(other)
    );
    let finding = cx
        .at_fact(at, given, message)
        .secondary(cx.span_of(other), "this one")
        .regarding(cx.arch.lasting_address_of(cx.arch.element(other).at));
    cx.push(finding.help("draw the relationship, or give the responsibility to whoever has it"));
}

/// Whether it is a container that does something of our own.
fn is_worker(arch: &Architecture, id: ElementId) -> bool {
    let element = arch.element(id);
    element.level == Level::Container && !element.external && !arch.is_store(id)
}

/// Whether it or a part of it has a relationship to a store, in either direction.
fn reaches(arch: &Architecture, id: ElementId, store: ElementId) -> bool {
    let is_of_it = |end: ElementId| arch.ancestors(end).any(|around| around == id);
    arch.incoming(store).any(|relation| is_of_it(arch.relation(relation).from))
        || arch.outgoing(store).any(|relation| is_of_it(arch.relation(relation).to))
}

/// The words of what a container and its parts are responsible for.
fn words_of(arch: &Architecture, id: ElementId) -> BTreeSet<String> {
    let parts = std::iter::once(id).chain(arch.children(id));
    let items = parts.map(|part| arch.element(part).at);
    items
        .flat_map(|at| arch.values_of(at, &RESPONSIBILITY).flat_map(move |given| words(arch.words(at, given))))
        .collect()
}

/// The words of a text that say what it is about, without their endings.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let stem = |word: &str| {
        let word = word.to_lowercase();
        let ends = ["ing", "s"];
        ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(&word).to_owned()
    };
    let all = text.split(|letter: char| !letter.is_alphanumeric()).map(stem);
    all.filter(|word| word.chars().count() >= 4 && !COMMON.contains(&&**word))
}
