//! The discrete-event simulation of one replication.
//!
//! # Events
//!
//! Time stands still between events. The loop in [`Engine::run`] takes the earliest event from the event queue, sets
//! the clock to its time and dispatches it; its handler plans further events. There are few kinds: a request arrives, a
//! user wakes and wants something, a call reaches its station, work is done, a pause before a retry is over, a timer
//! runs out, a fault begins or ends, an autoscaler decides, a replica has started. An event is one number of 128 bits:
//! the time, a tiebreak, the kind, and whom it is for. So the queue is a heap of plain numbers. Timers that all run
//! equally long wait in a line of their own, and only the first of a line is in the event queue: most timers are never
//! needed.
//!
//! # The life of a frame
//!
//! A request is a *frame*: a place in the program of its flow, as a function call is one in a thread. It is born when
//! the request arrives and runs operation after operation until it must wait. For a call it sends a second frame, whose
//! parent it is, and waits for that frame's answer. The call travels, takes a connection and a slot or waits in a queue
//! for them, runs what is inside the call, gives back what it holds, and answers; the parent resumes behind the call,
//! or does what its policy says about failures. Branches and iterations are frames too, which hold nothing. A frame
//! that nobody waits for any more, because its caller gave up, still runs to its end and uses what it uses. Its answer
//! bears the number of a call that the parent has left behind, and is ignored.
//!
//! The memory of a frame is used again when it is done. Its generation is odd while a frame lives there and is counted
//! on at birth and death, so a timer that was set for one frame never touches the next.
//!
//! Every handler returns the frame to run next because of it, if any. Whoever else may resume is put on the list of
//! those who are ready.
//!
//! # Ties
//!
//! What happens at the same instant happens in an order drawn evenly, as a fixed one would favour somebody; only the
//! calls of one caller reach a station in the order of the text. Events at one instant go by the tiebreaks that were
//! drawn when they were planned. Whoever may resume because of one runs until he works, waits or calls; who then stands
//! before a station draws a tiebreak, and the lowest goes in first. However many were called in between, either of two
//! comes first as often.
//!
//! # Conservation
//!
//! No request is lost: at any moment the requests that arrived are those that completed and those in flight (`tests.rs`
//! asserts it). So no path through a handler may drop a frame: it runs on, it is in a queue, an event or a timer will
//! wake it, or it completes and answers. Even a call that a full station drops without a word is a frame that ends;
//! only its caller has to find out. What a call holds is given back in one place, where its frame completes
//! (`calls.rs`).
//!
//! # Speed
//!
//! Calls between functions so small would take a tenth of the time. So what almost every event does is marked
//! `#[inline(always)]`; what few do stands in functions of its own, and one look at a field that is in reach tells whether they are
//! needed.
//!
//! # Where what is
//!
//! `arrivals` asks (`asking` is what it keeps of who does), `program` runs operations, `calls` takes a call there and back, `queues` hands out slots and
//! connections, `processors` does work, `stalled_work` lets it stand still, `policies` handles failures and timers, `instant` orders what
//! happens at one instant, `balancing` chooses replicas, `fault_injection` and `replicas` change the network under way, `measuring`, `counts`
//! and `followed` count. `frame`, `state`, `breaker`, `fault`, `stalls` and `timers` are what is kept of requests, of stations and calls, of
//! policies, of what goes wrong, and of what runs; they know nothing of what is done with it.

mod arrivals;
mod asking;
mod balancing;
mod breaker;
mod calls;
mod counts;
mod event_queue;
mod fault;
mod fault_injection;
mod followed;
mod frame;
mod instant;
mod measuring;
mod policies;
mod processors;
mod program;
mod queues;
mod recorded_times;
mod replicas;
mod scaling;
mod stalled_work;
mod stalls;
mod state;
mod timers;

use crate::demand::Demand;
use crate::distribution::{Distribution, Stream, stream};
use crate::network::{Branching, CallSite, Counter, Network, Op, Policy, SiteId, Station, StationId, combine};
use crate::route::{Met, Route, Stay};
use asking::{Asking, Schedule, Source, Tape, User, Users};
use breaker::PolicyState;
pub(crate) use calls::GIVES_UP;
pub(crate) use counts::{Counts, FlowCount, FlowWindow, Replication, SPREAD, SiteCount, StationCount, Window};
use event_queue::{Due, Event, EventQueue};
pub(crate) use fault::{Fault, FaultEffect};
use fault::{Moment, Trouble};
use followed::{FOLLOWED, FOLLOWED_AT_LEAST};
use frame::{Frame, FrameId, Request};
use groma_model::{Flow, Per, Table};
use program::{Cases, cases, one_after_the_other};
pub(crate) use recorded_times::RESOLUTION;
pub(crate) use recorded_times::TimeSteps;
use rustc_hash::{FxHashMap, FxHashSet};
use scaling::Scaler;
pub(crate) use stalled_work::STEPS_OF_A_STALL;
use stalls::StallClock;
use state::{FlowState, Patience, SiteState, StationState, flow_state, is_ordered, site_state};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicBool, Ordering};
use timers::{Lane, LaneId, Timer};

