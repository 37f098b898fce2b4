//! Calls that may be made twice, and whether that may do harm.

use groma_model::decode::{FactValue, Value};
use groma_model::facts::relation;
use groma_model::{Architecture, RelationId};

/// What makes the calls of a relationship a second time, though the first may have been carried out: its `retry`, or its `hedge`.
pub(super) fn repeated(arch: &Architecture, id: RelationId) -> Option<&FactValue> {
    let at = arch.relation(id).at;
    let retries = |fact: &&FactValue| !matches!(fact.value, Value::Quantity(most) if most.high == 0.0);
    let retry = arch.fact(at, &relation::RETRY).filter(retries).filter(|_| may_be_done(arch, id));
    retry.or_else(|| arch.fact(at, &relation::HEDGE))
}

/// Whether what is tried again may have been carried out before: not where only calls are that were turned away for being too many.
fn may_be_done(arch: &Architecture, id: RelationId) -> bool {
    let errors = arch.retried_errors(id);
    errors.is_empty() || errors.iter().any(|error| error.word != "429")
}
