//! `groma decide`: which option do the numbers speak for, and how firmly?

use crate::output::{Exit, Failure, print, print_error};
use crate::plot_file::PlotFile;
use crate::progress::ProgressLine;
use crate::{problems, refusal, workspace, write};
use clap::{Args, ValueEnum};
use groma_base::{Diagnostic, Severity};
use groma_decide::{Analysis, CONCENTRATION, Choice, Forecast};
use groma_model::ItemRef;
use groma_model::kinds::class::CHOICE;
use groma_report::choice::{csv, human, json};
use groma_session::Snapshot;
use groma_simulate::Options;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, ValueEnum)]
enum DecideFormat {
    /// The ranking, what each criterion adds, and what would change the winner
    Human,
    /// JSON, with a version, and all that is needed to calculate it anew
    Json,
    /// Comma-separated values, a row for each option and criterion
    Csv,
}

/// Rank the options of a choice, and say how firm the winner is
///
/// The total of an option is the mean of its scores, weighted by what each criterion matters. Said besides is at which weight and at which score the
/// winner changes, and in how many of 100,000 weightings drawn at random each option wins: near the given weights, and of all there are. A
/// score that is missing counts as anything from 1 to 5. Criteria with `measure` are forecast for each option, as `groma simulate` does. `groma explain choice` says how a choice is written.
#[derive(Args)]
pub(crate) struct DecideArgs {
    /// A choice, or all of them; and, last, a workspace folder or one .groma file
    #[arg(value_names = ["CHOICE", "PATH"], num_args = 0..=2)]
    words: Vec<String>,
    /// Output format of the answer
    #[arg(long, value_enum, default_value = "human")]
    format: DecideFormat,
    /// How near the given weights others are drawn: the sum of the parameters of the Dirichlet distribution around them. A weight
    /// with the share p varies by the root of p (1 - p) / (N + 1)
    #[arg(long, value_name = "N", default_value_t = CONCENTRATION, allow_negative_numbers = true)]
    concentration: f64,
    /// Draw what each criterion adds to the total of each option, as SVG or PNG; where there are several choices, of the one that is named
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

pub(crate) fn run(args: &DecideArgs) -> Result<Exit, Failure> {
    if !(1.0..=1e6).contains(&args.concentration) {
        return Err(Failure::new("`--concentration` must be between 1 and 1000000"));
    }
    let (name, path) = match &args.words[..] {
        [] => (None, PathBuf::from(".")),
        [only] if workspace::is_workspace(only) || is_path(only) => (None, PathBuf::from(only)),
        [only] => (Some(only.as_str()), PathBuf::from(".")),
        [name, path, ..] => (Some(name.as_str()), PathBuf::from(path)),
    };
    let snapshot = workspace::open_to_answer(&path)?;
    let asked = asked(&snapshot, name, &path)?;
    let choices: Vec<Choice<'_>> = asked.iter().map(|at| Choice::of(&snapshot.arch, *at)).collect();
    let plot = args.plot.as_deref().map(PlotFile::new).transpose()?;
    if plot.is_some() && choices.len() > 1 {
        let names = groma_base::list_words(choices.iter().map(|choice| choice.name), "or");
        return Err(Failure::new("a plot is of one choice").help(format!("name {names}")));
    }
    let count = choices.len();
    let (choices, forecasts) = calculable(&snapshot, choices)?;
    let choices: Vec<Choice<'_>> =
        choices.into_iter().zip(&forecasts).map(|(choice, found)| choice.with_forecasts(found)).collect();
    let all: Vec<Analysis<'_>> = choices.iter().map(|choice| Analysis::of(choice, args.concentration)).collect();
    match args.format {
        DecideFormat::Human => {
            let told: Vec<String> = all.iter().map(human).collect();
            print(&told.join("\n"))?;
        }
        DecideFormat::Json => {
            let whole = serde_json::json!({ "version": 1, "choices": all.iter().map(json).collect::<Vec<_>>() });
            print(&format!("{whole:#}\n"))?;
        }
        DecideFormat::Csv => print(&csv(&all))?,
    }
    if let (Some(plot), [analysis]) = (plot, &all[..]) {
        plot.write(groma_plot::choice(analysis))?;
    }
    Ok(if choices.len() == count { Exit::Clean } else { Exit::Findings })
}

/// The choices that can be calculated, each with what is forecast of it. What keeps the others from it is told; if that is all of them, the last
/// is the failure.
fn calculable<'s>(
    snapshot: &'s Snapshot,
    choices: Vec<Choice<'s>>,
) -> Result<(Vec<Choice<'s>>, Vec<Vec<Forecast>>), Failure> {
    let (mut kept, mut found, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    let known = OnceCell::new();
    for choice in choices {
        match refuse_unsound(snapshot, &choice, &known).and_then(|()| forecasts(snapshot, &choice)) {
            Ok(forecasts) => {
                kept.push(choice);
                found.push(forecasts);
            }
            Err(stop @ (Failure::Interrupted | Failure::ClosedPipe)) => return Err(stop),
            Err(why) => failures.push(why),
        }
    }
    let last = if kept.is_empty() { failures.pop() } else { None };
    failures.iter().for_each(refusal::tell);
    last.map_or(Ok((kept, found)), Err)
}

/// What is forecast of the options of a choice; what could not be is told.
pub(crate) fn forecasts(snapshot: &Snapshot, choice: &Choice<'_>) -> Result<Vec<Forecast>, Failure> {
    if !choice.is_unmeasured() {
        return Ok(Vec::new());
    }
    let workspace = snapshot.forecastable().map_err(Failure::refused)?;
    write::finish_files_on_interrupt();
    let line = ProgressLine::new(false);
    let count = choice.candidates().count();
    let progress = |nth: usize| line.part("simulating option", (nth, count), 0.0);
    let found = workspace.measure_options(choice, &Options::default(), write::interruption(), &progress);
    drop(line);
    let found = found.map_err(Failure::unanswered)?;
    for unknown in &found.unknown {
        print_error(&format!("note: not forecast: {unknown}\n"));
    }
    Ok(found.forecasts)
}

/// One choice by its name, if it can be calculated.
pub(crate) fn sound<'s>(snapshot: &'s Snapshot, name: &str, path: &Path) -> Result<Choice<'s>, Failure> {
    let at = asked(snapshot, Some(name), path)?;
    let choice = at.first().map(|at| Choice::of(&snapshot.arch, *at));
    let choice = choice.ok_or_else(|| Failure::new(format!("there is no choice called `{name}`")))?;
    refuse_unsound(snapshot, &choice, &OnceCell::new())?;
    Ok(choice)
}

