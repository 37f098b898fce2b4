//! The facts of choices, and of what stands in one.

#![allow(missing_docs, reason = "the summary of each fact documents it")]

use super::super::decisions::class::DECISION as DECISION_RECORD;
use super::super::requirements::class::QUALITY as QUALITIES;
use super::super::technologies::class::TECHNOLOGY as TECHNOLOGIES;
use crate::schema::{Fact, Type, fact, facts};
use crate::word_enums::choice;

/// The facts of a choice.
pub mod choice {
    use super::*;

    choice! {
        /// A set of criteria that Groma brings.
        Criteria of CRITERIA {
            Database = "database", "which database: how well it fits what is asked of it, and the people who run it";
            Technology = "technology", "which framework, platform or product: people, time, money, and what it must be good at";
            BuildOrBuy = "build-or-buy", "whether to build something or to buy it";
        }
    }
    pub static CRITERIA: Fact = fact(
        "criteria",
        Criteria::TYPE,
        "the shipped criteria to begin with, each of weight 1; a `criterion` of the same name gives one another weight or title",
    )
    .linked()
    .also_called(&["form", "template", "preset"]);
    pub static CORE_DIFFERENTIATOR: Fact =
        fact("core-differentiator", Type::Bool, "whether what is built or bought is what sets you apart from others")
            .also_called(&["core", "differentiator", "is-core"]);
    pub static DECISION: Fact = fact("decision", Type::Reference(&[&DECISION_RECORD]), "the decision that it led to")
        .also_called(&["adr", "record", "led-to", "outcome"])
        .seen_as("follows-from");
    pub static DESPITE: Fact =
        fact("despite", Type::Text, "why something else was decided than the option that the numbers rank first")
            .also_called(&["overruled", "override", "exception"]);
}

/// The facts of a criterion.
pub mod criterion {
    use super::*;

    pub static WEIGHT: Fact = fact("weight", Type::Number, "how much it matters, relative to the others'")
        .or("1")
        .also_called(&["importance", "priority", "w"]);
    choice! {
        /// Which values are better.
        Better of BETTER {
            High = "high", "the larger value";
            Low = "low", "the smaller value";
        }
    }
    pub static BETTER: Fact = fact(
        "better",
        Better::TYPE,
        "which values are better, of what is measured; a score is always better the higher it is",
    )
    .also_called(&["direction", "prefer", "best-is"]);
    pub static MEASURE: Fact = fact(
        "measure",
        Type::Reference(&[&QUALITIES]),
        "the quality whose number each option is forecast by: with what the option sets, or as the model is; the scale of the criterion makes a score of it",
    )
    .also_called(&["measured-by", "forecast", "metric", "quality"]);
    pub static WORST: Fact = fact(
        "worst",
        Type::Quantity,
        "the value that scores 1; between it and `best` a score is in proportion, beyond them it is 1 or 5",
    );
    pub static BEST: Fact = fact("best", Type::Quantity, "the value that scores 5");
    pub static THRESHOLD: Fact = facts(
        "threshold",
        Type::Quantity,
        "a value up to which (`better=low`) or from which on (`better=high`) the score is that; what meets none scores 1",
    )
    .with(&[&THRESHOLD_SCORE])
    .written("threshold 50ms score=5")
    .also_called(&["step", "thresholds", "limit"]);
    pub static THRESHOLD_SCORE: Fact = fact("score", Type::Number, "the score of a value that meets it, from 1 to 5");
}

/// The facts of an option.
pub mod option {
    use super::*;

    pub static SCORE: Fact = facts(
        "score",
        Type::Text,
        "the criterion that is scored, and behind it from 1 (bad) to 5 (good) how well the option does; `3..5` if that is unsure",
    )
    .then(&SCORE_POINTS)
    .with(&[&SCORE_POINTS, &BECAUSE])
    .written("score fit 5 because=\"Three services run on it\"")
    .linked()
    .also_called(&["scores", "rating", "rate"]);
    pub static SCORE_POINTS: Fact =
        fact("points", Type::Amount, "the score, from 1 to 5").ranged().also_called(&["score", "is"]);
    pub static VALUE: Fact = facts(
        "value",
        Type::Text,
        "the criterion that is measured, and behind it what was measured, with its unit; the scale of the criterion makes a score of it",
    )
    .then(&VALUE_AMOUNT)
    .with(&[&VALUE_AMOUNT, &BECAUSE])
    .written("value latency 12ms because=\"Measured on 1 May\"")
    .linked()
    .also_called(&["values", "measured"]);
    pub static VALUE_AMOUNT: Fact =
        fact("amount", Type::Quantity, "what was measured").ranged().also_called(&["value", "is"]);
    pub static BECAUSE: Fact = fact("because", Type::Text, "why so: what was seen, measured or read").also_called(&[
        "reason",
        "why",
        "rationale",
        "source",
    ]);
    pub static MEETS: Fact = facts("meets", Type::Text, "the must-haves that it meets")
        .with(&[&BECAUSE])
        .linked()
        .also_called(&["has", "satisfies"]);
    pub static FAILS: Fact = facts("fails", Type::Text, "the must-haves that it does not meet, which excludes it")
        .with(&[&BECAUSE])
        .linked()
        .also_called(&["lacks", "misses", "violates"]);
    pub static TECHNOLOGY: Fact =
        fact("technology", Type::TextOrName(&[&TECHNOLOGIES]), "the technology that would be chosen")
            .also_called(&["tech", "product"]);
    pub static SET: Fact = facts(
        "set",
        Type::Text,
        "what the option changes in the model where it is forecast, in the words of `--what-if`: `shop.core.replicas=4`",
    )
    .written("set \"shop.core.replicas=4\"")
    .also_called(&["change", "what-if", "variant"]);
    choice! {
        /// Who makes what would be chosen.
        By of BY {
            Build = "build", "you write and run it";
            Buy = "buy", "others make it: a product or a service";
        }
    }
    pub static BY: Fact = fact("by", By::TYPE, "whether it would be built or bought").also_called(&["how", "source"]);
}
