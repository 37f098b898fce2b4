//! The facts of loads, failures, objectives and alerts.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::flows::class::FLOW;
use super::super::flows::facts::step;
use super::super::requirements::class::QUALITY;
use super::super::requirements::facts::quality::METRIC;
use super::super::structure::class::ELEMENTS;
use super::class;
use crate::schema::{Fact, Type, fact, facts};
use crate::words::choice;

/// The facts of a load.
pub mod load {
    use super::*;

    pub static USERS: Fact = fact(
        "users",
        Type::Whole,
        "how many people use it at the same time, each waiting for the answer and then thinking",
    )
    .with(&[&THINK, &step::DISTRIBUTION, &step::P50, &step::P99, &step::CV]);
    pub static THINK: Fact = fact(
        "think",
        Type::Duration,
        "the mean time a user thinks between two wishes; `law`, `p50`, `p99` and `cv` say of it what they say of the time of a step",
    );
    pub static RATE: Fact =
        fact("rate", Type::Rate, "how many wishes arrive, whether or not earlier ones are answered");
    choice! {
        /// How arrivals are spread.
        Arrivals of ARRIVALS {
            Poisson = "poisson", "independently of each other, as those of many people do";
            Regular = "regular", "at equal distances";
            Bursty = "bursty", "as for `poisson`, by turns in a burst, when `factor` times as many come, and in a calm";
        }
    }
    pub static ARRIVALS: Fact = fact(
        "arrivals",
        Arrivals::TYPE,
        "how those of a `rate` are spread, which stays their mean; default: `poisson`",
    )
    .with(&[&FACTOR, &BURST, &CALM]);
    // A factor and two times can be true of any mean rate; two more rates beside the mean could contradict it.
    pub static FACTOR: Fact =
        fact("factor", Type::Number, "how many times as many a second come in a burst as in a calm");
    pub static BURST: Fact = fact("burst", Type::Duration, "how long a burst lasts on average; the law is exponential");
    pub static CALM: Fact =
        fact("calm", Type::Duration, "how long it is calm between two bursts on average; the law is exponential");
    pub static TRACE: Fact = fact("trace", Type::Text, "a CSV file of recorded arrivals, relative to this one: on each line the seconds since any moment, and the flow unless it is drawn by the weights of the mix; a first line of headings is passed over").with(&[&SPEED]);
    pub static SPEED: Fact =
        fact("speed", Type::Number, "how many times faster they come than they were recorded; default: 1");
    pub static EVERY: Fact = fact(
        "every",
        Type::Duration,
        "after how long again and again a batch of requests comes, such as those of a job that runs by a schedule; its size is `count`",
    )
    .with(&[&COUNT, &FIRST, &SPREAD]);
    pub static COUNT: Fact = fact(
        "count",
        Type::Whole,
        "how many requests each batch has, each for a flow that is drawn by the weights of the mix",
    );
    pub static FIRST: Fact = fact("at", Type::Duration, "when the first batch comes; default: 0s");
    pub static SPREAD: Fact = fact(
        "spread",
        Type::Duration,
        "within how long the requests of a batch come, each at any moment of it; default: all at once",
    );
    pub static MIX: Fact = facts(
        "mix",
        Type::Reference(&[&super::FLOW]),
        "a flow of the load; all flows of the workspace alike if none is named",
    )
    .with(&[&WEIGHT]);
    pub static WEIGHT: Fact = fact("weight", Type::Number, "its share, relative to the others'; default: 1");
    pub static STAGE: Fact = facts("stage", Type::Duration, "a stage of a load test, after the one before it")
        .with(&[&STAGE_RATE, &STAGE_USERS]);
    pub static STAGE_RATE: Fact = fact("rate", Type::Rate, "the rate that it ends with");
    pub static STAGE_USERS: Fact = fact("users", Type::Whole, "the number of users that it ends with");
    pub static WITH: Fact = facts(
        "with",
        Type::Reference(&[&class::LOAD]),
        "a load that runs beside it, as it is, with all that runs beside that",
    );
    pub static PROVES: Fact =
        facts("proves", Type::Reference(&[&QUALITY]), "the qualities that running it as a test is to prove");
}

/// The facts of a failure.
pub mod failure {
    use super::*;

