//! What is predicted: loads, failures, objectives and alerts.

use super::why::METRIC;
use crate::facts::{BREAKABLE, DESCRIPTION, ELEMENTS, LINK, OWNER, TAGS, fact, facts};
use crate::schema::{Facet, Fact, Head, Kind, Role, Type};

#[allow(missing_docs, reason = "the summary of each fact documents it")]
mod own {
    use super::*;
    pub static LOAD_USERS: Fact = Fact {
        name: "users",
        ty: Type::Whole,
        summary: "how many people use it at the same time, each waiting for the answer and then thinking",
        many: false,
        parts: &[&THINK],
    };
    pub static THINK: Fact = fact("think", Type::Duration, "the mean time a user thinks between two wishes");
    pub static ARRIVAL_RATE: Fact =
        fact("rate", Type::Rate, "how many wishes arrive, whether or not earlier ones are answered");
    pub static ARRIVALS: Fact = fact(
        "arrivals",
        Type::OneOf(&[
            ("poisson", "independently of each other, as those of many people do"),
            ("regular", "at equal distances"),
        ]),
        "how they are spread; `poisson` if not said",
    );
    pub static TRACE: Fact = Fact {
        name: "trace",
        ty: Type::Text,
        summary: "a CSV file of recorded arrivals, relative to this one: on each line the seconds since any moment, and the flow unless it is drawn by the weights of the mix; a first line of headings is passed over",
        many: false,
        parts: &[&SPEED],
    };
    pub static SPEED: Fact =
        fact("speed", Type::Number, "how many times faster they come than they were recorded; 1 if not said");
    pub static MIX: Fact = Fact {
        name: "mix",
        ty: Type::Reference(&[Role::Flow]),
        summary: "a flow of the load; all flows of the workspace alike if none is named",
        many: true,
        parts: &[&WEIGHT],
    };
    pub static WEIGHT: Fact = fact("weight", Type::Number, "its share, relative to the others'; 1 if not said");
    pub static STAGE: Fact = Fact {
        name: "stage",
        ty: Type::Duration,
        summary: "a stage of a load test, after the one before it",
        many: true,
        parts: &[&STAGE_RATE, &STAGE_USERS],
    };
    pub static STAGE_RATE: Fact = fact("rate", Type::Rate, "the rate that it ends with");
    pub static STAGE_USERS: Fact = fact("users", Type::Whole, "the number of users that it ends with");
    pub static PROVES: Fact =
        facts("proves", Type::Reference(&[Role::Quality]), "the qualities that running it as a test is to prove");

    pub static FAIL: Fact = Fact {
        name: "fail",
        ty: Type::Reference(BREAKABLE),
        summary: "what is gone: calls to it fail at once; of a place, the replicas that run there",
        many: true,
        parts: &[&FROM_TIME, &FOR_TIME],
    };
    pub static SLOW: Fact = Fact {
        name: "slow",
        ty: Type::Reference(BREAKABLE),
        summary: "what becomes slow",
        many: true,
        parts: &[&FACTOR, &FROM_TIME, &FOR_TIME],
    };
    pub static ERRORS: Fact = Fact {
        name: "errors",
        ty: Type::Reference(BREAKABLE),
        summary: "what answers some calls with an error",
        many: true,
        parts: &[&SHARE, &FROM_TIME, &FOR_TIME],
    };
    pub static FLUSH: Fact = Fact {
        name: "flush",
        ty: Type::Reference(ELEMENTS),
        summary: "a cache that loses all it holds; with `keys` it fills again as it is asked, at once or after `for`",
        many: true,
        parts: &[&FROM_TIME, &FOR_TIME],
    };
    pub static CORRUPT: Fact = Fact {
        name: "corrupt",
        ty: Type::Reference(ELEMENTS),
        summary: "what has lost or damaged its data: it is gone until they are restored",
        many: true,
        parts: &[&RESTORE, &FROM_TIME],
    };
    pub static RESTORE: Fact = fact("restore", Type::Duration, "how long it takes to restore the data");
    pub static PARTITION: Fact = Fact {
        name: "partition",
        ty: Type::Reference(BREAKABLE),
        summary: "what is cut off: calls into it and out of it get no answer",
        many: true,
        parts: &[&PARTED, &FROM_TIME, &FOR_TIME],
    };
    pub static PARTED: Fact =
        fact("from", Type::Reference(BREAKABLE), "from what it is cut off; from everything else if not said");
    pub static FACTOR: Fact =
        fact("factor", Type::Number, "how many times longer everything takes there; 10 if not said");
    pub static SHARE: Fact = fact("share", Type::Ratio, "the share of calls that fail; all if not said");
    pub static FROM_TIME: Fact = fact(
        "at",
        Type::Duration,
        "when it begins: after the start of a load with stages; else only how several lie to each other counts, as the system is in its stride before the first; 60s if not said",
    );
    pub static FOR_TIME: Fact =
        fact("for", Type::Duration, "how long it lasts; if not said, until the `rto` of its recovery, or 60s");
    pub static IMPACT: Fact = facts("impact", Type::Text, "what users notice");
    pub static MITIGATION: Fact = facts("mitigation", Type::Text, "what softens it");
    pub static RECOVERY: Fact = Fact {
        name: "recovery",
        ty: Type::Text,
        summary: "how it is put right",
        many: true,
        parts: &[&RECOVERY_MODE, &RTO, &RPO],
    };
    pub static RECOVERY_MODE: Fact = fact(
        "mode",
        Type::OneOf(&[("automatic", "by itself"), ("manual", "somebody must act")]),
        "whether somebody must act",
    );
    pub static RTO: Fact = fact("rto", Type::Duration, "the longest time until it works again");
    pub static RPO: Fact = fact("rpo", Type::Duration, "the longest time whose data may be lost");
    pub static EXPECT: Fact = Fact {
        name: "expect",
        ty: Type::Reference(&[Role::Flow]),
        summary: "what is expected of a flow meanwhile",
        many: true,
        parts: &[&SUCCESS],
    };
    pub static SUCCESS: Fact = fact("success", Type::Ratio, "the share of requests that must succeed");

