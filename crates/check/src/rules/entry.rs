//! Where calls from outside come in.

use crate::Context;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, Level, RelationId, facts};

/// Our own services, gateways and functions that people or external systems call, or that are `public`.
pub(super) fn entries(cx: &Context<'_>) -> Vec<ElementId> {
    let arch = cx.arch;
    cx.own_containers(&["service", "gateway", "function"])
        .filter(|id| match arch.flag(arch.element(*id).at, &facts::PUBLIC) {
            Some(answer) => answer,
            None => calls_from_outside(arch, *id).next().is_some(),
        })
        .collect()
}

/// The relationships to an element or its parts from people, external systems and what runs in a user's hands.
fn calls_from_outside(arch: &Architecture, id: ElementId) -> impl Iterator<Item = RelationId> {
    let parts = arch.children(id).flat_map(|child| std::iter::once(child).chain(arch.children(child)));
    let incoming = std::iter::once(id).chain(parts).flat_map(|part| arch.incoming(part));
    incoming.filter(|relation| {
        let from = arch.relation(*relation).from;
        let caller = arch.element(from);
        caller.external || caller.level == Level::Person || arch.is_kind(from, &["web", "mobile", "desktop", "cdn"])
    })
}

/// Whether a fact is given for an element, for what it is part of, or for every relationship from outside to it.
pub(super) fn fact_around(cx: &Context<'_>, id: ElementId, fact: &'static Fact) -> bool {
    let arch = cx.arch;
    if arch.ancestors(id).any(|at| arch.fact(arch.element(at).at, fact).is_some()) {
        return true;
    }
    let mut calls = calls_from_outside(arch, id).peekable();
    calls.peek().is_some() && calls.all(|relation| arch.fact(arch.relation(relation).at, fact).is_some())
}
