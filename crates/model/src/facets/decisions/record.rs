//! A record in Markdown as a decision or a request for comments of the model, each thing with its place in the Markdown.

use super::evidence::is_evidence;
use super::facts::{decision as said, rfc};
use super::{KINDS, class, plain_name};
use crate::facets::common::{OWNER, TAGS};
use crate::items::{Called, FileModel, Given, GivenFact, ItemsBuilder, Text, Value, WRONG_VALUE};
use crate::schema::Fact;
use groma_base::{Diagnostic, FileId, MeantDate, Range, Severity, Span, is_date, meant_date};
use groma_records::folder::{slug_of, stem_of};
use groma_records::{Choice, Family, Finding, FindingKind, LedTo, Record, Reference, Rfc, Said, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rule under which it is told what a record lacks, or contradicts itself in.
pub const DECISION_RECORD: &str = "decision-record";

/// The same for requests for comments.
pub const RFC_RECORD: &str = "rfc-record";

/// What is known of a record besides its text.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// Of which family it is.
    pub family: Family,
    /// How it is called.
    pub naming: &'k Naming,
    /// What it and those of its folder say against it.
    pub findings: &'k [Finding],
    /// Where its links lead to records of the other family, by their names in the model.
    pub linked: &'k [(Box<str>, Range)],
}

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
pub fn names_of(family: Family, folders: &[(&str, Vec<&Record>)]) -> Vec<Vec<Naming>> {
    let mut of_folders: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (nth, (_, records)) in folders.iter().enumerate() {
        for record in records {
            of_folders.entry(short(family, record)).or_default().insert(nth);
        }
    }
    let of_folder = |(path, records): &(&str, Vec<&Record>)| {
        let (mut taken, mut beside) = (BTreeSet::new(), BTreeMap::new());
        let mut called = Vec::with_capacity(records.len());
        let mut of_number: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for record in records {
            if let Some(number) = &record.number {
                of_number.entry(number.value).or_default().push(&record.file);
            }
        }
        for record in records {
            let (short, stem) = (short(family, record), stem_of(&record.file));
            let own = if taken.insert(short.clone()) { short.as_str() } else { stem };
            let is_alone = of_folders.get(&short).is_none_or(|folders| folders.len() < 2);
            let name = if is_alone { own.to_owned() } else { format!("{path}/{own}") };
            let number = record.number.as_ref().map(|number| Reference::Number(number.value));
            for reference in number.into_iter().chain([Reference::Name(stem.to_owned())]) {
                beside.entry(reference).or_insert_with(|| name.clone().into());
            }
            let file = stem;
            let stem: Option<Box<str>> = (is_alone && stem != name).then(|| stem.into());
            let is_first = own == short;
            let namesakes = record.number.iter().filter(|_| is_first).flat_map(|number| &of_number[&number.value]);
            let namesakes: Vec<Box<str>> =
                namesakes.filter(|file| **file != record.file).map(|file| (*file).into()).collect();
            // What has its number and its folder shared has no other name of its own.
            let stem = stem.or_else(|| (!namesakes.is_empty()).then(|| format!("{path}/{file}").into()));
            // Its folder may be named as well where it tells nothing apart.
            let with_folder = is_alone.then(|| format!("{path}/{own}").into());
            let also = stem.into_iter().chain(with_folder).collect();
            called.push(Called { name: name.into(), also, namesakes });
        }
        let beside = Arc::new(beside);
        called.into_iter().map(|called| Naming { called, beside: beside.clone() }).collect()
    };
    folders.iter().map(of_folder).collect()
}

/// The name of a record that no other folder has.
fn short(family: Family, record: &Record) -> String {
    match &record.number {
        Some(number) => number.value.to_string(),
        None => plain_name(class_of(family), slug_of(&record.file)).into_owned(),
    }
}

/// The class of the things that the records of a family are.
fn class_of(family: Family) -> &'static crate::schema::Class {
    match family {
        Family::Decision => &class::DECISION,
        Family::Rfc => &class::RFC,
    }
}

/// A record as a file of the model: one decision, or one request for comments.
pub fn of_record(file: FileId, text: Arc<str>, record: &Record, known: Known<'_>) -> FileModel {
    let whole = Range::new(0, text.len() as u32);
    let first = Range::new(0, text.lines().next().unwrap_or_default().len() as u32);
    let title = record.title.as_ref().map(|title| title.range).filter(|range| !range.is_none());
    let mut reader = Reader { record, known, name: title.unwrap_or(first), facts: Vec::new() };
    match known.family {
        Family::Decision => {
            reader.of_header();
            reader.of_body();
        }
        Family::Rfc => reader.of_rfc(record.rfc.as_deref().unwrap_or(&Rfc::default())),
    }
    let mut builder = ItemsBuilder::new(file, text);
    // Circles may pass through decisions in Groma text, and are looked for in the model.
    let is_of_record = |kind| !matches!(kind, FindingKind::Circle | FindingKind::SupersededByItself);
    for finding in known.findings.iter().filter(|finding| is_of_record(finding.kind)) {
        builder.report(told(file, known.family, finding));
    }
    for problem in reader.other_facts(file) {
        builder.report(problem);
    }
    let kind = KINDS.iter().find(|kind| kind.class == class_of(known.family)).unwrap_or(&KINDS[0]);
    builder.begin(kind, Given { word: first, name: reader.name, title, range: whole }, reader.facts);
    builder.call(known.naming.called.clone());
    builder.finish()
}

/// The rule under which what is wrong with a record of a family is told.
fn rule_of(family: Family) -> &'static str {
    match family {
        Family::Decision => DECISION_RECORD,
        Family::Rfc => RFC_RECORD,
    }
}

