//! Requests for comments in words and formats: what each says, who has reviewed it, and what it led to.

use super::json::{Said, one};
use super::show::{Row, head, option, shown};
use super::{COLUMNS, cells};
use crate::{aligned, quoted};
use groma_base::Range;
use groma_model::signing::{Answer, Review};
use groma_model::{Architecture, ItemRef};
use groma_records::{LedTo, Record, Rfc, Said as Told};
use groma_session::records::{RecordFile, Records};
use serde_json::{Value, json};
use std::fmt::Write;

/// What the workspace knows of a request for comments.
pub struct OfModel<'a> {
    /// The workspace.
    pub arch: &'a Architecture,
    /// What it is there.
    pub at: ItemRef,
    /// Who is asked, and what they said.
    pub reviews: Vec<Review<'a>>,
}

/// The word for an answer.
pub fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Signed => "signed",
        Answer::Lapsed => "lapsed",
        Answer::Bad => "bad",
        Answer::Owed => "owed",
    }
}

/// What is said of the review of somebody who is asked.
pub fn because(review: &Review<'_>) -> String {
    let signed = review.signature.map(|one| format!("by {} on {}", one.person.name, one.on)).unwrap_or_default();
    match review.answer {
        Answer::Signed => signed,
        Answer::Lapsed => format!("{signed}; it has changed since"),
        Answer::Bad => format!("{signed}; by somebody who has not that role, or with a key that proves nothing"),
        Answer::Owed if review.is_known => "nobody has signed it".to_owned(),
        Answer::Owed => "nobody has that role: no member of a team does".to_owned(),
    }
}

/// A request for comments as people read it: what it says, each with where it stands, who has reviewed it and what it led to.
pub fn show_rfc(file: &RecordFile, known: Option<&OfModel<'_>>) -> String {
    let mut told = shown(file, rows(&file.record));
    let Some(known) = known else { return told };
    if !known.reviews.is_empty() {
        let row = |review: &Review<'_>| vec![answer(review.answer).to_owned(), review.role.to_owned(), because(review)];
        let rows: Vec<Vec<String>> = known.reviews.iter().map(row).collect();
        let _ = write!(told, "\nreviews\n{}", aligned(rows.iter()));
    }
    let led_to = known.arch.led_to(known.at);
    if !led_to.is_empty() {
        let row = |at: &ItemRef| vec![known.arch.name(*at).to_owned(), known.arch.title(*at).to_owned()];
        let rows: Vec<Vec<String>> = led_to.iter().map(row).collect();
        let _ = write!(told, "\nled to\n{}", aligned(rows.iter()));
    }
    told
}

fn rows(record: &Record) -> Vec<Row> {
    let none = Rfc::default();
    let rfc = record.rfc.as_deref().unwrap_or(&none);
    let mut rows = head(record);
    let many = |what: &str, said: &[Told<String>]| -> Vec<Row> {
        said.iter().map(|said| (Some(said.range), what.to_owned(), said.value.clone())).collect()
    };
    rows.extend(many("author", &rfc.authors));
    rows.extend(rfc.reviewers.iter().map(|one| {
        let who = one.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        (Some(one.role.range), "reviewer".to_owned(), format!("{}{who}", one.role.value))
    }));
    rows.extend(many("last call", rfc.last_call.as_slice()));
    rows.extend(many("about", &rfc.about));
    rows.extend(many("problem", record.context.as_slice()));
    rows.extend(many("proposal", record.outcome.as_slice()));
    rows.extend(record.options.iter().flat_map(|choice| option("alternative", choice)));
    rows.extend(many("considered", record.considered.as_slice()));
    rows.extend(many("drawback", &record.negative));
    rows.extend(many("open question", &rfc.questions));
    // What was told above is no other fact.
    let told: Vec<Range> = rows.iter().filter_map(|(range, ..)| *range).filter(|range| !range.is_none()).collect();
    let is_other = |range: Range| !told.iter().any(|own| own.contains(range) || range.contains(*own));
    let facts = record.facts.iter().filter(|fact| is_other(fact.value.range));
    rows.extend(facts.map(|fact| (Some(fact.value.range), fact.key.clone(), fact.value.value.clone())));
    let links = record.links.iter().flatten();
    rows.extend(links.map(|link| (Some(link.range), "link".to_owned(), format!("{} -> {}", link.text, link.target))));
    rows
}

/// One request for comments with all that it says, and what the workspace knows of it: `null` for what it does not.
pub fn one_rfc(records: &Records, file: &RecordFile, known: Option<&OfModel<'_>>) -> Value {
    let none = Rfc::default();
    let rfc = file.record.rfc.as_deref().unwrap_or(&none);
    let said = Said(file);
    let reviewer =
        |one: &groma_records::Reviewer| said.placed(json!({ "role": one.role.value, "who": one.who }), one.role.range);
    let numbers = rfc.led_to.iter().filter_map(|led| match led {
        LedTo::Number(number) => Some(said.placed(json!({ "value": number.value }), number.range)),
        LedTo::Links(_) => None,
    });
    let review = |review: &Review<'_>| {
        json!({
            "role": review.role,
            "who": review.who,
            "answer": answer(review.answer),
            "by": review.signature.map(|one| one.by),
            "on": review.signature.map(|one| one.on),
            "because": because(review),
        })
    };
    let led_to = |known: &OfModel<'_>| {
        let title = |at: ItemRef| json!({ "name": known.arch.name(at), "title": known.arch.title(at) });
        known.arch.led_to(known.at).into_iter().map(title).collect::<Vec<_>>()
    };
    let mut whole = one(records, file);
    if let Some(record) = whole.get_mut("record").and_then(Value::as_object_mut) {
        record.extend([
            ("authors".to_owned(), said.many(&rfc.authors)),
            ("reviewers".to_owned(), json!(rfc.reviewers.iter().map(reviewer).collect::<Vec<_>>())),
            ("last_call".to_owned(), json!(rfc.last_call.as_ref().map(|day| said.one(day)))),
            ("questions".to_owned(), said.many(&rfc.questions)),
            ("considered".to_owned(), json!(file.record.considered.as_ref().map(|words| said.one(words)))),
            ("about".to_owned(), said.many(&rfc.about)),
            ("decisions_by_number".to_owned(), json!(numbers.collect::<Vec<_>>())),
            ("led_to".to_owned(), json!(known.map(led_to))),
            ("reviews".to_owned(), json!(known.map(|known| known.reviews.iter().map(review).collect::<Vec<_>>()))),
        ]);
    }
    whole
}

/// One row for each, below the names of the columns. Files are named from the root of the repository.
pub fn csv_of_rfcs(files: &[&RecordFile]) -> String {
    let line =
        |cells: Vec<String>| format!("{}\n", cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
    let row = |file: &&RecordFile| {
        let [number, status, date, title, _] = cells(file);
        let none = Rfc::default();
        let rfc = file.record.rfc.as_deref().unwrap_or(&none);
        let authors: Vec<&str> = rfc.authors.iter().map(|said| said.value.as_str()).collect();
        let reviewers: Vec<&str> = rfc.reviewers.iter().map(|one| one.role.value.as_str()).collect();
        let last_call = rfc.last_call.as_ref().map(|said| said.value.clone()).unwrap_or_default();
        let place = file.source.place.path().to_owned();
        line(vec![number, status, date, title, place, authors.join("; "), reviewers.join("; "), last_call])
    };
    let head = COLUMNS.into_iter().chain(["authors", "reviewers", "last-call"]);
    std::iter::once(line(head.map(str::to_owned).collect())).chain(files.iter().map(row)).collect()
}
