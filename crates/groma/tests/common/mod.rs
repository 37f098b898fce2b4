//! What the tests of the command share.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The formats of `draw` that are text; `png` is the only other.
pub fn text_formats() -> impl Iterator<Item = &'static str> {
    ["svg", "scene"].into_iter().chain(groma_export::FORMATS.iter().map(|format| format.name))
}

/// Runs the command in a folder.
pub fn groma_in(folder: &Path, arguments: &[&str]) -> Output {
    let command = &mut Command::new(env!("CARGO_BIN_EXE_groma"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("groma runs")
}

/// What was printed, on both streams.
pub fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs the command in a folder and expects this exit code and these words.
#[track_caller]
pub fn expect(folder: &Path, arguments: &[&str], code: i32, words: &str) {
    let output = groma_in(folder, arguments);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains(words), "{arguments:?}: {told}");
    assert!(!told.contains("panicked"), "{arguments:?}: {told}");
}

/// Every file below a folder, by its path from there.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// A file with this text, in folders that are made if need be.
pub fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A repository with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join(".git/HEAD"), "");
    files.iter().for_each(|(path, text)| write(&folder.path().join(path), text));
    folder
}

/// What a command prints in a folder that exits with this code.
#[track_caller]
pub fn printed(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = groma_in(folder, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// A text with one blank where it has several.
pub fn single_spaced(text: &str) -> String {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}
