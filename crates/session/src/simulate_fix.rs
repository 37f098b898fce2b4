//! Changes that would make a requirement hold that fails.

use crate::what_if::go_on;
use crate::{Forecastable, NoAnswer, set_fact};
use groma_base::Edit;
use groma_model::Architecture;
use groma_model::write::Value;
use groma_simulate::{Judgement, Lever, Options, Report, Requirement, Tried, Verdict, levers, requirements};
use std::sync::atomic::AtomicBool;

/// So many forecasts are made for one requirement, at most, with so many events altogether.
const MOST_TRIALS: usize = 60;
const MOST_EVENTS: u64 = 150_000_000;

/// A forecast of a trial simulates so many events at most: whether a change is worth a closer look.
const EVENTS_OF_A_TRIAL: u64 = 8_000_000;

/// What came of the search for one requirement that fails.
#[derive(Clone, Debug)]
pub struct FixSearch {
    /// The number of its judgement in the report.
    pub judgement: usize,
    /// What was found.
    pub found: SearchResult,
    /// How many forecasts of changes were made.
    pub trials: usize,
    /// How many events were simulated for them.
    pub events: u64,
    /// Whether the search ended because it had taken as much as one may take.
    pub is_over: bool,
}

/// What a search found.
#[derive(Clone, Debug)]
pub enum SearchResult {
    /// There is nothing of which more could help.
    NoLevers,
    /// With these changes the requirement holds.
    Changes {
        /// The changes.
        edits: Vec<Edit>,
        /// What is forecast of the requirement then.
        after: Box<Judgement>,
    },
    /// Nothing that was tried makes it hold.
    Nothing {
        /// What does not help.
        tried: Vec<Attempt>,
        /// Of what that could not be told.
        untold: Vec<Attempt>,
        /// What the search did not come to any more, or not all values of: facts, as in `shop.core.replicas`.
        left: Vec<String>,
    },
}

/// What was tried in vain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Attempt {
    /// A fact with each of some values.
    Each {
        /// The fact, as in `shop.core.timeout`.
        name: String,
        /// The values, as they are written.
        values: Vec<String>,
    },
    /// More and more of a fact.
    UpTo {
        /// The fact, as in `shop.core.replicas`.
        name: String,
        /// The most that was tried, as it is written.
        value: String,
    },
    /// As much as possible of several facts at once.
    Together(Vec<String>),
}

impl Forecastable<'_> {
    /// Looks for changes to the text for each requirement that fails in a report of this workspace.
    ///
    /// # Errors
    /// If a change takes a requirement away, or nobody waits for the answer any more.
    pub fn fixes(&self, report: &Report, options: &Options, cancel: &AtomicBool) -> Result<Vec<FixSearch>, NoAnswer> {
        let failing = report.judgements.iter().enumerate().filter(|(_, one)| one.verdict == Verdict::Fails);
        failing.map(|(nth, _)| self.fix(report, nth, options, cancel)).collect()
    }

    /// Looks for changes to the text for one judgement of a report of this workspace.
    ///
    /// # Errors
    /// If a change takes the requirement away, or nobody waits for the answer any more.
    pub fn fix(
        &self,
        report: &Report,
        nth: usize,
        options: &Options,
        cancel: &AtomicBool,
    ) -> Result<FixSearch, NoAnswer> {
        let judgement = &report.judgements[nth];
        let groups = levers(self.arch(), report, judgement);
        // A report may be of a part of all requirements.
        let is_its = |one: &Requirement| one.quality == judgement.quality && one.range == judgement.range;
        let mut search = Search {
            workspace: self,
            nth: requirements(self.arch()).iter().position(is_its).ok_or(NoAnswer::NoRequirement)?,
            options,
            cancel,
            trials: 0,
            events: 0,
            tried: Vec::new(),
            untold: Vec::new(),
            left: Vec::new(),
            is_untold: false,
        };
        let found = if groups.is_empty() { None } else { search.run(&groups)? };
        let (trials, events, is_over) = (search.trials, search.events, search.is_over());
        let found = match found {
            Some((changes, after)) => {
                SearchResult::Changes { edits: edits(self.arch(), &changes)?, after: Box::new(after) }
            }
            None if groups.is_empty() => SearchResult::NoLevers,
            None => SearchResult::Nothing { tried: search.tried, untold: search.untold, left: search.left },
        };
        Ok(FixSearch { judgement: nth, found, trials, events, is_over })
    }
}

