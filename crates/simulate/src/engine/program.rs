//! How a frame runs the operations of its program, until it waits or is done.

use super::Engine;
use super::frame::{Caller, Frame, FrameId, Outcome, Role};
use crate::distribution::uniform;
use crate::network::{Branching, CaseOf, Network, Op, OpId, SiteId, StationId, cases_of};
use crate::route::Stay;
use groma_model::{Flow, Per, Table};

impl Engine<'_> {
    /// Runs a frame, and those of the same caller that go on because of it, until they wait for something or are done. Who
    /// else goes on then, if anybody.
    #[inline(always)]
    pub(super) fn run_frame(&mut self, frame: FrameId) -> Option<FrameId> {
        let mut at = frame;
        loop {
            let Frame { outcome, pc, end, role, .. } = self.frames[at];
            let next = if outcome == Outcome::Failed || pc >= end {
                let next = self.complete(at);
                if !matches!(role, Role::Block | Role::Idle | Role::Inside) {
                    self.leave_set_off();
                    return next;
                }
                if let Some(parent) = next
                    && !self.turn.frames.is_empty()
                {
                    // Branches beside it go out before what comes after them.
                    self.turn.frames.insert(0, parent);
                    return None;
                }
                next
            } else {
                match self.ops[pc] {
                    Op::Call { site, end } => {
                        if !self.set_off.is_empty() {
                            // What was set off before goes out before.
                            self.turn.frames.push(at);
                            self.turn.frames.extend(self.set_off.drain(..).rev());
                            return None;
                        }
                        let next = self.begin_call(at, site, end);
                        if next != Some(at) {
                            return next;
                        }
                        next
                    }
                    Op::Work { site } => self.work(at, site),
                    op => self.block_op(at, op),
                }
            };
            match next {
                Some(next) => at = next,
                None => {
                    self.leave_set_off();
                    return None;
                }
            }
        }
    }

    /// Lets what was set off go on by itself.
    pub(super) fn leave_set_off(&mut self) {
        if !self.set_off.is_empty() {
            self.ready.append(&mut self.set_off);
        }
    }

    /// Does an operation that holds others. `None` also when one event has had too many of them, or has set off too much. Long because it
    /// is a table: what each does.
    pub(super) fn block_op(&mut self, at: FrameId, op: Op) -> Option<FrameId> {
        self.steps += 1;
        if self.is_too_much() {
            return None;
        }
        let Frame { pc, here, user, .. } = self.frames[at];
        let inside = pc.next();
        let goes_on = match op {
            Op::Spawn { end } => {
                let (spawned, frame) = self.frame(Role::Block, inside, end, None, user);
                frame.here = here;
                if !self.stays.is_empty() {
                    self.stays[spawned] = Stay::begins(self.stays[at].zone);
                }
                self.set_off.push(spawned);
                end
            }
            Op::Chance { share, stream, end } => {
                let drawn = uniform(&mut self.branching_streams[stream]);
                if drawn < share { inside } else { end }
            }
            Op::Miss { hit, cache, stream, end } => {
                let drawn = uniform(&mut self.branching_streams[stream]);
                let is_hit =
                    cache.is_none_or(|cache| self.is_answered(at, cache)) && drawn < self.hit_ratio(cache, hit);
                if is_hit { end } else { inside }
            }
            Op::Repeat { count, stream, end } => {
                let times = count.draw(&mut self.branching_streams[stream]);
                if times > 0 {
                    self.frames[at].needed = times;
                    return Some(self.block(at, inside, end));
                }
                end
            }
            Op::Inside { site, end } => {
                let part = self.block(at, inside, end);
                return self.enter_part(part, site);
            }
            Op::Parallel { join, end } => {
                if join > 0 {
                    return self.branch_out(at, inside, end);
                }
                end
            }
            Op::Answer => {
                self.answer(at);
                self.frames[at].pc = inside;
                self.turn.frames.push(at);
                return None;
            }
            Op::Part => {
                self.gives_part(at);
                inside
            }
            Op::Else { end } => end,
            Op::Either { stream, end } => {
                let drawn = uniform(&mut self.branching_streams[stream]);
                taken(&self.cases[stream], |up_to| up_to <= drawn).unwrap_or(end)
            }
            // The case before it is done.
            Op::Case { whole, .. } => whole,
            Op::Branch { .. } | Op::Call { .. } | Op::Work { .. } => inside,
        };
        self.frames[at].pc = goes_on;
        Some(at)
    }

    /// Whether a frame's last lookup in a cache was answered.
    fn is_answered(&self, at: FrameId, cache: StationId) -> bool {
        self.failed_lookups.is_empty() || self.failed_lookups.get(&at) != Some(&cache)
    }

    /// Another part of the same container is called.
    fn enter_part(&mut self, part: FrameId, site: SiteId) -> Option<FrameId> {
        let now = self.now;
        let frame = &mut self.frames[part];
        (frame.role, frame.site, frame.arrived) = (Role::Inside, site, now);
        self.counts_call_in(site);
        Some(part)
    }

    /// Begins the branches between two places. They go on in the order of the text.
    pub(super) fn branch_out(&mut self, at: FrameId, first: OpId, end: OpId) -> Option<FrameId> {
        let mut branches: u16 = 0;
        let mut branch = first;
        let others = self.turn.frames.len();
        while branch < end
            && let Op::Branch { end: after } = self.ops[branch]
        {
            let block = self.block(at, branch.next(), after);
            self.turn.frames.push(block);
            branch = after;
            branches = branches.saturating_add(1);
        }
        self.turn.frames[others..].reverse();
        let frame = &mut self.frames[at];
        (frame.needed, frame.outstanding, frame.attempt) = (0, branches, 0);
        None
    }

    /// A part of what a frame does, which it waits for.
    pub(super) fn block(&mut self, parent: FrameId, pc: OpId, end: OpId) -> FrameId {
        let Frame { call, here, user, .. } = self.frames[parent];
        let (at, frame) = self.frame(Role::Idle, pc, end, Some(Caller { frame: parent, call }), user);
        frame.here = here;
        at
    }

    /// A branch takes part in what is waited for.
    #[inline(always)]
    pub(super) fn has_something_to_wait_for(&mut self, at: FrameId) {
        let frame = &mut self.frames[at];
        if frame.role == Role::Idle {
            frame.role = Role::Block;
        }
    }

    /// The share of lookups that a cache answers now, if it is this at other times.
    pub(super) fn hit_ratio(&mut self, cache: Option<StationId>, usual: f64) -> f64 {
        let Some(cache) = cache else { return usual };
        let state = &mut self.stations[cache];
        if state.flushed || state.down || state.is_gone {
            return 0.0;
        }
        let usual = usual * (1.0 - state.missed);
        let Some(since) = state.fills_since else { return usual };
        let ratio = self.network.refills.get(&cache).and_then(|refill| refill.ratio(self.now - since));
        if ratio.is_none() {
            state.fills_since = None;
        }
        ratio.unwrap_or(usual).min(usual)
    }

    /// Lets a frame go on behind what it waited for; answers to it that come later answer nobody.
    pub(super) fn resume(&mut self, at: FrameId, end: OpId) -> FrameId {
        let frame = &mut self.frames[at];
        frame.call = frame.call.wrapping_add(1);
        frame.pc = end;
        at
    }
}

