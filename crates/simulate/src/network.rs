//! An architecture as a network of stations, and its flows as programs that run on it.

use crate::awaited;
use crate::cache::{Cache, Refill};
use crate::engine::Scaling;
use crate::known::{self, Known};
use crate::law::{Law, StepLaw};
use crate::placement::{Distance, Placements};
use crate::sequence::{self, Part, PartKind, Sequenced};
use groma_model::decode::Value;
use groma_model::schema::Fact;
use groma_model::{
    Architecture, DeployNodeId, DeploymentId, ElementId, FlowId, ItemRef, Level, RelationId, StepKind, facts, kinds,
};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// No index.
pub(crate) const NONE: u32 = u32::MAX;

/// What a station does with one request more than may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenFull {
    /// The caller gets an error at once.
    Reject,
    /// The caller hears nothing.
    Drop,
}

/// A container or external system, as something that requests wait for.
#[derive(Clone, Debug)]
pub struct Station {
    /// The element, or `None` for a pool of connections.
    pub element: Option<ElementId>,
    /// The element whose read replicas these are, if they are.
    pub copies_of: Option<ElementId>,
    /// What reports call it.
    pub name: String,
    /// How many run.
    pub replicas: u32,
    /// From how many to how many may run.
    pub range: (u32, u32),
    /// How many requests one replica works on at once; `None` is no limit.
    pub concurrency: Option<u32>,
    /// The processor cores of all replicas, shared by the requests there; `None` where time just passes.
    pub cores: Option<f64>,
    /// Where its work is done if it has both slots and cores of its own: the station of those cores, or [`NONE`].
    pub(crate) processor: u32,
    /// How many requests may wait; `None` is no limit.
    pub queue_limit: Option<u32>,
    /// What happens to one more.
    pub when_full: WhenFull,
    /// How long a request waits here at most.
    pub patience: Option<Law>,
    /// For a pool, the relationship whose connections it keeps.
    pub relation: Option<RelationId>,
    /// For a pool, the station whose replicas each have one; else [`NONE`].
    pub(crate) owner: u32,
    /// How the number of replicas follows the load, if it does.
    pub scaling: Option<Scaling>,
    /// The calls a second that it lets in, for all callers together.
    pub rate_limit: Option<Limit>,
    /// The calls a second that it lets in of each user.
    pub user_limit: Option<Limit>,
    /// The host whose processors this stands for, if it does.
    pub host: Option<DeployNodeId>,
    /// The hosts whose processors its requests share, as stations, and the share of its work that is done there.
    pub(crate) runs_on: Vec<(u32, f64)>,
    /// The same of those that take over from it.
    pub(crate) standby_on: Vec<(u32, f64)>,
}

impl Station {
    /// One that works on anything at once.
    fn unlimited(name: String, range: (u32, u32)) -> Station {
        Station {
            element: None,
            copies_of: None,
            name,
            replicas: range.0,
            range,
            concurrency: None,
            cores: None,
            processor: NONE,
            queue_limit: None,
            when_full: WhenFull::Reject,
            patience: None,
            relation: None,
            owner: NONE,
            scaling: None,
            rate_limit: None,
            user_limit: None,
            host: None,
            runs_on: Vec::new(),
            standby_on: Vec::new(),
        }
    }

    /// Whether its replicas follow the load, and those of nothing else with it.
    pub fn is_autoscaled(&self) -> bool {
        self.owner == NONE && self.scaling.is_some() && self.servers().is_some()
    }

    /// Whether it is cores that work is done on which holds a slot elsewhere: nobody calls it.
    pub(crate) fn is_processor(&self) -> bool {
        self.cores.is_some() && (self.host.is_some() || self.owner != NONE)
    }

    /// How many requests it works on at once.
    pub fn slots(&self) -> Option<u32> {
        self.concurrency.map(|each| each.saturating_mul(self.replicas))
    }

    /// How many requests can be worked on at once without slowing each other: its cores if requests share them, or else
    /// its slots. `None` is no limit.
    pub fn servers(&self) -> Option<f64> {
        self.cores.or(self.slots().map(f64::from))
    }
}

/// How many calls are let in: a token bucket.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limit {
    /// Calls a second in the long run.
    pub rate: f64,
    /// How many may come at once: as many as the limit's own unit of time allows, a hundred of `100/min`.
    pub burst: f64,
}

/// What a caller does when a call fails or takes long.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// How long it waits, in seconds.
    pub timeout: Option<f64>,
    /// How often it tries again.
    pub retries: u32,
    /// How the pause grows.
    pub backoff: Backoff,
    /// The first pause, in seconds.
    pub pause: f64,
    /// Whether the pause is varied.
    pub jitter: bool,
    /// How many retries there may be for each call.
    pub budget: Option<f64>,
    /// Its circuit breaker.
    pub breaker: Option<Breaker>,
    /// Whether calls that were given up, and those that were answered with an error, are tried again.
    pub retried: Retried,
    /// After how long the call is made a second time.
    pub hedge: Option<f64>,
    /// What it does instead.
    pub fallback: Fallback,
    /// How old what the fallback serves may be: the seconds since the last good answer. `None` is no limit.
    pub max_age: Option<f64>,
    /// How many of these calls one replica of the caller may have open at once, and the caller's station.
    pub bulkhead: Option<(u32, u32)>,
}

/// A circuit breaker: after so many failures calls fail at once for a while.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Breaker {
    /// How many failures in a row open it, unless a share does.
    pub failures: u32,
    /// The share of failures that opens it, and over how many calls it is taken.
    pub share: Option<(f64, u32)>,
    /// How long it stays open, in seconds.
    pub reset: f64,
    /// How many calls in a row must then succeed before it closes.
    pub half_open: u32,
}

/// Which failures of a call are tried again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retried {
    /// Calls without an answer in time.
    pub timeouts: bool,
    /// Calls that were answered with an error, or refused.
    pub errors: bool,
}

impl Default for Retried {
    fn default() -> Retried {
        Retried { timeouts: true, errors: true }
    }
}

impl Policy {
    /// The longest pause before a retry, the first of which is number 0, in seconds.
    pub fn pause_before(&self, retry: u32) -> f64 {
        let growth = match self.backoff {
            Backoff::None => 0.0,
            Backoff::Constant => 1.0,
            Backoff::Linear => f64::from(retry + 1),
            Backoff::Exponential => f64::from(1u32 << retry.min(30)),
        };
        self.pause * growth
    }
}

