//! What can be said, one folder a facet: its classes, kinds and facts, how it is linked, and its own view of the
//! architecture. To add a facet means to add its folder and its line in [`FACETS`].

pub mod common;
pub mod deployment;
pub mod effort;
pub mod flows;
pub mod glossary;
pub mod pipelines;
pub mod prediction;
pub mod requirements;
pub mod structure;
pub mod views;

use crate::schema::Facet;

/// Every facet, in the order of the reference. What is declared is joined facet by facet in this order, so one whose names others
/// refer to while they are joined stands before them.
pub static FACETS: &[&Facet] = &[
    &effort::FACET,
    &requirements::FACET,
    &glossary::FACET,
    &structure::FACET,
    &flows::FACET,
    &prediction::FACET,
    &deployment::FACET,
    &pipelines::FACET,
    &views::FACET,
];
