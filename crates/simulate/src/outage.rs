//! What a station loses in a failure, from moment to moment: all that fails at one time is lost together, once, and nothing that is lost
//! takes over.

use crate::assumption::FailureAssumption;
use crate::engine::{Fault, FaultEffect};
use crate::network::{CallSite, Network, Station, StationId};
use crate::placement::Side;
use crate::route::{Met, Way, Zone};
use crate::takeover::{IdleStandby, Succession, Takeover, share_missed, takeover, takes_over_after};
use groma_model::{Architecture, DeployNodeId, ElementId, SIMULATED};

/// A time in seconds from the start of the observation, and one after it.
type Time = (f64, f64);

/// Something of a station that is said to fail.
#[derive(Clone, Copy)]
pub(crate) struct Outage {
    /// From when to when.
    pub(crate) time: Time,
    /// Where. Without a place it fails wherever it runs.
    pub(crate) place: Option<DeployNodeId>,
    /// Whether it fails something of the station, and not only what might take over.
    pub(crate) is_of_station: bool,
    /// Whether it is the element itself, and not something that it is part of: that takes with it what would take over.
    pub(crate) is_itself: bool,
    /// Whether calls wait until it is over.
    pub(crate) is_held: bool,
}

/// What goes wrong at a station, and what is taken to be so.
#[derive(Default)]
pub(crate) struct Course {
    /// What calls meet and is gone.
    missed: Vec<Fault>,
    lost: Vec<Fault>,
    /// Read replicas that have something else to do.
    promoted: Vec<Fault>,
    /// What is taken to be so, each once.
    pub(crate) assumed: Vec<FailureAssumption>,
}

impl Course {
    /// What goes wrong, in an order that only what is lost decides.
    pub(crate) fn faults(self) -> impl Iterator<Item = Fault> {
        self.missed.into_iter().chain(self.lost).chain(self.promoted)
    }

    fn assume(&mut self, one: FailureAssumption) {
        if !self.assumed.contains(&one) {
            self.assumed.push(one);
        }
    }
}

/// Adds what is so for a time to what was so before it.
fn go_on(faults: &mut Vec<Fault>, effect: FaultEffect, (from, to): Time) {
    match faults.last_mut().filter(|last| last.effect == effect && last.to >= from) {
        Some(last) => last.to = to,
        None => faults.push(Fault { effect, from, to }),
    }
}

/// Some of the replicas of a station, which are lost together.
struct Unit {
    /// Their share.
    share: f64,
    /// Their zone, if that is known.
    zone: Option<Zone>,
    /// When they are gone.
    gone: Vec<Time>,
}

/// What is gone of a station at a moment.
struct Now {
    /// The places that are gone.
    places: Vec<DeployNodeId>,
    /// The share of its replicas there.
    share: f64,
    /// How many these are.
    lost: u32,
    /// How many of them are gone for so long that others may have taken over.
    ready: u32,
    /// Which share of those who are asked in each zone is gone.
    missed: Vec<(Option<Zone>, Zone, f64)>,
    /// Whether calls wait.
    is_held: bool,
}

/// A station of which something fails.
pub(crate) struct Losing<'a> {
    pub(crate) arch: &'a Architecture,
    pub(crate) network: &'a Network,
    pub(crate) at: StationId,
    pub(crate) outages: &'a [Outage],
}

