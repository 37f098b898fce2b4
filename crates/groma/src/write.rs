//! Writing files: whole or not at all.

use crate::output::Failure;
use groma_session::{describe, folder_of};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::NamedTempFile;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on an interruption (Ctrl-C, a hang-up, being asked to end) lets the file at hand be finished;
/// [`interrupted`] then ends the command.
pub(crate) fn finish_files_on_interrupt() {
    // It is set once: the second attempt fails, and so does one where no thread can be started. Without a handler an
    // interruption still leaves whole files, and at most a temporary one.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
}

/// Set when the user has interrupted the command.
pub(crate) fn interruption() -> &'static AtomicBool {
    &INTERRUPTED
}

/// Fails if the user has interrupted the command.
pub(crate) fn interrupted() -> Result<(), Failure> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Writes a file that the user names. A full disk or an interruption leaves the old file as it was. The file stays who
/// it is: a link is written through, and owner, mode and other names of it are kept.
pub(crate) fn file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    attempt(path, || put(path, bytes))
}

fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // A link is written through even if it leads nowhere yet.
    let linked = std::fs::read_link(path).map(|target| folder_of(path).join(target));
    let target = path.canonicalize().or(linked).unwrap_or_else(|_| path.to_path_buf());
    let old = std::fs::metadata(&target).ok();
    if old.as_ref().is_some_and(is_read_only) {
        return Err(read_only());
    }
    match &old {
        // A pipe or a device takes bytes; there is no old file to keep.
        Some(old) if !old.is_file() && !old.is_dir() => OpenOptions::new().write(true).open(&target)?.write_all(bytes),
        Some(old) if has_other_names(old) => overwrite(&target, bytes),
        _ => {
            let new = temporary(folder_of(&target), bytes)?;
            match old.map(|old| resemble(&old, new.as_file())) {
                Some(Err(_)) => overwrite(&target, bytes),
                _ => persist(new, &target),
            }
        }
    }
}

/// A file that changes together with others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    /// Where it is.
    pub(crate) path: &'a Path,
    /// Its bytes as they were read; `None` for a new file.
    pub(crate) before: Option<&'a [u8]>,
    /// Its bytes as they are to be; `None` for one that is removed.
    pub(crate) after: Option<&'a [u8]>,
}

/// Why nothing is written.
pub(crate) enum Unwritten {
    /// A file is not as it was read, as whoever reads it anew would see.
    Changed(Failure),
    /// Something else.
    Failed(Failure),
}

impl From<Failure> for Unwritten {
    fn from(why: Failure) -> Unwritten {
        Unwritten::Failed(why)
    }
}

impl From<Unwritten> for Failure {
    fn from(why: Unwritten) -> Failure {
        match why {
            Unwritten::Changed(why) | Unwritten::Failed(why) => why,
        }
    }
}

