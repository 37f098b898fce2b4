//! A second opinion: random small workspaces through text to verdict, and through a simulator of its own that is deliberately
//! simple. Mean times and error rates must agree within what both know of their own precision.

#[path = "independent/chance.rs"]
mod chance;
mod common;
#[path = "independent/simulator.rs"]
mod simulator;
#[path = "independent/workspace.rs"]
mod workspace;

use chance::{Chance, Law};
use common::architecture;
use groma_simulate::{Estimate, FlowResult, Latency, Options, Verdict, judge};
use simulator::Outcome;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::sync::atomic::AtomicBool;
use workspace::{Balance, Call, Join, Load, Relation, Station, Step, Workspace};

/// How many workspaces of each sort of load are compared.
const WORKSPACES: usize = 25;
/// The first seed of those with an open load, and of those with a closed one.
const OPEN: u64 = 1;
const CLOSED: u64 = 1_001;
/// How many replications the simple simulator makes of each, and of about how many requests.
const REPLICATIONS: u64 = 24;
const REQUESTS: f64 = 6_000.0;
/// How likely a comparison may fail by chance: with three flows of two numbers, all together do so less often than once in
/// two thousand times.
const FALSE_ALARM: f64 = 0.0005 / (2.0 * WORKSPACES as f64 * 6.0);
/// What no interval tells of: the start that was cut off, the steps of a histogram, counts that are far from normal.
const BLUNT: f64 = 0.002;

fn length(workspace: &Workspace, rate: f64) -> f64 {
    REQUESTS * 1.25 / rate * workspace.flows.len() as f64
}

/// The largest share of a station's slots that is in use.
fn busiest(workspace: &Workspace, outcome: &Outcome) -> f64 {
    let shares = workspace.stations.iter().zip(&outcome.in_use);
    shares.map(|(station, used)| used / station.slots() as f64).fold(0.0, f64::max)
}

/// Whether no station is more than three quarters busy with it, and most requests of each flow are answered well: beyond that
/// little is left to compare.
fn is_calm(workspace: &Workspace, outcome: &Outcome) -> bool {
    let fails = outcome.flows.iter().any(|flow| flow.failed > flow.well || flow.well == 0.0);
    !fails && busiest(workspace, outcome) < 0.75
}

/// How often a load is made lighter. One that is still too much fails by itself.
const LIGHTER: usize = 12;

/// Gives a workspace an open load, for a share of its busiest station or as much as keeps it calm. Whether one does.
fn open_load(workspace: &mut Workspace, chance: &mut Chance) -> bool {
    let rare = 1e-4;
    workspace.load = Load::Open(rare);
    let alone = busiest(workspace, &simulator::run(workspace, 1, 2_000.0 / rare));
    let share = chance.number(0.2, 0.7);
    let mut rate = if alone > 1e-6 { share / alone * rare } else { 0.05 };
    (0..LIGHTER).any(|_| {
        let now = (rate * 1e9).round() / 1e9;
        workspace.load = Load::Open(now);
        rate *= 0.8;
        is_calm(workspace, &simulator::run(workspace, 1, 5_000.0 / now))
    })
}

/// Gives a workspace users who do not think long, or as long as keeps it calm. Whether any do.
fn closed_load(workspace: &mut Workspace, chance: &mut Chance) -> bool {
    let users = chance.whole(1, 12);
    let mut think = chance.number(50.0, 1_000.0);
    let law = |mean: f64| match users % 4 {
        0 => Law::Fixed(mean),
        1 => Law::Uniform(mean),
        2 => Law::Lognormal(mean, 1.2),
        _ => Law::Exponential(mean),
    };
    (0..LIGHTER).any(|_| {
        workspace.load = Load::Closed(users, law(think));
        let is_calm = is_calm(workspace, &simulator::run(workspace, 1, 500.0 * (think + 200.0)));
        think = (think * 1.3e6).round() / 1e6;
        is_calm
    })
}

