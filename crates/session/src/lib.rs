//! Files in, snapshot out. The only place that reads the files of a workspace, and keeps them: each is read and decoded once for each of
//! its contents, and again where the facts and kinds change that the workspace declares; names are linked anew, which is cheap.

mod baseline;
mod change;
mod check_fix;
mod comparison;
mod decisions;
mod files;
mod gate;
mod kept_comments;
mod measured_choice;
mod parse;
mod perhaps_renamed;
mod places;
mod reader;
pub mod records;
mod rename;
mod renumber;
mod revisions;
mod selection;
pub mod signing;
mod simulate_fix;
mod sweep;
mod traces;
mod verdict_changes;
mod what_if;

use decisions::texts_of;
use groma_base::{Diagnostic, FileId, Place, Range, Source, Sources, Span};
use groma_check::Findings;
use groma_model::decode::UNKNOWN_WORD;
use groma_model::facets::own_facts::OwnFacts;
use groma_model::kinds::class;
use groma_model::signers::Signers;
use groma_model::{Architecture, Traces, UNRESOLVED_NAME, facts, link};
use parse::{Parsed, parse, parse_all, read_catalogue_meanwhile, same_line};
use places::Places;
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use baseline::{Applied, Baseline, NoBaseline, address};
pub use change::{Change, change, set_fact};
pub use check_fix::{Corrected, corrected};
pub use comparison::{Breaking, Broken, ChangedFinding, Comparison, NotAsked, NotIncluded, compare};
pub use files::{
    Contained, DirectoryEntry, FileError, FileSystem, MemoryFileSystem, OsFileSystem, decode_text, describe, folder_of,
};
pub use gate::{Forecastable, Refusal};
pub use groma_check::{Checked, Suppressed};
pub use measured_choice::MeasuredOptions;
pub use perhaps_renamed::PerhapsRenamed;
pub use places::place_of;
pub use reader::Reader;
pub use rename::{NoRenaming, Renaming};
pub use renumber::follow_in_workspace;
pub use revisions::{Answered, Git, Revision, open_revision};
pub use selection::{Selection, UnknownSelection};
pub use simulate_fix::{Attempt, FixSearch, SearchResult};
pub use sweep::{Axis, Grid, MOST_COMBINATIONS, NoGrid, Point, TradeOffs};
pub use verdict_changes::{VerdictChange, verdict_changes};
pub use what_if::{NoAnswer, WhatIf};

/// The largest file that is read as part of a workspace, in bytes.
pub const FILE_LIMIT: u64 = 64_000_000;

/// Why a workspace cannot be opened at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A workspace as it is at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Its files.
    pub sources: Sources,
    /// What they say.
    pub arch: Architecture,
    /// What is wrong with the files, their text and its names.
    pub problems: Vec<Diagnostic>,
    found: Arc<Findings>,
    /// Whether it is open what stands in what.
    is_broken: bool,
    /// Whether a file or a folder could not be read.
    is_incomplete: bool,
    /// What is to be included and is not there.
    missing: Vec<Missing>,
    /// The first of the files that are records in Markdown: all from it on are.
    first_record: FileId,
}

/// What is to be included and is not there.
#[derive(Clone, PartialEq, Debug)]
struct Missing {
    /// Where it would be, from the workspace's folder.
    path: String,
    /// The error that says so.
    error: Diagnostic,
}

impl Snapshot {
    /// All findings: what is wrong with the text, and what the rules find. `today` is `YYYY-MM-DD`. Where a brace is
    /// missing, nearly everything else would be its consequence: then only that is told. Where a whole file is missing,
    /// so may be every name that is not found; where it is one to be included, every word that is not known.
    pub fn findings(&self, today: &str) -> Vec<Diagnostic> {
        self.checked(today).findings
    }