/// Writes several files, or none: if one cannot be written, those before it get their old bytes back. A file that somebody else has changed
/// since it was read is not written over; of several runs that write at once one comes after the other.
pub(crate) fn together(changes: &[Change<'_>]) -> Result<(), Unwritten> {
    finish_files_on_interrupt();
    interrupted()?;
    let _locks = locks(changes)?;
    changes.iter().try_for_each(may_change)?;
    // Where one file goes and one comes, it is that under another name.
    let mut gone = changes.iter().filter(|change| change.after.is_none());
    let moved = gone.next().filter(|_| gone.next().is_none()).and_then(|gone| std::fs::metadata(gone.path).ok());
    let done = carry_out(changes, &|change| match (change.before, change.after) {
        (None, Some(bytes)) => {
            let new = temporary(folder_of(change.path), bytes)?;
            if let Some(old) = &moved {
                // Who may read it is as before, if that can be.
                let _ = resemble(old, new.as_file());
            }
            new.persist_noclobber(change.path).map(drop).map_err(|error| error.error)
        }
        (Some(_), Some(bytes)) => put(change.path, bytes),
        (_, None) => std::fs::remove_file(change.path),
    });
    done.map_err(Unwritten::Failed)
}

/// The folders of some files, locked until they are dropped: always in one order, so that nobody waits for one who waits for them. Where a
/// folder cannot be locked, it is written as if nobody else did.
fn locks(changes: &[Change<'_>]) -> Result<Vec<File>, Failure> {
    let new = changes.iter().filter(|change| change.before.is_none());
    // What fails here fails again where it is told.
    new.for_each(|change| drop(std::fs::create_dir_all(folder_of(change.path))));
    let folder = |change: &Change<'_>| {
        let linked = change.path.canonicalize();
        folder_of(linked.as_deref().unwrap_or(change.path)).canonicalize().ok()
    };
    let folders: BTreeSet<PathBuf> = changes.iter().filter_map(folder).collect();
    let mut locked = Vec::new();
    for folder in folders.iter().filter_map(|folder| File::open(folder).ok()) {
        wait_for(&folder)?;
        locked.push(folder);
    }
    Ok(locked)
}

/// Waits until nobody else has locked a folder, or the user interrupts.
fn wait_for(folder: &File) -> Result<(), Failure> {
    const PAUSE: Duration = Duration::from_millis(5);
    while let Err(TryLockError::WouldBlock) = folder.try_lock() {
        interrupted()?;
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// Fails if a file is not as it was read, or if nothing can be written where it lies.
fn may_change(change: &Change<'_>) -> Result<(), Unwritten> {
    let shown = change.path.display();
    let cannot = |error: std::io::Error| {
        Unwritten::Failed(Failure::new(format!("cannot write `{shown}`: {}", describe(&error))))
    };
    let changed = |message: String, help: &str| Err(Unwritten::Changed(Failure::new(message).help(help)));
    if let Some(before) = change.before {
        let now = std::fs::read(change.path).map_err(cannot)?;
        if std::fs::metadata(change.path).is_ok_and(|old| is_read_only(&old)) {
            return Err(cannot(read_only()));
        }
        if now != before {
            return changed(format!("`{shown}` was changed meanwhile"), "nothing was written: try again");
        }
    } else {
        std::fs::create_dir_all(folder_of(change.path)).map_err(cannot)?;
        let there = std::fs::symlink_metadata(change.path);
        if there.as_ref().is_ok_and(Metadata::is_dir) {
            return Err(cannot(std::io::ErrorKind::IsADirectory.into()));
        }
        if there.is_ok() {
            return changed(format!("`{shown}` is there already"), "nothing was written");
        }
    }
    temporary(folder_of(change.path), &[]).map(drop).map_err(cannot)
}

/// Makes the changes one after the other; where one fails, those before it are taken back.
fn carry_out(changes: &[Change<'_>], make: &dyn Fn(&Change<'_>) -> std::io::Result<()>) -> Result<(), Failure> {
    for (nth, change) in changes.iter().enumerate() {
        let Err(error) = make(change) else { continue };
        let mut message = format!("cannot write `{}`: {}", change.path.display(), describe(&error));
        let undone = changes[..nth].iter().rev().map(|done| (done, undo(done)));
        let left: Vec<String> = undone
            .filter(|(_, undone)| undone.is_err())
            .map(|(done, _)| format!("`{}`", done.path.display()))
            .collect();
        let help = match left.is_empty() {
            true => "nothing was changed",
            false => {
                message.push_str(&format!("; changed, and not to be put back: {}", left.join(", ")));
                "put these back by hand"
            }
        };
        return Err(Failure::new(message).help(help));
    }
    Ok(())
}

fn undo(done: &Change<'_>) -> std::io::Result<()> {
    match done.before {
        Some(bytes) => put(done.path, bytes),
        None => std::fs::remove_file(done.path),
    }
}

/// Fails if a file that the user names can surely not be written, so that nobody waits for what has nowhere to go.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    let folder = folder_of(path);
    attempt(path, || match std::fs::metadata(path) {
        Ok(old) if old.is_dir() => Err(std::io::ErrorKind::IsADirectory.into()),
        Ok(old) if is_read_only(&old) => Err(read_only()),
        Ok(_) => Ok(()),
        Err(_) => std::fs::read_dir(folder).map(drop),
    })
}

/// Whether its owner has said that a file is not to be written, though one may be put in its place.
fn is_read_only(old: &Metadata) -> bool {
    old.is_file() && old.permissions().readonly()
}

fn read_only() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::PermissionDenied, "the file is read-only")
}

/// Writes a file into a folder that is Groma's. Whatever stands at the path is replaced, not written through: neither
/// where a link leads nor another name of the old file is touched.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    attempt(path, || persist(temporary(folder_of(path), bytes)?, path))
}

fn attempt(path: &Path, write: impl FnOnce() -> std::io::Result<()>) -> Result<(), Failure> {
    finish_files_on_interrupt();
    interrupted()?;
    write().map_err(|error| Failure::new(format!("cannot write `{}`: {}", path.display(), describe(&error))))
}

const TEMPORARY: (&str, &str) = (".groma-", ".tmp");

/// A file with these bytes that is gone unless it is persisted. It is locked for as long as its maker lives.
fn temporary(folder: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    // The user's mask is taken from it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = builder.tempfile_in(folder)?;
    // Where files cannot be locked, none can be told to be a dead run's, and so none is removed.
    let _ = new.as_file().try_lock();
    new.write_all(bytes)?;
    new.as_file().sync_data()?;
    Ok(new)
}

fn persist(new: NamedTempFile, target: &Path) -> std::io::Result<()> {
    new.persist(target).map(drop).map_err(|error| error.error)
}

/// Whether a file of this name is a temporary one of Groma's.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(TEMPORARY.0.as_bytes()) && name.ends_with(TEMPORARY.1.as_bytes())
}

