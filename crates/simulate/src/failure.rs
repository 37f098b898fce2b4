//! What a failure does to a network, as the text says it.

use crate::assumption::FailureAssumption;
use crate::engine::{Fault, FaultEffect};
use crate::network::{CallSite, Network, SiteId, Station, StationId};
use crate::outage::{Losing, Outage};
use crate::placement::Distance;
use crate::route::Way;
use groma_model::decode::FactValue;
use groma_model::schema::Fact;
use groma_model::{Architecture, DeployNodeId, ElementId, ItemRef, Level, SIMULATED, facts};

/// Whether anything that is simulated changes in a failure.
pub fn changes_anything(arch: &Architecture, network: &Network, failure: ItemRef) -> bool {
    faults(arch, network, failure).map_or(true, |(found, _)| !found.is_empty())
}

/// What goes wrong in a failure, with times that count from the start of the observation, and what takes over.
///
/// # Errors
/// If what fails at a place is met by calls by where they come from, which is not simulated: of which station.
pub(crate) fn faults(
    arch: &Architecture,
    network: &Network,
    failure: ItemRef,
) -> Result<(Vec<Fault>, Vec<FailureAssumption>), StationId> {
    let recoveries = arch.values_of(failure, &facts::failure::RECOVERY);
    let recovered = recoveries
        .filter_map(|value| arch.part_value_of(failure, value, &facts::failure::RTO).and_then(FactValue::number));
    let length = recovered.fold(0.0, f64::max);
    let reader = FailureReader { arch, network, failure, length: if length > 0.0 { length } else { 60.0 } };
    let (mut found, mut assumed) = (Vec::new(), Vec::new());
    reader.fail(&mut found, &mut assumed);
    let mut each = |fact: &'static Fact, read: &dyn Fn(&FactValue, &mut Vec<Fault>)| {
        arch.values_of(failure, fact).for_each(|value| read(value, &mut found));
    };
    // What is damaged is damaged in every copy.
    each(&facts::failure::CORRUPT, &|value, found| {
        reader.add(value, reader.of_element(value, true).into_iter().map(FaultEffect::Down), found);
    });
    each(&facts::failure::SLOW, &|value, found| {
        let factor = reader.given(value, &facts::failure::FACTOR).unwrap_or_default();
        let slow = |Meant { station, share, before }| FaultEffect::Slow { station, factor, share, before };
        reader.add_of_meant(value, &slow, found);
    });
    each(&facts::failure::ERRORS, &|value, found| {
        let failing = reader.given(value, &facts::failure::SHARE).unwrap_or_default();
        let errors = |Meant { station, share, .. }| FaultEffect::Errors(station, failing * share);
        reader.add_of_meant(value, &errors, found);
    });
    each(&facts::failure::FLUSH, &|value, found| {
        let stays = arch.part_value_of(failure, value, &facts::failure::FOR).is_some();
        let flushed = reader.of_element(value, false).into_iter().map(|at| FaultEffect::Flushed(at, stays));
        reader.add(value, flushed, found);
    });
    each(&facts::failure::PARTITION, &|value, found| {
        let effect = if reader.is_held(value) { FaultEffect::HeldOnTheWay } else { FaultEffect::Cut };
        reader.add(value, reader.cut(value).map(effect), found);
    });
    // What lasts no time would begin and end at the same moment, in any order.
    found.retain(|fault| fault.to > fault.from);
    match reader.kept_in_region(&found).or_else(|| reader.told_by_place(&found)) {
        Some(station) => Err(station),
        None => Ok((found, assumed)),
    }
}

/// What a fact of a failure means.
#[derive(Clone, Copy)]
struct Meant {
    station: StationId,
    /// Of which share of its replicas.
    share: f64,
    /// The share of the replicas that stand before these in the text.
    before: f64,
}

/// Reads what a failure says.
struct FailureReader<'a> {
    arch: &'a Architecture,
    network: &'a Network,
    failure: ItemRef,
    /// How long something lasts of which nothing is said, in seconds.
    length: f64,
}

