//! A forecast to text: for people, for programs and as a table.

mod course;
mod csv;
mod human;
mod json;

pub use csv::csv;
pub use human::human;
pub use json::{json, judgement};
