//! After any edit, what a session says is what a fresh reading of the same texts says.

use groma_session::{MemoryFileSystem, Session};
use groma_testing::Dice;
use std::path::{Path, PathBuf};

const TODAY: &str = "2026-01-01";

/// The files of an example, its decision records among them.
fn texts(example: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    add(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example), "w", &mut found);
    found.sort();
    found
}

fn add(folder: &Path, shown: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => add(&entry.path(), &shown, found),
            false => found.push((shown, std::fs::read_to_string(entry.path()).unwrap())),
        }
    }
}

fn open(texts: &[(String, String)]) -> Session {
    let borrowed: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Session::open(&MemoryFileSystem::new(&borrowed), Path::new("w")).ok().unwrap()
}

/// One edit of one line: taken out, doubled, or changed in one of the ways that rules look at.
fn edit(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = dice.roll(lines.len());
    let line = lines[at].clone();
    let changes: [(&str, &str); 10] = [
        ("HTTPS", "HTTP"),
        ("technology=", "owner="),
        ("description", "responsibility"),
        ("timeout 10s", "timeout 5s"),
        ("backoff=exponential", "backoff=none"),
        ("->", "-> shop."),
        ("\"The ", "\"Another "),
        ("external=#true", "external=#false"),
        ("data=personal", "data=card"),
        ("authentication=JWT", ""),
    ];
    match dice.roll(4) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, line),
        _ => {
            let applicable: Vec<_> = lines
                .iter()
                .enumerate()
                .flat_map(|(at, line)| {
                    changes.iter().filter(|(from, _)| line.contains(from)).map(move |change| (at, change))
                })
                .collect();
            if let Some((at, (from, to))) = applicable.get(dice.roll(applicable.len())).copied() {
                lines[at] = lines[at].replacen(from, to, 1);
            }
        }
    }
    lines.join("\n") + "\n"
}