/// How a replication is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'n> {
    pub(crate) seed: u64,
    pub(crate) replication: u64,
    /// Seconds before anything is counted.
    pub(crate) warm_up: f64,
    /// Where the measurement windows end, in seconds after the warm-up.
    pub(crate) ends: &'n [f64],
    /// Which of them are judged: from the one to before the other.
    pub(crate) judged: (usize, usize),
    /// Whether this is a course of events: autoscalers work, each window is told, and requests that begin in those that are
    /// judged are followed to their end.
    pub(crate) is_transient: bool,
    /// No more events than this.
    pub(crate) most_events: u64,
    /// Ends the replication at once when set.
    pub(crate) cancel: &'n AtomicBool,
}

pub(crate) struct Engine<'n> {
    network: &'n Network,
    /// The operations of all programs, one after the other.
    ops: Table<Op>,
    flows: Per<Flow, FlowState>,
    sites: Per<CallSite, SiteState>,
    settings: Settings<'n>,
    now: f64,
    event_queue: EventQueue,
    frames: Table<Frame>,
    /// What each at the system boundary is about.
    requests: Per<Frame, Request>,
    /// Where each is, if anything can be answered at several places.
    stays: Per<Frame, Stay>,
    free: Vec<FrameId>,
    /// Who may go on at this instant.
    ready: Vec<FrameId>,
    /// Calls that are on their way until what holds them up is over.
    on_the_way: Vec<FrameId>,
    /// Who stands before a station or pool at this instant: the tiebreak in the upper half, below it the frame.
    before_stations: BinaryHeap<Reverse<u64>>,
    /// Of frames whose lookup in a cache came to nothing: which cache. They go on as if it did not have what they asked for.
    failed_lookups: FxHashMap<FrameId, StationId>,
    /// Of each call, whether it is a lookup in a cache behind which its flow fetches what the cache does not have.
    is_lookup: Per<CallSite, bool>,
    /// Who goes on just now.
    turn: Turn,
    /// What the frame that runs has set off and does not wait for.
    set_off: Vec<FrameId>,
    stations: Per<Station, StationState>,
    policies: Per<Policy, PolicyState>,
    lanes: Table<Lane>,
    timeout_lane: Per<Policy, Option<LaneId>>,
    hedge_lane: Per<Policy, Option<LaneId>>,
    work_streams: Per<CallSite, Stream>,
    branching_streams: Per<Branching, Stream>,
    /// What draws replicas for calls; empty if that is done nowhere.
    balance_streams: Per<CallSite, Stream>,
    /// Of calls from replicas that have connections of their own, whose.
    own_pools: FxHashMap<FrameId, StationId>,
    /// The cases that each choice is between, if it is between several.
    cases: Per<Branching, Cases>,
    sources: Table<Source>,
    askings: Table<Asking>,
    tapes: Table<Tape>,
    schedules: Table<Schedule>,
    /// The users of each load of users, and all of them.
    users: Table<Users>,
    everybody: Table<User>,
    faults: Table<Fault>,
    /// Which of them are there now.
    active_faults: Per<Fault, bool>,
    /// Where calls go now, by the numbers of the network's own.
    routes: Table<Route>,
    /// Those by which calls of a site fail now, do not get through or are held up on some ways alone.
    on_some_ways: Vec<(SiteId, Trouble, Met)>,
    /// When any of them begins or ends.
    moments: Table<Moment>,
    scalers: Table<Scaler>,
    /// Whether anything stalls, and the replicas whose stalls take work off shared cores.
    has_stalls: bool,
    stall_clocks: Table<StallClock>,
    /// Which measurement window this is; `None` before the first.
    window: Option<usize>,
    began: f64,
    counts: Counts,
    judged: Option<Counts>,
    /// From when to when requests begin that are followed to their end, what became of them, and how many are under way.
    followed: (f64, f64),
    cohort: Per<Counter, FlowCount>,
    under_way: u64,
    /// Of each flow, how many are under way that began before the end of that time.
    old_left: Per<Counter, u64>,
    windows: Vec<Window>,
    events: u64,
    /// Blocks that were done at this moment, and at all those before.
    steps: u64,
    steps_before: u64,
    arrivals: u64,
    completed: u64,
}

