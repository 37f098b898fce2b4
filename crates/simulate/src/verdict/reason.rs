//! What a verdict rests on, or why there is none: as data, worded here and nowhere else.

use super::behind::{Behind, BehindLimit, Lost};
use crate::backlog::Backlog;
use crate::brief::NotServed;
use crate::forecast::Lag;
use crate::metric::{Latency, Metric};
use crate::not_converged::{EndlessWait, NotConverged};
use crate::number::{of_metric, plain, share, time};
use crate::people::Need;
use crate::recovery::Recovery;
use crate::refusal::NotSimulated;
use crate::result::{Degraded, Fates};
use crate::takeover::IdleStandby;
use groma_base::list_words;
use std::fmt;

/// How a judgement was found.
#[derive(Clone, Debug)]
pub enum Reason {
    /// There is a number.
    Found {
        /// What it rests on.
        basis: Basis,
        /// The window that it should have been counted over and was not, in seconds, if one is written.
        window: Option<f64>,
        /// Calls that fail, which it has nothing of, as nobody waits for them.
        lost: Vec<Lost>,
        /// Work that nobody waits for and that keeps up with less than could be answered: boxed, as few have it.
        behind: Option<Box<BehindLimit>>,
    },
    /// The limit is passed already, and how far is not known yet.
    Beyond {
        /// What is measured.
        metric: Metric,
        /// The limit.
        limit: f64,
        /// Why that is not known.
        not_converged: NotConverged,
    },
    /// There is none.
    Unknown(Unknown),
}

/// What a number rests on.
#[derive(Clone, Debug)]
pub enum Basis {
    /// How requests end, with what became of those that were followed to their end, and which share of those answered well
    /// rests on a fallback.
    Requests(Option<Fates>, Option<Degraded>),
    /// Which share of the requests that are answered well rests on a fallback.
    Fallbacks(Degraded),
    /// The times of a flow, with what became of its requests.
    Times(Longest, Option<Fates>),
    /// The times until the first part of the answers of a flow.
    FirstPart {
        /// The title of the flow.
        flow: String,
        /// The mean time until all of the answer is there, in seconds, if it is known.
        whole: Option<f64>,
    },
    /// There are runs in which nothing is answered well.
    NobodyAnswered,
    /// What was seen at a station.
    Station {
        /// Calls a second.
        calls: f64,
        /// Its replicas, on average.
        replicas: f64,
    },
    /// What waits to be taken from a queue.
    Backlog {
        /// Who takes it.
        takers: Vec<String>,
    },
    /// The calls that come to an element.
    Calls {
        /// The title of the element.
        element: String,
        /// How many are answered well a second.
        rate: f64,
        /// Which share of those rests on a fallback.
        degraded: Option<Degraded>,
    },
    /// What never comes to an end.
    Endless(EndlessWait),
    /// From how many users on they wait for each other.
    Knee {
        /// Where they do.
        station: String,
    },
    /// How much can be served, by formula.
    Capacity {
        /// What is the first to be fully used.
        station: String,
    },
    /// How much of what is demanded was served, simulated with as much.
    AtLimit(ServedAtLimit),
    /// What was answered well.
    Served(Served),
    /// The availability of what fails independently.
    Weakest {
        /// The call that is meant, if it is not the whole flow.
        call: Option<String>,
        /// The title of the flow.
        flow: String,
        /// What costs the most of it, if anything does.
        station: Option<String>,
        /// What has a standby that nobody says takes over.
        idle: Vec<IdleStandby>,
    },
    /// What an element declares.
    Declared {
        /// The same of it.
        idle: Option<IdleStandby>,
    },
    /// What a failure declares of its recovery.
    DeclaredRecovery,
    /// What was seen after a failure.
    Recovery(Box<AfterFailure>),
    /// What takes people to own it, by rule of thumb.
    People(Vec<Need>),
}

/// Which of the requests answered well count as served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Served {
    /// Those that succeed.
    All,
    /// Nearly all that come, and the load asks for no more.
    AllAsked,
    /// Those that come while something fails.
    InFailure,
    /// Those that were recorded.
    Recorded,
    /// All, where nothing says how much more could be.
    Simulated,
    /// All, as they go before others.
    MoreThanShare,
}

