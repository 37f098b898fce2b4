//! What no mean tells of the calls and branches of a program: how many calls are late, and when enough branches are there.
//! One walk over the program adds up the distributions of its times, as they are where nobody waits for anybody.

use crate::analysis::{Walk, within_budget};
use crate::distribution::Distribution;
use crate::network::{
    CallSite, ExpectedResponse, Fallback, MeanTimes, Network, Op, OpId, Policy, SiteId, Stall, Station, StationId,
};
use crate::network::{Count, branches_of, cases_of, idle};
use crate::spread::Spread;
use groma_model::{FlowId, Per, Table};
use rustc_hash::FxHashMap;
use std::rc::Rc;

impl Network {
    /// Finds out what is known of calls and branches from how times are spread.
    pub(crate) fn find_expected_responses(&mut self) {
        let waits = self.stations.beside(0.0);
        for flow in self.programs.ids() {
            self.programs[flow].expected.clear();
            self.programs[flow].expected = of_flow(self, flow, &waits);
        }
    }
}

/// A timeout that is so many times as long as what it is for takes on average is not looked at.
const NEVER_LATE: f64 = 12.0;

/// What is known of the branches of a program, and of those calls that may take longer than their callers wait.
fn of_flow(network: &Network, flow: FlowId, waits: &Per<Station, f64>) -> FxHashMap<OpId, ExpectedResponse> {
    let ops = &network.programs[flow].ops;
    let policy = |site: SiteId| network.policy_of(site);
    let is_guarded = |site: SiteId| policy(site).timeout.is_some() || policy(site).hedge.is_some();
    let is_of_interest = |op: &Op| op.call().map_or(matches!(op, Op::Parallel { .. }), is_guarded);
    if !ops.iter().any(is_of_interest) {
        return FxHashMap::default();
    }
    let walk = Walk::new(network, flow, waits);
    // How many branchings stand before each operation: of calls with some inside no mean is known yet.
    let before = |count: &mut u32, op: &Op| {
        *count += u32::from(matches!(op, Op::Parallel { .. }));
        Some(*count)
    };
    let branchings: Per<Op, u32> = [0].into_iter().chain(ops.iter().scan(0, before)).collect();
    let is_meant = |at: OpId| {
        let Op::Call { site, end } = ops[at] else { return matches!(ops[at], Op::Parallel { .. }) };
        let usual = walk.held(at) + network.sites[site].latency;
        let has_branches = branchings[at] < branchings[end];
        let is_near = |limit: &f64| has_branches || *limit < NEVER_LATE * usual;
        policy(site).timeout.as_ref().is_some_and(is_near) || policy(site).hedge.as_ref().is_some_and(is_near)
    };
    // Of a workspace with very many flows each is looked at less closely.
    let sums = Sums { left: (MOST_SUMS / network.programs.len() as u32).clamp(FEWEST_SUMS, MOST_SUMS_OF_A_FLOW) };
    let mut reader = Reader {
        network,
        ops,
        is_meant: &is_meant,
        found: FxHashMap::default(),
        answered: FxHashMap::default(),
        laws: Vec::new(),
        is_shortest: false,
        sums,
    };
    reader.find(OpId::FIRST, ops.end());
    reader.found
}

/// How long a flow takes if it is alone and goes well.
#[derive(Debug)]
pub struct UnloadedTime(Spread);

impl UnloadedTime {
    /// Of this flow, from the laws of its steps, with sums of very many taken by mean and variance. Where calls go different ways, they
    /// take the shortest.
    pub fn of(network: &Network, flow: FlowId) -> UnloadedTime {
        let ops = &network.programs[flow].ops;
        let sums = Sums { left: MOST_SUMS_OF_A_FLOW };
        let found = FxHashMap::default();
        let mut reader = Reader {
            network,
            ops,
            is_meant: &|_| false,
            found,
            answered: FxHashMap::default(),
            laws: Vec::new(),
            // Calls that a request makes at one place are all far or all near; not to say too much, all are near.
            is_shortest: true,
            sums,
        };
        UnloadedTime(reader.range(OpId::FIRST, ops.end()).well)
    }

