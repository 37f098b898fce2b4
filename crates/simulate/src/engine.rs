//! The discrete-event simulation of one replication.
//!
//! A request is a *frame*: it runs the operations of its flow, waits for slots and answers, and calls other stations
//! through frames of their own. A frame that nobody waits for any more, because its caller gave up, still runs to its
//! end and uses what it uses. What happens at the same instant happens in an order drawn at random, as a fixed order
//! would favour somebody.

use crate::law::{Law, Stream, exponential, stream, uniform};
use crate::network::{Fallback, NONE, Network, Op, Site, WhenFull, combine};
use hdrhistogram::Histogram;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

/// What asks for the flows of a network.
#[derive(Clone, Debug)]
pub(crate) enum Demand {
    /// Each flow, as an index, arrives so many times a second.
    Open { flows: Vec<(u32, f64)>, regular: bool },
    /// So many users think, on average so long, and then want one of the flows, by weight.
    Closed { users: u32, think: f64, flows: Vec<(u32, f64)> },
}

/// Something that goes wrong for a while.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trouble {
    pub(crate) station: u32,
    pub(crate) what: Wrong,
    /// Seconds from the end of the warm-up.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Wrong {
    /// Calls fail at once.
    Down,
    /// Everything takes this many times longer.
    Slow(f64),
    /// This share of calls fails.
    Errors(f64),
    /// A cache holds nothing.
    Flushed,
}

/// How a replication is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'n> {
    pub(crate) seed: u64,
    pub(crate) replication: u64,
    /// Seconds before anything is counted.
    pub(crate) warm_up: f64,
    /// Seconds that are counted.
    pub(crate) horizon: f64,
    /// No more events than this.
    pub(crate) most_events: u64,
    /// Ends the replication at once when set.
    pub(crate) cancel: &'n AtomicBool,
}

/// What was counted for a flow.
#[derive(Clone, Debug)]
pub(crate) struct FlowCount {
    /// Answered well.
    pub(crate) done: u64,
    /// Answered with an error.
    pub(crate) failed: u64,
    /// The sum of the times of those answered well, in seconds.
    pub(crate) time: f64,
    /// Their times in nanoseconds, within 0.1 per cent.
    pub(crate) times: Histogram<u64>,
}

/// What was counted at a station.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct StationCount {
    /// Requests that came.
    pub(crate) arrivals: u64,
    /// Those that left after being served.
    pub(crate) served: u64,
    /// Those that were turned away.
    pub(crate) refused: u64,
    /// Slots (or cores) in use, summed over time.
    pub(crate) busy: f64,
    /// Requests waiting, summed over time.
    pub(crate) waiting: f64,
    /// The time that those served were there, summed.
    pub(crate) sojourn: f64,
}

/// What was counted at a call of a flow.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct SiteCount {
    pub(crate) calls: u64,
    /// Seconds waited for slots, connections and the processor.
    pub(crate) wait: f64,
    /// Seconds of own work.
    pub(crate) work: f64,
    /// Seconds on the network.
    pub(crate) network: f64,
    /// Calls that were tried again.
    pub(crate) retries: u64,
    /// Calls that failed in the end.
    pub(crate) failed: u64,
}

/// What one replication has counted.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    pub(crate) flows: Vec<FlowCount>,
    pub(crate) stations: Vec<StationCount>,
    pub(crate) sites: Vec<SiteCount>,
    pub(crate) events: u64,
    /// Whether more requests were there at once, or more happened, than is provided for.
    pub(crate) overflowed: bool,
    /// The seconds that were counted: less than the horizon if the events ran out.
    pub(crate) seconds: f64,
    /// Wishes that came in all, from the first moment on; how many were answered; how many are still there.
    pub(crate) came: u64,
    pub(crate) answered: u64,
    pub(crate) there: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    /// A wish of somebody.
    Root,
    /// A call.
    Call,
    /// A branch, an iteration, or what goes on by itself.
    Block,
}

/// A request at some point of its program. It fills one line of a processor's cache.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// For a root, when it was wanted; for another, when its work at a shared processor will have been given to it if it
    /// is alone there.
    began: f64,
    /// When it came to the station or pool it waits for.
    arrived: f64,
    pc: u32,
    end: u32,
    parent: u32,
    /// Which of its parent's calls it answers; for a root, the user or [`NONE`].
    parent_call: u32,
    /// The number of the call it waits for; answers to earlier ones come too late.
    call: u32,
    /// By which call it was made; for a root, the flow.
    site: u32,
    /// Where its work is done.
    here: u32,
    /// Counts how often this place in memory was used.
    generation: u32,
    /// Answers, or iterations, that are still needed.
    needed: u32,
    /// Answers that may still come.
    outstanding: u16,
    attempt: u16,
    role: Role,
    failed: bool,
    /// Whether it holds a slot of the station that it was sent to.
    has_slot: bool,
    /// Whether it holds a connection.
    has_connection: bool,
}

const _: () = assert!(std::mem::size_of::<Frame>() == 64);

/// The kinds of events, in the upper bits of an event's number.
const ARRIVAL: u32 = 0;
const WISH: u32 = 1;
const ARRIVE: u32 = 2;
const WORKED: u32 = 3;
const RETRY: u32 = 4;
const SHARED: u32 = 5;
const LANE: u32 = 6;
const CHANGE: u32 = 7;
const KIND_BITS: u32 = 28;

#[derive(Default)]
struct Agenda {
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u32,
    /// Whether the first event has happened already. It stays until another takes its place, as most events plan
    /// another, and to replace the first costs half of taking it away and adding one.
    happened: bool,
}

