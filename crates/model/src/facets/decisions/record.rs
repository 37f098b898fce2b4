//! A record in Markdown as a decision of the model, each thing with its place in the Markdown.

use super::evidence::is_evidence;
use super::facts::decision as said;
use super::{KINDS, plain_name};
use crate::facets::common::{OWNER, TAGS};
use crate::items::{Called, FileModel, Given, GivenFact, ItemsBuilder, Text, Value, WRONG_VALUE};
use crate::schema::Fact;
use groma_base::{Diagnostic, FileId, MeantDate, Range, Severity, Span, is_date, meant_date};
use groma_records::folder::{slug_of, stem_of};
use groma_records::{Finding, FindingKind, Record, Reference, Said, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rule under which it is told what a record lacks, or contradicts itself in.
pub const DECISION_RECORD: &str = "decision-record";

/// How a record is called, and which records it may name.
#[derive(Clone, Debug)]
pub struct Naming {
    /// How it is called itself.
    pub called: Called,
    /// What the records of its folder are called in the model: other than these it names none.
    pub beside: Arc<BTreeMap<Reference, Box<str>>>,
}

/// How the records of some folders are called, in their order: by number, or else by the name of the file without number and ending. What
/// several folders have is told apart by the folder; what one folder has twice is the first one's, and the others are called as their files.
pub fn names_of(folders: &[(&str, Vec<&Record>)]) -> Vec<Vec<Naming>> {
    let mut of_folders: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (nth, (_, records)) in folders.iter().enumerate() {
        for record in records {
            of_folders.entry(short(record)).or_default().insert(nth);
        }
    }
    let of_folder = |(path, records): &(&str, Vec<&Record>)| {
        let (mut taken, mut beside) = (BTreeSet::new(), BTreeMap::new());
        let mut called = Vec::with_capacity(records.len());
        for record in records {
            let (short, stem) = (short(record), stem_of(&record.file));
            let own = if taken.insert(short.clone()) { short.as_str() } else { stem };
            let is_alone = of_folders.get(&short).is_none_or(|folders| folders.len() < 2);
            let name = if is_alone { own.to_owned() } else { format!("{path}/{own}") };
            let number = record.number.as_ref().map(|number| Reference::Number(number.value));
            for reference in number.into_iter().chain([Reference::Name(stem.to_owned())]) {
                beside.entry(reference).or_insert_with(|| name.clone().into());
            }
            let stem = (is_alone && stem != name).then(|| stem.into());
            // Its folder may be named as well where it tells nothing apart.
            let with_folder = is_alone.then(|| format!("{path}/{own}").into());
            let also = stem.into_iter().chain(with_folder).collect();
            called.push(Called { name: name.into(), also });
        }
        let beside = Arc::new(beside);
        called.into_iter().map(|called| Naming { called, beside: beside.clone() }).collect()
    };
    folders.iter().map(of_folder).collect()
}

/// The name of a record that no other folder has.
fn short(record: &Record) -> String {
    match &record.number {
        Some(number) => number.value.to_string(),
        None => plain_name(slug_of(&record.file)).into_owned(),
    }
}

/// A record as a file of the model: one decision. `findings` are what the record and those of its folder say against it.
pub fn of_record(
    file: FileId,
    text: Arc<str>,
    record: &Record,
    (naming, findings): (&Naming, &[Finding]),
) -> FileModel {
    let whole = Range::new(0, text.len() as u32);
    let first = Range::new(0, text.lines().next().unwrap_or_default().len() as u32);
    let title = record.title.as_ref().map(|title| title.range).filter(|range| !range.is_none());
    let mut reader = Reader { record, naming, name: title.unwrap_or(first), facts: Vec::new() };
    reader.of_header();
    reader.of_body();
    let mut builder = ItemsBuilder::new(file, text);
    // Circles may pass through decisions in Groma text, and are looked for in the model.
    let is_of_record = |kind| !matches!(kind, FindingKind::Circle | FindingKind::SupersededByItself);
    for finding in findings.iter().filter(|finding| is_of_record(finding.kind)) {
        builder.report(told(file, finding));
    }
    for problem in reader.other_facts(file) {
        builder.report(problem);
    }
    builder.begin(&KINDS[0], Given { word: first, name: reader.name, title, range: whole }, reader.facts);
    builder.call(naming.called.clone());
    builder.finish()
}

/// What is wrong with a record, as a finding.
fn told(file: FileId, finding: &Finding) -> Diagnostic {
    let span = Span::new(file, finding.range);
    let told =
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(DECISION_RECORD, span, &*finding.message) };
    match finding.also {
        Some(also) => told.secondary(Span::new(file, also), "and here"),
        None => told,
    }
}

/// Gathers what a record says.
struct Reader<'r> {
    record: &'r Record,
    naming: &'r Naming,
    /// Where it is named: what only the name of its file says stands there.
    name: Range,
    facts: Vec<GivenFact>,
}

