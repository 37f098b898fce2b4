//! Whether all becomes as before after a failure, and when.
//!
//! What is seen of a flow is seen of groups of requests: of fewer than thirty it cannot be told whether more of them fail than
//! before. So it is known of a recovery between which moments it lies, the beginning and the end of the last group that was not
//! as before, and no better. Where less than a group comes in the time of the failure, all runs are looked at together. Whether they take
//! longer than before is told by more requests the more their times differ: the mean of a few may be twice as much by chance.

use crate::backlog::Backlog;
use crate::engine::{Fault, FaultEffect, GIVES_UP, Window};
use crate::metric::Metric;
use crate::network::{CounterId, Network, Op, SiteId};
use crate::output::{ReplicationOutput, SimulationOutput, requests};
use crate::stats::Estimate;
use groma_model::FlowId;

/// Whether all becomes as before when the failure is gone.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Seconds from the beginning of the failure until then, where it does: less than the failure lasts where something
    /// takes over meanwhile. Its interval holds what is not known of the moment.
    pub took: Option<Estimate>,
    /// How long the failure lasts, in seconds.
    pub lasts: f64,
    /// In how many replications it does.
    pub recovered: usize,
    /// In how many it does not, and what waits does not become less: the trigger is gone and the overload sustains itself
    /// (a metastable failure: Bronson, Aghayev, Charapko, Zhu, "Metastable Failures in Distributed Systems", HotOS 2021).
    pub stuck: usize,
    /// In how many it does not because requests that began before the end of the failure are still waiting for an answer.
    pub lingering: usize,
    /// Whether too few requests came to tell.
    pub is_untold: bool,
    /// In how many replications in all.
    pub of: usize,
    /// For how many seconds after the failure this was looked at.
    pub observed: f64,
    /// What waits meanwhile where no answer waits for it, so that it shows in none.
    pub backlogs: Vec<Backlog>,
}

impl Recovery {
    /// Between which shares of all runs it may be that recover, with 95% confidence: the interval of Wilson (1927).
    pub fn likely(&self) -> (f64, f64) {
        let (of, share, z) = (self.of as f64, self.recovered as f64 / self.of as f64, 1.96_f64);
        let (middle, square) = (share + z * z / (2.0 * of), z * z / of);
        let half = z * (share * (1.0 - share) / of + square / (4.0 * of)).sqrt();
        (((middle - half) / (1.0 + square)).max(0.0), ((middle + half) / (1.0 + square)).min(1.0))
    }

    /// In words.
    pub fn sentence(&self) -> String {
        let (answers, backlogs) = (self.answers(), self.backlogs.iter().map(Backlog::sentence));
        let of_answers = if self.backlogs.is_empty() { "" } else { "answers: " };
        std::iter::once(format!("{of_answers}{answers}")).chain(backlogs).collect::<Vec<_>>().join("; ")
    }

    /// When answers are as before, in words.
    fn answers(&self) -> String {
        match &self.took {
            Some(took) if self.recovered == self.of => self.told(took),
            _ if self.is_untold => "too few requests to tell when it recovers".to_owned(),
            _ => self.open(),
        }
    }

    /// When all is as before, in words.
    fn told(&self, took: &Estimate) -> String {
        let words = |time: &Estimate| crate::number::interval(Metric::RecoveryTime, time);
        if took.high == 0.0 {
            return "unaffected throughout".to_owned();
        }
        if took.value == self.lasts && took.high == self.lasts && took.low >= NEARLY * self.lasts {
            return "recovers as soon as the fault ends".to_owned();
        }
        if took.low >= self.lasts {
            return format!("recovers {} after the fault ends", words(&took.plus(-self.lasts)));
        }
        let meanwhile = if took.high < self.lasts { ", before the fault ends" } else { "" };
        format!("recovers {} after the fault begins{meanwhile}", words(took))
    }

