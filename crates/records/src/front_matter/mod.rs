//! Front matter: the lines between `---` (or `+++`) at the start of a file, in YAML that a parser accepts or in lines that anybody can read.
//!
//! A parser of events does for the first: it gives the bytes of each value, knows every way to quote, follows no alias by itself and
//! brings one crate besides. One that fills structures would bring nineteen, and refuse a header for one key that nobody asked for.
//! Where it refuses, the lines are read one by one, since people read them so.

mod lines;
mod yaml;

use crate::finding::{Finding, FindingKind};
use crate::parts::{Part, part};
use groma_base::Range;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// A value of front matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Value {
    /// The value without quotes.
    pub(crate) text: String,
    /// Its bytes, quotes included.
    pub(crate) range: Range,
}

/// A key with its values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Key {
    pub(crate) part: Part,
    pub(crate) key: Value,
    pub(crate) values: Vec<Value>,
    /// Whether the values were written as a list.
    pub(crate) is_list: bool,
    /// Pairs of a list of mappings, such as `- target: 48` and `kind: supersedes`.
    pub(crate) pairs: Vec<Vec<(String, Value)>>,
}

/// What the front matter is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Yaml,
    Toml,
}

/// The front matter of a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FrontMatter {
    pub(crate) form: Form,
    /// The bytes between the fences.
    pub(crate) range: Range,
    /// Where the body begins.
    pub(crate) end: usize,
    pub(crate) keys: Vec<Key>,
}

/// Where the front matter stands.
struct Frame {
    form: Form,
    inside: std::ops::Range<usize>,
    end: usize,
    is_closed: bool,
}

/// The front matter of a text that begins at `start`, after a byte order mark.
pub(crate) fn read(text: &str, start: usize, findings: &mut Vec<Finding>) -> Option<FrontMatter> {
    let first = after_comments(text, start);
    let frame = frame(text, first)?;
    let inside = &text[frame.inside.clone()];
    let looks = looks_like_keys(inside, frame.form);
    let is_strict = frame.is_closed && first == start;
    if !looks || first != start && !frame.is_closed {
        return None;
    }
    let range = Range::new(frame.inside.start as u32, frame.inside.end as u32);
    let mut found = FrontMatter { form: frame.form, range, end: frame.end, keys: Vec::new() };
    let fences = Range::new(first as u32, (first + 3) as u32);
    let mut tell = |kind, range, message: &str| findings.push(Finding::new(kind, range, message));
    if frame.form == Form::Toml {
        if let Some(line) = lines::unread_toml(text, range) {
            let message = "of TOML between `+++` only lines `key = value` are read, and this one is none";
            tell(FindingKind::TomlFrontMatter, line, message);
        }
        found.keys = lines::keys(text, range, '=');
        return Some(found);
    }
    if !is_strict {
        found.keys = lines::keys(text, range, ':');
        let (kind, message) = match frame.is_closed {
            true => (FindingKind::LateFrontMatter, "front matter begins on the first line: no tool takes this for it"),
            false => (FindingKind::UnclosedFrontMatter, "front matter without a closing line `---`"),
        };
        tell(kind, fences, message);
        return Some(found);
    }
    match yaml::keys(text, range) {
        Ok(keys) => found.keys = keys,
        Err(yaml::Refused { kind, at, why }) => {
            found.keys = lines::keys(text, range, ':');
            findings.push(Finding::new(kind, at, why));
        }
    }
    Some(found)
}

impl FrontMatter {
    /// Keys that stand there more than once.
    pub(crate) fn twice(&self) -> impl Iterator<Item = (&Key, &Key)> {
        let mut seen: FxHashMap<&str, &Key> = FxHashMap::default();
        self.keys.iter().filter_map(move |key| match seen.entry(key.key.text.as_str()) {
            Entry::Occupied(earlier) => Some((*earlier.get(), key)),
            Entry::Vacant(place) => {
                place.insert(key);
                None
            }
        })
    }
}

/// The part that a key is about, whichever way its words are joined.
pub(super) fn part_of_key(key: &str) -> Part {
    let known = part(key);
    if known != Part::Other {
        return known;
    }
    let joined = key.replace(['-', '.'], " ");
    let known = part(&joined);
    if known != Part::Other || !key.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return known;
    }
    let mut parted = String::new();
    for letter in key.chars() {
        if letter.is_uppercase() {
            parted.push(' ');
        }
        parted.extend(letter.to_lowercase());
    }
    part(&parted)
}

/// The start of the first line that is neither blank nor a comment of one line or more.
fn after_comments(text: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        let rest = &rest[blank..];
        if !rest.starts_with("<!--") {
            return at + blank;
        }
        let Some(end) = rest.find("-->") else { return start };
        at += blank + end + 3;
    }
}

/// Lines of a text from a place on, each with the bytes of its break.
pub(super) fn lines_from(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = match rest.find(['\n', '\r']) {
            Some(end) if rest[end..].starts_with("\r\n") => end + 2,
            Some(end) => end + 1,
            None => rest.len(),
        };
        let line = (at, &rest[..length]);
        at += length;
        Some(line)
    })
}

fn frame(text: &str, first: usize) -> Option<Frame> {
    let (form, fence) = match text.get(first..first + 3)? {
        "---" => (Form::Yaml, "---"),
        "+++" => (Form::Toml, "+++"),
        _ => return None,
    };
    let mut lines = lines_from(text, first);
    let (_, opening) = lines.next().filter(|(_, line)| line.trim_end() == fence)?;
    let start = first + opening.len();
    let is_end = |line: &str| line.trim_end() == fence || form == Form::Yaml && line.trim_end() == "...";
    for (at, line) in lines {
        if is_end(line) {
            return Some(Frame { form, inside: start..at, end: at + line.len(), is_closed: true });
        }
    }
    let mut end = start;
    for (at, line) in lines_from(text, start) {
        if line.trim().is_empty() {
            break;
        }
        end = at + line.len();
    }
    Some(Frame { form, inside: start..end, end, is_closed: false })
}

/// Whether lines are keys with values, and no list or prose between two rules.
fn looks_like_keys(inside: &str, form: Form) -> bool {
    let separator = if form == Form::Toml { '=' } else { ':' };
    let mut lines = lines_from(inside, 0).map(|(_, line)| line.trim_end());
    let Some(first) = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#')) else { return false };
    let first = first.trim_start_matches(' ');
    // A mapping in braces, as JSON has it.
    let is_flow =
        form == Form::Yaml && first.starts_with('{') && inside.trim_end().ends_with('}') && inside.contains(':');
    is_flow || lines::is_key(first, separator)
}
