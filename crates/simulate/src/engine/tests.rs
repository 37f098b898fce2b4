//! What must hold of every replication.

use super::*;
use crate::load::prepared;
use crate::network::CounterId;
use crate::route::Met;
use groma_base::FileId;
use groma_model::{decode::decode, link};
use std::sync::Arc;

/// The network and demand of a text's first load.
fn first_load(text: &str) -> (Network, Demand) {
    let (tree, errors) = groma_syntax::parse(text);
    assert_eq!(errors, []);
    let (arch, problems) = link(vec![Arc::new(decode(FileId(0), &tree))]);
    assert_eq!(problems, []);
    prepared(&arch, &Network::new(&arch))
}

/// What one replication counts of a text's first load.
fn counts(text: &str, seed: u64, seconds: f64) -> (Network, Replication) {
    let (network, demand) = first_load(text);
    let cancel = AtomicBool::new(false);
    let settings = Settings {
        seed,
        replication: 0,
        warm_up: seconds / 4.0,
        ends: &[seconds],
        judged: (0, 1),
        is_transient: false,
        most_events: u64::MAX,
        cancel: &cancel,
    };
    let replication = run(&network, &demand, &[], settings);
    (network, replication)
}

/// What one replication of a course counts, from the first moment on, while things go wrong at the first station.
fn course(text: &str, seconds: f64, faults: &[(FaultEffect, f64, f64)]) -> (Network, Replication) {
    let (network, demand) = first_load(text);
    let cancel = AtomicBool::new(false);
    let settings = Settings {
        seed: 1,
        replication: 0,
        warm_up: 0.0,
        ends: &[seconds],
        judged: (0, 1),
        is_transient: true,
        most_events: u64::MAX,
        cancel: &cancel,
    };
    let fault = |(effect, from, to): &(FaultEffect, f64, f64)| Fault { effect: effect.clone(), from: *from, to: *to };
    let faults: Vec<Fault> = faults.iter().map(fault).collect();
    let replication = run(&network, &demand, &faults, settings);
    (network, replication)
}

const NETWORK: &str = "person u \"U\"\nsystem s \"S\" {\n    service a \"A\" concurrency=4 queue-limit=20\n    service b \"B\" concurrency=2\n    service c \"C\" cpu=2\n    database d \"D\" concurrency=3\n    a -> b \"x\" { timeout 300ms; retry 2 backoff=exponential from=20ms jitter=#true budget=20%; breaker failures=8 reset=1s; fallback \"s.d\" }\n    a -> c \"x\" { hedge 50ms }\n    c -> d \"x\" { pool 2 connect-timeout=100ms; error-rate 2% }\n}\nu -> s.a \"x\"\nflow f \"F\" {\n    u -> s.a \"x\" time=5ms {\n        s.a -> s.b \"x\" time=30ms p99=200ms\n        parallel {\n            s.a -> s.c \"x\" time=10ms { s.c -> s.d \"x\" time=8ms }\n            s.a -> s.c \"y\" time=4ms distribution=uniform\n        }\n        chance 20% { repeat 1..3 { s.a -> s.b \"y\" time=3ms cv=2.0 } }\n        s.a -> s.d \"z\" time=1ms async=#true\n    }\n}\n";

#[test]
fn requests_are_conserved_and_littles_law_holds() {
    for load in [
        "load l \"L\" rate=40/s",
        "load l \"L\" { users 60 think=1s }",
        "load l \"L\" { users 60 think=1s distribution=fixed }",
        "load l \"L\" { rate 40/s; arrivals bursty factor=5 burst=1s calm=4s }",
        "load l \"L\" { every 1s count=30 at=100ms spread=500ms }",
        "load l \"L\" { users 30 think=1s p99=4s; with m }\nload m \"M\" { rate 10/s; with n }\nload n \"N\" { every 1s count=5; with o }\nload o \"O\" { users 5 think=1s }",
    ] {
        let (network, replication) = counts(&format!("{NETWORK}{load}\n"), 3, 2_000.0);
        assert_eq!(replication.arrivals, replication.completed + replication.in_flight, "{load}");
        let counts = replication.counts;
        for (station, count) in network.stations.iter().zip(&counts.stations) {
            if station.element.is_none() || station.cores.is_some() || count.served < 1_000 {
                continue;
            }
            let present = (count.busy + count.waiting) / counts.seconds;
            let expected = count.sojourn / counts.seconds;
            assert!((present - expected).abs() < 0.01 * expected, "{load} {}: {present} {expected}", station.name);
        }
    }
}

