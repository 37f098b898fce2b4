//! `groma decide`, as people and programs see it.

mod common;

use common::{groma_in, write};
use serde_json::Value;
use std::process::Output;

/// Runs the command on a text.
fn decide(text: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w.groma"), text);
    groma_in(folder.path(), &[&["decide"], arguments].concat())
}

fn shown(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn document(text: &str) -> Value {
    let shown = shown(&decide(text, &["w.groma", "--format", "json"]));
    serde_json::from_str::<Value>(&shown).unwrap()["choices"][0].clone()
}

const STORE: &str = r#"
choice store "Which store?" {
    criterion fit "Fits" weight=5
    criterion latency "Answers fast" weight=3 better=low worst=50ms best=10ms
    criterion price "Takes little" weight=2 better=low { threshold 100MB score=5; threshold 300MB score=3; }
    must safe "Loses nothing"
    option a "Store A" { meets safe; score fit 5 because="Seen"; value latency 20ms; value price 200MB; }
    option b "Store B" { meets safe; score fit 3 because="Read"; value latency 10..15ms; value price 90MB; }
    option c "Store C" { meets safe; score fit 4; value latency 60ms; }
    option d "Store D" { fails safe because="No log"; }
}
"#;

#[test]
fn the_ranking_is_shown_with_what_would_change_it() {
    let shown = shown(&decide(STORE, &["store"]));
    for line in [
        "Which store? (store)",
        // (5 * 5 + 3 * 4 + 2 * 3) / 10.
        "1.  Store A  4.30",
        "excluded: Store D, which fails `safe` (No log)",
    ] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
    assert!(shown.lines().last().is_some_and(|last| last.starts_with("Store A is first")), "{shown}");
}

#[test]
fn what_is_wrong_with_one_choice_stops_no_other() {
    let wrong = STORE.replace("choice store", "choice other").replace("score fit 4", "score fit 9");
    let set = "quality fast \"Fast\" { measure p95 max=1s; flow read; }\nchoice size \"How many?\" {\n    criterion speed \"Fast\" measure=fast worst=1s best=1ms\n    option one \"One\"\n    option six \"Six\" { set \"shop.nowhere.replicas=6\"; }\n}\n";
    let both = format!("{STORE}{wrong}{set}");
    let output = decide(&both, &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let (shown, told) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(shown.contains("1.  Store A  4.30") && !shown.contains("(other)") && !shown.contains("(size)"), "{shown}");
    assert!(told.contains("`other` cannot be calculated"), "{told}");
    assert_eq!(decide(&both, &["other"]).status.code(), Some(2));
    assert_eq!(decide(&format!("{wrong}{set}"), &[]).status.code(), Some(2));
}

#[test]
fn values_become_scores_by_their_scale() {
    let document = document(STORE);
    let score = |option: usize, criterion: usize| {
        let score = &document["options"][option]["scores"][criterion]["score"];
        (score["low"].as_f64().unwrap(), score["high"].as_f64().unwrap())
    };
    let near = |one: (f64, f64), other: (f64, f64)| (one.0 - other.0).abs() < 1e-9 && (one.1 - other.1).abs() < 1e-9;
    // 20 of 50..10 ms is three quarters of the way from 1 to 5.
    assert!(near(score(0, 1), (4.0, 4.0)) && near(score(0, 2), (3.0, 3.0)));
    assert_eq!(document["options"][1]["name"], "b");
    assert!(near(score(1, 1), (4.5, 5.0)) && near(score(1, 2), (5.0, 5.0)));
    // Beyond the worst value it is 1; what is not said is anything.
    assert!(near(score(2, 1), (1.0, 1.0)) && near(score(2, 2), (1.0, 5.0)));
    assert_eq!(document["excluded"][0]["name"], "d");
}

/// What a reader in another language would calculate from the document alone.
#[test]
fn a_few_lines_calculate_it_anew_from_the_document() {
    let document = document(STORE);
    let number = |value: &Value| value.as_f64().unwrap();
    let weights: Vec<f64> = document["criteria"].as_array().unwrap().iter().map(|one| number(&one["weight"])).collect();
    let all: f64 = weights.iter().sum();
    let options = document["options"].as_array().unwrap();
    let total = |option: &Value, end: &str| {
        let scores = option["scores"].as_array().unwrap();
        scores.iter().zip(&weights).map(|(cell, weight)| number(&cell["score"][end]) * weight / all).sum::<f64>()
    };
    for option in options {
        for end in ["low", "high"] {
            assert!((total(option, end) - number(&option["total"][end])).abs() < 1e-9, "{option}");
        }
    }
    let first = options.iter().find(|option| option["name"] == document["first"]["certain"]).unwrap();
    assert!(options.iter().all(|other| other["name"] == first["name"] || total(other, "high") < total(first, "low")));
    let mut changes = 0;
    for one in document["weights-that-change-it"].as_array().unwrap() {
        let criterion =
            document["criteria"].as_array().unwrap().iter().position(|known| known["name"] == one["criterion"]);
        for switch in [&one["below"], &one["above"]].into_iter().filter(|switch| !switch.is_null()) {
            changes += 1;
            let rival = options.iter().find(|option| option["name"] == switch["first"][0]).unwrap();
            let lead = |(nth, weight): (usize, &f64)| {
                let weight = if Some(nth) == criterion { number(&switch["at"]) } else { *weight };
                weight
                    * (number(&first["scores"][nth]["score"]["low"]) - number(&rival["scores"][nth]["score"]["high"]))
            };
            assert!(weights.iter().enumerate().map(lead).sum::<f64>().abs() < 1e-9, "{one}");
        }
    }
    assert!(changes > 0);
    for one in document["scores-that-change-it"].as_array().unwrap() {
        let criterion =
            document["criteria"].as_array().unwrap().iter().position(|known| known["name"] == one["criterion"]);
        let is_first = one["option"] == first["name"];
        let end = if is_first { "low" } else { "high" };
        let moved = (number(&one["changes"]["at"]) - number(&one["score"][end])) * weights[criterion.unwrap()] / all;
        let rival = options.iter().find(|option| option["name"] == one["changes"]["first"][0]).unwrap();
        let lead = total(first, "low") - total(rival, "high") + if is_first { moved } else { -moved };
        assert!(lead.abs() < 1e-9, "{one}");
    }
    let draws = number(&document["weightings"]["draws"]);
    for option in options {
        let (wins, share) = (&option["wins"]["near"], &option["wins"]["near"]["share"]);
        let (alone, perhaps) = (number(&wins["alone"]) / draws, number(&wins["perhaps"]) / draws);
        assert!(number(&share["low"]) <= alone && alone <= perhaps && perhaps <= number(&share["high"]), "{wins}");
    }
}

#[test]
fn a_tie_is_told_as_one() {
    let tie = "choice c \"C\" { criterion x \"X\"; criterion y \"Y\"; option a \"A\" { score x 5; score y 1; }; option b \"B\" { score x 1; score y 5; } }";
    let shown = shown(&decide(tie, &["."]));
    assert!(shown.contains("A and B are level: the numbers do not decide between them."), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.starts_with("1.  ")).count(), 2, "{shown}");
    assert_eq!(document(tie)["first"]["tied"], serde_json::json!(["a", "b"]));
}

#[test]
fn what_is_missing_leaves_open_who_is_first() {
    let open = "choice c \"C\" { criterion x \"X\"; criterion y \"Y\"; option a \"A\" { score x 4; score y 3; }; option b \"B\" { score x 3; } }";
    let shown = shown(&decide(open, &["w.groma"]));
    assert!(shown.contains("What is not known decides: A or B may be first."), "{shown}");
    assert!(shown.contains("1–2.  B  2–4") || shown.contains("2.00–4.00"), "{shown}");
}

#[test]
fn the_table_has_a_row_for_each_option_and_criterion_and_for_what_excludes_one() {
    let shown = shown(&decide(STORE, &["store", "w.groma", "--format", "csv"]));
    let rows: Vec<&str> = shown.lines().collect();
    assert_eq!(rows.len(), 1 + 3 * 3 + 1, "{shown}");
    assert_eq!(rows[10], format!("\"store\",\"d\"{}\"No log\",\"safe\"", ",".repeat(16)), "{shown}");
    let columns = rows[0].split(',').count();
    assert!(rows.iter().all(|row| row.split(',').count() == columns), "{shown}");
}

#[test]
fn what_cannot_be_answered_is_told() {
    for (text, arguments, words) in [
        (STORE, &["stor"][..], "did you mean `store`?"),
        (STORE, &["other", "."], "there is no choice called `other`"),
        ("system s \"S\"", &["."], "the workspace has no choice"),
        (STORE, &["store", "--concentration", "0"], "`--concentration` must be between 1 and 1000000"),
        (STORE, &["no.groma"], "no.groma"),
        (
            "choice c \"C\" { criterion x \"X\" weight=0; option a { score x 3; }; option b { score x 2; } }",
            &["c"],
            "the weight `0` is none",
        ),
        (
            "choice c \"C\" { criterion x \"X\" weight=#inf; option a { score x 3; }; option b { score x 2; } }",
            &["c"],
            "#inf",
        ),
        (
            "choice c \"C\" { criterion x \"X\"; option a { score x 7; }; option b { score y 2; } }",
            &["c"],
            "called `y`",
        ),
    ] {
        let output = decide(text, arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_plot_is_drawn_of_one_choice() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w.groma"), STORE);
    let two = STORE.replace("choice store", "choice other");
    write(&folder.path().join("two.groma"), &format!("{STORE}{two}"));
    let decide = |arguments: &[&str]| groma_in(folder.path(), &[&["decide"], arguments].concat());
    for (name, begins) in [("plot.svg", &b"<svg"[..]), ("plot.PNG", b"\x89PNG")] {
        shown(&decide(&["store", "w.groma", "--plot", name]));
        assert!(std::fs::read(folder.path().join(name)).unwrap().starts_with(begins), "{name}");
    }
    for (arguments, words) in [
        (["two.groma", "--plot", "two.svg"], "a plot is of one choice"),
        (["w.groma", "--plot", "plot.pdf"], "end it with `.svg` or `.png`"),
        (["w.groma", "--plot", "nowhere/plot.svg"], "cannot write"),
    ] {
        let output = decide(&arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(words) && output.stdout.is_empty(), "{arguments:?}: {told}");
        assert!(!folder.path().join(arguments[2]).exists());
    }
}

#[test]
fn the_documentation_lists_the_criteria_that_are_shipped() {
    let page = include_str!("../../../docs/choose-with-numbers.md");
    for set in groma_model::facts::choice::Criteria::ALL {
        for one in set.all() {
            let row = format!("| `{}` | {} | {} | ", one.name, one.title, one.asks);
            let line = page.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("no row: {row}"));
            assert!(line[row.len()..].contains(&format!("`{}`", set.word())), "{line}");
        }
    }
}

/// A choice of how many there are, judged by what is forecast of it.
const VARIANTS: &str = r#"
person u "U"
system s "S" { service a "A" concurrency=1 }
u -> s.a "Asks"
flow ask "Ask" { u -> s.a "Asks" time=50ms }
load day "Day" { rate 15/s; mix ask }
deployment live "Live" { host h "H" { instance s.a } }
quality fast "Fast" { require mean flow=ask under=100ms load=day }
choice size "How many?" {
    criterion speed "Answers fast" weight=3 better=low worst=250ms best=50ms measure=fast
    criterion cheap "Costs little" weight=1
    option one "One" { score cheap 5 because="One host" }
    option four "Four" { set "s.a.concurrency=4"; score cheap 2 because="Four hosts" }
    option never "Not at all" { score speed 1 because="There is nothing"; score cheap 5 because="Nothing" }
}
"#;

#[test]
fn a_criterion_is_measured_by_a_forecast_of_each_option() {
    let document = document(VARIANTS);
    let value = |option: &str| {
        let options = document["options"].as_array().unwrap();
        options.iter().find(|one| one["name"] == option).unwrap()["scores"][0].clone()
    };
    assert_eq!(document["criteria"][0]["measured-by"], "fast");
    // One server of M/M/1 at 15/s and 50 ms: 50 / (1 - 0.75) = 200 ms, a fifth of the way from 250 ms to 50 ms, or 1 + 4/4 = 2.
    let one = value("one");
    assert_eq!(one["given"], "forecast");
    let (low, high) = (one["score"]["low"].as_f64().unwrap(), one["score"]["high"].as_f64().unwrap());
    assert!(low <= 2.0 && 2.0 <= high && high - low < 1.0, "{one}");
    // Four servers hardly ever have a queue.
    let four = value("four");
    assert!(four["score"]["low"].as_f64().unwrap() > 4.9, "{four}");
    assert_eq!(value("never")["given"], "score");
    assert_eq!(document["first"]["certain"], "four");
    let told = shown(&decide(VARIANTS, &["w.groma"]));
    assert!(told.contains(" ms to "), "{told}");
    // However the quality is named.
    let named = VARIANTS.replace("measure=fast", "measure=\"quality:fast\"");
    assert_eq!(shown(&decide(&named, &["w.groma"])), told);
}

#[test]
fn what_cannot_be_forecast_is_told() {
    for (from, to, code, words) in [
        ("worst=250ms best=50ms ", "", 2, "`speed` has no scale that makes a score of what is forecast"),
        ("worst=250ms best=50ms", "worst=250 best=50", 2, "which `100ms` is"),
        ("measure=fast", "", 2, "nothing of option `four` is forecast, so what it sets changes nothing"),
        ("measure=fast", "measure=fats", 2, "did you mean `fast`"),
        (
            "require mean",
            "require mean flow=ask under=1s; require mean",
            2,
            "the quality `fast` requires several numbers",
        ),
        (
            "require mean flow=ask under=100ms load=day",
            "measure \"By eye\"",
            2,
            "the quality `fast` requires no number",
        ),
        ("set \"s.a.concurrency=4", "set \"s.a.concurency=4", 2, "concurency"),
        ("set \"s.a.concurrency=4", "set \"s.a.concurrency=0", 2, "concurrency"),
    ] {
        let text = VARIANTS.replace(from, to);
        assert_ne!(text, VARIANTS, "{from}");
        let output = decide(&text, &["w.groma"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{to}: {told}");
        assert!(told.contains(words), "{to}: {told}");
    }
}

#[test]
fn what_an_option_cannot_set_is_found_where_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str| {
        write(&folder.path().join("w.groma"), text);
        String::from_utf8(groma_in(folder.path(), &["check", "--format", "json"]).stdout).unwrap()
    };
    assert!(!check(VARIANTS).contains("cannot set this"));
    for set in ["s.a.concurency=4", "s.b.c.concurrency=4", "s.a.concurrency", "s.a.concurrency=many"] {
        let text = VARIANTS.replace("s.a.concurrency=4", set);
        assert_ne!(text, VARIANTS, "{set}");
        let found: Value = serde_json::from_str(&check(&text)).unwrap();
        let found: Vec<&Value> = found["findings"].as_array().unwrap().iter().collect();
        let told = |one: &&&Value| one["message"].as_str().is_some_and(|message| message.contains("cannot set this"));
        let [one] = found.iter().filter(told).collect::<Vec<_>>()[..] else { panic!("{set}: {found:?}") };
        assert_eq!(one["rule"], "wrong-value", "{set}");
    }
}
