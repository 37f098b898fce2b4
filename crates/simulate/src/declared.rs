//! What is told from the facts alone: the availability of flows, the team, and what recoveries promise.

use crate::network::{Fallback, NONE, Network, Op};
use crate::reliability;
use crate::requirement::{Requirement, number, part};
use crate::stats::Estimate;
use groma_model::{Architecture, ElementId, FlowId, Level, facts, kinds};

/// The availability that a requirement is about, and what it rests on. `None` if facts are missing.
pub fn foreseen_availability(arch: &Architecture, network: &Network, one: &Requirement) -> Option<(f64, String)> {
    availability(arch, network, one).ok().map(|(estimate, reason)| (estimate.value, reason))
}

/// The availability of a flow, or of the worst flow that passes through an element.
pub(crate) fn availability(
    arch: &Architecture,
    network: &Network,
    one: &Requirement,
) -> Result<(Estimate, String), String> {
    let passes = |flow: &usize| {
        let flow = FlowId(*flow as u32);
        one.flow.is_none_or(|wanted| wanted == flow) && one.of.is_none_or(|of| arch.passes(flow, of))
    };
    let mut worst: Option<(f64, String)> = None;
    for flow in (0..network.programs.len()).filter(passes) {
        let (mut gone, mut missing) = (vec![0.0; network.stations.len()], Vec::new());
        for at in stations(&network.programs[flow].ops, network) {
            let station = &network.stations[at];
            let Some(element) = station.element.or(station.copies_of) else { continue };
            let own = one.of.is_none_or(|of| arch.is_within(element, of)) || arch.element(element).external;
            match unavailability(arch, network, element, station.range.0) {
                Some(share) => gone[at] = share,
                None if own => missing.push(&*arch.element(element).path),
                None => {}
            }
        }
        if !missing.is_empty() {
            let missing = groma_base::list_words(missing, "and");
            return Err(format!("the `availability` (or `mtbf` and `mttr`) of {missing} is missing"));
        }
        let up = works(network, flow, &gone);
        let better = |at: usize| {
            let mut gone = gone.clone();
            gone[at] = 0.0;
            works(network, flow, &gone)
        };
        let unsure = (0..gone.len()).filter(|at| gone[*at] > 0.0);
        let weakest = unsure.max_by(|a, b| better(*a).total_cmp(&better(*b)).then(b.cmp(a)));
        let weakest = weakest.map_or("nothing", |at| &network.stations[at].name);
        if worst.as_ref().is_none_or(|(least, _)| up < *least) {
            let flow = arch.title(arch.flows[flow].at);
            worst = Some((up, format!("{flow}: {weakest} is the weakest, of what fails independently")));
        }
    }
    let (up, reason) = worst.ok_or("no flow passes there")?;
    Ok((Estimate::exact(up), reason))
}

