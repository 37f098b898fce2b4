//! Every rule's page is its test: the blocks marked `finds` must have a finding of the rule, those marked
//! `clean` none.

use groma_base::{Diagnostic, FileId, Span};
use groma_check::{RULES, check};
use groma_model::{decode, link};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TODAY: &str = "2026-01-01";

fn findings(text: &str) -> Vec<Diagnostic> {
    let (tree, errors) = groma_syntax::parse(text);
    let mut problems: Vec<Diagnostic> = errors
        .iter()
        .map(|error| Diagnostic::error("syntax", Span::new(FileId(0), error.range), error.message.as_str()))
        .collect();
    let file = decode::decode(FileId(0), &tree);
    problems.extend(file.problems.clone());
    let (arch, unresolved) = link(vec![Arc::new(file)]);
    problems.extend(unresolved);
    check(&arch, problems, TODAY)
}

#[test]
fn the_examples_of_each_page_are_found_and_clean() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for (mark, text) in rule.examples() {
            let found = findings(&text);
            let own = found.iter().filter(|finding| finding.code == rule.name).count();
            let readable = ["syntax", "unknown-word", "wrong-value", "missing-part", "unresolved-name"];
            let broken = found.iter().find(|finding| finding.code != rule.name && readable.contains(&finding.code));
            if let Some(broken) = broken {
                wrong.push(format!("{}: the example cannot be read: {}", rule.name, broken.message));
            }
            match mark {
                "finds" if own == 0 => wrong.push(format!("{}: not found in\n{text}", rule.name)),
                "clean" if own > 0 => wrong.push(format!("{}: found in\n{text}", rule.name)),
                "finds" | "clean" => {}
                other => wrong.push(format!("{}: a block is marked `{other}`", rule.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_page_says_what_why_how_and_when_not() {
    for rule in RULES {
        for part in ["## Why", "## Fix", "## Allow"] {
            assert!(rule.page.contains(part), "{}: {part} is missing", rule.name);
        }
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)), "{}", rule.name);
        assert!(rule.check.is_none() || rule.page.contains("```groma finds"), "{}: no example", rule.name);
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
