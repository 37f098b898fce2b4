//! What is so rare that it may never have been met in what was simulated, and how much it adds on average.
//!
//! An interval that is made of what was seen tells nothing of a course that a request takes once in a hundred thousand times, if
//! fewer were seen: none may be among them, however long it takes. But the network tells how likely each course is (a `case`, a
//! `chance`, a `miss`, a try after a failure, what is done instead) and how long it takes without waiting, and so how much of
//! the mean is missing if it was never met. The same holds of the longest times of work, where a law has a heavy tail. Whoever holds a slot for so long lets others wait: that follows from the second
//! moment of how long slots are held.

use super::ENOUGH;
use super::breakers::{RareTrips, rare_trips, turned_away};
use super::cost::{Cost, OneTry, Walk};
use crate::demand::Demand;
use crate::network::{
    Counter, Fallback, MeanTimes, Network, Op, OpId, SiteId, Station, StationId, behind_answers, counter_of,
};
use crate::network::{after, branches_of, cases_of};
use crate::queueing;
use groma_model::{Flow, FlowId, Per};

/// If so large a share of the second moment comes of times that few enough take, the tail of a law is heavy: of an exponential law and
/// of those that vary less it is not, and what was seen tells enough.
const HEAVY: f64 = 0.05;

/// How much more there is on average than what was surely met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unseen {
    /// Seconds of the mean time of what is counted.
    pub(crate) times: Per<Counter, f64>,
    /// Slots or cores in use.
    pub(crate) busy: Per<Station, f64>,
    /// Requests that wait.
    pub(crate) waiting: Per<Station, f64>,
    /// Breakers that open by chance, so seldom that too few were to be seen to.
    pub(crate) trips: Vec<RareTrips>,
    /// The shares of what is counted that fail because of them, and that rest on a fallback.
    pub(crate) failing: Per<Counter, f64>,
    pub(crate) degraded: Per<Counter, f64>,
}

/// How much longer something takes on average because of what is rare.
#[derive(Clone, Copy, Debug)]
struct Extra {
    /// In seconds, whatever comes of it.
    all: f64,
    /// If it goes well.
    well: f64,
    /// The second moment of what is rare, as if it were exponential.
    square: f64,
}

impl Extra {
    const NOTHING: Extra = Extra { all: 0.0, well: 0.0, square: 0.0 };

    /// All of it is rare.
    fn whole(times: MeanTimes) -> Extra {
        Extra { all: times.all, well: times.well, square: 2.0 * times.all * times.all }
    }

    /// If it fails, which it does not with probability `ok`.
    fn badly(self, ok: f64) -> f64 {
        if ok < 1.0 { ((self.all - ok * self.well) / (1.0 - ok)).max(0.0) } else { 0.0 }
    }
}

/// A flow of which so many requests were seen.
struct Rare<'a> {
    walk: &'a Walk<'a>,
    requests: f64,
}

