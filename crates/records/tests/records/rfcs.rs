//! Requests for comments in the dialects in which they are met.

use groma_records::edit::{Text, set_status, with_fact};
use groma_records::{Family, FindingKind, LedTo, Record, State, bound_text};

fn read(name: &str, text: &str) -> Record {
    Record::read_as(Family::Rfc, name, text)
}

fn state(record: &Record) -> Option<State> {
    record.status.as_ref().map(|status| status.value)
}

fn texts(said: &[groma_records::Said<String>]) -> Vec<&str> {
    said.iter().map(|said| said.value.as_str()).collect()
}

fn reviewers(record: &Record) -> Vec<(&str, Option<&str>)> {
    let rfc = record.rfc.as_ref().unwrap();
    rfc.reviewers.iter().map(|one| (one.role.value.as_str(), one.who.as_deref())).collect()
}

const RUST: &str = "- Feature Name: `let_chains`\n- Start Date: 2026-03-04\n- RFC PR: [rust-lang/rfcs#12](https://example.org/12)\n- Rust Issue: [rust-lang/rust#34](https://example.org/34)\n\n# Summary\n[summary]: #summary\n\nChains of lets.\n\n# Motivation\n[motivation]: #motivation\n\nNested ifs drift to the right.\n\n# Guide-level explanation\n\nWrite `&&` between them.\n\n# Reference-level explanation\n\nThe grammar.\n\n# Drawbacks\n\n- One more form to learn.\n\n# Rationale and alternatives\n\n- Macros: they hide what is bound.\n\n# Prior art\n\nSwift has it.\n\n# Unresolved questions\n\n- May `else` follow?\n- [x] Which edition?\n\n# Future possibilities\n\nNone.\n";

#[test]
fn an_rfc_of_rust_has_no_status_and_its_name_is_its_title() {
    let record = read("0012-let-chains.md", RUST);
    let rfc = record.rfc.as_ref().unwrap();
    assert_eq!(record.title.as_ref().unwrap().value, "let_chains");
    assert_eq!(record.number.as_ref().unwrap().value, 12);
    assert_eq!(record.date.as_ref().unwrap().value, "2026-03-04");
    assert_eq!(record.context.as_ref().unwrap().value, "Nested ifs drift to the right.");
    assert_eq!(record.outcome.as_ref().unwrap().value, "Write && between them.");
    assert_eq!(record.options.iter().map(|one| one.title.value.as_str()).collect::<Vec<_>>(), ["Macros"]);
    assert_eq!(texts(&rfc.questions), ["May else follow?"]);
    assert_eq!(texts(&record.negative), ["One more form to learn."]);
    // Nothing says how far it is, and nothing is guessed.
    assert_eq!(state(&record), None);
    assert_eq!(record.findings.iter().map(|one| one.kind).collect::<Vec<_>>(), [FindingKind::NoStatus]);
}

const FRONT: &str = "---\nstate: discussion\nauthors:\n  - Ana Ruiz <ana@example.org>\n  - Bo\nreviewers: [lead-backend, \"Lead Mobile (Cy)\"]\nlast-call: 2026-12-14\nabout: shop.cache, shop.core\ndecisions: ADR-3, 4\n---\n\n# RFD 7 Keep sessions in the cache\n\n## Background\n\nSessions live in files.\n\n## Proposal\n\nPut them into the cache.\n\n## Alternatives Considered\n\n### Sticky sessions\n\n- **Why not:** a server that goes takes its sessions with it\n\n## Open Questions\n\nNone at this time.\n";

#[test]
fn a_header_in_a_row_is_read_and_edited_as_one() {
    let text = "# RFC 1: A\n\n| Status | Date | Last call | Decisions | Reviewers |\n|---|---|---|---|---|\n| Draft | 2026-01-02 | 2026-12-24 | ADR-1, [ADR-0002](../adr/0002-b.md) | devops |\n\n## Problem\n\nX\n";
    let own = Text { family: Family::Rfc, path: "0001-a.md", bytes: text.as_bytes() };
    let after = set_status(own, State::Review, None).unwrap();
    assert_eq!(String::from_utf8(after.clone()).unwrap(), text.replace("Draft", "Review"));
    let record = read("0001-a.md", std::str::from_utf8(&after).unwrap());
    assert_eq!((state(&record), reviewers(&record)), (Some(State::Review), vec![("devops", None)]));
    let rfc = record.rfc.unwrap();
    let numbers = rfc.led_to.iter().filter_map(|led| match led {
        LedTo::Number(said) => Some(said.value),
        LedTo::Links(_) => None,
    });
    assert_eq!((numbers.collect::<Vec<_>>(), rfc.led_to.len()), (vec![1], 2));
    assert_eq!(rfc.last_call.unwrap().value, "2026-12-24");
}