    /// All findings, and apart from them those that are suppressed.
    pub fn checked(&self, today: &str) -> Checked {
        let mut checked = if self.is_broken {
            Checked { findings: only_errors_of_text(&self.problems), suppressed: Vec::new() }
        } else {
            groma_check::finish(&self.arch, &self.found, self.problems.clone(), today)
        };
        let findings = &mut checked.findings;
        if self.is_incomplete || !self.missing.is_empty() {
            let all = findings.len();
            let is_open = |finding: &Diagnostic| {
                finding.code == UNRESOLVED_NAME || !self.missing.is_empty() && may_be_of_a_kit(finding)
            };
            findings.retain(|finding| !is_open(finding) || self.says_what_is_missing(finding));
            let is_less = findings.len() < all;
            let last = findings.iter_mut().rfind(|finding| self.says_what_is_missing(finding));
            if let Some(last) = last.filter(|_| is_less) {
                last.notes.push("what may be declared there, and is not found, is told once it is there".to_owned());
            }
        }
        if self.is_incomplete && !self.is_broken {
            promise_the_rest(findings);
        }
        kept_comments::keep_comments(findings, &self.sources, self.first_record);
        checked
    }

    /// Whether a file is a decision record or a request for comments in Markdown, and no Groma text.
    pub fn is_record(&self, file: FileId) -> bool {
        file >= self.first_record
    }

    /// Where a file is included that lies outside of the repository: in a file that lies in it.
    pub fn included_at(&self, file: FileId) -> Option<Span> {
        let mut inner = file;
        // Each file is included by another, so that no way is longer.
        for _ in 0..self.sources.iter().count() {
            let published = Path::new(&*self.sources.get(inner).published);
            let includes = |span: &Span, target: &str| {
                let folder = folder_of(Path::new(&*self.sources.get(span.file).published));
                span.file != inner && published.starts_with(files::normal_within(&folder.join(target)))
            };
            let all = self.arch.item_refs().filter(|at| self.arch.item(*at).kind.is(&class::INCLUDE));
            let named = all.filter_map(|at| self.arch.fact(at, &facts::include::PATH).map(|value| (at, value)));
            let mut found = named.map(|(at, value)| (self.arch.span(at, value.range), self.arch.words(at, value)));
            let (span, _) = found.find(|(span, target)| includes(span, target))?;
            if matches!(self.sources.get(span.file).place, Place::InRepository(_)) {
                return Some(span);
            }
            inner = span.file;
        }
        None
    }

    /// Whether a finding is that something which is to be included is not there.
    fn says_what_is_missing(&self, finding: &Diagnostic) -> bool {
        let place = |finding: &Diagnostic| (finding.code.clone(), finding.primary.span);
        self.missing.iter().any(|one| place(&one.error) == place(finding))
    }
}

/// Whether a word that a finding says to be unknown may be a kind, fact or standard of what is to be included.
fn may_be_of_a_kit(finding: &Diagnostic) -> bool {
    matches!(&*finding.code, UNKNOWN_WORD | "unknown-rule") && finding.fixes.is_empty()
}

/// The errors of the text alone, for where nearly everything else would be their consequence.
fn only_errors_of_text(problems: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut errors: Vec<Diagnostic> =
        problems.iter().filter(|problem| problem.code == groma_check::SYNTAX).cloned().collect();
    errors.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    promise_the_rest(&mut errors);
    errors
}

/// Notes at the last of the errors of the text that there may be more to come.
fn promise_the_rest(findings: &mut [Diagnostic]) {
    if let Some(last) = findings.iter_mut().rfind(|finding| finding.code == groma_check::SYNTAX) {
        last.notes.push("other problems are reported once this is fixed".to_owned());
    }
}

/// What was made of the files as they were.
struct Made {
    arch: Architecture,
    /// What is wrong with names.
    unresolved: Vec<Diagnostic>,
    /// What is wrong with the changes that options of choices would make.
    impossible: Vec<Diagnostic>,
    found: Arc<Findings>,
}

struct Entry {
    path: PathBuf,
    source: Arc<Source>,
    parsed: Parsed,
}

/// An open workspace.
pub struct Session {
    places: Places,
    entries: Vec<Entry>,
    /// The facts of the workspace's own, with which all entries are read.
    own_facts: OwnFacts,
    traces: Arc<Traces>,
    signers: Signers,
    /// What is wrong with the files themselves, but for what is missing.
    problems: Vec<Diagnostic>,
    missing: Vec<Missing>,
    /// What is known of the last entries, which are decision records.
    records: Vec<decisions::OfRecord>,
    /// Which words name which state of them.
    states: groma_records::StateTable,
    made: Option<Made>,
}

