//! The comparison of a forecast with and without changes, as text.

use groma_session::WhatIf;
use groma_simulate::number::{interval, interval_beside};
use groma_simulate::{Judgement, Report};

/// Each judgement of today beside that with the changes.
pub fn human(today: &Report, what_if: &WhatIf) -> String {
    let mut out = format!("\nwhat if {}\n\n", what_if.words.join(" and "));
    let pairs = today.judgements.iter().zip(&what_if.report.judgements);
    for ((before, after), difference) in pairs.zip(&what_if.differences) {
        let (before_told, after_told) = (told(before), told(after));
        out.push_str(&format!("  {}\n      today: {before_told}\n", before.demand()));
        let after_told = if before_told == after_told { "the same".to_owned() } else { after_told };
        out.push_str(&format!("      then:  {after_told}\n"));
        if let Some(difference) = difference {
            let sure = difference.low > 0.0 || difference.high < 0.0;
            let sure = if sure { "" } else { ": perhaps none at all" };
            out.push_str(&format!("      change: {}{sure}\n", interval(after.metric, difference)));
        }
    }
    out
}

fn told(one: &Judgement) -> String {
    match &one.estimate {
        Some(estimate) => format!("{}, {}", interval_beside(one.metric, estimate, one.limit), one.verdict.word()),
        None => one.verdict.word().to_owned(),
    }
}
