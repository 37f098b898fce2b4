//! What is not all the time as it is simulated, where a load changes.

use crate::demand::Demand;
use crate::network::{Network, StationId};
use crate::settling::{Touched, touched};

/// Something that is otherwise than it was simulated while a load is lower: what holds then need not hold.
#[derive(Clone, Debug)]
pub(crate) struct Lagging {
    /// What it is.
    pub(crate) why: Lag,
    /// Who may wait for it.
    pub(crate) touched: Touched,
}

/// What is not yet at the beginning of a load as it is at its highest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lag {
    /// The replicas of a station, which follow the load.
    Replicas(String),
    /// What a cache holds, which is the less the less is asked for.
    Cache(String),
}

impl Lagging {
    /// What of a network follows a load: of one that changes what caches find is calculated for its highest or its mean alone, and of one
    /// that is simulated at its highest alone replicas are there from the beginning.
    pub(super) fn all(network: &Network, demand: &Demand, is_at_its_highest: bool) -> Vec<Lagging> {
        let scaled = network.stations.entries().filter(|(_, station)| is_at_its_highest && station.is_autoscaled());
        let scaled = scaled.map(|(at, station)| (at, Lag::Replicas(station.name.clone())));
        let expiring = network.caches.iter().filter(|(_, cache)| cache.ttl.is_finite() && demand.changes());
        let expiring = expiring.map(|(at, _)| (*at, Lag::Cache(network.stations[*at].name.clone())));
        let lagging = |(at, why): (StationId, Lag)| Lagging { why, touched: touched(network, demand, &[at], &[]) };
        scaled.chain(expiring).map(lagging).collect()
    }
}
