//! What changes records.

use super::{LinkArgs, NewArgs, RenumberArgs, SupersedeArgs, open};
use crate::commands::decide;
use crate::commands::recorded::{self, finish, named, refused};
use crate::output::{Exit, Failure};
use crate::workspace;
use groma_base::list_words;
use groma_decide::{Analysis, CONCENTRATION};
use groma_records::folder::{number_of, slug_of};
use groma_records::template::{Form, NewRfc};
use groma_records::{Choice, Family, State};
use groma_session::follow_in_workspace;
use groma_session::records::{Asked, RecordFile, Template};
use std::path::Path;

pub(super) fn new(args: &NewArgs) -> Result<Exit, Failure> {
    let date = workspace::today(args.date.as_deref())?;
    let example = "groma adr new \"Use a queue\"";
    let (files, mut records) = recorded::open_for_new(&args.how.at.path, Family::Decision, example)?;
    let (template, undecided) = match &args.from_choice {
        Some(choice) => {
            let form = records.usual_form(&*files, args.folder.as_deref());
            let (template, is_decided) = of_choice(choice, &args.how.at.path, form)?;
            (Some(template), Some(choice).filter(|_| !is_decided))
        }
        None => (args.template.as_deref().map(template).transpose()?, None),
    };
    let rfc = args.from_rfc.as_deref().map(|name| rfc(name, &args.how.at.path)).transpose()?;
    let options: Vec<Choice> = rfc.iter().flat_map(considered).chain(recorded::options(&args.options)).collect();
    let name = rfc.as_ref().map(name_of_rfc);
    let decides: Vec<&str> = args.decides.iter().map(String::as_str).collect();
    let asked = Asked {
        title: &args.title,
        date: &date,
        status: State::Proposed,
        options: &options,
        decides: &decides,
        context: rfc.as_ref().and_then(|rfc| Some(rfc.record.context.as_ref()?.value.as_str())),
        came_of: name.as_deref().zip(rfc.as_ref().map(|rfc| rfc.path.as_path())),
        rfc: NewRfc::default(),
        template,
        folder: args.folder.as_deref(),
    };
    let mut edited = records.with_new(&*files, &asked).map_err(refused)?;
    let note = undecided.zip(edited.changes.first()).map(|(choice, new)| led_to(choice, &new.path));
    edited.notes.extend(note);
    let outcome = finish(&args.how, &edited)?;
    edited.changes.first().map_or(Ok(()), |new| recorded::tell_of_new(&args.how, Family::Decision, new))?;
    Ok(outcome)
}

/// What is still to be written in a choice of which a record is made.
fn led_to(choice: &str, record: &Path) -> String {
    let file = record.file_name().unwrap_or_default().to_string_lossy();
    let name = number_of(&file).map_or_else(|| slug_of(&file).to_owned(), |number| number.to_string());
    format!("write `decision={name}` on the choice `{choice}`: only then is it known that it led to this record")
}

/// What was considered in a request for comments: what it proposes, and its alternatives.
fn considered(rfc: &RecordFile) -> Vec<Choice> {
    let proposed = rfc.record.title.iter().map(|title| Choice::named(&title.value));
    proposed.chain(rfc.record.options.iter().cloned()).collect()
}

/// The request for comments that somebody names.
fn rfc(name: &str, path: &Path) -> Result<RecordFile, Failure> {
    let (_, records) = recorded::open(path, Family::Rfc)?;
    let at = named(&records, name)?;
    Ok(records.files[at].clone())
}

/// What a link calls it.
fn name_of_rfc(rfc: &RecordFile) -> String {
    let record = &rfc.record;
    let title = || record.title.as_ref().map_or(record.file.as_str(), |title| &title.value).to_owned();
    record.number.as_ref().map_or_else(title, |number| format!("RFC-{}", number.value))
}

/// The record of a choice, whose fields are still to be filled in; and whether the choice names a decision already.
fn of_choice(name: &str, path: &Path, form: Form) -> Result<(Template, bool), Failure> {
    let snapshot = workspace::open_to_answer(path)?;
    let choice = decide::sound(&snapshot, name, path)?;
    let forecasts = decide::forecasts(&snapshot, &choice)?;
    let choice = choice.with_forecasts(&forecasts);
    let text = groma_report::choice::record(&Analysis::of(&choice, CONCENTRATION), form);
    Ok((Template::Choice { shown: format!("choice {name}"), text }, choice.decision.is_some()))
}

fn template(name: &str) -> Result<Template, Failure> {
    if let Some(form) = Form::ALL.into_iter().find(|form| form.word() == name) {
        return Ok(Template::Form(form));
    }
    let words = list_words(Form::ALL.map(Form::word), "and");
    recorded::template(name, &format!("`--template` takes the path of a file, and has {words} by name"))
}

pub(super) fn supersede(args: &SupersedeArgs) -> Result<Exit, Failure> {
    let (files, records) = open(&args.how.at.path)?;
    let (old, new) = (named(&records, &args.old)?, named(&records, &args.new)?);
    let date = args.when.day()?;
    let edited = records.superseding(&*files, (old, new), date.as_deref(), args.when.force).map_err(refused)?;
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
