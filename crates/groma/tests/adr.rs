//! `groma adr`: records of four dialects are listed, shown and edited, and no edit touches a byte that it need not.

mod common;

use common::{expect, files_below, folder, groma_in, printed, single_spaced, told, write};
use std::collections::BTreeMap;
use std::path::Path;

/// As adr-tools writes them.
const NYGARD: &str = "# 1. Keep a log\n\nDate: 2024-02-05\n\n## Status\n\nProposed\n\n## Context\n\nNobody knows  why.\n\n## Decision\n\nWe keep a log.\n\n## Consequences\n\nMore to read.\n";
const MADR: &str = "---\nstatus: proposed # by Ada\ndate: 2024-03-01\ndecision-makers: [Ada, Ben]\n---\n\n# Use PostgreSQL\n\n## Context and Problem Statement\n\nWhich database?\n\n## Considered Options\n\n* PostgreSQL\n* MySQL\n\n## Decision Outcome\n\nChosen option: \"PostgreSQL\", because we know it.\n\n### Consequences\n\n* Good, because it is known\n* Bad, because it is large\n";
const LIST: &str = "# Cut the cord\n\n- Status: proposed\n- Date: 2023-01-10\n- Deciders: Cem\n\n## Context and Problem Statement\n\nToo many cables.\n\n## Considered Options\n\n- Radio\n- Light\n\n## Decision Outcome\n\nChosen option: \"Radio\", because it is cheap.\n";
/// With a byte order mark, and lines that end as on Windows.
const BOLD: &str = "\u{feff}# 2. Ship on Fridays\r\n\r\n**Status:** Proposed\r\n\r\n**Date:** 2024-05-06\r\n\r\n## Context\r\n\r\nFridays are calm.\r\n";

/// The dialect, the folder, the file, the text, and by what it is named.
const DIALECTS: [(&str, &str, &str, &str, &str); 4] = [
    ("nygard", "doc/adr", "0001-keep-a-log.md", NYGARD, "1"),
    ("madr4", "docs/decisions", "0007-use-postgresql.md", MADR, "ADR-7"),
    ("log4brains", "docs/adr", "20230110-cut-the-cord.md", LIST, "cut-the-cord"),
    ("bold", "docs/adrs", "ADR-002-ship-on-fridays.md", BOLD, "docs/adrs/2"),
];

/// What is different in a folder after a command, by path.
fn changed(folder: &Path, arguments: &[&str]) -> BTreeMap<String, Option<String>> {
    let before = files_below(folder);
    printed(folder, arguments, 0);
    let after = files_below(folder);
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
    let mut all: BTreeMap<String, Option<String>> = before.keys().map(|path| (path.clone(), None)).collect();
    all.extend(after.iter().map(|(path, bytes)| (path.clone(), Some(text(bytes)))));
    all.retain(|path, _| before.get(path) != after.get(path));
    all
}

fn one(path: &str, text: String) -> BTreeMap<String, Option<String>> {
    BTreeMap::from([(path.to_owned(), Some(text))])
}

/// A record as adr-tools has it.
fn nygard(number: u32, title: &str, status: &str) -> String {
    NYGARD.replace("1. Keep a log", &format!("{number}. {title}")).replace("Proposed", status)
}

#[test]
fn a_status_is_set_in_each_dialect_and_nothing_else() {
    for (dialect, place, file, text, name) in DIALECTS {
        let path = format!("{place}/{file}");
        let folder = folder(&[(&path, text)]);
        for (command, word) in [("accept", "accepted"), ("reject", "rejected")] {
            let is_large = text.contains("Proposed");
            let word = if is_large { format!("{}{}", word[..1].to_uppercase(), &word[1..]) } else { word.to_owned() };
            let old = if is_large { "Proposed" } else { "proposed" };
            let new = text.replacen(old, &word, 1);
            let line = text[..text.find(old).unwrap()].matches('\n').count() + 1;
            let dry = printed(folder.path(), &["adr", command, name, "--dry-run"], 0);
            assert!(dry.starts_with(&format!("changed  {path}\n{line:5} - ")), "{dialect}: {dry}");
            assert!(dry.lines().count() == 3 && dry.contains(&format!("{line:5} + ")), "{dialect}: {dry}");
            assert_eq!(
                std::fs::read_to_string(folder.path().join(&path)).unwrap(),
                text,
                "{dialect}: a dry run writes"
            );
            assert_eq!(changed(folder.path(), &["adr", command, name]), one(&path, new), "{dialect}");
            expect(folder.path(), &["adr", command, name], 0, "nothing to change");
            write(&folder.path().join(&path), text);
        }
    }
}

