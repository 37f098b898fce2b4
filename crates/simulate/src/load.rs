//! Loads and failures, as the text says them, made ready to be simulated.

use crate::analysis::{self, Analysis};
use crate::engine::{Course, Demand, Trouble, Wrong};
use crate::network::{Network, Station};
use crate::number::plain;
use crate::requirement::{number, part};
use groma_model::decode::FactValue;
use groma_model::schema::Fact;
use groma_model::{Architecture, ElementId, ItemRef, Level, kinds};

/// More users than this are told by a rate: each of them takes memory.
const MOST_USERS: f64 = 1e6;

/// What a load asks for, or why that cannot be told.
fn demand(arch: &Architecture, load: ItemRef) -> Result<Demand, String> {
    let mixed: Vec<(u32, f64)> = arch
        .all_facts(load, &kinds::MIX)
        .filter_map(|value| {
            let flow = arch.referred_flow(load, value)?;
            Some((flow.0, part(arch, load, value, &kinds::WEIGHT).and_then(number).unwrap_or(1.0)))
        })
        .collect();
    let flows = if mixed.is_empty() { (0..arch.flows.len() as u32).map(|flow| (flow, 1.0)).collect() } else { mixed };
    if flows.is_empty() {
        return Err("there is no flow that it could consist of".into());
    }
    let flows: Vec<(u32, f64)> = flows.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
    let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
    if flows.is_empty() {
        return Err("none of its flows has a weight".into());
    }
    let rate = level(arch, load, &kinds::ARRIVAL_RATE, &kinds::STAGE_RATE);
    let users = level(arch, load, &kinds::LOAD_USERS, &kinds::STAGE_USERS);
    match (rate, users) {
        (Some((rate, course)), _) if rate > 0.0 => {
            let regular = arch.text(load, &kinds::ARRIVALS) == Some("regular");
            let flows = flows.into_iter().map(|(flow, weight)| (flow, rate * weight / total)).collect();
            Ok(Demand::Open { flows, regular, course })
        }
        (None, Some((users, course))) if users >= 1.0 => {
            let think = arch.part(load, &kinds::LOAD_USERS, &kinds::THINK).and_then(number);
            let Some(think) = think else {
                return Err("how long its users think (`users N think=10s`) is missing".into());
            };
            if users > MOST_USERS {
                let most = plain(MOST_USERS);
                return Err(format!("it has more than the {most} users that are simulated: state its `rate` instead"));
            }
            Ok(Demand::Closed { users: users as u32, think: think.max(1e-6), flows, course })
        }
        (None, None) => Err("neither its `rate` nor its `users` are given".into()),
        _ => Err("it asks for nothing".into()),
    }
}

/// The highest of a number that a load gives directly or by stages, and how stages let it change: each stage leads in a
/// straight line from where the one before ended to its own number, the first one from the number given directly or
/// from nothing (as k6 has them).
fn level(
    arch: &Architecture,
    load: ItemRef,
    given: &'static Fact,
    staged: &'static Fact,
) -> Option<(f64, Option<Course>)> {
    let given = arch.quantity(load, given).map(|quantity| quantity.high);
    let mut points = vec![(0.0, given.unwrap_or(0.0))];
    let mut is_staged = false;
    for stage in arch.all_facts(load, &kinds::STAGE) {
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
    let course = Course::new(points);
    Some((highest, Some(course).filter(|course| course.length() > 0.0 && highest > 0.0)))
}

/// What goes wrong in a failure; times count from the start of the observation.
pub(crate) fn troubles(arch: &Architecture, network: &Network, failure: ItemRef) -> Vec<Trouble> {
    let recoveries = arch.all_facts(failure, &kinds::RECOVERY);
    let recovered = recoveries.filter_map(|value| part(arch, failure, value, &kinds::RTO).and_then(number));
    let length = recovered.fold(0.0, f64::max);
    let default_length = if length > 0.0 { length } else { 60.0 };
    let given = |value: &FactValue, fact, default| part(arch, failure, value, fact).and_then(number).unwrap_or(default);
    let element = |value: &FactValue| arch.referred_element(failure, value);
    // What runs as one: of a component its container, of a system all its containers.
    let whole = |of: ElementId| arch.at_level(of, Level::Container).unwrap_or(of);
    let stations = |value: &FactValue, also_copies: bool| -> Vec<u32> {
        let Some(of) = element(value).map(whole) else { return Vec::new() };
        let is_meant = |station: &Station| {
            let belongs = if also_copies { station.element.or(station.copies_of) } else { station.element };
            belongs.is_some_and(|element| arch.is_within(element, of))
        };
        let all = network.stations.iter().enumerate().filter(|(_, station)| is_meant(station));
        all.map(|(at, _)| at as u32).collect()
    };
    let mut found = Vec::new();
    let mut add = |fact: &'static Fact, wrongs: &dyn Fn(&FactValue) -> Vec<Wrong>| {
        for value in arch.all_facts(failure, fact) {
            let from = given(value, &kinds::FROM_TIME, 60.0);
            let length = given(value, &kinds::FOR_TIME, given(value, &kinds::RESTORE, default_length));
            found.extend(wrongs(value).into_iter().map(|what| Trouble { what, from, to: from + length }));
        }
    };
    let each =
        |value: &FactValue, wrong: &dyn Fn(u32) -> Wrong| stations(value, false).into_iter().map(wrong).collect();
    add(&kinds::FAIL, &|value| each(value, &Wrong::Down));
    // What is damaged is damaged in every copy.
    add(&kinds::CORRUPT, &|value| stations(value, true).into_iter().map(Wrong::Down).collect());
    add(&kinds::SLOW, &|value| each(value, &|at| Wrong::Slow(at, given(value, &kinds::FACTOR, 10.0))));
    add(&kinds::ERRORS, &|value| each(value, &|at| Wrong::Errors(at, given(value, &kinds::SHARE, 1.0))));
    add(&kinds::FLUSH, &|value| each(value, &Wrong::Flushed));
    add(&kinds::PARTITION, &|value| {
        let Some(one) = element(value).map(whole) else { return Vec::new() };
        let other = part(arch, failure, value, &kinds::PARTED).and_then(element).map(whole);
        let within = |station: u32, of| {
            let station = network.stations.get(station as usize);
            let element = station.and_then(|station| station.element.or(station.copies_of));
            // People are no stations.
            element.map_or(arch.element(of).level == Level::Person, |element| arch.is_within(element, of))
        };
        let is_cut = |from, to| match other {
            Some(other) => (within(from, one) && within(to, other)) || (within(from, other) && within(to, one)),
            None => within(from, one) != within(to, one),
        };
        let sites = network.sites.iter().enumerate().filter(|(_, site)| is_cut(site.from, site.to));
        let sites: Vec<u32> = sites.map(|(at, _)| at as u32).collect();
        if sites.is_empty() { Vec::new() } else { vec![Wrong::Cut(sites)] }
    });
    found
}

