//! Where relationships lead.

use groma_model::{Architecture, ElementId, Flow, Step, StepId, StepKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// Where the relationships lead of the elements that were asked about.
#[derive(Default)]
pub(super) struct Ways {
    own: FxHashMap<ElementId, Ends>,
    with_parts: FxHashMap<ElementId, Ends>,
}

impl Ways {
    /// Whether a relationship leads from one element, its parts or its wholes to the other, its parts or its wholes.
    pub(super) fn lead(&mut self, arch: &Architecture, from: ElementId, to: ElementId) -> bool {
        let whole = self.with_parts.entry(from).or_insert_with(|| Ends::new(arch, with_parts(arch, from)));
        whole.are_on_line_with(arch, to)
            || arch.ancestors(from).skip(1).any(|around| {
                let own = self.own.entry(around).or_insert_with(|| Ends::new(arch, vec![around]));
                own.are_on_line_with(arch, to)
            })
    }
}

/// Whether a step is an answer that is written as a call: one to whoever called before and waits, where no relationship leads.
pub(super) fn is_answer(arch: &Architecture, flow: &Flow, id: StepId, ways: &mut Ways) -> bool {
    let StepKind::Call { from, to } = flow.steps[id].kind else { return false };
    let asked = |(_, step): &(StepId, &Step)| matches!(step.kind, StepKind::Call { from: caller, to: callee } if arch.on_one_line(caller, to) && arch.on_one_line(callee, from));
    let may_be = from != to && !arch.on_one_line(from, to) && !ways.lead(arch, from, to) && ways.lead(arch, to, from);
    may_be && flow.steps.entries().take_while(|(at, _)| *at < id).any(|step| asked(&step))
}

fn with_parts(arch: &Architecture, id: ElementId) -> Vec<ElementId> {
    let mut all = vec![id];
    let mut next = 0;
    while let Some(at) = all.get(next) {
        all.extend(arch.children(*at));
        next += 1;
    }
    all
}

/// Where relationships end.
struct Ends {
    exactly: FxHashSet<ElementId>,
    /// In what they end, and what that is part of.
    within: FxHashSet<ElementId>,
}

impl Ends {
    fn new(arch: &Architecture, starts: Vec<ElementId>) -> Ends {
        let ends = starts.into_iter().flat_map(|start| arch.outgoing(start)).map(|id| arch.relation(id).to);
        let exactly: FxHashSet<ElementId> = ends.collect();
        let mut within = FxHashSet::default();
        for end in &exactly {
            // What is around one that was found before was found with it.
            let mut around = arch.ancestors(*end);
            while around.next().is_some_and(|whole| within.insert(whole)) {}
        }
        Ends { exactly, within }
    }

    fn are_on_line_with(&self, arch: &Architecture, id: ElementId) -> bool {
        self.within.contains(&id) || arch.ancestors(id).any(|around| self.exactly.contains(&around))
    }
}
