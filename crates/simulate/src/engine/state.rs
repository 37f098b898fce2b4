//! Stations and calls as they are at a moment.

use super::asking::User;
use super::counts::StationCount;
use super::fault::FaultId;
use super::frame::FrameId;
use super::stalls::Stalls;
use super::timers::LaneId;
use crate::distribution::{Distribution, stream, uniform};
use crate::network::{
    CallSite, CounterId, Fallback, Network, OpId, PolicyId, RateLimit, SiteId, Station, StationId, WhenFull,
};
use crate::route::{Met, Zone};
use groma_model::{FlowId, Idx, Per};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

pub(super) struct StationState {
    /// How many replicas there are.
    pub(super) replicas: u32,
    /// How many slots there are.
    pub(super) slots: u32,
    pub(super) used: u32,
    pub(super) queue: VecDeque<FrameId>,
    pub(super) count: StationCount,
    pub(super) queue_limit: u32,
    pub(super) drops: bool,
    /// Its own processors, which the requests there share.
    pub(super) shared: Option<Shared>,
    /// Whose processors its requests share, and the share of them up to each; empty where time just passes.
    pub(super) runs_on: Vec<(StationId, f64)>,
    /// Whether it may turn calls away before they wait, or hands them on to its replicas: kept by [`StationState::look_again`], as every call looks at it.
    pub(super) is_guarded: bool,
    pub(super) down: bool,
    /// Whether none of its replicas is left.
    pub(super) is_gone: bool,
    /// The share of the calls that come now that meet what is gone of it, and which of them do.
    pub(super) missed: f64,
    pub(super) who_misses: Vec<Met>,
    /// The share of the calls that come now that have to wait before it, and those who do.
    pub(super) held: f64,
    pub(super) held_calls: VecDeque<FrameId>,
    /// When work takes longer here.
    pub(super) slowdowns: Vec<Slowdown>,
    /// When its replicas stand still, if they do.
    pub(super) stalls: Option<Box<Stalls>>,
    pub(super) flushed: bool,
    /// Since when a cache whose filling is known has filled again, if it does.
    pub(super) fills_since: Option<f64>,
    /// Calls it may let in at the moment, and since when that is known.
    pub(super) tokens: f64,
    pub(super) refilled: f64,
    pub(super) rate_limit: Option<RateLimit>,
    /// The same for each user.
    pub(super) user_limit: Option<RateLimit>,
    pub(super) user_tokens: Per<User, (f64, f64)>,
    pub(super) patience: Patience,
    /// Whether some calls go before others.
    pub(super) is_ordered: bool,
    /// Whether it keeps connections.
    pub(super) is_pool: bool,
    /// Its replicas as stations of their own, if each has a queue of its own; and whose turn it is.
    pub(super) replica_stations: Per<Replica, StationId>,
    pub(super) turn: ReplicaId,
    /// Of which station it is such a replica, if it is one.
    pub(super) replica_of: Option<(StationId, ReplicaId)>,
}

/// A replica of a station, counted from the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replica;

pub(super) type ReplicaId = Idx<Replica>;

/// A frame, told from every other, for what is drawn once of each; and where it is.
#[derive(Clone, Copy)]
pub(super) struct Who {
    pub(super) id: u64,
    pub(super) zone: Zone,
}

/// A time in which work takes longer.
#[derive(Clone, Debug)]
pub(super) struct Slowdown {
    pub(super) from: f64,
    pub(super) to: f64,
    /// How many times longer.
    pub(super) factor: f64,
    /// Of which share of the requests.
    pub(super) met: Met,
    /// Which fault it is.
    pub(super) number: FaultId,
    /// What draws whose work it is: another in each replication.
    pub(super) key: u64,
}

impl Slowdown {
    fn is_there(&self, now: f64) -> bool {
        self.from <= now && now < self.to
    }

    /// Whether it is the work for somebody that takes longer: whoever it is stays the same all the time, like the replica
    /// that works for him.
    pub(super) fn is_of(&self, who: Who) -> bool {
        let share = self.met.on_way(who.zone, who.zone);
        share >= 1.0 || share > 0.0 && uniform(&mut stream(0, 0, who.id, self.key)) < share
    }

    /// Whether all work takes longer.
    pub(super) fn is_whole(&self) -> bool {
        self.met.is_all()
    }
}

/// How long requests wait at a station.
#[derive(Clone, Copy)]
pub(super) enum Patience {
    /// For ever.
    Endless,
    /// All equally long, timed in this lane.
    Lane(LaneId),
    /// Each as long as is drawn.
    Drawn(Distribution),
}

