//! The rules. Each is a file of code beside a page that explains it; the page's examples are its tests.

mod allow;
mod context;
mod rules;

use groma_base::{Diagnostic, Severity};
use groma_model::{Architecture, kinds};

pub use context::Context;
pub use rules::RULES;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// How grave its findings are unless the workspace says otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Finds it; `None` for what is found while the text is read.
    pub check: Option<fn(&mut Context<'_>)>,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// The rule with this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// Checks an architecture with all rules. `problems` are those found while reading the text; they come back
/// among the findings. `today` (`YYYY-MM-DD`) decides which `allow` nodes have expired.
///
/// The findings are in the order of files, then places, then rules.
pub fn check(arch: &Architecture, problems: Vec<Diagnostic>, today: &str) -> Vec<Diagnostic> {
    let settings = Settings::new(arch);
    let mut context = Context::new(arch);
    for (at, rule) in RULES.iter().enumerate() {
        if let (Some(check), Some(severity)) = (rule.check, settings.severities[at]) {
            context.rule = rule;
            context.severity = severity;
            check(&mut context);
        }
    }
    let mut findings = problems;
    findings.append(&mut context.findings);
    let mut findings = allow::apply(arch, findings, &settings, today);
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup();
    findings
}

/// How grave each rule's findings are in this workspace; `None` if it is off.
pub(crate) struct Settings {
    severities: Vec<Option<Severity>>,
}

impl Settings {
    fn new(arch: &Architecture) -> Settings {
        let mut severities: Vec<_> = RULES.iter().map(|rule| Some(rule.severity)).collect();
        for at in &arch.rule_settings {
            let Some(rule) = RULES.iter().position(|rule| rule.name == arch.name(*at).trim_matches('"')) else {
                continue;
            };
            match arch.text(*at, &kinds::SEVERITY) {
                Some("off") => severities[rule] = None,
                Some(word) => severities[rule] = Severity::from_word(word),
                None => {}
            }
        }
        Settings { severities }
    }

    pub(crate) fn of(&self, name: &str) -> Option<Severity> {
        RULES.iter().position(|rule| rule.name == name).and_then(|at| self.severities[at])
    }
}
