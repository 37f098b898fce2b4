//! What calls do: branches, policies, limits, and the way there and back.

use crate::common::{close, errors, in_use, mean, report, run, system};
use groma_simulate::Latency;

#[test]
fn what_fails_is_done_by_the_fallback() {
    let text = |fallback: &str| {
        system(
            &format!(
                "service a \"A\"\nservice b \"B\"\ncache c \"C\"\na -> b \"x\" {{ error-rate 100%; latency 0ms; {fallback} }}\na -> c \"y\""
            ),
            "load l \"L\" rate=50/s",
            "u -> s.a \"x\" time=10ms distribution=fixed {\ns.a -> s.b \"x\" time=20ms distribution=fixed\nchance 0% { s.a -> s.c \"y\" time=5ms distribution=fixed }\n}",
        )
    };
    close(errors(&run(&text(""))), 1.0, 1e-9);
    let goes_on = run(&text("fallback \"a default\""));
    assert_eq!(errors(&goes_on), 0.0);
    close(mean(&goes_on), 0.030, 0.01);
    let asks = run(&text("fallback \"s.c\""));
    assert_eq!(errors(&asks), 0.0);
    // On the network half a millisecond, as nothing is said of the way to the cache.
    close(mean(&asks), 0.0355, 0.005);
}

/// Of three exponential times the second is there after 1/3 + 1/2 of the mean.
#[test]
fn some_of_the_branches_are_enough() {
    let flow = "u -> s.a \"x\" time=0ms {\nparallel needed=2 {\ns.a -> s.b \"x\" time=100ms\ns.a -> s.b \"y\" time=100ms\ns.a -> s.b \"z\" time=100ms\n}\n}";
    let inside = |errors: &str| format!("service a \"A\"\nservice b \"B\"\na -> b \"x\" {{ latency 0ms; {errors} }}");
    close(mean(&run(&system(&inside(""), "load l \"L\" rate=20/s", flow))), 0.1 / 3.0 + 0.05, 0.05);
    // It fails if two of three do: 3 p² (1 - p) + p³.
    close(errors(&run(&system(&inside("error-rate 20%"), "load l \"L\" rate=20/s", flow))), 0.104, 0.1);
}

#[test]
fn each_user_may_call_so_often() {
    let text = system(
        "service a \"A\" { rate-limit 1/s per=user }",
        "load l \"L\" { users 20 think=100ms }",
        "u -> s.a \"x\" time=1ms",
    );
    let run = run(&text);
    // A second until the next call is allowed, and on average 0.1 s until the user thinks of it.
    close(run.flows()[0].throughput.as_ref().unwrap().value, 20.0 / 1.1, 0.02);
}

#[test]
fn a_breaker_opens_at_a_share_of_failures() {
    let text = |breaker: &str| {
        system(
            &format!("service a \"A\"\nservice b \"B\"\na -> b \"x\" {{ error-rate 40%; latency 0ms; {breaker} }}"),
            "load l \"L\" rate=100/s",
            "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=1ms }",
        )
    };
    close(errors(&run(&text(""))), 0.4, 0.05);
    // Three failures in a row come now and then; half of the last twenty is rarer; nine in ten never happens.
    let (in_a_row, half, never) = (
        errors(&run(&text("breaker failures=3 reset=1s"))),
        errors(&run(&text("breaker rate=50% calls=20 reset=1s"))),
        errors(&run(&text("breaker rate=90% calls=20 reset=1s"))),
    );
    assert!(in_a_row > half && half > 0.45, "{in_a_row} {half}");
    close(never, 0.4, 0.05);
    // More calls that must succeed keep it open for longer.
    assert!(errors(&run(&text("breaker failures=3 reset=1s half-open=5"))) > in_a_row);
}

#[test]
fn only_what_is_said_is_tried_again() {
    let text = |on: &str| {
        system(
            &format!(
                "service a \"A\"\nservice b \"B\"\na -> b \"x\" {{ error-rate 40%; latency 0ms; timeout 1s; retry 1 on=\"{on}\" }}"
            ),
            "load l \"L\" rate=100/s",
            "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=1ms }",
        )
    };
    close(errors(&run(&text("5xx, timeout"))), 0.16, 0.05);
    close(errors(&run(&text("timeout"))), 0.4, 0.05);
}

#[test]
fn what_only_reads_is_spread_over_read_replicas() {
    let flow =
        "u -> s.a \"x\" time=1ms {\ns.a -> s.d \"reads\" time=10ms read=#true\ns.a -> s.d \"writes\" time=10ms\n}";
    let text = system(
        "service a \"A\"\ndatabase d \"D\" concurrency=2 read-replicas=3 {\nread-replicas 3 lag=200ms\n}\na -> d \"x\"",
        "load l \"L\" rate=100/s",
        flow,
    );
    let run = run(&text.replace(" read-replicas=3 {", " {"));
    close(in_use(&run, "s.d"), 0.5, 0.05);
    close(in_use(&run, "s.d (read replicas)"), 1.0 / 6.0, 0.05);
    assert!(run.assumptions.iter().any(|one| one.to_string().contains("200 ms stale")), "{:?}", run.assumptions);
}

