//! What follows from a load before anything is simulated: how many replicas run, and what caches find.

use super::{Analysis, analyse, cost_of_mix};
use crate::assumption::LoadAssumption;
use crate::demand::{Asked, Demand};
use crate::network::{Network, OperatingPoint, StationId};
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

/// The same of a network when as much comes as it serves: the more comes, the more is found by caches that forget with time. `limits` is
/// what can be told of it with what they find under a demand.
pub(crate) fn saturated(network: &Network, demand: &Demand, limits: Analysis) -> Analysis {
    let mut limits = limits;
    if network.caches.iter().all(|(_, cache)| cache.ttl.is_infinite()) {
        return limits;
    }
    for _ in 0..MOST_ROUNDS {
        let times = (limits.capacity / limits.rate).min(ENDLESS);
        // More comes than is served: what is found is found of that.
        let Some(more) = demand.clone().scaled(times).filter(|_| times > 1.0) else { break };
        let filled = network.at(&fill_caches(network, &more).0);
        let next = at_most_reachable(&filled, demand).1;
        let is_settled = next.capacity <= limits.capacity * (1.0 + 1e-9);
        limits = next;
        if is_settled {
            break;
        }
    }
    match limits.capacity / limits.rate < ENDLESS {
        true => limits,
        // However much comes, all but a little is found: nothing is ever fully used.
        false => Analysis {
            capacity: f64::INFINITY,
            first_full: None,
            jam: None,
            knee: None,
            stations: Vec::new(),
            ..limits
        },
    }
}

/// So many times as much as comes is more than ever will.
const ENDLESS: f64 = 1e9;

/// So many rounds are enough for hit ratios to settle.
const MOST_ROUNDS: usize = 50;

/// The most that the autoscalers of a network come to: one that sees too little to add replicas even while all slots are taken
/// stays at its fewest, whatever is asked for. `analysis` is of the network, whichever number of replicas runs in it.
pub(crate) fn reachable(network: &Network, analysis: &Analysis) -> OperatingPoint {
    let mut point = OperatingPoint::at_most(network);
    for (at, station) in network.stations.entries() {
        if sees_too_little(network, analysis, at).is_some() {
            point.replicas.insert(at, station.range.0);
        }
    }
    point
}

/// What an autoscaler sees in use at most, if that is too little to add a replica. It measures the cores of its station where
/// that has such besides its slots; once all slots are taken, these are no busier than the work in so many slots makes them,
/// however many replicas run.
fn sees_too_little(network: &Network, analysis: &Analysis, at: StationId) -> Option<f64> {
    let station = &network.stations[at];
    let scaling = station.scaling.filter(|_| station.is_autoscaled() && station.range.0 < station.range.1)?;
    let in_use = |at: StationId| analysis.stations.iter().find(|busy| busy.station == at)?.utilization;
    let (measured, slots) = (in_use(station.processor.unwrap_or(at))?, in_use(at)?);
    let seen = if measured < slots { measured / slots } else { 1.0 };
    (!scaling.adds_at(seen)).then_some(seen)
}

/// How many replicas an autoscaler settles on under a load: the fewest that keep what it measures (each station's own cores, or
/// its slots where it has no cores) in use at most as its target says, within its range. `most` is the network where every
/// autoscaler does the most that it comes to, `analysis` what can be told of it.
pub(crate) fn settle(most: &Network, analysis: &Analysis) -> (OperatingPoint, Vec<LoadAssumption>) {
    let mut point = OperatingPoint::default();
    let mut said = Vec::new();
    for (at, station) in most.stations.entries().filter(|(_, station)| station.is_autoscaled()) {
        // Where it has cores of its own, it is how much of these is in use.
        let measured = station.processor.unwrap_or(at);
        let scaling = station.scaling.expect("it is autoscaled");
        let (name, range) = (station.name.clone(), station.range);
        let chosen = if let Some(seen) = sees_too_little(most, analysis, at) {
            said.push(LoadAssumption::NeverScales { station: name, seen, target: scaling.target, range });
            range.0
        } else {
            let servers = most.stations[measured].servers().unwrap_or(1.0);
            let asked = analysis.stations.iter().find(|busy| busy.station == measured).map_or(0.0, |busy| busy.demand);
            let each = servers / f64::from(station.replicas);
            // A share that is met to the last digit must not ask for one more by rounding.
            let wanted = (asked / each / scaling.target * (1.0 - 1e-9)).ceil().max(1.0) as u32;
            let chosen = wanted.clamp(range.0, range.1);
            said.push(LoadAssumption::Replicas { station: name, chosen, range });
            chosen
        };
        point.replicas.insert(at, chosen);
    }
    (point, said)
}

/// A network where every autoscaler does the most that it comes to under a demand, and what can be told of it.
pub(crate) fn at_most_reachable(network: &Network, demand: &Demand) -> (Network, Analysis) {
    let most = network.at(&OperatingPoint::at_most(network));
    let analysis = analyse(&most, demand);
    let point = reachable(&most, &analysis);
    if most.stations.entries().all(|(at, station)| point.replicas.get(&at).is_none_or(|most| *most == station.replicas))
    {
        return (most, analysis);
    }
    let most = most.at(&point);
    let analysis = analyse(&most, demand);
    (most, analysis)
}
