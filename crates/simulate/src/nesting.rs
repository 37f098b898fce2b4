//! The steps of a flow, each inside of the call that it belongs to.
//!
//! Steps may stand flat: a call of somebody who was just called is made before he answers, and one that he makes after he
//! has answered is work that nobody waits for. The same holds in the block of a call: what stands there behind the answer is done
//! afterwards.

use groma_model::{Architecture, ElementId, FlowId, Level, StepId, StepKind};
use std::cell::{Cell, RefCell};

/// A step with what belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// The step.
    pub(crate) at: StepId,
    pub(crate) kind: ActivityKind,
}

#[derive(Clone, Debug)]
pub(crate) enum ActivityKind {
    Call {
        from: ElementId,
        to: ElementId,
        is_async: bool,
        /// What is done until it is answered.
        inside: Vec<Activity>,
        /// What is done when it has been answered.
        afterwards: Vec<Activity>,
    },
    /// What happens perhaps, or several times.
    Block { of: BlockKind, inside: Vec<Activity> },
    /// Branches that are done at the same time, and the step that says how many are enough, if one does.
    Parallel { branches: Vec<Vec<Activity>>, at_step: Option<StepId> },
    /// One of several times that a `repeat` sets something off at once, and how likely it is if those before it are.
    Once { nth: u32, share: f64, inside: Vec<Activity> },
}

/// What a block does with what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BlockKind {
    Chance,
    Miss,
    Repeat,
}

/// What the steps of a flow say.
pub(crate) struct Nested {
    pub(crate) parts: Vec<Activity>,
    /// Whether more calls wait for each other than are looked at.
    pub(crate) is_too_deep: bool,
    /// The answers that answer nothing where they stand, as steps.
    pub(crate) idle_answers: Vec<StepId>,
}

/// The parts of a flow.
pub(crate) fn parts(arch: &Architecture, flow: FlowId) -> Nested {
    let reader = FlowReader { arch, flow, is_too_deep: Cell::new(false), idle_answers: RefCell::default() };
    let parts = reader.activities(StepId::FIRST, arch.flows[flow].steps.end());
    Nested { parts, is_too_deep: reader.is_too_deep.get(), idle_answers: reader.idle_answers.into_inner() }
}

/// Who makes the first call of some parts.
pub(crate) fn first_caller(parts: &[Activity]) -> Option<ElementId> {
    parts.iter().find_map(|part| match &part.kind {
        ActivityKind::Call { from, .. } => Some(*from),
        ActivityKind::Block { inside, .. } | ActivityKind::Once { inside, .. } => first_caller(inside),
        ActivityKind::Parallel { branches, .. } => branches.iter().find_map(|branch| first_caller(branch)),
    })
}

struct FlowReader<'a> {
    arch: &'a Architecture,
    flow: FlowId,
    is_too_deep: Cell<bool>,
    idle_answers: RefCell<Vec<StepId>>,
}

