//! Loads and failures, as the text says them, made ready to be simulated.

use crate::analysis::{self, Analysis};
use crate::assumption::{Assumption, FailureAssumption, LoadAssumption};
use crate::demand::{Arrivals, Asked, Batches, Bursts, Demand, LoadProfile, MOST_AT_ONCE, Recorded};
use crate::distribution::{Distribution, StepDistribution};
use crate::engine::{Fault, FaultEffect};
use crate::network::{Network, OperatingPoint, SiteId, Station, StationId};
use crate::refusal::{NotSimulated, UnclearLoad};
use crate::requirement::{number, part, said};
use groma_model::decode::{FactValue, Value};
use groma_model::facts::element::Failover;
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, DeployNodeId, DeploymentId, Entity, FlowId, ItemRef, Level, Per, RecordId, facts};
use std::sync::Arc;

/// More users than this are told by a rate: each of them takes memory.
const MOST_USERS: u32 = 1_000_000;

/// Who does not think at all thinks so long, in seconds: time must go on.
const LEAST_THINK: f64 = 1e-6;

/// Where fewer requests than this come in a burst and a calm together, on average, each of them is a draw and hardly any is seen.
const LEAST_IN_A_TURN: f64 = 1e-4;

/// Weights above this are taken as shares of the largest.
const LARGE_WEIGHT: f64 = 1e100;

/// What a load and those beside it ask for, or of which of them that cannot be told, and why.
fn demand(arch: &Architecture, load: ItemRef) -> Result<Demand, NotSimulated> {
    let asked =
        |at: ItemRef| asked(arch, at).map_err(|reason| NotSimulated::Load { load: arch.title(at).to_owned(), reason });
    let own = asked(load)?;
    let beside = beside(arch, load).into_iter().map(asked).collect::<Result<_, _>>()?;
    Ok(Demand { own, beside })
}

/// The loads that run beside another: those that it names, those that these name, and so on, each once.
fn beside(arch: &Architecture, load: ItemRef) -> Vec<ItemRef> {
    let mut found = vec![load];
    let mut nth = 0;
    while let Some(at) = found.get(nth).copied() {
        for value in arch.all_facts(at, &facts::load::WITH) {
            let named = arch.referred_record(at, value).map(|record| arch.records[record].at);
            found.extend(named.filter(|named| !found.contains(named)));
        }
        nth += 1;
    }
    found.remove(0);
    found
}

