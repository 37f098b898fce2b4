//! A simulator that is as simple as it can be: what happens next is a closure on an agenda, and what a call leads to is
//! handed on from closure to closure. Written from `docs/how-groma-computes.md` and from nothing else.

use crate::chance::{Chance, Law};
use crate::workspace::{Balance, Call, Join, Load, Step, Workspace};
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;

/// What a flow's requests came to.
#[derive(Clone, Copy, Default)]
pub struct Counted {
    pub well: f64,
    pub failed: f64,
    /// How long those took that were answered well, together, in milliseconds.
    pub time: f64,
}

/// What one run came to.
pub struct Outcome {
    pub flows: Vec<Counted>,
    /// For each station, how many slots were in use on average.
    pub in_use: Vec<f64>,
}

/// What is done when a call or a list of steps has ended, well or not.
type Next<'a> = Box<dyn FnOnce(&mut Run<'a>, bool) + 'a>;
/// Who waits for an answer, until the first of answer and timeout comes.
type Waiting<'a> = Rc<RefCell<Option<Next<'a>>>>;

/// What happens.
type Act<'a> = Box<dyn FnOnce(&mut Run<'a>) + 'a>;

/// Who does the steps of a call, and who waits for the answer to it.
#[derive(Clone)]
struct Worker<'a> {
    at: usize,
    reply: Waiting<'a>,
}

struct Planned<'a> {
    at: f64,
    nth: u64,
    act: Act<'a>,
}

impl Ord for Planned<'_> {
    /// The earliest is the greatest, so that it leaves the heap first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.total_cmp(&self.at).then(other.nth.cmp(&self.nth))
    }
}

impl PartialOrd for Planned<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Planned<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Planned<'_> {}

#[derive(Default)]
struct Busy<'a> {
    slots: usize,
    waiting: VecDeque<(&'a Call, Next<'a>)>,
    /// Slots in use, over time, and since when that was last brought up to date.
    used: f64,
    since: f64,
    /// What goes on when it stands still no more, if it does now.
    still: Option<Vec<Act<'a>>>,
    /// How long it has stood still in all, with the whole of what it does now.
    stalled: f64,
}

struct Run<'a> {
    workspace: &'a Workspace,
    chance: Chance,
    now: f64,
    planned: u64,
    agenda: BinaryHeap<Planned<'a>>,
    /// Of each station, each of its queues; and in which the next comes, if they come in turn.
    stations: Vec<Vec<Busy<'a>>>,
    turns: Vec<usize>,
    counted: Vec<Counted>,
    /// From when on requests are counted.
    from: f64,
}

/// Runs a workspace for so many milliseconds, of which the first fifth is not counted.
pub fn run(workspace: &Workspace, seed: u64, length: f64) -> Outcome {
    let mut run = Run {
        workspace,
        chance: Chance::new(seed),
        now: 0.0,
        planned: 0,
        agenda: BinaryHeap::new(),
        stations: workspace.stations.iter().map(|one| (0..one.queues().0).map(|_| Busy::default()).collect()).collect(),
        turns: vec![0; workspace.stations.len()],
        counted: vec![Counted::default(); workspace.flows.len()],
        from: length / 5.0,
    };
    for (at, station) in workspace.stations.iter().enumerate() {
        if let Some(stall) = station.stall {
            stalls(&mut run, at, stall);
        }
    }
    if let Load::Open(rate) | Load::Mixed(rate, ..) = workspace.load {
        arrival(&mut run, rate);
    }
    if let Load::Closed(users, law) | Load::Mixed(_, users, law) = workspace.load {
        for _ in 0..users {
            // Who thought for ever before is somewhere in the middle of it.
            let rest = law.draw(&mut run.chance) * run.chance.unit();
            think(&mut run, law, rest);
        }
    }
    while let Some(next) = run.agenda.pop().filter(|next| next.at < length) {
        run.now = next.at;
        (next.act)(&mut run);
    }
    run.now = length;
    for at in 0..run.stations.len() {
        (0..run.stations[at].len()).for_each(|queue| run.take((at, queue), 0));
    }
    let used = |queues: &Vec<Busy<'_>>| queues.iter().map(|busy| busy.used).sum::<f64>();
    let in_use = run.stations.iter().map(|queues| used(queues) / (length - run.from)).collect();
    Outcome { flows: run.counted, in_use }
}

