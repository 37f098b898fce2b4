//! Changes that would make a requirement hold that fails.

use crate::change::{set_fact, set_part, typed};
use crate::what_if::go_on;
use crate::{Forecastable, NoAnswer};
use groma_base::Edit;
use groma_model::Architecture;
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

/// Changes with which a requirement holds, and what comes of them.
type Found<'l> = (Vec<Setting<'l>>, Judgement);

/// The edits that set levers.
fn edits(arch: &Architecture, changes: &[Setting<'_>]) -> Result<Vec<Edit>, NoAnswer> {
    let edit = |(lever, value): &Setting<'_>| {
        let written = lever.written(*value);
        let edit = typed(&written).and_then(|value| {
            let edit = match lever.part {
                Some(part) => set_part(arch, lever.at, lever.fact, part, &value),
                None => set_fact(arch, lever.at, lever.fact, &value),
            };
            edit.map_err(|error| error.to_string())
        });
        edit.map_err(|reason| NoAnswer::NoChange { words: format!("{}={written}", lever.name), reason })
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

/// What came of trying a change.
enum Trial<T> {
    /// The requirement holds.
    Holds(T),
    /// It does not.
    Fails,
    /// Nobody knows: the change cannot be made, or nothing can be forecast with it, or the search is over.
    NotTried,
    /// It cannot be told whether it holds, with all events that there are.
    Untold,
}

impl Trial<Judgement> {
    fn of(found: Option<Judgement>) -> Trial<Judgement> {
        match found {
            Some(one) if one.verdict == Verdict::Holds => Trial::Holds(one),
            Some(one) if one.verdict == Verdict::Unknown => Trial::Untold,
            Some(_) => Trial::Fails,
            None => Trial::NotTried,
        }
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
}

impl Search<'_> {
    /// The changes with which the requirement holds, and what comes of them: the one that helps first in the order of the
    /// levers, or else several at once.
    fn run<'l>(&mut self, groups: &'l [Vec<Lever>]) -> Result<Option<Found<'l>>, NoAnswer> {
        for lever in groups.iter().flatten() {
            if let Some(found) = self.alone(lever)? {
                return Ok(Some(found));
            }
        }
        // Where one is not enough, the next may be in the way as well: the first of each group, more and more of them.
        let mut is_untold = false;
        let firsts: Vec<(&Lever, f64)> = groups.iter().filter_map(|group| most(group.first()?)).collect();
        let mut together = 0;
        for count in 2..=firsts.len() {
            if self.is_over() {
                break;
            }
            let most = &firsts[..count];
            let found = self.holds(most)?;
            if !matches!(found, Trial::NotTried) {
                together = count;
            }
            is_untold |= matches!(found, Trial::Untold);
            let Trial::Holds(at_most) = found else { continue };
            let (mut changes, mut after) = (most.to_vec(), at_most.clone());
            for (at, (lever, _)) in most.iter().enumerate() {
                after = self.smallest(&mut changes, at, lever.now, after)?;
            }
            let is_less = changes.iter().zip(most).any(|((_, value), (_, most))| value < most);
            changes.retain(|(lever, value)| *value != lever.now);
            // What is just enough at a short look may be too little at a closer one.
            let more = is_less.then(|| (most.to_vec(), at_most));
            for (changes, after) in std::iter::once((changes, after)).chain(more) {
                match self.confirmed(changes, after)? {
                    Trial::Holds(found) => return Ok(Some(found)),
                    Trial::Fails | Trial::NotTried => {}
                    Trial::Untold => is_untold = true,
                }
            }
        }
        if together > 1 {
            let names = firsts[..together].iter().map(|(one, _)| one.name.clone()).collect();
            self.note(Attempt::Together(names), is_untold);
        }
        Ok(None)
    }

    fn is_over(&self) -> bool {
        self.trials >= MOST_TRIALS || self.events >= MOST_EVENTS
    }

    /// Whether the requirement holds with changes. What a short look does not tell is looked at with all events that there are.
    fn holds(&mut self, changes: &[Setting<'_>]) -> Result<Trial<Judgement>, NoAnswer> {
        let most_events = self.options.most_events.min(EVENTS_OF_A_TRIAL);
        let found = Trial::of(self.judged(changes, &Options { most_events, ..self.options.clone() })?);
        if !matches!(found, Trial::Untold) || self.options.most_events <= most_events {
            return Ok(found);
        }
        // Where nothing is left for another look, it stays untold.
        Ok(self.judged(changes, self.options)?.map_or(Trial::Untold, |after| Trial::of(Some(after))))
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
    fn note(&mut self, attempt: Attempt, is_untold: bool) {
        let list = if is_untold { &mut self.untold } else { &mut self.tried };
        list.push(attempt);
    }

    /// The smallest change of one lever with which the requirement holds.
    fn alone<'l>(&mut self, lever: &'l Lever) -> Result<Option<Found<'l>>, NoAnswer> {
        if self.is_over() {
            self.left.push(lever.name.clone());
            return Ok(None);
        }
        match &lever.tried {
            Tried::Each(values) => self.each(lever, values),
            Tried::UpTo(most) => self.up_to(lever, most.ceil()),
        }
    }

    /// The first of some values of a lever with which the requirement holds.
    fn each<'l>(&mut self, lever: &'l Lever, values: &[f64]) -> Result<Option<Found<'l>>, NoAnswer> {
        let (mut seen, mut is_untold) = (Vec::new(), false);
        for value in values {
            if self.is_over() {
                self.left.push(lever.name.clone());
                break;
            }
            let changes = vec![(lever, *value)];
            let found = match self.holds(&changes)? {
                Trial::Holds(after) => self.confirmed(changes, after)?,
                Trial::Fails => Trial::Fails,
                Trial::Untold => Trial::Untold,
                Trial::NotTried => continue,
            };
            seen.push(lever.written(*value));
            match found {
                Trial::Holds(found) => return Ok(Some(found)),
                Trial::Fails | Trial::NotTried => {}
                Trial::Untold => is_untold = true,
            }
        }
        if !seen.is_empty() {
            self.note(Attempt::Each { name: lever.name.clone(), values: seen }, is_untold);
        }
        Ok(None)
    }

    /// The smallest value of a lever, of those up to one, with which the requirement holds.
    fn up_to<'l>(&mut self, lever: &'l Lever, most: f64) -> Result<Option<Found<'l>>, NoAnswer> {
        let mut is_untold = false;
        match self.holds(&[(lever, most)])? {
            Trial::Holds(at_most) => {
                // What is just enough at a short look may be too little at a closer one, which then goes on from there.
                let mut fails = lever.now;
                while fails < most {
                    let mut changes = vec![(lever, most)];
                    let after = self.smallest(&mut changes, 0, fails, at_most.clone())?;
                    fails = changes[0].1;
                    match self.confirmed(changes, after)? {
                        Trial::Holds(found) => return Ok(Some(found)),
                        Trial::Fails | Trial::NotTried => {}
                        Trial::Untold => is_untold = true,
                    }
                    if self.is_over() {
                        break;
                    }
                }
            }
            Trial::NotTried => return Ok(None),
            Trial::Fails => {}
            Trial::Untold => is_untold = true,
        }
        self.note(Attempt::UpTo { name: lever.name.clone(), value: lever.written(most) }, is_untold);
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
                Trial::Holds(after) => (holds, best) = (value, after),
                Trial::Fails | Trial::Untold | Trial::NotTried => (fails, step) = (value, step * 2.0),
            }
        }
        changes[at].1 = holds;
        Ok(best)
    }

    /// The changes, if the requirement also holds when it is looked at as closely as was asked for.
    fn confirmed<'l>(&mut self, changes: Vec<Setting<'l>>, after: Judgement) -> Result<Trial<Found<'l>>, NoAnswer> {
        if self.options.most_events <= EVENTS_OF_A_TRIAL || self.is_over() {
            return Ok(Trial::Holds((changes, after)));
        }
        Ok(match Trial::of(self.judged(&changes, self.options)?) {
            Trial::Holds(after) => Trial::Holds((changes, after)),
            Trial::Fails => Trial::Fails,
            Trial::Untold => Trial::Untold,
            Trial::NotTried => Trial::NotTried,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::edits;
    use crate::NoAnswer;
    use groma_model::facts::element::{FAILOVER, FAILOVER_AFTER};
    use groma_simulate::{Lever, Tried};

    /// Why the text has no place for a change is said as it is found.
    #[test]
    fn why_a_change_cannot_be_written_is_passed_on() {
        let (tree, _) = groma_syntax::parse("system s \"S\"\n".to_owned());
        let arch =
            groma_model::link(vec![std::sync::Arc::new(groma_model::decode::decode(groma_base::FileId(0), &tree))]).0;
        let at = arch.elements.iter().next().unwrap().at;
        let (name, tried) = ("s.failover.after".to_owned(), Tried::UpTo(2.0));
        let lever = Lever { at, fact: &FAILOVER, part: Some(&FAILOVER_AFTER), name, now: 1.0, low: None, tried };
        let Err(NoAnswer::NoChange { words, reason }) = edits(&arch, &[(&lever, 2.0)]) else { panic!("it is written") };
        assert!(words.starts_with("s.failover.after="), "{words}");
        assert_eq!(reason, "there is no fact called `failover`");
    }
}