/// What a load asks for by itself, or why that cannot be told. Long because it tells apart every kind of load.
fn asked(arch: &Architecture, load: ItemRef) -> Result<Asked, UnclearLoad> {
    // What is named twice is wanted as much more.
    let mut mixed: Vec<(FlowId, f64)> = Vec::new();
    for value in arch.all_facts(load, &facts::load::MIX) {
        let Some(flow) = arch.referred_flow(load, value) else { continue };
        let weight = said(arch, load, value, &facts::load::WEIGHT).unwrap_or_default();
        match mixed.iter_mut().find(|(known, _)| *known == flow) {
            Some((_, known)) => *known += weight,
            None => mixed.push((flow, weight)),
        }
    }
    let flows = if mixed.is_empty() { arch.flows.ids().map(|flow| (flow, 1.0)).collect() } else { mixed };
    if flows.is_empty() {
        return Err(UnclearLoad::NoFlow);
    }
    let mut flows: Vec<(FlowId, f64)> = flows.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
    let most = flows.iter().map(|(_, weight)| *weight).fold(0.0, f64::max);
    if flows.is_empty() {
        return Err(UnclearLoad::NoWeight);
    }
    if most.is_infinite() {
        return Err(UnclearLoad::EndlessWeight);
    }
    if most > LARGE_WEIGHT {
        // Their sum must be a number.
        flows.iter_mut().for_each(|(_, weight)| *weight /= most);
    }
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    if arch.fact(load, &facts::load::TRACE).is_some() {
        return as_recorded(arch, load, &flows);
    }
    if arch.fact(load, &facts::load::EVERY).is_some() {
        let batches = batches(arch, load)?;
        let each = batches.count / batches.period;
        let flows = flows.into_iter().map(|(flow, weight)| (flow, each * weight / total)).collect();
        return Ok(Asked::Open { flows, arrivals: Arrivals::Batches(batches), profile: None, recorded: None });
    }
    let rate = level(arch, load, &facts::load::RATE, &facts::load::STAGE_RATE);
    let users = level(arch, load, &facts::load::USERS, &facts::load::STAGE_USERS);
    match (rate, users) {
        (Some((rate, profile)), _) if rate > 0.0 => {
            let arrivals = arrivals(arch, load)?;
            if arrivals.cycle() > 0.0 && rate * arrivals.cycle() < LEAST_IN_A_TURN {
                return Err(UnclearLoad::BriefBursts);
            }
            let flows = flows.into_iter().map(|(flow, weight)| (flow, rate * weight / total)).collect();
            Ok(Asked::Open { flows, arrivals, profile, recorded: None })
        }
        (None, Some((users, profile))) if users >= 1.0 => {
            let think = match StepDistribution::of_thinking(arch, load) {
                StepDistribution::Unknown => return Err(UnclearLoad::NoThinkTime),
                StepDistribution::Impossible => return Err(UnclearLoad::ImpossibleThinkTime),
                StepDistribution::Known(law) if law.mean() > LEAST_THINK => law,
                StepDistribution::Known(_) => Distribution::Exponential(LEAST_THINK),
            };
            if users > f64::from(MOST_USERS) {
                return Err(UnclearLoad::TooManyUsers { most: MOST_USERS });
            }
            Ok(Asked::Closed { users: users as u32, think, flows, profile })
        }
        (None, None) => Err(UnclearLoad::NothingGiven),
        _ => Err(UnclearLoad::AsksForNothing),
    }
}

/// The batches that a load comes in.
fn batches(arch: &Architecture, load: ItemRef) -> Result<Batches, UnclearLoad> {
    let every = arch.fact(load, &facts::load::EVERY);
    let of = |part| every.and_then(|every| said(arch, load, every, part));
    let period = every.and_then(number).unwrap_or_default();
    let count = of(&facts::load::COUNT).ok_or(UnclearLoad::UnclearBatches)?;
    if period <= 0.0 || !period.is_finite() {
        return Err(UnclearLoad::UnclearBatches);
    }
    if count < 1.0 {
        return Err(UnclearLoad::AsksForNothing);
    }
    if count > f64::from(MOST_AT_ONCE) {
        return Err(UnclearLoad::TooManyAtOnce { most: MOST_AT_ONCE });
    }
    let (first, spread) = (of(&facts::load::FIRST).unwrap_or_default(), of(&facts::load::SPREAD).unwrap_or_default());
    Ok(Batches { period, first, spread, count: count.floor() })
}

/// How the arrivals of a load with a rate are spread.
fn arrivals(arch: &Architecture, load: ItemRef) -> Result<Arrivals, UnclearLoad> {
    let of = |part| arch.part(load, &facts::load::ARRIVALS, part).and_then(number);
    match arch.choice(load) {
        Some(facts::load::Arrivals::Regular) => Ok(Arrivals::Regular),
        Some(facts::load::Arrivals::Bursty) => {
            let given = (of(&facts::load::FACTOR), of(&facts::load::BURST), of(&facts::load::CALM));
            let (Some(factor), Some(burst), Some(calm)) = given else { return Err(UnclearLoad::UnclearBursts) };
            let is_possible = burst > 0.0 && calm > 0.0 && (burst + calm).is_finite() && factor.is_finite();
            let bursts = Bursts { factor, burst, calm };
            if is_possible { Ok(Arrivals::Bursty(bursts)) } else { Err(UnclearLoad::UnclearBursts) }
        }
        Some(facts::load::Arrivals::Poisson) | None => Ok(Arrivals::Poisson),
    }
}

