//! The corrections that findings offer, made.

use crate::Snapshot;
use crate::reader::Reader;
use groma_base::{Diagnostic, FileId, Range, apply_edits};
use groma_model::write::Document;
use groma_syntax::count_errors;
use std::collections::BTreeMap;
use std::path::Path;

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

/// What the files are once each finding of a snapshot that has a likely correction and is `wanted` is corrected; only those that change.
/// Nothing outside of the workspace is, and no file has more syntax errors than before.
pub fn corrected(snapshot: &Snapshot, today: &str, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<Corrected> {
    let mut findings = snapshot.findings(today);
    findings.retain(wanted);
    let mut offered: BTreeMap<FileId, Vec<Edits>> = BTreeMap::new();
    for fix in findings.iter().filter_map(|finding| finding.fixes.first()) {
        let mut files: BTreeMap<FileId, Edits> = BTreeMap::new();
        for edit in &fix.edits {
            files.entry(edit.span.file).or_default().push((edit.span.range, edit.text.as_str()));
        }
        files.into_iter().for_each(|(file, edits)| offered.entry(file).or_default().push(edits));
    }
    let text = |(file, fixes): (FileId, Vec<Edits>)| {
        let source = snapshot.sources.get(file);
        if source.is_foreign {
            return None;
        }
        let (text, count) = match Reader::of_named(Path::new(&source.path)) {
            Reader::Groma => harmless(&source.text, &fixes)?,
        };
        (*text != *source.text).then_some(Corrected { file, text, count })
    };
    offered.into_iter().filter_map(text).collect()
}

/// What a correction replaces in one file.
type Edits<'t> = Vec<(Range, &'t str)>;

/// If the corrections of a file together bring errors to it, so many of them are tried on top of each other.
const MOST_TRIED: usize = 16;

/// A text with corrections made, and how many edits these are; those left out that bring syntax errors.
fn harmless(text: &str, fixes: &[Edits]) -> Option<(String, usize)> {
    let before = count_errors(text);
    let is_harmless = |new: &str| count_errors(new) <= before;
    let mended = |edits: &[(Range, &str)]| mended(text, edits, before == 0);
    let all = fixes.concat();
    let new = mended(&all);
    if is_harmless(&new) {
        return Some((new, all.len()));
    }
    let mut made: Edits = Vec::new();
    let mut best = None;
    for fix in fixes.iter().take(MOST_TRIED) {
        let known = made.len();
        made.extend(fix);
        let new = mended(&made);
        match is_harmless(&new) {
            true => best = Some((new, made.len())),
            false => made.truncate(known),
        }
    }
    best
}

/// A text with corrections made. One that has errors cannot be edited as a whole; in it just the words are replaced.
fn mended(text: &str, edits: &[(Range, &str)], is_sound: bool) -> String {
    let document = is_sound.then(|| Document::open(text).ok()).flatten();
    let document = document.and_then(|mut document| document.apply(edits).ok().map(|()| document));
    document.map_or_else(|| apply_edits(text, &without_blanks(text, edits)), |document| document.text())
}

/// Edits that leave neither a line on which nothing stands any more nor space at the end of one.
fn without_blanks<'t>(text: &str, edits: &[(Range, &'t str)]) -> Edits<'t> {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|(range, _)| *range);
    let mut least = 0;
    for (range, new) in &mut sorted {
        if new.is_empty() {
            *range = with_blanks(text, *range, least);
        }
        least = least.max(range.end);
    }
    sorted
}

/// A range that is to be removed, with the space before it at the end of a line, and with the whole line if that was all of it.
fn with_blanks(text: &str, range: Range, least: u32) -> Range {
    let (Some(before), Some(after)) = (text.get(least as usize..range.start as usize), text.get(range.end as usize..))
    else {
        return range;
    };
    let is_blank = |letter: char| matches!(letter, ' ' | '\t');
    let rest = after.trim_start_matches(is_blank);
    if !(rest.is_empty() || rest.starts_with(['\n', '\r'])) {
        return range;
    }
    let kept = before.trim_end_matches(is_blank);
    let start = least + kept.len() as u32;
    let end = text.len() - rest.len();
    let begins_line = kept.ends_with('\n') || start == 0;
    let newline = if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) };
    Range::new(start, (end + if begins_line { newline } else { 0 }) as u32)
}
