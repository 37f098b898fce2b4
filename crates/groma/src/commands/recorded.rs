//! What the commands for records of every family have in common: where these are, in which formats they are told, how an edit is made.

use crate::output::{Exit, Failure, print, print_error};
use crate::{input, workspace, write};
use clap::{Args, ValueEnum};
use groma_base::Severity;
use groma_model::kinds::class::{DECISION, RFC};
use groma_model::{ItemRef, facts};
use groma_records::edit::NewStatus;
use groma_records::{Choice, Family, LARGEST, State, folder};
use groma_report::records as report;
use groma_session::records::{Edited, FileChange, NoEdit, RecordFile, RecordProblem, Records, Template};
use groma_session::{FileSystem, Snapshot, folder_of};
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
    #[command(flatten)]
    pub(super) when: When,
}

/// When a record gets another status.
#[derive(Args)]
pub(super) struct When {
    /// Also set the date; `today` is today's. Without it the date stays
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) date: Option<String>,
    /// Also where this status does not follow on that which the record has
    #[arg(long)]
    pub(super) force: bool,
}

impl When {
    /// The day that is to be set, if one is.
    pub(super) fn day(&self) -> Result<Option<String>, Failure> {
        match self.date.as_deref() {
            Some("today") => workspace::today(None).map(Some),
            given => Ok(given.map(str::to_owned)),
        }
    }
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

/// What a record is to say of its status.
pub(super) enum Wanted<'a> {
    State(State),
    Word(&'a str),
}

/// Sets the status to a state.
pub(super) fn state(args: &StateArgs, family: Family, state: State) -> Result<Exit, Failure> {
    set_status((&args.record, &args.how, &args.when), family, Wanted::State(state))
}

/// Sets the status of a record.
pub(super) fn set_status(
    (record, how, when): (&str, &How, &When),
    family: Family,
    wanted: Wanted<'_>,
) -> Result<Exit, Failure> {
    let date = when.day()?;
    let (files, records) = open(&how.at.path, family)?;
    let at = named(&records, record)?;
    let status = match wanted {
        Wanted::State(state) => NewStatus::from(state),
        Wanted::Word(word) => records.status_of_word(word).map_err(refused)?,
    };
    let edited = records.with_state(&*files, at, status, date.as_deref(), when.force).map_err(refused)?;
    let outcome = finish(how, &edited)?;
    if !how.dry_run {
        tell_early(&records.files[at], status.state, &workspace::today(None)?);
        tell_what_it_asks_for(how, &records, at)?;
    }
    Ok(outcome)
}

/// Says what a check finds in a record that has another status now: whoever gives it that learns there and then what it asks for.
fn tell_what_it_asks_for(how: &How, records: &Records, at: usize) -> Result<(), Failure> {
    if !tell_of_check(records, &records.files[at], Severity::Note)? {
        // What no workspace has says itself what is wrong with it.
        let (_, records) = open(&how.at.path, records.family)?;
        let is_it = |file: &&RecordFile| file.path == records.files[at].path;
        tell_findings(&records, &records.files.iter().filter(is_it).collect::<Vec<_>>());
    }
    Ok(())
}

/// Says which names in a new record mean nothing, and that it counts for no workspace where there is one.
pub(super) fn tell_of_new(how: &How, family: Family, new: &FileChange) -> Result<(), Failure> {
    if how.dry_run {
        return Ok(());
    }
    let (_, records) = open(&how.at.path, family)?;
    let Some(file) = records.files.iter().find(|file| file.path == new.path) else { return Ok(()) };
    let (false, Some(root)) = (tell_of_check(&records, file, Severity::Error)?, records.workspace()) else {
        return Ok(());
    };
    let fact = match family {
        Family::Decision => facts::workspace::DECISIONS.name,
        Family::Rfc => facts::workspace::RFCS.name,
    };
    let (root, folder) = (root.display(), &records.folders[file.folder].shown);
    print_error(&format!(
        "note: it does not count for the workspace in `{root}`: name its folder `{folder}` there, `workspace NAME {{ {fact} \"…\" }}`\n"
    ));
    Ok(())
}

/// Says that a request for comments is decided while comments may still come.
fn tell_early(file: &RecordFile, state: State, today: &str) {
    let day = file.record.rfc.as_ref().and_then(|rfc| rfc.last_call.as_ref()).map(|day| &*day.value);
    let is_decided = matches!(state, State::Accepted | State::Rejected);
    if let Some(day) = day.filter(|day| is_decided && *day > today) {
        print_error(&format!("note: the last call of `{}` is on {day}, which is still to come\n", file.source.path));
    }
}

/// Says what a check finds in a record as it is written now, from this severity on; whether it counts for a workspace.
fn tell_of_check(records: &Records, file: &RecordFile, least: Severity) -> Result<bool, Failure> {
    let Some((snapshot, at)) = in_workspace(records, file) else { return Ok(false) };
    for finding in snapshot.findings(&workspace::today(None)?) {
        let span = finding.primary.span;
        if span.file == at.file && finding.severity >= least {
            let (source, severity) = (snapshot.sources.get(span.file), finding.severity.word());
            let place = source.line_column(span.range.start);
            let (line, column) = (place.line, place.column);
            print_error(&format!("{severity}: {}:{line}:{column}: {}\n", source.path, finding.message));
        }
    }
    Ok(true)
}

/// The workspace that a record counts for, and what it is there: that of the path, or all of the folder if that is one file.
pub(super) fn in_workspace(records: &Records, file: &RecordFile) -> Option<(Snapshot, ItemRef)> {
    let root = records.workspace()?;
    let place = file.source.place.path();
    let counted = |root: &Path| {
        let snapshot = workspace::open(root).ok()?;
        let is_it = |at: &ItemRef| snapshot.is_record(at.file) && snapshot.sources.get(at.file).place.path() == place;
        let all = [&RFC, &DECISION].map(|class| snapshot.arch.records_of(class).map(|one| one.at).find(is_it));
        let at = all.into_iter().flatten().next()?;
        Some((snapshot, at))
    };
    counted(root).or_else(|| counted(folder_of(root)))
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
