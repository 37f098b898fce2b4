//! Files in, snapshot out. The only place that reads files, and the only cache: each file is read and
//! decoded once for each of its contents; names are linked anew, which is cheap.

mod change;
mod files;
mod traces;

use groma_base::{Diagnostic, FileId, Range, Source, Sources, Span};
use groma_check::Findings;
use groma_model::decode::{FileModel, Item, Value, decode};
use groma_model::schema::{Fact, Role};
use groma_model::{Architecture, Traces, kinds, link};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use change::{Change, change, set_fact};
pub use files::{DirectoryEntry, FileError, Files, MemoryFiles, OsFiles, describe};

/// The largest file that is read as part of a workspace, in bytes.
pub const FILE_LIMIT: u64 = 64_000_000;

/// At most this many errors of the text are kept of one file.
const MOST_ERRORS: usize = 100;

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
    /// What is wrong with the text and its names.
    pub problems: Vec<Diagnostic>,
    found: Arc<Findings>,
    /// Whether a file could not be read, or it is open what stands in what.
    is_broken: bool,
}

impl Snapshot {
    /// All findings: what is wrong with the text, and what the rules find. `today` is `YYYY-MM-DD`. Where a brace or a
    /// whole file is missing, nearly everything else would be its consequence: then only that is told.
    pub fn findings(&self, today: &str) -> Vec<Diagnostic> {
        if self.is_broken {
            let mut errors: Vec<Diagnostic> =
                self.problems.iter().filter(|problem| problem.code == groma_check::SYNTAX).cloned().collect();
            errors.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
            if let Some(last) = errors.last_mut() {
                last.notes.push("what else may be wrong is told once this is mended".to_owned());
            }
            return errors;
        }
        groma_check::finish(&self.arch, &self.found, self.problems.clone(), today)
    }
}

/// What was made of the files as they were.
struct Made {
    arch: Architecture,
    /// What is wrong with names.
    unresolved: Vec<Diagnostic>,
    found: Arc<Findings>,
}

struct Parsed {
    model: Arc<FileModel>,
    errors: Vec<Diagnostic>,
    /// Whether it is open what stands in what.
    is_broken: bool,
}

struct Entry {
    path: PathBuf,
    source: Arc<Source>,
    parsed: Parsed,
}

/// An open workspace.
pub struct Session {
    entries: Vec<Entry>,
    traces: Arc<Traces>,
    problems: Vec<Diagnostic>,
    made: Option<Made>,
}

impl Session {
    /// Reads a workspace: a folder with all `.groma` files below it, or one file, with what they include.
    ///
    /// # Errors
    /// If the path cannot be read, holds no `.groma` file, or a file in it cannot be read as text.
    pub fn open(files: &dyn Files, root: &Path) -> Result<Session, OpenError> {
        let is_folder = files.is_folder(root).map_err(|error| cannot_read(root, &error))?;
        let paths = groma_files(files, root)?;
        if paths.is_empty() {
            return Err(OpenError {
                message: format!("there is no `.groma` file in `{}`", root.display()),
                help: Some("`groma init` writes a first one".into()),
            });
        }
        let base = if is_folder { root.to_path_buf() } else { PathBuf::new() };
        if let (false, [only]) = (is_folder, paths.as_slice()) {
            read(files, only)?;
        }
        let mut session = Session { entries: Vec::new(), traces: Arc::default(), problems: Vec::new(), made: None };
        session.load(files, &base, paths);
        session.include(files, &base);
        session.read_traces(files);
        Ok(session)
    }

    /// Reads the recorded arrivals that loads name.
    fn read_traces(&mut self, files: &dyn Files) {
        let mut read = Traces::default();
        for entry in &self.entries {
            let folder = entry.path.parent().unwrap_or(Path::new(""));
            for (span, target) in texts_of(entry, Role::Load, &kinds::TRACE) {
                match traces::read(files, &folder.join(&target)) {
                    Ok(trace) => drop(read.insert((span.file, target.into()), Arc::new(trace))),
                    Err((message, help)) => {
                        let message = format!("cannot read `{target}`: {message}");
                        self.problems
                            .push(Diagnostic::error(groma_model::decode::WRONG_VALUE, span, message).help(help));
                    }
                }
            }
        }
        self.traces = Arc::new(read);
    }

