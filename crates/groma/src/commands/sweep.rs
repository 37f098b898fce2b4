//! `groma sweep`: how the verdicts follow some numbers.

use crate::commands::{simulate, what_if};
use crate::output::{Failure, Outcome, print, print_progress};
use crate::{refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_base::{Dimension, Quantity};
use groma_model::ItemRef;
use groma_plot::{Line, Panel, Plot, Unit, draw};
use groma_session::{Axis, Point};
use groma_simulate::number::{interval_beside, plain};
use groma_simulate::{Judgement, Options};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;

/// How the table is written.
#[derive(Clone, Copy, ValueEnum)]
enum SweepFormat {
    /// For people
    Human,
    /// For programs; carries a version
    Json,
    /// One row for each combination and requirement
    Csv,
}

/// Judge the qualities over a grid of numbers
///
/// Each `--vary` names a fact and its values: `shop.core.replicas=2,4,8`, or from..to in so many steps:
/// `peak.rate=200/s..2000/s:10` (5 steps if not said). All combinations are simulated with the same random numbers, so
/// that what differs comes from the numbers. Exits with 0 if there is a combination with which everything holds.
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
    /// How to write the table
    #[arg(long, value_enum, default_value = "human")]
    format: SweepFormat,
    /// Draw the trade-off into this SVG file: the requirements over the first fact, a line for each of the others' values
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Chooses the random numbers: the same seed, the same table
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How narrow an interval must be where the verdict is not clear before, in per cent of the value
    #[arg(long, default_value_t = 5.0, value_name = "PERCENT")]
    precision: f64,
    /// About how many million events to simulate for one load at most
    #[arg(long, default_value_t = 20.0, value_name = "MILLIONS")]
    events: f64,
}

/// More combinations than this are a mistake.
const MOST_COMBINATIONS: usize = 1_000;

pub(crate) fn run(args: &SweepArgs) -> Result<Outcome, Failure> {
    let result = sweep(args);
    if matches!(args.format, SweepFormat::Json) { refusal::as_json(result) } else { result }
}

fn sweep(args: &SweepArgs) -> Result<Outcome, Failure> {
    let axes = args.vary.iter().map(|word| axis(word)).collect::<Result<Vec<Axis>, Failure>>()?;
    if let Some(twice) =
        axes.iter().enumerate().find(|(at, axis)| axes[..*at].iter().any(|other| other.fact == axis.fact))
    {
        return Err(Failure::new(format!("`{}` is varied twice: name all its values in one `--vary`", twice.1.fact)));
    }
    let count: usize = axes.iter().map(|axis| axis.values.len()).product();
    if count > MOST_COMBINATIONS {
        return Err(Failure::new(format!("{count} combinations are more than {MOST_COMBINATIONS}; name fewer values")));
    }
    let snapshot = workspace::open(&args.path)?;
    let workspace = snapshot.forecastable().map_err(Failure::refused)?;
    for name in &args.quality {
        if !snapshot.arch.records.iter().any(|record| snapshot.arch.name(record.at) == name) {
            return Err(Failure::new(format!("there is no quality `{name}`")));
        }
    }
    let options = Options {
        seed: args.seed,
        precision: simulate::precision(args.precision)?,
        most_events: simulate::events(args.events)?,
        ..Options::default()
    };
    write::finish_files_on_interrupt();
    let arch = &snapshot.arch;
    let is_wanted =
        |quality: ItemRef| args.quality.is_empty() || args.quality.iter().any(|name| arch.name(quality) == name);
    let talks = std::io::stderr().is_terminal();
    let mut points = Vec::new();
    for nth in 0..count {
        if talks {
            print_progress(&format!("combination {} of {count}", nth + 1));
        }
        let values = combination(&axes, nth);
        let words: Vec<String> =
            axes.iter().zip(&values).map(|(axis, value)| format!("{}={value}", axis.fact)).collect();
        let changed = what_if::changed(&snapshot, &workspace, &words)?;
        let report = changed.judge_some(&|one| is_wanted(one.quality), &options, write::interruption(), &|_, _, _| {});
        write::interrupted()?;
        points.push(Point { values, report });
    }
    if talks {
        print_progress("");
    }
    if points.iter().all(|point| point.report.judgements.is_empty()) {
        return Err(Failure::new("no quality requires anything that can be measured")
            .help("`groma explain quality` tells how one does"));
    }
    print(&match args.format {
        SweepFormat::Human => groma_report::sweep::human(&axes, &points),
        SweepFormat::Json => format!("{:#}\n", groma_report::sweep::json(arch, &axes, &points)),
        SweepFormat::Csv => groma_report::sweep::csv(arch, &axes, &points),
    })?;
    if let Some(file) = &args.plot {
        let plot = trade_off(&axes, &points);
        if plot.panels.is_empty() {
            return Err(Failure::new("there is nothing to plot: no requirement changes with what is varied"));
        }
        write::file(file, draw(&plot).as_bytes())?;
    }
    let holds = points.iter().any(Point::holds);
    Ok(if holds { Outcome::Clean } else { Outcome::Findings })
}

