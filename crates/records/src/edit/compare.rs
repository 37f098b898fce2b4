//! What an edit must have left as it was.

use super::splice::{Splice, apply};
use super::{Open, Refused, Text, open};
use crate::finding::FindingKind;
use crate::parts::Part;
use crate::record::{Choice, Record, Said};

/// What an edit may change besides what it was asked for.
#[derive(Clone, Copy, Default)]
pub(super) struct May {
    pub(super) status: bool,
    pub(super) date: bool,
    pub(super) relations: bool,
    pub(super) number: bool,
    pub(super) decides: bool,
    pub(super) facts: bool,
    /// A number that texts may say in the place of another: the old one and the new one.
    pub(super) renumbered: Option<[u32; 2]>,
}

impl May {
    /// A text as it is compared: where one number may be said in the place of another, without both.
    fn compared(self, text: &str) -> String {
        let Some(numbers) = self.renumbered else { return text.to_owned() };
        let mut out = String::with_capacity(text.len());
        for run in text.as_bytes().chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit()) {
            let run = String::from_utf8_lossy(run);
            match run.parse::<u32>().is_ok_and(|number| numbers.contains(&number)) {
                true => out.push('#'),
                false => out.push_str(&run),
            }
        }
        out
    }
}

/// What no edit may bring about.
const BROKEN: [FindingKind; 7] = [
    FindingKind::BrokenFrontMatter,
    FindingKind::UnclosedFrontMatter,
    FindingKind::LateFrontMatter,
    FindingKind::DuplicateKey,
    FindingKind::TomlFrontMatter,
    FindingKind::UnclosedFence,
    FindingKind::UnclosedComment,
];

fn count(record: &Record, kind: FindingKind) -> usize {
    record.findings.iter().filter(|finding| finding.kind == kind).count()
}

/// The bytes with the ranges replaced, if the record then `says` what was asked for and all else as before.
pub(super) fn edited(
    before: &Open,
    splices: &[Splice],
    may: May,
    says: impl Fn(&Record) -> bool,
) -> Result<Vec<u8>, Refused> {
    let path = before.path;
    edited_as(before, path, splices, may, says)
}

/// The same for a file that is called otherwise afterwards.
pub(super) fn edited_as(
    before: &Open,
    path: &str,
    splices: &[Splice],
    may: May,
    says: impl Fn(&Record) -> bool,
) -> Result<Vec<u8>, Refused> {
    let bytes = apply(before.bytes, splices);
    let after = open(Text { family: before.family, path, bytes: &bytes })?;
    let (one, other) = (&before.reading.record, &after.reading.record);
    if !says(other) {
        let why = "another place of it says otherwise, or its text cannot hold it: edit it by hand";
        return Err(Refused::Otherwise(format!("{path} would not say what was asked for: {why}")));
    }
    if let Some(kind) = BROKEN.iter().find(|kind| count(other, **kind) > count(one, **kind)) {
        let why = format!("{path} would be broken then ({}): edit it by hand", kind.words());
        return Err(Refused::Otherwise(why));
    }
    match difference(one, other, may) {
        Some(field) => Err(Refused::Otherwise(format!("{path} would change its {field} as well: edit it by hand"))),
        None => Ok(bytes),
    }
}

