//! `groma adr`: the decision records that a team keeps in Markdown, read and edited as they are.

mod answer;
mod edit;

use super::recorded::{self, How, ListFormat, ShowFormat, StateArgs, Wanted, When, Where};
use crate::output::{Exit, Failure};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use groma_records::{Family, State};
use groma_session::FileSystem;
use groma_session::records::Records;
use std::path::{Path, PathBuf};

/// Read and edit the decision records of a team
///
/// Records are Markdown files, in whatever dialect they are written: Nygard's and adr-tools', MADR, log4brains, bold labels, tables. They are
/// looked for in the folders that `decisions` of the workspace names, and from its folder up to the root of the repository: in the folder that
/// `.adr-dir`, `adrs.toml` or `.log4brains.yml` names, and in `doc/adr`, `docs/adr`, `docs/adrs`, `docs/decisions`, `docs/architecture/decisions` and `doc/architecture/decisions`. An edit
/// changes the bytes it must and no others; of several files it writes all, or none.
#[derive(Args)]
pub(crate) struct AdrArgs {
    #[command(subcommand)]
    command: AdrCommand,
}

#[derive(Subcommand)]
enum AdrCommand {
    List(ListArgs),
    Show(ShowArgs),
    New(NewArgs),
    Accept(StateArgs),
    Reject(StateArgs),
    Deprecate(StateArgs),
    Status(StatusArgs),
    Supersede(SupersedeArgs),
    Link(LinkArgs),
    Renumber(RenumberArgs),
    Export(ExportArgs),
}

#[derive(Clone, Copy, ValueEnum)]
enum ExportFormat {
    /// All that the records say, with places and a version
    Json,
    /// A row for each record
    Csv,
    /// A table with links
    Markdown,
    /// The graph of what took the place of what, and what links to what, as a Mermaid flowchart
    Mermaid,
    /// The same for Graphviz
    Dot,
}

/// List the records
///
/// What is wrong with them is told beside it: numbers that two have, links to records that are not there, circles, a status or a date that
/// cannot be told.
#[derive(Args)]
struct ListArgs {
    #[command(flatten)]
    at: Where,
    /// Output format of the list
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
    /// Only records of this state; `unknown` is what says none that is known
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(STATES))]
    status: Option<String>,
}

/// The states, and what stands for none of them.
const STATES: [&str; 7] = ["draft", "proposed", "accepted", "rejected", "deprecated", "superseded", "unknown"];

/// Show what a record says, each thing with the line and column where it stands
#[derive(Args)]
struct ShowArgs {
    /// Its number, its slug, or its file
    #[arg(value_name = "RECORD")]
    record: String,
    #[command(flatten)]
    at: Where,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: ShowFormat,
}

/// Write a new record with the next number
///
/// It is made of the template that lies in the folder (`template.md`, or `templates/template.md` as adr-tools has it), else in the dialect
/// that most records there have, else as MADR 4. A template names its fields `{{title}}`, `{{number}}`, `{{status}}`, `{{date}}` and `{{options}}`, or as
/// adr-tools does `TITLE`, `NUMBER`, `STATUS` and `DATE`.
#[derive(Args)]
struct NewArgs {
    /// What is decided, in a few words
    title: String,
    #[command(flatten)]
    how: How,
    /// What it is made of: `nygard`, `madr`, `brief`, `full`, or a file
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// The choice of the workspace that it comes of: its options, scores and reasons are filled in, and what only people can say is marked
    #[arg(long, value_name = "CHOICE", conflicts_with_all = ["template", "options"])]
    from_choice: Option<String>,
    /// The request for comments that it came of, by its number, slug or file: its problem and its alternatives are filled in, with a link to it
    #[arg(long, value_name = "RFC", conflicts_with = "from_choice")]
    from_rfc: Option<String>,
    /// An option that is considered; may be repeated
    #[arg(long = "option", value_name = "OPTION")]
    options: Vec<String>,
    /// What it decides, by its name in the model, such as `shop.cache`; may be repeated
    #[arg(long, value_name = "NAME")]
    decides: Vec<String>,
    /// The folder to write it to, instead of the first that is found
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The day, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
}

/// Set the status to a word of your own: groma adr status 12 "In review"
///
/// The words are the usual ones, and those that `decision-status` of the workspace says.
#[derive(Args)]
struct StatusArgs {
    /// Its number, its slug, or its file
    #[arg(value_name = "RECORD")]
    record: String,
    /// What it says from now on
    #[arg(value_name = "WORD")]
    word: String,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    when: When,
}

/// Have one record superseded by another: both say so, or neither is changed
#[derive(Args)]
struct SupersedeArgs {
    /// The record that is superseded: its number, its slug, or its file
    #[arg(value_name = "OLD")]
    old: String,
    /// The record that takes its place
    #[arg(value_name = "NEW")]
    new: String,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    when: When,
}

/// Link one record to another: groma adr link 12 Amends 7
#[derive(Args)]
struct LinkArgs {
    /// The record that the link is written into
    #[arg(value_name = "RECORD")]
    from: String,
    /// How it stands to the other, such as `Amends` or `Relates to`
    word: String,
    /// The record that the link leads to
    #[arg(value_name = "OTHER")]
    to: String,
    #[command(flatten)]
    how: How,
}

/// Give a record another number, and its file another name: every link of a record follows
#[derive(Args)]
struct RenumberArgs {
    /// Its file, as two records may have one number
    #[arg(value_name = "FILE")]
    file: String,
    /// Its new number
    #[arg(value_name = "NUMBER")]
    number: u32,
    #[command(flatten)]
    how: How,
}

/// Write the log of all records
#[derive(Args)]
struct ExportArgs {
    #[command(flatten)]
    at: Where,
    /// Output format of the log
    #[arg(long, value_enum)]
    format: ExportFormat,
    /// The file to write, instead of standard output; links lead from there
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &AdrArgs) -> Result<Exit, Failure> {
    match &args.command {
        AdrCommand::List(args) => answer::list(args),
        AdrCommand::Show(args) => answer::show(args),
        AdrCommand::New(args) => edit::new(args),
        AdrCommand::Accept(args) => recorded::state(args, Family::Decision, State::Accepted),
        AdrCommand::Reject(args) => recorded::state(args, Family::Decision, State::Rejected),
        AdrCommand::Deprecate(args) => recorded::state(args, Family::Decision, State::Deprecated),
        AdrCommand::Status(args) => {
            let asked = (&*args.record, &args.how, &args.when);
            recorded::set_status(asked, Family::Decision, Wanted::Word(&args.word))
        }
        AdrCommand::Supersede(args) => edit::supersede(args),
        AdrCommand::Link(args) => edit::link(args),
        AdrCommand::Renumber(args) => edit::renumber(args),
        AdrCommand::Export(args) => answer::export(args),
    }
}

/// Reads the records of decisions, with what reads them.
fn open(path: &Path) -> Result<(Box<dyn FileSystem>, Records), Failure> {
    recorded::open(path, Family::Decision)
}
