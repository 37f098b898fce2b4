//! Forecasts of changed texts: `groma simulate --what-if`.

use crate::output::Failure;
use crate::write;
use groma_session::{Forecastable, Snapshot, change};
use groma_simulate::number::{interval, interval_beside};
use groma_simulate::{Judgement, Options, Report};

/// The workspace with changes made, each written as `element.fact=value`.
pub(crate) fn changed(
    snapshot: &Snapshot,
    workspace: &Forecastable<'_>,
    words: &[String],
) -> Result<Forecastable<'static>, Failure> {
    let mut edits = Vec::new();
    for word in words {
        edits.push(change(&snapshot.arch, word).map_err(|error| Failure::new(format!("`{word}`: {error}")))?.edit);
    }
    workspace.changed(&edits).map_err(|refusal| Failure::refused_with(refusal, words.join(" and ")))
}

/// What the changes make of each judgement. Both are simulated with the same random numbers, so that what differs comes
/// from the changes.
pub(crate) fn compare(
    snapshot: &Snapshot,
    workspace: &Forecastable<'_>,
    today: &Report,
    words: &[String],
    options: &Options,
) -> Result<String, Failure> {
    let report = changed(snapshot, workspace, words)?.judge(options, write::interruption(), &|_, _, _| {});
    write::interrupted()?;
    let mut out = format!("\nwhat if {}\n\n", words.join(" and "));
    for (nth, (before, after)) in today.judgements.iter().zip(&report.judgements).enumerate() {
        let told = |one: &Judgement| match &one.estimate {
            Some(estimate) => format!("{}, {}", interval_beside(one.metric, estimate, one.limit), one.verdict.word()),
            None => one.verdict.word().to_owned(),
        };
        let (before_told, after_told) = (told(before), told(after));
        out.push_str(&format!("  {}\n      today: {before_told}\n", before.demand()));
        let after_told = if before_told == after_told { "the same".to_owned() } else { after_told };
        out.push_str(&format!("      then:  {after_told}\n"));
        if let (Some(before), Some(after)) = (&before.estimate, &after.estimate)
            && let Some(difference) = after.paired_difference(before)
        {
            let metric = report.judgements[nth].metric;
            let sure = difference.low > 0.0 || difference.high < 0.0;
            let sure = if sure { "" } else { ": perhaps none at all" };
            out.push_str(&format!("      change: {}{sure}\n", interval(metric, &difference)));
        }
    }
    Ok(out)
}
