//! Edits that change the bytes they must and no others.
//!
//! Each replaces a few ranges of the file, reads what came of it, and compares: whatever was not asked for must be as it was, else
//! the edit is refused. Line endings, byte order marks, comments and quotes stay.

mod compare;
mod decide;
mod fact;
mod link;
mod place;
mod ranges;
mod renumber;
mod splice;
mod status;
mod supersede;

pub use decide::decide;
pub use fact::with_fact;
pub use link::{add_link, add_reference};
pub use renumber::{Renumbered, renumber, retarget};
pub use status::{NewStatus, set_status};
pub use supersede::supersede;

pub(crate) use ranges::whole;
pub(crate) use splice::{after_line, line_start};

use crate::bytes;
use crate::family::Family;
use crate::finding::FindingKind;
use crate::read::{Reading, reading};
use crate::record::Dialect;
use std::borrow::Cow;

/// Why an edit was refused; nothing was changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// The file is none that is read: AsciiDoc, no text, too large, a template.
    NotRead(String),
    /// The record would not say what was asked for, or would say something else as well.
    Otherwise(String),
    /// The date or number that was asked for is none.
    Impossible(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Refused::NotRead(why) | Refused::Otherwise(why) | Refused::Impossible(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for Refused {}

/// How a folder spells the relation, which tools read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Spelling {
    /// `Supersedes`, `Superseded by`.
    #[default]
    Supersede,
    /// `Supercedes`, `Superceded by`, as adr-tools writes.
    Supercede,
}

/// A record that is edited: its path and its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// What is recorded in it.
    pub family: Family,
    /// The path or name of the file.
    pub path: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A record that is read to be edited.
struct Open<'a> {
    family: Family,
    path: &'a str,
    bytes: &'a [u8],
    text: Cow<'a, str>,
    reading: Reading,
}

fn open(text: Text<'_>) -> Result<Open<'_>, Refused> {
    let mut findings = Vec::new();
    let why = |words: &str| Refused::NotRead(format!("{} is not edited: {words}", text.path));
    let read = bytes::text_of(text.bytes, &mut findings);
    let Some(read) = read else {
        return Err(why(findings.first().map_or("it is not read", |finding| finding.message.as_str())));
    };
    let reading = reading(text.family, text.path, &read, findings);
    if reading.record.dialect == Dialect::AsciiDoc {
        return Err(why("it is AsciiDoc"));
    }
    if reading.record.is_template {
        return Err(why("it is a template"));
    }
    if let Some(open) = reading.record.findings.iter().find(|finding| {
        matches!(finding.kind, FindingKind::UnclosedFence | FindingKind::UnclosedComment) && finding.range.start == 0
    }) {
        return Err(why(&open.message));
    }
    Ok(Open { family: text.family, path: text.path, bytes: text.bytes, text: read, reading })
}