impl Session {
    /// Reads a workspace: a folder with all `.groma` files below it, or one file, with what they include. What cannot be
    /// read is a problem of the workspace, and the rest is read.
    ///
    /// # Errors
    /// If there is nothing at the path, or no `.groma` file.
    pub fn open(files: &dyn FileSystem, root: &Path) -> Result<Session, OpenError> {
        let is_folder = files.is_folder(root).map_err(|error| cannot_read(root, &error))?;
        let mut found = groma_files(files, root)?;
        if found.is_empty() {
            return Err(OpenError {
                message: format!("there is no `.groma` file in `{}`", root.display()),
                help: Some("`groma init` writes a first one".into()),
            });
        }
        let folder = if is_folder { root } else { folder_of(root) };
        if !is_folder {
            // Wherever it leads, it is what is asked for.
            found.iter_mut().for_each(|one| one.may_be_link = false);
        }
        let mut session = Session {
            places: Places::new(files, folder),
            entries: Vec::new(),
            own_facts: OwnFacts::default(),
            traces: Arc::default(),
            signers: Signers::default(),
            problems: Vec::new(),
            missing: Vec::new(),
            records: Vec::new(),
            states: groma_records::StateTable::default(),
            made: None,
        };
        session.load(files, found);
        session.include(files);
        session.pass_over_the_wrong();
        session.read_traces(files);
        session.read_signers(files, folder);
        session.read_decisions(files, folder, is_folder);
        Ok(session)
    }

    /// Reads the recorded arrivals that loads name.
    fn read_traces(&mut self, files: &dyn FileSystem) {
        let mut read = Traces::default();
        for entry in &self.entries {
            let folder = entry.path.parent().unwrap_or(Path::new(""));
            for (span, target) in texts_of(entry, &class::LOAD, &facts::load::TRACE) {
                let path = folder.join(&target);
                let is_quoted = !self.places.is_foreign(files, &path);
                let wrong = match files.read(&path, FILE_LIMIT) {
                    Ok(bytes) => match traces::parse(&bytes, is_quoted) {
                        Ok(trace) => {
                            read.insert((span.file, target.into()), Arc::new(trace));
                            continue;
                        }
                        Err((message, help)) => (groma_model::decode::WRONG_VALUE, message, help),
                    },
                    Err(error) => {
                        let code =
                            if error.is_refused { groma_check::SYNTAX } else { groma_model::decode::WRONG_VALUE };
                        (code, error.message, "the path is relative to this file")
                    }
                };
                let (code, message, help) = wrong;
                let message = format!("cannot read `{target}`: {message}");
                self.problems.push(Diagnostic::error(code, span, message).help(help));
            }
        }
        self.traces = Arc::new(read);
    }

    /// Reads and decodes files, on all cores when there are many.
    fn load(&mut self, files: &dyn FileSystem, found: Vec<FoundFile>) {
        let first = self.entries.len() as u32;
        let mut sources = Vec::with_capacity(found.len());
        for one in &found {
            let mut source = self.places.source(files, &one.path);
            if one.may_be_link {
                source.is_foreign |= self.places.is_foreign(files, &one.path);
                source.leads_to = Some(self.places.leads_to(files, &one.path));
            }
            match one.text(files, &source.published) {
                Ok(text) => source = source.with_text(text),
                Err(error) => {
                    let start = Span::new(FileId(first + sources.len() as u32), Range::default());
                    let problem = Diagnostic::error(groma_check::SYNTAX, start, error.message);
                    self.problems.push(error.help.into_iter().fold(problem, Diagnostic::help));
                }
            }
            sources.push(Arc::new(source));
        }
        let mut parsed = self.parse_new(&sources, first);
        for (nth, (source, parsed)) in sources.iter_mut().zip(&mut parsed).enumerate() {
            if source.is_foreign && !parsed.errors.is_empty() {
                self.pass_over(FileId(first + nth as u32), source, parsed);
            }
        }
        let together = found.into_iter().zip(sources).zip(parsed);
        self.entries.extend(together.map(|((one, source), parsed)| Entry { path: one.path, source, parsed }));
        self.declare_facts(OwnFacts::declared(self.entries.iter().map(|entry| &entry.parsed.model)));
    }

