//! The steps of a flow, each inside of the call that it belongs to.
//!
//! Steps may stand flat: a call of somebody who was just called is made before he answers, and one that he makes after he
//! has answered is work that nobody waits for. The same holds in the block of a call: what stands there behind the answer is done
//! afterwards.
//!
//! Where a block that may not happen answers a call around it, lets somebody around it go on, or ends what is around it, what
//! follows is another thing with it than without. So the steps are read on once with it and once without, and both together are a
//! choice. That the choice is made before what led up to it changes no time and no number: it depends on nothing.

pub(crate) use crate::activities::{Activity, ActivityKind, Alternative, BlockKind, Share, without_answers};
use groma_model::{Architecture, ElementId, Flow, FlowId, Level, StepId, StepKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};

/// What the steps of a flow say.
pub(crate) struct Nested {
    pub(crate) activities: Vec<Activity>,
    /// Whether more calls wait for each other than are looked at.
    pub(crate) is_too_deep: bool,
    /// Whether so much follows what may not happen that not all of it was read.
    pub(crate) is_too_much: bool,
    /// The answers that answer nothing where they stand, as steps.
    pub(crate) idle_answers: Vec<StepId>,
}

/// What is done in a flow, each within what it belongs to.
pub(crate) fn nested(arch: &Architecture, flow: FlowId) -> Nested {
    let flow = &arch.flows[flow];
    let reader = FlowReader {
        arch,
        flow,
        last_act: last_acts(flow),
        left: Cell::new(MOST_READ + flow.steps.len()),
        forks: Cell::new(0),
        is_too_deep: Cell::new(false),
        idle_answers: RefCell::default(),
        answers: RefCell::default(),
    };
    let activities = reader.read(CallStack::default(), vec![Range::of(StepId::FIRST, flow.steps.end())]).parts;
    let answers = reader.answers.into_inner();
    // What answers nothing in one course may do so in another.
    let idle = reader.idle_answers.into_inner().into_iter().filter(|at| !answers.contains(at));
    let mut idle_answers: Vec<StepId> = idle.collect();
    idle_answers.sort_unstable();
    idle_answers.dedup();
    let is_too_deep = reader.is_too_deep.get();
    Nested { activities, is_too_deep, is_too_much: reader.left.get() == 0, idle_answers }
}

/// So many steps are read again because something before them may not happen.
pub(crate) const MOST_READ: usize = 50_000;
/// So many readings begin in each other at most.
const MOST_FORKS: usize = 1_000;

/// Where everybody acts last who does so outside of the block of a call to him.
fn last_acts(flow: &Flow) -> FxHashMap<ElementId, StepId> {
    let mut last = FxHashMap::default();
    let mut callees: Vec<(StepId, ElementId)> = Vec::new();
    for (at, step) in flow.steps.entries() {
        while callees.pop_if(|(end, _)| *end <= at).is_some() {}
        if let Some((from, _)) = step.kind.ends()
            && callees.last().is_none_or(|(_, callee)| *callee != from)
        {
            last.insert(from, at);
        }
        if let StepKind::Call { to, .. } = step.kind {
            callees.push((step.subtree_end, to));
        }
    }
    last
}

struct FlowReader<'a> {
    arch: &'a Architecture,
    flow: &'a Flow,
    last_act: FxHashMap<ElementId, StepId>,
    /// How many more steps are read.
    left: Cell<usize>,
    forks: Cell<usize>,
    is_too_deep: Cell<bool>,
    idle_answers: RefCell<Vec<StepId>>,
    answers: RefCell<FxHashSet<StepId>>,
}

/// Steps that are still to be read, and whether they are a block that a `break` leaves.
#[derive(Clone, Copy)]
struct Range {
    at: StepId,
    end: StepId,
    is_section: bool,
}

impl Range {
    fn of(at: StepId, end: StepId) -> Range {
        Range { at, end, is_section: false }
    }
}

/// What was read.
struct Reading {
    parts: Vec<Activity>,
    /// Whether the call in whose block it stands was answered.
    is_answered: bool,
}

