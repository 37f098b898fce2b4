use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::facts::decision::{DATE, OPTION};
use groma_model::is_general_option;
use groma_model::kinds::class::DECISION;
use groma_model::{Architecture, ItemRef};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-decisions",
    severity: Severity::Warning,
    summary: "two accepted decisions about one thing, of which one chose what the other rejected",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("contradicting_decisions.md"),
};

/// An accepted decision, and what it chose.
struct Taken<'a> {
    at: ItemRef,
    chosen: &'a str,
    /// What it did not choose.
    others: Vec<&'a str>,
    date: &'a str,
}

/// What was chosen or rejected for a thing, as plain words, and the first decision that did.
type Firsts = FxHashMap<(ItemRef, String), usize>;

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut taken: Vec<Taken<'_>> = arch.records_of(&DECISION).filter_map(|record| taken(arch, record.at)).collect();
    taken.sort_by_cached_key(|one| (one.date.to_owned(), arch.address_of(one.at)));
    let (mut chosen, mut rejected): (Firsts, Firsts) = (FxHashMap::default(), FxHashMap::default());
    for (nth, one) in taken.iter().enumerate() {
        let own = plain(one.chosen);
        let others: Vec<String> =
            one.others.iter().filter(|other| !is_general_option(other)).map(|other| plain(other)).collect();
        let is_own_general = is_general_option(one.chosen);
        // Each earlier one once, however many things both are about.
        let mut against: BTreeMap<usize, Vec<ItemRef>> = BTreeMap::new();
        for thing in arch.decided_by(one.at) {
            let known = others.iter().filter_map(|other| chosen.get(&(thing, other.clone())));
            let same = rejected.get(&(thing, own.clone())).filter(|_| !is_own_general);
            for first in known.chain(same) {
                against.entry(*first).or_default().push(thing);
            }
            if !is_own_general {
                chosen.entry((thing, own.clone())).or_insert(nth);
            }
            for other in &others {
                rejected.entry((thing, other.clone())).or_insert(nth);
            }
        }
        for (earlier, things) in against {
            if plain(taken[earlier].chosen) != own {
                report(cx, &taken[earlier], one, &things);
            }
        }
    }
}

/// Tells it at the later one, with the first of the things that both are about.
fn report(cx: &mut Context<'_>, earlier: &Taken<'_>, later: &Taken<'_>, things: &[ItemRef]) {
    let arch = cx.arch;
    let Some(thing) = things.iter().min_by_key(|at| arch.address_of(**at)) else { return };
    let (new, old) = (cx.thing(later.at), cx.thing(earlier.at));
    let message = format!(
        "{new} chooses {} for {}, and {old}, accepted too, chooses {}",
        later.chosen,
        cx.thing(*thing),
        earlier.chosen
    );
    let finding = cx.at(later.at, message).secondary(arch.name_span(earlier.at), "the other one");
    let finding = finding.regarding(arch.lasting_address_of(earlier.at));
    let (old, new) = (arch.name_for_commands(earlier.at), arch.name_for_commands(later.at));
    cx.push(finding.help(format!(
        "if the later one took the place of the earlier, say so with `groma adr supersede {old} {new}`; else say in each for what it holds"
    )));
}

fn taken(arch: &Architecture, at: ItemRef) -> Option<Taken<'_>> {
    if !arch.is_in_force(at) {
        return None;
    }
    let chosen = arch.chosen_option(at)?;
    let others = arch.values_of(at, &OPTION).filter(|option| option.range != chosen.range);
    let others = others.map(|option| arch.words(at, option)).collect();
    Some(Taken { at, chosen: arch.words(at, chosen), others, date: arch.text(at, &DATE).unwrap_or_default() })
}

/// The letters and digits of a title: signs and case apart, two may be the same words.
fn plain(title: &str) -> String {
    let letters = title.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