    /// Parses files that are numbered from `first` on, with the facts that they and those before them declare.
    fn parse_new(&mut self, sources: &[Arc<Source>], first: u32) -> Vec<Parsed> {
        let numbers: Vec<FileId> = (first..first + sources.len() as u32).map(FileId).collect();
        let parsed = parse_all(sources, &numbers, &self.own_facts);
        let models = self.entries.iter().map(|entry| &entry.parsed.model).chain(parsed.iter().map(|one| &one.model));
        let declared = OwnFacts::declared(models);
        if declared == self.own_facts {
            return parsed;
        }
        self.declare_facts(declared);
        parse_all(sources, &numbers, &self.own_facts)
    }

    /// Takes these for the facts of the workspace's own, and reads anew what was read with others. Whether it was.
    fn declare_facts(&mut self, declared: OwnFacts) -> bool {
        let is_new = declared != self.own_facts;
        if is_new {
            self.own_facts = declared;
            let first_record = self.first_record();
            let texts = &mut self.entries[..first_record];
            let sources: Vec<Arc<Source>> = texts.iter().map(|entry| entry.source.clone()).collect();
            let numbers: Vec<FileId> = (0..sources.len() as u32).map(FileId).collect();
            let parsed = parse_all(&sources, &numbers, &self.own_facts);
            texts.iter_mut().zip(parsed).for_each(|(entry, parsed)| entry.parsed = parsed);
        }
        is_new
    }

    /// Leaves out a file from outside of the workspace that is not all Groma's language. Anything may lie there, a password as
    /// well: what would be said of its words is not said.
    fn pass_over(&mut self, file: FileId, source: &mut Arc<Source>, parsed: &mut Parsed) {
        self.problems.retain(|problem| problem.primary.span.file != file);
        self.missing.retain(|missing| missing.error.primary.span.file != file);
        let message = format!("`{}` lies outside of the workspace and has errors", source.published);
        let problem = Diagnostic::error(groma_check::SYNTAX, Span::new(file, Range::default()), message);
        self.problems.push(problem.help("check it on its own: here nothing of it is read or shown"));
        *source = Arc::new(source.with_text(""));
        *parsed = parse(file, source, &self.own_facts);
    }

    /// Leaves out what lies outside of the workspace and says what it may not. That is known once all is read: it may use the facts of what it
    /// includes itself.
    fn pass_over_the_wrong(&mut self) {
        loop {
            let mut is_right = true;
            for at in 0..self.entries.len() {
                let entry = &self.entries[at];
                if entry.source.is_foreign && !entry.parsed.model.problems.is_empty() {
                    let (file, mut source) = (FileId(at as u32), Arc::clone(&entry.source));
                    let mut parsed = parse(file, &source, &self.own_facts);
                    self.pass_over(file, &mut source, &mut parsed);
                    (self.entries[at].source, self.entries[at].parsed) = (source, parsed);
                    is_right = false;
                }
            }
            // Others may have used the facts that it declares.
            let declared = OwnFacts::declared(self.entries.iter().map(|entry| &entry.parsed.model));
            if is_right || !self.declare_facts(declared) {
                return;
            }
        }
    }

