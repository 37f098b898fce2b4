//! `groma rfc`: what is proposed is listed, shown, written and moved on, reviewed in roles, and leads to decisions.

mod common;

use common::{expect, files_below, folder, groma_in, printed, single_spaced, told, write};
use serde_json::{Value, json};
use std::path::Path;

const WORKSPACE: &str = "team core \"Core team\" {\n    member ana \"Ana Ruiz\" email=\"ana@example.org\" roles=lead-backend\n    member bo \"Bo Lind\" email=\"bo@example.org\" roles=devops\n}\nsystem shop \"Shop\" owner=core {\n    service core \"Core\"\n}\n";

const PROPOSAL: &str = "# RFC 3: Sell abroad\n\n**Status:** Draft\n\n**Date:** 2026-11-02\n\n**Authors:** Ana Ruiz\n\n**Reviewers:** Lead Backend (Ana Ruiz), devops, Lead Mobile\n\n**Last call:** 2026-11-16\n\n**About:** shop.core\n\n## Problem\n\nOne order in five is from abroad, and fails.\n\n## Proposal\n\nPrices in three currencies.\n\n## Alternatives Considered\n\n### A shop for each country\n\n- **Why not:** three catalogues drift apart\n\n## Unresolved Questions\n\n- Which rate?\n";

const RECORD: &str = "# 3. Keep a log\n\nDate: 2024-02-05\n\n## Status\n\nAccepted\n\n## Context\n\nNobody knows why.\n\n## Decision\n\nWe keep a log.\n\n## Consequences\n\nMore to read.\n";

fn shop() -> tempfile::TempDir {
    folder(&[
        ("shop.groma", WORKSPACE),
        ("docs/adr/0003-keep-a-log.md", RECORD),
        ("docs/rfcs/0003-sell-abroad.md", PROPOSAL),
    ])
}

fn text(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}

fn parsed(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, arguments, 0)).unwrap()
}

#[test]
fn a_state_follows_on_another_and_its_bytes_alone_change() {
    let folder = shop();
    let here = folder.path();
    let path = "docs/rfcs/0003-sell-abroad.md";
    let with = |status: &str| PROPOSAL.replace("**Status:** Draft", &format!("**Status:** {status}"));
    expect(here, &["rfc", "accept", "3"], 2, "is draft, and does not become accepted");
    expect(here, &["rfc", "reject", "3"], 2, "only what is review becomes rejected");
    let dry = printed(here, &["rfc", "review", "3", "--dry-run"], 0);
    assert_eq!(dry, format!("changed  {path}\n    3 - **Status:** Draft\n    3 + **Status:** Review\n"));
    assert_eq!(text(here, path), PROPOSAL);
    printed(here, &["rfc", "review", "rfc-3"], 0);
    assert_eq!(text(here, path), with("Review"));
    expect(here, &["rfc", "review", "3"], 0, "nothing to change");
    printed(here, &["rfc", "accept", "sell-abroad", "--date", "2026-11-20"], 0);
    assert_eq!(text(here, path), with("Accepted").replace("2026-11-02", "2026-11-20"));
    expect(here, &["rfc", "reject", "3"], 2, "is accepted, and does not become rejected");
    printed(here, &["rfc", "withdraw", "3"], 0);
    expect(here, &["rfc", "review", "3"], 2, "only what is draft or review becomes review");
    printed(here, &["rfc", "review", "3", "--force"], 0);
    assert_eq!(text(here, path), with("Review").replace("2026-11-02", "2026-11-20"));
    expect(here, &["rfc", "accept", "4"], 2, "the nearest are 3 (");
    expect(here, &["rfc", "accept", "sell-abraod"], 2, "did you mean");
    // What is a decision is no proposal.
    assert_eq!(text(here, "docs/adr/0003-keep-a-log.md"), RECORD);
}

