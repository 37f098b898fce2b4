//! What no mean tells of the calls and branches of a program: how many calls are late, and when enough branches are there.
//! It is summed up from how times are spread that nobody makes longer by waiting, in one walk over the program.

use crate::analysis::{Walk, branches_of, idle};
use crate::law::Law;
use crate::network::{Network, Op, Policy};
use crate::spread::Spread;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// What is known of a place in a program. Times in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// When enough branches are there, or too few are left for that, on average; and if it goes well.
    pub(crate) joined: f64,
    pub(crate) joined_well: f64,
    /// The share of calls that take longer than their timeout, and how long those in time take.
    pub(crate) late: f64,
    pub(crate) in_time: f64,
    /// The share of calls that are made a second time, and how long until the first answer.
    pub(crate) again: f64,
    pub(crate) first: f64,
}

/// A timeout that is so many times as long as what it is for takes on average is not looked at.
const NEVER_LATE: f64 = 12.0;

/// What is known of the branches of a program.
pub(crate) fn joins(network: &Network, program: usize, waits: &[f64]) -> FxHashMap<u32, Known> {
    let ops = &network.programs[program].ops;
    if !ops.iter().any(|op| matches!(op, Op::Parallel { .. })) {
        return FxHashMap::default();
    }
    let walk = Walk::new(network, program, waits);
    let is_meant = |at: usize| matches!(ops[at], Op::Parallel { .. });
    Reader::new(network, ops, &is_meant, &|from, to| walk.range_ok(from, to)).read()
}

/// What is known of the calls of a program that may take longer than their callers wait, if what is known of its branches
/// stands there.
pub(crate) fn late(network: &Network, program: usize, waits: &[f64]) -> FxHashMap<u32, Known> {
    let ops = &network.programs[program].ops;
    let policy = |site: u32| &network.policies[network.sites[site as usize].policy as usize];
    let has_timer = |op: &Op| match op {
        Op::Call { site, .. } => policy(*site).timeout.is_some() || policy(*site).hedge.is_some(),
        _ => false,
    };
    if !ops.iter().any(has_timer) {
        return FxHashMap::default();
    }
    let walk = Walk::new(network, program, waits);
    let is_meant = |at: usize| {
        let Op::Call { site, .. } = ops[at] else { return false };
        let usual = walk.held(at) + network.sites[site as usize].latency;
        let is_near = |limit: Option<f64>| limit.is_some_and(|limit| limit < NEVER_LATE * usual);
        is_near(policy(site).timeout) || is_near(policy(site).hedge)
    };
    Reader::new(network, ops, &is_meant, &|_, _| 1.0).read()
}

/// Reads how the times of a program are spread, as far as that is needed for what is meant.
struct Reader<'a> {
    network: &'a Network,
    ops: &'a [Op],
    /// Whether a place is one of those that are looked at.
    is_meant: &'a dyn Fn(usize) -> bool,
    /// How likely all operations from one to before another go well.
    ok: &'a dyn Fn(usize, usize) -> f64,
    found: FxHashMap<u32, Known>,
    /// How the laws that were met last are spread.
    laws: Vec<(Law, Spread)>,
    /// How many sums were taken.
    sums: u32,
}

/// A branch that has something to wait for.
struct Taking {
    /// How likely it has nothing after all.
    idle: f64,
    /// How likely it goes well.
    ok: f64,
    spread: Rc<Spread>,
}