/// Removes the temporary files that runs have left in a folder which did not come to their end.
pub(crate) fn remove_temporaries_of_dead_runs(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let left =
        entries.filter(|entry| is_temporary(&entry.file_name()) && entry.file_type().is_ok_and(|kind| kind.is_file()));
    for path in left.map(|entry| entry.path()) {
        if is_of_a_dead_run(&path) {
            // If it cannot be removed it stays: it is hidden and published nowhere.
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn is_of_a_dead_run(path: &PathBuf) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Writes over the bytes of a file: a new file in its place would not be the one that its other names lead to, or
/// would not belong to its owner. If that fails, the old bytes are written back.
fn overwrite(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let old = std::fs::read(path)?;
    let write = |bytes: &[u8]| -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_data()
    };
    write(bytes).inspect_err(|_| drop(write(&old)))
}

/// Gives a new file the owner and the mode of an old one.
#[cfg(unix)]
fn resemble(old: &Metadata, new: &File) -> std::io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let own = new.metadata()?;
    if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
        std::os::unix::fs::fchown(new, Some(old.uid()), Some(old.gid()))?;
    }
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn resemble(_old: &Metadata, _new: &File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn has_other_names(old: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(old) > 1
}

#[cfg(not(unix))]
fn has_other_names(_old: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::{Change, Unwritten, carry_out, put, together};
    use crate::output::Failure;

    /// The second of two changes fails: the first is taken back, whether it wrote, made or removed a file.
    #[test]
    fn several_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two, new] = ["one", "two", "new"].map(|name| folder.path().join(name));
        std::fs::write(&one, "1").unwrap();
        std::fs::write(&two, "2").unwrap();
        let made = Change { path: &new, before: None, after: Some(b"n") };
        let written = Change { path: &one, before: Some(b"1"), after: Some(b"changed") };
        let removed = Change { path: &one, before: Some(b"1"), after: None };
        let last = Change { path: &two, before: Some(b"2"), after: Some(b"changed") };
        for first in [made, written, removed] {
            let make = |change: &Change<'_>| match change.after {
                _ if change.path == two => Err(std::io::ErrorKind::StorageFull.into()),
                Some(bytes) => put(change.path, bytes),
                None => std::fs::remove_file(change.path),
            };
            assert!(carry_out(&[first, last], &make).is_err());
            let read = |path| std::fs::read_to_string(path).ok();
            assert_eq!((read(&one), read(&two), read(&new)), (Some("1".into()), Some("2".into()), None));
        }
        assert!(together(&[made, last]).is_ok());
        assert_eq!(std::fs::read_to_string(&new).unwrap(), "n");
    }

    #[test]
    fn a_file_that_is_not_to_be_written_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        std::fs::write(&path, "1").unwrap();
        let mut mode = std::fs::metadata(&path).unwrap().permissions();
        mode.set_readonly(true);
        std::fs::set_permissions(&path, mode).unwrap();
        let change = Change { path: &path, before: Some(b"1"), after: Some(b"2") };
        for result in [together(&[change]).map_err(Failure::from), super::file(&path, b"2"), super::check(&path)] {
            let Err(Failure::Message { message, .. }) = result else { panic!("it is written") };
            assert!(message.ends_with("the file is read-only"), "{message}");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "1");
        let removed = Change { path: &path, before: Some(b"1"), after: None };
        assert!(together(&[removed]).is_err());
    }

    #[test]
    fn what_others_have_changed_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        std::fs::write(&one, "1").unwrap();
        std::fs::write(&two, "other").unwrap();
        let changes = [
            Change { path: &one, before: Some(b"1"), after: Some(b"changed") },
            Change { path: &two, before: Some(b"2"), after: Some(b"changed") },
        ];
        let Err(Unwritten::Changed(Failure::Message { message, .. })) = together(&changes) else {
            panic!("it is written")
        };
        assert!(message.contains("was changed meanwhile"), "{message}");
        assert!(together(&[Change { path: &one, before: None, after: Some(b"") }]).is_err());
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "1");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file is left");
    }

    /// Each of several threads adds a line to what it read, and tries again where it lost: no line is lost.
    #[test]
    fn of_several_that_write_at_once_each_is_told_who_lost() {
        const LINES: usize = 8;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, "").unwrap();
        let add = |line: usize| loop {
            let before = std::fs::read(&path).unwrap();
            let after = [&before[..], format!("{line}\n").as_bytes()].concat();
            match together(&[Change { path: &path, before: Some(&before), after: Some(&after) }]) {
                Ok(()) => break,
                Err(Unwritten::Changed(_)) => {}
                Err(Unwritten::Failed(_)) => panic!("it cannot be written"),
            }
        };
        std::thread::scope(|scope| (0..LINES).for_each(|line| drop(scope.spawn(move || add(line)))));
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), LINES);
    }
}
