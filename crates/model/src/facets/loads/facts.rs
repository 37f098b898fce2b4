//! The facts of loads, failures, objectives and alerts.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::flows::class::FLOW;
use super::super::flows::facts::step;
use super::super::requirements::class::QUALITY;
use super::super::requirements::facts::quality::{self, Metric};
use super::super::structure::class::ELEMENTS;
use super::class;
use crate::schema::{Fact, Type, fact, facts, habit};
use crate::word_enums::choice;

/// The facts of a load.
pub mod load {
    use super::*;

    pub static USERS: Fact = fact(
        "users",
        Type::Whole,
        "how many people use it at the same time, each waiting for the answer and then thinking",
    )
    .with(&[&THINK, &step::DISTRIBUTION, &step::P50, &step::P99, &step::CV])
    .also_called(&["vus", "concurrent-users", "virtual-users", "clients"])
    .ranged();
    pub static THINK: Fact = fact(
        "think",
        Type::Duration,
        "the mean time a user thinks between two requests; takes `distribution`, `p50`, `p99` and `cv`, as the time of a step does",
    ).also_called(&["think-time", "thinktime", "pause"]);
    pub static RATE: Fact =
        fact("rate", Type::Rate, "how many requests arrive, whether or not earlier ones are answered")
            .also_called(&["rps", "qps", "tps", "req/s", "requests-per-second", "throughput", "arrival-rate"])
            .ranged();
    choice! {
        /// How arrivals are spread.
        Arrivals of ARRIVALS {
            Poisson = "poisson", "independently of each other, as those of many people do";
            Regular = "regular", "at equal distances";
            Bursty = "bursty", "as for `poisson`, by turns in a burst, when `factor` times as many come, and in a calm";
        }
    }
    pub static ARRIVALS: Fact =
        fact("arrivals", Arrivals::TYPE, "how those of a `rate` are spread, which stays their mean")
            .or("poisson")
            .with(&[&FACTOR, &BURST, &CALM]);
    // A factor and two times can be true of any mean rate; two more rates beside the mean could contradict it.
    pub static FACTOR: Fact =
        fact("factor", Type::Number, "how many times as many a second come in a burst as in a calm");
    pub static BURST: Fact =
        fact("burst", Type::Duration, "how long a burst lasts on average; exponentially distributed");
    pub static CALM: Fact =
        fact("calm", Type::Duration, "how long it is calm between two bursts on average; exponentially distributed");
    pub static TRACE: Fact = fact("trace", Type::Text, "a CSV file of recorded arrivals, relative to this one: on each line the seconds since any moment, and the flow unless it is drawn by the weights of the mix; a first line of headings is passed over").with(&[&SPEED]);
    pub static SPEED: Fact =
        fact("speed", Type::Number, "how many times faster they come than they were recorded").or("1");
    pub static EVERY: Fact = fact(
        "every",
        Type::Duration,
        "after how long again and again a batch of requests comes, such as those of a job that runs by a schedule; its size is `count`",
    )
    .with(&[&COUNT, &FIRST, &SPREAD]).also_called(&["cron", "schedule", "batch", "interval", "period", "nightly"]).written("every 1d count=5000");
    pub static COUNT: Fact = fact(
        "count",
        Type::Whole,
        "how many requests each batch has, each for a flow that is drawn by the weights of the mix",
    )
    .also_called(&["size", "batch-size"])
    .ranged();
    pub static FIRST: Fact = fact(
        "at",
        Type::Duration,
        "when the first batch comes in a course of stages or a trace, else when in each period one does",
    )
    .or("0s");
    pub static SPREAD: Fact = fact(
        "spread",
        Type::Duration,
        "within how long the requests of a batch come, each at any moment of it, no longer than `every`; within 0s all come at once",
    )
    .or("0s");
    pub static MIX: Fact = facts(
        "mix",
        Type::Reference(&[&super::FLOW]),
        "a flow of the load; all flows of the workspace alike if none is named",
    )
    .with(&[&WEIGHT])
    .also_called(&["flow", "flows", "scenario", "scenarios"]);
    pub static WEIGHT: Fact = fact("weight", Type::Number, "its share, relative to the others'")
        .or("1")
        .also_called(&["share", "ratio", "percent"]);
    pub static STAGE: Fact = facts("stage", Type::Duration, "a stage of a load test, after the one before it")
        .with(&[&STAGE_RATE, &STAGE_USERS])
        .also_called(&["stages", "ramp", "ramp-up", "step", "phase"])
        .written("stage 10min rate=100/s")
        .in_order();
    pub static STAGE_RATE: Fact = fact("rate", Type::Rate, "the rate that it ends with");
    pub static STAGE_USERS: Fact = fact("users", Type::Whole, "the number of users that it ends with");
    pub static WITH: Fact = facts(
        "with",
        Type::Reference(&[&class::LOAD]),
        "a load that runs beside it, as it is, with all that runs beside that",
    )
    .also_called(&["beside", "alongside", "and", "together-with", "concurrent-with", "background"]);
    pub static PROVES: Fact =
        facts("proves", Type::Reference(&[&QUALITY]), "the qualities that running it as a test is to prove");
    pub static THRESHOLD: Fact =
        facts("threshold", Metric::TYPE, "a limit that must hold of each flow, else running it as a test has failed")
            .with(&[&quality::FLOW, &quality::OF, &quality::FIRST_PART, &quality::UNDER, &quality::OVER])
            .also_called(&[
                "thresholds",
                "pass",
                "passes",
                "passes-if",
                "criterion",
                "criteria",
                "assert",
                "assertion",
                "assertions",
                "expect",
                "require",
            ])
            .written("threshold p95 under=500ms");
}

/// The facts of a failure.
pub mod failure {
    use super::*;

