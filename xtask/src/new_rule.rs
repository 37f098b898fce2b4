//! The beginning of a rule: its code, its page and its lines in the registry.

/// Where the rules are, from the root.
const FOLDER: &str = "crates/check/src/rules";

/// The words that Rust keeps for itself (<https://doc.rust-lang.org/reference/keywords.html>).
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// The files of a new rule, each with its path from the root, and the registry that names it.
pub fn files(name: &str) -> Result<Vec<(String, String)>, String> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !name.split('-').all(is_word) {
        return Err(format!("`{name}`: a rule's name is lower-case words with `-` between them"));
    }
    if KEYWORDS.contains(&name) {
        return Err(format!("`{name}` is a word of Rust, so no module can be called so"));
    }
    let module = name.replace('-', "_");
    let path = |file: &str| format!("{FOLDER}/{file}");
    let (code, page, registry) = (path(&format!("{module}.rs")), path(&format!("{module}.md")), path("mod.rs"));
    if crate::root().join(&code).exists() {
        return Err(format!("{code} exists"));
    }
    let known = std::fs::read_to_string(crate::root().join(&registry)).map_err(|error| error.to_string())?;
    let registered = registered(&known, &module).ok_or("the registry has no list")?;
    let filled = |text: &str| text.replace("NAME", name).replace("MODULE", &module);
    Ok(vec![(code, filled(CODE)), (page, filled(PAGE)), (registry, registered)])
}

/// The registry with one more rule.
fn registered(registry: &str, module: &str) -> Option<String> {
    let declared = with_line(registry, "// The rules.\n", &format!("mod {module};"))?;
    with_line(&declared, "RULES: &[&Rule] = &[\n", &format!("    &{module}::RULE,"))
}

/// A text with one more line in the list that follows `above` and is in the order of the alphabet.
fn with_line(text: &str, above: &str, line: &str) -> Option<String> {
    let start = text.find(above)? + above.len();
    let comes_after = |known: &&str| known.trim_end() > line || !starts_alike(known, line);
    let before: usize = text[start..].split_inclusive('\n').take_while(|known| !comes_after(known)).map(str::len).sum();
    let (head, tail) = text.split_at(start + before);
    Some(format!("{head}{line}\n{tail}"))
}

/// Whether a line belongs to the same list as another.
fn starts_alike(line: &str, other: &str) -> bool {
    line.as_bytes().first_chunk::<4>() == other.as_bytes().first_chunk::<4>()
}

const CODE: &str = r#"use crate::{Context, Reach, Rule};
use groma_base::Severity;

pub(super) static RULE: Rule = Rule {
    name: "NAME",
    severity: Severity::Warning,
    summary: "what it finds, in one line",
    check: Some(check),
    // Or `Near`, if what it finds depends on an element and its neighbours alone.
    reach: Reach::Whole,
    absence: None,
    calculates_from: None,
    blocks_forecast: false,
    page: include_str!("MODULE.md"),
};

fn check(cx: &mut Context<'_>) {
    for id in cx.own_elements() {
        let at = cx.arch.element(id).at;
        let finding = cx.at(at, format!("what is wrong with the {}", cx.named(id)));
        cx.push(finding.help("what to do"));
    }
}
"#;

const PAGE: &str = "# NAME

What it finds.

## Why

Why it matters.

## Fix

What to do.

## Allow

When it is right all the same.

## Example

This is found:

```groma finds
system s \"S\" // warning: [NAME] \"what is wrong\"
```

This is not:

```groma clean
system s \"S\" external=#true
```
";

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "// What several rules need.
mod entry;

// The rules.
mod lonely_actor;
mod shared_database;

/// Every rule, in the order of the alphabet.
pub static RULES: &[&Rule] = &[
    &lonely_actor::RULE,
    &shared_database::RULE,
];
";

    #[test]
    fn a_rule_is_registered_at_its_place() {
        let first = registered(REGISTRY, "empty_flow").unwrap();
        assert!(first.contains("// The rules.\nmod empty_flow;\nmod lonely_actor;\n"), "{first}");
        assert!(first.contains("&[\n    &empty_flow::RULE,\n    &lonely_actor::RULE,\n"), "{first}");
        let last = registered(REGISTRY, "wrong_limit").unwrap();
        assert!(last.contains("mod shared_database;\nmod wrong_limit;\n\n"), "{last}");
        assert!(last.contains("    &shared_database::RULE,\n    &wrong_limit::RULE,\n];\n"), "{last}");
    }

    #[test]
    fn the_true_registry_takes_a_rule() {
        let files = files("zz-last").unwrap();
        let (path, registry) = files.last().unwrap();
        assert_eq!(path, "crates/check/src/rules/mod.rs");
        assert!(registry.contains("mod zz_last;\n\n") && registry.contains("    &zz_last::RULE,\n];\n"), "{registry}");
    }

    #[test]
    fn only_a_new_rule_with_a_good_name_is_begun() {
        for bad in ["Bad Name", "-", "-x", "a--b", ""] {
            assert!(files(bad).unwrap_err().contains("lower-case words"), "{bad}");
        }
        assert!(files("match").unwrap_err().contains("a word of Rust"));
        assert!(files("lonely-actor").unwrap_err().contains("exists"));
    }
}
