//! What is taken to be so of a failure.

use crate::number::{self, time};
use crate::takeover::IdleStandby;
use std::fmt;

/// What was taken to be so of a failure.
#[derive(Clone, PartialEq, Debug)]
pub enum FailureAssumption {
    /// Some replicas are gone and others are left.
    Loses {
        /// Whose.
        station: String,
        /// How many are gone.
        lost: u32,
        /// Of how many.
        replicas: u32,
    },
    /// Read replicas go on without what they are copies of.
    CopiesGoOn {
        /// What the copies are called.
        copies: String,
        /// What fails.
        station: String,
    },
    /// A cache finds nothing for a while and then as much as before, as it is not known how it fills.
    Emptied {
        /// The cache.
        station: String,
        /// For how many seconds.
        lasts: f64,
    },
    /// A cache that fills again.
    Fills {
        /// The cache.
        station: String,
        /// For how many seconds it is empty before, if it is.
        empty: Option<f64>,
        /// How many seconds that takes.
        takes: f64,
    },
    /// Calls that are cut off fail in the end, as nobody gives them up before.
    CutOff {
        /// After how many seconds.
        after: f64,
    },
    /// Calls wait before what fails until that is over.
    Holds {
        /// What fails.
        station: String,
        /// The share of the calls that waits.
        share: f64,
        /// How many may wait, if there is a limit.
        most: Option<u32>,
    },
    /// Calls that are cut off are on their way until that is over.
    HoldsOnTheWay,
    /// A replica takes over from another.
    FailsOver {
        /// Whose.
        station: String,
        /// After how many seconds.
        after: f64,
        /// Whether that is said, and not taken to be so.
        is_said: bool,
    },
    /// Who takes over from it is one of its read replicas.
    ReadReplicaTakesOver {
        /// Whose.
        station: String,
        /// Whether it is the only one, which then answers reads as well.
        is_last: bool,
    },
    /// What is left or takes over may be farther away from who calls it than before, and calls are no longer on their way for that.
    AsFarAsBefore {
        /// What fails.
        station: String,
    },
    /// There is a standby, and nobody says that it takes over.
    NobodyTakesOver(IdleStandby),
    /// Only a place is lost, and calls come to the replicas there until others have taken over.
    Misses {
        /// Whose.
        station: String,
        /// Which share of the calls at least, of those from the zone where it is smallest.
        least: f64,
        /// And at most, of those from the zone where it is largest.
        most: f64,
        /// After how many seconds others take over, if they do before the failure is over.
        after: Option<f64>,
    },
}

impl fmt::Display for FailureAssumption {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FailureAssumption as One;
        match self {
            One::Loses { station, lost, replicas } => write!(out, "{station} loses {lost} of {replicas} replicas"),
            One::CopiesGoOn { copies, station } => write!(out, "{copies} keep working while {station} fails"),
            One::Emptied { station, lasts } => write!(
                out,
                "{station} misses every lookup for {} and then hits as often as before: without `keys`, how it refills is unknown",
                time(*lasts)
            ),
            One::Fills { station, empty, takes } => {
                let empty = empty.map(|lasts| format!(" is empty for {} and then", time(lasts))).unwrap_or_default();
                write!(out, "{station}{empty} takes {} to refill", time(*takes))
            }
            One::CutOff { after } => write!(out, "a call that is cut off and has no `timeout` fails after {after} s"),
            One::Holds { station, share, most } => {
                let which =
                    if *share < 1.0 { format!("{} of the calls", number::share(*share)) } else { "calls".to_owned() };
                let many = most.map_or("however many".to_owned(), |most| format!("no more than {most} of them"));
                write!(out, "{which} to {station} wait until the failure ends and then come all at once, {many}")
            }
            One::HoldsOnTheWay => {
                write!(out, "calls that are cut off wait until the failure ends and then go through all at once")
            }
            One::FailsOver { station, after, is_said } => {
                let source =
                    if *is_said { "as its `failover` says" } else { "by default: its `failover` gives no `after`" };
                write!(out, "{station} fails over {} after its failure, {source}", time(*after))
            }
            One::ReadReplicaTakesOver { station, is_last: false } => {
                write!(out, "one of the read replicas of {station} takes over, so that one fewer answers reads")
            }
            One::ReadReplicaTakesOver { station, is_last: true } => write!(
                out,
                "the only read replica of {station} takes over; that it then answers reads as well costs it nothing here"
            ),
            One::AsFarAsBefore { station } => write!(
                out,
                "calls to {station} are on the network for as long as before, though others of its replicas answer them, which are in other zones"
            ),
            One::NobodyTakesOver(standby) => standby.fmt(out),
            One::Misses { station, least, most, after } => {
                let until = match after {
                    Some(_) => "until the others have taken over, as its `failover` says",
                    None => "while the failure lasts, as by its `failover` nothing takes over before",
                };
                let share = match least < most {
                    true => format!("{} to {}, by zone,", number::share(*least), number::share(*most)),
                    false => number::share(*most),
                };
                write!(
                    out,
                    "{share} of the calls to {station} fail {until}: without one the others do all the work at once"
                )
            }
        }
    }
}
