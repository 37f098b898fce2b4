//! Workspaces that nobody means, and what must be true of their forecasts all the same. Used by the tests and by the fuzz
//! target `simulate`.

#![allow(dead_code, reason = "the fuzz target uses some of it")]

use groma_model::facts::quality::Metric;
use groma_session::{MemoryFileSystem, Session};
use groma_simulate::{Estimate, Judgement, Options, Outcome, Report, Run, Verdict};
use std::path::Path;
use std::sync::atomic::AtomicBool;

const EVENTS: u64 = 200_000;

/// However few events are allowed, a simulation may take so many; and as many runs of a load as are planned from what the
/// one before took, so many times as many as were allowed at most.
const LEAST_EVENTS: u64 = 1_000_000;
const TIMES: u64 = 5;

/// Choices that are made by bytes: the same bytes, the same workspace. Where they are used up, the first is chosen.
struct Choices<'b>(&'b [u8]);

impl Choices<'_> {
    fn pick(&mut self, count: usize) -> usize {
        let Some((two, rest)) = self.0.split_first_chunk() else { return 0 };
        self.0 = rest;
        usize::from(u16::from_le_bytes(*two)) % count.max(1)
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.pick(values.len())]
    }
}

/// A good workspace with a few hostile changes.
pub fn workspace(choices: &[u8]) -> String {
    let mut choices = Choices(choices);
    let seeds = seeds();
    let mut lines: Vec<String> = seeds[choices.pick(seeds.len())].lines().map(str::to_owned).collect();
    for _ in 0..=choices.pick(6) {
        change(&mut lines, &mut choices);
    }
    lines.join("\n") + "\n"
}