    /// What is known where not all runs recover, in words.
    fn open(&self) -> String {
        let observed = crate::number::time(self.observed);
        let count = if self.recovered == 0 {
            "none of the runs".to_owned()
        } else {
            let (low, high) = self.likely();
            let [share, low, high] =
                [self.recovered as f64 / self.of as f64, low, high].map(|one| format!("{:.0}%", 100.0 * one));
            format!("{share} of the runs ({low} to {high}; {} of {})", self.recovered, self.of)
        };
        let recovered = format!("{count} recovered within {observed} of the end of the fault");
        if self.stuck > 0 {
            let stuck = self.stuck;
            let which = if self.recovered == 0 { "them" } else { "the others" };
            return format!(
                "{recovered}, and in {stuck} of {which} the queues do not shrink: the overload sustains itself (metastable)"
            );
        }
        if self.lingering > 0 {
            return format!("{recovered}: requests that began before it ended are still waiting for an answer");
        }
        format!("{recovered}; the backlog is shrinking")
    }
}

/// A recovery that lies between this share of the failure and its end comes with its end.
const NEARLY: f64 = 0.9;

/// A failure, as it is watched. Times in seconds from the beginning of the first window.
#[derive(Clone, Copy)]
pub(crate) struct Episode {
    pub(crate) begin: f64,
    pub(crate) end: f64,
    /// Whether apart from it nothing changes.
    pub(crate) is_all: bool,
    /// How long a call waits at most until it is given up, with all its tries.
    pub(crate) gives_up: f64,
}

/// How long calls of some flows wait at most until they are given up, with all their tries, in seconds: those with a timeout,
/// and those that are cut off.
pub(crate) fn gives_up_after(network: &Network, asked: &[FlowId], faults: &[Fault]) -> f64 {
    let is_cut = |site: SiteId| {
        let cuts = |fault: &Fault| matches!(&fault.effect, FaultEffect::Cut(sites) if sites.iter().any(|(one, _)| *one == site));
        faults.iter().any(cuts)
    };
    let waits = |op: &Op| {
        let Op::Call { site, .. } = *op else { return 0.0 };
        let policy = network.policy_of(site);
        let once = policy.timeout.unwrap_or(if is_cut(site) { GIVES_UP } else { 0.0 });
        let pauses: f64 = (0..policy.retries).map(|retry| policy.pause_before(retry)).sum();
        if once > 0.0 { once * f64::from(policy.retries + 1) + pauses } else { 0.0 }
    };
    let calls = asked.iter().flat_map(|flow| &network.programs[*flow].ops);
    calls.map(waits).fold(0.0, f64::max)
}

/// So many requests are looked at together to tell whether a flow is as before.
pub(crate) const MIN_GROUP_SIZE: f64 = 30.0;

/// The mean of a group of requests is further from that of all by chance than so many of its standard deviations but once in millions, or
/// in hundreds where a few requests take most of the time.
const CHANCE: f64 = 5.0;

/// From fewer requests than this it is not known what is usual.
const FEW: f64 = 10.0;

/// So many groups of requests in a row must be as before.
pub(crate) const LASTING: usize = 4;

/// A flow fails more than before if by more than this share, and by more than chance.
const MORE_FAIL: f64 = 0.02;

/// What a flow does in one window, in one run or in several together.
#[derive(Clone, Copy, Default)]
struct Tally {
    seconds: f64,
    arrivals: u64,
    succeeded: u64,
    failed: u64,
    /// The times of those answered well, summed, in seconds.
    time: f64,
    /// How many that began before the end of the failure ended here, and how many are left at the end.
    old: u64,
    old_left: u64,
}

impl Tally {
    fn of(window: &Window, counter: CounterId) -> Tally {
        let seconds = window.seconds;
        let window = &window.flows[counter];
        let (arrivals, succeeded, failed, time) = (window.arrivals, window.succeeded, window.failed, window.time());
        Tally { seconds, arrivals, succeeded, failed, time, old: window.old, old_left: window.old_left }
    }

    /// The same window in two runs.
    fn beside(self, other: Tally) -> Tally {
        Tally { seconds: other.seconds, ..self.then(other) }
    }

    /// Two windows, one after the other.
    fn then(self, other: Tally) -> Tally {
        Tally {
            seconds: self.seconds + other.seconds,
            arrivals: self.arrivals + other.arrivals,
            succeeded: self.succeeded + other.succeeded,
            failed: self.failed + other.failed,
            time: self.time + other.time,
            old: self.old + other.old,
            old_left: self.old_left + other.old_left,
        }
    }

    /// How many of those answered well are under way at a moment, by Little's law.
    fn under_way(&self) -> f64 {
        self.time / self.seconds
    }
}

fn sum(tallies: &[Tally]) -> Tally {
    tallies.iter().copied().fold(Tally::default(), Tally::then)
}

