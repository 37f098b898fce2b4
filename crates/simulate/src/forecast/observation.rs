//! What is watched of a run, from when to when.

use crate::analysis::Analysis;
use crate::demand::{Asked, Demand};
use crate::engine::Fault;
use crate::network::{CounterId, Network};
use crate::output::SimulationOutput;
use crate::recovery::{Episode, LASTING, MIN_GROUP_SIZE, Recovery, gives_up_after, recovery};
use crate::rounds::TELLING;
use crate::run::{MeasurementWindows, Options, Plan};
use crate::settling::{MIN_SETTLING_TIMES, events_each, settling_horizon, settling_horizon_of};
use crate::stability::prone;
use crate::timeline::measurement_windows;
use groma_model::FlowId;

/// What is watched of a run.
#[derive(Clone)]
pub(super) struct Observation {
    pub(super) faults: Vec<Fault>,
    /// `None` if nothing changes.
    pub(super) windows: Option<MeasurementWindows>,
    /// For how long a state that lasts must be watched.
    settling_horizon: f64,
    /// Whether its length is given by the load.
    is_given: bool,
    /// How long a call waits at most until it is given up, with all its tries, in seconds.
    gives_up: f64,
}

/// So many times as long as before a system is watched that has not recovered.
const OBSERVATION_GROWTH: f64 = 6.0;

/// A system is watched for at most so many times as long as the failure lasts.
const MOST_WATCHED: f64 = 80.0;

impl Observation {
    pub(super) fn new(
        network: &Network,
        demand: &Demand,
        analysis: &Analysis,
        mut faults: Vec<Fault>,
        options: &Options,
    ) -> Observation {
        let settling_horizon = match faults.is_empty() {
            // What may tip over by chance is watched for as long as can be.
            true if prone(network, analysis).is_some() => f64::INFINITY,
            true => settling_horizon(network, demand, analysis),
            // Before a failure it must be in its stride, and not be watched until it falls over by itself.
            false => settling_horizon_of(network, demand, analysis, MIN_SETTLING_TIMES),
        };
        let asked: Vec<FlowId> = demand.flows();
        let gives_up = gives_up_after(network, &asked, &faults).min(MOST_PATIENT);
        let begin = faults.iter().map(|fault| fault.from).fold(f64::INFINITY, f64::min);
        let end = faults.iter().map(|fault| fault.to).fold(0.0, f64::max);
        if let Some(profile) = demand.profile() {
            let length = profile.length();
            let judged = if begin < end.min(length) { (begin, end.min(length)) } else { (0.0, length) };
            let windows = Some(measurement_windows(0.0, judged, length));
            return Observation { faults, windows, settling_horizon, is_given: true, gives_up };
        }
        if faults.is_empty() {
            return Observation { faults, windows: None, settling_horizon, is_given: false, gives_up };
        }
        let lasts = end - begin;
        // Autoscalers that have a say need time to settle and to react.
        let every = network.stations.iter().filter_map(|station| station.scaling).map(|scaling| scaling.every);
        let reacts = 2.0 * every.fold(0.0, f64::max);
        let before = (lasts / 5.0).clamp(10.0, 60.0).max(reacts).ceil();
        // What has not recovered by then is watched for longer.
        let after = (lasts / 5.0).clamp(30.0, 300.0).max(reacts).ceil();
        // Where few requests come, that takes longer to be told.
        let group = seconds_of_a_group(network, demand, analysis, options);
        let (before, after) = (before.max(group), after.max(LASTING as f64 * group));
        for fault in &mut faults {
            fault.from += before - begin;
            fault.to += before - begin;
        }
        let cut = measurement_windows(settling_horizon, (before, before + lasts), before + lasts + after);
        Observation { faults, windows: Some(cut), settling_horizon, is_given: false, gives_up }
    }

    pub(super) fn plan(&self) -> Plan {
        self.windows.clone().map_or(Plan::Steady(self.settling_horizon), Plan::Transient)
    }

    /// When the failure begins and ends.
    pub(super) fn fault(&self) -> Option<Episode> {
        let begin = self.faults.iter().map(|fault| fault.from).reduce(f64::min)?;
        let end = self.faults.iter().map(|fault| fault.to).fold(begin, f64::max);
        Some(Episode { begin, end, is_all: !self.is_given, gives_up: self.gives_up })
    }

    /// Whether all becomes as before after the failure, and when.
    pub(super) fn recovery(&self, counters: &[CounterId], output: &SimulationOutput) -> Option<Recovery> {
        recovery(counters, &self.windows.as_ref()?.ends, self.fault()?, output)
    }

    /// The same with more time after the failure, if the events for it are left.
    pub(super) fn longer(&self, lingers: bool, output: &SimulationOutput, options: &Options) -> Option<Observation> {
        let Episode { begin, end, gives_up, .. } = self.fault().filter(|_| !self.is_given)?;
        let known = self.windows.as_ref()?;
        let total = known.ends.last()? - end;
        let longer = if lingers && total < gives_up {
            // Until what began in the failure is answered or given up, and then as long as before.
            end + gives_up + total
        } else {
            end + (OBSERVATION_GROWTH * total).max(2.0 * (end - begin))
        };
        if longer > MOST_WATCHED * (end - begin) && !lingers {
            return None;
        }
        let each = output.events as f64 / output.summaries.len().max(1) as f64;
        let expected = 4.0 * each * longer / (end + total);
        let left = options.most_events.saturating_sub(output.events) as f64;
        (expected <= left && !output.cancelled).then(|| {
            let windows = measurement_windows(known.warm_up, (begin, end), longer);
            Observation { windows: Some(windows), ..self.clone() }
        })
    }
}

/// Calls are watched until they are given up, but no longer than this, in seconds.
const MOST_PATIENT: f64 = 3_600.0;

/// In how many seconds a group of requests comes of the flow that is asked for least, in all runs together, as long as that can
/// be afforded.
fn seconds_of_a_group(network: &Network, demand: &Demand, analysis: &Analysis, options: &Options) -> f64 {
    let least = |(one, rate): (&Asked, &f64)| {
        let shares = one.shares().into_iter().map(|(_, share)| share).filter(|share| *share > 0.0);
        rate * shares.fold(1.0, f64::min)
    };
    let rate = demand.all().zip(&analysis.rates).map(least).fold(f64::INFINITY, f64::min);
    let seconds = MIN_GROUP_SIZE / (rate * TELLING as f64);
    let events = analysis.rate_of_all() * events_each(network, demand, analysis) * TELLING as f64;
    // Of what comes in turns, such as batches, a whole one must be seen.
    seconds.min(600.0).max(demand.cycle()).min(options.most_events as f64 / events / 16.0).ceil()
}
