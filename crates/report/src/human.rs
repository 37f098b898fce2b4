//! Findings for people: the words underlined, other places labelled, facts and instructions below.

use crate::most::{sentence, sentence_of};
use crate::{FindingsReport, Suppression};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use groma_base::{Diagnostic, Label, Range, Severity, Source, Sources, printable, shared_out};

/// Whether escape codes may be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// Plain text.
    Never,
    /// Colours.
    Always,
}

pub(crate) fn render(report: &FindingsReport<'_>, color: Color) -> String {
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    let sources = report.sources;
    let findings = told(report.findings, |one| renderer.render(&[group(sources, one, level(one.severity))]));
    let suppressed = told(report.suppressed, |one| renderer.render(&[suppressed(sources, one)]));
    let left_out = sentence_of("suppressed findings", report.suppressed_left_out);
    let all = findings.into_iter().chain(sentence(report.left_out)).chain(suppressed).chain(left_out);
    all.flat_map(|text| [text, "\n\n".to_owned()]).collect()
}

/// What is told of each of these, in their order.
fn told<T: Sync>(all: &[T], tell: impl Fn(&T) -> String + Sync) -> Vec<String> {
    let threads = if all.len() < WORTH_A_THREAD { 1 } else { 2 };
    shared_out(all.len(), threads, |at| tell(&all[at]))
}

/// From how many findings on a second thread saves more time than it takes to start.
const WORTH_A_THREAD: usize = 100;

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// A finding that is suppressed, with what suppresses it.
fn suppressed<'a>(sources: &'a Sources, one: &Suppression<'a>) -> Group<'a> {
    let level = Level::NOTE.with_name(format!("suppressed {}", one.finding.severity.word()));
    let by = printable(&one.sentence(Sources::location, sources)).into_owned();
    group(sources, one.finding, level).element(Level::NOTE.message(by))
}

fn group<'a>(sources: &'a Sources, finding: &'a Diagnostic, level: Level<'a>) -> Group<'a> {
    let mut group =
        level.primary_title(printable(&finding.message)).id(&*finding.code).elements(snippets(sources, finding));
    if let Some(more) = finding.secondary.len().checked_sub(MOST_LABELS).filter(|more| *more > 0) {
        group = group.element(Level::NOTE.message(format!("{more} more places are not shown")));
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(printable(note)));
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    group
}

/// One element a place, that of the underlined words first. Only the lines around the labels are handed over, so
/// that a large file costs no more than a small one.
fn snippets<'a>(sources: &'a Sources, finding: &'a Diagnostic) -> Vec<Element<'a>> {
    let mut elements = Vec::new();
    for labels in places(sources, finding) {
        let source = sources.get(labels[0].1.span.file);
        let cover = labels.iter().map(|(_, label)| label.span.range).reduce(Range::cover).unwrap_or_default();
        let (first_line, lines) = whole_lines(source, cover);
        if source.is_foreign {
            elements.extend(labels.iter().map(|(_, label)| origin(source, label).into()));
            continue;
        }
        let is_long = (lines.end - lines.start) as usize > LONG * labels.len();
        if is_long || printable(lines.of(&source.text)) != lines.of(&source.text) {
            labels.iter().for_each(|(kind, label)| elements.extend(cropped(source, *kind, label)));
            continue;
        }
        let annotations = labels.iter().map(|(kind, label)| annotation(*kind, label, lines.start as usize));
        let snippet =
            Snippet::source(lines.of(&source.text)).path(printable(&source.path)).line_start(first_line as usize);
        elements.push(snippet.annotations(annotations).into());
    }
    elements
}

/// A line longer than this, in bytes, is shown in part.
const LONG: usize = 500;
/// So much of a long line is shown before and after the words that matter, in bytes.
const AROUND: usize = 60;
/// So many other places of a finding are shown.
const MOST_LABELS: usize = 50;
/// Labels further apart than this, in lines, are shown apart.
const FAR: u32 = 8;

/// The labels in groups that are shown together: those of one file that are near each other.
fn places<'a>(sources: &'a Sources, finding: &'a Diagnostic) -> Vec<Vec<(AnnotationKind, &'a Label)>> {
    let mut places: Vec<Vec<(AnnotationKind, &Label)>> = vec![vec![(AnnotationKind::Primary, &finding.primary)]];
    let line = |label: &Label| sources.get(label.span.file).line_column(label.span.range.start).line;
    for label in finding.secondary.iter().take(MOST_LABELS) {
        let is_near = |(_, other): &(AnnotationKind, &Label)| {
            other.span.file == label.span.file && line(other).abs_diff(line(label)) <= FAR
        };
        match places.iter_mut().find(|place| place.iter().any(is_near)) {
            Some(place) => place.push((AnnotationKind::Context, label)),
            None => places.push(vec![(AnnotationKind::Context, label)]),
        }
    }
    places
}

/// The words of a label with a little of the long line they stand in.
fn cropped<'a>(source: &'a Source, kind: AnnotationKind, label: &'a Label) -> [Element<'a>; 2] {
    let at = source.line_column(label.span.range.start);
    let line = source.line(at.line).unwrap_or_default();
    let (start, end) = (label.span.range.start as usize, label.span.range.end as usize);
    let text = &*source.text;
    let from = text.floor_char_boundary(start.saturating_sub(AROUND)).max(line.start as usize);
    let to = text.ceil_char_boundary(end.min(start + AROUND) + AROUND).min(line.end as usize).max(from);
    let before = if from > line.start as usize { "…" } else { "" };
    let after = if to < line.end as usize { "…" } else { "" };
    let (start, end) = (start.max(from).min(to), end.clamp(from, to));
    let shown = format!("{before}{}{after}", printable(&text[from..to]));
    let at_shown = |offset: usize| before.len() + printable(&text[from..offset]).len();
    let mut note = kind.span(at_shown(start)..at_shown(end).max(at_shown(start)));
    if !label.message.is_empty() {
        note = note.label(printable(&label.message));
    }
    [origin(source, label).into(), Snippet::source(shown).line_start(at.line as usize).annotation(note).into()]
}

/// Where a label is, without the words.
fn origin<'a>(source: &'a Source, label: &Label) -> Origin<'a> {
    let at = source.line_column(label.span.range.start);
    Origin::path(printable(&source.path)).line(at.line as usize).char_column(at.column as usize)
}

fn annotation(kind: AnnotationKind, label: &Label, offset: usize) -> Annotation<'_> {
    let start = (label.span.range.start as usize).saturating_sub(offset);
    let annotation = kind.span(start..(label.span.range.end as usize).saturating_sub(offset).max(start));
    if label.message.is_empty() { annotation } else { annotation.label(printable(&label.message)) }
}

fn whole_lines(source: &Source, range: Range) -> (u32, Range) {
    let first = source.line_column(range.start).line;
    let last = source.line_column(range.end).line;
    let start = source.line(first).map_or(0, |line| line.start);
    let end = source.line(last).map_or(source.text.len() as u32, |line| line.end);
    (first, Range::new(start, end.max(start)))
}
