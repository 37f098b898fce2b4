//! The command line: one file a command, each with its flags and its help in one declaration.

mod adr;
mod build;
mod check;
mod completions;
mod decide;
mod diff;
mod draw;
mod environments;
mod explain;
mod fmt;
mod init;
mod man;
mod query;
mod radar;
mod recorded;
mod rename;
mod rfc;
mod sign;
mod sign_key;
mod simulate;
mod sweep;
mod tree;

use crate::output::{Exit, Failure};
use crate::workspace::{self, Reach};
use clap::{Parser, Subcommand};

/// An architecture workbench: write the architecture of a system as text; Groma checks it, draws it and
/// publishes it.
#[derive(Parser)]
#[command(name = "groma", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    reach: Reach,
    #[command(subcommand)]
    command: Command,
}

/// What the end of the command tells.
pub const EXIT_CODES: &str = "Exit codes: 0 clean, 1 findings, 2 usage error, unreadable input or unwritable output, \
                              101 a bug in Groma, 130 interrupted.";

#[derive(Subcommand)]
enum Command {
    Init(init::InitArgs),
    Check(check::CheckArgs),
    Draw(draw::DrawArgs),
    Build(build::BuildArgs),
    Simulate(simulate::SimulateArgs),
    Sweep(sweep::SweepArgs),
    Query(query::QueryArgs),
    Diff(diff::DiffArgs),
    Environments(environments::EnvironmentsArgs),
    Radar(radar::RadarArgs),
    Decide(decide::DecideArgs),
    Rename(rename::RenameArgs),
    Adr(adr::AdrArgs),
    Rfc(rfc::RfcArgs),
    Sign(sign::SignArgs),
    Explain(explain::ExplainArgs),
    Fmt(fmt::FmtArgs),
    Tree(tree::TreeArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

pub(crate) fn run(cli: &Cli) -> Result<Exit, Failure> {
    workspace::set_reach(&cli.reach);
    match &cli.command {
        Command::Init(args) => init::run(args),
        Command::Check(args) => check::run(args),
        Command::Draw(args) => draw::run(args),
        Command::Build(args) => build::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Sweep(args) => sweep::run(args),
        Command::Query(args) => query::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Environments(args) => environments::run(args),
        Command::Radar(args) => radar::run(args),
        Command::Decide(args) => decide::run(args),
        Command::Rename(args) => rename::run(args),
        Command::Adr(args) => adr::run(args),
        Command::Rfc(args) => rfc::run(args),
        Command::Sign(args) => sign::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Fmt(args) => fmt::run(args),
        Command::Tree(args) => tree::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