/// A workspace that is spread over files: elements extended elsewhere, zones, own kinds, suppressions, references.
fn spread() -> Vec<(String, String)> {
    [
        (
            "w/a.groma",
            "workspace w \"Spread\" {\n    team 3\n    rule technology-without-version severity=off\n}\nkind lambda is=function\nzone inside \"Inside\" {\n    system shop \"Shop\" owner=a description=\"The shop\" {\n        service core \"Core\" technology=\"Rust 1.95\" description=\"Rules\" concurrency=1 availability=99%\n        database db \"Store\" technology=\"PostgreSQL 17\" data=personal\n    }\n}\n",
        ),
        (
            "w/b.groma",
            "extend shop {\n    lambda mail \"Mailer\" description=\"The mailer\" external=#true\n    group edge \"Edge\" {\n        web site \"Site\" technology=\"React 19\" description=\"The site\"\n    }\n    site -> core \"Calls\" protocol=HTTP\n    core -> db \"Reads\" data=personal\n}\nextend shop.core {\n    component rules \"Rules\" description=\"The rules\"\n    rules -> db \"Reads\"\n    allow god-service owner=ana reason=\"small\" expires=2027-01-01\n}\n",
        ),
        (
            "w/c.groma",
            "zone outside \"Outside\" {\n    person user \"User\" description=\"The user\"\n    system bank \"Bank\" external=#true description=\"The bank\"\n}\nuser -> shop.site \"Uses\" data=personal\nshop.core -> bank \"Pays with\" protocol=HTTPS { timeout 10s; retry 3 backoff=exponential }\nflow pay \"Pay\" {\n    user -> shop.site \"Pays\" {\n        shop.site -> shop.core \"POST /pay\" time=3ms {\n            shop.core -> bank \"Charge\" time=300ms\n        }\n    }\n}\nrequirement paying \"Users pay\" { realized-by pay }\nquality fast \"It is fast\" { require p95 flow=pay under=100ms; require availability flow=pay over=99.9% }\nload peak \"Peak\" rate=5/s\nalert slow \"Slow\" { on p95 over=2s }\n",
        ),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .to_vec()
}

/// A character of the text replaced by another, taken out, or put in.
fn splice(text: &str, dice: &mut Dice) -> String {
    const NEW: &[&str] = &["{", "}", "\"", " ", "\n", ".", "->", "=", "x", "shop", "extend ", "9", "/-", "é", "#true"];
    let mut characters: Vec<char> = text.chars().collect();
    let at = dice.roll(characters.len());
    let to = (at + dice.roll(4)).min(characters.len());
    let put = if dice.roll(3) == 0 { "" } else { dice.one_of(NEW) };
    characters.splice(at..to, put.chars());
    characters.into_iter().collect()
}

/// Edits files at random and compares what the session says with what a fresh one says.
fn agree(original: &[(String, String)], rounds: usize, edit: fn(&str, &mut Dice) -> String) {
    let mut dice = Dice::new(7);
    let mut texts = original.to_vec();
    let mut session = open(&texts);
    session.snapshot();
    for round in 0..rounds {
        let file = dice.roll(texts.len());
        // Back to the original now and then, so that edits do not pile up into rubble.
        texts[file].1 = if round % 4 == 3 { original[file].1.clone() } else { edit(&texts[file].1, &mut dice) };
        if !session.set_text(&texts[file].0, texts[file].1.clone()) {
            session = open(&texts);
        }
        let warm = session.snapshot().findings(TODAY);
        let cold = open(&texts).snapshot().findings(TODAY);
        assert_eq!(warm, cold, "round {round}, {}:\n{}", texts[file].0, texts[file].1);
    }
}

#[test]
fn a_session_after_edits_agrees_with_a_fresh_one() {
    for example in ["storefront", "orders", "orders-as-found"] {
        agree(&texts(example), 250, edit);
    }
}

#[test]
fn names_that_span_files_are_kept_in_step() {
    agree(&spread(), 600, edit);
}

/// Whatever stands in the files: no panic, and the findings do not depend on the way there.
#[test]
fn broken_text_is_checked_without_panic() {
    agree(&spread(), 1500, splice);
    agree(&texts("orders"), 100, splice);
}

#[test]
fn a_new_include_asks_for_a_fresh_opening() {
    let mut texts = spread();
    let mut session = open(&texts);
    texts[0].1.push_str("include \"../elsewhere\"\n");
    assert!(!session.set_text(&texts[0].0, texts[0].1.clone()));
}

/// A decision record with sentences that the edits below know.
fn record(number: u32, decides: &str) -> (String, String) {
    let text = format!(
        "---\nstatus: accepted\ndate: 2025-03-04\ndecides: {decides}\n---\n\n# Use PostgreSQL {number}\n\n## Context and Problem Statement\n\nOrders must be answered within 200 ms at p95, for 100,000 users.\n\n## Considered Options\n\n* PostgreSQL\n* MongoDB\n\n## Decision Outcome\n\nChosen option: \"PostgreSQL\", because it is known.\n\n### Consequences\n\n* Bad, because it costs\n\n## Pros and Cons of the Options\n\n### MongoDB\n\n* Rejected because nobody knows it\n\n## More Information\n\n* Benchmark of 2025-03-01\n"
    );
    (format!("w/docs/adr/{number:04}-use-postgresql-{number}.md"), text)
}

/// What each edit puts in the place of what, in a record that names no other.
const OF_RECORDS: [(&str, &str); 12] = [
    ("Chosen option: \"PostgreSQL\"", "Chosen option: \"MongoDB\""),
    ("* Rejected because nobody knows it\n", ""),
    ("* Bad, because it costs\n", ""),
    ("200 ms", "20 ms"),
    ("100,000 users", "5 users"),
    ("* Benchmark of 2025-03-01", "* Prototype of the store"),
    ("Orders must", "As always: orders must"),
    ("status: accepted", "status: proposed"),
    ("status: accepted", "status: rejected"),
    ("date: 2025-03-04", "date: 2020-03-04\nreview: 2021-01-01"),
    ("## Considered Options\n\n* PostgreSQL\n* MongoDB\n\n", ""),
    ("Chosen option", "{to be said: why}. Chosen option"),
];

/// A change of one record looks at it again, and leaves what is found in all others.
#[test]
fn records_are_kept_in_step() {
    let mut original = spread();
    original.push((
        "w/d.groma".to_owned(),
        "technology postgresql \"PostgreSQL\" ring=hold\nradar r \"R\" { ring hold policy=nowhere }\nchoice c \"C?\" decision=4 {\n    criterion fit \"Fits\"\n    option a \"PostgreSQL\" { score fit 5 }\n    option b \"MongoDB\" { score fit 1 }\n}\n".to_owned(),
    ));
    original.extend(
        ["shop.db", "fast, shop.core", "shop.core -> shop.db", "peak"]
            .into_iter()
            .zip(1..)
            .map(|(name, nth)| record(nth, name)),
    );
    let mut dice = Dice::new(11);
    let mut texts = original.clone();
    let mut session = open(&texts);
    let first = session.snapshot().findings(TODAY);
    let mut found = Vec::new();
    for round in 0..150 {
        let file = dice.roll(texts.len());
        let is_record = texts[file].0.ends_with(".md");
        let text = &texts[file].1;
        texts[file].1 = match (round % 5, is_record) {
            (4, _) => original[file].1.clone(),
            (_, true) => {
                let (from, to) = dice.one_of(&OF_RECORDS);
                text.replacen(from, to, 1)
            }
            (_, false) => edit(text, &mut dice),
        };
        if !session.set_text(&texts[file].0, texts[file].1.clone()) && !is_record {
            session = open(&texts);
        }
        let warm = session.snapshot().findings(TODAY);
        let cold = open(&texts).snapshot().findings(TODAY);
        found.extend(cold.iter().map(|finding| finding.code.to_string()));
        assert_eq!(warm, cold, "round {round}, {}:\n{}", texts[file].0, texts[file].1);
    }
    // The edits reach the rules that they are for.
    assert!(!first.is_empty());
    for rule in ["incomplete-decision", "contradicting-record", "overdue-review"] {
        assert!(found.iter().any(|code| code == rule), "{rule} is never found");
    }
}
