//! Replications: as many and as long as the question needs.

use crate::analysis::{Analysis, ENOUGH, Unseen, shares, unseen};
use crate::demand::Demand;
use crate::distribution::{stream, uniform};
use crate::engine::{self, Fault, FlowCount, Replication, Settings};
use crate::network::{Network, SiteId, StationId, counter_of};
use crate::output::{FlowSummary, Followed, GROWS, ReplicationOutput, Restless, Settles, SimulationOutput};
use crate::rounds::{PILOT, SHARE_OF_SECOND_ROUND};
use crate::settling::{self, Seen};
use crate::stability::{Growing, Waits, candidates};
use crate::stats::Estimate;
use groma_model::{Flow, FlowId, Per};
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

/// Each round after the pilot has so many replications; fewer, but no fewer than the pilot, where they would be too short to settle.
const REPLICATIONS: u64 = 20;

/// Each replication of the second round is at least so many times as long as those of the first, and at most so many times;
/// later ones are at least a little longer than those before.
const ROUND_GROWTH: f64 = 2.5;
const MOST_ROUND_GROWTH: f64 = 25.0;
const LEAST_ROUND_GROWTH: f64 = 1.3;

/// From so many times four periods on, whole ones are watched.
const MIN_TURNS: f64 = 4.0;

/// After so many rounds, more of them tell nothing new.
const MOST_ROUNDS: u32 = 30;

/// The second round may be twice as long as it must be if that takes no more than this share of the events: the means of longer
/// replications are less skewed, so that their intervals hold what they promise.
const CHEAP: f64 = 0.125;

/// How many replications of a course of events are tried: as it takes its time, more of them is all that can be done.
const TRANSIENT_REPLICATIONS: [u64; 6] = [4, 8, 16, 32, 64, 128];

/// What a simulation is of.
pub(crate) struct Task<'a> {
    pub(crate) network: &'a Network,
    pub(crate) demand: &'a Demand,
    pub(crate) faults: &'a [Fault],
    /// Requests a second, as far as known.
    pub(crate) rate: f64,
    /// About how many events a request is.
    pub(crate) events_each: f64,
    /// What can be told of it before.
    pub(crate) analysis: &'a Analysis,
    /// What grows without end for certain.
    pub(crate) growing: &'a Growing,
    /// How long stations must be watched until they have settled, in seconds, as formulas tell.
    pub(crate) expected: &'a [(StationId, f64)],
    pub(crate) plan: Plan,
}

/// What is observed.
pub(crate) enum Plan {
    /// A state that lasts, for at least so many seconds if that can be afforded; endless for as long as can be afforded.
    Steady(f64),
    /// A transient: what happens while something fails or a load changes.
    Transient(MeasurementWindows),
}

/// The windows of a course of events.
#[derive(Clone, Debug)]
pub(crate) struct MeasurementWindows {
    /// The seconds before, in which the system gets into its stride.
    pub(crate) warm_up: f64,
    /// Where each ends, in seconds after that.
    pub(crate) ends: Vec<f64>,
    /// Which are judged: from the one to before the other.
    pub(crate) judged: (usize, usize),
}

/// What is still wanted of an output.
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
    wanted: impl Fn(&SimulationOutput) -> Wanted,
) -> SimulationOutput {
    let mut output = SimulationOutput {
        summaries: Vec::new(),
        events: 0,
        most_events: options.most_events,
        horizon: 0.0,
        in_failure: !task.faults.is_empty(),
        turns: turns(task),
        cancelled: false,
        rounds: 0,
        restless: Restless::default(),
        growing: task.growing.clone(),
        unseen: Unseen::default(),
        needs: Vec::new(),
        growth_needs: 0.0,
    };
    match &task.plan {
        Plan::Steady(least) => settle(task, *least, options, cancel, progress, &wanted, &mut output),
        Plan::Transient(windows) => {
            for replications in TRANSIENT_REPLICATIONS {
                let before = output.summaries.len() as u64;
                let each = output.events as f64 / (before.max(1)) as f64;
                let more = each * (replications - before) as f64;
                if before > 0 && output.events as f64 + more > options.most_events as f64 {
                    break;
                }
                let more = round(task, windows, options, cancel, before..replications, progress);
                output.events += more.iter().map(|summary| summary.events).sum::<u64>();
                output.summaries.extend(more);
                output.rounds += 1;
                output.horizon = output.summaries.first().map_or(0.0, |summary| summary.seconds);
                output.unseen = what_is_unseen(task, &output);
                output.cancelled = cancel.load(Ordering::Relaxed);
                if output.has_ended() || matches!(wanted(&output), Wanted::Nothing) {
                    break;
                }
            }
        }
    }
    output
}

