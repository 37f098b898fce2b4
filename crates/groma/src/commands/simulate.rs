//! `groma simulate`: whether each quality holds, and why.

use crate::output::{Exit, Failure, print, print_error};
use crate::progress::ProgressLine;
use crate::{refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_base::Sources;
use groma_model::Architecture;
use groma_plot::Subject;
use groma_report::forecast::Detail;
use groma_session::{Forecastable, Selection, WhatIf, describe};
use groma_simulate::{MOST_EVENTS, Options, Report, Run, Verdict};
use std::path::{Path, PathBuf};

/// How the report is written.
#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// Human-readable
    Human,
    /// JSON, with a version
    Json,
    /// A table of the verdicts
    Csv,
}

/// Predict whether each quality holds
///
/// Every `require` of every `quality` gets a verdict: holds, fails, too close to call, or unknown and what is missing. The
/// flows are simulated under the loads that the qualities name.
#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Output format of the report
    #[arg(long, value_enum, default_value = "human")]
    format: ReportFormat,
    /// Also show what every verdict rests on, the stations, the assumptions and how much was simulated
    #[arg(long)]
    details: bool,
    /// Only the requirements of this quality; may be repeated
    #[arg(long, value_name = "QUALITY")]
    quality: Vec<String>,
    /// Only the requirements under this load; may be repeated
    #[arg(long, value_name = "LOAD")]
    load: Vec<String>,
    /// Only the requirements of this flow, and those of every flow; may be repeated
    #[arg(long, value_name = "FLOW")]
    flow: Vec<String>,
    /// Seed of the random numbers: the same seed gives the same report
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Relative half-width of the 95% interval at which to stop, in percent
    #[arg(long, default_value_t = 5.0, value_name = "PERCENT")]
    precision: f64,
    /// Simulate until --precision is reached, even when the verdict is already decided
    #[arg(long)]
    exhaustive: bool,
    /// Roughly the most events to simulate for one load, in millions
    #[arg(long, default_value_t = 60.0, value_name = "MILLIONS")]
    events: f64,
    /// Number of threads; results do not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// Also fail (exit code 1) on inconclusive verdicts: too close to call, or unknown
    #[arg(long)]
    strict: bool,
    /// Also judge with a fact changed and compare: such as `shop.core.replicas=6`, `shop.core->shop.db.pool=20` (of several
    /// relationships with the text: `shop.core->shop.db "Reads".pool=20`), or a part of one as in
    /// `shop.db.failover.after=15s`, of an element, relationship, load, failure or place; may be
    /// repeated, and the changes are then made together. With `--format json` the comparison stands under `what-if`, with `csv` in rows
    /// below those of today
    #[arg(long, value_name = "CHANGE")]
    what_if: Vec<String>,
    /// Write plots into this folder: latency distributions and latency over load, utilization, the timeline of each failure
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// For each requirement that fails, search for a change that makes it hold: the busiest parts first, then several at once
    #[arg(long)]
    fix: bool,
}

pub(crate) fn run(args: &SimulateArgs) -> Result<Exit, Failure> {
    let result = forecast(args);
    if matches!(args.format, ReportFormat::Json) { refusal::as_json(result) } else { result }
}

fn forecast(args: &SimulateArgs) -> Result<Exit, Failure> {
    let snapshot = workspace::open(&args.path)?;
    let workspace = snapshot.forecastable().map_err(Failure::refused)?;
    let options = options(args)?;
    let selection = Selection { qualities: args.quality.clone(), loads: args.load.clone(), flows: args.flow.clone() };
    workspace.check_selection(&selection).map_err(|why| Failure::new(why.message).help(why.help))?;
    write::finish_files_on_interrupt();
    let line = ProgressLine::new(!matches!(args.format, ReportFormat::Human));
    let progress = |run: usize, runs: usize, done: f64| line.part("simulating load", (run, runs), done);
    let mut report = workspace.judge_selected(&selection, &options, write::interruption(), &progress);
    if report.judgements.is_empty() && !selection.is_all() {
        return Err(Failure::new("no requirement is about what `--quality`, `--load` and `--flow` choose")
            .help("`groma simulate` without them judges every requirement"));
    }
    let answers = of_changes(args, (&workspace, &selection), &report, &options, &line)?;
    write::interrupted()?;
    if let Some(folder) = &args.plots {
        line.now("simulating more and less load for the plots");
        report = workspace.with_curves(report, &selection, &options, write::interruption());
        write::interrupted()?;
        write_plots(&snapshot.arch, &report, folder)?;
    }
    drop(line);
    show(args, &snapshot.arch, workspace.sources(), &report, &answers)?;
    let unsure = report.count(Verdict::TooClose) + report.count(Verdict::Unknown);
    let is_bad = report.count(Verdict::Fails) > 0 || (args.strict && unsure > 0);
    Ok(if is_bad { Exit::Findings } else { Exit::Clean })
}

