//! Writing files: whole or not at all.

use crate::output::Failure;
use groma_session::describe;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C lets the file at hand be finished; [`interrupted`] then ends the command.
pub(crate) fn finish_files_on_interrupt() {
    // Without a handler an interruption still leaves whole files, and at most a temporary one.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
}

/// Set when the user has pressed Ctrl-C.
pub(crate) fn interruption() -> &'static AtomicBool {
    &INTERRUPTED
}

/// Fails if the user has pressed Ctrl-C.
pub(crate) fn interrupted() -> Result<(), Failure> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Writes a file by way of a temporary one beside it, so that a full disk or an interruption leaves the
/// old file as it was. Keeps the old file's permissions.
pub(crate) fn file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let attempt = || -> std::io::Result<()> {
        // A link is written through, not replaced, even if it leads nowhere yet.
        let linked = std::fs::read_link(path).map(|target| folder.join(target));
        let target = path.canonicalize().or(linked).unwrap_or_else(|_| path.to_path_buf());
        if std::fs::metadata(&target).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
            // A pipe or a device takes bytes; there is no old file to keep.
            return std::fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
        }
        let folder = target.parent().unwrap_or(folder);
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_data()?;
        set_permissions(&target, temporary.as_file())?;
        temporary.persist(&target).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|error| Failure::new(format!("cannot write `{}`: {}", path.display(), describe(&error))))
}

#[cfg(unix)]
fn set_permissions(target: &Path, file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = match std::fs::metadata(target) {
        Ok(old) => old.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o644),
    };
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn set_permissions(_target: &Path, _file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
