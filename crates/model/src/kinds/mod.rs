//! Every kind of node, declared once. Adding a kind means adding it to the file of its facet.

mod behaviour;
mod deployment;
mod effort;
mod pictures;
mod structure;
mod why;

use crate::schema::{Kind, Role};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

pub use behaviour::*;
pub use deployment::*;
pub use effort::*;
pub use pictures::*;
pub use structure::*;
pub use why::*;

/// The kinds of every facet, in the order of the reference.
pub static ALL: &[&[Kind]] =
    &[effort::KINDS, why::KINDS, structure::KINDS, behaviour::KINDS, deployment::KINDS, pictures::KINDS];

/// What may stand at the top of a file.
pub static FILE_HOLDS: &[Role] = &[
    Role::Workspace,
    Role::Include,
    Role::OwnKind,
    Role::Extend,
    Role::Person,
    Role::System,
    Role::Group,
    Role::Zone,
    Role::Relation,
    Role::Requirement,
    Role::Quality,
    Role::Record,
    Role::Flow,
    Role::Deployment,
    Role::Pipeline,
    Role::View,
    Role::Allow,
];

/// All kinds.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    ALL.iter().flat_map(|kinds| kinds.iter())
}

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Kind>> =
    LazyLock::new(|| all().filter(|kind| !kind.name.starts_with('-')).map(|kind| (kind.name, kind)).collect());

/// The kind that this word begins; arrows are found by [`arrow`].
pub fn by_name(name: &str) -> Option<&'static Kind> {
    BY_NAME.get(name).copied()
}

/// The kind of arrow that stands where these roles are allowed.
pub fn arrow(word: &str, holds: &[Role]) -> Option<&'static Kind> {
    all().find(|kind| kind.name == word && holds.contains(&kind.role))
}
