//! How large rounds of simulation are at least, and how many events they take.

/// A first round of so many replications of so many requests tells how long the next must be. That is drawn anew and stands
/// for itself: what is told does not depend on how it was chosen when to stop (Stein, "A two-sample test for a linear
/// hypothesis whose power is independent of the variance", 1945).
pub(crate) const PILOT: (u64, f64) = (8, 4_000.0);

/// The share of the events that the second round may take.
pub(crate) const SHARE_OF_SECOND_ROUND: f64 = 0.5;

/// From so many replications of a course on it can be told whether they come out differently.
pub(crate) const TELLING: usize = 16;

/// About how many events the rounds take if replications are to be so many seconds long, each second of so many events.
pub(crate) fn events_of_rounds(each: f64, horizon: f64) -> f64 {
    PILOT.0 as f64 * each * horizon / SHARE_OF_SECOND_ROUND
}

/// About how many events it takes to see a course often enough that is so many seconds long, each second of so many events.
pub(crate) fn events_of_courses(each: f64, length: f64) -> f64 {
    1.25 * TELLING as f64 * each * length
}
