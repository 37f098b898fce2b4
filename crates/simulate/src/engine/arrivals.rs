//! What is asked of the network: arrivals at a rate or as recorded, and users who think and ask again.

use super::Engine;
use super::agenda::{ARRIVAL, TICK, WISH};
use super::frame::Role;
use crate::demand::Demand;
use crate::law::{Stream, exponential, uniform};
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

    pub(super) fn arrival(&mut self, number: u32) -> Option<u32> {
        if self.recorded.is_some() {
            self.plan_recorded();
            return self.root(number, NONE);
        }
        self.plan_arrival(number);
        self.root(self.arrivals[number as usize].0, NONE)
    }

    /// Plans the next of the arrivals that were recorded; its number is that of its flow.
    pub(super) fn plan_recorded(&mut self) {
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

    pub(super) fn plan_arrival(&mut self, number: u32) {
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

    pub(super) fn wish(&mut self, user: u32) -> Option<u32> {
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
    pub(super) fn root(&mut self, flow: u32, user: u32) -> Option<u32> {
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
    pub(super) fn only_call(&self, (pc, end): (u32, u32)) -> Option<u32> {
        let Op::Call { site, end: after } = *self.ops.get(pc as usize).filter(|_| pc < end)? else { return None };
        let called = &self.sites[site as usize];
        let is_plain = !called.is_guarded && called.pool == NONE && !self.places[called.to as usize].drops;
        (after == end && is_plain).then_some(site)
    }

    pub(super) fn answer_root(&mut self, flow: u32, began: f64, user: u32, failed: bool) {
        self.answered += 1;
        self.counts_out(flow as usize, began, failed);
        if let (Some(users), false) = (&mut self.users, user == NONE) {
            let pause = exponential(&mut users.stream, users.think);
            self.agenda.plan(self.now + pause, WISH, user);
        }
    }
}
