//! Replications: as many and as long as the question needs.

use crate::analysis::Analysis;
use crate::demand::Demand;
use crate::engine::{self, FlowCount, Replication, SPREAD, Settings, SiteCount, StationCount, Trouble, Window};
use crate::forecast::Settles;
use crate::law::{stream, uniform};
use crate::network::Network;
use crate::settling::{self, Seen};
use crate::stability::{Growing, Waits, candidates};
use crate::stats::Estimate;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How a simulation is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Chooses the random numbers: the same seed, the same result.
    pub seed: u64,
    /// The half width of an interval, as a share of the value, from which on an estimate is good enough.
    pub precision: f64,
    /// About how many events may be simulated for one load.
    pub most_events: u64,
    /// How many threads work; the result does not depend on it.
    pub threads: usize,
    /// Whether to go on until the precision is reached even where the verdict is clear before.
    pub exhaustive: bool,
}

impl Default for Options {
    fn default() -> Options {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Options { seed: 1, precision: 0.05, most_events: 60_000_000, threads, exhaustive: false }
    }
}

/// What one replication tells of a flow. Times in seconds.
#[derive(Clone, Debug)]
pub(crate) struct FlowSummary {
    pub(crate) came: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    /// How many of those answered well are under way at a moment, by Little's law.
    pub(crate) under_way: f64,
    /// If those that began in the time that is judged were followed to their end: how many were answered well only after it,
    /// and how many were still under way when the watch ended.
    pub(crate) followed: Option<Followed>,
    pub(crate) mean: f64,
    pub(crate) quantiles: [f64; 4],
    /// The quantiles of [`SPREAD`].
    pub(crate) spread: [f64; SPREAD.len()],
}

/// What became of requests that were followed to their end, and of those that had none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Followed {
    pub(crate) late: u64,
    pub(crate) left: u64,
}

impl FlowSummary {
    /// The share of requests that failed; not a number if there were none.
    pub(crate) fn error_rate(&self) -> f64 {
        if self.followed.is_some() {
            return self.failed as f64 / self.came as f64;
        }
        let all = requests(self.came, self.done, self.failed, self.under_way);
        (all - self.done as f64) / all
    }

    /// The same if those whose end was not seen fail too.
    pub(crate) fn most_errors(&self) -> f64 {
        let left = self.followed.map_or(0, |followed| followed.left);
        self.error_rate() + if left > 0 { left as f64 / self.came as f64 } else { 0.0 }
    }

    /// How many were answered.
    pub(crate) fn answers(&self) -> f64 {
        (self.done + self.failed) as f64
    }

    /// The share of those with a time whose end was not seen, so that their time is longer than it seems.
    pub(crate) fn left(&self) -> f64 {
        self.followed.map_or(0.0, |followed| followed.left as f64 / (self.done + followed.left).max(1) as f64)
    }
}

/// How many requests count. At any moment some are under way, `under_way` of them if all is well, and are neither answered
/// nor failed. But where many more come than are answered, by more than chance, they hang, and nobody who hangs is served.
pub(crate) fn requests(came: u64, done: u64, failed: u64, under_way: f64) -> f64 {
    let (came, answered) = (came as f64, (done + failed) as f64);
    let is_usual = came - answered <= 0.1 * came + 3.0 * came.sqrt() + under_way;
    if is_usual { answered } else { came }
}

/// What one replication tells.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    /// The flows, and behind them those who watch calls.
    pub(crate) flows: Vec<FlowSummary>,
    /// How many requests of each were answered well in the time that is judged.
    pub(crate) served: Vec<u64>,
    pub(crate) stations: Vec<StationCount>,
    pub(crate) sites: Vec<SiteCount>,
    pub(crate) seconds: f64,
    pub(crate) events: u64,
    pub(crate) overflowed: bool,
    /// Its stretches, if there were several.
    pub(crate) windows: Vec<Window>,
}

