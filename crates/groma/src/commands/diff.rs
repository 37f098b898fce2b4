//! `groma diff`: what is different between two states of an architecture.

use crate::findings::{FailOn, outcome};
use crate::output::{Exit, Failure, print, print_error, print_error_bytes, wants_color};
use crate::{refusal, states, workspace};
use clap::{Args, ValueEnum};
use groma_base::Diagnostic;
use groma_report::difference::{Compared, State, Verdicts};
use groma_report::{Color, FindingsReport, Format};
use groma_session::{Comparison, NotAsked, Snapshot, compare, verdict_changes};
use groma_simulate::{Options, Report};
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Clone, Copy, ValueEnum)]
enum DiffFormat {
    /// Human-readable
    Human,
    /// JSON, with a version
    Json,
    /// GitHub-flavoured Markdown, for a pull request
    Markdown,
}

/// Show what is different between two states of an architecture
///
/// FROM and TO are a folder, a .groma file, or a git revision of the repository around the workspace. Things are matched by their
/// addresses, never by lines. Exits with 1 if something changed that `breaking` in `workspace` selects, or if a finding came, became
/// so grave or is no longer excused by an `allow`, that `--fail-on` names.
#[derive(Args)]
pub(crate) struct DiffArgs {
    /// The state before
    #[arg(default_value = "HEAD")]
    from: String,
    /// The state after, instead of the work tree
    to: Option<String>,
    /// The workspace: a folder, or one .groma file
    #[arg(long, value_name = "PATH", default_value = ".")]
    workspace: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "human")]
    format: DiffFormat,
    /// Also forecast both states and tell which verdicts changed
    #[arg(long)]
    forecast: bool,
    /// Exit with 1 on findings of at least this severity that are new or no longer excused
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
    /// The date that decides which suppressions have expired, what is so already and from which `age` in standards counts back,
    /// instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

/// So many errors of a text that cannot be read are shown.
const SHOWN: usize = 50;

/// How the state of the work tree is called.
const WORK_TREE: &str = "the work tree";

pub(crate) fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let mut from_today = BTreeSet::new();
    let before = states::open(&args.from, &args.workspace, &mut from_today)?;
    let (name, after) = match &args.to {
        Some(to) => (to.as_str(), states::open(to, &args.workspace, &mut from_today)?),
        None => (WORK_TREE, workspace::open(&args.workspace)?),
    };
    states::note_from_today(&from_today);
    if !is_readable(&args.from, &before) | !is_readable(name, &after) {
        return Ok(Exit::Unusable);
    }
    workspace::warn_of_left_out(Some(&args.from), &before);
    workspace::warn_of_left_out(args.to.as_deref(), &after);
    let comparison = compare(&before, &after, &today).map_err(|why| not_asked(&args.from, &before, &why))?;
    for why in &comparison.not_asked {
        let place = after.sources.location(why.span);
        let (query, message) = (&why.query, &why.error.message);
        print_error(&format!("note: `breaking` in {place} cannot be asked of `{}`: `{query}`: {message}\n", args.from));
    }
    let verdicts = match args.forecast {
        true => Some(verdicts(&comparison, (&args.from, &before), (name, &after))?),
        false => None,
    };
    let compared = Compared {
        before: State { name: &args.from, arch: &before.arch, sources: &before.sources },
        after: State { name, arch: &after.arch, sources: &after.sources },
        comparison: &comparison,
        verdicts: verdicts.as_ref(),
    };
    let text = match args.format {
        DiffFormat::Human => compared.human(),
        DiffFormat::Json => format!("{:#}\n", compared.json()),
        DiffFormat::Markdown => compared.markdown(),
    };
    let graver = comparison.changed_findings.iter().filter(|one| one.is_graver()).map(|one| &one.after);
    let no_longer_excused = comparison.no_longer_excused.iter().map(|one| &one.finding);
    let worse: Vec<Diagnostic> = comparison.came.iter().chain(graver).chain(no_longer_excused).cloned().collect();
    let found = outcome(&worse, args.fail_on);
    let outcome = if comparison.breaking.is_empty() { found } else { found.max(Exit::Findings) };
    match print(&text) {
        // That nobody reads on takes no change back.
        Err(Failure::ClosedPipe) => Ok(outcome),
        printed => printed.map(|()| outcome),
    }
}

/// Whether the text of a state can be read; shows its errors if not.
fn is_readable(name: &str, snapshot: &Snapshot) -> bool {
    let errors = snapshot.errors_of_text();
    if errors.is_empty() {
        return true;
    }
    let color = if wants_color(&std::io::stderr()) { Color::Always } else { Color::Never };
    let count = errors.len();
    let (findings, left_out) = groma_report::most(errors.into_iter().take(SHOWN).collect());
    let report = FindingsReport::of(&snapshot.sources, &findings, &left_out);
    print_error_bytes(groma_report::render(&report, Format::Human, color).as_bytes());
    let errors = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
    print_error(&format!("error: `{name}` cannot be compared: its text has {errors}\n"));
    print_error("help: correct that, or compare with another state\n");
    false
}

/// Why what the state before calls breaking cannot be found.
fn not_asked(name: &str, before: &Snapshot, why: &NotAsked) -> Failure {
    let place = before.sources.location(why.span);
    let message = format!("`breaking` in {place} cannot be asked of `{name}`: `{}`: {}", why.query, why.error.message);
    Failure::new(message).help(why.error.help.as_str())
}

/// The verdicts that changed, or why there are none to compare.
fn verdicts(comparison: &Comparison, before: (&str, &Snapshot), after: (&str, &Snapshot)) -> Result<Verdicts, Failure> {
    crate::write::finish_files_on_interrupt();
    let (old, new) = (forecast(before.1)?, forecast(after.1)?);
    let mut verdicts = Verdicts::default();
    for (name, forecast) in [(before.0, &old), (after.0, &new)] {
        if let Err(why) = forecast {
            verdicts.not_forecast.push(format!("`{name}`: {why}"));
        }
    }
    if let (Ok(old), Ok(new)) = (&old, &new) {
        let (old, new) = ((&before.1.arch, &old.judgements[..]), (&after.1.arch, &new.judgements[..]));
        verdicts.changes = verdict_changes(&comparison.difference, old, new);
    }
    Ok(verdicts)
}

/// What is judged in a state, or why it cannot be.
fn forecast(snapshot: &Snapshot) -> Result<Result<Report, String>, Failure> {
    let workspace = match snapshot.forecastable() {
        Ok(workspace) => workspace,
        Err(refused) => return Ok(Err(refusal::headline(&refused, None))),
    };
    let report = workspace.judge(&Options::default(), crate::write::interruption(), &|_, _, _| {});
    crate::write::interrupted()?;
    Ok(Ok(report))
}
