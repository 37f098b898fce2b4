//! Behaviour: flows.

use crate::facts::{ASYNC, DATA, DESCRIPTION, ERROR_RATE, LINK, OWNER, REALIZES, TAGS, fact};
use crate::schema::{Facet, Fact, Head, Kind, Role, Type};

#[allow(missing_docs, reason = "the summary of each fact documents it")]
mod own {
    use super::*;
    pub static TIME: Fact =
        fact("time", Type::Duration, "the callee's own mean time for it, without what it calls in turn");
    pub static P99: Fact = fact("p99", Type::Duration, "the 99th percentile of that time");
    pub static P50: Fact = fact("p50", Type::Duration, "the median of that time, with `p99` instead of the mean");
    pub static CV: Fact =
        fact("cv", Type::Number, "the coefficient of variation of that time: its deviation as a share of its mean");
    pub static LAW: Fact = fact(
        "law",
        Type::OneOf(&[
            ("exponential", "with the given mean; so it is taken to be if nothing else is said"),
            ("fixed", "always the same"),
            ("lognormal", "through the mean and `p99` or `cv`, or through `p50` and `p99`"),
            ("gamma", "with the given mean and `cv`"),
            ("uniform", "anything from zero to twice the mean"),
        ]),
        "the distribution of that time; numbers that it cannot have are an error",
    );
    pub static REPLY_TEXT: Fact = fact("reply", Type::Text, "what comes back, for the sequence diagram");
    pub static CHANCE_OF: Fact = fact("share", Type::Ratio, "how often it happens");
    pub static MISSED_CACHE: Fact = fact("cache", Type::Reference(&[Role::Container]), "the cache that is asked first");
    pub static TIMES: Fact = fact("times", Type::Whole, "how often it is repeated");
    pub static JOIN: Fact = fact(
        "join",
        Type::OneOf(&[("all", "goes on when all have answered"), ("first", "goes on when the first has answered")]),
        "when a parallel block is done; `all` if not said",
    );
    pub static ENOUGH: Fact =
        fact("needed", Type::Whole, "how many of the branches must answer well, if neither one nor all");
    pub static PRECEDENCE: Fact = fact(
        "priority",
        Type::Whole,
        "where its requests wait with others for a slot or a connection, those of the highest go first; 0 if not said",
    );
    pub static READ: Fact = fact("read", Type::Bool, "whether it only reads, so that a read replica may answer");
}
pub use own::*;

static NO_VALUE: Fact = fact("", Type::Text, "");

const IN_FLOW: &[Role] = &[Role::Step, Role::Reply, Role::Block];
const STEP_DOC: &str = "A call, and in its block what the callee does before it answers. The answer is implied; `reply` words it. Where it is written in the block (`b --> a`), what stands behind it is done afterwards: it holds the callee, not the caller.";

pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "flow",
        role: Role::Flow,
        facet: Facet::Behaviour,
        summary: "what happens, step by step, when somebody wants something",
        doc: "A call tree: `a -> b \"label\" { … }`, with the calls that b makes before it answers in the block. It is the sequence diagram and the dynamic diagram at once. Steps may also stand flat, one below the other, with the answers written as `b --> a \"label\"`.",
        example: "flow search \"Search products\" {\n    customer -> shop.web \"Types a query\" {\n        shop.web -> shop.core \"GET /products\" time=2ms reply=\"Products\" {\n            chance 15% \"on a miss\" {\n                shop.core -> shop.db \"Full-text query\" time=12ms p99=80ms\n            }\n        }\n    }\n}",
        head: Head::Named,
        facts: &[&[&DESCRIPTION, &OWNER, &TAGS, &LINK, &REALIZES, &PRECEDENCE]],
        holds: &[Role::Step, Role::Reply, Role::Block, Role::Allow],
    },
    Kind {
        name: "->",
        role: Role::Step,
        facet: Facet::Behaviour,
        summary: "a call in a flow",
        doc: STEP_DOC,
        example: "shop.web -> shop.core \"GET /products\" time=2ms reply=\"Products\"",
        head: Head::Arrow,
        facts: &[&[&TIME, &P50, &P99, &CV, &LAW, &ERROR_RATE, &REPLY_TEXT, &READ, &ASYNC, &DATA, &DESCRIPTION]],
        holds: &[Role::Step, Role::Reply, Role::Block, Role::Allow],
    },
    Kind {
        name: "-->",
        role: Role::Reply,
        facet: Facet::Behaviour,
        summary: "an answer in a flow, where it is worth a line of its own",
        doc: "Must go to somebody who has called and still waits. It stands behind the call, or in its block; what the callee does behind it is work that nobody waits for. In a `chance`, `miss` or `repeat` it answers only calls that are made there.",
        example: "shop.core --> shop.web \"Products\"",
        head: Head::Arrow,
        facts: &[&[&DATA, &DESCRIPTION]],
        holds: &[Role::Allow],
    },
    Kind {
        name: "chance",
        role: Role::Block,
        facet: Facet::Behaviour,
        summary: "steps that happen only sometimes",
        doc: "`chance 15% \"on a miss\" { … }`.",
        example: "chance 15% \"on a miss\" {\n    shop.core -> shop.db \"Full-text query\"\n}",
        head: Head::Value(&CHANCE_OF),
        facts: &[],
        holds: IN_FLOW,
    },
    Kind {
        name: "miss",
        role: Role::Block,
        facet: Facet::Behaviour,
        summary: "steps that happen when a cache does not have what is asked for",
        doc: "`miss shop.cache { … }`: as often as the cache's `hit-ratio` leaves, and always after the cache was flushed.",
        example: "miss shop.cache \"on a miss\" {\n    shop.core -> shop.db \"Full-text query\"\n}",
        head: Head::Value(&MISSED_CACHE),
        facts: &[],
        holds: IN_FLOW,
    },
    Kind {
        name: "repeat",
        role: Role::Block,
        facet: Facet::Behaviour,
        summary: "steps that happen several times",
        doc: "`repeat 3 \"for each page\" { … }`; a range says from how often to how often.",
        example: "repeat 3 \"for each page\" {\n    shop.core -> shop.db \"Reads a page\"\n}",
        head: Head::Value(&TIMES),
        facts: &[],
        holds: IN_FLOW,
    },
    Kind {
        name: "parallel",
        role: Role::Block,
        facet: Facet::Behaviour,
        summary: "steps that happen at the same time",
        doc: "`join=all` goes on when all have answered, `join=first` when the first has, `needed=2` when two have.",
        example: "parallel join=all {\n    shop.core -> shop.db \"Reads\"\n    shop.core -> shop.cache \"Reads\"\n}",
        head: Head::Value(&NO_VALUE),
        facts: &[&[&JOIN, &ENOUGH]],
        holds: IN_FLOW,
    },
];
