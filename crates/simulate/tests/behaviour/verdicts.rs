//! What is told of it, and what is not: near a limit, near saturation, of what has not settled.

use crate::common::{architecture, close, report, system};
use groma_simulate::{Assumption, Latency, Options, Verdict, judge};
use std::sync::atomic::AtomicBool;

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
        let flows = report.runs[0]
            .flows()
            .iter()
            .flat_map(|flow| [&flow.throughput, &flow.error_rate, &flow.latency[Latency::Mean]]);
        let stations = report.runs[0].stations().iter().flat_map(|one| [&one.utilization, &one.waiting, &one.rate]);
        for estimate in told.chain(flows.flatten()).chain(stations.flatten()) {
            assert!(
                estimate.low >= 0.0 && estimate.low <= estimate.value && estimate.value <= estimate.high,
                "{estimate:?}"
            );
        }
        for share in report.runs[0].stations().iter().filter_map(|one| one.utilization.as_ref()) {
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

/// 200/s fill the four slots behind the queue, which no user waits for; two slots before it are full at 2 / 5 ms = 400/s.
#[test]
fn what_users_wait_for_is_told_apart_from_what_they_fill() {
    let text = |slots: u32| {
        system(
            &format!(
                "service a \"A\" concurrency=2\nqueue q \"Q\"\nworker k \"K\" concurrency={slots}\na -> q \"x\" latency=0s\nq -> k \"x\" latency=0s"
            ),
            "load l \"L\" { users 100 think=1s }\nquality q \"Q\" { require users flow=f over=1 }",
            "u -> s.a \"x\" time=5ms { s.a -> s.q \"x\" async { s.q -> s.k \"x\" time=20ms } }",
        )
    };
    let told = report(&text(4));
    let analysis = &told.runs[0].analysis;
    assert_eq!(analysis.first_full.as_deref(), Some("s.a"));
    close(analysis.capacity, 400.0, 1e-9);
    let jam = analysis.jam.as_ref().unwrap();
    assert_eq!(jam.station, "s.k");
    close(jam.rate, 200.0, 1e-9);
    close(told.judgements[0].estimate.as_ref().unwrap().value, 400.0 * 1.005, 1e-6);
    assert!(told.judgements[0].reason.to_string().contains("s.a"), "{}", told.judgements[0].reason);
    // With room for all that can come, it never jams.
    assert_eq!(report(&text(9)).runs[0].analysis.jam, None);
}

/// What piles up behind an answer is never done: what is done of it is no measure of it. 100/s come, and 50 can be done
#[test]
fn of_what_piles_up_behind_an_answer_no_time_is_told() {
    let text = |rate: u32| {
        system(
            "service a \"A\"\nqueue q \"Q\"\nworker k \"K\" concurrency=1\na -> q \"x\" latency=0s\nq -> k \"x\" latency=0s",
            &format!("load l \"L\" rate={rate}/s\nquality q \"Q\" {{ require mean flow=f under=1s }}"),
            "u -> s.a \"x\" time=5ms { s.a -> s.q \"x\" async { s.q -> s.k \"x\" time=20ms distribution=fixed } }",
        )
    };
    let told = |rate: u32| report(&text(rate)).judgements[0].reason.to_string();
    let (calm, crowded) = (told(25), told(100));
    assert!(calm.contains("behind which `s.k` works on for 20 ms"), "{calm}");
    assert!(crowded.contains("behind which more and more is left to do for `s.k`"), "{crowded}");
}

/// At the peak alone all replicas are there, and the cache is full: before, requests wait for replicas to start, and more are asked of the
/// store. Where nothing lags behind the load nothing is worse before its peak.
#[test]
fn what_holds_at_the_peak_holds_before_only_if_nothing_lags_behind() {
    let text = |inside: &str, steps: &str| {
        let outside = "load l \"L\" {\nrate 2/s\nstage 1min rate=100/s\nstage 10h rate=100/s\n}\nquality q \"Q\" { require p95 flow=f under=10s; require mean flow=g under=10s }\nflow g \"G\" { u -> s.z \"x\" time=1ms }";
        let load = outside.replace("rate 2/s", "rate 2/s\nmix f; mix g");
        system(&format!("{inside}\nservice z \"Z\""), &load, steps)
    };
    let alone = "u -> s.a \"x\" time=5ms";
    let looks = "u -> s.a \"x\" time=5ms { s.a -> s.c \"x\" time=1ms; miss s.c { s.a -> s.d \"x\" time=1ms } }";
    let cache = |ttl: &str| {
        format!("service a \"A\"\ncache c \"C\" keys=1000 {ttl}\ndatabase d \"D\"\na -> c \"x\"\na -> d \"x\"")
    };
    let (unknown, holds) = (Verdict::Unknown, Verdict::Holds);
    for (text, expected) in [
        (text("service a \"A\" replicas=1..9 cpu=1", alone), [unknown, holds]),
        (text("service a \"A\" replicas=9 cpu=1", alone), [holds, holds]),
        (text(&cache("ttl=1min"), looks), [unknown, holds]),
        (text(&cache("entries=500"), looks), [holds, holds]),
    ] {
        let found = briefly_judged(&text);
        let verdicts: Vec<Verdict> = found.iter().map(|judged| judged.verdict).collect();
        assert_eq!(verdicts, expected, "{text}\n{}", found[0].reason);
    }
}

/// Ten users who think for 100 ms ask 90.9 times a second of what takes 10 ms and nobody waits for; at one slot they wait, and 79 are served.
#[test]
fn who_waits_asks_for_less_than_he_would() {
    let told = |slots: u32| {
        let text = system(
            &format!("service a \"A\" concurrency={slots}"),
            "load l \"L\" { users 10 think=100ms }\nquality q \"Q\" { require throughput over=95/s }",
            "u -> s.a \"x\" time=10ms",
        );
        report(&text).judgements[0].reason.to_string()
    };
    assert!(!told(1).contains("the load limits it"), "{}", told(1));
    assert!(told(10).contains("the load limits it"), "{}", told(10));
}

/// Whoever puts a message into a queue that is gone has his answer all the same: what holds says so.
#[test]
fn what_is_lost_behind_an_answer_is_told() {
    let told = |failing: &str| {
        let text = system(
            "service a \"A\"\nqueue q \"Q\"\nworker w \"W\"\na -> q \"x\"\nq -> w \"x\"",
            &format!(
                "load l \"L\" rate=20/s\nfailure x \"X\" {{ fail {failing} for=60s }}\nquality q \"Q\" {{ require error-rate under=1% failure=x; require p95 under=1s failure=x }}"
            ),
            "u -> s.a \"x\" time=5ms { s.a -> s.q \"x\" { s.q -> s.w \"x\" time=5ms } }",
        );
        let lost = |judged: &groma_simulate::Judgement| {
            assert_eq!(judged.verdict, Verdict::Holds);
            judged.reason.lost().iter().map(|lost| (lost.station.clone(), lost.share)).collect::<Vec<_>>()
        };
        report(&text).judgements.iter().map(lost).collect::<Vec<_>>()
    };
    for failing in ["s.q", "s.w"] {
        let all = vec![(failing.to_owned(), 1.0)];
        assert_eq!(told(failing), [all.clone(), all], "{failing}");
    }
}

/// A relay answers at once what a worker behind a queue does later.
fn relayed(worker: &str, outside: &str) -> String {
    system(
        &format!(
            "service a \"A\"\nservice r \"R\" concurrency=1000\nqueue q \"Q\"\nworker w \"W\" concurrency=10 {worker}\na -> r \"x\" latency=0s\nr -> q \"x\" latency=0s\nq -> w \"x\" latency=0s"
        ),
        outside,
        "u -> s.a \"x\" time=1ms { s.a -> s.r \"x\" time=10ms { s.r -> s.q \"x\" async { s.q -> s.w \"x\" time=10ms } } }",
    )
}

/// By hand: the worker does 10 / 10 ms = 1,000/s, the relay 100,000/s. What a throughput rests on is said in its reason.
#[test]
fn a_throughput_names_the_work_that_nobody_waits_for() {
    let told = |worker: &str, about: &str| {
        let outside = format!("load l \"L\" rate=50/s\nquality q \"Q\" {{ require throughput {about} over=5000/s }}");
        let judged = report(&relayed(worker, &outside)).judgements.remove(0);
        (judged.verdict, judged.reason.to_string())
    };
    assert_eq!(
        told("", "flow=f"),
        (
            Verdict::Fails,
            "the capacity for this mix of flows; bottleneck s.w; nobody waits for s.w, called by s.q, but with more its queue grows without end; answers alone could come at 100,000/s"
                .to_owned()
        )
    );
    let (verdict, reason) = told("queue-limit=100", "flow=f");
    assert_eq!(verdict, Verdict::Holds, "{reason}");
    let told_of_answers =
        "answers alone are counted: s.w, called by s.q, for which nobody waits, keeps up with 1,000/s, and ";
    assert!(reason.ends_with(&format!("{told_of_answers}what is more is turned away")), "{reason}");
    let (verdict, reason) = told("", "of=s.r");
    assert_eq!(verdict, Verdict::Holds, "{reason}");
    assert!(reason.ends_with(&format!("{told_of_answers}with more its queue grows without end")), "{reason}");
}

/// By hand: at a thirtieth of its speed the worker does 33/s of 500/s for 300 s, so that 140,000 messages wait. After that it does 500/s
/// more than come, and has worked them off 280 s later. With 990/s that takes 287,000 / 10 = 8 h, which nobody watches.
#[test]
fn a_backlog_that_no_answer_waits_for_is_told() {
    let told = |rate: u32| {
        let outside = format!(
            "load l \"L\" rate={rate}/s\nfailure x \"X\" {{ slow s.w factor=30 for=5min }}\nquality q \"Q\" {{ require recovery-time failure=x under=1min }}"
        );
        let judged = report(&relayed("", &outside)).judgements.remove(0);
        assert_eq!(judged.verdict, Verdict::Holds, "{}", judged.reason);
        let [backlog] = judged.reason.backlogs() else { panic!("{}", judged.reason) };
        assert_eq!(backlog.station, "s.w");
        (backlog.clone(), judged.reason.to_string())
    };
    let (backlog, reason) = told(500);
    close(backlog.most, 140_000.0, 0.05);
    assert!(reason.contains("answers: unaffected throughout; up to "), "{reason}");
    match backlog.until {
        Some((low, high)) => assert!(low <= 280.0 * 1.05 && 280.0 * 0.95 <= high, "{reason}"),
        None => {
            // Worked off at 500/s for as long as it was watched.
            close(backlog.left, 140_000.0 - 500.0 * backlog.observed, 0.1);
            assert!(reason.contains(" still when the watch ends"), "{reason}");
        }
    }
    let (backlog, reason) = told(990);
    assert_eq!(backlog.until, None, "{reason}");
    close(backlog.most, 287_000.0, 0.05);
}

/// Two regions: all calls of the web come to EU, where half of each service is, and so do all calls from the one to the other.
#[test]
fn calls_that_fill_regions_otherwise_are_all_told() {
    let text = system(
        "web w \"W\"\nservice a \"A\" concurrency=1\nservice b \"B\" concurrency=2\nw -> a \"x\"\nw -> b \"x\"\na -> b \"x\"",
        "deployment p \"P\" {\nregion eu \"EU\" { instance s.w; instance s.a; instance s.b }\nregion us \"US\" { instance s.a; instance s.b }\n}\nload l \"L\" rate=1/s\nquality q \"Q\" { require mean flow=f under=1s }",
        "u -> s.w \"x\" { s.w -> s.a \"x\" time=1ms { s.a -> s.b \"x\" time=1ms }; s.w -> s.b \"x\" time=1ms }",
    );
    let judged = report(&text).judgements.remove(0);
    assert_eq!(judged.verdict, Verdict::Unknown);
    let told = "(to s.a from s.w in eu: 100% of the calls, 50% of the replicas; to s.b from s.a in eu: 100% of the calls, 50% of the replicas; to s.b from s.w in eu: 100% of the calls, 50% of the replicas)";
    assert!(judged.reason.to_string().contains(told), "{}", judged.reason);
}

/// The replicas in the table of a failure are those that are at work in it, whether or not anything limits them: two of three where a host
/// is lost on which one runs, none where all of it fails, and where another takes over after 20 s of 60 two for two thirds of the time.
#[test]
fn replicas_that_a_failure_has_lost_are_not_at_work() {
    let at_work = |facts: &str, failing: &str| {
        let text = system(
            &format!("service a \"A\" {facts}"),
            &format!(
                "deployment p \"P\" {{ host h \"H\" {{ instance s.a replicas=2 }}; host k \"K\" {{ instance s.a }} }}\nload l \"L\" rate=20/s\nfailure x \"X\" {{ fail {failing} for=60s }}\nquality q \"Q\" {{ require error-rate under=1% failure=x }}"
            ),
            "u -> s.a \"x\" time=5ms",
        );
        let report = report(&text);
        let run = report.runs.iter().find(|run| run.failure.is_some()).unwrap();
        run.stations().iter().find(|station| station.name == "s.a").unwrap().replicas
    };
    for limit in ["", "concurrency=10", "cpu=2"] {
        close(at_work(limit, "p.k"), 2.0, 1e-9);
        assert_eq!(at_work(limit, "s.a"), 0.0, "{limit}");
        close(at_work(&format!("{limit} {{ failover automatic after=20s; }}"), "s.a"), 4.0 / 3.0, 0.01);
    }
}

/// Of what is never answered it is not known what it would rest on: on a fallback where there is one, and on a stale answer only where
/// that has a `max-age`.
#[test]
fn what_is_not_answered_rests_on_nothing_that_is_not_written() {
    let degraded = |policy: &str| {
        let inside = format!("service a \"A\" concurrency=4\nservice b \"B\"\na -> b \"x\" {{ timeout 1s; {policy} }}");
        let outside = "load l \"L\" rate=1000/s\nfailure gone \"Gone\" { fail s.b at=60s for=60s }\nquality q \"Q\" { require degraded flow=f under=1% failure=gone }";
        let flow = "u -> s.a \"x\" time=10ms { s.a -> s.b \"x\" time=1ms }";
        let found = report(&system(&inside, outside, flow));
        let degraded = found.judgements[0].degraded().unwrap();
        [(degraded.share.low, degraded.share.high), (degraded.stale.low, degraded.stale.high)]
    };
    assert_eq!(degraded("retry 1"), [(0.0, 0.0); 2]);
    let [(_, share), stale] = degraded("fallback \"nothing\"");
    assert!(share > 0.1 && stale == (0.0, 0.0), "{share} {stale:?}");
    let [_, (_, stale)] = degraded("fallback \"an old page\" max-age=1h");
    assert!(stale > 0.1, "{stale}");
}
