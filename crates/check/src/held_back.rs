//! What cannot be judged because the text beside it could not be understood.

use crate::{Absence, Input, Rule, SYNTAX, rule};
use groma_base::{Diagnostic, Severity, Span, last_part, nearest};
use groma_model::kinds::class;
use groma_model::schema::Feeds;
use groma_model::{Architecture, ElementId, ItemId, ItemRef, UNKNOWN_WORD, UNRESOLVED_NAME};
use rustc_hash::FxHashSet;

/// Where findings that something is missing are held back.
#[derive(Default)]
pub(crate) struct HeldBack {
    /// A text cannot be read: anything may be missing from what was understood.
    everywhere: bool,
    /// The name of a declaration cannot be read: what uses it, or is used by it, is not known.
    nameless: bool,
    /// A declaration could not be understood.
    has_errors: bool,
    /// Something in these declarations could not be understood.
    items: FxHashSet<ItemRef>,
    /// The same but for facts that are called otherwise: what such a one may have said is none of the facts that are understood.
    garbled: FxHashSet<ItemRef>,
    /// Or in these flows and pipelines.
    flows: FxHashSet<ItemRef>,
    /// A broken call in these flows begins at what has this name.
    calls: FxHashSet<(ItemRef, String)>,
    /// These words stand in what could not be understood at all, or are facts of the workspace's own whose declarations could not be: what asks for one may be right.
    unread: FxHashSet<String>,
    /// What is missing in names that mean nothing and are told already.
    unknown: FxHashSet<String>,
    /// What elements are called, if anything is missing in names.
    called: FxHashSet<String>,
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
        let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
        let mut errors = problems.iter().filter(|problem| is_error(problem));
        held_back.has_errors =
            errors.any(|problem| arch.innermost(problem.primary.span).is_some()) || !arch.missing_names.is_empty();
        let shorts: Vec<&str> = arch.elements.iter().map(|element| last_part(&element.path)).collect();
        let garbled = problems.iter().filter(|problem| problem.code != UNKNOWN_WORD);
        held_back.garbled = garbled.filter_map(|problem| arch.innermost(problem.primary.span)).collect();
        let labels = problems.iter().flat_map(|problem| std::iter::once(&problem.primary).chain(&problem.secondary));
        let places = labels.filter_map(|label| arch.innermost(label.span));
        let mut compared = 0;
        for (nth, at) in places.chain(arch.missing_names.iter().copied()).enumerate() {
            held_back.note_place(arch, at);
            if nth < MOST_NAMES && compared < MOST_COMPARISONS {
                let words = names_in(arch, at);
                compared += words.len() * shorts.len();
                held_back.note_meant(arch, at, &words, &shorts);
            }
        }
        held_back.note_repeated(arch);
        held_back.unread = unread(arch, &held_back.items);
        held_back.called = shorts.into_iter().map(str::to_owned).collect();
        held_back.note_unknown(arch, problems);
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

