//! The project's own chores, as functions that the tests call too.

pub mod generated;
pub mod new_rule;
pub mod shown;
pub mod used_by;

use std::path::PathBuf;

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map(PathBuf::from).unwrap_or_default()
}
