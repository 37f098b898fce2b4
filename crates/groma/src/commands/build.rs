//! `groma build`: the site.

use crate::findings::{FailOn, outcome};
use crate::output::{Failure, Outcome, print_error};
use crate::{refusal, workspace, write};
use clap::Args;
use groma_base::Severity;
use groma_session::{Refusal, Snapshot};
use groma_simulate::{Options, Report};
use std::path::{Path, PathBuf};

/// Write a static site of a workspace
#[derive(Args)]
pub(crate) struct BuildArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The folder to write to: a new or empty one, or that of an earlier site, which is replaced
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// From which severity on findings give exit code 1; the site is written all the same
    #[arg(long, value_enum, default_value = "never")]
    fail_on: FailOn,
    /// Leave out whether the qualities hold, which can take seconds
    #[arg(long)]
    no_forecast: bool,
    /// The date that decides which excuses have expired, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

pub(crate) fn run(args: &BuildArgs) -> Result<Outcome, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let snapshot = workspace::open(&args.path)?;
    let findings = snapshot.findings(&today);
    write::finish_files_on_interrupt();
    let forecast = (!args.no_forecast).then(|| forecast(&snapshot));
    write::interrupted()?;
    let files = groma_site::build(&snapshot, &findings, forecast.as_ref());
    let earlier = earlier_site(&args.out)?;
    prepare(&args.out, &files)?;
    // Written first: whatever interrupts the rest, the folder is known to be a site's.
    let mut list: Vec<&str> =
        files.iter().map(|file| file.path.as_str()).chain(earlier.iter().map(String::as_str)).collect();
    list.sort_unstable();
    list.dedup();
    write::file(&args.out.join(LIST), format!("{}\n", list.join("\n")).as_bytes())?;
    for file in &files {
        write::interrupted()?;
        let path = args.out.join(&file.path);
        if std::fs::read(&path).is_ok_and(|old| old == file.bytes) {
            continue;
        }
        write::file(&path, &file.bytes)?;
    }
    let stale = earlier.iter().filter(|path| !files.iter().any(|file| file.path == **path));
    for path in stale {
        // A page that is gone already is as it should be.
        let _ = std::fs::remove_file(args.out.join(path));
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let index = args.out.join("index.html");
    print_error(&format!("the site of {} pages and pictures is written; open {}\n", files.len(), index.display()));
    if errors > 0 {
        print_error(&format!("warning: `groma check` finds {errors} of severity error\n"));
    }
    if let Some(Err(refusal)) = &forecast {
        print_error(&format!("warning: {}\n", refusal::headline(refusal, None)));
    }
    Ok(outcome(&findings, args.fail_on))
}

fn forecast(snapshot: &Snapshot) -> Result<Report, Refusal> {
    let (options, cancel) = (Options::default(), write::interruption());
    let mut report = snapshot.forecastable()?.judge(&options, cancel, &|_, _, _| {});
    report.add_curves(&snapshot.arch, &options, cancel);
    Ok(report)
}

/// The file in a site's folder that lists its files, so that a folder of somebody else is never written to.
const LIST: &str = ".groma-site";

/// The files of an earlier site in a folder.
///
/// # Errors
/// If the folder holds something else.
fn earlier_site(out: &Path) -> Result<Vec<String>, Failure> {
    let Ok(mut entries) = std::fs::read_dir(out) else { return Ok(Vec::new()) };
    match std::fs::read_to_string(out.join(LIST)) {
        Ok(list) => Ok(list.lines().filter(|path| is_inside(path)).map(str::to_owned).collect()),
        Err(_) if entries.next().is_none() => Ok(Vec::new()),
        Err(_) => Err(Failure::new(format!("`{}` is not empty and holds no site of Groma's", out.display()))
            .help("name a new or empty folder with `--out`")),
    }
}

/// Whether a path leads into the folder it is relative to.
fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// Makes the folders before any file is written, so that what cannot be written fails first.
fn prepare(out: &Path, files: &[groma_site::SiteFile]) -> Result<(), Failure> {
    if out.is_file() {
        return Err(Failure::new(format!("`{}` is a file, not a folder", out.display()))
            .help("name another folder with `--out`"));
    }
    let mut folders: Vec<PathBuf> =
        files.iter().filter_map(|file| out.join(&file.path).parent().map(Path::to_path_buf)).collect();
    folders.sort();
    folders.dedup();
    for folder in folders {
        std::fs::create_dir_all(&folder).map_err(|error| {
            Failure::new(format!("cannot make `{}`: {}", folder.display(), groma_session::describe(&error)))
        })?;
    }
    Ok(())
}
