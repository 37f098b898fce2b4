//! Records that replace, link and renumber one another.

use crate::corpus;
use groma_records::edit::{Refused, Spelling, Text, add_link, renumber, retarget, set_status, supersede};
use groma_records::{Dialect, Family, Record, Reference, State};

fn text<'a>(path: &'a str, bytes: &'a (impl AsRef<[u8]> + ?Sized)) -> Text<'a> {
    Text { family: Family::Decision, path, bytes: bytes.as_ref() }
}

/// What stands in `edited` instead of what stood in `before`: the changed lines, those gone with `-`, those new with `+`.
fn changes(before: &str, edited: &[u8]) -> String {
    let edited = std::str::from_utf8(edited).unwrap();
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), edited.lines().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(one, other)| one == other).count();
    let head = same(&mut old.iter().zip(&new));
    let most = old.len().min(new.len()) - head;
    let tail = same(&mut old.iter().rev().zip(new.iter().rev())).min(most);
    let gone = old[head..old.len() - tail].iter().map(|line| format!("-{line}"));
    let come = new[head..new.len() - tail].iter().map(|line| format!("+{line}"));
    gone.chain(come).collect::<Vec<_>>().join("\n")
}

const NEW: &str = "# 31. Lock the yard\n\nDate: 2020-12-25\n\n## Status\n\nAccepted\n\n## Context\n\nThieves.\n";
const NEW_FILE: &str = "0031-lock-the-yard.md";

/// The changes of an old record that [`NEW`] supersedes.
#[track_caller]
fn old(file: &str, before: &str, expected: &str) {
    let (edited, _) = supersede(text(file, before), text(NEW_FILE, NEW), Spelling::Supersede).unwrap();
    assert_eq!(changes(before, &edited), expected);
}

/// The changes of a new record that supersedes [`NEW`].
#[track_caller]
fn new(file: &str, before: &str, expected: &str) {
    let (_, edited) = supersede(text(NEW_FILE, NEW), text(file, before), Spelling::Supersede).unwrap();
    assert_eq!(changes(before, &edited), expected);
}

#[test]
fn each_dialect_says_what_replaced_it() {
    old(
        "0002-x.md",
        "# 2. X\n\n## Status\n\nAccepted\n\n## Context\n\nY.\n",
        "-Accepted\n+Superseded by [31. Lock the yard](0031-lock-the-yard.md)",
    );
    old(
        "0002-x.md",
        "---\nstatus: accepted # by all\n---\n\n# X\n\n## Decision Outcome\n\nY.\n",
        "-status: accepted # by all\n+status: superseded by ADR-0031 # by all",
    );
    old(
        "0002-x.md",
        "# X\n\n* Status: accepted <!-- optional -->\n\n## Decision Outcome\n\nY.\n",
        "-* Status: accepted <!-- optional -->\n+* Status: superseded by [ADR-0031](0031-lock-the-yard.md) <!-- optional -->",
    );
    old(
        "20240101-x.md",
        "# X\n\n- Status: accepted\n\n## Decision Outcome\n\nY.\n",
        "-- Status: accepted\n+- Status: superseded by [0031-lock-the-yard](0031-lock-the-yard.md)",
    );
    old(
        "0002-x.md",
        "# X\n\n**Status:** Accepted  \n**Date:** 2020-01-01\n",
        "-**Status:** Accepted  \n+**Status:** Superseded by [ADR-0031](0031-lock-the-yard.md)  ",
    );
    old(
        "0002-x.md",
        "# X\n\n| Status | Accepted |\n|---|---|\n",
        "-| Status | Accepted |\n+| Status | Superseded by [ADR-0031](0031-lock-the-yard.md) |",
    );
    // What is said beside the state stays.
    old(
        "0002-x.md",
        "# 2. X\n\n## Status\n\nAccepted by the whole board.\n\n## Context\n\nY.\n",
        "+Superseded by [31. Lock the yard](0031-lock-the-yard.md)\n+",
    );
    old(
        "0002-x.md",
        "# X\n\n**Status:** Superseded by ADR-7.\n",
        "-**Status:** Superseded by ADR-7.\n+**Status:** Superseded by ADR-7, [ADR-0031](0031-lock-the-yard.md).",
    );
}

