//! Where the links of records lead.

use crate::files::normal_within;
use groma_base::Range;
use groma_records::{Link, Record};
use std::path::{Path, PathBuf};

/// The file that a link of a record in this folder leads to; `None` for what lies elsewhere.
pub(super) fn target(folder: &Path, link: &Link) -> Option<PathBuf> {
    let path = link.target.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with('/') || path.starts_with("mailto:") {
        return None;
    }
    Some(normal_within(&folder.join(decoded(path))))
}

/// Where all links of a record lead, with where they stand.
pub(crate) fn all_targets<'r>(folder: &'r Path, record: &'r Record) -> impl Iterator<Item = (PathBuf, Range)> + 'r {
    record.links.iter().flatten().filter_map(move |link| Some((target(folder, link)?, link.range)))
}

/// Where the links at a range lead.
pub(super) fn targets(folder: &Path, record: &Record, range: Range) -> impl Iterator<Item = PathBuf> {
    let links = record.links.as_deref().unwrap_or_default();
    // They stand in the order of the text.
    let first = links.partition_point(|link| link.range.start < range.start);
    let within = links[first..].iter().take_while(move |link| link.range.start <= range.end);
    let within = within.filter(move |link| link.range == range || range.contains(link.range));
    within.filter_map(move |link| target(folder, link))
}

/// A path without the `%20` of addresses; as it is where that would be no text.
fn decoded(path: &str) -> String {
    let digits = |at: usize| path.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let mut bytes = Vec::with_capacity(path.len());
    let mut at = 0;
    while at < path.len() {
        let byte = digits(at).filter(|_| path.as_bytes()[at] == b'%');
        bytes.push(byte.unwrap_or(path.as_bytes()[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn addresses_are_decoded() {
        assert_eq!(
            (decoded("a%20b.md"), decoded("a%2"), decoded("é%zz")),
            ("a b.md".into(), "a%2".into(), "é%zz".into())
        );
        assert_eq!(decoded("%ff"), "%ff");
    }
}
