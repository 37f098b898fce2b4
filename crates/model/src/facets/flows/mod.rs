//! Behaviour: flows.

pub mod facts;
pub(crate) mod link;
mod view;

use super::Facet;
use super::common::*;
use crate::schema::{Habit, Head, Kind, habit};
use crate::word_enums::words;
use facts::{case, chance, flow, miss, note, parallel, repeat, reply, step};
pub use view::{Access, Flow, FlowId, Step, StepId, StepKind};

/// The facet.
pub static FACET: Facet = Facet { name: "flows", title: "Behaviour", kinds: KINDS, join: link::join };

/// The classes.
pub mod class {
    use super::super::structure::class::{CONTAINER, SYSTEM};
    use super::super::workspace::class::ALLOW;
    use crate::schema::{Becomes, Class, Feeds, Listed, Names, TOP};

    /// `flow`
    pub static FLOW: Class = Class {
        word: "flow",
        phrase: "a flow",
        stands: &[&TOP, &SYSTEM, &CONTAINER],
        holds: &[&ALLOW],
        names: Names::Own,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Flow,
        feeds: Feeds::Flows,
    };
    /// `a -> b` in a flow.
    pub static STEP: Class = Class {
        word: "call",
        phrase: "a step of a flow",
        stands: &STEPS,
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `a --> b` in a flow.
    pub static REPLY: Class = Class {
        word: "answer",
        phrase: "an answer",
        stands: &STEPS,
        holds: &[&ALLOW],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `chance`, `miss`, `repeat`, `parallel`, `break`, `section`.
    pub static BLOCK: Class = Class {
        word: "block",
        phrase: "a block",
        stands: &STEPS,
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `either`
    pub static EITHER: Class = Class {
        word: "either",
        phrase: "a choice",
        stands: &STEPS,
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `case`, `otherwise`.
    pub static CASE: Class = Class {
        word: "case",
        phrase: "a case of a choice",
        stands: &[&EITHER],
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// `note`
    pub static NOTE: Class = Class {
        word: "note",
        phrase: "a note",
        stands: &STEPS,
        holds: &[],
        names: Names::Private,
        is_changeable: false,
        listed: Listed::Nowhere,
        becomes: Becomes::Part,
        feeds: Feeds::AsItsWhole,
    };
    /// Where steps stand.
    static STEPS: [&Class; 4] = [&FLOW, &STEP, &BLOCK, &CASE];
}

words! {
    /// What stands in a flow besides calls and answers.
    Block {
        /// What is in it happens only sometimes.
        Chance = "chance",
        /// What is in it happens when a cache does not have what is asked for.
        Miss = "miss",
        /// What is in it happens several times.
        Repeat = "repeat",
        /// What is in it happens at the same time.
        Parallel = "parallel",
        /// One of the courses in it is taken.
        Either = "either",
        /// A course.
        Case = "case",
        /// The course that is taken when no case is.
        Otherwise = "otherwise",
        /// What is in it happens only sometimes, and then instead of what follows.
        Break = "break",
        /// What is in it has a title.
        Section = "section",
        /// A remark.
        Note = "note",
    }
}

const STEP_DOC: &str = "A call, and in its block what the callee does before it answers. The answer is implied; `reply` words it. Where it is written in the block (`b --> a`), what stands behind it is done afterwards: it holds the callee, not the caller.";

/// What other notations have among steps.
const STEP_HABITS: &[Habit] = &[habit(
    &["wait", "sleep", "delay", "pause"],
    "time passes only in what is called: write `time=` on a step, with how long it takes",
)];

static KINDS: &[Kind] = &[
    Kind {
        name: "flow",
        other_names: &["scenario", "sequence", "dynamic"],
        habits: STEP_HABITS,
        class: &class::FLOW,
        summary: "what happens, step by step, when somebody wants something",
        doc: "A call tree: `a -> b \"label\" { … }`, with the calls that b makes before it answers in the block. It is the sequence diagram and the dynamic diagram at once. Steps may also stand flat, one below the other, with the answers written as `b --> a \"label\"`. In the block of a system, or with `of=shop`, steps name its parts by their short names.",
        example: "flow search \"Search products\" {\n    customer -> shop.web \"Types a query\" {\n        shop.web -> shop.core \"GET /products\" time=2ms reply=\"Products\" {\n            chance 15% \"on a miss\" {\n                shop.core -> shop.db \"Full-text query\" time=12ms p99=80ms\n            }\n        }\n    }\n}",
        head: Head::Named,
        facts: &[&[&DESCRIPTION, &OWNER, &TAGS, &LINK, &WAS, &REALIZES, &DECISION, &flow::OF, &flow::PRIORITY]],
    },
    Kind {
        name: "->",
        other_names: &[],
        habits: STEP_HABITS,
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
            &step::DISTRIBUTION,
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
        other_names: &["return", "returns", "respond", "response", "answer"],
        habits: &[],
        class: &class::REPLY,
        summary: "an answer in a flow, where it is worth a line of its own",
        doc: "Must go to somebody who has called and still waits. It stands behind the call, or in its block; what the callee does behind it is work that nobody waits for, unless who was answered begins the flow and is no person: such a flow lasts until all work is done that it sets off. It may stand in a `chance`, a `break` or the cases of an `either`: then the call is answered there when that happens. In a `miss`, `repeat` or `parallel` it answers only calls that are made there. With `partial` it is one of several answers, as of a stream: it ends no wait and may stand anywhere while the call is open; `require p95 under=300ms flow=ask first-part` is about the time until the first of them is there.",
        example: "shop.core --> shop.web \"Products\"",
        head: Head::Arrow,
        facts: &[&[&reply::PARTIAL, &DATA, &DESCRIPTION]],
    },
    Kind {
        name: Block::Chance.word(),
        other_names: &["opt", "if"],
        habits: &[],
        class: &class::BLOCK,
        summary: "steps that happen only sometimes",
        doc: "`chance 15% \"on a miss\" { … }`.",
        example: "chance 15% \"on a miss\" {\n    shop.core -> shop.db \"Full-text query\"\n}",
        head: Head::Value(&chance::SHARE),
        facts: &[],
    },
    Kind {
        name: Block::Miss.word(),
        other_names: &[],
        habits: &[],
        class: &class::BLOCK,
        summary: "steps that happen when a cache does not have what is asked for",
        doc: "`miss shop.cache { … }`: in the share of lookups that the cache misses (1 − `hit-ratio`), and always after the cache was flushed. A lookup that fails, as when the cache is down, is no miss: it fails the request. A `fallback` on the relationship to the cache cures that: the request goes on without it.",
        example: "miss shop.cache \"on a miss\" {\n    shop.core -> shop.db \"Full-text query\"\n}",
        head: Head::Value(&miss::CACHE),
        facts: &[],
    },
    Kind {
        name: Block::Repeat.word(),
        other_names: &["loop", "for", "foreach", "for-each", "while", "times"],
        habits: &[],
        class: &class::BLOCK,
        summary: "steps that happen several times",
        doc: "`repeat 3 \"for each page\" { … }`; a range says from how often to how often, each number as likely. `repeat 2.5 distribution=poisson` is 2.5 times on average. An `either` in it makes a random number of calls in random order.",
        example: "repeat 3 \"for each page\" {\n    shop.core -> shop.db \"Reads a page\"\n}",
        head: Head::Value(&repeat::TIMES),
        facts: &[&[&repeat::DISTRIBUTION]],
    },
    Kind {
        name: Block::Parallel.word(),
        other_names: &["par"],
        habits: &[],
        class: &class::BLOCK,
        summary: "steps that happen at the same time",
        doc: "`join=all` goes on when all have answered, `join=first` when the first has, `needed=2` when two have.",
        example: "parallel join=all {\n    shop.core -> shop.db \"Reads\"\n    shop.core -> shop.cache \"Reads\"\n}",
        head: Head::Title,
        facts: &[&[&parallel::JOIN, &parallel::NEEDED]],
    },
    Kind {
        name: Block::Either.word(),
        other_names: &["choice"],
        habits: &[],
        class: &class::EITHER,
        summary: "exactly one of several courses",
        doc: "Each course is a `case` with its share, and what is left is `otherwise`. The shares add up to 100%, or to less where there is an `otherwise`. In a sequence diagram it is an `alt`. An answer may stand in each course.",
        example: "either \"how it is paid\" {\n    case 30% \"with a voucher\" {\n        shop.core -> shop.db \"Redeem\" time=4ms\n    }\n    otherwise \"without\"\n}",
        head: Head::Title,
        facts: &[],
    },
    Kind {
        name: Block::Case.word(),
        other_names: &[],
        habits: &[],
        class: &class::CASE,
        summary: "a course of an `either`",
        doc: "`case 30% \"with a voucher\" { … }`. Without a share it can be drawn, and a forecast says that the share is missing.",
        example: "case 30% \"with a voucher\" {\n    shop.core -> shop.db \"Redeem\" time=4ms\n}",
        head: Head::Perhaps(&case::SHARE),
        facts: &[],
    },
    Kind {
        name: Block::Otherwise.word(),
        other_names: &["else"],
        habits: &[],
        class: &class::CASE,
        summary: "the course of an `either` that is taken when no case is",
        doc: "The last of its `either`, as often as the shares of the cases leave. It may be empty.",
        example: "otherwise \"without\"",
        head: Head::Title,
        facts: &[],
    },
    Kind {
        name: Block::Break.word(),
        other_names: &[],
        habits: &[],
        class: &class::BLOCK,
        summary: "steps that happen only sometimes, and then instead of all that follows",
        doc: "`break 5% \"not in stock\" { … }`: when it happens, what follows in the same block is left out. In a `repeat` it ends that iteration, not those after it; directly in a `parallel` it is a branch and ends nothing.",
        example: "break 5% \"not in stock\" {\n    shop.core --> shop.web \"409 Conflict\"\n}",
        head: Head::Value(&chance::SHARE),
        facts: &[],
    },
    Kind {
        name: Block::Section.word(),
        other_names: &[],
        habits: &[],
        class: &class::BLOCK,
        summary: "steps that belong together, with a title",
        doc: "`section \"Payment\" { … }`: a frame in the sequence diagram. It changes nothing about what happens.",
        example: "section \"Payment\" {\n    shop.core -> shop.db \"Redeem\" time=4ms\n}",
        head: Head::Title,
        facts: &[],
    },
    Kind {
        name: Block::Note.word(),
        other_names: &[],
        habits: &[],
        class: &class::NOTE,
        summary: "a remark at this point of a sequence diagram",
        doc: "`note \"The key is the cart's id\" about=shop.core`, or `about shop.core shop.db` in its block; it spans the participants it is about, or all of them.",
        example: "note \"The key is the cart's id\" about=shop.core",
        head: Head::Title,
        facts: &[&[&note::ABOUT]],
    },
];

#[cfg(test)]
mod tests {
    use super::{Block, KINDS, class};

    #[test]
    fn something_is_made_of_each_kind_that_stands_among_steps() {
        let among_steps = [&class::BLOCK, &class::EITHER, &class::CASE, &class::NOTE];
        let kinds: Vec<&str> =
            KINDS.iter().filter(|kind| kind.class.is_in(&among_steps)).map(|kind| kind.name).collect();
        let made: Vec<&str> = Block::ALL.iter().map(|block| block.word()).collect();
        assert_eq!(kinds, made);
    }
}
