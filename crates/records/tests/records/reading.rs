//! Every record of `corpus/` is read as the JSON beside it says.

use crate::corpus;
use groma_records::{Choice, Finding, Record, Reference, Said, folder};
use serde_json::{Value, json};

fn texts(said: &[Said<String>]) -> Value {
    said.iter().map(|said| said.value.clone()).collect()
}

fn references(said: &[Said<Reference>]) -> Value {
    let value = |said: &Said<Reference>| match &said.value {
        Reference::Number(number) => json!(number),
        Reference::Name(name) => json!(name),
    };
    said.iter().map(value).collect()
}

fn option(choice: &Choice) -> Value {
    json!({
        "title": choice.title.value,
        "pros": texts(&choice.pros),
        "cons": texts(&choice.cons),
        "rejected_because": choice.rejected_because.as_ref().map(|said| &said.value),
    })
}

/// A record in the form of the expectations.
fn told(record: &Record) -> Value {
    let text = |said: &Option<Said<String>>| said.as_ref().map(|said| said.value.clone());
    json!({
        "dialect": record.dialect.word(),
        "number": record.number.as_ref().map(|number| number.value),
        "title": text(&record.title),
        "status": record.status.as_ref().map(|status| status.value.word()),
        "status_text": text(&record.status_text),
        "date": text(&record.date),
        "deciders": texts(&record.deciders),
        "consulted": texts(&record.consulted),
        "informed": texts(&record.informed),
        "drivers": texts(&record.drivers),
        "options": record.options.iter().map(option).collect::<Value>(),
        "outcome": text(&record.outcome),
        "positive": texts(&record.positive),
        "negative": texts(&record.negative),
        "neutral": texts(&record.neutral),
        "confirmation": texts(&record.confirmation),
        "supersedes": references(&record.supersedes),
        "superseded_by": references(&record.superseded_by),
        "links": record.links.as_ref().map(Vec::len),
        "decides": texts(&record.decides),
    })
}