    /// Follows `include` nodes until nothing new is named. A file is read once, so circles end by themselves.
    fn include(&mut self, files: &dyn FileSystem) {
        // To ask each file for its identity takes a while where there are many.
        if self.entries.iter().all(|entry| includes(entry).is_empty()) {
            return;
        }
        let mut known: FxHashSet<PathBuf> = self.entries.iter().map(|entry| files.identity(&entry.path)).collect();
        let mut next = 0;
        while next < self.entries.len() {
            let mut new = Vec::new();
            for (span, target) in includes(&self.entries[next]) {
                let folder = self.entries[next].path.parent().unwrap_or(Path::new("")).to_path_buf();
                let path = folder.join(&target);
                if self.places.lies_in(&files.identity(&path)) {
                    let message = format!("cannot include `{target}`: the workspace itself lies in it");
                    let error = Diagnostic::error(UNRESOLVED_NAME, span, message)
                        .help("include the files or folders in it that are meant");
                    self.missing.push(Missing { path: self.places.published(files, &path), error });
                    continue;
                }
                match groma_files_at(files, &path) {
                    Ok(found) => new.extend(found.into_iter().filter(|one| known.insert(files.identity(&one.path)))),
                    Err(error) => {
                        let message = format!("cannot include `{target}`: {}", error.message);
                        let help = "the path is relative to the file it stands in";
                        if error.is_refused {
                            self.problems.push(Diagnostic::error(groma_check::SYNTAX, span, message).help(help));
                            continue;
                        }
                        let error = Diagnostic::error(UNRESOLVED_NAME, span, message).help(help);
                        self.missing.push(Missing { path: self.places.published(files, &path), error });
                    }
                }
            }
            self.load(files, new);
            next += 1;
        }
    }

    /// Puts new text in the place of a file that was read before. Whether all is then as if the workspace were opened anew. If not,
    /// open it: the file was not read before, or names other files now, or something was wrong with those that it names.
    pub fn set_text(&mut self, shown_path: &str, text: impl Into<Arc<str>>) -> bool {
        let Some(at) = self.entries.iter().position(|entry| entry.source.path == shown_path) else { return false };
        if at >= self.first_record() {
            self.set_record(at, text.into());
            return false;
        }
        let file = FileId(at as u32);
        let source = Arc::new(self.entries[at].source.with_text(text));
        let parsed = parse(file, &source, &self.own_facts);
        let targets = |entry: &Entry| -> Vec<String> {
            let traces = texts_of(entry, &class::LOAD, &facts::load::TRACE);
            let folders = texts_of(entry, &class::WORKSPACE, &facts::workspace::DECISIONS);
            includes(entry).into_iter().chain(traces).chain(folders).map(|(_, target)| target).collect()
        };
        let before = targets(&self.entries[at]);
        self.entries[at].parsed = parsed;
        self.entries[at].source = source;
        let declared = OwnFacts::declared(self.entries.iter().map(|entry| &entry.parsed.model));
        let made = self.made.take();
        self.made = if self.declare_facts(declared) { None } else { made.and_then(|made| self.remake(made, at)) };
        let mut wrong = self.problems.iter().chain(self.missing.iter().map(|one| &one.error));
        targets(&self.entries[at]) == before && wrong.all(|problem| problem.primary.span.file != file)
    }

    /// Brings what was made up to date after one file has changed, if its names have not.
    pub(crate) fn remake(&self, made: Made, at: usize) -> Option<Made> {
        let file = FileId(at as u32);
        // A finding about names that points into the file would point to the wrong place.
        let points_here = |finding: &Diagnostic| {
            finding.primary.span.file == file || finding.secondary.iter().any(|label| label.span.file == file)
        };
        if made.unresolved.iter().any(points_here) {
            return None;
        }
        let same_numbers = made.arch.has_same_numbers(&self.entries[at].parsed.model);
        let arch = made.arch.with_file(self.entries[at].parsed.model.clone())?;
        let found = Arc::try_unwrap(made.found).unwrap_or_else(|shared| (*shared).clone());
        let found = groma_check::rerun(&arch, found, file, same_numbers);
        let impossible = self.impossible_changes(&arch);
        Some(Made { arch, unresolved: made.unresolved, impossible, found: Arc::new(found) })
    }

    fn make(&self) -> Made {
        read_catalogue_meanwhile(self.entries.len());
        let (mut arch, unresolved) = link(self.entries.iter().map(|entry| entry.parsed.model.clone()).collect());
        (arch.traces, arch.signers) = (self.traces.clone(), self.signers.clone());
        let found = Arc::new(groma_check::run(&arch));
        let impossible = self.impossible_changes(&arch);
        Made { arch, unresolved, impossible, found }
    }