/// What is wrong with a record, as a finding.
fn told(file: FileId, family: Family, finding: &Finding) -> Diagnostic {
    let span = Span::new(file, finding.range);
    let told =
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(rule_of(family), span, &*finding.message) };
    match finding.also {
        Some(also) => told.secondary(Span::new(file, also), "and here"),
        None => told,
    }
}

/// Gathers what a record says.
struct Reader<'r> {
    record: &'r Record,
    known: Known<'r>,
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
        for name in &record.decides {
            self.add(&said::DECIDES, Value::Reference(Text::Owned((*name.value).into())), name.range);
        }
        let both = [(&said::SUPERSEDES, &record.supersedes), (&said::SUPERSEDED_BY, &record.superseded_by)];
        for (fact, names) in both {
            for name in names {
                // One that is not there is told by the records themselves.
                if let Some(other) = self.known.naming.beside.get(&name.value) {
                    self.add(fact, Value::Reference(Text::Owned(other.clone())), name.range);
                }
            }
        }
        let by_number = record.came_of.iter().map(|number| (number.value.to_string().into(), number.range));
        self.references(&said::RFC, by_number.chain(self.known.linked.iter().cloned()));
        self.texts(&said::DECIDERS, &record.deciders);
        self.texts(&said::CONSULTED, &record.consulted);
        self.texts(&said::INFORMED, &record.informed);
    }

    /// Names of the model, each once.
    fn references(&mut self, fact: &'static Fact, names: impl Iterator<Item = (Box<str>, Range)>) {
        let mut seen: BTreeSet<Box<str>> = BTreeSet::new();
        for (name, range) in names {
            if seen.insert(name.clone()) {
                self.add(fact, Value::Reference(Text::Owned(name)), range);
            }
        }
    }

    /// What was considered, with what is said for and against each.
    fn choices(&mut self, fact: &'static Fact, choices: &[Choice]) {
        for option in choices {
            let because = option.rejected_because.iter().map(|why| (&said::OPTION_BECAUSE, why));
            let pros = option.pros.iter().map(|pro| (&said::OPTION_PRO, pro));
            let cons = option.cons.iter().map(|con| (&said::OPTION_CON, con));
            let about = option.about.iter().map(|about| (&said::OPTION_ABOUT, about));
            let parts = because.chain(pros).chain(cons).chain(about);
            let parts = parts.map(|(fact, text)| (fact, owned(&text.value), self.place(text.range))).collect();
            let (value, range) = (owned(&option.title.value), self.place(option.title.range));
            self.facts.push(GivenFact { fact, value, range, parts });
        }
    }

    /// What a request for comments says.
    fn of_rfc(&mut self, rfc: &Rfc) {
        let record = self.record;
        if let Some(status) = record.status.as_ref().and_then(|said| Some((word_of_rfc(said.value)?, said.range))) {
            self.add(&rfc::STATUS, Value::Choice(status.0.word()), status.1);
        }
        self.texts(&rfc::DATE, &record.date);
        self.texts(&rfc::AUTHORS, &rfc.authors);
        for reviewer in &rfc.reviewers {
            let range = self.place(reviewer.role.range);
            let parts = reviewer.who.iter().map(|who| (&rfc::REVIEWER_WHO, owned(who), range)).collect();
            self.facts.push(GivenFact { fact: &rfc::REVIEWER, value: owned(&reviewer.role.value), range, parts });
        }
        self.texts(&rfc::LAST_CALL, &rfc.last_call);
        self.references(&rfc::ABOUT, rfc.about.iter().map(|name| ((*name.value).into(), name.range)));
        self.texts(&rfc::PROBLEM, &record.context);
        self.texts(&rfc::PROPOSAL, &record.outcome);
        self.choices(&rfc::ALTERNATIVE, &record.options);
        self.texts(&rfc::CONSIDERED, &record.considered);
        self.texts(&rfc::DRAWBACK, &record.negative);
        self.texts(&rfc::QUESTION, &rfc.questions);
        let by_number = rfc.led_to.iter().filter_map(|led| match led {
            LedTo::Number(number) => Some((number.value.to_string().into(), number.range)),
            LedTo::Links(_) => None,
        });
        let is_led_to = |(_, link): &&(Box<str>, Range)| {
            rfc.led_to.iter().any(|led| matches!(led, LedTo::Links(range) if range.contains(*link)))
        };
        let by_link = self.known.linked.iter().filter(is_led_to).cloned();
        self.references(&rfc::LED_TO, by_number.chain(by_link));
    }

    fn of_body(&mut self) {
        let record = self.record;
        self.texts(&said::CONTEXT, &record.context);
        self.texts(&said::DRIVER, &record.drivers);
        self.choices(&said::OPTION, &record.options);
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
        let is_rfc = self.known.family == Family::Rfc;
        let known: [(&'static Fact, &[&str]); 3] = [
            (&said::REVIEW, if is_rfc { &[] } else { &["review", "review-by", "review by", "review date", "revisit"] }),
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
        // These no decision has.
        State::Review => said::Status::Proposed,
        State::Withdrawn => said::Status::Deprecated,
    }
}

fn word_of_rfc(state: State) -> Option<rfc::Status> {
    match state {
        State::Draft => Some(rfc::Status::Draft),
        State::Review => Some(rfc::Status::Review),
        State::Accepted => Some(rfc::Status::Accepted),
        State::Rejected => Some(rfc::Status::Rejected),
        State::Withdrawn => Some(rfc::Status::Withdrawn),
        State::Proposed | State::Deprecated | State::Superseded => None,
    }
}
