//! A finding as a list of them has it, and by what one of today is known in lists.

use crate::Snapshot;
use groma_base::{Diagnostic, Severity, Span};
use groma_model::decode::{FactValue, Value};
use groma_model::difference::OldNames;
use groma_model::kinds::class;
use groma_model::schema::{Head, Type};
use groma_model::standards_met::standard_called;
use groma_model::{Architecture, ItemRef};
use rustc_hash::FxHashSet;

/// A finding that is spared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Entry {
    pub(super) rule: String,
    pub(super) address: String,
    /// What else it regards; empty if nothing. Lists of old do not say it.
    pub(super) regards: Option<String>,
    /// How grave it was: it is spared as long as it is no graver. Lists of old do not say it.
    pub(super) severity: Option<Severity>,
}

impl Entry {
    /// A finding as it is listed: never by its line.
    pub(super) fn of(snapshot: &Snapshot, finding: &Diagnostic) -> Entry {
        let at = snapshot.arch.innermost(finding.primary.span);
        let address =
            at.map_or_else(|| address_of_file(snapshot, finding.primary.span), |at| listed(&snapshot.arch, at));
        Entry {
            rule: finding.code.to_string(),
            address: printable(address),
            regards: Some(regards(snapshot, finding)),
            severity: Some(finding.severity),
        }
    }

    /// The entry that a line is, with the names in it as they are written.
    pub(super) fn read(line: &str, says_what_it_regards: bool) -> Option<Entry> {
        let graded =
            line.split_once('[').and_then(|(word, rest)| Some((Severity::from_word(word)?, rest.split_once("] ")?)));
        let (severity, (told, address)) = match graded {
            Some((severity, entry)) => (Some(severity), entry),
            None => (None, line.split_once(' ')?),
        };
        let (rule, regards) = told.split_once(' ').unwrap_or((told, ""));
        let regards = says_what_it_regards.then(|| regards.to_owned());
        let is_entry = !address.trim().is_empty();
        is_entry.then(|| Entry { rule: rule.to_owned(), address: address.to_owned(), regards, severity })
    }

    /// What it may be with the names of today. A rule that there is not may be a standard that has gone; but then the line must say that it is
    /// of a finding.
    pub(super) fn meant(&self, snapshot: &Snapshot, old: &OldNames) -> Option<Vec<Entry>> {
        let rules = match groma_check::rule(&self.rule) {
            Some(rule) => vec![rule.name.to_owned()],
            None => old.records(&class::STANDARD, &self.rule),
        };
        let is_known =
            |name: &String| groma_check::rule(name).is_some() || standard_called(&snapshot.arch, name).is_some();
        if self.severity.is_none() && !rules.iter().all(is_known) {
            return None;
        }
        let addresses = old.addresses(&self.address);
        let regards = self.regards.as_ref().map(|words| with_names_of_today(old, words));
        let each = rules.iter().flat_map(|rule| addresses.iter().map(move |address| (rule.clone(), address.clone())));
        Some(each.map(|(rule, address)| Entry { rule, address, regards: regards.clone(), ..self.clone() }).collect())
    }

    /// Whether it is of what regards this, as [`OldNames::of_any_kind`] has it.
    pub(super) fn regards_it(&self, regards: &str, old: &OldNames) -> bool {
        self.regards.as_ref().is_none_or(|own| old.of_any_kind(own) == regards)
    }

    /// The gravest finding that it spares.
    pub(super) fn gravest(&self) -> Severity {
        self.severity.unwrap_or(Severity::Error)
    }

    /// It as it is written.
    pub(super) fn line(&self) -> String {
        let Some(severity) = self.severity else { return format!("{} {}", self.rule, self.address) };
        let regards = self.regards.as_deref().filter(|words| !words.is_empty());
        let regards = regards.map_or_else(String::new, |words| format!(" {words}"));
        format!("{}[{}{regards}] {}", severity.word(), self.rule, self.address)
    }

    /// By what its address is known, whatever kind the thing is of by now. A relationship that was the only one between its ends may be by
    /// these, or by its text.
    pub(super) fn keys(&self, old: &OldNames) -> Vec<String> {
        let known = self.address.split_once(ONLY).and_then(|(ends, rest)| {
            let (text, inside) = rest.split_at(end_of_quoted(rest)?);
            let inside = inside.strip_prefix(')')?;
            Some(vec![format!("{ends}{ONLY}){inside}"), format!("{ends} {text}{inside}")])
        });
        let known = known.unwrap_or_else(|| vec![self.address.clone()]);
        known.into_iter().map(|one| old.of_any_kind(&one)).collect()
    }
}

/// What begins the text of a relationship that is the only one between its ends, in the address by which lists have it. It says both, so
/// that another text makes no other of it, and one that comes to stand beside it is not taken for it.
const ONLY: &str = " (only ";

/// The address by which a list has something.
fn listed(arch: &Architecture, at: ItemRef) -> String {
    let address = arch.lasting_address_of(at);
    let Some(id) = arch.items_around(at).find_map(|around| arch.relation_at(around)) else { return address };
    let ends = arch.relation_ends(id);
    match address.strip_prefix(&ends) {
        Some(inside) if arch.relation_address(id) == ends => format!("{ends}{ONLY}{}){inside}", arch.relation_text(id)),
        _ => address,
    }
}

