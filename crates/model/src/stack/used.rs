//! Who names technologies.

use super::{Named, Technologies};
use crate::items::FactValue;
use crate::{Architecture, ElementId, Entity, ItemRef, facts};
use groma_base::Span;

/// A technology that something of our own names: an element, a relationship, a host or what else may have one.
#[derive(Clone, Copy, Debug)]
pub struct Used<'a> {
    /// The element that names it; of a relationship, the one of our own that it comes from or leads to.
    pub id: Option<ElementId>,
    /// What names it.
    pub at: ItemRef,
    /// The fact that names it.
    pub fact: &'a FactValue,
    /// As it is named.
    pub named: Named<'a>,
}

impl Used<'_> {
    /// The words that name it.
    pub fn span(&self) -> Span {
        Span::new(self.at.file, self.fact.range)
    }

    /// Whether it is used in an element, or at all: what is no part of any element, such as a host, is used in none of them.
    pub fn is_within(&self, arch: &Architecture, whole: Option<ElementId>) -> bool {
        whole.is_none_or(|whole| self.id.is_some_and(|id| arch.is_within(id, whole)))
    }
}

impl<'a> Technologies<'a> {
    /// All technologies that what is our own names, elements first, each by its path or address, so that the order of the text changes
    /// nothing.
    pub fn used(&self) -> Vec<Used<'a>> {
        let arch = self.arch;
        let of = |(at, id): (ItemRef, Option<ElementId>)| {
            let fact = arch.fact(at, &facts::TECHNOLOGY);
            let named = fact.into_iter().flat_map(move |_| self.of(at));
            named.filter_map(move |named| Some(Used { id, at, fact: fact?, named }))
        };
        let is_own = |id: ElementId| !arch.element(id).external;
        let is_built = |at: &ItemRef| arch.fact(*at, &facts::TECHNOLOGY).is_some();
        let own = arch.element_ids().filter(|id| is_own(*id) && is_built(&arch.element(*id).at));
        let mut elements: Vec<(&str, ElementId)> = own.map(|id| (&*arch.element(id).path, id)).collect();
        elements.sort_unstable();
        let elements = elements.into_iter().map(|(_, id)| (arch.element(id).at, Some(id)));
        let others = arch.item_refs().filter(is_built).filter_map(|at| match (arch.entity(at), arch.relation_at(at)) {
            (Some(Entity::Element(_)), _) => None,
            (_, Some(id)) => {
                let relation = arch.relation(id);
                let own = [relation.from, relation.to].into_iter().find(|end| is_own(*end))?;
                Some((at, Some(own)))
            }
            _ => Some((at, None)),
        });
        let mut others: Vec<(ItemRef, Option<ElementId>)> = others.collect();
        others.sort_by_cached_key(|(at, _)| arch.address_of(*at));
        elements.chain(others).flat_map(of).collect()
    }
}