/// How long it takes until the requests of each flow begin anew, in seconds, of those flows that a fault lets fail.
fn turns(task: &Task<'_>) -> Vec<(FlowId, f64)> {
    let fails = |site: SiteId| task.faults.iter().any(|fault| fault.effect.fails(task.network, site));
    let may_fail = |flow: FlowId| task.network.programs[flow].ops.iter().filter_map(|op| op.call()).any(fails);
    task.demand.cycles().into_iter().filter(|(flow, cycle)| *cycle > 0.0 && may_fail(*flow)).collect()
}

/// Simulates a state that lasts, in rounds each of which stands for itself.
fn settle(
    task: &Task<'_>,
    least: f64,
    options: &Options,
    cancel: &AtomicBool,
    progress: &(dyn Fn(f64) + Sync),
    wanted: &dyn Fn(&SimulationOutput) -> Wanted,
    output: &mut SimulationOutput,
) {
    let waits = Waits::of(task.network, task.demand);
    let (budget, mut now) = Budget::of(task, least, options);
    let mut spent_before = 0;
    loop {
        // A fifth of the whole before, which Monte Carlo trials found best of the simple rules.
        let ends = vec![now.horizon / 2.0, now.horizon];
        let windows = MeasurementWindows { warm_up: now.horizon / 4.0, ends, judged: (0, 2) };
        let before = task.network.programs.ids().map(|flow| output.mean(flow)).collect();
        output.summaries = round(task, &windows, options, cancel, 0..now.replications, progress);
        output.horizon = now.horizon;
        see_what_grows(task, &waits, &before, output);
        output.unseen = what_is_unseen(task, output);
        output.rounds += 1;
        let spent: u64 = output.summaries.iter().map(|summary| summary.events).sum();
        output.events += spent;
        output.cancelled = cancel.load(Ordering::Relaxed);
        if output.has_ended() {
            return;
        }
        let Wanted::More(more) = wanted(output) else { return };
        // Where a longer time brings no more, nobody goes on any more.
        if output.rounds >= MOST_ROUNDS || output.rounds > 1 && spent <= spent_before {
            return;
        }
        spent_before = spent;
        let Some(next) = budget.next(now, spent, more, output) else { return };
        now = next;
    }
}

/// How many seconds of each replication can be afforded in the first round that may be believed, if so many requests come a second
/// of so many events each, and the replications are as few as may be.
pub(crate) fn affordable(options: &Options, rate: f64, events_each: f64) -> f64 {
    seconds_of(SHARE_OF_SECOND_ROUND * options.most_events as f64, rate, events_each, PILOT.0)
}

/// In how many seconds so many events happen, in each of several replications.
fn seconds_of(events: f64, rate: f64, events_each: f64, replications: u64) -> f64 {
    events / rate / events_each / 1.25 / replications as f64
}

/// How large a round is.
#[derive(Clone, Copy)]
struct Size {
    /// The seconds of a replication that are counted.
    horizon: f64,
    replications: u64,
}

/// What rounds may take.
struct Budget {
    /// The events of all of them.
    events: f64,
    /// How long each replication is at least from the second round on, in seconds.
    least: f64,
    /// How many replications there are then, at most.
    most_replications: u64,
    /// How long it takes from one batch to the next, in seconds; 0 if there are none.
    period: f64,
}

