//! What every other part of Groma stands on: sources and ranges, diagnostics and fixes, quantities
//! with units. This crate reads no files and prints nothing.

mod diagnostic;
mod names;
mod printable;
mod quantity;
mod source;
mod xml;

pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity, apply_edits};
pub use names::{did_you_mean, list_words, nearest};
pub use printable::printable;
pub use quantity::{Dimension, Quantity, QuantityError, UNITS, UnitDoc, is_currency, is_date};
pub use source::{FileId, LineColumn, Place, Range, Source, Sources, Span};
pub use xml::escape_xml;