/// What most of the time of a flow goes by on.
#[derive(Clone, PartialEq, Debug)]
pub struct Longest {
    /// The title of the flow.
    pub flow: String,
    /// On what, and which share of the time; `None` if it takes no time.
    pub spent: Option<(Spent, f64)>,
    /// What works on when the flow has its answer, if anything does.
    pub behind: Option<Behind>,
}

/// What time goes by on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Spent {
    /// Waiting for a station.
    Waiting(String),
    /// The work of a station.
    Work(String),
    /// The way to a station.
    Network(String),
    /// Branches beside each other.
    Branches,
    /// Pauses before a call is tried again.
    Pauses,
    /// Calls that are not answered well.
    FailedCalls,
    /// Calls that a failure holds until it is over.
    Held,
}

/// How much of a demanded throughput is served. In requests a second.
#[derive(Clone, PartialEq, Debug)]
pub struct ServedAtLimit {
    /// How much is demanded.
    pub limit: f64,
    /// Which share of it is answered well.
    pub share: f64,
    /// The station that is the first to be fully used, and how much it can serve: if all that is demanded is served.
    pub most: Option<(String, f64)>,
}

/// What was seen after a failure.
#[derive(Clone, Debug)]
pub struct AfterFailure {
    /// The title of the failure.
    pub failure: String,
    /// How long it lasts, in seconds.
    pub lasts: f64,
    /// Whether all becomes as before.
    pub recovery: Recovery,
}

/// Why there is no number.
#[derive(Clone, Debug)]
pub enum Unknown {
    /// Nothing was simulated, or not to its end.
    NotSimulated(NotSimulated),
    /// The number would still change.
    NotConverged(NotConverged),
    /// No load is declared.
    NoLoad,
    /// Nothing takes people.
    Team,
    /// The load does not ask for the flow.
    FlowNotAsked {
        /// The title of the load.
        load: String,
    },
    /// No flow of the load comes to what is meant.
    NobodyComes,
    /// No flow at all comes there.
    NoFlow,
    /// No flow of the load is meant.
    NoFlowMeant,
    /// No request was counted.
    NoRequest,
    /// The first part is meant of answers that come in one piece.
    NoParts,
    /// The first part is meant of something else than the times of a flow.
    NoTimeOfFirstPart(Metric),
    /// No call was counted.
    NoCall,
    /// Hardly any request is answered well.
    NoneSucceeds,
    /// A station without slots or cores.
    NoLimitThere,
    /// What a queue delivers waits where others wait too.
    SharedBacklog {
        /// Where.
        station: String,
    },
    /// Nothing on the way has a limit.
    NoLimit,
    /// No users who think, or no limit that they could come to.
    NoKnee,
    /// No run measures this.
    NotMeasured(Metric),
    /// Which share of those who wait without end is never answered.
    ShareOfEndless {
        /// What they wait for.
        wait: EndlessWait,
        /// How long was simulated, in seconds.
        simulated: f64,
    },
    /// The load changes, and with it what a cache finds, which is calculated for one rate.
    VaryingCache {
        /// The cache.
        station: String,
    },
    /// The load changes, all of it was too long to be simulated, and at its highest it does not hold, or before it may not.
    AtPeak {
        /// What is measured.
        metric: Metric,
        /// The value at its highest.
        value: f64,
        /// How many millions of events all of it takes.
        events: f64,
        /// What may be worse before, if at its highest it holds.
        lag: Option<Lag>,
    },
    /// The availability of an element to which no flow comes is not declared.
    Availability {
        /// Its path.
        element: String,
    },
    /// The availabilities of elements on the way are not declared.
    Availabilities {
        /// Their paths.
        elements: Vec<String>,
    },
    /// It is not declared how long failures of elements last from which another takes over in some time: all of that may be lost, or next
    /// to nothing of it.
    RepairTimes {
        /// Their paths.
        elements: Vec<String>,
        /// The least that the availability can be.
        low: f64,
        /// The most.
        high: f64,
    },
    /// A requirement of a recovery that does not say from what.
    NoFailure,
    /// A failure that does not declare what is asked of its recovery.
    NoRecovery {
        /// The fact that it lacks.
        fact: &'static str,
    },
    /// Too little was seen after a failure.
    Recovery(Box<AfterFailure>),
    /// Requests come by turns, in bursts or batches, so that it is not known how they would be without the failure.
    RecoveryInTurns {
        /// How long one turn takes on average, in seconds.
        cycle: f64,
    },
    /// The limit allows a later recovery than was watched for.
    WatchedTooShort(Box<AfterFailure>),
}