#[test]
fn what_is_written_otherwise_is_moved_on_in_its_own_form() {
    let front = "---\r\nstate: discussion   # since May\r\nauthors: [Bo]\r\n---\r\n\r\n# Use a cache\r\n";
    let rust =
        "- Feature Name: let_chains\n- Start Date: 2026-03-04\n\n# Summary\n\nChains.\n\n# Motivation\n\nIfs nest.\n";
    let folder = folder(&[("rfcs/0001-a.md", front), ("rfcs/0002-b.md", rust)]);
    printed(folder.path(), &["rfc", "accept", "1"], 0);
    assert_eq!(text(folder.path(), "rfcs/0001-a.md"), front.replace("discussion", "accepted"));
    expect(folder.path(), &["rfc", "list"], 1, "no status: add a line");
    printed(folder.path(), &["rfc", "review", "2"], 0);
    let reviewed = rust.replace("- Feature", "- Status: Review\n- Feature");
    assert_eq!(text(folder.path(), "rfcs/0002-b.md"), reviewed);
}

#[test]
fn the_list_says_how_far_each_is_and_what_is_wrong_with_it() {
    let folder = shop();
    let here = folder.path();
    let table = single_spaced(&printed(here, &["rfc", "list"], 0));
    assert!(table.contains("3 draft 2026-11-02 Sell abroad docs/rfcs/0003-sell-abroad.md"), "{table}");
    expect(here, &["rfc", "list"], 0, "1 RFC in `docs/rfcs`");
    let csv = printed(here, &["rfc", "list", "--format", "csv"], 0);
    assert!(csv.ends_with("\"3\",\"draft\",\"2026-11-02\",\"Sell abroad\",\"docs/rfcs/0003-sell-abroad.md\",\"Ana Ruiz\",\"Lead Backend; devops; Lead Mobile\",\"2026-11-16\"\n"), "{csv}");
    assert_eq!(parsed(here, &["rfc", "list", "--format", "json"])["records"][0]["status"], "draft");
    expect(here, &["rfc", "list", "--status", "review"], 0, "0 RFCs");
    expect(here, &["rfc", "list", "--status", "proposed"], 2, "invalid value 'proposed'");
    write(&here.join("docs/rfcs/0003-again.md"), "# RFC 3: Again\n\nStatus: In progress\n\nLast call: 10/04/18\n");
    let output = groma_in(here, &["rfc", "list"]);
    let told = told(&output);
    for words in ["number 3 is that of", "no known status: draft, review", "the last call could be on several days"] {
        assert!(output.status.code() == Some(1) && told.contains(words), "{told}");
    }
    expect(here, &["rfc", "accept", "3"], 2, "several RFCs are called `3`");
    // A folder that is called so for other reasons is none.
    let other = common::folder(&[("rfc/main.rs", "fn main() {}\n")]);
    expect(other.path(), &["rfc", "list"], 0, "there is no folder of them");
}

#[test]
fn one_is_shown_with_who_has_signed_it() {
    let folder = shop();
    let here = folder.path();
    let sign = |who: &str, role: &str| {
        printed(here, &["sign", "rfc-3", "--as", role, "--by", who, "--on", "2026-11-10", "--key", "none"], 0);
    };
    sign("Ana Ruiz <ana@example.org>", "lead-backend");
    let acts = text(here, "acts/2026.groma");
    assert!(acts.starts_with("sign \"rfc-3\" role=lead-backend"), "{acts}");
    let shown = single_spaced(&printed(here, &["rfc", "show", "3"], 0));
    for line in [
        "docs/rfcs/0003-sell-abroad.md (bold)",
        "9:16 reviewer Lead Backend (Ana Ruiz)",
        "11:16 last call 2026-11-16",
        "17:1 problem One order in five is from abroad, and fails.",
        "25:5 alternative A shop for each country",
        "31:3 open question Which rate?",
        "signed Lead Backend by Ana Ruiz on 2026-11-10",
        "owed devops nobody has signed it",
        "owed Lead Mobile nobody has that role: no member of a team does",
    ] {
        assert!(shown.lines().any(|own| own == line), "{line}: {shown}");
    }
    // Its life goes on, and the signature holds.
    printed(here, &["rfc", "review", "3"], 0);
    printed(here, &["rfc", "accept", "3", "--date", "2026-11-20"], 0);
    let reviews = || parsed(here, &["rfc", "show", "3", "--format", "json"])["record"]["reviews"].clone();
    assert_eq!(reviews()[0]["answer"], "signed");
    let path = here.join("docs/rfcs/0003-sell-abroad.md");
    write(&path, &text(here, "docs/rfcs/0003-sell-abroad.md").replace("three currencies", "four currencies"));
    assert_eq!(
        (&reviews()[0]["answer"], &reviews()[0]["by"]),
        (&json!("lapsed"), &json!("Ana Ruiz <ana@example.org>"))
    );
    expect(here, &["check", "--today", "2026-11-30"], 1, "has changed since Lead Backend signed it");
    sign("Ana Ruiz <ana@example.org>", "lead-backend");
    sign("Bo Lind <bo@example.org>", "devops");
    let all: Vec<Value> = reviews().as_array().unwrap().iter().map(|one| one["answer"].clone()).collect();
    assert_eq!(all, ["signed", "signed", "owed"]);
    // From its own folder, and where it counts for no workspace.
    let inside = parsed(&here.join("docs/rfcs"), &["rfc", "show", "3", "--format", "json"]);
    assert_eq!(inside["record"]["reviews"], reviews());
    std::fs::remove_file(here.join("shop.groma")).unwrap();
    std::fs::remove_dir_all(here.join("acts")).unwrap();
    expect(here, &["rfc", "show", "3"], 0, "who has signed it is not known");
    assert_eq!(reviews(), Value::Null);
}

