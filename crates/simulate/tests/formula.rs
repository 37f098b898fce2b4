//! What is reckoned is what is simulated: how long a caller's slot is held for one request, for every way in which calls are
//! guarded, alone and inside branches, where nobody waits for anybody else.

mod common;

use common::report;
use groma_simulate::Latency;

/// How long a slot of the caller is held, in seconds: as reckoned, and as simulated.
fn held(policies: [&str; 2], body: &str) -> (f64, f64) {
    let text = format!(
        "person u \"U\"\nsystem s \"S\" {{\n    service c \"C\" concurrency=1000\n    service a \"A\"\n    service g \"G\"\n}}\nu -> s.c \"r\" latency=0s\ns.c -> s.a \"r\" {{ latency 0s; {} }}\ns.c -> s.g \"r\" {{ latency 0s; {} }}\ns.a -> s.g \"r\" latency=0s\nflow f \"F\" {{ u -> s.c \"x\" time=0ms {{ {body} }} }}\nload l \"L\" rate=10/s\nquality q \"Q\" {{ require utilization of=s.c under=90% }}\n",
        policies[0], policies[1]
    );
    let report = report(&text);
    let run = &report.runs[0];
    let in_use = report.judgements[0].estimate.as_ref().unwrap().value;
    (1_000.0 / run.analysis.capacity, in_use * 1_000.0 / 10.0)
}

/// Two calls, one to each.
const BOTH: &str = "s.c -> s.a \"y\" time=10ms; s.c -> s.g \"z\" time=8ms";

#[test]
fn slots_are_held_as_long_as_is_reckoned() {
    let guards = [
        ["hedge 5ms", ""],
        ["hedge 5ms; error-rate 30%", ""],
        ["timeout 10ms; fallback \"nothing\"", "timeout 5ms"],
        ["timeout 15ms; retry 2", "error-rate 20%"],
        ["error-rate 40%; retry 3 backoff=constant from=20ms jitter=#true", "error-rate 10%; retry 1"],
        ["error-rate 30%; fallback s.g", "error-rate 10%"],
        ["timeout 12ms; hedge 6ms; retry 1; error-rate 10%; fallback s.g", ""],
    ];
    let bodies = [
        BOTH.to_owned(),
        format!("parallel {{ {BOTH} }}"),
        format!("parallel join=first {{ {BOTH} }}"),
        format!("parallel needed=2 {{ {BOTH}; s.c -> s.a \"v\" time=12ms; s.c -> s.a \"w\" time=12ms }}"),
        format!("parallel {{ parallel join=first {{ {BOTH} }}; s.c -> s.g \"w\" time=5ms }}"),
        "parallel { s.c -> s.a \"y\" time=4ms { s.a -> s.g \"w\" time=6ms }; repeat 1..3 { s.c -> s.g \"z\" time=3ms } }".to_owned(),
        format!("parallel join=first {{ chance 40% {{ s.c -> s.a \"y\" time=10ms }}; s.c -> s.g \"z\" time=8ms }}; chance 50% {{ {BOTH} }}"),
    ];
    let mut wrong = Vec::new();
    for guard in guards {
        for body in &bodies {
            let (reckoned, simulated) = held(guard, body);
            if (reckoned - simulated).abs() > 0.015 * simulated {
                wrong.push(format!("{guard:?} {body}: reckoned {reckoned}, simulated {simulated}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Nine of ten that each fail with 10%: as soon as two have failed it has failed. By integration of what is over by each moment,
/// P(at least 9 of 10 well) + P(at least 2 of 10 badly), each after an exponential time of 20 ms.
#[test]
fn most_of_many_branches_that_fail() {
    let branches = "s.c -> s.a \"y\" time=20ms; ".repeat(10);
    let exact = {
        let step = 1e-5;
        let undecided = |t: f64| {
            let (well, badly) = (0.9 * -(-t / 0.02_f64).exp_m1(), 0.1 * -(-t / 0.02_f64).exp_m1());
            let at_most_one_bad = (1.0 - badly).powi(10) + 10.0 * badly * (1.0 - badly).powi(9);
            let nine_well = 10.0 * well.powi(9) * (1.0 - well) + well.powi(10);
            at_most_one_bad - nine_well
        };
        (0..100_000).map(|nth| undecided((f64::from(nth) + 0.5) * step) * step).sum::<f64>()
    };
    let (reckoned, simulated) = held(["error-rate 10%", ""], &format!("parallel needed=9 {{ {branches} }}"));
    assert!((reckoned - exact).abs() < 0.004 * exact, "{reckoned}, exactly {exact}");
    assert!((simulated - exact).abs() < 0.015 * exact, "{simulated}, exactly {exact}");
}

/// Of cores that are shared, each second of work takes 1 / (1 - in use) seconds, for short work and long alike.
#[test]
fn work_on_shared_cores_takes_longer_in_proportion() {
    let text = "person u \"U\"\nsystem s \"S\" { service a \"A\" cpu=1 }\nu -> s.a \"r\" latency=0s\nflow short \"Short\" { u -> s.a \"x\" time=1ms }\nflow long \"Long\" { u -> s.a \"x\" time=50ms }\nload l \"L\" { rate 20/s; mix short weight=1; mix long weight=1 }\nquality q \"Q\" { require mean under=1h }\n";
    let report = report(text);
    let flows = &report.runs[0].flows();
    let in_use = 10.0 * 0.001 + 10.0 * 0.05;
    for (flow, work) in flows.iter().zip([0.05, 0.001]) {
        let exact = work / (1.0 - in_use);
        assert!((flow.mean_by_formula.unwrap() - exact).abs() < 1e-9, "{:?}", flow.mean_by_formula);
        assert!((flow.latency[Latency::Mean].as_ref().unwrap().value - exact).abs() < 0.03 * exact);
    }
}
