//! A change of the status changes the lines of the status and no others.

use crate::corpus;
use groma_records::edit::{Refused, Text, add_link, decide, set_status};
use groma_records::{Dialect, Family, Record, State};
use std::collections::HashMap;

/// Lines of one text that another has not, as often as it lacks them.
fn only_in<'t>(one: &'t [u8], other: &'t [u8]) -> Vec<&'t [u8]> {
    let mut counts: HashMap<&[u8], i32> = HashMap::new();
    for line in other.split_inclusive(|byte| *byte == b'\n') {
        *counts.entry(line).or_default() += 1;
    }
    let mut left = Vec::new();
    for line in one.split_inclusive(|byte| *byte == b'\n') {
        let count = counts.entry(line).or_default();
        *count -= 1;
        if *count < 0 {
            left.push(line);
        }
    }
    left
}

/// Whether a line says the status, by words that stand in it.
fn is_of_status(line: &str, status: &str) -> bool {
    const WORDS: [&str; 19] = [
        "status",
        "statut",
        "estado",
        "ステータス",
        "draft",
        "proposed",
        "accepted",
        "rejected",
        "deprecated",
        "supersed",
        "superced",
        "superseed",
        "obsolet",
        "approved",
        "---",
        "======",
        "current",
        "taken",
        "its place",
    ];
    let line = line.trim().to_lowercase();
    let bare = line.trim_matches(|letter: char| !letter.is_alphanumeric());
    line.is_empty()
        || WORDS.iter().any(|word| line.contains(word))
        || !bare.is_empty() && status.to_lowercase().contains(bare)
}

/// What cannot be set: the file, the states, and why.
const REFUSED: &[(&str, &str)] = &[
    // A banner in a quotation says that it was superseded, which no edit of the status takes back.
    ("0133-banner-and-status.md", "draft proposed accepted rejected deprecated"),
];

