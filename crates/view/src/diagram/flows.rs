//! Flows: as numbered arrows between boxes (dynamic), and as a sequence diagram.

use super::build::{GraphBuilder, element_part};
use super::{About, FrameKind, Graph, Message, Note, Sequence, SequenceFrame, SequenceItem};
use groma_model::{Architecture, ElementId, Flow, FlowId, ItemRef, Level, Step, StepId, StepKind, facts};
use rustc_hash::FxHashMap;

impl GraphBuilder<'_> {
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
            let label = arch.label(step.at).unwrap_or_default();
            let label = match guards(arch, &arch.flows[flow], step) {
                guards if guards.is_empty() => format!("{number}. {label}"),
                guards => format!("{number}. {label} [{guards}]"),
            };
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
        let flow = &self.arch.flows[self.flow];
        for at in flow.outermost(start, end) {
            let step = &flow.steps[at];
            match step.kind {
                StepKind::Call { from, to } => self.call(at, self.part_of[&from], self.part_of[&to]),
                StepKind::Reply { from, to } => {
                    let label = self.arch.label(step.at).unwrap_or_default().to_owned();
                    self.message(self.part_of[&from], self.part_of[&to], label, true, false);
                }
                StepKind::Unresolved { .. } => {}
                StepKind::Chance => self.frame(at, FrameKind::Optional),
                StepKind::Miss => self.frame(at, FrameKind::Optional),
                StepKind::Repeat => self.frame(at, FrameKind::Loop),
                StepKind::Parallel => self.frame(at, FrameKind::Parallel),
                StepKind::Break => self.frame(at, FrameKind::Break),
                StepKind::Section => self.frame(at, FrameKind::Section),
                StepKind::Either => self.either(at),
                // They stand in an `either`, which draws them.
                StepKind::Case | StepKind::Otherwise => {}
                StepKind::Note => self.note(step.at),
            }
        }
    }

    /// Adds a call, what it sets off and its answer.
    fn call(&mut self, at: StepId, from: usize, to: usize) {
        let arch = self.arch;
        let flow = &arch.flows[self.flow];
        let step = &flow.steps[at];
        let label = arch.label(step.at).unwrap_or_default().to_owned();
        self.message(from, to, timed(arch, step.at, label), false, arch.is_async_step(step));
        // An answer that is written in the block stands where it is written.
        let is_answered = flow.is_answered(at);
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
    fn frame(&mut self, at: StepId, kind: FrameKind) {
        let step = &self.arch.flows[self.flow].steps[at];
        let first = self.arch.choice(step.at) == Some(facts::parallel::Join::First);
        let join = if first { "the first answer counts" } else { "" };
        let label = in_words([&how_often(self.arch, step), join]);
        self.add(SequenceItem::Open(SequenceFrame { kind, label }));
        if kind == FrameKind::Parallel {
            self.branches(at);
        } else {
            self.steps(at.next(), step.subtree_end);
        }
        self.add(SequenceItem::Close);
    }

    /// Adds the courses of which one is taken.
    fn either(&mut self, at: StepId) {
        let arch = self.arch;
        let flow = &arch.flows[self.flow];
        let mut is_open = false;
        for course in flow.inside(at) {
            let case = &flow.steps[course];
            let when = how_often(arch, case);
            if is_open {
                self.add(SequenceItem::Divide(when));
            } else {
                let question = arch.label(flow.steps[at].at).map(|label| format!("{label}:")).unwrap_or_default();
                let label = in_words([&question, &when]);
                self.add(SequenceItem::Open(SequenceFrame { kind: FrameKind::Alternatives, label }));
                is_open = true;
            }
            self.steps(course.next(), case.subtree_end);
        }
        if is_open {
            self.add(SequenceItem::Close);
        }
    }

    /// Adds a remark across those that it is about, or across all.
    fn note(&mut self, at: ItemRef) {
        let arch = self.arch;
        let about = arch.all_facts(at, &facts::note::ABOUT).filter_map(|fact| arch.referred_element(at, fact));
        let columns: Vec<usize> = about.filter_map(|id| self.part_of.get(&id).copied()).collect();
        let last = self.sequence.parts.len().saturating_sub(1);
        let over = (columns.iter().min().copied().unwrap_or(0), columns.iter().max().copied().unwrap_or(last));
        if self.sequence.parts.is_empty() {
            return;
        }
        self.add(SequenceItem::Note(Note { over, text: arch.label(at).unwrap_or_default().to_owned() }));
    }

    /// The branches of a parallel block: each step begins one, but for an answer and for a call of somebody who was
    /// called in a branch, which belong to that.
    fn branches(&mut self, at: StepId) {
        let flow = &self.arch.flows[self.flow];
        for (nth, branch) in flow.branches(at).into_iter().enumerate() {
            if nth > 0 {
                self.add(SequenceItem::Divide(String::new()));
            }
            for step in branch {
                self.steps(step, flow.steps[step].subtree_end);
            }
        }
    }

    fn message(&mut self, from: usize, to: usize, label: String, is_reply: bool, asynchronous: bool) {
        self.add(SequenceItem::Message(Message { from, to, label, is_reply, asynchronous }));
    }
}