/// The same network where each replica has a queue of its own, and connections of its own.
fn balanced(balance: &str) -> String {
    let text = NETWORK.replace(
        "service a \"A\" concurrency=4",
        &format!("service a \"A\" replicas=2 balance={balance} concurrency=2"),
    );
    text.replace("service c \"C\" cpu=2", &format!("service c \"C\" replicas=2 balance={balance} cpu=1 concurrency=9"))
}

const BALANCES: [&str; 4] = ["round-robin", "random", "least-connections", "two-choices"];

#[test]
fn requests_are_conserved_among_replicas() {
    for balance in BALANCES {
        let (network, replication) = counts(&format!("{}load l \"L\" rate=40/s\n", balanced(balance)), 3, 2_000.0);
        assert_eq!(replication.arrivals, replication.completed + replication.in_flight, "{balance}");
        let counts = replication.counts;
        assert_eq!(counts.stations.len(), network.stations.len());
        let called = network.stations.iter().zip(&counts.stations).filter(|(station, _)| station.element.is_some());
        for (station, count) in called {
            let (present, expected) = (count.busy + count.waiting, count.sojourn);
            assert!((present - expected).abs() < 0.01 * expected, "{balance} {}: {present} {expected}", station.name);
            assert!(count.capacity > 0.0 && count.utilization() < 1.0, "{balance} {}", station.name);
        }
    }
}

/// Six come at once to two replicas and take 10 s each. One replica is lost after 5 s: it ends what it works on, and the two
/// that wait there go on behind those that wait at the other.
#[test]
fn who_waits_at_a_lost_replica_goes_to_another() {
    let text = |balance: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\" replicas=2 concurrency=1 balance={balance} }}\nu -> s.a \"x\" latency=0s\nflow f \"F\" {{ u -> s.a \"x\" time=10s distribution=fixed }}\nload l \"L\" {{ every 1h count=6 at=10s }}\n"
        )
    };
    for balance in ["round-robin", "least-connections", "two-choices"] {
        let lost = (FaultEffect::Lost(StationId::FIRST, 1), 15.0, 600.0);
        let flow = course(&text(balance), 1_000.0, &[lost]).1.counts.flows[CounterId::FIRST].clone();
        assert_eq!((flow.succeeded, flow.failed), (6, 0), "{balance}");
        assert!((flow.time - (10.0 + 10.0 + 20.0 + 30.0 + 40.0 + 50.0)).abs() < 1e-6, "{balance}: {}", flow.time);
        // It comes back while they still wait: who waits stays where he is.
        let lost = (FaultEffect::Lost(StationId::FIRST, 1), 15.0, 25.0);
        let flow = course(&text(balance), 1_000.0, &[lost]).1.counts.flows[CounterId::FIRST].clone();
        assert!((flow.time - 160.0).abs() < 1e-6, "{balance}: {}", flow.time);
        // Where none is left nobody waits any more.
        let lost = (FaultEffect::Lost(StationId::FIRST, 2), 15.0, 25.0);
        let flow = course(&text(balance), 1_000.0, &[lost]).1.counts.flows[CounterId::FIRST].clone();
        assert_eq!((flow.succeeded, flow.failed), (2, 4), "{balance}");
    }
}

