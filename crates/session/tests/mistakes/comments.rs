//! No correction loses a comment, wherever one stands.

use super::*;
use groma_base::Range;
use groma_syntax::{Lexer, TokenKind, count_errors};

/// The files of a workspace with their paths.
type Files = Vec<(String, String)>;

fn snapshot(files: &Files) -> Option<Snapshot> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Session::open(&MemoryFileSystem::new(&files), Path::new("w")).ok().map(|mut session| session.snapshot())
}

/// The mistakes that people make, and the examples of the rules.
fn texts() -> Vec<Files> {
    let (base, text) = (read("base.groma"), read("cases.txt"));
    let mistakes = cases(&text).into_iter().map(|case| vec![("w/shop.groma".to_owned(), mistaken(&base, case.change))]);
    let blocks = groma_check::RULES.iter().flat_map(|rule| rule.blocks());
    let named = |(name, text): (&str, String)| (format!("w/{name}"), text);
    let pages = blocks.map(|block| block.files.into_iter().map(named).collect());
    mistakes.chain(pages).collect()
}

/// Where a comment can stand: between the words on the lines of these places, and on lines of its own above and below.
fn places(text: &str, around: &[Range]) -> Vec<(usize, bool)> {
    let line_start = |at: u32| text[..at as usize].rfind('\n').map_or(0, |at| at + 1);
    let line_end = |at: u32| text[at as usize..].find('\n').map_or(text.len(), |more| at as usize + more);
    let lines: Vec<(usize, usize)> =
        around.iter().map(|range| (line_start(range.start), line_end(range.end))).collect();
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    loop {
        let token = lexer.next_token();
        let at = token.range.start as usize;
        if lines.iter().any(|(start, end)| (*start..=*end).contains(&at)) {
            found.push((at, false));
            // Before the end of a line, and at the beginning of one, a comment can have it for itself.
            let is_end = matches!(token.kind, TokenKind::Newline | TokenKind::End);
            found.extend((is_end || text[..at].ends_with('\n')).then_some((at, true)));
        }
        if token.kind == TokenKind::End {
            return found;
        }
    }
}

/// The files with a comment in one of them.
fn commented(files: &Files, path: &str, (at, is_line): (usize, bool)) -> Files {
    let mut files = files.clone();
    let (_, text) = files.iter_mut().find(|(known, _)| known == path).expect("the file");
    let comment = match (is_line, at == 0 || text[..at].ends_with('\n')) {
        (false, _) => "/*KEEP*/",
        (true, true) => "// KEEP\n",
        (true, false) => " // KEEP",
    };
    text.insert_str(at, comment);
    files
}

/// What a correction makes wrong with a comment at a place, if it does.
fn lost(files: &Files, path: &str, place: (usize, bool)) -> Option<String> {
    let commented = commented(files, path, place);
    let text = |files: &Files| files.iter().find(|(known, _)| known == path).expect("the file").1.clone();
    let (plain, before) = (text(files), text(&commented));
    // Where it cannot stand, nothing is asked.
    if count_errors(&before) != count_errors(&plain) {
        return None;
    }
    let snapshot = snapshot(&commented)?;
    let corrected = corrected(&snapshot, TODAY, |_| true);
    let now = corrected.into_iter().find(|one| snapshot.sources.get(one.file).path == path)?.text;
    let is_kept = now.matches("KEEP").count() == before.matches("KEEP").count();
    let is_read = count_errors(&now) <= count_errors(&before);
    let blanks = |text: &str| text.lines().filter(|line| line.ends_with(' ')).count();
    let is_tidy = blanks(&now) <= blanks(&before);
    (!is_kept || !is_read || !is_tidy)
        .then(|| format!("=== {place:?} {is_kept} {is_read} {is_tidy}\n{before}\n--->\n{now}\n"))
}

#[test]
fn no_correction_loses_a_comment() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for files in texts() {
        let Some(snapshot) = snapshot(&files) else { continue };
        let findings = snapshot.findings(TODAY);
        for edits in findings.iter().filter_map(|finding| finding.fixes.first()).map(|fix| &fix.edits) {
            let Some(first) = edits.first() else { continue };
            let source = snapshot.sources.get(first.span.file);
            let ranges: Vec<Range> = edits.iter().map(|edit| edit.span.range).collect();
            for place in places(&source.text, &ranges) {
                tried += 1;
                wrong.extend(lost(&files, &source.path, place));
            }
        }
    }
    assert!(tried > 4_000, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}
