//! Records of one number.

use super::record::DECISION_RECORD;
use super::{family, plain_name};
use crate::items::{FactValue, Files, ItemRef};
use crate::names::split_kind;
use groma_base::{Diagnostic, Severity, Span, list_words};

/// What is to be said where a fact names a record by a number that another record of its folder has as well.
pub(crate) fn shared_number(files: &Files, at: ItemRef, value: &FactValue, record: ItemRef) -> Option<Diagnostic> {
    let item = files.item(record);
    family(item.kind.class)?;
    let called = item.called.as_ref().filter(|called| !called.namesakes.is_empty())?;
    let name = files.file(at).words(value);
    let bare = split_kind(name).1.rsplit('/').next().unwrap_or_default();
    // What stands in a record names one by its file, or is told there.
    let is_of_record = files.item(at).called.is_some();
    if is_of_record || plain_name(item.kind.class, bare).parse::<u32>().is_err() {
        return None;
    }
    let others = list_words(called.namesakes.iter().map(|file| &**file), "and");
    let message = format!("`{name}` is the number of {others} as well");
    let finding = Diagnostic::error(DECISION_RECORD, Span::new(at.file, value.range), message);
    let finding = Diagnostic { severity: Severity::Warning, ..finding };
    let help = "name the one that is meant by its file, or give one of them another number: `groma adr renumber`";
    Some(finding.secondary(Span::new(record.file, item.name), "this one is meant").help(help))
}
