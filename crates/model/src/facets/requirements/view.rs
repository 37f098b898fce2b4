//! What is asked of requirements and qualities.

use super::facts::{quality, requirement as asked};
use crate::Architecture;
use crate::entity::Entity;
use crate::facets::common::REALIZES;
use crate::facets::flows::FlowId;
use crate::facets::loads::facts::failure;
use crate::facets::structure::ElementId;
use crate::items::ItemRef;

impl Architecture {
    /// The elements and flows that meet a requirement or quality, by either side's word; each once.
    pub fn realizers(&self, requirement: ItemRef) -> Vec<Entity> {
        let named =
            self.values_of(requirement, &asked::REALIZED_BY).filter_map(|value| self.referred(requirement, value));
        let own = self.entity(requirement).into_iter();
        let naming = own.flat_map(|own| self.referring(own, &REALIZES)).filter_map(|at| self.entity(at));
        let mut all: Vec<Entity> = named.chain(naming).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The elements among those that meet a requirement or quality.
    pub fn realized_by(&self, requirement: ItemRef) -> Vec<ElementId> {
        let elements = self.realizers(requirement).into_iter();
        elements.filter_map(|entity| if let Entity::Element(id) = entity { Some(id) } else { None }).collect()
    }

    /// The flows among them.
    pub fn realized_by_flows(&self, requirement: ItemRef) -> Vec<FlowId> {
        let flows = self.realizers(requirement).into_iter();
        flows.filter_map(|entity| if let Entity::Flow(id) = entity { Some(id) } else { None }).collect()
    }

    /// Whether anything meets it.
    pub fn is_realized(&self, requirement: ItemRef) -> bool {
        let mut named = self.values_of(requirement, &asked::REALIZED_BY);
        named.any(|value| self.referred(requirement, value).is_some())
            || self.entity(requirement).is_some_and(|own| self.referring(own, &REALIZES).next().is_some())
    }

    /// Whether anything judges a failure: a quality that names it, or what it says itself that is expected then.
    pub fn is_judged(&self, failure: ItemRef) -> bool {
        let is_named = |own: Entity| self.referring(own, &quality::FAILURE).next().is_some();
        self.fact(failure, &failure::EXPECT).is_some() || self.entity(failure).is_some_and(is_named)
    }

    /// The elements and flows that the requirements of a quality are measured on.
    pub fn measured_on(&self, quality: ItemRef) -> (Vec<ElementId>, Vec<FlowId>) {
        let required = || self.values_of(quality, &quality::REQUIRE);
        let parts = || required().flat_map(|value| self.file(quality).parts_of(value));
        let elements = parts().filter_map(|part| self.referred_element(quality, part)).collect();
        let flows = parts().filter_map(|part| self.referred_flow(quality, part)).collect();
        (elements, flows)
    }
}
