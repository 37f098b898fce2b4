//! Baselines: the findings that a workspace had when somebody began to look. They are spared, and the list only shrinks.
//!
//! A baseline is a text with one finding a line: how grave it was, the rule and the address of what it is about, in the order of the
//! alphabet, so that two branches that shrink it merge without a conflict. Before these stands what `was` told of then, as an old name may be in
//! use again: without that nobody knows which of two it means.

use crate::Snapshot;
use crate::perhaps_renamed::{Found, PerhapsRenamed, perhaps_renamed};
use groma_base::{Also, Diagnostic, Severity, list_words};
use groma_check::rule;
use groma_model::difference::{OldNames, Renaming};
use groma_model::kinds::class;
use groma_model::standards_met::standard_called;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// Findings that are spared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    workspace: String,
    /// What `was` had told of when it was written. Lists of old do not say it.
    told: Option<FxHashSet<Renaming>>,
    spared: Vec<Entry>,
    /// Those of which nothing tells what they mean: they spare nothing.
    unclear: Vec<Unclear>,
}

/// A finding that is listed at a name that several things may have had.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Unclear {
    /// As it is listed.
    listed: Entry,
    /// What it may be, with the names of today.
    perhaps: Vec<Entry>,
}

/// A finding that is spared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Entry {
    rule: String,
    address: String,
    /// How grave it was: it is spared as long as it is no graver. Lists of old do not say it.
    severity: Option<Severity>,
}

impl Entry {
    /// The gravest finding that it spares.
    fn gravest(&self) -> Severity {
        self.severity.unwrap_or(Severity::Error)
    }

    /// It as it is written.
    fn line(&self) -> String {
        let Entry { rule, address, severity } = self;
        severity
            .map_or_else(|| format!("{rule} {address}"), |severity| format!("{}[{rule}] {address}", severity.word()))
    }
}

/// Why a text is no baseline, or none of this workspace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoBaseline {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// What is left of findings beside a baseline.
#[derive(Debug)]
pub struct Applied {
    /// The findings that it does not spare.
    pub left: Vec<Diagnostic>,
    /// Those that it spares.
    pub spared: Vec<Diagnostic>,
    /// The baseline without the findings that are gone, with the names of today, each as grave as it is now.
    pub shrunk: Baseline,
    /// How many are gone.
    pub gone: usize,
    /// Those of which nothing tells whether they are gone, as they are listed: they spare nothing, and the shrunk baseline lacks them.
    pub unclear: Vec<String>,
    /// A thing at which findings are gone, and another that may be the same.
    pub perhaps_renamed: Option<PerhapsRenamed>,
}

const FIRST: &str =
    "// Findings that were there when this list was made. It only shrinks: `groma check --baseline FILE --shrink`.";

impl Baseline {
    /// The findings of a workspace, but for those that the text cannot be read.
    pub fn of(snapshot: &Snapshot, findings: &[Diagnostic]) -> Baseline {
        let kept = findings.iter().filter(|finding| is_spared(finding)).flat_map(at_each_place);
        let mut spared: Vec<Entry> = kept.map(|finding| entry(snapshot, &finding)).collect();
        spared.sort_unstable();
        Baseline { workspace: name(snapshot), told: Some(told(snapshot)), spared, unclear: Vec::new() }
    }

