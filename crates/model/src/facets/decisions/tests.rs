use super::facts::decision::{self, Status};
use super::facts::rfc;
use super::{Known, class, names_of, of_record, plain_name};
use crate::query::{Answers, Query};
use crate::{Architecture, ItemRef, facts, link};
use groma_base::{Diagnostic, FileId};
use groma_records::{Family, Record, folder};
use std::sync::Arc;

/// The day of the questions.
const TODAY: &str = "2026-11-30";

/// A text and the records of some folders, linked, with what is wrong with names.
fn linked(groma: &str, folders: &[(&str, &[(&str, &str)])]) -> (Architecture, Vec<Diagnostic>) {
    let (tree, _) = groma_syntax::parse(groma.to_owned());
    let mut models = vec![Arc::new(crate::decode::decode(FileId(0), &tree))];
    let read: Vec<Vec<Record>> =
        folders.iter().map(|(_, files)| files.iter().map(|(name, text)| Record::read(name, text)).collect()).collect();
    let named: Vec<(&str, Vec<&Record>)> =
        folders.iter().zip(&read).map(|((path, _), records)| (*path, records.iter().collect())).collect();
    let naming = names_of(Family::Decision, &named);
    for (((_, files), records), naming) in folders.iter().zip(&read).zip(&naming) {
        let found = folder::findings(records);
        for ((((_, text), record), naming), found) in files.iter().zip(records).zip(naming).zip(&found) {
            let file = FileId(models.len() as u32);
            let known = Known { family: Family::Decision, naming, findings: found, linked: &[] };
            models.push(Arc::new(of_record(file, (*text).into(), record, known)));
        }
    }
    link(models)
}

fn names(arch: &Architecture, query: &str) -> Vec<String> {
    let query = Query::parse(query).unwrap();
    let found = query.things(arch, &Answers::on(TODAY)).unwrap_or_else(|why| panic!("{why:?}"));
    found.into_iter().map(|at| arch.address_of(at)).collect()
}

fn decision(arch: &Architecture, name: &str) -> ItemRef {
    arch.declared_at(arch.resolve(None, name, &[&class::DECISION]).unwrap_or_else(|why| panic!("{name}: {why:?}")))
}

const SHOP: &str = "system shop \"Shop\" {\n    service core \"Core\"\n    database db \"Orders\" decision=1\n    core -> db \"Keeps orders in\" decision=0002\n}\ntechnology postgresql \"PostgreSQL\" decision=\"adr-1\"\n";

const FIRST: &str = "---\nstatus: accepted\ndate: 2024-03-01\ndecision-makers: Ana, Bo\nreview: 2027-01-01\ndecides: shop.core, shop.bd\n---\n\n# Keep orders in PostgreSQL\n\n## Context and Problem Statement\n\nOrders must not be lost.\n\n## Considered Options\n\n* PostgreSQL\n* MongoDB\n\n## Decision Outcome\n\nChosen option: \"PostgreSQL\", because three teams run it.\n\n### Consequences\n\n* Good, because it is known.\n* Bad, because upgrades take a night.\n";

const SECOND: &str = "# 2. Use a queue\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\nSupersedes [1. Keep orders](0001-keep-orders.md)\n";

fn both() -> (Architecture, Vec<Diagnostic>) {
    linked(SHOP, &[("docs/adr", &[("0001-keep-orders.md", FIRST), ("0002-use-a-queue.md", SECOND)])])
}

