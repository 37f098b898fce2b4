//! What follows from where containers run: processors that are shared, zones that are lost, standbys that take over.

mod common;

use common::{close, errors, in_use, mean, report, run, system};
use groma_simulate::{Run, Verdict};

/// A person who calls `s.a` and `s.b` alike, which run as the deployment says.
fn two_services(facts: &str, rate: f64, deployment: &str) -> Run {
    run(&format!(
        "person u \"U\"\nsystem s \"S\" {{\nservice a \"A\" {{ {facts} }}\nservice b \"B\" {{ {facts} }}\n}}\nu -> s.a \"x\"\nu -> s.b \"x\"\nflow f \"F\" {{ u -> s.a \"x\" time=10ms }}\nflow g \"G\" {{ u -> s.b \"x\" time=10ms }}\nload l \"L\" rate={rate:?}/s\ndeployment d \"D\" {{\n{deployment}\n}}\n"
    ))
}

/// Two services that each use 40% of a processor wait for each other as if one used 80%: 10 ms / (1 - 0.8).
#[test]
fn what_runs_on_a_host_shares_its_processors() {
    let alone = two_services("", 80.0, "instance s.a\ninstance s.b");
    close(mean(&alone), 0.010, 0.02);
    let shared = two_services("", 80.0, "host h \"H\" cpu=1 {\ninstance s.a\ninstance s.b\n}");
    close(in_use(&shared, "host d.h"), 0.8, 0.03);
    close(mean(&shared), 0.050, 0.06);
    close(shared.flows()[0].mean_by_formula.unwrap(), 0.050, 1e-9);
    // Two machines with a core each are two cores; one on each host is one queue each, with half of the work.
    let twice = two_services("", 80.0, "host h \"H\" cpu=1 machines=2 {\ninstance s.a\ninstance s.b\n}");
    close(in_use(&twice, "host d.h"), 0.4, 0.03);
    let apart = two_services("", 80.0, "host h \"H\" cpu=1 { instance s.a }\nhost i \"I\" cpu=1 { instance s.b }");
    close(mean(&apart), 0.010 / 0.6, 0.05);
}

/// One of three replicas is on a host of its own.
#[test]
fn work_goes_to_hosts_as_replicas_do() {
    let spread = two_services(
        "",
        40.0,
        "host h \"H\" cpu=1 { instance s.a replicas=2 }\nhost i \"I\" cpu=1 { instance s.a }\ninstance s.b",
    );
    close(in_use(&spread, "host d.h"), 0.2 * 2.0 / 3.0, 0.05);
    close(in_use(&spread, "host d.i"), 0.2 / 3.0, 0.05);
}

/// What has cores of its own takes them away from the others.
#[test]
fn cores_of_ones_own_are_not_shared() {
    let text = |cpu: &str| {
        format!(
            "person u \"U\"\nsystem s \"S\" {{\nservice a \"A\" {{ {cpu} }}\nservice b \"B\"\n}}\nu -> s.a \"x\"\nu -> s.b \"x\"\nflow f \"F\" {{ u -> s.a \"x\" time=10ms }}\nflow g \"G\" {{ u -> s.b \"x\" time=10ms }}\nload l \"L\" rate=80.0/s\ndeployment d \"D\" {{ host h \"H\" cpu=2 {{\ninstance s.a\ninstance s.b\n}} }}\n"
        )
    };
    close(in_use(&run(&text("")), "host d.h"), 0.4, 0.03);
    let own = run(&text("cpu 1"));
    close(in_use(&own, "host d.h"), 0.4, 0.03);
    close(in_use(&own, "s.a"), 0.4, 0.03);
}

/// `s.a` in two zones, and what is required while something fails.
fn zones(facts: &str, instances: &str, failure: &str, rate: u32) -> Run {
    let text = system(
        &format!(
            "service a \"A\" {{ {facts} }}\nservice b \"B\" failover=automatic\na -> b \"x\" {{ timeout 1s; latency 0ms }}"
        ),
        &format!(
            "deployment d \"D\" {{ region eu \"EU\" {{\n{instances}\n}} }}\nload l \"L\" rate={rate}/s\nfailure x \"X\" {{ {failure} }}\nquality q \"Q\" {{ require error-rate failure=x under=1% }}\n"
        ),
        "u -> s.a \"x\" time=10ms { s.a -> s.b \"x\" time=10ms }",
    );
    let mut report = report(&text);
    let run = report.runs.remove(0);
    assert_eq!(run.not_simulated(), None);
    run
}