/// The stations that a program comes to and waits for.
fn stations(ops: &[Op], network: &Network) -> Vec<usize> {
    let mut after = 0;
    let waited_for = ops.iter().enumerate().filter(|(at, op)| {
        if let Op::Spawn { end } = op {
            after = after.max(*end as usize);
        }
        *at >= after
    });
    let called = waited_for.filter_map(|(_, op)| match op {
        Op::Call { site, .. } => Some(network.sites[*site as usize].to as usize),
        Op::Miss { cache, .. } if *cache != NONE => Some(*cache as usize),
        _ => None,
    });
    let mut found: Vec<usize> = called.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// So many combinations of stations are looked at, at most.
const MOST_COMBINED: usize = 20_000;

/// The share of time that a flow can be had, if each station is gone for its share of time, independently of the others.
/// Exact, unless more than fourteen or so stations may be gone each of which the flow can do without: then combinations
/// of the fewest first are looked at, as many as can be, and the rest is taken to go as those of the most looked at.
fn works(network: &Network, flow: usize, gone: &[f64]) -> f64 {
    let ops = &network.programs[flow].ops;
    let succeeds = |without: &[usize]| {
        let is_up = |station: u32| !without.contains(&(station as usize));
        Path { network, ops, is_up: &is_up }.works(0, ops.len())
    };
    // What it cannot do without must be there whatever else is.
    let unsure = (0..gone.len()).filter(|at| gone[*at] > 0.0);
    let (needed, unsure): (Vec<usize>, Vec<usize>) = unsure.partition(|at| succeeds(&[*at]) == 0.0);
    let share: f64 = needed.iter().map(|at| 1.0 - gone[*at]).product();
    let all_up: f64 = unsure.iter().map(|at| 1.0 - gone[*at]).product();
    let (mut works, mut seen, mut looked_at) = (0.0, 0.0, 0);
    // The combinations with so many gone: which, how likely, and from where on others may be added.
    let mut level: Vec<(Vec<usize>, f64, usize)> = vec![(Vec::new(), all_up, 0)];
    while !level.is_empty() {
        let likely: f64 = level.iter().map(|(_, chance, _)| chance).sum();
        let work: f64 = level.iter().map(|(without, chance, _)| chance * succeeds(without)).sum();
        (works, seen, looked_at) = (works + work, seen + likely, looked_at + level.len());
        let next: usize = level.iter().map(|(.., from)| unsure.len() - from).sum();
        if looked_at + next > MOST_COMBINED || all_up == 0.0 {
            works += (1.0 - seen).max(0.0) * if likely > 0.0 { work / likely } else { 0.0 };
            break;
        }
        let more = |(without, chance, from): &(Vec<usize>, f64, usize)| {
            let added = |at: usize| {
                let station = unsure[at];
                let without = without.iter().copied().chain([station]).collect();
                (without, chance / (1.0 - gone[station]) * gone[station], at + 1)
            };
            (*from..unsure.len()).map(added).collect::<Vec<_>>()
        };
        level = level.iter().flat_map(more).collect();
    }
    share * works
}

/// A program, while some stations are there and others are not.
struct Path<'a> {
    network: &'a Network,
    ops: &'a [Op],
    is_up: &'a dyn Fn(u32) -> bool,
}

impl Path<'_> {
    /// How likely the operations from one to before another succeed.
    fn works(&self, start: usize, end: usize) -> f64 {
        let (mut at, mut share) = (start, 1.0);
        while at < end {
            let (works, next) = self.op(at);
            share *= works;
            at = next.max(at + 1);
        }
        share
    }

    fn op(&self, at: usize) -> (f64, usize) {
        match self.ops[at] {
            Op::Work { .. } | Op::Branch { .. } => (1.0, at + 1),
            Op::Else { end } | Op::Spawn { end } => (1.0, end as usize),
            Op::Call { site, end } => {
                let called = &self.network.sites[site as usize];
                let end = end as usize;
                let itself = if (self.is_up)(called.to) { self.works(at + 1, end) } else { 0.0 };
                match (self.network.policies[called.policy as usize].fallback, self.ops.get(end)) {
                    (Fallback::None, _) => (itself, end),
                    (Fallback::Station(_), Some(Op::Else { end: after })) => {
                        let instead = self.works(end + 1, *after as usize);
                        (itself + (1.0 - itself) * instead, *after as usize)
                    }
                    _ => (1.0, end),
                }
            }
            Op::Chance { share, end, .. } => (1.0 - share * (1.0 - self.works(at + 1, end as usize)), end as usize),
            Op::Miss { hit, cache, end, .. } => {
                let hit = if (self.is_up)(cache) { hit } else { 0.0 };
                (1.0 - (1.0 - hit) * (1.0 - self.works(at + 1, end as usize)), end as usize)
            }
            Op::Repeat { low, high, end, .. } => {
                let times = f64::midpoint(f64::from(low), f64::from(high));
                (libm::pow(self.works(at + 1, end as usize), times), end as usize)
            }
            Op::Parallel { join, end } => {
                let (mut branch, mut shares) = (at + 1, Vec::new());
                while branch < end as usize
                    && let Op::Branch { end: after } = self.ops[branch]
                {
                    shares.push(self.works(branch + 1, after as usize));
                    branch = after as usize;
                }
                (at_least(join as usize, &shares), end as usize)
            }
        }
    }
}