    /// Reads a baseline of this workspace. What it calls by an old name that `was` tells of is known by the name of today.
    ///
    /// # Errors
    /// The first line that is none of a baseline, or that it is one of another workspace.
    pub fn read(snapshot: &Snapshot, text: &str) -> Result<Baseline, NoBaseline> {
        let wrong = |line: usize, message: String, help: &str| NoBaseline { line, message, help: help.to_owned() };
        let mut lines = lines(text);
        let Some((first, at)) = lines.next() else {
            return Err(wrong(1, "this is no baseline: it is empty".to_owned(), MAKE));
        };
        let Some(workspace) = first.strip_prefix("workspace ") else {
            return Err(wrong(at, "this is no baseline: it does not begin with `workspace`".to_owned(), MAKE));
        };
        if workspace != name(snapshot) {
            let message = format!("this is the baseline of the workspace `{workspace}`, not of `{}`", name(snapshot));
            return Err(wrong(at, message, "name the baseline of this workspace"));
        }
        let (names, findings): (Vec<_>, Vec<_>) = lines.partition(|(line, _)| told_in(line).is_some());
        let told: Option<FxHashSet<Renaming>> = (!names.is_empty())
            .then(|| names.into_iter().filter_map(|(line, _)| told_in(line)?.parse().ok()).collect());
        let old = OldNames::since(&snapshot.arch, told.as_ref());
        let (mut spared, mut unclear) = (Vec::new(), Vec::new());
        for (line, at) in findings {
            let is_no_finding = || wrong(at, format!("`{line}` is no finding"), LINE);
            let listed = read_entry(line).ok_or_else(is_no_finding)?;
            let mut perhaps = meant(snapshot, &old, &listed).ok_or_else(is_no_finding)?;
            match perhaps.len() {
                1 => spared.append(&mut perhaps),
                _ => unclear.push(Unclear { listed, perhaps }),
            }
        }
        spared.sort_unstable();
        Ok(Baseline { workspace: workspace.to_owned(), told, spared, unclear })
    }

    /// Takes the findings out that it spares. What has become graver than it was is not spared, and stays in the list. What is told once
    /// for many places is spared at those that are listed, and told at the others.
    pub fn apply(&self, snapshot: &Snapshot, findings: Vec<Diagnostic>) -> Applied {
        let mut open = Open::default();
        for one in &self.spared {
            open.entry((one.rule.clone(), one.address.clone())).or_default().push(one);
        }
        let apart: Vec<Vec<Diagnostic>> = findings.iter().map(at_each_place).collect();
        let single: Vec<&Diagnostic> = apart.iter().flatten().collect();
        let addresses: Vec<Vec<String>> = single.iter().map(|one| addresses(snapshot, one)).collect();
        let is_met = met(&mut open, &single, &addresses);
        let mut each = single.into_iter().zip(&addresses).zip(is_met);
        let mut kept = Vec::new();
        let (mut spared, mut left, mut new) = (Vec::new(), Vec::new(), Vec::<Found<'_>>::new());
        for (mut finding, apart) in findings.into_iter().zip(&apart) {
            let mut are_met = Vec::new();
            for ((one, addresses), is_met) in each.by_ref().take(apart.len()) {
                are_met.push(is_met);
                let key = |address: &String| (one.code.to_string(), address.clone());
                if is_met {
                    kept.push(entry(snapshot, one));
                } else if let Some(milder) = addresses.iter().find_map(|address| open.get_mut(&key(address))?.pop()) {
                    finding.notes.push(format!("the baseline spares it as a {} only", milder.gravest().word()));
                    finding.notes.dedup();
                    kept.push(milder.clone());
                } else {
                    new.extend(addresses.first().map(|address| (&*one.code, &**address)));
                    finding.notes.extend(self.unclear_of(one, addresses));
                    finding.notes.dedup();
                }
            }
            match (are_met.contains(&true), are_met.contains(&false)) {
                (true, false) => spared.push(finding),
                (true, true) => {
                    let (met, unmet): (Vec<_>, Vec<_>) =
                        finding.places().into_iter().zip(are_met).partition(|(_, is_met)| *is_met);
                    let places = |some: Vec<(Also, bool)>| some.into_iter().map(|(place, _)| place).collect();
                    spared.push(finding.clone().at_places(places(met)));
                    left.push(finding.at_places(places(unmet)));
                }
                (false, _) => left.push(finding),
            }
        }
        kept.sort_unstable();
        let is_found = |one: &Entry| {
            let mut found = apart.iter().flatten().zip(&addresses);
            found.any(|(finding, addresses)| finding.code == one.rule && addresses.contains(&one.address))
        };
        let (unclear, none): (Vec<_>, Vec<_>) =
            self.unclear.iter().partition(|unclear| unclear.perhaps.iter().any(is_found));
        let unclear = unclear.iter().map(|unclear| unclear.listed.line()).collect();
        let gone = self.spared.len() + none.len() - kept.len();
        let lost: Vec<Found<'_>> = open.values().flatten().map(|one| (&*one.rule, &*one.address)).collect();
        let perhaps_renamed = perhaps_renamed(&snapshot.arch, &lost, &new);
        let (workspace, told) = (self.workspace.clone(), Some(told(snapshot)));
        let shrunk = Baseline { workspace, told, spared: kept, unclear: Vec::new() };
        Applied { left, spared, gone, unclear, shrunk, perhaps_renamed }
    }

    /// What is to be said of a finding that may be listed, by the addresses that it has.
    fn unclear_of(&self, finding: &Diagnostic, addresses: &[String]) -> Option<String> {
        let is_it = |one: &Entry| finding.code == one.rule && addresses.contains(&one.address);
        let unclear = self.unclear.iter().find(|unclear| unclear.perhaps.iter().any(is_it))?;
        let perhaps: Vec<String> = unclear.perhaps.iter().map(|one| format!("{} {}", one.rule, one.address)).collect();
        let listed = unclear.listed.line();
        Some(format!(
            "the baseline lists `{listed}`, and nothing tells whether that is {}",
            list_words(perhaps.iter().map(String::as_str), "or")
        ))
    }

    /// It as it is written.
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST}\nworkspace {}\n", self.workspace);
        if let Some(told) = &self.told {
            let _ = writeln!(text, "{WAS}");
            let mut lines: Vec<String> = told.iter().map(|one| format!("{WAS} {one}\n")).collect();
            lines.sort_unstable();
            text.extend(lines);
        }
        let unclear = self.unclear.iter().map(|unclear| &unclear.listed);
        let mut entries: Vec<&Entry> = self.spared.iter().chain(unclear).collect();
        entries.sort_unstable();
        for entry in entries {
            let _ = writeln!(text, "{}", entry.line());
        }
        text
    }

    /// Whether a text says the same line by line, comments aside.
    pub fn is_written_as(&self, text: &str) -> bool {
        let words = |text: &'_ str| lines(text).map(|(line, _)| line.to_owned()).collect::<Vec<_>>();
        words(&self.text()) == words(text)
    }

    /// How many findings it spares.
    pub fn len(&self) -> usize {
        self.spared.len()
    }

    /// Whether it spares none.
    pub fn is_empty(&self) -> bool {
        self.spared.is_empty()
    }

    /// How many lines do not say how grave the finding was, and spare it however grave it is.
    pub fn of_any_severity(&self) -> usize {
        self.spared.iter().filter(|entry| entry.severity.is_none()).count()
    }
}

