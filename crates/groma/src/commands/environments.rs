//! `groma environments`: what runs in which environment?

use crate::output::{Exit, Failure, print};
use crate::workspace;
use clap::{Args, ValueEnum};
use groma_model::facets::deployment::Environments;
use groma_report::environments::{csv, human, json};
use std::path::PathBuf;

#[derive(Clone, Copy, ValueEnum)]
enum EnvironmentsFormat {
    /// A line for each thing that runs, a column for each environment
    #[value(alias = "human")]
    Table,
    /// JSON, with a version
    Json,
    /// Comma-separated values, a row for each place where something runs
    Csv,
}

/// Compare the environments: what runs in each, where, and how often
///
/// Each `deployment` is an environment. A `-` is where something does not run that does in another.
#[derive(Args)]
pub(crate) struct EnvironmentsArgs {
    /// A workspace folder, or one .groma file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Output format of the comparison
    #[arg(long, value_enum, default_value = "table")]
    format: EnvironmentsFormat,
}

pub(crate) fn run(args: &EnvironmentsArgs) -> Result<Exit, Failure> {
    let snapshot = workspace::open_to_answer(&args.path)?;
    let environments = Environments::of(&snapshot.arch);
    match args.format {
        EnvironmentsFormat::Table if environments.all.is_empty() => {
            let help = "`groma explain deployment` says how one is written";
            return Err(Failure::new("the workspace has no deployment").help(help));
        }
        EnvironmentsFormat::Table => print(&human(&environments))?,
        EnvironmentsFormat::Json => print(&format!("{:#}\n", json(&environments)))?,
        EnvironmentsFormat::Csv => print(&csv(&environments))?,
    }
    Ok(Exit::Clean)
}
