//! Decision records and requests for comments in Markdown, read where they are and as they are.
//!
//! [`Record::read`] never fails: it returns what a careful person would tell of a record, each thing with the bytes that say it, and
//! findings on what could not be told. Nothing is guessed.

mod bound;
mod bytes;
mod choices;
mod dates;
mod document;
pub mod edit;
mod family;
mod finding;
pub mod folder;
mod front_matter;
mod labels;
mod numbers;
mod parts;
mod phrase;
mod read;
mod record;
mod relations;
mod statement;
mod status;
mod table;
pub mod template;
mod weigh;
mod words;

pub use bound::bound_text;
pub use bytes::LARGEST;
pub use family::Family;
pub use finding::{Finding, FindingKind};
pub use parts::Part;
pub use read::STILL_TO_BE_SAID;
pub use record::{Beside, Choice, Dialect, Fact, LedTo, Link, Record, Reference, Reviewer, Rfc, Said, Section, State};
pub use table::StateTable;
