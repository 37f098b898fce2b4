//! `groma adr` beside a workspace: its words and order of states, what a new record decides, and what names a record by its number.

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
fn a_record_gets_a_word_of_the_team() {
    let states = "workspace w {\n    decision-status \"In review\" means=proposed\n}\n";
    let front = "---\nstatus: \"draft\"\n---\n# Keep a list\n\nNobody knows why.\n";
    let folder = folder(&[
        ("w.groma", states),
        ("docs/adr/0001-keep-a-log.md", &nygard(1, "Keep a log", "Proposed")),
        ("docs/adr/0002-keep-a-list.md", front),
    ]);
    let here = folder.path();
    let text = |name: &str| std::fs::read_to_string(here.join("docs/adr").join(name)).unwrap();
    printed(here, &["adr", "status", "1", "in review"], 0);
    assert_eq!(text("0001-keep-a-log.md"), nygard(1, "Keep a log", "In review"));
    assert!(printed(here, &["adr", "status", "1", "In review"], 0).contains("nothing to change"));
    printed(here, &["adr", "status", "2", "In review"], 0);
    assert_eq!(text("0002-keep-a-list.md"), front.replace("draft", "In review"));
    printed(here, &["adr", "status", "1", "approved"], 0);
    assert_eq!(text("0001-keep-a-log.md"), nygard(1, "Keep a log", "approved"));
    expect(here, &["adr", "status", "1", "in review"], 2, "is accepted, and does not become proposed");
    expect(here, &["adr", "status", "1", "soon"], 2, "`soon` is no status");
    expect(here, &["adr", "status", "1", "superseded"], 2, "write `groma adr supersede OLD NEW`");
}

#[test]
fn a_number_of_two_follows_where_it_was_meant() {
    let files = |first: &str| {
        let texts = "system shop \"Shop\" decision=1 {\n    service core \"Core\"\n}\nview one \"One\" include=\"decided-by(1)\"\nview two \"Two\" include=\"decided-by(0001-b)\"\n";
        let own = folder(&[
            ("w.groma", texts),
            ("docs/adr/0001-a.md", &nygard(1, "A", "Accepted")),
            ("docs/adr/0001-b.md", &nygard(1, "B", "Accepted")),
            ("docs/adr/0003-c.md", &nygard(3, "C", "Accepted\n\nSupersedes ADR-1")),
        ]);
        let told = told(&groma_in(own.path(), &["adr", "renumber", first, "12"]));
        let text = |name: &str| std::fs::read_to_string(own.path().join(name)).unwrap();
        (text("w.groma"), text("docs/adr/0003-c.md"), told)
    };
    // The first has the number, so it takes what names that along.
    let (texts, other, told) = files("docs/adr/0001-a.md");
    assert!(texts.contains("decision=12 ") && texts.contains("\"decided-by(12)\""), "{texts}");
    assert!(texts.contains("decided-by(0001-b)") && other.contains("Supersedes ADR-1\n"), "{texts} {other}");
    assert!(told.contains("`w.groma:4` asks for `1`") && told.contains("still names number 1"), "{told}");
    let (texts, other, told) = files("docs/adr/0001-b.md");
    assert!(texts.contains("decision=1 ") && texts.contains("\"decided-by(1)\""), "{texts}");
    assert!(texts.contains("decided-by(0012-b)") && other.contains("Supersedes ADR-1\n"), "{texts} {other}");
    assert!(told.contains("`w.groma:4` asks for `1`"), "{told}");
}

#[test]
fn a_wrong_name_of_a_relationship_stops_no_renaming() {
    let record = nygard(1, "Keep a log", "Accepted").replace("Date:", "Decides: shop.core -> nothing\n\nDate:");
    let texts = "system shop \"Shop\" {\n    service core \"Core\"\n}\n";
    let own = folder(&[("w.groma", texts), ("docs/adr/0001-keep-a-log.md", &record)]);
    printed(own.path(), &["rename", "shop.core", "heart"], 0);
    let text = std::fs::read_to_string(own.path().join("w.groma")).unwrap();
    assert!(text.contains("service heart \"Core\""), "{text}");
}

#[test]
fn a_decision_whose_name_is_not_read_is_told_once() {
    let folder = folder(&[
        ("w.groma", "system shop \"Shop\" decision=20240115-log\n"),
        ("docs/adr/20240115-log.md", &nygard(1, "Keep a log", "Accepted").replace("1. ", "")),
    ]);
    let told = told(&groma_in(folder.path(), &["check", "."]));
    assert!(told.contains("is neither a number nor a quantity") && !told.contains("idle-decision"), "{told}");
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
    expect(folder.path(), &["adr", "accept", "1"], 0, "it is still to be said");
}

/// The lines of a text that another has not.
fn other_lines<'t>(text: &'t str, than: &str) -> Vec<&'t str> {
    text.lines().filter(|line| !than.lines().any(|other| other == *line)).collect()
}

