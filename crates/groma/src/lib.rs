//! The command `groma`, as a library: its binary and the project's own chores call it.

mod baseline;
mod commands;
mod findings;
mod git;
mod input;
mod output;
mod own_folder;
mod plot_file;
mod problems;
mod progress;
mod refusal;
mod states;
mod workspace;
mod write;

pub use commands::EXIT_CODES;

use clap::Parser;
use groma_base::printable;
use output::{Exit, Failure, print_bytes, print_error_bytes, wants_color};
use std::process::ExitCode;

/// The declaration of the command line: what its help, reference, manual page and completions are made from.
pub fn command() -> clap::Command {
    <commands::Cli as clap::CommandFactory>::command()
}

/// Deep texts and pictures need more than the little stack that some systems give. It is taken only as it is used.
const STACK: usize = 256 * 1024 * 1024;

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    match std::thread::Builder::new().stack_size(STACK).spawn(run) {
        Ok(work) => work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        // Where no thread can be started, the stack that there is must do.
        Err(_) => run(),
    }
}

fn run() -> ExitCode {
    let outcome = match commands::Cli::try_parse() {
        Ok(cli) => commands::run(&cli),
        Err(answer) => print_answer(&answer),
    };
    match outcome {
        Ok(Exit::Clean) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Ok(Exit::Unusable) => ExitCode::from(2),
        Err(failure) => {
            refusal::tell(&failure);
            match failure {
                Failure::ClosedPipe => ExitCode::SUCCESS,
                Failure::Interrupted => ExitCode::from(130),
                Failure::Refused { .. } | Failure::Message { .. } => ExitCode::from(2),
            }
        }
    }
}

/// Prints what the parser of the command line answers: help or the version as asked for, or what is wrong.
fn print_answer(answer: &clap::Error) -> Result<Exit, Failure> {
    let text = answer.render();
    let plain = text.to_string();
    let styled = |is_colored: bool| {
        // What was typed is part of the answer; colours are kept where it commands nothing.
        if is_colored && printable(&plain) == plain { text.ansi().to_string() } else { printable(&plain).into_owned() }
    };
    if answer.use_stderr() {
        print_error_bytes(styled(wants_color(&std::io::stderr())).as_bytes());
        return Ok(Exit::Unusable);
    }
    print_bytes(styled(wants_color(&std::io::stdout())).as_bytes())?;
    Ok(Exit::Clean)
}