/// How a flow is before the failure.
#[derive(Clone, Copy)]
struct Usual {
    /// Requests a second.
    rate: f64,
    under_way: f64,
    /// The share that fails.
    share: f64,
    /// The mean time of those answered well, in seconds.
    mean: f64,
    /// The standard deviation of their times, in seconds, as their means in windows tell it.
    deviation: f64,
}

impl Usual {
    /// Of windows before the failure, in all runs together, which are also given one by one. `None` of too few requests.
    fn of(before: &[Tally], each: &[&[Tally]]) -> Option<Usual> {
        let all = sum(before);
        let mean = all.time / all.succeeded as f64;
        let answered = || each.iter().copied().flatten().filter(|window| window.succeeded > 0);
        let square = |window: &Tally| {
            let answered = window.succeeded as f64;
            answered * (window.time / answered - mean).powi(2)
        };
        let variance = answered().map(square).sum::<f64>() / answered().count() as f64;
        let requests = requests(all.arrivals, all.succeeded, all.failed, all.under_way());
        (requests >= FEW).then(|| Usual {
            rate: requests / all.seconds,
            under_way: all.under_way(),
            share: (requests - all.succeeded as f64) / requests,
            mean,
            deviation: variance.sqrt(),
        })
    }

    /// How many requests are looked at together.
    fn group_size(&self, by: By) -> f64 {
        match by {
            By::Answers => MIN_GROUP_SIZE,
            By::Times => MIN_GROUP_SIZE.max((CHANCE * self.deviation / self.mean).powi(2)),
        }
    }

    /// The same in one of so many runs.
    fn in_one_of(self, runs: usize) -> Usual {
        Usual { rate: self.rate / runs as f64, under_way: self.under_way / runs as f64, ..self }
    }
}

/// By what it is told whether a flow is as before.
#[derive(Clone, Copy)]
enum By {
    /// How many requests are answered, and well.
    Answers,
    /// How long they take.
    Times,
}

/// A flow in the course of a failure, in one run or in several together.
struct FlowTimeline<'a> {
    by: By,
    tallies: &'a [Tally],
    ends: &'a [f64],
    /// How many windows end before the failure begins, and how many before it is over.
    cut: (usize, usize),
    fault: Episode,
    usual: Usual,
}

/// What is known of when a flow is as before.
#[derive(Clone, Copy)]
enum Found {
    /// Between these moments, in seconds from the beginning of the failure.
    Between(f64, f64),
    /// Not before the end of the watch.
    NotYet,
    /// Not before the end of the watch, because requests that began before the end of the failure still wait.
    Lingers,
    /// Too few requests come.
    Untold,
}

/// Some windows, from one to before another.
type Group = std::ops::Range<usize>;