#[test]
fn a_date_is_set_where_it_is_asked_for() {
    for (dialect, place, file, text, name) in DIALECTS {
        let path = format!("{place}/{file}");
        let folder = folder(&[(&path, text)]);
        let day = text.find("202").unwrap();
        let new = text.replace(&text[day..day + 10], "2026-11-30");
        let new = new.replacen("Proposed", "Accepted", 1).replacen("proposed", "accepted", 1);
        assert_eq!(
            changed(folder.path(), &["adr", "accept", name, "--date", "2026-11-30"]),
            one(&path, new),
            "{dialect}"
        );
        expect(folder.path(), &["adr", "accept", name, "--date", "2026-02-30"], 2, "`2026-02-30` is not a valid date");
    }
}

#[test]
fn what_is_decided_is_not_decided_again_but_by_force() {
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", &nygard(1, "Keep a log", "Rejected"))]);
    let here = folder.path();
    let words = "`doc/adr/0001-keep-a-log.md:7` is rejected, and does not become accepted";
    expect(here, &["adr", "accept", "1"], 2, words);
    expect(here, &["adr", "deprecate", "1"], 2, "only what is accepted becomes deprecated");
    let new = nygard(1, "Keep a log", "Accepted");
    assert_eq!(changed(here, &["adr", "accept", "1", "--force"]), one("doc/adr/0001-keep-a-log.md", new));
    let new = nygard(1, "Keep a log", "Deprecated");
    assert_eq!(changed(here, &["adr", "deprecate", "1"]), one("doc/adr/0001-keep-a-log.md", new));
}

#[test]
fn all_records_are_listed_in_each_format() {
    let paths: Vec<String> = DIALECTS.iter().map(|(_, place, file, ..)| format!("{place}/{file}")).collect();
    let files: Vec<(&str, &str)> =
        paths.iter().zip(DIALECTS).map(|(path, (_, _, _, text, _))| (&**path, text)).collect();
    let folder = folder(&files);
    let here = folder.path();
    let table = printed(here, &["adr", "list"], 0);
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(table.starts_with("number  status    date        title"), "{table}");
    let row = "- proposed 2023-01-10 Cut the cord docs/adr/20230110-cut-the-cord.md";
    assert!(single_spaced(&table).contains(row), "{table}");
    expect(here, &["adr", "list"], 0, "4 records in `doc/adr`, `docs/adr`, `docs/adrs` and `docs/decisions`");
    let csv = printed(here, &["adr", "list", "--format", "csv"], 0);
    let row = "\"7\",\"proposed\",\"2024-03-01\",\"Use PostgreSQL\",\"docs/decisions/0007-use-postgresql.md\",\"Ada; Ben\",\"\",\"\",\"madr4\"";
    assert!(csv.contains(row), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&printed(here, &["adr", "list", "--format", "json"], 0)).unwrap();
    assert_eq!((&json["version"], json["records"].as_array().unwrap().len()), (&1.into(), 4));
    let dialects: Vec<&str> =
        json["records"].as_array().unwrap().iter().map(|one| one["dialect"].as_str().unwrap()).collect();
    assert_eq!(dialects, ["nygard", "log4brains", "bold", "madr4"]);
    printed(here, &["adr", "accept", "7"], 0);
    let table = printed(here, &["adr", "list", "--status", "accepted"], 0);
    assert!(table.lines().count() == 2 && table.contains("Use PostgreSQL"), "{table}");
    expect(here, &["adr", "list", "--status", "acepted"], 2, "invalid value 'acepted'");
    // From a workspace further down, and from the folder of records itself.
    write(&here.join("services/shop/a.groma"), "person a \"A\"\n");
    assert!(printed(here, &["adr", "list", "services/shop/a.groma"], 0).contains("Keep a log"));
    assert!(printed(&here.join("services/shop"), &["adr", "list"], 0).contains("../../doc/adr/0001-keep-a-log.md"));
    assert!(printed(&here.join("doc/adr"), &["adr", "list"], 0).contains("  0001-keep-a-log.md"));
}

