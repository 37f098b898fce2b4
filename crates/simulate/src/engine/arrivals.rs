//! What is asked of the network: arrivals at a rate or as recorded, and users who think and ask again.

use super::Engine;
use super::event_queue::Event;
use super::frame::{FrameId, Request, Role};
use crate::demand::{Arrivals, Bursts, Demand, LoadProfile};
use crate::distribution::{Distribution, Stream, exponential, uniform};
use crate::network::{Op, OpId, SiteId, combine, counter_of};
use groma_model::{FlowId, Idx, Table};
use std::collections::VecDeque;

/// So many times is looked how many users of a course there are.
const TICKS: f64 = 1_000.0;

/// What asks for a flow at a rate.
pub(super) struct Source {
    flow: FlowId,
    rate: f64,
    stream: Stream,
    /// How much more must be asked for until the next request comes, if that was not seen when it was looked ahead.
    left: Option<f64>,
}

pub(super) type SourceId = Idx<Source>;

/// Somebody who thinks and asks again.
#[derive(Clone)]
pub(super) struct User {
    /// Whether he will not ask again by himself.
    asleep: bool,
}

pub(super) type UserId = Idx<User>;

pub(super) struct Users {
    pub(super) think: Distribution,
    pub(super) stream: Stream,
    /// The flows with the running sum of their weights, as shares of one.
    pub(super) flows: Vec<(FlowId, f64)>,
    pub(super) all: Table<User>,
    /// Who are there at the moment: all before this one.
    pub(super) there: UserId,
}

/// How arrivals are spread.
pub(super) enum Spread {
    Poisson,
    Regular,
    Bursty(Turns),
}

/// When so much more has been asked for than at a moment, where a second asks for one at the highest level. `None` if that is
/// after the end of a course.
fn after(profile: Option<&LoadProfile>, now: f64, amount: f64) -> Option<f64> {
    match profile {
        None => Some(now + amount),
        Some(profile) => profile.after(now, amount),
    }
}

/// The bursts and calms that a load comes in, the same for all its flows. They are drawn as far as anybody has looked ahead,
/// in the order in which they come, so that it makes no difference who looks first.
pub(super) struct Turns {
    bursts: Bursts,
    stream: Stream,
    /// Until when each lasts that is not over yet, and whether it is a burst.
    ahead: VecDeque<(f64, bool)>,
}

impl Turns {
    fn new(bursts: Bursts, mut stream: Stream) -> Turns {
        // It has gone on like this for ever: a state without memory lasts as long from any moment on.
        let is_burst = uniform(&mut stream) < bursts.share();
        let mut turns = Turns { bursts, stream, ahead: VecDeque::new() };
        turns.add(0.0, is_burst);
        turns
    }

    fn add(&mut self, from: f64, is_burst: bool) {
        let mean = if is_burst { self.bursts.burst } else { self.bursts.calm };
        self.ahead.push_back((from + exponential(&mut self.stream, mean), is_burst));
    }

    /// When so much more has been asked for than now, where a second asks for one at the mean of both (and the highest level
    /// of a course). Each burst and calm that is looked at counts as a step.
    fn after(&mut self, profile: Option<&LoadProfile>, now: f64, amount: f64, steps: &mut u64) -> Next {
        while self.ahead.len() > 1 && self.ahead.front().is_some_and(|(end, _)| *end <= now) {
            self.ahead.pop_front();
        }
        let (calm, burst) = self.bursts.levels();
        let (mut from, mut left) = (now, amount);
        for nth in 0..MOST_AHEAD {
            let (end, is_burst) = self.ahead[nth];
            if from < end {
                let level = if is_burst { burst } else { calm };
                let found = if level > 0.0 { after(profile, from, left / level) } else { None };
                if let Some(time) = found.filter(|time| *time <= end) {
                    return Next::At(time);
                }
                if profile.is_some_and(|profile| profile.length() <= end) {
                    return Next::Never;
                }
                left = (left - level * profile.map_or(end - from, |profile| profile.between(from, end))).max(0.0);
                from = end;
            }
            *steps += 1;
            if nth + 1 == self.ahead.len() {
                self.add(end, !is_burst);
            }
        }
        Next::NotBefore(from, left)
    }
}

/// When a request comes.
enum Next {
    At(f64),
    /// So much more is asked for until it does from that moment on, after which nobody has looked yet.
    NotBefore(f64, f64),
    Never,
}

/// So many bursts and calms are looked ahead, and drawn, at once.
const MOST_AHEAD: usize = 1_000;

