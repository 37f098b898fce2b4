//! Opening a workspace from the command line.

use crate::output::{Failure, print_error};
use clap::Args;
use groma_base::{date_of_day, is_date};
use groma_model::Architecture;
use groma_model::kinds::class;
use groma_model::standards_met::standard_called;
use groma_session::{Contained, FileSystem, OsFileSystem, Reader, Session, Snapshot};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// How far a workspace may reach, as the command line says and nothing else.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Reach {
    /// Refuse to read anything outside the repository (the nearest folder with `.git`, or else the workspace folder),
    /// whether by an `include`, a `trace` or a link
    #[arg(long, global = true)]
    contained: bool,
    /// With `--contained`: also allow this folder to be read; may be repeated
    #[arg(long = "allow-root", value_name = "DIR", global = true, requires = "contained")]
    allowed: Vec<PathBuf>,
}

static REACH: OnceLock<Reach> = OnceLock::new();

/// Sets how far every workspace may reach that is opened from now on.
pub(crate) fn set_reach(reach: &Reach) {
    REACH.get_or_init(|| reach.clone());
}

/// The files that a workspace at a path may read.
pub(crate) fn files_of(path: &Path) -> Box<dyn FileSystem> {
    match REACH.get() {
        Some(reach) if reach.contained => Box::new(Contained::new(&OsFileSystem, path, &reach.allowed)),
        _ => Box::new(OsFileSystem),
    }
}

/// Whether a word after others is a workspace: a folder or a `.groma` file.
pub(crate) fn is_workspace(word: &str) -> bool {
    let path = Path::new(word);
    path.is_dir() || Reader::of(path).is_some() && path.exists()
}

/// Reads a workspace that is to be edited.
pub(crate) fn session(path: &Path) -> Result<Session, Failure> {
    Session::open(&*files_of(path), path).map_err(crate::input::unusable)
}

/// Reads a workspace.
pub(crate) fn open(path: &Path) -> Result<Snapshot, Failure> {
    Ok(session(path)?.snapshot())
}

/// Reads a workspace for an answer that nothing holds back: what could not be understood may be missing in it, which is said.
pub(crate) fn open_to_answer(path: &Path) -> Result<Snapshot, Failure> {
    let snapshot = open(path)?;
    warn_of_left_out(None, &snapshot);
    Ok(snapshot)
}

/// Says, past the answer, that a text could not be understood as a whole; of one that is not read as it is in the folder, of which.
pub(crate) fn warn_of_left_out(state: Option<&str>, snapshot: &Snapshot) {
    let (things, are) = match snapshot.not_understood() {
        0 => return,
        1 => ("one thing".to_owned(), "is"),
        broken => (format!("{broken} things"), "are"),
    };
    let (within, details) = match state {
        Some(state) => (format!(" in `{state}`"), ""),
        None => (String::new(), "; for details: groma check"),
    };
    print_error(&format!("warning: {things}{within} could not be understood and {are} left out{details}\n"));
}

/// The first second after the last day that is written with four digits of its year.
const YEAR_10_000: u64 = 253_402_300_800;

/// The given date, or that of `SOURCE_DATE_EPOCH` (seconds since 1970, <https://reproducible-builds.org/specs/source-date-epoch/>), or
/// today's in UTC.
pub(crate) fn today(given: Option<&str>) -> Result<String, Failure> {
    match given {
        Some(date) if is_date(date) => Ok(date.to_owned()),
        Some(date) => Err(Failure::new(format!("`{date}` is not a valid date")).help("write it as 2026-11-30")),
        None => {
            let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse::<u64>().ok());
            let fixed = fixed.filter(|seconds| *seconds < YEAR_10_000);
            Ok(date_of_day(fixed.unwrap_or_else(now) / 86_400))
        }
    }
}

/// The names under which findings are told of a rule or a standard, of which this may be an older name. What the rule about standards
/// finds bears the name of any of them.
pub(crate) fn known_codes(name: &str, arch: &Architecture) -> Result<Vec<String>, Failure> {
    let standards = || arch.records_of(&class::STANDARD).map(|record| arch.name(record.at));
    if let Some(rule) = groma_check::rule(name) {
        let own = standards().filter(|_| rule.name == groma_check::UNMET_STANDARD);
        return Ok(own.chain([rule.name]).map(str::to_owned).collect());
    }
    if let Some(standard) = standard_called(arch, name) {
        return Ok(vec![arch.name(standard).to_owned()]);
    }
    let rules: Vec<&str> = groma_check::RULES.iter().map(|rule| rule.name).collect();
    let help = arch.instead_of(name, &[&class::STANDARD], &rules);
    let help = help.unwrap_or_else(|| "`groma explain rules` lists them".to_owned());
    Err(Failure::new(format!("there is no rule called `{name}`")).help(help))
}
