//! Where calls from outside come in.

use crate::Context;
use groma_model::schema::Fact;
use groma_model::{Container, ElementId};

/// Our own services, gateways and functions that people or external systems call, or that are `public`.
pub(super) fn entries(cx: &Context<'_>) -> Vec<ElementId> {
    let arch = cx.arch;
    cx.own_containers(Container::is_entry).filter(|id| arch.is_public(*id)).collect()
}

/// Whether a fact is given for an element, for what it is part of, or for every relationship from outside to it.
pub(super) fn fact_around(cx: &Context<'_>, id: ElementId, fact: &'static Fact) -> bool {
    let arch = cx.arch;
    if arch.ancestors(id).any(|at| arch.fact(arch.element(at).at, fact).is_some()) {
        return true;
    }
    let mut calls = arch.calls_from_outside(id).peekable();
    calls.peek().is_some() && calls.all(|relation| arch.fact(arch.relation(relation).at, fact).is_some())
}