/// The first field that is different, of those that may not be.
fn difference(one: &Record, other: &Record, may: May) -> Option<&'static str> {
    let text = |said: &Option<Said<String>>| said.as_ref().map(|said| may.compared(&said.value));
    let texts = |said: &[Said<String>]| said.iter().map(|said| may.compared(&said.value)).collect::<Vec<_>>();
    let number = |record: &Record| record.number.as_ref().map(|number| number.value);
    let status = |record: &Record| record.status.as_ref().map(|status| status.value);
    let titles = |record: &Record| {
        record.sections.iter().map(|section| (may.compared(&section.title), section.level)).collect::<Vec<_>>()
    };
    let links = |record: &Record| record.links.iter().flatten().map(|link| link.target.clone()).collect::<Vec<_>>();
    let fields = [
        ("number", may.number || number(one) == number(other)),
        ("title", text(&one.title) == text(&other.title)),
        ("status", may.status || status(one) == status(other) && text(&one.status_text) == text(&other.status_text)),
        ("date", may.date || text(&one.date) == text(&other.date)),
        ("deciders", texts(&one.deciders) == texts(&other.deciders)),
        ("consulted", texts(&one.consulted) == texts(&other.consulted)),
        ("informed", texts(&one.informed) == texts(&other.informed)),
        ("context", text(&one.context) == text(&other.context)),
        ("drivers", texts(&one.drivers) == texts(&other.drivers)),
        ("options", choices(&one.options, may) == choices(&other.options, may)),
        ("outcome", text(&one.outcome) == text(&other.outcome)),
        ("positive consequences", texts(&one.positive) == texts(&other.positive)),
        ("negative consequences", texts(&one.negative) == texts(&other.negative)),
        ("neutral consequences", texts(&one.neutral) == texts(&other.neutral)),
        ("other consequences", texts(&one.consequences) == texts(&other.consequences)),
        ("confirmation", texts(&one.confirmation) == texts(&other.confirmation)),
        ("decided things", may.decides || texts(&one.decides) == texts(&other.decides)),
        ("what only an RFC says", may.facts || said_of(one, may) == said_of(other, may)),
        ("links", may.relations || links(one) == links(other)),
        ("sections", may.number || holds_all(&titles(other), &titles(one))),
        ("other facts", may.facts || facts(one, may) == facts(other, may)),
    ];
    fields.into_iter().find(|(_, is_same)| !is_same).map(|(field, _)| field)
}

/// What only a request for comments says, in words.
fn said_of(record: &Record, may: May) -> Option<Vec<String>> {
    let rfc = record.rfc.as_deref()?;
    let texts = |said: &[Said<String>]| said.iter().map(|said| may.compared(&said.value)).collect::<Vec<_>>();
    let reviewers = rfc.reviewers.iter().map(|one| format!("{} {:?}", one.role.value, one.who));
    let mut all: Vec<String> = reviewers.collect();
    all.extend(texts(&rfc.authors));
    all.extend(texts(&rfc.questions));
    all.extend(rfc.last_call.iter().map(|day| day.value.clone()));
    Some(all)
}

/// The day on which writing began may be the date of the record.
fn facts(record: &Record, may: May) -> Vec<(String, String)> {
    let is_compared = |key: &str| !may.date || crate::parts::part(key) != Part::Created;
    let facts = record.facts.iter().filter(|fact| is_compared(&fact.key));
    facts.map(|fact| (fact.key.clone(), may.compared(&fact.value.value))).collect()
}

type Told = (String, Vec<String>, Vec<String>, [Option<String>; 2]);

fn choices(choices: &[Choice], may: May) -> Vec<Told> {
    let texts = |said: &[Said<String>]| said.iter().map(|said| may.compared(&said.value)).collect::<Vec<_>>();
    let told = |choice: &Choice| {
        let text = |said: &Option<Said<String>>| said.as_ref().map(|said| may.compared(&said.value));
        let others = [text(&choice.rejected_because), text(&choice.about)];
        (may.compared(&choice.title.value), texts(&choice.pros), texts(&choice.cons), others)
    };
    choices.iter().map(told).collect()
}

/// Whether all of some sections are still there, in their order; an edit may add one, and change the words of that of the status.
fn holds_all(after: &[(String, u8)], before: &[(String, u8)]) -> bool {
    let is_status = |title: &str| crate::parts::part(title.split(':').next().unwrap_or_default()) == Part::Status;
    let mut rest = after.iter();
    let mut kept = before.iter().filter(|(title, _)| !is_status(title));
    kept.all(|section| rest.any(|other| other == section))
}
