//! What a caller does when a call fails or takes long.

use super::StationId;

/// What a caller does when a call fails or takes long.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// How long it waits, in seconds.
    pub timeout: Option<f64>,
    /// How often it tries again.
    pub retries: u32,
    /// How the pause grows.
    pub backoff: Backoff,
    /// The first pause, in seconds.
    pub pause: f64,
    /// Whether the pause is varied.
    pub jitter: bool,
    /// How many retries there may be, over all calls.
    pub budget: Option<RetryBudget>,
    /// Its circuit breaker.
    pub breaker: Option<Breaker>,
    /// Whether calls that were given up, and those that were answered with an error, are tried again.
    pub retried: Retried,
    /// After how long the call is made a second time.
    pub hedge: Option<f64>,
    /// What it does instead.
    pub fallback: Fallback,
    /// How old what the fallback serves may be: the seconds since the last good answer. `None` is no limit.
    pub max_age: Option<f64>,
    /// How many of these calls one replica of the caller may have open at once, and the caller's station if it has one.
    pub bulkhead: Option<(u32, Option<StationId>)>,
}

impl Policy {
    /// The longest pause before a retry, the first of which is number 0, in seconds.
    pub fn pause_before(&self, retry: u32) -> f64 {
        let growth = match self.backoff {
            Backoff::None => 0.0,
            Backoff::Constant => 1.0,
            Backoff::Linear => f64::from(retry + 1),
            Backoff::Exponential => f64::from(1u32 << retry.min(30)),
        };
        self.pause * growth
    }
}

/// A budget of retries: a bucket of tokens, of which each retry takes one.
///
/// With `Earned::Calls` it is that of Finagle and Linkerd (`retryRatio`), with `Earned::Successes` that of the AWS SDKs' standard
/// mode, in which a success gives back a share of what a retry costs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RetryBudget {
    /// How many tokens are added each time, from 0 to 1.
    pub share: f64,
    /// What adds them.
    pub earned: Earned,
    /// How many there may be at most.
    pub cap: f64,
}

impl RetryBudget {
    /// How many retries there may be for each call in the long run, if a try succeeds with this probability.
    ///
    /// Of successes: with `R` retries for each call there are `ok (1 + R)` successes, and `R` is at most `share` times that.
    pub fn for_each_call(&self, ok: f64) -> f64 {
        match self.earned {
            Earned::Calls => self.share,
            Earned::Successes => {
                let each = self.share * ok;
                if each < 1.0 { each / (1.0 - each) } else { f64::INFINITY }
            }
        }
    }
}

/// What adds to a budget of retries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Earned {
    /// Every call.
    Calls,
    /// Every call that is answered well.
    Successes,
}

/// A circuit breaker: after so many failures calls fail at once for a while.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Breaker {
    /// How many failures in a row open it, unless a share does.
    pub failures: u32,
    /// The share of failures that opens it, and over how many calls it is taken.
    pub share: Option<(f64, u32)>,
    /// How long it stays open, in seconds.
    pub reset: f64,
    /// How many calls are then let through before it closes.
    pub half_open: u32,
    /// How many of these at once.
    pub trials: u32,
    /// The share of failures among them that opens it again; `None`: the first failure does.
    pub half_open_share: Option<f64>,
}

/// Which failures of a call are tried again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retried {
    /// Calls without an answer in time.
    pub timeouts: bool,
    /// Calls that were answered with an error, or refused.
    pub errors: bool,
}

impl Default for Retried {
    fn default() -> Retried {
        Retried { timeouts: true, errors: true }
    }
}

/// How the pause before a retry grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Backoff {
    /// No pause.
    #[default]
    None,
    /// The same pause.
    Constant,
    /// Once, twice, three times the first.
    Linear,
    /// Doubling.
    Exponential,
}

/// What a caller does when a call has failed for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Fallback {
    /// It fails too.
    #[default]
    None,
    /// It goes on without.
    GoOn,
    /// It calls this station instead.
    Station(StationId),
}
