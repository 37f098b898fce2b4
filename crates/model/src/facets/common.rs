//! Facts that things of several facets have.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::people::class::OWNERS;
use super::requirements::class::{QUALITY, REQUIREMENT};
use crate::schema::{Fact, Type, fact, facts};

const DATA_CLASSES: Type = Type::OneOf(&[
    ("public", "anyone may read it"),
    ("internal", "for the organisation only"),
    ("personal", "about identifiable persons (GDPR, CCPA)"),
    ("health", "about the health of persons (HIPAA)"),
    ("card", "payment card numbers (PCI DSS)"),
    ("secret", "credentials and keys"),
]);

pub static DESCRIPTION: Fact = fact("description", Type::Text, "what it is and what it is for, in a sentence or two");
pub static TECHNOLOGY: Fact =
    fact("technology", Type::Text, "what it is built with, with versions, separated by commas");
pub static OWNER: Fact = fact("owner", Type::TextOrName(OWNERS), "the team or person that answers for it").seen_as("owns");
pub static TAGS: Fact =
    facts("tags", Type::Text, "free words to select it by in queries; several may be separated by commas");
pub static LINK: Fact = facts("link", Type::Text, "a web address to read on").with(&[&LINK_TITLE]);
pub static LINK_TITLE: Fact = fact("title", Type::Text, "what the address leads to");
pub static REALIZES: Fact =
    facts("realizes", Type::Reference(&[&REQUIREMENT, &QUALITY]), "the requirements and qualities it helps to meet")
        .seen_as("realized-by");
pub static DATA: Fact = facts("data", DATA_CLASSES, "the classes of data it holds or carries");
pub static ERROR_RATE: Fact =
    fact("error-rate", Type::Ratio, "the share of calls that fail for no reason the model knows");
pub static ASYNC: Fact = fact(
    "async",
    Type::Bool,
    "whether the caller goes on without waiting for the answer; so it is taken to be to and from a queue",
);
pub static STATUS: Fact = fact(
    "status",
    Type::OneOf(&[
        ("existing", "it is there today"),
        ("planned", "it is to be built"),
        ("deprecated", "it is to go away"),
    ]),
    "whether it exists today or is to be built; default: existing",
)
.or("existing");