impl FlowReader<'_> {
    /// The parts of the steps from one to before another.
    fn activities(&self, start: StepId, end: StepId) -> Vec<Activity> {
        let mut stack = CallStack::default();
        self.each(start, end, |at, next| self.step(at, next, &mut stack));
        stack.finish()
    }

    /// The parts of the block of a call, done by who was called: those until its answer, and those behind it if the answer is
    /// written there.
    fn body(&self, start: StepId, end: StepId, callee: ElementId) -> (Vec<Activity>, Option<Vec<Activity>>) {
        let mut stack = CallStack { of_call: Some(callee), ..CallStack::default() };
        self.each(start, end, |at, next| self.step(at, next, &mut stack));
        let answered_at = stack.answered_at;
        let mut inside = stack.finish();
        let afterwards = answered_at.map(|at| inside.split_off(at));
        (inside, afterwards)
    }

    /// Lets somebody answer. An answer that nobody waits for there answers nothing.
    fn answer(&self, at: StepId, from: ElementId, stack: &mut CallStack) {
        let is_answered = stack.answer(from);
        if !is_answered && self.arch.element(from).level != Level::Person {
            self.idle_answers.borrow_mut().push(at);
        }
    }

    /// Each step directly between two, with the number of the next beside it.
    fn each(&self, start: StepId, end: StepId, mut act: impl FnMut(StepId, StepId)) {
        let steps = &self.arch.flows[self.flow].steps;
        let mut at = start;
        while at < end {
            let next = steps[at].subtree_end.max(at.next());
            act(at, next);
            at = next;
        }
    }

    fn step(&self, at: StepId, next: StepId, stack: &mut CallStack) {
        let step = self.arch.flows[self.flow].steps[at];
        match step.kind {
            StepKind::Call { from, to } => {
                stack.turn_to(from);
                if self.arch.element(to).level == Level::Person {
                    return;
                }
                if stack.open.len() >= MOST_OPEN {
                    self.is_too_deep.set(true);
                    return;
                }
                let is_async = self.arch.is_async_step(&step);
                let (inside, behind) = self.body(at.next(), next, to);
                let is_answered = behind.is_some();
                let afterwards = behind.unwrap_or_default();
                stack.open(Activity { at, kind: ActivityKind::Call { from, to, is_async, inside, afterwards } }, to);
                if is_answered {
                    stack.answer(to);
                }
            }
            StepKind::Reply { from, .. } => self.answer(at, from, stack),
            StepKind::Unresolved { .. } => {}
            StepKind::Chance => self.block(BlockKind::Chance, at, next, stack),
            StepKind::Miss => self.block(BlockKind::Miss, at, next, stack),
            StepKind::Repeat => self.block(BlockKind::Repeat, at, next, stack),
            StepKind::Parallel => {
                if let Some(caller) = self.first_caller(at, next) {
                    stack.turn_to(caller);
                }
                let kind = ActivityKind::Parallel { branches: self.branches(at, next), at_step: Some(at) };
                stack.add(Activity { at, kind });
            }
        }
    }

    fn block(&self, of: BlockKind, at: StepId, next: StepId, stack: &mut CallStack) {
        if let Some(caller) = self.first_caller(at, next) {
            stack.turn_to(caller);
        }
        stack.add(Activity { at, kind: ActivityKind::Block { of, inside: self.activities(at.next(), next) } });
    }

    /// A block is done by whoever makes its first call.
    fn first_caller(&self, at: StepId, next: StepId) -> Option<ElementId> {
        let steps = &self.arch.flows[self.flow].steps;
        steps.between(at, next).iter().find_map(|step| match step.kind {
            StepKind::Call { from, .. } => Some(from),
            _ => None,
        })
    }

    /// The branches of a parallel block: each step directly inside begins one, but for those of somebody who was just called
    /// in a branch, which go on with that.
    fn branches(&self, at: StepId, end: StepId) -> Vec<Vec<Activity>> {
        let doer = self.first_caller(at, end);
        let mut branches: Vec<CallStack> = Vec::new();
        self.each(at.next(), end, |at, next| {
            let step = self.arch.flows[self.flow].steps[at];
            let (by, is_reply) = match step.kind {
                StepKind::Reply { from, .. } => (Some(from), true),
                _ => (self.first_caller(at, next), false),
            };
            let goes_on = by.filter(|by| is_reply || Some(*by) != doer);
            let own = goes_on.and_then(|by| branches.iter_mut().rev().find(|branch| branch.knows(by)));
            match own {
                Some(branch) => self.step(at, next, branch),
                None if is_reply => self.idle_answers.borrow_mut().push(at),
                None => {
                    let mut branch = CallStack::default();
                    self.step(at, next, &mut branch);
                    branches.push(branch);
                }
            }
        });
        branches.into_iter().map(CallStack::finish).filter(|parts| !parts.is_empty()).collect()
    }
}