pub(crate) const NO_ANALYSIS: Analysis = Analysis {
    rate: 0.0,
    capacity: f64::INFINITY,
    stations: Vec::new(),
    alone: 0.0,
    first_full: None,
    calls: Vec::new(),
    knee: None,
};

/// A network as it runs under a load, and what can be told of it.
pub(crate) struct Prepared {
    pub(crate) network: Network,
    pub(crate) demand: Demand,
    pub(crate) analysis: Analysis,
    pub(crate) assumptions: Vec<String>,
    /// How many replicas autoscalers settle on, as sentences.
    pub(crate) settled: Vec<String>,
}

/// What is known of a load before it is simulated, or what is missing.
pub(crate) fn prepare(arch: &Architecture, network: &Network, load: usize) -> Result<Prepared, String> {
    let at = arch.records[load].at;
    let demand =
        demand(arch, at).map_err(|reason| format!("the load \"{}\" cannot be simulated: {reason}", arch.title(at)))?;
    let flows = demand.flows();
    let is_asked = |gap: &&crate::network::Gap| flows.iter().any(|(flow, _)| *flow == gap.flow.0);
    if let Some(gap) = network.gaps.iter().find(is_asked) {
        return Err(format!("{} is missing", gap.what));
    }
    Ok(prepared_for(network.clone(), demand))
}

/// A network as autoscalers settle it under a demand.
pub(crate) fn prepared_for(mut network: Network, demand: Demand) -> Prepared {
    let mut assumptions = network.assumptions.clone();
    assumptions.extend(analysis::fill_caches(&mut network, &demand));
    let mut most = network.clone();
    most.scale_to_most();
    let limits = analysis::analyse(&most, &demand);
    let settled = analysis::settle(&mut network, &demand);
    let analysis = analysis::analyse(&network, &demand);
    // How much can be served at all is told by the most that autoscalers do.
    let Analysis { capacity, first_full, knee, .. } = limits;
    Prepared { network, demand, analysis: Analysis { capacity, first_full, knee, ..analysis }, assumptions, settled }
}

/// What can be told of a load without simulating, with the network as autoscalers settle it. `None` if facts are
/// missing.
pub fn foresee(arch: &Architecture, network: &Network, load: usize) -> Option<(Network, Analysis)> {
    prepare(arch, network, load).ok().map(|prepared| (prepared.network, prepared.analysis))
}

/// Whether anything that is simulated changes in a failure.
pub fn changes_anything(arch: &Architecture, network: &Network, failure: ItemRef) -> bool {
    troubles(arch, network, failure).iter().any(|trouble| trouble.to > trouble.from)
}

/// The network of an architecture for those who ask what holds whatever the load: hit ratios that follow from it are
/// calculated for the first one.
pub fn foreseen_network(arch: &Architecture) -> Network {
    let mut network = Network::new(arch);
    let load = arch.records.iter().find(|record| record.role == groma_model::schema::Role::Load);
    if let Some(demand) = load.and_then(|load| demand(arch, load.at).ok()) {
        analysis::fill_caches(&mut network, &demand);
    }
    network
}

/// The network and demand of the first load, for tests of the engine.
#[cfg(test)]
pub(crate) fn prepared(arch: &Architecture, network: &Network) -> (Network, Demand) {
    let load = arch.records.iter().position(|record| record.role == groma_model::schema::Role::Load).expect("a load");
    let prepared = prepare(arch, network, load).expect("a load that says enough");
    (prepared.network, prepared.demand)
}
