//! When replicas stand still, and what stands still meanwhile.

use super::frame::FrameId;
use crate::distribution::{Stream, exponential, uniform};
use crate::network::{Stall, StationId};
use groma_model::{Idx, Table};
use std::collections::VecDeque;

/// The stalls of a station.
pub(super) struct Stalls {
    pub(super) stall: Stall,
    pub(super) each: Table<Replica>,
}

/// The stalls of one of its replicas.
pub(super) struct Replica {
    stream: Stream,
    /// When those begin that are not over yet, as far as was looked ahead.
    begins: VecDeque<f64>,
    /// Whether it is in one, where cores are shared; what stands still meanwhile: on whose cores it was done, and how much is
    /// left of it; and how many cores stand idle.
    pub(super) is_stopped: bool,
    pub(super) stopped: Vec<(StationId, f64, FrameId)>,
    pub(super) idle_cores: f64,
}

/// A replica whose stalls take work off shared cores.
pub(super) struct StallClock {
    pub(super) station: StationId,
    pub(super) replica: Idx<Replica>,
}

/// So many stalls ago is long ago.
const LONG_AGO: f64 = 1_000.0;
/// Of more replicas than this some stall together.
pub(super) const MOST_REPLICAS: u32 = 10_000;

impl Stalls {
    /// Those of so many replicas, which are in the middle of it at the beginning.
    pub(super) fn new(stall: Stall, replicas: u32, stream_of: &dyn Fn(u64) -> Stream) -> Stalls {
        let mut each = Table::new();
        for replica in 0..replicas.clamp(1, MOST_REPLICAS) {
            let mut stream = stream_of(u64::from(replica));
            let drawn = uniform(&mut stream) * stall.every;
            let first = match stall.is_regular {
                true => drawn - stall.length,
                false if drawn < stall.length => -drawn,
                false => exponential(&mut stream, stall.every - stall.length),
            };
            let begins = VecDeque::from([first]);
            each.push(Replica { stream, begins, is_stopped: false, stopped: Vec::new(), idle_cores: 0.0 });
        }
        Stalls { stall, each }
    }

    /// The end of the stall that a replica is in at a moment, if it is in one.
    pub(super) fn end_at(&mut self, replica: Idx<Replica>, time: f64) -> Option<f64> {
        self.next_after(replica, time);
        let begins = &self.each[replica].begins;
        // They do not overlap, so that it can only be the last that has begun.
        let last = begins.partition_point(|begin| *begin <= time).checked_sub(1)?;
        Some(begins[last] + self.stall.length).filter(|end| time < *end)
    }

    /// When the next stall of a replica begins after a moment.
    pub(super) fn next_after(&mut self, replica: Idx<Replica>, time: f64) -> f64 {
        let Stall { length, every, is_regular } = self.stall;
        self.pass_over(replica, time);
        let Replica { stream, begins, .. } = &mut self.each[replica];
        if let Some(next) = begins.get(begins.partition_point(|begin| *begin <= time)) {
            return *next;
        }
        loop {
            let last = begins.back().copied().unwrap_or(time);
            let pause = if is_regular { every - length } else { exponential(stream, every - length) };
            begins.push_back(last + length + pause);
            if last + length + pause > time {
                return last + length + pause;
            }
        }
    }

    /// Passes over very many stalls that nobody has met. Where they come by chance, nothing of so long ago tells when the next do.
    fn pass_over(&mut self, replica: Idx<Replica>, time: f64) {
        let Stall { length, every, is_regular } = self.stall;
        let Replica { stream, begins, .. } = &mut self.each[replica];
        let Some(last) = begins.back().copied().filter(|last| time - last > LONG_AGO * every) else { return };
        let begin = if is_regular {
            last + ((time - last) / every).floor() * every
        } else {
            match uniform(stream) * every {
                drawn if drawn < length => time - drawn,
                _ => time + exponential(stream, every - length),
            }
        };
        *begins = VecDeque::from([begin]);
    }

    /// Forgets what is over.
    pub(super) fn forget(&mut self, replica: Idx<Replica>, now: f64) {
        let begins = &mut self.each[replica].begins;
        while begins.len() > 1 && begins.front().is_some_and(|begin| begin + self.stall.length <= now) {
            begins.pop_front();
        }
    }
}
