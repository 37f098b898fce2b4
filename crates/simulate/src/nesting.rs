//! The steps of a flow, each inside of the call that it belongs to.
//!
//! Steps may stand flat: a call of somebody who was just called is made before he answers, and one that he makes after he
//! has answered is work that nobody waits for. The same holds in the block of a call: what stands there behind the answer is done
//! afterwards.

use groma_model::{Architecture, ElementId, Flow, FlowId, Level, Step, StepId, StepKind};
use std::cell::{Cell, RefCell};

/// A step with what belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// The number of the step.
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
    /// Courses of which one is taken.
    Either { courses: Vec<Course> },
    /// The call is answered in whose block it stands, and this is done afterwards.
    Answer { afterwards: Vec<Activity> },
    /// Branches that are done at the same time, and the step that says how many are enough, if one does.
    Parallel { branches: Vec<Vec<Activity>>, at_step: Option<StepId> },
    /// One of several times that a `repeat` sets something off at once, and how likely it is if those before it are.
    Once { nth: u32, share: f64, inside: Vec<Activity> },
}

/// A course of a choice.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) share: Share,
    pub(crate) inside: Vec<Activity>,
}

/// How often a course is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Share {
    /// As this step says.
    Said(StepId),
    /// As often as the other courses are not.
    Rest,
}

/// What a block does with what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BlockKind {
    Chance,
    /// What follows in the same surroundings is left out if it happens.
    Break,
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
    let reader =
        FlowReader { arch, flow: &arch.flows[flow], is_too_deep: Cell::new(false), idle_answers: RefCell::default() };
    let parts = reader.course(StepId::FIRST, arch.flows[flow].steps.end(), None);
    Nested { parts, is_too_deep: reader.is_too_deep.get(), idle_answers: reader.idle_answers.into_inner() }
}

/// Who makes the first call of some parts.
pub(crate) fn first_caller(parts: &[Activity]) -> Option<ElementId> {
    parts.iter().find_map(|part| match &part.kind {
        ActivityKind::Call { from, .. } => Some(*from),
        ActivityKind::Block { inside, .. } | ActivityKind::Once { inside, .. } => first_caller(inside),
        ActivityKind::Parallel { branches, .. } => branches.iter().find_map(|branch| first_caller(branch)),
        ActivityKind::Either { courses } => courses.iter().find_map(|course| first_caller(&course.inside)),
        ActivityKind::Answer { afterwards } => first_caller(afterwards),
    })
}

struct FlowReader<'a> {
    arch: &'a Architecture,
    flow: &'a Flow,
    is_too_deep: Cell<bool>,
    idle_answers: RefCell<Vec<StepId>>,
}

