//! Loads, as the text says them, made ready to be simulated.

use crate::analysis::{self, Analysis};
use crate::assumption::{Assumption, LoadAssumption};
use crate::demand::{Arrivals, Asked, Batches, Bursts, Demand, LoadProfile, MOST_AT_ONCE, Recorded};
use crate::distribution::{Distribution, StepDistribution};
use crate::network::Network;
use crate::refusal::{NotSimulated, UnclearLoad};
use groma_model::decode::{FactValue, Value};
use groma_model::kinds::class;
use groma_model::schema::Fact;
use groma_model::{Architecture, Entity, FlowId, ItemRef, Per, RecordId, facts};
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
        for value in arch.values_of(at, &facts::load::WITH) {
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
    for value in arch.values_of(load, &facts::load::MIX) {
        let Some(flow) = arch.referred_flow(load, value) else { continue };
        let weight =
            arch.part_of_or_default(load, value, &facts::load::WEIGHT).map(|given| given.high).unwrap_or_default();
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
    // By their names, so that where they stand in the text changes no sum.
    flows.sort_by_key(|(flow, _)| arch.name(arch.flows[*flow].at));
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
    let of = |part| every.and_then(|every| arch.part_of_or_default(load, every, part).map(|given| given.high));
    let period = every.and_then(FactValue::number).unwrap_or_default();
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
    let of = |part| arch.part(load, &facts::load::ARRIVALS, part).and_then(FactValue::number);
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
    let speed = arch
        .fact(load, &facts::load::TRACE)
        .and_then(|trace| arch.part_of_or_default(load, trace, &facts::load::SPEED).map(|given| given.high));
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
    for stage in arch.values_of(load, &facts::load::STAGE) {
        let (time, level) = points.last().copied().unwrap_or_default();
        let to = arch.part_value_of(load, stage, staged).and_then(FactValue::number);
        is_staged |= to.is_some();
        points.push((time + stage.number().unwrap_or(0.0), to.unwrap_or(level)));
    }
    if !is_staged {
        return given.map(|given| (given, None));
    }
    let highest = points.iter().map(|(_, level)| *level).fold(0.0, f64::max);
    points.iter_mut().for_each(|(_, level)| *level /= highest);
    let profile = LoadProfile::new(points);
    Some((highest, Some(profile).filter(|profile| profile.length() > 0.0 && highest > 0.0)))
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
    /// What can be told of it at the most that it serves.
    pub(crate) at_most: Analysis,
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
    let (most, limits) = analysis::at_most_reachable(filled.as_ref().unwrap_or(network), &demand);
    let (point, settled) = analysis::settle(&most, &limits);
    let at_most = analysis::saturated(network, &demand, limits);
    let network = most.at(&point);
    let analysis = analysis::analyse(&network, &demand);
    // How much can be served at all is told by the most that autoscalers come to, and by what caches find then.
    let Analysis { capacity, first_full, jam, knee, .. } = at_most.clone();
    let analysis = Analysis { capacity, first_full, jam, knee, ..analysis };
    Prepared { network, demand, analysis, at_most, assumptions, settled }
}

/// What can be told of a load without simulating, with the network as autoscalers settle it. `None` if facts are
/// missing.
pub fn analyse_load(arch: &Architecture, network: &Network, load: RecordId) -> Option<(Network, Analysis)> {
    prepare(arch, network, load).ok().map(|prepared| (prepared.network, prepared.analysis))
}

/// The load that is meant where none is named: of those that ask for one of some flows (of any if there
/// are none) the one with most requests a second at its highest, of
/// equals the first by name. Loads that are tests are meant only where all are; so are those of which it is not known how much they
/// ask for.
pub fn usual_load(arch: &Architecture, flows: &[FlowId]) -> Option<RecordId> {
    let loads: Vec<RecordId> = arch.record_ids(&class::LOAD).collect();
    if loads.len() < 2 {
        return loads.first().copied();
    }
    let ranked = loads.into_iter().map(|load| (load, rank(arch, arch.records[load].at, flows)));
    let higher = |(_, one): &(RecordId, Rank<'_>), (_, other): &(RecordId, Rank<'_>)| {
        (one.0, one.1).cmp(&(other.0, other.1)).then(one.2.total_cmp(&other.2)).then(other.3.cmp(one.3))
    };
    ranked.max_by(higher).map(|(load, _)| load)
}

/// How much a load is meant: whether it asks for such a flow, whether it is no test, how many requests come a second at most, its name.
type Rank<'a> = (bool, bool, f64, &'a str);

fn rank<'a>(arch: &'a Architecture, load: ItemRef, flows: &[FlowId]) -> Rank<'a> {
    let is_test = [&facts::load::PROVES, &facts::load::THRESHOLD].iter().any(|fact| arch.fact(load, fact).is_some());
    match demand(arch, load) {
        Ok(demand) => {
            let is_asked = flows.is_empty() || demand.flows().iter().any(|flow| flows.contains(flow));
            (is_asked, !is_test, demand.most_requests(), arch.name(load))
        }
        Err(_) => (false, !is_test, 0.0, arch.name(load)),
    }
}

/// The network of an architecture for those who ask what holds whatever the load: hit ratios that follow from it are
/// calculated for the one that is meant where none is named.
pub fn analytic_network(arch: &Architecture) -> Network {
    let network = Network::new(arch);
    if network.caches.is_empty() {
        return network;
    }
    match usual_load(arch, &[]).and_then(|load| demand(arch, arch.records[load].at).ok()) {
        Some(demand) => network.at(&analysis::fill_caches(&network, &demand).0),
        None => network,
    }
}

/// The network and demand of the first load, for tests of the engine.
#[cfg(test)]
pub(crate) fn prepared(arch: &Architecture, network: &Network) -> (Network, Demand) {
    let load = arch.record_ids(&groma_model::kinds::class::LOAD).next().expect("a load");
    let prepared = prepare(arch, network, load).expect("a load that says enough");
    (prepared.network, prepared.demand)
}