impl From<NotSimulated> for Unknown {
    fn from(reason: NotSimulated) -> Unknown {
        Unknown::NotSimulated(reason)
    }
}

impl From<NotServed> for Unknown {
    fn from(reason: NotServed) -> Unknown {
        match reason {
            NotServed::NotSimulated(reason) => Unknown::NotSimulated(reason),
            NotServed::NotConverged(reason) => Unknown::NotConverged(reason),
            NotServed::NoRequest => Unknown::NoRequest,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Found { basis, window, lost, behind } => {
                basis.fmt(out)?;
                if let Some(behind) = behind {
                    write!(out, "; {behind}")?;
                }
                if let Some(window) = window {
                    write!(out, "; over the whole simulation, not over the worst {}", time(*window))?;
                }
                lost.iter().try_for_each(|lost| write!(out, "; {lost}"))
            }
            Reason::Beyond { metric, limit, not_converged } => {
                write!(out, "it has passed {} already, and {not_converged}", of_metric(*metric, *limit))
            }
            Reason::Unknown(unknown) => unknown.fmt(out),
        }
    }
}

impl fmt::Display for Basis {
    // Long because it is a table: a sentence for each.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Basis::Requests(fates, degraded) => {
                match fates {
                    None => out.write_str("the share of requests that fail")?,
                    Some(fates) => out.write_str(&fates.sentence())?,
                }
                of_fallbacks(degraded.as_ref(), out)
            }
            Basis::Fallbacks(degraded) => {
                write!(out, "of the requests that succeed, {} rest on a fallback", share(degraded.share.value))?;
                of_stale(degraded, out)
            }
            Basis::Times(longest, None) => longest.fmt(out),
            Basis::Times(longest, Some(fates)) => write!(out, "{longest}; {}", fates.sentence()),
            Basis::FirstPart { flow, whole } => {
                write!(out, "until {flow} has the first part of its answer")?;
                whole.map_or(Ok(()), |whole| write!(out, "; all of it takes {} on average", time(whole)))
            }
            Basis::NobodyAnswered => out.write_str("in some runs no request succeeds"),
            Basis::Station { calls, replicas } => {
                write!(out, "{} calls/s, replicas: {}", plain(*calls), plain(*replicas))
            }
            Basis::Backlog { takers } => {
                write!(
                    out,
                    "messages that wait for {}",
                    groma_base::list_words(takers.iter().map(String::as_str), "and")
                )
            }
            Basis::Calls { element, rate, degraded } => {
                write!(out, "calls to {element}, timed from arrival to answer; {}/s succeed", plain(*rate))?;
                of_fallbacks(degraded.as_ref(), out)
            }
            Basis::Endless(wait) => wait.fmt(out),
            Basis::Knee { station } => write!(out, "beyond this, users queue at {station}"),
            Basis::Capacity { station } => {
                write!(out, "the capacity for this mix of flows; bottleneck {station}")
            }
            Basis::AtLimit(served) => served.fmt(out),
            Basis::Served(served) => out.write_str(served.words()),
            Basis::Weakest { call, flow, station, idle } => {
                let of_call = call.as_ref().map(|call| format!("{call} in ")).unwrap_or_default();
                let weakest = station.as_deref().unwrap_or("nothing");
                write!(out, "{of_call}{flow}: {weakest} costs the most, if parts fail independently")?;
                idle.iter().try_for_each(|idle| write!(out, "; {idle}"))
            }
            Basis::Declared { idle } => {
                out.write_str("as declared, with its replicas; no flow reaches it")?;
                idle.iter().try_for_each(|idle| write!(out, "; {idle}"))
            }
            Basis::DeclaredRecovery => out.write_str("as the failure's `recovery` declares"),
            Basis::Recovery(after) => after.fmt(out),
            Basis::People(needs) => {
                let needs: Vec<String> = needs.iter().map(ToString::to_string).collect();
                write!(out, "by rule of thumb (`team`): {}", needs.join("; "))
            }
        }
    }
}

