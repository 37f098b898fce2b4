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

/// How a command ends that found these. A file that cannot be read as text of the language makes the input unusable.
pub(crate) fn outcome(findings: &[Diagnostic], fail_on: FailOn) -> Exit {
    if findings.iter().any(|finding| finding.code == groma_check::SYNTAX) {
        return Exit::Unusable;
    }
    let least = match fail_on {
        FailOn::Never => return Exit::Clean,
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
    };
    if findings.iter().any(|finding| finding.severity >= least) { Exit::Findings } else { Exit::Clean }
}
