//! What is asked of the network: arrivals at a rate or as recorded, and users who think and ask again.

use super::Engine;
use super::event_queue::Event;
use super::frame::{FrameId, Request, Role};
use crate::demand::Demand;
use crate::distribution::{Stream, exponential, uniform};
use crate::network::{Op, OpId, SiteId, combine, counter_of};
use groma_model::{FlowId, Idx, Table};

/// So many times is looked how many users of a course there are.
const TICKS: f64 = 1_000.0;

/// What asks for a flow at a rate.
pub(super) struct Source {
    flow: FlowId,
    rate: f64,
    stream: Stream,
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
    pub(super) think: f64,
    pub(super) stream: Stream,
    /// The flows with the running sum of their weights, as shares of one.
    pub(super) flows: Vec<(FlowId, f64)>,
    pub(super) all: Table<User>,
    /// Who are there at the moment: all before this one.
    pub(super) there: UserId,
}

impl Engine<'_> {
    pub(super) fn ask(&mut self, demand: &Demand, stream_of: impl Fn(u64, u64) -> Stream) {
        match demand {
            Demand::Open { recorded: Some(recorded), .. } => {
                self.recorded = Some((recorded.clone(), 0, stream_of(combine(0, 0), 5)));
                self.plan_recorded();
            }
            Demand::Open { flows, regular, .. } => {
                self.regular = *regular;
                for (flow, rate) in flows.iter().filter(|(_, rate)| *rate > 0.0) {
                    let stream = stream_of(self.network.programs[*flow].key, 3);
                    let source = self.sources.push(Source { flow: *flow, rate: *rate, stream });
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
                        self.event_queue.plan(exponential(&mut own, *think), Event::UserWakes(user));
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
        self.plan_arrival(source);
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
        let Source { rate, stream, .. } = &mut self.sources[source];
        let gap = if self.regular { 1.0 / *rate } else { exponential(stream, 1.0 / *rate) };
        let next = match &self.profile {
            None => Some(self.now + gap),
            Some(profile) => profile.after(self.now, gap),
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
                let pause = exponential(&mut users.stream, users.think);
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
            let pause = exponential(&mut users.stream, users.think);
            self.event_queue.plan(self.now + pause, Event::UserWakes(user));
        }
    }
}
