//! What comes of a choice with numbers, to text: for people, for programs and as a table.

mod csv;
mod human;
mod json;
mod record;
mod words;

pub use csv::csv;
pub use human::human;
pub use json::json;
pub use record::record;
pub use words::sentence;