#[test]
fn people_in_front_matter_may_be_mappings() {
    let front = "---\nstatus: draft\nauthors:\n  - name: Ana Ruiz\n    email: ana@example.org\n  - Bo\nreviewers:\n  - role: lead-backend\n    name: Cy Ito\n  - {role: devops}\n  - security: Di\n  - Lead Mobile (Ed)\n---\n# RFC 7: Sell\n\n## Problem\n\nX.\n";
    let record = read("0007-sell.md", front);
    assert_eq!(texts(&record.rfc.as_ref().unwrap().authors), ["Bo", "Ana Ruiz"]);
    let expected =
        [("Lead Mobile", Some("Ed")), ("lead-backend", Some("Cy Ito")), ("devops", None), ("security", Some("Di"))];
    assert_eq!(reviewers(&record), expected);
}

#[test]
fn front_matter_says_who_reviews_until_when_and_what_it_led_to() {
    let record = read("0007-sessions.md", FRONT);
    let rfc = record.rfc.as_ref().unwrap();
    assert_eq!((state(&record), record.number.as_ref().unwrap().value), (Some(State::Review), 7));
    assert_eq!(record.title.as_ref().unwrap().value, "Keep sessions in the cache");
    assert_eq!(texts(&rfc.authors), ["Ana Ruiz <ana@example.org>", "Bo"]);
    assert_eq!(reviewers(&record), [("lead-backend", None), ("Lead Mobile", Some("Cy"))]);
    let day = rfc.last_call.as_ref().unwrap();
    assert_eq!((day.value.as_str(), day.range.of(FRONT)), ("2026-12-14", "2026-12-14"));
    assert_eq!(texts(&rfc.about), ["shop.cache", "shop.core"]);
    let numbers = rfc.led_to.iter().filter_map(|led| match led {
        LedTo::Number(said) => Some((said.value, said.range.of(FRONT))),
        LedTo::Links(_) => None,
    });
    assert_eq!(numbers.collect::<Vec<_>>(), [(3, "ADR-3"), (4, "4")]);
    let options = &record.options;
    assert_eq!(options[0].title.value, "Sticky sessions");
    assert!(options[0].rejected_because.is_some() && rfc.questions.is_empty());
    assert!(record.findings.is_empty(), "{:?}", record.findings);
}

#[test]
fn reviewers_stand_in_labels_lists_and_tables() {
    let bold = "# RFC 3: X\n\n**Status:** Last call\n\n**Reviewers:** Lead Backend (Ana), DevOps\n\n**Last call:** 14 December 2026\n";
    let record = read("rfc-003-x.md", bold);
    assert_eq!((state(&record), record.number.as_ref().unwrap().value), (Some(State::Review), 3));
    assert_eq!(reviewers(&record), [("Lead Backend", Some("Ana")), ("DevOps", None)]);
    assert_eq!(record.rfc.as_ref().unwrap().last_call.as_ref().unwrap().value, "2026-12-14");
    let list = "# X\n\nStatus: Draft\n\n## Reviewers\n\n- Lead Backend: Ana\n- Lead Mobile\n- lead mobile\n- TBD\n\n## Problem\n\nIt is slow.\n";
    assert_eq!(reviewers(&read("x.md", list)), [("Lead Backend", Some("Ana")), ("Lead Mobile", None)]);
    let table =
        "# X\n\nStatus: Draft\n\n## Reviewers\n\n| Role | Who |\n| --- | --- |\n| DevOps | Bo |\n| Security | |\n";
    assert_eq!(reviewers(&read("x.md", table)), [("DevOps", Some("Bo")), ("Security", None)]);
}

#[test]
fn words_of_states_are_known_and_others_are_told() {
    for (word, expected) in [
        ("WIP", State::Draft),
        ("Work in progress", State::Draft),
        ("provisional", State::Draft),
        ("prediscussion", State::Draft),
        ("In review", State::Review),
        ("Under discussion", State::Review),
        ("Open", State::Review),
        ("Final Comment Period", State::Review),
        ("final-comment-period", State::Review),
        ("Proposed", State::Review),
        ("implementable", State::Accepted),
        ("Implemented in 4.2", State::Accepted),
        ("Final", State::Accepted),
        ("Active", State::Accepted),
        ("Closed", State::Rejected),
        ("Closed (accepted)", State::Accepted),
        ("Declined on 2026-03-04", State::Rejected),
        ("Postponed", State::Withdrawn),
        ("replaced", State::Withdrawn),
        ("Superseded by [4](0004-y.md)", State::Withdrawn),
        ("Draft -> Review", State::Review),
        ("🟢 Accepted", State::Accepted),
    ] {
        let record = read("0003-x.md", &format!("# X\n\nStatus: {word}\n"));
        assert_eq!(state(&record), Some(expected), "{word}: {:?}", record.findings);
        assert!(record.findings.is_empty(), "{word}: {:?}", record.findings);
    }
    for word in ["Not accepted", "In progress", "Stagnant", "Until accepted"] {
        let record = read("0003-x.md", &format!("# X\n\nStatus: {word}\n"));
        assert_eq!(state(&record), None, "{word}");
        assert_eq!(
            record.findings.iter().map(|one| one.kind).collect::<Vec<_>>(),
            [FindingKind::UnknownStatus],
            "{word}"
        );
    }
    let template = read("0003-x.md", "# X\n\nStatus: draft | review | accepted | rejected | withdrawn\n");
    assert_eq!(template.findings[0].kind, FindingKind::PlaceholderStatus);
    // These are no states of a decision.
    assert_eq!(state(&Record::read("0003-x.md", "# X\n\nStatus: In review\n")), None);
}

