//! `groma tree`: the parsed text, for people and programs.

use crate::output::{Exit, Failure, print};
use crate::{input, problems};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// How the tree is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TreeFormat {
    /// Canonical KDL, as the KDL conformance suite expects it
    Kdl,
    /// JSON, with a version
    Json,
    /// Nothing: only report the errors
    None,
}

/// Parse one file and print its tree
#[derive(Args)]
pub(crate) struct TreeArgs {
    /// A .groma or .kdl file, or `-` for standard input
    #[arg(required_unless_present = "schema")]
    file: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value = "kdl")]
    format: TreeFormat,
    /// Print the JSON Schema of the output of `--format json` instead
    #[arg(long, conflicts_with = "file")]
    schema: bool,
}

pub(crate) fn run(args: &TreeArgs) -> Result<Exit, Failure> {
    let Some(file) = &args.file else {
        print(&format!("{}\n", serde_json::to_string_pretty(&groma_model::json_schema()).unwrap_or_default()))?;
        return Ok(Exit::Clean);
    };
    let source = input::read_file_or_stdin(file, u64::from(u32::MAX))?;
    let (tree, errors) = groma_syntax::parse(source.text.clone());
    if !errors.is_empty() {
        problems::print_syntax_errors(&source, &errors);
        return Ok(Exit::Unusable);
    }
    match args.format {
        TreeFormat::Kdl => print(&groma_syntax::print::kdl(&tree))?,
        TreeFormat::Json => {
            let json = groma_syntax::print::json(&tree);
            print(&format!("{}\n", serde_json::to_string_pretty(&json).unwrap_or_default()))?;
        }
        TreeFormat::None => {}
    }
    Ok(Exit::Clean)
}
