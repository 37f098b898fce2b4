use crate::{Absence, Context, Reach, Rule};
use groma_base::{Severity, Span};
use groma_model::{Architecture, ElementId, Step, StepId, StepKind, facts};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) static RULE: Rule = Rule {
    name: "unexpected-reply",
    severity: Severity::Error,
    summary: "a reply to a caller with no open call",
    check: Some(check),
    reach: Reach::Near,
    absence: Some(Absence::OfCall),
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("unexpected_reply.md"),
};

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        let mut open = Open::default();
        for (at, step) in flow.steps.entries() {
            open.answer_until(at);
            open.leave_blocks(at);
            open.enter(step);
            let Some((said, from, to)) = ends(cx.arch, step) else { continue };
            if said == Said::Call {
                let answers = cx.arch.fact(step.at, &facts::step::REPLY).is_some();
                open.call(from, to, answers.then_some(step.subtree_end));
                continue;
            }
            let is_expected = match said {
                // A part ends no wait, so it may come in any block, and any number of times.
                Said::Part => open.waits_for(to, from),
                Said::Call | Said::Answer => open.answer(to, from),
            };
            if is_expected {
                continue;
            }
            if open.waits_for(to, from) {
                let message = "in a `miss`, `repeat` or `parallel` only calls that are made there are answered";
                let finding = cx.at(step.at, message);
                let help = format!(
                    "`{to}` called `{from}` before the block: write the answer behind it, or `partial` if it is one of several answers"
                );
                cx.push(finding.help(help));
                continue;
            }
            let finding = cx.at(step.at, format!("`{from}` answers `{to}`, which did not call it"));
            if open.answer(from, to) {
                let (span, meant) = backwards(cx.arch, step);
                let message = format!("write `{meant}`");
                let finding = finding.help(format!("an answer leads back to who called: {message}"));
                cx.push(finding.fix(message, span, meant));
                continue;
            }
            cx.push(match open.last_caller(from) {
                Some(asker) => finding.help(format!("`{asker}` called it and still waits: answer there")),
                None => finding.help("write the call before the answer, or remove the answer"),
            });
        }
    }
}

/// The calls that wait for their answer. They are numbered; what was answered stays in the lists until it comes last.
#[derive(Default)]
struct Open<'a> {
    /// Caller and callee of each.
    ends: Vec<(&'a str, &'a str)>,
    waits: Vec<bool>,
    by_ends: FxHashMap<(&'a str, &'a str), Vec<usize>>,
    by_callee: FxHashMap<&'a str, Vec<usize>>,
    /// The calls with `reply=`, which are answered before the step after their block. Blocks stand in each other.
    until: Vec<(StepId, usize)>,
    /// The calls that were answered, in that order.
    answered: Vec<usize>,
    /// The blocks around the step, the innermost last.
    blocks: Vec<Block>,
    /// Where the blocks around the step end in which only calls from so many on are answered.
    barriers: Vec<(StepId, usize)>,
}

/// A block of which what is in it may not happen: an answer there leaves its call open for what stands behind.
struct Block {
    /// The step behind it.
    end: StepId,
    /// How many calls were answered before it.
    answered: usize,
    /// How many calls were made before it.
    calls: usize,
    is_case: bool,
    /// Of an `either`: the calls that each of its cases so far has answered, and whether one of them is `otherwise`.
    courses: Option<(Option<FxHashSet<usize>>, bool)>,
}

impl<'a> Open<'a> {
    fn call(&mut self, caller: &'a str, callee: &'a str, until: Option<StepId>) {
        let call = self.waits.len();
        self.ends.push((caller, callee));
        self.waits.push(true);
        self.by_ends.entry((caller, callee)).or_default().push(call);
        self.by_callee.entry(callee).or_default().push(call);
        self.until.extend(until.map(|step| (step, call)));
    }

    /// Notes a block that begins with a step.
    fn enter(&mut self, step: &Step) {
        let (is_either, is_case) = match step.kind {
            StepKind::Chance | StepKind::Break => (false, false),
            StepKind::Case | StepKind::Otherwise => (false, true),
            StepKind::Either => (true, false),
            // In these only calls are answered that are made there.
            StepKind::Miss | StepKind::Repeat | StepKind::Parallel => {
                self.barriers.push((step.subtree_end, self.waits.len()));
                return;
            }
            StepKind::Call { .. }
            | StepKind::Reply { .. }
            | StepKind::Part { .. }
            | StepKind::Unresolved { .. }
            | StepKind::Section
            | StepKind::Note => return,
        };
        if step.kind == StepKind::Otherwise
            && let Some(Block { courses: Some((_, is_whole)), .. }) = self.blocks.last_mut()
        {
            *is_whole = true;
        }
        self.blocks.push(Block {
            end: step.subtree_end,
            answered: self.answered.len(),
            calls: self.waits.len(),
            is_case,
            courses: is_either.then_some((None, false)),
        });
    }

