//! What a workspace calls breaking may depend on the day.

use groma_session::{MemoryFileSystem, Session, Snapshot, compare};
use std::path::Path;

fn snapshot(answer: &str) -> Snapshot {
    let text = format!(
        "workspace w \"W\" {{\n    breaking \"kind:question and age(due)>90d\"\n}}\nquestion scale \"How many?\" due=2026-01-01 {answer}\n"
    );
    Session::open(&MemoryFileSystem::new(&[("w.groma", &text)]), Path::new("w.groma")).unwrap().snapshot()
}

#[test]
fn an_age_counts_from_the_day_of_the_comparison() {
    let (before, after) = (snapshot(""), snapshot("owner=nobody"));
    assert!(!before.findings("2026-01-01").iter().any(|finding| finding.code == "wrong-query"));
    let broken = |today| compare(&before, &after, today).unwrap().breaking.len();
    assert_eq!(broken("2026-03-01"), 0);
    assert_eq!(broken("2026-06-01"), 1);
}