#[test]
fn each_dialect_says_what_it_replaces() {
    new(
        "0040-x.md",
        "# 40. X\n\n## Status\n\nAccepted\n\n## Context\n\nY.\n",
        "+Supersedes [31. Lock the yard](0031-lock-the-yard.md)\n+",
    );
    new(
        "0040-x.md",
        "---\nstatus: accepted\n---\n\n# X\n\n## Decision Outcome\n\nY.\n",
        "+\n+## More Information\n+\n+Supersedes [ADR-0031](0031-lock-the-yard.md)",
    );
    new(
        "20240101-x.md",
        "# X\n\n- Status: accepted\n\n## Decision Outcome\n\nY.\n\n## Links\n\n- Refines [a](a.md)\n",
        "+- Supersedes [0031-lock-the-yard](0031-lock-the-yard.md)",
    );
    new(
        "0040-x.md",
        "# X\n\n- **Status**: **Accepted**\n- **Date**: 2024-01-02\n",
        "+- **Supersedes**: [ADR-0031](0031-lock-the-yard.md)",
    );
    new(
        "0040-x.md",
        "# X\n\n| **Status** | Accepted |\n|---|---|\n| **Date** | 2024-01-02 |\n\n## Context\n\nY.\n",
        "+| **Supersedes** | [ADR-0031](0031-lock-the-yard.md) |",
    );
    new(
        "0040-x.md",
        "# X\n\nStatus: Accepted\nSupersedes: ADR-7\n",
        "-Supersedes: ADR-7\n+Supersedes: ADR-7, [ADR-0031](0031-lock-the-yard.md)",
    );
}

#[test]
fn the_spelling_of_a_folder_is_kept() {
    let before = "# 2. X\r\n\r\n## Status\r\n\r\nAccepted\r\n\r\n## Context\r\n\r\nY.";
    let (one, other) = supersede(text("0002-x.md", before), text(NEW_FILE, NEW), Spelling::Supercede).unwrap();
    assert_eq!(
        one,
        before.replace("Accepted", "Superceded by [31. Lock the yard](0031-lock-the-yard.md)").into_bytes()
    );
    assert_eq!(changes(NEW, &other), "+Supercedes [2. X](0002-x.md)\n+");
    // Said once is enough.
    let (_, again) = supersede(text("0002-x.md", before), text(NEW_FILE, &other), Spelling::Supercede).unwrap();
    assert_eq!(again, other);
}

#[test]
fn both_records_change_or_neither_does() {
    let itself = supersede(text(NEW_FILE, NEW), text(NEW_FILE, NEW), Spelling::Supersede);
    assert!(matches!(itself, Err(Refused::Impossible(_))));
    let template =
        supersede(text("0002-x.md", "# X\n\nStatus: Accepted\n"), text("template.md", "# X\n"), Spelling::Supersede);
    assert!(matches!(template, Err(Refused::NotRead(_))));
    // What follows is hidden by a comment, so the new record cannot say it.
    let hidden = "# 40. X\n\n**Status:** Accepted\n\n<!-- open\n\n## Decision\n";
    assert!(add_link(text("0040-x.md", hidden), "Amends", text(NEW_FILE, NEW)).is_err());
}

/// What cannot be superseded or supersede: the file, and the reason.
const REFUSED: &[(&str, &str)] = &[
    ("0031-lock-the-yard.md", "itself"),
    ("0075-route-by-gravel.adoc", "AsciiDoc"),
    ("0076-route-by-ice.md", "AsciiDoc"),
    ("0116-sixteen-bits.md", "UTF-16"),
    // Its comment without end hides what would be added.
    ("0120-a-comment-without-end.md", "by hand"),
    ("adr-template.md", "a template"),
];

