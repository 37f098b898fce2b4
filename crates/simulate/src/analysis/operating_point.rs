//! What follows from a load before anything is simulated: how many replicas run, and what caches find.

use super::{analyse, cost_of_mix};
use crate::assumption::LoadAssumption;
use crate::demand::{Asked, Demand};
use crate::network::{Network, OperatingPoint};
use groma_model::FlowId;

/// Calculates the hit ratios of the caches that say what they hold, from how often they are asked.
pub(crate) fn fill_caches(network: &Network, demand: &Demand) -> (OperatingPoint, Vec<LoadAssumption>) {
    let mut point = OperatingPoint::default();
    let mut said: Vec<LoadAssumption> = Vec::new();
    if network.caches.is_empty() {
        return (point, said);
    }
    let waits = network.stations.beside(0.0);
    // What one cache finds decides how often another behind it is asked, and how soon users come again.
    for _ in 0..MOST_ROUNDS {
        let filled = network.nearly_at(&point);
        let rates = analyse(&filled.at(&OperatingPoint::at_most(network)), demand).rates;
        let of = |(one, rate): (&Asked, f64)| one.shares().into_iter().map(move |(flow, share)| (flow, rate * share));
        let asked: Vec<(FlowId, f64)> = demand.all().zip(rates).flat_map(of).collect();
        let (mixed, _) = cost_of_mix(&filled, &asked, &waits);
        let before = std::mem::take(&mut said);
        for (station, cache) in &network.caches {
            let asked = mixed.lookups[*station];
            if asked <= 0.0 {
                continue;
            }
            let found = cache.hit_ratio(asked);
            point.caches.insert(*station, (found, cache.refill(asked)));
            let station = network.stations[*station].name.clone();
            said.push(LoadAssumption::HitRatio { station, found, asked });
        }
        // As far as it is told, nothing changes any more.
        let words = |all: &[LoadAssumption]| -> Vec<String> { all.iter().map(LoadAssumption::to_string).collect() };
        if words(&said) == words(&before) {
            break;
        }
    }
    (point, said)
}

/// So many rounds are enough for hit ratios to settle.
const MOST_ROUNDS: usize = 50;

/// How many replicas an autoscaler settles on under a load: the fewest that keep each station's slots in use at most as its
/// target says, within its range. `most` is the network where every autoscaler does its most.
pub(crate) fn settle(most: &Network, demand: &Demand) -> (OperatingPoint, Vec<LoadAssumption>) {
    let analysis = analyse(most, demand);
    let mut point = OperatingPoint::default();
    let mut said = Vec::new();
    for (at, station) in most.stations.entries().filter(|(_, station)| station.is_autoscaled()) {
        // Where it has cores of its own, it is how much of these is in use.
        let measured = station.processor.unwrap_or(at);
        let servers = most.stations[measured].servers().unwrap_or(1.0);
        let asked = analysis.stations.iter().find(|busy| busy.station == measured).map_or(0.0, |busy| busy.demand);
        let each = servers / f64::from(station.replicas);
        let target = station.scaling.map_or(1.0, |scaling| scaling.target);
        // A share that is met to the last digit must not ask for one more by rounding.
        let wanted = (asked / each / target * (1.0 - 1e-9)).ceil().max(1.0) as u32;
        let chosen = wanted.clamp(station.range.0, station.range.1);
        said.push(LoadAssumption::Replicas { station: station.name.clone(), chosen, range: station.range });
        point.replicas.insert(at, chosen);
    }
    (point, said)
}