impl Rare<'_> {
    /// Whether what a share of those do who come to an operation was hardly met.
    fn is_rare(&self, at: OpId, share: f64) -> bool {
        self.requests * self.walk.begun[at] * share < ENOUGH
    }

    /// Of the operations from one to before another, until they are answered.
    fn range(&self, start: OpId, end: OpId) -> Extra {
        let (mut at, mut sum, mut ok) = (start, Extra::NOTHING, 1.0);
        while at < end && !matches!(self.walk.ops[at], Op::Answer) {
            let one = self.of(at);
            sum =
                Extra { all: sum.all + ok * one.all, well: sum.well + one.well, square: sum.square + ok * one.square };
            ok *= self.walk.times[at].ok;
            at = after(self.walk.ops, at);
        }
        sum
    }

    fn of(&self, at: OpId) -> Extra {
        let ops = self.walk.ops;
        match ops[at] {
            Op::Call { site, end } => self.call(at, site, end),
            Op::Inside { end, .. } => self.range(at.next(), end),
            Op::Chance { share, end, .. } => self.courses(at, [(share, at.next(), end)]),
            Op::Miss { end, .. } => self.courses(at, [(self.walk.misses[at], at.next(), end)]),
            Op::Either { end, .. } => {
                let cases = cases_of(ops, at.next(), end).into_iter();
                self.courses(at, cases.map(|case| (case.share, case.start, case.end)))
            }
            Op::Repeat { count, end, .. } => {
                let (one, ok) = (self.range(at.next(), end), self.walk.range(at.next(), end).ok);
                let begun = count.begun(ok);
                Extra { all: begun * one.all, well: count.mean_if_well(ok) * one.well, square: begun * one.square }
            }
            // At most as much as that of all branches, and no more than all of it.
            Op::Parallel { end, .. } => {
                let branches = branches_of(ops, at.next(), end).into_iter();
                let each = branches.map(|(from, to)| self.range(from, to));
                let add = |sum: Extra, one: Extra| Extra {
                    all: sum.all + one.all,
                    well: sum.well + one.well,
                    square: sum.square + one.square,
                };
                let (sum, times) = (each.fold(Extra::NOTHING, add), self.walk.times[at]);
                Extra { all: sum.all.min(times.all), well: sum.well.min(times.well), ..sum }
            }
            Op::Work { site } => self.longest(at, site),
            Op::Spawn { .. } | Op::Else { .. } => Extra::NOTHING,
            Op::Branch { .. } | Op::Case { .. } | Op::Answer | Op::Part => Extra::NOTHING,
        }
    }

    /// Of work: the longest times, which few enough requests take.
    fn longest(&self, at: OpId, site: SiteId) -> Extra {
        let Some(law) = self.walk.network.sites[site].law else { return Extra::NOTHING };
        let (mean, square) = law.beyond((ENOUGH / (self.requests * self.walk.begun[at])).min(1.0));
        let of_all = (1.0 + law.scv()) * law.mean() * law.mean();
        if law.scv() <= 1.0 || square < HEAVY * of_all {
            return Extra::NOTHING;
        }
        Extra { all: mean, well: mean, square }
    }

    /// Of courses of which one is taken, or none, each with its share.
    fn courses(&self, at: OpId, courses: impl IntoIterator<Item = (f64, OpId, OpId)>) -> Extra {
        let (mut sum, whole) = (Extra::NOTHING, self.walk.times[at].ok);
        for (share, start, end) in courses {
            let times = self.walk.range(start, end);
            let one = if self.is_rare(at, share) { Extra::whole(times) } else { self.range(start, end) };
            sum.all += share * one.all;
            sum.well += if whole > 0.0 { share * times.ok * one.well / whole } else { 0.0 };
            sum.square += share * one.square;
        }
        sum
    }

    fn call(&self, at: OpId, site: SiteId, end: OpId) -> Extra {
        let (ops, policy) = (self.walk.ops, self.walk.network.policy_of(site));
        let one = self.walk.one_try(at, site, self.walk.range(at.next(), end));
        let (all, tried) = self.tries(at, &one, self.range(at.next(), end));
        match (policy.fallback, ops.get(end)) {
            (Fallback::None, _) => tried,
            (Fallback::Station(_), Some(Op::Else { end: after })) => {
                self.or_else(at, (all, tried), (self.walk.range(end.next(), *after), self.range(end.next(), *after)))
            }
            (Fallback::GoOn | Fallback::Station(_), _) => {
                self.or_else(at, (all, tried), (MeanTimes::NOTHING, Extra::NOTHING))
            }
        }
    }

    /// Of all tries of a call, with how they go: of the first no more than what `inside` says, of those that are rare all.
    fn tries(&self, at: OpId, one: &OneTry, inside: Extra) -> (MeanTimes, Extra) {
        let Op::Call { site, .. } = self.walk.ops[at] else { return (MeanTimes::NOTHING, Extra::NOTHING) };
        let policy = self.walk.network.policy_of(site);
        let times = one.times;
        // What is longer than its caller waits is given up.
        let mut own = Extra { all: inside.all.min(times.all), well: inside.well.min(times.well), ..inside };
        let given_up = policy.timeout.filter(|_| one.late > 0.0 && self.is_rare(at, one.late));
        own.all = own.all.max(given_up.map_or(0.0, |timeout| one.late * timeout));
        let (mut all, mut sum) = (MeanTimes { all: 0.0, ok: 0.0, well: 0.0 }, Extra::NOTHING);
        let (mut before, mut before_extra) = (0.0, 0.0);
        for (nth, (share, pause)) in one.reached(policy).enumerate() {
            if nth > 0 {
                before += times.badly() + pause;
                before_extra += own.badly(times.ok);
            }
            let is_rare = nth > 0 && self.is_rare(at, share);
            let now = if is_rare { Extra::whole(times) } else { own };
            all.all += share * (times.all + pause);
            all.ok += share * times.ok;
            all.well += share * times.ok * (before + times.well);
            sum.all += share * (now.all + if is_rare { pause } else { 0.0 });
            sum.well += share * times.ok * (now.well + if is_rare { before } else { before_extra });
            sum.square += share * now.square;
        }
        if all.ok > 0.0 {
            (all.well, sum.well) = (all.well / all.ok, sum.well / all.ok);
        }
        (all, sum)
    }

    /// Of a call, and of what is done instead where it fails.
    fn or_else(&self, at: OpId, (all, own): (MeanTimes, Extra), (instead, other): (MeanTimes, Extra)) -> Extra {
        let failed = 1.0 - all.ok;
        let is_rare = self.is_rare(at, failed);
        let (other, before) = if is_rare { (Extra::whole(instead), all.badly()) } else { (other, own.badly(all.ok)) };
        let ok = all.ok + failed * instead.ok;
        let well = all.ok * own.well + failed * instead.ok * (before + other.well);
        Extra {
            all: own.all + failed * other.all,
            well: if ok > 0.0 { well / ok } else { 0.0 },
            square: own.square + failed * other.square,
        }
    }

    /// What holds a slot, or is done, and is rare: seconds and their second moment.
    fn held(&self, at: OpId, end: OpId) -> Extra {
        if self.is_rare(at, 1.0) {
            let held = self.walk.held(at);
            return Extra::whole(MeanTimes::always(held));
        }
        let behind = behind_answers(self.walk.ops, at.next(), end).into_iter().map(|(from, to)| self.range(from, to));
        let add = |sum: Extra, one: Extra| Extra { all: sum.all + one.all, square: sum.square + one.square, ..sum };
        behind.fold(self.range(at.next(), end), add)
    }
}

