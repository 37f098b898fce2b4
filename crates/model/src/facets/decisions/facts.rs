//! The facts of a decision, and of a request for comments.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::flows::class::FLOW;
use super::super::requirements::class::{QUALITY, RECORD, REQUIREMENT};
use super::super::structure::class::{COMPONENT, CONTAINER, PERSON, RELATION, SYSTEM};
use super::super::technologies::class::TECHNOLOGY;
use super::class::{DECISION, RFC as RFC_CLASS};
use crate::schema::{Class, Fact, Type, fact, facts};
use crate::word_enums::choice;

/// What may be decided, or proposed to be.
const DISCUSSED: &[&Class] =
    &[&PERSON, &SYSTEM, &CONTAINER, &COMPONENT, &RELATION, &FLOW, &TECHNOLOGY, &REQUIREMENT, &QUALITY, &RECORD];

/// The facts of a decision.
pub mod decision {
    use super::*;

    choice! {
        /// How far a decision is.
        Status of STATUS {
            Draft = "draft", "being written";
            Proposed = "proposed", "open for comments";
            Accepted = "accepted", "in force";
            Rejected = "rejected", "decided against";
            Deprecated = "deprecated", "no longer advised; nothing took its place";
            Superseded = "superseded", "another decision took its place";
        }
    }
    pub static STATUS: Fact = fact("status", Status::TYPE, "how far it is").also_called(&["state"]);
    pub static DATE: Fact =
        fact("date", Type::Date, "the day of the decision").also_called(&["decided", "decided-on", "on"]);
    pub static DECIDES: Fact = facts(
        "decides",
        Type::Reference(DISCUSSED),
        "what it is about: elements, relationships (`a -> b`), flows, technologies, requirements, qualities, constraints",
    )
    .also_called(&["affects", "concerns"])
    .seen_as("decided-by");
    pub static SUPERSEDES: Fact =
        facts("supersedes", Type::Reference(&[&DECISION]), "the decisions whose place it takes")
            .also_called(&["replaces"])
            .seen_as("superseded-by");
    pub static SUPERSEDED_BY: Fact =
        facts("superseded-by", Type::Reference(&[&DECISION]), "the decisions that took its place")
            .also_called(&["replaced-by", "successor"])
            .seen_as("supersedes");
    pub static DECIDERS: Fact = facts("deciders", Type::Text, "who decided; several may be separated by commas")
        .listed()
        .also_called(&["decider", "decision-makers", "decided-by"]);
    pub static CONSULTED: Fact =
        facts("consulted", Type::Text, "who was asked; several may be separated by commas").listed();
    pub static INFORMED: Fact =
        facts("informed", Type::Text, "who was told; several may be separated by commas").listed();
    pub static CONTEXT: Fact =
        fact("context", Type::Text, "what made a decision necessary").also_called(&["problem", "issue"]);
    pub static DRIVER: Fact =
        facts("driver", Type::Text, "what mattered for the choice").prose().also_called(&["drivers", "force"]);
    pub static OPTION: Fact = facts("option", Type::Text, "what was considered")
        .with(&[&OPTION_BECAUSE, &OPTION_PRO, &OPTION_CON, &OPTION_ABOUT])
        .also_called(&["options", "alternative", "alternatives"]);
    pub static OPTION_BECAUSE: Fact =
        fact("because", Type::Text, "why it was rejected").also_called(&["reason", "rejected", "why-not"]);
    pub static OPTION_PRO: Fact = facts("pro", Type::Text, "what speaks for it").prose().also_called(&["pros"]);
    pub static OPTION_CON: Fact = facts("con", Type::Text, "what speaks against it").prose().also_called(&["cons"]);
    pub static OPTION_ABOUT: Fact = fact("about", Type::Text, "what else is to be said of it");
    pub static CONSIDERED: Fact = fact(
        "considered",
        Type::Text,
        "what is said in prose of what else was considered, or why there was nothing else",
    );
    pub static OUTCOME: Fact =
        fact("outcome", Type::Text, "what was decided").also_called(&["chosen", "choice", "decided-for"]);
    pub static POSITIVE: Fact =
        facts("positive", Type::Text, "what becomes better by it").prose().also_called(&["good", "pro", "pros"]);
    pub static NEGATIVE: Fact =
        facts("negative", Type::Text, "what becomes worse by it").prose().also_called(&["bad", "con", "cons"]);
    pub static NEUTRAL: Fact = facts("neutral", Type::Text, "what becomes different by it").prose();
    pub static CONSEQUENCE: Fact =
        facts("consequence", Type::Text, "what follows from it, said neither as good nor as bad")
            .prose()
            .also_called(&["consequences"]);
    pub static CONFIRMATION: Fact = facts("confirmation", Type::Text, "how it is made sure that it is kept")
        .prose()
        .also_called(&["validation", "verification"]);
    pub static FIGURE: Fact = facts(
        "figure",
        Type::Text,
        "a sentence with a number that it rests on, such as `Support 10,000 users at the same time`: what it says of users, response times, requests a second and availability is compared with the model",
    )
    .prose()
    .also_called(&["figures", "assumes"]);
    pub static EVIDENCE: Fact =
        facts("evidence", Type::Text, "what it rests on: a prototype, a benchmark, a calculation, an RFC")
            .prose()
            .with(&[&EVIDENCE_LINK])
            .also_called(&["proof", "rests-on"]);
    pub static EVIDENCE_LINK: Fact =
        fact("link", Type::Text, "where it can be read: an address, or a path from the folder of the record")
            .also_called(&["href", "url"]);
    pub static RFC: Fact = facts("rfc", Type::Reference(&[&RFC_CLASS]), "the requests for comments that it came of")
        .also_called(&["rfcs", "design-doc", "came-of"])
        .seen_as("led-to");
    pub static REVIEW: Fact = fact("review", Type::Date, "the day by which it is to be looked at again")
        .also_called(&["review-by", "revisit", "valid-until"]);
}