/// A random workspace with a load of a sort that keeps it calm.
fn calm_workspace(chance: &mut Chance, load: fn(&mut Workspace, &mut Chance) -> bool) -> Workspace {
    loop {
        let mut workspace = Workspace::random(chance);
        if load(&mut workspace, chance) {
            return workspace;
        }
    }
}

/// How many requests come in a millisecond.
fn rate(workspace: &Workspace) -> f64 {
    match workspace.load {
        Load::Open(rate) => rate,
        Load::Closed(..) | Load::Mixed(..) => {
            let length = 200_000.0;
            let flows = simulator::run(workspace, 1, length).flows;
            flows.iter().map(|flow| flow.well + flow.failed).sum::<f64>() / (0.8 * length)
        }
    }
}

/// The mean and the error rate of each flow, a number a replication.
fn second_opinion(workspace: &Workspace) -> Vec<[Vec<f64>; 2]> {
    let length = length(workspace, rate(workspace));
    let mut found = vec![[Vec::new(), Vec::new()]; workspace.flows.len()];
    for seed in 0..REPLICATIONS {
        let outcome = simulator::run(workspace, 1_000 + seed, length);
        for (flow, found) in outcome.flows.iter().zip(&mut found) {
            found[0].push(flow.time / flow.well / 1e3);
            found[1].push(flow.failed / (flow.well + flow.failed));
        }
    }
    found
}

/// The mean of numbers, and the square of its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, squares / (count - 1.0) / count)
}

/// How two samples compare, by Welch's t.
struct Comparison {
    what: String,
    forecast: f64,
    own: f64,
    /// How often chance alone gives a difference of this size or more, beyond what is blunt.
    likely: f64,
}

fn compare(what: String, forecast: &Estimate, own: &[f64], blunt: f64) -> Comparison {
    let ((one, square), (other, own_square)) = (mean(&forecast.samples), mean(own));
    let degrees = |square: f64, count: usize| square * square / (count as f64 - 1.0);
    let freedom = (square + own_square) * (square + own_square)
        / (degrees(square, forecast.samples.len()) + degrees(own_square, own.len()));
    let beyond = ((one - other).abs() - blunt).max(0.0) / (square + own_square).sqrt();
    let likely = if beyond > 0.0 && freedom.is_finite() {
        2.0 * StudentsT::new(0.0, 1.0, freedom).unwrap().sf(beyond)
    } else {
        f64::from(u8::from((one - other).abs() <= blunt))
    };
    Comparison { what, forecast: one, own: other, likely }
}

/// What Groma forecasts for each flow of a workspace, whether its verdicts are right, and its text: a third more than the mean
/// must hold, a third less fail.
fn forecast(workspace: &Workspace, means: &[f64]) -> (Vec<FlowResult>, bool, String) {
    let limits: String = means
        .iter()
        .enumerate()
        .map(|(at, mean)| {
            let (more, less) = (mean * 1.3e3, mean * 0.7e3);
            format!("    require mean flow=f{at} under={more:.6}ms\n    require mean flow=f{at} under={less:.6}ms\n")
        })
        .collect();
    let text = workspace.text(&format!("quality q \"Q\" {{\n{limits}}}\n"));
    let options =
        Options { precision: 0.01, exhaustive: true, most_events: 4_000_000, threads: 1, ..Options::default() };
    let report = judge(&architecture(&text), &options, &AtomicBool::new(false), &|_, _, _| {});
    let verdicts: Vec<Verdict> = report.judgements.iter().map(|one| one.verdict).collect();
    let expected: Vec<Verdict> = means.iter().flat_map(|_| [Verdict::Holds, Verdict::Fails]).collect();
    (report.runs[0].flows().to_vec(), verdicts == expected, text)
}