/// What the requests of one flow do at stations and are counted for, with the share of it that is rare.
struct Sums {
    /// Seconds of slots and cores of each station, and their second moment.
    busy: Per<Station, (f64, f64)>,
    /// Of those who watch calls: how many go well, and their seconds that are rare.
    calls: Per<Counter, (f64, f64)>,
}

/// How much more there is than what was surely met of so many requests of some flows in so many seconds.
pub(crate) fn unseen(network: &Network, demand: &Demand, requests: &Per<Flow, f64>, seconds: f64) -> Unseen {
    let mut found = Unseen {
        times: network.counters().map(|_| 0.0).collect(),
        busy: network.stations.beside(0.0),
        waiting: network.stations.beside(0.0),
        trips: Vec::new(),
        failing: Per::new(),
        degraded: Per::new(),
    };
    let mut sums = Sums { busy: network.stations.beside((0.0, 0.0)), calls: found.times.beside((0.0, 0.0)) };
    let none = network.stations.beside(0.0);
    let asked: Vec<(FlowId, f64)> =
        demand.flows().into_iter().map(|flow| (flow, requests[flow])).filter(|(_, requests)| *requests > 0.0).collect();
    let mut all = Cost::nothing(network);
    let has_breakers = network.policies.iter().any(|policy| policy.breaker.is_some());
    let mut walks = Vec::new();
    for (flow, requests) in &asked {
        let mut walk = Walk::new(network, *flow, &none);
        walk.count(*requests, &mut all);
        walk.begun.iter_mut().for_each(|begun| *begun /= requests);
        let rare = Rare { walk: &walk, requests: *requests };
        let whole = rare.range(OpId::FIRST, walk.ops.end()).well;
        // What is rare before the first part is no more than what is rare before the last.
        for counter in network.counter_of_first_part(*flow).into_iter().chain([counter_of(*flow)]) {
            found.times[counter] = whole;
        }
        sums.add(&rare);
        if has_breakers {
            walks.push((*flow, *requests, walk));
        }
    }
    found.trips = rare_trips(network, &walks, seconds);
    if !found.trips.is_empty() {
        (found.failing, found.degraded) = turned_away(network, &walks, &found.trips);
    }
    for (counter, (well, rare)) in sums.calls.entries().filter(|(_, (well, _))| *well > 0.0) {
        found.times[counter] = rare / well;
    }
    let waits = sums.waits(network, &all, seconds);
    for (at, wait) in waits.entries().filter(|(_, wait)| **wait > 0.0) {
        found.waiting[at] = all.visits[at] / seconds * wait;
    }
    for (at, (busy, _)) in sums.busy.entries() {
        found.busy[at] = busy / seconds;
    }
    if waits.iter().any(|wait| *wait > 0.0) {
        found.add_waits(network, &asked, &waits);
    }
    found
}

