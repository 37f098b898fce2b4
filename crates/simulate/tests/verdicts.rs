//! What verdicts mean: each case of `verdicts.json` from text to verdict, with what is right by hand. A case with a `precision` is
//! simulated until that is reached.

mod common;

use common::{architecture, report, report_with};
use groma_simulate::{Options, Verdict, judge};
use serde_json::Value;
use std::sync::atomic::AtomicBool;

#[test]
fn verdicts_are_what_is_right_by_hand() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("verdicts.json")).unwrap();
    assert!(cases.len() >= 25);
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let lines: Vec<&str> = case["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let usual = Options::default();
        let options = match case["precision"].as_f64() {
            Some(precision) => Options { precision, exhaustive: true, ..usual },
            None => usual,
        };
        let report = report_with(&format!("{}\n", lines.join("\n")), &options);
        let expected = case["expect"].as_array().unwrap();
        assert_eq!(report.judgements.len(), expected.len(), "{name}");
        for (nth, (found, expected)) in report.judgements.iter().zip(expected).enumerate() {
            let value = found.estimate.as_ref().map(|estimate| estimate.value).filter(|value| value.is_finite());
            let is_value_right = match (&expected["value"], value) {
                (Value::Null, value) => value.is_none() || expected.get("value").is_none(),
                (expected_value, Some(value)) => {
                    let (right, tolerance) =
                        (expected_value.as_f64().unwrap(), expected["tolerance"].as_f64().unwrap());
                    (value - right).abs() <= tolerance * right.abs()
                }
                (_, None) => false,
            };
            if found.verdict.word() != expected["verdict"] || !is_value_right {
                wrong.push(format!(
                    "{name}, requirement {nth}: {} {value:?} ({}), expected {expected}",
                    found.verdict.word(),
                    found.reason
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What happens so seldom that too little of it is seen, and matters: an interval that is made of what was seen alone would prove
/// what is false. Whatever the random numbers, none does.
#[test]
fn what_is_seen_too_seldom_is_allowed_for() {
    // Three failures in a row come once in 10,000 s, and then all fail for ten minutes: 6.6% of all, by renewal.
    let breaker = r#"
        person u "U"
        u -> s.a "x" latency=0s
        system s "S" { service a "A"; service b "B"; a -> b "x" { latency 0s; error-rate 1%; breaker failures=3 reset=10min } }
        flow f "F" { u -> s.a "x" time=1ms { s.a -> s.b "q" time=5ms } }
        load l "L" rate=100/s
        quality q "Q" { require error-rate flow=f under=4% }
    "#;
    // By Pollaczek and Khinchine 1.98 s: most of the second moment comes of times that hardly any request takes.
    let tail = r#"
        person u "U"
        u -> s.a "x" latency=0s
        system s "S" { service a "A" concurrency=1 }
        flow f "F" { u -> s.a "x" p50=10ms p99=2s }
        load l "L" rate=1/s
        quality q "Q" { require mean flow=f under=1.5s }
    "#;
    for (text, right) in [(breaker, 0.066), (tail, 1.983)] {
        for seed in 1..=6 {
            let options = Options { seed, most_events: 6_000_000, ..Options::default() };
            let found = report_with(text, &options).judgements.remove(0);
            let estimate = found.estimate.unwrap();
            assert_ne!(found.verdict, Verdict::Holds, "seed {seed}: {estimate:?}");
            assert!(estimate.low <= right && right <= estimate.high, "seed {seed}: {estimate:?}");
        }
    }
}

/// What comes out differently from run to run is told as a share with an interval, from at least 16 runs.
#[test]
fn a_split_outcome_is_told_as_a_share() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("verdicts.json")).unwrap();
    let case = cases.iter().find(|case| case["name"] == "outcomes that differ from run to run").unwrap();
    let lines: Vec<&str> = case["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let report = report(&lines.join("\n"));
    let recovery = report.runs[0].timeline().unwrap().recovery.as_ref().unwrap();
    assert!(recovery.of >= 16 && recovery.recovered > 0 && recovery.recovered < recovery.of, "{recovery:?}");
    let (low, high) = recovery.likely();
    let share = recovery.recovered as f64 / recovery.of as f64;
    assert!(low < share && share < high && high - low < 0.4, "{low} {share} {high}");
    assert!(report.judgements[0].reason.to_string().contains('%'), "{}", report.judgements[0].reason);
}

/// Where more is taken to be so than is written, it is told.
#[test]
fn what_was_taken_to_be_so_is_told() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" rate-limit=5/s queue-limit=5 }\nsystem p \"P\" external=#true { rate-limit 100/s }\nu -> s.a \"x\"\ns.a -> p \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=1ms { s.a -> p \"x\" time=1ms } }\nload l \"L\" rate=1/s\nquality q \"Q\" { require mean flow=f under=1s }\n";
    let report = report(text);
    let told = |words: &str| report.runs[0].assumptions.iter().any(|one| one.to_string().contains(words));
    assert!(told("the `rate-limit` of p applies to all calls together"), "{:?}", report.runs[0].assumptions);
    assert!(told("the `rate-limit` of s.a rejects nothing"), "{:?}", report.runs[0].assumptions);
    assert!(told("the `queue-limit` of s.a has no effect"), "{:?}", report.runs[0].assumptions);
    assert_eq!(report.judgements[0].verdict, Verdict::Holds);
    let _ = architecture(text);
}

/// That calls are as far as before in a failure is told where others answer them that are elsewhere.
#[test]
fn what_is_farther_in_a_failure_is_told() {
    let told = |us: &str| {
        let report = report(&format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\" {{ failover automatic after=10s; }} }}\nu -> s.a \"x\"\ndeployment p \"P\" {{ region eu {{ instance s.a; }}; region us {{ {us} }} }}\nflow f \"F\" {{ u -> s.a \"x\" time=1ms }}\nload l \"L\" rate=5/s\nfailure gone \"Gone\" {{ fail s.a for=1min; }}\nquality q \"Q\" {{ require error-rate failure=gone under=90%; }}\n"
        ));
        let failures = report.runs.iter().filter(|run| run.failure.is_some());
        let all = failures.flat_map(|run| &run.assumptions).map(ToString::to_string);
        all.filter(|one| one.contains("as long as before")).collect::<Vec<_>>()
    };
    let expected = "calls to s.a are on the network for as long as before, though others of its replicas answer them, which are in other zones";
    assert_eq!(told("instance s.a standby;"), [expected]);
    assert!(told("host h { }").is_empty());
}

/// Which share of the calls meets what is lost until others have taken over is told of those zones where calls are answered: a region where
/// the caller does not run has none, and is lost unnoticed; of callers in both it is all of one and none of the other.
#[test]
fn the_share_of_calls_that_a_loss_meets_is_told_by_zone() {
    let told = |callers: [&str; 2]| {
        let report = report(&format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\"; service b \"B\" {{ failover automatic after=20s; }}; a -> b \"x\" }}\nu -> s.a \"x\"\ndeployment p \"P\" {{ region eu {{ {} instance s.b }}; region us {{ {} instance s.b }} }}\nflow f \"F\" {{ u -> s.a \"x\" {{ s.a -> s.b \"x\" time=1ms }} }}\nload l \"L\" rate=5/s\nfailure gone \"Gone\" {{ fail p.eu for=1min; }}\nquality q \"Q\" {{ require error-rate failure=gone under=90%; }}\n",
            callers[0], callers[1]
        ));
        let all = report.runs.iter().flat_map(|run| &run.assumptions).map(ToString::to_string);
        all.filter(|one| one.contains("of the calls to s.b fail")).collect::<Vec<String>>()
    };
    assert_eq!(told(["", "instance s.a;"]), Vec::<String>::new());
    let until =
        "until the others have taken over, as its `failover` says: without one the others do all the work at once";
    assert_eq!(told(["instance s.a;", ""]), [format!("100% of the calls to s.b fail {until}")]);
    let both = told(["instance s.a;", "instance s.a;"]);
    assert_eq!(both, [format!("0% to 100%, by zone, of the calls to s.b fail {until}")]);
}

/// That what limits the replicas of all regions is computed together is told where calls stay in theirs.
#[test]
fn one_queue_for_regions_is_told() {
    let told = |limit: &str, us: &str| {
        let report = report(&format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\"; service d \"D\" {limit}; a -> d \"x\" }}\nu -> s.a \"x\"\ndeployment p \"P\" {{ region eu {{ instance s.a; instance s.d }}; region us {{ {us} }} }}\nflow f \"F\" {{ u -> s.a \"x\" {{ s.a -> s.d \"x\" time=1ms }} }}\nload l \"L\" rate=5/s\nquality q \"Q\" {{ require mean flow=f under=1s; }}\n"
        ));
        let all = report.runs.iter().flat_map(|run| &run.assumptions).map(ToString::to_string);
        all.filter(|one| one.contains("calls to s.d stay in their region")).count()
    };
    assert_eq!(told("concurrency=1", "instance s.a; instance s.d"), 1);
    assert_eq!(told("", "instance s.a; instance s.d"), 0);
    assert_eq!(told("concurrency=1", "instance s.a"), 0);
}

