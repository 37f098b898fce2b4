//! What changes records.

use super::{How, LinkArgs, NewArgs, RenumberArgs, StateArgs, SupersedeArgs, named, open};
use crate::commands::decide;
use crate::input::read_file_or_stdin;
use crate::output::{Exit, Failure, print, print_error};
use crate::{workspace, write};
use groma_base::list_words;
use groma_decide::{Analysis, CONCENTRATION};
use groma_records::template::Form;
use groma_records::{LARGEST, State};
use groma_report::records::changes;
use groma_session::follow_in_workspace;
use groma_session::records::{Asked, Edited, NoEdit, Template};
use std::path::Path;

pub(super) fn new(args: &NewArgs) -> Result<Exit, Failure> {
    let date = workspace::today(args.date.as_deref())?;
    let (files, mut records) = open(&args.how.at.path).map_err(|why| match args.how.at.path == Path::new(".") {
        true => why,
        false => why.help("a title of several words stands in quotes: groma adr new \"Use a queue\""),
    })?;
    for one in &records.problems {
        print_error(&format!("warning: {}: {}\n", one.place, one.message));
    }
    let template = match &args.from_choice {
        Some(choice) => {
            let form = records.usual_form(&*files, args.folder.as_deref());
            Some(of_choice(choice, &args.how.at.path, form)?)
        }
        None => args.template.as_deref().map(template).transpose()?,
    };
    let options: Vec<&str> = args.options.iter().map(String::as_str).collect();
    let decides: Vec<&str> = args.decides.iter().map(String::as_str).collect();
    let asked = Asked {
        title: &args.title,
        date: &date,
        status: State::Proposed,
        options: &options,
        decides: &decides,
        template,
        folder: args.folder.as_deref(),
    };
    let edited = records.with_new(&*files, &asked).map_err(refused)?;
    finish(&args.how, &edited)
}

/// The record of a choice, whose fields are still to be filled in.
fn of_choice(name: &str, path: &Path, form: Form) -> Result<Template, Failure> {
    let snapshot = workspace::open_to_answer(path)?;
    let choice = decide::sound(&snapshot, name, path)?;
    let forecasts = decide::forecasts(&snapshot, &choice)?;
    let choice = choice.with_forecasts(&forecasts);
    let text = groma_report::choice::record(&Analysis::of(&choice, CONCENTRATION), form);
    Ok(Template::Text { shown: format!("choice {name}"), text })
}

fn template(name: &str) -> Result<Template, Failure> {
    if let Some(form) = Form::ALL.into_iter().find(|form| form.word() == name) {
        return Ok(Template::Form(form));
    }
    let words = list_words(Form::ALL.map(Form::word), "and");
    let source = read_file_or_stdin(Path::new(name), LARGEST as u64)
        .map_err(|why| why.help(format!("`--template` takes the path of a file, and has {words} by name")))?;
    Ok(Template::Text { shown: source.path.clone(), text: source.text.to_string() })
}

pub(super) fn state(args: &StateArgs, state: State) -> Result<Exit, Failure> {
    let date = match args.date.as_deref() {
        Some("today") => Some(workspace::today(None)?),
        given => given.map(str::to_owned),
    };
    let (files, records) = open(&args.how.at.path)?;
    let at = named(&records, &args.record)?;
    let edited = records.with_state(&*files, at, state, date.as_deref(), args.force).map_err(refused)?;
    finish(&args.how, &edited)
}

pub(super) fn supersede(args: &SupersedeArgs) -> Result<Exit, Failure> {
    let (files, records) = open(&args.how.at.path)?;
    let (old, new) = (named(&records, &args.old)?, named(&records, &args.new)?);
    let edited = records.superseding(&*files, old, new, args.force).map_err(refused)?;
    finish(&args.how, &edited)
}

pub(super) fn link(args: &LinkArgs) -> Result<Exit, Failure> {
    let (files, records) = open(&args.how.at.path)?;
    let (from, to) = (named(&records, &args.from)?, named(&records, &args.to)?);
    let edited = records.with_link(&*files, from, &args.word, to).map_err(refused)?;
    finish(&args.how, &edited)
}

pub(super) fn renumber(args: &RenumberArgs) -> Result<Exit, Failure> {
    let (files, records) = open(&args.how.at.path)?;
    let at = named(&records, &args.file)?;
    let mut edited = records.renumbered(&*files, at, args.number).map_err(refused)?;
    follow_in_workspace(&*files, &records, at, &mut edited);
    finish(&args.how, &edited)
}

/// Writes what an edit makes, unless it is only asked what it would be, and tells it.
fn finish(how: &How, edited: &Edited) -> Result<Exit, Failure> {
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
    print(&changes(&edited.changes))?;
    for note in &edited.notes {
        print_error(&format!("note: {note}\n"));
    }
    if how.dry_run {
        print_error("nothing is written: that is what would be\n");
    }
    Ok(Exit::Clean)
}

fn refused(why: NoEdit) -> Failure {
    Failure::new(why.message).help(why.help)
}
