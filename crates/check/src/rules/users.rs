//! Who uses an element by way of its parts.

use groma_model::{Architecture, ElementId};
use rustc_hash::{FxHashMap, FxHashSet};

/// For each element that was asked about: those a part of which has a relationship to it.
#[derive(Default)]
pub(super) struct Wholes(FxHashMap<ElementId, FxHashSet<ElementId>>);

impl Wholes {
    /// Whether a part of `whole` has a relationship to `used`.
    pub(super) fn part_uses(&mut self, arch: &Architecture, whole: ElementId, used: ElementId) -> bool {
        self.0.entry(used).or_insert_with(|| wholes(arch, used)).contains(&whole)
    }
}

fn wholes(arch: &Architecture, used: ElementId) -> FxHashSet<ElementId> {
    let mut found = FxHashSet::default();
    for relation in arch.incoming(used) {
        // What is around one that was found before was found with it.
        let mut around = arch.ancestors(arch.relation(relation).from).skip(1);
        while around.next().is_some_and(|whole| found.insert(whole)) {}
    }
    found
}