impl FlowTimeline<'_> {
    /// Stretches, in groups in each of which enough requests are to be expected.
    fn groups(&self, from: usize, to: usize) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut begin = from;
        for at in from..to {
            if self.expected(&(begin..at + 1)) >= self.usual.group_size(self.by) {
                groups.push(begin..at + 1);
                begin = at + 1;
            }
        }
        match groups.last_mut() {
            // What is left over is no group.
            Some(last) => last.end = to,
            None if from < to => groups.push(from..to),
            None => {}
        }
        groups
    }

    fn sum(&self, group: &Group) -> Tally {
        sum(&self.tallies[group.clone()])
    }

    /// How many requests are to be expected in a group.
    fn expected(&self, group: &Group) -> f64 {
        self.usual.rate * self.sum(group).seconds
    }

    /// So many requests count in a group.
    fn requests(&self, now: &Tally) -> f64 {
        requests(now.arrivals, now.succeeded, now.failed, self.usual.under_way)
    }

    /// Whether more fail in a group than before.
    fn fails(&self, group: &Group) -> bool {
        let (share, allowed) = (self.usual.share, self.usual.share + MORE_FAIL);
        let (requests, failed) = self.failed(group);
        let chance = |share: f64| 3.0 * (share * (1.0 - share) / requests).sqrt();
        if failed <= share + chance(share).max(MORE_FAIL) {
            return false;
        }
        // Of thirty requests one is more than is allowed. Where no more fail than that while the failure lasts, a group that has
        // no more than chance brings together is as before.
        let (_, of_all) = self.failed(&(self.cut.0..self.cut.1));
        of_all > allowed || failed > allowed + chance(allowed) + 1.0 / requests
    }

    /// How many requests count in a group, and which share of them fails.
    fn failed(&self, group: &Group) -> (f64, f64) {
        let now = self.sum(group);
        let requests = self.requests(&now).max(1.0);
        (requests, (requests - now.succeeded as f64) / requests)
    }

    /// Whether a group is as before.
    fn is_well(&self, group: &Group) -> bool {
        let now = self.sum(group);
        match self.by {
            By::Answers => {
                // Nobody is answered: whoever waits has not been told yet.
                let is_asked = self.fault.is_all || now.arrivals > 0;
                let is_silent = self.requests(&now) == 0.0 && is_asked && self.expected(group) >= FEW;
                !self.fails(group) && !is_silent
            }
            By::Times => {
                let answered = now.succeeded as f64;
                let more = self.usual.mean.max(CHANCE * self.usual.deviation / answered.sqrt());
                // Times that follow a changing load tell nothing of the failure.
                !(self.fault.is_all && now.time / answered > self.usual.mean + more)
            }
        }
    }

    /// When the last of what was not as before in a group began, at the earliest: the window in which more failed than before,
    /// if it can be told which that was.
    fn last_bad(&self, group: &Group) -> f64 {
        let nth = group.clone().rev().find(|at| self.fails(&(*at..at + 1)));
        self.since(nth.unwrap_or(group.start))
    }

    /// When a window begins, in seconds from the beginning of the failure.
    fn since(&self, nth: usize) -> f64 {
        let begin = nth.checked_sub(1).map_or(0.0, |before| self.ends[before]);
        (begin - self.fault.begin).max(0.0)
    }

    /// When the flow is as before, and stays so.
    fn found(&self) -> Found {
        let (before, first) = self.cut;
        let after = self.groups(first, self.ends.len());
        if after.first().is_none_or(|group| self.expected(group) < FEW) {
            return Found::Untold;
        }
        if self.lingers() {
            return Found::Lingers;
        }
        let well: Vec<bool> = after.iter().map(|group| self.is_well(group)).collect();
        // What began before the end of the failure and ends badly is its doing, however late.
        let is_doing = |at: &usize| !well[*at] && self.sum(&after[*at]).old > 0;
        let from = (0..well.len()).rev().find(is_doing).map_or(0, |last| last + 1);
        let lasting = LASTING.min(well.len());
        let settled = well[from..].windows(lasting).position(|all| all.iter().all(|well| *well));
        match settled.map(|at| from + at) {
            None => Found::NotYet,
            Some(0) => self.found_meanwhile(before, first),
            Some(at) => Found::Between(self.last_bad(&after[at - 1]), self.since(after[at - 1].end)),
        }
    }

    /// Since when the flow was as before when the failure ended.
    fn found_meanwhile(&self, before: usize, first: usize) -> Found {
        let lasts = self.fault.end - self.fault.begin;
        let groups = self.groups(before, first);
        let well_at_last = groups.iter().rev().take_while(|group| self.is_well(group)).count();
        match (groups.len() - well_at_last).checked_sub(1) {
            // Nobody came who could tell.
            None if groups.iter().any(|group| self.expected(group) < FEW) => Found::Between(0.0, lasts),
            None => Found::Between(0.0, 0.0),
            Some(bad) => {
                // A few groups that do well by chance are no recovery.
                let is_lasting = well_at_last >= LASTING;
                let end = if is_lasting { self.since(groups[bad].end) } else { lasts };
                Found::Between(self.last_bad(&groups[bad]), end)
            }
        }
    }

    /// Whether more than a few requests that began before the end of the failure still wait, and may yet be given up.
    fn lingers(&self) -> bool {
        let observed = self.ends[self.ends.len() - 1] - self.fault.end;
        let arrivals = self.usual.rate * (self.fault.end - self.fault.begin);
        let left = self.tallies.last().map_or(0, |last| last.old_left);
        observed < self.fault.gives_up && left as f64 > MORE_FAIL * arrivals
    }
}

/// What is known of all flows of one run.
fn together(found: impl Iterator<Item = Found>) -> Found {
    found.fold(Found::Between(0.0, 0.0), |all, one| match (all, one) {
        (Found::Between(low, high), Found::Between(from, to)) => Found::Between(low.max(from), high.max(to)),
        (Found::Between(..), other) | (other, Found::Between(..)) => other,
        // What is still wrong is so whatever else is not known.
        (Found::Untold, other) => other,
        (other, _) => other,
    })
}