const TWO_ZONES: &str =
    "region a \"A\" { instance s.a replicas=2 }\nregion b \"B\" {\ninstance s.a replicas=2\ninstance s.b replicas=1\n}";

/// Four slots at 20 ms serve 200 a second, two of them 100.
#[test]
fn half_of_the_replicas_are_lost_with_their_zone() {
    let few = zones("concurrency 1; queue-limit 10", TWO_ZONES, "fail eu.a for=2min", 60);
    close(in_use(&few, "s.a"), 0.6, 0.05);
    assert!(errors(&few) < 0.01);
    let many = zones("concurrency 1; queue-limit 10", TWO_ZONES, "fail d.eu.a for=2min", 180);
    assert!(errors(&many) > 0.4, "{}", errors(&many));
    assert!(
        many.assumptions.iter().any(|one| one.to_string() == "s.a loses 2 of 4 replicas"),
        "{:?}",
        many.assumptions
    );
}

#[test]
fn all_is_lost_with_the_only_zone() {
    assert!(errors(&zones("concurrency 5", TWO_ZONES, "fail eu for=1min", 20)) > 0.99);
    // The other service runs in one zone only.
    assert!(errors(&zones("concurrency 5", TWO_ZONES, "fail eu.b for=1min", 20)) > 0.99);
}

/// The other service takes the minute that is the default: nobody answers until both are there.
#[test]
fn a_standby_takes_over() {
    let instances = "region a \"A\" {\ninstance s.a\ninstance s.b\n}\nregion b \"B\" {\ninstance s.a standby=#true\ninstance s.b standby=#true\n}";
    let parts = |failover: &str| format!("concurrency 5; {failover}");
    let of = |failover: &str| errors(&zones(&parts(failover), instances, "fail eu.a for=100s", 30));
    close(of("failover automatic after=20s"), 0.6, 0.03);
    close(of("failover automatic after=80s"), 0.8, 0.03);
    assert!(of("failover manual") > 0.99);
}

/// Pods that are lost with their zone are started elsewhere.
#[test]
fn an_autoscaler_replaces_what_is_lost() {
    let run = zones("replicas 4..8 delay=20s; concurrency 5", TWO_ZONES, "fail eu.a for=2min", 20);
    let line = run.timeline().unwrap();
    let station = line.stations.iter().find(|station| station.name == "s.a").unwrap();
    let replicas: Vec<f64> = station.replicas.clone();
    let (least, last) = (replicas.iter().copied().fold(f64::MAX, f64::min), *replicas.last().unwrap());
    assert!(least <= 2.5 && last >= 4.0, "{replicas:?}");
}

/// A call from a to b: half of the callers are in the other zone.
#[test]
fn zones_that_do_not_see_each_other() {
    let run = zones("concurrency 50", TWO_ZONES, "partition eu.a from=eu.b for=1min", 20);
    close(errors(&run), 0.5, 0.1);
}

/// Half of the work takes five times as long: 60 ms instead of 20, of which 10 are not at the slow place.
#[test]
fn a_slow_place_slows_what_runs_there() {
    let text = zones("concurrency 50", TWO_ZONES, "slow eu.a factor=5 for=1min", 20);
    close(mean(&text), 0.010 + 0.5 * (0.010 + 0.050), 0.1);
}

