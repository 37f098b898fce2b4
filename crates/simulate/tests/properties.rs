//! What must be true of forecasts whatever their numbers: intervals that are honest, more that serves no less, the same on
//! any number of threads; and what has an exact answer that is calculated here.

mod common;

use common::{architecture, forecast, one_station, run, value};
use groma_simulate::{Latency, Options, judge, queueing};
use std::sync::atomic::AtomicBool;

/// Of so many forecasts with other seeds, the shares whose intervals hold the exact mean and the exact 95th percentile of
/// M/M/1.
fn coverage(seeds: u64, rate: f64) -> [f64; 2] {
    let text = one_station("concurrency 1", "time=1s", &format!("rate {rate:?}/s"));
    let arch = architecture(&text);
    let mean = queueing::mmc(rate, 1.0, 1).unwrap().response;
    // The response of M/M/1 is exponential.
    let exact = [mean, -mean * 0.05_f64.ln()];
    let mut covered = [0_u32; 2];
    for seed in 1..=seeds {
        // The first rounds only: the shortest replications are the hardest case.
        let options = Options { seed, precision: 10.0, exhaustive: true, ..Options::default() };
        let report = judge(&arch, &options, &AtomicBool::new(false), &|_, _, _| {});
        let flow = &report.runs[0].flows()[0];
        for (at, found) in [&flow.latency[Latency::Mean], &flow.latency[Latency::P95]].into_iter().enumerate() {
            let found = found.as_ref().expect("an estimate");
            covered[at] += u32::from((found.low..=found.high).contains(&exact[at]));
        }
    }
    covered.map(|count| f64::from(count) / seeds as f64)
}

/// 95% intervals of 200 seeds hold the exact value 182 to 196 times: within what 200 trials of 95% give.
#[test]
fn intervals_are_honest() {
    for rate in [0.5, 0.7, 0.8] {
        let shares = coverage(200, rate);
        assert!(shares.iter().all(|share| (0.91..=0.98).contains(share)), "{rate}: {shares:?}");
    }
}

/// The same with so many seeds that the share itself is known within one in a hundred.
#[test]
#[ignore = "takes minutes: cargo test --release -p groma-simulate -- --ignored"]
fn intervals_are_honest_at_length() {
    for rate in [0.3, 0.5, 0.7, 0.8] {
        let shares = coverage(2_000, rate);
        assert!(shares.iter().all(|share| (0.935..=0.965).contains(share)), "{rate}: {shares:?}");
    }
}

#[test]
fn more_replicas_never_serve_less() {
    let served = |replicas: u32| {
        let facts = format!("concurrency 2; replicas {replicas}; queue-limit 5");
        let report = forecast(&one_station(&facts, "time=1s", "rate 6.0/s"), 0.02);
        report.runs[0].flows()[0].throughput.clone().unwrap()
    };
    let mut before = served(1);
    for replicas in 2..6 {
        let now = served(replicas);
        assert!(now.high >= before.low, "{replicas}: {now:?} after {before:?}");
        before = now;
    }
}

#[test]
fn the_forecast_does_not_depend_on_the_number_of_threads() {
    let arch = architecture(&one_station("concurrency 2", "time=1s p99=4s", "rate 1.5/s"));
    let told = |threads| {
        let options = Options { threads, precision: 0.02, exhaustive: true, ..Options::default() };
        format!("{:?}", judge(&arch, &options, &AtomicBool::new(false), &|_, _, _| {}))
    };
    assert_eq!(told(1), told(2));
    assert_eq!(told(1), told(7));
}

/// In which order flows stand changes no digit, where each differs from the others in something that is written of it: not in its
/// name alone.
#[test]
fn the_order_of_flows_changes_nothing() {
    let flow = |name: &str, said: &str, of_step: &str| {
        format!("flow {name} \"F\" {said} {{\n    u -> s.a \"Asks\" time=10ms {of_step}\n}}\n")
    };
    let flows = [
        flow("plain", "", ""),
        flow("regular", "", "distribution=fixed"),
        flow("wide", "", "cv=2"),
        flow("failing", "", "error-rate=10%"),
        flow("first", "priority=2", ""),
    ];
    let times = |order: [usize; 5]| {
        let flows = order.map(|nth| flows[nth].as_str()).concat();
        let text = format!(
            "person u \"U\"\nsystem s \"S\" {{\n    service a \"A\" concurrency=2\n}}\nu -> s.a \"asks\"\n{flows}load l \"L\" rate=100/s\n"
        );
        let run = run(&text);
        let mut times: Vec<f64> =
            run.flows().iter().map(|flow| flow.latency[Latency::Mean].as_ref().expect("a mean").value).collect();
        times.sort_by(f64::total_cmp);
        times
    };
    assert_eq!(times([0, 1, 2, 3, 4]), times([4, 2, 0, 3, 1]));
}

/// The share of failures of a call that is waited for 100 ms, whatever the rate: what comes too late answers nobody.
fn timed_out(time: &str, rate: f64) -> f64 {
    let text = format!(
        "person u \"U\"\nsystem s \"S\" {{\n    service a \"A\"\n    service b \"B\"\n    a -> b \"Asks\" {{ timeout 100ms; latency 0s }}\n}}\nu -> s.a \"Asks\"\nflow f \"F\" {{ u -> s.a \"Ask\" {{ s.a -> s.b \"Ask\" {time} }} }}\nload l \"L\" rate={rate:?}/s\nquality q \"Q\" {{ require error-rate flow=f under=1% }}\n"
    );
    value(&forecast(&text, 0.01).runs[0].flows()[0].error_rate)
}

