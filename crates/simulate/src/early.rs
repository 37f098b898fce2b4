//! Ends that come early: what a `break` leaves out, and calls that are answered in some courses of a choice only.
//!
//! They become choices in which everything that follows stands in the course that it follows. So where an answer stands it is
//! certain that nobody has answered before, and nothing that reads a program has to know how likely that was.

use crate::nesting::{Activity, ActivityKind, BlockKind, Course, Share};

/// So many parts at most are put into other courses than their own.
pub(crate) const MOST_MOVED: usize = 10_000;

/// So many ends in a row at most.
const MOST_IN_A_ROW: usize = 1_000;

/// Parts of a flow in which nothing ends early but by the choice it stands in; `None` if that takes more than [`MOST_MOVED`].
pub(crate) fn unfolded(parts: Vec<Activity>) -> Option<Vec<Activity>> {
    let mut unfolding = Unfolding { left: MOST_MOVED };
    unfolding.all(parts)
}

struct Unfolding {
    left: usize,
}

impl Unfolding {
    fn all(&mut self, parts: Vec<Activity>) -> Option<Vec<Activity>> {
        let (mut done, mut rest) = (Vec::new(), parts.into_iter());
        while let Some(Activity { at, kind }) = rest.next() {
            let (kind, is_last) = match kind {
                ActivityKind::Block { of: BlockKind::Break, inside } => {
                    // Choices in choices are as deep as there are such ends in a row.
                    self.left = self.left.checked_sub(MOST_MOVED / MOST_IN_A_ROW)?;
                    let broken = Course { share: Share::Said(at), inside: self.all(inside)? };
                    let others = Course { share: Share::Rest, inside: self.all(rest.by_ref().collect())? };
                    (ActivityKind::Either { courses: vec![broken, others] }, true)
                }
                ActivityKind::Block { of: BlockKind::Chance, inside } if answers(&inside) => {
                    let others = Course { share: Share::Rest, inside: Vec::new() };
                    let courses = vec![Course { share: Share::Said(at), inside }, others];
                    (self.followed(courses, rest.as_slice())?, true)
                }
                ActivityKind::Either { courses } if courses.iter().any(|course| answers(&course.inside)) => {
                    (self.followed(courses, rest.as_slice())?, true)
                }
                ActivityKind::Answer { afterwards } => {
                    let mut behind = afterwards;
                    behind.extend(rest.by_ref());
                    (ActivityKind::Answer { afterwards: self.all(without_answers(behind))? }, true)
                }
                kind => (self.inner(kind)?, false),
            };
            done.push(Activity { at, kind });
            if is_last {
                break;
            }
        }
        Some(done)
    }

    /// Courses with what follows them.
    fn followed(&mut self, courses: Vec<Course>, rest: &[Activity]) -> Option<ActivityKind> {
        self.left = self.left.checked_sub(courses.len() * count(rest))?;
        let whole = |Course { share, mut inside }: Course| {
            inside.extend_from_slice(rest);
            Some(Course { share, inside: self.all(inside)? })
        };
        Some(ActivityKind::Either { courses: courses.into_iter().map(whole).collect::<Option<_>>()? })
    }

    fn inner(&mut self, kind: ActivityKind) -> Option<ActivityKind> {
        Some(match kind {
            ActivityKind::Call { from, to, is_async, inside, afterwards } => {
                let (inside, afterwards) = self.body(inside, afterwards)?;
                ActivityKind::Call { from, to, is_async, inside, afterwards }
            }
            ActivityKind::Block { of, inside } => ActivityKind::Block { of, inside: self.all(inside)? },
            ActivityKind::Either { courses } => self.followed(courses, &[])?,
            ActivityKind::Parallel { branches, at_step } => {
                let branches = branches.into_iter().map(|branch| self.all(branch)).collect::<Option<_>>()?;
                ActivityKind::Parallel { branches, at_step }
            }
            ActivityKind::Once { nth, share, inside } => ActivityKind::Once { nth, share, inside: self.all(inside)? },
            ActivityKind::Answer { afterwards } => ActivityKind::Answer { afterwards: self.all(afterwards)? },
        })
    }

    /// What is done in a call and after its answer. Where it may end before that, both are one.
    fn body(&mut self, inside: Vec<Activity>, afterwards: Vec<Activity>) -> Option<(Vec<Activity>, Vec<Activity>)> {
        let ends = |part: &Activity| matches!(part.kind, ActivityKind::Block { of: BlockKind::Break, .. });
        match afterwards.first().map(|first| first.at) {
            Some(at) if answers(&inside) || inside.iter().any(ends) => {
                let mut whole = inside;
                whole.push(Activity { at, kind: ActivityKind::Answer { afterwards } });
                Some((self.all(whole)?, Vec::new()))
            }
            _ => Some((self.all(inside)?, self.all(afterwards)?)),
        }
    }
}

/// Whether the call around some parts may be answered in them.
fn answers(parts: &[Activity]) -> bool {
    parts.iter().any(|part| match &part.kind {
        ActivityKind::Answer { .. } => true,
        ActivityKind::Either { courses } => courses.iter().any(|course| answers(&course.inside)),
        ActivityKind::Block { of: BlockKind::Chance | BlockKind::Break, inside } => answers(inside),
        // An answer there is one of a call that is made there.
        ActivityKind::Block { of: BlockKind::Miss | BlockKind::Repeat, .. }
        | ActivityKind::Call { .. }
        | ActivityKind::Parallel { .. }
        | ActivityKind::Once { .. } => false,
    })
}

/// Parts of a call that has been answered before: another answer says nothing more.
pub(crate) fn without_answers(parts: Vec<Activity>) -> Vec<Activity> {
    let each = |Activity { at, kind }: Activity| {
        let kind = match kind {
            ActivityKind::Answer { afterwards } => return without_answers(afterwards),
            ActivityKind::Either { courses } => {
                let without = |Course { share, inside }| Course { share, inside: without_answers(inside) };
                ActivityKind::Either { courses: courses.into_iter().map(without).collect() }
            }
            ActivityKind::Block { of: of @ (BlockKind::Chance | BlockKind::Break), inside } => {
                ActivityKind::Block { of, inside: without_answers(inside) }
            }
            kind => kind,
        };
        vec![Activity { at, kind }]
    };
    parts.into_iter().flat_map(each).collect()
}

fn count(parts: &[Activity]) -> usize {
    let inside = |part: &Activity| match &part.kind {
        ActivityKind::Call { inside, afterwards, .. } => count(inside) + count(afterwards),
        ActivityKind::Block { inside, .. } | ActivityKind::Once { inside, .. } => count(inside),
        ActivityKind::Answer { afterwards } => count(afterwards),
        ActivityKind::Either { courses } => courses.iter().map(|course| count(&course.inside)).sum(),
        ActivityKind::Parallel { branches, .. } => branches.iter().map(|branch| count(branch)).sum(),
    };
    parts.iter().map(|part| 1 + inside(part)).sum()
}