/// How the pause before a retry grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Backoff {
    /// No pause.
    #[default]
    None,
    /// The same pause.
    Constant,
    /// Once, twice, three times the first.
    Linear,
    /// Doubling.
    Exponential,
}

/// What a caller does when a call has failed for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Fallback {
    /// It fails too.
    #[default]
    None,
    /// It goes on without.
    GoOn,
    /// It calls this station instead.
    Station(u32),
}

/// A call of a flow.
#[derive(Clone, Debug)]
pub struct Site {
    /// The step.
    pub at: ItemRef,
    /// The relationship that it uses.
    pub relation: Option<RelationId>,
    /// Who calls, as a station; [`NONE`] for people.
    pub from: u32,
    /// Who is called.
    pub to: u32,
    /// Its own time there.
    pub law: Option<Law>,
    /// Its time on the network.
    pub latency: f64,
    /// The share that fails for no other reason.
    pub error_rate: f64,
    /// The pool whose connection it needs, or [`NONE`].
    pub pool: u32,
    /// Which policy, as an index.
    pub policy: u32,
    /// Where it waits with others, calls of the highest go first.
    pub priority: u32,
    /// Names its random numbers.
    pub key: u64,
    /// Who watches it, as indices into [`Network::watched`].
    pub(crate) watchers: Vec<u32>,
}

/// What a request does next. Ends are indices of the operation after the last one inside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// Time passes where the request is.
    Work { site: u32 },
    /// A call, with what the callee does.
    Call { site: u32, end: u32 },
    /// What is inside goes on by itself.
    Spawn { end: u32 },
    /// What is inside happens with this probability.
    Chance { share: f64, stream: u32, end: u32 },
    /// What is inside happens unless the cache has it.
    Miss { hit: f64, cache: u32, stream: u32, end: u32 },
    /// What is inside happens several times.
    Repeat { low: u32, high: u32, stream: u32, end: u32 },
    /// Passed over: what is inside is done by a call that ends just before and has failed for good.
    Else { end: u32 },
    /// The branches inside happen at the same time; `join` of those that wait for something must answer well.
    Parallel { join: u32, end: u32 },
    /// A branch.
    Branch { end: u32 },
    /// The call is answered here; what follows is done afterwards and holds the slot, not the caller.
    Answer,
    /// Another part of the same container is called, for whom somebody watches: a call that takes no slot.
    Inside { site: u32, end: u32 },
}

impl Op {
    /// The same operation where all places are so much further on.
    pub(crate) fn moved(self, by: u32) -> Op {
        match self {
            Op::Work { .. } | Op::Answer => self,
            Op::Call { site, end } => Op::Call { site, end: end + by },
            Op::Inside { site, end } => Op::Inside { site, end: end + by },
            Op::Spawn { end } => Op::Spawn { end: end + by },
            Op::Chance { share, stream, end } => Op::Chance { share, stream, end: end + by },
            Op::Miss { hit, cache, stream, end } => Op::Miss { hit, cache, stream, end: end + by },
            Op::Repeat { low, high, stream, end } => Op::Repeat { low, high, stream, end: end + by },
            Op::Parallel { join, end } => Op::Parallel { join, end: end + by },
            Op::Branch { end } => Op::Branch { end: end + by },
            Op::Else { end } => Op::Else { end: end + by },
        }
    }
}

/// A flow as a program.
#[derive(Clone, Debug)]
pub struct Program {
    /// The flow.
    pub flow: FlowId,
    pub(crate) ops: Vec<Op>,
    /// What is known of its calls and branches from how times are spread.
    pub(crate) known: FxHashMap<u32, Known>,
    /// Names its random numbers: made of its shape and times, so that it stays when things are renamed or moved.
    pub key: u64,
}

/// A fact that the forecast needs and the text does not give.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Where it is missing.
    pub at: ItemRef,
    /// The flow that it matters for.
    pub flow: FlowId,
    /// What is missing.
    pub what: String,
}

/// An element whose own calls are measured: those that enter it, of all flows or of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Watched {
    pub(crate) element: ElementId,
    pub(crate) flow: Option<FlowId>,
}

/// The network of an architecture.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// All stations.
    pub stations: Vec<Station>,
    /// All calls of all flows.
    pub sites: Vec<Site>,
    /// All policies.
    pub policies: Vec<Policy>,
    /// All flows, by their number.
    pub programs: Vec<Program>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// What was taken to be so where nothing is said.
    pub assumptions: Vec<String>,
    /// What was taken to be so of single flows.
    pub(crate) notes: Vec<(FlowId, String)>,
    /// The elements whose own calls are measured, because a requirement or an alert is about them.
    pub(crate) watched: Vec<Watched>,
    pub(crate) station_of: FxHashMap<ElementId, u32>,
    /// Where everything runs.
    pub(crate) placements: Placements,
    /// What the caches hold whose hit ratio is to be calculated.
    pub(crate) caches: Vec<(u32, Cache)>,
    /// How they fill when they were emptied, under the load.
    pub(crate) refills: FxHashMap<u32, Refill>,
    /// How many streams of choices there are.
    pub(crate) choice_keys: Vec<u64>,
}

impl Network {
    /// The network of an architecture.
    pub fn new(arch: &Architecture) -> Network {
        let mut builder = Builder {
            arch,
            network: Network::default(),
            pool_of: FxHashMap::default(),
            policy_of: FxHashMap::default(),
            readers: FxHashMap::default(),
            fallbacks: Vec::new(),
            hosts: FxHashMap::default(),
            default_latency: Vec::new(),
            shapes: FxHashMap::default(),
        };
        builder.network.placements = Placements::new(arch);
        builder.network.watched = crate::requirement::watched(arch);
        for flow in 0..arch.flows.len() as u32 {
            builder.flow(FlowId::new(flow));
        }
        builder.time_fallbacks();
        builder.network.look_at_spreads();
        for distance in Distance::ALL.iter().filter(|distance| builder.default_latency.contains(distance)) {
            builder.network.assumptions.push(format!(
                "a call {} and its answer spend {} on the network where no `latency` is given",
                distance.words(),
                crate::number::time(distance.latency())
            ));
        }
        builder.network
    }

    /// Lets so many replicas of a station run, with what depends on it: cores, and the pools of its connections.
    pub fn set_replicas(&mut self, station: u32, replicas: u32) {
        let scaled = |at: usize, one: &mut Station| {
            if at as u32 == station || one.owner == station {
                one.cores = one.cores.map(|cores| cores / f64::from(one.replicas) * f64::from(replicas));
                one.replicas = replicas;
            }
        };
        self.stations.iter_mut().enumerate().for_each(|(at, one)| scaled(at, one));
    }

