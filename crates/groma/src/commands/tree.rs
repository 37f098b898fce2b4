//! `groma tree`: the parsed text, for people and programs.

use crate::output::{Exit, Failure, print};
use crate::{input, problems, workspace};
use clap::{Args, ValueEnum};
use groma_model::facets::own_facts::OwnFacts;
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
    /// A .groma or .kdl file, or `-` for standard input; for `--schema` a workspace
    #[arg(required_unless_present = "schema")]
    file: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value = "kdl")]
    format: TreeFormat,
    /// Print the JSON Schema of the output of `--format json` instead; with a workspace, its own facts are in it
    #[arg(long)]
    schema: bool,
}

pub(crate) fn run(args: &TreeArgs) -> Result<Exit, Failure> {
    let Some(file) = args.file.as_ref().filter(|_| !args.schema) else {
        let own_facts = match &args.file {
            Some(workspace) => workspace::open_to_answer(workspace)?.arch.own_facts.clone(),
            None => OwnFacts::default(),
        };
        let schema = groma_model::json_schema(&own_facts);
        print(&format!("{}\n", serde_json::to_string_pretty(&schema).unwrap_or_default()))?;
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
