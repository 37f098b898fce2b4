use crate::{Context, Reach, Rule};
use groma_base::{Severity, Span};
use groma_model::{Architecture, ElementId, ItemRef, RelationId};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "repeated-relationship",
    severity: Severity::Warning,
    summary: "the same relationship twice",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("repeated_relationship.md"),
};

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    let mut firsts: FxHashMap<ElementId, Firsts<'_>> = FxHashMap::default();
    for id in cx.relations() {
        let relation = arch.relation(id);
        let firsts = firsts.entry(relation.from).or_insert_with(|| first_of_each(arch, relation.from));
        let first = firsts[&(relation.to, arch.label(relation.at))];
        if first == id {
            continue;
        }
        let finding = cx.at(relation.at, "this relationship is declared twice");
        let mut finding = finding.secondary(cx.relation_span(first), "first declared here");
        let whole = |at: ItemRef| Span::new(at.file, arch.item(at).range);
        let said = |at: ItemRef| whole(at).range.of(&arch.file(at).text);
        if relation.at.file == arch.relation(first).at.file && said(relation.at) == said(arch.relation(first).at) {
            finding.add_removal(whole(relation.at));
        } else {
            finding = finding
                .help("remove one, or label each with what it is for: two reasons to call are two relationships");
        }
        cx.push(finding);
    }
}

/// The first relationship to an element with a label.
type Firsts<'a> = FxHashMap<(ElementId, Option<&'a str>), RelationId>;

/// Those that start at an element.
fn first_of_each(arch: &Architecture, from: ElementId) -> Firsts<'_> {
    let mut firsts = Firsts::default();
    // Those of an element stand in the order of the text.
    for id in arch.outgoing(from) {
        let relation = arch.relation(id);
        firsts.entry((relation.to, arch.label(relation.at))).or_insert(id);
    }
    firsts
}
