//! What a failure does to a network, as the text says it.

use crate::assumption::FailureAssumption;
use crate::coincidence::coincidence;
use crate::engine::{Fault, FaultEffect};
use crate::network::{CallSite, Network, SiteId, Station, StationId};
use crate::outage::{Losing, Outage};
use crate::placement::{Distance, Placements, Side};
use crate::refusal::NotSimulated;
use crate::rerouting::{Era, Gone, eras, rerouted};
use crate::route::{Met, Way, Zone};
use crate::takeover::takes_over_after;
use groma_model::decode::FactValue;
use groma_model::schema::Fact;
use groma_model::{Architecture, DeployNodeId, ElementId, FlowId, ItemRef, Level, SIMULATED, facts};

/// How long something lasts of which neither its own fact nor a recovery says that, in seconds: what the facts say of themselves.
const LASTS: f64 = 60.0;

/// What reads a fact of a failure.
type Read = fn(&FailureReader<'_>, &FactValue) -> Vec<Fault>;

/// What reads which facts, but `fail`, of which several lose something together; in an order that decides nothing but draws.
static READ: [(&Fact, Read); 5] = [
    (&facts::failure::CORRUPT, |reader, value| reader.corrupt(value)),
    (&facts::failure::SLOW, |reader, value| reader.slow(value)),
    (&facts::failure::ERRORS, |reader, value| reader.errors(value)),
    (&facts::failure::FLUSH, |reader, value| reader.flush(value)),
    (&facts::failure::PARTITION, |reader, value| reader.partition(value)),
];

/// What is said to go wrong in a failure and meets no call of any flow.
pub fn meets_nothing<'a>(arch: &'a Architecture, network: &Network, failure: ItemRef) -> Vec<&'a FactValue> {
    let reader = FailureReader::new(arch, network, failure);
    let failing = arch.values_of(failure, &facts::failure::FAIL).filter(|value| !reader.loses_anything(value));
    let others = READ.iter().flat_map(|(fact, read)| {
        let is_idle = |value: &&FactValue| !read(&reader, value).iter().any(|fault| reader.is_met(fault));
        arch.values_of(failure, fact).filter(is_idle).collect::<Vec<_>>()
    });
    failing.chain(others).collect()
}

/// Whether one of two places is in the other, or is it: nothing is cut off from what it is in.
pub fn is_within_other(arch: &Architecture, one: DeployNodeId, other: DeployNodeId) -> bool {
    let is_in = |inner, outer| arch.places_around(SIMULATED, inner).any(|at| at == outer);
    is_in(one, other) || is_in(other, one)
}

/// What goes wrong in a failure, with times that count from the start of the observation, and what takes over.
///
/// # Errors
/// If what fails at a place is met by calls by where they come from, and that is not simulated, as it is not where what these flows call and
/// is limited is filled otherwise in some region; or if several effects at one time meet some replicas of one station by chance;
/// or if another takes over from an element while something goes wrong at a place where just some of its replicas run.
pub(crate) fn faults(
    arch: &Architecture,
    network: &Network,
    failure: ItemRef,
    flows: &[FlowId],
) -> Result<(Vec<Fault>, Vec<FailureAssumption>), NotSimulated> {
    let reader = FailureReader::new(arch, network, failure);
    let (mut found, mut assumed) = (Vec::new(), Vec::new());
    reader.fail(&mut found, &mut assumed);
    for (fact, read) in &READ {
        arch.values_of(failure, fact).for_each(|value| found.extend(read(&reader, value)));
    }
    // What lasts no time would begin and end at the same moment, in any order.
    found.retain(|fault| fault.to > fault.from);
    let name = |station: StationId| network.stations[station].name.clone();
    if let Some(station) = reader.met_by_place(&found).or_else(|| coincidence(network, &found)) {
        return Err(NotSimulated::StaysInRegion { station: name(station) });
    }
    if let Some(station) = reader.successor_at_place() {
        return Err(NotSimulated::SuccessorAtPlace { station: name(station) });
    }
    found.extend(rerouted(arch, network, flows, &reader.gone())?);
    Ok((found, assumed))
}

/// What a fact of a failure means.
#[derive(Clone, Copy)]
struct Meant {
    station: StationId,
    /// Of which share of its replicas.
    share: f64,
    /// The share of the replicas that stand before these by the names of their places.
    before: f64,
}

