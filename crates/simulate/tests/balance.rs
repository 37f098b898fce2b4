//! Calls that are balanced among replicas, against what is exact for each way of doing so.

mod common;

use common::{close, errors, in_use, mean, report, run, system};
use groma_simulate::Latency;

/// A service whose calls take 10 ms on average and nothing on the way.
fn text(service: &str, load: &str) -> String {
    text_of_call(service, "time=10ms", load)
}

fn text_of_call(service: &str, call: &str, load: &str) -> String {
    format!(
        "person u \"U\"\nsystem s \"S\" {{ service a \"A\" {service} }}\nu -> s.a \"asks\" latency=0s\nflow f \"F\" {{ u -> s.a \"x\" {call} }}\nload l \"L\" {load}\n"
    )
}

/// The mean time in seconds at one of `replicas` to each of which calls come in turn, with `rate` of them a second in all: of
/// E_k/M/1, where `sigma` is the root of `A*(mu (1 - sigma))` and A* the transform of the times between every k-th call.
fn in_turn(replicas: i32, rate: f64) -> f64 {
    let mut sigma = 0.5;
    for _ in 0..10_000 {
        sigma = (rate / (rate + 100.0 * (1.0 - sigma))).powi(replicas);
    }
    1.0 / (100.0 * (1.0 - sigma))
}

/// The mean number of requests in two servers of these rates if `rate` a second come, each to the one with fewer in it, at
/// random if they have as many: from the balance equations, cut off where it makes no difference.
fn in_two(rate: f64, speeds: [f64; 2]) -> f64 {
    const MOST: usize = 90;
    let mut likely = vec![vec![1.0_f64; MOST + 2]; MOST + 2];
    for (at, line) in likely.iter_mut().enumerate() {
        for (other, one) in line.iter_mut().enumerate() {
            *one = if at > MOST || other > MOST { 0.0 } else { 0.7_f64.powi((at + other) as i32) };
        }
    }
    let to = |of: usize, other: usize| match of.cmp(&other) {
        std::cmp::Ordering::Less => rate,
        std::cmp::Ordering::Equal => rate / 2.0,
        std::cmp::Ordering::Greater => 0.0,
    };
    for _ in 0..20_000 {
        let mut moved = 0.0;
        for at in 0..=MOST {
            for other in 0..=MOST {
                let leaves =
                    [at, other].into_iter().zip(speeds).map(|(here, speed)| if here > 0 { speed } else { 0.0 });
                let out = leaves.sum::<f64>() + if at < MOST || other < MOST { rate } else { 0.0 };
                let mut come = likely[at + 1][other] * speeds[0] + likely[at][other + 1] * speeds[1];
                if at > 0 {
                    come += likely[at - 1][other] * to(at - 1, other);
                }
                if other > 0 {
                    come += likely[at][other - 1] * to(other - 1, at);
                }
                moved += (come / out - likely[at][other]).abs();
                likely[at][other] = come / out;
            }
        }
        let all: f64 = likely.iter().flatten().sum();
        likely.iter_mut().flatten().for_each(|one| *one /= all);
        if moved < 1e-12 * all {
            break;
        }
    }
    let here = likely.iter().enumerate();
    here.flat_map(|(at, line)| line.iter().enumerate().map(move |(other, one)| (at + other) as f64 * one)).sum()
}

#[test]
fn at_random_each_replica_is_a_queue_of_its_own() {
    // M/M/1 with a quarter of the calls: 10 ms / (1 - 0.8); where cores are shared it is the same, whatever the law.
    for (service, call) in [
        ("replicas=4 concurrency=1", "time=10ms"),
        ("replicas=4 cpu=1", "time=10ms"),
        ("replicas=4 cpu=1", "time=10ms distribution=fixed"),
        ("replicas=4 cpu=1 concurrency=1000", "time=10ms"),
    ] {
        let found = run(&text_of_call(&format!("{service} balance=random"), call, "rate=320/s"));
        close(mean(&found), 0.05, 0.04);
        close(found.flows()[0].mean_by_formula.unwrap(), 0.05, 1e-9);
        close(in_use(&found, if service.contains("1000") { "s.a (processor)" } else { "s.a" }), 0.8, 0.02);
        close(found.analysis.capacity, 400.0, 1e-9);
    }
    // M/M/2 each.
    let found = run(&text("replicas=3 concurrency=2 balance=random", "rate=480/s"));
    close(mean(&found), 0.01 / (1.0 - 0.64), 0.04);
    close(found.flows()[0].mean_by_formula.unwrap(), 0.01 / (1.0 - 0.64), 1e-9);
    // A common queue can be said, too.
    let said = run(&text("replicas=4 concurrency=1 balance=shared-queue", "rate=320/s"));
    let unsaid = run(&text("replicas=4 concurrency=1", "rate=320/s"));
    assert_eq!(mean(&said), mean(&unsaid));
}

