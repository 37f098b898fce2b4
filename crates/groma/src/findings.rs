//! What findings make of a command's outcome.

use crate::output::Exit;
use clap::ValueEnum;
use groma_base::{Diagnostic, Severity};

/// The severity from which findings give exit code 1.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// Whether a command fails that finds this under a rule. A text that cannot be read always makes the input unusable.
    pub(crate) fn fails(self, rule: &str, severity: Severity) -> bool {
        let least = match self {
            FailOn::Never => None,
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
        };
        rule == groma_check::SYNTAX || least.is_some_and(|least| severity >= least)
    }
}

/// How a command ends that found these. A file that cannot be read as text of the language makes the input unusable.
pub(crate) fn outcome(findings: &[Diagnostic], fail_on: FailOn) -> Exit {
    if findings.iter().any(|finding| finding.code == groma_check::SYNTAX) {
        return Exit::Unusable;
    }
    let fails = findings.iter().any(|finding| fail_on.fails(&finding.code, finding.severity));
    if fails { Exit::Findings } else { Exit::Clean }
}
