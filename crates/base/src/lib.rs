//! What every other part of Groma stands on: sources and ranges, diagnostics and fixes, dates,
//! and quantities with units. This crate reads no files and prints nothing.

mod date;
mod diagnostic;
mod near_names;
mod phrases;
mod printable;
mod quantity;
mod share;
mod source;
mod xml;

pub use date::{MeantDate, date_after, date_of_day, days_between, is_date, meant_date};
pub use diagnostic::{Also, Days, Diagnostic, Edit, Fix, Label, Severity, apply_edits};
pub use near_names::{
    MOST_NEAR, has_same_letters, has_swapped_letters, is_one_edit, is_same_but_for_capitals, is_slip, may_mean,
    nearest, only_meant,
};
pub use phrases::{counted, did_you_mean, join_words, last_part, list_words, now_called, plural, there_are};
pub use printable::{column_width, is_blank, printable, printable_line};
pub use quantity::{Dimension, Quantity, QuantityError, UNITS, UnitDoc, is_currency};
pub use share::shared_out;
pub use source::{FileId, LineColumn, Place, Range, Source, Sources, Span, is_groma};
pub use xml::escape_xml;
