//! The glossary: what words mean here.

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Head, Kind};
use facts::term;

/// The facet.
pub static FACET: Facet = Facet::of_records("glossary", "Glossary", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use crate::schema::{Class, Feeds, Listed};

    /// `term`
    pub static TERM: Class = records("term", "a term", Feeds::Nothing).listed(Listed::InGlossary);
}

/// The facts.
pub mod facts {
    use crate::schema::{Fact, Type, fact, facts};

    /// The facts of a term.
    pub mod term {
        use super::*;

        /// What a term means.
        pub static MEANS: Fact = fact("means", Type::Text, "what it means, in a sentence or two");
        /// Other words for the same.
        pub static ALSO: Fact =
            facts("also", Type::Text, "another word for the same; several may be separated by commas").listed();
        /// Terms that help to understand this one.
        pub static SEE: Fact = facts(
            "see",
            Type::Reference(&[&super::super::class::TERM]),
            "another term that helps to understand this one",
        );
    }
}

static KINDS: &[Kind] = &[Kind {
    name: "term",
    other_names: &[],
    habits: &[],
    class: &class::TERM,
    summary: "a word of the field, and what it means here",
    doc: "One word has one meaning: teams that mean different things by one word, or call one thing by two, misunderstand each other in every other document. The site lists all terms.",
    example: "term order \"Order\" means=\"What a customer has asked for and we have confirmed.\" also=purchase {\n    see cart\n}\nterm cart \"Cart\" means=\"What a customer has chosen and not yet ordered.\"",
    head: Head::Named,
    facts: &[&[&term::MEANS, &term::ALSO, &term::SEE, &DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS]],
}];
