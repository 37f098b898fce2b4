//! `groma check`: what is wrong, why it matters and what to do.

use crate::baseline::{Shrink, beside, must_be_read};
use crate::findings::{FailOn, outcome};
use crate::output::{Exit, Failure, print, print_bytes, print_error, wants_color};
use crate::{workspace, write};
use clap::{Args, ValueEnum};
use groma_base::{Diagnostic, FileId, Severity, Span, counted};
use groma_check::leaves_open;
use groma_model::kinds::class;
use groma_model::standards_met::standard_called;
use groma_model::{Architecture, ItemRef, facts};
use groma_report::{By, Color, FindingsReport, Format, RuleWords, Suppression};
use groma_session::{Baseline, Checked, Corrected, Snapshot, Suppressed, address, corrected, place_of};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
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
    /// List the findings that an `allow` suppresses or the baseline spares as well, with what does so (every format for programs but
    /// `github` has them anyway)
    #[arg(long)]
    show_suppressed: bool,
    /// Leave what is suppressed or spared out of every format: GitHub code scanning, for one, shows it as if nothing suppressed it
    #[arg(long, conflicts_with = "show_suppressed")]
    no_suppressed: bool,
    /// Only findings of this rule or standard, and what leaves open what there is to find: a text, a name, a value or a query that is not understood; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// First apply, in the files, every fix that is certain; with `--rule` only those of these rules
    #[arg(long)]
    fix: bool,
    /// Spare the findings that are listed in this file, as long as they are no graver than they were, and say how many of them are gone
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Take those out of the baseline that are gone, and write the others as they are called now
    #[arg(long, requires = "baseline")]
    shrink: bool,
    /// Write all findings to a new file, to be spared from now on by `--baseline`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix"])]
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

/// That a baseline which is written lists all findings.
fn can_be_written(args: &CheckArgs) -> Result<(), Failure> {
    if args.write_baseline.is_none() || args.rules.is_empty() {
        return Ok(());
    }
    let message =
        "a baseline lists all findings, and with `--rule` those of other rules would not be spared".to_owned();
    Err(Failure::new(message).help("leave out `--rule`"))
}

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    can_be_written(args)?;
    let mut snapshot = workspace::open(&args.path)?;
    let codes =
        args.rules.iter().map(|name| workspace::known_codes(name, &snapshot.arch)).collect::<Result<Vec<_>, _>>()?;
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
    let mut spared = Vec::new();
    if let Some(path) = &args.baseline {
        (findings, spared) = beside(path, &snapshot, findings, Shrink::asked(args.shrink))?;
    }
    if !codes.is_empty() {
        let wanted = |code: &str| codes.iter().any(|known| known == code);
        // Beside an error of reading nobody knows whether there is nothing to find.
        findings.retain(|finding| wanted(&finding.code) || leaves_open(finding));
        suppressed.retain(|one| wanted(&one.finding.code));
        spared.retain(|finding| wanted(&finding.code));
    }
    let mut summary = summary(&snapshot, &findings);
    if !args.show_suppressed {
        summary.push_str(&sentence_of_suppressed(suppressed.len()));
    }
    let outcome = outcome(&findings, args.fail_on);
    let least = args.show.least();
    findings.retain(|finding| finding.severity >= least);
    suppressed.retain(|one| one.finding.severity >= least);
    spared.retain(|finding| finding.severity >= least);
    if args.no_suppressed || matches!(args.format, OutputFormat::Human) && !args.show_suppressed {
        suppressed.clear();
        spared.clear();
    }
    let format = args.format.of_report();
    let text = text_of(&snapshot, findings, &all_suppressed(args, &snapshot, &suppressed, &spared), (args, format));
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
    // The process ends: to take a large workspace apart first would only take time.
    std::mem::forget(snapshot);
    Ok(outcome)
}

/// What an `allow` suppresses and what the baseline spares, in the order of the text.
fn all_suppressed<'a>(
    args: &CheckArgs,
    snapshot: &'a Snapshot,
    suppressed: &'a [Suppressed],
    spared: &'a [Diagnostic],
) -> Vec<Suppression<'a>> {
    let mut all: Vec<Suppression<'_>> = suppressed.iter().map(|one| Suppression::new(&snapshot.arch, one)).collect();
    let baseline = args.baseline.as_deref().filter(|path| *path != Path::new("-"));
    let place = baseline.map_or("<stdin>".to_owned(), |path| {
        place_of(&*workspace::files_of(&args.path), &args.path, path).path().to_owned()
    });
    all.extend(spared.iter().map(|finding| Suppression { finding, by: By::Baseline(place.clone()) }));
    all.sort_by(|a, b| a.finding.sort_key().cmp(&b.finding.sort_key()));
    all
}

