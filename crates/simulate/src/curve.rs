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

/// Simulates a load at more and less than it is, each point briefly. `None` if the load says too little.
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
    let point = |level: f64| {
        let demand = declared.demand.clone().scaled(level / asked)?;
        let brief = look(&network, demand.clone(), options, cancel);
        let told = |flow: FlowId| {
            let output = brief.as_ref().filter(|brief| brief.is_told()).map(|brief| &brief.output)?;
            output.time(counter_of(flow), Latency::P95)
        };
        let p95 = demand.flows().into_iter().map(|flow| (flow, told(flow)));
        Some(LoadPoint { asked: level, p95: p95.collect() })
    };
    Some(LoadCurve { load, is_of_users, declared: asked, knee, points: levels.filter_map(point).collect() })
}

/// Where not even this share of the time in which a system settles can be afforded, nothing is simulated: that would tell
/// nothing.
const LEAST_SETTLED: f64 = 0.25;

/// Simulates a point of a curve with as few events as tell it. `None` if none that may be spent do.
fn look(network: &Network, demand: Demand, options: &Options, cancel: &AtomicBool) -> Option<Brief> {
    let (few, fewest) = (few_events(options), fewest_events(options));
    let prepared = prepared_for(network, demand.clone());
    let settles = settling_horizon(&prepared.network, &prepared.demand, &prepared.analysis);
    let events_each = events_each(&prepared.network, &prepared.demand, &prepared.analysis);
    let affords = |options: &Options, share: f64| {
        run::affordable(options, prepared.analysis.rate_of_all(), events_each) >= share * settles
    };
    if affords(&fewest, 1.0) {
        // A point is drawn two or three pixels high: few events tell it well enough, but where queues settle slowly.
        let brief = briefly(network, demand.clone(), &fewest, cancel);
        if brief.is_told() {
            return Some(brief);
        }
    }
    affords(&few, LEAST_SETTLED).then(|| briefly(network, demand, &few, cancel))
}

/// A point of a curve takes so many times fewer events, where that is enough.
const FEWEST: u64 = 64;

fn fewest_events(options: &Options) -> Options {
    Options { most_events: options.most_events / FEWEST, ..options.clone() }
}
