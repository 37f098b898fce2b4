//! The comparison of a forecast with and without changes, as text.

use crate::forecast::{estimate, judgement};
use crate::one_line;
use groma_base::Sources;
use groma_model::Architecture;
use groma_session::WhatIf;
use groma_simulate::number::{change, interval_beside};
use groma_simulate::{Estimate, Judgement, Report, Verdict};
use serde_json::{Value, json};

/// What the changes do to the verdicts, and then each judgement of today beside that with the changes.
pub fn human(today: &Report, what_if: &WhatIf) -> String {
    let pairs = || today.judgements.iter().zip(&what_if.report.judgements);
    let mut out = format!("what if {}: {}\n", what_if.words.join(" and "), answer(pairs()));
    for (before, after) in pairs().filter(|(before, after)| before.verdict != after.verdict) {
        out.push_str(&format!(
            "  {}: {} -> {}\n",
            one_line(&before.demand()),
            before.verdict.word(),
            after.verdict.word()
        ));
    }
    out.push('\n');
    for ((before, after), difference) in pairs().zip(&what_if.differences) {
        let (before_told, after_told) = (told(before), told(after));
        out.push_str(&format!("  {}\n      today: {before_told}\n", one_line(&before.demand())));
        let after_told = if before_told == after_told { "the same".to_owned() } else { after_told };
        out.push_str(&format!("      then:  {after_told}\n"));
        if let Some(difference) = difference {
            let sure = difference.low > 0.0 || difference.high < 0.0;
            let sure = if sure { "" } else { ", perhaps no change at all" };
            out.push_str(&format!("      change: {}{sure}\n", change(after.metric, difference)));
        }
    }
    out
}

/// Each judgement of today beside that with the changes, as JSON.
pub fn json(arch: &Architecture, sources: &Sources, today: &Report, what_if: &WhatIf) -> Value {
    let pairs = today.judgements.iter().zip(&what_if.report.judgements).zip(&what_if.differences);
    let requirement = |((before, after), change): ((&Judgement, &Judgement), &Option<Estimate>)| {
        json!({
            "today": judgement(arch, Some(sources), before),
            "after": judgement(arch, Some(sources), after),
            "change": estimate(change),
        })
    };
    json!({ "changes": what_if.words, "requirements": pairs.map(requirement).collect::<Vec<_>>() })
}

/// How many requirements fare better and worse, and of how many it is no longer known, or known now.
fn answer<'a>(pairs: impl Iterator<Item = (&'a Judgement, &'a Judgement)>) -> String {
    let rank = |verdict: Verdict| match verdict {
        Verdict::Fails => Some(0),
        Verdict::TooClose => Some(1),
        Verdict::Holds => Some(2),
        Verdict::Unknown => None,
    };
    let way = |(before, after): (&Judgement, &Judgement)| match (rank(before.verdict), rank(after.verdict)) {
        (Some(before), Some(after)) if after > before => Some("better"),
        (Some(before), Some(after)) if after < before => Some("worse"),
        (Some(_), None) => Some("no longer known"),
        (None, Some(_)) => Some("known now"),
        (Some(_), Some(_)) | (None, None) => None,
    };
    let ways: Vec<&str> = pairs.filter_map(way).collect();
    let told = |word: &&str| {
        let count = ways.iter().filter(|way| *way == word).count();
        let ending = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} verdict{ending} {word}"))
    };
    let told: Vec<String> = ["better", "worse", "known now", "no longer known"].iter().filter_map(told).collect();
    if told.is_empty() { "no verdict changes".to_owned() } else { told.join(", ") }
}

fn told(one: &Judgement) -> String {
    match &one.estimate {
        Some(estimate) => format!("{}, {}", interval_beside(one.metric, estimate, one.limit), one.verdict.word()),
        // Without a number the reason is all there is to be told.
        None => format!("{}: {}", one.verdict.word(), one.reason),
    }
}
