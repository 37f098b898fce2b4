//! What a rule sees and how it reports.

use crate::Rule;
use groma_base::{Diagnostic, FileId, Severity, Span};
use groma_model::decode::FactValue;
use groma_model::facts::element::Style;
use groma_model::kinds::class;
use groma_model::schema::{Class, Head};
use groma_model::signing::Signatures;
use groma_model::stack::{Known, Named, Technologies, Used};
use groma_model::{Architecture, Container, ElementId, Entity, Flow, FlowId, ItemRef, RelationId};
use groma_simulate::Network;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// What a rule is given: what it sees, and where its findings go. Each run of a rule has one of its own.
pub struct Context<'a> {
    /// What is checked.
    pub arch: &'a Architecture,
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) findings: Vec<Diagnostic>,
    /// What the rule looks at; `None` is everything.
    pub(crate) focus: Option<&'a Focus>,
    pub(crate) shared: &'a Shared<'a>,
}

/// What several rules ask for, made once.
#[derive(Default)]
pub(crate) struct Shared<'a> {
    network: OnceLock<Network>,
    technologies: OnceLock<Technologies<'a>>,
    used: OnceLock<Vec<Used<'a>>>,
    by_technology: OnceLock<Vec<(Known, Vec<Used<'a>>)>>,
    by_text: OnceLock<Vec<(&'a str, Vec<Used<'a>>)>>,
    signatures: OnceLock<Signatures<'a>>,
}