#[test]
fn in_turn_calls_come_more_evenly() {
    for (replicas, rate) in [(2, 160.0), (4, 320.0), (4, 360.0)] {
        let found =
            run(&text(&format!("replicas={replicas} concurrency=1 balance=round-robin"), &format!("rate={rate}/s")));
        close(mean(&found), in_turn(replicas, rate), 0.04);
        assert_eq!(found.flows()[0].mean_by_formula, None);
    }
}

#[test]
fn calls_go_to_the_one_of_two_with_fewer() {
    // Of two replicas both are drawn.
    for balance in ["least-connections", "two-choices"] {
        for rate in [100.0, 160.0] {
            let found = run(&text(&format!("replicas=2 concurrency=1 balance={balance}"), &format!("rate={rate}/s")));
            close(mean(&found), in_two(rate, [100.0; 2]) / rate, 0.03);
        }
    }
    // Shared cores leave as often, whoever of those there is done.
    let found = run(&text("replicas=2 cpu=1 balance=least-connections", "rate=160/s"));
    close(mean(&found), in_two(160.0, [100.0; 2]) / 160.0, 0.03);
    // So do hosts with one replica each.
    let hosts = "deployment d \"D\" { host x \"X\" cpu=1 { instance s.a }; host y \"Y\" cpu=1 { instance s.a } }\n";
    let found = run(&(text("balance=least-connections", "rate=160/s") + hosts));
    close(mean(&found), in_two(160.0, [100.0; 2]) / 160.0, 0.03);
}

/// Of very many replicas, with two choices, the mean time is the sum of `u^(2^i - 2)` services (Vvedenskaya, Dobrushin and
/// Karpelevich 1996; Mitzenmacher 1996). A jump chain of 200 of them has 0.2% more at 70%, and 0.7% at 90%.
#[test]
fn two_choices_among_many() {
    for (rate, finite) in [(14_000, 1.6178), (18_000, 2.6317)] {
        let in_use = f64::from(rate) / 20_000.0;
        let limit: f64 = (1..12).map(|nth| in_use.powi(2_i32.pow(nth) - 2)).sum();
        close(finite, limit, 0.007);
        let found = run(&text("replicas=200 concurrency=1 balance=two-choices", &format!("rate={rate}/s")));
        close(mean(&found), finite * 0.01, 0.01);
    }
}

#[test]
fn queues_limits_patience_and_priorities_are_those_of_a_replica() {
    // M/M/1/2 each, as much as it can do: one in three is turned away, and half of those let in wait for another.
    let found = run(&text("replicas=2 concurrency=1 queue-limit=1 balance=random", "rate=200/s"));
    close(errors(&found), 1.0 / 3.0, 0.03);
    close(mean(&found), 0.015, 0.03);
    // Who waits leaves after an exponential time with the mean of a service: as with servers without end, exp(-1) of the time
    // nobody is there. Of 100/s, 100 (1 - exp(-1)) are served.
    let found = run(&text(
        "replicas=2 concurrency=1 balance=random { queue-timeout 10ms distribution=exponential }",
        "rate=200/s",
    ));
    close(errors(&found), (-1.0_f64).exp(), 0.03);
    // Cobham: 40/s of each sort of 10 ms at each replica wait 8 ms / 0.6, and 8 ms / (0.6 x 0.2).
    let two = "person u \"U\"\nsystem s \"S\" { service a \"A\" replicas=2 concurrency=1 balance=random }\nu -> s.a \"asks\" latency=0s\nflow f \"F\" priority=2 { u -> s.a \"x\" time=10ms }\nflow g \"G\" { u -> s.a \"y\" time=10ms }\nload l \"L\" { rate 160/s; mix f; mix g }\n";
    let found = run(two);
    close(mean(&found), 0.01 + 0.008 / 0.6, 0.04);
    close(found.flows()[1].latency[Latency::Mean].as_ref().unwrap().value, 0.01 + 0.008 / 0.12, 0.06);
}

/// Each replica of a caller has its own connections: M/M/1 with half of the calls, where all together would be M/M/2.
#[test]
fn each_replica_has_its_own_pool() {
    let callers = |balance: &str| {
        let inside = format!(
            "    service a \"A\" replicas=2 concurrency=1000 {balance}\n    service b \"B\"\n    a -> b \"x\" {{ pool 1; latency 0s }}"
        );
        let flow = "u -> s.a \"x\" time=1ms { s.a -> s.b \"y\" time=10ms }";
        run(&(system(&inside, "", flow).replace("\"asks\"", "\"asks\" latency=0s") + "load l \"L\" rate=160/s\n"))
    };
    close(mean(&callers("balance=random")), 0.051, 0.04);
    close(callers("balance=random").flows()[0].mean_by_formula.unwrap(), 0.051, 0.001);
    close(mean(&callers("")), 0.001 + 0.01 / (1.0 - 0.64), 0.04);
}

