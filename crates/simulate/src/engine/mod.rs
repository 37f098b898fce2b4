//! The discrete-event simulation of one replication.
//!
//! # Events
//!
//! Time stands still between events. The loop in [`Engine::run`] takes the earliest event from the agenda, sets the clock
//! to its time and lets it happen; what happens plans further events. There are few kinds: a request arrives, a user wants
//! something, a call reaches its station, work is done, a pause before a retry is over, a timer runs out, something
//! begins or ends to go wrong, an autoscaler decides or a replica has started. An event is one number of 128 bits: the
//! time, a mark, the kind, and whom it is for. So the agenda is a heap of plain numbers. Timers that all run equally long
//! wait in a line of their own, and only the first of a line is on the agenda: most are never needed.
//!
//! # The life of a frame
//!
//! A request is a *frame*: a place in the program of its flow, as a function call is one in a thread. It is born with an
//! arrival (or a wish) and runs operation after operation until it must wait. For a call it sends a second frame, whose
//! parent it is, and waits for that frame's answer. The call travels, takes a connection and a slot or stands in a queue
//! for them, runs what is inside the call, gives back what it holds, and answers; the parent goes on behind the call, or
//! does what its policy says about failures. Branches and iterations are frames too, which hold nothing. A frame that
//! nobody waits for any more, because its caller gave up, still runs to its end and uses what it uses. Its answer bears
//! the number of a call that the parent has left behind, and is not heard.
//!
//! A place in memory is used again when a frame is done. Its generation is odd while a frame lives there and is counted on
//! at birth and death, so a timer that was set for one frame never touches the next.
//!
//! Every handler here answers who goes on because of it: the frame to run next, or `None`. Whoever else may go on is
//! put on the list of those who are ready.
//!
//! # Ties
//!
//! What happens at the same instant happens in an order drawn evenly, as a fixed one would favour somebody; only the
//! calls of one caller reach a station in the order of the text. Events at one instant go by marks that were drawn when they
//! were planned. Whoever may go on because of one does so until he works, waits or calls; who then stands before a station
//! draws a mark, and the lowest goes in first. However many were called in between, either of two comes first as often.
//!
//! # Conservation
//!
//! No request is lost: those that came are those that were answered and those that are still there, at any moment and in
//! every run (`tests.rs` asserts it). So no path through a handler may drop a frame: it goes on, it is in a queue, an event
//! or a timer will wake it, or it completes and answers. Even a call that a full station drops without a word lives
//! until its caller gives it up. What a call holds is given back in one place, where its frame completes (`calls.rs`).
//!
//! # Where what is
//!
//! `arrivals` asks, `program` runs operations, `calls` takes a call there and back, `queues` hands out slots and
//! connections, `processors` does work, `policies` handles failures and timers, `instant` orders what happens at one
//! instant, `troubles` and `replicas` change the network under way, `measuring`, `counts` and `followed` count.

mod agenda;
mod arrivals;
mod calls;
mod counts;
mod followed;
mod frame;
mod instant;
mod measuring;
mod place;
mod policies;
mod processors;
mod program;
mod queues;
mod replicas;
mod scaling;
mod times;
mod troubles;

use crate::demand::{Course, Demand, Recorded};
use crate::law::{Law, Stream, stream};
use crate::network::{NONE, Network, Op, combine};
use agenda::*;
use arrivals::Users;
pub(crate) use calls::GIVES_UP;
pub(crate) use counts::{Counts, FlowCount, FlowWindow, Replication, SPREAD, SiteCount, StationCount, Window};
use followed::{FOLLOWED, FOLLOWED_AT_LEAST};
use frame::Frame;
use place::{Hot, Patience, Place, PolicyState, hot};
use program::one_after_the_other;
use scaling::Scaler;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicBool, Ordering};
pub(crate) use troubles::{Trouble, Wrong};

/// How a replication is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'n> {
    pub(crate) seed: u64,
    pub(crate) replication: u64,
    /// Seconds before anything is counted.
    pub(crate) warm_up: f64,
    /// Where the stretches of counting end, in seconds after the warm-up.
    pub(crate) ends: &'n [f64],
    /// Which of them are judged: from the one to before the other.
    pub(crate) judged: (usize, usize),
    /// Whether this is a course of events: autoscalers work, each stretch is told, and requests that begin in those that are
    /// judged are followed to their end.
    pub(crate) is_course: bool,
    /// No more events than this.
    pub(crate) most_events: u64,
    /// Ends the replication at once when set.
    pub(crate) cancel: &'n AtomicBool,
}

