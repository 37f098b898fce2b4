//! Flows and their steps, and what is asked of them.

use super::super::structure::ElementId;
use crate::Architecture;
use crate::entity::Entity;
use crate::facts;
use crate::ids::{Idx, Table};
use crate::items::{FactValue, ItemRef};

/// A flow's number.
pub type FlowId = Idx<Flow>;

/// The number of a step in its flow.
pub type StepId = Idx<Step>;

/// What a step of a flow is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum StepKind {
    /// One element calls another.
    Call {
        /// Who calls.
        from: ElementId,
        /// Who is called.
        to: ElementId,
    },
    /// One element answers another.
    Reply {
        /// Who answers.
        from: ElementId,
        /// Who gets the answer.
        to: ElementId,
    },
    /// A call or an answer of which an end is unknown; the unknown name is reported elsewhere.
    Unresolved {
        /// Whether it is an answer.
        is_reply: bool,
    },
    /// What is in it happens only sometimes.
    Chance,
    /// What is in it happens when a cache does not have what is asked for.
    Miss,
    /// What is in it happens several times.
    Repeat,
    /// What is in it happens at the same time.
    Parallel,
}

/// A step of a flow.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Where it was declared.
    pub at: ItemRef,
    /// What it is.
    pub kind: StepKind,
    /// The step it stands in.
    pub parent: Option<StepId>,
    /// The step after the last one in it.
    pub subtree_end: StepId,
}

/// A flow: steps, each before those in it.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Where it was declared.
    pub at: ItemRef,
    /// Its steps.
    pub steps: Table<Step>,
}

impl Flow {
    /// The steps from one to before another, but for those that stand in these.
    pub fn outermost(&self, start: StepId, end: StepId) -> impl Iterator<Item = StepId> + '_ {
        let within = move |at: StepId| (at < end).then_some(at);
        std::iter::successors(within(start), move |at| within(self.steps[*at].subtree_end))
    }

    /// The steps that stand directly in one.
    pub fn inside(&self, at: StepId) -> impl Iterator<Item = StepId> + '_ {
        self.outermost(at.next(), self.steps[at].subtree_end)
    }
}

impl Architecture {
    /// The flows that pass through an element itself, each once.
    pub fn flows_through(&self, id: ElementId) -> impl Iterator<Item = FlowId> + '_ {
        self.steps_of.of(id).iter().copied()
    }

    /// Whether the caller of a step goes on without waiting: as the step says, or else as the relationship that it
    /// uses does, or because the other side is a queue.
    pub fn is_async_step(&self, step: &Step) -> bool {
        let StepKind::Call { from, to } = step.kind else { return false };
        self.flag(step.at, &facts::ASYNC).unwrap_or_else(|| {
            let mut used = self.relations_between(from, to).peekable();
            match used.peek() {
                Some(_) => used.all(|id| self.is_async(id)),
                None => self.is_kind(to, &["queue"]) || self.is_kind(from, &["queue"]),
            }
        })
    }

    /// The flow that a fact names.
    pub fn referred_flow(&self, at: ItemRef, value: &FactValue) -> Option<FlowId> {
        match self.referred(at, value)? {
            Entity::Flow(id) => Some(id),
            _ => None,
        }
    }
}
