//! The discrete-event simulation of one replication.
//!
//! A request is a *frame*: it runs the operations of its flow, waits for slots and answers, and calls other stations
//! through frames of their own. A frame that nobody waits for any more, because its caller gave up, still runs to its
//! end and uses what it uses.
//!
//! What happens at the same instant happens in an order drawn evenly, as a fixed one would favour somebody; only the
//! calls of one caller reach a station in the order of the text. Events at one instant go by marks that were drawn when they
//! were planned. Whoever may go on because of one does so until he works, waits or calls; who then stands before a station
//! draws a mark, and the lowest goes in first. However many were called in between, either of two comes first as often.

mod agenda;
mod counts;
mod demand;
mod followed;
mod frame;
mod instant;
mod place;
mod replicas;
mod scaling;
mod times;
mod troubles;

use crate::law::{Law, Stream, exponential, stream, uniform};
use crate::network::{Fallback, Limit, NONE, Network, Op, combine};
use agenda::*;
pub(crate) use counts::{Counts, FlowCount, FlowWindow, Replication, SiteCount, StationCount, Window};
pub(crate) use demand::{Course, Demand, Recorded};
use frame::{Answer, FRAME, Frame, NEVER, Role};
use place::{Hot, Patience, Place, PolicyState, hot};
use scaling::Scaler;
pub use scaling::Scaling;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

/// Something that goes wrong for a while.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) what: Wrong,
    /// Seconds from the end of the warm-up.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// What goes wrong, and at which station.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Wrong {
    /// Calls fail at once.
    Down(u32),
    /// So many replicas are gone; calls fail at once if none is left.
    Lost(u32, u32),
    /// Of this share of the work each takes so many times longer.
    Slow(u32, f64, f64),
    /// This share of calls fails.
    Errors(u32, f64),
    /// A cache loses all it holds; it stays empty for as long as this lasts where how it fills is not known, or where that
    /// is said.
    Flushed(u32, bool),
    /// Of these calls such shares do not get through, and nobody is told.
    Cut(Vec<(u32, f64)>),
}

/// So many seconds a caller that sets no timeout waits for an answer that does not come: as long as Linux tries to
/// connect (`tcp_syn_retries` of 6).
pub(crate) const GIVES_UP: f64 = 127.0;

/// No mark of an event.
const WAITS_NO_LONGER: f64 = -1.0;

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

/// Requests that are followed to their end are so for this many times the length of the course at most, and at least for so
/// many seconds: longer than anybody waits.
const FOLLOWED: f64 = 1.0;
const FOLLOWED_AT_LEAST: f64 = 300.0;

struct Users {
    think: f64,
    stream: Stream,
    /// The flows with the running sum of their weights, as shares of one.
    flows: Vec<(u32, f64)>,
    /// How many there are at the moment; the others are asleep.
    awake: u32,
    asleep: Vec<bool>,
}

/// So many requests at once are a queue that grows for ever, or a model that nobody meant.
const MOST_FRAMES: usize = 3_000_000;

/// So many blocks are done at one moment at most: more are a model that nobody meant.
const MOST_STEPS: u64 = 10_000_000;

/// So many blocks take the time of an event, and count as one.
pub(crate) const STEPS_OF_AN_EVENT: u64 = 8;

/// After so many events, or blocks at one moment, it is looked whether there were too many.
const UNWATCHED: u64 = 1 << 12;

