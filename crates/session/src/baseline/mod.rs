//! Baselines: the findings that a workspace had when somebody began to look. They are spared, and the list only shrinks.
//!
//! A baseline is a text with one finding a line: how grave it was, the rule, what else it regards, and the address of what it is about, in the
//! order of the alphabet, so that two branches that shrink it merge without a conflict. Before these stands what `was` told of then, as an old
//! name may be in use again: without that nobody knows which of two it means.

mod entry;
#[cfg(test)]
mod tests;

pub use entry::address;
pub(crate) use entry::{query_at, regards, with_addresses};

use crate::Snapshot;
use crate::perhaps_renamed::{Found, PerhapsRenamed, perhaps_renamed};
use entry::{Entry, printable};
use groma_base::{Also, Diagnostic, Severity, list_words};
use groma_model::difference::{OldNames, Renaming};
use groma_model::facts;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// Findings that are spared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    workspace: String,
    /// Whether it says what each finding regards. Lists of old do not.
    says_what_each_regards: bool,
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

const FIRST: &str = "// Findings that were there when this list was made. It only shrinks: `groma check --baseline FILE --shrink`.\n// The lines that begin with `was` keep what had another name then, so that a name that is used anew is not mistaken.";

impl Baseline {
    /// The findings of a workspace, but for those that the text cannot be read.
    pub fn of(snapshot: &Snapshot, findings: &[Diagnostic]) -> Baseline {
        let kept = findings.iter().filter(|finding| is_spared(finding)).flat_map(at_each_place);
        let mut spared: Vec<Entry> = kept.map(|finding| Entry::of(snapshot, &finding)).collect();
        spared.sort_unstable();
        Baseline::new(snapshot, spared)
    }

    /// A baseline of today.
    fn new(snapshot: &Snapshot, spared: Vec<Entry>) -> Baseline {
        let (workspace, told) = (name(snapshot), Some(told(snapshot)));
        Baseline { workspace, says_what_each_regards: true, told, spared, unclear: Vec::new() }
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
        if workspace != name(snapshot) && !had_names(snapshot).any(|was| was == workspace) {
            let message = format!("this is the baseline of the workspace `{workspace}`, not of `{}`", name(snapshot));
            let help = format!(
                "name the baseline of this workspace; if it is that and has another name now, say so: `workspace {} was={workspace}`",
                name(snapshot)
            );
            return Err(wrong(at, message, &help));
        }
        let mut lines = lines.peekable();
        let says_what_each_regards = lines.next_if(|(line, _)| *line == VERSION).is_some();
        let (names, findings): (Vec<_>, Vec<_>) = lines.partition(|(line, _)| told_in(line).is_some());
        let told: Option<FxHashSet<Renaming>> = (!names.is_empty())
            .then(|| names.into_iter().filter_map(|(line, _)| told_in(line)?.parse().ok()).collect());
        let old = OldNames::since(&snapshot.arch, told.as_ref());
        let (mut spared, mut unclear) = (Vec::new(), Vec::new());
        for (line, at) in findings {
            let is_no_finding = || wrong(at, format!("`{line}` is no finding"), LINE);
            let listed = Entry::read(line, says_what_each_regards).ok_or_else(is_no_finding)?;
            let mut perhaps = listed.meant(snapshot, &old).ok_or_else(is_no_finding)?;
            match perhaps.len() {
                1 => spared.append(&mut perhaps),
                _ => unclear.push(Unclear { listed, perhaps }),
            }
        }
        spared.sort_unstable();
        Ok(Baseline { workspace: workspace.to_owned(), says_what_each_regards, told, spared, unclear })
    }