#[test]
fn a_number_alone_is_that_of_a_decision() {
    let folder = shop();
    let sign = |target: &str| {
        let by = ["--as", "devops", "--by", "Bo Lind <bo@example.org>", "--key", "none", "--on", "2026-11-10"];
        let arguments: Vec<&str> = ["sign", target].into_iter().chain(by).collect();
        told(&groma_in(folder.path(), &arguments))
    };
    assert!(sign("3").starts_with("`adr-3` is signed"));
    assert!(sign("RFC-0003").starts_with("`rfc-3` is signed"));
    assert!(sign("rfc:3").contains("has signed that already"));
    assert!(sign("rfc-4").contains("there is no RFC `rfc-4`"));
    assert!(sign("adr-4").contains("there is no decision `adr-4`"));
    std::fs::remove_file(folder.path().join("docs/adr/0003-keep-a-log.md")).unwrap();
    assert!(sign("3").contains("there is no decision `3`"));
}

#[test]
fn a_new_one_has_the_next_number_and_asks_whom_it_is_told_to() {
    let folder = shop();
    let here = folder.path();
    let new = ["rfc", "new", "Pay later", "--date", "2026-12-01", "--reviewer", "lead-backend", "--reviewer", "devops"];
    let more = ["--last-call", "2026-12-14", "--author", "Bo Lind", "--option", "Pay at once"];
    let arguments: Vec<&str> = new.into_iter().chain(more).collect();
    assert_eq!(printed(here, &arguments, 0), "new      docs/rfcs/0004-pay-later.md\n");
    let record = parsed(here, &["rfc", "show", "4", "--format", "json"])["record"].clone();
    assert_eq!((&record["status"], &record["date"]), (&json!("draft"), &json!("2026-12-01")));
    let roles: Vec<&Value> = record["reviewers"].as_array().unwrap().iter().map(|one| &one["role"]).collect();
    assert_eq!(roles, ["lead-backend", "devops"]);
    assert_eq!(record["last_call"]["value"], "2026-12-14");
    assert_eq!(record["options"][0]["value"], "Pay at once");
    assert_eq!(record["findings"], json!([]));
    // A draft is told nothing.
    let found = told(&groma_in(here, &["check", "--today", "2026-12-01"]));
    assert!(!found.contains("0004-pay-later"), "{found}");
    let before = files_below(here);
    for (arguments, words) in [
        (&["rfc", "new", ""][..], "the title is empty, or no text"),
        (&["rfc", "new", "X", "--last-call", "2026-02-30"], "`2026-02-30` is not a valid date"),
        (&["rfc", "new", "X", "--reviewer", "a, b"], "`a, b` is no name or role"),
        (&["rfc", "new", "X", "--reviewer", " "], "is no name or role"),
        (&["rfc", "new", "X", "--folder", "/"], "lies outside of the repository"),
        (&["rfc", "new", "X", "--folder", "shop.groma"], "is a file, not a folder"),
        (&["rfc", "new", "X", "--template", "none.md"], "no such file or directory"),
        (&["rfc", "new", "X", "nowhere"], "a title of several words stands in quotes"),
    ] {
        expect(here, arguments, 2, words);
    }
    printed(here, &["rfc", "new", "X", "--dry-run"], 0);
    assert_eq!(files_below(here), before);
}

