//! Changes that make requirements hold, to text.

use groma_base::{Edit, Sources, apply_edits, join_words};
use groma_session::{Attempt, FixSearch, SearchResult};
use groma_simulate::number::{of_metric, plain};
use groma_simulate::{Judgement, Report, Verdict};

/// For each requirement that fails, the changes that were found; `sources` are the texts that they change.
pub fn human(sources: &Sources, report: &Report, fixes: &[FixSearch]) -> String {
    if fixes.is_empty() {
        return nothing_fails(report);
    }
    fixes.iter().map(|fix| one(sources, &report.judgements[fix.judgement], fix)).collect()
}

/// Why nothing was searched for.
fn nothing_fails(report: &Report) -> String {
    let open = match (report.count(Verdict::TooClose), report.count(Verdict::Unknown)) {
        (0, 0) => String::new(),
        (close, 0) => format!("; {close} too close to call, which a smaller `--precision` or more `--events` may tell"),
        (0, unknown) => format!("; {unknown} unknown, for the reasons that are told"),
        (close, unknown) => format!("; {close} too close to call and {unknown} unknown"),
    };
    format!("\n`--fix` has nothing to change: no requirement fails{open}\n")
}

fn one(sources: &Sources, today: &Judgement, fix: &FixSearch) -> String {
    let mut out = format!("\nto make {} hold:\n", today.demand());
    match &fix.found {
        SearchResult::NoLevers => return format!("{out}  no single change of a known lever helps: {}\n", today.reason),
        SearchResult::Changes { edits, after } => out.push_str(&told(sources, edits, after)),
        SearchResult::Nothing { tried, close, untold, left } => {
            out.push_str(&in_vain([tried, close, untold], left));
        }
    }
    let ended = if fix.is_over { ", the most that is searched" } else { "" };
    let (trials, events) = (fix.trials, plain(fix.events as f64 / 1e6));
    out.push_str(&format!("  ({trials} forecasts, {events} million events{ended})\n"));
    out
}

/// Changes as lines taken out and lines put in.
fn told(sources: &Sources, edits: &[Edit], after: &Judgement) -> String {
    let mut out = String::new();
    for edit in edits {
        let source = sources.get(edit.span.file);
        let line = source.line_column(edit.span.range.start).line;
        let new = apply_edits(&source.text, &[(edit.span.range, &edit.text)]);
        let nth = |text: &str| text.lines().nth(line as usize - 1).unwrap_or_default().to_owned();
        let (old, new) = (nth(&source.text), nth(&new));
        let place = sources.location(edit.span);
        out.push_str(&format!("  {place}\n  - {}\n  + {}\n", old.trim(), new.trim()));
    }
    let value = after.estimate.as_ref().map(|estimate| of_metric(after.metric, estimate.value)).unwrap_or_default();
    out.push_str(&format!("  then {} is {value}\n", after.metric));
    out
}

/// What was tried in vain, as a line.
fn in_vain([tried, close, untold]: [&[Attempt]; 3], left: &[String]) -> String {
    let is_one = matches!(tried, [Attempt::Each { values, .. }] if values.len() == 1);
    let change = if is_one { "this change does not make" } else { "none of these changes makes" };
    let close = ("it is too close to call", "with", close);
    let parts = [(change, "it hold", tried), close, ("it is unknown", "whether it holds with", untold)];
    let told = parts.into_iter().filter(|(.., list)| !list.is_empty());
    let mut told: Vec<String> = told
        .map(|(one, two, list)| {
            let list: Vec<String> = list.iter().map(attempt).collect();
            format!("{one} {two}: {}", join_words(&list, "and"))
        })
        .collect();
    if !left.is_empty() {
        let names: Vec<String> = left.iter().map(|name| format!("`{name}`")).collect();
        told.push(format!("the search ended before all was tried of {}", join_words(&names, "and")));
    }
    if told.is_empty() { String::new() } else { format!("  {}\n", told.join("; ")) }
}

fn attempt(attempt: &Attempt) -> String {
    match attempt {
        Attempt::Each { name, values } => format!("`{name}` {}", join_words(values, "or")),
        Attempt::UpTo { name, value } => format!("`{name}` up to {value}"),
        Attempt::Together(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("{} together", join_words(&names, "and"))
        }
    }
}
