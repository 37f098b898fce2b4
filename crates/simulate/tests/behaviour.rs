//! What the language can say happens in the simulation, from text to verdict.

mod common;

use common::{architecture, close, errors, in_use, mean, report, run, system};
use groma_simulate::{Assumption, Options, Verdict, judge};
use std::sync::atomic::AtomicBool;

#[test]
fn what_fails_is_done_by_the_fallback() {
    let text = |fallback: &str| {
        system(
            &format!(
                "service a \"A\"\nservice b \"B\"\ncache c \"C\"\na -> b \"x\" {{ error-rate 100%; latency 0ms; {fallback} }}\na -> c \"y\""
            ),
            "load l \"L\" rate=50/s",
            "u -> s.a \"x\" time=10ms law=fixed {\ns.a -> s.b \"x\" time=20ms law=fixed\nchance 0% { s.a -> s.c \"y\" time=5ms law=fixed }\n}",
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
    close(run.flows[0].throughput.as_ref().unwrap().value, 20.0 / 1.1, 0.02);
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
    assert!(run.assumptions.iter().any(|one| one.to_string().contains("200 ms old")), "{:?}", run.assumptions);
}

#[test]
fn the_hit_ratio_follows_from_what_is_in_a_cache() {
    let text = system(
        "service a \"A\"\ncache c \"C\" keys=1000 entries=250\ndatabase d \"D\" concurrency=10\na -> c \"x\"\na -> d \"y\"",
        "load l \"L\" rate=100/s",
        "u -> s.a \"x\" time=1ms {\ns.a -> s.c \"x\" time=1ms\nmiss s.c { s.a -> s.d \"y\" time=10ms }\n}",
    );
    // Three lookups of four miss.
    close(in_use(&run(&text), "s.d"), 0.075, 0.05);
}

#[test]
fn distance_takes_time() {
    let text = |placed: &str| {
        system(
            "service a \"A\"\nservice b \"B\"\na -> b \"x\"",
            &format!("load l \"L\" rate=20/s\ndeployment live \"Live\" {{\n{placed}\n}}"),
            "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=10ms law=fixed }",
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
fn a_load_follows_its_stages() {
    let text = system(
        "service a \"A\" concurrency=100",
        "load l \"L\" {\nstage 20s rate=100/s\nstage 20s rate=100/s\nstage 20s rate=0/s\n}",
        "u -> s.a \"x\" time=1ms",
    );
    let run = run(&text);
    let line = run.timeline.unwrap();
    let offered = |at: f64| line.flows[0].offered[line.ends.partition_point(|end| *end <= at)];
    close(offered(10.5), 50.0, 0.25);
    close(offered(30.5), 100.0, 0.2);
    close(offered(50.5), 50.0, 0.25);
    let requests: f64 = line.flows[0].offered.iter().zip(widths(&line.ends)).map(|(rate, width)| rate * width).sum();
    close(requests, 4_000.0, 0.05);
    let users = system(
        "service a \"A\" concurrency=100",
        "load l \"L\" {\nusers 0 think=1s\nstage 20s users=50\nstage 20s users=50\n}",
        "u -> s.a \"x\" time=1ms law=fixed",
    );
    let line = course(&users);
    let last = *line.flows[0].offered.last().unwrap();
    close(last, 50.0, 0.25);
}

/// The course of the only run of a text.
fn course(text: &str) -> groma_simulate::Timeline {
    run(text).timeline.unwrap()
}

fn widths(ends: &[f64]) -> impl Iterator<Item = f64> + '_ {
    ends.iter().enumerate().map(|(at, end)| end - if at == 0 { 0.0 } else { ends[at - 1] })
}

#[test]
fn autoscalers_follow_the_load_with_their_delay() {
    let text = system(
        "service a \"A\" concurrency=10 { replicas 1..8 target-cpu=50% every=10s delay=20s }",
        "load l \"L\" {\nstage 0s rate=200/s\nstage 3min rate=200/s\n}",
        "u -> s.a \"x\" time=100ms",
    );
    let line = course(&text);
    // 20 slots are asked for: at half in use that takes four replicas.
    let replicas = &line.stations[0].replicas;
    assert_eq!(replicas[0], 1.0);
    let at = |time: f64| replicas[line.ends.partition_point(|end| *end <= time)];
    assert_eq!(at(25.0), 1.0, "none starts before it is decided and 20 s have passed");
    // It goes beyond four for a while, as what has queued up keeps all busy, and comes to rest within a tenth of the target.
    let last = *replicas.last().unwrap();
    assert!((4.0..=5.0).contains(&last) || replicas.iter().any(|count| *count > 5.0), "{replicas:?}");
    assert!(at(70.0) >= 3.0 && replicas.iter().all(|count| *count <= 8.0), "{replicas:?}");
}

#[test]
fn autoscalers_take_away_only_after_five_minutes() {
    let text = system(
        "service a \"A\" concurrency=10 { replicas 1..8 target-cpu=50% every=10s delay=20s }",
        "load l \"L\" {\nstage 0s rate=200/s\nstage 10min rate=200/s\nstage 0s rate=10/s\nstage 15min rate=10/s\n}",
        "u -> s.a \"x\" time=100ms law=fixed",
    );
    let line = course(&text);
    let replicas = &line.stations[0].replicas;
    let at = |minutes: f64| replicas[line.ends.partition_point(|end| *end <= minutes * 60.0)];
    assert!((4.0..=5.0).contains(&at(9.5)), "{replicas:?}");
    assert!(at(14.0) >= 4.0, "{replicas:?}");
    assert_eq!(*replicas.last().unwrap(), 1.0);
    // A tenth of ten slots is in use then, and no more is ever counted than there is.
    assert!(line.stations[0].in_use.iter().all(|share| *share <= 1.0 + 1e-9), "{:?}", line.stations[0].in_use);
}

/// 150 requests a second at a service that can serve 200; whoever waits 200 ms asks again.
fn fragile(retry: &str) -> String {
    let inside = format!(
        "service a \"A\"\nservice b \"B\" concurrency=10\na -> b \"x\" {{ timeout 200ms; latency 0ms; {retry} }}"
    );
    let outside = "load l \"L\" rate=150/s\nfailure slow \"B is slow\" { slow s.b factor=5 for=20s }\nalert late \"Late\" { flow f; on error-rate over=20% for=5s }\nquality q \"Q\" { require recovery-time failure=slow under=90s }\n";
    system(&inside, outside, "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=50ms }")
}

#[test]
fn an_overload_that_sustains_itself_is_named() {
    let stuck = report(&fragile("retry 3"));
    let line = stuck.runs[0].timeline.as_ref().unwrap();
    let recovery = line.recovery.as_ref().unwrap();
    assert_eq!((recovery.recovered, recovery.stuck), (0, recovery.of), "{}", recovery.sentence());
    assert!(recovery.sentence().contains("metastable"));
    assert_eq!(stuck.judgements[0].verdict, groma_simulate::Verdict::Fails);
    // The same without retries becomes as before.
    let calm = report(&fragile(""));
    let line = calm.runs[0].timeline.as_ref().unwrap();
    let recovery = line.recovery.as_ref().unwrap();
    assert_eq!(recovery.recovered, recovery.of, "{}", recovery.sentence());
    // What has come for 20 s and could not be served waits: 110/s x 20 s, worked off at 50/s.
    close(recovery.took.as_ref().unwrap().value - recovery.lasts, 44.0, 0.15);
    assert_eq!(calm.judgements[0].verdict, groma_simulate::Verdict::Holds, "{:?}", calm.judgements[0]);
    // Calls are given up from 200 ms on, and five seconds of that are known at the end of the window after the one they begin in.
    let alarm = &line.alarms[0];
    assert_eq!(alarm.sounds, recovery.of);
    let window = line.ends[1] - line.ends[0];
    assert!((5.2..=5.2 + window).contains(&alarm.after.unwrap()), "{alarm:?}, windows of {window} s");
}

#[test]
fn a_partition_lets_calls_wait_until_they_are_given_up() {
    let text = |timeout: &str| {
        let inside = format!("service a \"A\"\nservice b \"B\"\na -> b \"x\" {{ latency 0ms; {timeout} }}");
        let outside = "load l \"L\" rate=50/s\nfailure cut \"B is cut off\" { partition s.b for=5min }\nquality q \"Q\" { require error-rate failure=cut under=1% }\n";
        system(&inside, outside, "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=10ms }")
    };
    let cut = report(&text("timeout 1s"));
    let run = &cut.runs[0];
    assert!(errors(run) > 0.99);
    // Without a timeout nobody hears anything for two minutes.
    let line = report(&text("")).runs.remove(0).timeline.unwrap();
    let (begin, _) = line.trouble.unwrap();
    let during = line.ends.partition_point(|end| *end <= begin + 60.0);
    assert_eq!((line.flows[0].failed[during], line.flows[0].answered[during]), (0.0, 0.0));
}

#[test]
fn damaged_data_are_gone_until_they_are_restored() {
    let text = system(
        "service a \"A\"\ndatabase d \"D\"\na -> d \"x\"",
        "load l \"L\" rate=20/s\nfailure lost \"D is damaged\" { corrupt s.d restore=2min }\nquality q \"Q\" { require recovery-time failure=lost under=3min }\n",
        "u -> s.a \"x\" time=1ms { s.a -> s.d \"x\" time=10ms }",
    );
    let report = report(&text);
    let took = report.judgements[0].estimate.as_ref().unwrap().value;
    assert!((120.0..130.0).contains(&took), "{took}");
}

/// A person, `s.a` that calls `s.b`, a load and a failure; the error rate while it lasts.
fn errors_during(inside: &str, load: &str, failure: &str) -> f64 {
    let text = system(
        &format!("service a \"A\"\nservice b \"B\"\n{inside}\na -> b \"x\" {{ timeout 1s; latency 0ms }}"),
        &format!(
            "{load}\nfailure x \"X\" {{ {failure} }}\nquality q \"Q\" {{ require error-rate failure=x under=1% }}\n"
        ),
        "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=10ms }",
    );
    let mut report = report(&text);
    errors(&report.runs.remove(0))
}

#[test]
fn a_system_fails_with_all_its_containers_and_failures_add_up() {
    let load = "load l \"L\" rate=50/s";
    assert!(errors_during("", load, "fail s for=30s") > 0.99);
    assert!(errors_during("", load, "fail s.b for=30s; fail s.b for=2min") > 0.99);
    close(
        errors_during("", load, "errors s.b share=20% for=2min; errors s.b share=50% for=2min"),
        1.0 - 0.8 * 0.5,
        0.1,
    );
}

#[test]
fn a_failure_after_the_end_tells_nothing() {
    let text = system(
        "service a \"A\"",
        "load l \"L\" {\nstage 20s rate=50/s\nstage 20s rate=50/s\n}\nfailure x \"X\" { fail s.a for=30s }\nquality q \"Q\" { require error-rate failure=x under=1% }\n",
        "u -> s.a \"x\" time=1ms",
    );
    let one = report(&text).judgements.remove(0);
    assert_eq!(one.verdict, groma_simulate::Verdict::Unknown, "{one:?}");
    assert!(one.reason.to_string().contains("the load has ended"), "{}", one.reason);
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
    let alarm = &report.runs[0].timeline.as_ref().unwrap().alarms[0];
    assert_eq!((alarm.sounds, alarm.too_early), (0, 0), "{}", alarm.sentence());
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
fn an_overload_of_cores_that_sustains_itself_is_named() {
    let text = fragile("retry 3").replace("concurrency=10", "cpu=10.0");
    let line = report(&text).runs.remove(0).timeline.unwrap();
    let recovery = line.recovery.unwrap();
    assert_eq!((recovery.recovered, recovery.stuck), (0, recovery.of), "{}", recovery.sentence());
}

/// Ten users who think for a tenth of a second ask 100 times a second if everything is found at once; with a time to live of
/// one second and a hundred keys alike, half is.
#[test]
fn hit_ratios_follow_from_how_often_users_come_again() {
    let text = system(
        "service a \"A\"\ncache c \"C\" keys=100 ttl=1s\ndatabase d \"D\" concurrency=100\na -> c \"x\" { latency 0ms }\na -> d \"y\" { latency 0ms }",
        "load l \"L\" { users 11 think=100ms }",
        "u -> s.a \"x\" time=0ms {\ns.a -> s.c \"x\" time=0ms\nmiss s.c { s.a -> s.d \"y\" time=20ms }\n}",
    );
    let found = run(&text).assumptions.iter().map(ToString::to_string).find(|one| one.contains("lookups")).unwrap();
    assert!(found.contains("finds 50% of 100 lookups"), "{found}");
}

#[test]
fn a_fallback_does_not_travel_as_far_as_what_failed() {
    let text = system(
        "service a \"A\"\nservice b \"B\"\ncache c \"C\"\na -> b \"x\" { error-rate 100%; latency 200ms; fallback \"s.c\" }\na -> c \"y\" { latency 1ms }",
        "load l \"L\" rate=50/s",
        "u -> s.a \"x\" time=0ms {\ns.a -> s.b \"x\" time=10ms law=fixed\nchance 0% { s.a -> s.c \"y\" time=5ms law=fixed }\n}",
    );
    close(mean(&run(&text)), 0.216, 0.01);
}

#[test]
fn availability_counts_fallbacks_and_some_of_several() {
    let judged = |inside: &str, flow: &str| {
        let outside = "load l \"L\" rate=1/s\nquality q \"Q\" { require availability flow=f over=1% }";
        report(&system(inside, outside, flow)).judgements[0].estimate.as_ref().unwrap().value
    };
    let parts = "service a \"A\" availability=100%\nservice b \"B\" availability=90%\nservice c \"C\" availability=90%\nservice d \"D\" availability=90%\na -> c \"x\"\na -> d \"x\"\n";
    let call = "u -> s.a \"x\" time=1ms { s.a -> s.b \"x\" time=1ms }";
    close(judged(&format!("{parts}a -> b \"x\""), call), 0.9, 1e-9);
    close(judged(&format!("{parts}a -> b \"x\" {{ fallback \"s.c\" }}"), call), 0.99, 1e-9);
    close(judged(&format!("{parts}a -> b \"x\" {{ fallback \"nothing\" }}"), call), 1.0, 1e-9);
    let some = |needed: u32| {
        format!(
            "u -> s.a \"x\" time=1ms {{ parallel needed={needed} {{\ns.a -> s.b \"x\" time=1ms\ns.a -> s.c \"x\" time=1ms\ns.a -> s.d \"x\" time=1ms\n}} }}"
        )
    };
    close(judged(&format!("{parts}a -> b \"x\""), &some(2)), 0.972, 1e-9);
    close(judged(&format!("{parts}a -> b \"x\""), &some(3)), 0.729, 1e-9);
}

/// Twice as much as can be served: whoever is served has waited for 50 ms at most.
#[test]
fn a_wait_for_a_slot_ends_in_time() {
    let text = |facts: &str| {
        system(
            &format!("service a \"A\" {{ concurrency 1; {facts} }}"),
            "load l \"L\" rate=200/s",
            "u -> s.a \"x\" time=10ms law=fixed",
        )
    };
    let all = run(&text("queue-timeout 50ms"));
    close(errors(&all), 0.5, 0.05);
    assert!(all.flows[0].quantiles[3].as_ref().unwrap().value < 0.0601, "{:?}", all.flows[0].quantiles[3]);
    // With patience that varies some are served that waited for longer.
    let drawn = run(&text("queue-timeout 50ms law=exponential"));
    close(errors(&drawn), 0.5, 0.05);
    assert!(drawn.flows[0].quantiles[3].as_ref().unwrap().value > 0.0601);
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

/// A hundred keys alike, asked ten times a second: each is missed once until all are there again.
#[test]
fn a_flushed_cache_fills_as_it_is_asked() {
    let text = |keys: &str, flush: &str| {
        system(
            &format!("service a \"A\"\ncache c \"C\" {{ {keys} }}\ndatabase d \"D\"\na -> c \"x\"\na -> d \"y\""),
            &format!(
                "load l \"L\" rate=10/s\nfailure x \"X\" {{ flush s.c {flush} }}\nquality q \"Q\" {{ require mean failure=x under=1h }}"
            ),
            "u -> s.a \"x\" time=0ms {\ns.a -> s.c \"x\" time=1ms\nmiss s.c { s.a -> s.d \"y\" time=20ms }\n}",
        )
    };
    let misses = |keys: &str, flush: &str| {
        let report = report(&text(keys, flush));
        let run = &report.runs[0];
        let database = run.stations.iter().find(|one| one.name == "s.d").unwrap();
        database.rate.as_ref().unwrap().value * run.seconds
    };
    close(misses("keys 100", ""), 100.0 * (1.0 - (-6.0_f64).exp()), 0.1);
    // If it stays empty for that long, nothing is ever found.
    close(misses("keys 100", "for=1min"), 600.0, 0.1);
    close(misses("hit-ratio 90%", ""), 600.0, 0.1);
}

/// Users are back to thinking times once a cache that was gone is full again.
#[test]
fn a_cache_that_was_gone_comes_back_empty() {
    let text = system(
        "service a \"A\"\ncache c \"C\" { keys 1000 }\ndatabase d \"D\"\na -> c \"x\" { fallback \"the database\" }\na -> d \"y\"",
        "load l \"L\" rate=100/s\nfailure x \"X\" { fail s.c for=30s }\nquality q \"Q\" { require recovery-time failure=x under=1h }",
        "u -> s.a \"x\" time=0ms {\ns.a -> s.c \"x\" time=1ms\nmiss s.c { s.a -> s.d \"y\" time=20ms }\n}",
    );
    let found = report(&text).judgements.remove(0).estimate.unwrap().value;
    // Ten seconds until 63% are found, 40 until 98% are; the rest of the way is within what counts as before.
    assert!((50.0..120.0).contains(&found), "{found}");
}

/// A hundred milliseconds on the way with each of five connections: no more than 5 / 0.101 s.
#[test]
fn a_connection_is_held_on_the_way() {
    let text = system(
        "service a \"A\"\ndatabase d \"D\"\na -> d \"x\" { pool 5; latency 100ms }",
        "load l \"L\" { users 50 think=1ms }",
        "u -> s.a \"x\" time=0ms { s.a -> s.d \"x\" time=1ms law=fixed }",
    );
    let run = run(&text);
    close(run.flows[0].throughput.as_ref().unwrap().value, 5.0 / 0.101, 0.01);
    close(run.analysis.capacity, 5.0 / 0.101, 1e-9);
}

/// Seven pairs of which one is enough, and one that is always needed: 0.99999 x (1 - 0.01²)^7.
#[test]
fn availability_of_many_parts_is_exact() {
    let each = |write: &dyn Fn(usize) -> String| (0..7).map(write).collect::<String>();
    let inside = format!(
        "service a \"A\" availability=99.999%\n{}",
        each(&|at| format!(
            "service b{at} \"B\" availability=99%\nservice c{at} \"C\" availability=99%\na -> b{at} \"x\" {{ fallback \"s.c{at}\" }}\na -> c{at} \"x\"\n"
        ))
    );
    let steps = each(&|at| format!("s.a -> s.b{at} \"x\" time=1ms\n"));
    let outside = "load l \"L\" rate=1/s\nquality q \"Q\" { require availability flow=f over=1% }";
    let text = system(&inside, outside, &format!("u -> s.a \"x\" time=1ms {{\n{steps}}}"));
    let found = report(&text).judgements[0].estimate.as_ref().unwrap().value;
    close(found, 0.99999 * (1.0_f64 - 0.0001).powi(7), 1e-9);
}

/// 46 a second at two slots that wait for one further on: each takes 40 ms alone, and 50 at two at once.
#[test]
fn what_is_served_is_seen_where_slots_wait_for_others() {
    let text = system(
        "service a \"A\" concurrency=2\ndatabase d \"D\" concurrency=1\na -> d \"x\" latency=0ms",
        "load l \"L\" rate=46/s\nquality q \"Q\" {\nrequire throughput of=s over=45/s\nrequire error-rate flow=f under=1%\n}",
        "u -> s.a \"x\" time=20ms { s.a -> s.d \"x\" time=20ms }",
    );
    let report = report(&text);
    let [throughput, errors] = &report.judgements[..] else { panic!("two") };
    assert_eq!(throughput.verdict, Verdict::Fails);
    // Exact by mean value analysis of two requests: 40 a second.
    close(throughput.estimate.as_ref().unwrap().value, 40.0, 0.01);
    // 6 of 46 are never answered, as is seen: formulas take the two slots to be enough.
    assert_eq!(errors.verdict, Verdict::Fails, "{}", errors.reason);
    close(errors.estimate.as_ref().unwrap().value, 6.0 / 46.0, 0.05);
}

/// The 99th percentile of M/M/1 at 90 of 100 a second is ln 100 / 10 = 460.5 ms: no seed may tell otherwise.
#[test]
fn verdicts_near_the_limit_are_right_or_none() {
    let judged = |limit: u32, seed: u64| {
        let text = system(
            "service a \"A\" concurrency=1",
            &format!("load l \"L\" rate=90/s\nquality q \"Q\" {{ require p99 flow=f under={limit}ms }}"),
            "u -> s.a \"x\" time=10ms",
        );
        let options = Options { seed, ..Options::default() };
        judge(&architecture(&text), &options, &AtomicBool::new(false), &|_, _, _| {}).judgements[0].verdict
    };
    for seed in 1..=4 {
        assert_ne!(judged(440, seed), Verdict::Holds);
        assert_ne!(judged(480, seed), Verdict::Fails);
    }
}

/// A standby that has taken over after half a minute ends the matter long before what failed is back.
#[test]
fn service_is_back_when_the_standby_has_taken_over() {
    let text = system(
        "service a \"A\"\ndatabase d \"D\" { failover automatic after=30s }\na -> d \"x\"",
        "deployment p \"P\" { region x \"X\" { instance s.d }\nregion y \"Y\" {\ninstance s.d standby=#true\ninstance s.a\n} }\nload l \"L\" rate=50/s\nfailure z \"Z\" { fail p.x for=5min }\nquality q \"Q\" { require recovery-time failure=z under=1min }",
        "u -> s.a \"x\" time=1ms { s.a -> s.d \"x\" time=1ms }",
    );
    let judged = report(&text).judgements.remove(0);
    let took = judged.estimate.as_ref().unwrap();
    assert!((25.0..45.0).contains(&took.value), "{took:?} {}", judged.reason);
    assert_eq!(judged.verdict, Verdict::Holds);
}

/// One slot of 100 ms is 60% in use by 6 calls a second. But a queue of 2 s, once in some hours, makes callers give up and call
/// again, up to 24 times a second: it never goes away. Whoever looks for half an hour mostly sees nothing of it.
#[test]
fn what_may_tip_over_by_chance_is_watched_for_long() {
    let text = format!(
        "{}quality q \"Q\" {{ require p95 flow=f under=2s; require error-rate flow=f under=1% }}\n",
        system(
            "service a \"A\"\nservice b \"B\" concurrency=1\na -> b \"x\" { latency 0ms; timeout 2s; retry 3 }",
            "load l \"L\" rate=6/s",
            "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=100ms }",
        )
    );
    let arch = architecture(&text);
    for seed in 1..=2 {
        let options = Options { seed, ..Options::default() };
        let report = judge(&arch, &options, &AtomicBool::new(false), &|_, _, _| {});
        assert!(report.judgements.iter().all(|one| one.verdict == Verdict::Fails), "{seed}: {:?}", report.judgements);
        let told = |one: &Assumption| one.to_string().starts_with("once s.b is overloaded");
        assert!(report.runs[0].assumptions.iter().any(told));
    }
}

/// What is required of a text, with so few events that nothing near saturation settles.
fn briefly_judged(text: &str) -> Vec<groma_simulate::Judgement> {
    let options = Options { most_events: 3_000_000, ..Options::default() };
    judge(&architecture(text), &options, &AtomicBool::new(false), &|_, _, _| {}).judgements
}

/// A queue at 99.5% of what it can serve takes four hours to settle, 200 of which would have to be seen, and one at 100.2%
/// seems to be settled for a day: whether formulas are certain of it or not, no number of it may be told.
#[test]
fn so_near_to_saturation_nothing_is_told() {
    let set_off = "u -> s.a \"x\" time=1ms { s.a -> s.b \"x\" time=100ms async=#true }";
    let required = "quality q \"Q\" { require mean of=s.b under=10h; require queue of=s.b under=1000000 }";
    let near = [
        ("rate 10.02/s", "concurrency=1000 queue-limit=1000", set_off),
        ("rate 9.99/s", "concurrency=1000 queue-limit=1000", set_off),
        ("users 199 think=20s", "", set_off),
        ("users 20 think=2s", "", set_off),
        // E can serve 8 a second of the 12 that come, and 99.2% of what B can serve is asked of it then.
        ("rate 12/s", "", "u -> s.a \"x\" time=1ms { s.a -> s.e \"x\" time=125ms; s.a -> s.b \"x\" time=124ms }"),
    ];
    for (load, limit, flow) in near {
        let others = "service b \"B\" concurrency=1\nservice e \"E\" concurrency=1\na -> b \"x\" latency=0s\na -> e \"x\" latency=0s";
        let inside = format!("service a \"A\" {limit}\n{others}");
        let text = system(&inside, &format!("load l \"L\" {{ {load} }}\n{required}"), flow);
        for judged in briefly_judged(&text) {
            assert_eq!(judged.verdict, Verdict::Unknown, "{load}, {limit}: {} {:?}", judged.reason, judged.estimate);
        }
    }
}

/// Of 10.02 that come 10 are served: which share is never answered shows after months. Of 12 it shows at once.
#[test]
fn which_share_is_never_answered_is_told_when_it_shows() {
    let judged = |rate: &str| {
        let outside = format!(
            "load l \"L\" rate={rate}\nquality q \"Q\" {{ require error-rate flow=f under=1%; require mean flow=f under=1h }}"
        );
        briefly_judged(&system("service a \"A\" concurrency=1", &outside, "u -> s.a \"x\" time=100ms"))
    };
    let [share, mean] = &judged("10.02/s")[..] else { panic!("two") };
    assert_eq!((share.verdict, mean.verdict), (Verdict::Unknown, Verdict::Fails), "{}", share.reason);
    let [share, _] = &judged("12/s")[..] else { panic!("two") };
    assert_eq!(share.verdict, Verdict::Fails);
    close(share.estimate.as_ref().unwrap().value, 1.0 / 6.0, 0.05);
}

/// A queue with a limit, or one that people leave, is known before that: it comes to rest whatever is asked of it.
#[test]
fn what_cannot_grow_comes_to_rest() {
    for limit in ["queue-limit=20", "queue-timeout=2s"] {
        let inside = format!("service a \"A\" concurrency=1 {limit}");
        let outside = "load l \"L\" rate=10/s\nquality q \"Q\" { require mean flow=f under=1h; require error-rate flow=f under=50% }";
        let text = system(&inside, outside, "u -> s.a \"x\" time=100ms");
        for judged in briefly_judged(&text) {
            assert_eq!(judged.verdict, Verdict::Holds, "{limit}: {}", judged.reason);
        }
    }
}

/// No estimate lies outside of what it can be, nor outside of its own interval.
#[test]
fn estimates_are_what_they_can_be() {
    let outside = "load l \"L\" rate=0.02/s\nquality q \"Q\" { require error-rate flow=f under=50%; require throughput flow=f over=0.001/s; require utilization of=s.a under=90%; require queue of=s.a under=1 }";
    let text = system("service a \"A\" concurrency=1", outside, "u -> s.a \"x\" time=40s error-rate=1%");
    for seed in 1..=5 {
        let options = Options { seed, most_events: 2_000, ..Options::default() };
        let report = judge(&architecture(&text), &options, &AtomicBool::new(false), &|_, _, _| {});
        let told = report.judgements.iter().filter_map(|judged| judged.estimate.as_ref());
        let flows = report.runs[0].flows.iter().flat_map(|flow| [&flow.throughput, &flow.error_rate, &flow.mean]);
        let stations = report.runs[0].stations.iter().flat_map(|one| [&one.utilization, &one.waiting, &one.rate]);
        for estimate in told.chain(flows.flatten()).chain(stations.flatten()) {
            assert!(
                estimate.low >= 0.0 && estimate.low <= estimate.value && estimate.value <= estimate.high,
                "{estimate:?}"
            );
        }
        for share in report.runs[0].stations.iter().filter_map(|one| one.utilization.as_ref()) {
            assert!(share.high <= 1.0, "{share:?}");
        }
    }
}

/// Who does not wait for what has not settled, and has nothing to do with it, is told as ever.
#[test]
fn what_has_not_settled_is_the_matter_of_those_who_wait_for_it() {
    let text = system(
        "service a \"A\"\nservice b \"B\" concurrency=1\nservice z \"Z\" concurrency=1\na -> b \"x\" latency=0s\na -> z \"x\" latency=0s",
        "flow h \"H\" { u -> s.a \"x\" time=1ms { s.a -> s.z \"x\" time=10ms } }\nload l \"L\" { rate 20/s; mix f; mix h }\nquality q \"Q\" { require mean flow=f under=1s; require mean flow=h under=1s; require mean of=s under=1s; require queue of=s.z under=1; require mean of=s.b under=10h }",
        "u -> s.a \"x\" time=1ms { s.a -> s.b \"x\" time=99.8ms async=#true }",
    );
    let verdicts: Vec<Verdict> = briefly_judged(&text).iter().map(|judged| judged.verdict).collect();
    let holds = Verdict::Holds;
    assert_eq!(verdicts, [holds, holds, holds, holds, Verdict::Unknown]);
}

/// One of a hundred calls fails for a minute: fewer than the 2% more that a recovery allows, whatever comes a second, though of a
/// group of thirty one may. Of five in a hundred it is more, until the failure is gone.
#[test]
fn a_few_failures_are_as_before_at_any_rate() {
    for rate in [10, 200] {
        for (share, expected) in [("1%", 0.0), ("5%", 60.0)] {
            let text = system(
                "service a \"A\"\nservice b \"B\"\na -> b \"x\" latency=0s",
                &format!(
                    "load l \"L\" rate={rate}/s\nfailure x \"X\" {{ errors s.b share={share} for=60s }}\nquality q \"Q\" {{ require recovery-time failure=x under=30s }}"
                ),
                "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=10ms law=fixed }",
            );
            let took = report(&text).judgements[0].estimate.clone().unwrap();
            assert!(took.low <= expected && expected <= took.high + 0.5, "{rate}/s, {share}: {took:?}");
        }
    }
}