#[test]
fn a_record_is_shown_with_the_places_of_what_it_says() {
    let folder = folder(&[("docs/decisions/0007-use-postgresql.md", MADR)]);
    let text = single_spaced(&printed(folder.path(), &["adr", "show", "use-postgresql"], 0));
    for line in [
        "docs/decisions/0007-use-postgresql.md (madr4)\n",
        "name number 7\n",
        "2:9 status proposed\n",
        "7:3 title Use PostgreSQL\n",
        "option MySQL\n",
        "bad it is large\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let json = printed(folder.path(), &["adr", "show", "7", "--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let record = &json["record"];
    let bytes = record["status_at"]["bytes"].as_array().unwrap();
    let [start, end] = [0, 1].map(|at| bytes[at].as_u64().unwrap() as usize);
    assert_eq!((&MADR[start..end], &record["status_at"]["line"]), ("proposed", &2.into()));
    assert_eq!(record["options"][1]["value"], "MySQL");
}

#[test]
fn one_record_supersedes_another_in_both_files_or_in_none() {
    let (one, two) = (nygard(1, "Keep a log", "Accepted"), nygard(2, "Keep none", "Accepted"));
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", &one), ("doc/adr/0002-keep-none.md", &two)]);
    let here = folder.path();
    let found = changed(here, &["adr", "supersede", "1", "keep-none"]);
    let old = one.replace("Accepted", "Superseded by [2. Keep none](0002-keep-none.md)");
    let new = two.replace("Accepted", "Accepted\n\nSupersedes [1. Keep a log](0001-keep-a-log.md)");
    let expected = BTreeMap::from([
        ("doc/adr/0001-keep-a-log.md".to_owned(), Some(old)),
        ("doc/adr/0002-keep-none.md".to_owned(), Some(new)),
    ]);
    assert_eq!(found, expected);
    let before = files_below(here);
    expect(
        here,
        &["adr", "supersede", "2", "1"],
        2,
        "`doc/adr/0001-keep-a-log.md:7` is superseded: nothing is superseded by it",
    );
    expect(
        here,
        &["adr", "supersede", "2", "1", "--force"],
        2,
        "would be wrong then: this record replaces what replaced it",
    );
    expect(here, &["adr", "supersede", "2", "2"], 2, "cannot supersede itself");
    assert_eq!(files_below(here), before);
    // The new one cannot be edited: the old one stays as well.
    std::fs::write(
        here.join("doc/adr/0003-broken.md"),
        "# 3. X\n\n## Status\n\nAccepted\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    )
    .unwrap();
    let before = files_below(here);
    expect(here, &["adr", "supersede", "2", "0003-broken.md"], 2, "0003-broken.md is not edited");
    assert_eq!(files_below(here), before);
}

#[test]
fn madr_and_bold_records_supersede_in_their_own_way() {
    let (madr, bold) = (MADR.replace("proposed", "accepted"), BOLD.replace("Proposed", "Accepted"));
    let second = madr.replace("Use PostgreSQL", "Use SQLite");
    let last = bold.replace("# 2. Ship on Fridays", "# 3. Ship on Mondays");
    let folder = folder(&[
        ("docs/decisions/0007-use-postgresql.md", &madr),
        ("docs/decisions/0008-use-sqlite.md", &second),
        ("docs/adrs/ADR-002-ship-on-fridays.md", &bold),
        ("docs/adrs/ADR-003-ship-on-mondays.md", &last),
    ]);
    let here = folder.path();
    for (old, new, before, after) in [
        ("docs/decisions/0007-use-postgresql.md", "docs/decisions/0008-use-sqlite.md", &madr, &second),
        ("docs/adrs/ADR-002-ship-on-fridays.md", "docs/adrs/ADR-003-ship-on-mondays.md", &bold, &last),
    ] {
        let found = changed(here, &["adr", "supersede", old, new]);
        assert_eq!(found.len(), 2, "{found:?}");
        // All lines stay, with their ends, but for that of the status.
        for (path, before, gone) in [(old, before, "ccepted"), (new, after, "no line")] {
            let text = found[path].as_ref().unwrap();
            let mut lines = text.split_inclusive('\n');
            let mut kept = before.split_inclusive('\n').filter(|line| !line.contains(gone));
            assert!(kept.all(|line| lines.any(|other| other == line)), "{text}");
        }
        let status = printed(here, &["adr", "list", "--status", "superseded", "--format", "csv"], 0);
        assert!(status.contains(old), "{status}");
    }
    expect(here, &["adr", "supersede", "8", "3"], 2, "lie in two folders");
}

#[test]
fn records_are_linked_once() {
    let (one, two) = (nygard(1, "Keep a log", "Accepted"), nygard(2, "Keep [it] short", "Accepted"));
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", &one), ("doc/adr/0002-keep-it-short.md", &two)]);
    let here = folder.path();
    let link = ["adr", "link", "2", "Amends", "1"];
    let new = two.replace("Accepted", "Accepted\n\nAmends [1. Keep a log](0001-keep-a-log.md)");
    assert_eq!(changed(here, &link), self::one("doc/adr/0002-keep-it-short.md", new));
    expect(here, &link, 0, "nothing to change");
    expect(here, &["adr", "link", "2", "Supersedes", "1"], 2, "groma adr supersede OLD NEW");
    expect(here, &["adr", "link", "2", "a](b", "1"], 2, "is no word of a link");
    expect(here, &["adr", "link", "2", "Amends", "2"], 2, "would link to itself");
}

#[test]
fn a_number_that_two_have_is_told_and_mended() {
    let mine = nygard(12, "Mine", "Accepted");
    let yours = nygard(12, "Yours", "Accepted");
    let third = nygard(
        13,
        "Third",
        "Accepted\n\nAmends [12. Yours](0012-yours.md)\n\nAmends [12. Mine](./0012-mine.md#status)",
    );
    let folder = folder(&[
        ("doc/adr/0012-mine.md", &mine),
        ("doc/adr/0012-yours.md", &yours),
        ("doc/adr/0013-third.md", &third),
        ("doc/adr/README.md", "- [12](0012-yours.md)\n"),
        ("docs/decisions/0001-other.md", &MADR.replace("Which database?", "See [there](../../doc/adr/0012-yours.md).")),
    ]);
    let here = folder.path();
    let list = groma_in(here, &["adr", "list"]);
    let said = told(&list);
    assert_eq!(list.status.code(), Some(1), "{said}");
    assert!(said.contains("doc/adr/0012-mine.md:1:3: number 12 is that of `0012-yours.md` as well"), "{said}");
    assert!(!said.contains("is not there"), "a link to another folder leads somewhere: {said}");
    let both = "several records are called `12`: `doc/adr/0012-mine.md` and `doc/adr/0012-yours.md`";
    expect(here, &["adr", "accept", "12"], 2, both);
    expect(here, &["adr", "renumber", "0012-yours.md", "13"], 2, "number 13 is that of `doc/adr/0013-third.md`");
    expect(here, &["adr", "renumber", "0012-yours.md", "13"], 2, "such as 14");
    let dry = printed(here, &["adr", "renumber", "0012-yours.md", "14", "--dry-run"], 0);
    assert!(dry.contains("new      doc/adr/0014-yours.md\nremoved  doc/adr/0012-yours.md\n"), "{dry}");
    let output = groma_in(here, &["adr", "renumber", "doc/adr/0012-yours.md", "14", "--dry-run"]);
    assert!(told(&output).contains("note: `doc/adr/README.md` still names `0012-yours.md`"), "{}", told(&output));
    let found = changed(here, &["adr", "renumber", "0012-yours.md", "14"]);
    let links = third.replace("[12. Yours](0012-yours.md)", "[14. Yours](0014-yours.md)");
    let far = MADR.replace("Which database?", "See [there](../../doc/adr/0014-yours.md).");
    let expected = BTreeMap::from([
        ("doc/adr/0012-yours.md".to_owned(), None),
        ("doc/adr/0014-yours.md".to_owned(), Some(yours.replace("# 12.", "# 14."))),
        ("doc/adr/0013-third.md".to_owned(), Some(links)),
        ("docs/decisions/0001-other.md".to_owned(), Some(far)),
    ]);
    assert_eq!(found, expected);
    printed(here, &["adr", "list"], 0);
}

#[test]
fn a_new_record_is_like_those_that_are_there() {
    for (dialect, place, file, text, _) in DIALECTS {
        let folder = folder(&[(&format!("{place}/{file}"), text)]);
        let found = changed(folder.path(), &["adr", "new", "Don't ask, \"tell\"", "--date", "2026-11-30"]);
        let [(path, Some(_))] = found.iter().collect::<Vec<_>>()[..] else { panic!("{found:?}") };
        let name = match dialect {
            "nygard" => "0002-dont-ask-tell.md",
            "madr4" => "0008-dont-ask-tell.md",
            "log4brains" => "20261130-dont-ask-tell.md",
            _ => "ADR-003-dont-ask-tell.md",
        };
        assert_eq!(*path, format!("{place}/{name}"));
        let json = printed(folder.path(), &["adr", "show", name, "--format", "json"], 0);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let record = &json["record"];
        let said = ["dialect", "title", "status", "date"].map(|field| record[field].as_str().unwrap().to_owned());
        assert_eq!(said, [dialect, "Don't ask, \"tell\"", "proposed", "2026-11-30"]);
    }
}

#[test]
fn the_first_record_goes_where_a_configuration_says() {
    let folder = folder(&[]);
    let here = folder.path();
    expect(here, &["adr", "list"], 0, "there is no folder of records");
    expect(here, &["adr", "accept", "1"], 2, "there is no record `1`, nor any other");
    expect(here, &["adr", "new", "Keep", "a", "log"], 2, "unexpected argument");
    expect(here, &["adr", "new", "Keep", "log"], 2, "a title of several words stands in quotes");
    expect(here, &["adr", "new", "  "], 2, "the title is empty");
    expect(here, &["adr", "new", "Keep a log"], 0, "new      docs/decisions/0001-keep-a-log.md\n");
    write(&here.join("other/.adr-dir"), "records\n");
    write(&here.join("other/.git/HEAD"), "");
    let found =
        changed(here, &["adr", "new", "Keep a log", "other", "--template", "nygard", "--option", "A", "--option", "B"]);
    let text = found["other/records/0001-keep-a-log.md"].as_ref().unwrap();
    assert!(text.starts_with("# 1. Keep a log\n\nDate: ") && text.contains("- A\n- B\n"), "{text}");
    expect(here, &["adr", "new", "X", "--folder", "/"], 2, "lies outside of the repository");
    expect(here, &["adr", "new", "X", "--date", "x"], 2, "is not a valid date");
}

#[test]
fn a_template_of_the_team_wins() {
    let own = "# NUMBER. TITLE\n\nDate: DATE\n\n## Status\n\nSTATUS\n\n## Why\n\n## Context\n";
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", NYGARD), ("doc/adr/templates/template.md", own)]);
    let here = folder.path();
    let found = changed(here, &["adr", "new", "Use a queue", "--date", "2026-11-30"]);
    let text = "# 2. Use a queue\n\nDate: 2026-11-30\n\n## Status\n\nProposed\n\n## Why\n\n## Context\n";
    assert_eq!(found, one("doc/adr/0002-use-a-queue.md", text.to_owned()));
    let before = files_below(here);
    write(&here.join("mine.md"), "# {{title}}\n\nStatus: {{status}}\n\n{{reviewer}}\n");
    expect(here, &["adr", "new", "X", "--template", "mine.md"], 2, "mine.md:5:1: there is no field `reviewer`");
    expect(
        here,
        &["adr", "new", "X", "--template", "mrad"],
        2,
        "`--template` takes the path of a file, and has `nygard`, `madr`, `brief` and `full` by name",
    );
    write(&here.join("mine.md"), "Only words, and no {{status}}.\n");
    expect(here, &["adr", "new", "X", "--template", "mine.md"], 2, "would have no title");
    std::fs::remove_file(here.join("mine.md")).unwrap();
    assert_eq!(files_below(here), before);
}

#[test]
fn a_name_that_no_record_has_is_answered_with_the_nearest() {
    let folder = folder(&[
        ("doc/adr/0001-keep-a-log.md", NYGARD),
        ("doc/adr/0004-use-a-queue.md", &nygard(4, "Use a queue", "Accepted")),
        ("docs/decisions/0004-use-postgresql.md", MADR),
    ]);
    let here = folder.path();
    expect(here, &["adr", "show", "3"], 2, "the nearest are 4 (`doc/adr/0004-use-a-queue.md`) and 4");
    expect(here, &["adr", "show", "use-a-quue"], 2, "did you mean `use-a-queue`");
    expect(here, &["adr", "show", "4"], 2, "`doc/adr/0004-use-a-queue.md` and `docs/decisions/0004-use-postgresql");
    expect(here, &["adr", "show", "docs/decisions/4"], 0, "Use PostgreSQL");
    expect(here, &["adr", "show", "1", "/no/such/place"], 2, "cannot read `/no/such/place`");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let folder = folder(&[
        ("doc/adr/0001-keep-a-log.md", NYGARD),
        ("doc/adr/0002-folder.md/x.txt", ""),
        ("doc/adr/0005-odd.adoc", "= Odd\n\n== Status\n\nAccepted\n"),
        ("doc/adr/0006-jp.md", &nygard(6, "Jp", "採用")),
        ("doc/adr/template.md", NYGARD),
        (".adr-dir", "nowhere\n"),
        ("adrs.toml", "adr_dir = \"../../x\"\n"),
    ]);
    let here = folder.path();
    std::fs::write(here.join("doc/adr/0003-binary.md"), [0, 1, 2, 0xff, 0xfe, 0, 0, 0]).unwrap();
    std::fs::File::create(here.join("doc/adr/0004-large.md")).unwrap().set_len(50_000_000).unwrap();
    let output = groma_in(here, &["adr", "list"]);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in [
        ".adr-dir: `nowhere` is not there",
        "adrs.toml: `../../x` lies outside of the repository",
        "doc/adr/0002-folder.md: is a directory",
        "doc/adr/0003-binary.md:1:1: the file is no text",
        "doc/adr/0004-large.md: cannot be read: it is 50 MB large",
        "0005-odd.adoc",
        "doc/adr/0006-jp.md:7:1: no known status",
        "4 records in `doc/adr`",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("template"), "{said}");
    let before = files_below(here);
    expect(here, &["adr", "accept", "3"], 2, "0003-binary.md is not edited: the file is no text");
    expect(here, &["adr", "accept", "5"], 2, "is not edited: it is AsciiDoc");
    expect(here, &["adr", "accept", "2"], 2, "is a directory");
    assert_eq!(files_below(here), before);
    std::fs::remove_file(here.join("doc/adr/0003-binary.md")).unwrap();
    // A status that no table knows may become any.
    assert!(changed(here, &["adr", "accept", "6"])["doc/adr/0006-jp.md"].as_ref().unwrap().contains("\nAccepted\n"));
}

#[cfg(unix)]
#[test]
fn nothing_is_read_or_written_through_a_link_out_of_the_repository() {
    let elsewhere = folder(&[("0001-keep-a-log.md", NYGARD)]);
    let folder = folder(&[("docs/adr/0002-x.md", &nygard(2, "X", "Proposed"))]);
    let here = folder.path();
    std::os::unix::fs::symlink(elsewhere.path().join("0001-keep-a-log.md"), here.join("docs/adr/0001-keep-a-log.md"))
        .unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), here.join("docs/decisions")).unwrap();
    expect(here, &["adr", "list"], 1, "docs/adr/0001-keep-a-log.md: leads out of the repository");
    expect(here, &["adr", "list"], 1, "docs/decisions: leads out of the repository");
    expect(here, &["adr", "accept", "1"], 2, "there is no record `1`");
    assert_eq!(std::fs::read_to_string(elsewhere.path().join("0001-keep-a-log.md")).unwrap(), NYGARD);
}

