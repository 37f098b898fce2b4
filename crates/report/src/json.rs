//! Findings as JSON for programs.

use crate::suppression::By;
use crate::{FindingsReport, LeftOut, Suppression};
use groma_base::{Diagnostic, Label, Sources};
use serde_json::{Value, json};

/// Rises when a field changes its meaning or goes away.
const VERSION: u32 = 1;
/// Longer addresses, in bytes, are of words that are no names, and are left out.
const LONGEST_ADDRESS: usize = 2_000;

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.code,
                "severity": finding.severity.word(),
                "message": finding.message,
                "address": address(report, finding),
                "at": place(report.sources, &finding.primary),
                "related": finding.secondary.iter().map(|label| place(report.sources, label)).collect::<Vec<_>>(),
                "notes": finding.notes,
                "help": finding.help,
                "fixes": finding.fixes.iter().map(|fix| json!({
                    "message": fix.message,
                    "edits": fix.edits.iter().map(|edit| json!({
                        "file": report.sources.get(edit.span.file).place.path(),
                        "start": edit.span.range.start,
                        "end": edit.span.range.end,
                        "text": edit.text,
                    })).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let suppressed: Vec<Value> = report.suppressed.iter().map(|one| suppressed(report, one)).collect();
    let whole = json!({
        "version": VERSION,
        "findings": findings,
        "left_out": left_out(report.left_out),
        "suppressed": suppressed,
        "suppressed_left_out": left_out(report.suppressed_left_out),
    });
    format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
}

/// The address of what a finding is about.
fn address(report: &FindingsReport<'_>, finding: &Diagnostic) -> Option<String> {
    (report.address)(finding).filter(|address| address.len() <= LONGEST_ADDRESS)
}

/// How many findings are not told, rule by rule.
fn left_out(left_out: &[LeftOut]) -> Vec<Value> {
    let told = |one: &LeftOut| json!({ "rule": one.rule, "severity": one.severity.word(), "count": one.count });
    left_out.iter().map(told).collect()
}

/// A finding that is suppressed, and what is written of that.
fn suppressed(report: &FindingsReport<'_>, one: &Suppression<'_>) -> Value {
    let finding = one.finding;
    let allow = match &one.by {
        By::Allow(allow) => Some(allow),
        By::Baseline(_) => None,
    };
    let baseline = match &one.by {
        By::Baseline(path) => Some(path),
        By::Allow(_) => None,
    };
    json!({
        "rule": finding.code,
        "severity": finding.severity.word(),
        "message": finding.message,
        "address": address(report, finding),
        "at": place(report.sources, &finding.primary),
        "reason": allow.and_then(|allow| allow.reason),
        "owner": allow.and_then(|allow| allow.owner),
        "expires": allow.and_then(|allow| allow.expires),
        "allow": allow.map(|allow| json!({
            "address": Some(&allow.address).filter(|address| address.len() <= LONGEST_ADDRESS),
            "at": place(report.sources, &Label { span: allow.at, message: String::new() }),
        })),
        "baseline": baseline,
    })
}

fn place(sources: &Sources, label: &Label) -> Value {
    let source = sources.get(label.span.file);
    let start = source.line_column(label.span.range.start);
    let end = source.line_column(label.span.range.end);
    json!({
        "file": source.place.path(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "label": label.message,
    })
}
