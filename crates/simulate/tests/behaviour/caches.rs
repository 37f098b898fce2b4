//! Caches: what they find, and how they fill.

use crate::common::{close, in_use, report, run, system};

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
    assert!(found.contains("has a hit ratio of 50% at 100 lookups/s"), "{found}");
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
        let database = run.stations().iter().find(|one| one.name == "s.d").unwrap();
        database.rate.as_ref().unwrap().value * run.effort.seconds
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
