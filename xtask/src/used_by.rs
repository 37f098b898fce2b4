//! Who uses which fact, for the reference: written anew by the test that proves that every fact counts.

use std::process::Command;

/// Runs the search, which writes `crates/model/src/used_by.txt`. Whether that has changed: what is built already has it as it was before.
///
/// # Errors
/// If there is a fact of which nothing comes.
pub fn search() -> Result<bool, String> {
    let path = crate::root().join("crates/model/src/used_by.txt");
    let read = || std::fs::read(&path).unwrap_or_default();
    let before = read();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--quiet", "--package", "groma-session", "--test", "facts_count"])
        .env("UPDATE", "1")
        .current_dir(crate::root())
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() {
        Ok(read() != before)
    } else {
        Err("there are facts that count for nothing: see above".into())
    }
}
