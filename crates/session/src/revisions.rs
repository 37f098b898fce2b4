//! A workspace as it was: the files of a git revision, read without touching the work tree. Nothing here starts a process: whoever
//! may hands over a [`Git`].

use crate::files::normal_within;
use crate::places::shown_from;
use crate::reader::Reader;
use crate::{DirectoryEntry, FILE_LIMIT, FileError, FileSystem, OpenError, Session, Snapshot};
use groma_base::{Place, may_mean};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Runs git.
pub trait Git {
    /// Runs it in a folder with these arguments, and with this on its standard input.
    ///
    /// # Errors
    /// If it cannot be started or does not end well by itself; the text says why.
    fn run(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Answered, String>;
}

/// What git said.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// Whether it says that all went well.
    pub is_well: bool,
    /// Its answer.
    pub output: Vec<u8>,
    /// What it complains of.
    pub complaint: String,
}

/// So many links lead one to the other at most.
const MOST_LINKS: usize = 10;

/// A repository that git knows.
struct Repository<'a> {
    git: &'a dyn Git,
    /// Its root.
    root: PathBuf,
}

/// A workspace as it was.
#[derive(Clone, Debug)]
pub struct Revision {
    /// What it says.
    pub snapshot: Snapshot,
    /// What lies in its folder and was not read, each with the reason.
    pub passed_over: Vec<String>,
    /// The files that were read of which no revision holds any state, as they stand outside of the repository, are of another one that
    /// lies in it, or are ignored: they are as they are today.
    pub from_today: BTreeSet<String>,
}

/// Reads the workspace at a path as it was in a git revision of the repository around it, and what it names outside of that as it is
/// today. A submodule is read as it was, if it holds that commit. The paths that it shows begin with the revision, if it holds them: `HEAD:shop/shop.groma`.
///
/// # Errors
/// If there is no git, no repository, no such revision, or no workspace in it; each says what to do.
pub fn open_revision(
    git: &dyn Git,
    files: &dyn FileSystem,
    workspace: &Path,
    revision: &str,
) -> Result<Revision, OpenError> {
    let (repository, path) = Repository::around(git, files, workspace).map_err(|error| {
        let message = format!("`{revision}` is no folder and no `.groma` file, and {}", error.message);
        OpenError { message, ..error }
    })?;
    let tree = repository.tree(revision)?;
    let tree_files = TreeFiles::read(&repository, files, &tree, (&path, revision))?;
    let shown = if path == Path::new("") { "the workspace".to_owned() } else { format!("`{}`", path.display()) };
    if tree_files.is_folder(&path).is_err() {
        let help = "it came later or stood elsewhere then: name a later revision, or a folder";
        return Err(problem(format!("{shown} is not in `{revision}`"), help));
    }
    let root = if path == Path::new("") { Path::new(".") } else { &path };
    let mut session = Session::open(&tree_files, root)
        .map_err(|error| problem(format!("{} in `{revision}`", error.message), "name another revision, or a folder"))?;
    let mut snapshot = session.snapshot();
    let here = files.here();
    let from_today: BTreeSet<String> =
        tree_files.from_today.take().iter().map(|path| shown_from(&here, path)).collect();
    name_sources(&mut snapshot, revision, &from_today);
    Ok(Revision { snapshot, passed_over: tree_files.passed_over, from_today })
}

/// Has the paths that are shown begin with the revision that holds them, as git writes them.
fn name_sources(snapshot: &mut Snapshot, revision: &str, from_today: &BTreeSet<String>) {
    let files: Vec<_> = snapshot.sources.iter().map(|(id, source)| (id, source.clone())).collect();
    for (id, source) in files.into_iter().filter(|(_, source)| !from_today.contains(&source.path)) {
        let Place::InRepository(path) = &source.place else { continue };
        let mut named = source.with_text(source.text.clone());
        named.path = format!("{revision}:{path}");
        snapshot.sources.replace(id, named.into());
    }
}

fn problem(message: impl Into<String>, help: impl Into<String>) -> OpenError {
    OpenError { message: message.into(), help: Some(help.into()) }
}

