//! What is to go wrong, and when.

use crate::network::{Network, SiteId, StationId};
use crate::route::{Met, Route, RouteId};
use groma_model::Idx;

pub(super) type FaultId = Idx<Fault>;

/// When something begins or ends to go wrong.
pub(super) struct Moment {
    pub(super) time: f64,
}

/// What a call may meet by the way that it takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trouble {
    /// It does not get through, and nobody is told.
    Cut,
    /// It is on its way until that is over.
    Held,
    /// It fails when it is answered.
    Fails,
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
    /// This share of the calls that come meets what is gone, and fails at once; which of them do.
    Missed(StationId, f64, Met),
    /// Work takes so many times longer: all of it, or that of a share of the replicas, before which so large a share stands; whose it is.
    Slow { station: StationId, factor: f64, share: f64, before: f64, met: Met },
    /// Of these calls such a share fails.
    Errors(StationId, Met, f64),
    /// A cache loses all it holds; it stays empty for as long as this lasts where how it fills is not known, or where that
    /// is said.
    Flushed(StationId, bool),
    /// Of these calls such shares do not get through, and nobody is told.
    Cut(Vec<(SiteId, Met)>),
    /// This share of the calls that come waits before the station until that is over.
    Held(StationId, f64),
    /// Calls go elsewhere than at other times.
    Rerouted(Vec<(RouteId, Route)>),
    /// Of these calls such shares are on their way until that is over.
    HeldOnTheWay(Vec<(SiteId, Met)>),
}

impl FaultEffect {
    /// Whether calls of a site fail by it, whatever their policies: what only takes longer does not.
    pub(crate) fn fails(&self, network: &Network, site: SiteId) -> bool {
        let to = network.sites[site].to;
        let is_there = |at: StationId| at == to || network.stations[to].runs_on.iter().any(|(host, _)| *host == at);
        match self {
            FaultEffect::Down(at)
            | FaultEffect::Lost(at, _)
            | FaultEffect::Missed(at, ..)
            | FaultEffect::Errors(at, ..) => is_there(*at),
            FaultEffect::Cut(sites) => sites.iter().any(|(cut, _)| *cut == site),
            FaultEffect::Slow { .. }
            | FaultEffect::Flushed(..)
            | FaultEffect::Held(..)
            | FaultEffect::Rerouted(_)
            | FaultEffect::HeldOnTheWay(_) => false,
        }
    }
}

/// The share for which at least one of two things is so that are independent of each other.
pub(super) fn either(one: f64, other: f64) -> f64 {
    1.0 - (1.0 - one) * (1.0 - other)
}
