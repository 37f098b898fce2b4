//! What a simulation may take is bounded by what is done, however much of it one event does.

mod common;

use common::{architecture, system};
use groma_simulate::{Options, Run, judge};
use std::sync::atomic::AtomicBool;

/// The run of a service that does this for each of 10 requests a second, with few events allowed.
fn run(body: &str) -> Run {
    let inside = "service a \"A\"\nservice b \"B\"\na -> b \"x\" latency=0s";
    let outside = "load l \"L\" rate=10/s\nquality q \"Q\" { require mean flow=f under=1s }";
    let text = system(inside, outside, &format!("u -> s.a \"x\" time=1ms law=fixed {{ {body} }}"));
    let options = Options { most_events: 200_000, threads: 1, ..Options::default() };
    judge(&architecture(&text), &options, &AtomicBool::new(false), &|_, _, _| {}).runs.remove(0)
}

/// At 10 requests a second 4,000 of them a replication would be a few thousand events, and a hundred thousand times as much work.
#[test]
fn blocks_without_events_are_counted() {
    let run = run("repeat 100000 { chance 0% { s.a -> s.b \"x\" time=1ms } }");
    assert!(run.refused.as_ref().is_some_and(|reason| reason.contains("too much happens")), "{:?}", run.refused);
}

/// Three million at once are kept at most: 600 requests that each set off 5,000. Each request is two events, it comes and its
/// work is done, and nothing of what it sets off ends before.
#[test]
fn what_is_set_off_by_few_events_is_bounded() {
    let run = run("repeat 5000 { s.a -> s.b \"x\" time=1000s law=fixed async=#true }");
    assert!(run.refused.as_ref().is_some_and(|reason| reason.contains("too much happens")), "{:?}", run.refused);
    let each = run.events / run.replications as u64;
    assert!(each <= 2 * 600, "{each} events a replication");
}