/// Where nothing says which of several relationships a call uses, one is taken, and told; where they do the same it is not.
#[test]
fn the_relationship_that_was_taken_is_told() {
    let text = |other: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\"; service b \"B\"; a -> b \"x\" pool=9; a -> b \"y\" {other} }}\nu -> s.a \"x\"\nflow f \"F\" {{ u -> s.a \"x\" time=1ms {{ s.a -> s.b \"z\" time=1ms }} }}\nload l \"L\" rate=1/s\nquality q \"Q\" {{ require mean flow=f under=1s }}\n"
        )
    };
    let told = |other: &str| {
        let report = report(&text(other));
        let all = report.runs[0].assumptions.iter().map(ToString::to_string);
        all.filter(|one| one.contains("that differ")).collect::<Vec<_>>()
    };
    let expected = "the call \"z\" uses s.a -> s.b \"x\", one of 2 that differ: nothing says which is meant";
    assert_eq!(told("pool=1"), [expected]);
    assert!(told("pool=9 breaker=#false").is_empty());
}

/// What is written and has no effect, and what is taken where not all is said, is told.
#[test]
fn what_has_no_effect_is_told() {
    let text = |guard: &str, flow: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\"; service b \"B\"; queue k \"K\" }}\nu -> s.a \"x\"\ns.a -> s.k \"x\"\ns.a -> s.b \"x\" {{ {guard} }}\nflow f \"F\" {{ u -> s.a \"x\" time=1ms {{ s.a -> s.b \"x\" time=1ms\n{flow} }} }}\nload l \"L\" rate=1/s\nquality q \"Q\" {{ require mean flow=f under=1s }}\n"
        )
    };
    let is_told = |guard: &str, flow: &str, words: &str| {
        let report = report(&text(guard, flow));
        let all = &report.runs[0].assumptions;
        all.iter().any(|one| one.to_string().contains(words))
    };
    let queue = "s.a -> s.k \"y\" time=1ms";
    for (guard, flow, words) in [
        ("timeout 100ms; hedge 200ms", "", "the `hedge` of s.a -> s.b has no effect"),
        ("breaker #true", "", "opens after 5 failures in a row and stays open for 30 s"),
        ("breaker failures=3", "", "the `breaker` of s.a -> s.b stays open for 30 s"),
        ("breaker failures=3 reset=1s half-open-rate=50%", "", "the `half-open-rate` of the `breaker` of s.a -> s.b"),
        ("retry 2 earned-by=successes", "", "`earned-by` and `budget-cap` of the `retry` of s.a -> s.b have no effect"),
        ("retry 2", "", "the `retry` of s.a -> s.b happens at once"),
        ("retry 2 backoff=exponential", "", "the first pause of the `retry` of s.a -> s.b is 100 ms"),
        ("timeout 1s", queue, "no caller waits for s.k, as it is a queue"),
        ("timeout 1s", "repeat 2 { s.a --> u \"early\" }", "\"early\" in \"F\" answers nothing where it stands"),
    ] {
        assert!(is_told(guard, flow, words), "{words}: {:?}", report(&text(guard, flow)).runs[0].assumptions);
    }
    for (guard, flow, words) in [
        ("timeout 200ms; hedge 100ms", "", "has no effect"),
        ("breaker failures=3 reset=1s half-open=2 half-open-rate=50%", "", "`breaker`"),
        ("breaker failures=3 reset=1s", "", "`breaker`"),
        ("retry 2 budget=20% earned-by=successes budget-cap=50", "", "`earned-by`"),
        ("retry 2 backoff=constant from=1s", "", "`retry`"),
        ("timeout 1s", "s.a -> s.k \"y\" time=1ms async=#true", "as it is a queue"),
        ("timeout 1s", "s.a --> u \"done\"", "answers nothing"),
    ] {
        assert!(!is_told(guard, flow, words), "{words}: {:?}", report(&text(guard, flow)).runs[0].assumptions);
    }
}

