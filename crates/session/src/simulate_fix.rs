//! Changes that would make a requirement hold that fails.

use crate::change::{set_fact, set_part, typed};
use crate::what_if::go_on;
use crate::{Forecastable, NoAnswer};
use groma_base::Edit;
use groma_model::Architecture;
use groma_simulate::{
    Judgement, Lever, Options, Report, Requirement, Tried, Verdict, levers, requirements, time_between,
};
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
        /// With what it is too close to call.
        close: Vec<Attempt>,
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
        let all = requirements(self.arch());
        let number = |judged: &Judgement| {
            all.iter().position(|one: &Requirement| one.quality == judged.quality && one.range == judged.range)
        };
        let is_beside = |(at, one): &(usize, &Judgement)| *at != nth && one.run.is_some() && one.run == judgement.run;
        let others = report.judgements.iter().enumerate().filter(is_beside);
        let mut search = Search {
            workspace: self,
            nth: number(judgement).ok_or(NoAnswer::NoRequirement)?,
            beside: others.filter_map(|(_, one)| number(one)).collect(),
            options,
            cancel,
            trials: 0,
            events: 0,
            tried: Vec::new(),
            close: Vec::new(),
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
            None => {
                let Search { tried, close, untold, left, .. } = search;
                SearchResult::Nothing { tried, close, untold, left }
            }
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
        Tried::Shorter(_) | Tried::Each(_) => None,
    }
}

/// What came of trying a change.
enum Trial<T> {
    /// The requirement holds.
    Holds(T),
    /// It does not, as far as is known.
    InVain(InVain),
    /// Nobody knows: the change cannot be made, or nothing can be forecast with it, or the search is over.
    NotTried,
}

/// Why a change is not offered. Of several reasons the last of these is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum InVain {
    /// The requirement does not hold.
    Fails,
    /// It is too close to call.
    TooClose,
    /// It cannot be told whether it holds, with all events that there are.
    Untold,
}

const ALL_IN_VAIN: [InVain; 3] = [InVain::Fails, InVain::TooClose, InVain::Untold];

/// A forecast with a change.
#[derive(Clone)]
struct Look {
    /// What comes of the requirement.
    after: Judgement,
    /// Whether it is the forecast that anybody gets who makes the change and asks as was asked here.
    is_final: bool,
}

impl Trial<Look> {
    fn of(found: Option<Look>) -> Trial<Look> {
        let Some(look) = found else { return Trial::NotTried };
        match look.after.verdict {
            Verdict::Holds => Trial::Holds(look),
            Verdict::Fails => Trial::InVain(InVain::Fails),
            Verdict::TooClose => Trial::InVain(InVain::TooClose),
            Verdict::Unknown => Trial::InVain(InVain::Untold),
        }
    }
}