    /// Reads and decodes files, on all cores when there are many.
    fn load(&mut self, files: &dyn Files, base: &Path, paths: Vec<PathBuf>) {
        let first = self.entries.len() as u32;
        let mut sources = Vec::with_capacity(paths.len());
        for path in &paths {
            let text = read(files, path).unwrap_or_else(|error| {
                let start = Span::new(FileId(first + sources.len() as u32), Range::default());
                let problem = Diagnostic::error(groma_check::SYNTAX, start, error.message);
                self.problems.push(error.help.into_iter().fold(problem, Diagnostic::help));
                "".into()
            });
            sources.push(Arc::new(Source::new(shown(base, path), text)));
        }
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let parsed = if sources.len() < 8 || threads == 1 {
            sources.iter().enumerate().map(|(at, source)| parse(FileId(first + at as u32), source)).collect()
        } else {
            parse_in_parallel(&sources, first, threads)
        };
        let together = paths.into_iter().zip(sources).zip(parsed);
        self.entries.extend(together.map(|((path, source), parsed)| Entry { path, source, parsed }));
    }

    /// Follows `include` nodes until nothing new is named. A file is read once, so circles end by themselves.
    fn include(&mut self, files: &dyn Files, base: &Path) {
        // To ask each file for its identity takes a while where there are many.
        if self.entries.iter().all(|entry| includes(entry).is_empty()) {
            return;
        }
        let mut known: FxHashMap<PathBuf, ()> =
            self.entries.iter().map(|entry| (files.identity(&entry.path), ())).collect();
        let mut next = 0;
        while next < self.entries.len() {
            let mut new = Vec::new();
            for (span, target) in includes(&self.entries[next]) {
                let folder = self.entries[next].path.parent().unwrap_or(Path::new("")).to_path_buf();
                let path = folder.join(&target);
                match groma_files(files, &path) {
                    Ok(found) => {
                        new.extend(found.into_iter().filter(|path| known.insert(files.identity(path), ()).is_none()))
                    }
                    Err(error) => {
                        let message = format!("cannot include `{target}`: {}", error.message);
                        self.problems.push(
                            Diagnostic::error("unresolved-name", span, message)
                                .help("the path is relative to the file it stands in"),
                        );
                    }
                }
            }
            self.load(files, base, new);
            next += 1;
        }
    }

    /// Puts new text in the place of a file that was read before. Whether that could be done: if the file was not
    /// read before, or includes other files now, the workspace must be opened anew.
    pub fn set_text(&mut self, shown_path: &str, text: impl Into<Arc<str>>) -> bool {
        let Some(at) = self.entries.iter().position(|entry| entry.source.path == shown_path) else { return false };
        let file = FileId(at as u32);
        let source = Arc::new(Source::new(shown_path, text));
        let parsed = parse(file, &source);
        let targets = |entry: &Entry| -> Vec<String> {
            let traces = texts_of(entry, Role::Load, &kinds::TRACE);
            includes(entry).into_iter().chain(traces).map(|(_, target)| target).collect()
        };
        let before = targets(&self.entries[at]);
        self.entries[at].parsed = parsed;
        self.entries[at].source = source;
        self.made = self.made.take().and_then(|made| self.remake(made, at));
        targets(&self.entries[at]) == before && self.problems.iter().all(|problem| problem.primary.span.file != file)
    }

    /// Brings what was made up to date after one file has changed, if its names have not.
    fn remake(&self, made: Made, at: usize) -> Option<Made> {
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
        Some(Made { arch, unresolved: made.unresolved, found: Arc::new(found) })
    }