impl FlowReader<'_> {
    /// The parts of the steps from one to before another, in which the call of `callee` may be answered.
    fn course(&self, start: StepId, end: StepId, callee: Option<ElementId>) -> Vec<Activity> {
        let mut stack = CallStack { callee, ..CallStack::default() };
        self.steps(start, end, &mut stack);
        stack.finish()
    }

    /// The parts of the block of a call, done by who was called: those until its answer, and those behind it if the answer is
    /// written there.
    fn body(&self, start: StepId, end: StepId, callee: ElementId) -> (Vec<Activity>, Option<Vec<Activity>>) {
        let mut stack = CallStack { callee: Some(callee), is_body: true, ..CallStack::default() };
        self.steps(start, end, &mut stack);
        let answered_at = stack.answered_at;
        let mut inside = stack.finish();
        let afterwards = answered_at.map(|at| inside.split_off(at));
        (inside, afterwards)
    }

    fn steps(&self, start: StepId, end: StepId, stack: &mut CallStack) {
        self.flow.outermost(start, end).for_each(|at| self.step(at, stack));
    }

    /// Lets somebody answer. An answer that nobody waits for there answers nothing.
    fn answer(&self, at: StepId, from: ElementId, stack: &mut CallStack) {
        let is_answered = stack.answer(from, at);
        if !is_answered && self.arch.element(from).level != Level::Person {
            self.idle_answers.borrow_mut().push(at);
        }
    }

    fn step(&self, at: StepId, stack: &mut CallStack) {
        let step = self.flow.steps[at];
        let (inside, end) = (at.next(), step.subtree_end);
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
                let (inside, behind) = self.body(inside, end, to);
                let is_answered = behind.is_some();
                let afterwards = behind.unwrap_or_default();
                stack.open(Activity { at, kind: ActivityKind::Call { from, to, is_async, inside, afterwards } }, to);
                if is_answered {
                    stack.answer(to, at);
                }
            }
            StepKind::Reply { from, .. } => self.answer(at, from, stack),
            StepKind::Chance => self.block(BlockKind::Chance, at, stack),
            StepKind::Break => self.block(BlockKind::Break, at, stack),
            StepKind::Miss => self.block(BlockKind::Miss, at, stack),
            StepKind::Repeat => self.block(BlockKind::Repeat, at, stack),
            StepKind::Either => {
                self.turn_to_doer(at, stack);
                let (callee, flow) = (stack.waiting(), self.flow);
                let course = |course: StepId| {
                    let Step { kind, subtree_end, .. } = flow.steps[course];
                    let share = if kind == StepKind::Otherwise { Share::Rest } else { Share::Said(course) };
                    Course { share, inside: self.course(course.next(), subtree_end, callee) }
                };
                stack.add(Activity {
                    at,
                    kind: ActivityKind::Either { courses: flow.inside(at).map(course).collect() },
                });
            }
            StepKind::Parallel => {
                self.turn_to_doer(at, stack);
                let kind = ActivityKind::Parallel { branches: self.branches(at), at_step: Some(at) };
                stack.add(Activity { at, kind });
            }
            StepKind::Section => self.steps(inside, end, stack),
            // The cases of an `either` are read with it.
            StepKind::Case | StepKind::Otherwise | StepKind::Unresolved { .. } | StepKind::Note => {}
        }
    }

    /// A block, in which the call may be answered unless it may happen several times, or be left out by a cache.
    fn block(&self, of: BlockKind, at: StepId, stack: &mut CallStack) {
        self.turn_to_doer(at, stack);
        let callee = match of {
            BlockKind::Chance | BlockKind::Break => stack.waiting(),
            BlockKind::Miss | BlockKind::Repeat => None,
        };
        let inside = self.course(at.next(), self.flow.steps[at].subtree_end, callee);
        stack.add(Activity { at, kind: ActivityKind::Block { of, inside } });
    }

    /// A block is done by whoever acts first in it.
    fn turn_to_doer(&self, at: StepId, stack: &mut CallStack) {
        let mut inside = self.flow.steps.between(at, self.flow.steps[at].subtree_end).iter();
        let doer = inside.find_map(|step| match step.kind {
            StepKind::Call { from, .. } | StepKind::Reply { from, .. } => Some(from),
            _ => None,
        });
        if let Some(doer) = doer {
            stack.turn_to(doer);
        }
    }

    /// Who makes the first call in a step.
    fn first_caller(&self, at: StepId) -> Option<ElementId> {
        self.flow.steps.between(at, self.flow.steps[at].subtree_end).iter().find_map(|step| match step.kind {
            StepKind::Call { from, .. } => Some(from),
            _ => None,
        })
    }

    /// The branches of a parallel block: each step directly inside begins one, but for those of somebody who was just called
    /// in a branch, which go on with that.
    fn branches(&self, at: StepId) -> Vec<Vec<Activity>> {
        let doer = self.first_caller(at);
        let mut branches: Vec<CallStack> = Vec::new();
        for at in self.flow.inside(at) {
            let step = self.flow.steps[at];
            let (by, is_reply) = match step.kind {
                StepKind::Reply { from, .. } => (Some(from), true),
                _ => (self.first_caller(at), false),
            };
            let goes_on = by.filter(|by| is_reply || Some(*by) != doer);
            let own = goes_on.and_then(|by| branches.iter_mut().rev().find(|branch| branch.knows(by)));
            match own {
                Some(branch) => self.step(at, branch),
                None if is_reply => self.idle_answers.borrow_mut().push(at),
                None => {
                    let mut branch = CallStack::default();
                    self.step(at, &mut branch);
                    branches.push(branch);
                }
            }
        }
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
    /// Who was called and has not answered yet, if these are parts in which he may.
    callee: Option<ElementId>,
    /// Whether these are all parts of the block of the call; else they happen only sometimes.
    is_body: bool,
    /// How many parts of the block are done before its answer, if that is among them.
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
    fn answer(&mut self, from: ElementId, at: StepId) -> bool {
        let Some(depth) = self.open.iter().rposition(|open| open.callee == from) else {
            return self.answer_around(from, at);
        };
        self.close_to(depth + 1);
        let is_first = self.open[depth].nth.is_none();
        let nth = self.close();
        if is_first {
            self.answered.push(AnsweredCall { callee: from, depth, nth });
        }
        true
    }

    /// An element answers the call around these parts. Whether it is one that was not answered before.
    fn answer_around(&mut self, from: ElementId, at: StepId) -> bool {
        if self.callee != Some(from) {
            return false;
        }
        self.close_to(0);
        self.callee = None;
        if self.is_body {
            self.answered_at = Some(self.done.len());
        } else {
            self.done.push(Activity { at, kind: ActivityKind::Answer { afterwards: Vec::new() } });
        }
        true
    }

    /// Whose answer somebody waits for, at this point.
    fn waiting(&self) -> Option<ElementId> {
        match self.open.last() {
            Some(open) => open.nth.is_none().then_some(open.callee),
            None => self.callee,
        }
    }

    fn finish(mut self) -> Vec<Activity> {
        self.close_to(0);
        self.done
    }
}