/// Who may write anywhere, as root may, meets a folder that takes no file because a file stands in its place.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_keeps_what_it_has() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", NYGARD), ("docs/taken", "a file")]);
    let here = folder.path();
    let before = files_below(here);
    expect(here, &["adr", "new", "X", "--folder", "docs/taken"], 2, "`docs/taken` is a file, not a folder");
    expect(here, &["adr", "new", "X", "--folder", "docs/taken/deep"], 2, "cannot write");
    expect(here, &["adr", "export", "--format", "csv", "--out", "docs/taken/x.csv"], 2, "cannot write");
    let own = here.join("doc/adr");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = std::fs::write(own.join("probe"), "").is_ok();
    if is_root {
        std::fs::remove_file(own.join("probe")).unwrap();
    } else {
        expect(here, &["adr", "accept", "1"], 2, "cannot write");
        expect(here, &["adr", "renumber", "0001-keep-a-log.md", "2"], 2, "cannot write");
    }
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(files_below(here), before);
}

#[test]
fn the_log_is_exported() {
    let old = nygard(1, "Keep a | log", "Superseded by [2. Keep none](0002-keep-none.md)");
    let new = nygard(2, "Keep none", "Accepted\n\nSupersedes [1. Keep a log](0001-keep-a-log.md)");
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", &old), ("doc/adr/0002-keep-none.md", &new)]);
    let here = folder.path();
    let table = "| number | decision | status | date |\n| ---: | --- | --- | --- |\n| 1 | [Keep a \\| log](doc/adr/0001-keep-a-log.md) | superseded by 2 | 2024-02-05 |\n| 2 | [Keep none](doc/adr/0002-keep-none.md) | accepted | 2024-02-05 |\n";
    assert_eq!(printed(here, &["adr", "export", "--format", "markdown"], 0), table);
    let names = files_below(here);
    let record = names.keys().find(|name| name.contains("0001-")).expect("there is a first record");
    expect(here, &["adr", "export", "--format", "csv", "--out", record], 2, "is one of the records");
    printed(here, &["adr", "export", "--format", "markdown", "--out", "doc/adr/README.md"], 0);
    assert_eq!(std::fs::read_to_string(here.join("doc/adr/README.md")).unwrap(), table.replace("doc/adr/", ""));
    let json: serde_json::Value =
        serde_json::from_str(&printed(here, &["adr", "export", "--format", "json"], 0)).unwrap();
    assert_eq!(json["records"][0]["superseded_by"][0]["value"], "2");
    assert_eq!(json["records"][1]["outcome"]["value"], "We keep a log.");
    assert!(printed(here, &["adr", "export", "--format", "csv"], 0).contains("\"nygard\"\n"));
}