    /// The share of requests that take no longer than this, in seconds.
    pub fn within(&self, limit: f64) -> f64 {
        self.0.split(limit)[0].0
    }
}

/// How something goes: how likely well, and how its time is spread if it does and if it does not.
#[derive(Clone, PartialEq, Debug)]
struct Timing {
    ok: f64,
    well: Spread,
    badly: Spread,
}

impl Timing {
    fn always(well: Spread) -> Timing {
        Timing { ok: 1.0, well, badly: Spread::exactly(0.0) }
    }

    fn nothing() -> Timing {
        Timing::always(Spread::exactly(0.0))
    }

    /// This after some time.
    fn later(self, by: f64) -> Timing {
        self.on_its_way(&[(1.0, by)])
    }

    /// This after some times on the network, each with its share.
    fn on_its_way(self, transit: &[(f64, f64)]) -> Timing {
        let later = |spread: &Spread| match transit {
            [(_, by)] => spread.clone().later(*by),
            transit => {
                let each: Vec<(f64, Spread)> =
                    transit.iter().map(|(share, by)| (*share, spread.clone().later(*by))).collect();
                Spread::mixed(&each)
            }
        };
        Timing { ok: self.ok, well: later(&self.well), badly: later(&self.badly) }
    }

    /// This, and then another if it went well.
    fn then(&self, next: &Timing, sums: &mut Sums) -> Timing {
        let mut badly = self.badly.clone();
        if next.ok < 1.0 {
            let later = (self.ok * (1.0 - next.ok), sums.then(&self.well, &next.badly));
            badly = Spread::mixed(&[(1.0 - self.ok, badly), later]);
        }
        Timing { ok: self.ok * next.ok, well: sums.then(&self.well, &next.well), badly }
    }

    fn times(&self) -> MeanTimes {
        let badly = if self.ok < 1.0 { self.badly.mean() } else { 0.0 };
        let well = if self.ok > 0.0 { self.well.mean() } else { 0.0 };
        MeanTimes { all: self.ok * well + (1.0 - self.ok) * badly, ok: self.ok, well }
    }
}

/// Sums up what comes one after the other, so many times; then means and variances must do.
struct Sums {
    left: u32,
}

impl Sums {
    fn then(&mut self, first: &Spread, next: &Spread) -> Spread {
        if first.only().is_some() || next.only().is_some() {
            return first.then(next);
        }
        if self.left == 0 {
            return first.then_nearly(next.mean(), next.variance());
        }
        self.left -= 1;
        first.then(next)
    }

    fn several(&mut self, one: &Spread, times: u32) -> Spread {
        let rounds = 2 * (u32::BITS - times.leading_zeros());
        if one.only().is_none() && times > 1 && self.left < rounds {
            let rest = f64::from(times - 1);
            return one.then_nearly(rest * one.mean(), rest * one.variance());
        }
        self.left -= if one.only().is_some() { 0 } else { rounds.min(self.left) };
        one.repeated(times)
    }
}

/// Reads how the times of a program are spread, as far as that is needed for what is meant.
struct Reader<'a> {
    network: &'a Network,
    ops: &'a Table<Op>,
    /// Whether a place is one of those that are looked at.
    is_meant: &'a dyn Fn(OpId) -> bool,
    found: FxHashMap<OpId, ExpectedResponse>,
    /// How likely the last call to a station was answered, where it need not be.
    answered: FxHashMap<StationId, f64>,
    /// How the laws that were met last are spread.
    laws: Vec<(Distribution, Spread)>,
    /// Whether each call takes the shortest of the ways that it may go.
    is_shortest: bool,
    sums: Sums,
}

