//! Where a workspace lies, and what its files are therefore called.

use crate::FileSystem;
use crate::files::{folder_of, repository};
use groma_base::{Place, Source};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// The folders that names of files are told from. All are as [`FileSystem::identity`] gives them, so that no name depends
/// on how a path was typed.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The workspace's folder, or that of its only file.
    root: PathBuf,
    /// The nearest folder above that holds `.git`, or else the workspace's.
    repository: PathBuf,
    /// Where the reader stands.
    here: PathBuf,
    /// The identities of folders: files are many, folders are few.
    folders: FxHashMap<PathBuf, PathBuf>,
}

impl Places {
    /// Whether the workspace's folder lies in a folder with this identity.
    pub(crate) fn lies_in(&self, identity: &Path) -> bool {
        self.root != identity && self.root.starts_with(identity)
    }

    /// The places of the workspace in a folder.
    pub(crate) fn new(files: &dyn FileSystem, folder: &Path) -> Places {
        let root = files.identity(folder);
        Places { repository: repository(files, &root), here: files.here(), root, folders: FxHashMap::default() }
    }

    /// The path of a file, through no link but the file itself.
    fn whole(&mut self, files: &dyn FileSystem, path: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return files.identity(path) };
        if let Some(known) = self.folders.get(folder) {
            return known.join(name);
        }
        let identity = files.identity(folder_of(path));
        let whole = identity.join(name);
        self.folders.insert(folder.to_path_buf(), identity);
        whole
    }

    /// Whether what a path leads to lies outside of the workspace.
    pub(crate) fn is_foreign(&self, files: &dyn FileSystem, path: &Path) -> bool {
        !files.identity(path).starts_with(&self.root)
    }

    /// The path from the workspace's folder of what a path leads to.
    pub(crate) fn leads_to(&self, files: &dyn FileSystem, path: &Path) -> String {
        slashed(&relative(&self.root, &files.identity(path)))
    }

    /// The path of a file or folder from the workspace's folder, whether there is one or not.
    pub(crate) fn published(&mut self, files: &dyn FileSystem, path: &Path) -> String {
        let whole = self.whole(files, path);
        slashed(&relative(&self.root, &whole))
    }

    /// A file without its text.
    pub(crate) fn source(&mut self, files: &dyn FileSystem, path: &Path) -> Source {
        let whole = self.whole(files, path);
        let mut source = Source::new(shown_from(&self.here, &whole), "");
        source.published = self.published(files, path);
        source.is_foreign = !whole.starts_with(&self.root);
        source.place = match whole.strip_prefix(&self.repository) {
            Ok(inside) => Place::InRepository(slashed(inside)),
            Err(_) => Place::Elsewhere(slashed(&relative(&self.repository, &whole))),
        };
        source
    }
}

/// Where a file lies, as a workspace in a folder or file tells it.
pub fn place_of(files: &dyn FileSystem, workspace: &Path, path: &Path) -> Place {
    let is_folder = files.is_folder(workspace).unwrap_or(true);
    Places::new(files, if is_folder { workspace } else { folder_of(workspace) }).source(files, path).place
}

/// How a path is shown to whoever stands in a folder: the way to it, or all of it if that is shorter.
pub(crate) fn shown_from(here: &Path, whole: &Path) -> String {
    let from_here = relative(here, whole);
    slashed(if from_here.as_os_str().len() <= whole.as_os_str().len() { &from_here } else { whole })
}

/// The way from a folder to a path, with `/` between the parts.
pub(crate) fn way(from: &Path, to: &Path) -> String {
    slashed(&relative(from, to))
}

/// The way from a folder to a path; the path itself if there is none.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 && to.is_absolute() {
        return to.to_path_buf();
    }
    let up = from.components().skip(shared).map(|_| Path::new(".."));
    up.chain(to.components().skip(shared).map(|part| Path::new(part.as_os_str()))).collect()
}

fn slashed(path: &Path) -> String {
    let text = if path == Path::new("") { ".".into() } else { path.to_string_lossy() };
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFileSystem;

    #[test]
    fn a_file_has_one_name_however_it_is_reached() {
        let files =
            MemoryFileSystem::new(&[("r/.git/HEAD", ""), ("r/w/a/x.groma", ""), ("r/s/y.groma", ""), ("z.groma", "")]);
        let mut places = Places::new(&files, Path::new("./r/w/"));
        let mut named = |path: &str| {
            let source = places.source(&files, Path::new(path));
            (source.published, source.place)
        };
        let own = ("a/x.groma".into(), Place::InRepository("w/a/x.groma".into()));
        assert_eq!(named("r/w/a/x.groma"), own);
        assert_eq!(named("./r/../r/w/a/../a/x.groma"), own);
        assert_eq!(named("r/w/../s/y.groma"), ("../s/y.groma".into(), Place::InRepository("s/y.groma".into())));
        assert_eq!(named("z.groma").1, Place::Elsewhere("../z.groma".into()));
        let is_foreign = |path: &str| places.is_foreign(&files, Path::new(path));
        assert!(is_foreign("r/w/../s/y.groma") && !is_foreign("r/s/../w/a/x.groma"));
    }

    #[test]
    fn the_way_from_folder_to_file() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).display().to_string();
        assert_eq!(way("/a/b", "/a/b/c.groma"), "c.groma");
        assert_eq!(way("/a/b", "/a/c/d.groma"), "../c/d.groma");
        assert_eq!(way("", "w/c.groma"), "w/c.groma");
        assert_eq!(way("a", "w/c.groma"), "../w/c.groma");
    }
}
