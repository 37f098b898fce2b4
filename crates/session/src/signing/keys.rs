//! Whose keys are known.

use super::FOLDER;
use crate::{FILE_LIMIT, FileSystem, Session};
use groma_base::{Diagnostic, Severity, Span};
use groma_model::signers::AllowedSigners;
use std::path::Path;
use std::sync::Arc;

/// The rule under which it is told what cannot be read of that.
const INVALID_SIGNATURE: &str = "invalid-signature";

/// The file beside what people did that says whose a key is, in git's own form.
pub const ALLOWED_SIGNERS: &str = "allowed_signers";

impl Session {
    /// Reads whose keys are known, if the workspace has a file that says so.
    pub(crate) fn read_signers(&mut self, files: &dyn FileSystem, folder: &Path) {
        let (path, shown) = (folder.join(FOLDER).join(ALLOWED_SIGNERS), format!("{FOLDER}/{ALLOWED_SIGNERS}"));
        if files.is_folder(&path) != Ok(false) {
            return;
        }
        let text = match files.read(&path, FILE_LIMIT) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => return self.tell_of_signers(format!("cannot read `{shown}`: {}", error.message)),
        };
        let (signers, unread) = AllowedSigners::read(&text);
        for line in unread {
            self.tell_of_signers(format!("line {line} of `{shown}` says nothing of a key"));
        }
        self.signers = Arc::new(signers);
    }

    fn tell_of_signers(&mut self, message: String) {
        let told = Diagnostic::error(INVALID_SIGNATURE, Span::default(), message);
        let help = "a line has an address, perhaps options, and a key: `ana@example.org ssh-ed25519 AAAA…`; certificates are not verified";
        self.problems.push(Diagnostic { severity: Severity::Warning, ..told }.help(help));
    }
}
