//! Findings for people: the words underlined, other places labelled, facts and instructions below.

use crate::Report;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use groma_base::{Diagnostic, Label, Range, Severity, Source};

/// Whether escape codes may be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// Plain text.
    Never,
    /// Colours.
    Always,
}

pub(crate) fn render(report: &Report<'_>, color: Color) -> String {
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    let mut out = String::new();
    for finding in report.findings {
        out.push_str(&renderer.render(&[group(report, finding)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(report: &Report<'a>, finding: &'a Diagnostic) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level.primary_title(finding.message.as_str()).id(finding.code).elements(snippets(report, finding));
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// One snippet a file, the file of the underlined words first. Only the lines around the labels are handed
/// over, so that a large file costs no more than a small one.
fn snippets<'a>(report: &Report<'a>, finding: &'a Diagnostic) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut labels: Vec<(bool, &Label)> = vec![(true, &finding.primary)];
    labels.extend(finding.secondary.iter().map(|label| (false, label)));
    let mut files: Vec<_> = Vec::new();
    for (_, label) in &labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let snippet = |file| {
        let source = report.sources.get(file);
        let here: Vec<_> = labels.iter().filter(|(_, label)| label.span.file == file).collect();
        let cover = here.iter().map(|(_, label)| label.span.range).reduce(Range::cover).unwrap_or_default();
        let (first_line, lines) = whole_lines(source, cover);
        let offset = lines.start as usize;
        let annotations = here.into_iter().map(move |(primary, label)| {
            let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = label.span.range;
            let start = (range.start as usize).saturating_sub(offset);
            let annotation = kind.span(start..(range.end as usize).saturating_sub(offset).max(start));
            if label.message.is_empty() { annotation } else { annotation.label(label.message.as_str()) }
        });
        Snippet::source(lines.of(&source.text))
            .path(source.path.as_str())
            .line_start(first_line as usize)
            .annotations(annotations)
    };
    files.into_iter().map(snippet).collect()
}

fn whole_lines(source: &Source, range: Range) -> (u32, Range) {
    let first = source.line_column(range.start).line;
    let last = source.line_column(range.end).line;
    let start = source.line(first).map_or(0, |line| line.start);
    let end = source.line(last).map_or(source.text.len() as u32, |line| line.end);
    (first, Range::new(start, end.max(start)))
}
