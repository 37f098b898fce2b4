//! What is to go wrong, and when.

use crate::network::{Network, SiteId, StationId};
use groma_model::Idx;

pub(super) type FaultId = Idx<Fault>;

/// When something begins or ends to go wrong.
pub(super) struct Moment {
    pub(super) time: f64,
}

/// Something that goes wrong for a while.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) effect: FaultEffect,
    /// Seconds from the end of the warm-up.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// What goes wrong, and at which station.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum FaultEffect {
    /// Calls fail at once.
    Down(StationId),
    /// So many replicas are gone; calls fail at once if none is left.
    Lost(StationId, u32),
    /// This share of the calls that come meets what is gone, and fails at once.
    Missed(StationId, f64),
    /// Work takes so many times longer: all of it, or that of a share of the replicas, before which so large a share stands.
    Slow { station: StationId, factor: f64, share: f64, before: f64 },
    /// This share of calls fails.
    Errors(StationId, f64),
    /// A cache loses all it holds; it stays empty for as long as this lasts where how it fills is not known, or where that
    /// is said.
    Flushed(StationId, bool),
    /// Of these calls such shares do not get through, and nobody is told.
    Cut(Vec<(SiteId, f64)>),
    /// This share of the calls that come waits before the station until that is over.
    Held(StationId, f64),
    /// Of these calls such shares are on their way until that is over.
    HeldOnTheWay(Vec<(SiteId, f64)>),
}

impl FaultEffect {
    /// Whether calls of a site fail by it, whatever their policies: what only takes longer does not.
    pub(crate) fn fails(&self, network: &Network, site: SiteId) -> bool {
        let to = network.sites[site].to;
        let is_there = |at: StationId| at == to || network.stations[to].runs_on.iter().any(|(host, _)| *host == at);
        match self {
            FaultEffect::Down(at)
            | FaultEffect::Lost(at, _)
            | FaultEffect::Missed(at, _)
            | FaultEffect::Errors(at, _) => is_there(*at),
            FaultEffect::Cut(sites) => sites.iter().any(|(cut, _)| *cut == site),
            FaultEffect::Slow { .. }
            | FaultEffect::Flushed(..)
            | FaultEffect::Held(..)
            | FaultEffect::HeldOnTheWay(_) => false,
        }
    }
}
