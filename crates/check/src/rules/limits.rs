//! What a limit of a metric can be, for requirements and alerts.

use groma_base::{Dimension, Quantity};
use groma_model::decode::{FactValue, Value};
use groma_model::items::find_fact;
use groma_model::kinds::class;
use groma_model::{Architecture, ItemRef, facts};
use groma_simulate::{Metric, Requirement};

/// Each `require` of a quality and each `threshold` of a load, with what it stands in.
pub(super) fn demands(arch: &Architecture) -> Vec<(ItemRef, &FactValue)> {
    let of = |class, fact| {
        let all = move |at| arch.values_of(at, fact).map(move |demand| (at, demand));
        arch.records_of(class).map(|record| record.at).flat_map(all)
    };
    of(&class::QUALITY, &facts::quality::REQUIRE).chain(of(&class::LOAD, &facts::load::THRESHOLD)).collect()
}

/// The limit that a requirement has, as it is written.
pub(super) fn limit_of<'a>(arch: &'a Architecture, one: &Requirement) -> Option<&'a FactValue> {
    let fact = if one.is_threshold { &facts::load::THRESHOLD } else { &facts::quality::REQUIRE };
    let demand = arch.values_of(one.quality, fact).find(|demand| demand.range == one.range)?;
    let limit = if one.upper { &facts::quality::UNDER } else { &facts::quality::OVER };
    find_fact(arch.file(one.quality).parts_of(demand), limit)
}

/// Whether what is measured can be below a limit or above it: else `wrong-limit` tells that.
pub(super) fn is_possible(arch: &Architecture, one: &Requirement) -> bool {
    let limit = limit_of(arch, one).map(|limit| &limit.value);
    matches!(limit, Some(Value::Quantity(limit)) if impossible(one.metric, *limit).is_none())
}

/// What is wrong with a limit of a metric, whatever is measured, and what to write instead.
pub(super) fn impossible(metric: Metric, limit: Quantity) -> Option<(String, String)> {
    let expected = metric.dimension();
    if limit.low < 0.0 {
        return Some(("no measured value is below zero".into(), "write a limit above zero".into()));
    }
    if limit.dimension != expected {
        let (is, given) = (with_article(expected.word()), with_article(limit.dimension.word()));
        let number = limit.low;
        let help = match (limit.dimension, expected) {
            (Dimension::Count, Dimension::Time) => format!("add a unit: `{number}ms` or `{number}s`"),
            (Dimension::Count, Dimension::Rate) => format!("add a unit: `{number}/s` or `{number}/min`"),
            (Dimension::Count, Dimension::Ratio) if number > 1.0 => format!("write `{number}%`"),
            // As a fraction of one.
            (Dimension::Count, Dimension::Ratio) if number > 0.0 && number < 1.0 => {
                format!("write `{}%`", (number * 1e8).round() / 1e6)
            }
            _ => format!("write {}", expected.examples()),
        };
        return Some((format!("`{metric}` is {is}, and this is {given}"), help));
    }
    (expected == Dimension::Ratio && limit.high > 1.0).then(|| {
        (format!("`{metric}` is a share, and no share is above 100%"), "write a limit of at most `100%`".into())
    })
}

fn with_article(word: &str) -> String {
    format!("{} {word}", if word.starts_with('a') { "an" } else { "a" })
}