#[test]
fn a_record_is_a_decision_with_its_facts_where_they_stand() {
    let (arch, _) = both();
    let first = decision(&arch, "1");
    assert_eq!((arch.name(first), arch.title(first)), ("1", "Keep orders in PostgreSQL"));
    assert_eq!(arch.choice::<Status>(first), Some(Status::Accepted));
    for (fact, said) in [
        (&decision::DATE, "2024-03-01"),
        (&decision::REVIEW, "2027-01-01"),
        (&decision::CONTEXT, "Orders must not be lost."),
    ] {
        let value = arch.fact(first, fact).unwrap();
        assert_eq!((arch.words(first, value), value.range.of(FIRST)), (said, said), "{}", fact.name);
    }
    let all = |fact| arch.values_of(first, fact).map(|value| arch.words(first, value)).collect::<Vec<_>>();
    assert_eq!(all(&decision::DECIDERS), ["Ana", "Bo"]);
    assert_eq!(all(&decision::OPTION), ["PostgreSQL", "MongoDB"]);
    assert_eq!((all(&decision::POSITIVE).len(), all(&decision::NEGATIVE).len()), (1, 1));
    assert_eq!(arch.span(first, arch.item(first).name).range.of(FIRST), "Keep orders in PostgreSQL");
}

#[test]
fn a_name_that_means_nothing_is_told_once_at_its_place_in_the_markdown() {
    let (_, problems) = both();
    let told: Vec<_> = problems.iter().map(|one| (&*one.message, one.primary.span.file.0)).collect();
    assert_eq!(problems.len(), 1, "{told:?}");
    assert_eq!((problems[0].primary.span.file, problems[0].primary.span.range.of(FIRST)), (FileId(1), "shop.bd"));
}