impl<'a> Repository<'a> {
    /// The repository around a path, and the path from its root.
    fn around(git: &'a dyn Git, files: &dyn FileSystem, path: &Path) -> Result<(Repository<'a>, PathBuf), OpenError> {
        // What is not there now may have been there.
        let is_folder = |path: &Path| files.is_folder(path) == Ok(true);
        let whole = files.identity(path);
        let folder = whole.ancestors().find(|folder| is_folder(folder)).unwrap_or(Path::new("."));
        let inside = whole.strip_prefix(folder).unwrap_or(Path::new(""));
        let answered = run(git, folder, &["rev-parse", "--show-toplevel", "--show-prefix"], b"")?;
        if !answered.is_well {
            let help = "name two folders or `.groma` files to compare, or run `git init` and commit";
            if answered.complaint.contains("not a git repository") {
                return Err(problem(format!("`{}` is in no git repository", path.display()), help));
            }
            let message = format!("git cannot use the repository of `{}`: {}", path.display(), first_line(&answered));
            return Err(problem(message, "make `git status` work there first, or name two folders"));
        }
        let text = text_of(&answered.output)?;
        let (root, prefix) = text.split_once('\n').unwrap_or((text, ""));
        let prefix = Path::new(prefix.trim_end_matches(['\n', '/']));
        let path = prefix.components().chain(inside.components()).collect();
        Ok((Repository { git, root: PathBuf::from(root) }, path))
    }

    /// The tree of a revision.
    fn tree(&self, revision: &str) -> Result<String, OpenError> {
        let asked = format!("{revision}^{{tree}}");
        // What begins like an option would be one.
        if !revision.is_empty() && !revision.starts_with('-') {
            let answered = self.run(&["rev-parse", "--verify", "--quiet", &asked], b"")?;
            if answered.is_well {
                return Ok(text_of(&answered.output)?.trim().to_owned());
            }
        }
        let known = self.run(&["for-each-ref", "--format=%(refname:short)"], b"")?;
        let known: Vec<&str> = text_of(&known.output)?.lines().collect();
        let message = format!("there is no revision `{revision}` in `{}`, nor such a folder", self.root.display());
        let help = match may_mean(revision, known) {
            Some(near) => near,
            None if revision == "HEAD" => "nothing is committed yet: commit first, or name two folders".to_owned(),
            None => "name a commit, branch or tag (`git fetch` brings what is only elsewhere), or a folder".to_owned(),
        };
        Err(problem(message, help))
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Answered, OpenError> {
        run(self.git, &self.root, arguments, input)
    }

    /// All files of a tree or commit.
    fn listing(&self, tree: &str) -> Result<Answered, OpenError> {
        self.run(&["ls-tree", "-rlz", "--full-tree", tree], b"")
    }

    /// The contents of objects, in their order.
    fn contents(&self, objects: &[&str]) -> Result<Vec<Vec<u8>>, OpenError> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let input = objects.join("\n") + "\n";
        let answered = self.run(&["cat-file", "--batch"], input.as_bytes())?;
        let mut rest = &answered.output[..];
        let mut found = Vec::with_capacity(objects.len());
        for object in objects {
            let unreadable = || {
                let why = first_line(&answered);
                let why = if why.is_empty() { "it is not there" } else { why };
                let help = "a part of the history is missing: run `git fetch --refetch`, or name another revision";
                problem(format!("git cannot read the object {object}: {why}"), help)
            };
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(unreadable)?;
            let head = text_of(&rest[..end])?;
            let size: usize = head.rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(unreadable)?;
            let content = rest.get(end + 1..end + 1 + size).ok_or_else(unreadable)?;
            found.push(content.to_vec());
            rest = rest.get(end + size + 2..).unwrap_or(&[]);
        }
        Ok(found)
    }
}

fn run(git: &dyn Git, folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Answered, OpenError> {
    git.run(folder, arguments, input).map_err(|why| {
        let help = "install git (https://git-scm.com) so that `git --version` works, or name two folders to compare";
        problem(format!("git cannot be run: {why}"), help)
    })
}

fn first_line(answered: &Answered) -> &str {
    answered.complaint.lines().next().unwrap_or("it does not say why").trim_start_matches("fatal: ")
}

fn text_of(bytes: &[u8]) -> Result<&str, OpenError> {
    std::str::from_utf8(bytes).map_err(|_| {
        problem("the path of the repository is not UTF-8 text", "name two folders to compare instead of a revision")
    })
}

/// An object that git holds, in the repository or in the submodule at this path from its root.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Object {
    within: Rc<Path>,
    name: Rc<str>,
}

/// A file of a revision.
#[derive(Clone, Debug)]
enum Entry {
    /// Its object, how large that is, and whether it is reached through a link.
    File { object: Object, size: u64, is_link: bool },
    /// A link to a file outside of the repository.
    LinkOut(PathBuf),
    /// A link that leads to no file.
    DeadLink,
}