#[test]
fn the_graph_tells_what_took_the_place_of_what() {
    let old = nygard(1, "Keep a \"log\"", "Superseded by [2. Keep none](0002-keep-none.md)");
    let new = nygard(2, "Keep none", "Accepted");
    let open = nygard(3, "Keep two", "Proposed\n\nAmends [2. Keep none](0002-keep-none.md)");
    let folder = folder(&[
        ("doc/adr/0001-keep-a-log.md", &old),
        ("doc/adr/0002-keep-none.md", &new),
        ("doc/adr/0003-keep-two.md", &open),
    ]);
    let mermaid = printed(folder.path(), &["adr", "export", "--format", "mermaid"], 0);
    let lines = [
        "flowchart LR",
        "    d0[\"1 Keep a #34;log#34;\"]:::gone",
        "    d1[\"2 Keep none\"]",
        "    d2[\"3 Keep two\"]:::open",
        "    d1 -->|supersedes| d0",
        "    d2 -.->|amends| d1",
    ];
    assert!(mermaid.starts_with(&(lines.join("\n") + "\n")), "{mermaid}");
    let dot = printed(folder.path(), &["adr", "export", "--format", "dot"], 0);
    for line in [
        "d0 [label=\"1 Keep a \\\"log\\\"\", color",
        "d1 -> d0 [label=\"supersedes\"]",
        "d2 -> d1 [label=\"amends\", style=dashed]",
    ] {
        assert!(dot.contains(line), "{line}: {dot}");
    }
}

