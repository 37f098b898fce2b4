//! Every kind of node, declared once. Adding a kind means adding it to the file of its facet.

mod behaviour;
mod deployment;
mod effort;
mod pictures;
mod prediction;
mod structure;
mod why;

use crate::schema::{Kind, Role};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

pub use behaviour::*;
pub use deployment::*;
pub use effort::*;
pub use pictures::*;
pub use prediction::*;
pub use structure::*;
pub use why::*;

/// The kinds of every facet, in the order of the reference.
pub static ALL: &[&[Kind]] = &[
    effort::KINDS,
    why::KINDS,
    structure::KINDS,
    behaviour::KINDS,
    prediction::KINDS,
    deployment::KINDS,
    pictures::KINDS,
];

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
    Role::Load,
    Role::Failure,
    Role::Slo,
    Role::Alert,
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

/// The kind that a word of another tool or notation stands for.
pub fn other_name(word: &str) -> Option<&'static str> {
    let names = [
        ("person", &["actor", "user", "role"][..]),
        ("system", &["softwaresystem", "software-system"]),
        ("service", &["container", "app", "application", "backend", "server", "microservice"]),
        ("web", &["frontend", "browser", "webapp", "spa", "ui"]),
        ("database", &["db", "store", "storage", "table"]),
        ("queue", &["topic", "bus", "broker", "stream"]),
        ("function", &["lambda"]),
        ("component", &["module", "class", "package"]),
        ("group", &["boundary", "enterprise", "subgraph"]),
        ("host", &["node", "deploymentnode", "deployment-node", "server", "vm", "cluster"]),
        ("instance", &["containerinstance", "container-instance", "systeminstance"]),
        ("quality", &["nfr", "slo", "sla"]),
        ("requirement", &["story", "feature", "usecase"]),
        ("deployment", &["environment", "deploymentenvironment"]),
        ("flow", &["scenario", "sequence", "dynamic"]),
        ("chance", &["alt", "opt", "if"]),
        ("repeat", &["loop"]),
        ("parallel", &["par"]),
    ];
    let word = word.to_lowercase();
    names.iter().find(|(_, others)| others.contains(&&*word)).map(|(name, _)| *name)
}
