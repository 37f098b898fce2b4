//! Another bracket where a brace is meant, tried at each brace of each example.

use groma_syntax::{Lexer, SyntaxErrorKind, TokenKind, parse};
use std::path::Path;

/// The Groma texts below a folder, with their names.
fn texts_below(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            texts_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "groma") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap().replace('\r', "")));
        }
    }
}

/// Where the braces of a text are that are no part of its strings and comments.
fn braces(text: &str) -> Vec<usize> {
    let mut lexer = Lexer::new(text);
    let tokens = std::iter::from_fn(|| Some(lexer.next_token()).filter(|token| token.kind != TokenKind::End));
    let is_brace = |kind| matches!(kind, TokenKind::OpenBrace | TokenKind::CloseBrace);
    tokens.filter(|token| is_brace(token.kind)).map(|token| token.range.start as usize).collect()
}

/// What is told instead of the one error at the bracket that is there for the brace, with the text as it was for its cure.
fn told_otherwise(text: &str, at: usize, other: &str) -> Option<String> {
    let mut mistaken = text.to_owned();
    mistaken.replace_range(at..=at, other);
    let (written, meant) = (other.chars().next(), text[at..].chars().next());
    let (_, errors) = parse(mistaken.as_str());
    let is_it = |error: &groma_syntax::SyntaxError| {
        let says = matches!(error.kind, SyntaxErrorKind::WrongBracket { written: bracket, meant: brace }
            if Some(bracket) == written && Some(brace) == meant);
        let fix = error.fix.as_ref().map(|(range, new)| (range.start as usize, range.end as usize, new.as_str()));
        says && error.range.start as usize == at
            && fix == Some((at, at + 1, &text[at..=at]))
            && error.second_edit.is_none()
    };
    if matches!(&*errors, [only] if is_it(only)) {
        return None;
    }
    let line = |at: usize| mistaken[..at].matches('\n').count() + 1;
    let told: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {} ({:?})", line(error.range.start as usize), error.message, error.fix))
        .collect();
    let shown = mistaken.lines().nth(line(at) - 1).unwrap_or_default().trim();
    Some(format!("line {}, `{shown}`: {}", line(at), told.join("; ")))
}

#[test]
fn another_bracket_for_a_brace_is_one_error_that_says_which() {
    let mut texts = Vec::new();
    texts_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples"), &mut texts);
    let (mut tried, mut wrong) = (0, Vec::new());
    for (name, text) in &texts {
        for at in braces(text) {
            let others =
                if text[at..].starts_with('{') { ["[", "(", ")", "]", "}"] } else { ["]", ")", "(", "[", "{"] };
            for other in others {
                tried += 1;
                wrong.extend(told_otherwise(text, at, other).map(|told| format!("{name}, {told}")));
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A line that opens a block, written so many times more, is told so many times, each with its correction.
#[test]
fn a_line_that_opens_a_block_again_is_told_each_time() {
    let text = "system e \"E\" {\n    service f \"F\" { // first\n        replicas 2\n    }\n    service g \"G\" {\n        replicas 3\n    }\n}\nsystem h \"H\" {\n    owner x\n}\n";
    for line in ["system e \"E\" {\n", "    service g \"G\" {\n", "system h \"H\" {\n"] {
        for more in 1..=4 {
            let mistaken = text.replacen(line, &line.repeat(more + 1), 1);
            let (_, errors) = parse(mistaken.as_str());
            let kinds: Vec<_> = errors.iter().map(|error| &error.kind).collect();
            assert_eq!(kinds, vec![&SyntaxErrorKind::OpenedTwice; more], "{mistaken}");
            let mut fixed = mistaken.clone();
            for (range, new) in errors.iter().rev().filter_map(|error| error.fix.as_ref()) {
                fixed.replace_range(range.start as usize..range.end as usize, new);
            }
            assert_eq!(fixed, text, "{errors:?}");
        }
    }
}