    pub static FAIL: Fact = facts(
        "fail",
        Type::Reference(class::BREAKABLE),
        "what is gone: calls to it fail at once, of what has a `failover` only until another has taken over; of a place, the replicas that run there, with which calls fail only where there is a `failover`: their share, until others have taken over",
    )
    .with(&[&AT, &FOR, &HELD])
    .also_called(&["kill", "crash", "down", "outage", "stop", "terminate", "lose", "lost", "shutdown"]);
    pub static SLOW: Fact = facts("slow", Type::Reference(class::BREAKABLE), "what becomes slow")
        .with(&[&FACTOR, &AT, &FOR])
        .also_called(&["delay", "degrade", "latency", "slowdown", "slow-down"]);
    pub static ERRORS: Fact =
        facts("errors", Type::Reference(class::BREAKABLE), "what answers some calls with an error")
            .with(&[&SHARE, &AT, &FOR])
            .also_called(&["error", "inject-errors"]);
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
    .with(&[&FROM, &AT, &FOR, &HELD])
    .also_called(&["isolate", "disconnect", "cut", "network-partition"]);
    pub static HELD: Fact = fact(
        "held",
        Type::Bool,
        "whether calls wait until it is over and then come all at once, as a broker or the network keeps them, instead of failing; a `queue-limit` bounds how many wait for a `fail`",
    )
    .or("#false");
    pub static FROM: Fact =
        fact("from", Type::Reference(class::BREAKABLE), "from what it is cut off; default: from everything else");
    pub static FACTOR: Fact = fact("factor", Type::Number, "how many times longer everything takes there")
        .or("10")
        .also_called(&["by", "times", "multiplier"]);
    pub static SHARE: Fact = fact("share", Type::Ratio, "the share of calls that fail").or("100%").also_called(&[
        "rate",
        "ratio",
        "probability",
    ]);
    pub static AT: Fact = fact(
        "at",
        Type::Duration,
        "when it begins: after the start of a load with stages; else only their distances from each other count, as the system has settled before the first",
    ).or("60s").also_called(&["after", "start", "begin", "begins", "starts"]);
    pub static FOR: Fact =
        fact("for", Type::Duration, "how long it lasts; default: until the `rto` of its recovery, or 60s")
            .also_called(&["duration", "lasts", "lasting", "during", "length"]);
    /// What says what goes wrong.
    pub static WRONGS: &[&Fact] = &[&FAIL, &SLOW, &ERRORS, &FLUSH, &CORRUPT, &PARTITION];
    pub static IMPACT: Fact = facts("impact", Type::Text, "what users notice").prose();
    pub static MITIGATION: Fact = facts("mitigation", Type::Text, "what softens it").prose();
    pub static RECOVERY: Fact = facts("recovery", Type::Text, "how it is put right").with(&[&MODE, &RTO, &RPO]).prose();
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
    /// What is required in a quality.
    const MEASURED: &str =
        "write it in a quality: `require p95 flow=… under=… failure=…` with the name of this failure";
    pub static EXPECT: Fact = facts("expect", Type::Reference(&[&super::FLOW]), "what is expected of a flow meanwhile")
        .with(&[&SUCCESS])
        .unlike(&[habit(quality::Metric::WORDS, MEASURED), habit(&["latency"], MEASURED)]);
    pub static SUCCESS: Fact = fact("success", Type::Ratio, "the share of requests that must succeed");
}

/// The facts of an SLO.
pub mod slo {
    use super::*;

    pub static OBJECTIVE: Fact =
        fact("objective", Type::Ratio, "the share of good requests or time that is promised inside")
            .with(&[&PER])
            .also_called(&["target", "goal", "slo", "availability"]);
    pub static PER: Fact = fact("per", Type::Duration, "the window it is counted over")
        .or("30d")
        .also_called(&["window", "over", "period"]);
    pub static SLA: Fact = fact("sla", Type::Ratio, "the share that is promised to customers, below the objective");
    pub static FLOW: Fact = fact("flow", Type::Reference(&[&super::FLOW]), "the flow that is measured");
    pub static OF: Fact = fact("of", Type::Reference(ELEMENTS), "the element that is measured");
}

/// The facts of an alert.
pub mod alert {
    use super::*;

    pub static ON: Fact = fact("on", Metric::TYPE, "what is watched")
        .with(&[&OVER, &BELOW, &FOR])
        .also_called(&["when", "if", "condition", "metric", "expr", "watch", "trigger"])
        .unlike(&[habit(&["min", "max"], "say on which side of it the alert fires: write `over=` or `below=`")])
        .written("on p95 over=1s for=5min");
    pub static FOR: Fact =
        fact("for", Type::Duration, "how long it must be so before the alert fires; after 0s it does at once")
            .or("0s")
            .also_called(&["duration", "lasting", "during"]);
    pub static OVER: Fact = fact("over", Type::Quantity, "the alert fires above this").also_called(&[
        "above",
        "threshold",
        "greater-than",
        "gt",
    ]);
    pub static BELOW: Fact =
        fact("below", Type::Quantity, "the alert fires below this").also_called(&["under", "less-than", "lt"]);
    pub static BURN: Fact =
        facts("burn", Type::Number, "the alert fires when the error budget burns this many times too fast")
            .with(&[&LONG, &SHORT])
            .also_called(&["burn-rate", "burnrate"])
            .written("burn 14.4 long=1h short=5min");
    pub static LONG: Fact = fact("long", Type::Duration, "the long window it is measured over");
    pub static SHORT: Fact =
        fact("short", Type::Duration, "the short window that must burn as well, so that the alert ends soon");
    pub static SLO: Fact = fact("slo", Type::Reference(&[&class::SLO]), "the objective whose budget is watched");
}
