//! Forecasts of changed texts: `groma simulate --what-if` and `--fix`.

use crate::output::Failure;
use crate::write;
use groma_base::apply_edits;
use groma_session::{Forecastable, Snapshot, change, set_fact};
use groma_simulate::number::{interval, of_metric};
use groma_simulate::{Judgement, Lever, Options, Report, Tried, Verdict, levers};

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
            Some(estimate) => format!("{}, {}", interval(one.metric, estimate), one.verdict.word()),
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

/// For each requirement that fails, the smallest single change that makes it hold, as a change to the text.
pub(crate) fn fixes(
    snapshot: &Snapshot,
    workspace: &Forecastable<'_>,
    report: &Report,
    options: &Options,
) -> Result<String, Failure> {
    let mut out = String::new();
    for (nth, one) in report.judgements.iter().enumerate() {
        if one.verdict != Verdict::Fails {
            continue;
        }
        out.push_str(&format!("\nto make {} hold:\n", one.demand()));
        let levers = levers(&snapshot.arch, report, one);
        let mut best: Option<(f64, &Lever, f64, Judgement)> = None;
        for lever in &levers {
            let Some((value, after)) = smallest(snapshot, workspace, lever, nth, options)? else { continue };
            let growth = lever.change(value);
            if best.as_ref().is_none_or(|(least, ..)| growth < *least) {
                best = Some((growth, lever, value, after));
            }
        }
        match best {
            Some((_, lever, value, after)) => out.push_str(&told(snapshot, lever, value, &after)),
            None if levers.is_empty() => out.push_str(&format!("  no more of anything helps: {}\n", one.reason)),
            None => out.push_str(&format!(
                "  no change of {} alone makes it hold\n",
                groma_base::list_words(levers.iter().map(|lever| lever.name.as_str()), "and")
            )),
        }
    }
    Ok(out)
}

/// The smallest change of a lever with which a judgement holds: where more is better, by doubling and halving.
fn smallest(
    snapshot: &Snapshot,
    workspace: &Forecastable<'_>,
    lever: &Lever,
    nth: usize,
    options: &Options,
) -> Result<Option<(f64, Judgement)>, Failure> {
    let holding = |value: f64| -> Result<Option<Judgement>, Failure> {
        let edit = set_fact(&snapshot.arch, lever.at, lever.fact, &lever.written(value));
        // What cannot be forecast, such as more than there may be, is no way out.
        let Ok(changed) = workspace.changed(&[edit]) else { return Ok(None) };
        let after = changed.judge_one(nth, options, write::interruption());
        write::interrupted()?;
        let after = after.ok_or_else(|| Failure::new("the change takes the requirement away"))?;
        Ok(Some(after).filter(|after| after.verdict == Verdict::Holds))
    };
    let most = match &lever.tried {
        Tried::UpTo(most) => *most,
        Tried::Each(values) => {
            for value in values {
                if let Some(after) = holding(*value)? {
                    return Ok(Some((*value, after)));
                }
            }
            return Ok(None);
        }
    };
    let (mut fails, mut value) = (lever.now, lever.now);
    let mut holds = loop {
        value = (value * 2.0).ceil();
        if value > most {
            return Ok(None);
        }
        match holding(value)? {
            Some(after) => break (value, after),
            None => fails = value,
        }
    };
    while holds.0 - fails > 1.0 {
        let middle = f64::midpoint(fails, holds.0).floor();
        match holding(middle)? {
            Some(after) => holds = (middle, after),
            None => fails = middle,
        }
    }
    Ok(Some(holds))
}

/// A change as a line taken out and a line put in.
fn told(snapshot: &Snapshot, lever: &Lever, value: f64, after: &Judgement) -> String {
    let edit = set_fact(&snapshot.arch, lever.at, lever.fact, &lever.written(value));
    let source = snapshot.sources.get(edit.span.file);
    let line = source.line_column(edit.span.range.start).line;
    let new = apply_edits(&source.text, &[(edit.span.range, &edit.text)]);
    let nth = |text: &str| text.lines().nth(line as usize - 1).unwrap_or_default().to_owned();
    let value = after.estimate.as_ref().map(|estimate| of_metric(after.metric, estimate.value)).unwrap_or_default();
    format!(
        "  {}\n  - {}\n  + {}\n  then {} is {value}\n",
        snapshot.sources.location(edit.span),
        nth(&source.text).trim(),
        nth(&new).trim(),
        after.metric
    )
}
