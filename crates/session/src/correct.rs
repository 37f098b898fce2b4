//! The corrections that findings offer, made.

use crate::Snapshot;
use groma_base::{FileId, Range, apply_edits};
use groma_model::write::Document;
use std::collections::BTreeMap;

/// The text of a file with corrections made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Corrected {
    /// The file.
    pub file: FileId,
    /// Its text then.
    pub text: String,
    /// How many corrections were made.
    pub count: usize,
}

/// What the files are once each finding of a snapshot that has a likely correction is corrected; only those that change.
/// Nothing outside of the workspace is.
pub fn corrected(snapshot: &Snapshot, today: &str) -> Vec<Corrected> {
    let findings = snapshot.findings(today);
    let mut offered: BTreeMap<FileId, Vec<(Range, &str)>> = BTreeMap::new();
    for edit in findings.iter().filter_map(|finding| finding.fixes.first()).flat_map(|fix| &fix.edits) {
        offered.entry(edit.span.file).or_default().push((edit.span.range, edit.text.as_str()));
    }
    let text = |(file, edits): (FileId, Vec<(Range, &str)>)| {
        let source = snapshot.sources.get(file);
        let text = mended(&source.text, &edits);
        let is_changed = *text != *source.text && !source.is_foreign;
        is_changed.then_some(Corrected { file, text, count: edits.len() })
    };
    offered.into_iter().filter_map(text).collect()
}

/// A text with corrections made. One that has errors cannot be edited as a whole; in it just the words are replaced.
fn mended(text: &str, edits: &[(Range, &str)]) -> String {
    let document = Document::open(text).ok();
    let document = document.and_then(|mut document| document.apply(edits).ok().map(|()| document));
    document.map_or_else(|| apply_edits(text, edits), |document| document.text())
}
