//! What changes would make of a forecast.

use crate::change::changed_twice;
use crate::{Forecastable, Refusal, Selection, change};
use groma_simulate::{Estimate, Options, Progress, Report};
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a question about changes has no answer.
#[derive(Clone, Debug)]
pub enum NoAnswer {
    /// A change means nothing in this workspace.
    NoChange {
        /// The change as it was written.
        words: String,
        /// Why.
        reason: String,
    },
    /// Two changes give the same thing a value.
    Twice {
        /// How each of them spells it.
        spellings: [String; 2],
    },
    /// With the changes there is no forecast.
    Refused {
        /// Why.
        refusal: Box<Refusal>,
        /// The changes as they were written.
        words: String,
    },
    /// With a change that was tried, nothing requires any more what it was tried for.
    NoRequirement,
    /// The asker no longer wants to know.
    Cancelled,
}

/// What changes make of a forecast.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The changes as they were written.
    pub words: Vec<String>,
    /// The forecast with them.
    pub report: Report,
    /// For each judgement, by how much its value differs from today's; `None` where one of them has no value.
    pub differences: Vec<Option<Estimate>>,
}

impl Forecastable<'_> {
    /// The workspace with changes made, each written as `element.fact=value`: see [`change()`].
    ///
    /// # Errors
    /// If a change means nothing here, if two change the same thing, or if what comes of them may not be forecast.
    pub fn with_changes(&self, words: &[String]) -> Result<Forecastable<'static>, NoAnswer> {
        let meant = |word: &String| {
            change(self.arch(), word).map_err(|reason| NoAnswer::NoChange { words: word.clone(), reason })
        };
        let changes = words.iter().map(meant).collect::<Result<Vec<_>, NoAnswer>>()?;
        if let Some(spellings) = changed_twice(&changes) {
            return Err(NoAnswer::Twice { spellings });
        }
        let edits: Vec<_> = changes.into_iter().map(|change| change.edit).collect();
        let refused = |refusal| NoAnswer::Refused { refusal: Box::new(refusal), words: words.join(" and ") };
        self.changed(&edits).map_err(refused)
    }

    /// What changes make of each judgement of today's forecast. Both are simulated with the same random numbers, so that
    /// what differs comes from the changes; `selection` and `options` must be those of today's.
    ///
    /// # Errors
    /// If there is no forecast with the changes, or nobody waits for it any more.
    pub fn what_if(
        &self,
        today: &Report,
        selection: &Selection,
        words: &[String],
        options: &Options,
        cancel: &AtomicBool,
        progress: Progress<'_>,
    ) -> Result<WhatIf, NoAnswer> {
        let report = self.with_changes(words)?.judge_selected(selection, options, cancel, progress);
        go_on(cancel)?;
        let pairs = today.judgements.iter().zip(&report.judgements);
        let differences = pairs
            .map(|(before, after)| after.estimate.as_ref()?.paired_difference(before.estimate.as_ref()?))
            .collect();
        Ok(WhatIf { words: words.to_vec(), report, differences })
    }
}

/// Ends the work if nobody waits for it any more.
pub(crate) fn go_on(cancel: &AtomicBool) -> Result<(), NoAnswer> {
    if cancel.load(Ordering::Relaxed) { Err(NoAnswer::Cancelled) } else { Ok(()) }
}