impl Engine<'_> {
    pub(super) fn ask(&mut self, demand: &Demand, stream_of: impl Fn(u64, u64) -> Stream) {
        match demand {
            Demand::Open { recorded: Some(recorded), .. } => {
                self.recorded = Some((recorded.clone(), 0, stream_of(combine(0, 0), 5)));
                self.plan_recorded();
            }
            Demand::Open { flows, arrivals, .. } => {
                self.spread = match arrivals {
                    Arrivals::Poisson => Spread::Poisson,
                    Arrivals::Regular => Spread::Regular,
                    Arrivals::Bursty(bursts) => Spread::Bursty(Turns::new(*bursts, stream_of(combine(0, 0), 8))),
                };
                for (flow, rate) in flows.iter().filter(|(_, rate)| *rate > 0.0) {
                    let stream = stream_of(self.network.programs[*flow].key, 3);
                    let source = self.sources.push(Source { flow: *flow, rate: *rate, stream, left: None });
                    self.plan_arrival(source);
                }
            }
            Demand::Closed { users, think, flows, profile } => {
                let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
                let mut sum = 0.0;
                let mut own = stream_of(combine(0, 0), 4);
                let asleep = profile.is_some();
                let all: Table<User> = (0..*users).map(|_| User { asleep }).collect();
                if asleep {
                    self.event_queue.plan(0.0, Event::CountsUsers(Idx::FIRST));
                } else {
                    for user in all.ids() {
                        self.event_queue.plan(think.sample_rest(&mut own), Event::UserWakes(user));
                    }
                }
                let share = |(flow, weight): &(FlowId, f64)| {
                    sum += weight / total;
                    (*flow, sum)
                };
                let flows = flows.iter().map(share).collect();
                let there = if asleep { UserId::FIRST } else { all.end() };
                self.users = Some(Users { think: *think, stream: own, flows, all, there });
            }
        }
    }

    pub(super) fn arrival(&mut self, source: SourceId) -> Option<FrameId> {
        let has_come = self.sources[source].left.is_none();
        self.plan_arrival(source);
        if !has_come {
            return None;
        }
        self.root(self.sources[source].flow, None)
    }

    pub(super) fn recorded_arrival(&mut self, flow: FlowId) -> Option<FrameId> {
        self.plan_recorded();
        self.root(flow, None)
    }

    /// Plans the next of the arrivals that were recorded.
    pub(super) fn plan_recorded(&mut self) {
        let Some((recorded, at, own)) = &mut self.recorded else { return };
        let Some((time, flow)) = recorded.arrivals.get(*at).copied() else { return };
        *at += 1;
        let flow = flow.unwrap_or_else(|| {
            let total: f64 = recorded.mix.iter().map(|(_, weight)| weight).sum();
            let mut left = uniform(own) * total;
            let chosen = recorded.mix.iter().find(|(_, weight)| {
                left -= weight;
                left < 0.0
            });
            chosen.or(recorded.mix.last()).map_or(FlowId::FIRST, |(flow, _)| *flow)
        });
        self.event_queue.plan(time, Event::ArrivesAsRecorded(flow));
    }

    pub(super) fn plan_arrival(&mut self, source: SourceId) {
        let Source { rate, stream, left, .. } = &mut self.sources[source];
        let even = 1.0 / *rate;
        let drawn = || if matches!(self.spread, Spread::Regular) { even } else { exponential(stream, even) };
        let gap = left.take().unwrap_or_else(drawn);
        let profile = self.profile.as_ref();
        let next = match &mut self.spread {
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
        let users = self.users.as_mut()?;
        if user >= users.there {
            users.all[user].asleep = true;
            return None;
        }
        let drawn = if users.flows.len() > 1 { uniform(&mut users.stream) } else { 0.0 };
        let chosen = users.flows.iter().find(|(_, sum)| drawn < *sum).or(users.flows.last());
        let flow = chosen?.0;
        self.root(flow, Some(user))
    }

    /// Looks how many users there are at this moment of the course.
    pub(super) fn tick(&mut self) -> Option<FrameId> {
        let (users, profile) = (self.users.as_mut()?, self.profile.as_ref()?);
        let there = UserId::new((profile.level(self.now) * users.all.len() as f64).round() as u32);
        for user in users.there.until(there) {
            if std::mem::take(&mut users.all[user].asleep) {
                let pause = users.think.sample_rest(&mut users.stream);
                self.event_queue.plan(self.now + pause, Event::UserWakes(user));
            }
        }
        users.there = there;
        self.event_queue.plan(self.now + (profile.length() / TICKS).max(1e-3), Event::CountsUsers(Idx::FIRST));
        None
    }

    /// Somebody wants something.
    pub(super) fn root(&mut self, flow: FlowId, user: Option<UserId>) -> Option<FrameId> {
        self.arrivals += 1;
        self.counts_in(counter_of(flow));
        let (pc, end) = self.programs[flow];
        let now = self.now;
        if let Some(site) = self.only_calls[flow]
            && self.sites[site].cut == 0.0
        {
            self.counts.sites[site].calls += 1;
            let here = self.sites[site].to;
            let (at, frame) = self.frame(Role::RootCall, pc.next(), end, None, user);
            frame.site = site;
            frame.here = Some(here);
            self.requests[at] = Request { flow, began: now };
            return self.travel(at, site, false);
        }
        let (at, frame) = self.frame(Role::Root, pc, end, None, user);
        frame.here = None;
        self.requests[at] = Request { flow, began: now };
        Some(at)
    }

    /// The only call of a program, if it has no other operation around it, nobody watches over it, and somebody answers it
    /// whatever happens.
    pub(super) fn only_call(&self, (pc, end): (OpId, OpId)) -> Option<SiteId> {
        let Op::Call { site, end: after } = *self.ops.get(pc).filter(|_| pc < end)? else { return None };
        let called = &self.sites[site];
        let is_plain = !called.is_guarded && called.pool.is_none() && !self.stations[called.to].drops;
        (after == end && is_plain).then_some(site)
    }

    pub(super) fn answer_root(&mut self, at: FrameId, user: Option<UserId>, failed: bool) {
        let Request { flow, began } = self.requests[at];
        self.completed += 1;
        self.counts_out(counter_of(flow), began, failed);
        if let (Some(users), Some(user)) = (&mut self.users, user) {
            let pause = users.think.sample(&mut users.stream);
            self.event_queue.plan(self.now + pause, Event::UserWakes(user));
        }
    }
}
