//! New records beside those that are there, and what becomes of records that name one another.

mod common;

use common::{expect, folder, groma_in, printed, told};

/// The text of a file of a folder.
fn text_of(here: &std::path::Path, name: &str) -> String {
    std::fs::read_to_string(here.join(name)).unwrap()
}

#[test]
fn a_new_record_is_written_as_those_beside_it() {
    let bold = |number: u32| {
        format!("# ADR-{number:03}: Keep {number}\r\n\r\n**Status:** Accepted\r\n\r\n## Context\r\n\r\nX.\r\n")
    };
    let own = folder(&[("docs/adr/ADR-001-keep-1.md", &bold(1)), ("docs/adr/ADR-002-keep-2.md", &bold(2))]);
    printed(own.path(), &["adr", "new", "Use a queue"], 0);
    let text = text_of(own.path(), "docs/adr/ADR-003-use-a-queue.md");
    assert!(text.starts_with("# ADR-003: Use a queue\r\n"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
    let list = "# Keep it\n\n- Status: accepted\n- Date: 2024-02-19\n\n## Context and Problem Statement\n\nX.\n";
    let own = folder(&[("docs/adr/20240219-keep-it.md", list)]);
    printed(own.path(), &["adr", "new", "Use a queue", "--date", "2024-03-01"], 0);
    let text = text_of(own.path(), "docs/adr/20240301-use-a-queue.md");
    assert!(text.contains("tatus: proposed\n"), "{text}");
    // What adrs does not read without its number gets one.
    let adrs = "---\nnumber: 1\nstatus: accepted\ndate: 2026-01-02\n---\n\n# Keep it\n\n## Context and Problem Statement\n\nX.\n";
    let own = folder(&[("docs/decisions/0001-keep-it.md", adrs)]);
    printed(own.path(), &["adr", "new", ".NET 8 as the runtime"], 0);
    let text = text_of(own.path(), "docs/decisions/0002-net-8-as-the-runtime.md");
    assert!(
        text.starts_with("---\nnumber: 2\nstatus: proposed\n") && text.contains("\n# .NET 8 as the runtime\n"),
        "{text}"
    );
    expect(own.path(), &["adr", "new", "2. phase"], 2, "begin the title with a word");
}

#[test]
fn a_template_with_a_place_for_it_is_filled_in_and_what_has_none_is_told() {
    let template = "# {{title}}\n\n**Status:** {{status}}\n**Decides:** \n\n## Context\n\n<!-- why -->\n\n## Options\n\n{{options}}\n";
    let rfc = "# RFC 1: Sell abroad\n\n**Status:** Accepted\n\n## Problem\n\nOne order in five is from abroad.\n\n## Proposal\n\nThree currencies.\n\n## Alternatives Considered\n\n### A shop each\n\n- **Why not:** catalogues drift apart\n";
    let own = folder(&[
        ("w.groma", "system shop \"Shop\"\n"),
        ("docs/adr/template.md", template),
        ("docs/adr/0001-keep-it.md", "# Keep it\n\n**Status:** Accepted\n\n## Context\n\nX.\n"),
        ("docs/rfcs/0001-sell-abroad.md", rfc),
    ]);
    let here = own.path();
    let output = groma_in(here, &["adr", "new", "Sell in euros", "--from-rfc", "1", "--decides", "shop"]);
    let said = told(&output);
    let text = text_of(here, "docs/adr/0002-sell-in-euros.md");
    assert!(text.contains("**Status:** Proposed\n**Decides:** shop"), "{text}");
    for words in [
        "it has no place for the problem: write `{{context}}`",
        "what speaks for and against `A shop each` is not in it",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    expect(
        here,
        &["adr", "new", "Sell in yen", "--decides", "shpo"],
        0,
        "error: docs/adr/0003-sell-in-yen.md:4:14: there is no",
    );
}

#[test]
fn a_record_is_superseded_once_and_on_its_day() {
    let record = |number: u32, status: &str| {
        format!("# {number}. Keep {number}\n\nDate: 2024-02-05\n\n## Status\n\n{status}\n\n## Context\n\nSee ADR-2.\n")
    };
    let own = folder(&[
        ("docs/adr/0001-keep-1.md", &record(1, "Accepted")),
        ("docs/adr/0002-keep-2.md", &record(2, "Proposed")),
        ("docs/adr/0003-keep-3.md", &record(3, "Accepted")),
    ]);
    let here = own.path();
    expect(here, &["adr", "supersede", "1", "2", "--date", "2026-11-30"], 0, "is not accepted yet");
    let text = text_of(here, "docs/adr/0001-keep-1.md");
    assert!(text.contains("Date: 2026-11-30\n\n## Status\n\nSuperseded by [2. Keep 2](0002-keep-2.md)\n"), "{text}");
    expect(here, &["adr", "supersede", "1", "3"], 2, "is superseded already, by 2");
    printed(here, &["adr", "supersede", "1", "3", "--force"], 0);
    expect(here, &["adr", "renumber", "2", "9"], 0, "keep-3.md` mentions ADR 2 in a sentence");
    assert!(!here.join("docs/adr/0002-keep-2.md").exists());
}

#[test]
fn links_of_a_record_to_itself_follow_its_number() {
    let text = "# 1. Queue\n\n## Status\n\nAccepted\n\n## Context\n\nSee [this](0001-queue.md).\n";
    let own = folder(&[("docs/adr/0001-queue.md", text)]);
    let shown = printed(own.path(), &["adr", "renumber", "1", "2"], 0);
    assert_eq!(shown, "new      docs/adr/0002-queue.md\nremoved  docs/adr/0001-queue.md\n");
    assert_eq!(std::fs::read_dir(own.path().join("docs/adr")).unwrap().count(), 1);
    let text = text_of(own.path(), "docs/adr/0002-queue.md");
    assert!(text.starts_with("# 2. Queue") && text.contains("(0002-queue.md)"), "{text}");
}