    fn make(&self) -> Made {
        let (mut arch, unresolved) = link(self.entries.iter().map(|entry| entry.parsed.model.clone()).collect());
        arch.traces = self.traces.clone();
        let found = Arc::new(groma_check::run(&arch));
        Made { arch, unresolved, found }
    }

    /// The workspace as it is now.
    pub fn snapshot(&mut self) -> Snapshot {
        let made = match self.made.take() {
            Some(made) => made,
            None => self.make(),
        };
        let mut sources = Sources::default();
        let mut problems = self.problems.clone();
        for entry in &self.entries {
            sources.add(entry.source.clone());
            problems.extend(entry.parsed.errors.iter().chain(&entry.parsed.model.problems).cloned());
        }
        // What cannot be read on a line explains what means nothing there.
        let is_explained = |problem: &&Diagnostic| {
            let entry = &self.entries[problem.primary.span.file.0 as usize];
            entry.parsed.errors.iter().any(|error| same_line(&entry.source.text, error, problem))
        };
        problems.extend(made.unresolved.iter().filter(|problem| !is_explained(problem)).cloned());
        let is_broken = self.entries.iter().any(|entry| entry.parsed.is_broken)
            || self.problems.iter().any(|problem| problem.code == groma_check::SYNTAX);
        let snapshot = Snapshot { sources, arch: made.arch.clone(), problems, found: made.found.clone(), is_broken };
        self.made = Some(made);
        snapshot
    }
}

fn parse_in_parallel(sources: &[Arc<Source>], first: u32, threads: usize) -> Vec<Parsed> {
    let share = sources.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let work: Vec<_> = sources
            .chunks(share)
            .enumerate()
            .map(|(chunk, sources)| {
                let first = first + (chunk * share) as u32;
                scope.spawn(move || {
                    let numbered = sources.iter().enumerate();
                    numbered.map(|(at, source)| parse(FileId(first + at as u32), source)).collect::<Vec<_>>()
                })
            })
            .collect();
        work.into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn parse(file: FileId, source: &Source) -> Parsed {
    let (tree, errors) = groma_syntax::parse(source.text.clone());
    let mut model = decode(file, &tree);
    if !errors.is_empty() {
        let mut places: Vec<u32> = errors.iter().map(|error| error.range.start).collect();
        places.sort_unstable();
        model.problems.retain(|problem| !follows_from(problem, &places, &source.text));
    }
    let count = errors.len();
    let is_broken = errors.iter().any(groma_syntax::SyntaxError::breaks_nesting);
    let mut found: Vec<Diagnostic> =
        errors.into_iter().take(MOST_ERRORS).map(|error| to_diagnostic(file, error)).collect();
    if let (true, Some(last)) = (count > MOST_ERRORS, found.last_mut()) {
        last.notes.push(format!("{} more errors in this file are not shown", count - MOST_ERRORS));
    }
    Parsed { model: Arc::new(model), errors: found, is_broken }
}

/// Whether what was not understood is likely a consequence of a text that cannot be read: it is on the same line,
/// or it only stands in the wrong place, as all does after a missing brace. `errors` are the places of what cannot be
/// read, in order.
fn follows_from(problem: &Diagnostic, errors: &[u32], text: &str) -> bool {
    let at = problem.primary.span.range.start as usize;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let first = errors.partition_point(|error| (*error as usize) < start);
    let is_on_the_line = errors.get(first).is_some_and(|error| *error as usize <= end);
    problem.code == groma_model::decode::MISPLACED || is_on_the_line
}

/// Whether two findings of one text begin on the same line.
fn same_line(text: &str, a: &Diagnostic, b: &Diagnostic) -> bool {
    let (a, b) = (a.primary.span.range.start as usize, b.primary.span.range.start as usize);
    text.get(a.min(b)..a.max(b)).is_some_and(|between| !between.contains('\n'))
}

fn to_diagnostic(file: FileId, error: groma_syntax::SyntaxError) -> Diagnostic {
    let finding = Diagnostic::error("syntax", Span::new(file, error.range), error.message).help(error.help);
    match error.related {
        Some((range, message)) => finding.secondary(Span::new(file, range), message),
        None => finding,
    }
}

/// The paths that a file includes, with where they are named.
fn includes(entry: &Entry) -> Vec<(Span, String)> {
    texts_of(entry, Role::Include, &kinds::INCLUDE_PATH)
}

/// The texts of a fact of the nodes of a role that are not broken, with where they stand.
fn texts_of(entry: &Entry, role: Role, fact: &'static Fact) -> Vec<(Span, String)> {
    let model = &entry.parsed.model;
    let broken = |item: &Item| {
        entry.parsed.errors.iter().any(|error| {
            item.head.start <= error.primary.span.range.end && error.primary.span.range.start <= item.head.end
        })
    };
    let nodes = model.items.iter().filter(|item| item.kind.role == role && !broken(item));
    nodes
        .flat_map(|item| model.facts_of(item))
        .filter(|value| std::ptr::eq(value.fact, fact))
        .filter_map(|value| match &value.value {
            Value::Text(text) => Some((Span::new(model.file, value.range), model.text(text).to_owned())),
            _ => None,
        })
        .collect()
}

fn read(files: &dyn Files, path: &Path) -> Result<Arc<str>, OpenError> {
    let bytes = files.read(path, FILE_LIMIT).map_err(|error| cannot_read(path, &error))?;
    decode_text(&path.display().to_string(), bytes).map(Into::into)
}

/// The text in these bytes.
///
/// # Errors
/// If they are not UTF-8; the error says where, and what they seem to be.
pub fn decode_text(shown: &str, bytes: Vec<u8>) -> Result<String, OpenError> {
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let valid = error.utf8_error().valid_up_to();
        let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        let (what, help) = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("UTF-16 text".to_owned(), "save the file as UTF-8"),
            _ if bytes[..bytes.len().min(4096)].contains(&0) => ("not a text".to_owned(), "name a text file"),
            _ => {
                (format!("not UTF-8 text: byte {valid}, on line {line}, begins no character"), "save the file as UTF-8")
            }
        };
        OpenError { message: format!("`{shown}` is {what}"), help: Some(help.into()) }
    })
}