#[test]
fn a_form_of_new_records_can_be_named() {
    let folder = folder(&[("doc/adr/0001-keep-a-log.md", NYGARD)]);
    for (form, part) in [("brief", "| A | | | |\n"), ("full", "### A\n\n- **Pros:**")] {
        let title = format!("Use a {form} form");
        let found = changed(folder.path(), &["adr", "new", &title, "--template", form, "--option", "A"]);
        let (path, text) = found.into_iter().next().unwrap();
        assert!(path.ends_with(&format!("use-a-{form}-form.md")) && text.unwrap().contains(part), "{path}");
    }
}

#[test]
fn a_folder_of_records_that_is_named_is_read_alone() {
    let folder = folder(&[
        ("docs/adr/0001-keep-a-log.md", NYGARD),
        ("shop/docs/adr/0001-keep-none.md", &nygard(1, "Keep none", "Accepted")),
        ("shop/shop.groma", "system s"),
    ]);
    let here = folder.path();
    assert!(printed(here, &["adr", "list", "shop", "--format", "csv"], 0).contains("keep-a-log"));
    let alone = printed(here, &["adr", "list", "shop/docs/adr", "--format", "csv"], 0);
    assert!(alone.contains("keep-none") && !alone.contains("keep-a-log"), "{alone}");
}

