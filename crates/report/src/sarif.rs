//! Findings as [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

use crate::most::sentence;
use crate::{FindingsReport, reference};
use groma_base::{Label, Severity, Sources};
use serde_json::{Value, json};

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let mut codes: Vec<&str> = report.findings.iter().map(|finding| &*finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let summary = |code: &str| report.rules.iter().find(|(name, _)| *name == code).map_or("", |(_, summary)| *summary);
    let rules: Vec<Value> =
        codes.iter().map(|code| json!({
            "id": code,
            "shortDescription": { "text": if summary(code).is_empty() { code } else { summary(code) } },
            "help": { "text": format!("`groma explain {code}` says why it matters, how to fix it and when to allow it.") },
        })).collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
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
            })
        })
        .collect();
    let mut whole = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "groma", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    if let Some(sentence) = sentence(report.left_out) {
        let told = json!({ "level": "warning", "message": { "text": sentence } });
        whole["runs"][0]["invocations"] =
            json!([{ "executionSuccessful": true, "toolExecutionNotifications": [told] }]);
    }
    format!("{}\n", serde_json::to_string_pretty(&whole).unwrap_or_default())
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
