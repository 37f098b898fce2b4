//! What is told of requests for comments.

use super::{ListArgs, ShowArgs};
use crate::commands::recorded::{self, ListFormat, ShowFormat, named, tell_findings};
use crate::output::{Exit, Failure, print, print_error};
use crate::workspace;
use groma_base::counted;
use groma_model::signing::{Signatures, reviews};
use groma_records::Family;
use groma_report::records as report;
use groma_session::records::RecordFile;

pub(super) fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let (_, records) = recorded::open(&args.at.path, Family::Rfc)?;
    let is_asked = |file: &&RecordFile| args.status.as_deref().is_none_or(|status| report::state(file) == status);
    let files: Vec<&RecordFile> = records.files.iter().filter(|file| file.is_record()).filter(is_asked).collect();
    match args.format {
        ListFormat::Table => print(&report::table(&files))?,
        ListFormat::Json => print(&format!("{:#}\n", report::listed(&records, &files)))?,
        ListFormat::Csv => print(&report::csv_of_rfcs(&files))?,
    }
    let outcome = tell_findings(&records, &files);
    if matches!(args.format, ListFormat::Table) {
        let within = match records.folders.is_empty() {
            true => ": there is no folder of them, such as `docs/rfcs`; `groma rfc new \"TITLE\"` writes the first"
                .to_owned(),
            false => format!(" in {}", report::folders(&records)),
        };
        print_error(&format!("{}{within}\n", counted(files.len(), "RFC")));
    }
    Ok(outcome)
}

pub(super) fn show(args: &ShowArgs) -> Result<Exit, Failure> {
    let (_, records) = recorded::open(&args.at.path, Family::Rfc)?;
    let file = &records.files[named(&records, &args.record)?];
    let (found, today) = (recorded::in_workspace(&records, file), workspace::today(None)?);
    if let Some((snapshot, _)) = &found {
        workspace::warn_of_left_out(None, snapshot);
    }
    let signatures = found.as_ref().map(|(snapshot, _)| Signatures::on(&snapshot.arch, &today));
    let known = found.as_ref().zip(signatures.as_ref()).map(|((snapshot, at), signatures)| report::OfModel {
        arch: &snapshot.arch,
        at: *at,
        reviews: reviews(&snapshot.arch, signatures, *at),
    });
    match args.format {
        ShowFormat::Text => print(&report::show_rfc(file, known.as_ref()))?,
        ShowFormat::Json => print(&format!("{:#}\n", report::one_rfc(&records, file, known.as_ref())))?,
    }
    if known.is_none() {
        print_error("note: it counts for no workspace here, so who has signed it is not known\n");
    }
    let told = report::findings(&records, &[file]);
    // What is wrong with folders is nothing that this one says.
    let own = &told[records.problems.len()..];
    own.iter().for_each(|line| print_error(&format!("warning: {line}\n")));
    Ok(if own.is_empty() { Exit::Clean } else { Exit::Findings })
}