/// The values of the combination of this number; the last axis changes first.
fn combination(axes: &[Axis], mut nth: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for axis in axes.iter().rev() {
        values.push(axis.values[nth % axis.values.len()].clone());
        nth /= axis.values.len();
    }
    values.reverse();
    values
}

fn axis(word: &str) -> Result<Axis, Failure> {
    let Some((fact, values)) = word.split_once('=').filter(|(fact, values)| !fact.is_empty() && !values.is_empty())
    else {
        return Err(Failure::new(format!("`{word}` does not say which values"))
            .help("write `--vary shop.core.replicas=2,4,8` or `--vary peak.rate=200/s..2000/s:10`"));
    };
    let values = match values.split_once("..") {
        None => values.split(',').map(|value| value.trim().to_owned()).collect(),
        Some((from, rest)) => range(from, rest).map_err(|reason| {
            Failure::new(format!("`{values}`: {reason}"))
                .help("write `2..10`, `10ms..50ms` or, in ten steps, `200/s..2000/s:10`")
        })?,
    };
    Ok(Axis { fact: fact.to_owned(), values })
}

/// The values from one to the other, `to` perhaps with the number of steps.
fn range(from: &str, rest: &str) -> Result<Vec<String>, String> {
    let (to, count) = rest.split_once(':').unwrap_or((rest, "5"));
    let is_allowed = |count: &usize| (2..=MOST_COMBINATIONS).contains(count);
    let Some(count) = count.parse::<usize>().ok().filter(is_allowed) else {
        return Err(format!("`{count}` is no number of steps from 2 to {MOST_COMBINATIONS}"));
    };
    let read = |text| number(text).ok_or_else(|| format!("`{text}` is no number, written like 2000 or 50ms"));
    let ((low, low_unit), (high, unit)) = (read(from)?, read(to)?);
    if low_unit != unit && !low_unit.is_empty() {
        return Err(format!("`{from}` and `{to}` have different units"));
    }
    if unit.starts_with(['e', 'E']) {
        return Err(format!("`{to}` has an exponent: write the number out"));
    }
    if low >= high {
        return Err("a range goes from the smaller number to the larger".to_owned());
    }
    let is_whole = low.fract() == 0.0 && high.fract() == 0.0;
    let value = |nth: usize| {
        let value = low + (high - low) * nth as f64 / (count - 1) as f64;
        let value = if is_whole { value.round() } else { (value * 1e6).round() / 1e6 };
        format!("{value}{unit}")
    };
    let mut values: Vec<String> = (0..count).map(value).collect();
    values.dedup();
    Ok(values)
}

/// A number and the unit behind it.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '_')).unwrap_or(text.len());
    Some((text[..end].replace('_', "").parse().ok()?, &text[end..]))
}

