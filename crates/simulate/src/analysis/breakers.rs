//! Breakers that open by chance, and so seldom that hardly any or none was seen to in what was simulated.
//!
//! Calls fail by chance with a probability `p` that the network tells. A breaker that opens after `k` failures in a row does so
//! after `(1 - p^k) / (p^k (1 - p))` calls on average (Feller, *An Introduction to Probability Theory*, volume 1, XIII.7), and
//! then turns away all that come until a trial succeeds: a block of failures that are not independent of each other, so that no
//! interval of those that were seen tells of it.

use super::ENOUGH;
use super::cost::Walk;
use crate::network::{Breaker, Counter, Fallback, Network, Op, OpId, Policy, PolicyId, SiteId, counter_of};
use groma_model::{FlowId, Per};
use statrs::distribution::{Binomial, DiscreteCDF};

/// Shares below this are nothing.
const LEAST: f64 = 1e-6;

/// What comes to a policy: tries, and how many of them fail by chance.
#[derive(Clone, Copy, Default)]
struct Tried {
    all: f64,
    failing: f64,
}

/// The calls of a breaker that it turns away because it has opened by chance.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct RareTrips {
    /// The policy that it is of.
    pub(crate) policy: PolicyId,
    /// How long it takes on average until it opens, in seconds.
    pub(crate) every: f64,
    /// The share of its calls that it turns away in the long run.
    pub(crate) share: f64,
}

/// Those of which too few were to be seen in so many seconds.
pub(super) fn rare_trips(network: &Network, walks: &[(FlowId, f64, Walk<'_>)], seconds: f64) -> Vec<RareTrips> {
    let mut tried: Per<Policy, Tried> = network.policies.beside(Tried::default());
    for (_, requests, walk) in walks {
        for (at, site, end) in calls(walk) {
            let tries = requests * walk.begun[at] * walk.tries_of(at);
            let ok = walk.one_try(at, site, walk.range(at.next(), end)).times.ok;
            let of = &mut tried[network.sites[site].policy];
            of.all += tries;
            of.failing += tries * (1.0 - ok);
        }
    }
    let trips = |(policy, tried): (PolicyId, &Tried)| {
        let breaker = network.policies[policy].breaker.as_ref()?;
        let failing = tried.failing / tried.all;
        let before = calls_until_open(breaker, failing)?;
        // It stays open until all trials go well.
        let opened = 1.0 / (1.0 - failing).powi(breaker.half_open.min(1_000) as i32);
        let turned_away = tried.all / seconds * breaker.reset * opened;
        let share = turned_away / (before + turned_away);
        let seen = tried.all / (before + turned_away);
        let every = seconds / seen;
        (seen < ENOUGH && share > LEAST).then_some(RareTrips { policy, every, share })
    };
    tried.entries().filter(|(_, tried)| tried.failing > 0.0).filter_map(trips).collect()
}

/// How many calls are made on average until a breaker opens, if each fails with this probability. Where a share of the last so
/// many opens it, at least as many as one look back in so many shows it. `None` if that is never.
fn calls_until_open(breaker: &Breaker, failing: f64) -> Option<f64> {
    let calls = match breaker.share {
        None => {
            let in_a_row = libm::pow(failing, f64::from(breaker.failures));
            (1.0 - in_a_row) / (in_a_row * (1.0 - failing))
        }
        Some((share, calls)) => {
            let least = (share * f64::from(calls)).ceil().max(1.0) as u64;
            let law = Binomial::new(failing.min(1.0), u64::from(calls)).ok()?;
            f64::from(calls).max(1.0 / law.sf(least - 1))
        }
    };
    calls.is_finite().then_some(calls)
}

/// The shares of what is counted that fail, and that rest on a fallback, because of breakers that open so seldom: at most.
pub(super) fn turned_away(
    network: &Network,
    walks: &[(FlowId, f64, Walk<'_>)],
    trips: &[RareTrips],
) -> (Per<Counter, f64>, Per<Counter, f64>) {
    let none = || network.counters().map(|_| 0.0).collect();
    let (mut failing, mut degraded): (Per<Counter, f64>, Per<Counter, f64>) = (none(), none());
    for (flow, _, walk) in walks {
        for (at, site, _) in calls(walk) {
            let policy = network.sites[site].policy;
            let Some(trips) = trips.iter().find(|trips| trips.policy == policy) else { continue };
            let shares = if network.policies[policy].fallback == Fallback::None { &mut failing } else { &mut degraded };
            let mut add = |counter, times: f64| shares[counter] = (shares[counter] + times * trips.share).min(1.0);
            add(counter_of(*flow), walk.begun[at].min(1.0));
            // Those who watch a call around it see each as often as it is made there.
            for (around, outer, _) in calls(walk).filter(|(around, _, end)| *around < at && at < *end) {
                let times = (walk.begun[at] / walk.begun[around].max(f64::MIN_POSITIVE)).min(1.0);
                network.sites[outer].watchers.iter().for_each(|watcher| add(network.counter_of_calls(*watcher), times));
            }
        }
    }
    (failing, degraded)
}

/// The calls of a flow that are made: where each stands, and where it ends.
fn calls<'w>(walk: &'w Walk<'_>) -> impl Iterator<Item = (OpId, SiteId, OpId)> + 'w {
    let call = |(at, op): (OpId, &Op)| if let Op::Call { site, end } = *op { Some((at, site, end)) } else { None };
    walk.ops.entries().filter_map(call).filter(|(at, _, _)| walk.begun[*at] > 0.0)
}

#[cfg(test)]
mod tests {
    use super::calls_until_open;
    use crate::network::Breaker;

    /// Three heads in a row take 14 tosses; of two in the last two that are one of four, two in a row take at least four.
    #[test]
    fn a_run_of_failures_takes_as_many_calls_as_a_run_of_heads() {
        let breaker =
            |failures, share| Breaker { failures, share, reset: 1.0, half_open: 1, trials: 1, half_open_share: None };
        assert!((calls_until_open(&breaker(3, None), 0.5).unwrap() - 14.0).abs() < 1e-9);
        assert!((calls_until_open(&breaker(9, Some((1.0, 2))), 0.5).unwrap() - 4.0).abs() < 1e-9);
        assert_eq!(calls_until_open(&breaker(3, None), 0.0), None);
    }
}
