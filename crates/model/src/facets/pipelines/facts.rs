//! The facts of pipelines.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use crate::schema::{Fact, fact};
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
}
