//! Findings as JUnit XML: a test suite with one case a rule, which fails with all findings of the rule, and one that is skipped for each
//! finding that is suppressed.

use crate::{FindingsReport, Suppression};
use groma_base::{Diagnostic, Severity, escape_xml};

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let mut rules: Vec<&str> = report.rules.iter().map(|rule| rule.name).collect();
    rules.extend(report.findings.iter().map(|finding| &*finding.code));
    rules.extend(report.left_out.iter().map(|one| &*one.rule));
    rules.sort_unstable();
    rules.dedup();
    let counts = |finding: &&Diagnostic| finding.severity != Severity::Note;
    let suppressed: Vec<&Suppression<'_>> = report.suppressed.iter().filter(|one| counts(&one.finding)).collect();
    let left_out = |rule: &str| -> usize {
        let counted = report.left_out.iter().filter(|one| one.severity != Severity::Note && one.rule == rule);
        counted.map(|one| one.count).sum()
    };
    let found = |rule: &str| -> Vec<&Diagnostic> {
        report.findings.iter().filter(counts).filter(|finding| finding.code == rule).collect()
    };
    let failed = rules.iter().filter(|rule| !found(rule).is_empty() || left_out(rule) > 0).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, skipped) = (rules.len() + suppressed.len(), suppressed.len());
    out.push_str(&format!("<testsuites name=\"groma\" tests=\"{tests}\" failures=\"{failed}\" skipped=\"{skipped}\">\n  <testsuite name=\"groma check\" tests=\"{tests}\" failures=\"{failed}\" skipped=\"{skipped}\">\n"));
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
    out.extend(suppressed.into_iter().map(|one| skipped_case(report, one)));
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// The test case of a finding that is suppressed.
fn skipped_case(report: &FindingsReport<'_>, one: &Suppression<'_>) -> String {
    let (sources, finding) = (report.sources, one.finding);
    let name = format!("{}: {}", finding.code, finding.message);
    let why = one.sentence(&sources.place_location(one.at));
    let place = sources.place_location(finding.primary.span);
    format!(
        "    <testcase classname=\"groma\" name=\"{}\">\n      <skipped message=\"{}\">{}</skipped>\n    </testcase>\n",
        escape_xml(&name),
        escape_xml(&why),
        escape_xml(&format!("{place}: {}", finding.message))
    )
}