/// The facts of a request for comments.
pub mod rfc {
    use super::decision::{OPTION_ABOUT, OPTION_BECAUSE, OPTION_CON, OPTION_PRO};
    use super::*;

    choice! {
        /// How far a request for comments is.
        Status of STATUS {
            Draft = "draft", "being written";
            Review = "review", "reviewers are asked";
            Accepted = "accepted", "it is to be done so";
            Rejected = "rejected", "it is not to be done";
            Withdrawn = "withdrawn", "no longer proposed: taken back, put off or replaced by another";
        }
    }
    pub static STATUS: Fact = fact("status", Status::TYPE, "how far it is").also_called(&["state", "stage"]);
    pub static DATE: Fact =
        fact("date", Type::Date, "the day on which it was begun, or got its status").also_called(&["created", "on"]);
    pub static AUTHORS: Fact = facts("authors", Type::Text, "who wrote it; several may be separated by commas")
        .listed()
        .also_called(&["author", "by"]);
    pub static REVIEWER: Fact = facts(
        "reviewer",
        Type::Text,
        "a role that is asked to sign it, such as `lead-backend`: one of the `roles` of a member; or a member",
    )
    .with(&[&REVIEWER_WHO])
    .also_called(&["reviewers", "approver", "approvers", "reviewed-by"]);
    pub static REVIEWER_WHO: Fact =
        fact("who", Type::Text, "who reviews it in that role").also_called(&["person", "name"]);
    pub static LAST_CALL: Fact = fact("last-call", Type::Date, "the last day on which it may be commented on")
        .also_called(&["comments-until", "final-comment-period", "deadline"]);
    pub static PROBLEM: Fact =
        fact("problem", Type::Text, "what is to be solved").also_called(&["context", "motivation", "why"]);
    pub static PROPOSAL: Fact =
        fact("proposal", Type::Text, "what is proposed").also_called(&["solution", "design", "outcome"]);
    pub static ALTERNATIVE: Fact = facts("alternative", Type::Text, "what else was considered")
        .with(&[&OPTION_BECAUSE, &OPTION_PRO, &OPTION_CON, &OPTION_ABOUT])
        .also_called(&["alternatives", "option", "options"]);
    pub static CONSIDERED: Fact = fact(
        "considered",
        Type::Text,
        "what is said in prose of what else was considered, or why there was nothing else",
    );
    pub static DRAWBACK: Fact =
        facts("drawback", Type::Text, "what becomes worse by it").prose().also_called(&["drawbacks", "negative"]);
    pub static QUESTION: Fact = facts("question", Type::Text, "what is still open").prose().also_called(&[
        "questions",
        "unresolved",
        "open-question",
        "open-questions",
    ]);
    pub static ABOUT: Fact = facts(
        "about",
        Type::Reference(DISCUSSED),
        "what it would change: elements, relationships (`a -> b`), flows, technologies, requirements, qualities, constraints",
    )
    .also_called(&["affects", "concerns", "decides"])
    .seen_as("discussed-in");
    pub static LED_TO: Fact =
        facts("led-to", Type::Reference(&[&DECISION]), "the decisions that were taken because of it")
            .also_called(&["decision", "decisions", "adr", "adrs"])
            .seen_as("rfc");
}
