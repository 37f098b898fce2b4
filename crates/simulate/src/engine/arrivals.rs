//! What is asked of the network: arrivals at a rate or as recorded, and users who think and ask again.

use super::Engine;
use super::event_queue::Event;
use super::frame::Role;
use crate::demand::Demand;
use crate::distribution::{Stream, exponential, uniform};
use crate::network::{NONE, Op, combine};

/// So many times is looked how many users of a course there are.
const TICKS: f64 = 1_000.0;

pub(super) struct Users {
    pub(super) think: f64,
    pub(super) stream: Stream,
    /// The flows with the running sum of their weights, as shares of one.
    pub(super) flows: Vec<(u32, f64)>,
    /// How many there are at the moment; the others are asleep.
    pub(super) awake: u32,
    pub(super) asleep: Vec<bool>,
}

impl Engine<'_> {
    pub(super) fn ask(&mut self, demand: &Demand, stream_of: impl Fn(u64, u64) -> Stream) {
        match demand {
            Demand::Open { flows, recorded: Some(recorded), .. } => {
                self.sources = flows.iter().map(|(flow, rate)| (*flow, *rate, stream_of(combine(0, 0), 3))).collect();
                self.recorded = Some((recorded.clone(), 0, stream_of(combine(0, 0), 5)));
                self.plan_recorded();
            }
            Demand::Open { flows, regular, .. } => {
                self.regular = *regular;
                for (flow, rate) in flows.iter().filter(|(_, rate)| *rate > 0.0) {
                    let own = stream_of(self.network.programs[*flow as usize].key, 3);
                    self.sources.push((*flow, *rate, own));
                    self.plan_arrival(self.sources.len() as u32 - 1);
                }
            }
            Demand::Closed { users, think, flows, profile } => {
                let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
                let mut sum = 0.0;
                let mut own = stream_of(combine(0, 0), 4);
                let asleep = profile.is_some();
                if asleep {
                    self.event_queue.plan(0.0, Event::CountsUsers(0));
                } else {
                    for user in 0..*users {
                        self.event_queue.plan(exponential(&mut own, *think), Event::UserWakes(user));
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

    pub(super) fn arrival(&mut self, number: u32) -> Option<u32> {
        if self.recorded.is_some() {
            self.plan_recorded();
            return self.root(number, NONE);
        }
        self.plan_arrival(number);
        self.root(self.sources[number as usize].0, NONE)
    }

    /// Plans the next of the arrivals that were recorded; its number is that of its flow.
    pub(super) fn plan_recorded(&mut self) {
        let Some((recorded, at, own)) = &mut self.recorded else { return };
        let Some((time, flow)) = recorded.arrivals.get(*at).copied() else { return };
        *at += 1;
        let flow = flow.unwrap_or_else(|| {
            let total: f64 = self.sources.iter().map(|(_, rate, _)| rate).sum();
            let mut left = uniform(own) * total;
            let chosen = self.sources.iter().find(|(_, rate, _)| {
                left -= rate;
                left < 0.0
            });
            chosen.or(self.sources.last()).map_or(0, |(flow, ..)| *flow)
        });
        self.event_queue.plan(time, Event::Arrives(flow));
    }

    pub(super) fn plan_arrival(&mut self, number: u32) {
        let (_, rate, own) = &mut self.sources[number as usize];
        let gap = if self.regular { 1.0 / *rate } else { exponential(own, 1.0 / *rate) };
        let next = match &self.profile {
            None => Some(self.now + gap),
            Some(profile) => profile.after(self.now, gap),
        };
        if let Some(next) = next {
            self.event_queue.plan(next, Event::Arrives(number));
        }
    }

    pub(super) fn user_wakes(&mut self, user: u32) -> Option<u32> {
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
    pub(super) fn tick(&mut self) -> Option<u32> {
        let (users, profile) = (self.users.as_mut()?, self.profile.as_ref()?);
        let there = (profile.level(self.now) * users.asleep.len() as f64).round() as u32;
        for user in users.awake..there {
            if std::mem::take(&mut users.asleep[user as usize]) {
                let pause = exponential(&mut users.stream, users.think);
                self.event_queue.plan(self.now + pause, Event::UserWakes(user));
            }
        }
        users.awake = there;
        self.event_queue.plan(self.now + (profile.length() / TICKS).max(1e-3), Event::CountsUsers(0));
        None
    }

    /// Somebody wants something.
    pub(super) fn root(&mut self, flow: u32, user: u32) -> Option<u32> {
        self.arrivals += 1;
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
            self.requested_at[at as usize] = now;
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
    pub(super) fn only_call(&self, (pc, end): (u32, u32)) -> Option<u32> {
        let Op::Call { site, end: after } = *self.ops.get(pc as usize).filter(|_| pc < end)? else { return None };
        let called = &self.sites[site as usize];
        let is_plain = !called.is_guarded && called.pool == NONE && !self.stations[called.to as usize].drops;
        (after == end && is_plain).then_some(site)
    }

    pub(super) fn answer_root(&mut self, flow: u32, began: f64, user: u32, failed: bool) {
        self.completed += 1;
        self.counts_out(flow as usize, began, failed);
        if let (Some(users), false) = (&mut self.users, user == NONE) {
            let pause = exponential(&mut users.stream, users.think);
            self.event_queue.plan(self.now + pause, Event::UserWakes(user));
        }
    }
}