/// The cases of a choice: each with the share of it and of all before it, and where it begins.
pub(super) type Cases = Vec<(f64, OpId)>;

/// The cases of every choice between several.
pub(super) fn cases(network: &Network, ops: &Table<Op>) -> Per<Branching, Cases> {
    let mut found = network.branchings.beside(Vec::new());
    for (at, op) in ops.entries() {
        if let Op::Either { stream, end } = *op {
            let mut up_to = 0.0;
            let case = |case: CaseOf| {
                up_to += case.share;
                (up_to, case.start)
            };
            found[stream] = cases_of(ops, at.next(), end).into_iter().map(case).collect();
        }
    }
    found
}

/// Where the case begins that is the first not to be passed; the last takes what rounding leaves.
fn taken(cases: &[(f64, OpId)], is_passed: impl Fn(f64) -> bool) -> Option<OpId> {
    let nth = cases.partition_point(|(up_to, _)| is_passed(*up_to));
    cases.get(nth).or(cases.last()).map(|(_, start)| *start)
}

/// The operations of all programs in one table, with where each program is.
pub(super) fn one_after_the_other(network: &Network) -> (Table<Op>, Per<Flow, (OpId, OpId)>) {
    let (mut ops, mut programs) = (Table::new(), Per::new());
    for program in &network.programs {
        let base = ops.end();
        for op in &program.ops {
            ops.push(op.moved(base.raw()));
        }
        programs.push((base, ops.end()));
    }
    (ops, programs)
}

#[cfg(test)]
mod tests {
    use super::taken;
    use crate::network::OpId;
    use std::cell::Cell;

    /// Of a hundred thousand cases that are alike each number falls on its own, and no more than seventeen are looked at.
    #[test]
    fn a_case_of_many_is_found_in_a_few_steps() {
        let count = 100_000_u32;
        let share = |nth: u32| f64::from(nth) / f64::from(count);
        let cases: Vec<(f64, OpId)> = (0..count).map(|nth| (share(nth + 1), OpId::new(nth))).collect();
        for nth in (0..count).step_by(997) {
            let (drawn, looked) = (share(nth) + 0.5 / f64::from(count), Cell::new(0));
            let is_passed = |up_to: f64| {
                looked.set(looked.get() + 1);
                up_to <= drawn
            };
            assert_eq!(taken(&cases, is_passed), Some(OpId::new(nth)));
            assert!(looked.get() <= 18, "{}", looked.get());
        }
        assert_eq!(taken(&cases, |_| true), Some(OpId::new(count - 1)), "rounding leaves nobody without a case");
        assert_eq!(taken(&[], |_| false), None);
    }
}
