//! What the `include` and `exclude` of a view pick.

use groma_model::query::Picked;
use groma_model::{ElementId, RelationId};

/// What a view is limited to, and what it leaves out.
pub(super) struct Picks {
    pub(super) include: Picked,
    pub(super) exclude: Picked,
    /// Whether it is limited at all.
    pub(super) is_limited: bool,
}

impl Picks {
    /// What the queries of a view pick together. `None` if it is limited to nothing.
    pub(super) fn new(include: &[Picked], exclude: &[Picked]) -> Option<Picks> {
        let all = |each: &[Picked]| {
            let mut all = Picked::default();
            each.iter().for_each(|picked| all.extend(picked.clone()));
            all
        };
        let picks = Picks { include: all(include), exclude: all(exclude), is_limited: !include.is_empty() };
        (!picks.is_limited || !picks.include.is_empty()).then_some(picks)
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
