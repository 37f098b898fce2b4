//! What is taken to be so of a load, and of what it makes of the network.

use crate::not_converged::{Circle, NotConverged};
use crate::number::{plain, share, time};
use std::fmt;

/// What was taken to be so of a load.
#[derive(Clone, PartialEq, Debug)]
pub enum LoadAssumption {
    /// A hit ratio that follows from how often a cache is asked.
    HitRatio {
        /// The cache.
        station: String,
        /// The share of lookups that it finds.
        found: f64,
        /// Lookups a second.
        asked: f64,
    },
    /// How many replicas an autoscaler settles on.
    Replicas {
        /// What is scaled.
        station: String,
        /// How many run.
        chosen: u32,
        /// From how many to how many may.
        range: (u32, u32),
    },
    /// An autoscaler stays at its fewest replicas, as it never sees enough in use.
    NeverScales {
        /// What is scaled.
        station: String,
        /// The share in use that it sees at most: less than all if it measures cores and all slots are taken then.
        seen: f64,
        /// Its target.
        target: f64,
        /// From how many to how many may run.
        range: (u32, u32),
    },
    /// Requests come as they were recorded.
    Recorded {
        /// How many.
        requests: usize,
        /// In how many seconds.
        length: f64,
    },
    /// Another load runs beside it.
    Beside {
        /// Its title.
        load: String,
        /// Requests a second of it: at its highest, if it changes.
        rate: f64,
        /// How many users ask, if users do.
        users: Option<u32>,
        /// Whether it changes.
        changes: bool,
    },
    /// Requests come in bursts.
    Bursts {
        /// Requests a second in a calm and in a burst: at its highest, if the load changes.
        rates: (f64, f64),
        /// How long each lasts on average, in seconds.
        lasting: (f64, f64),
        /// The most requests a second that can be served, where a burst asks for more.
        capacity: Option<f64>,
        /// What is told by the mean rate alone: replicas, hit ratios.
        by_mean: Vec<&'static str>,
    },
    /// Requests come in batches.
    Batches {
        /// How many each time.
        count: u32,
        /// How long it takes from one batch to the next, in seconds.
        period: f64,
        /// Within how long those of one come, in seconds.
        spread: f64,
        /// What is told by the mean rate alone: replicas, hit ratios.
        by_mean: Vec<&'static str>,
    },
    /// A number of a load that is given as a range.
    UpperEnd {
        /// The title of the load.
        load: String,
        /// The fact.
        fact: &'static str,
    },
    /// How far apart requests at equal distances come from those of a load beside them, of which nothing is said.
    DrawnPhase,
    /// The load changes for too long: it is taken at its highest.
    AtItsHighest {
        /// How long it would take, in seconds.
        length: f64,
        /// How many events that would be.
        events: f64,
        /// Requests a second at its highest.
        rate: f64,
    },
    /// Stations where nobody waits, as no limit is given.
    Unlimited {
        /// Their names.
        stations: Vec<String>,
    },
    /// A limit of a queue where nobody waits.
    IdleQueue {
        /// `queue-limit` or `queue-timeout`.
        fact: &'static str,
        /// The station.
        station: String,
    },
    /// Priorities at shared cores.
    IdlePriority {
        /// The station.
        station: String,
    },
    /// Policies of calls within one process.
    IdlePolicy {
        /// The station.
        station: String,
    },
    /// A limit for each user, of requests that nobody is known to ask.
    IdleUserLimit {
        /// The station.
        station: String,
        /// Whether users ask as well.
        is_mixed: bool,
    },
    /// Connections that some callers do not take, as they have no pool.
    IdleConnections {
        /// The station.
        station: String,
        /// Who calls it.
        callers: Vec<String>,
    },
    /// A station that stays overloaded if it ever is.
    MayTipOver {
        /// The station.
        station: String,
    },
    /// Slots that could wait for each other and did not.
    MayDeadlock(Circle),
    /// A precision that was asked for and could not be afforded.
    NotPrecise {
        /// The precision, as a share.
        precision: f64,
        /// The title of the load.
        load: String,
    },
    /// What happens so rarely that it may never have been met adds to the mean time of a flow.
    Rare {
        /// The title of the flow.
        flow: String,
        /// What happens less than once in so many requests.
        requests: f64,
        /// How much it adds, in seconds.
        adds: f64,
    },
    /// A breaker opens so seldom by chance that it was hardly seen to, and then turns away so many calls that it matters.
    RareTrips {
        /// The names of who calls and who is called.
        calls: String,
        /// How long it takes on average until it opens, in seconds.
        every: f64,
        /// The share of its calls that it turns away in the long run.
        share: f64,
    },
    /// Numbers are withheld, as they may still change.
    NotConverged(NotConverged),
}