/// What all replications tell.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) summaries: Vec<Summary>,
    /// The events of all replications, those of shorter first attempts included.
    pub(crate) events: u64,
    /// The seconds of one replication that were counted.
    pub(crate) horizon: f64,
    /// Whether it was ended from outside.
    pub(crate) cancelled: bool,
    /// How many rounds there were.
    pub(crate) rounds: u32,
    /// What grew with the time that was simulated, as it does before a system has settled.
    pub(crate) grows: Restless,
    /// What grows without end, for certain or as it was seen.
    pub(crate) growing: Growing,
    /// How long stations must be watched until they have settled, in seconds.
    pub(crate) needs: Vec<(u32, f64)>,
    /// How long must be watched until it is known how much more comes than is served where something grows without end.
    pub(crate) growth_needs: f64,
}

/// What has not come to rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Restless {
    pub(crate) flows: Vec<u32>,
    pub(crate) stations: Vec<u32>,
}

impl Restless {
    /// Whether anything has not.
    pub(crate) fn is_any(&self) -> bool {
        !self.flows.is_empty() || !self.stations.is_empty()
    }
}

impl Outcome {
    /// Which times or queues are longer in the second half of the replications than in the first by more than chance: told
    /// wrongly once in a thousand times, so that hardly any outcome is chosen by what it is.
    fn grows(&self, settles: &Settles) -> Restless {
        let is_more = |number: &dyn Fn(&Window) -> f64| {
            let halves: Vec<(f64, f64)> = self
                .summaries
                .iter()
                .filter_map(|one| Some((number(one.windows.first()?), number(one.windows.get(1)?))))
                .filter(|(before, after)| before.is_finite() && after.is_finite())
                .collect();
            let more: Vec<f64> = halves.iter().map(|(before, after)| after - before).collect();
            let usual = halves.iter().map(|(before, _)| before).sum::<f64>() / halves.len().max(1) as f64;
            let tests = (settles.flows.len() + settles.stations.len()) as f64;
            Estimate::with_confidence(&more, 1.0 - 0.002 / tests).is_some_and(|more| more.low > GROWS * usual)
        };
        let of_flow = |at: usize| is_more(&|window| window.flows[at].mean);
        let of_station = |at: usize| is_more(&|window| (window.stations[at].waiting - 1.0).max(0.0));
        Restless {
            flows: settles.flows.iter().filter(|at| of_flow(**at)).map(|at| *at as u32).collect(),
            stations: settles.stations.iter().filter(|at| of_station(**at)).map(|at| *at as u32).collect(),
        }
    }

    /// Whether a station's queue grows without end: from the first half of the replications to the second it grows more than
    /// one does that is asked for just as much as it can serve.
    fn queue_grows(&self, station: usize, tests: usize) -> bool {
        let beyond = |summary: &Summary| match &summary.windows[..] {
            [before, after] => after.stations[station].waiting - CRITICAL * before.stations[station].waiting - 1.0,
            _ => f64::NAN,
        };
        let each: Vec<f64> = self.summaries.iter().map(beyond).collect();
        let confidence = 1.0 - 0.002 / tests.max(1) as f64;
        Estimate::with_confidence(&each, confidence).is_some_and(|beyond| beyond.low > 0.0)
    }

    /// The share of the slots or cores of a station that were in use in the second half.
    fn in_use(&self, station: u32) -> f64 {
        let last = self.summaries.iter().filter_map(|summary| summary.windows.last());
        let sum: f64 = last.map(|window| window.stations[station as usize].in_use).sum();
        sum / self.summaries.len().max(1) as f64
    }

    /// The mean time of some flows.
    fn means(&self, flows: impl IntoIterator<Item = usize>) -> Vec<Option<Estimate>> {
        flows.into_iter().map(|flow| self.estimate(|summary| summary.flows[flow].mean)).collect()
    }

