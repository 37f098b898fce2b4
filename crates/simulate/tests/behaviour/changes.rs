//! What changes under way: loads, autoscalers and failures.

use crate::common::{close, errors, report, run, system};
use groma_simulate::Verdict;

/// The course of the only run of a text.
fn course(text: &str) -> groma_simulate::Timeline {
    run(text).timeline().unwrap().clone()
}

fn widths(ends: &[f64]) -> impl Iterator<Item = f64> + '_ {
    ends.iter().enumerate().map(|(at, end)| end - if at == 0 { 0.0 } else { ends[at - 1] })
}

#[test]
fn a_load_follows_its_stages() {
    let text = system(
        "service a \"A\" concurrency=100",
        "load l \"L\" {\nstage 20s rate=100/s\nstage 20s rate=100/s\nstage 20s rate=0/s\n}",
        "u -> s.a \"x\" time=1ms",
    );
    let run = run(&text);
    let line = run.timeline().unwrap();
    let offered = |at: f64| line.flows[0].offered[line.ends.partition_point(|end| *end <= at)];
    close(offered(10.5), 50.0, 0.25);
    close(offered(30.5), 100.0, 0.2);
    close(offered(50.5), 50.0, 0.25);
    let requests: f64 = line.flows[0].offered.iter().zip(widths(&line.ends)).map(|(rate, width)| rate * width).sum();
    close(requests, 4_000.0, 0.05);
    let users = system(
        "service a \"A\" concurrency=100",
        "load l \"L\" {\nusers 0 think=1s\nstage 20s users=50\nstage 20s users=50\n}",
        "u -> s.a \"x\" time=1ms distribution=fixed",
    );
    let line = course(&users);
    let last = *line.flows[0].offered.last().unwrap();
    close(last, 50.0, 0.25);
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
        "u -> s.a \"x\" time=100ms distribution=fixed",
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
    let line = stuck.runs[0].timeline().unwrap();
    let recovery = line.recovery.as_ref().unwrap();
    assert_eq!((recovery.recovered, recovery.stuck), (0, recovery.of), "{}", recovery.sentence());
    assert!(recovery.sentence().contains("metastable"));
    assert_eq!(stuck.judgements[0].verdict, groma_simulate::Verdict::Fails);
    // The same without retries becomes as before.
    let calm = report(&fragile(""));
    let line = calm.runs[0].timeline().unwrap();
    let recovery = line.recovery.as_ref().unwrap();
    assert_eq!(recovery.recovered, recovery.of, "{}", recovery.sentence());
    // What has come for 20 s and could not be served waits: 110/s x 20 s, worked off at 50/s.
    close(recovery.took.as_ref().unwrap().value - recovery.lasts, 44.0, 0.15);
    assert_eq!(calm.judgements[0].verdict, groma_simulate::Verdict::Holds, "{:?}", calm.judgements[0]);
    // Calls are given up from 200 ms on, and five seconds of that are known at the end of the window after the one they begin in.
    let alert = &line.alerts[0];
    assert_eq!(alert.fired, recovery.of);
    let window = line.ends[1] - line.ends[0];
    assert!((5.2..=5.2 + window).contains(&alert.after.unwrap()), "{alert:?}, windows of {window} s");
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
    let line = report(&text("")).runs.remove(0).timeline().unwrap().clone();
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
    assert!(errors_during("", load, "fail s.b for=30s; fail s.b at=70s for=2min") > 0.99);
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
    assert!(one.reason.to_string().contains("the load ends after"), "{}", one.reason);
}

#[test]
fn an_overload_of_cores_that_sustains_itself_is_named() {
    let text = fragile("retry 3").replace("concurrency=10", "cpu=10.0");
    let line = report(&text).runs.remove(0).timeline().unwrap().clone();
    let recovery = line.recovery.unwrap();
    assert_eq!((recovery.recovered, recovery.stuck), (0, recovery.of), "{}", recovery.sentence());
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
                "u -> s.a \"x\" time=0ms { s.a -> s.b \"x\" time=10ms distribution=fixed }",
            );
            let took = report(&text).judgements[0].estimate.clone().unwrap();
            assert!(took.low <= expected && expected <= took.high + 0.5, "{rate}/s, {share}: {took:?}");
        }
    }
}
