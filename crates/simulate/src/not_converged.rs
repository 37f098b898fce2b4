//! Why what was simulated is no state that lasts: it has not settled yet, or never will. As data, worded here and nowhere else.

use crate::number::{apart, time};
use groma_base::Dimension;
use std::fmt;

/// Why the numbers of a run may still be too good. Times in seconds.
#[derive(Clone, PartialEq, Debug)]
pub enum NotConverged {
    /// Times or queues still grow.
    Grows {
        /// After so long.
        simulated: f64,
        /// Whether requests come at a rate, not by users who wait.
        is_open: bool,
    },
    /// Too little was simulated against one request.
    Short {
        /// How long a request takes that is alone.
        unloaded_time: f64,
        /// How long was simulated.
        simulated: f64,
        /// About how many events may tell more.
        events: f64,
    },
    /// So much time must be simulated for enough requests that the clock of the simulation no longer tells their times.
    Rare {
        /// How long a request of the shortest flow takes that is alone.
        unloaded_time: f64,
        /// How long was simulated.
        simulated: f64,
    },
    /// A station is so nearly saturated that it takes longer to settle.
    NearSaturation {
        /// The station.
        station: String,
        /// How long it takes.
        needs: f64,
        /// How long was simulated.
        simulated: f64,
        /// About how many events may tell more.
        events: f64,
    },
    /// Too few turns of what comes in turns, such as bursts, were seen.
    FewTurns {
        /// How long one takes on average.
        cycle: f64,
        /// How long was simulated.
        simulated: f64,
        /// About how many events may tell more.
        events: f64,
    },
    /// Too few stalls of a station were seen.
    FewStalls {
        /// The station.
        station: String,
        /// How long it takes from one to the next on average.
        every: f64,
        /// How long was simulated.
        simulated: f64,
    },
    /// It cannot be told whether a station is asked for more than it can do.
    AtSaturation {
        /// The station.
        station: String,
        /// How long was simulated.
        simulated: f64,
    },
}

/// What takes a thousand years to settle never does.
const NEVER: f64 = 3.2e10;

impl fmt::Display for NotConverged {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotConverged::Grows { simulated, is_open } => {
                let why = if *is_open {
                    "demand exceeds capacity, or comes so close to it that it takes longer to settle"
                } else {
                    "its users have not settled"
                };
                let simulated = time(*simulated);
                write!(out, "times or queues are still growing after {simulated}: {why} (more `--events` may tell)")
            }
            NotConverged::Short { unloaded_time, simulated, events } => write!(
                out,
                "one request takes {}, and only {} were simulated ({})",
                time(*unloaded_time),
                time(*simulated),
                may_tell(*events)
            ),
            NotConverged::Rare { unloaded_time, simulated } => write!(
                out,
                "requests are so rare that {} must be simulated, and no clock with 52 binary digits tells times of {} that far out: with a higher rate they can be told",
                time(*simulated),
                time(*unloaded_time)
            ),
            NotConverged::NearSaturation { station, needs, simulated, .. } if *needs > NEVER => write!(
                out,
                "{station} is asked for just what it can serve: it never settles, and only {} were simulated",
                time(*simulated)
            ),
            NotConverged::NearSaturation { needs, simulated, events, .. } => write!(
                out,
                "this close to saturation it takes about {} to settle, and only {} were simulated ({})",
                time(*needs),
                time(*simulated),
                may_tell(*events)
            ),
            NotConverged::FewTurns { cycle, simulated, events } => {
                let (cycle, simulated) = (time(*cycle), time(*simulated));
                write!(out, "batches or bursts come back every {cycle}, and only {simulated} were simulated: ")?;
                if *events <= MOST_ADVISED {
                    write!(out, "{} may tell, or ", more(*events))?;
                }
                out.write_str("write a shorter period with as many requests at a time, which is harder on the system")
            }
            NotConverged::FewStalls { station, every, simulated } => write!(
                out,
                "{station} stalls every {}, and only {} were simulated (more `--events` may tell)",
                time(*every),
                time(*simulated)
            ),
            NotConverged::AtSaturation { station, simulated } => write!(
                out,
                "over {} the demand on {station} was so close to its capacity that it may exceed it (more `--events` may tell)",
                time(*simulated)
            ),
        }
    }
}

