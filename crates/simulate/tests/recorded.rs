//! Arrivals as they were recorded.

mod common;

use common::{architecture, close, mean, system};
use groma_base::FileId;
use groma_model::{Architecture, Trace};
use groma_simulate::{Options, Report, judge};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn with_trace(load: &str, trace: Trace) -> Architecture {
    let inside = "service a \"A\" concurrency=1\nservice b \"B\"";
    let flow =
        "u -> s.a \"x\" time=10ms distribution=fixed\n}\nflow g \"G\" {\nu -> s.b \"x\" time=1ms distribution=fixed";
    let quality = "quality q \"Q\" { require mean flow=f under=1h }";
    let text = system(inside, &format!("u -> s.b \"asks\"\n{load}\n{quality}"), flow);
    let mut arch = architecture(&text);
    Arc::make_mut(&mut arch.traces).insert((FileId(0), "t.csv".into()), Arc::new(trace));
    arch
}

fn forecast(arch: &Architecture) -> Report {
    judge(arch, &Options::default(), &AtomicBool::new(false), &|_, _, _| {})
}

/// Ten requests at once, one after the other, and again a second later: they take 10, 20, … 100 ms.
#[test]
fn requests_come_when_they_were_recorded() {
    let arrivals = (0..20).map(|at| (1_700_000_000.0 + f64::from(at / 10), None)).collect();
    let report = forecast(&with_trace("load l \"L\" { trace t.csv; mix f }", Trace::new(arrivals, Vec::new())));
    let run = &report.runs[0];
    // The second ten come at the very end of what is watched.
    let apart = (0..40).map(|at| (f64::from(at), None)).collect();
    assert_eq!(run.not_simulated(), None);
    let calm = forecast(&with_trace("load l \"L\" { trace t.csv; mix f }", Trace::new(apart, Vec::new())));
    close(mean(&calm.runs[0]), 0.010, 0.001);
    close(mean(run), 0.055, 0.001);
}

#[test]
fn each_wants_the_flow_that_is_named() {
    let arrivals = (0..100).map(|at| (f64::from(at) * 0.1, Some(u32::from(at % 4 == 0)))).collect();
    let trace = Trace::new(arrivals, vec!["f".into(), "g".into()]);
    let report = forecast(&with_trace("load l \"L\" { trace t.csv speed=2 }", trace));
    let run = &report.runs[0];
    assert_eq!(run.flows().len(), 2);
    let rates: Vec<f64> = run.flows().iter().map(|flow| flow.throughput.as_ref().unwrap().value).collect();
    close(rates[0], 75.0 / 4.95, 0.03);
    close(rates[1], 25.0 / 4.95, 0.03);
    close(mean(run), 0.010, 0.001);
}

#[test]
fn a_flow_that_there_is_not_is_told() {
    let trace = Trace::new(vec![(0.0, Some(0)), (1.0, Some(0))], vec!["nobody".into()]);
    let report = forecast(&with_trace("load l \"L\" { trace t.csv }", trace));
    assert!(
        report.judgements[0].reason.to_string().contains("names the flow `nobody`"),
        "{}",
        report.judgements[0].reason
    );
}

/// A hundred arrivals in 9.9 s, of which none names a flow. They want `f` three times as often as `g`, so that
/// 75 / 9.9 = 7.58 a second are served of `f` and 25 / 9.9 = 2.53 of `g`. Who wants what is drawn, and so is known less
/// well than how many come.
#[test]
fn what_names_no_flow_is_shared_by_weight() {
    let arrivals = (0..100).map(|at| (f64::from(at) * 0.1, None)).collect();
    let trace = Trace::new(arrivals, Vec::new());
    let report = forecast(&with_trace("load l \"L\" { trace t.csv; mix f weight=3; mix g }", trace));
    let run = &report.runs[0];
    assert!(run.analysis.is_recorded);
    let rates: Vec<f64> = run.flows().iter().map(|flow| flow.throughput.as_ref().unwrap().value).collect();
    close(rates[0], 75.0 / 9.9, 0.05);
    close(rates[1], 25.0 / 9.9, 0.1);
    close(rates[0] + rates[1], 100.0 / 9.9, 0.015);
}

/// Fifty at once, fifty 5 s later and fifty at 10 s, each 10 ms of work for one slot, so that fifty are done after half a
/// second. The last come when the watch ends: a hundred are served in 10 s, which is 10 a second, however bursty. Twice as
/// fast these take 5 s, which is 20 a second.
#[test]
fn bursts_are_served_at_the_rate_at_which_they_come() {
    let rate = |load: &str| {
        let arrivals = (0..150).map(|at| (f64::from(at / 50) * 5.0, None)).collect();
        let report = forecast(&with_trace(load, Trace::new(arrivals, Vec::new())));
        report.runs[0].flows()[0].throughput.as_ref().unwrap().value
    };
    close(rate("load l \"L\" { trace t.csv; mix f }"), 10.0, 0.01);
    close(rate("load l \"L\" { trace t.csv speed=2; mix f }"), 20.0, 0.01);
}

/// Of a hundred arrivals in 9.9 s forty name `g`. The other sixty are shared by weight, three to one: 45 want `f` and 55 `g`.
#[test]
fn what_is_named_changes_nothing_of_how_the_rest_is_shared() {
    let arrivals = (0..100).map(|at| (f64::from(at) * 0.1, (at % 5 < 2).then_some(0))).collect();
    let trace = Trace::new(arrivals, vec!["g".into()]);
    let report = forecast(&with_trace("load l \"L\" { trace t.csv; mix f weight=3; mix g }", trace));
    let rates: Vec<f64> = report.runs[0].flows().iter().map(|flow| flow.throughput.as_ref().unwrap().value).collect();
    close(rates[0], 45.0 / 9.9, 0.05);
    close(rates[1], 55.0 / 9.9, 0.05);
}

/// One at the beginning and ten at the very end of what was recorded: 10 ms, and 10, 20, … 100 ms, together 560 ms of eleven.
#[test]
fn the_last_that_came_counts() {
    let arrivals = (0..11).map(|at| (if at == 0 { 0.0 } else { 1.0 }, None)).collect();
    let report = forecast(&with_trace("load l \"L\" { trace t.csv; mix f }", Trace::new(arrivals, Vec::new())));
    close(mean(&report.runs[0]), 0.560 / 11.0, 0.001);
}

/// Ten in nine seconds, the last when the recording ends: eleven ninths a second of ten are not served, and ten ninths are, though
/// the last is answered after it. If all fail none is.
#[test]
fn the_last_that_came_is_served_if_it_succeeds() {
    let verdict = |errors: &str, over: &str| {
        let arrivals = (0..10).map(|at| (f64::from(at), None)).collect();
        let quality = format!(
            "load l \"L\" {{ trace t.csv; mix f }}\nquality q \"Q\" {{ require throughput flow=f over={over}/s }}"
        );
        let text = system("service a \"A\" concurrency=1", &quality, "u -> s.a \"x\" time=10ms distribution=fixed");
        let text = text.replace("\"asks\"", &format!("\"asks\" error-rate={errors}"));
        let mut arch = architecture(&text);
        let trace = Trace::new(arrivals, Vec::new());
        Arc::make_mut(&mut arch.traces).insert((FileId(0), "t.csv".into()), Arc::new(trace));
        forecast(&arch).judgements[0].verdict
    };
    assert_eq!(verdict("0%", "1.11"), groma_simulate::Verdict::Holds);
    assert_ne!(verdict("100%", "0.1"), groma_simulate::Verdict::Holds);
}
