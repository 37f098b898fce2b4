//! How choices are linked: what is scored is one of the choice's criteria, and what is met one of its must-haves.

use super::class::{CHOICE, CRITERION, MUST, OPTION};
use super::facts::choice::Criteria;
use super::facts::option;
use crate::items::{FactValue, Files, ItemRef};
use crate::link::Linker;
use crate::schema::{Class, Fact};
use groma_base::Span;
use rustc_hash::FxHashMap;

/// Finds what is declared twice in a choice, and what an option names that its choice has not.
pub(crate) fn join(linker: &mut Linker) {
    let all: Vec<ItemRef> = linker.linked.records_of(&CHOICE).map(|record| record.at).collect();
    let files = linker.files.clone();
    for choice in all {
        let criteria = by_name(linker, &files, choice, &CRITERION);
        let musts = by_name(linker, &files, choice, &MUST);
        by_name(linker, &files, choice, &OPTION);
        let shipped: Vec<&str> = match files.choice::<Criteria>(choice) {
            Some(set) => set.all().iter().map(|criterion| criterion.name).collect(),
            None => Vec::new(),
        };
        for at in parts(&files, choice, &OPTION) {
            for fact in [&option::SCORE, &option::VALUE] {
                names(linker, &files, (at, fact), "criterion of this choice", (&criteria, &shipped));
            }
            for fact in [&option::MEETS, &option::FAILS] {
                names(linker, &files, (at, fact), "must-have of this choice", (&musts, &[]));
            }
        }
    }
}

/// What of a class stands in something, in the order of the text.
pub(super) fn parts<'f>(
    files: &'f Files,
    at: ItemRef,
    class: &'static Class,
) -> impl Iterator<Item = ItemRef> + use<'f> {
    let inner = at.item.next().until(files.item(at).subtree_end);
    inner.map(move |item| ItemRef { item, ..at }).filter(move |at| files.item(*at).kind.is(class))
}

fn by_name<'f>(
    linker: &mut Linker,
    files: &'f Files,
    choice: ItemRef,
    class: &'static Class,
) -> FxHashMap<&'f str, ItemRef> {
    let mut known: FxHashMap<&str, ItemRef> = FxHashMap::default();
    for at in parts(files, choice, class) {
        match known.get(files.name(at)) {
            Some(first) => linker.duplicate(at, *first),
            None => {
                known.insert(files.name(at), at);
            }
        }
    }
    known
}

/// Reports the names in a fact of an option that its choice has not.
fn names(
    linker: &mut Linker,
    files: &Files,
    (at, fact): (ItemRef, &'static Fact),
    what: &str,
    (known, shipped): (&FxHashMap<&str, ItemRef>, &[&str]),
) {
    let file = files.file(at);
    for value in file.facts_of(files.item(at)).iter().filter(|value| *value.fact == *fact) {
        let name = files.words(at, value);
        // `score 3 fit`: that a number stands where the criterion does is told where the criterion stands.
        let is_amount = |part: &FactValue| [&option::SCORE_POINTS, &option::VALUE_AMOUNT].contains(&part.fact);
        let is_swapped = name.parse::<f64>().is_ok() && !file.parts_of(value).iter().any(is_amount);
        if known.contains_key(name) || shipped.contains(&name) || is_swapped {
            continue;
        }
        let all = if linker.problems.suggests() {
            known.keys().copied().chain(shipped.iter().copied()).collect()
        } else {
            Vec::new()
        };
        linker.unresolved_within(Span::new(at.file, value.range), name, what, (all, |name| known.get(name).copied()));
    }
}
