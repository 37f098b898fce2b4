//! Replications: as many and as long as the question needs.

use crate::engine::{self, Demand, FlowCount, Replication, Settings, SiteCount, StationCount, Trouble, Window};
use crate::network::Network;
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

/// The shares of the quantiles that are kept of each replication.
pub(crate) const SHARES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

/// The shares of the quantiles that show how times are spread.
pub(crate) const SPREAD: [f64; 18] =
    [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];

/// What one replication tells of a flow. Times in seconds.
#[derive(Clone, Debug)]
pub(crate) struct FlowSummary {
    pub(crate) came: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    /// How many of those answered well are under way at a moment, by Little's law.
    pub(crate) under_way: f64,
    pub(crate) mean: f64,
    pub(crate) quantiles: [f64; 4],
    /// The quantiles of [`SPREAD`].
    pub(crate) spread: [f64; SPREAD.len()],
}

impl FlowSummary {
    /// The share of requests that failed; not a number if there were none.
    pub(crate) fn error_rate(&self) -> f64 {
        let all = requests(self.came, self.done, self.failed, self.under_way);
        (all - self.done as f64) / all
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
    pub(crate) flows: Vec<FlowSummary>,
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
    /// Whether a round that was longer than the one before tells longer times.
    pub(crate) growth: Growth,
}

/// Whether times grow with the time that is simulated, as they do before a system has settled and where more is asked of it
/// than it can serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Growth {
    /// They are about the same.
    None,
    /// It may be by chance.
    Perhaps,
    /// By more than chance.
    Sure,
}

impl Outcome {
    /// The mean time of each flow that was asked for.
    fn means(&self, network: &Network) -> Vec<Option<Estimate>> {
        (0..network.programs.len()).map(|flow| self.estimate(|summary| summary.flows[flow].mean)).collect()
    }

    /// How much longer times are than they were before.
    fn grown(&self, network: &Network, before: &[Option<Estimate>]) -> Growth {
        let of = |(now, before): (&Option<Estimate>, &Option<Estimate>)| match (now, before) {
            (Some(now), Some(before)) if now.low > before.high => Growth::Sure,
            (Some(now), Some(before)) if now.low > before.value => Growth::Perhaps,
            _ => Growth::None,
        };
        let found: Vec<Growth> = self.means(network).iter().zip(before).map(of).collect();
        [Growth::Sure, Growth::Perhaps].into_iter().find(|growth| found.contains(growth)).unwrap_or(Growth::None)
    }

    /// An estimate from one number a replication.
    pub(crate) fn estimate(&self, number: impl Fn(&Summary) -> f64) -> Option<Estimate> {
        let values: Vec<f64> = self.summaries.iter().map(number).filter(|value| value.is_finite()).collect();
        if values.len() < self.summaries.len() { None } else { Estimate::of(&values) }
    }
}

/// How many replications of how many requests are tried, one after the other, until the estimates are good enough.
/// Longer ones have less of the bias of their beginning. One round alone proves nothing: whether times still grow is seen by
/// the next.
const ROUNDS: [(u64, u64); 9] = [
    (8, 4_000),
    (8, 16_000),
    (8, 40_000),
    (16, 100_000),
    (20, 250_000),
    (20, 600_000),
    (20, 1_500_000),
    (20, 4_000_000),
    (20, 10_000_000),
];

/// Each round is at least this many times as long as the one before, in time too.
const LONGER: f64 = 2.5;

/// The share of the events that the second round may take.
const FIRST: f64 = 0.5;

/// How many replications of a course of events are tried: as it takes its time, more of them is all that can be done.
const COURSES: [u64; 4] = [4, 8, 16, 32];

/// What a simulation is of.
pub(crate) struct Task<'a> {
    pub(crate) network: &'a Network,
    pub(crate) demand: &'a Demand,
    pub(crate) troubles: &'a [Trouble],
    /// Requests a second, as far as known.
    pub(crate) rate: f64,
    /// About how many events a request is.
    pub(crate) events_each: f64,
    pub(crate) plan: Plan,
}

