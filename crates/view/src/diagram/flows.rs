//! Flows: as numbered arrows between boxes (dynamic), and as a sequence diagram.

use super::build::{Builder, element_part};
use super::{About, Frame, Graph, Message, Sequence, SequenceItem};
use groma_model::{Architecture, ElementId, FlowId, ItemRef, Level, Step, StepId, StepKind, Table, facts};
use rustc_hash::FxHashMap;

impl Builder<'_> {
    /// A flow as arrows that are numbered by the order of its calls.
    pub(super) fn dynamic(mut self, flow: FlowId) -> Graph {
        let arch = self.arch;
        let steps = &arch.flows[flow].steps;
        let mut shown = vec![false; arch.elements.len()];
        for step in steps {
            if let StepKind::Call { from, to } = step.kind {
                shown[from.index()] = true;
                shown[to.index()] = true;
            }
        }
        // A whole and its part in the same flow: the part is drawn, and stands for neither.
        self.show(&shown);
        let mut number = 0;
        for step in steps {
            let StepKind::Call { from, to } = step.kind else { continue };
            number += 1;
            let Some((from, to)) = self.ends(from, to) else { continue };
            let label = format!("{number}. {}", arch.label(step.at).unwrap_or_default());
            self.connect(from, to, label, String::new(), arch.is_async_step(step));
        }
        self.graph
    }
}

/// A flow as a sequence diagram.
pub(super) fn sequence(arch: &Architecture, about: About, flow: FlowId) -> Sequence {
    let sequence = Sequence { about, parts: Vec::new(), items: Vec::new() };
    let mut course = Course { arch, flow, part_of: FxHashMap::default(), sequence };
    course.participants();
    course.whole();
    course.sequence
}

/// A sequence diagram in the making.
struct Course<'a> {
    arch: &'a Architecture,
    flow: FlowId,
    part_of: FxHashMap<ElementId, usize>,
    sequence: Sequence,
}

impl Course<'_> {
    /// Adds whoever takes part.
    fn participants(&mut self) {
        let arch = self.arch;
        for step in &arch.flows[self.flow].steps {
            if let StepKind::Call { from, to } | StepKind::Reply { from, to } = step.kind {
                for id in [from, to] {
                    self.part_of.entry(id).or_insert_with(|| {
                        self.sequence.parts.push(element_part(arch, id, None));
                        self.sequence.parts.len() - 1
                    });
                }
            }
        }
    }

    /// Adds all that goes on. Where no person begins, whoever does is at it until all is done: so long the flow is
    /// timed.
    fn whole(&mut self) {
        let arch = self.arch;
        let steps = &arch.flows[self.flow].steps;
        let first = steps.iter().find_map(|step| match step.kind {
            StepKind::Call { from, .. } => Some(from),
            _ => None,
        });
        let beginner = first.filter(|from| arch.element(*from).level != Level::Person).map(|from| self.part_of[&from]);
        if let Some(beginner) = beginner {
            self.add(SequenceItem::Activate(beginner));
            if self.sequence.about.description.is_empty() {
                let title = &self.sequence.parts[beginner].title;
                self.sequence.about.description =
                    format!("Begins at {title}, without a person, and lasts until its work is done.");
            }
        }
        self.steps(StepId::FIRST, steps.end());
        self.sequence.items.extend(beginner.map(SequenceItem::Deactivate));
    }

    fn add(&mut self, item: SequenceItem) {
        self.sequence.items.push(item);
    }

    /// Adds the steps from one number to before another.
    fn steps(&mut self, start: StepId, end: StepId) {
        let steps = &self.arch.flows[self.flow].steps;
        let mut at = start;
        while at < end {
            let step = &steps[at];
            match step.kind {
                StepKind::Call { from, to } => self.call(at, self.part_of[&from], self.part_of[&to]),
                StepKind::Reply { from, to } => {
                    let label = self.arch.label(step.at).unwrap_or_default().to_owned();
                    self.message(self.part_of[&from], self.part_of[&to], label, true, false);
                }
                StepKind::Unresolved { .. } => {}
                StepKind::Chance | StepKind::Miss | StepKind::Repeat | StepKind::Parallel => self.frame(at),
            }
            at = step.subtree_end.max(at.next());
        }
    }

    /// Adds a call, what it sets off and its answer.
    fn call(&mut self, at: StepId, from: usize, to: usize) {
        let arch = self.arch;
        let steps = &arch.flows[self.flow].steps;
        let step = &steps[at];
        let label = arch.label(step.at).unwrap_or_default().to_owned();
        self.message(from, to, timed(arch, step.at, label), false, arch.is_async_step(step));
        // An answer that is written in the block stands where it is written.
        let is_answered = is_answered(steps, at);
        let reply = arch.text(step.at, &facts::step::REPLY).filter(|_| !is_answered).map(str::to_owned);
        let active = from != to;
        if active {
            self.add(SequenceItem::Activate(to));
        }
        self.steps(at.next(), step.subtree_end);
        if let Some(reply) = reply {
            self.message(to, from, reply, true, false);
        }
        if active {
            self.add(SequenceItem::Deactivate(to));
        }
    }

    /// Adds a frame and what is in it.
    fn frame(&mut self, at: StepId) {
        let arch = self.arch;
        let step = &arch.flows[self.flow].steps[at];
        let (word, value) = match step.kind {
            StepKind::Chance => ("opt", arch.fact(step.at, &facts::chance::SHARE)),
            StepKind::Miss => ("opt", None),
            StepKind::Repeat => ("loop", arch.fact(step.at, &facts::repeat::TIMES)),
            _ => ("par", None),
        };
        let value = value.map(|value| arch.words(step.at, value)).unwrap_or_default();
        let label = arch.label(step.at).unwrap_or_default();
        let first = arch.text(step.at, &facts::parallel::JOIN) == Some("first");
        let join = if first { "the first answer counts" } else { "" };
        let said = [value, label, join].into_iter().filter(|text| !text.is_empty());
        self.add(SequenceItem::Open(Frame { word, label: said.collect::<Vec<_>>().join(" ") }));
        if step.kind == StepKind::Parallel {
            self.branches(at.next(), step.subtree_end);
        } else {
            self.steps(at.next(), step.subtree_end);
        }
        self.add(SequenceItem::Close);
    }

    /// The branches of a parallel block: each step begins one, but for an answer and for a call of somebody who was
    /// called in a branch, which belong to that.
    fn branches(&mut self, start: StepId, end: StepId) {
        for (nth, branch) in branches(self.arch, self.flow, start, end).into_iter().enumerate() {
            if nth > 0 {
                self.add(SequenceItem::Divide);
            }
            for (from, to) in branch.steps {
                self.steps(from, to);
            }
        }
    }

    fn message(&mut self, from: usize, to: usize, label: String, is_reply: bool, asynchronous: bool) {
        self.add(SequenceItem::Message(Message { from, to, label, is_reply, asynchronous }));
    }
}

