//! Whose keys are known.

use crate::{FILE_LIMIT, FileSystem, Session};
use groma_base::{Diagnostic, Severity, Span};
use groma_keys::{ALLOWED_KEYS, ALLOWED_SIGNERS, KnownKeys};
use groma_model::signers::Signers;
use std::path::Path;

/// The rule under which it is told what cannot be read of that.
const INVALID_SIGNATURE: &str = "invalid-signature";

/// What a line of `allowed_signers` is to be.
const LINE: &str = "a line has an address, perhaps options, and a key: `ana@example.org ssh-ed25519 AAAA…`; certificates are not verified";
/// What a file of keys is to hold.
const BLOCK: &str = "`gpg --armor --export ana@example.org` writes a key as it is to stand there";

impl Session {
    /// Reads whose keys are known, if the workspace has files that say so.
    pub(crate) fn read_signers(&mut self, files: &dyn FileSystem, folder: &Path) {
        let mut keys = KnownKeys::default();
        if let Some(text) = self.text_of_signers(files, folder, ALLOWED_SIGNERS, LINE) {
            self.tell_unread(ALLOWED_SIGNERS, &keys.read_signers(&text), LINE);
        }
        if let Some(text) = self.text_of_signers(files, folder, ALLOWED_KEYS, BLOCK) {
            self.tell_unread(ALLOWED_KEYS, &keys.read_keys(&text), BLOCK);
        }
        self.signers = Signers::new(keys);
    }

    fn text_of_signers(&mut self, files: &dyn FileSystem, folder: &Path, name: &str, help: &str) -> Option<String> {
        let path = folder.join(name);
        if files.is_folder(&path) != Ok(false) {
            return None;
        }
        match files.read(&path, FILE_LIMIT) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => {
                self.tell_of_signers(format!("cannot read `{name}`: {}", error.message), help);
                None
            }
        }
    }

    fn tell_unread(&mut self, name: &str, lines: &[usize], help: &str) {
        for line in lines {
            self.tell_of_signers(format!("line {line} of `{name}` says nothing of a key"), help);
        }
    }

    fn tell_of_signers(&mut self, message: String, help: &str) {
        let told = Diagnostic::error(INVALID_SIGNATURE, Span::default(), message);
        self.problems.push(Diagnostic { severity: Severity::Warning, ..told }.help(help));
    }
}
