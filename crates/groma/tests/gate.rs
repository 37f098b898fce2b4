//! A workspace that may not be forecast has no verdict on any front end, and the same findings on all of them.

use groma_check::RULES;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn groma(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_groma")).args(arguments).output().expect("groma runs")
}

/// What a front end made of a text: its exit code, and what it printed.
struct Answer {
    code: i32,
    out: String,
    told: String,
}

fn answer(output: &Output) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), told: text(&output.stderr) }
}

fn written(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.groma");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// All pages of a site as one text.
fn pages(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "html") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

/// The rules that a JSON document of findings names.
fn rules(json: &str) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert!(document.get("judgements").is_none() && document.get("points").is_none(), "{json}");
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

/// No front end gives a verdict on this text, and each says that this rule is why.
fn refused_everywhere(text: &str, rule: &str) {
    let (folder, path) = written(text);
    let path = path.to_str().unwrap();
    let mark = format!("[{rule}]");
    let calls: [&[&str]; 5] = [
        &["simulate", path],
        &["simulate", path, "--format", "csv"],
        &["simulate", path, "--fix", "--what-if", "s.a.concurrency=8"],
        &["sweep", path, "--vary", "s.a.concurrency=1,2"],
        &["sweep", path, "--vary", "s.a.concurrency=1,2", "--format", "csv"],
    ];
    for call in calls {
        let answer = answer(&groma(call));
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{call:?}: {}", answer.told);
        assert!(answer.told.contains(&mark) && answer.told.contains("there is no forecast"), "{}", answer.told);
    }
    let json = answer(&groma(&["simulate", path, "--format", "json"]));
    let swept = answer(&groma(&["sweep", path, "--vary", "s.a.concurrency=1,2", "--format", "json"]));
    assert_eq!((json.code, swept.code), (2, 2));
    assert!(rules(&json.out).iter().any(|found| found == rule), "{}", json.out);
    assert_eq!(json.out, swept.out);

    let site = folder.path().join("site");
    let built = answer(&groma(&["build", path, "--out", site.to_str().unwrap()]));
    assert!(built.told.contains("there is no forecast"), "{}", built.told);
    let pages = pages(&site);
    assert!(!pages.contains("class=\"verdict"), "{rule}: a verdict is published");
    if let Ok(page) = std::fs::read_to_string(site.join("forecast.html")) {
        let told = rules(&json.out);
        assert!(told.iter().all(|rule| page.contains(&format!("</code> · {rule}"))), "{rule}: {page}");
    }
}

const GOOD: &str = "person u \"User\"
system s \"S\" {
    service a \"A\" concurrency=4
    service b \"B\" concurrency=2
    a -> b \"Asks\"
}
u -> s.a \"Asks\"
flow f \"F\" { u -> s.a \"Ask\" time=10ms { s.a -> s.b \"Ask\" time=20ms } }
load l \"L\" rate=10/s
quality q \"Q\" { require p95 flow=f under=500ms }
";

#[test]
fn what_a_blocking_rule_finds_gets_no_verdict_on_any_front_end() {
    for rule in RULES.iter().filter(|rule| rule.blocks_forecast) {
        for (_, text) in rule.examples().into_iter().filter(|(finds, _)| *finds) {
            refused_everywhere(&text, rule.name);
        }
    }
}

#[test]
fn a_misspelt_step_gets_no_verdict_and_every_finding_is_told() {
    let text = GOOD.replace("{ s.a -> s.b \"Ask\"", "{ s.a -> s.bb \"Ask\"").replace("rate=10/s", "rate=0/s");
    refused_everywhere(&text, "unresolved-name");
    refused_everywhere(&text, "incomplete-load");
    let (folder, path) = written(&text);
    let site = folder.path().join("site");
    let build = |more: &[&str]| {
        let arguments = [&["build", path.to_str().unwrap(), "--out", site.to_str().unwrap()], more].concat();
        answer(&groma(&arguments)).code
    };
    assert_eq!((build(&[]), build(&["--fail-on", "error"])), (0, 1));
    let page = std::fs::read_to_string(site.join("forecast.html")).unwrap();
    assert!(page.contains("There is no forecast") && page.contains("s.bb"), "{page}");
}

