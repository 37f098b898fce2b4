//! The facts of the workspace and of what sets it up.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::decisions::facts::decision::Status;
use super::super::standards::class::STANDARD;
use super::super::structure::class::ELEMENTS;
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of the workspace.
pub mod workspace {
    use super::*;

    pub static SUMMARY: Fact = fact("summary", Type::Text, "what the system is, in one or two sentences");
    pub static PROBLEM: Fact = fact("problem", Type::Text, "the business problem that is to be solved");
    pub static CONTEXT: Fact = fact("context", Type::Text, "what exists today and what must change");
    pub static TEAM: Fact = fact("team", Type::Whole, "how many people build and run it").with(&[
        &SKILLS,
        &SERVICES_PER_PERSON,
        &PEOPLE_PER_LANGUAGE,
        &TECHNOLOGIES_PER_PERSON,
        &ON_CALL,
    ]);
    pub static SKILLS: Fact = fact("skills", Type::Text, "what they know well, separated by commas").listed();
    // Rules of thumb, which a workspace that knows better replaces by its own figures.
    pub static SERVICES_PER_PERSON: Fact = fact(
        "services-per-person",
        Type::Number,
        "how many services, workers, functions and gateways one person can own; a rule of thumb",
    )
    .or("1");
    pub static PEOPLE_PER_LANGUAGE: Fact = fact(
        "people-per-language",
        Type::Number,
        "how many people must know a programming language well: one writes, one reviews; a rule of thumb",
    )
    .or("2");
    pub static TECHNOLOGIES_PER_PERSON: Fact = fact(
        "technologies-per-person",
        Type::Number,
        "how many of the technologies that must be learned one person can know well; a rule of thumb",
    )
    .or("5");
    pub static ON_CALL: Fact = fact(
        "on-call",
        Type::Whole,
        "how many people take turns at being on call where 99.9% or more are promised: each one week in four at most, as Google's SRE book has it, with one at a time (8 with a second one behind); written, it is needed whatever is promised",
    )
    .or("4")
    .also_called(&["oncall", "rota", "rotation", "pager"]);
    pub static BUDGET: Fact = fact("budget", Type::MoneyPerTime, "what running it may cost");
    pub static HORIZON: Fact = fact("horizon", Type::Duration, "how far ahead the architecture is planned").or("365d");
    pub static USERS: Fact = fact("users", Type::Whole, "how many people use it at the same time, at most");
    pub static BREAKING: Fact = facts(
        "breaking",
        Type::Query,
        "what others rely on: `groma diff` exits with 1 if something that the query selects is removed, changed, or renamed without `was`",
    )
    .also_called(&["breaks", "breaking-changes", "stable", "contract"]);
    pub static DECISIONS: Fact = facts(
        "decisions",
        Type::Text,
        "a folder of decision records, relative to this file, besides `docs/decisions`, `docs/adr` and the other usual ones of the workspace's folder",
    )
    .linked()
    .also_called(&["adr", "adrs", "decision-records", "adr-dir"]);
    pub static RFCS: Fact = facts(
        "rfcs",
        Type::Text,
        "a folder of requests for comments, relative to this file, besides `docs/rfcs`, `rfcs` and the other usual ones of the workspace's folder",
    )
    .linked()
    .also_called(&["rfc", "design-docs", "rfc-dir"]);
    pub static SIGNIFICANT: Fact = facts(
        "significant",
        Type::Query,
        "what an accepted decision is owed for, in place of what counts otherwise: databases, queues and buckets of our own, external systems, what has a `style`, and the technologies of your own that a system is built on",
    )
    .also_called(&["architecturally-significant", "needs-decision"]);
    pub static PROPOSED_FOR: Fact = fact("proposed-for", Type::Duration, "how long a decision may stay proposed")
        .or("90d")
        .also_called(&["proposal-age", "last-call"]);
    pub static DECISION_STATUS: Fact =
        facts("decision-status", Type::Text, "a word of your own for a state of decisions, as records write it")
            .with(&[&MEANS])
            .written("decision-status \"In review\" means=proposed")
            .also_called(&["status-word", "adr-status", "record-status"]);
    pub static MEANS: Fact =
        fact("means", Status::TYPE, "the state that it stands for").also_called(&["as", "is", "state"]);
    pub static DECISION_TRANSITION: Fact = facts(
        "decision-transition",
        Status::TYPE,
        "a state on which another may follow; with the first, only those follow that are said",
    )
    .with(&[&TRANSITION_TO])
    .written("decision-transition rejected to=proposed")
    .also_called(&["status-transition", "adr-transition"]);
    pub static TRANSITION_TO: Fact =
        fact("to", Status::TYPE, "the state that may follow on it").also_called(&["into", "next", "becomes"]);
    choice! {
        /// The laws and standards that ask something of an architecture.
        Regulation of COMPLIANCE {
            Gdpr = "gdpr", "EU General Data Protection Regulation";
            Ccpa = "ccpa", "California Consumer Privacy Act";
            Hipaa = "hipaa", "US Health Insurance Portability and Accountability Act";
            PciDss = "pci-dss", "Payment Card Industry Data Security Standard";
            Soc2 = "soc2", "SOC 2 trust services criteria";
            Iso27001 = "iso-27001", "ISO/IEC 27001";
        }
    }
    pub static COMPLIANCE: Fact = facts("compliance", Regulation::TYPE, "the laws and standards it must obey");
}

/// The facts of a kind of one's own.
pub mod own_kind {
    use super::*;

    pub static IS: Fact = fact("is", Type::Text, "the built-in kind it is a special case of").linked();
}

/// The facts of an `allow`.
pub mod allow {
    use super::*;

    pub static RULE: Fact = fact("rule", Type::TextOrName(&[&STANDARD]), "the rule or standard that it is about");
    pub static REASON: Fact = fact("reason", Type::Text, "why it is right here");
    pub static EXPIRES: Fact = fact("expires", Type::Date, "until when it is suppressed").also_called(&["until"]);

    choice! {
        /// How grave a finding may be that is suppressed.
        UpTo of UP_TO {
            Note = "note", "notes alone";
            Warning = "warning", "notes and warnings";
            Error = "error", "whatever is found";
        }
    }
    pub static UP_TO: Fact =
        fact("up-to", UpTo::TYPE, "how grave a finding may be that is suppressed: one that has become graver is told")
            .or("error");
}

/// The facts of a rule setting.
pub mod rule {
    use super::*;

    choice! {
        /// How severe findings are.
        Severity of SEVERITY {
            Off = "off", "not checked";
            Note = "note", "worth a thought";
            Warning = "warning", "probably wrong";
            Error = "error", "wrong";
        }
    }
    pub static SEVERITY: Fact = fact("severity", Severity::TYPE, "how severe its findings are in this workspace");
}

/// The facts of an include.
pub mod include {
    use super::*;

    pub static PATH: Fact = fact("path", Type::Text, "the file or folder, relative to this file").linked();
}

/// The facts of an `extend`.
pub mod extend {
    use super::*;

    pub static ELEMENT: Fact = fact("element", Type::Reference(ELEMENTS), "the element whose parts follow");
}
