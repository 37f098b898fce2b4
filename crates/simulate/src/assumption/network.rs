//! What is taken to be so of stations, relationships and calls, whatever is asked of them.

use crate::number::time;
use std::fmt;

/// What was taken to be so of the network.
#[derive(Clone, PartialEq, Debug)]
pub enum NetworkAssumption {
    /// Of several relationships that differ, a call uses this: nothing says which is meant.
    FirstRelation {
        /// The text of the call; empty if it has none.
        call: String,
        /// The address of that relationship.
        relation: String,
        /// How many there are.
        of: usize,
    },
    /// A call that is made instead of another takes no time, as nothing says how long it takes.
    FallbackWithoutTime {
        /// Who is called.
        station: String,
    },
    /// Calls stay in their region, and wait for the replicas of all regions alike.
    OneQueueForRegions {
        /// Who is called.
        station: String,
    },
    /// A breaker of which not all is said.
    BreakerDefaults {
        /// Whose calls it guards: `shop.core -> shop.db`.
        relation: String,
        /// What was taken.
        taken: Vec<BreakerDefault>,
    },
    /// A share of failures among calls of which there is only one.
    IdleHalfOpenRate {
        /// Whose calls the breaker guards.
        relation: String,
    },
    /// A retry that says of its budget what earns it or how much it holds, but not how much there is.
    NoBudget {
        /// Whose calls are tried again.
        relation: String,
    },
    /// A retry that says no `backoff` comes at once.
    RetryWithoutPause {
        /// Whose calls are tried again.
        relation: String,
    },
    /// A retry that says no `from` begins with the usual pause.
    FirstPause {
        /// Whose calls are tried again.
        relation: String,
    },
    /// A hedge that comes no earlier than the timeout.
    IdleHedge {
        /// Whose calls would be hedged.
        relation: String,
    },
    /// Nobody waits for a call to a queue, as nothing says otherwise.
    QueueIsNotAwaited {
        /// The queue.
        queue: String,
    },
    /// The network time where none is given.
    Latency {
        /// Between what: `between containers`.
        between: &'static str,
        /// How long a call and its answer take, in seconds.
        latency: f64,
    },
    /// Read replicas lag behind.
    StaleReads {
        /// Whose they are.
        element: String,
        /// By how many seconds.
        lag: f64,
    },
    /// Which of several replicas stalls is not known to those who call.
    StallsOfReplicas {
        /// Whose replicas they are.
        element: String,
    },
    /// The limit of a partner counts all calls together, as it does not say whom it counts.
    RateLimitOfAll {
        /// Whose limit it is.
        element: String,
    },
    /// A `balance` that makes no difference.
    IdleBalance {
        /// Whose it is.
        station: String,
        /// Why it makes none.
        why: IdleBalance,
    },
    /// A bulkhead of a caller whose replicas have their own requests each, which is counted for all of them together.
    CommonBulkhead {
        /// Whose calls it limits: `shop.core -> shop.db`.
        relation: String,
        /// Who calls.
        caller: String,
    },
    /// A limit that turns nobody away, as it counts whom the forecast does not know.
    IdleRateLimit {
        /// Whose limit it is.
        element: String,
    },
}

/// Why a `balance` makes no difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdleBalance {
    /// There is only one replica.
    OneReplica,
    /// Nothing limits what a replica works on.
    Unlimited,
    /// There may be more replicas than are simulated one by one.
    TooMany,
}

impl IdleBalance {
    /// What programs call it.
    pub fn word(self) -> &'static str {
        match self {
            IdleBalance::OneReplica => "one-replica",
            IdleBalance::Unlimited => "unlimited",
            IdleBalance::TooMany => "too-many-replicas",
        }
    }

    fn sentence(self) -> String {
        match self {
            IdleBalance::OneReplica => "it has one replica".to_owned(),
            IdleBalance::Unlimited => "no `concurrency` or `cpu` limits what one replica works on".to_owned(),
            IdleBalance::TooMany => {
                format!("more than {MOST_BALANCED} replicas are not simulated one by one, and share one queue")
            }
        }
    }
}