/// Arrivals as they were recorded. Those that name no flow want one of `flows`, by weight.
fn as_recorded(arch: &Architecture, load: ItemRef, flows: &[(FlowId, f64)]) -> Result<Asked, UnclearLoad> {
    let trace = arch.trace(load).ok_or(UnclearLoad::UnreadableTrace)?;
    let speed = arch.fact(load, &facts::load::TRACE).and_then(|trace| said(arch, load, trace, &facts::load::SPEED));
    let speed = speed.filter(|speed| *speed > 0.0).unwrap_or(1.0);
    let named: Vec<FlowId> = trace.flows.iter().map(|name| recorded_flow(arch, name)).collect::<Result<_, _>>()?;
    let arrival = |(time, flow): &(f64, Option<u32>)| (time / speed, flow.map(|flow| named[flow as usize]));
    let arrivals = Arc::new(trace.arrivals.iter().map(arrival).collect());
    let recorded = Recorded { arrivals, mix: flows.to_vec() };
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    let mut counts = arch.flows.beside(0.0);
    for (_, flow) in recorded.arrivals.iter() {
        match flow {
            Some(flow) => counts[*flow] += 1.0,
            None => flows.iter().for_each(|(flow, weight)| counts[*flow] += weight / total),
        }
    }
    let (most, profile) = recorded.profile();
    let each = most / recorded.arrivals.len() as f64;
    let asked = counts.entries().filter(|(_, count)| **count > 0.0);
    let flows = asked.map(|(flow, count)| (flow, count * each)).collect();
    Ok(Asked::Open { flows, arrivals: Arrivals::Poisson, profile: Some(profile), recorded: Some(recorded) })
}

/// The flow that a line of a trace names.
fn recorded_flow(arch: &Architecture, name: &str) -> Result<FlowId, UnclearLoad> {
    if let Ok(Entity::Flow(flow)) = arch.resolve(None, name, &[&class::FLOW]) {
        return Ok(flow);
    }
    Err(UnclearLoad::UnknownFlow { name: name.to_owned() })
}

/// The highest of a number that a load gives directly or by stages, and how stages let it change: each stage leads in a
/// straight line from where the one before ended to its own number, the first one from the number given directly or
/// from nothing (as k6 has them).
fn level(
    arch: &Architecture,
    load: ItemRef,
    given: &'static Fact,
    staged: &'static Fact,
) -> Option<(f64, Option<LoadProfile>)> {
    let given = arch.quantity(load, given).map(|quantity| quantity.high);
    let mut points = vec![(0.0, given.unwrap_or(0.0))];
    let mut is_staged = false;
    for stage in arch.all_facts(load, &facts::load::STAGE) {
        let (time, level) = points.last().copied().unwrap_or_default();
        let to = part(arch, load, stage, staged).and_then(number);
        is_staged |= to.is_some();
        points.push((time + number(stage).unwrap_or(0.0), to.unwrap_or(level)));
    }
    if !is_staged {
        return given.map(|given| (given, None));
    }
    let highest = points.iter().map(|(_, level)| *level).fold(0.0, f64::max);
    points.iter_mut().for_each(|(_, level)| *level /= highest);
    let profile = LoadProfile::new(points);
    Some((highest, Some(profile).filter(|profile| profile.length() > 0.0 && highest > 0.0)))
}

/// What goes wrong in a failure, with times that count from the start of the observation, and what takes over.
pub(crate) fn faults(arch: &Architecture, network: &Network, failure: ItemRef) -> (Vec<Fault>, Vec<FailureAssumption>) {
    let recoveries = arch.all_facts(failure, &facts::failure::RECOVERY);
    let recovered = recoveries.filter_map(|value| part(arch, failure, value, &facts::failure::RTO).and_then(number));
    let length = recovered.fold(0.0, f64::max);
    let reader = FailureReader { arch, network, failure, length: if length > 0.0 { length } else { 60.0 } };
    let (mut found, mut said) = (Vec::new(), Vec::new());
    arch.all_facts(failure, &facts::failure::FAIL).for_each(|value| reader.fail(value, &mut found, &mut said));
    let mut each = |fact: &'static Fact, read: &dyn Fn(&FactValue, &mut Vec<Fault>)| {
        arch.all_facts(failure, fact).for_each(|value| read(value, &mut found));
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
        let stays = part(arch, failure, value, &facts::failure::FOR).is_some();
        let flushed = reader.of_element(value, false).into_iter().map(|at| FaultEffect::Flushed(at, stays));
        reader.add(value, flushed, found);
    });
    each(&facts::failure::PARTITION, &|value, found| {
        let effect = if reader.is_held(value) { FaultEffect::HeldOnTheWay } else { FaultEffect::Cut };
        reader.add(value, reader.cut(value).map(effect), found);
    });
    // What lasts no time would begin and end at the same moment, in any order.
    found.retain(|fault| fault.to > fault.from);
    (found, said)
}