#[test]
fn what_names_a_record_by_its_number_follows_when_it_gets_another() {
    let model = "system shop \"Shop\" {\n    service a \"A\" decision=7 // by 7\n    service b \"B\" decision=\"ADR-0007\"\n    service c \"C\" decision=\"0007-keep-a-log\"\n    service d \"D\" decision=keep-a-log\n    service e \"E\" decision=8\n}\nview v \"V\" show=container of=shop {\n    include \"decided-by(8 or 7) and not name:x7\"\n}\n";
    let rfc = "# RFC 7: Logs\n\n**Status:** Accepted\n\n**ADRs:** ADR-7, ADR-8\n\n## Decisions\n\n- [ADR 7](../adr/0007-keep-a-log.md)\n";
    let folder = folder(&[
        ("w/docs/rfcs/0007-logs.md", rfc),
        ("w/model/w.groma", model),
        ("w/a.groma", "workspace w\n"),
        ("w/docs/adr/0007-keep-a-log.md", &nygard(7, "Keep a log", "Accepted")),
        ("w/docs/adr/0008-keep-two.md", &nygard(8, "Keep two", "Accepted")),
    ]);
    let here = folder.path();
    let of_7 = printed(here, &["query", "decided-by(7)", "w", "--format", "json"], 0);
    let dry = printed(here, &["adr", "renumber", "7", "12", "w", "--dry-run"], 0);
    assert!(dry.contains("w/model/w.groma") && dry.contains("decision=12 // by 7"), "{dry}");
    assert_eq!(std::fs::read_to_string(here.join("w/model/w.groma")).unwrap(), model);
    // From the folder of records as well, the texts are those of the workspace above it.
    printed(&here.join("w/docs/adr"), &["adr", "renumber", "7", "12"], 0);
    let written = std::fs::read_to_string(here.join("w/model/w.groma")).unwrap();
    let lines = [
        "    service a \"A\" decision=12 // by 7",
        "    service b \"B\" decision=\"ADR-0012\"",
        "    service c \"C\" decision=\"0012-keep-a-log\"",
        "    include \"decided-by(8 or 12) and not name:x7\"",
    ];
    assert_eq!(other_lines(&written, model), lines);
    // Requests for comments that led to it do as well.
    let written = std::fs::read_to_string(here.join("w/docs/rfcs/0007-logs.md")).unwrap();
    assert_eq!(other_lines(&written, rfc), ["**ADRs:** ADR-12, ADR-8", "- [ADR 12](../adr/0012-keep-a-log.md)"]);
    assert_eq!(printed(here, &["query", "decided-by(12)", "w", "--format", "json"], 0), of_7);
}

#[test]
fn a_number_that_two_records_had_is_told_wherever_it_is_named() {
    let model =
        "system shop \"Shop\" {\n    service a \"A\" decision=12\n    service b \"B\" decision=\"0012-yours\"\n}\n";
    let mine = ("docs/adr/0012-mine.md", &*nygard(12, "Mine", "Accepted"));
    let yours = ("docs/adr/0012-yours.md", &*nygard(12, "Yours", "Accepted"));
    for (file, meant, named) in [
        ("0012-yours.md", "0012-mine.md", ["decision=12", "decision=\"0013-yours\""]),
        ("0012-mine.md", "0013-mine.md", ["decision=13", "decision=\"0012-yours\""]),
    ] {
        let folder = folder(&[("w.groma", model), mine, yours]);
        let output = groma_in(folder.path(), &["adr", "renumber", file, "13"]);
        let told = told(&output);
        let note = format!("`w.groma:2` named a number that two records had: see that it means `{meant}`");
        assert!(output.status.success() && told.matches("see that it means").count() == 1, "{told}");
        assert!(told.contains(&note), "{told}");
        let written = std::fs::read_to_string(folder.path().join("w.groma")).unwrap();
        assert!(named.iter().all(|named| written.contains(named)), "{written}");
    }
}

#[test]
fn where_another_folder_has_the_new_number_the_folder_stands_before_it() {
    let model = "workspace w { decisions \"docs/b\" }\nsystem shop \"Shop\" {\n    service a \"A\" decision=12\n}\n";
    let folder = folder(&[
        ("w.groma", model),
        ("docs/adr/0012-mine.md", &nygard(12, "Mine", "Accepted")),
        ("docs/b/0013-yours.md", &nygard(13, "Yours", "Accepted")),
    ]);
    printed(folder.path(), &["adr", "renumber", "12", "13", "docs/adr"], 0);
    let written = std::fs::read_to_string(folder.path().join("w.groma")).unwrap();
    assert!(written.contains("decision=\"docs/adr/13\""), "{written}");
    assert!(printed(folder.path(), &["query", "decided-by(\"docs/adr/13\")"], 0).contains("shop.a"));
    // And what names it with its folder is understood where it is the only one.
    printed(folder.path(), &["adr", "renumber", "docs/b/13", "14", "."], 0);
    assert!(printed(folder.path(), &["query", "decided-by(13)"], 0).contains("shop.a"));
}

