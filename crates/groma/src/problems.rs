//! Shows findings on standard error.

use crate::output::{print_error, print_error_bytes, wants_color};
use groma_base::{Diagnostic, Source, Sources, Span};
use groma_report::{Color, FindingsReport, Format};
use groma_syntax::SyntaxError;
use std::sync::Arc;

/// At most this many syntax errors are shown; a binary file would otherwise fill the screen.
const SHOWN: usize = 50;

/// Shows findings as `groma check` does.
pub(crate) fn print_findings(sources: &Sources, findings: &[Diagnostic]) {
    let color = if wants_color(&std::io::stderr()) { Color::Always } else { Color::Never };
    let report = FindingsReport::of(sources, findings, &[]);
    print_error_bytes(groma_report::render(&report, Format::Human, color).as_bytes());
}

pub(crate) fn print_syntax_errors(source: &Arc<Source>, errors: &[SyntaxError]) {
    let mut sources = Sources::default();
    let file = sources.add(source.clone());
    let findings: Vec<Diagnostic> = errors
        .iter()
        .take(SHOWN)
        .map(|error| {
            let finding = Diagnostic::error(groma_check::SYNTAX, Span::new(file, error.range), error.message.as_str())
                .help(error.help.as_str());
            match &error.related {
                Some((range, message)) => finding.secondary(Span::new(file, *range), message.as_str()),
                None => finding,
            }
            .with_short_words()
        })
        .collect();
    print_findings(&sources, &findings);
    if errors.len() > SHOWN {
        print_error(&format!("… and {} more errors\n", errors.len() - SHOWN));
    }
}