impl fmt::Display for LoadAssumption {
    // Long because it is a table: a sentence for each.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use LoadAssumption as One;
        match self {
            One::HitRatio { station, found, asked } => {
                let (found, asked) = (share(*found), plain(*asked));
                write!(out, "{station} has a hit ratio of {found} at {asked} lookups/s, calculated from its keys")
            }
            One::Replicas { station, chosen, range: (low, high) } => {
                write!(out, "{station} runs {chosen} replicas, of {low} to {high}")
            }
            One::NeverScales { station, seen, target, range: (low, high) } => {
                let (why, raise) = if *seen < 1.0 {
                    (format!("sees {} of its cores in use when all its slots are taken", share(*seen)), "raise `concurrency`, ")
                } else {
                    ("sees 100% in use at most".to_owned(), "")
                };
                let target = share(*target);
                write!(
                    out,
                    "the autoscaler of {station} {why}, and adds no replicas for that at a `target-cpu` of {target}: it stays at {low}, of {low} to {high}; {raise}lower `target-cpu`, or begin with more `replicas`"
                )
            }
            One::Recorded { requests, length } => {
                write!(out, "{} requests arrive over {}, as recorded", plain(*requests as f64), time(*length))
            }
            One::Beside { load, rate, users, changes } => {
                let who = users.map(|users| format!("{} users with ", plain(f64::from(users)))).unwrap_or_default();
                let most = if *changes || users.is_some() { "up to " } else { "" };
                write!(out, "beside it runs \"{load}\", as it is: {who}{most}{} requests a second", plain(*rate))
            }
            One::Batches { count, period, spread, by_mean } => {
                let within = if *spread > 0.0 { format!("within {}", time(*spread)) } else { "at once".to_owned() };
                let (count, period) = (plain(f64::from(*count)), time(*period));
                write!(out, "{count} requests come {within} every {period}: no formula tells their mean time")?;
                write_by_mean(out, by_mean)
            }
            One::Bursts { rates: (calm, burst), lasting: (calm_for, burst_for), capacity, by_mean } => {
                let (calm, burst) = (plain(*calm), plain(*burst));
                let (calm_for, burst_for) = (time(*calm_for), time(*burst_for));
                write!(
                    out,
                    "{burst} requests a second come for {burst_for} on average, then {calm} for {calm_for}: no formula tells their mean time"
                )?;
                if let Some(capacity) = capacity {
                    write!(
                        out,
                        ", and {} can be served: what a burst leaves is worked off after it",
                        plain(*capacity)
                    )?;
                }
                write_by_mean(out, by_mean)
            }
            One::UpperEnd { load, fact } => {
                write!(out, "the `{fact}` of \"{load}\" is a range, and a load is one number: its upper end is taken")
            }
            One::DrawnPhase => out.write_str(
                "how far regular arrivals are from those of a load beside them is drawn anew for each run, as nothing says it",
            ),
            One::AtItsHighest { length, events, rate } => write!(
                out,
                "its whole timeline of {} would take {} million events per replication: it is simulated at its peak, {}/s",
                time(*length),
                plain(events / 1e6),
                plain(*rate)
            ),
            One::Unlimited { stations } => {
                write!(
                    out,
                    "no limit is given for {}: nothing queues there",
                    groma_base::list_words(stations.iter().map(String::as_str), "and")
                )
            }
            One::IdleQueue { fact, station } => {
                write!(out, "the `{fact}` of {station} has no effect: without `concurrency` nothing queues there")
            }
            One::IdlePriority { station } => {
                write!(out, "`priority` has no effect at {station}: shared cores do not prioritise")
            }
            One::IdlePolicy { station } => {
                write!(out, "call policies have no effect between parts of {station}: they run in one process")
            }
            One::IdleUserLimit { station, is_mixed } => {
                let effect = if *is_mixed { "applies to users alone" } else { "has no effect" };
                write!(out, "the per-user limit of {station} {effect}: a load of requests does not say who sends them")
            }
            One::IdleConnections { station, callers } => {
                let callers = groma_base::list_words(callers.iter().map(String::as_str), "and");
                write!(out, "the `connections` of {station} do not limit callers without a `pool`: {callers}")
            }
            One::MayTipOver { station } => write!(
                out,
                "once {station} is overloaded, timeouts and retries may keep it so; how often that happens is what was simulated"
            ),
            One::MayDeadlock(circle) => {
                write!(out, "slots may deadlock in a cycle, {circle}; it did not happen in this simulation")
            }
            One::NotPrecise { precision, load } => {
                let precision = share(*precision);
                write!(out, "the precision of {precision} was not reached for \"{load}\" within the allowed events")
            }
            One::Rare { flow, requests, adds } => write!(
                out,
                "what \"{flow}\" meets less than once in {} requests may not have been met: the interval of its mean allows {} for it",
                plain(*requests),
                time(*adds)
            ),
            One::RareTrips { calls, every, share: turned_away } => write!(
                out,
                "the breaker of {calls} opens by chance about every {} and then rejects what comes, {} of all its calls: too seldom to be seen often enough, so the intervals of errors and fallbacks allow for it",
                time(*every),
                share(*turned_away)
            ),
            One::NotConverged(why) => why.fmt(out),
        }
    }
}

/// Says what is told by a mean rate alone.
fn write_by_mean(out: &mut fmt::Formatter<'_>, by_mean: &[&'static str]) -> fmt::Result {
    if by_mean.is_empty() {
        return Ok(());
    }
    write!(out, "; {} are those of the mean rate", groma_base::list_words(by_mean.iter().copied(), "and"))
}
