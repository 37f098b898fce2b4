//! What one request of a flow asks of each station, and how long it takes, without queues or with waits that are given.

use crate::network::{
    CallSite, ExpectedResponse, Fallback, MeanTimes, Network, Op, OpId, Policy, SiteId, Stall, Station, StationId,
};
use crate::network::{after, branches_of, cases_of};
use groma_model::{FlowId, Per, Table};
use rustc_hash::FxHashMap;

/// What a flow asks of each station, on average and without any waiting.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Seconds of a slot (or of a core) of each station that one request takes.
    pub demand: Per<Station, f64>,
    /// Visits to each station.
    pub visits: Per<Station, f64>,
    /// Of the seconds of `demand`, those that somebody waits for.
    pub awaited: Per<Station, f64>,
    /// Calls at each site, each counted once however often it is tried.
    pub calls: Per<CallSite, f64>,
    /// Tries at each site, and how many seconds each holds what it calls.
    pub tried: Per<CallSite, (f64, f64)>,
    /// How often each cache is asked.
    pub(crate) lookups: Per<Station, f64>,
    /// Alternatives, rounds and branches that one request goes through.
    pub(crate) blocks: f64,
    /// Seconds that one request takes when it is alone.
    pub unloaded_time: f64,
}

/// What one request of a flow costs. Calls that fail are tried again as their policy says; what would follow in a request
/// that has failed is not done. Timeouts are those of a request that never waits.
pub fn cost(network: &Network, flow: FlowId) -> Cost {
    cost_of_mix(network, &[(flow, 1.0)], &network.stations.beside(0.0)).0
}