/// A record as it stands in a document, without a blank line.
#[test]
fn a_record_of_the_storefront_is_read_as_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shown = printed(&root, &["adr", "show", "1", "examples/storefront/docs/adr", "--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let record = &json["record"];
    let count = |of: &str| record[of].as_array().unwrap_or_else(|| panic!("{of}: {shown}")).len();
    assert_eq!(["positive", "negative", "neutral", "options", "deciders"].map(count), [4, 3, 3, 3, 2]);
    assert_eq!(record["options"][1]["rejected_because"]["value"], "Query limitations would hurt development velocity");
}

/// What is found of the records that this project keeps of itself is what a careful reader finds.
#[test]
fn our_own_records_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let csv = printed(&root.join("architecture"), &["adr", "list", "--format", "csv"], 0);
    assert!(csv.lines().count() > 12 && csv.contains("docs/decisions/0001-own-parser.md"), "{csv}");
}

#[test]
fn what_is_superseded_already_is_not_superseded_again_and_follows_another_number() {
    let madr =
        |title: &str| format!("---\nstatus: accepted\ndate: 2026-01-02\n---\n\n# {title}\n\n## Context\n\nIt is so.\n");
    let (old, new) = (madr("Keep files"), madr("Keep tables"));
    let folder = folder(&[("docs/adr/0001-keep-files.md", &old), ("docs/adr/0002-keep-tables.md", &new)]);
    let here = folder.path();
    printed(here, &["adr", "supersede", "1", "2"], 0);
    let written = files_below(here);
    expect(here, &["adr", "supersede", "1", "2"], 0, "nothing to change");
    assert_eq!(files_below(here), written);
    printed(here, &["adr", "renumber", "2", "13"], 0);
    let text = std::fs::read_to_string(here.join("docs/adr/0001-keep-files.md")).unwrap();
    assert!(text.contains("status: superseded by ADR-0013\n"), "{text}");
    assert!(here.join("docs/adr/0013-keep-tables.md").exists());
}