/// Whether a word is written as paths are, and never names: what is not there is then told as that.
fn is_path(word: &str) -> bool {
    word.contains(['/', '\\']) || word.ends_with(".groma")
}

/// The choices that are meant.
fn asked(snapshot: &Snapshot, name: Option<&str>, path: &Path) -> Result<Vec<ItemRef>, Failure> {
    let arch = &snapshot.arch;
    let all: Vec<ItemRef> = arch.choices().collect();
    let Some(name) = name else {
        if all.is_empty() {
            let help = "`groma explain choice` says how one is written";
            return Err(Failure::new("the workspace has no choice").help(help));
        }
        return Ok(all);
    };
    if let Ok(found) = arch.resolve(None, name, &[&CHOICE]) {
        return Ok(vec![arch.declared_at(found)]);
    }
    let near = groma_base::may_mean(name, all.iter().map(|at| arch.name(*at)));
    let help = near.unwrap_or_else(|| match all.is_empty() {
        true => format!("{} has none; `groma explain choice` says how one is written", path.display()),
        false => {
            let names = groma_base::list_words(all.iter().map(|at| arch.name(*at)), "and");
            format!("there are {names}")
        }
    });
    Err(Failure::new(format!("there is no choice called `{name}`")).help(help))
}

/// Refuses to calculate from numbers that are wrong, or that could not be read. `known` are the findings, once they are asked for.
fn refuse_unsound(snapshot: &Snapshot, choice: &Choice<'_>, known: &OnceCell<Vec<Diagnostic>>) -> Result<(), Failure> {
    if choice.is_sound() {
        return Ok(());
    }
    let is_in = |finding: &&Diagnostic| {
        let (span, item) = (finding.primary.span, snapshot.arch.item(choice.at));
        finding.severity == Severity::Error && span.file == choice.at.file && item.range.contains(span.range)
    };
    let today = workspace::today(None)?;
    let findings = known.get_or_init(|| snapshot.findings(&today));
    let findings: Vec<Diagnostic> = findings.iter().filter(is_in).cloned().collect();
    problems::print_findings(&snapshot.sources, &findings);
    if findings.is_empty() {
        print_error("what is wrong stands elsewhere\n");
    }
    Err(Failure::new(format!("`{}` cannot be calculated: its numbers must be put right first", choice.name))
        .help("`groma check` shows what is wrong"))
}
