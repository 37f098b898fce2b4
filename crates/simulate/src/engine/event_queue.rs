//! What will happen, and when.

use super::asking::{Schedule, Source, Tape, User, Users};
use super::fault::Moment;
use super::frame::Frame;
use super::scaling::Scaler;
use super::stalls::StallClock;
use super::timers::Lane;
use crate::distribution::{Tiebreaks, tiebreaks};
use crate::network::Station;
use groma_model::{Flow, Idx};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Declares the events, each with a code of its own, and packs and unpacks all of them: in the queue an event is a number of 32
/// bits, its code in the upper four and whom it is for below.
macro_rules! events {
    ($($(#[$what:meta])* $event:ident($whom:ty) = $code:literal,)*) => {
        /// What happens, and to whom.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Event {
            $($(#[$what])* $event(Idx<$whom>),)*
        }

        const _: () = { $(assert!($code < CODES, "there is no room for so many events");)* };

        impl Event {
            #[inline(always)]
            fn pack(self) -> u32 {
                match self {
                    $(Event::$event(whom) => ($code << NUMBER_BITS) | whom.raw(),)*
                }
            }

            #[inline(always)]
            fn unpack(packed: u32) -> Event {
                let number = packed & ((1 << NUMBER_BITS) - 1);
                match packed >> NUMBER_BITS {
                    $($code => Event::$event(Idx::new(number)),)*
                    code => unreachable!("an event of code {code} that nobody packs"),
                }
            }
        }
    };
}

const NUMBER_BITS: u32 = 28;
/// So many codes have room above the number.
const CODES: u32 = 1 << (u32::BITS - NUMBER_BITS);

events! {
    /// A request of a source arrives.
    Arrives(Source) = 0,
    /// A user wants something.
    UserWakes(User) = 1,
    /// A frame's call reaches the other side.
    CallArrives(Frame) = 2,
    /// A frame's own work is done.
    WorkDone(Frame) = 3,
    /// A frame tries its call again, ends one that did not get through, or goes on after a stall.
    Retries(Frame) = 4,
    /// At a station of shared processors the first is done, if nothing has changed since.
    SharedWorkDone(Station) = 5,
    /// The first timer of a lane runs out.
    TimerDue(Lane) = 6,
    /// At a moment something begins or ends to go wrong.
    FaultsChange(Moment) = 7,
    /// It is looked how many users there are.
    CountsUsers(Users) = 8,
    /// An autoscaler decides.
    ScalerDecides(Scaler) = 9,
    /// A replica of an autoscaler has started.
    ReplicaStarts(Scaler) = 10,
    /// A frame waits no longer, if it still does.
    Reneges(Frame) = 11,
    /// A request arrives as it was recorded.
    ArrivesAsRecorded(Tape) = 12,
    /// A batch of requests begins to come.
    BatchComes(Schedule) = 13,
    /// One of its requests arrives.
    ArrivesInBatch(Flow) = 14,
    /// Where cores are shared a replica stalls, or no longer.
    StallChanges(StallClock) = 15,
}

/// An event that is due.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub(super) time: f64,
    pub(super) tiebreak: u32,
    pub(super) event: Event,
}

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

    /// A tiebreak after another, drawn evenly from those; after the last, which one in 2³² is, the same.
    pub(super) fn tiebreak_after(&mut self, other: u32) -> u32 {
        let later = u64::from(u32::MAX - other);
        other.saturating_add(1 + ((u64::from(self.tiebreak()) * later) >> 32) as u32)
    }

    /// Plans an event and returns its tiebreak, which is drawn, so that of two events at the same instant either goes first as
    /// often.
    #[inline(always)]
    pub(super) fn plan(&mut self, time: f64, event: Event) -> u32 {
        let tiebreak = self.tiebreak();
        self.plan_with_tiebreak(time, event, tiebreak);
        tiebreak
    }

    /// Plans an event with a tiebreak of its own. It is packed by whoever plans it, who knows which event it is.
    #[inline(always)]
    pub(super) fn plan_with_tiebreak(&mut self, time: f64, event: Event, tiebreak: u32) {
        self.add((u128::from(time.to_bits()) << 64) | (u128::from(tiebreak) << 32) | u128::from(event.pack()));
    }

    fn add(&mut self, key: u128) {
        if self.happened
            && let Some(mut first) = self.heap.peek_mut()
        {
            self.happened = false;
            *first = Reverse(key);
        } else {
            self.heap.push(Reverse(key));
        }
    }

    pub(super) fn next(&mut self) -> Option<Due> {
        if self.happened {
            self.heap.pop();
        }
        let Reverse(key) = *self.heap.peek()?;
        self.happened = true;
        let (time, tiebreak) = (f64::from_bits((key >> 64) as u64), (key >> 32) as u32);
        Some(Due { time, tiebreak, event: Event::unpack(key as u32) })
    }
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
                event_queue.plan(time, Event::UserWakes(Idx::new(0)));
                for _ in 1..apart {
                    event_queue.plan(time, Event::UserWakes(Idx::new(2)));
                }
                event_queue.plan(time, Event::UserWakes(Idx::new(1)));
                let order: Vec<Event> = (0..=apart).filter_map(|_| event_queue.next()).map(|due| due.event).collect();
                let place = |user: u32| order.iter().position(|one| *one == Event::UserWakes(Idx::new(user)));
                first += u32::from(place(0) < place(1));
            }
            assert!((1_858..=2_142).contains(&first), "{apart} apart: {first} of 4,000");
        }
    }
}