/// Replicas come and go while everything is under way, some are slow and some are lost: nobody is forgotten, and what all
/// can do is counted once.
#[test]
fn replicas_that_come_and_go_lose_nobody() {
    for balance in BALANCES {
        let text = balanced(balance).replace("replicas=2", "replicas=1..6")
            + "load l \"L\" { stage 5min rate=20/s; stage 10min rate=150/s; stage 10min rate=5/s; stage 10min rate=5/s }\n";
        let slow = |before: f64| FaultEffect::Slow {
            station: StationId::FIRST,
            factor: 5.0,
            share: 0.5,
            before,
            met: Met::Everywhere(0.5),
        };
        let lost = FaultEffect::Lost(StationId::FIRST, 1);
        let faults = [
            (slow(0.0), 300.0, 900.0),
            (slow(0.5), 600.0, 700.0),
            (lost.clone(), 500.0, 1_000.0),
            (lost, 800.0, 900.0),
        ];
        let (network, replication) = course(&text, 2_100.0, &faults);
        assert_eq!(replication.arrivals, replication.completed + replication.in_flight, "{balance}");
        assert!(replication.in_flight < 20, "{balance}: {}", replication.in_flight);
        let first = &replication.counts.stations[StationId::FIRST];
        let most = f64::from(network.stations[StationId::FIRST].range.1) * 2.0 * replication.counts.seconds;
        assert!(first.capacity < most && first.busy < first.capacity, "{balance}: {first:?}");
        assert!(((first.busy + first.waiting) / first.sojourn - 1.0).abs() < 0.01, "{balance}: {first:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_and_another_gives_another() {
    let text = format!("{NETWORK}load l \"L\" rate=40/s\n");
    let time = |seed| counts(&text, seed, 100.0).1.counts.flows[CounterId::FIRST].time;
    assert_eq!(time(1).to_bits(), time(1).to_bits());
    assert_ne!(time(1).to_bits(), time(2).to_bits());
}

/// Two loads that ask for the same do so independently of each other: with the same random numbers each request would come
/// together with one of the other load.
#[test]
fn loads_beside_each_other_draw_their_own_numbers() {
    let text = |load: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\" concurrency=1 }}\nu -> s.a \"x\"\nflow f \"F\" {{ u -> s.a \"x\" time=10ms distribution=fixed }}\n{load}\n"
        )
    };
    let mean = |load: &str| {
        let counts = counts(&text(load), 1, 20_000.0).1.counts;
        let flow = &counts.flows[CounterId::FIRST];
        flow.time / flow.succeeded as f64
    };
    let (one, two) =
        (mean("load l \"L\" rate=20/s"), mean("load l \"L\" rate=10/s { with m; }\nload m \"M\" rate=10/s"));
    assert!((one / two - 1.0).abs() < 0.01, "{one} {two}");
}

#[test]
fn what_things_are_called_and_where_they_stand_changes_nothing() {
    let text = format!("{NETWORK}load l \"L\" rate=40/s\n");
    let renamed = text.replace("s.b", "s.bank").replace("service b ", "service bank ").replace("a -> b ", "a -> bank ");
    let moved = text
        .replace("    service b \"B\" concurrency=2\n", "")
        .replace("    database d", "    // B stands here now\n    service b \"B\" concurrency=2\n    database d");
    let told = |text: &str| {
        let counts = counts(text, 1, 200.0).1.counts;
        let flow = &counts.flows[CounterId::FIRST];
        (flow.succeeded, flow.failed, flow.time.to_bits(), flow.times.quantiles(&[0.99])[0].to_bits())
    };
    assert_eq!(told(&text), told(&renamed));
    assert_eq!(told(&text), told(&moved));
}

/// Three million at once are kept at most: 600 requests that each set off 5,000. Of each request only its coming and the end of
/// its work are events, and 5,000 rounds that set something off; nothing of what it sets off ends before.
#[test]
fn what_is_set_off_by_few_events_is_bounded() {
    let text = "person u \"U\"\nsystem s \"S\" {\n    service a \"A\"\n    service b \"B\"\n    a -> b \"x\" latency=0s\n}\nu -> s.a \"x\"\nflow f \"F\" { u -> s.a \"x\" time=1ms distribution=fixed { repeat 5000 { s.a -> s.b \"x\" time=1000s distribution=fixed async=#true } } }\nload l \"L\" rate=10/s\n";
    let (_, replication) = counts(text, 1, 400.0);
    assert!(replication.overflowed);
    let of_a_request = 2 + 2 * 5_000 / STEPS_OF_AN_EVENT;
    assert!(replication.events <= of_a_request * 600, "{} events", replication.events);
}
