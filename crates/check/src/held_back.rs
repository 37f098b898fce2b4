//! What cannot be judged because the text beside it could not be understood.

use crate::{Absence, Input, Rule, SYNTAX, rule};
use groma_base::{Diagnostic, Span, last_part, nearest};
use groma_model::kinds::class;
use groma_model::schema::Feeds;
use groma_model::{Architecture, ItemId, ItemRef};
use rustc_hash::FxHashSet;

/// Where findings that something is missing are held back.
#[derive(Default)]
pub(crate) struct HeldBack {
    /// A text cannot be read: anything may be missing from what was understood.
    everywhere: bool,
    /// The name of a declaration cannot be read: what uses it, or is used by it, is not known.
    nameless: bool,
    /// Something in these declarations could not be understood.
    items: FxHashSet<ItemRef>,
    /// Or in these flows and pipelines.
    flows: FxHashSet<ItemRef>,
    /// A broken call in these flows begins at what has this name.
    calls: FxHashSet<(ItemRef, String)>,
    /// These words stand in several steps of these flows.
    repeated: FxHashSet<(ItemRef, String)>,
    /// Something of what there is could not be understood: what is calculated from it is unsure.
    structure: bool,
    /// Or of what it does.
    flows_of_calls: bool,
    /// Or of what is asked of it.
    demand: bool,
    /// A broken name in a relationship or step may have meant one of these, or they are at its other end.
    used: FxHashSet<String>,
    /// A broken name of an instance may have meant one of these.
    placed: FxHashSet<String>,
    /// A broken relationship may begin at one of these.
    from: FxHashSet<String>,
    /// A broken relationship may lead to one of these.
    to: FxHashSet<String>,
}

/// For at most this many places what they may have meant is looked for.
const MOST_NAMES: usize = 200;
/// At most so often a name is compared with one that may have been meant.
const MOST_COMPARISONS: usize = 4_000_000;

impl HeldBack {
    /// What cannot be judged because of the problems of the text.
    pub(crate) fn new(arch: &Architecture, problems: &[Diagnostic]) -> HeldBack {
        let everywhere = problems.iter().any(|problem| problem.code == SYNTAX);
        let mut held_back = HeldBack { everywhere, nameless: arch.has_nameless(), ..HeldBack::default() };
        held_back.note_what_is_calculated_from(arch, problems);
        if problems.is_empty() || held_back.everywhere {
            return held_back;
        }
        let shorts: Vec<&str> = arch.elements.iter().map(|element| last_part(&element.path)).collect();
        let labels = problems.iter().flat_map(|problem| std::iter::once(&problem.primary).chain(&problem.secondary));
        let places = labels.filter_map(|label| arch.innermost(label.span));
        let mut compared = 0;
        for (nth, at) in places.chain(arch.missing_names.iter().copied()).enumerate() {
            held_back.note_place(arch, at);
            if nth < MOST_NAMES && compared < MOST_COMPARISONS {
                compared += held_back.note_meant(arch, at, &shorts);
            }
        }
        held_back.note_repeated(arch);
        held_back
    }

    /// Notes a declaration in which something could not be understood.
    fn note_place(&mut self, arch: &Architecture, at: ItemRef) {
        self.items.insert(at);
        let flow = flow_around(arch, at);
        self.flows.extend(flow);
        let step = arch.item(at);
        if let (true, Some(flow)) = (step.kind.is(&class::STEP), flow) {
            // Which end calls is not certain.
            for end in [step.name, step.target] {
                self.calls.insert((flow, last_part(end.of(&arch.file(at).text)).to_owned()));
            }
        }
    }