    /// Finds out what is known of calls and branches from how times are spread.
    pub(crate) fn look_at_spreads(&mut self) {
        let waits = vec![0.0; self.stations.len()];
        for program in 0..self.programs.len() {
            self.programs[program].known.clear();
            self.programs[program].known = known::of_program(self, program, &waits);
        }
    }

    /// Lets a cache find this share of what it is asked for.
    pub(crate) fn set_hit_ratio(&mut self, station: u32, ratio: f64) {
        for op in self.programs.iter_mut().flat_map(|program| &mut program.ops) {
            if let Op::Miss { hit, cache, .. } = op
                && *cache == station
            {
                *hit = ratio;
            }
        }
    }

    /// Lets every autoscaler do its most.
    pub(crate) fn scale_to_most(&mut self) {
        for at in 0..self.stations.len() as u32 {
            let station = &self.stations[at as usize];
            if station.is_autoscaled() {
                self.set_replicas(at, station.range.1);
            }
        }
    }

    /// Whether requests of a flow, or calls that are watched, may fail by chance, load or rule, though nothing breaks down.
    pub(crate) fn may_fail(&self, flow: usize) -> bool {
        let sites: Vec<&Site> = match self.programs.get(flow) {
            None => self.sites.iter().collect(),
            Some(program) => {
                let called =
                    |op: &Op| if let Op::Call { site, .. } = op { Some(&self.sites[*site as usize]) } else { None };
                program.ops.iter().filter_map(called).collect()
            }
        };
        let turns_away = |at: u32| {
            self.stations.get(at as usize).is_some_and(|station| {
                station.queue_limit.is_some()
                    || station.patience.is_some()
                    || station.rate_limit.is_some()
                    || station.user_limit.is_some()
            })
        };
        sites.into_iter().any(|site| {
            let policy = &self.policies[site.policy as usize];
            site.error_rate > 0.0
                || policy.timeout.is_some()
                || policy.bulkhead.is_some()
                || turns_away(site.to)
                || turns_away(site.pool)
        })
    }

    /// How many calls of a policy may be open at once.
    pub(crate) fn bulkhead(&self, policy: u32) -> Option<u32> {
        let (each, caller) = self.policies[policy as usize].bulkhead?;
        Some(each.saturating_mul(self.stations.get(caller as usize).map_or(1, |station| station.replicas)))
    }

    /// The station of an element: that of the container or system it is part of.
    pub fn station(&self, arch: &Architecture, element: ElementId) -> Option<u32> {
        self.station_of.get(&unit_of(arch, element)).copied()
    }
}

/// What runs as one: the container of an element, or the system or person itself.
fn unit_of(arch: &Architecture, element: ElementId) -> ElementId {
    arch.at_level(element, Level::Container).unwrap_or(element)
}

struct Builder<'a> {
    arch: &'a Architecture,
    network: Network,
    pool_of: FxHashMap<RelationId, u32>,
    policy_of: FxHashMap<Option<RelationId>, u32>,
    /// The stations of read replicas.
    readers: FxHashMap<ElementId, u32>,
    /// The sites of calls that are made instead of others, whose time is not known yet.
    fallbacks: Vec<u32>,
    /// The stations of hosts whose processors are shared.
    hosts: FxHashMap<DeployNodeId, u32>,
    /// The distances whose network time had to be taken to be so.
    default_latency: Vec<Distance>,
    /// How many flows of each shape there are so far.
    shapes: FxHashMap<u64, u64>,
}

