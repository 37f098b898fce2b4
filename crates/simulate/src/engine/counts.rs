//! What a replication counts.

use super::frame::{Grade, Outcome};
use super::recorded_times::RecordedTimes;
use crate::metric::{Latencies, Latency, SHARES};
use crate::network::{CallSite, Counter, Network, Policy, Station, StationId};
use groma_model::Per;

/// The shares of the quantiles that show how times are spread.
pub(crate) const SPREAD: [f64; 18] =
    [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];

/// What was counted for a flow.
#[derive(Clone, Debug)]
pub(crate) struct FlowCount {
    /// Requests that came.
    pub(crate) arrivals: u64,
    /// Answered well.
    pub(crate) succeeded: u64,
    /// Answered with an error.
    pub(crate) failed: u64,
    /// Of those answered well: how many rested on a fallback.
    pub(crate) degraded: u64,
    /// And of these: how many on one that serves what was good before.
    pub(crate) stale: u64,
    /// The sum of the times of those answered well, in seconds.
    pub(crate) time: f64,
    /// Their times.
    pub(crate) times: RecordedTimes,
    /// Of those that are followed to their end: how many were answered well only after the time that is judged.
    pub(crate) late: u64,
    /// And how many were still under way when the watch ended. Their times so far are among `times`.
    pub(crate) left: u64,
    /// How many of those that ended had begun before the end of the time that is judged.
    pub(crate) old: u64,
}

/// What was counted at a station.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct StationCount {
    /// Requests that came.
    pub(crate) arrivals: u64,
    /// Those that left after being served.
    pub(crate) served: u64,
    /// Those that were turned away.
    pub(crate) refused: u64,
    /// Slots (or cores) in use, summed over time.
    pub(crate) busy: f64,
    /// Slots (or cores) that there are, summed over time; 0 if there is no limit.
    pub(crate) capacity: f64,
    /// Replicas at work, summed over time.
    pub(crate) replicas: f64,
    /// Requests waiting, summed over time.
    pub(crate) waiting: f64,
    /// The time that those served were there, summed.
    pub(crate) sojourn: f64,
}

/// What was counted at a call of a flow.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct SiteCount {
    pub(crate) calls: u64,
    /// Seconds waited for slots, connections and the processor.
    pub(crate) wait: f64,
    /// Seconds of own work.
    pub(crate) work: f64,
    /// Seconds on the network.
    pub(crate) network: f64,
    /// Calls that were tried again.
    pub(crate) retries: u64,
    /// Calls that failed in the end.
    pub(crate) failed: u64,
}

/// What was counted in a window.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    pub(crate) flows: Per<Counter, FlowCount>,
    pub(crate) stations: Per<Station, StationCount>,
    pub(crate) sites: Per<CallSite, SiteCount>,
    /// How long it was.
    pub(crate) seconds: f64,
}

/// What one replication tells.
#[derive(Clone, Debug)]
pub(crate) struct Replication {
    /// What was counted in the windows that are judged.
    pub(crate) counts: Counts,
    /// In a course of events, what became of the requests that began in the windows that are judged.
    pub(crate) cohort: Per<Counter, FlowCount>,
    /// Each window, if there were several.
    pub(crate) windows: Vec<Window>,
    pub(crate) events: u64,
    /// Whether more requests were there at once, or more happened, than is provided for.
    pub(crate) overflowed: bool,
    /// Requests that came in all, from the first moment on; how many were answered; how many are still there.
    pub(crate) arrivals: u64,
    pub(crate) completed: u64,
    pub(crate) in_flight: u64,
}

/// A window of a course of events, in short.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) seconds: f64,
    pub(crate) flows: Per<Counter, FlowWindow>,
    pub(crate) stations: Per<Station, StationWindow>,
    /// Calls that were tried again.
    pub(crate) retries: u64,
    /// Of each policy, whether its breaker is open at the end.
    pub(crate) open: Per<Policy, bool>,
}

/// A flow in a window. Times in seconds, not numbers if nothing was answered well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlowWindow {
    pub(crate) arrivals: u64,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    /// How many of those answered well rested on a fallback.
    pub(crate) degraded: u64,
    pub(crate) latency: Latencies<f64>,
    /// How many of those that ended had begun before the end of the time that is judged, as of a failure.
    pub(crate) old: u64,
    /// How many of those were still under way at the end of this window.
    pub(crate) old_left: u64,
}

impl FlowWindow {
    /// The sum of the times of those answered well, in seconds.
    pub(crate) fn time(&self) -> f64 {
        if self.succeeded > 0 { self.latency[Latency::Mean] * self.succeeded as f64 } else { 0.0 }
    }
}

/// A station in a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StationWindow {
    /// The share of its slots or cores in use; not a number if there is no limit.
    pub(crate) in_use: f64,
    /// Requests that waited, on average.
    pub(crate) waiting: f64,
    /// Requests that left after being served.
    pub(crate) served: u64,
    /// Its replicas at the end.
    pub(crate) replicas: u32,
}

