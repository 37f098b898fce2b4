//! Findings as JUnit XML: a test suite with one case a rule, which fails with all findings of the rule.

use crate::Report;
use groma_base::{Diagnostic, Severity, escape_xml};

pub(crate) fn render(report: &Report<'_>) -> String {
    let mut rules: Vec<&str> = report.rules.iter().map(|(name, _)| *name).collect();
    rules.extend(report.findings.iter().map(|finding| finding.code));
    rules.sort_unstable();
    rules.dedup();
    let counts = |finding: &&Diagnostic| finding.severity != Severity::Note;
    let failed =
        rules.iter().filter(|rule| report.findings.iter().filter(counts).any(|finding| finding.code == **rule)).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"groma\" tests=\"{0}\" failures=\"{failed}\">\n  <testsuite name=\"groma check\" tests=\"{0}\" failures=\"{failed}\">\n", rules.len()));
    for rule in rules {
        let found: Vec<&Diagnostic> =
            report.findings.iter().filter(counts).filter(|finding| finding.code == rule).collect();
        if found.is_empty() {
            out.push_str(&format!("    <testcase classname=\"groma\" name=\"{}\"/>\n", escape_xml(rule)));
            continue;
        }
        let lines: Vec<String> = found
            .iter()
            .map(|finding| format!("{}: {}", report.sources.location(finding.primary.span), finding.message))
            .collect();
        let count = if found.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", found.len()) };
        out.push_str(&format!(
            "    <testcase classname=\"groma\" name=\"{}\">\n      <failure message=\"{count}\">{}</failure>\n    </testcase>\n",
            escape_xml(rule),
            escape_xml(&lines.join("\n"))
        ));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