    /// A time of a flow, of which `share` are longer: if so many were still under way at the end, it is only known to be
    /// so long at least.
    pub(crate) fn time(&self, flow: usize, share: f64, number: impl Fn(&FlowSummary) -> f64) -> Option<Estimate> {
        let found = self.of_requests(flow, |summary| number(&summary.flows[flow]))?.at_least_nothing();
        let is_open = self.summaries.iter().any(|summary| summary.flows[flow].left() >= share);
        Some(if is_open { Estimate { high: f64::INFINITY, ..found } } else { found })
    }

    /// The share of the requests of a flow that are not answered well: of those that wait for what never ends, those that are
    /// still there count, and more of them come all the time.
    pub(crate) fn unanswered(&self, flow: usize) -> Option<Estimate> {
        let share = |summary: &Summary| {
            let flow = &summary.flows[flow];
            1.0 - flow.done as f64 / flow.came as f64
        };
        self.estimate(share).map(Estimate::within_one)
    }

    /// The share of the requests of a flow that fail. Where none or all did, and it could have been otherwise, the interval
    /// says how rare that may be (the exact binomial one).
    pub(crate) fn error_rate(&self, network: &Network, flow: usize) -> Option<Estimate> {
        // Between that of those whose end was seen, and that with all others.
        let share =
            |number: &dyn Fn(&FlowSummary) -> f64| self.of_requests(flow, |summary| number(&summary.flows[flow]));
        let middle = share(&|flow| f64::midpoint(flow.error_rate(), flow.most_errors()))?;
        let (low, high) = (share(&FlowSummary::error_rate)?.low, share(&FlowSummary::most_errors)?.high);
        let found = Estimate { low, high, ..middle }.within_one();
        if found.low < found.high || !network.may_fail(flow) {
            return Some(found);
        }
        let requests: f64 = self.summaries.iter().map(|summary| summary.flows[flow].answers()).sum();
        let rest = 1.0 - libm::pow(0.025, 1.0 / requests.max(1.0));
        Some(match found.value {
            0.0 => Estimate { high: rest, ..found },
            1.0 => Estimate { low: 1.0 - rest, ..found },
            _ => found,
        })
    }

    /// Whether nothing more can come of it.
    fn has_ended(&self) -> bool {
        self.cancelled || self.summaries.iter().any(|summary| summary.overflowed)
    }

    /// An estimate of what cannot be negative, from one number a replication.
    pub(crate) fn amount(&self, number: impl Fn(&Summary) -> f64) -> Option<Estimate> {
        self.estimate(number).map(Estimate::at_least_nothing)
    }

    /// An estimate of what is known of the requests of a flow in each replication. One in which none came, as may be in a
    /// short failure, says nothing of them.
    fn of_requests(&self, flow: usize, number: impl Fn(&Summary) -> f64) -> Option<Estimate> {
        let asked: Vec<&Summary> = self.summaries.iter().filter(|summary| summary.flows[flow].came > 0).collect();
        let values: Vec<f64> = asked.iter().map(|summary| number(summary)).filter(|value| value.is_finite()).collect();
        let is_told = values.len() == asked.len() && values.len() as f64 >= MOSTLY * self.summaries.len() as f64;
        if is_told { Estimate::of(&values) } else { None }
    }

    /// An estimate from one number a replication.
    pub(crate) fn estimate(&self, number: impl Fn(&Summary) -> f64) -> Option<Estimate> {
        let values: Vec<f64> = self.summaries.iter().map(number).filter(|value| value.is_finite()).collect();
        if values.len() < self.summaries.len() { None } else { Estimate::of(&values) }
    }
}

/// A first round of so many replications of so many requests tells how long the next must be. That is drawn anew and stands
/// for itself: what is told does not depend on how it was chosen when to stop (Stein, "A two-sample test for a linear
/// hypothesis whose power is independent of the variance", 1945).
const PILOT: (u64, f64) = (8, 4_000.0);

/// The rounds behind it have so many replications: fewer where those would be too short to settle, as few as the first.
const REPLICATIONS: u64 = 20;

