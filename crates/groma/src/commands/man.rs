//! `groma man`: the manual page.

use crate::output::{Exit, Failure, print_bytes};
use clap::Args;

/// Print the manual page of groma, or of one of its commands
///
/// To read it: groma man | man -l -
#[derive(Args)]
pub(crate) struct ManArgs {
    /// One of the commands, such as `check`
    command: Option<String>,
}

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let mut command = crate::command();
    command.build();
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name).cloned();
        command = found.ok_or_else(|| {
            Failure::new(format!("there is no command called `{name}`")).help("`groma --help` lists them")
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(|error| Failure::new(error.to_string()))?;
    print_bytes(&page)?;
    Ok(Exit::Clean)
}