/// More replicas than these are not looked at one by one: each is kept by itself, and all are asked whenever a call comes.
pub(crate) const MOST_BALANCED: u32 = 1_000;

/// What is taken of a breaker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BreakerDefault {
    /// After how many failures it opens.
    Failures,
    /// Over how many calls the share of failures is taken.
    Calls,
    /// How long it stays open.
    Reset,
}

impl BreakerDefault {
    fn words(self) -> &'static str {
        match self {
            BreakerDefault::Failures => "opens after 5 failures in a row",
            BreakerDefault::Calls => "looks at the last 20 calls",
            BreakerDefault::Reset => "stays open for 30 s",
        }
    }
}

impl fmt::Display for NetworkAssumption {
    // Long because it is a table: a sentence for each.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use NetworkAssumption as One;
        match self {
            One::FirstRelation { call, relation, of } => {
                let call = if call.is_empty() { "a call".to_owned() } else { format!("the call \"{call}\"") };
                write!(out, "{call} uses {relation}, one of {of} that differ: nothing says which is meant")
            }
            One::FallbackWithoutTime { station } => {
                write!(out, "the fallback to {station} takes no time: no flow gives the time of a call to it")
            }
            One::OneQueueForRegions { station } => write!(
                out,
                "calls to {station} stay in their region, and wait for its replicas in all regions alike: near saturation they wait longer, and where a region has more callers for each replica than others it saturates before"
            ),
            One::BreakerDefaults { relation, taken } => {
                let taken: Vec<&str> = taken.iter().map(|one| one.words()).collect();
                write!(out, "the `breaker` of {relation} {} (default)", taken.join(" and "))
            }
            One::IdleHalfOpenRate { relation } => write!(
                out,
                "the `half-open-rate` of the `breaker` of {relation} has no effect: one call decides whether it closes"
            ),
            One::NoBudget { relation } => write!(
                out,
                "`earned-by` and `budget-cap` of the `retry` of {relation} have no effect: it gives no `budget`"
            ),
            One::RetryWithoutPause { relation } => {
                write!(out, "the `retry` of {relation} happens at once: it gives no `backoff`")
            }
            One::FirstPause { relation } => {
                write!(out, "the first pause of the `retry` of {relation} is 100 ms (default): it gives no `from`")
            }
            One::IdleHedge { relation } => {
                write!(out, "the `hedge` of {relation} has no effect: its `timeout` is not longer")
            }
            One::QueueIsNotAwaited { queue } => {
                write!(out, "no caller waits for {queue}, as it is a queue; `async=#false` changes that")
            }
            One::Latency { between, latency } => {
                let latency = time(*latency);
                write!(
                    out,
                    "a call {between} and its answer spend {latency} on the network unless `latency` says otherwise"
                )
            }
            One::StaleReads { element, lag } => {
                write!(out, "reads from the read replicas of {element} may be {} stale", time(*lag))
            }
            One::StallsOfReplicas { element } => write!(
                out,
                "each replica of {element} stalls on its own, and its share of the calls goes to it all the same"
            ),
            One::IdleBalance { station, why } => {
                write!(out, "the `balance` of {station} has no effect: {}", why.sentence())
            }
            One::CommonBulkhead { relation, caller } => write!(
                out,
                "the `bulkhead` of {relation} counts the calls of all replicas of {caller} together, as many as each may have open"
            ),
            One::RateLimitOfAll { element } => {
                write!(out, "the `rate-limit` of {element} applies to all calls together: it gives no `per=`")
            }
            One::IdleRateLimit { element } => write!(
                out,
                "the `rate-limit` of {element} rejects nothing in the forecast: only `per=all` and `per=user` are simulated"
            ),
        }
    }
}