impl FailureReader<'_> {
    fn given(&self, value: &FactValue, fact: &'static Fact) -> Option<f64> {
        self.arch.part_of_or_default(self.failure, value, fact).map(|given| given.high)
    }

    /// Whether calls wait until it is over.
    fn is_held(&self, value: &FactValue) -> bool {
        self.arch.part_value_of(self.failure, value, &facts::failure::HELD).and_then(FactValue::flag) == Some(true)
    }

    /// From when to when something goes wrong.
    fn time(&self, value: &FactValue) -> (f64, f64) {
        let from = self.given(value, &facts::failure::AT).unwrap_or_default();
        let length = self.given(value, &facts::failure::FOR).or_else(|| self.given(value, &facts::failure::RESTORE));
        let length = length.unwrap_or(self.length);
        (from, from + length)
    }

    fn add(&self, value: &FactValue, effects: impl IntoIterator<Item = FaultEffect>, found: &mut Vec<Fault>) {
        let (from, to) = self.time(value);
        found.extend(effects.into_iter().map(|effect| Fault { effect, from, to }));
    }

    /// The same of everything that a fact names. What runs at a place has the larger share of the work while others are gone.
    fn add_of_meant(&self, value: &FactValue, effect: &dyn Fn(Meant) -> FaultEffect, found: &mut Vec<Fault>) {
        let (from, to) = self.time(value);
        let gone = self.arch.values_of(self.failure, &facts::failure::FAIL);
        let gone: Vec<(DeployNodeId, f64, f64)> = gone
            .filter_map(|other| self.place(other).map(|place| (place, self.time(other).0, self.time(other).1)))
            .collect();
        let mut moments: Vec<f64> = gone.iter().flat_map(|(_, begin, end)| [*begin, *end]).collect();
        moments.retain(|moment| from < *moment && *moment < to);
        moments.extend([from, to]);
        moments.sort_by(f64::total_cmp);
        moments.dedup();
        for pair in moments.windows(2) {
            let now = gone.iter().filter(|(_, begin, end)| *begin <= pair[0] && pair[1] <= *end);
            let now: Vec<DeployNodeId> = now.map(|(place, ..)| *place).collect();
            let meant = self.meant_beside(value, &now).into_iter();
            found.extend(meant.map(|meant| Fault { effect: effect(meant), from: pair[0], to: pair[1] }));
        }
    }

    /// The stations of an element: of a component its container, of a system all its containers.
    fn of_element(&self, value: &FactValue, also_copies: bool) -> Vec<StationId> {
        let arch = self.arch;
        let Some(of) = arch.referred_element(self.failure, value) else { return Vec::new() };
        let of = arch.at_level(of, Level::Container).unwrap_or(of);
        let is_meant = |station: &Station| {
            let belongs = if also_copies { station.element.or(station.copies_of) } else { station.element };
            belongs.is_some_and(|element| arch.is_within(element, of))
        };
        let all = self.network.stations.entries().filter(|(_, station)| is_meant(station));
        all.map(|(at, _)| at).collect()
    }

    /// The stations that a fact names, with the share of the replicas of each that is meant: all of an element, of a place
    /// those that run there, with the processors there.
    fn meant(&self, value: &FactValue) -> Vec<Meant> {
        self.meant_beside(value, &[])
    }

    /// The same of what is left when some places are gone.
    fn meant_beside(&self, value: &FactValue, gone: &[DeployNodeId]) -> Vec<Meant> {
        let Some(place) = self.place(value) else {
            let whole = |station| Meant { station, share: 1.0, before: 0.0 };
            return self.of_element(value, false).into_iter().map(whole).collect();
        };
        let meant = |(at, station): (StationId, &Station)| {
            let (share, before) = match station.host {
                Some(host) => {
                    let is_there = self.arch.places_around(SIMULATED, host).any(|at| at == place);
                    (f64::from(u8::from(is_there)), 0.0)
                }
                None => self.share_at(station, place, gone),
            };
            Meant { station: at, share, before }
        };
        self.network.stations.entries().map(meant).filter(|meant| meant.share > 0.0).collect()
    }

    /// The share of the replicas of a station that are at a place, and that of those which stand before them.
    fn share_at(&self, station: &Station, place: DeployNodeId, gone: &[DeployNodeId]) -> (f64, f64) {
        let placements = &self.network.placements;
        match (station.element, station.copies_of) {
            (Some(element), _) => placements.share_at(element, place, gone),
            (None, Some(element)) => placements.share_of_copies_at(element, place, gone),
            (None, None) => (0.0, 0.0),
        }
    }

    /// The place that a fact names, in the deployment that is simulated.
    fn place(&self, value: &FactValue) -> Option<DeployNodeId> {
        let (deployment, node) = self.arch.referred_place(self.failure, value)?;
        (deployment == SIMULATED).then_some(node)
    }

    /// What is gone, and what takes over.
    fn fail(&self, found: &mut Vec<Fault>, assumed: &mut Vec<FailureAssumption>) {
        let values: Vec<&FactValue> = self.arch.values_of(self.failure, &facts::failure::FAIL).collect();
        let meant: Vec<Vec<StationId>> =
            values.iter().map(|value| self.meant(value).into_iter().map(|meant| meant.station).collect()).collect();
        let spared = values.iter().flat_map(|value| self.place(value)).flat_map(|place| self.with_standby_at(place));
        let mut stations: Vec<StationId> = Vec::new();
        meant.iter().flatten().copied().chain(spared).for_each(|at| {
            if !stations.contains(&at) {
                stations.push(at)
            }
        });
        for at in stations {
            // What a place loses besides may be what would take over.
            let touches =
                |(value, meant): &(&&FactValue, &Vec<StationId>)| meant.contains(&at) || self.place(value).is_some();
            let outage = |(value, meant): (&&FactValue, &Vec<StationId>)| self.outage(value, at, meant.contains(&at));
            let outages: Vec<Outage> = values.iter().zip(&meant).filter(touches).map(outage).collect();
            let mut course = Losing { arch: self.arch, network: self.network, at, outages: &outages }.course();
            assumed.append(&mut course.assumed);
            found.extend(course.faults());
        }
    }

    /// The stations for which something at a place waits to take over: without it they work on, and that is known.
    fn with_standby_at(&self, place: DeployNodeId) -> impl Iterator<Item = StationId> {
        let standby = |element, gone: &[DeployNodeId]| self.network.placements.standby(element, gone);
        let is_spared = move |element| standby(element, &[place]) < standby(element, &[]);
        let all = self.network.stations.entries().filter(move |(_, station)| station.element.is_some_and(is_spared));
        all.map(|(at, _)| at)
    }

    fn outage(&self, value: &FactValue, at: StationId, is_of_station: bool) -> Outage {
        let element = self.arch.referred_element(self.failure, value);
        Outage {
            time: self.time(value),
            place: self.place(value),
            is_of_station,
            is_itself: element.is_some() && element == self.network.stations[at].element,
            is_held: self.is_held(value),
        }
    }

    /// The calls that a partition cuts, with the share of each that is cut.
    fn cut(&self, value: &FactValue) -> Option<Vec<(SiteId, f64)>> {
        let side = |value: &FactValue| {
            let stations = self.meant(value);
            let person = self.arch.referred_element(self.failure, value);
            // People are no stations.
            let person = person.is_some_and(|of| self.arch.element(of).level == Level::Person);
            move |at: Option<StationId>| match at {
                None => f64::from(u8::from(person)),
                Some(at) => stations.iter().find(|meant| meant.station == at).map_or(0.0, |meant| meant.share),
            }
        };
        let parted = self.arch.part_value_of(self.failure, value, &facts::failure::FROM);
        if let (Some(one), Some(other)) = (self.place(value), parted.and_then(|value| self.place(value)))
            && (self.arch.places_around(SIMULATED, one).any(|at| at == other)
                || self.arch.places_around(SIMULATED, other).any(|at| at == one))
        {
            // Nothing is cut off from what it is in.
            return None;
        }
        // Who answers a call depends on where it comes from.
        let places = (self.place(value), parted.map(|value| self.place(value)));
        let (one, other) = (side(value), parted.map(side));
        let share = |from: Option<StationId>, to: Option<StationId>| match &other {
            Some(other) => one(from) * other(to) + other(from) * one(to),
            None => one(from) * (1.0 - one(to)) + (1.0 - one(from)) * one(to),
        };
        let sites = self.network.sites.entries();
        let of_site =
            |site: &CallSite| self.cut_between(site, places).unwrap_or_else(|| share(site.from, Some(site.to)));
        let cut = sites.map(|(at, site)| (at, of_site(site).min(1.0)));
        let cut: Vec<(SiteId, f64)> = cut.filter(|(_, share)| *share > 0.0).collect();
        (!cut.is_empty()).then_some(cut)
    }

    /// The share of the calls of a site that lead from one place to another, or out of one or into it where no other is named. `None` where
    /// something else is cut off than places, or the ends of the calls are not placed.
    fn cut_between(
        &self,
        site: &CallSite,
        places: (Option<DeployNodeId>, Option<Option<DeployNodeId>>),
    ) -> Option<f64> {
        let (one, other) = (places.0?, places.1.map_or(Some(None), |other| other.map(Some))?);
        let (ends, placements) = (self.ends(site)?, &self.network.placements);
        let is_placed = |element| placements.replicas(element).is_some();
        if !is_placed(ends.0) || !is_placed(ends.1) {
            return None;
        }
        Some(placements.share_between(ends, |from, to| match other {
            Some(other) => from.contains(&one) && to.contains(&other) || from.contains(&other) && to.contains(&one),
            None => from.contains(&one) != to.contains(&one),
        }))
    }

    /// Who calls whom at a site, and whether read replicas answer.
    fn ends(&self, site: &CallSite) -> Option<(ElementId, ElementId, bool)> {
        let stations = &self.network.stations;
        let called = &stations[site.to];
        Some((stations[site.from?].element?, called.element.or(called.copies_of)?, called.copies_of.is_some()))
    }

    /// What a request meets or not by where it is, as it does other things of this failure, or is on its way for longer or not: both together
    /// are not simulated.
    fn told_by_place(&self, found: &[Fault]) -> Option<StationId> {
        let named = [&facts::failure::SLOW, &facts::failure::ERRORS, &facts::failure::PARTITION];
        let mut named = named.into_iter().flat_map(|fact| self.arch.values_of(self.failure, fact));
        if !named.any(|value| self.place(value).is_some()) {
            return None;
        }
        let sites = &self.network.sites;
        let is_part = |share: f64| 0.0 < share && share < 1.0;
        let goes_on_far = |at: StationId| sites.iter().any(|site| site.from == Some(at) && self.is_far_from_some(site));
        found.iter().find_map(|fault| match &fault.effect {
            FaultEffect::Errors(at, share)
            | FaultEffect::Held(at, share)
            | FaultEffect::Slow { station: at, share, .. } => {
                Some(*at).filter(|at| is_part(*share) && goes_on_far(*at))
            }
            FaultEffect::Cut(cut) | FaultEffect::HeldOnTheWay(cut) => {
                let is_cut = |site: &SiteId| cut.iter().any(|(at, share)| at == site && is_part(*share));
                self.network.programs.iter().find_map(|program| {
                    let mut of_flow = program.ops.iter().filter_map(|op| op.call()).filter(is_cut);
                    of_flow.nth(1).map(|site| sites[site].to)
                })
            }
            FaultEffect::Down(_) | FaultEffect::Lost(..) | FaultEffect::Missed(..) | FaultEffect::Flushed(..) => None,
        })
    }

    /// Whether the calls of a site are on their way for longer from some regions than from others.
    fn is_far_from_some(&self, site: &CallSite) -> bool {
        let Some(route) = site.route else { return false };
        let from = &self.network.routes[route].from;
        let mean = |ways: &[Way]| ways.iter().map(|way| way.share * way.latency).sum::<f64>();
        let far = Distance::BetweenZones.latency();
        let means = from.iter().map(|(_, ways)| mean(ways));
        let (least, most) = means.fold((f64::INFINITY, 0.0_f64), |(low, high), one| (low.min(one), high.max(one)));
        most - least > far
    }

    /// What calls stay in their region to, and of which just a part meets what goes wrong at a place: which of the calls do is not simulated.
    fn kept_in_region(&self, found: &[Fault]) -> Option<StationId> {
        let named = [&facts::failure::FAIL, &facts::failure::SLOW, &facts::failure::ERRORS];
        let mut named = named.into_iter().flat_map(|fact| self.arch.values_of(self.failure, fact));
        if !named.any(|value| self.place(value).is_some()) {
            return None;
        }
        let mut met_in_part = found.iter().filter_map(|fault| match fault.effect {
            FaultEffect::Missed(at, share) | FaultEffect::Errors(at, share) | FaultEffect::Held(at, share) => {
                (share < 1.0).then_some(at)
            }
            FaultEffect::Slow { station, share, .. } => (share < 1.0).then_some(station),
            FaultEffect::Down(_)
            | FaultEffect::Lost(..)
            | FaultEffect::Flushed(..)
            | FaultEffect::Cut(_)
            | FaultEffect::HeldOnTheWay(_) => None,
        });
        let stays = |site: &CallSite| {
            let (from, to, read) = self.ends(site)?;
            Some(self.network.placements.stay_in_region(from, to, read))
        };
        met_in_part.find(|at| self.network.sites.iter().any(|site| site.to == *at && stays(site) == Some(true)))
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::GIVES_UP;
    use crate::placement::Distance;
    use crate::takeover::TAKES_OVER;
    use groma_base::Quantity;
    use groma_model::facts::{element, relation};
    use groma_model::schema::Fact;

    /// What a forecast takes for a fact that is not given, and that holds only in some cases, stands in what the fact is explained by.
    #[test]
    fn what_is_taken_where_nothing_is_said_is_explained() {
        let explained = |fact: &Fact| -> Vec<f64> {
            let (_, default) = fact.summary.split_once("; default: ").expect("a default");
            let words = default.split('`').skip(1).step_by(2);
            words.map(|word| Quantity::parse(word).expect("a quantity").high).collect()
        };
        assert_eq!(explained(&element::FAILOVER_AFTER), [TAKES_OVER]);
        assert_eq!(explained(&relation::TIMEOUT), [GIVES_UP]);
        let distances = [Distance::Near, Distance::BetweenZones, Distance::BetweenRegions];
        assert_eq!(explained(&relation::LATENCY), distances.map(Distance::latency));
    }
}