#[test]
fn a_change_that_cannot_be_forecast_is_refused_with_its_findings() {
    let (_folder, path) = written(GOOD);
    let path = path.to_str().unwrap();
    for call in [["simulate", path, "--what-if", "s.b.concurrency=0"], ["sweep", path, "--vary", "s.b.concurrency=0,2"]]
    {
        let answer = answer(&groma(&call));
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{}", answer.told);
        assert!(answer.told.contains("error[zero-capacity]"), "{}", answer.told);
        assert!(answer.told.contains("there is no forecast with s.b.concurrency=0"), "{}", answer.told);
    }
    let json = answer(&groma(&["simulate", path, "--what-if", "s.b.concurrency=0", "--format", "json"]));
    assert_eq!((json.code, rules(&json.out)), (2, vec!["zero-capacity".to_owned()]));
}

#[test]
fn explain_tells_that_a_rule_blocks() {
    let page = |rule: &str| answer(&groma(&["explain", rule])).out;
    assert!(page("zero-capacity").contains("blocks forecasts"));
    assert!(!page("missing-owner").contains("blocks forecasts"));
}

/// Beside errors nobody knows what else is wrong, so a baseline made then would spare too little or nothing.
#[test]
fn no_baseline_is_made_of_a_text_with_errors() {
    for text in ["system a \"A\" {\n", "system a \"A\"\na -> b \"Uses\"\n", "sytem a \"A\"\n"] {
        let (folder, path) = written(text);
        let baseline = folder.path().join("new.baseline");
        let arguments = ["check", path.to_str().unwrap(), "--write-baseline", baseline.to_str().unwrap()];
        let answer = answer(&groma(&arguments));
        assert_eq!(answer.code, 2, "{text}: {}", answer.told);
        assert!(answer.told.contains("no baseline can be made of a text that has 1 error"), "{text}: {}", answer.told);
        assert!(!baseline.exists(), "{text}");
    }
}

/// Nor does one shrink beside errors: what is not found there may be there all the same.
#[test]
fn no_baseline_shrinks_beside_a_text_with_errors() {
    let (folder, path) = written("system s \"S\"\n");
    let (path, baseline) = (path.to_str().unwrap(), folder.path().join("m.baseline"));
    let list = baseline.to_str().unwrap();
    let partly = answer(&groma(&["check", path, "--write-baseline", list, "--rule", "missing-owner"]));
    assert!(partly.code == 2 && partly.told.contains("a baseline lists all findings"), "{}", partly.told);
    assert_eq!(answer(&groma(&["check", path, "--write-baseline", list])).code, 0);
    let before = std::fs::read_to_string(&baseline).unwrap();
    for more in ["system t \"T\" {\n", "\"\n", "system s \"Again\"\n", "include \"no/such\"\n"] {
        std::fs::write(path, format!("system s \"S\"\n{more}")).unwrap();
        let answer = answer(&groma(&["check", path, "--baseline", list, "--shrink"]));
        assert_eq!(answer.code, 2, "{more}: {}", answer.told);
        assert!(answer.told.contains("no baseline can be shrunk beside a text that has"), "{more}: {}", answer.told);
        assert_eq!(std::fs::read_to_string(&baseline).unwrap(), before, "{more}");
    }
}

/// What has become of an `allow` hides nothing of the text.
#[test]
fn a_baseline_is_made_beside_an_allow_that_has_expired() {
    let (folder, path) = written(
        "system a \"A\" { allow lonely-element owner=o reason=\"R\" expires=2025-01-01; allow no-such owner=o }\n",
    );
    let baseline = folder.path().join("new.baseline");
    let arguments = ["check", path.to_str().unwrap(), "--write-baseline", baseline.to_str().unwrap()];
    let answer = answer(&groma(&arguments));
    assert_eq!(answer.code, 0, "{}", answer.told);
    assert!(
        std::fs::read_to_string(baseline).unwrap().contains("error[expired-allow] system:a / allow:lonely-element")
    );
}

