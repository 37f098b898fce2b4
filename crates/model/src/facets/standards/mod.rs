//! Standards: the rules that a company or a team gives itself.

mod exceptions;

pub use exceptions::says_none;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Habit, Head, Kind, habit};
use crate::{Architecture, ItemRef};
use facts::standard;

/// The facet.
pub static FACET: Facet = Facet::of_records("standards", "Standards", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds};

    /// `standard`
    pub static STANDARD: Class = records("standard", "a standard", Feeds::Nothing);
}

/// The facts.
pub mod facts {
    use crate::schema::{Fact, Type, fact};
    use crate::word_enums::choice;

    /// The facts of a standard.
    pub mod standard {
        use super::*;

        /// The things it is about.
        pub static APPLIES: Fact = fact(
            "applies",
            Type::Query,
            "which things it is about, such as `\"kind:service\"` or `\"kind:relationship and to(external)\"`",
        )
        .also_called(&["applies-to", "scope", "for", "target", "when"]);
        /// What must be true of them.
        pub static MUST: Fact =
            fact("must", Type::Query, "what must be true of each of them, such as `\"has:owner and tag:metrics\"`")
                .also_called(&["requires", "require", "check", "expect", "then"]);
        choice! {
            /// How severe its findings are.
            Severity of SEVERITY {
                Note = "note", "worth a thought";
                Warning = "warning", "probably wrong";
                Error = "error", "wrong";
            }
        }
        /// How severe it is if that is not true.
        pub static SEVERITY: Fact = fact("severity", Severity::TYPE, "how severe it is not to meet it")
            .or("error")
            .also_called(&["level", "priority"]);
        /// The first day on which it holds.
        pub static SINCE: Fact = fact("since", Type::Date, "the day from which it holds; before, nothing is found")
            .also_called(&["from", "effective", "valid-from"]);
        /// Why it is one.
        pub static REASON: Fact = fact("reason", Type::Text, "why it is a standard: what goes wrong otherwise")
            .also_called(&["why", "rationale", "because"]);
        /// How somebody gets around it.
        pub static EXCEPTION: Fact =
            fact("exception", Type::Text, "who grants an exception, and what must be shown for one")
                .also_called(&["exceptions", "waiver"]);
    }
}

/// What a standard forbids stands in `must` as well.
const HABITS: &[Habit] = &[habit(
    &["must-not", "forbids", "forbidden", "deny", "never"],
    "what must not be is written with `not`: `must=\"not tag:legacy\"`",
)];

static KINDS: &[Kind] = &[Kind {
    name: "standard",
    other_names: &["policy", "guideline"],
    habits: HABITS,
    class: &class::STANDARD,
    summary: "a rule of your own: what must be true of which things",
    doc: "Both are queries (`groma explain query`). A thing to which it applies and of which `must` is not true is a finding that bears the name of the standard and gives its reason; `allow NAME` with an owner, a reason and a date makes an exception, as for any rule. `must` ranges over the kinds of things that `applies` selects.",
    example: "standard metrics \"Every service exposes metrics\" applies=\"kind:service\" must=\"tag:metrics\" since=2026-01-01 owner=platform {\n    reason \"Nobody can be on call for what cannot be seen.\"\n    exception \"Ask the platform team, with a date\"\n}",
    head: Head::Named,
    facts: &[&[
        &standard::APPLIES,
        &standard::MUST,
        &standard::SEVERITY,
        &standard::SINCE,
        &standard::REASON,
        &standard::EXCEPTION,
        &DESCRIPTION,
        &OWNER,
        &TAGS,
        &LINK,
        &WAS,
    ]],
}];

/// The standard of this name, or else that which had it before, as its `was` says.
pub fn standard_called(arch: &Architecture, name: &str) -> Option<ItemRef> {
    let all = || arch.records_of(&class::STANDARD).map(|record| record.at);
    let was = |at: &ItemRef| arch.list(*at, &WAS).any(|was| was == name);
    all().find(|at| arch.name(*at) == name).or_else(|| all().find(was))
}
