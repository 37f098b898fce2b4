//! Reading single files and standard input, with errors that say what to do.

use crate::output::Failure;
use groma_base::Source;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The bytes of a file, or of standard input for `-`, as a source.
pub(crate) fn read_file_or_stdin(path: &Path, limit: u64) -> Result<Arc<Source>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        return to_source("<stdin>", bytes);
    }
    let shown = path.display().to_string();
    let about = |error: std::io::Error| Failure::new(format!("cannot read `{shown}`: {}", describe(&error)));
    let meta = std::fs::metadata(path).map_err(about)?;
    if meta.is_dir() {
        return Err(Failure::new(format!("`{shown}` is a directory, not a file")).help("name a file in it"));
    }
    if meta.len() > limit {
        return Err(Failure::new(format!(
            "`{shown}` is too large: {} MB, at most {} MB can be read",
            meta.len() / 1_000_000,
            limit / 1_000_000
        )));
    }
    to_source(&shown, std::fs::read(path).map_err(about)?)
}

fn to_source(shown: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Failure> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(Source::new(shown, text))),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(Failure::new(format!("`{shown}` is not UTF-8 text: byte {valid}, on line {line}, begins no character"))
                .help("save the file as UTF-8"))
        }
    }
}

/// An operating-system error without its number.
pub(crate) fn describe(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_lowercase().chain(characters).collect())
}

/// The largest file that is read as part of a workspace, in bytes.
pub(crate) const FILE_LIMIT: u64 = 64_000_000;

/// Adds a file, or all `.groma` files below a directory in the order of their paths.
pub(crate) fn collect_files(path: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<(), Failure> {
    let about = |path: &Path, error: std::io::Error| {
        Failure::new(format!("cannot read `{}`: {}", path.display(), describe(&error)))
    };
    if !std::fs::metadata(path).map_err(|error| about(path, error))?.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries: Vec<_> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| about(path, error))? {
        entries.push(entry.map_err(|error| about(path, error))?.path());
    }
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if entry.is_dir() && !entry.is_symlink() {
            collect_files(&entry, files)?;
        } else if entry.extension().is_some_and(|extension| extension == "groma") {
            files.push(entry);
        }
    }
    Ok(())
}
