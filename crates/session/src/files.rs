//! The one handle through which files are read.

use crate::OpenError;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Why a file or folder cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    /// What is wrong, without the path.
    pub message: String,
    /// Whether it may not be read, rather than cannot.
    pub is_refused: bool,
}

impl FileError {
    /// Something that cannot be read for this reason.
    pub fn new(message: impl Into<String>) -> FileError {
        FileError { message: message.into(), is_refused: false }
    }
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
pub trait FileSystem {
    /// Whether the path is a folder.
    ///
    /// # Errors
    /// If there is nothing at the path.
    fn is_folder(&self, path: &Path) -> Result<bool, FileError>;

    /// What is in a folder, in any order, but for links to folders: these could lead back up.
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
pub struct OsFileSystem;

impl FileSystem for OsFileSystem {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        std::fs::metadata(path).map(|meta| meta.is_dir()).map_err(|error| about(&error))
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| about(&error))? {
            let entry = entry.map_err(|error| about(&error))?;
            let kind = entry.file_type().map_err(|error| about(&error))?;
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
            return Err(FileError::new("it is not a file"));
        }
        if meta.len() > limit {
            let (size, most) = (meta.len() / 1_000_000, limit / 1_000_000);
            return Err(FileError::new(format!("it is {size} MB large; at most {most} MB are read")));
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        let file = std::fs::File::open(path).map_err(|error| about(&error))?;
        file.take(limit).read_to_end(&mut bytes).map_err(|error| about(&error))?;
        Ok(bytes)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        // What is not there leads through no link.
        let absolute = || std::path::absolute(path).map(|path| normal(&path));
        path.canonicalize().or_else(|_| absolute()).unwrap_or_else(|_| path.to_path_buf())
    }
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

/// Files of which only those in some folders may be read, wherever paths and links lead.
pub struct Contained<'a> {
    files: &'a dyn FileSystem,
    /// The identities of the folders.
    roots: Vec<PathBuf>,
}

impl<'a> Contained<'a> {
    /// What lies in the repository of a workspace (the nearest folder from it upward that holds `.git`, or else its own),
    /// or in one of these folders.
    pub fn new(files: &'a dyn FileSystem, workspace: &Path, allowed: &[PathBuf]) -> Contained<'a> {
        let is_folder = files.is_folder(workspace).unwrap_or(true);
        let root = files.identity(if is_folder { workspace } else { folder_of(workspace) });
        let mut roots = vec![repository(files, &root)];
        roots.extend(allowed.iter().map(|folder| files.identity(folder)));
        Contained { files, roots }
    }

    fn allow(&self, path: &Path) -> Result<(), FileError> {
        let identity = self.files.identity(path);
        if self.roots.iter().any(|root| identity.starts_with(root)) {
            return Ok(());
        }
        Err(FileError {
            message: "it lies outside of the repository and of every `--allow-root`".into(),
            is_refused: true,
        })
    }
}

impl FileSystem for Contained<'_> {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        self.allow(path)?;
        self.files.is_folder(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirectoryEntry>, FileError> {
        self.allow(folder)?;
        self.files.list(folder)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        self.allow(path)?;
        self.files.read(path, limit)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        self.files.identity(path)
    }
}

/// The nearest folder from this one upward that holds `.git`, or else this one.
pub(crate) fn repository(files: &dyn FileSystem, root: &Path) -> PathBuf {
    root.ancestors().find(|folder| files.is_folder(&folder.join(".git")).is_ok()).unwrap_or(root).to_path_buf()
}

/// The folder that a file stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

fn about(error: &std::io::Error) -> FileError {
    FileError::new(describe(error))
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
pub struct MemoryFileSystem {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl MemoryFileSystem {
    /// Files with these paths and texts.
    pub fn new(pairs: &[(&str, &str)]) -> MemoryFileSystem {
        MemoryFileSystem {
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

/// The path without `.` and `..`, but for those that lead out of where it starts.
pub(crate) fn normal_within(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        let is_inside = matches!(out.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if is_inside => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

impl FileSystem for MemoryFileSystem {
    fn is_folder(&self, path: &Path) -> Result<bool, FileError> {
        let path = normal(path);
        if self.files.iter().any(|(file, _)| *file == path) {
            return Ok(false);
        }
        if self.files.iter().any(|(file, _)| file.starts_with(&path)) {
            Ok(true)
        } else {
            Err(FileError::new("no such file or directory"))
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
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::new("no such file or directory"))
    }

    fn identity(&self, path: &Path) -> PathBuf {
        normal(path)
    }
}
