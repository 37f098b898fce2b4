//! Corrections that lose no comment: what stands between the words that one replaces is written behind what it writes.

use groma_base::{Diagnostic, Fix, Sources};
use groma_syntax::{Lexer, TokenKind};

/// Lets the corrections of findings keep every comment, and takes those out that cannot.
pub(crate) fn keep_comments(findings: &mut [Diagnostic], sources: &Sources) {
    for finding in findings {
        finding.fixes.retain_mut(|fix| keep(fix, sources).is_some());
    }
}

/// Writes the comments of what is replaced, unless the correction does so itself; none if one of them cannot be written.
fn keep(fix: &mut Fix, sources: &Sources) -> Option<()> {
    let mut written: String = fix.edits.iter().map(|edit| format!("{}\n", edit.text)).collect();
    for edit in &mut fix.edits {
        let source = sources.get(edit.span.file);
        let replaced = source.text.get(edit.span.range.start as usize..edit.span.range.end as usize)?;
        let mut lost = comments(replaced)?;
        // What the correction writes itself, it keeps.
        lost.retain(|comment| !take(&mut written, comment));
        let lost = lost.iter().map(|comment| in_line(comment)).collect::<Option<Vec<String>>>()?;
        if !lost.is_empty() {
            write_behind(&mut edit.text, &lost.join(" "), replaced);
        }
    }
    Some(())
}

/// Takes a comment out of a text. Whether it was there.
fn take(text: &mut String, comment: &str) -> bool {
    let found = text.find(comment);
    if let Some(at) = found {
        text.replace_range(at..at + comment.len(), "");
    }
    found.is_some()
}

/// The comments of a piece of text; none if something is taken out there, which nobody can move.
fn comments(text: &str) -> Option<Vec<String>> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    loop {
        let token = lexer.next_token();
        let piece = token.range.of(text);
        match token.kind {
            TokenKind::End => return Some(found),
            TokenKind::Slashdash => return None,
            // One with another sign is an error, and put right as a whole.
            TokenKind::LineComment | TokenKind::BlockComment if piece.starts_with('/') => {
                found.push(piece.trim_end().to_owned())
            }
            TokenKind::Escline => found.extend(piece.find('/').map(|at| piece[at..].trim_end().to_owned())),
            _ => {}
        }
    }
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