/// A text with two zones and a failure of ten hours.
fn failing(balance: &str, rate: u32, effect: &str) -> String {
    text(&format!("replicas=2 concurrency=1 balance={balance}"), &format!("rate={rate}/s"))
        + "deployment d \"D\" { region x \"X\" { instance s.a }; region y \"Y\" { instance s.a } }\n"
        + &format!(
            "failure e \"E\" {{ {effect} for=20min }}\nquality q \"Q\" {{ require mean flow=f under=1h failure=e }}\n"
        )
}

fn mean_while(balance: &str, rate: u32, effect: &str) -> f64 {
    let report = report(&failing(balance, rate, effect));
    report.judgements[0].estimate.as_ref().unwrap_or_else(|| panic!("{:?}", report.judgements[0])).value
}

#[test]
fn what_is_slow_or_gone_is_a_replica() {
    // One of two is gone: the other is M/M/1 with all calls.
    for balance in ["random", "round-robin", "least-connections", "two-choices"] {
        close(mean_while(balance, 50, "fail d.x"), 0.02, 0.04);
    }
    // One takes four times as long: at random it is M/M/1 of its own; calls that look where the fewest are avoid it.
    close(mean_while("random", 30, "slow d.x factor=4"), f64::midpoint(1.0 / 85.0, 1.0 / 10.0), 0.05);
    let exact = in_two(60.0, [25.0, 100.0]) / 60.0;
    close(mean_while("least-connections", 60, "slow d.y factor=4"), exact, 0.04);
    // Both places, one after the other in the text: each slow by itself, not one of them twice.
    close(
        mean_while("random", 30, "slow d.x factor=4 for=20min; slow d.y factor=2"),
        f64::midpoint(1.0 / 10.0, 1.0 / 35.0),
        0.05,
    );
}

#[test]
fn what_makes_no_difference_is_told() {
    let told = |service: &str, calls: &str, words: &str| {
        let inside = format!("    service a \"A\" {service}\n    service b \"B\"\n    a -> b \"x\" {{ {calls} }}");
        let text =
            system(&inside, "", "u -> s.a \"x\" time=1ms { s.a -> s.b \"y\" time=1ms }") + "load l \"L\" rate=1/s\n";
        run(&text).assumptions.iter().any(|one| one.to_string().contains(words))
    };
    for (service, words) in [
        ("concurrency=4 balance=random", "the `balance` of s.a has no effect: it has one replica"),
        ("replicas=3 balance=random", "no effect: no `concurrency` or `cpu` limits what one replica works on"),
        ("replicas=2000 cpu=1 balance=random", "more than 1000 replicas are not simulated one by one"),
        ("replicas=1..5000 cpu=1 balance=random", "more than 1000 replicas are not simulated one by one"),
    ] {
        assert!(told(service, "timeout 1s", words), "{service}");
    }
    for service in
        ["replicas=3 cpu=1 balance=random", "replicas=1..3 concurrency=2 balance=random", "balance=shared-queue"]
    {
        assert!(!told(service, "timeout 1s", "`balance`"), "{service}");
    }
    let common = "the `bulkhead` of s.a -> s.b counts the calls of all replicas of s.a together";
    assert!(told("replicas=2 cpu=1 balance=random", "bulkhead 5", common));
    assert!(!told("replicas=2 cpu=1", "bulkhead 5", common));
}

/// What the way to a container says of balancing counts as if it said so itself, and only where it says nothing.
#[test]
fn a_connection_says_how_calls_are_balanced() {
    let at_two = |own: &str, way: &str| {
        let deployment = format!(
            "deployment d \"D\" {{ host lb \"L\"; host m \"M\" {{ instance s.a }}; lb -> m \"spreads\" {way} }}\n"
        );
        let run = run(&(text(&format!("replicas=2 concurrency=1 {own}"), "rate=150/s") + &deployment));
        mean(&run)
    };
    let (shared, random) = (at_two("", ""), at_two("balance=random", ""));
    assert_eq!(at_two("", "balance=random"), random);
    assert_eq!(at_two("balance=random", "balance=round-robin"), random);
    // M/M/2 at 75% against two M/M/1.
    close(shared, 0.010 / (1.0 - 0.75 * 0.75), 0.05);
    close(random, 0.010 / (1.0 - 0.75), 0.05);
}
