//! A technology as a file of a radar has it.

use super::Problem;

/// The rows of a file, and what is wrong with single ones.
pub(super) type Found = (Vec<Row>, Vec<Problem>);

/// A technology as a file has it.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) name: String,
    pub(super) ring: String,
    pub(super) quadrant: String,
    pub(super) description: String,
}

impl Row {
    pub(super) fn set(&mut self, column: &str, cell: String) {
        match column {
            "name" => self.name = cell,
            "ring" => self.ring = cell,
            "quadrant" => self.quadrant = cell,
            "description" => self.description = cell,
            _ => {}
        }
    }
}
