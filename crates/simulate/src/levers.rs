//! Levers: what could be changed to make a requirement hold, the likeliest first. `simulate --fix` tries them in this order.

use crate::metric::Metric;
use crate::network::Network;
use crate::verdict::{Judgement, Report, Verdict};
use groma_base::Dimension;
use groma_model::decode::Value;
use groma_model::facts::element::Failover;
use groma_model::schema::Fact;
use groma_model::{Architecture, DeployNodeId, ElementId, ItemRef, SIMULATED, facts};

/// A number of the text that another value of may help.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The node that has it.
    pub at: ItemRef,
    /// The fact.
    pub fact: &'static Fact,
    /// The part of the fact that is changed, if it is one: of `failover`, `after`.
    pub part: Option<&'static Fact>,
    /// What it is called: `shop.core.replicas`.
    pub name: String,
    /// What it is today.
    pub now: f64,
    /// The lower end, if it is a range.
    pub low: Option<f64>,
    /// What is tried.
    pub tried: Tried,
}

/// Which values of a lever are tried.
#[derive(Clone, PartialEq, Debug)]
pub enum Tried {
    /// More of it, up to so much: the more, the better.
    UpTo(f64),
    /// These, one after the other, the smallest change first.
    Each(Vec<f64>),
}

impl Lever {
    /// How another value is written.
    pub fn written(&self, value: f64) -> String {
        match (self.part.unwrap_or(self.fact).ty.dimension(), self.low) {
            (Some(Dimension::Ratio), _) => format!("{}%", (value * 10_000.0).round() / 100.0),
            (Some(Dimension::Time), _) if value < 1.0 => format!("{}ms", (value * 1e6).round() / 1e3),
            (Some(Dimension::Time), _) => format!("{}s", (value * 1e3).round() / 1e3),
            (_, Some(low)) => format!("{low}..{value}"),
            (_, None) => format!("{value}"),
        }
    }
}

/// The levers that may make a failing judgement hold, in groups, the likeliest first: of each station that is in use much,
/// the one that is used most first, its slots, or the pool or host that it is (while something fails, how soon another takes
/// over comes before); then the hit ratios of the caches that are
/// asked, and the timeouts on the way. In a group the cheapest comes first: a setting before a machine.
pub fn levers(arch: &Architecture, report: &Report, judged: &Judgement) -> Vec<Vec<Lever>> {
    if judged.verdict == Verdict::Holds {
        return Vec::new();
    }
    if judged.metric == Metric::Availability {
        let all = redundancy(arch, judged).into_iter().chain(failovers(arch, judged));
        return all.map(|lever| vec![lever]).collect();
    }
    let Some(run) = judged.run.map(|at| &report.runs[at]) else { return Vec::new() };
    let busiest = run.analysis.stations.iter().filter(|busy| busy.utilization.is_some_and(|share| share > 0.3));
    // How long a failure lasts for those who are failed over comes before how much there is of anything.
    let mut found: Vec<Vec<Lever>> = match judged.failure {
        Some(_) => failovers(arch, judged).into_iter().map(|lever| vec![lever]).collect(),
        None => Vec::new(),
    };
    for busy in busiest.take(MOST_STATIONS) {
        let mut group = Vec::new();
        if let Some(element) = busy.element {
            of_element(arch, element, &mut group);
        } else if let Some(relation) = busy.relation {
            let at = arch.relation(relation).at;
            group.extend(more(arch, at, &facts::relation::POOL, format!("{}.pool", between(arch, relation))));
        } else if let Some(host) = busy.host {
            of_host(arch, host, &mut group);
        }
        found.push(group);
    }
    let mut others = Vec::new();
    of_flows(arch, judged, &mut others);
    found.extend(others.into_iter().map(|lever| vec![lever]));
    found.retain(|group| !group.is_empty());
    found
}

/// So many times as much of something is tried, at most.
const MOST_TIMES: f64 = 64.0;

/// So many of the stations that are in use most are looked at.
const MOST_STATIONS: usize = 4;

/// More replicas of what the flows of a judgement come to.
fn redundancy(arch: &Architecture, judged: &Judgement) -> Vec<Lever> {
    let network = Network::new(arch);
    let programs = network.programs.iter().filter(|program| judged.flow.is_none_or(|flow| flow == program.flow));
    let mut found: Vec<Lever> = Vec::new();
    for op in programs.flat_map(|program| &program.ops) {
        let Some(site) = op.call() else { continue };
        let station = &network.stations[network.sites[site].to];
        let Some(element) = station.element.filter(|element| !arch.element(*element).external) else { continue };
        let name = format!("{}.replicas", arch.element(element).path);
        if station.range.0 == station.range.1 && !found.iter().any(|known| known.name == name) {
            let (now, at) = (f64::from(station.range.0), arch.element(element).at);
            found.push(Lever {
                at,
                fact: &facts::element::REPLICAS,
                part: None,
                name,
                now,
                low: None,
                tried: Tried::UpTo(now * MOST_TIMES),
            });
        }
    }
    found
}

