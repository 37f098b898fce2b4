//! What comes of a text: findings, pictures and verdicts.

use crate::corpus::Workspace;
use groma_base::Severity;
use groma_session::{MemoryFileSystem, Session, Snapshot};
use groma_simulate::{Estimate, Options, Report, Verdict};
use groma_view::Diagram;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The day on which is checked.
const TODAY: &str = "2026-01-01";

/// A finding: its rule or standard, its message, its file and line, and how grave it is.
pub type Finding = (String, String, u32, u32, Severity);

/// Reads a workspace, perhaps with another text of one of its files.
pub fn read(workspace: &Workspace, other: Option<(&str, &str)>) -> Snapshot {
    let text = |path: &str, text: &str| match other {
        Some((changed, new)) if changed == path => new.to_owned(),
        _ => text.to_owned(),
    };
    let files: Vec<(&str, String)> =
        workspace.files.iter().map(|(path, own)| (path.as_str(), text(path, own))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Session::open(&MemoryFileSystem::new(&files), Path::new(&workspace.root)).ok().unwrap().snapshot()
}

/// The findings, in their order.
pub fn findings(snapshot: &Snapshot) -> Vec<Finding> {
    let told = snapshot.findings(TODAY).into_iter().map(|finding| {
        let span = finding.primary.span;
        let line = snapshot.sources.get(span.file).line_column(span.range.start).line;
        (finding.code.into_owned(), finding.message, span.file.0, line, finding.severity)
    });
    told.collect()
}

/// Whether a finding is made while the text is read: then another text is another language, not another value.
pub fn is_of_reading(finding: &Finding) -> bool {
    groma_check::rule(&finding.0).is_some_and(|rule| rule.check.is_none() && !finding.0.ends_with("-allow"))
}

/// What the pictures show; where everything is as well, which takes longer, if that is asked for.
pub fn pictures(snapshot: &Snapshot, is_placed: bool) -> Vec<String> {
    let specs = groma_view::declared_and_default(&snapshot.arch);
    let shown = |spec| match is_placed {
        true => format!("{:?}", groma_view::scene(&snapshot.arch, spec)),
        false => format!("{:?}", Diagram::new(&snapshot.arch, spec)),
    };
    specs.iter().map(shown).collect()
}

/// What is told of a requirement, a flow or a station.
#[derive(Clone, PartialEq, Debug)]
pub struct Number {
    verdict: Option<Verdict>,
    estimate: Option<(f64, f64, f64)>,
}

/// So many events are simulated of each load.
const EVENTS: u64 = 100_000;

/// The verdicts and the numbers of a short forecast; `None` where there is none.
pub fn forecast(snapshot: &Snapshot) -> Option<Vec<Number>> {
    let forecastable = snapshot.forecastable().ok()?;
    let options = Options { most_events: EVENTS, threads: 1, ..Options::default() };
    let report = forecastable.judge(&options, &AtomicBool::new(false), &|_, _, _| ());
    Some(numbers(&report))
}

fn numbers(report: &Report) -> Vec<Number> {
    let number = |estimate: &Option<Estimate>| estimate.as_ref().map(|one| (one.value, one.low, one.high));
    let judged =
        report.judgements.iter().map(|one| Number { verdict: Some(one.verdict), estimate: number(&one.estimate) });
    let flows = report.runs.iter().flat_map(|run| run.flows()).flat_map(|flow| {
        let of = |estimate: &Option<Estimate>| Number { verdict: None, estimate: number(estimate) };
        [of(&flow.throughput), of(&flow.error_rate)]
    });
    let alerts = report.runs.iter().filter_map(|run| run.timeline()).flat_map(|timeline| &timeline.alerts);
    let alerts = alerts.map(|alert| Number { verdict: None, estimate: alert.after.map(|after| (after, after, after)) });
    judged.chain(flows).chain(alerts).collect()
}

/// Whether two forecasts tell different things, not only different random numbers.
pub fn differ(before: &Option<Vec<Number>>, after: &Option<Vec<Number>>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return before.is_some() != after.is_some() };
    before.len() != after.len() || before.iter().zip(after).any(|(before, after)| before.is_other_than(after))
}

impl Number {
    fn is_other_than(&self, other: &Number) -> bool {
        let is_turned = matches!(
            (self.verdict, other.verdict),
            (Some(Verdict::Holds), Some(Verdict::Fails)) | (Some(Verdict::Fails), Some(Verdict::Holds))
        );
        let is_apart = match (self.estimate, other.estimate) {
            (Some((value, low, high)), Some((other, other_low, other_high))) => {
                let is_near = (value - other).abs() <= 0.02 * value.abs().max(other.abs());
                !is_near && (high < other_low || other_high < low)
            }
            (before, after) => before.is_some() != after.is_some(),
        };
        is_turned || is_apart
    }
}
