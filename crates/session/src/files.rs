//! The one handle through which files are read.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Why a file or folder cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    /// What is wrong, without the path.
    pub message: String,
}

/// A file or folder in a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectoryEntry {
    /// Its name.
    pub name: OsString,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether it is a link to a file elsewhere.
    pub is_link: bool,
}

/// Where files come from.
pub trait Files {
    /// Whether the path is a folder.
    ///
    /// # Errors
    /// If there is nothing at the path.
    fn is_folder(&self, path: &Path) -> Result<bool, FileError>;

    /// What is in a folder, in any order.
    ///
    /// # Errors
    /// If the folder cannot be read.
    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// If it cannot be read or is larger than `limit` bytes.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError>;

    /// The same for two paths that lead to the same file.
    fn identity(&self, path: &Path) -> PathBuf;

    /// The identity of the folder that relative paths start from.
    fn here(&self) -> PathBuf {
        self.identity(Path::new("."))
    }
}

/// The files of the operating system.
pub struct OsFiles;

impl Files for OsFiles {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        std::fs::metadata(path).map(|meta| meta.is_dir()).map_err(|error| about(&error))
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| about(&error))? {
            let entry = entry.map_err(|error| about(&error))?;
            let kind = entry.file_type().map_err(|error| about(&error))?;
            // A link to a folder is not followed: it could lead back up.
            if kind.is_symlink() && std::fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()) {
                continue;
            }
            found.push(DirectoryEntry {
                name: entry.file_name(),
                is_folder: kind.is_dir(),
                is_link: kind.is_symlink(),
            });
        }
        Ok(found)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        // Asked before opening: to open a named pipe waits for somebody to write.
        let meta = std::fs::metadata(path).map_err(|error| about(&error))?;
        if !meta.is_file() {
            return Err(FileError { message: "it is not a file".into() });
        }
        if meta.len() > limit {
            return Err(FileError {
                message: format!(
                    "it is {} MB large; at most {} MB are read",
                    meta.len() / 1_000_000,
                    limit / 1_000_000
                ),
            });
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        let file = std::fs::File::open(path).map_err(|error| about(&error))?;
        file.take(limit).read_to_end(&mut bytes).map_err(|error| about(&error))?;
        Ok(bytes)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
    }
}

fn about(error: &std::io::Error) -> FileError {
    FileError { message: describe(error) }
}

/// An operating-system error without its number, in lower case.
pub fn describe(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_lowercase().chain(characters).collect())
}

/// Files in memory, for tests and for editors.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl MemoryFiles {
    /// Files with these paths and texts.
    pub fn new(pairs: &[(&str, &str)]) -> MemoryFiles {
        MemoryFiles {
            files: pairs.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect(),
        }
    }
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

impl Files for MemoryFiles {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        let path = normal(path);
        if self.files.iter().any(|(file, _)| *file == path) {
            return Ok(false);
        }
        if self.files.iter().any(|(file, _)| file.starts_with(&path)) {
            Ok(true)
        } else {
            Err(FileError { message: "no such file or directory".into() })
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError> {
        let folder = normal(folder);
        let mut found: Vec<DirectoryEntry> = Vec::new();
        for (file, _) in &self.files {
            let Ok(rest) = file.strip_prefix(&folder) else { continue };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let entry = DirectoryEntry {
                name: first.as_os_str().to_owned(),
                is_folder: parts.next().is_some(),
                is_link: false,
            };
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
        Ok(found)
    }

    fn read(&self, path: &Path, _limit: u64) -> Result<Vec<u8>, FileError> {
        let path = normal(path);
        let found = self.files.iter().find(|(file, _)| *file == path);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError { message: "no such file or directory".into() })
    }

    fn identity(&self, path: &Path) -> PathBuf {
        normal(path)
    }
}