/// A lever, and what it is set to.
type Setting<'l> = (&'l Lever, f64);

/// The edits that set levers.
fn edits(arch: &Architecture, changes: &[Setting<'_>]) -> Result<Vec<Edit>, NoAnswer> {
    let edit = |(lever, value): &Setting<'_>| {
        let written = lever.written(*value);
        if let Some(part) = lever.part.and_then(|part| arch.part(lever.at, lever.fact, part)) {
            return Ok(Edit { span: arch.span(lever.at, part.range), text: written });
        }
        let edit = Value::typed(&written).and_then(|value| set_fact(arch, lever.at, lever.fact, &value).ok());
        edit.ok_or_else(|| NoAnswer::NoChange {
            words: format!("{}={written}", lever.name),
            reason: "the text has no one place for it".to_owned(),
        })
    };
    changes.iter().map(edit).collect()
}

/// As much of a lever as is tried.
fn most(lever: &Lever) -> Option<Setting<'_>> {
    match lever.tried {
        Tried::UpTo(most) => Some((lever, most.ceil())),
        Tried::Each(_) => None,
    }
}

/// A search for what makes one requirement hold.
struct Search<'a> {
    workspace: &'a Forecastable<'a>,
    /// The number of the requirement.
    nth: usize,
    options: &'a Options,
    cancel: &'a AtomicBool,
    trials: usize,
    events: u64,
    /// What was tried and did not help.
    tried: Vec<Attempt>,
    /// What was tried and came to nothing certain with all events that there are.
    untold: Vec<Attempt>,
    /// What the search did not come to any more.
    left: Vec<String>,
    /// Whether any of what is being tried came to nothing certain.
    is_untold: bool,
}

