use crate::{Absence, Context, Reach, Rule};
use groma_base::Severity;
use groma_model::kinds::class;
use groma_model::{ItemRef, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "unclear-term",
    severity: Severity::Warning,
    summary: "a glossary term without a meaning, or one that is defined twice differently",
    check: Some(check),
    reach: Reach::Whole,
    absence: Some(Absence::OfPart),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unclear_term.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut terms: FxHashMap<String, ItemRef> = FxHashMap::default();
    for record in arch.records_of(&class::TERM) {
        terms.insert(arch.name(record.at).to_lowercase(), record.at);
        terms.insert(arch.title(record.at).to_lowercase(), record.at);
    }
    for record in arch.records_of(&class::TERM) {
        let at = record.at;
        let title = arch.title(at);
        let see: Vec<_> = arch.values_of(at, &facts::term::SEE).collect();
        let means = [&facts::term::MEANS, &facts::DESCRIPTION].into_iter().any(|fact| arch.fact(at, fact).is_some());
        if !means && see.is_empty() {
            let finding = cx.at(at, format!("what \"{title}\" means is not said"));
            cx.push(finding.help("add `means=\"…\"`, or name the term that says it with `see`"));
        }
        for fact in see {
            if arch.referred(at, fact).is_some_and(|other| arch.declared_at(other) == at) {
                let finding = cx.at_fact(at, fact, format!("\"{title}\" refers to itself"));
                cx.push(finding.help("name another term, or remove it"));
            }
        }
        for fact in arch.values_of(at, &facts::term::ALSO) {
            for word in arch.words(at, fact).split(',').map(str::trim) {
                let Some(other) = terms.get(&word.to_lowercase()).copied() else { continue };
                let message = match other == at {
                    true => format!("`{word}` is the term itself"),
                    false => format!("`{word}` is a term of its own"),
                };
                let finding = cx.at_fact(at, fact, message).regarding(word);
                cx.push(match other == at {
                    true => finding.help("remove it"),
                    false => finding
                        .secondary(arch.name_span(other), "declared here")
                        .help("keep one of the two terms, or name the other with `see` if they differ"),
                });
            }
        }
    }
}