/// So many times is looked how many users of a course there are.
const TICKS: f64 = 1_000.0;

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
        for (at, station) in network.stations.iter().enumerate() {
            let patience = match station.patience {
                None => Patience::Endless,
                Some(Law::Fixed(length)) => Patience::Lane(engine.lane(length, Timer::Patience)),
                Some(law) => Patience::Drawn(law),
            };
            engine.places.push(Place::new(at as u32, network, patience));
        }
        engine.only_calls = engine.programs.iter().map(|program| engine.only_call(*program)).collect();
        for policy in &network.policies {
            let timeout = policy.timeout.map_or(NONE, |length| engine.lane(length, Timer::Timeout));
            let hedge = policy.hedge.map_or(NONE, |length| engine.lane(length, Timer::Hedge));
            engine.timeout_lane.push(timeout);
            engine.hedge_lane.push(hedge);
        }
        engine.ask(demand, stream_of);
        engine.expect_troubles();
        if settings.is_course {
            let beginning = settings.judged.0.checked_sub(1).map_or(0.0, |before| settings.ends[before]);
            let end = settings.ends.get(settings.judged.1.wrapping_sub(1)).copied().unwrap_or(beginning);
            engine.followed = (settings.warm_up + beginning, settings.warm_up + end);
            engine.cohort = engine.counts.flows.clone();
        }
        if settings.is_course {
            engine.set_scalers();
        }
        engine
    }

    fn ask(&mut self, demand: &Demand, stream_of: impl Fn(u64, u64) -> Stream) {
        match demand {
            Demand::Open { flows, recorded: Some(recorded), .. } => {
                self.arrivals = flows.iter().map(|(flow, rate)| (*flow, *rate, stream_of(combine(0, 0), 3))).collect();
                self.recorded = Some((recorded.clone(), 0, stream_of(combine(0, 0), 5)));
                self.plan_recorded();
            }
            Demand::Open { flows, regular, .. } => {
                self.regular = *regular;
                for (flow, rate) in flows.iter().filter(|(_, rate)| *rate > 0.0) {
                    let own = stream_of(self.network.programs[*flow as usize].key, 3);
                    self.arrivals.push((*flow, *rate, own));
                    self.plan_arrival(self.arrivals.len() as u32 - 1);
                }
            }
            Demand::Closed { users, think, flows, course } => {
                let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
                let mut sum = 0.0;
                let mut own = stream_of(combine(0, 0), 4);
                let asleep = course.is_some();
                if asleep {
                    self.agenda.plan(0.0, TICK, 0);
                } else {
                    for user in 0..*users {
                        self.agenda.plan(exponential(&mut own, *think), WISH, user);
                    }
                }
                let share = |(flow, weight): &(u32, f64)| {
                    sum += weight / total;
                    (*flow, sum)
                };
                let flows = flows.iter().map(share).collect();
                let awake = if asleep { 0 } else { *users };
                let asleep = vec![asleep; *users as usize];
                self.users = Some(Users { think: *think, stream: own, flows, awake, asleep });
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

    /// Ends a stretch of counting and begins the next. When that will end, if there is one.
    fn turn(&mut self, moment: f64) -> Option<f64> {
        self.now = moment;
        self.end_stretch();
        let next = self.stretch.map_or(0, |at| at + 1);
        let end = self.settings.ends.get(next)?;
        self.stretch = Some(next);
        self.began = moment;
        self.counts.clear();
        self.places.iter_mut().for_each(|place| place.count = StationCount::default());
        self.add_to_sums(-moment);
        Some(self.settings.warm_up + end)
    }

    fn end_stretch(&mut self) {
        self.add_to_sums(self.now);
        for scaler in &mut self.scalers {
            scaler.carried += self.places[scaler.measured as usize].count.busy;
        }
        let Some(stretch) = self.stretch else { return };
        self.counts.seconds = self.now - self.began;
        self.counts.stations = self.places.iter().map(|place| place.count).collect();
        if self.settings.ends.len() > 1 {
            let replicas = |at: usize| self.places[at].replicas;
            let open = self.policies.iter().map(|policy| self.now < policy.open_until).collect();
            self.windows.push(self.counts.window(replicas, open, &self.old_left));
        }
        if (self.settings.judged.0..self.settings.judged.1).contains(&stretch) {
            match &mut self.judged {
                Some(judged) => judged.add(&self.counts),
                None => self.judged = Some(self.counts.clone()),
            }
        }
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

    fn arrival(&mut self, number: u32) -> Option<u32> {
        if self.recorded.is_some() {
            self.plan_recorded();
            return self.root(number, NONE);
        }
        self.plan_arrival(number);
        self.root(self.arrivals[number as usize].0, NONE)
    }

    /// Plans the next of the arrivals that were recorded; its number is that of its flow.
    fn plan_recorded(&mut self) {
        let Some((recorded, at, own)) = &mut self.recorded else { return };
        let Some((time, flow)) = recorded.arrivals.get(*at).copied() else { return };
        *at += 1;
        let flow = flow.unwrap_or_else(|| {
            let total: f64 = self.arrivals.iter().map(|(_, rate, _)| rate).sum();
            let mut left = uniform(own) * total;
            let chosen = self.arrivals.iter().find(|(_, rate, _)| {
                left -= rate;
                left < 0.0
            });
            chosen.or(self.arrivals.last()).map_or(0, |(flow, ..)| *flow)
        });
        self.agenda.plan(time, ARRIVAL, flow);
    }

    fn plan_arrival(&mut self, number: u32) {
        let (_, rate, own) = &mut self.arrivals[number as usize];
        let gap = if self.regular { 1.0 / *rate } else { exponential(own, 1.0 / *rate) };
        let next = match &self.course {
            None => Some(self.now + gap),
            Some(course) => course.after(self.now, gap),
        };
        if let Some(next) = next {
            self.agenda.plan(next, ARRIVAL, number);
        }
    }

    fn wish(&mut self, user: u32) -> Option<u32> {
        let users = self.users.as_mut()?;
        if user >= users.awake {
            users.asleep[user as usize] = true;
            return None;
        }
        let drawn = if users.flows.len() > 1 { uniform(&mut users.stream) } else { 0.0 };
        let chosen = users.flows.iter().find(|(_, sum)| drawn < *sum).or(users.flows.last());
        let flow = chosen?.0;
        self.root(flow, user)
    }

    /// Looks how many users there are at this moment of the course.
    fn tick(&mut self) -> Option<u32> {
        let (users, course) = (self.users.as_mut()?, self.course.as_ref()?);
        let there = (course.level(self.now) * users.asleep.len() as f64).round() as u32;
        for user in users.awake..there {
            if std::mem::take(&mut users.asleep[user as usize]) {
                let pause = exponential(&mut users.stream, users.think);
                self.agenda.plan(self.now + pause, WISH, user);
            }
        }
        users.awake = there;
        self.agenda.plan(self.now + (course.length() / TICKS).max(1e-3), TICK, 0);
        None
    }

    /// Somebody wants something.
    fn root(&mut self, flow: u32, user: u32) -> Option<u32> {
        self.came += 1;
        self.counts_in(flow as usize);
        let (pc, end) = self.programs[flow as usize];
        let now = self.now;
        if let Some(site) = self.only_calls[flow as usize]
            && self.sites[site as usize].cut == 0.0
        {
            self.counts.sites[site as usize].calls += 1;
            let here = self.sites[site as usize].to;
            let (at, frame) = self.frame(Role::RootCall, pc + 1, end, NONE, flow, user);
            frame.site = site;
            frame.here = here;
            self.wished[at as usize] = now;
            return self.travel(at, site, false);
        }
        let (at, frame) = self.frame(Role::Root, pc, end, NONE, NONE, user);
        frame.site = flow;
        frame.here = NONE;
        frame.began = now;
        Some(at)
    }

    /// The only call of a program, if it has no other operation around it, nobody watches over it, and somebody answers it
    /// whatever happens.
    fn only_call(&self, (pc, end): (u32, u32)) -> Option<u32> {
        let Op::Call { site, end: after } = *self.ops.get(pc as usize).filter(|_| pc < end)? else { return None };
        let called = &self.sites[site as usize];
        let is_plain = !called.is_guarded && called.pool == NONE && !self.places[called.to as usize].drops;
        (after == end && is_plain).then_some(site)
    }

    /// A new frame, in a place in memory that another may have left. Its generation is odd while it lives. Fields are
    /// set one by one: to build a frame and copy it as a whole costs a stall of the processor.
    #[inline(always)]
    fn frame(&mut self, role: Role, pc: u32, end: u32, parent: u32, parent_call: u32, user: u32) -> (u32, &mut Frame) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.frames.push(FRAME);
            self.wished.push(0.0);
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
        frame.user = user;
        frame.role = role;
        frame.arrived = NEVER;
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

    /// Runs a frame, and those of the same caller that go on because of it, until they wait for something or are done. Who
    /// else goes on then, if anybody.
    fn proceed(&mut self, frame: u32) -> Option<u32> {
        let mut at = frame;
        loop {
            let Frame { failed, pc, end, role, .. } = self.frames[at as usize];
            let next = if failed || pc >= end {
                let next = self.complete(at);
                if !matches!(role, Role::Block | Role::Idle | Role::Inside) {
                    self.leave_set_off();
                    return next;
                }
                if let Some(parent) = next
                    && !self.turn.frames.is_empty()
                {
                    // Branches beside it go out before what comes after them.
                    self.turn.frames.insert(0, parent);
                    return None;
                }
                next
            } else {
                match self.ops[pc as usize] {
                    Op::Call { site, end } => {
                        if !self.set_off.is_empty() {
                            // What was set off before goes out before.
                            self.turn.frames.push(at);
                            self.turn.frames.extend(self.set_off.drain(..).rev());
                            return None;
                        }
                        let next = self.begin_call(at, site, end);
                        if next != Some(at) {
                            return next;
                        }
                        next
                    }
                    Op::Work { site } => self.work(at, site),
                    op => self.block_op(at, op),
                }
            };
            match next {
                Some(next) => at = next,
                None => {
                    self.leave_set_off();
                    return None;
                }
            }
        }
    }

    /// Lets what was set off go on by itself.
    fn leave_set_off(&mut self) {
        if !self.set_off.is_empty() {
            self.ready.append(&mut self.set_off);
        }
    }

    /// Does an operation that holds others. `None` also when one event has had too many of them, or has set off too much.
    fn block_op(&mut self, at: u32, op: Op) -> Option<u32> {
        self.steps += 1;
        if self.is_too_much() {
            return None;
        }
        let Frame { pc, here, user, .. } = self.frames[at as usize];
        let inside = pc + 1;
        let goes_on = match op {
            Op::Spawn { end } => {
                let (spawned, frame) = self.frame(Role::Block, inside, end, NONE, NONE, user);
                frame.here = here;
                self.set_off.push(spawned);
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
                let drawn = uniform(&mut self.choice_streams[stream as usize]);
                if drawn >= self.hit_ratio(cache, hit) { inside } else { end }
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
            Op::Inside { site, end } => {
                let part = self.block(at, inside, end);
                let now = self.now;
                let frame = &mut self.frames[part as usize];
                (frame.role, frame.site, frame.arrived) = (Role::Inside, site, now);
                self.counts_call_in(site);
                return Some(part);
            }
            Op::Parallel { join, end } => {
                if join > 0 {
                    return self.branch_out(at, inside, end);
                }
                end
            }
            Op::Answer => {
                self.answer(at);
                self.frames[at as usize].pc = inside;
                self.turn.frames.push(at);
                return None;
            }
            Op::Else { end } => end,
            Op::Branch { .. } | Op::Call { .. } | Op::Work { .. } => inside,
        };
        self.frames[at as usize].pc = goes_on;
        Some(at)
    }

    /// Begins the branches between two places. They go on in the order of the text.
    fn branch_out(&mut self, at: u32, first: u32, end: u32) -> Option<u32> {
        let mut branches: u16 = 0;
        let mut branch = first;
        let others = self.turn.frames.len();
        while branch < end
            && let Op::Branch { end: after } = self.ops[branch as usize]
        {
            let block = self.block(at, branch + 1, after);
            self.turn.frames.push(block);
            branch = after;
            branches = branches.saturating_add(1);
        }
        self.turn.frames[others..].reverse();
        let frame = &mut self.frames[at as usize];
        (frame.needed, frame.outstanding, frame.attempt) = (0, branches, 0);
        None
    }

    /// Answers a call before all that it does is done: the caller goes on, and so does it.
    fn answer(&mut self, at: u32) {
        let Frame { role, site, parent, parent_call, user, .. } = self.frames[at as usize];
        let failed = self.fails(site);
        self.counts_call_out(at, failed);
        self.end_for_caller(at);
        let frame = &mut self.frames[at as usize];
        (frame.role, frame.parent) = (Role::Call, NONE);
        if role == Role::RootCall {
            self.answer_root(parent_call, self.wished[at as usize], user, failed);
        } else if parent != NONE {
            let next = self.child_done(parent, parent_call, if failed { Answer::Failed } else { Answer::Well });
            self.ready.extend(next);
        }
    }

    /// The share of lookups that a cache answers now, if it is this at other times.
    fn hit_ratio(&mut self, cache: u32, usual: f64) -> f64 {
        let Some(place) = self.places.get_mut(cache as usize) else { return usual };
        if place.flushed || place.down || place.is_gone {
            return 0.0;
        }
        let Some(since) = place.fills_since else { return usual };
        let ratio = self.network.refills.get(&cache).and_then(|refill| refill.ratio(self.now - since));
        if ratio.is_none() {
            place.fills_since = None;
        }
        ratio.unwrap_or(usual).min(usual)
    }

    /// A part of what a frame does, which it waits for.
    fn block(&mut self, parent: u32, pc: u32, end: u32) -> u32 {
        let Frame { call, here, user, .. } = self.frames[parent as usize];
        let (at, frame) = self.frame(Role::Idle, pc, end, parent, call, user);
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
        self.has_something_to_wait_for(at);
        let here = self.frames[at as usize].here;
        let Some(place) = self.places.get(here as usize) else {
            self.agenda.plan(self.now + drawn, WORKED, at);
            return None;
        };
        if !place.runs_on.is_empty() {
            self.work_on_processor(at, site, here, drawn);
            return None;
        }
        let end = if place.slowdowns.is_empty() {
            self.now + drawn
        } else {
            let who = self.who(at);
            place.ends(self.now, drawn, who)
        };
        if end == self.now {
            self.steps += 1;
            self.frames[at as usize].pc += 1;
            return Some(at);
        }
        self.counts.sites[site as usize].work += end - self.now;
        self.agenda.plan(end, WORKED, at);
        None
    }

    /// Tells a frame from every other, for what is drawn once of each.
    fn who(&self, at: u32) -> u64 {
        combine(u64::from(at), u64::from(self.frames[at as usize].generation))
    }

    /// A branch takes part in what is waited for.
    #[inline(always)]
    fn has_something_to_wait_for(&mut self, at: u32) {
        let frame = &mut self.frames[at as usize];
        if frame.role == Role::Idle {
            frame.role = Role::Block;
        }
    }

    /// Lets work be done by one of the processors that a station has.
    fn work_on_processor(&mut self, at: u32, site: u32, here: u32, time: f64) {
        let runs_on = &self.places[here as usize].runs_on;
        let drawn = match runs_on[..] {
            [(_, share)] if share >= 1.0 => 0.0,
            _ => uniform(&mut self.work_streams[site as usize]),
        };
        let Some((processor, _)) = runs_on.iter().find(|(_, sum)| drawn < *sum).copied() else {
            // The rest of its replicas has a machine to itself.
            let end = self.places[here as usize].ends(self.now, time, self.who(at));
            self.counts.sites[site as usize].work += end - self.now;
            self.agenda.plan(end, WORKED, at);
            return;
        };
        if processor != here {
            self.places[processor as usize].count.arrivals += 1;
        }
        let (who, now) = (self.who(at), self.now);
        let slower = self.places[here as usize].slower_itself(now, who, processor == here);
        self.counts.sites[site as usize].work += time * slower;
        self.frames[at as usize].began = now + time * slower;
        self.share(processor, at, time * slower);
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

    fn begin_call(&mut self, at: u32, site: u32, end: u32) -> Option<u32> {
        let network = self.network;
        let called = self.sites[site as usize];
        self.has_something_to_wait_for(at);
        if !called.is_guarded {
            self.counts.sites[site as usize].calls += 1;
            let frame = &mut self.frames[at as usize];
            frame.call = frame.call.wrapping_add(1);
            frame.outstanding = 0;
            return self.send(at, site, end);
        }
        let policy = &network.policies[called.policy as usize];
        let state = &mut self.policies[called.policy as usize];
        if self.frames[at as usize].attempt == 0 {
            self.counts.sites[site as usize].calls += 1;
            if let Some(budget) = policy.budget {
                state.tokens = (state.tokens + budget).min(10.0);
            }
        }
        if let Some(breaker) = &policy.breaker
            && !state.lets_through(breaker, self.now, at)
        {
            return self.give_up(at, site);
        }
        if state.bulkhead.is_some_and(|most| state.open_calls >= most) {
            return self.failed_call(at, site, false);
        }
        let frame = &mut self.frames[at as usize];
        frame.call = frame.call.wrapping_add(1);
        frame.outstanding = 0;
        let (generation, call) = (frame.generation, frame.call);
        let next = self.send(at, site, end);
        if called.is_timed {
            for lane in [self.timeout_lane[called.policy as usize], self.hedge_lane[called.policy as usize]] {
                self.set_timer(lane, at, generation, call);
            }
        }
        next
    }

    /// Sends a call on its way.
    fn send(&mut self, at: u32, site: u32, end: u32) -> Option<u32> {
        let called = self.sites[site as usize];
        let frame = &mut self.frames[at as usize];
        frame.outstanding += 1;
        let (pc, call, user) = (frame.pc + 1, frame.call, frame.user);
        let (child, frame) = self.frame(Role::Call, pc, end, at, call, user);
        frame.site = site;
        frame.here = called.to;
        if called.is_guarded && self.policies[called.policy as usize].bulkhead.is_some() {
            self.policies[called.policy as usize].open_calls += 1;
        }
        if called.cut > 0.0 && (called.cut >= 1.0 || uniform(&mut self.work_streams[site as usize]) < called.cut) {
            self.frames[child as usize].failed = true;
            self.agenda.plan(self.now + GIVES_UP, RETRY, child);
            return None;
        }
        if called.pool == NONE {
            return self.travel(child, site, true);
        }
        self.stand_before(child, true)
    }

    /// Lets a call travel to whom it is for. Those that a caller sends in his turn arrive in that order if they travel equally
    /// long.
    #[inline(always)]
    fn travel(&mut self, at: u32, site: u32, is_in_turn: bool) -> Option<u32> {
        let latency = self.sites[site as usize].latency;
        if latency > 0.0 {
            self.counts.sites[site as usize].network += latency;
            let due = self.now + latency;
            let mark = self.mark_of_call(self.sites[site as usize].to, is_in_turn);
            self.agenda.plan_marked(due, ARRIVE, at, mark);
            None
        } else {
            self.stand_before(at, is_in_turn)
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
        None
    }

    fn timer(&mut self, kind: Timer, at: u32) -> Option<u32> {
        let frame = self.frames[at as usize];
        if kind == Timer::Patience {
            return self.lose_patience(at);
        }
        let Some(Op::Call { site, end }) = self.ops.get(frame.pc as usize).copied() else { return None };
        match kind {
            // A call that waits for its next attempt has no answer outstanding.
            _ if frame.outstanding == 0 => None,
            Timer::Hedge => self.send(at, site, end),
            _ => {
                self.frames[at as usize].call = frame.call.wrapping_add(1);
                self.frames[at as usize].outstanding = 0;
                self.failed_call(at, site, true)
            }
        }
    }

    /// What was waited for did not come free in time: a connection, or else a slot.
    fn lose_patience(&mut self, at: u32) -> Option<u32> {
        let frame = self.frames[at as usize];
        if !matches!(frame.role, Role::Call | Role::RootCall) {
            return None;
        }
        let called = &self.sites[frame.site as usize];
        let is_pool = called.pool != NONE && !frame.has_connection;
        let station = if is_pool { called.pool } else { called.to };
        let place = &mut self.places[station as usize];
        let waiting = place.queue.iter().position(|waiting| *waiting == at)?;
        place.queue.remove(waiting);
        place.count.waiting += self.now;
        self.refuse(at, station)
    }

    /// A wait of a length of its own ends. A frame that waits remembers the mark of that in its beginning.
    fn leave(&mut self, at: u32, mark: u32) -> Option<u32> {
        let frame = &self.frames[at as usize];
        let waits = frame.generation % 2 == 1 && frame.began == f64::from(mark);
        if waits { self.lose_patience(at) } else { None }
    }

    /// Sets the time after which a frame that waits at a station does so no longer.
    fn be_patient(&mut self, at: u32, station: u32) {
        match self.places[station as usize].patience {
            Patience::Endless => {}
            Patience::Lane(lane) => {
                let frame = self.frames[at as usize];
                self.set_timer(lane, at, frame.generation, frame.call);
            }
            Patience::Drawn(law) => {
                let site = self.frames[at as usize].site;
                let time = law.sample(&mut self.work_streams[site as usize]);
                let mark = self.agenda.plan(self.now + time, LEAVE, at);
                self.frames[at as usize].began = f64::from(mark);
            }
        }
    }

    /// Lets a frame wait at a station: behind those of its priority and those of higher ones.
    fn wait(&mut self, at: u32, station: u32) {
        let priority = |of: u32| self.sites[self.frames[of as usize].site as usize].priority;
        let place = &mut self.places[station as usize];
        if place.is_ordered {
            let own = priority(at);
            let behind = place.queue.partition_point(|other| priority(*other) >= own);
            place.queue.insert(behind, at);
        } else {
            place.queue.push_back(at);
        }
        place.count.waiting -= self.now;
        self.be_patient(at, station);
    }

    /// A call has reached the other side.
    #[inline(always)]
    fn arrive(&mut self, at: u32) -> Option<u32> {
        let site = self.frames[at as usize].site;
        self.frames[at as usize].arrived = self.now;
        self.counts_call_in(site);
        self.enter(at, self.sites[site as usize].to)
    }

    #[inline(always)]
    fn enter(&mut self, at: u32, station: u32) -> Option<u32> {
        if !self.places[station as usize].is_guarded {
            return self.take(at, station, false);
        }
        self.enter_guarded(at, station)
    }

    /// Enters a station that may turn calls away.
    fn enter_guarded(&mut self, at: u32, station: u32) -> Option<u32> {
        let now = self.now;
        let place = &mut self.places[station as usize];
        let mut refused = place.down | place.is_gone;
        if let Some(limit) = place.rate_limit {
            place.tokens = (place.tokens + (now - place.refilled) * limit.rate).min(limit.burst);
            place.refilled = now;
            refused |= place.tokens < 1.0;
            place.tokens -= if refused { 0.0 } else { 1.0 };
        }
        if let Some(limit) = place.user_limit {
            refused |= !self.lets_user_in(at, station, limit);
        }
        if refused {
            self.places[station as usize].count.arrivals += 1;
            return self.refuse(at, station);
        }
        self.take(at, station, false)
    }

    /// Whether the user for whom a call is made has not called too often; where nobody is known, everybody may.
    fn lets_user_in(&mut self, at: u32, station: u32, limit: Limit) -> bool {
        let user = self.frames[at as usize].user;
        let Some(users) = self.users.as_ref().filter(|_| user != NONE) else { return true };
        let place = &mut self.places[station as usize];
        place.user_tokens.resize(users.asleep.len(), (limit.burst, 0.0));
        let (tokens, since) = &mut place.user_tokens[user as usize];
        *tokens = (*tokens + (self.now - *since) * limit.rate).min(limit.burst);
        *since = self.now;
        let is_let_in = *tokens >= 1.0;
        *tokens -= if is_let_in { 1.0 } else { 0.0 };
        is_let_in
    }

    fn refuse(&mut self, at: u32, station: u32) -> Option<u32> {
        self.places[station as usize].count.refused += 1;
        let is_pool = self.network.stations[station as usize].relation.is_some();
        let frame = &mut self.frames[at as usize];
        if is_pool {
            frame.arrived = NEVER;
        }
        frame.began = WAITS_NO_LONGER;
        frame.failed = true;
        Some(at)
    }

    /// Takes a slot, or waits for one.
    #[inline(always)]
    fn take(&mut self, at: u32, station: u32, is_pool: bool) -> Option<u32> {
        let now = self.now;
        let place = &mut self.places[station as usize];
        place.count.arrivals += 1;
        if place.used < place.slots {
            place.used += 1;
            place.count.busy -= now;
            if is_pool {
                return self.got(at, true);
            }
            self.frames[at as usize].has_slot = true;
            return Some(at);
        }
        if place.queue.len() as u32 >= place.queue_limit {
            if place.drops {
                // Nobody answers; a caller without a timeout would wait for ever, which is his mistake to show.
                place.count.refused += 1;
                let frame = &mut self.frames[at as usize];
                frame.role = Role::Dropped;
                frame.failed = true;
                return Some(at);
            }
            return self.refuse(at, station);
        }
        self.wait(at, station);
        None
    }

    /// A slot or connection is there.
    #[inline(always)]
    fn got(&mut self, at: u32, is_pool: bool) -> Option<u32> {
        let now = self.now;
        let frame = &mut self.frames[at as usize];
        self.counts.sites[frame.site as usize].wait += now - frame.arrived;
        frame.began = WAITS_NO_LONGER;
        if is_pool {
            frame.has_connection = true;
            // A timer for the wait finds another call number.
            frame.call = frame.call.wrapping_add(1);
            let site = frame.site;
            self.travel(at, site, false)
        } else {
            frame.has_slot = true;
            Some(at)
        }
    }

    /// Adds a moment to the sums over time for each that is at a station: its end to what is counted, taken off at its
    /// beginning.
    fn add_to_sums(&mut self, moment: f64) {
        let now = self.now;
        for place in &mut self.places {
            let servers = place.servers();
            let count = &mut place.count;
            count.waiting += moment * place.queue.len() as f64;
            count.busy += moment * f64::from(place.used);
            count.capacity += moment * servers;
            if let Some(shared) = &mut place.shared {
                // Of shared cores those in use count, which `pass` has summed up since this was asked before.
                shared.pass(now);
                count.busy = std::mem::take(&mut shared.busy);
                count.waiting += std::mem::take(&mut shared.waiting);
            }
        }
    }

    #[inline(always)]
    fn complete(&mut self, at: u32) -> Option<u32> {
        let Frame { role, site, parent, parent_call, mut failed, .. } = self.frames[at as usize];
        match role {
            Role::Root => {
                let Frame { began, user, .. } = self.frames[at as usize];
                self.answer_root(site, began, user, failed);
            }
            Role::RootCall => {
                let user = self.frames[at as usize].user;
                failed |= self.fails(site);
                self.counts_call_out(at, failed);
                self.let_go(at);
                self.answer_root(parent_call, self.wished[at as usize], user, failed);
            }
            Role::Inside => self.counts_call_out(at, failed),
            Role::Block | Role::Idle => {}
            Role::Dropped => {
                self.counts_call_out(at, true);
                self.let_go(at);
                self.release_frame(at);
                return None;
            }
            // It was answered before.
            Role::Call if parent == NONE => self.let_go(at),
            Role::Call => {
                failed |= self.fails(site);
                self.counts_call_out(at, failed);
                self.let_go(at);
            }
        }
        self.release_frame(at);
        let answer = match (failed, role) {
            (true, _) => Answer::Failed,
            (false, Role::Idle) => Answer::Nothing,
            (false, _) => Answer::Well,
        };
        if parent == NONE { None } else { self.child_done(parent, parent_call, answer) }
    }

    /// Whether a call fails for no other reason.
    #[inline(always)]
    fn fails(&mut self, site: u32) -> bool {
        let share = self.sites[site as usize].fails;
        share > 0.0 && uniform(&mut self.work_streams[site as usize]) < share
    }

    /// Gives back what a call holds.
    #[inline(always)]
    fn let_go(&mut self, at: u32) {
        let Frame { site, arrived, has_slot, .. } = self.frames[at as usize];
        let called = self.sites[site as usize];
        if has_slot {
            let count = &mut self.places[called.to as usize].count;
            count.served += 1;
            count.sojourn += self.now - arrived;
            self.give_back(called.to, false);
        }
        let is_open = !self.has_answered(&self.frames[at as usize]);
        if is_open {
            self.end_for_caller(at);
        }
    }

    /// Gives back what the caller holds for a call: its connection, and its place among those that are open.
    #[inline(always)]
    fn end_for_caller(&mut self, at: u32) {
        let Frame { site, has_connection, .. } = self.frames[at as usize];
        let called = self.sites[site as usize];
        if has_connection {
            self.frames[at as usize].has_connection = false;
            self.give_back(called.pool, true);
        }
        let policy = called.policy as usize;
        if called.is_guarded && self.policies[policy].bulkhead.is_some() {
            self.policies[policy].open_calls -= 1;
        }
    }

    #[inline(always)]
    fn give_back(&mut self, station: u32, is_pool: bool) {
        let now = self.now;
        let place = &mut self.places[station as usize];
        // Whoever waits takes over, unless there are fewer slots than before.
        if place.used <= place.slots
            && let Some(next) = place.queue.pop_front()
        {
            place.count.waiting += now;
            if let Some(next) = self.got(next, is_pool) {
                self.ready.push(next);
            }
        } else {
            place.used -= 1;
            place.count.busy += now;
        }
    }

    fn answer_root(&mut self, flow: u32, began: f64, user: u32, failed: bool) {
        self.answered += 1;
        self.counts_out(flow as usize, began, failed);
        if let (Some(users), false) = (&mut self.users, user == NONE) {
            let pause = exponential(&mut users.stream, users.think);
            self.agenda.plan(self.now + pause, WISH, user);
        }
    }

    /// An answer has come for the frame that waits for it, if it still does.
    #[inline(always)]
    fn child_done(&mut self, at: u32, call: u32, answer: Answer) -> Option<u32> {
        let frame = &self.frames[at as usize];
        if frame.generation.is_multiple_of(2) || frame.call != call {
            return None;
        }
        if answer != Answer::Nothing {
            self.has_something_to_wait_for(at);
        }
        let frame = &mut self.frames[at as usize];
        let failed = answer == Answer::Failed;
        match self.ops[frame.pc as usize] {
            Op::Call { site, end } => self.call_done(at, site, end, failed),
            Op::Parallel { join, end } => {
                frame.outstanding -= 1;
                frame.needed += u32::from(answer == Answer::Well);
                frame.attempt = frame.attempt.saturating_add(u16::from(failed));
                // Who has nothing to wait for takes no part.
                let open = u32::from(frame.outstanding);
                let needed = join.min(open + frame.needed + u32::from(frame.attempt));
                // As soon as too few are left the rest need not be waited for.
                frame.failed = frame.needed + open < needed;
                (frame.failed || frame.needed >= needed).then(|| {
                    self.frames[at as usize].attempt = 0;
                    self.go_on(at, end)
                })
            }
            Op::Repeat { end, .. } => {
                frame.failed = failed;
                frame.needed -= 1;
                let first = frame.pc + 1;
                Some(if failed || frame.needed == 0 { self.go_on(at, end) } else { self.block(at, first, end) })
            }
            Op::Inside { end, .. } => {
                frame.failed = failed;
                Some(self.go_on(at, end))
            }
            _ => None,
        }
    }

    /// Lets a frame go on behind what it waited for; answers to it that come later answer nobody.
    fn go_on(&mut self, at: u32, end: u32) -> u32 {
        let frame = &mut self.frames[at as usize];
        frame.call = frame.call.wrapping_add(1);
        frame.pc = end;
        at
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
                let policy = &self.network.policies[called.policy as usize];
                self.policies[called.policy as usize].succeeds(policy.breaker.as_ref(), self.now, at);
            }
            Some(at)
        } else if frame.outstanding == 0 {
            frame.call = frame.call.wrapping_add(1);
            self.failed_call(at, site, false)
        } else {
            None
        }
    }

    /// A call has failed or was given up: the breaker counts it, and it is tried again if the policy says so.
    fn failed_call(&mut self, at: u32, site: u32, is_timeout: bool) -> Option<u32> {
        let index = self.sites[site as usize].policy as usize;
        let policy = &self.network.policies[index];
        let state = &mut self.policies[index];
        if let Some(breaker) = &policy.breaker {
            state.fails(breaker, self.now, at);
        }
        let is_retried = if is_timeout { policy.retried.timeouts } else { policy.retried.errors };
        let allowed = policy.budget.is_none() || state.tokens >= 1.0;
        let attempt = self.frames[at as usize].attempt;
        if u32::from(attempt) >= policy.retries || !allowed || !is_retried {
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
        let age = self.now - self.policies[self.sites[site as usize].policy as usize].last_well;
        match policy.fallback {
            Fallback::None => frame.failed = true,
            _ if policy.max_age.is_some_and(|most| age > most) => frame.failed = true,
            Fallback::GoOn => {}
            // What is done instead stands right behind.
            Fallback::Station(_) => frame.pc += u32::from(matches!(self.ops.get(end as usize), Some(Op::Else { .. }))),
        }
        self.counts.sites[site as usize].failed += 1;
        Some(at)
    }
}

/// The seed of the order at one instant.
fn agenda_seed(settings: Settings<'_>) -> u64 {
    combine(combine(settings.seed, settings.replication), 6)
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

#[cfg(test)]
mod tests;
