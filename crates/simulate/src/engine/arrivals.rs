//! What is asked of the network comes in: arrivals at a rate or as recorded, and users who think and ask again.

use super::Engine;
use super::asking::*;
use super::event_queue::Event;
use super::frame::{FrameId, Grade, Outcome, Request, Role};
use super::state::FlowState;
use crate::demand::{Arrivals, Asked, Batches, Demand, LoadProfile};
use crate::distribution::{Distribution, Stream, exponential, uniform};
use crate::network::{Op, SiteId, combine, counter_of};
use groma_model::{FlowId, Idx};

/// So many times is looked how many users of a course there are.
const TICKS: f64 = 1_000.0;

impl Engine<'_> {
    /// Lets all loads of a demand ask.
    pub(super) fn ask(&mut self, demand: &Demand, stream_of: impl Fn(u64, u64) -> Stream) {
        let (keeps_time, is_course) = (demand.keep_time() > 1, demand.profile().is_some());
        for (nth, asked) in (0u64..).zip(demand.all()) {
            // Two loads that ask for the same ask for it independently of each other.
            let own = |key: u64, purpose: u64| stream_of(if nth == 0 { key } else { combine(key, nth) }, purpose);
            self.ask_one(asked, (keeps_time, is_course), own);
        }
    }

    fn ask_one(
        &mut self,
        asked: &Asked,
        (keeps_time, is_course): (bool, bool),
        stream_of: impl Fn(u64, u64) -> Stream,
    ) {
        match asked {
            Asked::Open { recorded: Some(recorded), .. } => {
                let stream = stream_of(combine(0, 0), 5);
                let tape = Tape { recorded: recorded.clone(), planned: 0, next: FlowId::FIRST, stream };
                let tape = self.tapes.push(tape);
                self.plan_recorded(tape);
            }
            Asked::Open { arrivals: Arrivals::Batches(batches), .. } => {
                let (flows, stream) = (running(asked.shares()), stream_of(combine(0, 0), 9));
                // In a state that lasts it has no beginning: what `at` says is when in each period a batch comes.
                let first = if is_course { batches.first } else { batches.first % batches.period };
                let batches = Batches { first, ..*batches };
                let schedule = self.schedules.push(Schedule { batches, come: 0, flows, stream });
                self.event_queue.plan(first, Event::BatchComes(schedule));
            }
            Asked::Open { arrivals: Arrivals::Regular, profile, .. } => {
                let of = self.askings.push(Asking { spread: Spread::Regular, profile: profile.clone() });
                let mut stream = stream_of(combine(0, 0), 10);
                let rate = asked.open_rate();
                // Which of two loads that keep time is ahead of the other, and by how much, nobody knows.
                let left = keeps_time.then(|| uniform(&mut stream) / rate);
                let flows = running(self.in_order_of_numbers(asked.shares()));
                let source = self.sources.push(Source { flows, of, rate, stream, left });
                self.plan_arrival(source);
            }
            Asked::Open { flows, arrivals, profile, .. } => {
                let spread = match arrivals {
                    Arrivals::Poisson | Arrivals::Regular | Arrivals::Batches(_) => Spread::Poisson,
                    Arrivals::Bursty(bursts) => Spread::Bursty(Turns::new(*bursts, stream_of(combine(0, 0), 8))),
                };
                let of = self.askings.push(Asking { spread, profile: profile.clone() });
                for (flow, rate) in flows.iter().filter(|(_, rate)| *rate > 0.0) {
                    let stream = stream_of(self.network.programs[*flow].key, 3);
                    let source =
                        self.sources.push(Source { flows: vec![(*flow, 1.0)], of, rate: *rate, stream, left: None });
                    self.plan_arrival(source);
                }
            }
            Asked::Closed { users, think, profile, .. } => {
                let users = (*users, *think, profile.clone());
                self.let_users_think(users, running(asked.shares()), stream_of(combine(0, 0), 4));
            }
        }
    }

    /// Lets so many users begin who think so long: each in the middle of it, but those of a course as they come.
    fn let_users_think(
        &mut self,
        (users, think, profile): (u32, Distribution, Option<LoadProfile>),
        flows: Vec<(FlowId, f64)>,
        mut stream: Stream,
    ) {
        let asleep = profile.is_some();
        let first = self.everybody.end();
        for _ in 0..users {
            self.everybody.push(User { asleep });
        }
        let end = self.everybody.end();
        if asleep {
            self.event_queue.plan(0.0, Event::CountsUsers(self.users.end()));
        } else {
            for user in first.until(end) {
                self.event_queue.plan(think.sample_rest(&mut stream), Event::UserWakes(user));
            }
        }
        let there = if asleep { first } else { end };
        self.users.push(Users { think, stream, flows, profile, first, end, there });
    }

    /// Flows in an order that neither names nor places have a say in.
    fn in_order_of_numbers(&self, mut flows: Vec<(FlowId, f64)>) -> Vec<(FlowId, f64)> {
        flows.sort_by_key(|(flow, _)| self.network.programs[*flow].key);
        flows
    }

    /// The users of whom one is.
    fn users_of(&self, user: UserId) -> UsersId {
        self.users.find(|users| user < users.end).unwrap_or(UsersId::FIRST)
    }

    pub(super) fn arrival(&mut self, source: SourceId) -> Option<FrameId> {
        let has_come = self.sources[source].left.is_none();
        self.plan_arrival(source);
        if !has_come {
            return None;
        }
        let Source { flows, stream, .. } = &mut self.sources[source];
        let flow = chosen(flows, stream)?;
        self.root(flow, None)
    }

    /// Lets the requests of a batch come, and plans the next batch.
    pub(super) fn batch(&mut self, schedule: Idx<Schedule>) -> Option<FrameId> {
        let Schedule { batches, come, flows, stream } = &mut self.schedules[schedule];
        for _ in 0..batches.of(*come) {
            let flow = chosen(flows, stream);
            let after = if batches.spread > 0.0 { uniform(stream) * batches.spread } else { 0.0 };
            if let Some(flow) = flow {
                self.event_queue.plan(self.now + after, Event::ArrivesInBatch(flow));
            }
        }
        *come += 1;
        let next = batches.first + f64::from(*come) * batches.period;
        self.event_queue.plan(next, Event::BatchComes(schedule));
        None
    }

    pub(super) fn recorded_arrival(&mut self, tape: TapeId) -> Option<FrameId> {
        let flow = self.tapes[tape].next;
        self.plan_recorded(tape);
        self.root(flow, None)
    }

    /// Plans the next of the arrivals that were recorded.
    fn plan_recorded(&mut self, tape: TapeId) {
        let Tape { recorded, planned, next, stream } = &mut self.tapes[tape];
        let Some((time, flow)) = recorded.arrivals.get(*planned).copied() else { return };
        *planned += 1;
        *next = flow.unwrap_or_else(|| {
            let total: f64 = recorded.mix.iter().map(|(_, weight)| weight).sum();
            let mut left = uniform(stream) * total;
            let chosen = recorded.mix.iter().find(|(_, weight)| {
                left -= weight;
                left < 0.0
            });
            chosen.or(recorded.mix.last()).map_or(FlowId::FIRST, |(flow, _)| *flow)
        });
        self.event_queue.plan(time, Event::ArrivesAsRecorded(tape));
    }

    #[inline(always)]
    pub(super) fn plan_arrival(&mut self, source: SourceId) {
        let Source { of, rate, stream, .. } = &mut self.sources[source];
        // What most loads do: nothing but chance says when the next request comes.
        if let Asking { spread: Spread::Poisson, profile: None } = self.askings[*of] {
            let next = self.now + exponential(stream, 1.0 / *rate);
            self.event_queue.plan(next, Event::Arrives(source));
            return;
        }
        self.plan_other_arrival(source);
    }

    /// Plans the next arrival of a load that follows a course, keeps time or comes in bursts.
    fn plan_other_arrival(&mut self, source: SourceId) {
        let Source { of, rate, stream, left, .. } = &mut self.sources[source];
        let Asking { spread, profile } = &mut self.askings[*of];
        let even = 1.0 / *rate;
        let drawn = || if matches!(spread, Spread::Regular) { even } else { exponential(stream, even) };
        let gap = left.take().unwrap_or_else(drawn);
        let profile = profile.as_ref();
        let next = match spread {
            Spread::Poisson | Spread::Regular => after(profile, self.now, gap),
            Spread::Bursty(turns) => match turns.after(profile, self.now, gap, &mut self.steps) {
                Next::At(time) => Some(time),
                Next::Never => None,
                Next::NotBefore(time, more) => {
                    *left = Some(more);
                    Some(time)
                }
            },
        };
        if let Some(next) = next {
            self.event_queue.plan(next, Event::Arrives(source));
        }
    }

    pub(super) fn user_wakes(&mut self, user: UserId) -> Option<FrameId> {
        let of = self.users_of(user);
        let users = &mut self.users[of];
        if user >= users.there {
            self.everybody[user].asleep = true;
            return None;
        }
        let flow = chosen(&users.flows, &mut users.stream)?;
        self.root(flow, Some(user))
    }

    /// Looks how many users there are at this moment of the course.
    pub(super) fn tick(&mut self, of: UsersId) -> Option<FrameId> {
        let users = &mut self.users[of];
        let profile = users.profile.as_ref()?;
        let all = users.end.index() - users.first.index();
        let there = (profile.level(self.now) * all as f64).round() as u32;
        let there = UserId::new(users.first.index() as u32 + there);
        for user in users.there.until(there) {
            if std::mem::take(&mut self.everybody[user].asleep) {
                let pause = users.think.sample_rest(&mut users.stream);
                self.event_queue.plan(self.now + pause, Event::UserWakes(user));
            }
        }
        users.there = there;
        self.event_queue.plan(self.now + (profile.length() / TICKS).max(1e-3), Event::CountsUsers(of));
        None
    }

    /// Somebody wants something.
    pub(super) fn root(&mut self, flow: FlowId, user: Option<UserId>) -> Option<FrameId> {
        self.arrivals += 1;
        self.counts_in(counter_of(flow));
        let FlowState { pc, end, only_call, first_part } = self.flows[flow];
        if let Some(counter) = first_part {
            self.counts_in(counter);
        }
        let request = Request { flow, began: self.now, first_part };
        if let Some(site) = only_call
            && self.sites[site].cut == 0.0
            && self.on_some_ways.is_empty()
        {
            self.counts.sites[site].calls += 1;
            let here = self.sites[site].to;
            let (at, frame) = self.frame(Role::RootCall, pc.next(), end, None, user);
            frame.site = site;
            frame.here = Some(here);
            self.requests[at] = request;
            if !self.stays.is_empty() {
                self.take_way(at, site);
            }
            return self.travel(at, site, false);
        }
        let (at, frame) = self.frame(Role::Root, pc, end, None, user);
        frame.here = None;
        self.requests[at] = request;
        Some(at)
    }

    /// The only call of a program, if it has no other operation around it, nobody watches over it, and somebody answers it
    /// whatever happens.
    pub(super) fn only_call(&self, flow: FlowId) -> Option<SiteId> {
        let FlowState { pc, end, .. } = self.flows[flow];
        let Op::Call { site, end: after } = *self.ops.get(pc).filter(|_| pc < end)? else { return None };
        let called = &self.sites[site];
        let is_plain = !called.is_guarded && called.pool.is_none() && !self.stations[called.to].drops;
        (after == end && is_plain).then_some(site)
    }

    /// Whoever asked gets a part of the answer, if he still waits for it: only the first is counted.
    pub(super) fn gives_part(&mut self, at: FrameId) {
        let Some(root) = self.asker(at) else { return };
        let request = &mut self.requests[root];
        let began = request.began;
        if let Some(counter) = request.first_part.take() {
            self.counts_out(counter, began, Outcome::Well(Grade::Full));
        }
    }

    /// The request that a frame belongs to, if it is still waited for.
    fn asker(&self, at: FrameId) -> Option<FrameId> {
        let mut at = at;
        loop {
            let frame = &self.frames[at];
            match frame.role {
                Role::Root | Role::RootCall => return Some(at),
                Role::Dropped => return None,
                Role::Call | Role::Block | Role::Idle | Role::Inside => {}
            }
            let caller = frame.caller?;
            let waiting = &self.frames[caller.frame];
            if waiting.generation.is_multiple_of(2) || waiting.call != caller.call {
                return None;
            }
            at = caller.frame;
        }
    }

    pub(super) fn answer_root(&mut self, at: FrameId, user: Option<UserId>, outcome: Outcome) {
        let Request { flow, began, first_part } = self.requests[at];
        self.completed += 1;
        self.counts_out(counter_of(flow), began, outcome);
        if let Some(counter) = first_part {
            // The whole answer is its own first part.
            self.counts_out(counter, began, outcome);
        }
        if let Some(user) = user {
            let of = self.users_of(user);
            let users = &mut self.users[of];
            let pause = users.think.sample(&mut users.stream);
            self.event_queue.plan(self.now + pause, Event::UserWakes(user));
        }
    }
}