impl Agenda {
    /// Plans an event and returns its mark. Marks spread at random, so that no one goes first by rule.
    fn plan(&mut self, time: f64, kind: u32, number: u32) -> u32 {
        self.sequence = self.sequence.wrapping_add(1);
        let mark = self.sequence.wrapping_mul(0x9E37_79B1);
        let key =
            (u128::from(time.to_bits()) << 64) | (u128::from(mark) << 32) | u128::from((kind << KIND_BITS) | number);
        if self.happened
            && let Some(mut first) = self.heap.peek_mut()
        {
            self.happened = false;
            *first = Reverse(key);
        } else {
            self.heap.push(Reverse(key));
        }
        mark
    }

    fn next(&mut self) -> Option<(f64, u32, u32, u32)> {
        if self.happened {
            self.heap.pop();
        }
        let Reverse(key) = *self.heap.peek()?;
        self.happened = true;
        let event = key as u32;
        Some((
            f64::from_bits((key >> 64) as u64),
            (key >> 32) as u32,
            event >> KIND_BITS,
            event & ((1 << KIND_BITS) - 1),
        ))
    }
}

/// Timers that all run equally long wait in line; only the first is on the agenda.
struct Lane {
    length: f64,
    kind: Timer,
    line: VecDeque<(f64, u32, u32, u32)>,
    planned: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Timer {
    Timeout,
    Hedge,
    /// A wait for a connection.
    Patience,
}

struct Place {
    /// How many slots there are.
    slots: u32,
    used: u32,
    queue: VecDeque<u32>,
    queue_limit: u32,
    drops: bool,
    shared: Option<Shared>,
    down: bool,
    slow: f64,
    errors: f64,
    flushed: bool,
    /// Calls it may let in at the moment, and since when that is known.
    tokens: f64,
    refilled: f64,
    rate_limit: f64,
    patience_lane: u32,
}

/// A processor that all requests at a station share: each gets an equal part, at most one core.
struct Shared {
    cores: f64,
    /// The work that each request there has had, counted from the start.
    given: f64,
    since: f64,
    /// Cores in use, summed over time.
    busy: f64,
    jobs: BinaryHeap<Reverse<u128>>,
    mark: u32,
}

impl Shared {
    fn speed(&self) -> f64 {
        (self.cores / self.jobs.len().max(1) as f64).min(1.0)
    }

    fn pass(&mut self, now: f64) {
        self.busy += (now - self.since) * (self.jobs.len() as f64).min(self.cores);
        self.given += (now - self.since) * self.speed();
        self.since = now;
    }
}

#[derive(Default)]
struct PolicyState {
    failures: u32,
    open_until: f64,
    /// Whether the breaker tries one call.
    trying: bool,
    open_calls: u32,
    tokens: f64,
    /// How many calls may be open at once.
    bulkhead: Option<u32>,
}

/// What the loop needs of a call, close together in memory.
#[derive(Clone, Copy)]
struct Hot {
    law: Option<Law>,
    latency: f64,
    error_rate: f64,
    to: u32,
    pool: u32,
    policy: u32,
    /// Whether its policy does anything.
    is_guarded: bool,
    /// Whether its policy has timers.
    is_timed: bool,
}

pub(crate) struct Engine<'n> {
    network: &'n Network,
    /// The operations of all programs, one after the other.
    ops: Vec<Op>,
    /// Where each program begins and ends in them.
    programs: Vec<(u32, u32)>,
    sites: Vec<Hot>,
    settings: Settings<'n>,
    now: f64,
    agenda: Agenda,
    frames: Vec<Frame>,
    free: Vec<u32>,
    ready: Vec<u32>,
    places: Vec<Place>,
    policies: Vec<PolicyState>,
    lanes: Vec<Lane>,
    timeout_lane: Vec<u32>,
    hedge_lane: Vec<u32>,
    work_streams: Vec<Stream>,
    choice_streams: Vec<Stream>,
    arrivals: Vec<(u32, f64, Stream)>,
    regular: bool,
    users: Option<Users>,
    troubles: Vec<Trouble>,
    counts: Counts,
}

struct Users {
    think: f64,
    stream: Stream,
    /// The flows with the running sum of their weights, as shares of one.
    flows: Vec<(u32, f64)>,
}

/// So many requests at once are a queue that grows for ever, or a model that nobody meant.
const MOST_FRAMES: usize = 3_000_000;

const FRAME: Frame = Frame {
    began: 0.0,
    arrived: 0.0,
    pc: 0,
    end: 0,
    parent: NONE,
    parent_call: NONE,
    call: 0,
    site: NONE,
    here: NONE,
    generation: 0,
    needed: 0,
    outstanding: 0,
    attempt: 0,
    role: Role::Root,
    failed: false,
    has_slot: false,
    has_connection: false,
};

/// Runs one replication.
pub(crate) fn run(network: &Network, demand: &Demand, troubles: &[Trouble], settings: Settings<'_>) -> Counts {
    let mut engine = Engine::new(network, demand, troubles, settings);
    engine.run();
    engine.counts
}