    /// Gathers which elements, whose last parts are `shorts`, may be meant by the names in a declaration in which something could
    /// not be understood. How often names were compared.
    fn note_meant(&mut self, arch: &Architecture, at: ItemRef, shorts: &[&str]) -> usize {
        let item = arch.item(at);
        let text = &arch.file(at).text;
        let (words, names) = if item.kind.is(&class::INSTANCE) {
            (vec![item.name.of(text)], &mut self.placed)
        } else if item.kind.class.is_in(&[&class::RELATION, &class::STEP, &class::REPLY]) {
            (vec![item.name.of(text), item.target.of(text)], &mut self.used)
        } else {
            return 0;
        };
        if let Some((whole, _)) = item.name.of(text).rsplit_once('.').filter(|_| item.kind.is(&class::INSTANCE)) {
            let parts = arch.elements.iter().filter(|element| around(&element.path) == Some(whole));
            names.extend(parts.map(|element| last_part(&element.path).to_owned()));
        }
        let near = |word: &&str| nearest(last_part(word), shorts.iter().copied()).into_iter().map(str::to_owned);
        let near: Vec<Vec<String>> = words.iter().map(|word| near(word).collect()).collect();
        names.extend(near.iter().flatten().cloned());
        // What is in something speaks for it.
        let meant = arch.elements.iter().filter(|one| near.iter().flatten().any(|near| last_part(&one.path) == near));
        let around = meant.flat_map(|one| std::iter::successors(one.parent, |id| arch.element(*id).parent));
        names.extend(around.map(|id| last_part(&arch.element(id).path).to_owned()));
        if let (true, Some(flow), Some(callers)) = (item.kind.is(&class::STEP), flow_around(arch, at), near.first()) {
            self.calls.extend(callers.iter().map(|caller| (flow, caller.clone())));
        }
        if let (true, [from, to]) = (item.kind.is(&class::RELATION), &near[..]) {
            self.from.extend(from.iter().chain(to).cloned());
            self.to.extend(to.iter().chain(from).cloned());
        }
        words.len() * shorts.len()
    }

    /// Gathers the words that stand in several steps of a flow in which something could not be understood.
    fn note_repeated(&mut self, arch: &Architecture) {
        let mut once = FxHashSet::default();
        for flow in arch.flows.iter().filter(|flow| self.flows.contains(&flow.at)) {
            for (item, text) in flow.steps.iter().map(|step| (arch.item(step.at), &arch.file(step.at).text)) {
                for end in [item.name.of(text), item.target.of(text)] {
                    if !once.insert((flow.at, end)) {
                        self.repeated.insert((flow.at, end.to_owned()));
                    }
                }
            }
        }
    }

    /// Whether both ends of an answer stand in other steps of its flow as well: whatever is wrong with a name, none is misspelt there alone.
    fn is_consistent(&self, arch: &Architecture, flow: ItemRef, at: ItemRef) -> bool {
        let (answer, text) = (arch.item(at), &arch.file(at).text);
        [answer.name, answer.target].iter().all(|end| self.repeated.contains(&(flow, end.of(text).to_owned())))
    }

    /// Notes which of what is calculated from could not be understood.
    fn note_what_is_calculated_from(&mut self, arch: &Architecture, problems: &[Diagnostic]) {
        let blocks = |problem: &&Diagnostic| rule(&problem.code).is_some_and(|rule| rule.blocks_forecast);
        for problem in problems.iter().filter(blocks) {
            match feeds(arch, problem.primary.span) {
                // Of what is no declaration at all nobody knows.
                None => (self.structure, self.flows_of_calls, self.demand) = (true, true, true),
                Some(Feeds::Structure) => self.structure = true,
                Some(Feeds::Flows) => self.flows_of_calls = true,
                Some(Feeds::Demand) => self.demand = true,
                Some(Feeds::Nothing | Feeds::AsItsWhole) => {}
            }
        }
    }

    /// Whether anything could not be understood, so that what is not found may be there.
    pub(crate) fn is_unsure(&self) -> bool {
        self.everywhere || self.nameless || self.leaves_unsure(Input::Everything) || !self.items.is_empty()
    }

