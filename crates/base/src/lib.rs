//! What every other part of Groma stands on: sources and ranges, diagnostics and fixes, dates,
//! and quantities with units. This crate reads no files and prints nothing.

mod date;
mod diagnostic;
mod printable;
mod quantity;
mod source;
mod words;
mod xml;

pub use date::{MeantDate, date_after, date_of_day, days_between, is_date, meant_date};
pub use diagnostic::{Days, Diagnostic, Edit, Fix, Label, Severity, apply_edits};
pub use printable::printable;
pub use quantity::{Dimension, Quantity, QuantityError, UNITS, UnitDoc, is_currency};
pub use source::{FileId, LineColumn, Place, Range, Source, Sources, Span};
pub use words::{
    did_you_mean, has_same_letters, is_slip, join_words, last_part, list_words, nearest, only_meant, there_are,
};
pub use xml::escape_xml;
