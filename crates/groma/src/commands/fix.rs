//! What would make a requirement hold: `groma simulate --fix`.

use crate::output::Failure;
use crate::write;
use groma_base::apply_edits;
use groma_session::{Forecastable, Snapshot, set_fact};
use groma_simulate::number::{of_metric, plain};
use groma_simulate::{Judgement, Lever, Options, Report, Tried, Verdict, levers};

/// So many forecasts are made for one requirement, at most, with so many events altogether.
const MOST_TRIALS: usize = 60;
const MOST_EVENTS: u64 = 150_000_000;

/// A forecast of a trial simulates so many events at most: whether a change is worth a closer look.
const EVENTS_OF_A_TRIAL: u64 = 8_000_000;

/// For each requirement that fails, changes to the text that make it hold.
pub(crate) fn fixes(
    snapshot: &Snapshot,
    workspace: &Forecastable<'_>,
    report: &Report,
    options: &Options,
) -> Result<String, Failure> {
    let mut out = String::new();
    for (nth, one) in report.judgements.iter().enumerate().filter(|(_, one)| one.verdict == Verdict::Fails) {
        out.push_str(&format!("\nto make {} hold:\n", one.demand()));
        let groups = levers(&snapshot.arch, report, one);
        if groups.is_empty() {
            out.push_str(&format!("  no more of anything helps: {}\n", one.reason));
            continue;
        }
        let mut search = Search {
            snapshot,
            workspace,
            nth,
            options,
            trials: 0,
            events: 0,
            tried: Vec::new(),
            untold: Vec::new(),
            is_untold: false,
        };
        match search.run(&groups)? {
            Some((changes, after)) => out.push_str(&told(snapshot, &changes, &after)),
            None => out.push_str(&search.what_was_tried()),
        }
        let ended = if search.is_over() { ", which is as much as is looked for" } else { "" };
        let (trials, events) = (search.trials, plain(search.events as f64 / 1e6));
        out.push_str(&format!("  ({trials} forecasts of changes, {events} million events{ended})\n"));
    }
    Ok(out)
}

/// A lever, and what it is set to.
type Change<'l> = (&'l Lever, f64);

/// A search for what makes one requirement hold.
struct Search<'a> {
    snapshot: &'a Snapshot,
    workspace: &'a Forecastable<'a>,
    /// The number of the requirement.
    nth: usize,
    options: &'a Options,
    trials: usize,
    events: u64,
    /// What was tried and did not help, in words.
    tried: Vec<String>,
    /// What was tried and came to nothing certain with all events that there are, likewise.
    untold: Vec<String>,
    /// Whether any of what is being tried came to nothing certain.
    is_untold: bool,
}

