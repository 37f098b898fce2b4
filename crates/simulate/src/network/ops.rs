//! Finding the way in a program: what stands after, inside and beside an operation.

use super::{Op, OpId, StationId};
use groma_model::Table;

/// The place after an operation and all inside it.
pub(crate) fn after(ops: &Table<Op>, at: OpId) -> OpId {
    let end = match ops[at] {
        Op::Call { end, .. } => match ops.get(end) {
            Some(Op::Else { end }) => *end,
            _ => end,
        },
        Op::Spawn { end }
        | Op::Inside { end, .. }
        | Op::Chance { end, .. }
        | Op::Miss { end, .. }
        | Op::Repeat { end, .. }
        | Op::Parallel { end, .. }
        | Op::Branch { end }
        | Op::Either { end, .. }
        | Op::Case { end, .. }
        | Op::Else { end } => end,
        Op::Work { .. } | Op::Answer | Op::Part => return at.next(),
    };
    end.max(at.next())
}

/// What a call that does the operations from one to before another does after its answers, as beginnings and ends.
pub(crate) fn behind_answers(ops: &Table<Op>, start: OpId, end: OpId) -> Vec<(OpId, OpId)> {
    let (mut at, mut found) = (start, Vec::new());
    while at < end {
        match ops[at] {
            Op::Answer => {
                found.push((at.next(), end));
                break;
            }
            Op::Either { end, .. } => {
                let cases = cases_of(ops, at.next(), end).into_iter();
                found.extend(cases.flat_map(|case| behind_answers(ops, case.start, case.end)));
            }
            Op::Work { .. }
            | Op::Call { .. }
            | Op::Spawn { .. }
            | Op::Chance { .. }
            | Op::Miss { .. }
            | Op::Repeat { .. }
            | Op::Else { .. }
            | Op::Parallel { .. }
            | Op::Branch { .. }
            | Op::Case { .. }
            | Op::Part
            | Op::Inside { .. } => {}
        }
        at = after(ops, at);
    }
    found
}

/// A case of several.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CaseOf {
    pub(crate) share: f64,
    pub(crate) start: OpId,
    pub(crate) end: OpId,
}

/// The cases between two places.
pub(crate) fn cases_of(ops: &Table<Op>, start: OpId, end: OpId) -> Vec<CaseOf> {
    let (mut case, mut found) = (start, Vec::new());
    while case < end
        && let Op::Case { share, end: after, .. } = ops[case]
    {
        found.push(CaseOf { share, start: case.next(), end: after });
        case = after;
    }
    found
}

/// The beginnings and ends of the branches between two places.
pub(crate) fn branches_of(ops: &Table<Op>, start: OpId, end: OpId) -> Vec<(OpId, OpId)> {
    let (mut branch, mut found) = (start, Vec::new());
    while branch < end
        && let Op::Branch { end: after } = ops[branch]
    {
        found.push((branch.next(), after));
        branch = after;
    }
    found
}

/// The operations of a place that somebody waits for: neither what goes on by itself, nor what is done after an answer.
pub(crate) fn awaited(ops: &Table<Op>, place: std::ops::Range<OpId>) -> Vec<OpId> {
    let (mut found, mut at, mut ends) = (Vec::new(), place.start, vec![place.end]);
    while at < place.end {
        ends.retain(|end| at < *end);
        match ops[at] {
            Op::Spawn { end } => {
                at = end;
                continue;
            }
            // It ends there, or with the case or the call that it is of.
            Op::Answer => {
                at = ends.last().copied().unwrap_or(place.end);
                continue;
            }
            Op::Call { end, .. } | Op::Case { end, .. } => ends.push(end),
            Op::Work { .. }
            | Op::Inside { .. }
            | Op::Chance { .. }
            | Op::Miss { .. }
            | Op::Repeat { .. }
            | Op::Parallel { .. }
            | Op::Branch { .. }
            | Op::Either { .. }
            | Op::Part
            | Op::Else { .. } => {}
        }
        found.push(at);
        at = at.next();
    }
    found
}

/// How likely the operations from one to before another have nothing to wait for, if a cache finds what `hits` says of it and
/// its usual share.
pub(crate) fn idle(ops: &Table<Op>, start: OpId, end: OpId, hits: &dyn Fn(Option<StationId>, f64) -> f64) -> f64 {
    let (mut at, mut share) = (start, 1.0);
    while at < end && share > 0.0 {
        let inside = |end: OpId| idle(ops, at.next(), end, hits);
        let (idle, next) = match ops[at] {
            Op::Work { .. } | Op::Call { .. } | Op::Inside { .. } => (0.0, at.next()),
            Op::Spawn { end } | Op::Else { end } => (1.0, end),
            Op::Chance { share, end, .. } => (1.0 - share * (1.0 - inside(end)), end),
            Op::Miss { hit, end, cache, .. } => (1.0 - (1.0 - hits(cache, hit)) * (1.0 - inside(end)), end),
            // All of its times have nothing.
            Op::Repeat { count, end, .. } => (count.all_well(inside(end)), end),
            Op::Parallel { end, .. } => {
                let branches = branches_of(ops, at.next(), end).into_iter();
                (branches.map(|(from, to)| idle(ops, from, to, hits)).product(), end)
            }
            Op::Either { end, .. } => {
                let cases = cases_of(ops, at.next(), end).into_iter();
                (cases.map(|case| case.share * idle(ops, case.start, case.end, hits)).sum(), end)
            }
            Op::Branch { .. } | Op::Case { .. } | Op::Answer | Op::Part => (1.0, at.next()),
        };
        share *= idle;
        at = next;
    }
    share
}
