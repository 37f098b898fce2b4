//! What goes wrong, and what that does to stations and to what is under way.

use super::agenda::CHANGE;
use super::place::{Place, Slowdown, running_shares};
use super::{Engine, START};
use std::cmp::Reverse;

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

impl Engine<'_> {
    /// Makes ready what goes wrong: when anything begins or ends, and what is slower when.
    pub(super) fn expect_troubles(&mut self) {
        let warm_up = self.settings.warm_up;
        let mut moments: Vec<f64> =
            self.troubles.iter().flat_map(|trouble| [warm_up + trouble.from, warm_up + trouble.to]).collect();
        moments.sort_by(f64::total_cmp);
        moments.dedup();
        for (at, moment) in moments.iter().enumerate() {
            self.agenda.plan(*moment, CHANGE, at as u32);
        }
        self.moments = moments;
        for (number, trouble) in self.troubles.iter().enumerate() {
            if let Wrong::Slow(at, factor, share) = trouble.what {
                let (from, to) = (warm_up + trouble.from, warm_up + trouble.to);
                let slowdown = Slowdown { from, to, factor, share, number: number as u64 };
                self.places[at as usize].slowdowns.push(slowdown);
            }
        }
    }

    /// Something begins or ends to go wrong: whatever goes wrong now is made to, as several may touch the same.
    pub(super) fn change(&mut self, number: u32) -> Option<u32> {
        let (moment, warm_up) = (self.moments[number as usize], self.settings.warm_up);
        let is_there = |trouble: &Trouble| warm_up + trouble.from <= moment && moment < warm_up + trouble.to;
        let now: Vec<bool> = self.troubles.iter().map(is_there).collect();
        let before = std::mem::replace(&mut self.troubled, now);
        let changed: Vec<usize> = (0..before.len()).filter(|at| before[*at] != self.troubled[*at]).collect();
        for place in &mut self.places {
            (place.down, place.flushed) = (false, false);
        }
        self.sites.iter_mut().for_each(|site| (site.cut, site.fails) = (0.0, site.error_rate));
        for (trouble, _) in self.troubles.iter().zip(&self.troubled).filter(|(_, is_there)| **is_there) {
            match &trouble.what {
                Wrong::Down(at) => self.places[*at as usize].down = true,
                Wrong::Slow(..) | Wrong::Lost(..) => {}
                Wrong::Errors(at, share) => {
                    let called = self.sites.iter_mut().filter(|site| site.to == *at);
                    called.for_each(|site| site.fails = 1.0 - (1.0 - site.fails) * (1.0 - share));
                }
                Wrong::Flushed(at, stays) => {
                    let is_known = self.network.refills.contains_key(at);
                    self.places[*at as usize].flushed = *stays || !is_known;
                }
                Wrong::Cut(sites) => {
                    for (site, share) in sites {
                        let cut = &mut self.sites[*site as usize].cut;
                        *cut = 1.0 - (1.0 - *cut) * (1.0 - share);
                    }
                }
            }
        }
        for at in changed {
            self.begin_or_end(at);
        }
        self.places.iter_mut().for_each(Place::look_again);
        for (at, station) in self.network.stations.iter().enumerate().filter(|(_, one)| !one.runs_on.is_empty()) {
            self.places[at].runs_on = running_shares(station, |host| !self.places[host as usize].down);
        }
        None
    }

    /// Does what is done once when something begins or ends to go wrong.
    pub(super) fn begin_or_end(&mut self, at: usize) {
        let begins = self.troubled[at];
        let what = self.troubles[at].what.clone();
        match what {
            // What was emptied fills from now on, and what was gone or kept empty once that is over.
            Wrong::Flushed(cache, _) | Wrong::Down(cache)
                if begins == matches!(what, Wrong::Flushed(_, false)) && self.network.refills.contains_key(&cache) =>
            {
                self.places[cache as usize].fills_since = Some(self.now);
            }
            Wrong::Lost(station, lost) => self.lose_replicas(station, lost, begins),
            Wrong::Slow(station, ..) => self.change_speed(station, at as u64, begins),
            _ => {}
        }
    }

    /// What is under way at processors goes on at another speed: what a station's own or a host's processors do, or of what
    /// is done for a station on processors that others use too, its share.
    pub(super) fn change_speed(&mut self, station: u32, number: u64, begins: bool) {
        let now = self.now;
        let place = &mut self.places[station as usize];
        let Some(slowdown) = place.slowdowns.iter().find(|one| one.number == number).copied() else { return };
        let slow = place.slower_processors(now);
        if let Some(shared) = &mut place.shared {
            shared.pass(now);
            shared.slow = slow;
        }
        self.plan_shared(station);
        let factor = if begins { slowdown.factor } else { 1.0 / slowdown.factor };
        for processor in 0..self.places.len() as u32 {
            let is_own = processor == station;
            if self.places[processor as usize].shared.is_none() || (is_own && slowdown.share >= 1.0) {
                continue;
            }
            let Some(mut shared) = self.places[processor as usize].shared.take() else { continue };
            shared.pass(now);
            let given = shared.given;
            let is_slower = |at: u32| self.frames[at as usize].here == station && slowdown.is_of(self.who(at));
            let longer = |Reverse(job): Reverse<u128>| {
                let at = job as u32;
                let left = (f64::from_bits((job >> 64) as u64) - given).max(0.0);
                let left = if is_slower(at) { left * factor } else { left };
                Reverse((u128::from((given + left).to_bits()) << 64) | u128::from(at))
            };
            shared.jobs = std::mem::take(&mut shared.jobs).into_iter().map(longer).collect();
            self.places[processor as usize].shared = Some(shared);
            self.plan_shared(processor);
        }
    }

    /// Replicas are lost, or are there again. Those of an autoscaled station are started anew at once, and stay.
    pub(super) fn lose_replicas(&mut self, station: u32, lost: u32, begins: bool) {
        let Some(number) = self.scalers.iter().position(|scaler| scaler.station == station) else {
            let here = self.troubles.iter().zip(&self.troubled).filter(|(_, is_there)| **is_there);
            let lost = here.map(|(trouble, _)| match trouble.what {
                Wrong::Lost(at, lost) if at == station => lost,
                _ => 0,
            });
            let left = self.network.stations[station as usize].replicas.saturating_sub(lost.sum());
            return self.set_replicas(station, left);
        };
        if !begins {
            return;
        }
        let scaler = &mut self.scalers[number];
        let lost = lost.min(scaler.replicas);
        let due = self.now + scaler.scaling.delay;
        scaler.replicas -= lost;
        for _ in 0..lost {
            scaler.starting.push_back(due);
            self.agenda.plan(due, START, number as u32);
        }
        let left = scaler.replicas;
        self.set_replicas(station, left);
    }
}
