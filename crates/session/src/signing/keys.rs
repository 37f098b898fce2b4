//! Whose keys are known.

use crate::{Entry, FILE_LIMIT, FileError, FileSystem, Session, folder_of};
use groma_base::{Diagnostic, FileId, Range, Severity, Span};
use groma_keys::{ALLOWED_KEYS, ALLOWED_SIGNERS, KnownKeys, Unread};
use groma_model::kinds::class;
use groma_model::signers::Signers;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The rule under which it is told what cannot be read of that.
pub(super) const INVALID_SIGNATURE: &str = "invalid-signature";

/// What to do about a folder in the place of a file of keys.
const A_FILE: &str = "it is one file, in which the keys of all stand one after the other";

impl Session {
    /// Reads whose keys are known, if the workspace has files that say so.
    pub(crate) fn read_signers(&mut self, files: &dyn FileSystem, folder: &Path) {
        let mut keys = KnownKeys::default();
        let folder = &self.folder_of_keys(files, folder);
        self.read_file_of_keys(files, (folder, ALLOWED_SIGNERS), &mut |bytes| keys.read_signers(bytes));
        self.read_file_of_keys(files, (folder, ALLOWED_KEYS), &mut |bytes| keys.read_keys(bytes));
        self.signers = Signers::new(keys);
    }

    /// The folder whose keys are known: that of the workspace, or, where it has none, that of the only workspace below it, which holds the
    /// signatures of what it declares.
    fn folder_of_keys(&self, files: &dyn FileSystem, folder: &Path) -> PathBuf {
        let has_keys = |folder: &Path| {
            let is_there = |name| !matches!(files.is_folder(&folder.join(name)), Err(error) if !error.is_refused);
            is_there(ALLOWED_SIGNERS) || is_there(ALLOWED_KEYS)
        };
        let own = self.entries.iter().filter(|entry| !entry.source.is_foreign);
        let declaring = own.filter(|entry| entry.parsed.model.items.iter().any(|item| item.kind.is(&class::WORKSPACE)));
        let folders: BTreeSet<&Path> = declaring.map(|entry| folder_of(&entry.path)).collect();
        match folders.into_iter().collect::<Vec<_>>()[..] {
            [only] if !has_keys(folder) => only.to_path_buf(),
            _ => folder.to_path_buf(),
        }
    }

    /// Reads a file of keys, if there is one. Where something in it is not read it becomes a file of the workspace, so that this can be told
    /// where it stands.
    fn read_file_of_keys(
        &mut self,
        files: &dyn FileSystem,
        (folder, name): (&Path, &str),
        read: &mut dyn FnMut(&[u8]) -> Vec<Unread>,
    ) {
        let path = folder.join(name);
        let cannot = |error: &FileError| (format!("cannot read `{name}`: {}", error.message), "no key in it is known");
        let (text, told) = match files.is_folder(&path) {
            Ok(true) => (String::new(), vec![(1, (format!("`{name}` is a folder"), A_FILE))]),
            Err(error) if error.is_refused => (String::new(), vec![(1, cannot(&error))]),
            Err(_) => return,
            Ok(false) => match files.read(&path, FILE_LIMIT) {
                Err(error) => (String::new(), vec![(1, cannot(&error))]),
                Ok(bytes) => {
                    let message = |one: &Unread| format!("line {} of `{name}` {}", one.line, one.message);
                    let unread = read(&bytes);
                    let told = unread.iter().map(|one| (one.line, (message(one), one.help))).collect();
                    (String::from_utf8_lossy(&bytes).into_owned(), told)
                }
            },
        };
        if told.is_empty() {
            return;
        }
        let file = FileId(self.entries.len() as u32);
        let mut source = self.places.source(files, &path);
        // What a link leads to outside of the workspace is nobody's to show.
        source.is_foreign |= self.places.is_foreign(files, &path);
        let source = Arc::new(source.with_text(if source.is_foreign { "" } else { text.as_str() }));
        for (line, (message, help)) in told {
            let told = Diagnostic::error(INVALID_SIGNATURE, Span::new(file, range_of(&source.text, line)), message);
            self.problems.push(Diagnostic { severity: Severity::Warning, ..told }.help(help));
        }
        let parsed = crate::parse::parse(file, &source, &self.own_facts);
        self.entries.push(Entry { path, source, parsed });
    }
}

/// Where a line of a text is, without its end.
fn range_of(text: &str, line: usize) -> Range {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    Range::new(start as u32, (start + length) as u32)
}