impl Budget {
    /// What rounds may take, and how large the first is.
    fn of(task: &Task<'_>, least: f64, options: &Options) -> (Budget, Size) {
        // The second round is the first that may be believed.
        let events = options.most_events as f64;
        let afforded =
            |share: f64, replications: u64| seconds_of(share * events, task.rate, task.events_each, replications);
        let (replications, requests) = PILOT;
        let least = if least.is_finite() { least } else { afforded(SHARE_OF_SECOND_ROUND, REPLICATIONS) };
        let later = ((afforded(SHARE_OF_SECOND_ROUND, 1) / least) as u64).clamp(replications, REPLICATIONS);
        let longest = afforded(CHEAP, later).clamp(least, 2.0 * least);
        let least = longest.min(afforded(SHARE_OF_SECOND_ROUND, later));
        // The first round is small, and of requests that are large not more than the next.
        let horizon = (requests / task.rate)
            .min(afforded(SHARE_OF_SECOND_ROUND, replications) / ROUND_GROWTH)
            .max(least / ROUND_GROWTH);
        let budget = Budget { events, least, most_replications: later, period: task.demand.period() };
        let horizon = budget.whole(horizon);
        (budget, Size { horizon, replications })
    }

    /// How large the round after one is that has spent so many events, if so many times `more` is wanted. `None` if nothing that
    /// tells more can be afforded.
    fn next(&self, now: Size, spent: u64, more: f64, output: &SimulationOutput) -> Option<Size> {
        let Size { horizon, replications } = now;
        let each = spent as f64 / replications as f64 / horizon;
        let left_for = |replications: u64| (self.events - output.events as f64) / each / replications as f64;
        let needs = settling::longest(&output.needs).min(MOST_ROUND_GROWTH * horizon);
        // Fewer, if more of them would be too short to settle.
        let later = ((left_for(1) / needs) as u64).clamp(PILOT.0, self.most_replications);
        let left = left_for(later);
        let next = (more * horizon * replications as f64 / later as f64).min(MOST_ROUND_GROWTH * horizon);
        let at_least =
            if output.rounds == 1 || output.restless.is_any() { ROUND_GROWTH } else { LEAST_ROUND_GROWTH } * horizon;
        let next = next.max(at_least).max(self.least).max(needs);
        // Something in between is better than nothing.
        let next = next.min(left);
        if next < at_least { None } else { Some(Size { horizon: self.whole(next), replications: later }) }
    }

    /// The next longer time whose two halves hold equally many batches, with none at an end of a half: what is cut off at the end of
    /// one half is what the other begins with. A time too short for that is left as it is.
    fn whole(&self, horizon: f64) -> f64 {
        let turn = 4.0 * self.period;
        if turn == 0.0 || horizon < MIN_TURNS * turn {
            return horizon;
        }
        turn * ((horizon / turn - 0.5).ceil() + 0.5)
    }
}

/// Finds out what has not come to rest in a round, and how long it would take. `before` are the mean times of the round before.
fn see_what_grows(task: &Task<'_>, waits: &Waits, before: &Per<Flow, Option<Estimate>>, output: &mut SimulationOutput) {
    let asked: Vec<FlowId> = task.demand.flows();
    let candidates = candidates(task.network, waits, task.analysis, &|at| output.in_use(at));
    let grows = |at: &StationId| output.queue_grows(*at, candidates.len());
    let seen: Vec<StationId> = candidates.iter().copied().filter(grows).collect();
    output.growing = task.growing.clone();
    output.growing.found(task.network, task.demand, task.analysis, &seen);
    let settles = Settles::of(task.network, &asked, &output.growing);
    let is_longer = |flow: &FlowId| match (output.mean(*flow), &before[*flow]) {
        (Some(now), Some(before)) => now.low > (1.0 + GROWS) * before.high,
        (None, _) | (_, None) => false,
    };
    let longer: Vec<FlowId> = settles.flows.iter().copied().filter(is_longer).collect();
    output.restless = output.what_has_not_settled(&settles);
    output.restless.flows.extend(longer);
    let (network, demand, analysis) = (task.network, task.demand, task.analysis);
    let seen = Seen { network, demand, analysis, waits, growing: &output.growing, output };
    (output.needs, output.growth_needs) = (seen.needs(false), settling::longest(&seen.needs(true)));
    output.needs.extend(task.expected);
}

