use crate::{Absence, Context, Reach, Rule};
use groma_base::{Diagnostic, Edit, Fix, Severity, did_you_mean, nearest, now_called, only_meant};
use groma_model::decode::FactValue;
use groma_model::difference::OldNames;
use groma_model::kinds::class;
use groma_model::{Architecture, ItemRef, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "unknown-owner",
    severity: Severity::Warning,
    summary: "an owner that is neither a team nor a member of one",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfName),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unknown_owner.md"),
};

/// At most so often an owner is compared with one that there is.
const MOST_COMPARISONS: usize = 1_000_000;

/// Where a name that is nobody's owns something: at what, and the fact that says so.
type Place<'a> = (ItemRef, &'a FactValue);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let known: Vec<&str> = class::OWNERS
        .iter()
        .flat_map(|class| arch.records_of(class))
        .map(|record| arch.name(record.at))
        .filter(|name| !name.is_empty())
        .collect();
    if known.is_empty() {
        return;
    }
    let old = OldNames::of_today(arch);
    let mut compared = 0;
    for (name, mut places) in strangers(cx) {
        // Of all of them the same one is told, in whichever order they are written.
        places.sort_by_cached_key(|(at, _)| arch.address_of(*at));
        let (at, fact) = places[0];
        let titled = called(arch, name);
        let today = old.today(arch, name, class::OWNERS);
        let (message, help, now) = now_called(name, &today);
        let is_old = !today.is_empty();
        let near = match titled {
            Some(titled) => vec![titled],
            None if is_old => now.into_iter().collect(),
            None if compared < MOST_COMPARISONS => nearest(name, known.iter().copied()),
            None => Vec::new(),
        };
        compared += known.len();
        let message = if is_old { message } else { format!("`{name}` is neither a team nor a member of one") };
        let mut finding = cx.at_fact(at, fact, message);
        if places.len() > 1 {
            finding = finding.note(format!("it is named as the owner in {} places", places.len()));
        }
        for (at, fact) in &places[1..] {
            finding = finding.also(arch.span(*at, fact.range), at.item.raw(), "also named here");
        }
        let meant = titled.or(now);
        let certain = meant.or_else(|| only_meant(name, &near));
        let unnamed =
            certain.filter(|_| meant.is_none() && places.len() > 1).and_then(|certain| unnamed(arch, certain));
        if let Some(declared) = unnamed {
            cx.push(correct_declaration(finding, arch, declared, name));
            continue;
        }
        if let Some(certain) = certain {
            let write = |(at, fact): &Place<'_>| Edit { span: arch.span(*at, fact.range), text: certain.to_owned() };
            finding
                .fixes
                .push(Fix { message: format!("write `{certain}`"), edits: places.iter().map(write).collect() });
        }
        let otherwise = || "declare it: `team id \"Title\"`, or `member` in its team".to_owned();
        cx.push(finding.help(match titled {
            Some(titled) => format!("that is a title: write `{titled}`"),
            None if is_old => help,
            None => did_you_mean(&near).unwrap_or_else(otherwise),
        }));
    }
}

/// The declaration of an owner that nothing names.
fn unnamed(arch: &Architecture, name: &str) -> Option<ItemRef> {
    let owner = arch.resolve(None, name, class::OWNERS).ok()?;
    arch.all_referring(owner).next().is_none().then(|| arch.declared_at(owner))
}

/// Where several places agree in a name and nothing has the one that is declared, its declaration is what is misspelt.
fn correct_declaration(finding: Diagnostic, arch: &Architecture, declared: ItemRef, name: &str) -> Diagnostic {
    let called = arch.name(declared);
    let span = arch.name_span(declared);
    let help = format!("if this is right, correct the declaration of `{called}`: nothing else names it");
    let finding = finding.help(did_you_mean(&[called]).unwrap_or_default()).help(help);
    finding.fix(format!("write `{name}` for `{called}`"), span, name)
}

/// The name of the only team or member that has this title.
fn called<'a>(arch: &'a Architecture, title: &str) -> Option<&'a str> {
    let records = class::OWNERS.iter().flat_map(|class| arch.records_of(class)).map(|record| record.at);
    let mut named = records.filter(|at| arch.title(*at).to_lowercase() == title.to_lowercase());
    named.next().filter(|_| named.next().is_none()).map(|at| arch.name(at)).filter(|name| !name.is_empty())
}

/// The owners that are declared nowhere, in the order of the text, each with all that it owns.
fn strangers<'a>(cx: &Context<'a>) -> Vec<(&'a str, Vec<Place<'a>>)> {
    let arch = cx.arch;
    let mut found: Vec<(&str, Vec<Place<'_>>)> = Vec::new();
    let mut places: FxHashMap<&str, Option<usize>> = FxHashMap::default();
    for at in arch.item_refs() {
        let Some(fact) = arch.fact(at, &facts::OWNER) else { continue };
        let name = arch.words(at, fact);
        let place = *places.entry(name).or_insert_with(|| {
            let is_known = arch.resolve(None, name, class::OWNERS).is_ok();
            (!is_known).then(|| {
                found.push((name, Vec::new()));
                found.len() - 1
            })
        });
        if let Some(place) = place {
            found[place].1.push((at, fact));
        }
    }
    found
}
