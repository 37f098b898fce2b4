//! Flows as programs: their steps as operations.

use super::Builder;
use crate::assumption::{FlowAssumption, NetworkAssumption};
use crate::awaited;
use crate::distribution::{Distribution, StepDistribution};
use crate::nesting::{self, Activity, ActivityKind, Alternative, BlockKind, Nested, Share};
use crate::network::{Branching, BranchingId, Count, Gap, Op, OpId, Program, StationId, combine};
use crate::refusal::MissingFact;
use groma_model::decode::{FactValue, Value};
use groma_model::{Architecture, Container, Flow, FlowId, ItemRef, Level, Per, Step, StepId, StepKind, Table, facts};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

impl Builder<'_> {
    pub(super) fn flow(&mut self, flow: FlowId) -> Program {
        let arch = self.arch;
        self.numbers = numbers(&arch.flows[flow]);
        // Flows that do the same are told apart by their order.
        let shape = shape(arch, flow, &self.numbers);
        let earlier = self.shapes.entry(shape).or_default();
        let key = combine(shape, *earlier);
        *earlier += 1;
        let Nested { activities: parts, is_too_deep, is_too_much, idle_answers } = nesting::nested(arch, flow);
        for at in idle_answers {
            let at = arch.flows[flow].steps[at].at;
            let answer = arch.label(at).unwrap_or("an answer").to_owned();
            let title = arch.title(arch.flows[flow].at).to_owned();
            self.network.notes.push((flow, FlowAssumption::IdleAnswer { answer, flow: title }));
        }
        if is_too_deep {
            let fact = MissingFact::Depth { most: nesting::MOST_OPEN };
            self.network.gaps.push(Gap { at: arch.flows[flow].at, flow, fact });
        }
        if is_too_much {
            let fact = MissingFact::Courses { most: nesting::MOST_READ };
            self.network.gaps.push(Gap { at: arch.flows[flow].at, flow, fact });
        }
        let parts = self.awaited(flow, parts);
        let mut ops = Table::default();
        self.parts((flow, key), &parts, None, &mut ops);
        if ops.is_empty() {
            let at = arch.flows[flow].at;
            let fact = MissingFact::Steps { flow: arch.title(at).to_owned() };
            self.network.gaps.push(Gap { at, flow, fact });
        }
        if ops.iter().any(|op| matches!(op, Op::Part)) {
            self.network.streams.push(flow);
        }
        Program { flow, ops, expected: FxHashMap::default(), key }
    }

    /// The parts of a flow, and where no person begins it, such that what its first caller sets off is waited for: it lasts
    /// from when the message is there, or the timer fires, until that work is done.
    pub(super) fn awaited(&mut self, flow: FlowId, parts: Vec<Activity>) -> Vec<Activity> {
        let arch = self.arch;
        let Some(first) = arch.flows[flow].first_caller() else { return parts };
        if parts.is_empty() || arch.element(first).level == Level::Person {
            return parts;
        }
        let title = arch.title(arch.flows[flow].at);
        let is_queue = arch.is_kind(first, Container::Queue);
        let timed =
            FlowAssumption::Timed { flow: title.to_owned(), first: arch.element(first).path.to_string(), is_queue };
        self.network.notes.push((flow, timed));
        let (parts, is_held_up) = awaited::parts(arch, flow, first, parts);
        if is_held_up {
            self.network.notes.push((flow, FlowAssumption::HeldUp { flow: title.to_owned() }));
        }
        parts
    }

    /// The operations of some parts, done by a request that is at `here`.
    pub(super) fn parts(
        &mut self,
        of: (FlowId, u64),
        parts: &[Activity],
        here: Option<StationId>,
        ops: &mut Table<Op>,
    ) {
        for part in parts {
            match &part.kind {
                ActivityKind::Call { .. } => self.call(of, part, here, ops),
                ActivityKind::Block { of: kind, inside } => self.block(of, (*kind, part.at), inside, here, ops),
                ActivityKind::Either { courses } => self.either(of, part.at, courses, here, ops),
                ActivityKind::Answer { afterwards } => self.answer(of, afterwards, here, ops),
                ActivityKind::Parallel { branches, at_step } => self.parallel(of, branches, *at_step, here, ops),
                ActivityKind::Part => _ = ops.push(Op::Part),
                ActivityKind::Once { nth, share, inside } => {
                    self.once((of.0, of.1, part.at), (*nth, *share), inside, here, ops)
                }
            }
        }
    }

    /// One of several times that a `repeat` sets something off at once: with random numbers of its own.
    pub(super) fn once(
        &mut self,
        (flow, key, at): (FlowId, u64, StepId),
        (nth, share): (u32, f64),
        inside: &[Activity],
        here: Option<StationId>,
        ops: &mut Table<Op>,
    ) {
        let key = if nth == 0 { key } else { combine(combine(key, self.numbers[at]), u64::from(nth)) };
        if share >= 1.0 {
            return self.parts((flow, key), inside, here, ops);
        }
        let stream = self.branching(key, at);
        let place = ops.push(Op::Else { end: OpId::FIRST });
        self.parts((flow, key), inside, here, ops);
        ops[place] = Op::Chance { share, stream, end: ops.end() };
    }

    pub(super) fn call(&mut self, of: (FlowId, u64), part: &Activity, here: Option<StationId>, ops: &mut Table<Op>) {
        let ActivityKind::Call { from, to, is_async, inside, afterwards } = &part.kind else { return };
        let arch = self.arch;
        let step = &arch.flows[of.0].steps[part.at];
        let at = step.at;
        let station = if arch.only_reads(step) { self.readers(*to) } else { None }.unwrap_or_else(|| self.station(*to));
        let law = self.law(of.0, at);
        let within = here == Some(station);
        let Some(site) = self.site(of, part, station, here, law) else { return };
        self.tell_of_queue(of.0, part);
        let spawn = is_async.then(|| ops.push(Op::Spawn { end: OpId::FIRST }));
        let place = ops.end();
        let is_watched = !self.network.sites[site].watchers.is_empty();
        if !within || is_watched {
            // It becomes a call, or one within, as soon as its end is known.
            ops.push(Op::Else { end: OpId::FIRST });
        }
        if law.is_some() {
            ops.push(Op::Work { site });
        }
        let was_within = std::mem::replace(&mut self.is_within, within);
        self.parts(of, inside, Some(station), ops);
        if within && is_watched {
            ops[place] = Op::Inside { site, end: ops.end() };
        }
        if !afterwards.is_empty() {
            self.answer(of, afterwards, Some(station), ops);
        }
        self.is_within = was_within;
        if !within {
            let end = ops.end();
            ops[place] = Op::Call { site, end };
            let caller = self.caller(*from, here);
            self.fallback(of.0, site, caller, ops);
        }
        if let Some(spawn) = spawn {
            ops[spawn] = Op::Spawn { end: ops.end() };
        }
    }

    /// Tells of a call that is not waited for only because it goes to a queue.
    pub(super) fn tell_of_queue(&mut self, flow: FlowId, part: &Activity) {
        let ActivityKind::Call { to, is_async: true, .. } = part.kind else { return };
        let arch = self.arch;
        let step = &arch.flows[flow].steps[part.at];
        if arch.is_kind(to, Container::Queue) && arch.is_said_async(step).is_none() {
            let assumed = NetworkAssumption::QueueIsNotAwaited { queue: arch.element(to).path.to_string() };
            if !self.network.assumptions.contains(&assumed) {
                self.network.assumptions.push(assumed);
            }
        }
    }

    pub(super) fn law(&mut self, flow: FlowId, at: ItemRef) -> Option<Distribution> {
        match StepDistribution::of(self.arch, at) {
            StepDistribution::Known(law) => Some(law),
            StepDistribution::Unknown => None,
            StepDistribution::Impossible => {
                self.network.gaps.push(Gap { at, flow, fact: MissingFact::Distribution });
                None
            }
        }
    }

    pub(super) fn block(
        &mut self,
        of: (FlowId, u64),
        (kind, at): (BlockKind, StepId),
        inside: &[Activity],
        here: Option<StationId>,
        ops: &mut Table<Op>,
    ) {
        let arch = self.arch;
        let step = arch.flows[of.0].steps[at];
        let stream = self.branching(of.1, at);
        let place = ops.push(Op::Else { end: OpId::FIRST });
        self.parts(of, inside, here, ops);
        let end = ops.end();
        ops[place] = match kind {
            BlockKind::Chance => {
                Op::Chance { share: self.number(step.at, &facts::chance::SHARE).unwrap_or(0.0), stream, end }
            }
            BlockKind::Miss => {
                let (hit, cache) = self.missed(of.0, step.at);
                Op::Miss { hit, cache, stream, end }
            }
            BlockKind::Repeat => Op::Repeat { count: count(arch, step.at), stream, end },
        };
    }

    /// The random numbers of something that a flow chooses at a step.
    fn branching(&mut self, key: u64, at: StepId) -> BranchingId {
        self.network.branchings.push(Branching { key: combine(key, self.numbers[at]) })
    }

    /// Courses of which one is taken.
    fn either(
        &mut self,
        of: (FlowId, u64),
        at: StepId,
        courses: &[Alternative],
        here: Option<StationId>,
        ops: &mut Table<Op>,
    ) {
        let shares = self.shares(of.0, courses);
        let stream = self.branching(of.1, at);
        let either = ops.push(Op::Either { stream, end: OpId::FIRST });
        let mut cases = Vec::new();
        for (course, share) in courses.iter().zip(shares) {
            let case = ops.push(Op::Else { end: OpId::FIRST });
            self.parts(of, &course.inside, here, ops);
            cases.push((case, share, ops.end()));
        }
        let whole = ops.end();
        ops[either] = Op::Either { stream, end: whole };
        for (case, share, end) in cases {
            ops[case] = Op::Case { share, end, whole };
        }
    }

    /// How often each course is taken: what is said of them, made to add up.
    fn shares(&mut self, flow: FlowId, courses: &[Alternative]) -> Vec<f64> {
        let shares: Vec<f64> = courses.iter().map(|course| self.share(flow, &course.share)).collect();
        let sum: f64 = shares.iter().sum();
        shares.into_iter().map(|share| if sum > 0.0 { share / sum } else { 0.0 }).collect()
    }

    fn share(&mut self, flow: FlowId, share: &Share) -> f64 {
        let arch = self.arch;
        match share {
            Share::Said(step) => self.said_share(flow, *step),
            Share::Not(step) => 1.0 - self.said_share(flow, *step),
            Share::Rest(either) => {
                let steps = &arch.flows[flow];
                let cases = steps.inside(*either).filter(|course| steps.steps[*course].kind == StepKind::Case);
                let said: f64 = cases.map(|case| self.said_share(flow, case)).sum();
                (1.0 - said).max(0.0)
            }
            Share::Any(shares) => shares.iter().map(|share| self.share(flow, share)).sum(),
        }
    }

    /// The share that a `case`, `chance` or `break` says; nothing, and a gap, if it says none.
    fn said_share(&mut self, flow: FlowId, step: StepId) -> f64 {
        let arch = self.arch;
        let at = arch.flows[flow].steps[step].at;
        let said = arch.quantity(at, &facts::case::SHARE).or(arch.quantity(at, &facts::chance::SHARE));
        if said.is_none() && !self.network.gaps.iter().any(|gap| gap.at == at) {
            let course = arch.label(at).map(str::to_owned);
            self.network.gaps.push(Gap { at, flow, fact: MissingFact::Share { course } });
        }
        said.map_or(0.0, |share| share.high)
    }

    /// The answer to the call in whose block it stands, before all that is done afterwards. To another part of the same container
    /// no answer is given: what is done afterwards goes on by itself.
    fn answer(&mut self, of: (FlowId, u64), afterwards: &[Activity], here: Option<StationId>, ops: &mut Table<Op>) {
        let place = self.is_within.then(|| ops.push(Op::Spawn { end: OpId::FIRST }));
        if !self.is_within {
            ops.push(Op::Answer);
        }
        self.parts(of, afterwards, here, ops);
        if let Some(place) = place {
            ops[place] = Op::Spawn { end: ops.end() };
        }
    }

    /// The share of lookups that the cache of a `miss` finds, and its station.
    pub(super) fn missed(&mut self, flow: FlowId, at: ItemRef) -> (f64, Option<StationId>) {
        let arch = self.arch;
        let cache = arch.fact(at, &facts::miss::CACHE).and_then(|value| arch.referred_element(at, value));
        let hit = cache.and_then(|id| self.number(arch.element(id).at, &facts::element::HIT_RATIO));
        let station = cache.map(|id| self.station(id));
        let is_calculated = self.network.caches.iter().any(|(at, _)| Some(*at) == station);
        if hit.is_none() && !is_calculated {
            let cache = cache.map_or("the cache", |id| arch.element_title(id)).to_owned();
            self.network.gaps.push(Gap { at, flow, fact: MissingFact::HitRatio { cache } });
        }
        (hit.unwrap_or(0.0), station)
    }

    /// Branches that are done at the same time. One that nobody waits for is no branch: it takes no part in how many are enough.
    pub(super) fn parallel(
        &mut self,
        of: (FlowId, u64),
        branches: &[Vec<Activity>],
        at: Option<StepId>,
        here: Option<StationId>,
        ops: &mut Table<Op>,
    ) {
        let arch = self.arch;
        let step = at.map(|at| arch.flows[of.0].steps[at].at);
        let place = ops.push(Op::Parallel { join: 0, end: OpId::FIRST });
        let mut count = 0;
        for parts in branches {
            let branch = ops.push(Op::Branch { end: OpId::FIRST });
            self.parts(of, parts, here, ops);
            ops[branch] = Op::Branch { end: ops.end() };
            count += 1;
        }
        let first = step.and_then(|at| arch.choice(at)) == Some(facts::parallel::Join::First);
        let wanted = if first { Some(1) } else { step.and_then(|at| self.whole(at, &facts::parallel::NEEDED)) };
        ops[place] = Op::Parallel { join: wanted.unwrap_or(count).min(count), end: ops.end() };
    }
}