    /// Notes which elements, whose last parts are `shorts`, may be meant by the names in a declaration in which something could not be
    /// understood.
    fn note_meant(&mut self, arch: &Architecture, at: ItemRef, words: &[&str], shorts: &[&str]) {
        let near = |word: &&str| nearest(last_part(word), shorts.iter().copied()).into_iter().map(str::to_owned);
        let near: Vec<Vec<String>> = words.iter().map(|word| near(word).collect()).collect();
        let meant = with_what_is_around(arch, near.iter().flatten());
        let class = arch.item(at).kind.class;
        match &near[..] {
            [_] if class == &class::INSTANCE => {
                self.placed.extend(meant);
                self.placed.extend(parts_of_whole(arch, words[0]));
            }
            [from, to] => {
                self.used.extend(meant);
                let unknown = words.iter().zip([from, to]).filter(|(word, near)| is_unknown(word, near, shorts));
                self.used.extend(unknown.filter_map(|(word, _)| only_idle(arch, at, word)));
                if class == &class::RELATION {
                    self.from.extend(from.iter().chain(to).cloned());
                    self.to.extend(to.iter().chain(from).cloned());
                }
                if let (true, Some(flow)) = (class == &class::STEP, flow_around(arch, at)) {
                    self.calls.extend(from.iter().map(|caller| (flow, caller.clone())));
                }
            }
            _ => {}
        }
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

    /// The same of errors alone: what is only warned of, such as how a record is written, hides nothing.
    fn is_wrong_somewhere(&self) -> bool {
        self.everywhere || self.nameless || self.leaves_unsure(Input::Everything) || self.has_errors
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
        let at = finding.subject.map(|item| ItemRef { file: finding.primary.span.file, item: ItemId::new(item) });
        let covers = |more: &dyn Fn(ItemRef) -> bool| {
            at.is_some_and(|at| self.covers_item(at) || self.is_in_unknown(arch, at) || more(at))
        };
        let is_named = |at: ItemRef, names: &FxHashSet<String>| {
            arch.item(at).kind.class.is_element() && names.contains(arch.name(at))
        };
        self.everywhere
            || match absence {
                Absence::OfAnything => self.is_wrong_somewhere(),
                Absence::OfPart => covers(&|_| false),
                Absence::OfName => self.nameless || covers(&|_| false) || self.asks_for_unread(arch, finding),
                Absence::OfTechnology => {
                    let is_garbled = |at: ItemRef| self.garbled.contains(&at) || self.is_in_unknown(arch, at);
                    self.nameless || at.is_some_and(is_garbled) || self.asks_for_unread(arch, finding)
                }
                Absence::OfWhole => covers(&|at| arch.items_around(at).any(|around| self.items.contains(&around))),
                Absence::OfStep => covers(&|at| flow_around(arch, at).is_some_and(|flow| self.flows.contains(&flow))),
                Absence::OfCall => at.is_some_and(|at| self.covers_call(arch, at)),
                Absence::OfRelation => self.nameless || covers(&|at| self.may_be_at_broken_end(arch, at)),
                Absence::OfUse => covers(&|at| self.nameless || is_named(at, &self.used) || is_named(at, &self.unread)),
                Absence::OfPlace => covers(&|at| {
                    let is_instance = arch.item(at).kind.is(&class::INSTANCE);
                    let is_meant = is_instance && self.placed.contains(last_part(arch.name(at)));
                    self.nameless || is_named(at, &self.placed) || is_meant || is_named(at, &self.unread)
                }),
            }
    }

    /// Whether a finding is at a word that stands in what could not be understood.
    fn asks_for_unread(&self, arch: &Architecture, finding: &Diagnostic) -> bool {
        let text = text_at(arch, finding.primary.span);
        let is_unread = !self.unread.is_empty() && words_of(text).any(|word| self.unread.contains(word));
        is_unread || !self.unknown.is_empty() && self.unknown.contains(self.missing_in(text))
    }

    /// Notes what is missing in the names that mean nothing.
    fn note_unknown(&mut self, arch: &Architecture, problems: &[Diagnostic]) {
        let names = problems.iter().filter(|problem| problem.code == UNRESOLVED_NAME);
        let names = names.map(|problem| self.missing_in(text_at(arch, problem.primary.span)).to_owned());
        self.unknown = names.collect();
    }

    /// The part of a path that nothing is called: the first that no element is, or else the last.
    fn missing_in<'t>(&self, path: &'t str) -> &'t str {
        let path = path.trim_matches('"');
        path.split('.').find(|part| !self.called.contains(*part)).unwrap_or_else(|| last_part(path))
    }

    /// Whether it is not certain what an answer answers. Answers and calls are told apart by their words, whether or not these are
    /// understood.
    fn covers_call(&self, arch: &Architecture, at: ItemRef) -> bool {
        let caller = last_part(arch.item(at).target.of(&arch.file(at).text));
        let flow = flow_around(arch, at);
        self.covers_item(at) && !flow.is_some_and(|flow| self.is_consistent(arch, flow, at))
            || flow.is_some_and(|flow| self.calls.contains(&(flow, caller.to_owned())))
    }

    /// Whether a broken relationship may begin where an arrow begins, or lead to where it leads.
    fn may_be_at_broken_end(&self, arch: &Architecture, at: ItemRef) -> bool {
        let (arrow, text) = (arch.item(at), &arch.file(at).text);
        self.from.contains(last_part(arrow.name.of(text))) || self.to.contains(last_part(arrow.target.of(text)))
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

/// What stands at a place.
fn text_at(arch: &Architecture, span: Span) -> &str {
    arch.files.get(span.file.index()).map_or("", |file| span.range.of(&file.text))
}

/// The words of a text that may be names.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_');
    text.split(is_end).filter(|word| !word.is_empty())
}

