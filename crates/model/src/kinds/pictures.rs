//! Pictures: views.

use crate::facts::{DESCRIPTION, TAGS, fact, facts};
use crate::schema::{Facet, Fact, Head, Kind, Role, Type};

#[allow(missing_docs, reason = "the summary of each fact documents it")]
mod own {
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
    );
    pub static VIEW_OF: Fact = fact(
        "of",
        Type::Reference(&[
            Role::System,
            Role::Container,
            Role::Component,
            Role::Flow,
            Role::Deployment,
            Role::Pipeline,
        ]),
        "what it is a picture of",
    );
    pub static INCLUDE: Fact = facts("include", Type::Query, "what it shows, instead of the default");
    pub static EXCLUDE: Fact = facts("exclude", Type::Query, "what it leaves out");
    pub static DIRECTION: Fact = fact(
        "direction",
        Type::OneOf(&[("down", "from top to bottom"), ("right", "from left to right")]),
        "which way relationships run; down if not said",
    );
    pub static DETAIL: Fact = fact(
        "detail",
        Type::OneOf(&[("full", "names, technologies, descriptions"), ("names", "names only")]),
        "how much is written in the boxes",
    );
}
pub use own::*;

/// The role of what a picture of this sort is mainly of, where it is no element.
pub(crate) fn shown_role(show: &str) -> Option<Role> {
    match show {
        "deployment" => Some(Role::Deployment),
        "dynamic" | "sequence" => Some(Role::Flow),
        "pipeline" => Some(Role::Pipeline),
        _ => None,
    }
}

pub(super) static KINDS: &[Kind] = &[Kind {
    name: "view",
    role: Role::View,
    facet: Facet::Pictures,
    summary: "a picture of a part of the architecture",
    doc: "`show` says what sort of picture, `of` of what. `include` and `exclude` choose by query. Without any view, Groma draws a sensible set by itself.",
    example: "view checkout \"Checkout\" show=container of=shop {\n    include \"shop.* and not kind:cache\"\n    exclude \"tag:internal\"\n}",
    head: Head::Named,
    facts: &[&[&SHOW, &VIEW_OF, &INCLUDE, &EXCLUDE, &DIRECTION, &DETAIL, &DESCRIPTION, &TAGS]],
    holds: &[Role::Allow],
}];