/// A search for what makes one requirement hold.
struct Search<'a> {
    workspace: &'a Forecastable<'a>,
    /// The number of the requirement.
    nth: usize,
    /// Those of the others for which the same is simulated, and perhaps for longer.
    beside: Vec<usize>,
    options: &'a Options,
    cancel: &'a AtomicBool,
    trials: usize,
    events: u64,
    /// What was tried and did not help.
    tried: Vec<Attempt>,
    /// What was tried and is too close to call.
    close: Vec<Attempt>,
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
        let mut why = InVain::Fails;
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
            let at_most = match found {
                Trial::Holds(at_most) => at_most,
                Trial::InVain(this) => {
                    why = why.max(this);
                    continue;
                }
                Trial::NotTried => continue,
            };
            let (mut changes, mut look) = (most.to_vec(), at_most.clone());
            for (at, (lever, _)) in most.iter().enumerate() {
                look = self.smallest(&mut changes, at, lever.now, look)?;
            }
            let is_less = changes.iter().zip(most).any(|((_, value), (_, most))| value < most);
            changes.retain(|(lever, value)| *value != lever.now);
            // What is just enough at a short look may be too little at a closer one.
            let more = is_less.then(|| (most.to_vec(), at_most));
            for (changes, look) in std::iter::once((changes, look)).chain(more) {
                match self.confirmed(changes, look)? {
                    Trial::Holds(found) => return Ok(Some(found)),
                    Trial::InVain(this) => why = why.max(this),
                    Trial::NotTried => {}
                }
            }
        }
        if together > 1 {
            let names = firsts[..together].iter().map(|(one, _)| one.name.clone()).collect();
            self.note(Attempt::Together(names), why);
        }
        Ok(None)
    }

    fn is_over(&self) -> bool {
        self.trials >= MOST_TRIALS || self.events >= MOST_EVENTS
    }

    /// Whether the requirement holds with changes, at a short look: for it alone, as that mostly tells it. Where it is too close to
    /// call, what is simulated for others beside it may tell it, and tells it to whoever asks for all; what that does not tell is
    /// looked at with all events that there are.
    fn holds(&mut self, changes: &[Setting<'_>]) -> Result<Trial<Look>, NoAnswer> {
        let short = Options { most_events: self.options.most_events.min(EVENTS_OF_A_TRIAL), ..self.options.clone() };
        let found = Trial::of(self.judged(changes, &short, false)?);
        let (again, is_beside) = match found {
            Trial::InVain(InVain::TooClose) if !self.beside.is_empty() => (&short, true),
            Trial::InVain(InVain::Untold) if short.most_events < self.options.most_events => (self.options, true),
            Trial::Holds(_) | Trial::InVain(_) | Trial::NotTried => return Ok(found),
        };
        // Where nothing is left for another look, it stays as it was.
        Ok(self.judged(changes, again, is_beside)?.map_or(found, |look| Trial::of(Some(look))))
    }

    /// What comes of changes, unless the search is over or they leave nothing that can be forecast. It is simulated for the
    /// requirement alone, or as it is for those beside it.
    fn judged(
        &mut self,
        changes: &[Setting<'_>],
        options: &Options,
        is_beside: bool,
    ) -> Result<Option<Look>, NoAnswer> {
        if self.is_over() {
            return Ok(None);
        }
        let Ok(edits) = edits(self.workspace.arch(), changes) else { return Ok(None) };
        self.trials += 1;
        let Ok(changed) = self.workspace.changed(&edits) else { return Ok(None) };
        let beside: &[usize] = if is_beside { &self.beside } else { &[] };
        let judged = changed.judge_one((self.nth, beside), options, self.cancel);
        go_on(self.cancel)?;
        let (after, events) = judged.ok_or(NoAnswer::NoRequirement)?;
        self.events += events;
        let is_final = options.most_events == self.options.most_events && (is_beside || self.beside.is_empty());
        Ok(Some(Look { after, is_final }))
    }

    /// Remembers what does not help, or of what that could not be told.
    fn note(&mut self, attempt: Attempt, why: InVain) {
        let list = match why {
            InVain::Fails => &mut self.tried,
            InVain::TooClose => &mut self.close,
            InVain::Untold => &mut self.untold,
        };
        list.push(attempt);
    }

    /// The smallest change of one lever with which the requirement holds, of those that are tried.
    fn alone<'l>(&mut self, lever: &'l Lever) -> Result<Option<Found<'l>>, NoAnswer> {
        if self.is_over() {
            self.left.push(lever.name.clone());
            return Ok(None);
        }
        match &lever.tried {
            Tried::Each(values) => Ok(self.each(lever, values)?.map(|(found, _)| found)),
            Tried::Shorter(values) => match self.each(lever, values)? {
                Some((found, before)) => Ok(Some(self.longest(lever, before, found)?)),
                None => Ok(None),
            },
            Tried::UpTo(most) => self.up_to(lever, most.ceil()),
        }
    }

    /// The first of some values of a lever with which the requirement holds, and the value before it.
    fn each<'l>(&mut self, lever: &'l Lever, values: &[f64]) -> Result<Option<(Found<'l>, f64)>, NoAnswer> {
        let mut seen: Vec<(InVain, f64)> = Vec::new();
        for (nth, value) in values.iter().enumerate() {
            if self.is_over() {
                self.left.push(lever.name.clone());
                break;
            }
            match self.closely(lever, *value)? {
                Trial::Holds(found) => {
                    let before = nth.checked_sub(1).map_or(lever.now, |before| values[before]);
                    return Ok(Some((found, before)));
                }
                Trial::InVain(why) => seen.push((why, *value)),
                Trial::NotTried => {}
            }
        }
        for why in ALL_IN_VAIN {
            let alike = seen.iter().filter(|(this, _)| *this == why);
            let values: Vec<String> = alike.map(|(_, value)| lever.written(*value)).collect();
            if !values.is_empty() {
                self.note(Attempt::Each { name: lever.name.clone(), values }, why);
            }
        }
        Ok(None)
    }

    /// The longest time of two digits with which the requirement holds: shorter than one with which that is not certain, and no
    /// shorter than what was `found`.
    fn longest<'l>(&mut self, lever: &'l Lever, mut fails: f64, mut found: Found<'l>) -> Result<Found<'l>, NoAnswer> {
        while let Some(value) = time_between(found.0[0].1, fails).filter(|_| !self.is_over()) {
            match self.closely(lever, value)? {
                Trial::Holds(longer) => found = longer,
                Trial::InVain(_) | Trial::NotTried => fails = value,
            }
        }
        Ok(found)
    }

    /// Whether the requirement holds with a value of one lever, looked at as closely as was asked for if it seems so.
    fn closely<'l>(&mut self, lever: &'l Lever, value: f64) -> Result<Trial<Found<'l>>, NoAnswer> {
        let changes = vec![(lever, value)];
        match self.holds(&changes)? {
            Trial::Holds(look) => self.confirmed(changes, look),
            Trial::InVain(why) => Ok(Trial::InVain(why)),
            Trial::NotTried => Ok(Trial::NotTried),
        }
    }

    /// The smallest value of a lever, of those up to one, with which the requirement holds.
    fn up_to<'l>(&mut self, lever: &'l Lever, most: f64) -> Result<Option<Found<'l>>, NoAnswer> {
        let mut why = InVain::Fails;
        match self.holds(&[(lever, most)])? {
            Trial::Holds(at_most) => {
                // What is just enough at a short look may be too little at a closer one, which then goes on from there.
                let mut fails = lever.now;
                while fails < most {
                    let mut changes = vec![(lever, most)];
                    let look = self.smallest(&mut changes, 0, fails, at_most.clone())?;
                    fails = changes[0].1;
                    match self.confirmed(changes, look)? {
                        Trial::Holds(found) => return Ok(Some(found)),
                        Trial::InVain(this) => why = why.max(this),
                        Trial::NotTried => {}
                    }
                    if self.is_over() {
                        break;
                    }
                }
            }
            Trial::NotTried => return Ok(None),
            Trial::InVain(this) => why = this,
        }
        self.note(Attempt::UpTo { name: lever.name.clone(), value: lever.written(most) }, why);
        Ok(None)
    }

    /// Makes one of several changes as small as it may be, but larger than what `fails`. What comes of them then; `look` is what
    /// comes of them now.
    fn smallest(
        &mut self,
        changes: &mut [Setting<'_>],
        at: usize,
        mut fails: f64,
        look: Look,
    ) -> Result<Look, NoAnswer> {
        let (mut best, mut holds) = (look, changes[at].1);
        // Little is tried first: what is needed is mostly near.
        let mut step = 1.0;
        while holds - fails > 1.0 {
            let value = (fails + step).min(f64::midpoint(fails, holds).floor().max(fails + 1.0));
            changes[at].1 = value;
            match self.holds(changes)? {
                Trial::Holds(look) => (holds, best) = (value, look),
                Trial::InVain(_) | Trial::NotTried => (fails, step) = (value, step * 2.0),
            }
        }
        changes[at].1 = holds;
        Ok(best)
    }

    /// The changes, if the requirement also holds when it is looked at as closely as was asked for, and as it is judged beside
    /// others: then whoever makes them is told that it holds.
    fn confirmed<'l>(&mut self, changes: Vec<Setting<'l>>, look: Look) -> Result<Trial<Found<'l>>, NoAnswer> {
        if look.is_final || self.is_over() {
            return Ok(Trial::Holds((changes, look.after)));
        }
        Ok(match Trial::of(self.judged(&changes, self.options, true)?) {
            Trial::Holds(look) => Trial::Holds((changes, look.after)),
            Trial::InVain(why) => Trial::InVain(why),
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