#[test]
fn late_answers_answer_nobody() {
    for rate in [0.1, 10.0, 1000.0] {
        assert_eq!(timed_out("time=150ms distribution=fixed", rate), 1.0, "{rate}");
        let share = timed_out("time=100ms", rate);
        assert!((share - (-1.0_f64).exp()).abs() < 0.01, "{rate}: {share}");
    }
}

/// N users at a full station: R = N / X - Z, however long the queue takes to fill.
#[test]
fn full_stations_are_seen_in_their_stride() {
    for (users, think) in [(20_000_u32, 30.0), (100_000, 1.0)] {
        let text = one_station("concurrency 4", "time=0.01s", &format!("users {users} think={think:?}s"));
        let found = value(&forecast(&text, 0.05).runs[0].flows()[0].latency[Latency::Mean]);
        let exact = f64::from(users) / 400.0 - think;
        assert!((found - exact).abs() < 0.03 * exact, "{users}: {found} instead of {exact}");
    }
}

/// The mean number at one server of exponential times to which requests come in bursts: the matrix-geometric solution of a
/// quasi-birth-death process with two phases (Neuts, *Matrix-Geometric Solutions in Stochastic Models*, 1981). `rates` and
/// `lasting` are those of the calm and of the burst.
fn present_of_bursts(rates: [f64; 2], lasting: [f64; 2], service: f64) -> f64 {
    type Matrix = [[f64; 2]; 2];
    let times = |a: Matrix, b: Matrix| -> Matrix {
        [0, 1].map(|row| [0, 1].map(|column| a[row][0] * b[0][column] + a[row][1] * b[1][column]))
    };
    let inverse = |a: Matrix| -> Matrix {
        let determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
        [[a[1][1] / determinant, -a[0][1] / determinant], [-a[1][0] / determinant, a[0][0] / determinant]]
    };
    let mu = 1.0 / service;
    let leaves = lasting.map(|mean| 1.0 / mean);
    let up: Matrix = [[rates[0], 0.0], [0.0, rates[1]]];
    let local = |serves: f64| -> Matrix {
        [[-leaves[0] - rates[0] - serves, leaves[0]], [leaves[1], -leaves[1] - rates[1] - serves]]
    };
    // R = -(A0 + R^2 A2) A1^-1, from nothing on.
    let back = inverse(local(mu));
    let mut r: Matrix = [[0.0; 2]; 2];
    for _ in 0..1_000_000 {
        let squared = times(r, r);
        let sum = [0, 1].map(|row| [0, 1].map(|column| -(up[row][column] + squared[row][column] * mu)));
        let next = times(sum, back);
        let moved: f64 = (0..4).map(|nth| (next[nth / 2][nth % 2] - r[nth / 2][nth % 2]).abs()).sum();
        r = next;
        if moved < 1e-15 {
            break;
        }
    }
    // pi0 (B + R A2) = 0 and pi0 (I - R)^-1 1 = 1.
    let idle = local(0.0);
    let balance = [0, 1].map(|row| [0, 1].map(|column| idle[row][column] + r[row][column] * mu));
    let sum = inverse([[1.0 - r[0][0], -r[0][1]], [-r[1][0], 1.0 - r[1][1]]]);
    let ratio = -balance[0][0] / balance[1][0];
    let all = |row: usize| sum[row][0] + sum[row][1];
    let first = 1.0 / (all(0) + ratio * all(1));
    let empty = [first, first * ratio];
    // The mean number is pi0 R (I - R)^-2 1.
    let tail = times(times(r, sum), sum);
    (0..2).map(|row| empty[row] * (tail[row][0] + tail[row][1])).sum()
}

/// Requests in bursts at one server: the mean time is that of the matrix-geometric solution, by Little's law, and no formula
/// claims to tell it.
#[test]
fn arrivals_in_bursts() {
    // Without any difference between the states it is M/M/1.
    let same = present_of_bursts([8.0, 8.0], [2.0, 3.0], 0.1);
    assert!((same - 4.0).abs() < 1e-9, "{same}");
    for (rate, factor, calm, burst, service) in
        [(4.0, 10.0, 4.0, 1.0, 0.05), (20.0, 5.0, 6.0, 2.0, 0.02), (6.0, 0.0, 1.0, 1.0, 0.1)]
    {
        let share = burst / (burst + calm);
        let low = rate / (1.0 - share + share * factor);
        let exact = present_of_bursts([low, factor * low], [calm, burst], service) / rate;
        let load = format!("rate {rate}/s; arrivals bursty factor={factor} burst={burst}s calm={calm}s");
        let text =
            one_station("concurrency 1", &format!("time={service}s"), &load).replace("\"Asks\"", "\"Asks\" latency=0s");
        let report = forecast(&text, 0.015);
        let flow = &report.runs[0].flows()[0];
        let found = flow.latency[Latency::Mean].as_ref().expect("a mean");
        assert!((found.value / exact - 1.0).abs() < 0.02, "{load}: {found:?} instead of {exact}");
        assert_eq!(flow.mean_by_formula, None);
    }
}