/// What so many requests of some flows cost together, their times alone included, and how long the longest takes alone, when each
/// station makes its callers wait so many seconds, or where cores are shared so many seconds for each of work.
pub(crate) fn cost_of_mix(network: &Network, mix: &[(FlowId, f64)], waits: &Per<Station, f64>) -> (Cost, f64) {
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
    pub(super) fn nothing(network: &Network) -> Cost {
        let zeros = || network.stations.beside(0.0);
        Cost {
            demand: zeros(),
            visits: zeros(),
            awaited: zeros(),
            lookups: zeros(),
            calls: network.sites.beside(0.0),
            tried: network.sites.beside((0.0, 0.0)),
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

/// How one try of a call goes.
pub(super) struct OneTry {
    pub(super) times: MeanTimes,
    /// The share that is given up after the timeout.
    pub(super) late: f64,
    /// The share that is made a second time before it is answered.
    again: f64,
}

impl OneTry {
    /// How likely it comes to each try, and how long the pause before it is.
    pub(super) fn reached(&self, policy: &Policy) -> impl Iterator<Item = (f64, f64)> {
        let failed = (1.0 - self.times.ok - self.late).max(0.0);
        let of = |is_retried: bool, share: f64| if is_retried { share } else { 0.0 };
        let retried = of(policy.retried.timeouts, self.late) + of(policy.retried.errors, failed);
        let retried = within_budget(retried, self.times.ok, policy);
        let next = move |share: &f64| Some(share * retried).filter(|share| *share >= 1e-12);
        let jitter = if policy.jitter { 0.5 } else { 1.0 };
        let pause = move |nth: u32| nth.checked_sub(1).map_or(0.0, |before| policy.pause_before(before) * jitter);
        std::iter::successors(Some(1.0), next).zip((0..=policy.retries).map(pause))
    }

    /// How all tries together go, and how many there are on average.
    fn tried(&self, policy: &Policy) -> (MeanTimes, f64) {
        let one = self.times;
        let (mut count, mut all) = (0.0, MeanTimes { all: 0.0, ok: 0.0, well: 0.0 });
        let mut before = 0.0;
        for (nth, (share, pause)) in self.reached(policy).enumerate() {
            if nth > 0 {
                all.all += share * pause;
                before += one.badly() + pause;
            }
            count += share * (1.0 + self.again);
            all.all += share * one.all;
            all.ok += share * one.ok;
            all.well += share * one.ok * (before + one.well);
        }
        all.well = if all.ok > 0.0 { all.well / all.ok } else { 0.0 };
        (all, count)
    }
}

pub(crate) struct Walk<'a> {
    pub(super) network: &'a Network,
    pub(super) ops: &'a Table<Op>,
    known: &'a FxHashMap<OpId, ExpectedResponse>,
    waits: &'a Per<Station, f64>,
    /// How long each operation takes.
    pub(super) times: Per<Op, MeanTimes>,
    /// How each call is tried.
    tries: Per<Op, Option<Tries>>,
    /// How often each operation is begun by one request, once that was counted.
    pub(super) begun: Per<Op, f64>,
    /// How long the whole takes if it goes well.
    pub(super) unloaded_time: f64,
    /// How likely the last call to a station was answered, where it need not be; and of each lookup in a cache, how likely
    /// the cache does not have what is asked for, or does not say so.
    answered: FxHashMap<StationId, f64>,
    pub(super) misses: Per<Op, f64>,
    /// Whether somebody waits for what is visited.
    is_awaited: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(network: &'a Network, flow: FlowId, waits: &'a Per<Station, f64>) -> Walk<'a> {
        let program = &network.programs[flow];
        let (ops, known) = (&program.ops, &program.expected);
        let mut walk = Walk {
            network,
            ops,
            known,
            waits,
            times: ops.beside(MeanTimes::NOTHING),
            tries: ops.beside(None),
            begun: ops.beside(0.0),
            unloaded_time: 0.0,
            answered: FxHashMap::default(),
            misses: ops.beside(0.0),
            is_awaited: true,
        };
        walk.unloaded_time = walk.time(OpId::FIRST, ops.end(), None).well;
        walk
    }

    /// Adds what so many requests ask for to a cost.
    pub(super) fn count(&mut self, requests: f64, cost: &mut Cost) {
        self.visit(OpId::FIRST, self.ops.end(), requests, None, cost);
    }

    pub(super) fn shares_cores(&self, station: StationId) -> bool {
        self.network.stations[station].cores.is_some()
    }

    /// Whose cores are shared where a request is, if any are.
    fn shared(&self, here: Option<StationId>) -> Option<StationId> {
        here.filter(|here| self.shares_cores(*here))
    }

    /// The hosts that share the work where a request is.
    pub(super) fn hosts(&self, here: Option<StationId>) -> &'a [(StationId, f64)] {
        here.map_or(&[], |here| &self.network.stations[here].runs_on)
    }

    /// How the replicas stall where a request is, if they do.
    fn stall(&self, here: Option<StationId>) -> Option<Stall> {
        here.and_then(|here| self.network.stations[here].stall)
    }

    /// How many times longer work takes on a station's own cores where its replicas stall: a stalled one does nothing on them.
    fn stretch(&self, here: Option<StationId>, cores: StationId) -> f64 {
        let is_own = here == Some(cores) || here.is_some() && self.network.stations[cores].owner == here;
        self.stall(here).filter(|_| is_own).map_or(1.0, |stall| stall.stretch())
    }

    /// How long a station makes its callers wait before they are served: where cores are shared all are served at once.
    pub(super) fn wait_before(&self, station: StationId) -> f64 {
        if self.shares_cores(station) { 0.0 } else { self.waits[station] }
    }

    /// How long the operations from one to before another take at a station, until they are answered.
    fn time(&mut self, start: OpId, end: OpId, here: Option<StationId>) -> MeanTimes {
        let (mut at, mut all) = (start, MeanTimes::NOTHING);
        while at < end && !matches!(self.ops[at], Op::Answer) {
            let (times, next) = self.time_of(at, here);
            self.times[at] = times;
            all = all.then(times);
            at = next.max(at.next());
        }
        all
    }

    fn time_of(&mut self, at: OpId, here: Option<StationId>) -> (MeanTimes, OpId) {
        match self.ops[at] {
            Op::Work { site } => {
                let mean = self.network.sites[site].law.map_or(0.0, |law| law.mean());
                let on_hosts: f64 = self.hosts(here).iter().map(|(host, share)| share * self.waits[*host]).sum();
                // Who shares cores is held up in proportion to his work.
                let stalls = self.stall(here).map_or(0.0, |stall| stall.stretch() - 1.0);
                let here = self.shared(here).map_or(0.0, |here| self.waits[here]);
                (MeanTimes::always(mean * (1.0 + on_hosts + here + stalls)), at.next())
            }
            Op::Call { site, end } => self.time_of_call(at, site, end, here),
            Op::Inside { end, .. } => (self.time(at.next(), end, here), end),
            Op::Spawn { end } => {
                self.time(at.next(), end, here);
                (MeanTimes::NOTHING, end)
            }
            Op::Chance { share, end, .. } => (self.perhaps(share, at, end, here), end),
            Op::Miss { hit, end, cache, .. } => {
                self.misses[at] = 1.0 - hit * cache.and_then(|cache| self.answered.get(&cache)).copied().unwrap_or(1.0);
                (self.perhaps(self.misses[at], at, end, here), end)
            }
            Op::Repeat { count, end, .. } => {
                let one = self.time(at.next(), end, here);
                let (ok, begun) = (count.all_well(one.ok), count.begun(one.ok));
                // More times are less likely to go well all of them.
                (MeanTimes { all: begun * one.all, ok, well: count.mean_if_well(one.ok) * one.well }, end)
            }
            Op::Parallel { join, end } => (self.time_of_branches(at, join as usize, end, here), end),
            Op::Either { end, .. } => (self.time_of_cases(at, end, here), end),
            Op::Branch { .. } | Op::Case { .. } | Op::Answer | Op::Part => (MeanTimes::NOTHING, at.next()),
            // Its call has looked at it.
            Op::Else { end } => (MeanTimes::NOTHING, end),
        }
    }

    fn perhaps(&mut self, share: f64, at: OpId, end: OpId, here: Option<StationId>) -> MeanTimes {
        let inside = self.time(at.next(), end, here);
        let ok = 1.0 - share * (1.0 - inside.ok);
        let well = if ok > 0.0 { share * inside.ok * inside.well / ok } else { 0.0 };
        MeanTimes { all: share * inside.all, ok, well }
    }

    fn time_of_cases(&mut self, at: OpId, end: OpId, here: Option<StationId>) -> MeanTimes {
        let (mut all, mut ok, mut well) = (0.0, 0.0, 0.0);
        for case in cases_of(self.ops, at.next(), end) {
            let inside = self.time(case.start, case.end, here);
            all += case.share * inside.all;
            ok += case.share * inside.ok;
            well += case.share * inside.ok * inside.well;
        }
        MeanTimes { all, ok, well: if ok > 0.0 { well / ok } else { 0.0 } }
    }

    /// How long what is done after the answers of a call takes, whose operations from one to before another were looked at.
    fn time_behind(&mut self, start: OpId, end: OpId, here: Option<StationId>) -> f64 {
        let (mut at, mut ok, mut all) = (start, 1.0, 0.0);
        while at < end {
            match self.ops[at] {
                Op::Answer => return all + ok * self.time(at.next(), end, here).all,
                Op::Either { end, .. } => {
                    for case in cases_of(self.ops, at.next(), end) {
                        all += ok * case.share * self.time_behind(case.start, case.end, here);
                    }
                }
                Op::Work { .. }
                | Op::Call { .. }
                | Op::Spawn { .. }
                | Op::Chance { .. }
                | Op::Miss { .. }
                | Op::Repeat { .. }
                | Op::Else { .. }
                | Op::Parallel { .. }
                | Op::Branch { .. }
                | Op::Case { .. }
                | Op::Part
                | Op::Inside { .. } => {}
            }
            ok *= self.times[at].ok;
            at = after(self.ops, at);
        }
        all
    }

    fn time_of_branches(&mut self, at: OpId, join: usize, end: OpId, here: Option<StationId>) -> MeanTimes {
        let branches = branches_of(self.ops, at.next(), end);
        let times: Per<Op, MeanTimes> = branches.iter().map(|(from, to)| self.time(*from, *to, here)).collect();
        let known = self.known.get(&at).map_or(MeanTimes::NOTHING, |known| known.times);
        // What is waited for comes on top, on the way that is longest with it.
        let mut means: Vec<f64> = times.iter().map(|one| one.well).collect();
        means.sort_by(f64::total_cmp);
        let last = means.get(join.wrapping_sub(1)).copied().unwrap_or(0.0);
        let is_waiting = self.waits.iter().any(|wait| *wait > 0.0);
        let least = if is_waiting { last } else { 0.0 };
        MeanTimes { all: known.all.max(least), ok: known.ok, well: known.well.max(least) }
    }

    /// How long a call takes until it is worked on. Who comes in a stall waits for its end; the slot that he holds meanwhile is
    /// none that others could use.
    fn on_the_way(&self, called: &CallSite) -> f64 {
        let pool = called.pool.map_or(0.0, |pool| self.waits[pool]);
        let stalled = self.stall(Some(called.to)).map_or(0.0, |stall| stall.rest());
        self.wait_before(called.to) + called.latency + pool + stalled
    }

    fn time_of_call(&mut self, at: OpId, site: SiteId, end: OpId, here: Option<StationId>) -> (MeanTimes, OpId) {
        let called = &self.network.sites[site];
        let policy = self.network.policy_of(site);
        let body = self.time(at.next(), end, Some(called.to));
        let held = body.all + self.time_behind(at.next(), end, Some(called.to));
        let one = self.one_try(at, site, body);
        let (mut all, count) = one.tried(policy);
        // Who has made it takes an answer that comes in a stall when that is over.
        let rest = self.stall(here).map_or(0.0, |stall| stall.rest());
        (all.all, all.well) = (all.all + rest, all.well + rest);
        self.answered.insert(called.to, all.ok);
        let mut tries = Tries { count, held, instead: 0.0 };
        let (times, next) = match (policy.fallback, self.ops.get(end)) {
            (Fallback::None, _) => (all, end),
            (Fallback::Station(_), Some(Op::Else { end: after })) => {
                let after = *after;
                tries.instead = 1.0 - all.ok;
                (all.or_else(self.time(end.next(), after, here)), after)
            }
            (Fallback::GoOn | Fallback::Station(_), _) => (MeanTimes::always(all.all), end),
        };
        self.tries[at] = Some(tries);
        (times, next)
    }

    /// How one try of a call goes that takes so long there.
    pub(super) fn one_try(&self, at: OpId, site: SiteId, body: MeanTimes) -> OneTry {
        let called = &self.network.sites[site];
        let on_the_way = self.on_the_way(called);
        let ok = body.ok * (1.0 - called.error_rate);
        let usual = MeanTimes { all: body.all + on_the_way, ok, well: body.well + on_the_way };
        // Where calls are late or made again, what is known of them is of those that wait for nobody.
        let known = self.known.get(&at).filter(|known| known.late > 0.0 || known.again > 0.0);
        known.map_or(OneTry { times: usual, late: 0.0, again: 0.0 }, |known| OneTry {
            times: known.times,
            late: known.late,
            again: known.again,
        })
    }

    /// Counts what the operations from one to before another ask for, if they are begun so many times each request.
    fn visit(&mut self, start: OpId, end: OpId, times: f64, here: Option<StationId>, cost: &mut Cost) {
        let (mut at, mut times) = (start, times);
        while at < end {
            let ok = self.times[at].ok;
            self.begun[at] += times;
            let next = self.visit_op(at, times, here, cost);
            times *= ok;
            at = next.max(at.next());
        }
    }

    /// Asks for seconds of a station's slots or cores.
    fn ask(&self, station: StationId, seconds: f64, cost: &mut Cost) {
        cost.demand[station] += seconds;
        if self.is_awaited {
            cost.awaited[station] += seconds;
        }
    }

    fn visit_work(&self, site: SiteId, times: f64, here: Option<StationId>, cost: &mut Cost) {
        let mean = self.network.sites[site].law.map_or(0.0, |law| law.mean());
        if let Some(here) = self.shared(here) {
            // Of shared cores only the work itself takes any.
            self.ask(here, times * mean * self.stretch(Some(here), here), cost);
        }
        for (host, share) in self.hosts(here) {
            cost.visits[*host] += times * share;
            self.ask(*host, times * share * mean * self.stretch(here, *host), cost);
        }
    }

    /// Adds what an operation asks for that happens so many times; the place behind it. Long because it tells apart every kind of
    /// operation.
    fn visit_op(&mut self, at: OpId, times: f64, here: Option<StationId>, cost: &mut Cost) -> OpId {
        match self.ops[at] {
            Op::Work { site } => {
                self.visit_work(site, times, here, cost);
                at.next()
            }
            Op::Call { site, end } => self.visit_call(at, site, end, times, here, cost),
            Op::Spawn { end } => {
                cost.blocks += times;
                let was_awaited = std::mem::replace(&mut self.is_awaited, false);
                self.visit(at.next(), end, times, here, cost);
                self.is_awaited = was_awaited;
                end
            }
            Op::Inside { end, .. } => {
                self.visit(at.next(), end, times, here, cost);
                end
            }
            Op::Chance { share, end, .. } => {
                cost.blocks += times;
                self.visit(at.next(), end, times * share, here, cost);
                end
            }
            Op::Miss { end, cache, .. } => {
                cost.blocks += times;
                if let Some(cache) = cache {
                    cost.lookups[cache] += times;
                }
                self.visit(at.next(), end, times * self.misses[at], here, cost);
                end
            }
            Op::Repeat { count, end, .. } => {
                let begun = count.begun(self.range(at.next(), end).ok);
                cost.blocks += times * (1.0 + begun);
                self.visit(at.next(), end, times * begun, here, cost);
                end
            }
            Op::Parallel { end, .. } => {
                for (from, to) in branches_of(self.ops, at.next(), end) {
                    cost.blocks += times;
                    self.visit(from, to, times, here, cost);
                }
                end
            }
            Op::Either { end, .. } => {
                cost.blocks += 2.0 * times;
                for case in cases_of(self.ops, at.next(), end) {
                    self.visit(case.start, case.end, times * case.share, here, cost);
                }
                end
            }
            Op::Branch { .. } | Op::Case { .. } | Op::Answer | Op::Part => at.next(),
            Op::Else { end } => end,
        }
    }

    /// How long a try of a call holds the callee; 0 if it is never made.
    pub(crate) fn held(&self, at: OpId) -> f64 {
        self.tries[at].map_or(0.0, |tries| tries.held)
    }

    /// How often a call is tried, for each time that it is made.
    pub(super) fn tries_of(&self, at: OpId) -> f64 {
        self.tries[at].map_or(0.0, |tries| tries.count)
    }

    /// How the operations from one to before another go, until they are answered, as was found before.
    pub(super) fn range(&self, start: OpId, end: OpId) -> MeanTimes {
        let (mut at, mut all) = (start, MeanTimes::NOTHING);
        while at < end && !matches!(self.ops[at], Op::Answer) {
            all = all.then(self.times[at]);
            at = after(self.ops, at);
        }
        all
    }

    fn visit_call(
        &mut self,
        at: OpId,
        site: SiteId,
        end: OpId,
        times: f64,
        here: Option<StationId>,
        cost: &mut Cost,
    ) -> OpId {
        let called = &self.network.sites[site];
        let Some(tries) = self.tries[at] else { return end };
        let tried = times * tries.count;
        let wait = self.wait_before(called.to);
        cost.visits[called.to] += tried;
        cost.calls[site] += times;
        cost.tried[site].0 += tried;
        cost.tried[site].1 = tries.held;
        if !self.shares_cores(called.to) {
            self.ask(called.to, tried * tries.held, cost);
        }
        if let Some(pool) = called.pool {
            let answered = self.until_answer(at, end);
            cost.visits[pool] += tried;
            self.ask(pool, tried * (answered + wait + called.latency), cost);
        }
        self.visit(at.next(), end, tried, Some(called.to), cost);
        match self.ops.get(end) {
            Some(Op::Else { end: after }) if tries.instead > 0.0 => {
                self.visit(end.next(), *after, times * tries.instead, here, cost);
                *after
            }
            _ => end,
        }
    }

    /// How long a call is worked on until its answer.
    pub(super) fn until_answer(&self, at: OpId, end: OpId) -> f64 {
        self.range(at.next(), end).all
    }
}

/// The share of calls that are tried again after each try, of which this share succeeds, as far as the budget for retries allows.
pub(crate) fn within_budget(retried: f64, ok: f64, policy: &Policy) -> f64 {
    let Some(budget) = policy.budget.filter(|_| retried > 0.0) else { return retried };
    // Who cannot save up a whole token never spends one.
    let budget = if budget.cap < 1.0 { 0.0 } else { budget.for_each_call(ok) };
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
