//! Decisions: what was decided, by whom and why, and what of the architecture is as it is because of it; and the requests for comments that
//! led to them. Most are records in Markdown, of which [`of_record`] makes the same items as of a text.

mod evidence;
pub mod facts;
mod namesakes;
mod plain;
mod record;
mod view;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Class, Head, Kind};
use facts::{decision, rfc};
use groma_records::Family;
use groma_records::folder::named_number;
use std::borrow::Cow;

pub use evidence::{is_promised, is_promised_though_linked, says_where};
pub(crate) use namesakes::shared_number;
pub(crate) use plain::place_in;
pub use plain::{is_in, plain};
pub use record::{DECISION_RECORD, Known, Naming, RFC_RECORD, names_of, of_record};

/// The facet.
pub static FACET: Facet = Facet::of_records("decisions", "Decisions", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds};

    /// `decision`
    pub static DECISION: Class = records("decision", "a decision", Feeds::Nothing);
    /// `rfc`
    pub static RFC: Class = records("rfc", "a request for comments", Feeds::Nothing);
    /// What may be a record in Markdown.
    pub static RECORDED: &[&Class] = &[&DECISION, &RFC];
}

/// The family of the records that are things of a class, if any are.
pub fn family(class: &Class) -> Option<Family> {
    match class {
        class if *class == class::DECISION => Some(Family::Decision),
        class if *class == class::RFC => Some(Family::Rfc),
        _ => None,
    }
}

static KINDS: &[Kind] = &[
    Kind {
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
            &decision::RFC,
            &decision::REVIEW,
            &DESCRIPTION,
            &OWNER,
            &TAGS,
            &LINK,
            &WAS,
        ]],
    },
    Kind {
        name: "rfc",
        other_names: &["request-for-comments", "design-doc", "design-document"],
        habits: &[],
        class: &class::RFC,
        summary: "something that is proposed, who is asked, and which decisions it led to",
        doc: "Most are Markdown beside the decision records, read where they are, as `groma rfc` reads them: those in `docs/rfcs` and the other usual folders of the workspace's folder, and those in the folders that `rfcs` of the `workspace` names. One is called by its number, or by the name of its file if it has none: `3`, `rfc-3` and `0003-sell-abroad` are the same one. A reviewer is a role, and signs with `groma sign rfc-3 --as ROLE`. The decisions that it led to are linked from it, below `Decisions`, or link to it themselves: either side will do. What one lacks or contradicts itself in is told by `rfc-record`.",
        example: "system shop \"Shop\" {\n    service core \"Core\"\n}\nrfc sell-abroad \"Sell abroad\" status=accepted date=2026-11-02 last-call=2026-11-16 {\n    about shop.core\n    reviewer lead-backend who=\"Ana Ruiz\"\n    problem \"One order in five is from abroad, and fails.\"\n    proposal \"Prices in three currencies.\"\n    alternative \"A shop for each country\" because=\"Three catalogues would drift apart.\"\n    led-to currencies\n}\ndecision currencies \"Keep prices in three currencies\" status=accepted decides=shop.core",
        head: Head::Named,
        facts: &[&[
            &rfc::STATUS,
            &rfc::DATE,
            &rfc::AUTHORS,
            &rfc::REVIEWER,
            &rfc::LAST_CALL,
            &rfc::ABOUT,
            &rfc::PROBLEM,
            &rfc::PROPOSAL,
            &rfc::ALTERNATIVE,
            &rfc::CONSIDERED,
            &rfc::DRAWBACK,
            &rfc::QUESTION,
            &rfc::LED_TO,
            &DESCRIPTION,
            &OWNER,
            &TAGS,
            &LINK,
            &WAS,
        ]],
    },
];

/// The plain form of a name of a decision or a request for comments: `12` for `0012`, `adr-12` and `ADR-0012`, any other as it is. `rfc-12` is
/// no decision, and `adr-12` no request for comments.
pub(crate) fn plain_name<'n>(class: &Class, name: &'n str) -> Cow<'n, str> {
    let begins = |word: &str| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let is_of_other = match family(class) {
        Some(Family::Decision) => begins("rfc"),
        Some(Family::Rfc) => !begins("rfc") && begins("adr"),
        None => true,
    };
    let number = named_number(name).filter(|_| !is_of_other);
    number.map_or(Cow::Borrowed(name), |number| Cow::Owned(number.to_string()))
}

#[cfg(test)]
mod tests;
