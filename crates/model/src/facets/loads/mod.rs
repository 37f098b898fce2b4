//! Loads and what goes wrong under them: failures, objectives, alerts.

pub mod facts;

use super::Facet;
use super::common::{DESCRIPTION, LINK, OWNER, TAGS, WAS};
use crate::schema::{Fact, Head, Kind};
use facts::{alert, failure, load, slo};

/// The facet.
pub static FACET: Facet = Facet::of_records("loads", "Loads and failures", KINDS);

/// The classes.
pub mod class {
    use super::super::common::records;
    use super::super::deployment::class::PLACE;
    use super::super::structure::class::{COMPONENT, CONTAINER, PERSON, SYSTEM};
    use crate::schema::{Class, Feeds, Listed};

    /// What can go wrong: elements, and the places that they run at.
    pub static BREAKABLE: &[&Class] = &[&PERSON, &SYSTEM, &CONTAINER, &COMPONENT, &PLACE];

    /// `load`
    pub static LOAD: Class = records("load", "a load", Feeds::Demand).changeable().listed(Listed::WithLoads("Loads"));
    /// `failure`
    pub static FAILURE: Class =
        records("failure", "a failure", Feeds::Demand).changeable().listed(Listed::WithLoads("Failures"));
    /// `slo`
    pub static SLO: Class =
        records("slo", "an SLO", Feeds::Demand).changeable().listed(Listed::WithLoads("Objectives"));
    /// `alert`
    pub static ALERT: Class =
        records("alert", "an alert", Feeds::Demand).changeable().listed(Listed::WithLoads("Alerts"));
}

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS];

static KINDS: &[Kind] = &[
    Kind {
        name: "load",
        other_names: &[],
        habits: &[],
        class: &class::LOAD,
        summary: "how much is asked of the system: by so many users, or so many times a second",
        doc: "`users` is a closed load: each waits for the answer, thinks, and asks again, so a slow system is asked less. `rate` is an open one: requests arrive whatever happens. `mix` says which flows, in which shares. `stage` rows describe a load test as k6 has them; `trace` replays arrivals that were recorded; `every` lets a batch come again and again; `with` names loads that run at the same time, such as a nightly job: what is required at this load is judged while all of them run, and its capacity is that of this load, with the others unchanged; `proves` names the qualities it is to prove, and `threshold` says when running it as a test fails, as the thresholds of k6 do: a test that passes with more than a quality allows proves nothing of it.",
        example: "flow search \"Search\"\nflow pay \"Pay\"\nload peak \"The evening peak\" {\n    users 10_000 think=10s\n    mix search weight=9\n    mix pay\n}",
        head: Head::Named,
        facts: &[
            COMMON,
            &[
                &load::USERS,
                &load::RATE,
                &load::ARRIVALS,
                &load::TRACE,
                &load::EVERY,
                &load::MIX,
                &load::STAGE,
                &load::WITH,
                &load::PROVES,
                &load::THRESHOLD,
            ],
        ],
    },
    Kind {
        name: "failure",
        other_names: &[],
        habits: &[],
        class: &class::FAILURE,
        summary: "something that goes wrong, and what is expected then",
        doc: "`fail`, `slow`, `errors`, `flush`, `partition` and `corrupt` change the world while the simulation runs. The first three and `partition` also take a place of the simulated deployment, such as an availability zone: what runs there is touched, and only there. A place is named by its path (`production.eu.a`), of which the beginning may be left out where one is meant. Calls fail, or get no answer, while a `fail` or a `partition` lasts; with `held` (`fail jobs held for=30s`) they wait for its end and then come all at once. `impact`, `mitigation` and `recovery` say what people notice and do.",
        example: "failure no-payments \"The payment provider is gone\" {\n    fail payments for=10min\n    impact \"Payments are delayed\"\n    mitigation \"They wait in a queue\"\n    recovery \"The queue is worked off\" mode=automatic\n}",
        head: Head::Named,
        facts: &[
            COMMON,
            &[
                &failure::FAIL,
                &failure::SLOW,
                &failure::ERRORS,
                &failure::FLUSH,
                &failure::PARTITION,
                &failure::CORRUPT,
                &failure::IMPACT,
                &failure::MITIGATION,
                &failure::RECOVERY,
                &failure::EXPECT,
            ],
        ],
    },
    Kind {
        name: "slo",
        other_names: &[],
        habits: &[],
        class: &class::SLO,
        summary: "a service level objective: what is promised, and how much may be missed",
        doc: "After the SRE workbook: the error budget is what the objective leaves. 99.9% per 30 days leaves 43 minutes and 12 seconds.",
        example: "slo up \"The shop answers\" {\n    objective 99.9% per=30d\n}",
        head: Head::Named,
        facts: &[COMMON, &[&slo::OBJECTIVE, &slo::SLA, &slo::FLOW, &slo::OF]],
    },
    Kind {
        name: "alert",
        other_names: &[],
        habits: &[],
        class: &class::ALERT,
        summary: "when somebody is notified that something is wrong",
        doc: "On a metric with a threshold, or on the rate at which an error budget burns. An alert that is looser than the quality it watches over is a finding.",
        example: "alert slow \"Answers are slow\" {\n    on p95 over=200ms for=5min\n}",
        head: Head::Named,
        facts: &[COMMON, &[&alert::ON, &alert::BURN, &alert::SLO, &slo::FLOW, &slo::OF]],
    },
];