/// How long a failover takes where nothing is said: what managed databases promise ("typically 60 seconds or less").
const TAKES_OVER: f64 = 60.0;

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
        said(self.arch, self.failure, value, fact)
    }

    /// Whether calls wait until it is over.
    fn is_held(&self, value: &FactValue) -> bool {
        let held = part(self.arch, self.failure, value, &facts::failure::HELD);
        held.is_some_and(|held| held.value == Value::Bool(true))
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
        let gone = self.arch.all_facts(self.failure, &facts::failure::FAIL);
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
                    let is_there = self.arch.places_around(DeploymentId::FIRST, host).any(|at| at == place);
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
        (deployment == DeploymentId::FIRST).then_some(node)
    }

    /// How long it takes until another replica has taken over from an element that fails, and how many are then missing:
    /// none if a standby does. `None` if nothing takes over by itself.
    fn failover(&self, value: &FactValue, station: &Station) -> Option<(f64, u32)> {
        let element = station.element.filter(|_| !station.is_autoscaled())?;
        // The failure of a system takes what would take over with it.
        if self.arch.referred_element(self.failure, value) != Some(element) {
            return None;
        }
        let at = self.arch.element(element).at;
        if self.arch.choice(at) != Some(Failover::Automatic) {
            return None;
        }
        let after = self
            .arch
            .part(at, &facts::element::FAILOVER, &facts::element::FAILOVER_AFTER)
            .and_then(number)
            .unwrap_or(TAKES_OVER);
        let is_missed = self.network.placements.standby(element, None) == 0;
        (!is_missed || station.replicas > 1).then_some((after, u32::from(is_missed)))
    }

    /// What is gone, and what takes over.
    fn fail(&self, value: &FactValue, found: &mut Vec<Fault>, said: &mut Vec<FailureAssumption>) {
        let (from, to) = self.time(value);
        for Meant { station: at, share, .. } in self.meant(value) {
            let station = &self.network.stations[at];
            let all_lost = ((share * f64::from(station.replicas)).round() as u32).clamp(1, station.replicas);
            let is_held = self.is_held(value) && station.host.is_none();
            let gone = |lost: u32| {
                if is_held && lost > 0 {
                    let left = share * f64::from(lost) / f64::from(all_lost);
                    return FaultEffect::Held(at, left);
                }
                if share < 1.0 || lost < station.replicas { FaultEffect::Lost(at, lost) } else { FaultEffect::Down(at) }
            };
            if self.place(value).is_none()
                && let Some((after, missing)) = self.failover(value, station).filter(|(after, _)| from + after < to)
            {
                let is_said = station.element.is_some_and(|element| {
                    let at = self.arch.element(element).at;
                    self.arch.part(at, &facts::element::FAILOVER, &facts::element::FAILOVER_AFTER).is_some()
                });
                said.push(FailureAssumption::FailsOver { station: station.name.clone(), after, is_said });
                found.push(Fault { effect: gone(all_lost), from, to: from + after });
                found.push(Fault { effect: FaultEffect::Lost(at, missing), from: from + after, to });
                continue;
            }
            said.extend(self.place(value).filter(|_| share < 1.0).and_then(|_| self.idle_failover(station)));
            let standby = self.place(value).and_then(|place| self.standby(station, place));
            let Some((count, after)) = standby.filter(|(_, after)| from + after < to) else {
                found.push(Fault { effect: gone(all_lost), from, to });
                continue;
            };
            said.push(FailureAssumption::StandbyTakesOver { station: station.name.clone(), after });
            found.push(Fault { effect: gone(all_lost), from, to: from + after });
            // Even where nothing is missing any more, the failure lasts.
            found.push(Fault { effect: gone(all_lost.saturating_sub(count)), from: from + after, to });
        }
    }

    /// What is told of a failover that is not counted, because what is lost with a place is not all: which of several replicas
    /// does the work that another would have to take over is not written.
    fn idle_failover(&self, station: &Station) -> Option<FailureAssumption> {
        let element = station.element.filter(|_| !station.is_autoscaled())?;
        let is_automatic = self.arch.choice(self.arch.element(element).at) == Some(Failover::Automatic);
        let is_idle = is_automatic && self.network.placements.standby(element, None) == 0;
        is_idle.then(|| FailureAssumption::IdleFailover { station: station.name.clone() })
    }

    /// How many replicas of a station take over when a place is gone, and after how long.
    fn standby(&self, station: &Station, place: DeployNodeId) -> Option<(u32, f64)> {
        let element = station.element.filter(|_| !station.is_autoscaled())?;
        let count = self.network.placements.standby(element, Some(place));
        let at = self.arch.element(element).at;
        let after = self.arch.part(at, &facts::element::FAILOVER, &facts::element::FAILOVER_AFTER).and_then(number);
        let takes_over = match (self.arch.choice(at), after) {
            (Some(Failover::None), _) | (Some(Failover::Manual), None) => None,
            (Some(Failover::Automatic | Failover::Manual) | None, after) => Some(after.unwrap_or(TAKES_OVER)),
        };
        takes_over.filter(|_| count > 0).map(|after| (count, after))
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
        let parted = part(self.arch, self.failure, value, &facts::failure::FROM);
        if let (Some(one), Some(other)) = (self.place(value), parted.and_then(|value| self.place(value)))
            && (self.arch.places_around(DeploymentId::FIRST, one).any(|at| at == other)
                || self.arch.places_around(DeploymentId::FIRST, other).any(|at| at == one))
        {
            // Nothing is cut off from what it is in.
            return None;
        }
        let (one, other) = (side(value), parted.map(side));
        let share = |from: Option<StationId>, to: Option<StationId>| match &other {
            Some(other) => one(from) * other(to) + other(from) * one(to),
            None => one(from) * (1.0 - one(to)) + (1.0 - one(from)) * one(to),
        };
        let sites = self.network.sites.entries();
        let cut = sites.map(|(at, site)| (at, share(site.from, Some(site.to)).min(1.0)));
        let cut: Vec<(SiteId, f64)> = cut.filter(|(_, share)| *share > 0.0).collect();
        (!cut.is_empty()).then_some(cut)
    }
}

