//! A record as it was read, for people: each thing with the line and column where it stands.

use super::json::own_text;
use super::reference;
use crate::{aligned, one_line};
use groma_base::Range;
use groma_records::{Choice, Record, Said};
use groma_session::records::RecordFile;

/// What a record says: where it stands, what it is, and how it reads.
pub fn show(file: &RecordFile) -> String {
    shown(file, rows(file))
}

/// The first paragraph of a section, with a sign behind it where the section goes on.
fn begun(file: &RecordFile, said: &Said<String>) -> String {
    let sections = &file.record.sections;
    let nth = sections.iter().rposition(|section| section.range.contains(said.range));
    let is_all = nth.is_none_or(|nth| {
        let own = own_text(file, nth);
        let rest = own
            .find(said.range.of(&file.source.text))
            .map(|at| own[at + said.range.of(&file.source.text).len()..].trim());
        rest.is_none_or(str::is_empty)
    });
    if is_all { said.value.clone() } else { format!("{} …", said.value) }
}

/// The lines of what a record says.
pub(super) fn shown(file: &RecordFile, rows: Vec<Row>) -> String {
    let place = |range: Range| match range.is_none() {
        true => "name".to_owned(),
        false => {
            let at = file.source.line_column(range.start);
            format!("{}:{}", at.line, at.column)
        }
    };
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(range, what, words)| {
            vec![range.map_or_else(|| "-".to_owned(), place), what.to_owned(), one_line(&words)]
        })
        .collect();
    format!("{} ({})\n{}", file.source.path, file.record.dialect.word(), aligned(rows.iter()))
}

/// Where something stands, what it is, and how it reads.
pub(super) type Row = (Option<Range>, String, String);

fn rows(file: &RecordFile) -> Vec<Row> {
    let record = &file.record;
    let begun = |what: &str, said: &Option<Said<String>>| {
        said.iter().map(|said| (Some(said.range), what.to_owned(), begun(file, said))).collect::<Vec<Row>>()
    };
    let mut rows = head(record);
    let mut many = |what: &str, said: &[Said<String>]| {
        rows.extend(said.iter().map(|said| (Some(said.range), what.to_owned(), said.value.clone())));
    };
    many("decider", &record.deciders);
    many("consulted", &record.consulted);
    many("informed", &record.informed);
    rows.extend(begun("context", &record.context));
    rows.extend(record.drivers.iter().map(|said| (Some(said.range), "driver".to_owned(), said.value.clone())));
    rows.extend(record.options.iter().flat_map(|choice| option("option", choice)));
    rows.extend(begun("outcome", &record.outcome));
    let mut many = |what: &str, said: &[Said<String>]| {
        rows.extend(said.iter().map(|said| (Some(said.range), what.to_owned(), said.value.clone())));
    };
    many("good", &record.positive);
    many("bad", &record.negative);
    many("neutral", &record.neutral);
    many("consequence", &record.consequences);
    many("confirmation", &record.confirmation);
    many("decides", &record.decides);
    let others = |what: &str, said: &[Said<groma_records::Reference>]| -> Vec<Row> {
        said.iter().map(|said| (Some(said.range), what.to_owned(), reference(&said.value))).collect()
    };
    rows.extend(others("supersedes", &record.supersedes));
    rows.extend(others("superseded by", &record.superseded_by));
    rows.extend(record.beside.iter().map(|one| {
        let how = if one.is_of_other { format!("the other {}", one.how) } else { one.how.to_owned() };
        (Some(one.record.range), how, reference(&one.record.value))
    }));
    rows.extend(record.facts.iter().map(|fact| (Some(fact.value.range), fact.key.clone(), fact.value.value.clone())));
    let links = record.links.iter().flatten();
    rows.extend(links.map(|link| (Some(link.range), "link".to_owned(), format!("{} -> {}", link.text, link.target))));
    rows
}

/// What each record should say, and whether it does.
pub(super) fn head(record: &Record) -> Vec<Row> {
    const NOTHING: &str = "not said";
    let one = |what: &str, said: Option<(Range, String)>| -> Row {
        let (range, words) = said.map_or((None, NOTHING.to_owned()), |(range, words)| (Some(range), words));
        (range, what.to_owned(), words)
    };
    let text = |said: &Option<Said<String>>| said.as_ref().map(|said| (said.range, said.value.clone()));
    let status = record.status.as_ref().map(|said| (said.range, said.value.word().to_owned()));
    // Words that are no state are shown, so that nobody takes them for none.
    let told = record.status_text.as_ref().map(|said| (said.range, format!("unknown: {}", said.value)));
    vec![
        one("number", record.number.as_ref().map(|said| (said.range, said.value.to_string()))),
        one("title", text(&record.title)),
        one("status", status.or(told)),
        one("date", text(&record.date)),
    ]
}

/// An option, by the word for it, with what is said of it.
pub(super) fn option(word: &str, choice: &Choice) -> Vec<Row> {
    let row = |what: &str, said: &Said<String>| (Some(said.range), what.to_owned(), said.value.clone());
    let pros = choice.pros.iter().map(|said| row("  for it", said));
    let cons = choice.cons.iter().map(|said| row("  against it", said));
    let reason = choice.rejected_because.iter().map(|said| row("  rejected because", said));
    let about = choice.about.iter().map(|said| row("  about it", said));
    std::iter::once(row(word, &choice.title)).chain(about).chain(pros).chain(cons).chain(reason).collect()
}