impl Reader<'_> {
    /// Looks for what is meant from one operation to before another.
    fn find(&mut self, start: OpId, end: OpId) {
        let mut at = start;
        while at < end {
            at = if (self.is_meant)(at) { self.op(at).1.max(at.next()) } else { at.next() };
        }
    }

    /// How the operations from one to before another go, until they are answered.
    fn range(&mut self, start: OpId, end: OpId) -> Timing {
        let (mut at, mut all, mut parts) = (start, Timing::nothing(), Parts::default());
        while at < end {
            if matches!(self.ops[at], Op::Answer) {
                self.find(at.next(), end);
                break;
            }
            let (timing, next) = self.op(at);
            at = next.max(at.next());
            if timing.ok < 1.0 {
                let before = self.sum(std::mem::take(&mut parts));
                all = all.then(&Timing::always(before), &mut self.sums).then(&timing, &mut self.sums);
            } else {
                parts.add(timing.well);
            }
        }
        let rest = self.sum(parts);
        all.then(&Timing::always(rest), &mut self.sums)
    }

    /// One after the other. Of very many, those that vary least are taken together by their mean and variance.
    fn sum(&mut self, parts: Parts) -> Spread {
        let Parts { fixed, mut varying } = parts;
        let variance = |(spread, count): &(Spread, u32)| spread.variance() * f64::from(*count);
        if varying.len() > MOST_PARTS {
            varying.sort_by(|a, b| variance(b).total_cmp(&variance(a)));
        }
        let rest = varying.split_off(varying.len().min(MOST_PARTS));
        let mut all = Spread::exactly(fixed);
        for (spread, count) in varying {
            let several = self.sums.several(&spread, count);
            all = self.sums.then(&all, &several);
        }
        if rest.is_empty() {
            return all;
        }
        let mean: f64 = rest.iter().map(|(spread, count)| spread.mean() * f64::from(*count)).sum();
        all.then_nearly(mean, rest.iter().map(variance).sum())
    }

    fn law(&mut self, law: Distribution) -> Spread {
        if let Some((_, spread)) = self.laws.iter().find(|(known, _)| *known == law) {
            return spread.clone();
        }
        let spread = Spread::of(law);
        self.laws.truncate(MOST_LAWS - 1);
        self.laws.insert(0, (law, spread.clone()));
        spread
    }

    /// How long a call and its answer are on the network, each time with its share.
    fn transit(&self, called: &CallSite) -> Vec<(f64, f64)> {
        let Some(route) = called.route else { return vec![(1.0, called.latency)] };
        let ways = &self.network.routes[route].any;
        match self.is_shortest {
            true => vec![(1.0, ways.iter().map(|way| way.latency).fold(f64::INFINITY, f64::min))],
            false => ways.iter().map(|way| (way.share, way.latency)).collect(),
        }
    }

    /// How an operation goes, and which comes next.
    fn op(&mut self, at: OpId) -> (Timing, OpId) {
        match self.ops[at] {
            Op::Work { site } => {
                let CallSite { law, to, .. } = self.network.sites[site];
                let time = law.map(|law| stretched(self.law(law), self.network.stations[to].stall));
                (time.map_or_else(Timing::nothing, Timing::always), at.next())
            }
            Op::Call { site, end } => self.call(at, site, end),
            Op::Inside { end, .. } => (self.range(at.next(), end), end),
            Op::Spawn { end } | Op::Else { end } => {
                self.find(at.next(), end);
                (Timing::nothing(), end)
            }
            Op::Chance { share, end, .. } => (self.perhaps(share, at, end), end),
            Op::Miss { hit, end, cache, .. } => {
                let answered = cache.and_then(|cache| self.answered.get(&cache)).copied().unwrap_or(1.0);
                (self.perhaps(1.0 - hit * answered, at, end), end)
            }
            Op::Repeat { count, end, .. } => (self.repeated(at, count, end), end),
            Op::Parallel { join, end } => (self.branches(at, end, join as usize), end),
            Op::Either { end, .. } => (self.cases(at, end), end),
            Op::Branch { .. } | Op::Case { .. } | Op::Answer | Op::Part => (Timing::nothing(), at.next()),
        }
    }

    fn perhaps(&mut self, share: f64, at: OpId, end: OpId) -> Timing {
        let inside = self.range(at.next(), end);
        let well = Spread::mixed(&[(1.0 - share, Spread::exactly(0.0)), (share * inside.ok, inside.well)]);
        Timing { ok: 1.0 - share * (1.0 - inside.ok), well, badly: inside.badly }
    }

    fn cases(&mut self, at: OpId, end: OpId) -> Timing {
        let (mut ok, mut well, mut badly) = (0.0, Vec::new(), Vec::new());
        for case in cases_of(self.ops, at.next(), end) {
            let inside = self.range(case.start, case.end);
            ok += case.share * inside.ok;
            well.push((case.share * inside.ok, inside.well));
            badly.push((case.share * (1.0 - inside.ok), inside.badly));
        }
        Timing { ok: ok.min(1.0), well: Spread::mixed(&well), badly: Spread::mixed(&badly) }
    }

    fn repeated(&mut self, at: OpId, count: Count, end: OpId) -> Timing {
        let one = self.range(at.next(), end);
        repeated(&one, count, &mut self.sums)
    }

    fn call(&mut self, at: OpId, site: SiteId, end: OpId) -> (Timing, OpId) {
        let called = &self.network.sites[site];
        let policy = self.network.policy_of(site);
        let body = self.range(at.next(), end).on_its_way(&self.transit(called));
        let body = self.after_stall(Some(called.to), &body);
        let (one, again, late) = one_try(policy, failing(body, called.error_rate));
        if (self.is_meant)(at) {
            self.found.insert(at, ExpectedResponse { times: one.times(), late, again });
        }
        let all = tried_again(policy, &one, late, &mut self.sums);
        let all = self.after_stall(called.from, &all);
        self.answered.insert(called.to, all.ok);
        match (policy.fallback, self.ops.get(end)) {
            (Fallback::None, _) => (all, end),
            (Fallback::Station(_), Some(Op::Else { end: after })) => {
                let instead = self.range(end.next(), *after);
                (or_else(&all, &instead, &mut self.sums), *after)
            }
            (Fallback::GoOn | Fallback::Station(_), _) => (or_else(&all, &Timing::nothing(), &mut self.sums), end),
        }
    }

    /// The same after the end of the stall, if there is one, that a replica of a station is in.
    fn after_stall(&mut self, at: Option<StationId>, timing: &Timing) -> Timing {
        let Some(stall) = at.and_then(|at| self.network.stations[at].stall) else { return timing.clone() };
        let rest = self.law(Distribution::Uniform(stall.length));
        let rest = Spread::mixed(&[(1.0 - stall.share(), Spread::exactly(0.0)), (stall.share(), rest)]);
        Timing::always(rest).then(timing, &mut self.sums)
    }

    /// How so many of the branches of a place go, of those that have something to wait for.
    fn branches(&mut self, at: OpId, end: OpId, join: usize) -> Timing {
        let mut taking: Vec<Taking> = Vec::new();
        for (from, to) in branches_of(self.ops, at.next(), end) {
            let idle = idle(self.ops, from, to, &|_, hit| hit);
            let timing = self.range(from, to);
            if idle < 1.0 {
                let well = timing.well.without_nothing(idle / timing.ok);
                let ok = ((timing.ok - idle) / (1.0 - idle)).clamp(0.0, 1.0);
                taking.push(Taking::new(idle, Timing { ok, well, badly: timing.badly }, taking.last()));
            }
        }
        let timing = decided(&taking, join);
        if (self.is_meant)(at) {
            self.found.insert(at, ExpectedResponse { times: timing.times(), late: 0.0, again: 0.0 });
        }
        timing
    }
}