pub(crate) struct Engine<'n> {
    network: &'n Network,
    /// The operations of all programs, one after the other.
    ops: Vec<Op>,
    /// Where each program begins and ends in them.
    programs: Vec<(u32, u32)>,
    /// The call that a program is, if it is one that nobody watches over and nothing else.
    only_calls: Vec<Option<u32>>,
    sites: Vec<Hot>,
    settings: Settings<'n>,
    now: f64,
    agenda: Agenda,
    frames: Vec<Frame>,
    /// When the wish of each [`Role::RootCall`] was made.
    wished: Vec<f64>,
    free: Vec<u32>,
    /// Who may go on at this instant.
    ready: Vec<u32>,
    /// Who stands before a station or pool at this instant: the mark in the upper half, below it the frame.
    before_stations: BinaryHeap<Reverse<u64>>,
    /// Who goes on just now.
    turn: Turn,
    /// What the frame that runs has set off and does not wait for.
    set_off: Vec<u32>,
    places: Vec<Place>,
    policies: Vec<PolicyState>,
    lanes: Vec<Lane>,
    timeout_lane: Vec<u32>,
    hedge_lane: Vec<u32>,
    work_streams: Vec<Stream>,
    choice_streams: Vec<Stream>,
    arrivals: Vec<(u32, f64, Stream)>,
    regular: bool,
    /// Arrivals as they were recorded, how many of them have come, and what draws the flows of those that name none.
    recorded: Option<(Recorded, usize, Stream)>,
    users: Option<Users>,
    course: Option<Course>,
    troubles: Vec<Trouble>,
    /// Which of them are there now.
    troubled: Vec<bool>,
    /// When any of them begins or ends.
    moments: Vec<f64>,
    scalers: Vec<Scaler>,
    /// Which stretch of counting this is; `None` before the first.
    stretch: Option<usize>,
    began: f64,
    counts: Counts,
    judged: Option<Counts>,
    /// From when to when requests begin that are followed to their end, what became of them, and how many are under way.
    followed: (f64, f64),
    cohort: Vec<FlowCount>,
    under_way: u64,
    /// Of each flow, how many are under way that began before the end of that time.
    old_left: Vec<u64>,
    windows: Vec<Window>,
    events: u64,
    /// Blocks that were done at this moment, and at all those before.
    steps: u64,
    steps_before: u64,
    came: u64,
    answered: u64,
}

/// A caller who goes on: his frames that do, the next last, and the mark of the latest call that he sent to each station or
/// pool at this instant.
#[derive(Default)]
struct Turn {
    frames: Vec<u32>,
    sent: Vec<(u32, u32)>,
}

/// So many requests at once are a queue that grows for ever, or a model that nobody meant.
const MOST_FRAMES: usize = 3_000_000;

/// So many blocks are done at one moment at most: more are a model that nobody meant.
const MOST_STEPS: u64 = 10_000_000;

/// So many blocks take the time of an event, and count as one.
pub(crate) const STEPS_OF_AN_EVENT: u64 = 8;

/// After so many events, or blocks at one moment, it is looked whether there were too many.
const UNWATCHED: u64 = 1 << 12;

/// Runs one replication.
pub(crate) fn run(network: &Network, demand: &Demand, troubles: &[Trouble], settings: Settings<'_>) -> Replication {
    let mut engine = Engine::new(network, demand, troubles, settings);
    let overflowed = engine.run();
    let there = engine.tell_what_is_under_way();
    Replication {
        overflowed,
        came: engine.came,
        answered: engine.answered,
        there,
        events: engine.took(),
        counts: engine.judged.unwrap_or(engine.counts),
        cohort: if settings.is_course { engine.cohort } else { Vec::new() },
        windows: engine.windows,
    }
}