/// What is observed.
pub(crate) enum Plan {
    /// A state that lasts, for at least so many seconds if that can be afforded.
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

/// Simulates until `enough` is satisfied, or the events are used up. `progress` is told the share that is done.
pub(crate) fn run(
    task: &Task<'_>,
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
    enough: impl Fn(&Outcome) -> bool,
) -> Outcome {
    let mut outcome =
        Outcome { summaries: Vec::new(), events: 0, horizon: 0.0, cancelled: false, rounds: 0, growth: Growth::None };
    let affords = |outcome: &Outcome, more: f64| outcome.events as f64 + more <= options.most_events as f64;
    let finished = |outcome: &Outcome| {
        outcome.cancelled || outcome.summaries.iter().any(|summary| summary.overflowed) || enough(outcome)
    };
    match &task.plan {
        Plan::Steady(least) => {
            // The second round is the first that may be believed.
            let affordable = FIRST * options.most_events as f64 / task.rate / task.events_each / (8.0 * 1.25);
            let mut least = least.min(affordable) / LONGER;
            for (replications, requests) in ROUNDS {
                let horizon = (requests as f64 / task.rate).max(least);
                least = horizon * LONGER;
                let spent: u64 = outcome.summaries.iter().map(|summary| summary.events).sum();
                let each = spent as f64 / outcome.summaries.len().max(1) as f64 / outcome.horizon.max(1e-9);
                if !outcome.summaries.is_empty() && !affords(&outcome, each * horizon * replications as f64) {
                    break;
                }
                // A fifth of the whole before, which Monte Carlo trials found best of the simple rules.
                let warm_up = horizon / 4.0;
                let stretches = Stretches { warm_up, ends: vec![horizon], judged: (0, 1) };
                let before = outcome.means(task.network);
                outcome.summaries = round(task, &stretches, options, cancel, 0..replications, progress);
                outcome.horizon = horizon;
                outcome.growth = outcome.grown(task.network, &before);
                outcome.rounds += 1;
                outcome.events += outcome.summaries.iter().map(|summary| summary.events).sum::<u64>();
                outcome.cancelled = cancel.load(Ordering::Relaxed);
                if finished(&outcome) {
                    break;
                }
            }
        }
        Plan::Course(stretches) => {
            for replications in COURSES {
                let before = outcome.summaries.len() as u64;
                let each = outcome.events as f64 / (before.max(1)) as f64;
                if before > 0 && !affords(&outcome, each * (replications - before) as f64) {
                    break;
                }
                let more = round(task, stretches, options, cancel, before..replications, progress);
                outcome.events += more.iter().map(|summary| summary.events).sum::<u64>();
                outcome.summaries.extend(more);
                outcome.rounds += 1;
                outcome.horizon = outcome.summaries.first().map_or(0.0, |summary| summary.seconds);
                outcome.cancelled = cancel.load(Ordering::Relaxed);
                if finished(&outcome) {
                    break;
                }
            }
        }
    }
    outcome
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
    // Rounds of other lengths draw other numbers, but the course of a failure is the same when it is watched for longer.
    let draw = match &stretches.ends[..] {
        [length] => length.to_bits() >> 20,
        _ => 0,
    };
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count || cancel.load(Ordering::Relaxed) {
            return;
        }
        let settings = Settings {
            seed: options.seed,
            replication: replications.start + at as u64 + draw,
            warm_up: stretches.warm_up,
            ends: &stretches.ends,
            judged: stretches.judged,
            scales: stretches.ends.len() > 1,
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
        (1..threads).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    let summaries = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    summaries.into_iter().flatten().collect()
}

fn summary(replication: Replication) -> Summary {
    debug_assert_eq!(replication.came, replication.answered + replication.there, "no request is lost");
    let counts = replication.counts;
    let flow = |flow: &FlowCount| FlowSummary {
        came: flow.came,
        done: flow.done,
        failed: flow.failed,
        under_way: flow.time / counts.seconds,
        mean: flow.time / flow.done as f64,
        quantiles: flow.quantiles(),
        spread: flow.spread(),
    };
    Summary {
        flows: counts.flows.iter().map(flow).collect(),
        stations: counts.stations,
        sites: counts.sites,
        seconds: counts.seconds,
        events: replication.events,
        overflowed: replication.overflowed,
        windows: replication.windows,
    }
}