/// Each replication of the second round is at least so many times as long as those of the first, and at most so many times;
/// later ones are at least a little longer than those before.
const LONGER: f64 = 2.5;
const MUCH_LONGER: f64 = 25.0;
const A_LITTLE_LONGER: f64 = 1.3;

/// So large a share of the replications must have had requests: else those that came alone would weigh more than others.
const MOSTLY: f64 = 0.9;

/// What was found is taken to be settled if it grows by less than this share from the first half to the second.
const GROWS: f64 = 0.02;

/// A queue that is asked for just as much as it can serve grows with the square root of the time: it is so many times as long
/// in the second half as in the first, where a quarter of both passes before. One that is asked for more grows with the time and
/// comes to be twice as long, one that is asked for less does not grow in the end.
/// With `w(t) = sqrt(t)`: `(1.25^1.5 - 0.75^1.5) / (0.75^1.5 - 0.25^1.5)`.
const CRITICAL: f64 = 1.43;

/// After so many rounds, more of them tell nothing new.
const MOST_ROUNDS: u32 = 30;

/// The share of the events that the second round may take.
const FIRST: f64 = 0.5;

/// The share of the events for which it is twice as long as it must be: means of less skewed numbers, whose intervals hold
/// more nearly what they promise.
const CHEAP: f64 = 0.125;

/// How many replications of a course of events are tried: as it takes its time, more of them is all that can be done.
const COURSES: [u64; 6] = [4, 8, 16, 32, 64, 128];

/// From so many replications of a course on it can be told whether they come out differently.
pub(crate) const TELLING: usize = 16;

/// What a simulation is of.
pub(crate) struct Task<'a> {
    pub(crate) network: &'a Network,
    pub(crate) demand: &'a Demand,
    pub(crate) troubles: &'a [Trouble],
    /// Requests a second, as far as known.
    pub(crate) rate: f64,
    /// About how many events a request is.
    pub(crate) events_each: f64,
    /// What can be told of it before.
    pub(crate) analysis: &'a Analysis,
    /// What grows without end for certain.
    pub(crate) growing: &'a Growing,
    /// How long stations must be watched until they have settled, in seconds, as formulas tell.
    pub(crate) expected: &'a [(u32, f64)],
    pub(crate) plan: Plan,
}

/// What is observed.
pub(crate) enum Plan {
    /// A state that lasts, for at least so many seconds if that can be afforded; endless for as long as can be afforded.
    Steady(f64),
    /// A course of events.
    Course(Stretches),
}

/// The stretches of a course of events.
#[derive(Clone, Debug)]
pub(crate) struct Stretches {
    /// The seconds before, in which the system gets into its stride.
    pub(crate) warm_up: f64,
    /// Where each ends, in seconds after that.
    pub(crate) ends: Vec<f64>,
    /// Which are judged: from the one to before the other.
    pub(crate) judged: (usize, usize),
}

/// What is still wanted of an outcome.
pub(crate) enum Wanted {
    /// Nothing.
    Nothing,
    /// So many times as much, to be told with some certainty.
    More(f64),
}

/// Simulates until nothing more is `wanted`, or the events are used up. `progress` is told the share that is done.
pub(crate) fn run(
    task: &Task<'_>,
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
    wanted: impl Fn(&Outcome) -> Wanted,
) -> Outcome {
    let mut outcome = Outcome {
        summaries: Vec::new(),
        events: 0,
        horizon: 0.0,
        cancelled: false,
        rounds: 0,
        grows: Restless::default(),
        growing: task.growing.clone(),
        needs: Vec::new(),
        growth_needs: 0.0,
    };
    match &task.plan {
        Plan::Steady(least) => settle(task, *least, options, cancel, progress, &wanted, &mut outcome),
        Plan::Course(stretches) => {
            for replications in COURSES {
                let before = outcome.summaries.len() as u64;
                let each = outcome.events as f64 / (before.max(1)) as f64;
                let more = each * (replications - before) as f64;
                if before > 0 && outcome.events as f64 + more > options.most_events as f64 {
                    break;
                }
                let more = round(task, stretches, options, cancel, before..replications, progress);
                outcome.events += more.iter().map(|summary| summary.events).sum::<u64>();
                outcome.summaries.extend(more);
                outcome.rounds += 1;
                outcome.horizon = outcome.summaries.first().map_or(0.0, |summary| summary.seconds);
                outcome.cancelled = cancel.load(Ordering::Relaxed);
                if outcome.has_ended() || matches!(wanted(&outcome), Wanted::Nothing) {
                    break;
                }
            }
        }
    }
    outcome
}

