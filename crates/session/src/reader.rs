//! Which files are read, and by what: the one place that asks how the name of a file ends.

use groma_base::is_groma;
use groma_keys::{ALLOWED_KEYS, ALLOWED_SIGNERS};
use std::path::Path;

/// What reads a file, and edits it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// That of Groma text.
    Groma,
    /// That of decision records in Markdown.
    Record,
}

impl Reader {
    /// The one for such files in a folder; `None` for those that are passed over there.
    pub fn of(path: &Path) -> Option<Reader> {
        is_groma(path).then_some(Reader::Groma)
    }

    /// The one for a file that is read however it is called, as somebody named it, or because it lies in a folder of records.
    pub(crate) fn of_named(path: &Path, is_record: bool) -> Reader {
        if is_record { Reader::Record } else { Reader::of(path).unwrap_or(Reader::Groma) }
    }
}

/// Whether a file of a workspace is one of keys, and no Groma text.
pub(crate) fn is_of_keys(published: &str) -> bool {
    Path::new(published).ends_with(ALLOWED_SIGNERS) || Path::new(published).ends_with(ALLOWED_KEYS)
}