/// How work is spread with the stalls that come while it lasts: as many as on average, or one more.
fn stretched(work: Spread, stall: Option<Stall>) -> Spread {
    let Some(stall) = stall else { return work };
    let met = work.mean() * (stall.stretch() - 1.0) / stall.length;
    let (surely, perhaps) = (met.floor() * stall.length, met.fract());
    let more = work.clone().later(surely + stall.length);
    Spread::mixed(&[(1.0 - perhaps, work.later(surely)), (perhaps, more)])
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

/// The same if this share of what goes well fails in the end.
fn failing(timing: Timing, share: f64) -> Timing {
    if share <= 0.0 {
        return timing;
    }
    let parts = [(1.0 - timing.ok, timing.badly), (timing.ok * share, timing.well.clone())];
    Timing { ok: timing.ok * (1.0 - share), well: timing.well, badly: Spread::mixed(&parts) }
}

/// How one try of a call goes, with a second one after a while and given up after a while: with how likely it is made a second
/// time, and how likely it is given up.
fn one_try(policy: &Policy, first: Timing) -> (Timing, f64, f64) {
    let (mut one, mut again) = (first, 0.0);
    if let Some(hedge) = policy.hedge {
        (one, again) = hedged(one, hedge);
    }
    let Some(timeout) = policy.timeout else { return (one, again, 0.0) };
    let ([(in_time, well), (well_late, _)], [(failed, badly), (badly_late, _)]) =
        (one.well.split(timeout), one.badly.split(timeout));
    let bad = 1.0 - one.ok;
    let late = one.ok * well_late + bad * badly_late;
    let badly = Spread::mixed(&[(bad * failed, badly), (late, Spread::exactly(timeout))]);
    (Timing { ok: one.ok * in_time, well, badly }, again, late)
}

/// A call that is made a second time if it has no answer after so many seconds: the first that goes well counts, and it has
/// failed when both have. With how likely there is a second.
fn hedged(first: Timing, hedge: f64) -> (Timing, f64) {
    let [(soon_well, well), (later_well, well_later)] = first.well.split(hedge);
    let [(soon_badly, badly), (later_badly, badly_later)] = first.badly.split(hedge);
    let bad = 1.0 - first.ok;
    let again = first.ok * later_well + bad * later_badly;
    if again <= 0.0 {
        return (first, 0.0);
    }
    let second = first.clone().later(hedge);
    let left = Timing { ok: first.ok * later_well / again, well: well_later, badly: badly_later };
    let both = decided(&[Taking::new(0.0, left, None), Taking::new(0.0, second, None)], 1);
    let ok = first.ok * soon_well + again * both.ok;
    let well = Spread::mixed(&[(first.ok * soon_well, well), (again * both.ok, both.well)]);
    let badly = Spread::mixed(&[(bad * soon_badly, badly), (again * (1.0 - both.ok), both.badly)]);
    (Timing { ok, well, badly }, again)
}

/// How a call goes whose tries go like this, if it is tried again as its policy says.
fn tried_again(policy: &Policy, one: &Timing, late: f64, sums: &mut Sums) -> Timing {
    let of = |is_retried: bool, share: f64| if is_retried { share } else { 0.0 };
    let failed = (1.0 - one.ok - late).max(0.0);
    let retried = within_budget(of(policy.retried.timeouts, late) + of(policy.retried.errors, failed), one.ok, policy);
    if policy.retries == 0 || retried <= 0.0 {
        return one.clone();
    }
    let (mut reached, mut before, mut ok) = (1.0, Spread::exactly(0.0), 0.0);
    let (mut well, mut badly) = (Vec::new(), Vec::new());
    for nth in 0..=policy.retries {
        let is_last = nth == policy.retries || nth == MOST_TRIES || reached * retried < 1e-9;
        let given_up = if is_last { 1.0 - one.ok } else { 1.0 - one.ok - retried };
        well.push((reached * one.ok, sums.then(&before, &one.well)));
        badly.push((reached * given_up, sums.then(&before, &one.badly)));
        ok += reached * one.ok;
        if is_last {
            break;
        }
        let pause = policy.pause_before(nth);
        let pause = if policy.jitter && pause > 0.0 {
            Spread::of(Distribution::Uniform(pause))
        } else {
            Spread::exactly(pause)
        };
        before = sums.then(&before, &one.badly);
        before = sums.then(&before, &pause);
        reached *= retried;
    }
    Timing { ok, well: Spread::mixed(&well), badly: Spread::mixed(&badly) }
}

/// What fails is done in another way.
fn or_else(first: &Timing, instead: &Timing, sums: &mut Sums) -> Timing {
    if first.ok >= 1.0 {
        return first.clone();
    }
    let bad = 1.0 - first.ok;
    let well = (bad * instead.ok, sums.then(&first.badly, &instead.well));
    Timing {
        ok: first.ok + bad * instead.ok,
        well: Spread::mixed(&[(first.ok, first.well.clone()), well]),
        badly: sums.then(&first.badly, &instead.badly),
    }
}

/// What is done several times, until it fails.
fn repeated(one: &Timing, count: Count, sums: &mut Sums) -> Timing {
    let counts = count.likely();
    let of_all = |count: u32| libm::pow(one.ok, f64::from(count));
    let ok: f64 = counts.iter().map(|(count, share)| share * of_all(*count)).sum();
    let well: Vec<(f64, Spread)> =
        counts.iter().map(|(count, share)| (share * of_all(*count), sums.several(&one.well, *count))).collect();
    let mut badly = Vec::new();
    if one.ok < 1.0 {
        for (count, share) in counts {
            // Failed after so many that went well, of as many numbers as are looked at.
            let step = (count / MOST_BEFORE).max(1);
            for first in (0..count).step_by(step as usize) {
                let next = (first + step).min(count);
                let fails = of_all(first) - of_all(next);
                let before = sums.several(&one.well, u32::midpoint(first, next - 1));
                badly.push((share * fails, sums.then(&before, &one.badly)));
            }
        }
    }
    Timing { ok, well: Spread::mixed(&well), badly: Spread::mixed(&badly) }
}

/// A branch that has something to wait for.
struct Taking {
    /// How likely it has nothing after all.
    idle: f64,
    ok: f64,
    well: Rc<Spread>,
    badly: Rc<Spread>,
}

impl Taking {
    /// What is like `last` is shared with it, so that very many that are alike take no more room than one.
    fn new(idle: f64, timing: Timing, last: Option<&Taking>) -> Taking {
        let shared = |spread: Spread, last: Option<&Rc<Spread>>| match last {
            Some(last) if **last == spread => last.clone(),
            _ => Rc::new(spread),
        };
        let well = shared(timing.well, last.map(|last| &last.well));
        let badly = shared(timing.badly, last.map(|last| &last.badly));
        Taking { idle, ok: timing.ok, well, badly }
    }
}

/// How some branches go, that begin together: well as soon as so many have gone well, and badly as soon as too few are left for
/// that. Each goes on independently, so by any moment the two are how many of several have gone well, or badly, by then.
fn decided(taking: &[Taking], join: usize) -> Timing {
    // Each combination of those that may have nothing to wait for; of very many the last are taken to have.
    let unsure: Vec<usize> = (0..taking.len()).filter(|at| taking[*at].idle > 0.0).take(MOST_UNSURE).collect();
    let (mut ok, mut well, mut badly) = (0.0, Vec::new(), Vec::new());
    for case in 0..1_usize << unsure.len() {
        let is_idle = |at: usize| unsure.iter().position(|one| *one == at).is_some_and(|nth| case >> nth & 1 == 1);
        let likely = |at: &usize| if is_idle(*at) { taking[*at].idle } else { 1.0 - taking[*at].idle };
        let share: f64 = unsure.iter().map(likely).product();
        let there = || (0..taking.len()).filter(|at| !is_idle(*at)).map(|at| &taking[at]);
        let needed = join.min(there().count());
        let goods: Vec<(f64, Rc<Spread>)> = there().map(|one| (one.ok, one.well.clone())).collect();
        let (enough, time) = Spread::when(needed, &goods);
        ok += share * enough;
        well.push((share * enough, time));
        if enough < 1.0 {
            let bads: Vec<(f64, Rc<Spread>)> = there().map(|one| (1.0 - one.ok, one.badly.clone())).collect();
            badly.push((share * (1.0 - enough), Spread::when(goods.len() - needed + 1, &bads).1));
        }
    }
    Timing { ok: ok.min(1.0), well: Spread::mixed(&well), badly: Spread::mixed(&badly) }
}

/// Of numbers of times that went well before one failed, about so many are looked at.
const MOST_BEFORE: u32 = 8;

/// Of so many branches it is looked at whether they have something to wait for or not.
const MOST_UNSURE: usize = 6;

/// Of more that come one after the other, so many are summed one by one.
const MOST_PARTS: usize = 32;

/// Of all flows together about so many sums are taken, and of one flow from so many to so many.
const MOST_SUMS: u32 = 20_000;
const FEWEST_SUMS: u32 = 20;
const MOST_SUMS_OF_A_FLOW: u32 = 1_000;

/// Of a call that is tried more often, so many tries are looked at.
const MOST_TRIES: u32 = 32;

/// So many laws are kept.
const MOST_LAWS: usize = 16;