impl FlowReader<'_> {
    /// The parts of a block in which no call around it is answered.
    fn block_parts(&self, at: StepId) -> Vec<Activity> {
        self.read(CallStack::default(), vec![Range::of(at.next(), self.flow.steps[at].subtree_end)]).parts
    }

    /// What follows, the innermost range last, with the calls that are open.
    fn read(&self, mut stack: CallStack, mut ranges: Vec<Range>) -> Reading {
        while let Some(range) = ranges.last_mut() {
            if range.at >= range.end || self.left.get() == 0 {
                ranges.pop();
                continue;
            }
            self.left.set(self.left.get() - 1);
            let at = range.at;
            let step = self.flow.steps[at];
            range.at = step.subtree_end;
            match step.kind {
                StepKind::Section => {
                    ranges.push(Range { is_section: true, ..Range::of(at.next(), step.subtree_end) });
                }
                StepKind::Break | StepKind::Chance | StepKind::Either if self.reaches_out(at, &stack) => {
                    return self.fork(at, stack, &ranges);
                }
                _ => self.step(at, &mut stack),
            }
        }
        let is_answered = stack.answered_at.is_some();
        Reading { parts: stack.finish(), is_answered }
    }

    /// Reads on once for each thing that may happen in a block.
    fn fork(&self, at: StepId, mut stack: CallStack, ranges: &[Range]) -> Reading {
        self.forks.set(self.forks.get() + 1);
        if self.forks.get() > MOST_FORKS {
            self.left.set(0);
        }
        let mut parts = stack.take_done();
        let forks = self.forks_of(at, &stack, ranges);
        let mut courses = Vec::new();
        let mut is_answered = true;
        for (share, ranges, within) in forks {
            let mut stack = stack.clone();
            if within.iter().any(|course| !course.inside.is_empty()) {
                self.turn_to_doer(at, &mut stack);
                stack.add(Activity { at, kind: ActivityKind::Either { courses: within } });
            }
            let reading = self.read(stack, ranges);
            is_answered &= reading.is_answered;
            courses.push(Alternative { share, inside: reading.parts });
        }
        self.forks.set(self.forks.get() - 1);
        // What is the same whatever happens stands before.
        let same = |nth: usize| {
            let mut parts = courses.iter().map(|course| course.inside.get(nth));
            let first = parts.next().flatten();
            first.is_some() && parts.all(|other| other == first)
        };
        let shared = (0..).take_while(|nth| same(*nth)).count();
        if let Some(first) = courses.first() {
            parts.extend_from_slice(&first.inside[..shared]);
        }
        courses.iter_mut().for_each(|course| drop(course.inside.drain(..shared)));
        if courses.iter().any(|course| !course.inside.is_empty()) {
            parts.push(Activity { at, kind: ActivityKind::Either { courses } });
        }
        Reading { parts, is_answered }
    }

    /// What may happen in a block: how likely it is, what is then still to be read, and the courses of it that end where it does.
    fn forks_of(&self, at: StepId, stack: &CallStack, ranges: &[Range]) -> Vec<(Share, Vec<Range>, Vec<Alternative>)> {
        let inside = |at: StepId| Range::of(at.next(), self.flow.steps[at].subtree_end);
        let with = |more: Option<Range>| ranges.iter().copied().chain(more).collect::<Vec<Range>>();
        match self.flow.steps[at].kind {
            StepKind::Either => {
                let (out, within) = self.courses(at, stack);
                let out =
                    out.into_iter().map(|course| (self.share(at, course), with(Some(inside(course))), Vec::new()));
                let shares = within.iter().map(|course| course.share.clone()).collect();
                let others = (!within.is_empty()).then(|| (Share::Any(shares), with(None), within));
                out.chain(others).collect()
            }
            StepKind::Break => {
                let mut left = ranges.to_vec();
                while left.pop_if(|range| range.is_section).is_some() {}
                left.pop();
                left.push(inside(at));
                vec![(Share::Said(at), left, Vec::new()), (Share::Not(at), with(None), Vec::new())]
            }
            StepKind::Call { .. }
            | StepKind::Reply { .. }
            | StepKind::Part { .. }
            | StepKind::Unresolved { .. }
            | StepKind::Chance
            | StepKind::Miss
            | StepKind::Repeat
            | StepKind::Parallel
            | StepKind::Case
            | StepKind::Otherwise
            | StepKind::Section
            | StepKind::Note => {
                vec![(Share::Said(at), with(Some(inside(at))), Vec::new()), (Share::Not(at), with(None), Vec::new())]
            }
        }
    }

    /// The courses of a choice that reach out of it, and the others.
    fn courses(&self, at: StepId, stack: &CallStack) -> (Vec<StepId>, Vec<Alternative>) {
        let doer = self.doer(at);
        let reaches = |course: &StepId| self.course_reaches_out(*course, doer, stack);
        let (out, within): (Vec<StepId>, Vec<StepId>) = self.flow.inside(at).partition(reaches);
        (out, within.into_iter().map(|course| self.course(at, course)).collect())
    }

    /// A course of a choice that does not reach out of it.
    fn course(&self, at: StepId, course: StepId) -> Alternative {
        Alternative { share: self.share(at, course), inside: self.block_parts(course) }
    }

    fn share(&self, at: StepId, course: StepId) -> Share {
        let is_rest = self.flow.steps[course].kind == StepKind::Otherwise;
        if is_rest { Share::Rest(at) } else { Share::Said(course) }
    }

    /// Whether what follows a block is another thing if it happens.
    fn reaches_out(&self, at: StepId, stack: &CallStack) -> bool {
        let doer = self.doer(at);
        match self.flow.steps[at].kind {
            StepKind::Break => true,
            StepKind::Either => self.flow.inside(at).any(|course| self.course_reaches_out(course, doer, stack)),
            StepKind::Call { .. }
            | StepKind::Reply { .. }
            | StepKind::Part { .. }
            | StepKind::Unresolved { .. }
            | StepKind::Chance
            | StepKind::Miss
            | StepKind::Repeat
            | StepKind::Parallel
            | StepKind::Case
            | StepKind::Otherwise
            | StepKind::Section
            | StepKind::Note => self.course_reaches_out(at, doer, stack),
        }
    }

    /// Whether the steps of a block, which `doer` begins, answer a call around it, are made by somebody else who was not called
    /// there, or call somebody who goes on behind it.
    fn course_reaches_out(&self, block: StepId, doer: Option<ElementId>, stack: &CallStack) -> bool {
        let end = self.flow.steps[block].subtree_end;
        let mut called: Vec<ElementId> = Vec::new();
        let mut at = block.next();
        while at < end {
            let step = self.flow.steps[at];
            at = match step.kind {
                StepKind::Call { from, to } => {
                    if Some(from) != doer && !called.contains(&from) {
                        return true;
                    }
                    if !called.contains(&to) {
                        called.push(to);
                    }
                    step.subtree_end
                }
                StepKind::Reply { from, .. } => {
                    if !called.contains(&from) && stack.waits_for(from) {
                        return true;
                    }
                    at.next()
                }
                // It ends no wait.
                StepKind::Part { .. } => at.next(),
                // They have courses of their own, or none that anybody waits for.
                StepKind::Repeat | StepKind::Parallel | StepKind::Miss => step.subtree_end,
                StepKind::Chance
                | StepKind::Break
                | StepKind::Either
                | StepKind::Case
                | StepKind::Otherwise
                | StepKind::Section
                | StepKind::Note
                | StepKind::Unresolved { .. } => at.next(),
            };
        }
        called.iter().any(|callee| self.last_act.get(callee).is_some_and(|last| *last >= end))
    }

    /// Who acts first in a block.
    fn doer(&self, at: StepId) -> Option<ElementId> {
        self.flow.steps.between(at, self.flow.steps[at].subtree_end).iter().find_map(|step| Some(step.kind.ends()?.0))
    }

    fn step(&self, at: StepId, stack: &mut CallStack) {
        let step = self.flow.steps[at];
        match step.kind {
            StepKind::Call { from, to } => self.call(at, (from, to), stack),
            StepKind::Reply { from, .. } => self.answer(at, from, stack),
            StepKind::Part { from, to } => self.part(at, (from, to), stack),
            StepKind::Chance => self.block(BlockKind::Chance, at, stack),
            StepKind::Miss => self.block(BlockKind::Miss, at, stack),
            StepKind::Repeat => self.block(BlockKind::Repeat, at, stack),
            StepKind::Either => {
                self.turn_to_doer(at, stack);
                let courses = self.flow.inside(at).map(|course| self.course(at, course)).collect();
                stack.add(Activity { at, kind: ActivityKind::Either { courses } });
            }
            StepKind::Parallel => {
                self.turn_to_doer(at, stack);
                let branch = |steps: Vec<StepId>| {
                    let range = |step: StepId| Range::of(step, self.flow.steps[step].subtree_end);
                    self.read(CallStack::default(), steps.into_iter().rev().map(range).collect()).parts
                };
                let branches = self.flow.branches(at).into_iter().map(branch).filter(|parts| !parts.is_empty());
                let kind = ActivityKind::Parallel { branches: branches.collect(), at_step: Some(at) };
                stack.add(Activity { at, kind });
            }
            // These are read where they stand, with what they hold.
            StepKind::Break | StepKind::Section | StepKind::Case | StepKind::Otherwise => {}
            StepKind::Unresolved { .. } | StepKind::Note => {}
        }
    }

    fn call(&self, at: StepId, (from, to): (ElementId, ElementId), stack: &mut CallStack) {
        let step = self.flow.steps[at];
        stack.turn_to(from);
        if self.arch.element(to).level == Level::Person {
            return;
        }
        if stack.open.len() >= MOST_OPEN {
            self.is_too_deep.set(true);
            return;
        }
        let is_async = self.arch.is_async_step(&step);
        let body = CallStack { callee: Some(to), ..CallStack::default() };
        let Reading { parts: mut inside, is_answered } = self.read(body, vec![Range::of(at.next(), step.subtree_end)]);
        let afterwards = match inside.pop() {
            Some(Activity { kind: ActivityKind::Answer { afterwards }, .. }) => afterwards,
            last => {
                inside.extend(last);
                Vec::new()
            }
        };
        stack.open(Activity { at, kind: ActivityKind::Call { from, to, is_async, inside, afterwards } }, to);
        if is_answered {
            stack.answer(to);
        }
    }

    /// Lets somebody answer. An answer that nobody waits for there answers nothing.
    fn answer(&self, at: StepId, from: ElementId, stack: &mut CallStack) {
        if stack.answer(from) {
            self.answers.borrow_mut().insert(at);
        } else if self.arch.element(from).level != Level::Person {
            self.idle_answers.borrow_mut().push(at);
        }
    }

    /// Lets somebody give a part of an answer: where it comes, or as soon as he gets one himself. Only those for whoever began the
    /// flow are seen; who waits in between goes on waiting.
    fn part(&self, at: StepId, (from, to): (ElementId, ElementId), stack: &mut CallStack) {
        let before = at.index().checked_sub(1).map(|before| self.flow.steps[StepId::new(before as u32)].kind);
        let is_passed_on = matches!(before, Some(StepKind::Part { to, .. }) if to == from);
        if !is_passed_on {
            stack.turn_to(from);
        }
        if self.flow.first_caller() == Some(to) {
            stack.add(Activity { at, kind: ActivityKind::Part });
        }
    }

    fn block(&self, of: BlockKind, at: StepId, stack: &mut CallStack) {
        self.turn_to_doer(at, stack);
        stack.add(Activity { at, kind: ActivityKind::Block { of, inside: self.block_parts(at) } });
    }

    /// A block is done by whoever acts first in it.
    fn turn_to_doer(&self, at: StepId, stack: &mut CallStack) {
        if let Some(doer) = self.doer(at) {
            stack.turn_to(doer);
        }
    }
}

