//! What is asked of a network, and how that changes.

use crate::distribution::Distribution;
use groma_model::FlowId;
use std::sync::Arc;

/// What asks for the flows of a network: a load, which is judged, and those that run beside it.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    pub(crate) own: Asked,
    pub(crate) beside: Vec<Asked>,
}

impl From<Asked> for Demand {
    fn from(own: Asked) -> Demand {
        Demand { own, beside: Vec::new() }
    }
}

/// What one load asks for.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// Each flow arrives so many times a second: at most, if there is a course.
    Open { flows: Vec<(FlowId, f64)>, arrivals: Arrivals, profile: Option<LoadProfile>, recorded: Option<Recorded> },
    /// So many users (at most, if there is a course) think, so long, and then want one of the flows, by
    /// weight.
    Closed { users: u32, think: Distribution, flows: Vec<(FlowId, f64)>, profile: Option<LoadProfile> },
}

impl Asked {
    /// The flows, with what is asked of each.
    pub(crate) fn flows(&self) -> &[(FlowId, f64)] {
        let (Asked::Open { flows, .. } | Asked::Closed { flows, .. }) = self;
        flows
    }

    /// The flows with their shares of it.
    pub(crate) fn shares(&self) -> Vec<(FlowId, f64)> {
        let flows = self.flows();
        let total: f64 = flows.iter().map(|(_, weight)| weight).sum();
        flows.iter().map(|(flow, weight)| (*flow, weight / total)).collect()
    }

    pub(crate) fn is_closed(&self) -> bool {
        matches!(self, Asked::Closed { .. })
    }

    pub(crate) fn is_recorded(&self) -> bool {
        matches!(self, Asked::Open { recorded: Some(_), .. })
    }

    /// How many users ask, if users do.
    pub(crate) fn users(&self) -> Option<u32> {
        if let Asked::Closed { users, .. } = self { Some(*users) } else { None }
    }

    pub(crate) fn profile(&self) -> Option<&LoadProfile> {
        let (Asked::Open { profile, .. } | Asked::Closed { profile, .. }) = self;
        profile.as_ref()
    }

    /// The same without its course: always at its highest.
    fn at_its_highest(mut self) -> Asked {
        if let Asked::Open { recorded, .. } = &mut self {
            *recorded = None;
        }
        let (Asked::Open { profile, .. } | Asked::Closed { profile, .. }) = &mut self;
        *profile = None;
        self
    }

    /// So many times as much, without a course. `None` if that is nobody.
    fn scaled(self, factor: f64) -> Option<Asked> {
        Some(match self.at_its_highest() {
            Asked::Open { flows, arrivals, profile, recorded } => {
                let flows = flows.into_iter().map(|(flow, rate)| (flow, rate * factor)).collect();
                Asked::Open { flows, arrivals: arrivals.scaled(factor), profile, recorded }
            }
            Asked::Closed { users, think, flows, profile } => {
                let users = (f64::from(users) * factor).round().min(1e6) as u32;
                (users > 0).then_some(Asked::Closed { users, think, flows, profile })?
            }
        })
    }

    /// Requests a second of an open one; 0 of users, of whom it is not known.
    pub(crate) fn open_rate(&self) -> f64 {
        match self {
            Asked::Open { flows, .. } => flows.iter().map(|(_, rate)| rate).sum(),
            Asked::Closed { .. } => 0.0,
        }
    }

    /// How many requests a second come at most: of users, as many as if they got their answers at once.
    fn most_requests(&self) -> f64 {
        match self {
            Asked::Open { .. } => self.open_rate(),
            Asked::Closed { users, think, .. } => f64::from(*users) / think.mean(),
        }
    }

    /// How its requests are spread, if they come at a rate.
    pub(crate) fn arrivals(&self) -> Option<Arrivals> {
        match self {
            Asked::Open { arrivals, recorded: None, .. } => Some(*arrivals),
            Asked::Open { .. } | Asked::Closed { .. } => None,
        }
    }

    /// Whether its requests come independently of each other, at a rate that stays.
    pub(crate) fn is_poisson(&self) -> bool {
        matches!(self, Asked::Open { arrivals: Arrivals::Poisson, profile: None, recorded: None, .. })
    }
}

