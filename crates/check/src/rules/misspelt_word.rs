use crate::{Context, Reach, Rule};
use groma_base::{Range, Severity, did_you_mean, has_swapped_letters, is_one_edit};
use groma_model::Architecture;
use groma_model::decode::FactValue;

pub(super) static RULE: Rule = Rule {
    name: "misspelt-word",
    severity: Severity::Warning,
    summary: "a text that is nearly one of the words which are usual there",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("misspelt_word.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch: &Architecture = cx.arch;
    for at in arch.item_refs() {
        let file = arch.file(at);
        for given in file.facts_of(arch.item(at)).iter().filter(|given| !given.fact.usual.is_empty()) {
            for (word, range) in words(given, &file.text) {
                let near = near(given, word);
                let Some(help) = did_you_mean(&near) else { continue };
                let message = format!("`{word}` is none of the usual words for `{}`", given.fact.name);
                let finding = cx.at_fact(at, given, message).regarding(word).help(help);
                cx.push(match near[..] {
                    [only] => finding.fix(format!("write `{only}`"), arch.span(at, range), only),
                    _ => finding,
                });
            }
        }
    }
}

/// The words of a text that each say all, between its commas and slashes, with where they stand.
fn words<'t>(given: &FactValue, text: &'t str) -> impl Iterator<Item = (&'t str, Range)> {
    let (start, written) = (given.range.start as usize, given.range.of(text));
    let parts = written.split([',', '/', '"']).map(str::trim).filter(|word| !word.is_empty());
    parts.map(move |word| {
        let at = start + (word.as_ptr() as usize - written.as_ptr() as usize);
        (word, Range::new(at as u32, (at + word.len()) as u32))
    })
}

/// The usual words from which one differs by a slip of the pen, unless it is usual itself; of these the one with the same letters.
fn near(given: &FactValue, word: &str) -> Vec<&'static str> {
    let usual = given.fact.usual;
    if usual.iter().any(|usual| usual.eq_ignore_ascii_case(word)) {
        return Vec::new();
    }
    let near: Vec<&str> = usual.iter().copied().filter(|usual| is_one_edit(word, usual)).collect();
    let swapped = near.iter().copied().find(|usual| has_swapped_letters(word, usual));
    swapped.map_or(near, |swapped| vec![swapped])
}
