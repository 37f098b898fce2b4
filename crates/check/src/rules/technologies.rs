//! What several rules ask about technologies.

use groma_model::facts::Status;
use groma_model::{Architecture, Entity, ItemRef, facts};

/// Whether something is yet to be built: it, or what it is part of, is planned.
pub(super) fn is_planned(arch: &Architecture, at: ItemRef) -> bool {
    let says = |at: ItemRef| arch.fact(at, &facts::STATUS).is_some() && arch.choice(at) == Some(Status::Planned);
    match arch.entity(at) {
        Some(Entity::Element(id)) => arch.ancestors(id).any(|around| says(arch.element(around).at)),
        _ => arch.items_around(at).any(says),
    }
}
