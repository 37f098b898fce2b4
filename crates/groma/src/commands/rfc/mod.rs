//! `groma rfc`: the requests for comments that a team keeps in Markdown beside its decision records.

mod answer;

use super::recorded::{self, How, ListFormat, ShowFormat, StateArgs, Where, finish, refused};
use crate::output::{Exit, Failure, print_error};
use crate::workspace;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use groma_records::template::NewRfc;
use groma_records::{Choice, Family, State};
use groma_session::records::Asked;
use std::path::PathBuf;

/// Propose something, have it reviewed, and say what became of it
///
/// Requests for comments and design documents are Markdown files, in whatever dialect they are written: Rust's, with front matter, with bold
/// labels, with lists and tables. They are looked for from the workspace's folder up to the root of the repository: in the folders that `rfcs` of
/// the `workspace` names, and in `rfcs`, `rfc`, `docs/rfcs`, `docs/rfc`, `doc/rfcs` and `doc/rfc`. An edit changes the bytes it must and no
/// others. Who reviews one signs it: `groma sign rfc-3 --as ROLE`.
#[derive(Args)]
pub(crate) struct RfcArgs {
    #[command(subcommand)]
    command: RfcCommand,
}

#[derive(Subcommand)]
enum RfcCommand {
    List(ListArgs),
    Show(ShowArgs),
    New(NewArgs),
    /// Ask the reviewers: set the status to review
    Review(StateArgs),
    /// Accept one that was reviewed
    Accept(StateArgs),
    /// Reject one that was reviewed
    Reject(StateArgs),
    /// Withdraw one: it is taken back, put off or replaced
    Withdraw(StateArgs),
}

/// List the requests for comments
///
/// What is wrong with them is told beside it: numbers that two have, links to files that are not there, a status or a date that cannot be told.
#[derive(Args)]
struct ListArgs {
    #[command(flatten)]
    at: Where,
    /// Output format of the list
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
    /// Only those of this state; `unknown` is what says none that is known
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(STATES))]
    status: Option<String>,
}

/// The states, and what stands for none of them.
const STATES: [&str; 6] = ["draft", "review", "accepted", "rejected", "withdrawn", "unknown"];

/// Show what a request for comments says, each thing with its line and column, and who of its reviewers has signed it
#[derive(Args)]
struct ShowArgs {
    /// Its number, its slug, or its file
    #[arg(value_name = "RFC")]
    record: String,
    #[command(flatten)]
    at: Where,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: ShowFormat,
}

/// Write a new request for comments with the next number
///
/// It is made of the template that lies in the folder (`template.md`), else of one with the sections that a review needs, its header where the others
/// of the folder have theirs. A template names its fields `{{title}}`, `{{number}}`, `{{status}}`, `{{date}}`, `{{options}}`, `{{authors}}`, `{{reviewers}}`
/// and `{{last-call}}`. If there is no folder yet, it is `docs/rfcs`, beside the decision records.
#[derive(Args)]
struct NewArgs {
    /// What is proposed, in a few words
    title: String,
    #[command(flatten)]
    how: How,
    /// A file that it is made of
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// A role that is to review it, such as `lead-backend`; may be repeated
    #[arg(long = "reviewer", value_name = "ROLE")]
    reviewers: Vec<String>,
    /// Who writes it; may be repeated
    #[arg(long = "author", value_name = "NAME")]
    authors: Vec<String>,
    /// The last day for comments
    #[arg(long, value_name = "YYYY-MM-DD")]
    last_call: Option<String>,
    /// An alternative that is considered; may be repeated
    #[arg(long = "option", value_name = "OPTION")]
    options: Vec<String>,
    /// The folder to write it to, instead of the first that is found
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The day, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
}

pub(crate) fn run(args: &RfcArgs) -> Result<Exit, Failure> {
    let state = |args, state| recorded::state(args, Family::Rfc, state);
    match &args.command {
        RfcCommand::List(args) => answer::list(args),
        RfcCommand::Show(args) => answer::show(args),
        RfcCommand::New(args) => new(args),
        RfcCommand::Review(args) => state(args, State::Review),
        RfcCommand::Accept(args) => state(args, State::Accepted),
        RfcCommand::Reject(args) => state(args, State::Rejected),
        RfcCommand::Withdraw(args) => state(args, State::Withdrawn),
    }
}

fn new(args: &NewArgs) -> Result<Exit, Failure> {
    let date = workspace::today(args.date.as_deref())?;
    let template =
        args.template.as_deref().map(|name| recorded::template(name, "`--template` takes the path of a file"));
    let template = template.transpose()?;
    let example = "groma rfc new \"Sell abroad\"";
    let (files, mut records) = recorded::open_for_new(&args.how.at.path, Family::Rfc, example)?;
    let texts = |all: &'_ [String]| -> Vec<String> { all.iter().map(|one| one.trim().to_owned()).collect() };
    let (reviewers, authors) = (texts(&args.reviewers), texts(&args.authors));
    let [reviewers, authors] = [&reviewers, &authors].map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    let options: Vec<Choice> = recorded::options(&args.options).collect();
    let asked = Asked {
        title: &args.title,
        date: &date,
        status: State::Draft,
        options: &options,
        decides: &[],
        context: None,
        came_of: None,
        rfc: NewRfc { authors: &authors, reviewers: &reviewers, last_call: args.last_call.as_deref() },
        template,
        folder: args.folder.as_deref(),
    };
    let edited = records.with_new(&*files, &asked).map_err(refused)?;
    let outcome = finish(&args.how, &edited)?;
    edited.changes.first().map_or(Ok(()), |new| recorded::tell_of_new(&args.how, Family::Rfc, new))?;
    if let Some(day) = args.last_call.as_deref().filter(|day| *day < &*date) {
        print_error(&format!("note: the last call {day} is over already\n"));
    }
    Ok(outcome)
}
