//! Records are read and edited as the corpus says.

mod binding;
mod editing;
mod reading;
mod relating;
mod rfcs;

use serde_json::Value;
use std::path::{Path, PathBuf};

/// The records of the corpus: the name of the file, its bytes, what is expected of it.
fn corpus() -> Vec<(String, Vec<u8>, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md" || ending == "adoc"));
    paths.sort();
    let read = |path: PathBuf| {
        let expected = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap(), serde_json::from_str(&expected).unwrap())
    };
    paths.into_iter().map(read).collect()
}