#[test]
fn the_first_one_goes_beside_the_decisions_and_the_next_as_the_others_are_called() {
    let empty = folder(&[("a.groma", "")]);
    assert_eq!(printed(empty.path(), &["rfc", "new", "A"], 0), "new      docs/rfcs/0001-a.md\n");
    let beside = folder(&[("services/shop/doc/adr/0001-a.md", RECORD), ("services/shop/a.groma", "")]);
    let here = beside.path().join("services/shop");
    assert_eq!(printed(&here, &["rfc", "new", "A"], 0), "new      doc/rfcs/0001-a.md\n");
    assert_eq!(printed(&here, &["rfc", "new", "B"], 0), "new      doc/rfcs/0002-b.md\n");
    let called = folder(&[("docs/rfc/rfc-007-a.md", "---\nstatus: accepted\n---\n# A\n")]);
    assert_eq!(
        printed(called.path(), &["rfc", "new", "B", "--date", "2026-12-01"], 0),
        "new      docs/rfc/rfc-008-b.md\n"
    );
    let own = text(called.path(), "docs/rfc/rfc-008-b.md");
    assert!(own.starts_with("---\nstatus: draft\ndate: 2026-12-01\nauthors: []\n"), "{own}");
    let named = folder(&[
        ("shop/a.groma", "workspace shop { rfcs \"../proposals\" }\n"),
        ("proposals/0001-a.md", "# A\n\nStatus: Draft\n"),
    ]);
    let inside = named.path().join("shop");
    expect(&inside, &["rfc", "list"], 0, "1 RFC in `../proposals`");
    assert_eq!(printed(&inside, &["rfc", "new", "B"], 0), "new      ../proposals/0002-b.md\n");
}

#[test]
fn the_template_of_a_team_wins() {
    let template = "# {{number}} {{title}}\n\nStatus: {{status}}\nDate: {{date}}\nReviewers: {{reviewers}}\nLast call: {{last-call}}\n\n## Why\n\n## What\n";
    let folder = folder(&[("docs/rfcs/template.md", template)]);
    let here = folder.path();
    let new = ["rfc", "new", "Sell abroad", "--date", "2026-12-01", "--reviewer", "devops"];
    expect(here, &new, 0, "made of the template `template.md`");
    let expected =
        "# 1 Sell abroad\n\nStatus: draft\nDate: 2026-12-01\nReviewers: devops\nLast call: \n\n## Why\n\n## What\n";
    assert_eq!(text(here, "docs/rfcs/0001-sell-abroad.md"), expected);
    // A template without a field for it gets a line.
    write(&here.join("docs/rfcs/template.md"), "# {{title}}\n\n**Status:** {{status}}\n\n## Why\n");
    printed(
        here,
        &["rfc", "new", "Pay later", "--date", "2026-12-01", "--reviewer", "devops", "--reviewer", "lead-web"],
        0,
    );
    let own = text(here, "docs/rfcs/0002-pay-later.md");
    assert!(own.contains("**Reviewers:** devops, lead-web\n"), "{own}");
    let before = files_below(here);
    write(&here.join("docs/rfcs/template.md"), "# {{title}}\n\nStatus: {{status}}\n\n{{reviewer}}\n");
    expect(here, &["rfc", "new", "X"], 2, "template.md:5:1: there is no field `reviewer`");
    expect(here, &["rfc", "new", "X"], 2, "did you mean `reviewers`?");
    write(&here.join("docs/rfcs/template.md"), "# {{title}}\n\nStatus: {{status}}\nReviewers: nobody yet\n");
    expect(here, &["rfc", "new", "X", "--reviewer", "devops"], 2, "write `{{reviewers}}` in the template");
    write(&here.join("docs/rfcs/template.md"), "# {{title}}\n\n**Status:** {{status}}\n\n## Why\n");
    assert_eq!(files_below(here), before);
}

