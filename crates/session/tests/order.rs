//! The order in which things are written changes neither what they say nor what is found.

use groma_model::facts;
use groma_session::{MemoryFileSystem, Session, Snapshot, compare};
use std::path::Path;

fn snapshot(text: &str) -> Snapshot {
    Session::open(&MemoryFileSystem::new(&[("w.groma", text)]), Path::new("w.groma")).unwrap().snapshot()
}

/// What a workspace of these lines says, in whatever order they stand.
#[track_caller]
fn check(head: &str, lines: &[&str], tail: &str, see: impl Fn(&Snapshot)) {
    let mut lines = lines.to_vec();
    let text = |lines: &[&str]| format!("{head}{}\n{tail}", lines.join("\n"));
    let first = snapshot(&text(&lines));
    for _ in 0..lines.len() {
        see(&snapshot(&text(&lines)));
        let comparison = compare(&first, &snapshot(&text(&lines)), "2026-01-01").unwrap();
        assert!(comparison.difference.is_empty(), "{}", text(&lines));
        let moved: Vec<_> = comparison.came.iter().chain(&comparison.went).map(|one| &one.message).collect();
        assert!(moved.is_empty(), "{}: {moved:?}", text(&lines));
        lines.rotate_left(1);
    }
}

/// Which relationship a step uses where nothing says which: that is the same whichever stands first.
#[test]
fn a_step_uses_the_same_relationship() {
    let head = "person p \"P\"\nsystem a \"A\"\nsystem b \"B\"\np -> a \"u\"\n";
    let flow = "flow f \"F\" { p -> a \"u\" { a -> b \"x\" time=1ms } }\n";
    let timeout = |expected: &'static str| {
        move |snapshot: &Snapshot| {
            let arch = &snapshot.arch;
            let step = arch.flows.iter().flat_map(|flow| flow.steps.iter()).last().unwrap();
            let used = arch.relation_of_step(step).unwrap();
            assert_eq!(arch.text(arch.relation(used.id).at, &facts::DESCRIPTION), Some(expected));
        }
    };
    let twins = ["a -> b \"x\" timeout=2s description=two", "a -> b \"x\" timeout=1s description=one"];
    check(head, &twins, flow, timeout("one"));
    let others = ["a -> b \"z\" timeout=1s description=one", "a -> b \"y\" timeout=2s description=two"];
    check(head, &others, flow, timeout("two"));
    let parts = [
        "a -> b \"x\" description=late { retry 2 from=2s }",
        "a -> b \"x\" description=soon { retry 2 from=100ms }",
        "a -> b \"x\" description=none { retry 2 }",
    ];
    check(head, &parts, flow, timeout("none"));
}

/// A finding about a technology that several things name stands at the same of them.
#[test]
fn what_is_found_stands_at_the_same_place() {
    let head = "workspace w \"W\" { team 2 skills=Java }\nradar r \"R\" { ring adopt \"A\" }\ntechnology go \"Go\" category=language ring=adopt\n";
    let services = [
        "system a \"A\" { service b \"B\" technology=\"Flask 3\"; service c \"C\" technology=\"FastAPI 0.115\" }",
        "system d \"D\" { service e \"E\" technology=\"Go 1.25\" }",
        "system f \"F\" { service g \"G\" technology=\"Go 1.25\"; database h \"H\" technology=\"Redis 8\" }",
        "system i \"I\" { cache j \"J\" technology=\"Redis 8\" }",
    ];
    check(head, &services, "", |snapshot| {
        let found = snapshot.findings("2026-01-01");
        for rule in ["unfamiliar-technology", "technology-beside-radar", "overlapping-technologies"] {
            assert!(found.iter().any(|one| one.code == rule), "{rule}: {found:#?}");
        }
    });
    let steps = ["step a \"A\"", "step b \"B\"", "step c \"C\" is=end"];
    check("pipeline p \"P\" {\n", &steps, "\na -> b\nb -> c\n}\n", |_| {});
}