/// A caller who goes on: his frames that do, the next last, and the tiebreak of the latest call that he sent to each station or
/// pool at this instant.
#[derive(Default)]
struct Turn {
    frames: Vec<FrameId>,
    sent: Vec<(StationId, u32)>,
}

/// More live frames than this mean an unstable queue or a modelling mistake.
const MOST_FRAMES: usize = 3_000_000;

/// More blocks done at one moment than this mean a modelling mistake.
const MOST_STEPS: u64 = 10_000_000;

/// So many blocks take the time of an event, and count as one.
pub(crate) const STEPS_OF_AN_EVENT: u64 = 8;

/// After so many events, or blocks at one moment, it is looked whether there were too many.
const UNWATCHED: u64 = 1 << 12;

/// Runs one replication.
pub(crate) fn run(network: &Network, demand: &Demand, faults: &[Fault], settings: Settings<'_>) -> Replication {
    let mut engine = Engine::new(network, demand, faults, settings);
    let overflowed = engine.run();
    let in_flight = engine.tell_what_is_under_way();
    Replication {
        overflowed,
        arrivals: engine.arrivals,
        completed: engine.completed,
        in_flight,
        events: engine.took(),
        counts: engine.judged.unwrap_or(engine.counts),
        cohort: if settings.is_transient { engine.cohort } else { Per::new() },
        windows: engine.windows,
    }
}

