//! What the tests of the forecast share.

#![allow(dead_code, reason = "each test file uses some of it")]

pub mod formulas;

use groma_base::FileId;
use groma_model::{Architecture, decode::decode, link};
use groma_simulate::{Estimate, Latency, Options, Report, Run, judge};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The architecture of a text without any problem.
pub fn architecture(text: &str) -> Architecture {
    let (tree, errors) = groma_syntax::parse(text);
    assert_eq!(errors, [], "{text}");
    let model = decode(FileId(0), &tree);
    assert_eq!(model.problems, [], "{text}");
    let (arch, problems) = link(vec![Arc::new(model)]);
    assert_eq!(problems, [], "{text}");
    arch
}

/// What is forecast for a text.
pub fn report(text: &str) -> Report {
    report_with(text, &Options::default())
}

/// What is forecast for a text with these options.
pub fn report_with(text: &str, options: &Options) -> Report {
    judge(&architecture(text), options, &AtomicBool::new(false), &|_, _, _| {})
}

/// The only run of a text, in which a quality asks for a mean that always holds.
pub fn run(text: &str) -> Run {
    let text = format!("{text}quality q \"Q\" {{ require mean under=1000h }}\n");
    let mut report = report(&text);
    assert_eq!(report.runs.len(), 1);
    let run = report.runs.remove(0);
    assert_eq!(run.not_simulated(), None);
    run
}

/// A person who calls `s.a`, with these further lines in the system, at the top, and in the flow.
pub fn system(inside: &str, outside: &str, flow: &str) -> String {
    format!(
        "person u \"U\"\nsystem s \"S\" {{\n{inside}\n}}\nu -> s.a \"asks\"\n{outside}\nflow f \"F\" {{\n{flow}\n}}\n"
    )
}

/// Compares as a share of what is expected.
#[track_caller]
pub fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance * expected, "{value}, expected {expected}");
}

/// The mean time of the first flow, in seconds.
pub fn mean(run: &Run) -> f64 {
    run.flows()[0].latency[Latency::Mean].as_ref().unwrap().value
}

/// The share of the requests of the first flow that fail.
pub fn errors(run: &Run) -> f64 {
    run.flows()[0].error_rate.as_ref().unwrap().value
}

/// The share of a station that is in use.
pub fn in_use(run: &Run, name: &str) -> f64 {
    let station = run.stations().iter().find(|station| station.name == name).unwrap();
    station.utilization.as_ref().unwrap().value
}

/// What is forecast, to this precision.
pub fn forecast(text: &str, precision: f64) -> Report {
    let options = Options { precision, exhaustive: true, most_events: 120_000_000, ..Options::default() };
    judge(&architecture(text), &options, &AtomicBool::new(false), &|_, _, _| {})
}

/// A system of one station that people ask at a rate.
/// A service `s.a` with these facts that a flow asks for once.
pub fn one_station(facts: &str, step: &str, load: &str) -> String {
    format!(
        "person u \"U\"\nsystem s \"S\" {{ service a \"A\" {{ {facts} }} }}\nu -> s.a \"Asks\"\nflow f \"F\" {{ u -> s.a \"Ask\" {step} }}\nload l \"L\" {{ {load} }}\nquality q \"Q\" {{ require mean flow=f under=1h; require p99 flow=f under=1h }}\n"
    )
}

/// The value of an estimate that there must be.
pub fn value(estimate: &Option<Estimate>) -> f64 {
    estimate.as_ref().expect("an estimate").value
}
