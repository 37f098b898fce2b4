//! Why a load, or a load with a failure, has no forecast: as data, worded here and nowhere else.

use crate::not_converged::more;
use crate::number::{plain, share, time};
use std::fmt;

/// Why something was not simulated, or not to its end.
#[derive(Clone, PartialEq, Debug)]
pub enum NotSimulated {
    /// It cannot be told what a load asks for.
    Load {
        /// The title of the load.
        load: String,
        /// What cannot be told.
        reason: UnclearLoad,
    },
    /// A fact is missing.
    Missing(MissingFact),
    /// A failure of nothing that is simulated.
    IdleFailure {
        /// The title of the failure.
        failure: String,
    },
    /// A failure of a place meets some of the calls to something: which of them depends on where each request is, and is not simulated.
    StaysInRegion {
        /// What they go to.
        station: String,
    },
    /// Another takes over from an element that fails, while something goes wrong at a place where some of its replicas run and others do not.
    SuccessorAtPlace {
        /// What fails.
        station: String,
    },
    /// Calls stay in their region, and are not spread over the regions as what answers them is.
    RegionsApart {
        /// Which.
        all: Vec<CallsApart>,
    },
    /// A failure that begins after its load has ended. In seconds.
    BeginsTooLate {
        /// When it begins.
        begin: f64,
        /// How long the load takes.
        length: f64,
    },
    /// Batches the first of which comes after all that is watched. In seconds.
    BatchesTooLate {
        /// When it comes.
        begin: f64,
        /// How long is watched.
        length: f64,
    },
    /// It was ended from outside.
    Interrupted,
    /// More happens than is provided for.
    TooMuch,
    /// A load comes in turns, so many of which must pass before a failure that more happens than is provided for.
    TooManyTurns {
        /// How long one takes, in seconds.
        cycle: f64,
        /// About how many events it would take.
        events: f64,
    },
}

/// Calls that come to a region more than is its share of what answers them.
#[derive(Clone, PartialEq, Debug)]
pub struct CallsApart {
    /// What they go to.
    pub station: String,
    /// Who makes them; `None` for people.
    pub caller: Option<String>,
    /// The name of the region to which most more come.
    pub region: String,
    /// Which share of these calls comes there.
    pub calls: f64,
    /// Which share of the replicas is there.
    pub replicas: f64,
}

impl fmt::Display for CallsApart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallsApart { station, caller, region, calls, replicas } = self;
        let caller = caller.as_deref().unwrap_or("people");
        write!(
            out,
            "to {station} from {caller} in {region}: {} of the calls, {} of the replicas",
            share(*calls),
            share(*replicas)
        )
    }
}

/// Why it cannot be told what a load asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UnclearLoad {
    /// There is no flow.
    NoFlow,
    /// No flow has a weight above nothing.
    NoWeight,
    /// A weight is infinite.
    EndlessWeight,
    /// Nothing says how long users think.
    NoThinkTime,
    /// Numbers of how long users think that no distribution has.
    ImpossibleThinkTime,
    /// More users than are simulated.
    TooManyUsers {
        /// How many are.
        most: u32,
    },
    /// Neither a rate nor users.
    NothingGiven,
    /// Batches of which not all is said.
    UnclearBatches,
    /// More requests at once than are simulated.
    TooManyAtOnce {
        /// How many are.
        most: u32,
    },
    /// Bursts of which not all is said.
    UnclearBursts,
    /// Bursts and calms many thousands of which pass from one request to the next.
    BriefBursts,
    /// A rate, or users, of nothing.
    AsksForNothing,
    /// A trace that cannot be read.
    UnreadableTrace,
    /// A trace that names a flow which is not there.
    UnknownFlow {
        /// The name.
        name: String,
    },
}

/// A fact that the forecast needs and the text does not give.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MissingFact {
    /// How long a call takes.
    Time {
        /// What the call is called.
        call: String,
        /// Where it goes to.
        callee: String,
    },
    /// Two times that no distribution has.
    Distribution,
    /// The share that a cache finds.
    HitRatio {
        /// The title of the cache, if one is named.
        cache: String,
    },
    /// How often a course of a choice is taken.
    Share {
        /// What the course is called, if it has a name.
        course: Option<String>,
    },
    /// Any step.
    Steps {
        /// The title of the flow.
        flow: String,
    },
    /// A forecast of calls that wait for each other more deeply than is provided for.
    Depth {
        /// How many may.
        most: usize,
    },
    /// A forecast of so many answers and ends that may not happen, each with all that follows.
    Courses {
        /// How many steps may follow them.
        most: usize,
    },
}