/// Failures every thousand hours that take an hour, of a part with a standby that takes a minute.
#[test]
fn availability_counts_standbys_and_how_long_they_take() {
    let judged = |instances: &str, failover: &str| {
        let outside = format!(
            "deployment d \"D\" {{\n{instances}\n}}\nload l \"L\" rate=1/s\nquality q \"Q\" {{ require availability flow=f over=1% }}"
        );
        let inside = format!("service a \"A\" {{ mtbf 1000h; mttr 1h; {failover} }}");
        report(&system(&inside, &outside, "u -> s.a \"x\" time=1ms")).judgements[0].estimate.as_ref().unwrap().value
    };
    let gone = 1.0_f64 / 1001.0;
    close(judged("instance s.a", ""), 1.0 - gone, 1e-12);
    let both = "instance s.a\ninstance s.a standby=#true";
    // Both are gone, or one is, and neither has the other taken over nor a repair of an hour on average ended.
    let switching = gone * (1.0 - gone) * (1.0 - (-1.0_f64 / 60.0).exp());
    close(judged(both, "failover automatic after=1min"), 1.0 - gone * gone - switching, 1e-12);
    close(judged(both, "failover manual after=1min"), 1.0 - gone * gone - switching, 1e-12);
    close(judged(both, "failover manual"), 1.0 - gone, 1e-12);
    // What is not said takes a minute, as in a failure.
    close(judged(both, "failover automatic"), 1.0 - gone * gone - switching, 1e-12);
}

/// Which host is written first changes no number.
#[test]
fn the_order_of_hosts_changes_nothing() {
    let judged = |hosts: [&str; 2]| {
        let parts = "service a \"A\" { concurrency 20 }";
        let outside = format!(
            "deployment d \"D\" {{\n{}\n{}\n}}\nload l \"L\" rate=40/s\nquality q \"Q\" {{ require p95 flow=f under=1s }}",
            hosts[0], hosts[1]
        );
        let report = report(&system(parts, &outside, "u -> s.a \"x\" time=40ms"));
        report.judgements[0].estimate.as_ref().unwrap().value
    };
    let (one, other) = ("host h \"H\" cpu=1 { instance s.a }", "host k \"K\" cpu=4 { instance s.a replicas=2 }");
    assert_eq!(judged([one, other]), judged([other, one]));
}

/// What places are called changes no number, also of places that differ in nothing but their names.
#[test]
fn names_of_places_change_nothing() {
    let judged = |[eu, us, host]: [&str; 3]| {
        let parts = "service a \"A\"; service b \"B\" { concurrency 20 }; a -> b \"x\"";
        let outside = format!(
            "deployment d \"D\" {{ region {eu} {{ host {host} cpu=1 {{ instance s.a; instance s.b }} }}; region {us} {{ host {host} cpu=1 {{ instance s.a; instance s.b }} }} }}\nload l \"L\" rate=20/s\nfailure x \"X\" {{ slow {eu} factor=3 for=1min }}\nquality q \"Q\" {{ require p95 flow=f under=1s; require mean flow=f under=1s failure=x }}"
        );
        let report = report(&system(parts, &outside, "u -> s.a \"x\" time=10ms { s.a -> s.b \"x\" time=10ms }"));
        let numbers = |one: &groma_simulate::Judgement| one.estimate.as_ref().map(|one| (one.value, one.low, one.high));
        report.judgements.iter().map(numbers).collect::<Vec<_>>()
    };
    let named = judged(["b", "c", "h"]);
    assert!(named[0].is_some());
    assert_eq!(named, judged(["z", "c", "h"]));
    assert_eq!(named, judged(["b", "a", "k"]));
}

/// Of failures that take all at once none is taken over; reads from replicas of a database wait for no failover of it.
#[test]
fn a_failover_counts_for_what_it_takes_over() {
    let judged = |facts: &str, of_copies: &str| {
        let parts = format!("database a \"A\" {{ mtbf 99h; mttr 1h; {facts} }}");
        let outside = "load l \"L\" rate=1/s\nquality q \"Q\" { require availability flow=f over=1% }";
        let report = report(&system(&parts, outside, &format!("u -> s.a \"x\" time=1ms {of_copies}")));
        report.judgements[0].estimate.as_ref().unwrap().value
    };
    let failover = |share: &str| format!("replicas 2; common-cause {share}; failover automatic after=1h");
    let taken_over = 1.0 - (-1.0_f64).exp();
    close(judged(&failover("100%"), ""), 0.99, 1e-12);
    close(judged(&failover("50%"), ""), 1.0 - 0.005 - 0.005 * 0.005 - 0.005 * 0.995 * taken_over, 1e-12);
    close(judged(&failover("0%"), ""), 1.0 - 0.01 * 0.01 - 0.01 * 0.99 * taken_over, 1e-12);
    for failover in ["", "failover automatic after=5h", "failover manual", "failover none"] {
        close(judged(&format!("read-replicas 2; {failover}"), "read"), 0.9999, 1e-12);
    }
}

