//! The facts of flows and their steps.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::structure::class::{COMPONENT, CONTAINER, ELEMENTS, SYSTEM};
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of a flow.
pub mod flow {
    use super::*;

    pub static OF: Fact = fact(
        "of",
        Type::Reference(&[&SYSTEM, &CONTAINER, &COMPONENT]),
        "whose flow it is: its steps name the parts of that by their short names; default: what it stands in",
    )
    .also_called(&["for", "scope"]);
    pub static PRIORITY: Fact = fact(
        "priority",
        Type::Whole,
        "where its requests wait with others for a slot or a connection, those of the highest go first",
    )
    .or("0");
}

/// The facts of a step.
pub mod step {
    use super::*;

    pub static TIME: Fact =
        fact("time", Type::Duration, "the callee's own mean time for it, without what it calls in turn")
            .also_called(&["duration", "took", "service-time", "takes"]);
    pub static P99: Fact = fact("p99", Type::Duration, "the 99th percentile of that time");
    pub static P50: Fact = fact("p50", Type::Duration, "the median of that time, with `p99` instead of the mean");
    pub static CV: Fact =
        fact("cv", Type::Number, "the coefficient of variation of that time: its deviation as a share of its mean");
    choice! {
        /// The distributions of a time.
        Distribution of DISTRIBUTION {
            Exponential = "exponential", "with the given mean; the default where nothing else is given";
            Fixed = "fixed", "always the same";
            Lognormal = "lognormal", "through the mean and `p99` or `cv`, or through `p50` and `p99`";
            Gamma = "gamma", "with the given mean and `cv`";
            Uniform = "uniform", "anything from zero to twice the mean";
        }
    }
    pub static DISTRIBUTION: Fact = fact(
        "distribution",
        Distribution::TYPE,
        "the distribution of that time; numbers that it cannot have are an error",
    )
    .formerly(&["law"]);
    pub static REPLY: Fact = fact("reply", Type::Text, "what comes back, for the sequence diagram")
        .also_called(&["response", "returns", "answer"]);
    pub static READ: Fact =
        fact("read", Type::Bool, "whether it only reads, so that a read replica may answer").or("#false");
}

/// The facts of an answer.
pub mod reply {
    use super::*;

    pub static PARTIAL: Fact = fact(
        "partial",
        Type::Bool,
        "whether it is only a part of the answer, as of a stream: the caller gets it and goes on waiting for the rest",
    )
    .or("#false")
    .also_called(&["stream", "streaming", "streamed", "chunk", "part"])
    .linked();
}

/// What other notations call a share.
const SHARES: &[&str] = &["weight", "probability", "chance", "p", "ratio", "rate", "percent"];

/// The facts of a `chance`.
pub mod chance {
    use super::*;

    pub static SHARE: Fact = fact("share", Type::Ratio, "how often it happens").also_called(SHARES);
}

/// The facts of a `case`.
pub mod case {
    use super::*;

    pub static SHARE: Fact = fact("share", Type::Ratio, "how often this course is taken").also_called(SHARES);
}

/// The facts of a `note`.
pub mod note {
    use super::*;

    pub static ABOUT: Fact = facts("about", Type::Reference(ELEMENTS), "whom it is about; default: all")
        .also_called(&["over", "of", "on", "for", "at"]);
}

/// The facts of a `miss`.
pub mod miss {
    use super::*;

    pub static CACHE: Fact = fact("cache", Type::Reference(&[&CONTAINER]), "the cache that is asked first");
}

/// The facts of a `repeat`.
pub mod repeat {
    use super::*;

    pub static TIMES: Fact = fact("times", Type::Amount, "how often it is repeated; on average, with a distribution")
        .also_called(&["count", "number", "n", "iterations"])
        .ranged();
    choice! {
        /// The distributions of a number of times.
        Distribution of DISTRIBUTION {
            Geometric = "geometric", "after each time, and before the first, it ends with the same probability";
            Poisson = "poisson", "as many as events of a Poisson process in an interval";
        }
    }
    pub static DISTRIBUTION: Fact = fact(
        "distribution",
        Distribution::TYPE,
        "how the number varies around its mean; of a range each number is as likely",
    );
}

/// The facts of a `parallel`.
pub mod parallel {
    use super::*;

    choice! {
        /// When a parallel block is done.
        Join of JOIN {
            All = "all", "goes on when all have answered";
            First = "first", "goes on when the first has answered";
        }
    }
    pub static JOIN: Fact = fact("join", Join::TYPE, "when a parallel block is done, if no `needed` says so").or("all");
    pub static NEEDED: Fact =
        fact("needed", Type::Whole, "how many of the branches must answer well, if neither one nor all")
            .also_called(&["quorum", "count", "n", "min"]);
}
