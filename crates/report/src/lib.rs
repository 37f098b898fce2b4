//! Findings and forecasts to text. Each format is one file; none of them decides anything about what it tells.

pub mod choice;
pub mod difference;
pub mod environments;
pub mod fixes;
pub mod forecast;
mod github;
mod human;
mod json;
mod junit;
mod most;
mod own;
mod query_language;
pub mod radar;
pub mod records;
mod sarif;
pub mod signatures;
mod suppression;
pub mod sweep;
mod technology;
pub mod things;
pub mod what_if;

use groma_base::{Diagnostic, FileId, Place, Severity, Source, Sources, Span, column_width};
use std::borrow::Cow;

pub use human::Color;
pub use most::{LeftOut, MOST, MOST_OF_RULE, most, most_of};
pub use own::{explained_names, own_facts_on, own_page};
pub use query_language::{query_language, query_word_page, query_words};
pub use suppression::{Allow, By, Suppression};
pub use technology::{categories, technology_page};

/// What is told of a rule or a standard.
#[derive(Clone, Debug)]
pub struct RuleWords<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it finds, in one line.
    pub summary: &'a str,
    /// Where more can be read about it.
    pub address: Option<String>,
    /// Whether it is a standard of the workspace's own.
    pub is_own: bool,
}

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct FindingsReport<'a> {
    /// The files the findings point into.
    pub sources: &'a Sources,
    /// The findings in the order they are shown.
    pub findings: &'a [Diagnostic],
    /// The rules that findings may name.
    pub rules: &'a [RuleWords<'a>],
    /// The page in Markdown of the rule or standard with a name, made for those alone that are told of.
    pub page: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
    /// How many findings there are besides: see [`most()`].
    pub left_out: &'a [LeftOut],
    /// The findings that are suppressed.
    pub suppressed: &'a [Suppression<'a>],
    /// How many of these there are besides.
    pub suppressed_left_out: &'a [LeftOut],
    /// The address of what a finding is about, where that is known.
    pub address: &'a dyn Fn(&Diagnostic) -> Option<String>,
    /// Where a file is included that lies outside of the repository, where that is known.
    pub included: &'a dyn Fn(FileId) -> Option<Span>,
    /// The name of the workspace, if it has one.
    pub workspace: Option<&'a str>,
    /// Whether what a rule finds, so grave, fails the check.
    pub fails: &'a dyn Fn(&str, Severity) -> bool,
}

impl<'a> FindingsReport<'a> {
    /// One of findings alone: of what is suppressed, of their rules and the addresses of what they are about nothing is told.
    pub fn of(sources: &'a Sources, findings: &'a [Diagnostic], left_out: &'a [LeftOut]) -> FindingsReport<'a> {
        let (suppressed, suppressed_left_out) = (&[], &[]);
        FindingsReport {
            sources,
            findings,
            rules: &[],
            page: &|_| None,
            left_out,
            suppressed,
            suppressed_left_out,
            address: &|_| None,
            included: &|_| None,
            workspace: None,
            fails: &|_, severity| severity == Severity::Error,
        }
    }
}

/// The formats findings can be written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, as rustc shows them.
    Human,
    /// For programs; carries a version.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands, which annotate a pull request.
    Github,
    /// JUnit XML, one test case a rule, which fails if the check does because of it, and one that is skipped for each finding that is
    /// suppressed.
    Junit,
}

/// Writes the findings in a format. `color` matters to the human one only.
pub fn render(report: &FindingsReport<'_>, format: Format, color: Color) -> String {
    match format {
        Format::Human => human::render(report, color),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Junit => junit::render(report),
    }
}

/// Lines of cells for people, the columns below each other, each cell in one line.
fn aligned<'c>(lines: impl Iterator<Item = &'c Vec<String>> + Clone) -> String {
    let columns = lines.clone().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> =
        (0..columns).map(|nth| column_width(lines.clone().filter_map(|line| line.get(nth)))).collect();
    let cell =
        |(text, width): (&String, &usize)| format!("{:width$}", text.replace(char::is_control, " "), width = *width);
    let line = |line: &Vec<String>| {
        let cells: Vec<String> = line.iter().zip(&widths).map(cell).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    lines.map(line).collect()
}

/// A text as a field of CSV. What a table program would take for a formula begins with an apostrophe: see
/// [CSV Injection](https://owasp.org/www-community/attacks/CSV_Injection).
fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// A text in one line: a line end in a title must not begin a line of a report.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A path as a reference that a URI may be: relative as the path is, or that of a file: see
/// [RFC 8089](https://www.rfc-editor.org/rfc/rfc8089).
fn path_reference(path: &str) -> String {
    match path.starts_with('/') || path.contains(":/") {
        true => format!("file:///{}", percent_encoded(path.trim_start_matches('/'))),
        false => percent_encoded(path),
    }
}

/// A path whose characters mean nothing else in a URI: see [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2).
fn percent_encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A file as a reference that a URI may be: relative to the repository's root where there is a way from that.
fn reference(source: &Source) -> String {
    match &source.place {
        Place::InRepository(path) => percent_encoded(path),
        Place::Elsewhere(path) => path_reference(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_references() {
        let mut source = Source::new("a b#1%/ü.groma", "");
        assert_eq!(reference(&source), "a%20b%231%25/%C3%BC.groma");
        source.place = Place::Elsewhere("../x y/a.groma".into());
        assert_eq!(reference(&source), "../x%20y/a.groma");
        source.place = Place::Elsewhere("/x y/a.groma".into());
        assert_eq!(reference(&source), "file:///x%20y/a.groma");
        source.place = Place::Elsewhere("C:/x/a.groma".into());
        assert_eq!(reference(&source), "file:///C%3A/x/a.groma");
    }

    #[test]
    fn titles_begin_no_line_and_no_formula() {
        assert_eq!(one_line("a\r\n HOLDS  b\n"), "a HOLDS  b");
        assert_eq!(one_line("a  b"), "a  b");
        assert_eq!(quoted("=1+\"x\""), "\"'=1+\"\"x\"\"\"");
        assert_eq!(quoted("1=1"), "\"1=1\"");
    }
}