/// Nobody knows how long the failures last that something is gone for one minute in a thousand.
#[test]
fn without_a_time_of_repair_availability_lies_between_two() {
    let judged = |limit: &str, facts: &str| {
        let outside = format!(
            "deployment d \"D\" {{\ninstance s.a\ninstance s.a standby=#true\n}}\nload l \"L\" rate=1/s\nquality q \"Q\" {{ require availability flow=f over={limit} }}"
        );
        let inside = format!("service a \"A\" {{ availability 99.9%; failover automatic after=1min; {facts} }}");
        report(&system(&inside, &outside, "u -> s.a \"x\" time=1ms")).judgements.swap_remove(0)
    };
    let (both_gone, one_gone) = (1e-6, 1e-3 * 0.999);
    for (limit, verdict) in [("99.7%", Verdict::Holds), ("99.99999%", Verdict::Fails)] {
        let found = judged(limit, "");
        assert_eq!(found.verdict, verdict, "{limit}");
        let estimate = found.estimate.unwrap();
        close(estimate.low, 1.0 - both_gone - one_gone, 1e-12);
        close(estimate.high, 1.0 - both_gone, 1e-12);
    }
    let unknown = judged("99.95%", "");
    assert_eq!(unknown.verdict, Verdict::Unknown);
    let reason = unknown.reason.to_string();
    assert!(reason.starts_with("the `mttr` of `s.a` is missing: it is 99.9% if"), "{reason}");
    // An hour on average: a sixtieth of it passes until the other has taken over.
    assert_eq!(judged("99.95%", "mttr 1h").verdict, Verdict::Holds);
    assert_eq!(judged("99.95%", "mttr 10s").verdict, Verdict::Fails);
}

/// Read replicas go on in the other zone, where it is said that they run.
#[test]
fn read_replicas_have_places_of_their_own() {
    let text = |copies: &str| {
        system(
            "service a \"A\"\ndatabase b \"B\" read-replicas=2\na -> b \"x\" { latency 0ms }",
            &format!(
                "deployment d \"D\" {{ region a \"A\" {{ instance s.b }}\nregion b \"B\" {{\ninstance s.a\ninstance s.b standby=#true {copies}\n}} }}\nload l \"L\" rate=20/s\nfailure x \"X\" {{ fail d.a for=1min }}\nquality q \"Q\" {{ require error-rate failure=x under=1% }}\n"
            ),
            "u -> s.a \"x\" time=1ms { s.a -> s.b \"x\" time=1ms read=#true }",
        )
    };
    let of = |copies: &str| errors(&report(&text(copies)).runs[0]);
    assert!(of("") > 0.99);
    assert_eq!(of("read-replicas=2"), 0.0);
}

/// A standby on half a core cannot do what takes two.
#[test]
fn a_standby_works_with_the_cores_of_its_host() {
    let with_cores = |cores: &str| {
        let text = system(
            "service a \"A\" { concurrency 200; queue-limit 50; failover automatic after=10s }",
            &format!(
                "deployment d \"D\" {{ region a \"A\" {{ host h \"H\" cpu=4 {{ instance s.a }} }}\nregion b \"B\" {{ host h \"H\" cpu={cores} {{ instance s.a standby=#true }} }} }}\nload l \"L\" rate=100/s\nfailure x \"X\" {{ fail d.a for=2min }}\nquality q \"Q\" {{ require error-rate failure=x under=1% }}\n"
            ),
            "u -> s.a \"x\" time=20ms",
        );
        errors(&report(&text).runs[0])
    };
    close(with_cores("4"), 10.0 / 120.0, 0.05);
    // A quarter is served of what comes after the takeover.
    assert!(with_cores("0.5") > 0.5, "{}", with_cores("0.5"));
}