    /// The workspace as it is now.
    pub fn snapshot(&mut self) -> Snapshot {
        let made = match self.made.take() {
            Some(made) => made,
            None => self.make(),
        };
        let mut sources = Sources::default();
        let mut problems = self.problems.clone();
        problems.extend(self.missing.iter().map(|one| one.error.clone()));
        for entry in &self.entries {
            sources.add(entry.source.clone());
            problems.extend(entry.parsed.errors.iter().chain(&entry.parsed.model.problems).cloned());
        }
        // What cannot be read on a line explains what means nothing there.
        let is_explained = |problem: &&Diagnostic| {
            let entry = &self.entries[problem.primary.span.file.index()];
            entry.parsed.errors.iter().any(|error| same_line(&entry.source.text, error, problem))
        };
        problems.extend(made.unresolved.iter().filter(|problem| !is_explained(problem)).cloned());
        let is_broken = self.entries.iter().any(|entry| entry.parsed.is_broken);
        problems.extend(made.impossible.iter().cloned());
        let is_incomplete = self.problems.iter().any(|problem| problem.code == groma_check::SYNTAX);
        let (arch, found) = (made.arch.clone(), made.found.clone());
        let (missing, first_record) = (self.missing.clone(), FileId(self.first_record() as u32));
        let snapshot = Snapshot { sources, arch, problems, found, is_broken, is_incomplete, missing, first_record };
        self.made = Some(made);
        snapshot
    }
}

/// The paths that a file includes, with where they are named.
fn includes(entry: &Entry) -> Vec<(Span, String)> {
    texts_of(entry, &class::INCLUDE, &facts::include::PATH)
}

fn cannot_read(path: &Path, error: &FileError) -> OpenError {
    OpenError { message: format!("cannot read `{}`: {}", path.display(), error.message), help: None }
}

/// A file that was found, or a folder whose files were not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundFile {
    /// Where it is.
    pub path: PathBuf,
    /// Why the folder at the path cannot be listed; `None` for a file.
    pub unlisted: Option<FileError>,
    may_be_link: bool,
}

impl FoundFile {
    /// The text of the file, which messages call `shown`.
    ///
    /// # Errors
    /// If it cannot be read, or is no text.
    pub fn text(&self, files: &dyn FileSystem, shown: &str) -> Result<String, OpenError> {
        let about =
            |error: FileError| OpenError { message: format!("cannot read `{shown}`: {}", error.message), help: None };
        match &self.unlisted {
            Some(error) => Err(about(error.clone())),
            None => decode_text(shown, files.read(&self.path, FILE_LIMIT).map_err(about)?),
        }
    }
}

/// The file at a path, or all `.groma` files below the folder there in the order of their paths. Hidden files and
/// folders are passed over, as are links to what is read anyway.
///
/// # Errors
/// If there is nothing at the path.
pub fn groma_files(files: &dyn FileSystem, path: &Path) -> Result<Vec<FoundFile>, OpenError> {
    groma_files_at(files, path).map_err(|error| cannot_read(path, &error))
}

fn groma_files_at(files: &dyn FileSystem, path: &Path) -> Result<Vec<FoundFile>, FileError> {
    if !files.is_folder(path)? {
        return Ok(vec![FoundFile { path: path.to_path_buf(), unlisted: None, may_be_link: true }]);
    }
    let mut found = Vec::new();
    collect(files, path, &mut found);
    if found.iter().any(|one| one.may_be_link) {
        let own: FxHashSet<PathBuf> =
            found.iter().filter(|one| !one.may_be_link).map(|one| files.identity(&one.path)).collect();
        found.retain(|one| !one.may_be_link || !own.contains(&files.identity(&one.path)));
    }
    Ok(found)
}

fn collect(files: &dyn FileSystem, folder: &Path, found: &mut Vec<FoundFile>) {
    let mut entries = match files.list(folder) {
        Ok(entries) => entries,
        Err(error) => {
            return found.push(FoundFile { path: folder.to_path_buf(), unlisted: Some(error), may_be_link: false });
        }
    };
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in entries {
        if entry.name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = folder.join(&entry.name);
        if entry.is_folder {
            collect(files, &path, found);
        } else if Reader::of(&path).is_some() {
            found.push(FoundFile { path, unlisted: None, may_be_link: entry.is_link });
        }
    }
}

#[cfg(test)]
mod tests;
