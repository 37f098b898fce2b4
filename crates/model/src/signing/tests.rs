use super::{Forms, Signatures, Standing, Target, Unreadable, changes, hash, is_hash, may_sign, target};
use crate::facets::decisions::{Known, names_of, of_record};
use crate::signers::{KeyProof, Keys, Person, Signers};
use crate::{Architecture, link};
use groma_base::FileId;
use groma_records::{Family, Record};
use std::sync::Arc;

const TODAY: &str = "2026-11-30";

fn linked(files: &[&str], records: &[(&str, &str)]) -> Architecture {
    let texts = files.iter().map(|text| groma_syntax::parse((*text).to_owned()).0);
    let mut models: Vec<_> =
        texts.enumerate().map(|(nth, tree)| Arc::new(crate::decode::decode(FileId(nth as u32), &tree))).collect();
    let read: Vec<Record> = records.iter().map(|(name, text)| Record::read(name, text)).collect();
    let names = names_of(Family::Decision, &[("docs/adr", read.iter().collect())]);
    for (((_, text), record), naming) in records.iter().zip(&read).zip(&names[0]) {
        let file = FileId(models.len() as u32);
        let known = Known { family: Family::Decision, naming, findings: &[], linked: &[] };
        models.push(Arc::new(of_record(file, (*text).into(), record, known)));
    }
    let (arch, problems) = link(models);
    assert!(problems.is_empty(), "{problems:?}");
    arch
}

fn form_of(arch: &Architecture, asked: &str) -> String {
    let found = target(arch, asked, TODAY).unwrap_or_else(|why| panic!("{asked}: {why:?}"));
    Forms::new(arch).of(&found)
}

fn form(text: &str, asked: &str) -> String {
    form_of(&linked(&[text], &[]), asked)
}

const SHOP: &str = r#"
// A comment.
team core "Core team" { member ana "Ana Ruiz" email="ana@example.org" roles="architect, dba" }
person customer "Customer"
system shop "Shop" owner=core {
    service core "Core" technology="Rust, Axum" replicas=3 {
        mttr 5min
        component cart "Cart"
        component auth "Auth"
    }
    database db "Orders" was=old
    core -> db "reads" timeout=0.1s
    zone private "Private" { queue jobs "Jobs" }
    allow lonely-element owner=ana reason="Soon." expires=2027-01-01
}
customer -> shop.core "orders"
shop.core -> mail "sends"
system mail "Mail" external
flow order "Order" of=shop {
    customer -> shop.core "orders" { shop.core -> shop.db "INSERT" time=4ms }
    chance 5% { shop.core -> mail "sends" }
}
sign shop role=architect by="Ana Ruiz <ana@example.org>" on=2026-11-30 hash="x" form=1
"#;