impl Losing<'_> {
    /// What goes wrong from the first moment to the last.
    pub(crate) fn course(&self) -> Course {
        let (units, whole) = (self.units(), together(self.outages.iter().filter(|one| one.place.is_none())));
        let after = self.element().and_then(|element| takes_over_after(self.arch, element));
        let lost = units.iter().flat_map(|unit| &unit.gone).chain(&whole);
        let due = lost.clone().filter_map(|(from, to)| Some(from + after?).filter(|due| due < to));
        let ends = self.outages.iter().flat_map(|outage| [outage.time.0, outage.time.1]);
        let mut moments: Vec<f64> = due.chain(ends).collect();
        moments.sort_by(f64::total_cmp);
        moments.dedup();
        let mut course = Course::default();
        for pair in moments.windows(2) {
            let time = (pair[0], pair[1]);
            let now = self.now(&units, after, time.0);
            match whole.iter().find(|(from, to)| *from <= time.0 && time.0 < *to) {
                Some((began, _)) => {
                    let is_due = after.is_some_and(|after| time.0 >= began + after);
                    self.without_itself(&now, is_due, time, &mut course);
                }
                None if now.lost > 0 => self.without_places(&now, after, time, &mut course),
                // Nothing is missing yet, but the failure has begun.
                None if self.is_without_standby(&now) => go_on(&mut course.lost, FaultEffect::Lost(self.at, 0), time),
                None => {}
            }
        }
        let lasts = course.lost.first().is_some_and(|fault| !matches!(fault.effect, FaultEffect::Held(..)));
        if lasts
            && !whole.is_empty()
            && self.element().is_some_and(|element| self.network.placements.are_apart(element))
        {
            course.assume(FailureAssumption::AsFarAsBefore { station: self.station().name.clone() });
        }
        course
    }

    fn station(&self) -> &Station {
        &self.network.stations[self.at]
    }

    /// What can be taken over from: autoscaled replicas are started anew.
    fn element(&self) -> Option<ElementId> {
        self.station().element.filter(|_| !self.station().is_autoscaled())
    }

    fn units(&self) -> Vec<Unit> {
        let (station, placements) = (self.station(), &self.network.placements);
        if let Some(host) = station.host {
            let around: Vec<DeployNodeId> = self.arch.places_around(SIMULATED, host).collect();
            return vec![Unit { share: 1.0, zone: None, gone: self.gone(&around) }];
        }
        let unit = station.unit();
        let sides = placements.sides(unit, station.is_of_copies());
        let all: f64 = sides.iter().map(|side| side.weight).sum();
        let of_side =
            |side: &Side<'_>| Unit { share: side.weight / all, zone: side.zone, gone: self.gone(side.around) };
        sides.iter().map(of_side).collect()
    }

    /// When what is in these places is gone.
    fn gone(&self, around: &[DeployNodeId]) -> Vec<Time> {
        together(self.outages.iter().filter(|one| one.place.is_some_and(|place| around.contains(&place))))
    }

    fn now(&self, units: &[Unit], after: Option<f64>, moment: f64) -> Now {
        let replicas = self.station().replicas;
        let count = |share: f64| match share > 0.0 {
            true => ((share * f64::from(replicas)).round() as u32).clamp(1, replicas),
            false => 0,
        };
        let (mut share, mut waiting) = (0.0, 0.0);
        // Who is asked, by zone, and how much of that is gone.
        let mut asked: Vec<(Zone, f64, f64)> = Vec::new();
        for unit in units {
            let since = unit.gone.iter().find(|(from, to)| *from <= moment && moment < *to).map(|(from, _)| from);
            share += since.map_or(0.0, |_| unit.share);
            let waits = since.is_some_and(|since| after.is_none_or(|after| moment < since + after));
            let missed = if waits { unit.share } else { 0.0 };
            waiting += missed;
            let Some(zone) = unit.zone.filter(|_| since.is_none() || waits) else { continue };
            match asked.iter_mut().find(|(known, ..)| *known == zone) {
                Some((_, all, gone)) => (*all, *gone) = (*all + unit.share, *gone + missed),
                None => asked.push((zone, unit.share, missed)),
            }
        }
        let active = || self.outages.iter().filter(|one| one.time.0 <= moment && moment < one.time.1);
        let lost = count(share);
        Now {
            places: active().filter_map(|one| one.place).collect(),
            share,
            lost,
            ready: lost - count(waiting).min(lost),
            missed: asked.into_iter().map(|(zone, all, gone)| (None, zone, gone / all)).collect(),
            is_held: active().filter(|one| one.is_of_station).all(|one| one.is_held) && self.station().host.is_none(),
        }
    }

    /// Whether something that would take over is gone.
    fn is_without_standby(&self, now: &Now) -> bool {
        let standby = |element, gone: &[DeployNodeId]| self.network.placements.standby(element, gone);
        self.element().is_some_and(|element| standby(element, &now.places) < standby(element, &[]))
    }

    /// What is left to take over.
    fn takeover(&self, now: &Now, course: &mut Course) -> Option<Takeover> {
        let (element, placements) = (self.element()?, &self.network.placements);
        let idle = IdleStandby::of(self.arch, placements, element, &now.places);
        idle.into_iter().for_each(|idle| course.assume(FailureAssumption::NobodyTakesOver(idle)));
        takeover(self.arch, placements, element, &now.places)
    }

    /// It fails wherever it runs, until another takes over from the one in charge, if one is left that can.
    fn without_itself(&self, now: &Now, is_due: bool, time: Time, course: &mut Course) {
        let replicas = self.station().replicas;
        let is_active = |one: &&Outage| one.time.0 <= time.0 && time.0 < one.time.1;
        let mut whole = self.outages.iter().filter(is_active).filter(|one| one.place.is_none());
        let is_itself = whole.all(|one| one.is_itself);
        let lost = (now.lost + 1).min(replicas);
        let takeover = self.takeover(now, course).filter(|_| is_itself && is_due);
        let takeover = takeover.map(|one| Takeover { copies: if lost < replicas { 0 } else { one.copies }, ..one });
        let Some(takeover) = takeover.filter(|one| one.standbys + one.copies > 0 || lost < replicas) else {
            let all = if now.is_held { FaultEffect::Held(self.at, 1.0) } else { FaultEffect::Down(self.at) };
            return go_on(&mut course.lost, all, time);
        };
        let missing = self.take_over(&takeover, lost, time, course);
        let effect = match lost < replicas {
            true => FaultEffect::Lost(self.at, missing),
            false => self.effect(missing, 1.0, now.is_held),
        };
        go_on(&mut course.lost, effect, time);
    }

    /// What runs at some places is gone, until others elsewhere have taken over: those that are at work there, and standbys. Read
    /// replicas do so only if none is left that does the work.
    fn without_places(&self, now: &Now, after: Option<f64>, time: Time, course: &mut Course) {
        let is_all = now.lost >= self.station().replicas;
        let takeover = self.takeover(now, course);
        let takeover = takeover.map(|one| Takeover { copies: if is_all { one.copies } else { 0 }, ..one });
        let takeover = takeover.filter(|one| one.standbys + one.copies > 0 || !is_all);
        let ready = if takeover.is_some() { now.ready } else { 0 };
        let missing = match takeover.filter(|_| ready > 0) {
            Some(takeover) => now.lost - ready + self.take_over(&takeover, ready, time, course),
            None => now.lost,
        };
        self.miss(now, (ready, missing), after.filter(|_| takeover.is_some()), time, course);
        // For one of several for which others work nobody waits.
        let effect = match ready == now.lost && !is_all {
            true => FaultEffect::Lost(self.at, missing),
            false => self.effect(missing, now.share * f64::from(missing) / f64::from(now.lost), now.is_held),
        };
        go_on(&mut course.lost, effect, time);
    }

    /// What it is that so many replicas are gone, which are so large a share of all.
    fn effect(&self, missing: u32, share: f64, is_held: bool) -> FaultEffect {
        match missing {
            1.. if is_held => FaultEffect::Held(self.at, share),
            _ if missing >= self.station().replicas && share > 1.0 - 1e-9 => FaultEffect::Down(self.at),
            // Even where nothing is missing the failure lasts.
            _ => FaultEffect::Lost(self.at, missing),
        }
    }

    /// Others take over from so many replicas: standbys, and for what these are too few read replicas, which then answer no reads.
    /// How many are missing all the same.
    fn take_over(&self, takeover: &Takeover, lost: u32, time: Time, course: &mut Course) -> u32 {
        let station = self.station().name.clone();
        let (after, is_said) = (takeover.after, takeover.is_said);
        course.assume(FailureAssumption::FailsOver { station: station.clone(), after, is_said });
        let left = lost.saturating_sub(takeover.standbys);
        let promoted = left.min(takeover.copies);
        if promoted > 0 {
            let is_last = promoted == takeover.copies;
            course.assume(FailureAssumption::ReadReplicaTakesOver { station, is_last });
            let stations = &self.network.stations;
            let is_copy = |other: &Station| other.copies_of.is_some() && other.copies_of == self.station().element;
            if let Some(copies) = stations.find(is_copy).filter(|_| !is_last) {
                go_on(&mut course.promoted, FaultEffect::Lost(copies, promoted), time);
            }
        }
        left - promoted
    }

    /// The least and the largest share of the calls that do, over the zones from which they come.
    fn shares_of_calls(&self, met: &Met) -> (f64, f64) {
        let all = match met {
            Met::Everywhere(share) => vec![*share],
            Met::Ways(ways) => {
                let sites = self.network.sites.iter().filter(|site| site.to == self.at);
                let of_site = |site: &CallSite| match site.route.map(|route| &self.network.routes[route]) {
                    // Without a route a call is answered where the request is, and that may be anywhere.
                    None => ways.iter().map(|(.., share)| *share).collect::<Vec<f64>>(),
                    Some(route) => {
                        let share = |ways: &[Way]| -> f64 {
                            ways.iter().map(|way| way.share * met.on_way(Zone::NOWHERE, way.to)).sum()
                        };
                        match route.from.is_empty() {
                            true => vec![share(&route.any)],
                            false => route.from.iter().map(|(_, ways)| share(ways)).collect(),
                        }
                    }
                };
                sites.flat_map(of_site).collect()
            }
        };
        let most = all.iter().copied().fold(0.0, f64::max);
        (all.into_iter().fold(most, f64::min), most)
    }

    /// Where some replicas are in charge, and which is not written, calls come to those that are lost by their share until others
    /// have taken over.
    fn miss(&self, now: &Now, (ready, missing): (u32, u32), after: Option<f64>, time: Time, course: &mut Course) {
        let (station, Some(element)) = (self.station(), self.element()) else { return };
        // Where too few are left, or calls wait for those that are lost, none fails for this.
        if now.is_held || station.replicas - now.lost < station.needed.max(1) {
            return;
        }
        let waiting = now.lost - ready;
        // Nobody asks those for which the others work.
        let asked = station.replicas - (missing - waiting);
        let in_charge = Succession::of(self.arch, element).in_charge(station.needed, station.replicas);
        let share = share_missed(in_charge, waiting, asked);
        if share > 0.0 {
            // Of one that does all the work of a request, that of the zone where the request is.
            let met = match &now.missed[..] {
                [_, _, ..] if in_charge == 1 => Met::Ways(now.missed.clone()),
                _ => Met::Everywhere(share),
            };
            let (least, most) = self.shares_of_calls(&met);
            go_on(&mut course.missed, FaultEffect::Missed(self.at, share, met), time);
            if most == 0.0 {
                return;
            }
            let is_in_time =
                |after: &f64| self.outages.iter().any(|one| one.is_of_station && one.time.0 + after < one.time.1);
            let after = after.filter(is_in_time);
            course.assume(FailureAssumption::Misses { station: station.name.clone(), least, most, after });
        }
    }
}

/// The times of some outages, those that overlap or follow each other at once as one.
fn together<'o>(outages: impl Iterator<Item = &'o Outage>) -> Vec<Time> {
    let mut times: Vec<Time> = outages.map(|one| one.time).collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut all: Vec<Time> = Vec::new();
    for (from, to) in times {
        match all.last_mut().filter(|(_, end)| from <= *end) {
            Some((_, end)) => *end = end.max(to),
            None => all.push((from, to)),
        }
    }
    all
}