/// How often the block of a `repeat` is done.
fn count(arch: &Architecture, at: ItemRef) -> Count {
    let times = arch.quantity(at, &facts::repeat::TIMES);
    let (low, high) = times.map_or((1.0, 1.0), |times| (times.low.min(MOST_TIMES), times.high.min(MOST_TIMES)));
    match arch.choice(at) {
        Some(facts::repeat::Distribution::Geometric) => Count::Geometric(high),
        Some(facts::repeat::Distribution::Poisson) => Count::Poisson(high),
        None => Count::Evenly(low as u32, high as u32),
    }
}

/// Nothing is repeated more often than that.
const MOST_TIMES: f64 = 1e6;

/// Whether a step changes nothing of what happens.
fn is_silent(kind: StepKind) -> bool {
    matches!(kind, StepKind::Note | StepKind::Section)
}

/// The steps of a flow, and its end, numbered without those that change nothing: remarks and sections change no random numbers.
fn numbers(flow: &Flow) -> Per<Step, u64> {
    let mut next = 0;
    let mut numbers: Per<Step, u64> = Per::new();
    for step in &flow.steps {
        numbers.push(next);
        next += u64::from(!is_silent(step.kind));
    }
    numbers.push(next);
    numbers
}

/// Names a flow by what it does, not by what it is called: the shape of its steps and their numbers.
fn shape(arch: &Architecture, flow: FlowId, numbers: &Per<Step, u64>) -> u64 {
    let mut hasher = FxHasher::default();
    let is_acting = |step: &&Step| !is_silent(step.kind);
    for step in arch.flows[flow].steps.iter().filter(is_acting) {
        (numbers[step.subtree_end] as u32).hash(&mut hasher);
        let kind: u8 = match step.kind {
            StepKind::Call { .. } => 0,
            StepKind::Reply { .. } => 1,
            StepKind::Unresolved { .. } => 2,
            StepKind::Chance => 3,
            StepKind::Miss => 4,
            StepKind::Repeat => 5,
            StepKind::Parallel => 6,
            StepKind::Either => 7,
            StepKind::Case => 8,
            StepKind::Otherwise => 9,
            StepKind::Break => 10,
            StepKind::Section => 11,
            StepKind::Note => 12,
            StepKind::Part { .. } => 13,
        };
        kind.hash(&mut hasher);
        for fact in [
            &facts::step::TIME,
            &facts::step::P99,
            &facts::step::P50,
            &facts::step::CV,
            &facts::chance::SHARE,
            &facts::repeat::TIMES,
        ] {
            let value = arch.quantity(step.at, fact).map(|quantity| quantity.high.to_bits());
            value.hash(&mut hasher);
        }
        // What came to the language later changes no name of a flow that does not say it.
        if let Some(share) = arch.quantity(step.at, &facts::case::SHARE) {
            share.high.to_bits().hash(&mut hasher);
        }
        if let Some(distribution) = arch.text(step.at, &facts::repeat::DISTRIBUTION) {
            distribution.hash(&mut hasher);
        }
        for fact in [
            &facts::step::DISTRIBUTION,
            &facts::step::READ,
            &facts::ASYNC,
            &facts::ERROR_RATE,
            &facts::parallel::JOIN,
            &facts::parallel::NEEDED,
        ] {
            hash_if_said(arch.fact(step.at, fact), &mut hasher);
        }
    }
    hash_if_said(arch.fact(arch.flows[flow].at, &facts::flow::PRIORITY), &mut hasher);
    hasher.finish()
}
/// Hashes a value that is written, with the name of its fact.
fn hash_if_said(value: Option<&FactValue>, hasher: &mut FxHasher) {
    let Some(FactValue { fact, value, .. }) = value else { return };
    match value {
        Value::Quantity(quantity) => (fact.name, quantity.high.to_bits()).hash(hasher),
        Value::Choice(word) => (fact.name, word).hash(hasher),
        Value::Bool(yes) => (fact.name, yes).hash(hasher),
        // Texts and names say nothing of how random numbers are used.
        Value::Text(_) | Value::Reference(_) => {}
    }
}
