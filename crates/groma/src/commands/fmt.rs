//! `groma fmt`: the one style for the text.

use crate::output::{Exit, Failure, print, print_error, print_failure};
use crate::{input, problems, workspace, write};
use clap::Args;
use groma_base::Source;
use groma_session::{FILE_LIMIT, FileSystem, FoundFile, OpenError, groma_files};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Format .groma files in place
#[derive(Args)]
pub(crate) struct FmtArgs {
    /// Files, or directories whose .groma files are formatted; `-` reads standard input and prints
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Change nothing; list the files that are not formatted and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &FmtArgs) -> Result<Exit, Failure> {
    if args.paths == [Path::new("-")] {
        return format_stdin(args.check);
    }
    let mut outcome = Exit::Clean;
    let mut files = Vec::new();
    for path in &args.paths {
        let readable = Rc::<dyn FileSystem>::from(workspace::files_of(path));
        match groma_files(&*readable, path) {
            Ok(found) => files.extend(found.into_iter().map(|file| (readable.clone(), file))),
            Err(error) => outcome = outcome.max(cannot_read(error)),
        }
    }
    let mut swept = None;
    for (readable, file) in files {
        write::interrupted()?;
        let folder = file.path.parent().map(Path::to_path_buf);
        if !args.check && swept != folder {
            write::remove_temporaries_of_dead_runs(folder.as_deref().unwrap_or(Path::new(".")));
            swept = folder;
        }
        outcome = outcome.max(format_file(&*readable, &file, args.check)?);
    }
    Ok(outcome)
}

/// Says why something cannot be read; the rest is formatted.
fn cannot_read(error: OpenError) -> Exit {
    print_failure(&error.message, error.help.as_deref());
    Exit::Unusable
}

fn format_file(files: &dyn FileSystem, file: &FoundFile, check: bool) -> Result<Exit, Failure> {
    let shown = file.path.display().to_string();
    let text = match file.text(files, &shown) {
        Ok(text) => text,
        Err(error) => return Ok(cannot_read(error)),
    };
    let source = Arc::new(Source::new(shown, text));
    match groma_syntax::format::format(&source.text) {
        Err(errors) => {
            problems::print_syntax_errors(&source, &errors);
            Ok(Exit::Unusable)
        }
        Ok(text) if *text == *source.text => Ok(Exit::Clean),
        Ok(_) if check => print(&format!("{}\n", source.path)).map(|()| Exit::Findings),
        Ok(text) => {
            write::file(&file.path, text.as_bytes())?;
            print_error(&format!("formatted {}\n", source.path));
            Ok(Exit::Clean)
        }
    }
}

fn format_stdin(check: bool) -> Result<Exit, Failure> {
    let source = input::read_file_or_stdin(Path::new("-"), FILE_LIMIT)?;
    match groma_syntax::format::format(&source.text) {
        Err(errors) => {
            problems::print_syntax_errors(&source, &errors);
            Ok(Exit::Unusable)
        }
        Ok(text) if check => Ok(if *text == *source.text { Exit::Clean } else { Exit::Findings }),
        Ok(text) => print(&text).map(|()| Exit::Clean),
    }
}