#[test]
fn a_state_is_set_in_the_words_of_the_family_and_nothing_else_changes() {
    let set = |text: &str, state| {
        let text = Text { family: Family::Rfc, path: "0003-x.md", bytes: text.as_bytes() };
        String::from_utf8(set_status(text, state, None).unwrap()).unwrap()
    };
    for (before, state, after) in [
        ("# X\n\nStatus: Draft\n", State::Review, "# X\n\nStatus: Review\n"),
        ("# X\n\nStatus: In review (see [12](https://example.org))\n", State::Accepted, "# X\n\nStatus: Accepted\n"),
        (
            "# X\n\n**Status:** under discussion, until May\n",
            State::Rejected,
            "# X\n\n**Status:** rejected, until May\n",
        ),
        (
            "---\r\nstate: \"published\"\r\n---\r\n# X\r\n",
            State::Withdrawn,
            "---\r\nstate: \"withdrawn\"\r\n---\r\n# X\r\n",
        ),
        ("# X\n\n## Status\n\nFinal comment period\n", State::Accepted, "# X\n\n## Status\n\nAccepted\n"),
    ] {
        assert_eq!(set(before, state), after);
    }
    let rust = set(RUST, State::Accepted);
    assert_eq!(state(&read("0012-x.md", &rust)), Some(State::Accepted), "{rust}");
    assert_eq!(rust.lines().count(), RUST.lines().count() + 1);
}

#[test]
fn what_became_of_a_text_is_not_what_was_signed() {
    let bound = |text: &str| bound_text(Family::Rfc, "0007-x.md", text);
    let later = FRONT.replace("state: discussion", "state: accepted").replace("2026-12-14", "2026-12-21");
    let later = later.replace("decisions: ADR-3, 4\n", "");
    assert_eq!(bound(FRONT), bound(&later));
    assert_ne!(bound(FRONT), bound(&FRONT.replace("Sessions live in files.", "Sessions live in memory.")));
    assert_ne!(bound(FRONT), bound(&FRONT.replace("lead-backend", "lead-web")));
    let section = format!("{FRONT}\n## Decisions\n\n- [ADR-3](../adr/0003-x.md)\n");
    assert_eq!(bound(FRONT), bound(&section));
}

#[test]
fn a_fact_is_added_where_the_header_has_its_facts() {
    let added = |text: &str| {
        let text = Text { family: Family::Rfc, path: "0003-x.md", bytes: text.as_bytes() };
        with_fact(text, "led to", "[ADR-3](../adr/0003-x.md)").map(|bytes| String::from_utf8(bytes).unwrap())
    };
    let bold = added("# X\n\n**Status:** Draft\n\n## Problem\n\nSlow.\n").unwrap();
    assert_eq!(bold, "# X\n\n**Status:** Draft\n\n**Led to:** [ADR-3](../adr/0003-x.md)\n\n## Problem\n\nSlow.\n");
    let rfc = read("0003-x.md", &bold).rfc.unwrap();
    assert!(matches!(&rfc.led_to[..], [LedTo::Links(range)] if range.of(&bold).contains("0003-x.md")), "{rfc:?}");
    let twice = added("# X\n\n**Status:** Draft\n\n**Led to:** [ADR-3](../adr/0003-x.md)\n");
    assert!(twice.is_err(), "{twice:?}");
}

#[test]
fn a_decision_names_the_rfc_that_it_came_of() {
    let came_of = |name: &str, text: &str| {
        let record = Record::read(name, text);
        let numbers = record.came_of.iter().map(|said| said.value).collect::<Vec<_>>();
        (numbers, record.number.map(|number| number.value), record.dialect)
    };
    let bold = "# 12. X\n\n**Status:** Accepted\n\n**RFC:** RFC-3, 4\n";
    assert_eq!(came_of("0012-x.md", bold), (vec![3, 4], Some(12), groma_records::Dialect::Bold));
    assert_eq!(came_of("0012-x.md", "---\nstatus: accepted\nrfc: 3\n---\n# X\n").0, [3]);
    // A text that was a mail once has its own number there.
    assert_eq!(came_of("x.md", "# X\n\nRFC: 78\nStatus: Accepted\n").0, [] as [u32; 0]);
}
