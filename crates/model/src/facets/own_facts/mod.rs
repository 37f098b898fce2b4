//! Facts of one's own: what a company or a team says of things beyond what everybody does.

pub(crate) mod declared;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Habit, Head, Kind, habit};
use facts::own_fact;

pub use declared::{ANY_ELEMENT, OwnFact, OwnFacts, is_newer, kinds_called};

/// The facet.
pub static FACET: Facet = Facet::of_records("own_facts", "Facts of your own", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds, Listed};

    /// `fact`
    pub static OWN_FACT: Class = records("fact", "a fact of your own", Feeds::Nothing).listed(Listed::WithKits);
}

/// The facts.
pub mod facts {
    use crate::schema::{Fact, Type, fact, facts};
    use crate::word_enums::choice;

    /// The facts of a fact of one's own.
    pub mod own_fact {
        use super::*;

        /// The kinds of things that may have it.
        pub static ON: Fact = facts(
            "on",
            Type::Text,
            "the kinds of things that may have it, separated by commas: `service`, `requirement`, one of your own, or `element` for all elements",
        )
        .listed()
        .linked()
        .also_called(&["of", "for", "applies", "applies-to", "kind", "kinds"]);
        choice! {
            /// What a value of it is.
            Value of TYPE {
                Text = "text", "any text";
                YesNo = "yes-no", "yes or no; the bare name of the fact means yes";
                Whole = "whole", "a whole number, such as `3`";
                Number = "number", "a number of at least zero";
                Duration = "duration", "a duration, such as `200ms`";
                Percentage = "percentage", "a share from 0% to 100%";
                Rate = "rate", "a rate, such as `100/s`";
                Money = "money", "money over time, such as `$3000/month`";
                Size = "size", "an amount of data, such as `5GB`";
                Quantity = "quantity", "a number, or one with any unit that `groma explain units` lists; there are no units of one's own";
                Date = "date", "a day, `YYYY-MM-DD`";
                Query = "query", "a query, such as `\"kind:service\"`";
            }
        }
        /// What a value of it is.
        pub static TYPE: Fact =
            fact("type", Value::TYPE, "what a value of it is").or("text").linked().also_called(&["value", "is"]);
        /// The words that it takes.
        pub static ONE_OF: Fact =
            fact("one-of", Type::Text, "the words that it takes, if these are all, separated by commas")
                .listed()
                .linked()
                .also_called(&["values", "enum", "choices", "words", "options"]);
        /// What it names.
        pub static NAMES: Fact = fact(
            "names",
            Type::Text,
            "the kinds of things of which it names one, if it is a name, separated by commas: `team, person`",
        )
        .listed()
        .linked()
        .also_called(&["references", "refers-to", "reference"]);
        /// Whether it may be given several times.
        pub static MANY: Fact =
            fact("many", Type::Bool, "whether it may be given several times, or with several values")
                .or("#false")
                .linked();
        /// Whether it must be there.
        pub static REQUIRED: Fact = fact("required", Type::Bool, "whether everything that may have it must")
            .or("#false")
            .also_called(&["mandatory", "must"]);
        /// What holds where it is not given.
        pub static DEFAULT: Fact =
            fact("default", Type::Text, "what holds where it is not given, as it would be written").linked();
    }
}

/// What a fact does not say by itself.
const HABITS: &[Habit] = &[habit(
    &["pattern", "regex", "min", "max", "under", "over"],
    "what a value must be like is a standard: `standard … applies=\"kind:service\" must=\"…\"`",
)];

static KINDS: &[Kind] = &[Kind {
    name: "fact",
    other_names: &["attribute", "field", "annotation", "custom-property"],
    habits: HABITS,
    class: &class::OWN_FACT,
    summary: "a fact of your own, which things of the kinds that you say may have",
    doc: "From then on it is written, read, checked and asked for like a built-in one: `cost-centre=4711` on a service, `groma query 'cost-centre:4711'`. It changes no forecast. What is required and not given is found by the rule `missing-fact`; what else must be true of it is said by a `standard`.",
    example: "fact metrics-path \"Path of the metrics\" on=service\nfact tier \"How much depends on it\" on=\"service, database\" one-of=\"gold, silver\" default=silver",
    head: Head::Named,
    facts: &[&[
        &own_fact::ON,
        &own_fact::TYPE,
        &own_fact::ONE_OF,
        &own_fact::NAMES,
        &own_fact::MANY,
        &own_fact::REQUIRED,
        &own_fact::DEFAULT,
        &DESCRIPTION,
        &OWNER,
        &TAGS,
        &LINK,
        &WAS,
    ]],
}];
