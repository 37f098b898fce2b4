//! `groma completions`: what a shell needs to complete the command line.

use crate::output::{Exit, Failure, print_bytes};
use clap::Args;
use clap_complete::Shell;

/// Print the completions for a shell
///
/// For bash: groma completions bash > ~/.local/share/bash-completion/completions/groma
#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "groma", &mut script);
    print_bytes(&script)?;
    Ok(Exit::Clean)
}