impl StationState {
    /// A station where nobody is yet.
    pub(super) fn new(at: StationId, station: &Station, is_ordered: bool, patience: Patience) -> StationState {
        let is_own = station.cores.is_some() && station.host.is_none();
        let runs_on = if is_own { vec![(at, 1.0)] } else { running_shares(station, |_| true) };
        StationState {
            replicas: station.replicas,
            slots: station.slots().unwrap_or(u32::MAX),
            used: 0,
            queue: VecDeque::new(),
            count: StationCount::default(),
            queue_limit: station.queue_limit.unwrap_or(u32::MAX),
            drops: station.when_full == WhenFull::Drop,
            shared: station.cores.map(Shared::new),
            runs_on,
            is_guarded: station.rate_limit.is_some() || station.user_limit.is_some(),
            down: false,
            is_gone: false,
            missed: 0.0,
            who_misses: Vec::new(),
            held: 0.0,
            held_calls: VecDeque::new(),
            slowdowns: Vec::new(),
            stalls: None,
            flushed: false,
            fills_since: None,
            tokens: station.rate_limit.map_or(0.0, |limit| limit.burst),
            refilled: 0.0,
            rate_limit: station.rate_limit,
            user_limit: station.user_limit,
            user_tokens: Per::new(),
            patience,
            is_ordered,
            is_pool: station.relation.is_some(),
            replica_stations: Per::new(),
            turn: ReplicaId::FIRST,
            replica_of: None,
        }
    }

    /// Looks anew whether it may turn calls away or hands them on.
    pub(super) fn look_again(&mut self) {
        let is_limited = self.rate_limit.is_some() || self.user_limit.is_some();
        let may_refuse = self.down || self.is_gone || self.missed > 0.0 || self.held > 0.0 || is_limited;
        self.is_guarded = may_refuse || !self.replica_stations.is_empty();
    }

    /// How many requests are there, waiting or worked on.
    pub(super) fn present(&self) -> u32 {
        self.used + self.queue.len() as u32
    }

    /// Slots or cores in use, summed over time since this window began.
    pub(super) fn busy(&mut self, now: f64) -> f64 {
        match &mut self.shared {
            Some(shared) => {
                shared.pass(now);
                shared.busy
            }
            None => self.count.busy + f64::from(self.used) * now,
        }
    }

    /// When work ends that begins now and takes so long at full speed, for whom it is done: its speed changes while it lasts.
    pub(super) fn ends(&self, now: f64, work: f64, who: Who) -> f64 {
        let (mut time, mut left) = (now, work);
        loop {
            let here = self.slowdowns.iter().filter(|one| one.is_there(time) && one.is_of(who));
            let slower: f64 = here.map(|one| one.factor).product();
            let moments = self.slowdowns.iter().flat_map(|one| [one.from, one.to]);
            let next = moments.filter(|moment| *moment > time).fold(f64::INFINITY, f64::min);
            if left * slower <= next - time {
                return time + left * slower;
            }
            left -= (next - time) / slower;
            time = next;
        }
    }

    /// How much of somebody's work is done between two moments.
    pub(super) fn done(&self, from: f64, to: f64, who: Who) -> f64 {
        if self.slowdowns.is_empty() {
            return to - from;
        }
        let (mut time, mut done) = (from, 0.0);
        while time < to {
            let here = self.slowdowns.iter().filter(|one| one.is_there(time) && one.is_of(who));
            let slower: f64 = here.map(|one| one.factor).product();
            let moments = self.slowdowns.iter().flat_map(|one| [one.from, one.to]);
            let next = moments.filter(|moment| *moment > time).fold(to, f64::min);
            done += (next - time) / slower;
            time = next;
        }
        done
    }

    /// How many times longer than usual its processors take for anything.
    pub(super) fn slower_processors(&self, now: f64) -> f64 {
        self.slowdowns.iter().filter(|one| one.is_there(now) && one.is_whole()).map(|one| one.factor).product()
    }

    /// How many times longer than usual what it does for somebody takes, but for the speed of its own processors if it is
    /// done there.
    pub(super) fn slower_itself(&self, now: f64, who: Who, is_own: bool) -> f64 {
        let counts = |one: &&Slowdown| one.is_there(now) && one.is_of(who) && !(is_own && one.is_whole());
        self.slowdowns.iter().filter(counts).map(|one| one.factor).product()
    }

    /// How many of its replicas are at work: none where all of it fails, or where fewer are left than are needed.
    pub(super) fn replicas_at_work(&self) -> f64 {
        if self.down || self.is_gone || self.held >= 1.0 { 0.0 } else { f64::from(self.replicas) }
    }

    /// How many requests can be worked on at once without slowing each other; 0 if there is no limit.
    pub(super) fn servers(&self) -> f64 {
        match &self.shared {
            Some(shared) => shared.cores,
            None if self.slots == u32::MAX => 0.0,
            None => f64::from(self.slots),
        }
    }
}

/// Whether some of the calls that come to a station go before others.
pub(super) fn is_ordered(at: StationId, network: &Network) -> bool {
    let mut priorities =
        network.sites.iter().filter(|site| site.to == at || site.pool == Some(at)).map(|site| site.priority);
    let first = priorities.next();
    priorities.any(|other| Some(other) != first)
}

