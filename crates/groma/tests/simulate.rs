//! `groma simulate` through the command itself.

use std::process::{Command, Output};

fn groma(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groma")).args(arguments).output().expect("groma runs")
}

const WEAK: &str = "person u \"User\"\nsystem s \"S\" {\n    service a \"A\" replicas=2 concurrency=8 // stays\n}\nu -> s.a \"Asks\"\nflow f \"F\" { u -> s.a \"Ask\" time=50ms }\nload l \"L\" rate=300/s\nquality fast \"Fast\" {\n    require p95 flow=f under=200ms\n    require throughput over=400/s\n}\n";

/// The exit code and what is printed when this text is forecast.
fn forecast(text: &str, more: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.groma");
    std::fs::write(&path, text).unwrap();
    let arguments = [&["simulate", path.to_str().unwrap()], more].concat();
    let output = groma(&arguments);
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!told.contains("panicked"), "{told}");
    (output.status.code().unwrap_or(-1), told)
}

#[test]
fn a_failing_quality_gives_exit_code_1_and_a_fix() {
    let (code, told) = forecast(WEAK, &["--fix"]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("FAILS"), "{told}");
    assert!(told.contains("+ service a \"A\" replicas=2 concurrency=10 // stays"), "{told}");
    let (code, told) = forecast(&WEAK.replace("replicas=2", "replicas=3"), &[]);
    assert_eq!(code, 0, "{told}");
}

#[test]
fn a_change_is_compared_with_today() {
    let (_, told) = forecast(WEAK, &["--what-if", "s.a.replicas=4"]);
    assert!(told.contains("today: 320/s, fails") && told.contains("then:  640/s, holds"), "{told}");
    let (code, told) = forecast(WEAK, &["--what-if", "s.a.replcas=4"]);
    assert_eq!(code, 2);
    assert!(told.contains("did you mean `replicas`?"), "{told}");
}

