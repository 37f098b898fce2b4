//! Records as JSON, with a version.

use super::{reference, state};
use groma_base::Range;
use groma_records::{Beside, Choice, Finding, Said as Told};
use groma_session::records::{RecordFile, Records};
use serde_json::{Map, Value, json};

/// The version of all documents of records.
const VERSION: u32 = 1;

/// Records in a line each, with their findings.
pub fn listed(records: &Records, files: &[&RecordFile]) -> Value {
    let all: Vec<Value> = files.iter().map(|file| Value::Object(line(records, file))).collect();
    document(records, "records", json!(all))
}

/// Records with all that they say.
pub fn exported(records: &Records, files: &[&RecordFile]) -> Value {
    let all: Vec<Value> = files.iter().map(|file| whole(records, file)).collect();
    document(records, "records", json!(all))
}

/// One record with all that it says.
pub fn one(records: &Records, file: &RecordFile) -> Value {
    json!({ "version": VERSION, "record": whole(records, file) })
}

fn document(records: &Records, name: &str, all: Value) -> Value {
    let folder =
        |folder: &groma_session::records::RecordFolder| json!({ "path": folder.place, "named_by": folder.named_by });
    let problem = |one: &groma_session::records::RecordProblem| json!({ "place": one.place, "message": one.message, "help": one.help });
    json!({
        "version": VERSION,
        "folders": records.folders.iter().map(folder).collect::<Vec<_>>(),
        name: all,
        "problems": records.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn line(records: &Records, file: &RecordFile) -> Map<String, Value> {
    let record = &file.record;
    let text = |said: &Option<Told<String>>| said.as_ref().map(|said| said.value.clone());
    let mut line = Map::new();
    line.insert("number".into(), json!(record.number.as_ref().map(|number| number.value)));
    line.insert("title".into(), json!(text(&record.title)));
    line.insert("status".into(), json!(state(file)));
    line.insert("date".into(), json!(text(&record.date)));
    line.insert("dialect".into(), json!(record.dialect.word()));
    line.insert("file".into(), json!(file.source.place.path()));
    line.insert("folder".into(), json!(records.folders[file.folder].place));
    line.insert("findings".into(), json!(file.findings.iter().map(|one| finding(file, one)).collect::<Vec<_>>()));
    line
}

fn finding(file: &RecordFile, one: &Finding) -> Value {
    with_place(file, json!({ "kind": one.kind.words(), "message": one.message }), one.range)
}

/// A value with where it stands, from 1 and in bytes from 0; without a place where only the name of the file says it.
fn with_place(file: &RecordFile, mut value: Value, range: Range) -> Value {
    if let (Value::Object(object), false) = (&mut value, range.is_none()) {
        let at = file.source.line_column(range.start);
        object.insert("line".into(), json!(at.line));
        object.insert("column".into(), json!(at.column));
        object.insert("bytes".into(), json!([range.start, range.end]));
    }
    value
}

/// What a file says, as values with their places.
#[derive(Clone, Copy)]
pub(super) struct Said<'f>(pub(super) &'f RecordFile);

impl Said<'_> {
    /// A value with where it stands.
    pub(super) fn placed(self, value: Value, range: Range) -> Value {
        with_place(self.0, value, range)
    }

    /// One thing.
    pub(super) fn one(self, said: &Told<String>) -> Value {
        self.placed(json!({ "value": said.value }), said.range)
    }

    /// Several things.
    pub(super) fn many(self, said: &[Told<String>]) -> Value {
        json!(said.iter().map(|said| self.one(said)).collect::<Vec<_>>())
    }
}

/// What stands below a heading up to the next one, as it is written.
pub(super) fn own_text(file: &RecordFile, nth: usize) -> &str {
    let sections = &file.record.sections;
    let range = sections[nth].range;
    let end = sections.get(nth + 1).map_or(range.end, |next| next.range.start.min(range.end));
    let own = &file.source.text[range.start as usize..end as usize];
    let (_, below) = own.split_once('\n').unwrap_or_default();
    // A heading may be underlined.
    let is_line = |line: &str| !line.trim().is_empty() && line.trim().trim_matches(['=', '-']).is_empty();
    let below = match below.split_once('\n').unwrap_or((below, "")) {
        (line, rest) if is_line(line) && !own.starts_with('#') => rest,
        _ => below,
    };
    below.trim()
}

/// A record with all that it says, each thing with its place.
fn whole(records: &Records, file: &RecordFile) -> Value {
    let record = &file.record;
    let said = |said: &Told<String>| with_place(file, json!({ "value": said.value }), said.range);
    let one = |one: &Option<Told<String>>| json!(one.as_ref().map(said));
    let many = |many: &[Told<String>]| json!(many.iter().map(said).collect::<Vec<_>>());
    let references = |many: &[Told<groma_records::Reference>]| -> Value {
        let told = |said: &Told<_>| with_place(file, json!({ "value": reference(&said.value) }), said.range);
        json!(many.iter().map(told).collect::<Vec<_>>())
    };
    let choice = |choice: &Choice| {
        let title = json!({ "value": choice.title.value, "pros": many(&choice.pros), "cons": many(&choice.cons),
            "rejected_because": one(&choice.rejected_because), "about": one(&choice.about) });
        with_place(file, title, choice.title.range)
    };
    let fact = |fact: &groma_records::Fact| {
        with_place(file, json!({ "key": fact.key, "value": fact.value.value }), fact.value.range)
    };
    let link =
        |link: &groma_records::Link| with_place(file, json!({ "text": link.text, "target": link.target }), link.range);
    let beside = |one: &Beside| {
        let value = json!({ "value": reference(&one.record.value), "how": one.how, "is_of_other": one.is_of_other });
        with_place(file, value, one.record.range)
    };
    let section = |nth: usize| {
        let (section, text) = (&record.sections[nth], own_text(file, nth));
        with_place(file, json!({ "title": section.title, "level": section.level, "text": text }), section.range)
    };
    let number = record.number.as_ref();
    let status = record.status.as_ref();
    let mut whole = line(records, file);
    whole.extend([
        ("number_at".to_owned(), json!(number.map(|said| with_place(file, json!({}), said.range)))),
        ("title_at".to_owned(), json!(record.title.as_ref().map(|said| with_place(file, json!({}), said.range)))),
        ("status_at".to_owned(), json!(status.map(|said| with_place(file, json!({}), said.range)))),
        ("date_at".to_owned(), json!(record.date.as_ref().map(|said| with_place(file, json!({}), said.range)))),
        ("status_text".to_owned(), one(&record.status_text)),
        ("deciders".to_owned(), many(&record.deciders)),
        ("consulted".to_owned(), many(&record.consulted)),
        ("informed".to_owned(), many(&record.informed)),
        ("context".to_owned(), one(&record.context)),
        ("drivers".to_owned(), many(&record.drivers)),
        ("options".to_owned(), json!(record.options.iter().map(choice).collect::<Vec<_>>())),
        ("outcome".to_owned(), one(&record.outcome)),
        ("positive".to_owned(), many(&record.positive)),
        ("negative".to_owned(), many(&record.negative)),
        ("neutral".to_owned(), many(&record.neutral)),
        ("consequences".to_owned(), many(&record.consequences)),
        ("confirmation".to_owned(), many(&record.confirmation)),
        ("supersedes".to_owned(), references(&record.supersedes)),
        ("superseded_by".to_owned(), references(&record.superseded_by)),
        ("beside".to_owned(), json!(record.beside.iter().map(beside).collect::<Vec<_>>())),
        ("decides".to_owned(), many(&record.decides)),
        ("sections".to_owned(), json!((0..record.sections.len()).map(section).collect::<Vec<_>>())),
        ("links".to_owned(), json!(record.links.iter().flatten().map(link).collect::<Vec<_>>())),
        ("facts".to_owned(), json!(record.facts.iter().map(fact).collect::<Vec<_>>())),
    ]);
    Value::Object(whole)
}
