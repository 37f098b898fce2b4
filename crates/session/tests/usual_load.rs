//! Which load is meant where none is named: whatever the order in which loads stand.

use groma_session::{MemoryFileSystem, Session};
use groma_simulate::usual_load;
use std::path::Path;

/// The load that is meant, whatever the order of some.
#[track_caller]
fn check(expected: &str, loads: &[&str]) {
    let system = "person u \"U\"\nsystem s \"S\"\nu -> s \"Uses\"\nflow f \"F\" { u -> s \"Uses\" time=1ms }\nflow g \"G\" { u -> s \"Uses\" time=1ms }\n";
    let mut loads = loads.to_vec();
    for _ in 0..loads.len() {
        loads.rotate_left(1);
        let text = format!("{system}{}\n", loads.join("\n"));
        let snapshot =
            Session::open(&MemoryFileSystem::new(&[("w.groma", &text)]), Path::new("w.groma")).unwrap().snapshot();
        let load = usual_load(&snapshot.arch, &snapshot.arch.flows.ids().take(1).collect::<Vec<_>>()).expect("a load");
        assert_eq!(snapshot.arch.name(snapshot.arch.records[load].at), expected, "{text}");
    }
}

#[test]
fn the_one_that_asks_for_most_is_meant() {
    check("day", &["load day \"Day\" rate=10/s"]);
    check("peak", &["load day \"Day\" rate=10/s", "load peak \"Peak\" rate=50/s", "load night \"Night\" rate=1/s"]);
    // Its highest counts, whichever shape it has.
    check("grows", &["load day \"Day\" rate=40/s", "load grows \"Grows\" rate=1/s { stage 1min rate=50/s }"]);
    check("grows", &["load day \"Day\" rate=40/s", "load grows \"Grows\" { every 1min count=6000 }"]);
    check("people", &["load day \"Day\" rate=40/s", "load people \"People\" { users 100 think=2s }"]);
    check("day", &["load day \"Day\" rate=60/s", "load people \"People\" { users 100 think=2s }"]);
    // One that does not ask for the flow that is meant is not.
    check(
        "day",
        &["load day \"Day\" rate=40/s { mix f weight=1; }", "load other \"Other\" rate=50/s { mix g weight=1; }"],
    );
    check(
        "other",
        &["load day \"Day\" rate=40/s { mix g weight=1; }", "load other \"Other\" rate=50/s { mix g weight=1; }"],
    );
    // Those beside it come as well.
    check("both", &["load a \"A\" rate=60/s", "load both \"Both\" rate=1/s with=a"]);
    // Tests ask for more than is promised.
    check("day", &["load day \"Day\" rate=40/s", "load test \"Test\" rate=900/s proves=throughput"]);
    check("day", &["load day \"Day\" rate=40/s", "load test \"Test\" rate=900/s { threshold p95 flow=f under=1s }"]);
    // Of equals, the first by name; what says nothing is meant last.
    check("a", &["load b \"B\" rate=40/s", "load a \"A\" rate=40/s"]);
    check("b", &["load b \"B\" rate=40/s", "load a \"A\""]);
}
