//! What is known of the requests of all replications together, where a replication alone has too few to tell it.

use crate::stats::Estimate;
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

/// In fewer replications than these requests must have come: fewer tell nothing of how they differ.
const LEAST_TELLING: usize = 4;

/// The mean of one number a replication, each counting by its weight: the requests that it is of. A ratio estimator, with the
/// interval of its linear form (Cochran, *Sampling Techniques*, 1977, chapter 6). A replication without requests has no weight
/// and no number. `None` if too few have any.
pub(crate) fn ratio(all: &[(f64, f64)]) -> Option<Estimate> {
    let known = || all.iter().filter(|(value, weight)| *weight > 0.0 && value.is_finite());
    if known().count() < LEAST_TELLING {
        return None;
    }
    let weights: f64 = known().map(|(_, weight)| weight).sum();
    let mean = known().map(|(value, weight)| value * weight).sum::<f64>() / weights;
    let count = all.len() as f64;
    let beyond = |(value, weight): &(f64, f64)| {
        if *weight > 0.0 && value.is_finite() { count * weight * (value - mean) / weights } else { 0.0 }
    };
    let linear: Vec<f64> = all.iter().map(|one| mean + beyond(one)).collect();
    Estimate::of(&linear)
}

/// The time in seconds that `share` of all requests do not exceed, from those of each replication in nanoseconds and in order.
/// Its interval is that of order statistics, as many requests counting as tell so much if all were independent of each other
/// (Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated from survey
/// data", 1998): where requests of one replication are alike, these are fewer. Without an upper end if too few came for one.
pub(crate) fn quantile(each: &[&[u64]], share: f64) -> Option<Estimate> {
    let mut all: Vec<u64> = each.concat();
    all.sort_unstable();
    let count = all.len() as f64;
    let at = |share: f64| all.get(((share * count).ceil() as usize).clamp(1, all.len().max(1)) - 1).copied();
    let value = at(share)?;
    // How many more than its share of its requests are longer, in each replication.
    let below = |times: &[u64]| times.partition_point(|time| *time <= value) as f64;
    let known = below(&all) / count;
    let beyond: Vec<f64> = each.iter().map(|times| known * times.len() as f64 - below(times)).collect();
    let enough = worth(&beyond, share, count)?;
    let (low, high) = ranks(enough, share)?;
    let seconds = |time: u64| time as f64 / 1e9;
    let low_time = if low > 0.0 { seconds(at(low)?) } else { 0.0 };
    let high_time = if high <= 1.0 { seconds(at(high)?) } else { f64::INFINITY };
    // What a request more beyond it makes of the time, by how much the shares of the interval differ.
    let top = if high <= 1.0 { high_time } else { seconds(*all.last()?) };
    let slope = (top - low_time) / (high.min(1.0) - low).max(1.0 / count);
    let runs = each.len() as f64;
    let samples = beyond.iter().map(|beyond| seconds(value) + runs * beyond / count * slope).collect();
    Some(Estimate {
        value: seconds(value),
        low: low_time.min(seconds(value)),
        high: high_time.max(seconds(value)),
        samples,
    })
}

/// How many independent requests would tell as much of a share as `count` in several replications do, `beyond` being how many
/// more or fewer than the share of its own each has.
fn worth(beyond: &[f64], share: f64, count: f64) -> Option<f64> {
    let runs = beyond.len() as f64;
    let t = StudentsT::new(0.0, 1.0, runs - 1.0).ok()?.inverse_cdf(0.975);
    let seen = runs / (runs - 1.0) * beyond.iter().map(|one| one * one).sum::<f64>();
    let effect = (seen / (count * share * (1.0 - share))).max(1.0);
    Some((count / effect * (NORMAL / t) * (NORMAL / t)).max(1.0))
}

/// The 97.5th percentile of the normal distribution.
const NORMAL: f64 = 1.959_964;

/// The shares of so many requests, in order, between which the time lies that `share` of all do not exceed: below nothing it is
/// any that is shorter, above one any that is longer.
fn ranks(count: f64, share: f64) -> Option<(f64, f64)> {
    let count = count.floor();
    let shorter = Binomial::new(share, count as u64).ok()?;
    let (low, high) = (shorter.inverse_cdf(0.025) as f64, shorter.inverse_cdf(0.975) as f64 + 1.0);
    Some((low / count, high / count))
}

#[cfg(test)]
mod tests {
    use super::{quantile, ranks, ratio};

    /// Of 100 requests, 95 of which should be shorter, up to 89 are with 1.1% and up to 90 with 2.8%, up to 98 with 96.3% and up to
    /// 99 with 99.4%: the 90th and the 100th. Of 400, 99% of which should be: up to 399 with 98.2%. Of 40 none need be longer, as
    /// 0.99^40 is 67%.
    #[test]
    fn ranks_are_those_of_the_binomial_law() {
        let (low, high) = ranks(100.0, 0.95).unwrap();
        assert_eq!((low, high), (0.9, 1.0));
        assert!(ranks(40.0, 0.99).unwrap().1 > 1.0);
        assert_eq!(ranks(400.0, 0.99).unwrap(), (392.0 / 400.0, 1.0));
    }

    #[test]
    fn each_replication_counts_by_its_requests() {
        // Two of ten fail, none of thirty, two of twenty, one of twenty.
        let found = ratio(&[(0.2, 10.0), (0.0, 30.0), (f64::NAN, 0.0), (0.0, 0.0), (0.1, 20.0), (0.05, 20.0)]).unwrap();
        assert!((found.value - 5.0 / 80.0).abs() < 1e-12, "{found:?}");
        assert_eq!(ratio(&[(0.2, 10.0), (f64::NAN, 0.0), (f64::NAN, 0.0), (f64::NAN, 0.0)]), None);
    }

    /// Times of 1 to 1,000 ns in replications of ten each, which are more alike than chance makes them: the interval is that of 1,000
    /// independent ones, the 936th and the 964th in order, or a little more, as the replications are a hundred.
    #[test]
    fn a_quantile_is_that_of_all_together() {
        let runs: Vec<Vec<u64>> = (0..100).map(|run| (0..10).map(|nth| nth * 100 + run + 1).collect()).collect();
        let each: Vec<&[u64]> = runs.iter().map(Vec::as_slice).collect();
        let found = quantile(&each, 0.95).unwrap();
        assert_eq!((found.value * 1e9).round(), 950.0);
        let (low, high) = ((found.low * 1e9).round(), (found.high * 1e9).round());
        assert!((930.0..942.0).contains(&low) && (958.0..970.0).contains(&high), "{low} {high}");
        // Where all of a replication take the same time, it tells no more than one of them.
        let alike: Vec<Vec<u64>> = (0..100).map(|run| vec![(run + 1) * 10; 10]).collect();
        let each: Vec<&[u64]> = alike.iter().map(Vec::as_slice).collect();
        let alike = quantile(&each, 0.95).unwrap();
        assert!((alike.low * 1e9).round() <= 910.0 && (alike.high * 1e9).round() >= 990.0, "{alike:?}");
    }
}
