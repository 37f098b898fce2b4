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
    let firsts = Firsts::of(cx);
    for id in cx.relations() {
        let relation = arch.relation(id);
        let first = firsts.0[&key(arch, id)];
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

/// What a relationship leads from and to, and its label.
type Key<'a> = (ElementId, ElementId, Option<&'a str>);

fn key(arch: &Architecture, id: RelationId) -> Key<'_> {
    let relation = arch.relation(id);
    (relation.from, relation.to, arch.label(relation.at))
}

/// Of those that say the same the first.
struct Firsts<'a>(FxHashMap<Key<'a>, RelationId>);

impl<'a> Firsts<'a> {
    /// Among all that start where one does that is looked at.
    fn of(cx: &Context<'a>) -> Firsts<'a> {
        let (arch, count) = (cx.arch, cx.relations().count());
        let mut firsts = FxHashMap::with_capacity_and_hasher(count, Default::default());
        let mut known = vec![false; arch.elements.len()];
        for from in cx.relations().map(|id| arch.relation(id).from) {
            if !std::mem::replace(&mut known[from.index()], true) {
                // Those of an element stand in the order of the text.
                arch.outgoing(from).for_each(|id| _ = firsts.entry(key(arch, id)).or_insert(id));
            }
        }
        Firsts(firsts)
    }
}
