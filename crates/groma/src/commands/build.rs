//! `groma build`: the site.

use crate::baseline::{Shrink, beside};
use crate::findings::{FailOn, outcome};
use crate::output::{Exit, Failure, print_error};
use crate::own_folder::OwnFolder;
use crate::progress::ProgressLine;
use crate::{refusal, workspace, write};
use clap::Args;
use groma_base::Severity;
use groma_session::{Refusal, Snapshot};
use groma_simulate::{Options, Report};
use groma_site::Found;
use std::path::PathBuf;

/// Write a static site of a workspace
#[derive(Args)]
pub(crate) struct BuildArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The folder to write to: it must be new or empty, or hold an earlier site, which is replaced
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Exit with 1 on findings of at least this severity; the site is written all the same
    #[arg(long, value_enum, default_value = "never")]
    fail_on: FailOn,
    /// Tell the findings that are listed in this file apart from the others, as `groma check --baseline` spares them; they do not count
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Skip the simulation
    #[arg(long)]
    no_forecast: bool,
    /// The date that decides which suppressions have expired or soon will, what is so already and from which `age` in standards counts back,
    /// instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

pub(crate) fn run(args: &BuildArgs) -> Result<Exit, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let folder = OwnFolder::open(&args.out, LIST, false)?;
    let snapshot = workspace::open(&args.path)?;
    let mut checked = snapshot.checked(&today);
    let mut spared = Vec::new();
    if let Some(path) = &args.baseline {
        (checked.findings, spared) = beside(path, &snapshot, checked.findings, Shrink::Elsewhere)?;
    }
    write::finish_files_on_interrupt();
    let forecast = (!args.no_forecast).then(|| forecast(&snapshot));
    write::interrupted()?;
    let found = Found { checked: &checked, spared: &spared, today: &today };
    let files = groma_site::build(&snapshot, found, forecast.as_ref());
    let files: Vec<(&str, &[u8])> = files.iter().map(|file| (file.path.as_str(), &*file.bytes)).collect();
    folder.fill(&files)?;
    let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let index = args.out.join("index.html");
    print_error(&format!("the site of {} pages and pictures is written; open {}\n", files.len(), index.display()));
    if errors > 0 {
        print_error(&format!("warning: `groma check` finds {errors} of severity error\n"));
    }
    if let Some(Err(refusal)) = &forecast {
        print_error(&format!("warning: {}\n", refusal::headline(refusal, None)));
    }
    Ok(outcome(&checked.findings, args.fail_on))
}

fn forecast(snapshot: &Snapshot) -> Result<Report, Refusal> {
    let (options, cancel) = (Options::default(), write::interruption());
    let line = ProgressLine::new(false);
    let progress = |run: usize, runs: usize, done: f64| line.part("simulating load", (run, runs), done);
    let report = snapshot.forecastable()?.judge(&options, cancel, &progress);
    line.now("simulating more and less load for the plots");
    Ok(report.with_curves(&snapshot.arch, &options, cancel))
}

/// The file in a site's folder that lists its files.
const LIST: &str = ".groma-site";