/// Parts in a row, the last of them with calls that still wait for their answer.
#[derive(Default)]
struct CallStack {
    done: Vec<Activity>,
    /// The calls that are open, the innermost last.
    open: Vec<OpenCall>,
    /// Where the calls that were answered are, to be found again by who was called.
    answered: Vec<AnsweredCall>,
    /// Who was called, if these are the parts of the block of a call, and how many of them are done before its answer, if that is
    /// among them.
    of_call: Option<ElementId>,
    answered_at: Option<usize>,
}

/// A call that steps are added to.
struct OpenCall {
    callee: ElementId,
    part: Activity,
    /// If it has been answered and its callee works on: its place in the list of its surroundings.
    nth: Option<usize>,
}

/// A call that was answered.
struct AnsweredCall {
    callee: ElementId,
    /// How many calls are open around it.
    depth: usize,
    /// Its place in the list of its surroundings.
    nth: usize,
}

/// So many calls may wait for each other in steps that stand flat.
pub(crate) const MOST_OPEN: usize = 1_000;

impl CallStack {
    fn knows(&self, element: ElementId) -> bool {
        self.open.iter().any(|open| open.callee == element)
            || self.answered.iter().any(|answered| answered.callee == element)
    }

    /// The list that the next part is added to.
    fn list(&mut self) -> &mut Vec<Activity> {
        match self.open.last_mut() {
            Some(OpenCall {
                part: Activity { kind: ActivityKind::Call { inside, afterwards, .. }, .. }, nth, ..
            }) => {
                if nth.is_some() {
                    afterwards
                } else {
                    inside
                }
            }
            _ => &mut self.done,
        }
    }

    fn add(&mut self, part: Activity) {
        self.list().push(part);
    }

    fn open(&mut self, part: Activity, callee: ElementId) {
        self.open.push(OpenCall { callee, part, nth: None });
    }

    /// Ends the innermost open call. Its place in the list of its surroundings.
    fn close(&mut self) -> usize {
        let Some(OpenCall { callee, part, nth }) = self.open.pop() else { return 0 };
        let depth = self.open.len();
        self.answered.retain(|answered| answered.depth <= depth);
        let list = self.list();
        let place = nth.unwrap_or(list.len());
        list.insert(place, part);
        if nth.is_some() {
            self.answered.push(AnsweredCall { callee, depth, nth: place });
        }
        place
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            self.close();
        }
    }

    /// Lets the next step be made by this element: by one that was called, before or after its answer, or else by whoever
    /// does the whole.
    fn turn_to(&mut self, from: ElementId) {
        if let Some(at) = self.open.iter().rposition(|open| open.callee == from) {
            self.close_to(at + 1);
            return;
        }
        let Some(at) = self.answered.iter().rposition(|answered| answered.callee == from) else {
            return self.close_to(0);
        };
        let AnsweredCall { callee, depth, nth } = self.answered.remove(at);
        self.close_to(depth);
        let part = self.list().remove(nth);
        self.open.push(OpenCall { callee, part, nth: Some(nth) });
    }

    /// An element answers the call that it works on. Whether there is one.
    fn answer(&mut self, from: ElementId) -> bool {
        let Some(depth) = self.open.iter().rposition(|open| open.callee == from) else {
            return self.answer_around(from);
        };
        self.close_to(depth + 1);
        let is_first = self.open[depth].nth.is_none();
        let nth = self.close();
        if is_first {
            self.answered.push(AnsweredCall { callee: from, depth, nth });
        }
        true
    }

    /// An element answers the call whose block this is. Whether it is one that was not answered before.
    fn answer_around(&mut self, from: ElementId) -> bool {
        let is_first = self.of_call == Some(from) && self.answered_at.is_none();
        if is_first {
            self.close_to(0);
            self.answered_at = Some(self.done.len());
        }
        is_first
    }

    fn finish(mut self) -> Vec<Activity> {
        self.close_to(0);
        self.done
    }
}
