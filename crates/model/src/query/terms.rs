//! What can be asked besides facts: the keys, words and functions, as `groma explain query` lists them.

use crate::facets::deployment::class::{DEPLOYMENT, PLACE};
use crate::facets::flows::class::{FLOW, REPLY, STEP};
use crate::facets::loads::class::{FAILURE, LOAD};
use crate::facets::requirements::class::{QUALITY, RECORD, REQUIREMENT};
use crate::facets::structure::class::{ELEMENTS, RELATION};
use crate::facets::technologies::class::TECHNOLOGY;
use crate::facts;
use crate::names::ARROW;
use crate::schema::Class;
use crate::stack::Technologies;
use crate::{Architecture, Entity, ItemRef};
use groma_base::days_between;
use rustc_hash::FxHashSet;

crate::word_enums::words! {
    /// The keys of `key:value` terms besides the facts.
    Key {
        /// The kind.
        Kind = "kind",
        /// The level of C4.
        Level = "level",
        /// A tag.
        Tag = "tag",
        /// A technology.
        Technology = "technology",
        /// The owner.
        Owner = "owner",
        /// The trust zone.
        Zone = "zone",
        /// The group.
        Group = "group",
        /// A fact that is written.
        Has = "has",
        /// The path.
        Name = "name",
        /// The title or label.
        Title = "title",
        /// What `groma check` finds.
        Finding = "finding",
        /// What the forecast says.
        Verdict = "verdict",
    }
}

/// What a forecast judges: what is required, what is expected in a failure, and the thresholds of a load.
static JUDGED: &[&Class] = &[&QUALITY, &FAILURE, &LOAD];

impl Key {
    /// Of which classes it is asked; empty for all, and where a fact says it, which only some have.
    pub const fn asked_of(self) -> &'static [&'static Class] {
        match self {
            Key::Level | Key::Zone | Key::Group => ELEMENTS,
            Key::Verdict => JUDGED,
            Key::Kind | Key::Tag | Key::Technology | Key::Owner | Key::Has | Key::Name | Key::Title | Key::Finding => {
                &[]
            }
        }
    }

    /// What it selects by.
    pub const fn summary(self) -> &'static str {
        match self {
            Key::Kind => {
                "the kind, built-in or your own, such as `kind:service`; another kind than an element's makes the query ask for that"
            }
            Key::Level => "`person`, `system`, `container` or `component`",
            Key::Tag => "a tag",
            Key::Technology => {
                "a word of the technology, in letters of either case, or any name that Groma knows it by; each fact of the technologies that something names is a key as well, `technology.ring:hold`, and compared: `technology.support-until<2027-01-01`"
            }
            Key::Owner => "the owner: its own, that of what it is part of, or that of the workspace",
            Key::Zone => "a trust zone that it is in, by its path",
            Key::Group => "the group it is in, by its path",
            Key::Has => {
                "whether a fact is written in the thing itself, such as `has:owner`: what it inherits and what holds by default do not count, but do in `owner:*`"
            }
            Key::Name => {
                "the path, with `*` for any part and `**` for any number of parts, after a dot from the top; of a relationship `a -> b`, perhaps with its text"
            }
            Key::Title => "the title or label, with `*` for any characters, in letters of either case",
            Key::Finding => {
                "a finding of `groma check` about it: `error`, `warning`, `note` or a rule; not in views and standards"
            }
            Key::Verdict => "what the forecast says of it: `holds`, `fails` or `unknown`; not in views and standards",
        }
    }
}

crate::word_enums::words! {
    /// What joins terms.
    Join {
        /// Both.
        And = "and",
        /// One of them, or both.
        Or = "or",
        /// None of these.
        Not = "not",
    }
}

impl Join {
    /// What it selects.
    pub const fn summary(self) -> &'static str {
        match self {
            Join::And => "what both terms select; it binds more strongly than `or`: `kind:service and tag:core`",
            Join::Or => "what one of the terms selects, or both: `kind:cache or kind:queue`",
            Join::Not => "what the term after it does not select, of what the query is about: `not external`",
        }
    }
}

crate::word_enums::words! {
    /// How values are compared.
    Operator {
        /// Less than that.
        Less = "<",
        /// That or less.
        LessOrEqual = "<=",
        /// More than that.
        Greater = ">",
        /// That or more.
        GreaterOrEqual = ">=",
        /// Just that.
        Equal = "=",
    }
}

