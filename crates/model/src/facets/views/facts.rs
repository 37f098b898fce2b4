//! The facts of views.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::deployment::class::DEPLOYMENT;
use super::super::flows::class::FLOW;
use super::super::pipelines::class::PIPELINE;
use super::super::structure::class::{COMPONENT, CONTAINER, SYSTEM};
use crate::schema::{Fact, Type, fact, facts};

/// The facts of a view.
pub mod view {
    use super::*;

    pub static SHOW: Fact = fact(
        "show",
        Type::OneOf(&[
            ("landscape", "all people and systems"),
            ("context", "one system with its surroundings"),
            ("container", "the containers of one system with their surroundings"),
            ("component", "the components of one container with their surroundings"),
            ("deployment", "where one deployment's instances run"),
            ("dynamic", "one flow on the structure, its steps numbered"),
            ("sequence", "one flow as a sequence diagram"),
            ("pipeline", "one pipeline"),
            ("traceability", "requirements and what realizes them"),
        ]),
        "what sort of picture it is",
    )
    .linked();
    pub static OF: Fact = fact(
        "of",
        Type::Reference(&[&SYSTEM, &CONTAINER, &COMPONENT, &FLOW, &DEPLOYMENT, &PIPELINE]),
        "what it is a picture of",
    );
    pub static INCLUDE: Fact = facts("include", Type::Query, "what it shows, instead of the default");
    pub static EXCLUDE: Fact = facts("exclude", Type::Query, "what it leaves out");
    pub static DIRECTION: Fact = fact(
        "direction",
        Type::OneOf(&[("down", "from top to bottom"), ("right", "from left to right")]),
        "which way relationships run; default: down",
    );
    pub static DETAIL: Fact = fact(
        "detail",
        Type::OneOf(&[("full", "names, technologies, descriptions"), ("names", "names only")]),
        "how much is written in the boxes",
    );
}
