//! What a limit of a metric can be, for requirements and alerts.

use groma_base::{Dimension, Quantity};
use groma_simulate::Metric;

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
