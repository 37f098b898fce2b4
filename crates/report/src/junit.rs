//! Findings as JUnit XML: a test suite with one case a rule, which fails with all findings of the rule.

use crate::FindingsReport;
use groma_base::{Diagnostic, Severity, escape_xml};

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let mut rules: Vec<&str> = report.rules.iter().map(|(name, _)| *name).collect();
    rules.extend(report.findings.iter().map(|finding| &*finding.code));
    rules.extend(report.left_out.iter().map(|one| &*one.rule));
    rules.sort_unstable();
    rules.dedup();
    let counts = |finding: &&Diagnostic| finding.severity != Severity::Note;
    let left_out = |rule: &str| -> usize {
        let counted = report.left_out.iter().filter(|one| one.severity != Severity::Note && one.rule == rule);
        counted.map(|one| one.count).sum()
    };
    let found = |rule: &str| -> Vec<&Diagnostic> {
        report.findings.iter().filter(counts).filter(|finding| finding.code == rule).collect()
    };
    let failed = rules.iter().filter(|rule| !found(rule).is_empty() || left_out(rule) > 0).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"groma\" tests=\"{0}\" failures=\"{failed}\">\n  <testsuite name=\"groma check\" tests=\"{0}\" failures=\"{failed}\">\n", rules.len()));
    for rule in rules {
        let (found, left_out) = (found(rule), left_out(rule));
        if found.is_empty() && left_out == 0 {
            out.push_str(&format!("    <testcase classname=\"groma\" name=\"{}\"/>\n", escape_xml(rule)));
            continue;
        }
        let mut lines: Vec<String> = found
            .iter()
            .flat_map(|finding| {
                let first = format!("{}: {}", report.sources.place_location(finding.primary.span), finding.message);
                std::iter::once(first).chain(finding.notes.iter().map(|note| format!("  {note}")))
            })
            .collect();
        if left_out > 0 {
            lines.push(format!("{left_out} more are not shown"));
        }
        let total = found.len() + left_out;
        let count = if total == 1 { "1 finding".to_owned() } else { format!("{total} findings") };
        out.push_str(&format!(
            "    <testcase classname=\"groma\" name=\"{}\">\n      <failure message=\"{count}\">{}</failure>\n    </testcase>\n",
            escape_xml(rule),
            escape_xml(&lines.join("\n"))
        ));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
