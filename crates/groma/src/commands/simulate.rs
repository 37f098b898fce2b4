//! `groma simulate`: whether each quality holds, and why.

use crate::output::{Exit, Failure, print, print_error, print_progress};
use crate::{refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_model::Architecture;
use groma_plot::Subject;
use groma_session::{Forecastable, describe};
use groma_simulate::number::time;
use groma_simulate::{Options, Report, Run, Verdict};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How the report is written.
#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    /// For people
    Human,
    /// For programs; carries a version
    Json,
    /// A table of the verdicts
    Csv,
}

/// Predict whether each quality holds
///
/// Every `require` of every `quality` gets a verdict: holds, fails, too close to call, or cannot be told and what is
/// missing. The flows are simulated under the loads that the qualities name.
#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to write the report
    #[arg(long, value_enum, default_value = "human")]
    format: ReportFormat,
    /// Chooses the random numbers: the same seed, the same report
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How narrow an interval must be where the verdict is not clear before, in per cent of the value
    #[arg(long, default_value_t = 5.0, value_name = "PERCENT")]
    precision: f64,
    /// Reach the precision even where the verdict is clear
    #[arg(long)]
    exhaustive: bool,
    /// About how many million events to simulate for one load at most
    #[arg(long, default_value_t = 60.0, value_name = "MILLIONS")]
    events: f64,
    /// How many threads work; the report does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// Exit with 1 also where a verdict is too close to call or cannot be told
    #[arg(long)]
    strict: bool,
    /// Also judge with a fact changed, such as `shop.core.replicas=6`, `shop.core->shop.db.pool=20`, or a part of one as in
    /// `shop.db.failover.after=15s`, of an element, relationship, load, failure or place, and compare; may be
    /// repeated, the changes are made together
    #[arg(long, value_name = "CHANGE")]
    what_if: Vec<String>,
    /// Write plots into this folder: how times are spread and follow the load, what is in use, the course of each failure
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// For each requirement that fails, look for a change that makes it hold: what is used most first, then several at once
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
    write::finish_files_on_interrupt();
    let talks = std::io::stderr().is_terminal();
    let began = Instant::now();
    let progress = |run: usize, runs: usize, done: f64| {
        if talks {
            let share = (run as f64 + done) / runs as f64;
            let left = time(began.elapsed().as_secs_f64() * (1.0 - share) / share.max(0.01));
            print_progress(&format!(
                "simulating load {} of {runs}: {:3.0}%, about {left} left ",
                run + 1,
                done * 100.0
            ));
        }
    };
    let mut report = workspace.judge(&options, write::interruption(), &progress);
    let more = of_changes(args, &workspace, &report, &options)?;
    if talks {
        print_progress("");
    }
    write::interrupted()?;
    if let Some(folder) = &args.plots {
        report.add_curves(&snapshot.arch, &options, write::interruption());
        write::interrupted()?;
        write_plots(&snapshot.arch, &report, folder)?;
    }
    let text = match args.format {
        ReportFormat::Human => groma_report::forecast::human(&snapshot.arch, &report),
        ReportFormat::Json => format!("{:#}\n", groma_report::forecast::json(&snapshot.arch, &report)),
        ReportFormat::Csv => groma_report::forecast::csv(&snapshot.arch, &report),
    };
    print(&text)?;
    match args.format {
        ReportFormat::Human if !args.fix && report.count(Verdict::Fails) > 0 => {
            print(&format!("{more}`--fix` looks for the smallest change that makes a requirement hold\n"))?;
        }
        ReportFormat::Human => print(&more)?,
        _ => print_error(&more),
    }
    let unsure = report.count(Verdict::TooClose) + report.count(Verdict::Unknown);
    let is_bad = report.count(Verdict::Fails) > 0 || (args.strict && unsure > 0);
    Ok(if is_bad { Exit::Findings } else { Exit::Clean })
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

/// What `--what-if` and `--fix` ask for, in words.
fn of_changes(
    args: &SimulateArgs,
    workspace: &Forecastable<'_>,
    report: &Report,
    options: &Options,
) -> Result<String, Failure> {
    let mut out = String::new();
    if !args.what_if.is_empty() {
        let what_if = workspace.what_if(report, &args.what_if, options, write::interruption());
        out.push_str(&groma_report::what_if::human(report, &what_if.map_err(Failure::unanswered)?));
    }
    if args.fix {
        let fixes = workspace.fixes(report, options, write::interruption()).map_err(Failure::unanswered)?;
        out.push_str(&groma_report::fixes::human(workspace.sources(), report, &fixes));
    }
    Ok(out)
}

/// A precision in per cent as a share.
pub(crate) fn precision(percent: f64) -> Result<f64, Failure> {
    let is_allowed = (0.01..=100.0).contains(&percent);
    is_allowed.then_some(percent / 100.0).ok_or_else(|| Failure::new("`--precision` must be between 0.01 and 100"))
}

/// Millions of events as events.
pub(crate) fn events(millions: f64) -> Result<u64, Failure> {
    let is_allowed = (0.1..=100_000.0).contains(&millions);
    is_allowed
        .then_some((millions * 1e6) as u64)
        .ok_or_else(|| Failure::new("`--events` must be between 0.1 and 100000"))
}

/// Writes the plots of every run: `peak.svg`, and `peak-database-gone.svg` and `peak-database-gone-course.svg` with a failure.
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
        plots_of(arch, Subject::Course(run), &folder.join(&name))?;
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
