//! The gate before every forecast: what is refused, what is not, and that a change is refused like a text.

use groma_base::{Edit, FileId, Range, Span};
use groma_check::RULES;
use groma_session::{MemoryFileSystem, Refusal, Session, Snapshot, change};
use std::path::Path;

fn snapshot(text: &str) -> Snapshot {
    Session::open(&MemoryFileSystem::new(&[("w.groma", text)]), Path::new("w.groma")).unwrap().snapshot()
}

/// The rules under which a text is refused; empty if it may be forecast.
fn refused(text: &str) -> Vec<String> {
    codes(snapshot(text).forecastable().err())
}

fn codes(refusal: Option<Refusal>) -> Vec<String> {
    let findings = refusal.map(|refusal| refusal.findings).unwrap_or_default();
    let mut codes: Vec<String> = findings.into_iter().map(|finding| finding.code.into_owned()).collect();
    codes.dedup();
    codes
}

/// Nothing is wrong with it.
const GOOD: &str = "person u \"User\"
system s \"S\" {
    service a \"A\" concurrency=4
    service b \"B\" concurrency=2
    a -> b \"Asks\" timeout=2s
}
u -> s.a \"Asks\"
flow f \"F\" { u -> s.a \"Ask\" time=10ms { s.a -> s.b \"Ask\" time=20ms } }
load l \"L\" rate=10/s { mix f weight=1 }
failure gone \"Gone\" { fail s.b for=1min }
quality q \"Q\" { require p95 flow=f under=500ms load=l failure=gone }
";

/// The same with other words in one place.
fn good_but(from: &str, to: &str) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "{from}");
    GOOD.replace(from, to)
}

#[test]
fn what_a_blocking_rule_finds_is_refused_as_a_text_and_as_a_change() {
    assert_eq!(refused(GOOD), [""; 0]);
    let base = snapshot(GOOD);
    let workspace = base.forecastable().ok().unwrap();
    let whole = Span::new(FileId(0), Range::new(0, GOOD.len() as u32));
    let mut tried = 0;
    for rule in RULES.iter().filter(|rule| rule.blocks_forecast) {
        for (_, text) in rule.examples().into_iter().filter(|(finds, _)| *finds) {
            tried += 1;
            assert!(refused(&text).iter().any(|code| code == rule.name), "{}: {text}", rule.name);
            let edit = Edit { span: whole, text: text.clone() };
            assert_eq!(codes(workspace.changed(&[edit]).err()), refused(&text), "{}: {text}", rule.name);
        }
    }
    assert!(tried >= RULES.iter().filter(|rule| rule.blocks_forecast && rule.check.is_some()).count());
}

#[test]
fn what_the_reader_calls_an_error_is_refused_whatever_its_rule() {
    for rule in RULES {
        for (_, text) in rule.examples() {
            if !snapshot(&text).problems.is_empty() {
                assert!(!refused(&text).is_empty(), "{}: {text}", rule.name);
            }
        }
    }
}

#[test]
fn a_rule_that_does_not_block_refuses_nothing() {
    for rule in RULES.iter().filter(|rule| !rule.blocks_forecast) {
        for (_, text) in rule.examples() {
            assert!(!refused(&text).iter().any(|code| code == rule.name), "{}: {text}", rule.name);
        }
    }
}

#[test]
fn names_and_units_that_mean_nothing_are_refused_wherever_they_stand() {
    let cases = [
        ("s.a -> s.b \"Ask\" time=20ms", "s.a -> s.bb \"Ask\" time=20ms", "unresolved-name"),
        ("mix f", "mix g", "unresolved-name"),
        ("fail s.b", "fail s.c", "unresolved-name"),
        ("flow=f under", "flow=g under", "unresolved-name"),
        ("load=l", "load=m", "unresolved-name"),
        ("failure=gone", "failure=here", "unresolved-name"),
        ("a -> b \"Asks\"", "a -> d \"Asks\"", "unresolved-name"),
        ("time=20ms", "time=20mss", "syntax"),
        ("rate=10/s", "rate=10ms", "wrong-value"),
        ("timeout=2s", "timeout=2", "wrong-value"),
        ("concurrency=2", "concurency=2", "unknown-word"),
        ("under=500ms", "under=500MB", "wrong-limit"),
        ("concurrency=2", "concurrency=0", "zero-capacity"),
        ("concurrency=2", "concurrency=2 concurrency=3", "repeated-fact"),
    ];
    for (from, to, rule) in cases {
        assert_eq!(refused(&good_but(from, to)), [rule], "{to}");
    }
}

#[test]
fn every_blocking_finding_is_told_not_only_the_first() {
    let text =
        good_but("time=20ms", "time=20ms p99=1ms").replace("rate=10/s", "rate=0/s").replace("fail s.b", "fail s.c");
    assert_eq!(refused(&text), ["impossible-distribution", "incomplete-load", "unresolved-name"]);
}

#[test]
fn no_suppression_makes_an_impossible_number_possible() {
    let allow = "allow zero-capacity owner=me reason=\"later\" expires=2999-01-01";
    let suppressed = good_but("concurrency=2", &format!("concurrency=0 {{ {allow} }}"));
    let off = format!(
        "workspace w \"W\" {{ rule zero-capacity severity=off }}\n{}",
        good_but("concurrency=2", "concurrency=0")
    );
    for text in [suppressed, off] {
        let found = snapshot(&text).findings("2026-01-01");
        assert!(found.iter().all(|finding| finding.code != "zero-capacity"), "{text}");
        assert_eq!(refused(&text), ["zero-capacity"], "{text}");
    }
}

#[test]
fn a_change_is_refused_at_its_own_words() {
    let base = snapshot(GOOD);
    let workspace = base.forecastable().ok().unwrap();
    let refusal = |words: &str| workspace.changed(&[change(&base.arch, words).unwrap().edit]).err().unwrap();
    let zero = refusal("s.b.concurrency=0");
    let span = zero.findings[0].primary.span;
    assert!(span.range.of(&zero.sources.get(span.file).text).contains('0'));
    assert_eq!(codes(Some(refusal("l.rate=fast"))), ["wrong-value"]);
    assert_eq!(codes(Some(refusal("l.trace=\"t.csv\""))), ["wrong-value"]);
    assert!(workspace.changed(&[change(&base.arch, "s.b.concurrency=3").unwrap().edit]).is_ok());
}