/// Where something lies.
enum Location {
    /// In the repository, at this path from its root.
    Inside(PathBuf),
    /// Where no revision holds anything, at this whole path.
    Outside(PathBuf),
}

/// The files of a revision, by their paths from the root of the repository, and those that no revision holds as they are today. What is not
/// asked for is not read.
struct TreeFiles<'a> {
    repository: &'a Repository<'a>,
    /// The files as they are today.
    today: &'a dyn FileSystem,
    /// The files of today that were read.
    from_today: RefCell<BTreeSet<PathBuf>>,
    entries: BTreeMap<PathBuf, Entry>,
    read: RefCell<BTreeMap<Object, Vec<u8>>>,
    /// Whether git ignores what the revision does not have.
    ignored: RefCell<BTreeMap<PathBuf, bool>>,
    /// Where links lead.
    links: BTreeMap<PathBuf, PathBuf>,
    /// What lies in the workspace and is not read, each with the reason.
    passed_over: Vec<String>,
}

impl<'a> TreeFiles<'a> {
    /// Lists a tree, and reads what a workspace in it is made of.
    fn read(
        repository: &'a Repository<'a>,
        today: &'a dyn FileSystem,
        tree: &str,
        (workspace, revision): (&Path, &str),
    ) -> Result<Self, OpenError> {
        let answered = repository.listing(tree)?;
        if !answered.is_well {
            let message = format!("git cannot list `{revision}`: {}", first_line(&answered));
            return Err(problem(message, "run `git fsck`, or name another revision"));
        }
        let mut files = TreeFiles {
            repository,
            today,
            from_today: RefCell::default(),
            entries: BTreeMap::new(),
            read: RefCell::default(),
            ignored: RefCell::default(),
            links: BTreeMap::new(),
            passed_over: Vec::new(),
        };
        let mut links = Vec::new();
        for (path, commit) in files.list_tree(&answered.output, Path::new(""), workspace, &mut links) {
            let own = files.submodule(&path);
            let is_meant = own.is_some() || path.starts_with(workspace);
            let listing = own.map_or(Ok(Answered::default()), |own| own.listing(&commit))?;
            if listing.is_well {
                // What lies deeper is passed over.
                files.list_tree(&listing.output, &path, workspace, &mut links);
            } else if is_meant {
                let path = path.display();
                let why = format!(
                    "`{path}` is a submodule without the commit {commit} (`git submodule update --init` brings it)"
                );
                files.passed_over.push(why);
            }
        }
        files.follow(links, workspace)?;
        let wanted = files.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::File { object, size, .. } if *size <= FILE_LIMIT => {
                (Reader::of(path).is_some() && path.starts_with(workspace)).then(|| object.clone())
            }
            Entry::File { .. } | Entry::LinkOut(_) | Entry::DeadLink => None,
        });
        let wanted: Vec<Object> = wanted.collect();
        files.fetch(&wanted)?;
        Ok(files)
    }

    /// Takes what a tree lists at a path; links are added to those to follow. The submodules in it, each with its commit.
    fn list_tree(
        &mut self,
        listing: &[u8],
        at: &Path,
        workspace: &Path,
        links: &mut Vec<(PathBuf, Object)>,
    ) -> Vec<(PathBuf, String)> {
        let (within, mut submodules): (Rc<Path>, _) = (at.into(), Vec::new());
        for line in listing.split(|byte| *byte == 0) {
            match listed(line) {
                Some(Listed::File { path, mode, object, size }) => {
                    let (path, object) = (at.join(path), Object { within: within.clone(), name: object.into() });
                    if mode == "120000" {
                        links.push((path, object));
                    } else {
                        self.entries.insert(path, Entry::File { object, size, is_link: false });
                    }
                }
                Some(Listed::Submodule { path, commit }) => submodules.push((at.join(path), commit.to_owned())),
                None => self.passed_over.extend(passed_over(line, workspace)),
            }
        }
        submodules
    }

    /// The repository of a submodule, if it is there.
    fn submodule(&self, path: &Path) -> Option<Repository<'a>> {
        let root = self.repository.root.join(path);
        let is_there = self.today.is_folder(&root.join(".git")).is_ok();
        is_there.then_some(Repository { git: self.repository.git, root })
    }

    /// Puts what links lead to in their place. A link to a folder is passed over, as in the work tree, and told.
    fn follow(&mut self, links: Vec<(PathBuf, Object)>, workspace: &Path) -> Result<(), OpenError> {
        let objects: Vec<Object> = links.iter().map(|(_, object)| object.clone()).collect();
        self.fetch(&objects)?;
        let target_of = |object: &Object| self.read.borrow().get(object).cloned().unwrap_or_default();
        let targets: Vec<Vec<u8>> = objects.iter().map(target_of).collect();
        let target = |(path, target): (&PathBuf, Vec<u8>)| {
            let target = PathBuf::from(String::from_utf8_lossy(&target).into_owned());
            let end = match self.location(&path.parent().unwrap_or(Path::new("")).join(target)) {
                Location::Inside(end) | Location::Outside(end) => end,
            };
            (path.clone(), end)
        };
        let leads: BTreeMap<PathBuf, PathBuf> = links.iter().map(|(path, _)| path).zip(targets).map(target).collect();
        for path in leads.keys() {
            let mut end = path;
            for _ in 0..MOST_LINKS {
                end = leads.get(end).unwrap_or(end);
            }
            let entry = match self.entries.get(end) {
                Some(Entry::File { object, size, .. }) => {
                    self.links.insert(path.clone(), end.clone());
                    Entry::File { object: object.clone(), size: *size, is_link: true }
                }
                None if end.is_absolute() && self.today.is_folder(end) == Ok(false) => {
                    self.links.insert(path.clone(), end.clone());
                    Entry::LinkOut(end.clone())
                }
                _ if self.is_folder_anywhere(end) => {
                    let is_inside = path.starts_with(workspace);
                    self.passed_over.extend(is_inside.then(|| format!("`{}` is a link to a folder", path.display())));
                    continue;
                }
                _ => Entry::DeadLink,
            };
            self.entries.insert(path.clone(), entry);
        }
        Ok(())
    }

    /// Reads objects that are not read yet.
    fn fetch(&self, objects: &[Object]) -> Result<(), OpenError> {
        let mut new: Vec<&Object> = objects.iter().filter(|object| !self.read.borrow().contains_key(*object)).collect();
        new.sort_unstable();
        for of_one in new.chunk_by(|a, b| a.within == b.within) {
            let repository =
                Repository { git: self.repository.git, root: self.repository.root.join(&of_one[0].within) };
            let names: Vec<&str> = of_one.iter().map(|object| &*object.name).collect();
            let contents = repository.contents(&names)?;
            self.read.borrow_mut().extend(of_one.iter().map(|object| (*object).clone()).zip(contents));
        }
        Ok(())
    }

    /// Whether a path is that of a folder in the revision.
    fn is_folder_here(&self, folder: &Path) -> bool {
        if folder == Path::new("") {
            return true;
        }
        let next = self.entries.range(folder.to_path_buf()..).find(|(path, _)| *path != folder);
        next.is_some_and(|(path, _)| path.starts_with(folder))
    }

    /// Whether a path is that of a folder, in the revision or outside of the repository today.
    fn is_folder_anywhere(&self, path: &Path) -> bool {
        if path.is_absolute() { self.today.is_folder(path) == Ok(true) } else { self.is_folder_here(path) }
    }

    /// Where a path leads, which may begin at the root of the repository.
    fn location(&self, path: &Path) -> Location {
        let root = &self.repository.root;
        let path = normal_within(path.strip_prefix(root).unwrap_or(path));
        if !path.is_absolute() && !path.starts_with("..") {
            return if self.is_held_by_none(&path) {
                Location::Outside(root.join(path))
            } else {
                Location::Inside(path)
            };
        }
        let whole = self.today.identity(&root.join(path));
        match whole.strip_prefix(root) {
            Ok(inside) => Location::Inside(inside.to_path_buf()),
            Err(_) => Location::Outside(whole),
        }
    }

    /// Whether no revision of the repository holds what is at a path: it is of another one that lies in it, or is ignored.
    fn is_held_by_none(&self, path: &Path) -> bool {
        if path == Path::new("") || path == Path::new(".git") || self.is_here(path) {
            return false;
        }
        let root = &self.repository.root;
        if self.today.is_folder(&root.join(path)).is_err() {
            return false;
        }
        let mut around = path.ancestors().filter(|folder| *folder != Path::new(""));
        let is_other = around.any(|folder| self.today.is_folder(&root.join(folder).join(".git")).is_ok());
        is_other || self.is_ignored(path)
    }

    fn is_ignored(&self, path: &Path) -> bool {
        *self.ignored.borrow_mut().entry(path.to_path_buf()).or_insert_with(|| {
            let Some(name) = path.to_str() else { return false };
            self.repository.run(&["check-ignore", "--quiet", "--", name], b"").is_ok_and(|answered| answered.is_well)
        })
    }

    /// Whether the revision has a file or a folder at a path.
    fn is_here(&self, path: &Path) -> bool {
        self.entries.contains_key(path) || self.is_folder_here(path)
    }

    /// Reads a file as it is today.
    fn read_today(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let bytes = self.today.read(path, limit)?;
        self.from_today.borrow_mut().insert(path.to_path_buf());
        Ok(bytes)
    }
}