/// Simulates a state that lasts, in rounds each of which stands for itself.
fn settle(
    task: &Task<'_>,
    least: f64,
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
    wanted: &dyn Fn(&Outcome) -> Wanted,
    outcome: &mut Outcome,
) {
    let waits = Waits::of(task.network, task.demand);
    let asked: Vec<u32> = task.demand.flows().iter().map(|(flow, _)| *flow).collect();
    // The second round is the first that may be believed.
    let events = options.most_events as f64;
    let afforded =
        |share: f64, replications: u64| share * events / task.rate / task.events_each / 1.25 / replications as f64;
    let (mut replications, requests) = PILOT;
    let least = if least.is_finite() { least } else { afforded(FIRST, REPLICATIONS) };
    let later = ((afforded(FIRST, 1) / least) as u64).clamp(replications, REPLICATIONS);
    let longest = afforded(CHEAP, later).clamp(least, 2.0 * least);
    let least = longest.min(afforded(FIRST, later));
    // The first round is small, and of requests that are large not more than the next.
    let mut horizon = (requests / task.rate).min(afforded(FIRST, replications) / LONGER).max(least / LONGER);
    let mut spent_before = 0;
    loop {
        // A fifth of the whole before, which Monte Carlo trials found best of the simple rules.
        let ends = vec![horizon / 2.0, horizon];
        let stretches = Stretches { warm_up: horizon / 4.0, ends, judged: (0, 2) };
        let before: Vec<Option<Estimate>> = outcome.means(0..task.network.programs.len());
        outcome.summaries = round(task, &stretches, options, cancel, 0..replications, progress);
        outcome.horizon = horizon;
        let is_longer = |(now, before): (&Option<Estimate>, &Option<Estimate>)| match (now, before) {
            (Some(now), Some(before)) => now.low > (1.0 + GROWS) * before.high,
            _ => false,
        };
        let candidates = candidates(task.network, &waits, task.analysis, &|at| outcome.in_use(at));
        let grows = |at: &u32| outcome.queue_grows(*at as usize, candidates.len());
        let seen: Vec<u32> = candidates.iter().copied().filter(grows).collect();
        outcome.growing = task.growing.clone();
        outcome.growing.found(task.network, task.demand, task.analysis, &seen);
        let settles = Settles::of(task.network, &asked, &outcome.growing);
        let before: Vec<Option<Estimate>> =
            settles.flows.iter().map(|flow| before.get(*flow).cloned().flatten()).collect();
        outcome.grows = outcome.grows(&settles);
        let now = outcome.means(settles.flows.iter().copied());
        let longer = settles.flows.iter().zip(now.iter().zip(&before)).filter(|(_, means)| is_longer(*means));
        outcome.grows.flows.extend(longer.map(|(flow, _)| *flow as u32));
        let seen =
            Seen { network: task.network, analysis: task.analysis, waits: &waits, growing: &outcome.growing, outcome };
        (outcome.needs, outcome.growth_needs) = (seen.needs(false), settling::longest(&seen.needs(true)));
        outcome.needs.extend(task.expected);
        outcome.rounds += 1;
        let spent: u64 = outcome.summaries.iter().map(|summary| summary.events).sum();
        outcome.events += spent;
        outcome.cancelled = cancel.load(Ordering::Relaxed);
        if outcome.has_ended() {
            return;
        }
        let more = match wanted(outcome) {
            Wanted::Nothing => return,
            Wanted::More(more) => more,
        };
        // Where a longer time brings no more, nobody goes on any more.
        if outcome.rounds >= MOST_ROUNDS || outcome.rounds > 1 && spent <= spent_before {
            return;
        }
        spent_before = spent;
        let each = spent as f64 / replications as f64 / horizon;
        let affordable = |replications: u64| (events - outcome.events as f64) / each / replications as f64;
        let needs = settling::longest(&outcome.needs).min(MUCH_LONGER * horizon);
        // Fewer, if more of them would be too short to settle.
        let later = ((affordable(1) / needs) as u64).clamp(PILOT.0, later);
        let left = affordable(later);
        let next = (more * horizon * replications as f64 / later as f64).min(MUCH_LONGER * horizon);
        let at_least = if outcome.rounds == 1 || outcome.grows.is_any() { LONGER } else { A_LITTLE_LONGER } * horizon;
        let next = next.max(at_least).max(least).max(needs);
        // Something in between is better than nothing.
        let next = next.min(left);
        if next < at_least {
            return;
        }
        (horizon, replications) = (next, later);
    }
}