/// Uses that have something in common, in the order in which each comes first.
fn together<'a, K: Copy + Eq + std::hash::Hash>(
    used: &[Used<'a>],
    common: impl Fn(&Used<'a>) -> Option<K>,
) -> Vec<(K, Vec<Used<'a>>)> {
    let mut found: Vec<(K, Vec<Used<'a>>)> = Vec::new();
    let mut place: FxHashMap<K, usize> = FxHashMap::default();
    for (one, key) in used.iter().filter_map(|one| Some((one, common(one)?))) {
        let at = *place.entry(key).or_insert(found.len());
        if at == found.len() {
            found.push((key, Vec::new()));
        }
        found[at].1.push(*one);
    }
    found
}

/// The elements, relationships and flows that a change of a file's facts can give other findings.
pub(crate) struct Focus {
    file: FileId,
    elements: Vec<ElementId>,
    relations: Vec<RelationId>,
    flows: Vec<FlowId>,
    /// Where these are declared.
    declared: FxHashSet<ItemRef>,
}

impl Focus {
    /// What is near the declarations of a file: its elements with their parts, both ends of their relationships
    /// and of the file's own, the relationships of all of these, and the flows that pass through them.
    pub(crate) fn new(arch: &Architecture, file: FileId) -> Focus {
        let declared_here = |at: ItemRef| at.file == file;
        let is_inside = |id: &ElementId| {
            arch.ancestors(*id).any(|at| {
                let element = arch.element(at);
                let groups = element.group.into_iter().chain(arch.zones(at));
                declared_here(element.at) || groups.into_iter().any(|group| declared_here(arch.groups[group].at))
            })
        };
        let inside: Vec<ElementId> = arch.element_ids().filter(is_inside).collect();
        let mut near = vec![false; arch.elements.len()];
        inside.iter().for_each(|id| near[id.index()] = true);
        let mut take = |id: RelationId| {
            for end in [arch.relation(id).from, arch.relation(id).to] {
                arch.ancestors(end).for_each(|at| near[at.index()] = true);
            }
        };
        inside.iter().flat_map(|id| arch.outgoing(*id).chain(arch.incoming(*id))).for_each(&mut take);
        arch.relation_ids().filter(|id| arch.relation(*id).at.file == file).for_each(&mut take);
        let elements: Vec<ElementId> = arch.element_ids().filter(|id| near[id.index()]).collect();
        let mut relations: Vec<RelationId> =
            elements.iter().flat_map(|id| arch.outgoing(*id).chain(arch.incoming(*id))).collect();
        relations.sort_unstable();
        relations.dedup();
        let mut flows: Vec<FlowId> = elements.iter().flat_map(|id| arch.flows_through(*id)).collect();
        flows.extend(arch.flows.entries().filter(|(_, flow)| flow.at.file == file).map(|(id, _)| id));
        flows.sort_unstable();
        flows.dedup();
        let declared = elements.iter().map(|id| arch.element(*id).at);
        let declared = declared.chain(relations.iter().map(|id| arch.relation(*id).at));
        let declared = declared.chain(flows.iter().map(|id| arch.flows[*id].at)).collect();
        Focus { file, elements, relations, flows, declared }
    }

    /// Whether the file holds nothing but decisions and requests for comments.
    pub(crate) fn is_of_records(&self, arch: &Architecture) -> bool {
        let mut items = arch.files[self.file.index()].items.iter();
        items.all(|item| item.kind.class.is_in(class::RECORDED))
    }

    /// Whether the findings about an item are found anew in this focus.
    pub(crate) fn covers(&self, arch: &Architecture, at: ItemRef) -> bool {
        let is_flow = |at: &ItemRef| arch.item(*at).kind.is(&class::FLOW);
        self.declared.contains(&at) || arch.items_around(at).any(|at| is_flow(&at) && self.declared.contains(&at))
    }
}

impl<'a> Context<'a> {
    /// The flows as programs on a network of queues. Made once, for all rules that ask.
    pub fn network(&self) -> &'a Network {
        self.shared.network.get_or_init(|| groma_simulate::analytic_network(self.arch))
    }

    /// The technologies of the workspace. Made once, for all rules that ask.
    pub fn technologies(&self) -> &'a Technologies<'a> {
        self.shared.technologies.get_or_init(|| Technologies::new(self.arch))
    }

    /// The signatures, each with how it stands. Made once, for all rules that ask.
    pub fn signatures(&self) -> &'a Signatures<'a> {
        self.shared.signatures.get_or_init(|| Signatures::of(self.arch))
    }

    /// All technologies that what is our own names, elements first, each by its path or address, so that the order of the text
    /// changes no finding; whatever the rule looks at.
    pub(crate) fn used(&self) -> &'a [Used<'a>] {
        self.shared.used.get_or_init(|| self.technologies().used())
    }

    /// Those of which something is known, each technology once, with all that name it.
    pub(crate) fn by_technology(&self) -> &'a [(Known, Vec<Used<'a>>)] {
        self.shared.by_technology.get_or_init(|| together(self.used(), |one| one.named.known))
    }

    /// All, together where they are named alike.
    pub(crate) fn by_text(&self) -> &'a [(&'a str, Vec<Used<'a>>)] {
        self.shared.by_text.get_or_init(|| together(self.used(), |one| Some(one.named.text)))
    }

    /// The records of a class to look at: all, or those of the file that has changed.
    pub fn records_of(&self, class: &'static Class) -> impl Iterator<Item = ItemRef> + use<'a> {
        let file = self.focus.map(|focus| focus.file);
        let all = self.arch.records_of(class).map(|record| record.at);
        all.filter(move |at| file.is_none_or(|file| at.file == file))
    }

    /// The elements to look at: all, or those near to what has changed.
    pub fn elements(&self) -> impl Iterator<Item = ElementId> + use<'a> {
        let focus = self.focus.map(|focus| &focus.elements);
        let count = focus.map_or(self.arch.elements.len(), Vec::len);
        (0..count).map(move |at| focus.map_or(ElementId::new(at as u32), |focus| focus[at]))
    }

    /// The relationships to look at, likewise.
    pub fn relations(&self) -> impl Iterator<Item = RelationId> + use<'a> {
        let focus = self.focus.map(|focus| &focus.relations);
        let count = focus.map_or(self.arch.relations.len(), Vec::len);
        (0..count).map(move |at| focus.map_or(RelationId::new(at as u32), |focus| focus[at]))
    }

    /// The flows to look at, likewise.
    pub fn flows(&self) -> impl Iterator<Item = &'a Flow> + use<'a> {
        let (arch, focus) = (self.arch, self.focus.map(|focus| &focus.flows));
        let count = focus.map_or(arch.flows.len(), Vec::len);
        (0..count).map(move |at| &arch.flows[focus.map_or(FlowId::new(at as u32), |focus| focus[at])])
    }

    /// Begins a finding of the rule; hand it to [`Context::push`]. A rule of [`crate::Reach::Near`] uses
    /// [`Context::at`] or [`Context::at_fact`], or says itself what it is about.
    #[cfg_attr(test, track_caller)]
    pub fn finding(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        #[cfg(test)]
        crate::tests::sites::meet(std::panic::Location::caller());
        Diagnostic::new(self.rule.name, self.severity, span, message)
    }

    /// Begins a finding at the name of something.
    #[cfg_attr(test, track_caller)]
    pub fn at(&self, at: ItemRef, message: impl Into<String>) -> Diagnostic {
        self.finding(self.arch.name_span(at), message).about(at.item.raw())
    }

    /// Begins a finding at the value of a fact.
    #[cfg_attr(test, track_caller)]
    pub fn at_fact(&self, at: ItemRef, fact: &FactValue, message: impl Into<String>) -> Diagnostic {
        self.finding(Span::new(at.file, fact.range), message).about(at.item.raw())
    }

    /// A finding that is told once for all that use a technology: at the first, with the others.
    #[cfg_attr(test, track_caller)]
    pub fn at_users(&self, users: &[Used<'_>], message: impl Into<String>) -> Diagnostic {
        let (first, others) = users.split_first().expect("somebody uses it");
        let finding = self.at_use(first, message);
        others.iter().fold(finding, |finding, other| finding.also(other.span(), other.at.item.raw(), "also used here"))
    }

    /// A finding about a technology where it is used, whichever version of it that is.
    #[cfg_attr(test, track_caller)]
    pub fn at_use(&self, used: &Used<'_>, message: impl Into<String>) -> Diagnostic {
        let Named { text, known, .. } = used.named;
        let regarded = match known {
            Some(Known { own: Some(own), .. }) => self.arch.address_of(own),
            Some(Known { built_in: Some(entry), .. }) => format!("{}:{}", class::TECHNOLOGY.word, entry.name()),
            Some(Known { own: None, built_in: None }) | None => {
                // What begins with a digit is a version, also of what nothing is known of.
                let words = text.split(' ').take_while(|word| !word.starts_with(|first: char| first.is_ascii_digit()));
                words.collect::<Vec<_>>().join(" ")
            }
        };
        self.at_fact(used.at, used.fact, message).regarding(regarded)
    }

    /// Reports a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// The elements of our own: those that others do not build and run.
    pub fn own_elements(&self) -> impl Iterator<Item = ElementId> + use<'a> {
        let arch = self.arch;
        self.elements().filter(move |id| !arch.element(*id).external)
    }

    /// Our own containers of the kinds for which this is so.
    pub fn own_containers<F: Fn(Container) -> bool>(&self, fits: F) -> impl Iterator<Item = ElementId> + use<'a, F> {
        let arch = self.arch;
        self.own_elements().filter(move |id| arch.element(*id).container().is_some_and(&fits))
    }

    /// The kind and title of an element for a message: `service "Core API"`.
    pub fn named(&self, id: ElementId) -> String {
        let element = self.arch.element(id);
        format!("{} \"{}\"", element.kind_name, self.arch.element_title(id))
    }

    /// A finding that comes of what something declares: with the kit that this is part of, if it is of one. Only an `allow` that explains
    /// itself takes such a finding out. The rule stands in `OF_KITS` beside the registry, or who includes the kit could switch off
    /// what it demands.
    pub fn from_kit(&self, at: ItemRef, finding: Diagnostic) -> Diagnostic {
        match self.arch.kit(at) {
            Some(kit) => {
                let finding = finding.note(format!("from the kit {}", self.arch.kit_name(kit)));
                Diagnostic { of_kit: Some(at.file), ..finding }
            }
            None => finding,
        }
    }

    /// What any thing is called in a message: `the service "Core"`, or `shop.core -> bank`.
    pub fn thing(&self, at: ItemRef) -> String {
        let (arch, item) = (self.arch, self.arch.item(at));
        if let Some(Entity::Element(id)) = arch.entity(at) {
            return format!("the {}", self.named(id));
        }
        let text = &arch.file(at).text;
        match item.kind.head {
            Head::Arrow => format!("`{} {} {}`", item.name.of(text), item.kind.name, item.target.of(text)),
            Head::Named | Head::Title | Head::Value(_) | Head::Perhaps(_) => {
                format!("the {} \"{}\"", item.kind.word(), arch.title(at))
            }
        }
    }

    /// Where an element is named, for a label.
    pub fn span_of(&self, id: ElementId) -> Span {
        self.arch.name_span(self.arch.element(id).at)
    }

    /// Where a relationship is named.
    pub fn relation_span(&self, id: RelationId) -> Span {
        self.arch.name_span(self.arch.relation(id).at)
    }

    /// The architecture style that applies to an element: that of the nearest element around it that has one.
    pub fn style_of(&self, id: ElementId) -> Option<(Style, ElementId)> {
        let arch = self.arch;
        std::iter::successors(Some(id), |at| arch.element(*at).parent)
            .find_map(|at| arch.choice(arch.element(at).at).map(|style| (style, at)))
    }
}