impl<'a> Reader<'a> {
    fn new(
        network: &'a Network,
        ops: &'a [Op],
        is_meant: &'a dyn Fn(usize) -> bool,
        ok: &'a dyn Fn(usize, usize) -> f64,
    ) -> Reader<'a> {
        Reader { network, ops, is_meant, ok, found: FxHashMap::default(), laws: Vec::new(), sums: 0 }
    }

    fn read(mut self) -> FxHashMap<u32, Known> {
        self.find(0, self.ops.len());
        self.found
    }

    /// Looks for what is meant from one operation to before another.
    fn find(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            at = if (self.is_meant)(at) { self.op(at).1.max(at + 1) } else { at + 1 };
        }
    }

    /// How long the operations from one to before another take, until they are answered.
    fn range(&mut self, start: usize, end: usize) -> Spread {
        let (mut at, mut parts) = (start, Parts::default());
        while at < end {
            if matches!(self.ops[at], Op::Answer) {
                self.find(at + 1, end);
                break;
            }
            let (spread, next) = self.op(at);
            parts.add(spread);
            at = next.max(at + 1);
        }
        self.sum(parts)
    }

    /// One after the other. Of very many, those that vary least are taken together by their mean and variance.
    fn sum(&mut self, parts: Parts) -> Spread {
        let Parts { fixed, mut varying } = parts;
        let variance = |(spread, count): &(Spread, u32)| spread.variance() * f64::from(*count);
        if varying.len() > MOST_PARTS {
            varying.sort_by(|a, b| variance(b).total_cmp(&variance(a)));
        }
        let left = (MOST_SUMS.saturating_sub(self.sums) as usize).min(MOST_PARTS);
        let rest = varying.split_off(varying.len().min(left.max(1)));
        self.sums = self.sums.saturating_add(varying.len() as u32);
        let mut all = Spread::exactly(fixed);
        for (spread, count) in varying {
            all = all.then(&spread.repeated(count));
        }
        if rest.is_empty() {
            return all;
        }
        let mean: f64 = rest.iter().map(|(spread, count)| spread.mean() * f64::from(*count)).sum();
        all.then_nearly(mean, rest.iter().map(variance).sum())
    }

    fn law(&mut self, law: Law) -> Spread {
        if let Some((_, spread)) = self.laws.iter().find(|(known, _)| *known == law) {
            return spread.clone();
        }
        let spread = Spread::of(law);
        self.laws.truncate(MOST_LAWS - 1);
        self.laws.insert(0, (law, spread.clone()));
        spread
    }

    /// How long an operation takes, and which comes next.
    fn op(&mut self, at: usize) -> (Spread, usize) {
        let nothing = || Spread::exactly(0.0);
        match self.ops[at] {
            Op::Work { site } => {
                let law = self.network.sites[site as usize].law;
                (law.map_or_else(nothing, |law| self.law(law)), at + 1)
            }
            Op::Call { site, end } => {
                let called = &self.network.sites[site as usize];
                let spread = self.range(at + 1, end as usize).later(called.latency);
                if (self.is_meant)(at) {
                    let policy = &self.network.policies[called.policy as usize];
                    self.found.insert(at as u32, timed(policy, &spread));
                }
                (spread, end as usize)
            }
            Op::Inside { end, .. } => (self.range(at + 1, end as usize), end as usize),
            Op::Spawn { end } | Op::Else { end } => {
                self.find(at + 1, end as usize);
                (nothing(), end as usize)
            }
            Op::Chance { share, end, .. } => (self.perhaps(share, at, end), end as usize),
            Op::Miss { hit, end, .. } => (self.perhaps(1.0 - hit, at, end), end as usize),
            Op::Repeat { low, high, end, .. } => {
                let one = self.range(at + 1, end as usize);
                let step = ((high - low) / MOST_COUNTS).max(1);
                let counts: Vec<u32> = (low..=high).step_by(step as usize).collect();
                let share = 1.0 / counts.len() as f64;
                let each: Vec<(f64, Spread)> = counts.iter().map(|count| (share, one.repeated(*count))).collect();
                (Spread::mixed(&each), end as usize)
            }
            Op::Parallel { join, end } => (self.branches(at, end as usize, join as usize), end as usize),
            Op::Branch { .. } | Op::Answer => (nothing(), at + 1),
        }
    }

    fn perhaps(&mut self, share: f64, at: usize, end: u32) -> Spread {
        let inside = self.range(at + 1, end as usize);
        Spread::mixed(&[(1.0 - share, Spread::exactly(0.0)), (share, inside)])
    }

    /// When so many of the branches of a place are there, of those that have something to wait for.
    fn branches(&mut self, at: usize, end: usize, join: usize) -> Spread {
        let mut taking: Vec<Taking> = Vec::new();
        for (from, to) in branches_of(self.ops, at + 1, end) {
            let idle = idle(self.ops, from, to, &|_, hit| hit);
            let spread = self.range(from, to);
            if idle < 1.0 {
                let spread = spread.without_nothing(idle);
                let alike = taking.last().filter(|last| *last.spread == spread).map(|last| last.spread.clone());
                let spread = alike.unwrap_or_else(|| Rc::new(spread));
                taking.push(Taking { idle, ok: (self.ok)(from, to), spread });
            }
        }
        let all = joined(&taking, join);
        if (self.is_meant)(at) {
            let (joined, joined_well) = decided(&taking, join, &all);
            self.found.insert(at as u32, Known { joined, joined_well, ..Known::default() });
        }
        all
    }
}

