//! Programs of others that tests ask for a second opinion.

#![allow(dead_code, reason = "each test file uses a part")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set by `.ci/run`: then a test fails where a tool is missing, instead of leaving out what needs it.
const REQUIRED: &str = "GROMA_TOOLS_REQUIRED";

/// The first of these commands that answers to `probe`. Where none does, says what is left out, past the capture of test output.
pub fn command(names: &[&'static str], probe: &str, left_out: &str) -> Option<&'static str> {
    let answers = |name: &str| {
        let run = Command::new(name).arg(probe).stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    };
    let found = names.iter().copied().find(|name| answers(name));
    if found.is_none() {
        missing(names[0], left_out);
    }
    found
}

/// A file below `target/tools`, where `.ci/run` puts what is no command.
pub fn file(path: &str, left_out: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools").join(path);
    if file.exists() {
        return Some(file);
    }
    missing(path, left_out);
    None
}

fn missing(tool: &str, left_out: &str) {
    assert!(std::env::var_os(REQUIRED).is_none(), "`{tool}` is missing, and {REQUIRED} is set");
    let _ = writeln!(std::io::stderr(), "skipped, as `{tool}` is missing: {left_out}");
}
