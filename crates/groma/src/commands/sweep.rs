//! `groma sweep`: how the verdicts follow some numbers.

use crate::commands::simulate;
use crate::output::{Exit, Failure, once, print};
use crate::progress::ProgressLine;
use crate::{refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_model::Architecture;
use groma_plot::{Subject, TradeOff, Varied};
use groma_session::{Axis, Grid, MOST_COMBINATIONS, NoAnswer, NoGrid, Selection, TradeOffs};
use groma_simulate::Options;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

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
    let plot = args.plot.as_deref().map(Plot::into).transpose()?;
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
        plot.write(workspace.arch(), &found)?;
    }
    Ok(if found.good().next().is_some() { Exit::Clean } else { Exit::Findings })
}

/// Pixels per unit of a plot, as `groma draw` has them where nothing is said.
const PNG_SCALE: f32 = 2.0;

/// A file that the trade-off is drawn into.
struct Plot<'a> {
    file: &'a Path,
    is_png: bool,
}

impl Plot<'_> {
    /// The plot that a name asks for. What cannot be written is refused before anything is simulated.
    fn into(file: &Path) -> Result<Plot<'_>, Failure> {
        let extension = file.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        let is_png = match extension.as_deref() {
            Some("svg") => false,
            Some("png") => true,
            _ => {
                let message = format!("the name `{}` does not say what to draw", file.display());
                return Err(Failure::new(message).help("end it with `.svg` or `.png`"));
            }
        };
        write::check(file)?;
        Ok(Plot { file, is_png })
    }

    fn write(&self, arch: &Architecture, found: &TradeOffs) -> Result<(), Failure> {
        let varied: Vec<Varied<'_>> = found.axes.iter().map(varied).collect();
        let points: Vec<_> = found.points.iter().map(|point| (&*point.values, &*point.report.judgements)).collect();
        let of = TradeOff { varied: &varied, points: &points };
        let Some((_, picture)) = groma_plot::plots(arch, Subject::TradeOff(&of)).next() else {
            return Err(Failure::new("there is nothing to plot: no requirement changes with what is varied"));
        };
        let bytes = match self.is_png {
            true => groma_raster::png(&picture.svg, &[groma_view::FONT_REGULAR, groma_view::FONT_SEMIBOLD], PNG_SCALE)
                .map_err(|error| Failure::new(format!("cannot draw the trade-off: {error}")))?,
            false => picture.svg.into_bytes(),
        };
        write::file(self.file, &bytes)
    }
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
