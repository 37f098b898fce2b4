//! What one request of a flow asks of each station, and how long it takes, without queues or with waits that are given.

use crate::network::{ExpectedResponse, Fallback, MeanTimes, NONE, Network, Op, Policy, after, answer_in, branches_of};
use rustc_hash::FxHashMap;

/// What a flow asks of each station, on average and without any waiting.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Seconds of a slot (or of a core) of each station that one request takes.
    pub demand: Vec<f64>,
    /// Visits to each station.
    pub visits: Vec<f64>,
    /// The same, but for what nobody waits for.
    pub awaited: Vec<f64>,
    /// Calls at each site, each counted once however often it is tried.
    pub calls: Vec<f64>,
    /// Tries at each site, and how many seconds each holds what it calls.
    pub tried: Vec<(f64, f64)>,
    /// How often each cache is asked.
    pub(crate) lookups: Vec<f64>,
    /// Alternatives, rounds and branches that one request goes through.
    pub(crate) blocks: f64,
    /// Seconds that one request takes when it is alone.
    pub unloaded_time: f64,
}

/// What one request of a flow costs. Calls that fail are tried again as their policy says; what would follow in a request
/// that has failed is not done. Timeouts are those of a request that never waits.
pub fn cost(network: &Network, program: usize) -> Cost {
    cost_of_mix(network, &[(program, 1.0)], &vec![0.0; network.stations.len()]).0
}

/// What so many requests of some flows cost together, their times alone included, and how long the longest takes alone, when each
/// station makes its callers wait so many seconds, or where cores are shared so many seconds for each of work.
pub(crate) fn cost_of_mix(network: &Network, mix: &[(usize, f64)], waits: &[f64]) -> (Cost, f64) {
    let (mut mixed, mut longest) = (Cost::nothing(network), 0.0_f64);
    for (flow, requests) in mix {
        let mut walk = Walk::new(network, *flow, waits);
        mixed.unloaded_time += requests * walk.unloaded_time;
        longest = longest.max(walk.unloaded_time);
        walk.count(*requests, &mut mixed);
    }
    (mixed, longest)
}

impl Cost {
    fn nothing(network: &Network) -> Cost {
        let zeros = || vec![0.0; network.stations.len()];
        Cost {
            demand: zeros(),
            visits: zeros(),
            awaited: zeros(),
            lookups: zeros(),
            calls: vec![0.0; network.sites.len()],
            tried: vec![(0.0, 0.0); network.sites.len()],
            blocks: 0.0,
            unloaded_time: 0.0,
        }
    }
}

/// How a call is tried.
#[derive(Clone, Copy, Debug)]
struct Tries {
    /// How often, on average.
    count: f64,
    /// How long one try holds the callee, whether its answer is waited for or not.
    held: f64,
    /// How likely what is called instead is.
    instead: f64,
}

