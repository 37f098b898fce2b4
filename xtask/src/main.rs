//! `cargo xtask generate` writes the generated files, `cargo xtask generate pages` all but the users of facts, which takes minutes to
//! search; `cargo xtask new-rule NAME` begins a rule.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["generate"] => generate(),
        ["generate", "pages"] => pages(),
        ["new-rule", name] => new_rule(name),
        _ => Err("usage: cargo xtask generate [pages] | cargo xtask new-rule NAME".into()),
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
    if xtask::used_by::search()? { anew() } else { pages() }
}

fn pages() -> Result<(), String> {
    for (path, content) in xtask::generated::files() {
        write(path, content.as_bytes())?;
    }
    for (path, content) in xtask::shown::files(&xtask::shown::build_groma()?)? {
        write(&path, &content)?;
    }
    Ok(())
}

/// Writes the pages by a program that is built with what the search has just found.
fn anew() -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "-q", "-p", "xtask", "--", "generate", "pages"])
        .current_dir(xtask::root())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("`cargo run -p xtask -- generate pages` failed".into()),
        Err(error) => Err(format!("cargo: {error}")),
    }
}

/// Writes a file, by its path from the root.
fn write(path: &str, content: &[u8]) -> Result<(), String> {
    let path = xtask::root().join(path);
    let folder = path.parent().ok_or("a path without a folder")?;
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, content))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes the code and the page of a rule and registers it.
fn new_rule(name: &str) -> Result<(), String> {
    xtask::new_rule::files(name)?.iter().try_for_each(|(path, content)| write(path, content.as_bytes()))
}