/// How likely at least so many of some things happen that happen with these probabilities, independently of each other.
fn at_least(needed: usize, shares: &[f64]) -> f64 {
    // How likely exactly 0, 1, 2… of those looked at happen.
    let mut exactly = vec![1.0];
    for share in shares {
        exactly.push(0.0);
        for count in (0..exactly.len()).rev() {
            let one_less = if count > 0 { exactly[count - 1] } else { 0.0 };
            exactly[count] = exactly[count] * (1.0 - share) + one_less * share;
        }
    }
    exactly.iter().skip(needed).sum()
}

/// The share of time that an element is not there, over all its replicas and those that take over from them.
fn unavailability(arch: &Architecture, network: &Network, element: ElementId, replicas: u32) -> Option<f64> {
    let at = arch.element(element).at;
    let given = |fact| arch.quantity(at, fact).map(|quantity| quantity.low);
    if arch.element(element).level == Level::Person {
        return Some(0.0);
    }
    let one = match (given(&facts::AVAILABILITY), given(&facts::MTBF), given(&facts::MTTR)) {
        (Some(share), ..) => share,
        (None, Some(mtbf), Some(mttr)) => reliability::from_mtbf(mtbf, mttr),
        _ => return None,
    };
    let needed = arch.part(at, &facts::REPLICAS, &facts::NEEDED).and_then(number).unwrap_or(1.0) as u32;
    let beta = given(&facts::COMMON_CAUSE).unwrap_or(0.0);
    // Several replicas help only where another takes over by itself.
    let takes_over = !matches!(arch.text(at, &facts::FAILOVER), Some("manual" | "none"));
    let standby = network.placements.standby(element, None);
    if !takes_over {
        return Some(reliability::with_common_cause(needed, needed, one, beta));
    }
    // Until a standby has taken over, what failed is missed, if no other replica can do its work.
    let after = arch.part(at, &facts::FAILOVER, &facts::FAILOVER_AFTER).and_then(number).unwrap_or(0.0);
    let is_missed = standby > 0 && replicas <= needed;
    let switching = match given(&facts::MTBF) {
        Some(mtbf) if is_missed => f64::from(needed) * after / mtbf,
        _ => 0.0,
    };
    let count = replicas.saturating_add(standby).max(needed);
    Some((reliability::with_common_cause(needed, count, one, beta) + switching).min(1.0))
}

pub(crate) fn team(arch: &Architecture) -> Result<(Estimate, String), String> {
    let team = arch.workspace.and_then(|at| arch.quantity(at, &kinds::TEAM)).ok_or("the workspace says no `team`")?;
    Ok((Estimate::exact(team.high), "the `team` of the workspace".to_owned()))
}

/// What a failure's `recovery` promises.
pub(crate) fn declared_recovery(arch: &Architecture, one: &Requirement) -> Result<(Estimate, String), String> {
    let at = one.failure.map(|at| arch.records[at].at).ok_or("`failure=` must say from which failure")?;
    let fact = if one.metric == "data-loss" { &kinds::RPO } else { &kinds::RTO };
    let given = arch.all_facts(at, &kinds::RECOVERY).filter_map(|value| number(part(arch, at, value, fact)?));
    let longest = given.fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))));
    let longest = longest.ok_or_else(|| format!("the failure's `recovery` has no `{}`", fact.name))?;
    Ok((Estimate::exact(longest), "as the failure's `recovery` says".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn some_of_several() {
        let shares = [0.9; 3];
        assert!((at_least(1, &shares) - 0.999).abs() < 1e-12);
        assert!((at_least(2, &shares) - 0.972).abs() < 1e-12);
        assert!((at_least(3, &shares) - 0.729).abs() < 1e-12);
        assert_eq!(at_least(0, &shares), 1.0);
    }
}
