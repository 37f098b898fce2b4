//! `groma check`: what is wrong, why it matters and what to do.

use crate::findings::{FailOn, outcome};
use crate::output::{Exit, Failure, print, print_bytes, print_error, wants_color};
use crate::{workspace, write};
use clap::{Args, ValueEnum};
use groma_base::{Diagnostic, Severity};
use groma_check::Rule;
use groma_report::{Color, FindingsReport, Format};
use groma_session::{Corrected, corrected};
use std::path::{Path, PathBuf};

/// The format findings are written in.
#[derive(Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// Human-readable
    Human,
    /// JSON, with a version
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// GitHub workflow commands, which annotate a pull request
    Github,
    /// JUnit XML
    Junit,
}

/// Check a workspace with every rule
#[derive(Args)]
pub(crate) struct CheckArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Output format of the findings; at most 1,000 per rule and 10,000 in all are shown, and the rest are counted
    #[arg(long, value_enum, default_value = "human")]
    format: OutputFormat,
    /// Exit with 1 on findings of at least this severity
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
    /// Show findings of at least this severity
    #[arg(long, value_enum, default_value = "note")]
    show: Shown,
    /// Only findings of this rule; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// First apply, in the files, every fix that is certain; with `--rule` only those of these rules
    #[arg(long)]
    fix: bool,
    /// The date that decides which suppressions have expired, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shown {
    Error,
    Warning,
    Note,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let rules = args.rules.iter().map(|name| workspace::known_rule(name)).collect::<Result<Vec<_>, _>>()?;
    let mut snapshot = workspace::open(&args.path)?;
    for _ in 0..MOST_ROUNDS {
        if !args.fix || !fix(&snapshot, &today, &rules)? {
            break;
        }
        snapshot = workspace::open(&args.path)?;
    }
    let mut findings = snapshot.findings(&today);
    if !rules.is_empty() {
        let wanted = |code: &str| code == groma_check::SYNTAX || rules.iter().any(|rule| rule.name == code);
        findings.retain(|finding| wanted(finding.code));
    }
    let summary = summary(&snapshot, &findings);
    let outcome = outcome(&findings, args.fail_on);
    let least = match args.show {
        Shown::Error => Severity::Error,
        Shown::Warning => Severity::Warning,
        Shown::Note => Severity::Note,
    };
    findings.retain(|finding| finding.severity >= least);
    let format = match args.format {
        OutputFormat::Human => Format::Human,
        OutputFormat::Json => Format::Json,
        OutputFormat::Sarif => Format::Sarif,
        OutputFormat::Github => Format::Github,
        OutputFormat::Junit => Format::Junit,
    };
    let color = if wants_color(&std::io::stdout()) { Color::Always } else { Color::Never };
    let rules: Vec<_> = groma_check::RULES.iter().map(|rule| (rule.name, rule.summary)).collect();
    let (findings, left_out) = groma_report::most(findings);
    let report = FindingsReport { sources: &snapshot.sources, findings: &findings, rules: &rules, left_out: &left_out };
    let text = groma_report::render(&report, format, color);
    // The human report is made of printable words, and of colours that must stay.
    let printed = if matches!(format, Format::Human) { print_bytes(text.as_bytes()) } else { print(&text) };
    match printed {
        // That nobody reads on does not make the workspace better.
        Err(Failure::ClosedPipe) => return Ok(outcome),
        printed => printed?,
    }
    if matches!(args.format, OutputFormat::Human) {
        print_error(&summary);
    }
    Ok(outcome)
}

/// At most so often fixes are made that earlier ones have brought to light.
const MOST_ROUNDS: usize = 20;

/// Applies the fixes that findings offer, of these rules if some are named. Returns whether any file was changed.
fn fix(snapshot: &groma_session::Snapshot, today: &str, rules: &[&Rule]) -> Result<bool, Failure> {
    let mut changed = false;
    let wanted = |finding: &Diagnostic| rules.is_empty() || rules.iter().any(|rule| rule.name == finding.code);
    for Corrected { file, text, count } in corrected(snapshot, today, wanted) {
        let source = snapshot.sources.get(file);
        let path = Path::new(&source.path);
        if !path.is_file() {
            continue;
        }
        write::file(path, text.as_bytes())?;
        print_error(&format!("fixed {}: {} applied\n", source.path, plural(count, "fix")));
        changed = true;
    }
    Ok(changed)
}

fn summary(snapshot: &groma_session::Snapshot, findings: &[Diagnostic]) -> String {
    let arch = &snapshot.arch;
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let checked = [
        plural(arch.elements.len(), "element"),
        plural(arch.relations.len(), "relationship"),
        plural(arch.flows.len(), "flow"),
    ]
    .join(", ");
    if arch.elements.is_empty() && findings.is_empty() {
        return format!("checked {checked}: there is nothing here yet; `groma init` writes a first workspace\n");
    }
    if findings.is_empty() {
        return format!("checked {checked}: clean\n");
    }
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    format!(
        "checked {checked}: {}, {}, {}; for details: groma explain RULE\n",
        plural(errors, "error"),
        plural(warnings, "warning"),
        plural(notes, "note")
    )
}

fn plural(count: usize, word: &str) -> String {
    let ending = if word.ends_with('x') { "es" } else { "s" };
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}{ending}") }
}
