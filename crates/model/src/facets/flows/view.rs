//! Flows and their steps, and what is asked of them.

use super::super::structure::{ElementId, RelationId, UsedRelation};
use crate::Architecture;
use crate::entity::Entity;
use crate::facts;
use crate::ids::{Idx, Table};
use crate::items::{FactValue, ItemRef};
use rustc_hash::FxHashMap;

/// A flow's number.
pub type FlowId = Idx<Flow>;

/// The number of a step in its flow.
pub type StepId = Idx<Step>;

/// What calls along a relationship do.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Access {
    /// Some only read.
    pub reads: bool,
    /// Some may write.
    pub writes: bool,
}

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
    /// One element gives another a part of its answer, and the other goes on waiting for the rest.
    Part {
        /// Who answers.
        from: ElementId,
        /// Who gets the part.
        to: ElementId,
    },
    /// A call or an answer of which an end is unknown; the unknown name is reported elsewhere.
    Unresolved {
        /// Whether it is an answer.
        is_reply: bool,
        /// Who calls or answers, if that is known.
        from: Option<ElementId>,
        /// Whom, if that is known.
        to: Option<ElementId>,
    },
    /// What is in it happens only sometimes.
    Chance,
    /// What is in it happens when a cache does not have what is asked for.
    Miss,
    /// What is in it happens several times.
    Repeat,
    /// What is in it happens at the same time.
    Parallel,
    /// One of the courses in it is taken: cases and the rest.
    Either,
    /// A course of an [`Either`](StepKind::Either).
    Case,
    /// The course that is taken when no case is.
    Otherwise,
    /// What is in it happens only sometimes, and then instead of what follows in the same block.
    Break,
    /// What is in it has a title.
    Section,
    /// A remark.
    Note,
}

impl StepKind {
    /// Who calls, and whom; `None` of anything else.
    pub fn called(self) -> Option<(ElementId, ElementId)> {
        if let StepKind::Call { from, to } = self { Some((from, to)) } else { None }
    }

    /// Who calls or answers, and whom; `None` of anything else.
    pub fn ends(self) -> Option<(ElementId, ElementId)> {
        match self {
            StepKind::Call { from, to } | StepKind::Reply { from, to } | StepKind::Part { from, to } => {
                Some((from, to))
            }
            StepKind::Unresolved { .. }
            | StepKind::Chance
            | StepKind::Miss
            | StepKind::Repeat
            | StepKind::Parallel
            | StepKind::Either
            | StepKind::Case
            | StepKind::Otherwise
            | StepKind::Break
            | StepKind::Section
            | StepKind::Note => None,
        }
    }
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

    /// Who makes the first call. Where that is no person, nobody waits from outside: the flow lasts until its work is done.
    pub fn first_caller(&self) -> Option<ElementId> {
        self.steps.iter().find_map(|step| step.kind.called()).map(|(from, _)| from)
    }

    /// The branches of a `parallel`: each step directly in it begins one, but for an answer and for a call of somebody who was
    /// called in a branch, which belong to that, and for a remark, which belongs to the branch before it or else to the next.
    pub fn branches(&self, at: StepId) -> Vec<Vec<StepId>> {
        #[derive(Default)]
        struct Branch {
            steps: Vec<StepId>,
            called: Vec<ElementId>,
            has_only_notes: bool,
        }
        let first_call =
            |at: StepId| self.steps.between(at, self.steps[at].subtree_end).iter().find_map(|step| step.kind.called());
        let doer = first_call(at).map(|(from, _)| from);
        let mut found: Vec<Branch> = Vec::new();
        for step in self.inside(at) {
            let call = first_call(step);
            let by = match self.steps[step].kind {
                StepKind::Reply { from, .. } | StepKind::Part { from, .. } => Some(from),
                StepKind::Call { .. }
                | StepKind::Unresolved { .. }
                | StepKind::Chance
                | StepKind::Miss
                | StepKind::Repeat
                | StepKind::Parallel
                | StepKind::Either
                | StepKind::Case
                | StepKind::Otherwise
                | StepKind::Break
                | StepKind::Section
                | StepKind::Note => call.map(|(from, _)| from).filter(|from| Some(*from) != doer),
            };
            let is_note = self.steps[step].kind == StepKind::Note;
            let own = by.and_then(|by| found.iter().rposition(|branch| branch.called.contains(&by)));
            let last = found.len().checked_sub(1).filter(|last| is_note || found[*last].has_only_notes);
            let own = own.or(last).unwrap_or_else(|| {
                found.push(Branch { has_only_notes: is_note, ..Branch::default() });
                found.len() - 1
            });
            let branch = &mut found[own];
            branch.has_only_notes &= is_note;
            branch.steps.push(step);
            branch.called.extend(call.map(|(_, to)| to));
        }
        found.into_iter().map(|branch| branch.steps).collect()
    }

    /// Whether the call is answered in its block whatever happens: there, or in each course of a choice.
    pub fn is_answered(&self, call: StepId) -> bool {
        let StepKind::Call { from: caller, to: callee } = self.steps[call].kind else { return false };
        self.answers_in(call, StepKind::Reply { from: callee, to: caller })
    }