impl Demand {
    /// The load that is judged, and then those beside it.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Asked> {
        std::iter::once(&self.own).chain(&self.beside)
    }

    /// How many requests a second come at most of all loads together.
    pub(crate) fn most_requests(&self) -> f64 {
        self.all().map(Asked::most_requests).sum()
    }

    /// The flows of all loads, those of the one that is judged first.
    pub(crate) fn flows(&self) -> Vec<FlowId> {
        let mut found: Vec<FlowId> = self.own.flows().iter().map(|(flow, _)| *flow).collect();
        for (flow, _) in self.beside.iter().flat_map(Asked::flows) {
            if !found.contains(flow) {
                found.push(*flow);
            }
        }
        found
    }

    /// Whether more comes at some times than at others.
    pub(crate) fn changes(&self) -> bool {
        let comes_by_turns = |one: &Asked| match one.arrivals() {
            Some(Arrivals::Bursty(_) | Arrivals::Batches(_)) => true,
            Some(Arrivals::Poisson | Arrivals::Regular) | None => false,
        };
        self.all().any(|one| one.profile().is_some() || comes_by_turns(one))
    }

    /// The course that is watched: that of the load that is judged, or else the longest of those beside it.
    pub(crate) fn profile(&self) -> Option<&LoadProfile> {
        let longest = |found: Option<&'_ LoadProfile>, one: &'_ LoadProfile| {
            found.is_none_or(|found| found.length() < one.length())
        };
        let mut found = self.own.profile();
        if found.is_none() {
            for one in self.beside.iter().filter_map(Asked::profile) {
                if longest(found, one) {
                    found = Some(one);
                }
            }
        }
        found
    }

    /// The same without courses: always at its highest.
    pub(crate) fn at_its_highest(self) -> Demand {
        let beside = self.beside.into_iter().map(Asked::at_its_highest).collect();
        Demand { own: self.own.at_its_highest(), beside }
    }

    /// So many times as much of the load that is judged beside the others as they are, without courses. `None` if that is nobody.
    pub(crate) fn scaled(self, factor: f64) -> Option<Demand> {
        let Demand { own, beside } = self.at_its_highest();
        Some(Demand { own: own.scaled(factor)?, beside })
    }

    /// What is asked for when a course begins. `None` if that is nothing.
    pub(crate) fn at_its_beginning(self) -> Option<Demand> {
        let level = |one: &Asked| one.profile().map_or(1.0, LoadProfile::beginning);
        let all = std::iter::once(self.own).chain(self.beside);
        let mut all = all.filter_map(|one| {
            let level = level(&one);
            one.scaled(level)
        });
        Some(Demand { own: all.next()?, beside: all.collect() })
    }

    /// Whether users ask, and requests that come whatever happens, both at once.
    pub(crate) fn is_mixed(&self) -> bool {
        self.all().any(Asked::is_closed) && !self.all().all(Asked::is_closed)
    }

    /// How many loads come at moments of their own, always so long after each other.
    pub(crate) fn keep_time(&self) -> usize {
        let keeps_time = |arrivals: &Arrivals| match arrivals {
            Arrivals::Regular | Arrivals::Batches(_) => true,
            Arrivals::Poisson | Arrivals::Bursty(_) => false,
        };
        self.all().filter_map(Asked::arrivals).filter(keeps_time).count()
    }

    /// The longest time from one batch to the next, in seconds; 0 if there are none.
    pub(crate) fn period(&self) -> f64 {
        let period = |arrivals: Arrivals| match arrivals {
            Arrivals::Batches(batches) => batches.period,
            Arrivals::Poisson | Arrivals::Regular | Arrivals::Bursty(_) => 0.0,
        };
        self.all().filter_map(Asked::arrivals).map(period).fold(0.0, f64::max)
    }

    /// How many users there are.
    pub(crate) fn users(&self) -> f64 {
        self.all().filter_map(Asked::users).map(f64::from).sum()
    }

    /// How much more the number of arrivals in a long time varies than if they came independently of each other: that of the load
    /// where it does most.
    pub(crate) fn dispersion(&self) -> f64 {
        let of = |one: &Asked| match one.arrivals() {
            Some(Arrivals::Bursty(bursts)) => bursts.dispersion(one.open_rate()),
            // A batch is over before its period is, or is counted as what is too much.
            Some(Arrivals::Poisson | Arrivals::Regular | Arrivals::Batches(_)) | None => 1.0,
        };
        self.all().map(of).fold(1.0, f64::max)
    }

    /// How long it takes on average until what comes begins anew, in seconds; 0 if it is the same all the time.
    pub(crate) fn cycle(&self) -> f64 {
        self.all().filter_map(Asked::arrivals).map(Arrivals::cycle).fold(0.0, f64::max)
    }

    /// The same of the requests of each flow: of one that several loads ask for, of the load that asks most often.
    pub(crate) fn cycles(&self) -> Vec<(FlowId, f64)> {
        let of = |flow: FlowId| {
            let asks = |asked: &&Asked| asked.flows().iter().any(|(own, _)| *own == flow);
            let cycle = |asked: &Asked| asked.arrivals().map_or(0.0, Arrivals::cycle);
            (flow, self.all().filter(asks).map(cycle).fold(f64::INFINITY, f64::min))
        };
        self.flows().into_iter().map(of).collect()
    }
}

