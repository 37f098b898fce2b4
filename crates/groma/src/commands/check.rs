//! `groma check`: what is wrong, why it matters and what to do.

use crate::findings::{FailOn, outcome};
use crate::output::{Exit, Failure, print, print_bytes, print_error, wants_color};
use crate::{input, workspace, write};
use clap::{Args, ValueEnum};
use groma_base::{Diagnostic, Severity};
use groma_model::kinds::class;
use groma_report::{Color, FindingsReport, Format, RuleWords, Suppression};
use groma_session::{Baseline, Checked, Corrected, Snapshot, Suppressed, address, corrected, errors_of_reading};
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

impl OutputFormat {
    /// What the report calls it.
    fn of_report(self) -> Format {
        match self {
            OutputFormat::Human => Format::Human,
            OutputFormat::Json => Format::Json,
            OutputFormat::Sarif => Format::Sarif,
            OutputFormat::Github => Format::Github,
            OutputFormat::Junit => Format::Junit,
        }
    }
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
    /// List the findings that an `allow` suppresses as well, with its reason (every format for programs but `github` has them anyway)
    #[arg(long)]
    show_suppressed: bool,
    /// Only findings of this rule or standard; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// First apply, in the files, every fix that is certain; with `--rule` only those of these rules
    #[arg(long)]
    fix: bool,
    /// Spare the findings that are listed in this file, and say how many of them are gone
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Take those out of the baseline that are gone
    #[arg(long, requires = "baseline")]
    shrink: bool,
    /// Write all findings to a new file, to be spared from now on by `--baseline`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "rules", "fix"])]
    write_baseline: Option<PathBuf>,
    /// The date that decides which suppressions have expired, what is so already and from which `age` in standards counts back,
    /// instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shown {
    Error,
    Warning,
    Note,
}

impl Shown {
    /// The least grave findings that are shown.
    fn least(self) -> Severity {
        match self {
            Shown::Error => Severity::Error,
            Shown::Warning => Severity::Warning,
            Shown::Note => Severity::Note,
        }
    }
}

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let mut snapshot = workspace::open(&args.path)?;
    let known = standards(&snapshot);
    let codes = args.rules.iter().map(|name| workspace::known_codes(name, &known)).collect::<Result<Vec<_>, _>>()?;
    let codes = codes.concat();
    for _ in 0..MOST_ROUNDS {
        if !args.fix || !fix(&snapshot, &today, &codes)? {
            break;
        }
        snapshot = workspace::open(&args.path)?;
    }
    let Checked { mut findings, mut suppressed } = snapshot.checked(&today);
    if let Some(path) = &args.write_baseline {
        return write_baseline(path, &snapshot, &findings);
    }
    if let Some(path) = &args.baseline {
        findings = beside(path, args.shrink, &snapshot, findings)?;
    }
    if !codes.is_empty() {
        let wanted = |code: &str| code == groma_check::SYNTAX || codes.iter().any(|known| known == code);
        findings.retain(|finding| wanted(&finding.code));
        suppressed.retain(|one| wanted(&one.finding.code));
    }
    let mut summary = summary(&snapshot, &findings);
    if !args.show_suppressed {
        summary.push_str(&sentence_of_suppressed(suppressed.len()));
    }
    let outcome = outcome(&findings, args.fail_on);
    let least = args.show.least();
    findings.retain(|finding| finding.severity >= least);
    suppressed.retain(|one| one.finding.severity >= least);
    if matches!(args.format, OutputFormat::Human) && !args.show_suppressed {
        suppressed.clear();
    }
    let format = args.format.of_report();
    let text = text_of(&snapshot, findings, suppressed, format);
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

/// The findings in a format.
fn text_of(snapshot: &Snapshot, findings: Vec<Diagnostic>, suppressed: Vec<Suppressed>, format: Format) -> String {
    let color = if wants_color(&std::io::stdout()) { Color::Always } else { Color::Never };
    let (findings, left_out) = groma_report::most(findings);
    let (suppressed, suppressed_left_out) = groma_report::most_of(suppressed, |one| &one.finding);
    let suppressed: Vec<Suppression<'_>> = suppressed.iter().map(|one| Suppression::new(&snapshot.arch, one)).collect();
    let report = FindingsReport {
        sources: &snapshot.sources,
        findings: &findings,
        rules: &rules(snapshot),
        left_out: &left_out,
        suppressed: &suppressed,
        suppressed_left_out: &suppressed_left_out,
        address: &|finding: &Diagnostic| Some(address(snapshot, finding)),
    };
    groma_report::render(&report, format, color)
}