impl<'a> Run<'a> {
    fn after(&mut self, time: f64, act: impl FnOnce(&mut Run<'a>) + 'a) {
        self.planned += 1;
        self.agenda.push(Planned { at: self.now + time, nth: self.planned, act: Box::new(act) });
    }

    /// Takes slots of a station, or gives them back.
    fn take(&mut self, (at, queue): (usize, usize), slots: isize) {
        let (now, busy) = (self.now, &mut self.stations[at][queue]);
        busy.used += busy.slots as f64 * (now - busy.since.max(self.from)).max(0.0);
        busy.since = now;
        busy.slots = busy.slots.strict_add_signed(slots);
    }

    /// In which queue of a station a call comes that arrives now.
    fn queue(&mut self, at: usize) -> usize {
        let here = &self.stations[at];
        let present = |queue: usize| here[queue].slots + here[queue].waiting.len();
        let count = here.len();
        match self.workspace.stations[at].balance {
            _ if count == 1 => 0,
            None => 0,
            Some(Balance::Random) => self.chance.whole(0, count - 1),
            Some(Balance::RoundRobin) => {
                self.turns[at] += 1;
                self.turns[at] % count
            }
            Some(Balance::LeastConnections) => {
                let fewest = (0..count).map(present).min().unwrap();
                let alike: Vec<usize> = (0..count).filter(|queue| present(*queue) == fewest).collect();
                alike[self.chance.whole(0, alike.len() - 1)]
            }
            Some(Balance::TwoChoices) => {
                let one = self.chance.whole(0, count - 1);
                let others: Vec<usize> = (0..count).filter(|queue| *queue != one).collect();
                let other = others[self.chance.whole(0, others.len() - 1)];
                if present(other) < present(one) { other } else { one }
            }
        }
    }
}

/// Lets a station of one replica stand still again and again, from a moment on.
fn stalls(run: &mut Run<'_>, at: usize, (length, pause): (f64, f64)) {
    let wait = run.chance.exponential(pause);
    run.after(wait, move |run| {
        run.stations[at][0].still = Some(Vec::new());
        run.stations[at][0].stalled += length;
        run.after(length, move |run| {
            for act in run.stations[at][0].still.take().into_iter().flatten() {
                act(run);
            }
            stalls(run, at, (length, pause));
        });
    });
}

/// Goes on at a station, or when it stands still no more.
fn when_it_moves<'a>(run: &mut Run<'a>, at: usize, act: impl FnOnce(&mut Run<'a>) + 'a) {
    match &mut run.stations[at][0].still {
        Some(waiting) => waiting.push(Box::new(act)),
        None => act(run),
    }
}

/// Works for so long at a station, and then for as long again as it has stood still meanwhile.
fn work_for<'a>(run: &mut Run<'a>, at: usize, time: f64, act: Act<'a>) {
    when_it_moves(run, at, move |run| {
        let before = run.stations[at][0].stalled;
        run.after(time, move |run| {
            let missed = run.stations[at][0].stalled - before;
            if missed > 0.0 { make_up(run, at, before, missed, act) } else { act(run) }
        });
    });
}

/// Works for what was missed since a station had stood still for so long in all, which it may still do.
fn make_up<'a>(run: &mut Run<'a>, at: usize, before: f64, missed: f64, act: Act<'a>) {
    run.after(missed, move |run| {
        let more = run.stations[at][0].stalled - before - missed;
        if more > 0.0 { make_up(run, at, before + missed, more, act) } else { act(run) }
    });
}