/// What nothing tells to be gone is counted for itself, and not taken out without a word.
#[test]
fn what_is_unclear_in_a_baseline_is_told() {
    let (folder, path) = written("workspace w \"W\"\nsystem a \"A\"\nsystem b \"B\" was=a\n");
    let (path, baseline) = (path.to_str().unwrap(), folder.path().join("w.baseline"));
    let list = baseline.to_str().unwrap();
    std::fs::write(&baseline, "workspace w\nwarning[lonely-element] system:a\nwarning[lonely-element] system:c\n")
        .unwrap();
    let told = |more: &[&str]| answer(&groma(&[&["check", path, "--baseline", list], more].concat())).told;
    assert!(
        told(&[]).contains(
            "0 findings spared, 1 gone: `--shrink` takes it out, 1 unclear: nothing tells whether it is gone"
        )
    );
    let shrunk = told(&["--shrink"]);
    assert!(shrunk.contains("0 findings spared, 1 gone and taken out, 1 unclear and taken out"), "{shrunk}");
    assert!(shrunk.contains("note: `warning[lonely-element] system:a` is taken out"), "{shrunk}");
}

/// Beside an error of the text nothing is called gone, and nothing is offered that is refused there.
#[test]
fn what_an_error_hides_is_not_gone() {
    let text = |end: &str| format!("workspace w \"W\"\nsystem a \"A\"\nsystem b \"B\"\na -> {end} \"Asks\"\n");
    let (folder, path) = written(&text("b"));
    let baseline = folder.path().join("w.baseline");
    let list = baseline.to_str().unwrap();
    std::fs::write(&baseline, "workspace w\nwarning[lonely-element] system:a\n").unwrap();
    let told =
        |more: &[&str]| answer(&groma(&[&["check", path.to_str().unwrap(), "--baseline", list], more].concat())).told;
    assert!(told(&[]).contains("0 findings spared, 1 gone: `--shrink` takes it out"), "{}", told(&[]));
    std::fs::write(&path, text("nobody")).unwrap();
    let hidden = "0 findings spared, 1 not found: what is gone is known once the errors of the text are corrected";
    assert!(told(&[]).contains(hidden), "{}", told(&[]));
    assert!(told(&["--shrink"]).contains("no baseline can be shrunk beside a text that has 1 error"));
}

/// What was renamed and does not say so is told once, as a guess that spares nothing; once it says so, it is known.
#[test]
fn a_thing_that_may_have_been_renamed_is_told_beside_a_baseline() {
    let text = |core: &str, other: &str| {
        format!(
            "workspace w \"W\"\nperson u \"U\" description=\"U.\"\nsystem shop \"Shop\" description=\"S.\" owner=me {{ service web \"Web\" technology=\"Go 1.24\" description=\"W.\" owner=me; service {core} \"Core\"{other}; }}\nu -> shop.web \"Asks\"\n"
        )
    };
    let (folder, file) = written(&text("core", ""));
    let (path, baseline) = (file.to_str().unwrap(), folder.path().join("w.baseline"));
    let list = baseline.to_str().unwrap();
    assert_eq!(answer(&groma(&["check", path, "--write-baseline", list])).code, 0);
    let told = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        answer(&groma(&[&["check", path, "--baseline", list], more].concat())).told
    };
    let note = "gone at `shop.core`, which there is no longer, and new at `shop.kernel`: if `shop.kernel` was called `shop.core`, write `was=core` there";
    let renamed = told(&text("kernel", ""), &[]);
    assert!(renamed.contains(note) && renamed.contains(" gone: `--shrink`"), "{renamed}");
    let known = told(&text("kernel", " was=core"), &[]);
    assert!(!known.contains("gone"), "{known}");
    // Nobody knows which of two it is, and what has other findings is something else.
    let two = told(&text("kernel", "; service kern \"Kern\""), &[]);
    assert!(two.contains("gone") && !two.contains("was="), "{two}");
    let other = told(&text("kernel", " description=\"K.\""), &[]);
    assert!(other.contains("gone") && !other.contains("was="), "{other}");
    // The whole that is called otherwise is told, not each part of it.
    let whole = told(&text("core", "").replace("shop", "store"), &[]);
    assert!(whole.contains("if `store` was called `shop`, write `was=shop` there"), "{whole}");
    assert!(told(&text("kernel", ""), &["--shrink"]).contains("bring the baseline back, write `was=core`"));
}

