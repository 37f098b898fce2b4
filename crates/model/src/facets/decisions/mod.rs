//! Decisions: what was decided, by whom and why, and what of the architecture is as it is because of it. Most are records in
//! Markdown, of which [`of_record`] makes the same items as of a text.

mod chosen;
mod evidence;
pub mod facts;
mod record;
mod view;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Head, Kind};
use facts::decision;
use groma_records::folder::named_number;
use std::borrow::Cow;

pub use chosen::plain;
pub use evidence::{is_promised, is_promised_though_linked, says_where};
pub use record::{DECISION_RECORD, Naming, names_of, of_record};

/// The facet.
pub static FACET: Facet = Facet::of_records("decisions", "Decisions", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds};

    /// `decision`
    pub static DECISION: Class = records("decision", "a decision", Feeds::Nothing);
}

static KINDS: &[Kind] = &[Kind {
    name: "decision",
    other_names: &["adr", "decision-record"],
    habits: &[],
    class: &class::DECISION,
    summary: "something that was decided, and why",
    doc: "Most decisions are records in Markdown, which are read where they are, as `groma adr` reads them: those in `docs/decisions`, `docs/adr` and the other usual folders of the workspace's folder, and those in the folders that `decisions` of the `workspace` names. A record is called by its number, or by the name of its file if it has none: `12`, `0012`, `adr-12` and `0012-use-a-queue` are the same one. What it decides stands in its line `Decides:` or in `decides` of its front matter, by the names of the model; or what is decided says `decision=12`: either side will do. What a record lacks or contradicts itself in is told by `decision-record`.",
    example: "technology postgresql \"PostgreSQL\" category=relational-database\ndecision keep-orders \"Keep orders in PostgreSQL\" status=accepted date=2026-11-30 {\n    decides postgresql\n    context \"Orders and payments must be committed together.\"\n    option \"PostgreSQL\"\n    option \"MongoDB\" because=\"Nobody here has run it.\"\n    negative \"One more upgrade a year.\"\n    review 2027-11-30\n}",
    head: Head::Named,
    facts: &[&[
        &decision::STATUS,
        &decision::DATE,
        &decision::DECIDES,
        &decision::SUPERSEDES,
        &decision::SUPERSEDED_BY,
        &decision::DECIDERS,
        &decision::CONSULTED,
        &decision::INFORMED,
        &decision::CONTEXT,
        &decision::DRIVER,
        &decision::OPTION,
        &decision::CONSIDERED,
        &decision::OUTCOME,
        &decision::POSITIVE,
        &decision::NEGATIVE,
        &decision::NEUTRAL,
        &decision::CONSEQUENCE,
        &decision::CONFIRMATION,
        &decision::FIGURE,
        &decision::EVIDENCE,
        &decision::REVIEW,
        &DESCRIPTION,
        &OWNER,
        &TAGS,
        &LINK,
        &WAS,
    ]],
}];

/// The plain form of the name of a decision: `12` for `0012`, `adr-12` and `ADR-0012`, any other as it is.
pub(crate) fn plain_name(name: &str) -> Cow<'_, str> {
    named_number(name).map_or(Cow::Borrowed(name), |number| Cow::Owned(number.to_string()))
}

#[cfg(test)]
mod tests;