/// Prints a forecast and what was answered beside it.
fn show(
    args: &SimulateArgs,
    arch: &Architecture,
    sources: &Sources,
    report: &Report,
    answers: &Answers,
) -> Result<(), Failure> {
    match args.format {
        ReportFormat::Human => {
            let detail = if args.details { Detail::Full } else { Detail::Short };
            let text = groma_report::forecast::human(arch, report, detail);
            let hint = match !args.fix && report.count(Verdict::Fails) > 0 {
                true => "`--fix` searches for a change that makes a failing requirement hold\n",
                false => "",
            };
            let changed = answers.what_if.as_ref().map(|what_if| groma_report::what_if::human(report, what_if));
            let changed = changed.map(|changed| format!("{changed}\ntoday\n\n")).unwrap_or_default();
            print(&format!("{changed}{text}{}{hint}", answers.fixes))?;
        }
        ReportFormat::Json => {
            let mut whole = groma_report::forecast::json(arch, sources, report);
            if let Some(what_if) = &answers.what_if {
                whole["what-if"] = groma_report::what_if::json(arch, sources, report, what_if);
            }
            print(&format!("{whole:#}\n"))?;
        }
        ReportFormat::Csv => {
            print(&groma_report::forecast::csv(arch, report, answers.what_if.as_ref()))?;
        }
    }
    if !matches!(args.format, ReportFormat::Human) {
        print_error(&answers.fixes);
    }
    Ok(())
}

fn options(args: &SimulateArgs) -> Result<Options, Failure> {
    Ok(Options {
        seed: args.seed,
        precision: precision(args.precision)?,
        exhaustive: args.exhaustive,
        most_events: events(args.events)?,
        threads: args.threads.unwrap_or(Options::default().threads).clamp(1, 256),
    })
}

/// What `--what-if` asks for, and `--fix`, that in words.
#[derive(Default)]
struct Answers {
    what_if: Option<WhatIf>,
    fixes: String,
}

fn of_changes(
    args: &SimulateArgs,
    (workspace, selection): (&Forecastable<'_>, &Selection),
    report: &Report,
    options: &Options,
    line: &ProgressLine,
) -> Result<Answers, Failure> {
    let mut answers = Answers::default();
    if !args.what_if.is_empty() {
        let progress =
            |run: usize, runs: usize, done: f64| line.part("simulating the change under load", (run, runs), done);
        let what_if = workspace.what_if(report, selection, &args.what_if, options, write::interruption(), &progress);
        answers.what_if = Some(what_if.map_err(Failure::unanswered)?);
    }
    if args.fix {
        line.now("searching for changes that make failing requirements hold");
        let fixes = workspace.fixes(report, options, write::interruption()).map_err(Failure::unanswered)?;
        answers.fixes = groma_report::fixes::human(workspace.sources(), report, &fixes);
    }
    Ok(answers)
}

/// A precision in percent as a share.
pub(crate) fn precision(percent: f64) -> Result<f64, Failure> {
    let is_allowed = (0.01..=100.0).contains(&percent);
    is_allowed.then_some(percent / 100.0).ok_or_else(|| Failure::new("`--precision` must be between 0.01 and 100"))
}

/// Millions of events as events.
pub(crate) fn events(millions: f64) -> Result<u64, Failure> {
    let most = MOST_EVENTS / 1e6;
    let is_allowed = (0.1..=most).contains(&millions);
    is_allowed
        .then_some((millions * 1e6) as u64)
        .ok_or_else(|| Failure::new(format!("`--events` must be between 0.1 and {most}")))
}

/// Writes the plots of every run: `peak.svg`, and `peak-database-gone.svg` and `peak-database-gone-timeline.svg` with a failure.
fn write_plots(arch: &Architecture, report: &Report, folder: &Path) -> Result<(), Failure> {
    let fails =
        |error: std::io::Error| Failure::new(format!("cannot make `{}`: {}", folder.display(), describe(&error)));
    std::fs::create_dir_all(folder).map_err(fails)?;
    let name = |run: &Run| {
        let load = arch.name(arch.records[run.load].at);
        let failure = run.failure.map(|failure| format!("-{}", arch.name(arch.records[failure].at)));
        format!("{load}{}", failure.unwrap_or_default())
    };
    // Names of records may hold anything: they must not lead out of the folder.
    for (run, name) in report.runs.iter().zip(groma_site::file_names(report.runs.iter().map(name))) {
        plots_of(arch, Subject::Timeline(run), &folder.join(&name))?;
        plots_of(arch, Subject::Whole(run), &folder.join(&name))?;
    }
    let loads = report.curves.iter().map(|curve| arch.name(arch.records[curve.load].at).to_owned());
    for (curve, name) in report.curves.iter().zip(groma_site::file_names(loads)) {
        plots_of(arch, Subject::Load(curve), &folder.join(&name))?;
    }
    Ok(())
}

/// Writes the plots of something into files whose names begin like this.
fn plots_of(arch: &Architecture, of: Subject<'_>, begin: &Path) -> Result<(), Failure> {
    for (plot, picture) in groma_plot::plots(arch, of) {
        let mut path = begin.as_os_str().to_owned();
        path.push(format!("{}.svg", plot.ending));
        write::file(Path::new(&path), picture.svg.as_bytes())?;
    }
    Ok(())
}
