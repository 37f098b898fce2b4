//! The facts of deployments, places and instances.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::structure::class::{CONTAINER, SYSTEM};
use crate::schema::{Fact, Type, fact};
use crate::word_enums::choice;

/// The facts of a deployment.
pub mod deployment {
    use super::*;

    choice! {
        /// What a deployment is for.
        Environment of ENVIRONMENT {
            Production = "production", "what users see";
            Staging = "staging", "the last rehearsal";
            Test = "test", "for tests";
            Development = "development", "for developers";
        }
    }
    pub static ENVIRONMENT: Fact = fact(
        "environment",
        Environment::TYPE,
        "what it is for; of several deployments that for production is simulated, or else the first by name",
    )
    .linked();
}

/// The facts of a place that something runs at.
pub mod host {
    use super::*;

    pub static CPU: Fact = fact(
        "cpu",
        Type::Number,
        "the processor cores of one such machine, shared by all that runs on it and has no `cpu` of its own",
    );
    pub static MACHINES: Fact = fact("machines", Type::Whole, "how many such machines there are").or("1");
}

/// The facts of an instance.
pub mod instance {
    use super::*;

    pub static ELEMENT: Fact = fact("element", Type::Reference(&[&SYSTEM, &CONTAINER]), "what runs here");
    pub static STANDBY: Fact = fact(
        "standby",
        Type::Bool,
        "whether it does nothing until it takes over from those that do the work, as `failover` says: without one it never does",
    )
    .or("#false");
    pub static READ_REPLICAS: Fact = fact(
        "read-replicas",
        Type::Whole,
        "how many of its read replicas run here, which answer the calls with `read` alone; where it runs itself if nowhere said",
    );
    pub static REPLICAS: Fact =
        fact("replicas", Type::Whole, "how many run here, or from how many to how many").ranged();
}

/// The facts of a connection.
pub mod connection {
    use super::*;

    pub static HEALTH_CHECK: Fact = fact(
        "health-check",
        Type::Text,
        "how what stands at its beginning asks whether what it leads to is well: the path or the command",
    )
    .with(&[&HEALTH_EVERY, &HEALTH_FAILURES])
    .also_called(&["healthcheck", "health", "probe", "readiness", "readiness-probe"]);
    pub static HEALTH_EVERY: Fact = fact("every", Type::Duration, "how often it asks").or("30s").also_called(&[
        "interval",
        "period",
        "period-seconds",
    ]);
    pub static HEALTH_FAILURES: Fact = fact("failures", Type::Whole, "how many bad answers in a row take it out")
        .or("2")
        .also_called(&["threshold", "unhealthy-threshold", "failure-threshold", "retries"]);
}
