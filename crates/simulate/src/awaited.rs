//! Flows that no person begins: all that their first caller sets off is waited for, as the flow lasts until its work is done.
//!
//! What is set off goes on beside all that follows it, and the flow is done when all of it is.

use crate::nesting::{Activity, ActivityKind, BlockKind, without_answers};
use groma_model::{Architecture, ElementId, FlowId, StepId, facts};
use std::cell::Cell;

/// What is set off so many times at once at most is done so. What is repeated more often is done one after the other.
const MOST_AT_ONCE: u32 = 64;

/// Parts such that all that an element sets off in them is waited for, and whether something is done one after the other that
/// should not be, as a block both waits and sets off.
pub(crate) fn parts(
    arch: &Architecture,
    flow: FlowId,
    first: ElementId,
    parts: Vec<Activity>,
) -> (Vec<Activity>, bool) {
    let awaiting = Awaiting { arch, flow, first, is_held_up: Cell::new(false) };
    let parts = awaiting.all(parts);
    (parts, awaiting.is_held_up.get())
}

struct Awaiting<'a> {
    arch: &'a Architecture,
    flow: FlowId,
    first: ElementId,
    is_held_up: Cell<bool>,
}

impl Awaiting<'_> {
    fn all(&self, parts: Vec<Activity>) -> Vec<Activity> {
        let (mut done, mut set_off) = (Vec::new(), Vec::new());
        let mut at = None;
        let mut rest = parts.into_iter();
        while let Some(part) = rest.next() {
            let step = part.at;
            if self.is_set_off(&part) {
                at = at.or(Some(step));
                set_off.extend(self.beside(part));
                continue;
            }
            self.is_held_up.set(self.is_held_up.get() || !rest.as_slice().is_empty() && self.sets_off(&part));
            let part = self.waited_for(part);
            if set_off.is_empty() {
                done.push(part);
                continue;
            }
            let mut branch = vec![part];
            branch.extend(self.all(rest.by_ref().collect()));
            set_off.push(branch);
        }
        match (set_off.len(), at) {
            (0 | 1, _) => done.extend(set_off.into_iter().flatten()),
            (_, at) => {
                let kind = ActivityKind::Parallel { branches: set_off, at_step: None };
                done.push(Activity { at: at.unwrap_or(StepId::FIRST), kind });
            }
        }
        done
    }

    /// Whether nobody waits for any of a part.
    fn is_set_off(&self, part: &Activity) -> bool {
        let all = |parts: &[Activity]| !parts.is_empty() && parts.iter().all(|part| self.is_set_off(part));
        match &part.kind {
            ActivityKind::Call { from, is_async, .. } => *is_async && *from == self.first,
            ActivityKind::Block { of, inside } => {
                all(inside) && self.times(*of, part.at).is_none_or(|(_, high)| high <= MOST_AT_ONCE)
            }
            ActivityKind::Parallel { branches, .. } => branches.iter().all(|branch| all(branch)),
            ActivityKind::Either { courses } => {
                let mut taken = courses.iter().filter(|course| !course.inside.is_empty()).peekable();
                taken.peek().is_some() && taken.all(|course| all(&course.inside))
            }
            ActivityKind::Once { .. } | ActivityKind::Answer { .. } | ActivityKind::Part => false,
        }
    }

    /// Whether something in a part is set off.
    fn sets_off(&self, part: &Activity) -> bool {
        match &part.kind {
            ActivityKind::Call { from, is_async, .. } => *is_async && *from == self.first,
            ActivityKind::Block { inside, .. } | ActivityKind::Once { inside, .. } => {
                inside.iter().any(|part| self.sets_off(part))
            }
            ActivityKind::Parallel { branches, .. } => branches.iter().flatten().any(|part| self.sets_off(part)),
            ActivityKind::Either { courses } => {
                courses.iter().flat_map(|course| &course.inside).any(|part| self.sets_off(part))
            }
            ActivityKind::Answer { .. } | ActivityKind::Part => false,
        }
    }

    /// From how many to how many times a block is repeated, if it is.
    fn times(&self, of: BlockKind, at: StepId) -> Option<(u32, u32)> {
        let step = self.arch.flows[self.flow].steps[at];
        let times = self.arch.quantity(step.at, &facts::repeat::TIMES);
        if self.arch.fact(step.at, &facts::repeat::DISTRIBUTION).is_some() {
            // Any number of times.
            return Some((0, u32::MAX)).filter(|_| of == BlockKind::Repeat);
        }
        let whole = |number: f64| number.min(f64::from(u32::MAX)) as u32;
        match of {
            BlockKind::Repeat => Some(times.map_or((1, 1), |times| (whole(times.low), whole(times.high)))),
            BlockKind::Chance | BlockKind::Miss => None,
        }
    }

    /// The branches that a part becomes for which nobody waits in its place.
    fn beside(&self, part: Activity) -> Vec<Vec<Activity>> {
        let at = part.at;
        match part.kind {
            ActivityKind::Block { of, inside } => match self.times(of, at) {
                Some(times) => several(at, times, &self.all(inside)),
                None => vec![vec![Activity { at, kind: ActivityKind::Block { of, inside: self.all(inside) } }]],
            },
            ActivityKind::Parallel { branches, .. } => branches.into_iter().map(|branch| self.all(branch)).collect(),
            kind @ (ActivityKind::Call { .. }
            | ActivityKind::Either { .. }
            | ActivityKind::Answer { .. }
            | ActivityKind::Part
            | ActivityKind::Once { .. }) => vec![vec![self.waited_for(Activity { at, kind })]],
        }
    }

    /// A part that is waited for, with all that is set off in it.
    fn waited_for(&self, mut part: Activity) -> Activity {
        match &mut part.kind {
            ActivityKind::Call { from, is_async, inside, afterwards, .. } if *from == self.first => {
                // The flow does not wait for the answer, but for the work.
                inside.append(afterwards);
                *inside = without_answers(std::mem::take(inside));
                *is_async = false;
            }
            ActivityKind::Block { inside, .. } => *inside = self.all(std::mem::take(inside)),
            ActivityKind::Parallel { branches, .. } => {
                for branch in branches {
                    *branch = self.all(std::mem::take(branch));
                }
            }
            ActivityKind::Either { courses } => {
                for course in courses {
                    course.inside = self.all(std::mem::take(&mut course.inside));
                }
            }
            ActivityKind::Call { .. }
            | ActivityKind::Once { .. }
            | ActivityKind::Answer { .. }
            | ActivityKind::Part => {}
        }
        part
    }
}

/// The branches of something that is set off from so many to so many times at once, each number as likely: those that are
/// sure, and one with the next of them that holds all that may follow.
fn several(at: StepId, (low, high): (u32, u32), inside: &[Activity]) -> Vec<Vec<Activity>> {
    let once = |nth, share, inside| vec![Activity { at, kind: ActivityKind::Once { nth, share, inside } }];
    let mut branches: Vec<Vec<Activity>> = (0..low).map(|nth| once(nth, 1.0, inside.to_vec())).collect();
    let mut following: Option<Vec<Activity>> = None;
    for nth in (low..high).rev() {
        let share = f64::from(high - nth) / f64::from(high - nth + 1);
        let own = once(nth, 1.0, inside.to_vec());
        let both = match following.take() {
            None => own,
            Some(next) => {
                vec![Activity { at, kind: ActivityKind::Parallel { branches: vec![own, next], at_step: None } }]
            }
        };
        // Numbers of its own decide whether it is.
        following = Some(once(nth + 1, share, both));
    }
    branches.extend(following);
    branches
}