/// What stands on one side of a partition.
enum Named {
    Place(DeployNodeId),
    Elements { stations: Vec<StationId>, person: bool },
}

impl Named {
    fn has(&self, end: &End<'_>) -> bool {
        match self {
            Named::Place(place) => end.around.contains(place),
            Named::Elements { stations, person } => end.station.map_or(*person, |at| stations.contains(&at)),
        }
    }
}

/// An end of a call: which station, or a person, and the places around where it is.
struct End<'a> {
    station: Option<StationId>,
    around: &'a [DeployNodeId],
}

/// The share of the replicas of a station that are at a place, and that of those which stand before them by their names.
fn share_at(placements: &Placements, station: &Station, place: DeployNodeId, gone: &[DeployNodeId]) -> (f64, f64) {
    match (station.element, station.copies_of) {
        (Some(element), _) => placements.share_at(element, place, gone),
        (None, Some(element)) => placements.share_of_copies_at(element, place, gone),
        (None, None) => (0.0, 0.0),
    }
}

/// The zones that are known of some sides, each once.
fn zones(sides: &[Side<'_>]) -> Vec<Zone> {
    let mut all: Vec<Zone> = Vec::new();
    for zone in sides.iter().filter_map(|side| side.zone) {
        if !all.contains(&zone) {
            all.push(zone)
        }
    }
    all
}

/// Reads what a failure says.
struct FailureReader<'a> {
    arch: &'a Architecture,
    network: &'a Network,
    failure: ItemRef,
    /// How long something lasts of which nothing is said, in seconds.
    length: f64,
}

impl<'a> FailureReader<'a> {
    fn new(arch: &'a Architecture, network: &'a Network, failure: ItemRef) -> FailureReader<'a> {
        let recoveries = arch.values_of(failure, &facts::failure::RECOVERY);
        let recovered = recoveries
            .filter_map(|value| arch.part_value_of(failure, value, &facts::failure::RTO).and_then(FactValue::number));
        let length = recovered.fold(0.0, f64::max);
        FailureReader { arch, network, failure, length: if length > 0.0 { length } else { LASTS } }
    }
}