fn kinds<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = findings.into_iter().map(|finding| finding.kind.words()).collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn every_record_is_read_as_expected() {
    let (mut differences, mut wrong) = (Vec::new(), 0);
    let corpus = corpus();
    let records: Vec<Record> = corpus.iter().map(|(name, bytes, _)| Record::read(name, bytes)).collect();
    let of_folder = folder::findings(&records);
    for ((record, of_folder), (name, _, expected)) in records.iter().zip(&of_folder).zip(&corpus) {
        let before = differences.len();
        for (field, value) in told(record).as_object().unwrap() {
            if *value != expected[field] {
                differences.push(format!("{name}: {field} is {value}, expected {}", expected[field]));
            }
        }
        let found = kinds(record.findings.iter().chain(of_folder));
        let mut wanted: Vec<&str> = expected["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        wanted.sort_unstable();
        if found != wanted {
            differences.push(format!("{name}: findings are {found:?}, expected {wanted:?}"));
        }
        wrong += usize::from(differences.len() > before);
    }
    assert!(differences.is_empty(), "{wrong} of {} differ:\n{}", corpus.len(), differences.join("\n"));
    assert!(corpus.len() >= 144, "{}", corpus.len());
}

#[test]
fn toml_of_more_than_lines_is_told() {
    let of = |lines: &str| {
        let record = Record::read("0001-x.md", format!("+++\n{lines}\n+++\n# T\n\nX.\n").as_bytes());
        let is_toml = |one: &&groma_records::Finding| one.kind == groma_records::FindingKind::TomlFrontMatter;
        record.findings.iter().filter(is_toml).count()
    };
    assert_eq!(of("status = \"accepted\" # so it is\n# a comment\n\n[extra]\ntags = [\"a\", \"b\"]"), 0);
    for unread in [
        "status = \"\"\"\naccepted\"\"\"",
        "status = \"accepted\"\ntags = [\n\"a\"\n]",
        "status = { is = \"accepted\" }",
    ] {
        assert_eq!(of(unread), 1, "{unread}");
    }
}

/// Short records in forms that are met: the name of the file, the text, then number, title, status and date; `-` is unknown.
const SHAPES: &[[&str; 6]] = &[
    [
        "x.md",
        "# T\n\n**Status:** Accepted · **Date:** 2024-03-04 · **Deciders:** A, B\n",
        "-",
        "T",
        "accepted",
        "2024-03-04",
    ],
    ["x.md", "# T\n\n**Status** | **Accepted**\n--|--\n**Date** | 2024-03-04\n", "-", "T", "accepted", "2024-03-04"],
    ["x.md", "# ADR-9 — T\n\n**Status: Accepted**\n**Date: 2024-03-04**\n", "9", "T", "accepted", "2024-03-04"],
    [
        "x.md",
        "# [T with a name]\n\n* Status: [proposed]\n* Date: [2024-03-04]\n",
        "-",
        "T with a name",
        "proposed",
        "2024-03-04",
    ],
    ["x.md", "# [short title of the problem]\n\n* Status: [proposed | accepted]\n", "-", "-", "-", "-"],
    ["x.md", "# Architecture Decision Record\n\n## Title\n\nT\n\n## Status\n\nAccepted\n", "-", "T", "accepted", "-"],
    ["x.md", "# Architectural decision record (ADR) 006: T\n\n## Status\n\nProposed.\n", "6", "T", "proposed", "-"],
    ["ADR-PAY-7.md", "# ADR-PAY-7 — T\n\n## Status\n\nAccepted\n", "-", "T", "accepted", "-"],
    [
        "x.md",
        "# T\n\n**Decision ID:** ADR-128\n**Status:** ✅ **Accepted — built** (later).\n",
        "128",
        "T",
        "accepted",
        "-",
    ],
    ["x.md", "# T\n\n## ID\n\n3\n\n## Status\n\nAccepted\n", "3", "T", "accepted", "-"],
    ["x.md", "# Title: 002 - T\n\n## Status\n\nAccepted, 2024-03-04\n", "2", "T", "accepted", "2024-03-04"],
    [
        "x.md",
        "# T\n\n## 1. Status {#status}\n\n| Field | Value |\n|---|---|\n| Status | Accepted |\n| Date | 2024-03-04 |\n",
        "-",
        "T",
        "accepted",
        "2024-03-04",
    ],
    ["x.md", "# T\n\n## Status\n\n* Accepted\n* 2024-03-04\n", "-", "T", "accepted", "2024-03-04"],
    ["x.md", "# T\n\n## Status: Accepted\n## Date: 4 March 2024\n", "-", "T", "accepted", "2024-03-04"],
    ["x.md", "# T\n\n## Status\n\nProposed → Accepted → Deprecated\n", "-", "T", "deprecated", "-"],
    ["x.md", "# T\n\n## Status\n\nAccepted, now superseded by ADR-9\n", "-", "T", "superseded", "-"],
    [
        "x.md",
        "# T\n\nStatus: Accepted; the limit of a day is superseded by [ADR-9](0009-x.md)\n",
        "-",
        "T",
        "accepted",
        "-",
    ],
    ["x.md", "# T\n\n## Status\n\nAccepted\n\nWe had rejected what was proposed before.\n", "-", "T", "accepted", "-"],
    ["x.md", "# T\n\n## Status\n\nOPEN\n\nSuperceded by [9. X](0009-x.md)\n", "-", "T", "superseded", "-"],
    ["x.md", "# T\n\n- 상태: accepted\n- 결정 일자: 2024-03-04\n", "-", "T", "accepted", "2024-03-04"],
    ["x.md", "# ADR-012：T\n\nStatus: Draft\n日期：2024-03-04\n", "12", "T", "draft", "2024-03-04"],
    ["12-x.md", "# ⚠️ OLD RECORD\n\n# ADR-12: T\n\n## Status\n\nAccepted\n", "12", "T", "accepted", "-"],
    [
        "x.md",
        "---\nadr_number: '0011'\ntitle: T\nstatus: PROPOSED\ndecided-on: 2024-03-04\n---\n\n## Context\n\nY.\n",
        "11",
        "T",
        "proposed",
        "2024-03-04",
    ],
    ["x.md", "---\nstatus: {accepted}\ndate: {2024-03-04}\n---\n\n# T\n", "-", "T", "accepted", "2024-03-04"],
    [
        "x.md",
        "# T\n\n| Status | Accepted |\n|---|---|\n| Created | 2024-03-04 |\n| Updated | 2024-05-06 |\n",
        "-",
        "T",
        "accepted",
        "-",
    ],
    [
        "x.md",
        "---\ntitle: T\nstatus: current\n---\n\n# T\n\n| | |\n|---|---|\n| **Status** | Accepted |\n",
        "-",
        "T",
        "accepted",
        "-",
    ],
    ["x.md", "# T\n\n- **Status:** pending\n", "-", "T", "proposed", "-"],
    ["x.md", "# T\n\n## Status\n\nImplementation pending\n", "-", "T", "-", "-"],
];

#[test]
fn a_day_in_the_status_is_no_successor() {
    for text in ["Deprecated, 04-02-2021", "Deprecated 3 May 2021", "Superseded 2021-05-03"] {
        let record = Record::read("0001-x.md", format!("# 1. T\n\n## Status\n\n{text}\n"));
        assert_eq!(record.superseded_by, [], "{text}");
    }
}

#[test]
fn forms_that_are_met_are_read() {
    let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mut wrong = Vec::new();
    for [file, text, expected @ ..] in SHAPES {
        let record = Record::read(file, text);
        let told = [
            or(record.number.map(|number| number.value.to_string())),
            or(record.title.map(|title| title.value)),
            or(record.status.map(|status| status.value.word().to_owned())),
            or(record.date.map(|date| date.value)),
        ];
        if told != *expected {
            wrong.push(format!("{text:?}: {told:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each thing that is said stands where its range says, but for markup.
#[test]
fn ranges_hold_what_is_said() {
    let bare = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let mut wrong = Vec::new();
    for (name, bytes, _) in corpus() {
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let record = Record::read(&name, &bytes);
        let mut said: Vec<(&str, &Said<String>)> = Vec::new();
        said.extend(record.title.iter().map(|said| ("title", said)));
        said.extend(record.status_text.iter().map(|said| ("status", said)));
        said.extend(record.outcome.iter().map(|said| ("outcome", said)));
        said.extend(record.confirmation.iter().map(|said| ("confirmation", said)));
        for (field, list) in [
            ("decider", &record.deciders),
            ("consulted", &record.consulted),
            ("informed", &record.informed),
            ("driver", &record.drivers),
            ("positive", &record.positive),
            ("negative", &record.negative),
            ("neutral", &record.neutral),
            ("decides", &record.decides),
        ] {
            said.extend(list.iter().map(|said| (field, said)));
        }
        for option in &record.options {
            said.push(("option", &option.title));
            said.extend(option.pros.iter().chain(&option.cons).map(|said| ("pro or con", said)));
        }
        for (field, said) in said {
            let written = said.range.of(text);
            // Targets of links and comments stand within as well.
            let is_there = is_within(&bare(&said.value), &bare(written));
            if !is_there {
                wrong.push(format!("{name}: {field} `{}` at {:?}: `{written}`", said.value, said.range));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether letters come in this order within others.
fn is_within(letters: &str, others: &str) -> bool {
    let mut others = others.chars();
    letters.chars().all(|letter| others.any(|other| other == letter))
}

#[test]
fn no_bytes_are_too_strange() {
    let large = vec![b'a'; 50 << 20];
    let mut inputs: Vec<Vec<u8>> =
        vec![large, (0..=255).cycle().take(5_000).collect(), b"---".to_vec(), b"---\n---".to_vec()];
    inputs.push(b"# \xff\n\n## Status\n\n\xfeAccepted".to_vec());
    for (_, bytes, _) in corpus().into_iter().filter(|(_, bytes, _)| bytes.len() < 3_000) {
        // Cut anywhere, and with a byte of another kind anywhere.
        for at in (0..bytes.len()).step_by(7) {
            inputs.push(bytes[..at].to_vec());
            let mut other = bytes.clone();
            other[at] = [b'|', b':', b'[', b'\r', 0xC3, b'`', b'-', b'*'][at % 8];
            inputs.push(other);
        }
    }
    for bytes in &inputs {
        let record = Record::read("docs/adr/0001-x.md", bytes);
        assert!(record.findings.iter().all(|finding| finding.range.end as usize <= bytes.len()));
    }
    let kinds = |at: usize| {
        Record::read("x.md", &inputs[at]).findings.iter().map(|finding| finding.kind.words()).collect::<Vec<_>>()
    };
    assert_eq!((kinds(0), kinds(1)), (vec!["too large: not read"], vec!["binary: not read"]));
}

#[test]
fn what_says_no_side_is_kept_as_it_is() {
    let text = "# 7. Keep bees\n\n## Status\n\nAccepted\n\n## Considered\n\n- *Wasps.* They sting more often.\n- **Bees**: they \
                make honey.\n- Rented bees, rejected because the meadow is far.\n\n## Consequences\n\nThis follows:\n\n- A hut is \
                needed.\n- Good, because there is honey.\n\nNeighbours will ask.\n\n## Confirmation\n\n- A count each May.\n- Two jars \
                to each neighbour.\n";
    let record = Record::read("0007-keep-bees.md", text.as_bytes());
    let options: Vec<_> = record.options.iter().map(|one| (&*one.title.value, about(one))).collect();
    assert_eq!(
        options,
        [("Wasps", Some("They sting more often.")), ("Bees", Some("they make honey.")), ("Rented bees", None)]
    );
    assert_eq!(record.options[2].rejected_because.as_ref().map(|why| &*why.value), Some("the meadow is far"));
    assert_eq!(texts(&record.consequences), json!(["A hut is needed.", "Neighbours will ask."]));
    assert_eq!(texts(&record.positive), json!(["there is honey."]));
    assert_eq!(texts(&record.confirmation), json!(["A count each May.", "Two jars to each neighbour."]));
    for said in record.consequences.iter().chain(&record.confirmation).chain(record.options[0].about.iter()) {
        assert_eq!(text[said.range.start as usize..said.range.end as usize], said.value);
    }
}

fn about(choice: &Choice) -> Option<&str> {
    choice.about.as_ref().map(|said| &*said.value)
}

#[test]
fn what_is_said_of_an_option_is_no_part_of_its_name() {
    let text = "# 7. Use a queue\n\n## Considered Options\n\n* RabbitMQ\n* Amazon SQS: nobody here runs on AWS\n* Option 3: Kafka\n* Go \
                (rejected: only one of us knows it)\n\n## Alternatives\n\n| Option | Why rejected |\n|---|---|\n| NATS | N/A |\n";
    let record = Record::read("0007-use-a-queue.md", text.as_bytes());
    let why = |one: &Choice| one.rejected_because.as_ref().map(|why| why.value.clone());
    let options: Vec<_> = record.options.iter().map(|one| (&*one.title.value, about(one), why(one))).collect();
    let knows = Some("only one of us knows it".to_owned());
    assert_eq!(
        options,
        [
            ("RabbitMQ", None, None),
            ("Amazon SQS", Some("nobody here runs on AWS"), None),
            ("Kafka", None, None),
            ("Go", None, knows),
            ("NATS", None, None),
        ]
    );
}

#[test]
fn a_status_that_is_put_in_doubt_is_none() {
    let state = |words: &str| {
        let record = Record::read("0007-x.md", format!("# 7. X\n\nStatus: {words}\n").as_bytes());
        record.status.map(|status| status.value.word())
    };
    for words in [
        "Un-accepted",
        "non-accepted",
        "pre-accepted",
        "Maybe accepted",
        "Formerly accepted",
        "Nearly accepted",
        "Accepted?",
        "Accepted/Rejected",
        "Accepted or rejected",
        "Accepted, superseded",
        "Un-deprecated",
    ] {
        assert_eq!(state(words), None, "{words}");
    }
    for (words, expected) in [
        ("Accepted, then rejected", "rejected"),
        ("Proposed, then accepted", "accepted"),
        ("Proposed, now accepted", "accepted"),
        ("pending approval (revised from prior, approved, version)", "proposed"),
        ("Pending", "proposed"),
        ("WIP", "draft"),
        ("accept", "accepted"),
        ("Adopted", "accepted"),
        ("Decided", "accepted"),
        ("Accepted (2024-01-02)", "accepted"),
        ("Final (accepted)", "accepted"),
        ("Accepted, see the minutes", "accepted"),
        ("Accepted on 2024-01-02 by Ana, Bo", "accepted"),
    ] {
        assert_eq!(state(words), Some(expected), "{words}");
    }
}

#[test]
fn the_foot_of_a_record_says_what_its_head_does_not() {
    let text = "# 4. Cache\n\n## Status\n\nAccepted\n\n## Context\n\nSlow.\n\n## Decision\n\nWe cache.\n\n---\n\n*Date: 2026-02-17*\n**Decision Makers:** Ana, Bo\n";
    let record = Record::read("0004-cache.md", text.as_bytes());
    assert_eq!(record.date.as_ref().map(|said| &*said.value), Some("2026-02-17"));
    assert_eq!(texts(&record.deciders), json!(["Ana", "Bo"]));
    // What stands above no rule is text.
    let record = Record::read("0004-cache.md", text.replace("---\n\n", "").as_bytes());
    assert!(record.date.is_none());
    let both = "---\nstatus: current\n---\n\n# 4. Cache\n\n## Status\n\nCurrent.\n";
    let kinds: Vec<_> =
        Record::read("0004-cache.md", both.as_bytes()).findings.iter().map(|one| one.kind.words()).collect();
    assert_eq!(kinds, ["unknown status word"]);
}

#[test]
fn an_option_has_what_is_said_of_it_and_not_of_one_that_begins_alike() {
    let text = "# 2. Store\n\n## Status\n\nAccepted\n\n## Options\n\n### Option 1: PostgreSQL\n\n- **Pros**: known\n\n### Option 2: PostgreSQL + ClickHouse\n\n- **Pros**: fast\n- **Cons**: two of them\n\n### Option 3: MySQL\n\nDeferred, not rejected: reconsider it later.\n\n## Consequences\n\nPositive:\n\n- It is cheap\n\nWhat we have to see to:\n\n- Backups\n\n### Advantages\n\n- It is here\n";
    let record = Record::read("0002-store.md", text.as_bytes());
    let options: Vec<_> =
        record.options.iter().map(|one| (one.title.value.as_str(), texts(&one.pros), texts(&one.cons))).collect();
    assert_eq!(
        options,
        [
            ("PostgreSQL", json!(["known"]), json!([])),
            ("PostgreSQL + ClickHouse", json!(["fast"]), json!(["two of them"])),
            ("MySQL", json!([]), json!([]))
        ]
    );
    assert!(record.options[2].rejected_because.is_none());
    assert_eq!(texts(&record.positive), json!(["It is cheap", "It is here"]));
    assert_eq!(texts(&record.consequences), json!(["Backups"]));
}