/// Spelt out by hand, by what the documentation says of the form.
#[test]
fn the_form_of_a_system_is_that_of_its_text() {
    let expected = r#"system:shop "Shop"
  .owner team:core
  database:shop.db "Orders"
  service:shop.core "Core"
    .mttr 300 s
    .replicas 3
    .technology "Axum"
    .technology "Rust"
    component:shop.core.auth "Auth"
    component:shop.core.cart "Cart"
  zone:shop.private "Private"
    queue:shop.jobs "Jobs"
relationships
  customer -> shop.core "orders"
  shop.core -> mail "sends"
  shop.core -> shop.db "reads"
    .timeout 0.1 s
"#;
    assert_eq!(form(SHOP, "shop"), expected);
    // The hash is that of `sha256sum`.
    assert_eq!(hash("abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn parts_without_names_stand_in_the_order_of_the_text() {
    let expected = "flow:order \"Order\"\n  .of system:shop\n  customer -> shop.core \"orders\"\n    shop.core -> shop.db \"INSERT\"\n      .time 0.004 s\n  chance\n    .share 0.05 of 1\n    shop.core -> mail \"sends\"\n";
    assert_eq!(form(SHOP, "kind:flow"), expected);
    let other =
        SHOP.replace("shop.core -> shop.db \"INSERT\" time=4ms }\n", "} shop.core -> shop.db \"INSERT\" time=4ms\n");
    assert_ne!(form(&other, "kind:flow"), expected);
}

#[test]
fn how_it_is_written_changes_nothing() {
    let expected = form(SHOP, "shop");
    let pairs = [
        ("// A comment.\n", ""),
        ("mttr 5min", "mttr 300s"),
        ("technology=\"Rust, Axum\" replicas=3", "replicas=3.0 technology=\"Axum,  Rust\""),
        (" timeout=0.1s\n", " {\n timeout 100ms\n }\n"),
        (" was=old", ""),
        ("    allow lonely-element owner=ana reason=\"Soon.\" expires=2027-01-01\n", ""),
        (
            "        component cart \"Cart\"\n        component auth \"Auth\"\n",
            "component auth \"Auth\"\ncomponent cart \"Cart\"\n",
        ),
        ("core -> db \"reads\"", "shop.core -> shop.db \"reads\""),
        ("flow order \"Order\"", "flow order \"Orders\""),
        ("\n", "\r\n"),
    ];
    for (one, other) in pairs {
        assert!(SHOP.contains(one), "{one}");
        // `3.0` is no whole number; the order and the blanks are what is meant there.
        let other = other.replace("3.0", "3");
        assert_eq!(form(&SHOP.replace(one, &other), "shop"), expected, "{one} -> {other}");
    }
    // Spread over files.
    let parts = "        component cart \"Cart\"\n        component auth \"Auth\"\n";
    let relation = "customer -> shop.core \"orders\"\nshop.core -> mail";
    let rest = SHOP.replace(parts, "").replace(relation, "shop.core -> mail");
    let spread = linked(
        &[
            "extend shop.core {\n    component auth \"Auth\"\n    component cart \"Cart\"\n}\ncustomer -> shop.core \"orders\"\n",
            &rest,
        ],
        &[],
    );
    assert_eq!(form_of(&spread, "shop"), expected);
    // Whatever selects the same has the same form; what is a part of another is not told twice.
    for other in ["kind:system and not external", "shop or shop.**"] {
        assert_eq!(form(SHOP, other), expected, "{other}");
    }
}

#[test]
fn what_is_said_changes_it() {
    let before = form(SHOP, "shop");
    for (one, other) in [
        ("replicas=3", "replicas=4"),
        ("\"Core\"", "\"Heart\""),
        ("database db", "cache db"),
        ("component auth \"Auth\"", "component auth \"Auth\"\ncomponent tax \"Tax\""),
        ("component auth \"Auth\"", ""),
        ("core -> db \"reads\"", "core -> db \"reads\"\ncore -> db \"writes\""),
        ("timeout=0.1s", "timeout=0.2s"),
        ("shop.core -> mail \"sends\"\nsystem", "shop.core -> mail \"send\"\nsystem"),
        ("owner=core", ""),
        ("zone private \"Private\" { queue jobs \"Jobs\" }", "queue jobs \"Jobs\""),
    ] {
        assert!(SHOP.contains(one), "{one}");
        assert_ne!(form(&SHOP.replace(one, other), "shop"), before, "{one} -> {other}");
    }
    // What it refers to is not in it.
    assert_eq!(form(&SHOP.replace("Core team", "Heart team").replace("external", "description=x"), "shop"), before);
}

#[test]
fn no_text_reads_like_another() {
    let one = "person a \"A\" { description \"x\\\"\\n  .owner \\\"b\" }";
    let other = "person a \"A\" { description \"x\"; owner \"b\" }";
    assert_eq!(form(one, "a"), "person:a \"A\"\n  .description \"x\\\"\\n  .owner \\\"b\"\n");
    assert_ne!(form(one, "a"), form(other, "a"));
}

const RECORD: &str = "# 1. Use a queue\n\nDate: 2026-01-02\n\n## Status\n\nProposed\n\n## Context\n\nOrders wait.\n";

#[test]
fn a_record_is_its_text_and_a_text_of_its_own_its_facts() {
    let bound = "# 1. Use a queue\n## Context\nOrders wait.\n";
    for (files, asked) in [("0001-use-a-queue.md", "1"), ("0001-use-a-queue.md", "adr-1"), ("0001-x.md", "0001-x")] {
        assert_eq!(form_of(&linked(&[""], &[(files, RECORD)]), asked), bound, "{asked}");
    }
    let accepted =
        RECORD.replace("Proposed", "Accepted\n\nSuperseded by [2. Call](0002-call.md)").replace("-02", "-03");
    assert_eq!(form_of(&linked(&[""], &[("0001-x.md", &accepted)]), "1"), bound);
    let other = RECORD.replace("wait", "queue");
    assert_ne!(form_of(&linked(&[""], &[("0001-x.md", &other)]), "1"), bound);
    let lines =
        "decision:1 \"Use a queue\"\n  .line \"# 1. Use a queue\"\n  .line \"## Context\"\n  .line \"Orders wait.\"\n";
    assert_eq!(form_of(&linked(&[""], &[("0001-x.md", RECORD)]), "kind:decision"), lines);
    let own = "decision q \"Use a queue\" status=accepted { context \"Orders wait.\" }";
    assert_eq!(form(own, "q"), "decision:q \"Use a queue\"\n  .context \"Orders wait.\"\n  .status accepted\n");
}

fn signed(text: &str, lines: &[&str]) -> String {
    let mut all = text.to_owned();
    lines.iter().for_each(|line| all.push_str(&format!("sign {line}\n")));
    all
}

fn standings(text: &str) -> Vec<(String, bool)> {
    let arch = linked(&[text], &[]);
    let found = Signatures::of(&arch);
    let word = |standing: &Standing| match standing {
        Standing::Valid => "valid",
        Standing::Lapsed(_) => "lapsed",
        Standing::Gone => "gone",
        Standing::Wrong(_) => "wrong",
    };
    found.all.iter().enumerate().map(|(nth, (_, one))| (word(one).to_owned(), found.is_replaced(nth))).collect()
}

const TEAM: &str = "person a \"A\"\nteam t \"T\" {\n    member ana \"Ana\" email=\"ana@example.org\" roles=architect\n    member bo \"Bo\" email=\"bo@example.org\" roles=architect\n}\n";

/// The facts of a signature of this target by somebody on a day, which binds this form.
fn line(target: &str, by: &str, on: &str, form: &str) -> String {
    format!("\"{target}\" role=architect by=\"{by}\" on={on} hash=\"{}\" form=1", hash(form))
}

#[test]
fn a_signature_holds_until_what_it_is_about_changes_or_a_later_one_takes_its_place() {
    let (ana, bo) = ("Ana <ana@example.org>", "Bo <bo@example.org>");
    let valid = "person:a \"A\"\n";
    let first = line("a", ana, "2026-01-01", valid);
    let old = line("a", ana, "2025-01-01", "other\n");
    let other = line("a", bo, "2026-02-02", "other\n");
    let is = |word: &str, replaced| (word.to_owned(), replaced);
    assert_eq!(standings(&signed(TEAM, &[&first])), [is("valid", false)]);
    assert_eq!(standings(&signed(TEAM, &[&old])), [is("lapsed", false)]);
    assert_eq!(standings(&signed(TEAM, &[&old, &first])), [is("lapsed", true), is("valid", false)]);
    // Whatever the order of the lines is, and that of the days.
    let stale = line("a", ana, "2026-02-02", "other\n");
    assert_eq!(standings(&signed(TEAM, &[&stale, &first])), [is("lapsed", true), is("valid", false)]);
    assert_eq!(standings(&signed(TEAM, &[&first, &stale])), [is("valid", false), is("lapsed", true)]);
    let same_day = line("a", bo, "2026-01-01", "other\n");
    assert_eq!(standings(&signed(TEAM, &[&first, &same_day])), [is("valid", false), is("lapsed", true)]);
    assert_eq!(standings(&signed(TEAM, &[&first, &old])), [is("valid", false), is("lapsed", true)]);
    // One that has lapsed takes nobody else's place.
    assert_eq!(standings(&signed(TEAM, &[&first, &other])), [is("valid", false), is("lapsed", false)]);
    // What holds stands beside that of another, and what does not gives way to it.
    let (bos, old_of_bo) = (line("a", bo, "2026-02-02", valid), line("a", bo, "2025-02-02", "other\n"));
    assert_eq!(standings(&signed(TEAM, &[&first, &bos])), [is("valid", false), is("valid", false)]);
    assert_eq!(standings(&signed(TEAM, &[&old_of_bo, &first])), [is("lapsed", true), is("valid", false)]);
    // Of two equal ones the last counts.
    assert_eq!(standings(&signed(TEAM, &[&first, &first])), [is("valid", true), is("valid", false)]);
    let gone = line("kind:queue", ana, "2026-01-01", valid);
    let wrong = line("nobody", ana, "2026-01-01", valid);
    assert_eq!(standings(&signed(TEAM, &[&gone, &wrong])), [is("gone", false), is("wrong", false)]);
    // A signature is in no form.
    let all = form(TEAM, "any");
    assert_eq!(standings(&signed(TEAM, &[&line("any", ana, "2026-01-01", &all)])), [is("valid", false)]);
}

/// Proves what says `good`, and nothing of what says `bad`.
#[derive(Debug)]
struct OfTest;

impl Keys for OfTest {
    fn proof(&self, signature: &str, _: &Person<'_>, _: &str, _: &str) -> KeyProof {
        if signature == "good" { KeyProof::Proven } else { KeyProof::Bad("it is bad") }
    }
}

/// Which of some lines others took the place of, on a day.
fn replaced(lines: &[&str], today: &str) -> Vec<bool> {
    let mut arch = linked(&[&signed(TEAM, lines)], &[]);
    arch.signers = Signers::new(OfTest);
    let found = Signatures::on(&arch, today);
    let of_all = (0..found.all.len()).map(|nth| found.is_replaced(nth));
    of_all.chain((0..found.unreadable.len()).map(|nth| found.is_unreadable_replaced(nth))).collect()
}

#[test]
fn what_is_bad_gives_way_to_a_later_line_that_holds_and_to_no_other() {
    let valid = "person:a \"A\"\n";
    let ana = |on: &str, key: &str| format!("{} signature={key}", line("a", "Ana <ana@example.org>", on, valid));
    let (bad, good, later) = (ana("2026-01-01", "bad"), ana("2026-01-01", "good"), ana("2026-01-02", "bad"));
    let bos = line("a", "Bo <bo@example.org>", "2026-01-02", valid);
    let keyless = line("a", "Ana <ana@example.org>", "2026-01-03", valid);
    let unread = good.replace("form=1", "form=9");
    let stale = line("a", "Ana <ana@example.org>", "2026-01-02", "other\n");
    let nobody = line("a", "Eve <eve@example.org>", "2026-01-04", valid);
    for (lines, expected) in [
        (&[&*bad, &good][..], &[true, false][..]),
        (&[&good, &bad], &[false, false]),
        (&[&later, &good], &[false, false]),
        (&[&bad, &bos], &[false, false]),
        (&[&bad, &stale], &[false, false]),
        (&[&bad, &keyless], &[true, false]),
        // What no key proves takes no place of what one does.
        (&[&good, &keyless], &[false, false]),
        (&[&keyless, &good.replace("01-01", "01-04")], &[true, false]),
        // What cannot be read comes last here.
        (&[&unread, &good], &[false, true]),
        (&[&good, &unread], &[false, false]),
        (&[&unread, &bos], &[false, false]),
        // Who may not sign takes nobody's place.
        (&[&stale, &nobody], &[false, false]),
        // Nor does what is still to come.
        (&[&good, &ana("2099-01-01", "good")], &[false, false]),
        (&[&stale, &line("a", "Bo <bo@example.org>", "2099-01-01", valid)], &[false, false]),
    ] {
        assert_eq!(replaced(lines, TODAY), expected, "{lines:#?}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let good = line("a", "Ana <ana@example.org>", "2026-01-01", "x");
    for (one, other, why) in [
        (" role=architect", "", Unreadable::Missing("role")),
        (" on=2026-01-01", "", Unreadable::Missing("on")),
        ("Ana <ana@example.org>", "Ana", Unreadable::Person),
        ("form=1", "form=9", Unreadable::Form),
        ("form=1", "form=1.5", Unreadable::Missing("form")),
        ("sha256:", "", Unreadable::Hash),
        ("sha256:", "sha256:0", Unreadable::Hash),
    ] {
        let text = signed(TEAM, &[&good.replace(one, other)]);
        let arch = linked(&[&text], &[]);
        let found: Vec<Unreadable> = Signatures::of(&arch).unreadable.iter().map(|one| one.why).collect();
        assert_eq!(found, [why], "{text}");
    }
    assert!(is_hash(&hash("")) && !is_hash("sha256:") && !is_hash(&hash("").to_uppercase()));
}

#[test]
fn persons_are_known_by_their_address() {
    let text = "team t \"T\" {\n member ana \"Ana\" email=\"Ana@example.org\" roles=\"architect, dba\"\n member bo \"Bo\" roles=dba\n}\n";
    let arch = linked(&[text], &[]);
    let may = |who: &str, role: &str| may_sign(&arch, &Person::read(who).unwrap(), role);
    assert!(may("A. Ruiz <ana@EXAMPLE.org>", "dba") && !may("Bo <any@example.org>", "dba"));
    assert!(!may("Ana <bo@example.org>", "dba") && !may("Bo <b@x>", "architect") && !may("bo <b@x>", "dba"));
    for none in [
        "Ana",
        "Ana\nBo <a@b>",
        "Ana <a@b>\u{1b}",
        "<a@b>",
        "Ana <>",
        "Ana <a@b",
        "Ana <a@b> x",
        "Ana <a b@c>",
        "",
        "Ana <ab>",
    ] {
        assert_eq!(Person::read(none), None, "{none}");
    }
}

#[test]
fn what_changed_stands_with_what_it_stands_in() {
    let before = form(SHOP, "shop");
    let text = SHOP.replace("replicas=3", "replicas=4").replace("component auth \"Auth\"", "");
    let told = changes(&before, &form(&text, "shop"));
    let expected = [
        "  system:shop \"Shop\"",
        "    service:shop.core \"Core\"",
        "-     .replicas 3",
        "-     component:shop.core.auth \"Auth\"",
        "+     .replicas 4",
    ];
    assert_eq!(told, expected);
    assert_eq!(changes(&before, &before), [""; 0]);
    assert_eq!(changes("a\na\n", "a\n"), ["- a"]);
}

/// Decisions as a form has them, each with its lines.
fn decisions(all: &[(&str, &[&str])]) -> String {
    let lines = |lines: &[&str]| lines.iter().map(|line| format!("  {line}\n")).collect::<String>();
    all.iter().map(|(name, own)| format!("decision:{name}\n{}", lines(own))).collect()
}

#[test]
fn each_thing_stands_once_with_its_lines() {
    let old = decisions(&[("1 \"A\"", &[".date x", ".status accepted"]), ("20 \"B\"", &[".status accepted", "why b"])]);
    let new = decisions(&[("1 \"A\"", &[".date y", ".status accepted"]), ("21 \"C\"", &[".status accepted", "why c"])]);
    let expected = [
        "  decision:1 \"A\"",
        "-   .date x",
        "+   .date y",
        "- decision:20 \"B\"",
        "-   .status accepted",
        "-   why b",
        "+ decision:21 \"C\"",
        "+   .status accepted",
        "+   why c",
    ];
    assert_eq!(changes(&old, &new), expected);
}

#[test]
fn what_has_another_name_only_is_told_in_one_line() {
    let old = decisions(&[("20 \"B\"", &[".status accepted", "why b"]), ("30 \"D\"", &["why d"])]);
    let renumbered = decisions(&[("21 \"B\"", &[".status accepted", "why b"]), ("30 \"D\"", &["why d"])]);
    assert_eq!(changes(&old, &renumbered), ["  decision:20 \"B\" is now decision:21 \"B\""]);
    let also = renumbered.replace("accepted", "rejected").replace("\"D\"", "\"E\"");
    let expected = [
        "  decision:20 \"B\" is now decision:21 \"B\"",
        "-   .status accepted",
        "+   .status rejected",
        "  decision:30 \"D\" is now decision:30 \"E\"",
    ];
    assert_eq!(changes(&old, &also), expected);
    let parts = "system:a \"A\"\n  service:a.x \"X\"\n    .replicas 3\n";
    let (told, all) = (changes(parts, &parts.replace("a.x", "b.x").replace(":a ", ":b ")), "is now");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|line| line.contains(all)), "{told:?}");
}

#[test]
fn a_decision_comes_before_a_query() {
    let arch = linked(&["system q \"Q\"\ndecision q \"Q\""], &[]);
    assert!(matches!(target(&arch, "q", TODAY), Ok(Target::Record(_))));
    assert!(matches!(target(&arch, "system:q", TODAY), Ok(Target::Things(_))));
    assert!(target(&arch, "r", TODAY).is_err() && target(&arch, "and", TODAY).is_err());
}