pub(crate) const NO_ANALYSIS: Analysis = Analysis {
    rate: 0.0,
    rates: Vec::new(),
    is_closed: false,
    is_recorded: false,
    mix: Vec::new(),
    is_highest: false,
    capacity: f64::INFINITY,
    stations: Vec::new(),
    unloaded_time: 0.0,
    longest: 0.0,
    first_full: None,
    jam: None,
    calls: Per::new(),
    knee: None,
};

/// A network as it runs under a load, and what can be told of it.
pub(crate) struct Prepared {
    pub(crate) network: Network,
    pub(crate) demand: Demand,
    pub(crate) analysis: Analysis,
    pub(crate) assumptions: Vec<Assumption>,
    /// How many replicas autoscalers settle on.
    pub(crate) settled: Vec<LoadAssumption>,
}

/// What is known of a load before it is simulated, or what is missing.
pub(crate) fn prepare(arch: &Architecture, network: &Network, load: RecordId) -> Result<Prepared, NotSimulated> {
    let at = arch.records[load].at;
    let demand = demand(arch, at)?;
    let flows = demand.flows();
    let is_asked = |gap: &&crate::network::Gap| flows.contains(&gap.flow);
    if let Some(gap) = network.gaps.iter().find(is_asked) {
        return Err(NotSimulated::Missing(gap.fact.clone()));
    }
    let mut prepared = prepared_for(network, demand);
    let named = beside(arch, at).into_iter().zip(&prepared.demand.beside).zip(&prepared.analysis.rates[1..]);
    let told = |((at, asked), rate): ((ItemRef, &Asked), &f64)| {
        let load = arch.title(at).to_owned();
        LoadAssumption::Beside { load, rate: *rate, users: asked.users(), changes: asked.profile().is_some() }.into()
    };
    prepared.assumptions.extend(named.map(told).collect::<Vec<Assumption>>());
    let all = std::iter::once(at).chain(beside(arch, at));
    prepared.assumptions.extend(all.flat_map(|load| upper_ends(arch, load)).map(Assumption::from));
    Ok(prepared)
}