impl Search<'_> {
    /// The changes with which the requirement holds, and what comes of them: the one that helps first in the order of the
    /// levers, or else several at once.
    fn run<'l>(&mut self, groups: &'l [Vec<Lever>]) -> Result<Option<(Vec<Change<'l>>, Judgement)>, Failure> {
        for lever in groups.iter().flatten() {
            if let Some(found) = self.alone(lever)? {
                return Ok(Some(found));
            }
        }
        // Where one is not enough, the next may be in the way as well: the first of each group, more and more of them.
        self.is_untold = false;
        let firsts: Vec<(&Lever, f64)> = groups.iter().filter_map(|group| most(group.first()?)).collect();
        for count in 2..=firsts.len() {
            let mut changes = firsts[..count].to_vec();
            let Some(mut after) = self.holds(&changes)? else { continue };
            for at in 0..count {
                after = self.smallest(&mut changes, at, after)?;
            }
            changes.retain(|(lever, value)| *value != lever.now);
            return self.confirmed(changes, after);
        }
        if firsts.len() > 1 {
            let names: Vec<String> = firsts.iter().map(|(one, _)| format!("`{}`", one.name)).collect();
            self.note(format!("{} together", listed(&names, "and")));
        }
        Ok(None)
    }

    fn is_over(&self) -> bool {
        self.trials >= MOST_TRIALS || self.events >= MOST_EVENTS
    }

    /// What comes of changes, if the requirement holds with them. `None` as well if the search is over, or if the changes
    /// leave nothing that can be forecast. What a short look does not tell is looked at with all events that there are.
    fn holds(&mut self, changes: &[Change<'_>]) -> Result<Option<Judgement>, Failure> {
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
    fn judged(&mut self, changes: &[Change<'_>], options: &Options) -> Result<Option<Judgement>, Failure> {
        if self.is_over() {
            return Ok(None);
        }
        let arch = &self.snapshot.arch;
        let edits: Vec<_> =
            changes.iter().map(|(lever, value)| set_fact(arch, lever.at, lever.fact, &lever.written(*value))).collect();
        self.trials += 1;
        let Ok(changed) = self.workspace.changed(&edits) else { return Ok(None) };
        let judged = changed.judge_one(self.nth, options, write::interruption());
        write::interrupted()?;
        let (after, events) = judged.ok_or_else(|| Failure::new("the change takes the requirement away"))?;
        self.events += events;
        Ok(Some(after))
    }

    /// Remembers what does not help, or of what that could not be told.
    fn note(&mut self, words: String) {
        let list = if std::mem::take(&mut self.is_untold) { &mut self.untold } else { &mut self.tried };
        list.push(words);
    }

    /// What was tried in vain, as a line.
    fn what_was_tried(&self) -> String {
        let change = if self.tried.len() == 1 { "this change does not make" } else { "none of these changes makes" };
        let parts = [(change, "it hold", &self.tried), ("it could not be told", "whether it holds with", &self.untold)];
        let told = parts.into_iter().filter(|(.., list)| !list.is_empty());
        let told: Vec<String> = told.map(|(one, two, list)| format!("{one} {two}: {}", listed(list, "and"))).collect();
        if told.is_empty() { String::new() } else { format!("  {}\n", told.join("; ")) }
    }

    /// The smallest change of one lever with which the requirement holds.
    fn alone<'l>(&mut self, lever: &'l Lever) -> Result<Option<(Vec<Change<'l>>, Judgement)>, Failure> {
        self.is_untold = false;
        if let Tried::Each(values) = &lever.tried {
            for value in values {
                let changes = vec![(lever, *value)];
                if let Some(after) = self.holds(&changes)?
                    && let Some(found) = self.confirmed(changes, after)?
                {
                    return Ok(Some(found));
                }
            }
            let words: Vec<String> = values.iter().map(|value| lever.written(*value)).collect();
            self.note(format!("`{}` {}", lever.name, listed(&words, "or")));
            return Ok(None);
        }
        let Some(change) = most(lever) else { return Ok(None) };
        let mut changes = vec![change];
        if let Some(after) = self.holds(&changes)? {
            let after = self.smallest(&mut changes, 0, after)?;
            if let Some(found) = self.confirmed(changes, after)? {
                return Ok(Some(found));
            }
        }
        self.note(format!("`{}` up to {}", lever.name, lever.written(change.1)));
        Ok(None)
    }

    /// Makes one of several changes as small as it may be. What comes of them then; `after` is what comes of them now.
    fn smallest(&mut self, changes: &mut [Change<'_>], at: usize, after: Judgement) -> Result<Judgement, Failure> {
        let (mut best, mut fails) = (after, changes[at].0.now);
        let mut holds = changes[at].1;
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
        changes: Vec<Change<'l>>,
        after: Judgement,
    ) -> Result<Option<(Vec<Change<'l>>, Judgement)>, Failure> {
        if self.options.most_events <= EVENTS_OF_A_TRIAL || self.is_over() {
            return Ok(Some((changes, after)));
        }
        let after = self.judged(&changes, self.options)?;
        self.is_untold |= after.as_ref().is_some_and(|after| after.verdict == Verdict::Unknown);
        Ok(after.filter(|after| after.verdict == Verdict::Holds).map(|after| (changes, after)))
    }
}

/// `a, b and c`.
fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., tail] => format!("{} {last} {tail}", head.join(", ")),
    }
}

/// As much of a lever as is tried.
fn most(lever: &Lever) -> Option<Change<'_>> {
    match lever.tried {
        Tried::UpTo(most) => Some((lever, most.ceil())),
        Tried::Each(_) => None,
    }
}

/// Changes as lines taken out and lines put in.
fn told(snapshot: &Snapshot, changes: &[Change<'_>], after: &Judgement) -> String {
    let mut out = String::new();
    for (lever, value) in changes {
        let edit = set_fact(&snapshot.arch, lever.at, lever.fact, &lever.written(*value));
        let source = snapshot.sources.get(edit.span.file);
        let line = source.line_column(edit.span.range.start).line;
        let new = apply_edits(&source.text, &[(edit.span.range, &edit.text)]);
        let nth = |text: &str| text.lines().nth(line as usize - 1).unwrap_or_default().to_owned();
        let (old, new) = (nth(&source.text), nth(&new));
        let place = snapshot.sources.location(edit.span);
        out.push_str(&format!("  {place}\n  - {}\n  + {}\n", old.trim(), new.trim()));
    }
    let value = after.estimate.as_ref().map(|estimate| of_metric(after.metric, estimate.value)).unwrap_or_default();
    out.push_str(&format!("  then {} is {value}\n", after.metric));
    out
}
