//! Every rule's page is its test. A comment in a block says what is found on the line that it ends, or, alone on a
//! line, on the line below:
//!
//! ```text
//! question q "Who approves refunds?" // note: [open-question] "is still open"
//! ```

use super::{Place, Workspace, blocks};
use crate::{Block, RULES};
use groma_base::{Diagnostic, Severity};
use std::fmt;
use std::path::{Path, PathBuf};

/// What a comment says is found.
#[derive(Clone, PartialEq, Debug)]
struct Expected {
    place: Place,
    severity: Severity,
    rule: String,
    /// What the message contains.
    words: String,
}

impl Expected {
    /// Reads what follows the slashes: `note: [open-question] "is still open"`.
    fn new(place: Place, mark: &str) -> Option<Expected> {
        let (severity, rest) = mark.split_once(": [")?;
        let (rule, words) = rest.split_once("] \"")?;
        let severity = Severity::from_word(severity)?;
        Some(Expected { place, severity, rule: rule.into(), words: words.trim_end().strip_suffix('"')?.into() })
    }

    fn is_met_by(&self, (place, finding): &(Place, Diagnostic)) -> bool {
        *place == self.place
            && finding.severity == self.severity
            && finding.code == self.rule
            && finding.message.contains(&self.words)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expected { place: (file, line), severity, rule, words } = self;
        write!(f, "file {file}, line {line}: {}: [{rule}] \"{words}\"", severity.word())
    }
}

/// The comments of a line that say what is found, without their slashes.
fn marks(line: &str) -> Vec<&str> {
    let is_mark =
        |rest: &str| Severity::ALL.iter().any(|severity| rest.starts_with(&format!("// {}: [", severity.word())));
    let starts: Vec<usize> = line.match_indices("// ").map(|(at, _)| at).filter(|at| is_mark(&line[*at..])).collect();
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    starts.iter().zip(ends).map(|(start, end)| &line[start + 3..end]).collect()
}

/// What the comments of a block say is found, and the comments that cannot be read.
fn expectations(block: &Block) -> (Vec<Expected>, Vec<&str>) {
    let (mut expected, mut unread) = (Vec::new(), Vec::new());
    let texts = block.files.iter().filter(|(name, _)| !name.ends_with(".csv"));
    for (file, (_, text)) in texts.enumerate() {
        let mut waiting = Vec::new();
        for (number, line) in text.lines().enumerate() {
            // In Markdown a comment stands between other signs.
            let of_markdown = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->"));
            let line = of_markdown.unwrap_or(line);
            waiting.extend(marks(line));
            if line.trim_start().starts_with("// ") {
                continue;
            }
            for mark in waiting.drain(..) {
                match Expected::new((file, number + 1), mark) {
                    Some(one) => expected.push(one),
                    None => unread.push(mark),
                }
            }
        }
        unread.extend(waiting);
    }
    // The most words first, so that a few that are in several messages take none that another needs.
    expected.sort_by_key(|one| std::cmp::Reverse(one.words.len()));
    (expected, unread)
}

/// What is wrong with a block: a finding that is not expected, or the other way round. What other rules find to be less
/// than an error is passed over unless it is written.
fn differences(rule: &str, block: &Block) -> Vec<String> {
    let (expected, unread) = expectations(block);
    let mut found = Workspace::new(block).findings();
    let mut wrong: Vec<String> = unread.iter().map(|mark| format!("cannot be read: // {mark}")).collect();
    // What is no rule is a standard, and found by this rule if by any.
    let is_its = |code: &str| code == rule || crate::rule(code).is_none();
    match (block.finds, expected.iter().any(|one| is_its(&one.rule))) {
        (true, false) => wrong.push("nothing is said to be found".into()),
        (false, true) => wrong.push("something is said to be found where it is clean".into()),
        (true, true) | (false, false) => {}
    }
    for one in &expected {
        match found.iter().position(|found| one.is_met_by(found)) {
            Some(at) => drop(found.remove(at)),
            None => wrong.push(format!("not found: {one}")),
        }
    }
    found.retain(|(_, finding)| is_its(&finding.code) || finding.severity == Severity::Error);
    wrong.extend(found.into_iter().map(|(place, finding)| {
        let (severity, rule) = (finding.severity, finding.code.into_owned());
        format!("not expected: {}", Expected { place, severity, rule, words: finding.message })
    }));
    wrong
}

