//! Which verdicts changed between two states, whatever the things that a demand is about are called.

use groma_session::{MemoryFileSystem, Session, Snapshot, VerdictChange, compare, verdict_changes};
use groma_simulate::{Judgement, Options};
use std::path::Path;
use std::sync::atomic::AtomicBool;

const BEFORE: &str = r#"
person u "U"
system s "S" { service web "Web"; service slow "Slow" }
u -> s.web "Uses"
s.web -> s.slow "Asks"
flow buy "Buy" { u -> s.web "Uses" time=20ms distribution=fixed { s.web -> s.slow "Asks" time=30ms distribution=fixed } }
load day "A day" { rate 1/s; arrivals regular; mix buy }
quality fast "Fast" {
    require p95 flow=buy under=2s
    require p95 of=s.slow under=1s
    require mean flow=buy under=1s
}
"#;

fn judged(text: &str) -> (Snapshot, Vec<Judgement>) {
    let files = MemoryFileSystem::new(&[("w.groma", text)]);
    let snapshot = Session::open(&files, Path::new("w.groma")).unwrap().snapshot();
    let workspace = snapshot.forecastable().unwrap_or_else(|refusal| panic!("{:?}", refusal.findings));
    let options = Options { most_events: 100_000, ..Options::default() };
    let judgements = workspace.judge(&options, &AtomicBool::new(false), &|_, _, _| {}).judgements;
    (snapshot, judgements)
}

/// What changes when each of these words is written for the other.
#[track_caller]
fn check(edits: &[(&str, &str)], expected: &[&str]) {
    let after = edits.iter().fold(BEFORE.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    });
    let ((before, old), (after, new)) = (judged(BEFORE), judged(&after));
    let difference = compare(&before, &after, "2026-01-01").unwrap().difference;
    let changes = verdict_changes(&difference, (&before.arch, &old), (&after.arch, &new));
    assert_eq!(changes.iter().map(told).collect::<Vec<_>>(), expected);
}

fn told(one: &VerdictChange) -> String {
    let word = |verdict: Option<groma_simulate::Verdict>| verdict.map_or("none", groma_simulate::Verdict::word);
    let limit = one.limit_before.as_ref().map(|limit| format!(" (was {limit})")).unwrap_or_default();
    format!("{}{limit}: {} -> {}", one.demand, word(one.before), word(one.after))
}

#[test]
fn what_is_called_otherwise_is_demanded_as_before() {
    check(&[], &[]);
    check(&[("\"A day\"", "\"The day\"")], &[]);
    check(&[("\"Buy\"", "\"Buys\""), ("\"Slow\"", "\"Slower\""), ("\"Fast\"", "\"Quick\"")], &[]);
    check(
        &[
            ("load day", "load today was=day"),
            ("flow buy", "flow order was=buy"),
            ("=buy ", "=order "),
            ("mix buy", "mix order"),
        ],
        &[],
    );
    check(&[("service slow \"Slow\"", "service core \"Slow\" was=slow"), ("s.slow", "s.core")], &[]);
    let slower = ("time=30ms", "time=3s");
    check(
        &[("\"A day\"", "\"The day\""), slower],
        &[
            "p95 of Buy under 2 s, at \"The day\": holds -> fails",
            "p95 of Slow under 1 s, at \"The day\": holds -> fails",
            "mean of Buy under 1 s, at \"The day\": holds -> fails",
        ],
    );
}

#[test]
fn another_limit_is_one_change() {
    check(&[("under=2s", "under=1.5s")], &["p95 of Buy under 1.5 s, at \"A day\" (was under 2 s): holds -> holds"]);
    check(&[("under=2s", "under=10ms")], &["p95 of Buy under 10 ms, at \"A day\" (was under 2 s): holds -> fails"]);
    check(&[("under=2s", "under=2000ms")], &[]);
    check(
        &[("p95 flow", "p99 flow")],
        &["p99 of Buy under 2 s, at \"A day\": none -> holds", "p95 of Buy under 2 s, at \"A day\": holds -> none"],
    );
}

/// What is demanded twice is told apart by its limit, and else by its place.
#[test]
fn what_is_demanded_twice_is_told_apart() {
    let twice = "    require mean flow=buy under=1s\n";
    let both = format!("    require mean flow=buy under=3s\n{twice}");
    check(&[(twice, &both)], &["mean of Buy under 3 s, at \"A day\": none -> holds"]);
    let other = "    require mean flow=buy under=900ms\n    require mean flow=buy under=40ms\n";
    check(
        &[(twice, other)],
        &[
            "mean of Buy under 900 ms, at \"A day\" (was under 1 s): holds -> holds",
            "mean of Buy under 40 ms, at \"A day\": none -> fails",
        ],
    );
}