/// By what a finding of today is known in lists, the likeliest first: by its address of today, or by that which it has in lists of old, or had
/// while fewer or more relationships led from one end to the other.
pub(super) fn keys(snapshot: &Snapshot, old: &OldNames, finding: &Diagnostic) -> Vec<String> {
    // What is of several may have stood at another of them.
    let places = std::iter::once(finding.primary.span).chain(finding.or_at.iter().copied());
    let all = places.flat_map(|place| keys_at(snapshot, place));
    let mut seen = FxHashSet::default();
    all.map(|key| old.of_any_kind(&printable(key))).filter(|key| seen.insert(key.clone())).collect()
}

/// By what something at a place is known, the likeliest first.
fn keys_at(snapshot: &Snapshot, place: Span) -> Vec<String> {
    let arch = &snapshot.arch;
    let Some(at) = arch.innermost(place) else { return vec![address_of_file(snapshot, place)] };
    let Some(id) = arch.items_around(at).find_map(|around| arch.relation_at(around)) else {
        return vec![arch.lasting_address_of(at), arch.address_of(at)];
    };
    let (own, address, ends) = (arch.address_of(at), arch.relation_address(id), arch.relation_ends(id));
    let inside = own.strip_prefix(&address).unwrap_or_default().to_owned();
    let is_first = arch.relations_between(arch.relation(id).from, arch.relation(id).to).next() == Some(id);
    match address == ends {
        true => vec![format!("{ends}{ONLY}){inside}"), format!("{ends} {}{inside}", arch.relation_text(id)), own],
        false if is_first => vec![own, format!("{ends}{inside}")],
        false => vec![own],
    }
}

/// The name of the fact at which a finding stands, if that may be given several times and says a query.
pub(crate) fn query_at(snapshot: &Snapshot, finding: &Diagnostic) -> Option<&'static str> {
    let (arch, span) = (&snapshot.arch, finding.primary.span);
    let at = arch.innermost(span)?;
    let mut facts = arch.file(at).facts_of(arch.item(at)).iter();
    let fact = facts.find(|fact| fact.whole.start <= span.range.start && span.range.end <= fact.whole.end)?;
    (fact.fact.many && fact.fact.ty == Type::Query).then_some(fact.fact.name)
}

/// What a finding regards besides the thing that it is about: the fact at which it stands, and what its rule says.
pub(crate) fn regards(snapshot: &Snapshot, finding: &Diagnostic) -> String {
    let (arch, span) = (&snapshot.arch, finding.primary.span);
    let is_at = |fact: &&FactValue| fact.whole.start <= span.range.start && span.range.end <= fact.whole.end;
    let fact = arch.innermost(span).and_then(|at| {
        // The address says the value on its line already.
        let is_head = |fact: &&FactValue| match arch.item(at).kind.head {
            Head::Value(head) | Head::Perhaps(head) => head == fact.fact,
            Head::Named | Head::Title | Head::Arrow => false,
        };
        let fact = arch.file(at).facts_of(arch.item(at)).iter().find(is_at).filter(|fact| !is_head(fact))?;
        Some(words_of(arch, at, fact, arch.file(at).parts_of(fact).iter().find(is_at)))
    });
    let all: Vec<String> = fact.into_iter().chain(finding.regards.as_deref().map(str::to_owned)).collect();
    printable(all.join(", ")).replace(']', ")")
}

/// A fact, or a part of one, by its name; one that may be given several times also by what it names, but not by its numbers, which may
/// change.
fn words_of(arch: &Architecture, at: ItemRef, fact: &FactValue, part: Option<&FactValue>) -> String {
    let said = |value: &FactValue| match (arch.referred(at, value), &value.value) {
        (Some(entity), _) => Some(arch.address(entity)),
        (None, Value::Quantity(_)) => None,
        (None, _) => Some(arch.words(at, value).to_owned()),
    };
    let name = part.map_or_else(|| fact.fact.name.to_owned(), |part| format!("{}.{}", fact.fact.name, part.fact.name));
    let all = std::iter::once(fact).chain(arch.file(at).parts_of(fact)).filter(|_| fact.fact.many);
    let words = all.filter(|value| !value.fact.is_prose).filter_map(said);
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

/// Words in which each address is that of today, where it is certain.
fn with_names_of_today(old: &OldNames, words: &str) -> String {
    with_addresses(words, |address| match &old.addresses(address)[..] {
        [one] => one.clone(),
        _ => address.to_owned(),
    })
}

/// What a finding regards, with other addresses in it. A word without the kind of a thing before it is no address.
pub(crate) fn with_addresses(words: &str, other: impl Fn(&str) -> String) -> String {
    let each = words.split(' ').map(|word| if word.contains(':') { other(word) } else { word.to_owned() });
    each.collect::<Vec<_>>().join(" ")
}

/// Where a text ends that begins with a quote: behind the quote that closes it.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    let inside = text.strip_prefix('"')?;
    let end = inside.find(|letter: char| {
        let closes = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        closes
    })?;
    Some(end + 2)
}

/// The address of what a finding is about. What stands in nothing is of its file.
pub fn address(snapshot: &Snapshot, finding: &Diagnostic) -> String {
    let at = snapshot.arch.innermost(finding.primary.span);
    printable(at.map_or_else(|| address_of_file(snapshot, finding.primary.span), |at| snapshot.arch.address_of(at)))
}

fn address_of_file(snapshot: &Snapshot, place: Span) -> String {
    format!("file {}", snapshot.sources.get(place.file).published)
}

/// An address in one line.
pub(super) fn printable(address: String) -> String {
    address.replace(char::is_control, " ")
}
