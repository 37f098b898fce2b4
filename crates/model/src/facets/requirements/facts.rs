//! The facts of requirements, qualities and records.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::flows::class::FLOW;
use super::super::loads::class::{FAILURE, LOAD};
use super::super::structure::class::{COMPONENT, CONTAINER, ELEMENTS, PERSON, SYSTEM};
use super::super::technologies::class::TECHNOLOGY;
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of a requirement.
pub mod requirement {
    use super::*;

    choice! {
        /// How much it matters.
        Priority of PRIORITY {
            Must = "must", "without it the result is worthless";
            Should = "should", "important, but there is a way around";
            Could = "could", "welcome";
            Wont = "wont", "not this time";
        }
    }
    pub static PRIORITY: Fact = fact("priority", Priority::TYPE, "how much it matters (MoSCoW)");
    pub static REALIZED_BY: Fact = facts(
        "realized-by",
        Type::Reference(&[&PERSON, &SYSTEM, &CONTAINER, &COMPONENT, &FLOW, &TECHNOLOGY]),
        "the elements, flows and technologies that meet it",
    )
    .seen_as("realizes");
    pub static SOURCE: Fact = fact("source", Type::Text, "who asked for it, or where it is written");
}

/// The facts of a quality.
pub mod quality {
    use super::*;

    choice! {
        /// The characteristics of ISO/IEC 25010, and what it lacks.
        Category of CATEGORY {
            Performance = "performance", "performance efficiency";
            Scalability = "scalability", "performance efficiency under growing load";
            Compatibility = "compatibility", "compatibility";
            Usability = "usability", "interaction capability";
            Reliability = "reliability", "reliability";
            Security = "security", "security";
            Maintainability = "maintainability", "maintainability";
            Portability = "portability", "flexibility";
            Safety = "safety", "safety";
            Compliance = "compliance", "obedience to laws and standards";
            Cost = "cost", "what it may cost";
        }
    }
    pub static CATEGORY: Fact = fact("category", Category::TYPE, "the quality characteristic, after ISO/IEC 25010");
    pub static MEASURE: Fact =
        facts("measure", Type::Text, "how it is judged where no number can be required: an audit, a review, a date")
            .prose();
    choice! {
        /// What can be measured: what a requirement, or an alert, is about.
        Metric of REQUIRE {
            P50 = "p50", "median latency";
            P90 = "p90", "90th percentile of latency";
            P95 = "p95", "95th percentile of latency";
            P99 = "p99", "99th percentile of latency";
            Mean = "mean", "mean latency";
            Throughput = "throughput", "requests a second: what can be served of the mix, or of the flow with `flow=`, without a queue that grows, also where nobody waits; under a load of users, and during a failure, what is served";
            Users = "users", "users at the same time";
            ErrorRate = "error-rate", "share of failed requests";
            Degraded = "degraded", "share of the successful requests whose answer rests on a fallback";
            Availability = "availability", "share of time or requests that it works";
            Utilization = "utilization", "share of capacity in use";
            Queue = "queue", "requests that wait, on average";
            RecoveryTime = "recovery-time", "time from the beginning of a failure until as many requests are answered well, and as fast, as before, and it stays so (RTO): of all flows, or with `flow=` of one, or with `of=` of the calls of one element alone, which may be another time; what nobody waits for is told beside";
            DataLoss = "data-loss", "time of data lost by a failure (RPO)";
            Team = "team", "people that maintain it";
        }
    }
    pub static REQUIRE: Fact = facts("require", Metric::TYPE, "what must be measured, and its limit").with(&[
        &FLOW,
        &OF,
        &FIRST_PART,
        &UNDER,
        &OVER,
        &PER,
        &LOAD,
        &FAILURE,
    ]);
    pub static FLOW: Fact = fact("flow", Type::Reference(&[&super::FLOW]), "the flow it is measured on");
    pub static OF: Fact = fact("of", Type::Reference(ELEMENTS), "the element it is measured on");
    pub static FIRST_PART: Fact = fact(
        "first-part",
        Type::Bool,
        "whether the time until the first part of the answer is meant, of a flow that answers in parts (`partial`)",
    )
    .or("#false")
    .also_called(&["first-answer", "first-byte", "first-token", "ttfb", "ttft"]);
    pub static UNDER: Fact = fact("under", Type::Quantity, "the upper limit").also_called(&[
        "max",
        "maximum",
        "limit",
        "lessthan",
        "less-than",
        "at-most",
        "below",
    ]);
    pub static OVER: Fact = fact("over", Type::Quantity, "the lower limit").also_called(&[
        "min",
        "minimum",
        "above",
        "morethan",
        "more-than",
        "at-least",
    ]);
    pub static PER: Fact = fact("per", Type::Duration, "the window it is counted over").also_called(&["window"]);
    pub static LOAD: Fact =
        fact("load", Type::Reference(&[&super::LOAD]), "the load under which it must hold; default: of those that ask for what is meant the one with most requests a second, load tests left aside")
            .also_called(&["at", "with"]);
    pub static FAILURE: Fact =
        fact("failure", Type::Reference(&[&super::FAILURE]), "the failure during which it must hold")
            .also_called(&["during", "when", "while", "if", "given"]);
}

/// The facts of assumptions and questions.
pub mod record {
    use super::*;

    choice! {
        /// Whether something is settled.
        State of STATE {
            Open = "open", "not settled";
            Confirmed = "confirmed", "settled: it is so";
            Refuted = "refuted", "settled: it is not so";
            Resolved = "resolved", "settled: answered";
        }
    }
    pub static STATE: Fact = fact("state", State::TYPE, "whether it is settled").or("open");
    pub static ANSWER: Fact = fact("answer", Type::Text, "the answer, once there is one");
    pub static DUE: Fact = fact("due", Type::Date, "by when it is to be settled");
}

/// The facts of a constraint.
pub mod constraint {
    use super::*;

    choice! {
        /// Where a constraint comes from.
        Category of CATEGORY {
            Technical = "technical", "what must be used or fitted to";
            Time = "time", "a date";
            Resource = "resource", "people and money";
            Business = "business", "what the business has decided";
            Legal = "legal", "laws and contracts";
        }
    }
    pub static CATEGORY: Fact = fact("category", Category::TYPE, "where it comes from");
}

/// The facts of a metric of success.
pub mod metric {
    use super::*;

    pub static TARGET: Fact = fact("target", Type::Text, "the value that counts as success");
}