/// Where too few events tell nothing, more are advised, and they tell it. A search is a request that looks into a cache, and few go further: what
/// is planned before is known takes more events for each than there are.
#[test]
fn as_many_events_as_are_advised_tell_it() {
    let store = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/storefront");
    let told = |events: u32| {
        let output = groma(&["simulate", store, "--quality", "fast-search", "--events", &events.to_string()]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for given in [1, 2] {
        let few = told(given);
        let advised = few.split_once("(`--events ").and_then(|(_, behind)| behind.split_once("` may tell)"));
        let advised: u32 = advised.unwrap_or_else(|| panic!("{few}")).0.parse().unwrap();
        assert!(advised > given, "{given}: {few}");
        // As long as it takes: twice the 6.08 s that work behind the answer lasts.
        assert!(told(advised).starts_with("HOLDS  p95 of Search products"), "{given}: {}", told(advised));
    }
}

#[test]
fn what_a_change_does_is_said_first() {
    let (_, told) = forecast(WEAK, &["--what-if", "s.a.replicas=4"]);
    assert!(told.starts_with("what if s.a.replicas=4: 2 verdicts better\n"), "{told}");
    let (_, told) = forecast(WEAK, &["--what-if", "l.rate=310/s"]);
    assert!(told.starts_with("what if l.rate=310/s: no verdict changes\n"), "{told}");
}

#[test]
fn what_a_change_does_stands_in_the_document() {
    let (_, told) = forecast(WEAK, &["--what-if", "s.a.replicas=4", "--format", "json"]);
    assert!(told.contains("\"what-if\": {") && told.contains("\"s.a.replicas=4\""), "{told}");
    let (_, told) = forecast(WEAK, &["--what-if", "s.a.replicas=4", "--format", "csv"]);
    let with_change = told.lines().filter(|row| row.ends_with("\"s.a.replicas=4\""));
    assert_eq!(with_change.count(), 2, "{told}");
}

#[test]
fn details_are_shown_on_request() {
    let (_, told) = forecast(WEAK, &[]);
    assert!(!told.contains("replications of") && !told.contains("station "), "{told}");
    let (_, told) = forecast(WEAK, &["--details"]);
    assert!(told.contains("replications of") && told.contains("station "), "{told}");
}

#[test]
fn a_part_of_the_forecast_can_be_asked_for() {
    let text = WEAK.replace(
        "quality fast",
        "load calm \"C\" rate=1/s\nquality calm \"Calm\" { require p95 flow=f under=200ms load=calm }\nquality fast",
    );
    let (code, told) = forecast(&text, &["--quality", "calm"]);
    assert!(code == 0 && told.contains("HOLDS") && !told.contains("FAILS"), "{told}");
    let (code, told) = forecast(&text, &["--load", "l", "--flow", "f"]);
    assert!(code == 1 && told.contains("load \"L\"") && !told.contains("load \"C\""), "{told}");
    let (code, told) = forecast(&text, &["--load", "calmm"]);
    assert!(
        code == 2 && told.contains("there is no load called `calmm`") && told.contains("did you mean `calm`?"),
        "{told}"
    );
    let (code, told) = forecast(&text, &["--load", "l", "--quality", "calm"]);
    assert!(code == 2 && told.contains("no requirement is about"), "{told}");
    let (code, told) = forecast(&text, &["--fix", "--load", "l"]);
    assert!(code == 1 && told.contains("+ service a \"A\" replicas=2 concurrency=10 // stays"), "{told}");
}

#[test]
fn reasons_are_typed_for_programs() {
    let (_, told) = forecast(WEAK, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&told).unwrap();
    let reason = &report["judgements"][1]["reason"];
    assert_eq!(reason["kind"], "capacity", "{reason}");
    assert_eq!(reason["places"][0]["address"], "s.a", "{reason}");
    assert_eq!((&reason["places"][0]["line"], &reason["places"][0]["column"]), (&3.into(), &13.into()), "{reason}");
    assert_eq!(report["judgements"][1]["at"]["line"], 10, "{report}");
}

#[test]
fn programs_get_json_and_tables() {
    let (_, told) = forecast(WEAK, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(report["version"], 2);
    assert_eq!(report["judgements"][1]["verdict"], "fails");
    let (_, told) = forecast(WEAK, &["--format", "csv"]);
    assert_eq!(told.lines().count(), 3);
    assert_eq!(forecast(WEAK, &["--format", "json"]).1, forecast(WEAK, &["--format", "json", "--threads", "5"]).1);
}

#[test]
fn what_is_missing_is_named() {
    let cases = [
        ("load l \"L\" rate=300/s", "", "no `load` is declared"),
        (" time=50ms", "", "the time of \"Ask\" at A is missing"),
        ("load l \"L\" rate=300/s", "load l \"L\" { users 2_000_000 think=1s }", "more than 1,000,000 users"),
    ];
    for (from, to, expected) in cases {
        let (code, told) = forecast(&WEAK.replace(from, to), &[]);
        assert_eq!(code, 0, "{told}");
        assert!(told.contains("UNKNOWN") && told.contains(expected), "{expected}: {told}");
    }
}

#[test]
fn what_never_settles_is_said_at_once() {
    let (code, told) = forecast(&WEAK.replace("rate=300/s", "rate=400/s"), &[]);
    assert_eq!(code, 1);
    assert!(told.contains("its queue grows without bound"), "{told}");
    let (code, told) = forecast("person p \"P\" {", &[]);
    assert_eq!(code, 2, "{told}");
}

#[test]
fn contradictions_are_refused_at_their_words() {
    let cases = [
        ("load l \"L\" rate=300/s", "load l \"L\" users=10", "how long do users think?"),
        ("load l \"L\" rate=300/s", "load l \"L\" rate=0/s", "asks for nothing"),
        ("time=50ms", "time=50ms p99=10ms", "the 99th percentile is below the mean"),
        ("under=200ms", "under=80MB", "is an amount of data"),
        ("time=50ms", "time=50ms cv=-1", "is not a valid value for `cv`"),
    ];
    for (from, to, expected) in cases {
        let (code, told) = forecast(&WEAK.replace(from, to), &[]);
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

#[test]
fn what_has_no_limit_is_not_left_out_in_silence() {
    let (_, told) = forecast(&WEAK.replace(" under=200ms", ""), &[]);
    assert!(told.contains("not judged: `require p95` of"), "{told}");
}