impl Operator {
    /// What it selects.
    pub const fn summary(self) -> &'static str {
        match self {
            Operator::Less => "less, or earlier: `availability<99.9%`",
            Operator::LessOrEqual => "at most, or not later: `retry.from<=1s`",
            Operator::Greater => "more, or later: `timeout>1s`",
            Operator::GreaterOrEqual => "at least, or not earlier: `replicas>=3`",
            Operator::Equal => "just that, or a range in which it is: `pool=20`",
        }
    }
}

/// Which days are counted between today and a date.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Days {
    /// Those since the date.
    Age,
    /// Those until the date.
    Until,
}

impl Days {
    pub(super) const ALL: [Days; 2] = [Days::Age, Days::Until];

    /// The word that asks for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Days::Age => "age",
            Days::Until => "time-to",
        }
    }

    /// What it compares.
    pub(super) fn summary(self) -> &'static str {
        match self {
            Days::Age => {
                "how long ago the date of a fact was: `age(due)>90d`; what is yet to come, and what has no date, has no age; not in views"
            }
            Days::Until => {
                "how long it is until the date of a fact: `time-to(expires)<30d`; what is past, and what has no date, has none; not in views"
            }
        }
    }

    /// An example of how it is compared.
    pub(super) fn example(self, fact: &str) -> String {
        match self {
            Days::Age => format!("age({fact})>90d"),
            Days::Until => format!("time-to({fact})<30d"),
        }
    }

    /// What has none.
    pub(super) fn help(self) -> &'static str {
        match self {
            Days::Age => "it is never less than 0; what is yet to come has none: ask `time-to(date)`",
            Days::Until => "it is never less than 0; what is past has none: ask `age(date)`",
        }
    }

    /// So many days, if there are any. Where the day begins earlier a date may be written a day before it begins here.
    pub(super) fn count(self, date: &str, today: &str) -> Option<i64> {
        let ago = days_between(date, today)?;
        match self {
            Days::Age => (ago >= -1).then_some(ago.max(0)),
            Days::Until => (ago <= 0).then_some(-ago),
        }
    }
}

/// The sign for everything, and for any part of a name.
pub(super) const STAR: &str = "*";

/// The signs of names, with what they mean.
const SIGNS: [(&str, &str); 5] = [
    (STAR, "everything that is asked for; in a name any part, or any letters of one: `shop.*`"),
    ("**", "one or more parts of a name: `shop.**`"),
    (ARROW, "a relationship, perhaps with its text: `shop.web -> shop.core`"),
    (":", "a key and what it should be, `kind:service`; or a kind and a name, `requirement:search`"),
    ("()", "terms that belong together, `(kind:cache or kind:queue) and tag:core`; and what a function takes"),
];

crate::word_enums::words! {
    /// The sorts of words of the language.
    Sort {
        /// A sign of names.
        Sign = "sign",
        /// A word that joins terms.
        Join = "word that joins terms",
        /// A word that stands alone.
        Word = "word that stands alone",
        /// A key.
        Key = "key of `key:value`",
        /// A comparison.
        Comparison = "comparison",
        /// A function.
        Function = "function",
    }
}

/// A word of the query language.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// As written.
    pub name: &'static str,
    /// Its sort.
    pub sort: Sort,
    /// What it selects.
    pub summary: &'static str,
    /// Of which classes it is asked; empty for all.
    pub of: &'static [&'static Class],
}

/// All words of the query language, those of one sort together. Besides these each fact is a key, a comparison, a word or a function.
pub fn vocabulary() -> Vec<Term> {
    let plain = |sort, name, summary| Term { name, sort, summary, of: &[] };
    let mut all: Vec<Term> = SIGNS.iter().map(|(sign, summary)| plain(Sort::Sign, sign, summary)).collect();
    all.extend(Join::ALL.iter().map(|join| plain(Sort::Join, join.word(), join.summary())));
    all.push(plain(Sort::Word, ANY, "things of every kind"));
    all.extend(WORDS.iter().map(|one| Term { of: one.of, ..plain(Sort::Word, one.name, one.summary) }));
    all.extend(Key::ALL.iter().map(|key| Term { of: key.asked_of(), ..plain(Sort::Key, key.word(), key.summary()) }));
    all.extend(Operator::ALL.iter().map(|sign| plain(Sort::Comparison, sign.word(), sign.summary())));
    all.extend(Days::ALL.iter().map(|days| plain(Sort::Comparison, days.word(), days.summary())));
    all.extend(FUNCTIONS.iter().map(|one| Term { of: one.of, ..plain(Sort::Function, one.name, one.summary) }));
    all
}