impl Reader<'_> {
    fn add(&mut self, fact: &'static Fact, value: Value, range: Range) {
        self.facts.push((fact, value, self.place(range)).into());
    }

    fn place(&self, range: Range) -> Range {
        if range.is_none() { self.name } else { range }
    }

    fn texts<'t>(&mut self, fact: &'static Fact, texts: impl IntoIterator<Item = &'t Said<String>>) {
        for text in texts {
            self.add(fact, owned(&text.value), text.range);
        }
    }

    fn of_header(&mut self) {
        let record = self.record;
        if let Some(status) = &record.status {
            self.add(&said::STATUS, Value::Choice(word(status.value).word()), status.range);
        }
        self.texts(&said::DATE, &record.date);
        for name in record.decides.iter().filter(|name| !is_relationship(&name.value)) {
            self.add(&said::DECIDES, Value::Reference(Text::Owned((*name.value).into())), name.range);
        }
        let both = [(&said::SUPERSEDES, &record.supersedes), (&said::SUPERSEDED_BY, &record.superseded_by)];
        for (fact, names) in both {
            for name in names {
                // One that is not there is told by the records themselves.
                if let Some(other) = self.naming.beside.get(&name.value) {
                    self.add(fact, Value::Reference(Text::Owned(other.clone())), name.range);
                }
            }
        }
        self.texts(&said::DECIDERS, &record.deciders);
        self.texts(&said::CONSULTED, &record.consulted);
        self.texts(&said::INFORMED, &record.informed);
    }

    fn of_body(&mut self) {
        let record = self.record;
        self.texts(&said::CONTEXT, &record.context);
        self.texts(&said::DRIVER, &record.drivers);
        for option in &record.options {
            let because = option.rejected_because.iter().map(|why| (&said::OPTION_BECAUSE, why));
            let pros = option.pros.iter().map(|pro| (&said::OPTION_PRO, pro));
            let cons = option.cons.iter().map(|con| (&said::OPTION_CON, con));
            let about = option.about.iter().map(|about| (&said::OPTION_ABOUT, about));
            let parts = because.chain(pros).chain(cons).chain(about);
            let parts = parts.map(|(fact, text)| (fact, owned(&text.value), self.place(text.range))).collect();
            let (value, range) = (owned(&option.title.value), self.place(option.title.range));
            self.facts.push(GivenFact { fact: &said::OPTION, value, range, parts });
        }
        self.texts(&said::CONSIDERED, &record.considered);
        self.texts(&said::OUTCOME, &record.outcome);
        self.texts(&said::POSITIVE, &record.positive);
        self.texts(&said::NEGATIVE, &record.negative);
        self.texts(&said::NEUTRAL, &record.neutral);
        self.texts(&said::CONSEQUENCE, &record.consequences);
        self.texts(&said::CONFIRMATION, &record.confirmation);
        self.texts(&said::FIGURE, &record.figures);
        for reference in record.references.iter().filter(|reference| is_evidence(&reference.value)) {
            let range = self.place(reference.range);
            let is_of_it = |link: &&groma_records::Link| range.start <= link.range.end && link.range.start <= range.end;
            let links = record.links.iter().flatten().filter(is_of_it);
            let parts = links.take(1).map(|link| (&said::EVIDENCE_LINK, owned(&link.target), link.range)).collect();
            self.facts.push(GivenFact { fact: &said::EVIDENCE, value: owned(&reference.value), range, parts });
        }
    }

    /// The facts of the header that only the model knows, and what is wrong with them.
    fn other_facts(&mut self, file: FileId) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for name in self.record.decides.iter().filter(|name| is_relationship(&name.value)) {
            problems.push(no_relationship(
                Span::new(file, self.place(name.range)),
                &name.value,
                &self.naming.called.name,
            ));
        }
        let known: [(&'static Fact, &[&str]); 3] = [
            (&said::REVIEW, &["review", "review-by", "review by", "review date", "revisit"]),
            (&OWNER, &["owner"]),
            (&TAGS, &["tags", "tag"]),
        ];
        for given in &self.record.facts {
            let key = given.key.trim().to_lowercase();
            let Some((fact, _)) = known.iter().find(|(_, keys)| keys.contains(&&*key)) else { continue };
            let (value, range) = (given.value.value.trim(), given.value.range);
            let is_given = self.facts.iter().any(|other| *other.fact == **fact);
            if value.is_empty() || is_given {
                continue;
            }
            if **fact == said::REVIEW && !is_date(value) {
                problems.push(no_date(Span::new(file, self.place(range)), value));
                continue;
            }
            self.add(fact, owned(value), range);
        }
        problems
    }
}

fn owned(text: &str) -> Value {
    Value::Text(Text::Owned(text.into()))
}

fn is_relationship(name: &str) -> bool {
    name.contains("->")
}

/// That a record names a relationship, which has no name that it could use.
fn no_relationship(span: Span, name: &str, record: &str) -> Diagnostic {
    let message = format!("`{name}` is a relationship, which a record does not name");
    let told = Diagnostic { severity: Severity::Warning, ..Diagnostic::error(DECISION_RECORD, span, message) };
    told.help(format!("write `decision={record}` on the relationship"))
}

fn no_date(span: Span, value: &str) -> Diagnostic {
    let told = Diagnostic::error(WRONG_VALUE, span, format!("`{value}` is not a valid value for `review`"));
    match meant_date(value) {
        Some(MeantDate::Day(day)) => told.help(format!("write `{day}`")),
        Some(MeantDate::NoSuchDay) => told.help("there is no such day: write one of the calendar"),
        Some(MeantDate::OneOfTwo) | None => told.help("write a date such as `2026-11-30`"),
    }
}

fn word(state: State) -> said::Status {
    match state {
        State::Draft => said::Status::Draft,
        State::Proposed => said::Status::Proposed,
        State::Accepted => said::Status::Accepted,
        State::Rejected => said::Status::Rejected,
        State::Deprecated => said::Status::Deprecated,
        State::Superseded => said::Status::Superseded,
    }
}