#[test]
fn a_decision_is_written_from_one_and_both_know_of_it() {
    let folder = shop();
    let here = folder.path();
    printed(here, &["rfc", "review", "3"], 0);
    printed(here, &["rfc", "accept", "3"], 0);
    expect(here, &["check", "--today", "2026-11-30"], 0, "[undecided-rfc]");
    let new = ["adr", "new", "Keep prices in three currencies", "--from-rfc", "3", "--date", "2026-11-21"];
    assert_eq!(printed(here, &new, 0), "new      docs/adr/0004-keep-prices-in-three-currencies.md\n");
    let record = text(here, "docs/adr/0004-keep-prices-in-three-currencies.md");
    for words in [
        "# 4. Keep prices in three currencies\n",
        "## Context\n\nOne order in five is from abroad, and fails.\n",
        "- Sell abroad\n- A shop for each country\n",
        "- Came of [RFC-3](../rfcs/0003-sell-abroad.md)\n",
    ] {
        assert!(record.contains(words), "{words}: {record}");
    }
    let json = parsed(here, &["rfc", "show", "3", "--format", "json"]);
    assert_eq!(json["record"]["led_to"], json!([{ "name": "4", "title": "Keep prices in three currencies" }]));
    let found = told(&groma_in(here, &["check", "--today", "2026-11-30"]));
    assert!(!found.contains("[undecided-rfc]") && !found.contains("[decision-record]"), "{found}");
    assert_eq!(printed(here, &["query", "kind:decision and rfc(rfc-3)", "--columns", "name"], 0).lines().count(), 2);
    expect(here, &["adr", "new", "X", "--from-rfc", "9"], 2, "there is no RFC `9`");
    expect(here, &["adr", "new", "X", "--from-rfc", "3", "--from-choice", "y"], 2, "cannot be used with");
    for template in ["madr", "brief", "full", "nygard"] {
        let title = format!("By {template}");
        printed(here, &["adr", "new", &title, "--from-rfc", "3", "--template", template], 0);
    }
    let led_to = parsed(here, &["rfc", "show", "3", "--format", "json"])["record"]["led_to"].clone();
    assert_eq!(led_to.as_array().unwrap().len(), 5);
}

#[test]
fn bad_files_are_told_and_stop_nobody() {
    let folder = shop();
    let here = folder.path();
    std::fs::create_dir(here.join("docs/rfcs/0005-x.md")).unwrap();
    std::fs::write(here.join("docs/rfcs/0006-binary.md"), b"\xff\xfe\0\0# X\0").unwrap();
    std::fs::File::create(here.join("docs/rfcs/0007-large.md")).unwrap().set_len(50_000_000).unwrap();
    write(&here.join("docs/rfcs/0008-bomb.md"), &format!("---\na: &a [{}]\nstatus: [\n---\n# X\n", "*a,".repeat(1000)));
    write(&here.join("docs/rfcs/0009-deep.md"), &format!("# X\n\nStatus: Draft\n\n{}", "> - ".repeat(20_000)));
    let output = groma_in(here, &["rfc", "list"]);
    let list = told(&output);
    assert!(output.status.code() == Some(1) && !list.contains("panicked"), "{list}");
    for words in
        ["is a directory, and is called like a record", "0007-large.md: cannot be read", "Sell abroad", "0009-deep.md"]
    {
        assert!(list.contains(words), "{words}: {list}");
    }
    let checked = told(&groma_in(here, &["check", "--today", "2026-11-30"]));
    assert!(checked.contains("[rfc-record]") && !checked.contains("panicked"), "{checked}");
    let before = std::fs::read(here.join("docs/rfcs/0006-binary.md")).unwrap();
    expect(here, &["rfc", "accept", "6", "--force"], 2, "is not edited");
    expect(here, &["rfc", "accept", "7"], 2, "cannot be read");
    assert_eq!(std::fs::read(here.join("docs/rfcs/0006-binary.md")).unwrap(), before);
    printed(here, &["rfc", "review", "3"], 0);
    expect(here, &["rfc", "list", "no/such"], 2, "no such file or directory");
    expect(here, &["rfc"], 2, "Usage");
}
