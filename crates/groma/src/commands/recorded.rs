//! What the commands for records of every family have in common: where these are, in which formats they are told, how an edit is made.

use crate::output::{Exit, Failure, print, print_error};
use crate::{input, workspace, write};
use clap::{Args, ValueEnum};
use groma_records::{Choice, Family, LARGEST, State, folder};
use groma_report::records as report;
use groma_session::FileSystem;
use groma_session::records::{Edited, NoEdit, RecordFile, RecordProblem, Records, Template};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ListFormat {
    /// One record per line
    #[value(alias = "human")]
    Table,
    /// JSON, with a version
    Json,
    /// Comma-separated values, with a line of names
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ShowFormat {
    /// A line for each thing that is said, with its place
    #[value(alias = "human")]
    Text,
    /// JSON, with a version
    Json,
}

/// Where records are looked for.
#[derive(Args)]
pub(super) struct Where {
    /// A workspace folder, a .groma file, or a folder of records
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

/// How an edit is made.
#[derive(Args)]
pub(super) struct How {
    #[command(flatten)]
    pub(super) at: Where,
    /// Write nothing; say what would be
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// Set the status of a record
#[derive(Args)]
pub(super) struct StateArgs {
    /// Its number, its slug, or its file
    #[arg(value_name = "RECORD")]
    pub(super) record: String,
    #[command(flatten)]
    pub(super) how: How,
    /// Also set the date; `today` is today's. Without it the date stays
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) date: Option<String>,
    /// Also where this status does not follow on that which the record has
    #[arg(long)]
    pub(super) force: bool,
}

/// Reads the records, with what reads them.
pub(super) fn open(path: &Path, family: Family) -> Result<(Box<dyn FileSystem>, Records), Failure> {
    let files = workspace::files_of(path);
    let records = Records::open(&*files, path, family).map_err(input::unusable)?;
    Ok((files, records))
}

/// Reads the records beside which a new one is written, and tells what is wrong with their folders. `example` is the command with a title.
pub(super) fn open_for_new(
    path: &Path,
    family: Family,
    example: &str,
) -> Result<(Box<dyn FileSystem>, Records), Failure> {
    let (files, records) = open(path, family).map_err(|why| match path == Path::new(".") {
        true => why,
        false => why.help(format!("a title of several words stands in quotes: {example}")),
    })?;
    for one in &records.problems {
        print_error(&format!("warning: {}: {}\n", one.place, one.message));
    }
    Ok((files, records))
}

/// Options that are named alone.
pub(super) fn options(names: &[String]) -> impl Iterator<Item = Choice> {
    names.iter().map(|name| Choice::named(name.trim()))
}

/// The template in a file, or on standard input.
pub(super) fn template(name: &str, help: &str) -> Result<Template, Failure> {
    let source = input::read_file_or_stdin(Path::new(name), LARGEST as u64).map_err(|why| why.help(help))?;
    Ok(Template::Text { shown: source.path.clone(), text: source.text.to_string() })
}

/// The record that somebody names. Where a file of that number cannot be read, that is said.
pub(super) fn named(records: &Records, name: &str) -> Result<usize, Failure> {
    records.named(name).map_err(|why| {
        let is_meant = |one: &&RecordProblem| {
            let file = one.place.rsplit('/').next().unwrap_or_default();
            folder::named_number(name).is_some_and(|number| folder::number_of(file) == Some(number))
        };
        let unread = records.problems.iter().find(is_meant);
        let help = unread.map_or(why.help, |one| format!("{} {}: {}", one.place, one.message, one.help));
        Failure::new(why.message).help(help)
    })
}

pub(super) fn state(args: &StateArgs, family: Family, state: State) -> Result<Exit, Failure> {
    let date = match args.date.as_deref() {
        Some("today") => Some(workspace::today(None)?),
        given => given.map(str::to_owned),
    };
    let (files, records) = open(&args.how.at.path, family)?;
    let at = named(&records, &args.record)?;
    let edited = records.with_state(&*files, at, state, date.as_deref(), args.force).map_err(refused)?;
    finish(&args.how, &edited)
}

/// Writes what an edit makes, unless it is only asked what it would be, and tells it.
pub(super) fn finish(how: &How, edited: &Edited) -> Result<Exit, Failure> {
    if edited.changes.is_empty() {
        print("nothing to change: that is said already\n")?;
        return Ok(Exit::Clean);
    }
    if !how.dry_run {
        let all: Vec<write::Change<'_>> = edited
            .changes
            .iter()
            .map(|one| write::Change { path: &one.path, before: one.before.as_deref(), after: one.after.as_deref() })
            .collect();
        write::together(&all)?;
    }
    print(&report::changes(&edited.changes))?;
    for note in &edited.notes {
        print_error(&format!("note: {note}\n"));
    }
    if how.dry_run {
        print_error("nothing is written: that is what would be\n");
    }
    Ok(Exit::Clean)
}

pub(super) fn refused(why: NoEdit) -> Failure {
    Failure::new(why.message).help(why.help)
}

/// Says, past the answer, what is wrong.
pub(super) fn tell_findings(records: &Records, files: &[&RecordFile]) -> Exit {
    let told = report::findings(records, files);
    told.iter().for_each(|line| print_error(&format!("warning: {line}\n")));
    if told.is_empty() { Exit::Clean } else { Exit::Findings }
}