/// An autoscaler that can see too little is told of, and no capacity that it never comes to: 2 slots of 100 ms serve 20/s with
/// each replica, of whose cores (2 of them) 10% are in use then.
#[test]
fn an_autoscaler_that_never_scales_is_told() {
    let with = |facts: &str, rate: u32| {
        report(&format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\" concurrency=2 {{ replicas 1..4 {facts} }}; service b \"B\"; a -> b \"r\" latency=0s }}\nu -> s.a \"r\" latency=0s\nflow f \"F\" {{ u -> s.a \"x\" time=10ms {{ s.a -> s.b \"y\" time=90ms }} }}\nload l \"L\" rate={rate}/s\nquality q \"Q\" {{ require mean flow=f under=1s }}\n"
        ))
    };
    let stuck = "the autoscaler of s.a sees 10% of its cores in use when all its slots are taken, and adds no replicas for that at a `target-cpu` of 70%: it stays at 1, of 1 to 4; raise `concurrency`, lower `target-cpu`, or begin with more `replicas`";
    let full = "the autoscaler of s.a sees 100% in use at most, and adds no replicas for that at a `target-cpu` of 95%: it stays at 1, of 1 to 4; lower `target-cpu`, or begin with more `replicas`";
    for (facts, rate, told, capacity) in [
        ("; cpu 2", 10, stuck, 20.0),
        ("; cpu 2", 10_000, stuck, 20.0),
        // Within a tenth of its target nothing changes.
        ("target-cpu=95%", 10, full, 20.0),
        ("target-cpu=5%; cpu 2", 25, "s.a runs 3 replicas, of 1 to 4", 80.0),
        ("target-cpu=70%", 25, "s.a runs 2 replicas, of 1 to 4", 80.0),
    ] {
        let report = with(facts, rate);
        let run = &report.runs[0];
        assert!(run.assumptions.iter().any(|one| one.to_string() == told), "{facts}: {:?}", run.assumptions);
        assert!((run.analysis.capacity - capacity).abs() < 1e-6, "{facts}: {}", run.analysis.capacity);
    }
}