/// Parts in a row, the last of them with calls that still wait for their answer.
#[derive(Clone, Default)]
struct CallStack {
    done: Vec<Activity>,
    /// The calls that are open, the innermost last.
    open: Vec<OpenCall>,
    /// Where the calls that were answered are, to be found again by who was called.
    answered: Vec<AnsweredCall>,
    /// Who was called and has not answered yet, if these are the parts of the block of a call.
    callee: Option<ElementId>,
    /// How many parts of the block are done before its answer, if that is among them.
    answered_at: Option<usize>,
}

/// A call that steps are added to.
#[derive(Clone)]
struct OpenCall {
    callee: ElementId,
    part: Activity,
    /// If it has been answered and its callee works on: its place in the list of its surroundings.
    nth: Option<usize>,
}

/// A call that was answered.
#[derive(Clone)]
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

    /// An element answers the call that it works on, or the one around these parts. Whether there is one that was not answered
    /// before.
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
        if self.callee != Some(from) {
            return false;
        }
        self.close_to(0);
        self.callee = None;
        self.answered_at = Some(self.done.len());
        true
    }

    /// Whether somebody waits for an answer of an element.
    fn waits_for(&self, element: ElementId) -> bool {
        let open = self.open.iter().any(|open| open.callee == element && open.nth.is_none());
        open || self.callee == Some(element)
    }

    /// The parts that are done and are not come back to.
    fn take_done(&mut self) -> Vec<Activity> {
        if self.answered_at.is_some() {
            return Vec::new();
        }
        let own = self.answered.iter().filter(|answered| answered.depth == 0).map(|answered| answered.nth);
        let open = self.open.first().and_then(|open| open.nth);
        let count = own.chain(open).min().unwrap_or(self.done.len()).min(self.done.len());
        self.answered.iter_mut().filter(|answered| answered.depth == 0).for_each(|answered| answered.nth -= count);
        if let Some(nth) = self.open.first_mut().and_then(|open| open.nth.as_mut()) {
            *nth -= count;
        }
        self.done.drain(..count).collect()
    }

    /// All parts, with what is done after the answer in that.
    fn finish(mut self) -> Vec<Activity> {
        self.close_to(0);
        let Some(answered_at) = self.answered_at else { return self.done };
        let afterwards = self.done.split_off(answered_at.min(self.done.len()));
        if let Some(at) = afterwards.first().map(|first| first.at) {
            self.done.push(Activity { at, kind: ActivityKind::Answer { afterwards } });
        }
        self.done
    }
}
