//! What is told of records.

use super::{ExportArgs, ExportFormat, ListArgs, ShowArgs, open};
use crate::commands::recorded::{ListFormat, ShowFormat, named, tell_findings};
use crate::output::{Exit, Failure, print, print_error};
use crate::write;
use groma_base::counted;
use groma_report::records as report;
use groma_session::folder_of;
use groma_session::records::{RecordFile, Records};
use std::path::Path;

pub(super) fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let (_, records) = open(&args.at.path)?;
    let is_asked = |file: &&RecordFile| args.status.as_deref().is_none_or(|status| report::state(file) == status);
    let files: Vec<&RecordFile> = records.files.iter().filter(|file| file.is_record()).filter(is_asked).collect();
    match args.format {
        ListFormat::Table => print(&report::table(&files))?,
        ListFormat::Json => print(&format!("{:#}\n", report::listed(&records, &files)))?,
        ListFormat::Csv => print(&report::csv(&files))?,
    }
    let outcome = tell_findings(&records, &files);
    if matches!(args.format, ListFormat::Table) {
        print_error(&format!("{}{}\n", counted(files.len(), "record"), within(&records)));
    }
    Ok(outcome)
}

/// In which folders records were looked for in vain, or found.
fn within(records: &Records) -> String {
    match records.folders.is_empty() {
        true => ": there is no folder of records, such as `docs/decisions`; `groma adr new \"TITLE\"` writes the first"
            .to_owned(),
        false => format!(" in {}", report::folders(records)),
    }
}

pub(super) fn show(args: &ShowArgs) -> Result<Exit, Failure> {
    let (_, records) = open(&args.at.path)?;
    let file = &records.files[named(&records, &args.record)?];
    match args.format {
        ShowFormat::Text => print(&report::show(file))?,
        ShowFormat::Json => print(&format!("{:#}\n", report::one(&records, file)))?,
    }
    let told = report::findings(&records, &[file]);
    // What is wrong with folders is nothing that this record says.
    let own = &told[records.problems.len()..];
    own.iter().for_each(|line| print_error(&format!("warning: {line}\n")));
    Ok(if own.is_empty() { Exit::Clean } else { Exit::Findings })
}

pub(super) fn export(args: &ExportArgs) -> Result<Exit, Failure> {
    let (files, records) = open(&args.at.path)?;
    let all: Vec<&RecordFile> = records.files.iter().filter(|file| file.is_record()).collect();
    let is_record = |out: &Path| {
        let out = files.identity(out);
        records.files.iter().any(|file| file.path == out || files.identity(&file.path) == out)
    };
    if let Some(out) = args.out.as_deref().filter(|out| is_record(out)) {
        let message = format!("`{}` is one of the records: the log would take its place", out.display());
        return Err(Failure::new(message).help("write the log to another file, such as `log.md`"));
    }
    let folder = args.out.as_deref().map_or(Path::new("."), folder_of);
    let way = |file: &RecordFile| records.way(&*files, folder, file);
    let text = match args.format {
        ExportFormat::Json => format!("{:#}\n", report::exported(&records, &all)),
        ExportFormat::Csv => report::csv(&all),
        ExportFormat::Markdown => report::markdown(&records, &all, &way),
        ExportFormat::Mermaid => report::mermaid(&records),
        ExportFormat::Dot => report::dot(&records),
    };
    match &args.out {
        Some(path) => write::file(path, text.as_bytes())?,
        None => print(&text)?,
    }
    Ok(tell_findings(&records, &all))
}
