//! The command `groma`, as a library: its binary and the project's own chores call it.

mod commands;
mod findings;
mod input;
mod output;
mod own_folder;
mod problems;
mod workspace;
mod write;

use clap::Parser;
use output::{Failure, Outcome, print_failure};
use std::process::ExitCode;

/// The declaration of the command line: what its help, reference, manual page and completions are made from.
pub fn command() -> clap::Command {
    <commands::Cli as clap::CommandFactory>::command()
}

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match commands::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match commands::run(&cli) {
        Ok(Outcome::Clean) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Unusable) => ExitCode::from(2),
        Err(Failure::Interrupted) => ExitCode::from(130),
        Err(Failure::Message { message, help }) => {
            print_failure(&message, help.as_deref());
            ExitCode::from(2)
        }
    }
}