crate::word_enums::words! {
    /// What a forecast says of something.
    Verdict {
        /// It holds.
        Holds = "holds",
        /// It does not.
        Fails = "fails",
        /// Too close to call, or not known.
        Unknown = "unknown",
    }
}

/// The word for things of every kind.
pub(super) const ANY: &str = "any";

/// Whether a word is true of something, in one architecture.
pub(super) type Test<'a> = Box<dyn Fn(ItemRef) -> bool + 'a>;

/// A word that stands alone.
#[derive(Debug)]
pub struct Word {
    /// As written.
    pub name: &'static str,
    /// What it selects.
    pub summary: &'static str,
    /// Of which classes it is asked.
    pub of: &'static [&'static Class],
    pub(super) test: fn(&Architecture) -> Test<'_>,
}

/// The words that stand alone, besides the facts that say yes or no.
pub static WORDS: &[Word] = &[
    Word {
        name: "external",
        summary: "what others build and run",
        of: ELEMENTS,
        test: |arch| {
            Box::new(move |at| matches!(arch.entity(at), Some(Entity::Element(id)) if arch.element(id).external))
        },
    },
    Word {
        name: "public",
        summary: "what can be reached from the internet",
        of: ELEMENTS,
        test: |arch| Box::new(move |at| matches!(arch.entity(at), Some(Entity::Element(id)) if arch.is_public(id))),
    },
    Word {
        name: "lonely",
        summary: "what has no relationship at all, nor any part that has",
        of: ELEMENTS,
        test: |arch| Box::new(move |at| matches!(arch.entity(at), Some(Entity::Element(id)) if !arch.is_connected(id))),
    },
    Word {
        name: "async",
        summary: "what does not wait for an answer, as written or because a queue is at one end",
        of: &[&RELATION, &STEP],
        test: |arch| {
            Box::new(move |at| match arch.relation_at(at) {
                Some(id) => arch.is_async(id),
                None => arch.step_at(at).is_some_and(|(flow, step)| arch.is_async_step(&arch.flows[flow].steps[step])),
            })
        },
    },
    Word {
        name: "used",
        summary: "a technology that something names",
        of: &[&TECHNOLOGY],
        test: |arch| {
            let technologies = Technologies::new(arch);
            let named = arch.item_refs().flat_map(|at| technologies.of(at).collect::<Vec<_>>());
            let used: FxHashSet<ItemRef> = named.filter_map(|named| named.known?.own).collect();
            Box::new(move |at| used.contains(&at))
        },
    },
    Word {
        name: "realized",
        summary: "what something is said to meet, on either side",
        of: &[&REQUIREMENT, &QUALITY, &RECORD],
        test: |arch| {
            Box::new(move |at| {
                arch.fact(at, &facts::requirement::REALIZED_BY).is_some()
                    || arch.entity(at).is_some_and(|entity| arch.referring(entity, &facts::REALIZES).next().is_some())
            })
        },
    },
];

/// A function: `uses(payments)`.
#[derive(Debug)]
pub struct Function {
    /// As written.
    pub name: &'static str,
    /// What it selects.
    pub summary: &'static str,
    /// Of which classes it is asked; empty for all.
    pub of: &'static [&'static Class],
    /// What the query in it ranges over, unless it says so itself; empty for everything.
    pub takes: &'static [&'static Class],
    pub(super) does: Does,
}

/// What a function selects.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Does {
    /// What is so many relationships away (unless the query says otherwise), in these directions.
    Spread {
        depth: usize,
        to: bool,
        from: bool,
    },
    Parts,
    Whole,
    Flow,
    In,
    From,
    To,
    Passes,
    RunsOn,
    BuiltWith,
    Refers,
    ReferredBy,
}