/// Which share of those answered well rests on a fallback, if any does.
fn of_fallbacks(degraded: Option<&Degraded>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(degraded) = degraded.filter(|degraded| degraded.share.value > 0.0) else { return Ok(()) };
    write!(out, "; of those that succeed, {} rest on a fallback", share(degraded.share.value))?;
    of_stale(degraded, out)
}

/// And which on a stale answer, if any does.
fn of_stale(degraded: &Degraded, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let stale = degraded.stale.value;
    if stale > 0.0 { write!(out, ", {} on a stale answer", share(stale)) } else { Ok(()) }
}

impl Served {
    fn words(self) -> &'static str {
        match self {
            Served::All => "requests that succeed",
            Served::AllAsked => {
                "requests that succeed, nearly all that this load asks for: not the system, but the load limits it"
            }
            Served::InFailure => "requests that succeed during the failure",
            Served::Recorded => "recorded requests that succeed",
            Served::Simulated => "requests that succeed, as simulated",
            Served::MoreThanShare => "requests that succeed, more than its share of the capacity",
        }
    }
}

impl fmt::Display for Longest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spent {
            None => out.write_str("it takes no time")?,
            Some((spent, share)) => write!(out, "{}: {:.0}% of the time is {spent}", self.flow, share * 100.0)?,
        }
        self.behind.as_ref().map_or(Ok(()), |behind| write!(out, "; {behind}"))
    }
}

impl Reason {
    /// The calls that fail and that nobody waits for.
    pub fn lost(&self) -> &[Lost] {
        if let Reason::Found { lost, .. } = self { lost } else { &[] }
    }

    /// What waits where no answer waits for it, if a recovery is told.
    pub fn backlogs(&self) -> &[Backlog] {
        let Reason::Found { basis: Basis::Recovery(after), .. } = self else { return &[] };
        &after.recovery.backlogs
    }

    /// What nobody waits for and keeps up with less than could be answered, if a throughput is told.
    pub fn behind_limit(&self) -> Option<&BehindLimit> {
        if let Reason::Found { behind, .. } = self { behind.as_deref() } else { None }
    }

    /// What works on behind the answer to which times were taken, if that is most of the work.
    pub fn mostly_behind(&self) -> Option<&Behind> {
        let Reason::Found { basis: Basis::Times(longest, _), .. } = self else { return None };
        longest.behind.as_ref().filter(|behind| behind.is_most())
    }
}

impl fmt::Display for Spent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spent::Waiting(station) => write!(out, "waiting for {station}"),
            Spent::Work(station) => write!(out, "work in {station}"),
            Spent::Network(station) => write!(out, "network latency to {station}"),
            Spent::Branches => out.write_str("spent in parallel branches"),
            Spent::Pauses => out.write_str("backoff between retries"),
            Spent::Held => out.write_str("spent waiting until the failure ends"),
            Spent::FailedCalls => out.write_str("spent waiting for calls that fail"),
        }
    }
}

impl fmt::Display for ServedAtLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asked = of_metric(Metric::Throughput, self.limit);
        write!(out, "as simulated, {} of {asked} succeeds", share(self.share))?;
        let Some((station, capacity)) = &self.most else { return Ok(()) };
        let most = of_metric(Metric::Throughput, *capacity);
        write!(
            out,
            "; beyond that, requests may queue, time out or be rejected, and {station} can serve at most {most}"
        )
    }
}

impl fmt::Display for AfterFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\"{}\" lasts {}; {}", self.failure, time(self.lasts), self.recovery.sentence())
    }
}

