//! Front matter that no parser accepts, read line by line as a person reads it.

use super::{Key, Value, lines_from, part_of_key};
use groma_base::Range;

/// Whether a line begins with a key.
pub(super) fn is_key(line: &str, separator: char) -> bool {
    key_length(line, separator).is_some()
}

/// The length of the key that a line begins with.
fn key_length(line: &str, separator: char) -> Option<usize> {
    if !line.starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '"' | '\'')) {
        return None;
    }
    let at = line.find(separator)?;
    let after = &line[at + 1..];
    let is_parted = separator != ':' || after.is_empty() || after.starts_with([' ', '\t', '\r', '\n']);
    let is_word = |letter: char| letter.is_alphanumeric() || " -_.\"'".contains(letter);
    (is_parted && at <= 60 && line[..at].chars().all(is_word)).then_some(at)
}

/// The keys of some lines.
pub(super) fn keys(text: &str, range: Range, separator: char) -> Vec<Key> {
    let inside = &text[..range.end as usize];
    let mut keys: Vec<Key> = Vec::new();
    for (at, line) in lines_from(inside, range.start as usize) {
        if let Some(length) = key_length(line, separator) {
            let key = value_of(at, &line[..length]);
            let values = values(at + length + 1, &line[length + 1..]);
            let is_list = line[length + 1..].trim_start().starts_with('[');
            keys.push(Key { part: part_of_key(&key.text), key, values, is_list, pairs: Vec::new() });
        } else if let Some(key) = keys.last_mut() {
            continued(at, line, key);
        }
    }
    keys
}

/// The first line of TOML that says more than a key with a value in one line.
pub(super) fn unread_toml(text: &str, range: Range) -> Option<Range> {
    let inside = &text[..range.end as usize];
    let mut lines = lines_from(inside, range.start as usize);
    let is_unread = |line: &str| {
        let Some(length) = key_length(line, '=') else {
            return !(line.is_empty() || line.starts_with(['#', '[']));
        };
        let value = line[length + 1..].trim();
        let is_open = value.starts_with('[') && !without_comment(value).trim_end().ends_with(']');
        is_open || ["\"\"\"", "'''", "{"].iter().any(|sign| value.starts_with(sign))
    };
    let (at, line) = lines.find(|(_, line)| is_unread(line.trim_end()))?;
    Some(Range::new(at as u32, (at + line.trim_end().len()) as u32))
}

/// A line below a key: an item of its list, or more of its text.
fn continued(at: usize, line: &str, key: &mut Key) {
    let trimmed = line.trim_start();
    let start = at + line.len() - trimmed.len();
    if trimmed.starts_with('#') || trimmed.is_empty() {
        return;
    }
    match trimmed.strip_prefix("- ") {
        Some(item) => {
            key.is_list = true;
            key.values.extend(Some(value_of(start + 2, item)).filter(|value| !value.text.is_empty()));
        }
        None => {
            let marks = [">", ">-", "|", "|-"];
            key.values.retain(|value| !marks.contains(&value.text.as_str()));
            key.values.push(value_of(start, trimmed));
        }
    }
}

/// The values after a key: one, or those of a list in brackets.
fn values(at: usize, rest: &str) -> Vec<Value> {
    let whole = value_of(at, without_comment(rest));
    if whole.text.is_empty() {
        return Vec::new();
    }
    let listed = whole.text.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    let Some(list) = listed.filter(|list| !list.contains("](")) else {
        return vec![whole];
    };
    let mut from = whole.range.start as usize + 1;
    let mut found = Vec::new();
    for piece in list.split(',') {
        found.extend(Some(value_of(from, piece)).filter(|value| !value.text.is_empty()));
        from += piece.len() + 1;
    }
    found
}

fn without_comment(text: &str) -> &str {
    text.find(" #").map_or(text, |at| &text[..at])
}

/// A value without the blanks and quotes around it.
fn value_of(at: usize, text: &str) -> Value {
    let start = at + text.len() - text.trim_start().len();
    let mut bare = text.trim();
    let range = Range::new(start as u32, (start + bare.len()) as u32);
    if let Some(rest) = bare.strip_prefix('&') {
        bare = rest.split_once(' ').map_or("", |(_, value)| value.trim());
    }
    for quote in ['"', '\''] {
        let inner = bare.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote));
        bare = inner.unwrap_or(bare);
    }
    let start = range.end - text.trim().len() as u32 + text.trim().find(bare).unwrap_or(0) as u32;
    let is_anchored = text.trim().starts_with('&');
    let range = if is_anchored { Range::new(start, start + bare.len() as u32) } else { range };
    Value { text: bare.to_owned(), range }
}
