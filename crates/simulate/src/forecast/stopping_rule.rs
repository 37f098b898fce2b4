//! What is still wanted of a simulation, until everything that is required is told.

use super::observation::Observation;
use crate::metric::Metric;
use crate::network::{CounterId, Network, StationId, counter_of};
use crate::output::SimulationOutput;
use crate::requirement::Requirement;
use crate::rounds::TELLING;
use crate::run::{Options, Wanted};
use crate::settling::longest;
use crate::stats::Estimate;
use groma_model::{Architecture, FlowId};

/// The width of an interval of how often something comes out, from which on it is narrow enough.
const NARROW: f64 = 0.2;

/// What is still wanted of an output, until everything that is required is told.
pub(super) fn wanted(
    arch: &Architecture,
    network: &Network,
    own: &[&Requirement],
    asked: &[FlowId],
    observation: &Observation,
    options: &Options,
    output: &SimulationOutput,
) -> Wanted {
    let is_steady = observation.windows.is_none();
    let mut more: f64 = 1.0;
    if is_steady && (output.rounds < 2 || output.restless.is_any() || output.horizon < longest(&output.needs)) {
        // The first round only tells how long the next must be, and what grows must be looked at for longer.
        more = more.max(2.0);
    }
    more = more.max(more_of_recoveries(network, own, asked, observation, output));
    let growing = &output.growing;
    let is_endless = |one: &Requirement| {
        let flows = asked.iter().filter(|flow| one.flow.is_none_or(|own| own == **flow));
        growing.is_any() && (one.of.is_some() || flows.into_iter().any(|flow| growing.holds_up(network, *flow)))
    };
    let is_share_open = own.iter().any(|one| one.metric.is_share_of_requests() && is_endless(one));
    if is_steady && is_share_open && output.horizon < output.growth_needs {
        more = more.max(output.growth_needs / output.horizon);
    }
    let is_asked = |one: &&&Requirement| one.flow.is_none_or(|flow| asked.contains(&flow)) && !is_endless(one);
    for one in own.iter().filter(is_asked) {
        let estimates = if one.metric == Metric::RecoveryTime {
            // More runs tell nothing of how finely a recovery is seen.
            let recovery = observation.recovery(&one.counters(network, asked), output);
            let took = recovery.and_then(|recovery| Estimate::of(&recovery.took?.samples));
            took.into_iter().collect()
        } else {
            estimates(arch, network, one, asked, output)
        };
        let is_of_too_few = |latency| one.counters(network, asked).iter().any(|at| output.is_of_too_few(*at, latency));
        let lacks = matches!(one.metric, Metric::Latency(latency) if is_of_too_few(latency));
        if estimates.is_empty() && one.metric != Metric::RecoveryTime || lacks {
            more = more.max(2.0);
        }
        for estimate in estimates {
            // A little narrower than it must be, as the next round may vary more.
            let half = (estimate.high - estimate.low) / 2.0;
            let clear = if options.exhaustive { 0.0 } else { (one.limit - estimate.value).abs() / CLEAR };
            let allowed = clear.max(options.precision * estimate.value.abs());
            if half > allowed && half.is_finite() {
                more = more.max((half / (0.8 * allowed)).powi(2));
            }
        }
    }
    if more > 1.0 { Wanted::More(more) } else { Wanted::Nothing }
}

/// How many times as much is wanted until it is told whether and when all becomes as before, and what must.
fn more_of_recoveries(
    network: &Network,
    own: &[&Requirement],
    asked: &[FlowId],
    observation: &Observation,
    output: &SimulationOutput,
) -> f64 {
    let mut more: f64 = 1.0;
    let demanded =
        own.iter().filter(|one| one.metric == Metric::RecoveryTime).map(|one| (one.counters(network, asked), true));
    let of_all = (asked.iter().copied().map(counter_of).collect(), false);
    for (counters, is_required) in demanded.chain([of_all]) {
        let Some(recovery) = observation.recovery(&counters, output) else { continue };
        let is_split = recovery.recovered > 0 && recovery.recovered < recovery.of;
        if recovery.is_untold && recovery.of < TELLING {
            more = more.max(2.0);
        }
        let (low, high) = recovery.likely();
        if (is_required || is_split) && (recovery.of < TELLING || is_split && high - low > NARROW) {
            more = more.max(2.0);
        }
    }
    more
}

/// An estimate is clear of a limit that is so many times the half width of its interval away.
const CLEAR: f64 = 1.5;

/// The estimates that a requirement is judged by: one a flow, or one.
fn estimates(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
    asked: &[FlowId],
    output: &SimulationOutput,
) -> Vec<Estimate> {
    let counters = one.counters(network, asked);
    let station = || one.of.and_then(|id| network.station(arch, id));
    match one.metric {
        Metric::Latency(latency) => counters.iter().filter_map(|one| output.time(*one, latency)).collect(),
        Metric::ErrorRate => counters.iter().filter_map(|one| output.error_rate(network, *one)).collect(),
        Metric::Success => {
            counters.iter().filter_map(|one| Some(output.error_rate(network, *one)?.complement())).collect()
        }
        Metric::Degraded => counters.iter().filter_map(|one| Some(output.degraded(network, *one)?.share)).collect(),
        Metric::Throughput => {
            let served = |counter: &CounterId| output.estimate(|summary| summary.served[*counter] as f64);
            let served: Vec<Estimate> = counters.iter().filter_map(served).collect();
            Estimate::sum(&served).map(|served| served.per(output.horizon).at_least_nothing()).into_iter().collect()
        }
        Metric::Utilization => {
            let Some(at) = station() else { return Vec::new() };
            let of = |at: StationId| output.utilization(network, at);
            // Of slots and cores what is more in use.
            let all = [of(at), network.stations[at].processor.and_then(of)].into_iter().flatten();
            Estimate::largest(all).into_iter().collect()
        }
        Metric::Queue => {
            let waiting: Vec<Estimate> =
                one.stations(arch, network).into_iter().filter_map(|at| output.waiting(at)).collect();
            Estimate::sum(&waiting).into_iter().collect()
        }
        // Found without counting: more runs tell nothing more.
        Metric::Users | Metric::Availability | Metric::RecoveryTime | Metric::DataLoss | Metric::Team => {
            vec![Estimate::exact(0.0)]
        }
    }
}
