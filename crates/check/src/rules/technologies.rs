//! What several rules ask about technologies.

use groma_model::facts::Status;
use groma_model::{Architecture, ElementId, facts};

/// Whether an element is yet to be built: it, or what it is part of, is planned.
pub(super) fn is_planned(arch: &Architecture, id: ElementId) -> bool {
    arch.ancestors(id).any(|at| {
        let at = arch.element(at).at;
        arch.fact(at, &facts::STATUS).is_some() && arch.choice(at) == Some(Status::Planned)
    })
}
