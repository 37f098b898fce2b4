//! Where calls go while places are gone.

use crate::engine::{Fault, FaultEffect};
use crate::network::{Network, StationId};
use crate::route::{Route, RouteId};
use crate::takeover::takes_over_after;
use groma_model::{Architecture, DeployNodeId, FlowId};

/// A place that is gone from one moment until before another, in seconds from the start of the observation.
pub(crate) struct Gone {
    pub(crate) place: DeployNodeId,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// Where calls go that went to what is gone, or that come from what does the work of it, as long as each is so.
///
/// # Errors
/// If what some flows call is limited, and is then filled otherwise than it is spread over regions: of which station.
pub(crate) fn rerouted(
    arch: &Architecture,
    network: &Network,
    flows: &[FlowId],
    gone: &[Gone],
) -> Result<Vec<Fault>, StationId> {
    let mut found = Vec::new();
    if gone.is_empty() || network.routes.is_empty() {
        return Ok(found);
    }
    for pair in moments(arch, network, gone).windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let now = gone.iter().filter(|one| one.from <= from && from < one.to);
        let now: Vec<(DeployNodeId, f64)> = now.map(|one| (one.place, from - one.from)).collect();
        let placements = network.placements.without(arch, &now);
        let again = |(at, route): (RouteId, &Route)| {
            let other = placements.route_of(route.ends, route.said);
            // Where callers are at known places, where others go follows from the requests there.
            let is_same = other.from == route.from && (!other.from.is_empty() || other.any == route.any);
            (!is_same).then_some((at, other))
        };
        let routes: Vec<(RouteId, Route)> = network.routes.entries().filter_map(again).collect();
        if routes.is_empty() {
            continue;
        }
        let mut then = network.clone();
        routes.iter().for_each(|(at, route)| then.routes[*at] = route.clone());
        then.placements = placements;
        then.go_on_from_zones();
        if let Some(station) = then.called_apart(flows) {
            return Err(station);
        }
        let effect = FaultEffect::Rerouted(then.routes.entries().map(|(at, route)| (at, route.clone())).collect());
        found.push(Fault { effect, from, to });
    }
    Ok(found)
}

/// When something is gone or there again, or its work is taken over.
fn moments(arch: &Architecture, network: &Network, gone: &[Gone]) -> Vec<f64> {
    let ends = network.routes.iter().flat_map(|route| route.ends.0.into_iter().chain([route.ends.1]));
    let mut after: Vec<f64> = ends.filter_map(|element| takes_over_after(arch, element)).collect();
    after.sort_by(f64::total_cmp);
    after.dedup();
    let of_one = |one: &Gone| {
        let due = after.iter().map(|after| one.from + after).filter(|due| *due < one.to);
        due.chain([one.from, one.to]).collect::<Vec<f64>>()
    };
    let mut all: Vec<f64> = gone.iter().flat_map(of_one).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}
