//! What came out over a grid of numbers, to text: for people, for programs and as a table.

use crate::forecast::{judgement, quality_of, rounded};
use crate::quoted;
use groma_base::column_width;
use groma_model::Architecture;
use groma_session::{Point, TradeOffs};
use groma_simulate::Judgement;
use groma_simulate::number::interval_beside;
use serde_json::{Value, json};

/// What was found of a requirement, in words.
fn told(one: &Judgement) -> String {
    one.estimate
        .as_ref()
        .map_or_else(|| one.reason.to_string(), |estimate| interval_beside(one.metric, estimate, one.limit))
}

/// The table as it is shown in a terminal, and with which combinations everything holds.
pub fn human(found: &TradeOffs) -> String {
    let (axes, points) = (&found.axes, &found.points);
    let mut out = String::new();
    let widths: Vec<usize> = axes.iter().map(|axis| column_width(axis.values.iter().chain([&axis.fact]))).collect();
    let verdicts = points.iter().flat_map(|point| &point.report.judgements).map(|one| one.verdict.word().len());
    let verdict_width = verdicts.chain(["verdict".len()]).max().unwrap_or(0);
    let row = |values: &[&str]| -> String {
        values.iter().zip(&widths).map(|(value, width)| format!("{value:>width$}  ", width = *width)).collect()
    };
    let names: Vec<&str> = axes.iter().map(|axis| axis.fact.as_str()).collect();
    for nth in 0..points[0].report.judgements.len() {
        let all: Vec<&Judgement> = points.iter().map(|point| &point.report.judgements[nth]).collect();
        let Some(first) = all.first() else { continue };
        out.push_str(&format!("{}\n", first.demand()));
        if all.iter().all(|one| told(one) == told(first) && one.verdict == first.verdict) {
            out.push_str(&format!("  the same everywhere: {}, {}\n\n", told(first), first.verdict.word()));
            continue;
        }
        out.push_str(&format!("  {}{:verdict_width$}  value\n", row(&names), "verdict"));
        for (point, one) in points.iter().zip(&all) {
            let values: Vec<&str> = point.values.iter().map(String::as_str).collect();
            out.push_str(&format!("  {}{:verdict_width$}  {}\n", row(&values), one.verdict.word(), told(one)));
        }
        out.push('\n');
    }
    match found.good().next() {
        None => out.push_str("no combination meets every requirement\n"),
        Some(first) => out.push_str(&format!(
            "{} of {} combinations meet every requirement; the first is {}\n",
            found.good().count(),
            points.len(),
            found.words(first).join(" ")
        )),
    }
    out
}

/// One row for each combination and requirement.
pub fn csv(arch: &Architecture, found: &TradeOffs) -> String {
    let mut out: String = found.axes.iter().map(|axis| format!("{},", quoted(&axis.fact))).collect();
    out.push_str("quality,metric,subject,flow,of,load,failure,limit,verdict,value,low,high\n");
    for point in &found.points {
        for one in &point.report.judgements {
            out.extend(point.values.iter().map(|value| format!("{},", quoted(value))));
            let (value, low, high) = match &one.estimate {
                Some(estimate) => (estimate.value.to_string(), estimate.low.to_string(), estimate.high.to_string()),
                None => Default::default(),
            };
            let (quality, subject, verdict) =
                (quoted(quality_of(arch, one).unwrap_or_default()), quoted(&one.subject), quoted(one.verdict.word()));
            let record = |at: Option<groma_model::RecordId>| quoted(at.map_or("", |at| arch.name(arch.records[at].at)));
            let flow = quoted(one.flow.map_or("", |flow| arch.name(arch.flows[flow].at)));
            let of = quoted(one.of.map_or("", |of| &arch.element(of).path));
            let when = format!("{flow},{of},{},{}", record(one.load), record(one.failure));
            out.push_str(&format!(
                "{quality},{},{subject},{when},{},{verdict},{value},{low},{high}\n",
                one.metric,
                rounded(one.limit)
            ));
        }
    }
    out
}

/// The table as JSON.
pub fn json(arch: &Architecture, found: &TradeOffs) -> Value {
    let point = |point: &Point| {
        let judged: Vec<_> = point.report.judgements.iter().map(|one| judgement(arch, None, one)).collect();
        json!({ "values": point.values, "judgements": judged })
    };
    json!({
        "version": 2,
        "facts": found.axes.iter().map(|axis| &axis.fact).collect::<Vec<_>>(),
        "points": found.points.iter().map(point).collect::<Vec<_>>(),
    })
}
