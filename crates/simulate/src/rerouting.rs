//! Where calls go while places are gone.

use crate::engine::{Fault, FaultEffect};
use crate::network::Network;
use crate::placement::Placements;
use crate::refusal::NotSimulated;
use crate::route::{Route, RouteId};
use crate::takeover::{Succession, takes_over_after};
use groma_model::{Architecture, DeployNodeId, ElementId, FlowId};

/// A place that is gone from one moment until before another, in seconds from the start of the observation.
pub(crate) struct Gone {
    pub(crate) place: DeployNodeId,
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Whether calls wait until it is there again: then they go nowhere else.
    pub(crate) is_held: bool,
}

/// What is where for a while.
pub(crate) struct Era {
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// What is gone.
    pub(crate) gone: Vec<DeployNodeId>,
    /// What is at work instead.
    pub(crate) placements: Placements,
}

/// What is where from one moment to another, for as long as each is so.
pub(crate) fn eras(arch: &Architecture, network: &Network, gone: &[Gone], (from, to): (f64, f64)) -> Vec<Era> {
    let mut moments = moments(arch, network, gone);
    moments.retain(|moment| from < *moment && *moment < to);
    moments.insert(0, from);
    moments.push(to);
    let era = |pair: &[f64]| {
        let now = || gone.iter().filter(|one| one.from <= pair[0] && pair[0] < one.to);
        let left = now().filter(|one| !one.is_held).map(|one| (one.place, pair[0] - one.from));
        let placements =
            network.placements.without(&left.collect::<Vec<_>>(), &|element| replaced_after(arch, element));
        Era { from: pair[0], to: pair[1], gone: now().map(|one| one.place).collect(), placements }
    };
    moments.windows(2).map(era).collect()
}

/// Where calls go that went to what is gone, or that come from what does the work of it, as long as each is so.
///
/// # Errors
/// If what some flows call is limited, and is then filled otherwise than it is spread over regions.
pub(crate) fn rerouted(
    arch: &Architecture,
    network: &Network,
    flows: &[FlowId],
    gone: &[Gone],
) -> Result<Vec<Fault>, NotSimulated> {
    let mut found = Vec::new();
    if gone.is_empty() || network.routes.is_empty() {
        return Ok(found);
    }
    let begin = gone.iter().map(|one| one.from).fold(f64::INFINITY, f64::min);
    let end = gone.iter().map(|one| one.to).fold(0.0, f64::max);
    for Era { from, to, placements, .. } in eras(arch, network, gone, (begin, end)) {
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
        then.none_apart(arch, flows)?;
        let effect = FaultEffect::Rerouted(then.routes.entries().map(|(at, route)| (at, route.clone())).collect());
        found.push(Fault { effect, from, to });
    }
    Ok(found)
}

/// After how many seconds others do the work of what is gone of an element, if any ever do.
fn replaced_after(arch: &Architecture, element: ElementId) -> Option<f64> {
    match Succession::of(arch, element) {
        Succession::AtOnce => Some(0.0),
        Succession::TakenOver => takes_over_after(arch, element),
        Succession::Nobody => None,
    }
}

/// When something is gone or there again, or its work is taken over.
fn moments(arch: &Architecture, network: &Network, gone: &[Gone]) -> Vec<f64> {
    let elements = network.stations.iter().filter_map(|station| station.element);
    let mut after: Vec<f64> = elements.filter_map(|element| takes_over_after(arch, element)).collect();
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