impl Function {
    /// The function with this name.
    pub(super) fn called(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// What may stand in a function, as an example.
    pub(super) fn example(name: &str) -> &'static str {
        match Function::called(name).map(|function| function.does) {
            Some(Does::Flow) => "checkout",
            Some(Does::RunsOn) => "production.eu",
            _ => "shop.core",
        }
    }
}

/// Whether a function may be told how far it goes.
pub(super) fn does_spread(name: &str) -> bool {
    Function::called(name).is_some_and(|function| matches!(function.does, Does::Spread { .. }))
}

const fn spread(name: &'static str, summary: &'static str, depth: usize, to: bool, from: bool) -> Function {
    Function { name, summary, of: ELEMENTS, takes: ELEMENTS, does: Does::Spread { depth, to, from } }
}

/// The functions. Besides these, each fact that names things is one: `realized-by(shop.core)`.
pub static FUNCTIONS: &[Function] = &[
    spread(
        "uses",
        "what has a relationship to one of these; one from or to a part counts for all that this is part of: `uses(shop)`",
        1,
        false,
        true,
    ),
    spread(
        "used-by",
        "what one of these has a relationship to, where parts count as in `uses`: a is used by b just when b uses a",
        1,
        true,
        false,
    ),
    spread(
        "neighbours",
        "what uses one of these or is used by it, where parts count as in `uses`, up to a depth if given: `neighbours(shop.core, 2)`",
        1,
        true,
        true,
    ),
    spread(
        "reaches",
        "from where these can be reached, up to a depth if given: by relationships of which the next begins where the last ended or in a part of that, and which count as in `uses`",
        usize::MAX,
        false,
        true,
    ),
    spread(
        "reachable-from",
        "what can be reached from these, up to a depth if given: a is reachable from b just when b reaches a",
        usize::MAX,
        true,
        false,
    ),
    Function {
        name: "parts",
        summary: "everything that is part of these; of a pipeline, a flow, a team and so on what stands in it: `kind:step and parts(kind:pipeline)`",
        of: &[],
        takes: ELEMENTS,
        does: Does::Parts,
    },
    Function {
        name: "whole",
        summary: "everything that these are part of: `kind:pipeline and not whole(step:*.review)`",
        of: &[],
        takes: ELEMENTS,
        does: Does::Whole,
    },
    Function {
        name: "flow",
        summary: "what a flow passes through: `flow(checkout)`",
        of: ELEMENTS,
        takes: &[&FLOW],
        does: Does::Flow,
    },
    Function {
        name: "passes",
        summary: "the flows that pass through one of these or a part of it: `kind:flow and passes(payments)`",
        of: &[&FLOW],
        takes: ELEMENTS,
        does: Does::Passes,
    },
    Function {
        name: "from",
        summary: "the relationships and calls that begin in one of these or a part of it: `kind:relationship and from(shop)`",
        of: &[&RELATION, &STEP, &REPLY],
        takes: ELEMENTS,
        does: Does::From,
    },
    Function {
        name: "to",
        summary: "the relationships and calls that end in one of these or a part of it: `kind:relationship and to(kind:database)`",
        of: &[&RELATION, &STEP, &REPLY],
        takes: ELEMENTS,
        does: Does::To,
    },
    Function {
        name: "in",
        summary: "these, and whatever stands in them or is part of them; a relationship is where both its ends are",
        of: &[],
        takes: &[],
        does: Does::In,
    },
    Function {
        name: "runs-on",
        summary: "what runs on one of these regions and hosts or within it, or in one of these deployments: `runs-on(production.eu)`; it may run elsewhere too, so that a view of a deployment is limited to a place by `region:production.eu`",
        of: ELEMENTS,
        takes: &[&PLACE, &DEPLOYMENT],
        does: Does::RunsOn,
    },
    Function {
        name: "built-with",
        summary: "what names one of these technologies of yours: `built-with(ring:hold)`",
        of: &[],
        takes: &[&TECHNOLOGY],
        does: Does::BuiltWith,
    },
    Function {
        name: "refers-to",
        summary: "what names one of these in any fact",
        of: &[],
        takes: &[],
        does: Does::Refers,
    },
    Function {
        name: "referred-to-by",
        summary: "what one of these names in any fact",
        of: &[],
        takes: &[],
        does: Does::ReferredBy,
    },
];
