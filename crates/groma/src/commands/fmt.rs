//! `groma fmt`: the one style for the text.

use crate::output::{Failure, Outcome, print, print_error};
use crate::{input, problems, write};
use clap::Args;
use groma_session::{FILE_LIMIT, OsFiles, groma_files};
use std::path::{Path, PathBuf};

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

pub(crate) fn run(args: &FmtArgs) -> Result<Outcome, Failure> {
    if args.paths == [Path::new("-")] {
        return format_stdin(args.check);
    }
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(groma_files(&OsFiles, path).map_err(input::unusable)?);
    }
    let mut outcome = Outcome::Clean;
    write::finish_files_on_interrupt();
    for file in files {
        write::interrupted()?;
        let source = input::read_file_or_stdin(&file, FILE_LIMIT)?;
        match groma_syntax::format::format(&source.text) {
            Err(errors) => {
                problems::print_syntax_errors(&source, &errors);
                outcome = Outcome::Unusable;
            }
            Ok(text) if *text == *source.text => {}
            Ok(_) if args.check => {
                print(&format!("{}\n", source.path))?;
                if outcome == Outcome::Clean {
                    outcome = Outcome::Findings;
                }
            }
            Ok(text) => {
                write::file(&file, text.as_bytes())?;
                print_error(&format!("formatted {}\n", source.path));
            }
        }
    }
    Ok(outcome)
}

fn format_stdin(check: bool) -> Result<Outcome, Failure> {
    let source = input::read_file_or_stdin(Path::new("-"), FILE_LIMIT)?;
    match groma_syntax::format::format(&source.text) {
        Err(errors) => {
            problems::print_syntax_errors(&source, &errors);
            Ok(Outcome::Unusable)
        }
        Ok(text) if check => Ok(if *text == *source.text { Outcome::Clean } else { Outcome::Findings }),
        Ok(text) => print(&text).map(|()| Outcome::Clean),
    }
}