/// The next request of an open load, and all that follow it.
fn arrival(run: &mut Run<'_>, rate: f64) {
    let pause = run.chance.exponential(1.0 / rate);
    run.after(pause, move |run| {
        request(run, Box::new(|_, _| {}));
        arrival(run, rate);
    });
}

/// A user who thinks, asks, waits, and thinks again.
fn think(run: &mut Run<'_>, law: Law, pause: f64) {
    let again = move |run: &mut Run<'_>, _| {
        let pause = law.draw(&mut run.chance);
        think(run, law, pause);
    };
    run.after(pause, move |run| request(run, Box::new(again)));
}

/// A request of one of the flows, drawn by their weights.
fn request<'a>(run: &mut Run<'a>, next: Next<'a>) {
    let flows = &run.workspace.flows;
    let mut drawn = run.chance.whole(1, flows.iter().map(|(_, weight)| weight).sum());
    let mut flow = 0;
    while drawn > flows[flow].1 {
        drawn -= flows[flow].1;
        flow += 1;
    }
    let began = run.now;
    let done: Next<'a> = Box::new(move |run, well| {
        if run.now >= run.from {
            let counted = &mut run.counted[flow];
            if well {
                counted.well += 1.0;
                counted.time += run.now - began;
            } else {
                counted.failed += 1.0;
            }
        }
        next(run, well);
    });
    call(run, &flows[flow].0, done);
}

/// A call as the relationship says: tried again so often.
fn call<'a>(run: &mut Run<'a>, call: &'a Call, next: Next<'a>) {
    attempt(run, call, call.via.retry.map_or(0, |(times, _)| times), next);
}

fn attempt<'a>(run: &mut Run<'a>, call: &'a Call, left: usize, next: Next<'a>) {
    let waiting: Waiting<'a> = Rc::new(RefCell::new(Some(next)));
    if let Some(timeout) = call.via.timeout {
        let waiting = waiting.clone();
        run.after(timeout, move |run| answer(run, call, left, &waiting, false));
    }
    run.after(call.via.latency, move |run| {
        arrive(run, call, Box::new(move |run, well| answer(run, call, left, &waiting, well)));
    });
}

/// An answer, or that none came in time. Who has gone on already hears nothing of it.
fn answer<'a>(run: &mut Run<'a>, call: &'a Call, left: usize, waiting: &Waiting<'a>, well: bool) {
    let Some(next) = waiting.take() else { return };
    match call.via.retry {
        Some((_, pause)) if !well && left > 0 => run.after(pause, move |run| attempt(run, call, left - 1, next)),
        _ => next(run, well),
    }
}

/// A call comes to its station: it gets a slot, waits for one, or is turned away.
fn arrive<'a>(run: &mut Run<'a>, call: &'a Call, next: Next<'a>) {
    let queue = run.queue(call.to);
    let (station, busy) = (&run.workspace.stations[call.to], &mut run.stations[call.to][queue]);
    if busy.slots < station.queues().1 {
        work(run, call, queue, next);
    } else if station.queue_limit.is_none_or(|limit| busy.waiting.len() < limit) {
        busy.waiting.push_back((call, next));
    } else {
        next(run, false);
    }
}

/// The slot is held until the answer: for the own work, and for the calls that it makes.
fn work<'a>(run: &mut Run<'a>, call: &'a Call, queue: usize, next: Next<'a>) {
    run.take((call.to, queue), 1);
    let time = call.law.draw(&mut run.chance);
    let reply: Waiting<'a> = Rc::new(RefCell::new(Some(Box::new(move |run: &mut Run<'a>, well| {
        let fails = run.chance.happens(call.error_rate);
        next(run, well && !fails);
    }))));
    let works: Act<'a> = Box::new(move |run| {
        let caller = reply.clone();
        let done: Next<'a> = Box::new(move |run, well| {
            run.take((call.to, queue), -1);
            if let Some((call, next)) = run.stations[call.to][queue].waiting.pop_front() {
                work(run, call, queue, next);
            }
            reply_to(run, &caller, well);
        });
        steps(run, &call.body, &Worker { at: call.to, reply }, done);
    });
    work_for(run, call.to, time, works);
}

