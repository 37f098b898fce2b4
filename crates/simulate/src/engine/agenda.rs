//! What will happen, and when.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The kinds of events, in the upper bits of an event's number.
pub(super) const ARRIVAL: u32 = 0;
pub(super) const WISH: u32 = 1;
pub(super) const ARRIVE: u32 = 2;
pub(super) const WORKED: u32 = 3;
pub(super) const RETRY: u32 = 4;
pub(super) const SHARED: u32 = 5;
pub(super) const LANE: u32 = 6;
pub(super) const CHANGE: u32 = 7;
pub(super) const TICK: u32 = 8;
pub(super) const DECIDE: u32 = 9;
pub(super) const START: u32 = 10;
pub(super) const LEAVE: u32 = 11;
const KIND_BITS: u32 = 28;

#[derive(Default)]
pub(super) struct Agenda {
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u32,
    /// Whether the first event has happened already. It stays until another takes its place, as most events plan
    /// another, and to replace the first costs half of taking it away and adding one.
    happened: bool,
}

impl Agenda {
    /// Plans an event and returns its mark. Marks spread at random, so that no one goes first by rule.
    pub(super) fn plan(&mut self, time: f64, kind: u32, number: u32) -> u32 {
        self.sequence = self.sequence.wrapping_add(1);
        let mark = self.sequence.wrapping_mul(0x9E37_79B1);
        let key =
            (u128::from(time.to_bits()) << 64) | (u128::from(mark) << 32) | u128::from((kind << KIND_BITS) | number);
        if self.happened
            && let Some(mut first) = self.heap.peek_mut()
        {
            self.happened = false;
            *first = Reverse(key);
        } else {
            self.heap.push(Reverse(key));
        }
        mark
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

/// Timers that all run equally long wait in line; only the first is on the agenda.
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
