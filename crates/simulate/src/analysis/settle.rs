//! What follows from a load before anything is simulated: how many replicas run, and what caches find.

use super::{analyse, cost_of_mix, shares};
use crate::assumption::LoadAssumption;
use crate::demand::Demand;
use crate::network::{NONE, Network};

/// Calculates the hit ratios of the caches that say what they hold, from how often they are asked. Returns what came out.
pub(crate) fn fill_caches(network: &mut Network, demand: &Demand) -> Vec<LoadAssumption> {
    if network.caches.is_empty() {
        return Vec::new();
    }
    let waits = vec![0.0; network.stations.len()];
    let mut said: Vec<LoadAssumption> = Vec::new();
    // What one cache finds decides how often another behind it is asked, and how soon users come again.
    for _ in 0..MOST_ROUNDS {
        let mut most = network.clone();
        most.scale_to_most();
        let rate = analyse(&most, demand).rate;
        let asked: Vec<(usize, f64)> = shares(demand).into_iter().map(|(flow, share)| (flow, rate * share)).collect();
        let (mixed, _) = cost_of_mix(network, &asked, &waits);
        let lookups = mixed.lookups;
        let before = std::mem::take(&mut said);
        for (station, cache) in network.caches.clone() {
            let asked = lookups[station as usize];
            if asked <= 0.0 {
                continue;
            }
            let found = cache.hit_ratio(asked);
            network.set_hit_ratio(station, found);
            network.refills.insert(station, cache.refill(asked));
            let station = network.stations[station as usize].name.clone();
            said.push(LoadAssumption::HitRatio { station, found, asked });
        }
        // As far as it is told, nothing changes any more.
        let words = |all: &[LoadAssumption]| -> Vec<String> { all.iter().map(LoadAssumption::to_string).collect() };
        if words(&said) == words(&before) {
            break;
        }
    }
    network.look_at_spreads();
    said
}

/// So many rounds are enough for hit ratios to settle.
const MOST_ROUNDS: usize = 50;

/// Lets as many replicas run as an autoscaler settles on under this load: the fewest that keep each station's slots in
/// use at most as its target says, within its range. Returns what was chosen.
pub(crate) fn settle(network: &mut Network, demand: &Demand) -> Vec<LoadAssumption> {
    let scaling: Vec<u32> =
        (0..network.stations.len() as u32).filter(|at| network.stations[*at as usize].is_autoscaled()).collect();
    network.scale_to_most();
    let analysis = analyse(network, demand);
    let mut said = Vec::new();
    for at in scaling {
        let station = &network.stations[at as usize];
        // Where it has cores of its own, it is how much of these is in use.
        let measured = if station.processor == NONE { at } else { station.processor };
        let servers = network.stations[measured as usize].servers().unwrap_or(1.0);
        let asked = analysis.stations.iter().find(|busy| busy.station == measured).map_or(0.0, |busy| busy.demand);
        let each = servers / f64::from(station.replicas);
        let target = station.scaling.map_or(1.0, |scaling| scaling.target);
        // A share that is met to the last digit must not ask for one more by rounding.
        let wanted = (asked / each / target * (1.0 - 1e-9)).ceil().max(1.0) as u32;
        let chosen = wanted.clamp(station.range.0, station.range.1);
        said.push(LoadAssumption::Replicas { station: station.name.clone(), chosen, range: station.range });
        network.set_replicas(at, chosen);
    }
    said
}