    /// The last of steps that stand one after the other which is part of what the call that is the `nth` of them sets off: its
    /// answer, or else what the called does before the caller goes on. As an index into the steps.
    pub fn last_of_call(&self, steps: &[StepId], nth: usize) -> usize {
        let call = steps[nth];
        let StepKind::Call { from: caller, to: callee } = self.steps[call].kind else { return nth };
        let mut last = nth;
        // Where a call has a block, all that it sets off stands there.
        if caller == callee || self.steps[call].subtree_end != call.next() {
            return last;
        }
        for (at, step) in steps.iter().enumerate().skip(nth + 1) {
            let inside = self.steps.between(*step, self.steps[*step].subtree_end).iter();
            let mut acts = inside.filter_map(|step| step.kind.ends());
            let concerns = |id: &ElementId| *id == caller || *id == callee;
            let Some((from, to)) = acts.find(|(from, to)| concerns(from) || concerns(to)) else { continue };
            if self.steps[*step].kind == (StepKind::Reply { from: callee, to: caller }) {
                return at;
            }
            if from == caller {
                return last;
            }
            // What answers in a block need not happen: it may go on behind it.
            if from == callee || to == callee {
                last = at;
            }
        }
        last
    }

    /// The last of steps that stand one after the other in which the called of the call that is the `nth` of them is at work: where it
    /// goes on behind its answer, the last of what it does then.
    pub fn at_work_until(&self, steps: &[StepId], nth: usize) -> usize {
        let last = self.last_of_call(steps, nth);
        let StepKind::Call { from: caller, to: callee } = self.steps[steps[nth]].kind else { return last };
        if self.steps[steps[last]].kind != (StepKind::Reply { from: callee, to: caller }) {
            return last;
        }
        let mut until = last;
        for (at, step) in steps.iter().enumerate().skip(last + 1) {
            let StepKind::Call { from, to } = self.steps[*step].kind else { continue };
            if to == callee {
                break;
            }
            if from == callee {
                until = self.last_of_call(steps, at);
            }
        }
        until
    }

    fn answers_in(&self, at: StepId, answer: StepKind) -> bool {
        self.inside(at).any(|step| match self.steps[step].kind {
            StepKind::Section => self.answers_in(step, answer),
            StepKind::Either => {
                let mut courses = self.inside(step).peekable();
                let is_whole = self.inside(step).any(|course| self.steps[course].kind == StepKind::Otherwise);
                is_whole && courses.peek().is_some() && courses.all(|course| self.answers_in(course, answer))
            }
            kind => kind == answer,
        })
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

    /// The relationship that a step uses; of several the one with its text.
    pub fn relation_of_step(&self, step: &Step) -> Option<UsedRelation> {
        let (from, to) = step.kind.called()?;
        self.used_relation(from, to, self.label(step.at))
    }

    /// The step of a flow that is declared there.
    pub fn step_at(&self, at: ItemRef) -> Option<(FlowId, StepId)> {
        let Entity::Flow(flow) = self.items_around(at).find_map(|around| self.entity(around))? else { return None };
        let step = self.flows[flow].steps.binary_search_by_key(&at, |step| step.at).ok()?;
        Some((flow, StepId::new(step as u32)))
    }

    /// Whether the caller of a step goes on without waiting, if that is said: by the step, or else by the relationship that it uses.
    pub fn is_said_async(&self, step: &Step) -> Option<bool> {
        self.flag(step.at, &facts::ASYNC).or_else(|| self.is_relation_said_async(step))
    }

    fn is_relation_said_async(&self, step: &Step) -> Option<bool> {
        let used = self.relation_of_step(step)?;
        self.flag(self.relation(used.id).at, &facts::ASYNC)
    }

    /// Whether the caller of a step goes on without waiting: as is said, or else because the other side is a queue.
    pub fn is_async_step(&self, step: &Step) -> bool {
        let StepKind::Call { from, to } = step.kind else { return false };
        self.is_said_async(step).unwrap_or_else(|| self.is_with_queue(from, to))
    }

    /// Whether a relationship or a call does not wait for an answer where it does not say so itself.
    pub(crate) fn is_async_anyway(&self, at: ItemRef) -> Option<bool> {
        if let Some(id) = self.relation_at(at) {
            let relation = self.relation(id);
            return Some(self.is_with_queue(relation.from, relation.to));
        }
        let (flow, step) = self.step_at(at)?;
        let step = &self.flows[flow].steps[step];
        let StepKind::Call { from, to } = step.kind else { return None };
        Some(self.is_relation_said_async(step).unwrap_or_else(|| self.is_with_queue(from, to)))
    }

    /// Whether a step only reads, so that read replicas answer it where there are any.
    pub fn only_reads(&self, step: &Step) -> bool {
        self.is(step.at, &facts::step::READ)
    }

    /// What the calls of flows that use each relationship do; those that none uses have no row.
    pub fn accesses(&self) -> FxHashMap<RelationId, Access> {
        self.accesses_of(|_| true)
    }

    /// The same of some of their steps.
    pub fn accesses_of(&self, which: impl Fn(&Step) -> bool) -> FxHashMap<RelationId, Access> {
        let mut found: FxHashMap<RelationId, Access> = FxHashMap::default();
        for step in self.flows.iter().flat_map(|flow| &flow.steps).filter(|step| which(step)) {
            if let (StepKind::Call { .. }, Some(used)) = (step.kind, self.relation_of_step(step)) {
                let access = found.entry(used.id).or_default();
                match self.only_reads(step) {
                    true => access.reads = true,
                    false => access.writes = true,
                }
            }
        }
        found
    }

    /// The flow that a fact names.
    pub fn referred_flow(&self, at: ItemRef, value: &FactValue) -> Option<FlowId> {
        self.referred(at, value).and_then(Entity::flow)
    }
}