/// Beside what is not understood nobody knows what a rule would find: whichever is asked for, that is told and fails, and no baseline is made.
#[test]
fn what_leaves_the_answer_open_is_told_whichever_rule_is_asked_for() {
    for (text, told) in [
        ("system a \"A\" {", "error[syntax]"),
        ("system a \"A\" owner=x { service s \"S\" replicas=many; }", "error[wrong-value]"),
        ("fact on-call \"C\" on=system names=team\nsystem a \"A\" on-call=nobody", "error[unresolved-name]"),
        ("system a \"A\" tear=gold", "error[unknown-word]"),
        ("system a \"A\" { rate 3/s; }", "error[misplaced]"),
        ("system a \"A\"\nsystem a \"B\"", "error[duplicate-name]"),
        ("system a \"A\" owner=a owner=b", "error[repeated-fact]"),
        ("system", "error[missing-part]"),
        (
            "system a \"A\"\nstandard o \"O\" applies=\"kind:system and\" must=\"has:owner\" { reason \"R\"; }",
            "error[wrong-query]",
        ),
    ] {
        let (folder, path) = written(text);
        let path = path.to_str().unwrap();
        for rule in ["unmet-standard", "lonely-actor"] {
            let answer = answer(&groma(&["check", path, "--rule", rule]));
            assert_ne!(answer.code, 0, "{text}: {}", answer.out);
            assert!(answer.out.contains(told), "{text}: {}", answer.out);
        }
        let list = folder.path().join("new.baseline");
        let answer = answer(&groma(&["check", path, "--write-baseline", list.to_str().unwrap()]));
        assert!(answer.code == 2 && !list.exists(), "{text}: {}", answer.told);
    }
}

/// What a baseline spares is told in every format, as what an `allow` suppresses is; and neither where that is not wanted.
#[test]
fn what_a_baseline_spares_is_told() {
    let (folder, path) = written("workspace w \"W\"\nsystem a \"A\"\nflow f \"F\"\n");
    let baseline = folder.path().join("w.baseline");
    let (path, baseline) = (path.to_str().unwrap(), baseline.to_str().unwrap());
    answer(&groma(&["check", path, "--write-baseline", baseline]));
    let told = |more: &[&str]| {
        let arguments = [&["check", path, "--baseline", baseline, "--fail-on", "note"], more].concat();
        let answer = answer(&groma(&arguments));
        assert_eq!(answer.code, 0, "{}", answer.told);
        answer.out
    };
    for (arguments, words) in [
        (&["--show-suppressed"][..], "spared by the baseline w.baseline"),
        (&["--format", "json"], "\"baseline\": \"w.baseline\""),
        (&["--format", "sarif"], "\"justification\": \"baseline w.baseline\""),
        (&["--format", "junit"], "<skipped message=\"spared by the baseline w.baseline\">"),
    ] {
        assert!(told(arguments).contains(words), "{words}: {}", told(arguments));
        if arguments.len() > 1 {
            let without = told(&[arguments, &["--no-suppressed"]].concat());
            assert!(!without.contains("w.baseline"), "{without}");
        }
    }
    assert_eq!(told(&[]), "");
}

/// A test case fails if the check does because of it.
#[test]
fn junit_fails_as_the_check_does() {
    let (_folder, path) = written("workspace w \"W\"\nsystem a \"A\"\n");
    for (least, code, failures) in [("error", 0, false), ("note", 1, true)] {
        let answer = answer(&groma(&["check", path.to_str().unwrap(), "--format", "junit", "--fail-on", least]));
        assert_eq!((answer.code, !answer.out.contains("failures=\"0\"")), (code, failures), "{}", answer.out);
        assert!(answer.out.contains("<system-out>") != failures && answer.out.contains("classname=\"groma.w\""));
    }
}

#[test]
fn a_kit_alone_is_not_nothing() {
    let (_folder, path) = written("technology go \"Go\"\ntechnology rust \"Rust\"\nfact f \"F\" on=system\n");
    assert!(answer(&groma(&["check", path.to_str().unwrap()])).told.contains("checked 1 fact, 2 technologies: clean"));
}
