use crate::{Context, Reach, Rule};
use groma_base::Severity;
use groma_model::{Architecture, ElementId, Step, StepId, StepKind, facts};
use rustc_hash::FxHashMap;

pub(super) static RULE: Rule = Rule {
    name: "unasked-reply",
    severity: Severity::Error,
    summary: "an answer to somebody who did not ask",
    check: Some(check),
    reach: Reach::Near,
    absence: None,
    blocks_forecast: false,
    page: include_str!("unasked_reply.md"),
};

fn check(cx: &mut Context<'_>) {
    for flow in cx.flows() {
        let mut open = Open::default();
        for (at, step) in flow.steps.entries() {
            open.answer_until(at);
            let Some((is_reply, from, to)) = ends(cx.arch, step) else { continue };
            if !is_reply {
                let answers = cx.arch.fact(step.at, &facts::step::REPLY).is_some();
                open.call(from, to, answers.then_some(step.subtree_end));
                continue;
            }
            if open.answer(to, from) {
                continue;
            }
            let finding = cx.at(step.at, format!("`{from}` answers `{to}`, which did not call it"));
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
    callers: Vec<&'a str>,
    waits: Vec<bool>,
    by_ends: FxHashMap<(&'a str, &'a str), Vec<usize>>,
    by_callee: FxHashMap<&'a str, Vec<usize>>,
    /// The calls with `reply=`, which are answered before the step after their block. Blocks stand in each other.
    until: Vec<(StepId, usize)>,
}

impl<'a> Open<'a> {
    fn call(&mut self, caller: &'a str, callee: &'a str, until: Option<StepId>) {
        let call = self.waits.len();
        self.callers.push(caller);
        self.waits.push(true);
        self.by_ends.entry((caller, callee)).or_default().push(call);
        self.by_callee.entry(callee).or_default().push(call);
        self.until.extend(until.map(|step| (step, call)));
    }

    /// Takes what `reply=` has answered before a step.
    fn answer_until(&mut self, step: StepId) {
        while let Some((_, call)) = self.until.pop_if(|(until, _)| *until <= step) {
            self.waits[call] = false;
        }
    }

    /// Takes the last call between two, if there is one.
    fn answer(&mut self, caller: &'a str, callee: &'a str) -> bool {
        let last = self.by_ends.get_mut(&(caller, callee)).and_then(|calls| last(calls, &self.waits));
        last.is_some_and(|call| std::mem::replace(&mut self.waits[call], false))
    }

    fn last_caller(&mut self, callee: &str) -> Option<&'a str> {
        let last = self.by_callee.get_mut(callee).and_then(|calls| last(calls, &self.waits));
        last.map(|call| self.callers[call])
    }
}

/// The last call of a list that still waits.
fn last(calls: &mut Vec<usize>, waits: &[bool]) -> Option<usize> {
    while calls.pop_if(|call| !waits[*call]).is_some() {}
    calls.last().copied()
}

/// Whether a step is an answer, and the names of its ends. A name that means nothing still tells who speaks.
fn ends<'a>(arch: &'a Architecture, step: &Step) -> Option<(bool, &'a str, &'a str)> {
    let path = |id: ElementId| &*arch.element(id).path;
    match step.kind {
        StepKind::Call { from, to } => Some((false, path(from), path(to))),
        StepKind::Reply { from, to } => Some((true, path(from), path(to))),
        StepKind::Unresolved { is_reply } => {
            let item = arch.item(step.at);
            let text = &arch.file(step.at).text;
            Some((is_reply, item.name.of(text), item.target.of(text)))
        }
        _ => None,
    }
}
