//! Limits of requirements and alerts: what nothing can have, and what can never be told.

use groma_base::FileId;
use groma_check::check;
use groma_model::{decode, link};
use std::sync::Arc;

const SHOP: &str = "
person u \"U\"
system s \"S\" { service a \"A\" concurrency=4; }
system bank \"Bank\" external=#true
u -> s.a \"Asks\"
s.a -> bank \"Pays\"
flow f \"F\" { u -> s.a \"Asks\" time=10ms; }
load l \"L\" { users 100 think=10s; }
failure g \"G\" { fail s.a for=1min; }
";

/// The messages of a rule about a workspace with this in it.
fn found(rule: &str, text: &str) -> Vec<String> {
    let (tree, errors) = groma_syntax::parse(format!("{SHOP}{text}"));
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let file = decode::decode(FileId(0), &tree);
    assert!(file.problems.is_empty(), "{text}: {:?}", file.problems);
    let (arch, unresolved) = link(vec![Arc::new(file)]);
    assert!(unresolved.is_empty(), "{text}: {unresolved:?}");
    let findings = check(&arch, Vec::new(), "2026-01-01").into_iter();
    findings.filter(|finding| finding.code == rule).map(|finding| finding.message).collect()
}

#[test]
fn no_share_is_above_100_per_cent() {
    for required in ["availability over=999%", "error-rate under=150%", "utilization of=s.a under=300%"] {
        let metric = required.split(' ').next().unwrap();
        let expected = format!("`{metric}` is a share, and no share is above 100%");
        assert_eq!(
            found("wrong-limit", &format!("quality q \"Q\" {{ require {required}; }}")),
            [expected],
            "{required}"
        );
    }
    for required in ["availability over=100%", "error-rate under=100%", "utilization of=s.a under=100%"] {
        assert_eq!(found("wrong-limit", &format!("quality q \"Q\" {{ require {required}; }}")), [""; 0], "{required}");
    }
}

#[test]
fn alerts_are_held_to_the_same_limits() {
    for (on, expected) in [
        ("error-rate over=150%", "`error-rate` is a share, and no share is above 100%"),
        ("availability below=101%", "`availability` is a share, and no share is above 100%"),
        ("p95 over=5%", "`p95` is a duration, and this is a percentage"),
        ("throughput below=3ms", "`throughput` is a rate, and this is a duration"),
    ] {
        assert_eq!(found("inconsistent-slo", &format!("alert a \"A\" {{ on {on}; }}")), [expected], "{on}");
    }
    for on in ["error-rate over=5%", "p95 over=2s", "queue over=3; of s.a", "throughput below=3/s"] {
        assert_eq!(found("inconsistent-slo", &format!("alert a \"A\" {{ on {on}; }}")), [""; 0], "{on}");
    }
}

#[test]
fn what_could_never_be_told_is_found() {
    for (required, expected) in [
        ("utilization under=50%", "what `utilization` is measured on is missing"),
        ("queue under=3", "what `queue` is measured on is missing"),
        ("utilization flow=f under=50%", "what `utilization` is measured on is missing"),
        ("utilization of=s under=50%", "`utilization` is measured on what serves requests, not on a system"),
        ("queue of=u under=3", "`queue` is measured on what serves requests, not on a person"),
        ("recovery-time under=1h", "the failure that it must recover from is missing"),
        ("data-loss of=s.a under=1h", "the failure in which data may be lost is missing"),
    ] {
        assert_eq!(
            found("wrong-limit", &format!("quality q \"Q\" {{ require {required}; }}")),
            [expected],
            "{required}"
        );
    }
    for required in [
        "utilization of=s.a under=50%",
        "queue of=bank under=3",
        "recovery-time failure=g under=1h",
        "data-loss failure=g under=1h",
        "p95 under=1s",
    ] {
        assert_eq!(found("wrong-limit", &format!("quality q \"Q\" {{ require {required}; }}")), [""; 0], "{required}");
    }
}

#[test]
fn what_has_no_limit_is_found_whatever_else_is_measured() {
    let expected = ["`require p95` has no limit"];
    assert_eq!(found("unmeasured-quality", "quality q \"Q\" { require p95 flow=f; }"), expected);
    assert_eq!(found("unmeasured-quality", "quality q \"Q\" { require p95 flow=f; require mean under=1s; }"), expected);
}