/// The findings in a format.
fn text_of(
    snapshot: &Snapshot,
    findings: Vec<Diagnostic>,
    suppressed: &[Suppression<'_>],
    (args, format): (&CheckArgs, Format),
) -> String {
    let color = if wants_color(&std::io::stdout()) { Color::Always } else { Color::Never };
    let (findings, left_out) = groma_report::most(findings);
    let (suppressed, suppressed_left_out) = groma_report::most_of(suppressed.to_vec(), |one| one.finding);
    let arch = &snapshot.arch;
    // Many findings lie in one file.
    let known: RefCell<HashMap<FileId, Option<Span>>> = RefCell::default();
    let included = |file| *known.borrow_mut().entry(file).or_insert_with(|| snapshot.included_at(file));
    let report = FindingsReport {
        sources: &snapshot.sources,
        findings: &findings,
        rules: &rules(snapshot),
        page: &|name| page(snapshot, name),
        left_out: &left_out,
        suppressed: &suppressed,
        suppressed_left_out: &suppressed_left_out,
        address: &|finding: &Diagnostic| Some(address(snapshot, finding)),
        included: &included,
        workspace: arch.workspace.map(|at| arch.name(at)).filter(|name| !name.is_empty()),
        fails: &|rule, severity| args.fail_on.fails(rule, severity),
    };
    groma_report::render(&report, format, color)
}

/// What is told of all that can find something: the rules, and the standards of the workspace.
fn rules(snapshot: &Snapshot) -> Vec<RuleWords<'_>> {
    let arch = &snapshot.arch;
    let rules = groma_check::RULES.iter().map(|rule| RuleWords {
        name: rule.name,
        summary: rule.summary,
        address: Some(rule.address()),
        is_own: false,
    });
    let standards = arch.records_of(&class::STANDARD).map(|record| RuleWords {
        name: arch.name(record.at),
        summary: arch.title(record.at),
        address: arch.fact(record.at, &facts::LINK).map(|link| arch.words(record.at, link).to_owned()),
        is_own: true,
    });
    rules.chain(standards).collect()
}

/// The page of a rule, or of a standard of the workspace.
fn page<'a>(snapshot: &Snapshot, name: &str) -> Option<Cow<'a, str>> {
    if let Some(rule) = groma_check::rule(name) {
        return Some(rule.page.into());
    }
    let arch = &snapshot.arch;
    standard_called(arch, name)?;
    let place = |at: ItemRef| snapshot.sources.place_location(arch.name_span(at));
    groma_report::own_page(arch, name, &place).map(Into::into)
}

/// How many findings are suppressed, if any are.
fn sentence_of_suppressed(count: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    match count {
        0 => String::new(),
        _ => format!("{} {are} suppressed by `allow`: `--show-suppressed` lists them\n", counted(count, "finding")),
    }
}

/// Writes what there is to a file that was not there: a baseline only shrinks.
fn write_baseline(path: &Path, snapshot: &Snapshot, findings: &[Diagnostic]) -> Result<Exit, Failure> {
    if path.exists() {
        return Err(Failure::new(format!("`{}` is there already, and a baseline only shrinks", path.display()))
            .help("`--baseline FILE --shrink` takes out what is gone; remove the file to begin anew"));
    }
    must_be_read(snapshot, findings, "no baseline can be made of a text")?;
    let baseline = Baseline::of(snapshot, findings);
    write::file(path, baseline.text().as_bytes())?;
    // One that is told once of several things is known at each.
    let lines = baseline.len();
    let as_lines = if lines == findings.len() { String::new() } else { format!(" as {}", counted(lines, "line")) };
    print_error(&format!("wrote {}: {}{as_lines}\n", path.display(), counted(findings.len(), "finding")));
    Ok(Exit::Clean)
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
        print_error(&format!("fixed {}: {} applied\n", source.path, counted(count, "fix")));
        changed = true;
    }
    Ok(changed)
}

fn summary(snapshot: &Snapshot, findings: &[Diagnostic]) -> String {
    let arch = &snapshot.arch;
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let own = own_of_kit(arch);
    let is_kit = arch.elements.is_empty() && !own.is_empty();
    let checked = match is_kit {
        true => own.join(", "),
        false => [
            counted(arch.elements.len(), "element"),
            counted(arch.relations.len(), "relationship"),
            counted(arch.flows.len(), "flow"),
        ]
        .join(", "),
    };
    if arch.elements.is_empty() && !is_kit && findings.is_empty() {
        return format!("checked {checked}: there is nothing here yet; `groma init` writes a first workspace\n");
    }
    if findings.is_empty() {
        return format!("checked {checked}: clean\n");
    }
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    format!(
        "checked {checked}: {}, {}, {}; for details: groma explain RULE\n",
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(notes, "note")
    )
}

/// How much a workspace has of what a kit is made of.
fn own_of_kit(arch: &Architecture) -> Vec<String> {
    let of = |class| arch.records_of(class).count();
    let all = [
        (of(&class::STANDARD), "standard"),
        (of(&class::OWN_FACT), "fact"),
        (arch.own_kinds.len(), "kind"),
        (of(&class::TECHNOLOGY), "technology"),
    ];
    all.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word)).collect()
}
