//! The decision records, or the requests for comments, of a workspace: where they lie, what they say, what is wrong with them, and what becomes of them by an edit.
//!
//! Nothing is written here: an edit is told as the files that change, and who writes them writes all of them or none.

mod edit;
mod find;
mod habits;
mod links;
mod new;
mod pick;
mod read;
mod relations;
mod states;

pub use edit::{Edited, FileChange, NoEdit};
pub(crate) use links::all_targets as targets;
pub use new::{Asked, Template};
pub use pick::NoRecord;
pub(crate) use read::reading_threads;
pub use relations::Relation;
pub(crate) use states::{problems_of, table};

use crate::places::Places;
use crate::{FileSystem, OpenError, cannot_read, folder_of};
use groma_base::Source;
use groma_records::{Family, Finding, FindingKind, Record, StateTable, folder};
use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So many files of records are read at most; whoever has more has named something else.
pub const MOST_RECORDS: usize = 100_000;

/// A folder of records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordFolder {
    /// Where it is.
    pub path: PathBuf,
    /// How it is shown to whoever stands where the command was given.
    pub shown: String,
    /// The path from the root of the repository, for programs.
    pub place: String,
    /// The file that names it, such as `.adr-dir`; `None` for one that is found by its own name.
    pub named_by: Option<String>,
}

/// A file of a folder of records, as it was read.
#[derive(Clone, Debug)]
pub struct RecordFile {
    /// Of which folder it is: its place in [`Records::folders`].
    pub folder: usize,
    /// Where it is.
    pub path: PathBuf,
    /// Its names and its text: each byte that is no UTF-8 is one character, so that every range holds in both.
    pub source: Arc<Source>,
    /// Its bytes where they are not those of the text.
    original: Option<Vec<u8>>,
    /// What it says.
    pub record: Record,
    /// What is wrong with it: what it says of itself, and what the records of its folder say of one another.
    pub findings: Vec<Finding>,
}

impl RecordFile {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.source.text.as_bytes())
    }

    /// Whether it counts as a record: a template does not.
    pub fn is_record(&self) -> bool {
        !self.record.is_template
    }
}

/// Something that is wrong with a folder, with what names it, or with a file that cannot be read at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordProblem {
    /// Where.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The records of a workspace as they are at one moment.
#[derive(Clone, Debug)]
pub struct Records {
    /// What they are.
    pub family: Family,
    /// The folders: those that are named first, the nearest to the workspace first.
    pub folders: Vec<RecordFolder>,
    /// All files, folder by folder, in the order of their names.
    pub files: Vec<RecordFile>,
    /// What is wrong besides the findings of the files.
    pub problems: Vec<RecordProblem>,
    /// Where the first folder would be made: that which a configuration names, or else the usual one.
    wanted: PathBuf,
    places: Places,
    /// The root of the repository.
    repository: PathBuf,
    /// The words and the order of states.
    states: StateTable,
    /// The workspace that they belong to, if they were looked for from one.
    workspace: Option<PathBuf>,
}

impl Records {
    /// Finds the folders of records of a family, those that the workspace names and those from a path upwards to the root of the repository, and
    /// reads all that is in them. The path is that of a workspace, of one of its files, or of a folder of records.
    ///
    /// # Errors
    /// If there is nothing at the path.
    pub fn open(files: &dyn FileSystem, path: &Path, family: Family) -> Result<Records, OpenError> {
        let is_folder = files.is_folder(path).map_err(|error| cannot_read(path, &error))?;
        let root = if is_folder { path } else { folder_of(path) };
        let mut records = Records::none(files, root, family);
        records.workspace = states::workspace_around(files, path, &records.repository);
        let said = records.workspace.as_deref().map(|root| states::of_workspace(files, root)).unwrap_or_default();
        if family == Family::Decision {
            records.states = table(said.iter().map(|(_, model)| &**model));
        }
        find::find(&mut records, files, (&files.identity(root), states::folders_of(&said, family)));
        read::read_all(&mut records, files);
        Ok(records)
    }

    /// The records that count for a workspace in a folder: those in folders that it names, and, if all of the folder is the workspace, those
    /// in the usual folders in it. What lies above it is that of others as well, as of each example in a repository.
    pub(crate) fn of_workspace(
        files: &dyn FileSystem,
        (root, is_whole): (&Path, bool),
        named: Vec<PathBuf>,
        (family, states): (Family, StateTable),
    ) -> Records {
        let mut records = Records { states, ..Records::none(files, root, family) };
        find::find_of_workspace(&mut records, files, is_whole.then_some(root), named);
        read::read_all(&mut records, files);
        records
    }

    fn none(files: &dyn FileSystem, root: &Path, family: Family) -> Records {
        Records {
            family,
            folders: Vec::new(),
            files: Vec::new(),
            problems: Vec::new(),
            wanted: PathBuf::new(),
            places: Places::new(files, root),
            repository: crate::files::repository(files, &files.identity(root)),
            states: StateTable::of(family),
            workspace: None,
        }
    }

    /// The root of the repository.
    pub(crate) fn repository(&self) -> &Path {
        &self.repository
    }

    /// The workspace that they belong to, if they were looked for from one.
    pub fn workspace(&self) -> Option<&Path> {
        self.workspace.as_deref()
    }

    /// Whether something lies in the repository, wherever links lead.
    pub(crate) fn holds(files: &dyn FileSystem, root: &Path, path: &Path) -> bool {
        is_inside(files, &crate::files::repository(files, &files.identity(root)), path)
    }

    /// A record as it is to be read here.
    fn read(&self, path: &str, bytes: &[u8]) -> Record {
        let mut record = Record::read_as(self.family, path, bytes);
        self.states.apply(&mut record);
        record
    }

    /// The files of a folder.
    pub fn of(&self, folder: usize) -> impl Iterator<Item = &RecordFile> {
        self.files.iter().filter(move |file| file.folder == folder)
    }

    /// Where a finding of a file stands, as it is shown; the file alone for one about all of it.
    pub fn location(&self, file: &RecordFile, finding: &Finding) -> String {
        match finding.range.is_none() {
            true => file.source.path.clone(),
            false => {
                let at = file.source.line_column(finding.range.start);
                format!("{}:{}:{}", file.source.path, at.line, at.column)
            }
        }
    }

    /// The way from a folder to a file, with `/` between the parts, as a link in a text there names it.
    pub fn way(&self, files: &dyn FileSystem, folder: &Path, file: &RecordFile) -> String {
        crate::places::way(&files.identity(folder), &file.path)
    }

    fn shown(&mut self, files: &dyn FileSystem, path: &Path) -> String {
        self.places.source(files, path).path
    }

    fn problem(&mut self, place: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(RecordProblem { place: place.into(), message: message.into(), help: help.into() });
    }
}

/// Whether something lies in the repository, wherever links lead.
fn is_inside(files: &dyn FileSystem, repository: &Path, path: &Path) -> bool {
    files.identity(path).starts_with(repository)
}

/// What the records of one folder say of one another, but for links to files that are there and are no records of it.
fn findings_of<R: Borrow<Record>>(folder: &Path, records: &[R], is_there: &dyn Fn(&Path) -> bool) -> Vec<Vec<Finding>> {
    let mut found = folder::findings(records);
    for (record, found) in records.iter().zip(&mut found) {
        let leads =
            |finding: &Finding| links::targets(folder, record.borrow(), finding.range).any(|path| is_there(&path));
        found.retain(|finding| finding.kind != FindingKind::MissingRecord || !leads(finding));
    }
    found
}
