//! Flows: as numbered arrows between boxes (dynamic), and as a sequence diagram.

use super::build::{GraphBuilder, element_part};
use super::picks::Picks;
use super::{About, FrameKind, Graph, Message, Note, Sequence, SequenceFrame, SequenceItem};
use groma_model::{Architecture, ElementId, Flow, FlowId, ItemRef, Level, Step, StepId, StepKind, facts};
use rustc_hash::FxHashMap;

impl GraphBuilder<'_> {
    /// A flow as arrows that are numbered by the order of its calls, those that are left out as well.
    pub(super) fn dynamic(mut self, flow: FlowId, picks: &Picks) -> Graph {
        let arch = self.arch;
        let steps = &arch.flows[flow].steps;
        let mut shown = vec![false; arch.elements.len()];
        for step in steps {
            if let StepKind::Call { from, to } = step.kind {
                shown[from.index()] = true;
                shown[to.index()] = true;
            }
        }
        arch.element_ids().for_each(|id| shown[id.index()] &= picks.element(id));
        // A whole and its part in the same flow: the part is drawn, and stands for neither.
        self.show(&shown);
        let mut number = 0;
        for (at, step) in steps.entries() {
            let StepKind::Call { from, to } = step.kind else { continue };
            number += 1;
            let is_shown = arch.relation_of_step(step).is_none_or(|used| picks.relation(used.id));
            let Some((from, to)) = self.ends(from, to).filter(|_| is_shown) else { continue };
            let label = arch.label(step.at).unwrap_or_default();
            let label = match guards(arch, &arch.flows[flow], at) {
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
    let mut builder = SequenceBuilder { arch, flow, part_of: FxHashMap::default(), ended: Vec::new(), sequence };
    builder.participants();
    let beginner = builder.beginner();
    if let Some(beginner) = beginner {
        builder.describe(beginner);
        builder.add(SequenceItem::Activate(beginner));
    }
    builder.all_steps();
    beginner.into_iter().for_each(|beginner| builder.add(SequenceItem::Deactivate(beginner)));
    builder.sequence
}

/// A sequence diagram in the making.
struct SequenceBuilder<'a> {
    arch: &'a Architecture,
    flow: FlowId,
    part_of: FxHashMap<ElementId, usize>,
    /// The calls whose end is drawn before that of what they set off.
    ended: Vec<StepId>,
    sequence: Sequence,
}

impl SequenceBuilder<'_> {
    /// Adds whoever takes part.
    fn participants(&mut self) {
        let arch = self.arch;
        for step in &arch.flows[self.flow].steps {
            if let Some((from, to)) = step.kind.ends() {
                for id in [from, to] {
                    self.part_of.entry(id).or_insert_with(|| {
                        self.sequence.parts.push(element_part(arch, id, None));
                        self.sequence.parts.len() - 1
                    });
                }
            }
        }
    }

    /// Whoever begins, unless it is a person: it is at work until all is done, as the flow is timed so long.
    fn beginner(&self) -> Option<usize> {
        let first = self.arch.flows[self.flow].first_caller()?;
        (self.arch.element(first).level != Level::Person).then(|| self.part_of[&first])
    }

    /// Says who begins where nothing else is said of the flow.
    fn describe(&mut self, beginner: usize) {
        let title = &self.sequence.parts[beginner].title;
        let description = &mut self.sequence.about.description;
        if description.is_empty() {
            *description =
                format!("Begins at {title}, without a person, and lasts until the work that {title} starts is done.");
        }
    }

    /// Adds all that goes on.
    fn all_steps(&mut self) {
        let flow = &self.arch.flows[self.flow];
        self.steps(flow.outermost(StepId::FIRST, flow.steps.end()).collect());
    }

    fn add(&mut self, item: SequenceItem) {
        self.sequence.items.push(item);
    }

    /// Adds steps that stand one after the other. Who is called is at work until the last of them that is part of that.
    fn steps(&mut self, all: Vec<StepId>) {
        let flow = &self.arch.flows[self.flow];
        let mut open: Vec<(usize, StepId)> = Vec::new();
        for (nth, at) in all.iter().copied().enumerate() {
            let step = &flow.steps[at];
            match step.kind {
                StepKind::Call { .. } => {
                    self.call(at);
                    open.push((flow.at_work_until(&all, nth), at));
                }
                StepKind::Reply { from, to } | StepKind::Part { from, to } => {
                    let label = self.arch.label(step.at).unwrap_or_default().to_owned();
                    self.message(at, (from, to), label, true);
                    self.answered_early(at);
                }
                StepKind::Unresolved { .. } => {}
                StepKind::Chance => self.frame(at, FrameKind::Optional),
                StepKind::Miss => self.frame(at, FrameKind::Optional),
                StepKind::Repeat => self.frame(at, FrameKind::Loop),
                StepKind::Parallel => self.parallel(at),
                StepKind::Break => self.frame(at, FrameKind::Break),
                StepKind::Section => self.frame(at, FrameKind::Section),
                StepKind::Either => self.either(at),
                // They stand in an `either`, which draws them.
                StepKind::Case | StepKind::Otherwise => {}
                StepKind::Note => self.note(step.at),
            }
            // Who was called last is done first, unless it works on behind its answer.
            let ended: Vec<StepId> = open.extract_if(.., |(last, _)| *last <= nth).map(|(_, call)| call).collect();
            ended.into_iter().rev().for_each(|call| self.end_call(call));
        }
    }

    /// The steps directly in one.
    fn inside(&mut self, at: StepId) {
        self.steps(self.arch.flows[self.flow].inside(at).collect());
    }

    /// Adds a call and what stands in its block.
    fn call(&mut self, at: StepId) {
        let arch = self.arch;
        let step = &arch.flows[self.flow].steps[at];
        let StepKind::Call { from, to } = step.kind else { return };
        let label = arch.label(step.at).unwrap_or_default().to_owned();
        self.message(at, (from, to), timed(arch, step.at, label), false);
        if from != to {
            self.add(SequenceItem::Activate(self.part_of[&to]));
        }
        self.inside(at);
    }

    /// Ends the calls around an answer behind which its caller has nothing left to do while the callee works on: whoever waited for it
    /// is answered as well.
    fn answered_early(&mut self, reply: StepId) {
        let (arch, flow) = (self.arch, &self.arch.flows[self.flow]);
        let StepKind::Reply { from, to } = flow.steps[reply].kind else { return };
        let is_call =
            |at: StepId, ends| matches!(flow.steps[at].kind, StepKind::Call { from, to } if (from, to) == ends);
        let mut inner = reply;
        let mut around = flow.steps[reply].parent;
        if let Some(own) = around.filter(|own| is_call(*own, (to, from))) {
            (inner, around) = (own, flow.steps[own].parent);
            if flow.steps[reply].subtree_end == flow.steps[own].subtree_end {
                return;
            }
        } else if around.is_some_and(|around| flow.steps[reply].subtree_end == flow.steps[around].subtree_end) {
            return;
        }
        let mut waiting = to;
        while let Some(call) = around {
            let StepKind::Call { from, to } = flow.steps[call].kind else { return };
            let rest = flow.steps.between(flow.steps[inner].subtree_end, flow.steps[call].subtree_end);
            let mut ends = rest.iter().filter_map(|step| step.kind.ends());
            if !arch.on_one_line(to, waiting) || from == to || ends.any(|(a, b)| a == to || b == to) {
                return;
            }
            self.end_call(call);
            self.ended.push(call);
            (inner, around, waiting) = (call, flow.steps[call].parent, from);
        }
    }

    /// Adds the answer to a call, and the end of what it sets off.
    fn end_call(&mut self, at: StepId) {
        let arch = self.arch;
        if self.ended.contains(&at) {
            return;
        }
        let flow = &arch.flows[self.flow];
        let step = &flow.steps[at];
        let StepKind::Call { from, to } = step.kind else { return };
        // An answer that is written in the block stands where it is written.
        let is_answered = flow.is_answered(at);
        let reply = arch.text(step.at, &facts::step::REPLY).filter(|_| !is_answered);
        if let Some(reply) = reply {
            self.message(at, (to, from), reply.to_owned(), true);
        }
        if from != to {
            self.add(SequenceItem::Deactivate(self.part_of[&to]));
        }
    }

    /// Adds a frame and what is in it.
    fn frame(&mut self, at: StepId, kind: FrameKind) {
        let label = how_often(self.arch, &self.arch.flows[self.flow].steps[at]);
        self.add(SequenceItem::Open(SequenceFrame { kind, label }));
        self.inside(at);
        self.add(SequenceItem::Close);
    }

    /// Adds what goes on at the same time.
    fn parallel(&mut self, at: StepId) {
        let step = &self.arch.flows[self.flow].steps[at];
        let label = in_words([&how_often(self.arch, step), &answers_needed(self.arch, step.at)]);
        self.add(SequenceItem::Open(SequenceFrame { kind: FrameKind::Parallel, label }));
        self.branches(at);
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
            self.inside(course);
        }
        if is_open {
            self.add(SequenceItem::Close);
        }
    }

    /// Adds a remark across those that it is about, or across all. Whom it is about and who takes no part is named.
    fn note(&mut self, at: ItemRef) {
        let arch = self.arch;
        let about: Vec<ElementId> =
            arch.values_of(at, &facts::note::ABOUT).filter_map(|fact| arch.referred_element(at, fact)).collect();
        // A whole stands where its parts do, and a part where its whole does.
        let stands_for = |id: ElementId| {
            let is_same = move |part: &ElementId| arch.is_within(*part, id) || arch.is_within(id, *part);
            self.part_of.iter().filter(move |(part, _)| is_same(part)).map(|(_, column)| *column)
        };
        let columns: Vec<usize> = about.iter().flat_map(|id| stands_for(*id)).collect();
        let strangers = about.iter().filter(|id| stands_for(**id).next().is_none()).map(|id| arch.element_title(*id));
        let strangers: Vec<&str> = strangers.collect();
        let last = self.sequence.parts.len().saturating_sub(1);
        let over = (columns.iter().min().copied().unwrap_or(0), columns.iter().max().copied().unwrap_or(last));
        if self.sequence.parts.is_empty() {
            return;
        }
        let named = if strangers.is_empty() { String::new() } else { format!("{}:", strangers.join(", ")) };
        let text = in_words([&named, arch.label(at).unwrap_or_default()]);
        self.add(SequenceItem::Note(Note { over, text }));
    }

    /// The branches of a parallel block: each step begins one, but for an answer and for a call of somebody who was
    /// called in a branch, which belong to that.
    fn branches(&mut self, at: StepId) {
        let flow = &self.arch.flows[self.flow];
        for (nth, branch) in flow.branches(at).into_iter().enumerate() {
            if nth > 0 {
                self.add(SequenceItem::Divide(String::new()));
            }
            self.steps(branch);
        }
    }

    /// Adds what a step sends from one to another.
    fn message(&mut self, at: StepId, (from, to): (ElementId, ElementId), label: String, is_reply: bool) {
        let flow = &self.arch.flows[self.flow];
        let asynchronous = !is_reply && self.arch.is_async_step(&flow.steps[at]);
        let (from, to, guard) = (self.part_of[&from], self.part_of[&to], guards(self.arch, flow, at));
        self.add(SequenceItem::Message(Message { from, to, label, is_reply, asynchronous, guard }));
    }
}