/// What comes one after the other.
#[derive(Default)]
struct Parts {
    /// What always takes as long, together.
    fixed: f64,
    /// The rest, each so many times.
    varying: Vec<(Spread, u32)>,
}

impl Parts {
    fn add(&mut self, spread: Spread) {
        if let Some(value) = spread.only() {
            self.fixed += value;
            return;
        }
        match self.varying.last_mut().filter(|(last, _)| *last == spread) {
            Some((_, count)) => *count += 1,
            None => self.varying.push((spread, 1)),
        }
    }
}

/// What is known of a call that its caller waits for only so long, or makes again after some time.
fn timed(policy: &Policy, spread: &Spread) -> Known {
    let mut known = Known::default();
    let mut answered = spread.clone();
    if let Some(hedge) = policy.hedge {
        known.again = spread.over(hedge);
        answered = Spread::when(1, &[Rc::new(spread.clone()), Rc::new(spread.clone().later(hedge))]);
        known.first = answered.mean();
    }
    if let Some(timeout) = policy.timeout {
        known.late = answered.over(timeout);
        known.in_time = answered.mean_within(timeout);
    }
    known
}

/// Whether the `which`-th of some that are not sure is one of those that a case has.
fn has(unsure: &[usize], case: usize, which: usize) -> bool {
    unsure.iter().position(|one| *one == which).is_some_and(|nth| case >> nth & 1 == 1)
}

/// The spreads of those branches that are meant.
fn spreads(taking: &[Taking], is_meant: impl Fn(usize) -> bool) -> Vec<Rc<Spread>> {
    (0..taking.len()).filter(|at| is_meant(*at)).map(|at| taking[at].spread.clone()).collect()
}

/// When so many of some branches are there.
fn joined(taking: &[Taking], join: usize) -> Spread {
    // Each combination of those that may have nothing to wait for; of very many the last are taken to have.
    let unsure: Vec<usize> = (0..taking.len()).filter(|at| taking[*at].idle > 0.0).take(MOST_UNSURE).collect();
    let case = |case: usize| {
        let is_idle = |at: usize| has(&unsure, case, at);
        let share = |at: &usize| if is_idle(*at) { taking[*at].idle } else { 1.0 - taking[*at].idle };
        let there = spreads(taking, |at| !is_idle(at));
        (unsure.iter().map(share).product(), Spread::when(join.min(there.len()), &there))
    };
    Spread::mixed(&(0..1 << unsure.len()).map(case).collect::<Vec<(f64, Spread)>>())
}

/// When it is decided, on average, whether so many of some branches go well, each with its probability: in all cases, and where
/// they do. If all go well it is `all`.
fn decided(taking: &[Taking], join: usize, all: &Spread) -> (f64, f64) {
    let unsure: Vec<usize> = (0..taking.len()).filter(|at| taking[*at].ok < 1.0).take(MOST_UNSURE).collect();
    if unsure.is_empty() {
        return (all.mean(), all.mean());
    }
    let needed = join.min(taking.len());
    let (mut mean, mut well, mut share_well) = (0.0, 0.0, 0.0);
    for case in 0..1_usize << unsure.len() {
        let fails = |at: usize| has(&unsure, case, at);
        let likely = |at: &usize| if fails(*at) { 1.0 - taking[*at].ok } else { taking[*at].ok };
        let share: f64 = unsure.iter().map(likely).product();
        let good = spreads(taking, |at| !fails(at));
        if good.len() >= needed {
            let time = Spread::when(needed, &good).mean();
            (mean, well, share_well) = (mean + share * time, well + share * time, share_well + share);
        } else {
            // As soon as too few are left it has failed.
            mean += share * Spread::when(taking.len() - needed + 1, &spreads(taking, fails)).mean();
        }
    }
    (mean, if share_well > 0.0 { well / share_well } else { 0.0 })
}

/// Of counts that vary more, about so many are looked at.
const MOST_COUNTS: u32 = 8;

/// Of so many branches it is looked at whether they have something to wait for or not.
const MOST_UNSURE: usize = 6;

/// Of more that come one after the other, so many are summed one by one.
const MOST_PARTS: usize = 32;

/// Of one program so many sums are taken; then means and variances must do.
const MOST_SUMS: u32 = 4_000;

/// So many laws are kept.
const MOST_LAWS: usize = 16;
