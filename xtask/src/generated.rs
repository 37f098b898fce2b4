//! Files in the repository that are made from the code. They are checked, not trusted: a stale one fails the tests.

use groma_model::kinds;
use groma_model::schema::{Facet, Fact, Head, Kind, Type};
use std::fmt::Write;

/// Each generated file's path from the root, and what it must hold.
pub fn files() -> Vec<(&'static str, String)> {
    vec![("docs/reference/rules.md", rules()), ("docs/reference/language.md", language())]
}

const NOTE: &str = "<!-- Made by `cargo xtask generate` from the code. Do not edit. -->\n";

fn rules() -> String {
    let mut out = format!(
        "{NOTE}\n# Rules\n\n`groma explain RULE` prints a rule's page; here are all of them.\n\n| rule | severity | finds |\n| --- | --- | --- |\n"
    );
    for rule in groma_check::RULES {
        let page = format!("../../crates/check/src/rules/{}.md", rule.name.replace('-', "_"));
        let _ = writeln!(out, "| [{}]({page}) | {} | {} |", rule.name, rule.severity.word(), rule.summary);
    }
    out
}

fn language() -> String {
    let mut out = format!(
        "{NOTE}\n# Language reference\n\nEvery kind of node, with its facts. A fact is written `name=value` on the node's line or `name value` in its block.\n"
    );
    for facet in Facet::ALL {
        let _ = write!(out, "\n## {}\n", facet.title());
        for kind in kinds::all().filter(|kind| kind.facet == facet) {
            describe(kind, &mut out);
        }
    }
    out
}

fn describe(kind: &Kind, out: &mut String) {
    let _ = write!(
        out,
        "\n### `{}`\n\n{} {}\n\n```groma\n{}\n```\n",
        kind.name,
        sentence(kind.summary),
        kind.doc,
        kind.example
    );
    if let Head::Value(fact) = kind.head
        && !fact.name.is_empty()
    {
        let _ = write!(out, "\nIts first value: {} ({}).\n", fact.summary, fact.ty.expected());
    }
    if kind.all_facts().next().is_some() {
        out.push_str("\n| fact | value | meaning |\n| --- | --- | --- |\n");
        for fact in kind.all_facts() {
            row(fact, "", out);
        }
    }
    let inside: Vec<String> = kinds::all()
        .filter(|other| kind.holds.contains(&other.role))
        .map(|other| format!("`{}`", other.name))
        .collect();
    if !inside.is_empty() {
        let _ = write!(out, "\nHolds: {}.\n", inside.join(", "));
    }
}

fn row(fact: &Fact, prefix: &str, out: &mut String) {
    let value = match fact.ty {
        Type::OneOf(words) => words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        ty => ty.expected(),
    };
    let many = if fact.many { "; may be repeated" } else { "" };
    let _ = writeln!(out, "| {prefix}`{}` | {value} | {}{many} |", fact.name, fact.summary);
    for part in fact.parts {
        row(part, &format!("{prefix}`{}` … ", fact.name), out);
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}
