//! The comparison of a forecast with and without changes, as text.

use groma_session::WhatIf;
use groma_simulate::number::{change, interval_beside};
use groma_simulate::{Judgement, Report, Verdict};
use std::cmp::Ordering;

/// What the changes do to the verdicts, and then each judgement of today beside that with the changes.
pub fn human(today: &Report, what_if: &WhatIf) -> String {
    let pairs = || today.judgements.iter().zip(&what_if.report.judgements);
    let mut out = format!("what if {}: {}\n", what_if.words.join(" and "), answer(pairs()));
    for (before, after) in pairs().filter(|(before, after)| before.verdict != after.verdict) {
        out.push_str(&format!("  {}: {} -> {}\n", before.demand(), before.verdict.word(), after.verdict.word()));
    }
    out.push('\n');
    for ((before, after), difference) in pairs().zip(&what_if.differences) {
        let (before_told, after_told) = (told(before), told(after));
        out.push_str(&format!("  {}\n      today: {before_told}\n", before.demand()));
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

/// How many requirements fare better and worse.
fn answer<'a>(pairs: impl Iterator<Item = (&'a Judgement, &'a Judgement)>) -> String {
    let rank = |verdict: Verdict| match verdict {
        Verdict::Fails => 0,
        Verdict::TooClose | Verdict::Unknown => 1,
        Verdict::Holds => 2,
    };
    let moved: Vec<_> = pairs.map(|(before, after)| rank(after.verdict).cmp(&rank(before.verdict))).collect();
    let count = |way: Ordering| moved.iter().filter(|one| **one == way).count();
    let told = |count: usize, word: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{count} verdict{ending} {word}")
    };
    match (count(Ordering::Greater), count(Ordering::Less)) {
        (0, 0) => "no verdict changes".to_owned(),
        (better, 0) => told(better, "better"),
        (0, worse) => told(worse, "worse"),
        (better, worse) => format!("{}, {}", told(better, "better"), told(worse, "worse")),
    }
}

fn told(one: &Judgement) -> String {
    match &one.estimate {
        Some(estimate) => format!("{}, {}", interval_beside(one.metric, estimate, one.limit), one.verdict.word()),
        None => one.verdict.word().to_owned(),
    }
}