/// What was found of a requirement, in words.
fn told(one: &Judgement) -> String {
    one.estimate
        .as_ref()
        .map_or_else(|| one.reason.clone(), |estimate| interval_beside(one.metric, estimate, one.limit))
}

/// More lines than this in a panel cannot be told apart.
const MOST_LINES: usize = 6;

/// The requirements that change, over the values of the first fact; a line for each combination of the others.
fn trade_off(axes: &[Axis], points: &[Point]) -> Plot {
    let first = &axes[0];
    let others = points.len() / first.values.len();
    // With different units, all are told in the smallest: seconds, bytes, a second.
    let units: BTreeSet<&str> = first.values.iter().filter_map(|value| Some(number(value)?.1)).collect();
    let across = |nth: usize| match (number(&first.values[nth]), units.len()) {
        (Some((value, _)), 1) => value,
        _ => Quantity::parse(&first.values[nth]).map_or(nth as f64, |quantity| quantity.high),
    };
    let changes = |nth: &usize| {
        let all = points.iter().map(|point| told(&point.report.judgements[*nth]));
        all.collect::<BTreeSet<String>>().len() > 1
    };
    let panel = |nth: usize| {
        let one = &points[0].report.judgements[nth];
        let line = |other: usize| Line {
            name: axes[1..]
                .iter()
                .zip(&points[other].values[1..])
                .map(|(axis, value)| format!("{}={value}", axis.fact))
                .collect::<Vec<_>>()
                .join(" "),
            points: (0..first.values.len())
                .map(|at| {
                    let estimate = points[at * others + other].report.judgements[nth].estimate.as_ref();
                    (across(at), estimate.map(|estimate| estimate.value).filter(|value| value.is_finite()))
                })
                .collect(),
            is_marked: true,
        };
        let unit = match one.metric.dimension() {
            Dimension::Time => Unit::Time,
            Dimension::Ratio => Unit::Share,
            _ => Unit::Number,
        };
        let lines = (0..others.min(MOST_LINES)).map(line).collect();
        let title =
            if others > MOST_LINES { format!("{} ({MOST_LINES} of {others})", one.demand()) } else { one.demand() };
        Panel { limit: Some(one.limit), ..Panel::new(&title, unit, lines) }
    };
    let panels: Vec<Panel> = (0..points[0].report.judgements.len()).filter(changes).map(panel).collect();
    let unit = if units.len() == 1 { units.first().copied().unwrap_or("") } else { "in base units" };
    Plot {
        title: format!("What {} changes", first.fact),
        description: format!(
            "{} numbers that are required, for {} values of {}.",
            panels.len(),
            plain(first.values.len() as f64),
            first.fact
        ),
        axis: if unit.is_empty() { first.fact.clone() } else { format!("{}, {unit}", first.fact) },
        unit: Unit::Number,
        is_logarithmic: false,
        panels,
        shade: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_listed_or_spread() {
        let values = |word: &str| axis(word).ok().map(|axis| axis.values.join(" "));
        assert_eq!(values("a.b=2,4, 8").as_deref(), Some("2 4 8"));
        assert_eq!(values("a.b=1..3").as_deref(), Some("1 2 3"));
        assert_eq!(values("a.b=10ms..50ms:3").as_deref(), Some("10ms 30ms 50ms"));
        assert_eq!(values("p.rate=100..200/s:2").as_deref(), Some("100/s 200/s"));
        assert_eq!(values("a.c=0.1..0.2:3").as_deref(), Some("0.1 0.15 0.2"));
        for wrong in ["a.b", "a.b=", "=3", "a.b=x..y", "a.b=5..1", "a.b=1s..5ms", "a.b=1..5:1"] {
            assert_eq!(values(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_last_fact_changes_first() {
        let axes = [axis("a=1,2").ok().unwrap(), axis("b=x,y,z").ok().unwrap()];
        let all: Vec<String> = (0..6).map(|nth| combination(&axes, nth).concat()).collect();
        assert_eq!(all, ["1x", "1y", "1z", "2x", "2y", "2z"]);
    }
}