#[test]
fn a_choice_becomes_a_record_whose_marks_are_found() {
    let choice = "workspace shop \"Shop\"\nchoice db \"Which database?\" {\n    criterion fit \"Known\" weight=2\n    criterion price \"Price\" better=low worst=$9_000 best=$100\n    must safe \"Nothing is lost\"\n    option pg \"PostgreSQL\" {\n        meets safe because=\"It has a log\"\n        score fit 5 because=\"Three services run on it\"\n        value price $300 because=\"List\"\n    }\n    option files \"Files | {{title}}\" {\n        fails safe because=\"No transactions\"\n        score fit 4 because=\"We have them\"\n        value price $100 because=\"List\"\n    }\n    option my \"MySQL\" {\n        meets safe\n        score fit 3 because=\"From before\"\n        value price $200..400 because=\"List\"\n    }\n}\n";
    let folder = folder(&[("w.groma", choice), ("docs/adr/template.md", "# {{title}}\n\n## Status\n\n{{status}}\n")]);
    let here = folder.path();
    let new = ["adr", "new", "Use PostgreSQL", "--from-choice", "db", "--date", "2026-11-30"];
    expect(here, &new, 0, "note: write `decision=1` on the choice `db`");
    let text = std::fs::read_to_string(here.join("docs/adr/0001-use-postgresql.md")).unwrap();
    for part in [
        "status: proposed\ndate: 2026-11-30\n",
        "# Use PostgreSQL\n",
        "Chosen option: \"PostgreSQL\"",
        "| **Total** | 3 |",
        "* Good, because Known: Three services run on it (5 of 5)\n",
        "* Good, because it meets what must be: Nothing is lost (It has a log)\n",
        "* Rejected because it fails what must be: Nothing is lost (No transactions)\n",
        "### Files | { {title}}\n",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // Each mark is found, at its place, and nothing is said twice.
    let told = told(&groma_in(here, &["check", ".", "--today", "2026-11-30"]));
    assert_eq!(told.matches("it is still to be said").count(), 3, "{told}");
    assert!(!told.contains("incomplete-decision"), "{told}");
    expect(here, &["adr", "new", "X", "--from-choice", "bd"], 2, "did you mean `db`");
}