/// The hosts that a station runs on and that are there, with the share of its work up to each; if none is, those of what
/// takes over.
pub(super) fn running_shares(station: &Station, is_there: impl Fn(StationId) -> bool) -> Vec<(StationId, f64)> {
    let there = |hosts: &[(StationId, f64)]| -> Vec<(StationId, f64)> {
        let all: f64 = hosts.iter().map(|(_, share)| share).sum();
        let left: f64 = hosts.iter().filter(|(host, _)| is_there(*host)).map(|(_, share)| share).sum();
        let mut sum = 0.0;
        let share = |(host, share): &(StationId, f64)| {
            sum += share / left * all;
            (*host, sum)
        };
        hosts.iter().filter(|(host, _)| is_there(*host)).map(share).collect()
    };
    let own = there(&station.runs_on);
    if own.is_empty() && !station.runs_on.is_empty() { there(&station.standby_on) } else { own }
}

/// A processor that all requests at a station share: each gets an equal part, at most one core.
pub(super) struct Shared {
    pub(super) cores: f64,
    /// How many of them stand still with the replicas that have them.
    pub(super) idle: f64,
    /// How many times longer than usual they take.
    pub(super) slow: f64,
    /// The work that each request there has had, counted from the start.
    pub(super) given: f64,
    pub(super) since: f64,
    /// Cores in use, summed over time.
    pub(super) busy: f64,
    /// Requests beyond one a core, which wait for each other, summed over time.
    pub(super) waiting: f64,
    pub(super) jobs: BinaryHeap<Reverse<u128>>,
    pub(super) tiebreak: u32,
}

impl Shared {
    fn new(cores: f64) -> Shared {
        Shared {
            cores,
            idle: 0.0,
            slow: 1.0,
            given: 0.0,
            since: 0.0,
            busy: 0.0,
            waiting: 0.0,
            jobs: BinaryHeap::new(),
            tiebreak: 0,
        }
    }

    pub(super) fn speed(&self) -> f64 {
        (self.working() / self.jobs.len().max(1) as f64).min(1.0) / self.slow
    }

    /// How many cores do not stand still.
    fn working(&self) -> f64 {
        (self.cores - self.idle).max(0.0)
    }

    pub(super) fn pass(&mut self, now: f64) {
        let jobs = self.jobs.len() as f64;
        self.busy += (now - self.since) * jobs.min(self.working());
        self.waiting += (now - self.since) * (jobs - self.working()).max(0.0);
        self.given += (now - self.since) * self.speed();
        self.since = now;
    }
}

/// What the loop needs of a flow, close together in memory.
#[derive(Clone, Copy)]
pub(super) struct FlowState {
    /// Where its program begins and ends among the operations of all.
    pub(super) pc: OpId,
    pub(super) end: OpId,
    /// The call that its program is, if it is one that nobody watches over and nothing else.
    pub(super) only_call: Option<SiteId>,
    /// Who counts the first parts of its answers, if it answers in parts.
    pub(super) first_part: Option<CounterId>,
}

/// A flow as it is known before stations are.
pub(super) fn flow_state(network: &Network, flow: FlowId, (pc, end): (OpId, OpId)) -> FlowState {
    FlowState { pc, end, only_call: None, first_part: network.counter_of_first_part(flow) }
}

/// What the loop needs of a call, close together in memory.
#[derive(Clone, Copy)]
pub(super) struct SiteState {
    pub(super) law: Option<Distribution>,
    pub(super) latency: f64,
    pub(super) error_rate: f64,
    /// The share that fails now, for that or another reason.
    pub(super) fails: f64,
    pub(super) to: StationId,
    pub(super) pool: Option<StationId>,
    pub(super) policy: PolicyId,
    pub(super) priority: u32,
    /// Whether its policy does anything.
    pub(super) is_guarded: bool,
    /// Whether its policy limits how many calls are under way, so that they are counted.
    pub(super) is_counted: bool,
    /// Whether its policy has timers.
    pub(super) is_timed: bool,
    /// The share of these calls that do not get through.
    pub(super) cut: f64,
    /// The share of them that is on its way for as long as that is so.
    pub(super) held: f64,
    /// Whether somebody watches these calls.
    pub(super) is_watched: bool,
}

pub(super) fn site_state(network: &Network, site: &CallSite) -> SiteState {
    let policy = &network.policies[site.policy];
    let limits = policy.timeout.is_some() || policy.hedge.is_some() || policy.bulkhead.is_some();
    let reacts = policy.retries > 0 || policy.breaker.is_some() || policy.fallback != Fallback::None;
    SiteState {
        law: site.law,
        latency: site.latency,
        error_rate: site.error_rate,
        fails: site.error_rate,
        to: site.to,
        pool: site.pool,
        policy: site.policy,
        priority: site.priority,
        is_guarded: limits || reacts,
        is_counted: policy.bulkhead.is_some(),
        is_timed: policy.timeout.is_some() || policy.hedge.is_some(),
        cut: 0.0,
        held: 0.0,
        is_watched: !site.watchers.is_empty(),
    }
}
