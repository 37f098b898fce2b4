//! Findings that an `allow` suppresses or a baseline spares: they do not count, and are told beside those that do.

use groma_base::{Diagnostic, Sources, Span};
use groma_model::{Architecture, facts};
use groma_session::Suppressed;

/// A finding that is suppressed, with what suppresses it.
#[derive(Clone, Debug)]
pub struct Suppression<'a> {
    /// The finding.
    pub finding: &'a Diagnostic,
    /// What suppresses it.
    pub by: By<'a>,
}

/// What suppresses a finding.
#[derive(Clone, Debug)]
pub enum By<'a> {
    /// An `allow`.
    Allow(Allow<'a>),
    /// A baseline, by where it lies in the repository.
    Baseline(String),
}

/// What an `allow` says.
#[derive(Clone, Debug)]
pub struct Allow<'a> {
    /// Where it names the rule.
    pub at: Span,
    /// Its address.
    pub address: String,
    /// Why it is right there.
    pub reason: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
    /// Until when it is suppressed, `YYYY-MM-DD`.
    pub expires: Option<&'a str>,
}

impl<'a> Suppression<'a> {
    /// What is written of a finding that an `allow` suppresses.
    pub fn new(arch: &'a Architecture, one: &'a Suppressed) -> Suppression<'a> {
        let at = one.by;
        let allow = Allow {
            at: arch.name_span(at),
            address: arch.address_of(at),
            reason: arch.text(at, &facts::allow::REASON),
            owner: arch.fact(at, &facts::OWNER).map(|owner| arch.words(at, owner)),
            expires: arch.text(at, &facts::allow::EXPIRES),
        };
        Suppression { finding: &one.finding, by: By::Allow(allow) }
    }

    /// By what it is suppressed, in a sentence: ``suppressed by the `allow` in a.groma:3:9, of ana, until 2027-06-30: "…"``. `place`
    /// tells where something stands.
    pub(crate) fn sentence(&self, place: impl Fn(&Sources, Span) -> String, sources: &Sources) -> String {
        let allow = match &self.by {
            By::Allow(allow) => allow,
            By::Baseline(path) => return format!("spared by the baseline {path}"),
        };
        let owner = allow.owner.map_or(String::new(), |owner| format!(", of {owner}"));
        let expires = allow.expires.map_or(String::new(), |date| format!(", until {date}"));
        let reason = allow.reason.map_or(String::new(), |reason| format!(": \"{}\"", crate::one_line(reason)));
        format!("suppressed by the `allow` in {}{owner}{expires}{reason}", place(sources, allow.at))
    }
}