/// The lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (&str, usize)> {
    // Some editors begin a file with a byte order mark.
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    lines.filter(|(line, _)| !line.trim().is_empty() && !line.starts_with("//"))
}

const MAKE: &str = "`groma check --write-baseline FILE` writes one";
const LINE: &str = "a line is `error[rule]`, `warning[rule]` or `note[rule]` and the address of a thing; remove one that is about a rule or standard that there is no longer";

/// The entries that have spared nothing yet, by rule and address.
type Open<'a> = FxHashMap<(String, String), Vec<&'a Entry>>;

/// Which findings are spared; takes the entries out that spare them. The gravest are looked at first, and what has an address of today
/// is not taken for what had it once.
fn met(open: &mut Open<'_>, findings: &[&Diagnostic], addresses: &[Vec<String>]) -> Vec<bool> {
    let mut gravest_first: Vec<usize> = (0..findings.len()).filter(|nth| is_spared(findings[*nth])).collect();
    gravest_first.sort_by_key(|nth| std::cmp::Reverse(findings[*nth].severity));
    let mut is_met = vec![false; findings.len()];
    for way in 0..2 {
        for nth in gravest_first.iter().copied() {
            let Some(address) = addresses[nth].get(way).filter(|_| !is_met[nth]) else { continue };
            let entries = open.get_mut(&(findings[nth].code.to_string(), address.clone()));
            is_met[nth] = entries.is_some_and(|entries| take(entries, findings[nth].severity));
        }
    }
    is_met
}

/// Takes the mildest of some entries that spares what is so grave, if there is one.
fn take(entries: &mut Vec<&Entry>, severity: Severity) -> bool {
    let enough = entries.iter().enumerate().filter(|(_, entry)| entry.gravest() >= severity);
    let mildest = enough.min_by_key(|(_, entry)| entry.gravest()).map(|(at, _)| at);
    mildest.map(|at| entries.remove(at)).is_some()
}

/// What begins the lines that say what `was` told of; alone it says that there are no others.
const WAS: &str = "was";