fn round(
    task: &Task<'_>,
    stretches: &Stretches,
    options: &Options,
    cancel: &AtomicBool,
    replications: std::ops::Range<u64>,
    progress: &(dyn Fn(f64) + Sync),
) -> Vec<Summary> {
    let count = (replications.end - replications.start) as usize;
    let next = AtomicUsize::new(0);
    let finished = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Summary>>> = Mutex::new(vec![None; count]);
    let is_course = matches!(task.plan, Plan::Course(_));
    // Rounds of other lengths draw other numbers, but the course of a failure is the same when it is watched for longer.
    let length = stretches.ends.last().copied().unwrap_or(0.0);
    let draw = if is_course { 0 } else { length.to_bits() >> 20 };
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count || cancel.load(Ordering::Relaxed) {
            return;
        }
        let replication = replications.start + at as u64 + draw;
        // What comes in periods from the first moment on must not be seen at the same point of them every time.
        let later = 1.0 + 0.25 * uniform(&mut stream(options.seed, replication, 0, 7));
        let settings = Settings {
            seed: options.seed,
            replication,
            warm_up: stretches.warm_up * later,
            ends: &stretches.ends,
            judged: stretches.judged,
            is_course,
            most_events: options.most_events.max(1_000_000) / replications.end * 2,
            cancel,
        };
        let replication = engine::run(task.network, task.demand, task.troubles, settings);
        results.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[at] = Some(summary(replication));
        let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
        progress(done as f64 / count as f64);
    };
    let threads = options.threads.clamp(1, count.max(1));
    std::thread::scope(|scope| {
        // Where no more can be started, fewer do it.
        (1..threads).for_each(|_| drop(std::thread::Builder::new().spawn_scoped(scope, work)));
        work();
    });
    let summaries = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    summaries.into_iter().flatten().collect()
}

fn summary(replication: Replication) -> Summary {
    debug_assert_eq!(replication.came, replication.answered + replication.there, "no request is lost");
    let counts = replication.counts;
    let is_followed = !replication.cohort.is_empty();
    let flow = |flow: &FlowCount| FlowSummary {
        came: flow.came,
        done: flow.done,
        failed: flow.failed,
        under_way: flow.time / counts.seconds,
        followed: is_followed.then_some(Followed { late: flow.late, left: flow.left }),
        mean: flow.time / flow.timed() as f64,
        quantiles: flow.quantiles(),
        spread: flow.spread(),
    };
    let served = counts.flows.iter().map(|flow| flow.done).collect();
    let judged = if is_followed { &replication.cohort } else { &counts.flows };
    Summary {
        flows: judged.iter().map(flow).collect(),
        served,
        stations: counts.stations,
        sites: counts.sites,
        seconds: counts.seconds,
        events: replication.events,
        overflowed: replication.overflowed,
        windows: replication.windows,
    }
}
