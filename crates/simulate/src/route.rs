//! Where calls go that can be answered at several places.

use groma_model::{ElementId, Idx};

/// An availability zone, or a region without any: its number among those of the simulated deployment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Zone(pub(crate) u16);

impl Zone {
    /// Outside of all of them, or nobody knows.
    pub(crate) const NOWHERE: Zone = Zone(u16::MAX);
}

/// Which share of some calls meets something that goes wrong.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Met {
    /// The same, wherever they come from and go.
    Everywhere(f64),
    /// It depends on the way: from where, if that matters, and to where. On ways that are not told none does.
    Ways(Vec<(Option<Zone>, Zone, f64)>),
}

impl Met {
    /// The share of the calls on a way.
    pub(crate) fn on_way(&self, from: Zone, to: Zone) -> f64 {
        match self {
            Met::Everywhere(share) => *share,
            Met::Ways(ways) => {
                let is_it = |way: &&(Option<Zone>, Zone, f64)| way.1 == to && way.0.is_none_or(|one| one == from);
                ways.iter().find(is_it).map_or(0.0, |(.., share)| *share)
            }
        }
    }

    /// The share that does and is one of such a share besides.
    pub(crate) fn of_those(self, share: f64) -> Met {
        match self {
            Met::Everywhere(met) => Met::Everywhere(met * share),
            Met::Ways(ways) => Met::Ways(ways.into_iter().map(|(from, to, met)| (from, to, met * share)).collect()),
        }
    }

    /// Whether each of them does.
    pub(crate) fn is_all(&self) -> bool {
        matches!(self, Met::Everywhere(share) if *share >= 1.0)
    }

    /// Whether it is so of some calls on one way and not of others, so that a draw decides.
    pub(crate) fn is_by_chance(&self) -> bool {
        let is_part = |share: f64| 0.0 < share && share < 1.0;
        match self {
            Met::Everywhere(share) => is_part(*share),
            Met::Ways(ways) => {
                // What is told wherever a call comes from is for those of which that is not known, if others are told by that.
                let is_told = ways.iter().any(|(from, ..)| from.is_some());
                ways.iter().any(|(from, _, share)| (from.is_some() || !is_told) && is_part(*share))
            }
        }
    }

    /// Whether any call does.
    pub(crate) fn is_any(&self) -> bool {
        match self {
            Met::Everywhere(share) => *share > 0.0,
            Met::Ways(ways) => ways.iter().any(|(.., share)| *share > 0.0),
        }
    }
}

/// Where a request is, from where it came there, and how long that took and takes back, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stay {
    pub(crate) zone: Zone,
    pub(crate) from: Zone,
    pub(crate) latency: f64,
}

impl Stay {
    /// That of a request which has gone nowhere yet.
    pub(crate) fn begins(zone: Zone) -> Stay {
        Stay { zone, from: zone, latency: 0.0 }
    }
}

/// The number of a route.
pub(crate) type RouteId = Idx<Route>;

/// Where some calls go.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Way {
    /// The share of the calls that go there.
    pub(crate) share: f64,
    /// Where they are answered.
    pub(crate) to: Zone,
    /// How long a call and its answer are on the network, in seconds.
    pub(crate) latency: f64,
}

/// To which zones the calls of one site go, and how long they are on their way. A request that is at one place goes on from there: all
/// calls that it makes at a replica far away are far.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Route {
    /// Who calls, if it is known where that is, whom, and whether read replicas answer.
    pub(crate) ends: (Option<ElementId>, ElementId, bool),
    /// What is said of the time on the network, in seconds; `None` where the distance decides.
    pub(crate) said: Option<f64>,
    /// The ways from each zone where the caller runs; their shares add up to one.
    pub(crate) from: Vec<(Zone, Vec<Way>)>,
    /// Those of a caller of whom is not known where he is.
    pub(crate) any: Vec<Way>,
}

impl Route {
    /// The ways from a zone.
    pub(crate) fn ways(&self, from: Zone) -> &[Way] {
        self.from.iter().find(|(zone, _)| *zone == from).map_or(&self.any, |(_, ways)| ways)
    }

    /// The way that is taken from a zone, by a number drawn evenly from 0 to 1. It is asked for only where there are several.
    ///
    /// # Panics
    /// If there is none. A route is made only where something answers (`Placements::route`), and what nobody does the work of stays where it was.
    pub(crate) fn way(&self, from: Zone, drawn: impl FnOnce() -> f64) -> Way {
        let ways = self.ways(from);
        let last = ways[ways.len() - 1];
        if ways.len() == 1 {
            return last;
        }
        let mut left = drawn();
        let taken = ways.iter().find(|way| {
            left -= way.share;
            left < 0.0
        });
        taken.copied().unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::{Route, Way, Zone};
    use groma_model::ElementId;

    #[test]
    fn shares_decide_which_way_is_taken_and_nothing_is_drawn_for_one() {
        let way = |share, to, latency| Way { share, to: Zone(to), latency };
        let route = Route {
            ends: (None, ElementId::FIRST, false),
            said: None,
            from: vec![(Zone(0), vec![way(1.0, 0, 0.001)])],
            any: vec![way(0.25, 0, 0.001), way(0.75, 1, 0.07)],
        };
        assert_eq!(route.way(Zone(0), || unreachable!()).to, Zone(0));
        for (drawn, to) in [(0.0, 0), (0.24, 0), (0.26, 1), (0.999_999_999, 1)] {
            assert_eq!(route.way(Zone::NOWHERE, || drawn).to, Zone(to), "{drawn}");
        }
    }
}
