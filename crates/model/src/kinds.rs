//! Every kind of node, found by its word.

use crate::facets::FACETS;
use crate::schema::{Head, Kind};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

pub use crate::facets::class;

/// All kinds, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Kind> + Clone {
    FACETS.iter().flat_map(|facet| facet.kinds)
}

/// The kinds that may stand in a node of this kind, or at the top of a file.
pub fn held_by(owner: Option<&Kind>) -> impl Iterator<Item = &'static Kind> + Clone {
    all().filter(move |kind| kind.may_stand_in(owner))
}

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Kind>> =
    LazyLock::new(|| all().filter(|kind| !kind.name.starts_with('-')).map(|kind| (kind.name, kind)).collect());

/// The kind that this word begins; arrows are found by [`arrow`].
pub fn by_name(name: &str) -> Option<&'static Kind> {
    BY_NAME.get(name).copied()
}

/// The kinds that are written with an arrow: few of the many, and most nodes of most files are asked whether they are one.
static ARROWS: LazyLock<Vec<&'static Kind>> =
    LazyLock::new(|| all().filter(|kind| matches!(kind.head, Head::Arrow)).collect());

/// The kind of arrow that may stand in a node of this kind, or at the top of a file; else the first that is written so.
pub fn arrow(word: &str, owner: Option<&Kind>) -> Option<&'static Kind> {
    let mut written_so = ARROWS.iter().copied().filter(|kind| kind.name == word);
    written_so.clone().find(|kind| kind.may_stand_in(owner)).or_else(|| written_so.next())
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
        ("chance", &["opt", "if"]),
        ("either", &["choice"]),
        ("otherwise", &["else"]),
        ("repeat", &["loop"]),
        ("zone", &["trust-boundary", "trustboundary"]),
        ("parallel", &["par"]),
    ];
    let word = word.to_lowercase();
    names.iter().find(|(_, others)| others.contains(&&*word)).map(|(name, _)| *name)
}
