//! Baselines: the findings that a workspace had when somebody began to look. They are spared, and the list only shrinks.
//!
//! A baseline is a text with one finding a line, the rule and the address of what it is about, in the order of the alphabet, so that
//! two branches that shrink it merge without a conflict.

use crate::Snapshot;
use groma_base::{Diagnostic, Severity};
use rustc_hash::FxHashMap;
use std::fmt::Write;

/// Findings that are spared: each rule and address, and how often.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    workspace: String,
    spared: Vec<(String, String)>,
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
    /// How many it spares.
    pub spared: usize,
    /// The baseline without the findings that are gone.
    pub shrunk: Baseline,
    /// How many are gone.
    pub gone: usize,
}

const FIRST: &str =
    "// Findings that were there when this list was made. It only shrinks: `groma check --baseline FILE --shrink`.";

impl Baseline {
    /// The findings of a workspace, but for those that the text cannot be read.
    pub fn of(snapshot: &Snapshot, findings: &[Diagnostic]) -> Baseline {
        let kept = findings.iter().filter(|finding| is_spared(finding));
        let mut spared: Vec<(String, String)> = kept.map(|finding| key(snapshot, finding)).collect();
        spared.sort_unstable();
        Baseline { workspace: name(snapshot), spared }
    }

    /// Reads a baseline of this workspace.
    ///
    /// # Errors
    /// The first line that is none of a baseline, or that it is one of another workspace.
    pub fn read(snapshot: &Snapshot, text: &str) -> Result<Baseline, NoBaseline> {
        let wrong = |line: usize, message: String, help: &str| NoBaseline { line, message, help: help.to_owned() };
        // Some editors begin a file with a byte order mark.
        let mut lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .zip(1..)
            .filter(|(line, _)| !line.trim().is_empty() && !line.starts_with("//"));
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
        let mut spared = Vec::new();
        for (line, at) in lines {
            let Some((rule, address)) = line.split_once(' ') else {
                return Err(wrong(
                    at,
                    format!("`{line}` is no finding"),
                    "a line is a rule and the address of a thing",
                ));
            };
            spared.push((rule.to_owned(), address.to_owned()));
        }
        spared.sort_unstable();
        Ok(Baseline { workspace: workspace.to_owned(), spared })
    }

    /// Takes the findings out that it spares.
    pub fn apply(&self, snapshot: &Snapshot, findings: Vec<Diagnostic>) -> Applied {
        let mut open: FxHashMap<(String, String), usize> = FxHashMap::default();
        for one in &self.spared {
            *open.entry(one.clone()).or_default() += 1;
        }
        let mut met: Vec<(String, String)> = Vec::new();
        let mut left = findings;
        left.retain(|finding| {
            let key = key(snapshot, finding);
            let is_met = is_spared(finding) && open.get_mut(&key).is_some_and(take);
            if is_met {
                met.push(key);
            }
            !is_met
        });
        met.sort_unstable();
        let (spared, gone) = (met.len(), self.spared.len() - met.len());
        Applied { left, spared, gone, shrunk: Baseline { workspace: self.workspace.clone(), spared: met } }
    }

    /// It as it is written.
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST}\nworkspace {}\n", self.workspace);
        for (rule, address) in &self.spared {
            let _ = writeln!(text, "{rule} {address}");
        }
        text
    }

    /// How many findings it spares.
    pub fn len(&self) -> usize {
        self.spared.len()
    }

    /// Whether it spares none.
    pub fn is_empty(&self) -> bool {
        self.spared.is_empty()
    }
}

const MAKE: &str = "`groma check --write-baseline FILE` writes one";

/// Takes one of so many, if there is one left.
fn take(count: &mut usize) -> bool {
    let is_there = *count > 0;
    *count = count.saturating_sub(1);
    is_there
}

/// The errors of findings that leave open what a text says: beside them nobody knows what else there is, so that no baseline can be made.
pub fn errors_of_reading(findings: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    let is_of_reading = |code: &str| groma_check::rule(code).is_some_and(|rule| rule.check.is_none());
    findings.iter().filter(move |one| one.severity == Severity::Error && is_of_reading(&one.code))
}

/// That a text cannot be read is never spared: nobody knows what stands there.
fn is_spared(finding: &Diagnostic) -> bool {
    finding.code != groma_check::SYNTAX
}

/// The rule, and the address of what a finding is about: never a line.
fn key(snapshot: &Snapshot, finding: &Diagnostic) -> (String, String) {
    (finding.code.to_string(), address(snapshot, finding))
}

/// The address of what a finding is about, as baselines have it. What stands in nothing is of its file.
pub fn address(snapshot: &Snapshot, finding: &Diagnostic) -> String {
    let span = finding.primary.span;
    let address = match snapshot.arch.innermost(span) {
        Some(at) => snapshot.arch.address_of(at),
        None => format!("file {}", snapshot.sources.get(span.file).published),
    };
    address.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn name(snapshot: &Snapshot) -> String {
    let arch = &snapshot.arch;
    arch.workspace.map_or("-", |at| arch.name(at)).to_owned()
}
