//! What several rules ask about technologies.

use crate::Context;
use groma_model::decode::FactValue;
use groma_model::facts::Status;
use groma_model::stack::{Known, Named};
use groma_model::{Architecture, ElementId, ItemRef, facts};

/// A technology that one of our own elements names.
#[derive(Clone, Copy)]
pub(super) struct Used<'a> {
    pub(super) id: ElementId,
    pub(super) at: ItemRef,
    /// The fact that names it.
    pub(super) fact: &'a FactValue,
    pub(super) named: Named<'a>,
}

/// All technologies that our own elements name, in the order of the text.
pub(super) fn used<'a>(cx: &Context<'a>) -> Vec<Used<'a>> {
    let (arch, technologies) = (cx.arch, cx.technologies());
    let of = |id: ElementId| {
        let at = arch.element(id).at;
        let fact = arch.fact(at, &facts::TECHNOLOGY);
        technologies.of(at).filter_map(move |named| Some(Used { id, at, fact: fact?, named }))
    };
    cx.own_elements().flat_map(of).collect()
}

/// All that are known, each technology once, with all that name it.
pub(super) fn by_technology<'a>(cx: &Context<'a>) -> Vec<(Known, Vec<Used<'a>>)> {
    let mut found: Vec<(Known, Vec<Used<'a>>)> = Vec::new();
    for one in used(cx) {
        let Some(known) = one.named.known else { continue };
        match found.iter_mut().find(|(other, _)| *other == known) {
            Some((_, users)) => users.push(one),
            None => found.push((known, vec![one])),
        }
    }
    found
}

/// Whether an element is yet to be built: it, or what it is part of, is planned.
pub(super) fn is_planned(arch: &Architecture, id: ElementId) -> bool {
    arch.ancestors(id).any(|at| {
        let at = arch.element(at).at;
        arch.fact(at, &facts::STATUS).is_some() && arch.choice(at) == Some(Status::Planned)
    })
}