/// However many threads work, the same comes out of loads of every kind beside each other.
#[test]
fn threads_change_nothing_of_loads_beside_each_other() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" concurrency=2 }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=10ms }\nflow g \"G\" { u -> s.a \"y\" time=20ms }\nload l \"L\" { rate 20/s; arrivals bursty factor=4 burst=1s calm=2s; mix f; with m; with n }\nload m \"M\" { users 10 think=1s distribution=uniform; mix g }\nload n \"N\" { every 2s count=10 spread=1s }\nquality q \"Q\" { require mean flow=f under=1s; require p95 flow=g under=1s }\n";
    let told = |threads: usize| {
        let options = Options { threads, most_events: 2_000_000, ..Options::default() };
        let report = judge(&architecture(text), &options, &AtomicBool::new(false), &|_, _, _| {});
        format!("{:?}", report.judgements)
    };
    assert_eq!(told(1), told(3));
}

/// Errors that were never seen in a course of stages, and could have been, have an interval.
#[test]
fn errors_never_seen_in_a_course_have_an_interval() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" concurrency=50 queue-limit=1000 }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=10ms }\nload l \"L\" { stage 1min rate=100/s; stage 1min rate=100/s }\nquality q \"Q\" { require error-rate flow=f under=1% }\n";
    let report = report(text);
    let judgement = &report.judgements[0];
    let estimate = judgement.estimate.as_ref().unwrap();
    let requests: f64 = report.runs[0].effort.replications as f64 * 9_000.0;
    assert_eq!((estimate.value, estimate.low), (0.0, 0.0));
    assert!((estimate.high * requests / 3.689 - 1.0).abs() < 0.1, "{} of {requests}", estimate.high);
}

