//! Findings that an `allow` suppresses: they do not count, and are told beside those that do.

use groma_base::{Diagnostic, Span};
use groma_model::{Architecture, facts};
use groma_session::Suppressed;

/// A finding that an `allow` suppresses, with what that says.
#[derive(Clone, Debug)]
pub struct Suppression<'a> {
    /// The finding.
    pub finding: &'a Diagnostic,
    /// Where the `allow` names the rule.
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
    /// What is written of a finding that is suppressed.
    pub fn new(arch: &'a Architecture, one: &'a Suppressed) -> Suppression<'a> {
        let at = one.by;
        Suppression {
            finding: &one.finding,
            at: arch.name_span(at),
            address: arch.address_of(at),
            reason: arch.text(at, &facts::allow::REASON),
            owner: arch.fact(at, &facts::OWNER).map(|owner| arch.words(at, owner)),
            expires: arch.text(at, &facts::allow::EXPIRES),
        }
    }

    /// By what it is suppressed, in a sentence: ``suppressed by the `allow` in a.groma:3:9, of ana, until 2027-06-30: "…"``.
    pub(crate) fn sentence(&self, place: &str) -> String {
        let owner = self.owner.map_or(String::new(), |owner| format!(", of {owner}"));
        let expires = self.expires.map_or(String::new(), |date| format!(", until {date}"));
        let reason = self.reason.map_or(String::new(), |reason| format!(": \"{}\"", crate::one_line(reason)));
        format!("suppressed by the `allow` in {place}{owner}{expires}{reason}")
    }
}
