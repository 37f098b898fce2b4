//! What turns a value with a unit into a score.

use crate::matrix::Interval;
use groma_base::{Dimension, Quantity};

/// The lowest score.
pub const LOWEST: f64 = 1.0;

/// The highest score.
pub const HIGHEST: f64 = 5.0;

/// A scale of a criterion.
#[derive(Clone, PartialEq, Debug)]
pub enum Scale {
    /// In proportion between two values, and the lowest or the highest score beyond them.
    Linear {
        /// What scores 1.
        worst: f64,
        /// What scores 5.
        best: f64,
    },
    /// The best score of those whose threshold is met, or the lowest.
    Thresholds {
        /// Whether the smaller value is better.
        is_low_better: bool,
        /// Thresholds, each with its score.
        all: Vec<(f64, f64)>,
    },
}

impl Scale {
    /// The score of one value.
    pub fn score(&self, value: f64) -> f64 {
        match self {
            Scale::Linear { worst, best } => {
                // Halves, as the whole way between two numbers may be more than any number.
                let share = (value / 2.0 - worst / 2.0) / (best / 2.0 - worst / 2.0);
                (LOWEST + (HIGHEST - LOWEST) * share).clamp(LOWEST, HIGHEST)
            }
            Scale::Thresholds { is_low_better, all } => {
                let is_met = |threshold: f64| if *is_low_better { value <= threshold } else { value >= threshold };
                let met = all.iter().filter(|(threshold, _)| is_met(*threshold)).map(|(_, score)| *score);
                met.fold(LOWEST, f64::max)
            }
        }
    }

    /// The scores that a value may have which lies between two. A better value never scores less, so the ends tell.
    pub fn scores(&self, value: Quantity) -> Interval {
        self.between(value.low, value.high)
    }

    /// The same of two numbers in base units.
    pub fn between(&self, low: f64, high: f64) -> Interval {
        let (one, other) = (self.score(low), self.score(high));
        Interval { low: one.min(other), high: one.max(other) }
    }
}

/// What a quantity measures, which two must have alike to be compared: its dimension and, of money, the currency.
pub(crate) fn measure(value: Quantity) -> (Dimension, Option<char>) {
    (value.dimension, value.currency)
}

/// What a quantity measures, in words.
pub(crate) fn in_words(value: Quantity) -> String {
    match value.currency {
        Some(sign) => format!("{} in {sign}", value.dimension.word()),
        None => value.dimension.word().to_owned(),
    }
}
