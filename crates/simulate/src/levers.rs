//! Levers: what could be changed to make a requirement hold, the likeliest first. `simulate --fix` tries them in this order.

use crate::analysis::StationLoad;
use crate::metric::Metric;
use crate::network::Network;
use crate::verdict::{Judgement, Report, Verdict};
use groma_base::Dimension;
use groma_model::decode::Value;
use groma_model::facts::element::Failover;
use groma_model::schema::Fact;
use groma_model::{Architecture, DeployNodeId, ElementId, ItemRef, RelationId, SIMULATED, facts};

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
    /// These times, the longest first, and then those between the one with which it holds and the one before: see [`time_between`].
    Shorter(Vec<f64>),
    /// These, one after the other, the smallest change first.
    Each(Vec<f64>),
}

impl Lever {
    /// Whether another one changes the same.
    fn is_same(&self, other: &Lever) -> bool {
        let part = |lever: &Lever| lever.part.map(|part| part.name);
        self.at == other.at && self.fact.name == other.fact.name && part(self) == part(other)
    }

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
    let asked = Asked::by(arch, judged);
    if judged.metric == Metric::Availability {
        let all = redundancy(arch, &asked).into_iter().chain(failovers(arch, &asked));
        return each_once(all.map(|lever| vec![lever])).collect();
    }
    let Some(run) = judged.run.map(|at| &report.runs[at]) else { return Vec::new() };
    let used = |busy: &StationLoad| busy.utilization.unwrap_or_default();
    let most = run.analysis.stations.iter().map(used).fold(0.0, f64::max);
    // What limits how much can be served may be used little by what is asked for today.
    let is_of_more = matches!(judged.metric, Metric::Throughput | Metric::Users);
    let enough = if is_of_more { MUCH * most } else { MUCH };
    let busiest = run.analysis.stations.iter().filter(|busy| used(busy) > enough);
    // How long a failure lasts for those who are failed over comes before how much there is of anything.
    let mut found: Vec<Vec<Lever>> = match judged.failure {
        Some(_) => failovers(arch, &asked).into_iter().map(|lever| vec![lever]).collect(),
        None => Vec::new(),
    };
    found.extend(each_once(busiest.map(|busy| of_station(arch, busy))).take(MOST_STATIONS));
    found.extend(of_flows(arch, &asked).into_iter().map(|lever| vec![lever]));
    found
}

/// Groups without what was in one before, but for those of which nothing is left: the slots and the cores of an element are two
/// stations, and so are a database and its replicas for reading.
fn each_once(groups: impl Iterator<Item = Vec<Lever>>) -> impl Iterator<Item = Vec<Lever>> {
    let mut known: Vec<Lever> = Vec::new();
    let rest = groups.map(move |mut group| {
        group.retain(|lever| !known.iter().any(|other| other.is_same(lever)));
        known.extend(group.iter().cloned());
        group
    });
    rest.filter(|group| !group.is_empty())
}

/// What is used more than this may be why others wait.
const MUCH: f64 = 0.3;

/// So many times as much of something is tried, at most.
const MOST_TIMES: f64 = 64.0;

/// So many of the stations that are in use most are looked at, of those of which there could be more.
const MOST_STATIONS: usize = 4;

/// What the flows of a judgement ask, each thing once, in the order in which they come to it.
struct Asked {
    /// The elements that are called, and from how many to how many replicas these have.
    called: Vec<(ElementId, (u32, u32))>,
    /// Caches, and the relationships by which calls are made.
    passed: Vec<Passed>,
}

/// What a flow passes where something may be changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    /// A cache that it looks into.
    Cache(ElementId),
    /// A relationship by which it calls.
    Relation(RelationId),
}

impl Asked {
    fn by(arch: &Architecture, judged: &Judgement) -> Asked {
        let network = Network::new(arch);
        let mut asked = Asked { called: Vec::new(), passed: Vec::new() };
        let programs = network.programs.iter().filter(|program| judged.flow.is_none_or(|flow| flow == program.flow));
        for op in programs.flat_map(|program| &program.ops) {
            let cache = op.cache().and_then(|cache| network.stations[cache].element);
            let site = op.call().map(|site| &network.sites[site]);
            let relation = site.and_then(|site| site.relation);
            note(&mut asked.passed, cache.map(Passed::Cache));
            note(&mut asked.passed, relation.map(Passed::Relation));
            let station = site.map(|site| &network.stations[site.to]);
            note(&mut asked.called, station.and_then(|station| Some((station.element?, station.range))));
        }
        asked
    }
}

/// Adds something that is not there yet.
fn note<T: PartialEq>(all: &mut Vec<T>, one: Option<T>) {
    all.extend(one.filter(|one| !all.contains(one)));
}

