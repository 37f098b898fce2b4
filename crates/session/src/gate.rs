//! The gate: what must be true of a workspace before it is forecast. Every front end comes by here, so that all of them
//! get a forecast or the same findings.

use crate::parse::parse;
use crate::{Snapshot, only_errors_of_text};
use groma_base::{Diagnostic, Edit, FileId, Source, Sources, apply_edits};
use groma_model::decode::WRONG_VALUE;
use groma_model::kinds::class;
use groma_model::{Architecture, facts, link};
use groma_simulate::{Judgement, Options, Progress, Report, Requirement};
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Why a workspace is not forecast.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The files that the findings point into: those of the workspace, with the change that was asked for.
    pub sources: Sources,
    /// All that must be put right first.
    pub findings: Vec<Diagnostic>,
}

/// A workspace that may be forecast: it has passed the gate.
pub struct Forecastable<'a> {
    sources: Cow<'a, Sources>,
    arch: Cow<'a, Architecture>,
}

impl Snapshot {
    /// The workspace as one that may be forecast.
    ///
    /// # Errors
    /// If a rule that blocks forecasts finds something, which no `allow` changes.
    pub fn forecastable(&self) -> Result<Forecastable<'_>, Refusal> {
        let findings = if self.is_broken {
            only_errors_of_text(&self.problems)
        } else {
            groma_check::blocking(&self.arch, &self.problems)
        };
        if findings.is_empty() {
            return Ok(Forecastable { sources: Cow::Borrowed(&self.sources), arch: Cow::Borrowed(&self.arch) });
        }
        Err(Refusal { sources: self.sources.clone(), findings })
    }
}

impl Forecastable<'_> {
    /// What its texts say.
    pub fn arch(&self) -> &Architecture {
        &self.arch
    }

    /// Its texts.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The workspace with edits made to its texts.
    ///
    /// # Errors
    /// If what comes of them may not be forecast.
    pub fn changed(&self, edits: &[Edit]) -> Result<Forecastable<'static>, Refusal> {
        let mut sources = Sources::clone(&self.sources);
        let mut files = self.arch.files.to_vec();
        // What was not edited has no errors of reading: it has passed the gate before.
        let (mut errors, mut problems) = (Vec::new(), Vec::new());
        for (id, source) in self.sources.iter() {
            let Some(source) = edited(id, source, edits) else { continue };
            let parsed = parse(id, &source, &self.arch.own_facts);
            errors.extend(parsed.errors);
            problems.extend(parsed.model.problems.iter().cloned());
            files[id.index()] = parsed.model;
            sources.replace(id, Arc::new(source));
        }
        if !errors.is_empty() {
            return Err(Refusal { sources, findings: only_errors_of_text(&errors) });
        }
        let (mut arch, unresolved) = link(files);
        arch.traces = self.arch.traces.clone();
        problems.extend(unresolved);
        problems.extend(unread_traces(&arch));
        let findings = groma_check::blocking(&arch, &problems);
        if findings.is_empty() {
            return Ok(Forecastable { sources: Cow::Owned(sources), arch: Cow::Owned(arch) });
        }
        Err(Refusal { sources, findings })
    }

    /// Judges every quality: see [`groma_simulate::judge`].
    pub fn judge(&self, options: &Options, cancel: &AtomicBool, progress: Progress<'_>) -> Report {
        groma_simulate::judge(&self.arch, options, cancel, progress)
    }

    /// Judges those requirements that are wanted: see [`groma_simulate::judge_some`].
    pub fn judge_some(
        &self,
        is_wanted: &dyn Fn(&Requirement) -> bool,
        options: &Options,
        cancel: &AtomicBool,
        progress: Progress<'_>,
    ) -> Report {
        groma_simulate::judge_some(&self.arch, is_wanted, options, cancel, progress)
    }

    /// Judges one requirement: see [`groma_simulate::judge_one`].
    pub fn judge_one(
        &self,
        nth_beside: (usize, &[usize]),
        options: &Options,
        cancel: &AtomicBool,
    ) -> Option<(Judgement, u64)> {
        groma_simulate::judge_one(&self.arch, nth_beside, options, cancel)
    }
}

/// A file with the edits that are meant for it; `None` if there are none.
fn edited(id: FileId, source: &Source, edits: &[Edit]) -> Option<Source> {
    let here = edits.iter().filter(|edit| edit.span.file == id);
    let here: Vec<_> = here.map(|edit| (edit.span.range, edit.text.as_str())).collect();
    (!here.is_empty()).then(|| source.with_text(apply_edits(&source.text, &here)))
}

/// Loads that name a trace which was not read with the workspace: nothing would ever come.
fn unread_traces(arch: &Architecture) -> Vec<Diagnostic> {
    let traces = arch.records_of(&class::LOAD).filter(|load| arch.trace(load.at).is_none());
    let unread = traces.filter_map(|load| Some((load.at, arch.fact(load.at, &facts::load::TRACE)?)));
    unread
        .map(|(at, trace)| {
            Diagnostic::error(WRONG_VALUE, arch.span(at, trace.range), "this trace was not read with the workspace")
                .help("a change cannot name another trace: write it into the text")
        })
        .collect()
}
