//! `groma build`: the site.

use crate::output::{Failure, Outcome, print_error};
use crate::{workspace, write};
use clap::Args;
use groma_base::Severity;
use std::path::{Path, PathBuf};

/// Write a static site of a workspace
#[derive(Args)]
pub(crate) struct BuildArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The folder to write to; files of an earlier site in it are replaced
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// The date that decides which excuses have expired, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

pub(crate) fn run(args: &BuildArgs) -> Result<Outcome, Failure> {
    let today = workspace::today(args.today.as_deref())?;
    let snapshot = workspace::open(&args.path)?;
    let findings = snapshot.findings(&today);
    let files = groma_site::build(&snapshot, &findings);
    prepare(&args.out, &files)?;
    write::finish_files_on_interrupt();
    for file in &files {
        write::interrupted()?;
        let path = args.out.join(&file.path);
        if std::fs::read(&path).is_ok_and(|old| old == file.bytes) {
            continue;
        }
        write::file(&path, &file.bytes)?;
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let index = args.out.join("index.html");
    print_error(&format!("wrote {} pages and pictures; open {}\n", files.len(), index.display()));
    if errors > 0 {
        print_error(&format!("warning: the workspace has {errors} errors; `groma check` shows them\n"));
    }
    Ok(Outcome::Clean)
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