/// What may never have been met in what was simulated. Of flows of which hardly any request came it counts how many should have.
fn what_is_unseen(task: &Task<'_>, output: &SimulationOutput) -> Unseen {
    let seconds: f64 = output.summaries.iter().map(|summary| summary.seconds).sum();
    let mut requests = task.network.programs.beside(0.0);
    if task.demand.profile().is_none() {
        for (flow, share) in shares(task.demand, task.analysis) {
            requests[flow] += share * task.rate * seconds;
        }
    }
    for (flow, requests) in requests.ids().zip(requests.iter_mut()) {
        let seen: u64 = output.summaries.iter().map(|summary| summary.flows[counter_of(flow)].arrivals).sum();
        *requests = if seen as f64 >= ENOUGH { seen as f64 } else { requests.max(seen as f64) };
    }
    unseen(task.network, task.demand, &requests, seconds)
}

fn round(
    task: &Task<'_>,
    windows: &MeasurementWindows,
    options: &Options,
    cancel: &AtomicBool,
    replications: std::ops::Range<u64>,
    progress: &(dyn Fn(f64) + Sync),
) -> Vec<ReplicationOutput> {
    let count = (replications.end - replications.start) as usize;
    let next = AtomicUsize::new(0);
    let finished = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<ReplicationOutput>>> = Mutex::new(vec![None; count]);
    let is_transient = matches!(task.plan, Plan::Transient(_));
    // Rounds of other lengths draw other numbers, but the course of a failure is the same when it is watched for longer.
    let length = windows.ends.last().copied().unwrap_or(0.0);
    let draw = if is_transient { 0 } else { length.to_bits() >> 20 };
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count || cancel.load(Ordering::Relaxed) {
            return;
        }
        let replication = replications.start + at as u64 + draw;
        // What comes in periods from the first moment on must not be seen at the same point of them every time.
        let stretch = 1.0 + 0.25 * uniform(&mut stream(options.seed, replication, 0, 7));
        let settings = Settings {
            seed: options.seed,
            replication,
            warm_up: windows.warm_up * stretch,
            ends: &windows.ends,
            judged: windows.judged,
            is_transient,
            most_events: options.most_events.max(1_000_000) / replications.end * 2,
            cancel,
        };
        let replication = engine::run(task.network, task.demand, task.faults, settings);
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

fn summary(replication: Replication) -> ReplicationOutput {
    debug_assert_eq!(replication.arrivals, replication.completed + replication.in_flight, "no request is lost");
    let counts = replication.counts;
    let is_followed = !replication.cohort.is_empty();
    let flow = |flow: &FlowCount| FlowSummary {
        arrivals: flow.arrivals,
        succeeded: flow.succeeded,
        failed: flow.failed,
        degraded: flow.degraded,
        stale: flow.stale,
        under_way: flow.time / counts.seconds,
        followed: is_followed.then_some(Followed { late: flow.late, left: flow.left }),
        latency: flow.latency(flow.timed()),
        times: flow.times.steps(),
        spread: flow.spread(),
    };
    let served = counts.flows.each(|flow| flow.succeeded);
    let judged = if is_followed { &replication.cohort } else { &counts.flows };
    ReplicationOutput {
        flows: judged.each(flow),
        served,
        stations: counts.stations,
        sites: counts.sites,
        seconds: counts.seconds,
        events: replication.events,
        overflowed: replication.overflowed,
        windows: replication.windows,
    }
}