    pub static OBJECTIVE: Fact = Fact {
        name: "objective",
        ty: Type::Ratio,
        summary: "the share of good requests or time that is promised inside",
        many: false,
        parts: &[&WINDOW],
    };
    pub static WINDOW: Fact = fact("per", Type::Duration, "the window it is counted over; 30d if not said");
    pub static SLA: Fact = fact("sla", Type::Ratio, "the share that is promised to customers, below the objective");
    pub static MEASURED_FLOW: Fact = fact("flow", Type::Reference(&[Role::Flow]), "the flow that is measured");
    pub static MEASURED_ELEMENT: Fact = fact("of", Type::Reference(ELEMENTS), "the element that is measured");
    pub static ALERT_METRIC: Fact =
        Fact { name: "on", ty: METRIC, summary: "what is watched", many: false, parts: &[&OVER, &BELOW, &ALERT_TIME] };
    pub static ALERT_TIME: Fact =
        fact("for", Type::Duration, "how long it must be so before the alert sounds; at once if not said");
    pub static OVER: Fact = fact("over", Type::Quantity, "the alert sounds above this");
    pub static BELOW: Fact = fact("below", Type::Quantity, "the alert sounds below this");
    pub static BURN: Fact = Fact {
        name: "burn",
        ty: Type::Number,
        summary: "the alert sounds when the error budget burns this many times too fast",
        many: true,
        parts: &[&LONG_WINDOW, &SHORT_WINDOW],
    };
    pub static LONG_WINDOW: Fact = fact("long", Type::Duration, "the long window it is measured over");
    pub static SHORT_WINDOW: Fact =
        fact("short", Type::Duration, "the short window that must burn as well, so that the alert ends soon");
    pub static SLO: Fact = fact("slo", Type::Reference(&[Role::Slo]), "the objective whose budget is watched");
}
pub use own::*;

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK];

pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "load",
        role: Role::Load,
        facet: Facet::Prediction,
        summary: "how much is asked of the system: by so many users, or so many times a second",
        doc: "`users` is a closed load: each waits for the answer, thinks, and asks again, so a slow system is asked less. `rate` is an open one: requests arrive whatever happens. `mix` says which flows, in which shares. `stage` rows describe a load test as k6 has them; `trace` replays arrivals that were recorded; `proves` names the qualities it is to prove.",
        example: "flow search \"Search\"\nflow pay \"Pay\"\nload peak \"The evening peak\" {\n    users 10_000 think=10s\n    mix search weight=9\n    mix pay\n}",
        head: Head::Named,
        facts: &[COMMON, &[&LOAD_USERS, &ARRIVAL_RATE, &ARRIVALS, &TRACE, &MIX, &STAGE, &PROVES]],
        holds: &[Role::Allow],
    },
    Kind {
        name: "failure",
        role: Role::Failure,
        facet: Facet::Prediction,
        summary: "something that goes wrong, and what is expected then",
        doc: "`fail`, `slow`, `errors`, `flush`, `partition` and `corrupt` change the world while the simulation runs. The first three and `partition` also take a place of the first deployment, such as an availability zone: what runs there is touched, and only there. A place is named by its path (`production.eu.a`), of which the beginning may be left out where one is meant. `impact`, `mitigation` and `recovery` say what people notice and do.",
        example: "failure no-payments \"The payment provider is gone\" {\n    impact \"Payments are delayed\"\n    mitigation \"They wait in a queue\"\n    recovery \"The queue is worked off\" mode=automatic\n}",
        head: Head::Named,
        facts: &[
            COMMON,
            &[&FAIL, &SLOW, &ERRORS, &FLUSH, &PARTITION, &CORRUPT, &IMPACT, &MITIGATION, &RECOVERY, &EXPECT],
        ],
        holds: &[Role::Allow],
    },
    Kind {
        name: "slo",
        role: Role::Slo,
        facet: Facet::Prediction,
        summary: "a service level objective: what is promised, and how much may be missed",
        doc: "After the SRE workbook: the error budget is what the objective leaves. 99.9% per 30 days leaves 43 minutes and 12 seconds.",
        example: "slo up \"The shop answers\" {\n    objective 99.9% per=30d\n}",
        head: Head::Named,
        facts: &[COMMON, &[&OBJECTIVE, &SLA, &MEASURED_FLOW, &MEASURED_ELEMENT]],
        holds: &[Role::Allow],
    },
    Kind {
        name: "alert",
        role: Role::Alert,
        facet: Facet::Prediction,
        summary: "when somebody is told that something is wrong",
        doc: "On a metric with a threshold, or on the rate at which an error budget burns. An alert that is looser than the quality it watches over is a finding.",
        example: "alert slow \"Answers are slow\" {\n    on p95 over=200ms for=5min\n}",
        head: Head::Named,
        facts: &[COMMON, &[&ALERT_METRIC, &BURN, &SLO, &MEASURED_FLOW, &MEASURED_ELEMENT]],
        holds: &[Role::Allow],
    },
];
