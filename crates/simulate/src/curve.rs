//! How times follow the load.

use crate::brief::{Brief, briefly, few_events};
use crate::demand::{Asked, Demand};
use crate::load::{prepare, prepared_for};
use crate::metric::Latency;
use crate::network::{Network, counter_of};
use crate::run::{self, Options};
use crate::settling::{events_each, settling_horizon};
use crate::stats::Estimate;
use groma_model::{Architecture, FlowId, RecordId};
use std::sync::atomic::AtomicBool;

/// The times of a load's flows at more and less of it.
#[derive(Clone, Debug)]
pub struct LoadCurve {
    /// The load, as one of the architecture's records.
    pub load: RecordId,
    /// Whether it is one of users; if not, it is one of requests a second.
    pub is_of_users: bool,
    /// How much the load really is.
    pub declared: f64,
    /// Where the first station is fully used, or users begin to wait for each other; infinite if nothing has a limit.
    pub knee: f64,
    /// The points, from little to much.
    pub points: Vec<LoadPoint>,
}

impl LoadCurve {
    /// The same of some flows alone.
    pub(crate) fn of_flows(self, is_wanted: &dyn Fn(FlowId) -> bool) -> LoadCurve {
        let point = |point: LoadPoint| {
            let p95 = point.p95.into_iter().filter(|(flow, _)| is_wanted(*flow));
            LoadPoint { p95: p95.collect(), ..point }
        };
        LoadCurve { points: self.points.into_iter().map(point).collect(), ..self }
    }
}

/// What happens at so much load.
#[derive(Clone, Debug)]
pub struct LoadPoint {
    /// Users, or requests a second.
    pub asked: f64,
    /// The 95th percentile of the time of each flow, in seconds.
    pub p95: Vec<(FlowId, Option<Estimate>)>,
}

/// At which shares of what can be served it is looked; beyond one only users are asked, who wait for each other.
const SHARES: [f64; 10] = [0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 0.96, 1.1, 1.3, 1.6];

/// Simulates a load at more and less than it is, each point briefly. `None` if the load says too little, or if too few points could be
/// told with the events that may be spent on them, as many users settle slowly.
pub fn against_load(arch: &Architecture, load: RecordId, options: &Options, cancel: &AtomicBool) -> Option<LoadCurve> {
    let network = Network::new(arch);
    let declared = prepare(arch, &network, load).ok()?;
    let (asked, is_of_users) = match &declared.demand.own {
        Asked::Open { flows, .. } => (flows.iter().map(|(_, rate)| rate).sum::<f64>(), false),
        Asked::Closed { users, .. } => (f64::from(*users), true),
    };
    let analysis = &declared.analysis;
    let knee = if is_of_users { analysis.knee.unwrap_or(f64::INFINITY) } else { analysis.capacity };
    let whole = if knee.is_finite() { knee } else { 2.0 * asked };
    let levels = SHARES.iter().filter(|share| is_of_users || **share < 1.0).map(|share| share * whole);
    let at = |level: f64| {
        let demand = declared.demand.clone().scaled(level / asked)?;
        let look = Look::at(&network, &demand, options);
        Some((level, demand, look))
    };
    let looks: Vec<(f64, Demand, Look)> = levels.filter_map(at).collect();
    if looks.iter().filter(|(_, _, look)| !matches!(look, Look::Nothing)).count() < LEAST_POINTS {
        return None;
    }
    let point = |(level, demand, look): (f64, Demand, Look)| {
        let brief = look.take(&network, &demand, options, cancel);
        let told = |flow: FlowId| {
            let output = brief.as_ref().filter(|brief| brief.is_told()).map(|brief| &brief.output)?;
            output.time(counter_of(flow), Latency::P95)
        };
        let p95 = demand.flows().into_iter().map(|flow| (flow, told(flow)));
        LoadPoint { asked: level, p95: p95.collect() }
    };
    let points = looks.into_iter().map(point).collect();
    Some(LoadCurve { load, is_of_users, declared: asked, knee, points })
}

/// Where not even this share of the time in which a system settles can be afforded, nothing is simulated: that would tell
/// nothing.
const LEAST_SETTLED: f64 = 0.25;

/// Of fewer points nobody sees a curve.
const LEAST_POINTS: usize = 4;

/// How many events a point of a curve may take.
enum Look {
    /// Few tell it well enough, as a point is drawn two or three pixels high.
    Fewest,
    /// As many as may be spent on it, as queues or users settle slowly.
    Few,
    /// None that may be spent tell it.
    Nothing,
}

impl Look {
    fn at(network: &Network, demand: &Demand, options: &Options) -> Look {
        let prepared = prepared_for(network, demand.clone());
        let settles = settling_horizon(&prepared.network, &prepared.demand, &prepared.analysis);
        let events_each = events_each(&prepared.network, &prepared.demand, &prepared.analysis);
        let affords = |options: &Options, share: f64| {
            run::affordable(options, prepared.analysis.rate_of_all(), events_each) >= share * settles
        };
        match (affords(&fewest_events(options), 1.0), affords(&few_events(options), LEAST_SETTLED)) {
            (true, _) => Look::Fewest,
            (false, true) => Look::Few,
            (false, false) => Look::Nothing,
        }
    }

    /// Simulates a point with as few events as tell it.
    fn take(&self, network: &Network, demand: &Demand, options: &Options, cancel: &AtomicBool) -> Option<Brief> {
        let brief = |options: &Options| briefly(network, demand.clone(), options, cancel);
        match self {
            Look::Fewest => {
                let fewest = brief(&fewest_events(options));
                Some(if fewest.is_told() { fewest } else { brief(&few_events(options)) })
            }
            Look::Few => Some(brief(&few_events(options))),
            Look::Nothing => None,
        }
    }
}

/// A point of a curve takes so many times fewer events, where that is enough.
const FEWEST: u64 = 64;

fn fewest_events(options: &Options) -> Options {
    Options { most_events: options.most_events / FEWEST, ..options.clone() }
}
