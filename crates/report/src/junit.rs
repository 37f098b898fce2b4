//! Findings as JUnit XML: a test suite with one case a rule, which fails if findings of the rule fail the check, and one that is skipped
//! for each finding that is suppressed. What fails nothing is told in the output of its case.

use crate::{FindingsReport, Suppression};
use groma_base::{Diagnostic, Severity, Sources, escape_xml};

pub(crate) fn render(report: &FindingsReport<'_>) -> String {
    let mut rules: Vec<&str> = report.rules.iter().map(|rule| rule.name).collect();
    rules.extend(report.findings.iter().map(|finding| &*finding.code));
    rules.extend(report.left_out.iter().map(|one| &*one.rule));
    rules.sort_unstable();
    rules.dedup();
    let cases: Vec<Case> = rules.iter().map(|rule| Case::of(report, rule)).collect();
    let failed = cases.iter().filter(|case| case.failing.count > 0).count();
    let (tests, skipped) = (cases.len() + report.suppressed.len(), report.suppressed.len());
    let counts = format!("tests=\"{tests}\" failures=\"{failed}\" skipped=\"{skipped}\"");
    let class = class(report);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"groma\" {counts}>\n  <testsuite name=\"{class}\" {counts}>\n"
    );
    out.extend(rules.iter().zip(cases).map(|(rule, case)| case.element(&class, rule)));
    out.extend(report.suppressed.iter().map(|one| skipped_case(report, &class, one)));
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// What groups the cases of a workspace: those of several are shown beside each other.
fn class(report: &FindingsReport<'_>) -> String {
    escape_xml(&report.workspace.map_or("groma".to_owned(), |name| format!("groma.{name}")))
}

/// The case of a rule.
struct Case {
    /// The file in which the first of its findings is.
    file: Option<String>,
    failing: Told,
    others: Told,
}

/// Some findings of a rule.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    count: usize,
}

impl Case {
    fn of(report: &FindingsReport<'_>, rule: &str) -> Case {
        let (mut failing, mut others) = (Told::default(), Told::default());
        let of_rule = || report.findings.iter().filter(|finding| finding.code == rule);
        for finding in of_rule() {
            let told = if (report.fails)(rule, finding.severity) { &mut failing } else { &mut others };
            told.lines.push(format!("{}: {}", report.sources.place_location(finding.primary.span), finding.message));
            told.lines.extend(finding.notes.iter().map(|note| format!("  {note}")));
            told.count += 1;
        }
        for severity in Severity::ALL {
            let more = report.left_out.iter().filter(|one| one.severity == severity && one.rule == rule);
            let more: usize = more.map(|one| one.count).sum();
            let told = if (report.fails)(rule, severity) { &mut failing } else { &mut others };
            told.lines.extend((more > 0).then(|| format!("{more} more are not shown")));
            told.count += more;
        }
        let file = of_rule().next().map(|finding| file(report, finding));
        Case { file, failing, others }
    }

    fn element(self, class: &str, rule: &str) -> String {
        let start = start(class, rule, self.file.as_deref());
        let (failing, others) = (self.failing.told("failure"), self.others.told("system-out"));
        if failing.is_empty() && others.is_empty() {
            return format!("{start}/>\n");
        }
        format!("{start}>\n{failing}{others}    </testcase>\n")
    }
}

impl Told {
    /// An element with all of them; empty if there are none.
    fn told(self, element: &str) -> String {
        let count = match self.count {
            0 => return String::new(),
            1 => "1 finding".to_owned(),
            count => format!("{count} findings"),
        };
        let message = if element == "failure" { format!(" message=\"{count}\"") } else { String::new() };
        format!("      <{element}{message}>{}</{element}>\n", escape_xml(&self.lines.join("\n")))
    }
}

/// A case as it begins.
fn start(class: &str, name: &str, file: Option<&str>) -> String {
    let file = file.map_or(String::new(), |file| format!(" file=\"{}\"", escape_xml(file)));
    format!("    <testcase classname=\"{class}\" name=\"{}\"{file}", escape_xml(name))
}

fn file(report: &FindingsReport<'_>, finding: &Diagnostic) -> String {
    report.sources.get(finding.primary.span.file).place.path().to_owned()
}

/// The test case of a finding that is suppressed.
fn skipped_case(report: &FindingsReport<'_>, class: &str, one: &Suppression<'_>) -> String {
    let (sources, finding) = (report.sources, one.finding);
    let start = start(class, &format!("{}: {}", finding.code, finding.message), Some(&file(report, finding)));
    let why = one.sentence(Sources::place_location, sources);
    let place = sources.place_location(finding.primary.span);
    format!(
        "{start}>\n      <skipped message=\"{}\">{}</skipped>\n    </testcase>\n",
        escape_xml(&why),
        escape_xml(&format!("{place}: {}", finding.message))
    )
}