fn cannot_read(path: &Path, error: &FileError) -> OpenError {
    OpenError { message: format!("cannot read `{}`: {}", path.display(), error.message), help: None }
}

fn shown(base: &Path, path: &Path) -> String {
    let relative = if base == Path::new(".") { path.strip_prefix(base).unwrap_or(path) } else { path };
    relative.to_string_lossy().replace('\\', "/")
}

/// The file at a path, or all `.groma` files below the folder there in the order of their paths. Hidden files and
/// folders are passed over, as are links to what is read anyway.
///
/// # Errors
/// If there is nothing at the path, or a folder cannot be listed.
pub fn groma_files(files: &dyn Files, path: &Path) -> Result<Vec<PathBuf>, OpenError> {
    if !files.is_folder(path).map_err(|error| cannot_read(path, &error))? {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    collect(files, path, &mut found)?;
    if found.iter().any(|(_, is_link)| *is_link) {
        let own: Vec<PathBuf> =
            found.iter().filter(|(_, is_link)| !is_link).map(|(path, _)| files.identity(path)).collect();
        found.retain(|(path, is_link)| !is_link || !own.contains(&files.identity(path)));
    }
    Ok(found.into_iter().map(|(path, _)| path).collect())
}

fn collect(files: &dyn Files, folder: &Path, found: &mut Vec<(PathBuf, bool)>) -> Result<(), OpenError> {
    let mut entries = files.list(folder).map_err(|error| cannot_read(folder, &error))?;
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in entries {
        if entry.name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = folder.join(&entry.name);
        if entry.is_folder {
            collect(files, &path, found)?;
        } else if entry.name.as_encoded_bytes().ends_with(b".groma") {
            found.push((path, entry.is_link));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(pairs: &[(&str, &str)], root: &str) -> Result<Session, OpenError> {
        Session::open(&MemoryFiles::new(pairs), Path::new(root))
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_paths_and_names_cross_files() {
        let mut session = open(
            &[
                ("w/b.groma", "a -> b \"Uses\""),
                ("w/a/x.groma", "person a \"A\""),
                ("w/c.groma", "system b \"B\""),
                ("w/no.txt", "{"),
            ],
            "w",
        )
        .unwrap();
        let snapshot = session.snapshot();
        let paths: Vec<&str> = snapshot.sources.iter().map(|(_, source)| source.path.as_str()).collect();
        assert_eq!(paths, ["w/a/x.groma", "w/b.groma", "w/c.groma"]);
        assert_eq!(snapshot.problems, []);
        assert_eq!(snapshot.arch.relations.len(), 1);
    }

    #[test]
    fn includes_are_followed_once_even_in_circles() {
        let mut session = open(
            &[("w/a.groma", "include \"../s/b.groma\""), ("s/b.groma", "include \"../w/a.groma\"\nsystem b \"B\"")],
            "w",
        )
        .unwrap();
        assert_eq!(session.snapshot().arch.elements.len(), 1);
        let missing = open(&[("w/a.groma", "include \"nowhere.groma\"")], "w").unwrap().snapshot();
        assert!(missing.problems[0].message.starts_with("cannot include `nowhere.groma`"), "{:?}", missing.problems);
    }

    #[test]
    fn a_changed_text_gives_what_a_fresh_reading_gives() {
        let mut session = open(&[("w/a.groma", "person a \"A\""), ("w/b.groma", "a -> b \"Uses\"")], "w").unwrap();
        assert_eq!(session.snapshot().problems.len(), 1);
        assert!(session.set_text("w/a.groma", "person a \"A\"\nsystem b \"B\""));
        assert_eq!(session.snapshot().problems, []);
        assert!(!session.set_text("w/nowhere.groma", ""));
    }

    #[test]
    fn what_cannot_be_opened_says_why() {
        let error = open(&[("w/readme.md", "")], "w").err().unwrap();
        assert_eq!(error.message, "there is no `.groma` file in `w`");
        assert!(open(&[("w/a.groma", "")], "elsewhere").is_err());
    }

    #[test]
    fn recorded_arrivals_are_read_and_what_is_wrong_with_them_told() {
        let load = |path: &str| format!("flow f \"F\"\nload l \"L\" {{ trace \"{path}\" }}");
        let text = load("t.csv");
        let csv = "time,flow\r\n# a comment\n12.5,f\n 11.5 , g\n\n13,f\n";
        let snapshot = open(&[("w/a.groma", &text), ("w/t.csv", csv)], "w").unwrap().snapshot();
        assert_eq!(snapshot.problems, []);
        let trace = snapshot.arch.trace(snapshot.arch.records[0].at).unwrap();
        assert_eq!(trace.arrivals, [(0.0, Some(1)), (1.0, Some(0)), (1.5, Some(0))]);
        assert_eq!(*trace.flows, [Box::from("f"), Box::from("g")]);
        let told = |csv: &str, path: &str| {
            let text = load(path);
            let mut session = open(&[("w/a.groma", &text), ("w/t.csv", csv)], "w").unwrap();
            session.snapshot().problems[0].message.clone()
        };
        assert!(told("", "no.csv").starts_with("cannot read `no.csv`"));
        assert!(
            told("1\n2\nx,f\nNaN\ninf\n-\n", "t.csv").contains("line 3: `x`, line 4: `NaN`, line 5: `inf` and 1 more")
        );
        assert!(told("time\n", "t.csv").contains("no arrival"));
        assert!(told("time\n7\n", "t.csv").contains("only one arrival"));
    }
}
