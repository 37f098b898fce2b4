//! Replications: as many and as long as the question needs.

use crate::engine::{self, Counts, Demand, Settings, SiteCount, StationCount, Trouble};
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

/// What one replication tells of a flow. Times in seconds.
#[derive(Clone, Debug)]
pub(crate) struct FlowSummary {
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) mean: f64,
    pub(crate) quantiles: [f64; 4],
}

impl FlowSummary {
    /// The share of requests that failed; not a number if there were none.
    pub(crate) fn error_rate(&self) -> f64 {
        self.failed as f64 / (self.done + self.failed) as f64
    }
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
}

impl Outcome {
    /// An estimate from one number a replication.
    pub(crate) fn estimate(&self, number: impl Fn(&Summary) -> f64) -> Option<Estimate> {
        let values: Vec<f64> = self.summaries.iter().map(number).filter(|value| value.is_finite()).collect();
        if values.len() < self.summaries.len() { None } else { Estimate::of(&values) }
    }
}

/// How many replications of how many requests are tried, one after the other, until the estimates are good enough.
/// Longer ones have less of the bias of their beginning.
const ROUNDS: [(u64, u64); 8] = [
    (8, 8_000),
    (8, 40_000),
    (16, 100_000),
    (20, 250_000),
    (20, 600_000),
    (20, 1_500_000),
    (20, 4_000_000),
    (20, 10_000_000),
];

/// What a simulation is of.
pub(crate) struct Task<'a> {
    pub(crate) network: &'a Network,
    pub(crate) demand: &'a Demand,
    pub(crate) troubles: &'a [Trouble],
    /// Requests a second, as far as known.
    pub(crate) rate: f64,
    /// The shortest time that must be counted, in seconds; during troubles exactly that is counted.
    pub(crate) least: f64,
    /// The seconds before, in which the system gets into its stride.
    pub(crate) stride: f64,
}

/// Simulates until `enough` is satisfied, or the events are used up. `progress` is told the share that is done.
pub(crate) fn run(
    task: &Task<'_>,
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
    enough: impl Fn(&Outcome) -> bool,
) -> Outcome {
    let mut spent = 0;
    let mut latest: Option<Outcome> = None;
    for (replications, requests) in ROUNDS {
        let is_fixed = !task.troubles.is_empty();
        // A failure of minutes is long enough for few of them to be alike.
        let replications = if is_fixed { replications / 2 } else { replications };
        let horizon = if is_fixed { task.least } else { (requests as f64 / task.rate).max(task.least) };
        if let Some(before) = &latest {
            let each = before.events as f64 / before.summaries.len().max(1) as f64 / before.horizon;
            let expected = each * horizon * replications as f64;
            let is_same = is_fixed && replications as usize == before.summaries.len();
            if is_same || spent as f64 + expected > options.most_events as f64 || before.cancelled {
                break;
            }
        }
        let mut outcome = round(task, options, cancel, replications, horizon, progress);
        spent += outcome.summaries.iter().map(|summary| summary.events).sum::<u64>();
        outcome.events = outcome.summaries.iter().map(|summary| summary.events).sum();
        let overflowed = outcome.summaries.iter().any(|summary| summary.overflowed);
        let done = enough(&outcome) || outcome.cancelled || overflowed;
        latest = Some(outcome);
        if done {
            break;
        }
    }
    let mut outcome =
        latest.unwrap_or_else(|| Outcome { summaries: Vec::new(), events: 0, horizon: 0.0, cancelled: true });
    outcome.events = spent;
    outcome
}

fn round(
    task: &Task<'_>,
    options: &Options,
    cancel: &AtomicBool,
    replications: u64,
    horizon: f64,
    progress: &(dyn Fn(f64) + Sync),
) -> Outcome {
    let next = AtomicUsize::new(0);
    let finished = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Summary>>> = Mutex::new(vec![None; replications as usize]);
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at as u64 >= replications || cancel.load(Ordering::Relaxed) {
            return;
        }
        let settings = Settings {
            seed: options.seed,
            // Rounds of other lengths draw other numbers.
            replication: at as u64 + (horizon.to_bits() >> 20),
            // A fifth of the whole, which Monte Carlo trials found best of the simple rules.
            warm_up: (horizon / 4.0).max(task.stride),
            horizon,
            most_events: options.most_events.max(1_000_000) / replications * 2,
            cancel,
        };
        let counts = engine::run(task.network, task.demand, task.troubles, settings);
        results.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[at] = Some(summary(&counts));
        let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
        progress(done as f64 / replications as f64);
    };
    let threads = options.threads.clamp(1, replications as usize);
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    let summaries = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let cancelled = cancel.load(Ordering::Relaxed);
    Outcome { summaries: summaries.into_iter().flatten().collect(), events: 0, horizon, cancelled }
}

fn summary(counts: &Counts) -> Summary {
    let flow = |flow: &engine::FlowCount| FlowSummary {
        done: flow.done,
        failed: flow.failed,
        mean: flow.time / flow.done as f64,
        quantiles: SHARES
            .map(|share| if flow.done == 0 { f64::NAN } else { flow.times.value_at_quantile(share) as f64 / 1e9 }),
    };
    Summary {
        flows: counts.flows.iter().map(flow).collect(),
        stations: counts.stations.clone(),
        sites: counts.sites.clone(),
        seconds: counts.seconds,
        events: counts.events,
        overflowed: counts.overflowed,
    }
}
