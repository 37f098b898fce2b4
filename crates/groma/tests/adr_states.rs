//! `groma adr` beside a workspace: its words and order of states, and what a new record decides.

mod common;

use common::{expect, files_below, folder, groma_in, printed, single_spaced, told, write};

/// A record as adr-tools has it.
fn nygard(number: u32, title: &str, status: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2024-02-05\n\n## Status\n\n{status}\n\n## Context\n\nNobody knows  why.\n\n## Decision\n\nWe keep a log.\n\n## Consequences\n\nMore to read.\n"
    )
}

#[test]
fn a_workspace_has_words_and_an_order_of_states_of_its_own() {
    let states = "workspace w {\n    decision-status \"In review\" means=proposed\n    decision-status parked means=draft\n    decision-transition proposed to=accepted\n    decision-transition rejected to=proposed\n}\n";
    let (open, gone) = (nygard(1, "Keep a log", "In review, by Ada"), nygard(2, "Keep none", "Rejected"));
    let folder = folder(&[
        ("w.groma", states),
        ("docs/adr/0001-keep-a-log.md", &open),
        ("docs/adr/0002-keep-none.md", &gone),
        ("docs/adr/0003-sleep.md", &nygard(3, "Sleep", "Parked")),
    ]);
    let here = folder.path();
    let table = single_spaced(&printed(here, &["adr", "list"], 0));
    assert!(table.contains("1 proposed ") && table.contains("3 draft "), "{table}");
    let found = printed(here, &["query", "kind:decision and status:proposed"], 0);
    assert!(found.contains("Keep a log") && !found.contains("Keep none"), "{found}");
    expect(here, &["adr", "reject", "1"], 2, "by the table of the workspace nothing becomes rejected");
    expect(here, &["adr", "accept", "2"], 2, "only what is proposed becomes accepted");
    // From the folder of records as well, the table is that of the workspace above it.
    let records = here.join("docs/adr");
    printed(&records, &["adr", "accept", "1"], 0);
    let text = std::fs::read_to_string(records.join("0001-keep-a-log.md")).unwrap();
    assert_eq!(text, nygard(1, "Keep a log", "Accepted"));
    write(&here.join("w.groma"), &states.replace(" means=draft", "").replace("to=proposed", ""));
    let output = groma_in(here, &["check"]);
    let told = told(&output);
    for words in
        ["`decision-status` does not say `means`", "`decision-transition` does not say `to`", "no known status"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_new_record_names_what_it_decides() {
    for (form, line) in [
        ("madr", "decides: shop.db, search\n"),
        ("nygard", "Decides: shop.db, search\n"),
        ("full", "**Decides:** shop.db, search\n"),
    ] {
        let folder = folder(&[("docs/adr/0001-keep-a-log.md", &nygard(1, "Keep a log", "Accepted"))]);
        let new = ["adr", "new", "Use a queue", "--template", form, "--decides", "shop.db", "--decides", "search"];
        printed(folder.path(), &new, 0);
        let text = std::fs::read_to_string(folder.path().join("docs/adr/0002-use-a-queue.md")).unwrap();
        assert!(text.contains(line), "{form}: {text}");
        let shown = single_spaced(&printed(folder.path(), &["adr", "show", "2"], 0));
        assert!(shown.contains("decides shop.db\n") && shown.contains("decides search\n"), "{form}: {shown}");
    }
    let folder = folder(&[("docs/adr/0001-keep-a-log.md", &nygard(1, "Keep a log", "Accepted"))]);
    expect(folder.path(), &["adr", "new", "A", "--decides", "shop db, x"], 2, "`shop db, x` is no name of the model");
    assert_eq!(files_below(folder.path()).len(), 2);
}

#[test]
fn who_accepts_a_record_is_told_what_is_still_to_be_said() {
    let text = nygard(1, "Keep a log", "Proposed").replace("Nobody knows  why.", "{to be said: why now}");
    let folder = folder(&[("docs/adr/0001-keep-a-log.md", &text)]);
    expect(folder.path(), &["adr", "accept", "1"], 0, "what is still to be said");
}