    /// Takes the findings out that it spares. What has become graver than it was is not spared, and stays in the list. What is told once
    /// for many places is spared at those that are listed, and told at the others.
    pub fn apply(&self, snapshot: &Snapshot, findings: Vec<Diagnostic>) -> Applied {
        let old = OldNames::since(&snapshot.arch, None);
        let apart: Vec<Vec<Diagnostic>> = findings.iter().map(at_each_place).collect();
        let single: Vec<Known> = apart.iter().flatten().map(|one| Known::of(snapshot, &old, one)).collect();
        let mut open = Open::of(&self.spared, &old);
        let is_met = open.met(&single);
        let mut each = single.iter().zip(is_met);
        let mut kept = Vec::new();
        let (mut spared, mut left, mut new) = (Vec::new(), Vec::new(), Vec::<Found<'_>>::new());
        for (mut finding, apart) in findings.into_iter().zip(&apart) {
            let mut are_met = Vec::new();
            for (one, is_met) in each.by_ref().take(apart.len()) {
                are_met.push(is_met);
                if is_met {
                    kept.push(Entry::of(snapshot, one.finding));
                } else if let Some(milder) = open.take_any(one) {
                    finding.notes.push(format!("the baseline spares it as a {} only", milder.gravest().word()));
                    finding.notes.dedup();
                    kept.push(Entry { severity: milder.severity, ..Entry::of(snapshot, one.finding) });
                } else {
                    new.push((&*one.finding.code, &*one.address));
                    finding.notes.extend(self.unclear_of(one, &old));
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
        let is_found = |one: &Entry| single.iter().any(|known| known.may_be(one, &old));
        let (unclear, none): (Vec<_>, Vec<_>) =
            self.unclear.iter().partition(|unclear| unclear.perhaps.iter().any(is_found));
        let unclear = unclear.iter().map(|unclear| unclear.listed.line()).collect();
        let gone = self.spared.len() + none.len() - kept.len();
        let lost: Vec<Found<'_>> = open.left().map(|one| (&*one.rule, &*one.address)).collect();
        let perhaps_renamed = perhaps_renamed(&snapshot.arch, &lost, &new);
        Applied { left, spared, gone, unclear, shrunk: Baseline::new(snapshot, kept), perhaps_renamed }
    }

    /// What is to be said of a finding that may be listed.
    fn unclear_of(&self, finding: &Known<'_>, old: &OldNames) -> Option<String> {
        let is_it = |one: &Entry| finding.may_be(one, old);
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
        if self.says_what_each_regards {
            let _ = writeln!(text, "{VERSION}");
        }
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

/// That a list says what each finding regards.
const VERSION: &str = "version 2";

/// A finding at one of the places at which it is told, and by what it is known in lists.
struct Known<'a> {
    finding: &'a Diagnostic,
    /// Its address of today.
    address: String,
    /// The likeliest first.
    keys: Vec<String>,
    regards: String,
    /// The name of the fact at which it stands, if that says a query: names in it may have changed, so its words do not last.
    of_query: Option<&'static str>,
}

impl<'a> Known<'a> {
    fn of(snapshot: &Snapshot, old: &OldNames, finding: &'a Diagnostic) -> Known<'a> {
        let keys = entry::keys(snapshot, old, finding);
        let regards = old.of_any_kind(&entry::regards(snapshot, finding));
        let of_query = entry::query_at(snapshot, finding);
        Known { finding, address: address(snapshot, finding), keys, regards, of_query }
    }

    /// Whether a list that has it so may mean it.
    fn may_be(&self, one: &Entry, old: &OldNames) -> bool {
        one.regards_it(&self.regards, old)
            && self.finding.code == one.rule
            && one.keys(old).iter().any(|key| self.keys.contains(key))
    }
}

/// The entries that have spared nothing yet, by rule and what they are known by.
struct Open<'a> {
    old: &'a OldNames,
    entries: Vec<Option<&'a Entry>>,
    by: FxHashMap<(String, String), Vec<usize>>,
}

impl<'a> Open<'a> {
    fn of(spared: &'a [Entry], old: &'a OldNames) -> Open<'a> {
        let mut by: FxHashMap<(String, String), Vec<usize>> = FxHashMap::default();
        for (nth, one) in spared.iter().enumerate() {
            for key in one.keys(old) {
                by.entry((one.rule.clone(), key)).or_default().push(nth);
            }
        }
        Open { old, entries: spared.iter().map(Some).collect(), by }
    }

    fn left(&self) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().copied().flatten()
    }

    /// Which findings are spared; takes the entries out that spare them. The gravest are looked at first, and what is known by its address
    /// of today is not taken for what had it once; neither is what is listed with what it regards taken for what regards something else,
    /// but for a query in other words that no line lists.
    fn met(&mut self, findings: &[Known<'_>]) -> Vec<bool> {
        let mut gravest_first: Vec<usize> =
            (0..findings.len()).filter(|nth| is_spared(findings[*nth].finding)).collect();
        gravest_first.sort_by_key(|nth| std::cmp::Reverse(findings[*nth].finding.severity));
        let mut is_met = vec![false; findings.len()];
        let ways = findings.iter().map(|one| one.keys.len()).max().unwrap_or(0);
        for way in 0..ways {
            for nth in gravest_first.iter().copied() {
                let Some(key) = findings[nth].keys.get(way).filter(|_| !is_met[nth]) else { continue };
                is_met[nth] = self.take(&findings[nth], key, findings[nth].finding.severity).is_some();
            }
        }
        for nth in gravest_first {
            let Some(fact) = findings[nth].of_query.filter(|_| !is_met[nth]) else { continue };
            let begins = format!("{fact} ");
            let is_it = |one: &Entry| one.regards.as_ref().is_some_and(|regards| regards.starts_with(&begins));
            let severity = findings[nth].finding.severity;
            let mut keys = findings[nth].keys.iter();
            is_met[nth] = keys.any(|key| self.take_if(&findings[nth], key, severity, is_it).is_some());
        }
        is_met
    }

    /// Takes the mildest of the entries that spares what is known by a key and is so grave, if there is one.
    fn take(&mut self, known: &Known<'_>, key: &str, severity: Severity) -> Option<&'a Entry> {
        let old = self.old;
        self.take_if(known, key, severity, |one| one.regards_it(&known.regards, old))
    }

    /// The same of those that it may be.
    fn take_if(
        &mut self,
        known: &Known<'_>,
        key: &str,
        severity: Severity,
        is_it: impl Fn(&Entry) -> bool,
    ) -> Option<&'a Entry> {
        let listed = self.by.get(&(known.finding.code.to_string(), key.to_owned()))?.iter().copied();
        let entries = listed.filter_map(|nth| Some((nth, self.entries[nth]?)));
        let enough = entries.filter(|(_, entry)| entry.gravest() >= severity && is_it(entry));
        let (nth, _) = enough.min_by_key(|(_, entry)| entry.gravest())?;
        self.entries[nth].take()
    }

    /// Takes one of the entries that are of a finding, however grave.
    fn take_any(&mut self, known: &Known<'_>) -> Option<&'a Entry> {
        known.keys.iter().find_map(|key| self.take(known, key, Severity::Note))
    }
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

fn name(snapshot: &Snapshot) -> String {
    let arch = &snapshot.arch;
    arch.workspace.map_or("-", |at| arch.name(at)).to_owned()
}

/// The names that the workspace is said to have had.
fn had_names(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let arch = &snapshot.arch;
    arch.workspace.into_iter().flat_map(|at| arch.list(at, &facts::WAS))
}
