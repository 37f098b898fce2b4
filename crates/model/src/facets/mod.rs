//! What can be said, one folder a facet: its classes, kinds and facts, how it is linked, and its own view of the
//! architecture. To add a facet means to add its folder, and its name to each of the four lists here.

pub mod choices;
pub mod common;
pub mod decisions;
pub mod deployment;
pub mod flows;
pub mod glossary;
pub mod kits;
pub mod loads;
pub mod own_facts;
pub mod people;
pub mod pipelines;
pub mod requirements;
pub mod signatures;
pub mod standards;
pub mod structure;
pub mod technologies;
pub mod views;
pub mod workspace;

use crate::link::Linker;
use crate::schema::Kind;

/// A part of what can be said about an architecture: its kinds and facts, and how they are linked. Each is one folder in
/// `facets/`, and everything that describes the language goes through [`FACETS`].
#[derive(Debug)]
pub struct Facet {
    /// The name of its folder.
    pub name: &'static str,
    /// The heading under which the reference lists it.
    pub title: &'static str,
    /// Its kinds, in the order of the reference.
    pub kinds: &'static [Kind],
    /// Joins what was declared of it, once all is.
    pub(crate) join: fn(&mut Linker),
}

impl Facet {
    /// A facet whose facts and references say all.
    pub(crate) const fn of_records(name: &'static str, title: &'static str, kinds: &'static [Kind]) -> Facet {
        Facet { name, title, kinds, join: |_| {} }
    }
}

/// Every facet, in the order of the reference. What is declared is joined facet by facet in this order, so one whose names others
/// refer to while they are joined stands before them.
pub static FACETS: &[&Facet] = &[
    &workspace::FACET,
    &people::FACET,
    &requirements::FACET,
    &decisions::FACET,
    &choices::FACET,
    &glossary::FACET,
    &kits::FACET,
    &own_facts::FACET,
    &standards::FACET,
    &signatures::FACET,
    &technologies::FACET,
    &structure::FACET,
    &flows::FACET,
    &loads::FACET,
    &deployment::FACET,
    &pipelines::FACET,
    &views::FACET,
];

/// The facts of every facet: `facts::load::RATE` is the `rate` of a load, `facts::OWNER` one that things of several facets have.
pub mod facts {
    pub use super::choices::facts::*;
    pub use super::common::*;
    pub use super::decisions::facts::*;
    pub use super::deployment::facts::*;
    pub use super::flows::facts::*;
    pub use super::glossary::facts::*;
    pub use super::kits::facts::*;
    pub use super::loads::facts::*;
    pub use super::own_facts::facts::*;
    pub use super::people::facts::*;
    pub use super::pipelines::facts::*;
    pub use super::requirements::facts::*;
    pub use super::signatures::facts::*;
    pub use super::standards::facts::*;
    pub use super::structure::facts::*;
    pub use super::technologies::facts::*;
    pub use super::views::facts::*;
    pub use super::workspace::facts::*;
    pub use crate::schema::{fact, facts};
}

/// The classes of every facet.
pub mod class {
    pub use super::choices::class::*;
    pub use super::decisions::class::*;
    pub use super::deployment::class::*;
    pub use super::flows::class::*;
    pub use super::glossary::class::*;
    pub use super::kits::class::*;
    pub use super::loads::class::*;
    pub use super::own_facts::class::*;
    pub use super::people::class::*;
    pub use super::pipelines::class::*;
    pub use super::requirements::class::*;
    pub use super::signatures::class::*;
    pub use super::standards::class::*;
    pub use super::structure::class::*;
    pub use super::technologies::class::*;
    pub use super::views::class::*;
    pub use super::workspace::class::*;
}