#[test]
fn any_change_of_the_status_changes_its_lines_alone() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, bytes, expected) in corpus() {
        let before = Record::read(&name, &bytes);
        if before.dialect == Dialect::AsciiDoc || before.is_template || before.links.is_none() {
            assert!(matches!(
                set_status(Text { family: Family::Decision, path: &name, bytes: &bytes }, State::Accepted, None),
                Err(Refused::NotRead(_))
            ));
            continue;
        }
        for state in State::ALL {
            count += 1;
            let may_be_refused = REFUSED.iter().any(|(file, states)| *file == name && states.contains(state.word()));
            match set_status(Text { family: Family::Decision, path: &name, bytes: &bytes }, state, None) {
                Ok(edited) => {
                    let after = Record::read(&name, &edited);
                    if after.status.as_ref().map(|status| status.value) != Some(state) || may_be_refused {
                        wrong.push(format!("{name} to {}: reads {:?}", state.word(), after.status));
                    }
                    if before.status.as_ref().is_some_and(|status| status.value == state) && edited != bytes {
                        wrong.push(format!("{name} to {}: nothing was to be changed", state.word()));
                    }
                    let status = expected["status_text"].as_str().unwrap_or_default();
                    let lines = only_in(&bytes, &edited).into_iter().chain(only_in(&edited, &bytes));
                    for line in lines.map(String::from_utf8_lossy).filter(|line| !is_of_status(line, status)) {
                        wrong.push(format!("{name} to {}: also changed {line:?}", state.word()));
                    }
                }
                Err(error) if may_be_refused => assert!(matches!(error, Refused::Otherwise(_))),
                Err(error) => wrong.push(format!("{name} to {}: {error}", state.word())),
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 800, "{count}");
}

fn decided(path: &str, text: &str, edit: impl Fn(Text<'_>) -> Result<Vec<u8>, Refused>) -> String {
    let bytes = edit(Text { family: Family::Decision, path, bytes: text.as_bytes() });
    String::from_utf8(bytes.unwrap_or_else(|why| panic!("{why}"))).unwrap()
}

#[test]
fn what_is_added_stands_where_the_others_of_the_header_do() {
    let table = "# 5. A\n\n| Status | Accepted |\n|---|---|\n| Date | 2022-05-09 |\n\n## Context\n\nx\n";
    assert_eq!(
        decided("0005-a.md", table, |text| decide(text, &["shop.core"])),
        table.replace("|---|---|\n", "|---|---|\n| Decides | shop.core |\n")
    );
    let bold = "# 6. B\n\n**Date:** 2022-05-09\n\n## Context\n\nx\n\n## Decision\n\ny\n";
    assert_eq!(
        decided("0006-b.md", bold, |text| set_status(text, State::Accepted, None)),
        bold.replace("**Date:**", "**Status:** Accepted\n\n**Date:**")
    );
    let plain = "# 6. B\n\nDate: 2022-05-09\n\n## Context\n\nx\n\n## Decision\n\ny\n";
    assert_eq!(
        decided("0006-b.md", plain, |text| set_status(text, State::Accepted, None)),
        plain.replace("## Context", "## Status\n\nAccepted\n\n## Context")
    );
}

#[test]
fn what_is_added_is_no_part_of_a_sentence_and_copies_no_comment() {
    let sentence = "# 3. Sign in\n\n**Context.** We want openness\nto passkeys.\n\n**Decision.** Yes.\n";
    let edited = decided("0003-sign-in.md", sentence, |text| set_status(text, State::Accepted, Some("2026-11-30")));
    assert!(edited.contains("**Context.** We want openness\nto passkeys.\n"), "{edited}");
    assert!(edited.contains("Accepted") && !edited.contains("**Status: Accepted\n"), "{edited}");
    let silent = "# 4. Down\n\nReason:\n\n## Context\n\nx\n";
    let edited = decided("0004-down.md", silent, |text| set_status(text, State::Accepted, None));
    assert!(!edited.contains("Status:A"), "{edited}");
    let links = "# 2. Spring\n\n## Status\n\nAccepted\n\n## Links\n\n* [one](a.md) <!-- there may be more -->\n* <!-- there may be more -->\n";
    let links = format!("---\nstatus: accepted\n---\n\n{links}").replace("## Status\n\nAccepted\n\n", "");
    let edited = decided("0002-spring.md", &links, |text| {
        let other = b"# 1. A\n\n## Status\n\nAccepted\n";
        add_link(text, "Amends", Text { family: Family::Decision, path: "0001-a.md", bytes: other })
    });
    assert!(edited.ends_with("\n* Amends [ADR-0001](0001-a.md)\n"), "{edited}");
}

#[test]
fn front_matter_stays_what_a_parser_reads() {
    let accepted = |front: &str| {
        let text = format!("---\n{front}\n---\n# T\n\nX.\n");
        let own = Text { family: Family::Decision, path: "0001-t.md", bytes: text.as_bytes() };
        let after = set_status(own, State::Accepted, Some("2026-11-30"));
        after.map(|after| String::from_utf8(after).unwrap().split("---\n").nth(1).unwrap().trim_end().to_owned())
    };
    for (front, after) in [
        ("'status': proposed", "'status': accepted\ndate: 2026-11-30"),
        ("\"status\": proposed", "\"status\": accepted\ndate: 2026-11-30"),
        ("  status: proposed", "  status: accepted\n  date: 2026-11-30"),
        ("status: proposed\ndate: \"\"", "status: accepted\ndate: 2026-11-30"),
        ("status: proposed\ndate: ~ # when", "status: accepted\ndate: 2026-11-30 # when"),
        ("status: ''\ndate: null", "status: accepted\ndate: 2026-11-30"),
        ("status:\ndate:", "status: accepted\ndate: 2026-11-30"),
    ] {
        assert_eq!(accepted(front).as_deref(), Ok(after), "{front}");
    }
    // A line in a mapping in braces would be none.
    assert!(matches!(accepted("{status: proposed}"), Err(Refused::Otherwise(_))));
    let toml = "+++\nstatus = \"\"\ndate = \"\"\n+++\n# T\n";
    let own = Text { family: Family::Decision, path: "0001-t.md", bytes: toml.as_bytes() };
    let after = set_status(own, State::Accepted, Some("2026-11-30")).unwrap();
    assert_eq!(
        after,
        toml.replace("s = \"\"", "s = \"accepted\"").replace("e = \"\"", "e = \"2026-11-30\"").into_bytes()
    );
    let bold = "# T\n\n**Status:** Proposed\n**Date:** \n\n## Context\n\nX.\n";
    let own = Text { family: Family::Decision, path: "0001-t.md", bytes: bold.as_bytes() };
    let after = set_status(own, State::Accepted, Some("2026-11-30")).unwrap();
    assert_eq!(after, bold.replace("Proposed", "Accepted").replace("**Date:**", "**Date:** 2026-11-30").into_bytes());
}

#[test]
fn what_explains_a_placeholder_stays() {
    let text = "# 8. C\n\n## Status\n\n> Which is it: proposed, accepted, rejected?\n\n{proposed | accepted}\n\n## Context\n\nx\n";
    assert_eq!(
        decided("0008-c.md", text, |text| set_status(text, State::Accepted, None)),
        text.replace("{proposed | accepted}", "Accepted")
    );
}
