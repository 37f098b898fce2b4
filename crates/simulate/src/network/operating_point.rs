//! At which point a network works: what follows from what is asked of it, before anything is simulated.

use super::{Network, Op, Station, StationId};
use crate::cache::Refill;
use rustc_hash::FxHashMap;

/// How many replicas run and what caches find. What it does not speak of is as in the network.
#[derive(Clone, Debug, Default)]
pub(crate) struct OperatingPoint {
    /// Of stations, how many replicas run.
    pub(crate) replicas: FxHashMap<StationId, u32>,
    /// Of caches, the share of lookups that find something, and how they fill when they were emptied.
    pub(crate) caches: FxHashMap<StationId, (f64, Refill)>,
}

impl OperatingPoint {
    /// Where every autoscaler of a network does its most.
    pub(crate) fn at_most(network: &Network) -> OperatingPoint {
        OperatingPoint::scaled(network, |station| station.range.1)
    }

    /// Where every autoscaler of a network does its least.
    pub(crate) fn at_least(network: &Network) -> OperatingPoint {
        OperatingPoint::scaled(network, |station| station.range.0)
    }

    fn scaled(network: &Network, replicas: impl Fn(&Station) -> u32) -> OperatingPoint {
        let scaled = network.stations.entries().filter(|(_, station)| station.is_autoscaled());
        OperatingPoint {
            replicas: scaled.map(|(at, station)| (at, replicas(station))).collect(),
            caches: FxHashMap::default(),
        }
    }
}

impl Network {
    /// The network as it works at a point: one of its own, so that formulas and the engine, which ask for slots and hit ratios all
    /// the time, need not look in two places.
    pub(crate) fn at(&self, point: &OperatingPoint) -> Network {
        let mut network = self.nearly_at(point);
        if !point.caches.is_empty() {
            network.find_expected_responses();
        }
        network
    }

    /// The same, but what is known of how times are spread is as before.
    pub(crate) fn nearly_at(&self, point: &OperatingPoint) -> Network {
        let mut network = self.clone();
        for (at, station) in network.stations.entries_mut() {
            // With a station goes what depends on it: cores, and the pools of its connections.
            let of = |at: StationId| point.replicas.get(&at);
            let replicas = of(at).or_else(|| station.owner.and_then(of));
            if let Some(replicas) = replicas {
                station.run(*replicas);
            }
        }
        if point.caches.is_empty() {
            return network;
        }
        for op in network.programs.iter_mut().flat_map(|program| &mut program.ops) {
            if let Op::Miss { hit, cache: Some(cache), .. } = op
                && let Some((ratio, _)) = point.caches.get(cache)
            {
                *hit = *ratio;
            }
        }
        let refills = point.caches.iter().map(|(at, (_, refill))| (*at, refill.clone()));
        network.refills.extend(refills);
        network
    }
}

impl Station {
    fn run(&mut self, replicas: u32) {
        self.cores = self.cores.map(|cores| cores / f64::from(self.replicas) * f64::from(replicas));
        self.replicas = replicas;
    }
}
