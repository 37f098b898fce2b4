//! What `groma explain` tells of what a workspace declares, and which names it offers for one that means nothing.

mod common;

use common::{groma_in, write};
use groma_testing::goldens;
use std::path::Path;

const COMPANY: &str = r#"workspace shop "Shop"
team platform "Platform"
kind adapter "Adapter" is=component description="Speaks to others."
fact cost-centre "Who pays" on="service, relationship, adapter" type=whole required owner=platform link="https://example.org/cc" {
    description "The number of the department."
}
fact tier "Tier" on=element one-of="gold, silver" default=silver
standard metrics-path "Every service exposes metrics" applies="kind:service" must="tag:metrics" severity=warning since=2026-01-01 owner=platform tags=ops was=exposes-metrics {
    reason "Nobody can be on call for what cannot be seen."
    exception "Ask the platform team"
    link "https://example.org/metrics" title="How to"
}
standard plain "Plain" applies="kind:database" must="has:owner"
standard strict "Strict" applies="kind:database" must="has:owner" { exception "None." }
radar r "R" { ring adopt means="Safe"; ring hold }
technology acme-queue "Acme Queue" category=message-queue ring=hold owner=platform rationale="Old." { version "3" support-until=2027-01-01; }
technology postgresql "PostgreSQL" ring=adopt
system s "S" {
    service a "A" technology="PostgreSQL 17" tags=metrics cost-centre=1
    queue q "Q" technology="Acme Queue 3"
    service b "B" cost-centre=2
}
"#;

fn explained(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("w.groma"), COMPANY);
    let output = groma_in(folder.path(), &[&["explain"], arguments].concat());
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
}

#[test]
fn what_a_workspace_declares() {
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain"), |goldens| {
        for word in ["adapter", "cost-centre", "tier", "metrics-path", "plain", "strict", "acme-queue"] {
            goldens.check(&format!("{word}.md"), &explained(&[word, "w.groma"]));
        }
    });
    // What the language or the catalogue has under the name stands beside it.
    for (word, own, built_in) in [
        ("postgres", "PostgreSQL: a technology of this workspace", "is supported until"),
        ("service", "- `cost-centre`: Who pays", "A server-side application"),
        ("relationship", "- `cost-centre`: Who pays", "who uses whom"),
    ] {
        let page = explained(&[word, "w.groma"]);
        assert!(page.contains(own) && page.contains(built_in), "{page}");
    }
    // What the language does not have is looked for in the workspace where one is.
    assert_eq!(explained(&["acme-queue"]), explained(&["acme-queue", "w.groma"]));
    assert!(explained(&["acme-quorum"]).starts_with("error: there is nothing called `acme-quorum`"));
}

/// Whatever is offered for a word that means nothing can be explained itself.
#[test]
fn every_word_that_is_offered_has_a_page() {
    let page = explained(&["record"]);
    assert!(page.contains("- `constraint`: ") && page.contains("- `goal`: "), "{page}");
    for kind in groma_model::kinds::all() {
        let page = explained(&[kind.class.word]);
        assert!(!page.contains("there is nothing called"), "{}: {page}", kind.class.word);
    }
}

/// As a name of several things is written elsewhere.
#[test]
fn what_stands_before_a_name_is_understood() {
    for (sort, name) in [("technology", "acme-queue"), ("fact", "tier"), ("kind", "service"), ("standard", "plain")] {
        assert_eq!(explained(&[&format!("{sort}:{name}")]), explained(&[name]), "{sort}:{name}");
    }
}

#[test]
fn what_was_renamed_is_explained_by_its_new_name() {
    let page = explained(&["exposes-metrics", "w.groma"]);
    assert!(page.starts_with("`exposes-metrics` is called `metrics-path` now.\n"), "{page}");
}

#[test]
fn a_thing_of_the_workspace_is_asked_for_with_a_query() {
    let said = explained(&["s.a", "w.groma"]);
    assert!(said.contains("`s.a` is a thing of the workspace, and none of the language"), "{said}");
    assert!(said.contains("`groma query service:s.a` shows it; `groma explain service` explains what it is"), "{said}");
}

#[test]
fn the_nearest_of_all_that_is_known() {
    for (word, meant) in [
        ("metric-path", "`metrics-path`"),
        ("acme-que", "`acme-queue`"),
        ("adaptr", "`adapter`"),
        ("cost-center", "`cost-centre`"),
        ("lonly", "`lonely`"),
        ("reachable-frm", "`reachable-from`"),
        ("landscpe", "`landscape`"),
        ("postgrs", "`postgresql`?"),
        ("baselin", "`baseline`"),
        ("half-opn", "`half-open`"),
        ("relationshp", "`relationship`"),
        ("vektor-database", "`vector-database`"),
        ("unsettled-questoin", "the topics are `rules`, `language`, `query`, `units`, `technologies` and `baseline`"),
    ] {
        let said = explained(&[word, "w.groma"]);
        assert!(said.contains(meant), "{said}");
    }
}

#[test]
fn every_topic_is_listed_and_has_a_page() {
    let (said, list) = (explained(&["unsettled-questoin"]), explained(&[]));
    let (_, topics) = said.split_once("the topics are ").expect("the topics");
    let topics: Vec<&str> = topics.split('`').skip(1).step_by(2).collect();
    assert!(topics.len() > 5, "{said}");
    for topic in topics {
        let page = explained(&[topic]);
        assert!(!page.starts_with("error") && list.contains(&format!("\n  {topic} ")), "{topic}: {page}");
    }
}

/// What the page of baselines tells to write can be written, and it leaves out nothing that a command has for them.
#[test]
fn a_baseline_is_explained_with_the_options_that_there_are() {
    let page = explained(&["baseline"]);
    let told: Vec<(&str, &str)> = page
        .split('`')
        .filter_map(|code| code.strip_prefix("groma "))
        .flat_map(|line| line.split(' ').skip(1).map(move |word| (line.split(' ').next().unwrap_or_default(), word)))
        .filter(|(_, word)| word.starts_with("--"))
        .collect();
    for command in ["check", "build"] {
        let help = groma_in(Path::new("."), &[command, "--help"]).stdout;
        let help = String::from_utf8(help).unwrap();
        let options: Vec<&str> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
        for (_, option) in told.iter().filter(|(of, _)| *of == command) {
            assert!(options.contains(option), "{command} has no {option}");
        }
        for option in options.iter().filter(|option| option.ends_with("baseline")) {
            assert!(told.contains(&(command, option)), "{option} of {command} is not explained");
        }
    }
}

/// A value that means the same wherever it stands is told once, with all of its places.
#[test]
fn a_value_is_told_once_for_each_meaning() {
    let page = explained(&["recovery-time"]);
    assert_eq!(page.matches("(RTO)").count(), 1, "{page}");
    assert!(page.contains("- as `require` of `quality`, `threshold` of `load` or `on` of `alert`: "), "{page}");
    assert!(page.contains("answered well, and as fast, as before") && page.contains("`of=`"), "{page}");
}

#[test]
fn a_decision_is_explained_by_its_number_or_its_file() {
    let storefront = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/storefront");
    let page = explained(&["1", storefront]);
    for words in [
        "Use PostgreSQL for Primary Database: a decision of this workspace",
        "- `status` accepted",
        "- Weighed in: primary-database",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(explained(&["ADR-001", storefront]), page);
    let page = explained(&["primary-database", storefront]);
    assert!(page.contains("- Options: PostgreSQL, MongoDB, DynamoDB, MySQL"), "{page}");
    assert!(page.contains("`groma decide primary-database` ranks them."), "{page}");
}