impl Builder<'_> {
    fn number(&self, at: ItemRef, fact: &'static Fact) -> Option<f64> {
        self.arch.quantity(at, fact).map(|quantity| quantity.high)
    }

    fn whole(&self, at: ItemRef, fact: &'static Fact) -> Option<u32> {
        self.number(at, fact).map(|value| value.min(f64::from(u32::MAX)) as u32)
    }

    fn part(&self, at: ItemRef, fact: &'static Fact, part: &'static Fact) -> Option<f64> {
        match self.arch.part(at, fact, part)?.value {
            Value::Quantity(quantity) => Some(quantity.high),
            _ => None,
        }
    }

    fn station(&mut self, element: ElementId) -> u32 {
        let unit = unit_of(self.arch, element);
        if let Some(known) = self.network.station_of.get(&unit) {
            return *known;
        }
        let at = self.arch.element(unit).at;
        let range = self.replicas(unit);
        let when_full = match self.arch.part(at, &facts::QUEUE_LIMIT, &facts::WHEN_FULL) {
            Some(value) if self.arch.words(at, value) == "drop" => WhenFull::Drop,
            _ => WhenFull::Reject,
        };
        let (rate_limit, user_limit) = self.limits(unit);
        let cores = self.number(at, &facts::CPU);
        // Who has cores of its own does not share those of a host.
        let [runs_on, standby_on] = match cores {
            Some(_) => [Vec::new(), Vec::new()],
            None => [self.network.placements.hosts(unit), self.network.placements.hosts_of_standbys(unit)]
                .map(|hosts| self.hosts_as_stations(hosts)),
        };
        let station = Station {
            element: Some(unit),
            concurrency: self.whole(at, &facts::CONCURRENCY),
            cores: cores.map(|cores| cores * f64::from(range.0)),
            queue_limit: self.whole(at, &facts::QUEUE_LIMIT),
            when_full,
            patience: self.patience(at),
            scaling: self.scaling(at, range),
            rate_limit,
            user_limit,
            runs_on,
            standby_on,
            ..Station::unlimited(self.arch.element(unit).path.to_string(), range)
        };
        let index = self.with_processor(station);
        self.network.station_of.insert(unit, index);
        if let (None, Some(keys)) = (self.number(at, &facts::HIT_RATIO), self.number(at, &facts::KEYS)) {
            let cache = Cache {
                keys,
                entries: self.number(at, &facts::ENTRIES).unwrap_or(f64::INFINITY),
                ttl: self.number(at, &facts::TTL).unwrap_or(f64::INFINITY),
                skew: self.part(at, &facts::KEYS, &facts::SKEW).unwrap_or(0.0),
            };
            self.network.caches.push((index, cache));
        }
        index
    }

    /// Adds a station. Where it has slots and cores of its own these are two limits: a slot is held for all that a request does,
    /// a core for the work alone. Its cores become a station that its work is done on.
    fn with_processor(&mut self, mut station: Station) -> u32 {
        let index = self.network.stations.len() as u32;
        let cores = station.cores.take_if(|_| station.concurrency.is_some());
        let Some(cores) = cores else {
            self.network.stations.push(Station { processor: NONE, ..station });
            return index;
        };
        let name = format!("{} (processor)", station.name);
        let processor = Station { cores: Some(cores), owner: index, ..Station::unlimited(name, station.range) };
        let processor = Station { replicas: station.replicas, ..processor };
        self.network.stations.push(Station { processor: index + 1, runs_on: vec![(index + 1, 1.0)], ..station });
        self.network.stations.push(processor);
        index
    }

    /// Hosts with shares of something's work, as stations.
    fn hosts_as_stations(&mut self, hosts: Vec<(DeployNodeId, f64)>) -> Vec<(u32, f64)> {
        hosts.into_iter().map(|(host, share)| (self.host(host), share)).collect()
    }

    /// The station of a host: its processors, but for what containers have for themselves.
    fn host(&mut self, node: DeployNodeId) -> u32 {
        if let Some(known) = self.hosts.get(&node) {
            return *known;
        }
        let arch = self.arch;
        let at = arch.place_item(DeploymentId::FIRST, node);
        let machines = self.whole(at, &kinds::MACHINES).unwrap_or(1).max(1);
        let cores = self.number(at, &kinds::HOST_CPU).unwrap_or(1.0) * f64::from(machines);
        let left = cores - self.reserved(node);
        let index = self.network.stations.len() as u32;
        self.network.stations.push(Station {
            cores: Some(if left > 0.0 { left } else { cores }),
            host: Some(node),
            ..Station::unlimited(format!("host {}", arch.place_path(DeploymentId::FIRST, node)), (machines, machines))
        });
        self.hosts.insert(node, index);
        index
    }

    /// The cores of a host that containers there have for themselves.
    fn reserved(&self, host: DeployNodeId) -> f64 {
        let containers = self.network.placements.containers_at(host).into_iter();
        let cores = |(element, share): (ElementId, f64)| {
            let each = self.number(self.arch.element(element).at, &facts::CPU)?;
            Some(each * f64::from(self.replicas(element).0) * share)
        };
        containers.filter_map(cores).sum()
    }

    /// The station of the read replicas of an element, if it has any.
    fn readers(&mut self, element: ElementId) -> Option<u32> {
        let unit = unit_of(self.arch, element);
        let at = self.arch.element(unit).at;
        let count = self.whole(at, &facts::READ_REPLICAS).filter(|count| *count > 0)?;
        if let Some(known) = self.readers.get(&unit) {
            return Some(*known);
        }
        let primary = self.station(unit);
        let one = self.network.stations[primary as usize].clone();
        let name = format!("{} (read replicas)", one.name);
        let of_primary = self.network.stations.get(one.processor as usize).and_then(|processor| processor.cores);
        let cores = one.cores.or(of_primary).map(|cores| cores / f64::from(one.replicas) * f64::from(count));
        let (replicas, range, scaling) = (count, (count, count), None);
        let (element, copies_of) = (None, Some(unit));
        let hosts = if cores.is_none() { self.network.placements.hosts_of_copies(unit) } else { Vec::new() };
        let (runs_on, standby_on) = (self.hosts_as_stations(hosts), Vec::new());
        let copies = Station { name, cores, replicas, range, element, copies_of, scaling, runs_on, standby_on, ..one };
        let index = self.with_processor(copies);
        self.readers.insert(unit, index);
        if let Some(lag) = self.part(at, &facts::READ_REPLICAS, &facts::LAG) {
            let (path, lag) = (&self.arch.element(unit).path, crate::number::time(lag));
            self.network.assumptions.push(format!("what is read from the read replicas of {path} may be {lag} old"));
        }
        Some(index)
    }

    fn patience(&self, at: ItemRef) -> Option<Law> {
        let time = self.number(at, &facts::QUEUE_TIMEOUT)?;
        let law = self.arch.part(at, &facts::QUEUE_TIMEOUT, &facts::QUEUE_TIMEOUT_LAW);
        let is_drawn = law.is_some_and(|law| self.arch.words(at, law) == "exponential");
        Some(if is_drawn { Law::Exponential(time) } else { Law::Fixed(time) })
    }

    /// The calls that an element lets in: of all callers together, and of each user. A limit for each user binds only where
    /// users are simulated: else how often one comes is not known. What a partner lets in without a word on whom it counts is
    /// taken to be for all: to the partner we are one caller.
    fn limits(&mut self, unit: ElementId) -> (Option<Limit>, Option<Limit>) {
        let at = self.arch.element(unit).at;
        let Some(limit) = self.limit(at) else { return (None, None) };
        let per = self.arch.part(at, &facts::RATE_LIMIT, &facts::PER).map(|value| self.arch.words(at, value));
        let path = &self.arch.element(unit).path;
        match per {
            Some("all") => (Some(limit), None),
            Some("user") => (None, Some(limit)),
            None if self.arch.element(unit).external => {
                self.network.assumptions.push(format!(
                    "the `rate-limit` of {path} counts all calls together, as it does not say `per=` whom"
                ));
                (Some(limit), None)
            }
            _ => {
                self.network.assumptions.push(format!(
                    "the `rate-limit` of {path} turns nobody away in the forecast: only `per=all` and `per=user` say whom it counts"
                ));
                (None, None)
            }
        }
    }

    fn limit(&self, at: ItemRef) -> Option<Limit> {
        let rate = self.number(at, &facts::RATE_LIMIT)?;
        let words = self.arch.fact(at, &facts::RATE_LIMIT).map(|value| value.range.of(&self.arch.file(at).text))?;
        let unit = words.rsplit_once('/').map_or("s", |(_, unit)| unit.trim());
        let window = groma_base::UNITS.iter().find(|known| known.symbol == unit).map_or(1.0, |known| known.size);
        Some(Limit { rate, burst: (rate * window).max(1.0) })
    }

    fn scaling(&self, at: ItemRef, range: (u32, u32)) -> Option<Scaling> {
        let given = |fact, default| self.part(at, &facts::REPLICAS, fact).unwrap_or(default);
        (range.0 < range.1).then(|| Scaling {
            target: given(&facts::TARGET_CPU, 0.7).max(0.01),
            every: given(&facts::EVERY, 15.0).max(1.0),
            delay: given(&facts::DELAY, 60.0),
        })
    }

    /// From how many to how many replicas run: as the element says, or else as the first deployment places it.
    fn replicas(&self, unit: ElementId) -> (u32, u32) {
        let whole = |at, fact| {
            let quantity = self.arch.quantity(at, fact)?;
            Some(((quantity.low as u32).max(1), (quantity.high.min(1e6) as u32).max(1)))
        };
        let placed = || self.network.placements.replicas(unit);
        whole(self.arch.element(unit).at, &facts::REPLICAS).or_else(placed).unwrap_or((1, 1))
    }

    /// The relationship that a call uses: from and to the elements themselves, or else to what they are part of.
    fn relation(&self, from: ElementId, to: ElementId) -> Option<RelationId> {
        let arch = self.arch;
        arch.ancestors(from)
            .flat_map(|from| arch.ancestors(to).map(move |to| (from, to)))
            .find_map(|(from, to)| arch.relations_between(from, to).next())
    }

    fn flow(&mut self, flow: FlowId) {
        let arch = self.arch;
        // Flows that do the same are told apart by their order.
        let shape = shape(arch, flow);
        let earlier = self.shapes.entry(shape).or_default();
        let key = combine(shape, *earlier);
        *earlier += 1;
        let Sequenced { parts, is_too_deep, idle_answers } = sequence::parts(arch, flow);
        for at in idle_answers {
            let at = arch.flows[flow.index()].steps[at as usize].at;
            let (label, title) = (arch.label(at).unwrap_or("an answer"), arch.title(arch.flows[flow.index()].at));
            let told = format!(
                "\"{label}\" in \"{title}\" answers nothing where it stands: no call is open there that it could answer"
            );
            self.network.notes.push((flow, told));
        }
        if is_too_deep {
            let what = format!("a forecast of more than {} calls that wait for each other", sequence::MOST_OPEN);
            self.network.gaps.push(Gap { at: arch.flows[flow.index()].at, flow, what });
        }
        let parts = self.awaited(flow, parts);
        let mut ops = Vec::new();
        self.parts((flow, key), &parts, NONE, &mut ops);
        if ops.is_empty() {
            let at = arch.flows[flow.index()].at;
            self.network.gaps.push(Gap { at, flow, what: format!("what is done in \"{}\"", arch.title(at)) });
        }
        self.network.programs.push(Program { flow, ops, known: FxHashMap::default(), key });
    }

    /// The parts of a flow, and where no person begins it, such that what its first caller sets off is waited for: it lasts
    /// from when the message is there, or the timer fires, until that work is done.
    fn awaited(&mut self, flow: FlowId, parts: Vec<Part>) -> Vec<Part> {
        let arch = self.arch;
        let Some(first) = sequence::first_caller(&parts) else { return parts };
        if arch.element(first).level == Level::Person {
            return parts;
        }
        let begins = if arch.is_kind(first, &["queue"]) { "the message is there" } else { "it is set off" };
        let title = arch.title(arch.flows[flow.index()].at);
        let path = &arch.element(first).path;
        let told = format!("\"{title}\" begins at {path} and is timed from when {begins} until its work is done");
        self.network.notes.push((flow, told));
        let (parts, is_held_up) = awaited::parts(arch, flow, first, parts);
        if is_held_up {
            let told = format!(
                "where a block in \"{title}\" both waits for something and sets something off, both are done before what follows it"
            );
            self.network.notes.push((flow, told));
        }
        parts
    }

    /// The operations of some parts, done by a request that is at `here`.
    fn parts(&mut self, of: (FlowId, u64), parts: &[Part], here: u32, ops: &mut Vec<Op>) {
        for part in parts {
            match &part.kind {
                PartKind::Call { .. } => self.call(of, part, here, ops),
                PartKind::Block(inside) => self.block(of, part.at, inside, here, ops),
                PartKind::Parallel { branches, at_step } => self.parallel(of, branches, *at_step, here, ops),
                PartKind::Once { nth, share, inside } => {
                    self.once((of.0, of.1, part.at), (*nth, *share), inside, here, ops)
                }
            }
        }
    }

    /// One of several times that a `repeat` sets something off at once: with random numbers of its own.
    fn once(
        &mut self,
        (flow, key, at): (FlowId, u64, u32),
        (nth, share): (u32, f64),
        inside: &[Part],
        here: u32,
        ops: &mut Vec<Op>,
    ) {
        let key = if nth == 0 { key } else { combine(combine(key, u64::from(at)), u64::from(nth)) };
        if share >= 1.0 {
            return self.parts((flow, key), inside, here, ops);
        }
        let stream = self.network.choice_keys.len() as u32;
        self.network.choice_keys.push(combine(key, u64::from(at)));
        let place = ops.len();
        ops.push(Op::Else { end: 0 });
        self.parts((flow, key), inside, here, ops);
        ops[place] = Op::Chance { share, stream, end: ops.len() as u32 };
    }

    fn call(&mut self, of: (FlowId, u64), part: &Part, here: u32, ops: &mut Vec<Op>) {
        let PartKind::Call { from, to, is_async, inside, afterwards } = &part.kind else { return };
        let arch = self.arch;
        let at = arch.flows[of.0.index()].steps[part.at as usize].at;
        let reads = arch.is(at, &kinds::READ);
        let station = if reads { self.readers(*to) } else { None }.unwrap_or_else(|| self.station(*to));
        let law = self.law(of.0, at);
        let within = station == here;
        let site = self.site(of, part, station, here, law);
        self.tell_of_queue(of.0, part);
        let spawn = ops.len();
        if *is_async {
            ops.push(Op::Spawn { end: 0 });
        }
        let place = ops.len();
        let is_watched = !self.network.sites[site as usize].watchers.is_empty();
        match (within, is_watched) {
            (false, _) => ops.push(Op::Call { site, end: 0 }),
            (true, true) => ops.push(Op::Inside { site, end: 0 }),
            (true, false) => {}
        }
        if law.is_some() {
            ops.push(Op::Work { site });
        }
        self.parts(of, inside, station, ops);
        if within {
            if is_watched {
                ops[place] = Op::Inside { site, end: ops.len() as u32 };
            }
            if !afterwards.is_empty() {
                let after = ops.len();
                ops.push(Op::Spawn { end: 0 });
                self.parts(of, afterwards, station, ops);
                ops[after] = Op::Spawn { end: ops.len() as u32 };
            }
        } else {
            if !afterwards.is_empty() {
                ops.push(Op::Answer);
                self.parts(of, afterwards, station, ops);
            }
            let end = ops.len() as u32;
            ops[place] = Op::Call { site, end };
            let caller = self.caller(*from, here);
            self.fallback(of.0, site, caller, ops);
        }
        if *is_async {
            ops[spawn] = Op::Spawn { end: ops.len() as u32 };
        }
    }

    /// Tells of a call that is not waited for only because it goes to a queue.
    fn tell_of_queue(&mut self, flow: FlowId, part: &Part) {
        let PartKind::Call { from, to, is_async: true, .. } = part.kind else { return };
        let arch = self.arch;
        let step = arch.flows[flow.index()].steps[part.at as usize].at;
        let says = |at| arch.flag(at, &facts::ASYNC).is_some();
        let is_said = says(step) || arch.relations_between(from, to).any(|id| says(arch.relation(id).at));
        if arch.is_kind(to, &["queue"]) && !is_said {
            let path = &arch.element(to).path;
            let told = format!("nobody waits for a call to {path}, as it is a queue: `async=#false` says otherwise");
            if !self.network.assumptions.contains(&told) {
                self.network.assumptions.push(told);
            }
        }
    }

    /// The station that makes a call: where the request is, or, where a flow begins without a person, that of who begins it.
    fn caller(&mut self, from: ElementId, here: u32) -> u32 {
        if here == NONE && self.arch.element(from).level != Level::Person { self.station(from) } else { here }
    }

    /// Adds what is done instead of a call that ends here when it fails for good: another call, with what is said of the
    /// relationship to whom it goes, its own fallback included.
    fn fallback(&mut self, flow: FlowId, site: u32, from: u32, ops: &mut Vec<Op>) {
        let mut tried = vec![self.network.sites[site as usize].to];
        let mut places = Vec::new();
        let mut last = site;
        while let Fallback::Station(to) =
            self.network.policies[self.network.sites[last as usize].policy as usize].fallback
        {
            places.push(ops.len());
            tried.push(to);
            last = self.fallback_site(flow, last, &tried, from);
            let call = ops.len() as u32 + 1;
            ops.extend([Op::Else { end: 0 }, Op::Call { site: last, end: call + 2 }, Op::Work { site: last }]);
        }
        let end = ops.len() as u32;
        places.into_iter().for_each(|place| ops[place] = Op::Else { end });
    }

    /// The site of a call that is made instead of another by the same caller, to the last of those that were tried.
    fn fallback_site(&mut self, flow: FlowId, instead_of: u32, tried: &[u32], from: u32) -> u32 {
        let called = self.network.sites[instead_of as usize].clone();
        let site = self.network.sites.len() as u32;
        self.fallbacks.push(site);
        let to = tried.last().copied().unwrap_or(NONE);
        let element = |at: u32| self.network.stations.get(at as usize).and_then(|station| station.element);
        let (caller, callee) = (element(from), element(to));
        let watchers = callee.map(|callee| self.watchers(flow, caller, callee)).unwrap_or_default();
        let relation = caller.zip(callee).and_then(|(caller, callee)| self.relation(caller, callee));
        let policy = self.policy_of_fallback(relation, tried, from);
        let pool = relation.map_or(NONE, |id| self.pool(id, from));
        let said = relation.and_then(|id| self.number(self.arch.relation(id).at, &facts::ERROR_RATE));
        let (law, error_rate) = (None, said.unwrap_or(0.0));
        let latency = self.latency_between(from, to);
        let key = combine(called.key, 1);
        let fallback = Site { relation, from, to, law, latency, pool, error_rate, policy, key, watchers, ..called };
        self.network.sites.push(fallback);
        site
    }

    /// The policy of a call that is made instead of others: that of the relationship to whom it goes. Where its own fallback was
    /// tried already it has none, with a breaker of its own.
    fn policy_of_fallback(&mut self, relation: Option<RelationId>, tried: &[u32], from: u32) -> u32 {
        let policy = self.policy(relation, from);
        match self.network.policies[policy as usize].fallback {
            Fallback::Station(next) if tried.contains(&next) => {
                let last = Policy { fallback: Fallback::None, ..self.network.policies[policy as usize].clone() };
                self.network.policies.push(last);
                self.network.policies.len() as u32 - 1
            }
            _ => policy,
        }
    }

    /// Who watches a call of a flow from one element to another: those that it enters.
    fn watchers(&self, flow: FlowId, from: Option<ElementId>, to: ElementId) -> Vec<u32> {
        let arch = self.arch;
        let enters = |of: ElementId| arch.is_within(to, of) && from.is_none_or(|from| !arch.is_within(from, of));
        let is_meant = |watched: &Watched| watched.flow.is_none_or(|one| one == flow) && enters(watched.element);
        let watched = self.network.watched.iter().enumerate();
        watched.filter(|(_, watched)| is_meant(watched)).map(|(at, _)| at as u32).collect()
    }

    /// The network time of a call between two stations for which no call is drawn.
    fn latency_between(&mut self, from: u32, to: u32) -> f64 {
        let element = |at: u32| self.network.stations.get(at as usize).and_then(|station| station.element);
        let (Some(from), Some(to)) = (element(from), element(to)) else { return 0.0 };
        let relation = self.relation(from, to).map(|id| self.arch.relation(id).at);
        let given = relation.and_then(|at| self.number(at, &facts::LATENCY));
        given.unwrap_or_else(|| self.usual_latency(from, to))
    }

    /// The network time of a call between two containers of which nothing is said.
    fn usual_latency(&mut self, from: ElementId, to: ElementId) -> f64 {
        let distances = self.network.placements.distances(from, to);
        self.default_latency.extend(distances.iter().map(|(distance, _)| *distance));
        distances.iter().map(|(distance, share)| share * distance.latency()).sum()
    }

    /// Gives calls that are made instead of others the time that other calls of the same station take.
    fn time_fallbacks(&mut self) {
        for site in std::mem::take(&mut self.fallbacks) {
            let to = self.network.sites[site as usize].to;
            let law = self.network.sites.iter().filter(|one| one.to == to).find_map(|one| one.law);
            self.network.sites[site as usize].law = law;
            if law.is_none() {
                let name = &self.network.stations[to as usize].name;
                let told = format!("the fallback to {name} takes no time: no flow says how long a call there takes");
                self.network.assumptions.push(told);
            }
        }
    }

    fn site(&mut self, (flow, key): (FlowId, u64), part: &Part, station: u32, here: u32, law: Option<Law>) -> u32 {
        let PartKind::Call { from, to, is_async, inside, afterwards } = &part.kind else { return NONE };
        let (arch, from, to) = (self.arch, *from, *to);
        let step = arch.flows[flow.index()].steps[part.at as usize];
        let relation = self.relation(from, to);
        let of_relation = |fact| relation.and_then(|id| self.number(arch.relation(id).at, fact));
        let by_person = arch.element(from).level == Level::Person;
        let latency = of_relation(&facts::LATENCY);
        let error_rate = self.number(step.at, &facts::ERROR_RATE).or_else(|| of_relation(&facts::ERROR_RATE));
        let latency = latency.unwrap_or_else(|| {
            if by_person || here == station || law.is_none() {
                return 0.0;
            }
            self.usual_latency(unit_of(arch, from), unit_of(arch, to))
        });
        if law.is_none() && inside.is_empty() && afterwards.is_empty() && !is_async {
            let what =
                format!("the time of \"{}\" at {}", arch.label(step.at).unwrap_or("a call"), arch.element_title(to));
            self.network.gaps.push(Gap { at: step.at, flow, what });
        }
        let caller = self.caller(from, here);
        let pool = relation.map_or(NONE, |id| self.pool(id, caller));
        let policy = self.policy(relation, caller);
        let priority = self.whole(arch.flows[flow.index()].at, &kinds::PRECEDENCE).unwrap_or(0);
        let site = self.network.sites.len() as u32;
        self.network.sites.push(Site {
            at: step.at,
            relation,
            from: caller,
            to: station,
            law,
            latency,
            error_rate: error_rate.unwrap_or(0.0),
            pool,
            policy,
            priority,
            key: combine(key, u64::from(part.at)),
            watchers: self.watchers(flow, Some(from), to),
        });
        site
    }

    fn pool(&mut self, relation: RelationId, caller: u32) -> u32 {
        let at = self.arch.relation(relation).at;
        let Some(each) = self.whole(at, &facts::POOL) else { return NONE };
        if let Some(known) = self.pool_of.get(&relation) {
            return *known;
        }
        let range = self.network.stations.get(caller as usize).map_or((1, 1), |station| station.range);
        let index = self.network.stations.len() as u32;
        let ends = self.arch.relation(relation);
        let (from, to) = (&self.arch.element(ends.from).path, &self.arch.element(ends.to).path);
        self.network.stations.push(Station {
            concurrency: Some(each),
            patience: self.part(at, &facts::POOL, &facts::CONNECT_TIMEOUT).map(Law::Fixed),
            relation: Some(relation),
            owner: caller,
            ..Station::unlimited(format!("pool {from} -> {to}"), range)
        });
        self.pool_of.insert(relation, index);
        index
    }

    fn policy(&mut self, relation: Option<RelationId>, caller: u32) -> u32 {
        if let Some(known) = self.policy_of.get(&relation) {
            return *known;
        }
        let policy = relation.map(|id| self.policy_of_relation(id, caller)).unwrap_or_default();
        let index = self.network.policies.len() as u32;
        self.network.policies.push(policy);
        self.policy_of.insert(relation, index);
        index
    }

    fn policy_of_relation(&mut self, id: RelationId, caller: u32) -> Policy {
        let arch = self.arch;
        let at = arch.relation(id).at;
        let word = |fact, part| arch.part(at, fact, part).map(|value| arch.words(at, value));
        let retries = self.whole(at, &facts::RETRY).unwrap_or(0);
        let backoff = match word(&facts::RETRY, &facts::BACKOFF) {
            Some("constant") => Backoff::Constant,
            Some("linear") => Backoff::Linear,
            Some("exponential") => Backoff::Exponential,
            _ => Backoff::None,
        };
        let jitter = arch.part(at, &facts::RETRY, &facts::JITTER).is_some_and(|value| value.value == Value::Bool(true));
        self.tell_defaults(id);
        let breaker = arch.is(at, &facts::BREAKER).then(|| {
            let given = |part| self.part(at, &facts::BREAKER, part);
            let whole = |part, default: f64| given(part).unwrap_or(default).max(1.0) as u32;
            Breaker {
                failures: whole(&facts::FAILURES, 5.0),
                share: given(&facts::BREAKER_RATE).map(|share| (share, whole(&facts::BREAKER_CALLS, 20.0).min(10_000))),
                reset: given(&facts::RESET).unwrap_or(30.0),
                half_open: whole(&facts::HALF_OPEN, 1.0),
            }
        });
        let retry = arch.fact(at, &facts::RETRY).map(|retry| arch.file(at).parts_of(retry)).unwrap_or_default();
        let on = retry.iter().filter(|part| std::ptr::eq(part.fact, &facts::RETRY_ON));
        let on: Vec<&str> = on
            .flat_map(|part| arch.words(at, part).split([',', ' ']))
            .filter(|word| !word.is_empty() && *word != "or" && *word != "and")
            .collect();
        let on_some = |is: bool| on.is_empty() || on.iter().any(|word| word.contains("timeout") == is);
        let retried = Retried { timeouts: on_some(true), errors: on_some(false) };
        let fallback = match arch.text(at, &facts::FALLBACK) {
            None => Fallback::None,
            Some(words) => self.fallback_station(id, words).map_or(Fallback::GoOn, Fallback::Station),
        };
        Policy {
            timeout: self.number(at, &facts::TIMEOUT),
            retries: retries.min(10_000),
            backoff,
            pause: self.part(at, &facts::RETRY, &facts::RETRY_FROM).unwrap_or(0.1),
            jitter,
            budget: self.part(at, &facts::RETRY, &facts::RETRY_BUDGET),
            breaker,
            retried,
            hedge: self.number(at, &facts::HEDGE),
            fallback,
            max_age: self.part(at, &facts::FALLBACK, &facts::MAX_AGE),
            bulkhead: self.whole(at, &facts::BULKHEAD).map(|each| (each, caller)),
        }
    }

    /// Tells what is taken of a policy that does not say all: what opens a breaker and for how long, when is tried again, and what
    /// never acts.
    fn tell_defaults(&mut self, id: RelationId) {
        let arch = self.arch;
        let ends = arch.relation(id);
        let at = ends.at;
        let name = format!("{} -> {}", arch.element(ends.from).path, arch.element(ends.to).path);
        let is_given = |fact, part| arch.part(at, fact, part).is_some();
        let mut told = Vec::new();
        if arch.is(at, &facts::BREAKER) {
            let of_breaker = |part| is_given(&facts::BREAKER, part);
            let mut taken = Vec::new();
            if !of_breaker(&facts::FAILURES) && !of_breaker(&facts::BREAKER_RATE) {
                taken.push("opens after 5 failures in a row");
            }
            if of_breaker(&facts::BREAKER_RATE) && !of_breaker(&facts::BREAKER_CALLS) {
                taken.push("looks at the last 20 calls");
            }
            if !of_breaker(&facts::RESET) {
                taken.push("stays open for 30 s");
            }
            if !taken.is_empty() {
                told.push(format!("the `breaker` of {name} {}, as nothing else is said", taken.join(" and ")));
            }
        }
        if self.whole(at, &facts::RETRY).is_some_and(|retries| retries > 0) {
            if !is_given(&facts::RETRY, &facts::BACKOFF) {
                told.push(format!("the `retry` of {name} comes at once, without a pause, as it says no `backoff`"));
            } else if !is_given(&facts::RETRY, &facts::RETRY_FROM) && self.pauses(at) {
                told.push(format!("the first pause of the `retry` of {name} is 100 ms, as it says no `from`"));
            }
        }
        let (timeout, hedge) = (self.number(at, &facts::TIMEOUT), self.number(at, &facts::HEDGE));
        if let (Some(timeout), Some(hedge)) = (timeout, hedge)
            && hedge >= timeout
        {
            told.push(format!("the `hedge` of {name} never acts: its `timeout` is no longer"));
        }
        self.network.assumptions.extend(told);
    }

    /// Whether a retry comes after a pause.
    fn pauses(&self, at: ItemRef) -> bool {
        let backoff = self.arch.part(at, &facts::RETRY, &facts::BACKOFF);
        backoff.is_some_and(|value| self.arch.words(at, value) != "none")
    }

    /// The element that a fallback names, seen from the caller.
    fn fallback_station(&mut self, id: RelationId, words: &str) -> Option<u32> {
        let arch = self.arch;
        let from = arch.relation(id).from;
        let element = arch.seen_from(from, words)?;
        Some(self.station(element))
    }

    fn law(&mut self, flow: FlowId, at: ItemRef) -> Option<Law> {
        match StepLaw::of(self.arch, at) {
            StepLaw::Known(law) => Some(law),
            StepLaw::Unknown => None,
            StepLaw::Impossible => {
                let what = "a law through these two times: there is none".to_owned();
                self.network.gaps.push(Gap { at, flow, what });
                None
            }
        }
    }

    fn block(&mut self, of: (FlowId, u64), at: u32, inside: &[Part], here: u32, ops: &mut Vec<Op>) {
        let arch = self.arch;
        let step = arch.flows[of.0.index()].steps[at as usize];
        let stream = self.network.choice_keys.len() as u32;
        self.network.choice_keys.push(combine(of.1, u64::from(at)));
        let place = ops.len();
        ops.push(Op::Else { end: 0 });
        self.parts(of, inside, here, ops);
        let end = ops.len() as u32;
        ops[place] = match step.kind {
            StepKind::Chance => {
                Op::Chance { share: self.number(step.at, &kinds::CHANCE_OF).unwrap_or(0.0), stream, end }
            }
            StepKind::Miss => {
                let (hit, cache) = self.missed(of.0, step.at);
                Op::Miss { hit, cache, stream, end }
            }
            _ => {
                let times = arch.quantity(step.at, &kinds::TIMES);
                let (low, high) = times.map_or((1, 1), |times| (times.low.min(1e6) as u32, times.high.min(1e6) as u32));
                Op::Repeat { low, high, stream, end }
            }
        };
    }

    /// The share of lookups that the cache of a `miss` finds, and its station.
    fn missed(&mut self, flow: FlowId, at: ItemRef) -> (f64, u32) {
        let arch = self.arch;
        let cache = arch.fact(at, &kinds::MISSED_CACHE).and_then(|value| arch.referred_element(at, value));
        let hit = cache.and_then(|id| self.number(arch.element(id).at, &facts::HIT_RATIO));
        let station = cache.map_or(NONE, |id| self.station(id));
        let is_calculated = self.network.caches.iter().any(|(at, _)| *at == station);
        if hit.is_none() && !is_calculated {
            let what = format!("the `hit-ratio` of {}", cache.map_or("the cache", |id| arch.element_title(id)));
            self.network.gaps.push(Gap { at, flow, what });
        }
        (hit.unwrap_or(0.0), station)
    }

    /// Branches that are done at the same time. One that nobody waits for is no branch: it takes no part in how many are enough.
    fn parallel(&mut self, of: (FlowId, u64), branches: &[Vec<Part>], at: Option<u32>, here: u32, ops: &mut Vec<Op>) {
        let arch = self.arch;
        let step = at.map(|at| arch.flows[of.0.index()].steps[at as usize].at);
        let place = ops.len();
        ops.push(Op::Parallel { join: 0, end: 0 });
        let mut count = 0;
        for parts in branches {
            let branch = ops.len();
            ops.push(Op::Branch { end: 0 });
            self.parts(of, parts, here, ops);
            ops[branch] = Op::Branch { end: ops.len() as u32 };
            count += 1;
        }
        let first = step.is_some_and(|at| arch.text(at, &kinds::JOIN) == Some("first"));
        let wanted = if first { Some(1) } else { step.and_then(|at| self.whole(at, &kinds::ENOUGH)) };
        ops[place] = Op::Parallel { join: wanted.unwrap_or(count).min(count), end: ops.len() as u32 };
    }
}

/// One key of two.
pub(crate) fn combine(a: u64, b: u64) -> u64 {
    let mut hasher = FxHasher::default();
    (a, b).hash(&mut hasher);
    hasher.finish()
}

/// Names a flow by what it does, not by what it is called: the shape of its steps and their numbers.
fn shape(arch: &Architecture, flow: FlowId) -> u64 {
    let mut hasher = FxHasher::default();
    for step in &arch.flows[flow.index()].steps {
        step.subtree_end.hash(&mut hasher);
        let kind: u8 = match step.kind {
            StepKind::Call { .. } => 0,
            StepKind::Reply { .. } => 1,
            StepKind::Unresolved { .. } => 2,
            StepKind::Chance => 3,
            StepKind::Miss => 4,
            StepKind::Repeat => 5,
            StepKind::Parallel => 6,
        };
        kind.hash(&mut hasher);
        for fact in [&kinds::TIME, &kinds::P99, &kinds::P50, &kinds::CV, &kinds::CHANCE_OF, &kinds::TIMES] {
            let value = arch.quantity(step.at, fact).map(|quantity| quantity.high.to_bits());
            value.hash(&mut hasher);
        }
    }
    hasher.finish()
}