    /// Whether a finding of a rule is held back: it finds something missing where that may stand in what was not
    /// understood, or calculates from it.
    pub(crate) fn hides(&self, arch: &Architecture, rule: &Rule, finding: &Diagnostic) -> bool {
        rule.calculates_from.is_some_and(|input| self.leaves_unsure(input))
            || rule.absence.is_some_and(|absence| self.covers(arch, finding, absence))
    }

    /// Whether something that is calculated from could not be understood.
    fn leaves_unsure(&self, input: Input) -> bool {
        match input {
            Input::Structure => self.structure,
            Input::Records => self.demand,
            Input::Everything => self.demand || self.structure || self.flows_of_calls,
        }
    }

    /// Whether the item that a finding is about could not be understood.
    fn covers(&self, arch: &Architecture, finding: &Diagnostic, absence: Absence) -> bool {
        if self.everywhere || self.nameless && matches!(absence, Absence::OfName | Absence::OfRelation) {
            return true;
        }
        if absence == Absence::OfAnything {
            return self.is_unsure();
        }
        let Some(item) = finding.subject else { return false };
        let at = ItemRef { file: finding.primary.span.file, item: ItemId::new(item) };
        let named = |names: &FxHashSet<String>| arch.item(at).kind.class.is_element() && names.contains(arch.name(at));
        if absence == Absence::OfCall {
            // Answers and calls are told apart by their words, whether or not these are understood.
            let caller = last_part(arch.item(at).target.of(&arch.file(at).text));
            let is_broken = |flow| self.calls.contains(&(flow, caller.to_owned()));
            let flow = flow_around(arch, at);
            return self.covers_item(at) && !flow.is_some_and(|flow| self.is_consistent(arch, flow, at))
                || flow.is_some_and(is_broken);
        }
        self.covers_item(at)
            || self.is_in_unknown(arch, at)
            || match absence {
                Absence::OfPart | Absence::OfCall | Absence::OfName | Absence::OfAnything => false,
                Absence::OfWhole => arch.items_around(at).any(|around| self.items.contains(&around)),
                Absence::OfStep => flow_around(arch, at).is_some_and(|flow| self.flows.contains(&flow)),
                Absence::OfRelation => {
                    let (step, text) = (arch.item(at), &arch.file(at).text);
                    self.from.contains(last_part(step.name.of(text)))
                        || self.to.contains(last_part(step.target.of(text)))
                }
                Absence::OfUse => self.nameless || named(&self.used),
                Absence::OfPlace => {
                    let item = arch.item(at);
                    let of_instance = item.kind.is(&class::INSTANCE) && self.placed.contains(last_part(arch.name(at)));
                    self.nameless || named(&self.placed) || of_instance
                }
            }
    }

    /// Whether a declaration itself could not be understood.
    pub(crate) fn covers_item(&self, at: ItemRef) -> bool {
        self.everywhere || self.items.contains(&at)
    }

    /// Whether it stands in an `extend` block that could not be understood.
    fn is_in_unknown(&self, arch: &Architecture, at: ItemRef) -> bool {
        arch.items_around(at).any(|around| arch.item(around).kind.is(&class::EXTEND) && self.items.contains(&around))
    }
}

/// The flow or pipeline that something stands in, or is.
fn flow_around(arch: &Architecture, at: ItemRef) -> Option<ItemRef> {
    let mut all = std::iter::once(at).chain(arch.items_around(at));
    all.find(|at| arch.item(*at).kind.class.is_in(&[&class::FLOW, &class::PIPELINE]))
}

/// What is calculated from the whole declaration around a place, if there is any.
fn feeds(arch: &Architecture, span: Span) -> Option<Feeds> {
    let at = arch.innermost(span)?;
    let outermost = arch.items_around(at).last().unwrap_or(at);
    Some(arch.item(outermost).kind.class.feeds)
}

/// The path of what something is part of.
fn around(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(whole, _)| whole)
}
