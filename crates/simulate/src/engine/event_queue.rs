//! What will happen, and when.

use crate::distribution::{Tiebreaks, tiebreaks};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The kinds of events, in the upper bits of an event's number.
pub(super) const ARRIVAL: u32 = 0;
pub(super) const USER_WAKES: u32 = 1;
pub(super) const ARRIVE: u32 = 2;
pub(super) const WORKED: u32 = 3;
pub(super) const RETRY: u32 = 4;
pub(super) const SHARED: u32 = 5;
pub(super) const LANE: u32 = 6;
pub(super) const CHANGE: u32 = 7;
pub(super) const TICK: u32 = 8;
pub(super) const DECIDE: u32 = 9;
pub(super) const START: u32 = 10;
pub(super) const RENEGE: u32 = 11;
const KIND_BITS: u32 = 28;

pub(super) struct EventQueue {
    heap: BinaryHeap<Reverse<u128>>,
    /// Draws the tiebreaks: of events at the same instant the one with the lowest goes first.
    tiebreaks: Tiebreaks,
    /// Whether the first event has happened already. It stays until another takes its place, as most events plan
    /// another, and to replace the first costs half of taking it away and adding one.
    happened: bool,
}

impl EventQueue {
    pub(super) fn new(seed: u64) -> EventQueue {
        EventQueue { heap: BinaryHeap::new(), tiebreaks: tiebreaks(seed), happened: false }
    }

    /// A tiebreak, drawn evenly.
    pub(super) fn tiebreak(&mut self) -> u32 {
        self.tiebreaks.draw()
    }

    /// A tiebreak after another, drawn evenly from those.
    pub(super) fn tiebreak_after(&mut self, other: u32) -> u32 {
        let later = u64::from(u32::MAX - other);
        other.saturating_add(1 + ((u64::from(self.tiebreak()) * later) >> 32) as u32)
    }

    /// Plans an event and returns its tiebreak, which is drawn, so that of two events at the same instant either goes first as
    /// often.
    pub(super) fn plan(&mut self, time: f64, kind: u32, number: u32) -> u32 {
        let tiebreak = self.tiebreak();
        self.plan_with_tiebreak(time, kind, number, tiebreak);
        tiebreak
    }

    /// Plans an event with a tiebreak of its own.
    pub(super) fn plan_with_tiebreak(&mut self, time: f64, kind: u32, number: u32, tiebreak: u32) {
        let key = (u128::from(time.to_bits()) << 64)
            | (u128::from(tiebreak) << 32)
            | u128::from((kind << KIND_BITS) | number);
        if self.happened
            && let Some(mut first) = self.heap.peek_mut()
        {
            self.happened = false;
            *first = Reverse(key);
        } else {
            self.heap.push(Reverse(key));
        }
    }

    pub(super) fn next(&mut self) -> Option<(f64, u32, u32, u32)> {
        if self.happened {
            self.heap.pop();
        }
        let Reverse(key) = *self.heap.peek()?;
        self.happened = true;
        let event = key as u32;
        Some((
            f64::from_bits((key >> 64) as u64),
            (key >> 32) as u32,
            event >> KIND_BITS,
            event & ((1 << KIND_BITS) - 1),
        ))
    }
}

/// Timers that all run equally long wait in line; only the first is in the event queue.
pub(super) struct Lane {
    pub(super) length: f64,
    pub(super) kind: Timer,
    pub(super) line: VecDeque<(f64, u32, u32, u32)>,
    pub(super) planned: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    Timeout,
    Hedge,
    /// A wait for a slot or connection.
    Patience,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two events at the same instant, planned so many others apart, either goes first as often: 4,000 trials of a fair
    /// coin stay within 2,000 ± 4.5 deviations of 31.6.
    #[test]
    fn ties_are_drawn_evenly() {
        for apart in 1..=6 {
            let mut event_queue = EventQueue::new(apart);
            let mut first = 0_u32;
            for trial in 0..4_000 {
                let time = f64::from(trial) + 1.0;
                event_queue.plan(time, USER_WAKES, 0);
                for _ in 1..apart {
                    event_queue.plan(time, USER_WAKES, 2);
                }
                event_queue.plan(time, USER_WAKES, 1);
                let order: Vec<u32> = (0..=apart).filter_map(|_| event_queue.next()).map(|event| event.3).collect();
                first += u32::from(order.iter().position(|one| *one == 0) < order.iter().position(|one| *one == 1));
            }
            assert!((1_858..=2_142).contains(&first), "{apart} apart: {first} of 4,000");
        }
    }
}
