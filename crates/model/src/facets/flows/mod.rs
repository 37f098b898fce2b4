//! Behaviour: flows.

pub mod facts;
pub(crate) mod link;
mod view;

use super::common::*;
use crate::schema::{Facet, Fact, Head, Kind, Type, fact};
use facts::{chance, flow, miss, parallel, repeat, step};
pub use view::{Flow, FlowId, Step, StepId, StepKind};

/// The facet.
pub static FACET: Facet = Facet { name: "flows", title: "Behaviour", kinds: KINDS, join: link::join };

/// The classes.
pub mod class {
    use super::super::workspace::class::ALLOW;
    use super::link;
    use crate::schema::{Class, Names, TOP};

    /// `flow`
    pub static FLOW: Class = Class {
        word: "flow",
        phrase: "a flow",
        stands: &[&TOP],
        holds: &[&ALLOW],
        names: Names::Own,
        declare: link::flow,
    };
    /// `a -> b` in a flow.
    pub static STEP: Class = Class {
        word: "step",
        phrase: "a step",
        stands: &[&FLOW, &STEP, &BLOCK],
        holds: &[&ALLOW],
        names: Names::Private,
        declare: |_, _| {},
    };
    /// `a --> b` in a flow.
    pub static REPLY: Class = Class {
        word: "answer",
        phrase: "an answer",
        stands: &[&FLOW, &STEP, &BLOCK],
        holds: &[&ALLOW],
        names: Names::Private,
        declare: |_, _| {},
    };
    /// `chance`, `miss`, `repeat`, `parallel`.
    pub static BLOCK: Class = Class {
        word: "block",
        phrase: "a block",
        stands: &[&FLOW, &STEP, &BLOCK],
        holds: &[],
        names: Names::Private,
        declare: |_, _| {},
    };
}

static NO_VALUE: Fact = fact("", Type::Text, "");

const STEP_DOC: &str = "A call, and in its block what the callee does before it answers. The answer is implied; `reply` words it. Where it is written in the block (`b --> a`), what stands behind it is done afterwards: it holds the callee, not the caller.";

static KINDS: &[Kind] = &[
    Kind {
        name: "flow",
        class: &class::FLOW,
        summary: "what happens, step by step, when somebody wants something",
        doc: "A call tree: `a -> b \"label\" { … }`, with the calls that b makes before it answers in the block. It is the sequence diagram and the dynamic diagram at once. Steps may also stand flat, one below the other, with the answers written as `b --> a \"label\"`.",
        example: "flow search \"Search products\" {\n    customer -> shop.web \"Types a query\" {\n        shop.web -> shop.core \"GET /products\" time=2ms reply=\"Products\" {\n            chance 15% \"on a miss\" {\n                shop.core -> shop.db \"Full-text query\" time=12ms p99=80ms\n            }\n        }\n    }\n}",
        head: Head::Named,
        facts: &[&[&DESCRIPTION, &OWNER, &TAGS, &LINK, &REALIZES, &flow::PRIORITY]],
    },
    Kind {
        name: "->",
        class: &class::STEP,
        summary: "a call in a flow",
        doc: STEP_DOC,
        example: "shop.web -> shop.core \"GET /products\" time=2ms reply=\"Products\"",
        head: Head::Arrow,
        facts: &[&[
            &step::TIME,
            &step::P50,
            &step::P99,
            &step::CV,
            &step::LAW,
            &ERROR_RATE,
            &step::REPLY,
            &step::READ,
            &ASYNC,
            &DATA,
            &DESCRIPTION,
        ]],
    },
    Kind {
        name: "-->",
        class: &class::REPLY,
        summary: "an answer in a flow, where it is worth a line of its own",
        doc: "Must go to somebody who has called and still waits. It stands behind the call, or in its block; what the callee does behind it is work that nobody waits for. In a `chance`, `miss` or `repeat` it answers only calls that are made there.",
        example: "shop.core --> shop.web \"Products\"",
        head: Head::Arrow,
        facts: &[&[&DATA, &DESCRIPTION]],
    },
    Kind {
        name: "chance",
        class: &class::BLOCK,
        summary: "steps that happen only sometimes",
        doc: "`chance 15% \"on a miss\" { … }`.",
        example: "chance 15% \"on a miss\" {\n    shop.core -> shop.db \"Full-text query\"\n}",
        head: Head::Value(&chance::SHARE),
        facts: &[],
    },
    Kind {
        name: "miss",
        class: &class::BLOCK,
        summary: "steps that happen when a cache does not have what is asked for",
        doc: "`miss shop.cache { … }`: as often as the cache's `hit-ratio` leaves, and always after the cache was flushed.",
        example: "miss shop.cache \"on a miss\" {\n    shop.core -> shop.db \"Full-text query\"\n}",
        head: Head::Value(&miss::CACHE),
        facts: &[],
    },
    Kind {
        name: "repeat",
        class: &class::BLOCK,
        summary: "steps that happen several times",
        doc: "`repeat 3 \"for each page\" { … }`; a range says from how often to how often.",
        example: "repeat 3 \"for each page\" {\n    shop.core -> shop.db \"Reads a page\"\n}",
        head: Head::Value(&repeat::TIMES),
        facts: &[],
    },
    Kind {
        name: "parallel",
        class: &class::BLOCK,
        summary: "steps that happen at the same time",
        doc: "`join=all` goes on when all have answered, `join=first` when the first has, `needed=2` when two have.",
        example: "parallel join=all {\n    shop.core -> shop.db \"Reads\"\n    shop.core -> shop.cache \"Reads\"\n}",
        head: Head::Value(&NO_VALUE),
        facts: &[&[&parallel::JOIN, &parallel::NEEDED]],
    },
];