#[test]
fn distance_takes_time() {
    let text = |placed: &str| {
        system(
            "service a \"A\"\nservice b \"B\"\na -> b \"x\"",
            &format!("load l \"L\" rate=20/s\ndeployment live \"Live\" {{\n{placed}\n}}"),
            "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=10ms distribution=fixed }",
        )
    };
    let together = "region one \"One\" {\nhost m \"M\" { instance s.a; instance s.b }\n}";
    let apart = "region one \"One\" { instance s.a }\nregion two \"Two\" { instance s.b }";
    let zones = "region one \"One\" {\nregion x \"X\" { instance s.a }\nregion y \"Y\" { instance s.b }\n}";
    close(mean(&run(&text(together))), 0.0105, 0.01);
    close(mean(&run(&text(zones))), 0.0115, 0.01);
    close(mean(&run(&text(apart))), 0.080, 0.01);
}

#[test]
fn requests_that_take_long_are_no_failures() {
    let text = system(
        "service a \"A\"\nservice z \"Z\"",
        "load l \"L\" { rate 1/s; mix f }\nfailure x \"X\" { fail s.z for=1min }\nalert e \"E\" { on error-rate over=5% }\nquality q \"Q\" { require error-rate failure=x under=1% }\n",
        "u -> s.a \"x\" time=20s\nchance 0% { u -> s.z \"x\" time=1ms }",
    );
    let report = report(&text.replace("u -> s.a \"asks\"", "u -> s.a \"asks\"\nu -> s.z \"asks\""));
    assert_eq!(errors(&report.runs[0]), 0.0);
    let alert = &report.runs[0].timeline().unwrap().alerts[0];
    assert_eq!((alert.fired, alert.too_early), (0, 0), "{}", alert.sentence());
}

/// Users whose calls are given up, while what they asked for goes on and asks on.
#[test]
fn a_limit_for_each_user_knows_them_after_their_calls_are_given_up() {
    let text = system(
        "service a \"A\"\nservice b \"B\"\nservice c \"C\" { rate-limit 1000/s per=user }\na -> b \"x\" { timeout 10ms; latency 0ms }\nb -> c \"x\"",
        "load l \"L\" { users 5 think=10ms }",
        "u -> s.a \"x\" time=1ms { s.a -> s.b \"x\" time=50ms { s.b -> s.c \"x\" time=1ms } }",
    );
    assert!(errors(&run(&text)) > 0.5);
}

#[test]
fn a_fallback_does_not_travel_as_far_as_what_failed() {
    let text = system(
        "service a \"A\"\nservice b \"B\"\ncache c \"C\"\na -> b \"x\" { error-rate 100%; latency 200ms; fallback \"s.c\" }\na -> c \"y\" { latency 1ms }",
        "load l \"L\" rate=50/s",
        "u -> s.a \"x\" time=0ms {\ns.a -> s.b \"x\" time=10ms distribution=fixed\nchance 0% { s.a -> s.c \"y\" time=5ms distribution=fixed }\n}",
    );
    close(mean(&run(&text)), 0.216, 0.01);
}

/// Twice as much as can be served: whoever is served has waited for 50 ms at most.
#[test]
fn a_wait_for_a_slot_ends_in_time() {
    let text = |facts: &str| {
        system(
            &format!("service a \"A\" {{ concurrency 1; {facts} }}"),
            "load l \"L\" rate=200/s",
            "u -> s.a \"x\" time=10ms distribution=fixed",
        )
    };
    let all = run(&text("queue-timeout 50ms"));
    close(errors(&all), 0.5, 0.05);
    assert!(
        all.flows()[0].latency[Latency::P99].as_ref().unwrap().value < 0.0601,
        "{:?}",
        all.flows()[0].latency[Latency::P99]
    );
    // With patience that varies some are served that waited for longer.
    let drawn = run(&text("queue-timeout 50ms distribution=exponential"));
    close(errors(&drawn), 0.5, 0.05);
    assert!(drawn.flows()[0].latency[Latency::P99].as_ref().unwrap().value > 0.0601);
}

/// What goes first waits as if the rest were not there, but for the one being served.
#[test]
fn what_matters_goes_first_to_connections_too() {
    let text = |priority: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{\nservice a \"A\"\ndatabase d \"D\"\na -> d \"x\" {{ pool 1; latency 0ms }}\n}}\nu -> s.a \"x\"\nflow f \"F\" {priority} {{ u -> s.a \"x\" time=0ms {{ s.a -> s.d \"x\" time=10ms }} }}\nflow g \"G\" {{ u -> s.a \"y\" time=0ms {{ s.a -> s.d \"y\" time=10ms }} }}\nload l \"L\" rate=90/s {{ mix f weight=1; mix g weight=8 }}\n"
        )
    };
    let same = run(&text(""));
    close(mean(&same), 0.1, 0.1);
    // Cobham: the time being served on average, 0.9 x 10 ms, over what is left of the slot by those that go first.
    close(mean(&run(&text("priority=5"))), 0.010 + 0.009 / 0.9, 0.05);
}

/// A hundred milliseconds on the way with each of five connections: no more than 5 / 0.101 s.
#[test]
fn a_connection_is_held_on_the_way() {
    let text = system(
        "service a \"A\"\ndatabase d \"D\"\na -> d \"x\" { pool 5; latency 100ms }",
        "load l \"L\" { users 50 think=1ms }",
        "u -> s.a \"x\" time=0ms { s.a -> s.d \"x\" time=1ms distribution=fixed }",
    );
    let run = run(&text);
    close(run.flows()[0].throughput.as_ref().unwrap().value, 5.0 / 0.101, 0.01);
    close(run.analysis.capacity, 5.0 / 0.101, 1e-9);
}