/// What `was` tells of in a workspace, as baselines have it.
fn told(snapshot: &Snapshot) -> FxHashSet<Renaming> {
    OldNames::told(&snapshot.arch).into_iter().map(|one| one.map(printable)).collect()
}

/// What a line says that `was` told of, if it is such a line: nothing, or a renaming, which may be of what there is no more.
fn told_in(line: &str) -> Option<&str> {
    let told = line.strip_prefix(WAS)?;
    told.strip_prefix(' ').filter(|told| told.contains(' ')).or_else(|| told.is_empty().then_some(told))
}

/// The entry that a line is, with the names in it as they are written.
fn read_entry(line: &str) -> Option<Entry> {
    let graded =
        line.split_once('[').and_then(|(word, rest)| Some((Severity::from_word(word)?, rest.split_once("] ")?)));
    let (severity, (rule, address)) = match graded {
        Some((severity, entry)) => (Some(severity), entry),
        None => (None, line.split_once(' ')?),
    };
    let is_entry = !address.trim().is_empty();
    is_entry.then(|| Entry { rule: rule.to_owned(), address: address.to_owned(), severity })
}

/// What an entry may be with the names of today. A rule that there is not may be a standard that has gone; but then the line must say that it is
/// of a finding.
fn meant(snapshot: &Snapshot, old: &OldNames, listed: &Entry) -> Option<Vec<Entry>> {
    let rules = match rule(&listed.rule) {
        Some(rule) => vec![rule.name.to_owned()],
        None => old.records(&class::STANDARD, &listed.rule),
    };
    let is_known = |name: &String| rule(name).is_some() || standard_called(&snapshot.arch, name).is_some();
    if listed.severity.is_none() && !rules.iter().all(is_known) {
        return None;
    }
    let addresses = old.addresses(&listed.address);
    let each = rules.iter().flat_map(|rule| addresses.iter().map(move |address| (rule.clone(), address.clone())));
    Some(each.map(|(rule, address)| Entry { rule, address, ..listed.clone() }).collect())
}

/// A finding at each of the places at which it is told, one by one.
pub(crate) fn at_each_place(finding: &Diagnostic) -> Vec<Diagnostic> {
    if finding.also.is_empty() {
        return vec![finding.clone()];
    }
    let bare = Diagnostic { also: Vec::new(), ..finding.clone() };
    finding.places().into_iter().map(|place| bare.clone().at_places(vec![place])).collect()
}

/// That a text cannot be read is never spared: nobody knows what stands there.
fn is_spared(finding: &Diagnostic) -> bool {
    finding.code != groma_check::SYNTAX
}

/// A finding as it is listed: never by its line.
fn entry(snapshot: &Snapshot, finding: &Diagnostic) -> Entry {
    let at = snapshot.arch.innermost(finding.primary.span);
    let address = at.map_or_else(|| address_of_file(snapshot, finding), |at| snapshot.arch.lasting_address_of(at));
    Entry { rule: finding.code.to_string(), address: printable(address), severity: Some(finding.severity) }
}

/// The address of what a finding is about. What stands in nothing is of its file.
pub fn address(snapshot: &Snapshot, finding: &Diagnostic) -> String {
    let at = snapshot.arch.innermost(finding.primary.span);
    printable(at.map_or_else(|| address_of_file(snapshot, finding), |at| snapshot.arch.address_of(at)))
}

/// The address by which a list knows what a finding is about, and after it those by which older lists may.
fn addresses(snapshot: &Snapshot, finding: &Diagnostic) -> Vec<String> {
    let at = snapshot.arch.innermost(finding.primary.span);
    let all = at.map_or_else(|| vec![address_of_file(snapshot, finding)], |at| snapshot.arch.addresses_of(at));
    all.into_iter().map(printable).collect()
}

fn address_of_file(snapshot: &Snapshot, finding: &Diagnostic) -> String {
    format!("file {}", snapshot.sources.get(finding.primary.span.file).published)
}

/// An address in one line.
fn printable(address: String) -> String {
    address.replace(char::is_control, " ")
}

fn name(snapshot: &Snapshot) -> String {
    let arch = &snapshot.arch;
    arch.workspace.map_or("-", |at| arch.name(at)).to_owned()
}