/// Which of the answers in a parallel block are waited for, where not all are.
fn answers_needed(arch: &Architecture, parallel: ItemRef) -> String {
    let is_first = arch.choice(parallel) == Some(facts::parallel::Join::First);
    match (is_first, arch.text(parallel, &facts::parallel::NEEDED)) {
        (true, _) | (false, Some("1")) => "the first answer counts".to_owned(),
        (false, Some(needed)) => format!("the first {needed} answers count"),
        (false, None) => String::new(),
    }
}

/// When or how often what is in a block happens, as a reader says it: `15% returning customers`.
fn how_often(arch: &Architecture, step: &Step) -> String {
    let label = arch.label(step.at);
    let of = |fact| arch.fact(step.at, fact).map(|value| arch.readable(step.at, value)).unwrap_or_default();
    let label_or = |other: &str| label.unwrap_or(other).to_owned();
    match step.kind {
        StepKind::Chance | StepKind::Break => in_words([&of(&facts::chance::SHARE), label.unwrap_or_default()]),
        StepKind::Case => in_words([&of(&facts::case::SHARE), label.unwrap_or_default()]),
        StepKind::Repeat => in_words([&of(&facts::repeat::TIMES), label.unwrap_or_default()]),
        StepKind::Otherwise => label_or("otherwise"),
        StepKind::Miss => label_or("on a miss"),
        StepKind::Parallel | StepKind::Section => label_or(""),
        StepKind::Either
        | StepKind::Note
        | StepKind::Call { .. }
        | StepKind::Reply { .. }
        | StepKind::Part { .. }
        | StepKind::Unresolved { .. } => String::new(),
    }
}