/// How the arrivals of an open load are spread.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Arrivals {
    /// Independently of each other.
    Poisson,
    /// At equal distances.
    Regular,
    /// By turns in a burst and in a calm.
    Bursty(Bursts),
    /// Many at once, again and again.
    Batches(Batches),
}

impl Arrivals {
    /// How they are spread when so many times as many come.
    pub(crate) fn scaled(self, factor: f64) -> Arrivals {
        match self {
            Arrivals::Batches(batches) => Arrivals::Batches(batches.scaled(factor)),
            Arrivals::Poisson | Arrivals::Regular | Arrivals::Bursty(_) => self,
        }
    }

    /// How long it takes on average until what comes begins anew, in seconds; 0 if it is the same all the time.
    pub(crate) fn cycle(self) -> f64 {
        match self {
            Arrivals::Bursty(bursts) => bursts.cycle(),
            Arrivals::Batches(batches) => batches.period,
            Arrivals::Poisson | Arrivals::Regular => 0.0,
        }
    }
}

/// So many requests at once, again and again. Times in seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Batches {
    pub(crate) period: f64,
    /// When the first comes.
    pub(crate) first: f64,
    /// Within how long those of one batch come.
    pub(crate) spread: f64,
    /// How many requests each has, on average: what is more than whole ones comes with later batches.
    pub(crate) count: f64,
}

impl Batches {
    /// So many times as many requests: larger batches, or more of them where they would be too large.
    fn scaled(self, factor: f64) -> Batches {
        let exact = self.count * factor;
        let count = exact.min(f64::from(MOST_AT_ONCE));
        Batches { count, period: self.period * count / exact, ..self }
    }

    /// How many requests a batch has before which so many have come.
    pub(crate) fn of(self, come: u32) -> u64 {
        // What should be a whole number may be a little less.
        let until = |batches: f64| (batches * self.count * (1.0 + 1e-12)).floor() as u64;
        until(f64::from(come) + 1.0) - until(f64::from(come))
    }
}

/// More requests than this are in no batch: each of them takes memory.
pub(crate) const MOST_AT_ONCE: u32 = 1_000_000;

/// Arrivals that come independently of each other, more of them in bursts than between: a Markov-modulated Poisson process of
/// two states (Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", 1993).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Bursts {
    /// How many times as many come in a burst as in a calm.
    pub(crate) factor: f64,
    /// How long each lasts on average, in seconds.
    pub(crate) burst: f64,
    pub(crate) calm: f64,
}

impl Bursts {
    /// How likely it is to be in a burst at any moment.
    pub(crate) fn share(self) -> f64 {
        self.burst / (self.burst + self.calm)
    }

    /// How long a burst and a calm last together, on average.
    pub(crate) fn cycle(self) -> f64 {
        self.burst + self.calm
    }

    /// How many come in a calm and in a burst, as shares of the mean.
    pub(crate) fn levels(self) -> (f64, f64) {
        let calm = 1.0 / (1.0 + self.share() * (self.factor - 1.0));
        (calm, self.factor * calm)
    }

    /// How much more the number of arrivals in a long time varies than if they came independently of each other, at such a
    /// mean rate: the index of dispersion, `1 + 2 (b - c)^2 p (1 - p) t / rate` with the two rates, the share of time in
    /// bursts, and the time `t` in which one state is forgotten.
    pub(crate) fn dispersion(self, rate: f64) -> f64 {
        let (calm, burst) = self.levels();
        let share = self.share();
        let forgotten = self.burst * self.calm / self.cycle();
        1.0 + 2.0 * (burst - calm) * (burst - calm) * share * (1.0 - share) * forgotten * rate
    }
}

/// Arrivals as they were recorded.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// When each comes and which flow it wants; `None` if that is drawn.
    pub(crate) arrivals: Arc<Vec<(f64, Option<FlowId>)>>,
    /// From which flows it is drawn, by weight.
    pub(crate) mix: Vec<(FlowId, f64)>,
}