/// Good workspaces: those whose verdicts are known, an example, and one that uses most of what the language can say.
pub fn seeds() -> Vec<String> {
    let known = include_str!("../../../simulate/tests/verdicts.json");
    let known: serde_json::Value = serde_json::from_str(known).expect("cases");
    let text = |case: &serde_json::Value| {
        let lines = case["text"].as_array().expect("lines").iter().filter_map(serde_json::Value::as_str);
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut found: Vec<String> = known.as_array().expect("cases").iter().map(text).collect();
    found.extend([RICH, RICH, RICH, RICH, STAGES, PLACES].map(str::to_owned));
    found.push(include_str!("../../../../examples/orders/orders.groma").to_owned());
    found
}

const RICH: &str = r#"person u "U"
system s "S" {
    service a "A" concurrency=4 queue-limit=20
    service b "B" concurrency=2 queue-timeout=1s
    service c "C" cpu=2
    cache k "K" keys=1000 entries=250
    database d "D" concurrency=3 replicas=2
    queue q "Q"
    worker w "W" concurrency=1
    a -> b "x" { latency 0s; timeout 300ms; retry 2 backoff=exponential from=20ms jitter=#true budget=20%; breaker failures=8 reset=1s; fallback "s.d" }
    a -> c "x" { latency 0s; hedge 50ms }
    a -> k "x" latency=0s
    a -> d "x" latency=0s
    a -> q "x" { latency 0s; async #true }
    q -> w "x" latency=0s
    c -> d "x" { latency 0s; pool 2 connect-timeout=100ms; error-rate 2% }
}
u -> s.a "x" latency=0s
flow f "F" {
    u -> s.a "x" time=5ms {
        s.a -> s.b "x" time=30ms p99=200ms
        parallel {
            s.a -> s.c "x" time=10ms { s.c -> s.d "x" time=8ms }
            s.a -> s.c "y" time=4ms distribution=uniform
        }
        chance 20% { repeat 1..3 { s.a -> s.b "y" time=3ms cv=2.0 } }
        s.a -> s.k "look" time=1ms
        miss s.k { s.a -> s.d "read" time=10ms }
        s.a -> s.q "later" { s.q -> s.w "work" time=50ms }
        s.a -> s.d "z" time=1ms async=#true
    }
}
flow g "G" {
    u -> s.a "x" time=1ms
}
load l "L" {
    rate 10/s
    mix f weight=3
    mix g weight=1
}
failure gone "Gone" { fail s.d at=60s for=20s }
alert late "Late" { flow f; on p95 over=1s for=1min }
quality q "Q" {
    require p95 flow=f under=1s
    require error-rate under=1% failure=gone
    require recovery-time failure=gone under=1min
    require utilization of=s.d under=80%
}
"#;

const STAGES: &str = r#"person u "U"
system s "S" {
    service a "A" concurrency=10 { replicas 1..8 target-cpu=50% every=10s delay=20s }
    service b "B" { rate-limit 1000/s per=user }
    a -> b "x" { latency 0s; timeout 10ms }
}
u -> s.a "x" latency=0s
flow f "F" {
    u -> s.a "x" time=100ms { s.a -> s.b "x" time=1ms }
}
load l "L" {
    stage 20s rate=20/s
    stage 20s rate=20/s
    stage 20s rate=0/s
}
load m "M" {
    users 10 think=1s
    stage 20s users=50
    stage 20s users=0
}
failure slow "Slow" { slow s.a factor=10 at=10s for=10s }
quality q "Q" {
    require p95 flow=f under=1s load=l
    require error-rate under=1% load=m
    require throughput flow=f over=3/s load=m
    require mean under=1s load=l failure=slow
}
"#;

const PLACES: &str = r#"person u "U"
system s "S" {
    service a "A"
    database d "D" { failover automatic after=30s }
    a -> d "x" { latency 0s; timeout 1s; retry 3 }
}
u -> s.a "x" latency=0s
deployment p "P" {
    region x "X" { instance s.d }
    region y "Y" {
        instance s.d standby=#true
        instance s.a
    }
}
flow f "F" {
    u -> s.a "x" time=1ms { s.a -> s.d "x" time=1ms }
}
load l "L" rate=20/s
failure z "Z" { fail p.x for=1min }
failure c "C" { corrupt s.d restore=2min }
quality q "Q" {
    require recovery-time failure=z under=1min
    require mean failure=c under=1min
}
"#;

const NUMBERS: [&str; 20] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "50",
    "100",
    "1000",
    "65536",
    "1000000",
    "4294967295",
    "1000000000",
    "1000000000000000000",
    "0.5",
    "0.001",
    "0.000000001",
    "99.999999999",
    "-1",
    "1..3",
    "0..1000000",
];
const DURATIONS: [&str; 12] =
    ["0s", "1ns", "1us", "1ms", "10ms", "300ms", "1s", "10s", "1min", "1h", "365d", "1000000000s"];
const RATES: [&str; 9] =
    ["0/s", "0.000001/s", "1/h", "1/s", "20/s", "1000/s", "100000/s", "1000000000/s", "1000000000000/s"];
const SHARES: [&str; 7] = ["0%", "0.0000001%", "1%", "50%", "99%", "99.9999999%", "100%"];
const UNITS: [&str; 12] = ["", "ns", "us", "ms", "s", "min", "h", "d", "%", "/s", "/min", "/d"];
const COUNTS: [&str; 8] = ["0", "1", "2", "5", "100", "1000", "100000", "1000000"];

/// One hostile change.
fn change(lines: &mut Vec<String>, choices: &mut Choices<'_>) {
    let at = choices.pick(lines.len());
    match choices.pick(16) {
        0..=3 => replace_number(lines, at, choices),
        4 => on_line(lines, at, is_whole, |lines, at| drop(lines.remove(at))),
        5 => on_line(lines, at, is_whole, |lines, at| lines.insert(at, lines[at].clone())),
        6 => {
            let other = choices.pick(lines.len());
            if !lines.is_empty() && is_whole(&lines[at]) && is_whole(&lines[other]) {
                lines.swap(at, other);
            }
        }
        7..=8 => {
            let (head, times) = (block(choices), [1, 1, 1, 2, 5, 40][choices.pick(6)]);
            // What the analysis reckons of one such block inside of `parallel` takes seconds.
            let times = if head.contains("..") { 1 } else { times };
            on_line(lines, at, is_step, |lines, at| wrap(&mut lines[at], &head, times));
        }
        9 => {
            let law = step_fact(choices);
            on_line(lines, at, is_step, |lines, at| insert(&mut lines[at], "\" ", &format!("{law} ")));
        }
        10..=11 => {
            let policy = policy(choices);
            on_line(lines, at, |line| line.contains("latency"), |lines, at| add_policy(&mut lines[at], &policy));
        }
        12 => {
            let fact = element_fact(choices);
            on_line(lines, at, is_element, |lines, at| insert_behind_title(&mut lines[at], &fact));
        }
        13 => set_load(lines, choices),
        14 => add_failure(lines, choices),
        _ => {
            let (metric, limit) = (choices.one_of(Metric::ALL).word(), limit(choices));
            let side = choices.one_of(&["under", "over"]);
            lines.push(format!("quality more{at} \"More\" {{ require {metric} {side}={limit} }}"));
        }
    }
}

/// Does something to the first line from here on that fits, if any.
fn on_line(
    lines: &mut Vec<String>,
    from: usize,
    fits: impl Fn(&str) -> bool,
    act: impl FnOnce(&mut Vec<String>, usize),
) {
    let count = lines.len();
    if let Some(at) = (from..from + count).map(|at| at % count).find(|at| fits(&lines[*at])) {
        act(lines, at);
    }
}

/// Whether a line closes what it opens.
fn is_whole(line: &str) -> bool {
    line.matches('{').count() == line.matches('}').count()
}

/// Whether a line is a call of a flow.
fn is_step(line: &str) -> bool {
    line.contains(" -> ")
        && line.contains("time=")
        && line.ends_with(|last| last != '{')
        && is_whole(line)
        && !line.trim_start().starts_with("flow")
}

fn is_element(line: &str) -> bool {
    let word = line.trim_start().split(' ').next().unwrap_or_default();
    ["service", "database", "worker", "cache", "queue"].contains(&word) && line.contains('"')
}

/// Puts another number, or another unit behind it, in the place of one of a line that has some.
fn replace_number(lines: &mut Vec<String>, from: usize, choices: &mut Choices<'_>) {
    let (nth, keeps_unit) = (choices.pick(4), choices.pick(5) > 0);
    let (number, unit) = (choices.one_of(&NUMBERS), choices.one_of(&UNITS));
    let has_number = |line: &str| !numbers(line).is_empty();
    on_line(lines, from, has_number, |lines, at| {
        let found = numbers(&lines[at]);
        let (start, end) = found[nth % found.len()];
        let length = lines[at][end..].find(|one: char| !one.is_ascii_alphabetic() && !"%/".contains(one));
        let unit_end = length.map_or(lines[at].len(), |length| end + length);
        if keeps_unit {
            lines[at].replace_range(start..end, number);
        } else {
            lines[at].replace_range(end..unit_end, unit);
        }
    });
}

/// Where the numbers of a line stand.
fn numbers(line: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find([' ', '=']).map(|start| at + start + 1) {
        let is_of_number = |one: char| one.is_ascii_digit() || "._".contains(one);
        let length = line[start..].find(|one| !is_of_number(one)).unwrap_or(line.len() - start);
        if length > 0 {
            found.push((start, start + length));
        }
        at = start;
    }
    found
}

fn block(choices: &mut Choices<'_>) -> String {
    match choices.pick(7) {
        0 => format!("repeat {}", choices.one_of(&COUNTS)),
        1 => format!("repeat 0..{}", choices.one_of(&COUNTS)),
        2 => format!("chance {}", choices.one_of(&SHARES)),
        3 => "parallel".to_owned(),
        4 => "parallel join=first".to_owned(),
        5 => format!("parallel needed={}", choices.one_of(&COUNTS)),
        _ => "chance 50% \"or not\"".to_owned(),
    }
}

/// Puts a step twice into a block, and that into such a block again, and so on.
fn wrap(line: &mut String, head: &str, times: usize) {
    *line = format!("{line}; {}", line.trim());
    for _ in 0..times {
        *line = format!("{head} {{ {line} }}");
    }
}

fn step_fact(choices: &mut Choices<'_>) -> String {
    match choices.pick(7) {
        0 => format!("distribution={}", choices.one_of(&["fixed", "uniform", "exponential"])),
        1 => format!("distribution=lognormal cv={}", choices.one_of(&["0.0", "0.001", "1.0", "20.0", "1000.0"])),
        2 => format!("p99={}", choices.one_of(&DURATIONS)),
        3 => format!("error-rate={}", choices.one_of(&SHARES)),
        4 => "read=#true".to_owned(),
        5 => format!("distribution=lognormal p99={}", choices.one_of(&DURATIONS)),
        _ => "async=#true".to_owned(),
    }
}

fn policy(choices: &mut Choices<'_>) -> String {
    let (duration, count, share) = (choices.one_of(&DURATIONS), choices.one_of(&COUNTS), choices.one_of(&SHARES));
    match choices.pick(17) {
        0 => format!("timeout {duration}"),
        1 => format!("retry {count}"),
        2 => format!("retry {count} backoff=exponential from={duration} jitter=#true"),
        3 => format!("retry {count} backoff=constant from={duration} budget={share}"),
        4 => format!("breaker failures={count} reset={duration}"),
        5 => format!("breaker rate={share} calls={count} reset={duration}"),
        6 => format!("hedge {duration}"),
        7 => format!("pool {count} connect-timeout={duration}"),
        8 => format!("pool {count}"),
        9 => format!("fallback \"goes on\" max-age={duration}"),
        10 => "fallback \"s.a\"".to_owned(),
        11 => format!("error-rate {share}"),
        12 => format!("bulkhead {count}"),
        13 => format!("breaker failures={count} reset={duration} half-open=3 trials=3"),
        14 => format!("breaker rate={share} reset={duration} trials={count} half-open-rate={share}"),
        15 => format!(
            "retry {count} backoff=constant from={duration} budget={share} earned-by=successes budget-cap={count}"
        ),
        _ => "async #true".to_owned(),
    }
}

fn add_policy(line: &mut String, policy: &str) {
    if line.contains("latency=0s") {
        *line = line.replacen("latency=0s", &format!("{{ latency 0s; {policy} }}"), 1);
    } else {
        insert(line, "latency 0s; ", &format!("{policy}; "));
    }
}

fn element_fact(choices: &mut Choices<'_>) -> String {
    let (duration, count, share) = (choices.one_of(&DURATIONS), choices.one_of(&COUNTS), choices.one_of(&SHARES));
    match choices.pick(12) {
        0 => format!("concurrency={count}"),
        1 => format!("concurrency=1 queue-limit={count}"),
        2 => format!("concurrency=1 queue-timeout={duration}"),
        3 => format!("cpu={count}"),
        4 => format!("replicas={count}"),
        5 => format!("replicas=1..{count}"),
        6 => format!("availability={share}"),
        7 => format!("rate-limit={}", choices.one_of(&RATES)),
        8 => format!("hit-ratio={share}"),
        9 => format!("keys={count} ttl={duration}"),
        10 => {
            let ways = ["shared-queue", "round-robin", "random", "least-connections", "two-choices"];
            format!("replicas={count} concurrency=2 balance={}", choices.one_of(&ways))
        }
        _ => format!("mtbf={duration} mttr={}", choices.one_of(&DURATIONS)),
    }
}

fn insert(line: &mut String, behind: &str, what: &str) {
    if let Some(at) = line.find(behind) {
        line.insert_str(at + behind.len(), what);
    }
}

fn insert_behind_title(line: &mut String, fact: &str) {
    let title = line.find('"').and_then(|start| Some(start + 2 + line[start + 1..].find('"')?));
    if let Some(end) = title {
        line.insert_str(end, &format!(" {fact}"));
    }
}

/// Gives the workspace another first load: before all others.
fn set_load(lines: &mut Vec<String>, choices: &mut Choices<'_>) {
    let (rate, count) = (choices.one_of(&RATES), choices.one_of(&COUNTS));
    let (duration, other) = (choices.one_of(&DURATIONS), choices.one_of(&DURATIONS));
    let says = match choices.pick(12) {
        0 => format!("rate {rate}"),
        1 => format!("rate {rate}; arrivals regular"),
        2 | 3 => format!("users {count} think={duration}"),
        4 => format!("stage {duration} rate={rate}; stage {other} rate={}", choices.one_of(&RATES)),
        5 => format!("users 0 think=1s; stage {duration} users={count}; stage {other} users=0"),
        6 => format!("rate {rate}; mix f weight={}", choices.one_of(&NUMBERS)),
        7 => format!("rate {rate}; arrivals bursty factor={} burst={duration} calm={other}", choices.one_of(&NUMBERS)),
        8 => format!("every {duration} count={count} at={other} spread={}", choices.one_of(&DURATIONS)),
        9 => format!(
            "users {count} think={duration} {}",
            choices.one_of(&["distribution=fixed", "distribution=uniform", "cv=2", "p99=10s"])
        ),
        _ => {
            let beside = lines.len() + 1;
            let asked = choices.one_of(&["every 1s count=5", "users 5 think=1s", "rate 5/s", "stage 1min rate=5/s"]);
            lines.insert(0, format!("load beside{beside} \"Beside\" {{ {asked} }}"));
            format!("rate {rate}; with beside{beside}")
        }
    };
    lines.insert(0, format!("load first{} \"First\" {{ {says} }}", lines.len()));
}

/// Lets something fail, and requires something then.
fn add_failure(lines: &mut Vec<String>, choices: &mut Choices<'_>) {
    let goal = choices.one_of(&["s.a", "s.b", "s.c", "s.d", "s.k", "s"]);
    let (begin, length) = (choices.one_of(&DURATIONS), choices.one_of(&DURATIONS));
    let what = match choices.pick(8) {
        0 | 1 => format!("fail {goal}"),
        6 => format!("fail {goal} held"),
        7 => format!("partition {goal} held"),
        2 => format!("slow {goal} factor={}", choices.one_of(&["0.0", "0.001", "1.0", "10.0", "1000000000.0"])),
        3 => format!("errors {goal} share={}", choices.one_of(&SHARES)),
        4 => format!("flush {goal}"),
        _ => format!("partition {goal}"),
    };
    let (number, limit) = (lines.len(), limit(choices));
    let metric = choices.one_of(Metric::ALL).word();
    lines.push(format!("failure x{number} \"X\" {{ {what} at={begin} for={length} }}"));
    lines.push(format!(
        "quality x{number} \"X\" {{ require {metric} under={limit} failure=x{number}; require recovery-time under=1min failure=x{number} }}"
    ));
}

fn limit(choices: &mut Choices<'_>) -> &'static str {
    match choices.pick(4) {
        0 => choices.one_of(&DURATIONS),
        1 => choices.one_of(&SHARES),
        2 => choices.one_of(&RATES),
        _ => choices.one_of(&COUNTS),
    }
}

/// Judges a text, if it may be forecast, and sees that the forecast makes sense whatever its numbers are. How many events it
/// took; `None` if it may not.
pub fn judged(text: &str) -> Option<u64> {
    let mut session = Session::open(&MemoryFileSystem::new(&[("w/a.groma", text)]), Path::new("w")).ok()?;
    let snapshot = session.snapshot();
    let forecastable = snapshot.forecastable().ok()?;
    let options = Options { most_events: EVENTS, threads: 1, ..Options::default() };
    let report = forecastable.judge(&options, &AtomicBool::new(false), &|_, _, _| {});
    each_requirement_is_judged(text, &report);
    report.judgements.iter().for_each(|one| makes_sense(text, one));
    report.runs.iter().for_each(|run| is_bounded(text, run));
    let events = report.events();
    nothing_is_not_a_number(text, report);
    Some(events)
}

/// Whatever is written of a report, as JSON or for people, is made of what stands in it. Only what was never reached of a
/// course has no number, and a name may say so.
fn nothing_is_not_a_number(text: &str, mut report: Report) {
    for run in &mut report.runs {
        if let Outcome::Simulated(measured) = &mut run.outcome {
            measured.timeline = None;
        }
    }
    let told = format!("{report:?}");
    if let Some(at) = told.find("NaN").filter(|_| !text.contains("NaN")) {
        panic!("not a number: {}\n{text}", &told[..at][told[..at].len().saturating_sub(400)..]);
    }
}

/// First what qualities require, then the thresholds of loads, then what is expected during failures, each in the order of the text.
fn each_requirement_is_judged(text: &str, report: &Report) {
    let (tree, _) = groma_syntax::parse(text);
    let written = |outer: &str, inner: &str| -> Vec<u32> {
        let outer = tree.roots().filter(|root| tree.name(*root) == outer);
        let all = outer.flat_map(|root| tree.children(root).collect::<Vec<_>>());
        let said = all.filter(|node| tree.name(*node) == inner).filter_map(|node| tree.entries(node).first());
        said.map(|word| word.range().start).collect()
    };
    let mut expected = written("quality", "require");
    expected.extend(written("load", "threshold"));
    expected.extend(written("failure", "expect"));
    let found: Vec<u32> = report.judgements.iter().map(|one| one.range.start).collect();
    assert_eq!(found, expected, "{text}");
}

fn makes_sense(text: &str, one: &Judgement) {
    let Some(estimate) = &one.estimate else {
        assert!(one.verdict != Verdict::Holds, "{one:?}\n{text}");
        return;
    };
    is_an_interval(text, estimate);
    let rounding = 1e-9 * one.limit.abs();
    let is_right = match (one.verdict, one.upper) {
        (Verdict::Holds, true) => estimate.high <= one.limit + rounding,
        (Verdict::Holds, false) => estimate.low >= one.limit - rounding,
        (Verdict::Fails, true) => estimate.low > one.limit,
        (Verdict::Fails, false) => estimate.high < one.limit,
        (Verdict::TooClose, _) => estimate.low <= one.limit && one.limit <= estimate.high,
        (Verdict::Unknown, _) => false,
    };
    assert!(is_right, "{one:?}\n{text}");
}

fn is_an_interval(text: &str, estimate: &Estimate) {
    assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{estimate:?}\n{text}");
}

fn is_bounded(text: &str, run: &Run) {
    assert!(run.effort.events <= TIMES * EVENTS.max(LEAST_EVENTS), "{} events\n{text}", run.effort.events);
    let of_flows = run.flows().iter().flat_map(|one| {
        [&one.throughput, &one.error_rate].into_iter().chain(one.latency.entries().map(|(_, time)| time))
    });
    let of_elements = run.elements().iter().flat_map(|one| {
        [&one.throughput, &one.error_rate].into_iter().chain(one.latency.entries().map(|(_, time)| time))
    });
    let of_stations = run.stations().iter().flat_map(|one| [&one.utilization, &one.waiting, &one.rate]);
    of_flows.chain(of_elements).chain(of_stations).flatten().for_each(|one| is_an_interval(text, one));
}
