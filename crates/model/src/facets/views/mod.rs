//! Pictures: views.

pub mod facts;
pub(crate) mod link;
pub(crate) mod view;

use super::Facet;
use super::common::{DESCRIPTION, TAGS, WAS};
use crate::schema::{Head, Kind};

pub use view::{View, ViewId};

/// The facet.
pub static FACET: Facet = Facet::of_records("views", "Pictures", KINDS);

/// The classes.
pub mod class {
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// `view`
    pub static VIEW: Class = Class {
        word: "view",
        phrase: "a view",
        stands: &[&TOP],
        holds: &[&ALLOW],
        names: Names::Own,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::View,
        feeds: Feeds::Nothing,
    };
}

static KINDS: &[Kind] = &[Kind {
    name: "view",
    other_names: &[],
    habits: &[],
    class: &class::VIEW,
    summary: "a picture of a part of the architecture",
    doc: "`show` says what sort of picture, `of` of what. `include` and `exclude` choose by query. Without any view, Groma draws a sensible set by itself.",
    example: "view checkout \"Checkout\" show=container of=shop {\n    include \"shop.* and not kind:cache\"\n    exclude \"tag:internal\"\n}",
    head: Head::Named,
    facts: &[&[
        &facts::view::SHOW,
        &facts::view::OF,
        &facts::view::INCLUDE,
        &facts::view::EXCLUDE,
        &facts::view::DIRECTION,
        &facts::view::DETAIL,
        &DESCRIPTION,
        &TAGS,
        &WAS,
    ]],
}];
