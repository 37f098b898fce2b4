//! Findings as [GitHub workflow commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions).

use crate::FindingsReport;
use crate::most::sentence;
use groma_base::{Place, Severity};

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let mut out = String::new();
    for finding in report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut text = finding.message.clone();
        let notes = finding.notes.iter().map(|note| format!("\n{note}"));
        text.extend(notes.chain(finding.help.iter().map(|help| format!("\nhelp: {help}"))));
        let mut span = finding.primary.span;
        // What lies in another repository has no line that could be annotated, but that which takes it in.
        if let (Place::Elsewhere(_), Some(included)) =
            (&report.sources.get(span.file).place, (report.included)(span.file))
        {
            text.push_str(&format!("\nin {}", report.sources.published_location(span)));
            span = included;
        }
        let source = report.sources.get(span.file);
        let (start, end) = (source.line_column(span.range.start), source.line_column(span.range.end));
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "::{command} file={},line={},endLine={}{columns},title={}::{}\n",
            property(source.place.path()),
            start.line,
            end.line,
            property(&finding.code),
            data(&text)
        ));
    }
    if let Some(sentence) = sentence(report.left_out) {
        out.push_str(&format!("::notice title=findings::{}\n", data(&sentence)));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
