//! What a rule sees and how it reports.

use crate::Rule;
use crate::rules::RULES;
use groma_base::{Diagnostic, Severity, Span};
use groma_model::decode::FactValue;
use groma_model::{Architecture, ElementId, ItemRef, Level, RelationId, facts};

/// Handed to each rule in turn.
pub struct Context<'a> {
    /// What is checked.
    pub arch: &'a Architecture,
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) findings: Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(arch: &'a Architecture) -> Context<'a> {
        Context { arch, rule: &RULES[0], severity: Severity::Error, findings: Vec::new() }
    }

    /// Begins a finding of the current rule; hand it to [`Context::push`].
    pub fn finding(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.rule.name, self.severity, span, message)
    }

    /// Begins a finding at the name of something.
    pub fn at(&self, at: ItemRef, message: impl Into<String>) -> Diagnostic {
        self.finding(self.arch.name_span(at), message)
    }

    /// Begins a finding at the value of a fact.
    pub fn at_fact(&self, at: ItemRef, fact: &FactValue, message: impl Into<String>) -> Diagnostic {
        self.finding(Span::new(at.file, fact.range), message)
    }

    /// Reports a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// The elements of our own: those that others do not build and run.
    pub fn own_elements(&self) -> impl Iterator<Item = ElementId> + use<'a> {
        let arch = self.arch;
        arch.element_ids().filter(move |id| !arch.element(*id).external)
    }

    /// Our own containers of these kinds.
    pub fn own_containers(&self, kinds: &'static [&'static str]) -> impl Iterator<Item = ElementId> + use<'a> {
        let arch = self.arch;
        self.own_elements().filter(move |id| arch.element(*id).level == Level::Container && arch.is_kind(*id, kinds))
    }

    /// The kind and title of an element for a message: `service "Core API"`.
    pub fn named(&self, id: ElementId) -> String {
        let element = self.arch.element(id);
        format!("{} \"{}\"", element.kind_name, self.arch.element_title(id))
    }

    /// Where an element is named, for a label.
    pub fn span_of(&self, id: ElementId) -> Span {
        self.arch.name_span(self.arch.element(id).at)
    }

    /// Where a relationship is named.
    pub fn relation_span(&self, id: RelationId) -> Span {
        self.arch.name_span(self.arch.relation(id).at)
    }

    /// The elements that something is or contains that have a relationship, in or out.
    pub fn is_connected(&self, id: ElementId) -> bool {
        self.arch.outgoing(id).next().is_some()
            || self.arch.incoming(id).next().is_some()
            || self.arch.children(id).any(|child| self.is_connected(child))
    }

    /// The architecture style that applies to an element: that of the nearest element around it that has one.
    pub fn style_of(&self, id: ElementId) -> Option<(&'a str, ElementId)> {
        let arch = self.arch;
        std::iter::successors(Some(id), |at| arch.element(*at).parent)
            .find_map(|at| arch.text(arch.element(at).at, &facts::STYLE).map(|style| (style, at)))
    }
}