#[test]
fn any_record_of_the_corpus_is_superseded_and_supersedes() {
    let corpus = corpus();
    let yard = corpus.iter().find(|(name, ..)| name == NEW_FILE).unwrap();
    let mut refused = Vec::new();
    for (name, bytes, _) in &corpus {
        let (one, other) = (text(name, bytes), text(NEW_FILE, &yard.1));
        for (old, new) in [(one, other), (other, one)] {
            match supersede(old, new, Spelling::Supersede) {
                Ok((old_bytes, new_bytes)) => {
                    let (before, after) = (Record::read(old.path, old.bytes), Record::read(old.path, &old_bytes));
                    assert_eq!(after.status.map(|status| status.value), Some(State::Superseded), "{name}");
                    assert_eq!(after.superseded_by.len(), before.superseded_by.len() + 1, "{name}");
                    assert!(!Record::read(new.path, &new_bytes).supersedes.is_empty(), "{name}");
                }
                Err(error) => {
                    let known = REFUSED.iter().any(|(file, why)| file == name && error.to_string().contains(why));
                    refused.push(name.as_str());
                    assert!(known, "{name}: {error}");
                }
            }
        }
    }
    refused.dedup();
    assert_eq!(refused, REFUSED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn the_word_of_the_state_gives_way_and_what_else_is_said_of_it_stays() {
    let old = "# 2. X\n\n## Status\n\nAccepted\n\nDepends on [3. Y](0003-y.md)\n\nThis stands for a year.\n\n## Context\n\nY.\n";
    let (after, _) = supersede(text("0002-x.md", old), text(NEW_FILE, NEW), Spelling::Supersede).unwrap();
    assert_eq!(changes(old, &after), "-Accepted\n+Superseded by [31. Lock the yard](0031-lock-the-yard.md)");
}

#[test]
fn a_list_of_what_is_replaced_grows_in_front_matter() {
    for (list, grown) in [
        ("supersedes: [ADR-9]\n", "-supersedes: [ADR-9]\n+supersedes: [ADR-9, ADR-0002]"),
        ("supersedes:\n  - ADR-9\n", "+  - ADR-0002"),
        ("supersedes: ADR-9\n", "-supersedes: ADR-9\n+supersedes: ADR-9, ADR-0002"),
    ] {
        let new = format!("---\nstatus: accepted\n{list}---\n# Z\n\n## Context and Problem Statement\n\nY.\n");
        let old = "# 2. X\n\n## Status\n\nAccepted\n";
        let (_, after) = supersede(text("0002-x.md", old), text("0011-z.md", &new), Spelling::Supersede).unwrap();
        assert_eq!(changes(&new, &after), grown);
    }
}

#[test]
fn a_record_that_stands_beside_is_named_without_a_link() {
    let beside = |status: &str| -> Vec<(String, bool, String)> {
        let record = Record::read("0007-x.md", format!("# 7. X\n\n## Status\n\nAccepted\n\n{status}\n").as_bytes());
        let one =
            |one: &groma_records::Beside| (one.how.to_owned(), one.is_of_other, format!("{:?}", one.record.value));
        record.beside.iter().map(one).collect()
    };
    let number = |how: &str, is_of_other, number: u32| (how.to_owned(), is_of_other, format!("Number({number})"));
    assert_eq!(beside("Amends ADR-2 and ADR-0003"), [number("amends", false, 2), number("amends", false, 3)]);
    assert_eq!(beside("Amended by decision 5"), [number("amends", true, 5)]);
    assert_eq!(beside("Extends 3 servers"), []);
    assert_eq!(beside("Relates to RFC 7231"), []);
    let label = Record::read("0007-x.md", "# X\n\n**Status:** Accepted\n**Amends:** ADR-0008, 9\n".as_bytes());
    assert_eq!(label.beside.iter().map(|one| one.how).collect::<Vec<_>>(), ["amends", "amends"]);
    let adrs = "---\nnumber: 7\nstatus: accepted\nlinks:\n- target: 2\n  kind: dependson\n---\n# X\n";
    let record = Record::read("0007-x.md", adrs.as_bytes());
    assert_eq!(record.beside.iter().map(|one| one.how).collect::<Vec<_>>(), ["depends on"]);
    // Another number of that record is followed.
    let after = retarget(text("0007-x.md", adrs), ("0002-rest.md", "0009-rest.md"), true).unwrap().unwrap();
    assert_eq!(changes(adrs, &after), "-- target: 2\n+- target: 9");
}

#[test]
fn links_are_added_where_the_dialect_has_them() {
    let link = |file: &str, before: &str| {
        changes(before, &add_link(text(file, before), "Amends", text(NEW_FILE, NEW)).unwrap())
    };
    assert_eq!(
        link("0002-x.md", "# 2. X\n\n## Status\n\nAccepted\n\n## Context\n\nY.\n"),
        "+Amends [31. Lock the yard](0031-lock-the-yard.md)\n+"
    );
    assert_eq!(
        link("0002-x.md", "# X\n\n**Status:** Accepted\n\n## Context\n\nY.\n"),
        "+\n+## Links\n+\n+- Amends [ADR-0031](0031-lock-the-yard.md)"
    );
}

#[test]
fn a_number_changes_in_heading_header_name_and_links() {
    let before = "---\nnumber: 12\ntitle: \"ADR-0012: X\"\nstatus: accepted\n---\n\n# ADR-0012: X\n\n## Context\n\n12 of them.\n";
    let renumbered = renumber(text("docs/adr/0012-x.md", before), 113).unwrap();
    assert_eq!(renumbered.file, "0113-x.md");
    let expected = before.replace("ADR-0012", "ADR-0113").replace("number: 12", "number: 113");
    assert_eq!(String::from_utf8(renumbered.bytes).unwrap(), expected);

    let other = "# 13. Y\n\n## Status\n\nAmends [12. X](0012-x.md) and [its twin][twin]\n\n[twin]: ./0012-x.md#why\n\n## Context\n\nNot [z](0012-z.md).\n";
    let edited = retarget(text("0013-y.md", other), ("0012-x.md", "0113-x.md"), true).unwrap().unwrap();
    let expected = other.replace("[12. X](0012-x.md)", "[113. X](0113-x.md)").replace("./0012-x.md", "./0113-x.md");
    assert_eq!(String::from_utf8(edited).unwrap(), expected);
    assert_eq!(retarget(text("0013-y.md", other), ("0099-x.md", "0100-x.md"), true), Ok(None));
    assert!(matches!(renumber(text("deepen.md", "# X\n"), 3), Err(Refused::Impossible(_))));
}

#[test]
fn the_number_in_the_text_of_a_link_follows_wherever_the_link_stands() {
    for said in [
        "## Context\n\nSee [ADR 12](0012-x.md) and 12 boats.\n",
        "## Decision\n\nAs in [ADR-0012](./0012-x.md).\n",
        "## Consequences\n\n- Good, because [12. X](0012-x.md) holds\n",
        "## Considered Options\n\n- [12. X](0012-x.md)\n- Y\n",
    ] {
        let before = format!("# 13. Y\n\nDate: 2025-01-01\n\n## Status\n\nAccepted\n\n{said}");
        let edited = retarget(text("0013-y.md", &before), ("0012-x.md", "0113-x.md"), true).unwrap().unwrap();
        let after = before.replace("ADR 12]", "ADR 113]").replace("ADR-0012]", "ADR-0113]");
        let after = after.replace("[12. X]", "[113. X]").replace("0012-x.md", "0113-x.md");
        assert_eq!(String::from_utf8(edited).unwrap(), after);
    }
}

#[test]
fn a_supersession_in_front_matter_follows_a_number() {
    let before = "---\nstatus: \"superseded by [ADR-0047](0047-pump.md)\"\n---\n\n# X\n\n## Decision Outcome\n\nY.\n";
    let edited = retarget(text("0048-x.md", before), ("0047-pump.md", "0050-pump.md"), true).unwrap().unwrap();
    let record = Record::read("0048-x.md", &edited);
    assert!(String::from_utf8(edited).unwrap().contains("(0050-pump.md)"));
    assert_eq!(record.superseded_by.first().map(|said| said.value.clone()), Some(Reference::Number(50)));
}

#[test]
fn a_date_is_set_with_the_status() {
    let set = |file: &str, before: &str| {
        changes(before, &set_status(text(file, before), State::Accepted, Some("2026-11-29")).unwrap())
    };
    let history =
        "# 1. X\n\n## Status\n\n- 2022-01-17: Proposed\n- 2022-02-02: Rejected, too dear\n\n## Context\n\nY.\n";
    assert_eq!(set("0001-x.md", history), "+- 2026-11-29: Accepted");
    assert_eq!(
        set("0001-x.md", "# 1. X\n\nDate: 03/04/2023\n\n## Status\n\nProposed\n"),
        "-Date: 03/04/2023\n-\n-## Status\n-\n-Proposed\n+Date: 2026-11-29\n+\n+## Status\n+\n+Accepted"
    );
    assert_eq!(
        set("0001-x.md", "---\n# SPDX\nstatus: 'proposed'\n---\n\n# X\n\n## Decision Outcome\n\nY.\n"),
        "-status: 'proposed'\n+status: 'accepted'\n+date: 2026-11-29"
    );
    assert_eq!(
        set("0001-x.md", "# X\n\n## Context and Problem Statement\n\nY.\n"),
        "+---\n+status: accepted\n+date: 2026-11-29\n+---\n+"
    );
    let wrong = set_status(text("0001-x.md", history), State::Accepted, Some("2026-02-30"));
    assert!(matches!(wrong, Err(Refused::Impossible(_))));
}

#[test]
fn no_mark_of_bold_type_is_left_alone() {
    for (status, expected) in [
        ("Accepted — **the sync is superseded by [ADR-8](0008-x.md)**", "Deprecated"),
        ("~~Accepted~~ → **SUPERSEDED by [ADR-8](0008-x.md)**", "~~Accepted~~ DEPRECATED"),
    ] {
        let before = format!("# 1. X\n\n## Status\n\n{status}\n\n## Context\n\nY.\n");
        let edited = set_status(text("0001-x.md", &before), State::Deprecated, None).unwrap();
        assert_eq!(changes(&before, &edited), format!("-{status}\n+{expected}"));
    }
    // What a page says of itself stays.
    let before = "---\nstatus: current\n---\n\n# X\n\n**Status:** Accepted\n";
    let edited = set_status(text("0001-x.md", before), State::Deprecated, None).unwrap();
    assert_eq!(changes(before, &edited), "-**Status:** Accepted\n+**Status:** Deprecated");
}

/// What users told of other tools: rewritten files, a line more, a broken scalar, a lost state.
#[test]
fn faults_of_other_tools_are_none_here() {
    let corpus = corpus();
    for name in [
        "0045-record-decisions-with-madr.md",
        "0046-steer-by-wire.md",
        "0044-charge-buses-at-the-depot.md",
        "0047-pump-by-tide.md",
    ] {
        let (_, bytes, _) = corpus.iter().find(|(other, ..)| other == name).unwrap();
        let before = Record::read(name, bytes);
        let old = before.status_text.unwrap();
        let edited = set_status(text(name, bytes), State::Rejected, None).unwrap();
        let mut expected = bytes.clone();
        expected.splice(old.range.start as usize..old.range.end as usize, *b"rejected");
        assert_eq!(edited, expected, "{name}");
        assert_ne!(before.dialect, Dialect::Other);
    }
}
