//! What several rules ask about technologies.

use crate::Context;
use groma_base::Diagnostic;
use groma_model::facts::{Status, technology};
use groma_model::stack::{Known, Ring};
use groma_model::{Architecture, Entity, ItemRef, facts};

/// A finding about the use of a technology with what the radar says of it, and whose radar that is.
pub(super) fn in_ring(cx: &Context<'_>, known: Known, ring: Ring<'_>, mut finding: Diagnostic) -> Diagnostic {
    finding.notes.extend(cx.technologies().text(known, &technology::RATIONALE).map(str::to_owned));
    let Some(at) = known.own else { return finding };
    let said = format!("`{}`: {}", ring.name, ring.means);
    cx.from_kit(at, finding.secondary(cx.arch.name_span(at), said))
}

/// Whether something is yet to be built: it, or what it is part of, is planned.
pub(super) fn is_planned(arch: &Architecture, at: ItemRef) -> bool {
    let says = |at: ItemRef| arch.fact(at, &facts::STATUS).is_some() && arch.choice(at) == Some(Status::Planned);
    match arch.entity(at).and_then(Entity::element) {
        Some(id) => arch.ancestors(id).any(|around| says(arch.element(around).at)),
        None => arch.items_around(at).any(says),
    }
}