/// An answer from a fallback that was never given, and could have been, has an interval; where there is no fallback it has none.
#[test]
fn degraded_answers_never_seen_have_an_interval() {
    let text = |policy: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\" }}\nu -> s.a \"x\" {{ latency 0s; {policy} }}\nflow f \"F\" {{ u -> s.a \"x\" time=10ms }}\nload l \"L\" {{ stage 1min rate=100/s; stage 1min rate=100/s }}\nquality q \"Q\" {{ require degraded flow=f under=1% }}\n"
        )
    };
    let found = |policy: &str| {
        let report = report(&text(policy));
        let requests = report.runs[0].effort.replications as f64 * 9_000.0;
        (report.judgements[0].estimate.clone().unwrap(), requests)
    };
    let (estimate, requests) = found("fallback \"without\"");
    assert_eq!((estimate.value, estimate.low), (0.0, 0.0));
    assert!((estimate.high * requests / 3.689 - 1.0).abs() < 0.1, "{} of {requests}", estimate.high);
    assert_eq!(found("retry 1 backoff=constant").0.high, 0.0);
}

/// Where nothing succeeds there is no share of what does.
#[test]
fn nothing_is_degraded_where_nothing_succeeds() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=10ms error-rate=100% }\nload l \"L\" rate=10/s\nquality q \"Q\" { require degraded flow=f under=1%; require degraded of=s.a under=1% }\n";
    for judgement in report(text).judgements {
        assert_eq!(judgement.verdict, Verdict::Unknown);
        assert_eq!(judgement.reason.to_string(), "hardly any request succeeds");
    }
}

/// Of an M/M/1/5 queue that is asked for twice as much as it serves, who is not turned away waits for 314 ms of 414; those who are
/// take no time of his.
#[test]
fn requests_that_are_turned_away_take_no_time_of_others() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" concurrency=1 queue-limit=4 }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=100ms }\nload l \"L\" rate=20/s\nquality q \"Q\" { require mean flow=f under=200ms }\n";
    let reason = report(text).judgements[0].reason.to_string();
    assert!(reason.contains("76% of the time is waiting for s.a"), "{reason}");
}

/// What becomes of the requests of a course is told of the course, not of a failure.
#[test]
fn a_course_without_a_failure_is_told_as_one() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=1s }\nload l \"L\" { rate 10/s; stage 10s rate=10/s }\nquality q \"Q\" { require mean flow=f under=2s }\n";
    let reason = report(text).judgements[0].reason.to_string();
    assert!(reason.contains("of the requests that begin while the load is watched, 0% fail; "), "{reason}");
    assert!(reason.ends_with("succeed after that"), "{reason}");
}

/// 1,000 requests are held for 5 s on average, and 1,900 a second of them leave afterwards: 10 s / 2 + 526 ms / 2. The replicas
/// have queues of their own. What takes that time is named.
#[test]
fn held_calls_are_where_the_time_goes() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" replicas=2 concurrency=10 balance=round-robin }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=10ms distribution=fixed }\nload l \"L\" { rate 100/s; arrivals regular }\nfailure x \"X\" { fail s.a for=10s held }\nquality q \"Q\" { require mean flow=f failure=x under=1min }\n";
    let judgement = &report(text).judgements[0];
    let mean = judgement.estimate.as_ref().unwrap().value;
    assert!((mean / 5.263 - 1.0).abs() < 0.01, "{mean}");
    assert!(judgement.reason.to_string().contains("spent waiting until the failure ends"), "{}", judgement.reason);
}