/// Three replicas of four are lost, and the one that is left is five times slower: all the work takes five times as long.
#[test]
fn what_is_left_does_all_the_work() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" }\nu -> s.a \"x\" latency=0s\nflow f \"F\" { u -> s.a \"x\" time=100ms distribution=fixed }\nload l \"L\" rate=20/s\ndeployment d \"D\" {\n    region a \"A\" { instance s.a replicas=3 }\n    region b \"B\" { instance s.a replicas=1 }\n}\nfailure x \"X\" { fail d.a at=60s for=60s; slow d.b factor=5 at=60s for=60s }\nfailure y \"Y\" { fail d.b at=60s for=60s; errors d.a share=40% at=60s for=60s }\nquality q \"Q\" { require mean failure=x under=1s; require error-rate failure=y under=1% }\n";
    let report = common::report(text);
    let value = |nth: usize| report.judgements[nth].estimate.as_ref().unwrap().value;
    // Those that begin in the last half second are at full speed for the rest of their work.
    common::close(value(0), 0.5, 0.02);
    common::close(value(1), 0.4, 0.05);
}

/// Of several replicas it is not written which is in charge: what becomes of calls to those that are lost is told.
#[test]
fn what_misses_those_that_are_lost_is_told() {
    let text = |failover: &str| {
        system(
            &format!("service a \"A\"\ndatabase d \"D\" {{ replicas 2; {failover} }}\na -> d \"x\""),
            "deployment p \"P\" { region r \"R\" { region x \"X\" { instance s.d\ninstance s.a }\nregion y \"Y\" { instance s.d } } }\nload l \"L\" rate=50/s\nfailure z \"Z\" { fail p.r.y for=1min }\nquality q \"Q\" { require error-rate flow=f under=1% failure=z }",
            "u -> s.a \"x\" time=1ms { s.a -> s.d \"x\" time=1ms }",
        )
    };
    let told = |failover: &str| {
        let assumptions = &report(&text(failover)).runs[0].assumptions;
        let told: Vec<String> = assumptions.iter().map(ToString::to_string).collect();
        told.into_iter().find_map(|one| Some(one.strip_prefix("50% of the calls to s.d fail ")?.to_owned()))
    };
    let at_once = ": without one the others do all the work at once";
    let until = format!("until the others have taken over, as its `failover` says{at_once}");
    assert_eq!(told("failover automatic after=30s"), Some(until));
    let never = format!("while the failure lasts, as by its `failover` nothing takes over before{at_once}");
    for failover in ["failover automatic after=60s", "failover manual", "failover none"] {
        assert_eq!(told(failover).as_ref(), Some(&never), "{failover}");
    }
    assert_eq!(told(""), None);
}

/// A standby that nobody says takes over is told alike of a failure and of an availability, with what to write; one that is
/// refused or that takes over is not.
#[test]
fn a_standby_that_nobody_promised_is_told() {
    let judged = |failover: &str| {
        let inside = format!(
            "service a \"A\" {{ mtbf 99h; mttr 1h; {failover} }}\nservice b \"B\" {{ mtbf 99h; mttr 1h; {failover} }}"
        );
        let outside = "deployment p \"P\" {\nhost h \"H\" { instance s.a; instance s.b; }\nhost g \"G\" { instance s.a standby; instance s.b standby; }\n}\nload l \"L\" rate=20/s\nfailure x \"X\" { fail s.a for=1min }\nfailure y \"Y\" { fail p.h for=1min }\nquality q \"Q\" { require error-rate flow=f under=1% failure=x; require error-rate flow=f under=1% failure=y; require availability flow=f over=1%; require availability of=s.b over=1% }";
        report(&system(&inside, outside, "u -> s.a \"x\" time=1ms"))
    };
    let sentence = |of: &str| {
        format!(
            "no standby takes over from {of}, as nothing says when: write `failover automatic after=60s`, or `manual`, with the time that it takes"
        )
    };
    let manners = [
        ("", true),
        ("failover manual", true),
        ("failover none", false),
        ("failover automatic", false),
        ("failover manual after=1h", false),
    ];
    for (failover, is_told) in manners {
        let report = judged(failover);
        assert_eq!(report.runs.len(), 2);
        for run in &report.runs {
            let told = run.assumptions.iter().filter(|one| one.to_string() == sentence("s.a")).count();
            assert_eq!(told, usize::from(is_told), "{failover}: {:?}", run.assumptions);
        }
        for (judged, of) in report.judgements[2..].iter().zip(["s.a", "s.b"]) {
            let reason = judged.reason.to_string();
            assert_eq!(reason.ends_with(&format!("; {}", sentence(of))), is_told, "{failover}: {reason}");
        }
    }
}
