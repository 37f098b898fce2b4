//! Records of one number.

use super::record::DECISION_RECORD;
use crate::items::{FactValue, Files, ItemRef};
use groma_base::{Diagnostic, Severity, Span, list_words};

/// What is to be said where a fact names a record by a number that another record of its folder has as well.
pub(crate) fn shared_number(files: &Files, at: ItemRef, value: &FactValue, record: ItemRef) -> Option<Diagnostic> {
    let (item, name) = (files.item(record), files.file(at).words(value));
    // What stands in a record names one by its file, or is told there.
    let is_of_record = files.item(at).called.is_some();
    let called = item.called.as_ref().filter(|called| !is_of_record && called.is_by_shared_number(name))?;
    let others = list_words(called.namesakes.iter().map(|file| &**file), "and");
    let message = format!("`{name}` is the number of {others} as well");
    let finding = Diagnostic::error(DECISION_RECORD, Span::new(at.file, value.range), message);
    let finding = Diagnostic { severity: Severity::Warning, ..finding };
    let help = "name the one that is meant by its file, or give one of them another number: `groma adr renumber`";
    Some(finding.secondary(Span::new(record.file, item.name), "this one is meant").help(help))
}