    /// Leaves the blocks that end before a step.
    fn leave_blocks(&mut self, step: StepId) {
        while self.barriers.pop_if(|(end, _)| *end <= step).is_some() {}
        while let Some(block) = self.blocks.pop_if(|block| block.end <= step) {
            match block.courses {
                // In each course the call was answered, and one of them is taken.
                Some((Some(answered), true)) => answered.into_iter().for_each(|call| self.take(call)),
                Some(_) => {}
                None => self.leave(&block),
            }
        }
    }

    /// Takes back what was answered in a block.
    fn leave(&mut self, block: &Block) {
        let answered = self.answered.split_off(block.answered);
        let earlier: FxHashSet<usize> = answered.into_iter().filter(|call| *call < block.calls).collect();
        for call in &earlier {
            self.waits[*call] = true;
            let (caller, callee) = self.ends[*call];
            put_back(self.by_ends.entry((caller, callee)).or_default(), *call);
            put_back(self.by_callee.entry(callee).or_default(), *call);
        }
        if block.is_case
            && let Some(Block { courses: Some((answered, _)), .. }) = self.blocks.last_mut()
        {
            *answered = Some(match answered.take() {
                None => earlier,
                Some(before) => before.intersection(&earlier).copied().collect(),
            });
        }
    }

    fn take(&mut self, call: usize) {
        self.waits[call] = false;
        self.answered.push(call);
    }

    /// Takes what `reply=` has answered before a step.
    fn answer_until(&mut self, step: StepId) {
        while let Some((_, call)) = self.until.pop_if(|(until, _)| *until <= step) {
            self.take(call);
        }
    }

    /// Takes the last call between two, if there is one.
    fn answer(&mut self, caller: &'a str, callee: &'a str) -> bool {
        let last = self.by_ends.get_mut(&(caller, callee)).and_then(|calls| last(calls, &self.waits));
        let first = self.barriers.last().map_or(0, |(_, first)| *first);
        last.filter(|call| *call >= first).inspect(|call| self.take(*call)).is_some()
    }

    /// Whether there is such a call that waits, be it outside of a block in which it could be answered.
    fn waits_for(&mut self, caller: &'a str, callee: &'a str) -> bool {
        self.by_ends.get_mut(&(caller, callee)).and_then(|calls| last(calls, &self.waits)).is_some()
    }

    fn last_caller(&mut self, callee: &str) -> Option<&'a str> {
        let last = self.by_callee.get_mut(callee).and_then(|calls| last(calls, &self.waits));
        last.map(|call| self.ends[call].0)
    }
}

/// Puts a call back in its place of an ascending list.
fn put_back(calls: &mut Vec<usize>, call: usize) {
    if let Err(place) = calls.binary_search(&call) {
        calls.insert(place, call);
    }
}

/// The last call of a list that still waits.
fn last(calls: &mut Vec<usize>, waits: &[bool]) -> Option<usize> {
    while calls.pop_if(|call| !waits[*call]).is_some() {}
    calls.last().copied()
}

/// What somebody says to somebody else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Call,
    Answer,
    Part,
}

/// Where the two ends of an answer stand, and what to write there so that it leads the other way.
fn backwards(arch: &Architecture, step: &Step) -> (Span, String) {
    let item = arch.item(step.at);
    let text = &arch.file(step.at).text;
    let written = format!("{} --> {}", item.target.of(text), item.name.of(text));
    (arch.span(step.at, item.name.cover(item.target)), written)
}

/// What is said in a step, and the names of its ends. A name that means nothing still tells who speaks.
fn ends<'a>(arch: &'a Architecture, step: &Step) -> Option<(Said, &'a str, &'a str)> {
    let path = |id: ElementId| &*arch.element(id).path;
    match step.kind {
        StepKind::Call { from, to } => Some((Said::Call, path(from), path(to))),
        StepKind::Reply { from, to } => Some((Said::Answer, path(from), path(to))),
        StepKind::Part { from, to } => Some((Said::Part, path(from), path(to))),
        StepKind::Unresolved { is_reply, .. } => {
            let item = arch.item(step.at);
            let text = &arch.file(step.at).text;
            let said = if is_reply { Said::Answer } else { Said::Call };
            Some((said, item.name.of(text), item.target.of(text)))
        }
        StepKind::Chance
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
