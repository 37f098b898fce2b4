//! Why: requirements, qualities and what surrounds them.

use crate::facts::{DESCRIPTION, ELEMENTS, LINK, OWNER, TAGS, fact, facts};
use crate::schema::{Facet, Fact, Head, Kind, Role, Type};

#[allow(missing_docs, reason = "the summary of each fact documents it")]
mod own {
    use super::*;
    pub static PRIORITY: Fact = fact(
        "priority",
        Type::OneOf(&[
            ("must", "without it the result is worthless"),
            ("should", "important, but there is a way around"),
            ("could", "welcome"),
            ("wont", "not this time"),
        ]),
        "how much it matters (MoSCoW)",
    );
    pub static REALIZED_BY: Fact = facts(
        "realized-by",
        Type::Reference(&[Role::Person, Role::System, Role::Container, Role::Component, Role::Flow]),
        "the elements and flows that meet it",
    );
    pub static SOURCE: Fact = fact("source", Type::Text, "who asked for it, or where it is written");
    pub static CATEGORY: Fact = fact(
        "category",
        Type::OneOf(&[
            ("performance", "performance efficiency"),
            ("scalability", "performance efficiency under growing load"),
            ("compatibility", "compatibility"),
            ("usability", "interaction capability"),
            ("reliability", "reliability"),
            ("security", "security"),
            ("maintainability", "maintainability"),
            ("portability", "flexibility"),
            ("safety", "safety"),
            ("compliance", "obedience to laws and standards"),
            ("cost", "what it may cost"),
        ]),
        "the quality characteristic, after ISO/IEC 25010",
    );
    pub static MEASURE: Fact =
        facts("measure", Type::Text, "how it is judged where no number can be required: an audit, a review, a date");
    pub static METRIC: Type = Type::OneOf(&[
        ("p50", "median latency"),
        ("p90", "90th percentile of latency"),
        ("p95", "95th percentile of latency"),
        ("p99", "99th percentile of latency"),
        ("mean", "mean latency"),
        ("throughput", "requests a second"),
        ("users", "users at the same time"),
        ("error-rate", "share of failed requests"),
        ("availability", "share of time or requests that it works"),
        ("utilization", "share of capacity in use"),
        ("queue", "requests that wait, on average"),
        ("recovery-time", "time from failure to service (RTO)"),
        ("data-loss", "time of data lost by a failure (RPO)"),
        ("team", "people that maintain it"),
    ]);
    pub static REQUIRE: Fact = Fact {
        name: "require",
        ty: METRIC,
        summary: "what must be measured, and its limit",
        many: true,
        parts: &[&OF_FLOW, &OF_TARGET, &UNDER, &ABOVE, &PER_WINDOW, &UNDER_LOAD, &UNDER_FAILURE],
    };
    pub static OF_FLOW: Fact = fact("flow", Type::Reference(&[Role::Flow]), "the flow it is measured on");
    pub static OF_TARGET: Fact = fact("of", Type::Reference(ELEMENTS), "the element it is measured on");
    pub static UNDER: Fact = fact("under", Type::Quantity, "the upper limit");
    pub static ABOVE: Fact = fact("over", Type::Quantity, "the lower limit");
    pub static PER_WINDOW: Fact = fact("per", Type::Duration, "the window it is counted over");
    pub static UNDER_LOAD: Fact =
        fact("load", Type::Reference(&[Role::Load]), "the load under which it must hold; the first one if not said");
    pub static UNDER_FAILURE: Fact =
        fact("failure", Type::Reference(&[Role::Failure]), "the failure during which it must hold");
    pub static STATE: Fact = fact(
        "state",
        Type::OneOf(&[
            ("open", "not settled"),
            ("confirmed", "settled: it is so"),
            ("refuted", "settled: it is not so"),
            ("resolved", "settled: answered"),
        ]),
        "whether it is settled; open if not said",
    );
    pub static ANSWER: Fact = fact("answer", Type::Text, "the answer, once there is one");
    pub static DUE: Fact = fact("due", Type::Date, "by when it is to be settled");
    pub static CONSTRAINT_CATEGORY: Fact = fact(
        "category",
        Type::OneOf(&[
            ("technical", "what must be used or fitted to"),
            ("time", "a date"),
            ("resource", "people and money"),
            ("business", "what the business has decided"),
            ("legal", "laws and contracts"),
        ]),
        "where it comes from",
    );
    pub static TARGET: Fact = fact("target", Type::Text, "the value that counts as success");
}
pub use own::*;

const COMMON: &[&Fact] = &[&DESCRIPTION, &OWNER, &TAGS, &LINK, &SOURCE];

macro_rules! record {
    ($name:literal, $summary:literal, $doc:literal, $example:literal, $facts:expr) => {
        Kind {
            name: $name,
            role: Role::Record,
            facet: Facet::Why,
            summary: $summary,
            doc: $doc,
            example: $example,
            head: Head::Named,
            facts: &[COMMON, $facts],
            holds: &[Role::Allow],
        }
    };
}

pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "requirement",
        role: Role::Requirement,
        facet: Facet::Why,
        summary: "something the system must do for somebody",
        doc: "A functional requirement. Say who realizes it with `realized-by` here, or with `realizes` on the element or flow: either side will do. A requirement that nothing realizes is a finding.",
        example: "requirement search \"Customers search products by name and category\" priority=must {\n    realized-by shop.core\n}",
        head: Head::Named,
        facts: &[COMMON, &[&PRIORITY, &REALIZED_BY]],
        holds: &[Role::Allow],
    },
    Kind {
        name: "quality",
        role: Role::Quality,
        facet: Facet::Why,
        summary: "how well the system must do it: a measurable non-functional requirement",
        doc: "Each `require` names a metric and its limit: `under` or `over`. Where no number can be required, `measure` says how it is judged. A quality with neither is a finding.",
        example: "quality fast-search \"Search answers fast\" category=performance {\n    require p95 flow=search under=200ms\n}",
        head: Head::Named,
        facts: &[COMMON, &[&PRIORITY, &CATEGORY, &REQUIRE, &MEASURE, &REALIZED_BY]],
        holds: &[Role::Allow],
    },
    record!(
        "constraint",
        "a limit that is given, not chosen",
        "Constraints come before designs: a choice of technology should answer to one, or to a requirement.",
        "constraint five-people \"Five developers must be able to maintain it\" category=resource",
        &[&CONSTRAINT_CATEGORY]
    ),
    record!(
        "assumption",
        "something taken to be true that is not known",
        "Say who will find out, and by when.",
        "assumption steady \"Traffic doubles at most once a year\" owner=product due=2027-03-01",
        &[&STATE, &DUE]
    ),
    record!(
        "question",
        "something that must be answered before the design is done",
        "`state=resolved` with an `answer` closes it.",
        "question refunds \"Who approves refunds?\" owner=product",
        &[&STATE, &ANSWER, &DUE]
    ),
    record!(
        "goal",
        "what the effort is for",
        "Goals say what is wanted, not how.",
        "goal faster-checkout \"Customers pay in under a minute\"",
        &[]
    ),
    record!(
        "non-goal",
        "what the effort is explicitly not for",
        "Non-goals end discussions early.",
        "non-goal marketplace \"Selling for third parties\"",
        &[]
    ),
    record!(
        "metric",
        "how success will be measured",
        "`target` is the value that counts as success.",
        "metric conversion \"Visitors who buy\" target=\"3% within six months\"",
        &[&TARGET]
    ),
];
