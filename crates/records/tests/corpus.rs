//! Every record of `corpus/` is read as the JSON beside it says.

use groma_records::{Choice, Finding, FindingKind, Record, Reference, Said};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The records of the corpus: the name of the file, its bytes, what is expected of it.
fn corpus() -> Vec<(String, Vec<u8>, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending != "json"));
    paths.sort();
    let read = |path: PathBuf| {
        let expected = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap(), serde_json::from_str(&expected).unwrap())
    };
    paths.into_iter().map(read).collect()
}

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
        "confirmation": text(&record.confirmation),
        "supersedes": references(&record.supersedes),
        "superseded_by": references(&record.superseded_by),
        "links": record.links.as_ref().map(Vec::len),
        "decides": texts(&record.decides),
    })
}

/// Findings that only a folder of records can have.
const OF_FOLDERS: [FindingKind; 3] = [FindingKind::DuplicateNumber, FindingKind::MissingRecord, FindingKind::Circle];

fn kinds<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = findings.into_iter().map(|finding| finding.kind.words()).collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn every_record_is_read_as_expected() {
    let (mut differences, mut wrong, mut count) = (Vec::new(), 0, 0);
    for (name, bytes, expected) in corpus() {
        let record = Record::read(&name, &bytes);
        let before = differences.len();
        for (field, value) in told(&record).as_object().unwrap() {
            if *value != expected[field] {
                differences.push(format!("{name}: {field} is {value}, expected {}", expected[field]));
            }
        }
        let found = kinds(&record.findings);
        let wanted = expected["findings"].as_array().unwrap().iter().filter_map(Value::as_str);
        let mut wanted: Vec<&str> = wanted.filter(|words| !OF_FOLDERS.iter().any(|kind| kind.words() == *words)).collect();
        wanted.sort_unstable();
        if found != wanted {
            differences.push(format!("{name}: findings are {found:?}, expected {wanted:?}"));
        }
        count += 1;
        wrong += usize::from(differences.len() > before);
    }
    assert!(differences.is_empty(), "{wrong} of {count} differ:\n{}", differences.join("\n"));
    assert!(count >= 144, "{count}");
}