/// The words of what could not be understood, and the facts of the workspace's own in whose declarations something could not be.
fn unread(arch: &Architecture, items: &FxHashSet<ItemRef>) -> FxHashSet<String> {
    let lost = arch.files.iter().flat_map(|file| file.lost.iter().map(|range| range.of(&file.text)));
    let own = items.iter().filter(|at| arch.item(**at).kind.is(&class::OWN_FACT)).map(|at| arch.name(*at));
    lost.flat_map(words_of).chain(own).map(str::to_owned).collect()
}

/// The words of a declaration that are to name elements.
fn names_in(arch: &Architecture, at: ItemRef) -> Vec<&str> {
    let (item, text) = (arch.item(at), &arch.file(at).text);
    if item.kind.is(&class::INSTANCE) {
        vec![item.name.of(text)]
    } else if item.kind.class.is_in(&[&class::RELATION, &class::STEP, &class::REPLY]) {
        vec![item.name.of(text), item.target.of(text)]
    } else {
        Vec::new()
    }
}

/// These names of elements, and those of what these are in: what is in something speaks for it.
fn with_what_is_around<'n>(arch: &Architecture, names: impl Iterator<Item = &'n String>) -> FxHashSet<String> {
    let mut found: FxHashSet<String> = names.cloned().collect();
    let meant = arch.elements.iter().filter(|one| found.contains(last_part(&one.path)));
    let around = meant.flat_map(|one| std::iter::successors(one.parent, |id| arch.element(*id).parent));
    let around: Vec<String> = around.map(|id| last_part(&arch.element(id).path).to_owned()).collect();
    found.extend(around);
    found
}

/// Whether nothing is called as a word is, or nearly so.
fn is_unknown(word: &str, near: &[String], shorts: &[&str]) -> bool {
    !word.is_empty() && near.is_empty() && !shorts.contains(&last_part(word))
}

/// The name of the only element that an unknown name at an arrow could mean by where it stands, and that nothing else names: it was renamed there,
/// and not here.
fn only_idle(arch: &Architecture, at: ItemRef, word: &str) -> Option<String> {
    let around_arrow = arch.items_around(at).filter(|at| arch.item(*at).kind.class.is_element());
    let scopes: Vec<&str> = around_arrow.map(|at| arch.name(at)).collect();
    let is_there = |path: &str| match (around(word), around(path)) {
        (Some(whole), Some(around)) => around == whole || around.ends_with(&format!(".{whole}")),
        (None, Some(around)) => scopes.contains(&last_part(around)),
        (whole, None) => whole.is_none(),
    };
    let mut idle = arch.elements.entries().filter(|(id, element)| is_there(&element.path) && is_idle(arch, *id));
    let (_, only) = idle.next()?;
    idle.next().is_none().then(|| last_part(&only.path).to_owned())
}

/// Whether no relationship and no flow touches an element or what is in it.
fn is_idle(arch: &Architecture, id: ElementId) -> bool {
    !arch.is_connected(id) && !arch.is_passed(id)
}

/// The names of the parts of the element of which a path says that it names one.
fn parts_of_whole<'a>(arch: &'a Architecture, path: &'a str) -> impl Iterator<Item = String> + 'a {
    let whole = around(path);
    let parts = arch.elements.iter().filter(move |element| whole.is_some() && around(&element.path) == whole);
    parts.map(|element| last_part(&element.path).to_owned())
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