impl<'n> Engine<'n> {
    fn new(network: &'n Network, demand: &Demand, troubles: &[Trouble], settings: Settings<'n>) -> Engine<'n> {
        let stream_of = |key: u64, purpose: u64| stream(settings.seed, settings.replication, key, purpose);
        let (ops, programs) = one_after_the_other(network);
        let mut engine = Engine {
            network,
            ops,
            programs,
            only_calls: Vec::new(),
            sites: network.sites.iter().map(|site| hot(network, site)).collect(),
            settings,
            now: 0.0,
            agenda: Agenda::new(agenda_seed(settings)),
            frames: Vec::new(),
            wished: Vec::new(),
            free: Vec::new(),
            ready: Vec::new(),
            before_stations: BinaryHeap::new(),
            turn: Turn::default(),
            set_off: Vec::new(),
            places: Vec::new(),
            policies: (0..network.policies.len() as u32).map(|at| PolicyState::new(network.bulkhead(at))).collect(),
            lanes: Vec::new(),
            timeout_lane: Vec::new(),
            hedge_lane: Vec::new(),
            work_streams: network.sites.iter().map(|site| stream_of(site.key, 1)).collect(),
            choice_streams: network.choice_keys.iter().map(|key| stream_of(*key, 2)).collect(),
            arrivals: Vec::new(),
            regular: false,
            recorded: None,
            users: None,
            course: demand.course().cloned(),
            troubles: troubles.to_vec(),
            troubled: vec![false; troubles.len()],
            moments: Vec::new(),
            scalers: Vec::new(),
            stretch: None,
            began: 0.0,
            counts: Counts::new(network),
            judged: None,
            followed: (0.0, 0.0),
            cohort: Vec::new(),
            under_way: 0,
            old_left: vec![0; network.programs.len() + network.watched.len()],
            windows: Vec::new(),
            events: 0,
            steps: 0,
            steps_before: 0,
            came: 0,
            answered: 0,
        };
        engine.set_up_stations();
        engine.set_up_policies();
        engine.ask(demand, stream_of);
        engine.expect_troubles();
        if settings.is_course {
            engine.follow_what_is_judged();
            engine.set_scalers();
        }
        engine
    }

    fn set_up_stations(&mut self) {
        let network = self.network;
        for (at, station) in network.stations.iter().enumerate() {
            let patience = match station.patience {
                None => Patience::Endless,
                Some(Law::Fixed(length)) => Patience::Lane(self.lane(length, Timer::Patience)),
                Some(law) => Patience::Drawn(law),
            };
            self.places.push(Place::new(at as u32, network, patience));
        }
        self.only_calls = self.programs.iter().map(|program| self.only_call(*program)).collect();
    }

    fn set_up_policies(&mut self) {
        for policy in &self.network.policies {
            let timeout = policy.timeout.map_or(NONE, |length| self.lane(length, Timer::Timeout));
            let hedge = policy.hedge.map_or(NONE, |length| self.lane(length, Timer::Hedge));
            self.timeout_lane.push(timeout);
            self.hedge_lane.push(hedge);
        }
    }

    /// Runs to the end. Whether that was before its time, because too much happened.
    fn run(&mut self) -> bool {
        let mut turn = Some(self.settings.warm_up);
        let length = self.settings.ends.last().copied().unwrap_or(0.0);
        let follows_until = self.settings.warm_up + length + (FOLLOWED * length).max(FOLLOWED_AT_LEAST);
        while let Some((time, mark, kind, number)) = self.agenda.next() {
            while let Some(moment) = turn.filter(|moment| time >= *moment) {
                turn = self.turn(moment);
            }
            if turn.is_none() && (self.under_way == 0 || time > follows_until) {
                return false;
            }
            self.now = time;
            self.events += 1;
            let is_watched = self.events.is_multiple_of(UNWATCHED) || self.steps > UNWATCHED;
            self.steps_before += std::mem::take(&mut self.steps);
            if is_watched && self.must_stop() {
                self.end_stretch();
                // Whether those that are followed come to their end is another question.
                return turn.is_some() && !self.settings.cancel.load(Ordering::Relaxed);
            }
            self.turn.sent.clear();
            let next = self.happen(mark, kind, number);
            self.let_go_on(next);
            if self.is_too_much() {
                self.end_stretch();
                return turn.is_some() || self.steps > MOST_STEPS;
            }
        }
        while let Some(moment) = turn {
            turn = self.turn(moment);
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

    /// Lets an event happen. Who goes on with what he does, if anybody; like all that answer who goes on.
    fn happen(&mut self, mark: u32, kind: u32, number: u32) -> Option<u32> {
        match kind {
            ARRIVAL => self.arrival(number),
            WISH => self.wish(number),
            ARRIVE => self.arrive(number),
            WORKED => {
                self.frames[number as usize].pc += 1;
                Some(number)
            }
            RETRY => Some(number),
            SHARED => self.shared_done(number, mark),
            LANE => self.lane_due(number),
            CHANGE => self.change(number),
            TICK => self.tick(),
            DECIDE => self.decide(number),
            LEAVE => self.leave(number, mark),
            _ => self.start_replica(number),
        }
    }
}

/// The seed of the order at one instant.
fn agenda_seed(settings: Settings<'_>) -> u64 {
    combine(combine(settings.seed, settings.replication), 6)
}

#[cfg(test)]
mod tests;