/// Answers a caller, unless that was done before.
fn reply_to<'a>(run: &mut Run<'a>, reply: &Waiting<'a>, well: bool) {
    if let Some(next) = reply.take() {
        next(run, well);
    }
}

/// Steps one after the other, until one fails, done by somebody for whom he works.
fn steps<'a>(run: &mut Run<'a>, all: &'a [Step], worker: &Worker<'a>, next: Next<'a>) {
    let Some((first, rest)) = all.split_first() else { return next(run, true) };
    if let Step::Break(share, inner) = first
        && run.chance.happens(*share)
    {
        return steps(run, inner, worker, next);
    }
    let caller = worker.clone();
    let then: Next<'a> =
        Box::new(move |run, well| if well { steps(run, rest, &caller, next) } else { next(run, false) });
    match first {
        Step::Call(one) if one.is_async => {
            call(run, one, Box::new(|_, _| {}));
            then(run, true);
        }
        Step::Call(one) => {
            // An answer is taken when whoever made the call does not stand still.
            let at = worker.at;
            call(run, one, Box::new(move |run, well| when_it_moves(run, at, move |run| then(run, well))));
        }
        Step::Chance(share, inner) if run.chance.happens(*share) => steps(run, inner, worker, then),
        Step::Chance(..) | Step::Break(..) => then(run, true),
        Step::Repeat(times, inner) => repeat(run, *times, inner, worker, then),
        Step::Parallel(join, branches) => parallel(run, *join, branches, worker, then),
        Step::Answer => {
            reply_to(run, &worker.reply, true);
            then(run, true);
        }
        Step::Either(courses) => {
            let mut drawn = run.chance.unit();
            let taken = courses.iter().find(|(share, _)| {
                drawn -= share;
                drawn < 0.0 || *share == 0.0
            });
            match taken {
                Some((_, course)) => steps(run, course, worker, then),
                None => then(run, true),
            }
        }
    }
}

fn repeat<'a>(run: &mut Run<'a>, times: usize, inner: &'a [Step], worker: &Worker<'a>, next: Next<'a>) {
    if times == 0 {
        return next(run, true);
    }
    let caller = worker.clone();
    let again: Next<'a> =
        Box::new(move |run, well| if well { repeat(run, times - 1, inner, &caller, next) } else { next(run, false) });
    steps(run, inner, worker, again);
}

/// Branches at the same time. What nobody waits for, and what does not happen, takes no part.
fn parallel<'a>(run: &mut Run<'a>, join: Join, branches: &'a [Step], worker: &Worker<'a>, next: Next<'a>) {
    let mut awaited: Vec<&'a [Step]> = Vec::new();
    for branch in branches {
        match branch {
            Step::Call(one) if one.is_async => call(run, one, Box::new(|_, _| {})),
            Step::Chance(share, inner) if run.chance.happens(*share) => awaited.push(inner),
            Step::Chance(..) => {}
            other => awaited.push(std::slice::from_ref(other)),
        }
    }
    let needed = match join {
        Join::All => awaited.len(),
        Join::First => 1,
        Join::Needed(needed) => needed,
    };
    let may_fail = awaited.len() - needed;
    let waiting: Waiting<'a> = Rc::new(RefCell::new(Some(next)));
    let counts = Rc::new(Cell::new((0, 0)));
    for branch in awaited {
        let (waiting, counts) = (waiting.clone(), counts.clone());
        let done: Next<'a> = Box::new(move |run, well| {
            let (good, bad) = counts.get();
            let (good, bad) = if well { (good + 1, bad) } else { (good, bad + 1) };
            counts.set((good, bad));
            if (good == needed || bad > may_fail)
                && let Some(next) = waiting.take()
            {
                next(run, good == needed);
            }
        });
        steps(run, branch, worker, done);
    }
}
