//! Where calls from outside come in.

use crate::Context;
use groma_model::schema::Fact;
use groma_model::{ElementId, Level, facts};

/// Our own services, gateways and functions that people or external systems call, or that are `public`.
pub(super) fn entries(cx: &Context<'_>) -> Vec<ElementId> {
    let arch = cx.arch;
    let is_outside = |id: ElementId| {
        arch.element(id).external
            || arch.element(id).level == Level::Person
            || arch.is_kind(id, &["web", "mobile", "desktop", "cdn"])
    };
    cx.own_containers(&["service", "gateway", "function"])
        .filter(|id| match arch.flag(arch.element(*id).at, &facts::PUBLIC) {
            Some(answer) => answer,
            None => arch.incoming(*id).any(|relation| is_outside(arch.relation(relation).from)),
        })
        .collect()
}

/// Whether a fact is given for an element, for what it is part of, or for every relationship from outside to it.
pub(super) fn fact_around(cx: &Context<'_>, id: ElementId, fact: &'static Fact) -> bool {
    let arch = cx.arch;
    if arch.ancestors(id).any(|at| arch.fact(arch.element(at).at, fact).is_some()) {
        return true;
    }
    let mut incoming = arch.incoming(id).peekable();
    incoming.peek().is_some() && incoming.all(|relation| arch.fact(arch.relation(relation).at, fact).is_some())
}
