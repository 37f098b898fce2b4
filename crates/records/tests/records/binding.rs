//! What a signature binds stays while a record goes through its life, and nothing else may change.

use crate::corpus;
use groma_records::edit::{Spelling, Text, add_link, set_status, supersede};
use groma_records::{Dialect, Family, Record, Said, State, bound_text};

const OTHER: &str = "# 3131. Lock the yard\n\nDate: 2020-12-25\n\n## Status\n\nAccepted\n\n## Context\n\nThieves.\n";
const OTHER_FILE: &str = "3131-lock-the-yard.md";

fn bound(name: &str, bytes: &[u8]) -> String {
    bound_text(Family::Decision, name, &String::from_utf8_lossy(bytes))
}

#[test]
fn what_the_commands_change_themselves_is_not_bound() {
    let (mut wrong, mut count, mut replaced) = (Vec::new(), 0, 0);
    for (name, bytes, _) in corpus() {
        let record = Record::read(&name, &bytes);
        if record.dialect == Dialect::AsciiDoc || record.is_template || std::str::from_utf8(&bytes).is_err() {
            continue;
        }
        let (own, other) = (
            Text { family: Family::Decision, path: &name, bytes: &bytes },
            Text { family: Family::Decision, path: OTHER_FILE, bytes: OTHER.as_bytes() },
        );
        let before = bound(&name, &bytes);
        let states = State::ALL.map(|state| (state.word(), set_status(own, state, None)));
        let dated = State::ALL.map(|state| ("with a date", set_status(own, state, Some("2021-02-03"))));
        let others = [
            ("superseded by", supersede(own, other, Spelling::Supersede).map(|(old, _)| old)),
            ("superseding", supersede(other, own, Spelling::Supercede).map(|(_, new)| new)),
            ("linked", add_link(own, "Relates to", other)),
        ];
        for (what, edited) in states.into_iter().chain(dated).chain(others) {
            let Ok(edited) = edited else { continue };
            count += 1;
            let after = bound(&name, &edited);
            if after != before {
                let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line)).collect::<Vec<_>>();
                let come = after.lines().filter(|line| !before.lines().any(|other| other == *line)).collect::<Vec<_>>();
                // A sentence in the place of the status is bound, and an edit that has to replace it takes it away.
                let edited = String::from_utf8_lossy(&edited).into_owned();
                let is_away = |line: &&str| line.split(' ').any(|word| !edited.contains(word));
                if come.is_empty() && gone.iter().all(is_away) {
                    replaced += 1;
                    continue;
                }
                wrong.push(format!("{name} {what}: -{gone:?} +{come:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 1_000 && replaced < count / 20, "{replaced} of {count}");
}

#[test]
fn what_is_added_where_the_status_the_date_or_a_relation_stands_is_bound() {
    let (head, tail) = ("# 2. Use a queue\n\n", "## Context\n\nOrders wait.\n");
    let of = |header: &str| bound_text(Family::Decision, "0002-use-a-queue.md", &format!("{head}{header}{tail}"));
    for (before, after) in [
        ("Status: Accepted\n\n", "Status: Accepted. Use MongoDB instead of PostgreSQL for all orders.\n\n"),
        ("Status: Accepted\n\n", "Status: Accepted with MongoDB\n\n"),
        ("Date: 2026-01-02\n\n", "Date: 2026-01-02. Use MongoDB.\n\n"),
        ("## Status\n\nAccepted\n\n", "## Status\n\nAccepted\n\nWe also delete all data.\n\n"),
        ("## Status\n\nAccepted\n\n", "## Status\n\nAccepted\n\n```\ndelete all data\n```\n\n"),
        ("## Status\n\nAccepted\n\n", "## Status\n\nAccepted\n\n## Supersedes\n\nAll that was said of MongoDB.\n\n"),
        ("## Status\n\nAccepted\n\n", "## Status\n\nSuperseded by [delete all data](0003-a.md)\n\n"),
        ("", "## Date\n\nWhenever we like it best.\n\n"),
    ] {
        assert_ne!(of(before), of(after), "{after}");
    }
    for (before, after) in [
        ("Status: Proposed\n\n", "Status: Accepted on 2 January 2026\n\n"),
        ("Status: Proposed\n\n", "Status: Superseded by [ADR-0003](0003-use-kafka.md)\n\n"),
        ("## Status\n\nProposed\n\n", "## Status\n\nAccepted\n\nAmends [1. Call each other](0001-call.md)\n\n"),
        ("## Status\n\nProposed\n\n", "## Status\n\n2026-01-01 proposed\n2026-01-02 accepted\n\n"),
        ("Status: In production\n\n", "Status: Accepted\n\n"),
        ("Status: Accepted. All orders go there.\n\n", "Status: Superseded by ADR-3. All orders go there.\n\n"),
    ] {
        assert_eq!(of(before), of(after), "{after}");
    }
}

#[test]
fn of_a_request_for_comments_only_the_last_call_and_the_names_of_decisions_are_not_bound() {
    let text = |label: &str, results: &str| {
        let body = "## Problem\n\nx\n\n## Proposal\n\ny\n\n";
        format!("# RFC 3: Sell abroad\n\n**Status:** Review\n\n{label}{body}{results}")
    };
    let of = |label: &str, results: &str| bound_text(Family::Rfc, "0003-sell.md", &text(label, results));
    let before = of("**Last call:** 2026-12-14\n\n", "## Decisions\n\n- [ADR-0001](../adr/0001-keep.md)\n");
    for (label, results) in [
        ("**Last call:** 2026-12-28\n\n", "## Decisions\n"),
        ("**Last call:** 2026-12-14\n\n", "## Decisions\n\n- [ADR-0001](../adr/0001-keep.md)\n- ADR-2\n"),
        ("", "## Outcome\n\n- [0001-keep](../adr/0001-keep.md)\n"),
        ("**Decisions:** ADR-1, [ADR-2](../adr/0002-a.md)\n\n", ""),
    ] {
        assert_eq!(of(label, results), before, "{label}{results}");
    }
    for (label, results) in [
        ("**Last call:** 2026-12-14. After that day all data is deleted.\n\n", ""),
        ("**Decisions:** ADR-1, and all data is deleted.\n\n", ""),
        ("", "## Decisions\n\nWe also delete all data.\n"),
        ("", "## Decisions\n\n### Also\n\nDelete all data.\n"),
        ("", "## Decisions\n\n```\ndelete all data\n```\n"),
        ("", "## Decisions\n\n| a |\n|---|\n| delete all data |\n"),
        ("", "## Decisions\n\n- [delete all data](../adr/0001-keep.md)\n"),
        ("", "## Decisions\n\n- [ADR-1](../adr/0001-keep.md) deletes all data\n"),
    ] {
        assert_ne!(of(label, results), before, "{label}{results}");
    }
}

/// A condition that nobody signed.
const CONDITION: &str = "If the vendor raises the price above 5000 EUR we leave";

/// Asserts that each change of a text is bound: what is replaced, and by what, with `S` for [`CONDITION`].
#[track_caller]
fn all_bound(family: Family, name: &str, text: &str, changes: &[(&str, &str)]) {
    let before = bound_text(family, name, text);
    for (old, new) in changes {
        assert!(text.contains(old), "{old} in {text}");
        let new = new.replace('§', CONDITION);
        let after = bound_text(family, name, &text.replacen(old, &new, 1));
        assert_ne!(before, after, "{old} -> {new}");
    }
}

const LINKS: &str = "## Links\n\n* Refines [ADR-0002](0002-b.md)\n* Depends on [contract](contract.md)\n";

#[test]
fn in_each_dialect_a_condition_beside_the_status_the_date_or_a_link_is_bound() {
    let decision = |head: &str| format!("# 1. Use a queue\n\n{head}\n## Context\n\nWe need it.\n\n{LINKS}");
    let heads = [
        "Status: Accepted\n\nDate: 2026-01-02\n",
        "**Status:** Accepted\n**Date:** 2026-01-02\n",
        "* Status: Accepted\n* Date: 2026-01-02\n",
        "| Status | Accepted |\n|---|---|\n| Date | 2026-01-02 |\n",
        "| Status | Date | Deciders |\n|---|---|---|\n| Accepted | 2026-01-02 | Ana |\n",
        "## Status\n\nAccepted\n\n## Date\n\n2026-01-02\n",
        "Status: Accepted | Date: 2026-01-02 | Deciders: Ana\n",
    ];
    let changes = [
        ("Accepted", "Accepted <!-- § -->"),
        ("Accepted", "Accepted<sub>§</sub>"),
        ("Accepted", "Accepted until 2027-01-01"),
        ("Accepted", "Accepted €10"),
        ("Accepted", "Accepted 100%"),
        ("Accepted", "Accepted 5000"),
        ("Accepted", "never Accepted"),
        ("Accepted", "![§](x.png) Accepted"),
        ("Accepted", "Superseded by [ADR-2](0002-b.md \"§\")"),
        ("Accepted", "Superseded by [§](0002-b.md)"),
        ("Accepted", "Superseded by [ADR-2](https://evil.example/x)"),
        ("2026-01-02", "2026-01-02 §"),
        ("2026-01-02", "2026-01-02<br>§"),
        ("2026-01-02", "2026-01-02 <!-- § -->"),
        ("2026-01-02", "2026-01-02 5000"),
        ("(0002-b.md)", "(0002-b.md \"§\")"),
        ("[ADR-0002]", "[§]"),
        ("* Depends on [contract](contract.md)\n", ""),
        ("(contract.md)", "(other.md)"),
    ];
    for head in heads {
        all_bound(Family::Decision, "0001-a.md", &decision(head), &changes);
    }
    let front = format!(
        "---\nstatus: accepted\ndate: 2026-01-02\nsuperseded-by: \"[ADR-3](0003-c.md)\"\n---\n\n# Use a queue\n\n{LINKS}"
    );
    let changes = [
        ("accepted", "accepted # §"),
        ("accepted", "accepted until 2027-01-01"),
        ("accepted", "\"![§](x.png) accepted\""),
        ("2026-01-02", "2026-01-02 # §"),
        ("(0003-c.md)", "(0003-c.md '§')"),
        ("ADR-3]", "§]"),
    ];
    all_bound(Family::Decision, "0001-a.md", &front, &changes);
}

#[test]
fn of_a_request_for_comments_a_condition_beside_the_last_call_or_a_decision_is_bound() {
    let front = "---\nstatus: review\ndate: 2026-01-02\nlast-call: 2026-12-12\ndecisions: [ADR-1]\n---\n\n# X\n\n## Decisions\n\n- [ADR-1](../adr/0001-a.md)\n";
    let changes = [
        ("2026-12-12", "2026-12-12 # §"),
        ("review", "review # §"),
        ("[ADR-1]", "[ADR-1, §]"),
        ("[ADR-1](", "[ADR-1 §]("),
        ("0001-a.md)", "0001-a.md \"§\")"),
        ("0001-a.md)", "0001-a.md)\n- [ADR-7](https://evil.example/x.md)"),
        ("0001-a.md)", "0001-a.md)\n- [contract](contract.md)"),
        ("2026-01-02", "2026-01-02 # §"),
    ];
    all_bound(Family::Rfc, "0001-x.md", front, &changes);
    let sections = "# X\n\n## Status\n\nreview\n\n## Date\n\n2026-01-02\n";
    all_bound(Family::Rfc, "0001-x.md", sections, &[("2026-01-02", "2026-01-02 §")]);
}

#[test]
fn what_makes_structure_of_a_text_is_bound() {
    let text = "# 1. Use a queue\n\n## Status\n\nAccepted\n\n## Context\n\nWe need it.\n\n## Decision\n\nWe take A.\n    because B\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n<div>\n\nWe pay.\n\n</div>\n";
    let changes = [
        ("We take A.\n", "We take A.\n===\n"),
        ("We take A.\n", "We take A.\n---\n"),
        ("We take A.\n", "We take A.\n-\n"),
        ("We take A.\n", "We take A.\n\n"),
        ("|---|---|\n", ""),
        ("<div>\n\n", "<div>\n"),
    ];
    all_bound(Family::Decision, "0001-a.md", text, &changes);
    let fenced = format!("---\n{}", text.replacen("We need it.\n", "We need it.\n---\n", 1));
    assert_ne!(bound("0001-a.md", text.as_bytes()), bound("0001-a.md", fenced.as_bytes()));
    // Neither a rule nor another length of an underline makes anything of it.
    let of = |text: &str| bound("0001-a.md", text.as_bytes());
    assert_eq!(of(text), of(&text.replacen("## Decision", "---\n\n## Decision", 1)));
    assert_eq!(of("Use a queue\n===\n\nText\n"), of("Use a queue\n======\n\nText\n"));
}

#[test]
fn a_changed_word_of_what_is_decided_and_why_is_bound() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (name, bytes, _) in corpus() {
        let (record, Ok(text)) = (Record::read(&name, &bytes), std::str::from_utf8(&bytes)) else { continue };
        let titles = record.title.iter().chain(record.options.iter().map(|option| &option.title));
        let texts = titles.chain(&record.context).chain(&record.outcome).chain(&record.drivers).chain(&record.positive);
        let texts = texts.chain(&record.negative).chain(&record.deciders).chain(&record.confirmation);
        for said in texts.filter(|said| !said.range.is_none()) {
            let Said { range, .. } = said;
            let words = range.of(text);
            let Some(at) = words.find(|letter: char| letter.is_ascii_alphabetic()) else { continue };
            let at = range.start as usize + at;
            let other = if text.as_bytes()[at] == b'q' { "w" } else { "q" };
            let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            count += 1;
            if bound_text(Family::Decision, &name, text) == bound_text(Family::Decision, &name, &changed) {
                wrong.push(format!("{name}: {words}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 500, "{count}");
}

/// Spelt out by hand.
#[test]
fn the_text_that_is_bound() {
    let text = "---\r\nstatus: accepted\r\ndate: 2026-01-02\r\ndecision-makers: Ana\r\n---\r\n\r\n# Use a queue\r\n\r\n## Context and Problem Statement\r\n\r\nOrders wait.  \r\n\r\n## More Information\r\n\r\nSupersedes [ADR-0001](0001-call.md)\r\n";
    let expected = "decision-makers: Ana\n# Use a queue\n## Context and Problem Statement\nOrders wait.\n";
    assert_eq!(bound_text(Family::Decision, "0002-use-a-queue.md", text), expected);
    assert_eq!(bound_text(Family::Decision, "0002-use-a-queue.md", &text.replace("\r\n", "\n")), expected);
    // What else stands among the links is bound, and a status in the text is none.
    let more = "# 2. X\n\n## Status\n\nAccepted\n\n## Context\n\nStatus quo: slow.\n\n## Links\n\n* Refines [1](0001-a.md)\n* See [the paper](https://example.org/a.md)\n";
    let expected = "# 2. X\n## Context\nStatus quo: slow.\n## Links\n* See [the paper](https://example.org/a.md)\n";
    assert_eq!(bound_text(Family::Decision, "0002-x.md", more), expected);
}

/// Whatever a text is cut off in, it is read, and what is bound of it are lines of it.
#[test]
fn any_beginning_of_a_record_can_be_bound() {
    for (name, bytes, _) in corpus() {
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        for end in (0..text.len()).step_by(797).filter(|end| text.is_char_boundary(*end)) {
            let bound = bound_text(Family::Decision, &name, &text[..end]);
            assert!(bound.is_empty() || bound.ends_with('\n'), "{name} to {end}");
        }
    }
}
