//! What is signed.

use crate::facets::decisions::class::DECISION;
use crate::items::ItemRef;
use crate::query::{Answers, Query, QueryError};
use crate::{Architecture, Entity};

/// What a signature is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A decision, named by itself.
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

/// What a text means that is signed on a day: the decision of this name, or else what the query selects. What it asks of ages it asks on that
/// day, so that no signature lapses because time passes.
///
/// # Errors
/// If it is no query, or names something that there is not.
pub fn target(arch: &Architecture, text: &str, day: &str) -> Result<Target, QueryError> {
    if let Some(at) = decision(arch, text) {
        return Ok(Target::Record(at));
    }
    Query::parse(text)?.things(arch, &Answers::on(day)).map(Target::Things)
}

/// The decision of a name.
pub(super) fn decision(arch: &Architecture, text: &str) -> Option<ItemRef> {
    let found: Option<Entity> = arch.resolve(None, text.trim(), &[&DECISION]).ok();
    found.map(|entity| arch.declared_at(entity))
}
