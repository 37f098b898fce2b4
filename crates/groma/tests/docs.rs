//! What the documentation shows is what Groma prints, and what it tells to type can be typed.

mod common;

use common::write;
use std::path::{Path, PathBuf};
use xtask::shown::{files, pages, run};

fn groma() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_groma"))
}

#[test]
fn the_docs_show_what_groma_prints_today() {
    let fresh = files(groma()).unwrap();
    assert!(fresh.contains_key("README.md") && fresh.len() > 3);
    for (path, content) in fresh {
        let written = std::fs::read(xtask::root().join(&path)).unwrap_or_default();
        assert!(written == content, "{path} is stale: run `cargo xtask generate`");
    }
}

#[test]
fn the_readme_names_every_format() {
    let readme = std::fs::read_to_string(xtask::root().join("README.md")).unwrap();
    let row = readme.lines().find(|line| line.starts_with("| `groma draw` |")).expect("a row for draw");
    let missing: Vec<&str> = common::text_formats().filter(|format| !row.contains(&format!("`{format}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_readme_has_a_row_for_every_command() {
    let read = |path: &str| std::fs::read_to_string(xtask::root().join(path)).unwrap();
    let (readme, reference) = (read("README.md"), read("docs/reference/command-line.md"));
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `groma ")).collect();
    let commands: Vec<&str> = reference.lines().filter_map(|line| line.strip_prefix("## groma ")).collect();
    assert!(commands.len() > 5, "{commands:?}");
    let has_row = |command: &str| rows.iter().any(|row| row.contains(&format!("`groma {command}`")));
    let missing: Vec<&str> = commands.into_iter().filter(|command| !has_row(command)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The lines in blocks for a shell, and the commands in the text, without those that leave something to fill in.
fn commands(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, piece) in page.split("```").enumerate() {
        if at % 2 == 1 {
            let block = piece.strip_prefix("sh\n").unwrap_or_default().replace("\\\n", " ");
            found.extend(block.lines().map(str::to_owned));
        } else {
            found.extend(piece.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " ")));
        }
    }
    let built = "cargo run --release -- ";
    let typed = found.into_iter().map(|line| match line.strip_prefix(built) {
        Some(rest) => format!("groma {rest}"),
        None => line,
    });
    typed
        .filter(|line| line.starts_with("groma ") && line.split(' ').count() > 2 && !is_to_be_filled_in(line))
        .collect()
}

/// Whether a word stands for what the reader has: `FILE`.
fn is_to_be_filled_in(line: &str) -> bool {
    let is_placeholder = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    line.contains('…') || line.split(' ').any(is_placeholder)
}

/// The workspace that the page of the first architecture builds: what is written twice there is written better the second
/// time, and what stands on its own at the end belongs to no workspace.
fn first_architecture(page: &str) -> String {
    let blocks = page.split("```groma\n").skip(1).map(|block| block.split("```").next().unwrap());
    let whole: String = blocks.take_while(|block| !block.starts_with("service legacy")).collect();
    let first = "shop.core -> bank \"Charges cards with\" protocol=HTTPS";
    match whole.contains(&format!("{first} {{\n")) {
        true => whole.replace(&format!("{first}\n"), ""),
        false => whole,
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(entry.file_name().unwrap());
        match entry.is_dir() {
            true => copy(&entry, &target),
            false => write(&target, &std::fs::read_to_string(&entry).unwrap()),
        }
    }
}

#[test]
fn every_command_in_the_docs_runs() {
    let folder = tempfile::tempdir().unwrap();
    let mut ran = 0;
    for path in pages().unwrap() {
        let page = std::fs::read_to_string(xtask::root().join(&path)).unwrap();
        let here: PathBuf = folder.path().join(path.replace('/', "-"));
        copy(&xtask::root().join("examples"), &here.join("examples"));
        let mut read = String::new();
        for section in page.split_inclusive("\n## ") {
            read.push_str(section);
            if path.ends_with("first-architecture.md") {
                let _ = std::fs::remove_dir_all(here.join("examples"));
                write(&here.join("shop.groma"), &first_architecture(&read));
            }
            for line in commands(section) {
                let (code, told) = run(&line, &here, groma()).unwrap();
                // Findings and failing qualities are results.
                assert!(code == 0 || code == 1, "{path}: {line}: {told}");
                ran += 1;
            }
        }
    }
    assert!(ran > 25, "{ran}");
}

/// All that Groma finds while the first architecture is built, after each of its blocks: the page shows it, and nothing is left at the end.
#[test]
fn the_first_architecture_shows_what_groma_finds() {
    let page = std::fs::read_to_string(xtask::root().join("docs/first-architecture.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    let (mut read, mut last) = (String::new(), String::new());
    for block in page.split_inclusive("\n```\n") {
        read.push_str(block);
        let text = first_architecture(&read);
        if text == last {
            continue;
        }
        write(&folder.path().join("shop.groma"), &text);
        let (_, told) = run("groma check . --today 2026-01-01 --format json", folder.path(), groma()).unwrap();
        let report: serde_json::Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"));
        let findings = report["findings"].as_array().unwrap().iter();
        let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        found.extend(findings.map(|one| (word(&one["rule"]), word(&one["message"]))));
        last = text;
    }
    let rules: Vec<&str> = found.iter().map(|(rule, _)| &**rule).collect();
    assert_eq!(rules, ["unguarded-dependency"], "{found:?}");
    for (_, message) in &found {
        assert!(page.contains(message.as_str()), "the page does not show: {message}");
    }
}
