use crate::{Context, Reach, Rule};
use groma_base::{Diagnostic, Range, Severity};
use groma_model::facets::class;
use groma_model::items::FactValue;
use groma_model::{Architecture, ElementId, Entity, ItemRef};

pub(super) static RULE: Rule = Rule {
    name: "captured-path",
    severity: Severity::Note,
    summary: "a path that resolves to something nearer than the element with that full path",
    check: Some(check),
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("captured_path.md"),
};

fn check(cx: &mut Context<'_>) {
    let relations = cx.relations().map(|id| cx.arch.relation(id)).map(|one| (one.at, one.from, one.to));
    let mut arrows: Vec<(ItemRef, ElementId, ElementId)> = relations.collect();
    for flow in cx.flows() {
        arrows.extend(flow.steps.iter().filter_map(|step| step.kind.ends().map(|(from, to)| (step.at, from, to))));
    }
    let ends = arrows.into_iter().flat_map(|(at, from, to)| {
        let item = cx.arch.item(at);
        [(at, item.name, from), (at, item.target, to)]
    });
    let mut in_facts = Vec::new();
    for at in cx.arch.item_refs() {
        let file = cx.arch.file(at);
        named_in(cx.arch, at, file.facts_of(cx.arch.item(at)), &mut in_facts);
    }
    let all = ends.chain(in_facts);
    let found: Vec<Diagnostic> = all.filter_map(|(at, range, meant)| captured(cx, at, range, meant)).collect();
    found.into_iter().for_each(|finding| cx.push(finding));
}

/// The elements that facts of an item name, and parts of these, each with where.
fn named_in(arch: &Architecture, at: ItemRef, values: &[FactValue], found: &mut Vec<(ItemRef, Range, ElementId)>) {
    for value in values {
        if let Some(Entity::Element(meant)) = arch.referred(at, value) {
            found.push((at, value.range, meant));
        }
        named_in(arch, at, arch.file(at).parts_of(value), found);
    }
}

/// A finding if a path means this element, and another one has it as its whole path.
fn captured(cx: &Context<'_>, at: ItemRef, range: Range, meant: ElementId) -> Option<Diagnostic> {
    let path = range.of(&cx.arch.file(at).text).trim_matches('"');
    if !path.contains('.') || path.starts_with('.') || path == &*cx.arch.element(meant).path {
        return None;
    }
    // Almost no path is that of another element as well, which is quickly seen.
    let bare = path.rsplit(':').next().unwrap_or(path);
    cx.arch.element_by_path(bare).filter(|whole| *whole != meant)?;
    let Ok(Entity::Element(whole)) = cx.arch.resolve(None, path, class::ELEMENTS) else { return None };
    let (near, span) = (&cx.arch.element(meant).path, cx.arch.span(at, range));
    (whole != meant).then(|| {
        let finding = cx.finding(span, format!("`{path}` means `{near}` here, not the {}", cx.named(whole)));
        finding.regarding(path).help(format!(
            "write `{near}` if that is meant; `.{path}` is the path from the top, whatever stands around it"
        ))
    })
}
