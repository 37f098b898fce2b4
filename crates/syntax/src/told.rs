//! A text to its tree, and of all errors in it those that are told: one for each mistake, with a fix only where that helps.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::lexer::is_identifier;
use crate::nesting::point_to_the_brace;
use crate::parser::read;
use crate::tree::Tree;
use crate::trials::{Trials, weight};
use groma_base::Range;
use std::sync::Arc;

/// Reads a text. The tree holds all that could be understood; the errors are in the order of the text.
pub fn parse(text: impl Into<Arc<str>>) -> (Tree, Vec<SyntaxError>) {
    let text: Arc<str> = text.into();
    let (tree, errors) = read(&text);
    if errors.is_empty() {
        return (tree, errors);
    }
    let mut trials = Trials::new(read, &errors);
    let swallowed = what_never_ends(&text, &errors);
    let mut errors = broken_strings(&text, one_a_line(&text, errors));
    match swallowed {
        None => point_to_the_brace(&tree, &mut errors, &mut trials),
        Some(swallowed) => {
            errors.retain(|error| !(swallowed.braces && error.is_about_braces()));
            errors.iter_mut().filter(|error| error.is_cured_by_brace()).for_each(|error| error.fix = None);
        }
    }
    for error in &mut errors {
        if let Some(missing) = missing_quote(&text, error) {
            *error = missing;
        }
    }
    trials.check(&text, &mut errors);
    (tree, errors)
}

/// How many errors a text has, those too that [`parse`] leaves out because others explain them.
pub fn count_errors(text: &str) -> usize {
    weight(&read(&text.into()).1)
}

/// What a string or comment that never ends does to what follows.
struct Swallowed {
    /// It may have swallowed braces.
    braces: bool,
}

fn what_never_ends(text: &str, errors: &[SyntaxError]) -> Option<Swallowed> {
    let mut found = None;
    let mut searched = 0;
    for error in errors {
        let braces = match &error.kind {
            SyntaxErrorKind::UnendedComment => true,
            SyntaxErrorKind::UnendedString { closing } if closing.contains("\"\"\"") => true,
            SyntaxErrorKind::UnendedString { .. } => {
                let (start, end) = (error.range.start as usize, error.range.end as usize);
                let line = text[searched..start].rfind('\n').map_or(searched, |at| searched + at + 1);
                searched = start;
                text[line..end.max(start)].contains(['{', '}'])
            }
            _ => continue,
        };
        let before = found.take().is_some_and(|before: Swallowed| before.braces);
        found = Some(Swallowed { braces: braces || before });
    }
    found
}

/// The first error of each line: what follows it there is mostly its consequence. A string that never ends
/// explains all others, for its missing quote may be anywhere before; a brace explains nothing but itself.
fn one_a_line(text: &str, errors: Vec<SyntaxError>) -> Vec<SyntaxError> {
    let mut kept: Vec<SyntaxError> = Vec::new();
    // The error kept for the line at hand, and up to where the text has been searched for line ends.
    let mut first: Option<usize> = None;
    let mut searched = 0;
    for error in errors {
        let at = (error.range.start as usize).max(searched);
        if text.as_bytes()[searched..at].contains(&b'\n') {
            first = None;
        }
        searched = at;
        if text[error.range.start as usize..].starts_with(['{', '}']) {
            kept.push(error);
            continue;
        }
        match first.map(|first| &mut kept[first]) {
            None => {
                first = Some(kept.len());
                kept.push(error);
            }
            Some(before) if error.is_unended_string() && !before.is_unended_string() => {
                *before = error.explained_at(before.range);
            }
            Some(_) => {}
        }
    }
    kept
}

/// Takes two strings that never end on two lines in a row for one that is broken between them.
fn broken_strings(text: &str, errors: Vec<SyntaxError>) -> Vec<SyntaxError> {
    let mut kept: Vec<SyntaxError> = Vec::new();
    let mut errors = errors.into_iter().peekable();
    while let Some(error) = errors.next() {
        let joined = errors.peek().and_then(|next| broken_string(text, &error, next));
        if joined.is_some() {
            errors.next();
        }
        kept.push(joined.unwrap_or(error));
    }
    kept
}

fn broken_string(text: &str, error: &SyntaxError, next: &SyntaxError) -> Option<SyntaxError> {
    let is_plain =
        |error: &SyntaxError| matches!(&error.kind, SyntaxErrorKind::UnendedString { closing } if closing == "\"");
    let (start, end) = (error.range.start as usize, error.range.end as usize);
    let first = text[start..end].strip_prefix('"').filter(|_| is_plain(error) && is_plain(next))?;
    let below = text[end..].strip_prefix("\r\n").or_else(|| text[end..].strip_prefix('\n'))?;
    let line = text.len() - below.len();
    let close = below.find('"').filter(|close| !below[..*close].contains('\n'))?;
    let is_below = text[line..].find('\n').map_or(text.len(), |at| line + at) >= next.range.start as usize;
    let parts = [first.trim_end(), below[..close].trim()];
    if !is_below || (next.range.start as usize) < line || parts.iter().any(|part| part.contains('\\')) {
        return None;
    }
    let words: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let meant = format!("\"{}\"", words.join(" "));
    let whole = Range::new(start as u32, (line + close + 1) as u32);
    let kind = SyntaxErrorKind::BrokenString { meant: meant.clone() };
    Some(SyntaxError::new(error.range, kind).fixed(whole, meant))
}

/// What is said instead of a string that never ends, where one before it on its line swallowed a key: `"Title key="value"`.
fn missing_quote(text: &str, error: &SyntaxError) -> Option<SyntaxError> {
    let (before, _) = error.related.as_ref().filter(|_| error.is_unended_string())?;
    let end = (before.start as usize).checked_sub(1).filter(|end| text.as_bytes()[*end] == b'"')?;
    let start = text[..end].rfind(['"', '\n']).filter(|start| text.as_bytes()[*start] == b'"')?;
    let inner = text[start + 1..end].strip_suffix('=')?;
    let (title, key) = inner.rsplit_once(' ').filter(|(_, key)| is_identifier(key))?;
    if title.trim().is_empty() || !text[..start].ends_with([' ', '\t', '=']) {
        return None;
    }
    // The title ends before the first key; if that is not the last, it may as well be a part of the title.
    let mut spaces = title.match_indices(' ').map(|(at, _)| at);
    let first = spaces.find(|at| title[at + 1..].split_once('=').is_some_and(|(key, _)| is_identifier(key)));
    let meant = match first {
        Some(at) => format!("\"{}\"{} {key}=", without_other_quote(&title[..at]), &title[at..]),
        None => format!("\"{}\" {key}=", without_other_quote(title)),
    };
    let range = Range::new(start as u32, end as u32);
    let kind = SyntaxErrorKind::MissingQuote { meant: format!("{meant}\"") };
    let error = SyntaxError::new(Range::new(range.start, range.end + 1), kind);
    Some(if title.contains('=') { error } else { error.fixed(range, meant) })
}

/// The text of a string without the mark at its end that stands for the `"` which is missing there.
fn without_other_quote(text: &str) -> &str {
    let text = text.trim_end();
    let marks = ['\'', '`', '´', '‘', '’', '“', '”', '„', '«', '»'];
    match text.strip_suffix(marks) {
        // A pair of them belongs to the text.
        Some(before) if !before.contains(marks) => before,
        _ => text,
    }
}