impl Sums {
    /// Adds what is rare of a flow.
    fn add(&mut self, rare: &Rare<'_>) {
        let Rare { walk, requests } = rare;
        let network = walk.network;
        for (at, op) in walk.ops.entries() {
            let begun = requests * walk.begun[at];
            if begun <= 0.0 {
                continue;
            }
            let (site, end, tries) = match *op {
                Op::Call { site, end } => (site, end, begun * walk.tries_of(at)),
                Op::Inside { site, end } => (site, end, begun),
                Op::Work { site } => {
                    self.work(rare, at, site);
                    continue;
                }
                Op::Spawn { .. }
                | Op::Chance { .. }
                | Op::Miss { .. }
                | Op::Repeat { .. }
                | Op::Else { .. }
                | Op::Parallel { .. }
                | Op::Branch { .. }
                | Op::Either { .. }
                | Op::Case { .. }
                | Op::Answer
                | Op::Part => continue,
            };
            let called = &network.sites[site];
            let times = walk.range(at.next(), end);
            let own = if rare.is_rare(at, 1.0) { times.well } else { rare.range(at.next(), end).well };
            for watcher in &called.watchers {
                let (well, seconds) = &mut self.calls[network.counter_of_calls(*watcher)];
                *well += tries * times.ok;
                *seconds += tries * times.ok * own;
            }
            if matches!(op, Op::Inside { .. }) {
                continue;
            }
            let held = rare.held(at, end);
            let slots = Some(called.to).filter(|to| !walk.shares_cores(*to));
            for place in slots.into_iter().chain(called.pool) {
                let (busy, square) = &mut self.busy[place];
                *busy += tries * held.all;
                *square += tries * held.square;
            }
        }
    }

    /// Adds work that is rare, where cores are shared.
    fn work(&mut self, rare: &Rare<'_>, at: OpId, site: SiteId) {
        let network = rare.walk.network;
        let Some(law) = network.sites[site].law.filter(|_| rare.is_rare(at, 1.0)) else { return };
        let (here, seconds) = (network.sites[site].to, rare.requests * rare.walk.begun[at] * law.mean());
        let own = rare.walk.shares_cores(here).then_some((here, 1.0));
        for (place, share) in own.into_iter().chain(rare.walk.hosts(Some(here)).iter().copied()) {
            self.busy[place].0 += share * seconds;
        }
    }

    /// How much longer each station lets its callers wait because of what is rare, or where cores are shared, of each second
    /// of work. Nothing is added where more is asked for than can be done.
    ///
    /// The wait for slots is that of M/M/c times half the second moment over the squared mean of how long they are held, which
    /// for one slot is the formula of Pollaczek and Khinchine (Kleinrock, *Queueing Systems II*, 1976, for several).
    fn waits(&self, network: &Network, all: &Cost, seconds: f64) -> Per<Station, f64> {
        let of = |(at, station): (StationId, &Station)| {
            let (busy, square) = self.busy[at];
            let visits = all.visits[at] / seconds;
            let Some(servers) = station.servers().filter(|_| busy > 0.0 && visits > 0.0) else { return 0.0 };
            let servers = servers.floor().clamp(1.0, MOST_SERVERS) as u32;
            let demand = all.demand[at] / seconds;
            let wait = |demand: f64| Some(queueing::mmc(visits, demand / visits, servers)?.wait);
            let (Some(with), Some(without)) = (wait(demand), wait((demand - busy / seconds).max(0.0))) else {
                return 0.0;
            };
            if station.cores.is_some() || station.host.is_some() {
                // Of what is shared it counts how much longer each second of work takes.
                return (with - without).max(0.0) * visits / demand;
            }
            let each = demand / visits;
            let more = square / seconds / visits / (2.0 * each * each);
            (with - without).max(0.0) + with * more
        };
        network.stations.entries().map(of).collect()
    }
}

impl Unseen {
    /// Adds how much longer requests, and calls that are watched, take if each station lets them wait so much longer.
    fn add_waits(&mut self, network: &Network, asked: &[(FlowId, f64)], waits: &Per<Station, f64>) {
        let none = network.stations.beside(0.0);
        let mut calls = self.times.beside((0.0, 0.0));
        for (flow, requests) in asked {
            let (mut usual, later) = (Walk::new(network, *flow, &none), Walk::new(network, *flow, waits));
            self.times[counter_of(*flow)] += (later.unloaded_time - usual.unloaded_time).max(0.0);
            usual.count(*requests, &mut Cost::nothing(network));
            for (at, op) in usual.ops.entries() {
                let (Op::Call { site, end } | Op::Inside { site, end }) = *op else { continue };
                let more = later.range(at.next(), end).well - usual.range(at.next(), end).well;
                let at_door =
                    if matches!(op, Op::Call { .. }) { later.wait_before(network.sites[site].to) } else { 0.0 };
                for watcher in &network.sites[site].watchers {
                    let (count, seconds) = &mut calls[network.counter_of_calls(*watcher)];
                    *count += usual.begun[at];
                    *seconds += usual.begun[at] * (more + at_door).max(0.0);
                }
            }
        }
        for (counter, (count, seconds)) in calls.entries().filter(|(_, (count, _))| *count > 0.0) {
            self.times[counter] += seconds / count;
        }
    }
}

/// With more servers than this nobody waits for them until all are taken.
const MOST_SERVERS: f64 = 100_000.0;