impl<'n> Engine<'n> {
    fn new(network: &'n Network, demand: &Demand, troubles: &[Trouble], settings: Settings<'n>) -> Engine<'n> {
        let stream_of = |key: u64, purpose: u64| stream(settings.seed, settings.replication, key, purpose);
        let (ops, programs) = one_after_the_other(network);
        let mut engine = Engine {
            network,
            ops,
            programs,
            sites: network.sites.iter().map(|site| hot(network, site)).collect(),
            settings,
            now: 0.0,
            agenda: Agenda::default(),
            frames: Vec::new(),
            free: Vec::new(),
            ready: Vec::new(),
            places: Vec::new(),
            policies: (0..network.policies.len() as u32)
                .map(|at| PolicyState { bulkhead: network.bulkhead(at), ..PolicyState::default() })
                .collect(),
            lanes: Vec::new(),
            timeout_lane: Vec::new(),
            hedge_lane: Vec::new(),
            work_streams: network.sites.iter().map(|site| stream_of(site.key, 1)).collect(),
            choice_streams: network.choice_keys.iter().map(|key| stream_of(*key, 2)).collect(),
            arrivals: Vec::new(),
            regular: false,
            users: None,
            troubles: troubles.to_vec(),
            counts: empty_counts(network),
        };
        for station in &network.stations {
            let patience_lane = station.patience.map_or(NONE, |length| engine.lane(length, Timer::Patience));
            engine.places.push(Place {
                slots: station.slots().unwrap_or(u32::MAX),
                used: 0,
                queue: VecDeque::new(),
                queue_limit: station.queue_limit.unwrap_or(u32::MAX),
                drops: station.when_full == WhenFull::Drop,
                shared: station.cores.map(|cores| Shared {
                    cores,
                    given: 0.0,
                    since: 0.0,
                    busy: 0.0,
                    jobs: BinaryHeap::new(),
                    mark: 0,
                }),
                down: false,
                slow: 1.0,
                errors: 0.0,
                flushed: false,
                tokens: station.rate_limit.unwrap_or(0.0).max(1.0),
                refilled: 0.0,
                rate_limit: station.rate_limit.unwrap_or(0.0),
                patience_lane,
            });
        }
        for policy in &network.policies {
            let timeout = policy.timeout.map_or(NONE, |length| engine.lane(length, Timer::Timeout));
            let hedge = policy.hedge.map_or(NONE, |length| engine.lane(length, Timer::Hedge));
            engine.timeout_lane.push(timeout);
            engine.hedge_lane.push(hedge);
        }
        engine.ask(demand, stream_of);
        for at in 0..engine.troubles.len() {
            let trouble = engine.troubles[at];
            let begin = settings.warm_up + trouble.from;
            engine.agenda.plan(begin, CHANGE, 2 * at as u32);
            engine.agenda.plan(settings.warm_up + trouble.to, CHANGE, 2 * at as u32 + 1);
        }
        engine
    }

    fn ask(&mut self, demand: &Demand, stream_of: impl Fn(u64, u64) -> Stream) {
        match demand {
            Demand::Open { flows, regular } => {
                self.regular = *regular;
                for (flow, rate) in flows.iter().filter(|(_, rate)| *rate > 0.0) {
                    let mut own = stream_of(self.network.programs[*flow as usize].key, 3);
                    let first = if *regular { 1.0 / rate } else { exponential(&mut own, 1.0 / rate) };
                    self.agenda.plan(first, ARRIVAL, self.arrivals.len() as u32);
                    self.arrivals.push((*flow, *rate, own));
                }
            }
            Demand::Closed { users, think, flows } => {
                let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
                let mut sum = 0.0;
                let mut own = stream_of(combine(0, 0), 4);
                for user in 0..*users {
                    self.agenda.plan(exponential(&mut own, *think), WISH, user);
                }
                let share = |(flow, weight): &(u32, f64)| {
                    sum += weight / total;
                    (*flow, sum)
                };
                self.users = Some(Users { think: *think, stream: own, flows: flows.iter().map(share).collect() });
            }
        }
    }

    /// The lane for timers of this length and kind.
    fn lane(&mut self, length: f64, kind: Timer) -> u32 {
        let known = self.lanes.iter().position(|lane| lane.length == length && lane.kind == kind);
        known.unwrap_or_else(|| {
            self.lanes.push(Lane { length, kind, line: VecDeque::new(), planned: false });
            self.lanes.len() - 1
        }) as u32
    }

    fn run(&mut self) {
        let end = self.settings.warm_up + self.settings.horizon;
        let mut warm = false;
        while let Some((time, mark, kind, number)) = self.agenda.next() {
            if !warm && time >= self.settings.warm_up {
                self.now = self.settings.warm_up;
                self.forget();
                warm = true;
            }
            self.counts.overflowed = self.frames.len() > MOST_FRAMES || self.counts.events >= self.settings.most_events;
            if time >= end || self.counts.overflowed {
                self.now = time.min(end);
                break;
            }
            self.now = time;
            self.counts.events += 1;
            if self.counts.events.is_multiple_of(1 << 16) && self.settings.cancel.load(Ordering::Relaxed) {
                break;
            }
            let mut next = self.happen(mark, kind, number);
            while let Some(frame) = next {
                self.proceed(frame);
                next = self.ready.pop();
            }
        }
        self.counts.seconds = (self.now - self.settings.warm_up).max(0.0);
        self.add_to_sums(self.now);
        let live = self.frames.iter().filter(|frame| frame.generation % 2 == 1 && frame.role == Role::Root);
        self.counts.there = live.count() as u64;
    }

    /// Ends the warm-up: what was counted before does not count.
    fn forget(&mut self) {
        let counts = empty_counts(self.network);
        let before = std::mem::replace(&mut self.counts, counts);
        self.counts.events = before.events;
        self.counts.came = before.came;
        self.counts.answered = before.answered;
        self.add_to_sums(-self.now);
    }

    /// Lets an event happen. Who goes on with what he does, if anybody; like all that answer who goes on.
    fn happen(&mut self, mark: u32, kind: u32, number: u32) -> Option<u32> {
        match kind {
            ARRIVAL => Some(self.arrival(number)),
            WISH => self.wish(number),
            ARRIVE => self.arrive(number),
            WORKED => {
                self.frames[number as usize].pc += 1;
                Some(number)
            }
            RETRY => Some(number),
            SHARED => self.shared_done(number, mark),
            LANE => self.lane_due(number),
            _ => self.change(number),
        }
    }

    fn arrival(&mut self, number: u32) -> u32 {
        let (flow, rate, own) = &mut self.arrivals[number as usize];
        let gap = if self.regular { 1.0 / *rate } else { exponential(own, 1.0 / *rate) };
        let flow = *flow;
        self.agenda.plan(self.now + gap, ARRIVAL, number);
        self.root(flow, NONE)
    }

    fn wish(&mut self, user: u32) -> Option<u32> {
        let users = self.users.as_mut()?;
        let drawn = if users.flows.len() > 1 { uniform(&mut users.stream) } else { 0.0 };
        let chosen = users.flows.iter().find(|(_, sum)| drawn < *sum).or(users.flows.last());
        let flow = chosen?.0;
        Some(self.root(flow, user))
    }

    fn root(&mut self, flow: u32, user: u32) -> u32 {
        self.counts.came += 1;
        let (pc, end) = self.programs[flow as usize];
        let now = self.now;
        let (at, frame) = self.frame(Role::Root, pc, end, NONE, user);
        frame.site = flow;
        frame.here = NONE;
        frame.began = now;
        at
    }

    /// A new frame, in a place in memory that another may have left. Its generation is odd while it lives. Fields are
    /// set one by one: to build a frame and copy it as a whole costs a stall of the processor.
    #[inline(always)]
    fn frame(&mut self, role: Role, pc: u32, end: u32, parent: u32, parent_call: u32) -> (u32, &mut Frame) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.frames.push(FRAME);
            self.frames.len() as u32 - 1
        });
        let frame = &mut self.frames[at as usize];
        frame.generation = frame.generation.wrapping_add(1);
        // Calls are numbered on, so that a late answer to what was here before answers nobody.
        frame.call = frame.call.wrapping_add(1);
        frame.pc = pc;
        frame.end = end;
        frame.parent = parent;
        frame.parent_call = parent_call;
        frame.role = role;
        frame.attempt = 0;
        frame.failed = false;
        frame.has_slot = false;
        frame.has_connection = false;
        (at, frame)
    }

    fn release_frame(&mut self, at: u32) {
        let frame = &mut self.frames[at as usize];
        frame.generation = frame.generation.wrapping_add(1);
        self.free.push(at);
    }

    /// Runs a frame, and after it those that go on because of it, until they wait for something or are done.
    fn proceed(&mut self, frame: u32) {
        let mut next = Some(frame);
        while let Some(at) = next {
            let frame = &self.frames[at as usize];
            next = if frame.failed || frame.pc >= frame.end {
                self.complete(at)
            } else {
                match self.ops[frame.pc as usize] {
                    Op::Call { site, .. } => self.begin_call(at, site),
                    Op::Work { site } => self.work(at, site),
                    op => self.block_op(at, op),
                }
            };
        }
    }

    /// Does an operation that holds others.
    fn block_op(&mut self, at: u32, op: Op) -> Option<u32> {
        let Frame { pc, here, .. } = self.frames[at as usize];
        let inside = pc + 1;
        let goes_on = match op {
            Op::Spawn { end } => {
                let (spawned, frame) = self.frame(Role::Block, inside, end, NONE, NONE);
                frame.here = here;
                self.ready.push(spawned);
                end
            }
            Op::Chance { share, stream, end } => {
                if uniform(&mut self.choice_streams[stream as usize]) < share {
                    inside
                } else {
                    end
                }
            }
            Op::Miss { hit, cache, stream, end } => {
                let lost = self.places.get(cache as usize).is_some_and(|place| place.flushed || place.down);
                let drawn = uniform(&mut self.choice_streams[stream as usize]);
                if lost || drawn >= hit { inside } else { end }
            }
            Op::Repeat { low, high, stream, end } => {
                let drawn = uniform(&mut self.choice_streams[stream as usize]);
                let times = low + (drawn * f64::from(high - low + 1)) as u32;
                if times > 0 {
                    self.frames[at as usize].needed = times;
                    return Some(self.block(at, inside, end));
                }
                end
            }
            Op::Parallel { join, end } => {
                if join > 0 {
                    self.frames[at as usize].needed = join;
                    let mut branch = inside;
                    while branch < end
                        && let Op::Branch { end: after } = self.ops[branch as usize]
                    {
                        let block = self.block(at, branch + 1, after);
                        self.ready.push(block);
                        branch = after;
                    }
                    return None;
                }
                end
            }
            Op::Branch { .. } | Op::Call { .. } | Op::Work { .. } => inside,
        };
        self.frames[at as usize].pc = goes_on;
        Some(at)
    }

    /// A part of what a frame does, which it waits for.
    fn block(&mut self, parent: u32, pc: u32, end: u32) -> u32 {
        let Frame { call, here, .. } = self.frames[parent as usize];
        let (at, frame) = self.frame(Role::Block, pc, end, parent, call);
        frame.here = here;
        at
    }

    /// Does a frame's own work.
    fn work(&mut self, at: u32, site: u32) -> Option<u32> {
        let Some(law) = self.sites[site as usize].law else {
            self.frames[at as usize].pc += 1;
            return Some(at);
        };
        let drawn = law.sample(&mut self.work_streams[site as usize]);
        let here = self.frames[at as usize].here;
        let Some(place) = self.places.get_mut(here as usize) else {
            self.agenda.plan(self.now + drawn, WORKED, at);
            return None;
        };
        let time = drawn * place.slow;
        self.counts.sites[site as usize].work += time;
        if place.shared.is_some() {
            self.frames[at as usize].began = self.now + time;
            self.share(here, at, time);
        } else {
            self.agenda.plan(self.now + time, WORKED, at);
        }
        None
    }

    /// Adds work to a shared processor.
    fn share(&mut self, station: u32, frame: u32, time: f64) {
        let now = self.now;
        if let Some(shared) = &mut self.places[station as usize].shared {
            shared.pass(now);
            let until = shared.given + time;
            shared.jobs.push(Reverse((u128::from(until.to_bits()) << 64) | u128::from(frame)));
        }
        self.plan_shared(station);
    }

    fn plan_shared(&mut self, station: u32) {
        let now = self.now;
        let Some(shared) = &mut self.places[station as usize].shared else { return };
        let Some(Reverse(first)) = shared.jobs.peek() else { return };
        let left = (f64::from_bits((first >> 64) as u64) - shared.given).max(0.0);
        shared.mark = self.agenda.plan(now + left / shared.speed(), SHARED, station);
    }

    fn shared_done(&mut self, station: u32, mark: u32) -> Option<u32> {
        let now = self.now;
        let shared = self.places[station as usize].shared.as_mut().filter(|shared| shared.mark == mark)?;
        shared.pass(now);
        let Reverse(first) = shared.jobs.pop()?;
        // Rounding must not let the work given run behind what was asked for.
        shared.given = shared.given.max(f64::from_bits((first >> 64) as u64));
        let at = first as u32;
        let frame = &mut self.frames[at as usize];
        if let Op::Work { site } = self.ops[frame.pc as usize] {
            self.counts.sites[site as usize].wait += (now - frame.began).max(0.0);
        }
        frame.pc += 1;
        self.plan_shared(station);
        Some(at)
    }

    fn begin_call(&mut self, at: u32, site: u32) -> Option<u32> {
        let network = self.network;
        let called = self.sites[site as usize];
        if !called.is_guarded {
            self.counts.sites[site as usize].calls += 1;
            let frame = &mut self.frames[at as usize];
            frame.call = frame.call.wrapping_add(1);
            frame.outstanding = 0;
            return self.send(at, site);
        }
        let policy = &network.policies[called.policy as usize];
        let state = &mut self.policies[called.policy as usize];
        if self.frames[at as usize].attempt == 0 {
            self.counts.sites[site as usize].calls += 1;
            if let Some(budget) = policy.budget {
                state.tokens = (state.tokens + budget).min(10.0);
            }
        }
        if policy.breaker.is_some() && (self.now < state.open_until || state.trying) {
            return self.give_up(at, site);
        }
        if policy.breaker.is_some_and(|(failures, _)| state.failures >= failures) {
            state.trying = true;
        }
        if state.bulkhead.is_some_and(|most| state.open_calls >= most) {
            return self.failed_call(at, site);
        }
        let frame = &mut self.frames[at as usize];
        frame.call = frame.call.wrapping_add(1);
        frame.outstanding = 0;
        let (generation, call) = (frame.generation, frame.call);
        let next = self.send(at, site);
        if called.is_timed {
            for lane in [self.timeout_lane[called.policy as usize], self.hedge_lane[called.policy as usize]] {
                self.set_timer(lane, at, generation, call);
            }
        }
        next
    }

    /// Sends a call on its way.
    fn send(&mut self, at: u32, site: u32) -> Option<u32> {
        let called = self.sites[site as usize];
        let frame = &mut self.frames[at as usize];
        frame.outstanding += 1;
        let Op::Call { end, .. } = self.ops[frame.pc as usize] else { return None };
        let (pc, call) = (frame.pc + 1, frame.call);
        let (child, frame) = self.frame(Role::Call, pc, end, at, call);
        frame.site = site;
        frame.here = called.to;
        if called.is_guarded && self.policies[called.policy as usize].bulkhead.is_some() {
            self.policies[called.policy as usize].open_calls += 1;
        }
        self.counts.sites[site as usize].network += called.latency;
        if called.latency > 0.0 {
            self.agenda.plan(self.now + called.latency, ARRIVE, child);
            None
        } else {
            self.arrive(child)
        }
    }

    fn set_timer(&mut self, lane: u32, frame: u32, generation: u32, call: u32) {
        let Some(line) = self.lanes.get_mut(lane as usize) else { return };
        let due = self.now + line.length;
        line.line.push_back((due, frame, generation, call));
        if !line.planned {
            line.planned = true;
            self.agenda.plan(due, LANE, lane);
        }
    }

    fn lane_due(&mut self, number: u32) -> Option<u32> {
        let lane = &mut self.lanes[number as usize];
        lane.planned = false;
        let kind = lane.kind;
        while let Some((due, frame, generation, call)) = self.lanes[number as usize].line.front().copied() {
            let held = &self.frames[frame as usize];
            let waits = held.generation == generation && held.call == call;
            if waits && due > self.now {
                self.lanes[number as usize].planned = true;
                self.agenda.plan(due, LANE, number);
                break;
            }
            self.lanes[number as usize].line.pop_front();
            if waits {
                let next = self.timer(kind, frame);
                self.ready.extend(next);
            }
        }
        self.ready.pop()
    }

    fn timer(&mut self, kind: Timer, at: u32) -> Option<u32> {
        let frame = self.frames[at as usize];
        if kind == Timer::Patience {
            return self.lose_patience(at);
        }
        let Some(Op::Call { site, .. }) = self.ops.get(frame.pc as usize).copied() else { return None };
        match kind {
            // A call that waits for its next attempt has no answer outstanding.
            _ if frame.outstanding == 0 => None,
            Timer::Hedge => self.send(at, site),
            _ => {
                self.frames[at as usize].call = frame.call.wrapping_add(1);
                self.frames[at as usize].outstanding = 0;
                self.failed_call(at, site)
            }
        }
    }

    /// A connection did not come free in time.
    fn lose_patience(&mut self, at: u32) -> Option<u32> {
        let frame = self.frames[at as usize];
        if frame.has_connection || frame.role != Role::Call {
            return None;
        }
        let pool = self.sites[frame.site as usize].pool as usize;
        let Some(place) = self.places[pool].queue.iter().position(|waiting| *waiting == at) else { return None };
        self.places[pool].queue.remove(place);
        let count = &mut self.counts.stations[pool];
        count.waiting += self.now;
        count.refused += 1;
        self.frames[at as usize].failed = true;
        Some(at)
    }

    /// A call has reached the other side: it needs a connection if there is a pool, and then a slot.
    fn arrive(&mut self, at: u32) -> Option<u32> {
        let site = self.sites[self.frames[at as usize].site as usize];
        self.frames[at as usize].arrived = self.now;
        if site.pool != NONE && !self.frames[at as usize].has_connection {
            self.take(at, site.pool, true)
        } else {
            self.enter(at, site.to)
        }
    }

    fn enter(&mut self, at: u32, station: u32) -> Option<u32> {
        let now = self.now;
        let place = &mut self.places[station as usize];
        let mut refused = place.down;
        if place.rate_limit > 0.0 {
            place.tokens = (place.tokens + (now - place.refilled) * place.rate_limit).min(place.rate_limit.max(1.0));
            place.refilled = now;
            refused |= place.tokens < 1.0;
            place.tokens -= if refused { 0.0 } else { 1.0 };
        }
        if refused {
            self.counts.stations[station as usize].arrivals += 1;
            return self.refuse(at, station);
        }
        self.take(at, station, false)
    }

    fn refuse(&mut self, at: u32, station: u32) -> Option<u32> {
        self.counts.stations[station as usize].refused += 1;
        self.frames[at as usize].failed = true;
        Some(at)
    }

    /// Takes a slot, or waits for one.
    fn take(&mut self, at: u32, station: u32, is_pool: bool) -> Option<u32> {
        self.counts.stations[station as usize].arrivals += 1;
        let place = &self.places[station as usize];
        if place.used < place.slots {
            return self.got(at, station, is_pool);
        }
        if place.queue.len() as u32 >= place.queue_limit {
            if place.drops {
                // Nobody answers; a caller without a timeout would wait for ever, which is his mistake to show.
                self.counts.stations[station as usize].refused += 1;
                self.let_go(at);
                self.release_frame(at);
                return None;
            }
            return self.refuse(at, station);
        }
        self.counts.stations[station as usize].waiting -= self.now;
        let place = &mut self.places[station as usize];
        place.queue.push_back(at);
        let lane = place.patience_lane;
        if lane != NONE {
            let frame = self.frames[at as usize];
            self.set_timer(lane, at, frame.generation, frame.call);
        }
        None
    }

    /// A slot or connection is there.
    fn got(&mut self, at: u32, station: u32, is_pool: bool) -> Option<u32> {
        let now = self.now;
        self.places[station as usize].used += 1;
        self.counts.stations[station as usize].busy -= now;
        let frame = &mut self.frames[at as usize];
        self.counts.sites[frame.site as usize].wait += now - frame.arrived;
        if is_pool {
            frame.has_connection = true;
            // A timer for the wait finds another call number.
            frame.call = frame.call.wrapping_add(1);
            frame.arrived = now;
            let to = self.sites[frame.site as usize].to;
            self.enter(at, to)
        } else {
            frame.has_slot = true;
            Some(at)
        }
    }

    /// Adds a moment to the sums over time for each that is at a station: its end to what is counted, taken off at its
    /// beginning.
    fn add_to_sums(&mut self, moment: f64) {
        let now = self.now;
        for (place, count) in self.places.iter_mut().zip(&mut self.counts.stations) {
            count.waiting += moment * place.queue.len() as f64;
            count.busy += moment * f64::from(place.used);
            if let Some(shared) = &mut place.shared {
                // Of shared cores those in use count, which `pass` has summed up since this was asked before.
                shared.pass(now);
                count.busy = std::mem::take(&mut shared.busy);
            }
        }
    }

    fn complete(&mut self, at: u32) -> Option<u32> {
        let Frame { role, site, parent, parent_call, mut failed, .. } = self.frames[at as usize];
        match role {
            Role::Root => self.answer_root(at),
            Role::Block => {}
            Role::Call => {
                let called = &self.sites[site as usize];
                let (own, all) = (called.error_rate, self.places[called.to as usize].errors);
                if own > 0.0 || all > 0.0 {
                    failed |= uniform(&mut self.work_streams[site as usize]) < own.max(all);
                }
                self.let_go(at);
            }
        }
        self.release_frame(at);
        if parent == NONE { None } else { self.child_done(parent, parent_call, failed) }
    }

    /// Gives back what a call holds.
    fn let_go(&mut self, at: u32) {
        let Frame { site, arrived, has_slot, has_connection, .. } = self.frames[at as usize];
        let called = self.sites[site as usize];
        if has_slot {
            let count = &mut self.counts.stations[called.to as usize];
            count.served += 1;
            count.sojourn += self.now - arrived;
            self.give_back(called.to, false);
        }
        if has_connection {
            self.give_back(called.pool, true);
        }
        let policy = called.policy as usize;
        if called.is_guarded && self.policies[policy].bulkhead.is_some() {
            self.policies[policy].open_calls -= 1;
        }
    }

    fn give_back(&mut self, station: u32, is_pool: bool) {
        let now = self.now;
        let count = &mut self.counts.stations[station as usize];
        count.busy += now;
        let place = &mut self.places[station as usize];
        place.used -= 1;
        if let Some(next) = place.queue.pop_front() {
            count.waiting += now;
            let next = self.got(next, station, is_pool);
            self.ready.extend(next);
        }
    }

    fn answer_root(&mut self, at: u32) {
        let Frame { began, site: flow, failed, parent_call: user, .. } = self.frames[at as usize];
        self.counts.answered += 1;
        let took = self.now - began;
        let count = &mut self.counts.flows[flow as usize];
        if failed {
            count.failed += 1;
        } else {
            count.done += 1;
            count.time += took;
            count.times.saturating_record((took * 1e9) as u64);
        }
        if let (Some(users), false) = (&mut self.users, user == NONE) {
            let pause = exponential(&mut users.stream, users.think);
            self.agenda.plan(self.now + pause, WISH, user);
        }
    }

    /// An answer has come for the frame that waits for it, if it still does.
    fn child_done(&mut self, at: u32, call: u32, failed: bool) -> Option<u32> {
        let frame = &mut self.frames[at as usize];
        if frame.generation.is_multiple_of(2) || frame.call != call {
            return None;
        }
        let (end, repeats) = match self.ops[frame.pc as usize] {
            Op::Call { site, end } => return self.call_done(at, site, end, failed),
            Op::Parallel { end, .. } => (end, false),
            Op::Repeat { end, .. } => (end, true),
            _ => return None,
        };
        frame.failed |= failed;
        frame.needed -= 1;
        if frame.needed == 0 || (repeats && failed) {
            frame.call = frame.call.wrapping_add(1);
            frame.pc = end;
            Some(at)
        } else if repeats {
            let first = frame.pc + 1;
            Some(self.block(at, first, end))
        } else {
            None
        }
    }

    fn call_done(&mut self, at: u32, site: u32, end: u32, failed: bool) -> Option<u32> {
        let frame = &mut self.frames[at as usize];
        frame.outstanding -= 1;
        if !failed {
            frame.call = frame.call.wrapping_add(1);
            frame.attempt = 0;
            frame.pc = end;
            let called = &self.sites[site as usize];
            if called.is_guarded {
                let state = &mut self.policies[called.policy as usize];
                state.failures = 0;
                state.trying = false;
            }
            Some(at)
        } else if frame.outstanding == 0 {
            frame.call = frame.call.wrapping_add(1);
            self.failed_call(at, site)
        } else {
            None
        }
    }

    /// A call has failed or was given up: the breaker counts it, and it is tried again if the policy says so.
    fn failed_call(&mut self, at: u32, site: u32) -> Option<u32> {
        let index = self.sites[site as usize].policy as usize;
        let policy = &self.network.policies[index];
        let state = &mut self.policies[index];
        state.failures = state.failures.saturating_add(1);
        if let Some((failures, reset)) = policy.breaker
            && (state.trying || state.failures >= failures)
        {
            state.open_until = self.now + reset;
            state.trying = false;
        }
        let allowed = policy.budget.is_none() || state.tokens >= 1.0;
        let attempt = self.frames[at as usize].attempt;
        if u32::from(attempt) >= policy.retries || !allowed {
            return self.give_up(at, site);
        }
        state.tokens -= if policy.budget.is_some() { 1.0 } else { 0.0 };
        self.counts.sites[site as usize].retries += 1;
        self.frames[at as usize].attempt = attempt + 1;
        let most = policy.pause_before(u32::from(attempt));
        let pause = if policy.jitter { most * uniform(&mut self.work_streams[site as usize]) } else { most };
        self.agenda.plan(self.now + pause, RETRY, at);
        None
    }

    /// A call has failed for good.
    fn give_up(&mut self, at: u32, site: u32) -> Option<u32> {
        let policy = &self.network.policies[self.sites[site as usize].policy as usize];
        let frame = &mut self.frames[at as usize];
        let Op::Call { end, .. } = self.ops[frame.pc as usize] else { return None };
        frame.attempt = 0;
        frame.pc = end;
        frame.failed |= policy.fallback == Fallback::None;
        self.counts.sites[site as usize].failed += 1;
        Some(at)
    }

    fn change(&mut self, number: u32) -> Option<u32> {
        let trouble = self.troubles[number as usize / 2];
        let begins = number.is_multiple_of(2);
        let place = self.places.get_mut(trouble.station as usize)?;
        match trouble.what {
            Wrong::Down => place.down = begins,
            Wrong::Slow(factor) => place.slow = if begins { factor } else { 1.0 },
            Wrong::Errors(share) => place.errors = if begins { share } else { 0.0 },
            Wrong::Flushed => place.flushed = begins,
        }
        None
    }
}

