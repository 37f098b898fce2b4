//! What a simulation may take is bounded by what is done, however much of it one event does.

mod common;

use common::{architecture, system};
use groma_simulate::{Latency, Options, Run, judge};
use std::sync::atomic::AtomicBool;

/// The run of a service that does this for each of 10 requests a second, with so many events allowed.
fn run(body: &str, most_events: u64) -> Run {
    let inside = "service a \"A\"\nservice b \"B\"\na -> b \"x\" latency=0s";
    let outside = "load l \"L\" rate=10/s\nquality q \"Q\" { require mean flow=f under=1s }";
    let text = system(inside, outside, &format!("u -> s.a \"x\" time=1ms distribution=fixed {{ {body} }}"));
    let options = Options { most_events, threads: 1, ..Options::default() };
    judge(&architecture(&text), &options, &AtomicBool::new(false), &|_, _, _| {}).runs.remove(0)
}

/// Each request is a hundred thousand times as much work as events: it counts among those that are allowed, so that there are
/// fewer requests.
#[test]
fn blocks_without_events_are_counted() {
    let body = "repeat 100000 { chance 0% { s.a -> s.b \"x\" time=1ms } }";
    let few = run(body, 100_000);
    assert!(few.effort.events < 200_000, "{}", few.effort.events);
    assert!(
        few.flows().iter().all(|flow| flow.latency[Latency::Mean].is_none()),
        "less than one request a replication"
    );
    let more = run(body, 4_000_000);
    assert!(more.effort.events < 4_500_000, "{}", more.effort.events);
    assert!((more.flows()[0].latency[Latency::Mean].as_ref().unwrap().value - 0.001).abs() < 1e-9);
}
