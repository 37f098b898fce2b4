//! Reading single files and standard input, with errors that say what to do.

use crate::output::Failure;
use groma_base::Source;
use groma_session::{FileSystem, OpenError, OsFileSystem, decode_text, describe};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The text of a file, or of standard input for `-`, as a source of at most `limit` bytes.
pub(crate) fn read_file_or_stdin(path: &Path, limit: u64) -> Result<Arc<Source>, Failure> {
    let (shown, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(format!("cannot read standard input: {}", describe(&error))))?;
        if bytes.len() as u64 > limit {
            let most = limit / 1_000_000;
            return Err(Failure::new(format!("standard input is too large: at most {most} MB can be read")));
        }
        ("<stdin>".to_owned(), bytes)
    } else {
        let shown = path.display().to_string();
        let about = |message: String| Failure::new(format!("cannot read `{shown}`: {message}"));
        if OsFileSystem.is_folder(path).map_err(|error| about(error.message))? {
            return Err(Failure::new(format!("`{shown}` is a directory, not a file")).help("name a file in it"));
        }
        let bytes = OsFileSystem.read(path, limit).map_err(|error| about(error.message))?;
        (shown, bytes)
    };
    let text = decode_text(&shown, bytes).map_err(unusable)?;
    Ok(Arc::new(Source::new(shown, text)))
}

/// Says why a path cannot be used.
pub(crate) fn unusable(error: OpenError) -> Failure {
    Failure::Message { message: error.message, help: error.help }
}