/// The operations of all programs in one table, with where each program is.
fn one_after_the_other(network: &Network) -> (Vec<Op>, Vec<(u32, u32)>) {
    let (mut ops, mut programs) = (Vec::new(), Vec::new());
    for program in &network.programs {
        let base = ops.len() as u32;
        ops.extend(program.ops.iter().map(|op| op.moved(base)));
        programs.push((base, ops.len() as u32));
    }
    (ops, programs)
}

fn hot(network: &Network, site: &Site) -> Hot {
    let policy = &network.policies[site.policy as usize];
    let limits = policy.timeout.is_some() || policy.hedge.is_some() || policy.bulkhead.is_some();
    let reacts = policy.retries > 0 || policy.breaker.is_some() || policy.fallback != Fallback::None;
    Hot {
        law: site.law,
        latency: site.latency,
        error_rate: site.error_rate,
        to: site.to,
        pool: site.pool,
        policy: site.policy,
        is_guarded: limits || reacts,
        is_timed: policy.timeout.is_some() || policy.hedge.is_some(),
    }
}

fn empty_counts(network: &Network) -> Counts {
    let flow = || FlowCount {
        done: 0,
        failed: 0,
        time: 0.0,
        times: Histogram::new_with_bounds(1, 86_400_000_000_000, 3).expect("three digits from a nanosecond to a day"),
    };
    Counts {
        flows: network.programs.iter().map(|_| flow()).collect(),
        stations: vec![StationCount::default(); network.stations.len()],
        sites: vec![SiteCount::default(); network.sites.len()],
        events: 0,
        overflowed: false,
        seconds: 0.0,
        came: 0,
        answered: 0,
        there: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::prepared;
    use groma_base::FileId;
    use groma_model::{decode::decode, link};
    use std::sync::Arc;

    /// What one replication counts of a text's first load.
    fn counts(text: &str, seed: u64, seconds: f64) -> (Network, Counts) {
        let (tree, errors) = groma_syntax::parse(text);
        assert_eq!(errors, []);
        let (arch, problems) = link(vec![Arc::new(decode(FileId(0), &tree))]);
        assert_eq!(problems, []);
        let (network, demand) = prepared(&arch, &Network::new(&arch));
        let cancel = AtomicBool::new(false);
        let settings = Settings {
            seed,
            replication: 0,
            warm_up: seconds / 4.0,
            horizon: seconds,
            most_events: u64::MAX,
            cancel: &cancel,
        };
        let counts = run(&network, &demand, &[], settings);
        (network, counts)
    }

    const NETWORK: &str = "person u \"U\"\nsystem s \"S\" {\n    service a \"A\" concurrency=4 queue-limit=20\n    service b \"B\" concurrency=2\n    service c \"C\" cpu=2\n    database d \"D\" concurrency=3\n    a -> b \"x\" { timeout 300ms; retry 2 backoff=exponential from=20ms jitter=#true budget=20%; breaker failures=8 reset=1s; fallback \"nothing\" }\n    a -> c \"x\" { hedge 50ms }\n    c -> d \"x\" { pool 2 connect-timeout=100ms; error-rate 2% }\n}\nu -> s.a \"x\"\nflow f \"F\" {\n    u -> s.a \"x\" time=5ms {\n        s.a -> s.b \"x\" time=30ms p99=200ms\n        parallel {\n            s.a -> s.c \"x\" time=10ms { s.c -> s.d \"x\" time=8ms }\n            s.a -> s.c \"y\" time=4ms law=uniform\n        }\n        chance 20% { repeat 1..3 { s.a -> s.b \"y\" time=3ms cv=2.0 } }\n        s.a -> s.d \"z\" time=1ms async=#true\n    }\n}\n";

    #[test]
    fn requests_are_conserved_and_littles_law_holds() {
        for load in ["load l \"L\" rate=40/s", "load l \"L\" { users 60 think=1s }"] {
            let (network, counts) = counts(&format!("{NETWORK}{load}\n"), 3, 2_000.0);
            assert_eq!(counts.came, counts.answered + counts.there, "{load}");
            for (station, count) in network.stations.iter().zip(&counts.stations) {
                if station.element.is_none() || station.cores.is_some() || count.served < 1_000 {
                    continue;
                }
                let present = (count.busy + count.waiting) / counts.seconds;
                let expected = count.sojourn / counts.seconds;
                assert!((present - expected).abs() < 0.01 * expected, "{load} {}: {present} {expected}", station.name);
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_and_another_gives_another() {
        let text = format!("{NETWORK}load l \"L\" rate=40/s\n");
        let time = |seed| counts(&text, seed, 100.0).1.flows[0].time;
        assert_eq!(time(1).to_bits(), time(1).to_bits());
        assert_ne!(time(1).to_bits(), time(2).to_bits());
    }

    #[test]
    fn what_things_are_called_and_where_they_stand_changes_nothing() {
        let text = format!("{NETWORK}load l \"L\" rate=40/s\n");
        let renamed =
            text.replace("s.b", "s.bank").replace("service b ", "service bank ").replace("a -> b ", "a -> bank ");
        let moved = text
            .replace("    service b \"B\" concurrency=2\n", "")
            .replace("    database d", "    // B stands here now\n    service b \"B\" concurrency=2\n    database d");
        let told = |text: &str| {
            let flow = counts(text, 1, 200.0).1.flows.remove(0);
            (flow.done, flow.failed, flow.time.to_bits(), flow.times.value_at_quantile(0.99))
        };
        assert_eq!(told(&text), told(&renamed));
        assert_eq!(told(&text), told(&moved));
    }
}