/// More replicas of what the flows of a judgement come to.
fn redundancy(arch: &Architecture, asked: &Asked) -> Vec<Lever> {
    let is_ours = |(element, (low, high)): &&(ElementId, (u32, u32))| low == high && !arch.element(*element).external;
    let more_replicas = |(element, (now, _)): &(ElementId, (u32, u32))| {
        let (at, name) = (arch.element(*element).at, format!("{}.replicas", arch.element(*element).path));
        let (fact, now) = (&facts::element::REPLICAS, f64::from(*now));
        Lever { at, fact, part: None, name, now, low: None, tried: Tried::UpTo(now * MOST_TIMES) }
    };
    asked.called.iter().filter(is_ours).map(more_replicas).collect()
}

/// How soon another takes over from what the flows of a judgement come to, where that is said.
fn failovers(arch: &Architecture, asked: &Asked) -> Vec<Lever> {
    let sooner = |(element, _): &(ElementId, (u32, u32))| {
        let (at, path) = (arch.element(*element).at, &arch.element(*element).path);
        let (fact, part) = (&facts::element::FAILOVER, &facts::element::FAILOVER_AFTER);
        let Value::Quantity(after) = arch.part(at, fact, part)?.value else { return None };
        let values = shorter(after.high);
        let (name, tried) = (format!("{path}.failover.after"), Tried::Shorter(values));
        let is_automatic = arch.choice(at) == Some(Failover::Automatic);
        is_automatic.then_some(Lever { at, fact, part: Some(part), name, now: after.high, low: None, tried })
    };
    asked.called.iter().filter_map(sooner).collect()
}

/// Shorter and shorter times, each about half of the one before, down to one [`MOST_TIMES`]th.
fn shorter(now: f64) -> Vec<f64> {
    let halves = std::iter::successors(Some(now / 2.0), |time| Some(time / 2.0));
    halves.take_while(|time| time * MOST_TIMES >= now).map(two_digits).collect()
}

/// A time as people would write it: with two digits, and no longer.
fn two_digits(time: f64) -> f64 {
    let digit = 10_f64.powf(time.log10().floor() - 1.0);
    let rounded = (time / digit + 1e-9).floor() * digit;
    // The number that is written so, and none beside it, which would be tried as another.
    format!("{rounded:.1e}").parse().unwrap_or(rounded)
}

/// A time of two digits about halfway between a shorter and a longer one; `None` if there is none.
pub fn time_between(shorter: f64, longer: f64) -> Option<f64> {
    Some(two_digits(f64::midpoint(shorter, longer))).filter(|time| shorter < *time && *time < longer)
}

/// How a relationship is named in a change: `shop.core->shop.db`.
fn between(arch: &Architecture, relation: RelationId) -> String {
    arch.relation_address(relation).replacen(" -> ", "->", 1)
}

/// More of what a station is.
fn of_station(arch: &Architecture, busy: &StationLoad) -> Vec<Lever> {
    let mut group = Vec::new();
    if let Some(element) = busy.element {
        of_element(arch, element, &mut group);
    } else if let Some(relation) = busy.relation {
        let at = arch.relation(relation).at;
        group.extend(more(arch, at, &facts::relation::POOL, format!("{}.pool", between(arch, relation))));
    } else if let Some(host) = busy.host {
        of_host(arch, host, &mut group);
    }
    group
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
fn of_flows(arch: &Architecture, asked: &Asked) -> Vec<Lever> {
    let other = |passed: &Passed| match *passed {
        Passed::Cache(element) => {
            let name = format!("{}.hit-ratio", arch.element(element).path);
            let values = |now: f64| [0.25, 0.5, 0.75, 0.9].map(|share| now + (1.0 - now) * share).to_vec();
            each(arch, arch.element(element).at, &facts::element::HIT_RATIO, name, values)
        }
        Passed::Relation(relation) => {
            let name = format!("{}.timeout", between(arch, relation));
            let values = |now: f64| [0.5, 2.0, 0.25, 4.0].map(|factor| now * factor).to_vec();
            each(arch, arch.relation(relation).at, &facts::relation::TIMEOUT, name, values)
        }
    };
    asked.passed.iter().filter_map(other).collect()
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

#[cfg(test)]
mod tests {
    use super::{shorter, time_between};

    /// Halving from the first time that is enough comes to each time of two digits that there is between two.
    #[test]
    fn between_two_times_are_all_of_two_digits() {
        assert_eq!(shorter(10.0), [5.0, 2.5, 1.2, 0.62, 0.31, 0.15]);
        for (low, high, count) in [(1.2, 2.5, 12), (8.0, 16.0, 25), (0.031, 0.062, 30), (5.0, 5.1, 0), (11.0, 11.7, 0)]
        {
            let mut open = vec![(low, high)];
            let mut found = Vec::new();
            while let Some((low, high)) = open.pop() {
                let Some(time) = time_between(low, high) else { continue };
                found.push(time);
                open.extend([(low, time), (time, high)]);
            }
            assert_eq!(found.len(), count, "{low} to {high}: {found:?}");
        }
    }
}
