//! Signatures: who agreed to what, in which role and when. What a signature binds is decided in [`crate::signing`].

use super::Facet;
use crate::schema::{Head, Kind};
use facts::sign;

/// The facet.
pub static FACET: Facet = Facet::of_records("signatures", "Signatures", KINDS);

/// The classes.
pub mod class {
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// `sign`
    pub static SIGNATURE: Class = Class {
        word: "signature",
        phrase: "a signature",
        stands: &[&TOP],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::Nothing,
    };
}

/// The facts.
pub mod facts {
    use super::super::decisions::class::RECORDED;
    use crate::schema::{Fact, Type, fact};

    /// The facts of a signature.
    pub mod sign {
        use super::*;

        /// What was signed.
        pub static TARGET: Fact = fact(
            "target",
            Type::TextOrName(RECORDED),
            "what was signed: the name of a decision or of a request for comments, or a query that selects things",
        )
        .seen_as("signed-by");
        /// In which role.
        pub static ROLE: Fact =
            fact("role", Type::Text, "the role in which it was signed, one of the `roles` of a member")
                .also_called(&["as"]);
        /// Who signed.
        pub static BY: Fact = fact("by", Type::Text, "who signed: a name and an address, as git writes them")
            .written("by=\"Ana Ruiz <ana@example.org>\"")
            .also_called(&["signer", "person", "who"]);
        /// When.
        pub static ON: Fact =
            fact("on", Type::Date, "the day on which it was signed").also_called(&["date", "when", "signed-on"]);
        /// What it binds.
        pub static HASH: Fact =
            fact("hash", Type::Text, "the SHA-256 of what was signed").also_called(&["sha256", "digest"]);
        /// How that was calculated.
        pub static FORM: Fact = fact("form", Type::Whole, "the version of the form of which `hash` is the SHA-256")
            .also_called(&["version"]);
        /// The same signed with a key.
        pub static SIGNATURE: Fact =
            fact("signature", Type::Text, "all of that signed with the key of whoever signs, by `ssh-keygen` or `gpg`")
                .also_called(&["key", "sig", "proof"]);
    }
}

static KINDS: &[Kind] = &[Kind {
    name: "sign",
    other_names: &["signature", "sign-off", "signoff", "approval"],
    habits: &[],
    class: &class::SIGNATURE,
    summary: "that somebody agreed to something as it was",
    doc: "Written by `groma sign`, one line each, and never changed: a later line takes the place of an earlier one of the same person about the same target in the same role, unless it holds less. It binds what its target selects as it was; once that has changed, it has lapsed. `docs/sign-off.md` says what that is exactly.",
    example: "team core \"Core team\" {\n    member ana \"Ana Ruiz\" email=\"ana@example.org\" roles=architect\n}\nsystem shop \"Shop\"\nsign shop role=architect by=\"Ana Ruiz <ana@example.org>\" on=2025-11-30 hash=\"sha256:a3e7752524b47eeec602c0f1c6211eda948d743eb04540880fed1062e525638e\" form=1",
    head: Head::Value(&sign::TARGET),
    facts: &[&[&sign::ROLE, &sign::BY, &sign::ON, &sign::HASH, &sign::FORM, &sign::SIGNATURE]],
}];
