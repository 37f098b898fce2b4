//! Numbers of facts and of their parts.

use groma_model::decode::FactValue;
use groma_model::items::find_fact;
use groma_model::schema::Fact;
use groma_model::{Architecture, ItemRef};

/// A part of a value, if it is given.
pub(crate) fn part<'a>(
    arch: &'a Architecture,
    at: ItemRef,
    value: &FactValue,
    fact: &'static Fact,
) -> Option<&'a FactValue> {
    find_fact(arch.file(at).parts_of(value), fact)
}

/// The number of a part of a value, or what holds where it is not given.
pub(crate) fn said(arch: &Architecture, at: ItemRef, value: &FactValue, fact: &'static Fact) -> Option<f64> {
    match part(arch, at, value, fact) {
        Some(given) => given.number(),
        None => fact.default_quantity().map(|default| default.high),
    }
}