impl FlowCount {
    fn new() -> FlowCount {
        FlowCount {
            arrivals: 0,
            succeeded: 0,
            failed: 0,
            degraded: 0,
            stale: 0,
            time: 0.0,
            times: RecordedTimes::new(),
            late: 0,
            left: 0,
            old: 0,
        }
    }

    /// One ends.
    pub(super) fn ends(&mut self, took: f64, outcome: Outcome) {
        let Outcome::Well(grade) = outcome else {
            self.failed += 1;
            return;
        };
        self.succeeded += 1;
        self.degraded += u64::from(grade >= Grade::Degraded);
        self.stale += u64::from(grade == Grade::Stale);
        self.time += took;
        self.times.record(took);
    }

    /// One is still under way at the end, for so long so far.
    pub(super) fn leaves(&mut self, so_far: f64) {
        self.left += 1;
        self.time += so_far;
        self.times.record(so_far);
    }

    /// Those whose times are known, or known to be at least so long.
    pub(crate) fn timed(&self) -> u64 {
        self.succeeded + self.left
    }

    /// The mean over so many requests and the percentiles, in seconds; not numbers if nothing was answered well.
    pub(crate) fn latency(&self, requests: u64) -> Latencies<f64> {
        Latencies::new(self.time / requests as f64, self.times.quantiles(&SHARES))
    }

    /// The quantiles of [`SPREAD`].
    pub(crate) fn spread(&self) -> [f64; SPREAD.len()] {
        self.times.quantiles(&SPREAD)
    }

    fn add(&mut self, other: &FlowCount) {
        self.old += other.old;
        self.late += other.late;
        self.left += other.left;
        self.arrivals += other.arrivals;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.degraded += other.degraded;
        self.stale += other.stale;
        self.time += other.time;
        self.times.add(&other.times);
    }
}

impl StationCount {
    /// The share of the slots in use; not a number if there is no limit.
    pub(crate) fn utilization(&self) -> f64 {
        self.busy / self.capacity
    }

    fn add(&mut self, other: &StationCount) {
        self.add_of_replica(other);
        self.capacity += other.capacity;
        self.replicas += other.replicas;
    }

    /// Adds what was counted at a replica that has slots of its own: what all of them can do is counted once.
    pub(super) fn add_of_replica(&mut self, other: &StationCount) {
        self.arrivals += other.arrivals;
        self.served += other.served;
        self.refused += other.refused;
        self.busy += other.busy;
        self.waiting += other.waiting;
        self.sojourn += other.sojourn;
    }
}

impl SiteCount {
    fn add(&mut self, other: &SiteCount) {
        self.calls += other.calls;
        self.wait += other.wait;
        self.work += other.work;
        self.network += other.network;
        self.retries += other.retries;
        self.failed += other.failed;
    }
}

impl Counts {
    pub(super) fn new(network: &Network) -> Counts {
        Counts {
            flows: network.counters().map(|_| FlowCount::new()).collect(),
            stations: network.stations.beside(StationCount::default()),
            sites: network.sites.beside(SiteCount::default()),
            seconds: 0.0,
        }
    }

    /// Forgets everything, without giving memory back.
    pub(super) fn clear(&mut self) {
        for flow in &mut self.flows {
            flow.times.reset();
            (flow.arrivals, flow.succeeded, flow.failed, flow.time) = (0, 0, 0, 0.0);
            (flow.degraded, flow.stale, flow.late, flow.left, flow.old) = (0, 0, 0, 0, 0);
        }
        self.sites.iter_mut().for_each(|site| *site = SiteCount::default());
        self.seconds = 0.0;
    }

    pub(super) fn add(&mut self, other: &Counts) {
        self.flows.iter_mut().zip(&other.flows).for_each(|(one, other)| one.add(other));
        self.stations.iter_mut().zip(&other.stations).for_each(|(one, other)| one.add(other));
        self.sites.iter_mut().zip(&other.sites).for_each(|(one, other)| one.add(other));
        self.seconds += other.seconds;
    }

    /// What was counted, in short.
    pub(super) fn window(
        &self,
        replicas: impl Fn(StationId) -> u32,
        open: Per<Policy, bool>,
        old_left: &Per<Counter, u64>,
    ) -> Window {
        let flow = |(flow, old_left): (&FlowCount, &u64)| FlowWindow {
            arrivals: flow.arrivals,
            succeeded: flow.succeeded,
            failed: flow.failed,
            degraded: flow.degraded,
            latency: flow.latency(flow.succeeded),
            old: flow.old,
            old_left: *old_left,
        };
        let station = |(at, station): (StationId, &StationCount)| StationWindow {
            in_use: station.utilization(),
            waiting: station.waiting / self.seconds,
            served: station.served,
            replicas: replicas(at),
        };
        Window {
            seconds: self.seconds,
            flows: self.flows.iter().zip(old_left).map(flow).collect(),
            stations: self.stations.entries().map(station).collect(),
            retries: self.sites.iter().map(|site| site.retries).sum(),
            open,
        }
    }
}