/// The numbers of a load that are ranges.
fn upper_ends(arch: &Architecture, load: ItemRef) -> Vec<LoadAssumption> {
    let of = |fact: &'static Fact| arch.fact(load, fact).map(|value| (fact, value));
    let count = arch.part(load, &facts::load::EVERY, &facts::load::COUNT).map(|value| (&facts::load::COUNT, value));
    let given = [of(&facts::load::RATE), of(&facts::load::USERS), count].into_iter().flatten();
    let is_range = |value: &FactValue| matches!(value.value, Value::Quantity(one) if one.low < one.high);
    let ranges = given.filter(|(_, value)| is_range(value));
    ranges.map(|(fact, _)| LoadAssumption::UpperEnd { load: arch.title(load).to_owned(), fact: fact.name }).collect()
}

/// A network as autoscalers settle it under a demand.
pub(crate) fn prepared_for(network: &Network, demand: Demand) -> Prepared {
    let mut assumptions: Vec<Assumption> = network.assumptions.iter().cloned().map(Assumption::from).collect();
    let (filled, said) = analysis::fill_caches(network, &demand);
    assumptions.extend(said.into_iter().map(Assumption::from));
    let filled = (!filled.caches.is_empty()).then(|| network.at(&filled));
    let most = filled.as_ref().unwrap_or(network).at(&OperatingPoint::at_most(network));
    let limits = analysis::analyse(&most, &demand);
    let (point, settled) = analysis::settle(&most, &demand);
    let network = most.at(&point);
    let analysis = analysis::analyse(&network, &demand);
    // How much can be served at all is told by the most that autoscalers do.
    let Analysis { capacity, first_full, jam, knee, .. } = limits;
    let analysis = Analysis { capacity, first_full, jam, knee, ..analysis };
    Prepared { network, demand, analysis, assumptions, settled }
}

/// What can be told of a load without simulating, with the network as autoscalers settle it. `None` if facts are
/// missing.
pub fn analyse_load(arch: &Architecture, network: &Network, load: RecordId) -> Option<(Network, Analysis)> {
    prepare(arch, network, load).ok().map(|prepared| (prepared.network, prepared.analysis))
}

/// Whether anything that is simulated changes in a failure.
pub fn changes_anything(arch: &Architecture, network: &Network, failure: ItemRef) -> bool {
    !faults(arch, network, failure).0.is_empty()
}

/// The network of an architecture for those who ask what holds whatever the load: hit ratios that follow from it are
/// calculated for the first one.
pub fn analytic_network(arch: &Architecture) -> Network {
    let network = Network::new(arch);
    let load = arch.records.iter().find(|record| record.class == &groma_model::kinds::class::LOAD);
    match load.and_then(|load| demand(arch, load.at).ok()) {
        Some(demand) if !network.caches.is_empty() => network.at(&analysis::fill_caches(&network, &demand).0),
        _ => network,
    }
}

/// The network and demand of the first load, for tests of the engine.
#[cfg(test)]
pub(crate) fn prepared(arch: &Architecture, network: &Network) -> (Network, Demand) {
    let load = arch.record_ids(&groma_model::kinds::class::LOAD).next().expect("a load");
    let prepared = prepare(arch, network, load).expect("a load that says enough");
    (prepared.network, prepared.demand)
}