    pub static FAIL: Fact = facts(
        "fail",
        Type::Reference(class::BREAKABLE),
        "what is gone: calls to it fail at once; of a place, the replicas that run there",
    )
    .with(&[&AT, &FOR]);
    pub static SLOW: Fact =
        facts("slow", Type::Reference(class::BREAKABLE), "what becomes slow").with(&[&FACTOR, &AT, &FOR]);
    pub static ERRORS: Fact =
        facts("errors", Type::Reference(class::BREAKABLE), "what answers some calls with an error")
            .with(&[&SHARE, &AT, &FOR]);
    pub static FLUSH: Fact = facts(
        "flush",
        Type::Reference(ELEMENTS),
        "a cache that loses all it holds; with `keys` it fills again as it is asked, at once or after `for`",
    )
    .with(&[&AT, &FOR]);
    pub static CORRUPT: Fact = facts(
        "corrupt",
        Type::Reference(ELEMENTS),
        "what has lost or damaged its data: it is gone until they are restored",
    )
    .with(&[&RESTORE, &AT]);
    pub static RESTORE: Fact = fact("restore", Type::Duration, "how long it takes to restore the data");
    pub static PARTITION: Fact = facts(
        "partition",
        Type::Reference(class::BREAKABLE),
        "what is cut off: calls into it and out of it get no answer",
    )
    .with(&[&FROM, &AT, &FOR]);
    pub static FROM: Fact =
        fact("from", Type::Reference(class::BREAKABLE), "from what it is cut off; default: from everything else");
    pub static FACTOR: Fact = fact("factor", Type::Number, "how many times longer everything takes there; default: 10");
    pub static SHARE: Fact = fact("share", Type::Ratio, "the share of calls that fail; default: all");
    pub static AT: Fact = fact(
        "at",
        Type::Duration,
        "when it begins: after the start of a load with stages; else only their distances from each other count, as the system has settled before the first; default: 60s",
    );
    pub static FOR: Fact =
        fact("for", Type::Duration, "how long it lasts; default: until the `rto` of its recovery, or 60s");
    pub static IMPACT: Fact = facts("impact", Type::Text, "what users notice");
    pub static MITIGATION: Fact = facts("mitigation", Type::Text, "what softens it");
    pub static RECOVERY: Fact = facts("recovery", Type::Text, "how it is put right").with(&[&MODE, &RTO, &RPO]);
    choice! {
        /// Who acts.
        Mode of MODE {
            Automatic = "automatic", "by itself";
            Manual = "manual", "somebody must act";
        }
    }
    pub static MODE: Fact = fact("mode", Mode::TYPE, "whether somebody must act");
    pub static RTO: Fact = fact("rto", Type::Duration, "the longest time until it works again");
    pub static RPO: Fact = fact("rpo", Type::Duration, "the longest time whose data may be lost");
    pub static EXPECT: Fact =
        facts("expect", Type::Reference(&[&super::FLOW]), "what is expected of a flow meanwhile").with(&[&SUCCESS]);
    pub static SUCCESS: Fact = fact("success", Type::Ratio, "the share of requests that must succeed");
}

/// The facts of an SLO.
pub mod slo {
    use super::*;

    pub static OBJECTIVE: Fact =
        fact("objective", Type::Ratio, "the share of good requests or time that is promised inside").with(&[&PER]);
    pub static PER: Fact = fact("per", Type::Duration, "the window it is counted over; default: 30d");
    pub static SLA: Fact = fact("sla", Type::Ratio, "the share that is promised to customers, below the objective");
    pub static FLOW: Fact = fact("flow", Type::Reference(&[&super::FLOW]), "the flow that is measured");
    pub static OF: Fact = fact("of", Type::Reference(ELEMENTS), "the element that is measured");
}

/// The facts of an alert.
pub mod alert {
    use super::*;

    pub static ON: Fact = fact("on", METRIC, "what is watched").with(&[&OVER, &BELOW, &FOR]);
    pub static FOR: Fact =
        fact("for", Type::Duration, "how long it must be so before the alert fires; default: at once");
    pub static OVER: Fact = fact("over", Type::Quantity, "the alert fires above this");
    pub static BELOW: Fact = fact("below", Type::Quantity, "the alert fires below this");
    pub static BURN: Fact =
        facts("burn", Type::Number, "the alert fires when the error budget burns this many times too fast")
            .with(&[&LONG, &SHORT]);
    pub static LONG: Fact = fact("long", Type::Duration, "the long window it is measured over");
    pub static SHORT: Fact =
        fact("short", Type::Duration, "the short window that must burn as well, so that the alert ends soon");
    pub static SLO: Fact = fact("slo", Type::Reference(&[&class::SLO]), "the objective whose budget is watched");
}
