//! Facts that things of several facets have.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::decisions::class::DECISION as DECISION_RECORD;
use super::people::class::OWNERS;
use super::requirements::class::{QUALITY, RECORD, REQUIREMENT};
use super::workspace::class::ALLOW;
use crate::schema::{Becomes, Class, Fact, Feeds, Listed, Names, TOP, Type, fact, facts};
use crate::word_enums::choice;

choice! {
    /// The classes of data.
    DataClass of DATA {
        Public = "public", "anyone may read it";
        Internal = "internal", "for the organisation only";
        Personal = "personal", "about identifiable persons (GDPR, CCPA)";
        Health = "health", "about the health of persons (HIPAA)";
        Card = "card", "payment card numbers (PCI DSS)";
        Secret = "secret", "credentials and keys";
    }
}

impl DataClass {
    /// Whether it must be encrypted where it is kept and where it leaves its zone.
    pub fn must_be_encrypted(self) -> bool {
        match self {
            DataClass::Personal | DataClass::Health | DataClass::Card | DataClass::Secret => true,
            DataClass::Public | DataClass::Internal => false,
        }
    }
}

static AT_THE_TOP: [&Class; 1] = [&TOP];
static WHAT_IS_ALLOWED: [&Class; 1] = [&ALLOW];

/// A class of records: each stands at the top of a file and has one name in the whole workspace.
pub(super) const fn records(word: &'static str, phrase: &'static str, feeds: Feeds) -> Class {
    Class {
        word,
        phrase,
        stands: &AT_THE_TOP,
        holds: &WHAT_IS_ALLOWED,
        names: Names::Own,
        is_changeable: false,
        listed: Listed::WithRequirements,
        becomes: Becomes::Record,
        feeds,
    }
}

pub static DESCRIPTION: Fact = fact("description", Type::Text, "what it is and what it is for, in a sentence or two")
    .also_called(&["desc", "text", "doc", "documentation", "about"]);
pub static TECHNOLOGY: Fact =
    fact("technology", Type::Text, "what it is built with, with versions, separated by commas")
        .listed()
        .also_called(&["tech", "stack", "framework", "language", "technologies"]);
pub static OWNER: Fact = fact("owner", Type::TextOrName(OWNERS), "the team, or the member of one, that answers for it")
    .also_called(&["team", "responsible", "owned-by", "maintainer"])
    .seen_as("owns");
pub static TAGS: Fact =
    facts("tags", Type::Text, "free words to select it by in queries; several may be separated by commas")
        .listed()
        .also_called(&["labels", "tag"]);
pub static LINK: Fact = facts("link", Type::Text, "a web address to read on")
    .with(&[&LINK_TITLE])
    .also_called(&["url", "href", "docs", "website"]);
pub static LINK_TITLE: Fact = fact("title", Type::Text, "what the address leads to");
pub static REALIZES: Fact = facts(
    "realizes",
    Type::Reference(&[&REQUIREMENT, &QUALITY, &RECORD]),
    "the requirements, qualities and constraints it answers to",
)
.seen_as("realized-by");
pub static DECISION: Fact = facts(
    "decision",
    Type::Reference(&[&DECISION_RECORD]),
    "the decisions that it is as it is by, such as `12` for the record `0012-use-a-queue.md`",
)
.also_called(&["adr", "decided-by", "decisions", "adrs"])
.seen_as("decides");
pub static DATA: Fact = facts("data", DataClass::TYPE, "the classes of data it holds or carries");
pub static ERROR_RATE: Fact = fact(
    "error-rate",
    Type::Ratio,
    "the share of calls that fail for no reason the model knows; on a step, in place of that of the relationship",
)
.also_called(&["error", "errors", "error-ratio", "failure-rate", "failure-ratio"]);
pub static ASYNC: Fact = fact(
    "async",
    Type::Bool,
    "whether the caller goes on without waiting for the answer; the default for calls to and from a queue",
)
.also_called(&["asynchronous", "asynch"]);
choice! {
    /// Whether something exists today.
    Status of STATUS {
        Existing = "existing", "it is there today";
        Planned = "planned", "it is to be built";
        Deprecated = "deprecated", "it is to go away";
    }
}
pub static WAS: Fact = facts(
    "was",
    Type::Text,
    "the name or the path that it had before, by which `groma diff`, baselines and those who still write it know it for a renamed or moved thing; it may stay, or go once the change is merged",
)
.also_called(&["formerly", "previously", "renamed-from", "moved-from", "old-name"])
.linked();
pub static STATUS: Fact = fact("status", Status::TYPE, "whether it exists today or is to be built").or("existing");
