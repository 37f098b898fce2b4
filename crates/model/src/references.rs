//! What the names in facts stand for, asked from either side.

use crate::Linked;
use crate::entity::Entity;
use crate::items::{FactValue, ItemRef};
use crate::schema::Fact;
use rustc_hash::FxHashMap;

/// The index of references.
#[derive(Default, Debug)]
pub(crate) struct References {
    /// By the item, and which of the names in its facts it is.
    to: FxHashMap<(ItemRef, u32), Entity>,
    /// The same from the other side: sorted by what is referred to, and then in the order of the text.
    from: Vec<(Entity, ItemRef, &'static Fact)>,
}

impl References {
    /// Notes that a fact of an item names something.
    pub(crate) fn note(&mut self, at: ItemRef, value: &FactValue, entity: Entity) {
        self.to.insert((at, value.number), entity);
        self.from.push((entity, at, value.fact));
    }

    /// Brings it in order once all is noted.
    pub(crate) fn finish(&mut self) {
        self.from.sort_by_key(|(entity, ..)| *entity);
    }
}

impl Linked {
    /// What the name in a fact, or in a part of one, stands for. `None` if the name is unknown, or if it is no name.
    pub fn referred(&self, at: ItemRef, value: &FactValue) -> Option<Entity> {
        if !value.may_name() {
            return None;
        }
        self.references.to.get(&(at, value.number)).copied()
    }

    /// The items that name something in this fact (or in this part of one), in the order of the text; one that does so
    /// twice comes twice.
    pub fn referring(&self, entity: Entity, fact: &'static Fact) -> impl Iterator<Item = ItemRef> + '_ {
        self.all_referring(entity).filter(move |(_, by)| *by == fact).map(|(at, _)| at)
    }

    /// The items that name something in any fact, each with the fact.
    pub fn all_referring(&self, entity: Entity) -> impl Iterator<Item = (ItemRef, &'static Fact)> + '_ {
        let start = self.references.from.partition_point(|(other, ..)| *other < entity);
        let of = self.references.from[start..].iter().take_while(move |(other, ..)| *other == entity);
        of.map(|(_, at, fact)| (*at, *fact))
    }
}
