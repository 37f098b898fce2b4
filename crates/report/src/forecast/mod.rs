//! A forecast to text: for people, for programs and as a table.

mod csv;
mod human;
mod json;
mod timeline;
mod typed;

pub use csv::csv;
pub use human::{Detail, human};
pub(crate) use json::{estimate, quality_of};
pub use json::{json, judgement};

/// A limit without what its unit adds behind the digits that were written: 99.9% is 0.999.
pub(crate) fn rounded(limit: f64) -> f64 {
    format!("{limit:.14e}").parse().unwrap_or(limit)
}
