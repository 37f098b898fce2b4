//! What is signed.

use crate::facets::decisions::class::{DECISION, RFC};
use crate::items::ItemRef;
use crate::query::{Answers, Query, QueryError};
use crate::{Architecture, Entity};
use groma_records::folder::named_number;

/// What a signature is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A decision or a request for comments, named by itself.
    Record(ItemRef),
    /// What a query selects, in the order of the text.
    Things(Vec<ItemRef>),
}

impl Target {
    /// The things.
    pub fn things(&self) -> &[ItemRef] {
        match self {
            Target::Record(at) => std::slice::from_ref(at),
            Target::Things(things) => things,
        }
    }
}

/// What a text means that is signed on a day: the decision or request for comments of this name, or else what the query selects. What it asks of ages it asks on that
/// day, so that no signature lapses because time passes.
///
/// # Errors
/// If it is no query, or names something that there is not.
pub fn target(arch: &Architecture, text: &str, day: &str) -> Result<Target, QueryError> {
    if let Some(at) = record(arch, text) {
        return Ok(Target::Record(at));
    }
    Query::parse(text)?.things(arch, &Answers::on(day)).map(Target::Things)
}

/// The decision of a name, or else the request for comments. A number alone is that of a decision, or of nothing.
pub(super) fn record(arch: &Architecture, text: &str) -> Option<ItemRef> {
    let name = text.trim();
    let called = |class| -> Option<Entity> { arch.resolve(None, name, &[class]).ok() };
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    let found = called(&DECISION).or_else(|| called(&RFC).filter(|_| !is_number));
    found.map(|entity| arch.declared_at(entity))
}

/// Whether a text is the number of a record, there or not: `adr-12`, `rfc-3`, `12`.
pub fn is_number_of_record(text: &str) -> bool {
    named_number(text.trim()).is_some()
}

/// Whether a text names a record by a number that other records of its folder have as well.
pub fn is_shared_number(arch: &Architecture, at: ItemRef, text: &str) -> bool {
    arch.item(at).called.as_ref().is_some_and(|called| called.is_by_shared_number(text))
}