/// What is told of all that can find something: the rules, and the standards of the workspace.
fn rules(snapshot: &Snapshot) -> Vec<RuleWords<'_>> {
    let rules = groma_check::RULES.iter().map(|rule| RuleWords {
        name: rule.name,
        summary: rule.summary,
        page: Some((rule.page, rule.address())),
    });
    let standards = standards(snapshot).into_iter().map(|(name, summary)| RuleWords { name, summary, page: None });
    rules.chain(standards).collect()
}

/// How many findings are suppressed, if any are.
fn sentence_of_suppressed(count: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    match count {
        0 => String::new(),
        _ => format!("{} {are} suppressed by `allow`: `--show-suppressed` lists them\n", plural(count, "finding")),
    }
}

/// Writes what there is to a file that was not there: a baseline only shrinks.
fn write_baseline(path: &Path, snapshot: &Snapshot, findings: &[Diagnostic]) -> Result<Exit, Failure> {
    if path.exists() {
        return Err(Failure::new(format!("`{}` is there already, and a baseline only shrinks", path.display()))
            .help("`--baseline FILE --shrink` takes out what is gone; remove the file to begin anew"));
    }
    let errors: Vec<&Diagnostic> = errors_of_reading(findings).collect();
    if let Some(first) = errors.first() {
        let (count, place) = (plural(errors.len(), "error"), snapshot.sources.location(first.primary.span));
        return Err(Failure::new(format!(
            "no baseline can be made of a text that has {count}: {place}: {}",
            first.message
        ))
        .help("correct that first, as what else is wrong is not known; `groma check` shows it"));
    }
    let baseline = Baseline::of(snapshot, findings);
    write::file(path, baseline.text().as_bytes())?;
    print_error(&format!("wrote {}: {}\n", path.display(), plural(baseline.len(), "finding")));
    Ok(Exit::Clean)
}

/// The findings that a baseline does not spare.
fn beside(
    path: &Path,
    shrink: bool,
    snapshot: &Snapshot,
    findings: Vec<Diagnostic>,
) -> Result<Vec<Diagnostic>, Failure> {
    let source = input::read_file_or_stdin(path, MOST_OF_BASELINE)?;
    let baseline = Baseline::read(snapshot, &source.text)
        .map_err(|no| Failure::new(format!("{}:{}: {}", path.display(), no.line, no.message)).help(no.help))?;
    let applied = baseline.apply(snapshot, findings);
    if shrink && applied.gone > 0 {
        write::file(path, applied.shrunk.text().as_bytes())?;
    }
    let gone = match (applied.gone, shrink) {
        (0, _) => String::new(),
        (gone, true) => format!(", {} gone and taken out", plural(gone, "finding")),
        (gone, false) => format!(", {} gone: `--shrink` takes them out", plural(gone, "finding")),
    };
    print_error(&format!("{}: {} spared{gone}\n", path.display(), plural(applied.spared, "finding")));
    Ok(applied.left)
}

/// The largest baseline that is read, in bytes.
const MOST_OF_BASELINE: u64 = 64_000_000;

/// The standards of a workspace: their names and titles.
fn standards(snapshot: &Snapshot) -> Vec<(&str, &str)> {
    let arch = &snapshot.arch;
    arch.records_of(&class::STANDARD).map(|record| (arch.name(record.at), arch.title(record.at))).collect()
}

/// At most so often fixes are made that earlier ones have brought to light.
const MOST_ROUNDS: usize = 20;

/// Applies the fixes that findings offer, of these rules if some are named. Returns whether any file was changed.
fn fix(snapshot: &Snapshot, today: &str, codes: &[String]) -> Result<bool, Failure> {
    let mut changed = false;
    let wanted = |finding: &Diagnostic| codes.is_empty() || codes.iter().any(|code| *code == finding.code);
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