/// What a line of `git ls-tree -lz` names.
enum Listed<'l> {
    File { path: PathBuf, mode: &'l str, object: &'l str, size: u64 },
    Submodule { path: PathBuf, commit: &'l str },
}

/// Reads a line of `git ls-tree -lz`; nothing for what is no file, or has a name that this system cannot have.
fn listed(line: &[u8]) -> Option<Listed<'_>> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (about, path) = (std::str::from_utf8(&line[..tab]).ok()?, path_of(&line[tab + 1..])?);
    let mut words = about.split_ascii_whitespace();
    let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    match kind {
        "blob" => Some(Listed::File { path, mode, object, size: size.parse().ok()? }),
        "commit" => Some(Listed::Submodule { path, commit: object }),
        _ => None,
    }
}

/// A path as git has it, which need not be UTF-8.
#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

/// A path as git has it, if it is one here.
#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Why a line of `git ls-tree -lz` names nothing that can be read, if that lies in the workspace and may be a part of it.
fn passed_over(line: &[u8], workspace: &Path) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    let (_, path) = text.split_once('\t')?;
    let is_meant = Reader::of(Path::new(path)).is_some() && Path::new(path).starts_with(workspace);
    is_meant.then(|| format!("the name of `{}` is not UTF-8", groma_base::printable(path)))
}

