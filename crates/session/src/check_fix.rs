//! The corrections that findings offer, made.

use crate::Snapshot;
use crate::reader::Reader;
use groma_base::{Diagnostic, FileId, Range, apply_edits};
use groma_model::write::Document;
use groma_syntax::count_errors;
use std::collections::{BTreeMap, BTreeSet};
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
        let (text, count) = match Reader::of_named(Path::new(&source.path), snapshot.is_record(file)) {
            Reader::Groma => harmless(&source.text, &fixes)?,
            Reader::Record => replaced(&source.text, &fixes),
        };
        (*text != *source.text).then_some(Corrected { file, text, count })
    };
    offered.into_iter().filter_map(text).collect()
}

/// What a correction replaces in one file.
type Edits<'t> = Vec<(Range, &'t str)>;

/// If the corrections of a file together bring errors to it, so many of them are tried on top of each other.
const MOST_TRIED: usize = 16;

/// A text with corrections made, and how many; those left out that bring syntax errors, or of which a part overlaps an earlier one.
fn harmless(text: &str, fixes: &[Edits]) -> Option<(String, usize)> {
    let before = count_errors(text);
    let is_harmless = |new: &str| count_errors(new) <= before;
    let mended = |edits: &[(Range, &str)]| mended(text, edits, before == 0);
    let fixes = apart(fixes);
    let new = mended(&fixes.iter().flat_map(|fix| fix.iter().copied()).collect::<Edits>());
    if is_harmless(&new) {
        return Some((new, fixes.len()));
    }
    let (mut made, mut count): (Edits, usize) = (Vec::new(), 0);
    let mut best = None;
    for fix in fixes.iter().take(MOST_TRIED) {
        let known = made.len();
        made.extend(*fix);
        let new = mended(&made);
        if is_harmless(&new) {
            count += 1;
            best = Some((new, count));
        } else {
            made.truncate(known);
        }
    }
    best
}

/// A text of which nothing but its words is known, with corrections made, and how many.
fn replaced(text: &str, fixes: &[Edits]) -> (String, usize) {
    let fixes = apart(fixes);
    let edits: Edits = fixes.iter().flat_map(|fix| fix.iter().copied()).collect();
    (apply_edits(text, &edits), fixes.len())
}

/// The corrections that can be made beside each other: each whole, and none that overlaps an earlier one or says the same.
fn apart<'f, 't>(fixes: &'f [Edits<'t>]) -> Vec<&'f Edits<'t>> {
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut added: BTreeSet<(u32, &str)> = BTreeSet::new();
    let mut chosen = Vec::new();
    for fix in fixes {
        let is_new = |(range, text): &(Range, &'t str)| {
            let is_free = taken.range(..range.end).next_back().is_none_or(|(_, end)| *end <= range.start);
            let has_more = added.range((range.start + 1, "")..(range.end.max(range.start + 1), "")).next().is_some();
            is_free && !has_more && (range.start < range.end || !added.contains(&(range.start, *text)))
        };
        if !fix.iter().all(is_new) {
            continue;
        }
        for (range, text) in fix {
            match range.start < range.end {
                true => _ = taken.insert(range.start, range.end),
                false => _ = added.insert((range.start, text)),
            }
        }
        chosen.push(fix);
    }
    chosen
}

/// A text with corrections made. Where it has errors, or where a correction replaces neither whole nodes nor words, just the characters are
/// replaced, and the rest stays as it stands.
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

#[cfg(test)]
mod tests {
    use super::{apart, harmless};
    use groma_base::Range;

    #[test]
    fn a_correction_is_made_whole_or_not_at_all() {
        let edit = |start, end, text| (Range::new(start, end), text);
        let first = vec![edit(4, 8, "x")];
        let overlaps = vec![edit(0, 1, "y"), edit(7, 9, "z")];
        let (inserts, beside) = (vec![edit(8, 8, "w")], vec![edit(8, 8, "v"), edit(10, 12, "u")]);
        let within = vec![edit(5, 5, "t")];
        let all = [first.clone(), overlaps, inserts.clone(), beside.clone(), within, inserts.clone(), first.clone()];
        assert_eq!(apart(&all), [&first, &inserts, &beside]);
    }

    #[test]
    fn corrections_are_counted_not_their_parts() {
        let text = "system s \"S\" owner=a\n";
        let fixes = [vec![(Range::new(7, 8), "t"), (Range::new(19, 20), "b")], vec![(Range::new(7, 8), "u")]];
        assert_eq!(harmless(text, &fixes), Some(("system t \"S\" owner=b\n".to_owned(), 1)));
    }
}
