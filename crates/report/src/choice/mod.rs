//! What comes of a choice with numbers, to text: for people, for programs and as a table.

mod csv;
mod human;
mod json;
mod record;
mod words;

pub use csv::csv;
pub use human::{human, scores_that_change, weights_that_change};
pub use json::json;
pub use record::record;
pub use words::{sentence, shares};
