//! Who asks, at a rate or as recorded, and users who think and ask again: what is kept of them, and when they ask next.

use crate::demand::{Batches, Bursts, LoadProfile, Recorded};
use crate::distribution::{Distribution, Stream, exponential, uniform};
use groma_model::{FlowId, Idx};
use std::collections::VecDeque;

/// How the requests of a load come that asks at a rate.
pub(super) struct Asking {
    pub(super) spread: Spread,
    pub(super) profile: Option<LoadProfile>,
}

/// What asks at a rate: for one flow, or by turns for those of a load whose requests keep equal distances together.
pub(super) struct Source {
    /// The flows with the running sum of their weights, as shares of one.
    pub(super) flows: Vec<(FlowId, f64)>,
    pub(super) of: Idx<Asking>,
    pub(super) rate: f64,
    pub(super) stream: Stream,
    /// How much more must be asked for until the next request comes, if that was not seen when it was looked ahead.
    pub(super) left: Option<f64>,
}

pub(super) type SourceId = Idx<Source>;

/// Arrivals as they were recorded.
pub(super) struct Tape {
    pub(super) recorded: Recorded,
    /// How many of them were planned, and what the last of these wants.
    pub(super) planned: usize,
    pub(super) next: FlowId,
    /// What draws the flows of those that name none.
    pub(super) stream: Stream,
}

pub(super) type TapeId = Idx<Tape>;

/// Batches that come again and again.
pub(super) struct Schedule {
    pub(super) batches: Batches,
    /// How many of them have come: each comes so many periods after the first, however those are rounded.
    pub(super) come: u32,
    /// The flows with the running sum of their weights, as shares of one.
    pub(super) flows: Vec<(FlowId, f64)>,
    pub(super) stream: Stream,
}

/// Somebody who thinks and asks again.
#[derive(Clone)]
pub(super) struct User {
    /// Whether he will not ask again by himself.
    pub(super) asleep: bool,
}

pub(super) type UserId = Idx<User>;

pub(super) struct Users {
    pub(super) think: Distribution,
    pub(super) stream: Stream,
    /// The flows with the running sum of their weights, as shares of one.
    pub(super) flows: Vec<(FlowId, f64)>,
    pub(super) profile: Option<LoadProfile>,
    /// Who they are: all from one to before another.
    pub(super) first: UserId,
    pub(super) end: UserId,
    /// Who of them are there at the moment: all before this one.
    pub(super) there: UserId,
}

pub(super) type UsersId = Idx<Users>;

/// How arrivals are spread.
pub(super) enum Spread {
    Poisson,
    Regular,
    Bursty(Turns),
}

/// When so much more has been asked for than at a moment, where a second asks for one at the highest level. `None` if that is
/// after the end of a course.
pub(super) fn after(profile: Option<&LoadProfile>, now: f64, amount: f64) -> Option<f64> {
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
    pub(super) fn new(bursts: Bursts, mut stream: Stream) -> Turns {
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
    pub(super) fn after(&mut self, profile: Option<&LoadProfile>, now: f64, amount: f64, steps: &mut u64) -> Next {
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
pub(super) enum Next {
    At(f64),
    /// So much more is asked for until it does from that moment on, after which nobody has looked yet.
    NotBefore(f64, f64),
    Never,
}

/// So many bursts and calms are looked ahead, and drawn, at once.
const MOST_AHEAD: usize = 1_000;

/// Flows with the running sum of their shares of one.
pub(super) fn running(shares: Vec<(FlowId, f64)>) -> Vec<(FlowId, f64)> {
    let mut sum = 0.0;
    let share = |(flow, share): (FlowId, f64)| {
        sum += share;
        (flow, sum)
    };
    shares.into_iter().map(share).collect()
}

/// One of some flows, each as often as its share says. Nothing is drawn where there is nothing to choose.
#[inline]
pub(super) fn chosen(flows: &[(FlowId, f64)], stream: &mut Stream) -> Option<FlowId> {
    if let [(only, _)] = flows {
        return Some(*only);
    }
    let drawn = uniform(stream);
    flows.iter().find(|(_, sum)| drawn < *sum).or(flows.last()).map(|(flow, _)| *flow)
}