#[test]
fn each_block_is_marked_as_one_that_finds_or_is_clean() {
    for rule in RULES {
        let marked = rule.page.lines().filter(|line| line.starts_with("```groma")).count();
        assert_eq!(rule.blocks().len(), marked, "{}", rule.name);
    }
}

#[test]
fn each_block_has_the_findings_that_are_written_in_it_and_no_others() {
    let mut told = String::new();
    for (rule, block) in blocks() {
        let wrong = differences(rule, &block);
        if !wrong.is_empty() {
            let texts: Vec<&str> = block.files.iter().map(|(_, text)| text.as_str()).collect();
            let mark = if block.finds { "finds" } else { "clean" };
            told += &format!("\n{rule}, {mark}:\n  {}\n{}", wrong.join("\n  "), texts.join("\n"));
        }
    }
    assert!(told.is_empty(), "{told}");
}

/// A block with these lines.
fn block(finds: bool, text: &str) -> Block {
    Block { finds, files: vec![("main.groma", text.into())] }
}

/// What is wrong with a block that is to show an open question.
fn said(text: &str) -> Vec<String> {
    differences("open-question", &block(true, text))
}

#[test]
fn a_comment_speaks_of_its_line_or_of_the_line_below() {
    let none: [&str; 0] = [];
    assert_eq!(said("question q \"Who?\" // note: [open-question] \"is still open\""), none);
    assert_eq!(said("// note: [open-question] \"is still open\"\n// As it happens.\nquestion q \"Who?\""), none);
    assert_eq!(said("question q \"Who?\"\n// note: [open-question] \"is still open\"").len(), 3);
    assert_eq!(
        said("question q \"Who?\" // note: [open-question] \"Who\" // note: [open-question] \"open\""),
        ["not found: file 0, line 1: note: [open-question] \"Who\""]
    );
}

#[test]
fn what_is_not_found_and_what_is_not_expected_is_told() {
    let mark = "// note: [open-question] \"open\"";
    assert_eq!(
        said(&format!("question q \"A\" {mark}\nquestion r \"B\"")),
        ["not expected: file 0, line 2: note: [open-question] \"\"B\" is still open\""]
    );
    assert_eq!(
        said(&format!("question q \"A\" {mark}\nquestion r \"B\" state=resolved answer=\"C\" {mark}")),
        ["not found: file 0, line 2: note: [open-question] \"open\""]
    );
    assert_eq!(
        said("question q \"A\" // note: [open-question] open")[0],
        "cannot be read: // note: [open-question] open"
    );
}

#[test]
fn errors_of_other_rules_are_told_and_their_notes_are_not() {
    let told = differences("open-question", &block(false, "system s \"S\"\nu -> s \"Uses\""));
    assert!(told.len() == 1 && told[0].contains("line 2: error: [unresolved-name]"), "{told:?}");
}

#[test]
fn every_page_says_what_why_how_and_when_not() {
    for rule in RULES {
        for part in ["## Why", "## Fix", "## Allow"] {
            assert!(rule.page.contains(part), "{}: {part} is missing", rule.name);
        }
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)), "{}", rule.name);
        assert!(rule.page.contains("```groma finds"), "{}: no example", rule.name);
        let unwritten =
            ["\nWhat it finds.\n", "\nWhy it matters.\n", "\nWhat to do.\n", "\nWhen it is right all the same.\n"];
        let left = unwritten.iter().filter(|line| rule.page.contains(**line));
        assert_eq!(left.collect::<Vec<_>>(), [] as [&&str; 0], "{}: written by `xtask new-rule` alone", rule.name);
        assert_ne!(rule.summary, "what it finds, in one line", "{}", rule.name);
    }
}

/// The names of the rules that the folder has files for, in the order of the alphabet. Only a rule has a page.
fn rules_with_files() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = files.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
    let mut names: Vec<String> = pages.map(name).collect();
    names.sort_unstable();
    names
}

#[test]
fn the_registry_has_the_rules_of_the_folder_in_the_order_of_the_alphabet() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names, rules_with_files());
    for rule in RULES {
        let written = std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/rules/{}.md", rule.name.replace('-', "_"))),
        );
        assert_eq!(rule.page, written.unwrap(), "{} has the page of another rule", rule.name);
    }
}