/// In so many intervals is looked how many arrivals were recorded.
const LEVELS: usize = 100;

impl Recorded {
    /// How many a second there are at most, and how that changes.
    pub(crate) fn profile(&self) -> (f64, LoadProfile) {
        let length = self.arrivals.last().map_or(0.0, |(time, _)| *time).max(1e-9);
        let each = length / LEVELS as f64;
        let mut counts = [0.0_f64; LEVELS];
        for (time, _) in self.arrivals.iter() {
            counts[((time / each) as usize).min(LEVELS - 1)] += 1.0;
        }
        let most = counts.iter().copied().fold(0.0, f64::max);
        let interval = |(at, count): (usize, &f64)| {
            let level = count / most;
            [(at as f64 * each, level), ((at + 1) as f64 * each, level)]
        };
        let mut points: Vec<(f64, f64)> = counts.iter().enumerate().flat_map(interval).collect();
        // The last comes while it lasts, not when it is over.
        points.iter_mut().rev().take(1).for_each(|(end, _)| *end = length.next_up());
        (most / each, LoadProfile::new(points))
    }
}

/// How a load changes: its level at some moments, as a share of its highest, with straight lines between them.
#[derive(Clone, Debug)]
pub(crate) struct LoadProfile {
    /// Seconds from the start, not falling, and the level from there on.
    points: Vec<(f64, f64)>,
}

impl LoadProfile {
    /// The course through these points: seconds from the start, and the level as a share of the highest.
    pub(crate) fn new(points: Vec<(f64, f64)>) -> LoadProfile {
        LoadProfile { points }
    }

    /// How long it takes, in seconds.
    pub(crate) fn length(&self) -> f64 {
        self.points.last().map_or(0.0, |(time, _)| *time)
    }

    /// The level that it begins with, before any jump at that moment.
    pub(crate) fn beginning(&self) -> f64 {
        self.points.first().map_or(0.0, |(_, level)| *level)
    }

    /// Its mean level.
    pub(crate) fn mean(&self) -> f64 {
        let area = |pair: &[(f64, f64)]| (pair[1].0 - pair[0].0) * f64::midpoint(pair[0].1, pair[1].1);
        self.points.windows(2).map(area).sum::<f64>() / self.length()
    }

    /// The number of the interval between two points that a moment is in.
    fn interval(&self, time: f64) -> usize {
        self.points.partition_point(|(from, _)| *from <= time).saturating_sub(1)
    }

    /// The level at a moment; that of its end after it.
    pub(crate) fn level(&self, time: f64) -> f64 {
        let at = self.interval(time);
        match self.points.get(at..at + 2) {
            Some([from, to]) => from.1 + (to.1 - from.1) * (time - from.0) / (to.0 - from.0),
            _ => self.points.last().map_or(0.0, |(_, level)| *level),
        }
    }

    /// How much is asked for between two moments, where the highest level asks for one a second.
    pub(crate) fn between(&self, from: f64, to: f64) -> f64 {
        let to = to.min(self.length());
        let area = |pair: &[(f64, f64)]| {
            let ((begin, low), (end, high)) = (pair[0], pair[1]);
            let (since, until) = (from.max(begin), to.min(end));
            if until <= since {
                return 0.0;
            }
            let level = |time: f64| low + (high - low) * (time - begin) / (end - begin);
            (until - since) * f64::midpoint(level(since), level(until))
        };
        let first = self.interval(from);
        let inside = self.points.windows(2).skip(first).take_while(|pair| pair[0].0 < to);
        inside.map(area).sum()
    }

    /// When so much more than at `from` has been asked for, where the highest level asks for one a second. `None` if
    /// that is after the end.
    pub(crate) fn after(&self, from: f64, amount: f64) -> Option<f64> {
        let (mut now, mut left) = (from, amount);
        for pair in self.points.windows(2).skip(self.interval(from)) {
            let ((begin, low), (end, high)) = (pair[0], pair[1]);
            if end <= begin {
                continue;
            }
            let slope = (high - low) / (end - begin);
            let level = low + slope * (now - begin);
            let area = (end - now) * f64::midpoint(level, high);
            if left <= area && area > 0.0 {
                // The root of level x + slope x² / 2 = left, in the form that does not cancel.
                let root = (level * level + 2.0 * slope * left).max(0.0).sqrt();
                return Some((now + 2.0 * left / (level + root)).min(end));
            }
            left -= area;
            now = end;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Batches, Bursts, LoadProfile, Recorded};
    use std::sync::Arc;

    /// Four arrivals in ten seconds are looked at in a hundred intervals of 0.1 s. The first has two of them, which is
    /// 2 / 0.1 = 20 a second; that of 0.5 s and the last have one, half as many. The mean level is
    /// (1 + 0.5 + 0.5) / 100 = 0.02, which is 0.02 · 20 · 10 = 4 arrivals again.
    #[test]
    fn what_was_recorded_is_told_by_its_busiest_interval() {
        let arrivals = [0.0, 0.0, 0.5, 10.0].map(|time| (time, None)).to_vec();
        let (most, profile) = Recorded { arrivals: Arc::new(arrivals), mix: Vec::new() }.profile();
        let about = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-9, "{value} for {expected}");
        about(most, 20.0);
        about(profile.length(), 10.0);
        for (time, level) in [(0.05, 1.0), (0.25, 0.0), (0.55, 0.5), (5.0, 0.0), (9.95, 0.5)] {
            about(profile.level(time), level);
        }
        about(profile.mean(), 0.02);
    }