impl fmt::Display for NotSimulated {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotSimulated::Load { load, reason } => write!(out, "the load \"{load}\" cannot be simulated: {reason}"),
            NotSimulated::Missing(fact) => write!(out, "{fact} is missing"),
            NotSimulated::IdleFailure { failure } => {
                write!(out, "\"{failure}\" affects nothing that is simulated")
            }
            NotSimulated::StaysInRegion { station } => write!(
                out,
                "which calls to {station} meet what fails at a place depends on where each request is, and that is not simulated: write a container for each place, or the share of all calls that fails (`errors` of {station})"
            ),
            NotSimulated::SuccessorAtPlace { station } => write!(
                out,
                "another takes over from {station} while something goes wrong at a place where some of its replicas run: which of them answer then is not simulated; let the place fail where the one runs that is lost (`fail` of that place)"
            ),
            NotSimulated::RegionsApart { all } => {
                let told: Vec<String> = all.iter().map(ToString::to_string).collect();
                write!(
                    out,
                    "calls stay in their region, and more come from one than its share of the replicas ({}): what each region can take is not simulated; place the replicas as the calls come, or write a container for each region",
                    told.join("; ")
                )
            }
            NotSimulated::BeginsTooLate { begin, length } => {
                let (begin, length) = (time(*begin), time(*length));
                write!(out, "the failure begins after {begin}, but the load ends after {length}: set `at=`")
            }
            NotSimulated::BatchesTooLate { begin, length } => {
                let (begin, length) = (time(*begin), time(*length));
                write!(out, "the first batch comes after {begin}, but the load ends after {length}: set `at=`")
            }
            NotSimulated::Interrupted => out.write_str("it was interrupted"),
            NotSimulated::TooManyTurns { cycle, events } => write!(
                out,
                "what comes begins anew every {}, and enough of that before a failure is too many events ({} may do; a shorter period is the harder case)",
                time(*cycle),
                more(*events)
            ),
            NotSimulated::TooMuch => out.write_str(
                "too many events: requests arrive faster than they leave, one request takes millions of steps, or more `--events` are needed",
            ),
        }
    }
}

impl fmt::Display for UnclearLoad {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnclearLoad::NoFlow => out.write_str("there is no flow it could send"),
            UnclearLoad::NoWeight => out.write_str("none of its flows has a weight"),
            UnclearLoad::EndlessWeight => out.write_str("a weight of its flows is not a number"),
            UnclearLoad::NoThinkTime => out.write_str("the think time of its users (`users N think=10s`) is missing"),
            UnclearLoad::ImpossibleThinkTime => {
                out.write_str("no distribution goes through the think times of its users")
            }
            UnclearLoad::TooManyUsers { most } => {
                let most = plain(f64::from(*most));
                write!(out, "it has more than {most} users, the most that are simulated: give its `rate` instead")
            }
            UnclearLoad::NothingGiven => out.write_str("neither `rate` nor `users` is given"),
            UnclearLoad::UnclearBatches => {
                out.write_str("how many requests come after how long (`every 5min count=200`) is missing")
            }
            UnclearLoad::TooManyAtOnce { most } => {
                let most = plain(f64::from(*most));
                write!(
                    out,
                    "its batches have more than the {most} requests that are simulated: state its `rate` instead"
                )
            }
            UnclearLoad::UnclearBursts => {
                out.write_str("how its bursts come and go (`arrivals bursty factor=10 burst=5s calm=60s`) is missing")
            }
            UnclearLoad::BriefBursts => out.write_str(
                "thousands of its bursts and calms pass from one request to the next: state longer ones, or `arrivals poisson`",
            ),
            UnclearLoad::AsksForNothing => out.write_str("it sends no requests"),
            UnclearLoad::UnreadableTrace => out.write_str("its `trace` cannot be read"),
            UnclearLoad::UnknownFlow { name } => {
                write!(out, "its `trace` names the flow `{name}`, which does not exist")
            }
        }
    }
}

impl fmt::Display for MissingFact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MissingFact::Time { call, callee } => write!(out, "the time of \"{call}\" at {callee}"),
            MissingFact::Distribution => out.write_str("a distribution through these two times, which does not exist,"),
            MissingFact::HitRatio { cache } => write!(out, "the `hit-ratio` of {cache}"),
            MissingFact::Share { course: Some(course) } => write!(out, "the share of the case \"{course}\""),
            MissingFact::Share { course: None } => out.write_str("the share of a `case`"),
            MissingFact::Steps { flow } => write!(out, "any step in \"{flow}\""),
            MissingFact::Depth { most } => {
                write!(out, "a forecast of more than {most} calls that wait for each other")
            }
            MissingFact::Courses { most } => {
                write!(
                    out,
                    "a forecast of so many things that may not happen that more than {most} steps depend on them"
                )
            }
        }
    }
}
