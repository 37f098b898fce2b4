//! What comes of the requirements over a grid of numbers.

use groma_simulate::{Report, Verdict};

/// A fact with the values that it is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// The fact, as in `shop.core.replicas`.
    pub fact: String,
    /// Its values, as they are written.
    pub values: Vec<String>,
}

/// What came out for a combination.
#[derive(Clone, Debug)]
pub struct Point {
    /// The values, in the order of the axes.
    pub values: Vec<String>,
    /// What is forecast with them.
    pub report: Report,
}

impl Point {
    /// Whether everything holds that was judged.
    pub fn holds(&self) -> bool {
        self.report.judgements.iter().all(|one| one.verdict == Verdict::Holds)
    }
}