impl<'n> Engine<'n> {
    /// Nothing has happened yet. Long because an engine has many fields, each with its beginning.
    fn new(network: &'n Network, demand: &Demand, faults: &[Fault], settings: Settings<'n>) -> Engine<'n> {
        let stream_of = |key: u64, purpose: u64| stream(settings.seed, settings.replication, key, purpose);
        let (ops, programs) = one_after_the_other(network);
        let counts = Counts::new(network);
        let mut engine = Engine {
            network,
            cases: cases(network, &ops),
            ops,
            flows: programs.entries().map(|(flow, program)| flow_state(network, flow, *program)).collect(),
            sites: network.sites.each(|site| site_state(network, site)),
            settings,
            now: 0.0,
            event_queue: EventQueue::new(tiebreak_seed(settings)),
            frames: Table::new(),
            requests: Per::new(),
            stays: Per::new(),
            free: Vec::new(),
            ready: Vec::new(),
            on_the_way: Vec::new(),
            before_stations: BinaryHeap::new(),
            failed_lookups: FxHashMap::default(),
            is_lookup: lookups(network),
            turn: Turn::default(),
            set_off: Vec::new(),
            stations: Per::new(),
            policies: network.policies.ids().map(|at| PolicyState::new(network.bulkhead(at))).collect(),
            lanes: Table::new(),
            timeout_lane: Per::new(),
            hedge_lane: Per::new(),
            work_streams: network.sites.each(|site| stream_of(site.key, 1)),
            branching_streams: network.branchings.each(|place| stream_of(place.key, 2)),
            balance_streams: Per::new(),
            own_pools: FxHashMap::default(),
            sources: Table::new(),
            askings: Table::new(),
            tapes: Table::new(),
            schedules: Table::new(),
            users: Table::new(),
            everybody: Table::new(),
            faults: faults.iter().cloned().collect(),
            active_faults: faults.iter().map(|_| false).collect(),
            routes: network.routes.clone(),
            on_some_ways: Vec::new(),
            moments: Table::new(),
            scalers: Table::new(),
            has_stalls: false,
            stall_clocks: Table::new(),
            window: None,
            began: 0.0,
            old_left: counts.flows.beside(0),
            counts,
            judged: None,
            followed: (0.0, 0.0),
            cohort: Per::new(),
            under_way: 0,
            windows: Vec::new(),
            events: 0,
            steps: 0,
            steps_before: 0,
            arrivals: 0,
            completed: 0,
        };
        engine.set_up_stations();
        if network.stations.iter().any(|station| station.balance.is_some()) {
            engine.balance_streams = network.sites.each(|site| stream_of(site.key, 10));
            engine.set_up_replicas();
        }
        engine.set_up_stalls();
        engine.set_up_policies();
        engine.ask(demand, stream_of);
        engine.schedule_faults();
        if settings.is_transient {
            engine.follow_what_is_judged();
            engine.set_scalers();
        }
        engine
    }

    fn set_up_stations(&mut self) {
        let network = self.network;
        for (at, station) in network.stations.entries() {
            let patience = match station.patience {
                None => Patience::Endless,
                Some(Distribution::Fixed(length)) => Patience::Lane(self.lane(length, Timer::Patience)),
                Some(law) => Patience::Drawn(law),
            };
            self.stations.push(StationState::new(at, station, is_ordered(at, network), patience));
        }
        for flow in self.flows.ids() {
            self.flows[flow].only_call = self.only_call(flow);
        }
    }

    fn set_up_policies(&mut self) {
        for policy in &self.network.policies {
            let timeout = policy.timeout.map(|length| self.lane(length, Timer::Timeout));
            let hedge = policy.hedge.map(|length| self.lane(length, Timer::Hedge));
            self.timeout_lane.push(timeout);
            self.hedge_lane.push(hedge);
        }
    }

    /// Runs to the end. Whether that was before its time, because too much happened.
    fn run(&mut self) -> bool {
        let mut window_end = Some(self.settings.warm_up);
        let length = self.settings.ends.last().copied().unwrap_or(0.0);
        let follows_until = self.settings.warm_up + length + (FOLLOWED * length).max(FOLLOWED_AT_LEAST);
        while let Some(due) = self.event_queue.next() {
            let time = due.time;
            while let Some(moment) = window_end.filter(|moment| time >= *moment) {
                window_end = self.begin_window(moment);
            }
            if window_end.is_none() && (self.under_way == 0 || time > follows_until) {
                return false;
            }
            self.now = time;
            self.events += 1;
            let is_watched = self.events.is_multiple_of(UNWATCHED) || self.steps > UNWATCHED;
            self.steps_before += std::mem::take(&mut self.steps);
            if is_watched && self.must_stop() {
                self.end_window();
                // Whether those that are followed come to their end is another question.
                return window_end.is_some() && !self.settings.cancel.load(Ordering::Relaxed);
            }
            self.turn.sent.clear();
            let next = self.dispatch(due);
            if !self.run_ready(next) {
                self.end_window();
                return window_end.is_some() || self.steps > MOST_STEPS;
            }
        }
        while let Some(moment) = window_end {
            window_end = self.begin_window(moment);
        }
        false
    }

    /// Events, and blocks for what they take.
    fn took(&self) -> u64 {
        self.events + (self.steps_before + self.steps) / STEPS_OF_AN_EVENT
    }

    fn must_stop(&self) -> bool {
        self.took() >= self.settings.most_events || self.settings.cancel.load(Ordering::Relaxed)
    }

    /// Whether more is under way than can be kept, or too much is done at one moment. Nobody goes on then.
    fn is_too_much(&self) -> bool {
        self.steps > MOST_STEPS || self.frames.len() > MOST_FRAMES
    }

    /// Dispatches one event. Returns the frame to run next, if any (the convention of every handler here).
    #[inline(always)]
    fn dispatch(&mut self, due: Due) -> Option<FrameId> {
        match due.event {
            Event::Arrives(source) => self.arrival(source),
            Event::ArrivesAsRecorded(tape) => self.recorded_arrival(tape),
            Event::BatchComes(schedule) => self.batch(schedule),
            Event::ArrivesInBatch(flow) => self.root(flow, None),
            Event::UserWakes(user) => self.user_wakes(user),
            Event::CallArrives(frame) => self.arrive(frame),
            Event::WorkDone(frame) => self.step(frame),
            Event::Retries(frame) => Some(frame),
            Event::SharedWorkDone(station) => self.shared_done(station, due.tiebreak),
            Event::TimerDue(lane) => self.lane_due(lane),
            Event::FaultsChange(moment) => self.change(moment),
            Event::CountsUsers(users) => self.tick(users),
            Event::ScalerDecides(scaler) => self.decide(scaler),
            Event::Reneges(frame) => self.renege_event(frame, due.tiebreak),
            Event::ReplicaStarts(scaler) => self.start_replica(scaler),
            Event::StallChanges(clock) => self.stall_changes(clock),
        }
    }
}

/// Of each call, whether its flow has a `miss` of the cache that it goes to.
fn lookups(network: &Network) -> Per<CallSite, bool> {
    let mut found = network.sites.beside(false);
    for program in &network.programs {
        let caches: FxHashSet<StationId> = program.ops.iter().filter_map(|op| op.cache()).collect();
        for site in program.ops.iter().filter_map(|op| op.call()) {
            found[site] = caches.contains(&network.sites[site].to);
        }
    }
    found
}

/// The seed of the order at one instant.
fn tiebreak_seed(settings: Settings<'_>) -> u64 {
    combine(combine(settings.seed, settings.replication), 6)
}

#[cfg(test)]
mod tests;