#[test]
fn a_signature_follows_unless_a_key_proves_it_and_texts_elsewhere_are_told() {
    let sign = |more: &str| {
        format!(
            "sign \"adr-7\" role=architect by=\"Ana <ana@example.org>\" on=2025-01-01 hash=\"sha256:{}\" form=1{more}\n",
            "0".repeat(64)
        )
    };
    let folder = folder(&[
        ("w.groma", "workspace w\n"),
        ("acts/2025.groma", &format!("{}{}", sign(""), sign(" signature=\"AAAA\""))),
        ("docs/adr/0007-keep-a-log.md", &nygard(7, "Keep a log", "Accepted")),
    ]);
    expect(
        folder.path(),
        &["adr", "renumber", "7", "12"],
        0,
        "`acts/2025.groma:2` still says `adr-7`: it is signed with a key",
    );
    let acts = std::fs::read_to_string(folder.path().join("acts/2025.groma")).unwrap();
    assert_eq!((acts.matches("sign \"adr-12\"").count(), acts.matches("sign \"adr-7\"").count()), (1, 1), "{acts}");
    let folder = common::folder(&[
        ("texts/w.groma", "system shop \"Shop\" decision=7\n"),
        ("docs/adr/0007-keep-a-log.md", &nygard(7, "Keep a log", "Accepted")),
    ]);
    // The one workspace below the folder follows; of two that are apart none is taken for that of the records.
    printed(folder.path(), &["adr", "renumber", "7", "12"], 0);
    let text = std::fs::read_to_string(folder.path().join("texts/w.groma")).unwrap();
    assert_eq!(text, "system shop \"Shop\" decision=12\n");
    write(&folder.path().join("texts/w.groma"), "workspace a\n");
    write(&folder.path().join("others/w.groma"), "workspace b\nsystem shop \"Shop\" decision=12\n");
    expect(
        folder.path(),
        &["adr", "renumber", "12", "13"],
        0,
        "whether `others/w.groma` names number 12 is not looked at",
    );
}

#[test]
fn what_is_advised_of_a_number_that_two_have_is_understood() {
    let folder = folder(&[
        ("w.groma", "workspace shop \"Shop\"\n"),
        ("docs/adr/0009-keep-a-log.md", &nygard(9, "Keep a log", "Proposed")),
        ("docs/adr/0009-use-a-queue.md", &nygard(9, "Use a queue", "Proposed")),
    ]);
    let here = folder.path();
    let told = told(&groma_in(here, &["check", ".", "--today", "2027-11-30"]));
    for file in ["0009-keep-a-log", "0009-use-a-queue"] {
        assert!(told.contains(&format!("`groma adr accept {file}` or")), "{told}");
        printed(here, &["adr", "accept", file], 0);
    }
}

#[test]
fn the_record_of_a_choice_has_the_form_of_those_beside_it() {
    let choice = "workspace shop\nchoice db \"Which database?\" {\n    criterion fit \"Known\" weight=2\n    option pg \"PostgreSQL\" { score fit 5 because=\"Three services\" }\n    option my \"MySQL\" { score fit 2 because=\"From before\" }\n}\n";
    let bold = "# 1. Keep a log\n\n**Status:** Accepted\n\n**Date:** 2024-02-05\n\n## Context\n\nNobody knows.\n";
    for (first, dialect, header) in [
        (
            nygard(1, "Keep a log", "Accepted"),
            "nygard",
            "# 2. Use PostgreSQL\n\nDate: 2026-11-30\n\n## Status\n\nProposed\n\n## Context\n",
        ),
        (
            bold.to_owned(),
            "bold",
            "# 2. Use PostgreSQL\n\n**Status:** Proposed\n\n**Date:** 2026-11-30\n\n## Context\n",
        ),
    ] {
        let folder = folder(&[("w.groma", choice), ("docs/adr/0001-keep-a-log.md", &first)]);
        let here = folder.path();
        printed(here, &["adr", "new", "Use PostgreSQL", "--from-choice", "db", "--date", "2026-11-30"], 0);
        let text = std::fs::read_to_string(here.join("docs/adr/0002-use-postgresql.md")).unwrap();
        assert!(text.starts_with(header), "{dialect}: {text}");
        // The marks of what is still to be said are told.
        let shown = printed(here, &["adr", "show", "2", "--format", "json"], 1);
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let shown = &shown["record"];
        assert_eq!((&shown["dialect"], &shown["number"]), (&dialect.into(), &2.into()), "{shown:#}");
        let count = |said: &serde_json::Value| said.as_array().map_or(0, Vec::len);
        let (options, good) = (&shown["options"], &shown["positive"]);
        assert_eq!((count(options), count(good)), (2, 1), "{dialect}: {shown:#}");
        expect(here, &["adr", "accept", "2"], 0, "still to be said");
    }
}