/// How soon another takes over from what the flows of a judgement come to, where that is said.
fn failovers(arch: &Architecture, judged: &Judgement) -> Vec<Lever> {
    let network = Network::new(arch);
    let programs = network.programs.iter().filter(|program| judged.flow.is_none_or(|flow| flow == program.flow));
    let mut found: Vec<Lever> = Vec::new();
    for op in programs.flat_map(|program| &program.ops) {
        let Some(element) = op.call().and_then(|site| network.stations[network.sites[site].to].element) else {
            continue;
        };
        let (at, path) = (arch.element(element).at, &arch.element(element).path);
        let (fact, part) = (&facts::element::FAILOVER, &facts::element::FAILOVER_AFTER);
        let Some(Value::Quantity(after)) = arch.part(at, fact, part).map(|value| &value.value) else { continue };
        if arch.choice(at) == Some(Failover::Automatic) && !found.iter().any(|known| known.at == at) {
            let values = [0.5, 0.25, 0.1].map(|share| after.high * share).to_vec();
            let (name, tried) = (format!("{path}.failover.after"), Tried::Each(values));
            found.push(Lever { at, fact, part: Some(part), name, now: after.high, low: None, tried });
        }
    }
    found
}

/// How a relationship is named in a change: `shop.core->shop.db`.
fn between(arch: &Architecture, relation: groma_model::RelationId) -> String {
    arch.relation_address(relation).replacen(" -> ", "->", 1)
}

fn of_element(arch: &Architecture, element: ElementId, found: &mut Vec<Lever>) {
    let at = arch.element(element).at;
    let path = &arch.element(element).path;
    for fact in [&facts::element::CONCURRENCY, &facts::element::REPLICAS, &facts::element::CPU] {
        found.extend(more(arch, at, fact, format!("{path}.{}", fact.name)));
    }
}

fn of_host(arch: &Architecture, host: DeployNodeId, found: &mut Vec<Lever>) {
    let at = arch.place_item(SIMULATED, host);
    let now = arch.quantity_or_default(at, &facts::host::MACHINES).map_or(1.0, |count| count.high);
    let name = format!("{}.machines", arch.place_path(SIMULATED, host));
    found.push(Lever {
        at,
        fact: &facts::host::MACHINES,
        part: None,
        name,
        now,
        low: None,
        tried: Tried::UpTo(now * MOST_TIMES),
    });
}

/// The caches that the flows of a judgement ask, and the timeouts of their calls.
fn of_flows(arch: &Architecture, judged: &Judgement, found: &mut Vec<Lever>) {
    let network = Network::new(arch);
    let programs = network.programs.iter().filter(|program| judged.flow.is_none_or(|flow| flow == program.flow));
    let mut more: Vec<Lever> = Vec::new();
    for op in programs.flat_map(|program| &program.ops) {
        if let Some(cache) = op.cache()
            && let Some(element) = network.stations[cache].element
        {
            let name = format!("{}.hit-ratio", arch.element(element).path);
            let values = |now: f64| [0.25, 0.5, 0.75, 0.9].map(|share| now + (1.0 - now) * share).to_vec();
            more.extend(each(arch, arch.element(element).at, &facts::element::HIT_RATIO, name, values));
        }
        if let Some(relation) = op.call().and_then(|site| network.sites[site].relation) {
            let name = format!("{}.timeout", between(arch, relation));
            let values = |now: f64| [0.5, 2.0, 0.25, 4.0].map(|factor| now * factor).to_vec();
            more.extend(each(arch, arch.relation(relation).at, &facts::relation::TIMEOUT, name, values));
        }
    }
    for lever in more {
        if !found.iter().any(|known| known.name == lever.name) {
            found.push(lever);
        }
    }
}

/// More of a fact, up to [`MOST_TIMES`] as much.
fn more(arch: &Architecture, at: ItemRef, fact: &'static Fact, name: String) -> Option<Lever> {
    let Value::Quantity(quantity) = arch.fact(at, fact)?.value else { return None };
    let low = quantity.is_range().then_some(quantity.low);
    Some(Lever { at, fact, part: None, name, now: quantity.high, low, tried: Tried::UpTo(quantity.high * MOST_TIMES) })
}

/// Other values of a fact.
fn each(
    arch: &Architecture,
    at: ItemRef,
    fact: &'static Fact,
    name: String,
    values: impl Fn(f64) -> Vec<f64>,
) -> Option<Lever> {
    let now = arch.quantity(at, fact)?.high;
    Some(Lever { at, fact, part: None, name, now, low: None, tried: Tried::Each(values(now)) })
}