impl Search<'_> {
    /// The changes with which the requirement holds, and what comes of them: the one that helps first in the order of the
    /// levers, or else several at once.
    fn run<'l>(&mut self, groups: &'l [Vec<Lever>]) -> Result<Option<(Vec<Setting<'l>>, Judgement)>, NoAnswer> {
        for lever in groups.iter().flatten() {
            if let Some(found) = self.alone(lever)? {
                return Ok(Some(found));
            }
        }
        // Where one is not enough, the next may be in the way as well: the first of each group, more and more of them.
        self.is_untold = false;
        let firsts: Vec<(&Lever, f64)> = groups.iter().filter_map(|group| most(group.first()?)).collect();
        let mut together = 0;
        for count in 2..=firsts.len() {
            if self.is_over() {
                break;
            }
            together = count;
            let most = &firsts[..count];
            let Some(at_most) = self.holds(most)? else { continue };
            let (mut changes, mut after) = (most.to_vec(), at_most.clone());
            for (at, (lever, _)) in most.iter().enumerate() {
                after = self.smallest(&mut changes, at, lever.now, after)?;
            }
            let is_less = changes.iter().zip(most).any(|((_, value), (_, most))| value < most);
            changes.retain(|(lever, value)| *value != lever.now);
            if let Some(found) = self.confirmed(changes, after)? {
                return Ok(Some(found));
            }
            // What is just enough at a short look may be too little at a closer one.
            if is_less && let Some(found) = self.confirmed(most.to_vec(), at_most)? {
                return Ok(Some(found));
            }
        }
        if together > 1 {
            self.note(Attempt::Together(firsts[..together].iter().map(|(one, _)| one.name.clone()).collect()));
        }
        Ok(None)
    }

    fn is_over(&self) -> bool {
        self.trials >= MOST_TRIALS || self.events >= MOST_EVENTS
    }

    /// What comes of changes, if the requirement holds with them. `None` as well if the search is over, or if the changes
    /// leave nothing that can be forecast. What a short look does not tell is looked at with all events that there are.
    fn holds(&mut self, changes: &[Setting<'_>]) -> Result<Option<Judgement>, NoAnswer> {
        let most_events = self.options.most_events.min(EVENTS_OF_A_TRIAL);
        let mut found = self.judged(changes, &Options { most_events, ..self.options.clone() })?;
        let is_untold = |found: &Option<Judgement>| found.as_ref().is_some_and(|one| one.verdict == Verdict::Unknown);
        if is_untold(&found) && self.options.most_events > most_events {
            found = self.judged(changes, self.options)?;
            // Nothing is left for another look.
            self.is_untold |= found.is_none();
        }
        self.is_untold |= is_untold(&found);
        Ok(found.filter(|after| after.verdict == Verdict::Holds))
    }

    /// What comes of changes, unless the search is over or they leave nothing that can be forecast.
    fn judged(&mut self, changes: &[Setting<'_>], options: &Options) -> Result<Option<Judgement>, NoAnswer> {
        if self.is_over() {
            return Ok(None);
        }
        let Ok(edits) = edits(self.workspace.arch(), changes) else { return Ok(None) };
        self.trials += 1;
        let Ok(changed) = self.workspace.changed(&edits) else { return Ok(None) };
        let judged = changed.judge_one(self.nth, options, self.cancel);
        go_on(self.cancel)?;
        let (after, events) = judged.ok_or(NoAnswer::NoRequirement)?;
        self.events += events;
        Ok(Some(after))
    }

    /// Remembers what does not help, or of what that could not be told.
    fn note(&mut self, attempt: Attempt) {
        let list = if std::mem::take(&mut self.is_untold) { &mut self.untold } else { &mut self.tried };
        list.push(attempt);
    }

    /// The smallest change of one lever with which the requirement holds.
    fn alone<'l>(&mut self, lever: &'l Lever) -> Result<Option<(Vec<Setting<'l>>, Judgement)>, NoAnswer> {
        self.is_untold = false;
        if let Tried::Each(values) = &lever.tried {
            let mut seen = Vec::new();
            for value in values {
                if self.is_over() {
                    self.left.push(lever.name.clone());
                    break;
                }
                seen.push(lever.written(*value));
                let changes = vec![(lever, *value)];
                if let Some(after) = self.holds(&changes)?
                    && let Some(found) = self.confirmed(changes, after)?
                {
                    return Ok(Some(found));
                }
            }
            if !seen.is_empty() {
                self.note(Attempt::Each { name: lever.name.clone(), values: seen });
            }
            return Ok(None);
        }
        let Some(change) = most(lever) else { return Ok(None) };
        if self.is_over() {
            self.left.push(lever.name.clone());
            return Ok(None);
        }
        if let Some(at_most) = self.holds(&[change])? {
            // What is just enough at a short look may be too little at a closer one, which then goes on from there.
            let mut fails = lever.now;
            while fails < change.1 {
                let mut changes = vec![change];
                let after = self.smallest(&mut changes, 0, fails, at_most.clone())?;
                fails = changes[0].1;
                if let Some(found) = self.confirmed(changes, after)? {
                    return Ok(Some(found));
                }
                if self.is_over() {
                    break;
                }
            }
        }
        self.note(Attempt::UpTo { name: lever.name.clone(), value: lever.written(change.1) });
        Ok(None)
    }

    /// Makes one of several changes as small as it may be, but larger than what `fails`. What comes of them then; `after` is what
    /// comes of them now.
    fn smallest(
        &mut self,
        changes: &mut [Setting<'_>],
        at: usize,
        mut fails: f64,
        after: Judgement,
    ) -> Result<Judgement, NoAnswer> {
        let (mut best, mut holds) = (after, changes[at].1);
        // Little is tried first: what is needed is mostly near.
        let mut step = 1.0;
        while holds - fails > 1.0 {
            let value = (fails + step).min(f64::midpoint(fails, holds).floor().max(fails + 1.0));
            changes[at].1 = value;
            match self.holds(changes)? {
                Some(after) => (holds, best) = (value, after),
                None => (fails, step) = (value, step * 2.0),
            }
        }
        changes[at].1 = holds;
        Ok(best)
    }

    /// The changes, if the requirement also holds when it is looked at as closely as was asked for.
    fn confirmed<'l>(
        &mut self,
        changes: Vec<Setting<'l>>,
        after: Judgement,
    ) -> Result<Option<(Vec<Setting<'l>>, Judgement)>, NoAnswer> {
        if self.options.most_events <= EVENTS_OF_A_TRIAL || self.is_over() {
            return Ok(Some((changes, after)));
        }
        let after = self.judged(&changes, self.options)?;
        self.is_untold |= after.as_ref().is_some_and(|after| after.verdict == Verdict::Unknown);
        Ok(after.filter(|after| after.verdict == Verdict::Holds).map(|after| (changes, after)))
    }
}
