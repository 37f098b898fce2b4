//! What is asked of decisions and requests for comments.

use super::facts::decision::{DECIDES, RFC, SUPERSEDED_BY, SUPERSEDES, Status};
use super::facts::rfc::{ABOUT, LED_TO};
use crate::facets::common::DECISION;
use crate::items::ItemRef;
use crate::schema::Fact;
use crate::{Architecture, ElementId, RelationId};
use groma_records::STILL_TO_BE_SAID;

impl Architecture {
    /// What a decision is about, by either side's word: each declaration once, in the order of the text.
    pub fn decided_by(&self, decision: ItemRef) -> Vec<ItemRef> {
        self.joined(decision, &DECIDES, &DECISION)
    }

    /// The name by which a command that changes records knows one: that of its file where others have its number as well.
    pub fn name_for_commands(&self, record: ItemRef) -> &str {
        let called = self.item(record).called.as_ref().filter(|called| !called.namesakes.is_empty());
        called.and_then(|called| called.also.first()).map_or_else(|| self.name(record), |name| &**name)
    }

    /// The decisions that took the place of one, by either side's word.
    pub fn successors(&self, decision: ItemRef) -> Vec<ItemRef> {
        self.joined(decision, &SUPERSEDED_BY, &SUPERSEDES)
    }

    /// Whether marks in a decision's record say what a person is still to say.
    pub fn is_unfinished(&self, decision: ItemRef) -> bool {
        self.file(decision).problems.iter().any(|problem| problem.message.starts_with(STILL_TO_BE_SAID))
    }

    /// The decisions that are about something, by either side's word.
    pub fn decisions_on(&self, thing: ItemRef) -> Vec<ItemRef> {
        self.joined(thing, &DECISION, &DECIDES)
    }

    /// The relationships that begin or end in an element and that decisions are about, each with these.
    pub fn decisions_on_relations(&self, id: ElementId) -> Vec<(RelationId, Vec<ItemRef>)> {
        self.told_of_relations(id, |at| self.decisions_on(at))
    }

    /// The relationships that begin or end in an element and that requests for comments are about, each with these.
    pub fn rfcs_on_relations(&self, id: ElementId) -> Vec<(RelationId, Vec<ItemRef>)> {
        self.told_of_relations(id, |at| self.discussed_in(at))
    }

    fn told_of_relations(
        &self,
        id: ElementId,
        told: impl Fn(ItemRef) -> Vec<ItemRef>,
    ) -> Vec<(RelationId, Vec<ItemRef>)> {
        let touching = self.relation_ids().filter(|relation| self.ends(*relation).contains(&id));
        let each = touching.map(|relation| (relation, told(self.relation(relation).at)));
        each.filter(|(_, told)| !told.is_empty()).collect()
    }

    /// Whether a decision is accepted, and no accepted one took its place: whoever supersedes one may have forgotten to say so there.
    pub fn is_in_force(&self, decision: ItemRef) -> bool {
        let is_accepted = |at: ItemRef| self.choice::<Status>(at) == Some(Status::Accepted);
        is_accepted(decision) && !self.successors(decision).into_iter().any(is_accepted)
    }

    /// The decisions whose place one took, by either side's word.
    pub fn replaced_by(&self, decision: ItemRef) -> Vec<ItemRef> {
        self.joined(decision, &SUPERSEDES, &SUPERSEDED_BY)
    }

    /// The decisions that a request for comments led to, by either side's word.
    pub fn led_to(&self, rfc: ItemRef) -> Vec<ItemRef> {
        self.joined(rfc, &LED_TO, &RFC)
    }

    /// The requests for comments that a decision came of, by either side's word.
    pub fn came_of(&self, decision: ItemRef) -> Vec<ItemRef> {
        self.joined(decision, &RFC, &LED_TO)
    }

    /// The requests for comments that are about something.
    pub fn discussed_in(&self, thing: ItemRef) -> Vec<ItemRef> {
        self.nameable(thing).into_iter().flat_map(|entity| self.referring(entity, &ABOUT)).collect()
    }

    /// What a request for comments is about.
    pub fn discussed(&self, rfc: ItemRef) -> Vec<ItemRef> {
        let named = self.values_of(rfc, &ABOUT).filter_map(|value| self.referred(rfc, value));
        named.map(|entity| self.declared_at(entity)).collect()
    }

    /// What something names in a fact, and what names it in the fact of the other side.
    fn joined(&self, at: ItemRef, own: &'static Fact, other: &'static Fact) -> Vec<ItemRef> {
        let named = self.values_of(at, own).filter_map(|value| self.referred(at, value));
        let named = named.map(|entity| self.declared_at(entity));
        let naming = self.nameable(at).into_iter().flat_map(|entity| self.referring(entity, other));
        let mut all: Vec<ItemRef> = named.chain(naming).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
