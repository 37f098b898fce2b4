//! Who uses which fact, for the reference: written anew by the test that proves that every fact counts.

use std::process::Command;

/// Runs the search, which writes `crates/model/src/used_by.txt`. Whoever is built already knows the file as it was before.
pub fn search() -> Result<(), String> {
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
    match (status.success(), read() == before) {
        (false, _) => Err("there are facts that count for nothing: see above".into()),
        (true, true) => Ok(()),
        (true, false) => {
            Err("crates/model/src/used_by.txt has changed: run `cargo xtask generate` once more for the rest".into())
        }
    }
}