/// Under which conditions a step is done, from the outermost to the innermost: what stands in brackets in a communication
/// diagram. Behind a `break` it is done unless that happens.
fn guards(arch: &Architecture, flow: &Flow, at: StepId) -> String {
    let mut guards = Vec::new();
    let mut inner = Some(at);
    while let Some(at) = inner {
        let step = &flow.steps[at];
        guards.push(guard(arch, step));
        let around = step.parent;
        let ends = around.is_none_or(|around| flow.steps[around].kind != StepKind::Parallel);
        let first = around.map_or(StepId::FIRST, StepId::next);
        let before = flow.outermost(first, at).map(|at| &flow.steps[at]);
        let breaks: Vec<&Step> = before.filter(|step| ends && step.kind == StepKind::Break).collect();
        guards.extend(breaks.into_iter().rev().map(|step| format!("unless {}", how_often(arch, step))));
        inner = around;
    }
    guards.retain(|guard| !guard.is_empty());
    guards.reverse();
    guards.join("; ")
}

/// Under which condition what is in a block is done.
fn guard(arch: &Architecture, step: &Step) -> String {
    match step.kind {
        StepKind::Repeat => {
            let times = arch.fact(step.at, &facts::repeat::TIMES).map(|times| arch.readable(step.at, times));
            in_words([
                &times.map(|times| format!("{times}×")).unwrap_or_default(),
                arch.label(step.at).unwrap_or_default(),
            ])
        }
        StepKind::Section | StepKind::Parallel => String::new(),
        StepKind::Call { .. }
        | StepKind::Reply { .. }
        | StepKind::Part { .. }
        | StepKind::Unresolved { .. }
        | StepKind::Chance
        | StepKind::Miss
        | StepKind::Either
        | StepKind::Case
        | StepKind::Otherwise
        | StepKind::Break
        | StepKind::Note => how_often(arch, step),
    }
}

/// Words with spaces between them, without those that are empty.
fn in_words<const N: usize>(words: [&str; N]) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The label of a call with the time that it takes: `Find the user (3ms, p99 20ms)`, or `(p50 3ms, p99 20ms)` where its mean is not
/// written.
fn timed(arch: &Architecture, step: ItemRef, label: String) -> String {
    let mean = arch.text(step, &facts::step::TIME).map(str::to_owned);
    let time = mean.or_else(|| arch.text(step, &facts::step::P50).map(|p50| format!("p50 {p50}")));
    let Some(time) = time else { return label };
    let p99 = arch.text(step, &facts::step::P99).map(|p99| format!(", p99 {p99}")).unwrap_or_default();
    format!("{label} ({time}{p99})").trim_start().to_owned()
}