pub(crate) struct Walk<'a> {
    network: &'a Network,
    ops: &'a [Op],
    known: &'a FxHashMap<u32, ExpectedResponse>,
    waits: &'a [f64],
    /// How long each operation takes.
    times: Vec<MeanTimes>,
    /// How each call is tried.
    tries: Vec<Option<Tries>>,
    /// How long the whole takes if it goes well.
    pub(super) unloaded_time: f64,
    /// How likely the last call to a station was answered, where it need not be; and of each lookup in a cache, how likely
    /// the cache does not have what is asked for, or does not say so.
    answered: FxHashMap<u32, f64>,
    misses: Vec<f64>,
    /// Whether somebody waits for what is visited.
    is_awaited: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(network: &'a Network, program: usize, waits: &'a [f64]) -> Walk<'a> {
        let (ops, known) = (&network.programs[program].ops, &network.programs[program].expected);
        let mut walk = Walk {
            network,
            ops,
            known,
            waits,
            times: vec![MeanTimes::NOTHING; ops.len()],
            tries: vec![None; ops.len()],
            unloaded_time: 0.0,
            answered: FxHashMap::default(),
            misses: vec![0.0; ops.len()],
            is_awaited: true,
        };
        walk.unloaded_time = walk.time(0, ops.len(), NONE).well;
        walk
    }

    /// Adds what so many requests ask for to a cost.
    fn count(&mut self, requests: f64, cost: &mut Cost) {
        self.visit(0, self.ops.len(), requests, NONE, cost);
    }

    fn shares_cores(&self, station: u32) -> bool {
        self.network.stations.get(station as usize).is_some_and(|station| station.cores.is_some())
    }

    /// How long a station makes its callers wait before they are served: where cores are shared all are served at once.
    fn wait_before(&self, station: u32) -> f64 {
        if self.shares_cores(station) { 0.0 } else { self.waits[station as usize] }
    }

    /// How long the operations from one to before another take at a station, until they are answered.
    fn time(&mut self, start: usize, end: usize, here: u32) -> MeanTimes {
        let (mut at, mut all) = (start, MeanTimes::NOTHING);
        while at < end && !matches!(self.ops[at], Op::Answer) {
            let (times, next) = self.time_of(at, here);
            self.times[at] = times;
            all = all.then(times);
            at = next.max(at + 1);
        }
        all
    }

    fn time_of(&mut self, at: usize, here: u32) -> (MeanTimes, usize) {
        match self.ops[at] {
            Op::Work { site } => {
                let mean = self.network.sites[site as usize].law.map_or(0.0, |law| law.mean());
                let hosts = self.network.stations.get(here as usize).map_or(&[][..], |station| &station.runs_on);
                let on_hosts: f64 = hosts.iter().map(|(host, share)| share * self.waits[*host as usize]).sum();
                // Who shares cores is held up in proportion to his work.
                let here = if self.shares_cores(here) { self.waits[here as usize] } else { 0.0 };
                (MeanTimes::always(mean * (1.0 + on_hosts + here)), at + 1)
            }
            Op::Call { site, end } => self.time_of_call(at, site, end as usize, here),
            Op::Inside { end, .. } => (self.time(at + 1, end as usize, here), end as usize),
            Op::Spawn { end } => {
                self.time(at + 1, end as usize, here);
                (MeanTimes::NOTHING, end as usize)
            }
            Op::Chance { share, end, .. } => (self.perhaps(share, at, end as usize, here), end as usize),
            Op::Miss { hit, end, cache, .. } => {
                self.misses[at] = 1.0 - hit * self.answered.get(&cache).copied().unwrap_or(1.0);
                (self.perhaps(self.misses[at], at, end as usize, here), end as usize)
            }
            Op::Repeat { low, high, end, .. } => {
                let one = self.time(at + 1, end as usize, here);
                let (ok, begun) = repeated(one.ok, low, high);
                let mean = f64::midpoint(f64::from(low), f64::from(high));
                (MeanTimes { all: begun * one.all, ok, well: mean * one.well }, end as usize)
            }
            Op::Parallel { join, end } => (self.time_of_branches(at, join as usize, end as usize, here), end as usize),
            Op::Branch { .. } | Op::Answer => (MeanTimes::NOTHING, at + 1),
            // Its call has looked at it.
            Op::Else { end } => (MeanTimes::NOTHING, end as usize),
        }
    }

    fn perhaps(&mut self, share: f64, at: usize, end: usize, here: u32) -> MeanTimes {
        let inside = self.time(at + 1, end, here);
        let ok = 1.0 - share * (1.0 - inside.ok);
        let well = if ok > 0.0 { share * inside.ok * inside.well / ok } else { 0.0 };
        MeanTimes { all: share * inside.all, ok, well }
    }

    fn time_of_branches(&mut self, at: usize, join: usize, end: usize, here: u32) -> MeanTimes {
        let branches = branches_of(self.ops, at + 1, end);
        let times: Vec<MeanTimes> = branches.iter().map(|(from, to)| self.time(*from, *to, here)).collect();
        let known = self.known.get(&(at as u32)).map_or(MeanTimes::NOTHING, |known| known.times);
        // What is waited for comes on top, on the way that is longest with it.
        let mut means: Vec<f64> = times.iter().map(|one| one.well).collect();
        means.sort_by(f64::total_cmp);
        let last = means.get(join.wrapping_sub(1)).copied().unwrap_or(0.0);
        let is_waiting = self.waits.iter().any(|wait| *wait > 0.0);
        let least = if is_waiting { last } else { 0.0 };
        MeanTimes { all: known.all.max(least), ok: known.ok, well: known.well.max(least) }
    }

    fn time_of_call(&mut self, at: usize, site: u32, end: usize, here: u32) -> (MeanTimes, usize) {
        let called = &self.network.sites[site as usize];
        let policy = &self.network.policies[called.policy as usize];
        let body = self.time(at + 1, end, called.to);
        let held = match answer_in(self.ops, at + 1, end) {
            Some(answer) => body.all + body.ok * self.time(answer + 1, end, called.to).all,
            None => body.all,
        };
        let pool = if called.pool == NONE { 0.0 } else { self.waits[called.pool as usize] };
        let on_the_way = self.wait_before(called.to) + called.latency + pool;
        let ok = body.ok * (1.0 - called.error_rate);
        let usual = MeanTimes { all: body.all + on_the_way, ok, well: body.well + on_the_way };
        // Where calls are late or made again, what is known of them is of those that wait for nobody.
        let known = self.known.get(&(at as u32)).filter(|known| known.late > 0.0 || known.again > 0.0);
        let (one, late, again) = known.map_or((usual, 0.0, 0.0), |known| (known.times, known.late, known.again));
        let failed = (1.0 - one.ok - late).max(0.0);
        let of = |is_retried: bool, share: f64| if is_retried { share } else { 0.0 };
        let retried = of(policy.retried.timeouts, late) + of(policy.retried.errors, failed);
        let retried = within_budget(retried, policy);
        let mut tries = Tries { count: 0.0, held, instead: 0.0 };
        let mut all = MeanTimes { all: 0.0, ok: 0.0, well: 0.0 };
        // How likely it comes to this try, and what was spent until then.
        let (mut share, mut before) = (1.0, 0.0);
        for nth in 0..=policy.retries {
            tries.count += share * (1.0 + again);
            all.all += share * one.all;
            all.ok += share * one.ok;
            all.well += share * one.ok * (before + one.well);
            if nth == policy.retries || share * retried < 1e-12 {
                break;
            }
            let pause = policy.pause_before(nth) * if policy.jitter { 0.5 } else { 1.0 };
            share *= retried;
            all.all += share * pause;
            before += one.badly() + pause;
        }
        all.well = if all.ok > 0.0 { all.well / all.ok } else { 0.0 };
        self.answered.insert(called.to, all.ok);
        let next = match (policy.fallback, self.ops.get(end)) {
            (Fallback::None, _) => end,
            (Fallback::Station(_), Some(Op::Else { end: after })) => {
                let after = *after as usize;
                tries.instead = 1.0 - all.ok;
                let instead = self.time(end + 1, after, here);
                let whole = all.all + tries.instead * instead.all;
                let ok = all.ok + tries.instead * instead.ok;
                let badly = all.badly();
                let well = all.ok * all.well + tries.instead * instead.ok * (badly + instead.well);
                all = MeanTimes { all: whole, ok, well: if ok > 0.0 { well / ok } else { 0.0 } };
                after
            }
            (Fallback::GoOn | Fallback::Station(_), _) => {
                all = MeanTimes::always(all.all);
                end
            }
        };
        self.tries[at] = Some(tries);
        (all, next)
    }

    /// Counts what the operations from one to before another ask for, if they are begun so many times each request.
    fn visit(&mut self, start: usize, end: usize, times: f64, here: u32, cost: &mut Cost) {
        let (mut at, mut times) = (start, times);
        while at < end {
            let ok = self.times[at].ok;
            let next = self.visit_op(at, times, here, cost);
            times *= ok;
            at = next.max(at + 1);
        }
    }

    /// Asks for seconds of a station's slots or cores.
    fn ask(&self, station: u32, seconds: f64, cost: &mut Cost) {
        cost.demand[station as usize] += seconds;
        if self.is_awaited {
            cost.awaited[station as usize] += seconds;
        }
    }

    fn visit_op(&mut self, at: usize, times: f64, here: u32, cost: &mut Cost) -> usize {
        match self.ops[at] {
            Op::Work { site } => {
                let mean = self.network.sites[site as usize].law.map_or(0.0, |law| law.mean());
                if self.shares_cores(here) {
                    // Of shared cores only the work itself takes any.
                    self.ask(here, times * mean, cost);
                }
                let hosts = self.network.stations.get(here as usize).map_or(&[][..], |station| &station.runs_on);
                for (host, share) in hosts {
                    cost.visits[*host as usize] += times * share;
                    self.ask(*host, times * share * mean, cost);
                }
                at + 1
            }
            Op::Call { site, end } => self.visit_call(at, site, end as usize, times, here, cost),
            Op::Spawn { end } => {
                cost.blocks += times;
                let was_awaited = std::mem::replace(&mut self.is_awaited, false);
                self.visit(at + 1, end as usize, times, here, cost);
                self.is_awaited = was_awaited;
                end as usize
            }
            Op::Inside { end, .. } => {
                self.visit(at + 1, end as usize, times, here, cost);
                end as usize
            }
            Op::Chance { share, end, .. } => {
                cost.blocks += times;
                self.visit(at + 1, end as usize, times * share, here, cost);
                end as usize
            }
            Op::Miss { end, cache, .. } => {
                cost.blocks += times;
                if let Some(asked) = cost.lookups.get_mut(cache as usize) {
                    *asked += times;
                }
                self.visit(at + 1, end as usize, times * self.misses[at], here, cost);
                end as usize
            }
            Op::Repeat { low, high, end, .. } => {
                let (_, begun) = repeated(self.range_ok(at + 1, end as usize), low, high);
                cost.blocks += times * (1.0 + begun);
                self.visit(at + 1, end as usize, times * begun, here, cost);
                end as usize
            }
            Op::Parallel { end, .. } => {
                for (from, to) in branches_of(self.ops, at + 1, end as usize) {
                    cost.blocks += times;
                    self.visit(from, to, times, here, cost);
                }
                end as usize
            }
            Op::Branch { .. } | Op::Answer => at + 1,
            Op::Else { end } => end as usize,
        }
    }

    /// How long a try of a call holds the callee; 0 if it is never made.
    pub(crate) fn held(&self, at: usize) -> f64 {
        self.tries[at].map_or(0.0, |tries| tries.held)
    }

    /// How likely all the operations from one to before another go well.
    pub(crate) fn range_ok(&self, start: usize, end: usize) -> f64 {
        let (mut at, mut ok) = (start, 1.0);
        while at < end && !matches!(self.ops[at], Op::Answer) {
            ok *= self.times[at].ok;
            at = after(self.ops, at);
        }
        ok
    }

    fn visit_call(&mut self, at: usize, site: u32, end: usize, times: f64, here: u32, cost: &mut Cost) -> usize {
        let called = &self.network.sites[site as usize];
        let Some(tries) = self.tries[at] else { return end };
        let tried = times * tries.count;
        let wait = self.wait_before(called.to);
        cost.visits[called.to as usize] += tried;
        cost.calls[site as usize] += times;
        cost.tried[site as usize].0 += tried;
        cost.tried[site as usize].1 = tries.held;
        if !self.shares_cores(called.to) {
            self.ask(called.to, tried * tries.held, cost);
        }
        if called.pool != NONE {
            let answered = self.until_answer(at, end);
            cost.visits[called.pool as usize] += tried;
            self.ask(called.pool, tried * (answered + wait + called.latency), cost);
        }
        self.visit(at + 1, end, tried, called.to, cost);
        match self.ops.get(end) {
            Some(Op::Else { end: after }) if tries.instead > 0.0 => {
                self.visit(end + 1, *after as usize, times * tries.instead, here, cost);
                *after as usize
            }
            _ => end,
        }
    }

    /// How long a call is worked on until its answer.
    pub(super) fn until_answer(&self, at: usize, end: usize) -> f64 {
        let (mut inside, mut all) = (at + 1, MeanTimes::NOTHING);
        while inside < end && !matches!(self.ops[inside], Op::Answer) {
            all = all.then(self.times[inside]);
            inside = after(self.ops, inside);
        }
        all.all
    }
}

/// If something goes well with this probability and is done from so many to so many times, each number as likely, until it
/// fails: how likely all of it goes well, and how often it is begun on average.
pub(crate) fn repeated(ok: f64, low: u32, high: u32) -> (f64, f64) {
    if ok >= 1.0 {
        return (1.0, f64::midpoint(f64::from(low), f64::from(high)));
    }
    let counts = f64::from(high - low + 1);
    let all = (libm::pow(ok, f64::from(low)) - libm::pow(ok, f64::from(high) + 1.0)) / (1.0 - ok) / counts;
    (all, (1.0 - all) / (1.0 - ok))
}

/// The share of calls that are tried again after each try, as far as the budget for retries allows.
pub(crate) fn within_budget(retried: f64, policy: &Policy) -> f64 {
    let Some(budget) = policy.budget.filter(|_| retried > 0.0) else { return retried };
    let retries = |share: f64| (1..=policy.retries.min(1_000)).map(|nth| libm::pow(share, f64::from(nth))).sum::<f64>();
    if retries(retried) <= budget {
        return retried;
    }
    let (mut low, mut high) = (0.0, retried);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if retries(middle) > budget { high = middle } else { low = middle }
    }
    low
}