/// Compares random workspaces with a load of a sort.
fn second_opinions(first_seed: u64, load: fn(&mut Workspace, &mut Chance) -> bool) {
    let mut wrong = Vec::new();
    let (mut all, mut unlikely) = (0, 0);
    for seed in first_seed..first_seed + WORKSPACES as u64 {
        let workspace = calm_workspace(&mut Chance::new(seed), load);
        let own = second_opinion(&workspace);
        let means: Vec<f64> = own.iter().map(|numbers| mean(&numbers[0]).0).collect();
        let (flows, is_right, text) = forecast(&workspace, &means);
        if !is_right {
            wrong.push(format!("workspace {seed}: a verdict is wrong\n{text}"));
        }
        for (at, (flow, own)) in flows.iter().zip(&own).enumerate() {
            let numbers = [
                ("mean", &flow.latency[Latency::Mean], means[at] * BLUNT),
                ("error rate", &flow.error_rate, BLUNT / 4.0),
            ];
            for ((what, estimate, blunt), own) in numbers.into_iter().zip(own) {
                let what = format!("workspace {seed}, {what} of f{at}");
                let one = compare(what, estimate.as_ref().expect("an estimate"), own, blunt);
                all += 1;
                unlikely += usize::from(one.likely < 0.05);
                if one.likely < FALSE_ALARM {
                    let Comparison { what, forecast, own, likely } = one;
                    wrong.push(format!("{what}: {forecast} is forecast, {own} is right? ({likely:e})\n{text}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unlikely <= most_unlikely(all), "{unlikely} of {all} differ by more than 95% intervals allow");
}

/// So many of these comparisons lie outside their 95% intervals with a probability of less than one in four thousand: by
/// the normal approximation, five per cent and 3.5 deviations more.
fn most_unlikely(all: usize) -> usize {
    let all = all as f64;
    (0.05 * all + 3.5 * (0.05 * 0.95 * all).sqrt()).ceil() as usize
}

/// A call that takes so long on average by the exponential law, and nothing on the way.
fn plain_call(to: usize, mean: f64, body: Vec<Step>) -> Call {
    let via = Relation { latency: 1e-9, timeout: None, retry: None };
    Call { to, via, law: Law::Exponential(mean), error_rate: 0.0, is_async: false, body }
}

/// The mean in milliseconds and the error rate of one flow under an open load, by the simple simulator alone.
fn by_itself(stations: Vec<Station>, call: Call, rate: f64) -> (f64, f64) {
    let workspace = Workspace { stations, flows: vec![(call, 1)], load: Load::Open(rate) };
    let [times, failures] = second_opinion(&workspace).remove(0);
    (mean(&times).0 * 1e3, mean(&failures).0)
}

#[test]
fn the_simple_simulator_knows_closed_forms() {
    let station =
        |concurrency, queue_limit| Station { replicas: 1, balance: None, concurrency, queue_limit, stall: None };
    // M/M/1 at half its capacity: 10 ms / (1 - 0.5).
    let (time, failed) = by_itself(vec![station(Some(1), None)], plain_call(0, 10.0, Vec::new()), 0.05);
    common::close(time, 20.0, 0.02);
    assert_eq!(failed, 0.0);
    // M/M/1/2 at its capacity: each of the three states is as likely, and one in three is turned away. Of those let in, half
    // wait for one other: 10 ms / 2 more.
    let (time, failed) = by_itself(vec![station(Some(1), Some(1))], plain_call(0, 10.0, Vec::new()), 0.1);
    common::close(failed, 1.0 / 3.0, 0.02);
    common::close(time, 15.0, 0.02);
    // The first of two exponential times of 20 ms: 10 ms. The longer of them: 30 ms.
    let free = || vec![station(None, None); 3];
    let branches = || vec![Step::Call(plain_call(1, 20.0, Vec::new())), Step::Call(plain_call(2, 20.0, Vec::new()))];
    for (join, expected) in [(Join::First, 10.0), (Join::All, 30.0)] {
        let call = plain_call(0, 5.0, vec![Step::Parallel(join, branches())]);
        common::close(by_itself(free(), call, 0.01).0, 5.0 + expected, 0.02);
    }
    // Four in ten fail: after two more tries 0.4^3 do. A call lasts 10 ms, a pause 7 ms: of those answered well, 0.6 took one
    // try, 0.24 two, 0.096 three.
    let via = Relation { retry: Some((2, 7.0)), ..plain_call(0, 1.0, Vec::new()).via };
    let call = Call { via, error_rate: 0.4, ..plain_call(0, 10.0, Vec::new()) };
    let (time, failed) = by_itself(free(), call, 0.01);
    common::close(failed, 0.064, 0.03);
    common::close(time, (0.6 * 10.0 + 0.24 * 27.0 + 0.096 * 44.0) / 0.936, 0.02);
    // Who waits 10 ms for an exponential time of 10 ms gets 1 - 1/e of the answers, of those within 10 ms: 10 (1 - 2/e) ms.
    let via = Relation { timeout: Some(10.0), ..plain_call(0, 1.0, Vec::new()).via };
    let (time, failed) = by_itself(free(), Call { via, ..plain_call(0, 10.0, Vec::new()) }, 0.01);
    let late = (-1.0f64).exp();
    common::close(failed, late, 0.02);
    common::close(time, 10.0 * (1.0 - 2.0 * late) / (1.0 - late), 0.02);
}

/// The means and error rates of a forecast and of the simple simulator are the same, as far as both know.
fn agree(workspace: &Workspace) {
    let own = second_opinion(workspace);
    let means: Vec<f64> = own.iter().map(|numbers| mean(&numbers[0]).0).collect();
    let (flows, is_right, text) = forecast(workspace, &means);
    assert!(is_right, "{text}");
    for ((flow, own), mean) in flows.iter().zip(&own).zip(&means) {
        let numbers = [(&flow.latency[Latency::Mean], mean * BLUNT), (&flow.error_rate, BLUNT / 4.0)];
        for ((estimate, blunt), own) in numbers.into_iter().zip(own) {
            let one = compare(text.clone(), estimate.as_ref().expect("an estimate"), own, blunt);
            assert!(one.likely > 1e-5, "{} is forecast, {} is right?\n{}", one.forecast, one.own, one.what);
        }
    }
}

/// Users of every law of thinking at one server, few and as many as keep it nearly busy.
#[test]
fn users_who_think_by_any_law() {
    for law in [Law::Fixed(200.0), Law::Uniform(200.0), Law::Lognormal(200.0, 2.0), Law::Exponential(200.0)] {
        for users in [5, 18] {
            let stations =
                vec![Station { replicas: 1, balance: None, concurrency: Some(1), queue_limit: None, stall: None }];
            let flows = vec![(plain_call(0, 10.0, Vec::new()), 1)];
            agree(&Workspace { stations, flows, load: Load::Closed(users, law) });
        }
    }
}

/// Requests and users at one server: so many users that they leave it some room, and so many that they do not, beside whom
/// requests are still answered, each in its turn.
#[test]
fn users_beside_requests() {
    for (rate, users) in [(0.04, 4), (0.05, 40)] {
        let stations =
            vec![Station { replicas: 1, balance: None, concurrency: Some(1), queue_limit: None, stall: None }];
        let flows = vec![(plain_call(0, 10.0, Vec::new()), 1)];
        agree(&Workspace { stations, flows, load: Load::Mixed(rate, users, Law::Exponential(100.0)) });
    }
}

/// Stations that stall, alone, before each other and behind each other, with slots and without.
#[test]
fn stations_that_stall() {
    let station = |concurrency, stall| Station { replicas: 1, balance: None, concurrency, queue_limit: None, stall };
    let often = Some((200.0, 3_800.0));
    let law = Law::Uniform(20.0);
    let call = |to, body| Call {
        law,
        via: Relation { latency: 3.0, ..plain_call(to, 1.0, Vec::new()).via },
        ..plain_call(to, 20.0, body)
    };
    let late = |to| Call {
        via: Relation { latency: 3.0, timeout: Some(150.0), retry: Some((1, 20.0)) },
        ..call(to, Vec::new())
    };
    for (stations, flow) in [
        (vec![station(Some(1), often)], call(0, Vec::new())),
        (vec![station(Some(4), often), station(Some(2), None)], call(0, vec![Step::Call(call(1, Vec::new()))])),
        (vec![station(Some(6), None), station(Some(1), often)], call(0, vec![Step::Call(call(1, Vec::new()))])),
        (vec![station(None, often), station(None, often)], call(0, vec![Step::Call(late(1)), Step::Call(late(1))])),
    ] {
        agree(&Workspace { stations, flows: vec![(flow, 1)], load: Load::Open(0.02) });
    }
}

/// Random workspaces under both sorts of load at once.
#[test]
fn loads_beside_each_other_agree_with_a_simple_simulator() {
    let mut compared = 0;
    for seed in 2_001..2_040 {
        let chance = &mut Chance::new(seed);
        let mut workspace = calm_workspace(chance, open_load);
        let Load::Open(rate) = workspace.load else { continue };
        // Half of what comes, to the digits that are written.
        let rate = (rate * 5e8).round() / 1e9;
        let mean = (1e6 * 3.0 / rate).round() / 1e6;
        workspace.load = Load::Mixed(rate, 3, if seed % 2 == 0 { Law::Exponential(mean) } else { Law::Uniform(mean) });
        if compared < 6 && is_calm(&workspace, &simulator::run(&workspace, 1, 5_000.0 / rate)) {
            compared += 1;
            agree(&workspace);
        }
    }
    assert_eq!(compared, 6);
}

/// Every way of balancing calls among replicas, under both sorts of load and with queues that may be full.
#[test]
fn replicas_with_queues_of_their_own() {
    for balance in [Balance::RoundRobin, Balance::Random, Balance::LeastConnections, Balance::TwoChoices] {
        for (replicas, concurrency, queue_limit) in [(3, 1, None), (4, 2, Some(1))] {
            let station =
                Station { replicas, balance: Some(balance), concurrency: Some(concurrency), queue_limit, stall: None };
            let capacity = (replicas * concurrency) as f64 / 10.0;
            for load in [Load::Open(0.8 * capacity), Load::Closed(3 * replicas * concurrency, Law::Exponential(20.0))] {
                let flows = vec![(plain_call(0, 10.0, Vec::new()), 1)];
                agree(&Workspace { stations: vec![station], flows, load });
            }
        }
    }
}

/// Random workspaces whose replicas have queues of their own.
#[test]
fn balanced_replicas_agree_with_a_simple_simulator() {
    let mut compared = 0;
    for seed in 3_001..3_060 {
        let chance = &mut Chance::new(seed);
        let mut workspace = Workspace::random(chance);
        if compared < 12 && workspace.balance(chance) && open_load(&mut workspace, chance) {
            compared += 1;
            agree(&workspace);
        }
    }
    assert_eq!(compared, 12);
}

#[test]
fn the_random_workspaces_say_all_that_is_to_be_compared() {
    let mut all = String::new();
    for seed in (OPEN..OPEN + WORKSPACES as u64).chain(CLOSED..CLOSED + WORKSPACES as u64) {
        all.push_str(&Workspace::random(&mut Chance::new(seed)).text(""));
    }
    let steps = ["either {", "break ", "--> "];
    let words = ["chance ", "repeat ", "join=all", "join=first", "needed=", "async=#true", "timeout=", "retry "];
    let facts = [
        "error-rate=",
        "queue-limit=",
        "concurrency=",
        "distribution=fixed",
        "distribution=uniform",
        "distribution=lognormal",
        "flow f2",
    ];
    for word in steps.into_iter().chain(words).chain(facts) {
        assert!(all.matches(word).count() >= 5, "{word}");
    }
}

#[test]
fn open_loads_agree_with_a_simple_simulator() {
    second_opinions(OPEN, open_load);
}

#[test]
fn closed_loads_agree_with_a_simple_simulator() {
    second_opinions(CLOSED, closed_load);
}