/// The label of a call with the time that it takes: `Find the user (3ms, p99 20ms)`.
fn timed(arch: &Architecture, step: ItemRef, label: String) -> String {
    let Some(time) = arch.text(step, &facts::step::TIME) else { return label };
    let p99 = arch.text(step, &facts::step::P99).map(|p99| format!(", p99 {p99}")).unwrap_or_default();
    format!("{label} ({time}{p99})").trim_start().to_owned()
}

/// Whether the answer to a call is written in its block.
fn is_answered(steps: &Table<Step>, call: StepId) -> bool {
    let StepKind::Call { from: caller, to: callee } = steps[call].kind else { return false };
    let end = steps[call].subtree_end;
    let mut at = call.next();
    while at < end {
        let step = &steps[at];
        if step.kind == (StepKind::Reply { from: callee, to: caller }) {
            return true;
        }
        at = step.subtree_end.max(at.next());
    }
    false
}

/// A branch of a parallel block.
#[derive(Default)]
struct Branch {
    /// Its steps, each from its number to before another.
    steps: Vec<(StepId, StepId)>,
    /// Who is called in it.
    called: Vec<ElementId>,
}

/// The branches of a parallel block.
fn branches(arch: &Architecture, flow: FlowId, start: StepId, end: StepId) -> Vec<Branch> {
    let steps = &arch.flows[flow].steps;
    let first_call = |at: StepId, next: StepId| {
        steps.between(at, next).iter().find_map(|step| match step.kind {
            StepKind::Call { from, to } => Some((from, to)),
            _ => None,
        })
    };
    let doer = first_call(start, end).map(|(from, _)| from);
    let mut found: Vec<Branch> = Vec::new();
    let mut at = start;
    while at < end {
        let next = steps[at].subtree_end.max(at.next());
        let call = first_call(at, next);
        let by = match steps[at].kind {
            StepKind::Reply { from, .. } => Some(from),
            _ => call.map(|(from, _)| from).filter(|from| Some(*from) != doer),
        };
        let own = by.and_then(|by| found.iter_mut().rev().find(|branch| branch.called.contains(&by)));
        let callee = call.map(|(_, to)| to);
        match own {
            Some(branch) => {
                branch.steps.push((at, next));
                branch.called.extend(callee);
            }
            None => found.push(Branch { steps: vec![(at, next)], called: callee.into_iter().collect() }),
        }
        at = next;
    }
    found
}
