//! Findings to text. Each format is one file; none of them decides anything about the findings.

mod github;
mod human;
mod json;
mod junit;
mod most;
mod sarif;

use groma_base::{Diagnostic, Sources};

pub use human::Color;
pub use most::{LeftOut, MOST, MOST_OF_RULE, most};

/// What a report is made from.
pub struct Report<'a> {
    /// The files the findings point into.
    pub sources: &'a Sources,
    /// The findings in the order they are shown.
    pub findings: &'a [Diagnostic],
    /// For each rule that a finding names: its one-line summary.
    pub rules: &'a [(&'static str, &'static str)],
    /// How many findings there are besides: see [`most()`].
    pub left_out: &'a [LeftOut],
}

/// The formats findings can be written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, as rustc shows them.
    Human,
    /// For programs; carries a version.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands, which annotate a pull request.
    Github,
    /// JUnit XML, one test case a rule.
    Junit,
}

/// Writes the findings in a format. `color` matters to the human one only.
pub fn render(report: &Report<'_>, format: Format, color: Color) -> String {
    match format {
        Format::Human => human::render(report, color),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Junit => junit::render(report),
    }
}
