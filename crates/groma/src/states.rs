//! States of a workspace: folders, files, and what git has of them.

use crate::git::OsGit;
use crate::output::{Failure, print_error};
use crate::workspace;
use groma_session::{FileSystem, OsFileSystem, Reader, Snapshot, open_revision};
use std::collections::BTreeSet;
use std::path::Path;

/// Opens a state: a folder, a file, or else a revision, whose files from outside of the repository join those that are read as they are
/// today.
pub(crate) fn open(name: &str, at: &Path, from_today: &mut BTreeSet<String>) -> Result<Snapshot, Failure> {
    let path = Path::new(name);
    match OsFileSystem.is_folder(path) {
        Ok(true) => workspace::open(path),
        Ok(false) if Reader::of(path).is_some() => workspace::open(path),
        Ok(false) | Err(_) => {
            let revision = open_revision(&OsGit, &OsFileSystem, at, name).map_err(crate::input::unusable)?;
            for why in &revision.passed_over {
                print_error(&format!("warning: in `{name}` {why}: it is not compared\n"));
            }
            from_today.extend(revision.from_today);
            Ok(revision.snapshot)
        }
    }
}

/// Says which files are compared as they are today, because no revision holds them.
pub(crate) fn note_from_today(files: &BTreeSet<String>) {
    let Some(first) = files.first() else { return };
    let told = match files.len() - 1 {
        0 => format!("`{first}` is in no revision of the repository: it is read as it is today"),
        1 => {
            format!("`{first}` and 1 other file are in no revision of the repository: they are read as they are today")
        }
        more => {
            format!(
                "`{first}` and {more} other files are in no revision of the repository: they are read as they are today"
            )
        }
    };
    print_error(&format!("note: {told}\n"));
}
