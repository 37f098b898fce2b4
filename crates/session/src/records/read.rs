//! Reading the files of all folders.

use super::{MOST_RECORDS, RecordFile, Records, findings_of, is_inside};
use crate::FileSystem;
use groma_base::{Source, shared_out};
use groma_records::folder::is_record;
use groma_records::{FindingKind, LARGEST, Record};
use std::path::PathBuf;
use std::sync::Arc;

/// More threads wait for each other's memory.
const MOST_THREADS: usize = 8;

/// From this many files on more threads save more time than they take to start.
const WORTH_THREADS: usize = 16;

/// A file before its record is read.
struct Unread {
    folder: usize,
    path: PathBuf,
    source: Source,
    bytes: Vec<u8>,
}

/// Fills in the files, each with its findings.
pub(super) fn read_all(records: &mut Records, files: &dyn FileSystem) {
    let mut unread = Vec::new();
    for folder in 0..records.folders.len() {
        load(records, files, folder, &mut unread);
    }
    let threads = reading_threads(unread.len());
    let (family, states) = (records.family, &records.states);
    let read = shared_out(unread.len(), threads, |at| {
        let mut record = Record::read_as(family, &unread[at].source.path, &unread[at].bytes);
        states.apply(&mut record);
        record
    });
    records.files = unread.into_iter().zip(read).map(|(unread, record)| file(unread, record)).collect();
    judge(records, files);
}

/// On how many threads so many records are worked on.
pub(crate) fn reading_threads(records: usize) -> usize {
    match records < WORTH_THREADS {
        true => 1,
        false => std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS),
    }
}

/// Reads the bytes of the records of a folder.
fn load(records: &mut Records, files: &dyn FileSystem, folder: usize, unread: &mut Vec<Unread>) {
    let path = records.folders[folder].path.clone();
    let shown = records.folders[folder].shown.clone();
    let mut entries = match files.list(&path) {
        Ok(entries) => entries,
        Err(error) => return records.problem(shown, format!("cannot be read: {}", error.message), "let it be read"),
    };
    entries.retain(|entry| is_record(&entry.name.to_string_lossy()));
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in entries {
        let path = path.join(&entry.name);
        let source = records.places.source(files, &path);
        if entry.is_folder {
            records.problem(source.path, "is a directory, and is called like a record", "give it another name");
            continue;
        }
        if unread.len() == MOST_RECORDS {
            let message = format!("holds more records than are read: {MOST_RECORDS} at most");
            return records.problem(shown, message, "name a smaller folder");
        }
        // Whatever lies elsewhere is not shown.
        if entry.is_link && !is_inside(files, &records.repository, &path) {
            records.problem(
                source.path,
                "leads out of the repository, and is not read",
                "copy the record into the folder",
            );
            continue;
        }
        match files.read(&path, LARGEST as u64) {
            Ok(bytes) => unread.push(Unread { folder, path, source, bytes }),
            Err(error) => {
                let message = format!("cannot be read: {}", error.message);
                records.problem(source.path, message, "a record is a text of 1 MB at most");
            }
        }
    }
}

fn file(unread: Unread, record: Record) -> RecordFile {
    let Unread { folder, path, source, bytes } = unread;
    let (text, original) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let bytes = error.into_bytes();
            (same_length(&bytes), Some(bytes))
        }
    };
    // That the template lies among the records is as it should be.
    let findings = record.findings.iter().filter(|finding| finding.kind != FindingKind::Template).cloned().collect();
    RecordFile { folder, path, source: Arc::new(source.with_text(text)), original, record, findings }
}

/// The bytes as a text of the same length: one sign for each byte that is no UTF-8.
fn same_length(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

/// Adds to the findings of each file what the records of its folder say of one another.
fn judge(records: &mut Records, files: &dyn FileSystem) {
    for folder in 0..records.folders.len() {
        let read: Vec<&Record> = records.of(folder).map(|file| &file.record).collect();
        let found = findings_of(&records.folders[folder].path, &read, &|path| files.is_folder(path).is_ok());
        let own = records.files.iter_mut().filter(|file| file.folder == folder);
        for (file, found) in own.zip(found) {
            file.findings.extend(found);
            file.findings.sort_by_key(|finding| finding.range.start);
        }
    }
}