/// When or how often what is in a block happens, as a reader says it: `15% on a miss`.
fn how_often(arch: &Architecture, step: &Step) -> String {
    let label = arch.label(step.at);
    let of = |fact| arch.fact(step.at, fact).map(|value| arch.words(step.at, value)).unwrap_or_default();
    let label_or = |other: &str| label.unwrap_or(other).to_owned();
    match step.kind {
        StepKind::Chance | StepKind::Break => in_words([of(&facts::chance::SHARE), label.unwrap_or_default()]),
        StepKind::Case => in_words([of(&facts::case::SHARE), label.unwrap_or_default()]),
        StepKind::Repeat => in_words([of(&facts::repeat::TIMES), label.unwrap_or_default()]),
        StepKind::Otherwise => label_or("otherwise"),
        StepKind::Miss | StepKind::Parallel | StepKind::Section => label_or(""),
        StepKind::Either
        | StepKind::Note
        | StepKind::Call { .. }
        | StepKind::Reply { .. }
        | StepKind::Unresolved { .. } => String::new(),
    }
}

/// Under which conditions a call is made, from the outermost to the innermost: what stands in brackets in a communication
/// diagram.
fn guards(arch: &Architecture, flow: &Flow, call: &Step) -> String {
    let mut guards = Vec::new();
    let mut around = call.parent;
    while let Some(at) = around {
        let step = &flow.steps[at];
        let guard = match step.kind {
            StepKind::Repeat => {
                let times = arch.fact(step.at, &facts::repeat::TIMES).map(|times| arch.words(step.at, times));
                in_words([
                    &times.map(|times| format!("{times}×")).unwrap_or_default(),
                    arch.label(step.at).unwrap_or_default(),
                ])
            }
            StepKind::Miss => arch.label(step.at).unwrap_or("on a miss").to_owned(),
            StepKind::Section | StepKind::Parallel => String::new(),
            StepKind::Chance
            | StepKind::Either
            | StepKind::Case
            | StepKind::Otherwise
            | StepKind::Break
            | StepKind::Note
            | StepKind::Call { .. }
            | StepKind::Reply { .. }
            | StepKind::Unresolved { .. } => how_often(arch, step),
        };
        guards.push(guard);
        around = step.parent;
    }
    guards.retain(|guard| !guard.is_empty());
    guards.reverse();
    guards.join("; ")
}

/// Words with spaces between them, without those that are empty.
fn in_words<const N: usize>(words: [&str; N]) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The label of a call with the time that it takes: `Find the user (3ms, p99 20ms)`.
fn timed(arch: &Architecture, step: ItemRef, label: String) -> String {
    let Some(time) = arch.text(step, &facts::step::TIME) else { return label };
    let p99 = arch.text(step, &facts::step::P99).map(|p99| format!(", p99 {p99}")).unwrap_or_default();
    format!("{label} ({time}{p99})").trim_start().to_owned()
}