/// More events than this take longer than anybody waits: about a quarter of an hour.
const MOST_ADVISED: f64 = 1e10;

/// So many events may be asked for: more take hours.
pub const MOST_EVENTS: f64 = 1e11;

/// What so many events may do, if they can be asked for.
fn may_tell(events: f64) -> String {
    if events <= MOST_EVENTS { format!("{} may tell", more(events)) } else { "no `--events` are enough".to_owned() }
}

/// How so many events are asked for: in millions, of which the first two digits count.
pub(crate) fn more(events: f64) -> String {
    let millions = (events / 1e6).max(1.0);
    let unit = libm::pow(10.0, libm::log10(millions).floor() - 1.0).max(1.0);
    format!("`--events {:.0}`", (millions / unit).ceil() * unit)
}

/// Why something never comes to an end.
#[derive(Clone, PartialEq, Debug)]
pub enum EndlessWait {
    /// Queues grow for ever.
    Overload(Vec<Overload>),
    /// Slots wait for each other.
    Deadlock {
        /// Whose.
        circle: Circle,
        /// In how many of the runs.
        stuck: usize,
        /// How many runs there were.
        runs: usize,
        /// Within how many seconds.
        within: f64,
    },
}

/// A queue that grows for ever.
#[derive(Clone, PartialEq, Debug)]
pub struct Overload {
    /// The station that cannot serve what is asked of it.
    pub station: String,
    /// The station or pool whose queue grows because of that, if it is another.
    pub place: Option<String>,
    /// What formulas tell of it, where they do.
    pub by_formula: Option<Excess>,
}

/// More than can be served, in requests a second.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Excess {
    /// How many come.
    pub rate: f64,
    /// How many can be served.
    pub served: f64,
    /// Whether users ask, so that nobody is asked for them.
    pub is_closed: bool,
}

impl fmt::Display for EndlessWait {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndlessWait::Overload(all) => {
                let all: Vec<String> = all.iter().map(Overload::to_string).collect();
                out.write_str(&all.join("; "))
            }
            EndlessWait::Deadlock { circle, stuck, runs, within } => write!(
                out,
                "deadlock: slots wait for each other in a cycle, {circle}, until nothing moves; within {} in {stuck} of {runs} runs",
                time(*within)
            ),
        }
    }
}

impl fmt::Display for Overload {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Overload { station, place, by_formula } = self;
        let whose = place.as_ref().map_or("its queue".to_owned(), |place| format!("the queue of {place}"));
        match (by_formula, place) {
            (Some(Excess { rate, served, is_closed }), _) => {
                let asks = if *is_closed { "arrive" } else { "are offered" };
                let (rate, served) = apart(Dimension::Count, *rate, *served);
                write!(out, "{rate} requests/s {asks} and {station} can serve {served}: {whose} grows without bound")
            }
            (None, None) => {
                write!(out, "the queue of {station} grows without bound: more arrives than it can serve")
            }
            (None, Some(_)) => write!(out, "more is asked of {station} than it can serve: {whose} grows without bound"),
        }
    }
}

/// Stations and pools whose slots wait for each other, each for the next and the last for the first. At least one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Circle {
    /// Their names.
    pub stations: Vec<String>,
}

impl fmt::Display for Circle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stations.iter().try_for_each(|station| write!(out, "{station} -> "))?;
        out.write_str(self.stations.first().map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::may_tell;

    /// Rounded up, so that no fewer are advised than were meant, and nothing that is refused.
    #[test]
    fn what_is_advised_can_be_asked_for() {
        assert_eq!(may_tell(2.1e6), "`--events 3` may tell");
        assert_eq!(may_tell(60.1e6), "`--events 61` may tell");
        assert_eq!(may_tell(1.01e9), "`--events 1100` may tell");
        assert_eq!(may_tell(1e11), "`--events 100000` may tell");
        assert_eq!(may_tell(1.01e11), "no `--events` are enough");
    }
}
