//! Folders that Groma fills, such as a site's. A list in the folder names what was written into it, so that the next
//! run knows the folder and removes what it no longer writes; a folder of somebody else is never written to.
//!
//! The folder that the user names may itself be a link. Below it nothing is written, read or removed through a link: the
//! list may have come from anybody.

use crate::output::Failure;
use crate::write;
use groma_session::describe;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// A folder that may be filled.
pub(crate) struct OwnFolder<'a> {
    root: &'a Path,
    list: &'static str,
    /// What an earlier run has written, by its list.
    earlier: Vec<String>,
}

impl<'a> OwnFolder<'a> {
    /// The folder at a path, whose list is called `list`. With `any`, one that holds something else will do as well.
    ///
    /// # Errors
    /// If the folder holds something else, or cannot be read.
    pub(crate) fn open(root: &'a Path, list: &'static str, any: bool) -> Result<OwnFolder<'a>, Failure> {
        let folder = |earlier| OwnFolder { root, list, earlier };
        let entries = match std::fs::read_dir(root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(folder(Vec::new())),
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                return Err(Failure::new(format!("`{}` is a file, not a folder", root.display()))
                    .help("name another folder with `--out`"));
            }
            Err(error) => {
                return Err(Failure::new(format!("cannot read `{}`: {}", root.display(), describe(&error))));
            }
        };
        let list = root.join(list);
        if is_file(&list) {
            let names = std::fs::read_to_string(&list).unwrap_or_default();
            return Ok(folder(names.lines().filter(|name| leads_inside(name)).map(str::to_owned).collect()));
        }
        // A first run that was killed at once has left no more than this.
        let is_new = entries.flatten().all(|entry| write::is_temporary(&entry.file_name()));
        if is_new || any { Ok(folder(Vec::new())) } else { Err(not_own(root)) }
    }

    /// Writes files by their paths in the folder, and removes those of earlier runs that are not among them.
    ///
    /// # Errors
    /// If a file cannot be written, or only through a link; the latter before anything is written.
    pub(crate) fn fill(&self, files: &[(&str, &[u8])]) -> Result<(), Failure> {
        let names: BTreeSet<&str> = files.iter().map(|(name, _)| *name).collect();
        names.iter().try_for_each(|name| self.without_links(name))?;
        self.make(self.root)?;
        let all: BTreeSet<&str> = names.iter().copied().chain(self.earlier.iter().map(String::as_str)).collect();
        let folders: BTreeSet<PathBuf> = all.iter().filter_map(|name| self.folder(name)).collect();
        write::remove_temporaries_of_dead_runs(self.root);
        folders.iter().for_each(|folder| write::remove_temporaries_of_dead_runs(folder));
        // Written before any other file: whatever interrupts the rest, the folder is known to be Groma's.
        self.write_list(&all)?;
        for (name, bytes) in files {
            self.make(self.root.join(name).parent().unwrap_or(self.root))?;
            self.write(name, bytes)?;
        }
        all.difference(&names).for_each(|name| self.remove(name));
        self.write_list(&names)
    }

    fn write_list(&self, names: &BTreeSet<&str>) -> Result<(), Failure> {
        let text: String = names.iter().flat_map(|name| [name, "\n"]).collect();
        self.write(self.list, text.as_bytes())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.root.join(name);
        if is_file(&path) && std::fs::read(&path).is_ok_and(|old| old == bytes) {
            return write::interrupted();
        }
        write::replace(&path, bytes)
    }

    /// Removes a file, and its folder if nothing else is in it. What is gone already is as it should be.
    fn remove(&self, name: &str) {
        if self.without_links(name).is_err()
            || !std::fs::symlink_metadata(self.root.join(name)).is_ok_and(|meta| !meta.is_dir())
        {
            return;
        }
        let _ = std::fs::remove_file(self.root.join(name));
        if let Some(folder) = self.folder(name) {
            let _ = std::fs::remove_dir(folder);
        }
    }

    /// The folder of a file, if it is one below the root that is reached through no link.
    fn folder(&self, name: &str) -> Option<PathBuf> {
        let folder = Path::new(name).parent().filter(|folder| *folder != Path::new(""))?;
        self.without_links(name).ok()?;
        Some(self.root.join(folder))
    }

    /// Whether nothing on the way from the root to a file is a link.
    fn without_links(&self, name: &str) -> Result<(), Failure> {
        for folder in Path::new(name).ancestors().skip(1).filter(|folder| *folder != Path::new("")) {
            let path = self.root.join(folder);
            if std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink()) {
                return Err(Failure::new(format!(
                    "`{}` is a link, and nothing is written through one",
                    path.display()
                ))
                .help("remove it, or name another folder with `--out`"));
            }
        }
        Ok(())
    }

    fn make(&self, folder: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::new(format!("cannot make `{}`: {}", folder.display(), describe(&error))))
    }
}

fn not_own(root: &Path) -> Failure {
    Failure::new(format!("`{}` is not empty, and was not written by this command", root.display()))
        .help("name a new or empty folder with `--out`")
}

/// Whether a path is a file itself, not a link to one.
fn is_file(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}

/// Whether a name in a list leads into the folder, and to nothing that is hidden there: Groma hides no file.
fn leads_inside(name: &str) -> bool {
    let is_plain = |part: Component| match part {
        Component::Normal(part) => !part.as_encoded_bytes().starts_with(b"."),
        _ => false,
    };
    !name.is_empty() && Path::new(name).components().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::leads_inside;

    #[test]
    fn names_that_lead_elsewhere_are_passed_over() {
        assert!(leads_inside("index.html") && leads_inside("element/a.b.html"));
        for name in ["", "../x", "a/../../x", "/etc/passwd", ".git/config", "a/.hidden", "./../x"] {
            assert!(!leads_inside(name), "{name}");
        }
    }
}
