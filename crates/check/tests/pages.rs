//! Every rule's page is its test: the blocks marked `finds` must have a finding of the rule, those marked
//! `clean` none.

use groma_base::{Diagnostic, FileId, Span};
use groma_check::{RULES, check};
use groma_model::{decode, link};
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
    assert!(RULES.is_sorted_by_key(|rule| rule.name), "the registry is in the order of the alphabet");
}
