//! Corrections that lose no comment: what stands between the words that one replaces is written behind what it writes.

use groma_base::{Diagnostic, FileId, Fix, Sources, Span};
use groma_syntax::{Lexer, Token, TokenKind};
use rustc_hash::FxHashMap;

/// Lets the corrections of findings keep every comment, and takes those out that cannot.
pub(crate) fn keep_comments(findings: &mut [Diagnostic], sources: &Sources, first_record: FileId) {
    let mut comments = Comments { sources, first_record, of: FxHashMap::default() };
    for finding in findings {
        finding.fixes.retain_mut(|fix| keep(fix, &mut comments).is_some());
    }
}

/// Writes the comments of what is replaced, unless the correction does so itself; none if one of them cannot be written.
fn keep(fix: &mut Fix, comments: &mut Comments<'_>) -> Option<()> {
    let mut written: String = fix.edits.iter().map(|edit| format!("{}\n", edit.text)).collect();
    for edit in &mut fix.edits {
        let text = &comments.sources.get(edit.span.file).text;
        let replaced = text.get(edit.span.range.start as usize..edit.span.range.end as usize)?;
        // Nothing that is a comment is without it.
        if !replaced.contains('/') || edit.span.file >= comments.first_record {
            continue;
        }
        let mut lost = comments.within(edit.span)?;
        // What the correction writes itself, it keeps.
        lost.retain(|comment| !take(&mut written, comment));
        let lost = lost.iter().map(|comment| in_line(comment)).collect::<Option<Vec<String>>>()?;
        if !lost.is_empty() {
            write_behind(&mut edit.text, &lost.join(" "), replaced);
        }
    }
    Some(())
}

/// The comments of the files that corrections are about, each file read once.
struct Comments<'s> {
    sources: &'s Sources,
    /// The first of the files that are no Groma text, and have none.
    first_record: FileId,
    /// Where they stand, in order, and what else is no word and holds a `/`.
    of: FxHashMap<FileId, Vec<Token>>,
}

impl<'s> Comments<'s> {
    /// Those that lie in a place, which may begin within a string; none if something is taken out there, which nobody can move.
    fn within(&mut self, place: Span) -> Option<Vec<&'s str>> {
        let text: &'s str = &self.sources.get(place.file).text;
        let all = self.of.entry(place.file).or_insert_with(|| tokens(text));
        let first = all.partition_point(|token| token.range.start < place.range.start);
        let inside = all[first..].iter().take_while(|token| token.range.end <= place.range.end);
        let comment = |token: &Token| {
            let piece = token.range.of(text);
            match token.kind {
                TokenKind::Slashdash => None,
                TokenKind::Escline => Some(piece[piece.find('/').unwrap_or(piece.len())..].trim_end()),
                _ => Some(piece.trim_end()),
            }
        };
        inside.map(comment).collect()
    }
}

/// Comments, what `/-` takes out, and broken lines with a comment.
fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer::new(text);
    let all = std::iter::from_fn(|| Some(lexer.next_token()).filter(|token| token.kind != TokenKind::End));
    let counts = |token: &Token| match token.kind {
        TokenKind::Slashdash => true,
        // One with another sign is an error, and put right as a whole.
        TokenKind::LineComment | TokenKind::BlockComment => token.range.of(text).starts_with('/'),
        TokenKind::Escline => token.range.of(text).contains('/'),
        _ => false,
    };
    all.filter(counts).collect()
}

/// Takes a comment out of a text. Whether it was there.
fn take(text: &mut String, comment: &str) -> bool {
    let found = text.find(comment);
    if let Some(at) = found {
        text.replace_range(at..at + comment.len(), "");
    }
    found.is_some()
}

/// A comment as it can stand on a line that goes on.
fn in_line(comment: &str) -> Option<String> {
    let Some(said) = comment.strip_prefix("//") else { return Some(comment.to_owned()) };
    let is_plain = !said.contains("/*") && !said.contains("*/");
    is_plain.then(|| format!("/*{} */", said.trim_end()))
}

/// Writes comments behind a text, with space where there was some.
fn write_behind(text: &mut String, comments: &str, replaced: &str) {
    let end = text.trim_end().len();
    let is_space = |letter: Option<char>| letter.is_some_and(char::is_whitespace);
    let before = if end > 0 || is_space(replaced.chars().next()) { " " } else { "" };
    let after = if text.is_empty() && is_space(replaced.chars().next_back()) { " " } else { &text[end..] };
    *text = format!("{}{before}{comments}{after}", &text[..end]);
}

#[cfg(test)]
mod tests {
    use super::keep_comments;
    use groma_base::{Diagnostic, FileId, Range, Source, Sources, Span};

    #[test]
    fn what_looks_like_a_comment_in_a_string_is_none() {
        let text = "link \"http://a b\" /* c */ x // d\n";
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.groma", text).into());
        let written = |from: &str, to: &str| {
            let start = text.find(from).unwrap();
            let end = start + text[start..].find(to).unwrap() + to.len();
            let span = Span::new(file, Range::new(start as u32, end as u32));
            let mut findings = [Diagnostic::error("syntax", span, "wrong").fix("write `new`", span, "new")];
            keep_comments(&mut findings, &sources, FileId(1));
            findings[0].fixes[0].edits[0].text.clone()
        };
        assert_eq!(written("http", "b"), "new");
        assert_eq!(written("\"http", "b\""), "new");
        assert_eq!(written("\"http", "x"), "new /* c */");
        assert_eq!(written("x", "d"), "new /* d */");
    }
}