impl fmt::Display for Unknown {
    // Long because it is a table: a sentence for each.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unknown::NotSimulated(reason) => reason.fmt(out),
            Unknown::NotConverged(reason) => reason.fmt(out),
            Unknown::NoLoad => {
                out.write_str("no `load` is declared, so the demand on the system is unknown")
            }
            Unknown::Team => out.write_str(
                "nothing of one's own is there that takes people: no service, no technology that must be learned, no promised availability",
            ),
            Unknown::FlowNotAsked { load } => write!(out, "the flow is not part of the load \"{load}\""),
            Unknown::NobodyComes => out.write_str("no flow of the load reaches it"),
            Unknown::NoFlow => out.write_str("no flow reaches it"),
            Unknown::NoFlowMeant => out.write_str("no flow of the load matches"),
            Unknown::NoRequest => {
                out.write_str("no request arrives in that time, or too few to tell (more `--events` may)")
            }
            Unknown::NoParts => out.write_str(
                "its answers come in one piece: mark the parts of a stream, as in `shop.core --> customer \"First rows\" partial`",
            ),
            Unknown::NoTimeOfFirstPart(metric) => {
                let times = Latency::ALL.map(|time| format!("`{}`", time.word()));
                let times = list_words(times.iter().map(String::as_str), "or");
                write!(out, "`first-part` goes with {times} of a flow, not with ")?;
                match metric {
                    Metric::Latency(_) => out.write_str("`of=`"),
                    Metric::ErrorRate
                    | Metric::Success
                    | Metric::Degraded
                    | Metric::Availability
                    | Metric::Throughput
                    | Metric::Users
                    | Metric::Utilization
                    | Metric::Queue
                    | Metric::RecoveryTime
                    | Metric::DataLoss
                    | Metric::Team => write!(out, "`{metric}`"),
                }
            }
            Unknown::NoneSucceeds => out.write_str("hardly any request succeeds"),
            Unknown::NoCall => out.write_str("no call arrives there"),
            Unknown::NoLimitThere => out.write_str("it has no `concurrency` or `cpu`"),
            Unknown::SharedBacklog { station } => write!(
                out,
                "its messages wait at {station}, beside calls of others: require `queue` of {station}"
            ),
            Unknown::NoLimit => out.write_str(
                "no `concurrency`, `cpu` or `pool` is given on the path, so its capacity is unknown",
            ),
            Unknown::NoKnee => out.write_str("this needs a load of `users` with `think`, and a limit on the path"),
            Unknown::NotMeasured(metric) => write!(out, "`{metric}` is not measured in a run"),
            Unknown::ShareOfEndless { wait, simulated } => write!(
                out,
                "{wait}; this close to saturation, {} of simulation cannot tell which share is never answered (more `--events` may)",
                time(*simulated)
            ),
            Unknown::VaryingCache { station } => write!(
                out,
                "the load changes, and with it how much {station} finds, which is calculated for one rate alone: require it at a load that stays the same, or give the `hit-ratio`"
            ),
            Unknown::AtPeak { metric, value, events, lag } => {
                let value = if value.is_finite() { of_metric(*metric, *value) } else { "without bound".to_owned() };
                let events = plain(*events);
                write!(out, "only its peak was simulated, where it is {value}")?;
                match lag {
                    Some(Lag::Replicas(station)) => write!(out, " with all replicas of {station}, which before must be started")?,
                    Some(Lag::Cache(station)) => write!(out, " with what {station} then holds, which before is less")?,
                    None => {}
                }
                write!(out, ": `--events {events}` simulates all of it")
            }
            Unknown::Availability { element } => {
                write!(out, "the `availability` (or `mtbf` and `mttr`) of {element} is missing")
            }
            Unknown::Availabilities { elements } => {
                let elements = groma_base::list_words(elements.iter().map(String::as_str), "and");
                write!(out, "the `availability` (or `mtbf` and `mttr`) of {elements} is missing")
            }
            Unknown::RepairTimes { elements, low, high } => {
                let elements = groma_base::list_words(elements.iter().map(String::as_str), "and");
                let [low, high] = [low, high].map(|share| of_metric(Metric::Availability, *share));
                write!(out, "the `mttr` of {elements} is missing: it is {low} if each failure is over before another has taken over, and {high} if that takes next to none of it")
            }
            Unknown::NoFailure => out.write_str("`failure=` must name the failure"),
            Unknown::NoRecovery { fact } => write!(out, "the failure's `recovery` has no `{fact}`"),
            Unknown::Recovery(after) => after.fmt(out),
            Unknown::RecoveryInTurns { cycle } => write!(
                out,
                "requests come in bursts or batches, anew every {}: how long they would take without the failure is not known (require it at a load without them)",
                time(*cycle)
            ),
            Unknown::WatchedTooShort(after) => write!(out, "{after}, and it was not observed for longer"),
        }
    }
}
