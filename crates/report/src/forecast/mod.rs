//! A forecast to text: for people, for programs and as a table.

mod csv;
mod human;
mod json;
mod timeline;
mod typed;

pub use csv::csv;
pub use human::{Detail, human};
pub(crate) use json::{estimate, quality_of, rounded};
pub use json::{json, judgement};
