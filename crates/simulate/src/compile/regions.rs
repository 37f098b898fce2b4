//! Where requests are: a call goes on from where the request is that makes it, not from where its caller runs on average.

use crate::network::{Network, Op, OpId, SiteId, StationId};
use crate::placement::RegionShares;
use crate::refusal::{CallsApart, NotSimulated};
use crate::route::{Route, Way, Zone};
use groma_model::{Architecture, FlowId};
use rustc_hash::FxHashMap;

/// Where requests are: in which zone, with the share of them that is there.
type Spread = Vec<(Zone, f64)>;

/// A call whose block is read.
struct Call {
    end: OpId,
    at: Spread,
}

/// Arrivals are spread as replicas are if their shares differ by less.
const ALIKE: f64 = 1e-9;

impl Network {
    /// Gives each call the ways that requests take which have come so far, and finds where they stay in regions over which the
    /// called is spread otherwise.
    pub(crate) fn go_on_from_zones(&mut self) {
        let mut apart: FxHashMap<SiteId, RegionShares> = FxHashMap::default();
        let Network { programs, sites, routes, placements, stations, .. } = self;
        if routes.is_empty() {
            return;
        }
        for program in programs.iter() {
            let mut within = vec![Call { end: program.ops.end(), at: vec![(Zone::NOWHERE, 1.0)] }];
            for (at, op) in program.ops.entries() {
                within.truncate(within.iter().rposition(|call| at < call.end).map_or(1, |last| last + 1));
                let (Op::Call { site, end } | Op::Inside { site, end }) = *op else { continue };
                let here = &within[within.len() - 1].at;
                let Some(route) = sites[site].route else {
                    let at = here.clone();
                    within.push(Call { end, at });
                    continue;
                };
                let route = &mut routes[route];
                route.any = ways_from(route, here);
                sites[site].latency = route.any.iter().map(|way| way.share * way.latency).sum();
                let there = arrivals(&route.any);
                let called = &stations[sites[site].to];
                if let Some(unit) = called.unit().filter(|_| called.is_limited())
                    && let Some(shares) = placements.most_apart(unit, called.is_of_copies(), &there, ALIKE)
                {
                    apart.insert(site, shares);
                }
                within.push(Call { end, at: there });
            }
        }
        self.apart = apart;
    }

    /// Whatever some flows call that stays in regions over which the called is spread otherwise, if there is any.
    ///
    /// # Errors
    /// If there is: each of these calls once, in the order of the flows.
    pub(crate) fn none_apart(&self, arch: &Architecture, flows: &[FlowId]) -> Result<(), NotSimulated> {
        let programs = self.programs.iter().filter(|program| flows.contains(&program.flow));
        let sites = programs.flat_map(|program| program.ops.iter().filter_map(|op| op.call()));
        let mut all: Vec<CallsApart> = Vec::new();
        for (site, shares) in sites.filter_map(|site| Some((site, self.apart.get(&site)?))) {
            let site = &self.sites[site];
            let name = |at: StationId| self.stations[at].name.clone();
            let region = arch.deployments.first().map(|one| arch.name(one.nodes[shares.region].at).to_owned());
            let one = CallsApart {
                station: name(site.to),
                caller: site.from.map(name),
                region: region.unwrap_or_default(),
                calls: shares.calls,
                replicas: shares.replicas,
            };
            if !all.contains(&one) {
                all.push(one);
            }
        }
        if all.is_empty() { Ok(()) } else { Err(NotSimulated::RegionsApart { all }) }
    }
}

/// The ways that requests take from where they are, each to a zone in a time once.
fn ways_from(route: &Route, here: &Spread) -> Vec<Way> {
    let mut all: Vec<Way> = Vec::new();
    for (zone, share) in here {
        for way in route.ways(*zone) {
            let same = |known: &&mut Way| known.to == way.to && known.latency.total_cmp(&way.latency).is_eq();
            match all.iter_mut().find(same) {
                Some(known) => known.share += share * way.share,
                None => all.push(Way { share: share * way.share, ..*way }),
            }
        }
    }
    all
}

/// Where requests are that have gone some ways.
fn arrivals(ways: &[Way]) -> Spread {
    let mut all = Spread::new();
    for way in ways {
        match all.iter_mut().find(|(zone, _)| *zone == way.to) {
            Some((_, share)) => *share += way.share,
            None => all.push((way.to, way.share)),
        }
    }
    all
}
