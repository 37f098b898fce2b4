//! What the `include` and `exclude` of a view pick.

use crate::spec::Spec;
use groma_model::query::{Picked, Query};
use groma_model::{Architecture, ElementId, RelationId};

/// What a view is limited to, and what it leaves out.
#[derive(Default)]
pub(super) struct Picks {
    pub(super) include: Picked,
    pub(super) exclude: Picked,
}

impl Picks {
    /// What the queries of a view pick.
    ///
    /// # Errors
    /// If one cannot be asked, or if all of `include` select nothing.
    pub(super) fn of(arch: &Architecture, spec: &Spec) -> Result<Picks, String> {
        let all = |queries: &[Query]| {
            let mut all = Picked::default();
            for query in queries {
                all.extend(query.picked(arch, spec.show.sort().picks()).map_err(|error| error.message)?);
            }
            Ok::<Picked, String>(all)
        };
        let picks = Picks { include: all(&spec.include)?, exclude: all(&spec.exclude)? };
        if !spec.include.is_empty() && picks.include.is_empty() {
            return Err("the view shows nothing".into());
        }
        Ok(picks)
    }

    /// Whether the picture of something else than the structure shows an element that takes part in it.
    pub(super) fn element(&self, id: ElementId) -> bool {
        has(&self.include.elements, &self.exclude.elements, id)
    }

    /// Whether a relationship is shown if its ends are.
    pub(super) fn relation(&self, id: RelationId) -> bool {
        has(&self.include.relations, &self.exclude.relations, id)
    }
}

/// Whether something is shown where only some are, if any, and others are left out.
pub(super) fn has<T: PartialEq>(only: &[T], without: &[T], one: T) -> bool {
    (only.is_empty() || only.contains(&one)) && !without.contains(&one)
}
