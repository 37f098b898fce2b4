use crate::{Context, Reach, Rule};
use groma_base::{Severity, list_words};
use groma_model::{Architecture, RelationId};

pub(super) static RULE: Rule = Rule {
    name: "ambiguous-relationship",
    severity: Severity::Warning,
    summary: "a step that may use several relationships which differ",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("ambiguous_relationship.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for step in arch.flows.iter().flat_map(|flow| &flow.steps) {
        let Some(used) = arch.relation_of_step(step).filter(|used| !used.may_be.is_empty()) else { continue };
        let (ends, count) = (arch.relation_ends(used.id), used.may_be.len());
        let facts = list_words(used.differ_in.iter().map(|fact| fact.name), "and");
        let texts = texts(arch, &used.may_be);
        let (which, help) = match texts[..] {
            [_] => {
                (" and the same text", "give each a text of its own, and this step that of the one it uses".to_owned())
            }
            _ => {
                let texts = list_words(texts.iter().copied().filter(|text| !text.is_empty()), "or");
                ("", format!("say which this step uses: give it the text of that, {texts}"))
            }
        };
        let mut finding = cx.at(step.at, format!("`{ends}` is written {count} times with different {facts}{which}"));
        for id in &used.may_be {
            let label = if *id == used.id { "forecasts take this one" } else { "another one" };
            finding = finding.secondary(cx.relation_span(*id), label);
        }
        cx.push(finding.help(help));
    }
}

/// The texts of some relationships, each once.
fn texts<'a>(arch: &'a Architecture, relations: &[RelationId]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for text in relations.iter().map(|id| arch.label(arch.relation(*id).at).unwrap_or_default().trim()) {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
