//! Findings as [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

use crate::most::{sentence, sentence_of};
use crate::suppression::By;
use crate::{FindingsReport, Suppression, reference};
use groma_base::{Diagnostic, Label, Severity, Sources};
use serde_json::{Value, json};

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let suppressed = report.suppressed.iter().map(|one| one.finding);
    let mut codes: Vec<&str> = report.findings.iter().chain(suppressed).map(|finding| &*finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| rule(report, code)).collect();
    let open = report.findings.iter().map(|finding| result(report, &codes, finding, &[]));
    let suppressed = report.suppressed.iter().map(|one| {
        let suppressions = [suppression(report.sources, one)];
        result(report, &codes, one.finding, &suppressions)
    });
    let results: Vec<Value> = open.chain(suppressed).collect();
    let mut whole = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "groma", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let left_out = [sentence(report.left_out), sentence_of("suppressed findings", report.suppressed_left_out)];
    let told = |text| json!({ "level": "warning", "message": { "text": text } });
    let told: Vec<Value> = left_out.into_iter().flatten().map(told).collect();
    if !told.is_empty() {
        whole["runs"][0]["invocations"] = json!([{ "executionSuccessful": true, "toolExecutionNotifications": told }]);
    }
    format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
}

/// What is told of a rule or standard: its page, and where more can be read.
fn rule(report: &FindingsReport<'_>, code: &str) -> Value {
    let known = report.rules.iter().find(|rule| rule.name == code);
    let summary = known.map(|rule| rule.summary).filter(|summary| !summary.is_empty()).unwrap_or(code);
    let page = (report.page)(code);
    let page = page.as_deref();
    // The text of a standard is short, and nowhere else but in its workspace.
    let own = page.filter(|_| known.is_some_and(|rule| rule.is_own)).map(str::to_owned);
    let help = format!("`groma explain {code}` says why it matters, how to fix it and when to allow it.");
    let mut told =
        json!({ "id": code, "shortDescription": { "text": summary }, "help": { "text": own.unwrap_or(help) } });
    if let Some(page) = page {
        told["help"]["markdown"] = json!(page);
    }
    if let Some(address) = known.and_then(|rule| rule.address.as_ref()) {
        told["helpUri"] = json!(address);
    }
    told
}

/// A finding. In a document all of them have a list of suppressions, as the standard asks where one has.
fn result(report: &FindingsReport<'_>, codes: &[&str], finding: &Diagnostic, suppressions: &[Value]) -> Value {
    let mut text = vec![finding.message.clone()];
    text.extend(finding.notes.iter().cloned());
    text.extend(finding.help.iter().map(|help| format!("help: {help}")));
    json!({
        "ruleId": finding.code,
        "ruleIndex": codes.binary_search(&&*finding.code).unwrap_or_default(),
        "level": level(finding.severity),
        "message": { "text": text.join("\n") },
        "locations": [location(report.sources, &finding.primary)],
        "relatedLocations": finding.secondary.iter().map(|label| location(report.sources, label)).collect::<Vec<_>>(),
        "suppressions": suppressions,
    })
}

/// What suppresses a finding.
fn suppression(sources: &Sources, one: &Suppression<'_>) -> Value {
    let allow = match &one.by {
        By::Baseline(path) => {
            return json!({ "kind": "external", "status": "accepted", "justification": format!("baseline {path}") });
        }
        By::Allow(allow) => allow,
    };
    let place = location(sources, &Label { span: allow.at, message: String::new() });
    let mut told = json!({ "kind": "inSource", "status": "accepted", "location": place });
    if let Some(reason) = allow.reason {
        told["justification"] = json!(reason);
    }
    told
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn location(sources: &Sources, label: &Label) -> Value {
    let source = sources.get(label.span.file);
    let start = source.line_column(label.span.range.start);
    let end = source.line_column(label.span.range.end);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": reference(source) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    });
    if !label.message.is_empty() {
        location["message"] = json!({ "text": label.message });
    }
    location
}