/// What is known of a flow in each run: of each for itself if enough requests come in it, and else of all together.
fn found_in_runs(counter: CounterId, ends: &[f64], fault: Episode, output: &SimulationOutput) -> Vec<Found> {
    let runs = output.summaries.len();
    let cut = [fault.begin, fault.end].map(|moment| ends.partition_point(|at| *at <= moment + 1e-9));
    let of_run = |run: &ReplicationOutput| -> Vec<Tally> {
        run.windows.iter().map(|window| Tally::of(window, counter)).collect()
    };
    let each: Vec<Vec<Tally>> = output.summaries.iter().map(of_run).collect();
    let beside = |at: usize| each.iter().map(|run| run[at]).fold(Tally::default(), Tally::beside);
    let all: Vec<Tally> = (0..ends.len()).map(beside).collect();
    let before: Vec<&[Tally]> = each.iter().map(|run| &run[..cut[0].min(run.len())]).collect();
    let Some(usual) = Usual::of(&all[..cut[0]], &before) else { return vec![Found::Untold; runs] };
    let of = |by: By| -> Vec<Found> {
        let timeline = |tallies, usual| FlowTimeline { by, tallies, ends, cut: (cut[0], cut[1]), fault, usual };
        let in_one = usual.in_one_of(runs);
        let (expected, size) = (in_one.rate * (fault.end - fault.begin), usual.group_size(by));
        let own: Vec<Found> = each.iter().map(|run| timeline(run, in_one).found()).collect();
        let is_alike = own.iter().all(|found| matches!(found, Found::Between(..)));
        // All together tell more finely, but not which of them do not recover.
        let is_fine = expected >= LASTING as f64 * size || expected >= size && !is_alike;
        if is_fine { own } else { vec![timeline(&all, usual).found(); runs] }
    };
    of(By::Answers).into_iter().zip(of(By::Times)).map(|(one, other)| together([one, other].into_iter())).collect()
}

/// Whether all that these counters count becomes as before after a failure, and when.
pub(crate) fn recovery(
    counters: &[CounterId],
    ends: &[f64],
    fault: Episode,
    output: &SimulationOutput,
) -> Option<Recovery> {
    let observed = ends.last()? - fault.end;
    let is_cut_short = output.summaries.iter().any(|summary| summary.windows.len() < ends.len());
    if fault.begin <= 0.0 || observed <= 0.0 || is_cut_short {
        return None;
    }
    let flows: Vec<Vec<Found>> = counters.iter().map(|flow| found_in_runs(*flow, ends, fault, output)).collect();
    let first = ends.partition_point(|at| *at <= fault.end + 1e-9);
    let (mut lows, mut highs, mut stuck, mut lingering, mut is_untold) = (Vec::new(), Vec::new(), 0, 0, false);
    for (run, summary) in output.summaries.iter().enumerate() {
        match together(flows.iter().map(|flow| flow[run])) {
            Found::Between(low, high) => {
                lows.push(low);
                highs.push(high);
            }
            Found::Untold => is_untold = true,
            Found::Lingers => lingering += 1,
            Found::NotYet => stuck += usize::from(is_stuck(&summary.windows[first..])),
        }
    }
    let seen = |highs: Estimate| {
        let low = Estimate::of(&lows).map_or(highs.low, |lows| lows.low.min(highs.low)).max(0.0);
        Estimate { low, ..highs }
    };
    Some(Recovery {
        took: Estimate::of(&highs).map(seen),
        lasts: fault.end - fault.begin,
        recovered: highs.len(),
        stuck,
        lingering,
        is_untold,
        of: output.summaries.len(),
        observed,
        backlogs: Vec::new(),
    })
}

/// Whether what waits after the failure does not become less.
fn is_stuck(windows: &[Window]) -> bool {
    let waits = |windows: &[Window]| {
        let all = windows.iter().flat_map(|window| &window.stations).map(|station| station.waiting);
        all.sum::<f64>() / windows.len().max(1) as f64
    };
    let third = (windows.len() / 3).max(1).min(windows.len());
    let (first, last) = (waits(&windows[..third]), waits(&windows[windows.len() - third..]));
    last > 0.5 && last >= 0.8 * first
}
