//! Decision records and requests for comments in words and formats.

mod changes;
mod graph;
mod json;
mod log;
mod rfc;
mod show;

pub use changes::changes;
pub use graph::{dot, mermaid};
pub use json::{exported, listed, one};
pub use log::markdown;
pub use rfc::{OfModel, answer, because, csv_of_rfcs, one_rfc, show_rfc};
pub use show::show;

use crate::{aligned, quoted};
use groma_base::join_words;
use groma_records::{Reference, Said};
use groma_session::records::{RecordFile, Records};

/// The word for the state of a record: `unknown` where it says one that is none.
pub fn state(file: &RecordFile) -> &'static str {
    file.record.status.as_ref().map_or("unknown", |status| status.value.word())
}

/// What is told of each record in a line.
const COLUMNS: [&str; 5] = ["number", "status", "date", "title", "file"];

fn cells(file: &RecordFile) -> [String; 5] {
    let record = &file.record;
    let text = |said: &Option<Said<String>>| said.as_ref().map(|said| said.value.clone()).unwrap_or_default();
    [number(file), state(file).to_owned(), text(&record.date), text(&record.title), file.source.path.clone()]
}

/// The number of a record; nothing if it has none.
fn number(file: &RecordFile) -> String {
    file.record.number.as_ref().map(|number| number.value.to_string()).unwrap_or_default()
}

/// Lines for people, the columns below each other and below their names; `-` for what a record does not say.
pub fn table(files: &[&RecordFile]) -> String {
    let filled = |cell: String| if cell.is_empty() { "-".to_owned() } else { cell };
    let rows: Vec<Vec<String>> = files.iter().map(|file| cells(file).into_iter().map(filled).collect()).collect();
    let head = COLUMNS.map(str::to_owned).to_vec();
    aligned(std::iter::once(&head).chain(&rows).take_while(|_| !rows.is_empty()))
}

/// One row for each record, below the names of the columns. Files are named from the root of the repository.
pub fn csv(files: &[&RecordFile]) -> String {
    let line =
        |cells: Vec<String>| format!("{}\n", cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
    let names = |said: &[Said<String>]| said.iter().map(|said| said.value.as_str()).collect::<Vec<_>>().join("; ");
    let row = |file: &&RecordFile| {
        let [number, status, date, title, _] = cells(file);
        let record = &file.record;
        let place = file.source.place.path().to_owned();
        let (old, new) = (others(&record.supersedes), others(&record.superseded_by));
        line(vec![
            number,
            status,
            date,
            title,
            place,
            names(&record.deciders),
            old,
            new,
            record.dialect.word().to_owned(),
        ])
    };
    let head = COLUMNS.into_iter().chain(["deciders", "supersedes", "superseded-by", "dialect"]);
    std::iter::once(line(head.map(str::to_owned).collect())).chain(files.iter().map(row)).collect()
}

fn others(said: &[Said<Reference>]) -> String {
    said.iter().map(|said| reference(&said.value)).collect::<Vec<_>>().join("; ")
}

/// How a record names another.
fn reference(reference: &Reference) -> String {
    match reference {
        Reference::Number(number) => number.to_string(),
        Reference::Name(name) => name.clone(),
    }
}

/// What is found in files, a line each, and what is wrong with folders: what stands first is told first.
pub fn findings(records: &Records, files: &[&RecordFile]) -> Vec<String> {
    let of_folders = records.problems.iter().map(|one| format!("{}: {}; {}", one.place, one.message, one.help));
    let of_files = files.iter().flat_map(|file| {
        let told = file.findings.iter().map(|one| (one, records.location(file, one)));
        told.map(|(one, place)| format!("{place}: {}", one.message))
    });
    of_folders.chain(of_files).collect()
}

/// The folders in which records were found, for people.
pub fn folders(records: &Records) -> String {
    let told = |folder: &groma_session::records::RecordFolder| format!("`{}`", folder.shown);
    join_words(&records.folders.iter().map(told).collect::<Vec<_>>(), "and")
}