impl FileSystem for TreeFiles<'_> {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        let path = match self.location(path) {
            Location::Inside(path) => path,
            Location::Outside(path) => return self.today.is_folder(&path),
        };
        if self.entries.contains_key(&path) {
            return Ok(false);
        }
        // The root is that of a repository.
        if self.is_folder_here(&path) || path == Path::new(".git") {
            return Ok(true);
        }
        Err(missing())
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError> {
        let folder = match self.location(folder) {
            Location::Inside(folder) => folder,
            Location::Outside(folder) => return self.today.list(&folder),
        };
        let mut found: Vec<DirectoryEntry> = Vec::new();
        for (path, entry) in self.entries.range(folder.clone()..) {
            let Ok(rest) = path.strip_prefix(&folder) else {
                // In the order of paths, what begins with the same parts stands together.
                break;
            };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let is_folder = parts.next().is_some();
            let is_link = !is_folder && !matches!(entry, Entry::File { is_link: false, .. });
            let name = first.as_os_str().to_owned();
            if found.last().is_none_or(|last| last.name != name) {
                found.push(DirectoryEntry { name, is_folder, is_link });
            }
        }
        Ok(found)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let path = match self.location(path) {
            Location::Inside(path) => path,
            Location::Outside(path) => return self.read_today(&path, limit),
        };
        let (object, size) = match self.entries.get(&path) {
            Some(Entry::File { object, size, .. }) => (object, *size),
            Some(Entry::LinkOut(end)) => return self.read_today(end, limit),
            Some(Entry::DeadLink) => return Err(FileError::new("it is a link to what is not in that revision")),
            None => return Err(missing()),
        };
        if size > limit {
            let (size, most) = (size / 1_000_000, limit / 1_000_000);
            return Err(FileError::new(format!("it is {size} MB large; at most {most} MB are read")));
        }
        self.fetch(std::slice::from_ref(object)).map_err(|error| FileError::new(error.message))?;
        Ok(self.read.borrow().get(object).cloned().unwrap_or_default())
    }

    fn identity(&self, path: &Path) -> PathBuf {
        match self.location(path) {
            Location::Inside(path) => self.repository.root.join(self.links.get(&path).unwrap_or(&path)),
            Location::Outside(path) => path,
        }
    }

    fn here(&self) -> PathBuf {
        self.today.here()
    }
}

/// That there is nothing at a path: in the words that the work tree has for it, as it is the same finding there.
fn missing() -> FileError {
    FileError::new("no such file or directory")
}