#[test]
fn a_decision_is_named_in_each_of_its_forms() {
    let (arch, _) = both();
    for name in ["2", "02", "0002", "adr-2", "ADR-0002", "0002-use-a-queue", "decision:2", "decision:adr-2"] {
        assert_eq!(arch.name(decision(&arch, name)), "2", "{name}");
    }
    assert!(arch.resolve(None, "3", &[&class::DECISION]).is_err());
    let plain = |class, names: [&'static str; 5]| names.map(|name| plain_name(class, name).into_owned());
    let names = ["012", "ADR-12", "use-a-queue", "12-x", "RFC-12"];
    assert_eq!(plain(&class::DECISION, names), ["12", "12", "use-a-queue", "12-x", "RFC-12"]);
    assert_eq!(plain(&class::RFC, names), ["12", "ADR-12", "use-a-queue", "12-x", "12"]);
}

#[test]
fn decisions_are_asked_for_from_either_side() {
    let (arch, _) = both();
    assert_eq!(names(&arch, "decided-by(1)"), ["service:shop.core", "database:shop.db"]);
    assert_eq!(names(&arch, "decision(1)"), ["service:shop.core", "database:shop.db"]);
    assert_eq!(names(&arch, "kind:technology and decided-by(adr-1)"), ["technology:postgresql"]);
    assert_eq!(names(&arch, "kind:relationship and decided-by(0002)"), ["shop.core -> shop.db"]);
    assert_eq!(names(&arch, "kind:decision and decides(shop.db)"), ["decision:1"]);
    assert_eq!(names(&arch, "kind:decision and decides(shop.core)"), ["decision:1"]);
    assert_eq!(names(&arch, "kind:decision and decides(shop.core) and not status:rejected"), ["decision:1"]);
    assert_eq!(names(&arch, "kind:decision and status:accepted and age(date) > 365d"), ["decision:1"]);
    assert_eq!(names(&arch, "kind:decision and superseded-by(2)"), ["decision:1"]);
    assert_eq!(names(&arch, "kind:decision and supersedes(1)"), ["decision:2"]);
    let first = decision(&arch, "1");
    let decided: Vec<String> = arch.decided_by(first).into_iter().map(|at| arch.address_of(at)).collect();
    assert_eq!(decided, ["service:shop.core", "database:shop.db", "technology:postgresql"].map(String::from));
    assert_eq!(arch.successors(first), [decision(&arch, "2")]);
}

/// One system with several relationships, and a record that names them by their ends.
fn with_arrows(decides: &str) -> (Architecture, Vec<Diagnostic>) {
    let text = "system shop \"Shop\" {\n    service core \"Core\"\n    database db \"Orders\"\n    queue q \"Events\"\n    core -> db \"Keeps orders in\"\n    core -> q \"Writes\"\n    core -> q \"Reads\"\n    core -> q \"Reads\"\n}\n";
    let record = format!("# 1. Be fast\n\nDate: 2026-01-02\nDecides: {decides}\n\n## Status\n\nAccepted\n");
    linked(text, &[("docs/adr", &[("0001-be-fast.md", &record)])])
}

#[test]
fn a_record_names_a_relationship_by_its_ends() {
    for (decides, means) in [
        ("shop.core -> shop.db", "shop.core -> shop.db"),
        ("shop.core->shop.db", "shop.core -> shop.db"),
        ("`.shop.core -> service:shop.db`, shop.core -> shop.db", "shop.core -> shop.db"),
        ("shop.core -> shop.q Writes", "shop.core -> shop.q \"Writes\""),
        ("shop.core -> shop.q \"Writes\"", "shop.core -> shop.q \"Writes\""),
        ("shop.core -> shop.q Reads #2", "shop.core -> shop.q \"Reads\" #2"),
        ("shop.core -> shop.q #2", "shop.core -> shop.q \"Reads\""),
    ] {
        let (arch, _) = with_arrows(decides);
        assert_eq!(names(&arch, "kind:relationship and decided-by(1)"), [means], "{decides}");
        let first = decision(&arch, "1");
        let decided = arch.decided_by(first);
        assert_eq!(arch.decisions_on(decided[0]), [first], "{decides}");
    }
    let (arch, problems) = with_arrows("shop.core -> shop.db");
    assert_eq!(problems.len(), 0, "{problems:?}");
    assert_eq!(names(&arch, "kind:decision and decides(shop.core -> shop.db)"), ["decision:1"]);
    assert_eq!(names(&arch, "kind:decision and decides:\"shop.core -> shop.db\""), ["decision:1"]);
    // What an end is called is not what the relationship is.
    assert_eq!(names(&arch, "kind:decision and decides:db"), [] as [String; 0]);
    assert_eq!(names(&arch, "kind:decision and decides(shop.db)"), [] as [String; 0]);
}

#[test]
fn an_arrow_that_means_no_relationship_or_several_is_told_at_what_is_wrong() {
    for (decides, wrong, told, help) in [
        ("shop.cor -> shop.db", "shop.cor", "there is no element called `shop.cor`", "shop.core"),
        ("shop.core -> shop.bd", "shop.bd", "there is no element called `shop.bd`", "shop.db"),
        ("shop.db -> shop.core", "shop.db -> shop.core", "no such relationship", "write `shop.core -> shop.db`"),
        ("shop.db -> shop.q", "shop.db -> shop.q", "no such relationship", "write it in the model"),
        ("shop.core -> shop.q", "shop.core -> shop.q", "several relationships", "\"Reads\" #2"),
        ("shop.core -> shop.q Drops", "shop.core -> shop.q Drops", "no such relationship", "\"Writes\""),
    ] {
        let (arch, problems) = with_arrows(decides);
        let [problem] = &problems[..] else { panic!("{decides}: {problems:?}") };
        let span = problem.primary.span;
        assert_eq!(span.range.of(&arch.files[1].text), wrong, "{decides}");
        assert!(problem.message.contains(told), "{decides}: {}", problem.message);
        let said = format!("{:?} {:?}", problem.help, problem.fixes);
        assert!(said.replace("\\\"", "\"").contains(help), "{decides}: {said}");
    }
}

#[test]
fn what_two_folders_have_is_told_apart_by_the_folder_and_what_one_has_twice_by_the_file() {
    let one: &[(&str, &str)] = &[("0001-a.md", "# 1. A\n"), ("0002-b.md", "# 2. B\n"), ("0002-c.md", "# 2. C\n")];
    let other: &[(&str, &str)] = &[("0001-d.md", "# 1. D\n"), ("0003-e.md", "# 3. E\n")];
    let (arch, problems) = linked("", &[("docs/adr", one), ("web/docs/adr", other)]);
    assert_eq!(problems.len(), 0, "{problems:?}");
    let all: Vec<&str> = arch.records_of(&class::DECISION).map(|record| arch.name(record.at)).collect();
    assert_eq!(all, ["docs/adr/1", "2", "0002-c", "web/docs/adr/1", "3"]);
}

#[test]
fn a_number_that_two_records_have_is_told_wherever_it_is_meant() {
    let text = "system shop \"Shop\" decision=2 {\n    service a \"A\" decision=\"0002-c\"\n    service b \"B\" decision=\"ADR-0002\"\n    service c \"C\" decision=1\n}\n";
    let records: &[(&str, &str)] = &[("0001-a.md", "# 1. A\n"), ("0002-b.md", "# 2. B\n"), ("0002-c.md", "# 2. C\n")];
    let (arch, problems) = linked(text, &[("docs/adr", records)]);
    let told: Vec<_> = problems.iter().map(|one| (&*one.code, one.primary.span.range.of(text))).collect();
    assert_eq!(told, [("decision-record", "2"), ("decision-record", "\"ADR-0002\"")]);
    assert!(problems[0].message.contains("`2` is the number of `0002-c.md` as well"), "{}", problems[0].message);
    assert_eq!(names(&arch, "decided-by(0002-c)"), ["service:shop.a"]);
}

#[test]
fn a_text_declares_a_decision_as_well_and_a_reason_is_a_part_of_an_option() {
    let text = "decision use-a-queue \"Use a queue\" status=accepted {\n    option \"A queue\"\n    option \"Calls\" because=\"They wait.\"\n}\nsystem s \"S\" decision=use-a-queue\n";
    let (arch, problems) = linked(text, &[]);
    assert_eq!(problems.len(), 0, "{problems:?}");
    let at = decision(&arch, "use-a-queue");
    let because: Vec<_> =
        arch.values_of(at, &decision::OPTION).map(|one| arch.part_of(at, one, &decision::OPTION_BECAUSE)).collect();
    assert_eq!(because, [None, Some("They wait.")]);
    assert_eq!(names(&arch, "has:decision"), ["system:s"]);
    assert!(arch.fact(at, &facts::OWNER).is_none());
}

const PROPOSAL: &str = "# RFC 3: Sell abroad\n\n**Status:** In review\n\n**Date:** 2026-11-02\n\n**Reviewers:** Lead Backend (Ana), devops\n\n**Last call:** 2026-11-16\n\n**About:** shop.core, shop.cor\n\n**Decisions:** ADR-1\n\n## Problem\n\nOrders from abroad fail.\n\n## Proposal\n\nThree currencies.\n\n## Alternatives Considered\n\n### A shop for each country\n\n- **Why not:** three catalogues drift apart\n\n## Drawbacks\n\n- Rounding.\n\n## Unresolved Questions\n\n- Which rate?\n\n## Decisions\n\n- [ADR-2](../adr/0002-use-a-queue.md)\n";

/// The shop with both decisions, and a request for comments whose link leads to the second.
fn proposed(text: &str) -> (Architecture, Vec<Diagnostic>) {
    let (tree, _) = groma_syntax::parse(SHOP.to_owned());
    let mut models = vec![Arc::new(crate::decode::decode(FileId(0), &tree))];
    for (family, files) in [
        (Family::Decision, &[("0001-keep-orders.md", FIRST), ("0002-use-a-queue.md", SECOND)][..]),
        (Family::Rfc, &[("0003-sell-abroad.md", text)][..]),
    ] {
        let read: Vec<Record> = files.iter().map(|(name, text)| Record::read_as(family, name, text)).collect();
        let naming = names_of(family, &[("docs", read.iter().collect())]);
        for (((_, text), record), naming) in files.iter().zip(&read).zip(&naming[0]) {
            let file = FileId(models.len() as u32);
            let to = |link: &groma_records::Link| link.target.ends_with("0002-use-a-queue.md") && family == Family::Rfc;
            let links = record.links.iter().flatten().filter(|link| to(link));
            let linked: Vec<_> = links.map(|link| ("2".into(), link.range)).collect();
            let known = Known { family, naming, findings: &record.findings, linked: &linked };
            models.push(Arc::new(of_record(file, (*text).into(), record, known)));
        }
    }
    link(models)
}

#[test]
fn an_rfc_is_a_thing_of_its_own_with_its_facts_where_they_stand() {
    let (arch, problems) = proposed(PROPOSAL);
    let own: Vec<_> = problems.iter().filter(|one| one.primary.span.file == FileId(3)).collect();
    assert_eq!(own.iter().map(|one| one.primary.span.range.of(PROPOSAL)).collect::<Vec<_>>(), ["shop.cor"]);
    let at = arch.declared_at(arch.resolve(None, "rfc-3", &[&class::RFC]).unwrap());
    assert_eq!((arch.name(at), arch.title(at), arch.address_of(at).as_str()), ("3", "Sell abroad", "rfc:3"));
    assert_eq!(arch.choice::<rfc::Status>(at), Some(rfc::Status::Review));
    for (fact, said) in [
        (&rfc::DATE, "2026-11-02"),
        (&rfc::LAST_CALL, "2026-11-16"),
        (&rfc::PROBLEM, "Orders from abroad fail."),
        (&rfc::PROPOSAL, "Three currencies."),
        (&rfc::DRAWBACK, "Rounding."),
        (&rfc::QUESTION, "Which rate?"),
    ] {
        let value = arch.fact(at, fact).unwrap_or_else(|| panic!("{}", fact.name));
        assert_eq!((arch.words(at, value), value.range.of(PROPOSAL)), (said, said), "{}", fact.name);
    }
    let reviewers: Vec<_> = arch
        .values_of(at, &rfc::REVIEWER)
        .map(|one| (arch.words(at, one), arch.part_of(at, one, &rfc::REVIEWER_WHO)))
        .collect();
    assert_eq!(reviewers, [("Lead Backend", Some("Ana")), ("devops", None)]);
    let led_to: Vec<_> = arch.led_to(at).into_iter().map(|at| arch.name(at)).collect();
    assert_eq!(led_to, ["1", "2"]);
    assert_eq!(arch.discussed(at).into_iter().map(|at| arch.address_of(at)).collect::<Vec<_>>(), ["service:shop.core"]);
}

#[test]
fn rfcs_are_asked_for_from_either_side() {
    let (arch, _) = proposed(PROPOSAL);
    assert_eq!(names(&arch, "kind:rfc and status:review"), ["rfc:3"]);
    assert_eq!(names(&arch, "kind:rfc and age(date) > 14d"), ["rfc:3"]);
    assert_eq!(names(&arch, "kind:rfc and led-to(2)"), ["rfc:3"]);
    assert_eq!(names(&arch, "kind:rfc and led-to(adr-1)"), ["rfc:3"]);
    assert_eq!(names(&arch, "kind:rfc and about(shop.core)"), ["rfc:3"]);
    assert_eq!(names(&arch, "discussed-in(3)"), ["service:shop.core"]);
    assert_eq!(names(&arch, "kind:decision and rfc(rfc-3)"), ["decision:1", "decision:2"]);
    let second = decision(&arch, "2");
    assert_eq!(arch.came_of(second).into_iter().map(|at| arch.name(at)).collect::<Vec<_>>(), ["3"]);
}

#[test]
fn a_link_leads_to_a_decision_only_where_it_says_what_it_led_to() {
    let text =
        "# RFC 3: Sell abroad\n\nStatus: Draft\n\n## Background\n\nAs said in [ADR-2](../adr/0002-use-a-queue.md).\n";
    let (arch, _) = proposed(text);
    assert_eq!(names(&arch, "kind:rfc and has:led-to"), [] as [String; 0]);
}
