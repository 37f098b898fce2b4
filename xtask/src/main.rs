//! `cargo xtask generate` writes the generated files; `cargo xtask new-rule NAME` begins a rule.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["generate"] => generate(),
        ["new-rule", name] => new_rule(name),
        _ => Err("usage: cargo xtask generate | cargo xtask new-rule NAME".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    for (path, content) in xtask::generated::files() {
        write(path, content.as_bytes())?;
    }
    for (path, content) in xtask::shown::files(&xtask::shown::build_groma()?)? {
        write(&path, &content)?;
    }
    Ok(())
}

/// Writes a file, by its path from the root.
fn write(path: &str, content: &[u8]) -> Result<(), String> {
    let path = xtask::root().join(path);
    let folder = path.parent().ok_or("a path without a folder")?;
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, content))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes the code and the page of a rule and registers it, in the order of the alphabet.
fn new_rule(name: &str) -> Result<(), String> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return Err(format!("`{name}`: a rule's name is lower-case words with `-` between them"));
    }
    let folder = xtask::root().join("crates/check/src/rules");
    let module = name.replace('-', "_");
    let code = folder.join(format!("{module}.rs"));
    if code.exists() {
        return Err(format!("{} exists", code.display()));
    }
    let registry = folder.join("mod.rs");
    let text = std::fs::read_to_string(&registry).map_err(|error| error.to_string())?;
    let (head, list) = text.split_once("rules! {\n").ok_or("the registry has no list")?;
    let mut modules: Vec<&str> = list.lines().map(str::trim).filter_map(|line| line.strip_suffix(',')).collect();
    modules.push(&module);
    modules.sort_unstable();
    let list: String = modules.iter().map(|module| format!("    {module},\n")).collect();
    let write =
        |path: &std::path::Path, content: String| std::fs::write(path, content).map_err(|error| error.to_string());
    write(&code, CODE.to_owned())?;
    write(&folder.join(format!("{module}.md")), PAGE.replace("NAME", name))?;
    write(&registry, format!("{head}rules! {{\n{list}}}\n"))
}

const CODE: &str = r#"use crate::Context;
use groma_base::Severity;

super::declare!(Warning, "what it finds, in one line", check);

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
system s \"S\"
```

This is not:

```groma clean
person p \"P\"
```
";
