//! The facts of pipelines.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use crate::schema::{Fact, Type, fact};

/// The facts of a step of a pipeline.
pub mod stage {
    use super::*;

    pub static IS: Fact = fact(
        "is",
        Type::OneOf(&[
            ("action", "something is done"),
            ("decision", "the way parts: its transitions say on what"),
            ("approval", "a person decides"),
            ("end", "the pipeline ends here"),
        ]),
        "what sort of step it is; default: an action",
    );
}
