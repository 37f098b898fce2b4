use super::wrong_query::part;
use crate::{Context, Reach, Rule};
use groma_base::{Severity, Span, now_called};
use groma_model::ItemRef;
use groma_model::items::FactValue;
use groma_model::kinds::class;
use groma_model::query::Query;
use groma_model::schema::{Fact, Type};

pub(super) static RULE: Rule = Rule {
    name: "renamed-fact",
    severity: Severity::Note,
    summary: "a fact of your own by a name that it had before",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("renamed_fact.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let all = arch.own_facts.all().iter().map(|own| own.fact);
    let renamed: Vec<&'static Fact> = all.filter(|fact| !fact.other_names.is_empty()).collect();
    if renamed.is_empty() {
        return;
    }
    for at in arch.item_refs() {
        for given in arch.file(at).facts_of(arch.item(at)) {
            if renamed.contains(&given.fact) {
                let (name, range) = arch.file(at).name_given(given);
                if given.fact.other_names.contains(&name) {
                    by_old_name(cx, arch.span(at, range), name, given.fact);
                }
            }
            if given.fact.ty == Type::Query {
                in_query(cx, at, given);
            }
        }
    }
}

fn in_query(cx: &mut Context<'_>, at: ItemRef, given: &FactValue) {
    let arch = cx.arch;
    // What is wrong with one is told of itself.
    let Ok(query) = Query::parse(arch.words(at, given)) else { return };
    for (range, name, fact) in query.renamed_facts(arch) {
        let Some(range) = part(arch, at, given, range) else { continue };
        by_old_name(cx, arch.span(at, range), &name, fact);
    }
}

fn by_old_name(cx: &mut Context<'_>, span: Span, name: &str, fact: &'static Fact) {
    let arch = cx.arch;
    let (message, help, _) = now_called(name, &[fact.name.to_owned()]);
    let mut finding = cx.finding(span, message).help(help.clone()).fix(help, span, fact.name);
    if let Some(declared) = arch.records_of(&class::OWN_FACT).find(|record| arch.name(record.at) == fact.name) {
        finding = finding.secondary(arch.name_span(declared.at), "declared here");
        if let Some(kit) = arch.kit(declared.at) {
            finding = finding.note(format!("from the kit {}", arch.kit_name(kit)));
        }
    }
    cx.push(finding);
}
