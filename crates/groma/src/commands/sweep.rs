//! `groma sweep`: how the verdicts follow some numbers.

use crate::commands::simulate;
use crate::output::{Exit, Failure, once, print};
use crate::plot_file::PlotFile;
use crate::progress::ProgressLine;
use crate::{refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_model::Architecture;
use groma_plot::{Picture, Subject, TradeOff, Varied};
use groma_session::{Axis, Grid, MOST_COMBINATIONS, NoAnswer, NoGrid, Selection, TradeOffs};
use groma_simulate::Options;
use std::path::PathBuf;

/// How the table is written.
#[derive(Clone, Copy, ValueEnum)]
enum SweepFormat {
    /// Human-readable
    Human,
    /// JSON, with a version
    Json,
    /// One row for each combination and requirement
    Csv,
}

/// Judge the qualities over a grid of values
///
/// Each `--vary` names a fact and its values: `shop.core.replicas=2,4,8`, or a range with a number of steps:
/// `peak.rate=200/s..2000/s:10` (default: 5 steps, or all of up to ten whole numbers). All combinations are simulated with the same random numbers, so
/// that differences come from the values alone. Exits with 0 if some combination meets every requirement.
#[derive(Args)]
pub(crate) struct SweepArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// A fact and its values; may be repeated for a grid
    #[arg(long, value_name = "FACT=VALUES", required = true)]
    vary: Vec<String>,
    /// Only the requirements of this quality; may be repeated
    #[arg(long, value_name = "QUALITY")]
    quality: Vec<String>,
    /// Output format of the table
    #[arg(long, value_enum, default_value = "human")]
    format: SweepFormat,
    /// Draw the trade-off into this file, by its name SVG or PNG: the requirements over the first fact, one line for each value of the others
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Seed of the random numbers: the same seed gives the same table
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Relative half-width of the 95% interval at which to stop, in percent
    #[arg(long, default_value_t = 5.0, value_name = "PERCENT")]
    precision: f64,
    /// Roughly the most events to simulate for one load, in millions
    #[arg(long, default_value_t = 20.0, value_name = "MILLIONS")]
    events: f64,
}

pub(crate) fn run(args: &SweepArgs) -> Result<Exit, Failure> {
    let result = sweep(args);
    if matches!(args.format, SweepFormat::Json) { refusal::as_json(result) } else { result }
}

fn sweep(args: &SweepArgs) -> Result<Exit, Failure> {
    let grid = Grid::new(&args.vary).map_err(no_grid)?;
    let plot = args.plot.as_deref().map(PlotFile::new).transpose()?;
    let snapshot = workspace::open(&args.path)?;
    let workspace = snapshot.forecastable().map_err(Failure::refused)?;
    let selection = Selection { qualities: args.quality.clone(), ..Selection::default() };
    workspace.check_selection(&selection).map_err(|why| Failure::new(why.message).help(why.help))?;
    let options = Options {
        seed: args.seed,
        precision: simulate::precision(args.precision)?,
        most_events: simulate::events(args.events)?,
        ..Options::default()
    };
    write::finish_files_on_interrupt();
    let line = ProgressLine::new(!matches!(args.format, SweepFormat::Human));
    let progress = |nth: usize| line.part("simulating combination", (nth, grid.count()), 0.0);
    let found = workspace.trade_offs(&grid, &selection, &options, write::interruption(), &progress);
    let found = found.map_err(no_table)?;
    drop(line);
    if found.is_empty() {
        return Err(Failure::new("no quality requires anything that can be measured")
            .help("`groma explain quality` tells how one does"));
    }
    print(&match args.format {
        SweepFormat::Human => groma_report::sweep::human(&found),
        SweepFormat::Json => format!("{:#}\n", groma_report::sweep::json(workspace.arch(), &found)),
        SweepFormat::Csv => groma_report::sweep::csv(workspace.arch(), &found),
    })?;
    if let Some(plot) = plot {
        plot.write(trade_off(workspace.arch(), &found)?)?;
    }
    Ok(if found.good().next().is_some() { Exit::Clean } else { Exit::Findings })
}

/// What is traded for what, if any requirement changes.
fn trade_off(arch: &Architecture, found: &TradeOffs) -> Result<Picture, Failure> {
    let varied: Vec<Varied<'_>> = found.axes.iter().map(varied).collect();
    let points: Vec<_> = found.points.iter().map(|point| (&*point.values, &*point.report.judgements)).collect();
    let of = TradeOff { varied: &varied, points: &points };
    let plot = groma_plot::plots(arch, Subject::TradeOff(&of)).next();
    let nothing = || Failure::new("there is nothing to plot: no requirement changes with what is varied");
    Ok(plot.ok_or_else(nothing)?.1)
}

/// What is wrong with the words of `--vary`.
fn no_grid(why: NoGrid) -> Failure {
    match why {
        NoGrid::NoValues(words) => Failure::new(format!("`{words}` does not say which values"))
            .help("write `--vary shop.core.replicas=2,4,8` or `--vary peak.rate=200/s..2000/s:10`"),
        NoGrid::Values { words, reason } => Failure::new(format!("`{words}`: {reason}"))
            .help("write `2..10`, `10ms..50ms` or, in ten steps, `200/s..2000/s:10`"),
        NoGrid::TooMany(count) => {
            Failure::new(format!("{count} combinations are more than {MOST_COMBINATIONS}; name fewer values"))
        }
    }
}

/// Why there is no table, in the words of `--vary`.
fn no_table(why: NoAnswer) -> Failure {
    match why {
        NoAnswer::Twice { spellings } => {
            Failure::new(format!("{} is varied twice: name all its values in one `--vary`", once(&spellings)))
        }
        other => Failure::unanswered(other),
    }
}

fn varied(axis: &Axis) -> Varied<'_> {
    let (positions, unit) = axis.positions();
    Varied { fact: &axis.fact, positions, unit }
}