    /// Ten times as many in a burst, which is 5 s of 65: with a rate of 1 / (60/65 + 10 · 5/65) = 65/110 of the mean in a
    /// calm. The dispersion is the variance of the number that come in a long time as a share of its mean.
    #[test]
    fn bursts_leave_the_mean_as_it_is() {
        let bursts = Bursts { factor: 10.0, burst: 5.0, calm: 60.0 };
        let (calm, burst) = bursts.levels();
        assert!((calm - 65.0 / 110.0).abs() < 1e-12 && (burst / calm - 10.0).abs() < 1e-12);
        assert!((bursts.share() * burst + (1.0 - bursts.share()) * calm - 1.0).abs() < 1e-12);
        // Of rates of 20 and 200 a second: 1 + 2 · 180² · (5 · 60 / 65²) · (5 · 60 / 65) / (2200 / 65).
        let rate = 2200.0 / 65.0;
        let expected = 1.0 + 2.0 * 180.0 * 180.0 * (300.0 / 4225.0) * (300.0 / 65.0) / rate;
        assert!((bursts.dispersion(rate) / expected - 1.0).abs() < 1e-12);
        let even = Bursts { factor: 1.0, ..bursts };
        assert_eq!((even.levels(), even.dispersion(5.0)), ((1.0, 1.0), 1.0));
    }

    /// 200 every five minutes, and half as many again: 300; of a third of 200 one in three has 66 and the others have 67. More than a million come so much more often.
    #[test]
    fn batches_are_of_whole_requests() {
        let batches = Batches { period: 300.0, first: 5.0, spread: 0.0, count: 200.0 };
        assert_eq!(batches.scaled(1.5), Batches { count: 300.0, ..batches });
        let third = batches.scaled(1.0 / 3.0);
        assert_eq!((third.period, [0, 1, 2].map(|come| third.of(come))), (300.0, [66, 67, 67]));
        assert_eq!((0..30_000).map(|come| third.of(come)).sum::<u64>(), 2_000_000);
        assert_eq!(batches.scaled(10_000.0), Batches { count: 1e6, period: 150.0, ..batches });
    }

    #[test]
    fn what_is_asked_follows_the_lines() {
        // Up to one in ten seconds, there for ten, then down at once and nothing for five.
        let profile = LoadProfile::new(vec![(0.0, 0.0), (10.0, 1.0), (20.0, 1.0), (20.0, 0.0), (25.0, 0.0)]);
        assert_eq!(profile.length(), 25.0);
        assert_eq!(profile.mean(), 15.0 / 25.0);
        assert_eq!(
            (profile.level(5.0), profile.level(15.0), profile.level(22.0), profile.level(30.0)),
            (0.5, 1.0, 0.0, 0.0)
        );
        // The area under the ramp is t² / 20.
        assert!((profile.after(0.0, 1.25).unwrap() - 5.0).abs() < 1e-12);
        assert!((profile.after(5.0, 3.75 + 2.0).unwrap() - 12.0).abs() < 1e-12);
        assert!((profile.after(0.0, 15.0).unwrap() - 20.0).abs() < 1e-9);
        assert_eq!(profile.after(0.0, 15.1), None);
        assert_eq!(profile.after(24.0, 0.1), None);
        let about = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-12, "{value} for {expected}");
        about(profile.between(0.0, 5.0), 1.25);
        about(profile.between(5.0, 12.0), 3.75 + 2.0);
        about(profile.between(0.0, 100.0), 15.0);
        about(profile.between(21.0, 22.0), 0.0);
    }
}
