//! The facts of pipelines.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::decisions::class::RECORDED;
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of a step of a pipeline.
pub mod stage {
    use super::*;

    choice! {
        /// The sorts of steps.
        Is of IS {
            Action = "action", "something is done";
            Decision = "decision", "the way parts: its transitions say on what";
            Approval = "approval", "a person decides";
            End = "end", "the pipeline ends here";
        }
    }
    pub static IS: Fact = fact("is", Is::TYPE, "what sort of step it is").or("action");
    pub static NEEDS_SIGNATURE: Fact = facts(
        "needs-signature",
        Type::Text,
        "the role in which somebody must have signed what `of` selects, as it is, before the step is taken",
    )
    .with(&[&SIGNATURE_OF, &WITH_KEY])
    .also_called(&["needs-approval", "requires-approval", "approved-by", "reviewed-by", "sign-off"]);
    pub static SIGNATURE_OF: Fact = fact(
        "of",
        Type::TextOrName(RECORDED),
        "what must be signed: the name of a decision, or a query, as `groma sign` takes it",
    )
    .also_called(&["target", "what"]);
    pub static WITH_KEY: Fact = fact(
        "with-key",
        Type::Bool,
        "whether only a signature counts that a known key proves, of `acts/allowed_signers` or `acts/allowed_keys.asc`",
    )
    .or("#false")
    .also_called(&["proven", "key"]);
}