impl FailureReader<'_> {
    /// What is damaged, in every copy.
    fn corrupt(&self, value: &FactValue) -> Vec<Fault> {
        self.lasting(value, self.of_element(value, true).into_iter().map(FaultEffect::Down))
    }

    fn slow(&self, value: &FactValue) -> Vec<Fault> {
        let factor = self.given(value, &facts::failure::FACTOR).unwrap_or_default();
        let slow = |Meant { station, share, before }, era: &Era| FaultEffect::Slow {
            station,
            factor,
            share,
            before,
            met: self.met(value, station, era),
        };
        self.of_meant(value, &slow)
    }

    fn errors(&self, value: &FactValue) -> Vec<Fault> {
        let failing = self.given(value, &facts::failure::SHARE).unwrap_or_default();
        let errors =
            |Meant { station, .. }, era: &Era| FaultEffect::Errors(station, self.met(value, station, era), failing);
        self.of_meant(value, &errors)
    }

    fn flush(&self, value: &FactValue) -> Vec<Fault> {
        let stays = self.arch.part_value_of(self.failure, value, &facts::failure::FOR).is_some();
        self.lasting(value, self.of_element(value, false).into_iter().map(|at| FaultEffect::Flushed(at, stays)))
    }

    fn partition(&self, value: &FactValue) -> Vec<Fault> {
        let effect = if self.is_held(value) { FaultEffect::HeldOnTheWay } else { FaultEffect::Cut };
        let of_era = |era: Era| Some(Fault { effect: self.cut(value, &era).map(effect)?, from: era.from, to: era.to });
        self.eras(value).into_iter().filter_map(of_era).collect()
    }

    /// Whether a call of some flow meets it, and anything is other than without it.
    fn is_met(&self, fault: &Fault) -> bool {
        let stations = &self.network.stations;
        let is_called = |at: StationId| {
            let mut called = self.network.sites.iter().map(|site| site.to);
            called.any(|to| to == at || stations[to].runs_on.iter().any(|(host, _)| *host == at))
        };
        let changes = match &fault.effect {
            FaultEffect::Down(at)
            | FaultEffect::Lost(at, _)
            | FaultEffect::Missed(at, ..)
            | FaultEffect::Held(at, _)
            | FaultEffect::Flushed(at, _) => is_called(*at),
            FaultEffect::Slow { station, factor, met, .. } => *factor > 1.0 && met.is_any() && is_called(*station),
            FaultEffect::Errors(at, met, share) => *share > 0.0 && met.is_any() && is_called(*at),
            FaultEffect::Cut(_) | FaultEffect::HeldOnTheWay(_) | FaultEffect::Rerouted(_) => true,
        };
        changes && fault.to > fault.from
    }

    /// Whether something is lost that calls come to or that would take over from it, or calls go elsewhere.
    fn loses_anything(&self, value: &FactValue) -> bool {
        let (from, to) = self.time(value);
        let lost = self.meant(value).into_iter().map(|meant| FaultEffect::Down(meant.station));
        let gone = self.place(value).map(|place| Gone { place, from, to, is_held: self.is_held(value) });
        let is_spared = self.place(value).is_some_and(|place| self.with_standby_at(place).next().is_some());
        let moves = || rerouted(self.arch, self.network, &[], gone.as_slice()).map_or(true, |found| !found.is_empty());
        from < to && (self.lasting(value, lost).iter().any(|fault| self.is_met(fault)) || is_spared || moves())
    }

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

    fn lasting(&self, value: &FactValue, effects: impl IntoIterator<Item = FaultEffect>) -> Vec<Fault> {
        let (from, to) = self.time(value);
        effects.into_iter().map(|effect| Fault { effect, from, to }).collect()
    }

    /// The same of everything that a fact names. What runs at a place has the larger share of the work while others are gone.
    fn of_meant(&self, value: &FactValue, effect: &dyn Fn(Meant, &Era) -> FaultEffect) -> Vec<Fault> {
        let of_era = |era: Era| {
            let meant = self.meant_in(value, &era.placements, &era.gone).into_iter();
            meant.map(|meant| Fault { effect: effect(meant, &era), from: era.from, to: era.to }).collect::<Vec<Fault>>()
        };
        self.eras(value).into_iter().flat_map(of_era).collect()
    }

    /// What is where as long as a fact says that something goes wrong.
    fn eras(&self, value: &FactValue) -> Vec<Era> {
        eras(self.arch, self.network, &self.gone(), self.time(value))
    }

    /// The stations of an element: of a component its container, of a system all its containers.
    fn of_element(&self, value: &FactValue, also_copies: bool) -> Vec<StationId> {
        let arch = self.arch;
        let Some(of) = arch.referred_element(self.failure, value) else { return Vec::new() };
        let of = arch.at_level(of, Level::Container).unwrap_or(of);
        let is_meant = |station: &Station| {
            let belongs = if also_copies { station.unit() } else { station.element };
            belongs.is_some_and(|element| arch.is_within(element, of))
        };
        let all = self.network.stations.entries().filter(|(_, station)| is_meant(station));
        all.map(|(at, _)| at).collect()
    }

    /// The stations that a fact names, with the share of the replicas of each that is meant: all of an element, of a place
    /// those that run there, with the processors there.
    fn meant(&self, value: &FactValue) -> Vec<Meant> {
        self.meant_in(value, &self.network.placements, &[])
    }

    /// The same of what is at work and left when some places are gone.
    fn meant_in(&self, value: &FactValue, placements: &Placements, gone: &[DeployNodeId]) -> Vec<Meant> {
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
                None => share_at(placements, station, place, gone),
            };
            Meant { station: at, share, before }
        };
        self.network.stations.entries().map(meant).filter(|meant| meant.share > 0.0).collect()
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

    /// The places that are gone.
    fn gone(&self) -> Vec<Gone> {
        let gone = self.arch.values_of(self.failure, &facts::failure::FAIL).filter_map(|value| {
            let (from, to) = self.time(value);
            Some(Gone { place: self.place(value)?, from, to, is_held: self.is_held(value) })
        });
        gone.collect()
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

    /// An element that fails and from which another takes over, while something goes wrong at a place where some of its replicas run and
    /// others do not: which of them answer there then is not told by what is where.
    fn successor_at_place(&self) -> Option<StationId> {
        let (arch, placements) = (self.arch, &self.network.placements);
        let wrong = [&facts::failure::SLOW, &facts::failure::ERRORS, &facts::failure::PARTITION].into_iter();
        let wrong: Vec<&FactValue> = wrong.flat_map(|fact| arch.values_of(self.failure, fact)).collect();
        let places = |value: &FactValue| {
            let other = arch.part_value_of(self.failure, value, &facts::failure::FROM);
            [self.place(value), other.and_then(|other| self.place(other))].into_iter().flatten()
        };
        let mut failing = arch.values_of(self.failure, &facts::failure::FAIL).filter_map(|value| {
            let element = arch.referred_element(self.failure, value)?;
            let (from, to) = self.time(value);
            Some((element, from + takes_over_after(arch, element)?, to))
        });
        failing.find_map(|(element, from, to)| {
            let is_then = |value: &&&FactValue| self.time(value).0 < to && from < self.time(value).1;
            let mut places = wrong.iter().filter(is_then).flat_map(|value| places(value));
            let is_met = from < to && places.any(|place| placements.is_partly_at(element, place));
            self.network.stations.find(|station| station.element == Some(element)).filter(|_| is_met)
        })
    }

    /// The calls that a partition cuts, with the share of each that is cut.
    fn cut(&self, value: &FactValue, era: &Era) -> Option<Vec<(SiteId, Met)>> {
        let parted = self.arch.part_value_of(self.failure, value, &facts::failure::FROM);
        if let (Some(one), Some(other)) = (self.place(value), parted.and_then(|value| self.place(value)))
            && is_within_other(self.arch, one, other)
        {
            return None;
        }
        let (one, other) = (self.named(value), parted.map(|value| self.named(value)));
        let is_parted = |from: &End<'_>, to: &End<'_>| match &other {
            Some(other) => one.has(from) && other.has(to) || other.has(from) && one.has(to),
            None => one.has(from) != one.has(to),
        };
        let sites = self.network.sites.entries();
        let cut = sites.map(|(at, site)| (at, self.met_between(site, &era.placements, &is_parted)));
        let cut: Vec<(SiteId, Met)> = cut.filter(|(_, met)| met.is_any()).collect();
        (!cut.is_empty()).then_some(cut)
    }

    /// What a fact names as a side of a partition.
    fn named(&self, value: &FactValue) -> Named {
        if let Some(place) = self.place(value) {
            return Named::Place(place);
        }
        let person = self.arch.referred_element(self.failure, value);
        // People are no stations.
        let person = person.is_some_and(|of| self.arch.element(of).level == Level::Person);
        Named::Elements { stations: self.of_element(value, false), person }
    }

    /// Which of the calls of a site have their ends on two sides, by the zones of both.
    fn met_between(
        &self,
        site: &CallSite,
        placements: &Placements,
        is_parted: &dyn Fn(&End<'_>, &End<'_>) -> bool,
    ) -> Met {
        let stations = &self.network.stations;
        let called = &stations[site.to];
        let caller = site.from.and_then(|from| stations[from].element);
        let callers = placements.sides(caller, false);
        let answering = placements.sides(called.unit(), called.is_of_copies());
        let share = |from: Option<Zone>, to: Option<Zone>| {
            let (mut all, mut met) = (0.0, 0.0);
            for one in callers.iter().filter(|side| from.is_none() || side.zone == from) {
                for other in answering.iter().filter(|side| to.is_none() || side.zone == to) {
                    let weight = one.weight * other.weight;
                    all += weight;
                    let from = End { station: site.from, around: one.around };
                    let to = End { station: Some(site.to), around: other.around };
                    let is_met = is_parted(&from, &to);
                    met += if is_met { weight } else { 0.0 };
                }
            }
            if all > 0.0 { met / all } else { 0.0 }
        };
        let (from, to) = (zones(&callers), zones(&answering));
        if from.len() < 2 && to.len() < 2 {
            return Met::Everywhere(share(None, None));
        }
        // What is at no known place answers where the request is.
        let ways = from.iter().flat_map(|from| match to.is_empty() {
            true => vec![(Some(*from), *from, share(Some(*from), None))],
            false => to.iter().map(|to| (Some(*from), *to, share(Some(*from), Some(*to)))).collect(),
        });
        let others = to.iter().map(|to| (None, *to, share(None, Some(*to))));
        Met::Ways(ways.chain(others).collect())
    }

    /// Which of the calls to a station come to what a fact names of it: to all, or to what runs at a place, by the zone where they are answered.
    fn met(&self, value: &FactValue, at: StationId, era: &Era) -> Met {
        let station = &self.network.stations[at];
        let Some(place) = self.place(value).filter(|_| station.host.is_none()) else { return Met::Everywhere(1.0) };
        let (unit, read) = (station.unit(), station.is_of_copies());
        let mut answering = era.placements.sides(unit, read);
        answering.retain(|side| !side.around.iter().any(|around| era.gone.contains(around)));
        let share = |zone: Option<Zone>| {
            let here = || answering.iter().filter(|side| zone.is_none() || side.zone == zone);
            let met = here().filter(|side| side.around.contains(&place));
            let all: f64 = here().map(|side| side.weight).sum();
            if all > 0.0 { met.map(|side| side.weight).sum::<f64>() / all } else { 0.0 }
        };
        match &zones(&answering)[..] {
            [] | [_] => Met::Everywhere(share(None)),
            several => Met::Ways(several.iter().map(|zone| (None, *zone, share(Some(*zone)))).collect()),
        }
    }

    /// Who calls whom at a site, and whether read replicas answer.
    fn ends(&self, site: &CallSite) -> Option<(ElementId, ElementId, bool)> {
        let stations = &self.network.stations;
        let called = &stations[site.to];
        Some((stations[site.from?].element?, called.unit()?, called.is_of_copies()))
    }

    /// Whether one of these facts names a place.
    fn names_place(&self, named: &[&'static Fact]) -> bool {
        let mut named = named.iter().flat_map(|fact| self.arch.values_of(self.failure, fact));
        named.any(|value| self.place(value).is_some())
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

    /// What just a part of the calls meets, by where they come from, while it is simulated that any of them may: which calls of a request do,
    /// or how far those are that do, would be wrong.
    fn met_by_place(&self, found: &[Fault]) -> Option<StationId> {
        if !self.names_place(&[&facts::failure::FAIL, &facts::failure::SLOW]) {
            return None;
        }
        let stations = &self.network.stations;
        // One queue for all would let those wait for what is slow who are elsewhere.
        let has_queue = |at: StationId| stations[at].is_limited() || stations[at].balance.is_some();
        let mut met_in_part = found.iter().filter_map(|fault| match fault.effect {
            FaultEffect::Missed(at, share, Met::Everywhere(_)) | FaultEffect::Held(at, share) => {
                (share < 1.0).then_some(at)
            }
            FaultEffect::Slow { station, share, .. } => (share < 1.0 && has_queue(station)).then_some(station),
            FaultEffect::Down(_)
            | FaultEffect::Lost(..)
            | FaultEffect::Missed(..)
            | FaultEffect::Errors(..)
            | FaultEffect::Flushed(..)
            | FaultEffect::Cut(_)
            | FaultEffect::Rerouted(_)
            | FaultEffect::HeldOnTheWay(_) => None,
        });
        let sites = &self.network.sites;
        let is_kept = |site: &CallSite| {
            let ends = self.ends(site);
            ends.is_some_and(|(from, to, read)| self.network.placements.stay_in_region(from, to, read))
        };
        let is_by_place = |at: StationId| {
            sites.iter().any(|site| match site.to == at {
                true => is_kept(site),
                false => site.from == Some(at) && self.is_far_from_some(site),
            })
        };
        met_in_part.find(|at| is_by_place(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::LASTS;
    use crate::engine::GIVES_UP;
    use crate::placement::Distance;
    use crate::takeover::TAKES_OVER;
    use groma_base::Quantity;
    use groma_model::facts::{element, failure, relation};
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
        assert_eq!(Quantity::parse(element::TAKES_OVER_AFTER).expect("a quantity").high, TAKES_OVER);
        assert_eq!(explained(&relation::TIMEOUT), [GIVES_UP]);
        let (_, lasts) = failure::FOR.summary.split_once("recovery, or ").expect("a default");
        assert_eq!(Quantity::parse(lasts).expect("a quantity").high, LASTS);
        let distances = [Distance::Near, Distance::BetweenZones, Distance::BetweenRegions];
        assert_eq!(explained(&relation::LATENCY), distances.map(Distance::latency));
    }
}
